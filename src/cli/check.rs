//! `onrecord check`: fixtures against expectations.

use std::io::Write;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::check::{self, Extracted, SHEET, Sheets};
use crate::error::Error;

/// What the command line says.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of articles, each beside its expectations in ARTICLE.expected
    ///
    /// A line is `kind | speaker | cue | stance | date | statement`; `# ` begins a comment, and
    /// `## ID` the lines of one of several documents in a file. A line that begins with `- ` is
    /// a known gap: it ought to be found and is not yet. One that begins with `+ ` is known to
    /// be wrong: it is found and ought not to be. A folder's claims.expected says which
    /// statements belong to one claim (`a.txt: first words … = b.txt: first words …`) and which
    /// must not (`!=`).
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Rewrite the expectations so that they agree with what is found
    ///
    /// A line that is not found becomes a known gap, and a row that no line expects is marked
    /// as wrong: what people wrote is never lost, and what the program finds is never taken for
    /// truth. Take the `+` away from a row that is right after all. An article without
    /// expectations gets them from what is found.
    #[arg(long)]
    bless: bool,
}

/// Runs the program on a folder.
pub type Extract<'a> = &'a dyn Fn(&Path) -> Result<Extracted, Error>;

/// Compares and writes to `out`; whether everything is as expected, which it always is after
/// `--bless`.
///
/// # Errors
/// What `extract` fails with; a sheet that cannot be read or written, or has a broken line.
pub fn run(args: &Args, extract: Extract<'_>, out: &mut dyn Write) -> Result<bool, Error> {
    let sheets = read_sheets(&args.dir)?;
    let found = extract(&args.dir)?;
    let (text, is_fine) = if args.bless {
        let blessed = check::bless(&sheets, &found)?;
        write_sheets(&args.dir, &blessed)?;
        let sheets = sheets.into_iter().chain(blessed.clone()).collect();
        let report = check::check(&sheets, &found)?;
        let written: String = blessed.keys().map(|it| format!("blessed {it}\n")).collect();
        (format!("{written}{report}"), report.is_fine())
    } else {
        let report = check::check(&sheets, &found)?;
        (report.to_string(), report.is_fine())
    };
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|it| Error::io("write", "standard output", it))?;
    Ok(is_fine)
}

/// All sheets below the folder, by their path with `/`.
fn read_sheets(dir: &Path) -> Result<Sheets, Error> {
    let mut sheets = Sheets::new();
    for entry in WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.map_err(|it| {
            let path = it.path().unwrap_or(dir).to_owned();
            let why = it.into_io_error();
            Error::io(
                "read",
                path,
                why.unwrap_or_else(|| std::io::Error::other("a link that leads back")),
            )
        })?;
        let Ok(below) = entry.path().strip_prefix(dir) else { continue };
        let parts: Vec<_> = below.iter().map(|it| it.to_string_lossy()).collect();
        let name = parts.join("/");
        if entry.file_type().is_file() && name.ends_with(SHEET) {
            let text = std::fs::read_to_string(entry.path())
                .map_err(|it| Error::io("read", entry.path(), it))?;
            sheets.insert(name, text);
        }
    }
    Ok(sheets)
}

fn write_sheets(dir: &Path, sheets: &Sheets) -> Result<(), Error> {
    sheets.iter().try_for_each(|(name, text)| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|it| Error::io("write", &path, it))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Found;

    fn run_on(dir: &Path, bless: bool) -> (bool, String) {
        let args = Args { dir: dir.to_owned(), bless };
        let extract = |_: &Path| {
            Ok(Extracted {
                documents: vec![Found { file: "s/a.txt".to_owned(), ..Found::default() }],
                rejected: Vec::new(),
            })
        };
        let mut out = Vec::new();
        let is_fine = run(&args, &extract, &mut out).unwrap();
        (is_fine, String::from_utf8(out).unwrap())
    }

    #[test]
    fn sheets_are_read_and_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s/a.txt.expected");
        std::fs::create_dir(dir.path().join("s")).unwrap();
        std::fs::write(&path, "# x\ndirect | Eva Orr | said | asserts |  | “So be it”\n").unwrap();
        let (is_fine, text) = run_on(dir.path(), false);
        assert!(!is_fine && text.starts_with("s/a.txt.expected:2: expected, not found"), "{text}");
        let (is_fine, text) = run_on(dir.path(), true);
        assert!(is_fine && text.starts_with("blessed s/a.txt.expected\n"), "{text}");
        let blessed = std::fs::read_to_string(&path).unwrap();
        assert_eq!(blessed, "# x\n- direct | Eva Orr | said | asserts |  | “So be it”\n");
        assert!(run_on(dir.path(), false).0);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let error = read_sheets(Path::new("no/such/folder")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read"), "{error}");
    }
}
