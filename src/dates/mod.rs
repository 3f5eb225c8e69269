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
mod meaning;
mod number;
mod point;
mod publication;
mod rule;
mod scan;
mod tense;
mod value;

use self::meaning::Reading;
use self::number::Numbers;
use self::publication::{Published, latest};
use self::rule::{Level, Rule, Translations};
use self::scan::Desk;
use self::tense::Tenses;
use crate::error::Error;
use crate::model::{BlockKind, Document, PublishedBasis, Sentences, Timex, Tokens};
use crate::rules::{Pack, Scanner};

/// The date rules of a pack, ready to run.
#[derive(Debug)]
pub struct Dates {
    levels: Vec<Level>,
    /// By entry: whether it is a word without one of which a sentence holds no date.
    triggers: Vec<bool>,
    numbers: Numbers,
    tenses: Tenses,
    /// By entry: what the parts of rules translate it to.
    lexicon: Translations,
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
            mistakes = checks::mistaken(pack, &levels);
        }
        if !mistakes.is_empty() {
            return Err(Error::Rules(mistakes));
        }
        let lexicon = &pack.lexicon;
        Ok(Dates {
            triggers: scan::triggers(lexicon),
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
}

#[cfg(test)]
mod tests;
