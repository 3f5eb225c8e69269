//! All words of a lexicon in one flat table, for looking up those of a text.
//!
//! Nearly every word has up to sixteen ASCII bytes, which are one number: it is folded, hashed
//! and compared in a few instructions, without a buffer. The few others go by way of
//! [`Lexicon::entry`], which knows the same words.

use std::ops::Range;

use super::lexicon::Lexicon;
use crate::model::Shape;

/// The words and endings of a lexicon. Words that are added later are not in it.
#[derive(Debug)]
pub struct WordTable {
    /// Of a length that is a power of two; a slot is free where its key is empty.
    slots: Vec<Slot>,
    /// Longest first, by their last byte.
    endings: Vec<Vec<Ending>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: Chunk,
    entry: u32,
    /// Whether the word may mean something else as it is written: `US`.
    is_cased: bool,
}

#[derive(Debug)]
struct Ending {
    /// Its bytes, at the high end of the number.
    bytes: u128,
    /// What keeps so many bytes at the high end.
    mask: u128,
    length: usize,
    entry: u32,
}

/// Up to sixteen bytes of a text, the first in the lowest place; zero behind the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chunk(u128);

/// For each length, what keeps so many bytes.
const FIRST: [u128; Chunk::SIZE + 1] = {
    let mut masks = [0; Chunk::SIZE + 1];
    let mut length = 1;
    while length <= Chunk::SIZE {
        masks[length] = u128::MAX >> (8 * (Chunk::SIZE - length));
        length += 1;
    }
    masks
};

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The same byte sixteen times.
const fn each(byte: u8) -> u128 {
    u128::from_le_bytes([byte; 16])
}

impl Chunk {
    /// How many bytes one holds.
    pub const SIZE: usize = 16;

    /// The bytes from a place on.
    #[inline]
    pub fn load(bytes: &[u8], at: usize) -> Chunk {
        let rest = &bytes[at..];
        match rest.first_chunk() {
            Some(bytes) => Chunk(u128::from_le_bytes(*bytes)),
            None => {
                let mut last = [0; Chunk::SIZE];
                last[..rest.len()].copy_from_slice(rest);
                Chunk(u128::from_le_bytes(last))
            }
        }
    }

    /// The first `length` of the bytes, at most sixteen.
    #[inline]
    #[must_use]
    pub fn first(self, length: usize) -> Chunk {
        Chunk(self.0 & FIRST[length])
    }

    /// How many ASCII letters it begins with.
    #[inline]
    pub fn letters(self) -> usize {
        // Few words have more than eight letters.
        match letters(self.0 as u64) {
            8 => 8 + letters((self.0 >> 64) as u64),
            few => few,
        }
    }

    /// A word of so many ASCII letters in lower case, and how it is written.
    #[inline]
    pub fn word(self, length: usize) -> (Chunk, Shape) {
        let (written, lower_bits) = (self.0 & FIRST[length], each(0x20) & FIRST[length]);
        let lower = written | lower_bits;
        let shape = match written ^ lower {
            0 => Shape::LOWER,
            0x20 if length == 1 => Shape::INITIAL,
            0x20 => Shape::CAPITAL,
            all if all == lower_bits => Shape::UPPER,
            _ => Shape::MIXED,
        };
        (Chunk(lower), shape)
    }

    /// The same in lower case; nothing where there is more than ASCII.
    #[inline]
    fn lower(self) -> Option<Chunk> {
        if self.0 & each(0x80) != 0 {
            return None;
        }
        let (from_a, behind_z) = (self.0 + each(0x80 - b'A'), self.0 + each(0x7f - b'Z'));
        let capitals = from_a & !behind_z & each(0x80);
        Some(Chunk(self.0 | capitals >> 2))
    }

    /// Whether none of the first `length` bytes is zero.
    #[inline]
    fn is_whole(self, length: usize) -> bool {
        let rest = self.0 | !Chunk(u128::MAX).first(length).0;
        rest.wrapping_sub(each(1)) & !rest & each(0x80) == 0
    }

    /// The same with one more byte behind its `length` ones.
    #[inline]
    #[must_use]
    pub fn with(self, length: usize, byte: u8) -> Chunk {
        Chunk(self.0 | u128::from(byte) << (8 * length))
    }

    #[inline]
    fn hash(self) -> usize {
        let (low, high) = (self.0 as u64, (self.0 >> 64) as u64);
        let product = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // The middle of a product depends on all bytes.
        (product ^ product >> 32) as usize
    }
}

impl WordTable {
    /// A table of all words that the lexicon has by now.
    pub fn new(lexicon: &Lexicon) -> WordTable {
        let words: Vec<_> =
            lexicon.folded_words().filter_map(|it| Some((key_of(it.0)?, it.1))).collect();
        let mut slots = vec![Slot::default(); (2 * words.len() + 1).next_power_of_two()];
        for (key, entry) in words {
            let mut at = key.hash() & (slots.len() - 1);
            while slots[at].key != Chunk::default() {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = Slot { key, entry, is_cased: lexicon.is_cased(entry) };
        }
        let mut endings: Vec<Vec<Ending>> = Vec::new();
        endings.resize_with(128, Vec::new);
        for (ending, entry) in lexicon.endings() {
            let Some(key) = key_of(ending) else { continue };
            let length = ending.len();
            let free = Chunk::SIZE - length;
            let (bytes, mask) = (key.0 << (8 * free), u128::MAX << (8 * free));
            endings[(bytes >> 120) as usize].push(Ending { bytes, mask, length, entry });
        }
        endings.iter_mut().for_each(|it| it.sort_by_key(|it| std::cmp::Reverse(it.length)));
        WordTable { slots, endings }
    }

    /// The entry of a word of a text: the same as [`Lexicon::entry`].
    pub fn entry(&self, lexicon: &Lexicon, text: &str, word: Range<usize>) -> u32 {
        match key(text.as_bytes(), word.clone()) {
            Some(key) => match self.lower_entry(key) {
                (entry, true) => lexicon.as_written(entry, &text[word]),
                (entry, false) => entry,
            },
            None => lexicon.entry(&text[word]),
        }
    }

    /// The entry of a word in lower case, and whether it may have another as it is written: then
    /// [`WordTable::entry`] tells.
    #[inline]
    pub fn lower_entry(&self, lower: Chunk) -> (u32, bool) {
        match self.slot(lower) {
            Some(it) => (it.entry, it.is_cased),
            None => (self.by_ending(lower), false),
        }
    }

    /// Whether a word of a text is in a list, in whatever case: the same as
    /// [`Lexicon::is_listed`].
    pub fn is_listed(&self, lexicon: &Lexicon, text: &str, word: Range<usize>) -> bool {
        match key(text.as_bytes(), word.clone()) {
            Some(key) => self.has(key),
            None => lexicon.is_listed(&text[word]),
        }
    }

    /// The same, of a word in lower case.
    #[inline]
    pub fn has(&self, lower: Chunk) -> bool {
        self.slot(lower).is_some()
    }

    #[inline]
    fn slot(&self, key: Chunk) -> Option<&Slot> {
        let slots = &self.slots[..];
        let mut at = key.hash();
        loop {
            let slot = &slots[at & (slots.len() - 1)];
            if slot.key == key {
                return Some(slot);
            }
            if slot.key == Chunk::default() {
                return None;
            }
            at += 1;
        }
    }

    #[inline(never)]
    fn by_ending(&self, word: Chunk) -> u32 {
        let free = word.0.leading_zeros() / 8;
        let length = Chunk::SIZE - free as usize;
        let from_end = word.0 << (8 * free);
        let endings = &self.endings[(from_end >> 120) as usize];
        let fits = |it: &&Ending| from_end & it.mask == it.bytes && it.length < length;
        endings.iter().find(fits).map_or(super::UNKNOWN, |it| it.entry)
    }
}

/// How many ASCII letters eight bytes begin with.
#[inline]
fn letters(bytes: u64) -> usize {
    let lower = bytes | eight(0x20);
    let low_bits = lower & eight(0x7f);
    // The high bit of a byte says whether it is at least `a`, and whether it is behind `z`.
    let (from_a, behind_z) = (low_bits + eight(0x80 - b'a'), low_bits + eight(0x7f - b'z'));
    let no_letters = (!from_a | behind_z | lower) & eight(0x80);
    no_letters.trailing_zeros() as usize / 8
}

/// A word in lower case and with straight apostrophes; nothing where it does not fit.
fn key(text: &[u8], word: Range<usize>) -> Option<Chunk> {
    let length = word.len();
    if length == 0 || length > Chunk::SIZE {
        return None;
    }
    let chunk = Chunk::load(text, word.start).first(length);
    if !chunk.is_whole(length) {
        return None;
    }
    chunk.lower().or_else(|| straight(&text[word])?.lower())
}

fn key_of(word: &str) -> Option<Chunk> {
    key(word.as_bytes(), 0..word.len())
}

/// A word with its first curly apostrophe made straight.
fn straight(word: &[u8]) -> Option<Chunk> {
    const CURLY: &[u8] = "’".as_bytes();
    let at = word.windows(CURLY.len()).position(|it| it == CURLY)?;
    let mut bytes = [0; Chunk::SIZE];
    let rest = &word[at + CURLY.len()..];
    bytes[..at].copy_from_slice(&word[..at]);
    bytes[at] = b'\'';
    bytes[at + 1..=at + rest.len()].copy_from_slice(rest);
    Some(Chunk(u128::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Pack, PackFiles};

    #[test]
    fn letters_end_at_what_is_none() {
        let check = |text: &str, expected: usize| {
            assert_eq!(Chunk::load(text.as_bytes(), 0).letters(), expected, "{text}");
        };
        check("", 0);
        check("Hello, you", 5);
        check("az@", 2);
        check("AZ[", 2);
        check("a`", 1);
        check("z{", 1);
        check("caf\u{e9}", 3);
        check("abcdefghijklmnopqrs", 16);
        check("7th", 0);
    }

    #[test]
    fn words_of_letters_are_folded_and_have_a_form() {
        let check = |word: &str, expected: Shape| {
            let chunk = Chunk::load(format!("{word}, THE end.").as_bytes(), 0);
            let (lower, shape) = chunk.word(word.len());
            assert_eq!(shape, expected, "{word}");
            assert_eq!(Some(lower), key_of(word));
        };
        check("said", Shape::LOWER);
        check("Said", Shape::CAPITAL);
        check("McCain", Shape::MIXED);
        check("iPhone", Shape::MIXED);
        check("NATO", Shape::UPPER);
        check("I", Shape::INITIAL);
        check("a", Shape::LOWER);
        check("INTERNATIONALITY", Shape::UPPER);
    }

    #[test]
    fn the_table_says_what_the_lexicon_says() {
        let pack = Pack::load(PackFiles::embedded()).unwrap();
        let lexicon = &pack.lexicon;
        let table = WordTable::new(lexicon);
        let check = |word: &str| {
            let text = format!("-{word} Z");
            let place = 1..1 + word.len();
            assert_eq!(table.entry(lexicon, &text, place.clone()), lexicon.entry(word), "{word}");
            assert_eq!(table.is_listed(lexicon, &text, place), lexicon.is_listed(word), "{word}");
        };
        for entry in 1..lexicon.len() as u32 {
            let word = lexicon.word(entry);
            check(word);
            check(&word.to_uppercase());
            check(&format!("un{word}ly"));
            check(&word.replace('\'', "’"));
        }
        let strange = [
            "",
            "’",
            "’’s",
            "é",
            "É’s",
            "ly",
            "s",
            "Ss",
            "@",
            "[Us",
            "\0",
            "a\0b",
            "M\u{fc}ller",
            "extraordinarilys",
            "0s",
            "10s",
            "U.S.",
            "Xs",
            "\u{80}",
            "abcdefghijklm’s",
        ];
        strange.iter().for_each(|it| check(it));
    }
}
