//! Which people and organizations of different documents are one.
//!
//! A document knows whom it means by `Haldane` where it names him in full. Where it does not, the
//! name is the one of `Andrew Haldane` in another document only if what both say of him agrees in
//! office, country or organization and differs in none of them, and if that holds for nobody else
//! of that name. So it is with `Bill Haldane` and `William Haldane`, with `BTF` and `Brannigan
//! Trade Forum`, and with a company that is called by the first word of its name; organizations
//! must agree in their state. Two for one rather than one for two: a surname alone is of its
//! document, and of another document only if both agree in the same way.
//!
//! Two people of one full name are told apart as [`namesakes`] says.
//!
//! What comes out depends on the set of documents alone, never on their order or on threads.

mod namesakes;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::ids::{self, is_acronym, is_listed};
use crate::model::{Actor, Statement};

/// What stands before an office among the ties of a person.
const OFFICE: &str = "office:";
/// What stands there before the long form of a given name.
const GIVEN: &str = "given:";
/// How ids of states begin.
const STATE: &str = "ac_state_";
/// The kind of people.
const PERSON: &str = "person";
/// Kinds of actors that have one name in all documents.
const ALWAYS_FULL: [&str; 2] = ["state", "place"];

/// What a document says of a person or an organization, as far as it tells whether another
/// document means the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Id in the document.
    pub id: String,
    /// Name in the document.
    pub name: String,
    /// Kind in the document, empty where that is open.
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
    /// An actor of a document, if it can be met by another name in another one.
    pub fn of(actor: &Actor) -> Option<Person> {
        let is_told = !actor.ties.is_empty();
        let is_wanted = match actor.kind {
            "" => is_full(&actor.name) || is_told && is_acronym(&actor.name),
            PERSON => is_full(&actor.name) || is_told,
            kind => is_told && !ALWAYS_FULL.contains(&kind) && !is_listed(&actor.id),
        };
        (!actor.id.is_empty() && is_wanted).then(|| Person {
            id: actor.id.clone(),
            name: actor.name.clone(),
            kind: actor.kind.to_owned(),
            ties: actor.ties.clone(),
            ..Person::default()
        })
    }

    /// Whether another document may have a fuller name for it.
    fn is_short(&self) -> bool {
        !is_full(&self.name)
    }

    /// What a short name of it is looked up by.
    fn short_key(&self) -> u64 {
        if self.kind == PERSON {
            key(PERSON, &surname(&self.name))
        } else if is_acronym(&self.name) {
            key(INITIALS, &self.name)
        } else {
            key(&self.kind, &self.name)
        }
    }
}

/// What acronyms are looked up under.
const INITIALS: &str = "initials";

/// Whether a name has several words.
fn is_full(name: &str) -> bool {
    name.contains(' ')
}

/// The last word of a name, in lower case.
fn surname(name: &str) -> String {
    name.rsplit(' ').next().unwrap_or_default().to_lowercase()
}

/// The first letters of the words of a name that have a capital: `BTF` of `Brannigan Trade Forum`.
fn initials(name: &str) -> String {
    let first = name.split([' ', '-']).filter_map(|it| it.chars().next());
    first.filter(|it| it.is_uppercase()).collect()
}

fn hash(words: &str) -> u64 {
    xxh3_64(words.as_bytes())
}

/// A name among those of a sort.
fn key(sort: &str, name: &str) -> u64 {
    hash(&format!("{sort}\n{name}"))
}

/// The short names by which other documents may know a kind of actor with a full name.
fn short_names(kind: &str, name: &str) -> Vec<u64> {
    if kind == PERSON {
        return vec![key(PERSON, &surname(name))];
    }
    let first = name.split(' ').next().map(|it| key(kind, it));
    let initials = Some(initials(name)).filter(|it| is_acronym(it));
    first.into_iter().chain(initials.map(|it| key(INITIALS, &it))).collect()
}

/// Somebody of a document who may turn out to be somebody of another one.
#[derive(Debug)]
struct Seen {
    person: Person,
    /// Hash of the id.
    id: u64,
    /// Of a short name what it is looked up by, of an open one the whole name.
    name: u64,
    is_short: bool,
    ties: Ties,
}

impl Seen {
    /// Whether its document alone knows whom it means.
    fn is_of_document(&self) -> bool {
        ids::is_of_document(&self.person.id)
    }

    /// Hash of the id that all have whom documents call so.
    fn shared_id(&self) -> u64 {
        match self.is_of_document() {
            true => hash(&ids::of(&self.person.name, &self.person.kind)),
            false => self.id,
        }
    }

    /// The id of somebody with namesakes: of the name and all that is known.
    fn own_id(&self) -> String {
        let both =
            |all: u64, it: &u64| xxh3_64([all.to_le_bytes(), it.to_le_bytes()].as_flattened());
        ids::of_hash(self.ties.iter().flatten().fold(self.shared_id(), both))
    }
}

/// What documents say of one short name.
#[derive(Debug, Default)]
struct Shorts {
    /// What they say, and how many of them.
    said: Vec<(Ties, u64)>,
    /// Whether they cannot mean one.
    is_apart: bool,
}

/// What actors are tied to, by kind of tie: offices, states, organizations.
type Ties = [BTreeSet<u64>; 3];
const OFFICES: usize = 0;
const STATES: usize = 1;
const ORGANIZATIONS: usize = 2;

fn ties_of(all: &[String]) -> Ties {
    let mut ties = Ties::default();
    for it in all.iter().filter(|it| !it.starts_with(GIVEN)) {
        let kind = match it {
            it if it.starts_with(OFFICE) => OFFICES,
            it if it.starts_with(STATE) => STATES,
            _ => ORGANIZATIONS,
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
#[derive(Debug, Clone, Default)]
struct Full {
    id: String,
    name: String,
    kind: String,
    ties: Ties,
    /// Long forms of the given name that has short ones.
    given: BTreeSet<String>,
    /// How many documents name it.
    documents: u64,
    /// Of a person that no list has, what documents say of the name, and how many say so.
    said: Vec<(Ties, u64)>,
}

impl Full {
    /// Whether both are called alike, one of them perhaps for short, and agree.
    fn is_namesake(&self, other: &Full) -> bool {
        self.id != other.id
            && !self.given.is_disjoint(&other.given)
            && are_one(&self.ties, &other.ties)
    }

    /// Who stands for two that are one: who is in a list, who is named in more documents.
    fn rank(&self) -> (bool, u64, usize, &str) {
        (is_listed(&self.id), self.documents, self.name.len(), &self.id)
    }
}

/// The people and organizations of all documents.
#[derive(Debug, Default)]
pub struct People {
    documents: Vec<Document>,
    /// Those named in full, by the hash of the id.
    full: FxHashMap<u64, Full>,
}

/// The people and organizations of a document.
#[derive(Debug)]
struct Document {
    seen: Vec<Seen>,
    /// Whoever is named in full and may be called otherwise elsewhere.
    nicknamed: Vec<(Person, Ties)>,
    /// Whoever is named in full and may be another one than elsewhere.
    told: Vec<Told>,
    /// Ids of those named in full, sorted.
    named: Box<[u64]>,
}

/// A person of a document, named in full, of whom it says something.
#[derive(Debug)]
struct Told {
    /// Hash of the id.
    id: u64,
    /// The number of what it says among what all documents say of the name.
    said: usize,
    aliases: Box<str>,
    mentions: u64,
    statements: u64,
}

/// Somebody of a document who is called otherwise in the dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As the document has it.
    pub person: Person,
    /// Id in the dataset.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Kind in the dataset.
    pub kind: String,
}

impl Link {
    /// Calls the actor in a statement of the document as the dataset does.
    pub fn apply(&self, statement: &mut Statement) {
        if statement.speaker_id == self.person.id {
            statement.speaker_id = self.id.clone().into();
            statement.speaker = self.name.clone().into();
        }
        for actor in statement.actors.iter_mut().filter(|it| it.id == self.person.id) {
            actor.id = self.id.clone().into();
            actor.name = self.name.clone().into();
            actor.kind = self.kind.clone().into();
        }
    }
}

/// What short and open names may mean, and who of those named in full is another one.
#[derive(Debug, Default)]
struct Index<'a> {
    /// All those named in full, by the hash of the id, people of one name apart.
    full: FxHashMap<u64, Cow<'a, Full>>,
    /// Of a name and what documents say of it, by number, whom they mean.
    meant: FxHashMap<(u64, usize), u64>,
    /// Of whoever has a namesake, the hash of the id that all of the name have in documents.
    named: FxHashMap<u64, u64>,
    by_short: FxHashMap<u64, BTreeSet<u64>>,
    by_name: FxHashMap<u64, BTreeSet<u64>>,
    /// Of two given names the lesser one's id, and the other way round.
    same: FxHashMap<u64, u64>,
    other: FxHashMap<u64, u64>,
}

impl People {
    /// Adds the people and organizations of the next document.
    pub fn add(&mut self, people: Vec<Person>) {
        let mut document = Document {
            seen: Vec::new(),
            nicknamed: Vec::new(),
            told: Vec::new(),
            named: Box::default(),
        };
        let mut named = Vec::new();
        for mut person in people {
            let (id, is_short) = (hash(&person.id), person.is_short());
            let all = std::mem::take(&mut person.ties);
            let ties = ties_of(&all);
            if is_short || person.kind.is_empty() {
                let name = if is_short { person.short_key() } else { full_name(&person.name) };
                document.seen.push(Seen { person, id, name, is_short, ties });
                continue;
            }
            named.push(id);
            let given = all.iter().filter_map(|it| it.strip_prefix(GIVEN));
            let full = self.add_full(id, &person, &ties, given.map(str::to_owned).collect());
            if person.kind == PERSON && !is_listed(&person.id) && is_told(&ties) {
                document.told.push(Told {
                    id,
                    said: full.number_of(&ties),
                    aliases: person.aliases.as_str().into(),
                    mentions: person.mentions,
                    statements: person.statements,
                });
            }
            if all.iter().any(|it| it.starts_with(GIVEN)) {
                document.nicknamed.push((person, ties));
            }
        }
        named.sort_unstable();
        document.named = named.into();
        self.documents.push(document);
    }

    fn add_full(
        &mut self,
        id: u64,
        person: &Person,
        ties: &Ties,
        given: BTreeSet<String>,
    ) -> &mut Full {
        let Person { id: own, name, kind, .. } = person;
        let full = self.full.entry(id).or_insert_with(|| Full {
            id: own.clone(),
            name: name.clone(),
            kind: kind.clone(),
            ..Full::default()
        });
        // Documents may write one name differently.
        if (name.len(), &full.name) > (full.name.len(), name) {
            full.name.clone_from(name);
        }
        full.documents += 1;
        full.given.extend(given);
        for (known, ties) in full.ties.iter_mut().zip(ties) {
            known.extend(ties.iter().copied());
        }
        full
    }

    /// Of each document, in order, those who are called otherwise in the dataset.
    pub fn links(&self) -> Vec<Vec<Link>> {
        let index = self.index();
        let shorts = self.shorts();
        let of = |document: &Document| {
            let seen = document.seen.iter().filter_map(|it| link(&index, &shorts, document, it));
            let nicknamed = document.nicknamed.iter().filter_map(|(person, ties)| {
                let full = index.called_otherwise(document, hash(&person.id), ties)?;
                Some(full.link(person))
            });
            let told = document.told.iter().filter_map(|it| self.told(&index, document, it));
            seen.chain(nicknamed).chain(told).collect()
        };
        self.documents.iter().map(of).collect()
    }

    /// Which of those of one full name a document means.
    fn told(&self, index: &Index<'_>, document: &Document, it: &Told) -> Option<Link> {
        let full = &index.full[index.meant.get(&(it.id, it.said))?];
        let named = &self.full[&it.id];
        if index.called_otherwise(document, it.id, &named.said[it.said].0).is_some() {
            return None;
        }
        Some(full.link(&Person {
            id: named.id.clone(),
            name: named.name.clone(),
            kind: named.kind.clone(),
            aliases: it.aliases.to_string(),
            mentions: it.mentions,
            statements: it.statements,
            ..Person::default()
        }))
    }

    fn index(&self) -> Index<'_> {
        let mut index = Index::default();
        for (&id, full) in &self.full {
            index.add(id, full);
        }
        index.same = self.nicknames(&index);
        index.other = index.same.iter().map(|(&from, &to)| (to, from)).collect();
        for (id, it) in &index.full {
            let meant = *index.same.get(id).unwrap_or(id);
            for short in short_names(&it.kind, &it.name) {
                index.by_short.entry(short).or_default().insert(meant);
            }
            if it.kind == PERSON {
                index.by_name.entry(full_name(&it.name)).or_default().insert(meant);
            }
        }
        index
    }

    /// Who of the people named in full is called by another given name elsewhere: `Bill Haldane`
    /// and `William Haldane`, where each agrees with nobody else.
    fn nicknames(&self, index: &Index<'_>) -> FxHashMap<u64, u64> {
        let mut by_surname: FxHashMap<String, Vec<u64>> = FxHashMap::default();
        for (&id, it) in index.full.iter().filter(|it| !it.1.given.is_empty()) {
            by_surname.entry(surname(&it.name)).or_default().push(id);
        }
        let mut same = FxHashMap::default();
        for all in by_surname.values() {
            let other = |id: &u64| {
                let full = &index.full[id];
                let mut others = all.iter().filter(|it| full.is_namesake(&index.full[*it]));
                others.next().filter(|_| others.next().is_none())
            };
            for id in all {
                let Some(it) = other(id).filter(|it| other(it) == Some(id)) else { continue };
                let (full, known) = (&index.full[id], &index.full[it]);
                if full.rank() < known.rank() && !self.is_beside(index.named(*id), index.named(*it))
                {
                    same.insert(*id, *it);
                }
            }
        }
        same
    }

    /// Whether a document names both.
    fn is_beside(&self, a: u64, b: u64) -> bool {
        let has = |document: &Document, id| document.named.binary_search(&id).is_ok();
        self.documents.iter().any(|it| has(it, a) && has(it, b))
    }

    /// What documents say of surnames and acronyms, by the id that all of the name share.
    fn shorts(&self) -> FxHashMap<u64, Shorts> {
        let mut shorts: FxHashMap<u64, Shorts> = FxHashMap::default();
        let is_shared =
            |it: &&Seen| it.is_short && (it.person.kind == PERSON || is_acronym(&it.person.name));
        for it in self.documents.iter().flat_map(|it| &it.seen).filter(is_shared) {
            let said = &mut shorts.entry(it.shared_id()).or_default().said;
            match said.iter_mut().find(|known| known.0 == it.ties) {
                Some((_, documents)) => *documents += 1,
                None => said.push((it.ties.clone(), 1)),
            }
        }
        for Shorts { said, is_apart } in shorts.values_mut() {
            let differs = |at: usize| said[..at].iter().any(|it| !may_be_one(&it.0, &said[at].0));
            *is_apart = (1..said.len()).any(differs);
        }
        shorts
    }
}

impl<'a> Index<'a> {
    /// Adds whoever documents mean by a full name: one, or several who cannot be one.
    fn add(&mut self, id: u64, full: &'a Full) {
        let said: Vec<Ties> = full.said.iter().map(|it| it.0.clone()).collect();
        let apart = if said.len() > 1 { namesakes::apart(&said) } else { Vec::new() };
        if apart.is_empty() {
            self.full.insert(id, Cow::Borrowed(full));
            return;
        }
        // Who is meant by the rest stays open: it keeps the id that tells nobody apart.
        let mut rest = Full { ties: Ties::default(), said: Vec::new(), ..full.clone() };
        for it in apart {
            let own = it.id(id);
            let documents = it.said.iter().map(|&it| full.said[it].1).sum();
            rest.documents -= documents;
            let key = hash(&own);
            self.named.insert(key, id);
            self.meant.extend(it.said.iter().map(|&said| ((id, said), key)));
            let one = Full { id: own, ties: it.ties, documents, said: Vec::new(), ..full.clone() };
            self.full.insert(key, Cow::Owned(one));
        }
        if rest.documents > 0 {
            self.full.insert(id, Cow::Owned(rest));
        }
    }

    /// The hash of the id by which documents name somebody.
    fn named(&self, id: u64) -> u64 {
        *self.named.get(&id).unwrap_or(&id)
    }

    /// Who has another given name elsewhere than in a document.
    fn called_otherwise(&self, document: &Document, id: u64, ties: &Ties) -> Option<&Full> {
        let told = document.told.iter().find(|it| it.id == id);
        let meant = told.and_then(|it| self.meant.get(&(id, it.said)));
        let full = &self.full[self.same.get(meant.unwrap_or(&id))?];
        are_one(ties, &full.ties).then_some(full)
    }
}

/// Who a name of a document means in the dataset, if that is not what it is in the document.
fn link(
    index: &Index<'_>,
    shorts: &FxHashMap<u64, Shorts>,
    document: &Document,
    it: &Seen,
) -> Option<Link> {
    let namesakes = if it.is_short { &index.by_short } else { &index.by_name };
    let all = || namesakes.get(&it.name).into_iter().flatten();
    let is_open = it.is_short || all().nth(1).is_some();
    let mut fitting = all().filter(|id| !is_open || are_one(&it.ties, &index.full[*id].ties));
    let one = fitting.next().filter(|_| fitting.next().is_none());
    let is_named = |id: &u64| {
        let named = |it: &u64| document.named.binary_search(&index.named(*it)).is_ok();
        named(id) || index.other.get(id).is_some_and(named)
    };
    if let Some(full) = one.filter(|it| !is_named(it)).map(|it| &index.full[it]) {
        return Some(full.link(&it.person));
    }
    if !it.is_short || !is_told(&it.ties) {
        return None;
    }
    let is_own = it.is_of_document();
    let id = match shorts.get(&it.shared_id())? {
        _ if is_own && !is_placed(&it.ties) => return None,
        Shorts { is_apart: true, .. } => it.own_id(),
        Shorts { said, .. } if is_own && agrees_elsewhere(said, &it.ties) => {
            ids::of(&it.person.name, &it.person.kind)
        }
        Shorts { .. } => return None,
    };
    let Person { name, kind, .. } = &it.person;
    Some(Link { person: it.person.clone(), id, name: name.clone(), kind: kind.clone() })
}

/// Whether another document says of a name that it belongs to the same state or organization.
fn agrees_elsewhere(said: &[(Ties, u64)], ties: &Ties) -> bool {
    let is_same = |it: &Ties| {
        [STATES, ORGANIZATIONS].into_iter().any(|kind| !it[kind].is_disjoint(&ties[kind]))
    };
    let mut others = said.iter().filter(|(it, documents)| it != ties || *documents > 1);
    others.any(|(it, _)| may_be_one(it, ties) && is_same(it))
}

/// Whether a state or an organization is told: two officers of one surname are two people.
fn is_placed(ties: &Ties) -> bool {
    !ties[STATES].is_empty() || !ties[ORGANIZATIONS].is_empty()
}

impl Full {
    /// The number of what a document says of the name, which is one more that says so.
    fn number_of(&mut self, ties: &Ties) -> usize {
        let known = self.said.iter().position(|it| it.0 == *ties);
        let number = known.unwrap_or_else(|| {
            self.said.push((ties.clone(), 0));
            self.said.len() - 1
        });
        self.said[number].1 += 1;
        number
    }

    /// Calls somebody of a document by this name.
    fn link(&self, person: &Person) -> Link {
        let Full { id, name, kind, .. } = self;
        Link { person: person.clone(), id: id.clone(), name: name.clone(), kind: kind.clone() }
    }
}

fn full_name(name: &str) -> u64 {
    hash(&name.to_lowercase().replace('’', "'"))
}

fn is_told(ties: &Ties) -> bool {
    ties.iter().any(|it| !it.is_empty())
}
