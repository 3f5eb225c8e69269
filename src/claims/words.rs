//! What `claims.toml` and `stopwords.csv` say of words.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use toml::Spanned;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, RuleError};
use crate::rules::{PackFile, PackFiles};

/// The words and thresholds of the pack, made ready to run.
#[derive(Debug)]
pub(super) struct Words {
    /// In order of use.
    endings: Vec<Endings>,
    openings: Vec<String>,
    /// What is said of single words, whatever list says it: one look-up a word.
    known: FxHashMap<String, Known>,
    /// From a stem to the hash that stands for its group.
    same: FxHashMap<String, u32>,
    /// From a stem to its group of cues and what that adds.
    cues: FxHashMap<String, (u32, f64)>,
    /// From a word to the stem that a list gives it.
    stems: FxHashMap<String, String>,
    events: Vec<Event>,
    /// Thresholds.
    pub(super) settings: Settings,
}

/// What lists say of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    is_stop: bool,
    pub(super) is_negation: bool,
    /// The value of a number written as a word.
    pub(super) number: Option<f64>,
    /// What a number before it is multiplied by.
    pub(super) magnitude: Option<f64>,
    /// Whether a negation right before it turns nothing round.
    pub(super) voids_negation: bool,
    /// What stands for it in comparisons, where a list gives its stem.
    term: Option<u32>,
}

/// A kind of event, told by words of several groups.
#[derive(Debug)]
struct Event {
    id: u32,
    /// What stands for the words of each group; a claim must hold all.
    groups: Vec<u32>,
}

/// Endings of which one is cut off.
#[derive(Debug)]
struct Endings {
    /// Those of one last byte together, the longest first.
    by_last: Box<[Vec<String>; 256]>,
    /// Letters that must stay.
    shortest: usize,
}

/// The thresholds; `claims.toml` says what each means.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) join: f64,
    pub(super) join_dated: f64,
    pub(super) join_mean: f64,
    pub(super) dated_likeness: f64,
    pub(super) statement_share: f64,
    pub(super) cues_differ: f64,
    pub(super) cue_known: f64,
    pub(super) same_speaker: f64,
    pub(super) numbers_differ: f64,
    pub(super) same_month: f64,
    pub(super) same_year: f64,
    pub(super) same_actors: f64,
    pub(super) same_event: f64,
    pub(super) quote_run: f64,
    pub(super) quote_share: f64,
    pub(super) quote_shortest: f64,
    pub(super) copy_share: f64,
    pub(super) copy_likeness: f64,
}

impl Settings {
    fn all(&mut self) -> [(&'static str, &mut f64); 18] {
        [
            ("join", &mut self.join),
            ("join_dated", &mut self.join_dated),
            ("join_mean", &mut self.join_mean),
            ("dated_likeness", &mut self.dated_likeness),
            ("statement_share", &mut self.statement_share),
            ("cues_differ", &mut self.cues_differ),
            ("cue_known", &mut self.cue_known),
            ("same_speaker", &mut self.same_speaker),
            ("numbers_differ", &mut self.numbers_differ),
            ("same_month", &mut self.same_month),
            ("same_year", &mut self.same_year),
            ("same_actors", &mut self.same_actors),
            ("same_event", &mut self.same_event),
            ("quote_run", &mut self.quote_run),
            ("quote_share", &mut self.quote_share),
            ("quote_shortest", &mut self.quote_shortest),
            ("copy_share", &mut self.copy_share),
            ("copy_likeness", &mut self.copy_likeness),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ClaimsFile {
    endings: Vec<EndingsSpec>,
    openings: Vec<ListSpec>,
    negation: Vec<NegationSpec>,
    number: Vec<ValuesSpec>,
    magnitude: Vec<ValuesSpec>,
    stem: Vec<StemSpec>,
    same: Vec<ListSpec>,
    event: Vec<EventSpec>,
    cue: Vec<CueSpec>,
    setting: Vec<SettingSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingsSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    shortest: usize,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    words: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NegationSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    words: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StemSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    /// From a stem to the words that it stands for.
    forms: std::collections::BTreeMap<String, Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    all: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValuesSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    values: std::collections::BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CueSpec {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    weight: f64,
    words: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingSpec {
    id: Spanned<String>,
    #[serde(rename = "about")]
    _about: String,
    value: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopSpec {
    word: String,
}

/// An entry that a later layer can replace by its id.
trait Entry {
    fn id(&self) -> &str;
}

macro_rules! entries {
    ($($type:ty),+) => { $(impl Entry for $type { fn id(&self) -> &str { &self.id } })+ };
}
entries!(EndingsSpec, ListSpec, NegationSpec, StemSpec, EventSpec, ValuesSpec, CueSpec);

/// An entry with the file it stands in.
type Placed<'a, T> = (T, &'a PackFile);

fn lay<'a, T: Entry>(all: &mut Vec<Placed<'a, T>>, new: Vec<T>, file: &'a PackFile) {
    for entry in new {
        match all.iter_mut().find(|(it, _)| it.id() == entry.id()) {
            Some(known) => *known = (entry, file),
            None => all.push((entry, file)),
        }
    }
}

#[derive(Default)]
struct Layers<'a> {
    endings: Vec<Placed<'a, EndingsSpec>>,
    openings: Vec<Placed<'a, ListSpec>>,
    negation: Vec<Placed<'a, NegationSpec>>,
    number: Vec<Placed<'a, ValuesSpec>>,
    magnitude: Vec<Placed<'a, ValuesSpec>>,
    stem: Vec<Placed<'a, StemSpec>>,
    same: Vec<Placed<'a, ListSpec>>,
    event: Vec<Placed<'a, EventSpec>>,
    cue: Vec<Placed<'a, CueSpec>>,
}

impl Words {
    /// Reads `claims.toml` and `stopwords.csv` of all layers.
    pub(super) fn load(files: &PackFiles) -> Result<Words, Error> {
        let mut layers = Layers::default();
        let mut settings = Settings::default();
        let mut known: FxHashSet<&'static str> = FxHashSet::default();
        for file in files.matching("claims", ".toml") {
            let spec: ClaimsFile = file.toml()?;
            lay(&mut layers.endings, spec.endings, file);
            lay(&mut layers.openings, spec.openings, file);
            lay(&mut layers.negation, spec.negation, file);
            lay(&mut layers.number, spec.number, file);
            lay(&mut layers.magnitude, spec.magnitude, file);
            lay(&mut layers.stem, spec.stem, file);
            lay(&mut layers.same, spec.same, file);
            lay(&mut layers.event, spec.event, file);
            lay(&mut layers.cue, spec.cue, file);
            for setting in &spec.setting {
                known.insert(set(&mut settings, setting, file)?);
            }
        }
        if let Some((name, _)) = settings.all().into_iter().find(|it| !known.contains(it.0)) {
            return Err(Error::usage(format!(
                "the rules have no setting `{name}`: `claims.toml` needs a [[setting]] with this id"
            )));
        }
        let mut stop = FxHashSet::default();
        for file in files.matching("stopwords", ".csv") {
            stop.extend(file.csv::<StopSpec>()?.into_iter().map(|(it, _)| it.word));
        }
        layers.compile(stop, settings)
    }

    /// The stem of a word in lower case.
    pub(super) fn stem<'w>(&'w self, word: &'w str) -> &'w str {
        match self.stems.get(word) {
            Some(stem) => stem,
            None => self.cut(word),
        }
    }

    /// A word without its endings.
    fn cut<'w>(&self, word: &'w str) -> &'w str {
        let mut stem = word;
        for Endings { by_last, shortest } in &self.endings {
            let Some(&last) = stem.as_bytes().last() else { break };
            let cut = |ending: &String| {
                stem.strip_suffix(ending.as_str()).filter(|it| has_letters(it, *shortest))
            };
            stem = by_last[usize::from(last)].iter().find_map(cut).unwrap_or(stem);
        }
        undoubled(stem)
    }

    /// What stands for a word in comparisons; `known` is what lists say of it.
    pub(super) fn term(&self, word: &str, known: Known) -> u32 {
        known.term.unwrap_or_else(|| self.term_of(self.cut(word)))
    }

    /// What stands for a stem.
    fn term_of(&self, stem: &str) -> u32 {
        self.same.get(stem).copied().unwrap_or_else(|| hash(stem))
    }

    /// The kind of event that sorted terms tell, and the terms that tell it.
    pub(super) fn event(&self, terms: &[u32]) -> Option<(u32, &[u32])> {
        let tells = |it: &&Event| it.groups.iter().all(|it| terms.binary_search(it).is_ok());
        self.events.iter().find(tells).map(|it| (it.id, &it.groups[..]))
    }

    /// The word's opening that counts as a word of its own, and what is left.
    pub(super) fn opening<'w>(&self, word: &'w str) -> Option<(&'w str, &'w str)> {
        let opening = self
            .openings
            .iter()
            .find(|it| word.strip_prefix(it.as_str()).is_some_and(|rest| has_letters(rest, 4)))?;
        Some(word.split_at(opening.len()))
    }

    /// What lists say of a word in lower case.
    pub(super) fn known(&self, word: &str) -> Known {
        self.known.get(word).copied().unwrap_or_default()
    }

    /// Whether a word tells nothing; `known` is what lists say of it.
    pub(super) fn is_stop(&self, word: &str, known: Known) -> bool {
        // What follows an apostrophe is an ending or a short form of another stop word.
        let head = || word.split_once('\'').is_some_and(|(head, _)| self.known(head).is_stop);
        known.is_stop || head()
    }

    /// The group of a cue and what it adds where both are of it.
    pub(super) fn cue(&self, word: &str) -> (u32, f64) {
        let stem = self.stem(word);
        self.cues.get(stem).copied().unwrap_or_else(|| (hash(stem), self.settings.cue_known))
    }

    pub(super) fn is_known_cue(&self, word: &str) -> bool {
        self.cues.contains_key(self.stem(word))
    }
}

fn has_letters(word: &str, count: usize) -> bool {
    count.checked_sub(1).is_none_or(|last| word.chars().nth(last).is_some())
}

/// The stem with a doubled last letter once: `stopp`, `stop`.
fn undoubled(stem: &str) -> &str {
    let mut letters = stem.char_indices().rev();
    match (letters.next(), letters.next()) {
        (Some((at, last)), Some((_, before))) if last == before => &stem[..at],
        _ => stem,
    }
}

fn hash(word: &str) -> u32 {
    xxh3_64(word.as_bytes()) as u32
}

fn set(
    settings: &mut Settings,
    spec: &SettingSpec,
    file: &PackFile,
) -> Result<&'static str, RuleError> {
    let name = spec.id.get_ref().as_str();
    let mut all = settings.all();
    let Some((known, value)) = all.iter_mut().find(|it| it.0 == name) else {
        let names: Vec<&str> = all.iter().map(|it| it.0).collect();
        let help = format!("one of {}", names.join(", "));
        return Err(file.error(spec.id.span(), format!("unknown setting `{name}`"), help));
    };
    **value = spec.value;
    Ok(known)
}

impl Layers<'_> {
    fn compile(self, stop: FxHashSet<String>, settings: Settings) -> Result<Words, Error> {
        let plain = |lists: &[Placed<ListSpec>]| -> Vec<String> {
            lists.iter().flat_map(|(it, _)| &it.words).map(|it| it.get_ref().clone()).collect()
        };
        let mut known: FxHashMap<String, Known> = FxHashMap::default();
        for word in stop {
            known.entry(word).or_default().is_stop = true;
        }
        for (list, _) in self.negation {
            for word in list.words {
                known.entry(word).or_default().is_negation = true;
            }
            for word in list.not_before {
                known.entry(word).or_default().voids_negation = true;
            }
        }
        for (word, value) in self.number.into_iter().flat_map(|(it, _)| it.values) {
            known.entry(word).or_default().number = Some(value);
        }
        for (word, value) in self.magnitude.into_iter().flat_map(|(it, _)| it.values) {
            known.entry(word).or_default().magnitude = Some(value);
        }
        let mut words = Words {
            endings: self.endings.into_iter().map(|(it, _)| it.into()).collect(),
            openings: plain(&self.openings),
            known,
            same: FxHashMap::default(),
            cues: FxHashMap::default(),
            stems: stems(&self.stem)?,
            events: events(&self.event, &self.same)?,
            settings,
        };
        let mut same = FxHashMap::default();
        for (list, file) in &self.same {
            words.gather(&mut same, &list.id, &list.words, file)?;
        }
        let mut cues = FxHashMap::default();
        let mut weights = FxHashMap::default();
        for (list, file) in &self.cue {
            words.gather(&mut cues, &list.id, &list.words, file)?;
            weights.insert(group_hash(&list.id), list.weight);
        }
        words.same = same;
        let terms: Vec<(String, u32)> =
            words.stems.iter().map(|(word, stem)| (word.clone(), words.term_of(stem))).collect();
        for (word, term) in terms {
            words.known.entry(word).or_default().term = Some(term);
        }
        words.cues = cues.into_iter().map(|(stem, id)| (stem, (id, weights[&id]))).collect();
        Ok(words)
    }
}

/// From each listed word to its stem.
fn stems(lists: &[Placed<StemSpec>]) -> Result<FxHashMap<String, String>, RuleError> {
    let mut stems: FxHashMap<String, String> = FxHashMap::default();
    for (list, file) in lists {
        for (stem, words) in &list.forms {
            for word in words {
                let known = stems.insert(word.get_ref().clone(), stem.clone());
                if known.is_some_and(|it| it != *stem) {
                    let message = format!("`{}` stands under two stems", word.get_ref());
                    return Err(file.error(word.span(), message, "leave it under one of them"));
                }
            }
        }
    }
    Ok(stems)
}

fn events(
    lists: &[Placed<EventSpec>],
    groups: &[Placed<ListSpec>],
) -> Result<Vec<Event>, RuleError> {
    let event = |(event, file): &Placed<EventSpec>| {
        let group = |id: &Spanned<String>| {
            let name = id.get_ref();
            if groups.iter().any(|(it, _)| it.id == *name) {
                return Ok(group_hash(name));
            }
            let names: Vec<&str> = groups.iter().map(|(it, _)| it.id.as_str()).collect();
            let help = format!("the id of a [[same]] group: {}", names.join(", "));
            Err(file.error(id.span(), format!("no group of words is called `{name}`"), help))
        };
        let groups = event.all.iter().map(group).collect::<Result<_, _>>()?;
        Ok(Event { id: group_hash(&event.id), groups })
    };
    lists.iter().map(event).collect()
}

fn group_hash(id: &str) -> u32 {
    hash(&format!("\n{id}"))
}

impl From<EndingsSpec> for Endings {
    fn from(it: EndingsSpec) -> Endings {
        let mut words = it.words;
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        let mut by_last = Box::new([const { Vec::new() }; 256]);
        for ending in words {
            if let Some(&last) = ending.as_bytes().last() {
                by_last[usize::from(last)].push(ending);
            }
        }
        Endings { by_last, shortest: it.shortest }
    }
}

impl Words {
    /// Notes the stems of a group.
    fn gather(
        &self,
        stems: &mut FxHashMap<String, u32>,
        id: &str,
        words: &[Spanned<String>],
        file: &PackFile,
    ) -> Result<(), RuleError> {
        let group = group_hash(id);
        for word in words {
            let stem = self.stem(word.get_ref());
            if stems.insert(stem.to_owned(), group).is_some_and(|it| it != group) {
                let message = format!("`{}` stands in two groups", word.get_ref());
                return Err(file.error(word.span(), message, "leave it in one of them"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::load(&PackFiles::embedded()).unwrap()
    }

    #[test]
    fn forms_of_a_word_are_one_term() {
        let words = words();
        let term = |it: &str| words.term(it, words.known(it));
        for forms in [
            &["sign", "signed", "signing", "signs", "inked"][..],
            &["country", "countries"],
            &["agreement", "agreements", "accord", "treaty", "treaties", "pact"],
            &["cooperate", "cooperation", "cooperated"],
            &["stop", "stopped", "stopping"],
            &["release", "releases", "released"],
        ] {
            let terms: FxHashSet<u32> = forms.iter().map(|it| term(it)).collect();
            assert_eq!(terms.len(), 1, "{forms:?}");
        }
        for (one, other) in [
            ("tax", "taxi"),
            ("police", "policy"),
            ("policing", "policies"),
            ("state", "station"),
            ("plan", "plane"),
            ("story", "stores"),
        ] {
            assert_ne!(term(one), term(other), "{one} {other}");
        }
    }

    #[test]
    fn mistakes_show_their_place() {
        let error = |text: &str| {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("claims.toml"), text).unwrap();
            let mut files = PackFiles::embedded();
            files.add_folder(dir.path()).unwrap();
            let Error::Rule(error) = Words::load(&files).unwrap_err() else { panic!("no rule") };
            format!("{} {} {}", error.line(), error.message, &error.text[error.span.clone()])
        };
        assert_eq!(
            error("[[setting]]\nid = \"jion\"\nabout = \"\"\nvalue = 1\n"),
            "2 unknown setting `jion` \"jion\""
        );
        assert_eq!(
            error("[[same]]\nid = \"new\"\nabout = \"\"\nwords = [\"pacts\"]\n"),
            "4 `pacts` stands in two groups \"pacts\""
        );
        assert_eq!(
            error("[[event]]\nid = \"new\"\nabout = \"\"\nall = [\"sing\"]\n"),
            "4 no group of words is called `sing` \"sing\""
        );
        assert_eq!(
            error("[[stem]]\nid = \"new\"\nabout = \"\"\nforms = { a = [\"policy\"] }\n"),
            "4 `policy` stands under two stems \"policy\""
        );
    }
}
