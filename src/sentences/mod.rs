//! Cuts the blocks of a document into sentences, on two levels.
//!
//! The inner ones are what a reader calls sentences, those inside a quotation one by one. The
//! outer ones keep together what one pair of quotation marks or brackets holds together, with
//! its frame: they are the window that later stages look into.
//!
//! Later stages may rely on it that no sentence crosses a block or a blank line, that between
//! sentences stands only white space, and that the outer ones are exactly the inner ones joined.
//! Where a cut is in doubt the stage rather leaves it out at an abbreviation, and rather makes it
//! everywhere else: half a sentence still has its speaker, two joined ones may mix theirs up.

mod rules;
mod scan;

use crate::error::Error;
use crate::model::{Document, Sentences};
use crate::rules::PackFiles;
use crate::text::Span;

/// Knows where sentences end. Compiled once from a rule pack.
#[derive(Debug)]
pub struct Splitter {
    rules: rules::Rules,
}

impl Splitter {
    /// Reads `sentences.toml` and `abbreviations.csv` of every layer of the pack.
    ///
    /// # Errors
    /// A file breaks its form, names a kind that does not exist, or uses an id twice.
    pub fn new(files: &PackFiles) -> Result<Splitter, Error> {
        Ok(Splitter { rules: rules::Rules::new(files)? })
    }

    /// The sentences of all blocks, furniture included. Linear in the text.
    pub fn split(&self, document: &Document) -> Sentences {
        let text = document.text();
        // News has a sentence every hundred bytes or so.
        let expected = text.len() / 96 + document.blocks.len();
        let mut sentences =
            Sentences { inner: Vec::with_capacity(expected), outer: Vec::with_capacity(expected) };
        for (index, block) in document.blocks.iter().enumerate() {
            self.split_block(text, block.span, index as u32, &mut sentences);
        }
        sentences
    }

    /// Adds the sentences of one block of `text`; `index` is its place among the blocks.
    pub fn split_block(&self, text: &str, block: Span, index: u32, into: &mut Sentences) {
        scan::Scan::new(&self.rules, text, block, index, into).run();
    }
}

#[cfg(test)]
mod tests;
