//! Finds expressions of time and says what they mean: TIMEX3 type, value and modifier, EDTF, and
//! the days they cover.
//!
//! The rules of level 1 find expressions among words (`June 3`, `three days`, `9 a.m.`); those of
//! later levels put them together (`early on June 3`, `nearly three days`). Then each is worked
//! out, in order of place, against the day of publication, the points the text has spoken of
//! before and the tense of the verbs around it.
//!
//! A wrong date is worse than an open one: what the words and the day of publication do not
//! settle stays open (`XXXX-06-28`).

mod checks;
mod length;
mod number;
mod point;
mod tense;
mod value;

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use jiff::civil::Date;

use self::checks::Checks;
use self::number::Numbers;
use self::point::{Clock, Point};
use self::tense::Tenses;
use self::value::{Formula, Slot, Story, Surroundings, Template, Value, close};
use crate::error::{Error, RuleError};
use crate::model::{
    BlockKind, Document, PublishedBasis, RuleId, Sentences, Shape, Timex, TimexKind, Token, Tokens,
};
use crate::rules::{
    ClassId, DateSpec, Element, Encoded, Found, Lexicon, Loaded, Pack, PackFile, PackFiles, Scanner,
};
use crate::text::Span;

/// Class of the words without one of which a sentence holds no date.
const TRIGGER: &str = "time-word";

/// One of so many paragraphs at the head may give the day of publication.
const HEAD: usize = 6;
/// A line that gives it has so many words and signs at most,
const LINE: usize = 14;
/// and so many words beside the day, if it is no line of the author or of the page.
const LABEL: usize = 1;

/// Parts of the rules that join two expressions.
const FIRST: &str = "first";
const LAST: &str = "last";
/// Part of a match that alone is the expression; the rest only says which one is meant.
const EXTENT: &str = "extent";

/// So many words rules may look at on either side of a [`TRIGGER`], and those of later levels, which
/// put together what is found, on either side of an expression: no more than they reach over.
const WINDOW: usize = 14;

/// The date rules of a pack, ready to run.
#[derive(Debug)]
pub struct Dates {
    levels: Vec<Level>,
    /// By entry: whether it is a [`TRIGGER`].
    triggers: Vec<bool>,
    numbers: Numbers,
    tenses: Tenses,
    /// By entry: what the parts of rules translate it to.
    lexicon: Translations,
}

/// The rules of one level.
#[derive(Debug)]
struct Level {
    scanner: Scanner,
    rules: Vec<Rule>,
    /// Whether all its rules only join two expressions.
    joins: bool,
}

/// A rule, read and checked.
#[derive(Debug)]
struct Rule {
    id: RuleId,
    kind: u8,
    /// Names of its parts, with the class of the same name.
    parts: Vec<(String, Option<ClassId>)>,
    /// None where the match is no date.
    value: Option<Formula>,
    modifier: Option<Template>,
    covers: Option<[Formula; 2]>,
    years: Option<[i16; 2]>,
    repeats: bool,
    modifies: bool,
    joins: bool,
    borrows: bool,
    /// Whether the meaning depends on the expression that follows.
    looks_ahead: bool,
}

/// What the word lists translate words to, by entry and class.
#[derive(Debug, Default)]
struct Translations(rustc_hash::FxHashMap<(u32, ClassId), Box<str>>);

/// A match of a rule in a sentence.
#[derive(Debug, Clone)]
struct Node {
    level: u8,
    rule: u16,
    tokens: Range<usize>,
    /// In [`Desk::parts`].
    parts: Range<usize>,
    /// As [`Timex::opens_range`].
    opens_range: bool,
}

/// A part of a match.
#[derive(Debug, Clone)]
struct NodePart {
    /// Index into [`Rule::parts`].
    name: usize,
    tokens: Range<usize>,
    /// The expression that it is, if it was one.
    node: Option<usize>,
}

/// What a sentence is looked through with; kept from one to the next.
#[derive(Debug, Default)]
struct Desk {
    elements: Vec<Element>,
    /// For each element the node that it is.
    node_of: Vec<Option<usize>>,
    nodes: Vec<Node>,
    /// Level and index of the rules that joined expressions.
    joined: Vec<(usize, usize)>,
    parts: Vec<NodePart>,
    encoded: Encoded,
    found: Vec<Found>,
    /// Elements and their nodes as they were at the level before.
    before: (Vec<Element>, Vec<Option<usize>>),
}

impl Desk {
    /// A desk with room for most sentences.
    fn new() -> Desk {
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
    fn kept(&self) -> Desk {
        Desk {
            node_of: self.node_of.clone(),
            nodes: self.nodes.clone(),
            parts: self.parts.clone(),
            ..Desk::default()
        }
    }

    fn parts_of(&self, node: &Node) -> &[NodePart] {
        &self.parts[node.parts.clone()]
    }
}

/// An expression, worked out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Meaning {
    value: Value,
    modifier: &'static str,
}

impl Dates {
    /// Compiles the date rules of a pack.
    ///
    /// # Errors
    /// Patterns and values that cannot be read, each with its place.
    pub fn new(pack: &Pack) -> Result<Dates, Error> {
        let mut levels = Vec::new();
        let mut mistakes = Vec::new();
        for rules in pack.dates.chunk_by(|a, b| a.spec.level == b.spec.level) {
            let mut read = Vec::new();
            for rule in rules {
                match Rule::new(pack, rule) {
                    Ok(rule) => read.push(rule),
                    Err(mistake) => mistakes.push(mistake),
                }
            }
            let joins = read.iter().all(|it| it.joins);
            levels.push(Level { scanner: Scanner::new(pack, rules)?, rules: read, joins });
        }
        if mistakes.is_empty() {
            mistakes = mistaken(pack, &levels);
        }
        if !mistakes.is_empty() {
            return Err(Error::Rules(mistakes));
        }
        let lexicon = &pack.lexicon;
        let trigger = lexicon.class(TRIGGER);
        let is_trigger = |it| trigger.is_some_and(|class| lexicon.has(it, class));
        Ok(Dates {
            triggers: (0..lexicon.len() as u32).map(is_trigger).collect(),
            numbers: Numbers::new(lexicon),
            tenses: Tenses::new(lexicon),
            lexicon: Translations::new(lexicon, &levels),
            levels,
        })
    }

    /// The expressions of time of a document, in order of place, without overlap.
    ///
    /// Without a day of publication, the article's own full dates give the year that its months
    /// and days without one are in; weekdays and `yesterday` stay open. So they do in another text
    /// that was set aside, of which nothing else is read.
    pub fn find(&self, document: &Document, sentences: &Sentences, tokens: &Tokens) -> Vec<Timex> {
        let known = Published {
            day: document.meta.published,
            is_inferred: document.meta.published_basis == PublishedBasis::Inferred,
            is_coarse: false,
        };
        let mut found = self.in_article(document, sentences, tokens, known);
        let is_other = |it| it == BlockKind::Foreign;
        if document.blocks.iter().any(|it| is_other(it.kind)) {
            // Of another text that stands with the article nobody knows from which day it is.
            let other = Published::default();
            found.extend(self.read(document, sentences, tokens, other, is_other, |_, _| {}));
            found.sort_by_key(|it| it.span);
        }
        found
    }

    /// As [`Dates::find`], of the article alone.
    fn in_article(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        known: Published,
    ) -> Vec<Timex> {
        // A dateline makes no statement, but it dates the article.
        let is_own = |it: BlockKind| it.is_read() || it == BlockKind::Dateline;
        if known.day.is_some() {
            return self.read(document, sentences, tokens, known, is_own, |_, _| {});
        }
        // Without that day what is found is kept, since it may have to be worked out again.
        let mut kept = Vec::new();
        let found = self.read(document, sentences, tokens, known, is_own, |outer, desk| {
            kept.push((outer, desk.kept()));
        });
        let Some(own) = latest(&found) else { return found };
        let own = Published { day: Some(own), is_inferred: true, is_coarse: true };
        let mut reading = Reading::new(self, document.text(), own);
        for (outer, desk) in &kept {
            reading.sentence(tokens.of(*outer), desk);
        }
        reading.timexes
    }

    /// The day that a line of its own gives, at the head of a document: that of publication. The
    /// line of the author may hold one, too. What stands at the end may belong to another text.
    pub fn published(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
    ) -> Option<Date> {
        let mut desk = Desk::new();
        for (index, outer) in sentences.outer.iter().enumerate() {
            let at = outer.block as usize;
            let Some(kind) = document.blocks.get(at).map(|it| it.kind) else { continue };
            let tokens = tokens.of(index);
            if at >= HEAD || kind == BlockKind::Foreign {
                return None;
            }
            if tokens.len() > LINE {
                continue;
            }
            let Some(window) = self.window(tokens) else { continue };
            self.scan(tokens, window, &mut desk);
            let mut reading = Reading::new(self, document.text(), Published::default());
            reading.sentence(tokens, &desk);
            let days: Vec<&Timex> = reading.timexes.iter().filter(|it| is_full_day(it)).collect();
            let [timex] = days[..] else { continue };
            let is_word = |it: &&Token| {
                let opens = it.span.of(document.text()).starts_with(char::is_alphabetic);
                opens && !timex.span.contains(it.span)
            };
            let others = tokens.iter().filter(is_word).count();
            let is_aside = matches!(kind, BlockKind::Byline | BlockKind::Furniture);
            if is_aside || others <= LABEL {
                return timex.days.map(|it| it.0);
            }
        }
        None
    }

    fn read(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        published: Published,
        is_wanted: impl Fn(BlockKind) -> bool,
        mut scanned: impl FnMut(usize, &Desk),
    ) -> Vec<Timex> {
        let mut reading = Reading::new(self, document.text(), published);
        let mut desk = Desk::new();
        for (index, outer) in sentences.outer.iter().enumerate() {
            let block = document.blocks.get(outer.block as usize);
            if !is_wanted(block.map_or(BlockKind::Paragraph, |it| it.kind)) {
                continue;
            }
            let tokens = tokens.of(index);
            if let Some(window) = self.window(tokens) {
                self.scan(tokens, window, &mut desk);
                if !desk.nodes.is_empty() {
                    reading.sentence(tokens, &desk);
                    scanned(index, &desk);
                }
            }
        }
        reading.timexes
    }

    /// The tokens around those without which there is no date; nothing if there are none.
    fn window(&self, tokens: &[Token]) -> Option<Range<usize>> {
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
    fn scan(&self, tokens: &[Token], window: Range<usize>, desk: &mut Desk) {
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
        let (old, old_nodes) = (&desk.before.0, &desk.before.1);
        desk.elements.clear();
        desk.node_of.clear();
        let mut next = 0;
        for found in &desk.found {
            let rule = &level.rules[found.rule];
            let of_tokens = |range: &Range<usize>| {
                old[offset + range.start].first as usize..old[offset + range.end - 1].last as usize
            };
            let start = offset + found.range.start;
            desk.elements.extend_from_slice(&old[next..start]);
            desk.node_of.extend_from_slice(&old_nodes[next..start]);
            next = start;
            if !rule.joins && rule.value.is_none() {
                continue;
            }
            let parts = level.scanner.parts(&mut desk.encoded, found);
            if rule.joins {
                let part = |name: &str| {
                    let at = parts.iter().find(|it| it.name == name)?.range.start + offset;
                    old_nodes.get(at).copied().flatten()
                };
                if let (Some(first), Some(_)) = (part(FIRST), part(LAST)) {
                    desk.nodes[first].opens_range = true;
                    desk.joined.push((index, found.rule));
                }
            }
            if rule.value.is_none() {
                continue;
            }
            let extent = parts.iter().find(|it| it.name == EXTENT);
            let extent = extent.map_or(&found.range, |it| &it.range).clone();
            let start = offset + extent.start;
            desk.elements.extend_from_slice(&old[next..start]);
            desk.node_of.extend_from_slice(&old_nodes[next..start]);
            next = offset + extent.end;
            let range = of_tokens(&extent);
            let first_part = desk.parts.len();
            for part in parts {
                let Some(name) = rule.parts.iter().position(|it| it.0 == part.name) else {
                    continue;
                };
                if part.range.is_empty() {
                    continue;
                }
                let places = offset + part.range.start..offset + part.range.end;
                let node = old_nodes[places].iter().flatten().next().copied();
                desk.parts.push(NodePart { name, tokens: of_tokens(&part.range), node });
            }
            desk.node_of.push(Some(desk.nodes.len()));
            let (first, last) = (&tokens[range.start], &tokens[range.end - 1]);
            desk.elements.push(Element {
                kind: rule.kind,
                entry: last.entry,
                shape: first.shape,
                first: range.start as u32,
                last: range.end as u32,
            });
            let (level, rule) = (index as u8, found.rule as u16);
            let parts = first_part..desk.parts.len();
            desk.nodes.push(Node { level, rule, tokens: range, parts, opens_range: false });
        }
        desk.elements.extend_from_slice(&old[next..]);
        desk.node_of.extend_from_slice(&old_nodes[next..]);
    }

    fn rule(&self, node: &Node) -> &Rule {
        &self.levels[usize::from(node.level)].rules[usize::from(node.rule)]
    }
}

/// The mistakes in rules that are read; those of the built-in pack are tested.
fn mistaken(pack: &Pack, levels: &[Level]) -> Vec<RuleError> {
    let rules = pack.dates.iter().zip(levels.iter().flat_map(|it| &it.rules));
    let mut checks = None;
    let mut mistakes = Vec::new();
    let mut tested: Option<&PackFile> = None;
    for (loaded, rule) in rules {
        if tested.is_some_and(|it| std::ptr::eq(it, &*loaded.file)) {
            continue;
        }
        if PackFiles::is_built_in(&loaded.file) {
            tested = Some(&loaded.file);
            continue;
        }
        mistakes.extend(checks.get_or_insert_with(|| Checks::new(pack)).of(loaded, rule));
    }
    mistakes
}

/// Whether it is a day with its year that dates something.
fn is_full_day(timex: &Timex) -> bool {
    let is_day = timex.days.is_some_and(|(first, last)| first == last);
    is_day && timex.kind == TimexKind::Date && !timex.is_modifier && timex.modifier.is_empty()
}

/// The last day that a text without a day of publication gives in full, where some other of its
/// dates lies in the same year: one date alone may be anybody's birthday.
fn latest(timexes: &[Timex]) -> Option<Date> {
    let latest = timexes.iter().filter(|it| is_full_day(it)).filter_map(|it| it.days).max()?.0;
    let is_near = |it: &&Timex| {
        let within = it.days.is_some_and(|(first, last)| {
            first.year() == latest.year() && (last - first).get_days() <= 31
        });
        within && matches!(it.kind, TimexKind::Date | TimexKind::Time)
    };
    (timexes.iter().filter(is_near).count() > 1).then_some(latest)
}

/// What is known of the day of publication.
#[derive(Debug, Clone, Copy, Default)]
struct Published {
    day: Option<Date>,
    is_inferred: bool,
    /// Whether only its year is sure, and the day stands for it.
    is_coarse: bool,
}

/// Reading a document from its first sentence to its last.
struct Reading<'a> {
    dates: &'a Dates,
    text: &'a str,
    published: Published,
    story: Story,
    timexes: Vec<Timex>,
}

impl<'a> Reading<'a> {
    fn new(dates: &'a Dates, text: &'a str, published: Published) -> Reading<'a> {
        Reading { dates, text, published, story: Story::default(), timexes: Vec::new() }
    }

    /// Works out what the expressions of a sentence mean.
    fn sentence(&mut self, tokens: &[Token], desk: &Desk) {
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

    fn around(&self, tokens: &[Token], node: &Node, next: Option<Point>) -> Surroundings<'_> {
        Surroundings {
            published: self.published.day,
            is_coarse: self.published.is_coarse,
            story: &self.story,
            tense: self.dates.tenses.around(tokens, node.tokens.clone()),
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
                timex.edtf = point.edtf();
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

impl Rule {
    fn new(pack: &Pack, rule: &Loaded<DateSpec>) -> Result<Rule, RuleError> {
        let spec = &rule.spec;
        let names = part_names(spec.pattern.get_ref());
        let formula = |text: &toml::Spanned<String>| {
            Formula::parse(text.get_ref(), &names).map_err(|it| rule.mistake(text, it))
        };
        let value = spec.value.as_ref().map(formula).transpose()?;
        let modifier = spec.modifier.as_ref().map(|text| {
            let is_known = text.get_ref().contains('{') || modifier_named(text.get_ref()).is_some();
            if !is_known {
                let message = format!("`{}` is no modifier of TIMEX3", text.get_ref());
                return Err(rule.error(text, message, format!("one of {}", MODIFIERS.join(", "))));
            }
            Template::parse(text.get_ref(), &names).map_err(|it| rule.mistake(text, it))
        });
        let covers = match &spec.covers {
            Some([first, last]) => Some([formula(first)?, formula(last)?]),
            None => None,
        };
        let modifier = modifier.transpose()?;
        let mut formulas = value.iter().chain(covers.iter().flatten());
        let looks_ahead = formulas.any(Formula::looks_ahead)
            || modifier.as_ref().is_some_and(Template::looks_ahead);
        let kind = pack.kind(spec.kind.get_ref()).expect("the pack knows the kinds of its rules");
        let with_class = |it: String| {
            let class = pack.lexicon.class(&it);
            (it, class)
        };
        Ok(Rule {
            id: RuleId::new(spec.id.get_ref()),
            kind,
            modifier,
            value,
            covers,
            years: spec.years.as_ref().map(|it| *it.get_ref()),
            repeats: spec.repeats,
            modifies: spec.modifies,
            joins: spec.joins,
            borrows: spec.borrows,
            looks_ahead,
            parts: names.into_iter().map(with_class).collect(),
        })
    }
}

/// The names of the parts of a pattern, each once.
fn part_names(pattern: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pattern.split('{').skip(1) {
        let Some((name, _)) = piece.split_once(':') else { continue };
        let name = name.trim();
        let is_name = name.starts_with(|it: char| it.is_ascii_lowercase())
            && name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        if is_name && !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names
}

impl Translations {
    fn new(lexicon: &Lexicon, levels: &[Level]) -> Translations {
        let rules = levels.iter().flat_map(|it| &it.rules);
        let mut classes: Vec<ClassId> =
            rules.flat_map(|it| &it.parts).filter_map(|it| it.1).collect();
        classes.sort_unstable();
        classes.dedup();
        let mut found = Translations::default();
        for entry in 0..lexicon.len() as u32 {
            for &class in &classes {
                if let Some(value) = lexicon.value(entry, class) {
                    found.0.insert((entry, class), value.into());
                }
            }
        }
        found
    }
}

/// The modifiers of TIMEX3.
const MODIFIERS: &[&str] = &[
    "BEFORE",
    "AFTER",
    "ON_OR_BEFORE",
    "ON_OR_AFTER",
    "LESS_THAN",
    "MORE_THAN",
    "EQUAL_OR_LESS",
    "EQUAL_OR_MORE",
    "START",
    "MID",
    "END",
    "APPROX",
];

fn modifier_named(word: &str) -> Option<&'static str> {
    MODIFIERS.iter().copied().find(|it| *it == word)
}

#[cfg(test)]
mod tests;
