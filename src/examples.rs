//! Runs the examples of rules: each rule shows what it finds and what it leaves alone.
//!
//! An example passes through all stages, as an article of one paragraph would, so that it
//! proves what a user will see and not what a rule does when it is alone.

use std::fmt;

use jiff::civil::Date;

use crate::pipeline::{Extractor, Inside};
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
    let chunk = |inside: &Inside| chunks(extractor, inside);
    let mut table = Table { extractor, report: &mut report };
    table.run(&pack.chunks, |it| (&it.finds, &it.silent), text, chunk, |_| Proof::Elements);
    table.run(
        &pack.dates,
        |it| (&it.finds, &it.silent),
        dated,
        dates,
        |it| {
            // What the first rules find, those of later levels put together and take over.
            if it.value.is_some() { Proof::Marks } else { Proof::Elsewhere }
        },
    );
    table.run(&pack.actors, |it| (&it.finds, &it.silent), text, actors, |_| Proof::Rule);
    table.run(
        &pack.attributions,
        |it| (&it.finds, &it.silent),
        text,
        attributions,
        |it| {
            let names_content = it.pattern.get_ref().contains("{content:");
            if names_content { Proof::Rule } else { Proof::Elsewhere }
        },
    );
    table.run(&pack.dated, |it| (&it.finds, &it.silent), dated, claims, |_| Proof::Rule);
    report
}

/// What an example of what a rule finds must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// The rule itself gives all that is marked.
    Rule,
    /// All that is marked comes out, by whatever rule.
    Marks,
    /// All that is marked comes out; which rule made an element is not known afterwards, so that
    /// what the rule leaves alone is not asked.
    Elements,
    /// The rule serves others and gives nothing of its own: its stage's own tests run it.
    Elsewhere,
}

type Examples<'a, E> = (&'a Vec<toml::Spanned<E>>, &'a Vec<toml::Spanned<E>>);

struct Table<'a> {
    extractor: &'a Extractor,
    report: &'a mut Report,
}

impl Table<'_> {
    fn run<T: RuleSpec, E>(
        &mut self,
        rules: &[Loaded<T>],
        examples: impl Fn(&T) -> Examples<'_, E>,
        parts: impl Fn(&E) -> (String, Option<Date>),
        hits: impl Fn(&Inside) -> Vec<Hit>,
        proof: impl Fn(&T) -> Proof,
    ) {
        for rule in rules {
            self.report.rules += 1;
            let (finds, silent) = examples(&rule.spec);
            let proof = proof(&rule.spec);
            let all = finds.iter().map(|it| (it, false)).chain(silent.iter().map(|it| (it, true)));
            for (example, is_noise) in all {
                if proof == Proof::Elsewhere || proof == Proof::Elements && is_noise {
                    continue;
                }
                self.report.examples += 1;
                let (written, published) = parts(example.get_ref());
                let marked = Marked::parse(&written);
                let found = hits(&self.extractor.look_inside_plain(&marked.text, published));
                let id = rule.spec.id().get_ref();
                let Some(found) = fault(&marked, is_noise, id, proof, &found) else { continue };
                let before = &rule.file.text[..example.span().start];
                self.report.failures.push(Failure {
                    file: rule.file.shown.clone(),
                    line: 1 + before.matches('\n').count(),
                    rule: id.clone(),
                    is_noise,
                    example: written,
                    found,
                });
            }
        }
    }
}

/// What was found instead, where an example did not come out as written.
fn fault(
    marked: &Marked,
    is_noise: bool,
    id: &str,
    proof: Proof,
    hits: &[Hit],
) -> Option<Vec<String>> {
    let wanted: Vec<_> = marked.marks.iter().map(|it| (it.span, it.label.clone())).collect();
    let is_whole = |hit: &Hit| hit.rule == id && hit.marks.iter().all(|it| wanted.contains(it));
    let is_right = if is_noise {
        hits.iter().all(|it| it.rule != id)
    } else {
        (proof != Proof::Rule || hits.iter().any(is_whole))
            && wanted.iter().all(|mark| hits.iter().any(|it| it.marks.contains(mark)))
    };
    (!is_right).then(|| hits.iter().map(|it| it.show(&marked.text)).collect())
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

fn attributions(inside: &Inside) -> Vec<Hit> {
    let label = |spans: &[Span], label: &str| -> Vec<(Span, String)> {
        spans.iter().map(|&it| (it, label.to_owned())).collect()
    };
    let hit = |it: &crate::model::Attribution| {
        let parts = [(&it.source, "source"), (&it.cue, "cue"), (&it.content, "content")];
        Hit::new(&it.rule, parts.into_iter().flat_map(|(spans, name)| label(spans, name)))
    };
    inside.analysis.attributions.iter().map(hit).collect()
}

fn dates(inside: &Inside) -> Vec<Hit> {
    let label = |it: &crate::model::Timex| match it.modifier {
        "" => it.value.clone(),
        modifier => format!("{} {modifier}", it.value),
    };
    let timexes = &inside.analysis.timexes;
    timexes.iter().map(|it| Hit::new(&it.rule, [(it.span, label(it))])).collect()
}

fn claims(inside: &Inside) -> Vec<Hit> {
    let hit = |it: &crate::model::DatedClaim| Hit::new(&it.rule, [(it.span, "clause".to_owned())]);
    inside.analysis.dated_claims.iter().map(hit).collect()
}

/// Labels are kinds of actors, `open` where it is open.
fn actors(inside: &Inside) -> Vec<Hit> {
    let mentions = &inside.analysis.mentions;
    let hit = |it: &crate::model::Mention| {
        let kind = it.actor.map_or("", |it| mentions.actors[it as usize].kind);
        let kind = if kind.is_empty() { "open" } else { kind };
        Hit::new(&it.rule, [(it.span, kind.to_owned())])
    };
    mentions.all.iter().map(hit).collect()
}

/// Labels are kinds of elements.
fn chunks(extractor: &Extractor, inside: &Inside) -> Vec<Hit> {
    let sentences = 0..inside.analysis.sentences.outer.len();
    let elements = sentences.flat_map(|it| extractor.elements(inside, it));
    elements.map(|(kind, span)| Hit::new(&kind, [(span, kind.to_owned())])).collect()
}
