//! Reads the lists of actors and the patterns of bodies that every government has.

use rustc_hash::FxHashSet;

use super::{
    Body, COLUMNS, Entry, FOLDER, GOVERNMENT, Gazetteer, KINDS, Key, Office, Opening, PATTERNS,
    SEED, SEED_ADJECTIVE, SEED_STATE, Use, feed, first_run, office_key, recased, surname_key,
};
use crate::actors::day::Day;
use crate::error::{Error, RuleError};
use crate::ids;
use crate::rules::{Lexicon, Pack, PackFile, PackFiles};

impl Gazetteer {
    /// Reads the lists of the pack and those laid over it.
    ///
    /// # Errors
    /// The first broken row of each file, with its line.
    pub(in super::super) fn load(pack: &Pack, extra: &[PackFile]) -> Result<Gazetteer, Error> {
        let mut gazetteer = Gazetteer::default();
        gazetteer.lower_starts.resize(1024, 0);
        let has = |entry: u32, class: &str| {
            pack.lexicon.class(class).is_some_and(|it| pack.lexicon.has(entry, it))
        };
        let all = 0..pack.lexicon.len() as u32;
        let is_article = |&it: &u32| has(it, "definite") && !has(it, "demonstrative");
        gazetteer.articles =
            all.filter(is_article).map(|it| format!("{} ", pack.lexicon.word(it)).into()).collect();
        let all = 0..pack.lexicon.len() as u32;
        let closed = all.filter(|&it| has(it, "closed")).map(|it| pack.lexicon.word(it).into());
        gazetteer.closed = closed.collect();
        let mut mistakes = Vec::new();
        let own = pack.files.matching(FOLDER, ".csv").filter(|it| !it.name.ends_with(PATTERNS));
        for file in own.chain(extra) {
            if !PackFiles::is_built_in(file) {
                gazetteer.layer = gazetteer.layer.saturating_add(1);
            }
            mistakes.extend(gazetteer.read(file).err());
        }
        for file in pack.files.matching(FOLDER, PATTERNS) {
            mistakes.extend(gazetteer.read_patterns(file).err());
        }
        gazetteer.closed = FxHashSet::default();
        gazetteer.note_openings(&pack.lexicon);
        gazetteer.arena.shrink_to_fit();
        gazetteer.entries.shrink_to_fit();
        if mistakes.is_empty() { Ok(gazetteer) } else { Err(Error::Rules(mistakes)) }
    }

    fn read(&mut self, file: &PackFile) -> Result<(), RuleError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .trim(csv::Trim::Fields)
            .from_reader(file.text.as_bytes());
        let columns = columns(file, reader.headers().map_err(|it| csv_error(file, &it))?)?;
        let mut record = csv::StringRecord::new();
        let mut expected = 0;
        while reader.read_record(&mut record).map_err(|it| csv_error(file, &it))? {
            if expected == 0 {
                let bytes = record.as_slice().len().max(24);
                expected = file.text.len() / bytes;
                self.entries.reserve(expected);
                self.keys.reserve(expected);
            }
            let at = record.position().map_or(0, |it| it.byte() as usize);
            self.add_row(file, &Row { record: &record, columns: &columns }, at)?;
        }
        Ok(())
    }

    fn add_row(&mut self, file: &PackFile, row: &Row<'_>, at: usize) -> Result<(), RuleError> {
        let line = at..file.text[at..].find('\n').map_or(file.text.len(), |it| at + it);
        let error = |message: String, help: &str| Err(file.error(line.clone(), message, help));
        let (name, kind) = (row.get("name"), row.get("kind"));
        if name.is_empty() {
            return error("an actor without a name".to_owned(), "fill the column `name`");
        }
        let Some(kind) = KINDS.iter().position(|&it| it == kind) else {
            let help = format!("use one of {}", KINDS.join(", "));
            return error(format!("`{kind}` is no kind of actor"), &help);
        };
        let Ok(country) = country(row.get("country")) else {
            let message = format!("`{}` is no country code", row.get("country"));
            return error(message, "write two capital letters as in ISO 3166, or nothing");
        };
        let actor = self.actor(row.get("id"), name, kind as u8, country);
        let is_same = self.name(actor) == name && self.entries[actor as usize].kind == kind as u8;
        if !row.get("id").is_empty() && !is_same {
            let message = format!("`{}` is the id of `{}`", row.get("id"), self.name(actor));
            let help = "give each actor an id of its own, or leave it empty";
            return error(message, help);
        }
        self.add_name(name, actor, Use::Name);
        if KINDS[kind] == GOVERNMENT {
            self.note_fields(name);
        }
        for alias in row.get("aliases").split(';').map(str::trim).filter(|it| !it.is_empty()) {
            let (how, alias) = match alias.split_once(':') {
                Some(("adj", it)) => (Use::Adjective, it),
                Some(("dem", it)) => (Use::Demonym, it),
                Some(("met", it)) => (Use::Metonym, it),
                Some(("acr", it)) => (Use::Name, it),
                Some((prefix, it)) if is_prefix(prefix) && !it.starts_with(' ') => {
                    let help = "use adj:, dem:, met:, acr: or none";
                    return error(format!("`{prefix}:` is no kind of alias"), help);
                }
                _ => (Use::Name, alias),
            };
            if self.closed.contains(alias.trim()) {
                let message = format!("`{}` is a word of every text", alias.trim());
                return error(message, "leave the alias out, or write it as it stands in capitals");
            }
            self.add_name(alias.trim(), actor, how);
        }
        let days = Day::period(row.get("from"), row.get("to"), row.get("as_of"));
        match days {
            Ok(Some((from, to))) if from > to => {
                let (from, to) = (row.get("from"), row.get("to"));
                let message = if to.is_empty() {
                    format!("a term from {from} that no day ends")
                } else {
                    format!("a term from {from} to {to}")
                };
                let help = "fill `to`, or `as_of` with the day on which you knew it to go on";
                return error(message, help);
            }
            Ok(days) => self.add_office(actor, name, country, row.get("role"), days),
            Err(word) => {
                let help = "write 2014, 2014-06 or 2014-06-30";
                return error(format!("`{word}` is no date"), help);
            }
        }
        Ok(())
    }

    fn actor(&mut self, id: &str, name: &str, kind: u8, country: [u8; 2]) -> u32 {
        let made;
        let id = if id.is_empty() {
            made = ids::of(name, KINDS[usize::from(kind)]);
            &made
        } else {
            id
        };
        let key = feed(SEED, id.as_bytes());
        let known = self.by_id.get(&key).copied();
        if let Some(known) = known
            && self.entries[known as usize].layer == self.layer
        {
            return known;
        }
        let (id, name) = (self.keep(id), self.keep(name));
        let entry = Entry { id, name, country, kind, layer: self.layer };
        match known {
            Some(known) => {
                self.entries[known as usize] = entry;
                known
            }
            None => {
                let actor = self.entries.len() as u32;
                self.by_id.insert(key, actor);
                self.entries.push(entry);
                actor
            }
        }
    }

    fn keep(&mut self, words: &str) -> (u32, u32) {
        let start = self.arena.len() as u32;
        self.arena.push_str(words);
        (start, self.arena.len() as u32)
    }

    /// The words of a name behind its article, if it has one.
    fn without_article<'a>(&self, name: &'a str) -> Option<&'a str> {
        self.articles.iter().find_map(|it| {
            let start = name.get(..it.len())?;
            start.eq_ignore_ascii_case(it).then(|| &name[it.len()..])
        })
    }

    fn add_name(&mut self, name: &str, actor: u32, how: Use) {
        let bare = self.without_article(name);
        // Of several words an article is no part, of one word it makes a name.
        let needs_article = bare.is_some_and(|it| !it.contains(' '));
        let name = bare.unwrap_or(name);
        let Some(hash) = self.note_start(name) else { return };
        let new = Key { actor, how, needs_article, layer: self.layer };
        let rank = |it: &Key| (self.entries[it.actor as usize].kind, it.how);
        match self.keys.get(&hash).copied() {
            Some(old) if old.layer < self.layer => {
                self.keys.insert(hash, new);
            }
            Some(old) if old.actor == actor => {
                let needs_article = old.needs_article && needs_article;
                let how = old.how.min(how);
                self.keys.insert(hash, Key { needs_article, how, ..old });
            }
            Some(old) if rank(&old) <= rank(&new) => {}
            _ => {
                self.keys.insert(hash, new);
            }
        }
    }

    /// Hashes a name and notes how it begins.
    fn note_start(&mut self, name: &str) -> Option<u64> {
        let bytes = name.as_bytes();
        let first = feed(SEED, first_run(bytes));
        let length = u16::try_from(bytes.len()).ok().filter(|&it| it > 0)?;
        let known = self.firsts.entry(first).or_default();
        known.longest = length.max(known.longest);
        if bytes[0].is_ascii_lowercase() && bytes.len() > 1 {
            let at = usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
            self.lower_starts[at / 64] |= 1 << (at % 64);
        }
        Some(feed(SEED, bytes))
    }

    /// Notes which words of the lexicon open a name. Words in no list share their entries, so
    /// that they may.
    fn note_openings(&mut self, lexicon: &Lexicon) {
        let opens = |word: &str| self.firsts.contains_key(&feed(SEED, first_run(word.as_bytes())));
        let opening = |entry: u32| {
            let word = lexicon.word(entry);
            let lower = word.to_lowercase();
            if lower.is_ascii() && !lower.is_empty() && !lower.starts_with('-') {
                Opening { lower: opens(&lower), capital: opens(&recased(&lower)) }
            } else {
                Opening { lower: true, capital: true }
            }
        };
        self.openings = (0..lexicon.len() as u32).map(opening).collect();
    }

    fn add_office(
        &mut self,
        actor: u32,
        name: &str,
        country: [u8; 2],
        role: &str,
        days: Option<(Day, Day)>,
    ) {
        let Some((from, to)) = days else { return };
        if role.is_empty() {
            return;
        }
        let office = Office { actor, layer: self.layer, from, to };
        self.offices.entry(office_key(country, role)).or_default().push(office);
        let Some(surname) = name.rsplit(' ').next() else { return };
        for key in [role.rsplit(' ').next().unwrap_or(role), ""] {
            let people = self.surnames.entry(surname_key(surname, key)).or_default();
            people.push((actor, office));
        }
    }

    fn read_patterns(&mut self, file: &PackFile) -> Result<(), RuleError> {
        for (row, at) in file.csv::<PatternRow>()? {
            let Some(kind) = KINDS.iter().position(|&it| it == row.kind) else {
                let help = format!("use one of {}", KINDS.join(", "));
                let message = format!("`{}` is no kind of actor", row.kind);
                return Err(file.error(at, message, help));
            };
            // People in office are looked up by their office; two countries are for later.
            if row.kind == "person" || row.pattern.contains("{country2}") {
                continue;
            }
            let (before, after) = row.name.split_once("{country}").unwrap_or((&row.name, ""));
            self.note_fields(before);
            let body = self.bodies.len() as u32;
            self.bodies.push(Body {
                before: before.to_owned(),
                after: after.to_owned(),
                kind: kind as u8,
                tail: String::new(),
            });
            let at_state = |mark| row.pattern.split_once(mark).map(|it| (mark, it));
            match at_state("{country}").or_else(|| at_state("{adj}")) {
                Some((mark, ("", rest))) => {
                    let seed = if mark == "{adj}" { SEED_ADJECTIVE } else { SEED_STATE };
                    self.note_rest(seed, rest, body);
                    if mark == "{adj}" {
                        self.note_bare(rest.trim_start(), body);
                    }
                }
                Some((_, (front, tail))) => {
                    self.bodies[body as usize].tail = tail.to_owned();
                    let front = front.trim_end();
                    let front = self.without_article(front).unwrap_or(front);
                    if let Some(hash) = self.note_start(front) {
                        let first = feed(SEED, first_run(front.as_bytes()));
                        self.firsts.entry(first).or_default().has_front = true;
                        self.fronts.entry(hash).or_insert(body);
                    }
                    // Without the word that ties the state to it.
                    if let (Some((bare, _)), "") = (front.rsplit_once(' '), tail) {
                        self.note_bare(bare, body);
                    }
                }
                None => {
                    let message = format!("`{}` has no {{country}} or {{adj}}", row.pattern);
                    return Err(file.error(at, message, "write `{adj} Foreign Ministry`"));
                }
            }
        }
        Ok(())
    }

    fn note_bare(&mut self, name: &str, body: u32) {
        self.bare.entry(feed(SEED, name.as_bytes())).or_insert(body);
    }

    fn note_fields(&mut self, name: &str) {
        let words = name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        self.fields.extend(words.map(|it| feed(SEED, it.to_lowercase().as_bytes())));
    }

    /// Notes what stands behind the name of a state, and every beginning of it.
    fn note_rest(&mut self, seed: u64, rest: &str, body: u32) {
        let mut hash = seed;
        for letter in rest.chars() {
            self.rests.entry(hash).or_insert(None);
            hash = feed(hash, letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.rests.entry(hash).or_insert(None).get_or_insert(body);
    }
}

/// A row of `government-patterns.csv`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternRow {
    pattern: String,
    name: String,
    kind: String,
    #[serde(default)]
    #[allow(dead_code)]
    role_head: String,
    #[serde(default)]
    #[allow(dead_code)]
    note: String,
}

/// A record with what its columns are.
struct Row<'a> {
    record: &'a csv::StringRecord,
    columns: &'a [Option<usize>; COLUMNS.len()],
}

impl<'a> Row<'a> {
    fn get(&self, column: &str) -> &'a str {
        let at = COLUMNS.iter().position(|&it| it == column);
        at.and_then(|it| self.columns[it]).and_then(|it| self.record.get(it)).unwrap_or_default()
    }
}

fn columns(
    file: &PackFile,
    header: &csv::StringRecord,
) -> Result<[Option<usize>; COLUMNS.len()], RuleError> {
    let line = 0..file.text.find('\n').unwrap_or(file.text.len());
    let mut columns = [None; COLUMNS.len()];
    for (at, name) in header.iter().enumerate() {
        let name = name.trim_start_matches('\u{feff}');
        let Some(column) = COLUMNS.iter().position(|&it| it == name) else {
            let help = if header.len() == 1 && name.contains([';', '\t']) {
                "save the file with commas between the cells".to_owned()
            } else {
                format!("the columns are {}", COLUMNS.join(", "))
            };
            return Err(file.error(line, format!("unknown column `{name}`"), help));
        };
        columns[column] = Some(at);
    }
    for needed in [1, 2] {
        if columns[needed].is_none() {
            let message = format!("the column `{}` is missing", COLUMNS[needed]);
            return Err(file.error(line, message, "`name` and `kind` must be there"));
        }
    }
    Ok(columns)
}

fn csv_error(file: &PackFile, err: &csv::Error) -> RuleError {
    let start = err.position().map_or(0, |it| it.byte() as usize).min(file.text.len());
    let end = file.text[start..].find('\n').map_or(file.text.len(), |it| start + it);
    let message = match err.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("a row of {len} cells where the header has {expected_len}")
        }
        _ => err.to_string(),
    };
    file.error(start..end, message, "quote a cell that holds a comma or a line break")
}

fn country(code: &str) -> Result<[u8; 2], ()> {
    match code.as_bytes() {
        [] => Ok([0; 2]),
        &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok([a, b]),
        _ => Err(()),
    }
}

fn is_prefix(word: &str) -> bool {
    word.len() < 6 && !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase())
}
