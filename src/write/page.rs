//! The finished lines of one document.

use std::borrow::Cow;
use std::io::{self, Read};

use jiff::civil::Date;
use serde::Serialize;

use super::actors::ActorCount;
use super::records::{ActorRecord, DocumentRecord, Slices, StatementRecord};
use super::{cells, push_json};
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
    /// Of each statement its id and how many bytes of the spool it takes.
    pub(super) rows: Vec<(Box<str>, u64)>,
    /// A [`Row`] for each, one behind the other.
    pub(super) spool: Vec<u8>,
    pub(super) actors: Vec<ActorCount>,
}

impl Page {
    /// The lines of a document and its statements.
    pub fn new(analysis: &Analysis, statements: &[Statement]) -> Page {
        let slices = Slices::new(&analysis.document.original);
        let mut page = Page::of(&DocumentRecord::new(&analysis.document));
        let mut joined = String::new();
        for it in statements {
            page.push(&StatementRecord::new(it, &slices), &mut joined);
        }
        page.actors = ActorCount::of(analysis, statements);
        page
    }

    /// The lines of records that were read again. A document without text has no line.
    pub fn of_records(document: &DocumentRecord, statements: &[StatementRecord]) -> Page {
        let mut page = match document.copy_of.is_empty() {
            true => Page::of(document),
            false => Page::of(&DocumentRecord { copy_of: Cow::default(), ..document.clone() }),
        };
        let mut joined = String::new();
        for it in statements {
            let unjoined = StatementRecord { claim_id: Cow::default(), sources: 0, ..it.clone() };
            page.push(&unjoined, &mut joined);
        }
        page
    }

    fn of(document: &DocumentRecord) -> Page {
        let mut line = Vec::new();
        if !document.sha256.is_empty() {
            line.reserve(document.text.len() + document.text.len() / 16 + 512);
            push_json(&mut line, document);
            line.pop();
        }
        Page {
            id: document.document_id.clone().into_owned(),
            publisher: document.publisher.clone().into_owned(),
            published: document.published(),
            line,
            ..Page::default()
        }
    }

    /// Adds the rows of a statement without a claim. `joined` is room to work in.
    fn push(&mut self, record: &StatementRecord, joined: &mut String) {
        let before = self.spool.len();
        Row::spool(record, &mut self.spool, joined);
        let len = (self.spool.len() - before) as u64;
        self.rows.push((record.statement_id.as_ref().into(), len));
    }
}

/// The rows of a statement, with a slot for the claim in each.
///
/// As they lie in the spool: the lengths of the parts, then the parts. These are JSON up to the
/// claim's id, JSON from there to the number of sources, CSV likewise, then what a claim takes
/// over, as JSON with its opening brace and as CSV.
#[derive(Debug, Default)]
pub(super) struct Row {
    parts: Vec<u8>,
    ends: [usize; PARTS],
}

const PARTS: usize = 6;
/// Bytes that tell the lengths of the parts.
const LENGTHS: usize = 8 * PARTS;

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
    /// Appends the parts of a statement that has no claim and no sources yet.
    fn spool(record: &StatementRecord, to: &mut Vec<u8>, joined: &mut String) {
        let start = to.len();
        to.resize(start + LENGTHS, 0);
        let mut ends = [0; PARTS];
        push_json(to, &record.statement_id);
        let id = to.len() - start - LENGTHS;
        to.truncate(start + LENGTHS);
        push_json(to, record);
        to.truncate(to.len() - "0}".len());
        ends[0] = start + LENGTHS + r#"{"statement_id":,"claim_id":""#.len() + id;
        ends[1] = to.len();
        cells::push(to, &record.statement_id);
        ends[2] = to.len();
        csv_rest(record, to, joined);
        ends[3] = to.len();
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
        push_json(to, &head);
        to.pop();
        ends[4] = to.len();
        cells::push_row(
            to,
            [
                head.kind,
                head.speaker,
                head.speaker_id,
                head.stance,
                head.statement,
                head.date,
                head.date_from,
                head.date_to,
            ],
        );
        ends[5] = to.len();
        let mut before = start + LENGTHS;
        for (at, end) in ends.into_iter().enumerate() {
            let place = start + 8 * at;
            to[place..place + 8].copy_from_slice(&((end - before) as u64).to_le_bytes());
            before = end;
        }
    }

    /// Reads the next row of a spool in place of this one.
    pub(super) fn read(&mut self, from: &mut impl Read) -> io::Result<()> {
        let mut lengths = [0; LENGTHS];
        from.read_exact(&mut lengths)?;
        let mut end = 0;
        for (at, length) in lengths.chunks_exact(8).enumerate() {
            let length: [u8; 8] = length.try_into().expect("chunks of eight");
            end += u64::from_le_bytes(length) as usize;
            self.ends[at] = end;
        }
        self.parts.resize(end, 0);
        from.read_exact(&mut self.parts)
    }

    fn part(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.parts[start..self.ends[at]]
    }

    pub(super) fn json_line(&self, claim: &Claim, line: &mut Vec<u8>) {
        line.clear();
        line.extend_from_slice(self.part(0));
        line.extend_from_slice(claim.id.as_bytes());
        line.extend_from_slice(self.part(1));
        cells::push_number(line, claim.sources);
        line.push(b'}');
    }

    pub(super) fn csv_line(&self, claim: &Claim, line: &mut Vec<u8>) {
        line.clear();
        line.extend_from_slice(self.part(2));
        line.push(b',');
        line.extend_from_slice(claim.id.as_bytes());
        line.push(b',');
        line.extend_from_slice(self.part(3));
        line.push(b',');
        cells::push_number(line, claim.sources);
    }

    pub(super) fn claim_json(&self) -> &[u8] {
        &self.part(4)[1..]
    }

    pub(super) fn claim_csv(&self) -> &[u8] {
        self.part(5)
    }
}

/// Appends the cells between the claim's id and the number of sources.
fn csv_rest(it: &StatementRecord, to: &mut Vec<u8>, joined: &mut String) {
    let words: [&str; 15] = [
        &it.document_id,
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
    ];
    cells::push_row(to, words);
    // Actors by id, in order of first appearance.
    let is_first = |&at: &usize| it.actors[..at].iter().all(|other| other.id != it.actors[at].id);
    let fields: [for<'a> fn(&'a ActorRecord<'a>) -> &'a str; 2] = [|it| &it.name, |it| &it.id];
    for field in fields {
        joined.clear();
        for at in (0..it.actors.len()).filter(is_first) {
            if at > 0 {
                joined.push_str("; ");
            }
            joined.push_str(field(&it.actors[at]));
        }
        to.push(b',');
        cells::push(to, joined);
    }
    to.push(b',');
    cells::push(to, &it.sentence);
    for number in [it.start, it.end] {
        to.push(b',');
        cells::push_number(to, number);
    }
    to.push(b',');
    cells::push(to, &it.rule);
}
