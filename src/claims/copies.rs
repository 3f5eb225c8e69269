//! Finds documents that are copies of each other: syndicated reports, with other headlines,
//! cut at the end, with a line of the editors in between.
//!
//! Of each document the smallest hashes of its runs of five words are kept (a bottom-k sketch,
//! Broder 1997). Copies have some of the very smallest in common, which makes them candidates;
//! the whole sketches then tell how much of the texts is common.

use super::features::mix;
use super::words::Settings;

/// Words in a row that make one run.
const RUN: usize = 5;
/// Hashes kept of a document.
const KEPT: usize = 96;
/// Of those the ones that make candidates.
const KEYS: usize = 12;
/// A hash that more documents have is a line of the publisher's, and says nothing.
const CROWD: usize = 64;

/// The sketch of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    /// The smallest hashes of runs, sorted.
    smallest: Box<[u64]>,
    /// How many different runs there are, estimated where there are more than are kept.
    runs: f64,
}

impl Sketch {
    pub(super) fn new(text: &str) -> Sketch {
        let mut heap = Smallest { kept: Vec::with_capacity(4 * KEPT), limit: None };
        let mut ring = [0u32; RUN];
        let mut count = 0;
        each_hash(text, |word| {
            let [_, a, b, c, d] = ring;
            ring = [a, b, c, d, word];
            count += 1;
            if count >= RUN {
                heap.add(mix(ring.iter().copied()));
            }
        });
        heap.sketch()
    }

    /// How much of both, and of the shorter one, is common, from 0 to 1.
    fn common(&self, other: &Sketch) -> (f64, f64) {
        let (a, b) = (&self.smallest, &other.smallest);
        let (mut i, mut j, mut seen, mut both) = (0, 0, 0, 0);
        while seen < KEPT && i < a.len() && j < b.len() {
            seen += 1;
            both += usize::from(a[i] == b[j]);
            let (x, y) = (a[i], b[j]);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        if a.len() < KEPT || b.len() < KEPT {
            // One of them is known in full: what is left of the other belongs to the union.
            seen = (seen + (a.len() - i) + (b.len() - j)).min(KEPT);
        }
        if seen == 0 {
            return (0.0, 0.0);
        }
        let likeness = f64::from(both as u32) / f64::from(seen as u32);
        let shared = likeness * (self.runs + other.runs) / (1.0 + likeness);
        (likeness, shared / self.runs.min(other.runs).max(1.0))
    }
}

/// The smallest different hashes so far.
struct Smallest {
    kept: Vec<u64>,
    /// Hashes from here on are too large.
    limit: Option<u64>,
}

impl Smallest {
    fn add(&mut self, hash: u64) {
        if self.limit.is_some_and(|it| hash >= it) {
            return;
        }
        self.kept.push(hash);
        if self.kept.len() >= 4 * KEPT {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.kept.sort_unstable();
        self.kept.dedup();
        if self.kept.len() > KEPT {
            self.limit = Some(self.kept[KEPT]);
            self.kept.truncate(KEPT);
        }
    }

    fn sketch(mut self) -> Sketch {
        self.cut();
        let runs = if self.limit.is_some() {
            // The k-th smallest of n even hashes lies about k/n of the way.
            let last = self.kept[KEPT - 1] as f64 / u64::MAX as f64;
            (KEPT - 1) as f64 / last
        } else {
            self.kept.len() as f64
        };
        Sketch { smallest: self.kept.into(), runs }
    }
}

/// Calls `found` with a hash of each word: letters and digits, in lower case where ASCII.
fn each_hash(text: &str, mut found: impl FnMut(u32)) {
    const START: u32 = 0x811c_9dc5;
    let mut hash = START;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        // Bytes beyond ASCII count as letters, except for general punctuation (U+2000 on).
        let is_mark = byte == 0xe2 && bytes[at + 1] == 0x80;
        let letter = if is_mark { 0 } else { LETTERS[usize::from(byte)] };
        if letter != 0 {
            hash = (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193);
        } else if hash != START {
            found(hash);
            hash = START;
        }
        at += if is_mark { 3 } else { 1 };
    }
    if hash != START {
        found(hash);
    }
}

/// What each byte counts in a word, 0 where it stands between words.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_alphanumeric() || byte >= 0x80 {
            letters[at] = byte.to_ascii_lowercase();
        }
        at += 1;
    }
    letters
};

/// For each document the set that it belongs to, named by its first document in `order`:
/// itself, where it is no copy.
///
/// `order` gives a document's rank: the least of a set is its original.
pub(super) fn originals(sketches: &[&Sketch], rank: &[u32], settings: &Settings) -> Vec<u32> {
    let mut keys: Vec<(u64, u32, u32)> = Vec::new();
    for (at, sketch) in (0u32..).zip(sketches) {
        let smallest = sketch.smallest.iter().take(KEYS);
        keys.extend(smallest.map(|&key| (key, rank[at as usize], at)));
    }
    keys.sort_unstable();
    let mut of: Vec<u32> = (0..sketches.len() as u32).collect();
    for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() <= CROWD) {
        for (i, &(_, _, a)) in group.iter().enumerate() {
            for &(_, _, b) in &group[i + 1..] {
                let (root_a, root_b) = (root(&mut of, a), root(&mut of, b));
                if root_a == root_b {
                    continue;
                }
                let (likeness, share) = sketches[a as usize].common(sketches[b as usize]);
                if likeness >= settings.copy_likeness && share >= settings.copy_share {
                    let a_first = rank[root_a as usize] < rank[root_b as usize];
                    let (first, later) = if a_first { (root_a, root_b) } else { (root_b, root_a) };
                    of[later as usize] = first;
                }
            }
        }
    }
    (0..of.len() as u32).map(|at| root(&mut of, at)).collect()
}

/// The root of a set, with its way made shorter.
pub(super) fn root(of: &mut [u32], mut at: u32) -> u32 {
    while of[at as usize] != at {
        of[at as usize] = of[of[at as usize] as usize];
        at = of[at as usize];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(from: u32, to: u32) -> String {
        (from..to).map(|it| format!("word{} ", it * 7919 % 10007)).collect()
    }

    #[track_caller]
    fn check(texts: &[String], expected: &[u32]) {
        let sketches: Vec<Sketch> = texts.iter().map(|it| Sketch::new(it)).collect();
        let sketches: Vec<&Sketch> = sketches.iter().collect();
        let rank: Vec<u32> = (0..texts.len() as u32).collect();
        let settings = Settings { copy_share: 0.7, copy_likeness: 0.35, ..Settings::default() };
        assert_eq!(originals(&sketches, &rank, &settings), expected);
    }

    #[test]
    fn copies_are_found_however_they_are_cut() {
        let story = text(0, 400);
        let headed = format!("Another headline for it all\n\n{story}");
        let inserted = format!("{}Our editors add a line here. {}", text(0, 150), text(150, 400));
        check(&[story.clone(), headed, inserted, text(0, 240)], &[0, 0, 0, 0]);
        check(&[story.clone(), text(300, 700)], &[0, 1]);
        check(&[story.clone(), text(0, 40)], &[0, 1]);
        check(&[text(0, 30), text(0, 30), String::new(), String::new()], &[0, 0, 2, 3]);
    }
}
