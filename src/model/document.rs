//! A text as it comes in and as the stages read it.

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
