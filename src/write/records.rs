//! The lines of the dataset as they are written and read again.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{
    CueClass, DateRole, Document, Kind, Stance, Statement, StatementActor, StatementDate, TimexKind,
};

/// A line of `statements.jsonl`.
///
/// Reading is lenient: what is missing is empty, what is unknown is passed over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatementRecord {
    /// As [`Statement::id`].
    pub statement_id: String,
    /// The claim it belongs to; empty until claims are known.
    pub claim_id: String,
    /// As [`Statement::document_id`].
    pub document_id: String,
    /// As [`Statement::publisher`].
    pub publisher: String,
    /// ISO day, or empty.
    pub published: String,
    /// As [`Statement::url`].
    pub url: String,
    /// `direct`, `indirect`, `mixed`, `dated`.
    pub kind: String,
    /// Class of the cue.
    pub class: String,
    /// As [`Statement::speaker`].
    pub speaker: String,
    /// As [`Statement::speaker_id`].
    pub speaker_id: String,
    /// As [`Statement::speaker_role`].
    pub speaker_role: String,
    /// As [`Statement::cue`].
    pub cue: String,
    /// As [`Statement::stance`].
    pub stance: String,
    /// As [`Statement::statement`].
    pub statement: String,
    /// EDTF of the first date, or empty.
    pub date: String,
    /// Its first day, or empty.
    pub date_from: String,
    /// Its last day, or empty.
    pub date_to: String,
    /// Its words, or empty.
    pub date_text: String,
    /// Who said it.
    pub source: Vec<PieceRecord>,
    /// Places of the cue.
    pub cue_spans: Vec<[u32; 2]>,
    /// What was said.
    pub content: Vec<PieceRecord>,
    /// All dates, the one of the columns first.
    pub dates: Vec<DateRecord>,
    /// All settled actors of source and content.
    pub actors: Vec<ActorRecord>,
    /// As [`Statement::sentence`].
    pub sentence: String,
    /// As [`Statement::start`].
    pub start: u32,
    /// As [`Statement::end`].
    pub end: u32,
    /// As [`Statement::confidence`]; absent where the rule claims none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// As [`Statement::rule`].
    pub rule: String,
    /// Independent publishers of the claim; 0 until claims are known.
    pub sources: u32,
}

/// A stretch of a document's text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PieceRecord {
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The words there.
    pub text: String,
}

/// A date of a statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateRecord {
    /// `saying` or `event`.
    pub role: String,
    /// The words of the text.
    pub text: String,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: String,
    /// TIMEX3 value.
    pub value: String,
    /// TIMEX3 `mod`.
    #[serde(rename = "mod", skip_serializing_if = "String::is_empty")]
    pub modifier: String,
    /// EDTF, or empty.
    pub edtf: String,
    /// ISO day, or empty.
    pub from: String,
    /// ISO day, or empty.
    pub to: String,
    /// Whether it modifies a noun.
    #[serde(skip_serializing_if = "is_false")]
    pub modifies: bool,
    /// Whether the day it was resolved against was itself inferred.
    #[serde(skip_serializing_if = "is_false")]
    pub inferred: bool,
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Id of the rule.
    pub rule: String,
}

/// An actor named in a statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActorRecord {
    /// Id of the actor.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Kind of actor.
    pub kind: String,
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// A line of `documents.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentRecord {
    /// As [`Document::id`].
    pub document_id: String,
    /// Headline.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Byline.
    pub author: String,
    /// ISO day, or empty.
    pub published: String,
    /// How the day is known.
    pub published_basis: String,
    /// Where it stands on the web.
    pub url: String,
    /// Language tag.
    pub lang: String,
    /// The text that offsets refer to.
    pub text: String,
    /// Hex SHA-256 of the UTF-8 of the text.
    pub sha256: String,
    /// The document that it is a copy of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub copy_of: String,
}

/// A line of `rejected.jsonl`: an input that was set aside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rejected {
    /// The file, as it was found.
    pub path: String,
    /// The line in it, counted from 1, where there is one at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The document, where it has an id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub document_id: String,
    /// Why.
    pub reason: String,
}

fn is_false(it: &bool) -> bool {
    !it
}

/// An ISO day, or nothing.
pub(super) fn day(date: Option<Date>) -> String {
    date.map(|it| it.to_string()).unwrap_or_default()
}

fn parse_day(text: &str) -> Option<Date> {
    text.get(..10).unwrap_or(text).parse().ok()
}

impl StatementRecord {
    /// The line of a statement of `text`, its document's own text.
    pub fn new(it: &Statement, text: &Slices) -> StatementRecord {
        let piece = |&[start, end]: &[u32; 2]| PieceRecord {
            start,
            end,
            text: text.get(start, end).to_owned(),
        };
        let date = it.dates.first();
        let edtf = |it: &StatementDate| it.edtf.clone();
        StatementRecord {
            statement_id: it.id.clone(),
            claim_id: String::new(),
            document_id: it.document_id.clone(),
            publisher: it.publisher.clone(),
            published: day(it.published),
            url: it.url.clone(),
            kind: it.kind.as_str().to_owned(),
            class: it.class.as_str().to_owned(),
            speaker: it.speaker.clone(),
            speaker_id: it.speaker_id.clone(),
            speaker_role: it.speaker_role.clone(),
            cue: it.cue.clone(),
            stance: it.stance.as_str().to_owned(),
            statement: it.statement.clone(),
            date: date.map(edtf).unwrap_or_default(),
            date_from: day(date.and_then(|it| it.from)),
            date_to: day(date.and_then(|it| it.to)),
            date_text: date.map(|it| it.text.clone()).unwrap_or_default(),
            source: it.source_spans.iter().map(piece).collect(),
            cue_spans: it.cue_spans.clone(),
            content: it.content_spans.iter().map(piece).collect(),
            dates: it.dates.iter().map(DateRecord::new).collect(),
            actors: it.actors.iter().map(ActorRecord::new).collect(),
            sentence: it.sentence.clone(),
            start: it.start,
            end: it.end,
            confidence: (it.kind != Kind::Dated).then_some(it.confidence),
            rule: it.rule.clone(),
            sources: 0,
        }
    }

    /// The statement that the line tells of.
    pub fn statement(&self) -> Statement {
        let places = |it: &[PieceRecord]| it.iter().map(|it| [it.start, it.end]).collect();
        Statement {
            id: self.statement_id.clone(),
            document_id: self.document_id.clone(),
            publisher: self.publisher.clone(),
            published: parse_day(&self.published),
            url: self.url.clone(),
            kind: kind_of(&self.kind),
            class: CueClass::from_word(&self.class).unwrap_or_default(),
            speaker: self.speaker.clone(),
            speaker_id: self.speaker_id.clone(),
            speaker_role: self.speaker_role.clone(),
            cue: self.cue.clone(),
            stance: Stance::from_word(&self.stance).unwrap_or_default(),
            statement: self.statement.clone(),
            dates: self.dates.iter().map(DateRecord::date).collect(),
            actors: self.actors.iter().map(ActorRecord::actor).collect(),
            sentence: self.sentence.clone(),
            start: self.start,
            end: self.end,
            source_spans: places(&self.source),
            cue_spans: self.cue_spans.clone(),
            content_spans: places(&self.content),
            confidence: self.confidence.unwrap_or(100),
            rule: self.rule.clone(),
        }
    }
}

fn kind_of(word: &str) -> Kind {
    let all = [Kind::Direct, Kind::Indirect, Kind::Mixed, Kind::Dated];
    all.into_iter().find(|it| it.as_str() == word).unwrap_or(Kind::Indirect)
}

impl DateRecord {
    fn new(it: &StatementDate) -> DateRecord {
        let role = match it.role {
            DateRole::Saying => "saying",
            DateRole::Event => "event",
        };
        DateRecord {
            role: role.to_owned(),
            text: it.text.clone(),
            kind: it.kind.as_str().to_owned(),
            value: it.value.clone(),
            modifier: it.modifier.clone(),
            edtf: it.edtf.clone(),
            from: day(it.from),
            to: day(it.to),
            modifies: it.is_modifier,
            inferred: it.is_inferred,
            start: it.span[0],
            end: it.span[1],
            rule: it.rule.clone(),
        }
    }

    fn date(&self) -> StatementDate {
        let kinds = [TimexKind::Date, TimexKind::Time, TimexKind::Duration, TimexKind::Set];
        let kind = kinds.into_iter().find(|it| it.as_str() == self.kind);
        StatementDate {
            role: if self.role == "saying" { DateRole::Saying } else { DateRole::Event },
            text: self.text.clone(),
            kind: kind.unwrap_or(TimexKind::Date),
            value: self.value.clone(),
            modifier: self.modifier.clone(),
            edtf: self.edtf.clone(),
            is_modifier: self.modifies,
            is_inferred: self.inferred,
            from: parse_day(&self.from),
            to: parse_day(&self.to),
            span: [self.start, self.end],
            rule: self.rule.clone(),
        }
    }
}

impl ActorRecord {
    fn new(it: &StatementActor) -> ActorRecord {
        let [start, end] = it.span;
        ActorRecord { id: it.id.clone(), name: it.name.clone(), kind: it.kind.clone(), start, end }
    }

    fn actor(&self) -> StatementActor {
        StatementActor {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind.clone(),
            span: [self.start, self.end],
        }
    }
}

impl DocumentRecord {
    /// The line of a document.
    pub fn new(it: &Document) -> DocumentRecord {
        DocumentRecord {
            document_id: it.id.clone(),
            title: it.meta.title.clone(),
            publisher: it.meta.publisher.clone(),
            author: it.meta.author.clone(),
            published: day(it.meta.published),
            published_basis: it.meta.published_basis.as_str().to_owned(),
            url: it.meta.url.clone(),
            lang: it.meta.lang.clone(),
            text: it.original.clone(),
            sha256: super::staging::sha256(it.original.as_bytes()),
            copy_of: String::new(),
        }
    }

    /// The day of publication, where it is known.
    pub fn published(&self) -> Option<Date> {
        parse_day(&self.published)
    }
}

/// Takes words from a text by code points.
#[derive(Debug)]
pub struct Slices<'a> {
    text: &'a str,
    /// The byte of every 64th code point; nothing where the text is ASCII.
    marks: Vec<u32>,
}

const STRIDE: usize = 64;

impl<'a> Slices<'a> {
    /// Reads `text` once.
    pub fn new(text: &'a str) -> Slices<'a> {
        let mut marks = Vec::new();
        if !text.is_ascii() {
            marks.extend(text.char_indices().step_by(STRIDE).map(|(at, _)| at as u32));
        }
        Slices { text, marks }
    }

    /// The code points `start..end`; nothing where the text has none there.
    pub fn get(&self, start: u32, end: u32) -> &'a str {
        self.text.get(self.byte(start)..self.byte(end)).unwrap_or_default()
    }

    fn byte(&self, point: u32) -> usize {
        if self.marks.is_empty() {
            return point as usize;
        }
        let Some(&mark) = self.marks.get(point as usize / STRIDE) else { return self.text.len() };
        let rest = &self.text[mark as usize..];
        let within = rest.char_indices().nth(point as usize % STRIDE);
        within.map_or(self.text.len(), |(at, _)| mark as usize + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_count_code_points() {
        let text = "aé😀".repeat(100);
        let slices = Slices::new(&text);
        let points: Vec<char> = text.chars().collect();
        for (start, end) in [(0, 0), (0, 3), (63, 65), (64, 64), (100, 300), (299, 300)] {
            let expected: String = points[start..end].iter().collect();
            assert_eq!(slices.get(start as u32, end as u32), expected);
        }
        assert_eq!(slices.get(0, 301), text);
        assert_eq!(Slices::new("abc").get(1, 9), "");
    }

    #[test]
    fn a_line_of_few_fields_is_read() {
        let line = r#"{"statement_id": "x:1", "cue": "said", "cluster": "unknown field"}"#;
        let record: StatementRecord = serde_json::from_str(line).unwrap();
        assert_eq!((record.statement_id.as_str(), record.cue.as_str()), ("x:1", "said"));
        assert_eq!(record.statement().kind, Kind::Indirect);
    }
}
