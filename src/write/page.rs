//! The finished lines of one document.

use std::io::{self, Read, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::actors::ActorCount;
use super::records::{DocumentRecord, Slices, StatementRecord};
use super::{cells, json, read_bytes};
use crate::claims::Claim;
use crate::model::{Analysis, Statement};

/// The lines of one document, ready to be added to a [`super::Dataset`].
#[derive(Debug, Default)]
pub struct Page {
    pub(super) id: String,
    pub(super) publisher: String,
    pub(super) published: Option<Date>,
    /// Its line without the closing brace; empty where only its statements are known.
    pub(super) line: Vec<u8>,
    pub(super) rows: Vec<Row>,
    pub(super) actors: Vec<ActorCount>,
}

impl Page {
    /// The lines of a document and its statements.
    pub fn new(analysis: &Analysis, statements: &[Statement]) -> Page {
        let slices = Slices::new(&analysis.document.original);
        let records = statements.iter().map(|it| StatementRecord::new(it, &slices));
        let record = DocumentRecord::new(&analysis.document);
        let mut page = Page::of_records(&record, records);
        page.actors = ActorCount::of(analysis, statements);
        page
    }

    /// The lines of records that were read again. A document without text has no line.
    pub fn of_records(
        document: &DocumentRecord,
        statements: impl IntoIterator<Item = StatementRecord>,
    ) -> Page {
        let mut line = Vec::new();
        if !document.sha256.is_empty() {
            line = json(&DocumentRecord { copy_of: String::new(), ..document.clone() });
            line.pop();
        }
        Page {
            id: document.document_id.clone(),
            publisher: document.publisher.clone(),
            published: document.published(),
            line,
            rows: statements.into_iter().map(Row::new).collect(),
            actors: Vec::new(),
        }
    }
}

/// The rows of a statement, with a slot for the claim in each.
#[derive(Debug)]
pub(super) struct Row {
    /// Empty once it was read back.
    pub(super) id: String,
    /// JSON up to the claim's id, JSON from there to the number of sources, CSV likewise, then
    /// what a claim takes over, as JSON and as CSV.
    parts: [Vec<u8>; 6],
}

/// What a claim takes over from the statement that stands for it.
#[derive(Debug, Serialize)]
struct ClaimHead<'a> {
    kind: &'a str,
    speaker: &'a str,
    speaker_id: &'a str,
    stance: &'a str,
    statement: &'a str,
    date: &'a str,
    date_from: &'a str,
    date_to: &'a str,
}

impl Row {
    fn new(record: StatementRecord) -> Row {
        let mut record = StatementRecord { claim_id: String::new(), sources: 0, ..record };
        let whole = json(&record);
        let slot = 1 + r#""statement_id":"#.len() + json(&record.statement_id).len();
        let slot = slot + r#","claim_id":""#.len();
        let rest = &whole[slot..whole.len() - "0}".len()];
        let head = ClaimHead {
            kind: &record.kind,
            speaker: &record.speaker,
            speaker_id: &record.speaker_id,
            stance: &record.stance,
            statement: &record.statement,
            date: &record.date,
            date_from: &record.date_from,
            date_to: &record.date_to,
        };
        let head_json = json(&head);
        let head_csv = cells::row([
            head.kind,
            head.speaker,
            head.speaker_id,
            head.stance,
            head.statement,
            head.date,
            head.date_from,
            head.date_to,
        ]);
        Row {
            parts: [
                whole[..slot].to_owned(),
                rest.to_owned(),
                cells::row([record.statement_id.as_str()]),
                csv_rest(&record),
                head_json[1..head_json.len() - 1].to_owned(),
                head_csv,
            ],
            id: std::mem::take(&mut record.statement_id),
        }
    }

    pub(super) fn json_line(&self, claim: &Claim, line: &mut Vec<u8>) {
        let [head, rest, ..] = &self.parts;
        line.clear();
        line.extend_from_slice(head);
        line.extend_from_slice(claim.id.as_bytes());
        line.extend_from_slice(rest);
        line.extend_from_slice(claim.sources.to_string().as_bytes());
        line.push(b'}');
    }

    pub(super) fn csv_line(&self, claim: &Claim, line: &mut Vec<u8>) {
        let [_, _, id, rest, ..] = &self.parts;
        line.clear();
        line.extend_from_slice(id);
        line.push(b',');
        line.extend_from_slice(claim.id.as_bytes());
        line.push(b',');
        line.extend_from_slice(rest);
        line.push(b',');
        line.extend_from_slice(claim.sources.to_string().as_bytes());
    }

    pub(super) fn claim_json(&self) -> &[u8] {
        &self.parts[4]
    }

    pub(super) fn claim_csv(&self) -> &[u8] {
        &self.parts[5]
    }

    /// Bytes that [`Row::write`] writes.
    pub(super) fn spooled(&self) -> u64 {
        self.parts.iter().map(|it| 8 + it.len() as u64).sum()
    }

    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        for part in &self.parts {
            to.write_all(&(part.len() as u64).to_le_bytes())?;
            to.write_all(part)?;
        }
        Ok(())
    }

    pub(super) fn read(from: &mut impl Read) -> io::Result<Row> {
        let mut parts: [Vec<u8>; 6] = Default::default();
        for part in &mut parts {
            let mut len = [0; 8];
            from.read_exact(&mut len)?;
            *part = read_bytes(from, u64::from_le_bytes(len) as usize)?;
        }
        Ok(Row { id: String::new(), parts })
    }
}

/// The cells between the claim's id and the number of sources.
fn csv_rest(it: &StatementRecord) -> Vec<u8> {
    let mut names: Vec<&str> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    for actor in &it.actors {
        if !ids.contains(&actor.id.as_str()) {
            ids.push(&actor.id);
            names.push(&actor.name);
        }
    }
    cells::row([
        &*it.document_id,
        &it.publisher,
        &it.published,
        &it.url,
        &it.kind,
        &it.speaker,
        &it.speaker_id,
        &it.speaker_role,
        &it.cue,
        &it.stance,
        &it.statement,
        &it.date,
        &it.date_from,
        &it.date_to,
        &it.date_text,
        &names.join("; "),
        &ids.join("; "),
        &it.sentence,
        &it.start.to_string(),
        &it.end.to_string(),
        &it.rule,
    ])
}
