//! How well attributions were found: matches of contents, sources, cues.
//!
//! A *match* is a pair of gold and prediction whose contents share half of their words,
//! taken best first, one to one. It is *strict* if both hold the same letters and numbers,
//! and *joint* if the source is right, too. Classes go by the gold content: `quoted` holds a
//! quotation mark (`direct`: nine words of ten stand between marks; `mixed`: fewer),
//! `indirect` holds none.

use std::fmt;

use serde::Serialize;

use super::words::{Set, Words, both, common, not_neutral, pair_up, retain_flagged, union};
use super::{Disagreement, Fault, Layer, Prf, RuleCounts, percent, ratio};
use crate::layers::{LayerAttribution, LayerDocument};

/// Figures of each class.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Attributions {
    /// Gold documents with this layer.
    pub documents: usize,
    /// Those for which there was a prediction.
    pub documents_predicted: usize,
    /// All.
    pub all: Figures,
    /// Those with a quotation mark.
    pub quoted: Figures,
    /// Those that stand between quotation marks.
    pub direct: Figures,
    /// Those partly between quotation marks.
    pub mixed: Figures,
    /// Those without.
    pub indirect: Figures,
}

/// Figures of one class.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// In gold.
    pub gold: usize,
    /// Predicted.
    pub predicted: usize,
    /// Pairs.
    pub matched: usize,
    /// Words in any content of gold.
    pub gold_content_tokens: usize,
    /// By words in any content, however it is cut.
    pub content_tok: Prf,
    /// By words whose source is right, too.
    pub tok_joint: Prf,
    /// Contents share half of their words.
    pub r#match: Prf,
    /// Contents hold the same letters and numbers.
    pub strict: Prf,
    /// Match and right source.
    pub joint: Prf,
    /// Match and half of the source's words.
    pub joint_f1src: Prf,
    /// Match and right source, or another mention of the same name.
    pub joint_text: Prf,
    /// Mean share of common words over pairs.
    pub mean_iou: f64,
    /// Share of pairs with half of the source's words.
    pub src_f1: f64,
    /// Share of pairs with the source's last word.
    pub src_head: f64,
    /// The same, by its letters.
    pub src_text: f64,
    /// Share of pairs with the right source.
    pub src_ok: f64,
    /// The same over pairs whose gold has a source.
    pub src_ok_named: f64,
    /// Share of pairs whose cues share a letter.
    pub cue_any: f64,
    /// Share of pairs whose cues are the same.
    pub cue_exact: f64,
}

const CLASSES: [&str; 5] = ["all", "quoted", "direct", "mixed", "indirect"];

/// How the content of an attribution stands to quotation marks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Direct,
    Mixed,
    Indirect,
}

impl Class {
    fn is_in(self, class: &str) -> bool {
        match class {
            "all" => true,
            "quoted" => self != Class::Indirect,
            "direct" => self == Class::Direct,
            "mixed" => self == Class::Mixed,
            _ => self == Class::Indirect,
        }
    }
}

/// What is left out of the count.
#[derive(Clone, Copy)]
pub(super) struct Neutral<'a> {
    /// Gold of other classes of cue is neither missed nor wrong.
    pub(super) only_cue_class: Option<&'a str>,
    /// Predictions in places that annotators set aside are not wrong.
    pub(super) ignore_discard: bool,
}

impl Neutral<'_> {
    fn is(self, gold: &LayerAttribution) -> bool {
        gold.optional || self.only_cue_class.is_some_and(|it| gold.gold_class() != it)
    }
}

/// Gold and predictions of one document side by side; what is neutral is gone.
pub(super) struct Aligned<'a> {
    document: &'a LayerDocument,
    words: &'a Words,
    gold: Vec<Side<'a>>,
    predicted: Vec<Side<'a>>,
    pairs: Vec<(usize, usize, f64)>,
    /// Words in any content of gold, of what is neutral, too: they are never wrong.
    gold_words: Set,
}

/// An attribution with its words.
struct Side<'a> {
    it: &'a LayerAttribution,
    content: Set,
    source: Set,
    class: Class,
}

impl<'a> Side<'a> {
    fn new(it: &'a LayerAttribution, words: &Words, is_prediction: bool) -> Side<'a> {
        let content = words.tokens(&it.content);
        let source = words.tokens(&it.source);
        let class = if !words.has_quote(&it.content, is_prediction) {
            Class::Indirect
        } else if !content.is_empty() && words.quoted(&content) as f64 >= 0.9 * content.len() as f64
        {
            Class::Direct
        } else {
            Class::Mixed
        };
        Side { it, content, source, class }
    }
}

fn contents(sides: &[Side<'_>]) -> Vec<Set> {
    sides.iter().map(|it| it.content.clone()).collect()
}

impl<'a> Aligned<'a> {
    pub(super) fn new(
        document: &'a LayerDocument,
        predicted: Option<&'a LayerDocument>,
        words: &'a Words,
        neutral: Neutral<'_>,
    ) -> Aligned<'a> {
        let gold = document.attributions.iter().flatten();
        let found = predicted.into_iter().flat_map(|it| it.attributions.iter().flatten());
        let mut aligned = Aligned {
            document,
            words,
            gold: gold.map(|it| Side::new(it, words, false)).collect(),
            predicted: found.map(|it| Side::new(it, words, true)).collect(),
            pairs: Vec::new(),
            gold_words: Set::new(),
        };
        aligned.gold_words = union(aligned.gold.iter().map(|it| &it.content));
        if neutral.ignore_discard {
            aligned.drop_discarded();
        }
        aligned.drop_neutral(neutral);
        aligned.pairs = pair_up(&contents(&aligned.gold), &contents(&aligned.predicted));
        // An unmatched prediction is classed by its own content, any other by what it matches.
        for &(i, j, _) in &aligned.pairs {
            aligned.predicted[j].class = aligned.gold[i].class;
        }
        aligned
    }

    fn drop_discarded(&mut self) {
        let discarded = self.words.tokens(&self.document.discard);
        self.predicted.retain(|it| {
            it.content.is_empty() || 2 * common(&it.content, &discarded) < it.content.len()
        });
    }

    fn drop_neutral(&mut self, neutral: Neutral<'_>) {
        let is_neutral: Vec<bool> = self.gold.iter().map(|it| neutral.is(it.it)).collect();
        if !is_neutral.contains(&true) {
            return;
        }
        let counts = not_neutral(&contents(&self.gold), &contents(&self.predicted), &is_neutral);
        retain_flagged(&mut self.predicted, counts);
        retain_flagged(&mut self.gold, is_neutral.iter().map(|it| !it));
    }

    /// Pairs of gold and prediction, with whether the source is right.
    pub(super) fn pairs(
        &self,
    ) -> impl Iterator<Item = (&'a LayerAttribution, &'a LayerAttribution, bool)> {
        self.pairs.iter().map(|&(i, j, _)| {
            let is_right = self.source(i, j).is_ok();
            (self.gold[i].it, self.predicted[j].it, is_right)
        })
    }

    fn source(&self, gold: usize, predicted: usize) -> SourceMatch {
        SourceMatch::new(self.words, &self.gold[gold].source, &self.predicted[predicted].source)
    }
}

/// In which ways a predicted source is right.
#[derive(Clone, Copy)]
struct SourceMatch {
    /// Half of the words of both are common.
    f1: bool,
    /// The last word of the shorter one stands in the other.
    head: bool,
    /// A word with the same letters does.
    text: bool,
}

impl SourceMatch {
    fn new(words: &Words, gold: &Set, predicted: &Set) -> SourceMatch {
        if gold.is_empty() || predicted.is_empty() {
            let is_right = gold.is_empty() && predicted.is_empty();
            return SourceMatch { f1: is_right, head: is_right, text: is_right };
        }
        let f1 = 2.0 * common(gold, predicted) as f64 / (gold.len() + predicted.len()) as f64;
        let (short, other) =
            if gold.len() <= predicted.len() { (gold, predicted) } else { (predicted, gold) };
        let mut head = short[short.len() - 1];
        // The `s` of a possessive is no head.
        if short.len() > 1 && words.lower(head) == "s" {
            head = short[short.len() - 2];
        }
        let name = words.lower(head);
        SourceMatch {
            f1: f1 >= 0.5,
            head: other.binary_search(&head).is_ok(),
            text: other.iter().any(|&it| words.lower(it) == name),
        }
    }

    fn is_ok(self) -> bool {
        self.f1 || self.head
    }
}

/// Counts of one class, of one document or many.
#[derive(Default)]
struct Counts {
    gold: usize,
    predicted: usize,
    gold_tokens: usize,
    gold_tokens_hit: usize,
    gold_tokens_joint: usize,
    tokens: usize,
    tokens_hit: usize,
    tokens_joint: usize,
    matched: usize,
    strict: usize,
    source_f1: usize,
    source_head: usize,
    source_text: usize,
    source_ok: usize,
    source_lenient: usize,
    named: usize,
    named_ok: usize,
    cue_any: usize,
    cue_exact: usize,
    iou: f64,
}

/// Adds up documents.
#[derive(Default)]
pub(super) struct Sums {
    documents: usize,
    documents_predicted: usize,
    classes: [Counts; 5],
}

impl Sums {
    pub(super) fn add(&mut self, aligned: &Aligned<'_>, is_predicted: bool) {
        self.documents += 1;
        self.documents_predicted += usize::from(is_predicted);
        let token_sets = TokenSets::new(aligned);
        for (counts, class) in self.classes.iter_mut().zip(CLASSES) {
            token_sets.count(aligned, class, counts);
            count_pairs(aligned, class, counts);
        }
    }

    pub(super) fn figures(&self) -> Attributions {
        let [all, quoted, direct, mixed, indirect] = &self.classes;
        Attributions {
            documents: self.documents,
            documents_predicted: self.documents_predicted,
            all: all.figures(),
            quoted: quoted.figures(),
            direct: direct.figures(),
            mixed: mixed.figures(),
            indirect: indirect.figures(),
        }
    }
}

/// Which words of a document count as found, however contents are cut.
struct TokenSets {
    all_predicted: Set,
    /// For each gold attribution, its words found with the right source.
    found: Vec<Set>,
    /// For each prediction, its words that are right with their source.
    right: Vec<Set>,
}

impl TokenSets {
    fn new(aligned: &Aligned<'_>) -> TokenSets {
        let mut found = vec![Set::new(); aligned.gold.len()];
        let mut right = vec![Set::new(); aligned.predicted.len()];
        for (i, gold) in aligned.gold.iter().enumerate() {
            for (j, predicted) in aligned.predicted.iter().enumerate() {
                if common(&gold.content, &predicted.content) > 0 && aligned.source(i, j).is_ok() {
                    found[i].extend(both(&gold.content, &predicted.content));
                    right[j].extend(both(&gold.content, &predicted.content));
                }
            }
        }
        TokenSets {
            all_predicted: union(aligned.predicted.iter().map(|it| &it.content)),
            found,
            right,
        }
    }

    fn count(&self, aligned: &Aligned<'_>, class: &str, counts: &mut Counts) {
        let side = |sides: &[Side<'_>], hits: &Set, joint: &[Set]| {
            let here = || (0..sides.len()).filter(|&it| sides[it].class.is_in(class));
            let tokens = union(here().map(|it| &sides[it].content));
            let joint = union(here().map(|it| &joint[it]));
            (here().count(), tokens.len(), common(&tokens, hits), joint.len())
        };
        let (gold, tokens, hit, joint) = side(&aligned.gold, &self.all_predicted, &self.found);
        counts.gold += gold;
        counts.gold_tokens += tokens;
        counts.gold_tokens_hit += hit;
        counts.gold_tokens_joint += joint;
        let (predicted, tokens, hit, joint) =
            side(&aligned.predicted, &aligned.gold_words, &self.right);
        counts.predicted += predicted;
        counts.tokens += tokens;
        counts.tokens_hit += hit;
        counts.tokens_joint += joint;
    }
}

fn count_pairs(aligned: &Aligned<'_>, class: &str, counts: &mut Counts) {
    // Summed by document first, as the other scorers do: floats do not add up the same in
    // another order.
    let mut iou = 0.0;
    for &(i, j, share) in &aligned.pairs {
        let (gold, predicted) = (&aligned.gold[i], &aligned.predicted[j]);
        if !gold.class.is_in(class) {
            continue;
        }
        iou += share;
        counts.matched += 1;
        counts.strict += usize::from(is_strict(aligned.words, gold, predicted));
        let source = aligned.source(i, j);
        counts.source_f1 += usize::from(source.f1);
        counts.source_head += usize::from(source.head);
        counts.source_text += usize::from(source.text);
        counts.source_ok += usize::from(source.is_ok());
        counts.source_lenient += usize::from(source.is_ok() || source.text);
        if !gold.source.is_empty() {
            counts.named += 1;
            counts.named_ok += usize::from(source.is_ok());
        }
        let cue = [gold, predicted].map(|it| aligned.words.ink(&it.it.cue));
        counts.cue_any +=
            usize::from(common(&cue[0], &cue[1]) > 0 || (cue[0].is_empty() && cue[1].is_empty()));
        counts.cue_exact += usize::from(cue[0] == cue[1]);
    }
    counts.iou += iou;
}

fn is_strict(words: &Words, gold: &Side<'_>, predicted: &Side<'_>) -> bool {
    words.letters(&gold.it.content) == words.letters(&predicted.it.content)
}

impl Counts {
    fn figures(&self) -> Figures {
        let pairs = self.matched.max(1) as f64;
        let of_pairs = |it: usize| it as f64 / pairs;
        let prf = |right: usize| Prf::new(right, self.predicted, right, self.gold);
        Figures {
            gold: self.gold,
            predicted: self.predicted,
            matched: self.matched,
            gold_content_tokens: self.gold_tokens,
            content_tok: Prf::new(
                self.tokens_hit,
                self.tokens,
                self.gold_tokens_hit,
                self.gold_tokens,
            ),
            tok_joint: Prf::new(
                self.tokens_joint,
                self.tokens,
                self.gold_tokens_joint,
                self.gold_tokens,
            ),
            r#match: prf(self.matched),
            strict: prf(self.strict),
            joint: prf(self.source_ok),
            joint_f1src: prf(self.source_f1),
            joint_text: prf(self.source_lenient),
            mean_iou: self.iou / pairs,
            src_f1: of_pairs(self.source_f1),
            src_head: of_pairs(self.source_head),
            src_text: of_pairs(self.source_text),
            src_ok: of_pairs(self.source_ok),
            src_ok_named: ratio(self.named_ok, self.named),
            cue_any: of_pairs(self.cue_any),
            cue_exact: of_pairs(self.cue_exact),
        }
    }
}

impl Attributions {
    fn classes(&self) -> [(&'static str, &Figures); 5] {
        [
            (CLASSES[0], &self.all),
            (CLASSES[1], &self.quoted),
            (CLASSES[2], &self.direct),
            (CLASSES[3], &self.mixed),
            (CLASSES[4], &self.indirect),
        ]
    }

    fn write_table(&self, out: &mut String) {
        out.push_str(&format!(
            "attribution: {} documents ({} predicted); P R F in %\n",
            self.documents, self.documents_predicted
        ));
        out.push_str(&format!("  {:9}{:>6}{:>6}{:>6} |", "", "gold", "found", "match"));
        for head in ["content words", "words + source", "match", "strict", "joint", "joint by name"]
        {
            out.push_str(&format!("{head:^20}|"));
        }
        out.push_str("  source: F1  head  text right named | cue any exact\n");
        for (class, it) in self.classes() {
            out.push_str(&format!("  {class:9}{:6}{:6}{:6} |", it.gold, it.predicted, it.matched));
            let blocks =
                [it.content_tok, it.tok_joint, it.r#match, it.strict, it.joint, it.joint_text];
            for block in blocks {
                out.push_str(&format!(" {} |", block.percents()));
            }
            out.push_str("       ");
            for share in [it.src_f1, it.src_head, it.src_text, it.src_ok, it.src_ok_named] {
                out.push_str(&percent(share));
            }
            out.push_str(&format!(" |  {}{}\n", percent(it.cue_any), percent(it.cue_exact)));
        }
    }
}

impl fmt::Display for Attributions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write_table(&mut out);
        f.write_str(&out)
    }
}

/// Notes what each rule found and what of it was right.
pub(super) fn count_rules(aligned: &Aligned<'_>, rules: &mut RuleCounts) {
    for it in &aligned.predicted {
        rules.predicted(Layer::Attribution, &it.it.rule);
    }
    for (_, predicted, is_right) in aligned.pairs() {
        rules.matched(Layer::Attribution, &predicted.rule, is_right);
    }
}

/// What gold and prediction do not agree on, in order of place.
pub(super) fn disagreements(aligned: &Aligned<'_>) -> Vec<Disagreement> {
    let mut found = Vec::new();
    let mut is_told = vec![false; aligned.predicted.len()];
    for &(i, j, _) in &aligned.pairs {
        is_told[j] = true;
        let (gold, predicted) = (&aligned.gold[i], &aligned.predicted[j]);
        if !aligned.source(i, j).is_ok() {
            found.push(disagreement(aligned, Fault::Source, Some(gold), Some(predicted)));
        }
        if !is_strict(aligned.words, gold, predicted) {
            found.push(disagreement(aligned, Fault::Extent, Some(gold), Some(predicted)));
        }
    }
    let is_matched: Vec<usize> = aligned.pairs.iter().map(|it| it.0).collect();
    for (i, gold) in aligned.gold.iter().enumerate().filter(|(i, _)| !is_matched.contains(i)) {
        // A prediction that lies near is the same mistake, not a second one.
        let near = (0..aligned.predicted.len())
            .filter(|&j| !is_told[j])
            .map(|j| (common(&gold.content, &aligned.predicted[j].content), j))
            .filter(|it| it.0 > 0)
            .max_by_key(|it| (it.0, std::cmp::Reverse(it.1)));
        if let Some((_, j)) = near {
            is_told[j] = true;
            let predicted = Some(&aligned.predicted[j]);
            found.push(disagreement(aligned, Fault::Cut, Some(&aligned.gold[i]), predicted));
        } else {
            found.push(disagreement(aligned, Fault::Missed, Some(gold), None));
        }
    }
    for (predicted, _) in aligned.predicted.iter().zip(&is_told).filter(|it| !it.1) {
        found.push(disagreement(aligned, Fault::Wrong, None, Some(predicted)));
    }
    found
}

fn disagreement(
    aligned: &Aligned<'_>,
    fault: Fault,
    gold: Option<&Side<'_>>,
    predicted: Option<&Side<'_>>,
) -> Disagreement {
    let words = aligned.words;
    let tell = |it: &Side<'_>| {
        format!(
            "source `{}` cue `{}` content `{}`",
            words.joined(&it.it.source),
            words.joined(&it.it.cue),
            words.joined(&it.it.content)
        )
    };
    let gold = gold.map(|it| (whole(it.it), tell(it)));
    let found = predicted.map(|it| (whole(it.it), tell(it), it.it.rule.as_str()));
    Disagreement::new(Layer::Attribution, fault, aligned.document, words, gold, found)
}

/// From the first word of source, cue and content to the last.
pub(super) fn whole(it: &LayerAttribution) -> [u32; 2] {
    let places = || it.source.iter().chain(&it.cue).chain(&it.content);
    let start = places().map(|it| it[0]).min().unwrap_or(0);
    [start, places().map(|it| it[1]).max().unwrap_or(start)]
}
