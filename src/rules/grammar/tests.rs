//! Patterns against sentences: data only.

use super::{Element, Encoded, Pivot, Scanner};
use crate::model::{Block, BlockKind, Document, OuterSentence, Sentence, Sentences};
use crate::rules::{Pack, PackFile, PackFiles};
use crate::text::Span;
use crate::tokens::Tokenizer;

fn pack(rules: &str, words: &str) -> Pack {
    let file = |name: &str, text: &str| PackFile {
        name: name.to_owned(),
        shown: name.to_owned(),
        text: text.to_owned(),
    };
    let mut files = PackFiles::default();
    files.push(file("pack.toml", "name = 'test'\nversion = '1'\nlanguage = 'en'"));
    files.push(file("words/test.csv", &format!("word,class\n{words}")));
    files.push(file("test.toml", rules));
    Pack::load(files).unwrap()
}

fn elements(pack: &Pack, text: &str) -> (Vec<Element>, Vec<Span>) {
    let span = Span::new(0, text.len());
    let sentences = Sentences {
        inner: vec![Sentence { span }],
        outer: vec![OuterSentence { span, first: 0, last: 1, block: 0 }],
    };
    let _ = Document {
        blocks: vec![Block { span, kind: BlockKind::Paragraph }],
        ..Document::default()
    };
    let tokens = Tokenizer::new(pack).unwrap().tokens(&pack.lexicon, text, &sentences);
    let elements = tokens.all.iter().enumerate().map(|(i, it)| Element::token(it, i)).collect();
    (elements, tokens.all.iter().map(|it| it.span).collect())
}

/// Each match as `rule[words]`.
#[track_caller]
fn scans(rules: &str, words: &str, text: &str, expected: &str) {
    let pack = pack(rules, words);
    let (elements, spans) = elements(&pack, text);
    let scanner = Scanner::new(&pack, &pack.dates).unwrap();
    let (mut encoded, mut found) = (Encoded::default(), Vec::new());
    scanner.encode(&elements, &mut encoded);
    scanner.find(&mut encoded, &mut found);
    let place =
        |range: &std::ops::Range<usize>| spans[range.start].to(spans[range.end - 1]).of(text);
    let shown: Vec<_> = found
        .iter()
        .map(|it| {
            let parts: Vec<_> = scanner
                .parts(&mut encoded, it)
                .iter()
                .map(|part| format!(" {}={}", part.name, place(&part.range)))
                .collect();
            format!(
                "{}[{}{}]",
                pack.dates[it.rule].spec.id.get_ref(),
                place(&it.range),
                parts.concat()
            )
        })
        .collect();
    assert_eq!(shown.join(" "), expected);
}

fn date_rule(id: &str, pattern: &str, more: &str) -> String {
    format!(
        "[[date]]\nid = '{id}'\nabout = 'a'\npattern = \'\'\'{pattern}\'\'\'\n{more}\n\
         finds = [{{ text = 'a' }}]\nsilent = [{{ text = 'b' }}]\n"
    )
}

const MONTHS: &str = "june,month\nmay,month\nnew year,feast\n";

#[test]
fn the_longest_match_wins() {
    let rules = date_rule("short", "@month", "")
        + &date_rule("long", "{m: [@month & capital]} {d: digits2} (\",\" {y: digits4})?", "");
    scans(
        &rules,
        MONTHS,
        "In june. June 28, 2021 and June 3, then may.",
        "short[june] long[June 28, 2021 m=June d=28 y=2021] long[June 3 m=June d=3] short[may]",
    );
}

#[test]
fn classes_hold_phrases() {
    scans(&date_rule("feast", "@feast", ""), MONTHS, "The New Year came.", "feast[New Year]");
}

#[test]
fn context_is_asked_on_both_sides() {
    let rules = date_rule(
        "month",
        "@month",
        "not-preceded-by = '\"mrs\" | number'\nnot-followed-by = '\"said\"'",
    );
    scans(&rules, MONTHS, "june, mrs june, june said, 5 june", "month[june]");
}

#[test]
fn brackets_speak_of_one_element() {
    let rules = date_rule("name", "[capital & !first & !@month]+", "");
    scans(&rules, MONTHS, "Then Anna Lee of June came", "name[Anna Lee]");
}

#[test]
fn a_pivot_gives_each_cue_its_match() {
    let rules = r#"
[[attribution]]
id = "said"
about = "a"
pattern = '{source: [capital | @pronoun]+} {cue: @speech} {content: .+}'
confidence = 90
finds = ["x"]
silent = ["y"]
"#;
    let pack = pack(rules, "said,speech\nshe,pronoun\n");
    let text = "Ana Lee said he left but she said nothing";
    let (elements, spans) = elements(&pack, text);
    let pivot = Pivot::new(&pack, &pack.attributions, "cue").unwrap();
    let mut encoded = Encoded::default();
    pivot.encode(&elements, &mut encoded);
    let mut shown = Vec::new();
    for at in 0..elements.len() {
        for found in pivot.matches_at(&mut encoded, at) {
            for part in found.parts {
                let words = spans[part.range.start].to(spans[part.range.end - 1]).of(text);
                shown.push(format!("{}={words}", part.name));
            }
        }
    }
    assert_eq!(
        shown,
        [
            "source=Ana Lee",
            "cue=said",
            "content=he left but she said nothing",
            "source=she",
            "cue=said",
            "content=nothing"
        ]
    );
}

#[test]
fn a_sentence_without_a_pivot_has_no_verdicts() {
    let rules = "[[attribution]]\nid = 'said'\nabout = 'a'\n\
        pattern = '[capital] {cue: @speech} {content: .+}'\nconfidence = 90\n\
        finds = ['x']\nsilent = ['y']\n";
    let pack = pack(rules, "said,speech\n");
    let pivot = Pivot::new(&pack, &pack.attributions, "cue").unwrap();
    let can_be_pivot = pivot.entries();
    assert!(can_be_pivot[pack.lexicon.entry("Said") as usize]);
    assert!(!can_be_pivot[pack.lexicon.entry("left") as usize]);
    let (elements, _) = elements(&pack, "Ana Lee left");
    let mut encoded = Encoded::default();
    pivot.encode(&elements, &mut encoded);
    for at in 0..elements.len() {
        assert_eq!(pivot.verdicts_at(&mut encoded, at), []);
        assert_eq!(pivot.matches_at(&mut encoded, at).next(), None);
    }
}

/// The first mistake of rules, and the words that it shows.
#[track_caller]
fn mistaken(text: &str, message: &str, shown: &str) {
    let mut files = PackFiles::default();
    for (name, text) in
        [("pack.toml", "name = 'test'\nversion = '1'\nlanguage = 'en'"), ("a.toml", text)]
    {
        files.push(PackFile { name: name.into(), shown: name.into(), text: text.into() });
    }
    let crate::error::Error::Rules(mistakes) = Pack::load(files).unwrap_err() else {
        panic!("rules")
    };
    assert_eq!(mistakes[0].to_string(), message);
    assert_eq!(&text[mistakes[0].span.clone()], shown);
}

#[test]
fn mistakes_show_their_place() {
    mistaken(
        "[[define]]\nname = 'a'\npattern = '\"x\" mnth'\n",
        "a.toml:3: nothing is called `mnth`",
        "mnth",
    );
}

#[test]
fn a_definition_needs_a_name_of_its_own() {
    mistaken(
        "[[define]]\nname = 'date'\npattern = '\"x\"'\n",
        "a.toml:2: `date` is the name of a kind of element, which goes before the definition",
        "'date'",
    );
    mistaken(
        "[[define]]\nname = 'capital'\npattern = '\"x\"'\n",
        "a.toml:2: `capital` is a word for how a token is written, which goes before the definition",
        "'capital'",
    );
}
