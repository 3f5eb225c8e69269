//! Passes documents through the stages on every core and hands on what they give, in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::progress::Progress;
use crate::error::Error;
use crate::pipeline::BATCH;
use crate::read::{self, Article, Piece, Rejected, Unique, Unread};
use crate::report;
use crate::write::Leftovers;

/// Bytes of input that are under way at once, for each thread.
const UNDER_WAY: u64 = 1 << 19;
/// Files that are under way at once, for each thread.
const FILES_UNDER_WAY: usize = 2048;

/// Exit code of a program that Ctrl-C ended, as a shell reports it.
const STOPPED: i32 = 130;

/// Documents that pass through the stages together, and what those before them gave.
struct Batch<'a, T, W> {
    work: &'a W,
    stopped: &'a AtomicBool,
    waiting: Vec<Article>,
    /// Bytes of the texts that wait.
    size: usize,
    done: Vec<Result<Done<T>, Rejected>>,
}

/// What a document gave, with its place in the input.
struct Done<T> {
    id: String,
    path: Arc<str>,
    line: Option<u64>,
    value: T,
}

/// Reads all articles at `paths`, works on some at a time on any thread, and hands on the results
/// in the order of the input. `work` gives one result for each of its articles, in their order.
/// `leftovers` are removed when the user will not wait for the run to end.
///
/// # Errors
/// Paths that cannot be used, an error of `take`, or the user's wish to stop.
pub(super) fn each<T: Send>(
    paths: &[PathBuf],
    quiet: bool,
    leftovers: Leftovers,
    work: impl Fn(Vec<Article>) -> Vec<T> + Sync,
    mut take: impl FnMut(Result<T, Rejected>) -> Result<(), Error>,
) -> Result<(), Error> {
    let stopped = watch_interrupt(leftovers);
    let mut inputs = read::inputs(paths, read::Options::default())?;
    if !quiet {
        tell_unread(inputs.unread());
    }
    let progress = Progress::new(inputs.total_bytes(), quiet);
    let mut unique = Unique::default();
    loop {
        let batch = next_batch(&mut inputs);
        if batch.is_empty() {
            break;
        }
        let work_pieces = |pieces: Vec<Piece>| {
            let mut batch = Batch::new(&work, &stopped);
            for piece in pieces {
                let bytes = piece.bytes();
                piece.articles().into_iter().for_each(|it| batch.add(it));
                progress.add(bytes);
            }
            batch.finish()
        };
        let done: Vec<_> = grouped(batch).into_par_iter().map(work_pieces).collect();
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        for result in done.into_iter().flatten() {
            take(result.and_then(|it| admit(&mut unique, it)))?;
        }
    }
    progress.finish();
    if stopped.load(Ordering::Relaxed) {
        Err(Error::Interrupted("nothing was written"))
    } else {
        Ok(())
    }
}

/// The error of [`each`] where `take` has written what came before to standard output.
pub(super) fn streamed(error: Error) -> Error {
    match error {
        Error::Interrupted(_) => {
            Error::Interrupted("what was written is whole; the articles behind it are missing")
        }
        other => other,
    }
}

/// A file that nobody reads must not be missed by accident.
fn tell_unread(unread: &Unread) {
    for folder in &unread.datasets {
        let folder = folder.display();
        report::note(&format!(
            "note: `{folder}` holds a dataset, whose files are no articles: passed over"
        ));
    }
    unread.columns.iter().for_each(|it| report::warning(&it.to_string()));
    let [first, rest @ ..] = &*unread.left_out else { return };
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    report::warning(&format!("not named in manifest.csv, so left out: {first}{more}"));
}

impl<'a, T, W: Fn(Vec<Article>) -> Vec<T>> Batch<'a, T, W> {
    fn new(work: &'a W, stopped: &'a AtomicBool) -> Self {
        Batch { work, stopped, waiting: Vec::new(), size: 0, done: Vec::new() }
    }

    fn add(&mut self, article: Result<Article, Rejected>) {
        match article {
            Ok(article) => {
                self.size += article.source.text.len();
                self.waiting.push(article);
                if self.size >= BATCH {
                    self.work();
                }
            }
            Err(it) => {
                self.work();
                self.done.push(Err(it));
            }
        }
    }

    fn finish(mut self) -> Vec<Result<Done<T>, Rejected>> {
        self.work();
        self.done
    }

    fn work(&mut self) {
        self.size = 0;
        let articles = std::mem::take(&mut self.waiting);
        if self.stopped.load(Ordering::Relaxed) || articles.is_empty() {
            return;
        }
        match self.values(articles.clone()) {
            Some(values) => {
                let done = articles.into_iter().zip(values).map(|(it, value)| Ok(done(it, value)));
                self.done.extend(done);
            }
            None => articles.into_iter().for_each(|it| self.work_alone(it)),
        }
    }

    /// A mistake of the program in one document must not cost the others.
    fn work_alone(&mut self, article: Article) {
        let value = self.values(vec![article.clone()]).and_then(|mut it| it.pop());
        self.done.push(match value {
            Some(value) => Ok(done(article, value)),
            None => Err(Rejected {
                document_id: article.source.id,
                path: article.path.to_string(),
                line: article.line,
                reason: "the program failed on it, which is a mistake of the program".to_owned(),
            }),
        });
    }

    /// `None` if the program fails.
    fn values(&self, articles: Vec<Article>) -> Option<Vec<T>> {
        catch_unwind(AssertUnwindSafe(|| (self.work)(articles))).ok()
    }
}

fn done<T>(article: Article, value: T) -> Done<T> {
    Done { id: article.source.id, path: article.path, line: article.line, value }
}

/// Pieces that lie side by side and make a batch of documents, if they are as long as they look.
fn grouped(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut groups: Vec<Vec<Piece>> = Vec::new();
    let mut size = 0;
    for piece in pieces {
        let bytes = piece.bytes() as usize;
        match groups.last_mut() {
            Some(group) if size + bytes <= BATCH => group.push(piece),
            _ => {
                size = 0;
                groups.push(vec![piece]);
            }
        }
        size += bytes;
    }
    groups
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
        if bytes >= UNDER_WAY * threads as u64 || batch.len() >= FILES_UNDER_WAY * threads {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Meta, Source};

    fn article(id: &str) -> Article {
        let source = Source { id: id.to_owned(), meta: Meta::default(), text: "So.".to_owned() };
        Article { source, path: format!("{id}.txt").into(), line: None }
    }

    #[test]
    fn a_document_that_the_program_fails_on_costs_no_other() {
        let work = |articles: Vec<Article>| -> Vec<String> {
            let ids = articles.into_iter().map(|it| it.source.id);
            ids.inspect(|it| assert_ne!(it, "b")).collect()
        };
        let stopped = AtomicBool::new(false);
        let mut batch = Batch::new(&work, &stopped);
        let rejected =
            Rejected { document_id: "x".into(), path: "x".into(), line: None, reason: "x".into() };
        for it in [Ok(article("a")), Ok(article("b")), Err(rejected), Ok(article("c"))] {
            batch.add(it);
        }
        let shown = |it: Result<Done<String>, Rejected>| match it {
            Ok(done) => format!("{} {}", done.path, done.value),
            Err(it) => format!("{}: {}", it.path, it.reason),
        };
        let shown: Vec<String> = batch.finish().into_iter().map(shown).collect();
        let failed = "b.txt: the program failed on it, which is a mistake of the program";
        assert_eq!(shown, ["a.txt a", failed, "x: x", "c.txt c"]);
    }

    #[test]
    fn what_waits_is_worked_on_once_it_is_a_batch() {
        let work = |articles: Vec<Article>| vec![articles.len(); articles.len()];
        let stopped = AtomicBool::new(false);
        let mut batch = Batch::new(&work, &stopped);
        for _ in 0..3 {
            let mut long = article("a");
            long.source.text = "So. ".repeat(BATCH / 7);
            batch.add(Ok(long));
        }
        let sizes = batch.finish().into_iter().map(|it| it.map(|it| it.value).unwrap());
        assert_eq!(sizes.collect::<Vec<_>>(), [2, 2, 1]);
    }
}
