//! Patterns around one element: each is split there and matched to both sides.
//!
//! A sentence may hold several cues, and the content of one runs over the next. Matching from
//! each cue outwards gives every cue its own match and none swallows another.

use std::fmt;
use std::ops::ControlFlow;

use super::alphabet::{Alphabet, Element, Encoded, Symbol};
use super::automaton::Automaton;
use super::backtrack::Memory;
use super::program::Program;
use super::rule_set::RuleSet;
use super::scanner::{Context, Part, Resolved, resolve_rules, reversed};
use crate::error::Error;
use crate::rules::pack::{Loaded, Pack};
use crate::rules::pattern::{Mistake, Node};
use crate::rules::spec::RuleSpec;

/// Patterns that are matched from one element outwards.
pub struct Pivot {
    /// The symbols for pivots, and for what stands around them.
    pivots: Alphabet,
    sides: Alphabet,
    rules: Vec<PivotRule>,
    /// For each symbol of a pivot the rules that it may be the pivot of.
    rules_at: Vec<RuleSet>,
    /// All left sides, read backward, and all right sides: they say which rules to look into.
    left: Sides,
    right: Sides,
    name: String,
}

impl fmt::Debug for Pivot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pivot").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

/// How far a rule came at an element that can be its pivot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It fits.
    Fits,
    /// The pattern fits; what must or must not stand around it decides against it.
    Context,
    /// What stands before the pivot does not fit, what stands after does.
    Before,
    /// What stands after the pivot does not fit, what stands before does.
    After,
    /// Neither side fits.
    Neither,
}

/// A rule that fits around an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PivotMatch<'a> {
    /// Index of the rule in the list that the pivot was made from.
    pub rule: usize,
    /// The named parts, in order of place; the pivot itself is among them.
    pub parts: Vec<Part<'a>>,
}

struct PivotRule {
    left: Program,
    right: Program,
    context: Context,
}

/// The left or the right sides of all rules. Many rules share a side and are tried as one.
struct Sides(Automaton);

/// The rules that fit around an element, worked out one by one as they are asked for.
#[derive(Debug)]
pub struct Matches<'a> {
    pivot: &'a Pivot,
    encoded: &'a mut Encoded,
    at: usize,
}

impl Pivot {
    /// Compiles rules whose patterns hold the part `name`, one element, exactly once and outside
    /// of choices and repetitions.
    ///
    /// # Errors
    /// A pattern without that part, or with a name that nothing has.
    pub fn new<T: RuleSpec>(pack: &Pack, rules: &[Loaded<T>], name: &str) -> Result<Pivot, Error> {
        let resolved = resolve_rules(pack, rules)?;
        let mut split = Vec::new();
        let mut mistakes = Vec::new();
        for (rule, it) in rules.iter().zip(&resolved) {
            match split_at(&it.pattern, name) {
                Some(parts) => split.push(parts),
                None => {
                    let message = format!("the pattern has no part `{name}` to start from");
                    let help = format!(
                        "write `{{{name}: …}}` with one element in it, once, outside of `( )`"
                    );
                    mistakes.push(rule.error(rule.spec.pattern(), message, help));
                }
            }
        }
        if !mistakes.is_empty() {
            return Err(Error::Rules(mistakes));
        }
        let alphabet = |nodes: Vec<&Node>| {
            Alphabet::new(pack, nodes).map_err(|it: Mistake| Error::usage(it.message))
        };
        let around = resolved.iter().flat_map(Resolved::around);
        let sides =
            alphabet(split.iter().flat_map(|it| [&it.left, &it.right]).chain(around).collect())?;
        let pivots = alphabet(split.iter().map(|it| &it.pivot).collect())?;
        Ok(Pivot {
            left: Sides::new(&sides, split.iter().map(|it| &it.left)),
            right: Sides::new(&sides, split.iter().map(|it| &it.right)),
            rules_at: rules_at(&pivots, &split),
            rules: split
                .iter()
                .zip(&resolved)
                .map(|it| PivotRule::new(&sides, it.0, it.1))
                .collect(),
            name: name.to_owned(),
            pivots,
            sides,
        })
    }

    /// Writes elements in this group's symbols. A sentence without a pivot needs none of those
    /// that stand around one.
    pub fn encode(&self, elements: &[Element], encoded: &mut Encoded) {
        self.pivots.write(elements, &mut encoded.pivots);
        encoded.forward.clear();
        encoded.backward.clear();
        if encoded.pivots.iter().any(|&it| self.is_any(it)) {
            self.sides.encode(elements, encoded);
        }
    }

    /// Whether any rule could start from the element at `at`.
    pub fn is_pivot(&self, encoded: &Encoded, at: usize) -> bool {
        self.is_any(encoded.pivots[at])
    }

    fn is_any(&self, pivot: Symbol) -> bool {
        !self.rules_at[usize::from(pivot)].is_none()
    }

    /// For each entry of the lexicon whether an element with that entry could be a pivot: what
    /// holds no such word needs no look.
    pub fn entries(&self) -> Vec<bool> {
        self.pivots.entries_with(|it| self.is_any(it))
    }

    /// All rules that fit around the element at `at`, in their order.
    pub fn matches_at<'a>(&'a self, encoded: &'a mut Encoded, at: usize) -> Matches<'a> {
        self.find_fitting(encoded, at);
        Matches { pivot: self, encoded, at }
    }

    /// Notes the rules of which pivot and both sides fit.
    fn find_fitting(&self, encoded: &mut Encoded, at: usize) {
        let (mut rules, mut missing) = std::mem::take(&mut encoded.rules);
        rules.copy(&self.rules_at[usize::from(encoded.pivots[at])]);
        if !rules.is_none() {
            self.right.keep_matching(&mut rules, &mut missing, &encoded.forward[at + 1..]);
        }
        if !rules.is_none() {
            self.left.keep_matching(&mut rules, &mut missing, encoded.before(at));
        }
        encoded.rules = (rules, missing);
    }

    /// What each rule whose pivot the element at `at` can be says of it, in their order.
    pub fn verdicts_at(&self, encoded: &mut Encoded, at: usize) -> Vec<(usize, Verdict)> {
        let mut possible = self.rules_at[usize::from(encoded.pivots[at])].clone();
        if possible.is_none() {
            return Vec::new();
        }
        let (mut before, mut after) = (possible.clone(), possible.clone());
        let mut missing = RuleSet::default();
        self.left.keep_matching(&mut before, &mut missing, encoded.before(at));
        self.right.keep_matching(&mut after, &mut missing, &encoded.forward[at + 1..]);
        std::iter::from_fn(move || {
            let rule = possible.take_first()?;
            let verdict = match (before.has(rule), after.has(rule)) {
                (true, true) if self.match_rule(rule, encoded, at).is_some() => Verdict::Fits,
                (true, true) => Verdict::Context,
                (false, true) => Verdict::Before,
                (true, false) => Verdict::After,
                (false, false) => Verdict::Neither,
            };
            Some((rule, verdict))
        })
        .collect()
    }

    /// The parts of a rule of which both sides fit; nothing if what stands around them does not.
    fn match_rule(
        &self,
        number: usize,
        encoded: &mut Encoded,
        at: usize,
    ) -> Option<PivotMatch<'_>> {
        let rule = &self.rules[number];
        let mut memory = std::mem::take(&mut encoded.memory);
        let mut parts = Vec::with_capacity(rule.left.parts.len() + rule.right.parts.len() + 1);
        let before = self.side(&rule.left, &rule.context, &mut memory, encoded.before(at));
        parts.extend(memory.parts().map(|(number, it)| Part {
            name: &rule.left.parts[number],
            range: at - it.end..at - it.start,
        }));
        parts.push(Part { name: &self.name, range: at..at + 1 });
        let after = self.side(&rule.right, &rule.context, &mut memory, &encoded.forward[at + 1..]);
        parts.extend(memory.parts().map(|(number, it)| Part {
            name: &rule.right.parts[number],
            range: at + 1 + it.start..at + 1 + it.end,
        }));
        encoded.memory = memory;
        if !rule.context.holds(encoded, &(at - before..at + 1 + after)) {
            return None;
        }
        parts.sort_by_key(|it| (it.range.start, it.range.end));
        Some(PivotMatch { rule: number, parts })
    }

    /// How many elements a side takes, with its parts left in `memory`. Where nobody asks for
    /// either, there is nothing to do.
    fn side(
        &self,
        side: &Program,
        context: &Context,
        memory: &mut Memory,
        text: &[Symbol],
    ) -> usize {
        if side.parts.is_empty() && context.is_empty() {
            memory.clear();
            return 0;
        }
        memory.run(side, self.sides.symbols(), text, false).expect("the automaton says it matches")
    }
}

impl<'a> Iterator for Matches<'a> {
    type Item = PivotMatch<'a>;

    fn next(&mut self) -> Option<PivotMatch<'a>> {
        while let Some(rule) = self.encoded.rules.0.take_first() {
            if let Some(found) = self.pivot.match_rule(rule, self.encoded, self.at) {
                return Some(found);
            }
        }
        None
    }
}

impl PivotRule {
    fn new(sides: &Alphabet, split: &Split, rule: &Resolved) -> PivotRule {
        PivotRule {
            left: Program::new(sides, &split.left),
            right: Program::new(sides, &split.right),
            context: Context::new(sides, rule),
        }
    }
}

impl Sides {
    fn new<'a>(alphabet: &Alphabet, nodes: impl Iterator<Item = &'a Node>) -> Sides {
        let mut distinct: Vec<Node> = Vec::new();
        let mut rules: Vec<RuleSet> = Vec::new();
        for (rule, node) in nodes.enumerate() {
            let node = without_parts(node);
            let number = distinct.iter().position(|it| *it == node).unwrap_or_else(|| {
                distinct.push(node);
                rules.push(RuleSet::default());
                rules.len() - 1
            });
            rules[number].insert(rule);
        }
        let program = Program::of_all(alphabet, &distinct);
        Sides(Automaton::with_rules(program, alphabet.symbols().clone(), rules))
    }

    /// Drops those of the rules that do not match at the start of `text`; `missing` is memory.
    fn keep_matching(&self, rules: &mut RuleSet, missing: &mut RuleSet, text: &[Symbol]) {
        missing.copy(rules);
        self.0.run(text, true, |_, told| {
            missing.remove(&told.rules);
            // Else nothing more is to be learned from the rest of the sentence.
            if missing.meets(&told.open) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        rules.remove(missing);
    }
}

/// For each symbol of a pivot the rules that it may be the pivot of.
fn rules_at(pivots: &Alphabet, split: &[Split]) -> Vec<RuleSet> {
    let symbols = pivots.symbols();
    let mut all = vec![RuleSet::default(); symbols.len()];
    for (rule, it) in split.iter().enumerate() {
        let Node::One(condition) = &it.pivot else { continue };
        let condition = pivots.condition(condition);
        for (symbol, rules) in (0..).zip(&mut all) {
            if symbols.meets(symbol, condition) {
                rules.insert(rule);
            }
        }
    }
    all
}

/// A pattern split at its pivot.
struct Split {
    /// What stands before, read from the pivot on.
    left: Node,
    /// One condition.
    pivot: Node,
    right: Node,
}

/// Splits a pattern at the part `name`, which must be one element.
fn split_at(node: &Node, name: &str) -> Option<Split> {
    let items = match node {
        Node::Sequence(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let at = items.iter().position(|it| matches!(it, Node::Part(part, _) if part == name))?;
    let Node::Part(_, inside) = &items[at] else { return None };
    let Node::One(_) = **inside else { return None };
    let side = |items: &[Node]| Node::Sequence(items.to_vec());
    Some(Split {
        left: reversed(&side(&items[..at])),
        pivot: (**inside).clone(),
        right: side(&items[at + 1..]),
    })
}

/// The same pattern, of which it is not asked where its parts are.
fn without_parts(node: &Node) -> Node {
    let all = |nodes: &[Node]| nodes.iter().map(without_parts).collect();
    match node {
        Node::Sequence(nodes) => Node::Sequence(all(nodes)),
        Node::Choice(nodes) => Node::Choice(all(nodes)),
        Node::Repeat(it, min, max) => Node::Repeat(Box::new(without_parts(it)), *min, *max),
        Node::Part(_, it) => without_parts(it),
        other => other.clone(),
    }
}
