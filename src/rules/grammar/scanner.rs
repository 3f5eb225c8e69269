//! Many patterns in one automaton: finds what matches anywhere, leftmost, then longest.

use std::fmt;
use std::ops::Range;

use once_cell::sync::OnceCell;
use regex::Regex;

use super::alphabet::{Alphabet, Encoded, Gate};
use super::automaton::Automaton;
use super::resolve::resolve;
use crate::error::Error;
use crate::rules::pack::{Loaded, Pack};
use crate::rules::pattern::{self, Condition, Mistake, Node};
use crate::rules::spec::RuleSpec;

/// Patterns that are looked for anywhere in a sentence.
pub struct Scanner {
    alphabet: Alphabet,
    automaton: Automaton,
    rules: Vec<ScanRule>,
    /// What the first element of a match may be; nothing where that is open.
    starts: Option<Gate>,
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

/// A rule that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Index of the rule in the list that the scanner was made from.
    pub rule: usize,
    /// The elements it matched.
    pub range: Range<usize>,
}

/// A named part of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its name in the pattern.
    pub name: &'a str,
    /// Its elements.
    pub range: Range<usize>,
}

struct ScanRule {
    parts: Lazy,
    context: Context,
}

/// A regular expression that is compiled when it is first needed.
pub(super) struct Lazy {
    source: String,
    names: Vec<String>,
    regex: OnceCell<Regex>,
}

/// What must and must not stand around a match.
#[derive(Default)]
pub(super) struct Context {
    preceded_by: Option<Lazy>,
    not_preceded_by: Option<Lazy>,
    followed_by: Option<Lazy>,
    not_followed_by: Option<Lazy>,
}

/// A rule's patterns, resolved.
pub(super) struct Resolved {
    pub(super) pattern: Node,
    /// In the order of [`crate::rules::ContextSpec`]; those before the match are reversed.
    context: [Option<Node>; 4],
}

impl Scanner {
    /// Compiles rules of one group.
    ///
    /// # Errors
    /// A name in a pattern that nothing has, or patterns too large for an automaton.
    pub fn new<T: RuleSpec>(pack: &Pack, rules: &[Loaded<T>]) -> Result<Scanner, Error> {
        let resolved = resolve_rules(pack, rules)?;
        let alphabet = alphabet_of(pack, &resolved)?;
        let regexes: Vec<String> = resolved
            .iter()
            .map(|it| format!("(?:{})", alphabet.regex(&it.pattern, &mut Vec::new())))
            .collect();
        let automaton = Automaton::new(&regexes, T::TABLE)?;
        let starts = start_gate(&alphabet, &resolved);
        let rules = resolved.iter().map(|it| ScanRule::new(&alphabet, it)).collect();
        Ok(Scanner { alphabet, automaton, rules, starts })
    }

    /// The symbols that [`Scanner::find`] reads.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// Writes elements in this scanner's symbols.
    pub fn encode(&self, elements: &[super::Element], encoded: &mut Encoded) {
        self.alphabet.encode(elements, encoded);
    }

    /// All matches, leftmost, then longest, then by order of rules; none overlap.
    pub fn find(&self, encoded: &mut Encoded, found: &mut Vec<Found>) {
        found.clear();
        let mut cache = None;
        let mut ends = std::mem::take(&mut encoded.ends);
        let unit = self.alphabet.unit();
        let mut start = 0;
        while start < encoded.len() {
            if !self.can_start(encoded, start) {
                start += 1;
                continue;
            }
            let cache = cache.get_or_insert_with(|| self.automaton.cache());
            self.automaton.ends_from(cache, &encoded.forward, unit, start, &mut ends);
            match self.choose(encoded, start, &mut ends) {
                Some(best) => {
                    start = best.range.end;
                    found.push(best);
                }
                None => start += 1,
            }
        }
        encoded.ends = ends;
    }

    /// The named parts of a match, in the order of the pattern.
    pub fn parts(&self, encoded: &Encoded, found: &Found) -> Vec<Part<'_>> {
        let unit = self.alphabet.unit();
        let start = found.range.start;
        let text = &encoded.forward[start * unit..found.range.end * unit];
        let lazy = &self.rules[found.rule].parts;
        if lazy.names.is_empty() {
            return Vec::new();
        }
        let (_, mut parts) = lazy.run(text, unit).unwrap_or_default();
        parts.iter_mut().for_each(|it| it.range = start + it.range.start..start + it.range.end);
        parts
    }

    fn can_start(&self, encoded: &Encoded, at: usize) -> bool {
        self.starts.as_ref().is_none_or(|it| it.has(encoded.classes[at]))
    }

    /// The longest match whose surroundings agree; of several, that of the rule that stands first.
    fn choose(
        &self,
        encoded: &mut Encoded,
        start: usize,
        ends: &mut [(usize, usize)],
    ) -> Option<Found> {
        let mut rest = ends;
        while let Some(&mut (end, _)) = rest.last_mut() {
            let longest = rest.partition_point(|it| it.0 < end);
            let (shorter, same) = rest.split_at_mut(longest);
            same.sort_unstable();
            for &mut (_, rule) in same {
                let context = &self.rules[rule].context;
                if end > start && context.holds(&self.alphabet, encoded, &(start..end)) {
                    return Some(Found { rule, range: start..end });
                }
            }
            rest = shorter;
        }
        None
    }
}

impl ScanRule {
    fn new(alphabet: &Alphabet, rule: &Resolved) -> ScanRule {
        ScanRule {
            parts: Lazy::new(alphabet, &rule.pattern, r"\A(?:", r")\z"),
            context: Context::new(alphabet, rule),
        }
    }
}

impl Lazy {
    /// `before` and `after` are put around the pattern: anchors.
    pub(super) fn new(alphabet: &Alphabet, node: &Node, before: &str, after: &str) -> Lazy {
        let mut names = Vec::new();
        let source = format!("{before}{}{after}", alphabet.regex(node, &mut names));
        Lazy { source, names, regex: OnceCell::new() }
    }

    pub(super) fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| {
            regex::RegexBuilder::new(&self.source)
                .size_limit(256 << 20)
                .build()
                .expect("made by the alphabet from a pattern that was checked")
        })
    }

    /// How many elements match at the start of `text`, and the named parts among them.
    pub(super) fn run(&self, text: &str, unit: usize) -> Option<(usize, Vec<Part<'_>>)> {
        if self.names.is_empty() {
            return Some((self.regex().find(text)?.end() / unit, Vec::new()));
        }
        let captures = self.regex().captures(text)?;
        let end = captures.get(0)?.end() / unit;
        let mut parts = Vec::new();
        for (i, name) in self.names.iter().enumerate() {
            if let Some(group) = captures.get(i + 1) {
                parts.push(Part { name, range: group.start() / unit..group.end() / unit });
            }
        }
        Some((end, parts))
    }
}

impl Context {
    pub(super) fn new(alphabet: &Alphabet, rule: &Resolved) -> Context {
        let lazy =
            |i: usize| rule.context[i].as_ref().map(|it| Lazy::new(alphabet, it, r"\A(?:", ")"));
        Context {
            preceded_by: lazy(0),
            not_preceded_by: lazy(1),
            followed_by: lazy(2),
            not_followed_by: lazy(3),
        }
    }

    pub(super) fn holds(
        &self,
        alphabet: &Alphabet,
        encoded: &mut Encoded,
        range: &Range<usize>,
    ) -> bool {
        let unit = alphabet.unit();
        let fits =
            |lazy: &Option<Lazy>, text: &str| lazy.as_ref().map(|it| it.regex().is_match(text));
        if self.preceded_by.is_some() || self.not_preceded_by.is_some() {
            if encoded.backward.is_empty() {
                alphabet.encode_backward(encoded);
            }
            let before = &encoded.backward[(encoded.len() - range.start) * unit..];
            if fits(&self.preceded_by, before) == Some(false)
                || fits(&self.not_preceded_by, before) == Some(true)
            {
                return false;
            }
        }
        let after = &encoded.forward[range.end * unit..];
        fits(&self.followed_by, after) != Some(false)
            && fits(&self.not_followed_by, after) != Some(true)
    }
}

/// Resolves all patterns of a group of rules.
pub(super) fn resolve_rules<T: RuleSpec>(
    pack: &Pack,
    rules: &[Loaded<T>],
) -> Result<Vec<Resolved>, Error> {
    let mut resolved = Vec::new();
    let mut mistakes = Vec::new();
    for rule in rules {
        let mut read = |text: &toml::Spanned<String>| {
            let node = pattern::parse(text.get_ref()).and_then(|it| resolve(&it, pack));
            node.map_err(|it| mistakes.push(rule.mistake(text, it))).ok()
        };
        let context = rule.spec.context();
        let pattern = read(rule.spec.pattern());
        let mut around = [
            context.preceded_by,
            context.not_preceded_by,
            context.followed_by,
            context.not_followed_by,
        ]
        .map(|it| it.and_then(&mut read));
        around[..2].iter_mut().flatten().for_each(|it| *it = reversed(it));
        if let Some(pattern) = pattern {
            resolved.push(Resolved { pattern, context: around });
        }
    }
    if mistakes.is_empty() { Ok(resolved) } else { Err(Error::Rules(mistakes)) }
}

pub(super) fn alphabet_of(pack: &Pack, rules: &[Resolved]) -> Result<Alphabet, Error> {
    let mut nodes = Vec::new();
    for rule in rules {
        nodes.push(&rule.pattern);
        nodes.extend(rule.context.iter().flatten());
    }
    Alphabet::new(pack, &nodes).map_err(|it: Mistake| Error::usage(it.message))
}

/// The same pattern read from its end.
pub(super) fn reversed(node: &Node) -> Node {
    match node {
        Node::Sequence(all) => Node::Sequence(all.iter().rev().map(reversed).collect()),
        Node::Choice(all) => Node::Choice(all.iter().map(reversed).collect()),
        Node::Repeat(it, min, max) => Node::Repeat(Box::new(reversed(it)), *min, *max),
        Node::Part(name, it) => Node::Part(name.clone(), Box::new(reversed(it))),
        Node::Start => Node::End,
        Node::End => Node::Start,
        other => other.clone(),
    }
}

/// The conditions that the first element of a match may meet; nothing where any may.
pub(super) fn first_conditions<'a>(node: &'a Node, found: &mut Vec<&'a Condition>) -> bool {
    match node {
        Node::One(condition) => {
            found.push(condition);
            false
        }
        Node::Sequence(all) => all.iter().all(|it| first_conditions(it, found)),
        Node::Choice(all) => {
            // Every branch is asked, whatever the ones before said.
            let open: Vec<bool> = all.iter().map(|it| first_conditions(it, found)).collect();
            open.contains(&true)
        }
        Node::Repeat(it, min, _) => first_conditions(it, found) || *min == 0,
        Node::Part(_, it) => first_conditions(it, found),
        Node::Start | Node::End => true,
        Node::Class(..) | Node::Name(..) => unreachable!("the pattern is resolved"),
    }
}

fn start_gate(alphabet: &Alphabet, rules: &[Resolved]) -> Option<Gate> {
    let mut conditions = Vec::new();
    for rule in rules {
        if first_conditions(&rule.pattern, &mut conditions) {
            return None;
        }
    }
    let numbers: Vec<_> = conditions.into_iter().map(|it| alphabet.condition(it)).collect();
    Some(alphabet.gate(&numbers))
}
