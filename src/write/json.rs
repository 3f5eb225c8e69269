//! JSON written by hand: the same bytes as `serde_json`'s, without asking each field for its name.
//!
//! Rows of statements and documents are most of what the program writes, so their members are
//! literals here and words are looked through many bytes at a time. Tests hold it against
//! `serde_json`.

use super::cells::Looked;

/// The members of one object. Each key is given with the comma, quotation marks and colon around it
/// (see [`key`]), so that it is copied as it stands; the first comma becomes the brace.
pub(super) struct Object<'a> {
    pub(super) to: &'a mut Vec<u8>,
    start: usize,
}

/// A key as it stands in an object behind another member.
macro_rules! key {
    ($name:literal) => {
        concat!(",\"", $name, "\":")
    };
}
pub(super) use key;

impl<'a> Object<'a> {
    /// Opens an object, which has one member at least.
    pub(super) fn new(to: &'a mut Vec<u8>) -> Object<'a> {
        let start = to.len();
        Object { to, start }
    }

    /// Appends a key made by [`key`]; its value has to follow.
    #[inline(always)]
    pub(super) fn key(&mut self, key: &'static str) -> &mut Vec<u8> {
        self.to.extend_from_slice(key.as_bytes());
        self.to
    }

    #[inline(always)]
    pub(super) fn words(&mut self, key: &'static str, words: &str) {
        push_str(self.key(key), words);
    }

    /// As [`Object::words`] for words that stand in a cell, too.
    #[inline(always)]
    pub(super) fn looked(&mut self, key: &'static str, words: Looked) {
        words.push_json(self.key(key));
    }

    #[inline(always)]
    pub(super) fn number(&mut self, key: &'static str, number: u32) {
        push_number(self.key(key), number);
    }

    /// Appends a count, which may be larger than a place in a text.
    pub(super) fn large(&mut self, key: &'static str, number: u64) {
        let to = self.key(key);
        match u32::try_from(number) {
            Ok(number) => push_number(to, number),
            Err(_) => to.extend_from_slice(number.to_string().as_bytes()),
        }
    }

    /// Appends a member that is absent where it is false.
    pub(super) fn flag(&mut self, key: &'static str, is_set: bool) {
        if is_set {
            self.key(key).extend_from_slice(b"true");
        }
    }

    /// Appends an array; `push` appends one item.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        items: &[T],
        mut push: impl FnMut(&mut Vec<u8>, &T),
    ) {
        let to = self.key(key);
        to.push(b'[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                to.push(b',');
            }
            push(to, item);
        }
        to.push(b']');
    }

    /// Closes the object.
    pub(super) fn close(self) {
        self.leave_open().push(b'}');
    }

    /// Ends the object but for its closing brace.
    pub(super) fn leave_open(self) -> &'a mut Vec<u8> {
        self.to[self.start] = b'{';
        self.to
    }
}

/// Bytes that are looked at together.
const CHUNK: usize = 32;

/// Appends words between quotation marks, with escapes where JSON wants them.
#[inline]
pub(super) fn push_str(to: &mut Vec<u8>, words: &str) {
    Looked::new(words).push_json(to);
}

/// As [`push_str`] for words that are likely to need escapes.
pub(super) fn push_escaped(to: &mut Vec<u8>, words: &str) {
    let mut rest = words.as_bytes();
    to.reserve(rest.len() + 2);
    to.push(b'"');
    while let Some(at) = first_escaped(rest) {
        to.extend_from_slice(&rest[..at]);
        push_escape(to, rest[at]);
        rest = &rest[at + 1..];
    }
    to.extend_from_slice(rest);
    to.push(b'"');
}

/// The place of the first byte that JSON wants escaped.
#[inline]
fn first_escaped(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    // Without branches inside, so that the machine looks at all bytes of a chunk together.
    while let Some(chunk) = bytes.get(at..at + CHUNK) {
        if chunk.iter().fold(false, |found, &it| found | is_escaped(it)) {
            break;
        }
        at += CHUNK;
    }
    bytes[at..].iter().position(|&it| is_escaped(it)).map(|it| at + it)
}

#[inline]
fn is_escaped(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

fn push_escape(to: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            to.extend_from_slice(b"\\u00");
            to.extend([byte >> 4, byte & 15].map(|it| DIGITS[usize::from(it)]));
            return;
        }
    };
    to.extend([b'\\', short]);
}

/// Appends a number.
pub(super) fn push_number(to: &mut Vec<u8>, number: u32) {
    const MOST: usize = 10;
    let mut count = 1;
    let mut limit = 10;
    while count < MOST && u64::from(number) >= limit {
        count += 1;
        limit *= 10;
    }
    let mut digits = [b'0'; MOST];
    let mut rest = number;
    for digit in digits[..count].iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    // All ten are copied, since their number is known beforehand.
    let end = to.len() + count;
    to.extend_from_slice(&digits);
    to.truncate(end);
}

/// Appends a place: its beginning and its end.
pub(super) fn push_place(to: &mut Vec<u8>, [start, end]: [u32; 2]) {
    to.push(b'[');
    push_number(to, start);
    to.push(b',');
    push_number(to, end);
    to.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_as_serde_does() {
        let long = "x".repeat(31);
        let all: String = (0..0x180).filter_map(char::from_u32).collect();
        // Wherever in a word the sign stands.
        let around = |at: usize| format!("{}\"{}", &long[..at % 31], &long[at / 31..]);
        let all_around: Vec<String> = (0..31 * 31).map(around).collect();
        let some = ["", "plain", "“é” \"so\"\\\n", &long, &all];
        for words in some.into_iter().chain(all_around.iter().map(String::as_str)) {
            let mut line = Vec::new();
            push_str(&mut line, words);
            assert_eq!(line, serde_json::to_vec(words).unwrap(), "{words:?}");
        }
    }

    #[test]
    fn numbers_are_written_in_full() {
        for number in [0, 9, 10, 99, 100, 12_345, 999_999_999, 1_000_000_000, u32::MAX] {
            let mut line = b"x".to_vec();
            push_number(&mut line, number);
            assert_eq!(line, format!("x{number}").as_bytes());
        }
    }

    #[test]
    fn an_object_is_one() {
        let mut line = Vec::new();
        let mut object = Object::new(&mut line);
        object.words(key!("a"), "x");
        object.flag(key!("no"), false);
        object.flag(key!("yes"), true);
        object.list(key!("b"), &[[1, 20], [u32::MAX, 0]], |to, it| push_place(to, *it));
        object.number(key!("c"), 10);
        object.close();
        assert_eq!(line, br#"{"a":"x","yes":true,"b":[[1,20],[4294967295,0]],"c":10}"#);
    }
}
