//! Sets of rules.

/// Rules by number, as bits.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleSet(Vec<u64>);

impl RuleSet {
    pub(super) fn copy(&mut self, other: &RuleSet) {
        self.0.clear();
        self.0.extend_from_slice(&other.0);
    }

    pub(super) fn has(&self, rule: usize) -> bool {
        self.0.get(rule / 64).is_some_and(|it| it >> (rule % 64) & 1 == 1)
    }

    pub(super) fn insert(&mut self, rule: usize) {
        if self.0.len() <= rule / 64 {
            self.0.resize(rule / 64 + 1, 0);
        }
        self.0[rule / 64] |= 1 << (rule % 64);
    }

    pub(super) fn add(&mut self, other: &RuleSet) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    pub(super) fn remove(&mut self, other: &RuleSet) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// Whether a rule is in both.
    pub(super) fn meets(&self, other: &RuleSet) -> bool {
        self.0.iter().zip(&other.0).any(|(word, other)| word & other != 0)
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.iter().all(|&it| it == 0)
    }

    /// The first rule, which is then no longer in the set.
    pub(super) fn take_first(&mut self) -> Option<usize> {
        let word = self.0.iter().position(|&it| it != 0)?;
        let bit = self.0[word].trailing_zeros() as usize;
        self.0[word] &= !(1 << bit);
        Some(word * 64 + bit)
    }
}
