//! Which rows of a folder must belong to one claim, and which must not.
//!
//! ```text
//! a.txt: first words of a statement … = b.txt: first words of another …
//! c.jsonl#id: a whole statement != b.txt: first words of another …
//! - a.txt: …  = b.txt: …     a known gap
//! ```
//!
//! A row is named by its file (with `#` and the id of the document, where a file holds
//! several) and its statement, or its first words with ` …` after them.

use super::{Extracted, Mark, Report, clip, is_id, sheet};
use crate::error::Error;

/// A pair of rows.
struct Pair {
    /// Known to be otherwise.
    is_gap: bool,
    /// Whether both must belong to one claim, or must not.
    is_same: bool,
    sides: [Side; 2],
    /// The line without its mark.
    text: String,
}

/// One row as a pair names it.
struct Side {
    file: String,
    document: Option<String>,
    words: String,
}

/// How a pair stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Holds,
    Fails,
    /// One of the rows was not found.
    Open,
}

/// Compares a folder's pairs with what was found.
pub(super) fn check(
    name: &str,
    text: &str,
    found: &Extracted,
    report: &mut Report,
) -> Result<(), Error> {
    for (at, line) in parse(name, text)?.iter().enumerate() {
        let Ok(pair) = line else { continue };
        let problem = match (pair.is_gap, pair.outcome(folder(name), found)) {
            (false, Outcome::Holds) => {
                report.pairs += 1;
                continue;
            }
            (true, Outcome::Fails | Outcome::Open) => {
                report.pair_gaps += 1;
                continue;
            }
            // Rows that are not there cannot be joined by mistake.
            (false, Outcome::Open) if !pair.is_same => continue,
            (true, Outcome::Holds) => "gap closed, run --bless to keep it so".to_owned(),
            (false, Outcome::Open) => pair.absent(folder(name), found),
            (false, Outcome::Fails) if pair.is_same => "must be one claim, are two".to_owned(),
            (false, Outcome::Fails) => "must be two claims, are one".to_owned(),
        };
        report.problems.push(format!("{name}:{}: {problem}\n    {}", at + 1, pair.text));
    }
    Ok(())
}

/// The sheet as it is: pairs that do not hold become known gaps, and known gaps that hold
/// plain pairs.
pub(super) fn bless(name: &str, text: &str, found: &Extracted) -> Result<String, Error> {
    let mut out = String::new();
    for line in parse(name, text)? {
        let line = match line {
            Err(other) => other,
            Ok(pair) => {
                let is_gap = match pair.outcome(folder(name), found) {
                    Outcome::Holds => false,
                    Outcome::Fails => true,
                    Outcome::Open => pair.is_gap || pair.is_same,
                };
                if is_gap { format!("- {}", pair.text) } else { pair.text }
            }
        };
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}

/// The folder of a sheet, with `/` at its end unless it is empty.
fn folder(name: &str) -> &str {
    &name[..name.rfind('/').map_or(0, |it| it + 1)]
}

/// Each line as a pair, or as it stands if it is a comment.
fn parse(name: &str, text: &str) -> Result<Vec<Result<Pair, String>>, Error> {
    let lines = text.lines().enumerate().map(|(at, line)| {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(Err(line.to_owned()));
        }
        let pair = parse_pair(line).ok_or_else(|| {
            Error::usage(format!(
                "{name}:{}: a line is `FILE: words … = FILE: words …`, or the same with `!=`",
                at + 1
            ))
        })?;
        Ok(Ok(pair))
    });
    lines.collect()
}

fn parse_pair(line: &str) -> Option<Pair> {
    let (mark, text) = Mark::split(line);
    // The words of a statement may hold ` = `; a file and a colon stand only after the sign.
    [(" != ", false), (" = ", true)].into_iter().find_map(|(sign, is_same)| {
        text.match_indices(sign).find_map(|(at, _)| {
            let sides = [side(&text[..at])?, side(&text[at + sign.len()..])?];
            Some(Pair { is_gap: mark == Mark::Gap, is_same, sides, text: text.to_owned() })
        })
    })
}

fn side(words: &str) -> Option<Side> {
    let (file, words) = words.trim().split_once(": ")?;
    if file.is_empty() || file.contains(char::is_whitespace) {
        return None;
    }
    let (file, document) = match file.split_once('#') {
        Some((file, document)) => (file, Some(document.to_owned())),
        None => (file, None),
    };
    Some(Side { file: file.to_owned(), document, words: sheet::cell(words) })
}

impl Pair {
    fn outcome(&self, folder: &str, found: &Extracted) -> Outcome {
        let [a, b] = [0, 1].map(|it| self.sides[it].claims(folder, found));
        if a.is_empty() || b.is_empty() {
            return Outcome::Open;
        }
        let is_joined = a.iter().any(|it| b.contains(it));
        if is_joined == self.is_same { Outcome::Holds } else { Outcome::Fails }
    }

    fn absent(&self, folder: &str, found: &Extracted) -> String {
        let absent = self.sides.iter().filter(|it| it.claims(folder, found).is_empty());
        let rows: Vec<_> =
            absent.map(|it| format!("{} has no row `{}`", it.file, clip(&it.words))).collect();
        rows.join("; ")
    }
}

impl Side {
    /// The claims of the rows that are meant: those with the whole statement, else those that
    /// begin with the words.
    fn claims<'a>(&self, folder: &str, found: &'a Extracted) -> Vec<&'a str> {
        let documents = found.documents.iter().filter(|it| {
            it.file.strip_prefix(folder) == Some(&self.file)
                && self.document.as_ref().is_none_or(|name| is_id(&it.document_id, name))
        });
        let rows: Vec<(String, &str)> = documents
            .flat_map(|it| it.statements.iter().zip(&it.claims))
            .map(|(row, claim)| (sheet::cell(&row.statement), claim.as_str()))
            .collect();
        let whole: Vec<&str> = rows.iter().filter(|it| it.0 == self.words).map(|it| it.1).collect();
        if !whole.is_empty() {
            return whole;
        }
        let first = self.words.strip_suffix(" …").unwrap_or(&self.words);
        let begins = |words: &str| {
            words.strip_prefix(first).is_some_and(|it| it.is_empty() || it.starts_with(' '))
        };
        rows.iter().filter(|it| begins(&it.0)).map(|it| it.1).collect()
    }
}
