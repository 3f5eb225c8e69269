//! Which bodies and organizations are one: acronyms, longer names, bodies of states.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Draft, Hit, Names};
use crate::actors::gazetteer::{GOVERNMENT, Known, Use};
use crate::actors::hits::What;
use crate::actors::states::{self, Code, States};
use crate::actors::words;
use crate::model::{Shape, Token};

impl<'a> Names<'a> {
    pub(super) fn note_acronym(&mut self, hit: &Hit, actor: u32) {
        if let Some(acronym) = self.acronym_of(hit.first, hit.last) {
            self.acronyms.entry(acronym).or_insert(actor);
        }
    }

    /// The one whose name ends as a shorter one does: `The Times` is the New York one, where the
    /// text has named that before.
    pub(super) fn longer_name(&self, kind: &str, hit: &Hit) -> Option<u32> {
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

    pub(super) fn body_actor(&mut self, body: u32, state: u32) -> u32 {
        if let Some(&actor) = self.bodies.get(&(body, state)) {
            return actor;
        }
        let gazetteer = &self.actors.gazetteer;
        let name: Cow<'a, str> = gazetteer.body_name(body, state).into();
        let kind = gazetteer.body_kind(body);
        let known = gazetteer.listed(&name, kind);
        // Several patterns give one body.
        let same = self.drafts.iter().position(|it| it.name == name && it.kind == kind);
        let actor = match (known.and_then(|it| self.known.get(&it)), same) {
            (Some(&actor), _) => actor,
            (None, Some(at)) => at as u32,
            (None, None) => self.draft(name, kind),
        };
        if let Some(known) = known {
            self.drafts[actor as usize].known = Some(known);
            self.known.insert(known, actor);
        }
        self.bodies.insert((body, state), actor);
        actor
    }

    /// The one body of a state named before that a name without the state means: `the Foreign
    /// Ministry` is Russia's.
    pub(super) fn body_called(&self, first: u32, last: u32) -> Option<u32> {
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

    pub(super) fn organization(
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

    /// Notes the first word of a company's name, if it is no word of the language: `Brannigan` of
    /// `Brannigan Widgets Ltd`.
    pub(super) fn remember_company(&mut self, actor: u32, first: u32, last: u32) {
        let common = words::CLOSED | words::NO_NAME | words::NOUN | words::MAIN_VERB | words::GIVEN;
        let common = common | words::ORG | words::OFFICE | words::PERSON | words::HONORIFIC;
        if last - first < 2 || self.is(first, common | words::MODIFIER | words::MONTH) {
            return;
        }
        let word = self.words_of(first, first + 1);
        let known = self.companies.entry(word).or_insert(Some(actor));
        *known = known.filter(|&it| it == actor);
    }

    /// The company of which a word alone is the first one, if it is not part of another name.
    pub(super) fn company_called(&self, words: &str, first: u32, last: u32) -> Option<u32> {
        let actor = (*self.companies.get(words)?)?;
        let is_capital = |at: u32| {
            let token = self.tokens.get(at as usize);
            token.is_some_and(|it| it.shape.is_capital() && !it.shape.has(Shape::FIRST))
        };
        let is_part = is_capital(last) || first > 0 && is_capital(first - 1);
        let not_before = words::HONORIFIC | words::GIVEN | words::DEFINITE | words::INDEFINITE;
        // What opens a sentence has its capital from there: `Bridge repairs began`.
        let opens = self.tokens[first as usize].shape.has(Shape::FIRST);
        let does = || self.is(last, words::CUE_VERB | words::AUXILIARY | words::CLITIC);
        let is_other = first > 0 && self.is(first - 1, not_before) || opens && !does();
        (!is_part && !is_other).then_some(actor)
    }

    /// The known actor of an acronym, where it shares most of its words with a full name.
    pub(super) fn known_by_acronym(&mut self, acronym: &'a str, words: &str) -> Option<u32> {
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
    pub(super) fn acronym_of(&self, first: u32, last: u32) -> Option<&'a str> {
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
    pub(super) fn has_initials(&self, acronym: &str, first: u32, last: u32) -> bool {
        let names = self.tokens[first as usize..last as usize].iter();
        let initials = names.filter_map(|it| it.span.of(self.text).chars().next());
        acronym.chars().filter(|it| it.is_uppercase()).eq(initials.filter(|it| it.is_uppercase()))
    }

    /// The one organization of the text whose words begin with the letters of an acronym.
    pub(super) fn by_initials(&mut self, acronym: &str) -> Option<u32> {
        let is_acronym = acronym.len() >= 3 && acronym.bytes().all(|it| it.is_ascii_uppercase());
        if !is_acronym {
            return None;
        }
        let drafts = &self.drafts;
        let all = self.initials.get_or_insert_with(|| {
            let mut all = FxHashMap::default();
            for (draft, at) in drafts.iter().zip(0..) {
                if draft.known.is_some() || matches!(draft.kind, "person" | "" | "state" | "place")
                {
                    continue;
                }
                let first = draft.name.split_whitespace().filter_map(|it| it.chars().next());
                let initials: String = first.filter(|it| it.is_uppercase()).collect();
                all.entry(initials).and_modify(|it| *it = None).or_insert(Some(at));
            }
            all
        });
        all.get(acronym).copied().flatten()
    }

    /// Notes a body whose name, met for the first time, does not say of which state it is.
    pub(super) fn note_bare(&mut self, first: u32, last: u32, actor: u32) {
        let is_noted = self.bare.iter().any(|it| it.actor == actor);
        let is_listed = self.drafts[actor as usize].known.is_some();
        if !is_noted && self.is_bare(first, last, is_listed) {
            self.bare.push(Bare { actor, first, last });
        }
    }

    /// Whether a name is made of words that any state may have for a body of its own. Of the lists
    /// just ministries and bodies that every state has may be meant otherwise.
    fn is_bare(&self, first: u32, last: u32, is_listed: bool) -> bool {
        let gazetteer = &self.actors.gazetteer;
        let words = &self.actors.words;
        let tokens = &self.tokens[first as usize..last as usize];
        let is_of_state = tokens.iter().any(|it| words.is(it, words::STATE_BODY));
        let is_common = |it: &Token| {
            let form = it.shape.form();
            form == Shape::LOWER
                || form >= Shape::PUNCT
                || words.is(it, words::ORG_HEAD | words::CLOSED)
                || gazetteer.is_field(it.span.of(self.text))
        };
        let is_told = (0..tokens.len()).any(|at| {
            let found = gazetteer.longest(self.text, tokens, at, false);
            found.is_some_and(|it| states::says_where(gazetteer, What::Known(it.1)))
        });
        let is_any = match gazetteer.bare_body(self.text, tokens) {
            Some(_) => true,
            None => !is_listed && tokens.iter().all(is_common),
        };
        !is_told && (is_of_state || is_any)
    }

    /// Finds the state of each body whose name does not say it. Where nothing tells, a body of no
    /// list has no id: in another document the same name may be that of another.
    pub(super) fn settle_bodies(&mut self, hits: &[Hit], states: &States) {
        for bare in std::mem::take(&mut self.bare) {
            let known = self.drafts[bare.actor as usize].known;
            if known.is_none()
                && let Some(body) = self.body_called(bare.first, bare.last)
            {
                self.merge(bare.actor, body);
                continue;
            }
            let beside = self.state_beside(bare.actor, hits);
            let code = beside.or_else(|| self.state_around(bare.first, hits, states));
            let tokens = &self.tokens[bare.first as usize..bare.last as usize];
            let gazetteer = &self.actors.gazetteer;
            let is_of_state = tokens.iter().any(|it| self.actors.words.is(it, words::STATE_BODY));
            // `The Supreme Court` is the one of the lists, unless nothing speaks of its state.
            let listed = known.map(|it| gazetteer.country(it).unwrap_or_default());
            let is_away = |it: Code| code.is_some_and(|code| states.is_from(code, it));
            if listed.is_some_and(|it| Some(it) == code || !is_of_state && !is_away(it)) {
                continue;
            }
            let body = gazetteer.bare_body(self.text, tokens);
            match (body, code.and_then(|it| gazetteer.state(it))) {
                (Some(body), Some(state)) => {
                    let body = self.body_actor(body, state);
                    self.merge(bare.actor, body);
                }
                _ if known.is_some() => {}
                (None, Some(_)) if is_of_state || beside.is_some() => {
                    self.drafts[bare.actor as usize].state = code;
                }
                _ => self.drafts[bare.actor as usize].is_open = true,
            }
        }
    }

    /// The state that owns a body wherever it is named: `Norway's Inland Waterways Agency`.
    fn state_beside(&self, actor: u32, hits: &[Hit]) -> Option<Code> {
        let gazetteer = &self.actors.gazetteer;
        let owner = |first: u32| {
            let clitic = first.checked_sub(1).filter(|&it| self.is(it, words::CLITIC))?;
            let before = hits.partition_point(|it| it.last < clitic);
            let owner = hits.get(before).filter(|it| it.last == clitic)?;
            states::says_where(gazetteer, owner.what).then(|| states::of(gazetteer, owner.what))?
        };
        let mut owners =
            self.found.iter().filter(|it| it.actor == actor).filter_map(|it| owner(it.first));
        let first = owners.next()?;
        owners.all(|it| it == first).then_some(first)
    }

    /// The state that the document is about, where its words and those just before name no other.
    fn state_around(&self, at: u32, hits: &[Hit], states: &States) -> Option<Code> {
        let about = states.about()?;
        let tokens = self.reading.tokens;
        let outer = tokens.ends.partition_point(|&it| it <= at);
        let (from, to) = (tokens.range(outer.saturating_sub(1)).start, tokens.range(outer).end);
        let gazetteer = &self.actors.gazetteer;
        let near = hits.iter().filter(|it| (from..to).contains(&(it.first as usize)));
        let mut told = near.filter(|it| states::says_where(gazetteer, it.what));
        let is_same = |it: &Hit| states::of(gazetteer, it.what).is_none_or(|it| it == about);
        told.all(is_same).then_some(about)
    }

    fn merge(&mut self, from: u32, to: u32) {
        self.found.iter_mut().filter(|it| it.actor == from).for_each(|it| it.actor = to);
    }
}

/// A body whose name does not say of which state it is, and where it was first named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bare {
    actor: u32,
    first: u32,
    last: u32,
}
