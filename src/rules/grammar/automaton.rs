//! Many patterns in one automaton that is built as it runs.
//!
//! Its states are sets of steps of a [`Program`]. Patterns over words have far more of them than
//! any text ever reaches, so a state is made when a text first comes to it. What one thread has
//! built all threads use, and reading it takes no lock.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use super::alphabet::{Symbol, Symbols};
use super::program::{Program, Step};
use super::rule_set::RuleSet;
use super::table::Table;

/// Patterns over symbols, all run at once.
pub(super) struct Automaton {
    program: Program,
    symbols: Arc<Symbols>,
    /// For each state and symbol a code: see [`OPEN`] and those that follow.
    table: Table<Box<Matched>>,
    /// The state before the first element: at the start of a sentence, inside of it.
    starts: [u16; 2],
    builder: Mutex<Builder>,
    /// How many states may be made.
    limit: u16,
    /// For each pattern the rules that it stands for; none where patterns are all that is asked.
    rules: Vec<RuleSet>,
}

/// What has matched in a state.
#[derive(Debug, Default, Clone)]
struct Matched {
    anywhere: Told,
    /// With what matches at the end of a sentence only, if anything does.
    at_end: Option<Box<Told>>,
}

impl Matched {
    fn at(&self, is_end: bool) -> &Told {
        self.at_end.as_deref().filter(|_| is_end).unwrap_or(&self.anywhere)
    }
}

/// A state in which rules have matched, perhaps at the end of a text only.
#[derive(Debug, Clone, Copy)]
pub(super) struct State(u16);

/// A text read up to an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct On {
    state: State,
    at: usize,
}

/// Where rules have matched.
pub(super) enum Place<'a> {
    State(State),
    /// Of a state that was not kept.
    Told(&'a Told),
}

/// What has matched at a place.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    /// By number, in order.
    pub(super) patterns: Box<[u16]>,
    /// What these patterns stand for.
    pub(super) rules: RuleSet,
    /// Rules that may match further on.
    pub(super) open: RuleSet,
}

/// What is known of all states made so far. Threads build one after the other.
#[derive(Default)]
struct Builder {
    numbers: FxHashMap<Arc<[u32]>, u16>,
    /// Steps of each state, see [`Reached`].
    sets: Vec<Arc<[u32]>>,
    reached: Reached,
}

/// Where a symbol leads: nobody has asked yet.
const OPEN: u16 = 0;
/// To no match any more.
const DEAD: u16 = 1;
/// To the state of that number or of a higher one; of the two highest bits one tells that rules
/// have matched there, one that they have if the text ends there.
const FIRST: u16 = 2;
const MATCHES: u16 = 0x8000;
const MATCHES_AT_END: u16 = 0x4000;
const NUMBER: u16 = 0x3FFF;

/// As many states as most texts need: what needs more is read without building, which was not
/// seen to cost time where it is rare. Half of it was, and saved a twentieth of the memory.
const LIMIT: u16 = 6400;

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Automaton").finish_non_exhaustive()
    }
}

impl Automaton {
    /// An automaton for all patterns of a program.
    pub(super) fn new(program: Program, symbols: Arc<Symbols>) -> Automaton {
        Automaton::with_rules(program, symbols, Vec::new())
    }

    /// The same where each pattern stands for rules.
    pub(super) fn with_rules(
        program: Program,
        symbols: Arc<Symbols>,
        rules: Vec<RuleSet>,
    ) -> Automaton {
        Automaton::with_limit(program, symbols, rules, LIMIT)
    }

    pub(super) fn with_limit(
        program: Program,
        symbols: Arc<Symbols>,
        rules: Vec<RuleSet>,
        limit: u16,
    ) -> Automaton {
        let limit = limit.clamp(2, NUMBER - FIRST);
        let mut automaton = Automaton {
            table: Table::new(&program, &symbols, usize::from(FIRST + limit)),
            program,
            rules,
            symbols,
            starts: [0; 2],
            builder: Mutex::default(),
            limit,
        };
        let mut builder = Builder::default();
        automaton.starts = [true, false].map(|is_start| {
            builder.reached.clear(&automaton.program);
            for &start in &automaton.program.starts {
                builder.reached.add(&automaton.program, start, is_start);
            }
            automaton.state(&mut builder).expect("there is room for two")
        });
        automaton.builder = Mutex::new(builder);
        automaton
    }

    /// Reads `text` and tells `visit` of every place where patterns match that begin at its start:
    /// how many elements they take, and which they are. Stops where `visit` says so.
    #[inline]
    pub(super) fn run(
        &self,
        text: &[Symbol],
        is_start: bool,
        mut visit: impl FnMut(usize, &Told) -> ControlFlow<()>,
    ) {
        self.walk(self.start(is_start), text, |at, place| match place {
            Place::State(it) => visit(at, self.told_at(it, at == text.len())),
            Place::Told(told) => visit(at, told),
        });
    }

    /// Before the first element; `is_start` says whether a sentence begins there.
    #[inline]
    pub(super) fn start(&self, is_start: bool) -> On {
        On { state: State(self.starts[usize::from(!is_start)]), at: 0 }
    }

    /// As [`Automaton::run`] from a state on, but tells of states, which [`Automaton::told_at`]
    /// looks up.
    #[inline]
    pub(super) fn walk(
        &self,
        On { state: State(mut code), mut at }: On,
        text: &[Symbol],
        mut visit: impl FnMut(usize, Place<'_>) -> ControlFlow<()>,
    ) {
        if code == DEAD {
            return;
        }
        while let Some(&symbol) = text.get(at) {
            if code & MATCHES != 0 && visit(at, Place::State(State(code))).is_break() {
                return;
            }
            let next = match self.table.peek(number(code), symbol) {
                OPEN => self.next(code, symbol),
                next => next,
            };
            if next <= DEAD {
                if next == OPEN {
                    let mut told = |it: usize, told: &Told| visit(at + it, Place::Told(told));
                    self.run_slowly(code, &text[at..], &mut told);
                }
                return;
            }
            code = next;
            at += 1;
        }
        if code & MATCHES_AT_END != 0 {
            let _ = visit(at, Place::State(State(code)));
        }
    }

    /// What has matched in a state; `is_end` says whether the text ends there.
    pub(super) fn told_at(&self, state: State, is_end: bool) -> &Told {
        self.matched(state.0).at(is_end)
    }

    /// The first element from `start` on, not the first of a sentence, with which a match may
    /// begin, and how far that is read: a symbol that nobody has met is not.
    #[inline]
    pub(super) fn first_from(&self, text: &[Symbol], start: usize) -> Option<(usize, On)> {
        let code = self.starts[1];
        if code == DEAD {
            return None;
        }
        let of = |symbol: Symbol| self.table.peek(number(code), symbol);
        let rest = text.get(start..)?;
        let first = rest.iter().position(|&it| of(it) != DEAD)?;
        let on = match of(rest[first]) {
            OPEN => On { state: State(code), at: 0 },
            next => On { state: State(next), at: 1 },
        };
        Some((start + first, on))
    }

    /// Whether any rule matches at the start of `text`.
    pub(super) fn is_match(&self, text: &[Symbol], is_start: bool) -> bool {
        let mut found = false;
        self.walk(self.start(is_start), text, |_, _| {
            found = true;
            ControlFlow::Break(())
        });
        found
    }

    /// Where a symbol leads, also from a state that is not among the first; [`OPEN`] where that
    /// needs a state and there is no room for it.
    #[inline(never)]
    fn next(&self, code: u16, symbol: Symbol) -> u16 {
        let slot = self.table.cell(number(code), symbol);
        match slot.load(Ordering::Acquire) {
            OPEN => self.build(code, symbol, slot),
            next => next,
        }
    }

    #[inline]
    fn matched(&self, code: u16) -> &Matched {
        self.table.state(number(code)).get().expect("set before its number was told")
    }

    #[cold]
    fn build(&self, code: u16, symbol: Symbol, place: &AtomicU16) -> u16 {
        let mut builder = self.builder();
        let set = builder.sets[number(code) - usize::from(FIRST)].clone();
        self.step(&set, symbol, &mut builder.reached);
        let next = self.state(&mut builder).unwrap_or(OPEN);
        place.store(next, Ordering::Release);
        next
    }

    /// The code of the state for the steps that were reached, made if it is new; nothing where
    /// there is no room.
    fn state(&self, builder: &mut Builder) -> Option<u16> {
        let set = builder.reached.sorted();
        if set.is_empty() {
            return Some(DEAD);
        }
        if let Some(&code) = builder.numbers.get(set) {
            return Some(code);
        }
        let code = builder.sets.len() as u16;
        if code >= self.limit {
            return None;
        }
        let set: Arc<[u32]> = set.into();
        let matched = self.matches(&set, &mut builder.reached);
        let mut code = code + FIRST;
        for (is_end, mark) in [(false, MATCHES), (true, MATCHES_AT_END)] {
            code |= if matched.at(is_end).is_empty() { 0 } else { mark };
        }
        let state = self.table.state(number(code));
        state.set(Box::new(matched)).expect("each number is given once");
        builder.sets.push(set.clone());
        builder.numbers.insert(set, code);
        Some(code)
    }

    fn builder(&self) -> MutexGuard<'_, Builder> {
        // A thread that panicked has left nothing half done: states are told of when complete.
        self.builder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Automaton::run`] from a given state on, without building states.
    #[cold]
    fn run_slowly(
        &self,
        code: u16,
        text: &[Symbol],
        visit: &mut dyn FnMut(usize, &Told) -> ControlFlow<()>,
    ) {
        let mut set = self.builder().sets[number(code) - usize::from(FIRST)].to_vec();
        let mut reached = Reached::default();
        for (at, &symbol) in text.iter().enumerate() {
            let matched = self.matches(&set, &mut reached);
            let told = matched.at(false);
            // Of the first state the caller has told already.
            if at > 0 && !told.is_empty() && visit(at, told).is_break() {
                return;
            }
            self.step(&set, symbol, &mut reached);
            set.clear();
            set.extend_from_slice(reached.sorted());
            if set.is_empty() {
                return;
            }
        }
        let matched = self.matches(&set, &mut reached);
        if !matched.at(true).is_empty() {
            let _ = visit(text.len(), matched.at(true));
        }
    }

    /// Reaches the steps to which a symbol leads from a set of steps.
    fn step(&self, set: &[u32], symbol: Symbol, reached: &mut Reached) {
        reached.clear(&self.program);
        for &step in set {
            let (condition, next) = match self.program.steps[step as usize] {
                Step::One(condition) => (condition, step + 1),
                Step::Many(condition, _) => (condition, step),
                _ => continue,
            };
            if self.symbols.meets(symbol, condition) {
                reached.add(&self.program, next, false);
            }
        }
    }

    /// What has matched in a set of steps.
    fn matches(&self, set: &[u32], reached: &mut Reached) -> Matched {
        let anywhere = self.told(set);
        let is_end = |it: u32| self.program.steps[it as usize] == Step::End;
        if !set.iter().any(|&it| is_end(it)) {
            return Matched { anywhere, at_end: None };
        }
        // One end may stand behind another.
        reached.clear(&self.program);
        reached.kept.extend_from_slice(set);
        let mut at = 0;
        while let Some(&step) = reached.kept.get(at) {
            if is_end(step) {
                reached.add(&self.program, step + 1, false);
            }
            at += 1;
        }
        Matched { anywhere, at_end: Some(Box::new(self.told(&reached.kept))) }
    }

    fn told(&self, set: &[u32]) -> Told {
        let (mut patterns, mut told) = (Vec::new(), Told::default());
        for &step in set {
            match self.program.steps[step as usize] {
                Step::Done(pattern) => {
                    patterns.push(pattern);
                    self.add_rules(pattern.into(), &mut told.rules);
                }
                _ => self.add_rules(self.program.pattern_of(step), &mut told.open),
            }
        }
        patterns.sort_unstable();
        patterns.dedup();
        Told { patterns: patterns.into(), ..told }
    }

    fn add_rules(&self, pattern: usize, to: &mut RuleSet) {
        self.rules.get(pattern).into_iter().for_each(|it| to.add(it));
    }
}

/// The number of a state.
#[inline]
fn number(code: u16) -> usize {
    usize::from(code & NUMBER)
}

impl Told {
    fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

/// The steps that take an element, ask for the end or tell of a match, and that can be reached
/// from given ones without taking an element. Memory that is used again.
#[derive(Default)]
struct Reached {
    /// For each step the last turn in which it was seen.
    seen: Vec<u32>,
    turn: u32,
    open: Vec<u32>,
    kept: Vec<u32>,
}

impl Reached {
    fn clear(&mut self, program: &Program) {
        self.kept.clear();
        self.turn = self.turn.wrapping_add(1);
        if self.turn == 0 || self.seen.len() != program.steps.len() {
            self.seen.clear();
            self.seen.resize(program.steps.len(), 0);
            self.turn = 1;
        }
    }

    /// Adds what can be reached from `step`; `is_start` says whether the start of a sentence is
    /// here.
    fn add(&mut self, program: &Program, step: u32, is_start: bool) {
        self.open.push(step);
        while let Some(step) = self.open.pop() {
            if std::mem::replace(&mut self.seen[step as usize], self.turn) == self.turn {
                continue;
            }
            match program.steps[step as usize] {
                Step::Split(first, second, _) => self.open.extend([second, first]),
                Step::Many(..) => {
                    self.kept.push(step);
                    self.open.push(step + 1);
                }
                Step::Jump(aim) => self.open.push(aim),
                Step::Open(_) | Step::Close(_) => self.open.push(step + 1),
                Step::Start if is_start => self.open.push(step + 1),
                Step::Start => {}
                Step::One(_) | Step::Done(_) | Step::End => self.kept.push(step),
            }
        }
    }

    fn sorted(&mut self) -> &[u32] {
        self.kept.sort_unstable();
        &self.kept
    }
}
