//! Values of TIMEX3, for comparison: variants of notation, and the days they stand for.

use std::sync::LazyLock;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use regex::Regex;

/// A day as year, month, day.
pub(super) type Day = (i32, u32, u32);

/// First and last day.
pub(super) type Interval = (Day, Day);

/// A pattern that is compiled once; it must match the whole value.
macro_rules! pattern {
    ($pattern:literal) => {{
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(concat!("^(?:", $pattern, ")$")).expect("the pattern is a constant")
        });
        &*PATTERN
    }};
}

/// Folds variants of notation (`P12M` and `P1Y`, `T9:00` and `T09:00`, a day of a week and its
/// date); what it does not know comes back unchanged.
pub(super) fn canonical(value: &str) -> String {
    let value = value.trim();
    if let Some(it) = length(value).or_else(|| clock_length(value)).or_else(|| time(value)) {
        return it;
    }
    if pattern!(r"\d{3}X|\d\dXX").is_match(value) {
        return value.trim_end_matches('X').to_owned();
    }
    if let Some(it) = pattern!(r"(\d{4})-W(\d\d)-([1-7])").captures(value)
        && let Some(date) = week_day(number(&it[1]), number(&it[2]), number(&it[3]))
    {
        return date.to_string();
    }
    value.to_owned()
}

/// A length of days, weeks, months or longer, in days or months.
fn length(value: &str) -> Option<String> {
    let it = pattern!(r"P(\d+(?:\.\d+)?)(DE|CE|[LCEYQMWD])").captures(value)?;
    let (unit, times) = match &it[2] {
        "L" => ('M', 12_000),
        "CE" | "C" => ('M', 1_200),
        "DE" | "E" => ('M', 120),
        "Y" => ('M', 12),
        "Q" => ('M', 3),
        "M" => ('M', 1),
        "W" => ('D', 7),
        _ => ('D', 1),
    };
    let number: f64 = it[1].parse().ok()?;
    Some(format!("P{}{unit}", short(number * f64::from(times))))
}

/// A length of hours, minutes or seconds, in days where it is whole ones, else in seconds.
fn clock_length(value: &str) -> Option<String> {
    let it = pattern!(r"PT(\d+(?:\.\d+)?)([HMS])").captures(value)?;
    let times = match &it[2] {
        "H" => 3600.0,
        "M" => 60.0,
        _ => 1.0,
    };
    let seconds = it[1].parse::<f64>().ok()? * times;
    Some(if seconds % 86_400.0 == 0.0 {
        format!("P{}D", short(seconds / 86_400.0))
    } else {
        format!("PT{}S", short(seconds))
    })
}

/// A time of day to the minute, without its zone.
fn time(value: &str) -> Option<String> {
    let it = pattern!(r"(.*)T(\d{1,2})(?::(\d\d))?(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
        .captures(value)?;
    if &it[1] == "P" || value.starts_with("PT") {
        return None;
    }
    let minutes = it.get(3).map_or("00", |it| it.as_str());
    Some(format!("{}T{:02}:{minutes}", &it[1], number(&it[2])))
}

/// A number in six digits at most, as `%g` of C writes it.
fn short(number: f64) -> String {
    let scientific = format!("{number:.5e}");
    let (digits, exponent) = scientific.split_once('e').expect("`e` stands in the format");
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    let trim = |it: &str| -> String {
        if it.contains('.') {
            it.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            it.to_owned()
        }
    };
    if (-4..6).contains(&exponent) {
        trim(&format!("{number:.*}", (5 - exponent) as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(digits), exponent.abs())
    }
}

/// A few digits as a number. Digits of other scripts, which no tagger writes, count as 0.
fn number(digits: &str) -> i32 {
    digits.parse().unwrap_or(0)
}

/// First and last day of the value of a date or time, or of an EDTF interval `A/B`; `None`
/// where the value does not say.
pub(super) fn interval(value: &str) -> Option<Interval> {
    let value = value.trim();
    if let Some((from, to)) = value.split_once('/') {
        return Some((interval(from)?.0, interval(to)?.1));
    }
    // The day of a time of day.
    let value = match value.get(..11) {
        Some(day) if pattern!(r"\d{4}-\d\d-\d\dT").is_match(day) => &day[..10],
        _ => value,
    };
    calendar(value).or_else(|| decade(value)).or_else(|| week(value)).or_else(|| part(value))
}

/// `2013`, `2013-02`, `2013-02-11`
fn calendar(value: &str) -> Option<Interval> {
    let it = pattern!(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?").captures(value)?;
    let field = |at: usize| it.get(at).map(|it| number(it.as_str()) as u32);
    let year = number(&it[1]);
    let (first, last) = (field(2).unwrap_or(1), field(2).unwrap_or(12));
    if year < 1 || !(1..=12).contains(&first) {
        return None;
    }
    let end = last_day(year, last);
    match field(3) {
        None => Some(((year, first, 1), (year, last, end))),
        Some(day) => (1..=end).contains(&day).then_some(((year, first, day), (year, last, day))),
    }
}

/// `198`, `198X`, `19`, `19XX`
fn decade(value: &str) -> Option<Interval> {
    let years = |first: i32, count: i32| {
        (first > 0).then_some(((first, 1, 1), (first + count - 1, 12, 31)))
    };
    if let Some(it) = pattern!(r"(\d{3})X?").captures(value) {
        return years(number(&it[1]) * 10, 10);
    }
    let it = pattern!(r"(\d\d)(XX)?").captures(value)?;
    years(number(&it[1]) * 100, 100)
}

/// `2013-W12`, `2013-W12-WE`, `2013-W12-4`
fn week(value: &str) -> Option<Interval> {
    let it = pattern!(r"(\d{4})-W(\d\d)(?:-(WE|[1-7]))?").captures(value)?;
    let (first, last) = match it.get(3).map(|it| it.as_str()) {
        None => (1, 7),
        Some("WE") => (6, 7),
        Some(day) => (number(day), number(day)),
    };
    let day = |day| {
        let date = week_day(number(&it[1]), number(&it[2]), day)?;
        Some((i32::from(date.year()), date.month() as u32, date.day() as u32))
    };
    Some((day(first)?, day(last)?))
}

/// `2013-Q1`, `2013-H2`, `2013-SU`. Seasons are those of meteorology in the northern
/// hemisphere; a winter has the name of the year in which it begins.
fn part(value: &str) -> Option<Interval> {
    let it = pattern!(r"(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|AU|WI)").captures(value)?;
    let year = number(&it[1]);
    let (first, months) = match &it[2] {
        "SP" => (3, 3),
        "SU" => (6, 3),
        "FA" | "AU" => (9, 3),
        "WI" => (12, 3),
        half if half.starts_with('H') => (6 * number(&half[1..]) as u32 - 5, 6),
        quarter => (3 * number(&quarter[1..]) as u32 - 2, 3),
    };
    let months_from_start = first + months - 1;
    let (end_year, end) = if months_from_start > 12 {
        (year + 1, months_from_start - 12)
    } else {
        (year, months_from_start)
    };
    Some(((year, first, 1), (end_year, end, last_day(end_year, end))))
}

fn last_day(year: i32, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn week_day(year: i32, week: i32, day: i32) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(day as i8).ok()?;
    Some(ISOWeekDate::new(year as i16, week as i8, weekday).ok()?.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_notation_are_folded() {
        for (value, expected) in [
            ("P12M", "P12M"),
            ("P1Y", "P12M"),
            ("PT24H", "P1D"),
            ("P1D", "P1D"),
            ("P10Y", "P120M"),
            ("P1DE", "P120M"),
            ("P1E", "P120M"),
            ("P2L", "P24000M"),
            ("P2000Y", "P24000M"),
            ("P1Q", "P3M"),
            ("P2W", "P14D"),
            ("PT1.5H", "PT5400S"),
            ("PT90M", "PT5400S"),
            ("P1000000D", "P1e+06D"),
            ("PXD", "PXD"),
            ("2013-03-22T9:00", "2013-03-22T09:00"),
            ("2013-03-22T09:00:00", "2013-03-22T09:00"),
            ("2013-03-22T09:00:00.5Z", "2013-03-22T09:00"),
            ("2013-03-22TMO", "2013-03-22TMO"),
            ("2013-W12-4", "2013-03-21"),
            ("2010-W53-4", "2010-W53-4"),
            ("2013-W12", "2013-W12"),
            ("198X", "198"),
            ("19XX", "19"),
            ("1989-XX", "1989-XX"),
            ("PAST_REF", "PAST_REF"),
            ("", ""),
        ] {
            assert_eq!(canonical(value), expected, "{value}");
        }
    }

    #[track_caller]
    fn check(value: &str, from: Day, to: Day) {
        assert_eq!(interval(value), Some((from, to)), "{value}");
    }

    #[test]
    fn values_stand_for_days() {
        check("2012-02", (2012, 2, 1), (2012, 2, 29));
        check("2013-02", (2013, 2, 1), (2013, 2, 28));
        check("2013", (2013, 1, 1), (2013, 12, 31));
        check("2013-01/2013-12", (2013, 1, 1), (2013, 12, 31));
        check("197", (1970, 1, 1), (1979, 12, 31));
        check("197X", (1970, 1, 1), (1979, 12, 31));
        check("19", (1900, 1, 1), (1999, 12, 31));
        check("2013-W12", (2013, 3, 18), (2013, 3, 24));
        check("2013-W12-WE", (2013, 3, 23), (2013, 3, 24));
        check("2009-W53", (2009, 12, 28), (2010, 1, 3));
        check("2013-Q4", (2013, 10, 1), (2013, 12, 31));
        check("2013-H1", (2013, 1, 1), (2013, 6, 30));
        check("2013-H2", (2013, 7, 1), (2013, 12, 31));
        check("2012-WI", (2012, 12, 1), (2013, 2, 28));
        check("2012-SU", (2012, 6, 1), (2012, 8, 31));
        check("2013-03-22T09:00", (2013, 3, 22), (2013, 3, 22));
    }

    #[test]
    fn open_and_impossible_values_stand_for_none() {
        for value in ["2013-02-30", "XXXX-03", "PAST_REF", "", "2010-W53", "0000", "000"] {
            assert_eq!(interval(value), None, "{value}");
        }
    }
}
