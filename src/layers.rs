//! Standoff layers: what was found in a document, beside its text.
//!
//! `annotate` writes this form and gold comes in it, so that both can be compared. Every span
//! is `[start, end]` in code points of the document's own text, end exclusive. Reading is
//! tolerant (fields it does not know are passed over, any layer may be missing); writing is
//! exact: always the same fields in the same order.

use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

use crate::error::Error;
use crate::model::{self, Analysis, Meta, PublishedBasis, Source};
use crate::text::{self, CodePoints};

/// A place in a text in code points: `[start, end]`, end exclusive.
pub type Place = [u32; 2];

/// A document with its layers. A layer that is `None` was not annotated, which is not the
/// same as empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerDocument {
    /// As [`model::Document::id`].
    pub id: String,
    /// Headline, or empty.
    #[serde(deserialize_with = "nullable")]
    pub title: String,
    /// Who published it, or empty.
    #[serde(deserialize_with = "nullable")]
    pub publisher: String,
    /// Day of publication (ISO 8601), or empty.
    #[serde(deserialize_with = "nullable")]
    pub published: String,
    /// Byline. Read, never written.
    #[serde(deserialize_with = "nullable", skip_serializing)]
    pub author: String,
    /// Where it stands on the web. Read, never written.
    #[serde(deserialize_with = "nullable", skip_serializing)]
    pub url: String,
    /// Language tag. Read, never written.
    #[serde(deserialize_with = "nullable", skip_serializing)]
    pub lang: String,
    /// The text that all places refer to.
    #[serde(deserialize_with = "nullable")]
    pub text: String,
    /// Sentences, the inner ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentences: Option<Segments>,
    /// Paragraphs. Read from gold, never written.
    #[serde(skip_serializing)]
    pub paragraphs: Option<Vec<Place>>,
    /// Expressions of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timexes: Option<Vec<LayerTimex>>,
    /// Mentions of actors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actors: Option<Vec<LayerActor>>,
    /// Who said what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributions: Option<Vec<LayerAttribution>>,
    /// What happened on which date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated_claims: Option<Vec<LayerClaim>>,
    /// Places that annotators set aside. Read from gold, never written.
    #[serde(skip_serializing)]
    pub discard: Vec<Place>,
}

/// Sentences by place, or by their words where gold gives no places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Segments {
    /// By place.
    Places(Vec<Place>),
    /// By their words, in order.
    Words(Vec<String>),
}

/// An expression of time (TIMEX3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerTimex {
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// TIMEX3 `type`.
    #[serde(rename = "type", deserialize_with = "nullable")]
    pub kind: String,
    /// TIMEX3 `value`.
    #[serde(deserialize_with = "nullable")]
    pub value: String,
    /// TIMEX3 `mod`, or empty.
    #[serde(
        rename = "mod",
        deserialize_with = "nullable",
        skip_serializing_if = "String::is_empty"
    )]
    pub modifier: String,
    /// The same in EDTF, or empty.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "String::is_empty")]
    pub edtf: String,
    /// Days as `A/B`, where gold says them apart from the value. Read, never written.
    #[serde(deserialize_with = "nullable", skip_serializing)]
    pub interval: String,
    /// `CREATION_TIME` marks the document's own date line. Read from gold, never written.
    #[serde(deserialize_with = "nullable", skip_serializing)]
    pub function: String,
    /// Id of the rule that found it; empty in gold.
    #[serde(deserialize_with = "nullable")]
    pub rule: String,
}

impl LayerTimex {
    /// Its place.
    pub fn place(&self) -> Place {
        [self.start, self.end]
    }
}

/// A mention of an actor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerActor {
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// As [`model::Actor::id`]; empty where the actor could not be settled.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Canonical name; empty where the actor could not be settled.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// As [`model::Actor::kind`].
    #[serde(deserialize_with = "nullable")]
    pub kind: String,
    /// Id of the rule or list that found it; empty in gold.
    #[serde(deserialize_with = "nullable")]
    pub rule: String,
}

impl LayerActor {
    /// Its place.
    pub fn place(&self) -> Place {
        [self.start, self.end]
    }
}

/// Who said what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerAttribution {
    /// `direct`, `indirect` or `mixed`.
    #[serde(deserialize_with = "nullable")]
    pub kind: String,
    /// Class of the cue: `speech`, `belief`, …
    #[serde(deserialize_with = "nullable")]
    pub class: String,
    /// Who.
    pub source: Vec<Place>,
    /// The words that tie both.
    pub cue: Vec<Place>,
    /// What.
    pub content: Vec<Place>,
    /// Canonical name where it could be settled, else the words of the text.
    #[serde(deserialize_with = "nullable")]
    pub speaker: String,
    /// Id of the actor, or empty.
    #[serde(deserialize_with = "nullable")]
    pub speaker_id: String,
    /// As [`model::Stance`].
    #[serde(deserialize_with = "nullable")]
    pub stance: String,
    /// Dates that belong to it. Written only where there are some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<LayerDate>,
    /// Id of the rule that found it; empty in gold.
    #[serde(deserialize_with = "nullable")]
    pub rule: String,
    /// The class of cue that gold gives. Read, never written.
    #[serde(deserialize_with = "nullable", skip_serializing)]
    pub cue_class: String,
    /// Gold that may be found and may be left out. Read, never written.
    #[serde(skip_serializing)]
    pub optional: bool,
}

impl LayerAttribution {
    /// The class of cue that gold gives, under either name.
    pub fn gold_class(&self) -> &str {
        if self.cue_class.is_empty() { &self.class } else { &self.cue_class }
    }
}

/// A date of an attribution or a dated claim.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerDate {
    /// The words of the text.
    #[serde(deserialize_with = "nullable")]
    pub surface: String,
    /// EDTF; TIMEX3 `value` where EDTF cannot say it.
    #[serde(deserialize_with = "nullable")]
    pub value: String,
}

/// A dated claim.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerClaim {
    /// The clause.
    pub span: Place,
    /// Its dates.
    pub dates: Vec<LayerDate>,
    /// Canonical names of the actors in it.
    pub actors: Vec<String>,
    /// Id of the rule that found it; empty in gold.
    #[serde(deserialize_with = "nullable")]
    pub rule: String,
    /// Gold that may be found and may be left out. Read, never written.
    #[serde(skip_serializing)]
    pub optional: bool,
}

/// A string that may also be `null`, which is the same as empty.
fn nullable<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

impl LayerDocument {
    /// The document as if it had just been read from JSONL.
    ///
    /// A day of publication that is no ISO day counts as not known.
    pub fn to_source(&self) -> Source {
        let published = self.published.get(..10).and_then(|it| it.parse().ok());
        Source {
            id: self.id.clone(),
            meta: Meta {
                title: self.title.clone(),
                publisher: self.publisher.clone(),
                author: self.author.clone(),
                published,
                published_basis: published
                    .map_or(PublishedBasis::Unknown, |_| PublishedBasis::Field),
                url: self.url.clone(),
                lang: self.lang.clone(),
            },
            text: self.text.clone(),
        }
    }

    /// One line of JSON, without the line break.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists are always JSON")
    }

    /// Whether every place lies inside a text of `length` code points and runs forward; else
    /// what is wrong.
    pub fn check_places(&self, length: u32) -> Result<(), String> {
        let inside = |layer: &str, place: Place, may_be_empty: bool| {
            let [start, end] = place;
            if start > end || (start == end && !may_be_empty) {
                return Err(format!("{layer} [{start}, {end}] does not run forward"));
            }
            if end > length {
                return Err(format!(
                    "{layer} [{start}, {end}] lies past the end: the text has {length} code points"
                ));
            }
            Ok(())
        };
        if let Some(Segments::Places(places)) = &self.sentences {
            places.iter().try_for_each(|&it| inside("sentence", it, true))?;
        }
        for &it in self.paragraphs.iter().flatten() {
            inside("paragraph", it, true)?;
        }
        for &it in &self.discard {
            inside("discard", it, true)?;
        }
        for it in self.timexes.iter().flatten() {
            inside("timex", it.place(), false)?;
        }
        for it in self.actors.iter().flatten() {
            inside("actor", it.place(), false)?;
        }
        for it in self.attributions.iter().flatten() {
            it.source.iter().try_for_each(|&it| inside("source", it, false))?;
            it.cue.iter().try_for_each(|&it| inside("cue", it, false))?;
            it.content.iter().try_for_each(|&it| inside("content", it, false))?;
        }
        for it in self.dated_claims.iter().flatten() {
            inside("dated claim", it.span, false)?;
        }
        Ok(())
    }
}

/// Reads documents from JSONL; `file` is named in messages. Empty lines are passed over.
///
/// # Errors
/// [`Error::Usage`] with file and line: a line that is no JSON object of this form, an id that
/// is missing or stands twice, a place that lies past the end of its text.
pub fn read(file: &str, jsonl: &str) -> Result<Vec<LayerDocument>, Error> {
    let mut found: Vec<LayerDocument> = Vec::new();
    let mut lines = rustc_hash::FxHashMap::default();
    for (at, line) in jsonl.lines().enumerate().filter(|(_, it)| !it.trim().is_empty()) {
        let at = at + 1;
        let wrong = |what: String| Error::usage(format!("{file}:{at}: {what}"));
        let document: LayerDocument =
            serde_json::from_str(line).map_err(|it| wrong(without_line(&it)))?;
        if document.id.is_empty() {
            return Err(wrong("a document needs an `id`".to_owned()));
        }
        if let Some(before) = lines.insert(document.id.clone(), at) {
            let id = &document.id;
            return Err(wrong(format!("the id `{id}` stands in line {before} already")));
        }
        if !document.text.is_empty() {
            let length = document.text.chars().count() as u32;
            document
                .check_places(length)
                .map_err(|it| wrong(format!("`{}`: {it}", document.id)))?;
        }
        found.push(document);
    }
    Ok(found)
}

/// The message of a JSON error with its column; the line is ours to say.
fn without_line(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    format!("{} at column {}", &message[..end], error.column())
}

/// Writes down what the stages found: every layer, in places of the document's own text.
pub fn from_analysis(analysis: &Analysis) -> LayerDocument {
    let layers = Layers { analysis, points: CodePoints::new(&analysis.document.original) };
    let document = &analysis.document;
    LayerDocument {
        id: document.id.clone(),
        title: document.meta.title.clone(),
        publisher: document.meta.publisher.clone(),
        published: document.meta.published.map_or_else(String::new, |it| it.to_string()),
        author: document.meta.author.clone(),
        url: document.meta.url.clone(),
        lang: document.meta.lang.clone(),
        text: document.original.clone(),
        sentences: Some(Segments::Places(
            analysis.sentences.inner.iter().map(|it| layers.place(it.span)).collect(),
        )),
        paragraphs: None,
        timexes: Some(analysis.timexes.iter().map(|it| layers.timex(it)).collect()),
        actors: Some(analysis.mentions.all.iter().map(|it| layers.actor(it)).collect()),
        attributions: Some(analysis.attributions.iter().map(|it| layers.attribution(it)).collect()),
        dated_claims: Some(analysis.dated_claims.iter().map(|it| layers.claim(it)).collect()),
        discard: Vec::new(),
    }
}

struct Layers<'a> {
    analysis: &'a Analysis,
    points: CodePoints<'a>,
}

impl Layers<'_> {
    fn place(&self, span: text::Span) -> Place {
        self.points.span(self.analysis.document.to_original(span))
    }

    fn places(&self, spans: &[text::Span]) -> Vec<Place> {
        spans.iter().map(|&it| self.place(it)).collect()
    }

    fn words(&self, span: text::Span) -> String {
        let document = &self.analysis.document;
        fold(document.to_original(span).of(&document.original))
    }

    fn timex(&self, timex: &model::Timex) -> LayerTimex {
        let [start, end] = self.place(timex.span);
        LayerTimex {
            start,
            end,
            kind: timex.kind.as_str().to_owned(),
            value: timex.value.clone(),
            modifier: timex.modifier.to_owned(),
            edtf: timex.edtf.clone(),
            interval: String::new(),
            function: String::new(),
            rule: timex.rule.to_string(),
        }
    }

    fn actor(&self, mention: &model::Mention) -> LayerActor {
        let [start, end] = self.place(mention.span);
        let actor = mention.actor.map(|it| &self.analysis.mentions.actors[it as usize]);
        LayerActor {
            start,
            end,
            id: actor.map_or_else(String::new, |it| it.id.clone()),
            name: actor.map_or_else(String::new, |it| it.name.clone()),
            kind: actor.map_or_else(String::new, |it| it.kind.to_owned()),
            rule: mention.rule.to_string(),
        }
    }

    fn attribution(&self, it: &model::Attribution) -> LayerAttribution {
        let speaker = it.speaker.map(|it| &self.analysis.mentions.actors[it as usize]);
        let as_said = || it.source.first().map_or_else(String::new, |&it| self.words(it));
        LayerAttribution {
            kind: it.kind.as_str().to_owned(),
            class: it.class.as_str().to_owned(),
            source: self.places(&it.source),
            cue: self.places(&it.cue),
            content: self.places(&it.content),
            speaker: speaker.map_or_else(as_said, |it| it.name.clone()),
            speaker_id: speaker.map_or_else(String::new, |it| it.id.clone()),
            stance: it.stance.as_str().to_owned(),
            dates: self.dates(&it.said_on),
            rule: it.rule.to_string(),
            cue_class: String::new(),
            optional: false,
        }
    }

    fn dates(&self, timexes: &[u32]) -> Vec<LayerDate> {
        let date = |it: Cow<model::Timex>| LayerDate {
            surface: self.words(it.span),
            value: if it.edtf.is_empty() { it.value.clone() } else { it.edtf.clone() },
        };
        model::Timex::stretches(&self.analysis.timexes, timexes).into_iter().map(date).collect()
    }

    fn claim(&self, claim: &model::DatedClaim) -> LayerClaim {
        let mut actors: Vec<String> = Vec::new();
        for mention in self.analysis.mentions.all.iter().filter(|it| claim.span.contains(it.span)) {
            let Some(actor) = mention.actor else { continue };
            let name = &self.analysis.mentions.actors[actor as usize].name;
            if !actors.contains(name) {
                actors.push(name.clone());
            }
        }
        LayerClaim {
            span: self.place(claim.span),
            dates: self.dates(&claim.dates),
            actors,
            rule: claim.rule.to_string(),
            optional: false,
        }
    }
}

/// The words with every run of white space as one space.
fn fold(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Actor, Attribution, CueClass, DatedClaim, Document, Kind, Mention, MentionForm, Mentions,
        Repaired, RuleId, Sentence, Sentences, Stance, Timex, TimexKind,
    };
    use crate::text::{OffsetMap, Span};

    fn find(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    }

    #[test]
    fn places_are_code_points_of_the_text_as_it_was_read() {
        let original = "“Né” &amp; Zoe\u{a0}Lee said in May that it rained.";
        let repaired = "“Né” & Zoe Lee said in May that it rained.";
        let mut map = OffsetMap::default();
        map.push(find(repaired, "&"), find(original, "&amp;"));
        map.push(Span::new(15, 16), Span::new(19, 21));
        let rule = RuleId::new("r");
        let analysis = Analysis {
            document: Document {
                id: "a".to_owned(),
                original: original.to_owned(),
                repaired: Some(Repaired { text: repaired.to_owned(), map }),
                ..Document::default()
            },
            sentences: Sentences {
                inner: vec![Sentence { span: Span::new(0, repaired.len()) }],
                outer: Vec::new(),
            },
            timexes: vec![Timex {
                span: find(repaired, "May"),
                kind: TimexKind::Date,
                value: "2015-05".to_owned(),
                modifier: "",
                edtf: String::new(),
                days: None,
                is_modifier: false,
                is_inferred: false,
                opens_range: false,
                rule: rule.clone(),
            }],
            mentions: Mentions {
                all: vec![Mention {
                    span: find(repaired, "Zoe Lee"),
                    actor: Some(0),
                    form: MentionForm::Name,
                    rule: rule.clone(),
                }],
                actors: vec![Actor {
                    id: "ac_1".to_owned(),
                    name: "Zoe Lee".to_owned(),
                    kind: "person",
                    ..Actor::default()
                }],
                ..Mentions::default()
            },
            attributions: vec![Attribution {
                kind: Kind::Indirect,
                class: CueClass::Speech,
                source: vec![find(repaired, "Zoe Lee")],
                cue: vec![find(repaired, "said")],
                content: vec![find(repaired, "that it rained")],
                stance: Stance::Asserts,
                outer: 0,
                speaker: None,
                shown: None,
                said_on: vec![0],
                confidence: 0,
                rule: rule.clone(),
            }],
            dated_claims: vec![DatedClaim {
                span: Span::new(0, repaired.len()),
                dates: vec![0],
                outer: 0,
                rule,
            }],
        };
        let json = from_analysis(&analysis).to_json();
        assert_eq!(
            json,
            concat!(
                r#"{"id":"a","title":"","publisher":"","published":"","text":"“Né” &amp; Zoe"#,
                "\u{a0}",
                r#"Lee said in May that it rained.","sentences":[[0,46]],"#,
                r#""timexes":[{"start":27,"end":30,"type":"DATE","value":"2015-05","rule":"r"}],"#,
                r#""actors":[{"start":11,"end":18,"id":"ac_1","name":"Zoe Lee","kind":"person","rule":"r"}],"#,
                r#""attributions":[{"kind":"indirect","class":"speech","source":[[11,18]],"cue":[[19,23]],"#,
                r#""content":[[31,45]],"speaker":"Zoe Lee","speaker_id":"","stance":"asserts","#,
                r#""dates":[{"surface":"May","value":"2015-05"}],"rule":"r"}],"#,
                r#""dated_claims":[{"span":[0,46],"dates":[{"surface":"May","value":"2015-05"}],"#,
                r#""actors":["Zoe Lee"],"rule":"r"}]}"#
            )
        );
    }

    #[test]
    fn gold_may_hold_more_and_less() {
        let read = read(
            "gold.jsonl",
            concat!(
                r#"{"id":"a","text":"It is so.","published":null,"wire":"x","sentences":["It is so."],"#,
                r#""attributions":[{"content":[[0,2]],"cue_class":"act","optional":true,"votes":3}]}"#,
                "\n\n",
                r#"{"id":"b","text":"","timexes":[]}"#
            ),
        )
        .unwrap();
        assert_eq!(read[0].sentences, Some(Segments::Words(vec!["It is so.".to_owned()])));
        assert!(read[0].attributions.as_ref().unwrap()[0].optional);
        assert_eq!(read[0].timexes, None);
        assert_eq!(read[1].timexes, Some(Vec::new()));
    }

    #[track_caller]
    fn check_error(jsonl: &str, expected: &str) {
        assert_eq!(read("g.jsonl", jsonl).unwrap_err().to_string(), expected);
    }

    #[test]
    fn bad_lines_are_named() {
        check_error("{\"id\":\"a\"}\n{\"id\":", "g.jsonl:2: EOF while parsing a value at column 6");
        check_error(
            "{\"id\":\"a\"}\n\n{\"id\":\"a\"}",
            "g.jsonl:3: the id `a` stands in line 1 already",
        );
        check_error("{}", "g.jsonl:1: a document needs an `id`");
        check_error(
            r#"{"id":"a","text":"né","timexes":[{"start":0,"end":3}]}"#,
            "g.jsonl:1: `a`: timex [0, 3] lies past the end: the text has 2 code points",
        );
        check_error(
            r#"{"id":"a","text":"né","attributions":[{"content":[[1,1]]}]}"#,
            "g.jsonl:1: `a`: content [1, 1] does not run forward",
        );
    }
}
