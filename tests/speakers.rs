//! Who is meant by sources that were marked by hand, in `tests/data/speakers.csv`.
//!
//! The articles are no part of the project. Where they lie beside it, the stages read them with
//! the sources that their annotators marked, so that only the finding of speakers is measured.

// A test that skips says so, and figures are worth reading.
#![allow(clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use onrecord::actors::Actors;
use onrecord::dates::Dates;
use onrecord::layers::{LayerAttribution, LayerDocument, Place};
use onrecord::model::{Attribution, CueClass, Document, Kind, Mentions, RuleId, Stance};
use onrecord::normalize::Normalizer;
use onrecord::rules::{Pack, PackFiles};
use onrecord::sentences::Splitter;
use onrecord::text::Span;
use onrecord::tokens::Tokenizer;

/// Least shares in per cent: of all, and of those for which an id is claimed.
const RIGHT: usize = 85;
const CLAIMED_RIGHT: usize = 95;
/// Least number of sources with the name of who is meant.
const NAMED: usize = 400;

#[derive(Debug, serde::Deserialize)]
struct Marked {
    document: String,
    start: u32,
    end: u32,
    form: String,
    name: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn marked() -> Vec<Marked> {
    let mut reader = csv::Reader::from_path(root().join("tests/data/speakers.csv")).unwrap();
    reader.deserialize().map(|it| it.unwrap()).collect()
}

#[test]
fn marks_are_in_form() {
    let marks = marked();
    let places: Vec<_> = marks.iter().map(|it| (&it.document, it.start, it.end)).collect();
    assert!(places.is_sorted(), "sorted by document and place");
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len(), "each place once");
    for it in &marks {
        assert!(it.start < it.end, "{it:?}");
        assert!(["pronoun", "surname", "description"].contains(&&*it.form), "{it:?}");
        assert_eq!(it.name.trim(), it.name, "{it:?}");
    }
    let named = marks.iter().filter(|it| !it.name.is_empty()).count();
    assert!(named >= NAMED, "{named} sources have a name");
}

#[test]
fn marked_sources_have_their_speakers() {
    let path = root().join("../shared/bench/attribution/train.jsonl");
    let Some(articles) = articles(&path) else {
        eprintln!("skipped: no articles at {}", path.display());
        return;
    };
    let stages = Stages::new();
    let mut marks: BTreeMap<String, Vec<Marked>> = BTreeMap::new();
    for it in marked() {
        marks.entry(it.document.clone()).or_default().push(it);
    }
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let mut wrong = String::new();
    for (id, marks) in &marks {
        let article = articles.get(id).unwrap_or_else(|| panic!("no article {id}"));
        let speakers = stages.speakers(article);
        for mark in marks {
            let place = [mark.start, mark.end];
            let (name, id) = speakers.get(&place).unwrap_or_else(|| panic!("no source {mark:?}"));
            let is_right =
                if mark.name.is_empty() { id.is_empty() } else { same(name, &mark.name) };
            for key in ["all", &mark.form, if mark.name.is_empty() { "nobody" } else { "named" }] {
                sums.entry(key.to_owned()).or_default().add(is_right, !id.is_empty());
            }
            if !is_right {
                wrong += &format!("{mark:?} not {name:?} {id:?}\n");
            }
        }
    }
    let figures: String = sums.iter().map(|(key, it)| format!("{key}: {it:?}\n")).collect();
    eprintln!("{wrong}{figures}");
    let all = &sums["all"];
    assert!(all.right * 100 >= all.marked * RIGHT, "{figures}");
    assert!(all.claimed_right * 100 >= all.claimed * CLAIMED_RIGHT, "{figures}");
}

#[derive(Debug, Default)]
struct Sums {
    marked: usize,
    right: usize,
    claimed: usize,
    claimed_right: usize,
}

impl Sums {
    fn add(&mut self, is_right: bool, is_claimed: bool) {
        self.marked += 1;
        self.right += usize::from(is_right);
        self.claimed += usize::from(is_claimed);
        self.claimed_right += usize::from(is_right && is_claimed);
    }
}

fn same(a: &str, b: &str) -> bool {
    let folded = |it: &str| it.to_lowercase().replace('’', "'");
    folded(a) == folded(b)
}

fn articles(path: &PathBuf) -> Option<BTreeMap<String, LayerDocument>> {
    let lines = fs::read_to_string(path).ok()?;
    let documents = onrecord::layers::read("train.jsonl", &lines).unwrap();
    Some(documents.into_iter().map(|it| (it.id.clone(), it)).collect())
}

struct Stages {
    pack: Pack,
    normalizer: Normalizer,
    splitter: Splitter,
    tokenizer: Tokenizer,
    dates: Dates,
    actors: Actors,
}

impl Stages {
    fn new() -> Stages {
        let pack = Pack::load(PackFiles::embedded()).unwrap();
        Stages {
            normalizer: Normalizer::new(&pack.files).unwrap(),
            splitter: Splitter::new(&pack.files).unwrap(),
            tokenizer: Tokenizer::new(&pack).unwrap(),
            dates: Dates::new(&pack).unwrap(),
            actors: Actors::new(&pack, &[]).unwrap(),
            pack,
        }
    }

    /// Name and id of the speaker of each source that gold marks; no name is an open one.
    fn speakers(&self, gold: &LayerDocument) -> BTreeMap<Place, (String, String)> {
        let document = self.normalizer.document(gold.to_source());
        let sentences = self.splitter.split(&document);
        let tokens = self.tokenizer.tokens(&self.pack.lexicon, document.text(), &sentences);
        let timexes = self.dates.find(&document, &sentences, &tokens);
        let mut mentions = self.actors.find(&document, &sentences, &tokens, &timexes);
        let places = Places::new(&document);
        let mut gold: Vec<&LayerAttribution> = gold.attributions.iter().flatten().collect();
        gold.sort_by_key(|it| (it.cue.clone(), it.content.clone()));
        let mut attributions: Vec<Attribution> = gold.iter().map(|it| places.of(it)).collect();
        for it in &mut attributions {
            let start = it.cue.iter().chain(&it.source).chain(&it.content).map(|it| it.start).min();
            let start = start.unwrap_or_default();
            it.outer = sentences.outer.partition_point(|it| it.span.end <= start) as u32;
        }
        self.actors.resolve(&document, &sentences, &tokens, &mut mentions, &mut attributions);
        let speaker = |it: &Attribution| speaker(&mentions, it);
        let found = gold.iter().zip(&attributions);
        found.filter_map(|(gold, it)| Some((whole(&gold.source)?, speaker(it)))).collect()
    }
}

fn speaker(mentions: &Mentions, it: &Attribution) -> (String, String) {
    let actor = it.speaker.map(|it| &mentions.actors[it as usize]);
    actor.map(|it| (it.name.clone(), it.id.clone())).unwrap_or_default()
}

fn whole(places: &[Place]) -> Option<Place> {
    Some([places.first()?[0], places.last()?[1]])
}

/// Places of a document's own text, found again in the text that the stages read.
struct Places {
    /// For each code point of the own text, its byte.
    bytes: Vec<usize>,
    /// Bytes of the read text, each with the byte of the own text that it comes from.
    origins: Vec<(usize, usize)>,
}

impl Places {
    fn new(document: &Document) -> Places {
        let ends = |text: &str| -> Vec<usize> {
            text.char_indices().map(|it| it.0).chain([text.len()]).collect()
        };
        let origin = |at: usize| document.to_original(Span::new(at, at)).start as usize;
        let origins = ends(document.text()).into_iter().map(|at| (at, origin(at))).collect();
        Places { bytes: ends(&document.original), origins }
    }

    fn byte(&self, point: u32) -> usize {
        let own = self.bytes[point as usize];
        let at = self.origins.partition_point(|it| it.1 < own);
        self.origins[at.min(self.origins.len() - 1)].0
    }

    fn spans(&self, places: &[Place]) -> Vec<Span> {
        places.iter().map(|it| Span::new(self.byte(it[0]), self.byte(it[1]))).collect()
    }

    fn of(&self, gold: &LayerAttribution) -> Attribution {
        Attribution {
            kind: if gold.kind == "direct" { Kind::Direct } else { Kind::Indirect },
            class: CueClass::Speech,
            source: self.spans(&gold.source),
            cue: self.spans(&gold.cue),
            content: self.spans(&gold.content),
            stance: Stance::Asserts,
            outer: 0,
            speaker: None,
            shown: None,
            said_on: Vec::new(),
            confidence: 100,
            rule: RuleId::new("gold"),
        }
    }
}
