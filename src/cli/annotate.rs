//! `onrecord annotate`: everything that is found, as standoff layers.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::{Global, Outcome, run};
use crate::error::Error;
use crate::layers;
use crate::read::Article;
use crate::report;
use crate::write::Leftovers;

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, folders or `-`, as for `extract`
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, Error> {
    let extractor = global.extractor()?;
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut outcome = Outcome::Done;
    let work = |articles: Vec<Article>| {
        let found = extractor.analyze_all(articles.into_iter().map(|it| it.source).collect());
        found.iter().map(|it| layers::from_analysis(it).to_json()).collect()
    };
    let failed = |err| Error::io("write", "standard output", err);
    run::each(&args.paths, global.quiet, Leftovers::default(), work, |result| match result {
        Ok(line) => writeln!(out, "{line}").map_err(failed),
        Err(it) => {
            outcome = Outcome::SetAside;
            let line = it.line.map_or_else(String::new, |line| format!(":{line}"));
            report::warning(&format!("{}{line}: {}", it.path, it.reason));
            Ok(())
        }
    })
    .map_err(run::streamed)?;
    out.flush().map_err(failed)?;
    Ok(outcome)
}
