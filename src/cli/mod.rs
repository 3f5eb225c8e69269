//! What each command does with its arguments.

pub mod score;
