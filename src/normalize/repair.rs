//! Mends what transport and conversion broke in a text, and keeps the way back.
//!
//! One scan looks for bytes with which any of the known faults begins; most texts end there.
//! Only faults that cannot be meant are mended: quotation marks and apostrophes of every kind
//! stay as they were written.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use rustc_hash::FxHashSet;

use crate::model::Repaired;
use crate::text::Span;

/// Stretches that always become the same.
const FIXED: &[(&str, &str)] = &[
    ("\u{a0}", " "),
    ("\u{ad}", ""),
    ("\u{2000}", " "),
    ("\u{2001}", " "),
    ("\u{2002}", " "),
    ("\u{2003}", " "),
    ("\u{2004}", " "),
    ("\u{2005}", " "),
    ("\u{2006}", " "),
    ("\u{2007}", " "),
    ("\u{2008}", " "),
    ("\u{2009}", " "),
    ("\u{200a}", " "),
    ("\u{202f}", " "),
    ("\u{205f}", " "),
    ("\u{3000}", " "),
    ("\u{200b}", ""),
    ("\u{200e}", ""),
    ("\u{200f}", ""),
    ("\u{2060}", ""),
    ("\u{feff}", ""),
    ("\u{85}", "\n"),
    ("\u{2028}", "\n"),
    ("\u{2029}", "\n\n"),
    ("\u{fb00}", "ff"),
    ("\u{fb01}", "fi"),
    ("\u{fb02}", "fl"),
    ("\u{fb03}", "ffi"),
    ("\u{fb04}", "ffl"),
    ("\u{fb05}", "st"),
    ("\u{fb06}", "st"),
];

/// Beginnings of stretches that have to be looked at.
const OPEN: &[&str] = &[
    "\r", "`", "´", "&", "\u{200c}", "\u{200d}", "Ã", "Â", "â€", "â„", "â‚", "â\u{80}", "ï»", "ï¬",
    "ðŸ", ">", "#", "*", "_", "[", "](",
];

/// The ASCII characters with which a fault begins.
const ASCII: [u8; 9] = *b"\r`&>#*_[]";

/// Named entities that stand in news texts.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("shy", ""),
    ("zwnj", ""),
    ("zwj", ""),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("deg", "°"),
    ("euro", "€"),
    ("pound", "£"),
    ("cent", "¢"),
    ("yen", "¥"),
    ("sect", "§"),
    ("frac12", "½"),
    ("times", "×"),
    ("agrave", "à"),
    ("aacute", "á"),
    ("acirc", "â"),
    ("atilde", "ã"),
    ("auml", "ä"),
    ("aring", "å"),
    ("aelig", "æ"),
    ("ccedil", "ç"),
    ("egrave", "è"),
    ("eacute", "é"),
    ("ecirc", "ê"),
    ("euml", "ë"),
    ("igrave", "ì"),
    ("iacute", "í"),
    ("icirc", "î"),
    ("iuml", "ï"),
    ("ntilde", "ñ"),
    ("ograve", "ò"),
    ("oacute", "ó"),
    ("ocirc", "ô"),
    ("otilde", "õ"),
    ("ouml", "ö"),
    ("oslash", "ø"),
    ("ugrave", "ù"),
    ("uacute", "ú"),
    ("ucirc", "û"),
    ("uuml", "ü"),
    ("yacute", "ý"),
    ("szlig", "ß"),
    ("Aacute", "Á"),
    ("Auml", "Ä"),
    ("Ccedil", "Ç"),
    ("Eacute", "É"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("scaron", "š"),
    ("Scaron", "Š"),
];

/// The longest name of an entity, with room for numbers.
const LONGEST_ENTITY: usize = 10;

/// Finds faults.
#[derive(Debug)]
pub(super) struct Repairs {
    faults: AhoCorasick,
    /// The characters with which a fault begins.
    first: FxHashSet<char>,
}

/// What stands in place of a stretch of the original.
struct Mended {
    end: usize,
    words: Words,
}

enum Words {
    Fixed(&'static str),
    Char(char),
}

impl Repairs {
    pub(super) fn new() -> Repairs {
        let needles = || FIXED.iter().map(|it| it.0).chain(OPEN.iter().copied());
        let faults = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::DFA))
            .start_kind(StartKind::Anchored)
            .build(needles())
            .expect("some fifty short literals make a small automaton");
        let first = needles().filter_map(|it| it.chars().next()).collect();
        Repairs { faults, first }
    }

    /// The first fault from `at` on: where it begins and ends, and which one it is.
    fn next(&self, text: &str, mut at: usize) -> Option<(usize, usize, usize)> {
        let bytes = text.as_bytes();
        loop {
            at += plain(&bytes[at..]);
            let char = text[at..].chars().next()?;
            if self.first.contains(&char) {
                let input = Input::new(text).range(at..).anchored(Anchored::Yes);
                if let Some(found) = self.faults.find(input) {
                    return Some((at, found.end(), found.pattern().as_usize()));
                }
            }
            at += char.len_utf8();
        }
    }

    /// The mended text, or nothing where nothing has to be mended.
    pub(super) fn mend(&self, text: &str) -> Option<Repaired> {
        let mut repaired = Repaired::default();
        let (mut done, mut from) = (0, 0);
        while let Some((at, end, fault)) = self.next(text, from) {
            let mended = match FIXED.get(fault) {
                Some((_, words)) => Some(Mended { end, words: Words::Fixed(words) }),
                None => mended(text, at),
            };
            let Some(mended) = mended else {
                from = end;
                continue;
            };
            from = mended.end.max(end);
            if repaired.map.is_identity() {
                repaired.text.reserve(text.len());
            }
            repaired.text.push_str(&text[done..at]);
            let start = repaired.text.len();
            match mended.words {
                Words::Fixed(words) => repaired.text.push_str(words),
                Words::Char(char) => repaired.text.push(char),
            }
            done = mended.end;
            repaired.map.push(Span::new(start, repaired.text.len()), Span::new(at, done));
        }
        if repaired.map.is_identity() {
            return None;
        }
        repaired.text.push_str(&text[done..]);
        Some(repaired)
    }
}

/// Bytes up to the first one with which a fault may begin.
fn plain(bytes: &[u8]) -> usize {
    const WIDTH: usize = 32;
    let is_looked_at =
        |it: u8| (it >= 0x80) | ASCII.iter().fold(false, |any, &of| any | (it == of));
    // Without branches inside, so that the machine looks at many bytes at once.
    let is_plain = |chunk: &&[u8]| !chunk.iter().fold(false, |any, &it| any | is_looked_at(it));
    let done = WIDTH * bytes.chunks_exact(WIDTH).take_while(is_plain).count();
    let rest = bytes[done..].iter().position(|&it| is_looked_at(it));
    rest.map_or(bytes.len(), |it| done + it)
}

/// What stands at `at`, where one of [`OPEN`] begins.
fn mended(text: &str, at: usize) -> Option<Mended> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'\r' if rest.as_bytes().get(1) == Some(&b'\n') => {
            Some(Mended { end: at + 1, words: Words::Fixed("") })
        }
        b'\r' => Some(Mended { end: at + 1, words: Words::Fixed("\n") }),
        b'&' => entity(rest, at),
        b'>' | b'#' if matches!(text.as_bytes()[..at].last(), None | Some(b'\n' | b'\r')) => {
            let marks = line_marks(rest);
            (marks > 0).then_some(Mended { end: at + marks, words: Words::Fixed("") })
        }
        b'>' | b'#' => None,
        b'*' | b'_' => emphasis(text, at),
        b'[' => link_opens(rest).then_some(Mended { end: at + 1, words: Words::Fixed("") }),
        b']' => link_closes(text, at),
        b'`' => between_letters(text, at, at + 1, "'"),
        _ if rest.starts_with('´') => between_letters(text, at, at + '´'.len_utf8(), "'"),
        _ if rest.starts_with(['\u{200c}', '\u{200d}']) => joiner(text, at),
        _ => misread(rest, at),
    }
}

/// Length of the marks of Markdown that open a line: `> ` of what is quoted, `## ` of a heading.
fn line_marks(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut end = 0;
    while bytes.get(end) == Some(&b'>') {
        end += 1;
        end += usize::from(bytes.get(end) == Some(&b' '));
    }
    let is_quote = end > 0 && matches!(bytes.get(end - 1), Some(b' '))
        || matches!(bytes.get(end), None | Some(b'\n' | b'\r'));
    if !is_quote {
        end = 0;
    }
    let hashes = bytes[end..].iter().take_while(|it| **it == b'#').count();
    match bytes.get(end + hashes) {
        Some(b' ') if (1..=6).contains(&hashes) => end + hashes + 1,
        _ => end,
    }
}

/// Bytes of a line in which marks of Markdown are looked for that belong together.
const REACH: usize = 300;

/// A star or underscore, or two of them, that make words of a line stand out.
fn emphasis(text: &str, at: usize) -> Option<Mended> {
    let mark = text.as_bytes()[at];
    let is_mark = |it: Option<&u8>| it == Some(&mark);
    let len = if is_mark(text.as_bytes().get(at + 1)) { 2 } else { 1 };
    let (before, after) = (&text.as_bytes()[..at], &text.as_bytes()[at + len..]);
    if is_mark(before.last()) || is_mark(after.first()) {
        return None;
    }
    let fits = if opens(before.last(), after.first()) {
        let line = within_line(after.iter().take(REACH));
        (0..line)
            .any(|it| is_pair(after, it, mark, len) && closes(&after[..it], after.get(it + len)))
    } else if closes(before, after.first()) {
        let line = within_line(before.iter().rev().take(REACH));
        let first = before.len() - line;
        (first..before.len()).rev().any(|it| {
            let start = if it == 0 { None } else { before.get(it - 1) };
            is_pair(before, it, mark, len) && opens(start, before.get(it + len))
        })
    } else {
        false
    };
    fits.then_some(Mended { end: at + len, words: Words::Fixed("") })
}

/// Whether exactly `len` marks stand at `at`.
fn is_pair(bytes: &[u8], at: usize, mark: u8, len: usize) -> bool {
    let before = at.checked_sub(1).map(|it| bytes[it]);
    let run = bytes[at..].iter().take_while(|it| **it == mark).count();
    run == len && before != Some(mark)
}

/// Whether marks between these two bytes open what stands out.
fn opens(before: Option<&u8>, after: Option<&u8>) -> bool {
    let is_word = |it: &u8| !it.is_ascii_whitespace() && !matches!(it, b'.' | b',' | b';' | b')');
    before.is_none_or(|it| it.is_ascii_whitespace() || b"([\"'*_".contains(it) || !it.is_ascii())
        && after.is_some_and(is_word)
}

/// Whether marks behind these bytes, and before that one, close what stands out.
fn closes(before: &[u8], after: Option<&u8>) -> bool {
    before.last().is_some_and(|it| !it.is_ascii_whitespace())
        && after.is_none_or(|it| !it.is_ascii_alphanumeric())
}

/// How many bytes come before the line ends.
fn within_line<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    bytes.take_while(|it| **it != b'\n').count()
}

/// Whether `[words](address)` begins here.
fn link_opens(rest: &str) -> bool {
    let line = &rest.as_bytes()[1..];
    let line = &line[..within_line(line.iter().take(REACH))];
    let end = line.iter().position(|it| matches!(it, b'[' | b']'));
    end.is_some_and(|it| line[it] == b']' && address(&rest.as_bytes()[it + 2..]).is_some())
}

/// The `](address)` behind the words of a link.
fn link_closes(text: &str, at: usize) -> Option<Mended> {
    let len = address(&text.as_bytes()[at + 1..])?;
    let before = &text.as_bytes()[..at];
    let line = within_line(before.iter().rev().take(REACH));
    let open = before[before.len() - line..].iter().rfind(|it| matches!(it, b'[' | b']'));
    (open == Some(&b'[')).then_some(Mended { end: at + 1 + len, words: Words::Fixed("") })
}

/// Length of an address in brackets.
fn address(rest: &[u8]) -> Option<usize> {
    let is_address = ["(http", "(/", "(#", "(www.", "(mailto:"];
    if !is_address.iter().any(|it| rest.starts_with(it.as_bytes())) {
        return None;
    }
    let is_end = |it: &u8| matches!(it, b')' | b'\n');
    let end = rest.iter().take(4 * REACH).position(is_end).filter(|&it| rest[it] == b')')?;
    Some(end + 1)
}

/// A mark inside a word.
fn between_letters(text: &str, at: usize, end: usize, words: &'static str) -> Option<Mended> {
    let before = text[..at].chars().next_back()?;
    let after = text[end..].chars().next()?;
    let fits = before.is_alphabetic() && after.is_alphabetic();
    fits.then_some(Mended { end, words: Words::Fixed(words) })
}

/// Joiners have a meaning in other scripts and between emoji, and none beside Latin letters.
fn joiner(text: &str, at: usize) -> Option<Mended> {
    let end = at + '\u{200d}'.len_utf8();
    let is_plain = |it: Option<char>| it.is_none_or(|it| it.is_ascii());
    let fits = is_plain(text[..at].chars().next_back()) && is_plain(text[end..].chars().next());
    fits.then_some(Mended { end, words: Words::Fixed("") })
}

fn entity(rest: &str, at: usize) -> Option<Mended> {
    let (mut words, mut len) = one_entity(rest)?;
    // `&amp;#39;` was escaped twice.
    if let Words::Fixed("&") = words {
        let mut again = String::from("&");
        again.extend(rest[len..].chars().take(LONGEST_ENTITY + 1));
        if let Some((inner, inner_len)) = one_entity(&again) {
            words = inner;
            len += inner_len - 1;
        }
    }
    Some(Mended { end: at + len, words })
}

/// The entity at the beginning, with its length.
fn one_entity(rest: &str) -> Option<(Words, usize)> {
    let head = &rest.as_bytes()[1..rest.len().min(LONGEST_ENTITY + 2)];
    let end = head.iter().position(|it| *it == b';')?;
    let name = std::str::from_utf8(&head[..end]).ok()?;
    let len = end + 2;
    let Some(number) = name.strip_prefix('#') else {
        let (_, words) = ENTITIES.iter().find(|it| it.0 == name)?;
        return Some((Words::Fixed(words), len));
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Numbers from 128 to 159 mean Windows characters, as browsers take them.
    let char = match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => windows_char(byte)?,
        _ => char::from_u32(code)?,
    };
    if char.is_control() && char != '\n' && char != '\t' {
        return None;
    }
    Some((cleaned(char), len))
}

/// UTF-8 that was read as Windows-1252 or Latin-1: `â€™` for `’`.
fn misread(rest: &str, at: usize) -> Option<Mended> {
    let mut bytes = [0u8; 4];
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    bytes[0] = windows_byte(first)?;
    let count = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    for byte in &mut bytes[1..count] {
        *byte = windows_byte(chars.next()?.1).filter(|it| (0x80..=0xbf).contains(it))?;
    }
    let char = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
    if char.is_control() {
        return None;
    }
    let len = chars.next().map_or(rest.len(), |it| it.0);
    Some(Mended { end: at + len, words: cleaned(char) })
}

/// A character that came out of a repair, itself mended.
fn cleaned(char: char) -> Words {
    let mut buffer = [0; 4];
    let words: &str = char.encode_utf8(&mut buffer);
    match FIXED.iter().find(|it| it.0 == words) {
        Some((_, words)) => Words::Fixed(words),
        None => Words::Char(char),
    }
}

/// The characters of Windows-1252 from 0x80 to 0x9f; those that it leaves out are Latin-1's.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_byte(char: char) -> Option<u8> {
    match u32::from(char) {
        code @ 0x80..=0xff => Some(code as u8),
        _ => WINDOWS.iter().position(|it| *it == char).map(|it| it as u8 + 0x80),
    }
}

fn windows_char(byte: u8) -> Option<char> {
    let char = WINDOWS[usize::from(byte) - 0x80];
    (!char.is_control()).then_some(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = Repairs::new().mend(text);
        assert_eq!(found.as_ref().map_or(text, |it| &it.text), expected);
        if text == expected {
            assert!(found.is_none(), "copied without need");
        }
    }

    #[test]
    fn clean_text_is_left_alone() {
        check("", "");
        check(
            "“Ana’s pier,” said Zoë — R&D at AT&T; 5 & 6.",
            "“Ana’s pier,” said Zoë — R&D at AT&T; 5 & 6.",
        );
        check("He said ``yes'' and `no`.", "He said ``yes'' and `no`.");
        check("São Paulo, Ângela, CAFÉ», Ïle, Ã, â.", "São Paulo, Ângela, CAFÉ», Ïle, Ã, â.");
        check("می\u{200c}خواهم 👨\u{200d}👩", "می\u{200c}خواهم 👨\u{200d}👩");
    }

    #[test]
    fn all_faults_are_looked_for() {
        let needles = FIXED.iter().map(|it| it.0).chain(OPEN.iter().copied());
        let first = needles.map(|it| it.as_bytes()[0]);
        assert_eq!(first.filter(u8::is_ascii).collect::<Vec<_>>(), ASCII);
        for at in 0..80 {
            let [before, after] = [at, 80 - at].map(|it| "x".repeat(it));
            check(&format!("{before}\u{a0}{after}"), &format!("{before} {after}"));
        }
    }

    #[test]
    fn misread_bytes_are_read_again() {
        check("Anaâ€™s â€œpierâ€\u{9d} â€” ZoÃ«", "Ana’s “pier” — Zoë");
        check("cafÃ© Â£5 Â\u{a0}x 5â‚¬ Proâ„¢", "café £5  x 5€ Pro™");
        check("Anaâ\u{80}\u{99}s", "Ana’s");
        check("ï»¿Words ðŸ˜€", "Words 😀");
    }

    #[test]
    fn entities_are_read() {
        check("R&amp;D &quot;x&quot; &#8217; &#x2019; &#146; a&nbsp;b", "R&D \"x\" ’ ’ ’ a b");
        check("Ana&amp;#39;s &amp;amp; &amp;x;", "Ana's & &x;");
        check("&unknown; &#0; &; & &#xZZ;", "&unknown; &#0; &; & &#xZZ;");
    }

    #[test]
    fn signs_that_nobody_sees_go() {
        check("co\u{ad}operation\u{200b} a\u{a0}b\u{2009}c", "cooperation a b c");
        check("ﬁnd oﬃce", "find office");
        check("One.\r\n\r\nTwo.\rThree.", "One.\n\nTwo.\nThree.");
        check("a\u{200d}b", "ab");
    }

    #[test]
    fn a_wrong_apostrophe_is_set_right() {
        check("China`s and Diaz´s", "China's and Diaz's");
    }

    #[test]
    fn marks_of_markdown_go() {
        check(
            "> “We won,”\n> she *said*.\n>\n> > He **lost**.",
            "“We won,”\nshe said.\n\nHe lost.",
        );
        check("# Pier\n\n## The *old* one #2\n#1 is new", "Pier\n\nThe old one #2\n#1 is new");
        check("in [the *Bay* Courier](https://x.example/a_b) [sic]", "in the Bay Courier [sic]");
        check("_The Courier_ and **both**, “*she*”", "The Courier and both, “she”");
    }

    #[test]
    fn marks_of_something_else_stay() {
        for text in [
            "2 * 3 * 4 and 5*6*7",
            "* one\n* two",
            "Price* was high.\n*Without tax",
            "snake_case_name and a_b _ c",
            "****\n___\n* * *",
            "[the] mayor](x) [a](b)",
            "a > b\n>5 percent",
            "f** him and s**t",
            "Read [this",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn the_way_back_leads_to_the_same_words() {
        let text = "Anaâ€™s cafÃ© &amp; pier\r\nend";
        let found = Repairs::new().mend(text).unwrap();
        let at = found.text.find("pier").unwrap();
        let back = found.map.to_original(Span::new(at, at + 4));
        assert_eq!(back.of(text), "pier");
        let at = found.text.find("café").unwrap();
        let back = found.map.to_original(Span::new(at, at + "café".len()));
        assert_eq!(back.of(text), "cafÃ©");
    }
}
