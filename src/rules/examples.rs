//! Examples in rule files: a text with what must be found in it, marked `[words](label)`.

use crate::text::Span;

/// An example without its marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marked {
    /// The plain text.
    pub text: String,
    /// What was marked in it, in order of place.
    pub marks: Vec<Mark>,
}

/// A marked stretch of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where, in bytes of the plain text.
    pub span: Span,
    /// What it is: `source`, `2024-03-05`.
    pub label: String,
}

impl Marked {
    /// Takes the marks out of an example. Brackets without `(…)` behind them are plain text.
    pub fn parse(example: &str) -> Marked {
        let mut marked = Marked::default();
        let mut rest = example;
        while let Some(open) = rest.find('[') {
            marked.text.push_str(&rest[..open]);
            rest = &rest[open..];
            let Some((inside, label, length)) = mark_at(rest) else {
                marked.text.push('[');
                rest = &rest[1..];
                continue;
            };
            let start = marked.text.len();
            marked.text.push_str(inside);
            let span = Span::new(start, marked.text.len());
            marked.marks.push(Mark { span, label: label.to_owned() });
            rest = &rest[length..];
        }
        marked.text.push_str(rest);
        marked
    }

    /// The places marked with a label.
    pub fn spans(&self, label: &str) -> Vec<Span> {
        self.marks.iter().filter(|it| it.label == label).map(|it| it.span).collect()
    }
}

/// `[inside](label)` at the start of a text, with its length.
fn mark_at(text: &str) -> Option<(&str, &str, usize)> {
    let close = text.find("](")?;
    let inside = &text[1..close];
    if inside.contains('[') {
        return None;
    }
    let end = close + text[close..].find(')')?;
    Some((inside, &text[close + 2..end], end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out() {
        let marked = Marked::parse("[Ana](source) [said](cue) it [sic] was [so](content).");
        assert_eq!(marked.text, "Ana said it [sic] was so.");
        assert_eq!(marked.spans("cue"), [Span::new(4, 8)]);
        assert_eq!(marked.spans("content"), [Span::new(22, 24)]);
    }
}
