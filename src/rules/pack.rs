//! A rule pack: all its files read, checked and merged.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::files::{PackFile, PackFiles};
use super::lexicon::Lexicon;
use super::parts;
use super::pattern::{self, Mistake, Node};
use super::spec::{
    ActorSpec, AttributionSpec, BoundarySpec, ChunkSpec, DateSpec, DatedSpec, DefineSpec, RuleFile,
    RuleSpec,
};
use crate::error::{Error, RuleError};

/// Files that are no rule files: stages read them on their own.
const OWN_FORMAT: &[&str] =
    &["pack.toml", "inflection.toml", "sentences.toml", "normalize.toml", "claims.toml"];

/// Element kinds that need no `[[chunk]]`: plain words and what the stages before found.
pub const BUILT_IN_KINDS: &[&str] = &["word", "quotation", "date", "actor"];

/// A rule pack, ready for the stages to compile their rules from.
#[derive(Debug)]
pub struct Pack {
    /// What `pack.toml` says.
    pub info: PackInfo,
    /// All words, those named in patterns included.
    pub lexicon: Lexicon,
    /// `[[chunk]]` rules in order of level, then of place.
    pub chunks: Vec<Loaded<ChunkSpec>>,
    /// `[[date]]` rules in order of place.
    pub dates: Vec<Loaded<DateSpec>>,
    /// `[[actor]]` rules in order of place.
    pub actors: Vec<Loaded<ActorSpec>>,
    /// `[[attribution]]` rules in order of place.
    pub attributions: Vec<Loaded<AttributionSpec>>,
    /// `[[boundary]]` rules in order of place.
    pub boundaries: Vec<Loaded<BoundarySpec>>,
    /// `[[dated]]` rules in order of place.
    pub dated: Vec<Loaded<DatedSpec>>,
    /// The files, for stages with a format of their own.
    pub files: PackFiles,
    pub(crate) defines: BTreeMap<String, Define>,
    kinds: Vec<String>,
}

/// `pack.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackInfo {
    /// Name of the pack.
    pub name: String,
    /// Version of its rules.
    pub version: String,
    /// Language tag (BCP 47).
    pub language: String,
    /// One line.
    #[serde(default)]
    pub about: String,
}

/// A rule with the file it stands in.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// What was written.
    pub spec: T,
    /// Where.
    pub file: Arc<PackFile>,
}

/// A named pattern.
#[derive(Debug)]
pub(crate) struct Define {
    pub(crate) node: Node,
    name: Spanned<String>,
    place: Loaded<Spanned<String>>,
}

impl<T> Loaded<T> {
    /// A mistake in a value of this rule; `inside` are bytes of the value.
    pub fn mistake(&self, value: &Spanned<String>, mistake: Mistake) -> RuleError {
        let start = content_start(&self.file.text, value.span());
        let limit = value.span().end;
        let at = (start + mistake.at.start).min(limit)..(start + mistake.at.end).min(limit);
        self.file.error(at, mistake.message, mistake.help)
    }

    /// A mistake in this rule, at the value's place.
    pub fn error<V>(
        &self,
        value: &Spanned<V>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> RuleError {
        self.file.error(value.span(), message, help)
    }
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// All mistakes that could be found in one go, each with its place.
    pub fn load(files: PackFiles) -> Result<Pack, Error> {
        let mut pack = Pack {
            info: read_info(&files)?,
            lexicon: Lexicon::load(&files)?,
            chunks: Vec::new(),
            dates: Vec::new(),
            actors: Vec::new(),
            attributions: Vec::new(),
            boundaries: Vec::new(),
            dated: Vec::new(),
            files,
            defines: BTreeMap::new(),
            kinds: BUILT_IN_KINDS.iter().map(|&it| it.to_owned()).collect(),
        };
        let mut mistakes = Vec::new();
        let rule_files: Vec<_> = (pack.files.all().iter().cloned().enumerate())
            .filter(|(_, it)| is_rule_file(it))
            .collect();
        let mut layer_start = 0;
        let mut seen = Seen::default();
        for (index, file) in rule_files {
            if (layer_start..=index).any(|it| pack.files.opens_layer(it)) {
                seen.clear();
            }
            layer_start = index + 1;
            mistakes.extend(pack.add_file(Arc::new(file), &mut seen).err().into_iter().flatten());
        }
        pack.chunks.sort_by_key(|it| it.spec.level);
        pack.dates.sort_by_key(|it| it.spec.level);
        let chunks = pack.chunks.iter().map(|it| &it.spec.kind);
        let dates = pack.dates.iter().map(|it| &it.spec.kind);
        for kind in chunks.chain(dates) {
            let kind = kind.get_ref();
            if !pack.kinds.contains(kind) {
                pack.kinds.push(kind.clone());
            }
        }
        mistakes.extend(pack.check_defines());
        mistakes.extend(pack.check_parts());
        if mistakes.is_empty() { Ok(pack) } else { Err(Error::Rules(mistakes)) }
    }

    /// The number of an element kind.
    pub fn kind(&self, name: &str) -> Option<u8> {
        self.kinds.iter().position(|it| it == name).map(|it| it as u8)
    }

    /// Names of all element kinds, by number.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    fn add_file(&mut self, file: Arc<PackFile>, seen: &mut Seen) -> Result<(), Vec<RuleError>> {
        let rules: RuleFile = file.toml().map_err(|it| vec![it])?;
        let mut mistakes = Vec::new();
        for id in &rules.off {
            mistakes.extend(self.switch_off(&file, id).err());
        }
        for define in rules.define {
            mistakes.extend(self.add_define(&file, define, seen).err());
        }
        let lexicon = &mut self.lexicon;
        add_rules(&mut self.chunks, rules.chunk, &file, lexicon, seen, &mut mistakes);
        add_rules(&mut self.dates, rules.date, &file, lexicon, seen, &mut mistakes);
        add_rules(&mut self.actors, rules.actor, &file, lexicon, seen, &mut mistakes);
        add_rules(&mut self.attributions, rules.attribution, &file, lexicon, seen, &mut mistakes);
        add_rules(&mut self.boundaries, rules.boundary, &file, lexicon, seen, &mut mistakes);
        add_rules(&mut self.dated, rules.dated, &file, lexicon, seen, &mut mistakes);
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    fn switch_off(&mut self, file: &PackFile, id: &Spanned<String>) -> Result<(), RuleError> {
        fn drop_id<T: RuleSpec>(rules: &mut Vec<Loaded<T>>, id: &str) -> usize {
            let before = rules.len();
            rules.retain(|it| it.spec.id().get_ref() != id);
            before - rules.len()
        }
        let name = id.get_ref();
        let dropped = drop_id(&mut self.chunks, name)
            + drop_id(&mut self.dates, name)
            + drop_id(&mut self.actors, name)
            + drop_id(&mut self.attributions, name)
            + drop_id(&mut self.boundaries, name)
            + drop_id(&mut self.dated, name);
        if dropped > 0 {
            return Ok(());
        }
        let help = "`onrecord rules list` shows the ids";
        Err(file.error(id.span(), format!("no rule `{name}` to switch off"), help))
    }

    fn add_define(
        &mut self,
        file: &Arc<PackFile>,
        define: DefineSpec,
        seen: &mut Seen,
    ) -> Result<(), RuleError> {
        let place = Loaded { spec: define.pattern, file: file.clone() };
        let node =
            pattern::parse(place.spec.get_ref()).map_err(|it| place.mistake(&place.spec, it))?;
        let name = define.name.get_ref().clone();
        if let Some(place) = seen.before("define", &define.name, file) {
            let message = format!("`{name}` is defined twice, here and in {place}");
            return Err(file.error(define.name.span(), message, "keep one of them"));
        }
        intern_words(&node, &mut self.lexicon);
        self.defines.insert(name, Define { node, name: define.name, place });
        Ok(())
    }

    /// Mistakes in defined patterns: names that mean something else, unknown names, circles.
    fn check_defines(&self) -> Vec<RuleError> {
        let check = |define: &Define| {
            if let Some(mistake) = self.check_name(define) {
                return Some(mistake);
            }
            let mistake = super::grammar::resolve(&define.node, self).err()?;
            Some(define.place.mistake(&define.place.spec, mistake))
        };
        self.defines.values().filter_map(check).collect()
    }

    /// Mistakes in the parts that patterns name, where it takes the whole pack to see them.
    fn check_parts(&self) -> Vec<RuleError> {
        let mut mistakes = parts::check_defined(&self.chunks, self);
        mistakes.extend(parts::check_defined(&self.actors, self));
        mistakes.extend(parts::check_defined(&self.attributions, self));
        mistakes.extend(parts::check_defined(&self.boundaries, self));
        mistakes.extend(parts::check_defined(&self.dated, self));
        mistakes.extend(self.attributions.iter().filter_map(parts::check_content));
        mistakes
    }

    /// A name that patterns read as something else, so that the definition is never used.
    fn check_name(&self, define: &Define) -> Option<RuleError> {
        let name = define.name.get_ref();
        let other = if self.kind(name).is_some() {
            "the name of a kind of element"
        } else if super::grammar::is_form(name) {
            "a word for how a token is written"
        } else {
            return None;
        };
        let message = format!("`{name}` is {other}, which goes before the definition");
        let help = "give the definition another name, here and in the patterns that mean it";
        Some(define.place.file.error(define.name.span(), message, help))
    }
}

/// The names that stand in the files of one layer: by table and name, file and line.
#[derive(Default)]
struct Seen(BTreeMap<(&'static str, String), String>);

impl Seen {
    fn clear(&mut self) {
        self.0.clear();
    }

    /// Where the name stands already; else it stands here from now on.
    fn before(
        &mut self,
        table: &'static str,
        name: &Spanned<String>,
        file: &PackFile,
    ) -> Option<String> {
        let key = (table, name.get_ref().clone());
        if let Some(place) = self.0.get(&key) {
            return Some(place.clone());
        }
        let place = format!("{}:{}", file.shown, file.line(name.span().start));
        self.0.insert(key, place);
        None
    }
}

/// Adds rules; one with a known id takes the place of the one that an earlier layer gave.
fn add_rules<T: RuleSpec>(
    rules: &mut Vec<Loaded<T>>,
    new: Vec<T>,
    file: &Arc<PackFile>,
    lexicon: &mut Lexicon,
    seen: &mut Seen,
    mistakes: &mut Vec<RuleError>,
) {
    for spec in new {
        let loaded = Loaded { spec, file: file.clone() };
        if let Err(mistake) = check_rule(&loaded, lexicon) {
            mistakes.push(mistake);
            continue;
        }
        let id = loaded.spec.id();
        if let Some(place) = seen.before(T::TABLE, id, file) {
            let message = format!("the id `{}` is used twice, here and in {place}", id.get_ref());
            mistakes.push(loaded.error(id, message, "give each rule an id of its own"));
            continue;
        }
        match rules.iter_mut().find(|it| it.spec.id().get_ref() == id.get_ref()) {
            Some(known) => *known = loaded,
            None => rules.push(loaded),
        }
    }
}

fn check_rule<T: RuleSpec>(rule: &Loaded<T>, lexicon: &mut Lexicon) -> Result<(), RuleError> {
    let spec = &rule.spec;
    let mut patterns = vec![spec.pattern()];
    patterns.extend(spec.context().all());
    patterns.extend(spec.other_patterns());
    for text in patterns {
        let node = pattern::parse(text.get_ref()).map_err(|it| rule.mistake(text, it))?;
        if text.span() == spec.pattern().span() {
            parts::check::<T>(&node, text.get_ref()).map_err(|it| rule.mistake(text, it))?;
        }
        intern_words(&node, lexicon);
    }
    let (finds, silent) = spec.examples();
    if finds == 0 || silent == 0 {
        let missing = if finds == 0 { "finds" } else { "silent" };
        let message = format!("rule `{}` has no examples in `{missing}`", spec.id().get_ref());
        let help = "a rule shows what it finds and what it leaves alone";
        return Err(rule.error(spec.id(), message, help));
    }
    Ok(())
}

fn intern_words(node: &Node, lexicon: &mut Lexicon) {
    let mut words = Vec::new();
    pattern::words(node, &mut words);
    for word in words {
        lexicon.intern(&word);
    }
}

fn is_rule_file(file: &PackFile) -> bool {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    file.name.ends_with(".toml") && !OWN_FORMAT.contains(&name)
}

fn read_info(files: &PackFiles) -> Result<PackInfo, Error> {
    let file = files.matching("", "pack.toml").last();
    let file = file.ok_or_else(|| Error::usage("the rule pack has no `pack.toml`"))?;
    Ok(file.toml()?)
}

/// Where the words of a TOML string begin: after its opening quotes.
fn content_start(text: &str, value: std::ops::Range<usize>) -> usize {
    let written = &text[value.clone()];
    let quotes = if written.starts_with("'''") || written.starts_with("\"\"\"") { 3 } else { 1 };
    let line_break = written[quotes.min(written.len())..].starts_with('\n');
    value.start + quotes + usize::from(quotes == 3 && line_break)
}
