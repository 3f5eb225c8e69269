//! Where a text holds names, known ones and such as are written like names.
//!
//! Whom they mean is left to [`super::names`].

use std::ops::Range;

use super::gazetteer::{Known, Use};
use super::{Actors, Reading, words};
use crate::model::{BlockKind, Shape, Timex, Token};
use crate::rules::{Element, Encoded, Found};
use crate::text::Span;

/// A name as it was found: tokens of the document and what they stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Known(Known),
    /// Found by a rule, an index into the rules.
    Shape(usize),
}

/// The names of a document, in order of place, without overlap.
pub(super) fn find(actors: &Actors, reading: &Reading<'_>) -> Vec<Hit> {
    Looker::new(actors, reading).all(reading)
}

/// Looks for names sentence by sentence.
struct Looker<'a> {
    actors: &'a Actors,
    text: &'a str,
    timexes: &'a [Timex],
    next_timex: usize,
    elements: Vec<Element>,
    encoded: Encoded,
    matches: Vec<Found>,
    hits: Vec<Hit>,
    /// The hits of a sentence that rules have found something in.
    merged: Vec<Hit>,
}

impl<'a> Looker<'a> {
    fn new(actors: &'a Actors, reading: &Reading<'a>) -> Self {
        let &Reading { document, tokens, timexes, .. } = reading;
        let lengths = (0..tokens.ends.len()).map(|it| tokens.range(it).len());
        let longest = lengths.max().unwrap_or_default();
        Looker {
            actors,
            text: document.text(),
            timexes,
            next_timex: 0,
            elements: Vec::with_capacity(longest),
            encoded: Encoded::default(),
            matches: Vec::new(),
            hits: Vec::with_capacity(tokens.all.len() / 12),
            merged: Vec::new(),
        }
    }

    fn all(mut self, reading: &Reading<'_>) -> Vec<Hit> {
        let &Reading { document, sentences, tokens, .. } = reading;
        for (i, outer) in sentences.outer.iter().enumerate() {
            let block = document.blocks.get(outer.block as usize);
            if block.is_some_and(|it| !it.kind.is_read()) {
                continue;
            }
            let range = tokens.range(i);
            let style = Style::of(self.text, &tokens.all[range.clone()], block.map(|it| it.kind));
            let start = self.hits.len();
            self.known(&tokens.all, range.clone(), style);
            if style == Style::Plain {
                self.shapes(&tokens.all, range, start);
            }
        }
        self.hits
    }

    /// Adds the known names of a sentence.
    fn known(&mut self, tokens: &[Token], range: Range<usize>, style: Style) {
        let sentence = &tokens[range.clone()];
        let gazetteer = &self.actors.gazetteer;
        let mut at = 0;
        while at < sentence.len() {
            if !gazetteer.may_open(self.text, &sentence[at]) || self.is_in_timex(sentence[at].span)
            {
                at += 1;
                continue;
            }
            let found = gazetteer.longest(self.text, sentence, at, style == Style::Capitals);
            let Some((mut end, known)) = found else {
                at += 1;
                continue;
            };
            if end == at + 1 && self.is_common(&sentence[at], sentence.get(end)) {
                at += 1;
                continue;
            }
            let mut what = What::Known(known);
            if let Known::Actor(actor, Use::Name) = known
                && gazetteer.kind(actor) == "person"
                && let Some(longer) = self.with_suffix(sentence, end)
                && let Some(rule) = self.actors.rules.iter().position(|it| it.kind == "person")
            {
                // `Donald Trump Jr.` is not Donald Trump.
                (end, what) = (longer, What::Shape(rule));
            }
            let (first, last) = ((range.start + at) as u32, (range.start + end) as u32);
            self.hits.push(Hit { first, last, what });
            at = end;
        }
    }

    /// A word that opens its sentence and is a common one, unless it says something: `Target`.
    fn is_common(&self, token: &Token, next: Option<&Token>) -> bool {
        let common = words::CLOSED | words::MAIN_VERB | words::NOUN | words::MONTH;
        let says = words::CUE_VERB | words::SPEECH;
        token.shape.has(Shape::FIRST)
            && token.shape.form() != Shape::UPPER
            && self.actors.words.is(token, common)
            && next.is_none_or(|it| self.actors.words.of(it) & says != says)
    }

    fn with_suffix(&self, sentence: &[Token], end: usize) -> Option<usize> {
        let is_suffix =
            |at: usize| sentence.get(at).is_some_and(|it| self.actors.words.is(it, words::SUFFIX));
        let is_comma = sentence.get(end).is_some_and(|it| it.span.of(self.text) == ",");
        match (is_suffix(end), is_comma && is_suffix(end + 1)) {
            (true, _) => Some(end + 1),
            (_, true) => Some(end + 2),
            _ => None,
        }
    }

    fn is_in_timex(&mut self, span: Span) -> bool {
        while self.timexes.get(self.next_timex).is_some_and(|it| it.span.end <= span.start) {
            self.next_timex += 1;
        }
        self.timexes.get(self.next_timex).is_some_and(|it| it.span.overlaps(span))
    }

    /// Runs the rules over a sentence whose known names are hits from `start` on; what a rule
    /// finds takes the place of the known names in it.
    fn shapes(&mut self, tokens: &[Token], range: Range<usize>, start: usize) {
        self.elements.clear();
        let mut at = range.start;
        for hit in &self.hits[start..] {
            let (first, last) = (hit.first as usize, hit.last as usize);
            self.elements.extend((at..first).map(|it| Element::token(&tokens[it], it)));
            self.elements.push(Element {
                kind: self.actors.element,
                entry: tokens[last - 1].entry,
                shape: tokens[first].shape,
                first: hit.first,
                last: hit.last,
            });
            at = last;
        }
        self.elements.extend((at..range.end).map(|it| Element::token(&tokens[it], it)));
        let scanner = &self.actors.scanner;
        scanner.encode(&self.elements, &mut self.encoded);
        scanner.find(&mut self.encoded, &mut self.matches);
        if self.matches.is_empty() {
            return;
        }
        let mut known = self.hits.drain(start..).peekable();
        for found in &self.matches {
            let first = self.elements[found.range.start].first;
            let last = self.elements[found.range.end - 1].last;
            while let Some(hit) = known.next_if(|it| it.first < last) {
                if hit.last <= first {
                    self.merged.push(hit);
                }
            }
            self.merged.push(Hit { first, last, what: What::Shape(found.rule) });
        }
        self.merged.extend(known);
        self.hits.append(&mut self.merged);
    }
}

/// How a sentence uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// For names.
    Plain,
    /// For most words, as headlines do: they tell nothing.
    Titled,
    /// For all letters.
    Capitals,
}

impl Style {
    fn of(text: &str, sentence: &[Token], block: Option<BlockKind>) -> Style {
        // Headlines have no full stop.
        let is_closed = sentence.iter().rev().take(2).any(|it| {
            matches!(it.span.of(text), "." | "?" | "!") || it.shape.form() == Shape::CLOSE
        });
        let mut forms = [0; Shape::FORM as usize + 1];
        sentence.iter().for_each(|it| forms[usize::from(it.shape.form().0)] += 1);
        let of = |form: Shape| forms[usize::from(form.0)];
        let upper: usize = of(Shape::UPPER);
        let capital = of(Shape::CAPITAL) + upper + of(Shape::MIXED);
        let words = of(Shape::LOWER) + capital;
        let is_heading = matches!(block, Some(BlockKind::Title | BlockKind::Heading));
        if words >= 3 && upper * 4 > words * 3 {
            Style::Capitals
        } else if !is_closed && words >= 4 && capital * 10 > words * 7
            || is_heading && capital * 2 > words
        {
            Style::Titled
        } else {
            Style::Plain
        }
    }
}
