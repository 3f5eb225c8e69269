//! Makes a source readable: mends its faults, cuts it into blocks, and says what each block is.
//!
//! Later stages may rely on it that blocks come in order, do not overlap, and leave out only
//! white space; and that [`Document::to_original`] leads from the mended words to those that
//! were read. Where it is in doubt whether a paragraph belongs to the article, it does: a share
//! bar that is read gives no statement, an article's sentence that is dropped loses one.

mod blocks;
mod gate;
mod repair;
mod rules;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::error::Error;
use crate::model::{Block, BlockKind, Document, Meta, PublishedBasis, Repaired, Source};
use crate::rules::PackFiles;
use crate::text::Span;
use rules::Opens;

/// A longer block is a paragraph, whatever it looks like.
const LONG: usize = 200;
/// So many places are tried as the beginning of another article.
const TRIED: usize = 8;
/// So many of the first blocks may hold title and byline.
const HEAD: usize = 12;

/// Makes sources readable. Compiled once from a rule pack.
#[derive(Debug)]
pub struct Normalizer {
    repairs: repair::Repairs,
    rules: rules::Rules,
}

impl Normalizer {
    /// Reads `normalize.toml` of every layer of the pack.
    ///
    /// # Errors
    /// A file breaks its form, a pattern is none, or an id stands there twice.
    pub fn new(files: &PackFiles) -> Result<Normalizer, Error> {
        Ok(Normalizer { repairs: repair::Repairs::new(), rules: rules::Rules::new(files)? })
    }

    /// Makes one source readable. Linear in its text.
    pub fn document(&self, source: Source) -> Document {
        let Source { id, mut meta, text } = source;
        let repaired = self.repairs.mend(&text);
        let words = repaired.as_ref().map_or(text.as_str(), |it| &it.text);
        let blocks = self.blocks(words, &mut meta);
        Document { id, meta, original: text, repaired, blocks }
    }

    /// Mends a text that is no document: a name, a headline.
    pub fn mend(&self, text: &str) -> Option<Repaired> {
        self.repairs.mend(text)
    }

    /// Id of the rule that takes a paragraph for something else than text of the article.
    pub fn rule_of(&self, words: &str) -> Option<&str> {
        self.rules.line(words, true).map(|it| it.id.as_str())
    }

    /// The blocks of a mended text; what they say of the document goes into `meta`.
    fn blocks(&self, text: &str, meta: &mut Meta) -> Vec<Block> {
        let spans = blocks::paragraphs(text);
        let block = |span| Block { span, kind: BlockKind::Paragraph };
        let mut sorting = Sorting {
            rules: &self.rules,
            text,
            blocks: spans.into_iter().map(block).collect(),
            openers: Vec::new(),
        };
        sorting.lines(meta);
        sorting.title(meta);
        sorting.author(meta);
        sorting.links();
        sorting.foreign();
        sorting.captions();
        sorting.headings();
        sorting.dateline(meta);
        sorting.entries();
        sorting.blocks
    }
}

/// The blocks of one text while they are sorted.
struct Sorting<'a> {
    rules: &'a rules::Rules,
    text: &'a str,
    blocks: Vec<Block>,
    /// Furniture that leads to something, with its place among the blocks.
    openers: Vec<(usize, Opens)>,
}

impl<'a> Sorting<'a> {
    fn words(&self, at: usize) -> &'a str {
        self.blocks[at].span.of(self.text)
    }

    fn is(&self, at: usize, kind: BlockKind) -> bool {
        self.blocks[at].kind == kind
    }

    /// What the rules know by its words.
    fn lines(&mut self, meta: &mut Meta) {
        let mut long = 0;
        for at in 0..self.blocks.len() {
            let words = self.words(at);
            if words.len() > LONG {
                long += 1;
            }
            let Some(line) = self.rules.line(words, long < 2) else { continue };
            self.blocks[at].kind = line.kind;
            if let (BlockKind::Caption, Some(shown)) = (line.kind, line.shown(words)) {
                let start = self.blocks[at].span.start as usize;
                self.blocks[at].span = Span::new(start, start + shown.len());
            }
            if let Some(opens) = line.opens {
                self.openers.push((at, opens));
            }
            if line.kind == BlockKind::Byline && meta.author.is_empty() {
                meta.author = line.name(words).unwrap_or_default().to_owned();
            }
        }
    }

    /// The headline: the known one, else a first short line that is no sentence.
    fn title(&mut self, meta: &mut Meta) {
        let head = self.blocks.len().min(HEAD);
        if meta.title.is_empty() {
            let Some(at) = (0..head).find(|&at| self.is(at, BlockKind::Paragraph)) else { return };
            if self.is_headline(at, 3) && self.is_followed(at) {
                self.blocks[at].kind = BlockKind::Title;
                meta.title = self.words(at).split_whitespace().collect::<Vec<_>>().join(" ");
            }
            return;
        }
        let title = folded(&meta.title);
        let mut first = None;
        for at in 0..head {
            if self.is(at, BlockKind::Paragraph) && is_same_title(self.words(at), &title) {
                self.blocks[at].kind = BlockKind::Title;
                first.get_or_insert(at);
            }
        }
        self.masthead(first.unwrap_or(0), &folded(&meta.publisher));
    }

    /// Lines before the title that hold nothing but the name of the paper and a motto.
    fn masthead(&mut self, title: usize, publisher: &str) {
        if publisher.len() < 3 {
            return;
        }
        for at in 0..title {
            let words = self.words(at);
            let is_short = words.len() < publisher.len() * 2 + 60 && !blocks::is_ended(words);
            let starts_so = || is_start(publisher, letters(words));
            if self.is(at, BlockKind::Paragraph) && is_short && starts_so() {
                self.blocks[at].kind = BlockKind::Furniture;
            }
        }
    }

    /// A line that holds nothing but the known author.
    fn author(&mut self, meta: &Meta) {
        let author = folded(&meta.author);
        if author.len() < 4 {
            return;
        }
        for at in 0..self.blocks.len().min(HEAD) {
            let words = self.words(at);
            if self.is(at, BlockKind::Paragraph)
                && words.len() < LONG
                && letters(words).eq(author.chars())
            {
                self.blocks[at].kind = BlockKind::Byline;
            }
        }
    }

    /// Headlines of other articles behind `Read more:`.
    fn links(&mut self) {
        for index in 0..self.openers.len() {
            let (opener, opens) = self.openers[index];
            if opens != Opens::Links {
                continue;
            }
            let rest = opener + 1..self.blocks.len();
            let is_all = rest.len() <= 15 && rest.clone().all(|at| self.may_be_link(at));
            for at in rest {
                if !self.is(at, BlockKind::Paragraph) {
                    continue;
                }
                let words = self.words(at);
                let is_item = is_item(words) && words.len() <= LONG;
                if !(is_item || self.is_headline(at, 2) || is_all && is_labeled(words)) {
                    break;
                }
                self.blocks[at].kind = BlockKind::Furniture;
            }
        }
    }

    fn may_be_link(&self, at: usize) -> bool {
        let words = self.words(at);
        !self.is(at, BlockKind::Paragraph) || words.len() <= LONG && !words.contains(['"', '“'])
    }

    /// Another article behind the end of this one.
    ///
    /// Only where a headline stands behind furniture that ends the article, or before a byline or
    /// dateline deep in the text, and what follows names hardly anybody whom the article names.
    fn foreign(&mut self) {
        let ends = self.openers.iter().filter(|it| it.1 == Opens::Foreign).map(|it| it.0);
        let behind = |at: usize| (at + 1..self.blocks.len()).find(|&at| !self.is_dropped(at));
        let mut starts: Vec<usize> = ends.filter_map(behind).collect();
        let long = (0..self.blocks.len()).filter(|&at| self.words(at).len() > LONG).nth(1);
        let signed = long.unwrap_or(self.blocks.len())..self.blocks.len();
        let signed: Vec<usize> = signed.filter(|&at| self.is_signed(at)).collect();
        // Many signed pieces are a digest, and all of it is meant.
        if signed.len() <= 2 {
            starts.extend(signed);
        }
        starts.sort_unstable();
        starts.retain(|&at| self.is_headline(at, 5) && self.is_followed(at));
        for start in starts.into_iter().take(TRIED) {
            let (before, after) = (self.names(0..start), self.names(start..self.blocks.len()));
            let common = after.intersection(&before).count();
            if after.len() < 3 || before.len() < 3 || common * 4 > after.len() {
                continue;
            }
            for at in start..self.blocks.len() {
                if !self.is(at, BlockKind::Furniture) {
                    self.blocks[at].kind = BlockKind::Foreign;
                }
            }
            return;
        }
    }

    /// Whether a line is followed by who wrote what stands below, or where and when.
    fn is_signed(&self, at: usize) -> bool {
        let Some(next) = self.blocks.get(at + 1) else { return false };
        let words = next.span.of(self.text);
        self.is_headline(at, 5)
            && (self.rules.line(words, true).is_some_and(|it| it.kind == BlockKind::Byline)
                || self.rules.dateline(words).is_some())
    }

    fn is_dropped(&self, at: usize) -> bool {
        matches!(self.blocks[at].kind, BlockKind::Furniture | BlockKind::Byline)
    }

    /// Capitalized words that do not begin a sentence.
    fn names(&self, range: std::ops::Range<usize>) -> FxHashSet<&'a str> {
        let mut found = FxHashSet::default();
        for at in range.filter(|&at| self.is(at, BlockKind::Paragraph)) {
            let mut is_first = true;
            for word in self.words(at).split_whitespace() {
                let name = word.trim_matches(|it: char| !it.is_alphanumeric());
                let name = name.split(['\'', '’']).next().unwrap_or(name);
                if !is_first && name.len() > 3 && name.starts_with(char::is_uppercase) {
                    found.insert(name);
                }
                is_first = blocks::is_ended(word);
            }
        }
        found
    }

    /// A short line that stands there twice: the words below a picture and its description.
    fn captions(&mut self) {
        for at in 1..self.blocks.len() {
            let words = self.words(at);
            if words.len() > SHORTEST_TWICE
                && words.len() <= rules::LONGEST
                && words == self.words(at - 1)
            {
                for it in [at - 1, at] {
                    if self.is(it, BlockKind::Paragraph) {
                        self.blocks[it].kind = BlockKind::Caption;
                    }
                }
            }
        }
    }

    /// Short lines between paragraphs that are no sentences.
    fn headings(&mut self) {
        for at in 1..self.blocks.len() {
            let is_before_text = at + 1 < self.blocks.len()
                && self.is(at + 1, BlockKind::Paragraph)
                && self.words(at + 1).len() > self.words(at).len();
            if self.is(at, BlockKind::Paragraph) && self.words(at).len() <= 80 && is_before_text {
                let is_heading = self.is_headline(at, 1) && self.words(at).split(' ').count() <= 10;
                if is_heading && !self.words(at).contains(['"', '“', '”']) {
                    self.blocks[at].kind = BlockKind::Heading;
                }
            }
        }
    }

    /// Whether a block of `words` words or more looks like a headline: short, a capital or digit
    /// in front, no mark of a sentence at the end.
    fn is_headline(&self, at: usize, words: usize) -> bool {
        let text = self.words(at);
        text.len() <= LONG
            && !text.contains('\n')
            && self.is(at, BlockKind::Paragraph)
            && !text
                .ends_with(['.', '!', ':', ';', ',', '"', '”', '-', '—', '–', '_', '…', ')', '…'])
            && text
                .trim_start_matches(['‘', '’', '“', '"', '\''])
                .starts_with(|it: char| it.is_uppercase() || it.is_ascii_digit())
            && text.split_whitespace().nth(words - 1).is_some()
            && self.rules.dateline(text).is_none()
    }

    /// Whether a sentence stands in some block behind.
    fn is_followed(&self, at: usize) -> bool {
        (at + 1..self.blocks.len())
            .any(|it| self.is(it, BlockKind::Paragraph) && blocks::is_ended(self.words(it)))
    }

    /// Place, day and agency before the first words of the article, as a block of their own.
    fn dateline(&mut self, meta: &mut Meta) {
        let paragraphs = (0..self.blocks.len()).filter(|&at| self.is(at, BlockKind::Paragraph));
        for at in paragraphs.take(4).collect::<Vec<_>>() {
            let span = self.blocks[at].span;
            let Some((_, found)) = self.rules.dateline(span.of(self.text)) else { continue };
            if meta.published.is_none()
                && let Some(day) = self.day(&found)
            {
                meta.published = Some(day);
                meta.published_basis = PublishedBasis::Dateline;
            }
            let end = found.get(0).map_or(0, |it| it.end());
            self.part(at, end);
            return;
        }
    }

    /// The time before each entry of a live report, as a block of its own.
    fn entries(&mut self) {
        for at in (0..self.blocks.len()).rev() {
            if self.is(at, BlockKind::Paragraph)
                && let Some((_, found)) = self.rules.entry(self.words(at))
            {
                let end = found.get(0).map_or(0, |it| it.end());
                self.part(at, end);
            }
        }
    }

    /// Parts a dateline of so many bytes from what stands behind it in its block.
    fn part(&mut self, at: usize, len: usize) {
        let span = self.blocks[at].span;
        let end = span.start as usize + len;
        let dateline = Span::new(span.start as usize, end).trim(self.text);
        let rest = Span::new(end, span.end as usize).trim(self.text);
        self.blocks[at] = Block { span: dateline, kind: BlockKind::Dateline };
        if !rest.is_empty() {
            self.blocks.insert(at + 1, Block { span: rest, kind: BlockKind::Paragraph });
        }
    }

    /// The full day that a dateline gives.
    fn day(&self, found: &regex::Captures) -> Option<Date> {
        let group = |names: [&str; 2]| names.iter().find_map(|it| found.name(it));
        let month = self.rules.month(group(["month", "month2"])?.as_str())?;
        let day = group(["day", "day2"])?.as_str().parse().ok()?;
        let year = found.name("year")?.as_str().parse().ok()?;
        Date::new(year, month, day).ok()
    }
}

/// A repeated line of fewer bytes may be a refrain.
const SHORTEST_TWICE: usize = 30;

/// Letters and digits alone, small: for comparing lines.
fn letters(words: &str) -> impl Iterator<Item = char> {
    words.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The same as a string.
fn folded(words: &str) -> String {
    letters(words).collect()
}

/// Whether `letters` begin with those of `start`.
fn is_start(start: &str, mut letters: impl Iterator<Item = char>) -> bool {
    start.chars().all(|it| letters.next() == Some(it))
}

/// Whether a line is the title, perhaps with a kicker in front or a site's name behind.
fn is_same_title(words: &str, title: &str) -> bool {
    if title.is_empty() || words.len() > 3 * title.len() + 40 {
        return false;
    }
    // Most lines have neither their first nor their last letter from the title.
    let last = words.chars().rev().find(|it| it.is_alphanumeric());
    let is_last = last.is_some_and(|it| it.to_lowercase().last() == title.chars().next_back());
    if !is_last && letters(words).next() != title.chars().next() {
        return false;
    }
    let words = folded(words);
    let (short, long) = if words.len() < title.len() { (&*words, title) } else { (title, &*words) };
    let is_near = short.len() * 2 > long.len() && short.len() >= 8;
    short == long || is_near && (long.starts_with(short) || long.ends_with(short))
}

/// Whether a line stands in a list.
fn is_item(words: &str) -> bool {
    ["- ", "* ", "• ", "– ", "› ", "» "].iter().any(|it| words.starts_with(it))
}

/// `Ana Diaz: What the pier costs`
fn is_labeled(words: &str) -> bool {
    let Some((label, rest)) = words.split_once(": ") else { return false };
    let is_name = label.starts_with(char::is_uppercase) && label.split(' ').count() <= 5;
    is_name && label.len() <= 40 && !rest.is_empty()
}

#[cfg(test)]
mod tests;
