//! Which names a text holds, and which of them mean the same actor.
//!
//! First all full names, then what is short for one of them: surnames, acronyms. A surname that
//! two people share means whom the text has named last in full, if it has named only one of them
//! nearby.

mod bodies;
mod people;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::day::Day;
use super::gazetteer::{COMPANY, GOVERNMENT, Known, Use, recased};
use super::hits::{self, Hit, What};
use super::states::{Code, States};
use super::{Actors, Reading, roles, words};
use crate::ids;
use crate::model::{Actor, Mention, MentionForm, Mentions, RuleId, Shape, Token};
use crate::text::spaced;

/// An actor while the document is read.
#[derive(Debug)]
struct Draft<'a> {
    name: Cow<'a, str>,
    kind: &'static str,
    /// Index in the gazetteer.
    known: Option<u32>,
    /// First word of the fullest name.
    given: &'a str,
    /// What stands between quotation marks in it.
    nickname: &'a str,
    masculine: u32,
    feminine: u32,
    /// Times named in full, and the token of the last one.
    full: u32,
    /// Of a body whose name does not say so, the state that it belongs to.
    state: Option<Code>,
    /// Whether it may be another one in another document.
    is_open: bool,
}

/// A mention while the document is read.
#[derive(Debug)]
struct Named<'a> {
    first: u32,
    last: u32,
    actor: u32,
    form: MentionForm,
    rule: &'a RuleId,
}

/// The actors of one surname or given name.
#[derive(Debug, Clone)]
struct Namesakes {
    first: u32,
    more: Vec<u32>,
}

/// How many tokens back a name counts as just before.
const NEARBY: u32 = 60;

struct Names<'a> {
    actors: &'a Actors,
    reading: Reading<'a>,
    text: &'a str,
    tokens: &'a [Token],
    day: Option<Day>,
    drafts: Vec<Draft<'a>>,
    full: FxHashMap<&'a str, u32>,
    by_last: FxHashMap<&'a str, Namesakes>,
    by_given: FxHashMap<&'a str, Namesakes>,
    acronyms: FxHashMap<&'a str, u32>,
    /// Companies by the first word of their names, nothing where two share it.
    companies: FxHashMap<&'a str, Option<u32>>,
    known: FxHashMap<u32, u32>,
    bodies: FxHashMap<(u32, u32), u32>,
    /// Bodies whose names do not say of which state they are.
    bare: Vec<bodies::Bare>,
    /// Names of people in capitals, as they are written else; made when first asked for.
    capitals: Option<FxHashMap<String, &'a str>>,
    /// Organizations by the first letters of their names, nothing where two share them; made so too.
    initials: Option<FxHashMap<String, Option<u32>>>,
    found: Vec<Named<'a>>,
    /// Where in `found` each pass over the text begins; within one, mentions stand in order.
    passes: Vec<usize>,
}

pub(super) fn find(actors: &Actors, reading: &Reading<'_>) -> Mentions {
    let hits = hits::find(actors, reading);
    let mut names = Names {
        actors,
        reading: *reading,
        text: reading.document.text(),
        tokens: &reading.tokens.all,
        day: reading.document.meta.published.map(Day::of),
        drafts: Vec::with_capacity(hits.len()),
        full: FxHashMap::default(),
        by_last: FxHashMap::default(),
        by_given: FxHashMap::default(),
        acronyms: FxHashMap::default(),
        companies: FxHashMap::default(),
        known: FxHashMap::default(),
        bodies: FxHashMap::default(),
        bare: Vec::new(),
        capitals: None,
        initials: None,
        found: Vec::with_capacity(hits.len() * 2),
        passes: Vec::with_capacity(4),
    };
    let states = States::read(actors, reading, &hits);
    let short = names.take_full(&hits);
    names.take_short(&hits, &short);
    names.settle_bodies(&hits, &states);
    names.finish(&states)
}

/// A short name that waits until all full names are known.
#[derive(Debug, Clone, Copy)]
struct Short {
    hit: u32,
    first: u32,
    last: u32,
}

impl<'a> Names<'a> {
    fn words_of(&self, first: u32, last: u32) -> &'a str {
        let span = self.tokens[first as usize].span.to(self.tokens[last as usize - 1].span);
        span.of(self.text)
    }

    fn is(&self, token: u32, classes: words::Bits) -> bool {
        self.tokens.get(token as usize).is_some_and(|it| self.actors.words.is(it, classes))
    }

    /// Takes the full names; gives back the hits that are short ones.
    fn take_full(&mut self, hits: &[Hit]) -> Vec<Short> {
        self.passes.push(self.found.len());
        let mut short = Vec::new();
        let mut single = Vec::new();
        for (i, hit) in hits.iter().enumerate() {
            match hit.what {
                What::Known(Known::Actor(actor, how)) if self.may_be_surname(hit, actor, how) => {
                    single.push((hit, actor, how));
                }
                What::Known(Known::Actor(actor, how)) => {
                    self.push_known(hit, actor, how);
                    if how == Use::Name && self.actors.gazetteer.kind(actor) == "person" {
                        self.name_relative(hits, i);
                    }
                }
                What::Known(Known::Body(body, state)) => {
                    let actor = self.body_actor(body, state);
                    self.note_acronym(hit, actor);
                    let rule = &self.actors.sources.body;
                    self.push(hit.first, hit.last, actor, MentionForm::Name, rule);
                }
                What::Shape(rule) => {
                    let kind = self.actors.rules[rule].kind;
                    let first = self.strip(hit, kind == "person");
                    let kind = self.kind_of(kind, first, hit.last);
                    if kind == "person" && self.is_surname(hit, first) {
                        short.push(Short { hit: i as u32, first, last: hit.last });
                        continue;
                    }
                    let actor = self.shape_actor(hits, i, first, kind);
                    if kind == "person" && first == hit.first {
                        self.name_relative(hits, i);
                    }
                    let rule = &self.actors.rules[rule].id;
                    self.push(first, hit.last, actor, MentionForm::Name, rule);
                }
            }
        }
        self.passes.push(self.found.len());
        for (hit, actor, how) in single {
            if how == Use::Name && hit.first > 0 && self.is(hit.first - 1, words::HONORIFIC) {
                // `Ms. Bloomberg` is no company.
                let titled = Hit { first: hit.first - 1, ..*hit };
                self.take_titled(&titled, hit.first, hit.last);
                continue;
            }
            // `Bloomberg` is the man, where the text has named him.
            let surname = self.words_of(hit.first, hit.last);
            match self.choose(surname, 0, hit.first) {
                Some(person) if self.drafts[person as usize].full > 0 => {
                    let rule = &self.actors.sources.surname;
                    self.push(hit.first, hit.last, person, MentionForm::Name, rule);
                }
                _ => self.push_known(hit, actor, how),
            }
        }
        short
    }

    /// The kind of a name of some shape: what every state has is no company, `Central Bank`.
    fn kind_of(&self, kind: &'static str, first: u32, last: u32) -> &'static str {
        let tokens = &self.tokens[first as usize..last as usize];
        let may_be_body = matches!(kind, "company" | "organization" | "");
        let is_body = may_be_body && self.actors.gazetteer.bare_body(self.text, tokens).is_some();
        if is_body { GOVERNMENT } else { kind }
    }

    /// Whether a known name of one word may as well be the surname of somebody.
    fn may_be_surname(&self, hit: &Hit, known: u32, how: Use) -> bool {
        hit.last - hit.first == 1
            && (how == Use::Adjective && self.tokens[hit.last as usize - 1].shape.is_capital()
                || how == Use::Name
                    && !matches!(self.actors.gazetteer.kind(known), "state" | "person"))
    }

    fn push_known(&mut self, hit: &Hit, known: u32, how: Use) {
        let actor = self.known_actor(known, hit, how);
        if how == Use::Name && !matches!(self.drafts[actor as usize].kind, "person" | "state") {
            self.note_acronym(hit, actor);
        }
        let form = match how {
            Use::Name | Use::Metonym => MentionForm::Name,
            Use::Adjective | Use::Demonym => MentionForm::Adjective,
        };
        let rule = &self.actors.sources.gazetteer;
        self.push(hit.first, hit.last, actor, form, rule);
        if how == Use::Name && self.drafts[actor as usize].kind == GOVERNMENT {
            self.note_bare(hit.first, hit.last, actor);
        }
    }

    fn push(&mut self, first: u32, last: u32, actor: u32, form: MentionForm, rule: &'a RuleId) {
        self.found.push(Named { first, last, actor, form, rule });
    }

    /// The first token of a name behind honorifics, offices and what it is the name of.
    fn strip(&self, hit: &Hit, is_person: bool) -> u32 {
        let mut first = hit.first;
        let titles = words::HONORIFIC | words::OFFICE | words::PERSON;
        let is_title = |it: u32| {
            let is_lower = self.tokens[it as usize].shape.form() == Shape::LOWER;
            is_person && self.is(it, titles) && !self.is(it, words::GIVEN)
                || is_lower && self.is(it, words::ORG)
        };
        while first + 1 < hit.last && is_title(first) {
            first += 1;
        }
        first
    }

    fn known_actor(&mut self, known: u32, hit: &Hit, how: Use) -> u32 {
        let gazetteer = &self.actors.gazetteer;
        let kind = gazetteer.kind(known);
        let longer =
            if self.known.contains_key(&known) { None } else { self.longer_name(kind, hit) };
        let actor = match (self.known.get(&known), longer) {
            (Some(&actor), _) => actor,
            (None, Some(longer)) => {
                self.known.insert(known, longer);
                longer
            }
            (None, None) => {
                let actor = self.draft(Cow::Borrowed(gazetteer.name(known)), kind);
                self.drafts[actor as usize].known = Some(known);
                self.known.insert(known, actor);
                if kind == "person"
                    && let Some(last) = gazetteer.name(known).rsplit(' ').next()
                {
                    remember(&mut self.by_last, last, actor);
                }
                actor
            }
        };
        if kind == "person" && how == Use::Name {
            self.remember_person(actor, hit.first, hit.last);
        }
        actor
    }

    fn draft(&mut self, name: Cow<'a, str>, kind: &'static str) -> u32 {
        self.drafts.push(Draft {
            name,
            kind,
            known: None,
            given: "",
            nickname: "",
            masculine: 0,
            feminine: 0,
            full: 0,
            state: None,
            is_open: false,
        });
        self.drafts.len() as u32 - 1
    }

    /// The actor of a full name found by its shape.
    fn shape_actor(&mut self, hits: &[Hit], i: usize, first: u32, kind: &'static str) -> u32 {
        let hit = &hits[i];
        let words = self.words_of(first, hit.last);
        if let Some(&actor) = self.full.get(words) {
            if self.is_person(actor) {
                self.remember_person(actor, first, hit.last);
            }
            return actor;
        }
        if kind == GOVERNMENT
            && let Some(body) = self.body_called(first, hit.last)
        {
            self.full.insert(words, body);
            return body;
        }
        let acronym = self.acronym_of(first, hit.last);
        let is_person = kind == "person" || kind.is_empty();
        if !is_person || acronym.is_some() {
            let actor = self.organization(words, kind, acronym);
            if kind == COMPANY {
                self.remember_company(actor, first, hit.last);
            }
            if kind == GOVERNMENT {
                self.note_bare(first, hit.last, actor);
            }
            return actor;
        }
        let actor = match self.same_person(first, hit.last) {
            Some(actor) => {
                if kind == "person" && self.drafts[actor as usize].kind.is_empty() {
                    self.drafts[actor as usize].kind = kind;
                }
                actor
            }
            None => {
                let name = match self.nickname(first, hit.last) {
                    None => words.into(),
                    Some(at) => {
                        let (given, family) =
                            (self.words_of(first, at - 1), self.words_of(at + 2, hit.last));
                        format!("{given} {family}").into()
                    }
                };
                self.draft(name, kind)
            }
        };
        self.full.insert(words, actor);
        self.remember_person(actor, first, hit.last);
        actor
    }

    /// Takes titled surnames, lone surnames and acronyms.
    fn take_short(&mut self, hits: &[Hit], short: &[Short]) {
        let Reading { document, sentences, tokens, .. } = self.reading;
        self.passes.push(self.found.len());
        for it in short {
            self.take_titled(&hits[it.hit as usize], it.first, it.last);
        }
        self.passes.push(self.found.len());
        let mut hits = hits.iter().peekable();
        for (i, outer) in sentences.outer.iter().enumerate() {
            let block = document.blocks.get(outer.block as usize);
            if block.is_some_and(|it| !it.kind.is_read()) {
                continue;
            }
            let range = tokens.range(i);
            let mut at = range.start as u32;
            while at < range.end as u32 {
                if !self.tokens[at as usize].shape.is_capital() {
                    at += 1;
                    continue;
                }
                while hits.next_if(|it| it.last <= at).is_some() {}
                if let Some(hit) = hits.peek()
                    && hit.first <= at
                {
                    at = hit.last;
                    continue;
                }
                at = self.take_lone(at, range.end as u32);
            }
        }
        self.found.sort_unstable_by_key(|it| it.first);
    }

    /// A capital word that no name took: short for one? Gives the token to go on with.
    fn take_lone(&mut self, at: u32, end: u32) -> u32 {
        let token = self.tokens[at as usize];
        if token.shape.form() == Shape::INITIAL {
            return at + 1;
        }
        let common = words::CLOSED | words::NO_NAME | words::AUXILIARY;
        if token.shape.has(Shape::FIRST) && self.is(at, common) || self.is_of_date(at) {
            return at + 1;
        }
        let mut last = at + 1;
        while last + 1 < end && self.joined_start(last + 1, at) == at {
            last += 2;
        }
        for last in [last, at + 1].into_iter().take(if last == at + 1 { 1 } else { 2 }) {
            let words = self.words_of(at, last);
            let named = self.acronyms.get(words).or_else(|| self.full.get(words)).copied();
            if let Some(actor) = named.or_else(|| self.by_initials(words)) {
                let rule = &self.actors.sources.acronym;
                self.push(at, last, actor, MentionForm::Name, rule);
                return last;
            }
            let recased =
                (token.shape.form() == Shape::UPPER && words.len() > 3).then(|| recased(words));
            let key = self.name_in_capitals(words).or(recased.as_deref()).unwrap_or(words);
            // A headline comes before whatever would tell which of two is meant.
            if recased.is_some() && self.is_tied(key) {
                continue;
            }
            let company = || self.company_called(words, at, last);
            let actor = self.choose(key, 0, at).or_else(company).or_else(|| {
                let has_namesake = self.by_last.contains_key(key);
                let is_open = has_namesake || self.is_common_name(at, last);
                let known = (!is_open && self.day.is_some())
                    .then(|| self.actors.gazetteer.by_surname(key, None, self.day, |_| true))
                    .flatten()?;
                let hit = Hit { first: at, last, what: What::Shape(0) };
                Some(self.known_actor(known, &hit, Use::Name))
            });
            if let Some(actor) = actor {
                let rule = &self.actors.sources.surname;
                self.push(at, last, actor, MentionForm::Name, rule);
                return last;
            }
        }
        at + 1
    }

    /// Whether a word belongs to a date: `early May`, `in May`. Where a month stands alone, it is
    /// somebody of that name whom the text has named.
    fn is_of_date(&self, at: u32) -> bool {
        let span = self.tokens[at as usize].span;
        let next = self.reading.timexes.partition_point(|it| it.span.end <= span.start);
        let Some(timex) = self.reading.timexes.get(next).filter(|it| it.span.overlaps(span)) else {
            return false;
        };
        timex.span != span || at > 0 && self.is(at - 1, words::PREPOSITION)
    }

    /// Numbers the actors by first mention, gives ids, reads roles.
    fn finish(self, states: &States) -> Mentions {
        let Reading { sentences, tokens, .. } = self.reading;
        let about = states.about().and_then(|it| self.actors.gazetteer.state_id(it));
        let state = about.unwrap_or_default().to_owned();
        let mut mentions = Mentions { state, ..Mentions::default() };
        let mut numbers: Vec<Option<u32>> = vec![None; self.drafts.len()];
        let mut outer = 0;
        let mut key = String::new();
        mentions.all.reserve(self.found.len());
        mentions.actors.reserve(self.drafts.len());
        for found in &self.found {
            while outer + 1 < sentences.outer.len() && tokens.ends[outer] <= found.first {
                outer += 1;
            }
            let draft = &self.drafts[found.actor as usize];
            let actor = *numbers[found.actor as usize].get_or_insert_with(|| {
                mentions.actors.push(self.actor(draft, &mut key));
                mentions.actors.len() as u32 - 1
            });
            let known = &mut mentions.actors[actor as usize];
            if known.role.is_empty() && matches!(known.kind, "person" | "") {
                let range = found.first as usize..found.last as usize;
                if found.form == MentionForm::Name
                    && let Some(role) =
                        roles::read(&self.actors.words, self.text, tokens, outer, range)
                    // Headlines in capitals say less than the text.
                    && [&role, self.words_of(found.first, found.last)]
                        .iter()
                        .any(|it| it.contains(char::is_lowercase))
                {
                    known.role = role;
                }
            }
            mentions.all.push(Mention {
                span: self.tokens[found.first as usize]
                    .span
                    .to(self.tokens[found.last as usize - 1].span),
                actor: Some(actor),
                form: found.form,
                rule: found.rule.clone(),
            });
        }
        mentions
    }

    fn actor(&self, draft: &Draft<'_>, key: &mut String) -> Actor {
        let gazetteer = &self.actors.gazetteer;
        let id = match (draft.known, draft.state.and_then(|it| gazetteer.state_id(it))) {
            (Some(known), _) => gazetteer.id(known).to_owned(),
            (None, Some(state)) => ids::of(&format!("{} {state}", draft.name), draft.kind),
            (None, None) if draft.is_open => String::new(),
            (None, None) => ids::of_named(key, &draft.name, draft.kind, &self.reading.document.id),
        };
        Actor { id, name: spaced(&draft.name), kind: draft.kind, ..Actor::default() }
    }
}

impl Namesakes {
    fn iter(&self) -> impl Iterator<Item = u32> + Clone {
        [self.first].into_iter().chain(self.more.iter().copied())
    }
}

fn remember<'a>(names: &mut FxHashMap<&'a str, Namesakes>, name: &'a str, actor: u32) {
    let all = names.entry(name).or_insert(Namesakes { first: actor, more: Vec::new() });
    if !all.iter().any(|it| it == actor) {
        all.more.push(actor);
    }
}
