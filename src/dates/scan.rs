//! Finds expressions among the words of a sentence: the rules of level 1 among words, those of
//! later levels among what was found before.

use std::ops::Range;

use super::Dates;
use super::rule::{EXTENT, FIRST, LAST, Rule};
use crate::model::{Shape, Token};
use crate::rules::{Element, Encoded, Found, Lexicon, Part};

/// Class of the words without one of which a sentence holds no date.
const TRIGGER: &str = "time-word";
/// So many words rules may look at on either side of a [`TRIGGER`], and those of later levels, which
/// put together what is found, on either side of an expression: no more than they reach over.
const WINDOW: usize = 14;

/// A match of a rule in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) level: u8,
    pub(super) rule: u16,
    pub(super) tokens: Range<usize>,
    /// In [`Desk::parts`].
    pub(super) parts: Range<usize>,
    /// As [`Timex::opens_range`].
    pub(super) opens_range: bool,
}

/// A part of a match.
#[derive(Debug, Clone)]
pub(super) struct NodePart {
    /// Index into [`Rule::parts`].
    pub(super) name: usize,
    pub(super) tokens: Range<usize>,
    /// The expression that it is, if it was one.
    pub(super) node: Option<usize>,
}

/// What a sentence is looked through with; kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) elements: Vec<Element>,
    /// For each element the node that it is.
    pub(super) node_of: Vec<Option<usize>>,
    pub(super) nodes: Vec<Node>,
    /// Level and index of the rules that joined expressions.
    pub(super) joined: Vec<(usize, usize)>,
    pub(super) parts: Vec<NodePart>,
    pub(super) encoded: Encoded,
    pub(super) found: Vec<Found>,
    /// Elements and their nodes as they were at the level before.
    pub(super) before: (Vec<Element>, Vec<Option<usize>>),
}

impl Desk {
    /// A desk with room for most sentences.
    pub(super) fn new() -> Desk {
        const ELEMENTS: usize = 64;
        const NODES: usize = 16;
        Desk {
            elements: Vec::with_capacity(ELEMENTS),
            node_of: Vec::with_capacity(ELEMENTS),
            nodes: Vec::with_capacity(NODES),
            parts: Vec::with_capacity(2 * NODES),
            found: Vec::with_capacity(NODES),
            before: (Vec::with_capacity(ELEMENTS), Vec::with_capacity(ELEMENTS)),
            ..Desk::default()
        }
    }

    /// The elements that rules of a level may look at, of which one reaches over so many.
    fn window(&self, level: usize, reach: Option<usize>) -> Range<usize> {
        let count = self.elements.len();
        if level == 0 {
            return 0..count;
        }
        let width = reach.map_or(WINDOW, |it| it.min(WINDOW));
        let first = self.node_of.iter().position(Option::is_some).unwrap_or(0);
        let last = self.node_of.iter().rposition(Option::is_some).unwrap_or(0);
        first.saturating_sub(width)..count.min(last + 1 + width)
    }

    /// What was found, for reading it once more.
    pub(super) fn kept(&self) -> Desk {
        Desk {
            node_of: self.node_of.clone(),
            nodes: self.nodes.clone(),
            parts: self.parts.clone(),
            ..Desk::default()
        }
    }

    #[inline]
    pub(super) fn parts_of(&self, node: &Node) -> &[NodePart] {
        &self.parts[node.parts.clone()]
    }
}

/// By entry: whether it is a [`TRIGGER`].
pub(super) fn triggers(lexicon: &Lexicon) -> Vec<bool> {
    let trigger = lexicon.class(TRIGGER);
    let is_trigger = |it| trigger.is_some_and(|class| lexicon.has(it, class));
    (0..lexicon.len() as u32).map(is_trigger).collect()
}

impl Dates {
    /// The tokens around those without which there is no date; nothing if there are none.
    pub(super) fn window(&self, tokens: &[Token]) -> Option<Range<usize>> {
        let is_trigger = |it: &Token| {
            self.triggers[it.entry as usize]
                || it.shape.form() == Shape::ALNUM
                || it.shape.form() == Shape::DIGITS && it.shape.0 & Shape::SIZE == 0x20
        };
        let first = tokens.iter().position(is_trigger)?;
        let last = tokens.iter().rposition(is_trigger).unwrap_or(first);
        Some(first.saturating_sub(WINDOW)..tokens.len().min(last + 1 + WINDOW))
    }

    /// Runs all levels over a sentence.
    pub(super) fn scan(&self, tokens: &[Token], window: Range<usize>, desk: &mut Desk) {
        desk.elements.clear();
        desk.nodes.clear();
        desk.parts.clear();
        desk.node_of.clear();
        desk.joined.clear();
        desk.elements.extend(window.map(|it| Element::token(&tokens[it], it)));
        desk.node_of.resize(desk.elements.len(), None);
        for (index, level) in self.levels.iter().enumerate() {
            if index > 0 && desk.nodes.len() <= usize::from(level.joins) {
                break;
            }
            let window = desk.window(index, level.scanner.reach());
            level.scanner.encode(&desk.elements[window.clone()], &mut desk.encoded);
            level.scanner.find(&mut desk.encoded, &mut desk.found);
            if !desk.found.is_empty() {
                self.replace(index, window.start, tokens, desk);
            }
        }
    }

    /// Puts one element in the place of each match; `offset` is the element that the window of
    /// the level begins at.
    fn replace(&self, index: usize, offset: usize, tokens: &[Token], desk: &mut Desk) {
        let level = &self.levels[index];
        std::mem::swap(&mut desk.elements, &mut desk.before.0);
        std::mem::swap(&mut desk.node_of, &mut desk.before.1);
        let before = Before { elements: &desk.before.0, nodes: &desk.before.1, offset };
        desk.elements.clear();
        desk.node_of.clear();
        let mut next = 0;
        for found in &desk.found {
            let rule = &level.rules[found.rule];
            let start = offset + found.range.start;
            desk.elements.extend_from_slice(&before.elements[next..start]);
            desk.node_of.extend_from_slice(&before.nodes[next..start]);
            next = start;
            if !rule.joins && rule.value.is_none() {
                continue;
            }
            let parts = level.scanner.parts(&mut desk.encoded, found);
            if rule.joins
                && let (Some(first), Some(_)) =
                    (before.end(&parts, FIRST), before.end(&parts, LAST))
            {
                desk.nodes[first].opens_range = true;
                desk.joined.push((index, found.rule));
            }
            if rule.value.is_none() {
                continue;
            }
            let extent = parts.iter().find(|it| it.name == EXTENT);
            let extent = extent.map_or(&found.range, |it| &it.range).clone();
            let start = offset + extent.start;
            desk.elements.extend_from_slice(&before.elements[next..start]);
            desk.node_of.extend_from_slice(&before.nodes[next..start]);
            next = offset + extent.end;
            let range = before.tokens(&extent);
            let first_part = desk.parts.len();
            desk.parts.extend(parts.iter().filter_map(|it| before.part(it, rule)));
            desk.node_of.push(Some(desk.nodes.len()));
            desk.elements.push(element(tokens, &range, rule.kind));
            let (level, rule) = (index as u8, found.rule as u16);
            let parts = first_part..desk.parts.len();
            desk.nodes.push(Node { level, rule, tokens: range, parts, opens_range: false });
        }
        desk.elements.extend_from_slice(&before.elements[next..]);
        desk.node_of.extend_from_slice(&before.nodes[next..]);
    }

    #[inline]
    pub(super) fn rule(&self, node: &Node) -> &Rule {
        &self.levels[usize::from(node.level)].rules[usize::from(node.rule)]
    }
}

/// The element that a match becomes, of so many tokens.
fn element(tokens: &[Token], range: &Range<usize>, kind: u8) -> Element {
    Element {
        kind,
        entry: tokens[range.end - 1].entry,
        shape: tokens[range.start].shape,
        first: range.start as u32,
        last: range.end as u32,
    }
}

/// What the rules of a level looked at.
struct Before<'a> {
    elements: &'a [Element],
    nodes: &'a [Option<usize>],
    /// The element that the window of the level begins at.
    offset: usize,
}

impl Before<'_> {
    fn tokens(&self, range: &Range<usize>) -> Range<usize> {
        let first = &self.elements[self.offset + range.start];
        let last = &self.elements[self.offset + range.end - 1];
        first.first as usize..last.last as usize
    }

    /// The expression that the part of this name, the [`FIRST`] or [`LAST`], begins with.
    fn end(&self, parts: &[Part<'_>], name: &str) -> Option<usize> {
        let part = parts.iter().find(|it| it.name == name)?;
        self.nodes.get(part.range.start + self.offset).copied().flatten()
    }

    fn part(&self, part: &Part<'_>, rule: &Rule) -> Option<NodePart> {
        let name = rule.parts.iter().position(|it| it.0 == part.name)?;
        if part.range.is_empty() {
            return None;
        }
        let places = self.offset + part.range.start..self.offset + part.range.end;
        let node = self.nodes[places].iter().flatten().next().copied();
        Some(NodePart { name, tokens: self.tokens(&part.range), node })
    }
}
