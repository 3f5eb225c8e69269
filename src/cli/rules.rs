//! `onrecord rules`: what a rule author needs.

use std::io::{self, Write};

use super::{Global, Outcome};
use crate::error::Error;
use crate::examples;
use crate::rules::{Loaded, Pack, RuleSpec};

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Run each rule's own examples
    Test,
    /// Check that every rule file can be read and every pattern compiled
    Check,
    /// List all rules: table, id, what it finds
    List,
    /// Show a rule as it stands in its file
    Show {
        /// Its id
        id: String,
    },
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, Error> {
    let extractor = global.extractor()?;
    let rules = all_rules(extractor.pack());
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::Done;
    let done = match &args.command {
        Command::Test => {
            let report = examples::run(&extractor);
            outcome = Outcome::of(report.failures.is_empty());
            let failed = report.failures.len();
            let write = |it: &examples::Failure| writeln!(out, "{it}\n");
            report.failures.iter().try_for_each(write).and_then(|()| {
                writeln!(out, "{} rules, {} examples: {failed} fail", report.rules, report.examples)
            })
        }
        Command::Check => {
            let files = extractor.pack().files.all().len();
            writeln!(out, "{} rules in {files} files: all can be read", rules.len())
        }
        Command::List => rules
            .iter()
            .try_for_each(|it| writeln!(out, "{:12} {:32} {}", it.table, it.id, it.about)),
        Command::Show { id } => {
            let found: Vec<_> = rules.iter().filter(|it| it.id == *id).collect();
            if found.is_empty() {
                let help = "`onrecord rules list` shows the ids";
                return Err(Error::usage(format!("no rule `{id}`: {help}")));
            }
            found.iter().try_for_each(|it| writeln!(out, "# {}\n{}", it.place, it.text))
        }
    };
    done.map_err(|err| Error::io("write", "standard output", err))?;
    Ok(outcome)
}

/// A rule as a person sees it.
struct Row {
    table: &'static str,
    id: String,
    about: String,
    /// File and line.
    place: String,
    /// The words of its table.
    text: String,
}

fn all_rules(pack: &Pack) -> Vec<Row> {
    let mut rows = Vec::new();
    push_rows(&pack.chunks, &mut rows);
    push_rows(&pack.dates, &mut rows);
    push_rows(&pack.actors, &mut rows);
    push_rows(&pack.attributions, &mut rows);
    push_rows(&pack.boundaries, &mut rows);
    push_rows(&pack.dated, &mut rows);
    rows
}

fn push_rows<T: RuleSpec>(rules: &[Loaded<T>], rows: &mut Vec<Row>) {
    for rule in rules {
        let text = &rule.file.text;
        let at = rule.spec.id().span().start;
        let start = text[..at].rfind("[[").unwrap_or(at);
        let end = text[at..].find("\n[[").map_or(text.len(), |it| at + it);
        rows.push(Row {
            table: T::TABLE,
            id: rule.spec.id().get_ref().clone(),
            about: rule.spec.about().to_owned(),
            place: format!("{}:{}", rule.file.shown, 1 + text[..start].matches('\n').count()),
            text: text[start..end].trim_end().to_owned(),
        });
    }
}
