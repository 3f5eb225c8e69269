//! `onrecord diff`: what another run found.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use super::dataset::{Lines, Source};
use crate::diff::{Diff, Side};
use crate::error::Error;

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset before: a folder that `extract` wrote, or a file of its statements (.jsonl)
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The dataset after
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Write a line of JSON for each difference instead of text
    ///
    /// `change` is `added`, `gone` or `changed`. A document has `document_id` and how many
    /// `statements` it has, or what of it changed; a statement has `statement_id` and its `row`,
    /// or for each of the `fields` that differ the value before and after.
    #[arg(long)]
    json: bool,
}

/// Compares and writes to `out`; whether there is no difference.
///
/// # Errors
/// A dataset cannot be read, or a line of it is broken (which one is said).
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<bool, Error> {
    let diff = Diff::of(&read(&args.old)?, &read(&args.new)?);
    let mut out = BufWriter::new(out);
    let done = if args.json { diff.write_json(&mut out) } else { write!(out, "{diff}") };
    done.and_then(|()| out.flush()).map_err(|err| Error::io("write", "standard output", err))?;
    Ok(diff.is_none())
}

fn read(path: &std::path::Path) -> Result<Side, Error> {
    let source = Source::find(path)?;
    let mut side = Side::default();
    if let Some(path) = source.other("documents.jsonl") {
        let mut lines = Lines::open(&path)?;
        while let Some(line) = lines.next_line()? {
            side.document(line).map_err(|err| lines.fault(&err))?;
        }
    }
    let mut lines = Lines::open(&source.statements)?;
    while let Some(line) = lines.next_line()? {
        side.statement(line).map_err(|err| lines.fault(&err))?;
    }
    Ok(side)
}
