//! The rule pack as data: complete, in canonical form, and true to its own examples.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use onrecord::examples;
use onrecord::pipeline::Extractor;
use onrecord::rules::{EMBEDDED, Pack, PackFiles};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/en")
}

#[test]
fn every_file_of_the_pack_is_compiled_in() {
    let mut files: Vec<(String, String)> = Vec::new();
    for entry in walkdir::WalkDir::new(folder()).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|it| it == "toml" || it == "csv") {
            let parts: Vec<_> = path
                .strip_prefix(folder())
                .unwrap()
                .iter()
                .map(|it| it.to_str().unwrap())
                .collect();
            files.push((parts.join("/"), fs::read_to_string(&path).unwrap()));
        }
    }
    let names = |all: &mut dyn Iterator<Item = &str>| all.map(str::to_owned).collect::<Vec<_>>();
    let embedded = names(&mut EMBEDDED.iter().map(|it| it.0));
    let mut sorted = embedded.clone();
    sorted.sort();
    assert_eq!(embedded, sorted, "files are laid over each other in the order of their names");
    let mut there = names(&mut files.iter().map(|it| it.0.as_str()));
    there.sort();
    assert_eq!(embedded, there, "build.rs leaves out a file of rules/en");
}

#[test]
fn the_pack_loads() {
    let pack = Pack::load(PackFiles::embedded()).unwrap_or_else(|err| panic!("{err}"));
    assert_eq!(pack.info.language, "en");
}

/// Lists of words stand in groups; all others are sorted by their first column.
const ORDERED: &str = "words/";

#[test]
fn lists_have_one_canonical_form() {
    let mut complaints = Vec::new();
    for (name, text) in EMBEDDED.iter().filter(|it| it.0.ends_with(".csv")) {
        for it in complaints_about(text, !name.starts_with(ORDERED)) {
            complaints.push(format!("rules/en/{name}:{it}"));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn complaints_about(text: &str, is_sorted: bool) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    let mut before = String::new();
    if text.contains('\r') || !text.ends_with('\n') {
        complaints.push("1: lines end with a line feed, the last one too".to_owned());
    }
    for row in reader.records() {
        let row = row.unwrap_or_else(|err| panic!("{err}"));
        let line = row.position().unwrap().line();
        let key = row[0].to_owned();
        if row.iter().any(|it| it != it.trim()) {
            complaints.push(format!("{line}: white space at the edge of a cell of `{key}`"));
        }
        if is_sorted && key < before {
            complaints.push(format!("{line}: `{key}` stands behind `{before}`"));
        }
        if !seen.insert(row.iter().map(str::to_owned).collect::<Vec<_>>()) {
            complaints.push(format!("{line}: the row of `{key}` stands there twice"));
        }
        before = key;
    }
    complaints
}

#[test]
fn a_list_out_of_form_is_seen() {
    let text = "word,kind\nb,x\na,x\nb,x\n c,x";
    assert_eq!(
        complaints_about(text, true),
        [
            "1: lines end with a line feed, the last one too",
            "3: `a` stands behind `b`",
            "4: the row of `b` stands there twice",
            "5: white space at the edge of a cell of ` c`",
            "5: ` c` stands behind `b`",
        ]
    );
}

#[test]
fn every_rule_keeps_to_its_examples() {
    let pack = Pack::load(PackFiles::embedded()).unwrap_or_else(|err| panic!("{err}"));
    let extractor = Extractor::new(pack, &[]).unwrap_or_else(|err| panic!("{err}"));
    let failures: Vec<String> =
        examples::run(&extractor).failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

/// What says which frame a cue takes, at the start of a class.
const FRAMES: &[&str] = &["takes-", "noun-takes-", "adjective-takes-", "passive-", "raises"];

#[test]
fn cues_have_frames_and_counts() {
    let text = fs::read_to_string(folder().join("words/cues.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize::<std::collections::BTreeMap<String, String>>();
    let is_counted = |row: &std::collections::BTreeMap<String, String>| {
        let has_frame = |it: &str| FRAMES.iter().any(|frame| it.starts_with(frame));
        row["class"].split(' ').any(has_frame) && row["count"].parse::<u32>().is_ok_and(|it| it > 0)
    };
    let counted = rows.map(Result::unwrap).filter(is_counted).count();
    assert!(counted >= 600, "{counted} cues with a frame and a count");
}
