//! Why a cue gave what it gave: for people who write rules, not for the pipeline.

use super::{Attributions, Scratch, quotations};
use crate::model::{Document, RuleId, Sentences, Tokens};
use crate::rules::{Encoded, Verdict};
use crate::text::Span;

/// A rule that was tried at a cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The words of the cue.
    pub cue: Span,
    /// The rule.
    pub rule: RuleId,
    /// How far it came.
    pub verdict: Verdict,
}

impl Attributions {
    /// The rules that were tried at each cue of an outer sentence, those of which neither side
    /// fits left out.
    pub fn tried(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        outer: usize,
    ) -> Vec<Tried> {
        let quotations = quotations::find(document, sentences, tokens);
        let range = tokens.range(outer);
        let inside: Vec<_> =
            quotations.into_iter().filter(|it| range.contains(&it.tokens.start)).collect();
        let (mut scratch, mut elements) = (Scratch::default(), Vec::new());
        self.chunker.elements(&tokens.all, range, &inside, &mut scratch, &mut elements);
        let mut encoded = Encoded::default();
        self.cues.encode(&elements, &mut encoded);
        let mut tried = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            let first = tokens.all[element.first as usize].span;
            let cue = first.to(tokens.all[element.last as usize - 1].span);
            for (rule, verdict) in self.cues.verdicts_at(&mut encoded, at) {
                if verdict != Verdict::Neither {
                    let rule = RuleId::new(self.rules[rule].spec.id.get_ref());
                    tried.push(Tried { cue, rule, verdict });
                }
            }
        }
        tried
    }
}
