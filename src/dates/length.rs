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

    /// Whether it is half a year or more, counted in months.
    pub(super) fn is_months(self) -> bool {
        self.unit == Unit::Month && self.count.is_some_and(|it| it >= 6.0)
    }
}

impl fmt::Display for Length {
    /// Parts of a unit are written in the next smaller one, where the calendar has a fixed number
    /// of them: two and a half years are `P2Y6M`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, factor, smaller) = match self.unit {
            Unit::Second => ("TS", 1.0, None),
            Unit::Minute => ("TM", 1.0, Some(("S", 60.0))),
            Unit::Hour => ("TH", 1.0, Some(("M", 60.0))),
            Unit::Part | Unit::Day => ("D", 1.0, Some(("TH", 24.0))),
            Unit::Weekend => ("D", 2.0, None),
            Unit::Week => ("W", 1.0, Some(("D", 7.0))),
            Unit::Fortnight => ("W", 2.0, None),
            Unit::Month => ("M", 1.0, None),
            Unit::Quarter => ("M", 3.0, None),
            Unit::Season => ("M", 3.0, None),
            Unit::Half => ("M", 6.0, None),
            Unit::Year => ("Y", 1.0, Some(("M", 12.0))),
            Unit::Decade => ("Y", 10.0, None),
            Unit::Century => ("Y", 100.0, None),
            Unit::Millennium => ("Y", 1000.0, None),
        };
        let (time, letter) = match letter.strip_prefix('T') {
            Some(rest) => ("T", rest),
            None => ("", letter),
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
        let (whole, part) = (count.trunc(), count.fract());
        match smaller {
            // Nearly all are whole, and those are written faster.
            _ if part == 0.0 && whole < 1e15 => write!(f, "P{time}{}{letter}", whole as u64),
            Some((small, each)) if part > 0.0 && (part * each).fract() < 1e-9 => {
                write!(f, "P{time}")?;
                if whole > 0.0 {
                    write!(f, "{whole}{letter}")?;
                }
                write!(f, "{}{small}", part * each)
            }
            _ => write!(f, "P{time}{count}{letter}"),
        }
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
}
