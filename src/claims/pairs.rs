//! Which statements are alike, and how much.

use rayon::prelude::*;

use super::Part;
use super::features::{Days, Features, Number, mix};
use super::words::Settings;

/// Rarest words of a statement that make keys; the first half of them makes a second key each,
/// with the speaker or the year.
pub(super) const KEYS: usize = 12;
/// Statements of one key that are all compared with each other. Of more, each is compared with
/// this many that follow when they are sorted by likeness in their next keys.
pub(super) const CROWD: usize = 48;
/// Neighbors that are compared where a key has a crowd.
const NEIGHBORS: usize = 8;
/// Words of a document that are compared: its rarest.
const PROFILE: usize = 64;
/// In one document only what is nearly the same is joined: an author who says something
/// twice, in other words, says two things.
const SAME_DOCUMENT: f64 = 0.85;

/// The bit of a key that says that it is one of quoted words.
const QUOTED: u64 = 1 << 63;

/// The statements of all documents, made ready for comparing.
pub(super) struct Items<'a> {
    pub(super) all: Vec<Item<'a>>,
    /// The weight of a word that only one statement has.
    alone: u32,
    /// What each document is about.
    profiles: Vec<Profile>,
}

/// The rarest words of a document.
struct Profile {
    /// With their weights, sorted.
    words: Vec<(u32, u32)>,
    sum: u64,
}

/// A statement with the weights of its words.
pub(super) struct Item<'a> {
    pub(super) features: &'a Features,
    pub(super) document: u32,
    day: i32,
    weights: Vec<u32>,
    sum: u64,
}

/// Two statements that are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    /// In millionths.
    pub(super) score: i64,
    pub(super) a: u32,
    pub(super) b: u32,
    /// By their quoted words.
    pub(super) is_quote: bool,
}

impl<'a> Items<'a> {
    pub(super) fn new(parts: &'a [Part]) -> Items<'a> {
        let statements: Vec<(u32, &Part, &Features)> = (0u32..)
            .zip(parts)
            .flat_map(|(at, part)| part.statements.iter().map(move |it| (at, part, it)))
            .collect();
        let counts = Counts::new(statements.iter().map(|it| &it.2.terms[..]));
        let item = |&(document, part, features): &(u32, &'a Part, &'a Features)| {
            let weights: Vec<u32> = features.terms.iter().map(|&it| counts.weight(it)).collect();
            let sum = weights.iter().map(|&it| u64::from(it)).sum();
            let day = part
                .published
                .map_or(0, |it| i32::from(it.year()) * 366 + i32::from(it.day_of_year()));
            Item { features, document, day, weights, sum }
        };
        let all: Vec<Item> = statements.par_iter().map(item).collect();
        Items { all, alone: counts.alone(), profiles: profiles(parts) }
    }

    /// All pairs that are alike enough, in no order.
    pub(super) fn alike(&self, settings: &Settings) -> Vec<Edge> {
        let keys = self.keys(settings);
        let index = Index::new(keys, self);
        (0..self.all.len() as u32)
            .into_par_iter()
            .flat_map_iter(|a| {
                let mut others = index.others(a);
                // Of a pair found both ways the one by quoted words comes first and stays.
                others.sort_unstable();
                others.dedup_by_key(|it| it.at());
                others
                    .into_iter()
                    .filter_map(move |it| self.edge(a, it.at(), it.is_quoted(), settings))
            })
            .collect()
    }

    /// What each statement can be found by: (key, statement).
    fn keys(&self, settings: &Settings) -> Vec<(u64, u32)> {
        let shortest = settings.quote_shortest as usize;
        let mut keys: Vec<(u64, u32)> = (0..self.all.len() as u32)
            .into_par_iter()
            .flat_map_iter(|at| {
                let item = &self.all[at as usize];
                let mut keys = item.word_keys(self.alone);
                keys.iter_mut().for_each(|it| *it &= !QUOTED);
                keys.extend(item.features.quote_keys(shortest).into_iter().map(|it| it | QUOTED));
                keys.into_iter().map(move |key| (key, at))
            })
            .collect();
        keys.par_sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether both are alike enough to be joined.
    fn edge(&self, a: u32, b: u32, quoted: bool, settings: &Settings) -> Option<Edge> {
        let (x, y) = (&self.all[a as usize], &self.all[b as usize]);
        if differ_in_kind(x.features, y.features) {
            return None;
        }
        // What is quoted in the article's own voice may be quoted of many events.
        let may_quote = quoted && !x.features.is_dated;
        if may_quote && is_same_quotation(&x.features.quoted, &y.features.quoted, settings) {
            return Some(Edge { score: 2_000_000, a, b, is_quote: true });
        }
        if differ(x.features, y.features) {
            return None;
        }
        let wanted = if x.document == y.document {
            SAME_DOCUMENT
        } else if x.features.is_dated {
            settings.join_dated
        } else {
            settings.join
        };
        let score = if x.document == y.document {
            likeness(x, y)
        } else {
            // Most pairs are out of reach even if their documents were the same, and many even if
            // all words of the shorter one stood in the other.
            let share = settings.statement_share;
            let beside = evidence(x.features, y.features, settings);
            let is_far = |words: f64| words * share + beside + (1.0 - share) < wanted;
            if is_far(most_alike(x, y)) {
                return None;
            }
            let words = likeness(x, y);
            // Much happens to the same people on one day.
            let is_one_event = x.features.event != 0 && x.features.event == y.features.event;
            let is_other = x.features.is_dated && !is_one_event && words < settings.dated_likeness;
            if is_far(words) || is_other {
                return None;
            }
            words * share + self.documents(x.document, y.document) * (1.0 - share) + beside
        };
        let score = (score * 1e6).round() as i64;
        (score >= (wanted * 1e6) as i64).then_some(Edge { score, a, b, is_quote: false })
    }

    /// How alike two statements are: about 0 to 1.
    pub(super) fn score(&self, x: &Item, y: &Item, settings: &Settings) -> f64 {
        let words = likeness(x, y);
        if x.document == y.document {
            return words;
        }
        let documents = self.documents(x.document, y.document);
        let share = settings.statement_share;
        words * share + documents * (1.0 - share) + evidence(x.features, y.features, settings)
    }

    /// How alike two documents are, by the words of their statements.
    fn documents(&self, a: u32, b: u32) -> f64 {
        let [x, y] = [a, b].map(|it| &self.profiles[it as usize]);
        let (a, b) = (&x.words, &y.words);
        let (mut i, mut j, mut common) = (0, 0, 0);
        while i < a.len() && j < b.len() {
            let (x, y) = (a[i].0, b[j].0);
            if x == y {
                common += u64::from(a[i].1);
            }
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        ratio(common, x.sum, y.sum)
    }
}

impl Item<'_> {
    /// Keys of its rarest words that others have too, alone and with speaker or year. A word of
    /// the weight `alone` finds nothing.
    fn word_keys(&self, alone: u32) -> Vec<u64> {
        let terms = &self.features.terms;
        let mut rarest: Vec<(u32, u32)> =
            self.weights.iter().copied().zip(terms.iter().copied()).collect();
        rarest.sort_unstable_by(|a, b| b.cmp(a));
        rarest.retain(|it| it.0 > 0 && it.0 < alone);
        let mut keys: Vec<u64> =
            rarest.iter().take(KEYS).map(|it| mix([1, it.1].into_iter())).collect();
        let mut with = |other: u32| {
            keys.extend(rarest.iter().take(KEYS).map(|it| mix([2, other, it.1].into_iter())));
        };
        if self.features.speaker != 0 {
            with(self.features.speaker_key());
        } else if self.features.is_dated {
            for year in years(&self.features.events) {
                with(year);
            }
        }
        keys
    }
}

/// The years of events that are known to two years or closer, at most three.
fn years(events: &[Days]) -> Vec<u32> {
    let mut years: Vec<u32> = events
        .iter()
        .filter(|it| it.1 - it.0 <= 731)
        .flat_map(|it| [it.0, it.1])
        .map(|day| (day + 719_528).max(0) as u32 * 400 / 146_097)
        .collect();
    years.sort_unstable();
    years.dedup();
    years.truncate(3);
    years
}

/// How many statements have each word.
struct Counts {
    words: Vec<u32>,
    counts: Vec<u32>,
    all: u32,
}

impl Counts {
    fn new<'t>(lists: impl Iterator<Item = &'t [u32]>) -> Counts {
        let mut all = 0;
        let mut flat: Vec<u32> = Vec::new();
        for list in lists {
            all += 1;
            flat.extend_from_slice(list);
        }
        flat.par_sort_unstable();
        let mut counts = Counts { words: Vec::new(), counts: Vec::new(), all };
        for run in flat.chunk_by(|a, b| a == b) {
            counts.words.push(run[0]);
            counts.counts.push(run.len() as u32);
        }
        counts
    }

    /// How much a word tells, in thousandths of ln(1 + all/having): rounded, so that it is the
    /// same on every machine. A word that only one has tells as much, and finds nothing.
    fn weight(&self, word: u32) -> u32 {
        let Ok(at) = self.words.binary_search(&word) else { return 0 };
        self.weight_of(self.counts[at])
    }

    /// The weight of a word that only one has.
    fn alone(&self) -> u32 {
        self.weight_of(1)
    }

    fn weight_of(&self, having: u32) -> u32 {
        let ratio = f64::from(self.all) / f64::from(having);
        (ratio.ln_1p() * 1000.0).round() as u32
    }
}

fn profiles(parts: &[Part]) -> Vec<Profile> {
    let words = |part: &Part| -> Vec<u32> {
        let mut words: Vec<u32> =
            part.statements.iter().flat_map(|it| it.terms.iter().copied()).collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    let lists: Vec<Vec<u32>> = parts.par_iter().map(words).collect();
    let counts = Counts::new(lists.iter().map(Vec::as_slice));
    let profile = |list: &Vec<u32>| {
        let mut words: Vec<(u32, u32)> = list.iter().map(|&it| (it, counts.weight(it))).collect();
        words.sort_unstable_by_key(|it| (std::cmp::Reverse(it.1), it.0));
        words.truncate(PROFILE);
        words.sort_unstable();
        let sum = words.iter().map(|it| u64::from(it.1)).sum();
        Profile { words, sum }
    };
    lists.par_iter().map(profile).collect()
}

/// A statement to compare with, as one number, since many of them are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Other(u64);

impl Other {
    fn new(at: u32, is_quoted: bool) -> Other {
        Other(u64::from(at) << 1 | u64::from(!is_quoted))
    }

    fn at(self) -> u32 {
        (self.0 >> 1) as u32
    }

    /// Whether it was found by quoted words.
    fn is_quoted(self) -> bool {
        self.0 & 1 == 0
    }
}

/// Statements by their keys.
struct Index {
    keys: Vec<(u64, u32)>,
    /// For each of `keys`, its group: those of the same key.
    groups: Vec<u32>,
    /// Where each group ends in `keys`; it begins where the one before ends.
    group_ends: Vec<u32>,
    /// For each statement, where it stands in `keys`.
    places: Vec<u32>,
    /// For each statement, the end of its places.
    ends: Vec<u32>,
}

impl Index {
    fn new(mut keys: Vec<(u64, u32)>, items: &Items) -> Index {
        // In a crowd those of one day and likely one story come to stand together.
        let near = |at: u32| {
            let item = &items.all[at as usize];
            (item.day, item.features.terms.first().copied(), item.features.id)
        };
        keep_shared(&mut keys);
        let mut groups = Vec::with_capacity(keys.len());
        let mut group_ends = Vec::new();
        for group in keys.chunk_by_mut(|a, b| a.0 == b.0) {
            if group.len() > CROWD {
                group.sort_by_cached_key(|it| near(it.1));
            }
            groups.resize(groups.len() + group.len(), group_ends.len() as u32);
            group_ends.push(groups.len() as u32);
        }
        let mut ends = vec![0u32; items.all.len() + 1];
        for &(_, at) in &keys {
            ends[at as usize + 1] += 1;
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        let mut next = ends.clone();
        let mut places = vec![0u32; keys.len()];
        for (place, &(_, at)) in (0..).zip(&keys) {
            places[next[at as usize] as usize] = place;
            next[at as usize] += 1;
        }
        Index { keys, groups, group_ends, places, ends }
    }

    /// The statements that `at` is to be compared with, and whether for their quoted words; of
    /// each pair one finds the other.
    fn others(&self, at: u32) -> Vec<Other> {
        let range = self.ends[at as usize] as usize..self.ends[at as usize + 1] as usize;
        let mut others = Vec::new();
        for &place in &self.places[range] {
            let place = place as usize;
            let group = self.groups[place] as usize;
            let start = group.checked_sub(1).map_or(0, |it| self.group_ends[it] as usize);
            let before = (place - start).min(CROWD);
            let after = (self.group_ends[group] as usize - place - 1).min(CROWD);
            let (before, after) = if before + after < CROWD {
                (before, after)
            } else {
                (before.min(NEIGHBORS), after.min(NEIGHBORS))
            };
            let near = self.keys[place - before..=place + after].iter().map(|it| it.1);
            let quoted = self.keys[place].0 & QUOTED != 0;
            others.extend(near.filter(|&it| it > at).map(|it| Other::new(it, quoted)));
        }
        others
    }
}

/// Leaves out keys that only one statement has: they find nothing.
fn keep_shared(keys: &mut Vec<(u64, u32)>) {
    let (mut kept, mut at) = (0, 0);
    while at < keys.len() {
        let same = keys[at..].iter().take_while(|it| it.0 == keys[at].0).count();
        if same > 1 {
            keys.copy_within(at..at + same, kept);
            kept += same;
        }
        at += same;
    }
    keys.truncate(kept);
}

/// At least what [`likeness`] gives: as if all words of the one stood in the other.
fn most_alike(x: &Item, y: &Item) -> f64 {
    // A rounding error must not make it less.
    ratio(x.sum.min(y.sum), x.sum, y.sum) + 1e-9
}

/// Weight of the common words, as part of that of both.
fn likeness(x: &Item, y: &Item) -> f64 {
    let (a, b) = (&x.features.terms, &y.features.terms);
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            common += u64::from(x.weights[i]);
        }
        let (p, q) = (a[i], b[j]);
        i += usize::from(p <= q);
        j += usize::from(q <= p);
    }
    ratio(common, x.sum, y.sum)
}

fn ratio(common: u64, a: u64, b: u64) -> f64 {
    if common == 0 { 0.0 } else { common as f64 / (a as f64 * b as f64).sqrt() }
}

/// What beside the words speaks for or against.
fn evidence(x: &Features, y: &Features, settings: &Settings) -> f64 {
    let mut sum = 0.0;
    if x.cue != 0 && y.cue != 0 {
        sum += if x.cue == y.cue { x.cue_weight } else { -settings.cues_differ };
    }
    if x.has_speaker_of(y) {
        sum += settings.same_speaker;
    }
    if !x.numbers.is_empty() && !y.numbers.is_empty() && !have_common_value(x, y) {
        sum -= settings.numbers_differ;
    }
    let dates = match (x.said, y.said) {
        (Some(a), Some(b)) => closest(&[a], &[b]),
        _ => closest(&x.events, &y.events),
    };
    sum += match dates {
        Some(days) if days <= 31 => settings.same_month,
        Some(days) if days <= 366 => settings.same_year,
        _ => 0.0,
    };
    if x.is_dated {
        let actors = common_part(&x.actors, &y.actors);
        sum += settings.same_actors * actors;
        if x.event != 0 && x.event == y.event && dates.is_some() {
            sum += settings.same_event * topic(x, y) * actors;
        }
    }
    sum
}

/// Whether two events of one kind are about the same: 1 or -1, 0 where one says nothing of it.
fn topic(x: &Features, y: &Features) -> f64 {
    match x.topic.is_empty() || y.topic.is_empty() {
        true => 0.0,
        false if have_common(&x.topic, &y.topic) => 1.0,
        false => -1.0,
    }
}

fn have_common_value(x: &Features, y: &Features) -> bool {
    x.numbers.iter().any(|a| y.numbers.iter().any(|b| a.value == b.value))
}

/// The length in days of the vaguer one of the closest two dates that agree.
fn closest(a: &[Days], b: &[Days]) -> Option<i32> {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    let agreeing = pairs.filter(|(x, y)| agree(**x, **y));
    agreeing.map(|(x, y)| 1 + (x.1 - x.0).max(y.1 - y.0)).min()
}

/// Whether both can be the same time. Two days may be one apart: who writes at night and who
/// reads in the morning differ by one.
fn agree(a: Days, b: Days) -> bool {
    let is_day = |it: Days| it.1 - it.0 <= 1;
    let slack = i32::from(is_day(a) && is_day(b));
    a.0 <= b.1 + slack && b.0 <= a.1 + slack
}

/// Whether two sorted lists share anything.
fn have_common(a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|it| b.binary_search(it).is_ok())
}

/// Part of the smaller set that is in the other too.
fn common_part(a: &[u32], b: &[u32]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let common = a.iter().filter(|it| b.binary_search(it).is_ok()).count();
    common as f64 / a.len().min(b.len()) as f64
}

/// What even the same words cannot bring together.
pub(super) fn differ_in_kind(x: &Features, y: &Features) -> bool {
    x.is_dated != y.is_dated || x.speaker != 0 && y.speaker != 0 && !x.has_speaker_of(y)
}

/// What keeps other words apart: polarity, dates, and the number of the same thing.
pub(super) fn differ(x: &Features, y: &Features) -> bool {
    let exclude =
        |a: &[Days], b: &[Days]| !a.is_empty() && !b.is_empty() && closest(a, b).is_none();
    x.is_negated != y.is_negated
        || exclude(&x.events, &y.events)
        || exclude(x.said.as_slice(), y.said.as_slice())
        || counted_differently(&x.numbers, &y.numbers)
}

/// Whether both count some thing and differ in how many there are.
fn counted_differently(a: &[Number], b: &[Number]) -> bool {
    a.iter().filter(|it| it.unit != 0).any(|x| {
        let same_thing = || b.iter().filter(|y| y.unit == x.unit);
        same_thing().next().is_some() && same_thing().all(|y| y.value != x.value)
    })
}

/// Whether one quotation is the other, cut differently.
fn is_same_quotation(a: &[u32], b: &[u32], settings: &Settings) -> bool {
    let shorter = a.len().min(b.len());
    if shorter < settings.quote_shortest as usize {
        return false;
    }
    let part = (shorter as f64 * settings.quote_share).ceil() as usize;
    longest_run(a, b) >= part.min(settings.quote_run as usize)
}

/// Words in a row that both have.
fn longest_run(a: &[u32], b: &[u32]) -> usize {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut runs = vec![0usize; short.len() + 1];
    let mut longest = 0;
    for word in long {
        for at in (0..short.len()).rev() {
            runs[at + 1] = if short[at] == *word { runs[at] + 1 } else { 0 };
            longest = longest.max(runs[at + 1]);
        }
    }
    longest
}
