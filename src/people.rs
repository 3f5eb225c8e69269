//! Which people of different documents are one.
//!
//! A document knows whom it means by `Haldane` where it names him in full. Where it does not, the
//! name is the one of `Andrew Haldane` in another document only if what both say of him agrees in
//! office, country or organization and differs in none of them, and if that holds for nobody else
//! of that name. Two for one rather than one for two.
//!
//! What comes out depends on the set of documents alone, never on their order or on threads.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Actor, Statement};

/// What stands before an office among the ties of a person.
const OFFICE: &str = "office:";
/// How ids of states begin.
const STATE: &str = "ac_state_";
/// The kind of actors that are linked.
pub const PERSON: &str = "person";

/// What a document says of a person, as far as it tells whether another document means the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Id in the document.
    pub id: String,
    /// Name in the document.
    pub name: String,
    /// `person`, or empty where that is open.
    pub kind: String,
    /// As [`Actor::ties`].
    pub ties: Vec<String>,
    /// The names it was met by, joined with `; `.
    pub aliases: String,
    /// Times it was named or meant.
    pub mentions: u64,
    /// Statements that it made.
    pub statements: u64,
}

impl Person {
    /// An actor of a document, if it is a person that can be met in another one.
    pub fn of(actor: &Actor) -> Option<Person> {
        let is_open = actor.kind.is_empty() && is_full(&actor.name);
        let is_told = actor.kind == PERSON && (is_full(&actor.name) || !actor.ties.is_empty());
        (!actor.id.is_empty() && (is_open || is_told)).then(|| Person {
            id: actor.id.clone(),
            name: actor.name.clone(),
            kind: actor.kind.to_owned(),
            ties: actor.ties.clone(),
            ..Person::default()
        })
    }
}

/// Whether a name has a given name and a surname.
fn is_full(name: &str) -> bool {
    name.split(' ').nth(1).is_some()
}

/// The last word of a name, whatever its case.
fn surname(name: &str) -> u64 {
    hash(&name.rsplit(' ').next().unwrap_or_default().to_lowercase())
}

fn hash(words: &str) -> u64 {
    xxh3_64(words.as_bytes())
}

/// A person of a document who may turn out to be somebody of another one.
#[derive(Debug)]
struct Seen {
    person: Person,
    /// Hash of the id.
    id: u64,
    /// Of a short name the surname, of an open one the whole name.
    name: u64,
    is_short: bool,
    ties: Ties,
}

/// What people are tied to, by kind of tie: offices, states, organizations.
type Ties = [BTreeSet<u64>; 3];

fn ties_of(all: &[String]) -> Ties {
    let mut ties = Ties::default();
    for it in all {
        let kind = match it {
            it if it.starts_with(OFFICE) => 0,
            it if it.starts_with(STATE) => 1,
            _ => 2,
        };
        ties[kind].insert(hash(it));
    }
    ties
}

/// Whether nothing that is known of both differs.
fn may_be_one(a: &Ties, b: &Ties) -> bool {
    a.iter().zip(b).all(|(a, b)| a.is_empty() || b.is_empty() || !a.is_disjoint(b))
}

/// Whether something agrees as well.
fn are_one(a: &Ties, b: &Ties) -> bool {
    may_be_one(a, b) && a.iter().zip(b).any(|(a, b)| !a.is_disjoint(b))
}

/// Somebody named in full, in whatever documents.
#[derive(Debug)]
struct Full {
    id: String,
    name: String,
    ties: Ties,
}

/// The people of all documents.
#[derive(Debug, Default)]
pub struct People {
    documents: Vec<Document>,
    /// People named in full, by the hash of the id.
    full: FxHashMap<u64, Full>,
}

/// The people of a document.
#[derive(Debug)]
struct Document {
    seen: Vec<Seen>,
    /// Ids of people named in full, sorted.
    named: Box<[u64]>,
}

/// A person of a document who is called otherwise in the dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As the document has it.
    pub person: Person,
    /// Id in the dataset.
    pub id: String,
    /// Canonical name.
    pub name: String,
}

impl Link {
    /// Calls the person in a statement of the document as the dataset does.
    pub fn apply(&self, statement: &mut Statement) {
        if statement.speaker_id == self.person.id {
            statement.speaker_id = self.id.clone().into();
            statement.speaker = self.name.clone().into();
        }
        for actor in statement.actors.iter_mut().filter(|it| it.id == self.person.id) {
            actor.id = self.id.clone().into();
            actor.name = self.name.clone().into();
            actor.kind = PERSON.into();
        }
    }
}

impl People {
    /// Adds the people of the next document.
    pub fn add(&mut self, people: Vec<Person>) {
        let mut seen = Vec::new();
        let mut named = Vec::new();
        for mut person in people {
            let (id, is_short) = (hash(&person.id), !is_full(&person.name));
            let ties = ties_of(&std::mem::take(&mut person.ties));
            if person.kind == PERSON && !is_short {
                named.push(id);
                let Person { id: own, name, .. } = person;
                let full = self.full.entry(id).or_insert_with(|| Full {
                    id: own,
                    name: name.clone(),
                    ties: Ties::default(),
                });
                // Documents may write one name differently.
                if (name.len(), &full.name) > (full.name.len(), &name) {
                    full.name = name;
                }
                for (known, ties) in full.ties.iter_mut().zip(ties) {
                    known.extend(ties);
                }
            } else {
                let name = if is_short { surname(&person.name) } else { full_name(&person.name) };
                seen.push(Seen { person, id, name, is_short, ties });
            }
        }
        named.sort_unstable();
        self.documents.push(Document { seen, named: named.into() });
    }

    /// Of each document, in order, the people who are called otherwise in the dataset.
    pub fn links(&self) -> Vec<Vec<Link>> {
        let mut by_surname: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
        let mut by_name: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
        for (&id, it) in &self.full {
            by_surname.entry(surname(&it.name)).or_default().push(id);
            by_name.entry(full_name(&it.name)).or_default().push(id);
        }
        let apart = self.namesakes_apart();
        let all = self.documents.iter();
        let of = |document: &Document| {
            let link = |it: &Seen| {
                let namesakes = if it.is_short { &by_surname } else { &by_name };
                let fits = |id: &&u64| !it.is_short || are_one(&it.ties, &self.full[id].ties);
                let mut fitting = namesakes.get(&it.name).into_iter().flatten().filter(fits);
                let one = fitting.next().filter(|_| fitting.next().is_none());
                let one = one.filter(|it| document.named.binary_search(it).is_err());
                let (id, name) = match one.map(|it| &self.full[it]) {
                    Some(full) => (full.id.clone(), full.name.clone()),
                    None if it.is_short && apart.contains(&it.id) && is_told(&it.ties) => {
                        (own_id(it), it.person.name.clone())
                    }
                    None => return None,
                };
                Some(Link { person: it.person.clone(), id, name })
            };
            document.seen.iter().filter_map(link).collect()
        };
        all.map(of).collect()
    }

    /// Ids of short names by which documents mean different people.
    fn namesakes_apart(&self) -> FxHashSet<u64> {
        let mut by_id: FxHashMap<u64, Vec<&Ties>> = FxHashMap::default();
        for it in self.documents.iter().flat_map(|it| &it.seen).filter(|it| it.is_short) {
            let all = by_id.entry(it.id).or_default();
            if !all.contains(&&it.ties) {
                all.push(&it.ties);
            }
        }
        let differ = |all: &[&Ties]| {
            (1..all.len()).any(|at| all[..at].iter().any(|it| !may_be_one(it, all[at])))
        };
        by_id.into_iter().filter(|(_, all)| differ(all)).map(|(id, _)| id).collect()
    }
}

fn full_name(name: &str) -> u64 {
    hash(&name.to_lowercase().replace('’', "'"))
}

fn is_told(ties: &Ties) -> bool {
    ties.iter().any(|it| !it.is_empty())
}

/// The id of somebody with namesakes: of the name and all that is known.
fn own_id(seen: &Seen) -> String {
    let ties = seen.ties.iter().flatten();
    let hash =
        ties.fold(seen.id, |all, it| xxh3_64([all.to_le_bytes(), it.to_le_bytes()].as_flattened()));
    format!("ac_{:012x}", hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line is a document: people as `name: tie, tie`, parted by `;`. Gives of each document
    /// who is called otherwise, whatever the order of documents.
    #[track_caller]
    fn check(documents: &[&str], expected: &[&str]) {
        let read = |it: &&str| -> Vec<Person> {
            let one = |it: &str| {
                let (name, ties) = it.split_once(':').unwrap_or((it, ""));
                let ties = ties.split(',').map(|it| it.trim().to_owned());
                let open = name.trim().strip_prefix('?');
                Person {
                    id: format!("ac_{}", name.trim()),
                    name: open.unwrap_or(name.trim()).to_owned(),
                    kind: if open.is_some() { "" } else { PERSON }.to_owned(),
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
            let show = |it: &Link| match it.name.len() > it.person.name.len()
                || it.person.kind.is_empty()
            {
                true => format!("{} = {}", it.person.name, it.name),
                false => format!("{} apart", it.person.name),
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
    fn two_of_one_surname_with_different_offices_are_two() {
        check(
            &["Haldane: office:economist", "Haldane: office:minister", "Haldane"],
            &["Haldane apart", "Haldane apart", ""],
        );
        check(&["Haldane: office:minister", "Haldane: ac_state_gb"], &["", ""]);
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
}
