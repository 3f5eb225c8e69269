//! Sentences, and the words and marks in them.

use crate::text::Span;

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
    /// Index of its block in [`Document::blocks`](super::Document::blocks).
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
