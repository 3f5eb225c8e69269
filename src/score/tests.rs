//! What the metrics promise, on texts short enough to count by hand.

use super::*;
use crate::layers::{LayerAttribution, LayerClaim, LayerDate};

const TEXT: &str = "“They will never leave,” said Eva Orr, head of Zed. Sam Hill said fees would drop. She wants calm.";

/// The place of the `nth` occurrence of `words`.
#[track_caller]
fn place(text: &str, words: &str, nth: usize) -> Place {
    let (at, _) = text.match_indices(words).nth(nth).unwrap();
    let start = text[..at].chars().count();
    [start as u32, (start + words.chars().count()) as u32]
}

#[track_caller]
fn at(text: &str, source: &[&str], cue: &[&str], content: &[&str]) -> LayerAttribution {
    let places = |all: &[&str]| all.iter().map(|it| place(text, it, 0)).collect();
    LayerAttribution {
        source: places(source),
        cue: places(cue),
        content: places(content),
        ..LayerAttribution::default()
    }
}

fn document(text: &str, attributions: &[LayerAttribution]) -> LayerDocument {
    LayerDocument {
        id: "a".to_owned(),
        text: text.to_owned(),
        attributions: Some(attributions.to_vec()),
        ..LayerDocument::default()
    }
}

fn three() -> [LayerAttribution; 3] {
    let mut second = at(TEXT, &["Sam Hill"], &[], &["fees would drop"]);
    second.cue = vec![place(TEXT, "said", 1)];
    [
        at(TEXT, &["Eva Orr, head of Zed"], &["said"], &["“They will never leave,”"]),
        second,
        at(TEXT, &["She"], &["wants"], &["calm"]),
    ]
}

fn run(gold: &LayerDocument, predicted: &[LayerAttribution], options: &Options) -> Scores {
    let predicted = document("", predicted);
    score(std::slice::from_ref(gold), &[predicted], options).unwrap()
}

fn attributions(gold: &LayerDocument, predicted: &[LayerAttribution]) -> Attributions {
    run(gold, predicted, &Options::default()).attribution.unwrap()
}

/// Figures for three gold attributions of [`TEXT`].
fn of_three(predicted: &[LayerAttribution]) -> Attributions {
    attributions(&document(TEXT, &three()), predicted)
}

#[test]
fn perfect_is_one() {
    let it = of_three(&three());
    let one = Prf { p: 1.0, r: 1.0, f: 1.0 };
    let all = &it.all;
    for prf in [all.content_tok, all.tok_joint, all.r#match, all.strict, all.joint, all.joint_f1src]
    {
        assert_eq!(prf, one);
    }
    assert_eq!(all.cue_exact, 1.0);
    let gold = [&it.quoted, &it.direct, &it.mixed, &it.indirect].map(|it| it.gold);
    assert_eq!(gold, [1, 1, 0, 2]);
}

#[test]
fn marks_at_the_edges_and_descriptions_do_not_matter() {
    let it = of_three(&[at(TEXT, &["Zed"], &["leave"], &["They will never leave"])]);
    let all = &it.all;
    assert_eq!((all.matched, all.strict.p), (1, 1.0));
    assert_eq!([all.src_f1, all.src_head, all.src_ok, all.cue_any], [0.0, 1.0, 1.0, 0.0]);
    assert_eq!([all.content_tok.p, all.content_tok.r], [1.0, 0.5]);
    assert_eq!((it.quoted.r#match.f, it.indirect.predicted), (1.0, 0));
    assert_eq!([all.joint.p, all.joint_f1src.p], [1.0, 0.0]);
    assert_eq!([all.tok_joint.p, all.tok_joint.r], [1.0, 0.5]);
}

#[test]
fn words_count_however_contents_are_cut() {
    let all = of_three(&[
        at(TEXT, &["Sam"], &[], &["They will"]),
        at(TEXT, &["Zed"], &[], &["never leave"]),
    ])
    .all;
    assert_eq!([all.tok_joint.p, all.tok_joint.r, all.content_tok.p], [0.5, 0.25, 1.0]);
    assert_eq!(all.matched, 1);
}

#[test]
fn half_of_the_words_is_a_match_and_less_is_none() {
    // drop | She | wants: one word of five.
    let all = of_three(&[at(TEXT, &["Sam Hill"], &[], &["drop. She wants"])]).all;
    assert_eq!(all.matched, 0);
    // said fees would drop Hill Sam: three of six.
    let all =
        of_three(&[at(TEXT, &["Sam Hill"], &[], &["said fees would drop", "Hill", "Sam"])]).all;
    assert_eq!((all.matched, all.strict.p, all.mean_iou), (1, 0.0, 0.5));
}

#[test]
fn two_predictions_for_one_are_one_too_many_and_the_better_counts() {
    let all = of_three(&[at(TEXT, &["She"], &["wants"], &["fees would"]), three()[1].clone()]).all;
    assert_eq!((all.matched, all.r#match.p, all.src_f1), (1, 0.5, 1.0));
}

#[test]
fn no_source_is_right_only_where_gold_has_none() {
    let without = LayerAttribution { source: Vec::new(), ..three()[2].clone() };
    let gold = document(TEXT, std::slice::from_ref(&without));
    assert_eq!(attributions(&gold, &[without]).all.src_ok, 1.0);
    assert_eq!(attributions(&gold, &[three()[2].clone()]).all.src_ok, 0.0);
}

#[test]
fn another_mention_of_the_name_counts_only_in_the_lenient_figure() {
    let text = "Sam Hill came. Hill said he lost.";
    let mut gold = at(text, &[], &["said"], &["he lost"]);
    gold.source = vec![place(text, "Hill", 1)];
    let predicted = at(text, &["Sam Hill"], &["said"], &["he lost"]);
    let all = attributions(&document(text, &[gold]), &[predicted]).all;
    assert_eq!([all.src_text, all.src_ok, all.joint.f, all.joint_text.f], [1.0, 0.0, 0.0, 1.0]);
}

#[test]
fn pieces_are_one_content_and_offsets_are_code_points() {
    let text = "😀 Eva: the deal is “a joke” and\nmust “stop here”";
    let gold = at(text, &["Eva"], &[":"], &["the deal is “a joke” and", "must “stop here”"]);
    let end = text.chars().count() as u32;
    let content = vec![[place(text, "the", 0)[0], end - 1]];
    let predicted = LayerAttribution { content, ..gold.clone() };
    let it = attributions(&document(text, &[gold]), &[predicted]);
    assert_eq!((it.mixed.gold, it.mixed.strict.f), (1, 1.0));
    assert_eq!([it.all.cue_exact, it.all.src_f1], [1.0, 1.0]);
}

#[test]
fn a_document_without_prediction_counts() {
    let mut other = document(TEXT, &three());
    other.id = "b".to_owned();
    let gold = [document(TEXT, &three()), other];
    let scores =
        score(&gold, &[document("", &three())], &Options::default()).unwrap().attribution.unwrap();
    assert_eq!((scores.documents, scores.documents_predicted), (2, 1));
    assert_eq!([scores.all.r#match.p, scores.all.r#match.r], [1.0, 0.5]);
    let none = score(&gold, &[], &Options::default()).unwrap().attribution.unwrap();
    assert_eq!(none.all.r#match, Prf::default());
}

#[test]
fn an_unmatched_prediction_is_quoted_if_marks_touch_it() {
    let gold = document(TEXT, &[three()[1].clone()]);
    let it = attributions(&gold, &[at(TEXT, &[], &[], &["They will never leave"])]);
    let counts = [it.quoted.predicted, it.indirect.predicted, it.indirect.gold];
    assert_eq!(counts, [1, 0, 1]);
}

#[test]
fn what_is_neutral_is_neither_missed_nor_wrong() {
    let mut gold = three();
    for (it, class) in gold.iter_mut().zip(["speech", "speech", "other"]) {
        it.cue_class = class.to_owned();
    }
    let found = [three()[0].clone(), three()[2].clone()];
    let speech = Options { only_cue_class: Some("speech".to_owned()), ..Options::default() };
    let all = run(&document(TEXT, &gold), &found, &speech).attribution.unwrap().all;
    assert_eq!((all.gold, all.predicted, all.r#match.p, all.r#match.r), (2, 1, 1.0, 0.5));
    gold[2].optional = true;
    let all = attributions(&document(TEXT, &gold), &found).all;
    assert_eq!((all.gold, all.predicted, all.r#match.p, all.r#match.r), (2, 1, 1.0, 0.5));
}

#[test]
fn what_annotators_set_aside_may_be_found() {
    let mut gold = document(TEXT, &[three()[0].clone()]);
    gold.discard = vec![place(TEXT, "Sam Hill said fees would drop.", 0)];
    let found = [three()[0].clone(), three()[1].clone()];
    let ignore = Options { ignore_discard: true, ..Options::default() };
    let precision = |options| run(&gold, &found, options).attribution.unwrap().all.r#match.p;
    assert_eq!(precision(&ignore), 1.0);
    assert_eq!(precision(&Options::default()), 0.5);
}

#[test]
fn the_s_of_a_possessive_is_no_head() {
    let text = "Eva Orr’s view is that it holds. Orr left.";
    let gold = at(text, &["Eva Orr’s"], &["view is"], &["that it holds"]);
    let predicted = LayerAttribution { source: vec![place(text, "Eva Orr", 0)], ..gold.clone() };
    assert_eq!(attributions(&document(text, &[gold]), &[predicted]).all.src_head, 1.0);
}

#[track_caller]
fn check_error(predicted: &[LayerDocument], expected: &str) {
    let gold = [document(TEXT, &three())];
    let error = score(&gold, predicted, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn bad_predictions_are_refused() {
    let mut other = document("", &[]);
    other.id = "z".to_owned();
    check_error(&[other], "gold has no document `z` that was predicted");
    let twice = [document("", &[]), document("", &[])];
    check_error(&twice, "there are two predictions for `a`");
    let content = vec![[90, 190]];
    let late = document("", &[LayerAttribution { content, ..LayerAttribution::default() }]);
    check_error(
        &[late],
        "prediction for `a`: content [90, 190] lies past the end: the text has 98 code points",
    );
}

#[test]
fn gold_without_its_text_is_refused() {
    let error = score(&[document("", &three())], &[], &Options::default()).unwrap_err();
    assert!(error.to_string().starts_with("gold of `a`: source [30, 50] lies past"), "{error}");
}

#[test]
fn speakers_are_compared_by_canonical_name() {
    let mut gold = three();
    gold[0].speaker = "Eva Orr".to_owned();
    gold[1].speaker = "Sam Hill".to_owned();
    let mut found = gold.clone();
    found[0].speaker = "EVA  Orr".to_owned();
    found[0].speaker_id = "ac_1".to_owned();
    found[1].speaker = "Hill".to_owned();
    let scores = run(&document(TEXT, &gold), &found, &Options::default());
    let it = scores.actor.as_ref().unwrap().speakers.as_ref().unwrap();
    assert_eq!((it.matched, it.right, it.claimed, it.claimed_right), (2, 1, 1, 1));
    assert_eq!(scores.figure("speaker"), Some(0.5));
    assert_eq!(scores.figure("actor"), None);
    let wrong: Vec<_> = scores.errors.iter().map(|it| (it.fault, it.gold.as_str())).collect();
    assert_eq!(wrong, [(Fault::Speaker, "speaker `Sam Hill`")]);
}

#[test]
fn dated_claims_match_by_span_and_are_right_by_value() {
    let claim = |words: &str, values: &[&str]| LayerClaim {
        span: place(TEXT, words, 0),
        dates: values
            .iter()
            .map(|&it| LayerDate { surface: String::new(), value: it.to_owned() })
            .collect(),
        rule: "r".to_owned(),
        ..LayerClaim::default()
    };
    let with = |claims: &[LayerClaim]| LayerDocument {
        dated_claims: Some(claims.to_vec()),
        attributions: None,
        ..document(TEXT, &[])
    };
    let gold = with(&[
        claim("They will never leave", &["2015", "2016"]),
        claim("fees would drop", &["2017"]),
        LayerClaim { optional: true, ..claim("She wants calm", &["2018"]) },
    ]);
    let found = with(&[
        claim("will never leave", &["2016"]),
        claim("wants calm", &["2018"]),
        claim("head of Zed", &[]),
    ]);
    let scores = score(&[gold], &[found], &Options::default()).unwrap();
    let it = scores.dated_claim.as_ref().unwrap();
    assert_eq!((it.gold, it.predicted, it.r#match.f), (2, 2, 0.5));
    assert_eq!((it.dates, it.date_accuracy, it.joint.f), (2, 0.5, 0.0));
    let rule = &scores.rules[0];
    assert_eq!((rule.predictions, rule.matched, rule.right), (2, 1, 0));
}

#[test]
fn every_disagreement_is_told_once() {
    let mut found = three();
    found[0].source = vec![place(TEXT, "Sam Hill", 0)];
    found[0].rule = "first".to_owned();
    found[1].content = vec![place(TEXT, "drop. She wants", 0)];
    found[2] = at(TEXT, &[], &[], &["head of"]);
    let scores = run(&document(TEXT, &three()), &found, &Options::default());
    let faults: Vec<Fault> = scores.errors.iter().map(|it| it.fault).collect();
    assert_eq!(faults, [Fault::Source, Fault::Wrong, Fault::Cut, Fault::Missed]);
    let text = scores.errors_text(1);
    assert!(text.starts_with("attribution: 1 missed, 1 wrong, 1 wrong cut, 1 wrong source\n"));
    assert!(text.contains("found: source `Sam Hill` cue `said`"), "{text}");
    assert!(text.contains("(rule first)"), "{text}");
}

#[test]
fn rules_are_counted() {
    let mut found = three();
    for (it, rule) in found.iter_mut().zip(["x", "x", "y"]) {
        it.rule = rule.to_owned();
    }
    found[1].source = vec![place(TEXT, "Zed", 0)];
    let scores = run(&document(TEXT, &three()), &found, &Options::default());
    let counts: Vec<_> = scores
        .rules
        .iter()
        .map(|it| (it.rule.as_str(), it.predictions, it.matched, it.right, it.precision_right))
        .collect();
    assert_eq!(counts, [("x", 2, 2, 1, 0.5), ("y", 1, 1, 1, 1.0)]);
}

#[test]
fn every_figure_has_a_name_that_is_found() {
    let gold = LayerDocument {
        sentences: Some(crate::layers::Segments::Places(vec![[0, 51], [52, 98]])),
        paragraphs: Some(vec![[0, 98]]),
        timexes: Some(Vec::new()),
        actors: Some(Vec::new()),
        dated_claims: Some(Vec::new()),
        ..document(TEXT, &[LayerAttribution { speaker: "x".to_owned(), ..three()[0].clone() }])
    };
    let scores =
        score(std::slice::from_ref(&gold), std::slice::from_ref(&gold), &Options::default())
            .unwrap();
    for (name, _) in FIGURES {
        assert!(scores.figure(name).is_some(), "{name}");
    }
    assert_eq!(scores.figure("sentences"), None);
    assert_eq!(scores.figure("timex-valeu"), None);
}
