//! The finished lines of one document.

use std::borrow::Cow;

use jiff::civil::Date;

use super::actors::ActorCount;
use super::records::{DocumentRecord, StatementRecord};
use super::row::{self, Row, Shared};
use crate::model::{Analysis, Statement};
use crate::people::Person;

/// The lines of one document, ready to be added to a [`super::Dataset`].
#[derive(Debug, Default)]
pub struct Page {
    pub(super) id: String,
    pub(super) publisher: String,
    pub(super) published: Option<Date>,
    /// Its line without the closing brace; empty where only its statements are known.
    pub(super) line: Vec<u8>,
    /// Of each statement its id and how many bytes of the spool it takes.
    pub(super) rows: Vec<(Box<str>, u64)>,
    /// A [`Row`] for each, one behind the other.
    pub(super) spool: Vec<u8>,
    pub(super) actors: Vec<ActorCount>,
    pub(super) people: Vec<Person>,
    /// People with what they are called in the dataset that the page was read from.
    pub(super) linked: Vec<(Person, String)>,
}

impl Page {
    /// The lines of a document and its statements.
    pub fn new(analysis: &Analysis, statements: &[Statement]) -> Page {
        let actors = ActorCount::of(analysis, statements);
        let people = people(analysis, &actors);
        let mut page =
            Page::of(&DocumentRecord { people, ..DocumentRecord::new(&analysis.document) });
        page.actors = actors;
        // Words stand in both lines, those of the content twice in the first; the rest is keys.
        let size = |it: &Statement| 3 * it.statement.len() + 2 * it.sentence.len() + 1280;
        page.spool.reserve(statements.iter().map(size).sum());
        page.rows.reserve(statements.len());
        let mut shared = None;
        for it in statements {
            let record = StatementRecord::new(it);
            page.push(&record, shared.get_or_insert_with(|| Shared::new(&record)));
        }
        page
    }

    /// The lines of records that were read again, in which people are called as in their own
    /// document. A document without text has no line.
    pub fn of_records(document: &DocumentRecord, statements: &[StatementRecord]) -> Page {
        let mut page = match document.copy_of.is_empty() && document.linked.is_empty() {
            true => Page::of(document),
            false => Page::of(&DocumentRecord {
                copy_of: Cow::default(),
                linked: Vec::new(),
                ..document.clone()
            }),
        };
        for it in &document.linked {
            let person = document.people.iter().find(|person| person.id == it.id);
            page.linked.extend(person.map(|person| (person.clone(), it.linked_id.clone())));
        }
        for it in statements {
            let unjoined = StatementRecord { claim_id: Cow::default(), sources: 0, ..it.clone() };
            page.push(&unjoined, &mut Shared::new(&unjoined));
        }
        page
    }

    fn of(document: &DocumentRecord) -> Page {
        let mut line = Vec::new();
        if !document.sha256.is_empty() {
            line.reserve(document.text.len() + document.text.len() / 16 + 512);
            row::push_document(document, &mut line);
        }
        Page {
            id: document.document_id.clone().into_owned(),
            publisher: document.publisher.clone().into_owned(),
            published: document.published(),
            line,
            people: document.people.clone(),
            ..Page::default()
        }
    }

    /// Adds the rows of a statement without a claim.
    fn push(&mut self, record: &StatementRecord, shared: &mut Shared) {
        let before = self.spool.len();
        Row::spool(record, shared, &mut self.spool);
        let len = (self.spool.len() - before) as u64;
        self.rows.push((record.statement_id.as_ref().into(), len));
    }
}

/// The people of a document that others may know, as often as they were counted.
fn people(analysis: &Analysis, counts: &[ActorCount]) -> Vec<Person> {
    let people = analysis.mentions.actors.iter().filter_map(Person::of);
    let counted = people.filter_map(|person| {
        let count = counts.iter().find(|it| it.id == person.id)?;
        let aliases = count.aliases.clone();
        Some(Person { aliases, mentions: count.mentions, statements: count.statements, ..person })
    });
    counted.collect()
}
