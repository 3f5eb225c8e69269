//! What each command does with its arguments.

pub mod check;
pub mod dedupe;
pub mod score;
