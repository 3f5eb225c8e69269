//! Every rule's own examples, and what joins sentences.

use super::Attributions;
use crate::model::{Attribution, Block, BlockKind, Document, Mentions, Sentences, Tokens};
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
        self.attributions.find(&document, &sentences, &tokens, &[], &Mentions::default())
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
        if !super::names_content(&rule.spec) {
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
fn the_outermost_is_taken() {
    check("[Ana Diaz](source) [said](cue) [that voters believe that taxes will rise](content).");
}
