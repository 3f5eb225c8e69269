//! The nouns of the program: what each stage takes and what it makes.
//!
//! Everything found is a [`Span`] of the text the stages read ([`Document::text`]) until rows
//! are written; [`Document::to_original`] leads back to the document's own words.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;

use crate::text::{OffsetMap, Span};

/// One text as it came in, with what its surroundings say of it.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Unique in a run: the document's own id, else its path below the PATH that was given.
    pub id: String,
    /// What was known before reading the words.
    pub meta: Meta,
    /// The decoded text, or the text of the article where the input was HTML.
    pub text: String,
}

/// What is known of a document apart from its words. An empty string is "not known".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// Headline.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Byline.
    pub author: String,
    /// Day of publication.
    pub published: Option<Date>,
    /// How the day of publication is known.
    pub published_basis: PublishedBasis,
    /// Where it stands on the web.
    pub url: String,
    /// Language tag (BCP 47).
    pub lang: String,
}

/// How a day of publication is known. Never the clock, never the file's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PublishedBasis {
    /// It is not.
    #[default]
    Unknown,
    /// A `manifest.csv` says so.
    Manifest,
    /// A field of the JSONL or CSV record says so.
    Field,
    /// The metadata of the HTML page says so.
    Html,
    /// The dateline of the article says so.
    Dateline,
    /// Worked out from the article's own full dates.
    Inferred,
}

impl PublishedBasis {
    /// The word that stands in `documents.jsonl`; empty where nothing is known.
    pub fn as_str(self) -> &'static str {
        match self {
            PublishedBasis::Unknown => "",
            PublishedBasis::Manifest => "manifest",
            PublishedBasis::Field => "field",
            PublishedBasis::Html => "html",
            PublishedBasis::Dateline => "dateline",
            PublishedBasis::Inferred => "inferred",
        }
    }
}

/// A source made readable.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// As in [`Source::id`].
    pub id: String,
    /// As in [`Source::meta`], with what the text itself gave: title, byline, dateline.
    pub meta: Meta,
    /// The document's own text, which offsets in every output refer to.
    pub original: String,
    /// The repaired text, where anything had to be repaired.
    pub repaired: Option<Repaired>,
    /// The text in blocks, in order, without overlap; between them stands only white space.
    pub blocks: Vec<Block>,
}

/// A text with its faults mended and the way back.
#[derive(Debug, Clone, Default)]
pub struct Repaired {
    /// The mended words.
    pub text: String,
    /// From the mended words to the original.
    pub map: OffsetMap,
}

impl Document {
    /// The text that the stages read. All spans of the stages refer to it.
    pub fn text(&self) -> &str {
        self.repaired.as_ref().map_or(&self.original, |it| &it.text)
    }

    /// The place in [`Document::original`] that a span of [`Document::text`] comes from.
    pub fn to_original(&self, span: Span) -> Span {
        self.repaired.as_ref().map_or(span, |it| it.map.to_original(span))
    }
}

/// A stretch of a document that belongs together: a paragraph, a heading, a caption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where it stands, without white space at the edges.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BlockKind {
    /// Running text of the article.
    #[default]
    Paragraph,
    /// The article's headline.
    Title,
    /// A heading between paragraphs.
    Heading,
    /// Who wrote it.
    Byline,
    /// Place, day and agency before the first words: `MOSCOW, June 3 (Agency) —`.
    Dateline,
    /// Words below a picture. They are the publisher's, and may hold dated claims.
    Caption,
    /// Navigation, share bars, 'Read more', credits: not article text.
    Furniture,
    /// Another article that stands on the same page.
    Foreign,
}

impl BlockKind {
    /// Whether statements are looked for here.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            BlockKind::Paragraph | BlockKind::Title | BlockKind::Heading | BlockKind::Caption
        )
    }
}

/// Sentences on two levels.
#[derive(Debug, Clone, Default)]
pub struct Sentences {
    /// The inner ones, in order: those inside a quotation count one by one.
    pub inner: Vec<Sentence>,
    /// The outer ones, in order: a quotation of several sentences with its frame is one. The
    /// widest window a rule may look at.
    pub outer: Vec<OuterSentence>,
}

/// An inner sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Its place, without white space at the edges.
    pub span: Span,
}

/// An outer sentence: a run of inner ones that one pair of quotation marks holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OuterSentence {
    /// Its place, without white space at the edges.
    pub span: Span,
    /// First of its [`Sentences::inner`].
    pub first: u32,
    /// One past its last.
    pub last: u32,
    /// Index of its block in [`Document::blocks`].
    pub block: u32,
}

/// A word, number or mark of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its place.
    pub span: Span,
    /// What the lexicon says of it: an entry of [`crate::rules::Lexicon`].
    pub entry: u32,
    /// How it is written.
    pub shape: Shape,
}

/// How a token is written: one of the `Shape` constants, with flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Shape(pub u8);

impl Shape {
    /// `word`
    pub const LOWER: Shape = Shape(0);
    /// `Word`
    pub const CAPITAL: Shape = Shape(1);
    /// `WORD`
    pub const UPPER: Shape = Shape(2);
    /// `iPhone`, `McCain`
    pub const MIXED: Shape = Shape(3);
    /// One capital letter, with or without its full stop: `J.`
    pub const INITIAL: Shape = Shape(4);
    /// Digits alone: `7`, `2015`
    pub const DIGITS: Shape = Shape(5);
    /// Digits with separators inside: `1,200`, `3.5`
    pub const NUMBER: Shape = Shape(6);
    /// Digits and letters: `1970s`, `3rd`, `B2B`
    pub const ALNUM: Shape = Shape(7);
    /// A mark of punctuation, quotation marks excepted.
    pub const PUNCT: Shape = Shape(8);
    /// Any other sign: `$`, `%`
    pub const SYMBOL: Shape = Shape(9);
    /// A mark that opens a quotation.
    pub const OPEN: Shape = Shape(10);
    /// A mark that closes a quotation.
    pub const CLOSE: Shape = Shape(11);
    /// A quotation mark of which neither can be said.
    pub const QUOTE: Shape = Shape(12);

    /// Flag: no white space stands before the token.
    pub const GLUED: u8 = 0x40;
    /// Flag: the token opens a sentence or a quotation, so its capital says nothing.
    pub const FIRST: u8 = 0x80;
    /// For [`Shape::DIGITS`], how many there are: one or two, three, four, more.
    pub const SIZE: u8 = 0x30;
    /// The bits that name the form.
    pub const FORM: u8 = 0x0f;

    /// The form without flags.
    #[inline]
    pub fn form(self) -> Shape {
        Shape(self.0 & Shape::FORM)
    }

    /// Whether a flag is set.
    #[inline]
    pub fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    /// The same with a flag set.
    #[must_use]
    #[inline]
    pub fn with(self, flag: u8) -> Shape {
        Shape(self.0 | flag)
    }

    /// Whether the token begins with a capital letter.
    #[inline]
    pub fn is_capital(self) -> bool {
        matches!(self.form(), Shape::CAPITAL | Shape::UPPER | Shape::MIXED | Shape::INITIAL)
    }
}

/// The tokens of a document.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// All tokens, in order.
    pub all: Vec<Token>,
    /// For each outer sentence, the end of its tokens in `all`; they begin where those of the
    /// sentence before end.
    pub ends: Vec<u32>,
}

impl Tokens {
    /// The indices in `all` of the tokens of an outer sentence.
    pub fn range(&self, outer: usize) -> std::ops::Range<usize> {
        let start = outer.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[outer] as usize
    }

    /// The tokens of an outer sentence.
    pub fn of(&self, outer: usize) -> &[Token] {
        &self.all[self.range(outer)]
    }
}

/// An expression of time (TIMEX3, TimeML 1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timex {
    /// Its extent by the TimeML guidelines.
    pub span: Span,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    pub kind: TimexKind,
    /// TIMEX3 `value`.
    pub value: String,
    /// TIMEX3 `mod`, or empty.
    pub modifier: &'static str,
    /// The same in EDTF (ISO 8601-2), or empty where EDTF cannot say it.
    pub edtf: String,
    /// First and last day, where they are known.
    pub days: Option<(Date, Date)>,
    /// Whether it modifies a noun (`the 2015 agreement`) rather than dating what is said.
    pub is_modifier: bool,
    /// Whether it was resolved against a day that was itself inferred.
    pub is_inferred: bool,
    /// Whether the next expression ends the stretch of time that this one begins: `from 2016 to
    /// 2019`, `the first seven months of the year`.
    pub opens_range: bool,
    /// Id of the rule that found it.
    pub rule: RuleId,
}

impl Timex {
    /// The stretch of time that this one and `end` make together; nothing where it would end
    /// before it begins, or EDTF cannot say it.
    pub fn until(&self, end: &Timex) -> Option<Timex> {
        let is_length = self.kind == TimexKind::Duration;
        let edge = |edtf: &str, at: usize| {
            let edge = edtf.split('/').nth(at).or_else(|| edtf.split('/').next())?;
            Some(edge.split('T').next()?.trim_end_matches('~').to_owned())
        };
        let edtf = match is_length {
            true => self.edtf.clone(),
            false => format!("{}/{}", edge(&self.edtf, 0)?, edge(&end.edtf, 1)?),
        };
        let days = match (is_length, self.days, end.days) {
            (true, days, _) => days,
            (false, Some((first, _)), Some((_, last))) => Some((first, last)),
            _ => None,
        };
        let is_backward = days.is_some_and(|(first, last)| last < first);
        if self.edtf.is_empty() || end.edtf.is_empty() || is_backward {
            return None;
        }
        Some(Timex {
            span: self.span.to(end.span),
            kind: TimexKind::Date,
            value: edtf.clone(),
            modifier: "",
            edtf,
            days,
            is_modifier: self.is_modifier && end.is_modifier,
            is_inferred: self.is_inferred || end.is_inferred,
            opens_range: false,
            rule: self.rule.clone(),
        })
    }

    /// The expressions with these indices, those that make one stretch of time as one.
    pub fn stretches<'a>(timexes: &'a [Timex], indices: &[u32]) -> Vec<Cow<'a, Timex>> {
        let mut found = Vec::with_capacity(indices.len());
        let mut ended = None;
        for &at in indices {
            let Some(timex) = timexes.get(at as usize).filter(|_| ended != Some(at)) else {
                continue;
            };
            let is_picked = timex.opens_range && indices.contains(&(at + 1));
            let end = timexes.get(at as usize + 1).filter(|_| is_picked);
            let stretch = end.and_then(|end| timex.until(end));
            ended = stretch.is_some().then_some(at + 1).or(ended);
            found.push(stretch.map_or(Cow::Borrowed(timex), Cow::Owned));
        }
        found
    }
}

/// TIMEX3 `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimexKind {
    /// A calendar date of any size.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// A time that comes again.
    Set,
}

impl TimexKind {
    /// As TimeML writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            TimexKind::Date => "DATE",
            TimexKind::Time => "TIME",
            TimexKind::Duration => "DURATION",
            TimexKind::Set => "SET",
        }
    }
}

/// Id of a rule as it stands in its file. Cheap to copy about: shared with the rule pack.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(std::sync::Arc<str>);

impl RuleId {
    /// From the words of the rule file.
    pub fn new(id: &str) -> RuleId {
        RuleId(id.into())
    }

    /// The words of the rule file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person, state, organization or place as a document names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its place.
    pub span: Span,
    /// The actor meant: an index into [`Mentions::actors`], if it could be settled.
    pub actor: Option<u32>,
    /// How it is named.
    pub form: MentionForm,
    /// Id of the rule or list that found it.
    pub rule: RuleId,
}

/// How an actor is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionForm {
    /// By a name.
    Name,
    /// By a pronoun.
    Pronoun,
    /// By a description: `the minister`.
    Description,
    /// By an adjective or in the possessive of a place: `Russian`.
    Adjective,
}

/// The actors of a document.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// Mentions in order of place, without overlap.
    pub all: Vec<Mention>,
    /// The actors meant, in order of first mention.
    pub actors: Vec<Actor>,
    /// Id of the state that the document is about; empty where that is not plain.
    pub state: String,
}

impl Mentions {
    /// Whether just the words at `span` mean a person.
    pub fn is_person(&self, span: Span) -> bool {
        let at = self.all.partition_point(|it| it.span.start < span.start);
        let actor = self.all.get(at).filter(|it| it.span == span).and_then(|it| it.actor);
        actor.is_some_and(|it| self.actors[it as usize].kind == "person")
    }

    /// Whether a person is named in the words at `span`.
    pub fn names_person(&self, span: Span) -> bool {
        let first = self.all.partition_point(|it| it.span.start < span.start);
        let inside = self.all[first..].iter().take_while(|it| it.span.end <= span.end);
        inside.filter_map(|it| it.actor).any(|it| self.actors[it as usize].kind == "person")
    }
}

/// A person, state, organization or place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// `ac_…`: a hash of what identifies the actor; the gazetteer's own id where it has one.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// `person`, `state`, `government`, `organization`, `company`, `media`, `party`,
    /// `armed_group`, `civil_society`, `place`; empty where it is open.
    pub kind: &'static str,
    /// Role or affiliation as the text says it.
    pub role: String,
    /// What the text ties a person or an organization to, sorted: ids of states and organizations,
    /// offices as `office:` and the noun, and as `given:` the long forms of a given name that has
    /// short ones. It tells namesakes of different documents apart.
    pub ties: Vec<String>,
}

/// Who said what: source, cue and content (Pareti 2012; PolNeAR, Newell et al. 2018).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Direct, indirect or mixed.
    pub kind: Kind,
    /// Speech, belief, …
    pub class: CueClass,
    /// Who: one span or none.
    pub source: Vec<Span>,
    /// The words that name the source, where they are not all of its own: the phrase before it that
    /// a source of one word (`which`, `that`) refers to, or one without the clause behind its comma.
    pub shown: Option<Span>,
    /// The words that tie both: one span, or none where a quotation goes on.
    pub cue: Vec<Span>,
    /// What: one span or more, in order.
    pub content: Vec<Span>,
    /// The attitude of the source to the content.
    pub stance: Stance,
    /// Index of its outer sentence.
    pub outer: u32,
    /// Index into [`Mentions::actors`], where the speaker could be settled.
    pub speaker: Option<u32>,
    /// Days of saying and days inside the content: indices into the document's timexes.
    pub said_on: Vec<u32>,
    /// Precision of the rule as measured, 0 to 100.
    pub confidence: u8,
    /// Id of the rule.
    pub rule: RuleId,
}

/// How a statement is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// All between quotation marks.
    Direct,
    /// In the words of the article.
    Indirect,
    /// Partly between quotation marks.
    Mixed,
    /// A dated claim in the article's own voice.
    Dated,
}

impl Kind {
    /// As it stands in the column `kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Direct => "direct",
            Kind::Indirect => "indirect",
            Kind::Mixed => "mixed",
            Kind::Dated => "dated",
        }
    }
}

/// What kind of attitude a cue reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CueClass {
    /// Speech and writing.
    #[default]
    Speech,
    /// Belief and opinion.
    Belief,
    /// Intention, wish, plan.
    Intention,
    /// Evidence: a document, a figure, a finding.
    Evidence,
    /// Perception.
    Perception,
    /// An act that carries an attitude: agreeing, refusing, ordering.
    Act,
}

/// The attitude of a source to what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stance {
    /// Says it is so.
    #[default]
    Asserts,
    /// Says it is not so.
    Denies,
    /// Asks whether it is so.
    Questions,
    /// Says it will be so.
    Predicts,
    /// Says it shall be so.
    Demands,
    /// Says it will make it so.
    Promises,
    /// Says it may be so.
    Hedges,
}

/// Gives an enum its words, both ways.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// All of them, in order.
            pub const ALL: &[$type] = &[$($type::$variant),+];

            /// The word in rule files and in the dataset.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }

            /// From its word.
            pub fn from_word(word: &str) -> Option<$type> {
                match word { $($word => Some($type::$variant),)+ _ => None }
            }
        }
    };
}

words!(CueClass {
    Speech = "speech",
    Belief = "belief",
    Intention = "intention",
    Evidence = "evidence",
    Perception = "perception",
    Act = "act",
});

words!(Stance {
    Asserts = "asserts",
    Denies = "denies",
    Questions = "questions",
    Predicts = "predicts",
    Demands = "demands",
    Promises = "promises",
    Hedges = "hedges",
});

/// A dated claim: what happened on which date, in the article's own voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedClaim {
    /// The clause.
    pub span: Span,
    /// Indices into the document's timexes.
    pub dates: Vec<u32>,
    /// Index of its outer sentence.
    pub outer: u32,
    /// Id of the rule.
    pub rule: RuleId,
}

/// All that the stages found in one document.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// The document itself.
    pub document: Document,
    /// Its sentences.
    pub sentences: Sentences,
    /// Its expressions of time, in order of place.
    pub timexes: Vec<Timex>,
    /// Its actors.
    pub mentions: Mentions,
    /// Its attributions, in order of place.
    pub attributions: Vec<Attribution>,
    /// Its dated claims, in order of place.
    pub dated_claims: Vec<DatedClaim>,
}

/// One row of `statements.csv` and one line of `statements.jsonl`, before ids are given.
///
/// Spans are code points of [`Document::original`], and most words are borrowed from there.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement<'a> {
    /// `st_…`: a hash of the document's id, place and rule-independent content.
    pub id: Cow<'a, str>,
    /// As [`Document::id`].
    pub document_id: Cow<'a, str>,
    /// As [`Meta::publisher`].
    pub publisher: Cow<'a, str>,
    /// As [`Meta::published`].
    pub published: Option<Date>,
    /// As [`Meta::url`].
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
    /// As [`Timex::is_modifier`].
    pub is_modifier: bool,
    /// As [`Timex::is_inferred`].
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
    /// As [`Actor::kind`].
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
