//! What a user does, run from outside: commands, bad input, the work of a rule author.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a finished run left.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn program(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(args).env_remove("RUST_BACKTRACE");
    command
}

/// Runs the program in a folder, with standard error away from any terminal.
fn run(folder: &Path, args: &[&str]) -> Ran {
    let done = program(folder, args).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
}

/// A folder with files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// All that lies in a folder, by name.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder).into_iter().map(|it| (it.clone(), fs::read(folder.join(it)).unwrap())).collect()
}

const ARTICLE: &[u8] = b"The bridge was closed on Monday, Ana Diaz said.\n";

const DATASET: [&str; 8] = [
    "actors.csv",
    "claims.csv",
    "claims.jsonl",
    "datapackage.json",
    "documents.jsonl",
    "rejected.jsonl",
    "statements.csv",
    "statements.jsonl",
];

/// The lines of a JSONL file.
fn records(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

mod help {
    //! The words of every command, as they are shown, and the commands of the README.

    #[test]
    fn texts_of_help() {
        trycmd::TestCases::new().case("tests/cmd/*.trycmd").case("README.md");
    }
}

mod bad_input {
    //! One bad input costs neither the others nor an older dataset anything.

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 0).unwrap()
    }

    /// A line of `rejected.jsonl`, for people.
    fn rejection(it: &serde_json::Value) -> String {
        let text = |name: &str| it[name].as_str().unwrap();
        let line = it["line"].as_u64().map_or(String::new(), |line| format!(":{line}"));
        format!("{}{line}: {}", text("path"), text("reason"))
    }

    #[test]
    fn what_cannot_be_read_is_set_aside_and_the_rest_goes_on() {
        let long = "Nobody was hurt when the old mill burned down. ".repeat(100);
        let packed = gzip(long.as_bytes());
        let zstd = zstd(long.as_bytes());
        let files: [(&str, &[u8]); 17] = [
            ("in/a-good.txt", ARTICLE),
            ("in/binary.txt", b"some\0bytes"),
            ("in/blank.txt", b" \n\t\n"),
            ("in/cells.csv", b"id,text\nx1,two,cells\nx2,So it was.\n"),
            ("in/column.csv", b"id,body\n1,x\n"),
            ("in/cut.txt.gz", &packed[..packed.len() / 2]),
            ("in/cut.txt.zst", &zstd[..zstd.len() / 2]),
            ("in/empty.txt", b""),
            ("in/empty.txt.gz", b""),
            ("in/encoding.txt", b"abc \xff\xfe\xff def"),
            (
                "in/lines.jsonl",
                b"{\"id\":\"one\",\"text\":\"So it was.\"}\n{\"id\":\"two\",\"text\":\n\
                  {\"id\":\"one\",\"text\":\"Again.\"}\n[1]\n{\"id\":\"six\"}\n{\"text\":5}\n\
                  {\"text\":null}\n",
            ),
            ("in/listed/late.txt", ARTICLE),
            (
                "in/listed/manifest.csv",
                b"path,published\ngone.txt,2024-01-01\nlate.txt,2024-02-31\nright.txt,2024-03-05\n",
            ),
            ("in/listed/right.txt", ARTICLE),
            ("in/paper.txt", b"%PDF-1.7 ..."),
            ("in/unclosed.csv", b"id,text\nu1,So it was.\nu2,\"So it is.\nu3,So it goes.\n"),
            ("in/z-good.md", ARTICLE),
        ];
        let folder = folder(&files);
        let ran = run(folder.path(), &["extract", "in", "-o", "out"]);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        let out = folder.path().join("out");
        let rejected = records(&out.join("rejected.jsonl"));
        let rejected: Vec<String> = rejected.iter().map(rejection).collect();
        assert_eq!(
            rejected,
            [
                "binary.txt: no text: it holds NUL bytes",
                "blank.txt: the text is empty",
                "cells.csv:2: a row of 3 cells where the header has 2: quote a cell that holds a comma, \
             a quotation mark or a line break",
                "column.csv: there is no column `text`; the columns are `id`, `body`",
                "cut.txt.gz: the gzip data ends too early: the file is cut off",
                "cut.txt.zst: the zstd data ends too early: the file is cut off",
                "empty.txt: the file is empty",
                "empty.txt.gz: the file is empty",
                "encoding.txt: invalid UTF-8 at byte 5, and no other encoding fits",
                "lines.jsonl:2: broken JSON at column 19: EOF while parsing a value",
                "lines.jsonl:3: the id `one` is taken: the first document with it is in `lines.jsonl`, \
             line 1",
                "lines.jsonl:4: a line must be one JSON object, as in {\"text\": \"…\"}",
                "lines.jsonl:5: there is no field `text`",
                "lines.jsonl:6: the field `text` is no string",
                "lines.jsonl:7: the field `text` is null: the article was not fetched, perhaps",
                "listed/manifest.csv:3: `2024-02-31` is no day of publication: write it as in \
             2021-07-20",
                "paper.txt: no text but a PDF",
                "unclosed.csv:3: the file ends inside a quoted cell of the row that begins here: a \
             quotation mark is missing or one too many; the row was not read",
                "listed/manifest.csv:2: `listed/gone.txt` is named here, but there is no such article",
            ]
        );
        let kept = records(&out.join("documents.jsonl"));
        let kept: Vec<_> = kept.iter().map(|it| it["document_id"].as_str().unwrap()).collect();
        assert_eq!(kept, ["a-good.txt", "x2", "one", "listed/right.txt", "u1", "z-good.md"]);
    }

    #[test]
    fn a_dataset_is_not_read_as_articles() {
        let folder = folder(&[("in/a.txt", ARTICLE)]);
        let kept = |output: &str| {
            let ran = run(folder.path(), &["extract", "in", "-o", output]);
            assert_eq!(ran.code, Some(0), "{ran:?}");
            let kept = records(&folder.path().join(output).join("documents.jsonl"));
            let kept = kept.iter().map(|it| it["document_id"].as_str().unwrap().to_owned());
            (kept.collect::<Vec<_>>(), ran.err)
        };
        let names = |it: &[&str]| it.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        for output in ["in/out", "in"] {
            assert_eq!(kept(output).0, names(&["a.txt"]), "{output}");
            let (again, err) = kept(output);
            assert_eq!(again, names(&["a.txt"]), "{output}");
            let note = format!(
                "note: `{output}` holds a dataset, whose files are no articles: passed over\n"
            );
            assert_eq!(err.matches(&note).count(), 1, "{err}");
        }
        let quiet = run(folder.path(), &["extract", "in", "-o", "other", "--quiet"]);
        assert_eq!((quiet.code, &*quiet.err), (Some(0), ""));
        // Whoever puts something beside it, or names a file of it, means that.
        fs::write(folder.path().join("in/out/notes.txt"), ARTICLE).unwrap();
        assert_eq!(kept("other").0, names(&["a.txt", "out/notes.txt"]));
        let alone = run(folder.path(), &["extract", "other", "-o", "third"]);
        assert_eq!(alone.code, Some(2), "{alone:?}");
        let remedy = "to read the texts of the dataset again, name `other/documents.jsonl`\n";
        assert!(alone.err.ends_with(remedy), "{alone:?}");
        let named = run(folder.path(), &["extract", "other/documents.jsonl", "-o", "third"]);
        assert_eq!(named.code, Some(0), "{named:?}");
        assert_eq!(records(&folder.path().join("third/documents.jsonl")).len(), 2);
        // The package of somebody else is no sign of a dataset of ours.
        fs::write(folder.path().join("in/out/datapackage.json"), "{\"name\": \"other\"}").unwrap();
        run(folder.path(), &["extract", "in/out", "-o", "fourth"]);
        assert!(records(&folder.path().join("fourth/documents.jsonl")).len() > 1);
    }

    #[test]
    fn a_document_of_fifty_megabytes_in_one_line_passes() {
        let words = "the water rose and fell and rose again, and so it went on, ";
        let mut text = words.repeat((50 << 20) / words.len());
        text.push_str("until nobody was left.");
        let folder = folder(&[("long.txt", text.as_bytes()), ("short.txt", ARTICLE)]);
        let ran = run(folder.path(), &["extract", ".", "-o", "out"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let documents = records(&folder.path().join("out/documents.jsonl"));
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[0]["text"].as_str().unwrap().len(), text.len());
    }

    #[test]
    fn a_column_of_a_manifest_that_is_not_read_is_told() {
        let manifest = b"path,date,publsher,shelf\na.txt,2024-03-07,The Herald,B\n";
        let files: [(&str, &[u8]); 3] =
            [("in/a.txt", ARTICLE), ("in/b.txt", ARTICLE), ("in/manifest.csv", manifest)];
        let folder = folder(&files);
        let told = "warning: the column `date` of `in/manifest.csv` is not read: did you mean \
                    `published`?\n\
                    warning: the column `publsher` of `in/manifest.csv` is not read: did you mean \
                    `publisher`?\n\
                    warning: the column `shelf` of `in/manifest.csv` is not read: the columns are \
                    `path`, `id`, `title`, `publisher`, `author`, `published`, `url`, `lang`\n";
        for paths in [&["in"][..], &["in/a.txt", "in/b.txt"]] {
            let ran = run(folder.path(), &[&["annotate"], paths].concat());
            assert_eq!(ran.code, Some(0), "{ran:?}");
            assert!(ran.err.starts_with(told), "{ran:?}");
            assert_eq!(ran.err.matches("`shelf`").count(), 1, "{ran:?}");
        }
        let quiet = run(folder.path(), &["annotate", "in", "--quiet"]);
        assert_eq!((quiet.code, &*quiet.err), (Some(0), ""));
    }

    /// A command that stops before any work, with its message.
    #[track_caller]
    fn check_refused(args: &[&str], message: &str) {
        let manifest = b"file,published\na.txt,2024-01-01\n";
        let files: [(&str, &[u8]); 3] =
            [("good/a.txt", ARTICLE), ("odd/a.txt", ARTICLE), ("odd/manifest.csv", manifest)];
        let folder = folder(&files);
        fs::create_dir(folder.path().join("empty")).unwrap();
        let ran = run(folder.path(), args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert_eq!(ran.out, "");
        assert_eq!(ran.err.lines().next(), Some(message));
        assert_eq!(names(folder.path()), ["empty", "good", "odd"], "nothing is left behind");
        assert_eq!(names(&folder.path().join("good")), ["a.txt"]);
    }

    #[test]
    fn a_command_that_cannot_be_done_says_why() {
        check_refused(
            &["extract", "empty", "-o", "out"],
            "error: the folder `empty` holds no articles: files in .txt, .md, .html, .jsonl or \
             .csv, each also in .gz or .zst",
        );
        check_refused(
            &["extract", "good", "gone", "-o", "out"],
            "error: there is no file or folder `gone`",
        );
        check_refused(
            &["extract", "odd", "-o", "out"],
            "error: the manifest `odd/manifest.csv` has no column `path`; it has `file`, \
             `published`",
        );
        check_refused(
            &["extract", "good", "-o", "good/a.txt"],
            "error: cannot write to `good/a.txt`: `good/a.txt` is a file, not a folder",
        );
        check_refused(
            &["extract", "good", "-o", "good/a.txt/out"],
            "error: cannot write to `good/a.txt/out`: `good/a.txt` is a file, not a folder",
        );
        check_refused(
            &["extract", "good", "-o", "out", "--jobs", "0"],
            "error: --jobs takes a number from 1 on",
        );
        check_refused(
            &["extract", "good", "-o", "out", "--rules", "gone"],
            "error: `gone` is no folder: --rules takes a folder with .toml and .csv files",
        );
        check_refused(
            &["extract", "good", "-o", "out", "--actors", "gone.csv"],
            "error: cannot read `gone.csv`: No such file or directory (os error 2)",
        );
        check_refused(
            &["dedupe", "good", "-o", "out"],
            "error: `good` is no dataset: it has no statements.jsonl; give a folder that `extract` \
             wrote",
        );
        check_refused(
            &["diff", "gone", "good"],
            "error: cannot read `gone`: No such file or directory (os error 2)",
        );
        check_refused(
            &["check", "gone"],
            "error: cannot read `gone`: No such file or directory (os error 2)",
        );
        check_refused(
            &["score", "gone.jsonl"],
            "error: cannot read `gone.jsonl`: No such file or directory (os error 2)",
        );
        check_refused(
            &["rules", "show", "nothing"],
            "error: no rule `nothing`: `onrecord rules list` shows the ids",
        );
        check_refused(&["frobnicate"], "error: unrecognized subcommand 'frobnicate'");
    }

    #[test]
    fn gold_without_any_layer_is_told() {
        let gold = b"{\"id\": \"a\", \"text\": \"So it was.\", \"atributions\": []}\n";
        let folder = folder(&[("gold.jsonl", gold)]);
        let ran = run(folder.path(), &["score", "gold.jsonl"]);
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{ran:?}");
        let words = "error: gold.jsonl: nothing to score: no document has a layer for ";
        assert!(ran.err.starts_with(words) && ran.err.contains("`attribution`"), "{ran:?}");
        let ran = run(folder.path(), &["score", "gold.jsonl", "--layer", "timex"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(" for `timex`, in the form that"), "{ran:?}");
    }

    /// Root may write anywhere, so where permissions say no is tried as nobody else.
    #[cfg(unix)]
    #[test]
    fn a_folder_without_permission_is_told_at_once() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder(&[("a.txt", ARTICLE)]);
        let closed = folder.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
        if fs::write(closed.join("probe"), "").is_ok() {
            return;
        }
        let ran = run(folder.path(), &["extract", "a.txt", "-o", "closed/out"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.starts_with("error: cannot write `closed/out`: "), "{ran:?}");
    }
}

mod runs {
    //! How a run begins and ends.

    use super::*;

    #[test]
    fn a_run_says_what_it_did_and_shows_no_bar_without_a_terminal() {
        let folder = folder(&[("a.txt", ARTICLE)]);
        let ran = run(folder.path(), &["extract", "a.txt", "-o", "out"]);
        assert_eq!((ran.code, &*ran.out), (Some(0), ""), "{ran:?}");
        assert!(
            ran.err.starts_with("1 document, 1 statement, 1 claim (0 by several sources), ")
                && ran.err.ends_with(" -> out\n"),
            "{ran:?}"
        );
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        assert_eq!(names(&folder.path().join("out")), DATASET);
        let quiet = run(folder.path(), &["extract", "a.txt", "-o", "out", "--quiet"]);
        assert_eq!((quiet.code, &*quiet.out, &*quiet.err), (Some(0), "", ""));
    }

    #[test]
    fn what_another_run_finds_is_told() {
        let folder = folder(&[("a.txt", ARTICLE)]);
        let extract = |output: &str, more: &[&str]| {
            let args: Vec<&str> =
                ["extract", "a.txt", "-o", output, "--quiet"].iter().chain(more).copied().collect();
            assert_eq!(run(folder.path(), &args).code, Some(0));
        };
        extract("old", &[]);
        extract("new", &[]);
        let same = run(folder.path(), &["diff", "old", "new"]);
        assert_eq!((same.code, &*same.err), (Some(0), ""), "{same:?}");
        extract("new", &["--min-confidence", "100"]);
        let other = run(folder.path(), &["diff", "old", "new"]);
        assert_eq!(other.code, Some(1), "{other:?}");
        assert!(other.out.contains("documents: 1 the same, 0 changed"), "{other:?}");
        assert!(other.out.contains("\n- a.txt 0..46 st_"), "{other:?}");
    }

    #[test]
    fn threads_and_place_change_nothing() {
        let fixtures = project().join("fixtures");
        let fixtures = fixtures.to_str().unwrap();
        let here = tempfile::tempdir().unwrap();
        for (out, jobs) in [("one", "1"), ("two", "2"), ("eight", "8")] {
            run(here.path(), &["extract", fixtures, "-o", out, "--jobs", jobs]);
        }
        run(&project(), &["extract", "fixtures", "-o", here.path().join("near").to_str().unwrap()]);
        let one = contents(&here.path().join("one"));
        assert_eq!(one.len(), DATASET.len());
        for other in ["two", "eight", "near"] {
            assert!(contents(&here.path().join(other)) == one, "`{other}` differs");
        }
    }

    #[test]
    fn standard_input_is_a_document_too() {
        let here = tempfile::tempdir().unwrap();
        let mut child = program(here.path(), &["annotate", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(ARTICLE).unwrap();
        let done = child.wait_with_output().unwrap();
        let line: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(line["text"].as_str().unwrap().as_bytes(), ARTICLE);
        assert_eq!(line["sentences"], serde_json::json!([[0, ARTICLE.len() - 1]]));
    }

    #[test]
    fn whoever_stops_reading_hears_no_complaint() {
        for args in [&["annotate", "fixtures"][..], &["completions", "bash"]] {
            let mut child = program(&project(), args)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut first = String::new();
            if args[0] == "annotate" {
                BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
            } else {
                drop(child.stdout.take());
            }
            let mut err = String::new();
            child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            let code = child.wait().unwrap().code();
            assert_eq!((code, &*err), (Some(0), ""), "{args:?}");
        }
    }

    /// A run that waits for standard input, with its folder for files in the making.
    #[cfg(unix)]
    fn waiting(folder: &Path) -> std::process::Child {
        let child = program(folder, &["extract", "-", "-o", "new/out"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while !folder.join("new/out").exists() || names(&folder.join("new/out")).is_empty() {
            assert!(began.elapsed() < Duration::from_secs(60), "the run does not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(500));
        child
    }

    #[cfg(unix)]
    #[test]
    fn who_does_not_wait_for_the_end_leaves_nothing_either() {
        let folder = folder(&[]);
        let mut child = waiting(folder.path());
        let id = child.id().to_string();
        for _ in 0..2 {
            assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
            std::thread::sleep(Duration::from_millis(300));
        }
        let began = Instant::now();
        let code = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status.code();
            }
            assert!(began.elapsed() < Duration::from_secs(60), "the run does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(code, Some(130));
        assert_eq!(names(folder.path()), [""; 0]);
    }

    /// Every write to `/dev/full` fails as on a full disk.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told() {
        let folder = folder(&[("a.txt", ARTICLE)]);
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = program(folder.path(), &["annotate", "a.txt"]).stdout(full).output().unwrap();
        assert_eq!(ran.status.code(), Some(2));
        assert_eq!(
            String::from_utf8(ran.stderr).unwrap(),
            "error: cannot write `standard output`: No space left on device (os error 28)\n"
        );
    }

    #[test]
    fn explain_shows_what_is_asked_for_and_nothing_else() {
        let other = b"Nobody came.\n\nIt rained on Monday.\n";
        let folder = folder(&[("a.txt", ARTICLE), ("b.txt", other)]);
        let ran = run(folder.path(), &["explain", ".", "--only", "bridge"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.out.starts_with("=== a.txt"), "{}", ran.out);
        assert!(!ran.out.contains("=== b.txt"), "{}", ran.out);
        let ran = run(folder.path(), &["explain", "."]);
        assert!(ran.out.contains("=== b.txt") && ran.out.contains("Nobody came."), "{ran:?}");
        let ran = run(folder.path(), &["explain", ".", "--only", "ferry"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
        assert_eq!(ran.err, "no sentence holds `ferry`, written exactly so\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_run_that_is_stopped_leaves_the_older_dataset() {
        let folder = folder(&[("a.txt", ARTICLE)]);
        run(folder.path(), &["extract", "a.txt", "-o", "out"]);
        let older = contents(&folder.path().join("out"));
        let mut child = program(folder.path(), &["extract", "-", "-o", "out"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while names(&folder.path().join("out")).len() == DATASET.len() {
            assert!(began.elapsed() < Duration::from_secs(60), "the run does not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(500));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        std::thread::sleep(Duration::from_millis(200));
        child.stdin.take().unwrap().write_all(ARTICLE).unwrap();
        let done = child.wait_with_output().unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(130), "{err}");
        assert_eq!(err, "error: stopped; nothing was written\n");
        assert!(contents(&folder.path().join("out")) == older);
    }

    /// Lines of articles have gone out by then, so that nobody may say that nothing was written.
    #[cfg(unix)]
    #[test]
    fn a_run_that_writes_as_it_goes_says_what_there_is() {
        let folder = folder(&[("a.txt", ARTICLE)]);
        for command in ["annotate", "explain"] {
            let mut child = program(folder.path(), &[command, "-"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_secs(3));
            let id = child.id().to_string();
            assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
            std::thread::sleep(Duration::from_millis(200));
            child.stdin.take().unwrap().write_all(ARTICLE).unwrap();
            let done = child.wait_with_output().unwrap();
            let err = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(130), "{err}");
            let words = "what was written is whole; the articles behind it are missing";
            assert_eq!(err, format!("error: stopped; {words}\n"));
        }
    }

    /// What a run that was killed leaves, the next one into the same folder removes.
    #[cfg(unix)]
    #[test]
    fn what_a_killed_run_leaves_the_next_one_removes() {
        let folder = folder(&[("a.txt", ARTICLE)]);
        let mut child = waiting(folder.path());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(names(&folder.path().join("new/out")).len(), 1);
        let ran = run(folder.path(), &["extract", "a.txt", "-o", "new/out"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(names(&folder.path().join("new/out")), DATASET);
    }
}

mod rule_author {
    //! Rules in files only: what is added is found, and a typo is shown where it stands.

    use super::*;

    /// A rule file with a mistake, and what is said of it: message, then place.
    #[track_caller]
    fn check_typo(name: &str, text: &str, message: &str, place: &str, remedy: &str) {
        let folder = folder(&[(&format!("own/{name}"), text.as_bytes())]);
        let ran = run(folder.path(), &["rules", "check", "--rules", "own"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        let lines: Vec<&str> = ran.err.lines().collect();
        assert!(lines[0].starts_with(&format!("error: {message}")), "{}", ran.err);
        assert_eq!(lines[1].trim(), format!("--> own/{name}:{place}"), "{}", ran.err);
        assert!(ran.err.contains(remedy), "{}", ran.err);
    }

    #[test]
    fn a_typo_in_a_list_is_shown() {
        check_typo(
            "words/own.csv",
            "word,klass\nblurt,cue-verb\n",
            "unknown column `klass`, expected one of `word`, `class`, `value`, `inflect`, `count`, \
             `note`",
            "1:6",
            "klass",
        );
        check_typo(
            "words/own.csv",
            "blurt,cue-verb\n",
            "unknown column `blurt`, expected one of `word`, `class`",
            "1:1",
            "the first row names the columns",
        );
        check_typo(
            "words/own.csv",
            "word,class,inflect\nblurt,cue-verb,vreb\n",
            "cannot inflect `blurt` as `vreb`",
            "2:1",
            "use one of verb",
        );
        check_typo(
            "words/own.csv",
            "word,class\nblurt,\n",
            "a row without a class",
            "2:1",
            "fill the column `class`",
        );
        check_typo(
            "words/own.csv",
            "word,class,inflect\nblurt,speech takes-taht,verb\n",
            "no rule asks for words of the class `takes-taht`",
            "2:14",
            "did you mean `takes-that`?",
        );
        check_typo(
            "words/own.csv",
            "word,class\nblurt,blurted-out\n",
            "no rule asks for words of the class `blurted-out`",
            "2:7",
            "a class works once a pattern asks for it: `@blurted-out`",
        );
        check_typo(
            "wrods/own.csv",
            "word,class\nblurt,cue-verb\n",
            "no stage reads a list of the name `wrods/own.csv`",
            "1:1",
            "lists are actors/*.csv, words/*.csv, ",
        );
    }

    #[test]
    fn a_typo_in_a_rule_is_shown() {
        let rule = |body: &str| {
            format!("# Mine.\n[[chunk]]\nid = \"own\"\nkind = \"own\"\nlevel = 1\n{body}")
        };
        let examples = "finds = [\"x\"]\nsilent = [\"y\"]\n";
        check_typo(
            "own.toml",
            &rule("about = \"x\"\npatern = '\"said\"'\n"),
            "unknown field `patern`, expected one of `id`, `about`, `pattern`",
            "7:1",
            "^^^^^^",
        );
        check_typo(
            "own.toml",
            &rule(&format!("about = \"x\"\npattern = '{{source: capital'\n{examples}")),
            "`{` is not closed",
            "7:12",
            "add `}`",
        );
        check_typo(
            "own.toml",
            &rule("about = \"x\"\npattern = '\"said\"'\nfinds = [\"x\"]\n"),
            "rule `own` has no examples in `silent`",
            "3:6",
            "a rule shows what it finds and what it leaves alone",
        );
        check_typo(
            "own.toml",
            "off = [\"nothing\"]\n",
            "no rule `nothing` to switch off",
            "1:8",
            "`onrecord rules list` shows the ids",
        );
    }

    #[test]
    fn a_typo_in_a_date_rule_is_shown() {
        let rule = |changed: &str, line: &str| {
            let fields = [
                ("kind", "kind = \"day\""),
                ("pattern", "pattern = '\"market\" {day: @weekday}'"),
                ("value", "value = \"published - 1 day\""),
                ("finds", "finds = [{ published = \"2024-03-07\", text = \"x\" }]"),
                ("years", "years = [1900, 2000]"),
            ];
            let line_of = |it: &(&str, &str)| if it.0 == changed { line } else { it.1 }.to_owned();
            let lines: Vec<String> = fields.iter().map(line_of).collect();
            let head = "[[date]]\nid = \"own\"\nabout = \"x\"\nsilent = [\"y\"]";
            format!("{head}\n{}\n", lines.join("\n"))
        };
        let check = |field: &str, line: &str, message: &str, place: &str, help: &str| {
            check_typo("own.toml", &rule(field, line), message, place, help);
        };
        check(
            "kind",
            "kind = \"dayy\"",
            "no pattern asks for expressions of the kind `dayy`",
            "5:8",
            "did you mean `day`?",
        );
        check(
            "kind",
            "kind = \"holy\"",
            "no pattern asks for expressions of the kind `holy`",
            "5:8",
            "kinds are `date`, `day`, ",
        );
        check(
            "value",
            "value = \"publised - 1 day\"",
            "`publised` is no value",
            "7:10",
            "a value is a TIMEX3 date with slots",
        );
        check(
            "value",
            "value = \"XXXX_{day}\"",
            "`XXXX_{day}` is no value, whatever is matched",
            "7:9",
            "write TIMEX3 values with slots",
        );
        check("value", "value = \"{dya}\"", "the pattern has no part `dya`", "7:11", "`day`");
        check(
            "value",
            "value = \"tense-pats XXXX-WXX-1\"",
            "`tense-pats` is no value",
            "7:10",
            "a value is",
        );
        check(
            "value",
            "value = \"published at NII\"",
            "`published at NII` is no value, whatever is matched",
            "7:9",
            "",
        );
        check("value", "valeu = \"published\"", "unknown field `valeu`", "7:1", "^^^^^");
        check(
            "value",
            "value = \"published\"\nmod = \"STRAT\"",
            "`STRAT` is no modifier of TIMEX3",
            "8:7",
            "START",
        );
        check(
            "value",
            "value = \"published\"\nmod = \"{day}\"",
            "the words of `day` are no modifiers",
            "8:7",
            "its word list must translate them to one of BEFORE, ",
        );
        check(
            "pattern",
            "pattern = '\"market\" {first: day} {day: day}'",
            "no rule of a level before 1 makes `day`",
            "6:29",
            "this rule needs `level = 2`",
        );
        check(
            "pattern",
            "joins = true\npattern = '\"market\" {first: @weekday} {day: @weekday}'",
            "a rule that joins needs a part `last`",
            "7:11",
            "write `{first: …}` and `{last: …}`",
        );
        check("years", "years = [2000, 1900]", "no year is from 2000 to 1900", "9:9", "first");
        check(
            "finds",
            "finds = [{ published = \"2024-3-7\", text = \"x\" }]",
            "`2024-3-7` is no day",
            "8:10",
            "a day is written `2024-03-07`",
        );
        check(
            "finds",
            "finds = [{ publishd = \"2024-03-07\", text = \"x\" }]",
            "an example is a text, or `{ published = ",
            "8:9",
            "",
        );
    }

    #[test]
    fn an_id_stands_once_in_a_folder() {
        let rule = |text: &str| {
            format!(
                "[[date]]\nid = \"market-day\"\nabout = \"x\"\nkind = \"day\"\n\
                 pattern = '\"{text}\" \"day\"'\nvalue = \"published - 1 day\"\n\
                 finds = [{{ published = \"2024-03-07\", text = \"x\" }}]\nsilent = [\"y\"]\n"
            )
        };
        let (one, two) = (format!("# Mine.\n{}", rule("market")), rule("fair"));
        let files = [("own/a.toml", one.as_bytes()), ("own/b.toml", two.as_bytes())];
        let ran = run(folder(&files).path(), &["rules", "check", "--rules", "own"]);
        assert_eq!(ran.code, Some(2));
        let message = "error: the id `market-day` is used twice, here and in own/a.toml:3\n \
                       --> own/b.toml:2:6";
        assert!(ran.err.contains(message), "{}", ran.err);
        // A folder laid over another one replaces what that one says.
        let files = [("own/a.toml", one.as_bytes()), ("other/b.toml", two.as_bytes())];
        let over = ["rules", "check", "--rules", "own", "--rules", "other"];
        let ran = run(folder(&files).path(), &over);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }

    const SAID: &str = "words/own.csv";

    /// What the program makes of a sentence with own files beside it: the rows as
    /// `kind | speaker | cue | date | statement | rule`.
    fn rows(files: &[(&str, &str)], more: &[&str], text: &str) -> Vec<String> {
        let mut all: Vec<(String, &[u8])> = vec![("a.txt".to_owned(), text.as_bytes())];
        all.extend(files.iter().map(|(name, text)| (format!("own/{name}"), text.as_bytes())));
        let all: Vec<(&str, &[u8])> = all.iter().map(|it| (it.0.as_str(), it.1)).collect();
        let manifest: &[u8] = b"path,published\na.txt,2024-03-07\n";
        let folder = folder(&[&all[..], &[("manifest.csv", manifest)]].concat());
        let mut args = vec!["extract", "a.txt", "-o", "out"];
        args.extend(more);
        let ran = run(folder.path(), &args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let row = |it: &serde_json::Value| {
            let names = ["kind", "speaker", "cue", "date", "statement", "rule"];
            names.map(|name| it[name].as_str().unwrap_or_default().to_owned()).join(" | ")
        };
        records(&folder.path().join("out/statements.jsonl")).iter().map(row).collect()
    }

    /// The files that the README's chapter on rules shows pass as they stand there.
    #[test]
    fn examples_of_the_readme_pass() {
        let readme = fs::read_to_string(project().join("README.md")).unwrap();
        let (_, chapter) = readme.split_once("## Write a rule").unwrap();
        let blocks = |language: &str| -> Vec<&str> {
            let fence = format!("```{language}\n");
            let fences = chapter.split(fence.as_str()).skip(1);
            fences.map(|it| it.split("```").next().unwrap()).collect()
        };
        let toml = blocks("toml").concat();
        let [verbs, actors] = blocks("csv")[..] else { panic!("two lists") };
        let folder = folder(&[
            ("own/own.toml", toml.as_bytes()),
            ("own/words/verbs.csv", verbs.as_bytes()),
            ("own/words/dates.csv", b"word,class\nmarket,time-word\n"),
            ("own/actors/mine.csv", actors.as_bytes()),
        ]);
        let ran = run(folder.path(), &["rules", "test", "--rules", "own"]);
        assert_eq!(ran.code, Some(0), "{}", ran.out);
    }

    #[test]
    fn a_verb_of_ones_own_is_found() {
        let text = "“The bridge is safe,” Ana Diaz harrumphed on Tuesday.\n";
        assert!(rows(&[], &[], text).iter().all(|it| !it.contains("harrumphed |")));
        let verb = "word,class,inflect\n\
                    harrumph,speech asserts cue-verb takes-that takes-quotation,verb\n";
        let found = rows(&[(SAID, verb)], &["--rules", "own"], text);
        assert_eq!(found.len(), 1, "{found:?}");
        let start = "direct | Ana Diaz | harrumphed | 2024-03-05 | “The bridge is safe,” | ";
        assert!(found[0].starts_with(start), "{found:?}");
    }

    #[test]
    fn a_pattern_of_ones_own_is_found() {
        let text = "Ana Diaz via telegram: the bridge is safe.\n";
        let rule = "[[attribution]]\nid = \"by-wire\"\nabout = \"A message by wire.\"\n\
                    pattern = '{source: np} {cue: \"via\"} np \":\" {content: .}'\n\
                    class = \"speech\"\nstance = \"asserts\"\nreach = \"sentence\"\nconfidence = 90\n\
                    finds = [\"[Ana Diaz](source) [via](cue) mail: [it is safe](content).\"]\n\
                    silent = [\"She came via Oslo.\"]\n";
        let found = rows(&[("own.toml", rule)], &["--rules", "own"], text);
        assert_eq!(found, ["indirect | Ana Diaz | via |  | the bridge is safe | by-wire"]);
    }

    #[test]
    fn a_date_of_ones_own_is_found() {
        let text = "The bridge was closed on market day.\n";
        let rule = "[[date]]\nid = \"market-day\"\nabout = \"The day before.\"\nkind = \"day\"\n\
                    pattern = '\"market\" \"day\"'\nvalue = \"published - 1 day\"\n\
                    finds = [{ published = \"2024-03-07\", text = \"It closed on [market day](2024-03-06).\" }]\n\
                    silent = [\"A market is open every day.\"]\n";
        let word = "word,class\nmarket,time-word\n";
        let files = [("own.toml", rule), (SAID, word)];
        let found = rows(&files, &["--rules", "own"], text);
        assert_eq!(found.len(), 1, "{found:?}");
        let start = "dated |  |  | 2024-03-06 | The bridge was closed on market day | ";
        assert!(found[0].starts_with(start), "{found:?}");
    }

    #[test]
    fn an_actor_of_ones_own_is_found() {
        let text = "The Guild of Bellringers said the tower was safe.\n";
        let with_id = "id,name,kind,aliases\nac_own_bells,Worshipful Bellringers of Selm,\
                       organization,Guild of Bellringers\n";
        let without = "name,kind,aliases\nWorshipful Bellringers of Selm,organization,\
                       Guild of Bellringers\n";
        for list in [with_id, without] {
            let found = rows(&[("own.csv", list)], &["--actors", "own/own.csv"], text);
            assert_eq!(found.len(), 1, "{found:?}");
            let start = "indirect | Worshipful Bellringers of Selm | said |  | the tower was safe";
            assert!(found[0].starts_with(start), "{found:?}");
        }
    }

    #[test]
    fn a_typo_in_a_pattern_is_shown() {
        let rule = |body: &str| {
            let examples = "finds = [\"x\"]\nsilent = [\"y\"]\n";
            format!(
                "[[attribution]]\nid = \"own\"\nabout = \"x\"\nconfidence = 9\n{body}{examples}"
            )
        };
        check_typo(
            "own.toml",
            &rule("pattern = '{source: np} {cue: [vg & @speach]} {content: .}'\n"),
            "",
            "5:37",
            "speech",
        );
        check_typo(
            "own.toml",
            &rule("pattern = '{source: pn} {cue: [vg & @speech]} {content: .}'\n"),
            "",
            "5:21",
            "",
        );
        check_typo(
            "own.toml",
            &rule("pattern = '{sorce: np} {cue: [vg & @speech]} {content: .}'\n"),
            "a rule of the kind `attribution` has no part `sorce`",
            "5:13",
            "did you mean `source`?",
        );
        check_typo(
            "own.toml",
            &rule("pattern = '{cue: [vg & @speech]} {content: .} {place: np}'\n"),
            "a rule of the kind `attribution` has no part `place`",
            "5:48",
            "parts are `cue`, `source`, `content`, `with`",
        );
        let define = "[[define]]\nname = \"whoever\"\npattern = '{sorce: np}'\n";
        check_typo(
            "own.toml",
            &(rule("pattern = 'whoever {cue: [vg & @speech]} {content: .}'\n") + define),
            "a rule of the kind `attribution` has no part `sorce`, as the defined pattern `whoever`",
            "5:12",
            "did you mean `source`?",
        );
        check_typo(
            "own.toml",
            &rule("class = \"speech\"\npattern = '{source: np} {cue: [vg & @speech]}'\n"),
            "rule `own` finds no statement: it has no part `content`",
            "6:11",
            "write `{content: …}` around the words",
        );
        let chunk = "[[chunk]]\nid = \"own\"\nabout = \"x\"\nkind = \"own\"\nlevel = 1\n\
                     pattern = '{head: capital}'\nfinds = [\"x\"]\nsilent = [\"y\"]\n";
        check_typo(
            "own.toml",
            chunk,
            "a rule of the kind `chunk` has no part `head`",
            "6:13",
            "write the pattern alone",
        );
        let date = "[[date]]\nid = \"own\"\nabout = \"x\"\nkind = \"day\"\npattern = '\"market\"'\n\
                    value = \"publisht - 1 day\"\nfinds = [\"x\"]\nsilent = [\"y\"]\n";
        check_typo("own.toml", date, "", "6:10", "published");
        check_typo(
            "actors/own.csv",
            "id,name,kind\nac_x,The Guild,gild\n",
            "",
            "2:1",
            "organization",
        );
    }
}
