//! How well actors were found and named, as mentions and as speakers.

use serde::Serialize;

use super::timex::align;
use super::words::{Words, same_name};
use super::{Disagreement, Fault, Layer, Prf, RuleCounts, attribution, percent, ratio};
use crate::layers::{LayerActor, LayerAttribution, LayerDocument, Place};

/// Figures of actors.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Actors {
    /// Mentions, where gold has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Mentions>,
    /// Speakers of matched attributions, where gold names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speakers: Option<Speakers>,
}

/// Figures of mentions.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Mentions {
    /// Gold documents with this layer.
    pub documents: usize,
    /// In gold.
    pub gold: usize,
    /// Predicted.
    pub predicted: usize,
    /// Same place.
    pub strict: Prf,
    /// Overlap, one to one.
    pub overlap: Prf,
    /// Overlapping pairs whose gold has a canonical name.
    pub named: usize,
    /// Share of those with the same name (case aside).
    pub name_accuracy: f64,
}

/// Figures of speakers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Speakers {
    /// Matched attributions whose gold names a speaker.
    pub matched: usize,
    /// Those with the same canonical name (case aside).
    pub right: usize,
    /// Those for which an id was claimed.
    pub claimed: usize,
    /// Those with an id and the same name.
    pub claimed_right: usize,
    /// Share of the right in the matched.
    pub accuracy: f64,
    /// Share of the right in those with an id.
    pub claimed_accuracy: f64,
}

/// Adds up documents.
#[derive(Default)]
pub(super) struct Sums {
    documents: usize,
    gold: usize,
    predicted: usize,
    strict: usize,
    overlap: usize,
    named: usize,
    named_right: usize,
    has_speakers: bool,
    speakers: Speakers,
}

/// Gold and predicted mentions of one document.
pub(super) struct Aligned<'a> {
    document: &'a LayerDocument,
    gold: Vec<&'a LayerActor>,
    predicted: Vec<&'a LayerActor>,
    pairs: Vec<(usize, usize)>,
}

impl<'a> Aligned<'a> {
    pub(super) fn new(
        document: &'a LayerDocument,
        predicted: Option<&'a LayerDocument>,
    ) -> Aligned<'a> {
        let gold: Vec<_> = document.actors.iter().flatten().collect();
        let predicted: Vec<_> =
            predicted.into_iter().flat_map(|it| it.actors.iter().flatten()).collect();
        let places =
            |all: &[&LayerActor]| -> Vec<Place> { all.iter().map(|it| it.place()).collect() };
        let pairs = align(&places(&gold), &places(&predicted));
        Aligned { document, gold, predicted, pairs }
    }

    fn pairs(&self) -> impl Iterator<Item = (&'a LayerActor, &'a LayerActor)> {
        self.pairs.iter().map(|&(i, j)| (self.gold[i], self.predicted[j]))
    }
}

fn is_named_right(gold: &LayerActor, predicted: &LayerActor) -> bool {
    gold.name.is_empty() || same_name(&gold.name, &predicted.name)
}

impl Sums {
    pub(super) fn add(&mut self, aligned: &Aligned<'_>) {
        self.documents += 1;
        self.gold += aligned.gold.len();
        self.predicted += aligned.predicted.len();
        for (gold, predicted) in aligned.pairs() {
            self.overlap += 1;
            self.strict += usize::from(gold.place() == predicted.place());
            if !gold.name.is_empty() {
                self.named += 1;
                self.named_right += usize::from(is_named_right(gold, predicted));
            }
        }
    }

    /// Adds the speakers of a document whose gold names some.
    pub(super) fn add_speakers(&mut self, aligned: &attribution::Aligned<'_>) {
        self.has_speakers = true;
        for (gold, predicted, _) in aligned.pairs().filter(|it| !it.0.speaker.is_empty()) {
            let is_right = usize::from(same_name(&gold.speaker, &predicted.speaker));
            let is_claimed = usize::from(!predicted.speaker_id.is_empty());
            self.speakers.matched += 1;
            self.speakers.right += is_right;
            self.speakers.claimed += is_claimed;
            self.speakers.claimed_right += is_claimed * is_right;
        }
    }

    pub(super) fn figures(self) -> Actors {
        let it = self.speakers;
        let mentions = Mentions {
            documents: self.documents,
            gold: self.gold,
            predicted: self.predicted,
            strict: Prf::of_counts(self.strict, self.predicted, self.gold),
            overlap: Prf::of_counts(self.overlap, self.predicted, self.gold),
            named: self.named,
            name_accuracy: ratio(self.named_right, self.named),
        };
        Actors {
            mentions: (self.documents > 0).then_some(mentions),
            speakers: self.has_speakers.then(|| Speakers {
                accuracy: ratio(it.right, it.matched),
                claimed_accuracy: ratio(it.claimed_right, it.claimed),
                ..it
            }),
        }
    }
}

impl Actors {
    pub(super) fn table(&self, out: &mut String) {
        if let Some(it) = &self.mentions {
            out.push_str(&format!(
                "actor: {} documents, {} in gold, {} found; P R F in %\n",
                it.documents, it.gold, it.predicted
            ));
            out.push_str(&format!(
                "  strict {}, overlap {}, name right {} of {}\n",
                it.strict.percents(),
                it.overlap.percents(),
                percent(it.name_accuracy).trim(),
                it.named
            ));
        }
        if let Some(it) = &self.speakers {
            out.push_str(&format!(
                "speaker: right {} of {} matched ({} %); with an id, right {} of {} ({} %)\n",
                it.right,
                it.matched,
                percent(it.accuracy).trim(),
                it.claimed_right,
                it.claimed,
                percent(it.claimed_accuracy).trim(),
            ));
        }
    }
}

/// Notes what each rule found and what of it has the right name.
pub(super) fn count_rules(aligned: &Aligned<'_>, rules: &mut RuleCounts) {
    for it in &aligned.predicted {
        rules.predicted(Layer::Actor, &it.rule);
    }
    for (gold, predicted) in aligned.pairs() {
        rules.matched(Layer::Actor, &predicted.rule, is_named_right(gold, predicted));
    }
}

/// What gold and prediction do not agree on in mentions.
pub(super) fn disagreements(aligned: &Aligned<'_>, words: &Words) -> Vec<Disagreement> {
    let tell = |it: &LayerActor| format!("`{}` {}", words.joined(&[it.place()]), it.name);
    let make = |fault, gold: Option<&LayerActor>, found: Option<&LayerActor>| {
        let gold = gold.map(|it| (it.place(), tell(it)));
        let found = found.map(|it| (it.place(), tell(it), it.rule.as_str()));
        Disagreement::new(Layer::Actor, fault, aligned.document, words, gold, found)
    };
    let mut found = Vec::new();
    for (gold, predicted) in aligned.pairs() {
        if !is_named_right(gold, predicted) {
            found.push(make(Fault::Value, Some(gold), Some(predicted)));
        }
        if gold.place() != predicted.place() {
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

/// Speakers of matched attributions that have another name than gold gives.
pub(super) fn speaker_disagreements(
    document: &LayerDocument,
    aligned: &attribution::Aligned<'_>,
    words: &Words,
) -> Vec<Disagreement> {
    let make = |gold: &LayerAttribution, predicted: &LayerAttribution| {
        let place = attribution::whole(gold);
        let found = format!("speaker `{}` {}", predicted.speaker, predicted.speaker_id);
        let gold = (place, format!("speaker `{}`", gold.speaker));
        let found = (place, found, predicted.rule.as_str());
        let fault = Fault::Speaker;
        Disagreement::new(Layer::Actor, fault, document, words, Some(gold), Some(found))
    };
    let is_other = |gold: &LayerAttribution, predicted: &LayerAttribution| {
        !gold.speaker.is_empty() && !same_name(&gold.speaker, &predicted.speaker)
    };
    let pairs = aligned.pairs();
    pairs.filter(|it| is_other(it.0, it.1)).map(|it| make(it.0, it.1)).collect()
}
