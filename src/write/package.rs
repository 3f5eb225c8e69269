//! `datapackage.json`: what every file and column is (Frictionless Data Package 1).

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Options;
use super::staging::Finished;
use crate::rules::{Pack, PackFiles};

/// What made a dataset. No clock: the same input gives the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the rule pack.
    pub pack: String,
    /// Its version.
    pub pack_version: String,
    /// Its language.
    pub language: String,
    /// Hash of its files: see [`Provenance::hash`].
    pub pack_sha256: String,
    /// Settings that change the result, with their values.
    pub settings: Vec<(String, String)>,
}

impl Provenance {
    /// A run of this program with the rules of `pack`.
    pub fn of(pack: &Pack, settings: Vec<(String, String)>) -> Provenance {
        Provenance {
            pack: pack.info.name.clone(),
            pack_version: pack.info.version.clone(),
            language: pack.info.language.clone(),
            pack_sha256: Provenance::hash(&pack.files),
            settings,
        }
    }

    /// Hex SHA-256 over the files of a pack in the order of loading: of each its name inside
    /// the pack, a line feed, its text and a zero byte.
    pub fn hash(files: &PackFiles) -> String {
        let mut bytes = Vec::new();
        for file in files.all() {
            bytes.extend_from_slice(file.name.as_bytes());
            bytes.push(b'\n');
            bytes.extend_from_slice(file.text.as_bytes());
            bytes.push(0);
        }
        super::staging::sha256(&bytes)
    }
}

/// The name in the package of every dataset.
const NAME: &str = "onrecord-dataset";

/// Whether a folder holds a dataset of ours, as its package says.
pub fn is_dataset(folder: &Path) -> bool {
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let words = std::fs::read(folder.join("datapackage.json")).unwrap_or_default();
    serde_json::from_slice::<Package>(&words).is_ok_and(|it| it.name == NAME)
}

/// A column or field: name, type of Table Schema, meaning.
type Field = (&'static str, &'static str, &'static str);

const STATEMENTS: &[Field] = &[
    (
        "statement_id",
        "string",
        "`st_` and the XXH3-64 hash in hex of document_id, start, end, kind and statement, with a line feed between each two. The same input gives the same id on any machine.",
    ),
    ("claim_id", "string", "The claim that this statement makes; see claims."),
    ("document_id", "string", "The document it stands in; see documents."),
    ("publisher", "string", "Who published the document."),
    ("published", "date", "Day of publication."),
    ("url", "string", "Where the document stands on the web."),
    (
        "kind",
        "string",
        "`direct` (all between quotation marks), `indirect`, `mixed`, or `dated` (a dated claim in the article's own voice).",
    ),
    (
        "speaker",
        "string",
        "Canonical name of who said it, where that could be settled; else the words of the text. Empty for `dated`.",
    ),
    (
        "speaker_id",
        "string",
        "The actor who said it; empty where that is not settled, `ac_doc_…` where it holds in the document only. See actors.",
    ),
    ("speaker_role", "string", "Role or affiliation of the speaker as the text says it."),
    ("cue", "string", "The words that tie speaker and statement."),
    (
        "stance",
        "string",
        "`asserts`, `denies`, `questions`, `predicts`, `demands`, `promises` or `hedges`.",
    ),
    (
        "statement",
        "string",
        "What was said or happened, in the document's own words. Pieces that other words part are joined with ` … `.",
    ),
    (
        "date",
        "string",
        "Date in EDTF (ISO 8601-2): of the saying where an attributed statement has one, else of what was said or happened.",
    ),
    ("date_from", "date", "First day of `date`, where it is known."),
    ("date_to", "date", "Last day of `date`, where it is known."),
    ("date_text", "string", "The words of `date` in the text."),
    ("actors", "string", "Canonical names of the actors in source and content, joined with `; `."),
    ("actor_ids", "string", "Their ids, in the same order, joined with `; `."),
    (
        "sentence",
        "string",
        "The sentence it stands in; a quotation of several sentences with its frame is one.",
    ),
    (
        "start",
        "integer",
        "First code point of source, cue and content together in the document's text.",
    ),
    ("end", "integer", "One past the last code point: `text[start:end]` in Python."),
    ("rule", "string", "Id of the rule that found it."),
    (
        "sources",
        "integer",
        "Independent publishers that state the claim: copies and documents of one publisher count once.",
    ),
];

/// What `statements.jsonl` has beside or instead of the columns.
const STATEMENT_PARTS: &[Field] = &[
    (
        "class",
        "string",
        "Class of the cue: `speech`, `belief`, `intention`, `evidence`, `perception`, `act`.",
    ),
    ("source", "array", "Who said it: `start`, `end`, `text` of each piece."),
    ("cue_spans", "array", "Places of the cue: `[start, end]`."),
    ("content", "array", "What was said: `start`, `end`, `text` of each piece."),
    (
        "dates",
        "array",
        "All dates, the one of the columns, if there is one, before others of its kind: `role` (`saying` or `event`), `text`, TIMEX3 `type`, `value` and `mod`, `edtf`, `from`, `to`, `modifies` (it modifies a noun), `inferred` (it was resolved against a day that was itself inferred), `start`, `end`, `rule`.",
    ),
    (
        "actors",
        "array",
        "All settled actors of source and content: `id`, `name`, `kind`, `start`, `end`.",
    ),
    (
        "confidence",
        "integer",
        "Precision of the rule as measured, 0 to 100; absent where none was measured.",
    ),
];

const CLAIMS: &[Field] = &[
    (
        "claim_id",
        "string",
        "`cl_` and the smallest XXH3-64 hash in hex of its statements' ids: the same statements give the same id, and an id stays when others join, unless one of theirs is smaller.",
    ),
    (
        "kind",
        "string",
        "As in the statement that stands for the rest, like the seven that follow: the first published of those whose date most others share.",
    ),
    ("speaker", "string", "Who said it."),
    ("speaker_id", "string", "The actor who said it."),
    ("stance", "string", "Attitude of the speaker."),
    ("statement", "string", "What was said or happened."),
    ("date", "string", "Date in EDTF."),
    ("date_from", "date", "First day of `date`."),
    ("date_to", "date", "Last day of `date`."),
    ("first_published", "date", "First day on which a document of the claim was published."),
    ("last_published", "date", "Last such day."),
    (
        "sources",
        "integer",
        "Independent publishers: copies and documents of one publisher count once.",
    ),
    ("publishers", "string", "Publishers, joined with `; `."),
    ("statements", "integer", "Number of statements."),
    ("document_ids", "string", "Documents, joined with `; `."),
    ("statement_ids", "string", "Statements, joined with `; `."),
];

const DOCUMENTS: &[Field] = &[
    (
        "document_id",
        "string",
        "The document's own id, else its path below the PATH that was given.",
    ),
    ("title", "string", "Headline."),
    ("publisher", "string", "Who published it."),
    ("author", "string", "Byline."),
    ("published", "date", "Day of publication."),
    (
        "published_basis",
        "string",
        "How that day is known: `manifest`, `field`, `html`, `dateline`, `inferred`; empty where it is not.",
    ),
    ("url", "string", "Where it stands on the web."),
    ("lang", "string", "Language tag (BCP 47)."),
    ("text", "string", "The text that all offsets refer to."),
    ("sha256", "string", "SHA-256 in hex of the text in UTF-8."),
    (
        "people",
        "array",
        "People, organizations of no list and names of open kind as the document tells of them: `id`, `name`, `kind`, `ties` (offices, ids of states and organizations, long forms of given names), `aliases`, `mentions`, `statements`. Absent where there are none.",
    ),
    (
        "copy_of",
        "string",
        "The document that this one is a copy of: the earliest published of those with nearly the same text. Absent where it is none.",
    ),
    (
        "linked",
        "array",
        "Of `people` those who are somebody that other documents name in full or otherwise: `id` and the id in the dataset, `linked_id`. Absent where there are none.",
    ),
];

const ACTORS: &[Field] = &[
    (
        "actor_id",
        "string",
        "Id of the actor: the gazetteer's own, or `ac_` and a hash of what identifies it. `ac_doc_` and a hash: somebody of whom only a surname or a single word is known, and whom no other document means by it.",
    ),
    ("name", "string", "Canonical name."),
    (
        "kind",
        "string",
        "`person`, `state`, `government`, `organization`, `company`, `media`, `party`, `armed_group`, `civil_society`, `place`; empty where it is open.",
    ),
    ("aliases", "string", "Names it was met by, joined with `; `."),
    (
        "alias_documents",
        "string",
        "For each alias, in the same order, a document that has it: the one whose id sorts first.",
    ),
    ("mentions", "integer", "Times it was named or meant."),
    ("documents", "integer", "Documents that name or mean it."),
    ("statements", "integer", "Statements that it made."),
];

const REJECTED: &[Field] = &[
    ("path", "string", "The file, as it was found."),
    ("line", "integer", "The line in it, counted from 1; absent where the whole file is meant."),
    ("document_id", "string", "The document; absent where it has no id."),
    ("reason", "string", "Why it was set aside."),
];

/// The columns of a CSV file.
pub(super) fn columns(name: &str) -> impl Iterator<Item = &'static str> {
    fields(name).iter().map(|it| it.0)
}

fn fields(name: &str) -> &'static [Field] {
    match name.split('.').next() {
        Some("statements") => STATEMENTS,
        Some("claims") => CLAIMS,
        Some("documents") => DOCUMENTS,
        Some("actors") => ACTORS,
        _ => REJECTED,
    }
}

/// The words of `datapackage.json`.
pub(super) fn describe(files: &[Finished], made_by: &Provenance, options: Options) -> String {
    let resources: Vec<Value> = files.iter().map(|it| resource(it, options)).collect();
    let settings: Map<String, Value> =
        made_by.settings.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let package = json!({
        "profile": "data-package",
        "name": NAME,
        "title": "Who said what, when",
        "description": "Attributed statements and dated claims, extracted from news text by rules.",
        "onrecord": {
            "version": env!("CARGO_PKG_VERSION"),
            "rules": {
                "name": made_by.pack,
                "version": made_by.pack_version,
                "language": made_by.language,
                "sha256": made_by.pack_sha256,
            },
            "settings": settings,
        },
        "resources": resources,
    });
    let mut words = serde_json::to_string_pretty(&package).expect("plain data");
    words.push('\n');
    words
}

fn resource(file: &Finished, options: Options) -> Value {
    let (stem, format) = file.name.split_once('.').expect("each file has one extension");
    let is_csv = format == "csv";
    let mut resource = json!({
        "name": format!("{stem}-{format}"),
        "path": file.name,
        "description": about(stem, is_csv),
        "format": format,
        "mediatype": if is_csv { "text/csv" } else { "application/x-ndjson" },
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": format!("sha256:{}", file.sha256),
        "rows": file.rows,
        "schema": schema(file.name),
    });
    if is_csv {
        resource["profile"] = json!("tabular-data-resource");
        resource["dialect"] = json!({ "delimiter": ",", "lineTerminator": "\n", "header": true });
        resource["byteOrderMark"] = json!(options.excel);
    }
    resource
}

fn about(stem: &str, is_csv: bool) -> String {
    let what = match stem {
        "statements" => "A row is a statement in a document.",
        "claims" => "A row is a claim: what one or more statements state.",
        "documents" => "A line is a document with its metadata and the text that offsets refer to.",
        "actors" => "A row is an actor.",
        _ => "A line is an input that could not be read, with the reason.",
    };
    let safe = "A cell that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, tab or \
                return) has an apostrophe in front, and runs of white space are one space; the \
                JSONL files have the plain words.";
    if is_csv { format!("{what} {safe}") } else { what.to_owned() }
}

fn schema(name: &str) -> Value {
    let mut all: Vec<Field> = fields(name).to_vec();
    if name == "statements.jsonl" {
        all.retain(|it| it.0 != "actors" && it.0 != "actor_ids");
        all.extend(STATEMENT_PARTS);
    }
    if name == "claims.jsonl" {
        for field in all.iter_mut().filter(|it| it.2.ends_with("joined with `; `.")) {
            field.1 = "array";
        }
    }
    let fields: Vec<Value> = all.iter().map(field).collect();
    let mut schema = json!({ "fields": fields, "missingValues": [""] });
    if let Some(key) = all.first().filter(|it| it.0.ends_with("_id")) {
        schema["primaryKey"] = json!(key.0);
    }
    if name.starts_with("statements") {
        let extension = name.split_once('.').map_or("", |it| it.1);
        schema["foreignKeys"] = json!([
            reference("claim_id", &format!("claims-{extension}")),
            reference("document_id", "documents-jsonl"),
        ]);
    }
    schema
}

fn reference(field: &str, resource: &str) -> Value {
    json!({ "fields": field, "reference": { "resource": resource, "fields": field } })
}

fn field(&(name, kind, about): &Field) -> Value {
    json!({ "name": name, "type": kind, "description": about })
}
