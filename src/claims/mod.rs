//! Joins the statements that state the same, across documents.
//!
//! Three things make statements alike: a run of quoted words in common (the same quotation,
//! however it is cut), and otherwise words in common, weighed by how rare they are, with their
//! documents' words, cue, speaker, date and actors as further evidence. What differs in
//! settled speaker, polarity, date or in the number of the same thing is kept apart, and so are
//! dated claims and attributed statements: an article's own voice is not a source's. Two
//! rows for one claim are the better mistake; one row for two claims hides a difference.
//!
//! Documents that are nearly the same text are copies. They and all documents of one publisher
//! count as one source.
//!
//! Only pairs with a rare word, a word with the same speaker or year, or a run of quoted words
//! in common are compared, and of a key that many share only neighbors are. With `n` statements,
//! of which each has at most [`pairs::KEYS`] keys and each key at most [`pairs::CROWD`] others,
//! that is `O(n log n)` time and `O(n)` memory. What comes out depends on the set of statements
//! alone, never on their order, on threads, or on what a hash table does.

mod clusters;
mod copies;
mod features;
mod pairs;
mod words;

use jiff::civil::Date;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::model::{Document, Statement};
use crate::rules::PackFiles;
use copies::Sketch;
use features::{Features, Reader};
use words::Words;

/// Statements that state the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// `cl_` and 16 hex digits: the smallest XXH3-64 hash (seed 0) of its statements' ids. The
    /// same statements give the same id, and it stays when others join, unless the hash of one
    /// of them is smaller.
    pub id: String,
    /// Its statements, in order; never empty.
    pub members: Vec<u32>,
    /// The member that stands for the rest: of those whose date most others share, and of them of
    /// those whose speaker has an id beyond the document, the one published first, or the one in
    /// the document with the smallest id where that does not tell.
    pub example: u32,
    /// Independent publishers.
    pub sources: u32,
}

/// How the statements of all documents belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Claims in the order of their first statements.
    pub claims: Vec<Claim>,
    /// For each statement, its claim.
    pub claim_of: Vec<u32>,
    /// For each document, the one that it is a copy of: of all nearly equal texts the one
    /// published first, or the one with the smallest id where that does not tell.
    pub copies: Vec<Option<u32>>,
}

/// The stage, compiled from `claims.toml` and `stopwords.csv`.
#[derive(Debug)]
pub struct Stage {
    words: Words,
}

/// What is kept of a document and its statements to join them with others: some hundred bytes a
/// statement.
#[derive(Debug, Clone)]
pub struct Part {
    id: Box<str>,
    /// Hash of the publisher's name; of the document's id where it has none.
    publisher: u64,
    published: Option<Date>,
    sketch: Sketch,
    statements: Vec<Features>,
}

impl Part {
    /// Takes note that an actor has another id in the dataset than in the document.
    pub fn rename(&mut self, from: &str, to: &str) {
        let (from, to) = (xxh3_64(from.as_bytes()), xxh3_64(to.as_bytes()));
        self.statements.iter_mut().for_each(|it| it.rename(from, to));
    }
}

impl Stage {
    /// Reads the words and thresholds of the pack.
    ///
    /// # Errors
    /// A mistake in `claims.toml` or `stopwords.csv`, with its place.
    pub fn new(files: &PackFiles) -> Result<Stage, Error> {
        Ok(Stage { words: Words::load(files)? })
    }

    /// Reads one document and its statements; can run on any thread.
    pub fn read(&self, document: &Document, statements: &[Statement]) -> Part {
        let meta = &document.meta;
        let text = &document.original;
        self.part(&document.id, &meta.publisher, meta.published, text, statements)
    }

    /// The same from a document's parts. Without its text no copy of it is found.
    pub fn part(
        &self,
        document_id: &str,
        publisher: &str,
        published: Option<Date>,
        text: &str,
        statements: &[Statement],
    ) -> Part {
        let name = publisher.trim().to_lowercase();
        let publisher = if name.is_empty() { format!("\n{document_id}") } else { name };
        let mut reader = Reader::new(&self.words);
        Part {
            id: document_id.into(),
            publisher: xxh3_64(publisher.as_bytes()),
            published,
            sketch: Sketch::new(text),
            statements: statements.iter().map(|it| reader.read(it)).collect(),
        }
    }

    /// Joins the statements of all documents, given in order.
    pub fn group(&self, parts: &[Part]) -> Grouping {
        let settings = &self.words.settings;
        let sketches: Vec<&Sketch> = parts.iter().map(|it| &it.sketch).collect();
        let ranks = ranks(parts);
        let originals = copies::originals(&sketches, &ranks, settings);
        let items = pairs::Items::new(parts);
        let edges = items.alike(settings);
        let claim_of = clusters::join(&items, edges, settings);
        clusters::grouping(parts, &items, &ranks, &originals, claim_of)
    }
}

/// The place of each document in order of publication; the undated come last.
fn ranks(parts: &[Part]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..parts.len() as u32).collect();
    order.sort_by_key(|&at| {
        let part = &parts[at as usize];
        (part.published.is_none(), part.published, &part.id)
    });
    let mut ranks = vec![0; parts.len()];
    for (rank, &at) in (0..).zip(&order) {
        ranks[at as usize] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::{ActorRecord, DateRecord, StatementRecord};

    /// A line: document, publisher, speaker's id, what was said; `!` in front of it denies. A
    /// statement that begins with an ISO day, month or year, or several with `+`, is a dated claim
    /// of that time, with its `@Actors` next.
    fn part(stage: &Stage, line: &str, text: &str) -> Part {
        let cells: Vec<&str> = line.splitn(4, '|').map(str::trim).collect();
        let [id, publisher, speaker, words] = cells[..] else { panic!("four cells: {line}") };
        let said = words.trim_start_matches('!');
        let time = said.split(' ').next().filter(|it| it.starts_with("20")).unwrap_or_default();
        let (actors, said): (Vec<&str>, Vec<&str>) =
            said[time.len()..].split(' ').partition(|it| it.starts_with('@'));
        let mut record = StatementRecord {
            statement_id: format!("st_{id}").into(),
            document_id: id.into(),
            speaker_id: speaker.into(),
            kind: if time.is_empty() { "mixed" } else { "dated" }.into(),
            stance: if words.starts_with('!') { "denies" } else { "asserts" }.into(),
            statement: said.join(" ").into(),
            ..StatementRecord::default()
        };
        for time in time.split('+').filter(|it| !it.is_empty()) {
            let day = |of_year: &str| format!("{time}{}", &of_year[time.len()..]).into();
            let (from, to) = (day("2000-01-01"), day("2000-12-31"));
            let role = "event".into();
            record.dates.push(DateRecord { role, from, to, ..DateRecord::default() });
        }
        for name in actors.iter().map(|it| &it[1..]) {
            let (id, name) = (name.into(), name.into());
            record.actors.push(ActorRecord { id, name, ..ActorRecord::default() });
        }
        stage.part(id, publisher, None, text, &[record.statement()])
    }

    /// `expected` names the claims: the same letter, the same claim.
    #[track_caller]
    fn check(lines: &[&str], expected: &str) -> Grouping {
        let stage = Stage::new(&PackFiles::embedded()).unwrap();
        let parts: Vec<Part> = lines.iter().map(|it| part(&stage, it, "")).collect();
        let grouping = stage.group(&parts);
        let letters: String =
            grouping.claim_of.iter().map(|&it| char::from(b'a' + it as u8)).collect();
        assert_eq!(letters, expected);
        let turned: Vec<Part> = parts.into_iter().rev().collect();
        let back = stage.group(&turned);
        let ids = |it: &Grouping| -> Vec<String> {
            it.claim_of.iter().map(|&at| it.claims[at as usize].id.clone()).collect()
        };
        let mut back_ids = ids(&back);
        back_ids.reverse();
        assert_eq!(back_ids, ids(&grouping), "the order of documents changes no claim");
        grouping
    }

    #[test]
    fn the_date_that_most_share_stands_for_the_claim() {
        let lines = [
            "a|A||2014+2015 @Chile @Estonia ministers signed the treaty on malicious software",
            "b|B||2015-05 @Chile @Estonia ministers signed the treaty on malicious software",
            "c|C||2015 @Chile @Estonia ministers signed the treaty on malicious software",
        ];
        assert_eq!(check(&lines, "aaa").claims[0].example, 1);
        let alone = ["a|A||2014 @Chile the mine closed", "b|B||2014 @Chile the mine closed"];
        assert_eq!(check(&alone, "aa").claims[0].example, 0, "first by id where dates say nothing");
    }

    #[test]
    fn the_same_quotation_cut_differently() {
        check(
            &[
                "a|A||“We will not raise the duty on timber before the harvest is in,”",
                "b|B||they would “not raise the duty on timber before the harvest” whatever came",
                "c|C||“The duty on timber has ruined us, and the harvest is late,”",
            ],
            "aab",
        );
    }

    #[test]
    fn settled_speakers_keep_apart() {
        check(
            &[
                "a|A|ac_1|“We will not raise the duty on timber before the harvest is in,”",
                "b|B|ac_2|“We will not raise the duty on timber before the harvest is in,”",
                "c|C|ac_1|“We will not raise the duty on timber before the harvest is in,”",
            ],
            "aba",
        );
    }

    #[test]
    fn polarity_numbers_and_dates_keep_apart() {
        let flood = "the flood at Velden bridge drowned";
        check(
            &[
                &format!("a|A||{flood} 40 sheep"),
                &format!("b|B||{flood} forty sheep"),
                &format!("c|C||{flood} 42 sheep"),
                &format!("d|D||!{flood} 40 sheep"),
            ],
            "aabc",
        );
        check(
            &[
                "a|A||2015-05-08 Velden and Oster signed a treaty on river traffic",
                "b|B||2015-05-08 Velden and Oster sealed an accord on river traffic",
                "c|C||2013-05-08 Velden and Oster signed a treaty on river traffic",
                "d|D||Velden and Oster signed a treaty on river traffic",
            ],
            "aabc",
        );
    }

    #[test]
    fn a_negation_that_turns_nothing_round() {
        check(
            &[
                "a|A||the flood at Velden drowned not only sheep but horses",
                "b|B||the flood at Velden drowned sheep and horses",
                "c|C||the flood at Velden drowned no sheep and no horses, only hens",
                "d|D||the flood at Velden drowned not sheep and horses",
            ],
            "aaab",
        );
    }

    #[test]
    fn one_event_in_other_words() {
        // The first two have the month and the year of one event, and hardly a word in common.
        check(
            &[
                "a|A||2015-05 @Velden @Oster A turn in river diplomacy came when both governments signed a treaty that stressed common dredging, and promoted their views on sovereignty over the shipping lane",
                "b|B||2015 @Velden @Oster President Kov of Velden and the chancellor of Oster sealed an accord “on guarantees for safe shipping on the border rivers”",
                "c|C||2015 @Velden @Oster The education ministers of Velden and Oster signed an agreement on pupils who learn in the school of the neighbor",
                "d|D||2014 @Velden @Oster President Kov of Velden and the chancellor of Oster sealed an accord “on guarantees for safe shipping on the border rivers”",
            ],
            "aabc",
        );
    }

    #[test]
    fn copies_and_one_publisher_are_one_source() {
        let stage = Stage::new(&PackFiles::embedded()).unwrap();
        let text: String = (0..200).map(|it| format!("word{} ", it * 31 % 997)).collect();
        let said = "“We will not raise the duty on timber before the harvest is in,”";
        let parts = [
            part(&stage, &format!("a|A||{said}"), &text),
            part(&stage, &format!("b|B||{said}"), &format!("A headline. {text}")),
            part(&stage, &format!("c|B||{said}"), "Something else altogether stands here."),
            part(&stage, &format!("d|D||{said}"), "And here is what another one has to say."),
            part(&stage, &format!("e|||{said}"), ""),
        ];
        let grouping = stage.group(&parts);
        assert_eq!(grouping.copies, [None, Some(0), None, None, None]);
        assert_eq!((grouping.claims.len(), grouping.claims[0].sources), (1, 3));
    }
}
