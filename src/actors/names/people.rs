//! Which names of people are those of one: surnames, given names, titles.

use std::borrow::Cow;

use super::{Hit, NEARBY, Named, Names, remember};
use crate::actors::gazetteer::{Gazetteer, Use, recased};
use crate::actors::hits::What;
use crate::actors::states::Code;
use crate::actors::{roles, words};
use crate::model::{MentionForm, Shape, Token};

impl<'a> Names<'a> {
    /// Whether what stands behind the titles of a name is but a surname: `Ms. van der Holt`.
    pub(super) fn is_surname(&self, hit: &Hit, first: u32) -> bool {
        hit.last - first == 1
            || first > hit.first && self.surname_start(hit.last - 1, first) == first
    }

    /// Notes the words by which a person may be named later.
    pub(super) fn remember_person(&mut self, actor: u32, first: u32, last: u32) {
        let text = self.text;
        let end = self.name_end(first, last);
        let surname = self.tokens[end as usize - 1].span.of(text);
        remember(&mut self.by_last, surname, actor);
        for start in [self.joined_start(end - 1, first), self.surname_start(end - 1, first)] {
            if start + 1 < end {
                let joined = self.words_of(start, end);
                remember(&mut self.by_last, joined, actor);
            }
        }
        if last - first > 1 {
            let given = self.tokens[first as usize].span.of(text);
            if self.may_have_given(actor, first, end) {
                remember(&mut self.by_given, given, actor);
            }
            if let Some(nickname) = self.nickname(first, last) {
                let nickname = self.words_of(nickname, nickname + 1);
                remember(&mut self.by_given, nickname, actor);
                self.drafts[actor as usize].nickname = nickname;
            }
            let gender = self.actors.words.of(&self.tokens[first as usize]);
            let draft = &mut self.drafts[actor as usize];
            draft.given = given;
            draft.full += 1;
            draft.masculine += u32::from(gender & words::MASCULINE != 0);
            draft.feminine += u32::from(gender & words::FEMININE != 0);
        }
        self.note_title(actor, first);
    }

    /// Whether the first word of a name may be a given one: not that of the `Diaz Train`, of which
    /// nothing says that it is a person.
    fn may_have_given(&self, actor: u32, first: u32, end: u32) -> bool {
        let is_common = self.is(end - 1, words::NOUN | words::MAIN_VERB | words::ORG);
        let is_person = self.drafts[actor as usize].kind == "person";
        is_person || !is_common || self.is(first, words::GIVEN)
    }

    /// Takes the gender of an honorific before a name as evidence.
    pub(super) fn note_title(&mut self, actor: u32, first: u32) {
        let Some(before) = first.checked_sub(1) else { return };
        let bits = self.actors.words.of(&self.tokens[before as usize]);
        if bits & (words::HONORIFIC | words::OFFICE) != 0 {
            let draft = &mut self.drafts[actor as usize];
            draft.masculine += 3 * u32::from(bits & words::MASCULINE != 0);
            draft.feminine += 3 * u32::from(bits & words::FEMININE != 0);
        }
    }

    /// The first token of the run of words joined by hyphens that ends with `at`.
    pub(super) fn joined_start(&self, at: u32, limit: u32) -> u32 {
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

    /// The first token of the surname that ends with `at`, particles and hyphens included:
    /// `van der Holt`. `Ben` is a name of its own where nothing joins it.
    pub(super) fn surname_start(&self, at: u32, limit: u32) -> u32 {
        let mut start = self.joined_start(at, limit);
        while start > limit
            && self.is(start - 1, words::PARTICLE)
            && (!self.is(start - 1, words::GIVEN)
                || self.tokens[start as usize - 1].shape.form() == Shape::LOWER)
        {
            start = self.joined_start(start - 1, limit);
        }
        start
    }

    /// The token between the marks within a name: `William “Bill” Diaz`.
    pub(super) fn nickname(&self, first: u32, last: u32) -> Option<u32> {
        let is_open = |it: &u32| {
            let token = &self.tokens[*it as usize];
            matches!(token.shape.form(), Shape::OPEN | Shape::QUOTE)
                || token.span.of(self.text) == "("
        };
        let open = (first + 1..last.saturating_sub(3)).find(is_open)?;
        Some(open + 1)
    }

    pub(super) fn is_person(&self, actor: u32) -> bool {
        matches!(self.drafts[actor as usize].kind, "person" | "")
    }

    /// A person of the same surname whose given name fits.
    pub(super) fn same_person(&self, first: u32, last: u32) -> Option<u32> {
        let end = self.name_end(first, last);
        // `Jr.` is another one.
        if end != last {
            return None;
        }
        let surname = self.tokens[end as usize - 1].span.of(self.text);
        let given = self.tokens[first as usize].span.of(self.text);
        let may_be = |it: &u32| {
            let other = &self.drafts[*it as usize];
            self.is_person(*it) && !other.given.is_empty() && !other.name.ends_with('.')
        };
        let fits = |it: &u32| {
            let other = self.drafts[*it as usize].given;
            let initial = |a: &str, b: &str| a.ends_with('.') && b.starts_with(&a[..a.len() - 1]);
            other == given || initial(other, given) || initial(given, other)
        };
        let namesakes = self.by_last.get(surname)?.iter().filter(may_be);
        if let Some(same) = namesakes.clone().find(fits) {
            return Some(same);
        }
        // `Bill` and `William` may be father and son, where the text says so.
        let words = &self.actors.words;
        let is_short = |it: &u32| {
            let other = &self.drafts[*it as usize];
            words.are_one_given(other.given, given) || other.nickname == given
        };
        let mut same = namesakes.filter(is_short);
        let one = same.next().filter(|_| same.next().is_none())?;
        let near = first.saturating_sub(4)..(last + 5).min(self.tokens.len() as u32);
        let has_relative = near.clone().any(|it| self.is(it, words::RELATIVE));
        (!has_relative).then_some(one)
    }

    /// `Mr. Brannigan`, `President Zelquist`: the one meant before, or a new one.
    pub(super) fn take_titled(&mut self, hit: &Hit, first: u32, last: u32) {
        let surname = self.words_of(first, last);
        let surname = self.name_in_capitals(surname).unwrap_or(surname);
        let written = self.as_written(surname);
        let titles = hit.first..first;
        let bits =
            titles.clone().fold(0, |all, it| all | self.actors.words.of(&self.tokens[it as usize]));
        let gender = bits & (words::MASCULINE | words::FEMININE);
        let office = titles.clone().last().filter(|&it| self.is(it, words::OFFICE));
        let office = office.map(|it| self.actors.words.lemma(&self.tokens[it as usize]));
        let holder = office.and_then(|it| self.holder(surname, it, gender));
        let office = office.map(|it| self.actors.words.name(it));
        let gazetteer = &self.actors.gazetteer;
        let actor = holder.or_else(|| self.choose(surname, gender, first)).or_else(|| {
            // Somebody of the text is meant, though it is not told who.
            let is_shared = self.by_last.get(surname).is_some_and(|all| {
                all.iter().filter(|&it| self.may_be_of(it, gender)).nth(1).is_some()
            });
            // Without a day or an office nobody is known to be of the time.
            let is_timeless = office.is_none() && self.day.is_none();
            if is_shared || is_timeless || office.is_none() && self.is_common_name(first, last) {
                return None;
            }
            let told = office.map(|_| self.told_of_office(first));
            let fits = |known: u32| {
                let name = gazetteer.name(known);
                let is_of = self.actors.words.gender_of(name).unwrap_or_default();
                (is_of == 0 || gender == 0 || is_of & gender != 0)
                    && name.ends_with(&*written)
                    && told.as_ref().is_none_or(|it| it.fits(gazetteer, known))
            };
            // The lists go by the last word.
            let key = written.rsplit(' ').next().unwrap_or(&written);
            let known = gazetteer.by_surname(key, office, self.day, fits)?;
            Some(self.known_actor(known, &Hit { first, last, what: hit.what }, Use::Name))
        });
        let actor = match actor {
            Some(actor) => actor,
            None if self.by_last.get(surname).is_some_and(|it| !it.more.is_empty()) => return,
            None => {
                let actor = self.draft(written, "person");
                remember(&mut self.by_last, surname, actor);
                actor
            }
        };
        if self.drafts[actor as usize].kind.is_empty() {
            self.drafts[actor as usize].kind = "person";
        }
        self.note_title(actor, first);
        let rule = match hit.what {
            What::Shape(rule) => &self.actors.rules[rule].id,
            What::Known(_) => &self.actors.sources.surname,
        };
        self.push(first, last, actor, MentionForm::Name, rule);
    }

    /// What stands before an office and a name about the office: `British transport minister Diaz`.
    fn told_of_office(&self, name: u32) -> ToldOffice {
        let mut told = ToldOffice::default();
        let words = &self.actors.words;
        let (office, mut at) = (name - 1, name - 1);
        let ending = |at: u32| {
            let end = at - u32::from(at > 0 && self.is(at - 1, words::CLITIC));
            self.nearby(at).find(|it| it.last == end)
        };
        let form = |at: u32| self.tokens[at as usize].shape;
        let none = words::NO_FIELD | words::CLOSED | words::CLITIC | words::CUE_VERB;
        if let Some(field) = office.checked_sub(1)
            && ending(office).is_none()
            && form(field).form() < Shape::PUNCT
            && !(form(field).has(Shape::FIRST) && self.is(field, words::NO_NAME))
            && form(field).is_capital() == form(office).is_capital()
            && (form(field).is_capital()
                || !self.is(field, words::MAIN_VERB)
                || ending(field).is_some()
                || field.checked_sub(1).is_some_and(|it| self.is(it, words::DEFINITE)))
            && !self.is(field, none)
        {
            let field_of = self.tokens[field as usize].span.of(self.text).to_lowercase();
            let office = words.name(words.lemma(&self.tokens[office as usize]));
            told.office = Some(format!("{field_of} {office}"));
            at = field;
        }
        // `Senate President Diaz`: an office of that body, of which the lists know nothing.
        told.is_of_body = ending(office).is_some_and(|it| {
            let kind = self.drafts[it.actor as usize].kind;
            it.form == MentionForm::Name
                && matches!(kind, "government" | "company" | "media" | "organization")
        });
        if let Some(state) = ending(at)
            && !state.first.checked_sub(1).is_some_and(|it| self.is(it, words::PREPOSITION))
            && let Some(known) = self.drafts[state.actor as usize].known
            && self.actors.gazetteer.kind(known) == "state"
        {
            told.state = self.actors.gazetteer.country(known);
        }
        told
    }

    /// Of several of one surname the only one who is told to have an office, whatever it is where
    /// the text says no more: `the incumbent, Earl Diaz`.
    fn holder(&self, surname: &str, office: u32, gender: words::Bits) -> Option<u32> {
        let all = self.by_last.get(surname).filter(|it| !it.more.is_empty())?;
        let has_office = |named: &Named<'_>| {
            let (first, last) = (named.first as usize, named.last as usize);
            let outer = self.reading.tokens.ends.partition_point(|&it| it <= named.first);
            let sentence = self.reading.tokens.range(outer);
            let words = &self.actors.words;
            let places = [
                roles::prefix(words, self.text, self.tokens, sentence.start, first),
                roles::apposition(words, self.text, self.tokens, last, sentence.end),
                roles::fronted(words, self.text, self.tokens, sentence, first..last),
            ];
            // What stands behind a preposition is said of another.
            let said = places.into_iter().flatten().flat_map(|place| {
                let is_of = |it: &&Token| !words.is(it, words::END_PREPOSITION);
                self.tokens[place].iter().take_while(is_of)
            });
            let mut said = said.filter(|it| words.is(it, words::OFFICE));
            said.any(|it| words.lemma(it) == office || words.is(it, words::ANY_OFFICE))
        };
        let is_so = |actor: &u32| {
            let named = self.found.iter().filter(|it| it.actor == *actor);
            self.may_be_of(*actor, gender) && named.clone().any(has_office)
        };
        let mut holders = all.iter().filter(is_so);
        holders.next().filter(|_| holders.next().is_none())
    }

    /// Whether a surname may be of many: `Lee` is a given name as well, `Brown` a word.
    pub(super) fn is_common_name(&self, first: u32, last: u32) -> bool {
        last == first + 1 && self.is(first, words::GIVEN | words::NOUN | words::MAIN_VERB)
    }

    /// Whether nothing says that an actor is of another gender.
    pub(super) fn may_be_of(&self, actor: u32, gender: words::Bits) -> bool {
        let draft = &self.drafts[actor as usize];
        !(gender & words::MASCULINE != 0 && draft.feminine > draft.masculine
            || gender & words::FEMININE != 0 && draft.masculine > draft.feminine)
    }

    /// The person meant by a surname or given name at a token, of the gender if it is told.
    pub(super) fn choose(&self, name: &str, gender: words::Bits, at: u32) -> Option<u32> {
        let all = self.by_last.get(name).or_else(|| self.by_given.get(name))?;
        let fits = |it: &u32| self.may_be_of(*it, gender);
        // Who is known for a person before what is only written like one.
        let has_person = all.iter().any(|it| self.drafts[it as usize].kind == "person");
        let is_likely = |it: &u32| !has_person || self.drafts[*it as usize].kind == "person";
        let fitting = || all.iter().filter(fits).filter(is_likely);
        let first = fitting().next()?;
        if fitting().nth(1).is_none() {
            return Some(first);
        }
        // The one named in full most often, unless another was named in full just before.
        let full = |it: u32| self.drafts[it as usize].full;
        let best = fitting().fold(first, |best, it| if full(it) > full(best) { it } else { best });
        let is_best = |it: u32| it == best || !fitting().any(|other| other == it);
        self.nearby(at).all(|it| is_best(it.actor)).then_some(best)
    }

    /// What was found so far right before a token, and at it.
    pub(super) fn nearby(&self, at: u32) -> impl Iterator<Item = &Named<'a>> {
        let ends = self.passes.iter().skip(1).copied().chain([self.found.len()]);
        self.passes.iter().zip(ends).flat_map(move |(&start, end)| {
            let pass = &self.found[start..end];
            let before = &pass[..pass.partition_point(|it| it.first < at)];
            before.iter().rev().take_while(move |it| it.last + NEARBY > at)
        })
    }

    /// `Peter and Anna Quill`: Peter is a Quill too, where the text has named no other Peter.
    pub(super) fn name_relative(&mut self, hits: &[Hit], i: usize) {
        let hit = &hits[i];
        let Some(at) = hit.first.checked_sub(2) else { return };
        let is_free = i.checked_sub(1).is_none_or(|it| hits[it].last <= at);
        if !is_free || !self.is(at + 1, words::JOINS) || !self.is_lone_given(at) {
            return;
        }
        let given = self.tokens[at as usize].span.of(self.text);
        let end = self.name_end(hit.first, hit.last);
        let start = self.surname_start(end - 1, hit.first);
        let is_full = start > hit.first && self.is(hit.first, words::GIVEN);
        if !is_full || self.by_given.contains_key(given) {
            return;
        }
        let surname = self.words_of(start, end);
        let name = format!("{given} {surname}");
        let known = self.actors.gazetteer.listed(&name, "person");
        let actor = match known.and_then(|it| self.known.get(&it)) {
            Some(&actor) => actor,
            None => self.draft(name.into(), "person"),
        };
        if let Some(known) = known {
            self.drafts[actor as usize].known = Some(known);
            self.known.insert(known, actor);
        }
        remember(&mut self.by_given, given, actor);
        remember(&mut self.by_last, surname, actor);
        let last = self.tokens[end as usize - 1].span.of(self.text);
        remember(&mut self.by_last, last, actor);
        let gender = self.actors.words.of(&self.tokens[at as usize]);
        let draft = &mut self.drafts[actor as usize];
        draft.given = given;
        draft.full += 1;
        draft.masculine += u32::from(gender & words::MASCULINE != 0);
        draft.feminine += u32::from(gender & words::FEMININE != 0);
    }

    /// Whether a word is a given name that nothing before it goes on with.
    fn is_lone_given(&self, at: u32) -> bool {
        let token = &self.tokens[at as usize];
        let is_first = token.shape.has(Shape::FIRST);
        let none = words::MONTH | words::NO_NAME | words::HONORIFIC | words::OFFICE;
        let common = words::NOUN | words::MAIN_VERB | words::AUXILIARY;
        let is_given = token.shape.form() == Shape::CAPITAL
            && self.is(at, words::GIVEN)
            && !self.is(at, none)
            && !(is_first && self.is(at, common));
        let goes_on = |it: u32| {
            let before = &self.tokens[it as usize];
            let no_name = words::RELATIVE | words::PERSON | words::CLOSED | words::NO_NAME;
            let is_common = self.is(it, no_name);
            before.shape.is_capital() && !is_common
                || token.shape.has(Shape::GLUED)
                || self.is(it, words::JOINS | words::HONORIFIC | words::OFFICE)
        };
        is_given && (is_first || at.checked_sub(1).is_none_or(|it| !goes_on(it)))
    }

    /// One past the last token of a name without `Jr.`.
    fn name_end(&self, first: u32, last: u32) -> u32 {
        let mut end = last;
        while end > first + 1
            && (self.is(end - 1, words::SUFFIX)
                || self.tokens[end as usize - 1].shape.form() == Shape::PUNCT)
        {
            end -= 1;
        }
        end
    }

    /// A surname as it is written outside of headlines and of the labels of a transcript.
    fn as_written(&self, surname: &'a str) -> Cow<'a, str> {
        let is_written = surname.len() < 4
            || surname.contains(|it: char| it.is_lowercase() || !it.is_alphabetic());
        if is_written { surname.into() } else { recased(surname).into() }
    }

    /// A name of the text that stands in capitals here: `O'NEILL`.
    pub(super) fn name_in_capitals(&mut self, words: &str) -> Option<&'a str> {
        if words.len() < 4 || words.contains(char::is_lowercase) {
            return None;
        }
        let all = self.by_last.keys().chain(self.by_given.keys());
        let capitals = self.capitals.get_or_insert_with(|| {
            let mut sorted: Vec<&str> = all.copied().collect();
            sorted.sort_unstable();
            sorted.into_iter().map(|it| (it.to_uppercase(), it)).collect()
        });
        capitals.get(words).copied()
    }

    /// Whether two of a name are named in full as often as nobody else of it.
    pub(super) fn is_tied(&self, name: &str) -> bool {
        let Some(all) = self.by_last.get(name) else { return false };
        let full = |it: u32| self.drafts[it as usize].full;
        let most = all.iter().map(full).max();
        all.iter().filter(|&it| Some(full(it)) == most).nth(1).is_some()
    }
}

/// What a text says of an office beside a surname.
#[derive(Debug, Default)]
struct ToldOffice {
    state: Option<Code>,
    /// Whether it is one of a company or another body.
    is_of_body: bool,
    /// Its name with what it is for: `foreign minister`.
    office: Option<String>,
}

impl ToldOffice {
    /// Whether it may be the office of somebody whom the lists know.
    fn fits(&self, gazetteer: &Gazetteer, known: u32) -> bool {
        let of = gazetteer.country(known);
        (self.state.is_none() || of.is_none() || self.state == of)
            && !self.is_of_body
            && self.office.as_ref().is_none_or(|it| gazetteer.has_held(known, it))
    }
}
