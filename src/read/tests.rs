use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Folder {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A line for every document and every complaint.
fn read(paths: &[&Path], options: Options) -> Vec<String> {
    let paths: Vec<_> = paths.iter().map(|it| it.to_path_buf()).collect();
    let (mut found, mut unique) = (Vec::new(), Unique::default());
    for piece in inputs(&paths, options).unwrap() {
        for article in piece.articles() {
            found.push(match article.and_then(|it| unique.admit(it)) {
                Ok(it) => format!("{}: {}", it.source.id, it.source.text),
                Err(it) => {
                    let line = it.line.map(|it| format!(":{it}")).unwrap_or_default();
                    format!("! {} {}{line}: {}", it.document_id, it.path, it.reason)
                }
            });
        }
    }
    found
}

/// Each expected line may be the beginning of what is found.
#[track_caller]
fn check(files: &[(&str, &[u8])], expected: &[&str]) {
    let folder = Folder::new(files);
    compare(&read(&[folder.0.path()], Options::default()), expected);
}

#[track_caller]
fn compare(found: &[String], expected: &[&str]) {
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(it, start)| it.starts_with(start));
    assert!(fits, "found {found:#?}\nexpected {expected:#?}");
}

#[track_caller]
fn check_usage(paths: &[PathBuf], message: &str) {
    match inputs(paths, Options::default()).unwrap_err() {
        Error::Usage(found) => assert!(found.contains(message), "{found}"),
        other => panic!("{other}"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn a_folder_is_walked_in_order() {
    check(
        &[
            ("b.md", b"Bee."),
            ("a.txt", b"Ay."),
            ("sub/c.txt.gz", &gzip(b"Sea.")),
            ("sub/d.jsonl.zst", &zstd(b"{\"text\":\"Dee.\"}\n\n{\"id\":7,\"text\":\"Eff.\"}")),
            ("e.csv", b"text,id\n\"One, two.\",x\nThree.,\n"),
            ("notes.expected", b"ignored"),
            (".hidden.txt", b"ignored"),
        ],
        &[
            "a.txt: Ay.",
            "b.md: Bee.",
            "x: One, two.",
            "e.csv#3: Three.",
            "sub/c.txt: Sea.".replace(".txt", ".txt.gz").as_str(),
            "sub/d.jsonl.zst#1: Dee.",
            "7: Eff.",
        ],
    );
}

#[test]
fn bad_files_do_not_cost_the_others_their_place() {
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() - 6);
        bytes
    };
    check(
        &[
            ("a.txt", b""),
            ("b.txt", b" \n\t\n"),
            ("c.txt", b"\x00\x01\x02binary"),
            ("d.txt.gz", &cut(gzip("Many words. ".repeat(99).as_bytes()))),
            ("e.txt.zst", &cut(zstd("Many words. ".repeat(99).as_bytes()))),
            ("f.txt", b"abc \xff\xfe\xff def"),
            ("g.txt.gz", b"no gzip"),
            ("h.txt", b"Good."),
        ],
        &[
            "! a.txt a.txt: the file is empty",
            "! b.txt b.txt: the text is empty",
            "! c.txt c.txt: no text",
            "! d.txt.gz d.txt.gz: the gzip data ends too early",
            "! e.txt.zst e.txt.zst: the zstd data ends too early",
            "! f.txt f.txt: invalid UTF-8 at byte 5",
            "! g.txt.gz g.txt.gz: its name says gzip, but it is no gzip data",
            "h.txt: Good.",
        ],
    );
}

#[test]
fn broken_records_are_named_by_line() {
    check(
        &[
            (
                "a.jsonl",
                b"{\"text\":\"One.\"}\n{\"text\":\"Tw\n{\"id\":\"x\",\"title\":\"no text\"}\n\
                  {\"text\":3}\n{\"text\":\"\"}\n[1]\n\"caf\xff\"\n\
                  {\"text\":\"T.\",\"published\":\"2021-02-30\"}\n{\"text\":\"Last.\",\"title\":null}",
            ),
            ("b.csv", b"text,id\nOne.,1\nTwo, with a comma.,2,\n\"Three\nlines.\",3\nFour.\nFive.,5\n"),
            ("c.csv", b"body,id\nOne.,1\n"),
            ("d.jsonl", b""),
            ("e.csv", b""),
        ],
        &[
            "a.jsonl#1: One.",
            "! a.jsonl#2 a.jsonl:2: broken JSON at column 11",
            "! x a.jsonl:3: there is no field `text`",
            "! a.jsonl#4 a.jsonl:4: the field `text` is no string",
            "! a.jsonl#5 a.jsonl:5: the text is empty",
            "! a.jsonl#6 a.jsonl:6: a line must be one JSON object",
            "! a.jsonl#7 a.jsonl:7: invalid UTF-8 at byte 5 of the line",
            "! a.jsonl#8 a.jsonl:8: `2021-02-30` is no day of publication",
            "a.jsonl#9: Last.",
            "1: One.",
            "! b.csv#3 b.csv:3: a row of 4 cells where the header has 2",
            "3: Three\nlines.",
            "! b.csv#6 b.csv:6: a row of 1 cell where the header has 2",
            "5: Five.",
            "! c.csv c.csv: there is no column `text`; the columns are `body`, `id`",
            "! d.jsonl d.jsonl: the file is empty",
            "! e.csv e.csv: the file is empty",
        ],
    );
}

#[test]
fn a_cut_off_stream_gives_what_stands_before() {
    let lines: String = (0..40_000).map(|it| format!("{{\"text\":\"Word {it}.\"}}\n")).collect();
    let mut packed = gzip(lines.as_bytes());
    packed.truncate(packed.len() / 2);
    let folder = Folder::new(&[("a.jsonl.gz", &packed), ("b.txt", b"Good.")]);
    let found = read(&[folder.0.path()], Options::default());
    assert!(found.len() > 1000);
    assert_eq!(found[0], "a.jsonl.gz#1: Word 0.");
    let [.., complaint, last] = &found[..] else { panic!() };
    assert!(complaint.contains("the gzip data ends too early"), "{complaint}");
    assert_eq!(
        complaint,
        &format!(
            "! a.jsonl.gz#{0} a.jsonl.gz:{0}: the gzip data ends too early: the file is cut off; what stands before was read",
            found.len() - 1
        )
    );
    assert_eq!(last, "b.txt: Good.");
}

#[test]
fn a_manifest_says_what_texts_cannot() {
    let folder = Folder::new(&[
        (
            "manifest.csv",
            "\u{feff}path,id,publisher,published,title,author\na.txt,first,The Bay Courier,2024-03-07,Pier,Ana Diaz\n\
             gone.txt,,,,,\nb.txt,,,2024-13-01,,\nsub/c.txt,,Gazette,,,\nshort.txt,x\na.txt,,,,,\n".as_bytes(),
        ),
        ("a.txt", b"Ay."),
        ("b.txt", b"Bee."),
        ("d.txt", b"Dee."),
        ("short.txt", b"Short."),
        ("sub/c.txt", b"Sea."),
        ("sub/deep/manifest.csv", b"path,lang\ne.html,de\n"),
        ("sub/deep/e.html", b"<html lang=en><p>Words on a page."),
    ]);
    compare(
        &read(&[folder.0.path()], Options::default()),
        &[
            "first: Ay.",
            "! b.txt manifest.csv:4: `2024-13-01` is no day of publication",
            "! short.txt manifest.csv:6: a row of 2 cells where the header has 6",
            "sub/c.txt: Sea.",
            "sub/deep/e.html: Words on a page.",
            "! gone.txt manifest.csv:3: `gone.txt` is named here, but there is no such article",
            "! a.txt manifest.csv:7: `a.txt` is named in line 2 already",
        ],
    );
    let paths = [folder.path("a.txt"), folder.path("sub/deep")];
    let mut pieces = inputs(&paths, Options::default()).unwrap();
    let article = pieces.next().unwrap().articles().remove(0).unwrap();
    assert_eq!(article.source.id, "first");
    assert_eq!(article.source.meta.publisher, "The Bay Courier");
    assert_eq!(article.source.meta.published_basis, PublishedBasis::Manifest);
    let page = pieces.next().unwrap().articles().remove(0).unwrap();
    assert_eq!(page.source.meta.lang, "de");
}

#[test]
fn what_cannot_be_meant_stops_the_run() {
    let folder = Folder::new(&[
        ("sub/a.bin", b"x"),
        ("bad/manifest.csv", b"file\na.txt\n"),
        ("bad/a.txt", b"A."),
    ]);
    check_usage(&[folder.path("none.txt")], "there is no file or folder");
    check_usage(&[folder.path("sub")], "holds no articles");
    check_usage(&[folder.path("bad")], "has no column `path`; it has `file`");
    check_usage(&[], "no input");
}

#[test]
fn a_named_file_is_read_whatever_its_name() {
    let folder = Folder::new(&[
        ("story", b"Words."),
        ("rows.data", b"  {\"id\": \"r\", \"text\": \"Row.\"}\n"),
        ("page.asp", b"<!DOCTYPE html><p>Page."),
        ("packed", &gzip(b"Packed.")),
        ("image", b"\x89PNG\r\n\x1a\n\0\0"),
        ("none", b""),
    ]);
    let names = ["story", "rows.data", "page.asp", "packed", "image", "none"];
    let paths = names.map(|it| folder.path(it));
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    compare(
        &read(&paths, Options::default()),
        &[
            "story: Words.",
            "r: Row.",
            "page.asp: Page.",
            "packed: Packed.",
            "! image image: no text but a PNG image",
            "! none none: the file is empty",
        ],
    );
}

#[test]
fn the_first_of_two_with_one_id_counts() {
    let folder = Folder::new(&[
        ("a.jsonl", b"{\"id\":\"x\",\"text\":\"One.\"}\n{\"id\":\"x\",\"text\":\"Two.\"}\n"),
        ("b.txt", b"Bee."),
    ]);
    let (root, again) = (folder.0.path(), folder.path("b.txt"));
    compare(
        &read(&[root, &again], Options::default()),
        &[
            "x: One.",
            "! x a.jsonl:2: the id `x` is taken: the first document with it is in `a.jsonl`, line 1",
            "b.txt: Bee.",
            "! b.txt b.txt: the id `b.txt` is taken: the first document with it is in `b.txt`",
        ],
    );
}

#[test]
fn long_documents_are_refused_and_long_lines_passed_over() {
    let long = "long ".repeat(500);
    let lines =
        format!("{{\"text\":\"One.\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"Three.\"}}\n");
    let row = format!("text\nOne.\n\"{}", "never ends ".repeat(20_000));
    let folder = Folder::new(&[
        ("a.jsonl", lines.as_bytes()),
        ("b.txt.gz", &gzip(long.as_bytes())),
        ("c.txt", long.as_bytes()),
        ("d.csv", row.as_bytes()),
    ]);
    let options = Options { max_document: 1000, piece: 300 };
    compare(
        &read(&[folder.0.path()], options),
        &[
            "a.jsonl#1: One.",
            "! a.jsonl#2 a.jsonl:2: longer than 1000 bytes",
            "a.jsonl#3: Three.",
            "! b.txt.gz b.txt.gz: longer than 1000 bytes",
            "! c.txt c.txt: longer than 1000 bytes",
            "d.csv#2: One.",
            "! d.csv#3 d.csv:3: a row without end begins here",
        ],
    );
}

#[test]
fn pieces_count_every_byte_of_the_disk() {
    let lines = "{\"text\":\"Some words.\"}\n".repeat(3000);
    let folder = Folder::new(&[
        ("a.jsonl.gz", &gzip(lines.as_bytes())),
        ("b.jsonl", lines.as_bytes()),
        ("c.txt", b"Words."),
        ("d.csv", b"text\nwords\n"),
    ]);
    let options = Options { piece: 5000, ..Options::default() };
    let pieces = inputs(&[folder.0.path().to_owned()], options).unwrap();
    let total = pieces.total_bytes().unwrap();
    let pieces: Vec<Piece> = pieces.collect();
    assert!(pieces.len() > 20);
    assert_eq!(pieces.iter().map(Piece::bytes).sum::<u64>(), total);
    let documents: usize = pieces.into_iter().map(|it| it.articles().len()).sum();
    assert_eq!(documents, 6002);
}

#[test]
fn tables_in_other_encodings_and_dialects_are_read() {
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode("text;title\nThe café, “open”.;Café Zoë\n");
    let wide: Vec<u8> = "\u{feff}text\tid\nTab, and “wide”.\tw\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(
        &[("a.csv", &latin), ("b.csv", &wide)],
        &["a.csv#2: The café, “open”.", "w: Tab, and “wide”."],
    );
}

#[test]
fn fields_of_a_record_reach_the_document() {
    let line = br#"{"id":"a","text":"T.","title":"Pier","publisher":"Courier","author":["Ana Diaz","Bo Lee"],"published":"2024-03-07T10:00:00Z","url":"https://example.org/a","lang":"en","more":{"x":[1]}}"#;
    let folder = Folder::new(&[("a.jsonl", line)]);
    let mut pieces = inputs(&[folder.path("a.jsonl")], Options::default()).unwrap();
    let source = pieces.next().unwrap().sources().remove(0).unwrap();
    let meta = source.meta;
    assert_eq!((meta.title.as_str(), meta.publisher.as_str()), ("Pier", "Courier"));
    assert_eq!((meta.author.as_str(), meta.lang.as_str()), ("Ana Diaz, Bo Lee", "en"));
    assert_eq!(meta.published.unwrap().to_string(), "2024-03-07");
    assert_eq!(meta.published_basis, PublishedBasis::Field);
}
