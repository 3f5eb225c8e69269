//! Rows, before they are written.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{CueClass, Kind, Stance, TimexKind};

/// One row of `statements.csv` and one line of `statements.jsonl`, before ids are given.
///
/// Spans are code points of [`Document::original`](super::Document::original), and most words are
/// borrowed from there.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement<'a> {
    /// `st_…`: a hash of the document's id, place and rule-independent content.
    pub id: Cow<'a, str>,
    /// As [`Document::id`](super::Document::id).
    pub document_id: Cow<'a, str>,
    /// As [`Meta::publisher`](super::Meta::publisher).
    pub publisher: Cow<'a, str>,
    /// As [`Meta::published`](super::Meta::published).
    pub published: Option<Date>,
    /// As [`Meta::url`](super::Meta::url).
    pub url: Cow<'a, str>,
    /// Direct, indirect, mixed or dated.
    pub kind: Kind,
    /// Class of the cue; speech for dated claims.
    pub class: CueClass,
    /// Canonical name where it could be settled, else the words of the text.
    pub speaker: Cow<'a, str>,
    /// Id of the actor, or empty.
    pub speaker_id: Cow<'a, str>,
    /// Role or affiliation as said in the text.
    pub speaker_role: Cow<'a, str>,
    /// The words of the cue.
    pub cue: Cow<'a, str>,
    /// Attitude of the speaker.
    pub stance: Stance,
    /// The words of the content, pieces joined with ` … `; of the original text.
    pub statement: Cow<'a, str>,
    /// The dates that belong to the statement; the first decides the columns.
    pub dates: Vec<StatementDate<'a>>,
    /// Actors named in it: id and canonical name, with place.
    pub actors: Vec<StatementActor<'a>>,
    /// The words of its outer sentence.
    pub sentence: Cow<'a, str>,
    /// First code point of source, cue and content together.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Who said it, in the words of the text.
    pub source: Vec<Piece<'a>>,
    /// Places of the cue.
    pub cue_spans: Vec<[u32; 2]>,
    /// What was said, piece by piece.
    pub content: Vec<Piece<'a>>,
    /// Precision of the rule as measured, 0 to 100.
    pub confidence: u8,
    /// Id of the rule.
    pub rule: Cow<'a, str>,
}

/// Words of a document where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Place in code points.
    pub span: [u32; 2],
    /// The words there.
    pub text: Cow<'a, str>,
}

/// A date of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementDate<'a> {
    /// Whether it is the date of saying, or stands in what was said or happened.
    pub role: DateRole,
    /// The words of the text.
    pub text: Cow<'a, str>,
    /// TIMEX3 type.
    pub kind: TimexKind,
    /// TIMEX3 value.
    pub value: Cow<'a, str>,
    /// TIMEX3 `mod`, or empty.
    pub modifier: Cow<'a, str>,
    /// EDTF, or empty.
    pub edtf: Cow<'a, str>,
    /// As [`Timex::is_modifier`](super::Timex::is_modifier).
    pub is_modifier: bool,
    /// As [`Timex::is_inferred`](super::Timex::is_inferred).
    pub is_inferred: bool,
    /// First day, where known.
    pub from: Option<Date>,
    /// Last day, where known.
    pub to: Option<Date>,
    /// Place in code points.
    pub span: [u32; 2],
    /// Id of the rule.
    pub rule: Cow<'a, str>,
}

impl Statement<'_> {
    /// The date of the columns: that of the saying; else that of the event. Where what was said
    /// holds several, none of them is the statement's.
    pub fn date(&self) -> Option<&StatementDate<'_>> {
        let first = self.dates.iter().find(|it| it.is_calendar())?;
        if self.kind == Kind::Dated || first.role == DateRole::Saying {
            return Some(first);
        }
        let mut others = self.dates.iter().filter(|it| it.is_calendar());
        let is_same = |it: &StatementDate| {
            it.is_modifier != first.is_modifier || it.column() == first.column()
        };
        others.all(is_same).then_some(first)
    }
}

impl StatementDate<'_> {
    /// Whether it is a place on the calendar, known or open.
    fn is_calendar(&self) -> bool {
        let is_date = matches!(self.kind, TimexKind::Date | TimexKind::Time);
        is_date && (!self.edtf.is_empty() || self.value.starts_with("XXXX-W"))
    }

    /// What stands in the column `date`: EDTF to the day, so that the column sorts. The time of
    /// day is in [`StatementDate::edtf`].
    pub fn column(&self) -> &str {
        self.edtf.split('T').next().unwrap_or_default()
    }
}

/// What a date of a statement is the date of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateRole {
    /// Of the saying: `told reporters on Monday`.
    Saying,
    /// Of what was said or happened.
    Event,
}

/// An actor named in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementActor<'a> {
    /// `ac_…` or a gazetteer's own.
    pub id: Cow<'a, str>,
    /// Canonical name.
    pub name: Cow<'a, str>,
    /// As [`Actor::kind`](super::Actor::kind).
    pub kind: Cow<'a, str>,
    /// Place in code points.
    pub span: [u32; 2],
}

/// As `'static`, whatever it borrowed.
fn owned(words: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(words.into_owned())
}

impl Statement<'_> {
    /// The same with words of its own.
    pub fn into_owned(self) -> Statement<'static> {
        Statement {
            id: owned(self.id),
            document_id: owned(self.document_id),
            publisher: owned(self.publisher),
            published: self.published,
            url: owned(self.url),
            kind: self.kind,
            class: self.class,
            speaker: owned(self.speaker),
            speaker_id: owned(self.speaker_id),
            speaker_role: owned(self.speaker_role),
            cue: owned(self.cue),
            stance: self.stance,
            statement: owned(self.statement),
            dates: self.dates.into_iter().map(StatementDate::into_owned).collect(),
            actors: self.actors.into_iter().map(StatementActor::into_owned).collect(),
            sentence: owned(self.sentence),
            start: self.start,
            end: self.end,
            source: self.source.into_iter().map(Piece::into_owned).collect(),
            cue_spans: self.cue_spans,
            content: self.content.into_iter().map(Piece::into_owned).collect(),
            confidence: self.confidence,
            rule: owned(self.rule),
        }
    }
}

impl Piece<'_> {
    /// The same with words of its own.
    pub fn into_owned(self) -> Piece<'static> {
        Piece { span: self.span, text: owned(self.text) }
    }
}

impl StatementDate<'_> {
    /// The same with words of its own.
    pub fn into_owned(self) -> StatementDate<'static> {
        StatementDate {
            role: self.role,
            text: owned(self.text),
            kind: self.kind,
            value: owned(self.value),
            modifier: owned(self.modifier),
            edtf: owned(self.edtf),
            is_modifier: self.is_modifier,
            is_inferred: self.is_inferred,
            from: self.from,
            to: self.to,
            span: self.span,
            rule: owned(self.rule),
        }
    }
}

impl StatementActor<'_> {
    /// The same with words of its own.
    pub fn into_owned(self) -> StatementActor<'static> {
        StatementActor {
            id: owned(self.id),
            name: owned(self.name),
            kind: owned(self.kind),
            span: self.span,
        }
    }
}
