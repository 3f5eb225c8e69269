//! What a reader has in mind at a place of the text: who was named, how lately, and what is
//! known of them.

use std::ops::Range;

use super::words::{self, Bits, Words};
use super::{Actors, roles};
use crate::model::{Mention, MentionForm, Mentions, Shape, Token, Tokens};

/// What the text has shown of an actor so far. Evidence only: none of it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    pub(super) masculine: u32,
    pub(super) feminine: u32,
    /// Base forms of the nouns that were said of the actor, and of those that hold no more.
    pub(super) nouns: Vec<u32>,
    pub(super) past: Vec<u32>,
    /// Of offices among them what they are for: the base form, and the token before it.
    pub(super) fields: Vec<(u32, u32)>,
    /// Years of age, if they were told.
    pub(super) age: Option<u32>,
    /// Base forms of the offices among them, and actors named beside them: `of the ministry`.
    pub(super) offices: Vec<u32>,
    pub(super) bodies: Vec<u32>,
    /// Whether something other than its capitals says that it is a person.
    pub(super) is_person: bool,
}

/// An actor was spoken of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) actor: u32,
    pub(super) sentence: u32,
    pub(super) block: u32,
    /// How much it stands in the foreground.
    pub(super) weight: f32,
}

/// How lately and how prominently actors were spoken of.
#[derive(Debug, Default)]
pub(super) struct Discourse {
    pub(super) events: Vec<Event>,
    pub(super) profiles: Vec<Profile>,
}

/// Foreground of what is spoken of, by how it stands in its sentence.
pub(super) mod weight {
    /// It says something.
    pub(in super::super) const SOURCE: f32 = 2.0;
    /// It opens its sentence or clause.
    pub(in super::super) const SUBJECT: f32 = 1.5;
    /// It stands before the verb of a clause within.
    pub(in super::super) const CLAUSE: f32 = 1.15;
    /// It owns what opens its sentence.
    pub(in super::super) const OWNER: f32 = 0.9;
    /// It stands behind a verb.
    pub(in super::super) const PLAIN: f32 = 0.8;
    /// Something of it is spoken of, or it stands behind a preposition.
    pub(in super::super) const ASIDE: f32 = 0.55;
    /// Somebody's words name it.
    pub(in super::super) const QUOTED: f32 = 0.3;
}

/// How much more the last subject of the same sentence is in mind.
const NEAREST: f32 = 1.5;
/// The same for who spoke last in the same paragraph.
const GOES_ON: f32 = 1.3;
/// How far back a pronoun may reach, in outer sentences.
const REACH: u32 = 6;
/// How many names it may reach back over: even a sentence without end is read in linear time.
const MOST: usize = 400;

impl Discourse {
    /// Adds up how much each actor is in mind at a sentence, first the most.
    pub(super) fn salience(
        &self,
        sentence: u32,
        block: u32,
        fits: impl Fn(u32, &Profile) -> f32,
    ) -> Vec<(f32, u32)> {
        let mut all: Vec<(f32, u32)> = Vec::new();
        let (mut has_subject, mut has_source) = (false, false);
        for event in self.events.iter().rev().take(MOST) {
            let distance = sentence - event.sentence;
            if distance > REACH {
                break;
            }
            let fit = fits(event.actor, &self.profiles[event.actor as usize]);
            if fit <= 0.0 {
                continue;
            }
            let is_source = event.weight >= weight::SOURCE;
            let foreground = match distance {
                0 if event.weight >= weight::CLAUSE && !has_subject => NEAREST,
                1 | 2 if is_source && !has_source && event.block == block => GOES_ON,
                _ => 1.0,
            };
            has_subject |= distance == 0 && event.weight >= weight::CLAUSE;
            has_source |= is_source;
            let near = [1.0, 0.85, 0.5, 0.3, 0.2, 0.12, 0.08][distance as usize];
            let blocks = [1.0, 0.8, 0.64, 0.512][(block - event.block).min(3) as usize];
            let score = event.weight * near * blocks * fit * foreground;
            match all.iter_mut().find(|it| it.1 == event.actor) {
                // A second mention adds less than the best one.
                Some((known, _)) => *known = known.max(score) + 0.25 * known.min(score),
                None => all.push((score, event.actor)),
            }
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all
    }

    /// The actors spoken of from a sentence on, the last one first.
    pub(super) fn lately(&self, from: u32) -> impl Iterator<Item = &Event> {
        self.events.iter().rev().take_while(move |it| it.sentence >= from)
    }
}

/// Reads what the text says of each actor, in whatever place.
pub(super) fn profiles(
    actors: &Actors,
    text: &str,
    tokens: &Tokens,
    mentions: &Mentions,
    places: &[(u32, u32)],
) -> Vec<Profile> {
    let words = &actors.words;
    let said = Said { actors, tokens, mentions, places };
    let mut profiles = vec![Profile::default(); mentions.actors.len()];
    for (actor, profile) in mentions.actors.iter().zip(&mut profiles) {
        profile.is_person = actor.kind == "person";
        if matches!(actor.kind, "person" | "")
            && let Some(bits) = words.gender_of(&actor.name)
        {
            profile.masculine += 2 * u32::from(bits & words::MASCULINE != 0);
            profile.feminine += 2 * u32::from(bits & words::FEMININE != 0);
            profile.is_person = true;
        }
        name_nouns(actors, &actor.name, profile);
    }
    let mut outer = 0;
    for (mention, &(first, last)) in mentions.all.iter().zip(places) {
        while outer + 1 < tokens.ends.len() && tokens.ends[outer] <= first {
            outer += 1;
        }
        let Some(actor) = mention.actor else { continue };
        if mention.form != MentionForm::Name {
            continue;
        }
        let range = tokens.range(outer);
        let profile = &mut profiles[actor as usize];
        let (first, last) = (first as usize, last as usize);
        let before = roles::prefix(words, text, &tokens.all, range.start, first);
        let behind = roles::apposition(words, text, &tokens.all, last, range.end);
        let fronted = roles::fronted(words, text, &tokens.all, range.clone(), first..last);
        let is_person = matches!(mentions.actors[actor as usize].kind, "person" | "");
        for (place, is_behind) in [(before, false), (behind, true), (fronted, true)] {
            let Some(place) = place else { continue };
            said.note(place, outer, is_behind, is_person, profile);
        }
        if matches!(mentions.actors[actor as usize].kind, "person" | "") && profile.age.is_none() {
            profile.age = age(words, text, &tokens.all, range.clone(), first..last);
        }
        // `King Felipe`, whose title is part of his name.
        if last > first + 1
            && words.is(&tokens.all[first], words::OFFICE)
            && !words.is(&tokens.all[first], words::GIVEN)
            && profile.is_person
        {
            note_noun(actors, &tokens.all[first], false, profile);
        }
        note_title(words.of_before(&tokens.all, first), profile);
        if let Some(title) = first.checked_sub(1).map(|it| &tokens.all[it])
            && let Some(office) = words.long_title(title)
            && !profile.nouns.contains(&office)
        {
            profile.nouns.push(office);
            profile.offices.push(office);
        }
        // `his sister, Anna Diaz,`
        if first >= range.start + 2 && tokens.all[first - 1].span.of(text) == "," {
            let bits = words.of(&tokens.all[first - 2]);
            if bits & words::RELATIVE != 0 {
                profile.masculine += 2 * u32::from(bits & words::MASCULINE != 0);
                profile.feminine += 2 * u32::from(bits & words::FEMININE != 0);
            }
        }
    }
    profiles
}

/// What a text says somebody is, beside the name.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) actors: &'a Actors,
    pub(super) tokens: &'a Tokens,
    pub(super) mentions: &'a Mentions,
    /// The tokens of each mention.
    pub(super) places: &'a [(u32, u32)],
}

impl Said<'_> {
    /// Notes what the tokens of `place`, in an outer sentence, say that somebody is.
    pub(super) fn note(
        self,
        place: Range<usize>,
        outer: usize,
        is_behind: bool,
        is_person: bool,
        profile: &mut Profile,
    ) {
        let words = &self.actors.words;
        self.note_ties(place.clone(), profile);
        let opens = place.start.checked_sub(1).map(|it| &self.tokens.all[it]);
        if is_behind
            && opens.is_some_and(|it| roles::is_of_body(words, it))
            && let Some(body) = self.body_before(place.start, outer)
            && !profile.bodies.contains(&body)
        {
            profile.bodies.push(body);
        }
        let mut is_past = false;
        for at in place.clone() {
            let token = &self.tokens.all[at];
            // What follows a preposition is said of another.
            if is_behind && words.is(token, words::END_PREPOSITION) {
                break;
            }
            is_past |= words.is(token, words::NO_MORE);
            // `a baker from Selm, Norway,` makes no baker of Norway.
            let of_kind = if is_person {
                words::OFFICE | words::PERSON | words::RELATIVE
            } else {
                words::ORG
            };
            if words.is(token, of_kind) {
                note_noun(self.actors, token, is_past, profile);
            }
            if words.is(token, words::OFFICE) && at > place.start {
                self.note_field(at, profile);
            }
        }
    }

    /// Which offices and actors a place speaks of that says what a person is.
    fn note_ties(self, place: Range<usize>, profile: &mut Profile) {
        let Said { actors, tokens, mentions, places } = self;
        let head = tokens.all[place.clone()].iter().filter(|it| actors.words.is(it, words::OFFICE));
        for office in head.map(|it| actors.words.lemma(it)) {
            if !profile.offices.contains(&office) {
                profile.offices.push(office);
            }
        }
        let from = places.partition_point(|it| (it.0 as usize) < place.start);
        let named = places[from..].iter().zip(&mentions.all[from..]);
        for (_, mention) in named.take_while(|it| (it.0.0 as usize) < place.end) {
            let Some(body) = mention.actor else { continue };
            let is_body = !matches!(mentions.actors[body as usize].kind, "person" | "");
            if is_body && !profile.bodies.contains(&body) {
                profile.bodies.push(body);
            }
        }
    }

    /// The body that `its` at a place belongs to: the only one that its sentence or else the one
    /// before has named so far.
    fn body_before(self, at: usize, outer: usize) -> Option<u32> {
        let named = |from: usize, to: usize| {
            let first = self.places.partition_point(|it| (it.0 as usize) < from);
            let last = self.places.partition_point(|it| (it.0 as usize) < to);
            let actors = self.mentions.all[first..last].iter().filter_map(|it| it.actor);
            let is_body = |it: &u32| {
                let kind = self.mentions.actors[*it as usize].kind;
                !matches!(kind, "person" | "" | "place")
            };
            let mut all: Vec<u32> = actors.filter(is_body).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let start = self.tokens.range(outer).start;
        let mut all = named(start, at);
        if all.is_empty() && outer > 0 {
            all = named(self.tokens.range(outer - 1).start, start);
        }
        all.first().copied().filter(|_| all.len() == 1)
    }

    /// Notes what stands before an office and says what it is for: `finance minister`.
    fn note_field(self, at: usize, profile: &mut Profile) {
        let Said { actors, tokens, mentions, places } = self;
        let words = &actors.words;
        let field = &tokens.all[at - 1];
        let none = words::NO_FIELD | words::CLOSED | words::CLITIC;
        // `Justice Minister`, but not `Justice Diaz`.
        let is_title = words.of(field) & (words::HONORIFIC | words::MODIFIER) == words::HONORIFIC;
        // `Inland Waterways Minister` is written like a name.
        let before = places.partition_point(|it| (it.1 as usize) < at);
        let is_name = places.get(before).is_some_and(|it| (it.0 as usize) < at)
            && mentions.all[before]
                .actor
                .is_some_and(|it| !mentions.actors[it as usize].kind.is_empty());
        if words.is(field, none) || is_title || is_name || field.shape.form() >= Shape::PUNCT {
            return;
        }
        let lemma = words.lemma(&tokens.all[at]);
        if !profile.fields.iter().any(|it| it.0 == lemma) {
            profile.fields.push((lemma, at as u32 - 1));
        }
    }
}

fn note_title(bits: Bits, profile: &mut Profile) {
    if bits & words::HONORIFIC != 0 {
        profile.masculine += 4 * u32::from(bits & words::MASCULINE != 0);
        profile.feminine += 4 * u32::from(bits & words::FEMININE != 0);
        profile.is_person = true;
    }
}

/// The age told beside a name: `, 46,`, `(46)`, `, who is 46,`, `, a 46-year-old baker`,
/// `46-year-old baker Leon Varga`.
fn age(
    words: &Words,
    text: &str,
    tokens: &[Token],
    sentence: Range<usize>,
    name: Range<usize>,
) -> Option<u32> {
    let number = |at: usize| {
        let token = &tokens[at];
        let is_age = token.shape.form() == Shape::DIGITS && token.span.len() < 4;
        is_age.then(|| token.span.of(text).parse().ok())?
    };
    let form = |at: usize| tokens.get(at).map_or(Shape::PUNCT, |it| it.shape.form());
    let is_mark = |at: usize| matches!(form(at), Shape::PUNCT | Shape::CLOSE);
    let is_aged = |at: usize| {
        let mut behind = (at + 1..sentence.end.min(at + 5)).take_while(|&it| {
            tokens[it].shape.has(Shape::GLUED) || words.is(&tokens[it], words::AGE)
        });
        behind.any(|it| words.is(&tokens[it], words::AGE))
    };
    let opens = name.end < sentence.end && matches!(tokens[name.end].span.of(text), "," | "(");
    if opens {
        let link = words::AGE
            | words::RELATIVE_PERSON
            | words::AUXILIARY
            | words::INDEFINITE
            | words::DEFINITE;
        let places = name.end + 1..sentence.end.min(name.end + 5);
        for at in places {
            if let Some(age) = number(at) {
                return (is_mark(at + 1) || is_aged(at)).then_some(age);
            }
            if !words.is(&tokens[at], link) {
                break;
            }
        }
    }
    let mut at = name.start;
    let from = sentence.start.max(at.saturating_sub(9));
    let stops = words::AUXILIARY | words::CUE_VERB | words::PREPOSITION | words::END_PREPOSITION;
    while at > from {
        at -= 1;
        if let Some(age) = number(at) {
            return is_aged(at).then_some(age);
        }
        let is_hyphen = tokens[at].shape.has(Shape::GLUED);
        let is_comma = at + 1 == name.start && tokens[at].span.of(text) == ",";
        let is_broken = form(at) >= Shape::PUNCT && !is_hyphen && !is_comma;
        if is_broken || words.is(&tokens[at], stops) && !words.is(&tokens[at], words::PERSON) {
            break;
        }
    }
    None
}

fn note_noun(actors: &Actors, token: &Token, is_past: bool, profile: &mut Profile) {
    let bits = actors.words.of(token);
    let nouns = words::OFFICE | words::PERSON | words::ORG | words::RELATIVE;
    if bits & nouns == 0 {
        return;
    }
    let lemma = actors.words.lemma(token);
    let all = if is_past { &mut profile.past } else { &mut profile.nouns };
    if !all.contains(&lemma) {
        all.push(lemma);
    }
    if bits & words::PERSON != 0 {
        profile.masculine += u32::from(bits & words::MASCULINE != 0);
        profile.feminine += u32::from(bits & words::FEMININE != 0);
        profile.is_person |= token.shape.form() != Shape::UPPER;
    }
}

/// `ministry` of `Ministry of Defense of Russia`.
fn name_nouns(actors: &Actors, name: &str, profile: &mut Profile) {
    for word in name.split(' ') {
        if let Some(lemma) = actors.words.org_noun(word)
            && !profile.nouns.contains(&lemma)
        {
            profile.nouns.push(lemma);
        }
    }
}

/// The tokens of each mention: first, and one past the last.
pub(super) fn places(mentions: &[Mention], tokens: &[Token]) -> Vec<(u32, u32)> {
    let mut at = 0;
    let place = |mention: &Mention| {
        while at < tokens.len() && tokens[at].span.start < mention.span.start {
            at += 1;
        }
        let first = at;
        let mut last = first;
        while last < tokens.len() && tokens[last].span.end <= mention.span.end {
            last += 1;
        }
        (first as u32, last.max(first + 1).min(tokens.len()) as u32)
    };
    mentions.iter().map(place).collect()
}

/// Where quotation marks and pronouns stand.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Tokens between quotation marks: first, and one past the last.
    quoted: Vec<(u32, u32)>,
    /// Tokens that are `he`, `she` and their like.
    pub(super) pronouns: Vec<u32>,
}

impl Marks {
    /// Reads the tokens of sentences, of which the blocks are given.
    pub(super) fn read(words: &Words, tokens: &Tokens, blocks: &[u32]) -> Marks {
        let mut marks = Marks::default();
        let mut open = None;
        for (i, block) in blocks.iter().enumerate() {
            let range = tokens.range(i);
            if i > 0 && blocks[i - 1] != *block {
                marks.close(&mut open, range.start as u32);
            }
            for (at, token) in (range.start as u32..).zip(&tokens.all[range]) {
                let form = token.shape.form();
                if form < Shape::OPEN {
                    if words.is(token, words::HE | words::SHE) {
                        marks.pronouns.push(at);
                    }
                    continue;
                }
                let is_open = match form {
                    Shape::OPEN if token.span.len() == 1 && open.is_some() => continue,
                    Shape::OPEN => true,
                    Shape::CLOSE => false,
                    _ => open.is_none(),
                };
                marks.close(&mut open, at);
                open = is_open.then_some(at + 1);
            }
        }
        marks.close(&mut open, tokens.all.len() as u32);
        marks
    }

    fn close(&mut self, open: &mut Option<u32>, at: u32) {
        self.quoted.extend(open.take().map(|it| (it, at)));
    }

    /// Whether a token stands between quotation marks.
    pub(super) fn is_quoted(&self, at: u32) -> bool {
        let before = self.quoted.partition_point(|it| it.0 <= at);
        before.checked_sub(1).is_some_and(|it| at < self.quoted[it].1)
    }
}
