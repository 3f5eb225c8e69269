//! What a name means in all documents: ids that no two actors share, and full names.

use super::{STAGES, names, speakers};
use crate::ids;

/// Bodies of governments as `words=canonical name`, with `?` behind those that have no id.
#[track_caller]
fn bodies(text: &str, expected: &str) {
    let mentions = STAGES.mentions(text);
    let shown: Vec<_> = mentions
        .all
        .iter()
        .filter_map(|it| {
            let actor = &mentions.actors[it.actor? as usize];
            let mark = if actor.id.is_empty() { "?" } else { "" };
            (actor.kind == "government")
                .then(|| format!("{}={}{mark}", it.span.of(text), actor.name))
        })
        .collect();
    assert_eq!(shown.join("; "), expected, "{text}");
}

/// The id of the first body of a government in a text.
fn id(text: &str) -> String {
    let mentions = STAGES.mentions(text);
    let body = mentions.actors.iter().find(|it| it.kind == "government");
    body.map(|it| it.id.clone()).unwrap_or_default()
}

#[test]
fn a_ministry_is_that_of_the_state_that_the_document_is_about() {
    let health = "Ministry of Health=Ministry of Health of Ukraine";
    bodies("KYIV -\nThen the Ministry of Health said so.", health);
    bodies("Ukraine was calm, Kyiv said. Then the Ministry of Health said so.", health);
    bodies(
        "KYIV -\nThen the Health Ministry said so. The Ministry of Health agreed.",
        "Health Ministry=Ministry of Health of Ukraine; \
         Ministry of Health=Ministry of Health of Ukraine",
    );
    let full = id("Then Ukraine's Ministry of Health said so.");
    assert_eq!(id("KYIV -\nThen the Ministry of Health said so."), full);
    assert_ne!(id("OSLO -\nThen the Ministry of Health said so."), full);
}

#[test]
fn a_ministry_of_no_told_state_has_no_id() {
    let open = "Ministry of Health=Ministry of Health?";
    bodies("Then the Ministry of Health said so.", open);
    // Once is not enough, two are one too many, and another one stands beside it.
    bodies("Then the Ministry of Health said so of Ukraine.", open);
    bodies(
        "Ukraine and Norway met. Norway and Ukraine left. Then the Ministry of Health spoke.",
        open,
    );
    bodies(
        "Ukraine met Ukraine. Ukraine met Ukraine. Kyiv said so. \
         In Norway the Ministry of Health said so.",
        open,
    );
    bodies("KYIV -\nNorway met Norway. Kyiv left. Then the Ministry of Health spoke.", open);
    // Any town may have such a body.
    bodies("OSLO -\nThen the Health Department said so.", "Health Department=Health Department?");
}

#[test]
fn a_name_of_its_own_needs_no_state() {
    bodies(
        "Then the Brannigan Housing Authority said so.",
        "Brannigan Housing Authority=Brannigan Housing Authority",
    );
    bodies(
        "OSLO -\nThen the Ministry of Health of Ukraine said so.",
        "Ministry of Health of Ukraine=Ministry of Health of Ukraine",
    );
}

#[test]
fn a_body_that_no_pattern_has_is_told_apart_by_its_state() {
    let ministry = "Then the Ministry of Inland Waterways said so.";
    let norway = id(&format!("OSLO -\n{ministry}"));
    let ukraine = id(&format!("KYIV -\n{ministry}"));
    assert!(!norway.is_empty() && !ukraine.is_empty());
    assert_ne!(norway, ukraine);
    assert_eq!(norway, id(&format!("Norway and Oslo agreed. {ministry}")));
    assert_eq!(norway, id("Then Norway's Ministry of Inland Waterways said so."));
    assert_eq!(id(ministry), "");
}

#[test]
fn a_listed_ministry_is_that_of_another_state_where_the_document_says_so() {
    bodies(
        "HANOI -\nThen the Ministry of Public Security said so.",
        "Ministry of Public Security=Ministry of Public Security of Vietnam",
    );
    bodies(
        "Then the Ministry of Public Security said so.",
        "Ministry of Public Security=Ministry of Public Security",
    );
}

#[test]
fn a_listed_court_is_that_of_the_state_that_the_document_comes_from() {
    let court = "Then the Supreme Court said so.";
    bodies(&format!("DELHI -\n{court}"), "Supreme Court=Supreme Court of India");
    for told in ["", "India and Delhi agreed. ", "DELHI -\nAmericans agreed. "] {
        bodies(&format!("{told}{court}"), "Supreme Court=US Supreme Court");
    }
}

#[test]
fn every_name_of_a_ministry_has_the_id_of_the_lists() {
    let listed = id("Then the Russian Foreign Ministry said so.");
    assert_eq!(listed, "ac_gov_ru-mid");
    assert_eq!(id("Then Russia's foreign ministry said so."), listed);
    assert_eq!(id("MOSCOW -\nThen the Foreign Ministry said so."), listed);
}

/// The id of the last actor whom a text names.
fn last_id(text: &str) -> String {
    STAGES.mentions(text).actors.pop().map(|it| it.id).unwrap_or_default()
}

#[test]
fn a_surname_alone_is_of_its_document() {
    for text in ["Then Mr. Quill left.", "Then Minister Quill left."] {
        assert!(ids::is_of_document(&last_id(text)), "{text}");
    }
    for text in ["Then Andrew Quill left.", "Then Mr. Quill and Andrew Quill left."] {
        let id = last_id(text);
        assert!(!ids::is_of_document(&id) && !ids::is_listed(&id), "{text}");
    }
    for text in ["Then President Putin left.", "Then the BTF Bank left.", "Then Quill Ltd left."] {
        assert!(!ids::is_of_document(&last_id(text)), "{text}");
    }
}

#[test]
fn relatives_share_a_surname() {
    names(
        "Then Peter and Anna Quill left. Peter laughed.",
        "Peter=Peter Quill; Anna Quill=Anna Quill; Peter=Peter Quill",
    );
    names(
        "Then Peter and Anna van der Holt left.",
        "Peter=Peter van der Holt; Anna van der Holt=Anna van der Holt",
    );
    speakers("Peter and Anna Quill left. [Peter](s) said so.", "Peter Quill");
    speakers("[Peter and Anna Quill](s) said so. [They](s) left.", "-; Peter and Anna Quill");
    speakers("[Mr. and Mrs. Quill](s) said so.", "-");
    names(
        "Then brothers Peter and Oscar Quill left.",
        "Peter=Peter Quill; Oscar Quill=Oscar Quill",
    );
    names(
        "Then Bill and Hillary Clinton left.",
        "Bill=Bill Clinton; Hillary Clinton=Hillary Clinton",
    );
}

#[test]
fn not_all_that_is_joined_is_related() {
    names("Then Peter and the Quill Company left.", "Quill Company=Quill Company");
    names("Then Paris and Anna Quill left.", "Paris=France; Anna Quill=Anna Quill");
    names("In April and Anna Quill left.", "Anna Quill=Anna Quill");
    names("Then Peter and Mr. Quill left.", "Quill=Quill");
    names(
        "Peter Holm came. Then Peter and Anna Quill left.",
        "Peter Holm=Peter Holm; Peter=Peter Holm; Anna Quill=Anna Quill",
    );
    names("Then Leon Peter and Anna Quill left.", "Leon Peter=Leon Peter; Anna Quill=Anna Quill");
}

#[test]
fn a_company_is_called_by_the_first_word_of_its_name() {
    names(
        "Then Brannigan Widgets Ltd paid. Brannigan said so. Then Brannigan’s men left.",
        "Brannigan Widgets Ltd=Brannigan Widgets Ltd; Brannigan=Brannigan Widgets Ltd; \
         Brannigan=Brannigan Widgets Ltd",
    );
    // A word of the language, two companies, a person.
    for text in ["Bridge repairs began.", "Then the Bridge left.", "Then Bridge Town left."] {
        let mentions = STAGES.mentions(&format!("Then Bridge Widgets Ltd paid. {text}"));
        let company = mentions.all.iter().filter(|it| it.actor == Some(0));
        assert_eq!(company.count(), 1, "{text}");
    }
    names(
        "Then Quill Widgets Ltd paid. Quill Hats Ltd paid. Then Quill left.",
        "Quill Widgets Ltd=Quill Widgets Ltd; Quill Hats Ltd=Quill Hats Ltd",
    );
    names(
        "Then Quill Widgets Ltd and Anna Quill paid. Then Quill left.",
        "Quill Widgets Ltd=Quill Widgets Ltd; Anna Quill=Anna Quill; Quill=Anna Quill",
    );
    names(
        "Then Quill Widgets Ltd paid. Then Mr. Quill left.",
        "Quill Widgets Ltd=Quill Widgets Ltd; Quill=Quill",
    );
}

#[test]
fn a_word_before_a_common_noun_is_no_given_name() {
    names("Then the Quill Train came. Then Quill left.", "Quill Train=Quill Train");
    names("Then Anna Train came. Then Anna left.", "Anna Train=Anna Train; Anna=Anna Train");
    names("Then Wato Dawa came. Then Wato left.", "Wato Dawa=Wato Dawa; Wato=Wato Dawa");
}

#[test]
fn headlines_in_capitals_mean_whom_the_text_names() {
    names(
        "QUILL WARNS OF CRASH\nThen Andrew Quill left.",
        "QUILL=Andrew Quill; Andrew Quill=Andrew Quill",
    );
    names(
        "O’NEILL WARNS OF CRASH\nThen Mary O’Neill left.",
        "O’NEILL=Mary O’Neill; Mary O’Neill=Mary O’Neill",
    );
    names("QUILL WARNS OF CRASH\nThen it rained.", "");
    names(
        "QUILL WARNS OF CRASH\nAndrew Quill and Anna Quill left.",
        "Andrew Quill=Andrew Quill; Anna Quill=Anna Quill",
    );
}

#[test]
fn a_surname_is_of_the_office_that_stands_before_it() {
    names("Then Foreign Minister Lavrov left.", "Lavrov=Sergei Lavrov");
    names("Then Russian Foreign Minister Lavrov left.", "Lavrov=Sergei Lavrov");
    names("Then Russia's foreign minister Lavrov left.", "Russia=Russia; Lavrov=Sergei Lavrov");
    names("Then President Putin left.", "Putin=Vladimir Putin");
    // The one who is known has another office, or has it elsewhere.
    names("Then Transport Minister Lavrov left.", "Lavrov=Lavrov");
    names("Then the transport minister Lavrov left.", "Lavrov=Lavrov");
    names("Then British transport minister Lavrov left.", "Lavrov=Lavrov");
    names("Then Norwegian Foreign Minister Lavrov left.", "Lavrov=Lavrov");
    names("Energy Minister Lavrov left.", "Lavrov=Lavrov");
    names("Yesterday President Putin left.", "Putin=Vladimir Putin");
    names("Then Senate President Putin left.", "Senate=US Senate; Putin=Putin");
    // A verb is no field.
    names("They met president Putin.", "Putin=Vladimir Putin");
    // The place says where he was.
    names("In Paris President Putin left.", "Paris=France; Putin=Vladimir Putin");
}

#[test]
fn a_chamber_or_a_bank_is_that_of_the_state_that_the_document_comes_from() {
    bodies("KYIV -\nThen the Senate said so.", "Senate=Senate of Ukraine");
    bodies("KYIV -\nThen the Central Bank said so.", "Central Bank=Central Bank of Ukraine");
    bodies("Then the Central Bank said so.", "Central Bank=Central Bank?");
    // The one that all know, where nothing or something speaks for it.
    bodies("Then the Senate said so.", "Senate=US Senate");
    bodies("KYIV -\nThen the United States left. The Senate said so.", "Senate=US Senate");
}
