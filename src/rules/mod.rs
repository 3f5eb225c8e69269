//! The only knowledge of language: what rule files say, checked and made ready to run.

mod files;

pub use files::{EMBEDDED, PackFile, PackFiles};
