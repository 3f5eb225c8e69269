//! Ids of actors that no list knows.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

/// `ac_` and 12 hex digits: the upper 48 bits of the XXH3-64 hash (seed 0) of the UTF-8 of the
/// folded name, a line feed and the kind.
///
/// Folded means: without diacritics, in lower case, with straight apostrophes, and one space
/// between two words, so that one name gives one id however it is set.
pub(super) fn of(name: &str, kind: &str) -> String {
    of_with(&mut String::new(), name, kind)
}

/// The same, with memory for the key to hash.
pub(super) fn of_with(key: &mut String, name: &str, kind: &str) -> String {
    key.clear();
    fold(name, key);
    key.push('\n');
    key.push_str(kind);
    hex(xxh3_64(key.as_bytes()) >> 16)
}

fn hex(hash: u64) -> String {
    let mut id = String::with_capacity(15);
    id.push_str("ac_");
    let digits = (0..12).rev().map(|it| (hash >> (4 * it) & 15) as u32);
    id.extend(digits.filter_map(|it| char::from_digit(it, 16)));
    id
}

/// Adds a name as [`of`] takes it.
fn fold(name: &str, out: &mut String) {
    for (i, word) in name.split_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let start = out.len();
        if word.is_ascii() {
            out.push_str(word);
            out[start..].make_ascii_lowercase();
            continue;
        }
        let letters = word.nfd().filter(|&it| !is_combining_mark(it)).flat_map(char::to_lowercase);
        out.extend(letters.map(|it| if it == '’' { '\'' } else { it }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_id() {
        assert_eq!(of("Aleksei  Os’kin", "person"), of("Aleksei Os'kin", "person"));
        assert_eq!(of("Nicolás Maduro", "person"), of("NICOLAS MADURO", "person"));
        assert_ne!(of("Nicolás Maduro", "person"), of("Nicolás Maduro", "company"));
        assert_eq!(of("Olga", "person").len(), 15);
    }
}
