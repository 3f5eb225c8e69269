//! The command line: what each command takes, and what it gives back.

mod annotate;
pub mod check;
mod dataset;
pub mod dedupe;
mod diff;
mod explain;
mod extract;
mod progress;
mod rules;
mod run;
pub mod score;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::claims::Part;
use crate::error::Error;
use crate::layers::{self, LayerDocument};
use crate::people::Link;
use crate::pipeline::Extractor;
use crate::report;
use crate::rules::{Pack, PackFile, PackFiles};
use crate::write::Provenance;

/// Who said what, when: attributed statements from news text, by rules you can read.
///
/// Give `extract` a folder of articles and it writes a table of statements: speaker, cue,
/// statement, date, actors, document, place, rule; and joins what several sources state.
#[derive(Debug, Parser)]
#[command(name = "onrecord", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done; 1 check, score or diff found a difference; 2 the \
                        command or its input is wrong; 3 done, but some documents were set aside.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
struct Global {
    /// Lay a folder of rule files over the built-in rules (may be repeated)
    ///
    /// Its .toml and .csv files add rules and words, change a rule by its id, or switch one off
    /// (`off = ["id"]`). `onrecord rules list` shows what is there.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    rules: Vec<PathBuf>,
    /// Add actors from a CSV file (may be repeated)
    ///
    /// Columns: id,name,kind,aliases,country,role,from,to,wikidata,as_of,note; only name and kind
    /// are required. An actor without an id gets one by hash of its name and kind, as actors have
    /// that no list names. Aliases are separated by `; `.
    #[arg(long, global = true, value_name = "FILE.csv", help_heading = "Global options")]
    actors: Vec<PathBuf>,
    /// Work on N threads [default: one for each core]; the result is the same for any N
    #[arg(short, long, global = true, value_name = "N", help_heading = "Global options")]
    jobs: Option<usize>,
    /// Show no progress and no summary
    #[arg(short, long, global = true, help_heading = "Global options")]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Extract a dataset: articles in, tables of statements and claims out
    Extract(extract::Args),
    /// Write everything that is found in each article as a line of JSON (standoff layers)
    Annotate(annotate::Args),
    /// Compare what is found in fixtures with what people wrote beside them
    Check(check::Args),
    /// Measure precision, recall and F1 of every layer against gold
    Score(score::Args),
    /// Show a document with every match, its rule, and what came near
    Explain(explain::Args),
    /// Test, check, list or show rules
    Rules(rules::Args),
    /// Join datasets that were extracted apart
    Dedupe(dedupe::Args),
    /// Compare two datasets: which rows are new, gone or changed
    Diff(diff::Args),
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How a command ended, when nothing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is done.
    Done,
    /// A difference was found.
    Different,
    /// Done, but some documents were set aside.
    SetAside,
}

impl Outcome {
    /// Of a comparison.
    fn of(is_fine: bool) -> Outcome {
        if is_fine { Outcome::Done } else { Outcome::Different }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Different => 1,
            Outcome::SetAside => 3,
        })
    }
}

impl Args {
    /// Does what the arguments say.
    ///
    /// # Errors
    /// Whatever stops the command.
    pub fn run(self) -> Result<Outcome, Error> {
        let global = self.global;
        global.start_threads()?;
        match self.command {
            Command::Extract(args) => extract::run(&args, &global),
            Command::Annotate(args) => annotate::run(&args, &global),
            Command::Check(args) => {
                let extractor = global.extractor()?;
                let extract = |folder: &Path| extract::for_check(folder, &extractor, &global);
                check::run(&args, &extract, &mut io::stdout().lock()).map(Outcome::of)
            }
            Command::Score(args) => {
                let extractor = global.extractor()?;
                let predict = |gold: &LayerDocument| {
                    layers::from_analysis(&extractor.analyze(gold.to_source()))
                };
                score::run(&args, &predict, &mut io::stdout().lock()).map(Outcome::of)
            }
            Command::Explain(args) => explain::run(&args, &global),
            Command::Rules(args) => rules::run(&args, &global),
            Command::Dedupe(args) => dedupe_run(&args, &global),
            Command::Diff(args) => diff::run(&args, &mut io::stdout().lock()).map(Outcome::of),
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Args::command(), "onrecord", &mut script);
                let done = io::stdout().lock().write_all(&script);
                done.map_err(|err| Error::io("write", "standard output", err))?;
                Ok(Outcome::Done)
            }
        }
    }
}

impl Global {
    fn start_threads(&self) -> Result<(), Error> {
        let Some(jobs) = self.jobs else { return Ok(()) };
        if jobs == 0 {
            return Err(Error::usage("--jobs takes a number from 1 on"));
        }
        // Only a second call in one process could fail, and then the first decides.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
        Ok(())
    }

    /// The rule files: built in, and those laid over them.
    fn files(&self) -> Result<PackFiles, Error> {
        let mut files = PackFiles::embedded();
        for folder in &self.rules {
            files.add_folder(folder)?;
        }
        Ok(files)
    }

    /// The lists of actors that were added.
    fn actor_files(&self) -> Result<Vec<PackFile>, Error> {
        let mut files = PackFiles::default();
        for path in &self.actors {
            files.add_file(path, &path.to_string_lossy())?;
        }
        Ok(files.all().to_vec())
    }

    /// The stages, compiled from all rules.
    fn extractor(&self) -> Result<Extractor, Error> {
        Extractor::new(Pack::load(self.files()?)?, &self.actor_files()?)
    }
}

fn dedupe_run(args: &dedupe::Args, global: &Global) -> Result<Outcome, Error> {
    let pack = Pack::load(global.files()?)?;
    let made_by = Provenance::of(&pack, Vec::new());
    let summary = dedupe::run(args, &pack.files, &made_by)?;
    if !global.quiet {
        report::note(&summary.to_string());
    }
    Ok(if summary.rejected > 0 { Outcome::SetAside } else { Outcome::Done })
}

/// Tells the parts of documents, in order, whom the dataset calls otherwise.
fn rename(parts: &mut [Part], links: &[Vec<Link>]) {
    for (part, links) in parts.iter_mut().zip(links) {
        links.iter().for_each(|it| part.rename(&it.person.id, &it.id));
    }
}
