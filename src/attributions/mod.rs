//! Finds who said what: source, cue and content.
//!
//! A sentence becomes a row of elements: quotations, noun phrases, verb groups, plain words. Every
//! element that can be a cue is asked, with the rules of the pack, what stands to its left and its
//! right. Of what they find, the outermost stays: what somebody says that somebody else said is
//! one attribution, not two. Quotations that stand alone go on with the attribution before.
//!
//! A wrong source is the worse mistake: a rule that cannot name the source safely says nothing.
//! Who is meant by a source is a later question; sources here are places in the text.

mod chunks;
mod explain;
mod quotations;
mod select;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use crate::error::Error;
use crate::model::{Attribution, Document, Mentions, Sentences, Timex, Token, Tokens};
use crate::rules::{AttributionSpec, Element, Encoded, Loaded, Pack, Pivot, UNKNOWN};
use crate::text::Span;

use chunks::{Chunker, Scratch};
pub use explain::{Outcome, Tried};
use quotations::Quotation;
use select::{Candidate, Selection};
use words::Words;

/// Finds attributions. Compiled once from a rule pack.
#[derive(Debug)]
pub struct Attributions {
    chunker: Chunker,
    /// Rules that name a content.
    rules: Vec<Loaded<AttributionSpec>>,
    cues: Pivot,
    /// By entry of the lexicon: whether a word can be the cue of any rule. A sentence without one
    /// needs no chunks.
    is_cue: Vec<bool>,
    /// Rules that name the subject of a verb, and no content.
    subjects: Pivot,
    words: Words,
    kinds: Vec<String>,
}

/// The elements of a sentence in the symbols of the rules.
#[derive(Debug, Default)]
struct Symbols {
    cues: Encoded,
    subjects: Subjects,
}

/// The elements of a sentence in the symbols of the rules for subjects.
#[derive(Debug, Default)]
struct Subjects {
    encoded: Encoded,
    /// Written for the first verb of a sentence that shares its subject.
    is_written: bool,
}

/// One outer sentence at work.
struct Sentence<'a> {
    document: &'a Document,
    tokens: &'a Tokens,
    /// Who is named; nothing where that is not asked.
    mentions: Option<&'a Mentions>,
    elements: &'a [Element],
    outer: usize,
}

impl Attributions {
    /// Compiles the chunk and attribution rules of a pack.
    ///
    /// # Errors
    /// A pattern uses a name that nothing has or has no part `cue`, or a rule names a class or
    /// stance that does not exist.
    pub fn new(pack: &Pack) -> Result<Attributions, Error> {
        let (rules, subjects): (Vec<_>, Vec<_>) =
            pack.attributions.iter().cloned().partition(|it| it.spec.names_content());
        let cues = Pivot::new(pack, &rules, "cue")?;
        Ok(Attributions {
            chunker: Chunker::new(pack)?,
            is_cue: cues.entries(),
            cues,
            subjects: Pivot::new(pack, &subjects, "cue")?,
            words: Words::new(pack, &rules)?,
            rules,
            kinds: pack.kinds().to_vec(),
        })
    }

    /// All attributions of a document, in order of place. Sources are places only; `speaker` is
    /// left open.
    pub fn find(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        timexes: &[Timex],
        mentions: &Mentions,
    ) -> Vec<Attribution> {
        let quotations = quotations::find(document, sentences, tokens, &self.words);
        let published = document.meta.published;
        let mut selection = Selection::new(sentences, tokens, timexes, published, &self.words);
        let (mut scratch, mut elements) = (Scratch::default(), Vec::new());
        let mut symbols = Symbols::default();
        let mut rest = quotations.as_slice();
        for outer in 0..sentences.outer.len() {
            let range = tokens.range(outer);
            let inside: &[Quotation];
            (inside, rest) = rest.split_at(rest.partition_point(|it| it.tokens.start < range.end));
            let block = sentences.outer[outer].block as usize;
            if !document.blocks.get(block).is_some_and(|it| it.kind.is_read()) {
                continue;
            }
            if selection.takes_whole(document, outer) {
                continue;
            }
            let all = &tokens.all;
            let is_cue = |it: &Token| self.is_cue[it.entry as usize];
            // A quotation may be an element of no known word.
            let has_cue = all[range.clone()].iter().any(is_cue) || self.is_cue[UNKNOWN as usize];
            if has_cue {
                self.chunker.elements(all, range, inside, &mut scratch, &mut elements);
            } else {
                self.chunker.plain(all, range, inside, &mut elements);
            }
            let sentence =
                Sentence { document, tokens, mentions: Some(mentions), elements: &elements, outer };
            let found =
                if has_cue { self.in_sentence(&sentence, &mut symbols) } else { Vec::new() };
            selection.add(&sentence, found, &self.rules);
        }
        selection.finish()
    }

    /// The elements that the rules see in an outer sentence: kind and place of each.
    pub fn chunks(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        outer: usize,
    ) -> Vec<(&str, Span)> {
        let quotations = quotations::find(document, sentences, tokens, &self.words);
        let range = tokens.range(outer);
        let inside: Vec<_> =
            quotations.into_iter().filter(|it| range.contains(&it.tokens.start)).collect();
        let (mut scratch, mut elements) = (Scratch::default(), Vec::new());
        self.chunker.elements(&tokens.all, range, &inside, &mut scratch, &mut elements);
        let span = |it: &Element| {
            tokens.all[it.first as usize].span.to(tokens.all[it.last as usize - 1].span)
        };
        elements.iter().map(|it| (self.kinds[usize::from(it.kind)].as_str(), span(it))).collect()
    }

    /// The outermost attributions of one sentence, in order of their cues.
    fn in_sentence(&self, sentence: &Sentence<'_>, symbols: &mut Symbols) -> Vec<Candidate> {
        let mut kept: Vec<Candidate> = Vec::new();
        let Symbols { cues, subjects } = symbols;
        self.cues.encode(sentence.elements, cues);
        subjects.is_written = false;
        for at in 0..sentence.elements.len() {
            if !self.cues.is_pivot(cues, at) {
                continue;
            }
            let best = self
                .cues
                .matches_at(cues, at)
                .filter_map(|it| Candidate::new(sentence, &self.rules, it, &self.words))
                .filter(|it| select::is_free(&kept, it) && it.names_its_person(sentence))
                .find_map(|it| self.with_subject(sentence, subjects, &kept, it));
            if let Some(best) = best {
                select::keep(&mut kept, best);
            }
        }
        kept
    }

    /// A candidate with the source that its rule wants; nothing where there is none.
    fn with_subject(
        &self,
        sentence: &Sentence<'_>,
        subjects: &mut Subjects,
        kept: &[Candidate],
        mut candidate: Candidate,
    ) -> Option<Candidate> {
        if candidate.wants_subject && candidate.source.is_none() {
            candidate.source = Some(self.subject(sentence, subjects, kept, candidate.cue)?);
        }
        Some(candidate)
    }

    /// The subject that a verb shares with a verb before it: that of the attribution before, else
    /// that of the nearest verb that has one. What stands behind a comma goes with the main clause,
    /// so clauses below that one are passed over where another stands before them.
    fn subject(
        &self,
        sentence: &Sentence<'_>,
        subjects: &mut Subjects,
        kept: &[Candidate],
        at: usize,
    ) -> Option<Range<usize>> {
        let elements = sentence.elements;
        let is_apart = select::stands_behind_comma(sentence, at, &self.words);
        let is_main = |it: &Range<usize>| !is_apart || !self.words.is_below(elements, it.start);
        let before = kept.iter().rev().find(|it| it.cue < at && it.shares_source(at));
        let before = before.and_then(|it| it.source.clone());
        if let Some(source) = before.clone().filter(is_main) {
            return Some(source);
        }
        let encoded = &mut subjects.encoded;
        if !subjects.is_written {
            self.subjects.encode(elements, encoded);
            subjects.is_written = true;
        }
        let mut below = before;
        for verb in (0..at).rev() {
            let Some(source) = self.subject_of(encoded, verb) else { continue };
            if is_main(&source) {
                return Some(source);
            }
            below.get_or_insert(source);
        }
        below
    }

    /// The subject of a verb that has one of its own.
    fn subject_of(&self, encoded: &mut Encoded, verb: usize) -> Option<Range<usize>> {
        if !self.subjects.is_pivot(encoded, verb) {
            return None;
        }
        let mut parts = self.subjects.matches_at(encoded, verb).flat_map(|it| it.parts);
        parts.find(|it| it.name == "source").map(|it| it.range)
    }
}
