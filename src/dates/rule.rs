//! A date rule, read and checked, and what the word lists make of the words in its parts.

use super::value::{Formula, Template};
use crate::error::RuleError;
use crate::model::RuleId;
use crate::rules::{ClassId, DateSpec, Lexicon, Loaded, Pack, Scanner};

/// Parts of the rules that join two expressions.
pub(super) const FIRST: &str = "first";
pub(super) const LAST: &str = "last";
/// Part of a match that alone is the expression; the rest only says which one is meant.
pub(super) const EXTENT: &str = "extent";

/// The rules of one level.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) scanner: Scanner,
    pub(super) rules: Vec<Rule>,
    /// Whether all its rules only join two expressions.
    pub(super) joins: bool,
}

/// A rule, read and checked.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: RuleId,
    pub(super) kind: u8,
    /// Names of its parts, with the class of the same name.
    pub(super) parts: Vec<(String, Option<ClassId>)>,
    /// None where the match is no date.
    pub(super) value: Option<Formula>,
    pub(super) modifier: Option<Template>,
    pub(super) covers: Option<[Formula; 2]>,
    pub(super) years: Option<[i16; 2]>,
    pub(super) repeats: bool,
    pub(super) modifies: bool,
    pub(super) joins: bool,
    pub(super) borrows: bool,
    /// Whether the meaning depends on the expression that follows.
    pub(super) looks_ahead: bool,
}

/// What the word lists translate words to, by entry and class.
#[derive(Debug, Default)]
pub(super) struct Translations(pub(super) rustc_hash::FxHashMap<(u32, ClassId), Box<str>>);

impl Rule {
    pub(super) fn new(pack: &Pack, rule: &Loaded<DateSpec>) -> Result<Rule, RuleError> {
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
pub(super) fn part_names(pattern: &str) -> Vec<String> {
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
    pub(super) fn new(lexicon: &Lexicon, levels: &[Level]) -> Translations {
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
pub(super) const MODIFIERS: &[&str] = &[
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

pub(super) fn modifier_named(word: &str) -> Option<&'static str> {
    MODIFIERS.iter().copied().find(|it| *it == word)
}
