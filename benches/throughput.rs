//! How fast each stage is, and the whole way: `cargo bench`.
//!
//! Measures in one run what is to be compared, since ratios hold on other machines and figures
//! do not. The text is that of `fixtures/`, again and again under other ids.

// Allocations can only be counted by an allocator, and writing one is unsafe.
#![allow(unsafe_code, clippy::print_stdout)]

use std::alloc::{GlobalAlloc, Layout};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;
use onrecord::actors::Actors;
use onrecord::attributions::Attributions;
use onrecord::claims;
use onrecord::dated_claims::DatedClaims;
use onrecord::dates::Dates;
use onrecord::model::{Analysis, Source, Tokens};
use onrecord::normalize::Normalizer;
use onrecord::pipeline::{BATCH, Extractor};
use onrecord::read;
use onrecord::rules::{Pack, PackFile, PackFiles};
use onrecord::sentences::Splitter;
use onrecord::statements::{self, Wanted};
use onrecord::tokens::Tokenizer;
use onrecord::write::{Dataset, Options, Page, Provenance};
use rayon::prelude::*;

/// Bytes of text that one pass reads, at least.
const SIZE: usize = 4 << 20;
/// Passes; the fastest counts, as the machine has other things to do in the others.
const PASSES: usize = 5;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: hands every call on to the program's own allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the promises that `MiMalloc` asks for.
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { MiMalloc.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { MiMalloc.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a stage took for all documents of a pass.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    time: Duration,
    allocations: u64,
}

/// The stages, in order.
const STAGES: [&str; 10] = [
    "normalize",
    "sentences",
    "tokens",
    "dates",
    "actors",
    "attributions",
    "speakers",
    "dated claims",
    "rows",
    "keys of claims",
];

struct Stages {
    pack: Pack,
    normalizer: Normalizer,
    splitter: Splitter,
    tokenizer: Tokenizer,
    dates: Dates,
    actors: Actors,
    attributions: Attributions,
    dated_claims: DatedClaims,
    join: claims::Stage,
}

impl Stages {
    fn new() -> Stages {
        let pack = pack();
        Stages {
            normalizer: Normalizer::new(&pack.files).unwrap(),
            splitter: Splitter::new(&pack.files).unwrap(),
            tokenizer: Tokenizer::new(&pack).unwrap(),
            dates: Dates::new(&pack).unwrap(),
            actors: Actors::new(&pack, &[]).unwrap(),
            attributions: Attributions::new(&pack).unwrap(),
            dated_claims: DatedClaims::new(&pack).unwrap(),
            join: claims::Stage::new(&pack.files).unwrap(),
            pack,
        }
    }

    /// The way of some documents, each step on the clock.
    fn pass(&self, sources: Vec<Source>, costs: &mut [Cost; STAGES.len()]) {
        let mut steps = costs.iter_mut();
        let mut next = || steps.next().unwrap();
        let found: Vec<Analysis> = timed(next(), || {
            let documents = sources.into_iter().map(|it| self.normalizer.document(it));
            documents.map(|document| Analysis { document, ..Analysis::default() }).collect()
        });
        let mut batch: Vec<(Analysis, Tokens)> =
            found.into_iter().map(|it| (it, Tokens::default())).collect();
        let mut stage = |work: &dyn Fn(&mut Analysis, &mut Tokens)| {
            timed(next(), || batch.iter_mut().for_each(|(it, tokens)| work(it, tokens)));
        };
        stage(&|it, _| it.sentences = self.splitter.split(&it.document));
        stage(&|it, tokens| {
            let text = it.document.text();
            *tokens = self.tokenizer.tokens(&self.pack.lexicon, text, &it.sentences);
        });
        stage(&|it, tokens| it.timexes = self.dates.find(&it.document, &it.sentences, tokens));
        stage(&|it, tokens| {
            it.mentions = self.actors.find(&it.document, &it.sentences, tokens, &it.timexes);
        });
        stage(&|it, tokens| {
            let Analysis { document, sentences, timexes, mentions, .. } = &*it;
            it.attributions =
                self.attributions.find(document, sentences, tokens, timexes, mentions);
        });
        stage(&|it, tokens| {
            let (mentions, attributions) = (&mut it.mentions, &mut it.attributions);
            self.actors.resolve(&it.document, &it.sentences, tokens, mentions, attributions);
        });
        stage(&|it, tokens| {
            let Analysis { document, sentences, timexes, attributions, .. } = &*it;
            it.dated_claims =
                self.dated_claims.find(document, sentences, tokens, timexes, attributions);
        });
        // Rows of many documents would fill the cache that they are to be written from.
        let [rows_cost, keys_cost] = [next(), next()];
        for (it, _) in &batch {
            let rows = timed(rows_cost, || {
                let rows = statements::assemble(it, Wanted::default());
                black_box(Page::new(it, &rows));
                rows
            });
            timed(keys_cost, || black_box(self.join.read(&it.document, &rows)));
        }
    }
}

fn timed<T>(cost: &mut Cost, work: impl FnOnce() -> T) -> T {
    let (before, start) = (ALLOCATIONS.load(Ordering::Relaxed), Instant::now());
    let made = work();
    cost.time += start.elapsed();
    cost.allocations += ALLOCATIONS.load(Ordering::Relaxed) - before;
    made
}

fn pack() -> Pack {
    Pack::load(PackFiles::embedded()).unwrap()
}

/// The articles of `fixtures/`, so often that they make [`SIZE`] bytes.
fn sources() -> Vec<Source> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let inputs = read::inputs(&[fixtures], read::Options::default()).unwrap();
    let articles: Vec<Source> =
        inputs.flat_map(read::Piece::articles).filter_map(Result::ok).map(|it| it.source).collect();
    let size: usize = articles.iter().map(|it| it.text.len()).sum();
    let again = |round: usize| {
        articles.iter().map(move |it| Source { id: format!("{round}/{}", it.id), ..it.clone() })
    };
    (0..SIZE.div_ceil(size)).flat_map(again).collect()
}

/// Documents as they go through the stages together.
fn batches(sources: &[Source]) -> Vec<Vec<Source>> {
    let mut batches: Vec<Vec<Source>> = vec![Vec::new()];
    let mut size = 0;
    for source in sources {
        if size >= BATCH {
            batches.push(Vec::new());
            size = 0;
        }
        size += source.text.len();
        batches.last_mut().unwrap().push(source.clone());
    }
    batches
}

/// The shortest of several times.
fn fastest(mut pass: impl FnMut() -> Duration) -> Duration {
    (0..PASSES).map(|_| pass()).min().unwrap()
}

/// From text to rows on some threads, without the making of inputs.
fn whole(extractor: &Extractor, sources: &[Source], threads: usize) -> Duration {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let work = |sources: Vec<Source>| {
        for it in extractor.analyze_all(sources) {
            black_box(Page::new(&it, &statements::assemble(&it, Wanted::default())));
        }
    };
    fastest(|| {
        let batches = batches(sources);
        let start = Instant::now();
        pool.install(|| batches.into_par_iter().for_each(work));
        start.elapsed()
    })
}

/// From text to a dataset on the disk, claims and all, on two threads.
fn to_dataset(extractor: &Extractor, sources: &[Source]) -> Duration {
    let join = claims::Stage::new(&extractor.pack().files).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let work = |sources: Vec<Source>| {
        let written = |it: &Analysis| {
            let rows = statements::assemble(it, Wanted::default());
            (Page::new(it, &rows), join.read(&it.document, &rows))
        };
        extractor.analyze_all(sources).iter().map(written).collect::<Vec<_>>()
    };
    let batches = batches(sources);
    let start = Instant::now();
    let mut dataset = Dataset::create(folder.path(), Options::default()).unwrap();
    let done: Vec<_> = pool.install(|| batches.into_par_iter().map(work).collect());
    let mut parts = Vec::new();
    for (page, part) in done.into_iter().flatten() {
        dataset.page(page).unwrap();
        parts.push(part);
    }
    let grouping = pool.install(|| join.group(&parts));
    let links = dataset.links();
    dataset.finish(&links, &grouping, &Provenance::of(extractor.pack(), Vec::new())).unwrap();
    start.elapsed()
}

/// What all threads of the process have had of the processor so far, where the system says it: on a
/// machine with other work, time of the clock says little.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    // Linux tells them in hundredths of a second on all machines of today.
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

/// A line of what the system says of this process, in MiB: `VmHWM:` the most memory that it has
/// held, `VmRSS:` what it holds.
fn memory(line: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|it| it.starts_with(line))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// How many names the list of [`many_actors`] has.
const MANY: usize = 500_000;

/// A list of made-up people with an alias each. Half of the names begin with a capital word of the
/// text, so that looking them up has to go on behind it.
fn many_actors(sources: &[Source]) -> PackFile {
    let capital = |it: &&str| it.len() > 3 && it.starts_with(|it: char| it.is_ascii_uppercase());
    let is_word = |it: &&str| it.bytes().all(|it| it.is_ascii_alphabetic());
    let words = sources.iter().take(100).flat_map(|it| it.text.split_whitespace());
    let starts: Vec<&str> = words.filter(capital).filter(is_word).collect();
    let syllables = ["ba", "ke", "lo", "mi", "nur", "pa", "ro", "sel", "ta", "vi", "xan", "zo"];
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut text = "name,kind,aliases\n".to_owned();
    for i in 0..MANY / 2 {
        let mut word = |count| (0..count).map(|_| syllables[next(12)]).collect::<String>();
        let (first, last, alias) = (word(2), word(4), word(5));
        let first = if i % 2 == 0 { starts[i / 2 % starts.len()].to_owned() } else { first };
        text += &format!("{first} Q{last},person,{first} W{alias}\n");
    }
    PackFile { name: "many.csv".into(), shown: "many.csv".into(), text }
}

/// What half a million names cost: time and memory to read them, and speed of finding names.
fn scale(stages: &Stages, sources: &[Source]) {
    let read = |source: Source| {
        let document = stages.normalizer.document(source);
        let sentences = stages.splitter.split(&document);
        let tokens = stages.tokenizer.tokens(&stages.pack.lexicon, document.text(), &sentences);
        (document, sentences, tokens)
    };
    let texts: Vec<_> = sources.iter().take(1000).cloned().map(read).collect();
    let time = |actors: &Actors| {
        fastest(|| {
            let start = Instant::now();
            texts.iter().for_each(|(document, sentences, tokens)| {
                black_box(actors.find(document, sentences, tokens, &[]));
            });
            start.elapsed()
        })
    };
    let before = time(&stages.actors);
    let list = many_actors(sources);
    let start = Instant::now();
    let actors = Actors::new(&stages.pack, &[list]).unwrap();
    let loaded = start.elapsed();
    // Before this line the allocator had kept free what the benchmark gave back, so a difference
    // would tell too little.
    let held = memory("VmRSS:").unwrap_or_default();
    let speed = 100.0 * before.as_secs_f64() / time(&actors).as_secs_f64();
    println!("\n{MANY} more names: read in {} ms;", loaded.as_millis());
    println!(
        "names are found at {speed:.0} % of the speed without them; all of this holds {held} MiB"
    );
}

fn main() {
    let start = Instant::now();
    let stages = Stages::new();
    let compiled = start.elapsed();
    let sources = sources();
    let bytes: usize = sources.iter().map(|it| it.text.len()).sum();
    let speed = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{} documents, {:.1} MB; rules read and compiled in {} ms\n",
        sources.len(),
        bytes as f64 / 1e6,
        compiled.as_millis()
    );

    let mut best: Option<[Cost; STAGES.len()]> = None;
    let total = |costs: &[Cost]| costs.iter().map(|it| it.time).sum::<Duration>();
    for _ in 0..PASSES {
        let mut costs = [Cost::default(); STAGES.len()];
        batches(&sources).into_iter().for_each(|it| stages.pass(it, &mut costs));
        if best.as_ref().is_none_or(|it| total(&costs) < total(it)) {
            best = Some(costs);
        }
    }
    let costs = best.expect("there is a pass");
    println!("{:18} {:>8} {:>7} {:>18}", "stage", "MB/s", "share", "allocations/KB");
    for (name, cost) in STAGES.iter().zip(&costs) {
        let share = 100.0 * cost.time.as_secs_f64() / total(&costs).as_secs_f64();
        let allocations = cost.allocations as f64 * 1e3 / bytes as f64;
        println!("{name:18} {:>8.1} {share:>6.1}% {allocations:>18.2}", speed(cost.time));
    }

    let extractor = Extractor::new(pack(), &[]).unwrap();
    let before = processor_time();
    let one = whole(&extractor, &sources, 1);
    let used = processor_time().zip(before).map(|(after, before)| (after - before) / PASSES as u32);
    let two = whole(&extractor, &sources, 2);
    let ratio = one.as_secs_f64() / two.as_secs_f64();
    println!("\n{:34} {:>8.1}", "text to rows, 1 thread, MB/s", speed(one));
    if let Some(used) = used {
        println!("{:34} {:>8.1}", "the same by processor time, MB/s", speed(used));
    }
    println!("{:34} {:>8.1}   x {ratio:.2}", "text to rows, 2 threads, MB/s", speed(two));
    let dataset = to_dataset(&extractor, &sources);
    println!("{:34} {:>8.1}", "text to dataset, 2 threads, MB/s", speed(dataset));
    if let Some(memory) = memory("VmHWM:") {
        println!("{:34} {memory:>4} MiB", "peak memory of all of this");
    }
    scale(&stages, &sources);
}
