//! Pairs quotation marks.
//!
//! A pair that is missed loses what somebody said word for word, and a pair that is too long
//! swallows the next speaker. So a mark that nobody closes holds up to the end of its paragraph at
//! most, and only where the paragraph goes on as a quotation would; else it is left alone.

use std::ops::Range;

use crate::model::{Document, Sentences, Shape, Tokens};

use super::words::Words;

/// A stretch between quotation marks, inside one outer sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quotation {
    /// Its tokens, with the marks, in [`Tokens::all`].
    pub(super) tokens: Range<usize>,
    /// Whether it has a closing mark.
    pub(super) is_closed: bool,
}

/// How a mark looks: marks close only marks of their own family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Double,
    Single,
}

/// Which way a mark points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Opens,
    Closes,
    Either,
}

/// All quotations of a document, in order, without overlap: of nested ones the outermost.
pub(super) fn find(
    document: &Document,
    sentences: &Sentences,
    tokens: &Tokens,
    words: &Words,
) -> Vec<Quotation> {
    let text = document.text();
    let mut found = Vec::new();
    let mut outer = 0;
    while outer < sentences.outer.len() {
        let block = sentences.outer[outer].block;
        let last =
            sentences.outer[outer..].iter().take_while(|it| it.block == block).count() + outer;
        let block = tokens.range(outer).start..tokens.range(last - 1).end;
        let next = (last < sentences.outer.len()).then(|| tokens.range(last).start);
        let continues = next.is_some_and(|it| {
            tokens.all.get(it).is_some_and(|mark| turn(text, tokens, it, mark.shape) == Turn::Opens)
        });
        pair(text, tokens, block, continues, words, &mut found);
        outer = last;
    }
    split_at_sentences(found, sentences, tokens)
}

/// Pairs the marks of one paragraph.
fn pair(
    text: &str,
    tokens: &Tokens,
    block: Range<usize>,
    continues: bool,
    words: &Words,
    found: &mut Vec<Quotation>,
) {
    let mut open: Option<(usize, Family)> = None;
    // A single mark in which double ones stand, and what was found before it.
    let mut around: Option<(usize, usize)> = None;
    let found_before = found.len();
    for at in block.clone() {
        let Some(family) = family(text, tokens, at) else { continue };
        let turn = turn(text, tokens, at, tokens.all[at].shape);
        match open {
            None if turn != Turn::Closes => open = Some((at, family)),
            // What a single mark quotes with double ones in it: ‘He said “no” to me,’ she said.
            None => {
                if family == Family::Double && found.len() == found_before {
                    let start = sentence_start(text, tokens, block.start..at);
                    if is_spoken(text, tokens, start..at, block.end, words) {
                        found.push(Quotation { tokens: start..at + 1, is_closed: true });
                    }
                }
                if family == Family::Single
                    && at > block.start
                    && tokens.all[at - 1].shape.form() == Shape::PUNCT
                    && let Some((start, before)) = around.take()
                {
                    found.truncate(before);
                    found.push(Quotation { tokens: start..at + 1, is_closed: true });
                }
            }
            Some((start, opened)) if opened == family && turn != Turn::Opens => {
                if at > start + 1 {
                    let end = after_nested(text, tokens, at + 1, block.end);
                    found.push(Quotation { tokens: start..end, is_closed: true });
                }
                open = None;
            }
            // A second opening mark: the first one was never closed.
            Some((start, opened)) if opened == family && family == Family::Double => {
                close_before(tokens, start, at, found);
                open = Some((at, family));
            }
            Some((start, Family::Single)) if family == Family::Double => {
                around = around.or(Some((start, found.len())));
                open = Some((at, family));
            }
            Some(_) => {}
        }
    }
    if let Some((start, Family::Double)) = open
        && block.end > start + 2
    {
        if !continues && let Some(end) = before_cue(text, tokens, start..block.end, words) {
            found.push(Quotation { tokens: start..end, is_closed: false });
        } else if continues || start == block.start || is_announced(text, tokens, start) {
            found.push(Quotation { tokens: start..block.end, is_closed: false });
        }
    }
}

/// Where the sentence begins in which the tokens of a range end.
fn sentence_start(text: &str, tokens: &Tokens, range: Range<usize>) -> usize {
    let is_end = |it: &usize| matches!(tokens.all[*it].span.of(text), "." | "?" | "!");
    let last = range.end.saturating_sub(1);
    (range.start..last).rev().find(is_end).map_or(range.start, |it| it + 1)
}

/// Whether the words of a range, whose opening mark is missing, are a quotation: they end as one
/// does, and a verb of saying stands right behind their closing mark.
fn is_spoken(text: &str, tokens: &Tokens, range: Range<usize>, end: usize, words: &Words) -> bool {
    let ends =
        range.len() > 1 && matches!(tokens.all[range.end - 1].span.of(text), "," | "?" | "!");
    let next = range.end + 1..end.min(range.end + 5);
    let mut next = tokens.all[next].iter().take_while(|it| it.shape.form() != Shape::PUNCT);
    ends && next.any(|it| words.speaks(it))
}

/// Where a quotation that nobody closes ends because somebody is said to say it: behind the first
/// comma that a verb of saying follows, with a short subject at most between them.
fn before_cue(text: &str, tokens: &Tokens, range: Range<usize>, words: &Words) -> Option<usize> {
    let is_comma = |at: usize| tokens.all[at].span.of(text) == ",";
    let says = |comma: &usize| {
        let next = comma + 1..range.end.min(comma + 5);
        let within = tokens.all[next].iter();
        let mut within = within.take_while(|it| it.shape.form() != Shape::PUNCT);
        within.any(|it| words.speaks(it))
    };
    let mut commas = (range.start + 2..range.end).filter(|&at| is_comma(at));
    commas.find(says).map(|at| at + 1)
}

/// Whether a mark stands behind a comma or a colon, as one does that opens what is said.
fn is_announced(text: &str, tokens: &Tokens, mark: usize) -> bool {
    let before = mark.checked_sub(1).map(|at| tokens.all[at].span.of(text));
    matches!(before, Some("," | ":"))
}

/// The end of a quotation behind the marks that stand right after its closing one: of three
/// apostrophes, two close the quotation and one closes what is quoted in it.
fn after_nested(text: &str, tokens: &Tokens, mut at: usize, end: usize) -> usize {
    while at < end
        && tokens.all[at].shape.has(Shape::GLUED)
        && family(text, tokens, at) == Some(Family::Single)
    {
        at += 1;
    }
    at
}

/// Ends a quotation whose closing mark is missing at the last full stop before the next one.
fn close_before(tokens: &Tokens, start: usize, at: usize, found: &mut Vec<Quotation>) {
    let is_end = |it: &usize| tokens.all[*it].shape.form() == Shape::PUNCT;
    if let Some(end) = (start + 2..at).rev().find(is_end)
        && end + 1 == at
    {
        found.push(Quotation { tokens: start..end + 1, is_closed: false });
    }
}

fn family(text: &str, tokens: &Tokens, at: usize) -> Option<Family> {
    let token = tokens.all[at];
    if !matches!(token.shape.form(), Shape::OPEN | Shape::CLOSE | Shape::QUOTE) {
        return None;
    }
    match token.span.of(text) {
        "'" | "‘" | "’" | "‚" | "‹" | "›" | "`" => Some(Family::Single),
        _ => Some(Family::Double),
    }
}

/// Which way a mark points: a straight one by the white space around it, a curly one by its form
/// unless white space says that it was mistyped.
fn turn(text: &str, tokens: &Tokens, at: usize, shape: Shape) -> Turn {
    let form = shape.form();
    if !matches!(form, Shape::OPEN | Shape::CLOSE | Shape::QUOTE) {
        return Turn::Either;
    }
    let span = tokens.all[at].span.range();
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let starts = before.is_none_or(|it| it.is_whitespace() || "([—–-/".contains(it));
    let ends = after.is_none_or(|it| it.is_whitespace() || ".,;:?!)]—–-/".contains(it));
    match (form, starts, ends) {
        (Shape::OPEN, false, true) => Turn::Closes,
        (Shape::CLOSE, true, false) => Turn::Opens,
        (Shape::OPEN, ..) => Turn::Opens,
        (Shape::CLOSE, ..) => Turn::Closes,
        (_, true, false) => Turn::Opens,
        (_, false, true) => Turn::Closes,
        _ => Turn::Either,
    }
}

/// Cuts quotations that run over several outer sentences into one piece a sentence.
fn split_at_sentences(
    all: Vec<Quotation>,
    sentences: &Sentences,
    tokens: &Tokens,
) -> Vec<Quotation> {
    let mut pieces = Vec::with_capacity(all.len());
    let mut outer = 0;
    for it in all {
        while outer < sentences.outer.len() && tokens.range(outer).end <= it.tokens.start {
            outer += 1;
        }
        let mut start = it.tokens.start;
        let mut within = outer;
        while start < it.tokens.end && within < sentences.outer.len() {
            let end = tokens.range(within).end.min(it.tokens.end);
            if end > start {
                pieces.push(Quotation {
                    tokens: start..end,
                    is_closed: it.is_closed && end == it.tokens.end,
                });
            }
            start = end.max(start);
            within += 1;
        }
    }
    pieces
}
