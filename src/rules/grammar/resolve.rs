//! Puts defined patterns in the place of their names and says of each bare name what it means.

use std::ops::Range;

use super::alphabet::is_form;
use crate::rules::pack::Pack;
use crate::rules::pattern::{Condition, Mistake, Node};

/// The same pattern without defined names: what is left are element kinds and forms, and every
/// condition says which kind of element it speaks of.
///
/// # Errors
/// A name that nothing has, a class without words, a definition that needs itself.
pub(crate) fn resolve(node: &Node, pack: &Pack) -> Result<Node, Mistake> {
    Resolver { pack, open: Vec::new() }.node(node)
}

struct Resolver<'a> {
    pack: &'a Pack,
    /// Names being resolved, against circles.
    open: Vec<String>,
}

impl Resolver<'_> {
    fn node(&mut self, node: &Node) -> Result<Node, Mistake> {
        Ok(match node {
            Node::Sequence(all) => Node::Sequence(self.nodes(all)?),
            Node::Choice(all) => choice(self.nodes(all)?),
            Node::Repeat(it, min, max) => Node::Repeat(Box::new(self.node(it)?), *min, *max),
            Node::Part(name, it) => Node::Part(name.clone(), Box::new(self.node(it)?)),
            Node::One(Condition::Any) => Node::One(Condition::Any),
            Node::One(condition) => Node::One(self.element(condition)?),
            Node::Class(name, at) => self.class(name, at)?,
            Node::Name(name, at) => self.name(name, at)?,
            Node::Start => Node::Start,
            Node::End => Node::End,
        })
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<Vec<Node>, Mistake> {
        nodes.iter().map(|it| self.node(it)).collect()
    }

    /// A class outside brackets: its entries of several words, longest first, and its words.
    fn class(&mut self, name: &str, at: &Range<usize>) -> Result<Node, Mistake> {
        let single = self.element(&Condition::Class(name.to_owned(), at.clone()))?;
        let id = self.pack.lexicon.class(name).expect("the line above has looked it up");
        let mut phrases: Vec<&Vec<String>> = self.pack.lexicon.phrases(id).iter().collect();
        phrases.sort_by_key(|it| std::cmp::Reverse(it.len()));
        let mut choices = Vec::new();
        for phrase in phrases {
            let words = phrase.iter().map(|it| self.element(&Condition::Word(it.clone())));
            choices
                .push(Node::Sequence(words.map(|it| it.map(Node::One)).collect::<Result<_, _>>()?));
        }
        choices.push(Node::One(single));
        Ok(choice(choices))
    }

    fn name(&mut self, name: &str, at: &Range<usize>) -> Result<Node, Mistake> {
        if self.pack.kind(name).is_some() || is_form(name) {
            return Ok(Node::One(self.element(&Condition::Name(name.to_owned(), at.clone()))?));
        }
        let Some(define) = self.pack.defines.get(name) else { return Err(self.unknown(name, at)) };
        if self.open.iter().any(|it| it == name) {
            let message = format!("`{name}` is defined by itself");
            let help = "write the repetition with `*` or `+`".to_owned();
            return Err(Mistake { at: at.clone(), message, help });
        }
        self.open.push(name.to_owned());
        let node = self.node(&define.node);
        self.open.pop();
        node.map_err(|it| Mistake { at: at.clone(), ..it })
    }

    /// A condition on one element; on a plain word where it does not say otherwise.
    fn element(&mut self, condition: &Condition) -> Result<Condition, Mistake> {
        let mut names_kind = false;
        let resolved = self.condition(condition, &mut names_kind)?;
        if names_kind {
            return Ok(resolved);
        }
        let word = Condition::Name("word".to_owned(), 0..0);
        Ok(Condition::And(vec![word, resolved]))
    }

    fn condition(
        &mut self,
        condition: &Condition,
        names_kind: &mut bool,
    ) -> Result<Condition, Mistake> {
        Ok(match condition {
            Condition::Any => {
                *names_kind = true;
                Condition::Any
            }
            Condition::Word(word) => Condition::Word(word.clone()),
            Condition::Class(name, at) => self.class_name(name, at)?,
            Condition::Name(name, at) => {
                if is_form(name) {
                    return Ok(Condition::Name(name.clone(), 0..0));
                }
                *names_kind = true;
                if self.pack.kind(name).is_some() {
                    return Ok(Condition::Name(name.clone(), 0..0));
                }
                match self.name(name, at)? {
                    Node::One(condition) => condition,
                    Node::Choice(all) => Condition::Or(one_element_each(name, at, all)?),
                    _ => return Err(several(name, at)),
                }
            }
            Condition::And(all) => Condition::And(self.conditions(all, names_kind)?),
            Condition::Or(all) => Condition::Or(self.conditions(all, names_kind)?),
            Condition::Not(it) => Condition::Not(Box::new(self.condition(it, names_kind)?)),
        })
    }

    fn conditions(
        &mut self,
        all: &[Condition],
        names_kind: &mut bool,
    ) -> Result<Vec<Condition>, Mistake> {
        all.iter().map(|it| self.condition(it, names_kind)).collect()
    }

    fn class_name(&self, name: &str, at: &Range<usize>) -> Result<Condition, Mistake> {
        if self.pack.lexicon.class(name).is_some() {
            return Ok(Condition::Class(name.to_owned(), 0..0));
        }
        let known = self.pack.lexicon.class_names().iter().map(String::as_str);
        let message = format!("no word list has a class `{name}`");
        Err(Mistake { at: at.clone(), message, help: suggestion(name, known, "@") })
    }

    fn unknown(&self, name: &str, at: &Range<usize>) -> Mistake {
        let kinds = self.pack.kinds().iter().map(String::as_str);
        let known = kinds
            .chain(self.pack.defines.keys().map(String::as_str))
            .chain(super::alphabet::FORMS.iter().copied());
        let message = format!("nothing is called `{name}`");
        Mistake { at: at.clone(), message, help: suggestion(name, known, "") }
    }
}

/// A choice without choices in it, in which those of one element that stand side by side are one:
/// which of them it was makes no difference.
fn choice(nodes: Vec<Node>) -> Node {
    let flat = nodes.into_iter().flat_map(|it| match it {
        Node::Choice(all) => all,
        other => vec![other],
    });
    let mut choices: Vec<Node> = Vec::new();
    for node in flat {
        match (choices.last_mut(), node) {
            (Some(Node::One(Condition::Or(all))), Node::One(Condition::Or(more))) => {
                all.extend(more);
            }
            (Some(Node::One(Condition::Or(all))), Node::One(it)) => all.push(it),
            (Some(Node::One(last)), Node::One(it)) => {
                *last = Condition::Or(vec![last.clone(), it]);
            }
            (_, node) => choices.push(node),
        }
    }
    if choices.len() == 1 { choices.remove(0) } else { Node::Choice(choices) }
}

fn one_element_each(
    name: &str,
    at: &Range<usize>,
    nodes: Vec<Node>,
) -> Result<Vec<Condition>, Mistake> {
    let one = |node| match node {
        Node::One(condition) => Ok(condition),
        _ => Err(several(name, at)),
    };
    nodes.into_iter().map(one).collect()
}

fn several(name: &str, at: &Range<usize>) -> Mistake {
    Mistake {
        at: at.clone(),
        message: format!("`{name}` may be several elements where one is spoken of"),
        help: "put it outside of `[ ]`".to_owned(),
    }
}

/// What was meant, perhaps.
fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>, sign: &str) -> String {
    match nearest(name, known) {
        Some(known) => format!("did you mean `{sign}{known}`?"),
        None => "a word itself stands in double quotes".to_owned(),
    }
}

/// The nearest known name, if one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Letters that changed places are a likelier slip than some that are missing.
    let key = |it: &'a str| (distance(name, it), it.len().abs_diff(name.len()), it);
    let (distance, _, known) = known.map(key).min()?;
    (distance <= 1 + name.len() / 4).then_some(known)
}

/// Levenshtein distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let changed = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
}
