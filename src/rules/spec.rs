//! What stands in rule files, as it was written.
//!
//! Field docs here are for rule authors: they say what a field does and which mistake it avoids.

use serde::Deserialize;
use toml::Spanned;

/// What every rule has, whatever it is about.
pub trait RuleSpec {
    /// Name of its table: `[[date]]`.
    const TABLE: &'static str;
    /// The parts of its pattern that a stage asks for; `None` where a part may have any name.
    const PARTS: Option<&'static [&'static str]>;
    /// Unique in its table.
    fn id(&self) -> &Spanned<String>;
    /// One line on what it finds.
    fn about(&self) -> &str;
    /// The pattern.
    fn pattern(&self) -> &Spanned<String>;
    /// The patterns of what must or must not stand around the match.
    fn context(&self) -> ContextSpec<'_>;
    /// How many examples there are: of what it finds, of what it leaves alone.
    fn examples(&self) -> (usize, usize);
    /// Further patterns in fields of its own.
    fn other_patterns(&self) -> Vec<&Spanned<String>> {
        Vec::new()
    }
}

/// What must or must not stand right before and right after a match.
#[derive(Debug, Clone, Copy, Default)]
pub struct ContextSpec<'a> {
    /// Must stand before.
    pub preceded_by: Option<&'a Spanned<String>>,
    /// Must not stand before.
    pub not_preceded_by: Option<&'a Spanned<String>>,
    /// Must stand after.
    pub followed_by: Option<&'a Spanned<String>>,
    /// Must not stand after.
    pub not_followed_by: Option<&'a Spanned<String>>,
}

impl<'a> ContextSpec<'a> {
    /// Those that were written.
    pub fn all(self) -> impl Iterator<Item = &'a Spanned<String>> {
        [self.preceded_by, self.not_preceded_by, self.followed_by, self.not_followed_by]
            .into_iter()
            .flatten()
    }
}

/// Defines a rule's struct: the fields that every rule has, and its own.
macro_rules! rule_spec {
    ($(#[$doc:meta])* $name:ident, $table:literal, $parts:expr, $example:ty { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            /// Unique in its table; every row of the dataset names it.
            pub id: Spanned<String>,
            /// One line on what it finds.
            pub about: String,
            /// What it finds, in the token pattern language.
            pub pattern: Spanned<String>,
            /// What must stand right before.
            pub preceded_by: Option<Spanned<String>>,
            /// What must not stand right before.
            pub not_preceded_by: Option<Spanned<String>>,
            /// What must stand right after.
            pub followed_by: Option<Spanned<String>>,
            /// What must not stand right after.
            pub not_followed_by: Option<Spanned<String>>,
            /// Texts with what must be found, marked.
            #[serde(default)]
            pub finds: Vec<Spanned<$example>>,
            /// Texts in which it must find nothing.
            #[serde(default)]
            pub silent: Vec<Spanned<$example>>,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl RuleSpec for $name {
            const TABLE: &'static str = $table;
            const PARTS: Option<&'static [&'static str]> = $parts;
            fn id(&self) -> &Spanned<String> {
                &self.id
            }
            fn about(&self) -> &str {
                &self.about
            }
            fn pattern(&self) -> &Spanned<String> {
                &self.pattern
            }
            fn context(&self) -> ContextSpec<'_> {
                ContextSpec {
                    preceded_by: self.preceded_by.as_ref(),
                    not_preceded_by: self.not_preceded_by.as_ref(),
                    followed_by: self.followed_by.as_ref(),
                    not_followed_by: self.not_followed_by.as_ref(),
                }
            }
            fn examples(&self) -> (usize, usize) {
                (self.finds.len(), self.silent.len())
            }
        }
    };
}

/// A name for a pattern that other patterns use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefineSpec {
    /// The name, used bare: `subject`.
    pub name: Spanned<String>,
    /// One line on what it stands for.
    #[serde(default)]
    pub about: String,
    /// The pattern.
    pub pattern: Spanned<String>,
}

rule_spec! {
    /// A run of tokens that later rules see as one element.
    ChunkSpec, "chunk", Some(&[]), String {
        /// The kind of element it makes; later patterns use it as a bare name.
        kind: Spanned<String>,
        /// Chunks of level 1 are made first; those of level 2 see them.
        level: u8,
    }
}

rule_spec! {
    /// An expression of time.
    DateSpec, "date", None, DateExample {
        /// Expressions of level 1 are found among plain words; those of level 2 see them as one
        /// element each and put them together.
        #[serde(default = "first_level")]
        level: u8,
        /// The kind of element it makes; patterns of later levels use it as a bare name.
        #[serde(default = "date_kind")]
        kind: Spanned<String>,
        /// What the match means, in the language that `src/dates/value/mod.rs` describes. A rule
        /// without a value says what is no date: its match is passed over. Where the pattern has a
        /// part `extent`, that alone is the expression.
        value: Option<Spanned<String>>,
        /// TIMEX3 `mod`: `START`, or the slot of a part whose words carry it.
        #[serde(rename = "mod")]
        modifier: Option<Spanned<String>>,
        /// Whether it comes again: a TIMEX3 SET.
        #[serde(default)]
        repeats: bool,
        /// Whether it tells which thing is meant rather than when something happens.
        #[serde(default)]
        modifies: bool,
        /// Whether it only joins two expressions to one stretch of time, from `{first: …}` to
        /// `{last: …}`; each keeps its own value.
        #[serde(default)]
        joins: bool,
        /// Whether it is a time of day alone, on the day that another expression gives: then it
        /// has a value, but dates nothing.
        #[serde(default)]
        borrows: bool,
        /// First and last year that make sense; other matches are no dates.
        years: Option<Spanned<[i16; 2]>>,
        /// For a length of time: the first and the last point that it covers.
        covers: Option<[Spanned<String>; 2]>,
    }
}

fn first_level() -> u8 {
    1
}

fn date_kind() -> Spanned<String> {
    Spanned::new(0..0, "date".to_owned())
}

/// Kinds of date expressions that need no pattern that asks for them.
pub const DATE_KINDS: &[&str] = &[
    "date", "day", "month", "year", "period", "clock", "part", "ago", "span", "stretch", "set",
    "vague",
];

/// An example of a date rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "an example is a text, or `{ published = \"2024-03-07\", text = \"…\" }`"
)]
pub enum DateExample {
    /// A text with `[what is found](its value)`.
    Text(String),
    /// The same in an article of a known day.
    Published {
        /// Day of publication.
        #[serde(default)]
        published: String,
        /// The text, with `[what is found](its value)`.
        text: String,
    },
}

impl DateExample {
    /// The text and the day of publication.
    pub fn parts(&self) -> (&str, Option<jiff::civil::Date>) {
        match self {
            DateExample::Text(text) => (text, None),
            DateExample::Published { published, text } => (text, published.parse().ok()),
        }
    }
}

rule_spec! {
    /// A name, or another way in which a text speaks of an actor.
    ActorSpec, "actor", Some(&[]), String {
        /// What it is the name of: `person`, `organization`, `government`, `company`, `media`, …;
        /// `open` where the shape does not tell.
        kind: Spanned<String>,
    }
}

rule_spec! {
    /// Who said what. Parts of its pattern: `cue`, one element; `source`; `content`; and `with`, a
    /// word beside the cue that belongs to it (`called for`).
    AttributionSpec, "attribution", Some(&["cue", "source", "content", "with"]), String {
        /// How far the content goes on after the words that the pattern gives it.
        #[serde(default)]
        reach: Reach,
        /// Where the source is found if the pattern does not name it.
        #[serde(default)]
        source: SourceFrom,
        /// Class of the cue; that of its word where this is left out.
        class: Option<Spanned<String>>,
        /// Stance; that of the cue's word where this is left out.
        stance: Option<Spanned<String>>,
        /// Of 100 statements that it finds, so many are right, as measured.
        confidence: u8,
    }
}

impl AttributionSpec {
    /// Whether it finds statements. A rule without content finds the subject of a verb, for cues
    /// that share it.
    pub fn names_content(&self) -> bool {
        self.pattern.get_ref().contains("{content:")
    }
}

/// How far the content of an attribution goes on after the words that its pattern gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Not at all.
    #[default]
    Match,
    /// To the end of a noun phrase: up to the verb that it is the subject of, or a `stop-object`.
    Phrase,
    /// To the end of an object with all that belongs to it: up to a `stop-object`.
    Object,
    /// To the end of a clause: up to a `stop-clause`.
    Clause,
    /// To the end of the sentence.
    Sentence,
    /// To the end of the paragraph.
    Paragraph,
    /// It is the quotation that follows as a sentence of its own.
    Next,
    /// It is what follows up to the end of that paragraph, whatever stands in it.
    NextParagraph,
    /// It is the quotation that came before as a sentence of its own.
    Before,
}

/// Where the source of an attribution is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceFrom {
    /// In the part `source`; without that part there is none.
    #[default]
    Match,
    /// In the part `source`, in which a person must be named.
    Person,
    /// It is the subject of the verb before, which the cue shares.
    Subject,
    /// It is the possessive in the cue's own noun phrase: `her claim that`.
    Possessor,
}

rule_spec! {
    /// Where a sentence parts into clauses: at `{cut: …}`, at `{verb: …}` where both sides have a
    /// date, around a clause from `{opens: …}` with its `{antecedent: …}` to the next boundary or
    /// `{closes: …}`. A date right after `{undated: …}` only describes a noun.
    BoundarySpec, "boundary", Some(&["cut", "verb", "opens", "antecedent", "closes", "undated"]), String {
    }
}

rule_spec! {
    /// What a clause with a date must hold to be a dated claim.
    DatedSpec, "dated", Some(&[]), DateExample {
    }
}

/// All that a rule file may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    /// Ids of rules of earlier layers that are switched off.
    #[serde(default)]
    pub(crate) off: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) define: Vec<DefineSpec>,
    #[serde(default)]
    pub(crate) chunk: Vec<ChunkSpec>,
    #[serde(default)]
    pub(crate) date: Vec<DateSpec>,
    #[serde(default)]
    pub(crate) actor: Vec<ActorSpec>,
    #[serde(default)]
    pub(crate) attribution: Vec<AttributionSpec>,
    #[serde(default)]
    pub(crate) boundary: Vec<BoundarySpec>,
    #[serde(default)]
    pub(crate) dated: Vec<DatedSpec>,
}
