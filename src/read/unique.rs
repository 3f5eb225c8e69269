//! Two documents with one id: the first counts.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Article, Rejected};

/// Remembers the ids of a run. Ask it in the order of the input, whatever thread read what.
#[derive(Debug, Default)]
pub struct Unique {
    /// By a hash of the id, so that millions of documents fit: the file and line of the first.
    first: FxHashMap<u128, (u32, u32)>,
    paths: Vec<Arc<str>>,
}

impl Unique {
    /// Passes an article on if its id is new.
    ///
    /// # Errors
    /// The complaint, which names the place of the first.
    pub fn admit(&mut self, article: Article) -> Result<Article, Rejected> {
        match self.note(&article.source.id, &article.path, article.line) {
            Ok(()) => Ok(article),
            Err(rejected) => Err(rejected),
        }
    }

    /// As [`Unique::admit`], for a caller that has the parts only.
    ///
    /// # Errors
    /// As there.
    pub fn note(&mut self, id: &str, path: &Arc<str>, line: Option<u64>) -> Result<(), Rejected> {
        if self.paths.last() != Some(path) {
            self.paths.push(path.clone());
        }
        let here = (self.paths.len() as u32 - 1, line.unwrap_or(0).min(u64::from(u32::MAX)) as u32);
        let hash = xxhash_rust::xxh3::xxh3_128(id.as_bytes());
        let first = match self.first.entry(hash) {
            Entry::Vacant(slot) => {
                slot.insert(here);
                return Ok(());
            }
            Entry::Occupied(slot) => *slot.get(),
        };
        let place = match first {
            (path, 0) => format!("`{}`", self.paths[path as usize]),
            (path, line) => format!("`{}`, line {line}", self.paths[path as usize]),
        };
        Err(Rejected {
            document_id: id.to_owned(),
            path: path.to_string(),
            line,
            reason: format!("the id `{id}` is taken: the first document with it is in {place}"),
        })
    }
}
