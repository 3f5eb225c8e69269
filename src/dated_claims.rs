//! Finds dated claims: clauses in the article's own voice that say what happened on which date.
//!
//! `[[boundary]]` rules part a sentence into clauses: at `{cut: …}`, at a `{verb: …}` where both
//! sides have a date, and at a relative clause, which begins at `{opens: …}` and belongs to its
//! `{antecedent: …}`. A clause that holds a date and fits a `[[dated]]` rule is a claim. What
//! stands between quotation marks is someone else's voice, and a statement at the edge of a clause
//! that has none of its dates is cut off. A clause too long is the smaller mistake: it still
//! says what the sentence says.

use std::ops::Range;

use crate::error::Error;
use crate::model::{
    Attribution, BlockKind, CueClass, DatedClaim, Document, RuleId, Sentences, Shape, Timex,
    TimexKind, Token, Tokens,
};
use crate::rules::{Element, Encoded, Found, Pack, Scanner};
use crate::text::Span;

/// The part of a boundary that belongs to neither clause.
const CUT: &str = "cut";
/// The same before a second verb, which parts clauses only if both have a date.
const VERB: &str = "verb";
/// Where a clause inside another begins, and where it must end.
const OPENS: &str = "opens";
const CLOSES: &str = "closes";
/// What a relative clause belongs to.
const ANTECEDENT: &str = "antecedent";
/// The last word before a date that only describes a noun.
const UNDATED: &str = "undated";

/// Classes of words that open a clause that depends on another.
const SUBORDINATE: [&str; 2] = ["subordinator", "relative"];
/// A date so few words behind the start of a clause opens it, and counts as that near to its verb.
const FRONT: usize = 3;
/// What counts against a date that belongs to the subject of a clause rather than to its verb.
const SUBJECT: usize = 20;

/// The rules of a pack for clauses and dated claims.
#[derive(Debug)]
pub struct DatedClaims {
    boundaries: Scanner,
    dated: Scanner,
    rules: Vec<RuleId>,
    /// By entry: whether it opens a clause that depends on another.
    subordinates: Vec<bool>,
}

/// Buffers for one document.
#[derive(Default)]
struct Scratch {
    /// The tokens of the sentence.
    elements: Vec<Element>,
    encoded: Encoded,
    found: Vec<Found>,
    quoted: Vec<bool>,
}

impl DatedClaims {
    /// Compiles the `[[boundary]]` and `[[dated]]` rules of a pack.
    ///
    /// # Errors
    /// A rule that cannot be compiled, with its place.
    pub fn new(pack: &Pack) -> Result<DatedClaims, Error> {
        let lexicon = &pack.lexicon;
        let classes = SUBORDINATE.iter().filter_map(|it| lexicon.class(it)).collect::<Vec<_>>();
        let is_subordinate = |entry| classes.iter().any(|&it| lexicon.has(entry, it));
        Ok(DatedClaims {
            subordinates: (0..lexicon.len() as u32).map(is_subordinate).collect(),
            boundaries: Scanner::new(pack, &pack.boundaries)?,
            dated: Scanner::new(pack, &pack.dated)?,
            rules: pack.dated.iter().map(|it| RuleId::new(it.spec.id.get_ref())).collect(),
        })
    }

    /// The dated claims of a document, in order of place.
    pub fn find(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        timexes: &[Timex],
        attributions: &[Attribution],
    ) -> Vec<DatedClaim> {
        let mut claims = Vec::new();
        let mut scratch = Scratch::default();
        let (mut first, mut first_said) = (0, 0);
        for (outer, sentence) in sentences.outer.iter().enumerate() {
            let count = timexes[first..].partition_point(|it| it.span.start < sentence.span.end);
            let dates = first..first + count;
            first += count;
            first_said +=
                attributions[first_said..].partition_point(|it| (it.outer as usize) < outer);
            let kind = document.blocks[sentence.block as usize].kind;
            let has_date = timexes[dates.clone()].iter().any(is_date);
            if !has_date || !is_told(kind) {
                continue;
            }
            let said = &attributions[first_said..];
            let said = &said[..said.partition_point(|it| it.outer as usize <= outer)];
            let tokens = tokens.of(outer);
            quoted(tokens, &mut scratch.quoted);
            let is_own = |it: &u32| {
                let timex = &timexes[*it as usize];
                is_date(timex) && !is_quoted(timex.span, tokens, &scratch.quoted)
            };
            let dates: Vec<u32> = dates.map(|it| it as u32).filter(is_own).collect();
            if !dates.is_empty() {
                let place = Place { tokens, timexes, said, outer: outer as u32 };
                self.sentence(&place, dates, &mut scratch, &mut claims);
            }
        }
        claims
    }

    fn sentence(
        &self,
        place: &Place<'_>,
        mut dates: Vec<u32>,
        scratch: &mut Scratch,
        claims: &mut Vec<DatedClaim>,
    ) {
        scratch.elements.clear();
        let elements = place.tokens.iter().enumerate().map(|(i, it)| Element::token(it, i));
        scratch.elements.extend(elements);
        let parts = self.parts(scratch);
        let is_undated = |it| parts.undated.contains(&place.first_token(it));
        let ends_undated = |it: u32| {
            let first = it.checked_sub(1).filter(|&it| place.timexes[it as usize].opens_range);
            first.is_some_and(is_undated)
        };
        dates.retain(|&it| !is_undated(it) && !ends_undated(it));
        let first = claims.len();
        for inner in parts.inner.iter().rev() {
            let whole = inner.antecedent..inner.clause.end;
            let (inside, outside): (Vec<u32>, Vec<u32>) =
                dates.iter().partition(|&&it| inner.clause.contains(&place.first_token(it)));
            if inside.is_empty() {
                continue;
            }
            if let Some(rule) = self.rule(&inner.clause, scratch) {
                dates = outside;
                let inside = self.by_verb(place, inner.clause.clone(), inside, scratch);
                claims.extend(place.claim(whole, inside, rule));
            }
        }
        for clause in self.clauses(place, &parts, &dates, scratch) {
            let inside: Vec<u32> = (dates.iter().copied())
                .filter(|&it| clause.contains(&place.first_token(it)))
                .collect();
            if inside.is_empty() {
                continue;
            }
            let Some(clause) = self.without_said(place, clause, &inside, scratch) else { continue };
            if let Some(rule) = self.rule(&clause, scratch) {
                let inside = self.by_verb(place, clause.clone(), inside, scratch);
                claims.extend(place.claim(clause, inside, rule));
            }
        }
        claims[first..].sort_by_key(|it| (it.span.start, it.span.end));
    }

    /// Where the boundary rules part a sentence.
    fn parts(&self, scratch: &mut Scratch) -> Parts {
        let count = scratch.elements.len();
        scan(&self.boundaries, 0..count, scratch);
        let mut parts = Parts::default();
        for found in &scratch.found {
            let mut antecedent = None;
            for it in self.boundaries.parts(&mut scratch.encoded, found) {
                let at = it.range;
                if let (CUT | OPENS | CLOSES, Some(last)) = (it.name, parts.inner.last_mut()) {
                    last.clause.end = last.clause.end.min(at.start);
                }
                match it.name {
                    CUT => parts.cuts.push((at, false)),
                    VERB => parts.cuts.push((at, true)),
                    ANTECEDENT => antecedent = Some(at.start),
                    UNDATED => parts.undated.push(at.end),
                    OPENS => parts.inner.push(Inner {
                        antecedent: antecedent.unwrap_or(at.end),
                        clause: at.end..count,
                    }),
                    _ => {}
                }
            }
        }
        parts
    }

    /// The clauses of a sentence, as ranges of its tokens. One that says nothing of its own
    /// belongs to the clause before it.
    fn clauses(
        &self,
        place: &Place<'_>,
        parts: &Parts,
        dates: &[u32],
        scratch: &mut Scratch,
    ) -> Vec<Range<usize>> {
        let mut clauses: Vec<Range<usize>> = Vec::new();
        let mut start = 0;
        let mut is_cut_off = false;
        let count = place.tokens.len();
        let last = std::iter::once((count..count, false));
        for (end, is_verb) in parts.cuts.iter().cloned().chain(last) {
            let has_date = |range: Range<usize>| {
                dates.iter().any(|&it| range.contains(&place.first_token(it)))
            };
            // A date that opens a clause is that of its second verb too.
            let is_parted = || has_date(start + 3..end.start) && has_date(end.end..count);
            if is_verb && !is_parted() {
                continue;
            }
            if start < end.start {
                let clause = start..end.start;
                let is_whole = self.rule(&clause, scratch).is_some();
                match clauses.last_mut() {
                    // What gives only a reason or a source is no part of what happened.
                    Some(_) if !is_whole && is_cut_off && !has_date(clause.clone()) => {}
                    Some(before) if !is_whole => before.end = clause.end,
                    _ => clauses.push(clause),
                }
            }
            start = end.end.max(start);
            is_cut_off = !is_verb;
        }
        clauses
    }

    /// A clause without the statement at its edge, where that has none of its dates; nothing where
    /// the clause but names the source of what stands before it: `…, according to research
    /// published on Tuesday`.
    fn without_said(
        &self,
        place: &Place<'_>,
        clause: Range<usize>,
        dates: &[u32],
        scratch: &mut Scratch,
    ) -> Option<Range<usize>> {
        let start = place.tokens[clause.start].span.start;
        for said in place.said.iter().filter(|it| it.class == CueClass::Speech) {
            let spans = said.source.iter().chain(&said.cue).chain(&said.content);
            let Some(hull) = spans.copied().reduce(Span::to) else { continue };
            let first = place.tokens.partition_point(|it| it.span.end <= hull.start);
            let last = place.tokens.partition_point(|it| it.span.start < hull.end);
            let rest = match () {
                () if first <= clause.start && last < clause.end => last..clause.end,
                () if first > clause.start && last >= clause.end => clause.start..first,
                () => continue,
            };
            if dates.iter().all(|&it| rest.contains(&place.first_token(it)))
                && self.rule(&rest, scratch).is_some()
            {
                // What is left must have a subject.
                if scratch.found.first().is_some_and(|it| it.range.end > 1) {
                    return Some(rest);
                }
                if said.content.iter().all(|it| it.end <= start) {
                    return None;
                }
            }
        }
        Some(clause)
    }

    /// The dates with the one first that is nearest to the verb of the clause, which the last
    /// scan found: the date of what happened. One in the subject tells of something else.
    fn by_verb(
        &self,
        place: &Place<'_>,
        clause: Range<usize>,
        mut dates: Vec<u32>,
        scratch: &Scratch,
    ) -> Vec<u32> {
        let depends = |verb: usize| {
            let before = place.tokens[clause.start..verb].iter().rev();
            let mut before = before.take_while(|it| it.shape.form() != Shape::PUNCT);
            before.any(|it| self.subordinates[it.entry as usize])
        };
        let verbs = || scratch.found.iter().map(|it| clause.start + it.range.end - 1);
        let Some(verb) = verbs().find(|&it| !depends(it)).or_else(|| verbs().next()) else {
            return dates;
        };
        let distance = |date: &u32| {
            let [start, end] = place.tokens_of(*date);
            match () {
                () if start > verb => start - verb,
                // `Solvang on Thursday raised its forecast after a third-quarter surge.`
                () if end == verb => 1,
                () if start <= clause.start + FRONT => FRONT,
                () => verb.saturating_sub(end) + SUBJECT,
            }
        };
        if let Some(at) = (0..dates.len()).min_by_key(|&at| distance(&dates[at])) {
            dates[..=at].rotate_right(1);
        }
        dates
    }

    /// The first rule that fits a clause.
    fn rule(&self, clause: &Range<usize>, scratch: &mut Scratch) -> Option<RuleId> {
        scan(&self.dated, clause.clone(), scratch);
        scratch.found.first().map(|it| self.rules[it.rule].clone())
    }
}

/// What the boundary rules find in a sentence, as tokens of it.
#[derive(Default)]
struct Parts {
    /// What parts clauses, and whether only where both sides have a date.
    cuts: Vec<(Range<usize>, bool)>,
    inner: Vec<Inner>,
    /// Where a date begins that only describes a noun.
    undated: Vec<usize>,
}

/// A clause inside another.
struct Inner {
    /// Where what it belongs to begins.
    antecedent: usize,
    clause: Range<usize>,
}

/// A sentence with what stands in it.
struct Place<'a> {
    tokens: &'a [Token],
    timexes: &'a [Timex],
    said: &'a [Attribution],
    outer: u32,
}

impl Place<'_> {
    /// The first token of an expression of time.
    fn first_token(&self, timex: u32) -> usize {
        let start = self.timexes[timex as usize].span.start;
        self.tokens.partition_point(|it| it.span.end <= start)
    }

    /// The first token of an expression of time, and the one behind its last.
    fn tokens_of(&self, timex: u32) -> [usize; 2] {
        let end = self.timexes[timex as usize].span.end;
        [self.first_token(timex), self.tokens.partition_point(|it| it.span.start < end)]
    }

    fn claim(&self, clause: Range<usize>, dates: Vec<u32>, rule: RuleId) -> Option<DatedClaim> {
        let span = trimmed(&self.tokens[clause.clone()])?;
        // A verb and a date alone say nothing: `… a process that concluded Monday`.
        let places: Vec<[usize; 2]> = dates.iter().map(|&it| self.tokens_of(it)).collect();
        let is_told = |at: &usize| {
            self.tokens[*at].shape.form() != Shape::PUNCT
                && !places.iter().any(|it| (it[0]..it[1]).contains(at))
        };
        clause.filter(is_told).nth(1)?;
        Some(DatedClaim { span, dates, outer: self.outer, rule })
    }
}

fn scan(scanner: &Scanner, range: Range<usize>, scratch: &mut Scratch) {
    scanner.encode(&scratch.elements[range], &mut scratch.encoded);
    scanner.find(&mut scratch.encoded, &mut scratch.found);
}

/// Whether the article tells here what happened.
fn is_told(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Paragraph | BlockKind::Caption)
}

/// Whether an expression of time dates an event: a calendar date that is known or open in part,
/// and no attribute of a noun. A century is too long for a date.
fn is_date(timex: &Timex) -> bool {
    const CENTURY: usize = "19".len();
    timex.value.len() > CENTURY
        && (matches!(timex.kind, TimexKind::Date | TimexKind::Time) || timex.opens_range)
        && !timex.is_modifier
        && !timex.edtf.is_empty()
}

/// For each token, whether it stands between quotation marks.
fn quoted(tokens: &[Token], inside: &mut Vec<bool>) {
    let mut depth = 0_u32;
    inside.clear();
    for token in tokens {
        match token.shape.form() {
            Shape::OPEN => depth += 1,
            Shape::CLOSE => depth = depth.saturating_sub(1),
            _ => {}
        }
        inside.push(depth > 0);
    }
}

fn is_quoted(span: Span, tokens: &[Token], quoted: &[bool]) -> bool {
    let at = tokens.partition_point(|it| it.span.end <= span.start);
    quoted.get(at).copied().unwrap_or(false)
}

/// The extent of a clause without marks of punctuation at its edges, or the number of its
/// paragraph.
fn trimmed(tokens: &[Token]) -> Option<Span> {
    let is_edge = |it: &&Token| it.shape.form() == Shape::PUNCT;
    let is_numbered = matches!(tokens, [number, stop, ..]
        if matches!(number.shape.form(), Shape::DIGITS | Shape::NUMBER) && is_edge(&stop));
    let tokens = if is_numbered { &tokens[2..] } else { tokens };
    let start = tokens.iter().position(|it| !is_edge(&it))?;
    let end = tokens.iter().rposition(|it| !is_edge(&it))?;
    Some(tokens[start].span.to(tokens[end].span))
}
