//! Expressions of time.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::text::Span;

use super::RuleId;

/// An expression of time (TIMEX3, TimeML 1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timex {
    /// Its extent by the TimeML guidelines.
    pub span: Span,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    pub kind: TimexKind,
    /// TIMEX3 `value`.
    pub value: String,
    /// TIMEX3 `mod`, or empty.
    pub modifier: &'static str,
    /// The same in EDTF (ISO 8601-2), or empty where EDTF cannot say it.
    pub edtf: String,
    /// First and last day, where they are known.
    pub days: Option<(Date, Date)>,
    /// Whether it modifies a noun (`the 2015 agreement`) rather than dating what is said.
    pub is_modifier: bool,
    /// Whether it was resolved against a day that was itself inferred.
    pub is_inferred: bool,
    /// Whether the next expression ends the stretch of time that this one begins: `from 2016 to
    /// 2019`, `the first seven months of the year`.
    pub opens_range: bool,
    /// Id of the rule that found it.
    pub rule: RuleId,
}

impl Timex {
    /// The stretch of time that this one and `end` make together; nothing where it would end
    /// before it begins, or EDTF cannot say it.
    pub fn until(&self, end: &Timex) -> Option<Timex> {
        let is_length = self.kind == TimexKind::Duration;
        let edge = |edtf: &str, at: usize| {
            let edge = edtf.split('/').nth(at).or_else(|| edtf.split('/').next())?;
            Some(edge.split('T').next()?.trim_end_matches('~').to_owned())
        };
        let edtf = match is_length {
            true => self.edtf.clone(),
            false => format!("{}/{}", edge(&self.edtf, 0)?, edge(&end.edtf, 1)?),
        };
        let days = match (is_length, self.days, end.days) {
            (true, days, _) => days,
            (false, Some((first, _)), Some((_, last))) => Some((first, last)),
            _ => None,
        };
        let is_backward = days.is_some_and(|(first, last)| last < first);
        if self.edtf.is_empty() || end.edtf.is_empty() || is_backward {
            return None;
        }
        Some(Timex {
            span: self.span.to(end.span),
            kind: TimexKind::Date,
            value: edtf.clone(),
            modifier: "",
            edtf,
            days,
            is_modifier: self.is_modifier && end.is_modifier,
            is_inferred: self.is_inferred || end.is_inferred,
            opens_range: false,
            rule: self.rule.clone(),
        })
    }

    /// The expressions with these indices, those that make one stretch of time as one.
    pub fn stretches<'a>(timexes: &'a [Timex], indices: &[u32]) -> Vec<Cow<'a, Timex>> {
        let mut found = Vec::with_capacity(indices.len());
        let mut ended = None;
        for &at in indices {
            let Some(timex) = timexes.get(at as usize).filter(|_| ended != Some(at)) else {
                continue;
            };
            let is_picked = timex.opens_range && indices.contains(&(at + 1));
            let end = timexes.get(at as usize + 1).filter(|_| is_picked);
            let stretch = end.and_then(|end| timex.until(end));
            ended = stretch.is_some().then_some(at + 1).or(ended);
            found.push(stretch.map_or(Cow::Borrowed(timex), Cow::Owned));
        }
        found
    }
}

/// TIMEX3 `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimexKind {
    /// A calendar date of any size.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// A time that comes again.
    Set,
}

impl TimexKind {
    /// As TimeML writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            TimexKind::Date => "DATE",
            TimexKind::Time => "TIME",
            TimexKind::Duration => "DURATION",
            TimexKind::Set => "SET",
        }
    }
}
