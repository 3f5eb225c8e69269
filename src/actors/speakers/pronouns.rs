//! Whom a pronoun means: the person, body or several named nearby.

use super::{Answer, Follower, LEAST, MARGIN, THING_MARGIN, UNTOLD_HE, UNTOLD_SHE};
use crate::actors::discourse::{Event, Profile, weight};
use crate::actors::roles;
use crate::actors::words::{self, Bits};
use crate::model::{Actor, Mention, MentionForm, Shape};

impl Follower<'_> {
    /// A source of one word, if that is a pronoun.
    pub(super) fn pronoun(&mut self, at: u32, sentence: u32) -> Option<Answer> {
        let bits = self.bits(at);
        let actor = if bits & (words::HE | words::SHE) != 0 {
            self.person(bits, at, sentence)
        } else if bits & words::I != 0 {
            self.first_person(at)
        } else if bits & words::WE != 0 {
            self.publisher(at)
        } else if bits & words::THEY != 0 {
            self.several(sentence).or_else(|| self.crew(at, sentence))
        } else if bits & words::IT != 0 {
            self.thing(sentence)
        } else if bits & (words::RELATIVE_PERSON | words::RELATIVE_THING) != 0 {
            self.antecedent(at, sentence)
        } else if bits & words::DEFINITE != 0 {
            None
        } else {
            return None;
        };
        Some(Answer::by(actor, MentionForm::Pronoun))
    }

    /// The person meant by `he` or `she`.
    pub(super) fn person(&self, bits: Bits, at: u32, sentence: u32) -> Option<u32> {
        let block = self.blocks[sentence as usize];
        let is_he = bits & words::HE != 0;
        let others = [self.object_of(at, sentence), self.asker(at, sentence)];
        let fits = |actor: u32, profile: &Profile| -> f32 {
            if others.contains(&Some(actor)) {
                return 0.0;
            }
            let kind = self.mentions.actors[actor as usize].kind;
            let likely = match kind {
                "person" => 1.0,
                "" if profile.is_person => 0.9,
                "" => 0.4,
                _ => return 0.0,
            };
            let (same, other) = match is_he {
                true => (profile.masculine, profile.feminine),
                false => (profile.feminine, profile.masculine),
            };
            match (same, other) {
                (0, 0) => likely * if is_he { UNTOLD_HE } else { UNTOLD_SHE },
                (same, other) if other > same => 0.0,
                _ => likely,
            }
        };
        if let Some(actor) = self.named_behind(at, sentence)
            && fits(actor, &self.discourse.profiles[actor as usize]) > 0.5
        {
            return Some(actor);
        }
        let all = self.discourse.salience(sentence, block, fits);
        let &(best, actor) = all.first()?;
        let next = all.get(1).map_or(0.0, |it| it.0);
        (best > next * MARGIN && best > LEAST).then_some(actor)
    }

    /// Who is named as the object of the verb whose subject a pronoun is, and so is not meant by
    /// it: `he told Diaz`.
    fn object_of(&self, at: u32, sentence: u32) -> Option<u32> {
        let end = self.tokens.range(sentence as usize).end as u32;
        let is_aside = |it: &u32| self.bits(*it) & (words::AUXILIARY | words::CLOSED) != 0;
        let verb = (at + 1..end.min(at + 5)).find(|it| !is_aside(it))?;
        let mut object = verb + 1;
        while self.bits(object) & (words::HONORIFIC | words::OFFICE) != 0 {
            object += 1;
        }
        let is_verb = self.bits(verb) & (words::CUE_VERB | words::MAIN_VERB) != 0;
        let i = self.places.binary_search_by_key(&object, |it| it.0).ok()?;
        // `he said Diaz would go`, `he told Diaz's men`.
        let (_, last) = self.places[i];
        let opens = words::AUXILIARY | words::CUE_VERB | words::MAIN_VERB | words::CLITIC;
        let is_object = is_verb && last <= end && self.bits(last) & opens == 0;
        let mention = &self.mentions.all[i];
        mention.actor.filter(|_| is_object && mention.form == MentionForm::Name)
    }

    /// Who is named behind the participle that opens the sentence of a pronoun, and so is not meant
    /// by it: `Asked by Anna Diaz, she said`.
    fn asker(&self, at: u32, sentence: u32) -> Option<u32> {
        let start = self.tokens.range(sentence as usize).start as u32;
        let first = self.places.partition_point(|it| it.0 <= start);
        let named = self.places[first..].iter().zip(&self.mentions.all[first..]);
        let mut named = named.take_while(|it| it.0.0 < at);
        let (_, mention) = named.find(|it| self.is_agent(it.0.0, sentence))?;
        mention.actor.filter(|_| mention.form == MentionForm::Name)
    }

    /// Whether a name is that of whoever did what the participle that opens the sentence says.
    pub(super) fn is_agent(&self, name: u32, sentence: u32) -> bool {
        let start = self.tokens.range(sentence as usize).start as u32;
        let title = words::HONORIFIC | words::OFFICE;
        let before = (start..name).rev().find(|&it| self.bits(it) & title == 0);
        self.bits(start) & (words::CUE_VERB | words::MAIN_VERB) != 0
            && before.is_some_and(|it| self.bits(it) & words::AUTHOR_PREPOSITION != 0)
    }

    /// The subject behind the clause that opens a sentence and holds a pronoun, but nobody's
    /// name: `As he left, Anna Diaz said`.
    fn named_behind(&self, at: u32, sentence: u32) -> Option<u32> {
        let range = self.tokens.range(sentence as usize);
        let (start, end) = (range.start as u32, range.end as u32);
        let opening = words::PREPOSITION | words::END_PREPOSITION | words::CLOSED;
        let is_fronted = at > start
            && self.bits(start) & opening != 0
            && self.bits(start) & (words::JOINS | words::DEFINITE | words::HE | words::SHE) == 0;
        if !is_fronted || self.is_quoted(at) {
            return None;
        }
        let comma = (start..end).find(|&it| self.word(it) == ",").filter(|&it| it > at)?;
        let i = self.places.partition_point(|it| it.0 < comma);
        let has_name = |it: &Mention| it.form == MentionForm::Name;
        let before = self.places[..i].iter().zip(&self.mentions.all).rev();
        let mut before = before.take_while(|it| it.0.0 >= start);
        if before.any(|it| has_name(it.1) && self.may_be_person(it.1.actor)) {
            return None;
        }
        let &(first, last) = self.places.get(i).filter(|it| it.0 < end)?;
        let mention = &self.mentions.all[i];
        let is_near = first < comma + 8 && (comma + 1..first).all(|it| self.word(it) != ",");
        let is_subject = self.weight(first, last, sentence) >= weight::SUBJECT;
        mention.actor.filter(|_| has_name(mention) && is_near && is_subject)
    }

    /// `I` inside somebody's words is who says them; else it is the author.
    fn first_person(&mut self, at: u32) -> Option<u32> {
        let span = self.tokens.all[at as usize].span;
        let inside = self.contents.iter().filter(|it| it.0.contains(span) && !it.0.is_empty());
        if let Some(speaker) = inside.map(|it| it.1).next_back() {
            return speaker;
        }
        let author = self.document.meta.author.trim();
        let is_one = !author.is_empty()
            && !author.contains([',', ';', '&'])
            && (2..=4).contains(&author.split_whitespace().count())
            && author.split_whitespace().all(|it| it.starts_with(char::is_uppercase));
        if !is_one || self.is_quoted(at) {
            return None;
        }
        let author = author.to_owned();
        Some(self.actor_named(&author, "person"))
    }

    /// Who publishes the document, where that is a body that the text names: `we` of a release
    /// outside of anybody's words.
    fn publisher(&self, at: u32) -> Option<u32> {
        let publisher = self.document.meta.publisher.trim();
        if publisher.is_empty() || self.is_quoted(at) {
            return None;
        }
        let is_publisher = |it: &Actor| {
            !matches!(it.kind, "person" | "media") && it.name.eq_ignore_ascii_case(publisher)
        };
        let at = self.mentions.actors.iter().position(is_publisher)?;
        Some(at as u32)
    }

    /// Whom `they` takes up: the several that spoke just before.
    fn several(&mut self, sentence: u32) -> Option<u32> {
        let from = sentence.saturating_sub(2);
        let at = self.described.iter().rposition(|it| it.is_plural && it.sentence >= from)?;
        let since = self.described[at].sentence + 1;
        if self.discourse.lately(since).any(|it| it.weight >= weight::SOURCE) {
            return None;
        }
        Some(self.described_actor(at))
    }

    /// The body meant by `they`: it spoke just before, and several people were not named since.
    fn crew(&self, at: u32, sentence: u32) -> Option<u32> {
        let mut lately = self.discourse.lately(sentence.saturating_sub(1));
        let is_person = |it: &Event| self.may_be_person(Some(it.actor));
        let last = lately.find(|it| it.weight >= weight::SOURCE || is_person(it))?;
        let kind = self.mentions.actors[last.actor as usize].kind;
        let from = self.tokens.range(last.sentence as usize).start as u32;
        let is_body = matches!(kind, "organization" | "government" | "civil_society" | "party");
        let several = |it: u32| {
            let bits = self.bits(it);
            bits & (words::PERSON | words::OFFICE) != 0 && bits & words::PLURAL != 0
                || bits & (words::THEY | words::PLURAL_MARKER) != 0
        };
        let is_clear = !(from..at).any(|it| several(it) && self.place_over(it).is_none())
            && self.blocks[last.sentence as usize] == self.blocks[sentence as usize]
            && last.sentence < sentence;
        (is_body && is_clear).then_some(last.actor)
    }

    /// The organization or state meant by `it`.
    fn thing(&self, sentence: u32) -> Option<u32> {
        let block = self.blocks[sentence as usize];
        let fits = |actor: u32, _: &Profile| -> f32 {
            match self.mentions.actors[actor as usize].kind {
                "person" | "" => 0.0,
                "place" => 0.3,
                _ => 1.0,
            }
        };
        let all = self.discourse.salience(sentence, block, fits);
        let &(best, actor) = all.first()?;
        let next = all.get(1).map_or(0.0, |it| it.0);
        // `The report said so. It said`: what spoke last is meant, though it was not told who.
        let is_hidden = self.open_thing.is_some_and(|open| {
            open + 2 > sentence && !self.discourse.lately(open + 1).any(|it| it.actor == actor)
        });
        (best > next * THING_MARGIN && best > 0.8 && !is_hidden).then_some(actor)
    }

    /// What `who` and `which` refer to: the name right before them.
    fn antecedent(&mut self, at: u32, sentence: u32) -> Option<u32> {
        let start = self.tokens.range(sentence as usize).start as u32;
        let comma = at.checked_sub(1).filter(|&it| it >= start)?;
        let is_mark = self.tokens.all[comma as usize].shape.form() == Shape::PUNCT;
        let end = if is_mark { comma } else { at };
        let is_who = self.bits(at) & words::RELATIVE_PERSON != 0;
        if self.mention_ending(end).is_none()
            && let Some(actor) = self.described_before(start, end, sentence)
        {
            let is_person = self.may_be_person(Some(actor));
            return Some(actor).filter(|_| is_person == is_who);
        }
        let before = self.places.partition_point(|it| it.1 <= end).checked_sub(1)?;
        let (first, last) = self.places[before];
        if first < start || self.mentions.all[before].form != MentionForm::Name {
            return None;
        }
        let actor = self.mentions.all[before].actor?;
        let is_person = |actor: u32| self.discourse.profiles[actor as usize].is_person;
        // `a friend of Anna Diaz who`.
        let belongs = first > start + 1
            && self.bits(first - 1) & words::END_PREPOSITION != 0
            && self.bits(first - 2) & (words::PERSON | words::RELATIVE | words::OFFICE) != 0;
        if last == end && is_person(actor) == is_who && !belongs {
            return Some(actor);
        }
        // `Senator Anna Diaz, Republican of Ohio, who`.
        if last == end && is_who && is_mark {
            let person = self.places[..before].iter().zip(&self.mentions.all).rev();
            let mut people = person
                .take_while(|it| it.0.0 >= start)
                .filter(|it| it.1.form == MentionForm::Name && it.1.actor.is_some_and(is_person));
            let (place, mention) = people.next()?;
            let verbs = words::AUXILIARY | words::CUE_VERB;
            let is_verb =
                |it: u32| self.bits(it) & verbs != 0 && self.bits(it) & words::CLITIC == 0;
            let joins = !(place.1..first).any(is_verb) && first - place.1 < 14;
            return mention.actor.filter(|_| joins && self.bits(place.1) & words::JOINS == 0);
        }
        // `Andrei Kolesnik, director of the school, who`.
        let all = &self.tokens.all;
        let person = self.places[..=before].iter().enumerate().rev();
        for (i, &(first, last)) in person.take_while(|it| it.1.0 >= start) {
            let place = roles::apposition(
                &self.actors.words,
                self.text,
                all,
                last as usize,
                self.tokens.range(sentence as usize).end,
            );
            if place.is_some_and(|it| it.end == end as usize) && first >= start {
                return self.mentions.all[i].actor;
            }
        }
        None
    }

    /// Whom the two words right before a place describe: `the bank, which`.
    fn described_before(&mut self, start: u32, end: u32, sentence: u32) -> Option<u32> {
        let first = end.checked_sub(2).filter(|&it| it >= start)?;
        let is_plain = self.tokens.all[first as usize + 1].shape.form() == Shape::LOWER;
        let is_one = self.bits(first + 1) & (words::CLITIC | words::PLURAL) == 0;
        if self.bits(first) & words::DEFINITE == 0 || !is_plain || !is_one {
            return None;
        }
        self.said_before(first..end, sentence)
    }
}
