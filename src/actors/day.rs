//! Days of offices, as far as they are known.

use jiff::civil::Date;

/// A day as a number that sorts: `20140630`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(u32);

impl Day {
    pub(super) fn of(date: Date) -> Day {
        let (year, month, day) = (date.year().max(0), date.month(), date.day());
        Day(year as u32 * 10_000 + month as u32 * 100 + day as u32)
    }

    /// First and last day of a row. A row is known to hold from its first day, of which nothing
    /// can be said where it is empty, until its last one, or until the day on which it was
    /// checked: a role out of date is not claimed.
    ///
    /// # Errors
    /// The word that is no date.
    pub(super) fn period<'a>(
        from: &'a str,
        to: &'a str,
        as_of: &'a str,
    ) -> Result<Option<(Day, Day)>, &'a str> {
        let first = Day::parse(from, 101).ok_or(from)?;
        let last = Day::parse(to, 1231).ok_or(to)?;
        let checked = Day::parse(as_of, 1231).ok_or(as_of)?;
        let last = if to.is_empty() { checked } else { last };
        Ok((!from.is_empty()).then_some((first, last)))
    }

    /// Reads `2014`, `2014-06`, `2014-06-30`; what is missing is taken from `rest`. No word is
    /// day 0.
    fn parse(word: &str, rest: u32) -> Option<Day> {
        if word.is_empty() {
            return Some(Day(0));
        }
        let mut parts = word.split('-');
        let mut number = |digits: usize| match parts.next() {
            None => Some(None),
            Some(it) if it.len() == digits && it.bytes().all(|it| it.is_ascii_digit()) => {
                it.parse::<u32>().ok().map(Some)
            }
            _ => None,
        };
        let (year, month, day) = (number(4)??, number(2)?, number(2)?);
        let month = month.unwrap_or(rest / 100);
        let day = day.unwrap_or(rest % 100);
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
        (parts.next().is_none() && is_date).then_some(Day(year * 10_000 + month * 100 + day))
    }
}
