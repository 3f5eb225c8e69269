//! Finds the people, states and organizations that a text names, and who is meant by each source.
//!
//! [`Actors::find`] owes the attributions every name in the text, with one actor for all names of
//! the same one (`Olga Melnikova`, `Melnikova`, `Ms. Melnikova`). [`Actors::resolve`] owes the
//! statements a speaker for each source: a name, `she`, `the minister`, `Moscow`.
//!
//! A wrong speaker is worse than none. Where the text does not settle who is meant, the speaker
//! stays open and the row keeps the words of the text. An actor that is only described (`a senior
//! official`) has the words for its name and no id.
//!
//! The way through: [`gazetteer`] finds known names, the rules of `actors/*.toml` shapes of
//! unknown ones; [`names`] tells which of them mean the same, and with [`states`] of which state a
//! ministry is; [`roles`] reads what the text says of a person; [`speakers`] follows pronouns and
//! descriptions back to them.

mod day;
mod discourse;
mod gazetteer;
mod hits;
mod names;
mod roles;
mod speakers;
mod states;
#[cfg(test)]
mod tests;
mod words;

use crate::error::Error;
use crate::model::{Attribution, Document, Mentions, RuleId, Sentences, Timex, Tokens};
use crate::rules::{Pack, PackFile, Scanner};

use gazetteer::{Gazetteer, KINDS};
use words::Words;

/// Knows actors and how they are named. Compiled once from a rule pack.
#[derive(Debug)]
pub struct Actors {
    gazetteer: Gazetteer,
    words: Words,
    scanner: Scanner,
    rules: Vec<Rule>,
    /// Number of the element kind `actor`.
    element: u8,
    sources: Sources,
}

/// An `[[actor]]` rule.
#[derive(Debug)]
struct Rule {
    id: RuleId,
    /// Kind of the actors it finds; empty where its shape does not tell.
    kind: &'static str,
}

/// What stands in the column `rule` for names that no `[[actor]]` rule found.
#[derive(Debug)]
struct Sources {
    gazetteer: RuleId,
    body: RuleId,
    surname: RuleId,
    acronym: RuleId,
    pronoun: RuleId,
    description: RuleId,
}

/// A document as the stages before have read it.
#[derive(Debug, Clone, Copy)]
struct Reading<'a> {
    document: &'a Document,
    sentences: &'a Sentences,
    tokens: &'a Tokens,
    timexes: &'a [Timex],
}

/// A kind of actor that is left open in a rule.
const OPEN: &str = "open";

impl Actors {
    /// Reads the lists and rules of the pack, and `extra` lists in the same columns.
    ///
    /// # Errors
    /// A list or rule breaks its form; each mistake is told with its line.
    pub fn new(pack: &Pack, extra: &[PackFile]) -> Result<Actors, Error> {
        let gazetteer = Gazetteer::load(pack, extra)?;
        let mut rules = Vec::new();
        let mut mistakes = Vec::new();
        for rule in &pack.actors {
            let written = rule.spec.kind.get_ref();
            let kind = KINDS.iter().find(|&it| it == written);
            if kind.is_none() && written != OPEN {
                let help = format!("use one of {}, {OPEN}", KINDS.join(", "));
                let message = format!("`{written}` is no kind of actor");
                mistakes.push(rule.error(&rule.spec.kind, message, help));
            }
            let id = RuleId::new(rule.spec.id.get_ref());
            rules.push(Rule { id, kind: kind.copied().unwrap_or_default() });
        }
        if !mistakes.is_empty() {
            return Err(Error::Rules(mistakes));
        }
        Ok(Actors {
            gazetteer,
            words: Words::new(pack),
            scanner: Scanner::new(pack, &pack.actors)?,
            rules,
            element: pack.kind("actor").expect("a built-in kind"),
            sources: Sources::new(),
        })
    }

    /// How many actors the lists know.
    pub fn known(&self) -> usize {
        self.gazetteer.len()
    }

    /// The names in a document, in order of place, without overlap, and whom they mean.
    ///
    /// Names inside an expression of time are left to it.
    pub fn find(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        timexes: &[Timex],
    ) -> Mentions {
        names::find(self, &Reading { document, sentences, tokens, timexes })
    }

    /// Sets the speaker of each attribution whose source can be settled.
    ///
    /// Adds the pronouns and descriptions that were settled to the mentions, and actors that are
    /// only described; the latter have no id.
    pub fn resolve(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
        mentions: &mut Mentions,
        attributions: &mut [Attribution],
    ) {
        speakers::resolve(self, document, sentences, tokens, mentions, attributions);
    }
}

impl Sources {
    fn new() -> Sources {
        Sources {
            gazetteer: RuleId::new("gazetteer"),
            body: RuleId::new("government-pattern"),
            surname: RuleId::new("surname"),
            acronym: RuleId::new("acronym"),
            pronoun: RuleId::new("pronoun"),
            description: RuleId::new("description"),
        }
    }
}
