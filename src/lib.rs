//! Who said what, when: attributed statements extracted from news text by rules you can read.

pub mod actors;
pub mod attributions;
pub mod check;
pub mod claims;
pub mod cli;
pub mod dated_claims;
pub mod dates;
pub mod diff;
pub mod error;
pub mod examples;
pub mod ids;
pub mod layers;
pub mod model;
pub mod normalize;
pub mod people;
pub mod pipeline;
pub mod read;
pub mod report;
pub mod rules;
pub mod score;
pub mod sentences;
pub mod statements;
pub mod text;
pub mod tokens;
pub mod write;
