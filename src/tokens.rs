//! Cuts sentences into tokens and looks each up in the lexicon.
//!
//! Everything after works on entries and shapes, so the words themselves are read once, here.
//! Words part at hyphens and before clitics, since a rule can put together what stands side by
//! side but cannot take apart what is one.

use crate::error::Error;
use crate::model::{Sentences, Shape, Token, Tokens};
use crate::rules::{Chunk, ClassId, Lexicon, Pack, WordTable};
use crate::text::Span;

/// Class of what is cut off the end of a word: `'s`, `n't`.
const CLITIC: &str = "clitic";
/// Class of what is cut off a number: `am`, `bn`.
const NUMBER_SUFFIX: &str = "number-suffix";

/// Abbreviations have fewer bytes before their stop.
const LONGEST_ABBREVIATION: usize = 12;

/// Makes tokens by the word lists of a pack.
#[derive(Debug)]
pub struct Tokenizer {
    clitics: Vec<String>,
    number_suffix: Option<ClassId>,
    words: WordTable,
    /// Entries of single ASCII characters.
    ascii: [u32; 128],
    /// Entries of the characters from [`DASHES`] on, dashes and quotation marks among them.
    dashes: [u32; 64],
}

/// The first of the characters that [`Tokenizer::dashes`] holds.
const DASHES: char = '\u{2000}';

impl Tokenizer {
    /// Takes the clitics from the pack's lists.
    ///
    /// # Errors
    /// None so far: a pack without clitics cuts off nothing.
    pub fn new(pack: &Pack) -> Result<Tokenizer, Error> {
        let lexicon = &pack.lexicon;
        let mut clitics = Vec::new();
        if let Some(class) = lexicon.class(CLITIC) {
            let all = 0..lexicon.len() as u32;
            clitics.extend(
                all.filter(|&it| lexicon.has(it, class)).map(|it| lexicon.word(it).to_owned()),
            );
            clitics.retain(|it| it.contains('\''));
        }
        // The longest that fits is cut off.
        clitics.sort_by(|a, b| (b.len(), a).cmp(&(a.len(), b)));
        let mut ascii = [0; 128];
        for (byte, entry) in ascii.iter_mut().enumerate() {
            *entry = lexicon.entry((byte as u8 as char).encode_utf8(&mut [0; 4]));
        }
        let mut dashes = [0; 64];
        for (sign, entry) in (DASHES..).zip(&mut dashes) {
            *entry = lexicon.entry(sign.encode_utf8(&mut [0; 4]));
        }
        Ok(Tokenizer {
            clitics,
            number_suffix: lexicon.class(NUMBER_SUFFIX),
            words: WordTable::new(lexicon),
            ascii,
            dashes,
        })
    }

    /// The tokens of all sentences.
    pub fn tokens(&self, lexicon: &Lexicon, text: &str, sentences: &Sentences) -> Tokens {
        let mut ends = Vec::with_capacity(sentences.outer.len());
        let mut cutter = Cutter {
            tokenizer: self,
            lexicon,
            text,
            bytes: text.as_bytes(),
            at: 0,
            end: 0,
            is_first: true,
            last_end: usize::MAX,
            out: Vec::with_capacity(text.len() / 4),
        };
        for outer in &sentences.outer {
            for sentence in &sentences.inner[outer.first as usize..outer.last as usize] {
                cutter.at = sentence.span.start as usize;
                cutter.end = sentence.span.end as usize;
                cutter.is_first = true;
                cutter.run();
            }
            ends.push(cutter.out.len() as u32);
        }
        Tokens { all: cutter.out, ends }
    }
}

/// Walks through one inner sentence after the other.
struct Cutter<'a> {
    tokenizer: &'a Tokenizer,
    lexicon: &'a Lexicon,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    end: usize,
    /// Whether the next word opens the sentence or a quotation.
    is_first: bool,
    /// Where the last token ends.
    last_end: usize,
    out: Vec<Token>,
}

impl Cutter<'_> {
    fn run(&mut self) {
        loop {
            self.plain_words();
            match self.byte_or_end() {
                None => return,
                Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(b'0'..=b'9') => self.number(),
                Some(b'a'..=b'z' | b'A'..=b'Z') => self.word(),
                Some(0x80..) => self.other(),
                Some(byte) => self.mark(byte),
            }
        }
    }

    fn byte_or_end(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.bytes[self.at])
    }

    /// Words of ASCII letters alone, as nearly all are, each read as one number. Stops at
    /// whatever asks for a second look.
    fn plain_words(&mut self) {
        let (table, text) = (&self.tokenizer.words, self.text);
        let (mut start, mut last_end) = (self.at, self.last_end);
        loop {
            while self.byte(start) == b' ' {
                start += 1;
            }
            let chunk = Chunk::load(self.bytes, start);
            let length = chunk.letters().min(self.end.saturating_sub(start));
            if length == 0 || length == Chunk::SIZE {
                break;
            }
            let mut end = start + length;
            let (mut lower, mut shape) = chunk.word(length);
            match self.byte(end) {
                b'0'..=b'9' => break,
                b'\'' | 0x80.. if self.letters(end) > end => break,
                b'.' => {
                    let after = self.byte(end + 1);
                    if length == 1 || after.is_ascii_lowercase() || after.is_ascii_digit() {
                        break;
                    }
                    let with_stop = lower.with(length, b'.');
                    if length < LONGEST_ABBREVIATION && table.has(with_stop) {
                        if self.ends_behind(end + 1) {
                            break;
                        }
                        (lower, end) = (with_stop, end + 1);
                    }
                }
                _ => {}
            }
            let entry = match table.lower_entry(lower) {
                (_, true) => table.entry(self.lexicon, text, start..end),
                (entry, false) => entry,
            };
            if last_end == start {
                shape = shape.with(Shape::GLUED);
            }
            if self.is_first {
                shape = shape.with(Shape::FIRST);
                self.is_first = false;
            }
            self.out.push(Token { span: Span::new(start, end), entry, shape });
            (start, last_end) = (end, end);
        }
        (self.at, self.last_end) = (start, last_end);
    }

    fn word(&mut self) {
        let start = self.at;
        self.at = self.letters(self.at);
        if self.at == start + 1 && self.byte(self.at) == b'.' && self.initials(start) {
            return;
        }
        self.take_inner_stops(start);
        self.take_abbreviation_stop(start);
        self.push_word(start, self.at);
    }

    /// The end of the run of letters, digits and apostrophes between letters from `at`.
    fn letters(&self, mut at: usize) -> usize {
        loop {
            match self.byte(at) {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => at += 1,
                b'\'' if at > 0 && self.is_letter_at(at + 1) && self.byte(at - 1) != b'\'' => {
                    at += 1;
                }
                0x80.. => {
                    let sign = self.char_at(at);
                    let joins = sign == '’' && self.is_letter_at(at + sign.len_utf8());
                    if !(joins || is_alphanumeric(sign) || is_mark(sign)) {
                        return at;
                    }
                    at += sign.len_utf8();
                }
                _ => return at,
            }
        }
    }

    /// `J.` and `U.S.`; not a single letter that ends the sentence (`you and I.`).
    fn initials(&mut self, start: usize) -> bool {
        let mut at = start;
        while self.byte(at).is_ascii_alphabetic() && self.byte(at + 1) == b'.' {
            at += 2;
        }
        let is_one = at == start + 2;
        let goes_on = self.byte(at).is_ascii_alphanumeric();
        if is_one && (goes_on || self.rest_is_closing(at)) {
            return false;
        }
        self.at = at;
        let is_capital = self.bytes[start].is_ascii_uppercase();
        let form = match (is_one, is_capital) {
            (true, true) => Shape::INITIAL,
            (false, true) => Shape::UPPER,
            _ => Shape::LOWER,
        };
        self.push(start, at, form, None);
        true
    }

    /// Whether nothing but closing marks follows in the sentence.
    fn rest_is_closing(&self, at: usize) -> bool {
        self.text[at..self.end].chars().all(|it| !it.is_alphanumeric())
    }

    /// Takes in `.ru` of `Gazeta.ru`: a stop with a small letter or digit right behind it.
    fn take_inner_stops(&mut self, start: usize) {
        while self.byte(self.at) == b'.'
            && (self.byte(self.at + 1).is_ascii_lowercase()
                || self.byte(self.at + 1).is_ascii_digit())
            && self.at > start + 1
        {
            self.at = self.letters(self.at + 1);
        }
    }

    /// Takes in the stop of an abbreviation that the lexicon knows: `Mr.`, `Nov.`.
    fn take_abbreviation_stop(&mut self, start: usize) {
        let has_stop = self.byte(self.at) == b'.' && self.at - start < LONGEST_ABBREVIATION;
        let with_stop = start..self.at + 1;
        if has_stop && self.tokenizer.words.is_listed(self.lexicon, self.text, with_stop) {
            // In lower case a word at the end of its sentence is itself: he was ill.
            let letters = &self.bytes[start..self.at];
            let is_itself = letters.len() > 1
                && letters.iter().all(u8::is_ascii_lowercase)
                && self.ends_behind(self.at + 1);
            self.at += usize::from(!is_itself);
        }
    }

    /// Whether the sentence ends at `at`, or behind a closing mark that stands there.
    fn ends_behind(&self, at: usize) -> bool {
        const MARKS: usize = 8;
        let rest = &self.text[at..self.end];
        rest.len() <= MARKS && !rest.contains(char::is_alphanumeric)
    }

    fn number(&mut self) {
        let start = self.at;
        let mut has_separator = false;
        loop {
            match self.byte(self.at) {
                b'0'..=b'9' => self.at += 1,
                b'.' | b',' if self.byte(self.at + 1).is_ascii_digit() => {
                    has_separator = true;
                    self.at += 1;
                }
                _ => break,
            }
        }
        let digits = self.at;
        if has_separator && self.is_dotted(start) {
            return self.dotted(start);
        }
        if self.is_letter_at(digits) {
            let end = self.letters(digits);
            if !has_separator && !self.is_number_suffix(digits, end) {
                self.at = end;
                return self.push(start, end, Shape::ALNUM, None);
            }
        }
        let form = if has_separator { Shape::NUMBER } else { digits_form(digits - start) };
        self.push(start, digits, form, None);
    }

    /// Whether the digits from `start` are three numbers with points between them, as a day has
    /// them in many countries. Versions are written so, too; what it is, rules say.
    fn is_dotted(&self, start: usize) -> bool {
        let parts = self.text.as_bytes()[start..self.at].split(|&it| it == b'.');
        let is_part = |it: &[u8]| it.len() <= 4 && !it.contains(&b',');
        parts.clone().count() == 3 && parts.clone().all(is_part)
    }

    /// Takes them apart.
    fn dotted(&mut self, start: usize) {
        let end = self.at;
        let mut at = start;
        for next in start..=end {
            if next < end && self.byte(next) != b'.' {
                continue;
            }
            self.push(at, next, digits_form(next - at), None);
            if next < end {
                self.push(next, next + 1, Shape::PUNCT, None);
            }
            at = next + 1;
        }
    }

    fn is_number_suffix(&self, start: usize, end: usize) -> bool {
        let Some(class) = self.tokenizer.number_suffix else { return false };
        let with_stops = (end + 3).min(self.end);
        let entry = |end: usize| match self.text.get(start..end) {
            Some(_) => self.tokenizer.words.entry(self.lexicon, self.text, start..end),
            None => crate::rules::UNKNOWN,
        };
        self.lexicon.has(entry(end), class) || self.lexicon.has(entry(with_stops), class)
    }

    /// A mark of punctuation or another ASCII sign.
    fn mark(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        match byte {
            b'"' => self.quotation_mark(start),
            b'\'' => {
                self.at += usize::from(self.byte(self.at) == b'\'');
                self.quotation_mark(start);
            }
            b'`' => {
                self.at += usize::from(self.byte(self.at) == b'`');
                self.push(start, self.at, Shape::OPEN, None);
            }
            b'-' | b'.' => {
                while self.byte(self.at) == byte {
                    self.at += 1;
                }
                let ascii = (self.at == start + 1).then_some(byte);
                self.push(start, self.at, Shape::PUNCT, ascii);
            }
            b',' | b';' | b':' | b'!' | b'?' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'/' => {
                self.push(start, self.at, Shape::PUNCT, Some(byte));
            }
            0..=0x1f | 0x7f => {}
            _ => self.push(start, self.at, Shape::SYMBOL, Some(byte)),
        }
    }

    /// A straight mark opens or closes by the white space around it.
    fn quotation_mark(&mut self, start: usize) {
        let before = self.text[..start].chars().next_back();
        let after = self.text[self.at..].chars().next();
        let is_open_side = match before {
            Some('(' | '[' | '{' | '“' | '‘' | '"' | '\'' | '—' | '–' | '-' | '/') | None => {
                true
            }
            Some(it) => it.is_whitespace(),
        };
        let is_close_side = match after {
            Some(')' | ']' | '}' | '”' | '’' | '"' | '\'' | '—' | '–' | '-' | '/') => true,
            Some('.' | ',' | ';' | ':' | '!' | '?') | None => true,
            Some(it) => it.is_whitespace(),
        };
        let form = match (is_open_side, is_close_side) {
            (true, false) => Shape::OPEN,
            (false, true) => Shape::CLOSE,
            _ => Shape::QUOTE,
        };
        self.push(start, self.at, form, None);
    }

    /// A sign beyond ASCII.
    fn other(&mut self) {
        let start = self.at;
        let sign = self.char_at(start);
        self.at += sign.len_utf8();
        if is_alphanumeric(sign) {
            self.at = start;
            self.word();
            if self.at == start {
                self.at += sign.len_utf8();
            }
            return;
        }
        let form = match sign {
            it if it.is_whitespace() || is_mark(it) => return,
            '“' | '„' | '‟' | '«' | '‘' | '‹' => Shape::OPEN,
            '”' | '»' | '’' | '›' => Shape::CLOSE,
            '–' | '—' | '―' | '…' | '‐' | '‑' | '‒' | '¡' | '¿' | '•' | '·' => {
                Shape::PUNCT
            }
            _ => Shape::SYMBOL,
        };
        match (sign as usize).checked_sub(DASHES as usize) {
            Some(at) if at < self.tokenizer.dashes.len() => {
                self.push_entry(start, self.at, form, self.tokenizer.dashes[at]);
            }
            _ => self.push(start, self.at, form, None),
        }
    }

    /// Pushes a word, its clitic apart.
    fn push_word(&mut self, start: usize, end: usize) {
        let word = &self.text[start..end];
        let cut = if word.contains(['\'', '’']) { self.clitic_start(word) } else { None };
        match cut {
            Some(cut) => {
                self.push_form(start, start + cut);
                self.push_form(start + cut, end);
            }
            None => self.push_form(start, end),
        }
    }

    fn push_form(&mut self, start: usize, end: usize) {
        let word = Chunk::load(self.bytes, start);
        let form = match end - start {
            length if length < Chunk::SIZE && word.letters() >= length => word.word(length).1,
            _ => written_form(&self.text[start..end]),
        };
        self.push(start, end, form, None);
    }

    /// Where the clitic of a word begins.
    fn clitic_start(&self, word: &str) -> Option<usize> {
        let starts_at = |clitic: &String| {
            let mut last = None;
            let mut signs = word.char_indices().rev();
            for expected in clitic.chars().rev() {
                let (at, sign) = signs.next()?;
                if fold_char(sign) != expected {
                    return None;
                }
                last = Some(at);
            }
            last.filter(|&it| it > 0)
        };
        self.tokenizer.clitics.iter().find_map(starts_at)
    }

    fn push(&mut self, start: usize, end: usize, form: Shape, ascii: Option<u8>) {
        let entry = match ascii {
            Some(byte) => self.tokenizer.ascii[usize::from(byte)],
            None => self.tokenizer.words.entry(self.lexicon, self.text, start..end),
        };
        self.push_entry(start, end, form, entry);
    }

    #[inline]
    fn push_entry(&mut self, start: usize, end: usize, form: Shape, entry: u32) {
        let mut shape = form;
        if self.last_end == start {
            shape = shape.with(Shape::GLUED);
        }
        if self.is_first {
            shape = shape.with(Shape::FIRST);
        }
        let form = form.form();
        let is_mark = matches!(form, Shape::PUNCT | Shape::CLOSE | Shape::SYMBOL);
        self.is_first = matches!(form, Shape::OPEN | Shape::QUOTE) || self.is_first && is_mark;
        self.last_end = end;
        self.out.push(Token { span: Span::new(start, end), entry, shape });
    }

    /// The byte at a place of the sentence; 0 behind its end.
    #[inline]
    fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.bytes[at] } else { 0 }
    }

    fn char_at(&self, at: usize) -> char {
        self.text[at..].chars().next().unwrap_or('\0')
    }

    fn is_letter_at(&self, at: usize) -> bool {
        match self.byte(at) {
            0x80.. => self.char_at(at).is_alphabetic(),
            byte => byte.is_ascii_alphabetic(),
        }
    }
}

fn fold_char(it: char) -> char {
    if it == '’' { '\'' } else { it.to_ascii_lowercase() }
}

/// Whether it is a letter or digit. Dashes and quotation marks, which are most of what is not
/// ASCII, are told without a look into the tables of Unicode.
fn is_alphanumeric(sign: char) -> bool {
    !matches!(sign, '\u{2000}'..='\u{206f}') && sign.is_alphanumeric()
}

/// Marks that combine with the letter before them, and joiners.
fn is_mark(it: char) -> bool {
    matches!(it, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn digits_form(count: usize) -> Shape {
    let size = match count {
        0..=2 => 0,
        3 => 0x10,
        4 => 0x20,
        _ => 0x30,
    };
    Shape(Shape::DIGITS.0 | size)
}

fn written_form(word: &str) -> Shape {
    let mut chars = word.chars().filter(|it| it.is_alphabetic());
    let Some(first) = chars.next() else { return Shape::ALNUM };
    if word.contains(|it: char| it.is_ascii_digit()) {
        return Shape::ALNUM;
    }
    let (mut upper, mut lower) = (0, 0);
    for it in chars {
        if it.is_uppercase() {
            upper += 1;
        } else {
            lower += 1;
        }
    }
    match (first.is_uppercase(), upper, lower) {
        (true, 0, 0) => Shape::INITIAL,
        (true, _, 0) => Shape::UPPER,
        (true, 0, _) => Shape::CAPITAL,
        (false, 0, _) => Shape::LOWER,
        _ => Shape::MIXED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{OuterSentence, Sentence};
    use crate::rules::PackFiles;

    fn tokens(text: &str) -> Vec<(String, Shape)> {
        let pack = Pack::load(PackFiles::embedded()).unwrap();
        let span = Span::new(0, text.len()).trim(text);
        let outer = OuterSentence { span, first: 0, last: 1, block: 0 };
        let sentences = Sentences { inner: vec![Sentence { span }], outer: vec![outer] };
        let tokens = Tokenizer::new(&pack).unwrap().tokens(&pack.lexicon, text, &sentences);
        tokens.all.iter().map(|it| (it.span.of(text).to_owned(), it.shape)).collect()
    }

    /// `|` parts the tokens.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let words: Vec<_> = tokens(text).into_iter().map(|it| it.0).collect();
        assert_eq!(words.join("|"), expected);
    }

    #[test]
    fn words_part_at_clitics_and_hyphens() {
        check("Russia’s mid-October plan", "Russia|’s|mid|-|October|plan");
        check("They don't; we're O'Neill's.", "They|do|n't|;|we|'re|O'Neill|'s|.");
        check("the officials' view", "the|officials|'|view");
    }

    #[test]
    fn stops_stay_with_abbreviations() {
        check("The U.S. and J. Smith agree.", "The|U.S.|and|J.|Smith|agree|.");
        check("A good team, you and I.", "A|good|team|,|you|and|I|.");
        check("He told Gazeta.ru so.", "He|told|Gazeta.ru|so|.");
        check("Seen at 10 a.m. today", "Seen|at|10|a.m.|today");
        check("It is in Peoria, Ill.", "It|is|in|Peoria|,|Ill.");
    }

    #[test]
    fn words_that_look_like_abbreviations_end_a_sentence() {
        check("The board said no.", "The|board|said|no|.");
        check("“The child was ill.”", "“|The|child|was|ill|.|”");
        check("She left at 10 p.m.", "She|left|at|10|p.m.");
    }

    #[test]
    fn numbers_keep_their_separators() {
        check("$1,200.50 or 3.5% of 9/30/2022", "$|1,200.50|or|3.5|%|of|9|/|30|/|2022");
        check("the 1970s, the 3rd, 10am, 24/7", "the|1970s|,|the|3rd|,|10|am|,|24|/|7");
        check("The fine was $1998.", "The|fine|was|$|1998|.");
    }

    #[test]
    fn quotation_marks_are_told_from_apostrophes() {
        check("''So,'' he said", "''|So|,|''|he|said");
        let forms = |text| -> Vec<_> {
            let is_mark = |it: &Shape| (10..=12).contains(&it.form().0);
            tokens(text).into_iter().map(|it| it.1.form()).filter(|it| is_mark(it)).collect()
        };
        assert_eq!(forms("\"So,\" he said"), [Shape::OPEN, Shape::CLOSE]);
        assert_eq!(forms("“So,” he said"), [Shape::OPEN, Shape::CLOSE]);
        assert_eq!(forms("''So,'' he said"), [Shape::OPEN, Shape::CLOSE]);
    }

    #[test]
    fn strange_text_passes() {
        for text in [
            "",
            "½",
            "é.",
            "\u{301}",
            "a\u{301}b",
            "'",
            "''",
            "...",
            "1.",
            "1.2.",
            "’s",
            "日本 語。",
        ] {
            let all = tokens(text);
            let kept: String = all.iter().map(|it| it.0.as_str()).collect();
            assert!(
                kept.chars()
                    .filter(|it| it.is_alphanumeric())
                    .eq(text.chars().filter(|it| it.is_alphanumeric())),
                "{text}"
            );
        }
    }
}
