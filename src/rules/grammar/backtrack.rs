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
    /// Goes on at `step` from an element, or from one before it down to the first.
    Back {
        step: u32,
        first: u32,
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
        let search = Search { program, symbols, text, whole };
        while let Some(task) = self.open.pop() {
            let (step, at) = match task {
                Task::Restore { place, value } => {
                    self.places[place as usize] = value;
                    continue;
                }
                Task::Try { step, at } => (step, at),
                Task::Back { step, first, at } => {
                    let Some(at) = search.last_way(step, first, at) else { continue };
                    if at > first {
                        self.open.push(Task::Back { step, first, at: at - 1 });
                    }
                    (step, at)
                }
            };
            if let Some(end) = self.follow(&search, (step, at)) {
                return Some(end as usize);
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

    fn follow(&mut self, search: &Search, (mut step, mut at): (u32, u32)) -> Option<u32> {
        let Search { program, text, whole, .. } = *search;
        let is_end = |at: u32| at as usize >= text.len();
        loop {
            match program.steps[step as usize] {
                Step::One(condition) => {
                    if !search.meets(at, condition) {
                        return None;
                    }
                    at += 1;
                    step += 1;
                }
                Step::Many(condition, number) => {
                    let first = at;
                    loop {
                        if self.was_tried(program, at, number) {
                            // What follows from here on was tried, too.
                            at = at.checked_sub(1).filter(|&it| it >= first)?;
                            break;
                        }
                        if !search.meets(at, condition) {
                            break;
                        }
                        at += 1;
                    }
                    step += 1;
                    at = search.last_way(step, first, at)?;
                    if at > first {
                        self.open.push(Task::Back { step, first, at: at - 1 });
                    }
                }
                Step::Split(first, second, number) => {
                    if self.was_tried(program, at, number) {
                        return None;
                    }
                    // Most ways end at once: those are not even set out on.
                    step = match (search.may_lead_on(first, at), search.may_lead_on(second, at)) {
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
                Step::End if !is_end(at) => return None,
                Step::Start | Step::End => step += 1,
                Step::Done(_) if whole && !is_end(at) => return None,
                Step::Done(_) => return Some(at),
            }
        }
    }

    /// Whether a split was come to before at an element; now it was.
    #[inline]
    fn was_tried(&mut self, program: &Program, at: u32, number: u32) -> bool {
        let bit = at as usize * program.splits as usize + number as usize;
        let tried = &mut self.tried[bit / 64];
        let was = *tried >> (bit % 64) & 1 == 1;
        *tried |= 1 << (bit % 64);
        was
    }

    fn place(&mut self, place: u32, at: u32) {
        let value = std::mem::replace(&mut self.places[place as usize], at);
        self.open.push(Task::Restore { place, value });
    }
}

/// What is searched for, and where.
struct Search<'a> {
    program: &'a Program,
    symbols: &'a Symbols,
    text: &'a [Symbol],
    whole: bool,
}

impl Search<'_> {
    #[inline]
    fn meets(&self, at: u32, condition: u16) -> bool {
        self.text.get(at as usize).is_some_and(|&it| self.symbols.meets(it, condition))
    }

    /// Whether a way that begins with a step may go further than that.
    #[inline]
    fn may_lead_on(&self, step: u32, at: u32) -> bool {
        match self.program.steps[step as usize] {
            Step::One(condition) => self.meets(at, condition),
            _ => true,
        }
    }

    /// The last element from `first` to `at` from which a step may lead on.
    #[inline]
    fn last_way(&self, step: u32, first: u32, mut at: u32) -> Option<u32> {
        while !self.may_lead_on(step, at) {
            at = at.checked_sub(1).filter(|&it| it >= first)?;
        }
        Some(at)
    }
}
