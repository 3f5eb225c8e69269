//! What is kept of a statement to compare it with others.

use jiff::civil::Date;
use xxhash_rust::xxh3::xxh3_64;

use super::words::Words;
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
    pub(super) fn new(words: &Words, it: &Statement) -> Features {
        let mut reading = Reading::new(words, it);
        each_word(&it.speaker, |word, _| reading.name(word));
        each_word(&it.statement, |word, is_quoted| reading.word(word, is_quoted));
        reading.close_number();
        let Reading { mut terms, mut numbers, quoted, all, is_negated, .. } = reading;
        // A direct quotation whose marks were lost is quoted all the same.
        let quoted = if quoted.is_empty() && it.kind == Kind::Direct { all } else { quoted };
        let (cue, cue_weight) = cue(words, &it.cue);
        let days = |role| {
            move |date: &StatementDate| match (date.role == role, date.from, date.to) {
                (true, Some(from), Some(to)) => Some((day(from), day(to))),
                _ => None,
            }
        };
        let mut actors: Vec<u32> =
            it.actors.iter().map(|it| xxh3_64(it.id.as_bytes()) as u32).collect();
        Features {
            id: xxh3_64(it.id.as_bytes()),
            is_dated: it.kind == Kind::Dated,
            terms: sorted(&mut terms),
            speaker: if it.speaker_id.is_empty() { 0 } else { xxh3_64(it.speaker_id.as_bytes()) },
            cue,
            cue_weight,
            is_negated: is_negated ^ (it.stance == Stance::Denies),
            numbers: sorted(&mut numbers),
            quoted: quoted.into(),
            said: it.dates.iter().find_map(days(DateRole::Saying)),
            events: it.dates.iter().filter_map(days(DateRole::Event)).collect(),
            actors: sorted(&mut actors),
        }
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
    std::mem::take(values).into_boxed_slice()
}

fn day(date: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    i32::try_from(date.duration_since(epoch).as_hours() / 24).unwrap_or_default()
}

/// The last known cue among the words of a cue, else its last word.
fn cue(words: &Words, cue: &str) -> (u32, f64) {
    let mut known = None;
    let mut last = None;
    each_word(cue, |word, _| {
        if words.is_known_cue(word) {
            known = Some(words.cue(word));
        }
        last = Some(words.cue(word));
    });
    known.or(last).unwrap_or_default()
}

/// What one pass over a statement gathers.
struct Reading<'a> {
    words: &'a Words,
    terms: Vec<u32>,
    numbers: Vec<Number>,
    quoted: Vec<u32>,
    all: Vec<u32>,
    is_negated: bool,
    /// A number whose unit has not come yet.
    open: Option<f64>,
    /// Words of dates: their figures count nothing.
    dates: Vec<String>,
}

impl<'a> Reading<'a> {
    fn new(words: &'a Words, it: &Statement) -> Self {
        let mut dates = Vec::new();
        for date in &it.dates {
            each_word(&date.text, |word, _| dates.push(word.to_owned()));
        }
        Reading {
            words,
            terms: Vec::new(),
            numbers: Vec::new(),
            quoted: Vec::new(),
            all: Vec::new(),
            is_negated: false,
            open: None,
            dates,
        }
    }

    fn name(&mut self, word: &str) {
        if !self.words.is_stop(word) {
            self.terms.push(self.words.term(word));
        }
    }

    fn word(&mut self, word: &str, is_quoted: bool) {
        let exact = xxh3_64(word.as_bytes()) as u32;
        self.all.push(exact);
        if is_quoted {
            self.quoted.push(exact);
        }
        if self.words.is_negation(word) {
            self.is_negated = !self.is_negated;
        }
        // Dates are compared as dates.
        if self.is_date(word) {
            return;
        }
        if let Some(value) = self.figure(word) {
            self.close_number();
            self.open = Some(value);
            return;
        }
        if let (Some(open), Some(times)) = (self.open, self.words.magnitude(word)) {
            self.open = Some(open * times);
            return;
        }
        if self.words.is_stop(word) || word.len() < 2 {
            return;
        }
        let term = self.words.term(word);
        self.terms.push(term);
        if let Some((opening, rest)) = self.words.opening(word) {
            self.terms.pop();
            self.terms.push(self.words.term(opening));
            self.terms.push(self.words.term(rest));
        }
        if let Some(value) = self.open.take() {
            self.number(value, term);
        }
    }

    /// The value of a number that counts something: years and figures of dates do not.
    fn figure(&self, word: &str) -> Option<f64> {
        if let Some(value) = self.words.number(word) {
            return Some(value);
        }
        if !word.starts_with(|it: char| it.is_ascii_digit()) {
            return None;
        }
        let is_year = word.len() == 4 && ("1500"..="2100").contains(&word);
        if is_year { None } else { word.replace(',', "").parse().ok() }
    }

    fn is_date(&self, word: &str) -> bool {
        self.dates.iter().any(|it| it == word)
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

/// Calls `found` with each word in lower case and whether it stands between quotation marks.
fn each_word(text: &str, mut found: impl FnMut(&str, bool)) {
    let mut word = String::new();
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if is_inner(c, before, next) {
            word.push(if c == '’' { '\'' } else { c });
        } else {
            if !word.is_empty() {
                found(&word, is_quoted);
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
        found(&word, is_quoted);
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
