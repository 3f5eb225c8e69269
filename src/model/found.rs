//! Actors, who says what, and dated claims, as the stages find them.

use std::fmt;

use crate::text::Span;

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
