//! Every rule's own examples, and what joins sentences.

use super::Attributions;
use crate::dates::Dates;
use crate::model::{
    Actor, Attribution, Block, BlockKind, CueClass, Document, Mention, MentionForm, Mentions,
    RuleId, Sentences, Stance, Tokens,
};
use crate::rules::{Marked, Pack, PackFiles, RuleSpec};
use crate::sentences::Splitter;
use crate::text::Span;
use crate::tokens::Tokenizer;

struct Stages {
    pack: Pack,
    splitter: Splitter,
    tokenizer: Tokenizer,
    attributions: Attributions,
}

impl Stages {
    fn new() -> Stages {
        let pack = Pack::load(PackFiles::embedded()).unwrap();
        let attributions = Attributions::new(&pack).unwrap();
        let splitter = Splitter::new(&pack.files).unwrap();
        Stages { tokenizer: Tokenizer::new(&pack).unwrap(), pack, splitter, attributions }
    }

    fn read(&self, text: &str) -> (Document, Sentences, Tokens) {
        let mut blocks = Vec::new();
        let mut at = 0;
        for part in text.split_inclusive("\n\n") {
            let span = Span::new(at, at + part.len()).trim(text);
            blocks.push(Block { span, kind: BlockKind::Paragraph });
            at += part.len();
        }
        let document = Document { original: text.to_owned(), blocks, ..Document::default() };
        let sentences = self.splitter.split(&document);
        let tokens = self.tokenizer.tokens(&self.pack.lexicon, text, &sentences);
        (document, sentences, tokens)
    }

    fn find(&self, text: &str) -> Vec<Attribution> {
        let (document, sentences, tokens) = self.read(text);
        self.attributions.find(&document, &sentences, &tokens, &[], &people(text))
    }

    fn chunks(&self, text: &str) -> Vec<(String, Span)> {
        let (document, sentences, tokens) = self.read(text);
        let of = |outer| self.attributions.chunks(&document, &sentences, &tokens, outer);
        (0..sentences.outer.len())
            .flat_map(of)
            .map(|(kind, span)| (kind.to_owned(), span))
            .collect()
    }
}

/// Where the people of the examples are named.
fn people(text: &str) -> Mentions {
    let mut all = Vec::new();
    for name in ["Ana Diaz", "Bo Lee"] {
        for (at, _) in text.match_indices(name) {
            let span = Span::new(at, at + name.len());
            let rule = RuleId::new("example");
            all.push(Mention { span, actor: Some(0), form: MentionForm::Name, rule });
        }
    }
    all.sort_by_key(|it| it.span.start);
    let person = Actor { kind: "person", ..Actor::default() };
    Mentions { all, actors: vec![person], ..Mentions::default() }
}

fn show(attribution: &Attribution, text: &str) -> String {
    let words = |spans: &[Span]| {
        let all: Vec<_> = spans.iter().map(|it| it.of(text)).collect();
        all.join(" // ")
    };
    format!(
        "{}: {} [{}] {}",
        attribution.rule,
        words(&attribution.source),
        words(&attribution.cue),
        words(&attribution.content)
    )
}

#[test]
fn attribution_rules_keep_to_their_examples() {
    let stages = Stages::new();
    let mut wrong = Vec::new();
    for rule in &stages.pack.attributions {
        let id = rule.spec.id().get_ref();
        if !rule.spec.names_content() {
            continue;
        }
        for example in &rule.spec.finds {
            let marked = Marked::parse(example.get_ref());
            let found = stages.find(&marked.text);
            let fits = |it: &&Attribution| {
                it.rule.as_str() == id
                    && it.source == marked.spans("source")
                    && it.cue == marked.spans("cue")
                    && it.content == marked.spans("content")
            };
            if !found.iter().any(|it| fits(&it)) {
                let shown: Vec<_> = found.iter().map(|it| show(it, &marked.text)).collect();
                wrong.push(format!("{id} should find {}\n   {shown:?}", example.get_ref()));
            }
        }
        for example in &rule.spec.silent {
            let found = stages.find(example.get_ref());
            if found.iter().any(|it| it.rule.as_str() == id) {
                wrong.push(format!("{id} should be silent on {}", example.get_ref()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn chunk_rules_keep_to_their_examples() {
    let stages = Stages::new();
    let mut wrong = Vec::new();
    for rule in &stages.pack.chunks {
        let kind = rule.spec.kind.get_ref();
        for example in &rule.spec.finds {
            let marked = Marked::parse(example.get_ref());
            let found = stages.chunks(&marked.text);
            for span in marked.spans(kind) {
                if !found.contains(&(kind.clone(), span)) {
                    let shown: Vec<_> = found
                        .iter()
                        .map(|it| format!("{}[{}]", it.0, it.1.of(&marked.text)))
                        .collect();
                    wrong.push(format!(
                        "{} on {}: {shown:?}",
                        rule.spec.id().get_ref(),
                        example.get_ref()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `[words](source)` and so on mark one attribution.
#[track_caller]
fn check(example: &str) {
    let marked = Marked::parse(example);
    let found = Stages::new().find(&marked.text);
    let fits = found.iter().any(|it| {
        it.source == marked.spans("source")
            && it.cue == marked.spans("cue")
            && it.content == marked.spans("content")
    });
    let shown: Vec<_> = found.iter().map(|it| show(it, &marked.text)).collect();
    assert!(fits, "{example}\n{shown:#?}");
}

#[test]
fn quotations_go_on() {
    check("[“We won,”](content) [Ana Diaz](source) [said](cue). [“That is all.”](content)");
    check("[“We won,”](content) [she](source) [said](cue).\n\n[“That is all.”](content)");
}

#[test]
fn a_quotation_that_opens_a_paragraph_may_be_of_whom_that_tells() {
    check(
        "[She](source) [said](cue) [it rained](content).\n\n“It did not.” Bo Lee, her aide, left.",
    );
    check("[She](source) [said](cue) [it rained](content). [“It did.”](content) Bo Lee left.");
}

#[test]
fn double_marks_stand_in_single_ones() {
    check("[‘He said “no” to me,’](content) [she](source) [said](cue).");
    check("['He said \"no\" to me,'](content) [she](source) [said](cue).");
}

#[test]
fn a_turn_of_a_transcript_keeps_its_mark_and_may_ask() {
    check_stance("Q: Thank you. Was it cut?", Stance::Questions);
    check_stance("Q: Was it cut? They say so.", Stance::Asserts);
    check("[Q](source)[:](cue) [And then?](content)\n\nDIAZ: We left it as it was before.");
}

#[test]
fn a_document_says_it_on_the_day_on_which_it_was_made() {
    let stages = Stages::new();
    let dates = Dates::new(&stages.pack).unwrap();
    let check = |text: &str, expected: &[&str]| {
        let (document, sentences, tokens) = stages.read(text);
        let timexes = dates.find(&document, &sentences, &tokens);
        let mentions = Mentions::default();
        let found = stages.attributions.find(&document, &sentences, &tokens, &timexes, &mentions);
        let said_on = found.iter().flat_map(|it| &it.said_on);
        let days: Vec<&str> = said_on.map(|&at| timexes[at as usize].span.of(text)).collect();
        assert_eq!(days, expected, "{text}");
    };
    check("A report published on Monday said that prices rose.", &["Monday"]);
    check("According to a report released in March, prices rose.", &["March"]);
    check("A report of the bank founded in 2015 said that prices rose.", &[]);
    check("Ana Diaz today announced that prices would rise by May.", &["today"]);
    check("Ana Diaz will today announce that prices rose.", &["today"]);
}

#[test]
fn nothing_is_said_twice() {
    for text in [
        "“We won,” she said, adding: “It rained.”",
        "Ana Diaz was quoted as saying that it rained.",
        "He said, “It rained,” and left.",
    ] {
        let mut found: Vec<_> = Stages::new().find(text).into_iter().map(|it| it.content).collect();
        let count = found.len();
        found.dedup_by(|next, kept| next.iter().all(|it| kept.contains(it)));
        assert_eq!(found.len(), count, "{text}");
    }
    check("[He](source) [said](cue), [“It rained,”](content) and left.");
}

#[test]
fn the_outermost_is_taken() {
    check("[Ana Diaz](source) [said](cue) [that voters believe that taxes will rise](content).");
}

#[test]
fn a_participle_goes_with_the_main_clause() {
    check(
        "[Ana Diaz](source) smiled when Bo Lee left, [saying](cue) [that it would rain](content).",
    );
    check("[Ana Diaz](source) sent a letter to the board [saying](cue) [that it rained](content).");
}

#[test]
fn a_clause_that_opens_a_sentence_ends_before_the_main_clause() {
    check("While [Ana Diaz](source) [said](cue) [that it would rain](content), Bo Lee left.");
}

#[test]
fn a_comma_in_a_quotation_does_not_end_what_goes_on() {
    check("[Ana Diaz](source) [said](cue) [it was “a mess,” but not hers](content).");
    check("[Ana Diaz](source) [called](cue) [it “a mess,”](content) and the town left.");
}

#[test]
fn what_nobody_closed_belongs_to_the_paragraph_that_follows() {
    check(
        "“We won,” Ana Diaz said.\n\n[“They came at night.](content)\n\n\
         [“They took the bread,”](content) [said](cue) [Bo Lee](source).",
    );
}

#[test]
fn a_quotation_goes_on_with_a_few_words() {
    check(
        "[“We won,”](content) [Ana Diaz](source) [said](cue). \
         [“That is a day” for the town](content).",
    );
}

/// The stance of the only attribution of a text.
#[track_caller]
#[test]
fn a_quotation_goes_on_behind_a_conjunction_and_a_mark() {
    check("[“No,”](content) [she](source) [said](cue). And then: [“Not yet.”](content)");
    check("[“No,”](content) [she](source) [said](cue). And the mayor then: “Not yet.”");
}

fn check_stance(text: &str, stance: Stance) {
    let found = Stages::new().find(text);
    let stances: Vec<_> = found.iter().map(|it| it.stance).collect();
    assert_eq!(stances, [stance], "{text}");
}

#[test]
fn what_is_not_said_is_denied() {
    check_stance("Ana Diaz did not say that it rained.", Stance::Denies);
    check_stance("No farmer said that it rained.", Stance::Denies);
    check_stance("Ana Diaz refused to say whether it rained.", Stance::Denies);
    check_stance("Ana Diaz did not promise that it would rain.", Stance::Denies);
}

#[test]
fn what_is_not_denied_is_left_open() {
    check_stance("Ana Diaz has not denied that it rained.", Stance::Hedges);
    check_stance("Nobody denied that it rained.", Stance::Hedges);
}

#[test]
fn every_cue_has_a_frame_that_a_rule_asks_for() {
    let pack = Pack::load(PackFiles::embedded()).unwrap();
    let files = pack.files.matching("attributions/", ".toml");
    let rules: String = files.map(|it| it.text.as_str()).collect();
    let is_frame = |class: &str| {
        let is_kind = CueClass::from_word(class).is_some()
            || Stance::from_word(class).is_some()
            || ["cue-verb", "cue-noun", "cue-adjective", "cue-adverb"].contains(&class)
            || class.starts_with("as-");
        let asked = format!("@{class}");
        let ends = |rest: &str| !rest.starts_with(|it: char| it == '-' || it.is_alphanumeric());
        !is_kind && (class == "cue-according" || rules.split(&asked).skip(1).any(ends))
    };
    let list = pack.files.matching("words/cues", ".csv").next().unwrap();
    for row in list.text.lines().skip(1) {
        let mut cells = row.split(',');
        let (word, classes) = (cells.next().unwrap(), cells.next().unwrap());
        assert!(classes.split(' ').any(is_frame), "`{word}` has no frame: {classes}");
    }
}
