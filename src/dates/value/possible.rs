//! Whether a rule's value can mean anything at all, whatever the parts of its match hold: a slip
//! such as `{year}{month}` would be a rule that never finds a date.

use super::{Base, Field, Formula, Piece, Point, Step, Template, Unit, VAGUE, Way};

/// What a part may hold where no word list says so: numbers as texts write them.
const NUMBERS: &[&str] =
    &["1", "12", "2019", "97", "9.30", "0930", "12T09", "1970s", "day", "a", "MO"];
/// The day around which years of two digits are.
const AROUND: jiff::civil::Date = jiff::civil::Date::constant(2024, 5, 15);

impl Formula {
    /// Whether each of its ways can mean something; `words` are, by part, what the word lists
    /// translate words to.
    pub(in crate::dates) fn is_possible(&self, words: &[Vec<&str>]) -> bool {
        self.ways.iter().all(|it| it.is_possible(words))
    }
}

impl Way {
    fn is_possible(&self, words: &[Vec<&str>]) -> bool {
        let base = match &self.base {
            Base::Template(it) => it.is_value(words),
            Base::Length(_, unit) => unit.is_unit(words),
            _ => true,
        };
        base && self.steps.iter().all(|step| match step {
            Step::Shift(_, _, unit) | Step::And(_, unit) | Step::Nth(_, unit) | Step::As(unit) => {
                unit.is_unit(words)
            }
            Step::In(way) | Step::From(way) => way.is_possible(words),
            Step::At(clock) => clock.any(words, |text| Point::parse_clock(text).is_some()),
        })
    }
}

impl Template {
    fn is_value(&self, words: &[Vec<&str>]) -> bool {
        matches!(self.0[..], [Piece::Part(_, None)])
            || self.any(words, |text| {
                VAGUE.contains(&text) || Point::parse(text, Some(AROUND)).is_some()
            })
    }

    fn is_unit(&self, words: &[Vec<&str>]) -> bool {
        self.any(words, |text| Unit::from_word(text).is_some())
    }

    /// Whether some way to fill its slots passes.
    fn any(&self, words: &[Vec<&str>], passes: impl Fn(&str) -> bool) -> bool {
        let choices: Vec<Vec<&str>> = self.0.iter().map(|it| it.samples(words)).collect();
        let mut at = vec![0; choices.len()];
        loop {
            let text: String = at.iter().zip(&choices).map(|(&at, all)| all[at]).collect();
            if passes(&text) {
                return true;
            }
            // The next way to fill them, as a counter goes on.
            let Some(next) = (0..at.len()).find(|&it| at[it] + 1 < choices[it].len()) else {
                return false;
            };
            at[next] += 1;
            at[..next].fill(0);
        }
    }
}

impl Piece {
    fn samples<'a>(&'a self, words: &[Vec<&'a str>]) -> Vec<&'a str> {
        match self {
            Piece::Text(text) => vec![text],
            Piece::Part(part, None) => words[*part].iter().chain(NUMBERS).copied().collect(),
            Piece::Part(_, Some(field)) | Piece::Point(_, field) => vec![match field {
                Field::Year => "2019",
                Field::Century => "20",
                Field::Decade => "201",
                Field::Month | Field::Day => "06",
                Field::Week => "23",
                Field::Quarter => "3",
            }],
        }
    }
}
