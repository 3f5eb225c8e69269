//! Lines of documents and statements, with room for what is known only at the end.

use std::io::{self, Read};

use serde::Serialize;

use super::cells::Looked;
use super::json::{self, Object, key};
use super::records::{ActorRecord, DateRecord, DocumentRecord, PieceRecord, StatementRecord};
use crate::claims::Claim;
use crate::people::{Link, Person};

/// The rows of a statement: its line of `statements.jsonl` without the claim's id and the number
/// of sources, then its line of `statements.csv` likewise.
///
/// In the spool the marks stand in front of them. What a claim takes over from the statement that
/// stands for it lies in both lines already, so marks say where.
#[derive(Debug, Default)]
pub(super) struct Row {
    bytes: Vec<u8>,
    marks: [u32; mark::COUNT],
}

/// Places in a row, in order.
mod mark {
    /// Where the claim's id belongs.
    pub(super) const JSON_CLAIM: usize = 0;
    /// Begin and end of what a claim takes over: the kind, the speaker with its id, and all from
    /// the stance to the date's last day.
    pub(super) const JSON_HEAD: [[usize; 2]; 3] = [[1, 2], [3, 4], [5, 6]];
    pub(super) const JSON_END: usize = 7;
    pub(super) const CSV_CLAIM: usize = 8;
    /// The same, but kind and speaker stand side by side.
    pub(super) const CSV_HEAD: [[usize; 2]; 2] = [[9, 10], [11, 12]];
    pub(super) const CSV_END: usize = 13;
    pub(super) const COUNT: usize = 14;
}

/// What all rows of a document have in common, written once.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// The members that name the document, each with its comma,
    json: Vec<u8>,
    /// and the cells that do.
    csv: Vec<u8>,
    /// Room to work in.
    joined: String,
}

impl Shared {
    /// What the other rows of a document have in common with this one.
    pub(super) fn new(it: &StatementRecord) -> Shared {
        let mut shared = Shared::default();
        // The brace in front is not copied.
        let mut line = Object::new(&mut shared.json);
        line.words(key!("document_id"), &it.document_id);
        line.words(key!("publisher"), &it.publisher);
        line.words(key!("published"), &it.published);
        line.words(key!("url"), &it.url);
        push_cells(&mut shared.csv, &[&it.document_id, &it.publisher, &it.published, &it.url]);
        shared
    }
}

/// The words of a row that stand in both of its lines.
struct Both<'a> {
    statement_id: Looked<'a>,
    kind: Looked<'a>,
    speaker: Looked<'a>,
    speaker_id: Looked<'a>,
    speaker_role: Looked<'a>,
    cue: Looked<'a>,
    stance: Looked<'a>,
    statement: Looked<'a>,
    date: Looked<'a>,
    date_from: Looked<'a>,
    date_to: Looked<'a>,
    date_text: Looked<'a>,
    sentence: Looked<'a>,
    rule: Looked<'a>,
}

impl<'a> Both<'a> {
    fn new(it: &'a StatementRecord) -> Both<'a> {
        Both {
            statement_id: Looked::new(&it.statement_id),
            kind: Looked::new(&it.kind),
            speaker: Looked::new(&it.speaker),
            speaker_id: Looked::new(&it.speaker_id),
            speaker_role: Looked::new(&it.speaker_role),
            cue: Looked::new(&it.cue),
            stance: Looked::new(&it.stance),
            statement: Looked::new(&it.statement),
            date: Looked::new(&it.date),
            date_from: Looked::new(&it.date_from),
            date_to: Looked::new(&it.date_to),
            date_text: Looked::new(&it.date_text),
            sentence: Looked::new(&it.sentence),
            rule: Looked::new(&it.rule),
        }
    }
}

/// Bytes of the marks in the spool.
const HEAD: usize = 4 * mark::COUNT;

/// The marks of a row in the making.
struct Marks {
    /// Where the row begins.
    start: usize,
    all: [u32; mark::COUNT],
}

impl Marks {
    fn set(&mut self, mark: usize, place: usize) {
        self.all[mark] = (place - self.start) as u32;
    }
}

impl Row {
    /// Appends a statement that has no claim and no sources yet; `shared` is what the rows of its
    /// document have in common.
    pub(super) fn spool(record: &StatementRecord, shared: &mut Shared, to: &mut Vec<u8>) {
        let head = to.len();
        let mut marks = Marks { start: head + HEAD, all: [0; mark::COUNT] };
        to.resize(marks.start, 0);
        let both = Both::new(record);
        push_json(record, &both, shared, to, &mut marks);
        push_csv(record, &both, shared, to, &mut marks);
        for (place, mark) in to[head..marks.start].chunks_exact_mut(4).zip(marks.all) {
            place.copy_from_slice(&mark.to_le_bytes());
        }
    }

    /// Reads the next row of a spool in place of this one.
    pub(super) fn read(&mut self, from: &mut impl Read) -> io::Result<()> {
        let mut head = [0; HEAD];
        from.read_exact(&mut head)?;
        for (mark, bytes) in self.marks.iter_mut().zip(head.chunks_exact(4)) {
            *mark = u32::from_le_bytes(bytes.try_into().expect("chunks of four"));
        }
        self.bytes.resize(self.marks[mark::CSV_END] as usize, 0);
        from.read_exact(&mut self.bytes)
    }

    /// Calls people and organizations as the dataset does.
    pub(super) fn relink(&mut self, links: &[Link]) {
        let mut json = self.bytes[..self.marks[mark::JSON_END] as usize].to_vec();
        json.extend_from_slice(b"0}");
        let mut record: StatementRecord =
            serde_json::from_slice(&json).expect("what was written is read again");
        for it in links {
            record.rename(&it.person.id, &it.id, &it.name, &it.kind);
        }
        let mut spool = Vec::new();
        Row::spool(&record, &mut Shared::new(&record), &mut spool);
        self.read(&mut &spool[..]).expect("memory can be read");
    }

    /// The bytes between two marks.
    fn part(&self, [from, to]: [usize; 2]) -> &[u8] {
        &self.bytes[self.marks[from] as usize..self.marks[to] as usize]
    }

    pub(super) fn json_line(&self, claim: &Claim, line: &mut Vec<u8>) {
        line.clear();
        line.extend_from_slice(&self.bytes[..self.marks[mark::JSON_CLAIM] as usize]);
        line.extend_from_slice(claim.id.as_bytes());
        line.extend_from_slice(self.part([mark::JSON_CLAIM, mark::JSON_END]));
        json::push_number(line, claim.sources);
        line.push(b'}');
    }

    pub(super) fn csv_line(&self, claim: &Claim, line: &mut Vec<u8>) {
        line.clear();
        line.extend_from_slice(self.part([mark::JSON_END, mark::CSV_CLAIM]));
        line.extend_from_slice(claim.id.as_bytes());
        line.extend_from_slice(self.part([mark::CSV_CLAIM, mark::CSV_END]));
        json::push_number(line, claim.sources);
    }

    /// Appends the members of a claim's line that this statement gives, each with its comma.
    pub(super) fn push_claim_json(&self, line: &mut Vec<u8>) {
        mark::JSON_HEAD.into_iter().for_each(|it| line.extend_from_slice(self.part(it)));
    }

    /// Appends the cells of a claim's row that this statement gives, each with its comma.
    pub(super) fn push_claim_csv(&self, line: &mut Vec<u8>) {
        mark::CSV_HEAD.into_iter().for_each(|it| line.extend_from_slice(self.part(it)));
    }
}

fn push_json(
    it: &StatementRecord,
    both: &Both,
    shared: &Shared,
    to: &mut Vec<u8>,
    marks: &mut Marks,
) {
    let [kind, speaker, decisive] = mark::JSON_HEAD;
    let mut line = Object::new(to);
    line.looked(key!("statement_id"), both.statement_id);
    line.words(key!("claim_id"), "");
    marks.set(mark::JSON_CLAIM, line.to.len() - 1);
    line.to.extend_from_slice(&shared.json);
    marks.set(kind[0], line.to.len());
    line.looked(key!("kind"), both.kind);
    marks.set(kind[1], line.to.len());
    line.words(key!("class"), &it.class);
    marks.set(speaker[0], line.to.len());
    line.looked(key!("speaker"), both.speaker);
    line.looked(key!("speaker_id"), both.speaker_id);
    marks.set(speaker[1], line.to.len());
    line.looked(key!("speaker_role"), both.speaker_role);
    line.looked(key!("cue"), both.cue);
    marks.set(decisive[0], line.to.len());
    line.looked(key!("stance"), both.stance);
    line.looked(key!("statement"), both.statement);
    line.looked(key!("date"), both.date);
    line.looked(key!("date_from"), both.date_from);
    line.looked(key!("date_to"), both.date_to);
    marks.set(decisive[1], line.to.len());
    line.looked(key!("date_text"), both.date_text);
    line.list(key!("source"), &it.source, push_piece);
    line.list(key!("cue_spans"), &it.cue_spans, |to, &place| json::push_place(to, place));
    line.list(key!("content"), &it.content, |to, piece| {
        // Most contents are one piece, which has been looked through.
        let is_whole = std::ptr::eq::<str>(&*piece.text, &*it.statement);
        let text = if is_whole { both.statement } else { Looked::new(&piece.text) };
        push_looked(to, piece, text);
    });
    line.list(key!("dates"), &it.dates, push_date);
    line.list(key!("actors"), &it.actors, push_actor);
    line.looked(key!("sentence"), both.sentence);
    line.number(key!("start"), it.start);
    line.number(key!("end"), it.end);
    if let Some(confidence) = it.confidence {
        line.number(key!("confidence"), confidence.into());
    }
    line.looked(key!("rule"), both.rule);
    line.key(key!("sources"));
    let end = line.leave_open().len();
    marks.set(mark::JSON_END, end);
}

/// Appends the line of a document without its closing brace, since it may still turn out a copy.
pub(super) fn push_document(it: &DocumentRecord, to: &mut Vec<u8>) {
    let mut line = Object::new(to);
    line.words(key!("document_id"), &it.document_id);
    line.words(key!("title"), &it.title);
    line.words(key!("publisher"), &it.publisher);
    line.words(key!("author"), &it.author);
    line.words(key!("published"), &it.published);
    line.words(key!("published_basis"), &it.published_basis);
    line.words(key!("url"), &it.url);
    line.words(key!("lang"), &it.lang);
    line.words(key!("text"), &it.text);
    line.words(key!("sha256"), &it.sha256);
    if !it.people.is_empty() {
        line.list(key!("people"), &it.people, push_person);
    }
    if !it.copy_of.is_empty() {
        line.words(key!("copy_of"), &it.copy_of);
    }
    if !it.linked.is_empty() {
        line.list(key!("linked"), &it.linked, push_plain);
    }
    line.leave_open();
}

fn push_person(to: &mut Vec<u8>, it: &Person) {
    let mut line = Object::new(to);
    line.words(key!("id"), &it.id);
    line.words(key!("name"), &it.name);
    line.words(key!("kind"), &it.kind);
    line.list(key!("ties"), &it.ties, |to, it| json::push_str(to, it));
    line.words(key!("aliases"), &it.aliases);
    line.large(key!("mentions"), it.mentions);
    line.large(key!("statements"), it.statements);
    line.close();
}

/// Appends what is rare.
pub(super) fn push_plain<T: Serialize>(to: &mut Vec<u8>, it: &T) {
    serde_json::to_writer(to, it).expect("records are plain data with text keys");
}

fn push_piece(to: &mut Vec<u8>, it: &PieceRecord) {
    push_looked(to, it, Looked::new(&it.text));
}

fn push_looked(to: &mut Vec<u8>, it: &PieceRecord, text: Looked) {
    let mut line = Object::new(to);
    line.number(key!("start"), it.start);
    line.number(key!("end"), it.end);
    line.looked(key!("text"), text);
    line.close();
}

fn push_date(to: &mut Vec<u8>, it: &DateRecord) {
    let mut line = Object::new(to);
    line.words(key!("role"), &it.role);
    line.words(key!("text"), &it.text);
    line.words(key!("type"), &it.kind);
    line.words(key!("value"), &it.value);
    if !it.modifier.is_empty() {
        line.words(key!("mod"), &it.modifier);
    }
    line.words(key!("edtf"), &it.edtf);
    line.words(key!("from"), &it.from);
    line.words(key!("to"), &it.to);
    line.flag(key!("modifies"), it.modifies);
    line.flag(key!("inferred"), it.inferred);
    line.number(key!("start"), it.start);
    line.number(key!("end"), it.end);
    line.words(key!("rule"), &it.rule);
    line.close();
}

fn push_actor(to: &mut Vec<u8>, it: &ActorRecord) {
    let mut line = Object::new(to);
    line.words(key!("id"), &it.id);
    line.words(key!("name"), &it.name);
    line.words(key!("kind"), &it.kind);
    line.number(key!("start"), it.start);
    line.number(key!("end"), it.end);
    line.close();
}

/// Appends cells, each with a comma in front.
fn push_cells(to: &mut Vec<u8>, cells: &[&str]) {
    cells.iter().for_each(|it| push_cell(to, Looked::new(it)));
}

fn push_cell(to: &mut Vec<u8>, cell: Looked) {
    to.push(b',');
    cell.push_cell(to);
}

fn push_csv(
    it: &StatementRecord,
    both: &Both,
    shared: &mut Shared,
    to: &mut Vec<u8>,
    marks: &mut Marks,
) {
    let [speaker, decisive] = mark::CSV_HEAD;
    both.statement_id.push_cell(to);
    to.push(b',');
    marks.set(mark::CSV_CLAIM, to.len());
    to.extend_from_slice(&shared.csv);
    marks.set(speaker[0], to.len());
    [both.kind, both.speaker, both.speaker_id].into_iter().for_each(|it| push_cell(to, it));
    marks.set(speaker[1], to.len());
    [both.speaker_role, both.cue].into_iter().for_each(|it| push_cell(to, it));
    marks.set(decisive[0], to.len());
    let Both { stance, statement, date, date_from, date_to, date_text, .. } = *both;
    [stance, statement, date, date_from, date_to].into_iter().for_each(|it| push_cell(to, it));
    marks.set(decisive[1], to.len());
    push_cell(to, date_text);
    // Actors by id, in order of first appearance.
    let mut actors: Vec<&ActorRecord> = Vec::with_capacity(it.actors.len());
    for actor in &it.actors {
        if actors.iter().all(|known| known.id != actor.id) {
            actors.push(actor);
        }
    }
    let fields: [for<'a> fn(&'a ActorRecord<'a>) -> &'a str; 2] = [|it| &it.name, |it| &it.id];
    let joined = &mut shared.joined;
    for field in fields {
        joined.clear();
        for (at, actor) in actors.iter().enumerate() {
            if at > 0 {
                joined.push_str("; ");
            }
            joined.push_str(field(actor));
        }
        push_cells(to, &[joined]);
    }
    push_cell(to, both.sentence);
    for number in [it.start, it.end] {
        to.push(b',');
        json::push_number(to, number);
    }
    push_cell(to, both.rule);
    to.push(b',');
    marks.set(mark::CSV_END, to.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> StatementRecord<'static> {
        let piece = PieceRecord { start: 1, end: 20, text: "“So\tit is,”".into() };
        let date = DateRecord { value: "2024".into(), inferred: true, ..DateRecord::default() };
        let modifier = DateRecord { modifier: "MID".into(), modifies: true, ..date.clone() };
        let actor = |id: &'static str, start| ActorRecord {
            id: id.into(),
            name: "Diaz, Ana".into(),
            start,
            ..ActorRecord::default()
        };
        StatementRecord {
            statement_id: "st_1".into(),
            kind: "mixed".into(),
            speaker: "Ana \"A\" Diaz".into(),
            stance: "asserts".into(),
            statement: "So\tit is".into(),
            date: "2024".into(),
            source: vec![piece.clone()],
            cue_spans: vec![[3, 7], [9, 11]],
            content: vec![piece.clone(), piece],
            dates: vec![date, modifier],
            actors: vec![actor("ac_1", 1), actor("ac_2", 30), actor("ac_1", 50)],
            end: 20,
            rule: "said".into(),
            ..StatementRecord::default()
        }
    }

    #[test]
    fn a_line_is_what_serde_makes_of_the_record() {
        let claim = Claim { id: "cl_1".to_owned(), members: vec![0], example: 0, sources: 12 };
        for confidence in [None, Some(80)] {
            let unjoined = StatementRecord { confidence, ..record() };
            let (mut spool, mut row, mut line) = (Vec::new(), Row::default(), Vec::new());
            Row::spool(&unjoined, &mut Shared::new(&unjoined), &mut spool);
            row.read(&mut &spool[..]).unwrap();
            row.json_line(&claim, &mut line);
            let joined = StatementRecord { claim_id: "cl_1".into(), sources: 12, ..unjoined };
            assert_eq!(line, serde_json::to_vec(&joined).unwrap());
        }
    }

    #[test]
    fn a_line_of_a_document_is_what_serde_makes_of_it() {
        let document = DocumentRecord {
            document_id: "a".into(),
            title: "\"So\"".into(),
            text: "One.\n\nTwo.".into(),
            ..DocumentRecord::default()
        };
        let copy = DocumentRecord { copy_of: "b".into(), ..document.clone() };
        let person = Person {
            id: "ac_1".to_owned(),
            name: "Ana \"A\" Diaz".to_owned(),
            ties: vec!["mayor".to_owned(), "Riga".to_owned()],
            mentions: 12,
            statements: u64::MAX,
            ..Person::default()
        };
        let named = DocumentRecord { people: vec![person.clone(), person], ..document.clone() };
        for record in [document, copy, named] {
            let mut line = Vec::new();
            push_document(&record, &mut line);
            line.push(b'}');
            assert_eq!(line, serde_json::to_vec(&record).unwrap());
        }
    }

    #[test]
    fn a_row_gives_a_claim_its_head() {
        let (mut spool, mut row) = (Vec::new(), Row::default());
        Row::spool(&record(), &mut Shared::new(&record()), &mut spool);
        row.read(&mut &spool[..]).unwrap();
        let (mut json, mut csv) = (Vec::new(), Vec::new());
        row.push_claim_json(&mut json);
        row.push_claim_csv(&mut csv);
        let expected = r#","kind":"mixed","speaker":"Ana \"A\" Diaz","speaker_id":"","stance":"asserts","statement":"So\tit is","date":"2024","date_from":"","date_to":"""#;
        assert_eq!(String::from_utf8(json).unwrap(), expected);
        let expected = ",mixed,\"Ana \"\"A\"\" Diaz\",,asserts,So it is,2024,,";
        assert_eq!(String::from_utf8(csv).unwrap(), expected);
    }
}
