//! What a text says a person is, in its own words.

use std::ops::Range;

use super::words::{self, Words};
use crate::model::{Shape, Token, Tokens};
use crate::text::spaced;

/// How far to the left of a name its office may begin, and how long an apposition may be.
const REACH: usize = 14;
const LONGEST: usize = 40;

/// The role of the person named by `range`, from an apposition or from what stands before.
pub(super) fn read(
    words: &Words,
    text: &str,
    tokens: &Tokens,
    outer: usize,
    range: Range<usize>,
) -> Option<String> {
    let sentence = tokens.range(outer);
    let reader = Reader { words, text, tokens: &tokens.all };
    let place = reader
        .behind(range.end, sentence.end)
        .or_else(|| reader.before(sentence.start, range.start))
        .or_else(|| reader.fronted(sentence, range))?;
    let span = tokens.all[place.start].span.to(tokens.all[place.end - 1].span);
    Some(spaced(span.of(text)))
}

/// The tokens of the apposition behind a name, article and age aside, if it says what a person
/// is. `end` is that of the sentence.
pub(super) fn apposition(
    words: &Words,
    text: &str,
    tokens: &[Token],
    at: usize,
    end: usize,
) -> Option<Range<usize>> {
    Reader { words, text, tokens }.behind(at, end)
}

struct Reader<'a> {
    words: &'a Words,
    text: &'a str,
    tokens: &'a [Token],
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens[at].span.of(self.text)
    }

    fn is(&self, at: usize, classes: words::Bits) -> bool {
        self.words.is(&self.tokens[at], classes)
    }

    /// `, vice director of the school,` behind a name that ends at `at`.
    fn behind(&self, at: usize, end: usize) -> Option<Range<usize>> {
        if at + 1 >= end || self.word(at) != "," {
            return None;
        }
        let mut start = at + 1;
        if self.tokens[start].shape.form() == Shape::DIGITS
            && start + 2 < end
            && self.word(start + 1) == ","
        {
            start += 2;
        }
        let articles = words::DEFINITE | words::INDEFINITE;
        let has_article = self.is(start, articles) || is_of_body(self.words, &self.tokens[start]);
        let start = start + usize::from(has_article);
        let stop = (start..end.min(start + LONGEST)).find(|&it| self.stops(it)).unwrap_or(end);
        let mut core = (start..stop.min(start + 10))
            .take_while(|&it| it == start || !self.is(it, words::END_PREPOSITION));
        let head = core.find(|&it| self.is(it, words::OFFICE | words::PERSON));
        // One person is not `officials`.
        let is_one = |&it: &usize| !self.is(it, words::PLURAL) && !self.has_verb(it + 1, stop);
        // `judge` is a verb too.
        let no_opening = words::CUE_VERB
            | words::AUXILIARY
            | words::COORDINATOR
            | words::SUBORDINATOR
            | words::PREPOSITION
            | words::END_PREPOSITION;
        let opens = start < stop
            && (self.is(start, words::OFFICE | words::PERSON)
                || !self.is(start, no_opening) && !self.has_object(start, stop));
        (head.filter(is_one).is_some() && opens && stop < end).then_some(start..stop)
    }

    /// Whether a word is what somebody does to another: `pulled her adviser aside`.
    fn has_object(&self, at: usize, stop: usize) -> bool {
        let opens = words::DEFINITE | words::INDEFINITE | words::POSSESSIVE;
        let is_title =
            |at: usize| self.is(at, words::HONORIFIC) && self.tokens[at].shape.is_capital();
        self.tokens[at].shape.form() == Shape::LOWER
            && self.is(at, words::MAIN_VERB)
            && at + 1 < stop
            && (self.is(at + 1, opens) || is_title(at + 1))
    }

    /// Whether what stands behind a noun is what somebody does: `, the governor ordered a halt,`
    /// but not `, the governor elected in May,`.
    fn has_verb(&self, from: usize, stop: usize) -> bool {
        let none = words::NOUN | words::MODIFIER | words::OFFICE | words::PERSON | words::ORG;
        let is_verb =
            |&it: &usize| self.is(it, words::MAIN_VERB | words::CUE_VERB) && !self.is(it, none);
        let mut core = (from..stop).take_while(|&it| !self.is(it, words::END_PREPOSITION));
        let behind = core.find(is_verb).map(|it| it + 1).filter(|&it| it < stop);
        behind.is_some_and(|it| !self.is(it, words::END_PREPOSITION | words::PREPOSITION))
    }

    fn stops(&self, at: usize) -> bool {
        let form = self.tokens[at].shape.form();
        let is_mark = matches!(form, Shape::PUNCT | Shape::OPEN | Shape::CLOSE | Shape::QUOTE)
            && self.word(at) != "-"
            && self.word(at) != "/";
        is_mark
            || self.is(at, words::RELATIVE_PERSON | words::RELATIVE_THING)
            || self.words.of(&self.tokens[at]) & (words::AUXILIARY | words::CLITIC)
                == words::AUXILIARY
    }

    /// `former foreign minister` before a name that begins at `at`.
    fn before(&self, start: usize, at: usize) -> Option<Range<usize>> {
        let limit = start.max(at.saturating_sub(REACH));
        let noun = words::OFFICE | words::PERSON;
        let part = noun | words::MODIFIER | words::ORG;
        let is_part = |it: usize| {
            let token = &self.tokens[it];
            let is_name =
                token.shape.is_capital() && !self.is(it, words::HONORIFIC & !words::OFFICE);
            let opens = token.shape.has(Shape::FIRST) && self.is(it, words::NO_NAME);
            // `fisheries minister`: what an office is for.
            let common = words::CLOSED | words::NO_NAME | words::MAIN_VERB | words::CUE_VERB;
            let is_field = token.shape.form() == Shape::LOWER
                && it + 1 < at
                && self.is(it + 1, words::OFFICE)
                && !self.is(it, common | words::AUXILIARY | words::PREPOSITION | words::CLITIC);
            (is_name || is_field || self.is(it, part))
                && (!opens || self.is(it, part))
                && !self.is(it, words::DEFINITE | words::INDEFINITE | words::WEEKDAY)
        };
        let mut first = at;
        while first > limit && is_part(first - 1) {
            first -= 1;
            // `minister of foreign affairs`, `Russia's minister`, `minister and member`.
            while first < at
                && first >= limit + 2
                && self.is_link(first - 1)
                && is_part(first - 2)
                && !self.is_another(limit, first - 1)
            {
                first -= 2;
            }
        }
        // `match-winner`, not `winner`.
        while first > limit + 1
            && self.word(first - 1) == "-"
            && self.tokens[first].shape.has(Shape::GLUED)
        {
            first -= 2;
        }
        let first = self.own_part(first, at);
        let has_noun = (first..at).any(|it| self.is(it, noun));
        (has_noun && first < at).then_some(first..at)
    }

    /// Where the part that is the named person's begins: in `adviser to Vice President Quill` he is
    /// Vice President, in `Congress and President Quill` President.
    fn own_part(&self, first: usize, at: usize) -> usize {
        let noun = words::OFFICE | words::PERSON;
        let title = noun | words::HONORIFIC;
        let is_title = |behind: Range<usize>| {
            // A name may begin with its title.
            let name = at..self.tokens.len().min(at + 1);
            behind.clone().all(|it| self.is(it, title | words::MODIFIER))
                && behind.chain(name).any(|it| self.is(it, title))
        };
        let is_others = |&link: &usize| {
            let is_word = self.tokens[link].shape.form() == Shape::LOWER;
            if !is_word || !self.is(link, words::ROLE_LINK) {
                return false;
            }
            if self.is(link, words::JOINS) {
                !(first..link).any(|it| self.is(it, noun))
            } else {
                link + 1 < at && is_title(link + 1..at)
            }
        };
        (first..at).rev().find(is_others).map_or(first, |link| link + 1)
    }

    /// `The fisheries minister, Anna Diaz,`: what stands between article and comma.
    fn fronted(&self, sentence: Range<usize>, name: Range<usize>) -> Option<Range<usize>> {
        let mut before = (sentence.start..name.start).rev();
        let comma = before.find(|&it| !self.is(it, words::HONORIFIC))?;
        let is_mark = |at: usize| {
            let form = self.tokens[at].shape.form();
            form >= Shape::PUNCT && !matches!(self.word(at), "-" | "/")
        };
        let is_closed = name.end >= sentence.end
            || is_mark(name.end)
                && (name.end + 1 >= sentence.end || !self.is(name.end + 1, words::JOINS));
        if self.word(comma) != "," || comma == sentence.start || !is_closed {
            return None;
        }
        let opens = words::DEFINITE
            | words::INDEFINITE
            | words::POSSESSIVE_HE
            | words::POSSESSIVE_SHE
            | words::THEY
            | words::IT
            | words::CLITIC;
        let limit = sentence.start.max(comma.saturating_sub(REACH));
        let stops = words::AUXILIARY | words::CUE_VERB | words::RELATIVE_PERSON;
        let is_stop = |at: usize| is_mark(at) || self.is(at, stops) && !self.is(at, words::PERSON);
        let opening = (limit..comma).rev().take_while(|&it| self.is(it, opens) || !is_stop(it));
        let start = opening.filter(|&it| self.is(it, opens)).last()? + 1;
        let mut core = (start..comma).take_while(|&it| !self.is(it, words::END_PREPOSITION));
        let head = core.by_ref().last()?;
        let is_one = self.is(head, words::OFFICE | words::PERSON) && !self.is(head, words::PLURAL);
        is_one.then_some(start..comma)
    }

    /// Whether a conjunction joins somebody else: `Finance Minister Bo Diaz and Trade Minister`.
    fn is_another(&self, limit: usize, link: usize) -> bool {
        let noun = words::OFFICE | words::PERSON | words::ORG;
        if !self.is(link, words::JOINS) || self.is(link - 1, noun) {
            return false;
        }
        let name = (limit.max(link.saturating_sub(4))..link).rev();
        let mut name = name.take_while(|&it| self.tokens[it].shape.is_capital());
        name.any(|it| self.is(it, words::OFFICE | words::HONORIFIC | words::GIVEN))
    }

    fn is_link(&self, at: usize) -> bool {
        let is_clitic = self.is(at, words::CLITIC) && self.tokens[at].shape.has(Shape::GLUED);
        let is_hyphen = self.word(at) == "-";
        let is_of = self.is(at, words::ROLE_LINK) && self.tokens[at].shape.form() == Shape::LOWER;
        is_clitic || is_hyphen || is_of
    }
}

/// Whether a word says that something belongs to a body named before: `its`, `their`.
pub(super) fn is_of_body(words: &Words, token: &Token) -> bool {
    words.is(token, words::POSSESSIVE) && words.is(token, words::IT | words::THEY)
}

/// The tokens before the comma before a name that say what a person is.
pub(super) fn fronted(
    words: &Words,
    text: &str,
    tokens: &[Token],
    sentence: Range<usize>,
    name: Range<usize>,
) -> Option<Range<usize>> {
    Reader { words, text, tokens }.fronted(sentence, name)
}

/// The tokens before a name that say what a person is.
pub(super) fn prefix(
    words: &Words,
    text: &str,
    tokens: &[Token],
    start: usize,
    at: usize,
) -> Option<Range<usize>> {
    Reader { words, text, tokens }.before(start, at)
}
