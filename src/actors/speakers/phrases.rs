//! Whom a noun phrase means: a name in it, an office, a description of somebody named before.

use std::ops::Range;

use super::{Answer, Follower};
use crate::actors::discourse::Said;
use crate::actors::roles;
use crate::actors::words;
use crate::model::{Actor, Mention, MentionForm, Shape};
use crate::text::spaced;

impl Follower<'_> {
    /// A source of several words.
    pub(super) fn phrase(&mut self, first: u32, last: u32, sentence: u32) -> Answer {
        let core = self.core(first, last);
        // `Neither Diaz nor Lee said`, of which only the last was read.
        let is_name = |it: &Mention| it.form == MentionForm::Name;
        let is_joined = first > 1
            && self.bits(first - 1) & words::JOINS != 0
            && self.mention_ending(first - 1).is_some_and(is_name)
            && self.place_over(first).is_some_and(|it| it.0 == first);
        // `figures in the sector, including Diaz, said`: not he alone.
        let is_example = [first.checked_sub(1), Some(first)]
            .into_iter()
            .any(|it| it.is_some_and(|at| self.bits(at) & words::EXAMPLE != 0));
        if is_joined || is_example {
            return Answer::default();
        }
        if self.is_several(core.clone(), last) {
            self.describe(first, last, core.end - 1, true, sentence);
            return Answer::default();
        }
        if let Some(answer) = self.name_in(first, last, core.clone()) {
            return answer;
        }
        if let Some(answer) = self.author_of(core.clone(), last) {
            return answer;
        }
        if let Some(answer) = self.lone_name(core.clone(), sentence) {
            return answer;
        }
        self.description(first, last, core, sentence)
    }

    /// The words up to the head of a phrase: before its first comma, preposition or clause.
    pub(super) fn core(&self, first: u32, last: u32) -> Range<u32> {
        let mut at = first;
        while at < last {
            let form = self.tokens.all[at as usize].shape.form();
            let is_mark = matches!(form, Shape::PUNCT | Shape::OPEN | Shape::CLOSE | Shape::QUOTE)
                && !matches!(self.word(at), "-" | "/" | "&");
            let ends = words::END_PREPOSITION | words::RELATIVE_PERSON | words::AUXILIARY;
            let is_relative = self.bits(at) & words::RELATIVE_THING != 0 && at > first;
            let is_clitic = self.bits(at) & words::CLITIC != 0;
            // `father-of-two Bo Diaz`.
            let is_inner = at > first && self.word(at - 1) == "-";
            let is_end = self.bits(at) & ends != 0 && !is_clitic && !is_inner;
            if at > first && (is_mark && !is_clitic || is_end || is_relative) {
                // A name that holds one of them goes on.
                match self.place_over(at) {
                    Some((_, last)) => at = last,
                    None => break,
                }
                continue;
            }
            at += 1;
        }
        let mut end = at.min(last).max(first + 1);
        while end > first + 1 && self.bits(end - 1) & (words::CLITIC | words::REFLEXIVE) != 0 {
            end -= 1;
        }
        first..end
    }

    /// Whether a phrase names two or more: `Anna Diaz and Bo Lee`.
    fn is_several(&self, core: Range<u32>, last: u32) -> bool {
        let is_name = |it: &Mention| it.form == MentionForm::Name;
        // `Diaz/Lee`.
        let is_double = |at: u32| {
            self.word(at) == "/"
                && self.place_over(at).is_none()
                && self.mention_ending(at).is_some_and(is_name)
        };
        if core.clone().any(is_double) {
            return true;
        }
        let comma = (core.start..last).find(|&it| self.word(it) == ",").unwrap_or(last);
        if self.is_list(comma, last) {
            return true;
        }
        (core.start..comma).any(|at| {
            let joins = self.bits(at) & words::JOINS != 0 && self.place_over(at).is_none();
            joins
                && (at == core.start
                    || self.bits(at) & words::JOINS_OTHERS != 0
                    || self.bits(at - 1) & words::HONORIFIC != 0
                    || self.bits(at - 1) & words::GIVEN != 0
                        && self.place_over(at + 1).is_some_and(|it| it.0 == at + 1)
                    || self.mention_ending(at).is_some_and(is_name)
                    || at >= core.end
                        && self.tokens.all[at as usize + 1..last as usize].first().is_some_and(
                            |it| {
                                it.shape.is_capital()
                                    && self.actors.words.is(it, words::HONORIFIC | words::GIVEN)
                            },
                        ))
        })
    }

    /// Whether names stand on both sides of a comma, and a last one is joined to them: `Diaz, Lee
    /// and Brandt`.
    fn is_list(&self, comma: u32, last: u32) -> bool {
        if comma >= last || self.mention_ending(comma).is_none() {
            return false;
        }
        let mut at = comma;
        let mut is_joined = false;
        while at < last && self.word(at) == "," {
            at += 1;
            is_joined = self.bits(at) & words::JOINS != 0;
            at += u32::from(is_joined);
            at += u32::from(self.bits(at) & words::DEFINITE != 0);
            match self.place_over(at) {
                Some((first, end)) if first == at && end <= last => at = end,
                _ => return false,
            }
        }
        is_joined && at == last || at < last && self.bits(at) & words::JOINS != 0
    }

    /// The name that a phrase is: at its head, or behind a comma.
    fn name_in(&self, first: u32, last: u32, core: Range<u32>) -> Option<Answer> {
        if let Some(mention) = self.mention_ending(core.end)
            && mention.form == MentionForm::Name
        {
            return Some(Answer { actor: mention.actor, form: None });
        }
        let head = self.bits(core.end - 1);
        let of_persons = words::PERSON | words::OFFICE | words::RELATIVE;
        if head & of_persons != 0
            && let Some(actor) = self.titled(first, last)
        {
            return Some(Answer::named(actor));
        }
        // `one of them, Anna Diaz,`
        let is_one = core.len() == 1 && head & words::INDEFINITE != 0;
        // `the seller, Quill Ltd,`, `its rival, Quill Ltd,`
        let opening = words::DEFINITE
            | words::IT
            | words::THEY
            | words::POSSESSIVE_HE
            | words::POSSESSIVE_SHE;
        let may_be_body = self.bits(core.start) & opening != 0
            && head & (words::RELATIVE | words::PLURAL) == 0
            && self.tokens.all[core.end as usize - 1].shape.form() == Shape::LOWER;
        if !is_one && !may_be_body && head & of_persons == 0 {
            return None;
        }
        // `the leader of the country, Anna Diaz,`
        for at in first + 1..last {
            if self.word(at) != "," {
                continue;
            }
            let i = self.places.partition_point(|it| it.0 <= at);
            let Some(&(start, end)) = self.places.get(i) else { break };
            // `Diaz's attorney, Bo Lee of the clinic,`
            let goes_on = self.bits(end) & words::END_PREPOSITION != 0 && self.opens(at + 1, start);
            let closes = end == last || end < last && (self.word(end) == "," || goes_on);
            let mention = &self.mentions.all[i];
            let actor = mention.actor.filter(|_| mention.form == MentionForm::Name && closes);
            let kind = actor.map(|it| self.mentions.actors[it as usize].kind);
            let fits = match kind {
                // `his client, Anna Diaz,`: a word of which no list says that it is of people.
                Some("person") if may_be_body && end == last && start == at + 1 => true,
                Some("person" | "") => {
                    (is_one || head & of_persons != 0) && self.opens(at + 1, start)
                }
                Some("state" | "place") | None => false,
                // A body closes what is said, or the words go on about another; of offices just
                // companies have some: `the owner, Quill Ltd,`.
                Some(kind) => {
                    let may_be = kind == "company" || head & words::OFFICE == 0;
                    may_be && may_be_body && start == at + 1 && end == last
                }
            };
            if fits {
                return Some(Answer { actor, form: None });
            }
        }
        None
    }

    /// Whether nothing but an article, titles and offices stands between a place and a name.
    fn opens(&self, at: u32, name: u32) -> bool {
        let words = &self.actors.words;
        let (from, to) = (at as usize - 1, name as usize);
        let mut begin = name;
        while begin > at && self.bits(begin - 1) & words::HONORIFIC != 0 {
            begin -= 1;
        }
        let prefix = roles::prefix(words, self.text, &self.tokens.all, from, to);
        let begin = begin.min(prefix.map_or(name, |it| it.start as u32));
        let is_article = self.bits(at) & words::DEFINITE != 0;
        begin == at || begin == at + 1 && begin < name && is_article
    }

    /// The person whose name stands behind an office with a preposition: `Secretary of State`.
    fn titled(&self, first: u32, last: u32) -> Option<u32> {
        let i = self.places.partition_point(|it| it.0 <= first);
        let people = self.places[i..].iter().zip(&self.mentions.all[i..]);
        for (&(start, _), mention) in people.take_while(|it| it.0.1 <= last) {
            let actor = mention.actor.filter(|_| mention.form == MentionForm::Name)?;
            if !matches!(self.mentions.actors[actor as usize].kind, "person" | "") {
                continue;
            }
            let words = &self.actors.words;
            let (from, to) = (first as usize, start as usize);
            let prefix = roles::prefix(words, self.text, &self.tokens.all, from, to)?;
            let article = self.bits(first) & (words::DEFINITE | words::INDEFINITE) != 0;
            return (prefix.start <= from + usize::from(article)).then_some(actor);
        }
        None
    }

    /// Who stands behind a report: `the Novosti commentary`, `a report by the ministry`.
    fn author_of(&self, core: Range<u32>, last: u32) -> Option<Answer> {
        let head = core.end - 1;
        if self.bits(head) & words::ARTEFACT == 0 || self.bits(head) & words::PERSON != 0 {
            return None;
        }
        if self.bits(core.end) & words::AUTHOR_PREPOSITION != 0 && core.end < last {
            let inner = self.core(core.end + 1, last);
            let mention = self.mention_ending(inner.end)?;
            let is_name = mention.form == MentionForm::Name && inner.end == last;
            return is_name.then_some(Answer { actor: mention.actor, form: None });
        }
        let mut end = head;
        while end > core.start && self.bits(end - 1) & words::CLITIC != 0 {
            end -= 1;
        }
        let mention = self.mention_ending(end).filter(|_| end > core.start)?;
        let actor = mention.actor.filter(|_| mention.form == MentionForm::Name)?;
        let kind = self.mentions.actors[actor as usize].kind;
        // `her Facebook post`: where it stands, not whose it is.
        if end == head && self.bits(head) & words::HOSTED != 0 && kind == "company" {
            return Some(Answer::default());
        }
        let speaks = match kind {
            "place" | "state" => end < head,
            _ => true,
        };
        speaks.then_some(Answer::named(actor))
    }

    /// A capital word or two that no rule took for a name, since nothing else says they are.
    fn lone_name(&mut self, core: Range<u32>, sentence: u32) -> Option<Answer> {
        // `the BTF`, but not `the Brannigan`.
        let is_acronym = self.is_acronym(core.end - 1);
        let has_article = core.len() == 2 && self.bits(core.start) & words::DEFINITE != 0;
        let core = if is_acronym && has_article { core.end - 1..core.end } else { core };
        let plain = |at: u32| {
            let token = &self.tokens.all[at as usize];
            token.shape.is_capital()
                && self.bits(at)
                    & (words::NO_NAME
                        | words::CLOSED
                        | words::ORG
                        | words::PERSON
                        | words::OFFICE
                        | words::HONORIFIC)
                    == 0
                && (!token.shape.has(Shape::FIRST)
                    || self.bits(at) & (words::NOUN | words::MAIN_VERB) == 0)
        };
        let is_name = core.clone().all(|at| plain(at) || self.word(at) == "-") && core.len() < 5;
        if !is_name || self.place_over(core.start).is_some() {
            return None;
        }
        // A plural in -s that opens its sentence may be any word.
        let token = &self.tokens.all[core.start as usize];
        if core.len() == 1 && token.shape.has(Shape::FIRST) && self.word(core.start).ends_with('s')
        {
            return None;
        }
        let span = token.span.to(self.tokens.all[core.end as usize - 1].span);
        // Who shares a surname with others named before is not told by it.
        let is_shared = |it: &&Actor| {
            matches!(it.kind, "person" | "")
                && it.name.strip_suffix(span.of(self.text)).is_some_and(|it| it.ends_with(' '))
        };
        if self.mentions.actors.iter().filter(is_shared).nth(1).is_some() {
            return Some(Answer::default());
        }
        let name = span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
        // A surname that was not settled is that of several.
        let is_shared = |it: &Actor| {
            matches!(it.kind, "person" | "")
                && it.name.strip_suffix(name.as_str()).is_some_and(|it| it.ends_with(' '))
        };
        if self.mentions.actors.iter().any(is_shared) {
            return Some(Answer::default());
        }
        let actor = match self.lone.get(&name) {
            Some(&actor) => actor,
            None => {
                // Another document may have it for another body, unless something is known of it.
                // `Q:` is whoever asks.
                let is_letter = name.len() == 1;
                let is_open = is_acronym && core.len() == 1 && self.mentions.state.is_empty();
                let actor = match is_open || is_letter {
                    true => self.add_actor(Actor { name: name.clone(), ..Actor::default() }),
                    false => self.actor_named(&name, ""),
                };
                self.lone.insert(name, actor);
                self.learn_from_behind(actor, core.end, sentence);
                actor
            }
        };
        Some(Answer::by(Some(actor), MentionForm::Name))
    }

    /// Learns from `, its chief economist,` behind a name who that is.
    fn learn_from_behind(&mut self, actor: u32, at: u32, sentence: u32) {
        let (words, tokens) = (&self.actors.words, self.tokens);
        let end = tokens.range(sentence as usize).end;
        let place = roles::apposition(words, self.text, &tokens.all, at as usize, end);
        let Some(place) = place else { return };
        let said =
            Said { actors: self.actors, tokens, mentions: self.mentions, places: &self.places };
        let profile = &mut self.discourse.profiles[actor as usize];
        said.note(place.clone(), sentence as usize, true, true, profile);
        profile.is_person = true;
        let span = tokens.all[place.start].span.to(tokens.all[place.end - 1].span);
        let actor = &mut self.mentions.actors[actor as usize];
        actor.kind = "person";
        actor.role = spaced(span.of(self.text));
    }

    /// Whether a word is three to six capital letters.
    fn is_acronym(&self, at: u32) -> bool {
        let token = &self.tokens.all[at as usize];
        token.shape.form() == Shape::UPPER && (3..=6).contains(&token.span.len())
    }
}
