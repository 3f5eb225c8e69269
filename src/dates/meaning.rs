//! Works out what the expressions of a document mean, from its first sentence to its last.

use std::borrow::Cow;
use std::cell::Cell;

use super::Dates;
use super::point::{Clock, Point};
use super::publication::Published;
use super::rule::modifier_named;
use super::scan::{Desk, Node};
use super::tense::Verbs;
use super::value::{Formula, Slot, Story, Surroundings, Value, close};
use crate::model::{Shape, Timex, TimexKind, Token};
use crate::rules::ClassId;
use crate::text::Span;

/// An expression, worked out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Meaning {
    value: Value,
    modifier: &'static str,
}

/// Reading a document from its first sentence to its last.
pub(super) struct Reading<'a> {
    dates: &'a Dates,
    text: &'a str,
    published: Published,
    story: Story,
    pub(super) timexes: Vec<Timex>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(dates: &'a Dates, text: &'a str, published: Published) -> Reading<'a> {
        Reading { dates, text, published, story: Story::default(), timexes: Vec::new() }
    }

    /// Works out what the expressions of a sentence mean.
    pub(super) fn sentence(&mut self, tokens: &[Token], desk: &Desk) {
        let mut tops = desk.node_of.iter().flatten().copied().peekable();
        while let Some(top) = tops.next() {
            let node = &desk.nodes[top];
            let next = tops.peek().filter(|_| self.looks_ahead(desk, node)).and_then(|&next| {
                let node = &desk.nodes[next];
                let around = self.around(tokens, node, None);
                let meaning = self.meaning(tokens, desk, next, &around)?;
                let point = self.point(meaning.value, &around)?;
                let is_borrowed = self.dates.rule(node).borrows
                    && self.is_without_day(tokens, desk, node, &around);
                Some(if is_borrowed { point.clock_alone() } else { point })
            });
            let around = self.around(tokens, node, next);
            let Some(meaning) = self.meaning(tokens, desk, top, &around) else {
                if let Some(before) = self.timexes.last_mut() {
                    before.opens_range = false;
                }
                continue;
            };
            let (timex, spoken) = self.timex(tokens, desk, top, meaning, &around);
            self.timexes.push(timex);
            match (spoken, meaning.value) {
                (Some(point), _) => self.story.add(point, self.published.day),
                // A report on many months speaks no longer of a quarter.
                (None, Value::Length(it)) if it.is_months() => self.story.leave_period(),
                _ => {}
            }
        }
    }

    /// Whether the meaning of an expression, or of one that it holds, depends on the next one.
    fn looks_ahead(&self, desk: &Desk, node: &Node) -> bool {
        let inner = || desk.parts_of(node).iter().filter_map(|it| it.node);
        self.dates.rule(node).looks_ahead
            || inner().any(|it| self.looks_ahead(desk, &desk.nodes[it]))
    }

    fn around<'b>(
        &'b self,
        tokens: &'b [Token],
        node: &Node,
        next: Option<Point>,
    ) -> Surroundings<'b> {
        Surroundings {
            published: self.published.day,
            is_coarse: self.published.is_coarse,
            story: &self.story,
            verbs: Verbs::new(&self.dates.tenses, tokens, node.tokens.clone()),
            next,
            asked: Cell::new(false),
        }
    }

    /// What a node means, worked out from its parts.
    fn meaning(
        &self,
        tokens: &[Token],
        desk: &Desk,
        index: usize,
        around: &Surroundings<'_>,
    ) -> Option<Meaning> {
        let node = &desk.nodes[index];
        let rule = self.dates.rule(node);
        let mut modifier = "";
        let slots = self.slots(tokens, desk, node, around, &mut modifier)?;
        let value = rule.value.as_ref()?.value(&slots, around)?;
        if let (Some(years), Value::Point(point, _)) = (rule.years, value)
            && let Some((first, _)) = point.days()
            && !(years[0]..=years[1]).contains(&first.year())
        {
            return None;
        }
        if let Some(template) = &rule.modifier
            && let Some(own) = template.text(&slots, around).and_then(|it| modifier_named(&it))
        {
            modifier = own;
        }
        Some(Meaning { value, modifier })
    }

    /// What the parts of a match hold; nothing if one of them is on no calendar.
    fn slots(
        &self,
        tokens: &[Token],
        desk: &Desk,
        node: &Node,
        around: &Surroundings<'_>,
        modifier: &mut &'static str,
    ) -> Option<Vec<Slot<'_>>> {
        let rule = self.dates.rule(node);
        let mut slots = vec![Slot::Empty; rule.parts.len()];
        for part in desk.parts_of(node) {
            slots[part.name] = match part.node {
                Some(inner) => {
                    let meaning = self.meaning(tokens, desk, inner, around)?;
                    if !meaning.modifier.is_empty() {
                        *modifier = meaning.modifier;
                    }
                    Slot::Value(meaning.value)
                }
                None => match self.word(&tokens[part.tokens.clone()], rule.parts[part.name].1) {
                    Some(word) => Slot::Word(word),
                    None => Slot::Empty,
                },
            };
        }
        Some(slots)
    }

    /// What the word lists make of the words of a part.
    fn word(&self, tokens: &[Token], class: Option<ClassId>) -> Option<Cow<'_, str>> {
        let dates = self.dates;
        if let ([token], Some(class)) = (tokens, class)
            && let Some(value) = dates.lexicon.0.get(&(token.entry, class))
        {
            return Some(Cow::Borrowed(value));
        }
        match tokens {
            [token] if matches!(token.shape.form(), Shape::DIGITS | Shape::NUMBER) => {
                let digits = token.span.of(self.text);
                let has_comma = digits.contains(',');
                Some(if has_comma { digits.replace(',', "").into() } else { digits.into() })
            }
            _ => match (dates.numbers.read(self.text, tokens), tokens) {
                (None, [token]) => Some(token.span.of(self.text).into()),
                (number, _) => number.map(Cow::Owned),
            },
        }
    }

    /// The point of a value, closed as far as possible.
    fn point(&self, value: Value, around: &Surroundings<'_>) -> Option<Point> {
        let Value::Point(point, choice) = value else { return None };
        Some(close(point, choice, around))
    }

    /// The expression as the next stages see it, and the point that the text now speaks of.
    fn timex(
        &self,
        tokens: &[Token],
        desk: &Desk,
        index: usize,
        meaning: Meaning,
        around: &Surroundings<'_>,
    ) -> (Timex, Option<Point>) {
        let node = &desk.nodes[index];
        let rule = self.dates.rule(node);
        let span = tokens[node.tokens.start].span.to(tokens[node.tokens.end - 1].span);
        let mut timex = Timex {
            span: Span::new(span.start as usize, span.end as usize),
            kind: TimexKind::Date,
            value: String::new(),
            modifier: meaning.modifier,
            edtf: String::new(),
            days: None,
            is_modifier: rule.modifies,
            is_inferred: false,
            opens_range: node.opens_range,
            rule: rule.id.clone(),
        };
        let mut spoken = None;
        match meaning.value {
            Value::Vague(value) => value.clone_into(&mut timex.value),
            Value::Length(length) => {
                timex.kind = TimexKind::Duration;
                timex.value = length.to_string();
                self.cover(tokens, desk, node, around, &mut timex);
            }
            Value::Point(point, choice) => {
                let point = if rule.repeats { point } else { close(point, choice, around) };
                if point.clock != Clock::None {
                    timex.kind = TimexKind::Time;
                }
                timex.value = point.written();
                timex.edtf = match point.plain() {
                    Some(_) => timex.value.clone(),
                    None => point.edtf(),
                };
                timex.days = point.days();
                let is_aside = rule.value.as_ref().is_some_and(Formula::is_aside);
                spoken = (!is_aside).then_some(point);
            }
        }
        timex.is_inferred = self.published.is_inferred && around.asked.get();
        if rule.repeats {
            timex.kind = TimexKind::Set;
            timex.edtf.clear();
            timex.days = None;
            spoken = None;
        }
        if rule.borrows && self.is_without_day(tokens, desk, node, around) {
            timex.edtf.clear();
            timex.days = None;
        }
        if timex.modifier == "APPROX" && !timex.edtf.is_empty() && !timex.edtf.contains('/') {
            timex.edtf.push('~');
        }
        (timex, spoken)
    }

    /// Whether no part of a match says which day is meant.
    fn is_without_day(
        &self,
        tokens: &[Token],
        desk: &Desk,
        node: &Node,
        around: &Surroundings<'_>,
    ) -> bool {
        desk.parts_of(node).iter().filter_map(|it| it.node).all(|inner| {
            let meaning = self.meaning(tokens, desk, inner, around);
            matches!(meaning, Some(Meaning { value: Value::Point(it, _), .. }) if it.is_open())
        })
    }

    /// The days that a length of time covers, where its rule knows them.
    fn cover(
        &self,
        tokens: &[Token],
        desk: &Desk,
        node: &Node,
        around: &Surroundings<'_>,
        timex: &mut Timex,
    ) -> Option<()> {
        let [first, last] = self.dates.rule(node).covers.as_ref()?;
        let slots = self.slots(tokens, desk, node, around, &mut "")?;
        let end = |formula: &Formula| self.point(formula.value(&slots, around)?, around);
        let (first, last) = (end(first)?, end(last)?);
        timex.days = Some((first.days()?.0, last.days()?.1));
        timex.edtf = format!("{first}/{last}");
        Some(())
    }
}
