//! A sheet of expectations, line by line.

use crate::error::Error;
use crate::model::{Kind, Stance};

/// The columns of a line.
pub const FIELDS: [&str; 6] = ["kind", "speaker", "cue", "stance", "date", "statement"];

/// What a line of a sheet claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is right and found.
    Right,
    /// `- `: it ought to be found and is not yet.
    Gap,
    /// `+ `: it is found and ought not to be.
    Wrong,
}

impl Mark {
    /// What stands before the line, and the rest of the line.
    pub(super) fn split(line: &str) -> (Mark, &str) {
        if let Some(rest) = line.strip_prefix("- ") {
            (Mark::Gap, rest)
        } else if let Some(rest) = line.strip_prefix("+ ") {
            (Mark::Wrong, rest)
        } else {
            (Mark::Right, line)
        }
    }
}

/// A line of a sheet.
#[derive(Debug)]
pub(super) enum Line {
    /// A comment or an empty line.
    Other(String),
    /// `## id`, with the whole line.
    Heading(String, String),
    /// A row, with its words as they stand, without the mark.
    Row(Mark, [String; 6], String),
}

impl Line {
    /// The line as it stands.
    pub(super) fn text(&self) -> String {
        match self {
            Line::Other(text) | Line::Heading(_, text) | Line::Row(Mark::Right, _, text) => {
                text.clone()
            }
            Line::Row(Mark::Gap, _, text) => format!("- {text}"),
            Line::Row(Mark::Wrong, _, text) => format!("+ {text}"),
        }
    }
}

/// Expectations for one file.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) lines: Vec<Line>,
}

impl Sheet {
    pub(super) fn parse(name: &str, text: &str) -> Result<Sheet, Error> {
        let lines = text.lines().enumerate().map(|(at, line)| {
            parse(line).map_err(|it| Error::usage(format!("{name}:{}: {it}", at + 1)))
        });
        Ok(Sheet { lines: lines.collect::<Result<_, _>>()? })
    }

    fn row(&self, line: usize) -> Option<(Mark, &[String; 6], &str)> {
        match &self.lines[line] {
            Line::Row(mark, fields, text) => Some((*mark, fields, text)),
            _ => None,
        }
    }

    /// The mark of a row.
    pub(super) fn mark(&self, line: usize) -> Option<Mark> {
        self.row(line).map(|it| it.0)
    }

    /// The statement of a row, else nothing.
    pub(super) fn statement(&self, line: usize) -> &str {
        self.row(line).map_or("", |it| &it.1[5])
    }

    /// The words of a row without its mark.
    pub(super) fn row_text(&self, line: usize) -> &str {
        self.row(line).map_or("", |it| it.2)
    }

    /// The fields in which a row differs from the line: name, expected, found.
    pub(super) fn differences<'a>(
        &'a self,
        line: usize,
        found: &'a [String; 6],
    ) -> Vec<(&'static str, &'a str, &'a str)> {
        let Some((_, expected, _)) = self.row(line) else { return Vec::new() };
        let fields = FIELDS.into_iter().zip(expected.iter().zip(found));
        fields
            .filter(|(_, (expected, found))| expected != found)
            .map(|(name, (expected, found))| (name, expected.as_str(), found.as_str()))
            .collect()
    }

    /// What a line becomes when the sheet is blessed; a known wrong row that is gone, nothing.
    pub(super) fn blessed(&self, line: usize, is_found: bool) -> Option<String> {
        let Some((mark, _, text)) = self.row(line) else { return Some(self.lines[line].text()) };
        match (mark, is_found) {
            (Mark::Right | Mark::Gap, true) => Some(text.to_owned()),
            (Mark::Right | Mark::Gap, false) => Some(format!("- {text}")),
            (Mark::Wrong, true) => Some(format!("+ {text}")),
            (Mark::Wrong, false) => None,
        }
    }
}

fn parse(line: &str) -> Result<Line, String> {
    if let Some(id) = line.strip_prefix("## ") {
        return Ok(Line::Heading(id.trim().to_owned(), line.to_owned()));
    }
    if line.trim().is_empty() || line.starts_with('#') {
        return Ok(Line::Other(line.to_owned()));
    }
    let (mark, text) = Mark::split(line);
    let cells: Vec<String> = text.splitn(FIELDS.len(), '|').map(cell).collect();
    let fields: [String; 6] = cells.try_into().map_err(|cells: Vec<String>| {
        format!("a line has {} cells, this one {}: {}", FIELDS.len(), cells.len(), columns())
    })?;
    let kinds = [Kind::Direct, Kind::Indirect, Kind::Mixed, Kind::Dated].map(Kind::as_str);
    if !kinds.contains(&fields[0].as_str()) {
        return Err(format!("`{}` is no kind; there are {}", fields[0], kinds.join(", ")));
    }
    if Stance::from_word(&fields[3]).is_none() {
        let stances: Vec<_> = Stance::ALL.iter().map(|it| it.as_str()).collect();
        return Err(format!("`{}` is no stance; there are {}", fields[3], stances.join(", ")));
    }
    Ok(Line::Row(mark, fields, text.to_owned()))
}

fn columns() -> String {
    FIELDS.join(" | ")
}

/// A cell as it is compared: white space folded. A bar, which parts cells, becomes a broken
/// one, in lines and rows alike.
pub(super) fn cell(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "¦")
}
