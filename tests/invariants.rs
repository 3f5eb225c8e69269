//! What holds for any text: every place lies inside it, every row is found again in it, and
//! neither threads nor the order of files change what is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use onrecord::layers::{self, Segments};
use onrecord::model::{Analysis, Meta, Piece, Source, Statement};
use onrecord::pipeline::Extractor;
use onrecord::rules::{Pack, PackFiles};
use onrecord::statements::{self, Wanted};
use onrecord::text::{CodePoints, Span};
use onrecord::tokens::Tokenizer;
use proptest::prelude::*;
use serde_json::Value;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| {
    let pack = Pack::load(PackFiles::embedded()).unwrap_or_else(|err| panic!("{err}"));
    Extractor::new(pack, &[]).unwrap_or_else(|err| panic!("{err}"))
});

/// Pieces of news, well-formed and not: quotations, names, dates, repairs, furniture.
const PIECES: &[&str] = &[
    "“We will not raise taxes,”",
    "\"It is over.\"",
    "''No,'' ",
    "„Nein“",
    "“",
    "”",
    "‘",
    "’",
    "\"",
    "'",
    "``",
    "«so»",
    "Ana Diaz",
    "Mr. Kovač",
    "President Olga Melnikova",
    "Diaz",
    "she",
    "the foreign ministry",
    "Moscow",
    "the U.S.",
    "UN",
    "O’Hanlon's",
    "said",
    "told reporters",
    "denied that",
    "warned:",
    "according to",
    "asked whether",
    "was quoted as saying",
    "that the bridge would be closed",
    "to sign the accord",
    "had killed 12 people",
    "is expected to",
    "on Tuesday",
    "last month",
    "in May 2015",
    "2015-02-31",
    "31/12/99",
    "the first nine months of 2014",
    "yesterday",
    "from 1990 to 1995",
    "in the 1970s",
    "at 5:30 p.m.",
    "every year",
    "MOSCOW, March 5 (Wire) —",
    "By Ana Diaz",
    "Read more: The bridge",
    "Photo: A. Diaz/Wire",
    "&amp;",
    "&#8220;",
    "â€™",
    "Ã©",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    "ﬁ",
    "e\u{301}",
    "👩\u{200d}🚀",
    "\u{202e}",
    "\u{0}",
    "…",
    "...",
    "--",
    "—",
    ",",
    ".",
    ";",
    ":",
    "?!",
    "(",
    ")",
    "[",
    "]",
    "$3.5 million",
    "1,200",
    "\t",
    "\r\n",
    "\n",
    "\n\n",
    "* * *",
    "<p>",
    "http://example.org/a?b=c",
    "@anadiaz",
    "# Heading",
    "- item",
    "**Bold:**",
];

/// Text in the manner of news: pieces, mostly with a space between.
fn news() -> impl Strategy<Value = String> {
    let joint = prop_oneof![8 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just("\n\n")];
    let piece = (proptest::sample::select(PIECES), joint);
    proptest::collection::vec(piece, 0..60)
        .prop_map(|pieces| pieces.iter().flat_map(|it| [it.0, it.1]).collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![news(), any::<String>(), "\\PC{0,200}", "[\"'“”‘’A-Za-z0-9 .,\\n]{0,200}"]
}

fn source(text: &str) -> Source {
    let published = Some(jiff::civil::date(2024, 3, 7));
    let meta = Meta { published, publisher: "The Wire".to_owned(), ..Meta::default() };
    Source { id: "a".to_owned(), meta, text: text.to_owned() }
}

/// A document with the ways from its places to the words that they stand for.
struct Page<'a> {
    analysis: &'a Analysis,
    points: CodePoints<'a>,
    characters: Vec<char>,
}

impl<'a> Page<'a> {
    fn new(analysis: &'a Analysis) -> Page<'a> {
        let original = &analysis.document.original;
        Page { analysis, points: CodePoints::new(original), characters: original.chars().collect() }
    }

    /// A place of any layer: inside the text that the stages read, inside the document's own text,
    /// on character boundaries of both.
    #[track_caller]
    fn check(&self, span: Span) {
        let document = &self.analysis.document;
        assert!(document.text().get(span.range()).is_some(), "{span:?} is no place");
        let origin = document.to_original(span);
        let words = document.original.get(origin.range()).expect("no place of the original");
        assert_eq!(self.words(self.points.span(origin)), words, "code points mean other words");
    }

    /// The words between two code points, as any other program would take them.
    #[track_caller]
    fn words(&self, [start, end]: [u32; 2]) -> String {
        assert!(start <= end, "a place runs forward: {start}..{end}");
        let place = self.characters.get(start as usize..end as usize);
        place.expect("a place lies inside the text").iter().collect()
    }
}

/// In order, none of them over another.
#[track_caller]
fn check_apart(spans: impl Iterator<Item = Span>) {
    let spans: Vec<Span> = spans.collect();
    for pair in spans.windows(2) {
        assert!(pair[0].end <= pair[1].start, "{pair:?}");
    }
}

fn check_spans(page: &Page<'_>) {
    let it = page.analysis;
    let text = it.document.text();
    let spans = it.document.blocks.iter().map(|it| it.span);
    let spans = spans.chain(it.sentences.inner.iter().map(|it| it.span));
    let spans = spans.chain(it.sentences.outer.iter().map(|it| it.span));
    let spans = spans.chain(it.timexes.iter().map(|it| it.span));
    let spans = spans.chain(it.mentions.all.iter().map(|it| it.span));
    let spans = spans.chain(it.dated_claims.iter().map(|it| it.span));
    let parts =
        it.attributions.iter().flat_map(|it| it.source.iter().chain(&it.cue).chain(&it.content));
    spans.chain(parts.copied()).for_each(|it| page.check(it));

    check_apart(it.document.blocks.iter().map(|it| it.span));
    check_apart(it.sentences.inner.iter().map(|it| it.span));
    check_apart(it.sentences.outer.iter().map(|it| it.span));
    check_apart(it.mentions.all.iter().map(|it| it.span));
    for outer in &it.sentences.outer {
        let block = it.document.blocks[outer.block as usize];
        assert!(block.span.contains(outer.span), "a sentence lies in its block");
        for inner in &it.sentences.inner[outer.first as usize..outer.last as usize] {
            assert!(outer.span.contains(inner.span), "an inner sentence lies in its outer one");
        }
    }
    for (at, block) in it.document.blocks.iter().enumerate() {
        let cut = it.sentences.outer.iter().filter(|it| it.block as usize == at);
        let cut =
            cut.flat_map(|outer| &it.sentences.inner[outer.first as usize..outer.last as usize]);
        let cut: String = cut.map(|it| dense(it.span.of(text))).collect();
        let is_cut = !cut.is_empty() || block.kind.is_read();
        assert!(
            !is_cut || cut == dense(block.span.of(text)),
            "sentences leave out only white space"
        );
    }
}

fn check_tokens(page: &Page<'_>) {
    static TOKENIZER: LazyLock<Tokenizer> =
        LazyLock::new(|| Tokenizer::new(EXTRACTOR.pack()).unwrap());
    let it = page.analysis;
    let text = it.document.text();
    let tokens = TOKENIZER.tokens(&EXTRACTOR.pack().lexicon, text, &it.sentences);
    check_apart(tokens.all.iter().map(|it| it.span));
    assert_eq!(tokens.ends.len(), it.sentences.outer.len());
    for (at, outer) in it.sentences.outer.iter().enumerate() {
        for token in tokens.of(at) {
            page.check(token.span);
            assert!(outer.span.contains(token.span), "a token lies in its sentence");
            assert!(!token.span.is_empty(), "a token holds something");
        }
    }
}

fn check_indices(it: &Analysis) {
    let actors = it.mentions.actors.len();
    assert!(it.mentions.all.iter().filter_map(|it| it.actor).all(|at| (at as usize) < actors));
    for attribution in &it.attributions {
        assert!((attribution.outer as usize) < it.sentences.outer.len());
        assert!(attribution.speaker.is_none_or(|at| (at as usize) < actors));
        assert!(attribution.said_on.iter().all(|&at| (at as usize) < it.timexes.len()));
    }
    for claim in &it.dated_claims {
        assert!((claim.outer as usize) < it.sentences.outer.len());
        assert!(claim.dates.iter().all(|&at| (at as usize) < it.timexes.len()));
    }
}

fn check_layers(page: &Page<'_>) {
    let layers = layers::from_analysis(page.analysis);
    layers.check_places(page.characters.len() as u32).unwrap();
    assert_eq!(layers.text, page.analysis.document.original);
    if let Some(Segments::Places(places)) = &layers.sentences {
        places.iter().for_each(|&it| drop(page.words(it)));
    }
    let read: layers::LayerDocument = serde_json::from_str(&layers.to_json()).unwrap();
    assert_eq!(read.text, layers.text, "what is written can be read again");
}

/// The words without white space and marks of quoted lines.
fn dense(words: &str) -> String {
    words.chars().filter(|it| !it.is_whitespace() && *it != '>').collect()
}

fn check_row(page: &Page<'_>, row: &Statement) {
    let whole = [row.start, row.end];
    let inside = |it: &[u32; 2]| whole[0] <= it[0] && it[1] <= whole[1];
    page.words(whole);
    let words: Vec<String> = row.content.iter().map(|it| page.words(it.span)).collect();
    for it in row.content.iter().chain(&row.source) {
        assert_eq!(page.words(it.span), it.text);
    }
    let places = |it: &[Piece]| it.iter().map(|it| it.span).collect::<Vec<_>>();
    let (content, source) = (places(&row.content), places(&row.source));
    let pieces = content.iter().chain(&row.cue_spans).chain(&source);
    assert!(pieces.clone().all(inside), "the parts of a row lie inside it: {row:?}");
    pieces.for_each(|&it| drop(page.words(it)));
    // Pieces are joined by a mark, and a full stop at the end may be left out.
    let said = dense(&words.concat());
    for piece in row.statement.split(" … ") {
        assert!(said.contains(&dense(piece)), "`{piece}` is not in `{said}`");
    }
    for date in &row.dates {
        assert_eq!(dense(&page.words(date.span)), dense(&date.text));
    }
    row.actors.iter().for_each(|it| drop(page.words(it.span)));
    let original = dense(&page.analysis.document.original);
    assert!(original.contains(&dense(&row.sentence)), "the sentence stands in the text");
    assert!(original.contains(&dense(&row.cue)), "the cue stands in the text");
}

/// All of the above for one text.
fn check(text: &str) {
    let analysis = EXTRACTOR.analyze(source(text));
    assert_eq!(analysis.document.original, text, "offsets refer to what was read");
    let page = Page::new(&analysis);
    check_spans(&page);
    check_tokens(&page);
    check_indices(&analysis);
    check_layers(&page);
    let wanted = Wanted { all_cues: true, min_confidence: 0 };
    for row in statements::assemble(&analysis, wanted) {
        check_row(&page, &row);
    }
    let again = EXTRACTOR.analyze(source(text));
    assert_eq!(format!("{analysis:?}"), format!("{again:?}"), "twice the same");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_place_is_found_again(text in any_text()) {
        check(&text);
    }
}

#[test]
fn places_of_fixtures_are_found_again() {
    for entry in walkdir::WalkDir::new(project().join("fixtures")) {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|it| it == "txt" || it == "md" || it == "jsonl") {
            check(&String::from_utf8_lossy(&fs::read(path).unwrap()));
        }
    }
}

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn extract(folder: &Path, paths: &[&str], out: &str, jobs: &str) {
    let done = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(folder)
        .args(["extract", "--quiet", "--jobs", jobs, "-o", out])
        .args(paths)
        .output()
        .unwrap();
    assert!(matches!(done.status.code(), Some(0 | 3)), "{done:?}");
}

fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// Every object with `start`, `end` and `text` says the words at its place.
fn check_pieces(value: &Value, text: &[char]) {
    match value {
        Value::Array(all) => all.iter().for_each(|it| check_pieces(it, text)),
        Value::Object(fields) => {
            let place = (value["start"].as_u64(), value["end"].as_u64());
            if let (Some(start), Some(end)) = place {
                let words = &text[start as usize..end as usize];
                if let Some(said) = value["text"].as_str() {
                    assert_eq!(dense(said), dense(&words.iter().collect::<String>()));
                }
            }
            fields.values().for_each(|it| check_pieces(it, text));
        }
        _ => {}
    }
}

/// Rows as they were written, against the text that was written beside them.
fn check_dataset(folder: &Path) {
    let documents = records(&folder.join("documents.jsonl"));
    let texts: BTreeMap<&str, Vec<char>> = documents
        .iter()
        .map(|it| {
            (it["document_id"].as_str().unwrap(), it["text"].as_str().unwrap().chars().collect())
        })
        .collect();
    let statements = records(&folder.join("statements.jsonl"));
    for it in &statements {
        check_pieces(it, &texts[it["document_id"].as_str().unwrap()]);
    }
    let mut rows = csv::Reader::from_path(folder.join("statements.csv")).unwrap();
    let header = rows.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|it| it == name).unwrap();
    let mut count = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let place = |name| row[at(name)].parse::<usize>().unwrap();
        let text = &texts[&row[at("document_id")]];
        let words = dense(&text[place("start")..place("end")].iter().collect::<String>());
        assert!(words.contains(&dense(row[at("cue")].trim_start_matches('\''))), "{row:?}");
        assert_eq!(row[at("statement_id")], statements[count]["statement_id"]);
        count += 1;
    }
    assert_eq!(count, statements.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn threads_change_nothing(texts in proptest::collection::vec(any_text(), 40..60)) {
        let here = tempfile::tempdir().unwrap();
        let lines: Vec<String> = texts
            .iter()
            .map(|it| serde_json::json!({ "text": it, "published": "2024-03-07" }).to_string())
            .collect();
        // Many files, so that several threads have something to do.
        for (at, part) in lines.chunks(6).enumerate() {
            let path = here.path().join(format!("part-{at}.jsonl"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, part.join("\n")).unwrap();
        }
        let out = tempfile::tempdir().unwrap();
        let [one, eight] = ["one", "eight"].map(|it| out.path().join(it));
        extract(here.path(), &["."], one.to_str().unwrap(), "1");
        extract(here.path(), &["."], eight.to_str().unwrap(), "8");
        for entry in fs::read_dir(&one).unwrap() {
            let name = entry.unwrap().file_name();
            prop_assert_eq!(fs::read(one.join(&name)).unwrap(), fs::read(eight.join(&name)).unwrap());
        }
        check_dataset(&one);
    }
}

/// The lines of a file, sorted; lists of ids inside claims are sorted too.
fn sorted(path: &Path) -> Vec<String> {
    let mut lines: Vec<String> = records(path)
        .into_iter()
        .map(|mut it| {
            for name in ["document_ids", "statement_ids", "publishers"] {
                if let Some(Value::Array(list)) = it.get_mut(name) {
                    list.sort_by_key(ToString::to_string);
                }
            }
            it.to_string()
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn another_order_of_files_changes_the_order_of_rows_and_nothing_else() {
    let mut stories: Vec<String> = fs::read_dir(project().join("fixtures"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir())
        .flat_map(|it| fs::read_dir(it).unwrap().map(|it| it.unwrap().path()))
        .filter(|it| it.extension().is_some_and(|it| it == "txt"))
        .map(|it| it.to_str().unwrap().to_owned())
        .collect();
    stories.sort();
    // Ids are names of files here, so each may come once.
    let mut seen = std::collections::BTreeSet::new();
    stories.retain(|it| seen.insert(Path::new(it).file_name().unwrap().to_owned()));
    let here = tempfile::tempdir().unwrap();
    let forward: Vec<&str> = stories.iter().map(String::as_str).collect();
    let backward: Vec<&str> = forward.iter().rev().copied().collect();
    extract(here.path(), &forward, "forward", "2");
    extract(here.path(), &backward, "backward", "2");
    check_dataset(&here.path().join("forward"));
    for name in ["documents.jsonl", "statements.jsonl", "claims.jsonl"] {
        let [a, b] = ["forward", "backward"].map(|it| sorted(&here.path().join(it).join(name)));
        for (a, b) in a.iter().zip(&b) {
            assert_eq!(a, b, "in {name}");
        }
        assert_eq!(a.len(), b.len(), "in {name}");
    }
    let [a, b] = ["forward", "backward"]
        .map(|it| fs::read_to_string(here.path().join(it).join("actors.csv")).unwrap())
        .map(|it| it.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>());
    assert_eq!(a, b, "in actors.csv");
}

/// One person has one id wherever named; who differs in office stays another; and what is joined
/// later is as if it had been one run.
#[test]
fn people_are_linked_across_documents() {
    let here = tempfile::tempdir().unwrap();
    let texts = [
        (
            "a",
            "LONDON, March 3 (Agency) — The bank will not wait for spring. “Rates must rise \
             before the summer comes to this island,” said Andrew Haldane, chief economist of the \
             Bank of England.",
        ),
        (
            "b",
            "LONDON, March 4 (Gazette) — Traders sold. “Rates must rise before the summer comes to \
             this island,” Bank of England economist Haldane told reporters on Monday.",
        ),
        (
            "c",
            "OSLO, March 4 (Courier) — Fishermen are angry. “The quota stays,” Norwegian fisheries \
             minister Haldane told reporters on Monday.",
        ),
    ];
    for (name, text) in texts {
        let file = format!("{name}.txt");
        fs::write(here.path().join(&file), text).unwrap();
        extract(here.path(), &[&file], name, "1");
    }
    extract(here.path(), &["a.txt", "b.txt", "c.txt"], "whole", "2");
    let speaker = |row: &Value| [row["speaker"].to_string(), row["speaker_id"].to_string()];
    let rows = records(&here.path().join("whole/statements.jsonl"));
    let [a, b, c] = [0, 1, 2].map(|at| speaker(&rows[at]));
    assert_eq!(a, b, "the same economist");
    assert_eq!(a[0], "\"Andrew Haldane\"");
    assert_eq!(c[0], "\"Haldane\"", "a minister is no economist");
    assert_ne!(a[1], c[1]);
    assert_eq!(rows[0]["claim_id"], rows[1]["claim_id"], "one statement of one person");
    let done = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(here.path())
        .args(["dedupe", "c", "b", "a", "-o", "joined"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    for name in ["statements.jsonl", "claims.jsonl", "documents.jsonl"] {
        let [a, b] = ["whole", "joined"].map(|it| sorted(&here.path().join(it).join(name)));
        assert_eq!(a, b, "in {name}");
    }
    let [a, b] = ["whole", "joined"]
        .map(|it| fs::read_to_string(here.path().join(it).join("actors.csv")).unwrap());
    assert_eq!(a, b, "in actors.csv");
}
