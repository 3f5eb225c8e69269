//! The symbols that a group of patterns tells apart.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::model::{Shape, Token};
use crate::rules::lexicon::Lexicon;
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

/// The elements of a sentence written in symbols, forwards and, for contexts, backwards.
#[derive(Debug, Default)]
pub struct Encoded {
    pub(super) forward: String,
    pub(super) backward: String,
    pub(super) classes: Vec<(u16, u16)>,
    /// Where matches may end: kept to be used again.
    pub(super) ends: Vec<(usize, usize)>,
}

impl Encoded {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }
}

/// The symbols for a group of patterns.
///
/// An element's first symbol stands for kind and form, its second for the word; both are numbers
/// of equivalence classes, written as characters of fixed width.
#[derive(Debug)]
pub struct Alphabet {
    /// By kind and shape.
    form_class: Vec<u16>,
    /// By entry.
    word_class: Vec<u16>,
    forms: Symbols,
    words: Symbols,
    conditions: FxHashMap<Condition, usize>,
    /// For each condition and class of form, an index into `sets`.
    tables: Vec<Vec<u32>>,
    /// Distinct sets of word classes.
    sets: Vec<Set>,
}

/// How the numbers of one kind of class are written.
#[derive(Debug)]
struct Symbols {
    count: usize,
    /// Bytes of a symbol.
    width: usize,
    /// All symbols, one behind the other.
    all: String,
}

/// A set of word classes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(Vec<u64>);

impl Alphabet {
    /// Gathers what `patterns`, which must be resolved, tell apart.
    ///
    /// # Errors
    /// The patterns tell more than 50,000 words apart.
    pub(super) fn new(pack: &Pack, patterns: &[&Node]) -> Result<Alphabet, Mistake> {
        let mut atoms = Atoms::default();
        patterns.iter().for_each(|it| atoms.node(it));
        let (form_class, forms) = classify_forms(pack, &atoms.names);
        let (word_class, members, count) = classify_words(&pack.lexicon, &atoms);
        let words = Symbols::new(count);
        let words = words.ok_or_else(|| Mistake {
            at: 0..0,
            message: format!("the rules tell {count} words apart, more than fit"),
            help: "use classes instead of single words".to_owned(),
        })?;
        let mut alphabet = Alphabet {
            form_class,
            word_class,
            forms: Symbols::new(forms.len()).expect("forms and kinds are few"),
            words,
            conditions: FxHashMap::default(),
            tables: Vec::new(),
            sets: Vec::new(),
        };
        let evaluator = Evaluator { pack, forms: &forms, members: &members, count };
        let mut known = BTreeMap::new();
        for condition in atoms.conditions {
            alphabet.add_condition(condition, &evaluator, &mut known);
        }
        Ok(alphabet)
    }

    fn add_condition(
        &mut self,
        condition: Condition,
        evaluator: &Evaluator<'_>,
        known: &mut BTreeMap<Set, u32>,
    ) {
        if self.conditions.contains_key(&condition) {
            return;
        }
        let mut table = Vec::with_capacity(evaluator.forms.len());
        for &form in evaluator.forms {
            let set = evaluator.evaluate(&condition, form);
            let next = self.sets.len() as u32;
            let index = *known.entry(set.clone()).or_insert(next);
            if index == next {
                self.sets.push(set);
            }
            table.push(index);
        }
        self.conditions.insert(condition, self.tables.len());
        self.tables.push(table);
    }

    /// Bytes of one element.
    pub(super) fn unit(&self) -> usize {
        self.forms.width + self.words.width
    }

    /// Writes elements in symbols.
    pub fn encode(&self, elements: &[Element], encoded: &mut Encoded) {
        encoded.forward.clear();
        encoded.backward.clear();
        encoded.classes.clear();
        for element in elements {
            let classes = self.classes(element);
            encoded.classes.push(classes);
            self.write(classes, &mut encoded.forward);
        }
    }

    /// Writes them backwards too, which contexts and pivots need.
    pub fn encode_backward(&self, encoded: &mut Encoded) {
        encoded.backward.clear();
        for i in (0..encoded.classes.len()).rev() {
            self.write(encoded.classes[i], &mut encoded.backward);
        }
    }

    fn write(&self, (form, word): (u16, u16), out: &mut String) {
        out.push_str(self.forms.written(form));
        out.push_str(self.words.written(word));
    }

    fn classes(&self, element: &Element) -> (u16, u16) {
        let form = self.form_class[usize::from(element.kind) << 8 | usize::from(element.shape.0)];
        (form, self.word_class[element.entry as usize])
    }

    /// Whether an element, given by its classes, meets a condition.
    pub(super) fn meets(&self, condition: usize, (form, word): (u16, u16)) -> bool {
        self.sets[self.tables[condition][usize::from(form)] as usize].has(usize::from(word))
    }

    /// What meets any of these conditions, as one look-up.
    pub(super) fn gate(&self, conditions: &[usize]) -> Gate {
        let count = self.words.count;
        let union = |form: usize| {
            conditions.iter().fold(Set::empty(count), |set, &it| {
                set.combine(&self.sets[self.tables[it][form] as usize], |a, b| a | b)
            })
        };
        Gate((0..self.forms.count).map(union).collect())
    }

    /// The number of a condition that stands in one of the patterns.
    pub(super) fn condition(&self, condition: &Condition) -> usize {
        self.conditions[condition]
    }

    /// A resolved pattern as a regular expression; named parts become groups, in order.
    pub(super) fn regex(&self, node: &Node, parts: &mut Vec<String>) -> String {
        let mut out = String::new();
        self.write_node(node, parts, &mut out);
        out
    }

    fn write_node(&self, node: &Node, parts: &mut Vec<String>, out: &mut String) {
        match node {
            Node::Sequence(all) => all.iter().for_each(|it| self.write_node(it, parts, out)),
            Node::Choice(all) => {
                out.push_str("(?:");
                for (i, it) in all.iter().enumerate() {
                    out.push_str(if i > 0 { "|" } else { "" });
                    self.write_node(it, parts, out);
                }
                out.push(')');
            }
            Node::Repeat(it, min, max) => {
                out.push_str("(?:");
                self.write_node(it, parts, out);
                out.push(')');
                match max {
                    None => out.push_str(&format!("{{{min},}}")),
                    Some(max) => out.push_str(&format!("{{{min},{max}}}")),
                }
            }
            Node::Part(name, it) => {
                parts.push(name.clone());
                out.push('(');
                self.write_node(it, parts, out);
                out.push(')');
            }
            Node::One(condition) => self.write_condition(condition, out),
            Node::Start => out.push_str(r"\A"),
            Node::End => out.push_str(r"\z"),
            Node::Class(..) | Node::Name(..) => unreachable!("the pattern is resolved"),
        }
    }

    /// `(?:[forms][words]|…)`: one branch for each set of words.
    fn write_condition(&self, condition: &Condition, out: &mut String) {
        let table = &self.tables[self.conditions[condition]];
        let mut branches: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (form, &set) in table.iter().enumerate() {
            if !self.sets[set as usize].is_empty() {
                branches.entry(set).or_default().push(form);
            }
        }
        out.push_str("(?:");
        if branches.is_empty() {
            out.push_str(r"[a&&b]");
        }
        for (i, (set, forms)) in branches.into_iter().enumerate() {
            out.push_str(if i > 0 { "|" } else { "" });
            self.forms.write_class(forms.into_iter(), out);
            self.words.write_class(self.sets[set as usize].iter(), out);
        }
        out.push(')');
    }
}

impl Symbols {
    fn new(count: usize) -> Option<Symbols> {
        let width = match count {
            0..=128 => 1,
            129..=1920 => 2,
            1921..=50_000 => 3,
            _ => return None,
        };
        let all = (0..count as u32).map(|it| symbol(width, it)).collect();
        Some(Symbols { count, width, all })
    }

    fn written(&self, class: u16) -> &str {
        let start = usize::from(class) * self.width;
        &self.all[start..start + self.width]
    }

    /// A character class of the given numbers, which come in order.
    fn write_class(&self, classes: impl Iterator<Item = usize>, out: &mut String) {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for class in classes {
            match ranges.last_mut() {
                Some(last) if last.1 + 1 == class => last.1 = class,
                _ => ranges.push((class, class)),
            }
        }
        // The last class takes in what no element is: it makes "any word" a single range.
        debug_assert!(ranges.iter().all(|it| it.1 < self.count));
        out.push('[');
        for (low, high) in ranges {
            let code = |it: usize| symbol(self.width, it as u32) as u32;
            out.push_str(&format!(r"\x{{{:x}}}-\x{{{:x}}}", code(low), code(high)));
        }
        out.push(']');
    }
}

/// The character of a class: the first of its width for class 0, and so on.
fn symbol(width: usize, class: u32) -> char {
    let first = [0, 0x80, 0x800][width - 1];
    char::from_u32(first + class).expect("below the surrogates: at most 50,000")
}

/// The elements that meet any of several conditions.
#[derive(Debug)]
pub(super) struct Gate(Vec<Set>);

impl Gate {
    /// Whether an element, given by its classes, is among them.
    pub(super) fn has(&self, (form, word): (u16, u16)) -> bool {
        self.0[usize::from(form)].has(usize::from(word))
    }
}

impl Set {
    fn empty(count: usize) -> Set {
        Set(vec![0; count.div_ceil(64)])
    }

    fn full(count: usize) -> Set {
        let mut set = Set::empty(count);
        (0..count).for_each(|it| set.insert(it));
        set
    }

    fn insert(&mut self, class: usize) {
        self.0[class / 64] |= 1 << (class % 64);
    }

    fn has(&self, class: usize) -> bool {
        self.0[class / 64] >> (class % 64) & 1 == 1
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|&it| it == 0)
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len() * 64).filter(|&it| self.has(it))
    }

    fn combine(mut self, other: &Set, with: impl Fn(u64, u64) -> u64) -> Set {
        self.0.iter_mut().zip(&other.0).for_each(|(a, &b)| *a = with(*a, b));
        self
    }
}

/// Everything that patterns ask of an element.
#[derive(Default)]
struct Atoms {
    conditions: Vec<Condition>,
    words: Vec<String>,
    classes: Vec<String>,
    names: Vec<String>,
}

impl Atoms {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Sequence(all) | Node::Choice(all) => all.iter().for_each(|it| self.node(it)),
            Node::Repeat(it, _, _) | Node::Part(_, it) => self.node(it),
            Node::One(condition) => {
                self.condition(condition);
                self.conditions.push(condition.clone());
            }
            Node::Start | Node::End | Node::Class(..) | Node::Name(..) => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        let (list, name) = match condition {
            Condition::Any => return,
            Condition::And(all) | Condition::Or(all) => {
                return all.iter().for_each(|it| self.condition(it));
            }
            Condition::Not(it) => return self.condition(it),
            Condition::Word(word) => (&mut self.words, word),
            Condition::Class(name, _) => (&mut self.classes, name),
            Condition::Name(name, _) => (&mut self.names, name),
        };
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
}

/// Works out which words meet a condition, for an element of a given kind and shape.
struct Evaluator<'a> {
    pack: &'a Pack,
    /// One kind and shape for each class of forms.
    forms: &'a [(u8, Shape)],
    /// Word classes that have a word or belong to a class of the lexicon.
    members: &'a FxHashMap<String, Set>,
    count: usize,
}

impl Evaluator<'_> {
    fn evaluate(&self, condition: &Condition, form: (u8, Shape)) -> Set {
        match condition {
            Condition::Any => Set::full(self.count),
            Condition::Word(word) => self.members[&word_key(word)].clone(),
            Condition::Class(name, _) => self.members[&class_key(name)].clone(),
            Condition::Name(name, _) => {
                if has_name(self.pack, name, form) {
                    Set::full(self.count)
                } else {
                    Set::empty(self.count)
                }
            }
            Condition::And(all) => all.iter().fold(Set::full(self.count), |set, it| {
                set.combine(&self.evaluate(it, form), |a, b| a & b)
            }),
            Condition::Or(all) => all.iter().fold(Set::empty(self.count), |set, it| {
                set.combine(&self.evaluate(it, form), |a, b| a | b)
            }),
            Condition::Not(it) => {
                Set::full(self.count).combine(&self.evaluate(it, form), |a, b| a & !b)
            }
        }
    }
}

fn word_key(word: &str) -> String {
    format!("\"{word}")
}

fn class_key(name: &str) -> String {
    format!("@{name}")
}

fn has_name(pack: &Pack, name: &str, (kind, shape): (u8, Shape)) -> bool {
    form_fits(name, shape).unwrap_or_else(|| pack.kind(name) == Some(kind))
}

/// Groups kinds and shapes that the names in use do not tell apart.
fn classify_forms(pack: &Pack, names: &[String]) -> (Vec<u16>, Vec<(u8, Shape)>) {
    let mut known: FxHashMap<Vec<bool>, u16> = FxHashMap::default();
    let mut forms = Vec::new();
    let mut classes = Vec::with_capacity(pack.kinds().len() << 8);
    for kind in 0..pack.kinds().len() as u8 {
        for shape in (0..=255).map(Shape) {
            let signature = names.iter().map(|it| has_name(pack, it, (kind, shape))).collect();
            let class = *known.entry(signature).or_insert_with(|| {
                forms.push((kind, shape));
                (forms.len() - 1) as u16
            });
            classes.push(class);
        }
    }
    (classes, forms)
}

/// Groups words that the atoms do not tell apart. Class 0 holds the unknown words.
fn classify_words(lexicon: &Lexicon, atoms: &Atoms) -> (Vec<u16>, FxHashMap<String, Set>, usize) {
    let mut signatures: Vec<Vec<u32>> = vec![Vec::new(); lexicon.len()];
    for (i, word) in atoms.words.iter().enumerate() {
        if let Some(entry) = lexicon.listed(word) {
            signatures[entry as usize].push(i as u32);
        }
        // A word in lower case stands for itself at the start of a sentence, too, even if a list
        // has the word with a capital.
        for entry in lexicon.capitalized(word) {
            signatures[entry as usize].push(i as u32);
        }
    }
    let first = atoms.words.len() as u32;
    for (entry, signature) in signatures.iter_mut().enumerate() {
        for (i, class) in atoms.classes.iter().enumerate() {
            let id = lexicon.class(class).expect("the pattern is resolved");
            if lexicon.has(entry as u32, id) {
                signature.push(first + i as u32);
            }
        }
    }
    let mut known: FxHashMap<&[u32], u16> = FxHashMap::default();
    let mut distinct: Vec<&[u32]> = Vec::new();
    let mut classes = Vec::with_capacity(lexicon.len());
    for signature in &signatures {
        let class = *known.entry(signature.as_slice()).or_insert_with(|| {
            distinct.push(signature);
            (distinct.len() - 1) as u16
        });
        classes.push(class);
    }
    let mut members = FxHashMap::default();
    let keys = atoms.words.iter().map(|it| word_key(it));
    for (i, key) in keys.chain(atoms.classes.iter().map(|it| class_key(it))).enumerate() {
        let mut set = Set::empty(distinct.len());
        for (class, signature) in distinct.iter().enumerate() {
            if signature.contains(&(i as u32)) {
                set.insert(class);
            }
        }
        members.insert(key, set);
    }
    let count = distinct.len();
    (classes, members, count)
}

/// Names of forms that patterns may use.
pub(super) const FORMS: &[&str] = &[
    "lower", "capital", "upper", "mixed", "initial", "digits", "digits2", "digits3", "digits4",
    "digits5", "number", "alnum", "punct", "symbol", "open", "close", "quote", "glued", "first",
];

/// Whether a name speaks of how a token is written.
pub(super) fn is_form(name: &str) -> bool {
    FORMS.contains(&name)
}

/// Whether a shape is of the named form; nothing where the name is no form.
fn form_fits(name: &str, shape: Shape) -> Option<bool> {
    let form = shape.form();
    let digits = |size: u8| form == Shape::DIGITS && shape.0 & Shape::SIZE == size;
    Some(match name {
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
        _ => return None,
    })
}
