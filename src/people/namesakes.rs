//! Which people of one full name are not one.
//!
//! `John Smith` of one document is the one of another, unless what both say of him cannot be true
//! of one person: that he belongs to different states, or has different offices in different
//! organizations. One thing alone that differs parts nobody: people change offices and
//! organizations. What shares a state or an organization is one.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::ids;

use super::{OFFICES, ORGANIZATIONS, STATES, Ties};

/// Somebody of one name, as some of the documents tell of him.
#[derive(Debug, Default)]
pub(super) struct Namesake {
    /// What the documents say that mean this one, by number.
    pub(super) said: Vec<usize>,
    pub(super) ties: Ties,
    /// What tells this one from all others of the name, whatever documents come to it.
    mark: u64,
}

impl Namesake {
    /// The id of this one, where `name` is the hash of the one that all of the name had.
    pub(super) fn id(&self, name: u64) -> String {
        let hash = xxh3_64([name.to_le_bytes(), self.mark.to_le_bytes()].as_flattened());
        ids::of_hash(hash)
    }
}

/// Those of one name who cannot be one, from what documents say of that name; whoever may be
/// several of them is not among them.
pub(super) fn apart(said: &[Ties]) -> Vec<Namesake> {
    let mut all = joined(said);
    let is_apart: Vec<bool> = all.iter().map(|it| all.iter().any(|of| differ(it, of))).collect();
    let mut is_apart = is_apart.into_iter();
    all.retain(|_| is_apart.next().unwrap_or_default());
    all
}

/// What documents say, joined where it shares a state or an organization.
fn joined(said: &[Ties]) -> Vec<Namesake> {
    let mut groups: Vec<usize> = (0..said.len()).collect();
    let mut by_tie: FxHashMap<u64, usize> = FxHashMap::default();
    for (at, ties) in said.iter().enumerate() {
        for &tie in ties[STATES].iter().chain(&ties[ORGANIZATIONS]) {
            let other = *by_tie.entry(tie).or_insert(at);
            let (from, to) = (root(&mut groups, at), root(&mut groups, other));
            groups[from] = to;
        }
    }
    let mut all: Vec<Namesake> = Vec::new();
    let mut of_root: FxHashMap<usize, usize> = FxHashMap::default();
    for (at, ties) in said.iter().enumerate() {
        let root = root(&mut groups, at);
        let number = *of_root.entry(root).or_insert_with(|| {
            all.push(Namesake::default());
            all.len() - 1
        });
        let namesake = &mut all[number];
        namesake.said.push(at);
        for (known, ties) in namesake.ties.iter_mut().zip(ties) {
            known.extend(ties);
        }
    }
    for it in &mut all {
        let mark = it.ties[STATES].first().or(it.ties[ORGANIZATIONS].first());
        it.mark = mark.copied().unwrap_or_default();
    }
    all
}

fn root(groups: &mut [usize], at: usize) -> usize {
    let mut root = at;
    while groups[root] != root {
        groups[root] = groups[groups[root]];
        root = groups[root];
    }
    root
}

/// Whether two that share neither state nor organization cannot be one.
fn differ(a: &Namesake, b: &Namesake) -> bool {
    let both = |kind: usize| !a.ties[kind].is_empty() && !b.ties[kind].is_empty();
    let is_other = |kind: usize| both(kind) && a.ties[kind].is_disjoint(&b.ties[kind]);
    is_other(STATES) || is_other(ORGANIZATIONS) && is_other(OFFICES)
}
