//! What can go wrong, with its place and the way out.
//!
//! Reading, loading rules and writing can fail. The stages between cannot: strange text is
//! input, not an error.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Everything that stops a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `write`, …
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The command or its input is wrong; the message says what to do.
    #[error("{0}")]
    Usage(String),
    /// A mistake in a rule pack.
    #[error(transparent)]
    Rule(#[from] Box<RuleError>),
    /// Several mistakes in a rule pack; each is shown.
    #[error("{} mistakes in the rules", .0.len())]
    Rules(Vec<RuleError>),
    /// The user stopped the run; what became of its results.
    #[error("stopped; {0}")]
    Interrupted(&'static str),
}

impl Error {
    /// A failed action on a path.
    pub fn io(action: &'static str, path: impl AsRef<Path>, source: io::Error) -> Error {
        Error::Io { action, path: path.as_ref().to_owned(), source }
    }

    /// A mistake of the user, in a sentence without capital and full stop.
    pub fn usage(message: impl Into<String>) -> Error {
        Error::Usage(message.into())
    }

    /// Whether the reader of our output has closed it, as `head` does.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// A mistake in a rule file, with its place.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{file}:{}: {message}", self.line())]
pub struct RuleError {
    /// The file, as the user named it.
    pub file: String,
    /// The file's whole text, kept so that the line can be shown.
    pub text: String,
    /// The bytes at fault.
    pub span: Range<usize>,
    /// What is wrong there.
    pub message: String,
    /// What would be right, if there is something to say; else empty.
    pub help: String,
}

impl RuleError {
    /// The line at fault, counted from 1.
    pub fn line(&self) -> usize {
        1 + self.text.as_bytes()[..self.span.start.min(self.text.len())]
            .iter()
            .filter(|&&it| it == b'\n')
            .count()
    }

    /// The column at fault in code points, counted from 1.
    pub fn column(&self) -> usize {
        let before = &self.text[..self.span.start.min(self.text.len())];
        1 + before.rsplit('\n').next().unwrap_or_default().chars().count()
    }
}

impl From<RuleError> for Error {
    fn from(error: RuleError) -> Error {
        Error::Rule(Box::new(error))
    }
}
