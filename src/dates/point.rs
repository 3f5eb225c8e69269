//! Places on the calendar as TIMEX3 writes them, with anything open that the words leave open,
//! and the arithmetic on them.
//!
//! A [`Point`] is read from and written as the `value` of a TIMEX3 DATE or TIME: `2024-03-05`,
//! `2024-W10`, `2024-Q3`, `197` (a decade), `XXXX-06-28`, `XXXX-WXX-1`, `2024-03-05T09:00`.

use std::fmt;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};

/// A size of calendar time, from the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    /// A part of a day: a morning, a night.
    Part,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    /// From the word that rule files and word lists use for it.
    pub(super) fn from_word(word: &str) -> Option<Unit> {
        Some(match word {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "part" => Unit::Part,
            "day" => Unit::Day,
            "weekend" => Unit::Weekend,
            "week" => Unit::Week,
            "fortnight" => Unit::Fortnight,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "season" => Unit::Season,
            "half" => Unit::Half,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            "millennium" => Unit::Millennium,
            _ => return None,
        })
    }

    /// The words that [`Unit::from_word`] knows, for messages.
    pub(super) const WORDS: &str = "`second`, `minute`, `hour`, `day`, `weekend`, `week`, \
        `fortnight`, `month`, `quarter`, `season`, `half`, `year`, `decade`, `century`";
}

/// The year of a [`Point`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    /// `XXXX`
    Open,
    /// Astronomical: 44 BC is -43.
    Known(i16),
    /// `197`
    Decade(i16),
    /// `19`
    Century(i16),
}

/// A part of a year. Zero stands for what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// The year as such.
    Year,
    /// `H1`
    Half(u8),
    /// `Q3`
    Quarter(u8),
    /// `SP`, `SU`, `FA`, `WI` as 1 to 4.
    Season(u8),
    /// `06`
    Month(u8),
    /// `06-28`
    Day(u8, u8),
    /// `W23`
    Week(u8),
    /// `W23-WE`
    Weekend(u8),
    /// `W23-1`
    Weekday(u8, u8),
    /// The nth weekday of a month, the last one where n is zero: month, n, weekday.
    Nth(u8, u8, u8),
    /// So many days after Easter Sunday.
    Easter(i8),
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// None is given.
    None,
    /// `MO`, `NI`, …
    Part([u8; 2]),
    /// Hour, minute, second; what is not given is 255.
    At(u8, u8, u8),
}

/// What is not given of a [`Clock::At`].
const NOT_GIVEN: u8 = 255;

/// A place on the calendar, with anything open that the words leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) year: Year,
    pub(super) within: Within,
    pub(super) clock: Clock,
}

/// On which side of a day an open point is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The last one that has begun.
    Past,
    /// The next one that is not over.
    Future,
    /// The last one that is over.
    Before,
    /// The next one that has not begun.
    After,
    /// The nearest one.
    Near,
}

const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];

impl Point {
    /// The unit of calendar time that holds `date`.
    pub(super) fn holding(date: Date, unit: Unit) -> Point {
        let week = date.iso_week_date();
        let known = Year::Known(date.year());
        let of_week = Year::Known(week.year());
        let month = date.month() as u8;
        let (year, within) = match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Part | Unit::Day => {
                (known, Within::Day(month, date.day() as u8))
            }
            Unit::Weekend => (of_week, Within::Weekend(week.week() as u8)),
            Unit::Week | Unit::Fortnight => (of_week, Within::Week(week.week() as u8)),
            Unit::Month => (known, Within::Month(month)),
            Unit::Quarter => (known, Within::Quarter(month.div_ceil(3))),
            Unit::Season => {
                let season = match month {
                    3..=5 => 1,
                    6..=8 => 2,
                    9..=11 => 3,
                    _ => 4,
                };
                let year = date.year() - i16::from(month < 3);
                (Year::Known(year), Within::Season(season))
            }
            Unit::Half => (known, Within::Half(month.div_ceil(6))),
            Unit::Year => (known, Within::Year),
            Unit::Decade => (Year::Decade(date.year().div_euclid(10)), Within::Year),
            Unit::Century | Unit::Millennium => {
                (Year::Century(date.year().div_euclid(100)), Within::Year)
            }
        };
        Point { year, within, clock: Clock::None }
    }

    /// A day.
    pub(super) fn day(date: Date) -> Point {
        Point::holding(date, Unit::Day)
    }

    /// A unit of which nothing is known but its size.
    pub(super) fn open(unit: Unit) -> Point {
        let within = match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Part | Unit::Day => Within::Day(0, 0),
            Unit::Weekend => Within::Weekend(0),
            Unit::Week | Unit::Fortnight => Within::Week(0),
            Unit::Month => Within::Month(0),
            Unit::Quarter => Within::Quarter(0),
            Unit::Season => Within::Season(0),
            Unit::Half => Within::Half(0),
            _ => Within::Year,
        };
        Point { year: Year::Open, within, clock: Clock::None }
    }

    /// How large it is.
    pub(super) fn unit(self) -> Unit {
        match (self.clock, self.within) {
            (Clock::Part(_), _) => Unit::Part,
            (Clock::At(_, NOT_GIVEN, _), _) => Unit::Hour,
            (Clock::At(_, _, NOT_GIVEN), _) => Unit::Minute,
            (Clock::At(..), _) => Unit::Second,
            (Clock::None, Within::Year) => match self.year {
                Year::Decade(_) => Unit::Decade,
                Year::Century(_) => Unit::Century,
                _ => Unit::Year,
            },
            (Clock::None, Within::Half(_)) => Unit::Half,
            (Clock::None, Within::Quarter(_)) => Unit::Quarter,
            (Clock::None, Within::Season(_)) => Unit::Season,
            (Clock::None, Within::Month(_)) => Unit::Month,
            (Clock::None, Within::Week(_)) => Unit::Week,
            (Clock::None, Within::Weekend(_)) => Unit::Weekend,
            (Clock::None, _) => Unit::Day,
        }
    }

    /// Whether the calendar alone does not say which days are meant.
    pub(super) fn is_open(self) -> bool {
        self.days().is_none()
    }

    /// First and last day, where nothing is open.
    pub(super) fn days(self) -> Option<(Date, Date)> {
        let year = match self.year {
            Year::Known(year) => year,
            Year::Decade(it) if self.within == Within::Year => {
                return years(it.checked_mul(10)?, 9);
            }
            Year::Century(it) if self.within == Within::Year => {
                return years(it.checked_mul(100)?, 99);
            }
            _ => return None,
        };
        let months = |first: u8, count: i32| {
            let start = Date::new(year, first as i8, 1).ok()?;
            let end = start.checked_add(count.months()).ok()?.yesterday().ok()?;
            Some((start, end))
        };
        let single = |date: Date| Some((date, date));
        match self.within {
            Within::Year => years(year, 0),
            Within::Half(it @ 1..=2) => months(6 * it - 5, 6),
            Within::Quarter(it @ 1..=4) => months(3 * it - 2, 3),
            Within::Season(it @ 1..=4) => months(3 * it, 3),
            Within::Month(it @ 1..=12) => months(it, 1),
            Within::Day(month, day) => single(Date::new(year, month as i8, day as i8).ok()?),
            Within::Week(it) => {
                let start = week_day(year, it, 1)?;
                Some((start, start.checked_add(6.days()).ok()?))
            }
            Within::Weekend(it) => {
                let start = week_day(year, it, 6)?;
                Some((start, start.tomorrow().ok()?))
            }
            Within::Weekday(week, day) => single(week_day(year, week, day)?),
            Within::Nth(month, nth, day) => single(nth_weekday(year, month, nth, day)?),
            Within::Easter(days) => single(easter(year)?.checked_add(i64::from(days).days()).ok()?),
            _ => None,
        }
    }

    /// The same with movable feasts and weekdays of known weeks written as days.
    pub(super) fn settled(self) -> Point {
        let movable =
            matches!(self.within, Within::Nth(..) | Within::Easter(_) | Within::Weekday(..));
        match self.days() {
            Some((day, _)) if movable => Point { clock: self.clock, ..Point::day(day) },
            _ => self,
        }
    }

    /// Moves by `count` units and makes the result that large, if it was smaller.
    ///
    /// Quarters, halves and months stay what they are when they move by years: the quarter a
    /// year before.
    pub(super) fn shifted(self, count: i64, unit: Unit) -> Option<Point> {
        let (first, _) = match self.days() {
            Some(days) => days,
            None => return Some(Point::open(unit)),
        };
        let moved = first.checked_add(span(count, unit)?).ok()?;
        let keeps = self.unit() > unit
            || (unit >= Unit::Year
                && matches!(self.unit(), Unit::Month | Unit::Quarter | Unit::Half | Unit::Season)
                && self.clock == Clock::None);
        let unit = match unit {
            Unit::Fortnight => Unit::Week,
            // A decade ago is a year, not the decade before.
            Unit::Decade | Unit::Century | Unit::Millennium if self.unit() < Unit::Decade => {
                Unit::Year
            }
            unit => unit,
        };
        let unit = if keeps { self.unit() } else { unit };
        Some(Point::holding(moved, unit))
    }

    /// The nth (from 1; from the end where negative) unit inside it.
    pub(super) fn nth(self, nth: i64, unit: Unit) -> Option<Point> {
        let (first, last) = self.days()?;
        let found = if nth > 0 {
            first.checked_add(span(nth - 1, unit)?).ok()?
        } else {
            last.checked_add(span(nth + 1, unit)?).ok()?
        };
        (first <= found && found <= last).then(|| Point::holding(found, unit))
    }

    /// Fills what is open in it from a larger or other point: June in 2024, Monday in a week,
    /// nine o'clock in a day.
    pub(super) fn inside(self, outer: Point) -> Option<Point> {
        let mut it = self;
        if let Clock::None = it.clock {
            it.clock = outer.clock;
        }
        it.year = match (self.year, outer.year) {
            (Year::Open, year) => year,
            (year, _) => year,
        };
        it.within = match (self.within, outer.within) {
            (Within::Day(0, 0), within) => within,
            (Within::Day(0, day), Within::Month(month) | Within::Day(month, _)) => {
                Within::Day(month, day)
            }
            (Within::Weekday(0, day), Within::Week(week)) => Within::Weekday(week, day),
            (Within::Nth(0, nth, day), Within::Month(month)) => Within::Nth(month, nth, day),
            (Within::Weekday(0, _), within @ Within::Day(..)) => within,
            (Within::Weekend(0), Within::Week(week)) => Within::Weekend(week),
            (within, _) => within,
        };
        Some(it)
    }

    /// Settles what is open by taking the one on a side of `from`.
    pub(super) fn settle(self, side: Side, from: Date) -> Point {
        if !self.is_open() {
            return self.settled();
        }
        let mut best: Option<(i64, Point)> = None;
        for step in -9..=9_i8 {
            let Some(candidate) = self.candidate(from, step) else { continue };
            let Some((first, last)) = candidate.days() else { continue };
            let Some(distance) = distance(side, from, first, last) else { continue };
            // Of two equally near ones the earlier stays.
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
        best.map_or(self, |(_, it)| it.settled())
    }

    /// The `step`th of the points it may mean, counted from the one around `from`.
    fn candidate(self, from: Date, step: i8) -> Option<Point> {
        let mut it = self;
        let step = i64::from(step);
        match self.within {
            Within::Week(0) | Within::Weekend(0) | Within::Weekday(0, _) => {
                let week = from.checked_add((7 * step).days()).ok()?.iso_week_date();
                it.year = Year::Known(week.year());
                let number = week.week() as u8;
                it.within = match self.within {
                    Within::Week(_) => Within::Week(number),
                    Within::Weekend(_) => Within::Weekend(number),
                    Within::Weekday(_, day) => Within::Weekday(number, day),
                    other => other,
                };
            }
            Within::Day(0, 0) => {
                let date = from.checked_add(step.days()).ok()?;
                it = Point { clock: self.clock, ..Point::day(date) };
            }
            Within::Day(0, day) => {
                let date = from.first_of_month().checked_add(step.months()).ok()?;
                it.year = Year::Known(date.year());
                it.within = Within::Day(date.month() as u8, day);
            }
            Within::Month(0) | Within::Quarter(0) | Within::Half(0) | Within::Season(0) => {
                let unit = self.unit();
                it = Point::holding(from, unit).shifted(step, unit)?;
            }
            _ if self.year == Year::Open => it.year = Year::Known(from.year() + step as i16),
            _ => return (step == 0).then_some(it),
        }
        Some(it)
    }

    /// Reads a value. Numbers may lack their leading zeros; a year of two digits is one of the
    /// hundred years up to twenty years after `around`.
    ///
    /// A time of day may end with `a` or `p` for the half of the day it is in.
    pub(super) fn parse(text: &str, around: Option<Date>) -> Option<Point> {
        let (day, clock) = match text.split_once('T') {
            Some((day, clock)) => (day, Point::parse_clock(clock)?),
            None => (text, Clock::None),
        };
        let (year, within) = match day.strip_prefix('-') {
            Some(_) => return None,
            None => day.split_once('-').unwrap_or((day, "")),
        };
        let year = parse_year(year, around)?;
        let within = parse_within(within)?;
        let it = Point { year, within, clock };
        it.is_possible().then_some(it)
    }

    /// Reads what stands behind the `T` of a value: `NI`, `9`, `09:30`, `1500`, `9:30p`.
    pub(super) fn parse_clock(text: &str) -> Option<Clock> {
        if let &[a @ b'A'..=b'Z', b @ b'A'..=b'Z'] = text.as_bytes() {
            return Some(Clock::Part([a, b]));
        }
        let (digits, half) = match text.as_bytes().last()? {
            b'a' | b'p' => text.split_at(text.len() - 1),
            _ => (text, ""),
        };
        if digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit()) {
            let (hour, minute) = digits.split_at(2);
            return Point::parse_clock(&format!("{hour}:{minute}{half}"));
        }
        let mut parts = digits.split([':', '.']).map(|it| it.parse::<u8>());
        let hour = parts.next()?.ok()?;
        let mut rest = || parts.next().unwrap_or(Ok(NOT_GIVEN)).ok();
        let (minute, second) = (rest()?, rest()?);
        let in_range = |it: u8| it < 60 || it == NOT_GIVEN;
        let hour = match half {
            "" => hour,
            _ if hour == 0 || hour > 12 => return None,
            "a" => hour % 12,
            _ => hour % 12 + 12,
        };
        let it = Clock::At(hour, minute, second);
        (hour <= 24 && in_range(minute) && in_range(second)).then_some(it)
    }

    /// Whether no calendar rules it out: 30 February is none.
    fn is_possible(self) -> bool {
        match (self.year, self.within) {
            (Year::Open, Within::Day(month, day)) => {
                let month = if month == 0 { 1 } else { month };
                let day = if day == 0 { 1 } else { day };
                Date::new(2000, month as i8, day as i8).is_ok()
            }
            (Year::Decade(_) | Year::Century(_), within) => within == Within::Year,
            (Year::Known(year), Within::Year) => Date::new(year, 1, 1).is_ok(),
            (Year::Known(_), within) => {
                let is_open = matches!(
                    within,
                    Within::Half(0)
                        | Within::Quarter(0)
                        | Within::Season(0)
                        | Within::Month(0)
                        | Within::Week(0)
                        | Within::Weekend(0)
                        | Within::Weekday(0, _)
                        | Within::Day(_, 0)
                        | Within::Day(0, _)
                );
                is_open || self.days().is_some()
            }
            _ => true,
        }
    }

    /// The same in EDTF, or empty where EDTF cannot say it.
    pub(super) fn edtf(self) -> String {
        let it = self.settled();
        match (it.year, it.within) {
            (Year::Decade(_), _) => format!("{it}X"),
            (Year::Century(_), _) => format!("{it}XX"),
            (Year::Known(year), Within::Year) if year < 0 => format!("-{:04}", -year),
            (Year::Known(year), Within::Season(season @ 1..=4)) => {
                format!("{year:04}-{}", 20 + season)
            }
            (_, Within::Year | Within::Month(_) | Within::Day(..)) => match it.clock {
                Clock::At(_, minute, _) if minute != NOT_GIVEN => it.to_string(),
                _ => Point { clock: Clock::None, ..it }.to_string(),
            },
            (_, Within::Half(_) | Within::Quarter(_)) => {
                let Some((first, last)) = it.days() else { return String::new() };
                let month = |date: Date| Point::holding(date, Unit::Month);
                format!("{}/{}", month(first), month(last))
            }
            _ => it.days().map_or(String::new(), |(first, last)| format!("{first}/{last}")),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Year::Open => f.write_str("XXXX")?,
            Year::Known(year) if year <= 0 => write!(f, "BC{:04}", 1 - year)?,
            Year::Known(year) => write!(f, "{year:04}")?,
            Year::Decade(it) => write!(f, "{it:03}")?,
            Year::Century(it) => write!(f, "{it:02}")?,
        }
        match self.within {
            Within::Year => {}
            Within::Half(it) => write!(f, "-H{}", Open1(it))?,
            Within::Quarter(it) => write!(f, "-Q{}", Open1(it))?,
            Within::Season(it @ 1..=4) => write!(f, "-{}", SEASONS[it as usize - 1])?,
            Within::Season(_) => {}
            Within::Month(it) => write!(f, "-{}", Open2(it))?,
            Within::Day(month, day) => write!(f, "-{}-{}", Open2(month), Open2(day))?,
            Within::Week(it) => write!(f, "-W{}", Open2(it))?,
            Within::Weekend(it) => write!(f, "-W{}-WE", Open2(it))?,
            Within::Weekday(week, day) => write!(f, "-W{}-{}", Open2(week), Open1(day))?,
            Within::Nth(month, ..) => write!(f, "-{}-XX", Open2(month))?,
            Within::Easter(_) => f.write_str("-XX-XX")?,
        }
        match self.clock {
            Clock::None => Ok(()),
            Clock::Part([a, b]) => write!(f, "T{}{}", a as char, b as char),
            Clock::At(hour, NOT_GIVEN, _) => write!(f, "T{hour:02}:00"),
            Clock::At(hour, minute, NOT_GIVEN) => write!(f, "T{hour:02}:{minute:02}"),
            Clock::At(hour, minute, second) => write!(f, "T{hour:02}:{minute:02}:{second:02}"),
        }
    }
}

/// A number of one digit, `X` for zero.
struct Open1(u8);

impl fmt::Display for Open1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("X"),
            it => write!(f, "{it}"),
        }
    }
}

/// A number of two digits, `XX` for zero.
struct Open2(u8);

impl fmt::Display for Open2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("XX"),
            it => write!(f, "{it:02}"),
        }
    }
}

fn years(first: i16, more: i16) -> Option<(Date, Date)> {
    let start = Date::new(first, 1, 1).ok()?;
    let end = Date::new(first.checked_add(more)?, 12, 31).ok()?;
    Some((start, end))
}

fn week_day(year: i16, week: u8, day: u8) -> Option<Date> {
    let day = Weekday::from_monday_one_offset(day as i8).ok()?;
    ISOWeekDate::new(year, week as i8, day).ok().map(ISOWeekDate::date)
}

fn nth_weekday(year: i16, month: u8, nth: u8, day: u8) -> Option<Date> {
    let first = Date::new(year, month as i8, 1).ok()?;
    let day = Weekday::from_monday_one_offset(day as i8).ok()?;
    first.nth_weekday_of_month(if nth == 0 { -1 } else { nth as i8 }, day).ok()
}

/// Easter Sunday of the western churches (the anonymous Gregorian algorithm).
fn easter(year: i16) -> Option<Date> {
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
fn span(count: i64, unit: Unit) -> Option<Span> {
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

/// How far a candidate lies from `from`, if it lies on the right side.
fn distance(side: Side, from: Date, first: Date, last: Date) -> Option<i64> {
    let days = |a: Date, b: Date| i64::from((b - a).get_days());
    match side {
        Side::Past if first <= from => Some(days(first, from)),
        Side::Before if last < from => Some(days(first, from)),
        Side::Future if last >= from => Some(days(from, last)),
        Side::After if first > from => Some(days(from, first)),
        Side::Near if first <= from && from <= last => Some(0),
        Side::Near if last < from => Some(days(last, from)),
        Side::Near => Some(days(from, first)),
        _ => None,
    }
}

fn parse_year(text: &str, around: Option<Date>) -> Option<Year> {
    if let Some(bc) = text.strip_prefix("BC") {
        return Some(Year::Known(1_i16.checked_sub(bc.parse().ok()?)?));
    }
    if let Some(year) = text.strip_prefix("AD") {
        return Some(Year::Known(year.parse().ok()?));
    }
    // The nth century ends with the year that the next one is called by.
    if let Some(nth) = text.strip_prefix('C') {
        return Some(Year::Century(
            nth.parse::<i16>().ok().filter(|it| (1..=99).contains(it))? - 1,
        ));
    }
    if let Some(decade) = text.strip_suffix("0s").or_else(|| text.strip_suffix("0er")) {
        let decade = match decade.len() {
            3 => decade.parse().ok()?,
            1 => match parse_year(&format!("{decade}0"), around)? {
                Year::Known(year) => year.div_euclid(10),
                _ => return None,
            },
            _ => return None,
        };
        return Some(Year::Decade(decade));
    }
    if text == "XXXX" {
        return Some(Year::Open);
    }
    let digits = text.trim_end_matches('X');
    let number: i16 = digits.parse().ok()?;
    match (digits.len(), text.len()) {
        (4, 4) => Some(Year::Known(number)),
        (3, 3 | 4) => Some(Year::Decade(number)),
        (2, 4) => Some(Year::Century(number)),
        (2, 2) => {
            let limit = around.map_or(2030, |it| it.year() + 20);
            let century = limit.div_euclid(100);
            let year = 100 * century + number;
            Some(Year::Known(if year > limit { year - 100 } else { year }))
        }
        _ => None,
    }
}

fn parse_within(text: &str) -> Option<Within> {
    if text.is_empty() {
        return Some(Within::Year);
    }
    if let Some(at) = SEASONS.iter().position(|it| *it == text) {
        return Some(Within::Season(at as u8 + 1));
    }
    if let Some(days) = text.strip_prefix('E') {
        return Some(Within::Easter(days.parse().ok()?));
    }
    let upto = |it: Option<u8>, most: u8| it.filter(|&it| it <= most);
    match text.as_bytes()[0] {
        b'H' => upto(number(&text[1..]), 2).map(Within::Half),
        b'Q' => upto(number(&text[1..]), 4).map(Within::Quarter),
        b'W' => match text[1..].split_once('-') {
            None => upto(number(&text[1..]), 53).map(Within::Week),
            Some((week, "WE")) => upto(number(week), 53).map(Within::Weekend),
            Some((week, day)) => {
                Some(Within::Weekday(upto(number(week), 53)?, upto(number(day), 7)?))
            }
        },
        _ => match text.split_once('-') {
            None => upto(number(text), 12).map(Within::Month),
            Some((month, nth)) if nth.starts_with('W') => {
                let (nth, day) = nth[1..].split_once('-')?;
                let nth = if nth == "L" { 0 } else { upto(number(nth), 5)? };
                Some(Within::Nth(upto(number(month), 12)?, nth, upto(number(day), 7)?))
            }
            Some((month, day)) => {
                Some(Within::Day(upto(number(month), 12)?, upto(number(day), 31)?))
            }
        },
    }
}

/// One or two digits, or `X`s for what is open.
fn number(text: &str) -> Option<u8> {
    if !text.is_empty() && text.bytes().all(|it| it == b'X') {
        return Some(0);
    }
    let is_number = matches!(text.len(), 1 | 2) && text.bytes().all(|it| it.is_ascii_digit());
    if is_number { text.parse().ok().filter(|&it| it > 0) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn point(text: &str) -> Point {
        Point::parse(text, None).unwrap_or_else(|| panic!("no point: {text}"))
    }

    #[test]
    fn values_are_read_and_written() {
        for value in [
            "2024",
            "197",
            "2024-03",
            "2024-03-05",
            "XXXX-06-28",
            "XXXX-WXX-1",
            "XXXX-XX-21",
            "2024-W10",
            "2024-W10-WE",
            "2024-Q3",
            "2024-QX",
            "2024-H1",
            "2024-SU",
            "XXXX-WI",
            "2024-03-05T09:00",
            "2024-03-05TNI",
            "XXXX-XX-XXT10:35",
            "BC0044",
            "2024-03-05T09:00:05",
        ] {
            assert_eq!(point(value).to_string(), value);
        }
        assert_eq!(point("2024-3-5T9:30p").to_string(), "2024-03-05T21:30");
        assert_eq!(point("2024-3-5T12a").to_string(), "2024-03-05T00:00");
        assert_eq!(point("97-3-5").to_string(), "1997-03-05");
        assert_eq!(point("19XX").to_string(), "19");
    }

    #[test]
    fn what_no_calendar_has_is_refused() {
        for value in [
            "2023-02-29",
            "2024-13",
            "2024-06-31",
            "XXXX-02-30",
            "2024-W54",
            "2023-W53-1",
            "2024-03-05T25:00",
            "2024-03-05T13p",
            "2024-03-05T9:75",
            "2024-0",
            "20240",
            "-5",
            "x",
        ] {
            assert_eq!(Point::parse(value, None), None, "{value}");
        }
        assert!(Point::parse("XXXX-02-29", None).is_some());
    }

    #[track_caller]
    fn settles(open: &str, side: Side, from: Date, expected: &str) {
        assert_eq!(point(open).settle(side, from).to_string(), expected, "{open} {side:?} {from}");
    }

    #[test]
    fn open_points_settle_on_the_side_that_is_asked_for() {
        let wednesday = date(2024, 5, 15);
        settles("XXXX-WXX-1", Side::Past, wednesday, "2024-05-13");
        settles("XXXX-WXX-3", Side::Past, wednesday, "2024-05-15");
        settles("XXXX-WXX-3", Side::Before, wednesday, "2024-05-08");
        settles("XXXX-WXX-7", Side::Future, wednesday, "2024-05-19");
        settles("XXXX-WXX-3", Side::After, wednesday, "2024-05-22");
        settles("XXXX-WXX-WE", Side::Past, date(2024, 5, 13), "2024-W19-WE");
        settles("XXXX-06-28", Side::Near, wednesday, "2024-06-28");
        settles("XXXX-12-19", Side::Near, date(2024, 1, 10), "2023-12-19");
        settles("XXXX-01-06", Side::Near, date(2024, 12, 12), "2025-01-06");
        settles("XXXX-11", Side::Near, wednesday, "2023-11");
        settles("XXXX-09", Side::Near, wednesday, "2024-09");
        settles("XXXX-Q4", Side::Past, date(2024, 1, 25), "2023-Q4");
        settles("XXXX-Q3", Side::Past, date(2024, 10, 30), "2024-Q3");
        settles("XXXX-SU", Side::Before, wednesday, "2023-SU");
        settles("XXXX-WI", Side::Past, wednesday, "2023-WI");
        settles("XXXX-XX-21", Side::Future, wednesday, "2024-05-21");
        settles("XXXX-02-29", Side::Past, date(2023, 5, 1), "2020-02-29");
        settles("XXXX-11-W4-4", Side::Past, wednesday, "2023-11-23");
        settles("XXXX-05-WL-1", Side::Near, wednesday, "2024-05-27");
        settles("XXXX-E-2", Side::Past, wednesday, "2024-03-29");
        settles("XXXX-XX-XXT10:35", Side::Near, wednesday, "2024-05-15T10:35");
    }

    #[track_caller]
    fn shifts(from: &str, count: i64, unit: Unit, expected: &str) {
        assert_eq!(point(from).shifted(count, unit).unwrap().to_string(), expected);
    }

    #[test]
    fn a_shift_makes_a_point_of_its_unit() {
        shifts("2024-05-15", -1, Unit::Month, "2024-04");
        shifts("2024-01-31", 1, Unit::Month, "2024-02");
        shifts("2024-01-01", -1, Unit::Week, "2023-W52");
        shifts("2021-01-03", 0, Unit::Week, "2020-W53");
        shifts("2024-02-29", -1, Unit::Year, "2023");
        shifts("2024-05-15", -1, Unit::Decade, "2014");
        shifts("2024-Q3", -1, Unit::Year, "2023-Q3");
        shifts("2024-03", -1, Unit::Month, "2024-02");
        shifts("2024-02-28", 1, Unit::Day, "2024-02-29");
        shifts("XXXX-06-28", 1, Unit::Day, "XXXX-XX-XX");
        shifts("2024-05-15", 3, Unit::Hour, "2024-05-15");
        assert_eq!(point("2024-05-15").shifted(i64::MAX, Unit::Century), None);
    }

    #[test]
    fn a_point_is_filled_from_another() {
        let inside = |a: &str, b: &str| point(a).inside(point(b)).unwrap().settled().to_string();
        assert_eq!(inside("XXXX-05", "2023"), "2023-05");
        assert_eq!(inside("XXXX-WXX-5", "2024-W19"), "2024-05-10");
        assert_eq!(inside("XXXX-XX-XXT09:00", "2024-05-16"), "2024-05-16T09:00");
        assert_eq!(inside("XXXX-XX-XXTNI", "XXXX-WXX-1"), "XXXX-WXX-1TNI");
        assert_eq!(inside("XXXX-XX-05", "2024-06-03"), "2024-06-05");
        assert_eq!(point("2024-05").nth(-1, Unit::Day).unwrap().to_string(), "2024-05-31");
    }

    #[test]
    fn edtf_says_the_same() {
        for (value, edtf) in [
            ("2024-05-16T09:00", "2024-05-16T09:00"),
            ("2024-05-16TNI", "2024-05-16"),
            ("197", "197X"),
            ("2024-Q3", "2024-07/2024-09"),
            ("2024-W19", "2024-05-06/2024-05-12"),
            ("2024-SU", "2024-22"),
            ("XXXX-06-28", "XXXX-06-28"),
            ("XXXX-WXX-1", ""),
            ("BC0044", "-0043"),
        ] {
            assert_eq!(point(value).edtf(), edtf, "{value}");
        }
    }
}
