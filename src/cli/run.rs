//! Passes documents through the stages on every core and hands on what they give, in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::progress::Progress;
use crate::error::Error;
use crate::read::{self, Article, Piece, Rejected, Unique};
use crate::report;
use crate::write::Leftovers;

/// Bytes of input that are under way at once, for each thread.
const BATCH: u64 = 8 << 20;
/// Files that are under way at once, for each thread.
const BATCH_FILES: usize = 256;

/// Exit code of a program that Ctrl-C ended, as a shell reports it.
const STOPPED: i32 = 130;

/// What a document gave, with its place in the input.
struct Done<T> {
    id: String,
    path: Arc<str>,
    line: Option<u64>,
    value: T,
}

/// Reads all articles at `paths`, works on each on any thread, and hands on the results in the
/// order of the input. `leftovers` are removed when the user will not wait for the run to end.
///
/// # Errors
/// Paths that cannot be used, an error of `take`, or the user's wish to stop.
pub(super) fn each<T: Send>(
    paths: &[PathBuf],
    quiet: bool,
    leftovers: Leftovers,
    work: impl Fn(Article) -> T + Sync,
    mut take: impl FnMut(Result<T, Rejected>) -> Result<(), Error>,
) -> Result<(), Error> {
    let stopped = watch_interrupt(leftovers);
    let mut inputs = read::inputs(paths, read::Options::default())?;
    warn_of_left_out(inputs.left_out(), quiet);
    let progress = Progress::new(inputs.total_bytes(), quiet);
    let mut unique = Unique::default();
    loop {
        let batch = next_batch(&mut inputs);
        if batch.is_empty() {
            break;
        }
        let work_piece = |piece: Piece| {
            let bytes = piece.bytes();
            let mut done = Vec::new();
            for article in piece.articles() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                done.push(article.and_then(|it| work_article(it, &work)));
            }
            progress.add(bytes);
            done
        };
        let done: Vec<_> = batch.into_par_iter().map(work_piece).collect();
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        for result in done.into_iter().flatten() {
            take(result.and_then(|it| admit(&mut unique, it)))?;
        }
    }
    progress.finish();
    if stopped.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
}

/// A file that nobody reads must not be missed by accident.
fn warn_of_left_out(paths: &[String], quiet: bool) {
    let [first, rest @ ..] = paths else { return };
    if quiet {
        return;
    }
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    report::warning(&format!("not named in manifest.csv, so left out: {first}{more}"));
}

/// A mistake of the program in one document must not cost the others.
fn work_article<T>(article: Article, work: impl Fn(Article) -> T) -> Result<Done<T>, Rejected> {
    let (id, path, line) = (article.source.id.clone(), article.path.clone(), article.line);
    match catch_unwind(AssertUnwindSafe(|| work(article))) {
        Ok(value) => Ok(Done { id, path, line, value }),
        Err(_) => Err(Rejected {
            document_id: id,
            path: path.to_string(),
            line,
            reason: "the program failed on it, which is a mistake of the program".to_owned(),
        }),
    }
}

/// Of two documents with one id the first counts.
fn admit<T>(unique: &mut Unique, done: Done<T>) -> Result<T, Rejected> {
    unique.note(&done.id, &done.path, done.line)?;
    Ok(done.value)
}

fn next_batch(inputs: &mut read::Inputs) -> Vec<Piece> {
    let threads = rayon::current_num_threads();
    let mut batch = Vec::new();
    let mut bytes = 0;
    for piece in inputs {
        bytes += piece.bytes();
        batch.push(piece);
        if bytes >= BATCH * threads as u64 || batch.len() >= BATCH_FILES * threads {
            break;
        }
    }
    batch
}

/// Becomes true when the user wants the run to end.
fn watch_interrupt(leftovers: Leftovers) -> Arc<AtomicBool> {
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = stopped.clone();
    // A handler that cannot be set leaves the system's own, which ends the program at once;
    // what was begun lies in a temporary folder then, and no dataset is half there.
    let _ = ctrlc::set_handler(move || {
        // Whoever asks twice does not want to wait, for instance for standard input to end.
        if flag.swap(true, Ordering::Relaxed) {
            leftovers.remove();
            std::process::exit(STOPPED);
        }
    });
    stopped
}
