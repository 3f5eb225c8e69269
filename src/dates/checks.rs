//! What a date rule says beside its pattern, checked: a slip in it would turn the rule off, or
//! the rules that are made of what it finds, without a word.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::{FIRST, LAST, Level, MODIFIERS, Rule, modifier_named, part_names};
use super::value::Template;
use crate::error::RuleError;
use crate::rules::pattern::{self, Mistake, Node};
use crate::rules::{
    ClassId, DATE_KINDS, DateExample, DateSpec, Loaded, Pack, PackFile, PackFiles, RuleSpec,
};

/// So many different translations of a class stand for all of them.
const SAMPLES: usize = 6;

/// The mistakes in rules that are read; those of the built-in pack are tested.
pub(super) fn mistaken(pack: &Pack, levels: &[Level]) -> Vec<RuleError> {
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

/// What the rules of a pack make and ask for.
pub(super) struct Checks<'a> {
    pack: &'a Pack,
    /// By kind of expression: the first level on which a rule makes it.
    made: BTreeMap<&'a str, u8>,
    /// All bare names in patterns.
    asked: BTreeSet<String>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(pack: &'a Pack) -> Checks<'a> {
        let mut made = BTreeMap::new();
        let mut asked = BTreeSet::new();
        let mut ask = |node: &Node| {
            let mut names = Vec::new();
            pattern::names(node, &mut names);
            asked.extend(names.into_iter().map(|it| it.0.to_owned()));
        };
        for rule in &pack.dates {
            let spec = &rule.spec;
            let level = made.entry(&**spec.kind.get_ref()).or_insert(spec.level);
            *level = spec.level.min(*level);
            let patterns = std::iter::once(&spec.pattern).chain(spec.context().all());
            patterns.filter_map(|it| pattern::parse(it.get_ref()).ok()).for_each(|it| ask(&it));
        }
        pack.defines.values().for_each(|it| ask(&it.node));
        Checks { pack, made, asked }
    }

    /// The mistakes in a rule.
    pub(super) fn of(&self, loaded: &Loaded<DateSpec>, rule: &Rule) -> Vec<RuleError> {
        let kind = self.kind(loaded);
        let all = [self.level(loaded), years(loaded), parts_of_join(loaded, rule)];
        let mut mistakes: Vec<RuleError> =
            kind.into_iter().chain(all.into_iter().flatten()).collect();
        mistakes.extend(self.values(loaded, rule));
        mistakes.extend(examples(loaded));
        mistakes
    }

    fn kind(&self, rule: &Loaded<DateSpec>) -> Option<RuleError> {
        let kind = &rule.spec.kind;
        let name = kind.get_ref();
        if DATE_KINDS.contains(&&**name) || self.asked.contains(name) {
            return None;
        }
        let message = format!("no pattern asks for expressions of the kind `{name}`");
        let help = match pattern::nearest(name, DATE_KINDS.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("kinds are `{}`", DATE_KINDS.join("`, `")),
        };
        Some(rule.error(kind, message, help))
    }

    /// A pattern that asks for what only the same or later levels make never matches.
    fn level(&self, rule: &Loaded<DateSpec>) -> Option<RuleError> {
        let spec = &rule.spec;
        let patterns = std::iter::once(&spec.pattern).chain(spec.context().all());
        for text in patterns {
            let Ok(node) = pattern::parse(text.get_ref()) else { continue };
            let mut names = Vec::new();
            pattern::names(&node, &mut names);
            let is_late = |name: &str| {
                let is_kind = name != "word" && self.pack.kind(name).is_some();
                is_kind && self.made.get(name).is_none_or(|&made| made >= spec.level)
            };
            let Some((name, at)) = names.into_iter().find(|it| is_late(it.0)) else { continue };
            let message = format!("no rule of a level before {} makes `{name}`", spec.level);
            let help = match self.made.get(name) {
                Some(made) => format!("this rule needs `level = {}`", made + 1),
                None => "date rules see words, and expressions that other date rules make".into(),
            };
            return Some(rule.mistake(text, Mistake { at, message, help }));
        }
        None
    }

    /// Values that mean nothing whatever is matched.
    fn values(&self, loaded: &Loaded<DateSpec>, rule: &Rule) -> Vec<RuleError> {
        let spec = &loaded.spec;
        let classes = rule.parts.iter().map(|it| it.1.map(|class| self.translations(class)));
        let words: Vec<Vec<&str>> = classes.map(Option::unwrap_or_default).collect();
        let mut mistakes = Vec::new();
        let covers = spec.covers.iter().flatten().zip(rule.covers.iter().flatten());
        for (text, formula) in spec.value.iter().zip(&rule.value).chain(covers) {
            if !formula.is_possible(&words) {
                let message = format!("`{}` is no value, whatever is matched", text.get_ref());
                let help = "write TIMEX3 values with slots, such as `{year}-{month}-{day}`";
                mistakes.push(loaded.error(text, message, help));
            }
        }
        let carries = |at: usize| words[at].iter().any(|it| modifier_named(it).is_some());
        if let Some(text) = &spec.modifier
            && let Some(at) = rule.modifier.as_ref().and_then(Template::part)
            && rule.parts[at].1.is_none_or(|_| !carries(at))
        {
            let message = format!("the words of `{}` are no modifiers", rule.parts[at].0);
            let help =
                format!("its word list must translate them to one of {}", MODIFIERS.join(", "));
            mistakes.push(loaded.error(text, message, help));
        }
        mistakes
    }

    /// Some of what the words of a class are translated to.
    fn translations(&self, class: ClassId) -> Vec<&'a str> {
        let lexicon = &self.pack.lexicon;
        let mut found: Vec<&str> = Vec::new();
        for value in (0..lexicon.len() as u32).filter_map(|it| lexicon.value(it, class)) {
            if found.len() < SAMPLES && !found.contains(&value) {
                found.push(value);
            }
        }
        found
    }
}

fn years(rule: &Loaded<DateSpec>) -> Option<RuleError> {
    let years = rule.spec.years.as_ref()?;
    let [first, last] = *years.get_ref();
    let message = format!("no year is from {first} to {last}");
    (first > last).then(|| rule.error(years, message, "the first year stands first"))
}

fn parts_of_join(rule: &Loaded<DateSpec>, read: &Rule) -> Option<RuleError> {
    let names = part_names(rule.spec.pattern.get_ref());
    let missing = [FIRST, LAST].into_iter().find(|it| !names.iter().any(|name| name == it))?;
    let message = format!("a rule that joins needs a part `{missing}`");
    let help = "write `{first: …}` and `{last: …}` around the two expressions";
    read.joins.then(|| rule.error(&rule.spec.pattern, message, help))
}

/// Days of publication in examples that are on no calendar.
fn examples(rule: &Loaded<DateSpec>) -> impl Iterator<Item = RuleError> {
    let all = rule.spec.finds.iter().chain(&rule.spec.silent);
    all.filter_map(|example| {
        let DateExample::Published { published, .. } = example.get_ref() else { return None };
        let is_day = published.is_empty() || published.parse::<jiff::civil::Date>().is_ok();
        let message = format!("`{published}` is no day");
        (!is_day).then(|| rule.error(example, message, "a day is written `2024-03-07`"))
    })
}
