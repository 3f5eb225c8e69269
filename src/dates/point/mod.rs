//! Places on the calendar as TIMEX3 writes them, with anything open that the words leave open,
//! and the arithmetic on them.
//!
//! A [`Point`] is read from and written as the `value` of a TIMEX3 DATE or TIME: `2024-03-05`,
//! `2024-W10`, `2024-Q3`, `197` (a decade), `XXXX-06-28`, `XXXX-WXX-1`, `2024-03-05T09:00`.

mod calendar;
mod notation;

use jiff::ToSpan;
use jiff::civil::Date;

use self::calendar::{easter, nth_weekday, span, week_day, years};

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
    /// `19`; those before our era are counted down from -1.
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
                // The fifth century BC is 500 to 401 BC; those of our era are called by their
                // hundreds.
                return years(it.checked_mul(100)? + i16::from(it < 0), 99);
            }
            _ => return None,
        };
        let months = |first: u8, count: u8| {
            let last = first + count - 1;
            let (over, last) = if last > 12 { (1, last - 12) } else { (0, last) };
            let start = Date::new(year, first as i8, 1).ok()?;
            let end = Date::new(year.checked_add(over)?, last as i8, 1).ok()?;
            Some((start, end.last_of_month()))
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

    /// Its time of day alone, on a day that is open.
    pub(super) fn clock_alone(self) -> Point {
        Point { clock: self.clock, ..Point::open(Unit::Day) }
    }

    /// The last time before that of `end`, on the same day, at which a clock of twelve hours shows
    /// this one: the nine of `from 9 to 11 a.m.`, the eleven of `from 11 to 2 p.m.`
    pub(super) fn clock_before(self, end: Point) -> Option<Point> {
        let (Clock::At(hour @ 1..=12, minute, second), Clock::At(..)) = (self.clock, end.clock)
        else {
            return None;
        };
        let given = |clock| match clock {
            Clock::At(hour, NOT_GIVEN, _) => (hour, 0),
            Clock::At(hour, minute, _) => (hour, minute),
            _ => (0, 0),
        };
        [hour % 12 + 12, hour % 12]
            .map(|it| Clock::At(it, minute, second))
            .into_iter()
            .find(|&it| given(it) < given(end.clock))
            .map(|clock| Point { clock, ..end })
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
        // The wanted one lies next to `from` but where the calendar leaves out many: 29 February.
        let best = self.nearest(-1..=1, side, from).or_else(|| self.nearest(-9..=9, side, from));
        best.map_or(self, |(_, it)| it.settled())
    }

    /// The nearest of some of the points it may mean, with its distance.
    fn nearest(
        self,
        steps: std::ops::RangeInclusive<i8>,
        side: Side,
        from: Date,
    ) -> Option<(i64, Point)> {
        let mut best: Option<(i64, Point)> = None;
        for step in steps {
            let Some(candidate) = self.candidate(from, step) else { continue };
            let Some((first, last)) = candidate.days() else { continue };
            let Some(distance) = distance(side, from, first, last) else { continue };
            // Of two equally near ones the earlier stays.
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
        best
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn point(text: &str) -> Point {
        Point::parse(text, None).unwrap_or_else(|| panic!("no point: {text}"))
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
}
