//! From patterns over tokens to automata over symbols.
//!
//! Each element of a sentence is written as two characters: one for its kind and form, one for
//! its word. Elements that no pattern of a group tells apart get the same characters, so the
//! alphabet stays small, and a pattern becomes a regular expression that runs in linear time.

mod alphabet;
mod automaton;
mod pivot;
mod resolve;
mod scanner;

pub use alphabet::{Alphabet, Element, Encoded};
pub use pivot::{Pivot, PivotMatch, Verdict};
pub(crate) use resolve::resolve;
pub use scanner::{Found, Part, Scanner};

#[cfg(test)]
mod tests;
