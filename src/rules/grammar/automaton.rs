//! Many patterns in one automaton that is built as it runs.
//!
//! Its states are sets of steps of a [`Program`]. Patterns over words have far more of them than
//! any text ever reaches, so a state is made when a text first comes to it. What one thread has
//! built all threads use, and reading it takes no lock.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::alphabet::{Symbol, Symbols};
use super::program::{Program, Step};
use super::rule_set::RuleSet;

/// Patterns over symbols, all run at once.
pub(super) struct Automaton {
    program: Program,
    symbols: Arc<Symbols>,
    classes: Classes,
    /// How many classes of symbols there are.
    width: usize,
    /// The state before the first element: at the start of a sentence, inside of it.
    starts: [u16; 2],
    /// The first states, those before the first element among them: most steps are made from here.
    /// Their rows begin where their codes say, so that [`OPEN`] and [`DEAD`] have rows as well.
    first: Block,
    /// How many there are.
    first_size: usize,
    /// The other states.
    blocks: Box<[OnceLock<Block>]>,
    builder: Mutex<Builder>,
    /// How many states may be made.
    limit: u16,
    /// For each pattern the rules that it stands for; none where patterns are all that is asked.
    rules: Vec<RuleSet>,
}

/// Symbols that the conditions of an automaton do not tell apart, where the alphabet, which it
/// shares with others, has many more.
enum Classes {
    /// Each symbol is one.
    Symbols,
    /// By symbol.
    Of(Box<[u16]>),
}

/// Some states.
struct Block {
    /// For each state and class of symbols a code: see [`OPEN`] and those that follow.
    next: Box<[AtomicU16]>,
    states: Box<[OnceLock<Matched>]>,
}

/// What has matched in a state.
#[derive(Debug, Default, Clone)]
struct Matched {
    anywhere: Told,
    /// With what matches at the end of a sentence only.
    at_end: Told,
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
/// To state number `code - FIRST`; the highest bit tells that rules have matched there.
const FIRST: u16 = 2;
const MATCHES: u16 = 0x8000;

/// States of the first block: for a few patterns, which are asked of few places, and for many,
/// which are asked of all.
const FIRST_SIZES: [usize; 2] = [4, 256];
/// States of each other block, and how many such blocks there may be.
const STATES: usize = 64;
const BLOCKS: usize = 100;
/// So many patterns are a few.
const FEW: usize = 4;
/// Where there are more classes than one in so many symbols, each symbol is a class: looking classes
/// up in each step costs more than room.
const FINE: usize = 2;
/// As many states as most texts need: what needs more is read without building, which was not
/// seen to cost time where it is rare. Half of it was, and saved a twentieth of the memory.
const LIMIT: u16 = (BLOCKS * STATES) as u16;

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
        let first_size = FIRST_SIZES[usize::from(program.starts.len() > FEW)];
        let (classes, count) = Classes::new(&program, &symbols);
        let mut automaton = Automaton {
            program,
            classes,
            width: count,
            first: Block::new(first_size + usize::from(FIRST), count),
            first_size,
            rules,
            symbols,
            starts: [0; 2],
            blocks: (0..BLOCKS).map(|_| OnceLock::new()).collect(),
            builder: Mutex::default(),
            limit: limit.max(2),
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
        on: On,
        text: &[Symbol],
        visit: impl FnMut(usize, Place<'_>) -> ControlFlow<()>,
    ) {
        match &self.classes {
            Classes::Symbols => self.walk_by(usize::from, on, text, visit),
            Classes::Of(classes) => {
                self.walk_by(|it| usize::from(classes[usize::from(it)]), on, text, visit);
            }
        }
    }

    /// As [`Automaton::walk`]; `class` gives the class of a symbol.
    #[inline(always)]
    fn walk_by(
        &self,
        class: impl Fn(Symbol) -> usize,
        On { state: State(mut code), mut at }: On,
        text: &[Symbol],
        mut visit: impl FnMut(usize, Place<'_>) -> ControlFlow<()>,
    ) {
        if code == DEAD {
            return;
        }
        // Looked up once, which the machine cannot know where others may write meanwhile.
        let (first, width) = (&*self.first.next, self.width);
        while let Some(&symbol) = text.get(at) {
            if code & MATCHES != 0 && visit(at, Place::State(State(code))).is_break() {
                return;
            }
            let place = usize::from(code & !MATCHES) * width + class(symbol);
            let next = match first.get(place).map(|it| it.load(Ordering::Acquire)) {
                Some(OPEN) | None => self.next(code, symbol),
                Some(next) => next,
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
        if !self.matched(code).at_end.is_empty() {
            let _ = visit(at, Place::State(State(code)));
        }
    }

    /// What has matched in a state; `is_end` says whether the text ends there.
    pub(super) fn told_at(&self, state: State, is_end: bool) -> &Told {
        let matched = self.matched(state.0);
        if is_end { &matched.at_end } else { &matched.anywhere }
    }

    /// The first element from `start` on, not the first of a sentence, with which a match may
    /// begin, and how far that is read: a symbol that nobody has met is not.
    #[inline]
    pub(super) fn first_from(&self, text: &[Symbol], start: usize) -> Option<(usize, On)> {
        let code = self.starts[1];
        if code == DEAD {
            return None;
        }
        // The states before the first element are made first.
        let row = usize::from(code & !MATCHES) * self.width;
        let row = &self.first.next[row..row + self.width];
        let rest = text.get(start..)?;
        let of = |class: usize| row[class].load(Ordering::Acquire);
        let first = match &self.classes {
            Classes::Symbols => rest.iter().position(|&it| of(usize::from(it)) != DEAD),
            Classes::Of(classes) => {
                let class = |it: Symbol| usize::from(classes[usize::from(it)]);
                rest.iter().position(|&it| of(class(it)) != DEAD)
            }
        }?;
        let on = match of(self.classes.of(rest[first])) {
            OPEN => On { state: State(code), at: 0 },
            next => On { state: State(next), at: 1 },
        };
        Some((start + first, on))
    }

    /// Whether any rule matches at the start of `text`.
    pub(super) fn is_match(&self, text: &[Symbol], is_start: bool) -> bool {
        let mut found = false;
        self.run(text, is_start, |_, _| {
            found = true;
            ControlFlow::Break(())
        });
        found
    }

    /// Where a symbol leads, also from a state that is not among the first; [`OPEN`] where that
    /// needs a state and there is no room for it.
    #[inline(never)]
    fn next(&self, code: u16, symbol: Symbol) -> u16 {
        let place = |row: usize| row * self.width + self.classes.of(symbol);
        let slot = match self.first.next.get(place(usize::from(code & !MATCHES))) {
            Some(slot) => slot,
            None => {
                let (block, row) = self.later(code);
                &self.blocks[block].get().expect("made with its first state").next[place(row)]
            }
        };
        match slot.load(Ordering::Acquire) {
            OPEN => self.build(code, symbol, slot),
            next => next,
        }
    }

    #[inline]
    fn matched(&self, code: u16) -> &Matched {
        self.slot(code).get().expect("set before its number was told")
    }

    /// Where it stands what has matched in a state; room is made for a new one.
    #[inline]
    fn slot(&self, code: u16) -> &OnceLock<Matched> {
        match self.first.states.get(usize::from(code & !MATCHES)) {
            Some(slot) => slot,
            None => {
                let (block, row) = self.later(code);
                &self.blocks[block].get_or_init(|| Block::new(STATES, self.width)).states[row]
            }
        }
    }

    #[cold]
    fn build(&self, code: u16, symbol: Symbol, place: &AtomicU16) -> u16 {
        let mut builder = self.builder();
        let set = builder.sets[usize::from((code & !MATCHES) - FIRST)].clone();
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
        let number = builder.sets.len() as u16;
        if number >= self.limit {
            return None;
        }
        let set: Arc<[u32]> = set.into();
        let matched = self.matches(&set, &mut builder.reached);
        let mark = if matched.anywhere.is_empty() { 0 } else { MATCHES };
        let code = (number + FIRST) | mark;
        self.slot(code).set(matched).expect("each number is given once");
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
        let mut set = self.builder().sets[usize::from((code & !MATCHES) - FIRST)].to_vec();
        let mut reached = Reached::default();
        for (at, &symbol) in text.iter().enumerate() {
            let told = self.matches(&set, &mut reached).anywhere;
            // Of the first state the caller has told already.
            if at > 0 && !told.is_empty() && visit(at, &told).is_break() {
                return;
            }
            self.step(&set, symbol, &mut reached);
            set.clear();
            set.extend_from_slice(reached.sorted());
            if set.is_empty() {
                return;
            }
        }
        let told = self.matches(&set, &mut reached).at_end;
        if !told.is_empty() {
            let _ = visit(text.len(), &told);
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
            return Matched { at_end: anywhere.clone(), anywhere };
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
        Matched { at_end: self.told(&reached.kept), anywhere }
    }

    fn told(&self, set: &[u32]) -> Told {
        let done = |it: &u32| match self.program.steps[*it as usize] {
            Step::Done(pattern) => Some(pattern),
            _ => None,
        };
        let mut patterns: Vec<u16> = set.iter().filter_map(done).collect();
        patterns.sort_unstable();
        patterns.dedup();
        let mut rules = RuleSet::default();
        patterns.iter().filter_map(|&it| self.rules.get(usize::from(it))).for_each(|it| {
            rules.add(it);
        });
        Told { patterns: patterns.into(), rules }
    }

    /// Block and row of a state that is not among the first.
    fn later(&self, code: u16) -> (usize, usize) {
        let number = usize::from((code & !MATCHES) - FIRST) - self.first_size;
        (number / STATES, number % STATES)
    }
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

impl Classes {
    /// The classes for a program, and how many there are.
    fn new(program: &Program, symbols: &Symbols) -> (Classes, usize) {
        let mut conditions: Vec<u16> = Vec::new();
        for step in &program.steps {
            if let Step::One(condition) | Step::Many(condition, _) = *step {
                conditions.push(condition);
            }
        }
        conditions.sort_unstable();
        conditions.dedup();
        // Each condition parts the classes that hold both symbols that meet it and others.
        let (mut classes, mut count) = (vec![0_u16; symbols.len()], 1);
        for condition in conditions {
            if FINE * count > symbols.len() {
                return (Classes::Symbols, symbols.len());
            }
            let mut parted = vec![[None; 2]; count];
            count = 0;
            for (symbol, class) in (0..).zip(&mut classes) {
                let meets = usize::from(symbols.meets(symbol, condition));
                *class = *parted[usize::from(*class)][meets].get_or_insert_with(|| {
                    count += 1;
                    (count - 1) as u16
                });
            }
        }
        (Classes::Of(classes.into()), count)
    }

    #[inline]
    fn of(&self, symbol: Symbol) -> usize {
        match self {
            Classes::Symbols => usize::from(symbol),
            Classes::Of(classes) => usize::from(classes[usize::from(symbol)]),
        }
    }
}

impl Block {
    /// Room for states, and for so many classes of symbols in each.
    fn new(states: usize, width: usize) -> Block {
        Block {
            next: (0..states * width).map(|_| AtomicU16::new(OPEN)).collect(),
            states: (0..states).map(|_| OnceLock::new()).collect(),
        }
    }
}
