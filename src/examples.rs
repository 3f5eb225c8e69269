//! Runs the examples of rules: each rule shows what it finds and what it leaves alone.
//!
//! An example passes through all stages, as an article of one paragraph would, so that it
//! proves what a user will see and not what a rule does when it is alone.

use std::fmt;

use jiff::civil::Date;

use crate::model::Analysis;
use crate::pipeline::Extractor;
use crate::rules::{DateExample, Loaded, Marked, RuleSpec};
use crate::text::Span;

/// What the examples of a pack said.
#[derive(Debug, Default)]
pub struct Report {
    /// Rules with examples.
    pub rules: usize,
    /// Examples that were run.
    pub examples: usize,
    /// Examples that did not come out as written.
    pub failures: Vec<Failure>,
}

/// An example that did not come out as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The file, as the user named it.
    pub file: String,
    /// The line of the example.
    pub line: usize,
    /// Table and id of the rule.
    pub rule: String,
    /// Whether the rule should have been silent.
    pub is_noise: bool,
    /// The example as it stands in the file.
    pub example: String,
    /// What was found instead.
    pub found: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let should = if self.is_noise { "should be silent on" } else { "should find" };
        writeln!(f, "{}:{}: rule `{}`", self.file, self.line, self.rule)?;
        write!(f, "  {should}: {}", self.example)?;
        if self.found.is_empty() && !self.is_noise {
            write!(f, "\n  found: nothing")?;
        }
        self.found.iter().try_for_each(|it| write!(f, "\n  found: {it}"))
    }
}

/// A text of an example with the marks taken out, and the day of publication.
struct Example<'a> {
    written: &'a str,
    marked: Marked,
    published: Option<Date>,
}

/// Something found, to be held against the marks.
struct Hit {
    rule: String,
    /// Places with their labels, sorted.
    marks: Vec<(Span, String)>,
}

/// Runs all examples of the pack that `extractor` was made from.
pub fn run(extractor: &Extractor) -> Report {
    let pack = extractor.pack();
    let mut report = Report::default();
    let text = |it: &String| (it.clone(), None);
    let dated = |it: &DateExample| {
        let (text, published) = it.parts();
        (text.to_owned(), published)
    };
    run_table(
        &mut report,
        extractor,
        &pack.attributions,
        |it| (&it.finds, &it.silent),
        text,
        attributions,
    );
    run_table(&mut report, extractor, &pack.dates, |it| (&it.finds, &it.silent), dated, dates);
    run_table(&mut report, extractor, &pack.dated, |it| (&it.finds, &it.silent), dated, claims);
    report
}

type Examples<'a, E> = (&'a Vec<toml::Spanned<E>>, &'a Vec<toml::Spanned<E>>);

fn run_table<T: RuleSpec, E>(
    report: &mut Report,
    extractor: &Extractor,
    rules: &[Loaded<T>],
    examples: impl Fn(&T) -> Examples<'_, E>,
    parts: impl Fn(&E) -> (String, Option<Date>),
    hits: impl Fn(&Analysis) -> Vec<Hit>,
) {
    for rule in rules {
        report.rules += 1;
        let (finds, silent) = examples(&rule.spec);
        let all = finds.iter().map(|it| (it, false)).chain(silent.iter().map(|it| (it, true)));
        for (example, is_noise) in all {
            report.examples += 1;
            let (written, published) = parts(example.get_ref());
            let example_text =
                Example { marked: Marked::parse(&written), written: &written, published };
            let id = rule.spec.id().get_ref();
            let analysis =
                extractor.analyze_plain(&example_text.marked.text, example_text.published);
            let Some(found) = fault(&example_text, is_noise, id, &hits(&analysis)) else {
                continue;
            };
            let text = &rule.file.text;
            report.failures.push(Failure {
                file: rule.file.shown.clone(),
                line: 1 + text[..example.span().start].matches('\n').count(),
                rule: id.clone(),
                is_noise,
                example: example_text.written.to_owned(),
                found,
            });
        }
    }
}

/// What was found instead, where an example did not come out as written.
fn fault(example: &Example<'_>, is_noise: bool, id: &str, hits: &[Hit]) -> Option<Vec<String>> {
    let mut wanted: Vec<_> =
        example.marked.marks.iter().map(|it| (it.span, it.label.clone())).collect();
    wanted.sort();
    let is_right = if is_noise {
        hits.iter().all(|it| it.rule != id)
    } else {
        hits.iter().any(|it| it.rule == id && it.marks.iter().all(|mark| wanted.contains(mark)))
            && wanted.iter().all(|mark| hits.iter().any(|it| it.marks.contains(mark)))
    };
    if is_right {
        return None;
    }
    let text = &example.marked.text;
    Some(hits.iter().map(|it| it.show(text)).collect())
}

impl Hit {
    fn new(rule: &impl fmt::Display, marks: impl IntoIterator<Item = (Span, String)>) -> Hit {
        let mut marks: Vec<_> = marks.into_iter().collect();
        marks.sort();
        Hit { rule: rule.to_string(), marks }
    }

    /// As it would stand in a rule file.
    fn show(&self, text: &str) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for (span, label) in &self.marks {
            let range = span.range();
            shown.push_str(text.get(at..range.start).unwrap_or_default());
            shown.push_str(&format!("[{}]({label})", span.of(text)));
            at = range.end;
        }
        shown.push_str(text.get(at..).unwrap_or_default());
        format!("{shown}  by `{}`", self.rule)
    }
}

fn attributions(analysis: &Analysis) -> Vec<Hit> {
    let label = |spans: &[Span], label: &str| -> Vec<(Span, String)> {
        spans.iter().map(|&it| (it, label.to_owned())).collect()
    };
    let hit = |it: &crate::model::Attribution| {
        let parts = [(&it.source, "source"), (&it.cue, "cue"), (&it.content, "content")];
        Hit::new(&it.rule, parts.into_iter().flat_map(|(spans, name)| label(spans, name)))
    };
    analysis.attributions.iter().map(hit).collect()
}

fn dates(analysis: &Analysis) -> Vec<Hit> {
    let label = |it: &crate::model::Timex| match it.modifier {
        "" => it.value.clone(),
        modifier => format!("{} {modifier}", it.value),
    };
    analysis.timexes.iter().map(|it| Hit::new(&it.rule, [(it.span, label(it))])).collect()
}

fn claims(analysis: &Analysis) -> Vec<Hit> {
    let hit = |it: &crate::model::DatedClaim| Hit::new(&it.rule, [(it.span, "clause".to_owned())]);
    analysis.dated_claims.iter().map(hit).collect()
}
