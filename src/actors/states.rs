//! Which state a document is about.
//!
//! Told from the dateline and from all that belongs to a state: itself, its bodies, its people and
//! places. A document that names two states about as often is about neither.

use super::gazetteer::{Gazetteer, Known};
use super::hits::{Hit, What};
use super::{Actors, Reading};
use crate::model::BlockKind;

/// ISO code of a state.
pub(super) type Code = [u8; 2];

/// Kinds of actors that belong to a state wherever they are named.
const BELONGING: [&str; 5] = ["state", "government", "person", "party", "place"];
/// How often the one state that a document names must be named at least.
const LEAST: u32 = 2;
/// The same for one of several, which must have three in four of all names.
const CLEAR: u32 = 4;

/// How often a document names what belongs to each state.
#[derive(Debug, Default)]
pub(super) struct States {
    named: Vec<(Code, u32)>,
    /// The state of the place that it comes from.
    dateline: Option<Code>,
}

impl States {
    pub(super) fn read(actors: &Actors, reading: &Reading<'_>, hits: &[Hit]) -> States {
        let mut states =
            States { named: Vec::new(), dateline: dateline(&actors.gazetteer, reading) };
        let (text, tokens) = (reading.document.text(), &reading.tokens.all);
        // What other states have too says nothing, though a list knows it of one.
        let is_told = |hit: &&Hit| {
            let words = &tokens[hit.first as usize..hit.last as usize];
            says_where(&actors.gazetteer, hit.what)
                || actors.gazetteer.bare_body(text, words).is_none()
        };
        for code in hits.iter().filter(is_told).filter_map(|it| of(&actors.gazetteer, it.what)) {
            match states.named.iter_mut().find(|it| it.0 == code) {
                Some(known) => known.1 += 1,
                None => states.named.push((code, 1)),
            }
        }
        states
    }

    /// Whether the document comes from a state and names nothing of another one.
    pub(super) fn is_from(&self, state: Code, not: Code) -> bool {
        self.dateline == Some(state) && !self.named.iter().any(|it| it.0 == not)
    }

    /// The state that the document is about.
    pub(super) fn about(&self) -> Option<Code> {
        let Some(&(best, most)) = self.named.iter().max_by_key(|it| (it.1, it.0)) else {
            return self.dateline;
        };
        let all: u32 = self.named.iter().map(|it| it.1).sum();
        let dateline = self.dateline.and_then(|it| self.named.iter().find(|known| known.0 == it));
        match dateline {
            Some(&(code, count)) => (count == most).then_some(code),
            None if all == most => (most >= LEAST).then_some(best),
            None => (most >= CLEAR && most * 4 >= all * 3).then_some(best),
        }
    }
}

/// The state that a name belongs to.
pub(super) fn of(gazetteer: &Gazetteer, what: What) -> Option<Code> {
    match what {
        What::Known(Known::Body(_, state)) => gazetteer.country(state),
        What::Known(Known::Actor(actor, _)) if BELONGING.contains(&gazetteer.kind(actor)) => {
            gazetteer.country(actor)
        }
        _ => None,
    }
}

/// Whether a name is that of a state or place, or of a body with the name of its state.
pub(super) fn says_where(gazetteer: &Gazetteer, what: What) -> bool {
    match what {
        What::Known(Known::Body(..)) => true,
        What::Known(Known::Actor(actor, _)) => {
            matches!(gazetteer.kind(actor), "state" | "place")
        }
        What::Shape(_) => false,
    }
}

/// The state of the first place in the dateline that the lists know.
fn dateline(gazetteer: &Gazetteer, reading: &Reading<'_>) -> Option<Code> {
    let Reading { document, sentences, tokens, .. } = reading;
    let is_dateline = |block: u32| {
        document.blocks.get(block as usize).is_some_and(|it| it.kind == BlockKind::Dateline)
    };
    let outer = sentences.outer.iter().enumerate().find(|it| is_dateline(it.1.block))?.0;
    let words = &tokens.all[tokens.range(outer)];
    let mut found = (0..words.len()).filter_map(|at| {
        let (_, known) = gazetteer.longest(document.text(), words, at, true)?;
        of(gazetteer, What::Known(known))
    });
    found.next()
}
