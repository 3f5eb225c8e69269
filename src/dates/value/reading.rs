//! Reads what a rule's value says, and tells where it cannot be understood.

use std::ops::Range;

use super::{Base, Choice, Field, Formula, Piece, Point, Side, Step, Template, Unit, VAGUE, Way};
use crate::rules::pattern::Mistake;

impl Formula {
    /// Reads a rule's value; `parts` are the names of the parts of its pattern.
    ///
    /// # Errors
    /// With the bytes at fault.
    pub(in crate::dates) fn parse(text: &str, parts: &[String]) -> Result<Formula, Mistake> {
        let mut words = Words { text, parts, at: 0 };
        let mut ways = vec![words.way()?];
        while let Some((_, at)) = words.next() {
            debug_assert_eq!(&text[at], "or");
            ways.push(words.way()?);
        }
        Ok(Formula { ways })
    }
}

impl Template {
    /// Reads a template that is no value by itself, such as a rule's `mod`.
    pub(in crate::dates) fn parse(text: &str, parts: &[String]) -> Result<Template, Mistake> {
        Words { text, parts, at: 0 }.template(0..text.len())
    }
}

impl Field {
    fn from_word(word: &str) -> Option<Field> {
        Some(match word {
            "year" => Field::Year,
            "century" => Field::Century,
            "decade" => Field::Decade,
            "month" => Field::Month,
            "day" => Field::Day,
            "week" => Field::Week,
            "quarter" => Field::Quarter,
            _ => return None,
        })
    }
}

/// The words of a formula, read from left to right.
struct Words<'a> {
    text: &'a str,
    parts: &'a [String],
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<(&'a str, Range<usize>)> {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        let word = self.text[start..].split_whitespace().next()?;
        self.at = start + word.len();
        Some((word, start..self.at))
    }

    fn peek(&mut self) -> Option<&'a str> {
        let at = self.at;
        let next = self.next();
        self.at = at;
        next.map(|it| it.0)
    }

    fn expect(&mut self, what: &str) -> Result<(&'a str, Range<usize>), Mistake> {
        let end = self.text.len();
        self.next().ok_or_else(|| Mistake {
            at: end..end,
            message: format!("{what} is missing at the end of the value"),
            help: "for instance `published - 1 month` or `{year}-{month}-{day}`".to_owned(),
        })
    }

    fn way(&mut self) -> Result<Way, Mistake> {
        let choice = self.peek().and_then(choice);
        if choice.is_some() {
            self.next();
        }
        let base = self.base()?;
        let mut steps = Vec::new();
        while let Some(word) = self.peek() {
            if word == "or" {
                break;
            }
            steps.push(self.step()?);
        }
        Ok(Way { choice, base, steps })
    }

    fn base(&mut self) -> Result<Base, Mistake> {
        let (word, at) = self.expect("a value")?;
        if let Some(point) = named_point(word) {
            return Ok(point);
        }
        if word == "length" {
            return Ok(Base::Length(self.count()?, self.unit()?));
        }
        if let Some(vague) = VAGUE.iter().find(|it| **it == word) {
            return Ok(Base::Vague(vague));
        }
        let template = self.template(at.clone())?;
        if let [Piece::Text(text)] = &template.0[..]
            && Point::parse(text, None).is_none()
        {
            return Err(Mistake {
                at,
                message: format!("`{word}` is no value"),
                help: "a value is a TIMEX3 date with slots (`{year}-{month}`), `published`, \
                       `told` (open where the text told of none), `told-or-published`, `period`, \
                       `next`, `length …`, `PRESENT_REF`, `PAST_REF` or `FUTURE_REF`"
                    .to_owned(),
            });
        }
        Ok(Base::Template(template))
    }

    fn step(&mut self) -> Result<Step, Mistake> {
        let (word, at) = self.expect("a step")?;
        match word {
            "+" => Ok(Step::Shift(1, self.count()?, self.unit()?)),
            "-" => Ok(Step::Shift(-1, self.count()?, self.unit()?)),
            "in" => Ok(Step::In(Box::new(self.way()?))),
            "and" => Ok(Step::And(self.count()?, self.unit()?)),
            "nth" => Ok(Step::Nth(self.count()?, self.unit()?)),
            "as" => Ok(Step::As(self.unit()?)),
            "from" => Ok(Step::From(Box::new(self.way()?))),
            "at" => {
                let (_, at) = self.expect("a time of day")?;
                Ok(Step::At(Template(self.template(at)?.0)))
            }
            _ => Err(Mistake {
                at,
                message: format!("`{word}` cannot stand here"),
                help: "after a value come `+`, `-`, `and`, `in`, `nth`, `as`, `at`, `from` or `or`"
                    .to_owned(),
            }),
        }
    }

    /// A number, or a slot that holds one.
    fn count(&mut self) -> Result<Template, Mistake> {
        let (word, at) = self.expect("a number")?;
        let template = self.template(at.clone())?;
        match &template.0[..] {
            [Piece::Text(text)] if text.parse::<f64>().is_err() && text != "X" => Err(Mistake {
                at,
                message: format!("`{word}` is no number"),
                help: "write digits or the slot of a part, such as `{n}`".to_owned(),
            }),
            _ => Ok(template),
        }
    }

    /// A unit, or a slot that holds one.
    fn unit(&mut self) -> Result<Template, Mistake> {
        let (word, at) = self.expect("a unit")?;
        let template = self.template(at.clone())?;
        match &template.0[..] {
            [Piece::Text(text)] if Unit::from_word(text).is_none() => Err(Mistake {
                at,
                message: format!("`{word}` is no unit"),
                help: format!("units are {}", Unit::WORDS),
            }),
            _ => Ok(template),
        }
    }

    fn template(&self, at: Range<usize>) -> Result<Template, Mistake> {
        let mut pieces = Vec::new();
        let mut from = at.start;
        while from < at.end {
            let rest = &self.text[from..at.end];
            let Some(open) = rest.find('{') else {
                pieces.push(Piece::Text(rest.to_owned()));
                break;
            };
            if open > 0 {
                pieces.push(Piece::Text(rest[..open].to_owned()));
            }
            let Some(length) = rest[open..].find('}') else {
                return Err(Mistake {
                    at: from + open..at.end,
                    message: "`{` is not closed".to_owned(),
                    help: "a slot is written `{month}`, without spaces".to_owned(),
                });
            };
            let inside = from + open + 1..from + open + length;
            pieces.push(self.slot(inside.clone())?);
            from = inside.end + 1;
        }
        Ok(Template(pieces))
    }

    fn slot(&self, at: Range<usize>) -> Result<Piece, Mistake> {
        let inside = &self.text[at.clone()];
        let (name, field) = match inside.split_once('.') {
            None => (inside, None),
            Some((name, field)) => {
                let known = Field::from_word(field).ok_or_else(|| Mistake {
                    at: at.start + name.len() + 1..at.end,
                    message: format!("`{field}` is no field of a date"),
                    help:
                        "fields are `year`, `century`, `decade`, `quarter`, `month`, `week`, `day`"
                            .into(),
                })?;
                (name, Some(known))
            }
        };
        if let Some(part) = self.parts.iter().position(|it| it == name) {
            return Ok(Piece::Part(part, field));
        }
        match (named_point(name), field) {
            (Some(point), Some(field)) => Ok(Piece::Point(point, field)),
            _ => Err(Mistake {
                at,
                message: format!("the pattern has no part `{name}`"),
                help: match self.parts {
                    [] => format!("name one in the pattern: `{{{name}: …}}`"),
                    parts => format!("its parts are `{}`", parts.join("`, `")),
                },
            }),
        }
    }
}

fn choice(word: &str) -> Option<Choice> {
    let (side, is_tense) = match word.strip_prefix("tense-") {
        Some(side) => (side, true),
        None => (word, false),
    };
    let side = match side {
        "past" => Side::Past,
        "future" => Side::Future,
        "before" => Side::Before,
        "after" => Side::After,
        "near" => Side::Near,
        _ => return None,
    };
    Some(if is_tense { Choice::Tense(side) } else { Choice::Side(side) })
}

fn named_point(word: &str) -> Option<Base> {
    Some(match word {
        "published" => Base::Published,
        "told" => Base::Told,
        "told-or-published" => Base::ToldOrPublished,
        "period" => Base::Period,
        "next" => Base::Next,
        _ => return None,
    })
}
