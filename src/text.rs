//! Places in a text, and the way back from a repaired text to the one that was read.

use std::ops::Range;

/// A half-open range of bytes in a text: `start..end`.
///
/// Always on character boundaries of the text it was made for. Code points, which the
/// outside world counts in, are made by [`CodePoints`] at the very end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of the bytes `start..end`.
    ///
    /// Texts are shorter than 4 GiB: reading refuses longer ones.
    #[inline]
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "a span runs forward: {start}..{end}");
        Span { start: start as u32, end: end as u32 }
    }

    /// The words at this place of `text`.
    #[inline]
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// As a range of `usize`.
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies inside, edges included.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether both hold a common byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same place without white space at its edges.
    pub fn trim(self, text: &str) -> Span {
        let words = self.of(text);
        let start = self.start as usize + (words.len() - words.trim_start().len());
        Span::new(start, start + words.trim().len())
    }
}

/// Words with one space between two of them, and none around.
pub fn spaced(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The way from a repaired text back to the original.
///
/// Kept as the edits that were made; where none was made, both texts are the same and
/// every place is its own origin.
#[derive(Debug, Clone, Default)]
pub struct OffsetMap {
    /// Each edit as (place in the repaired text, length there, place in the original, length
    /// there), all in bytes, sorted, never overlapping.
    edits: Vec<Edit>,
}

/// A stretch of the original that was replaced by other words.
#[derive(Debug, Clone, Copy)]
struct Edit {
    repaired: Span,
    original: Span,
}

impl OffsetMap {
    /// Notes that `original` was replaced by `repaired`; calls come in order of place.
    pub fn push(&mut self, repaired: Span, original: Span) {
        self.edits.push(Edit { repaired, original });
    }

    /// Whether no edit was made.
    pub fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    /// The place in the original that `span` of the repaired text comes from.
    ///
    /// A span that begins or ends inside a replaced stretch takes in the whole stretch.
    pub fn to_original(&self, span: Span) -> Span {
        let start = self.origin(span.start, false);
        let end = self.origin(span.end, true);
        Span { start, end: end.max(start) }
    }

    fn origin(&self, at: u32, is_end: bool) -> u32 {
        // Edits that begin before `at`; an edit that begins exactly there changes only a start.
        let before = self.edits.partition_point(|it| {
            if is_end { it.repaired.start < at } else { it.repaired.start <= at }
        });
        let Some(edit) = before.checked_sub(1).map(|i| self.edits[i]) else { return at };
        let inside = if is_end { at <= edit.repaired.end } else { at < edit.repaired.end };
        match (inside, is_end) {
            (true, false) => edit.original.start,
            (true, true) => edit.original.end,
            (false, _) => edit.original.end + (at - edit.repaired.end),
        }
    }
}

/// Turns byte offsets of one text into code points.
///
/// ASCII texts need no table; others are counted from the nearest of the marks that are set
/// every 64 bytes.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points before byte `64 * i`, or nothing where the text is ASCII.
    marks: Vec<u32>,
}

const STRIDE: usize = 64;

impl<'a> CodePoints<'a> {
    /// Counts `text` once.
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            marks.reserve(text.len() / STRIDE + 1);
            for chunk in text.as_bytes().chunks(STRIDE) {
                marks.push(count);
                count += chars_in(chunk);
            }
            marks.push(count);
        }
        CodePoints { text, marks }
    }

    /// Code points before the byte at `offset`.
    pub fn at(&self, offset: u32) -> u32 {
        if self.marks.is_empty() {
            return offset;
        }
        let offset = offset as usize;
        let mark = offset / STRIDE;
        self.marks[mark] + chars_in(&self.text.as_bytes()[mark * STRIDE..offset])
    }

    /// A span in code points: `[start, end]`, end exclusive.
    pub fn span(&self, span: Span) -> [u32; 2] {
        [self.at(span.start), self.at(span.end)]
    }
}

/// Bytes that begin a character, of [`STRIDE`] at most: a sum of bytes is quick, and holds it.
#[inline]
fn chars_in(bytes: &[u8]) -> u32 {
    debug_assert!(bytes.len() <= STRIDE);
    bytes.iter().map(|&it| u8::from(it as i8 >= -0x40)).fold(0, u8::wrapping_add).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_count_characters() {
        let text = "é😀 abc".repeat(200);
        let points = CodePoints::new(&text);
        for (count, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(points.at(at as u32), count as u32);
        }
        assert_eq!(points.at(text.len() as u32), text.chars().count() as u32);
    }

    #[test]
    fn a_replaced_stretch_is_taken_whole() {
        // "a&amp;b" was repaired to "a&b".
        let mut map = OffsetMap::default();
        map.push(Span::new(1, 2), Span::new(1, 6));
        let origin = |a, b| map.to_original(Span::new(a, b)).range();
        assert_eq!(origin(0, 1), 0..1);
        assert_eq!(origin(1, 2), 1..6);
        assert_eq!(origin(2, 3), 6..7);
        assert_eq!(origin(0, 3), 0..7);
    }

    #[test]
    fn a_dropped_stretch_belongs_to_no_neighbor() {
        // "ab" with a soft hyphen between was repaired to "ab".
        let mut map = OffsetMap::default();
        map.push(Span::new(1, 1), Span::new(1, 3));
        assert_eq!(map.to_original(Span::new(0, 1)).range(), 0..1);
        assert_eq!(map.to_original(Span::new(1, 2)).range(), 3..4);
        assert_eq!(map.to_original(Span::new(0, 2)).range(), 0..4);
    }
}
