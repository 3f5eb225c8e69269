//! How well statements were joined into claims: over pairs of statements from different
//! documents, with B³ beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::harmonic;

/// What gold says of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clustered {
    /// Id of the statement.
    pub statement_id: String,
    /// The document that it stands in.
    pub document_id: String,
    /// The cluster that it belongs to.
    pub cluster: String,
}

/// Figures of clusters.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Clusters {
    /// Pairs in gold.
    pub pairs: usize,
    /// Precision over pairs.
    pub p: f64,
    /// Recall over pairs.
    pub r: f64,
    /// F1 over pairs.
    pub f: f64,
    /// B³ F1 over statements.
    pub b3_f: f64,
}

/// Compares the claims that statements were given (`claim_of`: statement id to claim id) with
/// gold. A statement without claim stands alone.
pub fn clusters(gold: &[Clustered], claim_of: &BTreeMap<String, String>) -> Clusters {
    let gold: BTreeMap<&str, &Clustered> =
        gold.iter().map(|it| (it.statement_id.as_str(), it)).collect();
    let gold: Vec<&Clustered> = gold.into_values().collect();
    let claim = |it: &Clustered| claim_of.get(&it.statement_id);
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for (at, a) in gold.iter().enumerate() {
        for b in gold[at + 1..].iter().filter(|b| a.document_id != b.document_id) {
            let is_pair = a.cluster == b.cluster;
            let is_joined = claim(a).is_some() && claim(a) == claim(b);
            right += usize::from(is_pair && is_joined);
            wrong += usize::from(!is_pair && is_joined);
            missed += usize::from(is_pair && !is_joined);
        }
    }
    let p = right as f64 / (right + wrong).max(1) as f64;
    let r = right as f64 / (right + missed).max(1) as f64;
    Clusters { pairs: right + missed, p, r, f: harmonic(p, r), b3_f: b3(&gold, claim_of) }
}

/// The mean over statements of how much its cluster and its claim have in common.
fn b3(gold: &[&Clustered], claim_of: &BTreeMap<String, String>) -> f64 {
    let mut clusters: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut claims: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
    for it in gold {
        clusters.entry(&it.cluster).or_default().insert(&it.statement_id);
        if let Some(claim) = claim_of.get(&it.statement_id) {
            claims.entry(Some(claim)).or_default().insert(&it.statement_id);
        }
    }
    let (mut p, mut r) = (0.0, 0.0);
    for it in gold {
        let cluster = &clusters[it.cluster.as_str()];
        let (common, size) = match claim_of.get(&it.statement_id) {
            Some(claim) => {
                let claim = &claims[&Some(claim.as_str())];
                (cluster.intersection(claim).count(), claim.len())
            }
            None => (1, 1),
        };
        p += common as f64 / size as f64;
        r += common as f64 / cluster.len() as f64;
    }
    let count = gold.len().max(1) as f64;
    harmonic(p / count, r / count)
}

impl Clusters {
    /// The figures for people.
    pub fn table(&self) -> String {
        format!(
            "claims: {} pairs in gold, P {:.4} R {:.4} F1 {:.4}, B3 F1 {:.4}\n",
            self.pairs, self.p, self.r, self.f, self.b3_f
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(claims: [&str; 4], expected: [f64; 3]) {
        let gold = [("a", "d1", "x"), ("b", "d2", "x"), ("c", "d3", "y"), ("d", "d1", "x")];
        let claim_of =
            gold.iter().zip(claims).map(|(it, claim)| (it.0.to_owned(), claim.to_owned()));
        let claim_of = claim_of.filter(|it| !it.1.is_empty()).collect();
        let gold = gold.map(|(statement, document, cluster)| Clustered {
            statement_id: statement.to_owned(),
            document_id: document.to_owned(),
            cluster: cluster.to_owned(),
        });
        let it = clusters(&gold, &claim_of);
        assert_eq!([it.p, it.r, it.f], expected);
    }

    #[test]
    fn pairs_across_documents_count() {
        check(["1", "2", "3", "4"], [0.0, 0.0, 0.0]);
        check(["", "", "", ""], [0.0, 0.0, 0.0]);
        check(["1", "1", "2", "1"], [1.0, 1.0, 1.0]);
        check(["1", "1", "1", "3"], [1.0 / 3.0, 0.5, 0.4]);
    }
}
