//! What the lexicon says of a word, as far as actors are concerned: one bit a class.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::Token;
use crate::rules::{Lexicon, Pack};

/// A set of classes of words.
pub(super) type Bits = u64;

macro_rules! bits {
    ($($name:ident = $class:literal),+ $(,)?) => {
        bits!(@ 0; $($name = $class,)+);
        /// Each class with its bit.
        const CLASSES: &[(&str, Bits)] = &[$(($class, $name)),+];
    };
    (@ $at:expr; $name:ident = $class:literal, $($rest:tt)*) => {
        pub(super) const $name: Bits = 1 << $at;
        bits!(@ $at + 1; $($rest)*);
    };
    (@ $at:expr;) => {};
}

bits! {
    HE = "third-he",
    SHE = "third-she",
    THEY = "third-they",
    IT = "third-it",
    I = "first-person",
    WE = "first-plural",
    POSSESSIVE = "possessive-pronoun",
    POSSESSIVE_HE = "possessive-he",
    POSSESSIVE_SHE = "possessive-she",
    RELATIVE_PERSON = "relative-person",
    RELATIVE_THING = "relative-thing",
    DEFINITE = "definite",
    INDEFINITE = "indefinite",
    PLURAL_MARKER = "plural-marker",
    HONORIFIC = "honorific",
    MASCULINE = "masculine",
    FEMININE = "feminine",
    SUFFIX = "name-suffix",
    PARTICLE = "name-particle",
    OFFICE = "office",
    PERSON = "person-noun",
    RELATIVE = "relative-noun",
    ORG = "org-noun",
    GOVERNMENT = "government-noun",
    COMPANY = "company-noun",
    MEDIA = "media-noun",
    COUNTRY = "country-noun",
    ORG_HEAD = "org-head",
    ARTEFACT = "artefact-noun",
    AUTHOR_PREPOSITION = "author-preposition",
    END_PREPOSITION = "noun-end-preposition",
    JOINS = "joins",
    MODIFIER = "role-modifier",
    NO_NAME = "no-name",
    GIVEN = "given-name",
    CLITIC = "clitic",
    PLURAL = "noun-plural",
    NOUN = "noun",
    CLOSED = "closed",
    MAIN_VERB = "main-verb",
    SPEECH = "speech",
    CUE_VERB = "cue-verb",
    AUXILIARY = "auxiliary",
    PREPOSITION = "preposition",
    MONTH = "month",
    ROLE_LINK = "role-link",
    REFLEXIVE = "reflexive-end",
    AGE = "age-word",
    NO_MORE = "not-in-office",
    ALSO = "also-called",
    NO_FIELD = "no-field",
    UNDER = "under-office",
    FIELD_BODY = "field-body",
    ARMED = "armed-noun",
    PARTY = "party-noun",
    STATE_BODY = "state-body",
    ANY_OFFICE = "any-office",
    WEEKDAY = "weekday-word",
    COORDINATOR = "coordinator",
    SUBORDINATOR = "subordinator",
    HOSTED = "hosted-artefact",
    JOINS_OTHERS = "joins-others",
    ANY_BODY = "any-body",
    EXAMPLE = "example-opening",
}

/// Bits and base form of every entry of the lexicon.
#[derive(Debug)]
pub(super) struct Words {
    bits: Vec<Bits>,
    /// The entry of the base form; the entry itself where there is none.
    lemmas: Vec<u32>,
    /// Base forms, to tell nouns by.
    names: Vec<Box<str>>,
    /// Entries of nouns for organizations, by their words.
    org_nouns: FxHashMap<Box<str>, u32>,
    /// Given names in lower case, with the gender that they tell of.
    given: FxHashMap<Box<str>, Bits>,
    /// Short forms of given names, in lower case, with the names that they are short for.
    short: FxHashMap<Box<str>, Box<str>>,
    /// The names that others are short for, in lower case.
    long: FxHashSet<Box<str>>,
    /// Titles with the entry of the office that they are short for.
    titles: FxHashMap<u32, u32>,
}

impl Words {
    pub(super) fn new(pack: &Pack) -> Words {
        let lexicon = &pack.lexicon;
        let by_class: BTreeMap<u16, Bits> =
            CLASSES.iter().filter_map(|&(name, bit)| Some((lexicon.class(name)?, bit))).collect();
        let of = |entry: u32| {
            let classes = lexicon.classes_of(entry).iter();
            let bits = classes.filter_map(|it| by_class.get(it)).fold(0, |all, bit| all | bit);
            bits | given_gender(lexicon, entry)
        };
        let all = 0..lexicon.len() as u32;
        let noun = lexicon.class("noun");
        let lemma = |entry: u32| {
            let word = noun.and_then(|it| lexicon.value(entry, it));
            word.map_or(entry, |it| lexicon.entry(it))
        };
        let name = |entry: u32| -> Box<str> { lexicon.word(entry).to_lowercase().into() };
        let bits: Vec<Bits> = all.clone().map(of).collect();
        let is_org = |&it: &u32| bits[it as usize] & ORG != 0;
        let org_nouns = all.clone().filter(is_org).map(|it| (name(it), it)).collect();
        let lemmas = all.clone().map(lemma).collect();
        let is_given = |&it: &u32| bits[it as usize] & GIVEN != 0;
        let gender = |it: u32| bits[it as usize] & (MASCULINE | FEMININE);
        let given = all.clone().filter(is_given).map(|it| (name(it), gender(it))).collect();
        let title = lexicon.class("short-title");
        let titles = all.clone().filter_map(|it| {
            let office = lexicon.value(it, title?)?;
            Some((it, lexicon.entry(office)))
        });
        let titles = titles.collect();
        let short_name = lexicon.class("short-name");
        let short = all.clone().filter_map(|it| {
            let long = lexicon.value(it, short_name?)?;
            Some((name(it), long.into()))
        });
        let short: FxHashMap<Box<str>, Box<str>> = short.collect();
        let long = short.values().flat_map(|it| it.split(' ')).map(Into::into).collect();
        Words {
            given,
            short,
            long,
            titles,
            bits,
            lemmas,
            names: all.map(name).collect(),
            org_nouns,
        }
    }

    /// The classes of a token's word.
    #[inline]
    pub(super) fn of(&self, token: &Token) -> Bits {
        self.bits[token.entry as usize]
    }

    /// Whether a token's word belongs to one of the classes.
    #[inline]
    pub(super) fn is(&self, token: &Token, classes: Bits) -> bool {
        self.of(token) & classes != 0
    }

    /// The entry of the base form of a token's word.
    pub(super) fn lemma(&self, token: &Token) -> u32 {
        self.lemmas[token.entry as usize]
    }

    /// The office that a title is short for: `Gov.`
    pub(super) fn long_title(&self, token: &Token) -> Option<u32> {
        self.titles.get(&token.entry).copied().filter(|_| self.is(token, HONORIFIC))
    }

    /// The classes of the word before a place.
    pub(super) fn of_before(&self, tokens: &[Token], at: usize) -> Bits {
        at.checked_sub(1).map_or(0, |it| self.of(&tokens[it]))
    }

    /// The gender that a full name tells of by its first word; nothing where that is no given name.
    pub(super) fn gender_of(&self, name: &str) -> Option<Bits> {
        let (first, _) = name.split_once(' ')?;
        self.given.get(&*lower(first, &mut [0; 32])).copied()
    }

    /// Whether one of two given names is short for the other: `Bill`, `William`.
    pub(super) fn are_one_given(&self, a: &str, b: &str) -> bool {
        let is_short = |short: &str, long: &str| {
            let names = self.short.get(&*lower(short, &mut [0; 32]));
            names.is_some_and(|it| it.split(' ').any(|it| it == lower(long, &mut [0; 32])))
        };
        is_short(a, b) || is_short(b, a)
    }

    /// The long forms of the given name that opens a full one, where it has short ones: `william`
    /// of `Bill Diaz` and of `William Diaz`.
    pub(super) fn long_given(&self, name: &str) -> Vec<String> {
        let Some((first, _)) = name.split_once(' ') else { return Vec::new() };
        let first = first.to_lowercase();
        match self.short.get(&*first) {
            Some(long) => long.split(' ').map(str::to_owned).collect(),
            None if self.long.contains(&*first) => vec![first],
            None => Vec::new(),
        }
    }

    /// The entry of the noun for an organization that a word of its name is: `Ministry`.
    pub(super) fn org_noun(&self, word: &str) -> Option<u32> {
        let entry = *self.org_nouns.get(&*lower(word, &mut [0; 32]))?;
        Some(self.lemmas[entry as usize])
    }

    /// The word of an entry in lower case; empty for words in no list.
    pub(super) fn name(&self, entry: u32) -> &str {
        &self.names[entry as usize]
    }
}

/// A word in lower case, in `buffer` if it fits.
fn lower<'a>(word: &str, buffer: &'a mut [u8; 32]) -> Cow<'a, str> {
    match buffer.get_mut(..word.len()) {
        Some(part) if word.is_ascii() => {
            part.copy_from_slice(word.as_bytes());
            part.make_ascii_lowercase();
            Cow::Borrowed(std::str::from_utf8(part).unwrap_or_default())
        }
        _ => word.to_lowercase().into(),
    }
}

/// The gender that a given name tells of.
fn given_gender(lexicon: &Lexicon, entry: u32) -> Bits {
    let Some(class) = lexicon.class("given-name") else { return 0 };
    match lexicon.value(entry, class) {
        Some("m") => MASCULINE,
        Some("f") => FEMININE,
        _ => 0,
    }
}
