//! Why a cue gave what it gave: for people who write rules, not for the pipeline.

use super::{Attributions, Candidate, Scratch, Sentence, Symbols, quotations, select};
use crate::model::{Document, RuleId, Sentences, Tokens};
use crate::rules::Verdict;
use crate::text::Span;

/// A rule that was tried at a cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The words of the cue.
    pub cue: Span,
    /// The rule.
    pub rule: RuleId,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a rule at a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It found something; an earlier rule of the same cue may still go before it.
    Fits,
    /// It fits, and no source is to be found.
    NoSource,
    /// It fits, and its content or the owner that it wants is missing.
    NoContent,
    /// It fits inside of what somebody else says.
    Inside,
    /// What must stand around it does not, or what must not stand there does.
    Context,
    /// What stands before the cue does not fit.
    Before,
    /// What stands after the cue does not fit.
    After,
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
        let quotations = quotations::find(document, sentences, tokens, &self.words);
        let range = tokens.range(outer);
        let inside: Vec<_> =
            quotations.into_iter().filter(|it| range.contains(&it.tokens.start)).collect();
        let (mut scratch, mut elements) = (Scratch::default(), Vec::new());
        self.chunker.elements(&tokens.all, range, &inside, &mut scratch, &mut elements);
        let sentence = Sentence { document, tokens, mentions: None, elements: &elements, outer };
        let mut symbols = Symbols::default();
        let kept = self.in_sentence(&sentence, &mut symbols);
        let mut tried = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            if !self.cues.is_pivot(&symbols.cues, at) {
                continue;
            }
            let first = tokens.all[element.first as usize].span;
            let cue = first.to(tokens.all[element.last as usize - 1].span);
            for (rule, verdict) in self.cues.verdicts_at(&mut symbols.cues, at) {
                let outcome = match verdict {
                    Verdict::Fits => self.outcome(&sentence, &mut symbols, &kept, at, rule),
                    Verdict::Context => Outcome::Context,
                    Verdict::Before => Outcome::Before,
                    Verdict::After => Outcome::After,
                    Verdict::Neither => continue,
                };
                let rule = RuleId::new(self.rules[rule].spec.id.get_ref());
                tried.push(Tried { cue, rule, outcome });
            }
        }
        tried
    }

    /// What became of a rule that fits around a cue.
    fn outcome(
        &self,
        sentence: &Sentence<'_>,
        symbols: &mut Symbols,
        kept: &[Candidate],
        at: usize,
        rule: usize,
    ) -> Outcome {
        let Symbols { cues, subjects } = symbols;
        let found = self.cues.matches_at(cues, at).find(|it| it.rule == rule);
        let candidate = found.and_then(|it| Candidate::new(sentence, &self.rules, it, &self.words));
        let Some(candidate) = candidate else { return Outcome::NoContent };
        if !select::is_free(kept, &candidate) {
            return Outcome::Inside;
        }
        match self.with_subject(sentence, subjects, kept, candidate) {
            Some(_) => Outcome::Fits,
            None => Outcome::NoSource,
        }
    }
}
