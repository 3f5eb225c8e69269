//! Where matches that begin at one element may end.

use super::automaton::{Automaton, Place, State, Told};

/// Places where matches may end, and by which rules; shortest first. Rules are looked up only of
/// the places that are asked for, which is mostly the last one.
#[derive(Debug, Default)]
pub(super) struct Ends {
    places: Vec<(u32, By)>,
    /// What states told that were not kept.
    told: Vec<Box<[u16]>>,
}

#[derive(Debug, Clone, Copy)]
enum By {
    State(State),
    Told(u32),
}

impl Ends {
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.told.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    #[inline]
    pub(super) fn push(&mut self, end: usize, place: Place<'_>) {
        let by = match place {
            Place::State(it) => By::State(it),
            Place::Told(it) => self.keep(it),
        };
        self.places.push((end as u32, by));
    }

    #[cold]
    fn keep(&mut self, told: &Told) -> By {
        self.told.push(told.patterns.clone());
        By::Told(self.told.len() as u32 - 1)
    }

    /// The longest match that is left, which is then no longer there, with its rules in order; a
    /// text of `len` elements was read.
    #[inline]
    pub(super) fn pop<'a>(
        &'a mut self,
        automaton: &'a Automaton,
        len: usize,
    ) -> Option<(usize, &'a [u16])> {
        let (end, by) = self.places.pop()?;
        let end = end as usize;
        Some((
            end,
            match by {
                By::State(it) => &automaton.told_at(it, end == len).patterns,
                By::Told(it) => &self.told[it as usize],
            },
        ))
    }
}
