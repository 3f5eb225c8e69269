//! The symbols that a group of patterns tells apart.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::backtrack::Memory;
use super::ends::Ends;
use super::rule_set::RuleSet;
use crate::model::{Shape, Token};
use crate::rules::lexicon::{ClassId, Lexicon};
use crate::rules::pack::Pack;
use crate::rules::pattern::{Condition, Mistake, Node};

/// A token, or a run of tokens that was found before and counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Number of its kind, see [`Pack::kind`]; 0 for a plain token.
    pub kind: u8,
    /// Entry of its word, or of its head.
    pub entry: u32,
    /// How it is written, or its head.
    pub shape: Shape,
    /// Index of its first token.
    pub first: u32,
    /// One past the index of its last token.
    pub last: u32,
}

impl Element {
    /// A plain token at an index.
    pub fn token(token: &Token, index: usize) -> Element {
        let index = index as u32;
        Element { kind: 0, entry: token.entry, shape: token.shape, first: index, last: index + 1 }
    }
}

/// What stands for an element: elements that no pattern of a group tells apart have the same.
pub(super) type Symbol = u16;

/// The elements of a sentence written in symbols, and memory for the work on them.
#[derive(Debug, Default)]
pub struct Encoded {
    pub(super) forward: Vec<Symbol>,
    /// The same from the end, where contexts or pivots need it.
    pub(super) backward: Vec<Symbol>,
    /// In the symbols for pivots.
    pub(super) pivots: Vec<Symbol>,
    /// Where matches may end, see [`super::scanner`].
    pub(super) ends: Ends,
    pub(super) memory: Memory,
    /// Rules that fit around a pivot and are still to be looked at, and memory for finding them.
    pub(super) rules: (RuleSet, RuleSet),
}

impl Encoded {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.forward.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.forward.is_empty()
    }

    /// The symbols before an element, nearest first.
    pub(super) fn before(&mut self, at: usize) -> &[Symbol] {
        if self.backward.len() != self.forward.len() {
            self.backward.clear();
            self.backward.extend(self.forward.iter().rev());
        }
        &self.backward[self.forward.len() - at..]
    }
}

/// The symbols for a group of patterns.
///
/// Kinds and forms that no pattern tells apart make one row of a table, words one column; in the
/// table stands the symbol. Two elements have the same if they meet the same conditions.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// By kind and shape: where the row begins.
    rows: Vec<u32>,
    /// By entry.
    columns: Vec<u16>,
    table: Vec<Symbol>,
    conditions: FxHashMap<Condition, u16>,
    symbols: Arc<Symbols>,
}

/// Which conditions each symbol meets.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    count: usize,
    /// Words of bits for one symbol.
    width: usize,
    /// For each symbol a bit for each condition.
    meets: Vec<u64>,
}

impl Symbols {
    /// How many symbols there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Whether a symbol meets a condition, by the condition's number.
    #[inline]
    pub(super) fn meets(&self, symbol: Symbol, condition: u16) -> bool {
        let word = self.meets[usize::from(symbol) * self.width + usize::from(condition) / 64];
        word >> (condition % 64) & 1 == 1
    }
}

impl Alphabet {
    /// Gathers what `patterns`, which must be resolved, tell apart.
    ///
    /// # Errors
    /// The patterns tell more than 65,536 kinds of elements apart.
    pub(super) fn new<'a>(
        pack: &Pack,
        patterns: impl IntoIterator<Item = &'a Node>,
    ) -> Result<Alphabet, Mistake> {
        let mut conditions = FxHashMap::default();
        patterns.into_iter().for_each(|it| collect(it, &mut conditions));
        let mut ordered: Vec<_> = conditions.iter().map(|(it, &number)| (number, it)).collect();
        ordered.sort_unstable_by_key(|it| it.0);
        let mut atoms = Atoms::default();
        ordered.iter().for_each(|it| atoms.condition(it.1));
        let forms = Forms::new(pack, &atoms.names);
        let words = Words::new(&pack.lexicon, &atoms);
        let evaluator = Evaluator { forms: &forms, words: &words, known: FxHashMap::default() };
        let sets = evaluator.sets(ordered.into_iter().map(|it| it.1));
        let (starts, table, symbols) = sets.symbols(&forms, words.count)?;
        Ok(Alphabet {
            rows: forms.classes.iter().map(|&it| starts[usize::from(it)]).collect(),
            columns: words.classes,
            table,
            conditions,
            symbols: Arc::new(symbols),
        })
    }

    /// Writes elements in symbols.
    pub(super) fn encode(&self, elements: &[Element], encoded: &mut Encoded) {
        encoded.backward.clear();
        self.write(elements, &mut encoded.forward);
    }

    /// Writes elements in symbols.
    pub(super) fn write(&self, elements: &[Element], symbols: &mut Vec<Symbol>) {
        // Slices of their own, so that they are not looked up again for each element.
        let (rows, columns, table) = (&*self.rows, &*self.columns, &*self.table);
        let symbol = |it: &Element| {
            let row = rows[usize::from(it.kind) << 8 | usize::from(it.shape.0)];
            table[row as usize + usize::from(columns[it.entry as usize])]
        };
        symbols.clear();
        symbols.extend(elements.iter().map(symbol));
    }

    /// For each entry whether an element with that entry may have a symbol such as is asked for.
    pub(super) fn entries_with(&self, fits: impl Fn(Symbol) -> bool) -> Vec<bool> {
        let count = self.columns.iter().max().map_or(0, |&it| usize::from(it) + 1);
        let mut columns = vec![false; count];
        for (at, &symbol) in self.table.iter().enumerate() {
            columns[at % count] |= fits(symbol);
        }
        self.columns.iter().map(|&it| columns[usize::from(it)]).collect()
    }

    pub(super) fn symbols(&self) -> &Arc<Symbols> {
        &self.symbols
    }

    /// The number of a condition that stands in one of the patterns.
    pub(super) fn condition(&self, condition: &Condition) -> u16 {
        self.conditions[condition]
    }
}

/// Numbers the distinct conditions of a pattern.
fn collect(node: &Node, conditions: &mut FxHashMap<Condition, u16>) {
    match node {
        Node::Sequence(all) | Node::Choice(all) => {
            all.iter().for_each(|it| collect(it, conditions));
        }
        Node::Repeat(it, _, _) | Node::Part(_, it) => collect(it, conditions),
        Node::One(condition) => {
            if !conditions.contains_key(condition) {
                conditions.insert(condition.clone(), conditions.len() as u16);
            }
        }
        Node::Start | Node::End | Node::Class(..) | Node::Name(..) => {}
    }
}

/// Everything that conditions ask of an element.
#[derive(Default)]
struct Atoms {
    words: Numbered,
    classes: Numbered,
    names: Numbered,
}

/// Distinct names with their numbers.
#[derive(Default)]
struct Numbered {
    all: Vec<String>,
    numbers: FxHashMap<String, u32>,
}

impl Numbered {
    fn add(&mut self, name: &str) {
        if !self.numbers.contains_key(name) {
            self.numbers.insert(name.to_owned(), self.all.len() as u32);
            self.all.push(name.to_owned());
        }
    }
}

impl Atoms {
    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Any => {}
            Condition::And(all) | Condition::Or(all) => {
                all.iter().for_each(|it| self.condition(it));
            }
            Condition::Not(it) => self.condition(it),
            Condition::Word(word) => self.words.add(word),
            Condition::Class(name, _) => self.classes.add(name),
            Condition::Name(name, _) => self.names.add(name),
        }
    }
}

/// Kinds and shapes, grouped where the names in use do not tell them apart.
struct Forms {
    /// By kind and shape.
    classes: Vec<u16>,
    /// For each class, which names it has.
    has: Vec<Set>,
    names: FxHashMap<String, u32>,
}

impl Forms {
    fn new(pack: &Pack, names: &Numbered) -> Forms {
        let tests: Vec<Test> = names.all.iter().map(|it| Test::new(pack, it)).collect();
        let mut known: FxHashMap<Set, u16> = FxHashMap::default();
        let mut forms =
            Forms { classes: Vec::new(), has: Vec::new(), names: names.numbers.clone() };
        for kind in 0..pack.kinds().len() as u8 {
            for shape in 0..=255 {
                let mut has = Set::empty(tests.len());
                for (number, test) in tests.iter().enumerate() {
                    if test.fits(kind, shape) {
                        has.insert(number);
                    }
                }
                let class = *known.entry(has).or_insert_with_key(|has| {
                    forms.has.push(has.clone());
                    (forms.has.len() - 1) as u16
                });
                forms.classes.push(class);
            }
        }
        forms
    }
}

/// What a name asks of an element.
enum Test {
    Form(Box<[bool]>),
    Kind(Option<u8>),
}

impl Test {
    fn new(pack: &Pack, name: &str) -> Test {
        if !is_form(name) {
            return Test::Kind(pack.kind(name));
        }
        Test::Form((0..=255).map(|it| form_fits(name, Shape(it))).collect())
    }

    fn fits(&self, kind: u8, shape: u8) -> bool {
        match self {
            Test::Form(shapes) => shapes[usize::from(shape)],
            Test::Kind(it) => *it == Some(kind),
        }
    }
}

/// Words, grouped where the atoms do not tell them apart.
struct Words {
    /// By entry.
    classes: Vec<u16>,
    count: usize,
    /// Members of the words and lexicon classes that patterns name.
    words: FxHashMap<String, Set>,
    lexicon: FxHashMap<String, Set>,
}

impl Words {
    fn new(lexicon: &Lexicon, atoms: &Atoms) -> Words {
        let first = atoms.words.all.len() as u32;
        let mut asked: Vec<Option<u32>> = vec![None; lexicon.class_names().len()];
        for (number, class) in (first..).zip(&atoms.classes.all) {
            asked[usize::from(lexicon.class(class).expect("the pattern is resolved"))] =
                Some(number);
        }
        let mut named: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (number, word) in (0..).zip(&atoms.words.all) {
            // A word in lower case stands for itself at the start of a sentence, too, even if a
            // list has the word with a capital.
            for entry in lexicon.listed(word).into_iter().chain(lexicon.capitalized(word)) {
                named.entry(entry).or_default().push(number);
            }
        }
        let mut known: FxHashMap<Vec<u32>, u16> = FxHashMap::default();
        let mut class = |entry: u32, words: &[u32]| {
            let asked = |&it: &ClassId| asked[usize::from(it)];
            let mut atoms = words.to_vec();
            atoms.extend(lexicon.classes_of(entry).iter().filter_map(asked));
            let next = known.len() as u16;
            *known.entry(atoms).or_insert(next)
        };
        let groups = lexicon.groups();
        let of_groups: Vec<u16> = groups.entries.iter().map(|&it| class(it, &[])).collect();
        let mut classes: Vec<u16> = groups.of.iter().map(|&it| of_groups[it as usize]).collect();
        let mut named: Vec<_> = named.into_iter().collect();
        named.sort_unstable();
        for (entry, words) in named {
            classes[entry as usize] = class(entry, &words);
        }
        let count = known.len();
        let mut members = vec![Set::empty(count); atoms.words.all.len() + atoms.classes.all.len()];
        for (atoms, class) in known {
            atoms.into_iter().for_each(|it| members[it as usize].insert(usize::from(class)));
        }
        let of_classes = members.split_off(first as usize);
        let by_name =
            |names: &Numbered, sets: Vec<Set>| names.all.iter().cloned().zip(sets).collect();
        Words {
            classes,
            count,
            words: by_name(&atoms.words, members),
            lexicon: by_name(&atoms.classes, of_classes),
        }
    }
}

/// Works out which words meet a condition, for each class of forms.
struct Evaluator<'a> {
    forms: &'a Forms,
    words: &'a Words,
    known: FxHashMap<Set, u32>,
}

/// Sets of words, each held once.
struct Sets {
    /// For each condition and class of forms an index into `all`.
    of: Vec<Vec<u32>>,
    all: Vec<Set>,
}

impl Evaluator<'_> {
    fn sets<'a>(mut self, conditions: impl Iterator<Item = &'a Condition>) -> Sets {
        let mut sets = Sets { of: Vec::new(), all: Vec::new() };
        for condition in conditions {
            let mut atoms = Atoms::default();
            atoms.condition(condition);
            let names: Vec<_> =
                atoms.names.all.iter().map(|it| self.forms.names[it] as usize).collect();
            // Forms that the condition does not tell apart are asked once.
            let mut asked: Vec<(Vec<bool>, u32)> = Vec::new();
            let mut of = Vec::with_capacity(self.forms.has.len());
            for form in &self.forms.has {
                let key: Vec<bool> = names.iter().map(|&it| form.has(it)).collect();
                let set = match asked.iter().find(|it| it.0 == key) {
                    Some(&(_, set)) => set,
                    None => {
                        let set = self.evaluate(condition, form);
                        let next = sets.all.len() as u32;
                        let set = *self.known.entry(set).or_insert_with_key(|set| {
                            sets.all.push(set.clone());
                            next
                        });
                        asked.push((key, set));
                        set
                    }
                };
                of.push(set);
            }
            sets.of.push(of);
        }
        sets
    }

    fn evaluate(&self, condition: &Condition, form: &Set) -> Set {
        let count = self.words.count;
        match condition {
            Condition::Any => Set::full(count),
            Condition::Word(word) => self.words.words[word].clone(),
            Condition::Class(name, _) => self.words.lexicon[name].clone(),
            Condition::Name(name, _) if form.has(self.forms.names[name] as usize) => {
                Set::full(count)
            }
            Condition::Name(..) => Set::empty(count),
            Condition::And(all) => all.iter().fold(Set::full(count), |set, it| {
                if set.is_empty() {
                    set
                } else {
                    set.combine(&self.evaluate(it, form), |a, b| a & b)
                }
            }),
            Condition::Or(all) => all.iter().fold(Set::empty(count), |set, it| {
                set.combine(&self.evaluate(it, form), |a, b| a | b)
            }),
            Condition::Not(it) => Set::full(count).combine(&self.evaluate(it, form), |a, b| a & !b),
        }
    }
}

impl Sets {
    /// The symbols for each class of forms and words: where the row of each form begins, the
    /// table, and what each symbol meets.
    fn symbols(
        &self,
        forms: &Forms,
        words: usize,
    ) -> Result<(Vec<u32>, Vec<Symbol>, Symbols), Mistake> {
        let width = self.of.len().div_ceil(64).max(1);
        let (mut starts, mut table) = (Vec::new(), Vec::new());
        let mut rows: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        let mut known: FxHashMap<Box<[u64]>, Symbol> = FxHashMap::default();
        let mut symbols = Symbols { count: 0, width, meets: Vec::new() };
        for form in 0..forms.has.len() {
            let sets: Vec<u32> = self.of.iter().map(|it| it[form]).collect();
            let start = table.len() as u32;
            if let Some(&same) = rows.get(&sets) {
                starts.push(same);
                continue;
            }
            let mut met = vec![0_u64; words * width];
            for (condition, &set) in sets.iter().enumerate() {
                let place = (condition / 64, 1 << (condition % 64));
                self.all[set as usize].iter().for_each(|it| met[it * width + place.0] |= place.1);
            }
            for met in met.chunks_exact(width) {
                table.push(match known.get(met) {
                    Some(&symbol) => symbol,
                    None => symbols.add(met, &mut known)?,
                });
            }
            rows.insert(sets, start);
            starts.push(start);
        }
        Ok((starts, table, symbols))
    }
}

impl Symbols {
    fn add(
        &mut self,
        met: &[u64],
        known: &mut FxHashMap<Box<[u64]>, Symbol>,
    ) -> Result<Symbol, Mistake> {
        let symbol = Symbol::try_from(self.count).map_err(|_| Mistake {
            at: 0..0,
            message: "the rules tell too many words apart".to_owned(),
            help: "use classes instead of single words".to_owned(),
        })?;
        self.count += 1;
        self.meets.extend_from_slice(met);
        known.insert(met.into(), symbol);
        Ok(symbol)
    }
}

/// A set of small numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Set(Vec<u64>);

impl Set {
    fn empty(count: usize) -> Set {
        Set(vec![0; count.div_ceil(64)])
    }

    fn full(count: usize) -> Set {
        let mut set = Set(vec![u64::MAX; count.div_ceil(64)]);
        if let Some(last) = set.0.last_mut().filter(|_| !count.is_multiple_of(64)) {
            *last = (1 << (count % 64)) - 1;
        }
        set
    }

    fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn has(&self, number: usize) -> bool {
        self.0[number / 64] >> (number % 64) & 1 == 1
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|&it| it == 0)
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, &bits)| {
            let mut rest = bits;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }

    fn combine(mut self, other: &Set, with: impl Fn(u64, u64) -> u64) -> Set {
        self.0.iter_mut().zip(&other.0).for_each(|(a, &b)| *a = with(*a, b));
        self
    }
}

/// Names of forms that patterns may use.
pub(super) const FORMS: &[&str] = &[
    "lower", "capital", "upper", "mixed", "initial", "digits", "digits2", "digits3", "digits4",
    "digits5", "number", "alnum", "punct", "symbol", "open", "close", "quote", "glued", "first",
];

/// Whether a name speaks of how a token is written.
pub(crate) fn is_form(name: &str) -> bool {
    FORMS.contains(&name)
}

/// Whether a shape is of the named form.
fn form_fits(name: &str, shape: Shape) -> bool {
    let form = shape.form();
    let digits = |size: u8| form == Shape::DIGITS && shape.0 & Shape::SIZE == size;
    match name {
        "lower" => form == Shape::LOWER,
        "capital" => shape.is_capital(),
        "upper" => form == Shape::UPPER,
        "mixed" => form == Shape::MIXED,
        "initial" => form == Shape::INITIAL,
        "digits" => form == Shape::DIGITS,
        "digits2" => digits(0),
        "digits3" => digits(0x10),
        "digits4" => digits(0x20),
        "digits5" => digits(0x30),
        "number" => matches!(form, Shape::DIGITS | Shape::NUMBER),
        "alnum" => form == Shape::ALNUM,
        "punct" => form == Shape::PUNCT,
        "symbol" => form == Shape::SYMBOL,
        "open" => form == Shape::OPEN,
        "close" => form == Shape::CLOSE,
        "quote" => matches!(form, Shape::OPEN | Shape::CLOSE | Shape::QUOTE),
        "glued" => shape.has(Shape::GLUED),
        "first" => shape.has(Shape::FIRST),
        _ => false,
    }
}
