//! Chooses among what the rules found and joins what belongs together.

use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Attribution, CueClass, Kind, RuleId, Sentences, Timex, Tokens};
use crate::rules::{AttributionSpec, Element, Loaded, PivotMatch, Reach, SourceFrom};
use crate::text::Span;

use super::Sentence;
use super::words::{self, Words};

mod paragraphs;
mod saying;

use paragraphs::Paragraph;

/// What a rule found around a cue, in elements of the sentence.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) rule: usize,
    pub(super) cue: usize,
    /// The cue with the words beside it that belong to it.
    cue_range: Range<usize>,
    pub(super) source: Option<Range<usize>>,
    /// The pieces of the content, in order.
    content: Vec<Range<usize>>,
    pub(super) wants_subject: bool,
    wants_person: bool,
    wants_owner: bool,
    reach: Reach,
    class: CueClass,
}

impl Candidate {
    pub(super) fn new(
        sentence: &Sentence<'_>,
        rules: &[Loaded<AttributionSpec>],
        found: PivotMatch<'_>,
        words: &Words,
    ) -> Option<Candidate> {
        let spec = &rules[found.rule].spec;
        let part = |name: &'static str| {
            found.parts.iter().filter(move |it| it.name == name).map(|it| it.range.clone())
        };
        let cue = part("cue").next()?;
        let mut content: Vec<_> = part("content").filter(|it| !it.is_empty()).collect();
        if let Some(last) = content.last_mut()
            && last.start > cue.start
        {
            // The last element of the match stays; it may say that the content ends with it.
            let elements = &sentence.elements[last.end - 1..];
            let mut stop = words.stop(&elements[1..], elements[0], spec.reach);
            if spec.reach == Reach::Clause && words.is_below_next(sentence.elements, cue.start) {
                let is_mark =
                    |it: &Element| words::is_edge(&sentence.tokens.all[it.first as usize]);
                let mark = elements[1..].iter().position(is_mark);
                stop = stop.into_iter().chain(mark).min();
            }
            if spec.reach != Reach::Match {
                last.end += stop.unwrap_or(elements.len() - 1);
                if stop.is_some() {
                    last.end = without_opener(sentence, last.clone(), words);
                }
            }
        }
        for piece in &mut content {
            *piece = trim(sentence, piece.clone(), words);
        }
        content.retain(|it| !it.is_empty());
        if content.is_empty() && spec.reach < Reach::Next {
            return None;
        }
        let wants_owner = spec.source == SourceFrom::Possessor;
        if wants_owner && !words.has_owner(&sentence.elements[cue.start], &sentence.tokens.all) {
            return None;
        }
        let cue_range = part("with")
            .filter(|it| !it.is_empty())
            .fold(cue.clone(), |all, it| all.start.min(it.start)..all.end.max(it.end));
        Some(Candidate {
            rule: found.rule,
            cue: cue.start,
            cue_range,
            source: part("source")
                .find(|it| !it.is_empty() && !hangs_on(sentence, cue.start, words)),
            content,
            wants_subject: spec.source == SourceFrom::Subject,
            wants_person: spec.source == SourceFrom::Person,
            wants_owner,
            reach: spec.reach,
            class: words
                .judge(found.rule, &sentence.elements[cue.start], None, &sentence.tokens.all)
                .0,
        })
    }

    /// Whether its source names a person, if its rule wants one.
    pub(super) fn names_its_person(&self, sentence: &Sentence<'_>) -> bool {
        let Some(mentions) = sentence.mentions.filter(|_| self.wants_person) else { return true };
        let source = self.source.clone().map(|it| words::span(sentence, it));
        source.is_some_and(|it| mentions.names_person(it))
    }

    /// Whether a later verb of the sentence may share this one's source.
    pub(super) fn shares_source(&self, at: usize) -> bool {
        self.source.is_some() && !self.covers(at)
    }

    fn covers(&self, at: usize) -> bool {
        self.content.iter().any(|it| it.contains(&at))
    }

    /// Whether all that another one says is a piece of what this one says.
    fn holds(&self, other: &Candidate) -> bool {
        !other.content.is_empty() && other.content.iter().all(|it| self.content.contains(it))
    }

    /// Whether another one is part of what this one says. What is said inside of what is only
    /// done stands for itself.
    fn swallows(&self, other: &Candidate) -> bool {
        let only_done = self.class == CueClass::Act && other.class == CueClass::Speech;
        self.covers(other.cue) && !only_done
    }
}

/// Whether a candidate stands outside of what is kept, or around it.
pub(super) fn is_free(kept: &[Candidate], new: &Candidate) -> bool {
    let stands_apart = |it: &Candidate| {
        let is_beside = !it.cue_range.contains(&new.cue) && !it.holds(new);
        is_beside && (!it.swallows(new) || new.covers(it.cue))
    };
    kept.iter().all(stands_apart)
}

/// Keeps a candidate in the place of those that are inside its content.
pub(super) fn keep(kept: &mut Vec<Candidate>, new: Candidate) {
    kept.retain(|it| !new.swallows(it));
    kept.push(new);
}

/// Whether a cue is a participle after a comma, or after a document that somebody makes (`sent a
/// letter saying`): its subject is that of the verb before, whatever noun stands last.
pub(super) fn hangs_on(sentence: &Sentence<'_>, cue: usize, words: &Words) -> bool {
    let elements = &sentence.elements[..=cue];
    let [.., before, participle] = elements else { return false };
    words.is_participle(participle)
        && (words::is_edge(&sentence.tokens.all[before.last as usize - 1])
            || words.pauses(before)
            || words.hangs_on_document(&elements[..cue]))
}

/// Whether a cue stands behind a comma, or behind one and a conjunction.
pub(super) fn stands_behind_comma(sentence: &Sentence<'_>, cue: usize, words: &Words) -> bool {
    let before = match &sentence.elements[..cue] {
        [before @ .., and] if words.is_coordinator(and) => before,
        before => before,
    };
    let is_mark = |it: &Element| words::is_edge(&sentence.tokens.all[it.last as usize - 1]);
    before.last().is_some_and(is_mark) || hangs_on(sentence, cue, words)
}

/// The end of a piece without the words that open what it was cut off from: `to leave on`, before
/// a day. Before a mark they may be its last words.
fn without_opener(sentence: &Sentence<'_>, piece: Range<usize>, words: &Words) -> usize {
    let cut = &sentence.elements[piece.end];
    if words::is_edge(&sentence.tokens.all[cut.first as usize]) {
        return piece.end;
    }
    let kept = sentence.elements[piece.clone()].iter().rposition(|it| !words.opens_phrase(it));
    kept.map_or(piece.end, |it| piece.start + it + 1)
}

/// Leaves out marks of punctuation at the edges.
fn trim(sentence: &Sentence<'_>, mut piece: Range<usize>, words: &Words) -> Range<usize> {
    let is_edge = |at: usize| {
        let element = &sentence.elements[at];
        !words.is_quotation(element)
            && words::is_edge(&sentence.tokens.all[element.last as usize - 1])
            && (element.last == element.first + 1 || words.is_stop(element))
    };
    while !piece.is_empty() && is_edge(piece.end - 1) {
        // A bracket that closes belongs to what it closes.
        let token = sentence.elements[piece.end - 1].first as usize;
        if sentence.tokens.all[token].span.of(sentence.document.text()) == ")" {
            break;
        }
        piece.end -= 1;
    }
    while !piece.is_empty() && is_edge(piece.start) {
        piece.start += 1;
    }
    piece
}

/// A quotation that goes on looks back over so many attributions at most.
const NEAR: usize = 16;

/// So many elements at most go on with a quotation that opens a sentence.
const FEW: usize = 6;

/// A sentence of quotations only.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    outer: usize,
    span: Span,
    /// Whether its last quotation has a closing mark.
    is_closed: bool,
    /// The attribution that it went on with so far, and the kind of that one before.
    owner: Option<(usize, Kind)>,
    /// Whether that one stands in a paragraph before.
    crosses: bool,
}

/// The attributions of a document as they grow, sentence by sentence.
pub(super) struct Selection<'a> {
    sentences: &'a Sentences,
    tokens: &'a Tokens,
    timexes: &'a [Timex],
    published: Option<Date>,
    words: &'a Words,
    ids: Vec<Option<RuleId>>,
    found: Vec<Attribution>,
    /// The last sentences, of quotations only, which may belong to what comes next.
    waiting: Vec<Waiting>,
    /// An attribution whose content is the quotation that comes next, if one does.
    awaiting: Option<Attribution>,
    /// An attribution whose content is what comes next, to the end of that paragraph.
    ahead: Option<Attribution>,
    /// The paragraph that belongs as a whole to the last attribution.
    paragraph: Option<Paragraph>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(
        sentences: &'a Sentences,
        tokens: &'a Tokens,
        timexes: &'a [Timex],
        published: Option<Date>,
        words: &'a Words,
    ) -> Selection<'a> {
        Selection {
            sentences,
            tokens,
            timexes,
            published,
            words,
            ids: Vec::new(),
            found: Vec::new(),
            waiting: Vec::new(),
            awaiting: None,
            ahead: None,
            paragraph: None,
        }
    }

    /// Adds what was found in a sentence; a sentence of quotations alone goes on with what was
    /// said before.
    pub(super) fn add(
        &mut self,
        sentence: &Sentence<'_>,
        candidates: Vec<Candidate>,
        rules: &[Loaded<AttributionSpec>],
    ) {
        let awaiting = self.awaiting.take();
        if candidates.is_empty() {
            match (self.quotation_alone(sentence), awaiting) {
                (Some(span), Some(mut attribution)) => {
                    attribution.content.push(span);
                    attribution.outer = sentence.outer as u32;
                    self.found.push(attribution);
                }
                (Some(span), None) => self.go_on(sentence, span),
                (None, _) => self.leave_waiting(sentence.outer),
            }
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let cues: Vec<usize> = candidates.iter().map(|it| it.cue).collect();
        for (i, candidate) in candidates.into_iter().enumerate() {
            let mut attribution = self.attribution(sentence, &candidate, &cues, rules);
            let starts = attribution.content.first().map(|it| it.start)
                == Some(self.sentences.outer[sentence.outer].span.start);
            if i == 0 && starts && attribution.kind != Kind::Indirect {
                self.take_waiting(&waiting, sentence.outer, &mut attribution);
            }
            match candidate.reach {
                Reach::Before => {
                    let Some(outer) = sentence.outer.checked_sub(1) else { continue };
                    let is_waiting =
                        waiting.last().is_some_and(|it| it.outer == outer && it.owner.is_none());
                    let span = self.sentences.outer[outer].span;
                    if is_waiting || self.give_back(span) {
                        attribution.kind = Kind::Direct;
                        attribution.content = vec![span];
                        attribution.outer = outer as u32;
                        self.found.push(attribution);
                    }
                }
                Reach::Next if attribution.content.is_empty() => {
                    attribution.kind = Kind::Direct;
                    self.awaiting = Some(attribution);
                }
                Reach::NextParagraph => {
                    attribution.kind = Kind::Direct;
                    attribution.content.clear();
                    self.ahead = Some(attribution);
                }
                reach => {
                    self.found.push(attribution);
                    if reach == Reach::Paragraph {
                        self.open_paragraph(sentence);
                        return;
                    }
                }
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Attribution> {
        let mut found = self.found;
        found.sort_by_key(|it| {
            it.content.iter().chain(&it.source).chain(&it.cue).map(|it| it.start).min()
        });
        found
    }

    fn in_same_block(&self, one: usize, other: usize) -> bool {
        self.sentences.outer[one].block == self.sentences.outer[other].block
    }

    /// The place of a sentence that is nothing but quotations, or begins with one and goes on with
    /// a few words in a paragraph that quotes.
    fn quotation_alone(&self, sentence: &Sentence<'_>) -> Option<Span> {
        let is_quotation = |it: &&Element| self.words.is_quotation(it);
        let is_word = |it: &&Element| {
            !is_quotation(it) && !words::is_edge(&self.tokens.all[it.last as usize - 1])
        };
        let words = sentence.elements.iter().filter(is_word).count();
        let goes_on = || {
            let quotes = |it: &Attribution| self.is_quoted_before(it, sentence.outer);
            words <= FEW
                && sentence.elements.first().is_some_and(|it| self.words.is_quotation(it))
                && self.found.last().is_some_and(quotes)
        };
        if let Some(at) = self.goes_on_behind(sentence)
            && self.found.last().is_some_and(|it| self.is_quoted_before(it, sentence.outer))
        {
            let (first, last) =
                (&sentence.elements[at], sentence.elements.iter().rfind(is_quotation)?);
            let token = |it: usize| self.tokens.all[it].span;
            return Some(Span {
                start: token(first.first as usize).start,
                end: token(last.last as usize - 1).end,
            });
        }
        let is_alone = match words {
            0 => sentence.elements.iter().any(|it| is_quotation(&it)),
            _ => goes_on(),
        };
        let last = sentence.elements.iter().rfind(|it| is_quotation(it) || is_word(it));
        let end = |it: &Element| self.tokens.all[it.last as usize - 1].span.end;
        let place = self.sentences.outer[sentence.outer].span;
        last.filter(|_| is_alone).map(|it| Span { end: end(it), ..place })
    }

    /// Whether an attribution is a quotation in the sentence before, of the same paragraph.
    fn is_quoted_before(&self, it: &Attribution, outer: usize) -> bool {
        it.kind == Kind::Direct
            && it.outer as usize + 1 == outer
            && self.in_same_block(it.outer as usize, outer)
    }

    /// Where the quotation is, in a sentence that only leads on to it from the one before: a
    /// conjunction, or that with a word or two and a mark, as in `And then: “…”`.
    fn goes_on_behind(&self, sentence: &Sentence<'_>) -> Option<usize> {
        let elements = sentence.elements;
        let at = elements.iter().position(|it| self.words.is_quotation(it))?;
        let (and, lead) = elements[..at].split_first()?;
        let is_edge = |it: &Element| words::is_edge(&self.tokens.all[it.last as usize - 1]);
        let is_lead =
            |it: &Element| !is_edge(it) && !self.words.is_named(it) && !self.words.is_verb(it);
        let leads = self.words.is_coordinator(and)
            && match lead {
                [] => true,
                [lead @ .., mark] => lead.len() <= 2 && lead.iter().all(is_lead) && is_edge(mark),
            };
        let rest = &elements[at..];
        let is_last = rest.iter().all(|it| self.words.is_quotation(it) || is_edge(it));
        (leads && is_last).then_some(at)
    }

    /// Joins a quotation that stands alone to the attribution before it, if that one was near.
    fn go_on(&mut self, sentence: &Sentence<'_>, span: Span) {
        let outer = sentence.outer;
        let owner = self.nearest_before(outer).map(|it| (it, self.found[it].kind));
        let crosses =
            owner.is_some_and(|(at, _)| !self.in_same_block(self.found[at].outer as usize, outer));
        if let Some((at, kind)) = owner {
            let attribution = &mut self.found[at];
            attribution.content.push(span);
            attribution.outer = outer as u32;
            if kind == Kind::Indirect {
                attribution.kind = Kind::Mixed;
            }
        }
        let last = sentence.elements.iter().rfind(|it| self.words.is_quotation(it));
        let is_closed =
            last.is_none_or(|it| words::is_mark(&self.tokens.all[it.last as usize - 1]));
        if self.waiting.last().is_some_and(|it| it.outer + 1 != outer) {
            self.waiting.clear();
        }
        self.waiting.push(Waiting { outer, span, is_closed, owner, crosses });
    }

    /// Lets go of the quotations before a sentence that is none. Those that open its paragraph
    /// may be of whom it tells, so they do not go on with words of the article in the one before.
    fn leave_waiting(&mut self, outer: usize) {
        let waiting = std::mem::take(&mut self.waiting);
        let near = waiting.iter().rev().take_while(|it| self.in_same_block(it.outer, outer));
        let count = near.clone().count();
        let Some(first) = near.last().filter(|it| it.crosses && it.is_closed) else { return };
        if let Some((at, kind @ Kind::Indirect)) = first.owner {
            let owner = &mut self.found[at];
            owner.content.truncate(owner.content.len().saturating_sub(count));
            owner.kind = kind;
        }
    }

    /// Puts the quotations right before a quotation in front of it: in its paragraph those that
    /// nobody was said to say, in the paragraphs before those that nobody closed.
    fn take_waiting(&mut self, waiting: &[Waiting], outer: usize, attribution: &mut Attribution) {
        let mut next = outer;
        for it in waiting.iter().rev() {
            let is_same = self.in_same_block(it.outer, next);
            let is_taken = if is_same { it.owner.is_none() } else { !it.is_closed };
            if it.outer + 1 != next || !is_taken {
                break;
            }
            if let Some((at, kind)) = it.owner {
                self.found[at].content.pop();
                self.found[at].kind = kind;
            }
            attribution.content.insert(0, it.span);
            next = it.outer;
        }
    }

    /// Takes a quotation that stands alone from the attribution that it went on with, if it did.
    fn give_back(&mut self, span: Span) -> bool {
        let near = self.found.iter_mut().rev().take(NEAR);
        let owner =
            near.into_iter().find(|it| it.content.len() > 1 && it.content.last() == Some(&span));
        owner.and_then(|it| it.content.pop()).is_some()
    }

    /// The attribution that a quotation in the sentence `outer` goes on with: of those in the
    /// sentence before, one that is a quotation itself, else the last one that speaks.
    fn nearest_before(&self, outer: usize) -> Option<usize> {
        let first = self.found.len().saturating_sub(NEAR);
        let is_near = |it: &Attribution| outer - it.outer as usize <= 1;
        let last = |fits: fn(&Attribution) -> bool| {
            let place = self.found[first..].iter().rposition(|it| is_near(it) && fits(it));
            place.map(|it| it + first)
        };
        last(|it| it.kind == Kind::Direct)
            .or_else(|| last(|it| it.class == CueClass::Speech || it.kind != Kind::Indirect))
    }

    fn attribution(
        &mut self,
        sentence: &Sentence<'_>,
        candidate: &Candidate,
        cues: &[usize],
        rules: &[Loaded<AttributionSpec>],
    ) -> Attribution {
        let spec = &rules[candidate.rule].spec;
        let cue = sentence.elements[candidate.cue];
        let first = candidate.source.as_ref().map(|it| sentence.elements[it.start]);
        let (class, stance) = self.words.judge(candidate.rule, &cue, first, &self.tokens.all);
        let (mut cue_span, mut source) = (
            words::span(sentence, candidate.cue_range.clone()),
            candidate.source.clone().map(|it| words::span(sentence, it)),
        );
        if candidate.wants_owner {
            let tokens = &self.tokens.all[cue.first as usize..cue.last as usize];
            if let Some(end) = self.words.owner_end(tokens) {
                source = Some(tokens[0].span.to(tokens[end - 1].span));
                cue_span = Span { start: tokens[end].span.start, ..cue_span };
            }
        }
        let opening = source.and_then(|it| self.opening_date(sentence, candidate, it));
        if let Some((_, rest)) = opening {
            source = Some(rest);
        }
        let of_verb = self.date_of_verb(&cue);
        let begins = self.tokens.all[cue.first as usize].span.start;
        if let Some((_, start)) = of_verb.filter(|_| cue_span.start == begins) {
            cue_span.start = start;
        }
        let shown = candidate.source.clone();
        let shown = shown.and_then(|it| self.words.shown(sentence.elements, it));
        let shown = shown.map(|it| words::span(sentence, it));
        let mut content: Vec<_> =
            candidate.content.iter().map(|it| words::span(sentence, it.clone())).collect();
        let mut date = opening.map(|it| it.0).or(of_verb.map(|it| it.0));
        if let Some((behind, rest)) = self.by_date(sentence, candidate) {
            content[0] = rest;
            date = date.or(behind);
        }
        Attribution {
            kind: self.kind(sentence, &candidate.content),
            class,
            said_on: match date {
                Some(date) => vec![date],
                None => self.said_on(sentence, candidate, cues, source, &content),
            },
            source: source.into_iter().collect(),
            shown,
            cue: vec![cue_span],
            content,
            stance,
            outer: sentence.outer as u32,
            speaker: None,
            confidence: spec.confidence,
            rule: self.id(candidate.rule, rules),
        }
    }

    fn id(&mut self, rule: usize, rules: &[Loaded<AttributionSpec>]) -> RuleId {
        self.ids.resize(rules.len(), None);
        self.ids[rule].get_or_insert_with(|| RuleId::new(rules[rule].spec.id.get_ref())).clone()
    }

    fn kind(&self, sentence: &Sentence<'_>, content: &[Range<usize>]) -> Kind {
        let all = content.iter().flat_map(|it| &sentence.elements[it.clone()]);
        let (mut quoted, mut plain) = (false, false);
        for element in all {
            let tokens = &self.tokens.all[element.first as usize..element.last as usize];
            if self.words.is_quotation(element) {
                quoted = true;
            } else if !words::is_edge(&tokens[tokens.len() - 1]) {
                plain = true;
                quoted |= self.words.has_marks(tokens);
            }
        }
        match (quoted, plain) {
            (true, false) => Kind::Direct,
            (true, true) => Kind::Mixed,
            _ => Kind::Indirect,
        }
    }
}
