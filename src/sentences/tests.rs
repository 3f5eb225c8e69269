use proptest::prelude::*;
use toml::Spanned;

use super::rules::FileSpec;
use super::*;
use crate::model::{Block, BlockKind};

fn splitter() -> Splitter {
    Splitter::new(&PackFiles::embedded()).unwrap()
}

fn split(text: &str) -> Sentences {
    let mut sentences = Sentences::default();
    splitter().split_block(text, Span::new(0, text.len()), 0, &mut sentences);
    sentences
}

/// A text with `|` where sentences end; where `||` stands too, `|` are the inner ends only.
/// What was found instead, in the same form, if it differs.
fn differs(example: &str) -> Option<String> {
    let text = example.replace(" || ", " ").replace(" | ", " ").replace('|', "");
    let found = split(&text);
    let mut shown = String::new();
    for (index, inner) in found.inner.iter().enumerate() {
        if let Some(before) = index.checked_sub(1) {
            let gap = &text[found.inner[before].span.end as usize..inner.span.start as usize];
            let is_outer = found.outer.iter().any(|it| it.first == index as u32);
            let mark = if is_outer && example.contains("||") { "||" } else { "|" };
            shown.push_str(&[gap, mark, gap].concat());
        }
        shown.push_str(inner.span.of(&text));
    }
    (shown != example).then_some(shown)
}

#[test]
fn rule_examples() {
    let mut wrong = String::new();
    for file in PackFiles::embedded().matching("sentences.toml", "") {
        let spec: FileSpec = file.toml().unwrap();
        let examples = spec.kind.iter().map(|it| &it.examples);
        let examples = examples.chain(spec.group.iter().map(|it| &it.examples));
        for example in examples.flat_map(Spanned::get_ref) {
            if let Some(found) = differs(example) {
                wrong.push_str(&format!("should be {example}\nbut is   {found}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn abbreviations_are_sorted() {
    for file in PackFiles::embedded().matching("abbreviations.csv", "") {
        let words: Vec<_> = file.text.lines().skip(1).map(|it| it.split(',').next()).collect();
        assert!(words.is_sorted(), "keep the rows of {} in order", file.shown);
    }
}

#[test]
fn breaks_of_lines() {
    let heading = ["Council votes", "The council of the city voted on Monday."];
    let wrapped = ["The council of the city of Port Hale voted on Monday against\nNew York."];
    let quoted = ["“The dam holds.", "“It is safe.", "Really,” said Diaz."];
    for (sentences, gap, outer) in [
        (&heading[..], "\n\n", 2),
        (&heading[..], " \r\n \r\n", 2),
        (&heading[..], "\n", 2),
        (&wrapped[..], "\n", 1),
        (&quoted[..], "\n\n", 3),
        (&quoted[..], "\n", 2),
    ] {
        let text = sentences.join(gap);
        let found = split(&text);
        let inner: Vec<_> = found.inner.iter().map(|it| it.span.of(&text)).collect();
        assert_eq!((inner.as_slice(), found.outer.len()), (sentences, outer), "{text:?}");
    }
}

#[test]
fn what_does_not_end_is_cut_between_words() {
    let splitter = splitter();
    let words = "the water rose and fell, ".repeat(2000);
    let late = format!("{words}“and so it went on. Nobody was left.” The end.");
    let long_word = format!("{} and {}.", "x".repeat(20_000), "word ".repeat(4000));
    let chained = "“He said. “Go on. ” And so. ” ".repeat(2000);
    for text in [&words, &late, &long_word, &chained] {
        promises_hold(&splitter, text);
        let found = split(text);
        let longest = found.outer.iter().map(|it| it.span.len()).max().unwrap();
        assert!(longest <= 20_000, "{longest} bytes of {}", text.len());
        assert!(found.outer.iter().filter(|it| it.span.len() > 8000).count() <= 1);
    }
    let found = split(&late);
    let quotation = &found.outer[found.outer.len() - 2];
    assert!(quotation.span.of(&late).ends_with("“and so it went on. Nobody was left.”"));
    assert_eq!(quotation.last - quotation.first, 2, "only the piece that it begins in");
}

#[test]
fn mistakes_in_files_are_shown_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, line, message) in [
        ("abbreviations.csv", "word,kind,note\nMr,title,\nHrn,titel,\n", 3, "no kind"),
        ("abbreviations.csv", "word,kind,note\nMr.,title,\n", 2, "cannot be looked up"),
        ("sentences.toml", "starters = []\nstarter = []\n", 2, "unknown field"),
        ("sentences.toml", "bullets = [\"-\"]\n", 1, "cannot be a bullet"),
        ("sentences.toml", "[[kind]]\nid = \"x\"\nabout = \"\"\nexamples = []\n", 4, "no example"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut files = PackFiles::embedded();
        files.add_file(&path, name).unwrap();
        let Err(Error::Rule(error)) = Splitter::new(&files) else { panic!("{text:?} passes") };
        assert_eq!(error.line(), line, "{error}");
        assert!(error.message.contains(message), "{error}");
    }
}

#[test]
fn a_layer_adds_and_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abbreviations.csv");
    std::fs::write(&path, "word,kind,note\nHrn,title,\nMr,word,\n").unwrap();
    let mut files = PackFiles::embedded();
    files.add_file(&path, "abbreviations.csv").unwrap();
    let mut found = Sentences::default();
    let text = "We met Hrn. Hale and Mr. Diaz and Mrs. Okafor.";
    let whole = Span::new(0, text.len());
    Splitter::new(&files).unwrap().split_block(text, whole, 0, &mut found);
    assert_eq!(found.inner.len(), 2);
}

/// Texts dense with what the stage looks at.
fn marked_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Mr",
        "U.S",
        "a",
        "I",
        "The",
        "word",
        "Élan",
        "1",
        "2",
        "42",
        "said",
        ".",
        ".",
        "?",
        "!",
        "…",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\"",
        "'",
        "''",
        "``",
        "“",
        "”",
        "‘",
        "’",
        "«",
        "»",
        "„",
        "(",
        ")",
        "[",
        "]",
        "•",
        "—",
        ":",
        ",",
        "\u{a0}",
        "日",
        "\u{1f600}",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|it| it.concat())
}

/// What every later stage relies on.
fn promises_hold(splitter: &Splitter, text: &str) {
    let mut blocks = Vec::new();
    for part in text.split_inclusive("\n\n") {
        let start = part.as_ptr() as usize - text.as_ptr() as usize;
        let span = Span::new(start, start + part.len()).trim(text);
        if !span.is_empty() {
            blocks.push(Block { span, kind: BlockKind::Paragraph });
        }
    }
    let original = text.to_owned();
    let found =
        splitter.split(&Document { original, blocks: blocks.clone(), ..Document::default() });
    let mut at = 0;
    for inner in &found.inner {
        let range = inner.span.range();
        assert!(range.start >= at && !range.is_empty());
        assert!(text[at..range.start].trim().is_empty(), "only white space is left out");
        assert_eq!(inner.span.trim(text), inner.span);
        at = range.end;
    }
    assert!(text[at..].trim().is_empty());
    let mut next = 0;
    for outer in &found.outer {
        assert_eq!(outer.first, next);
        assert!(outer.last > outer.first);
        let inner = &found.inner[outer.first as usize..outer.last as usize];
        assert_eq!(outer.span, inner[0].span.to(inner[inner.len() - 1].span));
        assert!(blocks[outer.block as usize].span.contains(outer.span));
        assert!(!outer.span.of(text).contains("\n\n"));
        next = outer.last;
    }
    assert_eq!(next as usize, found.inner.len());
}

proptest! {
    #[test]
    fn any_text_keeps_the_promises(texts in prop::collection::vec("\\PC{0,80}", 8)) {
        let splitter = splitter();
        texts.iter().for_each(|it| promises_hold(&splitter, it));
    }

    #[test]
    fn dense_text_keeps_the_promises(texts in prop::collection::vec(marked_text(), 24)) {
        let splitter = splitter();
        texts.iter().for_each(|it| promises_hold(&splitter, it));
    }
}
