//! What the rule pack says of paragraphs that are no article text, and of datelines.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_automata::util::syntax;
use serde::Deserialize;
use toml::Spanned;

use super::gate::{self, Gate};
use crate::error::{Error, RuleError};
use crate::model::BlockKind;
use crate::rules::{PackFile, PackFiles};

const FILE: &str = "normalize.toml";

/// No rule looks at longer paragraphs: what is no article text is short.
pub(super) const LONGEST: usize = 400;

/// No dateline is longer.
const LONGEST_DATELINE: usize = 160;

/// `normalize.toml` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSpec {
    #[serde(default)]
    off: Vec<Spanned<String>>,
    months: Option<Spanned<Vec<Vec<String>>>>,
    #[serde(default)]
    pub(super) line: Vec<LineSpec>,
    #[serde(default)]
    pub(super) dateline: Vec<DatelineSpec>,
}

/// A kind of line as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineSpec {
    pub(super) id: Spanned<String>,
    #[serde(rename = "about")]
    _about: String,
    kind: Kind,
    pattern: Spanned<String>,
    unless: Option<Spanned<String>>,
    #[serde(default)]
    head: bool,
    opens: Option<Opens>,
    pub(super) finds: Spanned<Vec<String>>,
    pub(super) silent: Spanned<Vec<String>>,
}

/// A form of dateline as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatelineSpec {
    pub(super) id: Spanned<String>,
    #[serde(rename = "about")]
    _about: String,
    /// Whether it may open any paragraph: the time of an entry.
    #[serde(default)]
    pub(super) entry: bool,
    pattern: Spanned<String>,
    unless: Option<Spanned<String>>,
    pub(super) finds: Spanned<Vec<String>>,
    pub(super) silent: Spanned<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Furniture,
    Byline,
    Caption,
    Heading,
}

/// What stands behind a piece of furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Opens {
    /// Headlines of other articles.
    Links,
    /// Perhaps another article.
    Foreign,
}

/// A kind of line, ready to run.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) kind: BlockKind,
    pub(super) opens: Option<Opens>,
    is_head: bool,
    pattern: Lazy,
    unless: Option<Lazy>,
}

/// A form of dateline, ready to run.
#[derive(Debug)]
pub(super) struct Dateline {
    pub(super) pattern: Lazy,
    unless: Option<Lazy>,
}

/// Bytes that a pattern with counts may ask for. Its size grows with them, and it is compiled only
/// when a text needs it.
const LARGEST: usize = 20_000;

/// A regular expression that was checked, and is compiled when a text first needs it: a page
/// needs few of them, and compiling all takes longer than reading it.
#[derive(Debug)]
pub(super) struct Lazy {
    source: String,
    regex: OnceLock<Regex>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) lines: Vec<Line>,
    pub(super) datelines: Vec<Dateline>,
    /// Those that may open any paragraph, and the bytes with which they begin.
    entries: Vec<Dateline>,
    entry_bytes: Box<[bool; 256]>,
    /// Names of the months, by month.
    pub(super) months: Vec<Vec<String>>,
    /// Which of `lines` may match.
    gate: Gate,
}

impl Rules {
    /// Reads and checks the files of every layer; a later rule replaces one of the same id.
    pub(super) fn new(files: &PackFiles) -> Result<Rules, Error> {
        let (mut lines, mut datelines) = (Vec::new(), Vec::new());
        let mut months = Vec::new();
        for file in files.matching(FILE, "") {
            let spec: FileSpec = file.toml()?;
            if let Some(named) = spec.months {
                months = checked_months(file, named)?;
            }
            let mut ids = BTreeSet::new();
            for it in spec.line {
                once(file, &it.id, &mut ids)?;
                put(&mut lines, (file, it), |it| it.1.id.get_ref());
            }
            for it in spec.dateline {
                once(file, &it.id, &mut ids)?;
                put(&mut datelines, (file, it), |it| it.1.id.get_ref());
            }
            for off in &spec.off {
                let before = lines.len() + datelines.len();
                lines.retain(|(_, it)| it.id.get_ref() != off.get_ref());
                datelines.retain(|(_, it)| it.id.get_ref() != off.get_ref());
                if lines.len() + datelines.len() == before {
                    let message = format!("there is no rule `{}` to turn off", off.get_ref());
                    let help = "name the `id` of a [[line]] or [[dateline]]";
                    return Err(file.error(off.span(), message, help).into());
                }
            }
        }
        let build = Build { months: &months };
        let lines: Vec<Line> =
            lines.iter().map(|(file, it)| build.line(file, it)).collect::<Result<_, _>>()?;
        let (entries, datelines): (Vec<_>, Vec<_>) =
            datelines.into_iter().partition(|it| it.1.entry);
        let all = |specs: Vec<(&PackFile, DatelineSpec)>| -> Result<Vec<Dateline>, RuleError> {
            specs.iter().map(|(file, it)| build.dateline(file, it)).collect()
        };
        let (entries, datelines) = (all(entries)?, all(datelines)?);
        let entry_bytes = gate::first_bytes(entries.iter().map(|it| &*it.pattern.source));
        let gate = Gate::new(lines.iter().map(|it| &*it.pattern.source))
            .map_err(|err| Error::usage(format!("the lines of {FILE} together: {err}")))?;
        Ok(Rules { lines, datelines, entries, entry_bytes, months, gate })
    }

    /// The first rule that matches a whole paragraph.
    pub(super) fn line(&self, words: &str, is_head: bool) -> Option<&Line> {
        if words.len() > LONGEST {
            return None;
        }
        let possible = self.gate.possible(words);
        let mut lines = possible.iter().map(|&it| &self.lines[it]);
        lines.find(|it| (is_head || !it.is_head) && it.fits(words))
    }

    /// Whether the rule of this id matches a whole paragraph.
    #[cfg(test)]
    pub(super) fn lines_of(&self, id: &str, words: &str) -> bool {
        self.lines.iter().any(|it| it.id == id && it.fits(words))
    }

    /// Where the dateline at the beginning of a paragraph ends, and the rule that says so.
    pub(super) fn dateline<'t>(&self, words: &'t str) -> Option<(&Dateline, regex::Captures<'t>)> {
        Dateline::first(&self.datelines, words)
    }

    /// The same for the time before an entry.
    pub(super) fn entry<'t>(&self, words: &'t str) -> Option<(&Dateline, regex::Captures<'t>)> {
        let first = *words.as_bytes().first()?;
        if self.entry_bytes[usize::from(first)] {
            Dateline::first(&self.entries, words)
        } else {
            None
        }
    }

    /// The number of a month from its name.
    pub(super) fn month(&self, name: &str) -> Option<i8> {
        let at = self.months.iter().position(|it| it.iter().any(|it| it == name))?;
        Some(at as i8 + 1)
    }
}

impl Dateline {
    fn first<'r, 't>(
        all: &'r [Dateline],
        words: &'t str,
    ) -> Option<(&'r Dateline, regex::Captures<'t>)> {
        let mut len = words.len().min(LONGEST_DATELINE);
        while !words.is_char_boundary(len) {
            len -= 1;
        }
        let head = &words[..len];
        all.iter().find_map(|it| {
            // Matching alone is much faster than matching with groups, and most fail.
            if !it.pattern.is_match(head) || it.unless.as_ref().is_some_and(|it| it.is_match(head))
            {
                return None;
            }
            Some((it, it.pattern.captures(head)?))
        })
    }
}

impl Lazy {
    pub(super) fn get(&self) -> &Regex {
        self.regex.get_or_init(|| {
            let mut builder = RegexBuilder::new(&self.source);
            builder.size_limit(1 << 30).build().expect("its syntax was checked with its rule")
        })
    }

    fn is_match(&self, words: &str) -> bool {
        self.get().is_match(words)
    }

    fn captures<'t>(&self, words: &'t str) -> Option<regex::Captures<'t>> {
        self.get().captures(words)
    }
}

impl Line {
    fn fits(&self, words: &str) -> bool {
        self.pattern.is_match(words) && self.unless.as_ref().is_none_or(|it| !it.is_match(words))
    }

    /// The words that the rule names as `words`, from the first on.
    pub(super) fn shown<'t>(&self, words: &'t str) -> Option<&'t str> {
        let shown = self.pattern.captures(words)?.name("words")?;
        (shown.start() == 0).then_some(shown.as_str())
    }

    /// The words that the rule names as `name`.
    pub(super) fn name<'t>(&self, words: &'t str) -> Option<&'t str> {
        Some(self.pattern.captures(words)?.name("name")?.as_str())
    }
}

struct Build<'a> {
    months: &'a [Vec<String>],
}

impl Build<'_> {
    fn line(&self, file: &PackFile, spec: &LineSpec) -> Result<Line, RuleError> {
        examples(file, &spec.id, &spec.finds, &spec.silent)?;
        Ok(Line {
            id: spec.id.get_ref().clone(),
            kind: match spec.kind {
                Kind::Furniture => BlockKind::Furniture,
                Kind::Byline => BlockKind::Byline,
                Kind::Caption => BlockKind::Caption,
                Kind::Heading => BlockKind::Heading,
            },
            opens: spec.opens,
            is_head: spec.head,
            pattern: self.regex(file, &spec.pattern, |it| format!(r"(?s)\A(?:{it})\z"))?,
            unless: self.unless(file, spec.unless.as_ref())?,
        })
    }

    fn dateline(&self, file: &PackFile, spec: &DatelineSpec) -> Result<Dateline, RuleError> {
        examples(file, &spec.id, &spec.finds, &spec.silent)?;
        Ok(Dateline {
            pattern: self.regex(file, &spec.pattern, |it| format!(r"\A(?:{it})"))?,
            unless: self.unless(file, spec.unless.as_ref())?,
        })
    }

    fn unless(
        &self,
        file: &PackFile,
        spec: Option<&Spanned<String>>,
    ) -> Result<Option<Lazy>, RuleError> {
        spec.map(|it| self.regex(file, it, str::to_owned)).transpose()
    }

    fn regex(
        &self,
        file: &PackFile,
        spec: &Spanned<String>,
        frame: impl Fn(&str) -> String,
    ) -> Result<Lazy, RuleError> {
        let names: Vec<_> = self.months.iter().flatten().map(|it| regex::escape(it)).collect();
        let words = spec.get_ref().replace("{month}", &format!("(?:{})", names.join("|")));
        // Once alone, so that a bracket too many cannot close the frame.
        let pattern = syntax::parse(&words).map_err(|err| {
            let message = err.to_string();
            let last = message.lines().last().unwrap_or_default().trim().to_owned();
            let last = last.strip_prefix("error: ").unwrap_or(&last).to_owned();
            file.error(spec.span(), last, "patterns are regular expressions of the `regex` crate")
        })?;
        let length = pattern.properties().maximum_len().or(pattern.properties().minimum_len());
        if length.is_some_and(|it| it > LARGEST) {
            let message = format!("the pattern counts further than {LARGEST} bytes");
            let help = "use a smaller number, or `+` and `*`, which need no counting";
            return Err(file.error(spec.span(), message, help));
        }
        Ok(Lazy { source: frame(&words), regex: OnceLock::new() })
    }
}

fn checked_months(
    file: &PackFile,
    months: Spanned<Vec<Vec<String>>>,
) -> Result<Vec<Vec<String>>, RuleError> {
    if months.get_ref().len() != 12 || months.get_ref().iter().any(Vec::is_empty) {
        let message = "a year has twelve months, each with a name at least";
        return Err(file.error(months.span(), message, "list the names of each month in order"));
    }
    Ok(months.into_inner())
}

fn once(
    file: &PackFile,
    id: &Spanned<String>,
    ids: &mut BTreeSet<String>,
) -> Result<(), RuleError> {
    if ids.insert(id.get_ref().clone()) {
        return Ok(());
    }
    let message = format!("the id `{}` is used twice in this file", id.get_ref());
    Err(file.error(id.span(), message, "give each rule an id of its own"))
}

fn examples(
    file: &PackFile,
    id: &Spanned<String>,
    finds: &Spanned<Vec<String>>,
    silent: &Spanned<Vec<String>>,
) -> Result<(), RuleError> {
    for (name, list) in [("finds", finds), ("silent", silent)] {
        if list.get_ref().is_empty() {
            let message = format!("the rule `{}` has no examples in `{name}`", id.get_ref());
            return Err(file.error(list.span(), message, "give one at least"));
        }
    }
    Ok(())
}

/// Adds an item, in place of one with the same key where there is one.
fn put<T>(list: &mut Vec<T>, item: T, key: impl Fn(&T) -> &String) {
    match list.iter().position(|it| key(it) == key(&item)) {
        Some(at) => list[at] = item,
        None => list.push(item),
    }
}
