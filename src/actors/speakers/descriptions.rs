//! Whom a description means: `the minister`, `the 46-year-old`, `the company`.

use std::ops::Range;

use super::{Answer, Described, Follower, KIND_MARGIN, SAME_MARGIN, clear};
use crate::actors::day::Day;
use crate::actors::discourse::{Profile, weight};
use crate::actors::words::{self, Bits};
use crate::model::{Actor, MentionForm, Shape};

/// How well what is only written like a name fits a noun for a kind of actors.
const OPEN_KIND: f32 = 0.5;

impl Follower<'_> {
    /// `the minister`, `the 46-year-old`, `the company`.
    pub(super) fn description(
        &mut self,
        first: u32,
        last: u32,
        core: Range<u32>,
        sentence: u32,
    ) -> Answer {
        let head = core.end - 1;
        let opening = self.bits(core.start);
        let is_plural = self.bits(head) & words::PLURAL != 0
            || opening & words::PLURAL_MARKER != 0 && opening & words::RELATIVE_PERSON == 0;
        let is_definite = opening & words::DEFINITE != 0;
        // `the minister himself, who was ill,`
        let aside = (core.end..last).find(|&it| self.bits(it) & words::REFLEXIVE == 0);
        let is_clause = |at: u32| {
            let relative = words::RELATIVE_PERSON | words::RELATIVE_THING;
            self.word(at) == "," && self.bits(at + 1) & relative != 0
        };
        let is_short = aside.is_none_or(is_clause);
        let actor = if is_plural {
            None
        } else {
            self.office(core.clone(), last).or_else(|| self.aged(core.clone(), sentence)).or_else(
                || (is_definite && is_short).then(|| self.said_before(core.clone(), sentence))?,
            )
        };
        if actor.is_some() {
            return Answer::by(actor, MentionForm::Description);
        }
        // Somebody with a name may be meant, though it was not settled who.
        let is_office = self.bits(head) & words::OFFICE != 0;
        let may_be_named = || {
            let mut lately = self.discourse.lately(sentence.saturating_sub(2));
            lately.any(|it| {
                let profile = &self.discourse.profiles[it.actor as usize];
                !self.mentions.actors[it.actor as usize].id.is_empty()
                    && self.is_called(it.actor, profile, &core)
            })
        };
        if is_definite
            && is_short
            && (is_plural || !is_office || !may_be_named())
            && let Some(at) = self.same_description(core.clone(), is_plural)
        {
            return Answer::by(Some(self.described_actor(at)), MentionForm::Description);
        }
        self.describe(first, last, head, is_plural, sentence);
        let of_persons = words::PERSON | words::OFFICE | words::RELATIVE;
        // `its report` says what its owner does, with whom `it` goes on.
        let is_own = opening & words::IT != 0 && self.bits(head) & words::ARTEFACT != 0;
        if !is_plural && self.bits(head) & of_persons == 0 && !is_own {
            self.open_thing = Some(sentence);
        }
        Answer::default()
    }

    /// Remembers a description of somebody without a name.
    pub(super) fn describe(
        &mut self,
        first: u32,
        last: u32,
        head: u32,
        is_plural: bool,
        sentence: u32,
    ) {
        // Things are not described well enough by their words to be taken up.
        let bits = self.bits(head);
        if bits & words::PERSON == 0 && !is_plural {
            return;
        }
        self.remember(first, last, head, is_plural, sentence);
        // `the minister` is somebody named before, though it was not told who; `the port's
        // minister` need not be.
        let is_bare = self.bits(first) & words::DEFINITE != 0 && head == first + 1;
        if !is_plural && !is_bare {
            let actor = self.described_actor(self.described.len() - 1);
            let profile = &mut self.discourse.profiles[actor as usize];
            profile.masculine += 2 * u32::from(bits & words::MASCULINE != 0);
            profile.feminine += 2 * u32::from(bits & words::FEMININE != 0);
            self.note(actor, sentence, weight::SOURCE);
        }
    }

    /// Remembers by which words somebody was described.
    pub(super) fn remember(
        &mut self,
        first: u32,
        last: u32,
        head: u32,
        is_plural: bool,
        sentence: u32,
    ) {
        let span = self.tokens.all[first as usize].span.to(self.tokens.all[last as usize - 1].span);
        let words = span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let lemma = self.actors.words.lemma(&self.tokens.all[head as usize]);
        self.described.push(Described { lemma, is_plural, actor: None, words, sentence });
    }

    /// The last one that was described so: `the official` is `a senior official`, and not the
    /// other way round.
    pub(super) fn same_description(&self, core: Range<u32>, is_plural: bool) -> Option<usize> {
        let head = core.end - 1;
        let lemma = self.actors.words.lemma(&self.tokens.all[head as usize]);
        let is_told = |it: &Described| {
            let mut inner = (core.start + 1..head).map(|at| self.word(at));
            inner.all(|word| it.words.split(' ').any(|known| known == word))
        };
        let is_same =
            |it: &Described| it.lemma == lemma && it.is_plural == is_plural && is_told(it);
        self.described.iter().rposition(is_same).filter(|_| self.bits(head) & words::PERSON != 0)
    }

    /// Who holds an office on the day of publication: `the Russian president`.
    fn office(&mut self, core: Range<u32>, last: u32) -> Option<u32> {
        let day = Day::of(self.document.meta.published?);
        if self.bits(core.end - 1) & words::OFFICE == 0
            || self.bits(core.start) & words::INDEFINITE != 0
            || core.clone().any(|at| self.bits(at) & words::NO_MORE != 0)
        {
            return None;
        }
        let i = self.places.partition_point(|it| it.0 < core.start);
        let &(start, end) = self.places.get(i).filter(|it| it.0 < last)?;
        let state = self.mentions.all[i].actor?;
        if !matches!(self.mentions.actors[state as usize].kind, "state") {
            return None;
        }
        let is_inside = end < core.end;
        // `the former British prime minister`: another one.
        if is_inside && (core.start..start).any(|it| self.bits(it) & words::MODIFIER != 0) {
            return None;
        }
        let is_behind = start == core.end + 1 && end == last
            || start == core.end + 2 && end == last && self.bits(start - 1) & words::DEFINITE != 0;
        let from = if is_inside {
            end + u32::from(self.bits(end) & words::CLITIC != 0)
        } else if is_behind && self.bits(core.end) & words::ROLE_LINK != 0 {
            core.start + u32::from(self.bits(core.start) & words::DEFINITE != 0)
        } else {
            return None;
        };
        let span = self.tokens.all[from as usize].span;
        let office = span.to(self.tokens.all[core.end as usize - 1].span).of(self.text);
        let gazetteer = &self.actors.gazetteer;
        let country = gazetteer.country_of(&self.mentions.actors[state as usize].id)?;
        let holder = gazetteer.holder(country, &office.to_lowercase(), day)?;
        let id = gazetteer.id(holder).to_owned();
        if let Some(known) = self.mentions.actors.iter().position(|it| it.id == id) {
            return Some(known as u32);
        }
        let (name, kind) = (gazetteer.name(holder).to_owned(), gazetteer.kind(holder));
        Some(self.add_actor(Actor { id, name, kind, role: office.to_owned(), ..Actor::default() }))
    }

    /// `the 46-year-old`: the one who was said to be of that age, else the one spoken of whose
    /// age was not told.
    fn aged(&self, core: Range<u32>, sentence: u32) -> Option<u32> {
        let is_aged = core.len() >= 3
            && self.bits(core.end - 1) & words::AGE != 0
            && self.bits(core.start) & words::DEFINITE != 0;
        if !is_aged {
            return None;
        }
        let age =
            core.clone().find(|&at| self.tokens.all[at as usize].shape.form() == Shape::DIGITS)?;
        let age: u32 = self.word(age).parse().ok()?;
        let is_of_age = |it: &u32| self.discourse.profiles[*it as usize].age == Some(age);
        let mut told = (0..self.mentions.actors.len() as u32).filter(is_of_age);
        if let Some(actor) = told.next() {
            let is_known = self.discourse.events.iter().any(|it| it.actor == actor);
            return Some(actor).filter(|_| is_known && told.next().is_none());
        }
        let block = self.blocks[sentence as usize];
        let may_be = |actor: u32, profile: &Profile| -> f32 {
            let is_person = self.may_be_person(Some(actor)) && profile.is_person;
            f32::from(u8::from(is_person && profile.age.is_none()))
        };
        let all = self.discourse.salience(sentence, block, may_be);
        clear(&all, KIND_MARGIN).filter(|_| all[0].0 > 0.6)
    }

    /// Whether a noun fits what was said of somebody: `the finance minister` is no minister of
    /// fisheries, `the president` neither a former one nor a vice president.
    fn is_called(&self, actor: u32, profile: &Profile, core: &Range<u32>) -> bool {
        let head = core.end - 1;
        let bits = self.bits(head);
        let lemma = self.actors.words.lemma(&self.tokens.all[head as usize]);
        // No state is a governor.
        let of_things = words::ORG | words::COUNTRY | words::COMPANY | words::MEDIA;
        let is_of_people = bits & (words::PERSON | words::OFFICE | words::RELATIVE) != 0
            && bits & (of_things | words::GOVERNMENT | words::PARTY | words::ARMED) == 0;
        if is_of_people && !self.may_be_person(Some(actor)) {
            return false;
        }
        let is_past = core.clone().any(|it| self.bits(it) & words::NO_MORE != 0);
        let said = if is_past { &profile.past } else { &profile.nouns };
        if !said.contains(&lemma) {
            return false;
        }
        let field = head - 1;
        let has_field = field > core.start
            && self.tokens.all[field as usize].shape.form() == Shape::LOWER
            && self.bits(field) & (words::NO_FIELD | words::CLOSED | words::AGE) == 0;
        if bits & words::FIELD_BODY != 0 && has_field {
            // `the defense ministry`: part of its name, in whatever form.
            let start = |it: &str| it.chars().take(4).flat_map(char::to_lowercase).collect();
            let field: String = start(self.word(field));
            let name = &self.mentions.actors[actor as usize].name;
            return name.split(' ').map(start).any(|it: String| it == field);
        }
        if bits & words::OFFICE == 0 {
            return true;
        }
        let Some(&(_, told)) = profile.fields.iter().find(|it| it.0 == lemma) else { return true };
        match has_field {
            true => self.word(field).eq_ignore_ascii_case(self.word(told)),
            false => self.bits(told) & words::UNDER == 0,
        }
    }

    /// The one of the whole text that is called so, if it was named before.
    fn only_one(&self, core: &Range<u32>) -> Option<u32> {
        let profiles = &self.discourse.profiles;
        let called = |it: &u32| self.is_called(*it, &profiles[*it as usize], core);
        let mut all = (0..profiles.len() as u32).filter(called);
        let one = all.next().filter(|_| all.next().is_none())?;
        self.discourse.events.iter().any(|it| it.actor == one).then_some(one)
    }

    /// Who was said before to be what the head of a phrase says.
    pub(super) fn said_before(&mut self, core: Range<u32>, sentence: u32) -> Option<u32> {
        let head = &self.tokens.all[core.end as usize - 1];
        let bits = self.actors.words.of(head);
        if bits & (words::PERSON | words::OFFICE | words::ORG | words::COUNTRY) == 0 {
            return None;
        }
        let block = self.blocks[sentence as usize];
        let of = self.belonging(&core);
        let is_so = |actor: u32, profile: &Profile| -> f32 {
            let is_called = self.is_called(actor, profile, &core);
            f32::from(u8::from(is_called && self.belongs(actor, profile, &of) != Some(false)))
        };
        let said = self.discourse.salience(sentence, block, is_so);
        if let Some(actor) = clear(&said, SAME_MARGIN) {
            // `the Florida senator` of whom no state was told: the only senator.
            let profile = &self.discourse.profiles[actor as usize];
            let is_settled = self.belongs(actor, profile, &of) == Some(true)
                || self.place_over(core.end - 1).is_none() && self.only_one(&core).is_some();
            let is_meant = is_settled && !self.has_rival(actor, bits, sentence);
            return Some(actor).filter(|_| is_meant && !self.is_behind(actor, bits, sentence));
        }
        if said.is_empty()
            && bits & (words::OFFICE | words::ORG) != 0
            && let Some(actor) = self.only_one(&core)
        {
            return Some(actor);
        }
        // `the tech giant`, but not `the Japanese tech giant`.
        let is_plain = |at: u32| {
            let is_lower = self.tokens.all[at as usize].shape.form() == Shape::LOWER;
            is_lower && self.bits(at) & words::CLITIC == 0 || self.word(at) == "-"
        };
        if !said.is_empty() || core.len() > 5 || !(core.start + 1..core.end).all(is_plain) {
            return None;
        }
        // A campaign is no foundation, though both are organizations; each is a group.
        let is_body = bits & words::ORG_HEAD != 0 && bits & words::ANY_BODY == 0;
        let is_kind = |actor: u32, profile: &Profile| {
            let Actor { kind, name, .. } = &self.mentions.actors[actor as usize];
            // What is only written like a name may be meant as well.
            if kind.is_empty() {
                return if profile.is_person { 0.0 } else { OPEN_KIND };
            }
            let is_other = is_body && !profile.nouns.is_empty()
                // `the Diaz campaign` is no group.
                || name.rsplit(' ').next().is_some_and(|it| it.starts_with(char::is_lowercase));
            let is_other = is_other && matches!(*kind, "organization" | "civil_society");
            f32::from(u8::from(!is_other && self.is_of_kind(actor, bits)))
        };
        let all = self.discourse.salience(sentence, block, is_kind);
        let actor = clear(&all, KIND_MARGIN)?;
        // `the rights group` need not be the organization that a sentence named in passing.
        let least = if core.len() == 2 { weight::ASIDE } else { weight::SUBJECT };
        let mut lately = self.discourse.lately(sentence.saturating_sub(2));
        let is_foreground = lately.any(|it| it.actor == actor && it.weight >= least);
        let is_known = !self.mentions.actors[actor as usize].kind.is_empty();
        (is_foreground && is_known).then_some(actor)
    }

    /// The bodies, states and places that a phrase names before its head: `the Florida senator`.
    fn belonging(&self, core: &Range<u32>) -> Vec<u32> {
        let head = core.end - 1;
        let from = self.places.partition_point(|it| it.0 < core.start);
        let named = self.places[from..].iter().zip(&self.mentions.all[from..]);
        let named = named.take_while(|it| it.0.1 <= head).filter_map(|it| it.1.actor);
        named.filter(|&it| !self.may_be_person(Some(it))).collect()
    }

    /// Whether somebody is told to belong to all of these, if anything is told of it.
    fn belongs(&self, actor: u32, profile: &Profile, of: &[u32]) -> Option<bool> {
        let actors = &self.mentions.actors;
        let country = |it: u32| self.actors.gazetteer.country_of(&actors[it as usize].id);
        let mut is_told = true;
        for &it in of {
            let kind = actors[it as usize].kind;
            let is_of_state =
                kind == "state" && country(it).is_some() && country(it) == country(actor);
            if profile.bodies.contains(&it) || is_of_state {
                continue;
            }
            // Of another party, or from elsewhere.
            if profile.bodies.iter().any(|&body| actors[body as usize].kind == kind) {
                return Some(false);
            }
            is_told = false;
        }
        is_told.then_some(true)
    }

    /// Whether a noun is one for the kind of an actor: `giant` for a company.
    fn is_of_kind(&self, actor: u32, bits: Bits) -> bool {
        match self.mentions.actors[actor as usize].kind {
            "company" => bits & words::COMPANY != 0,
            "armed_group" => bits & words::ARMED != 0,
            "party" => bits & words::PARTY != 0,
            "media" => bits & words::MEDIA != 0 && bits & words::GOVERNMENT == 0,
            "government" => bits & words::GOVERNMENT != 0 && bits & words::MEDIA != 0,
            "organization" | "civil_society" => {
                bits & words::ORG != 0
                    && bits & (words::GOVERNMENT | words::COMPANY | words::MEDIA) == 0
            }
            "state" => bits & words::COUNTRY != 0 && bits & words::GOVERNMENT == 0,
            _ => false,
        }
    }

    /// Whether another actor, for whose kind a noun is one, was named since and is more in mind.
    fn is_behind(&self, actor: u32, bits: Bits, sentence: u32) -> bool {
        let is_kind = |it: u32, _: &Profile| f32::from(u8::from(self.is_of_kind(it, bits)));
        let block = self.blocks[sentence as usize];
        let all = self.discourse.salience(sentence, block, is_kind);
        self.is_of_kind(actor, bits) && all.first().is_some_and(|it| it.1 != actor)
    }

    /// Whether another actor, for whose kind a noun is one, spoke since the one who is called so
    /// was last named: behind a company's words `the bank` need not be the central one.
    fn has_rival(&self, actor: u32, bits: Bits, sentence: u32) -> bool {
        let lately = self.discourse.lately(sentence.saturating_sub(2));
        let mut since = lately.take_while(|it| it.actor != actor);
        since.any(|it| it.weight >= weight::SOURCE && self.is_of_kind(it.actor, bits))
    }
}
