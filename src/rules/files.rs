//! The files of a rule pack: where they come from and how a mistake in one is shown.

use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, RuleError};

/// The files of the default pack, compiled in: path inside the pack and words, sorted by path.
pub const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Folders in which a list may have any name. Elsewhere a list has the name of one in the default
/// pack, or no stage would read it.
const LIST_FOLDERS: [&str; 2] = ["actors/", "words/"];

/// One file of a pack.
#[derive(Debug, Clone)]
pub struct PackFile {
    /// Its path inside the pack, with `/`: `dates/absolute.toml`.
    pub name: String,
    /// Its path as the user would look for it.
    pub shown: String,
    /// Its words.
    pub text: String,
}

/// The files of the default pack and of the folders laid over it, in the order of loading.
///
/// A file of a later layer never hides one of an earlier layer: its entries are added, and
/// those with a known id replace it. Within a layer an id stands once.
#[derive(Debug, Clone, Default)]
pub struct PackFiles {
    files: Vec<PackFile>,
    /// Index of the first file of each layer.
    layers: Vec<usize>,
}

impl PackFiles {
    /// The pack compiled into the program.
    pub fn embedded() -> PackFiles {
        let file = |(name, text): &(&str, &str)| PackFile {
            name: (*name).to_owned(),
            shown: format!("rules/en/{name}"),
            text: (*text).to_owned(),
        };
        PackFiles { files: EMBEDDED.iter().map(file).collect(), layers: vec![0] }
    }

    /// Lays a folder over what is there: its `.toml` and `.csv` files, sorted by path.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read or is no UTF-8; a list that no stage would read.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), Error> {
        if !folder.is_dir() {
            return Err(Error::usage(format!(
                "`{}` is no folder: --rules takes a folder with .toml and .csv files",
                folder.display()
            )));
        }
        let is_hidden = |it: &walkdir::DirEntry| {
            it.depth() > 0 && it.file_name().to_string_lossy().starts_with('.')
        };
        self.layers.push(self.files.len());
        let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|it| !is_hidden(it)) {
            let entry = entry.map_err(|err| {
                let path = err.path().unwrap_or(folder).to_owned();
                Error::io("read", path, err.into())
            })?;
            if !entry.file_type().is_file() || !is_rules(entry.path())? {
                continue;
            }
            let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let name: Vec<_> = inside.iter().map(|it| it.to_string_lossy()).collect();
            let file = PackFile::read(entry.path(), &name.join("/"))?;
            file.check_name()?;
            self.files.push(file);
        }
        Ok(())
    }

    /// Adds one file under a name inside the pack.
    ///
    /// # Errors
    /// The file cannot be read or is no UTF-8.
    pub fn add_file(&mut self, path: &Path, name: &str) -> Result<(), Error> {
        self.push(PackFile::read(path, name)?);
        Ok(())
    }

    /// Lays one more file over what is there.
    pub fn push(&mut self, file: PackFile) {
        self.layers.push(self.files.len());
        self.files.push(file);
    }

    /// Whether the file of this index is the first one of its layer.
    pub(super) fn opens_layer(&self, index: usize) -> bool {
        self.layers.contains(&index)
    }

    /// Whether a file is one of the pack compiled into the program, or the same words again.
    pub fn is_built_in(file: &PackFile) -> bool {
        EMBEDDED.iter().any(|&(name, text)| name == file.name && text == file.text)
    }

    /// The files whose name inside the pack begins with `prefix` and ends with `suffix`.
    pub fn matching<'a>(
        &'a self,
        prefix: &'a str,
        suffix: &'a str,
    ) -> impl Iterator<Item = &'a PackFile> {
        self.files.iter().filter(move |it| it.name.starts_with(prefix) && it.name.ends_with(suffix))
    }

    /// Whether a file is one of the default pack, which is the first layer.
    pub fn is_default(&self, file: &PackFile) -> bool {
        self.files.iter().take(EMBEDDED.len()).any(|it| std::ptr::eq(it, file))
    }

    /// All files.
    pub fn all(&self) -> &[PackFile] {
        &self.files
    }
}

/// Whether a file of a rule folder holds rules or words. Notes are passed over; a file that someone
/// may take for rules is not.
fn is_rules(path: &Path) -> Result<bool, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default();
    if extension == "toml" || extension == "csv" {
        return Ok(true);
    }
    let is_note = ["", "md", "txt"].iter().any(|it| extension == *it);
    if is_note || name.starts_with('~') || name.ends_with('~') {
        return Ok(false);
    }
    Err(Error::usage(format!(
        "`{}` is no rule file: rules are .toml, lists are .csv; rename it or move it elsewhere",
        path.display()
    )))
}

impl PackFile {
    /// Reads a file that has a name of its own inside the pack.
    fn read(path: &Path, name: &str) -> Result<PackFile, Error> {
        let bytes = fs::read(path).map_err(|err| Error::io("read", path, err))?;
        let shown = path.to_string_lossy().into_owned();
        let mut text = String::from_utf8(bytes).map_err(|err| {
            let at = err.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(err.as_bytes()).into_owned();
            let file = PackFile { name: name.to_owned(), shown: shown.clone(), text };
            let help = "save the file as UTF-8; spreadsheets call it `CSV UTF-8`";
            Error::Rules(vec![file.error(at..at + 3, "these bytes are no UTF-8", help)])
        })?;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(PackFile { name: name.to_owned(), shown, text })
    }

    /// The line that a byte stands in, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        1 + self.text[..at.min(self.text.len())].matches('\n').count()
    }

    /// Reads the file as TOML.
    ///
    /// # Errors
    /// With the place that the parser found at fault.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T, RuleError> {
        toml::from_str(&self.text).map_err(|err| {
            let span = err.span().unwrap_or(0..0);
            self.error(span, err.message().trim().to_owned(), "")
        })
    }

    /// Reads the file as CSV with a header: each record with the bytes it stands in.
    ///
    /// Lines that begin with `#` are comments.
    ///
    /// # Errors
    /// With the line of the first broken record.
    pub fn csv<T: DeserializeOwned>(&self) -> Result<Vec<(T, Range<usize>)>, RuleError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(self.text.as_bytes());
        let headers = reader.headers().map_err(|err| self.csv_error(&err))?.clone();
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|err| self.csv_error(&err))? {
            let start = record.position().map_or(0, |it| it.byte() as usize);
            let line_end = self.text[start..].find('\n').map_or(self.text.len(), |it| start + it);
            let row = record
                .deserialize(Some(&headers))
                .map_err(|err| self.row_error(start..line_end, &err))?;
            rows.push((row, start..line_end));
        }
        if rows.is_empty() && !headers.is_empty() {
            self.check_header::<T>(&headers)?;
        }
        Ok(rows)
    }

    /// Refuses a list of one row that is no header: it would add nothing without a word.
    fn check_header<T: DeserializeOwned>(
        &self,
        names: &csv::StringRecord,
    ) -> Result<(), RuleError> {
        let empty = csv::StringRecord::from(vec![""; names.len()]);
        match empty.deserialize::<T>(Some(names)) {
            Err(err) if is_of_header(&csv_message(&err)) => Err(self.row_error(0..0, &err)),
            _ => Ok(()),
        }
    }

    fn csv_error(&self, err: &csv::Error) -> RuleError {
        let start = err.position().map_or(0, |it| it.byte() as usize).min(self.text.len());
        let end = self.text[start..].find('\n').map_or(self.text.len(), |it| start + it);
        self.error(start..end, csv_message(err), "quote a cell that holds a comma or a line break")
    }

    /// A column that is unknown or missing is a mistake of the header, not of the row that shows it.
    fn row_error(&self, row: Range<usize>, err: &csv::Error) -> RuleError {
        let message = csv_message(err);
        if !is_of_header(&message) {
            return self.error(row, message, "");
        }
        let lines = self.text.split_inclusive('\n');
        let before: usize = lines.take_while(|it| it.starts_with('#')).map(str::len).sum();
        let header = self.text[before..].lines().next().unwrap_or_default();
        let named = message.split('`').nth(1).and_then(|it| Some((header.find(it)?, it.len())));
        let (at, length) = named.unwrap_or((0, header.len()));
        let at = before + at..before + at + length;
        self.error(at, message.replace("field", "column"), "the first row names the columns")
    }

    /// Refuses a list that no stage would read: it would be switched off without a word.
    fn check_name(&self) -> Result<(), RuleError> {
        let is_known = !self.name.ends_with(".csv")
            || LIST_FOLDERS.iter().any(|it| self.name.starts_with(it))
            || EMBEDDED.iter().any(|it| it.0 == self.name);
        if is_known {
            return Ok(());
        }
        let others = EMBEDDED.iter().map(|it| it.0).filter(|it| {
            it.ends_with(".csv") && !LIST_FOLDERS.iter().any(|folder| it.starts_with(folder))
        });
        let others: Vec<_> = others.collect();
        let help = format!("lists are actors/*.csv, words/*.csv, {}", others.join(", "));
        let end = self.text.find('\n').unwrap_or(self.text.len());
        Err(self.error(0..end, format!("no stage reads a list of the name `{}`", self.name), help))
    }

    /// A mistake at `span` of this file.
    pub fn error(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> RuleError {
        RuleError {
            file: self.shown.clone(),
            text: self.text.clone(),
            span,
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Whether it is the header that makes a record fail.
fn is_of_header(message: &str) -> bool {
    message.starts_with("unknown field") || message.starts_with("missing field")
}

/// What is wrong with a record, without the place, which the caller shows better.
fn csv_message(err: &csv::Error) -> String {
    match err.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("a row of {len} cells where the header has {expected_len}")
        }
        _ => err.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_taken_for_rules_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), "").unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for name in ["own.toml", "README.md", "notes.txt", "LICENSE", "own.toml~", ".git/a.idx"] {
            write(name);
        }
        let mut files = PackFiles::default();
        files.add_folder(folder.path()).unwrap();
        assert_eq!(files.all().iter().map(|it| &*it.name).collect::<Vec<_>>(), ["own.toml"]);
        write("verbs.tml");
        let message = files.add_folder(folder.path()).unwrap_err().to_string();
        assert!(message.contains("verbs.tml` is no rule file"), "{message}");
    }
}
