//! How well sentences were found: cuts, counted in code points that are no white space, so
//! that how white space is dealt out never matters. The end of a document is free.

use serde::Serialize;

use super::words::{Words, fold, is_space};
use super::{Disagreement, Fault, Layer, harmonic};
use crate::layers::{LayerDocument, Segments};

/// Figures of sentences.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Sentences {
    /// Gold documents with this layer.
    pub documents: usize,
    /// Those without prediction, which count as one sentence.
    pub missing: usize,
    /// Every cut.
    pub all: Cuts,
    /// Cuts at the end of a paragraph of gold left out of both sides; only where gold has
    /// paragraphs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside_paragraphs: Option<Cuts>,
    /// F1 of whole sentences, both ends right.
    #[serde(serialize_with = "four_digits")]
    pub sentence_f1: f64,
    /// Documents in which every cut is right.
    pub exact: usize,
    /// Documents in which every sentence has the same words.
    pub exact_strict: usize,
    /// Documents in which a cut is wrong.
    pub failed: Vec<String>,
}

/// Figures of cuts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Cuts {
    /// In gold.
    pub gold: usize,
    /// In both.
    pub right: usize,
    /// Only predicted.
    pub wrong: usize,
    /// Only in gold.
    pub missed: usize,
    /// Precision.
    #[serde(serialize_with = "four_digits")]
    pub p: f64,
    /// Recall.
    #[serde(serialize_with = "four_digits")]
    pub r: f64,
    /// F1.
    #[serde(serialize_with = "four_digits")]
    pub f: f64,
}

/// To four digits, as is customary for this metric.
fn four_digits<S: serde::Serializer>(it: &f64, to: S) -> Result<S::Ok, S::Error> {
    let rounded: f64 = format!("{it:.4}").parse().expect("a number was just written");
    to.serialize_f64(rounded)
}

/// The share of `right` in `all`; of nothing, everything is right.
fn share(right: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { right as f64 / all as f64 }
}

/// Gold and predictions of one document.
pub(super) struct Aligned<'a> {
    document: &'a LayerDocument,
    is_predicted: bool,
    gold: Vec<usize>,
    predicted: Vec<usize>,
    total: usize,
    /// Cuts that fall on the end of a paragraph, if gold has paragraphs.
    paragraphs: Option<Vec<usize>>,
    same_words: bool,
}

impl<'a> Aligned<'a> {
    /// # Errors
    /// Sentences given by their words that are not the words of the text.
    pub(super) fn new(
        document: &'a LayerDocument,
        predicted: Option<&LayerDocument>,
        words: &Words,
    ) -> Result<Aligned<'a>, String> {
        let before = ink_before(words);
        let total = before[before.len() - 1];
        let whole = Segments::Places(vec![[0, words.len()]]);
        let found = predicted.and_then(|it| it.sentences.as_ref());
        let none = Segments::Places(Vec::new());
        let gold = document.sentences.as_ref().unwrap_or(&none);
        let cuts = |it, whose: &str| {
            cuts(it, &before).map_err(|it| format!("`{}`: {whose}: {it}", document.id))
        };
        Ok(Aligned {
            document,
            is_predicted: found.is_some(),
            gold: cuts(gold, "gold")?,
            predicted: cuts(found.unwrap_or(&whole), "prediction")?,
            total,
            paragraphs: document
                .paragraphs
                .as_ref()
                .filter(|it| !it.is_empty())
                .map(|it| it.iter().map(|it| before[it[1] as usize]).collect()),
            same_words: sentences(gold, words) == sentences(found.unwrap_or(&whole), words),
        })
    }
}

/// For each place between code points, how many before it are no white space.
fn ink_before(words: &Words) -> Vec<usize> {
    let mut count = 0;
    let mut before = vec![0];
    before.extend(words.chars.iter().map(|&it| {
        count += usize::from(!is_space(it));
        count
    }));
    before
}

/// Where the segments begin and end, without the edges of the text, in order.
fn cuts(segments: &Segments, before: &[usize]) -> Result<Vec<usize>, String> {
    let total = before[before.len() - 1];
    let mut cuts: Vec<usize> = match segments {
        Segments::Places(places) => {
            places.iter().flatten().map(|&it| before[it as usize]).collect()
        }
        Segments::Words(sentences) => {
            let mut at = 0;
            let ends = sentences.iter().map(|it| {
                at += it.chars().filter(|&it| !is_space(it)).count();
                at
            });
            let ends = ends.collect();
            if at != total {
                return Err(format!(
                    "the sentences hold {at} code points that are no white space, the text {total}"
                ));
            }
            ends
        }
    };
    cuts.retain(|&it| it != 0 && it != total);
    cuts.sort_unstable();
    cuts.dedup();
    Ok(cuts)
}

/// The words of the segments, those without any left out.
fn sentences(segments: &Segments, words: &Words) -> Vec<String> {
    let all: Vec<String> = match segments {
        Segments::Places(places) => places.iter().map(|&it| words.text(it)).collect(),
        Segments::Words(sentences) => sentences.clone(),
    };
    all.iter().map(|it| it.trim_matches(is_space).to_owned()).filter(|it| !it.is_empty()).collect()
}

/// Adds up documents.
#[derive(Default)]
pub(super) struct Sums {
    documents: usize,
    missing: usize,
    all: Cuts,
    inside: Cuts,
    has_paragraphs: bool,
    sentences_gold: usize,
    sentences_predicted: usize,
    sentences_right: usize,
    exact: usize,
    exact_strict: usize,
    failed: Vec<String>,
}

impl Sums {
    pub(super) fn add(&mut self, aligned: &Aligned<'_>) {
        self.documents += 1;
        self.missing += usize::from(!aligned.is_predicted);
        self.all.add(&aligned.gold, &aligned.predicted);
        self.has_paragraphs |= aligned.paragraphs.is_some();
        let ends = aligned.paragraphs.as_deref().unwrap_or_default();
        let inside = |cuts: &[usize]| -> Vec<usize> {
            cuts.iter().copied().filter(|it| !ends.contains(it)).collect()
        };
        self.inside.add(&inside(&aligned.gold), &inside(&aligned.predicted));
        let whole = |cuts: &[usize]| -> Vec<(usize, usize)> {
            let starts = std::iter::once(0).chain(cuts.iter().copied());
            starts.zip(cuts.iter().copied().chain([aligned.total])).collect()
        };
        let (gold, predicted) = (whole(&aligned.gold), whole(&aligned.predicted));
        self.sentences_gold += gold.len();
        self.sentences_predicted += predicted.len();
        self.sentences_right +=
            gold.iter().filter(|it| predicted.binary_search(it).is_ok()).count();
        if aligned.gold == aligned.predicted {
            self.exact += 1;
        } else {
            self.failed.push(aligned.document.id.clone());
        }
        self.exact_strict += usize::from(aligned.same_words);
    }

    pub(super) fn figures(self) -> Sentences {
        Sentences {
            documents: self.documents,
            missing: self.missing,
            all: self.all.with_shares(),
            inside_paragraphs: self.has_paragraphs.then(|| self.inside.with_shares()),
            sentence_f1: harmonic(
                share(self.sentences_right, self.sentences_predicted),
                share(self.sentences_right, self.sentences_gold),
            ),
            exact: self.exact,
            exact_strict: self.exact_strict,
            failed: self.failed,
        }
    }
}

impl Cuts {
    fn add(&mut self, gold: &[usize], predicted: &[usize]) {
        let right = gold.iter().filter(|it| predicted.binary_search(it).is_ok()).count();
        self.gold += gold.len();
        self.right += right;
        self.wrong += predicted.len() - right;
        self.missed += gold.len() - right;
    }

    fn with_shares(self) -> Cuts {
        let p = share(self.right, self.right + self.wrong);
        let r = share(self.right, self.right + self.missed);
        Cuts { p, r, f: harmonic(p, r), ..self }
    }
}

impl Sentences {
    pub(super) fn table(&self, out: &mut String) {
        out.push_str(&format!(
            "sentence: {} documents ({} predicted)\n",
            self.documents,
            self.documents - self.missing
        ));
        let inside = self.inside_paragraphs.iter().map(|it| ("inside paragraphs", it));
        for (name, it) in std::iter::once(("all cuts", &self.all)).chain(inside) {
            out.push_str(&format!(
                "  {name:18} gold {:6} P {:.4} R {:.4} F1 {:.4}\n",
                it.gold, it.p, it.r, it.f
            ));
        }
        out.push_str(&format!(
            "  sentences F1 {:.4}, documents all right {} (same words {})\n",
            self.sentence_f1, self.exact, self.exact_strict
        ));
        if (1..=48).contains(&self.failed.len()) && self.documents <= 60 {
            out.push_str(&format!("  not all right: {}\n", self.failed.join(", ")));
        }
    }
}

/// What gold and prediction do not agree on, in order of place.
pub(super) fn disagreements(aligned: &Aligned<'_>, words: &Words) -> Vec<Disagreement> {
    const AROUND: u32 = 50;
    let before = ink_before(words);
    let missed = aligned.gold.iter().filter(|it| !aligned.predicted.contains(it));
    let wrong = aligned.predicted.iter().filter(|it| !aligned.gold.contains(it));
    let mut all: Vec<_> = missed.map(|&it| (it, Fault::Missed)).collect();
    all.extend(wrong.map(|&it| (it, Fault::Wrong)));
    all.sort_unstable_by_key(|it| it.0);
    let make = |(cut, fault)| {
        let at = before.partition_point(|&it| it < cut) as u32;
        let left = words.text([at.saturating_sub(AROUND), at]);
        let right = words.text([at, at + AROUND]);
        let (gold, found) = match fault {
            Fault::Missed => ("a cut", "none"),
            _ => ("none", "a cut"),
        };
        Disagreement {
            layer: Layer::Sentence,
            fault,
            document: aligned.document.id.clone(),
            place: [at, at],
            around: format!("…{} | {}…", fold(&left), fold(&right)),
            gold: gold.to_owned(),
            found: found.to_owned(),
            rule: String::new(),
        }
    };
    all.into_iter().map(make).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Go on. Dr. B came. No!\n\nFin";

    fn words(sentences: &[&str]) -> Segments {
        Segments::Words(sentences.iter().map(|&it| it.to_owned()).collect())
    }

    fn places(places: &[[u32; 2]]) -> Segments {
        Segments::Places(places.to_vec())
    }

    fn gold() -> LayerDocument {
        LayerDocument {
            id: "a".to_owned(),
            text: TEXT.to_owned(),
            sentences: Some(places(&[[0, 6], [7, 18], [19, 22], [24, 27]])),
            paragraphs: Some(vec![[0, 22], [24, 27]]),
            ..LayerDocument::default()
        }
    }

    fn score_with(gold: &LayerDocument, predicted: Option<Segments>) -> Result<Sentences, String> {
        let predicted =
            predicted.map(|it| LayerDocument { sentences: Some(it), ..LayerDocument::default() });
        let mut sums = Sums::default();
        sums.add(&Aligned::new(gold, predicted.as_ref(), &Words::new(&gold.text))?);
        Ok(sums.figures())
    }

    fn score(predicted: Segments) -> Sentences {
        score_with(&gold(), Some(predicted)).unwrap()
    }

    fn counts(it: &Cuts) -> [usize; 3] {
        [it.right, it.wrong, it.missed]
    }

    #[test]
    fn white_space_does_not_matter() {
        let it = score(places(&[[0, 7], [7, 19], [19, 24], [24, 27]]));
        assert_eq!([it.all.p, it.all.r, it.all.f, it.sentence_f1], [1.0; 4]);
        assert_eq!([it.exact, it.exact_strict, it.all.gold], [1, 1, 3]);
    }

    #[test]
    fn a_cut_too_many_costs_precision() {
        let it = score(words(&["Go on.", "Dr.", "B came.", "No!", "Fin"]));
        assert_eq!(counts(&it.all), [3, 1, 0]);
        assert_eq!((it.all.p, it.all.r, it.exact), (0.75, 1.0, 0));
        assert_eq!(format!("{:.4} {:.4}", it.all.f, it.sentence_f1), "0.8571 0.6667");
    }

    #[test]
    fn no_prediction_is_one_sentence() {
        let it = score_with(&gold(), None).unwrap();
        assert_eq!((it.missing, counts(&it.all), it.all.f), (1, [0, 0, 3], 0.0));
    }

    #[test]
    fn paragraphs_are_free_inside() {
        let it = score(words(&["Go on. Dr. B came. No!", "Fin"]));
        assert_eq!(counts(&it.all), [1, 0, 2]);
        assert_eq!(counts(&it.inside_paragraphs.unwrap()), [0, 0, 2]);
    }

    #[test]
    fn a_gap_is_one_cut() {
        assert_eq!(counts(&score(places(&[[0, 6], [7, 27]])).all), [1, 0, 2]);
    }

    #[test]
    fn words_that_are_not_the_text_are_refused() {
        let error = score_with(&gold(), Some(words(&["Go on."]))).unwrap_err();
        assert!(error.contains("hold 5 code points"), "{error}");
    }

    #[test]
    fn same_words_is_more_than_same_cuts() {
        let gold = LayerDocument {
            text: "“Né.” Ça va?".to_owned(),
            sentences: Some(words(&["“Né.”", "Ça va?"])),
            ..LayerDocument::default()
        };
        let it = score_with(&gold, Some(places(&[[0, 5], [6, 12]]))).unwrap();
        assert_eq!([it.exact, it.exact_strict], [1, 1]);
        let it = score_with(&gold, Some(words(&["“Né.”", "Çava?"]))).unwrap();
        assert_eq!([it.exact, it.exact_strict], [1, 0]);
    }

    #[test]
    fn a_document_of_one_sentence_is_right_by_default() {
        let gold = LayerDocument {
            text: "One.".to_owned(),
            sentences: Some(words(&["One."])),
            ..LayerDocument::default()
        };
        let it = score_with(&gold, None).unwrap();
        assert_eq!((it.exact, it.all.f), (1, 1.0));
    }

    #[test]
    fn cuts_are_shown_where_they_are() {
        let gold = gold();
        let predicted = LayerDocument {
            sentences: Some(words(&["Go on.", "Dr.", "B came. No!", "Fin"])),
            ..LayerDocument::default()
        };
        let text = Words::new(&gold.text);
        let aligned = Aligned::new(&gold, Some(&predicted), &text).unwrap();
        let found: Vec<_> = disagreements(&aligned, &text)
            .into_iter()
            .map(|it| (it.fault, it.place, it.around))
            .collect();
        assert_eq!(
            found,
            [
                (Fault::Wrong, [10, 10], "…Go on. Dr. | B came. No! Fin…".to_owned()),
                (Fault::Missed, [18, 18], "…Go on. Dr. B came. | No! Fin…".to_owned()),
            ]
        );
    }
}
