//! How well expressions of time were found: the metrics of TempEval-3.
//!
//! Pairs overlap by a code point, one to one: exact ones first, then by overlap. The
//! document's own date line (`CREATION_TIME`) is neither rewarded nor punished.

use serde::Serialize;

use super::value::{Interval, canonical, interval};
use super::words::{Words, take_one_to_one};
use super::{Disagreement, Fault, Layer, Prf, RuleCounts, percent, ratio};
use crate::layers::{LayerDocument, LayerTimex, Place};

/// Figures of each section.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Timexes {
    /// Gold documents with this layer.
    pub documents: usize,
    /// Those without prediction, which count as empty.
    pub missing: Vec<String>,
    /// By section: `ALL`, each type, `DATE+TIME`, and `DATE+TIME~`, in which a prediction that
    /// overlaps only a gold duration or set is not punished.
    pub sections: Vec<Section>,
}

/// Figures of one section.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// In gold.
    pub gold: usize,
    /// Predicted.
    pub predicted: usize,
    /// Same place.
    pub strict: Prf,
    /// Overlap.
    pub relaxed: Prf,
    /// Overlap and same value.
    pub value: Prf,
    /// Overlap and same type.
    pub r#type: Prf,
    /// As value, after variants of notation are folded.
    pub canon: Prf,
    /// Same place and same value.
    pub strict_value: Prf,
    /// Dates and times that stand for the same days.
    pub interval: Prf,
    /// Share of pairs with the same value.
    pub value_accuracy: f64,
}

const SECTIONS: [&str; 7] = ["ALL", "DATE", "TIME", "DURATION", "SET", "DATE+TIME", "DATE+TIME~"];

#[derive(Default)]
struct Counts {
    gold: usize,
    predicted: usize,
    strict: usize,
    relaxed: usize,
    value: usize,
    kind: usize,
    canonical: usize,
    strict_value: usize,
    gold_intervals: usize,
    intervals: usize,
    interval: usize,
}

/// Adds up documents.
#[derive(Default)]
pub(super) struct Sums {
    documents: usize,
    missing: Vec<String>,
    sections: [Counts; 7],
}

/// Gold and predictions of one document; the date line is gone.
pub(super) struct Aligned<'a> {
    document: &'a LayerDocument,
    gold: Vec<&'a LayerTimex>,
    predicted: Vec<&'a LayerTimex>,
    pairs: Vec<(usize, usize)>,
}

impl<'a> Aligned<'a> {
    pub(super) fn new(
        document: &'a LayerDocument,
        predicted: Option<&'a LayerDocument>,
    ) -> Aligned<'a> {
        let (own_date, gold): (Vec<_>, Vec<_>) =
            document.timexes.iter().flatten().partition(|it| it.function == "CREATION_TIME");
        let found = predicted.into_iter().flat_map(|it| it.timexes.iter().flatten()).collect();
        let predicted = without(found, &own_date, &gold);
        let pairs = align(&places(&gold), &places(&predicted));
        Aligned { document, gold, predicted, pairs }
    }
}

fn places(timexes: &[&LayerTimex]) -> Vec<Place> {
    timexes.iter().map(|it| it.place()).collect()
}

fn of_kind<'a>(timexes: &[&'a LayerTimex], kind: &str) -> Vec<&'a LayerTimex> {
    timexes.iter().copied().filter(|it| it.kind == kind).collect()
}

/// Code points that both hold.
fn overlap(a: Place, b: Place) -> u32 {
    a[1].min(b[1]).saturating_sub(a[0].max(b[0]))
}

/// The predictions that do not overlap anything of `neutral`, or something of `gold`, too.
fn without<'a>(
    mut predicted: Vec<&'a LayerTimex>,
    neutral: &[&LayerTimex],
    gold: &[&LayerTimex],
) -> Vec<&'a LayerTimex> {
    predicted.retain(|it| {
        let meets = |all: &[&LayerTimex]| all.iter().any(|g| overlap(it.place(), g.place()) > 0);
        !meets(neutral) || meets(gold)
    });
    predicted
}

/// One-to-one pairs of gold and prediction that overlap, in order of gold: exact ones first,
/// then by overlap.
pub(super) fn align(gold: &[Place], predicted: &[Place]) -> Vec<(usize, usize)> {
    let mut candidates = Vec::new();
    for (i, &g) in gold.iter().enumerate() {
        for (j, &p) in predicted.iter().enumerate() {
            let shared = overlap(g, p);
            if shared > 0 {
                candidates.push((g != p, std::cmp::Reverse(shared), i, j));
            }
        }
    }
    candidates.sort_unstable();
    let taken = take_one_to_one(candidates, |it| (it.2, it.3));
    let mut pairs: Vec<_> = taken.into_iter().map(|it| (it.2, it.3)).collect();
    pairs.sort_unstable();
    pairs
}

impl Sums {
    pub(super) fn add(&mut self, aligned: &Aligned<'_>, is_predicted: bool) {
        self.documents += 1;
        if !is_predicted {
            self.missing.push(aligned.document.id.clone());
        }
        let is_point = |it: &&LayerTimex| matches!(it.kind.as_str(), "DATE" | "TIME");
        let [all, date, time, duration, set, points, lenient] = &mut self.sections;
        all.add(&aligned.gold, &aligned.predicted);
        for (counts, kind) in
            [(date, SECTIONS[1]), (time, SECTIONS[2]), (duration, SECTIONS[3]), (set, SECTIONS[4])]
        {
            counts.add(&of_kind(&aligned.gold, kind), &of_kind(&aligned.predicted, kind));
        }
        let (gold, spans): (Vec<_>, Vec<_>) = aligned.gold.iter().copied().partition(is_point);
        let predicted: Vec<_> = aligned.predicted.iter().copied().filter(is_point).collect();
        points.add(&gold, &predicted);
        lenient.add(&gold, &without(predicted, &spans, &gold));
    }

    pub(super) fn figures(mut self) -> Timexes {
        self.missing.sort_unstable();
        Timexes {
            documents: self.documents,
            missing: self.missing,
            sections: self
                .sections
                .iter()
                .zip(SECTIONS)
                .map(|(counts, name)| counts.figures(name))
                .collect(),
        }
    }
}

/// The days that a date or time stands for.
fn days(timex: &LayerTimex) -> Option<Interval> {
    if !matches!(timex.kind.as_str(), "DATE" | "TIME") {
        return None;
    }
    let given = if timex.edtf.is_empty() { &timex.interval } else { &timex.edtf };
    interval(given).or_else(|| interval(&timex.value))
}

impl Counts {
    fn add(&mut self, gold: &[&LayerTimex], predicted: &[&LayerTimex]) {
        self.gold += gold.len();
        self.predicted += predicted.len();
        self.gold_intervals += gold.iter().filter(|it| days(it).is_some()).count();
        self.intervals += predicted.iter().filter(|it| days(it).is_some()).count();
        for (i, j) in align(&places(gold), &places(predicted)) {
            let (g, p) = (gold[i], predicted[j]);
            let is_exact = g.place() == p.place();
            let same_value = g.value == p.value;
            self.relaxed += 1;
            self.strict += usize::from(is_exact);
            self.value += usize::from(same_value);
            self.strict_value += usize::from(is_exact && same_value);
            self.canonical += usize::from(canonical(&g.value) == canonical(&p.value));
            self.kind += usize::from(g.kind == p.kind);
            self.interval += usize::from(days(g).is_some() && days(g) == days(p));
        }
    }

    fn figures(&self, name: &'static str) -> Section {
        let prf = |right| Prf::of_counts(right, self.predicted, self.gold);
        Section {
            name,
            gold: self.gold,
            predicted: self.predicted,
            strict: prf(self.strict),
            relaxed: prf(self.relaxed),
            value: prf(self.value),
            r#type: prf(self.kind),
            canon: prf(self.canonical),
            strict_value: prf(self.strict_value),
            interval: Prf::of_counts(self.interval, self.intervals, self.gold_intervals),
            value_accuracy: ratio(self.value, self.relaxed),
        }
    }
}

impl Timexes {
    /// The section of everything.
    pub fn all(&self) -> &Section {
        &self.sections[0]
    }

    pub(super) fn table(&self, out: &mut String) {
        out.push_str(&format!(
            "timex: {} documents ({} predicted); P R F in %\n",
            self.documents,
            self.documents - self.missing.len()
        ));
        out.push_str(&format!("  {:11}{:>6}{:>6} |", "", "gold", "found"));
        for head in ["strict", "relaxed", "value"] {
            out.push_str(&format!("{head:^20}|"));
        }
        out.push_str("  type F canonical F  days F value right\n");
        for it in &self.sections {
            out.push_str(&format!("  {:11}{:6}{:6} |", it.name, it.gold, it.predicted));
            for block in [it.strict, it.relaxed, it.value] {
                out.push_str(&format!(" {} |", block.percents()));
            }
            for (share, width) in [(it.r#type.f, 8), (it.canon.f, 12), (it.interval.f, 8)] {
                out.push_str(&format!("{:width$.2}", 100.0 * share));
            }
            out.push_str(&format!("{:>12}\n", percent(it.value_accuracy)));
        }
    }
}

/// Notes what each rule found and what of it has the right value.
pub(super) fn count_rules(aligned: &Aligned<'_>, rules: &mut RuleCounts) {
    for it in &aligned.predicted {
        rules.predicted(Layer::Timex, &it.rule);
    }
    for &(i, j) in &aligned.pairs {
        let predicted = aligned.predicted[j];
        rules.matched(Layer::Timex, &predicted.rule, aligned.gold[i].value == predicted.value);
    }
}

/// What gold and prediction do not agree on.
pub(super) fn disagreements(aligned: &Aligned<'_>, words: &Words) -> Vec<Disagreement> {
    let tell =
        |it: &LayerTimex| format!("`{}` {} {}", words.joined(&[it.place()]), it.kind, it.value);
    let make = |fault, gold: Option<&LayerTimex>, found: Option<&LayerTimex>| {
        let gold = gold.map(|it| (it.place(), tell(it)));
        let found = found.map(|it| (it.place(), tell(it), it.rule.as_str()));
        Disagreement::new(Layer::Timex, fault, aligned.document, words, gold, found)
    };
    let mut found = Vec::new();
    for (i, &gold) in aligned.gold.iter().enumerate() {
        let Some(pair) = aligned.pairs.iter().find(|it| it.0 == i) else {
            found.push(make(Fault::Missed, Some(gold), None));
            continue;
        };
        let predicted = aligned.predicted[pair.1];
        for (fault, is_right) in [
            (Fault::Value, gold.value == predicted.value),
            (Fault::Type, gold.kind == predicted.kind),
            (Fault::Extent, gold.place() == predicted.place()),
        ] {
            if !is_right {
                found.push(make(fault, Some(gold), Some(predicted)));
            }
        }
    }
    for (j, &predicted) in aligned.predicted.iter().enumerate() {
        if !aligned.pairs.iter().any(|it| it.1 == j) {
            found.push(make(Fault::Wrong, None, Some(predicted)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timex(start: u32, end: u32, kind: &str, value: &str) -> LayerTimex {
        LayerTimex {
            start,
            end,
            kind: kind.to_owned(),
            value: value.to_owned(),
            ..LayerTimex::default()
        }
    }

    fn date(start: u32, end: u32) -> LayerTimex {
        timex(start, end, "DATE", "2013")
    }

    fn document(timexes: &[LayerTimex]) -> LayerDocument {
        LayerDocument {
            id: "a".to_owned(),
            text: "x".repeat(100),
            timexes: Some(timexes.to_vec()),
            ..LayerDocument::default()
        }
    }

    fn score(gold: &[LayerTimex], predicted: Option<&[LayerTimex]>) -> Timexes {
        let (gold, predicted) = (document(gold), predicted.map(document));
        let mut sums = Sums::default();
        sums.add(&Aligned::new(&gold, predicted.as_ref()), predicted.is_some());
        sums.figures()
    }

    fn section<'a>(timexes: &'a Timexes, name: &str) -> &'a Section {
        timexes.sections.iter().find(|it| it.name == name).unwrap()
    }

    fn four() -> [LayerTimex; 4] {
        [
            date(0, 4),
            timex(10, 20, "DATE", "2013-03-22"),
            timex(30, 35, "DURATION", "P2D"),
            timex(40, 45, "SET", "P1D"),
        ]
    }

    fn other_four() -> [LayerTimex; 4] {
        [
            date(0, 4),
            timex(12, 20, "DATE", "2013-03-21"),
            timex(30, 35, "DATE", "P2D"),
            date(60, 66),
        ]
    }

    #[test]
    fn exact_pairs_go_first_then_the_larger_overlap() {
        assert_eq!(align(&[[0, 10]], &[[0, 30], [0, 10]]), [(0, 1)]);
        assert_eq!(align(&[[0, 5], [6, 10]], &[[0, 10]]), [(0, 0)]);
        assert_eq!(align(&[[0, 5]], &[[5, 9]]), []);
        assert_eq!(align(&[[0, 4], [5, 20]], &[[3, 20]]), [(1, 0)]);
    }

    #[test]
    fn counts() {
        let mut counts = Counts::default();
        let (gold, predicted) = (four(), other_four());
        counts.add(&gold.iter().collect::<Vec<_>>(), &predicted.iter().collect::<Vec<_>>());
        assert_eq!([counts.strict, counts.relaxed, counts.value, counts.kind], [2, 3, 2, 2]);
        let it = counts.figures("ALL");
        assert_eq!([it.relaxed.f, it.strict.f, it.value.f], [0.75, 0.5, 0.5]);
    }

    #[test]
    fn sections_filter_both_sides() {
        let scores = score(&four(), Some(&other_four()));
        let counts = |name| {
            let it = section(&scores, name);
            [it.gold, it.predicted]
        };
        assert_eq!(counts("DATE"), [2, 4]);
        assert_eq!(counts("DURATION"), [1, 0]);
        assert_eq!(counts("DATE+TIME"), [2, 4]);
        // The date on a gold duration is forgiven.
        assert_eq!(counts("DATE+TIME~"), [2, 3]);
    }

    #[test]
    fn the_own_date_line_neither_helps_nor_hurts() {
        let own = LayerTimex { function: "CREATION_TIME".to_owned(), ..date(0, 4) };
        let scores = score(&[own, date(10, 12)], Some(&[date(0, 4), date(10, 12)]));
        assert_eq!([scores.all().gold, scores.all().predicted], [1, 1]);
        assert_eq!(scores.all().value.f, 1.0);
    }

    #[test]
    fn perfect_is_one_and_nothing_is_zero() {
        let all = score(&four(), Some(&four()));
        let it = all.all();
        for f in [it.strict, it.relaxed, it.value, it.r#type, it.canon, it.interval] {
            assert_eq!(f.f, 1.0);
        }
        let none = score(&four(), None);
        assert_eq!([none.all().value.f, none.all().relaxed.p], [0.0, 0.0]);
        assert_eq!(none.missing, ["a"]);
    }

    #[test]
    fn faults_are_named() {
        let (gold, predicted) = (document(&four()), document(&other_four()));
        let aligned = Aligned::new(&gold, Some(&predicted));
        let found = disagreements(&aligned, &Words::new(&gold.text));
        let faults: Vec<Fault> = found.iter().map(|it| it.fault).collect();
        assert_eq!(faults, [Fault::Value, Fault::Extent, Fault::Type, Fault::Missed, Fault::Wrong]);
    }
}
