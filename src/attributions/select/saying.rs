//! Which date is that of the saying, and not of what was said or told beside it.

use crate::model::Timex;
use crate::rules::Element;
use crate::text::Span;

use super::super::Sentence;
use super::super::words;
use super::{Candidate, Selection};

impl Selection<'_> {
    /// The date that opens a source, where it rather opens the clause of the cue, and the source
    /// without it: in `In May Senator Diaz said`, no comma parts the two.
    pub(super) fn opening_date(
        &self,
        sentence: &Sentence<'_>,
        candidate: &Candidate,
        source: Span,
    ) -> Option<(u32, Span)> {
        let place = candidate.source.as_ref()?.start;
        let before = &sentence.elements[place.checked_sub(1)?];
        if place > candidate.cue || !self.words.is_preposition(before) {
            return None;
        }
        let at = self.timexes.partition_point(|it| it.span.start < source.start);
        let date = self.timexes.get(at)?;
        let is_first = date.span.start == source.start && date.span.end < source.end;
        if !is_first || date.is_modifier {
            return None;
        }
        let next = self.tokens.all.partition_point(|it| it.span.start < date.span.end);
        let next = &self.tokens.all[next];
        let rest = Span { start: next.span.start, ..source };
        (!self.words.is_possessive(next)).then_some((at as u32, rest))
    }

    /// The content without a date at its head that tells when it was said: `warned last week
    /// against`. What is still to come, or is longer than a month, belongs to what was said, and
    /// is put there: `said next week the bank would close`. With the date, if it is that of the
    /// saying.
    pub(super) fn by_date(
        &self,
        sentence: &Sentence<'_>,
        candidate: &Candidate,
    ) -> Option<(Option<u32>, Span)> {
        const MONTH: i32 = 31;
        let first = candidate.content.first()?;
        if first.start != candidate.cue_range.end {
            return Some((None, self.with_date(sentence, candidate)?));
        }
        let content = words::span(sentence, first.clone());
        let at = self.timexes.partition_point(|it| it.span.start < content.start);
        let date = self.timexes.get(at).filter(|it| it.span.start == content.start)?;
        let is_over = match (date.days, self.published) {
            (Some((first, last)), Some(published)) => {
                last <= published && (last - first).get_days() <= MONTH
            }
            _ => false,
        };
        if !is_over || date.is_modifier || date.opens_range || date.span.end >= content.end {
            return None;
        }
        let next = self.tokens.all.partition_point(|it| it.span.start < date.span.end);
        let token = &self.tokens.all[next];
        let mut elements = sentence.elements[first.clone()].iter();
        let follows = elements.find(|it| it.last as usize > next)?;
        let is_subject = self.words.is_verb(follows) && follows.first as usize == next
            || self.words.is_possessive(token)
            || words::is_edge(token);
        (!is_subject).then_some((Some(at as u32), Span { start: token.span.start, ..content }))
    }

    /// The day among the words of a verb, and where the cue begins: behind the day, where that is
    /// the first of these words (`today announced`), and else with them (`will today announce`).
    pub(super) fn date_of_verb(&self, cue: &Element) -> Option<(u32, u32)> {
        let tokens = &self.tokens.all[cue.first as usize..cue.last as usize];
        let (first, last) = (tokens.first()?, tokens.last()?);
        if tokens.len() == 1 || !self.words.is_verb(cue) {
            return None;
        }
        let at = self.timexes.partition_point(|it| it.span.start < first.span.start);
        let date = self.timexes.get(at).filter(|it| it.span.end < last.span.end)?;
        let is_first = date.span.start == first.span.start;
        let verb = tokens.iter().find(|it| !is_first || it.span.start >= date.span.end)?;
        (!date.value.ends_with("_REF")).then_some((at as u32, verb.span.start))
    }

    /// The content with a date right before it that is still to come, if nothing else stands
    /// between it and the cue.
    fn with_date(&self, sentence: &Sentence<'_>, candidate: &Candidate) -> Option<Span> {
        let content = words::span(sentence, candidate.content.first()?.clone());
        let between = candidate.cue_range.end..candidate.content.first()?.start;
        let between = words::span(sentence, Some(between).filter(|it| !it.is_empty())?);
        let at = self.timexes.partition_point(|it| it.span.start < between.start);
        let date = self.timexes.get(at).filter(|it| it.span == between && !it.is_modifier)?;
        // A day is that of the saying, whatever the tense around it.
        let (first, last) = date.days?;
        (first > self.published? && first < last)
            .then_some(Span { start: date.span.start, ..content })
    }

    /// The expressions of time that date the saying: those of the clause that the cue is in.
    pub(super) fn said_on(
        &self,
        sentence: &Sentence<'_>,
        candidate: &Candidate,
        cues: &[usize],
        source: Option<Span>,
        content: &[Span],
    ) -> Vec<u32> {
        let place = self.sentences.outer[sentence.outer].span;
        let first = self.timexes.partition_point(|it| it.span.start < place.start);
        let inside = self.timexes[first..].iter().take_while(|it| it.span.end <= place.end);
        let dates_saying = |it: &&Timex| {
            if it.is_modifier || content.iter().any(|part| part.overlaps(it.span)) {
                return false;
            }
            match source.filter(|source| source.overlaps(it.span)) {
                Some(source) => self.is_of_document(source, it.span),
                None => self.is_of_cue(sentence, candidate, cues, it.span),
            }
        };
        (first as u32..)
            .zip(inside)
            .filter(|(_, it)| dates_saying(it))
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether a date inside of a source tells when that was said: a report published on Monday.
    fn is_of_document(&self, source: Span, date: Span) -> bool {
        let at = |place: u32| self.tokens.all.partition_point(|it| it.span.start < place);
        let before = self.tokens.all.get(at(source.start)..at(date.start));
        before.is_some_and(|it| self.words.publish_on(it))
    }

    /// Whether a date outside of source and content belongs to the clause of the cue, and to no
    /// relative clause, apposition or other clause between or before them.
    fn is_of_cue(
        &self,
        sentence: &Sentence<'_>,
        candidate: &Candidate,
        cues: &[usize],
        date: Span,
    ) -> bool {
        let (elements, words) = (sentence.elements, self.words);
        let (start, end) = (
            |it: &Element| self.tokens.all[it.first as usize].span.start,
            |it: &Element| self.tokens.all[it.last as usize - 1].span.end,
        );
        let at = elements.partition_point(|it| end(it) <= date.start);
        let next = elements.partition_point(|it| end(it) <= date.end);
        // What stands in a phrase tells of its noun: Monday's vote, the June accord.
        let follows = elements.get(next);
        let is_of_noun = follows.is_some_and(|it| {
            start(it) < date.end || words.is_possessive(&self.tokens.all[it.first as usize])
        });
        let is_told = |at: usize| {
            let parts = candidate.content.iter().chain(&candidate.source);
            parts.clone().any(|it| it.contains(&at)) || candidate.cue_range.contains(&at)
        };
        let is_mark = |at: usize| {
            let it = &elements[at];
            it.last == it.first + 1 && words::is_edge(&self.tokens.all[it.first as usize])
        };
        let is_verb = |at: usize| {
            let it = &elements[at];
            let says = (words.is_speech(it) || words.publishes(it)) && !cues.contains(&at);
            words.is_verb(it) && !says
        };
        // Back to the mark before the date, or to what was told.
        let before = (0..at).rev().take_while(|&it| !is_mark(it) && !is_told(it));
        let (between, is_document) = match at < candidate.cue {
            true => (next..candidate.cue, before.clone().any(|it| words.publishes(&elements[it]))),
            false => (candidate.cue + 1..at, false),
        };
        // The relative clause behind a dated document tells what that says.
        let is_other = |at: usize| is_verb(at) || words.is_relative(&elements[at]) && !is_document;
        let is_parted = between.clone().any(|at| !is_told(at) && is_other(at));
        let is_apposition = before.clone().last().is_some_and(|it| {
            it > 0 && is_mark(it - 1) && words.is_named(&elements[it]) && between.contains(&it)
        });
        let is_aside = at < candidate.cue
            && before.clone().last() == Some(0)
            && words.opens_clause(&elements[0]);
        // Without a comma it belongs to the last phrase of a source that holds several.
        let hangs_on = at.checked_sub(before.clone().count() + 1);
        let is_of_source = candidate.source.as_ref().is_some_and(|source| {
            hangs_on.is_some_and(|it| source.contains(&it) && !is_mark(it))
                && source.clone().any(is_mark)
        });
        let is_told_of = is_of_noun || is_apposition || is_aside || is_of_source;
        if is_told_of || is_parted || before.clone().any(is_other) {
            return false;
        }
        // A clause of its own may begin with the date: and on Monday she left.
        let mut after = (next..elements.len()).skip_while(|&it| is_mark(it));
        let is_subject = |it: usize| !is_told(it) && words.is_named(&elements[it]);
        let has_subject = at > candidate.cue && after.next().is_some_and(is_subject);
        !(has_subject && after.next().is_some_and(|it| words.is_verb(&elements[it])))
    }
}
