//! The words that rules speak of: for each word the classes it belongs to.
//!
//! A word is looked up once, when tokens are made; from then on its entry, a number, stands for
//! it. Words in no list get the classes of their ending.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::files::{PackFile, PackFiles};
use super::grammar::nearest;
use crate::error::{Error, RuleError};

/// A class of words, such as `month`: an index into the lexicon's classes.
pub type ClassId = u16;

/// The entry of every word that is in no list and has no known ending.
pub const UNKNOWN: u32 = 0;

/// All words of a rule pack.
#[derive(Debug, Default)]
pub struct Lexicon {
    classes: Vec<String>,
    class_ids: FxHashMap<String, ClassId>,
    entries: Vec<Entry>,
    /// From a word in lower case to its entry.
    words: FxHashMap<Box<str>, u32>,
    /// From an ending in lower case to the entry of words that end so.
    endings: FxHashMap<Box<str>, u32>,
    /// Lengths of endings in bytes, longest first.
    ending_lengths: Vec<usize>,
    /// Entries of several words, by class.
    phrases: FxHashMap<ClassId, Vec<Vec<String>>>,
    inflection: Inflection,
    groups: OnceLock<Groups>,
    /// So many of the classes are of the default pack; those of users' lists come behind them.
    default_classes: ClassId,
}

/// Entries that belong to the same classes.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// By entry.
    pub(crate) of: Vec<u32>,
    /// One entry of each group.
    pub(crate) entries: Vec<u32>,
}

/// What the lexicon says of a word.
#[derive(Debug, Default)]
struct Entry {
    word: String,
    /// Sorted.
    classes: Vec<ClassId>,
    values: Vec<(ClassId, Box<str>)>,
    /// Entries of the same letters that count only as they are written: `US` beside `us`.
    exact: Vec<(Box<str>, u32)>,
}

/// A row of a word list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordRow {
    word: String,
    class: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    inflect: String,
    /// How often the word was seen in this use; for people.
    #[serde(default)]
    #[allow(dead_code)]
    count: String,
    /// For people.
    #[serde(default)]
    #[allow(dead_code)]
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingRow {
    ending: String,
    class: String,
    #[serde(default)]
    #[allow(dead_code)]
    note: String,
}

/// The one column that says what a word is, whatever stands beside it.
#[derive(Debug, Deserialize)]
struct ClassRow {
    class: String,
}

/// A row of a list in `names/`: the first column is called by what it lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRow {
    name: Option<String>,
    title: Option<String>,
    role: Option<String>,
    word: Option<String>,
    #[serde(default)]
    gender: String,
    #[serde(default)]
    position: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    #[allow(dead_code)]
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IrregularRow {
    lemma: String,
    pos: String,
    forms: String,
    #[serde(default)]
    #[allow(dead_code)]
    note: String,
}

/// `inflection.toml`: how regular words make their forms.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InflectionFile {
    #[serde(default)]
    inflection: Vec<InflectionSpec>,
}

/// One part of speech with its forms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InflectionSpec {
    pos: String,
    /// Class of each form; the first is the lemma's own.
    forms: Vec<String>,
    /// The first whose `ending` fits is taken.
    rules: Vec<EndingRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingRule {
    /// A regular expression over the lemma.
    ending: toml::Spanned<String>,
    /// What takes the place of the match, for each form after the first.
    forms: Vec<String>,
}

#[derive(Debug, Default)]
struct Inflection {
    parts: Vec<PartOfSpeech>,
    irregular: FxHashMap<(String, String), Vec<String>>,
}

#[derive(Debug)]
struct PartOfSpeech {
    name: String,
    forms: Vec<String>,
    rules: Vec<(Regex, Vec<String>)>,
}

impl Lexicon {
    /// Reads the word lists of a pack: `words/*.csv`, `inflection.toml`.
    ///
    /// # Errors
    /// With the place of the first broken row of a file; all broken files are told.
    pub fn load(files: &PackFiles) -> Result<Lexicon, Error> {
        let mut lexicon = Lexicon::default();
        lexicon.entries.push(Entry::default());
        let mut mistakes = Vec::new();
        for file in files.matching("", "inflection.toml") {
            mistakes.extend(lexicon.inflection.read(file).err());
        }
        for file in files.matching("", "irregular.csv") {
            mistakes.extend(lexicon.inflection.read_irregular(file).err());
        }
        // A listed word has the classes of its ending too, whichever list comes first.
        for file in files.matching("words/", "endings.csv") {
            mistakes.extend(lexicon.read_endings(file).err());
        }
        for is_default in [true, false] {
            let of_layer = |it: &&PackFile| files.is_default(it) == is_default;
            for file in files.matching("words/", ".csv").filter(of_layer) {
                let done = match file.name.rsplit('/').next() {
                    Some("irregular.csv" | "endings.csv") => Ok(()),
                    _ => lexicon.read_words(file),
                };
                mistakes.extend(done.err());
            }
            for file in files.matching("names/", ".csv").filter(of_layer) {
                mistakes.extend(lexicon.read_names(file).err());
            }
            if is_default {
                lexicon.default_classes = lexicon.classes.len() as ClassId;
            }
        }
        mistakes.extend(lexicon.unasked(files));
        lexicon.ending_lengths = lexicon.endings.keys().map(|it| it.len()).collect();
        lexicon.ending_lengths.sort_unstable_by(|a, b| b.cmp(a));
        lexicon.ending_lengths.dedup();
        if mistakes.is_empty() { Ok(lexicon) } else { Err(Error::Rules(mistakes)) }
    }

    /// The entry of a word as written in a text; [`UNKNOWN`] for most names.
    pub fn entry(&self, word: &str) -> u32 {
        let mut buffer = [0; 40];
        let folded = match fold_ascii(word, &mut buffer) {
            Some(folded) => folded,
            None => return self.entry_folded(&fold(word), word),
        };
        self.entry_folded(folded, word)
    }

    fn entry_folded(&self, folded: &str, written: &str) -> u32 {
        match self.words.get(folded) {
            Some(&entry) => self.as_written(entry, written),
            None => self.by_ending(folded),
        }
    }

    /// The entry of a word that is written so, where `entry` is that of the same word in lower
    /// case.
    pub(super) fn as_written(&self, entry: u32, written: &str) -> u32 {
        let exact = &self.entries[entry as usize].exact;
        exact.iter().find(|it| &*it.0 == written).map_or(entry, |it| it.1)
    }

    /// Whether a word in lower case has entries of its own for other ways to write it.
    pub(super) fn is_cased(&self, entry: u32) -> bool {
        !self.entries[entry as usize].exact.is_empty()
    }

    /// All words in lower case with their entries, in no order.
    pub(super) fn folded_words(&self) -> impl Iterator<Item = (&str, u32)> {
        self.words.iter().map(|it| (&**it.0, *it.1))
    }

    /// All endings with their entries, in no order.
    pub(super) fn endings(&self) -> impl Iterator<Item = (&str, u32)> {
        self.endings.iter().map(|it| (&**it.0, *it.1))
    }

    fn by_ending(&self, folded: &str) -> u32 {
        for &length in &self.ending_lengths {
            let Some(start) = folded.len().checked_sub(length).filter(|&it| it > 0) else {
                continue;
            };
            if let Some(&entry) = folded.get(start..).and_then(|it| self.endings.get(it)) {
                return entry;
            }
        }
        UNKNOWN
    }

    /// The entry of a word as a rule names it, if the lexicon has it: in lower case or, with a
    /// capital, exactly so.
    pub(crate) fn listed(&self, word: &str) -> Option<u32> {
        let folded = fold(word);
        let &lower = self.words.get(&*folded)?;
        if folded == word {
            return Some(lower);
        }
        let exact = &self.entries[lower as usize].exact;
        exact.iter().find(|it| &*it.0 == word).map(|it| it.1)
    }

    /// Whether a word as written in a text is in a list, in whatever case.
    pub fn is_listed(&self, word: &str) -> bool {
        let mut buffer = [0; 40];
        match fold_ascii(word, &mut buffer) {
            Some(folded) => self.words.contains_key(folded),
            None => self.words.contains_key(&*fold(word)),
        }
    }

    /// The entries that lists and rules give to a word in lower case as it stands at the start
    /// of a sentence; none for `US` beside `us`.
    pub(crate) fn capitalized(&self, word: &str) -> impl Iterator<Item = u32> {
        let lower = if fold(word) == word { self.words.get(word) } else { None };
        let exact = lower.map_or(&[][..], |&it| &self.entries[it as usize].exact[..]);
        let is_title = |it: &str| it.chars().skip(1).any(char::is_lowercase);
        exact.iter().filter(move |it| is_title(&it.0)).map(|it| it.1)
    }

    /// Whether an entry belongs to a class.
    pub fn has(&self, entry: u32, class: ClassId) -> bool {
        self.entries[entry as usize].classes.binary_search(&class).is_ok()
    }

    /// The classes of an entry, sorted.
    pub fn classes_of(&self, entry: u32) -> &[ClassId] {
        &self.entries[entry as usize].classes
    }

    /// The value that the lists give to an entry in a class.
    pub fn value(&self, entry: u32, class: ClassId) -> Option<&str> {
        let values = &self.entries[entry as usize].values;
        values.iter().find(|it| it.0 == class).map(|it| &*it.1)
    }

    /// The word of an entry; empty for unknown words, an ending with `-` in front for guessed ones.
    pub fn word(&self, entry: u32) -> &str {
        &self.entries[entry as usize].word
    }

    /// A class by its name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.class_ids.get(name).copied()
    }

    /// The name of a class.
    pub fn class_name(&self, class: ClassId) -> &str {
        &self.classes[class as usize]
    }

    /// Names of all classes, in order of first mention.
    pub fn class_names(&self) -> &[String] {
        &self.classes
    }

    /// The entries of several words in a class, each word in lower case or, with a capital, as
    /// it must be written.
    pub fn phrases(&self, class: ClassId) -> &[Vec<String>] {
        self.phrases.get(&class).map_or(&[], Vec::as_slice)
    }

    /// Groups of entries that belong to the same classes: far fewer than there are entries.
    pub(crate) fn groups(&self) -> &Groups {
        self.groups.get_or_init(|| {
            let mut known: FxHashMap<&[ClassId], u32> = FxHashMap::default();
            let mut groups = Groups::default();
            for (entry, it) in (0..).zip(&self.entries) {
                let group = *known.entry(&it.classes).or_insert_with(|| {
                    groups.entries.push(entry);
                    (groups.entries.len() - 1) as u32
                });
                groups.of.push(group);
            }
            groups
        })
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no word at all.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The entry of a word that a rule names; made if no list has it, with the classes of its
    /// ending.
    pub fn intern(&mut self, word: &str) -> u32 {
        let folded = fold(word);
        let lower = match self.words.get(&*folded) {
            Some(&known) => known,
            None => {
                let guess = self.by_ending(&folded);
                let classes = self.entries[guess as usize].classes.clone();
                let values = self.entries[guess as usize].values.clone();
                let entry = Entry { word: folded.to_string(), classes, values, exact: vec![] };
                let id = self.push(entry);
                self.words.insert(folded.as_ref().into(), id);
                id
            }
        };
        if folded == word {
            return lower;
        }
        if let Some(known) = self.entries[lower as usize].exact.iter().find(|it| &*it.0 == word) {
            return known.1;
        }
        // What the lists say of the word in any case holds for it as written, too.
        let Entry { classes, values, .. } = &self.entries[lower as usize];
        let (classes, values) = (classes.clone(), values.clone());
        let id = self.push(Entry { word: word.to_owned(), classes, values, exact: vec![] });
        self.entries[lower as usize].exact.push((word.into(), id));
        id
    }

    /// The entry of a word that a list gives: as [`Lexicon::intern`], but what is listed with a
    /// capital has nothing from the word in lower case (`March` is no `march`).
    fn listed_entry(&mut self, word: &str) -> u32 {
        let before = self.entries.len();
        let id = self.intern(word);
        let is_new = id as usize >= before;
        if is_new && fold(word) != word {
            let entry = &mut self.entries[id as usize];
            entry.classes.clear();
            entry.values.clear();
        }
        id
    }

    fn push(&mut self, entry: Entry) -> u32 {
        self.groups = OnceLock::new();
        self.entries.push(entry);
        (self.entries.len() - 1) as u32
    }

    /// The id of a class, made if it is new.
    fn class_id(&mut self, name: &str) -> ClassId {
        if let Some(&id) = self.class_ids.get(name) {
            return id;
        }
        let id = self.classes.len() as ClassId;
        self.classes.push(name.to_owned());
        self.class_ids.insert(name.to_owned(), id);
        id
    }

    fn add(&mut self, word: &str, classes: &[ClassId], value: Option<(ClassId, &str)>) {
        self.groups = OnceLock::new();
        let is_one = !word.contains(|it: char| it == '-' || it.is_whitespace());
        let pieces = if is_one { Vec::new() } else { pieces(word) };
        if pieces.len() > 1 {
            for &class in classes {
                self.phrases.entry(class).or_default().push(pieces.clone());
            }
            // The single words must be entries, so that patterns can speak of them.
            for piece in &pieces {
                self.intern(piece);
            }
            return;
        }
        let id = self.listed_entry(word) as usize;
        let entry = &mut self.entries[id];
        for &class in classes {
            if let Err(at) = entry.classes.binary_search(&class) {
                entry.classes.insert(at, class);
            }
        }
        if let Some((class, value)) = value {
            entry.values.retain(|it| it.0 != class);
            entry.values.push((class, value.into()));
        }
    }

    /// A class of a user's list that the default pack does not know and no pattern asks for: most
    /// likely a typo, which would switch the row off without a word.
    fn unasked(&self, files: &PackFiles) -> Option<RuleError> {
        let is_asked = |class: &str| {
            let asked = format!("@{class}");
            let ends = |rest: &str| !rest.starts_with(|it: char| it == '-' || it.is_alphanumeric());
            files.matching("", ".toml").any(|it| it.text.split(&asked).skip(1).any(ends))
        };
        let is_new = |class: ClassId| class >= self.default_classes;
        for file in files.matching("words/", ".csv").filter(|it| !files.is_default(it)) {
            // Broken files were told of before.
            for (row, at) in file.csv::<ClassRow>().unwrap_or_default() {
                let mut classes = row.class.split_whitespace();
                let class = classes.find(|it| self.class(it).is_some_and(is_new) && !is_asked(it));
                let Some(class) = class else { continue };
                let known = self.classes[..usize::from(self.default_classes)].iter();
                let help = nearest(class, known.map(String::as_str)).map_or_else(
                    || format!("a class works once a pattern asks for it: `@{class}`"),
                    |it| format!("did you mean `{it}`?"),
                );
                let start = file.text[at.clone()].find(class).map_or(at.start, |it| at.start + it);
                let message = format!("no rule asks for words of the class `{class}`");
                return Some(file.error(start..start + class.len(), message, help));
            }
        }
        None
    }

    fn read_words(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for (row, at) in file.csv::<WordRow>()? {
            if row.word.is_empty() {
                return Err(file.error(at, "a row without a word", "fill the column `word`"));
            }
            let classes = self.read_classes(file, &row.class, &at)?;
            if row.inflect.is_empty() {
                let value = (!row.value.is_empty()).then_some((classes[0], row.value.as_str()));
                self.add(&row.word, &classes, value);
            } else {
                self.add_forms(file, &row, &classes, &at)?;
            }
        }
        Ok(())
    }

    /// Adds all forms of a word; of several words, the first is inflected (`point out`).
    fn add_forms(
        &mut self,
        file: &PackFile,
        row: &WordRow,
        classes: &[ClassId],
        at: &Range<usize>,
    ) -> Result<(), RuleError> {
        let (head, rest) = row.word.split_once(' ').unwrap_or((&row.word, ""));
        let Some(forms) = self.inflection.forms(head, &row.inflect) else {
            let known: Vec<_> = self.inflection.parts.iter().map(|it| it.name.as_str()).collect();
            let help = format!("use one of {} or leave it empty", known.join(", "));
            let message = format!("cannot inflect `{head}` as `{}`", row.inflect);
            return Err(file.error(at.clone(), message, help));
        };
        let pos = self.class_id(&row.inflect);
        for (form, class) in forms {
            let form_class = self.class_id(&class);
            let mut all = classes.to_vec();
            if rest.is_empty() {
                all.extend([pos, form_class]);
                self.add(&form, &all, Some((pos, head)));
                if !row.value.is_empty() {
                    self.add(&form, &[], Some((classes[0], &row.value)));
                }
            } else {
                self.add(&format!("{form} {rest}"), &all, None);
            }
        }
        Ok(())
    }

    /// Adds the words of a list of names and roles, with the classes that go with its columns:
    /// `given-name`, `honorific`, `office`, `org-head` and so on.
    fn read_names(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for (row, at) in file.csv::<NameRow>()? {
            let word = row.name.or(row.title).or(row.role).or(row.word).unwrap_or_default();
            if word.is_empty() {
                return Err(file.error(at, "a row without a name", "fill the first column"));
            }
            let (kind, gender) = (row.kind.as_str(), row.gender.as_str());
            let named = match file.name.rsplit('/').next().unwrap_or_default() {
                "given_names.csv" => "given-name".to_owned(),
                "titles.csv" if kind == "honorific" => kind.to_owned(),
                "titles.csv" => "office person-noun".to_owned(),
                "roles.csv" => "office person-noun".to_owned(),
                _ if row.position != "last" || word.contains(' ') => continue,
                _ => format!("org-head {}-head", kind.replace('_', "-")),
            };
            let mut classes = self.read_classes(file, &named, &at)?;
            match gender {
                "m" => classes.push(self.class_id("masculine")),
                "f" => classes.push(self.class_id("feminine")),
                _ => {}
            }
            let value = (!gender.is_empty()).then_some((classes[0], gender));
            // `AS` and `SA` end names of companies, `as` does not.
            let is_acronym = word.len() < 5 && word.chars().all(char::is_uppercase);
            let word = if is_acronym { word } else { fold(&word).into_owned() };
            self.add(&word, &classes, value);
        }
        Ok(())
    }

    fn read_endings(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for (row, at) in file.csv::<EndingRow>()? {
            let mut classes = self.read_classes(file, &row.class, &at)?;
            classes.sort_unstable();
            let word = format!("-{}", row.ending);
            let id = self.push(Entry { word, classes, ..Entry::default() });
            self.endings.insert(row.ending.into(), id);
        }
        Ok(())
    }

    fn read_classes(
        &mut self,
        file: &PackFile,
        words: &str,
        at: &Range<usize>,
    ) -> Result<Vec<ClassId>, RuleError> {
        let mut ids = Vec::new();
        for name in words.split_whitespace() {
            let is_name = name.starts_with(|it: char| it.is_ascii_lowercase())
                && name
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
            if !is_name {
                let message = format!("`{name}` is no name of a class");
                let help = "a class is written in lower case letters, digits and hyphens";
                return Err(file.error(at.clone(), message, help));
            }
            ids.push(self.class_id(name));
        }
        if ids.is_empty() {
            let help = "fill the column `class`: a word without a class is found by no rule";
            return Err(file.error(at.clone(), "a row without a class", help));
        }
        Ok(ids)
    }
}

impl Inflection {
    fn read(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for spec in file.toml::<InflectionFile>()?.inflection {
            let mut rules = Vec::new();
            for rule in spec.rules {
                let regex = Regex::new(rule.ending.get_ref()).map_err(|err| {
                    file.error(rule.ending.span(), format!("no regular expression: {err}"), "")
                })?;
                if rule.forms.len() + 1 != spec.forms.len() {
                    let message =
                        format!("{} endings for {} forms", rule.forms.len(), spec.forms.len() - 1);
                    let help = "give one ending for each form after the first";
                    return Err(file.error(rule.ending.span(), message, help));
                }
                rules.push((regex, rule.forms));
            }
            self.parts.retain(|it| it.name != spec.pos);
            self.parts.push(PartOfSpeech { name: spec.pos, forms: spec.forms, rules });
        }
        Ok(())
    }

    fn read_irregular(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for (row, at) in file.csv::<IrregularRow>()? {
            let Some(part) = self.parts.iter().find(|it| it.name == row.pos) else {
                let message = format!("unknown part of speech `{}`", row.pos);
                return Err(file.error(at, message, "see `pos` in inflection.toml"));
            };
            let forms: Vec<_> = row.forms.split_whitespace().map(str::to_owned).collect();
            if forms.len() + 1 != part.forms.len() {
                let message =
                    format!("{} forms where {} are due", forms.len(), part.forms.len() - 1);
                let help = format!("in this order: {}", part.forms[1..].join(", "));
                return Err(file.error(at, message, help));
            }
            self.irregular.insert((row.lemma, row.pos), forms);
        }
        Ok(())
    }

    /// All forms of a lemma with the class of each form.
    fn forms(&self, lemma: &str, pos: &str) -> Option<Vec<(String, String)>> {
        let part = self.parts.iter().find(|it| it.name == pos)?;
        let made = match self.irregular.get(&(lemma.to_owned(), pos.to_owned())) {
            Some(forms) => forms.clone(),
            None => {
                let (regex, endings) = part.rules.iter().find(|it| it.0.is_match(lemma))?;
                endings.iter().map(|it| regex.replace(lemma, it.as_str()).into_owned()).collect()
            }
        };
        let mut all = vec![(lemma.to_owned(), part.forms[0].clone())];
        for (forms, class) in made.iter().zip(&part.forms[1..]) {
            all.extend(forms.split('/').map(|it| (it.to_owned(), class.clone())));
        }
        Some(all)
    }
}

/// A word in lower case with straight apostrophes.
pub(crate) fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|it| it.is_ascii() && !it.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    let lower = word.chars().flat_map(char::to_lowercase);
    Cow::Owned(lower.map(|it| if it == '’' { '\'' } else { it }).collect())
}

fn fold_ascii<'a>(word: &str, buffer: &'a mut [u8; 40]) -> Option<&'a str> {
    let bytes = word.as_bytes();
    if bytes.len() > buffer.len() || !bytes.is_ascii() {
        return None;
    }
    for (to, from) in buffer.iter_mut().zip(bytes) {
        *to = from.to_ascii_lowercase();
    }
    std::str::from_utf8(&buffer[..bytes.len()]).ok()
}

/// The tokens of a listed word or of a literal in a pattern: cut at spaces and hyphens. A clitic
/// is written apart: `new year 's eve`, `do n't`.
pub(crate) fn pieces(words: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for word in words.split_whitespace() {
        let mut rest = word;
        // Hyphens alone are a dash, one token.
        while let Some(at) = rest.find('-') {
            if rest.bytes().all(|it| it == b'-') {
                break;
            }
            if at > 0 {
                pieces.push(rest[..at].to_owned());
            }
            pieces.push("-".to_owned());
            rest = &rest[at + 1..];
            if rest.is_empty() {
                break;
            }
        }
        if !rest.is_empty() {
            pieces.push(rest.to_owned());
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_tokens() {
        let check = |words: &str, expected: &[&str]| assert_eq!(pieces(words), expected);
        check("according to", &["according", "to"]);
        check("so-called", &["so", "-", "called"]);
        check("-", &["-"]);
        check("year 's end", &["year", "'s", "end"]);
        check("n't", &["n't"]);
        check("'s", &["'s"]);
        check("U.S.", &["U.S."]);
    }
}
