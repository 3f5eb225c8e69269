//! Parts of patterns: which names mean something, by the kind of rule.
//!
//! A part with another name is matched and never asked for, so that a slip in it would cost the
//! rule what it finds without a word.

use std::collections::{BTreeMap, BTreeSet};

use super::pack::{Define, Loaded, Pack};
use super::pattern::{self, Mistake, Node, nearest};
use super::spec::{AttributionSpec, Reach, RuleSpec};
use crate::error::RuleError;

/// The first part of a pattern that no stage asks rules of this kind for.
pub(super) fn check<T: RuleSpec>(node: &Node, text: &str) -> Result<(), Mistake> {
    let Some(known) = T::PARTS else { return Ok(()) };
    let mut names = Vec::new();
    own(node, &mut names);
    let Some(name) = names.into_iter().find(|it| !known.contains(it)) else { return Ok(()) };
    let at = place(text, name).unwrap_or(0);
    Err(Mistake {
        at: at..at + name.len(),
        message: format!("a rule of the kind `{}` has no part `{name}`", T::TABLE),
        help: help(name, known),
    })
}

/// Rules that use a defined pattern with such a part.
pub(super) fn check_defined<T: RuleSpec>(rules: &[Loaded<T>], pack: &Pack) -> Vec<RuleError> {
    let Some(known) = T::PARTS else { return Vec::new() };
    let names = pack.defines.keys().map(String::as_str);
    let with_part = names.filter_map(|it| Some((it, unknown_part(it, known, &pack.defines)?)));
    let strange: BTreeMap<&str, &str> = with_part.collect();
    if strange.is_empty() {
        return Vec::new();
    }
    let mistake = |rule: &Loaded<T>| {
        let node = pattern::parse(rule.spec.pattern().get_ref()).ok()?;
        let mut names = Vec::new();
        pattern::names(&node, &mut names);
        let (name, at) = names.into_iter().find(|it| strange.contains_key(it.0))?;
        let part = strange[name];
        let message = format!(
            "a rule of the kind `{}` has no part `{part}`, as the defined pattern `{name}` has",
            T::TABLE
        );
        Some(rule.mistake(rule.spec.pattern(), Mistake { at, message, help: help(part, known) }))
    };
    rules.iter().filter_map(mistake).collect()
}

/// A rule that means to find statements and names no content, which finds none. One without is
/// the subject of a verb, and says nothing that only a statement has.
pub(super) fn check_content(rule: &Loaded<AttributionSpec>) -> Option<RuleError> {
    let spec = &rule.spec;
    let is_marked = |it: &&toml::Spanned<String>| it.get_ref().contains("](content)");
    let means_statements = spec.class.is_some()
        || spec.stance.is_some()
        || spec.reach != Reach::Match
        || spec.finds.iter().any(|it| is_marked(&it));
    if spec.names_content() || !means_statements {
        return None;
    }
    let message =
        format!("rule `{}` finds no statement: it has no part `content`", spec.id.get_ref());
    let help = "write `{content: …}` around the words of the pattern that are what is said, or \
                around those that it begins with, and let `reach` say how far it goes";
    Some(rule.error(&spec.pattern, message, help))
}

/// Names of the parts in a pattern itself.
fn own<'n>(node: &'n Node, found: &mut Vec<&'n str>) {
    match node {
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|it| own(it, found)),
        Node::Repeat(node, ..) => own(node, found),
        Node::Part(name, node) => {
            found.push(name);
            own(node, found);
        }
        Node::One(_) | Node::Class(..) | Node::Name(..) | Node::Start | Node::End => {}
    }
}

/// A part that is not known, in a defined pattern or in those that it uses.
fn unknown_part<'p>(
    name: &'p str,
    known: &[&str],
    defines: &'p BTreeMap<String, Define>,
) -> Option<&'p str> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        let Some(define) = defines.get(name).filter(|_| seen.insert(name)) else { continue };
        let mut parts = Vec::new();
        own(&define.node, &mut parts);
        if let Some(part) = parts.into_iter().find(|it| !known.contains(it)) {
            return Some(part);
        }
        let mut names = Vec::new();
        pattern::names(&define.node, &mut names);
        waiting.extend(names.into_iter().map(|it| it.0));
    }
    None
}

/// Where a part is named in the words of a pattern.
fn place(text: &str, name: &str) -> Option<usize> {
    let opened = text.match_indices('{').map(|(at, _)| {
        let inside = &text[at + 1..];
        at + 1 + inside.len() - inside.trim_start().len()
    });
    let is_named =
        |&at: &usize| text[at..].strip_prefix(name).is_some_and(|it| it.starts_with(':'));
    opened.into_iter().find(is_named)
}

fn help(name: &str, known: &[&str]) -> String {
    match (nearest(name, known.iter().copied()), known) {
        (Some(known), _) => format!("did you mean `{known}`?"),
        (None, []) => "nothing asks for parts of these rules: write the pattern alone".to_owned(),
        _ => {
            let known: Vec<_> = known.iter().map(|it| format!("`{it}`")).collect();
            format!("parts are {}", known.join(", "))
        }
    }
}
