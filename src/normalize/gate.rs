//! What a paragraph must hold so that a pattern can match it at all, read from the pattern itself.
//!
//! Most paragraphs are text, and most patterns cannot match them for a plain reason: they begin with
//! other words, or they hold a word that is missing. Both are seen much faster than all automata
//! run over a paragraph. A [`Gate`] may let through what no pattern matches, never the reverse.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input as Text};
use regex::Regex;
use regex_automata::{Anchored, Input, MatchKind, PatternSet, meta};
use regex_syntax::hir::{Class, Hir, HirKind};

/// A word that tells less stands in every other paragraph.
const LEAST: usize = 3;

/// Tells which of several patterns may match a paragraph.
#[derive(Debug)]
pub(super) struct Gate {
    /// Patterns that are told by how they begin: few texts keep their automaton alive.
    beginnings: Group,
    /// The bytes with which these begin.
    first: Box<[bool; 256]>,
    /// Patterns that are told by the words that they hold.
    around: Group,
    /// The words of which one must stand somewhere if one of those matches,
    words: Vec<Word>,
    /// where they do, in any case,
    places: AhoCorasick,
    /// and for each those that begin it, itself among them.
    same_start: Vec<Vec<usize>>,
}

impl Gate {
    /// For patterns of the `regex` crate that match whole texts, from `\A` to `\z`.
    ///
    /// # Errors
    /// They are too large together.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p str>) -> Result<Gate, String> {
        let (mut beginnings, mut around, mut words) = (Vec::new(), Vec::new(), Vec::new());
        let mut first = Box::new([false; 256]);
        for (at, pattern) in patterns.enumerate() {
            let hir = regex_syntax::parse(pattern).map_err(|err| err.to_string())?;
            let own = First::of(&hir);
            let telling = needed(&hir).filter(|it| least(it) >= LEAST && own.is_any_capital());
            if let Some(telling) = telling {
                around.push((at, pattern));
                words.extend(telling);
            } else {
                beginnings.push((at, pattern));
                first.iter_mut().zip(own.bytes()).for_each(|(it, own)| *it |= own);
            }
        }
        // Some need the case that they are written in, but one pass is less than two.
        let places = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(words.iter().map(|it| &it.letters))
            .map_err(|err| err.to_string())?;
        let same_start = words.iter().map(|word: &Word| word.beginnings(&words)).collect();
        let (beginnings, around) = (Group::new(&beginnings)?, Group::new(&around)?);
        Ok(Gate { beginnings, first, around, words, places, same_start })
    }

    /// The patterns that may match all of `words`, in order.
    pub(super) fn possible(&self, words: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let first = words.as_bytes().first();
        if first.is_none_or(|&it| self.first[usize::from(it)]) {
            self.beginnings.possible(words, &mut found);
        }
        if self.holds_word(words) {
            self.around.possible(words, &mut found);
        }
        found.sort_unstable();
        found
    }

    fn holds_word(&self, words: &str) -> bool {
        let mut start = 0;
        while let Some(found) = self.places.find(Text::new(words).range(start..)) {
            // Of the words that begin here this is the longest; shorter ones may fit where it does
            // not.
            let rest = &words.as_bytes()[found.start()..];
            if self.same_start[found.pattern().as_usize()]
                .iter()
                .any(|&it| self.words[it].opens(rest))
            {
                return true;
            }
            start = found.start() + 1;
        }
        false
    }
}

/// Patterns that are tried together: one automaton for all, which counts nothing.
#[derive(Debug)]
struct Group {
    regex: meta::Regex,
    /// The place of each among all patterns.
    places: Vec<usize>,
}

impl Group {
    fn new(patterns: &[(usize, &str)]) -> Result<Group, String> {
        let loose: Vec<String> = patterns.iter().map(|it| loosened(it.1)).collect();
        let config = meta::Config::new()
            .match_kind(MatchKind::All)
            .utf8_empty(false)
            .nfa_size_limit(Some(64 << 20));
        let regex = meta::Builder::new().configure(config).build_many(&loose);
        let places = patterns.iter().map(|it| it.0).collect();
        Ok(Group { regex: regex.map_err(|err| err.to_string())?, places })
    }

    /// Adds the places of the patterns that may match.
    fn possible(&self, words: &str, found: &mut Vec<usize>) {
        let input = Input::new(words).anchored(Anchored::Yes);
        if !self.regex.is_match(input.clone().earliest(true)) {
            return;
        }
        let mut possible = PatternSet::new(self.places.len());
        self.regex.which_overlapping_matches(&input, &mut possible);
        found.extend(possible.iter().map(|it| self.places[it.as_usize()]));
    }
}

/// A pattern that matches all that `pattern` does, and more, without counting: an automaton that
/// counts to 250 in twenty patterns at once has more states than memory.
fn loosened(pattern: &str) -> String {
    static COUNT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(\\[xuU])?\{(\d+)(?:,\d*)?\}").expect("a fixed pattern"));
    let replaced =
        COUNT.replace_all(pattern, |found: &regex::Captures| match (found.get(1), &found[2]) {
            (Some(_), _) => found[0].to_owned(),
            (None, "0") => "*".to_owned(),
            (None, _) => "+".to_owned(),
        });
    replaced.into_owned()
}

/// The bytes with which a match of any of the patterns, which were checked, can begin.
pub(super) fn first_bytes<'p>(patterns: impl Iterator<Item = &'p str>) -> Box<[bool; 256]> {
    let mut first = Box::new([false; 256]);
    for hir in patterns.filter_map(|it| regex_syntax::parse(it).ok()) {
        first.iter_mut().zip(First::of(&hir).bytes()).for_each(|(it, own)| *it |= own);
    }
    first
}

/// The bytes with which a match can begin.
#[derive(Clone)]
struct First {
    bytes: [bool; 256],
    /// Whether what is behind may begin the match, too.
    is_empty: bool,
}

impl First {
    fn none(is_empty: bool) -> First {
        First { bytes: [false; 256], is_empty }
    }

    fn of(hir: &Hir) -> First {
        let mut first = First::none(false);
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => first.is_empty = true,
            HirKind::Literal(it) => first.add(it.0[0], it.0[0]),
            HirKind::Class(Class::Bytes(it)) => {
                it.ranges().iter().for_each(|it| first.add(it.start(), it.end()));
            }
            HirKind::Class(Class::Unicode(it)) => {
                // The first bytes of characters are in the order of the characters.
                let byte = |it: char| it.encode_utf8(&mut [0; 4]).as_bytes()[0];
                it.ranges().iter().for_each(|it| first.add(byte(it.start()), byte(it.end())));
            }
            HirKind::Capture(it) => first = First::of(&it.sub),
            HirKind::Repetition(it) => {
                first = First::of(&it.sub);
                first.is_empty |= it.min == 0;
            }
            HirKind::Concat(all) => {
                first.is_empty = true;
                for it in all {
                    if first.is_empty {
                        first = first.or(&First::of(it), true);
                    }
                }
            }
            HirKind::Alternation(all) => {
                first = all.iter().fold(first, |first, it| first.or(&First::of(it), false));
            }
        }
        first
    }

    fn add(&mut self, from: u8, to: u8) {
        self.bytes[usize::from(from)..=usize::from(to)].fill(true);
    }

    /// Either; `other` stands behind or beside.
    fn or(mut self, other: &First, is_behind: bool) -> First {
        self.bytes.iter_mut().zip(other.bytes).for_each(|(it, other)| *it |= other);
        let is_empty = if is_behind { other.is_empty } else { self.is_empty || other.is_empty };
        First { is_empty, ..self }
    }

    /// Whether any capital letter may begin a match: then so do most paragraphs.
    fn is_any_capital(&self) -> bool {
        self.bytes()[usize::from(b'A')..=usize::from(b'Z')].iter().all(|&it| it)
    }

    /// The bytes, or all where an empty text matches.
    fn bytes(&self) -> [bool; 256] {
        if self.is_empty { [true; 256] } else { self.bytes }
    }
}

/// Some letters that stand together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Word {
    /// In small letters where the case does not matter.
    letters: String,
    is_any_case: bool,
}

impl Word {
    /// How much it tells, in letters: one that is not in small letters is rarer, a sign that is no
    /// part of plain text is rarer still, and what stands between words tells nothing.
    fn weight(&self) -> usize {
        let weight = |it: char| match it {
            ' ' | '.' | ',' | '-' | '\'' | '’' => 0,
            it if it.is_alphanumeric() => 1,
            _ => LEAST,
        };
        let is_large = !self.is_any_case && self.letters.contains(char::is_uppercase);
        self.letters.chars().map(weight).sum::<usize>() + usize::from(is_large)
    }

    /// Those of the words with which this one begins, in any case.
    fn beginnings(&self, words: &[Word]) -> Vec<usize> {
        let letters = self.letters.as_bytes();
        let begins = |it: &Word| {
            let own = letters.get(..it.letters.len());
            own.is_some_and(|own| own.eq_ignore_ascii_case(it.letters.as_bytes()))
        };
        words.iter().enumerate().filter(|it| begins(it.1)).map(|it| it.0).collect()
    }

    /// Whether a text begins with it, which it does if case does not matter.
    fn opens(&self, text: &[u8]) -> bool {
        self.is_any_case || text.starts_with(self.letters.as_bytes())
    }

    fn then(&self, other: &Word) -> Word {
        let letters = format!("{}{}", self.letters, other.letters);
        let is_any_case = self.is_any_case || other.is_any_case;
        Word {
            letters: if is_any_case { letters.to_ascii_lowercase() } else { letters },
            is_any_case,
        }
    }
}

/// Words of which every match holds one at least; nothing where no such words are plain from the
/// pattern.
fn needed(hir: &Hir) -> Option<Vec<Word>> {
    match hir.kind() {
        HirKind::Capture(it) => needed(&it.sub),
        HirKind::Repetition(it) if it.min > 0 => needed(&it.sub),
        HirKind::Alternation(all) => {
            let lists: Option<Vec<Vec<Word>>> = all.iter().map(needed).collect();
            Some(lists?.concat())
        }
        HirKind::Concat(all) => {
            let mut best = None;
            let mut run = vec![Word::default()];
            for it in all {
                match spellings(it).filter(|it| it.len() * run.len() <= MOST_SPELLINGS) {
                    Some(next) => {
                        run = run
                            .iter()
                            .flat_map(|it| next.iter().map(|next| it.then(next)))
                            .collect();
                    }
                    None => {
                        better(&mut best, std::mem::replace(&mut run, vec![Word::default()]));
                        needed(it).into_iter().for_each(|it| better(&mut best, it));
                    }
                }
            }
            better(&mut best, run);
            best
        }
        _ => spellings(hir),
    }
}

/// More ways to write a part of a pattern are not gone through.
const MOST_SPELLINGS: usize = 64;

/// All that a part of a pattern can match, where that is a word or a few.
fn spellings(hir: &Hir) -> Option<Vec<Word>> {
    match hir.kind() {
        HirKind::Literal(it) => {
            let letters = std::str::from_utf8(&it.0).ok()?.to_owned();
            Some(vec![Word { letters, is_any_case: false }])
        }
        HirKind::Class(class) => {
            let letters = class_letters(class)?;
            let first = letters.first()?.to_ascii_lowercase();
            let is_one = letters.iter().all(|it| it.to_ascii_lowercase() == first);
            let word = |letters: char, is_any_case| Word { letters: letters.into(), is_any_case };
            if is_one && letters.len() > 1 {
                return Some(vec![word(first, true)]);
            }
            Some(letters.into_iter().map(|it| word(it, false)).collect())
        }
        HirKind::Capture(it) => spellings(&it.sub),
        HirKind::Alternation(all) => {
            let lists: Option<Vec<Vec<Word>>> = all.iter().map(spellings).collect();
            Some(lists?.concat())
        }
        HirKind::Concat(all) => {
            let mut run = vec![Word::default()];
            for it in all {
                let next = spellings(it).filter(|it| it.len() * run.len() <= MOST_SPELLINGS)?;
                run = run.iter().flat_map(|it| next.iter().map(|next| it.then(next))).collect();
            }
            Some(run)
        }
        _ => None,
    }
}

/// The characters of a class of four at most.
fn class_letters(class: &Class) -> Option<Vec<char>> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(it) => it.ranges().iter().map(|it| (it.start(), it.end())).collect(),
        Class::Bytes(it) if it.is_ascii() => {
            it.ranges().iter().map(|it| (it.start().into(), it.end().into())).collect()
        }
        Class::Bytes(_) => return None,
    };
    let mut letters = ranges.into_iter().flat_map(|(from, to)| from..=to);
    let few: Vec<char> = letters.by_ref().take(4).collect();
    letters.next().is_none().then_some(few)
}

/// Keeps the words that tell more: those of which the least telling tells more.
fn better(best: &mut Option<Vec<Word>>, other: Vec<Word>) {
    if least(&other) > best.as_deref().map_or(0, least) {
        *best = Some(other);
    }
}

fn least(words: &[Word]) -> usize {
    words.iter().map(Word::weight).min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words in any case stand behind a `~`.
    #[track_caller]
    fn check(pattern: &str, expected: Option<&str>) {
        let found = needed(&regex_syntax::parse(pattern).unwrap());
        let show = |it: &Word| format!("{}{}", if it.is_any_case { "~" } else { "" }, it.letters);
        let found = found.map(|it| it.iter().map(show).collect::<Vec<_>>().join("|"));
        assert_eq!(found.as_deref(), expected, "{pattern}");
    }

    #[test]
    fn a_pattern_tells_the_words_it_needs() {
        check("(?i:photo) by", Some("~photo by"));
        check(r"\A(?:.+(?:Photo|Image): .*)\z", Some("Photo: |Image: "));
        check("[A-Z]+ (?:said|told (?:us|them)?)", Some("said|told "));
        check(r"\S+@\S+\.(?:com|org)", Some("@"));
        check(r"\S+x\S+\.(?:com|org)", Some(".com|.org"));
        check(".+ (?:is|was) .+ contact me", Some(" contact me"));
        check("(?:one|t.o)", Some("one|t"));
        check("(?:one|.*)", None);
        // The Kelvin sign is a k, too.
        check("(?i:lake)", Some("~lake|~lake|~la\u{212a}e"));
    }

    #[test]
    fn a_pattern_tells_how_it_begins() {
        let first = |pattern: &str| {
            let first = First::of(&regex_syntax::parse(pattern).unwrap());
            let bytes = first.bytes();
            (0u8..128).filter(|it| bytes[usize::from(*it)]).map(char::from).collect::<String>()
        };
        assert_eq!(first(r#"\A(?:["“]?(?i:by|of)|x+)\z"#), "\"BObox");
        assert_eq!(first("(?:a?b*)c"), "abc");
        assert_eq!(first("(?:a|b?)").len(), 128);
    }

    #[test]
    fn of_words_that_begin_alike_each_is_seen() {
        let patterns = [r"\A(?:.*(?:AP|ap photo).*)\z"];
        let gate = Gate::new(patterns.into_iter()).unwrap();
        for (words, expected) in [("The AP Photo", true), ("an ap photo", true), ("happen", false)]
        {
            assert_eq!(gate.holds_word(words), expected, "{words}");
        }
    }

    #[test]
    fn what_matches_is_let_through() {
        let patterns = [r"\A(?:By [A-Z].*)\z", r"\A(?:.{0,9}all rights.*)\z", r"\A(?:\W{2,5})\z"];
        let gate = Gate::new(patterns.into_iter()).unwrap();
        for (at, words) in ["By Ana", "Some of all rights reserved", "---"].iter().enumerate() {
            assert_eq!(gate.possible(words), [at], "{words}");
        }
        for words in ["Ana met Bo.", "Bygones", "All right", "x--", "Some of ALL RIGHTS"] {
            assert!(gate.possible(words).is_empty(), "{words}");
        }
    }
}
