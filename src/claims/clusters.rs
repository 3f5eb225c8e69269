//! From pairs that are alike to claims.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use super::copies::root;
use super::features::{Days, Features};
use super::pairs::{Edge, Items, differ, differ_in_kind};
use super::words::Settings;
use super::{Claim, Grouping, Part};

/// Members of a cluster that a newcomer must agree with; more would say no more.
const WITNESSES: usize = 16;

/// Joins along the edges, the surest first, unless the two sides have members that differ. Gives
/// each statement a set, named by one of it.
pub(super) fn join(items: &Items, mut edges: Vec<Edge>, settings: &Settings) -> Vec<u32> {
    // Of equal edges the order is that of the statements' ids, not of their places.
    let id = |at: u32| items.all[at as usize].features.id;
    edges.sort_by_cached_key(|it| {
        let (a, b) = (id(it.a), id(it.b));
        (Reverse(it.score), a.min(b), a.max(b))
    });
    let mut of: Vec<u32> = (0..items.all.len() as u32).collect();
    let mut sides: Vec<Side> =
        of.iter().map(|&it| Side { count: 1, witnesses: vec![it] }).collect();
    // Sides that were found apart stay so until one of them grows: many edges lead from copies of
    // one statement to copies of another. A set and its size tell which statements it holds.
    let mut apart: FxHashSet<([(u32, u32); 2], bool)> = FxHashSet::default();
    for edge in edges {
        let (a, b) = (root(&mut of, edge.a), root(&mut of, edge.b));
        if a == b {
            continue;
        }
        let pair = [a, b].map(|it| &sides[it as usize]);
        let tried = ([(a, pair[0].count), (b, pair[1].count)], edge.is_quote);
        if apart.contains(&tried) {
            continue;
        }
        if !agree(items, pair, edge.is_quote) || !hold_together(items, pair, &edge, settings) {
            apart.insert(tried);
            continue;
        }
        let (kept, gone) = if id(a) < id(b) { (a, b) } else { (b, a) };
        of[gone as usize] = kept;
        let moved = std::mem::take(&mut sides[gone as usize]);
        let kept = &mut sides[kept as usize];
        kept.count += moved.count;
        kept.witnesses.extend(moved.witnesses);
        kept.witnesses.sort_by_key(|&it| id(it));
        kept.witnesses.truncate(WITNESSES);
    }
    (0..of.len() as u32).map(|at| root(&mut of, at)).collect()
}

/// Statements that were joined so far.
#[derive(Debug, Clone, Default)]
struct Side {
    count: u32,
    /// Those that speak for all: the ones with the smallest ids.
    witnesses: Vec<u32>,
}

/// Whether no member of one side differs from one of the other.
fn agree(items: &Items, [a, b]: [&Side; 2], is_quote: bool) -> bool {
    let features = |at: &u32| items.all[*at as usize].features;
    a.witnesses.iter().map(features).all(|x| {
        let mut others = b.witnesses.iter().map(features);
        others.all(|y| !differ_in_kind(x, y) && (is_quote || !differ(x, y)))
    })
}

/// Whether all of both sides are alike on average, not only the two that the edge joins: a chain
/// of small steps leads anywhere.
fn hold_together(items: &Items, [a, b]: [&Side; 2], edge: &Edge, settings: &Settings) -> bool {
    if edge.is_quote || a.count + b.count == 2 {
        return true;
    }
    let (mut sum, mut pairs) = (0.0, 0);
    for &x in &a.witnesses {
        for &y in &b.witnesses {
            let (x, y) = (&items.all[x as usize], &items.all[y as usize]);
            if x.document != y.document {
                sum += items.score(x, y, settings).max(0.0);
                pairs += 1;
            }
        }
    }
    let is_dated = items.all[edge.a as usize].features.is_dated;
    let wanted = if is_dated { settings.join_dated } else { settings.join };
    // Rounded, so that it is the same on every machine.
    pairs == 0
        || (sum * 1e6).round() >= (wanted * settings.join_mean * f64::from(pairs) * 1e6).round()
}

/// Claims in the order of their first statements.
pub(super) fn grouping(
    parts: &[Part],
    items: &Items,
    ranks: &[u32],
    originals: &[u32],
    sets: Vec<u32>,
) -> Grouping {
    const NONE: u32 = u32::MAX;
    let mut claim_at = vec![NONE; sets.len()];
    let mut members: Vec<Vec<u32>> = Vec::new();
    let mut claim_of = Vec::with_capacity(sets.len());
    for (at, &set) in (0u32..).zip(&sets) {
        if claim_at[set as usize] == NONE {
            claim_at[set as usize] = members.len() as u32;
            members.push(Vec::new());
        }
        let claim = claim_at[set as usize];
        members[claim as usize].push(at);
        claim_of.push(claim);
    }
    let claim = |members: Vec<u32>| {
        let ids = members.iter().map(|&it| items.all[it as usize].features.id);
        let id = ids.min().expect("a claim has a statement");
        let documents = members.iter().map(|&it| items.all[it as usize].document);
        let sources = sources(parts, originals, documents);
        let rank = |at: u32| ranks[items.all[at as usize].document as usize];
        let support = support(items, &members);
        let is_own = |at: u32| items.all[at as usize].features.is_own;
        let order = (0..members.len())
            .min_by_key(|&i| (Reverse(support[i]), is_own(members[i]), rank(members[i]), i));
        let example = order.map(|i| members[i]);
        let example = example.expect("a claim has a statement");
        Claim { id: format!("cl_{id:016x}"), sources, members, example }
    };
    let copies = (0u32..).zip(originals).map(|(at, &of)| (of != at).then_some(of));
    Grouping {
        claims: members.into_iter().map(claim).collect(),
        claim_of,
        copies: copies.collect(),
    }
}

/// For each member, how many have a day in common with the date that decides its column. A
/// statement that tells of several years would else give the claim the date of another event.
fn support(items: &Items, members: &[u32]) -> Vec<usize> {
    let features = |at: &u32| items.all[*at as usize].features;
    let overlap = |a: Days, b: &Days| a.0 <= b.1 && b.0 <= a.1;
    let mut heard = members.to_vec();
    heard.sort_by_key(|it| features(it).id);
    heard.truncate(WITNESSES);
    let agrees = |date: Days| {
        let has = |it: &&u32| {
            let it = features(it);
            it.said.iter().chain(&it.events).any(|other| overlap(date, other))
        };
        heard.iter().filter(has).count()
    };
    let of = |it: &Features| it.said.or(it.events.first().copied()).map_or(0, agrees);
    members.iter().map(|at| of(features(at))).collect()
}

/// Sets of documents that have neither text nor publisher in common.
fn sources(parts: &[Part], originals: &[u32], documents: impl Iterator<Item = u32>) -> u32 {
    let mut documents: Vec<u32> = documents.collect();
    documents.sort_unstable();
    documents.dedup();
    let mut of: Vec<u32> = (0..documents.len() as u32).collect();
    let mut tie = |key: &dyn Fn(u32) -> u64| {
        let mut order: Vec<(u64, u32)> =
            (0u32..).zip(&documents).map(|(at, &document)| (key(document), at)).collect();
        order.sort_unstable();
        for pair in order.windows(2).filter(|it| it[0].0 == it[1].0) {
            let (a, b) = (root(&mut of, pair[0].1), root(&mut of, pair[1].1));
            of[a.max(b) as usize] = a.min(b);
        }
    };
    tie(&|document| u64::from(originals[document as usize]));
    tie(&|document| parts[document as usize].publisher);
    (0u32..).zip(&of).filter(|(at, it)| at == *it).count() as u32
}
