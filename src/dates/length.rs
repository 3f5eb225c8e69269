//! Lengths of time as TIMEX3 writes them: `P3D`, `PT1H30M`, `PXW`.

use std::fmt;

use super::point::Unit;

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Length {
    /// How many; nothing where the words leave it open (`several`).
    pub(super) count: Option<f64>,
    /// Of what.
    pub(super) unit: Unit,
}

impl Length {
    /// From a number as [`super::number`] writes it: digits with a point, or `X`.
    pub(super) fn new(count: &str, unit: Unit) -> Option<Length> {
        let count = match count {
            "X" => None,
            digits => Some(digits.parse().ok().filter(|it: &f64| it.is_finite())?),
        };
        Some(Length { count, unit })
    }

    /// Together with so many of a smaller unit; nothing where the calendar has no fixed number of
    /// those, as of days in a month.
    pub(super) fn and(self, rest: Length) -> Option<Length> {
        let mut each = 1.0;
        let mut unit = self.unit;
        while unit != rest.unit {
            let (smaller, per) = smaller(unit)?;
            (unit, each) = (smaller, each * per);
        }
        Some(Length { count: Some(self.count? + rest.count? / each), unit: self.unit })
    }

    /// Whether it is half a year or more, counted in months.
    pub(super) fn is_months(self) -> bool {
        self.unit == Unit::Month && self.count.is_some_and(|it| it >= 6.0)
    }

    /// The counts that make up `count` of its letters: of them, then of the next smaller ones.
    /// Nothing where that comes out even nowhere.
    fn in_parts(unit: Unit, count: f64) -> Option<[f64; 3]> {
        let mut parts = [0.0; 3];
        let (mut unit, mut left) = (unit, count);
        for part in &mut parts {
            let is_even = (left - left.round()).abs() < 1e-6;
            *part = if is_even { left.round() } else { left.trunc() };
            if is_even {
                return Some(parts);
            }
            let (next, each) = smaller(unit)?;
            (unit, left) = (next, left.fract() * each);
        }
        None
    }
}

/// The unit below one of which the calendar has a fixed number in it, and that number.
fn smaller(unit: Unit) -> Option<(Unit, f64)> {
    Some(match unit {
        Unit::Year => (Unit::Month, 12.0),
        Unit::Week => (Unit::Day, 7.0),
        Unit::Day => (Unit::Hour, 24.0),
        Unit::Hour => (Unit::Minute, 60.0),
        Unit::Minute => (Unit::Second, 60.0),
        _ => return None,
    })
}

impl fmt::Display for Length {
    /// Parts of a unit are written in the next smaller ones, where the calendar has a fixed number
    /// of them: two and a half years are `P2Y6M`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letters, factor) = match self.unit {
            Unit::Second => (["TS", "", ""], 1.0),
            Unit::Minute => (["TM", "S", ""], 1.0),
            Unit::Hour => (["TH", "M", "S"], 1.0),
            Unit::Part | Unit::Day => (["D", "TH", "M"], 1.0),
            Unit::Weekend => (["D", "", ""], 2.0),
            Unit::Week => (["W", "D", "TH"], 1.0),
            Unit::Fortnight => (["W", "", ""], 2.0),
            Unit::Month => (["M", "", ""], 1.0),
            Unit::Quarter | Unit::Season => (["M", "", ""], 3.0),
            Unit::Half => (["M", "", ""], 6.0),
            Unit::Year => (["Y", "M", ""], 1.0),
            Unit::Decade => (["Y", "", ""], 10.0),
            Unit::Century => (["Y", "", ""], 100.0),
            Unit::Millennium => (["Y", "", ""], 1000.0),
        };
        let (time, letter) = match letters[0].strip_prefix('T') {
            Some(rest) => ("T", rest),
            None => ("", letters[0]),
        };
        let Some(count) = self.count else {
            // An open number of decades is no number of years.
            let open = match self.unit {
                Unit::Decade => "DE",
                Unit::Century => "CE",
                Unit::Millennium => "L",
                Unit::Quarter => "Q",
                _ => letter,
            };
            return write!(f, "P{time}X{open}");
        };
        let count = count * factor;
        // Nearly all are whole, and those are written faster.
        if count.fract() == 0.0 && count < 1e15 {
            return write!(f, "P{time}{}{letter}", count as u64);
        }
        let Some(parts) = Length::in_parts(self.unit, count) else {
            return write!(f, "P{time}{count}{letter}");
        };
        write!(f, "P{time}")?;
        for (part, letter) in parts.iter().zip([letter, letters[1], letters[2]]) {
            if *part > 0.0 {
                match letter.strip_prefix('T') {
                    Some(letter) => write!(f, "T{part}{letter}")?,
                    None => write!(f, "{part}{letter}")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_timeml_has_them() {
        let written = |count: &str, unit| Length::new(count, unit).unwrap().to_string();
        assert_eq!(written("3", Unit::Day), "P3D");
        assert_eq!(written("48", Unit::Hour), "PT48H");
        assert_eq!(written("2.5", Unit::Year), "P2Y6M");
        assert_eq!(written("0.5", Unit::Hour), "PT30M");
        assert_eq!(written("1.5", Unit::Minute), "PT1M30S");
        assert_eq!(written("1", Unit::Decade), "P10Y");
        assert_eq!(written("2", Unit::Fortnight), "P4W");
        assert_eq!(written("X", Unit::Month), "PXM");
        assert_eq!(written("X", Unit::Hour), "PTXH");
        assert_eq!(written("2.5", Unit::Month), "P2.5M");
        assert_eq!(Length::new("e", Unit::Day), None);
    }

    #[test]
    fn lengths_of_two_units_are_one() {
        let length = |count: &str, unit| Length::new(count, unit).unwrap();
        let both = |a: Length, b: Length| a.and(b).map(|it| it.to_string());
        let hours = length("2", Unit::Hour);
        assert_eq!(both(hours, length("20", Unit::Minute)).as_deref(), Some("PT2H20M"));
        let years = length("1", Unit::Year);
        assert_eq!(both(years, length("7", Unit::Month)).as_deref(), Some("P1Y7M"));
        assert_eq!(both(years, length("3", Unit::Week)), None);
        let days = length("3", Unit::Day);
        assert_eq!(both(days, length("5", Unit::Hour)).as_deref(), Some("P3DT5H"));
        let race = hours.and(length("31", Unit::Minute)).unwrap();
        assert_eq!(both(race, length("12", Unit::Second)).as_deref(), Some("PT2H31M12S"));
    }
}
