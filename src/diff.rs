//! What differs between two datasets.
//!
//! A statement's id is a hash of its document, place, kind and words, not of who is told to have
//! said them: so rows with one id are one statement, of which some fields may differ. Rows of one
//! document that have no such partner, but stand at overlapping places, are taken for one whose
//! extent changed. Of rows that are the same, only the lines are held.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A line of a dataset as it stands, member by member.
type Row = Map<String, Value>;

/// One of two datasets.
#[derive(Debug, Default)]
pub struct Side {
    documents: Vec<Document>,
    /// By id.
    places: FxHashMap<String, usize>,
}

#[derive(Debug, Default)]
struct Document {
    id: String,
    /// What is told of it; nothing where only its statements are known.
    told: Option<Row>,
    statements: Vec<Statement>,
}

#[derive(Debug)]
struct Statement {
    id: Box<str>,
    /// First and last place in code points.
    place: [u32; 2],
    line: Box<str>,
}

/// What is asked of every line.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Key<'a> {
    #[serde(borrow)]
    statement_id: Cow<'a, str>,
    #[serde(borrow)]
    document_id: Cow<'a, str>,
    start: u32,
    end: u32,
}

impl Side {
    /// Adds a line of `documents.jsonl`.
    ///
    /// # Errors
    /// It is no object.
    pub fn document(&mut self, line: &str) -> Result<(), serde_json::Error> {
        let mut told: Row = serde_json::from_str(line)?;
        // The text has a hash, and whom it names is told by its statements.
        told.retain(|name, _| !matches!(name.as_str(), "text" | "people" | "linked"));
        let id = told.get("document_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.of(&id).told = Some(told);
        Ok(())
    }

    /// Adds a line of `statements.jsonl`.
    ///
    /// # Errors
    /// It is no object.
    pub fn statement(&mut self, line: &str) -> Result<(), serde_json::Error> {
        let key: Key = serde_json::from_str(line)?;
        self.of(&key.document_id).statements.push(Statement {
            id: key.statement_id.into(),
            place: [key.start, key.end],
            line: line.into(),
        });
        Ok(())
    }

    fn of(&mut self, document_id: &str) -> &mut Document {
        let at = match self.places.get(document_id) {
            Some(&at) => at,
            None => {
                self.places.insert(document_id.to_owned(), self.documents.len());
                let id = document_id.to_owned();
                self.documents.push(Document { id, ..Document::default() });
                self.documents.len() - 1
            }
        };
        &mut self.documents[at]
    }

    fn find(&self, document_id: &str) -> Option<&Document> {
        self.places.get(document_id).map(|&at| &self.documents[at])
    }
}

/// What differs, in the order of the new dataset; what is gone with the document it was in, or at
/// the end.
#[derive(Debug, Default)]
pub struct Diff {
    changes: Vec<Change>,
    /// Documents and statements that are the same.
    same: [usize; 2],
}

/// One difference.
#[derive(Debug, Serialize)]
struct Change {
    change: Kind,
    document_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    statement_id: String,
    /// Of a whole document how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    statements: Option<usize>,
    /// What differs, before and after.
    #[serde(skip_serializing_if = "Fields::is_empty")]
    fields: Fields,
    /// A statement that is new or gone.
    #[serde(skip_serializing_if = "Row::is_empty")]
    row: Row,
    /// Where it stands.
    #[serde(skip)]
    place: [u32; 2],
    /// Its words.
    #[serde(skip)]
    words: Value,
}

type Fields = BTreeMap<String, [Value; 2]>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Added,
    Gone,
    Changed,
}

impl Diff {
    /// Compares two datasets.
    pub fn of(old: &Side, new: &Side) -> Diff {
        let mut diff = Diff::default();
        for document in &new.documents {
            match old.find(&document.id) {
                Some(before) => diff.document(before, document),
                None => diff.changes.push(Change::whole(Kind::Added, document)),
            }
        }
        let gone = old.documents.iter().filter(|it| new.find(&it.id).is_none());
        diff.changes.extend(gone.map(|it| Change::whole(Kind::Gone, it)));
        diff
    }

    /// Whether there is no difference.
    pub fn is_none(&self) -> bool {
        self.changes.is_empty()
    }

    /// Writes a line for each difference.
    ///
    /// # Errors
    /// Of the writer.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        for change in &self.changes {
            serde_json::to_writer(&mut *out, change)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Compares what both have of a document.
    fn document(&mut self, old: &Document, new: &Document) {
        let fields = match (&old.told, &new.told) {
            (Some(old), Some(new)) => fields(old, new),
            _ => Fields::new(),
        };
        match fields.is_empty() {
            true => self.same[0] += 1,
            false => self.changes.push(Change { fields, ..Change::of(Kind::Changed, &new.id) }),
        }
        let first = self.changes.len();
        let known: FxHashMap<&str, usize> =
            old.statements.iter().enumerate().map(|(at, it)| (&*it.id, at)).collect();
        let mut is_gone = vec![true; old.statements.len()];
        let mut added = Vec::new();
        for statement in &new.statements {
            match known.get(&*statement.id) {
                Some(&at) => {
                    is_gone[at] = false;
                    self.statement(&new.id, &old.statements[at], statement);
                }
                None => added.push(statement),
            }
        }
        let gone = old.statements.iter().zip(is_gone).filter(|it| it.1).map(|it| it.0);
        for before in gone {
            let nearest = added.iter().enumerate().max_by_key(|(at, it)| {
                let place = [0, 1].map(|side| before.place[side].abs_diff(it.place[side]));
                (overlap(before.place, it.place), std::cmp::Reverse((place, *at)))
            });
            match nearest.filter(|it| 2 * overlap(before.place, it.1.place) > length(before.place))
            {
                Some((at, _)) => self.statement(&new.id, before, added.remove(at)),
                None => self.changes.push(Change::row(Kind::Gone, &new.id, before)),
            }
        }
        let added = added.into_iter().map(|it| Change::row(Kind::Added, &new.id, it));
        self.changes.extend(added);
        self.changes[first..].sort_by_key(|it| it.place);
    }

    /// Compares two rows that are taken for one statement.
    fn statement(&mut self, document_id: &str, old: &Statement, new: &Statement) {
        let is_same = old.line == new.line;
        let row = if is_same { Row::new() } else { new.row() };
        let fields = if is_same { Fields::new() } else { fields(&old.row(), &row) };
        if fields.is_empty() {
            self.same[1] += 1;
            return;
        }
        let (statement_id, place) = (new.id.to_string(), new.place);
        let words = row.get("statement").cloned().unwrap_or_default();
        let change = Change::of(Kind::Changed, document_id);
        self.changes.push(Change { statement_id, fields, place, words, ..change });
    }
}

fn length([start, end]: [u32; 2]) -> u32 {
    end.saturating_sub(start)
}

fn overlap(a: [u32; 2], b: [u32; 2]) -> u32 {
    a[1].min(b[1]).saturating_sub(a[0].max(b[0]))
}

/// The members that differ. One that is absent is null.
fn fields(old: &Row, new: &Row) -> Fields {
    let of = |row: &Row, name: &str| row.get(name).cloned().unwrap_or_default();
    let names = old.keys().chain(new.keys());
    let both = names.map(|name| (name.clone(), [of(old, name), of(new, name)]));
    both.filter(|(_, [old, new])| old != new).collect()
}

impl Statement {
    fn row(&self) -> Row {
        serde_json::from_str(&self.line).expect("it was read before")
    }
}

impl Change {
    fn of(change: Kind, document_id: &str) -> Change {
        Change {
            change,
            document_id: document_id.to_owned(),
            statement_id: String::new(),
            statements: None,
            fields: Fields::new(),
            row: Row::new(),
            place: [0; 2],
            words: Value::Null,
        }
    }

    fn whole(change: Kind, document: &Document) -> Change {
        let statements = Some(document.statements.len());
        Change { statements, ..Change::of(change, &document.id) }
    }

    fn row(change: Kind, document_id: &str, it: &Statement) -> Change {
        let statement_id = it.id.to_string();
        Change { statement_id, row: it.row(), place: it.place, ..Change::of(change, document_id) }
    }

    fn is_statement(&self) -> bool {
        !self.statement_id.is_empty() || !self.row.is_empty()
    }
}

/// A summary, then the differences.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, what) in ["documents", "statements"].into_iter().enumerate() {
            let count = |kind: Kind| {
                let all = self.changes.iter().filter(|it| it.change == kind);
                all.filter(|it| it.is_statement() == (at == 1)).count()
            };
            let [added, gone, changed] = [Kind::Added, Kind::Gone, Kind::Changed].map(count);
            let same = self.same[at];
            writeln!(f, "{what}: {same} the same, {changed} changed, {added} added, {gone} gone")?;
        }
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        let statements = || self.changes.iter().filter(|it| it.is_statement());
        statements()
            .flat_map(|it| it.fields.keys())
            .for_each(|it| *names.entry(it).or_default() += 1);
        if !names.is_empty() {
            let mut names: Vec<_> = names.into_iter().collect();
            names.sort_by_key(|it| std::cmp::Reverse(it.1));
            let names: Vec<String> =
                names.iter().map(|(name, count)| format!("{name} {count}")).collect();
            writeln!(f, "  what changed in them: {}", names.join(", "))?;
        }
        self.changes.iter().try_for_each(|it| write!(f, "{it}"))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.change {
            Kind::Added => '+',
            Kind::Gone => '-',
            Kind::Changed => '~',
        };
        write!(f, "\n{mark} {}", self.document_id)?;
        if let Some(count) = self.statements {
            return writeln!(f, ": the document, with {count} statements");
        }
        if !self.is_statement() {
            writeln!(f, ": the document")?;
        } else {
            writeln!(f, " {}..{} {}", self.place[0], self.place[1], self.statement_id)?;
        }
        let shown = ["kind", "speaker", "cue", "statement", "date"];
        for (name, value) in shown.iter().filter_map(|it| Some((it, self.row.get(*it)?))) {
            if value.as_str() != Some("") {
                writeln!(f, "    {name}: {}", Shown(value))?;
            }
        }
        if !self.words.is_null() {
            writeln!(f, "    | {}", Shown(&self.words))?;
        }
        // Lists tell in full what a column tells in short.
        let is_list = |it: &Value| it.is_array() || it.is_object();
        let has_plain = self.fields.values().any(|it| !it.iter().any(is_list));
        for (name, [old, new]) in &self.fields {
            if !has_plain || !is_list(old) && !is_list(new) {
                writeln!(f, "    {name}: {} -> {}", Shown(old), Shown(new))?;
            }
        }
        Ok(())
    }
}

/// A value on one line, and not too long.
struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 160;
        let whole = match self.0 {
            Value::String(words) if words.is_empty() => "(nothing)".to_owned(),
            Value::String(words) => words.split_whitespace().collect::<Vec<_>>().join(" "),
            Value::Null => "(nothing)".to_owned(),
            other => other.to_string(),
        };
        match whole.char_indices().nth(MOST) {
            Some((end, _)) => write!(f, "{}…", &whole[..end]),
            None => f.write_str(&whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(documents: &[&str], statements: &[&str]) -> Side {
        let mut side = Side::default();
        documents.iter().for_each(|it| side.document(it).unwrap());
        statements.iter().for_each(|it| side.statement(it).unwrap());
        side
    }

    const A: &str = r#"{"document_id": "a", "title": "One", "text": "x", "sha256": "1"}"#;
    const B: &str = r#"{"document_id": "b", "title": "Two", "text": "y", "sha256": "2"}"#;
    const FIRST: &str = r#"{"statement_id": "st_1", "document_id": "a", "start": 0, "end": 40, "speaker": "Ana Diaz", "date": ""}"#;
    const SECOND: &str = r#"{"statement_id": "st_2", "document_id": "a", "start": 50, "end": 90, "speaker": "Bo Lee"}"#;
    const OTHER: &str = r#"{"statement_id": "st_3", "document_id": "b", "start": 5, "end": 9, "speaker": "Bo Lee"}"#;

    #[test]
    fn the_same_in_another_order_is_no_difference() {
        let old = side(&[A, B], &[FIRST, SECOND, OTHER]);
        let new = side(&[B, A], &[OTHER, SECOND, FIRST]);
        let diff = Diff::of(&old, &new);
        assert!(diff.is_none());
        assert_eq!(diff.same, [2, 3]);
    }

    #[test]
    fn each_difference_is_told_once() {
        let old = side(&[A, B], &[FIRST, SECOND, OTHER]);
        let told = FIRST.replace(r#""date": """#, r#""date": "2024-05""#);
        let longer = SECOND.replace("st_2", "st_4").replace("90", "97");
        let far = SECOND.replace("st_2", "st_5").replace("50", "200").replace("90", "240");
        let new = side(&[&A.replace("One", "Eins")], &[&told, &longer, &far]);
        let mut out = Vec::new();
        Diff::of(&old, &new).write_json(&mut out).unwrap();
        let lines: Vec<Value> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        let shown: Vec<String> = lines
            .iter()
            .map(|it| {
                let names =
                    it["fields"].as_object().map(|it| it.keys().cloned().collect::<Vec<_>>());
                let names = names.unwrap_or_default().join(" ");
                let id = it["statement_id"].as_str().unwrap_or("-");
                format!("{} {} {id} {names}", it["change"].as_str().unwrap(), it["document_id"])
            })
            .collect();
        assert_eq!(
            shown,
            [
                r#"changed "a" - title"#,
                r#"changed "a" st_1 date"#,
                r#"changed "a" st_4 end statement_id"#,
                r#"added "a" st_5 "#,
                r#"gone "b" - "#,
            ]
        );
        assert_eq!(lines[1]["fields"]["date"], serde_json::json!(["", "2024-05"]));
        assert_eq!((&lines[3]["row"]["start"], &lines[4]["statements"]), (&200.into(), &1.into()));
    }

    #[test]
    fn a_reader_sees_what_changed() {
        let old = FIRST.replace("}", r#", "statement": "it\nrained", "actors": [1]}"#);
        let new = old.replace("Ana Diaz", "Bo Lee").replace("[1]", "[]");
        let diff = Diff::of(&side(&[A], &[&old]), &side(&[A], &[&new]));
        assert_eq!(
            diff.to_string(),
            "documents: 1 the same, 0 changed, 0 added, 0 gone\n\
             statements: 0 the same, 1 changed, 0 added, 0 gone\n  \
               what changed in them: actors 1, speaker 1\n\
             \n~ a 0..40 st_1\n    | it rained\n    speaker: Ana Diaz -> Bo Lee\n"
        );
    }
}
