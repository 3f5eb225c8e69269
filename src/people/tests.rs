//! Who is one across documents.

use super::*;

/// A line is a document: people as `name: tie, tie`, parted by `;`, companies as `+name`, names
/// of open kind as `?name`. Gives of each document who is called otherwise, whatever the order
/// of documents: by another name, by what documents share, or apart from others of the name.
#[track_caller]
fn check(documents: &[&str], expected: &[&str]) {
    let read = |it: &&str| -> Vec<Person> {
        let one = |one: &str| {
            let (name, ties) = one.split_once(':').unwrap_or((one, ""));
            let ties = ties.split(',').map(|it| it.trim().to_owned());
            let name = name.trim();
            let (kind, called) = match name.split_at(1) {
                ("?", name) => ("", name),
                ("+", name) => ("company", name),
                _ => (PERSON, name),
            };
            Person {
                id: match kind {
                    PERSON => ids::of_named(&mut String::new(), called, kind, it),
                    _ => ids::of_hash(hash(name)),
                },
                name: called.to_owned(),
                kind: kind.to_owned(),
                ties: ties.filter(|it| !it.is_empty()).collect(),
                ..Person::default()
            }
        };
        it.split(';').map(one).collect()
    };
    let shown = |all: &[&str]| -> Vec<String> {
        let mut people = People::default();
        all.iter().map(read).for_each(|it| people.add(it));
        let links = people.links();
        let show = |it: &Link| match it.name != it.person.name || it.kind != it.person.kind {
            true => format!("{} = {}", it.person.name, it.name),
            false if it.id == ids::of(&it.name, &it.kind) => format!("{} shared", it.name),
            false => format!("{} apart", it.name),
        };
        links.iter().map(|it| it.iter().map(show).collect::<Vec<_>>().join("; ")).collect()
    };
    assert_eq!(shown(documents), expected);
    let back: Vec<&str> = documents.iter().rev().copied().collect();
    let mut turned = shown(&back);
    turned.reverse();
    assert_eq!(turned, expected, "the order of documents changes nothing");
}

#[test]
fn a_surname_is_of_who_agrees() {
    let full = "Andrew Haldane: office:economist, ac_org_bank, ac_state_gb";
    check(&[full, "Haldane: ac_org_bank"], &["", "Haldane = Andrew Haldane"]);
    check(&[full, "Haldane: office:economist"], &["", "Haldane = Andrew Haldane"]);
    check(&[full, "Haldane: ac_state_gb"], &["", "Haldane = Andrew Haldane"]);
}

#[test]
fn a_surname_alone_is_nobody_else() {
    check(&["Andrew Haldane: office:economist", "Haldane"], &["", ""]);
    check(&["Andrew Haldane", "Haldane: office:economist"], &["", ""]);
    check(&["Andrew Holm: office:economist", "Haldane: office:economist"], &["", ""]);
}

#[test]
fn whoever_differs_in_office_country_or_organization_stays_another() {
    let full = "Andrew Haldane: office:economist, ac_org_bank, ac_state_gb";
    check(&[full, "Haldane: office:minister, ac_state_gb"], &["", ""]);
    check(&[full, "Haldane: office:economist, ac_state_us"], &["", ""]);
    check(&[full, "Haldane: office:economist, ac_org_fund"], &["", ""]);
}

#[test]
fn two_who_agree_are_one_too_many() {
    check(
        &[
            "Andrew Haldane: office:economist",
            "Mark Haldane: office:economist, ac_state_us",
            "Haldane: office:economist",
            "Haldane: office:economist, ac_state_us",
        ],
        &["", "", "", ""],
    );
    check(
        &[
            "Andrew Haldane: office:economist",
            "Mark Haldane: office:minister",
            "Haldane: office:minister",
        ],
        &["", "", "Haldane = Mark Haldane"],
    );
}

#[test]
fn a_surname_without_a_full_name_is_of_its_document() {
    check(&["Haldane", "Haldane"], &["", ""]);
    check(&["Haldane: office:minister", "Haldane: ac_state_gb"], &["", ""]);
    // Many documents have an officer of that surname.
    check(&["Haldane: office:officer", "Haldane: office:officer"], &["", ""]);
    check(&["Haldane: office:economist", "Haldane: office:minister", "Haldane"], &["", "", ""]);
}

#[test]
fn surnames_of_one_organization_or_state_are_one() {
    let shared = "Haldane shared";
    check(&["Haldane: ac_org_bank", "Haldane: ac_org_bank", "Haldane"], &[shared, shared, ""]);
    let economist = "Haldane: office:economist, ac_org_bank";
    check(&[economist, "Haldane: ac_org_bank, ac_state_gb"], &[shared, shared]);
    check(&[economist, "Haldane: office:economist"], &["", ""]);
    let apart = "Haldane apart";
    check(
        &[economist, "Haldane: office:baker, ac_org_bank", "Haldane: office:baker"],
        &[apart, apart, ""],
    );
}

#[test]
fn a_document_that_names_both_keeps_them() {
    check(&["Andrew Haldane: ac_org_bank; Haldane: ac_org_bank"], &[""]);
}

#[test]
fn a_name_whose_kind_is_open_is_the_person_of_that_name() {
    check(&["Brecht Oonk", "?Brecht Oonk"], &["", "Brecht Oonk = Brecht Oonk"]);
    check(&["Brecht Oonk", "?Bram Oonk"], &["", ""]);
}

#[test]
fn one_given_name_has_several_forms() {
    let william = "William Haldane: given:william, office:economist";
    let bill = "Bill Haldane: given:william, office:economist";
    check(&[william, william, bill], &["", "", "Bill Haldane = William Haldane"]);
    check(
        &[william, william, bill, "Haldane: office:economist"],
        &["", "", "Bill Haldane = William Haldane", "Haldane = William Haldane"],
    );
    // Nothing agrees, something differs, a text names both, a third may be meant.
    check(&[william, "Bill Haldane: given:william"], &["", ""]);
    check(&[william, "Bill Haldane: given:william, office:minister"], &["", ""]);
    check(
        &[william, william, bill, "Bill Haldane: given:william"],
        &["", "", "Bill Haldane = William Haldane", ""],
    );
    check(&[&format!("{william}; {bill}"), bill], &["", ""]);
    check(&[william, bill, "Will Haldane: given:william, office:economist"], &["", "", ""]);
    check(&[william, "Walter Haldane: given:walter, office:economist"], &["", ""]);
}

#[test]
fn an_acronym_is_of_the_one_organization_in_its_state() {
    let full = "+Brannigan Trade Forum: ac_state_gb";
    check(&[full, "?BTF: ac_state_gb"], &["", "BTF = Brannigan Trade Forum"]);
    check(&[full, "+BTF: ac_state_gb"], &["", "BTF = Brannigan Trade Forum"]);
    check(&[full, "?BTF: ac_state_no"], &["", ""]);
    check(&[full, "?BTF"], &["", ""]);
    check(&[full, "+Bureau for Toll Fares: ac_state_gb", "?BTF: ac_state_gb"], &["", "", ""]);
    check(&[full, "BTF: ac_state_gb"], &["", ""]);
    check(&["?BTF: ac_state_gb", "?BTF: ac_state_no"], &["BTF apart", "BTF apart"]);
}

#[test]
fn a_company_is_called_by_its_first_word() {
    let full = "+Brannigan Widgets Ltd: ac_state_gb";
    check(&[full, "+Brannigan: ac_state_gb"], &["", "Brannigan = Brannigan Widgets Ltd"]);
    check(&[full, "+Brannigan: ac_state_no"], &["", ""]);
    check(&[full, "+Widgets: ac_state_gb"], &["", ""]);
    check(&[full, "Brannigan: ac_state_gb"], &["", ""]);
    check(&["+Brannigan: ac_state_gb", "+Brannigan: ac_state_no"], &["", ""]);
}

#[test]
fn two_of_one_full_name_are_two_where_what_is_said_of_them_differs() {
    let mayor = "John Quill: office:mayor, ac_state_us";
    let minister = "John Quill: office:minister, ac_state_gb";
    let apart = "John Quill apart";
    check(&[mayor, minister, "John Quill"], &[apart, apart, ""]);
    check(&[mayor, "John Quill: ac_state_gb"], &[apart, apart]);
    // Both are ministers, but of different states.
    check(&["John Quill: office:minister, ac_state_no", minister], &[apart, apart]);
    let director = "John Quill: office:director, ac_org_bank";
    check(&[director, "John Quill: office:spokesman, ac_org_fund"], &[apart, apart]);
    // Of neither state, and so of whichever.
    check(&[mayor, minister, director], &[apart, apart, ""]);
}

#[test]
fn one_full_name_is_one_where_nothing_differs() {
    let mayor = "John Quill: office:mayor, ac_state_us";
    check(&[mayor, "John Quill"], &["", ""]);
    check(&[mayor, "John Quill: office:senator, ac_state_us"], &["", ""]);
    // An office or an organization alone changes.
    check(&["John Quill: office:mayor", "John Quill: office:senator"], &["", ""]);
    check(&["John Quill: ac_org_bank", "John Quill: ac_org_fund"], &["", ""]);
    let envoy = "John Quill: office:envoy, ac_state_gb, ac_org_fund";
    check(&["John Quill: office:director, ac_state_us, ac_org_fund", envoy], &["", ""]);
    // What one document says of him makes one of two.
    check(
        &[mayor, "John Quill: ac_state_us, ac_state_gb", "John Quill: ac_state_gb"],
        &["", "", ""],
    );
    check(&["+John Quill: ac_state_us", "+John Quill: ac_state_gb"], &["", ""]);
}

#[test]
fn somebody_with_a_namesake_keeps_one_id() {
    let id_in = |documents: &[[&str; 2]]| {
        let mut people = People::default();
        for ties in documents {
            let ties = ties.iter().filter(|it| !it.is_empty()).map(|&it| it.to_owned()).collect();
            let (id, name) = ("ac_0123456789ab".to_owned(), "John Quill".to_owned());
            people.add(vec![Person {
                id,
                name,
                kind: PERSON.to_owned(),
                ties,
                ..Person::default()
            }]);
        }
        people.links()[0].first().map(|it| it.id.clone())
    };
    let minister = ["office:minister", "ac_state_gb"];
    let with_mayor = id_in(&[minister, ["office:mayor", "ac_state_us"]]);
    assert!(with_mayor.is_some());
    assert_eq!(with_mayor, id_in(&[minister, ["ac_state_no", ""], ["ac_state_gb", "ac_org_bank"]]));
}

#[test]
fn a_surname_is_of_the_namesake_who_agrees() {
    let mayor = "John Quill: office:mayor, ac_state_us";
    let minister = "John Quill: office:minister, ac_state_gb";
    let apart = "John Quill apart";
    check(&[mayor, minister, "Quill: ac_state_gb"], &[apart, apart, "Quill = John Quill"]);
    check(&[mayor, minister, "Quill: office:baker"], &[apart, apart, ""]);
    check(&[mayor, minister, "?John Quill"], &[apart, apart, ""]);
    check(
        &[mayor, minister, "?John Quill: ac_state_gb"],
        &[apart, apart, "John Quill = John Quill"],
    );
}
