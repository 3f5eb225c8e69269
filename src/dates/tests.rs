use jiff::civil::Date;

use super::checks::Checks;
use super::*;
use crate::model::{Block, Meta, OuterSentence, Sentence};
use crate::rules::{Element, Marked, PackFiles};
use crate::sentences::Splitter;
use crate::text::Span;
use crate::tokens::Tokenizer;

/// All stages up to this one.
struct Bench {
    pack: Pack,
    splitter: Splitter,
    tokenizer: Tokenizer,
    dates: Dates,
}

impl Bench {
    fn new(files: PackFiles) -> Bench {
        let pack = match Pack::load(files) {
            Ok(pack) => pack,
            Err(Error::Rules(all)) => {
                panic!(
                    "{}",
                    all.iter().map(|it| format!("{it} [{}]\n", it.help)).collect::<String>()
                )
            }
            Err(err) => panic!("{err}"),
        };
        let dates = match Dates::new(&pack) {
            Ok(dates) => dates,
            Err(Error::Rules(all)) => panic!(
                "{}",
                all.iter().map(|it| format!("{it} ({})\n", it.help)).collect::<String>()
            ),
            Err(err) => panic!("{err}"),
        };
        let splitter = Splitter::new(&PackFiles::embedded()).unwrap();
        let tokenizer = Tokenizer::new(&pack).unwrap();
        Bench { pack, splitter, tokenizer, dates }
    }

    fn english() -> Bench {
        let mut files = PackFiles::default();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/en");
        files.add_folder(&folder).unwrap();
        Bench::new(files)
    }

    /// A pack without rules for sentences is given one sentence a text.
    fn sentences(&self, document: &Document) -> Sentences {
        if self.pack.files.matching("", "sentences.toml").next().is_some() {
            return self.splitter.split(document);
        }
        let span = Span::new(0, document.text().len());
        Sentences {
            inner: vec![Sentence { span }],
            outer: vec![OuterSentence { span, first: 0, last: 1, block: 0 }],
        }
    }

    fn find(&self, text: &str, published: Option<Date>) -> Vec<Timex> {
        let document = Document {
            meta: Meta { published, ..Meta::default() },
            original: text.to_owned(),
            blocks: paragraphs(text),
            ..Document::default()
        };
        let sentences = self.sentences(&document);
        let tokens = self.tokenizer.tokens(&self.pack.lexicon, text, &sentences);
        self.dates.find(&document, &sentences, &tokens)
    }

    /// The text with what is found marked in it, as examples are written.
    fn marked(&self, text: &str, published: Option<Date>) -> String {
        let mut marked = String::new();
        let mut at = 0;
        for timex in self.find(text, published) {
            marked.push_str(&text[at..timex.span.start as usize]);
            let words = timex.span.of(text);
            let modifier = match timex.modifier {
                "" => String::new(),
                it => format!(" {it}"),
            };
            marked.push_str(&format!("[{words}]({}{modifier})", timex.value));
            at = timex.span.end as usize;
        }
        marked.push_str(&text[at..]);
        marked
    }

    /// The rules that took part in reading a text, including those whose matches became parts
    /// of others and those that say what is no date.
    fn rules(&self, text: &str) -> Vec<String> {
        let document =
            Document { original: text.to_owned(), blocks: paragraphs(text), ..Document::default() };
        let sentences = self.sentences(&document);
        let tokens = self.tokenizer.tokens(&self.pack.lexicon, text, &sentences);
        let mut rules = Vec::new();
        for outer in 0..sentences.outer.len() {
            let mut desk = Desk::default();
            let tokens = tokens.of(outer);
            self.dates.scan(tokens, 0..tokens.len(), &mut desk);
            rules.extend(desk.nodes.iter().map(|it| self.dates.rule(it).id.as_str().to_owned()));
            let joined =
                desk.joined.iter().map(|&(level, rule)| &self.dates.levels[level].rules[rule]);
            rules.extend(joined.map(|it| it.id.as_str().to_owned()));
            let level = &self.dates.levels[0];
            let elements: Vec<_> =
                tokens.iter().enumerate().map(|(i, it)| Element::token(it, i)).collect();
            level.scanner.encode(&elements, &mut desk.encoded);
            level.scanner.find(&mut desk.encoded, &mut desk.found);
            rules.extend(desk.found.iter().map(|it| level.rules[it.rule].id.as_str().to_owned()));
        }
        rules
    }

    /// Every rule's own examples: what does not come out as written.
    fn examples(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for rule in &self.pack.dates {
            let id = rule.spec.id.get_ref();
            for example in &rule.spec.finds {
                let (text, published) = example.get_ref().parts();
                let plain = Marked::parse(text).text;
                let found = self.marked(&plain, published);
                if found != text {
                    faults.push(format!("{id}: {text}\n  found {found}"));
                } else if !self.rules(&plain).iter().any(|it| it == id) {
                    faults.push(format!("{id}: another rule does it: {text}"));
                }
            }
            for example in &rule.spec.silent {
                let (text, _) = example.get_ref().parts();
                let plain = Marked::parse(text).text;
                let found = self.find(&plain, None).iter().any(|it| it.rule.as_str() == id);
                let is_none = rule.spec.value.is_none();
                if found || is_none && self.rules(&plain).iter().any(|it| it == id) {
                    faults.push(format!("{id}: not silent: {text}"));
                }
            }
        }
        faults
    }
}

fn paragraphs(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let end = start + line.trim().len();
        if start < end {
            blocks.push(Block { span: Span::new(start, end), kind: BlockKind::Paragraph });
        }
        at += line.len() + 1;
    }
    blocks
}

#[test]
fn examples_of_english_rules_hold() {
    let faults = Bench::english().examples();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_second_language_needs_rules_only() {
    let mut files = PackFiles::default();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/de");
    files.add_folder(&folder).unwrap();
    let faults = Bench::new(files).examples();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

proptest::proptest! {
    #[test]
    fn any_text_passes(text in "(\\PC|in |on |the |May |3|2024|Monday|last |year|, |-|a |:|p.m.|days ){0,60}") {
        let bench = english();
        let published = Some(jiff::civil::date(2024, 5, 15));
        let found = bench.find(&text, published);
        for timex in &found {
            proptest::prop_assert!(text.get(timex.span.range()).is_some());
            proptest::prop_assert!(!timex.span.is_empty() && !timex.value.is_empty());
        }
        for pair in found.windows(2) {
            proptest::prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
    }
}

/// The English bench, made once.
fn english() -> &'static Bench {
    static BENCH: std::sync::LazyLock<Bench> = std::sync::LazyLock::new(Bench::english);
    &BENCH
}

/// Marked as in the examples of rules, in an article of Wednesday, 15 May 2024.
#[track_caller]
fn reads(marked: &str) {
    let text = Marked::parse(marked).text;
    assert_eq!(english().marked(&text, Some(jiff::civil::date(2024, 5, 15))), marked);
}

/// The same in an article of which nobody knows when it was published.
#[track_caller]
fn reads_undated(marked: &str) {
    assert_eq!(english().marked(&Marked::parse(marked).text, None), marked);
}

#[test]
fn the_table_of_expressions_holds() {
    let table = include_str!("../../tests/data/dates.txt");
    let mut published = None;
    let mut faults = Vec::new();
    for line in table.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
        if let Some(heading) = line.strip_prefix("= ") {
            published = heading.split(' ').next().and_then(|it| it.parse().ok());
            continue;
        }
        let found = english().marked(&Marked::parse(line).text, published);
        if found != line {
            faults.push(format!("{line}\n  found {found}"));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_modal_overrules_the_base_verb() {
    reads("Voters will go to the polls on [Sunday](2024-05-19), he said.");
    reads("The report is to be published on [Friday](2024-05-17).");
    reads("She said [Friday](2024-05-10) that she would leave.");
}

#[test]
fn the_story_has_its_own_dates() {
    reads("He was held on [April 2](2024-04-02). [Three days later](2024-04-05) he was freed.");
    reads("It was signed on [June 28, 2021](2021-06-28) and shown [the next day](2021-06-29).");
}

#[test]
fn nothing_is_guessed_without_a_day_of_publication() {
    reads_undated("It was signed on [June 28](XXXX-06-28), a [Monday](XXXX-WXX-1).");
    reads_undated("They met [last week](XXXX-WXX) and [yesterday](XXXX-XX-XX).");
    reads_undated(
        "It was signed on [June 28, 2021](2021-06-28) and shown [the next day](2021-06-29).",
    );
}

#[test]
fn edges_of_the_calendar_hold() {
    let at = |text: &str, published: &str| {
        english()
            .find(text, published.parse().ok())
            .into_iter()
            .map(|it| it.value)
            .collect::<Vec<_>>()
    };
    assert_eq!(at("They met last week.", "2021-01-05"), ["2020-W53"]);
    assert_eq!(at("They met last month.", "2024-03-31"), ["2024-02"]);
    assert_eq!(at("They met yesterday.", "2024-03-01"), ["2024-02-29"]);
    assert_eq!(at("They met on Feb. 29, 2023.", "2024-03-01"), ["2023-02"; 0]);
}

#[test]
fn days_and_edtf_stand_beside_the_value() {
    let timex = &english().find("Sales fell in the first seven months of 2016.", None)[0];
    assert_eq!(timex.edtf, "2016-01/2016-07");
    let days = timex.days.map(|(first, last)| format!("{first} {last}"));
    assert_eq!(days.as_deref(), Some("2016-01-01 2016-07-31"));
    assert!(english().find("He won the 2016 election.", None)[0].is_modifier);
}

/// Checks that the built-in pack is spared when a program starts.
#[test]
fn no_rule_of_the_packs_has_a_slip() {
    for name in ["rules/en", "rules/de"] {
        let mut files = PackFiles::default();
        files.add_folder(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        let bench = Bench::new(files);
        let checks = Checks::new(&bench.pack);
        let rules = bench.dates.levels.iter().flat_map(|it| &it.rules);
        let mistakes: Vec<_> =
            bench.pack.dates.iter().zip(rules).flat_map(|(it, rule)| checks.of(it, rule)).collect();
        let shown: Vec<_> = mistakes.iter().map(|it| format!("{it} ({})", it.help)).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
    }
}
