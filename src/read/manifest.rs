//! `manifest.csv`: what plain texts in a folder cannot say of themselves.

use std::fmt;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::paths::Place;
use super::records::{self, Header, Quotes};
use super::{Rejected, decode, published};
use crate::error::Error;
use crate::model::{Meta, PublishedBasis};
use crate::rules::pattern::nearest;

/// The name by which a manifest is known.
pub(crate) const NAME: &str = "manifest.csv";

/// The columns that are read.
const COLUMNS: [&str; 8] =
    ["path", "id", "title", "publisher", "author", "published", "url", "lang"];

/// What others call these columns.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("byline", "author"),
    ("date", "published"),
    ("day", "published"),
    ("file", "path"),
    ("headline", "title"),
    ("language", "lang"),
    ("link", "url"),
    ("outlet", "publisher"),
    ("source", "publisher"),
];

/// A column that says nothing to the program, and may have been meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    manifest: PathBuf,
    name: String,
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let manifest = self.manifest.display();
        write!(f, "the column `{}` of `{manifest}` is not read: ", self.name)?;
        let parts = || self.name.split(['_', '-', ' ']);
        let other = OTHER_NAMES.iter().find(|it| parts().any(|part| part == it.0)).map(|it| it.1);
        match other.or_else(|| nearest(&self.name, COLUMNS.into_iter())) {
            Some(meant) => write!(f, "did you mean `{meant}`?"),
            None => write!(f, "the columns are {}", COLUMNS.map(|it| format!("`{it}`")).join(", ")),
        }
    }
}

/// What a manifest says of one file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) meta: Meta,
    /// Why the row cannot be used.
    pub(crate) fault: Option<String>,
    manifest: String,
    line: u64,
}

/// A manifest: its rows by the path they name, what is wrong with others, and columns that are
/// not read.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) unread: Vec<Column>,
    pub(crate) rows: FxHashMap<String, Row>,
    pub(crate) complaints: Vec<Rejected>,
}

impl Row {
    /// The complaint about a row with a fault.
    pub(crate) fn rejected(&self, place: &Place) -> Rejected {
        self.complaint(&place.path, self.fault.clone().unwrap_or_default())
    }

    /// The complaint about a row whose file is not there.
    pub(crate) fn missing(&self, path: &str) -> Rejected {
        self.complaint(path, format!("`{path}` is named here, but there is no such article"))
    }

    fn complaint(&self, path: &str, reason: String) -> Rejected {
        let document_id = if self.id.is_empty() { path.to_owned() } else { self.id.clone() };
        Rejected { document_id, path: self.manifest.clone(), line: Some(self.line), reason }
    }
}

pub(crate) fn is_manifest(name: &str) -> bool {
    name == NAME
}

/// Whether a file that is called a manifest is a table of articles after all.
pub(crate) fn has_texts(path: &Path) -> Result<bool, Error> {
    let text = load(path)?;
    Ok(text.lines().next().is_some_and(|it| Header::parse(it).column("text").is_some()))
}

/// Reads a manifest. `shown` is its path below the PATH that was given.
///
/// # Errors
/// It cannot be read, or has no column `path`: without it every document would lose its date.
pub(crate) fn read(path: &Path, shown: &str) -> Result<Table, Error> {
    let text = load(path)?;
    let header = Header::parse(text.lines().next().unwrap_or_default());
    let Some(path_column) = header.column("path") else {
        return Err(Error::usage(format!(
            "the manifest `{}` has no column `path`; it has {}",
            path.display(),
            header.names()
        )));
    };
    let mut quotes = Quotes::new(header.delimiter());
    quotes.pass(text.as_bytes());
    if quotes.is_open {
        let rows = header.reader(text.as_bytes()).into_byte_records().flatten();
        let last = rows.last().and_then(|it| it.position().map(csv::Position::line));
        return Err(Error::usage(format!(
            "the manifest `{}` ends inside a quoted cell of the row that begins in line {}: a \
             quotation mark is missing or one too many",
            path.display(),
            last.unwrap_or(1)
        )));
    }
    let mut table = Table { unread: unread(path, &header), ..Table::default() };
    for record in header.reader(text.as_bytes()).byte_records() {
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default());
        let named = cell(path_column).trim().replace('\\', "/");
        let named = named.strip_prefix("./").unwrap_or(&named).to_owned();
        let mut row = Row { manifest: shown.to_owned(), line, ..Row::default() };
        if named.is_empty() {
            if record.iter().any(|it| !it.trim_ascii().is_empty()) {
                table.complaints.push(row.complaint("", "the column `path` is empty".to_owned()));
            }
            continue;
        }
        if record.len() != header.len() {
            row.fault = Some(records::unequal(record.len(), header.len()));
        } else {
            fill(&mut row, &header, &record);
        }
        if let Some(first) = table.rows.get(&named) {
            let reason = format!("`{named}` is named in line {} already", first.line);
            table.complaints.push(row.complaint(&named, reason));
            continue;
        }
        table.rows.insert(named, row);
    }
    Ok(table)
}

/// Whoever numbers rows in front of the path has a column without a name.
fn unread(path: &Path, header: &Header) -> Vec<Column> {
    let names = header.iter().filter(|it| !it.is_empty() && !COLUMNS.contains(it));
    names.map(|it| Column { manifest: path.to_owned(), name: it.to_owned() }).collect()
}

fn fill(row: &mut Row, header: &Header, record: &csv::ByteRecord) {
    let cells = header.cells(record);
    row.id = cells.id;
    row.meta = Meta {
        title: cells.title,
        publisher: cells.publisher,
        author: cells.author,
        url: cells.url,
        lang: cells.lang,
        ..Meta::default()
    };
    match published(&cells.published, PublishedBasis::Manifest) {
        Ok((day, basis)) => (row.meta.published, row.meta.published_basis) = (day, basis),
        Err(reason) => row.fault = Some(reason),
    }
}

fn load(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|err| Error::io("read", path, err))?;
    decode::text(bytes, |_| None)
        .map_err(|reason| Error::usage(format!("the manifest `{}`: {reason}", path.display())))
}
