//! Many patterns in one automaton that is built as it runs.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::pool::{Pool, PoolGuard};
use regex_automata::{Anchored, Input, MatchKind, PatternSet};

use crate::error::Error;

/// Makes a cache for a thread that has none.
type NewCache = Box<dyn Fn() -> Cache + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// Patterns over symbols, all run at once. Each thread keeps what it has built of the automaton.
pub(super) struct Automaton {
    dfa: DFA,
    caches: Pool<Cache, NewCache>,
}

/// What a thread has built of an [`Automaton`].
pub(super) type Guard<'a> = PoolGuard<'a, Cache, NewCache>;

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Automaton").finish_non_exhaustive()
    }
}

impl Automaton {
    /// Compiles regular expressions; `what` says in an error whose they are.
    ///
    /// # Errors
    /// They are too large.
    pub(super) fn new(regexes: &[String], what: &str) -> Result<Automaton, Error> {
        let config = DFA::config()
            .match_kind(MatchKind::All)
            .cache_capacity(16 << 20)
            .skip_cache_capacity_check(true);
        let limit = regex_automata::nfa::thompson::Config::new().nfa_size_limit(Some(64 << 20));
        let dfa = DFA::builder()
            .configure(config)
            .thompson(limit)
            .build_many(regexes)
            .map_err(|err| Error::usage(format!("the `{what}` rules are too large: {err}")))?;
        let for_cache = dfa.clone();
        let new_cache: NewCache = Box::new(move || for_cache.create_cache());
        Ok(Automaton { dfa, caches: Pool::new(new_cache) })
    }

    /// The cache of this thread.
    pub(super) fn cache(&self) -> Guard<'_> {
        self.caches.get()
    }

    /// A set that has room for every pattern.
    pub(super) fn new_set(&self) -> PatternSet {
        PatternSet::new(self.dfa.pattern_len())
    }

    /// Which patterns match at the start of `text`.
    pub(super) fn which(&self, text: &str, found: &mut PatternSet) {
        found.clear();
        let input = Input::new(text).anchored(Anchored::Yes);
        // The automaton gives up only where its cache is too small, and that it is not.
        let _ = self.dfa.try_which_overlapping_matches(&mut self.cache(), &input, found);
    }

    /// Every place where a match that begins at element `start` may end, as (end, pattern);
    /// shortest first.
    pub(super) fn ends_from(
        &self,
        cache: &mut Cache,
        text: &str,
        unit: usize,
        start: usize,
        ends: &mut Vec<(usize, usize)>,
    ) {
        ends.clear();
        let text = text.as_bytes();
        let input = Input::new(text).range(start * unit..).anchored(Anchored::Yes);
        let Ok(mut state) = self.dfa.start_state_forward(cache, &input) else { return };
        for (at, &byte) in text.iter().enumerate().skip(start * unit) {
            let Ok(next) = self.dfa.next_state(cache, state, byte) else { return };
            state = next;
            if state.is_tagged() {
                if state.is_match() && at > start * unit {
                    self.push_ends(cache, state, at / unit, ends);
                } else if state.is_dead() || state.is_quit() {
                    return;
                }
            }
        }
        let Ok(state) = self.dfa.next_eoi_state(cache, state) else { return };
        if state.is_match() {
            self.push_ends(cache, state, text.len() / unit, ends);
        }
    }

    fn push_ends(
        &self,
        cache: &Cache,
        state: LazyStateID,
        end: usize,
        ends: &mut Vec<(usize, usize)>,
    ) {
        for i in 0..self.dfa.match_len(cache, state) {
            ends.push((end, self.dfa.match_pattern(cache, state, i).as_usize()));
        }
    }
}
