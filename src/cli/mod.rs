//! What each command does with its arguments.

pub mod dedupe;
pub mod score;
