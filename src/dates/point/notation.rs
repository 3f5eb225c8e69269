//! How points are written: the `value` of a TIMEX3 DATE or TIME, which is read, too, and EDTF.

use std::fmt;

use jiff::civil::Date;

use super::{Clock, NOT_GIVEN, Point, Unit, Within, Year};

const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];

impl Point {
    /// Reads a value. Numbers may lack their leading zeros; a year of two digits is one of the
    /// hundred years up to twenty years after `around`.
    ///
    /// A time of day may end with `a` or `p` for the half of the day it is in.
    pub(in crate::dates) fn parse(text: &str, around: Option<Date>) -> Option<Point> {
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
    pub(in crate::dates) fn parse_clock(text: &str) -> Option<Clock> {
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
    pub(in crate::dates) fn edtf(self) -> String {
        let it = self.settled();
        match (it.year, it.within) {
            (Year::Decade(_), _) => format!("{it}X"),
            (Year::Century(century), _) if century < 0 => format!("-{:02}XX", -1 - century),
            (Year::Century(_), _) => format!("{it}XX"),
            (Year::Known(year), Within::Year) if year < 0 => format!("-{:04}", -year),
            (Year::Known(year), Within::Season(season @ 1..=4)) => {
                format!("{year:04}-{}", 20 + season)
            }
            (_, Within::Year | Within::Month(_) | Within::Day(..)) => match it.clock {
                Clock::At(_, minute, _) if minute != NOT_GIVEN => it.written(),
                _ => Point { clock: Clock::None, ..it }.written(),
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

impl Point {
    /// Year, month and day of what is plain, which TIMEX3 and EDTF write alike; zero for what is
    /// not told.
    pub(in crate::dates) fn plain(self) -> Option<(u16, u8, u8)> {
        let Year::Known(year @ 1..=9999) = self.year else { return None };
        let (month, day) = match self.within {
            Within::Year => (0, 0),
            Within::Month(month @ 1..) => (month, 0),
            Within::Day(month @ 1.., day @ 1..) => (month, day),
            _ => return None,
        };
        (self.clock == Clock::None).then_some((year.unsigned_abs(), month, day))
    }

    /// As TIMEX3 writes it.
    pub(in crate::dates) fn written(self) -> String {
        if let Some((year, month, day)) = self.plain() {
            return plain(year, month, day);
        }
        let mut out = String::with_capacity("2024-03-05T09:00".len());
        match self.year {
            Year::Open => out.push_str("XXXX"),
            Year::Known(year) if year <= 0 => {
                out.push_str("BC");
                push_digits(1 - year, 4, &mut out);
            }
            Year::Known(year) => push_digits(year, 4, &mut out),
            Year::Decade(it) => push_digits(it, 3, &mut out),
            Year::Century(it) if it < 0 => {
                out.push_str("BC");
                push_digits(-1 - it, 2, &mut out);
            }
            Year::Century(it) => push_digits(it, 2, &mut out),
        }
        match self.within {
            Within::Year => {}
            Within::Half(it) => push_open("-H", it, 1, &mut out),
            Within::Quarter(it) => push_open("-Q", it, 1, &mut out),
            Within::Season(it @ 1..=4) => {
                out.push('-');
                out.push_str(SEASONS[it as usize - 1]);
            }
            Within::Season(_) => {}
            Within::Month(it) => push_open("-", it, 2, &mut out),
            Within::Day(month, day) => {
                push_open("-", month, 2, &mut out);
                push_open("-", day, 2, &mut out);
            }
            Within::Week(it) => push_open("-W", it, 2, &mut out),
            Within::Weekend(it) => {
                push_open("-W", it, 2, &mut out);
                out.push_str("-WE");
            }
            Within::Weekday(week, day) => {
                push_open("-W", week, 2, &mut out);
                push_open("-", day, 1, &mut out);
            }
            Within::Nth(month, ..) => {
                push_open("-", month, 2, &mut out);
                out.push_str("-XX");
            }
            Within::Easter(_) => out.push_str("-XX-XX"),
        }
        match self.clock {
            Clock::None => {}
            Clock::Part([a, b]) => out.extend(['T', a as char, b as char]),
            Clock::At(hour, minute, second) => {
                let minute = if minute == NOT_GIVEN { 0 } else { minute };
                for (before, number) in [('T', hour), (':', minute), (':', second)] {
                    if number != NOT_GIVEN {
                        out.push(before);
                        push_digits(i16::from(number), 2, &mut out);
                    }
                }
            }
        }
        out
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written())
    }
}

/// `2024-03-05`, `2024-03` or `2024`.
fn plain(year: u16, month: u8, day: u8) -> String {
    let digit = |of: u16| b'0' + (of % 10) as u8;
    let [y, m, d] = [year, month.into(), day.into()];
    let all = [
        digit(y / 1000),
        digit(y / 100),
        digit(y / 10),
        digit(y),
        b'-',
        digit(m / 10),
        digit(m),
        b'-',
        digit(d / 10),
        digit(d),
    ];
    let len = match (month, day) {
        (0, _) => 4,
        (_, 0) => 7,
        _ => 10,
    };
    String::from_utf8_lossy(&all[..len]).into_owned()
}

/// Writes a number behind what stands before it, `X` for zero.
fn push_open(before: &str, number: u8, width: usize, out: &mut String) {
    out.push_str(before);
    match number {
        0 => out.push_str(&"XX"[..width]),
        number => push_digits(i16::from(number), width, out),
    }
}

/// Writes a number with zeros in front, so that it has at least `width` digits.
fn push_digits(number: i16, width: usize, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    let mut rest = number.unsigned_abs();
    let width = width - usize::from(number < 0 && width > 1);
    let mut digits = [b'0'; 5];
    let mut first = digits.len();
    while rest > 0 || digits.len() - first < width {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.push_str(std::str::from_utf8(&digits[first..]).expect("digits are ASCII"));
}

fn parse_year(text: &str, around: Option<Date>) -> Option<Year> {
    if let Some(nth) = text.strip_prefix("BCC") {
        let nth = nth.parse::<i16>().ok().filter(|it| (1..=99).contains(it))?;
        return Some(Year::Century(-nth));
    }
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
        assert_eq!(point("BCC5").to_string(), "BC04");
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
            ("BCC5", "-04XX"),
        ] {
            assert_eq!(point(value).edtf(), edtf, "{value}");
        }
    }
}
