//! What the rule pack says about the ends of sentences, checked and made ready to look up.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, RuleError};
use crate::rules::{PackFile, PackFiles};

const FILE: &str = "sentences.toml";
const WORDS: &str = "abbreviations.csv";

/// Longest word that is looked up, in bytes.
pub(super) const LONGEST: usize = 24;

/// `sentences.toml` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSpec {
    #[serde(default)]
    starters: Vec<String>,
    #[serde(default)]
    reporting: Vec<String>,
    #[serde(default)]
    bullets: Vec<Spanned<String>>,
    longest_quotation: Option<u32>,
    longest_bracket: Option<u32>,
    longest_sentence: Option<u32>,
    #[serde(default)]
    pub(super) kind: Vec<KindSpec>,
    #[serde(default)]
    pub(super) group: Vec<GroupSpec>,
}

/// A kind of word as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindSpec {
    pub(super) id: Spanned<String>,
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    ends_before: Vec<Next>,
    #[serde(default)]
    unless_next: Vec<String>,
    #[serde(default)]
    min_words: usize,
    pub(super) examples: Spanned<Vec<String>>,
}

/// Examples of what the stage does without any word list; they hold the code to its promise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    pub(super) examples: Spanned<Vec<String>>,
}

/// A row of `abbreviations.csv`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordSpec {
    word: String,
    kind: String,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// What stands after a mark that may end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Next {
    /// A capitalized word that hardly is a name: one of `starters`.
    Starter,
    /// Any other capital, or a letter of a script without capitals.
    Capital,
    /// A quotation mark before a capital that is no starter's.
    Quotation,
    /// A bracket before anything.
    Bracket,
    /// A digit.
    Digit,
    /// A small letter.
    Lower,
    /// Any other sign.
    Sign,
}

/// When a kind of word, with its mark, ends a sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Kind {
    ends_before: u8,
    unless_next: FxHashSet<Box<[u8]>>,
    /// A sentence of fewer words is not taken for one.
    pub(super) min_words: usize,
}

impl Kind {
    /// Whether a sentence ends before `next`, which begins with `word`.
    pub(super) fn ends_before(&self, next: Next, word: &[u8]) -> bool {
        self.ends_before & (1 << next as u8) != 0
            && (self.unless_next.is_empty() || !self.unless_next.contains(word))
    }

    /// Whether it never ends a sentence.
    pub(super) fn never_ends(&self) -> bool {
        self.ends_before == 0
    }
}

/// Kinds that the code itself tells apart, by the shape of a word or mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Word,
    Initial,
    Acronym,
    Label,
    Emphatic,
    Ellipsis,
    Closed,
    ClosedEmphatic,
}

const SHAPES: [(&str, Shape); 8] = [
    ("word", Shape::Word),
    ("initial", Shape::Initial),
    ("acronym", Shape::Acronym),
    ("label", Shape::Label),
    ("emphatic", Shape::Emphatic),
    ("ellipsis", Shape::Ellipsis),
    ("closed", Shape::Closed),
    ("closed-emphatic", Shape::ClosedEmphatic),
];

/// All of it, ready.
#[derive(Debug)]
pub(super) struct Rules {
    kinds: Vec<Kind>,
    shapes: [usize; SHAPES.len()],
    words: FxHashMap<Box<[u8]>, usize>,
    starters: FxHashSet<Box<[u8]>>,
    reporting: FxHashSet<Box<[u8]>>,
    bullets: Vec<Box<[u8]>>,
    /// Bytes after which marks of quotation no longer hold sentences together.
    pub(super) longest_quotation: usize,
    /// The same for brackets.
    pub(super) longest_bracket: usize,
    /// Bytes after which a sentence that does not end is cut at white space.
    pub(super) longest_sentence: usize,
}

impl Rules {
    pub(super) fn new(files: &PackFiles) -> Result<Rules, Error> {
        let mut loader = Loader::default();
        for file in files.matching(FILE, "") {
            loader.add(file)?;
        }
        for file in files.matching(WORDS, "") {
            loader.add_words(file)?;
        }
        loader.finish()
    }

    pub(super) fn shape(&self, shape: Shape) -> &Kind {
        &self.kinds[self.shapes[shape as usize]]
    }

    /// The kind of a word as written, else as in small letters.
    pub(super) fn word(&self, word: &[u8]) -> Option<&Kind> {
        if word.len() > LONGEST {
            return None;
        }
        if let Some(&kind) = self.words.get(word) {
            return Some(&self.kinds[kind]);
        }
        if !word.iter().any(u8::is_ascii_uppercase) {
            return None;
        }
        let mut small = [0; LONGEST];
        let small = &mut small[..word.len()];
        small.copy_from_slice(word);
        small.make_ascii_lowercase();
        self.words.get(&*small).map(|&kind| &self.kinds[kind])
    }

    pub(super) fn is_starter(&self, word: &[u8]) -> bool {
        word.len() <= LONGEST && self.starters.contains(word)
    }

    pub(super) fn is_reporting(&self, word: &[u8]) -> bool {
        word.len() <= LONGEST && self.reporting.contains(word)
    }

    /// Whether `rest` begins with a sign that opens an item of a list.
    pub(super) fn is_bullet(&self, rest: &[u8]) -> bool {
        self.bullets.iter().any(|it| rest.starts_with(it))
    }
}

#[derive(Default)]
struct Loader {
    ids: Vec<String>,
    kinds: Vec<Kind>,
    words: FxHashMap<Box<[u8]>, usize>,
    starters: FxHashSet<Box<[u8]>>,
    reporting: FxHashSet<Box<[u8]>>,
    bullets: Vec<Box<[u8]>>,
    longest_quotation: Option<u32>,
    longest_bracket: Option<u32>,
    longest_sentence: Option<u32>,
}

impl Loader {
    fn add(&mut self, file: &PackFile) -> Result<(), RuleError> {
        let spec: FileSpec = file.toml()?;
        let mut seen = BTreeSet::new();
        for kind in spec.kind {
            if !seen.insert(kind.id.get_ref().clone()) {
                let message = format!("kind `{}` stands twice in this file", kind.id.get_ref());
                return Err(file.error(kind.id.span(), message, "give one of them another id"));
            }
            self.add_kind(file, kind)?;
        }
        for group in &spec.group {
            need_examples(file, &group.id, &group.examples)?;
        }
        for bullet in spec.bullets {
            // The scan stops only at the lead bytes of general punctuation and Latin-1 signs.
            if !matches!(bullet.get_ref().as_bytes().first(), Some(0xe2 | 0xc2)) {
                let message = format!("`{}` cannot be a bullet", bullet.get_ref());
                let help = "a bullet is a sign such as `•` or `·` that stands for nothing else";
                return Err(file.error(bullet.span(), message, help));
            }
            self.bullets.push(bullet.into_inner().into_bytes().into());
        }
        self.starters.extend(spec.starters.into_iter().map(|it| it.into_bytes().into()));
        self.reporting.extend(spec.reporting.into_iter().map(|it| it.into_bytes().into()));
        self.longest_quotation = spec.longest_quotation.or(self.longest_quotation);
        self.longest_bracket = spec.longest_bracket.or(self.longest_bracket);
        self.longest_sentence = spec.longest_sentence.or(self.longest_sentence);
        Ok(())
    }

    /// A kind of a later layer replaces the one with its id.
    fn add_kind(&mut self, file: &PackFile, spec: KindSpec) -> Result<(), RuleError> {
        need_examples(file, spec.id.get_ref(), &spec.examples)?;
        let kind = Kind {
            ends_before: spec.ends_before.iter().fold(0, |bits, &it| bits | 1 << it as u8),
            unless_next: spec.unless_next.into_iter().map(|it| it.into_bytes().into()).collect(),
            min_words: spec.min_words,
        };
        let id = spec.id.into_inner();
        match self.ids.iter().position(|it| *it == id) {
            Some(at) => self.kinds[at] = kind,
            None => {
                self.ids.push(id);
                self.kinds.push(kind);
            }
        }
        Ok(())
    }

    fn add_words(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for (row, span) in file.csv::<WordSpec>()? {
            let Some(kind) = self.ids.iter().position(|it| *it == row.kind) else {
                let message = format!("`{}` is no kind of abbreviation", row.kind);
                let help = format!("one of: {}", self.ids.join(", "));
                return Err(file.error(span, message, help));
            };
            if row.word.is_empty() || row.word.ends_with('.') || row.word.len() > LONGEST {
                let message = format!("`{}` cannot be looked up", row.word);
                let help =
                    format!("write the word without its last full stop, in 1 to {LONGEST} bytes");
                return Err(file.error(span, message, help));
            }
            self.words.insert(row.word.into_bytes().into(), kind);
        }
        Ok(())
    }

    fn finish(self) -> Result<Rules, Error> {
        let mut shapes = [0; SHAPES.len()];
        for (id, shape) in SHAPES {
            shapes[shape as usize] = self.ids.iter().position(|it| it == id).ok_or_else(|| {
                Error::usage(format!("the rule pack has no kind `{id}` in `{FILE}`"))
            })?;
        }
        Ok(Rules {
            kinds: self.kinds,
            shapes,
            words: self.words,
            starters: self.starters,
            reporting: self.reporting,
            bullets: self.bullets,
            longest_quotation: self.longest_quotation.unwrap_or(4000) as usize,
            longest_bracket: self.longest_bracket.unwrap_or(1000) as usize,
            longest_sentence: self.longest_sentence.unwrap_or(8000) as usize,
        })
    }
}

fn need_examples(
    file: &PackFile,
    id: &str,
    examples: &Spanned<Vec<String>>,
) -> Result<(), RuleError> {
    if !examples.get_ref().is_empty() {
        return Ok(());
    }
    let help = "write a text with `|` where sentences end";
    Err(file.error(examples.span(), format!("`{id}` has no example"), help))
}
