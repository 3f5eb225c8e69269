//! From patterns over tokens to automata over symbols.
//!
//! Each element of a sentence is written as one symbol. Elements that no pattern of a group tells
//! apart get the same, so the alphabet stays small. A pattern becomes a program over symbols, and
//! two engines run it, both in linear time: an automaton says for all patterns of a group at once
//! which match and how far, and is asked of everything; a search with memory says where the parts
//! of one match are, and is asked of matches only.

mod alphabet;
mod automaton;
mod backtrack;
mod ends;
mod pivot;
mod program;
mod resolve;
mod rule_set;
mod scanner;
mod table;

pub(crate) use alphabet::is_form;
pub use alphabet::{Element, Encoded};
pub use pivot::{Matches, Pivot, PivotMatch, Verdict};
pub(crate) use resolve::{nearest, resolve};
pub use scanner::{Found, Part, Scanner};

#[cfg(test)]
mod equivalence;
#[cfg(test)]
mod tests;
