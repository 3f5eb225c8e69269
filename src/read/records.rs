//! Records: a line of JSON or a row of CSV is one document.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;

use super::manifest::Row;
use super::paths::Place;
use super::{Article, Rejected, over, published};
use crate::model::{Meta, PublishedBasis, Source};

/// The columns of a CSV file.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    names: Vec<String>,
    delimiter: u8,
}

/// The fields of a record, as its file gives them. Empty is "not there".
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) publisher: String,
    pub(crate) author: String,
    pub(crate) published: String,
    pub(crate) url: String,
    pub(crate) lang: String,
}

impl Header {
    /// From the first line of a file. Comma, semicolon and tab may stand between the names.
    pub(crate) fn parse(line: &str) -> Header {
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| {
                line.bytes().filter(|it| it == mark).count() * 2 + usize::from(*mark == b',')
            })
            .unwrap_or(b',');
        let mut names = Vec::new();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter)
            .from_reader(line.as_bytes());
        if let Some(Ok(record)) = reader.records().next() {
            names = record.iter().map(|it| it.trim().to_ascii_lowercase()).collect();
        }
        Header { names, delimiter }
    }

    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|it| it == name)
    }

    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The names, for a message.
    pub(crate) fn names(&self) -> String {
        let shown: Vec<_> = self.names.iter().take(20).map(|it| format!("`{it}`")).collect();
        if shown.is_empty() { "none at all".to_owned() } else { shown.join(", ") }
    }

    /// A reader of rows behind the header, which takes rows of any length: the caller complains.
    pub(crate) fn reader<R: std::io::Read>(&self, input: R) -> csv::Reader<R> {
        csv::ReaderBuilder::new().flexible(true).delimiter(self.delimiter).from_reader(input)
    }

    pub(crate) fn cells(&self, record: &csv::ByteRecord) -> Cells {
        let cell = |name: &str| match self.column(name).and_then(|at| record.get(at)) {
            Some(bytes) => String::from_utf8_lossy(bytes).trim().to_owned(),
            None => String::new(),
        };
        Cells {
            id: cell("id"),
            title: cell("title"),
            publisher: cell("publisher"),
            author: cell("author"),
            published: cell("published"),
            url: cell("url"),
            lang: cell("lang"),
        }
    }
}

/// Whether a CSV file that passes by is inside a quoted cell. A mark in the middle of a cell that
/// is not quoted is a sign like others.
#[derive(Debug)]
pub(crate) struct Quotes {
    delimiter: u8,
    pub(crate) is_open: bool,
    /// The last byte that passed, and whether it was a mark that closed a cell.
    last: u8,
    has_closed: bool,
}

impl Quotes {
    pub(crate) fn new(delimiter: u8) -> Quotes {
        Quotes { delimiter, is_open: false, last: b'\n', has_closed: false }
    }

    /// The next bytes of the file.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        for at in memchr::memchr_iter(b'"', bytes) {
            let before = at.checked_sub(1).map_or(self.last, |it| bytes[it]);
            // A mark right behind one that closed stands for itself, and the cell goes on.
            let reopens = self.has_closed && before == b'"';
            let begins = before == self.delimiter || matches!(before, b'\n' | b'\r');
            self.has_closed = self.is_open;
            self.is_open = !self.is_open && (begins || reopens);
        }
        if let Some(&last) = bytes.last() {
            self.last = last;
        }
    }
}

/// What is wrong with a row of the wrong length.
pub(crate) fn unequal(found: usize, expected: usize) -> String {
    let cells = if found == 1 { "cell" } else { "cells" };
    format!(
        "a row of {found} {cells} where the header has {expected}: quote a cell that holds a \
         comma, a quotation mark or a line break"
    )
}

/// A line of JSON: only the fields that the program knows, of any scalar type.
#[derive(Debug, Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    text: Option<Value<'a>>,
    #[serde(borrow, default)]
    id: Option<Value<'a>>,
    #[serde(borrow, default)]
    title: Option<Value<'a>>,
    #[serde(borrow, default)]
    publisher: Option<Value<'a>>,
    #[serde(borrow, default)]
    author: Option<Value<'a>>,
    #[serde(borrow, default)]
    published: Option<Value<'a>>,
    #[serde(borrow, default)]
    url: Option<Value<'a>>,
    #[serde(borrow, default)]
    lang: Option<Value<'a>>,
}

/// What crawlers write into a field.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(serde_json::Number),
    List(Vec<String>),
    Other(serde::de::IgnoredAny),
}

impl Value<'_> {
    fn into_text(self) -> Option<String> {
        Some(match self {
            Value::Text(text) => text.into_owned(),
            Value::Number(number) => number.to_string(),
            Value::List(items) => items.join(", "),
            Value::Other(_) => return None,
        })
    }
}

/// The documents in lines of JSON; blank lines are none.
pub(crate) fn lines(
    place: &Place,
    row: Option<&Row>,
    first: u64,
    bytes: &[u8],
) -> Vec<Result<Article, Rejected>> {
    let mut found = Vec::new();
    for (line, words) in (first..).zip(bytes.split(|it| *it == b'\n')) {
        let words = words.trim_ascii();
        if !words.is_empty() {
            found.push(json(place, row, line, words));
        }
    }
    found
}

fn json(place: &Place, row: Option<&Row>, line: u64, bytes: &[u8]) -> Result<Article, Rejected> {
    let refused = |id: Option<String>, reason: String| {
        place.rejected(id.unwrap_or_else(|| place.line_id(line)), Some(line), reason)
    };
    let words = std::str::from_utf8(bytes).map_err(|err| {
        refused(None, format!("invalid UTF-8 at byte {} of the line", err.valid_up_to() + 1))
    })?;
    if !words.starts_with('{') {
        return Err(refused(
            None,
            "a line must be one JSON object, as in {\"text\": \"…\"}".to_owned(),
        ));
    }
    let record: Line =
        serde_json::from_str(words).map_err(|err| refused(None, json_fault(&err)))?;
    let field = |value: Option<Value>| {
        value.and_then(Value::into_text).map(|it| it.trim().to_owned()).unwrap_or_default()
    };
    let id = field(record.id);
    let id = if id.is_empty() { None } else { Some(id) };
    let text = match record.text {
        Some(Value::Text(text)) => text.into_owned(),
        Some(_) => return Err(refused(id, "the field `text` is no string".to_owned())),
        None => return Err(refused(id, no_text(words).to_owned())),
    };
    let cells = Cells {
        id: id.unwrap_or_default(),
        title: field(record.title),
        publisher: field(record.publisher),
        author: field(record.author),
        published: field(record.published),
        url: field(record.url),
        lang: field(record.lang),
    };
    document(place, row, line, cells, text)
}

/// Why a record has no text.
fn no_text(words: &str) -> &'static str {
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(words).unwrap_or_default();
    if fields.contains_key("text") {
        "the field `text` is null: the article was not fetched, perhaps"
    } else {
        "there is no field `text`"
    }
}

/// Says where in the line the JSON breaks off, without the "line 1" of a parser that sees one.
fn json_fault(err: &serde_json::Error) -> String {
    let message = err.to_string();
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |it| it.0);
    match err.classify() {
        serde_json::error::Category::Data => format!("no record: {what}"),
        _ => format!("broken JSON at column {}: {what}", err.column()),
    }
}

/// The documents in rows of CSV.
pub(crate) fn rows(
    place: &Place,
    row: Option<&Row>,
    header: &Arc<Header>,
    records: Vec<(u64, csv::ByteRecord)>,
) -> Vec<Result<Article, Rejected>> {
    let text_column = header.column("text").unwrap_or(0);
    let one = |(line, record): (u64, csv::ByteRecord)| {
        let refused = |reason| place.rejected(place.line_id(line), Some(line), reason);
        if record.len() != header.len() {
            return Err(refused(unequal(record.len(), header.len())));
        }
        let text =
            std::str::from_utf8(record.get(text_column).unwrap_or_default()).map_err(|err| {
                refused(format!("invalid UTF-8 at byte {} of `text`", err.valid_up_to() + 1))
            })?;
        document(place, row, line, header.cells(&record), text.to_owned())
    };
    records.into_iter().map(one).collect()
}

fn document(
    place: &Place,
    row: Option<&Row>,
    line: u64,
    cells: Cells,
    text: String,
) -> Result<Article, Rejected> {
    let id = if cells.id.is_empty() { place.line_id(line) } else { cells.id };
    let refused = |id: &str, reason: &str| place.rejected(id.to_owned(), Some(line), reason);
    if text.trim().is_empty() {
        return Err(refused(&id, "the text is empty"));
    }
    let (day, basis) = published(&cells.published, PublishedBasis::Field)
        .map_err(|reason| refused(&id, &reason))?;
    let meta = Meta {
        title: cells.title,
        publisher: cells.publisher,
        author: cells.author,
        published: day,
        published_basis: basis,
        url: cells.url,
        lang: cells.lang,
    };
    // A record knows better than the manifest, which speaks of the whole file.
    let meta = match row {
        Some(row) => over(meta, row.meta.clone()),
        None => meta,
    };
    let source = Source { id, meta, text };
    Ok(Article { source, path: place.path.clone(), line: Some(line) })
}
