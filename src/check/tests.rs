use std::borrow::Cow;

use super::*;
use crate::model::{CueClass, DateRole, Kind, Stance, StatementDate, TimexKind};

/// A row from a line of a sheet; its place is its order, its rule `r`.
#[track_caller]
fn row(line: &str, at: u32) -> Statement<'static> {
    let cells: Vec<&str> = line.splitn(6, '|').map(str::trim).collect();
    let kinds = [Kind::Direct, Kind::Indirect, Kind::Mixed, Kind::Dated];
    let dates = if cells[4].is_empty() { Vec::new() } else { vec![date(cells[4])] };
    Statement {
        id: Cow::default(),
        document_id: Cow::default(),
        publisher: Cow::default(),
        published: None,
        url: Cow::default(),
        kind: kinds.into_iter().find(|it| it.as_str() == cells[0]).unwrap(),
        class: CueClass::Speech,
        speaker: cells[1].to_owned().into(),
        speaker_id: Cow::default(),
        speaker_role: Cow::default(),
        cue: cells[2].to_owned().into(),
        stance: Stance::from_word(cells[3]).unwrap(),
        statement: cells[5].to_owned().into(),
        dates,
        actors: Vec::new(),
        sentence: "The sentence.".into(),
        start: 10 * at,
        end: 10 * at + 9,
        source: Vec::new(),
        cue_spans: Vec::new(),
        content: Vec::new(),
        confidence: 0,
        rule: "r".into(),
    }
}

fn date(edtf: &str) -> StatementDate<'static> {
    StatementDate {
        role: DateRole::Saying,
        text: Cow::default(),
        kind: TimexKind::Date,
        value: Cow::default(),
        modifier: Cow::default(),
        is_modifier: false,
        is_inferred: false,
        edtf: edtf.to_owned().into(),
        from: None,
        to: None,
        span: [0, 0],
        rule: Cow::default(),
    }
}

/// A document whose rows are all claims of their own, named by file and order.
fn document(file: &str, id: &str, lines: &[&str]) -> Found {
    Found {
        file: file.to_owned(),
        document_id: id.to_owned(),
        statements: lines.iter().zip(0..).map(|(it, at)| row(it, at)).collect(),
        claims: (0..lines.len()).map(|at| format!("{id}{at}")).collect(),
    }
}

const RAIN: &str = "indirect | Eva Orr | said | asserts | 2015-05 | that it would rain all week";
const SNOW: &str = "direct | Sam Hill | denied | denies |  | “No snow fell”";
const WIND: &str = "dated |  |  | asserts | 2014 | A storm took the roof in 2014";

#[track_caller]
fn check_sheet(sheet: &str, rows: &[&str], expected: &[&str], blessed: &str) {
    let sheets = Sheets::from([("a.txt.expected".to_owned(), sheet.to_owned())]);
    let found =
        Extracted { documents: vec![document("a.txt", "a.txt", rows)], rejected: Vec::new() };
    let problems = check(&sheets, &found).unwrap().problems;
    assert_eq!(problems, expected);
    let new = bless(&sheets, &found).unwrap();
    let new = new.get("a.txt.expected").map_or(sheet, String::as_str);
    assert_eq!(new, blessed);
    // What was blessed is fine, and blessing it again changes nothing.
    let sheets = Sheets::from([("a.txt.expected".to_owned(), new.to_owned())]);
    assert_eq!(check(&sheets, &found).unwrap().problems, Vec::<String>::new());
    assert_eq!(bless(&sheets, &found).unwrap(), Sheets::new());
}

#[test]
fn what_agrees_is_left_alone() {
    let sheet = format!("# why\n\n{RAIN}\n- {SNOW}\n+ {WIND}\n");
    check_sheet(&sheet, &[RAIN, WIND], &[], &sheet);
}

#[test]
fn a_line_that_is_not_found_becomes_a_gap() {
    check_sheet(
        &format!("{RAIN}\n{SNOW}\n"),
        &[RAIN],
        &[&format!("a.txt.expected:2: expected, not found\n    {SNOW}")],
        &format!("{RAIN}\n- {SNOW}\n"),
    );
}

#[test]
fn a_gap_that_is_found_is_closed() {
    check_sheet(
        &format!("- {SNOW}\n"),
        &[SNOW],
        &["a.txt.expected:1: gap closed, run --bless to keep it so\n    “No snow fell”"],
        &format!("{SNOW}\n"),
    );
}

#[test]
fn a_wrong_row_that_is_gone_goes() {
    check_sheet(
        &format!("# why\n+ {SNOW}\n"),
        &[],
        &["a.txt.expected:2: a row known to be wrong is gone, run --bless\n    “No snow fell”"],
        "# why\n",
    );
}

#[test]
fn a_row_that_no_line_expects_is_taken_for_wrong() {
    check_sheet(
        &format!("# why\n{RAIN}\n{WIND}\n"),
        &[RAIN, SNOW, WIND],
        &[&format!(
            "a.txt 10-19: found, not expected\n    {SNOW}\n      in: The sentence.\n      (rule r)"
        )],
        &format!("# why\n{RAIN}\n+ {SNOW}\n{WIND}\n"),
    );
    check_sheet(
        "# nothing must be found\n",
        &[SNOW],
        &[&format!(
            "a.txt 0-9: found, not expected\n    {SNOW}\n      in: The sentence.\n      (rule r)"
        )],
        &format!("# nothing must be found\n+ {SNOW}\n"),
    );
}

#[test]
fn a_row_that_differs_is_told_field_by_field() {
    let found = "indirect | Orr | said | asserts |  | that it would rain all week long";
    check_sheet(
        &format!("{RAIN}\n{SNOW}\n"),
        &[found, SNOW],
        &[concat!(
            "a.txt.expected:1: found otherwise\n    that it would rain all week\n",
            "      speaker: expected `Eva Orr`, found `Orr`\n",
            "      date: expected `2015-05`, found ``\n",
            "      statement: expected `that it would rain all week`, ",
            "found `that it would rain all week long`\n",
            "      (rule r, a.txt 0-9)"
        )],
        &format!("- {RAIN}\n+ {found}\n{SNOW}\n"),
    );
}

#[test]
fn a_gap_that_is_found_otherwise_is_told_so() {
    let found = RAIN.replace("Eva Orr", "Orr");
    check_sheet(
        &format!("- {RAIN}\n"),
        &[&found],
        &[concat!(
            "a.txt.expected:1 (a known gap): found otherwise\n    that it would rain all week\n",
            "      speaker: expected `Eva Orr`, found `Orr`\n",
            "      (rule r, a.txt 0-9)"
        )],
        &format!("- {RAIN}\n+ {found}\n"),
    );
}

#[test]
fn the_same_row_twice_needs_two_lines() {
    check_sheet(
        &format!("{RAIN}\n{RAIN}\n"),
        &[RAIN],
        &[&format!("a.txt.expected:2: expected, not found\n    {RAIN}")],
        &format!("{RAIN}\n- {RAIN}\n"),
    );
}

#[test]
fn white_space_and_bars_do_not_matter() {
    let rows = ["direct | Eva  Orr | said | asserts |  | “It\nis so | or not”"];
    check_sheet(
        "direct |  Eva Orr|said|asserts|| “It is so | or not”\n",
        &rows,
        &[],
        "direct |  Eva Orr|said|asserts|| “It is so | or not”\n",
    );
}

#[test]
fn a_file_of_several_documents_has_headings() {
    let sheet = format!("# all\n## one\n{RAIN}\n## two\n# none\n## three\n{SNOW}\n");
    let sheets = Sheets::from([("a.csv.expected".to_owned(), sheet)]);
    let found = Extracted {
        documents: vec![
            document("a.csv", "one", &[RAIN]),
            document("a.csv", "f/a.csv#two", &[WIND]),
        ],
        rejected: Vec::new(),
    };
    let problems = check(&sheets, &found).unwrap().problems;
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert_eq!(problems[1], "a.csv.expected:6: a.csv has no document `three`");
    assert_eq!(
        bless(&sheets, &found).unwrap()["a.csv.expected"],
        format!("# all\n## one\n{RAIN}\n## two\n+ {WIND}\n# none\n## three\n- {SNOW}\n")
    );
}

#[test]
fn articles_and_sheets_belong_together() {
    let sheets = Sheets::from([("gone.txt.expected".to_owned(), format!("{RAIN}\n"))]);
    let found = Extracted {
        documents: vec![document("new.txt", "new.txt", &[RAIN]), document("no.txt", "no", &[])],
        rejected: vec![("bad.gz".to_owned(), "the end is missing".to_owned())],
    };
    let report = check(&sheets, &found).unwrap();
    assert_eq!(
        report.problems,
        [
            "bad.gz: could not be read: the end is missing",
            "gone.txt.expected: there is no article gone.txt",
            "new.txt: 1 rows, but there is no new.txt.expected; --bless writes one",
        ]
    );
    let blessed = bless(&sheets, &found).unwrap();
    assert_eq!(blessed["new.txt.expected"], format!("{RAIN}\n"));
    assert_eq!(blessed["gone.txt.expected"], format!("- {RAIN}\n"));
    assert_eq!(blessed.len(), 2);
}

#[track_caller]
fn check_error(sheet: &str, expected: &str) {
    let sheets = Sheets::from([("a.txt.expected".to_owned(), sheet.to_owned())]);
    let found = Extracted { documents: vec![document("a.txt", "a", &[])], rejected: Vec::new() };
    assert_eq!(check(&sheets, &found).unwrap_err().to_string(), expected);
}

#[test]
fn a_broken_line_is_refused() {
    check_error(
        "# x\ndirect | Eva Orr | said\n",
        "a.txt.expected:2: a line has 6 cells, this one 3: \
         kind | speaker | cue | stance | date | statement",
    );
    check_error(
        "- quote | Eva Orr | said | asserts |  | x",
        "a.txt.expected:1: `quote` is no kind; there are direct, indirect, mixed, dated",
    );
    check_error(
        "direct | Eva Orr | said | denied |  | x",
        "a.txt.expected:1: `denied` is no stance; there are asserts, denies, questions, predicts, \
         demands, promises, hedges",
    );
}

/// Two files with a row each, of one claim or two.
#[track_caller]
fn check_pair(line: &str, is_joined: bool, problems: &[&str], blessed: &str) {
    let mut found = Extracted {
        documents: vec![document("s/a.txt", "a", &[RAIN]), document("s/b.csv", "b1", &[SNOW])],
        rejected: Vec::new(),
    };
    if is_joined {
        found.documents[1].claims = found.documents[0].claims.clone();
    }
    let sheets = Sheets::from([
        ("s/claims.expected".to_owned(), format!("{line}\n")),
        ("s/a.txt.expected".to_owned(), RAIN.to_owned()),
        ("s/b.csv.expected".to_owned(), SNOW.to_owned()),
    ]);
    assert_eq!(check(&sheets, &found).unwrap().problems, problems);
    let new = bless(&sheets, &found).unwrap();
    assert_eq!(new.get("s/claims.expected").map_or(line, |it| it.trim_end()), blessed);
}

#[test]
fn pairs_must_share_a_claim_or_not() {
    let same = "a.txt: that it would … = b.csv#b1: “No snow fell”";
    let apart = "a.txt: that it would … != b.csv: “No …";
    check_pair(same, true, &[], same);
    check_pair(apart, false, &[], apart);
    check_pair(
        same,
        false,
        &[&format!("s/claims.expected:1: must be one claim, are two\n    {same}")],
        &format!("- {same}"),
    );
    check_pair(
        apart,
        true,
        &[&format!("s/claims.expected:1: must be two claims, are one\n    {apart}")],
        &format!("- {apart}"),
    );
    check_pair(&format!("- {same}"), false, &[], &format!("- {same}"));
    check_pair(
        &format!("- {same}"),
        true,
        &[&format!("s/claims.expected:1: gap closed, run --bless to keep it so\n    {same}")],
        same,
    );
}

#[test]
fn rows_that_are_not_there_cannot_be_joined() {
    let same = "a.txt: that it = b … = b.csv: “No snow fell”";
    check_pair(
        same,
        true,
        &[&format!("s/claims.expected:1: a.txt has no row `that it = b …`\n    {same}")],
        &format!("- {same}"),
    );
    let apart = "a.txt: that it wo … != b.csv: “No snow fell”";
    check_pair(apart, true, &[], apart);
    check_pair(&format!("- {apart}"), false, &[], &format!("- {apart}"));
}

#[test]
fn a_pair_names_two_files() {
    let sheets = Sheets::from([("claims.expected".to_owned(), "# x\na.txt: one\n".to_owned())]);
    let error = check(&sheets, &Extracted::default()).unwrap_err().to_string();
    assert!(error.starts_with("claims.expected:2: a line is `FILE: words … = FILE:"), "{error}");
}

#[test]
fn the_summary_counts() {
    let sheet = format!("{RAIN}\n- {SNOW}\n+ {WIND}\n");
    let sheets = Sheets::from([("a.txt.expected".to_owned(), sheet)]);
    let found =
        Extracted { documents: vec![document("a.txt", "a", &[RAIN, WIND])], rejected: Vec::new() };
    let report = check(&sheets, &found).unwrap();
    assert!(report.is_fine());
    assert_eq!(
        report.to_string(),
        "1 files: 1 rows right, 1 known gaps, 1 known wrong; 0 pairs right, 0 known gaps\n"
    );
}
