//! Ids of actors that no list knows.
//!
//! A name that means one actor wherever it stands has an id of the name and the kind. A surname
//! alone does not: it has an id of its document, which begins otherwise, so that a reader and the
//! joining of documents can tell that no other document means the same by it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

/// What the ids of all actors begin with.
const OPENING: &str = "ac_";
/// What the ids of one document begin with.
const OF_DOCUMENT: &str = "ac_doc_";
/// Least number of letters of an acronym.
const ACRONYM: usize = 3;
/// Hex digits of a hash.
const DIGITS: usize = 12;

/// `ac_` and 12 hex digits: the upper 48 bits of the XXH3-64 hash (seed 0) of the UTF-8 of the
/// folded name, a line feed and the kind.
///
/// Folded means: without diacritics, in lower case, with straight apostrophes, and one space
/// between two words, so that one name gives one id however it is set.
pub fn of(name: &str, kind: &str) -> String {
    of_with(&mut String::new(), name, kind)
}

/// The same, with memory for the key to hash.
fn of_with(key: &mut String, name: &str, kind: &str) -> String {
    key.clear();
    fold(name, key);
    key.push('\n');
    key.push_str(kind);
    of_hash(xxh3_64(key.as_bytes()))
}

/// The id of somebody whom a document calls by a name: of the name and the kind, and of the
/// document as well if the name alone tells nobody apart. `key` is memory for what is hashed.
pub fn of_named(key: &mut String, name: &str, kind: &str, document: &str) -> String {
    let is_alone = matches!(kind, "person" | "") && !name.contains(' ') && !is_acronym(name);
    match is_alone {
        true => of_document(name, kind, document),
        false => of_with(key, name, kind),
    }
}

/// Whether a name is an acronym: three capital letters or more.
pub fn is_acronym(name: &str) -> bool {
    name.len() >= ACRONYM && name.bytes().all(|it| it.is_ascii_uppercase())
}

/// `ac_doc_` and 12 hex digits, as [`of`] makes them of the name, the kind and the document's id:
/// who is called by that name in that document, and nobody else.
fn of_document(name: &str, kind: &str, document: &str) -> String {
    let mut key = String::new();
    fold(name, &mut key);
    for part in [kind, document] {
        key.push('\n');
        key.push_str(part);
    }
    with_hash(OF_DOCUMENT, xxh3_64(key.as_bytes()))
}

/// An id of the upper 48 bits of a hash of whatever tells an actor from others.
pub fn of_hash(hash: u64) -> String {
    with_hash(OPENING, hash)
}

/// Whether an id holds in its document only.
pub fn is_of_document(id: &str) -> bool {
    id.starts_with(OF_DOCUMENT)
}

/// Whether an id comes from a list and not from a hash.
pub fn is_listed(id: &str) -> bool {
    let hash = id.strip_prefix(OF_DOCUMENT).or_else(|| id.strip_prefix(OPENING));
    let is_hash = |it: &str| it.len() == DIGITS && it.bytes().all(|it| it.is_ascii_hexdigit());
    !hash.is_some_and(is_hash)
}

fn with_hash(opening: &str, hash: u64) -> String {
    let mut id = String::with_capacity(opening.len() + DIGITS);
    id.push_str(opening);
    let digits = (0..DIGITS).rev().map(|it| (hash >> (16 + 4 * it) & 15) as u32);
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

    #[test]
    fn a_document_has_ids_of_its_own() {
        let id = of_document("Haldane", "person", "a.txt");
        assert!(is_of_document(&id) && !is_listed(&id), "{id}");
        assert_ne!(id, of_document("Haldane", "person", "b.txt"));
        assert_eq!(id, of_document("HALDANE", "person", "a.txt"));
        let id = of("Haldane", "person");
        assert!(!is_of_document(&id) && !is_listed(&id), "{id}");
        assert!(is_listed("ac_gov_gb-boe") && is_listed("ac_own_bells"));
    }
}
