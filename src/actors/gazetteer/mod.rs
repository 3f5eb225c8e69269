//! Known actors, found by their names: a hash looked up where words begin.
//!
//! Only hashes of names are kept, so that half a million of them take little room: of 64 bits,
//! two different names share one by chance once in many billions of look-ups.

mod load;

use rustc_hash::{FxHashMap, FxHashSet};

use super::day::Day;
use crate::model::{Shape, Token};

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

/// The kind of bodies of states.
pub(super) const GOVERNMENT: &str = "government";
/// The kind of companies.
pub(super) const COMPANY: &str = "company";

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
    /// Names of bodies that every government has, without that of the state.
    bare: FxHashMap<u64, u32>,
    /// Words of the names of bodies of governments, in lower case.
    fields: FxHashSet<u64>,
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

    /// ISO code of the country of an actor, if it has one.
    pub(super) fn country(&self, actor: u32) -> Option<[u8; 2]> {
        Some(self.entries[actor as usize].country).filter(|it| it[0] != 0)
    }

    /// The state with an ISO code.
    pub(super) fn state(&self, country: [u8; 2]) -> Option<u32> {
        let code = std::str::from_utf8(&country).ok()?.to_lowercase();
        let id = format!("ac_state_{code}");
        self.by_id.get(&feed(SEED, id.as_bytes())).copied()
    }

    /// The id of the state with an ISO code.
    pub(super) fn state_id(&self, country: [u8; 2]) -> Option<&str> {
        self.state(country).map(|it| self.id(it))
    }

    /// The actor of the lists that has just this name, and is of a kind.
    pub(super) fn listed(&self, name: &str, kind: &str) -> Option<u32> {
        let key = self.keys.get(&feed(SEED, name.as_bytes()))?;
        let counts = self.counts(key.actor, key.layer) && key.how == Use::Name;
        (counts && self.kind(key.actor) == kind).then_some(key.actor)
    }

    /// The body that every government has and that tokens name without its state.
    pub(super) fn bare_body(&self, text: &str, tokens: &[Token]) -> Option<u32> {
        let hash = (0..).zip(tokens).fold(SEED, |hash, (i, it)| step(hash, text, it, i > 0, false));
        self.bare.get(&hash).copied()
    }

    /// Whether a word is one of those that names of governments' bodies are made of.
    pub(super) fn is_field(&self, word: &str) -> bool {
        self.fields.contains(&feed(SEED, word.to_lowercase().as_bytes()))
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

    /// Whether somebody ever held an office of a state: `foreign minister`.
    pub(super) fn has_held(&self, actor: u32, office: &str) -> bool {
        let country = self.entries[actor as usize].country;
        let holders = self.offices.get(&office_key(country, office));
        holders.is_some_and(|all| all.iter().any(|it| it.actor == actor))
    }

    /// The one person of a surname who was in office on a day; with an office, in such a one.
    /// `fits` is asked for each.
    pub(super) fn by_surname(
        &self,
        surname: &str,
        office: Option<&str>,
        day: Option<Day>,
        fits: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let people = self.surnames.get(&surname_key(surname, office.unwrap_or_default()))?;
        let counts = |it: &&(u32, Office)| self.counts(it.0, it.1.layer) && fits(it.0);
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
