//! Who is meant by each source.
//!
//! The text is followed once from start to end. At each source and each pronoun between, it is
//! asked whom the text has in mind; the answer counts for what comes after.

mod descriptions;
mod phrases;
mod pronouns;

use rustc_hash::FxHashMap;

use super::discourse::{self, Discourse, Event, Marks, Profile, weight};
use super::words::{self, Bits};
use super::{Actors, roles};
use crate::ids;
use crate::model::{
    Actor, Attribution, Document, Kind, Mention, MentionForm, Mentions, Sentences, Shape, Tokens,
};
use crate::text::Span;

/// What stands before an office among the ties of a person.
const OFFICE: &str = "office:";
/// What stands there before the long form of a given name.
const GIVEN: &str = "given:";
/// How much more than the next one the person meant by a pronoun must be in mind.
const MARGIN: f32 = 1.3;
/// The same for those who are called alike: `the minister`.
const SAME_MARGIN: f32 = 2.0;
/// The same for things.
const THING_MARGIN: f32 = 1.6;
/// The same where nothing but the kind tells what is meant.
const KIND_MARGIN: f32 = 2.0;
/// How much the person meant by a pronoun must be in mind at all.
const LEAST: f32 = 0.25;
/// How well a person fits `he` or `she` of whose gender nothing is known.
const UNTOLD_HE: f32 = 0.75;
const UNTOLD_SHE: f32 = 0.7;
/// What a description may open with: `the nurse`, `a nurse`, `his nurse`.
const OPENS_DESCRIPTION: Bits = words::DEFINITE | words::INDEFINITE | words::POSSESSIVE;

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
            // What stands behind a name is said of it, and no part of it.
            let place = match form {
                MentionForm::Name => follower.core(source.first, source.last),
                _ => source.first..source.last,
            };
            added.push((place, actor, form));
        }
    }
    let rules = &actors.sources;
    for (place, actor, form) in added {
        let last = tokens.all[place.end as usize - 1];
        let span = tokens.all[place.start as usize].span.to(last.span);
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
    /// The sentence of the last source that is a thing and was not settled: `the report`.
    open_thing: Option<u32>,
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
            open_thing: None,
            lone: FxHashMap::default(),
            contents: Vec::new(),
            mentions,
        }
    }

    /// Writes down what tells each person and organization from namesakes in other documents.
    fn tell_ties(&mut self) {
        for at in 0..self.discourse.profiles.len() {
            let actor = &self.mentions.actors[at];
            if actor.id.is_empty() || matches!(actor.kind, "state" | "place") {
                continue;
            }
            let mut ties = if self.may_be_person(Some(at as u32)) {
                self.ties_of_person(at)
            } else {
                self.states_of(at)
            };
            // Of what is only written like a name, just an acronym is known in other documents.
            let is_full = actor.kind.is_empty() && actor.name.contains(' ');
            let is_told = actor.kind == "person" || is_full || !ties.is_empty();
            if !is_told && !self.mentions.state.is_empty() {
                ties.push(self.mentions.state.clone());
            }
            ties.sort_unstable();
            ties.dedup();
            self.mentions.actors[at].ties = ties;
        }
    }

    /// Offices, organizations and states that the text says of a person, and the long forms of
    /// the given name.
    fn ties_of_person(&self, at: usize) -> Vec<String> {
        let words = &self.actors.words;
        let profile = &self.discourse.profiles[at];
        let offices = profile.offices.iter().map(|&it| format!("{OFFICE}{}", words.name(it)));
        let given = words.long_given(&self.mentions.actors[at].name);
        let given = given.into_iter().map(|it| format!("{GIVEN}{it}"));
        // A place says of which state somebody is, no more.
        let bodies = profile.bodies.iter().map(|&it| &self.mentions.actors[it as usize]);
        let bodies = bodies.filter(|it| !it.id.is_empty() && it.kind != "place");
        let bodies = bodies.map(|it| it.id.clone());
        offices.chain(given).chain(bodies).chain(self.states_of(at)).collect()
    }

    /// Ids of the states of an actor and of all that the text says it belongs to.
    fn states_of(&self, at: usize) -> Vec<String> {
        let gazetteer = &self.actors.gazetteer;
        let bodies = self.discourse.profiles[at].bodies.iter();
        let ids = bodies.map(|&it| &self.mentions.actors[it as usize].id);
        let ids = ids.chain([&self.mentions.actors[at].id]);
        let countries = ids.filter_map(|it| gazetteer.country_of(it).filter(|it| it[0] != 0));
        countries.filter_map(|it| gazetteer.state_id(it)).map(str::to_owned).collect()
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
                // What opens a sentence with an article may be somebody's description.
                let opens = at == range.start as u32 && self.bits(at) & OPENS_DESCRIPTION != 0;
                if !opens {
                    at = at.max(source.min(mention).min(pronoun));
                }
                if at >= range.end as u32 {
                    break;
                }
                let here = order.get(next_source).map(|&it| sources[it]);
                if let Some(source) = here.filter(|it| it.first <= at) {
                    let answer = self.source(&source, sentence as u32);
                    answers[order[next_source]] = answer;
                    self.contents[source.attribution].1 = answer.actor;
                    if let Some(actor) = answer.actor {
                        let weight = match self.is_quoted(at) {
                            true => weight::PLAIN,
                            false if self.is_agent(source.first, sentence as u32) => weight::ASIDE,
                            false => weight::SOURCE,
                        };
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
        if bits & OPENS_DESCRIPTION != 0
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
        let is_definite = self.bits(at) & words::DEFINITE != 0;
        if is_definite && let Some(actor) = self.said_before(at..head + 1, sentence) {
            return self.may_be_person(Some(actor)).then_some((head, actor));
        }
        // `The commander left. He said`: not who was named before.
        let opens = at == self.tokens.range(sentence as usize).start as u32;
        if opens && let Some(named) = self.named_between_commas(head + 1) {
            return Some((head, named));
        }
        if !opens || !self.is_subject(head, end) {
            return None;
        }
        let actor = match self.same_description(at..head + 1, false) {
            Some(known) => self.described_actor(known),
            None => {
                self.remember(at, head + 1, head, false, sentence);
                self.described_actor(self.described.len() - 1)
            }
        };
        Some((head, actor))
    }

    /// Who is named between the comma at a place and the next one: `His wife, Anna, laughed`.
    fn named_between_commas(&self, comma: u32) -> Option<u32> {
        let i = self.places.binary_search_by_key(&(comma + 1), |it| it.0).ok()?;
        let is_parted = self.word(comma) == "," && self.word(self.places[i].1) == ",";
        let mention = &self.mentions.all[i];
        let is_name = mention.form == MentionForm::Name && self.may_be_person(mention.actor);
        mention.actor.filter(|_| is_parted && is_name)
    }

    /// Whether a verb stands behind a noun, or behind what tells more of it: `the mayor, a
    /// Republican, has`, `the woman at the till laughed`.
    fn is_subject(&self, head: u32, end: u32) -> bool {
        let verb = words::AUXILIARY | words::MAIN_VERB | words::CUE_VERB;
        let mut behind = head + 1;
        // `, Anna,` names somebody, but is no name that could be looked up.
        let apposition = OPENS_DESCRIPTION | words::RELATIVE_PERSON | words::GIVEN;
        if behind + 1 < end && self.word(behind) == "," && self.bits(behind + 1) & apposition != 0 {
            let close = (behind + 1..end.min(behind + 16)).find(|&it| self.word(it) == ",");
            behind = close.map_or(end, |it| it + 1);
        } else if self.bits(behind) & (words::PREPOSITION | words::END_PREPOSITION) != 0 {
            let is_verb = |it: u32| self.bits(it) & verb != 0 && self.bits(it) & words::NOUN == 0;
            let is_mark = |it: u32| self.tokens.all[it as usize].shape.form() >= Shape::PUNCT;
            let mut more = (behind + 1..end.min(behind + 7)).take_while(|&it| !is_mark(it));
            behind = more.find(|&it| is_verb(it)).unwrap_or(end);
        }
        behind < end && self.bits(behind) & verb != 0
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
        // `Facebook/Anna Diaz` under a picture.
        let is_credit = self.word(last) == "/" || first > 0 && self.word(first - 1) == "/";
        if self.is_quoted(first) || is_line || is_credit {
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

    fn may_be_person(&self, actor: Option<u32>) -> bool {
        actor.is_some_and(|it| matches!(self.mentions.actors[it as usize].kind, "person" | ""))
    }

    /// An actor of a name that no mention has.
    fn actor_named(&mut self, name: &str, kind: &'static str) -> u32 {
        let known = self.mentions.actors.iter().position(|it| it.name == name);
        if let Some(known) = known {
            return known as u32;
        }
        let id = ids::of_named(&mut String::new(), name, kind, &self.document.id);
        self.add_actor(Actor { id, name: name.to_owned(), kind, ..Actor::default() })
    }

    fn add_actor(&mut self, actor: Actor) -> u32 {
        let is_person = actor.kind == "person";
        self.mentions.actors.push(actor);
        self.discourse.profiles.push(Profile { is_person, ..Profile::default() });
        self.mentions.actors.len() as u32 - 1
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
}

/// The first, if it is clearly before the second.
fn clear(all: &[(f32, u32)], margin: f32) -> Option<u32> {
    let &(best, actor) = all.first()?;
    let next = all.get(1).map_or(0.0, |it| it.0);
    (best > next * margin).then_some(actor)
}
