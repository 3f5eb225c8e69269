//! Writes the dataset: every file whole, or none at all.
//!
//! [`Dataset::create`] proves that the folder can be written to, before any work begins. A
//! [`Page`] is the finished lines of one document; pages can be made on any thread and are
//! added in order. Lines of documents go straight to their file; rows of statements wait in a
//! file of their own until their claims are known, so that memory holds a few words a
//! statement. [`Dataset::finish`] then writes the rest and moves all files into place.

mod actors;
mod cells;
mod json;
mod package;
mod page;
mod records;
mod row;
mod staging;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use actors::ActorCount;
pub use package::{Provenance, is_dataset};
pub use page::Page;
pub use records::{
    ActorRecord, DateRecord, DocumentRecord, LinkRecord, PieceRecord, Rejected, StatementRecord,
};

use crate::claims::{Claim, Grouping};
use crate::error::Error;
use crate::people::{Link, People, Person};
use actors::Actors;
use row::Row;
pub use staging::Leftovers;
use staging::{Finished, Hashed, Staging};

/// The files of a dataset, in the order in which they are moved into place. The package comes
/// last: its hashes vouch for the others.
pub const FILES: [&str; 8] = [
    "documents.jsonl",
    "statements.jsonl",
    "statements.csv",
    "claims.jsonl",
    "claims.csv",
    "actors.csv",
    "rejected.jsonl",
    "datapackage.json",
];

const SPOOL: &str = "spool";
const WAITING: &str = "waiting";

/// How the files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// CSV files begin with a byte order mark, which older spreadsheets need for accents.
    pub excel: bool,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents.
    pub documents: u64,
    /// Of those, copies of another.
    pub copies: u64,
    /// Statements.
    pub statements: u64,
    /// Claims.
    pub claims: u64,
    /// Claims of more than one independent source.
    pub joined: u64,
    /// Actors.
    pub actors: u64,
    /// Inputs set aside.
    pub rejected: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |it: u64, of: &str| format!("{it} {of}{}", if it == 1 { "" } else { "s" });
        write!(
            f,
            "{}, {}, {} ({} by several sources), {}",
            count(self.documents, "document"),
            count(self.statements, "statement"),
            count(self.claims, "claim"),
            self.joined,
            count(self.actors, "actor")
        )
    }
}

/// A dataset in the making. Dropped before [`Dataset::finish`], it leaves nothing behind and an
/// older dataset in its place as it was.
#[derive(Debug)]
pub struct Dataset {
    options: Options,
    /// Lines of `documents.jsonl`, each without its closing brace.
    documents: BufWriter<File>,
    rejected: Hashed,
    spool: BufWriter<File>,
    /// Bytes in the spool.
    spooled: u64,
    known: Vec<Known>,
    ids: HashSet<Box<str>>,
    rows: Vec<Waiting>,
    actors: Actors,
    people: People,
    /// Of each document the people whom the dataset that it was read from calls otherwise.
    linked: Vec<Vec<(Person, String)>>,
    staging: Staging,
}

/// What rows of claims tell of a document.
#[derive(Debug)]
struct Known {
    id: Box<str>,
    publisher: Box<str>,
    published: Option<jiff::civil::Date>,
    has_line: bool,
}

/// What rows of claims tell of a statement.
#[derive(Debug)]
struct Waiting {
    id: Box<str>,
    document: u32,
    /// Where its row begins in the spool.
    place: u64,
}

impl Dataset {
    /// Begins a dataset in the folder `dir`, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made or written to, or a folder stands where a file should.
    pub fn create(dir: &Path, options: Options) -> Result<Dataset, Error> {
        let staging = Staging::create(dir, &FILES)?;
        let scratch = |name| -> Result<BufWriter<File>, Error> {
            let file = File::create(staging.path(name)).map_err(|err| Error::io("write", dir, err));
            Ok(BufWriter::with_capacity(1 << 16, file?))
        };
        Ok(Dataset {
            options,
            documents: scratch(WAITING)?,
            rejected: staging.file("rejected.jsonl")?,
            spool: scratch(SPOOL)?,
            spooled: 0,
            known: Vec::new(),
            ids: HashSet::new(),
            rows: Vec::new(),
            actors: Actors::default(),
            people: People::default(),
            linked: Vec::new(),
            staging,
        })
    }

    /// What to remove where the run cannot be waited for.
    pub fn leftovers(&self) -> Leftovers {
        self.staging.leftovers()
    }

    /// Adds a document with its statements. Pages come in the order of the rows.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn page(&mut self, page: Page) -> Result<(), Error> {
        let document = self.known.len() as u32;
        self.actors.add(page.actors, &page.id);
        self.people.add(page.people);
        self.linked.push(page.linked);
        self.known.push(Known {
            id: page.id.into_boxed_str(),
            publisher: page.publisher.into_boxed_str(),
            published: page.published,
            has_line: !page.line.is_empty(),
        });
        if !page.line.is_empty() {
            self.write_waiting(&page.line)?;
        }
        self.write_spool(&page.spool)?;
        for (id, len) in page.rows {
            self.rows.push(Waiting { id, document, place: self.spooled });
            self.spooled += len;
        }
        Ok(())
    }

    /// Adds counts of actors beside those of the pages: what another dataset counted.
    pub fn actors(&mut self, counts: Vec<ActorCount>) {
        self.actors.add(counts, "");
    }

    /// Whether a document of this id has not come before. Of two documents with one id the
    /// first counts, and the other belongs among the rejected.
    pub fn is_new(&mut self, document_id: &str) -> bool {
        self.ids.insert(document_id.into())
    }

    /// Adds an input that was set aside.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn rejected(&mut self, rejected: &Rejected) -> Result<(), Error> {
        let mut line = Vec::new();
        push_json(&mut line, rejected);
        self.rejected.row(&line)
    }

    /// Of each document, in the order of the pages, the people who are somebody that other
    /// documents name in full.
    pub fn links(&self) -> Vec<Vec<Link>> {
        self.people.links()
    }

    /// Writes what waited for the claims, and moves all files into place.
    ///
    /// `grouping` counts documents and statements in the order of the pages, and so does
    /// `links`, which is what [`Dataset::links`] says.
    ///
    /// # Errors
    /// A file cannot be written; then nothing has changed.
    pub fn finish(
        mut self,
        links: &[Vec<Link>],
        grouping: &Grouping,
        made_by: &Provenance,
    ) -> Result<Summary, Error> {
        self.count_links(links);
        let Dataset {
            options,
            mut documents,
            rejected,
            mut spool,
            known,
            rows,
            actors,
            staging,
            ..
        } = self;
        let scratch = |err| Error::io("write", staging.target(), err);
        documents.flush().map_err(scratch)?;
        spool.flush().map_err(scratch)?;
        drop((documents, spool));

        let rejected = rejected.finish()?;
        let (documents, (statements, actors)) = {
            let write_documents = || copy_documents(&staging, &known, links, grouping);
            let write_rest = || -> Result<_, Error> {
                let statements =
                    Tables::create(&staging, options)?.fill(&known, &rows, links, grouping)?;
                let actors = actors.write(csv(&staging, "actors.csv", options)?)?;
                Ok((statements, actors))
            };
            let (documents, rest) = rayon::join(write_documents, write_rest);
            (documents?, rest?)
        };
        let [st_jsonl, st_csv, cl_jsonl, cl_csv] = statements;
        let files = [documents, st_jsonl, st_csv, cl_jsonl, cl_csv, actors, rejected];
        let mut package = staging.file("datapackage.json")?;
        package.write(package::describe(&files, made_by, options).as_bytes())?;
        package.finish()?;
        let summary = summary(&files, grouping);
        staging.publish(&FILES)?;
        Ok(summary)
    }

    /// Counts people under the ids that they have in the dataset.
    fn count_links(&mut self, links: &[Vec<Link>]) {
        for ((known, before), now) in self.known.iter().zip(&self.linked).zip(links) {
            let was = |id: &str| before.iter().find(|it| it.0.id == id).map(|it| &it.1);
            for it in now.iter().filter(|it| was(&it.person.id) != Some(&it.id)) {
                let from = was(&it.person.id).unwrap_or(&it.person.id);
                self.actors.relink(from, it, &known.id);
            }
            let is_linked = |id: &str| now.iter().any(|it| it.person.id == id);
            for (person, from) in before.iter().filter(|it| !is_linked(&it.0.id)) {
                let Person { id, name, kind, .. } = person.clone();
                let link = Link { person: person.clone(), id, name, kind };
                self.actors.relink(from, &link, &known.id);
            }
        }
    }

    fn write_waiting(&mut self, line: &[u8]) -> Result<(), Error> {
        let done = self.documents.write_all(line).and_then(|()| self.documents.write_all(b"\n"));
        done.map_err(|err| Error::io("write", self.staging.target(), err))
    }

    fn write_spool(&mut self, rows: &[u8]) -> Result<(), Error> {
        self.spool.write_all(rows).map_err(|err| Error::io("write", self.staging.target(), err))
    }
}

fn summary(files: &[Finished], grouping: &Grouping) -> Summary {
    let rows = |name: &str| files.iter().find(|it| it.name == name).map_or(0, |it| it.rows);
    Summary {
        documents: rows("documents.jsonl"),
        copies: grouping.copies.iter().flatten().count() as u64,
        statements: rows("statements.jsonl"),
        claims: rows("claims.jsonl"),
        joined: grouping.claims.iter().filter(|it| it.sources > 1).count() as u64,
        actors: rows("actors.csv"),
        rejected: rows("rejected.jsonl"),
    }
}

fn push_json<T: Serialize>(to: &mut Vec<u8>, record: &T) {
    serde_json::to_writer(to, record).expect("records are plain data with text keys");
}

/// A CSV file with its header.
fn csv(staging: &Staging, name: &'static str, options: Options) -> Result<Hashed, Error> {
    let mut file = staging.file(name)?;
    if options.excel {
        file.write("\u{feff}".as_bytes())?;
    }
    file.write(&cells::row(package::columns(name)))?;
    file.write(b"\n")?;
    Ok(file)
}

/// Lines of documents, now with what each is a copy of.
fn copy_documents(
    staging: &Staging,
    known: &[Known],
    links: &[Vec<Link>],
    grouping: &Grouping,
) -> Result<Finished, Error> {
    let mut out = staging.file("documents.jsonl")?;
    let path = staging.path(WAITING);
    let fail = |err| Error::io("read", &path, err);
    let mut lines = BufReader::with_capacity(1 << 16, File::open(&path).map_err(fail)?);
    let mut line = Vec::new();
    for at in (0..known.len()).filter(|&at| known[at].has_line) {
        line.clear();
        lines.read_until(b'\n', &mut line).map_err(fail)?;
        line.pop();
        if let Some(of) = grouping.copies.get(at).copied().flatten() {
            line.extend_from_slice(b",\"copy_of\":");
            push_json(&mut line, &known[of as usize].id);
        }
        if !links[at].is_empty() {
            let record =
                |it: &Link| LinkRecord { id: it.person.id.clone(), linked_id: it.id.clone() };
            line.extend_from_slice(b",\"linked\":");
            push_json(&mut line, &links[at].iter().map(record).collect::<Vec<_>>());
        }
        line.push(b'}');
        out.row(&line)?;
    }
    out.finish()
}

/// The four files that need claims.
struct Tables {
    spool: BufReader<File>,
    /// The same file, to look up the statements that stand for their claims.
    examples: BufReader<File>,
    path: PathBuf,
    statements_jsonl: Hashed,
    statements_csv: Hashed,
    claims_jsonl: Hashed,
    claims_csv: Hashed,
}

impl Tables {
    fn create(staging: &Staging, options: Options) -> Result<Tables, Error> {
        let path = staging.path(SPOOL);
        let open = || File::open(&path).map_err(|err| Error::io("read", &path, err));
        Ok(Tables {
            spool: BufReader::with_capacity(1 << 16, open()?),
            examples: BufReader::new(open()?),
            path,
            statements_jsonl: staging.file("statements.jsonl")?,
            statements_csv: csv(staging, "statements.csv", options)?,
            claims_jsonl: staging.file("claims.jsonl")?,
            claims_csv: csv(staging, "claims.csv", options)?,
        })
    }

    /// Goes over the spool once. Claims are in the order of their first statements, so each is
    /// written when its first statement passes.
    fn fill(
        mut self,
        known: &[Known],
        rows: &[Waiting],
        links: &[Vec<Link>],
        grouping: &Grouping,
    ) -> Result<[Finished; 4], Error> {
        let mut line = Vec::new();
        let (mut row, mut other) = (Row::default(), Row::default());
        for at in 0..rows.len() {
            row.read(&mut self.spool).map_err(|err| Error::io("read", &self.path, err))?;
            let links_of = |at: usize| &links[rows[at].document as usize];
            if !links_of(at).is_empty() {
                row.relink(links_of(at));
            }
            let claim = &grouping.claims[grouping.claim_of[at] as usize];
            row.json_line(claim, &mut line);
            self.statements_jsonl.row(&line)?;
            row.csv_line(claim, &mut line);
            self.statements_csv.row(&line)?;
            if claim.members[0] == at as u32 {
                let tail = ClaimTail::new(claim, known, rows);
                let mut example = &row;
                if claim.example != at as u32 {
                    self.example(&rows[claim.example as usize], &mut other)?;
                    if !links_of(claim.example as usize).is_empty() {
                        other.relink(links_of(claim.example as usize));
                    }
                    example = &other;
                }
                tail.json_line(claim, example, &mut line);
                self.claims_jsonl.row(&line)?;
                tail.csv_line(claim, example, &mut line);
                self.claims_csv.row(&line)?;
            }
        }
        let done = [self.statements_jsonl, self.statements_csv, self.claims_jsonl, self.claims_csv];
        let [a, b, c, d] = done.map(Hashed::finish);
        Ok([a?, b?, c?, d?])
    }

    /// Reads a row out of its turn.
    fn example(&mut self, waiting: &Waiting, row: &mut Row) -> Result<(), Error> {
        let found = self.examples.seek(SeekFrom::Start(waiting.place));
        let found = found.and_then(|_| row.read(&mut self.examples));
        found.map_err(|err| Error::io("read", &self.path, err))
    }
}

/// The columns of a claim that its members give together.
#[derive(Debug, Serialize)]
struct ClaimTail<'a> {
    first_published: Cow<'static, str>,
    last_published: Cow<'static, str>,
    sources: u32,
    publishers: Vec<&'a str>,
    statements: u32,
    document_ids: Vec<&'a str>,
    statement_ids: Vec<&'a str>,
}

impl<'a> ClaimTail<'a> {
    fn new(claim: &Claim, known: &'a [Known], rows: &'a [Waiting]) -> ClaimTail<'a> {
        let members = || claim.members.iter().map(|&at| &rows[at as usize]);
        let documents = || members().map(|it| &known[it.document as usize]);
        ClaimTail {
            first_published: records::day(documents().filter_map(|it| it.published).min()),
            last_published: records::day(documents().filter_map(|it| it.published).max()),
            sources: claim.sources,
            publishers: distinct(documents().map(|it| &*it.publisher)),
            statements: claim.members.len() as u32,
            document_ids: distinct(documents().map(|it| &*it.id)),
            statement_ids: members().map(|it| &*it.id).collect(),
        }
    }

    fn json_line(&self, claim: &Claim, example: &Row, line: &mut Vec<u8>) {
        line.clear();
        line.extend_from_slice(b"{\"claim_id\":");
        push_json(line, &claim.id);
        example.push_claim_json(line);
        let brace = line.len();
        push_json(line, self);
        line[brace] = b',';
    }

    fn csv_line(&self, claim: &Claim, example: &Row, line: &mut Vec<u8>) {
        line.clear();
        cells::push(line, &claim.id);
        example.push_claim_csv(line);
        for cell in [
            &*self.first_published,
            &self.last_published,
            &self.sources.to_string(),
            &self.publishers.join("; "),
            &self.statements.to_string(),
            &self.document_ids.join("; "),
            &self.statement_ids.join("; "),
        ] {
            line.push(b',');
            cells::push(line, cell);
        }
    }
}

/// Without empty ones and repetitions, in order of first appearance.
fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    words.filter(|it| !it.is_empty() && seen.insert(*it)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn record<'a>(id: &'a str, document_id: &'a str, statement: &'a str) -> StatementRecord<'a> {
        StatementRecord {
            statement_id: id.into(),
            document_id: document_id.into(),
            kind: "dated".into(),
            statement: statement.into(),
            ..StatementRecord::default()
        }
    }

    fn page(id: &str, statements: &[(&str, &str)]) -> Page {
        let document = DocumentRecord {
            document_id: id.into(),
            publisher: format!("The {id}").into(),
            published: "2024-03-05".into(),
            text: "text".into(),
            sha256: "00".into(),
            ..DocumentRecord::default()
        };
        let records: Vec<_> = statements.iter().map(|it| record(it.0, id, it.1)).collect();
        Page::of_records(&document, &records)
    }

    fn write(dir: &Path) -> Summary {
        let mut dataset = Dataset::create(dir, Options { excel: true }).unwrap();
        dataset.page(page("a", &[("st_1", "=1, \"so\""), ("st_2", "two")])).unwrap();
        dataset.page(page("b", &[("st_3", "three")])).unwrap();
        let claim = |id: &str, members: &[u32], sources| Claim {
            id: id.to_owned(),
            members: members.to_vec(),
            example: *members.last().unwrap(),
            sources,
        };
        let grouping = Grouping {
            claims: vec![claim("cl_1", &[0, 2], 2), claim("cl_2", &[1], 1)],
            claim_of: vec![0, 1, 0],
            copies: vec![None, Some(0)],
        };
        let links = dataset.links();
        dataset.finish(&links, &grouping, &Provenance::default()).unwrap()
    }

    #[test]
    fn a_dataset_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("new/output");
        let summary = write(&target);
        assert_eq!((summary.documents, summary.statements, summary.claims), (2, 3, 2));
        let mut names: Vec<String> = fs::read_dir(&target)
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let mut expected = FILES.to_vec();
        expected.sort_unstable();
        assert_eq!(names, expected);

        let read = |name: &str| fs::read_to_string(target.join(name)).unwrap();
        let rows = read("statements.csv");
        assert!(rows.starts_with("\u{feff}statement_id,claim_id,document_id,publisher,published,url,kind,speaker,speaker_id,speaker_role,cue,stance,statement,date,date_from,date_to,date_text,actors,actor_ids,sentence,start,end,rule,sources\n"));
        let second = rows.lines().nth(1).unwrap();
        assert_eq!(second, "st_1,cl_1,a,,,,dated,,,,,,\"'=1, \"\"so\"\"\",,,,,,,,0,0,,2");
        let lines: Vec<StatementRecord> =
            read("statements.jsonl").lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        let claims: Vec<_> = lines.iter().map(|it| (&*it.claim_id, it.sources)).collect();
        assert_eq!(claims, [("cl_1", 2), ("cl_2", 1), ("cl_1", 2)]);
        assert_eq!(lines[0].statement, "=1, \"so\"");
        let claims = read("claims.csv");
        let row = claims.lines().nth(1).unwrap();
        let head = "cl_1,dated,,,,three,,,,2024-03-05,2024-03-05,2,The a; The b,2,";
        assert_eq!(row, format!("{head}a; b,st_1; st_3"));
        let documents = read("documents.jsonl");
        assert!(documents.lines().nth(1).unwrap().ends_with(r#","sha256":"00","copy_of":"a"}"#));
        for file in ["claims.jsonl", "datapackage.json"] {
            let first = read(file);
            let first = if file == "claims.jsonl" { first.lines().next().unwrap() } else { &first };
            serde_json::from_str::<serde_json::Value>(first).unwrap();
        }
    }

    #[test]
    fn the_package_vouches_for_the_files() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path());
        let package = fs::read(dir.path().join("datapackage.json")).unwrap();
        let package: serde_json::Value = serde_json::from_slice(&package).unwrap();
        for resource in package["resources"].as_array().unwrap() {
            let bytes = fs::read(dir.path().join(resource["path"].as_str().unwrap())).unwrap();
            assert_eq!(resource["hash"], format!("sha256:{}", staging::sha256(&bytes)));
            assert_eq!(resource["bytes"], bytes.len());
        }
    }

    #[test]
    fn what_is_dropped_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("claims.csv"), "old").unwrap();
        let mut dataset = Dataset::create(dir.path(), Options::default()).unwrap();
        dataset.page(page("a", &[("st_1", "one")])).unwrap();
        drop(dataset);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(dir.path().join("claims.csv")).unwrap(), "old");
        drop(Dataset::create(&dir.path().join("x/y"), Options::default()).unwrap());
        assert!(!dir.path().join("x").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_at_once() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        Dataset::create(&dir.path().join("file"), Options::default()).unwrap_err();
        fs::create_dir(dir.path().join("claims.csv")).unwrap();
        Dataset::create(dir.path(), Options::default()).unwrap_err();
    }
}
