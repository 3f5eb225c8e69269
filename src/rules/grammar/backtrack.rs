//! The exact way of one match through its pattern: where it ends, where its named parts are.
//!
//! Tries what is preferred first and goes back where that fails; since no split is come to twice at
//! the same element, the time is linear. Slower than an automaton, which does not know of parts:
//! asked only once that has said that there is a match.

use std::ops::Range;

use super::alphabet::Symbol;
use super::alphabet::Symbols;
use super::program::{Program, Step};

/// Memory of a search, to be used again.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// For each element and split whether it was tried.
    tried: Vec<u64>,
    open: Vec<Task>,
    /// Start and end of each part.
    places: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
enum Task {
    Try {
        step: u32,
        at: u32,
    },
    /// What was found behind a step that failed is forgotten.
    Restore {
        place: u32,
        value: u32,
    },
}

const NOWHERE: u32 = u32::MAX;

impl Memory {
    /// Matches a program at the start of `text`, to the end of it if `whole`, and says how many
    /// elements that takes.
    pub(super) fn run(
        &mut self,
        program: &Program,
        symbols: &Symbols,
        text: &[Symbol],
        whole: bool,
    ) -> Option<usize> {
        self.tried.clear();
        self.tried.resize((program.splits as usize * (text.len() + 1)).div_ceil(64), 0);
        self.places.clear();
        self.places.resize(program.parts.len() * 2, NOWHERE);
        self.open.clear();
        self.open.extend(program.starts.iter().rev().map(|&step| Task::Try { step, at: 0 }));
        while let Some(task) = self.open.pop() {
            match task {
                Task::Restore { place, value } => self.places[place as usize] = value,
                Task::Try { step, at } => {
                    if let Some(end) = self.follow(program, symbols, text, whole, (step, at)) {
                        return Some(end as usize);
                    }
                }
            }
        }
        None
    }

    /// Forgets the parts of the last match.
    pub(super) fn clear(&mut self) {
        self.places.clear();
    }

    /// The parts that the last match found, by number.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let known = |it: &(usize, &[u32])| it.1[0] != NOWHERE && it.1[1] != NOWHERE;
        let places = self.places.chunks_exact(2).enumerate().filter(known);
        places.map(|(number, it)| (number, it[0] as usize..it[1] as usize))
    }

    fn follow(
        &mut self,
        program: &Program,
        symbols: &Symbols,
        text: &[Symbol],
        whole: bool,
        (mut step, mut at): (u32, u32),
    ) -> Option<u32> {
        loop {
            match program.steps[step as usize] {
                Step::One(condition) => {
                    let symbol = *text.get(at as usize)?;
                    if !symbols.meets(symbol, condition) {
                        return None;
                    }
                    at += 1;
                    step += 1;
                }
                Step::Split(first, second, number) => {
                    let bit = at as usize * program.splits as usize + number as usize;
                    let tried = &mut self.tried[bit / 64];
                    if *tried >> (bit % 64) & 1 == 1 {
                        return None;
                    }
                    *tried |= 1 << (bit % 64);
                    // Most ways end at once: those are not even set out on.
                    let may_lead_on = |step: u32| match program.steps[step as usize] {
                        Step::One(condition) => {
                            text.get(at as usize).is_some_and(|&it| symbols.meets(it, condition))
                        }
                        _ => true,
                    };
                    step = match (may_lead_on(first), may_lead_on(second)) {
                        (true, true) => {
                            self.open.push(Task::Try { step: second, at });
                            first
                        }
                        (true, false) => first,
                        (false, _) => second,
                    };
                }
                Step::Jump(aim) => step = aim,
                Step::Open(part) => {
                    self.place(u32::from(part) * 2, at);
                    step += 1;
                }
                Step::Close(part) => {
                    self.place(u32::from(part) * 2 + 1, at);
                    step += 1;
                }
                Step::Start if at > 0 => return None,
                Step::End if (at as usize) < text.len() => return None,
                Step::Start | Step::End => step += 1,
                Step::Done(_) if whole && (at as usize) < text.len() => return None,
                Step::Done(_) => return Some(at),
            }
        }
    }

    fn place(&mut self, place: u32, at: u32) {
        let value = std::mem::replace(&mut self.places[place as usize], at);
        self.open.push(Task::Restore { place, value });
    }
}
