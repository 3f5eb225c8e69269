//! Which files are inputs, in which order, and what each holds by its name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Rejected;
use super::decode::Packing;
use super::manifest::{self, Column, Row};
use crate::error::Error;
use crate::write;

/// What a file holds, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Html,
    JsonLines,
    Csv,
    /// To be told by the first bytes.
    Unknown,
}

/// What a file holds and how it is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) packing: Packing,
}

/// Where an input stands.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// To open it; empty for standard input.
    pub(crate) file: PathBuf,
    /// Below the PATH that was given, with `/`.
    pub(crate) path: Arc<str>,
}

/// An input in its place of the order.
#[derive(Debug)]
pub(crate) struct Input {
    /// As it lies on the disk; unknown for standard input.
    pub(crate) bytes: Option<u64>,
    pub(crate) content: Found,
}

#[derive(Debug)]
pub(crate) enum Found {
    File(Place, Shape, Option<Arc<Row>>),
    Rejected(Rejected),
}

/// What a person ought to know of what is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// Files that lie beside a manifest which does not name them, below the PATH that was given.
    pub left_out: Vec<String>,
    /// Folders that hold a dataset, whose files are no articles.
    pub datasets: Vec<PathBuf>,
    /// Columns of manifests that say nothing to the program.
    pub columns: Vec<Column>,
}

impl Unread {
    /// A manifest is read once for each of the files that were named beside it.
    fn note_columns(&mut self, columns: Vec<Column>) {
        for it in columns {
            if !self.columns.contains(&it) {
                self.columns.push(it);
            }
        }
    }
}

impl Shape {
    /// What the extensions of a name say; `None` for names that are none of ours.
    pub(crate) fn of_name(name: &str) -> Option<Shape> {
        let lower = name.to_ascii_lowercase();
        let (stem, packing) = if let Some(stem) = lower.strip_suffix(".gz") {
            (stem, Packing::Gzip)
        } else if let Some(stem) = lower.strip_suffix(".zst") {
            (stem, Packing::Zstd)
        } else {
            (lower.as_str(), Packing::Plain)
        };
        let kind = match stem.rsplit_once('.')?.1 {
            "txt" | "md" => Kind::Text,
            "html" | "htm" => Kind::Html,
            "jsonl" => Kind::JsonLines,
            "csv" => Kind::Csv,
            _ => return None,
        };
        Some(Shape { kind, packing })
    }

    /// As [`Shape::of_name`]; a name that a user gave and that says nothing is looked into.
    fn of_given(name: &str) -> Shape {
        let lower = name.to_ascii_lowercase();
        let packing = match lower.rsplit_once('.').map(|it| it.1) {
            Some("gz") => Packing::Gzip,
            Some("zst") => Packing::Zstd,
            _ => Packing::Plain,
        };
        Shape::of_name(name).unwrap_or(Shape { kind: Kind::Unknown, packing })
    }

    /// Whether it may hold more documents than memory does.
    pub(crate) fn is_stream(self) -> bool {
        matches!(self.kind, Kind::JsonLines | Kind::Csv | Kind::Unknown)
    }
}

impl Place {
    /// A complaint about this place.
    pub(crate) fn rejected(
        &self,
        document_id: String,
        line: Option<u64>,
        reason: impl Into<String>,
    ) -> Rejected {
        Rejected { document_id, path: self.path.to_string(), line, reason: reason.into() }
    }

    /// The id of a record that has none of its own.
    pub(crate) fn line_id(&self, line: u64) -> String {
        format!("{}#{line}", self.path)
    }
}

/// All inputs below `paths`, in order.
///
/// Where a folder has a manifest, its articles are those that the manifest names: what else lies
/// there may be anything, gold and notes among it. The files of a dataset hold the texts of other
/// articles once more, and are none. `unread` gets what is passed over.
pub(crate) fn find(paths: &[PathBuf], unread: &mut Unread) -> Result<Vec<Input>, Error> {
    if paths.is_empty() {
        return Err(Error::usage("no input: name a file, a folder, or `-` for standard input"));
    }
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let place = Place { file: PathBuf::new(), path: "-".into() };
            let shape = Shape { kind: Kind::Unknown, packing: Packing::Plain };
            found.push(Input { bytes: None, content: Found::File(place, shape, None) });
        } else if path.is_dir() {
            folder(path, &mut found, unread)?;
        } else {
            file(path, &mut found, unread)?;
        }
    }
    if found.is_empty() {
        return Err(Error::usage(
            "a manifest alone holds no articles: name its folder, or the articles",
        ));
    }
    Ok(found)
}

/// A file that was named.
fn file(path: &Path, found: &mut Vec<Input>, unread: &mut Unread) -> Result<(), Error> {
    let about = std::fs::metadata(path).map_err(|err| match err.kind() {
        std::io::ErrorKind::NotFound => {
            Error::usage(format!("there is no file or folder `{}`", path.display()))
        }
        _ => Error::io("read", path, err),
    })?;
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    if manifest::is_manifest(&name) && !manifest::has_texts(path)? {
        return Ok(());
    }
    // The manifest beside it speaks of it too; what it says of other files is not asked for.
    let beside = path.with_file_name(manifest::NAME);
    let row = if beside.is_file() && beside != path {
        let mut table = manifest::read(&beside, manifest::NAME)?;
        unread.note_columns(table.unread);
        table.rows.remove(&name).map(Arc::new)
    } else {
        None
    };
    let place = Place { file: path.to_owned(), path: name.as_str().into() };
    let content = match row {
        Some(row) if row.fault.is_some() => Found::Rejected(row.rejected(&place)),
        row => Found::File(place, Shape::of_given(&name), row),
    };
    // Pipes and devices have no size that means anything.
    let bytes = about.is_file().then_some(about.len());
    found.push(Input { bytes, content });
    Ok(())
}

/// The articles of a folder, sorted, with the manifests that stand in it.
fn folder(root: &Path, found: &mut Vec<Input>, unread: &mut Unread) -> Result<(), Error> {
    let mut files: Vec<Input> = Vec::new();
    let mut rows: FxHashMap<String, Row> = FxHashMap::default();
    let mut complaints = Vec::new();
    // Folders that have a manifest, each with its `/` behind.
    let mut governed: Vec<String> = Vec::new();
    let mut datasets: Vec<PathBuf> = Vec::new();
    let walk = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name();
    let shown = |it: &walkdir::DirEntry| {
        it.depth() == 0 || !it.file_name().as_encoded_bytes().starts_with(b".")
    };
    for entry in walk.into_iter().filter_entry(shown) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(err) => {
                let path = below(root, err.path().unwrap_or(root));
                let place = Place { file: PathBuf::new(), path: path.as_str().into() };
                let content = Found::Rejected(place.rejected(path, None, unreadable(&err)));
                files.push(Input { bytes: Some(0), content });
                continue;
            }
        };
        if entry.file_type().is_dir() && write::is_dataset(entry.path()) {
            datasets.push(entry.path().to_owned());
        }
        if !entry.file_type().is_file() || is_of_dataset(&entry, &datasets) {
            continue;
        }
        let path = below(root, entry.path());
        let name = entry.file_name().to_string_lossy();
        if manifest::is_manifest(&name) {
            let mut table = manifest::read(entry.path(), &path)?;
            let parent = path.strip_suffix(&*name).unwrap_or_default();
            governed.push(parent.to_owned());
            rows.extend(table.rows.drain().map(|(key, row)| (format!("{parent}{key}"), row)));
            complaints.append(&mut table.complaints);
            unread.note_columns(table.unread);
            continue;
        }
        let Some(shape) = Shape::of_name(&name).filter(|_| !is_readme(&name)) else { continue };
        let bytes = entry.metadata().map_or(0, |it| it.len());
        let place = Place { file: entry.path().to_owned(), path: path.into() };
        files.push(Input { bytes: Some(bytes), content: Found::File(place, shape, None) });
    }
    if files.is_empty() {
        return Err(no_articles(root, &datasets));
    }
    unread.datasets.append(&mut datasets);
    files.retain(|input| {
        let Found::File(place, ..) = &input.content else { return true };
        let is_named = rows.contains_key(&*place.path);
        let is_governed = governed.iter().any(|it| place.path.starts_with(it.as_str()));
        if is_governed && !is_named {
            unread.left_out.push(place.path.to_string());
        }
        is_named || !is_governed
    });
    apply(&mut files, rows, complaints);
    found.append(&mut files);
    Ok(())
}

/// Whether a file is one of those that make a dataset; what else lies there is somebody's own.
fn is_of_dataset(entry: &walkdir::DirEntry, datasets: &[PathBuf]) -> bool {
    let is_file = write::FILES.iter().any(|it| entry.file_name() == *it);
    is_file && datasets.iter().any(|it| entry.path().parent() == Some(it))
}

fn no_articles(root: &Path, datasets: &[PathBuf]) -> Error {
    let root = root.display();
    Error::usage(match datasets {
        [] => format!(
            "the folder `{root}` holds no articles: files in .txt, .md, .html, .jsonl or .csv, \
             each also in .gz or .zst"
        ),
        [first, ..] => format!(
            "the folder `{root}` holds a dataset, but no articles: to read the texts of the \
             dataset again, name `{}`",
            first.join("documents.jsonl").display()
        ),
    })
}

/// A README speaks of its folder.
fn is_readme(name: &str) -> bool {
    name.split('.').next().is_some_and(|it| it.eq_ignore_ascii_case("readme"))
}

/// Gives each file its row of a manifest, and notes rows that belong to no file.
fn apply(files: &mut Vec<Input>, mut rows: FxHashMap<String, Row>, mut complaints: Vec<Rejected>) {
    for input in files.iter_mut() {
        let Found::File(place, _, slot) = &mut input.content else { continue };
        let Some(row) = rows.remove(&*place.path) else { continue };
        if row.fault.is_some() {
            let rejected = row.rejected(place);
            input.content = Found::Rejected(rejected);
        } else {
            *slot = Some(Arc::new(row));
        }
    }
    let missing = rows.into_iter().map(|(path, row)| row.missing(&path));
    complaints.extend(missing);
    complaints.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    let complaints = complaints.into_iter().map(Found::Rejected);
    files.extend(complaints.map(|content| Input { bytes: Some(0), content }));
}

/// The path below `root`, with `/`.
fn below(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.iter().map(|it| it.to_string_lossy()).collect();
    parts.join("/")
}

fn unreadable(err: &walkdir::Error) -> String {
    match (err.loop_ancestor(), err.io_error()) {
        (Some(_), _) => "a link that leads back to a folder above it".to_owned(),
        (_, Some(err)) => format!("cannot be read: {err}"),
        _ => "cannot be read".to_owned(),
    }
}
