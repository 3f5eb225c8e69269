//! Which names a text holds, and which of them mean the same actor.
//!
//! First all full names, then what is short for one of them: surnames, acronyms. A surname that
//! two people share means whom the text has named last in full, if it has named only one of them
//! nearby.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::day::Day;
use super::gazetteer::{Known, Use};
use super::{Actors, ids, roles, words};
use crate::model::{
    Actor, BlockKind, Document, Mention, MentionForm, Mentions, RuleId, Sentences, Shape, Timex,
    Token, Tokens,
};
use crate::rules::{Element, Encoded, Found};
use crate::text::Span;

/// A name as it was found: tokens of the document and what they stand for.
#[derive(Debug, Clone, Copy)]
struct Hit {
    first: u32,
    last: u32,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Known(Known),
    /// Found by a rule, an index into the rules.
    Shape(usize),
}

/// An actor while the document is read.
#[derive(Debug)]
struct Draft<'a> {
    name: String,
    kind: &'static str,
    /// Index in the gazetteer.
    known: Option<u32>,
    id: Option<String>,
    /// First word of the fullest name.
    given: &'a str,
    masculine: u32,
    feminine: u32,
    /// Times named in full, and the token of the last one.
    full: u32,
}

/// A mention while the document is read.
#[derive(Debug)]
struct Named {
    first: u32,
    last: u32,
    actor: u32,
    form: MentionForm,
    rule: RuleId,
}

struct Names<'a> {
    actors: &'a Actors,
    text: &'a str,
    tokens: &'a [Token],
    day: Option<Day>,
    drafts: Vec<Draft<'a>>,
    full: FxHashMap<&'a str, u32>,
    by_last: FxHashMap<&'a str, Vec<u32>>,
    by_given: FxHashMap<&'a str, Vec<u32>>,
    acronyms: FxHashMap<&'a str, u32>,
    known: FxHashMap<u32, u32>,
    bodies: FxHashMap<(u32, u32), u32>,
    found: Vec<Named>,
}

pub(super) fn find(
    actors: &Actors,
    document: &Document,
    sentences: &Sentences,
    tokens: &Tokens,
    timexes: &[Timex],
) -> Mentions {
    let hits = Looker::new(actors, document, tokens, timexes).all(document, sentences, tokens);
    let mut names = Names {
        actors,
        text: document.text(),
        tokens: &tokens.all,
        day: document.meta.published.map(Day::of),
        drafts: Vec::new(),
        full: FxHashMap::default(),
        by_last: FxHashMap::default(),
        by_given: FxHashMap::default(),
        acronyms: FxHashMap::default(),
        known: FxHashMap::default(),
        bodies: FxHashMap::default(),
        found: Vec::with_capacity(hits.len() * 2),
    };
    let short = names.take_full(&hits);
    names.take_short(&hits, &short, document, sentences, tokens);
    names.finish(sentences, tokens)
}

/// Looks for names sentence by sentence.
struct Looker<'a> {
    actors: &'a Actors,
    text: &'a str,
    timexes: &'a [Timex],
    next_timex: usize,
    elements: Vec<Element>,
    encoded: Encoded,
    matches: Vec<Found>,
    hits: Vec<Hit>,
}

impl<'a> Looker<'a> {
    fn new(
        actors: &'a Actors,
        document: &'a Document,
        tokens: &Tokens,
        timexes: &'a [Timex],
    ) -> Self {
        Looker {
            actors,
            text: document.text(),
            timexes,
            next_timex: 0,
            elements: Vec::new(),
            encoded: Encoded::default(),
            matches: Vec::new(),
            hits: Vec::with_capacity(tokens.all.len() / 12),
        }
    }

    fn all(mut self, document: &Document, sentences: &Sentences, tokens: &Tokens) -> Vec<Hit> {
        for (i, outer) in sentences.outer.iter().enumerate() {
            let block = document.blocks.get(outer.block as usize);
            if block.is_some_and(|it| !it.kind.is_read()) {
                continue;
            }
            let range = tokens.range(i);
            let style = Style::of(self.text, &tokens.all[range.clone()], block.map(|it| it.kind));
            let start = self.hits.len();
            self.known(&tokens.all, range.clone(), style);
            if style == Style::Plain {
                self.shapes(&tokens.all, range, start);
            }
        }
        self.hits
    }

    /// Adds the known names of a sentence.
    fn known(&mut self, tokens: &[Token], range: Range<usize>, style: Style) {
        let sentence = &tokens[range.clone()];
        let mut at = 0;
        while at < sentence.len() {
            if self.is_in_timex(sentence[at].span) {
                at += 1;
                continue;
            }
            let gazetteer = &self.actors.gazetteer;
            let found = gazetteer.longest(self.text, sentence, at, style == Style::Capitals);
            let Some((mut end, known)) = found else {
                at += 1;
                continue;
            };
            if end == at + 1 && self.is_common(&sentence[at]) {
                at += 1;
                continue;
            }
            let mut what = What::Known(known);
            if let Known::Actor(actor, Use::Name) = known
                && gazetteer.kind(actor) == "person"
                && let Some(longer) = self.with_suffix(sentence, end)
                && let Some(rule) = self.actors.rules.iter().position(|it| it.kind == "person")
            {
                // `Donald Trump Jr.` is not Donald Trump.
                (end, what) = (longer, What::Shape(rule));
            }
            let (first, last) = ((range.start + at) as u32, (range.start + end) as u32);
            self.hits.push(Hit { first, last, what });
            at = end;
        }
    }

    /// A word that opens its sentence and is a common one: `Target`, `Will`.
    fn is_common(&self, token: &Token) -> bool {
        let common = words::CLOSED | words::MAIN_VERB | words::NOUN | words::MONTH;
        token.shape.has(Shape::FIRST)
            && token.shape.form() != Shape::UPPER
            && self.actors.words.is(token, common)
    }

    fn with_suffix(&self, sentence: &[Token], end: usize) -> Option<usize> {
        let is_suffix =
            |at: usize| sentence.get(at).is_some_and(|it| self.actors.words.is(it, words::SUFFIX));
        let is_comma = sentence.get(end).is_some_and(|it| it.span.of(self.text) == ",");
        match (is_suffix(end), is_comma && is_suffix(end + 1)) {
            (true, _) => Some(end + 1),
            (_, true) => Some(end + 2),
            _ => None,
        }
    }

    fn is_in_timex(&mut self, span: Span) -> bool {
        while self.timexes.get(self.next_timex).is_some_and(|it| it.span.end <= span.start) {
            self.next_timex += 1;
        }
        self.timexes.get(self.next_timex).is_some_and(|it| it.span.overlaps(span))
    }

    /// Runs the rules over a sentence whose known names are hits from `start` on; what a rule
    /// finds takes the place of the known names in it.
    fn shapes(&mut self, tokens: &[Token], range: Range<usize>, start: usize) {
        self.elements.clear();
        let mut at = range.start;
        let mut next = start;
        while at < range.end {
            match self.hits.get(next).filter(|it| it.first as usize == at) {
                Some(&hit) => {
                    let head = &tokens[hit.last as usize - 1];
                    self.elements.push(Element {
                        kind: self.actors.element,
                        entry: head.entry,
                        shape: tokens[at].shape,
                        first: hit.first,
                        last: hit.last,
                    });
                    at = hit.last as usize;
                    next += 1;
                }
                None => {
                    self.elements.push(Element::token(&tokens[at], at));
                    at += 1;
                }
            }
        }
        let scanner = &self.actors.scanner;
        scanner.encode(&self.elements, &mut self.encoded);
        scanner.find(&mut self.encoded, &mut self.matches);
        if self.matches.is_empty() {
            return;
        }
        let known = self.hits.split_off(start);
        let mut known = known.into_iter().peekable();
        for found in &self.matches {
            let first = self.elements[found.range.start].first;
            let last = self.elements[found.range.end - 1].last;
            while let Some(hit) = known.next_if(|it| it.first < last) {
                if hit.last <= first {
                    self.hits.push(hit);
                }
            }
            self.hits.push(Hit { first, last, what: What::Shape(found.rule) });
        }
        self.hits.extend(known);
    }
}

/// How a sentence uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// For names.
    Plain,
    /// For most words, as headlines do: they tell nothing.
    Titled,
    /// For all letters.
    Capitals,
}

impl Style {
    fn of(text: &str, sentence: &[Token], block: Option<BlockKind>) -> Style {
        let (mut words, mut capital, mut upper) = (0, 0, 0);
        // Headlines have no full stop.
        let is_closed = sentence.iter().rev().take(2).any(|it| {
            matches!(it.span.of(text), "." | "?" | "!") || it.shape.form() == Shape::CLOSE
        });
        for token in sentence {
            let form = token.shape.form();
            let is_word =
                matches!(form, Shape::LOWER | Shape::CAPITAL | Shape::UPPER | Shape::MIXED);
            words += usize::from(is_word);
            capital += usize::from(is_word && form != Shape::LOWER);
            upper += usize::from(form == Shape::UPPER);
        }
        let is_heading = matches!(block, Some(BlockKind::Title | BlockKind::Heading));
        if words >= 3 && upper * 4 > words * 3 {
            Style::Capitals
        } else if !is_closed && words >= 4 && capital * 10 > words * 7
            || is_heading && capital * 2 > words
        {
            Style::Titled
        } else {
            Style::Plain
        }
    }
}

/// A short name that waits until all full names are known.
#[derive(Debug, Clone, Copy)]
struct Short {
    hit: u32,
    first: u32,
    last: u32,
}

impl<'a> Names<'a> {
    fn words_of(&self, first: u32, last: u32) -> &'a str {
        let span = self.tokens[first as usize].span.to(self.tokens[last as usize - 1].span);
        span.of(self.text)
    }

    fn is(&self, token: u32, classes: words::Bits) -> bool {
        self.tokens.get(token as usize).is_some_and(|it| self.actors.words.is(it, classes))
    }

    /// Takes the full names; gives back the hits that are short ones.
    fn take_full(&mut self, hits: &[Hit]) -> Vec<Short> {
        let mut short = Vec::new();
        let mut single = Vec::new();
        for (i, hit) in hits.iter().enumerate() {
            match hit.what {
                What::Known(Known::Actor(actor, how)) if self.may_be_surname(hit, actor, how) => {
                    single.push((hit, actor, how));
                }
                What::Known(Known::Actor(actor, how)) => self.push_known(hit, actor, how),
                What::Known(Known::Body(body, state)) => {
                    let actor = self.body_actor(body, state);
                    let rule = self.actors.sources.body.clone();
                    self.push(hit.first, hit.last, actor, MentionForm::Name, rule);
                }
                What::Shape(rule) => {
                    let kind = self.actors.rules[rule].kind;
                    let first = self.strip(hit, kind == "person");
                    if hit.last - first == 1 && kind == "person" {
                        short.push(Short { hit: i as u32, first, last: hit.last });
                        continue;
                    }
                    let actor = self.shape_actor(hits, i, first, kind);
                    let rule = self.actors.rules[rule].id.clone();
                    self.push(first, hit.last, actor, MentionForm::Name, rule);
                }
            }
        }
        for (hit, actor, how) in single {
            // `Bloomberg` is the man, where the text has named him.
            let surname = self.words_of(hit.first, hit.last);
            match self.choose(surname, 0, hit.first) {
                Some(person) if self.drafts[person as usize].full > 0 => {
                    let rule = self.actors.sources.surname.clone();
                    self.push(hit.first, hit.last, person, MentionForm::Name, rule);
                }
                _ => self.push_known(hit, actor, how),
            }
        }
        short
    }

    /// Whether a known name of one word may as well be the surname of somebody.
    fn may_be_surname(&self, hit: &Hit, known: u32, how: Use) -> bool {
        hit.last - hit.first == 1
            && (how == Use::Adjective && self.tokens[hit.last as usize - 1].shape.is_capital()
                || how == Use::Name
                    && !matches!(self.actors.gazetteer.kind(known), "state" | "person"))
    }

    fn push_known(&mut self, hit: &Hit, known: u32, how: Use) {
        let actor = self.known_actor(known, hit, how);
        let form = match how {
            Use::Name | Use::Metonym => MentionForm::Name,
            Use::Adjective | Use::Demonym => MentionForm::Adjective,
        };
        let rule = self.actors.sources.gazetteer.clone();
        self.push(hit.first, hit.last, actor, form, rule);
    }

    fn push(&mut self, first: u32, last: u32, actor: u32, form: MentionForm, rule: RuleId) {
        self.found.push(Named { first, last, actor, form, rule });
    }

    /// The first token of a name behind honorifics, offices and what it is the name of.
    fn strip(&self, hit: &Hit, is_person: bool) -> u32 {
        let mut first = hit.first;
        let titles = words::HONORIFIC | words::OFFICE | words::PERSON;
        let is_title = |it: u32| {
            let is_lower = self.tokens[it as usize].shape.form() == Shape::LOWER;
            is_person && self.is(it, titles) && !self.is(it, words::GIVEN)
                || is_lower && self.is(it, words::ORG)
        };
        while first + 1 < hit.last && is_title(first) {
            first += 1;
        }
        first
    }

    fn known_actor(&mut self, known: u32, hit: &Hit, how: Use) -> u32 {
        let gazetteer = &self.actors.gazetteer;
        let kind = gazetteer.kind(known);
        let longer =
            if self.known.contains_key(&known) { None } else { self.longer_name(kind, hit) };
        let actor = match (self.known.get(&known), longer) {
            (Some(&actor), _) => actor,
            (None, Some(longer)) => {
                self.known.insert(known, longer);
                longer
            }
            (None, None) => {
                let actor = self.draft(gazetteer.name(known).to_owned(), kind);
                self.drafts[actor as usize].known = Some(known);
                self.known.insert(known, actor);
                if kind == "person"
                    && let Some(last) = gazetteer.name(known).rsplit(' ').next()
                {
                    remember(&mut self.by_last, last, actor);
                }
                actor
            }
        };
        if kind == "person" && how == Use::Name {
            self.remember_person(actor, hit.first, hit.last);
        }
        actor
    }

    /// The one whose name ends as a shorter one does: `The Times` is the New York one, where the
    /// text has named that before.
    fn longer_name(&self, kind: &str, hit: &Hit) -> Option<u32> {
        if !matches!(kind, "media" | "company") {
            return None;
        }
        let words = self.words_of(hit.first, hit.last);
        let ends = |it: &Draft<'_>| {
            it.kind == kind && it.name.strip_suffix(words).is_some_and(|it| it.ends_with(' '))
        };
        self.drafts
            .iter()
            .position(|it| ends(it) && it.name.len() > words.len() + 4)
            .map(|it| it as u32)
    }

    fn body_actor(&mut self, body: u32, state: u32) -> u32 {
        if let Some(&actor) = self.bodies.get(&(body, state)) {
            return actor;
        }
        let gazetteer = &self.actors.gazetteer;
        let name = gazetteer.body_name(body, state);
        let kind = gazetteer.body_kind(body);
        // Several patterns give one body.
        let same = self.drafts.iter().position(|it| it.name == name && it.kind == kind);
        let actor = match same {
            Some(at) => at as u32,
            None => self.draft(name, kind),
        };
        self.bodies.insert((body, state), actor);
        actor
    }

    fn draft(&mut self, name: String, kind: &'static str) -> u32 {
        self.drafts.push(Draft {
            name,
            kind,
            known: None,
            id: None,
            given: "",
            masculine: 0,
            feminine: 0,
            full: 0,
        });
        self.drafts.len() as u32 - 1
    }

    /// Notes the words by which a person may be named later.
    fn remember_person(&mut self, actor: u32, first: u32, last: u32) {
        let text = self.text;
        let mut end = last;
        while end > first + 1
            && (self.is(end - 1, words::SUFFIX)
                || self.tokens[end as usize - 1].shape.form() == Shape::PUNCT)
        {
            end -= 1;
        }
        let surname = self.tokens[end as usize - 1].span.of(text);
        remember(&mut self.by_last, surname, actor);
        let start = self.joined_start(end - 1, first);
        if start + 1 < end {
            let joined = self.words_of(start, end);
            remember(&mut self.by_last, joined, actor);
        }
        if last - first > 1 {
            let given = self.tokens[first as usize].span.of(text);
            remember(&mut self.by_given, given, actor);
            let gender = self.actors.words.of(&self.tokens[first as usize]);
            let draft = &mut self.drafts[actor as usize];
            draft.given = given;
            draft.full += 1;
            draft.masculine += u32::from(gender & words::MASCULINE != 0);
            draft.feminine += u32::from(gender & words::FEMININE != 0);
        }
        self.note_title(actor, first);
    }

    /// Takes the gender of an honorific before a name as evidence.
    fn note_title(&mut self, actor: u32, first: u32) {
        let Some(before) = first.checked_sub(1) else { return };
        let bits = self.actors.words.of(&self.tokens[before as usize]);
        if bits & (words::HONORIFIC | words::OFFICE) != 0 {
            let draft = &mut self.drafts[actor as usize];
            draft.masculine += 3 * u32::from(bits & words::MASCULINE != 0);
            draft.feminine += 3 * u32::from(bits & words::FEMININE != 0);
        }
    }

    /// The first token of the run of words joined by hyphens that ends with `at`.
    fn joined_start(&self, at: u32, limit: u32) -> u32 {
        let mut start = at;
        while start >= limit + 2 {
            let hyphen = &self.tokens[start as usize - 1];
            let is_joined = self.tokens[start as usize].shape.has(Shape::GLUED)
                && hyphen.shape.has(Shape::GLUED)
                && hyphen.span.of(self.text) == "-";
            if !is_joined {
                break;
            }
            start -= 2;
        }
        start
    }

    /// The actor of a full name found by its shape.
    fn shape_actor(&mut self, hits: &[Hit], i: usize, first: u32, kind: &'static str) -> u32 {
        let hit = &hits[i];
        let words = self.words_of(first, hit.last);
        let acronym = self.acronym_behind(hit.last);
        if let Some(&actor) = self.full.get(words) {
            if self.is_person(actor) {
                self.remember_person(actor, first, hit.last);
            }
            return actor;
        }
        let is_person = kind == "person" || kind.is_empty();
        if !is_person || acronym.is_some() {
            return self.organization(words, kind, acronym);
        }
        let actor = match self.same_person(first, hit.last) {
            Some(actor) => {
                if kind == "person" && self.drafts[actor as usize].kind.is_empty() {
                    self.drafts[actor as usize].kind = kind;
                }
                actor
            }
            None => self.draft(words.to_owned(), kind),
        };
        self.full.insert(words, actor);
        self.remember_person(actor, first, hit.last);
        actor
    }

    fn is_person(&self, actor: u32) -> bool {
        matches!(self.drafts[actor as usize].kind, "person" | "")
    }

    fn organization(
        &mut self,
        words: &'a str,
        kind: &'static str,
        acronym: Option<&'a str>,
    ) -> u32 {
        let known = acronym.and_then(|it| self.known_by_acronym(it, words));
        let actor = match known {
            Some(actor) => actor,
            None => {
                let kind = if kind.is_empty() { "organization" } else { kind };
                self.draft(words.to_owned(), kind)
            }
        };
        self.full.insert(words, actor);
        if let Some(acronym) = acronym {
            self.acronyms.insert(acronym, actor);
        }
        actor
    }

    /// The known actor of an acronym, where it shares most of its words with a full name.
    fn known_by_acronym(&mut self, acronym: &'a str, words: &str) -> Option<u32> {
        let at = self.tokens.partition_point(|it| {
            (it.span.start as usize) < acronym.as_ptr() as usize - self.text.as_ptr() as usize
        });
        let gazetteer = &self.actors.gazetteer;
        let (_, known) = gazetteer.longest(self.text, &self.tokens[at..=at], 0, false)?;
        let Known::Actor(known, Use::Name) = known else { return None };
        let stem = |it: &str| it.chars().take(5).collect::<String>().to_lowercase();
        let theirs: Vec<_> = gazetteer.name(known).split(' ').map(stem).collect();
        let ours: Vec<_> = words.split_whitespace().map(stem).collect();
        let shared = ours.iter().filter(|it| theirs.contains(it)).count();
        if shared * 2 < ours.len() {
            return None;
        }
        let hit = Hit { first: at as u32, last: at as u32 + 1, what: What::Shape(0) };
        Some(self.known_actor(known, &hit, Use::Name))
    }

    /// `ITU` of `International Telecommunications Union (ITU)`.
    fn acronym_behind(&self, last: u32) -> Option<&'a str> {
        let word = |at: u32| self.tokens.get(at as usize).map(|it| it.span.of(self.text));
        let token = self.tokens.get(last as usize + 1)?;
        let fits = word(last) == Some("(")
            && word(last + 2) == Some(")")
            && matches!(token.shape.form(), Shape::UPPER | Shape::MIXED)
            && (2..=10).contains(&token.span.len());
        fits.then(|| token.span.of(self.text))
    }

    /// A person of the same surname whose given name fits.
    fn same_person(&self, first: u32, last: u32) -> Option<u32> {
        let mut end = last;
        while end > first + 1
            && (self.is(end - 1, words::SUFFIX)
                || self.tokens[end as usize - 1].shape.form() == Shape::PUNCT)
        {
            end -= 1;
        }
        // `Jr.` is another one.
        if end != last {
            return None;
        }
        let surname = self.tokens[end as usize - 1].span.of(self.text);
        let given = self.tokens[first as usize].span.of(self.text);
        let fits = |it: &&u32| {
            let other = self.drafts[**it as usize].given;
            let initial = |a: &str, b: &str| a.ends_with('.') && b.starts_with(&a[..a.len() - 1]);
            self.is_person(**it)
                && !other.is_empty()
                && (other == given || initial(other, given) || initial(given, other))
                && !self.drafts[**it as usize].name.ends_with('.')
        };
        self.by_last.get(surname)?.iter().find(fits).copied()
    }

    /// Takes titled surnames, lone surnames and acronyms.
    fn take_short(
        &mut self,
        hits: &[Hit],
        short: &[Short],
        document: &Document,
        sentences: &Sentences,
        tokens: &Tokens,
    ) {
        for it in short {
            self.take_titled(&hits[it.hit as usize], it.first, it.last);
        }
        let mut hits = hits.iter().peekable();
        for (i, outer) in sentences.outer.iter().enumerate() {
            let block = document.blocks.get(outer.block as usize);
            if block.is_some_and(|it| !it.kind.is_read()) {
                continue;
            }
            let range = tokens.range(i);
            let mut at = range.start as u32;
            while at < range.end as u32 {
                while hits.next_if(|it| it.last <= at).is_some() {}
                if let Some(hit) = hits.peek()
                    && hit.first <= at
                {
                    at = hit.last;
                    continue;
                }
                at = self.take_lone(at, range.end as u32);
            }
        }
        self.found.sort_by_key(|it| it.first);
    }

    /// `Mr. Brannigan`, `President Zelquist`: the one meant before, or a new one.
    fn take_titled(&mut self, hit: &Hit, first: u32, last: u32) {
        let surname = self.words_of(first, last);
        let titles = hit.first..first;
        let bits =
            titles.clone().fold(0, |all, it| all | self.actors.words.of(&self.tokens[it as usize]));
        let gender = bits & (words::MASCULINE | words::FEMININE);
        let office = titles.clone().last().filter(|&it| self.is(it, words::OFFICE));
        let office = office.map(|it| {
            let words = &self.actors.words;
            words.name(words.lemma(&self.tokens[it as usize])).to_owned()
        });
        let gazetteer = &self.actors.gazetteer;
        let actor = self.choose(surname, gender, first).or_else(|| {
            let fits = |name: &str| {
                let told = self.actors.words.gender_of(name).unwrap_or_default();
                told == 0 || gender == 0 || told & gender != 0
            };
            let known = gazetteer.by_surname(surname, office.as_deref(), self.day, fits)?;
            Some(self.known_actor(known, &Hit { first, last, what: hit.what }, Use::Name))
        });
        let actor = match actor {
            Some(actor) => actor,
            None if self.by_last.get(surname).is_some_and(|it| it.len() > 1) => return,
            None => {
                let actor = self.draft(surname.to_owned(), "person");
                remember(&mut self.by_last, surname, actor);
                actor
            }
        };
        if self.drafts[actor as usize].kind.is_empty() {
            self.drafts[actor as usize].kind = "person";
        }
        self.note_title(actor, first);
        let rule = match hit.what {
            What::Shape(rule) => self.actors.rules[rule].id.clone(),
            What::Known(_) => self.actors.sources.surname.clone(),
        };
        self.push(first, last, actor, MentionForm::Name, rule);
    }

    /// A capital word that no name took: short for one? Gives the token to go on with.
    fn take_lone(&mut self, at: u32, end: u32) -> u32 {
        let token = self.tokens[at as usize];
        if !token.shape.is_capital() || token.shape.form() == Shape::INITIAL {
            return at + 1;
        }
        let common = words::CLOSED | words::NO_NAME | words::AUXILIARY;
        if token.shape.has(Shape::FIRST) && self.is(at, common) {
            return at + 1;
        }
        let mut last = at + 1;
        while last + 1 < end && self.joined_start(last + 1, at) == at {
            last += 2;
        }
        for last in [last, at + 1] {
            let words = self.words_of(at, last);
            let named = self.acronyms.get(words).or_else(|| self.full.get(words));
            if let Some(&actor) = named {
                let rule = self.actors.sources.acronym.clone();
                self.push(at, last, actor, MentionForm::Name, rule);
                return last;
            }
            let recased =
                (token.shape.form() == Shape::UPPER && words.len() > 3).then(|| recased(words));
            let key = recased.as_deref().unwrap_or(words);
            let actor = self.choose(key, 0, at).or_else(|| {
                let has_namesake = self.by_last.contains_key(key);
                let known = (!has_namesake && self.day.is_some())
                    .then(|| self.actors.gazetteer.by_surname(key, None, self.day, |_| true))
                    .flatten()?;
                let hit = Hit { first: at, last, what: What::Shape(0) };
                Some(self.known_actor(known, &hit, Use::Name))
            });
            if let Some(actor) = actor {
                let rule = self.actors.sources.surname.clone();
                self.push(at, last, actor, MentionForm::Name, rule);
                return last;
            }
        }
        at + 1
    }

    /// The person meant by a surname or given name at a token, of the gender if it is told.
    fn choose(&self, name: &str, gender: words::Bits, at: u32) -> Option<u32> {
        let all = self.by_last.get(name).or_else(|| self.by_given.get(name))?;
        let fits = |it: &u32| {
            let draft = &self.drafts[*it as usize];
            !(gender & words::MASCULINE != 0 && draft.feminine > draft.masculine
                || gender & words::FEMININE != 0 && draft.masculine > draft.feminine)
        };
        // Who is known for a person before what is only written like one.
        let has_person = all.iter().any(|&it| self.drafts[it as usize].kind == "person");
        let is_likely = |it: &u32| !has_person || self.drafts[*it as usize].kind == "person";
        let mut fitting = all.iter().copied().filter(fits).filter(is_likely);
        let first = fitting.next()?;
        let rest: Vec<u32> = fitting.collect();
        if rest.is_empty() {
            return Some(first);
        }
        // The one named in full most often, unless another was named in full just before.
        let best = rest.iter().copied().fold(first, |best, it| {
            if self.drafts[it as usize].full > self.drafts[best as usize].full { it } else { best }
        });
        let before = self.found.iter().filter(|it| it.first < at && it.last + 60 > at);
        let mut nearby = before.map(|it| it.actor).filter(|it| *it == first || rest.contains(it));
        nearby.all(|it| it == best).then_some(best)
    }

    /// Numbers the actors by first mention, gives ids, reads roles.
    fn finish(self, sentences: &Sentences, tokens: &Tokens) -> Mentions {
        let mut mentions = Mentions::default();
        let mut numbers: Vec<Option<u32>> = vec![None; self.drafts.len()];
        let mut outer = 0;
        mentions.all.reserve(self.found.len());
        for found in &self.found {
            while outer + 1 < sentences.outer.len() && tokens.ends[outer] <= found.first {
                outer += 1;
            }
            let draft = &self.drafts[found.actor as usize];
            let actor = *numbers[found.actor as usize].get_or_insert_with(|| {
                mentions.actors.push(self.actor(draft));
                mentions.actors.len() as u32 - 1
            });
            let known = &mut mentions.actors[actor as usize];
            if known.role.is_empty() && matches!(known.kind, "person" | "") {
                let range = found.first as usize..found.last as usize;
                if found.form == MentionForm::Name
                    && let Some(role) =
                        roles::read(&self.actors.words, self.text, tokens, outer, range)
                {
                    known.role = role;
                }
            }
            mentions.all.push(Mention {
                span: self.tokens[found.first as usize]
                    .span
                    .to(self.tokens[found.last as usize - 1].span),
                actor: Some(actor),
                form: found.form,
                rule: found.rule.clone(),
            });
        }
        mentions
    }

    fn actor(&self, draft: &Draft<'_>) -> Actor {
        let gazetteer = &self.actors.gazetteer;
        let id = match (draft.known, &draft.id) {
            (Some(known), _) => gazetteer.id(known).to_owned(),
            (None, Some(id)) => id.clone(),
            (None, None) => ids::of(&draft.name, draft.kind),
        };
        let name = draft.name.split_whitespace().collect::<Vec<_>>().join(" ");
        Actor { id, name, kind: draft.kind, role: String::new() }
    }
}

fn remember<'a>(names: &mut FxHashMap<&'a str, Vec<u32>>, name: &'a str, actor: u32) {
    let all = names.entry(name).or_default();
    if !all.contains(&actor) {
        all.push(actor);
    }
}

/// `MELNIKOVA` as `Melnikova`.
fn recased(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter();
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}
