//! Which names a text holds, and which of them mean the same actor.
//!
//! First all full names, then what is short for one of them: surnames, acronyms. A surname that
//! two people share means whom the text has named last in full, if it has named only one of them
//! nearby.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::day::Day;
use super::gazetteer::{Known, Use, recased};
use super::hits::{self, Hit, What};
use super::{Actors, ids, roles, words};
use crate::model::{
    Actor, Document, Mention, MentionForm, Mentions, RuleId, Sentences, Shape, Timex, Token, Tokens,
};
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

/// The kind of bodies of states.
const GOVERNMENT: &str = "government";
/// How many tokens back a name counts as just before.
const NEARBY: u32 = 60;

struct Names<'a> {
    actors: &'a Actors,
    text: &'a str,
    tokens: &'a [Token],
    timexes: &'a [Timex],
    day: Option<Day>,
    drafts: Vec<Draft<'a>>,
    full: FxHashMap<&'a str, u32>,
    by_last: FxHashMap<&'a str, Namesakes>,
    by_given: FxHashMap<&'a str, Namesakes>,
    acronyms: FxHashMap<&'a str, u32>,
    known: FxHashMap<u32, u32>,
    bodies: FxHashMap<(u32, u32), u32>,
    found: Vec<Named<'a>>,
    /// Where in `found` each pass over the text begins; within one, mentions stand in order.
    passes: Vec<usize>,
}

pub(super) fn find(
    actors: &Actors,
    document: &Document,
    sentences: &Sentences,
    tokens: &Tokens,
    timexes: &[Timex],
) -> Mentions {
    let hits = hits::find(actors, document, sentences, tokens, timexes);
    let mut names = Names {
        actors,
        text: document.text(),
        tokens: &tokens.all,
        timexes,
        day: document.meta.published.map(Day::of),
        drafts: Vec::with_capacity(hits.len()),
        full: FxHashMap::default(),
        by_last: FxHashMap::default(),
        by_given: FxHashMap::default(),
        acronyms: FxHashMap::default(),
        known: FxHashMap::default(),
        bodies: FxHashMap::default(),
        found: Vec::with_capacity(hits.len() * 2),
        passes: Vec::with_capacity(4),
    };
    let short = names.take_full(&hits);
    names.take_short(&hits, &short, document, sentences, tokens);
    names.finish(sentences, tokens)
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
                What::Known(Known::Actor(actor, how)) => self.push_known(hit, actor, how),
                What::Known(Known::Body(body, state)) => {
                    let actor = self.body_actor(body, state);
                    self.note_acronym(hit, actor);
                    let rule = &self.actors.sources.body;
                    self.push(hit.first, hit.last, actor, MentionForm::Name, rule);
                }
                What::Shape(rule) => {
                    let kind = self.actors.rules[rule].kind;
                    let first = self.strip(hit, kind == "person");
                    if kind == "person" && self.is_surname(hit, first) {
                        short.push(Short { hit: i as u32, first, last: hit.last });
                        continue;
                    }
                    let actor = self.shape_actor(hits, i, first, kind);
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

    /// Whether what stands behind the titles of a name is but a surname: `Ms. van der Holt`.
    fn is_surname(&self, hit: &Hit, first: u32) -> bool {
        hit.last - first == 1
            || first > hit.first && self.surname_start(hit.last - 1, first) == first
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
    }

    fn push(&mut self, first: u32, last: u32, actor: u32, form: MentionForm, rule: &'a RuleId) {
        self.found.push(Named { first, last, actor, form, rule });
    }

    fn note_acronym(&mut self, hit: &Hit, actor: u32) {
        if let Some(acronym) = self.acronym_of(hit.first, hit.last) {
            self.acronyms.entry(acronym).or_insert(actor);
        }
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

    /// The one whose name ends as a shorter one does: `The Times` is the New York one, where the
    /// text has named that before.
    fn longer_name(&self, kind: &str, hit: &Hit) -> Option<u32> {
        if kind == GOVERNMENT {
            return self.body_called(hit.first, hit.last);
        }
        if !matches!(kind, "media" | "company") {
            return None;
        }
        let words = self.words_of(hit.first, hit.last);
        let ends = |it: &Draft<'_>| {
            it.kind == kind && it.name.strip_suffix(words).is_some_and(|it| it.ends_with(' '))
        };
        self.drafts
            .iter()
            .position(|it| ends(it) && it.name.len() > words.len() + 4)
            .map(|it| it as u32)
    }

    fn body_actor(&mut self, body: u32, state: u32) -> u32 {
        if let Some(&actor) = self.bodies.get(&(body, state)) {
            return actor;
        }
        let gazetteer = &self.actors.gazetteer;
        let name: Cow<'a, str> = gazetteer.body_name(body, state).into();
        let kind = gazetteer.body_kind(body);
        // Several patterns give one body.
        let same = self.drafts.iter().position(|it| it.name == name && it.kind == kind);
        let actor = match same {
            Some(at) => at as u32,
            None => self.draft(name, kind),
        };
        self.bodies.insert((body, state), actor);
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
        });
        self.drafts.len() as u32 - 1
    }

    /// Notes the words by which a person may be named later.
    fn remember_person(&mut self, actor: u32, first: u32, last: u32) {
        let text = self.text;
        let mut end = last;
        while end > first + 1
            && (self.is(end - 1, words::SUFFIX)
                || self.tokens[end as usize - 1].shape.form() == Shape::PUNCT)
        {
            end -= 1;
        }
        let surname = self.tokens[end as usize - 1].span.of(text);
        remember(&mut self.by_last, surname, actor);
        for start in [self.joined_start(end - 1, first), self.surname_start(end - 1, first)] {
            if start + 1 < end {
                let joined = self.words_of(start, end);
                remember(&mut self.by_last, joined, actor);
            }
        }
        if last - first > 1 {
            let given = self.tokens[first as usize].span.of(text);
            remember(&mut self.by_given, given, actor);
            if let Some(nickname) = self.nickname(first, last) {
                let nickname = self.words_of(nickname, nickname + 1);
                remember(&mut self.by_given, nickname, actor);
                self.drafts[actor as usize].nickname = nickname;
            }
            let gender = self.actors.words.of(&self.tokens[first as usize]);
            let draft = &mut self.drafts[actor as usize];
            draft.given = given;
            draft.full += 1;
            draft.masculine += u32::from(gender & words::MASCULINE != 0);
            draft.feminine += u32::from(gender & words::FEMININE != 0);
        }
        self.note_title(actor, first);
    }

    /// Takes the gender of an honorific before a name as evidence.
    fn note_title(&mut self, actor: u32, first: u32) {
        let Some(before) = first.checked_sub(1) else { return };
        let bits = self.actors.words.of(&self.tokens[before as usize]);
        if bits & (words::HONORIFIC | words::OFFICE) != 0 {
            let draft = &mut self.drafts[actor as usize];
            draft.masculine += 3 * u32::from(bits & words::MASCULINE != 0);
            draft.feminine += 3 * u32::from(bits & words::FEMININE != 0);
        }
    }

    /// The first token of the run of words joined by hyphens that ends with `at`.
    fn joined_start(&self, at: u32, limit: u32) -> u32 {
        let mut start = at;
        while start >= limit + 2 {
            let hyphen = &self.tokens[start as usize - 1];
            let is_joined = self.tokens[start as usize].shape.has(Shape::GLUED)
                && hyphen.shape.has(Shape::GLUED)
                && hyphen.span.of(self.text) == "-";
            if !is_joined {
                break;
            }
            start -= 2;
        }
        start
    }

    /// The first token of the surname that ends with `at`, particles and hyphens included:
    /// `van der Holt`. `Ben` is a name of its own where nothing joins it.
    fn surname_start(&self, at: u32, limit: u32) -> u32 {
        let mut start = self.joined_start(at, limit);
        while start > limit
            && self.is(start - 1, words::PARTICLE)
            && (!self.is(start - 1, words::GIVEN)
                || self.tokens[start as usize - 1].shape.form() == Shape::LOWER)
        {
            start = self.joined_start(start - 1, limit);
        }
        start
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
            return self.organization(words, kind, acronym);
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

    /// The token between the marks within a name: `William “Bill” Diaz`.
    fn nickname(&self, first: u32, last: u32) -> Option<u32> {
        let is_open = |it: &u32| {
            let token = &self.tokens[*it as usize];
            matches!(token.shape.form(), Shape::OPEN | Shape::QUOTE)
                || token.span.of(self.text) == "("
        };
        let open = (first + 1..last.saturating_sub(3)).find(is_open)?;
        Some(open + 1)
    }

    /// The one body of a state named before that a name without the state means: `the Foreign
    /// Ministry` is Russia's.
    fn body_called(&self, first: u32, last: u32) -> Option<u32> {
        let words = self.words_of(first, last);
        let tokens = &self.tokens[first as usize..last as usize];
        let before = self.actors.gazetteer.body_before(self.text, tokens);
        let is_so = |it: &Draft<'_>| {
            it.kind == GOVERNMENT
                && (it.name.strip_prefix(words).is_some_and(|it| it.starts_with(' '))
                    || before.is_some_and(|before| it.name.starts_with(before)))
        };
        let mut all = (0..).zip(&self.drafts).filter(|it| is_so(it.1)).map(|it| it.0);
        all.next().filter(|_| all.next().is_none())
    }

    fn is_person(&self, actor: u32) -> bool {
        matches!(self.drafts[actor as usize].kind, "person" | "")
    }

    fn organization(
        &mut self,
        words: &'a str,
        kind: &'static str,
        acronym: Option<&'a str>,
    ) -> u32 {
        let known = acronym.and_then(|it| self.known_by_acronym(it, words));
        let actor = match known {
            Some(actor) => actor,
            None => {
                let kind = if kind.is_empty() { "organization" } else { kind };
                self.draft(words.into(), kind)
            }
        };
        self.full.insert(words, actor);
        if let Some(acronym) = acronym {
            self.acronyms.insert(acronym, actor);
        }
        actor
    }

    /// The known actor of an acronym, where it shares most of its words with a full name.
    fn known_by_acronym(&mut self, acronym: &'a str, words: &str) -> Option<u32> {
        let at = self.tokens.partition_point(|it| {
            (it.span.start as usize) < acronym.as_ptr() as usize - self.text.as_ptr() as usize
        });
        let gazetteer = &self.actors.gazetteer;
        let (_, known) = gazetteer.longest(self.text, &self.tokens[at..=at], 0, false)?;
        let Known::Actor(known, Use::Name) = known else { return None };
        let stem = |it: &str| it.chars().take(5).collect::<String>().to_lowercase();
        let theirs: Vec<_> = gazetteer.name(known).split(' ').map(stem).collect();
        let ours: Vec<_> = words.split_whitespace().map(stem).collect();
        let shared = ours.iter().filter(|it| theirs.contains(it)).count();
        if shared * 2 < ours.len() {
            return None;
        }
        let hit = Hit { first: at as u32, last: at as u32 + 1, what: What::Shape(0) };
        Some(self.known_actor(known, &hit, Use::Name))
    }

    /// `ITU` of `International Telecommunications Union (ITU)`, `…, or ITU,`, `ITU (…)`.
    fn acronym_of(&self, first: u32, last: u32) -> Option<&'a str> {
        let word = |at: u32| self.tokens.get(at as usize).map(|it| it.span.of(self.text));
        let acronym = |at: u32| {
            let token = self.tokens.get(at as usize)?;
            let fits = matches!(token.shape.form(), Shape::UPPER | Shape::MIXED)
                && (2..=10).contains(&token.span.len());
            fits.then(|| token.span.of(self.text))
        };
        match word(last)? {
            "(" if matches!(word(last + 2), Some(")" | "," | ";")) => acronym(last + 1),
            "," => {
                let start = last + 1;
                let mut at = start;
                while at < start + 3 && self.is(at, words::JOINS | words::ALSO) {
                    at += 1;
                }
                let is_closed = matches!(word(at + 1), Some("," | "." | ")"));
                let is_other = at > start && is_closed;
                acronym(at).filter(|it| is_other && self.has_initials(it, first, last))
            }
            ")" if first > 1 && word(first - 1) == Some("(") => {
                acronym(first - 2).filter(|it| self.has_initials(it, first, last))
            }
            _ => None,
        }
    }

    /// Whether the letters of an acronym are those that the words of a name begin with.
    fn has_initials(&self, acronym: &str, first: u32, last: u32) -> bool {
        let names = self.tokens[first as usize..last as usize].iter();
        let initials = names.filter_map(|it| it.span.of(self.text).chars().next());
        acronym.chars().filter(|it| it.is_uppercase()).eq(initials.filter(|it| it.is_uppercase()))
    }

    /// A person of the same surname whose given name fits.
    fn same_person(&self, first: u32, last: u32) -> Option<u32> {
        let mut end = last;
        while end > first + 1
            && (self.is(end - 1, words::SUFFIX)
                || self.tokens[end as usize - 1].shape.form() == Shape::PUNCT)
        {
            end -= 1;
        }
        // `Jr.` is another one.
        if end != last {
            return None;
        }
        let surname = self.tokens[end as usize - 1].span.of(self.text);
        let given = self.tokens[first as usize].span.of(self.text);
        let may_be = |it: &u32| {
            let other = &self.drafts[*it as usize];
            self.is_person(*it) && !other.given.is_empty() && !other.name.ends_with('.')
        };
        let fits = |it: &u32| {
            let other = self.drafts[*it as usize].given;
            let initial = |a: &str, b: &str| a.ends_with('.') && b.starts_with(&a[..a.len() - 1]);
            other == given || initial(other, given) || initial(given, other)
        };
        let namesakes = self.by_last.get(surname)?.iter().filter(may_be);
        if let Some(same) = namesakes.clone().find(fits) {
            return Some(same);
        }
        // `Bill` and `William` may be father and son, where the text says so.
        let words = &self.actors.words;
        let is_short = |it: &u32| {
            let other = &self.drafts[*it as usize];
            words.are_one_given(other.given, given) || other.nickname == given
        };
        let mut same = namesakes.filter(is_short);
        let one = same.next().filter(|_| same.next().is_none())?;
        let near = first.saturating_sub(4)..(last + 5).min(self.tokens.len() as u32);
        let has_relative = near.clone().any(|it| self.is(it, words::RELATIVE));
        (!has_relative).then_some(one)
    }

    /// Takes titled surnames, lone surnames and acronyms.
    fn take_short(
        &mut self,
        hits: &[Hit],
        short: &[Short],
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
    ) {
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

    /// `Mr. Brannigan`, `President Zelquist`: the one meant before, or a new one.
    fn take_titled(&mut self, hit: &Hit, first: u32, last: u32) {
        let surname = self.words_of(first, last);
        let titles = hit.first..first;
        let bits =
            titles.clone().fold(0, |all, it| all | self.actors.words.of(&self.tokens[it as usize]));
        let gender = bits & (words::MASCULINE | words::FEMININE);
        let office = titles.clone().last().filter(|&it| self.is(it, words::OFFICE));
        let office = office.map(|it| {
            let words = &self.actors.words;
            words.name(words.lemma(&self.tokens[it as usize]))
        });
        let gazetteer = &self.actors.gazetteer;
        let actor = self.choose(surname, gender, first).or_else(|| {
            // Somebody of the text is meant, though it is not told who.
            let is_shared = self.by_last.get(surname).is_some_and(|all| {
                all.iter().filter(|&it| self.may_be_of(it, gender)).nth(1).is_some()
            });
            // Without a day or an office nobody is known to be of the time.
            let is_timeless = office.is_none() && self.day.is_none();
            if is_shared || is_timeless || office.is_none() && self.is_common_name(first, last) {
                return None;
            }
            let fits = |name: &str| {
                let told = self.actors.words.gender_of(name).unwrap_or_default();
                (told == 0 || gender == 0 || told & gender != 0) && name.ends_with(surname)
            };
            // The lists go by the last word.
            let key = surname.rsplit(' ').next().unwrap_or(surname);
            let known = gazetteer.by_surname(key, office, self.day, fits)?;
            Some(self.known_actor(known, &Hit { first, last, what: hit.what }, Use::Name))
        });
        let actor = match actor {
            Some(actor) => actor,
            None if self.by_last.get(surname).is_some_and(|it| !it.more.is_empty()) => return,
            None => {
                let actor = self.draft(surname.into(), "person");
                remember(&mut self.by_last, surname, actor);
                actor
            }
        };
        if self.drafts[actor as usize].kind.is_empty() {
            self.drafts[actor as usize].kind = "person";
        }
        self.note_title(actor, first);
        let rule = match hit.what {
            What::Shape(rule) => &self.actors.rules[rule].id,
            What::Known(_) => &self.actors.sources.surname,
        };
        self.push(first, last, actor, MentionForm::Name, rule);
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
            let named = self.acronyms.get(words).or_else(|| self.full.get(words));
            if let Some(&actor) = named {
                let rule = &self.actors.sources.acronym;
                self.push(at, last, actor, MentionForm::Name, rule);
                return last;
            }
            let recased =
                (token.shape.form() == Shape::UPPER && words.len() > 3).then(|| recased(words));
            let key = recased.as_deref().unwrap_or(words);
            let actor = self.choose(key, 0, at).or_else(|| {
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
        let next = self.timexes.partition_point(|it| it.span.end <= span.start);
        let Some(timex) = self.timexes.get(next).filter(|it| it.span.overlaps(span)) else {
            return false;
        };
        timex.span != span || at > 0 && self.is(at - 1, words::PREPOSITION)
    }

    /// Whether a surname may be of many: `Lee` is a given name as well, `Brown` a word.
    fn is_common_name(&self, first: u32, last: u32) -> bool {
        last == first + 1 && self.is(first, words::GIVEN | words::NOUN | words::MAIN_VERB)
    }

    /// Whether nothing says that an actor is of another gender.
    fn may_be_of(&self, actor: u32, gender: words::Bits) -> bool {
        let draft = &self.drafts[actor as usize];
        !(gender & words::MASCULINE != 0 && draft.feminine > draft.masculine
            || gender & words::FEMININE != 0 && draft.masculine > draft.feminine)
    }

    /// The person meant by a surname or given name at a token, of the gender if it is told.
    fn choose(&self, name: &str, gender: words::Bits, at: u32) -> Option<u32> {
        let all = self.by_last.get(name).or_else(|| self.by_given.get(name))?;
        let fits = |it: &u32| self.may_be_of(*it, gender);
        // Who is known for a person before what is only written like one.
        let has_person = all.iter().any(|it| self.drafts[it as usize].kind == "person");
        let is_likely = |it: &u32| !has_person || self.drafts[*it as usize].kind == "person";
        let fitting = || all.iter().filter(fits).filter(is_likely);
        let first = fitting().next()?;
        if fitting().nth(1).is_none() {
            return Some(first);
        }
        // The one named in full most often, unless another was named in full just before.
        let full = |it: u32| self.drafts[it as usize].full;
        let best = fitting().fold(first, |best, it| if full(it) > full(best) { it } else { best });
        let is_best = |it: u32| it == best || !fitting().any(|other| other == it);
        self.nearby(at).all(|it| is_best(it.actor)).then_some(best)
    }

    /// What was found so far right before a token, and at it.
    fn nearby(&self, at: u32) -> impl Iterator<Item = &Named<'a>> {
        let ends = self.passes.iter().skip(1).copied().chain([self.found.len()]);
        self.passes.iter().zip(ends).flat_map(move |(&start, end)| {
            let pass = &self.found[start..end];
            let before = &pass[..pass.partition_point(|it| it.first < at)];
            before.iter().rev().take_while(move |it| it.last + NEARBY > at)
        })
    }

    /// Numbers the actors by first mention, gives ids, reads roles.
    fn finish(self, sentences: &Sentences, tokens: &Tokens) -> Mentions {
        let mut mentions = Mentions::default();
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
        let id = match draft.known {
            Some(known) => self.actors.gazetteer.id(known).to_owned(),
            None => ids::of_with(key, &draft.name, draft.kind),
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
