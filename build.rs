//! Lists the files of the built-in rule pack, so that a new file is part of it without more ado.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("rules/en");
    println!("cargo::rerun-if-changed=rules/en");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let inside = file.strip_prefix(&root).expect("found below the root");
        let name: Vec<_> = inside.iter().map(|it| it.to_string_lossy()).collect();
        list.push_str(&format!("    ({:?}, include_str!({file:?})),\n", name.join("/")));
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo")).join("embedded.rs");
    fs::write(out, list).expect("the output folder can be written to");
}

/// All `.toml` and `.csv` files below `folder`.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the rules are part of the package") {
        let path = entry.expect("the rules can be read").path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            walk(&path, files);
        } else if path.extension().is_some_and(|it| it == "toml" || it == "csv") {
            files.push(path);
        }
    }
}
