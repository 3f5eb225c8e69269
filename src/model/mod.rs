//! The nouns of the program: what each stage takes and what it makes.
//!
//! Everything found is a [`Span`](crate::text::Span) of the text the stages read
//! ([`Document::text`]) until rows are written; [`Document::to_original`] leads back to the
//! document's own words.

mod document;
mod found;
mod statement;
mod timex;
mod tokens;

pub use document::*;
pub use found::*;
pub use statement::*;
pub use timex::*;
pub use tokens::*;

/// All that the stages found in one document.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// The document itself.
    pub document: Document,
    /// Its sentences.
    pub sentences: Sentences,
    /// Its expressions of time, in order of place.
    pub timexes: Vec<Timex>,
    /// Its actors.
    pub mentions: Mentions,
    /// Its attributions, in order of place.
    pub attributions: Vec<Attribution>,
    /// Its dated claims, in order of place.
    pub dated_claims: Vec<DatedClaim>,
}
