//! Paragraphs that belong to somebody as a whole: turns of a transcript, letters below a name.

use crate::model::{Attribution, BlockKind, Document, Kind, OuterSentence, Shape, Stance};
use crate::text::Span;

use super::super::Sentence;
use super::Selection;

/// A paragraph that is what somebody says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paragraph {
    block: u32,
    /// Whether it is a question if it ends as one.
    may_ask: bool,
}

impl Selection<'_> {
    /// Whether a sentence belongs as a whole to an attribution before; if so, adds it there.
    pub(in super::super) fn takes_whole(&mut self, document: &Document, outer: usize) -> bool {
        let it = self.sentences.outer[outer];
        if let Some(attribution) = self.ahead.take() {
            self.found.push(Attribution {
                content: vec![it.span],
                outer: outer as u32,
                ..attribution
            });
            self.paragraph = Some(Paragraph { block: it.block, may_ask: false });
            return true;
        }
        let Some(paragraph) = self.paragraph.filter(|paragraph| paragraph.block == it.block) else {
            self.paragraph = None;
            return false;
        };
        if self.opens_turn(document, outer) {
            self.paragraph = None;
            return false;
        }
        if let Some(turn) = self.found.last_mut() {
            if let Some(piece) = turn.content.last_mut() {
                *piece = piece.to(it.span);
            }
            if paragraph.may_ask {
                turn.stance = asks_or_asserts(document, it.span);
            }
        }
        true
    }

    /// Whether a sentence opens as a turn of a transcript does: `A: It burst.`
    fn opens_turn(&self, document: &Document, outer: usize) -> bool {
        let tokens = &self.tokens.all[self.tokens.range(outer)];
        let [name, colon, _, ..] = tokens else { return false };
        let is_name = matches!(name.shape.form(), Shape::UPPER | Shape::INITIAL)
            || name.span.len() == 1 && name.shape.is_capital();
        is_name && colon.span.of(document.text()) == ":"
    }

    /// Lets the paragraph go on with the attribution that was just found; a turn of a transcript
    /// keeps its last mark, and asks if that is a question mark.
    pub(super) fn open_paragraph(&mut self, sentence: &Sentence<'_>) {
        let place = self.sentences.outer[sentence.outer];
        let is_turn = !is_headline(sentence, place);
        let Some(turn) = self.found.last_mut() else { return };
        let may_ask = is_turn && turn.stance == Stance::Asserts;
        if may_ask {
            turn.stance = asks_or_asserts(sentence.document, place.span);
        }
        if is_turn {
            turn.kind = Kind::Direct;
            if let Some(piece) = turn.content.last_mut() {
                piece.end = place.span.end;
            }
        }
        self.paragraph = Some(Paragraph { block: place.block, may_ask });
    }
}

/// Whether a sentence is the article's headline, or ends as no sentence does.
fn is_headline(sentence: &Sentence<'_>, place: OuterSentence) -> bool {
    let kind = sentence.document.blocks.get(place.block as usize).map(|it| it.kind);
    let last = place.span.of(sentence.document.text()).chars().next_back();
    kind == Some(BlockKind::Title) || last.is_none_or(char::is_alphanumeric)
}

/// The stance of a turn that ends with the sentence at `place`.
fn asks_or_asserts(document: &Document, place: Span) -> Stance {
    match place.of(document.text()).ends_with('?') {
        true => Stance::Questions,
        false => Stance::Asserts,
    }
}
