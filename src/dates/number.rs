//! Numbers in figures and words.

use crate::model::{Shape, Token};
use crate::rules::{ClassId, Lexicon};

/// Classes of words whose value is a number.
const CLASSES: &[&str] = &[
    "cardinal",
    "ordinal",
    "vague-number",
    "couple",
    "half-word",
    "from-end",
    "scale",
    "many-word",
];
/// Class of words that count as one where no number stands beside them: `a`, `an`.
const ARTICLE: &str = "article";

/// What words mean as numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    /// By entry.
    of_entry: Vec<Word>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    /// No number.
    None,
    /// A number.
    Is(f64),
    /// What comes before it, so many times.
    Times(f64),
    /// One, if nothing else is said.
    Article,
    /// Nobody knows how many.
    Open,
}

impl Numbers {
    /// From the classes of the word lists.
    pub(super) fn new(lexicon: &Lexicon) -> Numbers {
        let classes: Vec<ClassId> = CLASSES.iter().filter_map(|it| lexicon.class(it)).collect();
        let article = lexicon.class(ARTICLE);
        let of_entry = (0..lexicon.len() as u32).map(|entry| {
            if article.is_some_and(|it| lexicon.has(entry, it)) {
                return Word::Article;
            }
            let value = classes.iter().find_map(|&it| lexicon.value(entry, it));
            match value {
                None => Word::None,
                Some("X") => Word::Open,
                Some(value) => match value.strip_prefix('*') {
                    Some(times) => times.parse().map_or(Word::None, Word::Times),
                    None => value.parse().map_or(Word::None, Word::Is),
                },
            }
        });
        Numbers { of_entry: of_entry.collect() }
    }

    /// The number that the tokens say: digits with a point, or `X`; nothing if they say none.
    ///
    /// Two numbers that stand side by side as in years are read as such: nineteen ninety-six.
    pub(super) fn read(&self, text: &str, tokens: &[Token]) -> Option<String> {
        let (mut total, mut current) = (0.0, None::<f64>);
        let mut has_article = false;
        for (at, token) in tokens.iter().enumerate() {
            let (word, is_times) = match self.value(text, token)? {
                Word::None => continue,
                Word::Open => return Some("X".to_owned()),
                Word::Article => {
                    has_article = true;
                    continue;
                }
                // What stands before a stroke is counted with what comes after it.
                Word::Is(_) if is_stroke(text, tokens.get(at + 1)) => continue,
                Word::Is(below) if at > 1 && is_stroke(text, tokens.get(at - 1)) => {
                    let Word::Is(above) = self.value(text, &tokens[at - 2])? else { return None };
                    (above / below, false)
                }
                Word::Is(number) => (number, false),
                Word::Times(times) => (times, true),
            };
            current = Some(match current {
                None => word,
                Some(before) if !is_times => join(before, word)?,
                Some(before) if word < 1000.0 => before * word,
                Some(before) => {
                    total += before * word;
                    0.0
                }
            });
        }
        match current {
            Some(current) => Some(format!("{}", total + current)),
            None => has_article.then(|| "1".to_owned()),
        }
    }

    fn value(&self, text: &str, token: &Token) -> Option<Word> {
        let word = token.span.of(text);
        let listed = self.of_entry[token.entry as usize];
        Some(match token.shape.form() {
            Shape::DIGITS => Word::Is(word.parse().ok()?),
            Shape::NUMBER => Word::Is(word.replace(',', "").parse().ok()?),
            Shape::ALNUM if listed == Word::None => Word::Is(leading(word)?),
            _ => listed,
        })
    }
}

fn is_stroke(text: &str, token: Option<&Token>) -> bool {
    token.is_some_and(|it| it.span.of(text) == "/")
}

/// Two numbers side by side: 90 and 6 are 96, 19 and 96 are 1996, 2 and a half are 2.5.
fn join(before: f64, number: f64) -> Option<f64> {
    let adds = number < 1.0
        || before % 100.0 == 0.0
        || before % 10.0 == 0.0 && before >= 20.0 && number < 10.0;
    if adds {
        return Some(before + number);
    }
    (before >= 10.0 && number >= 10.0).then_some(before * 100.0 + number)
}

/// The digits that a word begins with.
fn leading(word: &str) -> Option<f64> {
    let end = word.find(|it: char| !it.is_ascii_digit()).unwrap_or(word.len());
    // What has digits in front is an ordinal number only with letters behind; 1970s is none.
    let is_ordinal = end <= 3 && word[end..].len() == 2;
    if is_ordinal { word[..end].parse().ok() } else { None }
}
