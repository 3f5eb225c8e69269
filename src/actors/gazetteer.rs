//! Known actors, found by their names: a hash looked up where words begin.
//!
//! Only hashes of names are kept, so that half a million of them take little room: of 64 bits,
//! two different names share one by chance once in many billions of look-ups.

use rustc_hash::{FxHashMap, FxHashSet};

use super::day::Day;
use super::ids;
use crate::error::{Error, RuleError};
use crate::model::{Shape, Token};
use crate::rules::{Lexicon, Pack, PackFile, PackFiles};

/// The folder of the pack with the lists of actors.
const FOLDER: &str = "actors/";
/// The file with the names that governments give their bodies.
const PATTERNS: &str = "government-patterns.csv";
/// The columns of a list of actors.
const COLUMNS: [&str; 11] =
    ["id", "name", "kind", "aliases", "country", "role", "from", "to", "wikidata", "as_of", "note"];
/// Kinds of actors, those first that a name shared by several rather means.
pub(super) const KINDS: [&str; 10] = [
    "state",
    "government",
    "organization",
    "person",
    "company",
    "media",
    "party",
    "armed_group",
    "civil_society",
    "place",
];

/// How a name stands for its actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// As its name or acronym.
    Name,
    /// As the name of its people.
    Demonym,
    /// As the name of its seat: `the Kremlin`.
    Metonym,
    /// As an adjective: `Russian`.
    Adjective,
}

/// What a name in a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// An actor of the lists.
    Actor(u32, Use),
    /// A body of a state by its pattern: pattern and state.
    Body(u32, u32),
}

#[derive(Debug, Clone, Copy)]
struct Key {
    actor: u32,
    how: Use,
    layer: u8,
    /// Counts only behind an article.
    needs_article: bool,
}

/// An actor of the lists. Texts are ranges of one arena.
#[derive(Debug, Clone, Copy)]
struct Entry {
    id: (u32, u32),
    name: (u32, u32),
    country: [u8; 2],
    kind: u8,
    layer: u8,
}

/// How a word may be written where it opens a name, which most words do not.
#[derive(Debug, Clone, Copy)]
struct Opening {
    lower: bool,
    capital: bool,
}

/// What is known of the names that begin with a word.
#[derive(Debug, Clone, Copy, Default)]
struct First {
    /// The greatest length of them in bytes.
    longest: u16,
    /// Whether one of them is what stands before the name of a state.
    has_front: bool,
}

/// Who held an office when.
#[derive(Debug, Clone, Copy)]
struct Office {
    actor: u32,
    layer: u8,
    from: Day,
    to: Day,
}

/// A body that every government has.
#[derive(Debug)]
struct Body {
    /// The canonical name around the state's.
    before: String,
    after: String,
    kind: u8,
    /// What must stand behind the state in the text.
    tail: String,
}

/// All known names.
#[derive(Debug, Default)]
pub(super) struct Gazetteer {
    arena: String,
    entries: Vec<Entry>,
    keys: FxHashMap<u64, Key>,
    /// By the first word of names.
    firsts: FxHashMap<u64, First>,
    /// First two bytes of names that begin in lower case, as a set.
    lower_starts: Vec<u64>,
    /// Of each word of the lexicon, how it may be written where it opens a name.
    openings: Vec<Opening>,
    bodies: Vec<Body>,
    /// What stands behind the name of a state, and every beginning of it, which is no body yet.
    rests: FxHashMap<u64, Option<u32>>,
    /// What stands before it.
    fronts: FxHashMap<u64, u32>,
    /// By country and name of the office.
    offices: FxHashMap<u64, Vec<Office>>,
    /// By surname and first word of the office; the surname alone with an office of its own.
    surnames: FxHashMap<u64, Vec<(u32, Office)>>,
    by_id: FxHashMap<u64, u32>,
    /// 0 while lists of the program are read, higher for each list laid over them. A row with a
    /// known id takes the place of those below it with their names, a name that of the same name.
    layer: u8,
    articles: Vec<Box<str>>,
    /// Words such as `the` and `she`, which name nobody.
    closed: FxHashSet<Box<str>>,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const SEED_ADJECTIVE: u64 = 0x9ae1_6a3b_2f90_404f;
const SEED_STATE: u64 = 0x2545_f491_4f6c_dd1d;

/// FNV-1a, one byte at a time: names are hashed as far as they may go on.
fn feed(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut rest = bytes;
    while let [byte, behind @ ..] = rest {
        // A curly apostrophe is a straight one.
        let (byte, behind) = match behind {
            [0x80, 0x99, behind @ ..] if *byte == 0xe2 => (b'\'', behind),
            _ => (*byte, behind),
        };
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        rest = behind;
    }
    hash
}

/// `MELNIKOVA` as `Melnikova`, as it would be written outside a headline.
pub(super) fn recased(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

/// The bytes of the first run of letters and digits.
fn first_run(bytes: &[u8]) -> &[u8] {
    let is_word = |(i, byte): (usize, &u8)| {
        byte.is_ascii_alphanumeric() || *byte >= 0x80 && !bytes[i..].starts_with(&[0xe2, 0x80])
    };
    let end = bytes.iter().enumerate().position(|it| !is_word(it)).unwrap_or(bytes.len());
    &bytes[..end.max(1).min(bytes.len())]
}

impl Gazetteer {
    /// Reads the lists of the pack and those laid over it.
    ///
    /// # Errors
    /// The first broken row of each file, with its line.
    pub(super) fn load(pack: &Pack, extra: &[PackFile]) -> Result<Gazetteer, Error> {
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

    /// How many actors there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn id(&self, actor: u32) -> &str {
        self.text(self.entries[actor as usize].id)
    }

    pub(super) fn name(&self, actor: u32) -> &str {
        self.text(self.entries[actor as usize].name)
    }

    pub(super) fn kind(&self, actor: u32) -> &'static str {
        KINDS[usize::from(self.entries[actor as usize].kind)]
    }

    /// ISO code of the country of the actor with an id.
    pub(super) fn country_of(&self, id: &str) -> Option<[u8; 2]> {
        let &actor = self.by_id.get(&feed(SEED, id.as_bytes()))?;
        Some(self.entries[actor as usize].country)
    }

    /// The id of the state with an ISO code.
    pub(super) fn state_id(&self, country: [u8; 2]) -> Option<&str> {
        let code = std::str::from_utf8(&country).ok()?.to_lowercase();
        let id = format!("ac_state_{code}");
        self.by_id.get(&feed(SEED, id.as_bytes())).map(|&it| self.id(it))
    }

    /// The canonical name of a state's body.
    pub(super) fn body_name(&self, body: u32, state: u32) -> String {
        let Body { before, after, .. } = &self.bodies[body as usize];
        format!("{before}{}{after}", self.name(state))
    }

    /// What stands before the state in the canonical name of the body that is called so behind the
    /// name of a state: `Foreign Ministry`.
    pub(super) fn body_before(&self, text: &str, tokens: &[Token]) -> Option<&str> {
        let called = [SEED_ADJECTIVE, SEED_STATE].into_iter().find_map(|seed| {
            let step = |hash: u64, token| step(hash, text, token, true, false);
            *self.rests.get(&tokens.iter().fold(seed, step))?
        })?;
        let Body { before, after, .. } = &self.bodies[called as usize];
        (after.is_empty() && !before.is_empty()).then_some(before)
    }

    pub(super) fn body_kind(&self, body: u32) -> &'static str {
        KINDS[usize::from(self.bodies[body as usize].kind)]
    }

    /// Who held an office on a day, if the lists know exactly one.
    pub(super) fn holder(&self, country: [u8; 2], office: &str, day: Day) -> Option<u32> {
        let holders = self.offices.get(&office_key(country, office))?.iter();
        let holders = holders.filter(|it| self.counts(it.actor, it.layer));
        one(holders.filter(|it| it.from <= day && day <= it.to).map(|it| it.actor))
    }

    /// The one person of a surname who was in office on a day; with an office, in such a one.
    /// `fits` is asked for each name.
    pub(super) fn by_surname(
        &self,
        surname: &str,
        office: Option<&str>,
        day: Option<Day>,
        fits: impl Fn(&str) -> bool,
    ) -> Option<u32> {
        let people = self.surnames.get(&surname_key(surname, office.unwrap_or_default()))?;
        let counts = |it: &&(u32, Office)| self.counts(it.0, it.1.layer) && fits(self.name(it.0));
        let people = people.iter().filter(counts);
        let Some(day) = day else { return one(people.map(|it| it.0)) };
        let mut now = people.clone().filter(|it| it.1.from <= day && day <= it.1.to);
        let found = one(now.clone().map(|it| it.0));
        match (found, office) {
            (Some(found), _) => Some(found),
            // Of former presidents one speaks as of presidents.
            (None, Some(_)) if now.next().is_none() => {
                one(people.filter(|it| it.1.from <= day).map(|it| it.0))
            }
            _ => None,
        }
    }

    /// Whether no list above has put another row in the place of what is known of an actor.
    fn counts(&self, actor: u32, layer: u8) -> bool {
        self.entries[actor as usize].layer == layer
    }

    fn text(&self, (start, end): (u32, u32)) -> &str {
        &self.arena[start as usize..end as usize]
    }

    /// Whether a name may begin with a token. To be asked before [`Gazetteer::longest`]: nearly
    /// all tokens are told apart by it.
    #[inline]
    pub(super) fn may_open(&self, text: &str, token: &Token) -> bool {
        let opening = self.openings[token.entry as usize];
        match token.shape.form() {
            Shape::LOWER if opening.lower => {
                let bytes = &text.as_bytes()[token.span.range()];
                bytes.len() > 1 && self.has_lower_start(bytes[0], bytes[1])
            }
            Shape::CAPITAL => opening.capital,
            Shape::LOWER
            | Shape::PUNCT
            | Shape::SYMBOL
            | Shape::OPEN
            | Shape::CLOSE
            | Shape::QUOTE => false,
            _ => true,
        }
    }

    /// The longest name that begins at the token `at` of `tokens`: what it stands for, and one
    /// past its last token.
    ///
    /// `recase` reads words in capitals as if only their first letter were one.
    pub(super) fn longest(
        &self,
        text: &str,
        tokens: &[Token],
        at: usize,
        recase: bool,
    ) -> Option<(usize, Known)> {
        let word = tokens[at].span.of(text);
        let is_recased = recase && tokens[at].shape.form() == Shape::UPPER && word.len() > 3;
        let first = first_run(word.as_bytes());
        let key = if is_recased && first.len() == word.len() {
            feed(SEED, recased(word).as_bytes())
        } else {
            feed(SEED, first)
        };
        let known = *self.firsts.get(&key)?;
        let start = tokens[at].span.start as usize;
        let mut best = None;
        let mut hash = SEED;
        for (i, token) in tokens.iter().enumerate().skip(at) {
            if token.span.end as usize - start > usize::from(known.longest) + 4 {
                break;
            }
            hash = step(hash, text, token, i > at, recase);
            if let Some(key) = self.keys.get(&hash)
                && self.counts(key.actor, key.layer)
                && (!key.needs_article || self.has_article(text, tokens, at))
            {
                best = Some((i + 1, Known::Actor(key.actor, key.how)));
            }
            if known.has_front
                && let Some(&body) = self.fronts.get(&hash)
                && let Some((end, state)) = self.state_at(text, tokens, i + 1)
                && let Some(end) = self.tail_at(body, text, tokens, end)
            {
                best = Some((end, Known::Body(body, state)));
            }
        }
        let (end, known) = best?;
        let Known::Actor(actor, how) = known else { return best };
        let rest = (self.entries[actor as usize].kind == 0)
            .then(|| self.body_behind(text, tokens, end, how))
            .flatten();
        match rest {
            Some((end, body)) => Some((end, Known::Body(body, actor))),
            None => Some((end, known)),
        }
    }

    fn has_lower_start(&self, a: u8, b: u8) -> bool {
        let at = usize::from(a) << 8 | usize::from(b);
        self.lower_starts[at / 64] & 1 << (at % 64) != 0
    }

    fn has_article(&self, text: &str, tokens: &[Token], at: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|it| tokens[it].span.of(text)) else {
            return false;
        };
        self.articles.iter().any(|it| it.trim_end().eq_ignore_ascii_case(before))
    }

    /// A state named from a token on, article aside.
    fn state_at(&self, text: &str, tokens: &[Token], at: usize) -> Option<(usize, u32)> {
        let token = tokens.get(at)?;
        let is_article = self.articles.iter().any(|it| it.trim_end() == token.span.of(text));
        let start = at + usize::from(is_article);
        let mut hash = SEED;
        let mut best = None;
        for (i, token) in tokens.iter().enumerate().skip(start).take(5) {
            hash = step(hash, text, token, i > start, false);
            if let Some(key) = self.keys.get(&hash)
                && key.how == Use::Name
                && self.counts(key.actor, key.layer)
                && self.entries[key.actor as usize].kind == 0
            {
                best = Some((i + 1, key.actor));
            }
        }
        best
    }

    /// One past the words that a body's pattern has behind the state.
    fn tail_at(&self, body: u32, text: &str, tokens: &[Token], at: usize) -> Option<usize> {
        let tail = &self.bodies[body as usize].tail;
        let start = tokens[at - 1].span.end as usize;
        let end = start + tail.len();
        if tail.is_empty() {
            return Some(at);
        }
        let fits = text.as_bytes().get(start..end)? == tail.as_bytes();
        let last = tokens.iter().skip(at).position(|it| it.span.end as usize == end)?;
        fits.then_some(at + last + 1)
    }

    /// The body named by what stands behind the name of a state.
    fn body_behind(
        &self,
        text: &str,
        tokens: &[Token],
        at: usize,
        how: Use,
    ) -> Option<(usize, u32)> {
        let mut hash = match how {
            Use::Adjective | Use::Demonym => SEED_ADJECTIVE,
            _ => SEED_STATE,
        };
        let mut best = None;
        for (i, token) in tokens.iter().enumerate().skip(at) {
            hash = step(hash, text, token, true, false);
            let Some(body) = self.rests.get(&hash) else { break };
            best = body.map(|it| (i + 1, it)).or(best);
        }
        best
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
                }
                None => {
                    let message = format!("`{}` has no {{country}} or {{adj}}", row.pattern);
                    return Err(file.error(at, message, "write `{adj} Foreign Ministry`"));
                }
            }
        }
        Ok(())
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

fn office_key(country: [u8; 2], office: &str) -> u64 {
    feed(feed(SEED, &country), office.as_bytes())
}

fn surname_key(surname: &str, office: &str) -> u64 {
    feed(feed(feed(SEED, surname.as_bytes()), b"\n"), office.as_bytes())
}

/// The one that all are, if they are one.
fn one(mut all: impl Iterator<Item = u32>) -> Option<u32> {
    let first = all.next()?;
    all.all(|it| it == first).then_some(first)
}

/// Adds a token to a hash, with the space before it.
fn step(hash: u64, text: &str, token: &Token, with_gap: bool, recase: bool) -> u64 {
    let has_gap = with_gap && !token.shape.has(Shape::GLUED);
    let hash = if has_gap { feed(hash, b" ") } else { hash };
    let word: &str = token.span.of(text);
    if recase && token.shape.form() == Shape::UPPER && word.len() > 3 {
        feed(hash, recased(word).as_bytes())
    } else {
        feed(hash, word.as_bytes())
    }
}
