//! The one pass over a block: it stops at marks only, and looks at their neighborhood there.

use super::rules::{Kind, LONGEST, Next, Rules, Shape};
use crate::model::{OuterSentence, Sentence, Sentences};
use crate::text::Span;

/// What a byte means to the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing.
    Plain,
    /// `.`, `?`, `!`
    Stop,
    /// A line break.
    Line,
    /// A straight quotation mark, apostrophe or backtick.
    Quote,
    /// A bracket.
    Bracket,
    /// The first byte of a sign beyond ASCII: curly quotation marks, `…`, bullets, `«`.
    Lead,
}

const CLASS: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    table[b'.' as usize] = Class::Stop;
    table[b'?' as usize] = Class::Stop;
    table[b'!' as usize] = Class::Stop;
    table[b'\n' as usize] = Class::Line;
    table[b'"' as usize] = Class::Quote;
    table[b'\'' as usize] = Class::Quote;
    table[b'`' as usize] = Class::Quote;
    table[b'(' as usize] = Class::Bracket;
    table[b')' as usize] = Class::Bracket;
    table[b'[' as usize] = Class::Bracket;
    table[b']' as usize] = Class::Bracket;
    table[b'{' as usize] = Class::Bracket;
    table[b'}' as usize] = Class::Bracket;
    table[0xc2] = Class::Lead;
    table[0xe2] = Class::Lead;
    table
};

/// Pairs that hold sentences together. Double marks of all styles are one: texts mix them.
#[derive(Clone, Copy)]
enum Pair {
    Double,
    Single,
    Angle,
    Round,
    Square,
    Curly,
}

const PAIRS: usize = 6;

/// Where a pair was opened.
#[derive(Clone, Copy)]
struct Opened {
    at: usize,
    /// The inner sentence that holds the opening mark.
    inner: u32,
    /// Brackets of the same form inside.
    depth: u32,
}

/// A list inside a block: what marks its items and which comes next.
#[derive(Clone, Copy)]
struct List {
    mark: u8,
    next: Label,
}

/// A number or letter that counts items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Number(u8),
    Letter(u8),
}

/// A run of marks that may end a sentence.
struct Run {
    /// One past the marks themselves.
    end: usize,
    /// Where the sentence would end: one past what closes behind the marks.
    cut: usize,
    kind: RunKind,
    /// Whether a quotation or bracket closes behind the marks.
    is_closed: bool,
    /// Whether a quotation does.
    is_quoted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RunKind {
    Stop,
    Emphatic,
    Ellipsis,
}

/// A line of at least and at most these bytes, without a mark at its end, is a wrapped one.
const WRAPPED: std::ops::RangeInclusive<usize> = 50..=100;

pub(super) struct Scan<'a> {
    rules: &'a Rules,
    text: &'a str,
    bytes: &'a [u8],
    end: usize,
    block: u32,
    out: &'a mut Sentences,
    /// First byte of the sentence at hand.
    start: usize,
    /// First inner sentence of the outer one at hand.
    first: u32,
    /// Where the sentence at hand ends, once that is settled.
    cut: Option<usize>,
    /// One past the last marks that were asked: what closes behind them may hold more.
    judged: usize,
    /// First byte of the line at hand.
    line: usize,
    opened: [Option<Opened>; PAIRS],
    list: Option<List>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        rules: &'a Rules,
        text: &'a str,
        block: Span,
        index: u32,
        out: &'a mut Sentences,
    ) -> Scan<'a> {
        let span = block.trim(text);
        Scan {
            rules,
            text: &text[..span.end as usize],
            bytes: &text.as_bytes()[..span.end as usize],
            end: span.end as usize,
            block: index,
            first: out.inner.len() as u32,
            out,
            start: span.start as usize,
            cut: None,
            judged: 0,
            line: span.start as usize,
            opened: [None; PAIRS],
            list: None,
        }
    }

    pub(super) fn run(mut self) {
        let mut at = self.start;
        loop {
            while at < self.end && CLASS[self.bytes[at] as usize] == Class::Plain {
                at += 1;
            }
            if at >= self.end {
                break;
            }
            if self.cut.is_some_and(|cut| cut <= at) {
                self.finish();
            }
            at = match CLASS[self.bytes[at] as usize] {
                Class::Stop => self.stop(at),
                Class::Line => self.line_break(at),
                Class::Quote => self.quote(at),
                Class::Bracket => self.bracket(at),
                Class::Lead => self.lead(at),
                Class::Plain => at + 1,
            };
        }
        self.finish();
        self.cut_at(self.end);
    }

    /// Makes the cut that is settled.
    fn finish(&mut self) {
        if let Some(cut) = self.cut.take() {
            self.cut_at(cut);
        }
    }

    /// Ends the sentence at hand before `at`.
    fn cut_at(&mut self, at: usize) {
        if at.saturating_sub(self.start) > self.rules.longest_sentence {
            self.cut_pieces(at);
        }
        self.push(at);
    }

    /// Cuts what is too long for a sentence between words, all but its last piece. Rules look
    /// ahead within a sentence: what has no end would cost them the square of its length.
    fn cut_pieces(&mut self, at: usize) {
        let mut opened = self.opened;
        while at.saturating_sub(self.start) > self.rules.longest_sentence {
            let mut reach = self.start + self.rules.longest_sentence;
            while !self.text.is_char_boundary(reach) {
                reach -= 1;
            }
            let space = self.text[self.start..reach].rfind(char::is_whitespace);
            let space = space.map(|it| self.start + it).or_else(|| {
                // One word that is longer than a sentence stays whole.
                self.text[reach..at].find(char::is_whitespace).map(|it| reach + it)
            });
            let Some(space) = space else { break };
            let piece = self.out.inner.len() as u32;
            self.push(space);
            for it in opened.iter_mut().flatten().filter(|it| it.at >= self.start) {
                it.inner = it.inner.max(piece + 1);
            }
        }
        self.opened = opened;
    }

    fn push(&mut self, at: usize) {
        if at <= self.start {
            return;
        }
        let span = Span::new(self.start, self.start + self.text[self.start..at].trim_end().len());
        if span.is_empty() {
            return;
        }
        self.out.inner.push(Sentence { span });
        let last = self.out.inner.len() as u32;
        let start = self.out.inner[self.first as usize].span;
        self.out.outer.push(OuterSentence {
            span: start.to(span),
            first: self.first,
            last,
            block: self.block,
        });
        self.first = last;
        self.start = self.skip_space(at);
    }

    fn skip_space(&self, at: usize) -> usize {
        match self.bytes.get(at..at + 2) {
            Some([b' ', next]) if next.is_ascii_graphic() => at + 1,
            _ => self.end - self.text[at..].trim_start().len(),
        }
    }

    // Marks that may end a sentence.

    fn stop(&mut self, at: usize) -> usize {
        if at < self.judged {
            return at + 1;
        }
        if self.bytes[at] == b'.' {
            self.count_item(at);
        }
        let run = self.read_run(at);
        self.judged = run.cut;
        if self.is_end(at, &run) {
            self.cut = Some(run.cut);
        }
        run.end
    }

    /// Reads the marks at `at` and what closes behind them.
    fn read_run(&self, at: usize) -> Run {
        let (mut end, mut dots, mut kind) = (at, 0, RunKind::Stop);
        loop {
            match self.bytes.get(end) {
                Some(b'.') => dots += 1,
                Some(b'?' | b'!') => kind = RunKind::Emphatic,
                Some(0xe2) if self.bytes[end..].starts_with("…".as_bytes()) => {
                    dots += 3;
                    end += 2;
                }
                _ => break,
            }
            end += 1;
        }
        if kind == RunKind::Stop {
            let glued = end;
            while self.bytes.get(end) == Some(&b' ')
                && self.bytes.get(end + 1) == Some(&b'.')
                && !self.bytes.get(end + 2).is_some_and(u8::is_ascii_alphanumeric)
            {
                end += 2;
                dots += 1;
            }
            if dots == 4 && end == glued + 6 && self.is_glued(at) && self.has_capital(end) {
                // A full stop, then the ellipsis that opens the next sentence.
                (end, dots) = (glued, 1);
            }
            if dots > 1 {
                kind = RunKind::Ellipsis;
            }
        }
        let mut run = Run { end, cut: end, kind, is_closed: false, is_quoted: false };
        self.read_closing(&mut run);
        run
    }

    /// Takes in what closes behind the marks, and further marks behind that.
    fn read_closing(&self, run: &mut Run) {
        loop {
            let rest = &self.bytes[run.cut..];
            let (width, is_quote) = match rest {
                [b')' | b']' | b'}', ..] => (1, false),
                [b'"' | b'\'', ..] => (1, true),
                [0xe2, 0x80, 0x99 | 0x9d, ..] => (3, true),
                [0xc2, 0xbb, ..] => (2, true),
                [b'.' | b'?' | b'!', ..] if run.is_closed => {
                    run.cut += 1;
                    continue;
                }
                // A mark that stands apart, as some texts set them.
                [b' ', b')' | b']', b' ', ..] => (2, false),
                [b' ', b'\'', b'\'', b' ', ..] => (3, true),
                [b' ', 0xe2, 0x80, 0x9d, b' ', ..] => (4, true),
                [b' ', b'"', b' ' | b'\n', ..] | [b' ', b'"']
                    if self.opened[Pair::Double as usize].is_some() =>
                {
                    (2, true)
                }
                _ => return,
            };
            run.cut += width;
            run.is_closed = true;
            run.is_quoted |= is_quote;
        }
    }

    /// Whether a sentence ends with `run`, which begins at `at`.
    fn is_end(&self, at: usize, run: &Run) -> bool {
        let next_at = self.skip_space(run.cut);
        if next_at >= self.end {
            return false;
        }
        if next_at == run.cut {
            return self.is_missing_space(at, run);
        }
        if run.kind == RunKind::Ellipsis && (at == self.start || self.is_omission(at, run)) {
            return false;
        }
        let kind = self.kind(at, run);
        if self.goes_on(next_at) {
            return false;
        }
        let (next, word) = self.next(next_at);
        if !kind.ends_before(next, word) {
            return false;
        }
        if kind.min_words > 0 && !self.has_words(at, kind.min_words) {
            return false;
        }
        let may_be_framed = run.is_quoted && run.kind == RunKind::Emphatic && next == Next::Capital;
        !(may_be_framed && self.is_frame(next_at))
    }

    /// The kind of what stands before the marks at `at`.
    fn kind(&self, at: usize, run: &Run) -> &'a Kind {
        let word = self.word_before(at);
        match run.kind {
            RunKind::Ellipsis => self.rules.shape(Shape::Ellipsis),
            RunKind::Emphatic => {
                let is_name = run.end == at + 1 && !run.is_closed;
                let name = is_name.then(|| self.rules.word(&self.bytes[at - word.len()..at + 1]));
                let shape = if run.is_closed { Shape::ClosedEmphatic } else { Shape::Emphatic };
                name.flatten().unwrap_or_else(|| self.rules.shape(shape))
            }
            RunKind::Stop => {
                let kind = self.kind_of_word(at, word);
                let is_open = !run.is_closed || kind.never_ends();
                if is_open { kind } else { self.rules.shape(Shape::Closed) }
            }
        }
    }

    fn kind_of_word(&self, at: usize, word: &[u8]) -> &'a Kind {
        if self.label(at).is_some() && self.is_first(at - word.len()) {
            return self.rules.shape(Shape::Label);
        }
        if is_letter(word) {
            return self.rules.shape(Shape::Initial);
        }
        if let Some(kind) = self.rules.word(word) {
            return kind;
        }
        let shape = if is_acronym(word) { Shape::Acronym } else { Shape::Word };
        self.rules.shape(shape)
    }

    /// The word that ends at `at`; of a very long one only the end.
    fn word_before(&self, at: usize) -> &'a [u8] {
        let bytes: &'a [u8] = self.bytes;
        let floor = self.start.max(at.saturating_sub(LONGEST + 1));
        let mut from = at;
        while from > floor {
            let is_part = match bytes[from - 1] {
                b'.' | b'&' => true,
                b'\'' => from - 1 > floor && bytes[from - 2].is_ascii_alphabetic(),
                byte => byte.is_ascii_alphanumeric() || byte >= 0x80,
            };
            if !is_part {
                break;
            }
            from -= 1;
        }
        after_signs(&bytes[from..at])
    }

    /// What stands at `at`, and the word there.
    fn next(&self, at: usize) -> (Next, &'a [u8]) {
        let bytes: &'a [u8] = self.bytes;
        let (mut from, mut is_quoted) = (at, false);
        loop {
            let width = match &bytes[from..] {
                [b'(' | b'[' | b'{', ..] => return (Next::Bracket, b""),
                [b'"' | b'\'' | b'`', ..] => 1,
                [0xe2, 0x80, 0x98 | 0x9c | 0x9e, ..] => 3,
                [0xc2, 0xab, ..] => 2,
                _ => break,
            };
            from += width;
            is_quoted = true;
        }
        let word = letters(&bytes[from..]);
        let Some(first) = self.text[from..].chars().next() else { return (Next::Sign, b"") };
        let next = match first {
            it if it.is_numeric() => Next::Digit,
            it if it.is_lowercase() => Next::Lower,
            it if !it.is_alphabetic() => Next::Sign,
            _ if self.is_starter(from, word) => Next::Starter,
            _ if is_quoted => Next::Quotation,
            _ => Next::Capital,
        };
        (next, word)
    }

    /// Whether a mark stands at `at` that opens no sentence: `:)`, a stray comma, a second mark.
    fn goes_on(&self, at: usize) -> bool {
        matches!(self.bytes[at], b':' | b';' | b',' | b'=' | b')' | b']' | b'?' | b'!' | b'/')
    }

    /// `A` and `I` start sentences, but `A.` and `I.` are initials.
    fn is_starter(&self, at: usize, word: &[u8]) -> bool {
        let is_initial = word.len() == 1 && self.bytes.get(at + 1) == Some(&b'.');
        !is_initial && self.rules.is_starter(word)
    }

    /// Whether the marks stand alone between brackets: words were left out there.
    fn is_omission(&self, at: usize, run: &Run) -> bool {
        at > self.start
            && matches!(self.bytes[at - 1], b'[' | b'(')
            && matches!(self.bytes.get(run.end), Some(b']' | b')'))
    }

    /// Whether a new sentence follows without white space, as in `the end.Then`.
    fn is_missing_space(&self, at: usize, run: &Run) -> bool {
        let word = self.word_before(at);
        let before = self.bytes[self.start..at - word.len()].last();
        let is_address = matches!(before, Some(b'/' | b'@' | b'_' | b'=' | b'#'));
        let is_plain = word.len() > 1 && word.iter().all(u8::is_ascii_lowercase) && !is_address;
        let next = letters(&self.bytes[run.cut..]);
        let is_word = matches!(next, [b'A'..=b'Z', b'a'..=b'z', ..]);
        let after = self.bytes.get(run.cut + next.len());
        is_plain
            && is_word
            && matches!(after, Some(b' ' | b',' | b'\'' | b'\n') | None | Some(0xe2))
    }

    /// Whether the sentence at hand has so many words before the marks at `at`.
    fn has_words(&self, at: usize, words: usize) -> bool {
        let from = self.start.max(at.saturating_sub(128));
        let spaces = self.bytes[from..at].iter().filter(|it| it.is_ascii_whitespace());
        from > self.start || spaces.count() + 1 >= words
    }

    /// Whether names and then a verb of saying stand at `at`: `“Why?” Ana Diaz asked.`
    fn is_frame(&self, at: usize) -> bool {
        let mut at = at;
        for _ in 0..5 {
            let word = letters(&self.bytes[at..]);
            if self.rules.is_reporting(word) {
                return true;
            }
            if !word.first().is_some_and(|it| it.is_ascii_uppercase() || *it >= 0x80) {
                return false;
            }
            at += word.len();
            at += usize::from(self.bytes.get(at) == Some(&b'.'));
            if self.bytes.get(at) != Some(&b' ') {
                return false;
            }
            at += 1;
        }
        false
    }

    fn has_capital(&self, at: usize) -> bool {
        let next = self.text[self.skip_space(at)..].chars().next();
        next.is_some_and(char::is_uppercase)
    }

    /// Whether no white space stands before `at`.
    fn is_glued(&self, at: usize) -> bool {
        at > self.start && !self.bytes[at - 1].is_ascii_whitespace()
    }

    // Lists inside a block.

    /// The label that ends at `at`: a number, or one small letter.
    fn label(&self, at: usize) -> Option<Label> {
        let digits = self.bytes[self.start..at].iter().rev().take(3);
        let count = digits.take_while(|it| it.is_ascii_digit()).count();
        let (from, label) = match (count, at.checked_sub(1).map(|it| self.bytes[it])) {
            (1 | 2, _) => {
                let number = self.bytes[at - count..at].iter();
                let number = number.fold(0, |number, it| number * 10 + (it - b'0'));
                (at - count, Label::Number(number))
            }
            (0, Some(letter)) if letter.is_ascii_alphabetic() && at > self.start => {
                (at - 1, Label::Letter(letter))
            }
            _ => return None,
        };
        let is_apart = from == self.start || is_space_or_sign(self.bytes[from - 1]);
        is_apart.then_some(label)
    }

    /// Cuts before the label that ends at `at` if it is the next of a list.
    fn count_item(&mut self, at: usize) {
        let Some(label) = self.label(at) else { return };
        let from = at - if matches!(label, Label::Number(10..)) { 2 } else { 1 };
        let mark = self.bytes[at];
        let is_first = self.is_first(from);
        let is_next = self.list.is_some_and(|it| it.mark == mark && it.next == label);
        if is_next && !is_first && self.bytes[from - 1].is_ascii_whitespace() && self.has_item(at) {
            self.cut_at(from);
        }
        let begins = matches!(label, Label::Number(1) | Label::Letter(b'a' | b'A'));
        if is_next || (is_first && begins) {
            let next = match label {
                Label::Number(it) => Label::Number(it.saturating_add(1)),
                Label::Letter(it) => Label::Letter(it.saturating_add(1)),
            };
            self.list = Some(List { mark, next });
        }
    }

    /// Whether the words of an item follow the label that ends at `at`.
    fn has_item(&self, at: usize) -> bool {
        let after = at + 1 + usize::from(self.bytes.get(at + 1) == Some(&b')'));
        self.bytes.get(after) == Some(&b' ') && self.has_capital(after)
    }

    /// Whether only signs stand between the start of the sentence and `at`.
    fn is_first(&self, at: usize) -> bool {
        at <= self.start
            || (at - self.start < 12
                && !self
                    .text
                    .get(self.start..at)
                    .is_some_and(|it| it.chars().any(char::is_alphanumeric)))
    }

    // Lines.

    fn line_break(&mut self, at: usize) -> usize {
        let next_at = self.skip_space(at);
        let is_blank = self.bytes[at + 1..next_at].contains(&b'\n');
        let line = at - self.line;
        self.line = next_at;
        if is_blank || self.ends_line(at, next_at, line) {
            self.finish();
            self.cut_at(at);
            self.opened = [None; PAIRS];
            if is_blank {
                self.list = None;
            }
        }
        next_at
    }

    /// Whether the single line break at `at` ends a sentence that no mark has ended.
    fn ends_line(&self, at: usize, next_at: usize, line: usize) -> bool {
        let next = self.text[next_at..].chars().next();
        if WRAPPED.contains(&line) || next.is_none_or(char::is_lowercase) {
            return false;
        }
        // After a full stop the word before it has been asked already.
        !self.text[..at].trim_end().ends_with(['.', ','])
    }

    // Pairs.

    fn quote(&mut self, at: usize) -> usize {
        let byte = self.bytes[at];
        let is_twice = byte != b'"' && self.bytes.get(at + 1) == Some(&byte);
        let end = at + 1 + usize::from(is_twice);
        match (byte, is_twice) {
            (b'`', true) => self.open(Pair::Double, at),
            (b'`', false) => self.open(Pair::Single, at),
            (b'\'', false) => self.apostrophe(at, end, false),
            _ => self.straight(at, end),
        }
        end
    }

    /// A double mark that does not say which way it looks.
    fn straight(&mut self, at: usize, end: usize) {
        let is_open = self.opened[Pair::Double as usize].is_some();
        let before = self.has_space_before(at);
        let after = self.bytes.get(end).is_none_or(|it| it.is_ascii_whitespace());
        let opens = match (before, after) {
            (true, false) => true,
            (false, true) => false,
            _ => !is_open,
        };
        if opens { self.open(Pair::Double, at) } else { self.close(Pair::Double, at) }
    }

    /// A single mark: it opens before a word, and closes only behind punctuation, since
    /// elsewhere it is an apostrophe.
    fn apostrophe(&mut self, at: usize, end: usize, is_curly: bool) {
        let is_word_after = self
            .bytes
            .get(end)
            .is_some_and(|it| it.is_ascii_alphanumeric() || (*it >= 0x80 && *it != 0xe2));
        if is_word_after {
            if !is_curly && self.has_space_before(at) {
                self.open(Pair::Single, at);
            }
            return;
        }
        let is_behind_mark =
            at > self.start && matches!(self.bytes[at - 1], b'.' | b',' | b'?' | b'!');
        if is_behind_mark {
            self.close(Pair::Single, at);
        }
    }

    fn bracket(&mut self, at: usize) -> usize {
        let is_smiley = at > self.start && matches!(self.bytes[at - 1], b':' | b';');
        if is_smiley {
            return at + 1;
        }
        match self.bytes[at] {
            b'(' => self.open(Pair::Round, at),
            b'[' => self.open(Pair::Square, at),
            b'{' => self.open(Pair::Curly, at),
            b')' => {
                if self.cut.is_none() {
                    self.count_item(at);
                }
                self.close(Pair::Round, at);
            }
            b']' => self.close(Pair::Square, at),
            _ => self.close(Pair::Curly, at),
        }
        at + 1
    }

    fn lead(&mut self, at: usize) -> usize {
        match &self.bytes[at..] {
            [0xe2, 0x80, 0xa6, ..] if at >= self.judged => return self.stop(at),
            // ‘ ’ “ ” „ « »
            [0xe2, 0x80, 0x98, ..] => self.open(Pair::Single, at),
            [0xe2, 0x80, 0x99, ..] => self.apostrophe(at, at + 3, true),
            [0xe2, 0x80, 0x9c, ..] if self.is_glued(at) && self.is_low() => {
                self.close(Pair::Double, at);
            }
            [0xe2, 0x80, 0x9c | 0x9e, ..] => self.open(Pair::Double, at),
            [0xe2, 0x80, 0x9d, ..] => self.close(Pair::Double, at),
            [0xc2, 0xab, ..] => self.open(Pair::Angle, at),
            [0xc2, 0xbb, ..] => self.close(Pair::Angle, at),
            rest => {
                if at > self.start && !self.is_glued(at) && self.rules.is_bullet(rest) {
                    self.finish();
                    self.cut_at(at);
                }
            }
        }
        at + if self.bytes[at] == 0xe2 { 3 } else { 2 }
    }

    /// Whether the double mark at hand was opened low, as in `„Ja.“`.
    fn is_low(&self) -> bool {
        let opened = self.opened[Pair::Double as usize];
        opened.is_some_and(|it| self.bytes[it.at..].starts_with("„".as_bytes()))
    }

    fn has_space_before(&self, at: usize) -> bool {
        at <= self.start
            || matches!(
                self.bytes[at - 1],
                b' ' | b'\n' | b'\t' | b'(' | b'[' | b'-' | b'"' | b'\''
            )
            || self.text[..at].ends_with(['—', '–', '“', '‘', '\u{a0}'])
    }

    /// A quotation opened anew was never closed; brackets may stand inside each other.
    fn open(&mut self, pair: Pair, at: usize) {
        let inner = self.out.inner.len() as u32;
        let is_bracket = matches!(pair, Pair::Round | Pair::Square | Pair::Curly);
        match &mut self.opened[pair as usize] {
            Some(outer) if is_bracket && at - outer.at < self.rules.longest_bracket => {
                outer.depth += 1;
            }
            slot => *slot = Some(Opened { at, inner, depth: 0 }),
        }
    }

    /// Holds together all that stands between the opening mark and `at`.
    fn close(&mut self, pair: Pair, at: usize) {
        let slot = &mut self.opened[pair as usize];
        let Some(opened) = slot else { return };
        if opened.depth > 0 {
            opened.depth -= 1;
            return;
        }
        let Opened { at: from, inner, .. } = *opened;
        *slot = None;
        let longest = match pair {
            Pair::Double | Pair::Single | Pair::Angle => self.rules.longest_quotation,
            Pair::Round | Pair::Square | Pair::Curly => self.rules.longest_bracket,
        };
        if at - from > longest {
            return;
        }
        let longest = self.rules.longest_sentence;
        let is_inside =
            |it: &mut OuterSentence| it.last > inner && at - it.span.start as usize <= longest;
        while let Some(outer) = self.out.outer.pop_if(is_inside) {
            self.first = outer.first;
        }
    }
}

/// A word without the signs before it, such as `“` and `—`.
fn after_signs(word: &[u8]) -> &[u8] {
    let sign = word.windows(2).rposition(|it| it[0] == 0xe2 || it == [0xc2, 0xa0]);
    match sign {
        Some(at) => &word[(at + if word[at] == 0xe2 { 3 } else { 2 }).min(word.len())..],
        None => word,
    }
}

/// The letters at the beginning of `bytes`.
fn letters(bytes: &[u8]) -> &[u8] {
    let is_letter = |it: &u8| it.is_ascii_alphabetic() || (*it >= 0x80 && *it != 0xe2);
    let count = bytes.iter().take(LONGEST + 1).take_while(|it| is_letter(it)).count();
    &bytes[..count]
}

/// Whether a word is one capital letter.
fn is_letter(word: &[u8]) -> bool {
    match word {
        [letter] => letter.is_ascii_uppercase(),
        [0xc3..=0xd4, _] => {
            std::str::from_utf8(word).is_ok_and(|it| it.chars().all(char::is_uppercase))
        }
        _ => false,
    }
}

/// Whether single letters stand between full stops: `U.S`, `a.k.a`.
fn is_acronym(word: &[u8]) -> bool {
    word.len() >= 3
        && word.len() % 2 == 1
        && word
            .chunks(2)
            .all(|it| it[0].is_ascii_alphabetic() && it.get(1).is_none_or(|&it| it == b'.'))
}

fn is_space_or_sign(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'(' || byte >= 0x80
}
