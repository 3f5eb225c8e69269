//! Names and speakers in short texts: data only.

use crate::actors::Actors;
use crate::model::{
    Attribution, Block, BlockKind, CueClass, Document, Kind, MentionForm, Mentions, Meta, RuleId,
    Sentences, Stance, Tokens,
};
use crate::rules::{Marked, Pack, PackFile, PackFiles};
use crate::sentences::Splitter;
use crate::text::Span;
use crate::tokens::Tokenizer;
use std::sync::LazyLock;

mod elsewhere;
mod sources;

struct Stages {
    pack: Pack,
    splitter: Splitter,
    tokenizer: Tokenizer,
    actors: Actors,
}

static STAGES: LazyLock<Stages> = LazyLock::new(|| stages(&[]));

fn stages(extra: &[PackFile]) -> Stages {
    let pack = Pack::load(PackFiles::embedded()).unwrap();
    Stages {
        splitter: Splitter::new(&pack.files).unwrap(),
        tokenizer: Tokenizer::new(&pack).unwrap(),
        actors: Actors::new(&pack, extra).unwrap(),
        pack,
    }
}

impl Stages {
    fn document(&self, text: &str) -> (Document, Sentences, Tokens) {
        self.document_of(text, jiff::civil::date(2021, 7, 20))
    }

    fn document_of(&self, text: &str, day: jiff::civil::Date) -> (Document, Sentences, Tokens) {
        let mut blocks = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            let span = Span::new(at, at + line.len()).trim(text);
            at += line.len() + 1;
            if !span.is_empty() {
                blocks.push(Block { span, kind: BlockKind::Paragraph });
            }
        }
        let published = Some(day);
        let meta = Meta { published, author: "Ines Vantongeren".to_owned(), ..Meta::default() };
        let document = Document { meta, original: text.to_owned(), blocks, ..Document::default() };
        let sentences = self.splitter.split(&document);
        let tokens = self.tokenizer.tokens(&self.pack.lexicon, text, &sentences);
        (document, sentences, tokens)
    }

    fn mentions(&self, text: &str) -> Mentions {
        let (mut document, sentences, tokens) = self.document(text);
        // `KYIV -` on a line of its own is a dateline.
        for block in &mut document.blocks {
            if block.span.of(text).ends_with(" -") {
                block.kind = BlockKind::Dateline;
            }
        }
        self.actors.find(&document, &sentences, &tokens, &[])
    }
}

/// Names as `words=canonical name`, of adjectives and unsettled ones none.
#[track_caller]
fn names(text: &str, expected: &str) {
    let mentions = STAGES.mentions(text);
    let shown: Vec<_> = mentions
        .all
        .iter()
        .filter(|it| it.form == MentionForm::Name)
        .filter_map(|it| {
            let name = &mentions.actors[it.actor? as usize].name;
            Some(format!("{}={name}", it.span.of(text)))
        })
        .collect();
    assert_eq!(shown.join("; "), expected, "{text}");
}

/// `[words](s)` marks each source, in order `expected` has the speakers; `-` is open. What stands
/// between the next quotation marks is what the source says.
#[track_caller]
fn speakers(marked: &str, expected: &str) {
    speakers_on("2021-07-20", marked, expected);
}

/// The same in a document of a day.
#[track_caller]
fn speakers_on(day: &str, marked: &str, expected: &str) {
    let marked = Marked::parse(marked);
    let (document, sentences, tokens) = STAGES.document_of(&marked.text, day.parse().unwrap());
    let mut mentions = STAGES.actors.find(&document, &sentences, &tokens, &[]);
    let spans = marked.spans("s");
    let mut attributions: Vec<_> = spans
        .iter()
        .map(|&source| {
            let outer = sentences.outer.partition_point(|it| it.span.end <= source.start);
            let rest = &marked.text[source.end as usize..];
            let quotation = rest.find('“').zip(rest.find('”')).filter(|it| it.0 < it.1);
            let end = source.end as usize;
            let content = quotation.map(|it| Span::new(end + it.0, end + it.1));
            attribution(source, content, outer as u32)
        })
        .collect();
    STAGES.actors.resolve(&document, &sentences, &tokens, &mut mentions, &mut attributions);
    let shown: Vec<_> = attributions
        .iter()
        .map(|it| it.speaker.map_or("-", |it| mentions.actors[it as usize].name.as_str()))
        .collect();
    assert_eq!(shown.join("; "), expected, "{}", marked.text);
}

fn attribution(source: Span, content: Option<Span>, outer: u32) -> Attribution {
    Attribution {
        kind: Kind::Indirect,
        class: CueClass::Speech,
        source: vec![source],
        cue: Vec::new(),
        content: content.into_iter().collect(),
        stance: Stance::Asserts,
        outer,
        speaker: None,
        shown: None,
        said_on: Vec::new(),
        confidence: 100,
        rule: RuleId::new("test"),
    }
}

#[test]
fn rules_keep_what_their_examples_promise() {
    let mut broken = Vec::new();
    for rule in &STAGES.pack.actors {
        let id = rule.spec.id.get_ref();
        let found = |text: &str| -> Vec<(Span, String)> {
            let mentions = STAGES.mentions(text);
            let of_rule = mentions.all.iter().filter(|it| it.rule.as_str() == id);
            of_rule
                .map(|it| (it.span, mentions.actors[it.actor.unwrap() as usize].kind.to_owned()))
                .collect()
        };
        for example in &rule.spec.finds {
            let marked = Marked::parse(example.get_ref());
            let found = found(&marked.text);
            for mark in &marked.marks {
                let kind = if mark.label == "open" { "" } else { mark.label.as_str() };
                if !found.contains(&(mark.span, kind.to_owned())) {
                    let words: Vec<_> = found.iter().map(|it| it.0.of(&marked.text)).collect();
                    broken.push(format!("{id} should find: {} found {words:?}", example.get_ref()));
                }
            }
        }
        for example in &rule.spec.silent {
            if let Some((span, _)) = found(example.get_ref()).first() {
                let words = span.of(example.get_ref());
                broken.push(format!("{id} should be silent: {} [{words}]", example.get_ref()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn known_names_are_found_on_token_bounds_in_their_case() {
    names("Russia and China met.", "Russia=Russia; China=China");
    names("They told us of the apple in America.", "America=United States");
    names("China's view, Germany’s too.", "China=China; Germany=Germany");
    names("Then the Kremlin denied it.", "Kremlin=Russia");
    names("RUSSIA AND CHINA SIGN A PACT", "RUSSIA=Russia; CHINA=China");
    names("Chinatown and Russians remain.", "");
}

#[test]
fn governments_are_patterns_over_states() {
    names(
        "The Russian Foreign Ministry said so.",
        "Russian Foreign Ministry=Ministry of Foreign Affairs of Russia",
    );
    names(
        "Then Germany's finance ministry said so.",
        "Germany's finance ministry=Ministry of Finance of Germany",
    );
    names(
        "the Ministry of Defense of Norway",
        "Ministry of Defense of Norway=Ministry of Defense of Norway",
    );
    names("A ministry of sorts in Norway.", "Norway=Norway");
}

#[test]
fn short_names_mean_the_full_one() {
    names(
        "Olga Melnikova wrote it. Then Melnikova left, and Ms. Melnikova’s friend too.",
        "Olga Melnikova=Olga Melnikova; Melnikova=Olga Melnikova; Melnikova=Olga Melnikova",
    );
    names(
        "The Brannigan Trade Forum (BTF) met. Later BTF left.",
        "Brannigan Trade Forum=Brannigan Trade Forum; BTF=Brannigan Trade Forum; \
         BTF=Brannigan Trade Forum",
    );
    names("Then Mr. Quillfeather left.", "Quillfeather=Quillfeather");
    // A name of a list behind a title is that of a person.
    names("Then Mr. Roche left.", "Roche=Roche");
    names(
        "Then Peter Roche left. Mr. Roche laughed.",
        "Peter Roche=Peter Roche; Roche=Peter Roche",
    );
    names("Then Roche left.", "Roche=Roche");
}

#[test]
fn a_junior_is_another_one() {
    let text = "Donald Trump spoke. Donald Trump Jr. left.";
    names(text, "Donald Trump=Donald Trump; Donald Trump Jr.=Donald Trump Jr.");
}

#[test]
fn pronouns_mean_whom_the_text_has_in_mind() {
    speakers("[Anna Brannigan](s) agreed. [She](s) said so.", "Anna Brannigan; Anna Brannigan");
    speakers("Anna Brannigan met John Quill. [He](s) said so.", "John Quill");
    speakers("[He](s) said so. John Quill left.", "-");
    speakers("John Quill and Peter Brannigan met. [She](s) said so.", "-");
    speakers("Valtery Yashkova, [who](s) said so, left.", "Valtery Yashkova");
}

#[test]
fn phrases_are_read_to_their_head() {
    speakers("[A Brannigan Labs spokesperson](s) said so.", "-");
    speakers("[Secretary of State Antony Quill](s) said so.", "Antony Quill");
    speakers("[The Russian news agency Quibbler](s) said so.", "Quibbler");
    speakers("The news agency Quibbler wrote. [The Quibbler commentary](s) said so.", "Quibbler");
    speakers("[Anna Quill and Peter Brannigan](s) said so.", "-");
    speakers("[Kremlin spokesman Dmitry Quill](s) said so.", "Dmitry Quill");
    speakers("[the village’s mayor, Anna Quill,](s) said so.", "Anna Quill");
}

#[test]
fn descriptions_take_up_what_was_said() {
    speakers(
        "[A senior port official](s) denied it. [The official](s) said so.",
        "-; A senior port official",
    );
    speakers("Anna Quill, the fisheries minister, left. [The minister](s) said so.", "Anna Quill");
    let former = "[The former mayor](s) said so.";
    speakers(&format!("Anna Quill, a former mayor of Moss, left. {former}"), "Anna Quill");
    speakers(&format!("Anna Quill, the mayor of Moss, left. {former}"), "-");
    speakers("Peter Quill, 46, left. [The 46-year-old](s) said so.", "Peter Quill");
    speakers("Peter Quill, 46, left. [The 52-year-old](s) said so.", "-");
}

#[test]
fn offices_are_held_by_whoever_held_them_then() {
    speakers("[The French president](s) said so.", "Emmanuel Macron");
    speakers("[The Atlantean president](s) said so.", "-");
}

#[test]
fn a_day_decides_who_the_president_is() {
    let president = "[The US president](s) said so.";
    for (day, name) in [
        ("2003-03-20", "George W. Bush"),
        ("2016-11-30", "Barack Obama"),
        ("2018-06-12", "Donald Trump"),
        ("2021-07-20", "Joe Biden"),
        ("2081-07-20", "-"),
    ] {
        speakers_on(day, president, name);
    }
    speakers_on("2014-10-21", "[The German chancellor](s) said so.", "Angela Merkel");
    speakers_on("2014-10-21", "[Russia’s foreign minister](s) said so.", "Sergei Lavrov");
    speakers_on("2022-05-02", "[Chancellor Merkel](s) said so.", "Angela Merkel");
    speakers_on("2014-10-21", "[The former German chancellor](s) said so.", "-");
    speakers_on("2014-10-21", "[The president](s) said so.", "-");
}

#[test]
fn relative_pronouns_mean_who_stands_before_them() {
    speakers(
        "Valtery Yashkova, director of the school, [who](s) said so, left.",
        "Valtery Yashkova",
    );
    speakers("The Brannigan Foundation, [which](s) said so, closed.", "Brannigan Foundation");
    speakers("A friend of Anna Quill [who](s) said so left.", "-");
    speakers("The mother of Anna Quill, [who](s) said so, left.", "-");
    speakers("The house of Anna Quill, [which](s) showed so, burned.", "-");
}

#[test]
fn i_in_a_quotation_is_its_speaker() {
    speakers("Then [Anna Quill](s) said, “[I](s) think it rained.”", "Anna Quill; Anna Quill");
    speakers("“[I](s) think it rained.” It did.", "-");
}

#[test]
fn people_of_one_surname_are_told_apart() {
    let couple = "Anna Quill and her husband, Peter Quill, met the press.";
    speakers(&format!("{couple} [Mr. Quill](s) said so."), "Peter Quill");
    speakers(&format!("{couple} [Ms. Quill](s) said so."), "Anna Quill");
    speakers(&format!("{couple} [Quill](s) said so."), "-");
    speakers("Anna Quill left. Then John Brannigan came. [Quill](s) said so.", "Anna Quill");
    speakers(
        "John Quill left. His sister, Maryanka Quill, came. [She](s) said so.",
        "Maryanka Quill",
    );
}

#[test]
fn acronyms_in_brackets_are_names() {
    let forum = "The Brannigan Trade Forum (BTF) met.";
    speakers(&format!("{forum} [The BTF](s) said so."), "Brannigan Trade Forum");
    speakers(&format!("{forum} [The BTG](s) said so."), "BTG");
    speakers("The Brannigan Trade Forum met. [The BTF](s) said so.", "Brannigan Trade Forum");
    speakers(
        "The Brannigan Trade Forum met the Bureau of Toll Fares. [The BTF](s) said so.",
        "BTF",
    );
}

#[test]
fn kinds_of_things_take_up_the_one_of_that_kind() {
    speakers("The software company Brannigan closed. [The company](s) said so.", "Brannigan");
    speakers("Google cut jobs. [The tech giant](s) said so.", "Google");
    speakers("Google sued Microsoft. [The tech giant](s) said so.", "-");
    let bank = "[The European Central Bank](s) said so.";
    let name = "European Central Bank";
    speakers(&format!("{bank} [The bank](s) said so."), &format!("{name}; {name}"));
    speakers(
        &format!("{bank} [JPMorgan](s) said so. [The bank](s) said so."),
        &format!("{name}; JPMorgan Chase; -"),
    );
    let ministry = "The Russian Foreign Ministry denied it.";
    let name = "Ministry of Foreign Affairs of Russia";
    speakers(&format!("{ministry} [The ministry](s) said so."), name);
    speakers(&format!("{ministry} [It](s) said so."), name);
    speakers(&format!("{ministry} Germany’s finance ministry left. [The school](s) said so."), "-");
    speakers("[The Russian and Chinese foreign ministries](s) said so.", "-");
}

#[test]
fn they_are_those_named_together() {
    speakers("Russia and China met. [They](s) said so.", "Russia and China");
    speakers("Google met the press. [They](s) said so.", "-");
    // What spoke last is meant, though it was not told who.
    let widgets = "[Brannigan Widgets Ltd](s) said so.";
    speakers(
        &format!("{widgets} [It](s) said so."),
        "Brannigan Widgets Ltd; Brannigan Widgets Ltd",
    );
    speakers(
        &format!("{widgets} [The government](s) said so. [It](s) said so."),
        "Brannigan Widgets Ltd; -; -",
    );
}

#[test]
fn titles_and_pronouns_tell_of_gender() {
    speakers("Mr. Quill met Ms. Brannigan. [She](s) said so.", "Brannigan");
    speakers("Mr. Quill left. [She](s) said so.", "-");
}

#[test]
fn a_clause_may_name_its_pronoun_later() {
    speakers("While [he](s) agreed, John Quill left.", "John Quill");
    speakers("While [she](s) agreed, John Quill left.", "-");
    speakers("Anna Quill said that when [she](s) agreed, John Brannigan left.", "Anna Quill");
}

#[test]
fn roles_are_read_as_they_stand() {
    let role = |text: &str| {
        STAGES.mentions(text).actors.iter().map(|it| it.role.clone()).collect::<String>()
    };
    assert_eq!(
        role("According to Valeria Yashchenko, vice director of the Moss Institute, it rained."),
        "vice director of the Moss Institute"
    );
    assert_eq!(
        role(
            "Valeria Yashchenko, vice director of the Institute of Cyber Security at Moscow State \
             University, left."
        ),
        "vice director of the Institute of Cyber Security at Moscow State University"
    );
    assert_eq!(role("Then fisheries minister Anna Quill left."), "fisheries minister");
    assert_eq!(role("Then Anna Quill left, a day late."), "");
    assert_eq!(role("On Monday Senator Anna Quill left."), "Senator");
    assert_eq!(role("Then minister and deputy Anna Quill left."), "minister and deputy");
    assert_eq!(role("The former adviser to Vice President Anna Quill left."), "Vice President");
    assert_eq!(role("He lost Maine to Democratic rival Anna Quill."), "Democratic rival");
    assert_eq!(role("Then Secretary of State Anna Quill left."), "Secretary of State");
    assert_eq!(role("Then Secretary of Defense Anna Quill left."), "Secretary of Defense");
    assert_eq!(role("It angered Congress and President Anna Quill."), "President");
    assert_eq!(role("Then Anna Quill, with the governor ahead, left."), "");
    assert_eq!(role("Anna Quill left, pulled her adviser aside, and spoke."), "");
    let ministers = "Then Trade Minister Bo Quill and Justice Minister Anna Lund left.";
    assert_eq!(role(ministers), "Trade MinisterJustice Minister");
}

#[test]
fn a_broken_list_is_told_with_its_line() {
    let file =
        |text: &str| PackFile { name: "x.csv".into(), shown: "x.csv".into(), text: text.into() };
    let error = |text: &str| {
        let pack = Pack::load(PackFiles::embedded()).unwrap();
        match Actors::new(&pack, &[file(text)]).unwrap_err() {
            crate::error::Error::Rules(all) => all[0].to_string(),
            other => other.to_string(),
        }
    };
    assert_eq!(
        error("name,kind\nQuill,person\nBo,prson\n"),
        "x.csv:3: `prson` is no kind of actor"
    );
    assert_eq!(error("name,knid\nQuill,person\n"), "x.csv:1: unknown column `knid`");
    assert_eq!(error("name,kind,from\nQuill,person,soon\n"), "x.csv:2: `soon` is no date");
    assert_eq!(
        error("name,kind,aliases\nQuill,person,nick:Q\n"),
        "x.csv:2: `nick:` is no kind of alias"
    );
    assert_eq!(
        error("name,kind,aliases\nQuill,person,she\n"),
        "x.csv:2: `she` is a word of every text"
    );
    assert_eq!(
        error("id,name,kind\nq,Quill,person\nq,Bo,person\n"),
        "x.csv:3: `q` is the id of `Quill`"
    );
    assert_eq!(
        error("name,kind,from,to\nQuill,person,2020,2019\n"),
        "x.csv:2: a term from 2020 to 2019"
    );
    assert_eq!(
        error("name,kind,from,to\nQuill,person,2020,\n"),
        "x.csv:2: a term from 2020 that no day ends"
    );
    assert_eq!(error("name;kind\nQuill;person\n"), "x.csv:1: unknown column `name;kind`");
}

#[test]
fn a_user_list_adds_names() {
    let text = "name,kind,aliases\nBrannigan Widgets,company,acr:BWX; the Widgeteers\n";
    let file = PackFile { name: "x.csv".into(), shown: "x.csv".into(), text: text.into() };
    let stages = stages(&[file]);
    let text = "Then BWX paid, as bwx and Widgeteers do, and the Widgeteers.";
    let found = stages.mentions(text);
    let words: Vec<_> = found.all.iter().map(|it| it.span.of(text)).collect();
    assert_eq!(words, ["BWX", "Widgeteers"]);
    assert_eq!(found.actors[0].name, "Brannigan Widgets");
    assert!(found.actors[0].id.starts_with("ac_"));
}

#[test]
fn a_user_list_goes_before_the_lists_of_the_program() {
    let list = |text: &str| PackFile {
        name: "x.csv".into(),
        shown: "x.csv".into(),
        text: format!("id,name,kind,aliases\n{text}\n"),
    };
    let shown = |lists: &[&str], text: &str| {
        let files: Vec<_> = lists.iter().map(|it| list(it)).collect();
        let mentions = stages(&files).mentions(text);
        let named = mentions.all.iter().filter_map(|it| {
            let actor = &mentions.actors[it.actor? as usize];
            Some(format!("{}={} {}", it.span.of(text), actor.name, actor.kind))
        });
        named.collect::<Vec<_>>().join("; ")
    };
    let text = "Norway and NATO met, as Norwegian ships do.";
    assert_eq!(
        shown(&[], text),
        "Norway=Norway state; NATO=NATO organization; \
         Norwegian=Norway state"
    );
    // The same id: the row and its names take the place of those that were known.
    let replaced = "ac_state_no,Norge,state,Norway";
    let found = shown(&[replaced], text);
    assert!(found.starts_with("Norway=Norge state; NATO="), "{found}");
    assert!(!found.contains("Norwegian"), "{found}");
    // The same name under another id: the later list wins.
    let other = ",Norway Salmon,company,Norway";
    assert!(shown(&[other], text).starts_with("Norway=Norway Salmon company"));
    assert!(shown(&[other, replaced], text).starts_with("Norway=Norge state"));
    assert!(shown(&[replaced, other], text).starts_with("Norway=Norway Salmon company"));
    // Within one list, a state goes before a company.
    let both = ",Quillia Foods,company,Quillia\n,Quillia,state,";
    assert!(shown(&[both], "Then Quillia left.").starts_with("Quillia=Quillia state"));
}

#[test]
fn particles_hyphens_and_marks_belong_to_a_name() {
    names(
        "Then Liesbeth van der Kooij left. Ms. van der Kooij laughed.",
        "Liesbeth van der Kooij=Liesbeth van der Kooij; van der Kooij=Liesbeth van der Kooij",
    );
    names(
        "Then Dr. Bashir Al-Tikriti left. Dr. Al-Tikriti laughed.",
        "Bashir Al-Tikriti=Bashir Al-Tikriti; Al-Tikriti=Bashir Al-Tikriti",
    );
    names(
        "Then Ignacio de la Fuente left. Judge de la Fuente laughed.",
        "Ignacio de la Fuente=Ignacio de la Fuente; de la Fuente=Ignacio de la Fuente",
    );
    names(
        "Then O. P. O’Rahilly left. Mr. O’Rahilly laughed.",
        "O. P. O’Rahilly=O. P. O’Rahilly; O’Rahilly=O. P. O’Rahilly",
    );
    names(
        "Then Seán Ó Braonáin-Lacey, 46, left. Mr. Braonáin-Lacey laughed.",
        "Seán Ó Braonáin-Lacey=Seán Ó Braonáin-Lacey; Braonáin-Lacey=Seán Ó Braonáin-Lacey",
    );
    // Ben is a name, and so the first one.
    names(
        "Then Dr. Ben Quillfeather left. Dr. Quillfeather laughed.",
        "Ben Quillfeather=Ben Quillfeather; Quillfeather=Ben Quillfeather",
    );
    names("He sat by de la road, van and all.", "");
}

#[test]
fn bodies_are_named_from_their_first_word() {
    names(
        "The International Seabed Registry (ISR) met. Later the ISR left.",
        "International Seabed Registry=International Seabed Registry; \
         ISR=International Seabed Registry; ISR=International Seabed Registry",
    );
    names(
        "He told the National Institute of Widget Makers.",
        "National Institute of Widget Makers=National Institute of Widget Makers",
    );
    names("The Moss Farmers’ Union left.", "Moss Farmers’ Union=Moss Farmers’ Union");
    names("National unions met. International observers came.", "");
    names("The union (Tuesday) met, and the national institute.", "");
}

#[test]
fn common_words_are_no_names_where_their_capital_says_nothing() {
    names("Will it rain? Bills are due. Target practice began.", "");
    names("On Monday morning, in May, the March wind blew.", "");
    names("Two Brothers Want One Seat In Their Own Town", "");
    names("Mark the day. Bill them later. Hope remains.", "");
}

#[test]
fn relatives_and_strangers_share_surnames() {
    let both = "Amos Brannigan met his sister Anna Brannigan. ";
    speakers(
        &format!("{both}[Ms. Brannigan](s) said so. [Mr. Brannigan](s) denied it."),
        "Anna Brannigan; Amos Brannigan",
    );
    speakers(
        &format!("{both}[Amos](s) said so. [Anna](s) said so."),
        "Amos Brannigan; Anna Brannigan",
    );
    speakers(
        "Peter van der Kooij is married to Anna van der Kooij. [Ms. van der Kooij](s) said so.",
        "Anna van der Kooij",
    );
    // Nothing tells which of the two is meant.
    speakers("John Brannigan met Peter Brannigan. [Brannigan](s) said so.", "-");
}

#[test]
fn a_role_out_of_date_is_not_claimed() {
    speakers("[The British prime minister](s) said so.", "Boris Johnson");
    speakers("[The Atlantean prime minister](s) said so.", "-");
    speakers("[The former British prime minister](s) said so.", "-");
}

#[test]
fn two_forms_of_a_given_name_are_one_person() {
    let bill = "William Quill, the mayor, left. ";
    speakers(&format!("{bill}[Bill Quill](s) said so."), "William Quill");
    speakers("Bill Quill left. [William Quill](s) said so.", "Bill Quill");
    speakers(&format!("{bill}[Bob Quill](s) said so."), "Bob Quill");
    speakers("William Quill met his father, [Bill Quill](s).", "Bill Quill");
    speakers("William Quill and Wilfred Quill left. [Will Quill](s) said so.", "Will Quill");
    speakers("Robert Quill and Rupert Quill left. [Bob Quill](s) said so.", "Robert Quill");
    names("William “Bill” Quill left.", "William “Bill” Quill=William Quill");
    names(
        "Edward (Buzz) Quill left. Buzz Quill laughed.",
        "Edward (Buzz) Quill=Edward Quill; Buzz Quill=Edward Quill",
    );
    speakers("[President Joseph Biden](s) said so.", "Joe Biden");
}

#[test]
fn some_are_known_by_one_name() {
    speakers(
        "[The footballer Quillia](s) said it rained. [Quillia](s) said so.",
        "Quillia; Quillia",
    );
    names("And then Quillia, a folk singer, left.", "Quillia=Quillia");
    names("And then Quillia, a town, burned.", "");
    names("The footballer Monday left. The footballers Quillia left.", "");
    speakers_on("1997-06-01", "[Suharto](s) said so.", "Suharto");
}

#[test]
fn several_speak_for_none_of_them() {
    for several in [
        "Berlin and Paris",
        "The US and China",
        "Germany, France and Italy",
        "Germany, France, and Italy",
        "Anna Quill, Bo Brannigan and John Quill",
        "The Norwegian and Swedish prime ministers",
        "France’s president and Germany’s chancellor",
        "Presidents Joe Biden and Vladimir Putin",
    ] {
        speakers(&format!("Then [{several}](s) said so."), "-");
    }
    speakers("Neither Oslo nor [Stockholm](s) said so.", "-");
    speakers("Then [Anna Quill, Norway’s minister and a judge,](s) said so.", "Anna Quill");
    speakers("[Two officials](s) left. [They](s) said so.", "-; Two officials");
}

#[test]
fn they_are_a_body_that_just_spoke() {
    let forum = "Then [the Brannigan Foundation](s) said it rained.";
    let name = "Brannigan Foundation";
    speakers(&format!("{forum} [They](s) said so."), &format!("{name}; {name}"));
    speakers(&format!("{forum} Officials came. [They](s) said so."), &format!("{name}; -"));
    speakers(&format!("{forum} Anna Quill came. [They](s) said so."), &format!("{name}; -"));
    speakers(&format!("{forum}\nThen [they](s) said so."), &format!("{name}; -"));
}

#[test]
fn ages_are_told_in_many_ways() {
    for told in [
        "Peter Quill, 46, left.",
        "Peter Quill (46) left.",
        "Peter Quill, aged 46, left.",
        "Peter Quill, who is 46, left.",
        "Peter Quill, a 46-year-old baker, left.",
        "The 46-year-old baker, Peter Quill, left.",
        "Peter Quill left.",
    ] {
        speakers(&format!("{told} [The 46-year-old](s) said so."), "Peter Quill");
        speakers(&format!("{told} [A 46-year-old](s) said so."), "-");
    }
    let two = "Peter Quill, 46, met Anna Quill, 46.";
    speakers(&format!("{two} [The 46-year-old](s) said so."), "-");
    speakers("Peter Quill, 46, left. [The 46-year-old woman](s) said so.", "-");
}

#[test]
fn offices_have_a_field_and_an_end() {
    let minister = "Fisheries Minister Anna Quill left.";
    speakers(&format!("{minister} [The minister](s) said so."), "Anna Quill");
    speakers(&format!("{minister} [The fisheries minister](s) said so."), "Anna Quill");
    speakers(&format!("{minister} [The finance minister](s) said so."), "-");
    let two = "Fisheries Minister Anna Quill met Justice Minister Bo Brannigan.";
    speakers(&format!("{two} [The minister](s) said so."), "-");
    speakers(&format!("{two} [The justice minister](s) said so."), "Bo Brannigan");
    speakers("Former minister Anna Quill left. [The minister](s) said so.", "-");
    speakers("Former minister Anna Quill left. [The former minister](s) said so.", "Anna Quill");
    speakers("Vice President Anna Quill left. [The president](s) said so.", "-");
    speakers("Vice President Anna Quill left. [The vice president](s) said so.", "Anna Quill");
    speakers("The fisheries minister, Anna Quill, left. [The minister](s) said so.", "Anna Quill");
    speakers("Anna Quill, a judge, left. [The judge](s) said so.", "Anna Quill");
    speakers("Gov. Anna Quill left. [The governor](s) said so.", "Anna Quill");
    let far = "It rained. ".repeat(9);
    speakers(&format!("{minister} {far}[The minister](s) said so."), "Anna Quill");
    speakers(&format!("{two} {far}[The minister](s) said so."), "-");
}

#[test]
fn a_body_without_its_state_is_that_of_the_state_named_before() {
    let ministry = "Kenya’s Ministry of Health denied it.";
    let name = "Ministry of Health of Kenya";
    speakers(&format!("{ministry} [The Ministry of Health](s) said so."), name);
    speakers(&format!("{ministry} [The Health Ministry](s) said so."), name);
    speakers(&format!("{ministry} [The health ministry](s) said so."), name);
    speakers(&format!("{ministry} [The defense ministry](s) said so."), "-");
    speakers(
        "The Kenyan Supreme Court met. [The Supreme Court](s) said so.",
        "Supreme Court of Kenya",
    );
    speakers("[The Supreme Court](s) said so.", "US Supreme Court");
    let two = "Kenya’s Ministry of Health met Ghana’s Ministry of Health.";
    speakers(&format!("{two} [The ministry](s) said so."), "-");
}

#[test]
fn acronyms_stand_in_brackets_or_behind_or() {
    let name = "Brannigan Trade Forum";
    for told in [
        "The Brannigan Trade Forum (BTF) met.",
        "The Brannigan Trade Forum (BTF, in short) met.",
        "The BTF (Brannigan Trade Forum) met.",
        "The Brannigan Trade Forum, or BTF, met.",
        "The Brannigan Trade Forum, known as BTF, met.",
    ] {
        speakers(&format!("{told} [The BTF](s) said so."), name);
        speakers(&format!("{told} [The BTG](s) said so."), "BTG");
    }
    speakers("The Brannigan Trade Forum, or ABD, met. [The ABD](s) said so.", "ABD");
}

#[test]
fn a_day_of_handover_names_nobody() {
    let president = "[The US president](s) said so.";
    speakers_on("2017-01-19", president, "Barack Obama");
    speakers_on("2017-01-20", president, "-");
    speakers_on("2017-01-21", president, "Donald Trump");
    speakers_on("2009-05-05", "[The French president](s) said so.", "Nicolas Sarkozy");
    speakers_on("2021-05-05", "[The French president](s) said so.", "Emmanuel Macron");
    speakers("[A French president](s) said so.", "-");
    speakers("[The next French president](s) said so.", "-");
}

#[test]
fn shared_surnames_are_not_looked_up() {
    speakers("Dr. Anna Lee met Dr. Bo Lee. [Dr. Lee](s) said so.", "-");
    speakers("[Mr. Lee](s) said so.", "Lee");
    speakers("[Mr. Xi](s) said so.", "Xi Jinping");
}

#[test]
fn companies_say_what_they_make() {
    speakers("Quillbit, a software maker, left. [The software maker](s) said so.", "Quillbit");
    speakers("Boeing left. [The planemaker](s) said so.", "Boeing");
    speakers("Boeing met Airbus. [The planemaker](s) said so.", "-");
    speakers("Hamas left. [The militant group](s) said so.", "Hamas");
    speakers("Quillbit, a port town, burned. [The software maker](s) said so.", "-");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn mentions_are_in_order_on_bounds_without_overlap(text in "([A-Z][a-zé]{0,6}|he|She|Mr\\.|Russia|’s|“|”|,|\\.|-|\\(|\\)|the|president|said|\u{301}|日本|ÉGALITÉ|Élan|İZMİR|\n| ){0,60}") {
        let (document, sentences, tokens) = STAGES.document(&text);
        let mut mentions = STAGES.actors.find(&document, &sentences, &tokens, &[]);
        let mut attributions: Vec<_> = sentences
            .inner
            .iter()
            .enumerate()
            .map(|(i, it)| {
                let end = it.span.start as usize
                    + it.span.of(&text).char_indices().nth(i % 9 + 1).map_or(it.span.len(), |it| it.0);
                attribution(Span::new(it.span.start as usize, end), Some(it.span), 0)
            })
            .collect();
        STAGES.actors.resolve(&document, &sentences, &tokens, &mut mentions, &mut attributions);
        for mention in &mentions.all {
            proptest::prop_assert!(text.get(mention.span.range()).is_some_and(|it| !it.is_empty()));
            proptest::prop_assert!(mention.actor.is_none_or(|it| (it as usize) < mentions.actors.len()));
        }
        for pair in mentions.all.windows(2) {
            proptest::prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
    }
}
