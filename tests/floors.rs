//! Imports point down: plain data, rules, stages, the flow, the program. No stage knows another.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Every module of `src/` and its floor.
const FLOORS: &[(u8, &[&str])] = &[
    (0, &["error", "ids", "model", "text"]),
    (1, &["rules"]),
    (
        2,
        &[
            "actors",
            "attributions",
            "claims",
            "dated_claims",
            "dates",
            "normalize",
            "people",
            "sentences",
            "statements",
            "tokens",
        ],
    ),
    (3, &["lib", "pipeline"]),
    (
        4,
        &["check", "cli", "diff", "examples", "layers", "main", "read", "report", "score", "write"],
    ),
];

/// Where modules of one floor may use each other: plain data is made of plain data, and the
/// commands bring all ends together. Circles are none the better for it.
const SIDEWAYS: [u8; 2] = [0, 4];

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|it| it.1.contains(&module)).map(|it| it.0)
}

/// The modules that a file of the module `module`, `depth` folders below `src/`, names.
fn uses(source: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let name = Regex::new(r"\bcrate::(\w+)").unwrap();
    let own_code = source.split("#[cfg(test)]").next().unwrap();
    let lines = own_code.lines().map(str::trim_start).filter(|it| !it.starts_with("//"));
    let mut found = BTreeSet::new();
    for line in lines {
        assert!(!line.contains("crate::{"), "write one `use` for each module: {line}");
        let line = line.replace(&up, "crate::");
        found.extend(name.captures_iter(&line).map(|it| it[1].to_owned()));
    }
    found
}

/// All files of `src/` but tests: path below it, module, words.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        let below = path.strip_prefix(&root).unwrap().to_owned();
        if path.extension().is_none_or(|it| it != "rs") || below.ends_with("tests.rs") {
            continue;
        }
        let first = below.iter().next().unwrap().to_str().unwrap();
        let module = first.strip_suffix(".rs").unwrap_or(first).to_owned();
        found.push((below, module, fs::read_to_string(&path).unwrap()));
    }
    found
}

/// Folders between a file and the root of the crate, itself counted if it is no `mod.rs`.
fn depth(below: &Path) -> usize {
    below.iter().count() - usize::from(below.ends_with("mod.rs"))
}

/// What is wrong with an import, if anything is.
fn complaint(module: &str, used: &str) -> Option<String> {
    let (Some(from), Some(to)) = (floor(module), floor(used)) else { return None };
    let is_sideways = from == to && !SIDEWAYS.contains(&from);
    let words = || format!("`{module}` on floor {from} uses `{used}` on floor {to}");
    (module != used && (to > from || is_sideways)).then(words)
}

#[test]
fn every_module_has_a_floor() {
    let without: BTreeSet<_> =
        sources().into_iter().map(|it| it.1).filter(|it| floor(it).is_none()).collect();
    assert!(without.is_empty(), "give each of these a floor in tests/floors.rs: {without:?}");
}

#[test]
fn imports_point_down() {
    let mut complaints = Vec::new();
    for (below, module, source) in sources() {
        // The root names all modules because they are there.
        if module == "lib" {
            continue;
        }
        for used in uses(&source, depth(&below)) {
            let place = below.display();
            complaints.extend(complaint(&module, &used).map(|it| format!("{place}: {it}")));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn no_import_leads_back() {
    let mut edges: BTreeSet<(String, String)> = BTreeSet::new();
    for (below, module, source) in sources() {
        let used = uses(&source, depth(&below)).into_iter().filter(|it| *it != module);
        edges.extend(used.map(|it| (module.clone(), it)));
    }
    // Takes away modules that nothing left uses; what stays, stands in a circle.
    while let Some((free, _)) = edges.iter().find(|it| edges.iter().all(|other| other.1 != it.0)) {
        let free = free.clone();
        edges.retain(|it| it.0 != free);
    }
    assert!(edges.is_empty(), "these use each other in a circle: {edges:?}");
}

#[test]
fn a_wrong_import_is_seen() {
    assert_eq!(
        complaint("dates", "sentences").as_deref(),
        Some("`dates` on floor 2 uses `sentences` on floor 2"),
    );
    assert_eq!(
        complaint("rules", "dates").as_deref(),
        Some("`rules` on floor 1 uses `dates` on floor 2")
    );
    assert_eq!(complaint("model", "text"), None);
    assert_eq!(complaint("dates", "rules"), None);
    let source = "use crate::text::Span;\n// crate::none\nlet a = super::super::model::x();\n\
                  #[cfg(test)]\nuse crate::cli;";
    assert_eq!(uses(source, 2), BTreeSet::from(["model".to_owned(), "text".to_owned()]));
}
