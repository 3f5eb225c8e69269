//! Cuts a text into paragraphs.
//!
//! A blank line always separates. A single line break does too, unless the text was wrapped at a
//! right margin, or the break stands in the middle of a sentence: two joined paragraphs mix up
//! their speakers, a torn one loses a sentence at most.

use crate::text::Span;

/// No line that a program or a typist wrapped is longer.
const WIDEST: usize = 120;
/// Narrower columns are lists and verse.
const NARROWEST: usize = 45;
/// A shorter line is not taken for the beginning of one that goes on.
const SHORT: usize = 30;

#[derive(Debug, Clone, Copy)]
struct Line {
    /// Without white space at its edges.
    span: Span,
    /// Columns of white space in front.
    indent: u32,
    /// Whether the line before it is not blank.
    is_next: bool,
}

/// The paragraphs of `text`, in order, without white space at their edges.
pub(super) fn paragraphs(text: &str) -> Vec<Span> {
    let lines = lines(text);
    let margin = margin(text, &lines);
    let mut found: Vec<Span> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        if line.is_next && goes_on(text, &lines[at - 1], line, margin) {
            let last = found.last_mut().expect("a next line has one before it");
            *last = last.to(line.span);
        } else {
            found.push(line.span);
        }
    }
    found
}

/// The lines that are not blank.
fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let (mut start, mut is_next) = (0, false);
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for end in ends {
        let span = Span::new(start, end).trim(text);
        if !span.is_empty() {
            let indent = span.start - start as u32;
            found.push(Line { span, indent, is_next });
        }
        is_next = !span.is_empty();
        start = end + 1;
    }
    found
}

/// The column at which the text was wrapped, if it was.
fn margin(text: &str, lines: &[Line]) -> Option<usize> {
    let joints = lines.windows(2).filter(|it| it[1].is_next);
    let (mut widest, mut count) = (0, 0);
    for pair in joints.clone() {
        count += 1;
        let width = width(text, &pair[0]);
        if width <= WIDEST {
            widest = widest.max(width);
        }
    }
    if count < 2 || widest < NARROWEST {
        return None;
    }
    let too_wide = lines.iter().filter(|it| it.span.len() > 4 * WIDEST || width(text, it) > WIDEST);
    if too_wide.count() * 20 > lines.len() {
        return None;
    }
    let (mut full, mut ended) = (0, 0);
    for pair in joints {
        full += usize::from(is_full(text, &pair[0], &pair[1], widest));
        ended += usize::from(is_ended(pair[0].span.of(text)));
    }
    (full * 10 >= count * 7 && ended * 10 < count * 6).then_some(widest)
}

/// Whether a paragraph goes on over the break between two lines.
fn goes_on(text: &str, line: &Line, next: &Line, margin: Option<usize>) -> bool {
    if let Some(margin) = margin {
        let is_indented = next.indent >= line.indent + 2;
        return !is_indented && is_full(text, line, next, margin);
    }
    let (words, next) = (line.span.of(text), next.span.of(text));
    words.len() >= SHORT
        && next.starts_with(char::is_lowercase)
        && words.ends_with(|it: char| it.is_alphanumeric() || it == ',')
}

/// Whether the first word of the next line had no room in this one.
fn is_full(text: &str, line: &Line, next: &Line, margin: usize) -> bool {
    let next = next.span.of(text);
    let word = next.split_whitespace().next().unwrap_or_default();
    let width = width(text, line);
    width <= WIDEST && width + 1 + word.chars().count() > margin
}

/// Whether a line ends as a sentence does.
pub(super) fn is_ended(words: &str) -> bool {
    let words = words.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
    words.ends_with(['.', '!', '?', '…'])
}

fn width(text: &str, line: &Line) -> usize {
    let words = line.span.of(text);
    if words.is_ascii() { words.len() } else { words.chars().count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = paragraphs(text).iter().map(|it| it.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn blank_lines_separate() {
        check("", &[]);
        check(" \n\n ", &[]);
        check("One.\n\n  Two.  \n \t\nThree.\n", &["One.", "Two.", "Three."]);
    }

    #[test]
    fn single_breaks_separate_where_sentences_end() {
        check(
            "The council met on Monday and talked for nine hours about the old pier.\nNobody left.\nA Heading\nThe mayor stayed.",
            &[
                "The council met on Monday and talked for nine hours about the old pier.",
                "Nobody left.",
                "A Heading",
                "The mayor stayed.",
            ],
        );
    }

    #[test]
    fn a_break_inside_a_sentence_does_not() {
        let text = "The council met on Monday and talked with the\nmayor for nine hours.";
        check(text, &[text]);
    }

    #[test]
    fn a_wrapped_text_keeps_its_paragraphs() {
        let one = "The harbor council met on Monday and talked for nine long hours about\n\
                   the old pier. Ana Diaz, who leads it, said that it would stay open. She\n\
                   thanked the fishermen. Bo Lee, who speaks for them, said that they had\n\
                   waited long enough for such words.";
        let two = "Nobody in the room wanted to promise that the money would last until\n\
                   spring, when the work begins. The mayor did not come.";
        check(&format!("{one}\n\n{two}"), &[one, two]);
        check(&format!("{one}\n   {two}"), &[one, two]);
        check(&format!("A Short Heading\n{one}\n\n{two}"), &["A Short Heading", one, two]);
    }
}
