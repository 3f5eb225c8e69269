//! A pattern as a list of steps, such as both engines run.

use super::alphabet::Alphabet;
use crate::rules::pattern::Node;

/// What one step of a program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Takes one element that meets the condition, then goes to the next step.
    One(u16),
    /// Goes on at both steps; what the first one leads to is preferred. The last is the number of
    /// the split among all of its program.
    Split(u32, u32, u32),
    /// Takes as many elements as meet the condition, or fewer, then goes to the next step. The last
    /// is a number as that of a split.
    Many(u16, u32),
    /// Goes on elsewhere.
    Jump(u32),
    /// A named part begins here; nothing but a place.
    Open(u16),
    /// A named part ends here.
    Close(u16),
    /// Goes on only at the start of what is read.
    Start,
    /// Goes on only at the end of what is read.
    End,
    /// The pattern of this rule has matched.
    Done(u16),
}

/// The steps of one or more patterns, all in the symbols of one alphabet.
#[derive(Debug, Default, Clone)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// The first step of each pattern.
    pub(super) starts: Vec<u32>,
    /// How many of them are splits or take many elements.
    pub(super) splits: u32,
    /// Names of the parts, in the order in which the patterns write them.
    pub(super) parts: Vec<String>,
}

impl Program {
    /// The steps of one resolved pattern.
    pub(super) fn new(alphabet: &Alphabet, node: &Node) -> Program {
        Program::of_all(alphabet, std::iter::once(node))
    }

    /// The steps of resolved patterns, which are numbered in their order.
    pub(super) fn of_all<'a>(
        alphabet: &Alphabet,
        nodes: impl IntoIterator<Item = &'a Node>,
    ) -> Program {
        let mut program = Program::default();
        for (number, node) in nodes.into_iter().enumerate() {
            program.starts.push(program.next());
            let mut writer = Writer { alphabet, part: program.parts.len(), program: &mut program };
            writer.node(node);
            program.steps.push(Step::Done(number as u16));
        }
        program
    }

    /// The pattern that a step belongs to.
    pub(super) fn pattern_of(&self, step: u32) -> usize {
        self.starts.partition_point(|&it| it <= step) - 1
    }

    fn next(&self) -> u32 {
        self.steps.len() as u32
    }
}

/// Writes the steps of a pattern one after the other.
///
/// Where a part can be empty, loops are written as a choice around "once or more": else an empty
/// turn would be preferred to leaving the loop.
struct Writer<'a> {
    alphabet: &'a Alphabet,
    program: &'a mut Program,
    /// Number of the next part. A repeated pattern is written several times, its parts keep
    /// their numbers.
    part: usize,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Sequence(all) => all.iter().for_each(|it| self.node(it)),
            Node::Choice(all) => self.choice(all),
            Node::Repeat(it, min, Some(max)) => self.bounded(it, *min, *max),
            Node::Repeat(it, min, None) => self.at_least(it, *min),
            Node::Part(name, it) => self.part(name, it),
            Node::One(condition) => self.push(Step::One(self.alphabet.condition(condition))),
            Node::Start => self.push(Step::Start),
            Node::End => self.push(Step::End),
            Node::Class(..) | Node::Name(..) => unreachable!("the pattern is resolved"),
        }
    }

    fn choice(&mut self, all: &[Node]) {
        let mut leaves = Vec::new();
        for (i, it) in all.iter().enumerate() {
            let is_last = i + 1 == all.len();
            let split = if is_last { None } else { Some(self.split()) };
            self.node(it);
            if !is_last {
                leaves.push(self.hole());
            }
            if let Some(split) = split {
                self.leave(split);
            }
        }
        let end = self.program.next();
        leaves.into_iter().for_each(|it| self.program.steps[it] = Step::Jump(end));
    }

    fn bounded(&mut self, node: &Node, min: u32, max: u32) {
        let first_part = self.part;
        for _ in 0..min {
            self.again(node, first_part);
        }
        let splits: Vec<_> = (min..max)
            .map(|_| {
                let split = self.split();
                self.again(node, first_part);
                split
            })
            .collect();
        splits.into_iter().for_each(|it| self.leave(it));
    }

    fn at_least(&mut self, node: &Node, min: u32) {
        let first_part = self.part;
        if let Node::One(condition) = node {
            (0..min).for_each(|_| self.node(node));
            let number = self.number();
            return self.push(Step::Many(self.alphabet.condition(condition), number));
        }
        for _ in 1..min {
            self.again(node, first_part);
        }
        if min == 0 && !can_be_empty(node) {
            let split = self.split();
            self.again(node, first_part);
            self.push(Step::Jump(split as u32));
            self.leave(split);
            return;
        }
        let question = if min == 0 { Some(self.split()) } else { None };
        let body = self.program.next();
        self.again(node, first_part);
        let end = self.program.next() + 1;
        self.push_split(body, end);
        if let Some(question) = question {
            self.leave(question);
        }
    }

    fn again(&mut self, node: &Node, first_part: usize) {
        self.part = first_part;
        self.node(node);
    }

    fn part(&mut self, name: &str, node: &Node) {
        let number = self.part as u16;
        if self.part == self.program.parts.len() {
            self.program.parts.push(name.to_owned());
        }
        self.part += 1;
        self.push(Step::Open(number));
        self.node(node);
        self.push(Step::Close(number));
    }

    fn push(&mut self, step: Step) {
        self.program.steps.push(step);
    }

    /// A step that prefers to go on with the next one; where else is still open.
    fn split(&mut self) -> usize {
        let at = self.program.steps.len();
        self.push_split(at as u32 + 1, 0);
        at
    }

    fn push_split(&mut self, first: u32, second: u32) {
        let number = self.number();
        self.push(Step::Split(first, second, number));
    }

    /// The number of the next split.
    fn number(&mut self) -> u32 {
        self.program.splits += 1;
        self.program.splits - 1
    }

    /// The other way of a split leads to what comes next.
    fn leave(&mut self, split: usize) {
        let end = self.program.next();
        if let Step::Split(_, other, _) = &mut self.program.steps[split] {
            *other = end;
        }
    }

    /// A place for a jump whose aim is not yet known.
    fn hole(&mut self) -> usize {
        self.push(Step::Jump(0));
        self.program.steps.len() - 1
    }
}

/// Whether a pattern matches without taking an element.
fn can_be_empty(node: &Node) -> bool {
    match node {
        Node::Sequence(all) => all.iter().all(can_be_empty),
        Node::Choice(all) => all.iter().any(can_be_empty),
        Node::Repeat(it, min, _) => *min == 0 || can_be_empty(it),
        Node::Part(_, it) => can_be_empty(it),
        Node::Start | Node::End => true,
        Node::One(_) | Node::Class(..) | Node::Name(..) => false,
    }
}
