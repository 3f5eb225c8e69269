//! What is known of the day of publication, and what a document itself tells of it.

use jiff::civil::Date;

use super::Dates;
use super::meaning::Reading;
use super::scan::Desk;
use crate::model::{BlockKind, Document, Sentences, Timex, TimexKind, Token, Tokens};

/// One of so many paragraphs at the head may give the day of publication.
const HEAD: usize = 6;
/// A line that gives it has so many words and signs at most,
const LINE: usize = 14;
/// and so many words beside the day, if it is no line of the author or of the page.
const LABEL: usize = 1;

/// What is known of the day of publication.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Published {
    pub(super) day: Option<Date>,
    pub(super) is_inferred: bool,
    /// Whether only its year is sure, and the day stands for it.
    pub(super) is_coarse: bool,
}

impl Dates {
    /// The day that a line of its own gives, at the head of a document: that of publication. The
    /// line of the author may hold one, too. What stands at the end may belong to another text.
    pub fn published(
        &self,
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
    ) -> Option<Date> {
        let mut desk = Desk::new();
        for (index, outer) in sentences.outer.iter().enumerate() {
            let at = outer.block as usize;
            let Some(kind) = document.blocks.get(at).map(|it| it.kind) else { continue };
            let tokens = tokens.of(index);
            if at >= HEAD || kind == BlockKind::Foreign {
                return None;
            }
            if tokens.len() > LINE {
                continue;
            }
            let Some(window) = self.window(tokens) else { continue };
            self.scan(tokens, window, &mut desk);
            let mut reading = Reading::new(self, document.text(), Published::default());
            reading.sentence(tokens, &desk);
            let days: Vec<&Timex> = reading.timexes.iter().filter(|it| is_full_day(it)).collect();
            let [timex] = days[..] else { continue };
            let is_word = |it: &&Token| {
                let opens = it.span.of(document.text()).starts_with(char::is_alphabetic);
                opens && !timex.span.contains(it.span)
            };
            let others = tokens.iter().filter(is_word).count();
            let is_aside = matches!(kind, BlockKind::Byline | BlockKind::Furniture);
            if is_aside || others <= LABEL {
                return timex.days.map(|it| it.0);
            }
        }
        None
    }
}

/// Whether it is a day with its year that dates something.
fn is_full_day(timex: &Timex) -> bool {
    let is_day = timex.days.is_some_and(|(first, last)| first == last);
    is_day && timex.kind == TimexKind::Date && !timex.is_modifier && timex.modifier.is_empty()
}

/// The last day that a text without a day of publication gives in full, where some other of its
/// dates lies in the same year: one date alone may be anybody's birthday.
pub(super) fn latest(timexes: &[Timex]) -> Option<Date> {
    let latest = timexes.iter().filter(|it| is_full_day(it)).filter_map(|it| it.days).max()?.0;
    let is_near = |it: &&Timex| {
        let within = it.days.is_some_and(|(first, last)| {
            first.year() == latest.year() && (last - first).get_days() <= 31
        });
        within && matches!(it.kind, TimexKind::Date | TimexKind::Time)
    };
    (timexes.iter().filter(is_near).count() > 1).then_some(latest)
}
