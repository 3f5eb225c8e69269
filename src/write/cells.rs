//! Cells of CSV that every spreadsheet opens as what they are.

use super::json;

/// Words that have been looked through once, for both of the lines that they stand in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked<'a> {
    words: &'a str,
    signs: u8,
}

impl<'a> Looked<'a> {
    #[inline]
    pub(super) fn new(words: &'a str) -> Looked<'a> {
        Looked { words, signs: signs(words.as_bytes()) }
    }

    /// Appends them between quotation marks, as JSON has them.
    #[inline]
    pub(super) fn push_json(self, to: &mut Vec<u8>) {
        if self.signs & ROUGH != 0 {
            return json::push_escaped(to, self.words);
        }
        to.reserve(self.words.len() + 2);
        to.push(b'"');
        to.extend_from_slice(self.words.as_bytes());
        to.push(b'"');
    }

    /// Appends them as a cell, without the comma.
    ///
    /// White space is folded, so that a row is one line. A cell that a spreadsheet would run as a
    /// formula gets an apostrophe in front.
    #[inline]
    pub(super) fn push_cell(self, row: &mut Vec<u8>) {
        let bytes = self.words.as_bytes();
        let [Some(&first), Some(&last)] = [bytes.first(), bytes.last()] else { return };
        let is_rough = self.signs & ROUGH != 0 || last == b' ';
        if is_rough || matches!(first, b' ' | b'=' | b'+' | b'-' | b'@') {
            push_rough(row, self.words);
        } else if self.signs & COMMA != 0 {
            row.reserve(bytes.len() + 2);
            row.push(b'"');
            row.extend_from_slice(bytes);
            row.push(b'"');
        } else {
            row.extend_from_slice(bytes);
        }
    }
}

/// Appends a cell, see [`Looked::push_cell`].
pub(super) fn push(row: &mut Vec<u8>, words: &str) {
    Looked::new(words).push_cell(row);
}

/// Appends a cell that may need more than quotation marks around it.
fn push_rough(row: &mut Vec<u8>, words: &str) {
    let words = words.trim();
    let bytes = words.as_bytes();
    row.reserve(bytes.len() + 4);
    let needs_quotes = memchr::memchr2(b',', b'"', bytes).is_some();
    if needs_quotes {
        row.push(b'"');
    }
    if words.starts_with(['=', '+', '-', '@']) {
        row.push(b'\'');
    }
    push_folded(row, words);
    if needs_quotes {
        row.push(b'"');
    }
}

/// What makes a cell or a string of JSON more than its words: commas, and all that may have to be
/// escaped or folded, which is looked at more closely then.
const COMMA: u8 = 1;
const ROUGH: u8 = 2;

/// The signs of each byte by itself. White space beyond ASCII may begin with the last four.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut at = 0;
    while at < b' ' as usize {
        signs[at] = ROUGH;
        at += 1;
    }
    signs[b',' as usize] = COMMA;
    signs[b'"' as usize] = ROUGH;
    signs[b'\\' as usize] = ROUGH;
    let mut at = 0;
    while at < 4 {
        signs[[0xc2, 0xe1, 0xe2, 0xe3][at]] = ROUGH;
        at += 1;
    }
    signs
};

/// Bytes that are looked at together, of long words and of short ones.
const WIDTH: usize = 32;
const BLOCK: usize = 16;

/// The signs of some bytes; in doubt they are rough.
fn signs(bytes: &[u8]) -> u8 {
    let Some(last) = bytes.len().checked_sub(WIDTH + 2) else {
        return signs_of_ascii(bytes).unwrap_or_else(|| signs_of_few(bytes));
    };
    let mut at = 0;
    let mut signs = signs_of_few(&bytes[last + WIDTH..]);
    loop {
        signs |= signs_together(&bytes[at..at + WIDTH + 2]);
        if at == last {
            return signs;
        }
        at = last.min(at + WIDTH);
    }
}

/// The signs of a few bytes that are ASCII without what is rough and with no more than one space
/// in a row, as nearly all are; nothing where they ask for a closer look.
#[inline]
fn signs_of_ascii(bytes: &[u8]) -> Option<u8> {
    let (smooth, commas) = match bytes.len() {
        0..4 => return None,
        4..8 => look(two::<4>(bytes)),
        8..=16 => look(two::<8>(bytes)),
        // Each block begins with the last byte of the one before, so that all neighbors meet.
        len => {
            let mut found = (true, false);
            for at in (0..len - BLOCK).step_by(BLOCK - 1).chain([len - BLOCK]) {
                let block = *bytes[at..].first_chunk().expect("a block at least");
                let (smooth, commas) = look(block);
                found = (found.0 & smooth, found.1 | commas);
            }
            found
        }
    };
    smooth.then_some(u8::from(commas) * COMMA)
}

/// The first and the last bytes, some of which may be the same, in a block.
#[inline]
fn two<const N: usize>(bytes: &[u8]) -> [u8; BLOCK] {
    let mut block = [b'x'; BLOCK];
    block[..N].copy_from_slice(&bytes[..N]);
    block[N..2 * N].copy_from_slice(&bytes[bytes.len() - N..]);
    block
}

/// Whether a block needs no closer look, and whether it has commas: without branches, so that the
/// machine looks at all of it at once.
#[inline]
fn look(block: [u8; BLOCK]) -> (bool, bool) {
    let (mut rough, mut commas) = (false, false);
    for it in block {
        rough |= (it < b' ') | (it == b'"') | (it == b'\\') | (it >= 0x80);
        commas |= it == b',';
    }
    let [first, second] = [0, 8].map(|at| *block[at..].first_chunk().expect("eight bytes"));
    let spaces = has_two_spaces(first) | has_two_spaces(second);
    (!rough & !spaces & ((block[7] != b' ') | (block[8] != b' ')), commas)
}

/// Whether two neighbors are spaces. After "Hacker's Delight" (Warren), chapter 6: eight bytes
/// looked at as one number, in which a byte is zero where it and the one behind are spaces.
#[inline]
fn has_two_spaces(bytes: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let others = u64::from_le_bytes(bytes) ^ (ONES * 0x20);
    let singles = others | (others >> 8) | (0xff << 56);
    singles.wrapping_sub(ONES) & !singles & (ONES << 7) != 0
}

fn signs_of_few(bytes: &[u8]) -> u8 {
    let (mut signs, mut before) = (0, 0);
    for &it in bytes {
        let is_second = before == b' ' && it == b' ';
        signs |= SIGNS[usize::from(it)] | if is_second { ROUGH } else { 0 };
        before = it;
    }
    signs
}

/// The signs of [`WIDTH`] bytes, of which each is known with the two behind it: without branches,
/// so that the machine looks at many of them at once.
#[inline]
fn signs_together(bytes: &[u8]) -> u8 {
    let (a, b, c) = (&bytes[..WIDTH], &bytes[1..=WIDTH], &bytes[2..WIDTH + 2]);
    let (mut commas, mut rough) = (false, false);
    for at in 0..WIDTH {
        let (a, b, c) = (a[at], b[at], c[at]);
        commas |= a == b',';
        rough |= (a < b' ')
            | (a == b'"')
            | (a == b'\\')
            | (a == 0xe1)
            | (a == 0xe3)
            | (a == b' ') & (b == b' ')
            | (a == 0xc2) & ((b == 0x85) | (b == 0xa0))
            | (a == 0xe2) & ((b == 0x81) | (b == 0x80) & !(0x8b..=0xa7).contains(&c));
    }
    if rough { ROUGH } else { u8::from(commas) * COMMA }
}

/// Appends words with white space folded and quotation marks doubled.
fn push_folded(row: &mut Vec<u8>, words: &str) {
    let bytes = words.as_bytes();
    // The bytes from `done` on can be copied as they stand.
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        match CLASSES[usize::from(bytes[at])] {
            Class::Plain => at += 1,
            Class::Quote => {
                row.extend_from_slice(&bytes[done..=at]);
                done = at;
                at += 1;
            }
            // Most white space is one space between two words.
            Class::Space if bytes[at] == b' ' && is_plain(bytes.get(at + 1)) => at += 2,
            Class::Space | Class::Wide => {
                let rest = words[at..].trim_start();
                let next = bytes.len() - rest.len();
                if next > at {
                    row.extend_from_slice(&bytes[done..at]);
                    row.push(b' ');
                    done = next;
                }
                at = next.max(at + 1);
                while !words.is_char_boundary(at) {
                    at += 1;
                }
            }
        }
    }
    row.extend_from_slice(&bytes[done..]);
}

/// What a byte means for a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Quote,
    Space,
    /// White space beyond ASCII may begin with it.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    classes[b'"' as usize] = Class::Quote;
    let mut at = 0;
    while at < 6 {
        classes[b" \t\n\x0b\x0c\r"[at] as usize] = Class::Space;
        at += 1;
    }
    // The first bytes of U+0085 and U+00A0, U+1680, U+2000 and on, U+3000.
    let mut at = 0;
    while at < 4 {
        classes[[0xc2, 0xe1, 0xe2, 0xe3][at]] = Class::Wide;
        at += 1;
    }
    classes
};

fn is_plain(byte: Option<&u8>) -> bool {
    byte.is_some_and(|&it| CLASSES[usize::from(it)] == Class::Plain)
}

/// The words of a cell without the apostrophe that makes it safe.
pub(super) fn plain(cell: &str) -> String {
    let bare = cell.strip_prefix('\'').filter(|it| it.starts_with(['=', '+', '-', '@']));
    bare.unwrap_or(cell).to_owned()
}

/// A row of cells.
pub(super) fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut row = Vec::new();
    push_row(&mut row, cells);
    row
}

/// Appends cells with commas between them.
pub(super) fn push_row<'a>(row: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            row.push(b',');
        }
        push(row, cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_safe_to_open() {
        for (words, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a, b", "\"a, b\""),
            ("“so” \"so\"", "\"“so” \"\"so\"\"\""),
            ("two\r\n lines ", "two lines"),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("\t=1+1", "'=1+1"),
            ("-5 %", "'-5 %"),
            ("@who", "'@who"),
            ("+1", "'+1"),
            ("a=b", "a=b"),
            ("a\u{a0} b \u{3000}\u{2009}", "a b"),
            ("é “x” \"\" ’", "\"é “x” \"\"\"\" ’\""),
        ] {
            assert_eq!(String::from_utf8(row([words])).unwrap(), expected, "{words:?}");
        }
        // Wherever in a long cell a sign stands, it is seen.
        for (sign, expected) in
            [(",", ","), ("\"", "\"\""), ("  ", " "), ("\n", " "), ("\u{2009}", " "), ("’", "’")]
        {
            for at in 1..120 {
                let [before, after] = [at, 120 - at].map(|it| "x".repeat(it));
                let mut expected = format!("{before}{expected}{after}");
                if [",", "\""].contains(&sign) {
                    expected = format!("\"{expected}\"");
                }
                let cell = row([format!("{before}{sign}{after}").as_str()]);
                assert_eq!(String::from_utf8(cell).unwrap(), expected);
            }
        }
        assert_eq!(row(["a", "", "c"]), b"a,,c");
        // And in a short one, wherever its words begin and end.
        for len in 1..40 {
            for at in 0..len {
                let mut cell = "x".repeat(len);
                cell.replace_range(at..=at, " ");
                assert_eq!(row([cell.as_str()]), cell.trim().as_bytes());
                cell.insert(at, ' ');
                assert_eq!(row([cell.as_str()]), cell.replace("  ", " ").trim().as_bytes());
                let cell = cell.replace("  ", ",");
                assert_eq!(row([cell.as_str()]), format!("\"{cell}\"").as_bytes());
            }
        }
    }
}
