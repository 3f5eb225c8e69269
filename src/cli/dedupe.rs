//! `onrecord dedupe`: joins datasets that were extracted apart.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use super::dataset::{Lines, Source};
use crate::claims::{Part, Stage};
use crate::error::Error;
use crate::model::Statement;
use crate::people::Person;
use crate::rules::PackFiles;
use crate::write::{
    ActorCount, Dataset, DocumentRecord, Options, Page, Provenance, Rejected, StatementRecord,
    Summary,
};

/// What the command line says.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder that `extract` wrote, or a file of its statements (.jsonl)
    #[arg(required = true, value_name = "DATASET")]
    datasets: Vec<PathBuf>,
    /// Write the joined dataset to this folder
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Begin CSV files with a byte order mark, for older spreadsheets
    #[arg(long)]
    excel: bool,
}

/// Joins the datasets in the order given: the result is what one run over all their articles
/// gives.
///
/// Of two documents with one id the first counts; the other is set aside in `rejected.jsonl`.
///
/// # Errors
/// A dataset cannot be read, a line of it is broken (which one is said), or the output cannot
/// be written.
pub fn run(args: &Args, rules: &PackFiles, made_by: &Provenance) -> Result<Summary, Error> {
    let stage = Stage::new(rules)?;
    let sources: Vec<Source> =
        args.datasets.iter().map(|it| Source::find(it)).collect::<Result<_, Error>>()?;
    let dataset = Dataset::create(&args.output, Options { excel: args.excel })?;
    let mut joining = Joining { stage: &stage, dataset, parts: Vec::new() };
    for source in &sources {
        joining.source(source)?;
    }
    let links = joining.dataset.links();
    super::rename(&mut joining.parts, &links);
    let grouping = stage.group(&joining.parts);
    joining.dataset.finish(&links, &grouping, made_by)
}

struct Joining<'a> {
    stage: &'a Stage,
    dataset: Dataset,
    parts: Vec<Part>,
}

impl Joining<'_> {
    fn source(&mut self, source: &Source) -> Result<(), Error> {
        let mut statements = Lines::open(&source.statements)?.records().peekable();
        if let Some(path) = source.other("documents.jsonl") {
            // Both files are in the order of documents, so they are read side by side.
            for document in Lines::open(&path)?.records() {
                let document: DocumentRecord = document?;
                let own = take_own(&mut statements, &document.document_id)?;
                self.document(source, document, own)?;
            }
        }
        self.rest(source, statements)?;
        if let Some(path) = source.other("actors.csv") {
            self.dataset.actors(read_actors(&path)?);
        }
        if let Some(path) = source.other("rejected.jsonl") {
            for rejected in Lines::open(&path)?.records::<Rejected>() {
                self.dataset.rejected(&rejected?)?;
            }
        }
        Ok(())
    }

    /// Statements of documents that are known by them alone, in order of first appearance.
    fn rest(
        &mut self,
        source: &Source,
        statements: impl Iterator<Item = Result<StatementRecord<'static>, Error>>,
    ) -> Result<(), Error> {
        let mut places: HashMap<Cow<str>, usize> = HashMap::new();
        let mut documents: Vec<(DocumentRecord, Vec<StatementRecord>)> = Vec::new();
        for statement in statements {
            let statement = statement?;
            let at = *places.entry(statement.document_id.clone()).or_insert(documents.len());
            if at == documents.len() {
                let document = DocumentRecord {
                    document_id: statement.document_id.clone(),
                    publisher: statement.publisher.clone(),
                    published: statement.published.clone(),
                    ..DocumentRecord::default()
                };
                documents.push((document, Vec::new()));
            }
            documents[at].1.push(statement);
        }
        documents.into_iter().try_for_each(|(document, own)| self.document(source, document, own))
    }

    fn document(
        &mut self,
        source: &Source,
        document: DocumentRecord<'static>,
        mut records: Vec<StatementRecord<'static>>,
    ) -> Result<(), Error> {
        if !self.dataset.is_new(&document.document_id) {
            return self.dataset.rejected(&Rejected {
                path: source.statements.display().to_string(),
                line: None,
                document_id: document.document_id.into_owned(),
                reason: "another document has the same id; the first one counts".to_owned(),
            });
        }
        // Who is somebody of another document is asked again, now that there are more.
        for it in &document.linked {
            let person = document.people.iter().find(|person| person.id == it.id);
            let Some(Person { id, name, kind, .. }) = person else { continue };
            records.iter_mut().for_each(|row| row.rename(&it.linked_id, id, name, kind));
        }
        let statements: Vec<Statement> = records.iter().map(StatementRecord::statement).collect();
        let published = document.published();
        self.parts.push(self.stage.part(
            &document.document_id,
            &document.publisher,
            published,
            &document.text,
            &statements,
        ));
        self.dataset.page(Page::of_records(&document, &records))
    }
}

/// The statements of a document, which come next or not at all.
fn take_own(
    statements: &mut Peekable<impl Iterator<Item = Result<StatementRecord<'static>, Error>>>,
    document_id: &str,
) -> Result<Vec<StatementRecord<'static>>, Error> {
    let is_own = |it: &Result<StatementRecord<'static>, Error>| {
        it.as_ref().map_or(true, |it| it.document_id == document_id)
    };
    let mut own = Vec::new();
    while let Some(statement) = statements.next_if(is_own) {
        own.push(statement?);
    }
    Ok(own)
}

fn read_actors(path: &Path) -> Result<Vec<ActorCount>, Error> {
    let fail = |err: csv::Error| Error::usage(format!("cannot read `{}`: {err}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(fail)?;
    reader.deserialize().map(|row| Ok(ActorCount::plain(row.map_err(fail)?))).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn joined(datasets: &[&Path], output: &Path) -> Result<Summary, Error> {
        let args = Args {
            datasets: datasets.iter().map(|it| it.to_path_buf()).collect(),
            output: output.to_owned(),
            excel: false,
        };
        run(&args, &PackFiles::embedded(), &Provenance::default())
    }

    const LINES: [&str; 4] = [
        r#"{"statement_id": "1", "document_id": "a", "publisher": "A", "speaker_id": "x", "kind": "direct", "statement": "“We will never raise the tax on bread and milk in this country.”"}"#,
        r#"{"statement_id": "2", "document_id": "b", "publisher": "B", "kind": "direct", "statement": "“never raise the tax on bread and milk in this country”"}"#,
        r#"{"statement_id": "3", "document_id": "c", "publisher": "C", "speaker_id": "y", "kind": "direct", "statement": "“We will never raise the tax on bread and milk in this country.”"}"#,
        r#"{"statement_id": "4", "document_id": "d", "publisher": "D", "kind": "direct", "statement": "“The bridge will open in the spring, if the river lets us.”"}"#,
    ];

    #[test]
    fn apart_or_together_is_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("all.jsonl"), LINES.join("\n")).unwrap();
        fs::write(at("one.jsonl"), LINES[..2].join("\n")).unwrap();
        fs::write(at("two.jsonl"), LINES[2..].join("\n")).unwrap();
        let summary = joined(&[&at("all.jsonl")], &at("whole")).unwrap();
        assert_eq!((summary.statements, summary.claims, summary.joined), (4, 3, 1));
        joined(&[&at("one.jsonl")], &at("one")).unwrap();
        joined(&[&at("two.jsonl")], &at("two")).unwrap();
        joined(&[&at("one"), &at("two")], &at("parts")).unwrap();
        for name in ["statements.jsonl", "claims.csv", "datapackage.json"] {
            let read = |folder: &str| fs::read_to_string(at(folder).join(name)).unwrap();
            assert_eq!(read("parts"), read("whole"), "{name}");
        }
    }

    #[test]
    fn a_broken_line_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        fs::write(&path, format!("{}\n\n{{\"statement_id\": 5", LINES[0])).unwrap();
        let error = joined(&[&path], &dir.path().join("out")).unwrap_err();
        assert!(error.to_string().contains("x.jsonl`, line 3"), "{error}");
        assert!(!dir.path().join("out").exists());
    }
}
