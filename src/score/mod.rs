//! How well the layers agree with gold.
//!
//! The figures are those that are customary for each layer, and agree with the independent
//! scorers of each task to the last digit. A layer is scored in the documents whose gold has
//! it; where gold is silent, nothing can be right or wrong.

mod actor;
mod attribution;
mod claims;
mod dated_claim;
mod sentence;
mod timex;
mod value;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::Serialize;

pub use actor::{Actors, Mentions, Speakers};
pub use attribution::{Attributions, Figures};
pub use claims::{Clustered, Clusters, clusters};
pub use dated_claim::DatedClaims;
pub use sentence::{Cuts, Sentences};
pub use timex::{Section, Timexes};

use crate::error::Error;
use crate::layers::{LayerDocument, Place};
use words::Words;

/// A layer that can be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Who said what.
    Attribution,
    /// Expressions of time.
    Timex,
    /// Sentences, the inner ones.
    Sentence,
    /// Mentions of actors, and the names of speakers.
    Actor,
    /// What happened on which date.
    DatedClaim,
}

impl Layer {
    /// All of them, in the order in which they are told.
    pub const ALL: [Layer; 5] =
        [Layer::Attribution, Layer::Timex, Layer::Sentence, Layer::Actor, Layer::DatedClaim];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Attribution => "attribution",
            Layer::Timex => "timex",
            Layer::Sentence => "sentence",
            Layer::Actor => "actor",
            Layer::DatedClaim => "dated-claim",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is scored, and what is left out.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// These layers only; empty means all that gold has.
    pub layers: Vec<Layer>,
    /// Gold attributions of another class of cue are neither missed nor wrong.
    pub only_cue_class: Option<String>,
    /// Predicted attributions in places that annotators set aside are not wrong.
    pub ignore_discard: bool,
}

/// Figures of every layer that gold has.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Who said what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attributions>,
    /// Expressions of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timex: Option<Timexes>,
    /// Sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<Sentences>,
    /// Actors and speakers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actors>,
    /// What happened on which date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated_claim: Option<DatedClaims>,
    /// What each rule found, by layer and id.
    pub rules: Vec<RuleFigures>,
    /// What gold and prediction do not agree on, by layer, document and place.
    pub errors: Vec<Disagreement>,
}

/// What one rule found and what of it was right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleFigures {
    /// The layer that it writes.
    pub layer: Layer,
    /// Its id; empty where predictions name none.
    pub rule: String,
    /// What it found.
    pub predictions: usize,
    /// Of these, matched with gold.
    pub matched: usize,
    /// Of these, wholly right: source of an attribution, value of a timex, name of an actor,
    /// dates of a claim.
    pub right: usize,
    /// Matched in found.
    pub precision: f64,
    /// Right in found.
    pub precision_right: f64,
}

/// In what gold and prediction differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Gold has it; nothing was found there.
    Missed,
    /// It was found; gold has nothing there, or has it matched with something better.
    Wrong,
    /// Something was found there, but it shares less than half of the words.
    Cut,
    /// It was found with other words at its edges.
    Extent,
    /// It was found with another source.
    Source,
    /// It was found with another speaker.
    Speaker,
    /// It was found with another value, name or date.
    Value,
    /// It was found with another type.
    Type,
}

impl Fault {
    /// In a word or two.
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::Missed => "missed",
            Fault::Wrong => "wrong",
            Fault::Cut => "wrong cut",
            Fault::Extent => "wrong extent",
            Fault::Source => "wrong source",
            Fault::Speaker => "wrong speaker",
            Fault::Value => "wrong value",
            Fault::Type => "wrong type",
        }
    }
}

/// A place where gold and prediction do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// The layer.
    pub layer: Layer,
    /// In what they differ.
    pub fault: Fault,
    /// Id of the document.
    pub document: String,
    /// The place of gold, or of the prediction where gold has nothing.
    pub place: Place,
    /// The text around, the place in brackets.
    pub around: String,
    /// What gold has, or empty.
    pub gold: String,
    /// What was found, or empty.
    pub found: String,
    /// The rule that found it, or empty.
    pub rule: String,
}

impl Disagreement {
    /// From what gold has and what was found, each with its place, and by which rule.
    fn new(
        layer: Layer,
        fault: Fault,
        document: &LayerDocument,
        words: &Words,
        gold: Option<(Place, String)>,
        found: Option<(Place, String, &str)>,
    ) -> Disagreement {
        let of_found = found.as_ref().map(|it| it.0);
        let place = gold.as_ref().map(|it| it.0).or(of_found).unwrap_or_default();
        let rule = found.as_ref().map_or("", |it| it.2).to_owned();
        Disagreement {
            layer,
            fault,
            document: document.id.clone(),
            place,
            around: words.around(place),
            gold: gold.map(|it| it.1).unwrap_or_default(),
            found: found.map(|it| it.1).unwrap_or_default(),
            rule,
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [start, end] = self.place;
        writeln!(f, "{} {}  {}:{start}-{end}", self.layer, self.fault.as_str(), self.document)?;
        writeln!(f, "    {}", self.around)?;
        if !self.gold.is_empty() {
            writeln!(f, "    gold:  {}", self.gold)?;
        }
        if !self.found.is_empty() {
            write!(f, "    found: {}", self.found)?;
            if !self.rule.is_empty() {
                write!(f, "  (rule {})", self.rule)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Precision, recall and F1, between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Prf {
    /// Precision.
    pub p: f64,
    /// Recall.
    pub r: f64,
    /// F1.
    pub f: f64,
}

impl Prf {
    /// Precision `right / predicted`, recall `found / gold`; 0 of 0 is 0.
    fn new(right: usize, predicted: usize, found: usize, gold: usize) -> Prf {
        let (p, r) = (ratio(right, predicted), ratio(found, gold));
        Prf { p, r, f: harmonic(p, r) }
    }

    /// The same where one count serves both sides; F1 is then exact.
    fn of_counts(right: usize, predicted: usize, gold: usize) -> Prf {
        let f = ratio(2 * right, predicted + gold);
        Prf { p: ratio(right, predicted), r: ratio(right, gold), f }
    }

    /// Precision, recall and F1 in percent.
    fn percents(self) -> String {
        format!("{}{}{}", percent(self.p), percent(self.r), percent(self.f))
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn harmonic(p: f64, r: f64) -> f64 {
    if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
}

fn percent(share: f64) -> String {
    format!("{:6.1}", 100.0 * share)
}

/// Counts by layer and rule.
#[derive(Default)]
struct RuleCounts(BTreeMap<(Layer, String), [usize; 3]>);

impl RuleCounts {
    fn predicted(&mut self, layer: Layer, rule: &str) {
        self.0.entry((layer, rule.to_owned())).or_default()[0] += 1;
    }

    fn matched(&mut self, layer: Layer, rule: &str, is_right: bool) {
        let counts = self.0.entry((layer, rule.to_owned())).or_default();
        counts[1] += 1;
        counts[2] += usize::from(is_right);
    }

    fn figures(self) -> Vec<RuleFigures> {
        let figures =
            |((layer, rule), [predictions, matched, right]): ((_, _), [usize; 3])| RuleFigures {
                layer,
                rule,
                predictions,
                matched,
                right,
                precision: ratio(matched, predictions),
                precision_right: ratio(right, predictions),
            };
        self.0.into_iter().map(figures).collect()
    }
}

/// Compares predictions with gold. A document without prediction counts as one in which
/// nothing was found.
///
/// # Errors
/// [`Error::Usage`]: a prediction for a document that gold does not have, two for one, a place
/// past the end of gold's text on either side, sentences whose words are not those of the text.
pub fn score(
    gold: &[LayerDocument],
    predicted: &[LayerDocument],
    options: &Options,
) -> Result<Scores, Error> {
    let by_id = by_id(gold, predicted)?;
    let mut sums = Sums::default();
    for document in gold {
        sums.add(document, by_id.get(document.id.as_str()).copied(), options)?;
    }
    Ok(sums.figures())
}

/// Predictions by the id of their document.
fn by_id<'a>(
    gold: &[LayerDocument],
    predicted: &'a [LayerDocument],
) -> Result<FxHashMap<&'a str, &'a LayerDocument>, Error> {
    let mut lengths: FxHashMap<&str, u32> = FxHashMap::default();
    for it in gold {
        let length = it.text.chars().count() as u32;
        it.check_places(length)
            .map_err(|what| Error::usage(format!("gold of `{}`: {what}", it.id)))?;
        lengths.insert(&it.id, length);
    }
    let mut by_id = FxHashMap::default();
    for it in predicted {
        let Some(&length) = lengths.get(it.id.as_str()) else {
            let id = &it.id;
            return Err(Error::usage(format!("gold has no document `{id}` that was predicted")));
        };
        if by_id.insert(it.id.as_str(), it).is_some() {
            return Err(Error::usage(format!("there are two predictions for `{}`", it.id)));
        }
        it.check_places(length)
            .map_err(|what| Error::usage(format!("prediction for `{}`: {what}", it.id)))?;
    }
    Ok(by_id)
}

/// Adds up documents, layer by layer.
#[derive(Default)]
struct Sums {
    attribution: Option<attribution::Sums>,
    timex: Option<timex::Sums>,
    sentence: Option<sentence::Sums>,
    actor: Option<actor::Sums>,
    dated_claim: Option<dated_claim::Sums>,
    rules: RuleCounts,
    errors: Vec<Disagreement>,
}

impl Sums {
    fn add(
        &mut self,
        gold: &LayerDocument,
        predicted: Option<&LayerDocument>,
        options: &Options,
    ) -> Result<(), Error> {
        let is_asked = |it| options.layers.is_empty() || options.layers.contains(&it);
        let words = &Words::new(&gold.text);
        let is_predicted = predicted.is_some();
        if gold.attributions.is_some() {
            let neutral = attribution::Neutral {
                only_cue_class: options.only_cue_class.as_deref(),
                ignore_discard: options.ignore_discard,
            };
            let aligned = attribution::Aligned::new(gold, predicted, words, neutral);
            if is_asked(Layer::Attribution) {
                self.attribution.get_or_insert_default().add(&aligned, is_predicted);
                attribution::count_rules(&aligned, &mut self.rules);
                self.tell(attribution::disagreements(&aligned));
            }
            if is_asked(Layer::Actor) && has_speakers(gold) {
                self.actor.get_or_insert_default().add_speakers(&aligned);
                self.tell(actor::speaker_disagreements(gold, &aligned, words));
            }
        }
        if gold.timexes.is_some() && is_asked(Layer::Timex) {
            let aligned = timex::Aligned::new(gold, predicted);
            self.timex.get_or_insert_default().add(&aligned, is_predicted);
            timex::count_rules(&aligned, &mut self.rules);
            self.tell(timex::disagreements(&aligned, words));
        }
        if gold.sentences.is_some() && is_asked(Layer::Sentence) {
            let aligned = sentence::Aligned::new(gold, predicted, words).map_err(Error::usage)?;
            self.sentence.get_or_insert_default().add(&aligned);
            self.tell(sentence::disagreements(&aligned, words));
        }
        if gold.actors.is_some() && is_asked(Layer::Actor) {
            let aligned = actor::Aligned::new(gold, predicted);
            self.actor.get_or_insert_default().add(&aligned);
            actor::count_rules(&aligned, &mut self.rules);
            self.tell(actor::disagreements(&aligned, words));
        }
        if gold.dated_claims.is_some() && is_asked(Layer::DatedClaim) {
            let aligned = dated_claim::Aligned::new(gold, predicted, words);
            self.dated_claim.get_or_insert_default().add(&aligned);
            dated_claim::count_rules(&aligned, &mut self.rules);
            self.tell(dated_claim::disagreements(&aligned, words));
        }
        Ok(())
    }

    fn tell(&mut self, mut found: Vec<Disagreement>) {
        found.sort_by_key(|it| it.place);
        self.errors.extend(found);
    }

    fn figures(mut self) -> Scores {
        self.errors.sort_by_key(|it| it.layer);
        Scores {
            attribution: self.attribution.map(|it| it.figures()),
            timex: self.timex.map(|it| it.figures()),
            sentence: self.sentence.map(|it| it.figures()),
            actor: self.actor.map(|it| it.figures()),
            dated_claim: self.dated_claim.map(|it| it.figures()),
            rules: self.rules.figures(),
            errors: self.errors,
        }
    }
}

fn has_speakers(gold: &LayerDocument) -> bool {
    gold.attributions.iter().flatten().any(|it| !it.speaker.is_empty())
}

/// Every figure that a limit can be set for: its name, and what it is.
pub const FIGURES: [(&str, &str); 24] = [
    ("attribution", "F1 of matches with the right source (joint)"),
    ("attribution-match", "F1 of contents that share half of their words"),
    ("attribution-precision", "precision of those matches"),
    ("attribution-recall", "recall of those matches"),
    ("attribution-strict", "F1 of contents with the same letters"),
    ("attribution-content", "F1 over words in any content"),
    ("attribution-source", "share of matches with the right source"),
    ("attribution-quoted", "joint F1 of contents with quotation marks"),
    ("attribution-direct", "joint F1 of contents that are quotations"),
    ("attribution-mixed", "joint F1 of contents partly in quotation marks"),
    ("attribution-indirect", "joint F1 of contents without quotation marks"),
    ("speaker", "share of matches with the right canonical name"),
    ("timex", "F1 of overlaps with the right value, the same as timex-value"),
    ("timex-value", "F1 of overlaps with the right value"),
    ("timex-strict", "F1 of exact places"),
    ("timex-relaxed", "F1 of overlaps"),
    ("timex-type", "F1 of overlaps with the right type"),
    ("sentence", "F1 of cuts"),
    ("sentence-inside", "F1 of cuts inside paragraphs"),
    ("sentence-exact", "share of documents with every cut right"),
    ("actor", "F1 of mentions that overlap"),
    ("actor-name", "share of those with the right canonical name"),
    ("dated-claim", "F1 of spans that share half of their words"),
    ("dated-claim-date", "share of their dates with the right value"),
];

impl Scores {
    /// A figure of [`FIGURES`] by its name; `None` where gold lacks the layer.
    pub fn figure(&self, name: &str) -> Option<f64> {
        let (layer, part) = split_figure(name);
        match layer {
            "attribution" => self.attribution.as_ref().and_then(|it| match part {
                "" => Some(it.all.joint.f),
                "match" => Some(it.all.r#match.f),
                "precision" => Some(it.all.r#match.p),
                "recall" => Some(it.all.r#match.r),
                "strict" => Some(it.all.strict.f),
                "content" => Some(it.all.content_tok.f),
                "source" => Some(it.all.src_ok),
                "quoted" => Some(it.quoted.joint.f),
                "direct" => Some(it.direct.joint.f),
                "mixed" => Some(it.mixed.joint.f),
                "indirect" => Some(it.indirect.joint.f),
                _ => None,
            }),
            "speaker" => Some(self.actor.as_ref()?.speakers.as_ref()?.accuracy),
            "timex" => self.timex.as_ref().and_then(|it| match part {
                "" | "value" => Some(it.all().value.f),
                "strict" => Some(it.all().strict.f),
                "relaxed" => Some(it.all().relaxed.f),
                "type" => Some(it.all().r#type.f),
                _ => None,
            }),
            "sentence" => self.sentence.as_ref().and_then(|it| match part {
                "" => Some(it.all.f),
                "inside" => it.inside_paragraphs.map(|it| it.f),
                "exact" => Some(ratio(it.exact, it.documents)),
                _ => None,
            }),
            "actor" => self.actor.as_ref()?.mentions.as_ref().and_then(|it| match part {
                "" => Some(it.overlap.f),
                "name" => Some(it.name_accuracy),
                _ => None,
            }),
            "dated-claim" => self.dated_claim.as_ref().and_then(|it| match part {
                "" => Some(it.r#match.f),
                "date" => Some(it.date_accuracy),
                _ => None,
            }),
            _ => None,
        }
    }

    /// The figures for people.
    pub fn table(&self) -> String {
        let mut out = String::new();
        self.attribution.iter().for_each(|it| out.push_str(&it.to_string()));
        self.timex.iter().for_each(|it| it.table(&mut out));
        self.sentence.iter().for_each(|it| it.table(&mut out));
        self.actor.iter().for_each(|it| it.table(&mut out));
        self.dated_claim.iter().for_each(|it| it.table(&mut out));
        out
    }

    /// What each rule found, the most frequent first, for people.
    pub fn rules_table(&self) -> String {
        let width = self.rules.iter().map(|it| it.rule.len()).max().unwrap_or(0).max(6);
        let mut out = format!(
            "{:12} {:width$} {:>6} {:>6} {:>6} {:>9} {:>7}\n",
            "layer", "rule", "found", "match", "right", "precision", "right %"
        );
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_by_key(|it| (it.layer, std::cmp::Reverse(it.predictions)));
        for it in rules {
            out.push_str(&format!(
                "{:12} {:width$} {:6} {:6} {:6} {:>9} {:>7}\n",
                it.layer,
                if it.rule.is_empty() { "(none)" } else { &it.rule },
                it.predictions,
                it.matched,
                it.right,
                percent(it.precision),
                percent(it.precision_right)
            ));
        }
        out
    }

    /// Keeps the first `limit` disagreements of each layer; 0 keeps all.
    pub fn keep_errors(&mut self, limit: usize) {
        let mut counts: BTreeMap<Layer, usize> = BTreeMap::new();
        self.errors.retain(|it| {
            let count = counts.entry(it.layer).or_default();
            *count += 1;
            limit == 0 || *count <= limit
        });
    }

    /// Up to `limit` disagreements of each layer for people, after their number by kind; 0
    /// means all.
    pub fn errors_text(&self, limit: usize) -> String {
        let limit = if limit == 0 { usize::MAX } else { limit };
        let mut out = String::new();
        for layer in Layer::ALL {
            let of_layer: Vec<_> = self.errors.iter().filter(|it| it.layer == layer).collect();
            if of_layer.is_empty() {
                continue;
            }
            let mut kinds: BTreeMap<Fault, usize> = BTreeMap::new();
            of_layer.iter().for_each(|it| *kinds.entry(it.fault).or_default() += 1);
            let kinds: Vec<_> =
                kinds.iter().map(|(it, count)| format!("{count} {}", it.as_str())).collect();
            out.push_str(&format!("{layer}: {}\n", kinds.join(", ")));
            of_layer.iter().take(limit).for_each(|it| out.push_str(&it.to_string()));
        }
        out
    }
}

/// The layer that a figure belongs to, and which figure of it.
fn split_figure(name: &str) -> (&str, &str) {
    for layer in Layer::ALL.iter().map(|it| it.as_str()) {
        if let Some(part) = name.strip_prefix(layer) {
            return (layer, part.strip_prefix('-').unwrap_or(part));
        }
    }
    (name, "")
}

#[cfg(test)]
mod tests;
