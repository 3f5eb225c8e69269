//! The token pattern language: from the words of a rule author to a tree.
//!
//! ```text
//! "said"               the word, in any case; "prime minister" is two tokens; "US" exactly so
//! @speech              a word of the class, or one of its entries of several words
//! np  date  capital    an element kind, how a token is written, or a defined pattern
//! [capital & !@month]  one element with all these properties: & | ! ( )
//! .  ^  $              any element, start and end of the sentence
//! a b  a | b  (a)      one after the other, either, grouping
//! a?  a*  a+  a{2,4}   repetition, as long as possible
//! {source: a}          a named part
//! ```
//!
//! A property speaks of plain words unless its brackets name an element kind.

use std::ops::Range;

use super::lexicon::pieces;

pub(crate) use super::grammar::nearest;

/// A pattern, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of them; the first that fits is preferred.
    Choice(Vec<Node>),
    /// Again and again, as long as possible.
    Repeat(Box<Node>, u32, Option<u32>),
    /// One element.
    One(Condition),
    /// A class with its entries of several words, as it stands outside brackets.
    Class(String, Range<usize>),
    /// A bare name: an element kind, a form, or a defined pattern.
    Name(String, Range<usize>),
    /// A named part.
    Part(String, Box<Node>),
    /// Start of the sentence.
    Start,
    /// End of the sentence.
    End,
}

/// What one element must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Anything.
    Any,
    /// This word, in lower case or, with a capital, exactly so.
    Word(String),
    /// A word of the class.
    Class(String, Range<usize>),
    /// A form, an element kind or the name of a defined one-element pattern.
    Name(String, Range<usize>),
    /// All of these.
    And(Vec<Condition>),
    /// One of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
}

/// A mistake in a pattern, with its bytes in the pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: String,
}

/// Reads a pattern.
///
/// # Errors
/// The first mistake in it.
pub fn parse(text: &str) -> Result<Node, Mistake> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.choice()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(node),
        Some(found) => Err(parser.mistake(format!("`{found}` closes nothing"), "remove it")),
    }
}

/// All literal words in a pattern.
pub fn words(node: &Node, found: &mut Vec<String>) {
    match node {
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|it| words(it, found)),
        Node::Repeat(node, _, _) | Node::Part(_, node) => words(node, found),
        Node::One(condition) => condition_words(condition, found),
        Node::Class(..) | Node::Name(..) | Node::Start | Node::End => {}
    }
}

fn condition_words(condition: &Condition, found: &mut Vec<String>) {
    match condition {
        Condition::Word(word) => found.push(word.clone()),
        Condition::And(all) | Condition::Or(all) => {
            all.iter().for_each(|it| condition_words(it, found));
        }
        Condition::Not(it) => condition_words(it, found),
        Condition::Any | Condition::Class(..) | Condition::Name(..) => {}
    }
}

/// All bare names in a pattern, with their bytes.
pub fn names<'n>(node: &'n Node, found: &mut Vec<(&'n str, Range<usize>)>) {
    match node {
        Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|it| names(it, found)),
        Node::Repeat(node, _, _) | Node::Part(_, node) => names(node, found),
        Node::One(condition) => condition_names(condition, found),
        Node::Name(name, at) => found.push((name, at.clone())),
        Node::Class(..) | Node::Start | Node::End => {}
    }
}

fn condition_names<'n>(condition: &'n Condition, found: &mut Vec<(&'n str, Range<usize>)>) {
    match condition {
        Condition::Name(name, at) => found.push((name, at.clone())),
        Condition::And(all) | Condition::Or(all) => {
            all.iter().for_each(|it| condition_names(it, found));
        }
        Condition::Not(it) => condition_names(it, found),
        Condition::Any | Condition::Word(_) | Condition::Class(..) => {}
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Node, Mistake> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Choice(branches) })
    }

    fn sequence(&mut self) -> Result<Node, Mistake> {
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None | Some('|' | ')' | '}') => break,
                Some(_) => items.push(self.item()?),
            }
        }
        match items.len() {
            0 => Err(self.mistake("an empty pattern", "write what is to be matched here")),
            1 => Ok(items.remove(0)),
            _ => Ok(Node::Sequence(items)),
        }
    }

    fn item(&mut self) -> Result<Node, Mistake> {
        let mut node = self.atom()?;
        loop {
            let (min, max) = match self.peek() {
                Some('?') => self.advance((0, Some(1))),
                Some('*') => self.advance((0, None)),
                Some('+') => self.advance((1, None)),
                Some('{') => match self.counts()? {
                    Some(counts) => counts,
                    None => return Ok(node),
                },
                _ => return Ok(node),
            };
            node = Node::Repeat(Box::new(node), min, max);
        }
    }

    /// `{2}`, `{2,}`, `{2,4}`; nothing where a named part begins.
    fn counts(&mut self) -> Result<Option<(u32, Option<u32>)>, Mistake> {
        let rest = &self.text[self.at + 1..];
        if !rest.starts_with(|it: char| it.is_ascii_digit()) {
            return Ok(None);
        }
        let start = self.at;
        let Some(end) = rest.find('}') else {
            return Err(self.mistake("`{` is not closed", "write for instance `{2,4}`"));
        };
        let inside = &rest[..end];
        self.at += end + 2;
        let (low, high) = inside.split_once(',').unwrap_or((inside, inside));
        let number = |text: &str| text.trim().parse::<u32>().ok().filter(|&it| it <= 200);
        let max = if high.trim().is_empty() { Some(None) } else { number(high).map(Some) };
        match (number(low), max) {
            (Some(low), Some(high)) if high.is_none_or(|it| it >= low) => Ok(Some((low, high))),
            _ => Err(Mistake {
                at: start..self.at,
                message: format!("`{{{inside}}}` is no count"),
                help: "write for instance `{2}`, `{2,}` or `{2,4}`, at most 200".to_owned(),
            }),
        }
    }

    fn atom(&mut self) -> Result<Node, Mistake> {
        let start = self.at;
        match self.peek().expect("the caller has seen a character") {
            '"' => self.literal().map(|words| {
                let mut ones: Vec<_> =
                    words.into_iter().map(|it| Node::One(Condition::Word(it))).collect();
                if ones.len() == 1 { ones.remove(0) } else { Node::Sequence(ones) }
            }),
            '@' => {
                self.at += 1;
                let name = self.name("a class")?;
                Ok(Node::Class(name, start..self.at))
            }
            '[' => {
                self.at += 1;
                let condition = self.condition()?;
                self.close(']', start)?;
                Ok(Node::One(condition))
            }
            '(' => {
                self.at += 1;
                let node = self.choice()?;
                self.close(')', start)?;
                Ok(node)
            }
            '{' => {
                self.at += 1;
                self.skip_space();
                let name = self.name("a part")?;
                if !self.eat(':') {
                    return Err(self.mistake("`:` is missing", "write `{name: pattern}`"));
                }
                let node = self.choice()?;
                self.close('}', start)?;
                Ok(Node::Part(name, Box::new(node)))
            }
            '.' => Ok(self.advance(Node::One(Condition::Any))),
            '^' => Ok(self.advance(Node::Start)),
            '$' => Ok(self.advance(Node::End)),
            it if it.is_ascii_lowercase() => {
                let name = self.name("a pattern")?;
                Ok(Node::Name(name, start..self.at))
            }
            it => Err(self.mistake(
                format!("`{it}` cannot stand here"),
                "a word stands in double quotes, a class begins with `@`, names are in lower case",
            )),
        }
    }

    /// `a & b | !c`: `&` binds closer than `|`.
    fn condition(&mut self) -> Result<Condition, Mistake> {
        let mut branches = vec![self.conjunction()?];
        while self.eat('|') {
            branches.push(self.conjunction()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Condition::Or(branches) })
    }

    fn conjunction(&mut self) -> Result<Condition, Mistake> {
        let mut all = vec![self.property()?];
        while self.eat('&') {
            all.push(self.property()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::And(all) })
    }

    fn property(&mut self) -> Result<Condition, Mistake> {
        self.skip_space();
        let start = self.at;
        match self.peek() {
            Some('!') => {
                self.at += 1;
                Ok(Condition::Not(Box::new(self.property()?)))
            }
            Some('(') => {
                self.at += 1;
                let inside = self.condition()?;
                self.close(')', start)?;
                Ok(inside)
            }
            Some('"') => {
                let mut words = self.literal()?;
                if words.len() == 1 {
                    return Ok(Condition::Word(words.remove(0)));
                }
                Err(Mistake {
                    at: start..self.at,
                    message: "several words where one element is spoken of".to_owned(),
                    help: "put the words outside of `[ ]`".to_owned(),
                })
            }
            Some('@') => {
                self.at += 1;
                let name = self.name("a class")?;
                Ok(Condition::Class(name, start..self.at))
            }
            Some('.') => {
                self.at += 1;
                Ok(Condition::Any)
            }
            Some(it) if it.is_ascii_lowercase() => {
                let name = self.name("a property")?;
                Ok(Condition::Name(name, start..self.at))
            }
            _ => Err(self.mistake(
                "a property is missing",
                "write a \"word\", a @class, or a name such as `capital`",
            )),
        }
    }

    fn literal(&mut self) -> Result<Vec<String>, Mistake> {
        let start = self.at;
        let rest = &self.text[self.at + 1..];
        let Some(end) = rest.find('"') else {
            return Err(self.mistake("the word is not closed", "add a `\"` after it"));
        };
        self.at += end + 2;
        // A quotation mark itself is written by its form: open, close, quote.
        let words = pieces(&rest[..end].replace('’', "'"));
        if words.is_empty() {
            return Err(Mistake {
                at: start..self.at,
                message: "an empty word".to_owned(),
                help: "for a quotation mark write `open`, `close` or `quote`".to_owned(),
            });
        }
        Ok(words)
    }

    fn name(&mut self, what: &str) -> Result<String, Mistake> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|it: char| !(it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'))
            .unwrap_or(rest.len());
        if !rest.starts_with(|it: char| it.is_ascii_lowercase()) {
            let help = "names are written in lower case letters, digits and hyphens";
            return Err(self.mistake(format!("the name of {what} is missing"), help));
        }
        self.at += end;
        Ok(rest[..end].to_owned())
    }

    fn close(&mut self, mark: char, start: usize) -> Result<(), Mistake> {
        if self.eat(mark) {
            return Ok(());
        }
        let opened = &self.text[start..=start];
        let mut mistake =
            self.mistake(format!("`{opened}` is not closed"), format!("add `{mark}`"));
        mistake.at.start = start;
        Err(mistake)
    }

    /// Steps over one mark, which stands for `it`.
    fn advance<T>(&mut self, it: T) -> T {
        self.at += 1;
        it
    }

    fn eat(&mut self, mark: char) -> bool {
        self.skip_space();
        let found = self.peek() == Some(mark);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn mistake(&self, message: impl Into<String>, help: impl Into<String>) -> Mistake {
        let length = self.peek().map_or(0, char::len_utf8);
        Mistake { at: self.at..self.at + length, message: message.into(), help: help.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(pattern: &str, at: Range<usize>, message: &str) {
        let mistake = parse(pattern).unwrap_err();
        assert_eq!((mistake.at, mistake.message.as_str()), (at, message));
    }

    fn word(it: &str) -> Node {
        Node::One(Condition::Word(it.to_owned()))
    }

    #[test]
    fn reads_a_rule() {
        let node = parse(r#"{content: quotation} ","? {cue: @speech} {source: np}"#).unwrap();
        let Node::Sequence(items) = node else { panic!("a sequence") };
        assert_eq!(items.len(), 4);
        assert_eq!(items[1], Node::Repeat(Box::new(word(",")), 0, Some(1)));
        assert_eq!(
            items[2],
            Node::Part("cue".into(), Box::new(Node::Class("speech".into(), 32..39)))
        );
    }

    #[test]
    fn reads_repetition() {
        let repeat = |min, max| Node::Repeat(Box::new(word("a")), min, max);
        for (text, node) in [
            (r#""a"*"#, repeat(0, None)),
            (r#""a"+"#, repeat(1, None)),
            (r#""a"{2}"#, repeat(2, Some(2))),
            (r#""a"{2,}"#, repeat(2, None)),
            (r#""a"{0,3}"#, repeat(0, Some(3))),
        ] {
            assert_eq!(parse(text).unwrap(), node, "{text}");
        }
        assert_eq!(
            parse(r#""a"? {b: "c"}"#).unwrap(),
            Node::Sequence(vec![repeat(0, Some(1)), Node::Part("b".into(), Box::new(word("c")))])
        );
    }

    #[test]
    fn mistakes_have_a_place_and_a_way_out() {
        fails(r#"("a" "b""#, 0..8, "`(` is not closed");
        fails(r#""a" )"#, 4..5, "`)` closes nothing");
    }
}
