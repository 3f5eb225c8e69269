//! What the verbs around an expression say about when it was.

use std::cell::OnceCell;
use std::ops::Range;

use super::value::Tense;
use crate::model::{Shape, Token};
use crate::rules::{ClassId, Lexicon};

/// Class of words that speak of what is to come: `will`, `scheduled`.
const FUTURE: &[&str] = &["future-sign"];
/// Classes of words that speak of what was.
const PAST: &[&str] = &["past-sign", "verb-past", "ed-like"];
/// Class of an auxiliary that takes the tense from a participle: `be`.
const BARE: &[&str] = &["bare-be"];
/// Class of what makes such an auxiliary speak of what is to come: `to`.
const INFINITIVE: &[&str] = &["infinitive-sign"];
/// Class of what speaks of what is to come only with an [`INFINITIVE`] sign behind it: `is to go`.
const WITH_INFINITIVE: &[&str] = &["future-with-to"];
/// Classes of what stands before a base form, which may look like a past one: `would cost`.
const OPENS_BASE: &[&str] = &["modal", "infinitive-sign"];
/// Class of base forms.
const BASE: &[&str] = &["verb-base"];
/// Classes of what may stand between the two.
const BETWEEN: &[&str] = &["adverb", "adverb-like", "negation"];
/// So far an expression's verb may stand away from it, in words.
const REACH: usize = 25;

/// The verbs around an expression, asked only where its rule lets them decide.
#[derive(Debug, Clone)]
pub(super) struct Verbs<'a> {
    tenses: &'a Tenses,
    tokens: &'a [Token],
    at: Range<usize>,
    pub(super) known: OnceCell<Tense>,
}

impl<'a> Verbs<'a> {
    pub(super) fn new(tenses: &'a Tenses, tokens: &'a [Token], at: Range<usize>) -> Verbs<'a> {
        Verbs { tenses, tokens, at, known: OnceCell::new() }
    }

    /// What they say.
    pub(super) fn tense(&self) -> Tense {
        *self.known.get_or_init(|| self.tenses.around(self.tokens, self.at.clone()))
    }
}

/// What each word says about when something was.
#[derive(Debug, Default)]
pub(super) struct Tenses {
    /// By entry.
    of_entry: Vec<Tense>,
    /// By entry: whether it is a [`BARE`].
    is_bare: Vec<bool>,
    /// By entry: whether it is an [`INFINITIVE`].
    is_infinitive: Vec<bool>,
    /// By entry: whether it is one of [`WITH_INFINITIVE`].
    with_infinitive: Vec<bool>,
    /// By entry: whether it is one of [`OPENS_BASE`], of [`BASE`] and of [`BETWEEN`].
    opens_base: Vec<bool>,
    is_base: Vec<bool>,
    is_between: Vec<bool>,
}

impl Tenses {
    /// From the classes of the word lists.
    pub(super) fn new(lexicon: &Lexicon) -> Tenses {
        let classes = |names: &[&str]| -> Vec<ClassId> {
            names.iter().filter_map(|it| lexicon.class(it)).collect()
        };
        let (future, past) = (classes(FUTURE), classes(PAST));
        let is = |entry, classes: &[ClassId]| classes.iter().any(|&it| lexicon.has(entry, it));
        let of_entry = (0..lexicon.len() as u32).map(|entry| {
            if is(entry, &future) {
                Tense::Future
            } else if is(entry, &past) {
                Tense::Past
            } else {
                Tense::Open
            }
        });
        let each = |names: &[&str]| -> Vec<bool> {
            let classes = classes(names);
            (0..lexicon.len() as u32).map(|entry| is(entry, &classes)).collect()
        };
        Tenses {
            of_entry: of_entry.collect(),
            is_bare: each(BARE),
            is_infinitive: each(INFINITIVE),
            with_infinitive: each(WITH_INFINITIVE),
            opens_base: each(OPENS_BASE),
            is_base: each(BASE),
            is_between: each(BETWEEN),
        }
    }

    /// The tense of the nearest verb before an expression, else of the nearest after it.
    ///
    /// A verb whose form says nothing (`go`) is passed over, so that `will go` is what `will` says.
    fn around(&self, tokens: &[Token], at: Range<usize>) -> Tense {
        let says = |index: usize| {
            let tense = self.of_entry[tokens[index].entry as usize];
            // Names are no verbs: United States.
            let shape = tokens[index].shape;
            if shape.is_capital() && !shape.has(Shape::FIRST) {
                return None;
            }
            let before = index.checked_sub(1).map(|it| tokens[it].entry as usize);
            if self.is_bare[tokens[index].entry as usize] {
                return before.filter(|&it| self.is_infinitive[it]).map(|_| Tense::Future);
            }
            let after = tokens.get(index + 1).map(|it| it.entry as usize);
            if self.with_infinitive[tokens[index].entry as usize]
                && after.is_some_and(|it| self.is_infinitive[it])
            {
                return Some(Tense::Future);
            }
            // A participle after `be` is as open as the verb itself would be: to be published.
            let is_passive = before.is_some_and(|it| self.is_bare[it]);
            if tense == Tense::Past && self.is_base_form(tokens, index) {
                return None;
            }
            (tense != Tense::Open && !(tense == Tense::Past && is_passive)).then_some(tense)
        };
        let before = (0..at.start).rev().take(REACH).find_map(says);
        let after = || (at.end..tokens.len()).take(REACH).find_map(says);
        before.or_else(after).unwrap_or_default()
    }

    /// Whether a past form is the base form of its verb: `would not cost`.
    fn is_base_form(&self, tokens: &[Token], at: usize) -> bool {
        let entry = |at: usize| tokens[at].entry as usize;
        let mut before = (0..at).rev().take(REACH).map(entry);
        self.is_base[entry(at)]
            && before.find(|&it| !self.is_between[it]).is_some_and(|it| self.opens_base[it])
    }
}
