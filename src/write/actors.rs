//! The actors of all documents, counted.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::cells;
use super::staging::{Finished, Hashed};
use crate::error::Error;
use crate::model::{Actor, Analysis, MentionForm, Statement};
use crate::people::{Link, Person};

/// How often an actor was met: in a document, or in a dataset as a row of `actors.csv`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActorCount {
    /// Id of the actor.
    #[serde(rename = "actor_id")]
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Kind of actor.
    pub kind: String,
    /// The names it was met by, joined with `; `.
    pub aliases: String,
    /// For each of them, in the same order, a document that has it.
    pub alias_documents: String,
    /// Times it was named or meant.
    pub mentions: u64,
    /// Documents that name or mean it.
    pub documents: u64,
    /// Statements that it made.
    pub statements: u64,
}

impl ActorCount {
    /// A row of `actors.csv` without the apostrophes that make its cells safe to open.
    pub fn plain(row: ActorCount) -> ActorCount {
        let ActorCount { id, name, kind, aliases, alias_documents, .. } = &row;
        let [id, name, kind, aliases, alias_documents] =
            [id, name, kind, aliases, alias_documents].map(|it| cells::plain(it));
        ActorCount { id, name, kind, aliases, alias_documents, ..row }
    }

    /// The actors of one document.
    pub(super) fn of(analysis: &Analysis, statements: &[Statement]) -> Vec<ActorCount> {
        let mentions = &analysis.mentions;
        let mut spoken: FxHashMap<&str, u64> = FxHashMap::default();
        for it in statements {
            *spoken.entry(&it.speaker_id).or_default() += 1;
        }
        let count = |actor: &Actor| ActorCount {
            id: actor.id.clone(),
            name: actor.name.clone(),
            kind: actor.kind.to_owned(),
            aliases: String::new(),
            alias_documents: String::new(),
            mentions: 0,
            documents: 1,
            statements: spoken.get(&*actor.id).copied().unwrap_or_default(),
        };
        let mut counts: Vec<ActorCount> = mentions.actors.iter().map(count).collect();
        let mut aliases: Vec<(usize, &str)> = Vec::new();
        for mention in &mentions.all {
            let Some(at) = mention.actor.map(|at| at as usize).filter(|&at| at < counts.len())
            else {
                continue;
            };
            counts[at].mentions += 1;
            if mention.form == MentionForm::Name {
                aliases.push((at, mention.span.of(analysis.document.text())));
            }
        }
        aliases.sort_unstable();
        aliases.dedup();
        for of_one in aliases.chunk_by(|a, b| a.0 == b.0) {
            counts[of_one[0].0].aliases = joined(of_one.iter().map(|it| it.1));
        }
        // An actor that is only described has no id, and nothing to tell it from another.
        counts.retain(|it| !it.id.is_empty() && (it.mentions > 0 || it.statements > 0));
        counts
    }
}

fn joined<'a>(aliases: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for alias in aliases {
        if !out.is_empty() {
            out.push_str(SEPARATOR);
        }
        out.push_str(alias);
    }
    out
}

const SEPARATOR: &str = "; ";

/// The actors of a dataset, by id.
#[derive(Debug, Default)]
pub(super) struct Actors {
    known: BTreeMap<String, Known>,
}

#[derive(Debug, Default)]
struct Known {
    name: String,
    kind: String,
    /// Of each alias the document whose id sorts first.
    aliases: BTreeMap<String, String>,
    mentions: u64,
    documents: u64,
    statements: u64,
}

impl Actors {
    /// Adds counts of a document, or of a dataset, which say of each alias where it was met. What
    /// is kept does not depend on the order of adding.
    pub(super) fn add(&mut self, counts: Vec<ActorCount>, document_id: &str) {
        for it in counts {
            let known = self.known.entry(it.id).or_default();
            // Where documents differ, the fuller name is the better one.
            if (it.name.len(), &known.name) > (known.name.len(), &it.name) {
                known.name = it.name;
            }
            if it.kind > known.kind {
                known.kind = it.kind;
            }
            let mut documents = it.alias_documents.split(SEPARATOR).filter(|it| !it.is_empty());
            for alias in it.aliases.split(SEPARATOR).filter(|alias| !alias.is_empty()) {
                let document = documents.next().unwrap_or(document_id);
                match known.aliases.get_mut(alias) {
                    Some(first) if first.as_str() <= document => (),
                    Some(first) => document.clone_into(first),
                    None => drop(known.aliases.insert(alias.to_owned(), document.to_owned())),
                }
            }
            known.mentions += it.mentions;
            known.documents += it.documents;
            known.statements += it.statements;
        }
    }

    /// Counts somebody of a document, who was counted under the id `from`, as the link says.
    pub(super) fn relink(&mut self, from: &str, link: &Link, document_id: &str) {
        let Person { aliases, mentions, statements, .. } = &link.person;
        if let Some(known) = self.known.get_mut(from) {
            known.mentions = known.mentions.saturating_sub(*mentions);
            known.statements = known.statements.saturating_sub(*statements);
            known.documents = known.documents.saturating_sub(1);
            if known.documents == 0 {
                self.known.remove(from);
            }
        }
        let count = ActorCount {
            id: link.id.clone(),
            name: link.name.clone(),
            kind: link.kind.clone(),
            alias_documents: String::new(),
            aliases: aliases.clone(),
            mentions: *mentions,
            documents: 1,
            statements: *statements,
        };
        self.add(vec![count], document_id);
    }

    /// Writes `actors.csv`, sorted by id.
    pub(super) fn write(&self, file: Hashed) -> Result<Finished, Error> {
        let mut file = file;
        for (id, it) in &self.known {
            file.row(&cells::row([
                id.as_str(),
                &it.name,
                &it.kind,
                &joined(it.aliases.keys().map(String::as_str)),
                &joined(it.aliases.values().map(String::as_str)),
                &it.mentions.to_string(),
                &it.documents.to_string(),
                &it.statements.to_string(),
            ]))?;
        }
        file.finish()
    }
}
