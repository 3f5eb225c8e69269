//! Makes the elements of a sentence: quotations and chunks in the place of their tokens.

use std::ops::Range;

use crate::error::Error;
use crate::model::{Shape, Token};
use crate::rules::{ChunkSpec, Element, Encoded, Found, Loaded, Pack, Scanner, UNKNOWN};

use super::quotations::Quotation;

/// Runs the chunk rules of a pack, level by level.
#[derive(Debug)]
pub(super) struct Chunker {
    levels: Vec<Level>,
    quotation: u8,
}

/// What the chunker needs for its work and can use again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    encoded: Encoded,
    found: Vec<Found>,
}

#[derive(Debug)]
struct Level {
    scanner: Scanner,
    /// Kind of each rule's chunk.
    kinds: Vec<u8>,
}

impl Chunker {
    /// Compiles the chunk rules, one automaton a level.
    pub(super) fn new(pack: &Pack) -> Result<Chunker, Error> {
        let kind = |name: &str| pack.kind(name).expect("the pack knows the kinds of its chunks");
        let mut levels = Vec::new();
        for rules in pack.chunks.chunk_by(|a, b| a.spec.level == b.spec.level) {
            let kinds = rules.iter().map(|it: &Loaded<ChunkSpec>| kind(it.spec.kind.get_ref()));
            levels.push(Level { scanner: Scanner::new(pack, rules)?, kinds: kinds.collect() });
        }
        Ok(Chunker { levels, quotation: kind("quotation") })
    }

    /// The elements of a sentence, whose tokens are a range of `all`.
    pub(super) fn elements(
        &self,
        all: &[Token],
        tokens: Range<usize>,
        quotations: &[Quotation],
        scratch: &mut Scratch,
        elements: &mut Vec<Element>,
    ) {
        self.plain(all, tokens, quotations, elements);
        for level in &self.levels {
            level.run(scratch, elements);
        }
    }

    /// The same without chunks: words and quotations.
    pub(super) fn plain(
        &self,
        all: &[Token],
        tokens: Range<usize>,
        quotations: &[Quotation],
        elements: &mut Vec<Element>,
    ) {
        elements.clear();
        let mut quotations = quotations.iter().peekable();
        let mut at = tokens.start;
        while at < tokens.end {
            match quotations.next_if(|it| it.tokens.start == at) {
                Some(quotation) => {
                    elements.push(self.quotation(all, quotation));
                    at = quotation.tokens.end;
                }
                None => {
                    elements.push(Element::token(&all[at], at));
                    at += 1;
                }
            }
        }
    }

    /// A quotation has the form of its first word and the entry of the mark it ends with, if any:
    /// they tell a statement from a few words that are quoted.
    fn quotation(&self, all: &[Token], quotation: &Quotation) -> Element {
        let tokens = &quotation.tokens;
        let is_quote =
            |it: &&Token| matches!(it.shape.form(), Shape::OPEN | Shape::CLOSE | Shape::QUOTE);
        let last = all[tokens.clone()].iter().rev().find(|it| !is_quote(it));
        let mark = last.filter(|it| it.shape.form() == Shape::PUNCT);
        let first = all[(tokens.start + 1).min(tokens.end - 1)];
        Element {
            kind: self.quotation,
            entry: mark.map_or(UNKNOWN, |it| it.entry),
            shape: first.shape,
            first: tokens.start as u32,
            last: tokens.end as u32,
        }
    }
}

impl Level {
    /// Puts one element in the place of every run that a rule found.
    fn run(&self, scratch: &mut Scratch, elements: &mut Vec<Element>) {
        self.scanner.encode(elements, &mut scratch.encoded);
        self.scanner.find(&mut scratch.encoded, &mut scratch.found);
        if scratch.found.is_empty() {
            return;
        }
        let (mut from, mut to) = (0, 0);
        for found in &scratch.found {
            while from < found.range.start {
                elements[to] = elements[from];
                (from, to) = (from + 1, to + 1);
            }
            let (first, head) = (elements[found.range.start], elements[found.range.end - 1]);
            elements[to] = Element { kind: self.kinds[found.rule], first: first.first, ..head };
            (from, to) = (found.range.end, to + 1);
        }
        elements.copy_within(from.., to);
        elements.truncate(to + elements.len() - from);
    }
}
