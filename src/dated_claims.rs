//! Finds dated claims: clauses in the article's own voice that say what happened on which date.
//!
//! `[[boundary]]` rules cut a sentence into clauses, and a clause that holds a date and fits a
//! `[[dated]]` rule is a claim. What stands between quotation marks is someone else's voice, and
//! what an attribution reports is left to the rows of the attribution. A clause too long is the
//! smaller mistake: it still says what the sentence says.

use crate::error::Error;
use crate::model::{
    BlockKind, DatedClaim, Document, RuleId, Sentences, Shape, Timex, TimexKind, Token, Tokens,
};
use crate::rules::{Element, Encoded, Found, Pack, Scanner};
use crate::text::Span;

/// The part of a boundary that belongs to neither clause.
const CUT: &str = "cut";

/// The rules of a pack for clauses and dated claims.
#[derive(Debug)]
pub struct DatedClaims {
    boundaries: Scanner,
    dated: Scanner,
    rules: Vec<RuleId>,
}

/// Buffers for one document.
#[derive(Default)]
struct Scratch {
    elements: Vec<Element>,
    encoded: Encoded,
    found: Vec<Found>,
}

impl DatedClaims {
    /// Compiles the `[[boundary]]` and `[[dated]]` rules of a pack.
    ///
    /// # Errors
    /// A rule that cannot be compiled, with its place.
    pub fn new(pack: &Pack) -> Result<DatedClaims, Error> {
        Ok(DatedClaims {
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
    ) -> Vec<DatedClaim> {
        let mut claims = Vec::new();
        let mut scratch = Scratch::default();
        let mut first = 0;
        for (outer, sentence) in sentences.outer.iter().enumerate() {
            let count = timexes[first..].partition_point(|it| it.span.start < sentence.span.end);
            let dates = first..first + count;
            first += count;
            if count == 0 || !is_told(document.blocks[sentence.block as usize].kind) {
                continue;
            }
            let dates: Vec<u32> =
                dates.filter(|&it| is_date(&timexes[it])).map(|it| it as u32).collect();
            if !dates.is_empty() {
                let place = Place { tokens: tokens.of(outer), timexes, outer: outer as u32 };
                self.sentence(&place, &dates, &mut scratch, &mut claims);
            }
        }
        claims
    }

    fn sentence(
        &self,
        place: &Place<'_>,
        dates: &[u32],
        scratch: &mut Scratch,
        claims: &mut Vec<DatedClaim>,
    ) {
        let quoted = quoted(place.tokens);
        for clause in self.clauses(place.tokens, scratch) {
            let tokens = &place.tokens[clause.clone()];
            let Some(span) = trimmed(tokens) else { continue };
            let inside: Vec<u32> = dates
                .iter()
                .copied()
                .filter(|&it| span.contains(place.timexes[it as usize].span))
                .filter(|&it| !is_quoted(place.timexes[it as usize].span, place.tokens, &quoted))
                .collect();
            if inside.is_empty() {
                continue;
            }
            let Some(rule) = self.rule(tokens, scratch) else { continue };
            claims.push(DatedClaim { span, dates: inside, outer: place.outer, rule });
        }
    }

    /// The clauses of a sentence, as ranges of its tokens. One that says nothing of its own
    /// belongs to the clause before it.
    fn clauses(&self, tokens: &[Token], scratch: &mut Scratch) -> Vec<std::ops::Range<usize>> {
        scan(&self.boundaries, tokens, scratch);
        let mut cuts = Vec::new();
        for found in &scratch.found {
            let parts = self.boundaries.parts(&scratch.encoded, found);
            cuts.extend(parts.iter().filter(|it| it.name == CUT).map(|it| it.range.clone()));
        }
        let mut clauses: Vec<std::ops::Range<usize>> = Vec::new();
        let mut start = 0;
        for end in cuts.into_iter().chain(std::iter::once(tokens.len()..tokens.len())) {
            if start < end.start {
                let clause = start..end.start;
                let is_whole = self.rule(&tokens[clause.clone()], scratch).is_some();
                match clauses.last_mut() {
                    Some(before) if !is_whole => before.end = clause.end,
                    _ => clauses.push(clause),
                }
            }
            start = end.end.max(start);
        }
        clauses
    }

    /// The first rule that fits a clause.
    fn rule(&self, tokens: &[Token], scratch: &mut Scratch) -> Option<RuleId> {
        scan(&self.dated, tokens, scratch);
        scratch.found.first().map(|it| self.rules[it.rule].clone())
    }
}

/// A sentence with what stands in it.
struct Place<'a> {
    tokens: &'a [Token],
    timexes: &'a [Timex],
    outer: u32,
}

fn scan(scanner: &Scanner, tokens: &[Token], scratch: &mut Scratch) {
    scratch.elements.clear();
    scratch.elements.extend(tokens.iter().enumerate().map(|(i, it)| Element::token(it, i)));
    scanner.encode(&scratch.elements, &mut scratch.encoded);
    scanner.find(&mut scratch.encoded, &mut scratch.found);
}

/// Whether the article tells here what happened.
fn is_told(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Paragraph | BlockKind::Caption)
}

/// Whether an expression of time dates an event: a calendar date that is known or open in part,
/// and no attribute of a noun.
fn is_date(timex: &Timex) -> bool {
    matches!(timex.kind, TimexKind::Date | TimexKind::Time)
        && !timex.is_modifier
        && !timex.edtf.is_empty()
}

/// For each token, whether it stands between quotation marks.
fn quoted(tokens: &[Token]) -> Vec<bool> {
    let mut depth = 0_u32;
    let mut inside = Vec::with_capacity(tokens.len());
    for token in tokens {
        match token.shape.form() {
            Shape::OPEN => depth += 1,
            Shape::CLOSE => depth = depth.saturating_sub(1),
            _ => {}
        }
        inside.push(depth > 0);
    }
    inside
}

fn is_quoted(span: Span, tokens: &[Token], quoted: &[bool]) -> bool {
    let at = tokens.partition_point(|it| it.span.end <= span.start);
    quoted.get(at).copied().unwrap_or(false)
}

/// The extent of a clause without marks of punctuation at its edges.
fn trimmed(tokens: &[Token]) -> Option<Span> {
    let is_edge = |it: &&Token| it.shape.form() == Shape::PUNCT;
    let start = tokens.iter().position(|it| !is_edge(&it))?;
    let end = tokens.iter().rposition(|it| !is_edge(&it))?;
    Some(tokens[start].span.to(tokens[end].span))
}
