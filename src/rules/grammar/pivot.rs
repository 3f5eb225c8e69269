//! Patterns around one element: each is split there and matched to both sides.
//!
//! A sentence may hold several cues, and the content of one runs over the next. Matching from
//! each cue outwards gives every cue its own match and none swallows another.

use std::fmt;
use std::ops::Range;

use super::alphabet::{Alphabet, Element, Encoded, Gate};
use super::automaton::Automaton;
use super::scanner::{Context, Lazy, Part, Resolved, alphabet_of, resolve_rules, reversed};
use crate::error::Error;
use crate::rules::pack::{Loaded, Pack};
use crate::rules::pattern::{Condition, Node};
use crate::rules::spec::RuleSpec;

/// Patterns that are matched from one element outwards.
pub struct Pivot {
    alphabet: Alphabet,
    rules: Vec<PivotRule>,
    /// What can be the pivot of any rule.
    pivots: Gate,
    /// All left sides, read backward, and all right sides: they say which rules to look into.
    left: Automaton,
    right: Automaton,
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
    /// All elements of the match.
    pub range: Range<usize>,
    /// The named parts, in order of place; the pivot itself is among them.
    pub parts: Vec<Part<'a>>,
}

struct PivotRule {
    /// What the pivot must be.
    pivot: usize,
    left: Side,
    right: Side,
    context: Context,
}

struct Side {
    lazy: Lazy,
    /// The regular expression without anchors.
    source: String,
    is_empty: bool,
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
        let alphabet = alphabet_of(pack, &resolved)?;
        let rules: Vec<_> = split
            .into_iter()
            .zip(&resolved)
            .map(|((left, pivot, right), it)| PivotRule::new(&alphabet, left, pivot, right, it))
            .collect();
        let pivots =
            alphabet.gate(&rules.iter().map(|it: &PivotRule| it.pivot).collect::<Vec<_>>());
        let side = |it: &Side| format!("(?:{})", it.source);
        let left: Vec<_> = rules.iter().map(|it| side(&it.left)).collect();
        let right: Vec<_> = rules.iter().map(|it| side(&it.right)).collect();
        Ok(Pivot {
            alphabet,
            pivots,
            left: Automaton::new(&left, T::TABLE)?,
            right: Automaton::new(&right, T::TABLE)?,
            rules,
            name: name.to_owned(),
        })
    }

    /// Writes elements in this group's symbols, both ways.
    pub fn encode(&self, elements: &[Element], encoded: &mut Encoded) {
        self.alphabet.encode(elements, encoded);
        self.alphabet.encode_backward(encoded);
    }

    /// Whether any rule could start from the element at `at`.
    pub fn is_pivot(&self, encoded: &Encoded, at: usize) -> bool {
        self.pivots.has(encoded.classes[at])
    }

    /// All rules that fit around the element at `at`, in their order.
    pub fn matches_at(&self, encoded: &mut Encoded, at: usize) -> Vec<PivotMatch<'_>> {
        let mut found = Vec::new();
        if self.rules.is_empty() {
            return found;
        }
        let unit = self.alphabet.unit();
        let (mut left, mut right) = (self.left.new_set(), self.right.new_set());
        self.right.which(&encoded.forward[(at + 1) * unit..], &mut right);
        if right.is_empty() {
            return found;
        }
        self.left.which(&encoded.backward[(encoded.len() - at) * unit..], &mut left);
        for rule in right.iter().filter(|&it| left.contains(it)).map(|it| it.as_usize()) {
            if let Some((range, parts)) = self.match_rule(&self.rules[rule], encoded, at) {
                found.push(PivotMatch { rule, range, parts });
            }
        }
        found
    }

    /// What each rule whose pivot the element at `at` can be says of it, in their order.
    pub fn verdicts_at(&self, encoded: &mut Encoded, at: usize) -> Vec<(usize, Verdict)> {
        let unit = self.alphabet.unit();
        let count = encoded.len();
        let mut verdicts = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            if !self.alphabet.meets(rule.pivot, encoded.classes[at]) {
                continue;
            }
            let after = rule.right.run(&encoded.forward[(at + 1) * unit..], unit);
            let before = rule.left.run(&encoded.backward[(count - at) * unit..], unit);
            let verdict = match (before.is_some(), after.is_some()) {
                (true, true) if self.match_rule(rule, encoded, at).is_some() => Verdict::Fits,
                (true, true) => Verdict::Context,
                (false, true) => Verdict::Before,
                (true, false) => Verdict::After,
                (false, false) => Verdict::Neither,
            };
            verdicts.push((number, verdict));
        }
        verdicts
    }

    fn match_rule<'a>(
        &'a self,
        rule: &'a PivotRule,
        encoded: &mut Encoded,
        at: usize,
    ) -> Option<(Range<usize>, Vec<Part<'a>>)> {
        if !self.alphabet.meets(rule.pivot, encoded.classes[at]) {
            return None;
        }
        let unit = self.alphabet.unit();
        let count = encoded.len();
        let right = rule.right.run(&encoded.forward[(at + 1) * unit..], unit)?;
        let left = rule.left.run(&encoded.backward[(count - at) * unit..], unit)?;
        let range = at - left.0..at + 1 + right.0;
        if !rule.context.holds(&self.alphabet, encoded, &range) {
            return None;
        }
        let mut parts = Vec::with_capacity(left.1.len() + right.1.len() + 1);
        for part in left.1 {
            parts.push(Part { range: at - part.range.end..at - part.range.start, ..part });
        }
        parts.push(Part { name: &self.name, range: at..at + 1 });
        for part in right.1 {
            let range = at + 1 + part.range.start..at + 1 + part.range.end;
            parts.push(Part { range, ..part });
        }
        parts.sort_by_key(|it| (it.range.start, it.range.end));
        Some((range, parts))
    }
}

impl PivotRule {
    fn new(
        alphabet: &Alphabet,
        left: Node,
        pivot: Condition,
        right: Node,
        rule: &Resolved,
    ) -> PivotRule {
        PivotRule {
            pivot: alphabet.condition(&pivot),
            left: Side::new(alphabet, &reversed(&left)),
            right: Side::new(alphabet, &right),
            context: Context::new(alphabet, rule),
        }
    }
}

impl Side {
    fn new(alphabet: &Alphabet, node: &Node) -> Side {
        Side {
            lazy: Lazy::new(alphabet, node, r"\A(?:", ")"),
            source: alphabet.regex(node, &mut Vec::new()),
            is_empty: matches!(node, Node::Sequence(all) if all.is_empty()),
        }
    }

    /// How many elements match, and the named parts among them.
    fn run(&self, text: &str, unit: usize) -> Option<(usize, Vec<Part<'_>>)> {
        if self.is_empty {
            return Some((0, Vec::new()));
        }
        self.lazy.run(text, unit)
    }
}

/// What stands before the part, what it must be, and what stands after.
fn split_at(node: &Node, name: &str) -> Option<(Node, Condition, Node)> {
    let items = match node {
        Node::Sequence(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let at = items.iter().position(|it| matches!(it, Node::Part(part, _) if part == name))?;
    let Node::Part(_, inside) = &items[at] else { return None };
    let condition = one_condition(inside)?;
    let side = |items: &[Node]| Node::Sequence(items.to_vec());
    Some((side(&items[..at]), condition, side(&items[at + 1..])))
}

fn one_condition(node: &Node) -> Option<Condition> {
    match node {
        Node::One(condition) => Some(condition.clone()),
        _ => None,
    }
}
