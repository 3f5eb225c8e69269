//! The small language in which a date rule says what its match means.
//!
//! ```text
//! {year}-{month}-{day}                   a value of TIMEX3 with slots for the parts of the match
//! near XXXX-{month}-{day}                the nearest one of those that the open value may mean
//! published - {n} {unit}                 so many units before the day of publication
//! told + 1 day                           the day after the last one that the text spoke of
//! {day} in {month}                       what is open in one filled from the other
//! {month} nth -1 day                     its last day
//! {day} at {part}                        a part of the day or a time of day: `NI`, `9:30p`
//! {day} as week                          the week that it is in
//! before XXXX-WXX-{day} from told        the last such day before the one the text spoke of
//! XXXX-{month} in published + 1 year     what follows `in` or `from` is worked out first
//! length {n} {unit}                      a length of time
//! length {n} {unit} and {m} {smaller}    the same and so many of a smaller unit
//! a or b                                 the second where the first is on no calendar
//! ```
//!
//! An open value (`XXXX-06-28`) is closed on the side that stands before it: `past`, `future`
//! (publication day included), `before`, `after` (excluded), `near`. `tense-past`, `tense-near`,
//! `tense-future` let the verbs around the match decide; where they say nothing, the named side
//! counts. Where nothing is known of publication, the value stays open.
//!
//! Points: `published`, `told` (the last one of a fitting size that the text spoke of, open where
//! it spoke of none), `told-or-published` (the same, but that of publication where the text spoke
//! of none), `period` (the last quarter or half it spoke of), `next` (the one that follows in the
//! sentence). Fields of them and of parts: `{told.year}`, `{next.month}`, `{day.century}`.

mod closing;
mod possible;
mod reading;

use std::borrow::Cow;
use std::cell::Cell;

use jiff::civil::Date;

pub(super) use self::closing::close;
use super::length::Length;
use super::point::{Clock, Point, Side, Unit, Within, Year};
use super::tense::Verbs;

/// The meaning of an expression, as far as its own words say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// A place on the calendar, with the side on which it is to be closed.
    Point(Point, Option<Choice>),
    /// A length.
    Length(Length),
    /// `PRESENT_REF`, `PAST_REF`, `FUTURE_REF`.
    Vague(&'static str),
}

/// How an open point is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// On this side.
    Side(Side),
    /// As the verbs say, else on this side.
    Tense(Side),
}

/// What the verbs around an expression say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tense {
    /// Nothing.
    #[default]
    Open,
    /// What was.
    Past,
    /// What will be.
    Future,
}

/// What surrounds an expression.
#[derive(Debug, Clone)]
pub(super) struct Surroundings<'a> {
    /// Day of publication.
    pub(super) published: Option<Date>,
    /// Whether only the year of that day is sure.
    pub(super) is_coarse: bool,
    /// What the text spoke of before.
    pub(super) story: &'a Story,
    /// What stands beside it and may say when.
    pub(super) verbs: Verbs<'a>,
    /// The point that the next expression of the sentence means.
    pub(super) next: Option<Point>,
    /// Whether the day of publication was needed.
    pub(super) asked: Cell<bool>,
}

impl Surroundings<'_> {
    fn published(&self) -> Option<Date> {
        self.asked.set(true);
        self.published
    }
}

/// The points that a text has spoken of so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Story {
    /// The last ones, the latest at the end.
    points: Vec<Point>,
    period: Option<Point>,
    /// The last one, if it is a month or a day of one without its year.
    undated: Option<Point>,
}

impl Story {
    /// Takes in what an expression means.
    ///
    /// A quarter is looked back at only when it is over.
    pub(super) fn add(&mut self, point: Point, published: Option<Date>) {
        let is_of_month = matches!(point.within, Within::Month(1..) | Within::Day(1.., _));
        self.undated = Some(point).filter(|it| it.year == Year::Open && is_of_month);
        let Some((_, last)) = point.days() else { return };
        if self.points.len() == 8 {
            self.points.remove(0);
        }
        self.points.push(Point { clock: Clock::None, ..point });
        let is_over = published.is_none_or(|it| last < it);
        if is_over && matches!(point.unit(), Unit::Quarter | Unit::Half) {
            self.period = Some(point);
        }
    }

    /// Forgets the quarter or half: the text speaks of something else now.
    pub(super) fn leave_period(&mut self) {
        self.period = None;
    }

    /// The last point that is no larger than `unit`.
    fn last(&self, unit: Unit) -> Option<Point> {
        self.points.iter().rev().copied().find(|it| it.unit() <= unit)
    }
}

/// A rule's value, read and checked.
#[derive(Debug, Clone)]
pub(super) struct Formula {
    /// Tried in order.
    ways: Vec<Way>,
}

#[derive(Debug, Clone)]
struct Way {
    choice: Option<Choice>,
    base: Base,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Base {
    Published,
    Told,
    ToldOrPublished,
    Period,
    Next,
    Length(Template, Template),
    Vague(&'static str),
    Template(Template),
}

#[derive(Debug, Clone)]
enum Step {
    /// By so many units: sign, number, unit.
    Shift(i64, Template, Template),
    /// A length and so many of the next smaller units.
    And(Template, Template),
    /// Fill what is open.
    In(Box<Way>),
    /// The nth unit inside.
    Nth(Template, Template),
    /// The larger unit that holds it.
    As(Template),
    /// At a time of day.
    At(Template),
    /// Close what is open as seen from another day than that of publication.
    From(Box<Way>),
}

/// Text with slots.
#[derive(Debug, Clone)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    /// A part of the match, or one of its fields.
    Part(usize, Option<Field>),
    /// A field of a point of the surroundings.
    Point(Base, Field),
}

#[derive(Debug, Clone, Copy)]
enum Field {
    Year,
    Century,
    Decade,
    Month,
    Day,
    Week,
    Quarter,
}

/// What a part of a match holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Slot<'a> {
    /// Nothing: the part did not take part in the match.
    Empty,
    /// Words, as the word lists translate them.
    Word(Cow<'a, str>),
    /// An expression that was found before.
    Value(Value),
}

const VAGUE: [&str; 3] = ["PRESENT_REF", "PAST_REF", "FUTURE_REF"];

impl Formula {
    /// Whether it looks back from a quarter or half that the text speaks of: then the text does
    /// not go on from there.
    pub(super) fn is_aside(&self) -> bool {
        self.ways.iter().any(|it| matches!(it.base, Base::Period))
    }

    /// Whether it speaks of the expression that follows.
    pub(super) fn looks_ahead(&self) -> bool {
        self.ways.iter().any(Way::looks_ahead)
    }

    /// What the match means: the first of its ways that a calendar allows.
    pub(super) fn value(&self, slots: &[Slot<'_>], around: &Surroundings<'_>) -> Option<Value> {
        self.ways.iter().find_map(|it| it.value(slots, around))
    }
}

impl Way {
    /// Whether it is seen from a day that the text has not told of.
    fn is_untold(&self, around: &Surroundings<'_>) -> bool {
        matches!(self.base, Base::Told) && around.story.last(Unit::Day).is_none()
    }

    fn looks_ahead(&self) -> bool {
        let step = |it: &Step| match it {
            Step::Shift(_, a, b) | Step::And(a, b) | Step::Nth(a, b) => {
                a.looks_ahead() || b.looks_ahead()
            }
            Step::In(way) | Step::From(way) => way.looks_ahead(),
            Step::As(it) | Step::At(it) => it.looks_ahead(),
        };
        self.base.looks_ahead() || self.steps.iter().any(step)
    }

    fn value(&self, slots: &[Slot<'_>], around: &Surroundings<'_>) -> Option<Value> {
        let wanted = match self.steps.first() {
            Some(Step::Shift(_, _, unit) | Step::As(unit)) => unit.unit(slots, around)?,
            _ => Unit::Day,
        };
        let mut value = self.base.value(slots, around, wanted)?;
        if let (Value::Point(_, choice), Some(_)) = (&mut value, self.choice) {
            *choice = self.choice;
        }
        for step in &self.steps {
            value = step.apply(value, slots, around)?;
        }
        Some(value)
    }
}

impl Base {
    fn looks_ahead(&self) -> bool {
        match self {
            Base::Next => true,
            Base::Length(count, unit) => count.looks_ahead() || unit.looks_ahead(),
            Base::Template(it) => it.looks_ahead(),
            Base::Published
            | Base::Told
            | Base::ToldOrPublished
            | Base::Period
            | Base::Vague(_) => false,
        }
    }

    /// `wanted` is the size that a point of the story must not exceed.
    fn value(&self, slots: &[Slot<'_>], around: &Surroundings<'_>, wanted: Unit) -> Option<Value> {
        let is_unsure = around.is_coarse && wanted < Unit::Month;
        let published = || match around.published().filter(|_| !is_unsure) {
            Some(day) => Point::day(day),
            None => Point::open(wanted),
        };
        let point = match self {
            Base::Published => published(),
            // The day after one that nobody has told of is no day.
            Base::Told => around.story.last(wanted).unwrap_or(Point::open(wanted)),
            Base::ToldOrPublished => around.story.last(wanted).unwrap_or_else(published),
            Base::Period => around.story.period?,
            Base::Next => around.next?,
            Base::Length(count, unit) => {
                let count = count.text(slots, around)?;
                return Length::new(&count, unit.unit(slots, around)?).map(Value::Length);
            }
            Base::Vague(it) => return Some(Value::Vague(it)),
            Base::Template(it) => return it.value(slots, around),
        };
        Some(Value::Point(point, None))
    }
}

impl Step {
    fn apply(&self, value: Value, slots: &[Slot<'_>], around: &Surroundings<'_>) -> Option<Value> {
        if let (Step::And(count, unit), Value::Length(length)) = (self, value) {
            // A part that the match is without adds nothing.
            let (Some(count), Some(unit)) = (count.text(slots, around), unit.unit(slots, around))
            else {
                return Some(value);
            };
            return length.and(Length::new(&count, unit)?).map(Value::Length);
        }
        let Value::Point(point, choice) = value else { return None };
        let closed = || close(point, choice, around);
        match self {
            Step::And(..) => None,
            Step::Shift(sign, count, unit) => {
                let unit = unit.unit(slots, around)?;
                let count = count.text(slots, around)?;
                let Some(count) = Length::new(&count, unit)?.count else {
                    return Some(Value::Vague(if *sign < 0 { "PAST_REF" } else { "FUTURE_REF" }));
                };
                // Half a year is six months.
                let (count, unit) = match (count.fract() == 0.0, unit) {
                    (true, unit) => (count, unit),
                    (false, Unit::Year) => (count * 12.0, Unit::Month),
                    (false, Unit::Decade) => (count * 10.0, Unit::Year),
                    (false, Unit::Century) => (count * 100.0, Unit::Year),
                    (false, Unit::Millennium) => (count * 1000.0, Unit::Year),
                    (false, unit) => (count.round(), unit),
                };
                let moved = closed().shifted(sign * count as i64, unit)?;
                Some(Value::Point(moved, None))
            }
            Step::In(outer) => match outer.value(slots, around)? {
                Value::Point(outer, outer_choice) => {
                    let filled = point.inside(outer)?;
                    Some(Value::Point(filled, outer_choice.or(choice)))
                }
                _ => None,
            },
            Step::Nth(nth, unit) => {
                let nth: i64 = nth.text(slots, around)?.parse().ok()?;
                let unit = unit.unit(slots, around)?;
                if let Within::Weekday(0, day) = point.within {
                    return nth_weekday(point, nth, day).map(|it| Value::Point(it, choice));
                }
                let point = closed();
                let found = if point.is_open() { None } else { Some(point.nth(nth, unit)?) };
                Some(Value::Point(found.unwrap_or(Point::open(unit)), None))
            }
            Step::At(clock) => {
                let clock = Point::parse_clock(&clock.text(slots, around)?)?;
                Some(Value::Point(Point { clock, ..point }, choice))
            }
            Step::From(way) => {
                let Some(Choice::Side(side) | Choice::Tense(side)) = choice else { return None };
                if way.is_untold(around) {
                    return Some(Value::Point(point, None));
                }
                match way.value(slots, around)? {
                    Value::Point(from, from_choice) => {
                        let from = close(from, from_choice, around);
                        if point.clock != Clock::None {
                            return point.clock_before(from).map(|it| Value::Point(it, None));
                        }
                        let Some((first, _)) = from.days() else { return Some(value) };
                        Some(Value::Point(point.settle(side, first), None))
                    }
                    _ => None,
                }
            }
            Step::As(unit) => {
                let unit = unit.unit(slots, around)?;
                let holding = match closed().days() {
                    Some((first, _)) => Point::holding(first, unit),
                    None => Point::open(unit),
                };
                Some(Value::Point(holding, None))
            }
        }
    }
}

/// The nth of a weekday in the month that the point is in.
fn nth_weekday(point: Point, nth: i64, day: u8) -> Option<Point> {
    let nth = if nth < 0 { 0 } else { u8::try_from(nth).ok().filter(|it| (1..=5).contains(it))? };
    Some(Point { within: Within::Nth(0, nth, day), ..point })
}

impl Template {
    /// The part whose words it is, if it is nothing else.
    pub(super) fn part(&self) -> Option<usize> {
        match self.0[..] {
            [Piece::Part(part, None)] => Some(part),
            _ => None,
        }
    }

    /// Whether it speaks of the expression that follows.
    pub(super) fn looks_ahead(&self) -> bool {
        self.0.iter().any(|it| matches!(it, Piece::Point(base, _) if base.looks_ahead()))
    }

    fn value(&self, slots: &[Slot<'_>], around: &Surroundings<'_>) -> Option<Value> {
        if let [Piece::Part(part, None)] = self.0[..]
            && let Slot::Value(value) = &slots[part]
        {
            return Some(*value);
        }
        let text = self.text(slots, around)?;
        if let Some(vague) = VAGUE.iter().find(|it| ***it == *text) {
            return Some(Value::Vague(vague));
        }
        Some(Value::Point(Point::parse(&text, around.published)?, None))
    }

    fn unit(&self, slots: &[Slot<'_>], around: &Surroundings<'_>) -> Option<Unit> {
        if let [Piece::Part(part, None)] = self.0[..]
            && let Slot::Value(Value::Length(length)) = &slots[part]
        {
            return Some(length.unit);
        }
        Unit::from_word(&self.text(slots, around)?)
    }

    /// The text with its slots filled.
    pub(super) fn text<'a>(
        &'a self,
        slots: &'a [Slot<'_>],
        around: &Surroundings<'_>,
    ) -> Option<Cow<'a, str>> {
        match &self.0[..] {
            [Piece::Text(text)] => return Some(Cow::Borrowed(text)),
            [Piece::Part(part, None)] => {
                if let Slot::Word(word) = &slots[*part] {
                    return Some(Cow::Borrowed(word));
                }
            }
            _ => {}
        }
        let mut text = String::with_capacity("2024-03-05".len());
        for piece in &self.0 {
            match piece {
                Piece::Text(it) => text.push_str(it),
                Piece::Part(part, None) => match &slots[*part] {
                    Slot::Word(word) => text.push_str(word),
                    Slot::Value(Value::Length(length)) => match length.count {
                        Some(count) => text.push_str(&count.to_string()),
                        None => text.push('X'),
                    },
                    Slot::Value(Value::Point(point, _)) => text.push_str(&point.written()),
                    Slot::Value(Value::Vague(it)) => text.push_str(it),
                    Slot::Empty => return None,
                },
                Piece::Part(part, Some(field)) => match &slots[*part] {
                    Slot::Value(Value::Point(point, choice)) => {
                        text.push_str(&field.of(close(*point, *choice, around))?);
                    }
                    _ => return None,
                },
                Piece::Point(base, field) => {
                    let of_month = matches!(field, Field::Year | Field::Month | Field::Day);
                    let value = match (base, around.story.undated) {
                        (Base::Told, Some(point)) if of_month => Value::Point(point, None),
                        _ => base.value(slots, around, field.unit())?,
                    };
                    let Value::Point(point, _) = value else { return None };
                    text.push_str(&field.of(point)?);
                }
            }
        }
        Some(Cow::Owned(text))
    }
}

impl Field {
    /// The largest point that has it.
    fn unit(self) -> Unit {
        match self {
            Field::Year => Unit::Year,
            Field::Century | Field::Decade => Unit::Decade,
            Field::Month => Unit::Month,
            Field::Day => Unit::Day,
            Field::Week => Unit::Week,
            Field::Quarter => Unit::Quarter,
        }
    }

    /// As it stands in a value.
    fn of(self, point: Point) -> Option<String> {
        let open = |digits: &str, it: Option<u8>| {
            it.filter(|&it| it > 0).map_or(digits.to_owned(), |it| it.to_string())
        };
        let within = match (point.within, point.days()) {
            (Within::Day(month, day), _) => (Some(month), Some(day)),
            (Within::Month(month), _) => (Some(month), None),
            (Within::Weekday(..), Some((day, _))) => {
                (Some(day.month() as u8), Some(day.day() as u8))
            }
            _ => (None, None),
        };
        match (self, point.year) {
            (Field::Year, Year::Known(year)) => Some(format!("{year:04}")),
            (Field::Year, Year::Open) => Some("XXXX".to_owned()),
            (Field::Century, Year::Known(year)) => Some(format!("{:02}", year / 100)),
            (Field::Century, Year::Decade(it)) => Some(format!("{:02}", it / 10)),
            (Field::Century, Year::Century(it)) => Some(format!("{it:02}")),
            (Field::Decade, Year::Known(year)) => Some(format!("{:03}", year / 10)),
            (Field::Decade, Year::Decade(it)) => Some(format!("{it:03}")),
            (Field::Month, _) => Some(open("XX", within.0)),
            (Field::Day, _) => Some(open("XX", within.1)),
            (Field::Quarter, _) => match point.within {
                Within::Quarter(it) => Some(it.to_string()),
                _ => None,
            },
            (Field::Week, _) => {
                let week = point.days().map(|(day, _)| day.iso_week_date().week() as u8);
                Some(open("XX", week))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tense::Tenses;
    use super::*;
    use jiff::civil::date;

    /// What a formula means on 15 May 2024, in a text that has spoken of 2 April.
    #[track_caller]
    fn means(formula: &str, slots: &[(&str, &str)], expected: &str) {
        let names: Vec<String> = slots.iter().map(|it| it.0.to_owned()).collect();
        let words: Vec<Slot<'_>> = slots.iter().map(|it| Slot::Word(it.1.into())).collect();
        let mut story = Story::default();
        story.add(Point::parse("2024-Q1", None).unwrap(), None);
        story.add(Point::parse("2024-04-02", None).unwrap(), None);
        let tenses = Tenses::default();
        let verbs = Verbs::new(&tenses, &[], 0..0);
        verbs.known.set(Tense::Future).unwrap();
        let around = Surroundings {
            published: Some(date(2024, 5, 15)),
            is_coarse: false,
            story: &story,
            verbs,
            next: Point::parse("2023-06", None),
            asked: Cell::new(false),
        };
        let value = Formula::parse(formula, &names).unwrap().value(&words, &around);
        let shown = match value {
            None => "nothing".to_owned(),
            Some(Value::Point(point, choice)) => close(point, choice, &around).to_string(),
            Some(Value::Length(length)) => length.to_string(),
            Some(Value::Vague(vague)) => vague.to_owned(),
        };
        assert_eq!(shown, expected, "{formula}");
    }

    #[test]
    fn formulas_mean_what_they_say() {
        means("{y}-{m}-{d}", &[("y", "2021"), ("m", "3"), ("d", "4")], "2021-03-04");
        means(
            "{y}-{m}-{d} or {y}-{d}-{m}",
            &[("y", "2021"), ("m", "30"), ("d", "4")],
            "2021-04-30",
        );
        means("near XXXX-{m}-{d}", &[("m", "06"), ("d", "28")], "2024-06-28");
        means("tense-past XXXX-WXX-{w}", &[("w", "7")], "2024-05-19");
        means("past XXXX-WXX-{w}", &[("w", "1")], "2024-05-13");
        means("published - 1 month", &[], "2024-04");
        means("published - {n} {u}", &[("n", "2.5"), ("u", "year")], "2021-11");
        means("published - {n} {u}", &[("n", "X"), ("u", "year")], "PAST_REF");
        means("told + 3 day", &[], "2024-04-05");
        means("period - 1 year", &[], "2023-Q1");
        means("told as month nth -1 day", &[], "2024-04-30");
        means("XXXX-05 in published - 1 year", &[], "2023-05");
        means("XXXX-WXX-5 nth -1 week in XXXX-05 in published", &[], "2024-05-31");
        means("{next.year}-{m}", &[("m", "3")], "2023-03");
        means("{told.year}-{told.month}-{d}", &[("d", "9")], "2024-04-09");
        means("length {n} {u}", &[("n", "2"), ("u", "day")], "P2D");
        means("PRESENT_REF", &[], "PRESENT_REF");
        means("{y}-{m}", &[("y", "2021"), ("m", "13")], "nothing");
    }

    #[track_caller]
    fn fails(formula: &str, at: &str, message: &str) {
        let mistake = Formula::parse(formula, &["day".to_owned()]).unwrap_err();
        assert_eq!((&formula[mistake.at], mistake.message.as_str()), (at, message));
    }

    #[test]
    fn mistakes_have_a_place() {
        fails("published - 1 moth", "moth", "`moth` is no unit");
        fails("publishd", "publishd", "`publishd` is no value");
        fails("{dya}", "dya", "the pattern has no part `dya`");
        fails("{day.hour}", "hour", "`hour` is no field of a date");
        fails("published minus 1 day", "minus", "`minus` cannot stand here");
        fails("published -", "", "a number is missing at the end of the value");
        fails("{day", "{day", "`{` is not closed");
    }
}
