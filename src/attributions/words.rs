//! What the lexicon says of cues.

use std::ops::Range;

use super::Sentence;
use crate::error::Error;
use crate::model::{CueClass, Shape, Stance, Token};
use crate::rules::{AttributionSpec, ClassId, Element, Lexicon, Loaded, Pack, Reach};
use crate::text::Span;

/// Classes of words that the stage asks for, by number.
#[derive(Debug)]
pub(super) struct Words {
    /// Class and stance of every entry of the lexicon; nothing for words that are no cues.
    cues: Vec<(Option<CueClass>, Option<Stance>)>,
    /// Class and stance that a rule gives, by rule.
    given: Vec<(Option<CueClass>, Option<Stance>)>,
    negation: Vec<bool>,
    /// Words that make of a subject that nobody is meant.
    nobody: Vec<bool>,
    clitic: Vec<bool>,
    relative: Vec<bool>,
    preposition: Vec<bool>,
    article: Vec<bool>,
    quote_end: Vec<bool>,
    /// Marks at the end of a quotation behind which the sentence may go on.
    quote_pause: Vec<bool>,
    coordinator: Vec<bool>,
    subordinator: Vec<bool>,
    determiner: Vec<bool>,
    /// Verbs that what is said word for word stands with.
    speaks: Vec<bool>,
    /// How strong a stop each element kind is.
    stops: Vec<Reach>,
    /// Number of the kind `quotation`.
    quotation: u8,
    /// Words that open a clause below another one.
    opens_below: Vec<bool>,
    /// Words that can refer to the phrase before them.
    refers: Vec<bool>,
    /// Numbers of the kinds of phrases that a relative pronoun can refer to.
    named: Vec<u8>,
    /// Nouns for people, and pronouns that refer to them.
    person: Vec<bool>,
    refers_to_person: Vec<bool>,
    /// Number of the kind of participles, if the pack makes any.
    participle: Option<u8>,
    /// Number of the kind of infinitives, if the pack makes any.
    infinitive: Option<u8>,
    /// Participles that may open a sentence with a clause of their own: elected. Not those that
    /// tell of the saying itself: asked, dated.
    opens_clause: Vec<bool>,
    makes: Vec<bool>,
    /// Days and stretches of time, which own nothing that is said.
    time: Vec<bool>,
    document: Vec<bool>,
    particle: Vec<bool>,
}

impl Words {
    pub(super) fn new(pack: &Pack, rules: &[Loaded<AttributionSpec>]) -> Result<Words, Error> {
        let lexicon = &pack.lexicon;
        let entries = 0..lexicon.len() as u32;
        let classes: Vec<_> = CueClass::ALL
            .iter()
            .filter_map(|&it| Some((lexicon.class(it.as_str())?, it)))
            .collect();
        let stances: Vec<_> =
            Stance::ALL.iter().filter_map(|&it| Some((lexicon.class(it.as_str())?, it))).collect();
        let mut given = Vec::new();
        for rule in rules {
            given.push(given_by(rule)?);
        }
        let stops = pack.kinds().iter().map(|it| match it.as_str() {
            "vg" | "vgbe" | "vgpass" => Reach::Phrase,
            "stop-object" => Reach::Object,
            "stop-clause" => Reach::Clause,
            _ => Reach::Match,
        });
        Ok(Words {
            cues: entries
                .clone()
                .map(|it| (first(lexicon, it, &classes), first(lexicon, it, &stances)))
                .collect(),
            given,
            negation: flags(lexicon, "negation"),
            nobody: flags(lexicon, "nobody"),
            clitic: flags(lexicon, "clitic-possessive"),
            relative: flags(lexicon, "relative"),
            preposition: flags(lexicon, "preposition"),
            article: flags(lexicon, "article"),
            quote_end: flags(lexicon, "quote-end"),
            quote_pause: flags(lexicon, "quote-pause"),
            coordinator: flags(lexicon, "coordinator"),
            subordinator: flags(lexicon, "subordinator"),
            determiner: flags(lexicon, "possessive-pronoun"),
            speaks: flags(lexicon, "takes-quotation"),
            stops: stops.collect(),
            quotation: pack.kind("quotation").expect("a built-in kind"),
            opens_below: any_of(lexicon, &["relative", "wh-word", "subordinator"]),
            refers: flags(lexicon, "relative-person")
                .into_iter()
                .zip(flags(lexicon, "relative-thing"))
                .map(|(person, thing)| person || thing)
                .collect(),
            person: any_of(lexicon, &["person-noun", "office"]),
            refers_to_person: flags(lexicon, "relative-person"),
            named: ["np", "actor"].iter().filter_map(|it| pack.kind(it)).collect(),
            participle: pack.kind("vging"),
            infinitive: pack.kind("vgto"),
            opens_clause: {
                let (part, like) = (flags(lexicon, "verb-part"), flags(lexicon, "ed-like"));
                let saying = flags(lexicon, "opens-saying");
                let opens = |it: usize| (part[it] || like[it]) && !saying[it];
                (0..lexicon.len()).map(opens).collect()
            },
            makes: flags(lexicon, "makes-document"),
            time: any_of(lexicon, &["weekday-word", "month", "period-word", "adverb-time"]),
            document: any_of(lexicon, &["document-noun", "artefact-noun"]),
            particle: flags(lexicon, "particle"),
        })
    }

    /// The elements that name a source, where they are not all of its own: what a relative pronoun
    /// refers to, and a phrase without the clause behind its comma (`a nurse, who would not be
    /// named,`).
    pub(super) fn shown(&self, elements: &[Element], source: Range<usize>) -> Option<Range<usize>> {
        if source.len() == 1 {
            return self.antecedent(elements, source.start);
        }
        let inside = &elements[source.clone()];
        let refers = |it: &[Element]| {
            it[0].shape.form() == Shape::PUNCT && self.refers[it[1].entry as usize]
        };
        let comma = inside.windows(2).position(refers).filter(|&it| it > 0)?;
        // Somebody else may be named behind the clause.
        let joins = inside[comma..].iter().any(|it| self.coordinator[it.entry as usize]);
        (!joins).then_some(source.start..source.start + comma)
    }

    /// The phrase that the element at `at` refers to, if that is a relative pronoun: the one
    /// right before it, or before its comma. Behind a noun and a preposition it may be a part of the
    /// phrase that is meant (`the minister of the interior, who`), so none is named there but
    /// somebody behind something: `an appeal from a man who`.
    fn antecedent(&self, elements: &[Element], at: usize) -> Option<Range<usize>> {
        if !self.refers[elements[at].entry as usize] {
            return None;
        }
        let is_mark = |at: &usize| elements[*at].shape.form() == Shape::PUNCT;
        let mut close = (0..at).rev().skip_while(is_mark);
        let phrase = close.next().filter(|&it| self.named.contains(&elements[it].kind))?;
        let is_part = close.next().is_some_and(|it| self.preposition[elements[it].entry as usize]);
        let before = close.next().map(|it| &elements[it]);
        let is_person = |it: &Element| self.person[it.entry as usize];
        let is_whole = !is_part
            || self.refers_to_person[elements[at].entry as usize]
                && is_person(&elements[phrase])
                && before.is_some_and(|it| !is_person(it));
        is_whole.then_some(phrase..phrase + 1)
    }

    /// Class and stance of a cue by its rule and its words. What nobody says, or somebody does not
    /// say, is denied; what is not denied is left open.
    pub(super) fn judge(
        &self,
        rule: usize,
        cue: &Element,
        source: Option<Element>,
        tokens: &[Token],
    ) -> (CueClass, Stance) {
        let (class, stance) = self.cues[cue.entry as usize];
        let given = self.given[rule];
        let stance = given.1.or(stance).unwrap_or_default();
        let words = &tokens[cue.first as usize..cue.last as usize];
        let is_negated = words.iter().any(|it| self.negation[it.entry as usize])
            != source.is_some_and(|it| self.nobody[tokens[it.first as usize].entry as usize]);
        let stance = match stance {
            Stance::Denies | Stance::Hedges if is_negated => Stance::Hedges,
            _ if is_negated => Stance::Denies,
            other => other,
        };
        (given.0.or(class).unwrap_or_default(), stance)
    }

    /// Whether the element at `at` stands in a clause that opens its sentence and is below the one
    /// behind the next comma: `When she said so, …`, `Despite claims that …, …`
    pub(super) fn is_below_next(&self, elements: &[Element], at: usize) -> bool {
        let before = &elements[..at];
        let is_one = before.iter().all(|it| it.shape.form() != Shape::PUNCT);
        let first = before.iter().find(|it| !self.coordinator[it.entry as usize]);
        let is_noun = || self.is_named(&elements[at]) && !before.iter().any(|it| self.is_verb(it));
        is_one
            && first.is_some_and(|it| {
                self.subordinator[it.entry as usize] || self.is_preposition(it) && is_noun()
            })
    }

    /// Where content of a given reach ends among the elements after it; nothing where it goes on
    /// to the last one.
    pub(super) fn stop(
        &self,
        elements: &[Element],
        before: Element,
        reach: Reach,
    ) -> Option<usize> {
        let mut is_relative = false;
        elements.iter().enumerate().position(|(at, it)| {
            let strength = self.stops[usize::from(it.kind)];
            let ends_phrase = reach == Reach::Phrase && strength == Reach::Phrase && !is_relative;
            is_relative = self.relative[it.entry as usize] && it.last == it.first + 1;
            let last = at.checked_sub(1).map_or(before, |last| elements[last]);
            let ends_quotation = self.ends(&last) && reach < Reach::Sentence;
            ends_phrase
                || (strength > Reach::Phrase && strength >= reach)
                || (ends_quotation && !self.goes_on(&last, &elements[at..]))
        })
    }

    /// Whether an element ends with a quotation that ends with a mark, and so what was said.
    fn ends(&self, element: &Element) -> bool {
        element.last > element.first + 1 && self.quote_end[element.entry as usize]
    }

    /// Whether an element ends with a quotation that ends with a comma.
    pub(super) fn pauses(&self, element: &Element) -> bool {
        element.last > element.first + 1 && self.quote_pause[element.entry as usize]
    }

    /// Whether what is said goes on behind a quotation: the next word or the one after opens
    /// another one, or a conjunction without another subject follows the comma in it.
    fn goes_on(&self, quotation: &Element, next: &[Element]) -> bool {
        let is_joined = matches!(next, [and, it, ..]
            if self.coordinator[and.entry as usize] && !self.is_named(it));
        // Behind a whole sentence it is the one who said it that goes on: “…,” and left.
        let is_whole = quotation.shape.is_capital() && self.is_quotation(quotation);
        next.iter().take(2).any(|it| self.is_quotation(it))
            || self.quote_pause[quotation.entry as usize] && is_joined && !is_whole
    }

    /// Whether it is a conjunction.
    pub(super) fn is_coordinator(&self, element: &Element) -> bool {
        self.coordinator[element.entry as usize] && element.last == element.first + 1
    }

    /// Whether it ends what was said.
    pub(super) fn is_stop(&self, element: &Element) -> bool {
        self.stops[usize::from(element.kind)] > Reach::Phrase
    }

    pub(super) fn is_quotation(&self, element: &Element) -> bool {
        element.kind == self.quotation
    }

    /// Whether marks of quotation stand among the words of a phrase.
    pub(super) fn has_marks(&self, tokens: &[Token]) -> bool {
        tokens.iter().any(|it| is_mark(it) && !self.clitic[it.entry as usize])
    }

    pub(super) fn is_participle(&self, element: &Element) -> bool {
        self.participle == Some(element.kind)
    }

    /// Whether it is a verb in any form.
    pub(super) fn is_verb(&self, element: &Element) -> bool {
        self.stops[usize::from(element.kind)] == Reach::Phrase
            || self.is_participle(element)
            || self.infinitive == Some(element.kind)
    }

    /// Whether it is a participle that, at the head of a sentence, opens a clause about what was
    /// before anything was said.
    pub(super) fn opens_clause(&self, element: &Element) -> bool {
        self.opens_clause[element.entry as usize] && element.last == element.first + 1
    }

    /// Whether it says that a document was made, and so when it says what it says.
    pub(super) fn publishes(&self, element: &Element) -> bool {
        self.makes[element.entry as usize]
    }

    /// Whether these words end by saying that a document was made on the day behind them: a
    /// report published on.
    pub(super) fn publish_on(&self, before: &[Token]) -> bool {
        let is = |of: &[bool], it: &Token| of[it.entry as usize];
        match before {
            [.., verb, on] if is(&self.preposition, on) => is(&self.makes, verb),
            [.., verb] => is(&self.makes, verb),
            [] => false,
        }
    }

    /// Whether it is the sign of a possessive.
    pub(super) fn is_possessive(&self, token: &Token) -> bool {
        self.clitic[token.entry as usize]
    }

    /// Whether it is a preposition.
    pub(super) fn is_preposition(&self, element: &Element) -> bool {
        self.preposition[element.entry as usize] && element.last == element.first + 1
    }

    /// Whether it is a preposition or an article, behind which a phrase goes on.
    pub(super) fn opens_phrase(&self, element: &Element) -> bool {
        self.is_preposition(element)
            || self.article[element.entry as usize] && element.last == element.first + 1
    }

    /// Whether it is a word of speech or writing.
    pub(super) fn is_speech(&self, element: &Element) -> bool {
        self.cues[element.entry as usize].0 == Some(CueClass::Speech)
    }

    /// Whether it is a relative pronoun.
    pub(super) fn is_relative(&self, element: &Element) -> bool {
        self.relative[element.entry as usize] && element.last == element.first + 1
    }

    /// Whether the subject that begins at `at` is that of a clause below another one: a pronoun
    /// that opens it, or right behind a word that does.
    pub(super) fn is_below(&self, elements: &[Element], at: usize) -> bool {
        let opens = |it: &Element| self.opens_below[it.entry as usize] && it.last == it.first + 1;
        let before = at.checked_sub(1).map(|it| &elements[it]);
        opens(&elements[at]) || before.is_some_and(opens)
    }

    /// Whether it is a phrase with a noun.
    pub(super) fn is_named(&self, element: &Element) -> bool {
        self.named.contains(&element.kind)
    }

    /// Whether elements end with a document that somebody makes, and what belongs to it: `sent a
    /// letter to the mayor`, `put out a statement`.
    pub(super) fn hangs_on_document(&self, elements: &[Element]) -> bool {
        let verb = elements.iter().rposition(|it| self.is_verb(it));
        let clause = verb.map_or(&[][..], |at| &elements[at..]);
        let is = |of: &[bool], it: &Element| of[it.entry as usize];
        let object = match clause {
            [_, out, object, ..] if is(&self.particle, out) => object,
            [_, object, ..] => object,
            _ => return false,
        };
        is(&self.makes, &clause[0]) && is(&self.document, object)
    }

    /// Whether a word is a verb that a quotation stands with.
    pub(super) fn speaks(&self, token: &Token) -> bool {
        self.speaks[token.entry as usize]
    }

    /// Whether a noun phrase names an owner.
    pub(super) fn has_owner(&self, element: &Element, tokens: &[Token]) -> bool {
        let phrase = &tokens[element.first as usize..element.last as usize];
        self.owner_end(phrase).is_some_and(|end| {
            let owner = end.checked_sub(2).map(|it| &phrase[it]);
            owner.is_none_or(|it| !self.time[it.entry as usize])
        })
    }

    /// Where the owner in a noun phrase ends: after its last possessive.
    pub(super) fn owner_end(&self, tokens: &[Token]) -> Option<usize> {
        let last = tokens.len().checked_sub(1)?;
        let clitic = tokens[..last].iter().rposition(|it| self.clitic[it.entry as usize]);
        clitic.or_else(|| self.determiner[tokens[0].entry as usize].then_some(0)).map(|it| it + 1)
    }
}

fn given_by(rule: &Loaded<AttributionSpec>) -> Result<(Option<CueClass>, Option<Stance>), Error> {
    let class = match &rule.spec.class {
        None => None,
        Some(word) => Some(CueClass::from_word(word.get_ref()).ok_or_else(|| {
            let help = "one of speech, belief, intention, evidence, perception, act";
            Error::Rules(vec![rule.error(word, "no class of cues", help)])
        })?),
    };
    let stance = match &rule.spec.stance {
        None => None,
        Some(word) => Some(Stance::from_word(word.get_ref()).ok_or_else(|| {
            let help = "one of asserts, denies, questions, predicts, demands, promises, hedges";
            Error::Rules(vec![rule.error(word, "no stance", help)])
        })?),
    };
    Ok((class, stance))
}

fn first<T: Copy>(lexicon: &Lexicon, entry: u32, classes: &[(ClassId, T)]) -> Option<T> {
    classes.iter().find(|it| lexicon.has(entry, it.0)).map(|it| it.1)
}

fn flags(lexicon: &Lexicon, class: &str) -> Vec<bool> {
    let class = lexicon.class(class);
    let entries = 0..lexicon.len() as u32;
    entries.map(|it| class.is_some_and(|class| lexicon.has(it, class))).collect()
}

fn any_of(lexicon: &Lexicon, classes: &[&str]) -> Vec<bool> {
    let classes: Vec<_> = classes.iter().filter_map(|it| lexicon.class(it)).collect();
    let entries = 0..lexicon.len() as u32;
    entries.map(|it| classes.iter().any(|&class| lexicon.has(it, class))).collect()
}

/// The words of a run of elements.
pub(super) fn span(sentence: &Sentence<'_>, elements: Range<usize>) -> Span {
    let first = sentence.elements[elements.start].first as usize;
    let last = sentence.elements[elements.end - 1].last as usize;
    let all = &sentence.tokens.all;
    all[first].span.to(all[last - 1].span)
}

/// Whether a token is a mark of quotation.
pub(super) fn is_mark(token: &Token) -> bool {
    matches!(token.shape.form(), Shape::OPEN | Shape::CLOSE | Shape::QUOTE)
}

/// Whether a token is a mark that stands at the edge of what is said, not in it.
pub(super) fn is_edge(token: &Token) -> bool {
    token.shape.form() == Shape::PUNCT
}
