//! Fixtures against expectations: what must be found in an article, line by line.
//!
//! Beside an article stands a sheet of the same name with `.expected` at its end, one line a
//! row of the dataset:
//!
//! ```text
//! # a comment
//! ## id-of-a-document        (where a file holds several)
//! kind | speaker | cue | stance | date | statement
//! - kind | …                 a known gap: ought to be found and is not yet
//! + kind | …                 known to be wrong: found and ought not to be
//! ```
//!
//! A folder's `claims.expected` says which rows belong to one claim (see [`claims`]). The truth
//! in a sheet is written by people: nothing here ever drops a line that a person wrote, and
//! what the program finds beside it is never taken for truth.

pub mod claims;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use sheet::{FIELDS, Mark};
use sheet::{Line, Sheet};

use crate::error::Error;
use crate::model::Statement;

/// What the program made of a folder.
#[derive(Debug, Clone, Default)]
pub struct Extracted {
    /// Every document, in order.
    pub documents: Vec<Found>,
    /// Files that could not be read, with the reason.
    pub rejected: Vec<(String, String)>,
}

/// What the program found in one document.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Its file below the folder, with `/`.
    pub file: String,
    /// As [`Statement::document_id`].
    pub document_id: String,
    /// Its rows.
    pub statements: Vec<Statement<'static>>,
    /// For each row, the id of its claim.
    pub claims: Vec<String>,
}

/// Sheets by their path below the folder, with `/`.
pub type Sheets = BTreeMap<String, String>;

/// The end of a sheet's name.
pub const SHEET: &str = ".expected";

/// The name of a folder's sheet of claims.
pub const CLAIMS: &str = "claims.expected";

/// How rows and expectations agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files compared.
    pub files: usize,
    /// Rows as expected.
    pub right: usize,
    /// Expected lines that are known not to be found.
    pub gaps: usize,
    /// Rows that are known to be wrong.
    pub wrong: usize,
    /// Pairs of rows joined or kept apart as expected.
    pub pairs: usize,
    /// Pairs that are known not to be.
    pub pair_gaps: usize,
    /// What does not agree, for people, in order of files and places.
    pub problems: Vec<String>,
}

impl Report {
    /// Whether everything is as expected.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problems.iter().try_for_each(|it| writeln!(f, "{it}"))?;
        write!(f, "{} files: {} rows right", self.files, self.right)?;
        write!(f, ", {} known gaps, {} known wrong", self.gaps, self.wrong)?;
        write!(f, "; {} pairs right, {} known gaps", self.pairs, self.pair_gaps)?;
        match self.problems.len() {
            0 => writeln!(f),
            1 => writeln!(f, "; 1 difference"),
            count => writeln!(f, "; {count} differences"),
        }
    }
}

/// A row as a sheet writes it, with where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    fields: [String; 6],
    rule: String,
    place: [u32; 2],
    sentence: String,
}

impl Row {
    fn new(it: &Statement) -> Row {
        let date = it.date().map_or("", |it| it.column());
        let fields =
            [it.kind.as_str(), &it.speaker, &it.cue, it.stance.as_str(), date, &it.statement];
        Row {
            fields: fields.map(sheet::cell),
            rule: it.rule.to_string(),
            place: [it.start, it.end],
            sentence: sheet::cell(&it.sentence),
        }
    }

    fn statement(&self) -> &str {
        &self.fields[5]
    }
}

/// Compares what was found with the sheets.
///
/// # Errors
/// [`Error::Usage`] with file and line: a line of a sheet that cannot be read.
pub fn check(sheets: &Sheets, found: &Extracted) -> Result<Report, Error> {
    let mut report = Report::default();
    for (file, reason) in &found.rejected {
        report.problems.push(format!("{file}: could not be read: {reason}"));
    }
    for (file, documents) in pages(sheets, found) {
        report.files += 1;
        let name = format!("{file}{SHEET}");
        match sheets.get(&name) {
            Some(text) => check_page(&name, &Sheet::parse(&name, text)?, &documents, &mut report),
            None => miss_sheet(&file, &documents, &mut report),
        }
    }
    for (name, text) in sheets.iter().filter(|it| is_claims(it.0)) {
        claims::check(name, text, found, &mut report)?;
    }
    Ok(report)
}

/// The new text of every sheet that does not agree with what was found.
///
/// A line that is not found becomes a known gap; a known gap that is found becomes a plain
/// line; a known wrong row that is gone goes. A row that no line expects is marked as wrong,
/// unless there was no sheet at all.
///
/// # Errors
/// As [`check`].
pub fn bless(sheets: &Sheets, found: &Extracted) -> Result<Sheets, Error> {
    let mut blessed = Sheets::new();
    for (file, documents) in pages(sheets, found) {
        let name = format!("{file}{SHEET}");
        let new = match sheets.get(&name) {
            Some(text) => bless_page(&Sheet::parse(&name, text)?, &documents),
            None => new_sheet(&documents),
        };
        blessed.insert(name, new);
    }
    for (name, text) in sheets.iter().filter(|it| is_claims(it.0)) {
        blessed.insert(name.clone(), claims::bless(name, text, found)?);
    }
    blessed.retain(|name, new| sheets.get(name).map_or(!new.is_empty(), |old| old != new));
    Ok(blessed)
}

fn is_claims(name: &str) -> bool {
    name == CLAIMS || name.ends_with("/claims.expected")
}

/// The rows of a document with its id.
type Page<'a> = (&'a str, Vec<Row>);

/// Every file that has documents or a sheet, with its documents.
fn pages<'a>(sheets: &Sheets, found: &'a Extracted) -> BTreeMap<String, Vec<Page<'a>>> {
    let mut pages: BTreeMap<String, Vec<Page<'a>>> = BTreeMap::new();
    for name in sheets.keys().filter(|it| !is_claims(it)) {
        pages.insert(name.strip_suffix(SHEET).unwrap_or(name).to_owned(), Vec::new());
    }
    for it in &found.documents {
        let rows = it.statements.iter().map(Row::new).collect();
        pages.entry(it.file.clone()).or_default().push((&it.document_id, rows));
    }
    pages
}

/// Whether `name` in a sheet means the document with this id.
pub(crate) fn is_id(id: &str, name: &str) -> bool {
    id.strip_suffix(name).is_some_and(|it| it.is_empty() || it.ends_with(['#', '/']))
}

fn miss_sheet(file: &str, documents: &[Page<'_>], report: &mut Report) {
    let rows: usize = documents.iter().map(|it| it.1.len()).sum();
    if rows > 0 {
        report.problems.push(format!(
            "{file}: {rows} rows, but there is no {file}{SHEET}; --bless writes one"
        ));
    }
}

/// The lines of a sheet that belong to one document.
struct Part<'a> {
    /// Indices into the lines of the sheet.
    lines: Vec<usize>,
    /// Index of the line after which rows before the first go.
    head: Option<usize>,
    rows: &'a [Row],
}

/// The lines of a sheet by document, and the ids of headings that no document has.
fn parts<'a>(sheet: &Sheet, documents: &'a [Page<'_>]) -> (Vec<Part<'a>>, Vec<(usize, String)>) {
    let mut parts: Vec<Part<'a>> =
        documents.iter().map(|it| Part { lines: Vec::new(), head: None, rows: &it.1 }).collect();
    let mut strangers = Vec::new();
    // The part that belongs to nobody: lines for a document that was not found.
    parts.push(Part { lines: Vec::new(), head: None, rows: &[] });
    let nobody = parts.len() - 1;
    let mut at = 0;
    for (index, line) in sheet.lines.iter().enumerate() {
        match line {
            Line::Heading(name, _) if documents.len() != 1 => {
                at = documents.iter().position(|it| is_id(it.0, name)).unwrap_or(nobody);
                parts[at].head = Some(index);
                if at == nobody {
                    strangers.push((index, name.clone()));
                }
            }
            Line::Row(..) => parts[at].lines.push(index),
            _ => {}
        }
    }
    (parts, strangers)
}

/// Which row is which line.
struct Pairing {
    /// For each line of the part, its row.
    row_of: BTreeMap<usize, usize>,
    /// Rows that no line expects, with the line that is most like them, if one is.
    unexpected: Vec<(usize, Option<usize>)>,
}

fn pair(sheet: &Sheet, part: &Part<'_>) -> Pairing {
    let mut row_of = BTreeMap::new();
    let mut is_taken = vec![false; part.rows.len()];
    // A plain line comes before a known wrong one, and that before a gap.
    for mark in [Mark::Right, Mark::Wrong, Mark::Gap] {
        for &index in &part.lines {
            let Line::Row(it, fields, _) = &sheet.lines[index] else { continue };
            let same = |row: &usize| !is_taken[*row] && part.rows[*row].fields == *fields;
            if *it == mark
                && let Some(row) = (0..part.rows.len()).find(same)
            {
                is_taken[row] = true;
                row_of.insert(index, row);
            }
        }
    }
    let mut free: BTreeSet<usize> = part
        .lines
        .iter()
        .copied()
        .filter(|it| !row_of.contains_key(it) && sheet.mark(*it) != Some(Mark::Wrong))
        .collect();
    let mut likeness: Vec<(f64, usize, usize)> = Vec::new();
    for row in (0..part.rows.len()).filter(|&it| !is_taken[it]) {
        for &line in &free {
            let share = similarity(sheet.statement(line), part.rows[row].statement());
            if share >= 0.4 {
                likeness.push((share, row, line));
            }
        }
    }
    likeness.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut nearest: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, row, line) in likeness {
        if !nearest.contains_key(&row) && free.remove(&line) {
            nearest.insert(row, line);
        }
    }
    let unexpected = (0..part.rows.len())
        .filter(|&it| !is_taken[it])
        .map(|it| (it, nearest.get(&it).copied()))
        .collect();
    Pairing { row_of, unexpected }
}

/// How many of the words of both are common, between 0 and 1.
fn similarity(a: &str, b: &str) -> f64 {
    let words = |it: &str| -> BTreeSet<String> {
        let words = it.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    2.0 * a.intersection(&b).count() as f64 / (a.len() + b.len()).max(1) as f64
}

fn check_page(name: &str, sheet: &Sheet, documents: &[Page<'_>], report: &mut Report) {
    let file = name.strip_suffix(SHEET).unwrap_or(name);
    if documents.is_empty() {
        report.problems.push(format!("{name}: there is no article {file}"));
        return;
    }
    let (parts, strangers) = parts(sheet, documents);
    let mut problems: Vec<(usize, String)> = strangers
        .into_iter()
        .map(|(at, id)| (at, format!("{name}:{}: {file} has no document `{id}`", at + 1)))
        .collect();
    for part in &parts {
        check_part(name, sheet, part, report, &mut problems);
    }
    problems.sort_by_key(|it| it.0);
    report.problems.extend(problems.into_iter().map(|it| it.1));
}

fn check_part(
    name: &str,
    sheet: &Sheet,
    part: &Part<'_>,
    report: &mut Report,
    problems: &mut Vec<(usize, String)>,
) {
    let file = name.strip_suffix(SHEET).unwrap_or(name);
    let pairing = pair(sheet, part);
    let told: BTreeSet<usize> = pairing.unexpected.iter().filter_map(|it| it.1).collect();
    for &index in &part.lines {
        let Some(mark) = sheet.mark(index) else { continue };
        let line = format!("{name}:{}", index + 1);
        let statement = clip(sheet.statement(index));
        match (mark, pairing.row_of.contains_key(&index)) {
            (Mark::Right, true) => report.right += 1,
            (Mark::Wrong, true) => report.wrong += 1,
            (Mark::Gap, false) => report.gaps += 1,
            (Mark::Right, false) if told.contains(&index) => {}
            (Mark::Right, false) => {
                let what = format!("{line}: expected, not found\n    {}", sheet.row_text(index));
                problems.push((index, what));
            }
            (Mark::Gap, true) => problems.push((
                index,
                format!("{line}: gap closed, run --bless to keep it so\n    {statement}"),
            )),
            (Mark::Wrong, false) => problems.push((
                index,
                format!("{line}: a row known to be wrong is gone, run --bless\n    {statement}"),
            )),
        }
    }
    for &(row, nearest) in &pairing.unexpected {
        let it = &part.rows[row];
        problems.push(match nearest {
            Some(index) => (index, found_otherwise(name, sheet, index, it)),
            None => {
                let after = before_in_place(part, &pairing, row).or(part.head).unwrap_or(0);
                (after, not_expected(file, it))
            }
        });
    }
}

fn found_otherwise(name: &str, sheet: &Sheet, line: usize, row: &Row) -> String {
    let file = name.strip_suffix(SHEET).unwrap_or(name);
    let [start, end] = row.place;
    let known = if sheet.mark(line) == Some(Mark::Gap) { " (a known gap)" } else { "" };
    let statement = clip(sheet.statement(line));
    let mut what = format!("{name}:{}{known}: found otherwise\n    {statement}", line + 1);
    for (field, expected, found) in sheet.differences(line, &row.fields) {
        what.push_str(&format!("\n      {field}: expected `{expected}`, found `{found}`"));
    }
    what + &format!("\n      (rule {}, {file} {start}-{end})", row.rule)
}

fn not_expected(file: &str, row: &Row) -> String {
    let [start, end] = row.place;
    format!(
        "{file} {start}-{end}: found, not expected\n    {}\n      in: {}\n      (rule {})",
        row.fields.join(" | "),
        clip(&row.sentence),
        row.rule
    )
}

/// The first words, so that a report stays readable.
fn clip(words: &str) -> String {
    const LENGTH: usize = 160;
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

/// The line of the row that stands before `row` in the document.
fn before_in_place(part: &Part<'_>, pairing: &Pairing, row: usize) -> Option<usize> {
    let place = part.rows[row].place;
    pairing
        .row_of
        .iter()
        .map(|(&line, &row)| (part.rows[row].place, line))
        .filter(|it| it.0 <= place)
        .max()
        .map(|it| it.1)
}

fn bless_page(sheet: &Sheet, documents: &[Page<'_>]) -> String {
    let (parts, _) = parts(sheet, documents);
    let mut kept: Vec<Option<String>> = sheet.lines.iter().map(|it| Some(it.text())).collect();
    let mut added: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for part in parts.iter().filter(|it| !documents.is_empty() || !it.lines.is_empty()) {
        let pairing = pair(sheet, part);
        for &index in &part.lines {
            let is_found = pairing.row_of.contains_key(&index);
            kept[index] = sheet.blessed(index, is_found);
        }
        for &(row, nearest) in &pairing.unexpected {
            let after = nearest.or_else(|| before_in_place(part, &pairing, row)).or(part.head);
            let line = format!("+ {}", part.rows[row].fields.join(" | "));
            added.entry(after).or_default().push(line);
        }
    }
    let mut lines = Vec::new();
    // Rows before the first line of a sheet without headings go below its opening comments.
    let opening = sheet.lines.iter().take_while(|it| matches!(it, Line::Other(_))).count();
    for (index, line) in kept.into_iter().enumerate() {
        if index == opening {
            lines.extend(added.remove(&None).unwrap_or_default());
        }
        lines.extend(line);
        lines.extend(added.remove(&Some(index)).unwrap_or_default());
    }
    lines.extend(added.into_values().flatten());
    joined(&lines)
}

fn new_sheet(documents: &[Page<'_>]) -> String {
    let mut lines = Vec::new();
    for (id, rows) in documents {
        if documents.len() > 1 {
            lines.push(format!("## {}", id.rsplit('#').next().unwrap_or(id)));
        }
        lines.extend(rows.iter().map(|it| it.fields.join(" | ")));
    }
    if documents.iter().all(|it| it.1.is_empty()) {
        lines.clear();
    }
    joined(&lines)
}

fn joined(lines: &[String]) -> String {
    lines.iter().flat_map(|it| [it.as_str(), "\n"]).collect()
}

#[cfg(test)]
mod tests;
