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
    let key = format!("{}\n{kind}", folded(name));
    format!("ac_{:012x}", xxh3_64(key.as_bytes()) >> 16)
}

/// A name as [`of`] takes it.
pub(super) fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let letters = word.nfd().filter(|&it| !is_combining_mark(it)).flat_map(char::to_lowercase);
        out.extend(letters.map(|it| if it == '’' { '\'' } else { it }));
    }
    out
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
