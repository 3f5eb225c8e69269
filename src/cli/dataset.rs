//! The files of a dataset, read line by line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::error::Error;

/// The files of a dataset.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) statements: PathBuf,
    /// The folder of the other files, if it is one.
    folder: Option<PathBuf>,
}

impl Source {
    /// A folder that `extract` wrote, or a file of statements alone.
    pub(super) fn find(path: &Path) -> Result<Source, Error> {
        let statements =
            if path.is_dir() { path.join("statements.jsonl") } else { path.to_owned() };
        if path.is_dir() && !statements.is_file() {
            return Err(Error::usage(format!(
                "`{}` is no dataset: it has no statements.jsonl; give a folder that `extract` wrote",
                path.display()
            )));
        }
        Ok(Source { statements, folder: path.is_dir().then(|| path.to_owned()) })
    }

    /// Another file of the folder, if it is there.
    pub(super) fn other(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|it| it.join(name)).filter(|it| it.is_file())
    }
}

/// The lines of a JSONL file; empty ones are passed over.
pub(super) struct Lines {
    path: PathBuf,
    lines: BufReader<File>,
    line: String,
    number: u64,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Lines, Error> {
        let file = File::open(path).map_err(|err| Error::io("read", path, err))?;
        Ok(Lines {
            path: path.to_owned(),
            lines: BufReader::with_capacity(1 << 16, file),
            line: String::new(),
            number: 0,
        })
    }

    /// The next line as it stands; nothing at the end.
    pub(super) fn next_line(&mut self) -> Result<Option<&str>, Error> {
        loop {
            self.line.clear();
            self.number += 1;
            match self.lines.read_line(&mut self.line) {
                Ok(0) => return Ok(None),
                Ok(_) if self.line.trim().is_empty() => {}
                Ok(_) => break,
                Err(err) => return Err(Error::io("read", &self.path, err)),
            }
        }
        Ok(Some(self.line.trim_start_matches('\u{feff}').trim_end()))
    }

    /// What is wrong with the line that was read last.
    pub(super) fn fault(&self, err: &serde_json::Error) -> Error {
        let place = format!("`{}`, line {}", self.path.display(), self.number);
        Error::usage(format!("{place}: not a line of a dataset: {err}"))
    }

    /// The lines read as records.
    pub(super) fn records<T: DeserializeOwned>(mut self) -> impl Iterator<Item = Result<T, Error>> {
        std::iter::from_fn(move || {
            let read = match self.next_line() {
                Ok(line) => serde_json::from_str(line?),
                Err(err) => return Some(Err(err)),
            };
            Some(read.map_err(|err| self.fault(&err)))
        })
    }
}
