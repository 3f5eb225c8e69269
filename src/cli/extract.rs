//! `onrecord extract`: articles in, dataset out.

use std::path::{Path, PathBuf};

use super::{Global, Outcome, run};
use crate::check::{Extracted, Found};
use crate::claims;
use crate::error::Error;
use crate::model::{Analysis, Statement};
use crate::people::{People, Person};
use crate::pipeline::Extractor;
use crate::read::Article;
use crate::report;
use crate::statements::{self, Wanted};
use crate::write::{Dataset, Leftovers, Options, Page, Provenance, Rejected, Summary};

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, folders or `-`: .txt, .md, .html, .jsonl, .csv, each also as .gz or .zst
    ///
    /// A folder is walked in sorted order; a manifest.csv in it (columns path, publisher,
    /// published, title, author, url, lang) says what a plain text cannot.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The folder for the dataset; what it holds of an earlier one is replaced at the end
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    selection: Selection,
    /// Begin CSV files with a byte order mark, for older spreadsheets
    #[arg(long)]
    excel: bool,
}

/// Which statements make rows.
#[derive(Debug, clap::Args)]
pub(super) struct Selection {
    /// Which cues make rows: those of speech and writing, or all (belief, intention, …)
    #[arg(long, value_name = "WHICH", value_parser = ["speech", "all"], default_value = "speech")]
    cues: String,
    /// Leave out rows of rules whose measured precision is below N per cent
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    min_confidence: u8,
}

impl Selection {
    pub(super) fn wanted(&self) -> Wanted {
        Wanted { all_cues: self.cues == "all", min_confidence: self.min_confidence }
    }
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, Error> {
    let extractor = global.extractor()?;
    let join = claims::Stage::new(&extractor.pack().files)?;
    let mut dataset = Dataset::create(&args.output, Options { excel: args.excel })?;
    let wanted = args.selection.wanted();
    let mut parts = Vec::new();
    let work = |articles: Vec<Article>| {
        let found = extractor.analyze_all(articles.into_iter().map(|it| it.source).collect());
        let written = |it: &Analysis| {
            let rows = statements::assemble(it, wanted);
            (Page::new(it, &rows), join.read(&it.document, &rows))
        };
        found.iter().map(written).collect()
    };
    run::each(&args.paths, global.quiet, dataset.leftovers(), work, |result| match result {
        Ok((page, part)) => {
            parts.push(part);
            dataset.page(page)
        }
        Err(it) => dataset.rejected(&Rejected {
            path: it.path,
            line: it.line,
            document_id: it.document_id,
            reason: it.reason,
        }),
    })?;
    let links = dataset.links();
    super::rename(&mut parts, &links);
    let grouping = join.group(&parts);
    let summary = dataset.finish(&links, &grouping, &provenance(&extractor, args))?;
    if !global.quiet {
        report::note(&summary_line(&summary, args));
    }
    Ok(if summary.rejected > 0 { Outcome::SetAside } else { Outcome::Done })
}

/// What the program makes of a folder of fixtures.
pub(super) fn for_check(
    folder: &Path,
    extractor: &Extractor,
    global: &Global,
) -> Result<Extracted, Error> {
    let join = claims::Stage::new(&extractor.pack().files)?;
    let mut found = Extracted::default();
    let mut parts = Vec::new();
    let mut people = People::default();
    let extracted = |article: Article| {
        let (file, document_id) = (article.path.to_string(), article.source.id.clone());
        let analysis = extractor.analyze(article.source);
        let statements = statements::assemble(&analysis, Wanted::default());
        let part = join.read(&analysis.document, &statements);
        let people = analysis.mentions.actors.iter().filter_map(Person::of).collect();
        let statements = statements.into_iter().map(Statement::into_owned).collect();
        (Found { file, document_id, statements, claims: Vec::new() }, part, people)
    };
    let work = |articles: Vec<Article>| articles.into_iter().map(extracted).collect();
    run::each(&[folder.to_owned()], global.quiet, Leftovers::default(), work, |result| {
        match result {
            Ok((document, part, named)) => {
                found.documents.push(document);
                parts.push(part);
                people.add(named);
            }
            Err(it) => found.rejected.push((it.path, it.reason)),
        }
        Ok(())
    })?;
    let links = people.links();
    super::rename(&mut parts, &links);
    for (document, links) in found.documents.iter_mut().zip(&links) {
        document.statements.iter_mut().for_each(|row| links.iter().for_each(|it| it.apply(row)));
    }
    let grouping = join.group(&parts);
    let mut claim_of = grouping.claim_of.iter().map(|&it| &grouping.claims[it as usize].id);
    for document in &mut found.documents {
        let count = document.statements.len();
        document.claims = claim_of.by_ref().take(count).cloned().collect();
    }
    Ok(found)
}

fn provenance(extractor: &Extractor, args: &Args) -> Provenance {
    let settings = vec![
        ("cues".to_owned(), args.selection.cues.clone()),
        ("min-confidence".to_owned(), args.selection.min_confidence.to_string()),
    ];
    Provenance::of(extractor.pack(), settings)
}

fn summary_line(it: &Summary, args: &Args) -> String {
    let folder = args.output.display();
    let mut line = format!("{it} -> {folder}");
    if it.rejected > 0 {
        line.push_str(&format!("\n{} set aside, see {folder}/rejected.jsonl", it.rejected));
    }
    line
}
