//! The calendar: where weeks, weekdays of months and Easter fall, and how long units are.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::Unit;

pub(super) fn years(first: i16, more: i16) -> Option<(Date, Date)> {
    let start = Date::new(first, 1, 1).ok()?;
    let end = Date::new(first.checked_add(more)?, 12, 31).ok()?;
    Some((start, end))
}

pub(super) fn week_day(year: i16, week: u8, day: u8) -> Option<Date> {
    let day = Weekday::from_monday_one_offset(day as i8).ok()?;
    ISOWeekDate::new(year, week as i8, day).ok().map(ISOWeekDate::date)
}

pub(super) fn nth_weekday(year: i16, month: u8, nth: u8, day: u8) -> Option<Date> {
    let first = Date::new(year, month as i8, 1).ok()?;
    let day = Weekday::from_monday_one_offset(day as i8).ok()?;
    first.nth_weekday_of_month(if nth == 0 { -1 } else { nth as i8 }, day).ok()
}

/// Easter Sunday of the western churches (the anonymous Gregorian algorithm).
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let a = y % 19;
    let (b, c) = (y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

/// The calendar span of `count` units.
pub(super) fn span(count: i64, unit: Unit) -> Option<Span> {
    let (span, each) = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => (Span::new(), 0),
        Unit::Part | Unit::Day => (Span::new().try_days(count).ok()?, 1),
        Unit::Week | Unit::Weekend => (Span::new().try_weeks(count).ok()?, 1),
        Unit::Fortnight => (Span::new().try_weeks(count.checked_mul(2)?).ok()?, 1),
        Unit::Month => (Span::new().try_months(count).ok()?, 1),
        Unit::Quarter | Unit::Season => (Span::new(), 3),
        Unit::Half => (Span::new(), 6),
        Unit::Year => (Span::new(), 12),
        Unit::Decade => (Span::new(), 120),
        Unit::Century => (Span::new(), 1200),
        Unit::Millennium => (Span::new(), 12_000),
    };
    if each > 1 { Span::new().try_months(count.checked_mul(each)?).ok() } else { Some(span) }
}
