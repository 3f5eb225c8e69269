//! Many patterns in one automaton: finds what matches anywhere, leftmost, then longest.

use std::fmt;
use std::ops::{ControlFlow, Range};
use std::sync::{Arc, OnceLock};

use super::alphabet::{Alphabet, Encoded, Symbol, Symbols};
use super::automaton::Automaton;
use super::ends::Ends;
use super::program::Program;
use super::resolve::resolve;
use crate::error::Error;
use crate::rules::pack::{Loaded, Pack};
use crate::rules::pattern::{self, Mistake, Node};
use crate::rules::spec::RuleSpec;

/// Patterns that are looked for anywhere in a sentence.
pub struct Scanner {
    alphabet: Alphabet,
    automaton: Automaton,
    reach: Option<usize>,
    rules: Vec<ScanRule>,
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
    /// The pattern alone, for its parts.
    program: Program,
    /// What most rules do without.
    context: Option<Context>,
}

/// What must and must not stand around a match.
#[derive(Default)]
pub(super) struct Context {
    preceded_by: Option<Around>,
    not_preceded_by: Option<Around>,
    followed_by: Option<Around>,
    not_followed_by: Option<Around>,
}

/// A pattern around matches. Most texts ask few of them, so each is made ready when it is asked.
struct Around {
    program: Program,
    symbols: Arc<Symbols>,
    automaton: OnceLock<Automaton>,
}

impl Around {
    fn is_match(&self, text: &[Symbol]) -> bool {
        let new = || Automaton::new(self.program.clone(), self.symbols.clone());
        self.automaton.get_or_init(new).is_match(text, true)
    }
}

/// A rule's patterns, resolved.
pub(super) struct Resolved {
    pub(super) pattern: Node,
    /// In the order of [`crate::rules::ContextSpec`]; those before the match are reversed.
    context: [Option<Node>; 4],
}

impl Resolved {
    /// The patterns around the match.
    pub(super) fn around(&self) -> impl Iterator<Item = &Node> {
        self.context.iter().flatten()
    }

    fn reach(&self) -> Option<usize> {
        let around = self.around().map(longest).collect::<Option<Vec<usize>>>()?;
        Some(longest(&self.pattern)? + around.into_iter().max().unwrap_or_default())
    }
}

/// How many elements a resolved pattern takes at most; nothing where it sets no limit.
fn longest(node: &Node) -> Option<usize> {
    match node {
        Node::Sequence(all) => all.iter().map(longest).sum(),
        Node::Choice(all) => {
            let all: Option<Vec<usize>> = all.iter().map(longest).collect();
            all.map(|it| it.into_iter().max().unwrap_or_default())
        }
        Node::Repeat(it, _, most) => longest(it)?.checked_mul(usize::try_from((*most)?).ok()?),
        Node::Part(_, it) => longest(it),
        Node::Start | Node::End => Some(0),
        _ => Some(1),
    }
}

impl Scanner {
    /// Compiles rules of one group.
    ///
    /// # Errors
    /// A name in a pattern that nothing has, or patterns that tell too many words apart.
    pub fn new<T: RuleSpec>(pack: &Pack, rules: &[Loaded<T>]) -> Result<Scanner, Error> {
        let resolved = resolve_rules(pack, rules)?;
        let alphabet = alphabet_of(pack, &resolved)?;
        let all = Program::of_all(&alphabet, resolved.iter().map(|it| &it.pattern));
        let automaton = Automaton::new(all, alphabet.symbols().clone());
        let rules = resolved.iter().map(|it| ScanRule::new(&alphabet, it)).collect();
        let reach = resolved.iter().map(Resolved::reach).collect::<Option<Vec<usize>>>();
        let reach = reach.map(|it| it.into_iter().max().unwrap_or_default());
        Ok(Scanner { alphabet, automaton, reach, rules })
    }

    /// How many elements a match takes at most, with those around it that its rule looks at;
    /// nothing where a rule sets no limit.
    pub fn reach(&self) -> Option<usize> {
        self.reach
    }

    /// Writes elements in this scanner's symbols.
    pub fn encode(&self, elements: &[super::Element], encoded: &mut Encoded) {
        self.alphabet.encode(elements, encoded);
    }

    /// All matches, leftmost, then longest, then by order of rules; none overlap.
    pub fn find(&self, encoded: &mut Encoded, found: &mut Vec<Found>) {
        found.clear();
        let mut ends = std::mem::take(&mut encoded.ends);
        let (mut start, mut on) = (0, self.automaton.start(true));
        while start < encoded.forward.len() {
            self.automaton.walk(on, &encoded.forward[start..], |length, place| {
                ends.push(start + length, place);
                ControlFlow::Continue(())
            });
            start = match self.choose(encoded, start, &mut ends) {
                Some(best) => {
                    let end = best.range.end;
                    found.push(best);
                    end
                }
                None => start + 1,
            };
            let Some(next) = self.automaton.first_from(&encoded.forward, start) else { break };
            (start, on) = next;
        }
        encoded.ends = ends;
    }

    /// The named parts of a match, in the order of the pattern.
    pub fn parts(&self, encoded: &mut Encoded, found: &Found) -> Vec<Part<'_>> {
        let program = &self.rules[found.rule].program;
        if program.parts.is_empty() {
            return Vec::new();
        }
        let start = found.range.start;
        let text = &encoded.forward[found.range.clone()];
        let memory = &mut encoded.memory;
        let _ = memory.run(program, self.alphabet.symbols(), text, true);
        let part = |(number, range): (usize, Range<usize>)| Part {
            name: &program.parts[number],
            range: start + range.start..start + range.end,
        };
        memory.parts().map(part).collect()
    }

    /// The longest match whose surroundings agree; of several, that of the rule that stands first.
    /// No end is left.
    #[inline]
    fn choose(&self, encoded: &mut Encoded, start: usize, ends: &mut Ends) -> Option<Found> {
        if ends.is_empty() {
            return None;
        }
        while let Some((end, rules)) = ends.pop(&self.automaton, encoded.forward.len()) {
            if end == start {
                break;
            }
            for &rule in rules {
                let rule = usize::from(rule);
                let context = &self.rules[rule].context;
                if context.as_ref().is_none_or(|it| it.holds(encoded, &(start..end))) {
                    ends.clear();
                    return Some(Found { rule, range: start..end });
                }
            }
        }
        ends.clear();
        None
    }
}

impl ScanRule {
    fn new(alphabet: &Alphabet, rule: &Resolved) -> ScanRule {
        ScanRule {
            program: Program::new(alphabet, &rule.pattern),
            context: Some(Context::new(alphabet, rule)).filter(|it| !it.is_empty()),
        }
    }
}

impl Context {
    pub(super) fn new(alphabet: &Alphabet, rule: &Resolved) -> Context {
        let around = |i: usize| {
            let program = Program::new(alphabet, rule.context[i].as_ref()?);
            let symbols = alphabet.symbols().clone();
            Some(Around { program, symbols, automaton: OnceLock::new() })
        };
        Context {
            preceded_by: around(0),
            not_preceded_by: around(1),
            followed_by: around(2),
            not_followed_by: around(3),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let Context { preceded_by, not_preceded_by, followed_by, not_followed_by } = self;
        [preceded_by, not_preceded_by, followed_by, not_followed_by].iter().all(|it| it.is_none())
    }

    pub(super) fn holds(&self, encoded: &mut Encoded, range: &Range<usize>) -> bool {
        let fits = |it: &Option<Around>, text: &[Symbol]| it.as_ref().map(|it| it.is_match(text));
        if self.preceded_by.is_some() || self.not_preceded_by.is_some() {
            let before = encoded.before(range.start);
            if fits(&self.preceded_by, before) == Some(false)
                || fits(&self.not_preceded_by, before) == Some(true)
            {
                return false;
            }
        }
        let after = &encoded.forward[range.end..];
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
    let nodes = rules.iter().flat_map(|it| std::iter::once(&it.pattern).chain(it.around()));
    Alphabet::new(pack, nodes).map_err(|it: Mistake| Error::usage(it.message))
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
