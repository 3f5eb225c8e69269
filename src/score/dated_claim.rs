//! How well dated claims were found: matches of spans as for attributions, and their dates.

use serde::Serialize;

use super::words::{Set, Words, not_neutral, pair_up, retain_flagged};
use super::{Disagreement, Fault, Layer, Prf, RuleCounts, percent, ratio};
use crate::layers::{LayerClaim, LayerDate, LayerDocument};

/// Figures of dated claims.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DatedClaims {
    /// Gold documents with this layer.
    pub documents: usize,
    /// In gold.
    pub gold: usize,
    /// Predicted.
    pub predicted: usize,
    /// Spans share half of their words, one to one.
    pub r#match: Prf,
    /// Match, and every date of gold has its value.
    pub joint: Prf,
    /// Dates of matched gold.
    pub dates: usize,
    /// Share of those whose value the prediction has, too.
    pub date_accuracy: f64,
}

/// Adds up documents.
#[derive(Default)]
pub(super) struct Sums {
    documents: usize,
    gold: usize,
    predicted: usize,
    matched: usize,
    joint: usize,
    dates: usize,
    dates_right: usize,
}

/// Gold and predictions of one document; what is optional is gone.
pub(super) struct Aligned<'a> {
    document: &'a LayerDocument,
    gold: Vec<&'a LayerClaim>,
    predicted: Vec<&'a LayerClaim>,
    pairs: Vec<(usize, usize, f64)>,
}

impl<'a> Aligned<'a> {
    pub(super) fn new(
        document: &'a LayerDocument,
        predicted: Option<&'a LayerDocument>,
        words: &Words,
    ) -> Aligned<'a> {
        let mut gold: Vec<_> = document.dated_claims.iter().flatten().collect();
        let mut predicted: Vec<_> =
            predicted.into_iter().flat_map(|it| it.dated_claims.iter().flatten()).collect();
        let sets = |all: &[&LayerClaim]| -> Vec<Set> {
            all.iter().map(|it| words.tokens(&[it.span])).collect()
        };
        let is_neutral: Vec<bool> = gold.iter().map(|it| it.optional).collect();
        let counts = not_neutral(&sets(&gold), &sets(&predicted), &is_neutral);
        retain_flagged(&mut predicted, counts);
        gold.retain(|it| !it.optional);
        let pairs = pair_up(&sets(&gold), &sets(&predicted));
        Aligned { document, gold, predicted, pairs }
    }

    fn pairs(&self) -> impl Iterator<Item = (&'a LayerClaim, &'a LayerClaim)> {
        self.pairs.iter().map(|&(i, j, _)| (self.gold[i], self.predicted[j]))
    }
}

/// How many dates of gold the prediction has.
fn right_dates(gold: &LayerClaim, predicted: &LayerClaim) -> usize {
    let has = |it: &&LayerDate| predicted.dates.iter().any(|found| found.value == it.value);
    gold.dates.iter().filter(has).count()
}

impl Sums {
    pub(super) fn add(&mut self, aligned: &Aligned<'_>) {
        self.documents += 1;
        self.gold += aligned.gold.len();
        self.predicted += aligned.predicted.len();
        for (gold, predicted) in aligned.pairs() {
            let right = right_dates(gold, predicted);
            self.matched += 1;
            self.joint += usize::from(right == gold.dates.len());
            self.dates += gold.dates.len();
            self.dates_right += right;
        }
    }

    pub(super) fn figures(self) -> DatedClaims {
        DatedClaims {
            documents: self.documents,
            gold: self.gold,
            predicted: self.predicted,
            r#match: Prf::of_counts(self.matched, self.predicted, self.gold),
            joint: Prf::of_counts(self.joint, self.predicted, self.gold),
            dates: self.dates,
            date_accuracy: ratio(self.dates_right, self.dates),
        }
    }
}

impl DatedClaims {
    pub(super) fn table(&self, out: &mut String) {
        out.push_str(&format!(
            "dated claim: {} documents, {} in gold, {} found; P R F in %\n",
            self.documents, self.gold, self.predicted
        ));
        out.push_str(&format!(
            "  match {}, with all dates {}, dates right {} % of {}\n",
            self.r#match.percents(),
            self.joint.percents(),
            percent(self.date_accuracy).trim(),
            self.dates
        ));
    }
}

/// Notes what each rule found and what of it has the right dates.
pub(super) fn count_rules(aligned: &Aligned<'_>, rules: &mut RuleCounts) {
    for it in &aligned.predicted {
        rules.predicted(Layer::DatedClaim, &it.rule);
    }
    for (gold, predicted) in aligned.pairs() {
        let is_right = right_dates(gold, predicted) == gold.dates.len();
        rules.matched(Layer::DatedClaim, &predicted.rule, is_right);
    }
}

/// What gold and prediction do not agree on.
pub(super) fn disagreements(aligned: &Aligned<'_>, words: &Words) -> Vec<Disagreement> {
    let tell = |it: &LayerClaim| {
        let dates: Vec<_> =
            it.dates.iter().map(|it| format!("{} ({})", it.value, it.surface)).collect();
        format!("{} `{}`", dates.join(", "), words.joined(&[it.span]))
    };
    let make = |fault, gold: Option<&LayerClaim>, found: Option<&LayerClaim>| {
        let gold = gold.map(|it| (it.span, tell(it)));
        let found = found.map(|it| (it.span, tell(it), it.rule.as_str()));
        Disagreement::new(Layer::DatedClaim, fault, aligned.document, words, gold, found)
    };
    let mut found = Vec::new();
    for (gold, predicted) in aligned.pairs() {
        if right_dates(gold, predicted) != gold.dates.len() {
            found.push(make(Fault::Value, Some(gold), Some(predicted)));
        }
        if words.letters(&[gold.span]) != words.letters(&[predicted.span]) {
            found.push(make(Fault::Extent, Some(gold), Some(predicted)));
        }
    }
    for (i, &gold) in aligned.gold.iter().enumerate() {
        if !aligned.pairs.iter().any(|it| it.0 == i) {
            found.push(make(Fault::Missed, Some(gold), None));
        }
    }
    for (j, &predicted) in aligned.predicted.iter().enumerate() {
        if !aligned.pairs.iter().any(|it| it.1 == j) {
            found.push(make(Fault::Wrong, None, Some(predicted)));
        }
    }
    found
}
