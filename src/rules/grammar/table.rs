//! Where symbols lead from the states of an automaton: memory that is laid out for a processor's
//! cache.
//!
//! A text meets few of the symbols that rules tell apart, and these again and again. So symbols
//! get columns in the order in which they are met, and what leads from one state by the first of
//! them stands in one line of the cache, with the next state's line behind it. Memory for columns
//! that no text needs is never touched.

use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::alphabet::{Symbol, Symbols};
use super::program::{Program, Step};

/// Where symbols lead from each state, by the state's number, and what is known of the state.
pub(super) struct Table<T> {
    /// By symbol the first cell of its column in the first block; that of column 0, which leads
    /// nowhere yet, for those that nobody has met.
    columns: Box<[AtomicU32]>,
    classes: Mutex<Classes>,
    first: Block<T>,
    /// The other states.
    blocks: Box<[OnceLock<Block<T>>]>,
    /// Groups of columns in a block.
    groups: usize,
}

/// Some states, as a power of two. The columns stand in groups, and in a group row by row.
struct Block<T> {
    shift: u32,
    /// 0 where nobody has asked yet.
    cells: Box<[AtomicU16]>,
    states: Box<[OnceLock<T>]>,
}

/// Symbols that the conditions of an automaton do not tell apart, where the alphabet, which it
/// shares with others, has many more.
struct Classes {
    /// By symbol.
    of: Box<[u16]>,
    /// By class; 0 for those that nobody has met.
    columns: Box<[u16]>,
    /// How many columns have been given out.
    met: u16,
}

/// Columns of a group: those of one state fill a line of the cache.
const GROUP: usize = 1 << GROUP_SHIFT;
const GROUP_SHIFT: u32 = 5;

/// States of the first block, as a power of two: for a few patterns, which are asked of few
/// places, and for many, which are asked of all.
const FIRST: [u32; 2] = [2, 9];
/// States of each other block.
const LATER: u32 = 6;
/// So many patterns are a few.
const FEW: usize = 4;
/// Where there are more classes than one in so many symbols, each symbol is a class: telling them
/// apart costs more time than it saves.
const FINE: usize = 2;

impl<T> Table<T> {
    /// Room for so many states of a program.
    pub(super) fn new(program: &Program, symbols: &Symbols, states: usize) -> Table<T> {
        let classes = Classes::new(program, symbols);
        let groups = (classes.columns.len() + 1).div_ceil(GROUP);
        let first = Block::new(FIRST[usize::from(program.starts.len() > FEW)], groups);
        let later = states.saturating_sub(1 << first.shift).div_ceil(1 << LATER);
        Table {
            columns: bytemuck::zeroed_slice_box(symbols.len()),
            classes: Mutex::new(classes),
            first,
            blocks: (0..later).map(|_| OnceLock::new()).collect(),
            groups,
        }
    }

    /// Where a symbol leads from a state, if that is one of the first and the symbol was met.
    #[inline(always)]
    pub(super) fn peek(&self, state: usize, symbol: Symbol) -> u16 {
        if state >> self.first.shift != 0 {
            return 0;
        }
        let column = self.columns[usize::from(symbol)].load(Ordering::Relaxed) as usize;
        let cell = self.first.cells.get(column + (state << GROUP_SHIFT));
        cell.map_or(0, |it| it.load(Ordering::Acquire))
    }

    /// The place for where a symbol leads from a state. Room is made for both.
    pub(super) fn cell(&self, state: usize, symbol: Symbol) -> &AtomicU16 {
        let (block, row) = self.row(state);
        &block.cells[block.place(row, self.column(symbol))]
    }

    /// What is known of a state. Room is made for it.
    #[inline]
    pub(super) fn state(&self, state: usize) -> &OnceLock<T> {
        match self.first.states.get(state) {
            Some(it) => it,
            None => {
                let (block, row) = self.row(state);
                &block.states[row]
            }
        }
    }

    fn row(&self, state: usize) -> (&Block<T>, usize) {
        match state.checked_sub(1 << self.first.shift) {
            None => (&self.first, state),
            Some(later) => {
                let new = || Block::new(LATER, self.groups);
                (self.blocks[later >> LATER].get_or_init(new), later % (1 << LATER))
            }
        }
    }

    /// The number of a symbol's column, which is given to it if it has none.
    fn column(&self, symbol: Symbol) -> usize {
        let known = &self.columns[usize::from(symbol)];
        match known.load(Ordering::Relaxed) as usize {
            0 => {
                // Nothing is left half done where a thread panics.
                let mut classes = self.classes.lock().unwrap_or_else(PoisonError::into_inner);
                let column = usize::from(classes.column(symbol));
                known.store(self.first.place(0, column) as u32, Ordering::Relaxed);
                column
            }
            place => {
                let group = place >> (GROUP_SHIFT + self.first.shift);
                (group << GROUP_SHIFT) + place % GROUP
            }
        }
    }
}

impl<T> Block<T> {
    fn new(shift: u32, groups: usize) -> Block<T> {
        Block {
            shift,
            cells: bytemuck::zeroed_slice_box((groups * GROUP) << shift),
            states: (0..1 << shift).map(|_| OnceLock::new()).collect(),
        }
    }

    fn place(&self, row: usize, column: usize) -> usize {
        let group = column >> GROUP_SHIFT << (GROUP_SHIFT + self.shift);
        group + (row << GROUP_SHIFT) + column % GROUP
    }
}

impl Classes {
    /// The classes for a program.
    fn new(program: &Program, symbols: &Symbols) -> Classes {
        let mut conditions: Vec<u16> = Vec::new();
        for step in &program.steps {
            if let Step::One(condition) | Step::Many(condition, _) = *step {
                conditions.push(condition);
            }
        }
        conditions.sort_unstable();
        conditions.dedup();
        // Each condition parts the classes that hold both symbols that meet it and others.
        let (mut of, mut count) = (vec![0_u16; symbols.len()], 1);
        for condition in conditions {
            if FINE * count > symbols.len() {
                of = (0..).take(symbols.len()).collect();
                count = symbols.len();
                break;
            }
            let mut parted = vec![[None; 2]; count];
            count = 0;
            for (symbol, class) in (0..).zip(&mut of) {
                let meets = usize::from(symbols.meets(symbol, condition));
                *class = *parted[usize::from(*class)][meets].get_or_insert_with(|| {
                    count += 1;
                    (count - 1) as u16
                });
            }
        }
        Classes { of: of.into(), columns: vec![0; count].into(), met: 0 }
    }

    /// The column of a symbol, given to its class if that has none.
    fn column(&mut self, symbol: Symbol) -> u16 {
        let column = &mut self.columns[usize::from(self.of[usize::from(symbol)])];
        if *column == 0 {
            self.met += 1;
            *column = self.met;
        }
        *column
    }
}
