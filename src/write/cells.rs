//! Cells of CSV that every spreadsheet opens as what they are.

/// Appends a cell, without the comma.
///
/// White space is folded, so that a row is one line. A cell that a spreadsheet would run as a
/// formula gets an apostrophe in front.
pub(super) fn push(row: &mut Vec<u8>, words: &str) {
    row.reserve(words.len() + 4);
    let words = words.trim();
    let bytes = words.as_bytes();
    let needs_quotes = memchr::memchr2(b',', b'"', bytes).is_some();
    if needs_quotes {
        row.push(b'"');
    }
    if words.starts_with(['=', '+', '-', '@']) {
        row.push(b'\'');
    }
    if is_smooth(bytes) {
        row.extend_from_slice(bytes);
    } else {
        push_folded(row, words);
    }
    if needs_quotes {
        row.push(b'"');
    }
}

/// Whether a cell without white space at its edges can be copied as it stands: without branches,
/// so that many bytes are looked at together. In doubt it cannot.
fn is_smooth(bytes: &[u8]) -> bool {
    let next = bytes.get(1..).unwrap_or_default();
    let third = bytes.get(2..).unwrap_or_default();
    let single = |it: u8| (it < b' ') | (it == b'"') | (it == 0xe1) | (it == 0xe3);
    let pair = |a: u8, b: u8| {
        (a == b' ') & (b == b' ')
            | (a == 0xc2) & ((b == 0x85) | (b == 0xa0))
            | (a == 0xe2) & (b == 0x81)
    };
    let triple = |a: u8, b: u8, c: u8| (a == 0xe2) & (b == 0x80) & !(0x8b..=0xa7).contains(&c);
    let singles = bytes.iter().fold(false, |rough, &a| rough | single(a));
    let pairs = bytes.iter().zip(next).fold(false, |rough, (&a, &b)| rough | pair(a, b));
    let triples = bytes.iter().zip(next).zip(third);
    !singles && !pairs && !triples.fold(false, |rough, ((&a, &b), &c)| rough | triple(a, b, c))
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
        assert_eq!(row(["a", "", "c"]), b"a,,c");
    }
}
