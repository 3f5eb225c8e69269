//! Who is meant by each source.
//!
//! The text is followed once from start to end. At each source and each pronoun between, it is
//! asked whom the text has in mind; the answer counts for what comes after.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::day::Day;
use super::discourse::{self, Discourse, Event, Marks, Profile, weight};
use super::words::{self, Bits};
use super::{Actors, ids, roles};
use crate::model::{
    Actor, Attribution, Document, Kind, Mention, MentionForm, Mentions, Sentences, Shape, Tokens,
};
use crate::text::Span;

/// What stands before an office among the ties of a person.
const OFFICE: &str = "office:";
/// How much more than the next one the person meant by a pronoun must be in mind.
const MARGIN: f32 = 1.3;
/// The same for things.
const THING_MARGIN: f32 = 1.6;
/// The same where nothing but the kind tells what is meant.
const KIND_MARGIN: f32 = 2.0;
/// How much the person meant by a pronoun must be in mind at all.
const LEAST: f32 = 0.25;
/// How well a person fits `he` or `she` of whose gender nothing is known.
const UNTOLD_HE: f32 = 0.75;
const UNTOLD_SHE: f32 = 0.7;

pub(super) fn resolve(
    actors: &Actors,
    document: &Document,
    sentences: &Sentences,
    tokens: &Tokens,
    mentions: &mut Mentions,
    attributions: &mut [Attribution],
) {
    if attributions.is_empty() || tokens.all.is_empty() {
        return;
    }
    let mut follower = Follower::new(actors, document, sentences, tokens, mentions);
    let sources = follower.sources(attributions);
    let answers = follower.follow(&sources);
    follower.tell_ties();
    let mut added = Vec::new();
    for (source, answer) in sources.iter().zip(&answers) {
        attributions[source.attribution].speaker = answer.actor;
        if let (Some(actor), Some(form)) = (answer.actor, answer.form) {
            added.push((source.first, source.last, actor, form));
        }
    }
    let rules = &actors.sources;
    for (first, last, actor, form) in added {
        let span = tokens.all[first as usize].span.to(tokens.all[last as usize - 1].span);
        let rule = match form {
            MentionForm::Pronoun => rules.pronoun.clone(),
            MentionForm::Name => rules.surname.clone(),
            _ => rules.description.clone(),
        };
        add_mention(mentions, Mention { span, actor: Some(actor), form, rule });
    }
    go_on(attributions);
}

/// Adds a mention where none stands.
fn add_mention(mentions: &mut Mentions, mention: Mention) {
    let at = mentions.all.partition_point(|it| it.span.start < mention.span.start);
    let is_free = mentions.all.get(at).is_none_or(|it| !it.span.overlaps(mention.span))
        && at.checked_sub(1).is_none_or(|it| !mentions.all[it].span.overlaps(mention.span));
    if is_free {
        mentions.all.insert(at, mention);
    }
}

/// A quotation that goes on without source and cue is of whom the one before is.
fn go_on(attributions: &mut [Attribution]) {
    for i in 1..attributions.len() {
        let (before, rest) = attributions.split_at_mut(i);
        let (before, it) = (&before[i - 1], &mut rest[0]);
        let goes_on = it.source.is_empty()
            && it.cue.is_empty()
            && it.kind != Kind::Indirect
            && it.outer <= before.outer + 2;
        if goes_on {
            it.speaker = before.speaker;
        }
    }
}

/// A source: its tokens.
#[derive(Debug, Clone, Copy)]
struct Source {
    attribution: usize,
    first: u32,
    last: u32,
}

/// Who is meant, if that is settled, and by what kind of words, if they are no mention yet.
#[derive(Debug, Clone, Copy, Default)]
struct Answer {
    actor: Option<u32>,
    form: Option<MentionForm>,
}

impl Answer {
    fn named(actor: u32) -> Answer {
        Answer { actor: Some(actor), form: None }
    }

    fn by(actor: Option<u32>, form: MentionForm) -> Answer {
        Answer { actor, form: Some(form) }
    }
}

/// Somebody who is only described: `a senior official`.
#[derive(Debug, Clone)]
struct Described {
    lemma: u32,
    is_plural: bool,
    actor: Option<u32>,
    words: String,
    sentence: u32,
}

struct Follower<'a> {
    actors: &'a Actors,
    document: &'a Document,
    text: &'a str,
    tokens: &'a Tokens,
    mentions: &'a mut Mentions,
    /// First and one past the last token of each mention.
    places: Vec<(u32, u32)>,
    marks: Marks,
    /// Block of each outer sentence.
    blocks: Vec<u32>,
    discourse: Discourse,
    described: Vec<Described>,
    /// Lone names that were no mention, by their words.
    lone: FxHashMap<String, u32>,
    /// Who speaks in the content of each attribution, as far as it is known.
    contents: Vec<(Span, Option<u32>)>,
}

impl<'a> Follower<'a> {
    fn new(
        actors: &'a Actors,
        document: &'a Document,
        sentences: &Sentences,
        tokens: &'a Tokens,
        mentions: &'a mut Mentions,
    ) -> Self {
        let text = document.text();
        let places = discourse::places(&mentions.all, &tokens.all);
        let profiles = discourse::profiles(actors, text, tokens, mentions, &places);
        let blocks: Vec<u32> = sentences.outer.iter().map(|it| it.block).collect();
        Follower {
            actors,
            document,
            text,
            tokens,
            places,
            marks: Marks::read(&actors.words, tokens, &blocks),
            blocks,
            discourse: Discourse { events: Vec::new(), profiles },
            described: Vec::new(),
            lone: FxHashMap::default(),
            contents: Vec::new(),
            mentions,
        }
    }

    /// Writes down what tells each person from namesakes in other documents.
    fn tell_ties(&mut self) {
        let (words, gazetteer) = (&self.actors.words, &self.actors.gazetteer);
        for at in 0..self.discourse.profiles.len() {
            if !self.may_be_person(Some(at as u32)) || self.mentions.actors[at].id.is_empty() {
                continue;
            }
            let profile = &self.discourse.profiles[at];
            let offices = profile.offices.iter().map(|&it| format!("{OFFICE}{}", words.name(it)));
            let mut ties: Vec<String> = offices.collect();
            let bodies = profile.bodies.iter().map(|&it| &self.mentions.actors[it as usize].id);
            for id in bodies.chain([&self.mentions.actors[at].id]) {
                let country = gazetteer.country_of(id).filter(|it| it[0] != 0);
                ties.extend(country.and_then(|it| gazetteer.state_id(it)).map(str::to_owned));
                if *id != self.mentions.actors[at].id {
                    ties.push(id.clone());
                }
            }
            ties.sort_unstable();
            ties.dedup();
            self.mentions.actors[at].ties = ties;
        }
    }

    fn sources(&mut self, attributions: &[Attribution]) -> Vec<Source> {
        let mut sources = Vec::new();
        for (i, it) in attributions.iter().enumerate() {
            let Some(span) = it.source.iter().copied().reduce(Span::to) else { continue };
            let all = &self.tokens.all;
            let first = all.partition_point(|it| it.span.end <= span.start);
            let last = all.partition_point(|it| it.span.start < span.end);
            if first < last {
                sources.push(Source { attribution: i, first: first as u32, last: last as u32 });
            }
        }
        self.contents = attributions
            .iter()
            .map(|it| (it.content.iter().copied().reduce(Span::to).unwrap_or_default(), None))
            .collect();
        sources
    }

    /// Follows the text; gives the answer for each source.
    fn follow(&mut self, sources: &[Source]) -> Vec<Answer> {
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by_key(|&it| (sources[it].first, sources[it].last));
        let mut answers = vec![Answer::default(); sources.len()];
        let mut next_source = 0;
        let mut next_mention = 0;
        let mut next_pronoun = 0;
        for sentence in 0..self.tokens.ends.len() {
            let range = self.tokens.range(sentence);
            let mut at = range.start as u32;
            while at < range.end as u32 {
                let source = order.get(next_source).map_or(u32::MAX, |&it| sources[it].first);
                let mention = self.places.get(next_mention).map_or(u32::MAX, |it| it.0);
                while self.marks.pronouns.get(next_pronoun).is_some_and(|&it| it < at) {
                    next_pronoun += 1;
                }
                let pronoun = self.marks.pronouns.get(next_pronoun).copied().unwrap_or(u32::MAX);
                at = at.max(source.min(mention).min(pronoun));
                if at >= range.end as u32 {
                    break;
                }
                let here = order.get(next_source).map(|&it| sources[it]);
                if let Some(source) = here.filter(|it| it.first <= at) {
                    let answer = self.source(&source, sentence as u32);
                    answers[order[next_source]] = answer;
                    self.contents[source.attribution].1 = answer.actor;
                    if let Some(actor) = answer.actor {
                        let weight =
                            if self.is_quoted(at) { weight::PLAIN } else { weight::SOURCE };
                        self.note(actor, sentence as u32, weight);
                        self.learn_gender(&source, answer);
                    }
                    next_source += 1;
                    // The same words may be the source of several.
                    while next_source < order.len()
                        && sources[order[next_source]].first < source.last
                    {
                        let again = sources[order[next_source]];
                        let same = (again.first, again.last) == (source.first, source.last);
                        let answer =
                            if same { answer } else { self.source(&again, sentence as u32) };
                        answers[order[next_source]] = answer;
                        self.contents[again.attribution].1 = answer.actor;
                        next_source += 1;
                    }
                }
                next_mention = self.step(at, sentence as u32, next_mention);
                at += 1;
            }
        }
        answers
    }

    /// Takes note of what begins at a token.
    fn step(&mut self, at: u32, sentence: u32, mut next: usize) -> usize {
        while next < self.places.len() && self.places[next].0 < at {
            next += 1;
        }
        if let Some(&(first, last)) = self.places.get(next)
            && first == at
        {
            let mention = &self.mentions.all[next];
            if let (Some(actor), MentionForm::Name) = (mention.actor, mention.form) {
                self.note(actor, sentence, self.weight(first, last, sentence));
                self.note_pair(next, sentence);
            }
            return next + 1;
        }
        let bits = self.bits(at);
        if bits & words::DEFINITE != 0
            && !self.is_quoted(at)
            && let Some((head, actor)) = self.described_at(at, sentence)
        {
            self.note(actor, sentence, self.weight(at, head + 1, sentence));
        }
        if bits & (words::HE | words::SHE) != 0
            && !self.is_quoted(at)
            && let Some(actor) = self.person(bits, at, sentence)
        {
            let factor = if bits & (words::POSSESSIVE_HE | words::POSSESSIVE_SHE) != 0 {
                weight::ASIDE
            } else {
                weight::SUBJECT
            };
            self.note(actor, sentence, factor);
        }
        next
    }

    /// The person whom a description that is no source takes up, and its head: `the president`.
    fn described_at(&mut self, at: u32, sentence: u32) -> Option<(u32, u32)> {
        let end = self.tokens.range(sentence as usize).end as u32;
        let persons = words::PERSON | words::OFFICE;
        let is_plain = |it: u32| self.tokens.all[it as usize].shape.form() == Shape::LOWER;
        let mut reach = (at + 1..end.min(at + 4)).take_while(|&it| is_plain(it));
        let head = reach.find(|&it| {
            self.bits(it) & persons != 0 && self.bits(it) & (words::PLURAL | words::CLITIC) == 0
        })?;
        // `the president elect`, `the minister Anna Diaz`.
        let goes_on = head + 1 < end
            && (self.bits(head + 1) & (persons | words::ORG) != 0
                || self.tokens.all[head as usize + 1].shape.is_capital());
        if goes_on || self.place_over(at).is_some() {
            return None;
        }
        let actor = self.said_before(at..head + 1, sentence)?;
        self.may_be_person(Some(actor)).then_some((head, actor))
    }

    /// `Russia and China` opens its clause: both may be taken up by `they`.
    fn note_pair(&mut self, mention: usize, sentence: u32) {
        let (first, last) = self.places[mention];
        let is_pair = self.bits(last) & words::JOINS != 0
            && self.places.get(mention + 1).is_some_and(|it| it.0 == last + 1)
            && self.mentions.all[mention + 1].form == MentionForm::Name
            && self.weight(first, last, sentence) >= weight::SUBJECT
            && !self.is_quoted(first);
        if is_pair {
            let end = self.places[mention + 1].1;
            self.describe(first, end, first, true, sentence);
        }
    }

    fn note(&mut self, actor: u32, sentence: u32, weight: f32) {
        let block = self.blocks[sentence as usize];
        self.discourse.events.push(Event { actor, sentence, block, weight });
    }

    fn bits(&self, at: u32) -> Bits {
        self.tokens.all.get(at as usize).map_or(0, |it| self.actors.words.of(it))
    }

    fn word(&self, at: u32) -> &'a str {
        self.tokens.all.get(at as usize).map_or("", |it| it.span.of(self.text))
    }

    fn is_quoted(&self, at: u32) -> bool {
        self.marks.is_quoted(at)
    }

    /// How much a name stands in the foreground of its sentence.
    fn weight(&self, first: u32, last: u32, sentence: u32) -> f32 {
        let range = self.tokens.range(sentence as usize);
        // Credits and other lines that are no sentence.
        let is_line = range.len() < 9
            && self.tokens.all[range.end - 1].shape.form() != Shape::CLOSE
            && !matches!(self.word(range.end as u32 - 1), "." | "?" | "!");
        if self.is_quoted(first) || is_line {
            return weight::QUOTED;
        }
        let start = range.start as u32;
        let before = first.checked_sub(1).filter(|&it| it >= start);
        let is_possessor = self.bits(last) & words::CLITIC != 0;
        let behind = before.map_or(0, |it| self.bits(it));
        if behind & (words::END_PREPOSITION | words::PREPOSITION) != 0 {
            return weight::ASIDE;
        }
        // Titles and what else stands before a name belong to it.
        let words = &self.actors.words;
        let all = &self.tokens.all;
        let prefix = roles::prefix(words, self.text, all, start as usize, first as usize);
        let mut begin = prefix.map_or(first, |it| it.start as u32);
        while begin > start && self.bits(begin - 1) & words::HONORIFIC != 0 {
            begin -= 1;
        }
        let opens = begin == start
            || begin == start + 1 && self.bits(start) & words::CLOSED != 0
            || self.bits(begin - 1) & (words::JOINS | words::CLOSED) == words::CLOSED
                && self.word(begin - 1).len() > 3
            || matches!(
                self.tokens.all[begin as usize - 1].shape.form(),
                Shape::PUNCT | Shape::CLOSE | Shape::QUOTE
            );
        let verbs = words::AUXILIARY | words::CUE_VERB | words::MAIN_VERB;
        let is_verb = |at: u32| {
            self.bits(at) & verbs != 0 && self.tokens.all[at as usize].shape.form() == Shape::LOWER
        };
        match opens {
            _ if is_possessor => {
                if opens {
                    weight::OWNER
                } else {
                    weight::ASIDE
                }
            }
            true => weight::SUBJECT,
            false if last < range.end as u32 && is_verb(last) && !is_verb(begin - 1) => {
                weight::CLAUSE
            }
            false => weight::PLAIN,
        }
    }

    /// What a pronoun resolved without doubt says of a person.
    fn learn_gender(&mut self, source: &Source, answer: Answer) {
        let (Some(actor), Some(MentionForm::Pronoun)) = (answer.actor, answer.form) else { return };
        let bits = self.bits(source.first);
        let profile = &mut self.discourse.profiles[actor as usize];
        profile.masculine += u32::from(bits & words::HE != 0);
        profile.feminine += u32::from(bits & words::SHE != 0);
    }

    /// Who is meant by a source.
    fn source(&mut self, source: &Source, sentence: u32) -> Answer {
        let (mut first, mut last) = (source.first, source.last);
        let is_mark = |follower: &Self, at: u32| {
            let form = follower.tokens.all[at as usize].shape.form();
            matches!(form, Shape::PUNCT | Shape::OPEN | Shape::CLOSE | Shape::QUOTE)
        };
        while first < last && is_mark(self, first) {
            first += 1;
        }
        while first < last
            && (is_mark(self, last - 1)
                || last - first > 1
                    && self.bits(last - 1) & (words::CLITIC | words::REFLEXIVE) != 0)
        {
            last -= 1;
        }
        match last - first {
            0 => Answer::default(),
            1 => {
                self.pronoun(first, sentence).unwrap_or_else(|| self.phrase(first, last, sentence))
            }
            _ => self.phrase(first, last, sentence),
        }
    }

    /// A source of one word, if that is a pronoun.
    fn pronoun(&mut self, at: u32, sentence: u32) -> Option<Answer> {
        let bits = self.bits(at);
        let actor = if bits & (words::HE | words::SHE) != 0 {
            self.person(bits, at, sentence)
        } else if bits & words::I != 0 {
            self.first_person(at)
        } else if bits & words::WE != 0 {
            None
        } else if bits & words::THEY != 0 {
            self.several(sentence)
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
    fn person(&self, bits: Bits, at: u32, sentence: u32) -> Option<u32> {
        let block = self.blocks[sentence as usize];
        let is_he = bits & words::HE != 0;
        let fits = |actor: u32, profile: &Profile| -> f32 {
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

    fn may_be_person(&self, actor: Option<u32>) -> bool {
        actor.is_some_and(|it| matches!(self.mentions.actors[it as usize].kind, "person" | ""))
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

    /// An actor of a name that no mention has.
    fn actor_named(&mut self, name: &str, kind: &'static str) -> u32 {
        let known = self.mentions.actors.iter().position(|it| it.name == name);
        if let Some(known) = known {
            return known as u32;
        }
        let id = ids::of(name, kind);
        self.add_actor(Actor { id, name: name.to_owned(), kind, ..Actor::default() })
    }

    fn add_actor(&mut self, actor: Actor) -> u32 {
        let is_person = actor.kind == "person";
        self.mentions.actors.push(actor);
        self.discourse.profiles.push(Profile { is_person, ..Profile::default() });
        self.mentions.actors.len() as u32 - 1
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

    /// The actor of a description; it has no id, since only its words are known.
    fn described_actor(&mut self, at: usize) -> u32 {
        if let Some(actor) = self.described[at].actor {
            return actor;
        }
        let name = self.described[at].words.clone();
        let kind = if self.described[at].is_plural { "" } else { "person" };
        let actor = self.add_actor(Actor { name, kind, ..Actor::default() });
        self.described[at].actor = Some(actor);
        actor
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
        (best > next * THING_MARGIN && best > 0.8).then_some(actor)
    }

    /// What `who` and `which` refer to: the name right before them.
    fn antecedent(&mut self, at: u32, sentence: u32) -> Option<u32> {
        let start = self.tokens.range(sentence as usize).start as u32;
        let comma = at.checked_sub(1).filter(|&it| it >= start)?;
        let is_mark = self.tokens.all[comma as usize].shape.form() == Shape::PUNCT;
        let end = if is_mark { comma } else { at };
        let is_who = self.bits(at) & words::RELATIVE_PERSON != 0;
        let before = self.places.partition_point(|it| it.1 <= end).checked_sub(1)?;
        let (first, last) = self.places[before];
        if first < start || self.mentions.all[before].form != MentionForm::Name {
            return None;
        }
        let actor = self.mentions.all[before].actor?;
        let is_person = |actor: u32| self.discourse.profiles[actor as usize].is_person;
        // `a friend of Anna Diaz who`.
        let belongs = !is_mark
            && first > start + 1
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

    /// A source of several words.
    fn phrase(&mut self, first: u32, last: u32, sentence: u32) -> Answer {
        let core = self.core(first, last);
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
        if let Some(answer) = self.lone_name(core.clone()) {
            return answer;
        }
        self.description(first, last, core, sentence)
    }

    /// The words up to the head of a phrase: before its first comma, preposition or clause.
    fn core(&self, first: u32, last: u32) -> Range<u32> {
        let mut at = first;
        while at < last {
            let form = self.tokens.all[at as usize].shape.form();
            let is_mark = matches!(form, Shape::PUNCT | Shape::OPEN | Shape::CLOSE | Shape::QUOTE)
                && !matches!(self.word(at), "-" | "/" | "&");
            let ends = words::END_PREPOSITION | words::RELATIVE_PERSON | words::AUXILIARY;
            let is_relative = self.bits(at) & words::RELATIVE_THING != 0 && at > first;
            let is_clitic = self.bits(at) & words::CLITIC != 0;
            let is_end = self.bits(at) & ends != 0 && !is_clitic;
            if at > first && (is_mark || is_end || is_relative) {
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

    /// The mention that holds a token.
    fn place_over(&self, at: u32) -> Option<(u32, u32)> {
        let i = self.places.partition_point(|it| it.1 <= at);
        self.places.get(i).copied().filter(|it| it.0 <= at)
    }

    /// The mention that ends at a place, with its actor and form.
    fn mention_ending(&self, end: u32) -> Option<&Mention> {
        let i = self.places.partition_point(|it| it.1 < end);
        (self.places.get(i)?.1 == end).then(|| &self.mentions.all[i])
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
        (core.start..comma).any(|at| {
            let joins = self.bits(at) & words::JOINS != 0 && self.place_over(at).is_none();
            joins
                && (at == core.start
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

    /// The name that a phrase is: at its head, or behind a comma.
    fn name_in(&self, first: u32, last: u32, core: Range<u32>) -> Option<Answer> {
        if let Some(mention) = self.mention_ending(core.end)
            && mention.form == MentionForm::Name
        {
            return Some(Answer { actor: mention.actor, form: None });
        }
        if self.bits(core.end - 1) & (words::PERSON | words::OFFICE | words::RELATIVE) == 0 {
            return None;
        }
        if let Some(actor) = self.titled(first, last) {
            return Some(Answer::named(actor));
        }
        // `the leader of the country, Anna Diaz,`
        for at in first + 1..last {
            if self.word(at) != "," {
                continue;
            }
            let i = self.places.partition_point(|it| it.0 <= at);
            let Some(&(start, end)) = self.places.get(i) else { break };
            let words = &self.actors.words;
            let prefix =
                roles::prefix(words, self.text, &self.tokens.all, at as usize, start as usize);
            let begins = prefix.map_or(start, |it| it.start as u32) == at + 1;
            let closes = end == last || end < last && self.word(end) == ",";
            let mention = &self.mentions.all[i];
            let actor = mention.actor.filter(|_| mention.form == MentionForm::Name);
            let is_person = actor
                .is_some_and(|it| matches!(self.mentions.actors[it as usize].kind, "person" | ""));
            if begins && closes && is_person {
                return Some(Answer { actor, form: None });
            }
        }
        None
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
        let speaks = match kind {
            "place" | "state" => end < head,
            _ => true,
        };
        speaks.then_some(Answer::named(actor))
    }

    /// A capital word or two that no rule took for a name, since nothing else says they are.
    fn lone_name(&mut self, core: Range<u32>) -> Option<Answer> {
        let plain = |at: u32| {
            let token = &self.tokens.all[at as usize];
            token.shape.is_capital()
                && self.bits(at)
                    & (words::NO_NAME | words::CLOSED | words::ORG | words::PERSON | words::OFFICE)
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
                let actor = self.actor_named(&name, "");
                self.lone.insert(name, actor);
                actor
            }
        };
        Some(Answer::by(Some(actor), MentionForm::Name))
    }

    /// `the minister`, `the 46-year-old`, `the company`.
    fn description(&mut self, first: u32, last: u32, core: Range<u32>, sentence: u32) -> Answer {
        let head = core.end - 1;
        let opening = self.bits(core.start);
        let is_plural = self.bits(head) & words::PLURAL != 0
            || opening & words::PLURAL_MARKER != 0 && opening & words::RELATIVE_PERSON == 0;
        let is_definite = opening & words::DEFINITE != 0;
        let is_short = core.end == last;
        let actor = if is_plural {
            None
        } else {
            self.office(core.clone(), last).or_else(|| self.aged(core.clone())).or_else(|| {
                (is_definite && is_short).then(|| self.said_before(core.clone(), sentence))?
            })
        };
        if actor.is_some() {
            return Answer::by(actor, MentionForm::Description);
        }
        if is_definite
            && is_short
            && let Some(at) = self.same_description(core.clone(), is_plural)
        {
            return Answer::by(Some(self.described_actor(at)), MentionForm::Description);
        }
        self.describe(first, last, head, is_plural, sentence);
        Answer::default()
    }

    /// Remembers a description of somebody without a name.
    fn describe(&mut self, first: u32, last: u32, head: u32, is_plural: bool, sentence: u32) {
        let span = self.tokens.all[first as usize].span.to(self.tokens.all[last as usize - 1].span);
        let words = span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let lemma = self.actors.words.lemma(&self.tokens.all[head as usize]);
        let is_person = self.bits(head) & words::PERSON != 0;
        // Things are not described well enough by their words to be taken up.
        if !is_person && !is_plural {
            return;
        }
        let bits = self.bits(head);
        self.described.push(Described { lemma, is_plural, actor: None, words, sentence });
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

    /// The last one that was described so: `the official` is `a senior official`, and not the
    /// other way round.
    fn same_description(&self, core: Range<u32>, is_plural: bool) -> Option<usize> {
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

    /// `the 46-year-old`: who was said to be of that age, else the one person spoken of.
    fn aged(&mut self, core: Range<u32>) -> Option<u32> {
        let is_aged = core.len() >= 3 && self.bits(core.end - 1) & words::AGE != 0;
        if !is_aged {
            return None;
        }
        let age =
            core.clone().find(|&at| self.tokens.all[at as usize].shape.form() == Shape::DIGITS)?;
        let age = self.word(age);
        for (i, &(_, last)) in self.places.iter().enumerate() {
            if self.word(last) == "," && self.word(last + 1) == age && last < core.start {
                return self.mentions.all[i].actor;
            }
        }
        None
    }

    /// Who was said before to be what the head of a phrase says.
    fn said_before(&mut self, core: Range<u32>, sentence: u32) -> Option<u32> {
        let head = &self.tokens.all[core.end as usize - 1];
        let bits = self.actors.words.of(head);
        if bits & (words::PERSON | words::OFFICE | words::ORG | words::COUNTRY) == 0 {
            return None;
        }
        let lemma = self.actors.words.lemma(head);
        let block = self.blocks[sentence as usize];
        let is_so = |_: u32, profile: &Profile| -> f32 {
            f32::from(u8::from(profile.nouns.contains(&lemma)))
        };
        let said = self.discourse.salience(sentence, block, is_so);
        if let Some(actor) = clear(&said, MARGIN) {
            return Some(actor);
        }
        // `the tech giant`, but not `the Japanese tech giant`.
        let is_plain = |at: u32| self.tokens.all[at as usize].shape.form() == Shape::LOWER;
        if !said.is_empty() || core.len() > 3 || !(core.start + 1..core.end).all(is_plain) {
            return None;
        }
        let is_kind = |actor: u32, _: &Profile| -> f32 {
            let fits = match self.mentions.actors[actor as usize].kind {
                "company" => bits & words::COMPANY != 0,
                "media" => bits & words::MEDIA != 0 && bits & words::GOVERNMENT == 0,
                "government" => bits & words::GOVERNMENT != 0 && bits & words::MEDIA != 0,
                "organization" | "civil_society" => {
                    bits & words::ORG != 0
                        && bits & (words::GOVERNMENT | words::COMPANY | words::MEDIA) == 0
                }
                "state" => bits & words::COUNTRY != 0 && bits & words::GOVERNMENT == 0,
                _ => false,
            };
            f32::from(u8::from(fits))
        };
        clear(&self.discourse.salience(sentence, block, is_kind), KIND_MARGIN)
    }
}

/// The first, if it is clearly before the second.
fn clear(all: &[(f32, u32)], margin: f32) -> Option<u32> {
    let &(best, actor) = all.first()?;
    let next = all.get(1).map_or(0.0, |it| it.0);
    (best > next * margin).then_some(actor)
}
