//! The lines of the dataset as they are written and read again.
//!
//! What is written borrows its words from statements and documents; what is read owns them.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{
    CueClass, DateRole, Document, Kind, Piece, Stance, Statement, StatementActor, StatementDate,
    TimexKind,
};
use crate::people::Person;

/// A line of `statements.jsonl`.
///
/// Reading is lenient: what is missing is empty, what is unknown is passed over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatementRecord<'a> {
    /// As [`Statement::id`].
    pub statement_id: Cow<'a, str>,
    /// The claim it belongs to; empty until claims are known.
    pub claim_id: Cow<'a, str>,
    /// As [`Statement::document_id`].
    pub document_id: Cow<'a, str>,
    /// As [`Statement::publisher`].
    pub publisher: Cow<'a, str>,
    /// ISO day, or empty.
    pub published: Cow<'a, str>,
    /// As [`Statement::url`].
    pub url: Cow<'a, str>,
    /// `direct`, `indirect`, `mixed`, `dated`.
    pub kind: Cow<'a, str>,
    /// Class of the cue.
    pub class: Cow<'a, str>,
    /// As [`Statement::speaker`].
    pub speaker: Cow<'a, str>,
    /// As [`Statement::speaker_id`].
    pub speaker_id: Cow<'a, str>,
    /// As [`Statement::speaker_role`].
    pub speaker_role: Cow<'a, str>,
    /// As [`Statement::cue`].
    pub cue: Cow<'a, str>,
    /// As [`Statement::stance`].
    pub stance: Cow<'a, str>,
    /// As [`Statement::statement`].
    pub statement: Cow<'a, str>,
    /// EDTF of the first date, or empty.
    pub date: Cow<'a, str>,
    /// Its first day, or empty.
    pub date_from: Cow<'a, str>,
    /// Its last day, or empty.
    pub date_to: Cow<'a, str>,
    /// Its words, or empty.
    pub date_text: Cow<'a, str>,
    /// Who said it.
    pub source: Vec<PieceRecord<'a>>,
    /// Places of the cue.
    pub cue_spans: Vec<[u32; 2]>,
    /// What was said.
    pub content: Vec<PieceRecord<'a>>,
    /// All dates, the one of the columns first.
    pub dates: Vec<DateRecord<'a>>,
    /// All settled actors of source and content.
    pub actors: Vec<ActorRecord<'a>>,
    /// As [`Statement::sentence`].
    pub sentence: Cow<'a, str>,
    /// As [`Statement::start`].
    pub start: u32,
    /// As [`Statement::end`].
    pub end: u32,
    /// As [`Statement::confidence`]; absent where the rule claims none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// As [`Statement::rule`].
    pub rule: Cow<'a, str>,
    /// Independent publishers of the claim; 0 until claims are known.
    pub sources: u32,
}

/// A stretch of a document's text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PieceRecord<'a> {
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The words there.
    pub text: Cow<'a, str>,
}

/// A date of a statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateRecord<'a> {
    /// `saying` or `event`.
    pub role: Cow<'a, str>,
    /// The words of the text.
    pub text: Cow<'a, str>,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: Cow<'a, str>,
    /// TIMEX3 value.
    pub value: Cow<'a, str>,
    /// TIMEX3 `mod`.
    #[serde(rename = "mod", skip_serializing_if = "str::is_empty")]
    pub modifier: Cow<'a, str>,
    /// EDTF, or empty.
    pub edtf: Cow<'a, str>,
    /// ISO day, or empty.
    pub from: Cow<'a, str>,
    /// ISO day, or empty.
    pub to: Cow<'a, str>,
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
    pub rule: Cow<'a, str>,
}

/// An actor named in a statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActorRecord<'a> {
    /// Id of the actor.
    pub id: Cow<'a, str>,
    /// Canonical name.
    pub name: Cow<'a, str>,
    /// Kind of actor.
    pub kind: Cow<'a, str>,
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// A line of `documents.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentRecord<'a> {
    /// As [`Document::id`].
    pub document_id: Cow<'a, str>,
    /// Headline.
    pub title: Cow<'a, str>,
    /// Who published it.
    pub publisher: Cow<'a, str>,
    /// Byline.
    pub author: Cow<'a, str>,
    /// ISO day, or empty.
    pub published: Cow<'a, str>,
    /// How the day is known.
    pub published_basis: Cow<'a, str>,
    /// Where it stands on the web.
    pub url: Cow<'a, str>,
    /// Language tag.
    pub lang: Cow<'a, str>,
    /// The text that offsets refer to.
    pub text: Cow<'a, str>,
    /// Hex SHA-256 of the UTF-8 of the text.
    pub sha256: Cow<'a, str>,
    /// Whom it names, by which other documents may know them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// The document that it is a copy of.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub copy_of: Cow<'a, str>,
    /// Of the people those that are called otherwise in the dataset.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<LinkRecord>,
}

/// What a person of a document is called in the dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkRecord {
    /// Id in the document.
    pub id: String,
    /// Id in the dataset.
    pub linked_id: String,
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
pub(super) fn day(date: Option<Date>) -> Cow<'static, str> {
    date.map_or(Cow::Borrowed(""), |it| Cow::Owned(iso(it)))
}

/// As [`Date`] writes itself, without asking how wide to write it.
fn iso(date: Date) -> String {
    let Ok(year @ 0..=9999) = u16::try_from(date.year()) else { return date.to_string() };
    let digits = |it: u16| [b'0' + (it / 10) as u8, b'0' + (it % 10) as u8];
    let ([a, b], [c, d]) = (digits(year / 100), digits(year % 100));
    let [[e, f], [g, h]] = [date.month(), date.day()].map(|it| digits(it.unsigned_abs().into()));
    let words = [a, b, c, d, b'-', e, f, b'-', g, h];
    std::str::from_utf8(&words).expect("digits are ASCII").to_owned()
}

fn parse_day(text: &str) -> Option<Date> {
    text.get(..10).unwrap_or(text).parse().ok()
}

impl<'a> StatementRecord<'a> {
    /// The line of a statement.
    pub fn new(it: &'a Statement<'a>) -> StatementRecord<'a> {
        let date = it.date();
        StatementRecord {
            statement_id: (&*it.id).into(),
            claim_id: Cow::default(),
            document_id: (&*it.document_id).into(),
            publisher: (&*it.publisher).into(),
            published: day(it.published),
            url: (&*it.url).into(),
            kind: it.kind.as_str().into(),
            class: it.class.as_str().into(),
            speaker: (&*it.speaker).into(),
            speaker_id: (&*it.speaker_id).into(),
            speaker_role: (&*it.speaker_role).into(),
            cue: (&*it.cue).into(),
            stance: it.stance.as_str().into(),
            statement: (&*it.statement).into(),
            date: date.map(|it| it.column().into()).unwrap_or_default(),
            date_from: day(date.and_then(|it| it.from)),
            date_to: day(date.and_then(|it| it.to)),
            date_text: date.map(|it| (&*it.text).into()).unwrap_or_default(),
            source: it.source.iter().map(PieceRecord::new).collect(),
            cue_spans: it.cue_spans.clone(),
            content: it.content.iter().map(PieceRecord::new).collect(),
            dates: it.dates.iter().map(DateRecord::new).collect(),
            actors: it.actors.iter().map(ActorRecord::new).collect(),
            sentence: (&*it.sentence).into(),
            start: it.start,
            end: it.end,
            confidence: (it.kind != Kind::Dated).then_some(it.confidence),
            rule: (&*it.rule).into(),
            sources: 0,
        }
    }

    /// Calls an actor otherwise wherever the line names it.
    pub fn rename(&mut self, from: &str, id: &str, name: &str, kind: &str) {
        if self.speaker_id == from {
            self.speaker_id = id.to_owned().into();
            self.speaker = name.to_owned().into();
        }
        for actor in self.actors.iter_mut().filter(|it| it.id == from) {
            actor.id = id.to_owned().into();
            actor.name = name.to_owned().into();
            actor.kind = kind.to_owned().into();
        }
    }

    /// The statement that the line tells of.
    pub fn statement(&self) -> Statement<'_> {
        Statement {
            id: (&*self.statement_id).into(),
            document_id: (&*self.document_id).into(),
            publisher: (&*self.publisher).into(),
            published: parse_day(&self.published),
            url: (&*self.url).into(),
            kind: kind_of(&self.kind),
            class: CueClass::from_word(&self.class).unwrap_or_default(),
            speaker: (&*self.speaker).into(),
            speaker_id: (&*self.speaker_id).into(),
            speaker_role: (&*self.speaker_role).into(),
            cue: (&*self.cue).into(),
            stance: Stance::from_word(&self.stance).unwrap_or_default(),
            statement: (&*self.statement).into(),
            dates: self.dates.iter().map(DateRecord::date).collect(),
            actors: self.actors.iter().map(ActorRecord::actor).collect(),
            sentence: (&*self.sentence).into(),
            start: self.start,
            end: self.end,
            source: self.source.iter().map(PieceRecord::piece).collect(),
            cue_spans: self.cue_spans.clone(),
            content: self.content.iter().map(PieceRecord::piece).collect(),
            confidence: self.confidence.unwrap_or(100),
            rule: (&*self.rule).into(),
        }
    }
}

fn kind_of(word: &str) -> Kind {
    let all = [Kind::Direct, Kind::Indirect, Kind::Mixed, Kind::Dated];
    all.into_iter().find(|it| it.as_str() == word).unwrap_or(Kind::Indirect)
}

impl<'a> PieceRecord<'a> {
    fn new(it: &'a Piece<'a>) -> PieceRecord<'a> {
        let [start, end] = it.span;
        PieceRecord { start, end, text: (&*it.text).into() }
    }

    fn piece(&self) -> Piece<'_> {
        Piece { span: [self.start, self.end], text: (&*self.text).into() }
    }
}

impl<'a> DateRecord<'a> {
    fn new(it: &'a StatementDate<'a>) -> DateRecord<'a> {
        let role = match it.role {
            DateRole::Saying => "saying",
            DateRole::Event => "event",
        };
        DateRecord {
            role: role.into(),
            text: (&*it.text).into(),
            kind: it.kind.as_str().into(),
            value: (&*it.value).into(),
            modifier: (&*it.modifier).into(),
            edtf: (&*it.edtf).into(),
            from: day(it.from),
            to: day(it.to),
            modifies: it.is_modifier,
            inferred: it.is_inferred,
            start: it.span[0],
            end: it.span[1],
            rule: (&*it.rule).into(),
        }
    }

    fn date(&self) -> StatementDate<'_> {
        let kinds = [TimexKind::Date, TimexKind::Time, TimexKind::Duration, TimexKind::Set];
        let kind = kinds.into_iter().find(|it| it.as_str() == self.kind);
        StatementDate {
            role: if self.role == "saying" { DateRole::Saying } else { DateRole::Event },
            text: (&*self.text).into(),
            kind: kind.unwrap_or(TimexKind::Date),
            value: (&*self.value).into(),
            modifier: (&*self.modifier).into(),
            edtf: (&*self.edtf).into(),
            is_modifier: self.modifies,
            is_inferred: self.inferred,
            from: parse_day(&self.from),
            to: parse_day(&self.to),
            span: [self.start, self.end],
            rule: (&*self.rule).into(),
        }
    }
}

impl<'a> ActorRecord<'a> {
    fn new(it: &'a StatementActor<'a>) -> ActorRecord<'a> {
        let [start, end] = it.span;
        let [id, name, kind] = [&*it.id, &it.name, &it.kind].map(Cow::from);
        ActorRecord { id, name, kind, start, end }
    }

    fn actor(&self) -> StatementActor<'_> {
        StatementActor {
            id: (&*self.id).into(),
            name: (&*self.name).into(),
            kind: (&*self.kind).into(),
            span: [self.start, self.end],
        }
    }
}

impl<'a> DocumentRecord<'a> {
    /// The line of a document.
    pub fn new(it: &'a Document) -> DocumentRecord<'a> {
        DocumentRecord {
            document_id: (&it.id).into(),
            title: (&it.meta.title).into(),
            publisher: (&it.meta.publisher).into(),
            author: (&it.meta.author).into(),
            published: day(it.meta.published),
            published_basis: it.meta.published_basis.as_str().into(),
            url: (&it.meta.url).into(),
            lang: (&it.meta.lang).into(),
            text: (&it.original).into(),
            sha256: super::staging::sha256(it.original.as_bytes()).into(),
            people: Vec::new(),
            copy_of: Cow::default(),
            linked: Vec::new(),
        }
    }

    /// The day of publication, where it is known.
    pub fn published(&self) -> Option<Date> {
        parse_day(&self.published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_jiff_writes_them() {
        for (year, month, day) in
            [(2024, 3, 5), (1999, 12, 31), (0, 1, 1), (476, 9, 4), (-44, 3, 15)]
        {
            let date = Date::constant(year, month, day);
            assert_eq!(iso(date), date.to_string());
        }
    }

    #[test]
    fn a_line_of_few_fields_is_read() {
        let line = r#"{"statement_id": "x:1", "cue": "said", "cluster": "unknown field"}"#;
        let record: StatementRecord = serde_json::from_str(line).unwrap();
        assert_eq!((&*record.statement_id, &*record.cue), ("x:1", "said"));
        assert_eq!(record.statement().kind, Kind::Indirect);
    }
}
