//! Inputs: files, folders and standard input, as documents with what is known of them.
//!
//! [`inputs`] looks at the paths once and knows the order; its [`Piece`]s are small enough that
//! a few of them fill no memory, and everything slow (unpacking, decoding, HTML, JSON) happens
//! in [`Piece::articles`], on whichever thread has time. What cannot be read is set aside with a
//! reason, and the rest goes on: one bad file must not cost a night's work.

mod day;
mod decode;
mod html;
mod manifest;
mod paths;
mod records;
mod stream;
mod unique;

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::error::Error;
use crate::model::{Meta, PublishedBasis, Source};

pub use manifest::Column;
pub use paths::Unread;
pub use unique::Unique;

use manifest::Row;
use paths::{Input, Place, Shape};
use stream::Stream;

/// What a caller may decide about reading.
#[derive(Debug, Clone)]
pub struct Options {
    /// Documents of more bytes than this, unpacked, are refused. Never more than 4 GiB - 1:
    /// spans count in 32 bits.
    pub max_document: u64,
    /// About so many bytes of records make one [`Piece`].
    pub piece: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { max_document: u64::from(u32::MAX), piece: 256 << 10 }
    }
}

/// One document as it was found.
#[derive(Debug, Clone)]
pub struct Article {
    /// The document.
    pub source: Source,
    /// The file it stands in, below the PATH that was given, with `/`.
    pub path: Arc<str>,
    /// The line of its record, from 1, where it is one of many in a file.
    pub line: Option<u64>,
}

/// An input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The id it would have had.
    pub document_id: String,
    /// The file, below the PATH that was given, with `/`.
    pub path: String,
    /// The line at fault, from 1, where one is.
    pub line: Option<u64>,
    /// What is wrong, and what would be right where that is known.
    pub reason: String,
}

/// The inputs of a run, in order: paths as given, folders sorted.
#[derive(Debug)]
pub struct Inputs {
    found: std::vec::IntoIter<Input>,
    total: Option<u64>,
    unread: Unread,
    stream: Option<Stream>,
    options: Options,
}

/// A part of the input that is read in one go: a file, or a run of records.
#[derive(Debug)]
pub struct Piece {
    /// Bytes of the input that it stands for, as they lie on the disk.
    bytes: u64,
    content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    /// A file to be read when its turn comes.
    File(Place, Shape, Option<Arc<Row>>, u64),
    /// A text that came without a file.
    Bytes(Place, Shape, Option<Arc<Row>>, Vec<u8>),
    /// Lines of JSON, the first of them with its number.
    Lines { place: Place, row: Option<Arc<Row>>, first: u64, bytes: Vec<u8> },
    /// Records of CSV, each with its line, and rows that are none.
    Records {
        place: Place,
        row: Option<Arc<Row>>,
        header: Arc<records::Header>,
        rows: Vec<(u64, csv::ByteRecord)>,
    },
    /// Nothing but a complaint.
    Rejected(Vec<Rejected>),
}

/// Looks at `paths`, which may be files, folders and `-` for standard input.
///
/// # Errors
/// A path that does not exist, a folder without any article, a manifest that cannot be used.
/// What is wrong with single documents turns up in the pieces.
pub fn inputs(paths: &[PathBuf], options: Options) -> Result<Inputs, Error> {
    let mut unread = Unread::default();
    let found = paths::find(paths, &mut unread)?;
    let total = found.iter().map(|it| it.bytes).sum::<Option<u64>>();
    Ok(Inputs { found: found.into_iter(), total, unread, stream: None, options })
}

impl Inputs {
    /// Bytes of all inputs as they lie on the disk, where that is known.
    pub fn total_bytes(&self) -> Option<u64> {
        self.total
    }
}

impl Inputs {
    /// What lies at the paths and is not read.
    pub fn unread(&self) -> &Unread {
        &self.unread
    }
}

impl Iterator for Inputs {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(stream) = &mut self.stream {
                if let Some(piece) = stream.next(&self.options) {
                    return Some(piece);
                }
                self.stream = None;
            }
            let input = self.found.next()?;
            match input.content {
                paths::Found::File(place, shape, row) if shape.is_stream() => {
                    match Stream::open(place, shape, row) {
                        Ok(stream) => self.stream = Some(stream),
                        Err(rejected) => return Some(Piece::rejected(0, vec![rejected])),
                    }
                }
                paths::Found::File(place, shape, row) => {
                    let content = Content::File(place, shape, row, self.options.max_document);
                    return Some(Piece { bytes: input.bytes.unwrap_or(0), content });
                }
                paths::Found::Rejected(rejected) => {
                    return Some(Piece::rejected(0, vec![rejected]));
                }
            }
        }
    }
}

impl Piece {
    fn rejected(bytes: u64, rejected: Vec<Rejected>) -> Piece {
        Piece { bytes, content: Content::Rejected(rejected) }
    }

    /// Bytes of the input that this piece stands for, as they lie on the disk: what progress
    /// is counted in.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The documents of this piece in order, those that cannot be read with their reason.
    pub fn articles(self) -> Vec<Result<Article, Rejected>> {
        match self.content {
            Content::File(place, shape, row, max) => {
                vec![
                    stream::file(&place, shape.packing, max)
                        .and_then(|bytes| article(&place, shape, row.as_deref(), bytes))
                        .map_err(|reason| place.rejected(id(&place, row.as_deref()), None, reason)),
                ]
            }
            Content::Bytes(place, shape, row, bytes) => {
                vec![
                    article(&place, shape, row.as_deref(), bytes)
                        .map_err(|reason| place.rejected(id(&place, row.as_deref()), None, reason)),
                ]
            }
            Content::Lines { place, row, first, bytes } => {
                records::lines(&place, row.as_deref(), first, &bytes)
            }
            Content::Records { place, row, header, rows } => {
                records::rows(&place, row.as_deref(), &header, rows)
            }
            Content::Rejected(rejected) => rejected.into_iter().map(Err).collect(),
        }
    }

    /// As [`Piece::articles`], without the places.
    pub fn sources(self) -> Vec<Result<Source, Rejected>> {
        self.articles().into_iter().map(|it| it.map(|it| it.source)).collect()
    }
}

/// The id of a file that is one document.
fn id(place: &Place, row: Option<&Row>) -> String {
    match row {
        Some(row) if !row.id.is_empty() => row.id.clone(),
        _ => place.path.to_string(),
    }
}

/// The document that one file holds.
fn article(
    place: &Place,
    shape: Shape,
    row: Option<&Row>,
    bytes: Vec<u8>,
) -> Result<Article, String> {
    let is_html = shape.kind == paths::Kind::Html;
    let text = decode::text(bytes, |it| if is_html { html::declared(it) } else { None })?;
    let (mut meta, text) = if is_html { html::article(&text)? } else { (Meta::default(), text) };
    if text.trim().is_empty() {
        return Err("the text is empty".to_owned());
    }
    if let Some(row) = row {
        meta = over(row.meta.clone(), meta);
    }
    let source = Source { id: id(place, row), meta, text };
    Ok(Article { source, path: place.path.clone(), line: None })
}

/// What `first` says, and where it says nothing, what `second` does.
fn over(first: Meta, second: Meta) -> Meta {
    let or = |a: String, b: String| if a.is_empty() { b } else { a };
    let (published, published_basis) = match first.published {
        Some(_) => (first.published, first.published_basis),
        None => (second.published, second.published_basis),
    };
    Meta {
        title: or(first.title, second.title),
        publisher: or(first.publisher, second.publisher),
        author: or(first.author, second.author),
        published,
        published_basis,
        url: or(first.url, second.url),
        lang: or(first.lang, second.lang),
    }
}

/// A day of publication and where it was found.
fn published(
    text: &str,
    basis: PublishedBasis,
) -> Result<(Option<jiff::civil::Date>, PublishedBasis), String> {
    if text.trim().is_empty() {
        return Ok((None, PublishedBasis::Unknown));
    }
    let day = day::parse(text).ok_or_else(|| day::refusal(text))?;
    Ok((Some(day), basis))
}

#[cfg(test)]
mod tests;
