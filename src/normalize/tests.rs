use proptest::prelude::*;

use super::*;

fn normalizer() -> Normalizer {
    Normalizer::new(&PackFiles::embedded()).unwrap_or_else(|err| panic!("{err}"))
}

/// Each line of `expected` is a block: its kind, a colon, its words or their beginning.
#[track_caller]
fn check_meta(meta: Meta, text: &str, expected: &[&str]) -> Meta {
    let source = Source { id: "a".to_owned(), meta, text: text.to_owned() };
    let document = normalizer().document(source);
    let found: Vec<String> = document
        .blocks
        .iter()
        .map(|it| format!("{:?}: {}", it.kind, it.span.of(document.text())))
        .collect();
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(it, start)| it.starts_with(start));
    assert!(fits, "found {found:#?}\nexpected {expected:#?}");
    document.meta
}

#[track_caller]
fn check(text: &str, expected: &[&str]) -> Meta {
    check_meta(Meta::default(), text, expected)
}

const TEXT: &str = "The harbor council met on Monday and said, after long hours of talk, that the \
    old pier would stay open, with a new roof and new lamps. Ana Diaz of Harbor Party and Bo Lee \
    of the Union of Fishermen had asked for the meeting at Port Tarn.";

#[test]
fn examples_of_the_rules() {
    for file in PackFiles::embedded().matching("normalize.toml", "") {
        let spec: rules::FileSpec = file.toml().unwrap();
        let rules = rules::Rules::new(&PackFiles::embedded()).unwrap();
        for it in &spec.line {
            let id = it.id.get_ref();
            let finds = |words: &str| rules.lines_of(id, words);
            for words in it.finds.get_ref() {
                assert!(finds(words), "`{id}` should find: {words}");
                assert!(rules.line(words, true).is_some(), "nothing finds: {words}");
            }
            for words in it.silent.get_ref() {
                assert!(!finds(words), "`{id}` should be silent on: {words}");
            }
        }
        for it in &spec.dateline {
            let id = it.id.get_ref();
            for marked in it.finds.get_ref() {
                let words = marked.replacen('|', "", 1);
                let found = if it.entry { rules.entry(&words) } else { rules.dateline(&words) };
                let end = found.map(|(_, it)| it[0].trim_end().len());
                assert_eq!(end, marked.find('|'), "`{id}` on: {marked}");
            }
            for words in it.silent.get_ref() {
                let found = if it.entry { rules.entry(words) } else { rules.dateline(words) };
                assert!(found.is_none(), "`{id}` should be silent on: {words}");
            }
        }
    }
}

#[test]
fn title_byline_and_dateline() {
    let meta = check(
        &format!("Pier stays open\n\nBy Ana Diaz\n\nPORT TARN, June 3, 2024 (Agency) — {TEXT}"),
        &[
            "Title: Pier stays open",
            "Byline: By Ana Diaz",
            "Dateline: PORT TARN, June 3, 2024 (Agency) —",
            "Paragraph: The harbor council",
        ],
    );
    assert_eq!((meta.title.as_str(), meta.author.as_str()), ("Pier stays open", "Ana Diaz"));
    assert_eq!(meta.published.unwrap().to_string(), "2024-06-03");
    assert_eq!(meta.published_basis, PublishedBasis::Dateline);
}

#[test]
fn a_known_title_is_found_behind_the_masthead() {
    let meta = Meta {
        title: "Pier stays open".to_owned(),
        publisher: "The Bay Courier".to_owned(),
        author: "Ana Diaz, Bo Lee".to_owned(),
        ..Meta::default()
    };
    check_meta(
        meta,
        &format!(
            "The Bay CourierNews from the water\n\nOpinion: Pier Stays Open\nAna Diaz, Bo Lee\n\n{TEXT}"
        ),
        &[
            "Furniture: The Bay Courier",
            "Title: Opinion: Pier Stays Open",
            "Byline: Ana Diaz, Bo Lee",
            "Paragraph: The harbor council",
        ],
    );
}

#[test]
fn a_text_without_title_has_none() {
    let meta = check(
        &format!("{TEXT}\nWhat It Costs\n{TEXT}"),
        &["Paragraph: The harbor", "Heading: What It Costs", "Paragraph: The harbor"],
    );
    assert_eq!(meta.title, "");
}

#[test]
fn furniture_in_the_middle_does_not_end_the_article() {
    check(
        &format!(
            "{TEXT}\n\nFollow Bo Lee on Twitter @bolee\n\n{TEXT}\n\nRead more:\n\nPier to be \
             closed for good\n\n“No,” he said.\n\nSupport The Bay Courier\n\n{TEXT}"
        ),
        &[
            "Paragraph: The harbor",
            "Furniture: Follow",
            "Paragraph: The harbor",
            "Furniture: Read more",
            "Furniture: Pier to be",
            "Paragraph: “No,” he said.",
            "Furniture: Support",
            "Paragraph: The harbor",
        ],
    );
}

#[test]
fn a_list_of_links_at_the_end_is_dropped() {
    check(
        &format!(
            "{TEXT}\n\nRead more:\n\nBo Lee: What is it worth? And to whom.\n\nPier in danger"
        ),
        &["Paragraph: The harbor", "Furniture: Read", "Furniture: Bo Lee", "Furniture: Pier"],
    );
}

#[test]
fn another_article_at_the_end_is_foreign() {
    let other = "A year after the flood in Karvia, President Tomas Ilk and General Oren Vask \
        still promise new bridges to the people of Sorn Valley. Nothing has been built.";
    check(
        &format!(
            "{TEXT}\n\nSupport The Bay Courier\n\nIn Karvia, A Valley Waits For Its Bridges\n\n\
             Mira Holt\n\n{other}\n\nKeep reading... Show less"
        ),
        &[
            "Paragraph: The harbor",
            "Furniture: Support",
            "Foreign: In Karvia",
            "Foreign: Mira Holt",
            "Foreign: A year after",
            "Furniture: Keep reading",
        ],
    );
}

#[test]
fn a_signed_headline_deep_in_the_text_begins_another_article() {
    let other = "A year after the flood in Karvia, President Tomas Ilk and General Oren Vask \
        still promise new bridges to the people of Sorn Valley. Nothing has been built.";
    let more = TEXT.replace("The harbor council met on Monday", "Later the council met again");
    let head = "In Karvia, A Valley Waits For Its Bridges";
    check(
        &format!("{TEXT}\n\n{more}\n\n{head}\n\nBy Mira Holt\n\n{other}"),
        &[
            "Paragraph: The harbor",
            "Paragraph: Later the",
            "Foreign: In Karvia",
            "Foreign: By Mira",
            "Foreign: A year after",
        ],
    );
    // Without a name below it, or with the same people, it is a part of this one.
    check(
        &format!("{TEXT}\n\n{more}\n\n{head}\n\n{other}"),
        &[
            "Paragraph: The harbor",
            "Paragraph: Later the",
            "Heading: In Karvia",
            "Paragraph: A year after",
        ],
    );
    let same = &check(
        &format!(
            "{TEXT}\n\n{more}\n\nWhat The Harbor Council Will Do Next\n\nBy Mira Holt\n\n{TEXT}"
        ),
        &[
            "Paragraph: The harbor",
            "Paragraph: Later the",
            "Paragraph: What The",
            "Heading: By Mira",
            "Paragraph: The harbor",
        ],
    );
    assert_eq!(same.author, "");
}

#[test]
fn captions_are_read() {
    check(
        &format!(
            "Fishermen wait for the mayor at the pier\nFishermen wait for the mayor at the pier\n\
             The mayor at the pier on June 28. (Bo Lee, Pool Photo via AP)\nPhoto: Bo Lee\n{TEXT}"
        ),
        &[
            "Title: Fishermen",
            "Caption: Fishermen",
            "Caption: The mayor",
            "Furniture: Photo",
            "Paragraph: The harbor",
        ],
    );
}

#[test]
fn a_mistake_in_a_file_is_shown_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str, line: usize, message: &str| {
        std::fs::write(folder.path().join("normalize.toml"), text).unwrap();
        let mut files = PackFiles::embedded();
        files.add_folder(folder.path()).unwrap();
        let Err(Error::Rule(err)) = Normalizer::new(&files) else { panic!("accepted: {text}") };
        assert_eq!((err.line(), err.message.contains(message)), (line, true), "{}", err.message);
    };
    check("off = [\"none\"]", 1, "there is no rule `none`");
    check("months = [[\"January\"]]", 1, "twelve months");
    let rule = "[[line]]\nid = \"x\"\nabout = \"x\"\nkind = \"furniture\"\n";
    check(&format!("{rule}pattern = '(x'\nfinds = ['x']\nsilent = ['y']"), 5, "unclosed group");
    let counting = format!("{rule}pattern = 'x{{99999}}'\nfinds = ['x']\nsilent = ['y']");
    check(&counting, 5, "counts further than");
    check(&format!("{rule}pattern = 'x'\nfinds = []\nsilent = ['y']"), 6, "no examples");
    check(&format!("{rule}patern = 'x'\n"), 5, "unknown field `patern`");
}

proptest! {
    #[test]
    fn any_text_passes(text in prop_oneof![
        ".{0,400}",
        r#"([A-Z][a-z]{0,8}[ .,:\n\r`´&;\u{a0}\u{ad}âÃÂ€™“”ﬁ]{0,3}|&amp;|Read more:\n|Support Us\n|\n> |\n# |\*{1,2}|_|\[|\]\(/a\)|By Ana Diaz\n|â€™|[A-Z]{3,9} \(AP\) — ){0,60}"#,
    ]) {
        let source = Source { text: text.clone(), ..Source::default() };
        let document = normalizer_once().document(source);
        prop_assert_eq!(&document.original, &text);
        let words = document.text();
        let mut end = 0;
        for block in &document.blocks {
            let range = block.span.range();
            prop_assert!(range.start >= end && !block.span.is_empty());
            prop_assert!(words[end..range.start].trim().is_empty());
            prop_assert_eq!(words[range.clone()].trim(), &words[range.clone()]);
            let _ = document.to_original(block.span).of(&text);
            end = range.end;
        }
        prop_assert!(words[end..].trim().is_empty());
        for (at, char) in words.char_indices() {
            let back = document.to_original(Span::new(at, at + char.len_utf8()));
            let origin = back.of(&text);
            // Letters and digits are never made up: they stand in the original, or were misread
            // or escaped there.
            if char.is_ascii_digit() {
                prop_assert!(origin.contains(char) || origin.contains('&'), "{} {}", char, origin);
            }
        }
        if document.repaired.is_none() {
            prop_assert_eq!(words, &text);
        }
    }
}

fn normalizer_once() -> &'static Normalizer {
    static ONCE: std::sync::LazyLock<Normalizer> = std::sync::LazyLock::new(normalizer);
    &ONCE
}
