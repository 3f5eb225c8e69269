//! `onrecord explain`: a document with every match, its rule, and what came near.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use super::{Global, Outcome, run};
use crate::attributions::Outcome as Near;
use crate::error::Error;
use crate::model::{Analysis, Attribution, BlockKind, Document};
use crate::pipeline::{Extractor, Inside};
use crate::read::Article;
use crate::report;
use crate::text::{CodePoints, Span};
use crate::write::Leftovers;

/// What the command line says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, folders or `-`, as for `extract`
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Show only sentences that hold these words
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
    /// Show how each sentence was cut into elements, which is what patterns see
    #[arg(long)]
    elements: bool,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<Outcome, Error> {
    let extractor = global.extractor()?;
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::Done;
    let mut is_silent = true;
    let explain = |article: Article| {
        let inside = extractor.look_inside(article.source);
        Explainer::new(&extractor, &inside, args).text()
    };
    let work = |articles: Vec<Article>| articles.into_iter().map(explain).collect();
    run::each(&args.paths, true, Leftovers::default(), work, |result| match result {
        Ok(text) => {
            is_silent &= text.is_empty();
            out.write_all(text.as_bytes()).map_err(|err| Error::io("write", "standard output", err))
        }
        Err(it) => {
            outcome = Outcome::SetAside;
            report::warning(&format!("{}: {}", it.path, it.reason));
            Ok(())
        }
    })
    .map_err(run::streamed)?;
    if let (true, Some(words)) = (is_silent, &args.only) {
        report::note(&format!("no sentence holds `{words}`, written exactly so"));
    }
    Ok(outcome)
}

/// One document and all that is known of it.
struct Explainer<'a> {
    extractor: &'a Extractor,
    inside: &'a Inside,
    analysis: &'a Analysis,
    document: &'a Document,
    points: CodePoints<'a>,
    args: &'a Args,
}

impl<'a> Explainer<'a> {
    fn new(extractor: &'a Extractor, inside: &'a Inside, args: &'a Args) -> Self {
        let analysis = &inside.analysis;
        let document = &analysis.document;
        let points = CodePoints::new(&document.original);
        Explainer { extractor, inside, analysis, document, points, args }
    }

    /// What is shown of the document; nothing where none of it is asked for.
    fn text(&self) -> String {
        let mut shown = String::new();
        for outer in 0..self.analysis.sentences.outer.len() {
            self.sentence(outer, &mut shown);
        }
        if shown.is_empty() && self.args.only.is_some() {
            return shown;
        }
        let meta = &self.document.meta;
        let published = meta.published.map_or("day not known".to_owned(), |it| it.to_string());
        format!("=== {}  ({published})\n{shown}", self.document.id)
    }

    fn sentence(&self, outer: usize, out: &mut String) {
        let sentence = self.analysis.sentences.outer[outer];
        let words = sentence.span.of(self.document.text());
        if self.args.only.as_ref().is_some_and(|it| !words.contains(it.as_str())) {
            return;
        }
        let kind = self.document.blocks[sentence.block as usize].kind;
        let aside = match kind {
            BlockKind::Paragraph => String::new(),
            kind if kind.is_read() => format!("  ({kind:?})"),
            kind => format!("  ({kind:?}: not read)"),
        };
        let _ = writeln!(out, "\n{}{aside}\n  {}", self.place(sentence.span), folded(words));
        if self.args.elements {
            let elements = self.extractor.elements(self.inside, outer);
            let shown: Vec<_> = elements
                .iter()
                .map(|(kind, span)| match *kind {
                    "word" => self.words(*span),
                    kind => format!("{kind}[{}]", self.words(*span)),
                })
                .collect();
            let _ = writeln!(out, "  elements     {}", shown.join(" "));
        }
        self.found(sentence.span, outer as u32, out);
        self.near_misses(outer, out);
    }

    /// What stages found in a sentence.
    fn found(&self, sentence: Span, outer: u32, out: &mut String) {
        for it in self.analysis.timexes.iter().filter(|it| sentence.contains(it.span)) {
            let value = if it.edtf.is_empty() { &it.value } else { &it.edtf };
            let _ = writeln!(
                out,
                "  date         [{}] = {value}  by `{}`",
                self.words(it.span),
                it.rule
            );
        }
        for it in self.analysis.mentions.all.iter().filter(|it| sentence.contains(it.span)) {
            let actor = it.actor.map(|it| &self.analysis.mentions.actors[it as usize]);
            let who = actor.map_or("not settled".to_owned(), |it| format!("{} {}", it.name, it.id));
            let _ =
                writeln!(out, "  actor        [{}] = {who}  by `{}`", self.words(it.span), it.rule);
        }
        for it in self.analysis.attributions.iter().filter(|it| it.outer == outer) {
            self.attribution(it, out);
        }
        for it in self.analysis.dated_claims.iter().filter(|it| it.outer == outer) {
            let _ = writeln!(out, "  dated claim  [{}]  by `{}`", self.words(it.span), it.rule);
        }
    }

    fn attribution(&self, it: &Attribution, out: &mut String) {
        let all = |spans: &[Span]| -> String {
            let words: Vec<_> = spans.iter().map(|&it| self.words(it)).collect();
            words.join(" … ")
        };
        let speaker = it.speaker.map(|it| &self.analysis.mentions.actors[it as usize].name);
        let speaker = speaker.map_or(String::new(), |it| format!(" = {it}"));
        let _ = writeln!(
            out,
            "  attribution  [{}](source){speaker} [{}](cue) [{}](content)\n               {}, {}, {}; by `{}`, right in {} of 100",
            all(&it.source),
            all(&it.cue),
            all(&it.content),
            it.kind.as_str(),
            it.class.as_str(),
            it.stance.as_str(),
            it.rule,
            it.confidence
        );
    }

    /// Rules that fit on one side of a cue, or gave way: those that came nearest one by one, the
    /// others of a cue on one line for each side.
    fn near_misses(&self, outer: usize, out: &mut String) {
        let tried = self.extractor.tried(self.inside, outer);
        for rules in tried.chunk_by(|a, b| a.cue == b.cue) {
            let cue = rules[0].cue;
            let mut found = self.analysis.attributions.iter().filter(|it| it.outer == outer as u32);
            let taken = found.find(|it| it.cue.iter().any(|it| it.overlaps(cue)));
            let mut line = |text: String| {
                let _ = writeln!(out, "  near miss    [{}] {text}", self.words(cue));
            };
            for it in rules.iter().filter(|it| taken.is_none_or(|by| by.rule != it.rule)) {
                let why = match it.outcome {
                    Near::Fits => match taken {
                        Some(by) => format!("fits, but `{}` goes before it", by.rule),
                        None => "fits, but what it finds lies inside what another cue gives".into(),
                    },
                    Near::Inside => "fits, but inside of what somebody else says".into(),
                    Near::NoSource => "fits, but no source is found for it".into(),
                    Near::NoContent => "fits, but its content or the owner is missing".into(),
                    Near::Context => {
                        "fits, but `preceded-by` or `followed-by` is against it".into()
                    }
                    Near::Before | Near::After => continue,
                };
                line(format!("`{}`: {why}", it.rule));
            }
            // Where a rule has found the cue's statement, those that do not fit are no news.
            if taken.is_some() {
                continue;
            }
            for (outcome, why) in [
                (Near::Before, "only what follows it fits"),
                (Near::After, "only what stands before it fits"),
            ] {
                let ids: Vec<_> = rules.iter().filter(|it| it.outcome == outcome).collect();
                if !ids.is_empty() {
                    let ids: Vec<_> = ids.iter().map(|it| format!("`{}`", it.rule)).collect();
                    line(format!("{why}: {}", ids.join(", ")));
                }
            }
        }
    }

    fn words(&self, span: Span) -> String {
        folded(span.of(self.document.text()))
    }

    /// A place as rows give it: code points of the document's own text.
    fn place(&self, span: Span) -> String {
        let [start, end] = self.points.span(self.document.to_original(span));
        format!("{start}-{end}")
    }
}

/// With each run of white space as one space.
fn folded(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
