//! `onrecord score`: how well the program, or anyone's predictions, agree with gold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::layers::{self, LayerDocument};
use crate::score::{self, Attributions, Clustered, FIGURES, Layer, Options, Scores};

/// What the command line says.
#[derive(Debug, clap::Args)]
#[command(after_long_help = after_help())]
pub struct Args {
    /// Gold: JSONL in the form that `annotate` writes, with any of the layers; `-` is standard
    /// input
    ///
    /// A layer is scored in the documents whose gold has it. Gold whose lines hold
    /// `statement_id` and `cluster` scores how statements were joined into claims, and needs
    /// --predicted with the statements.jsonl that `dedupe` wrote.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// Score these predictions instead of running the program
    #[arg(long, value_name = "FILE")]
    predicted: Option<PathBuf>,
    /// Score this layer only (may be repeated) [default: all that gold has]
    #[arg(long = "layer", value_name = "LAYER", value_parser = layer_parser())]
    layers: Vec<Layer>,
    /// List the first N disagreements of each layer; 0 lists all
    #[arg(long, value_name = "N")]
    errors: Option<usize>,
    /// Count what each rule found, and how much of it was right
    #[arg(long, value_name = "WHAT", value_parser = ["rule"])]
    by: Option<String>,
    /// Write every figure, rule and disagreement as one JSON object
    #[arg(long)]
    json: bool,
    /// Fail (exit code 1) if FIGURE is below SHARE, as in `attribution=0.60` (may be repeated)
    #[arg(long = "min", value_name = "FIGURE=SHARE", value_parser = limit)]
    limits: Vec<Limit>,
    /// Count only gold attributions of this class of cue; others are neither missed nor wrong
    #[arg(long, value_name = "CLASS", conflicts_with = "all_cues")]
    only_cue_class: Option<String>,
    /// Score attributions once more for each class of cue that gold names
    #[arg(long)]
    all_cues: bool,
    /// Predictions in places that annotators set aside are not wrong
    #[arg(long)]
    ignore_discard: bool,
}

/// A figure that must not fall below a share.
#[derive(Debug, Clone, PartialEq)]
struct Limit {
    figure: String,
    share: f64,
}

/// The figure of clusters, which stands beside those of the layers.
const CLAIM: (&str, &str) = ("claim", "F1 of pairs of statements that were joined");

fn figures() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIGURES.into_iter().chain([CLAIM])
}

fn after_help() -> String {
    let mut help = "Figures that --min knows, all between 0 and 1:\n".to_owned();
    for (name, about) in figures() {
        help.push_str(&format!("  {name:22} {about}\n"));
    }
    help.push_str(concat!(
        "\nA gold attribution with \"optional\": true is neither missed nor wrong.\n\n",
        "Exit codes: 0 done; 1 a figure is below its --min; 2 the command or its input is wrong."
    ));
    help
}

fn layer_parser() -> impl clap::builder::TypedValueParser<Value = Layer> {
    PossibleValuesParser::new(Layer::ALL.map(Layer::as_str)).map(|name| {
        let layer = Layer::ALL.into_iter().find(|it| it.as_str() == name);
        layer.expect("only the names of layers are possible values")
    })
}

fn limit(words: &str) -> Result<Limit, String> {
    let Some((figure, share)) = words.split_once('=') else {
        return Err("it takes a figure and a share, as in `attribution=0.60`".to_owned());
    };
    if !figures().any(|it| it.0 == figure) {
        let names: Vec<_> = figures().map(|it| it.0).collect();
        return Err(format!("no figure is called `{figure}`; there are {}", names.join(", ")));
    }
    match share.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(Limit { figure: figure.to_owned(), share }),
        _ => Err(format!("`{share}` is no share between 0 and 1, such as 0.60")),
    }
}

/// Runs the program on one document of gold: its text and what is known of it, no layers.
pub type Predict<'a> = &'a (dyn Fn(&LayerDocument) -> LayerDocument + Sync);

/// Scores and writes to `out`; whether no figure is below its limit.
///
/// # Errors
/// A file that cannot be read; gold or predictions that are broken, with file and line; a limit
/// for a layer that gold does not have.
pub fn run(args: &Args, predict: Predict<'_>, out: &mut dyn Write) -> Result<bool, Error> {
    let files =
        args.gold.iter().map(|it| Ok((name(it), read(it)?))).collect::<Result<Vec<_>, Error>>()?;
    let report = if files.iter().any(|it| is_clustered(&it.1)) {
        clusters(args, &files)?
    } else {
        layers(args, &files, predict)?
    };
    let text = if args.json { report.json } else { report.text };
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|it| Error::io("write", "standard output", it))?;
    Ok(report.is_fine)
}

/// What is written, in both forms.
struct Report {
    text: String,
    json: String,
    is_fine: bool,
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn read(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let done = if path == Path::new("-") {
        io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|it| text = it)
    };
    done.map_err(|it| Error::io("read", path, it))?;
    Ok(text)
}

/// All that was measured.
#[derive(Serialize)]
struct Measured<'a> {
    #[serde(flatten)]
    scores: &'a Scores,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    by_cue_class: BTreeMap<String, Attributions>,
    below: Vec<Below<'a>>,
}

/// A figure below its limit.
#[derive(Serialize)]
struct Below<'a> {
    figure: &'a str,
    share: f64,
    min: f64,
}

fn layers(args: &Args, files: &[(String, String)], predict: Predict<'_>) -> Result<Report, Error> {
    let gold = read_gold(files)?;
    let predicted = match &args.predicted {
        Some(path) => layers::read(&name(path), &read(path)?)?,
        None => gold.par_iter().map(predict).collect(),
    };
    let options = Options {
        layers: args.layers.clone(),
        only_cue_class: args.only_cue_class.clone(),
        ignore_discard: args.ignore_discard,
    };
    let mut scores = score::score(&gold, &predicted, &options)?;
    let by_cue_class = if args.all_cues {
        cue_classes(&gold)
            .into_iter()
            .map(|class| Ok((class.clone(), of_class(&gold, &predicted, class, &options)?)))
            .collect::<Result<BTreeMap<_, _>, Error>>()?
    } else {
        BTreeMap::new()
    };
    let below = below(&args.limits, |figure| scores.figure(figure))?;

    let mut text = scores.table();
    if text.is_empty() {
        return Err(no_layer(args, files));
    }
    for (class, figures) in &by_cue_class {
        text.push_str(&format!("cues of class `{class}` alone\n"));
        text.push_str(&figures.to_string());
    }
    if args.by.is_some() {
        text.push_str(&format!("\n{}", scores.rules_table()));
    }
    if let Some(limit) = args.errors {
        text.push_str(&format!("\n{}", scores.errors_text(limit)));
        scores.keep_errors(limit);
    }
    text.push_str(&below_text(&below));
    let is_fine = below.is_empty();
    let json = json(&Measured { scores: &scores, by_cue_class, below });
    Ok(Report { text, json, is_fine })
}

/// Gold in which there is nothing to score, by a slip in the name of a layer perhaps.
fn no_layer(args: &Args, files: &[(String, String)]) -> Error {
    let files: Vec<_> = files.iter().map(|it| it.0.as_str()).collect();
    let wanted = if args.layers.is_empty() { &Layer::ALL[..] } else { &args.layers };
    let wanted: Vec<_> = wanted.iter().map(|it| format!("`{}`", it.as_str())).collect();
    Error::usage(format!(
        "{}: nothing to score: no document has a layer for {}, in the form that `annotate` writes",
        files.join(", "),
        wanted.join(", ")
    ))
}

fn json(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value);
    json.expect("figures and strings are always JSON") + "\n"
}

/// Gold of all files; ids are unique over all of them, as predictions are told apart by id.
fn read_gold(files: &[(String, String)]) -> Result<Vec<LayerDocument>, Error> {
    let mut gold: Vec<LayerDocument> = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (file, text) in files {
        for document in layers::read(file, text)? {
            if let Some(before) = seen.insert(document.id.clone(), file) {
                let id = &document.id;
                return Err(Error::usage(format!("{file}: the id `{id}` stands in {before}, too")));
            }
            gold.push(document);
        }
    }
    if gold.is_empty() {
        let files: Vec<_> = files.iter().map(|it| it.0.as_str()).collect();
        return Err(Error::usage(format!("{}: there is no gold", files.join(", "))));
    }
    Ok(gold)
}

fn cue_classes(gold: &[LayerDocument]) -> BTreeSet<String> {
    let all = gold.iter().flat_map(|it| it.attributions.iter().flatten());
    all.map(|it| it.gold_class().to_owned()).filter(|it| !it.is_empty()).collect()
}

fn of_class(
    gold: &[LayerDocument],
    predicted: &[LayerDocument],
    class: String,
    options: &Options,
) -> Result<Attributions, Error> {
    let options = Options {
        layers: vec![Layer::Attribution],
        only_cue_class: Some(class),
        ..options.clone()
    };
    Ok(score::score(gold, predicted, &options)?.attribution.unwrap_or_default())
}

fn below(limits: &[Limit], figure: impl Fn(&str) -> Option<f64>) -> Result<Vec<Below<'_>>, Error> {
    let mut below = Vec::new();
    for it in limits {
        let name = &it.figure;
        let share = figure(name).ok_or_else(|| {
            Error::usage(format!("--min {name}: what was scored has no such figure"))
        })?;
        if share < it.share {
            below.push(Below { figure: name, share, min: it.share });
        }
    }
    Ok(below)
}

fn below_text(below: &[Below<'_>]) -> String {
    let line = |it: &Below<'_>| format!("below: {} {:.4} < {:.4}\n", it.figure, it.share, it.min);
    below.iter().map(line).collect()
}

/// A line of gold, or of the dataset, about statements.
#[derive(Deserialize)]
struct StatementLine {
    statement_id: String,
    #[serde(default)]
    document_id: String,
    #[serde(default)]
    cluster: String,
    #[serde(default)]
    claim_id: String,
}

/// Whether the text is gold of clusters rather than of layers.
fn is_clustered(text: &str) -> bool {
    let first = text.lines().find(|it| !it.trim().is_empty()).unwrap_or_default();
    serde_json::from_str::<StatementLine>(first).is_ok_and(|it| !it.cluster.is_empty())
}

fn clusters(args: &Args, files: &[(String, String)]) -> Result<Report, Error> {
    let Some(path) = &args.predicted else {
        return Err(Error::usage(
            "gold of clusters needs --predicted with the statements.jsonl that `dedupe` wrote",
        ));
    };
    let mut gold = Vec::new();
    for (file, text) in files {
        gold.extend(statement_lines(file, text)?.into_iter().map(|it| Clustered {
            statement_id: it.statement_id,
            document_id: it.document_id,
            cluster: it.cluster,
        }));
    }
    let predicted = statement_lines(&name(path), &read(path)?)?;
    let claim_of = predicted.into_iter().map(|it| (it.statement_id, it.claim_id)).collect();
    let figures = score::clusters(&gold, &claim_of);
    let below = below(&args.limits, |name| (name == CLAIM.0).then_some(figures.f))?;
    let text = figures.table() + &below_text(&below);
    let is_fine = below.is_empty();
    let json = json(&serde_json::json!({ "claim": figures, "below": below }));
    Ok(Report { text, json, is_fine })
}

fn statement_lines(file: &str, text: &str) -> Result<Vec<StatementLine>, Error> {
    let lines = text.lines().enumerate().filter(|it| !it.1.trim().is_empty());
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|it| Error::usage(format!("{file}:{}: {it}", at + 1)))
    };
    lines.map(parse).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    const GOLD: &str = concat!(
        r#"{"id":"a","text":"Eva said it rained.","timexes":[],"attributions":"#,
        r#"[{"source":[[0,3]],"cue":[[4,8]],"content":[[9,18]],"cue_class":"speech"}]}"#,
        "\n"
    );

    /// Runs `score` on a file with `gold` and a program that finds all or nothing.
    fn run_on(gold: &str, is_perfect: bool, more: &[&str]) -> (Result<bool, String>, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.jsonl");
        std::fs::write(&path, gold).unwrap();
        let path = path.to_str().unwrap();
        let words = [&["score", path], more].concat();
        let args = Cli::try_parse_from(words).unwrap().args;
        let predict = |it: &LayerDocument| LayerDocument {
            attributions: if is_perfect { it.attributions.clone() } else { None },
            ..it.clone()
        };
        let mut out = Vec::new();
        let done = run(&args, &predict, &mut out).map_err(|it| it.to_string().replace(path, "G"));
        (done, String::from_utf8(out).unwrap())
    }

    #[test]
    fn limits_decide() {
        assert_eq!(run_on(GOLD, true, &["--min", "attribution=1"]).0, Ok(true));
        let (done, text) = run_on(GOLD, false, &["--min", "attribution=0.6"]);
        assert_eq!(done, Ok(false));
        assert!(text.ends_with("below: attribution 0.0000 < 0.6000\n"), "{text}");
        let (done, _) = run_on(GOLD, true, &["--min", "sentence=0.6"]);
        assert_eq!(done, Err("--min sentence: what was scored has no such figure".to_owned()));
    }

    #[test]
    fn limits_are_checked_when_they_are_read() {
        assert_eq!(limit("timex-value=0.5").unwrap().share, 0.5);
        assert_eq!(
            limit("timex=65").unwrap_err(),
            "`65` is no share between 0 and 1, such as 0.60"
        );
        assert!(
            limit("timx=0.5").unwrap_err().starts_with("no figure is called `timx`; there are")
        );
        assert!(limit("timex").is_err());
    }

    #[test]
    fn all_is_written_as_json() {
        let (_, text) = run_on(GOLD, false, &["--json", "--all-cues"]);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["attribution"]["all"]["gold"], 1);
        assert_eq!(json["by_cue_class"]["speech"]["all"]["gold"], 1);
        assert_eq!(json["errors"][0]["fault"], "missed");
        assert_eq!(json["below"], serde_json::json!([]));
    }

    #[test]
    fn only_the_layers_asked_for_are_scored() {
        let (_, text) = run_on(GOLD, true, &["--layer", "timex", "--by", "rule", "--errors", "3"]);
        assert!(text.starts_with("timex: 1 documents"), "{text}");
        assert!(!text.contains("attribution"), "{text}");
    }

    #[test]
    fn broken_gold_is_refused_with_its_line() {
        let twice = GOLD.repeat(2);
        let error = |gold| run_on(gold, true, &[]).0.unwrap_err();
        assert_eq!(error(&twice), "G:2: the id `a` stands in line 1 already");
        assert_eq!(
            error("{\"id\": 7}"),
            "G:1: invalid type: integer `7`, expected a string at column 8"
        );
        assert_eq!(error("\n"), "G: there is no gold");
    }

    #[test]
    fn clusters_need_predictions() {
        let gold = r#"{"statement_id":"s1","document_id":"d1","cluster":"x"}"#;
        let error = run_on(gold, true, &[]).0.unwrap_err();
        assert!(error.contains("--predicted"), "{error}");
    }

    #[test]
    fn help_tells_every_figure() {
        use clap::CommandFactory;
        let help = Cli::command().render_long_help().to_string();
        for (name, _) in figures() {
            assert!(help.contains(name), "{name}");
        }
    }
}
