//! What is kept of a statement to compare it with others.

use jiff::civil::Date;
use xxhash_rust::xxh3::xxh3_64;

use super::words::Words;
use crate::ids;
use crate::model::{DateRole, Kind, Stance, Statement, StatementDate};

/// A statement in a few numbers. Words are hashes of their stems.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// Hash of its id.
    pub(super) id: u64,
    pub(super) is_dated: bool,
    /// Content words, sorted.
    pub(super) terms: Box<[u32]>,
    /// Hash of the speaker's id where it is settled, else 0.
    pub(super) speaker: u64,
    /// Hash of the last word of the speaker's name, 0 where the speaker is not settled.
    pub(super) surname: u64,
    /// Whether the id holds in the document only: others may call the same one otherwise.
    pub(super) is_own: bool,
    /// Group of the cue and what it adds; 0 where there is none.
    pub(super) cue: u32,
    pub(super) cue_weight: f64,
    pub(super) is_negated: bool,
    /// Numbers with what they count.
    pub(super) numbers: Box<[Number]>,
    /// The words between quotation marks, in order.
    pub(super) quoted: Box<[u32]>,
    /// First and last day of saying.
    pub(super) said: Option<Days>,
    /// First and last days of what was said or happened.
    pub(super) events: Box<[Days]>,
    /// Actors, sorted.
    pub(super) actors: Box<[u32]>,
    /// The kind of event that a dated claim tells of, 0 where none is known.
    pub(super) event: u32,
    /// Of such a claim the words that name neither the event nor an actor, sorted.
    pub(super) topic: Box<[u32]>,
}

/// A number and the hash of the word after it, 0 where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number {
    pub(super) unit: u32,
    pub(super) value: u32,
}

/// First and last day, counted from 1970.
pub(super) type Days = (i32, i32);

impl Features {
    /// Puts the hash of an actor's id in place of another.
    pub(super) fn rename(&mut self, from: u64, to: u64) {
        if self.speaker == from {
            self.speaker = to;
            self.is_own = false;
        }
        if let Some(at) = self.actors.iter().position(|&it| it == from as u32) {
            let mut actors = self.actors.to_vec();
            actors[at] = to as u32;
            self.actors = sorted(&mut actors);
        }
    }

    /// Whether both are said by one, as far as their documents tell.
    pub(super) fn has_speaker_of(&self, other: &Features) -> bool {
        self.speaker != 0
            && (self.speaker == other.speaker
                || (self.is_own || other.is_own) && self.surname == other.surname)
    }

    /// What stands for the speaker where statements of the same one are looked for.
    pub(super) fn speaker_key(&self) -> u32 {
        (if self.is_own { self.surname } else { self.speaker }) as u32
    }

    /// Hashes of short runs of quoted words: two quotations with a common run of
    /// `RUN + WINDOW - 1` words have a hash in common.
    pub(super) fn quote_keys(&self, shortest: usize) -> Vec<u64> {
        if self.quoted.len() < shortest {
            return Vec::new();
        }
        let run = RUN.min(shortest);
        let runs: Vec<u64> = self.quoted.windows(run).map(|it| mix(it.iter().copied())).collect();
        let mut keys: Vec<u64> = if runs.len() <= 2 * WINDOW {
            runs
        } else {
            runs.windows(WINDOW).filter_map(|it| it.iter().min().copied()).collect()
        };
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Words in a row that a key of a quotation stands for.
const RUN: usize = 5;
/// Of so many runs after each other the one with the smallest hash becomes a key.
const WINDOW: usize = 4;

/// One hash of several.
pub(super) fn mix(hashes: impl Iterator<Item = u32>) -> u64 {
    let mut mixed = 0x9e37_79b9_7f4a_7c15_u64;
    for it in hashes {
        mixed = (mixed ^ u64::from(it)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^= mixed >> 32;
    }
    mixed
}

fn sorted<T: Ord + Copy>(values: &mut Vec<T>) -> Box<[T]> {
    values.sort_unstable();
    values.dedup();
    values.as_slice().into()
}

fn day(date: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    i32::try_from(date.duration_since(epoch).as_hours() / 24).unwrap_or_default()
}

/// Reads statements, one after the other. The vectors are of the statement at hand; they stay for
/// the next one, so that only what is kept is allocated.
pub(super) struct Reader<'a> {
    words: &'a Words,
    /// Room for a word in lower case.
    room: String,
    terms: Vec<u32>,
    numbers: Vec<Number>,
    actors: Vec<u32>,
    quoted: Vec<u32>,
    all: Vec<u32>,
    is_negated: bool,
    /// Whether the word before was a negation.
    is_after_negation: bool,
    /// A number whose unit has not come yet.
    open: Option<f64>,
    /// Hashes of the words of dates: their figures count nothing.
    dates: Vec<u64>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(words: &'a Words) -> Self {
        Reader {
            words,
            room: String::new(),
            terms: Vec::new(),
            numbers: Vec::new(),
            actors: Vec::new(),
            quoted: Vec::new(),
            all: Vec::new(),
            is_negated: false,
            is_after_negation: false,
            open: None,
            dates: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, it: &Statement) -> Features {
        self.clear();
        let mut room = std::mem::take(&mut self.room);
        for date in &it.dates {
            each_word(&date.text, &mut room, |word, _| self.dates.push(xxh3_64(word.as_bytes())));
        }
        // A settled speaker is compared as such; its name makes no words alike.
        if it.speaker_id.is_empty() {
            each_word(&it.speaker, &mut room, |word, _| self.name(word));
        }
        each_word(&it.statement, &mut room, |word, is_quoted| self.word(word, is_quoted));
        self.close_number();
        let (cue, cue_weight) = cue(self.words, &it.cue, &mut room);
        self.room = room;
        self.actors.extend(it.actors.iter().map(|it| xxh3_64(it.id.as_bytes()) as u32));
        let terms = sorted(&mut self.terms);
        let is_dated = it.kind == Kind::Dated;
        let surname = match it.speaker_id.is_empty() {
            true => "",
            false => it.speaker.rsplit(' ').next().unwrap_or_default(),
        };
        let settled = |it: &str| if it.is_empty() { 0 } else { xxh3_64(it.as_bytes()) };
        let (event, topic) = if is_dated { self.event(&terms, it) } else { Default::default() };
        // A direct quotation whose marks were lost is quoted all the same.
        let is_bare = self.quoted.is_empty() && it.kind == Kind::Direct;
        let quoted = if is_bare { &self.all } else { &self.quoted };
        let days = |role| {
            move |date: &StatementDate| match (date.role == role, date.from, date.to) {
                (true, Some(from), Some(to)) => Some((day(from), day(to))),
                _ => None,
            }
        };
        Features {
            id: xxh3_64(it.id.as_bytes()),
            is_dated,
            speaker: settled(&it.speaker_id),
            surname: settled(surname),
            is_own: ids::is_of_document(&it.speaker_id),
            cue,
            cue_weight,
            is_negated: self.is_negated ^ (it.stance == Stance::Denies),
            quoted: quoted.as_slice().into(),
            said: it.dates.iter().find_map(days(DateRole::Saying)),
            events: it.dates.iter().filter_map(days(DateRole::Event)).collect(),
            terms,
            numbers: sorted(&mut self.numbers),
            actors: sorted(&mut self.actors),
            event,
            topic,
        }
    }

    /// The kind of event that terms tell, and those of them that are its topic.
    fn event(&mut self, terms: &[u32], it: &Statement) -> (u32, Box<[u32]>) {
        let Some((event, told_by)) = self.words.event(terms) else { return Default::default() };
        self.terms.clear();
        let mut room = std::mem::take(&mut self.room);
        for actor in &it.actors {
            each_word(&actor.name, &mut room, |word, _| self.name(word));
        }
        self.room = room;
        let names = &self.terms;
        let is_topic = |it: &&u32| !told_by.contains(it) && !names.contains(it);
        (event, terms.iter().filter(is_topic).copied().collect())
    }

    fn clear(&mut self) {
        self.terms.clear();
        self.numbers.clear();
        self.actors.clear();
        self.quoted.clear();
        self.all.clear();
        self.is_negated = false;
        self.is_after_negation = false;
        self.open = None;
        self.dates.clear();
    }

    fn name(&mut self, word: &str) {
        let known = self.words.known(word);
        if !self.words.is_stop(word, known) {
            self.terms.push(self.words.term(word, known));
        }
    }

    fn word(&mut self, word: &str, is_quoted: bool) {
        let hash = xxh3_64(word.as_bytes());
        self.all.push(hash as u32);
        if is_quoted {
            self.quoted.push(hash as u32);
        }
        let known = self.words.known(word);
        self.is_negated ^= known.is_negation || (self.is_after_negation && known.voids_negation);
        self.is_after_negation = known.is_negation;
        // Dates are compared as dates.
        if self.dates.contains(&hash) {
            return;
        }
        if let Some(value) = known.number.or_else(|| figure(word)) {
            self.close_number();
            self.open = Some(value);
            return;
        }
        if let (Some(open), Some(times)) = (self.open, known.magnitude) {
            self.open = Some(open * times);
            return;
        }
        if word.len() < 2 || self.words.is_stop(word, known) {
            return;
        }
        let term = self.words.term(word, known);
        match self.words.opening(word) {
            Some((opening, rest)) => {
                let known = |it| self.words.term(it, self.words.known(it));
                self.terms.extend([opening, rest].map(known));
            }
            None => self.terms.push(term),
        }
        if let Some(value) = self.open.take() {
            self.number(value, term);
        }
    }

    fn number(&mut self, value: f64, unit: u32) {
        let value = xxh3_64(&value.to_bits().to_le_bytes()) as u32;
        self.numbers.push(Number { unit, value });
        self.terms.push(value);
    }

    fn close_number(&mut self) {
        if let Some(value) = self.open.take() {
            self.number(value, 0);
        }
    }
}

/// The value of a number that counts something: years and figures of dates do not.
fn figure(word: &str) -> Option<f64> {
    if !word.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let is_year = word.len() == 4 && ("1500"..="2100").contains(&word);
    if is_year { None } else { word.replace(',', "").parse().ok() }
}

/// The last known cue among the words of a cue, else its last word.
fn cue(words: &Words, cue: &str, room: &mut String) -> (u32, f64) {
    let mut known = None;
    let mut last = None;
    each_word(cue, room, |word, _| {
        if words.is_known_cue(word) {
            known = Some(words.cue(word));
        }
        last = Some(words.cue(word));
    });
    known.or(last).unwrap_or_default()
}

/// Calls `found` with each word in lower case and whether it stands between quotation marks.
/// `word` is room to work in.
fn each_word(text: &str, word: &mut String, mut found: impl FnMut(&str, bool)) {
    word.clear();
    let mut is_quoted = false;
    let mut before = ' ';
    let mut rest = text;
    loop {
        // Most words are ASCII as a whole.
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if run > 0 {
            let start = word.len();
            word.push_str(&rest[..run]);
            word[start..].make_ascii_lowercase();
            before = char::from(rest.as_bytes()[run - 1]);
            rest = &rest[run..];
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if is_inner(c, before, chars.next().unwrap_or(' ')) {
            word.push(if c == '’' { '\'' } else { c });
        } else {
            if !word.is_empty() {
                found(word, is_quoted);
                word.clear();
            }
            match c {
                '“' | '«' | '„' => is_quoted = true,
                '”' | '»' => is_quoted = false,
                '"' => is_quoted = !is_quoted,
                '\'' if before == '\'' => is_quoted = !is_quoted,
                _ => {}
            }
        }
        before = c;
    }
    if !word.is_empty() {
        found(word, is_quoted);
    }
}

/// Whether a mark belongs to the word around it: `don't`, `1,200`, `3.5`.
fn is_inner(c: char, before: char, next: char) -> bool {
    match c {
        '\'' | '’' => before.is_alphanumeric() && next.is_alphanumeric(),
        ',' | '.' => before.is_ascii_digit() && next.is_ascii_digit(),
        _ => false,
    }
}
