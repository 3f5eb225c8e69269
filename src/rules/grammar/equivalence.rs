//! Both engines against a plain reading of patterns: every way to match, one by one; and against
//! regular expressions, which prefer the same way.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::alphabet::{Alphabet, Symbol};
use super::automaton::Automaton;
use super::backtrack::Memory;
use super::program::Program;
use crate::rules::pattern::{Condition, Node};
use crate::rules::{Element, Pack, PackFile, PackFiles};

/// The ends of all matches of `node` in `text` from `at` on.
fn ends(node: &Node, text: &[char], at: usize) -> BTreeSet<usize> {
    let after = |node: &Node, starts: BTreeSet<usize>| -> BTreeSet<usize> {
        starts.into_iter().flat_map(|it| ends(node, text, it)).collect()
    };
    match node {
        Node::Sequence(all) => all.iter().fold([at].into(), |ends, it| after(it, ends)),
        Node::Choice(all) => all.iter().flat_map(|it| ends(it, text, at)).collect(),
        Node::Repeat(it, min, max) => {
            let mut now: BTreeSet<usize> = [at].into();
            for _ in 0..*min {
                now = after(it, now);
            }
            let mut all = now.clone();
            // Beyond the length of the text further turns find nothing new.
            for _ in *min..max.unwrap_or(u32::MAX).min(min + 1 + text.len() as u32) {
                now = after(it, now);
                all.extend(&now);
            }
            all
        }
        Node::Part(_, it) => ends(it, text, at),
        Node::One(condition) => {
            let fits = text.get(at).is_some_and(|it| meets(condition, *it));
            if fits { [at + 1].into() } else { BTreeSet::new() }
        }
        Node::Start if at > 0 => BTreeSet::new(),
        Node::End if at < text.len() => BTreeSet::new(),
        Node::Start | Node::End => [at].into(),
        Node::Class(..) | Node::Name(..) => unreachable!("not generated"),
    }
}

fn meets(condition: &Condition, word: char) -> bool {
    match condition {
        Condition::Word(it) => it.starts_with(word),
        Condition::Not(it) => !meets(it, word),
        Condition::Or(all) => all.iter().any(|it| meets(it, word)),
        _ => true,
    }
}

/// The same pattern as a regular expression, whose groups say where parts are.
fn regex(node: &Node) -> String {
    let all =
        |nodes: &[Node], between: &str| nodes.iter().map(regex).collect::<Vec<_>>().join(between);
    match node {
        Node::Sequence(nodes) => all(nodes, ""),
        Node::Choice(nodes) => format!("(?:{})", all(nodes, "|")),
        Node::Repeat(it, min, None) => format!("(?:{}){{{min},}}", regex(it)),
        Node::Repeat(it, min, Some(max)) => format!("(?:{}){{{min},{max}}}", regex(it)),
        Node::Part(_, it) => format!("({})", regex(it)),
        Node::One(condition) => {
            let fits = "abcd".chars().filter(|it| meets(condition, *it));
            format!("[{}]", fits.collect::<String>())
        }
        Node::Start => r"\A".to_owned(),
        Node::End => r"\z".to_owned(),
        Node::Class(..) | Node::Name(..) => unreachable!("not generated"),
    }
}

fn any_node() -> impl Strategy<Value = Node> {
    let word =
        prop::sample::select(vec!["a", "b", "c"]).prop_map(|it| Condition::Word(it.to_owned()));
    let one = prop_oneof![
        4 => word.clone(),
        1 => word.clone().prop_map(|it| Condition::Not(Box::new(it))),
        1 => prop::collection::vec(word, 2).prop_map(Condition::Or),
        1 => Just(Condition::Any),
    ];
    let leaf =
        prop_oneof![8 => one.prop_map(Node::One), 1 => Just(Node::Start), 1 => Just(Node::End)];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let repeat = (inner.clone(), 0..3_u32, prop::option::of(0..3_u32));
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Node::Sequence),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Choice),
            repeat.prop_map(|(it, min, more)| {
                Node::Repeat(Box::new(it), min, more.map(|more| min + more))
            }),
            inner.prop_map(|it| Node::Part("part".to_owned(), Box::new(it))),
        ]
    })
}

/// A pack that knows the words of the patterns, and its alphabet for them.
fn alphabet(nodes: &[Node]) -> (Pack, Alphabet) {
    let mut files = PackFiles::default();
    for (name, text) in [
        ("pack.toml", "name = 'test'\nversion = '1'\nlanguage = 'en'"),
        ("words/test.csv", "word,class\na,x\nb,x\nc,x\nd,x\n"),
    ] {
        files.push(PackFile { name: name.into(), shown: name.into(), text: text.into() });
    }
    let pack = Pack::load(files).unwrap();
    let alphabet = Alphabet::new(&pack, nodes).unwrap();
    (pack, alphabet)
}

fn symbols(pack: &Pack, alphabet: &Alphabet, text: &[char]) -> Vec<Symbol> {
    let element = |it: &char| Element {
        kind: 0,
        entry: pack.lexicon.entry(&it.to_string()),
        shape: crate::model::Shape::LOWER,
        first: 0,
        last: 1,
    };
    let mut symbols = Vec::new();
    alphabet.write(&text.iter().map(element).collect::<Vec<_>>(), &mut symbols);
    symbols
}

fn run(automaton: &Automaton, text: &[Symbol], is_start: bool) -> BTreeSet<(usize, u16)> {
    let mut found = BTreeSet::new();
    automaton.run(text, is_start, |end, told| {
        found.extend(told.patterns.iter().map(|&it| (end, it)));
        ControlFlow::Continue(())
    });
    found
}

proptest! {
    // No sentence is empty; only in one that is could the start stand behind the end.
    #[test]
    fn engines_find_what_patterns_say(
        nodes in prop::collection::vec(any_node(), 1..4),
        text in prop::collection::vec(prop::sample::select(vec!['a', 'b', 'c', 'd']), 1..9),
    ) {
        let (pack, alphabet) = alphabet(&nodes);
        let written = symbols(&pack, &alphabet, &text);
        let expected = |at: usize| -> BTreeSet<(usize, u16)> {
            let of = |(number, node): (usize, &Node)| {
                ends(node, &text, at).into_iter().map(move |it| (it - at, number as u16))
            };
            nodes.iter().enumerate().flat_map(of).collect()
        };
        // As large as it likes, and with room for next to nothing.
        for limit in [u16::MAX >> 2, 3] {
            let program = Program::of_all(&alphabet, &nodes);
            let automaton = Automaton::with_limit(program, alphabet.symbols().clone(), Vec::new(), limit);
            for at in 0..=text.len() {
                let found = run(&automaton, &written[at..], at == 0);
                prop_assert_eq!(found, expected(at), "from {} with {} states", at, limit);
            }
        }
        let mut memory = Memory::default();
        for (number, node) in nodes.iter().enumerate() {
            let program = Program::new(&alphabet, node);
            let ends: Vec<_> =
                expected(0).into_iter().filter(|it| usize::from(it.1) == number).collect();
            let end = memory.run(&program, alphabet.symbols(), &written, false);
            prop_assert_eq!(end.is_some(), !ends.is_empty());
            prop_assert!(end.is_none_or(|it| ends.contains(&(it, number as u16))));
            let shown: String = text.iter().collect();
            let regex = regex::Regex::new(&format!(r"\A(?:{})", regex(node))).unwrap();
            if let Some(found) = regex.captures(&shown) {
                let groups = found.iter().enumerate().skip(1);
                let parts: Vec<_> =
                    groups.filter_map(|(at, it)| Some((at - 1, it?.range()))).collect();
                prop_assert_eq!(end, Some(found[0].len()), "the preferred end");
                prop_assert_eq!(memory.parts().collect::<Vec<_>>(), parts);
            }
            let end = memory.run(&program, alphabet.symbols(), &written, true);
            prop_assert_eq!(end.is_some(), ends.iter().any(|it| it.0 == text.len()));
        }
    }
}
