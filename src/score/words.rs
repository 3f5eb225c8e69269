//! A text as the metrics see it: code points, words, white space, quotation marks.
//!
//! Figures must agree with independent scorers to the last digit, so every notion here is
//! theirs: a word is a run of letters, numbers and underscores (categories L and N), white
//! space includes the four ASCII separators.

use std::sync::LazyLock;

use regex::Regex;

use crate::layers::Place;

/// Indices in order, each once: of words or of code points.
pub(super) type Set = Vec<u32>;

/// A text, taken apart.
pub(super) struct Words {
    pub(super) chars: Vec<char>,
    /// Words by place.
    tokens: Vec<Place>,
    /// For each code point, whether it is a letter or number.
    is_word: Vec<bool>,
    /// For each word, whether it stands between quotation marks.
    is_quoted: Vec<bool>,
}

impl Words {
    pub(super) fn new(text: &str) -> Words {
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut is_word = vec![false; chars.len()];
        let (mut bytes, mut at) = (0, 0);
        for word in word_pattern().find_iter(text) {
            at += text[bytes..word.start()].chars().count();
            let start = at;
            for it in word.as_str().chars() {
                is_word[at] = it != '_';
                at += 1;
            }
            bytes = word.end();
            tokens.push([start as u32, at as u32]);
        }
        let is_quoted = quoted(&chars, &tokens);
        Words { chars, tokens, is_word, is_quoted }
    }

    /// Length in code points.
    pub(super) fn len(&self) -> u32 {
        self.chars.len() as u32
    }

    /// The words that share a code point with any of the places.
    pub(super) fn tokens(&self, places: &[Place]) -> Set {
        let mut found = Set::new();
        for &[start, end] in places {
            let first = self.tokens.partition_point(|it| it[1] <= start);
            let inside = self.tokens[first..].iter().take_while(|it| it[0] < end).count();
            found.extend(first as u32..(first + inside) as u32);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The letters and numbers at the places.
    pub(super) fn letters(&self, places: &[Place]) -> Set {
        self.points(places, |at| self.is_word[at])
    }

    /// The code points at the places, white space left out.
    pub(super) fn ink(&self, places: &[Place]) -> Set {
        self.points(places, |at| !is_space(self.chars[at]))
    }

    fn points(&self, places: &[Place], keep: impl Fn(usize) -> bool) -> Set {
        let mut found: Set =
            places.iter().flat_map(|it| it[0]..it[1]).filter(|&it| keep(it as usize)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A word in lower case.
    pub(super) fn lower(&self, token: u32) -> String {
        let [start, end] = self.tokens[token as usize];
        self.text([start, end]).to_lowercase()
    }

    /// The words at a place.
    pub(super) fn text(&self, [start, end]: Place) -> String {
        let length = self.len();
        self.chars[start.min(length) as usize..end.min(length) as usize].iter().collect()
    }

    /// The words at places, white space folded, pieces joined with ` … `.
    pub(super) fn joined(&self, places: &[Place]) -> String {
        places.iter().map(|&it| fold(&self.text(it))).collect::<Vec<_>>().join(" … ")
    }

    /// The words around a place, the place itself in brackets.
    pub(super) fn around(&self, [start, end]: Place) -> String {
        const AROUND: u32 = 60;
        let before = self.text([start.saturating_sub(AROUND), start]);
        let after = self.text([end, end + AROUND]);
        fold(&format!("…{before}[{}]{after}…", self.text([start, end])))
    }

    /// Whether a quotation mark stands at one of the places, or touches it if `touching`.
    pub(super) fn has_quote(&self, places: &[Place], touching: bool) -> bool {
        let more = u32::from(touching);
        places.iter().any(|&[start, end]| {
            let end = (end + more).min(self.len()) as usize;
            let window = &self.chars[(start.saturating_sub(more) as usize).min(end)..end];
            (0..window.len()).any(|at| mark_at(window, at).is_some())
        })
    }

    /// How many of the words stand between quotation marks.
    pub(super) fn quoted(&self, tokens: &Set) -> usize {
        tokens.iter().filter(|&&it| self.is_quoted[it as usize]).count()
    }
}

fn word_pattern() -> &'static Regex {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("the pattern is a constant"));
    &WORD
}

/// What a quotation mark does.
#[derive(Clone, Copy)]
enum Mark {
    Opens,
    Closes,
    Either,
}

/// The mark that begins at `at`, with its length.
fn mark_at(chars: &[char], at: usize) -> Option<(Mark, usize)> {
    let is_double = chars.get(at + 1) == Some(&chars[at]);
    match chars[at] {
        '\u{201c}' | '\u{201e}' | '\u{ab}' | '\u{2018}' => Some((Mark::Opens, 1)),
        '\u{201d}' | '\u{201f}' | '\u{bb}' => Some((Mark::Closes, 1)),
        '"' => Some((Mark::Either, 1)),
        '\'' if is_double => Some((Mark::Either, 2)),
        '`' if is_double => Some((Mark::Opens, 2)),
        _ => None,
    }
}

/// For each word, whether it stands between quotation marks; none reaches past a line.
fn quoted(chars: &[char], tokens: &[Place]) -> Vec<bool> {
    let mut found = Vec::with_capacity(tokens.len());
    let (mut is_open, mut free) = (false, 0);
    for (at, &it) in chars.iter().enumerate() {
        if it == '\n' {
            is_open = false;
        }
        if at >= free
            && let Some((mark, length)) = mark_at(chars, at)
        {
            free = at + length;
            is_open = match mark {
                Mark::Opens => true,
                Mark::Closes => false,
                Mark::Either => !is_open,
            };
        }
        if tokens.get(found.len()).is_some_and(|it| it[0] as usize == at) {
            found.push(is_open);
        }
    }
    found
}

/// White space as the metrics know it.
pub(super) fn is_space(it: char) -> bool {
    it.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&it)
}

/// The words with every run of white space as one space.
pub(super) fn fold(words: &str) -> String {
    words.split(is_space).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether two names are the same but for case and white space.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    fold(a).to_lowercase() == fold(b).to_lowercase()
}

/// How many both hold.
pub(super) fn common(a: &Set, b: &Set) -> usize {
    both(a, b).count()
}

/// What both hold, in order.
pub(super) fn both<'a>(a: &'a Set, b: &'a Set) -> impl Iterator<Item = u32> + 'a {
    let mut rest = b.as_slice();
    a.iter().copied().filter(move |it| {
        while rest.first().is_some_and(|first| first < it) {
            rest = &rest[1..];
        }
        rest.first() == Some(it)
    })
}

/// What any holds.
pub(super) fn union<'a>(sets: impl IntoIterator<Item = &'a Set>) -> Set {
    let mut found: Set = sets.into_iter().flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Pairs of one gold and one predicted set each, best first by the share of common words in
/// all words of both (ties by order), taken while they share at least half.
pub(super) fn pair_up(gold: &[Set], predicted: &[Set]) -> Vec<(usize, usize, f64)> {
    let mut candidates = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, p) in predicted.iter().enumerate() {
            let shared = common(g, p);
            let share = shared as f64 / (g.len() + p.len() - shared).max(1) as f64;
            if share >= 0.5 {
                candidates.push((i, j, share));
            }
        }
    }
    candidates.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    take_one_to_one(candidates, |it| (it.0, it.1))
}

/// For each prediction, whether it counts: not if it is paired with neutral gold, nor if it is
/// unpaired and touches neutral gold alone.
pub(super) fn not_neutral(gold: &[Set], predicted: &[Set], is_neutral: &[bool]) -> Vec<bool> {
    let pairs = pair_up(gold, predicted);
    let touches = |content: &Set, neutral: bool| {
        let gold = gold.iter().zip(is_neutral).filter(|it| *it.1 == neutral);
        gold.into_iter().any(|it| common(it.0, content) > 0)
    };
    let counts = |(j, content): (usize, &Set)| match pairs.iter().find(|it| it.1 == j) {
        Some(pair) => !is_neutral[pair.0],
        None => !touches(content, true) || touches(content, false),
    };
    predicted.iter().enumerate().map(counts).collect()
}

/// Keeps the items whose flag is set.
pub(super) fn retain_flagged<T>(items: &mut Vec<T>, flags: impl IntoIterator<Item = bool>) {
    let mut flags = flags.into_iter();
    items.retain(|_| flags.next().unwrap_or(false));
}

/// Keeps each candidate whose gold and prediction are both still free.
pub(super) fn take_one_to_one<T>(candidates: Vec<T>, key: impl Fn(&T) -> (usize, usize)) -> Vec<T> {
    let mut gold = std::collections::BTreeSet::new();
    let mut predicted = std::collections::BTreeSet::new();
    candidates
        .into_iter()
        .filter(|it| {
            let (i, j) = key(it);
            let is_free = !gold.contains(&i) && !predicted.contains(&j);
            if is_free {
                gold.insert(i);
                predicted.insert(j);
            }
            is_free
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_code_points() {
        let words = Words::new("😀 né_2 x’s");
        assert_eq!(words.tokens, [[2, 6], [7, 8], [9, 10]]);
        assert_eq!(words.tokens(&[[5, 8]]), [0, 1]);
        assert_eq!(words.letters(&[[0, 6]]), [2, 3, 5]);
        assert_eq!(words.lower(0), "né_2");
    }

    #[track_caller]
    fn check_quoted(text: &str, expected: &str) {
        let words = Words::new(text);
        let found: Vec<String> = (0..words.tokens.len())
            .filter(|&it| words.is_quoted[it])
            .map(|it| words.text(words.tokens[it]))
            .collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn words_between_marks() {
        check_quoted("a “b c” d", "b c");
        check_quoted("a \"b\" c \"d\ne", "b d");
        check_quoted("a ''b'' c", "b");
        check_quoted("a ``b'' c «d» e", "b d");
        check_quoted("it's a dog's", "");
        check_quoted("‘b c’ d", "b c d");
    }

    #[test]
    fn half_is_enough_and_the_best_goes_first() {
        let pairs = pair_up(&[vec![1, 2, 3], vec![7]], &[vec![1, 2, 3, 4, 5, 6], vec![2, 3]]);
        assert_eq!(pairs, [(0, 1, 2.0 / 3.0)]);
        assert_eq!(pair_up(&[vec![1]], &[vec![1, 2]]), [(0, 0, 0.5)]);
        assert_eq!(pair_up(&[vec![1]], &[vec![1, 2, 3]]), []);
        assert_eq!(pair_up(&[vec![]], &[vec![]]), []);
    }
}
