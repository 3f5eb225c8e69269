//! The only knowledge of language: what rule files say, checked and made ready to run.
//!
//! [`PackFiles`] are read, [`Pack`] is what they say, and from it each stage compiles the rules
//! of its own: a [`Scanner`] finds patterns anywhere, a [`Pivot`] around one element. Both work
//! on [`Element`]s, each of which is a token or a run of tokens that was found before.

mod examples;
mod files;
mod grammar;
mod lexicon;
mod pack;
mod parts;
pub mod pattern;
mod spec;
mod table;

pub use examples::{Mark, Marked};
pub use files::{EMBEDDED, PackFile, PackFiles};
pub use grammar::{Element, Encoded, Found, Matches, Part, Pivot, PivotMatch, Scanner, Verdict};
pub use lexicon::{ClassId, Lexicon, UNKNOWN};
pub use pack::{BUILT_IN_KINDS, Loaded, Pack, PackInfo};
pub use spec::*;
pub use table::{Chunk, WordTable};
