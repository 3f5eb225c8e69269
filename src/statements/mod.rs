//! Makes the rows of one document: attributed statements and dated claims, in order of place.
//!
//! Every word of a row is taken from [`Document::original`], and every place counts its code
//! points. A reader must not meet the same words twice without reason, so a dated claim that
//! an attributed statement already tells is left out (see [`assemble`]); where that is not
//! plain, both rows stay: a row too many can be filtered, a lost date cannot be found again.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{
    Analysis, Attribution, CueClass, DateRole, DatedClaim, Document, Kind, Piece, Stance,
    Statement, StatementActor, StatementDate, Timex, TimexKind,
};
use crate::text::{CodePoints, Span};

/// Which attributions make rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Every class of cue rather than speech and writing alone.
    pub all_cues: bool,
    /// Attributions by rules of less confidence are left out, 0 to 100.
    pub min_confidence: u8,
}

impl Wanted {
    fn takes(self, attribution: &Attribution) -> bool {
        (self.all_cues || attribution.class == CueClass::Speech)
            && attribution.confidence >= self.min_confidence
    }
}

/// The rows of a document, in order of place.
///
/// A dated claim makes a row unless
/// - it lies inside the content of any attribution, wanted or not: those are the words of the
///   source and not of the article, or
/// - each of its dates lies in such a content, or dates the saying of an attributed row whose cue
///   it holds: then it tells only that the source spoke, which that row says better.
///
/// What an act is about is no content here: the article itself tells who signed what.
pub fn assemble(analysis: &Analysis, wanted: Wanted) -> Vec<Statement<'_>> {
    let page = Page::new(analysis);
    let most = analysis.attributions.len() + analysis.dated_claims.len();
    let mut rows: Vec<(Span, Statement)> = Vec::with_capacity(most);
    let mut told = Told::new(&analysis.attributions);
    for attribution in analysis.attributions.iter().filter(|it| wanted.takes(it)) {
        let Some((hull, row)) = page.attributed(attribution) else { continue };
        told.add(&attribution.cue, &row);
        rows.push((hull, row));
    }
    told.sort();
    for claim in &analysis.dated_claims {
        let dates = claim.dates.iter().filter_map(|&at| analysis.timexes.get(at as usize));
        if !told.tells(claim.span, dates.map(|it| (it.span, page.place(it.span)))) {
            rows.push((claim.span, page.dated(claim)));
        }
    }
    // Of two rows with one id the surer rule's stays.
    rows.sort_by(|(a, x), (b, y)| {
        let place = (a.start, a.end, &x.id).cmp(&(b.start, b.end, &y.id));
        place.then(y.confidence.cmp(&x.confidence)).then_with(|| x.rule.cmp(&y.rule))
    });
    rows.dedup_by(|(_, next), (_, kept)| next.id == kept.id);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The id of a statement: `st_` and 16 hex digits of the XXH3-64 hash (seed 0) of the UTF-8 of
/// document id, start, end, kind and statement, with a line feed between each two.
pub fn id(document_id: &str, [start, end]: [u32; 2], kind: Kind, statement: &str) -> String {
    let mut key = String::with_capacity(document_id.len() + statement.len() + 32);
    key.push_str(document_id);
    for number in [start, end] {
        key.push('\n');
        push_number(&mut key, number);
    }
    for word in ["\n", kind.as_str(), "\n", statement] {
        key.push_str(word);
    }
    let hash = xxh3_64(key.as_bytes());
    let mut id = *b"st_0000000000000000";
    for (at, digit) in id["st_".len()..].iter_mut().rev().enumerate() {
        *digit = b"0123456789abcdef"[(hash >> (4 * at)) as usize & 15];
    }
    std::str::from_utf8(&id).expect("digits are ASCII").to_owned()
}

fn push_number(to: &mut String, number: u32) {
    if number >= 10 {
        push_number(to, number / 10);
    }
    to.push(char::from(b'0' + (number % 10) as u8));
}

/// The words with each run of white space as one space, and none at the edges.
fn folded(words: &str) -> Cow<'_, str> {
    // Most words are ASCII with one space between each two.
    let mut before = b' ';
    let is_smooth = words.bytes().all(|it| {
        let is_second = before == b' ' && it == b' ';
        before = it;
        !is_second && it.is_ascii() && !matches!(it, b'\t'..=b'\r')
    });
    if is_smooth && before != b' ' {
        return words.into();
    }
    let mut out = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.into()
}

/// The words without the `>` that marks each line as quoted.
fn unmarked(words: &str) -> Cow<'_, str> {
    if !words.contains("\n>") {
        return Cow::Borrowed(words);
    }
    let lines = words.split('\n').enumerate().map(|(at, line)| match at {
        0 => line,
        _ => line.trim_start_matches(['>', ' ']),
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// Whether a piece of text holds something between quotation marks of any style.
fn quotes(words: &str) -> bool {
    // Without branches, so that the machine looks at many bytes at once: most words hold no mark.
    let may_be_mark = |it: u8| (it == b'"') | (it == b'\'') | (it == b'`') | (it >= 0x80);
    if !words.bytes().fold(false, |found, it| found | may_be_mark(it)) {
        return false;
    }
    if words.contains(['“', '„', '«', '"']) || words.contains("''") {
        return true;
    }
    // A single mark opens where no letter stands before it, and closes behind one.
    let opens = |(at, mark): (usize, char)| {
        let before = words[..at].chars().next_back();
        let after = &words[at + mark.len_utf8()..];
        let is_open = before.is_none_or(|it| !it.is_alphanumeric())
            && after.starts_with(char::is_alphanumeric);
        let close = if mark == '‘' { '’' } else { mark };
        let closes = |(end, _): (usize, char)| {
            let next = after[end + close.len_utf8()..].chars().next();
            end > 0 && next.is_none_or(|it| !it.is_alphanumeric())
        };
        is_open && after.char_indices().filter(|it| it.1 == close).any(closes)
    };
    words.char_indices().filter(|it| matches!(it.1, '‘' | '\'' | '`')).any(opens)
}

/// What stands between two pieces of a content that other words part.
const GAP: &str = " … ";

/// A document with the means to take words and places from it.
struct Page<'a> {
    analysis: &'a Analysis,
    document: &'a Document,
    points: CodePoints<'a>,
}

impl<'a> Page<'a> {
    fn new(analysis: &'a Analysis) -> Self {
        let document = &analysis.document;
        Page { analysis, document, points: CodePoints::new(&document.original) }
    }

    /// The original's words at a place of the text that the stages read.
    fn words(&self, span: Span) -> &'a str {
        self.document.to_original(span).of(&self.document.original)
    }

    /// A place of the text that the stages read, in code points of the original.
    fn place(&self, span: Span) -> [u32; 2] {
        self.points.span(self.document.to_original(span))
    }

    fn places(&self, spans: &[Span]) -> Vec<[u32; 2]> {
        spans.iter().map(|&it| self.place(it)).collect()
    }

    fn pieces(&self, spans: &[Span]) -> Vec<Piece<'a>> {
        let piece = |&it: &Span| {
            let span = self.document.to_original(it);
            let text = span.of(&self.document.original).into();
            Piece { span: self.points.span(span), text }
        };
        spans.iter().map(piece).collect()
    }

    /// The row of an attribution and its extent; nothing where it has no content.
    fn attributed(&self, it: &'a Attribution) -> Option<(Span, Statement<'a>)> {
        let content = self.joined(&it.content);
        let hull = (it.source.iter().chain(&it.cue).chain(&content).copied()).reduce(Span::to)?;
        if content.is_empty() {
            return None;
        }
        let speaker = it.speaker.and_then(|at| self.analysis.mentions.actors.get(at as usize));
        let source = it.shown.or_else(|| it.source.iter().copied().reduce(Span::to));
        // A mark that parts a source from what stands around it is none of its words.
        let bare = |it: &'a str| it.trim_matches([',', ';', ':', '—', '–', ' ', '\n']);
        let named = || source.map(|span| folded(bare(self.words(span)))).unwrap_or_default();
        let cue = it.cue.iter().copied().reduce(Span::to);
        let row = Statement {
            class: it.class,
            speaker: speaker.map_or_else(named, |it| (&*it.name).into()),
            speaker_id: speaker.map(|it| (&*it.id).into()).unwrap_or_default(),
            speaker_role: speaker.map(|it| (&*it.role).into()).unwrap_or_default(),
            cue: cue.map(|span| self.words(span).into()).unwrap_or_default(),
            stance: it.stance,
            dates: self.dates_of(it, &content),
            actors: self.actors(it.source.iter().chain(&content)),
            source: self.pieces(&it.source),
            cue_spans: self.places(&it.cue),
            confidence: it.confidence,
            rule: it.rule.as_str().into(),
            ..self.blank(self.kind(it.kind, &content), hull, &content, it.outer)
        };
        Some((hull, row))
    }

    /// The row of a dated claim: the article itself speaks, so there is no speaker.
    fn dated(&self, it: &'a DatedClaim) -> Statement<'a> {
        let others = self.timexes_in(it.span).map(|(at, _)| at);
        let others = others.filter(|at| !it.dates.contains(at));
        let dates: Vec<u32> = it.dates.iter().copied().chain(others).collect();
        Statement {
            dates: self.in_order([(DateRole::Event, dates)]),
            actors: self.actors([&it.span].into_iter()),
            confidence: 100,
            rule: it.rule.as_str().into(),
            ..self.blank(Kind::Dated, it.span, &[it.span], it.outer)
        }
    }

    /// What all rows have.
    fn blank(&self, kind: Kind, hull: Span, content: &[Span], outer: u32) -> Statement<'a> {
        let statement = self.statement(content);
        let [start, end] = self.place(hull);
        let sentence = self.analysis.sentences.outer.get(outer as usize);
        let meta = &self.document.meta;
        Statement {
            id: id(&self.document.id, [start, end], kind, &statement).into(),
            document_id: (&*self.document.id).into(),
            publisher: (&*meta.publisher).into(),
            published: meta.published,
            url: (&*meta.url).into(),
            kind,
            class: CueClass::Speech,
            speaker: Cow::default(),
            speaker_id: Cow::default(),
            speaker_role: Cow::default(),
            cue: Cow::default(),
            stance: Stance::Asserts,
            statement,
            dates: Vec::new(),
            actors: Vec::new(),
            sentence: sentence.map(|it| unmarked(self.words(it.span))).unwrap_or_default(),
            start,
            end,
            source: Vec::new(),
            cue_spans: Vec::new(),
            content: self.pieces(content),
            confidence: 0,
            rule: Cow::default(),
        }
    }

    /// The words of a content.
    fn statement(&self, content: &[Span]) -> Cow<'a, str> {
        if let [whole] = content {
            return unmarked(self.words(*whole));
        }
        let pieces: Vec<Cow<str>> = content.iter().map(|&it| unmarked(self.words(it))).collect();
        pieces.join(GAP).into()
    }

    /// The pieces of a content, with those that only white space parts made one.
    fn joined(&self, content: &[Span]) -> Vec<Span> {
        let text = self.document.text();
        let mut joined: Vec<Span> = Vec::new();
        for &piece in content.iter().filter(|it| !it.is_empty()) {
            if let Some(last) = joined.last_mut() {
                let between = text.get(last.end as usize..piece.start as usize);
                if between.is_some_and(|it| it.trim().is_empty()) {
                    *last = last.to(piece);
                    continue;
                }
            }
            joined.push(piece);
        }
        joined
    }

    /// The kind of a row, by what its content shows.
    fn kind(&self, kind: Kind, content: &[Span]) -> Kind {
        let is_quoting = || content.iter().any(|&it| quotes(self.words(it)));
        if kind == Kind::Indirect && is_quoting() { Kind::Mixed } else { kind }
    }

    fn dates_of(&self, it: &Attribution, content: &[Span]) -> Vec<StatementDate<'a>> {
        let said = it.said_on.clone();
        let inside = content.iter().flat_map(|&piece| self.timexes_in(piece)).map(|(at, _)| at);
        let event: Vec<u32> = inside.filter(|at| !said.contains(at)).collect();
        self.in_order([(DateRole::Saying, said), (DateRole::Event, event)])
    }

    fn timexes_in(&self, span: Span) -> impl Iterator<Item = (u32, &'a Timex)> {
        let all = &self.analysis.timexes;
        let first = all.partition_point(|it| it.span.start < span.start);
        let inside = all[first..].iter().take_while(move |it| it.span.start < span.end);
        (first as u32..).zip(inside).filter(move |(_, it)| it.span.end <= span.end)
    }

    /// The settled actors named inside the spans, in order of place.
    fn actors<'s>(&self, spans: impl Iterator<Item = &'s Span>) -> Vec<StatementActor<'a>> {
        let mentions = &self.analysis.mentions;
        let mut found: Vec<StatementActor<'a>> = Vec::new();
        for &span in spans {
            let first = mentions.all.partition_point(|it| it.span.start < span.start);
            for it in mentions.all[first..].iter().take_while(|it| it.span.end <= span.end) {
                let actor = it.actor.and_then(|at| mentions.actors.get(at as usize));
                let Some(actor) = actor.filter(|it| !it.id.is_empty()) else { continue };
                found.push(StatementActor {
                    id: (&*actor.id).into(),
                    name: (&*actor.name).into(),
                    kind: actor.kind.into(),
                    span: self.place(it.span),
                });
            }
        }
        found.sort_by_key(|it| it.span);
        found.dedup_by_key(|it| it.span);
        found
    }
}

impl<'a> Page<'a> {
    /// Dates with the one that decides the columns first: the date of saying before that of an
    /// event, a calendar date before a length of time, a date of its own before one that
    /// modifies a noun; else as given.
    fn in_order<const N: usize>(&self, dates: [(DateRole, Vec<u32>); N]) -> Vec<StatementDate<'a>> {
        let stretches = |(role, indices): (DateRole, Vec<u32>)| {
            let all = Timex::stretches(&self.analysis.timexes, &indices);
            all.into_iter().map(move |it| (role, it))
        };
        let mut dates: Vec<(DateRole, Cow<Timex>)> =
            dates.into_iter().flat_map(stretches).collect();
        dates.sort_by_key(|(role, it)| {
            let is_length = matches!(it.kind, TimexKind::Duration | TimexKind::Set);
            (*role, is_length || it.edtf.is_empty(), it.is_modifier)
        });
        dates.into_iter().map(|(role, it)| self.date(role, it)).collect()
    }

    fn date(&self, role: DateRole, it: Cow<'a, Timex>) -> StatementDate<'a> {
        let [value, edtf, rule] = match &it {
            Cow::Borrowed(it) => [&*it.value, &*it.edtf, it.rule.as_str()].map(Cow::from),
            Cow::Owned(it) => {
                [&*it.value, &*it.edtf, it.rule.as_str()].map(|it| Cow::Owned(it.to_owned()))
            }
        };
        StatementDate {
            role,
            text: folded(self.words(it.span)),
            kind: it.kind,
            value,
            modifier: it.modifier.into(),
            edtf,
            is_modifier: it.is_modifier,
            is_inferred: it.is_inferred,
            from: it.days.map(|(from, _)| from),
            to: it.days.map(|(_, to)| to),
            span: self.place(it.span),
            rule,
        }
    }
}

/// What attributed statements already tell.
struct Told {
    /// Contents of all attributions by their start, each with the furthest end so far.
    contents: Vec<(u32, u32)>,
    /// Cues of attributed rows, each with the places of the row's dates.
    cues: Vec<(Span, Vec<[u32; 2]>)>,
}

impl Told {
    fn new(attributions: &[Attribution]) -> Told {
        let words = attributions.iter().filter(|it| it.class != CueClass::Act);
        let contents = words.flat_map(|it| &it.content);
        let mut contents: Vec<(u32, u32)> = contents.map(|it| (it.start, it.end)).collect();
        contents.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut contents {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Told { contents, cues: Vec::new() }
    }

    fn add(&mut self, cue: &[Span], row: &Statement) {
        // A date far off dates a clause of its own, whatever else it dates.
        const NEAR: u32 = 36;
        let is_near = |it: [u32; 2]| it[0] <= row.end + NEAR && it[1] + NEAR >= row.start;
        let dates = || row.dates.iter().map(|it| it.span).filter(|&it| is_near(it)).collect();
        self.cues.extend(cue.iter().map(|&it| (it, dates())));
    }

    fn sort(&mut self) {
        self.cues.sort_unstable();
    }

    /// Whether a claim and its dates are told; `dates` are their places in the text, and those
    /// in the row.
    fn tells<'d>(
        &self,
        span: Span,
        mut dates: impl Iterator<Item = (Span, [u32; 2])> + 'd,
    ) -> bool {
        if self.is_content(span) {
            return true;
        }
        let first = self.cues.partition_point(|it| it.0.start < span.start);
        let inside = self.cues[first..].iter().take_while(|it| it.0.start < span.end);
        let frames: Vec<_> = inside.filter(|(cue, _)| span.contains(*cue)).collect();
        dates.all(|(place, shown)| {
            self.is_content(place) || frames.iter().any(|(_, told)| told.contains(&shown))
        })
    }

    fn is_content(&self, span: Span) -> bool {
        let before = self.contents.partition_point(|it| it.0 <= span.start);
        before > 0 && self.contents[before - 1].1 >= span.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Actor, Mention, MentionForm, Mentions, Meta, OuterSentence, Repaired, RuleId, Sentences,
    };
    use crate::text::OffsetMap;

    /// Reads `[words](what)` marks: source, shown, cue, content, date, said (a date of saying), actor,
    /// claim. The whole text is one sentence, with at most one attribution.
    fn analysis(marked: &str) -> Analysis {
        let mut text = String::new();
        let mut open = Vec::new();
        let mut marks: Vec<(Span, String)> = Vec::new();
        let mut rest = marked;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '[' => open.push(text.len()),
                ']' => {
                    let (what, after) = rest[1..].split_once(')').unwrap();
                    let span = Span::new(open.pop().unwrap(), text.len());
                    marks.push((span, what.to_owned()));
                    rest = after;
                }
                c => text.push(c),
            }
        }
        marks.sort();
        let spans = |what: &str| -> Vec<Span> {
            marks.iter().filter(|it| it.1 == what).map(|it| it.0).collect()
        };
        let rule = RuleId::new("test");
        let timexes: Vec<Timex> = marks
            .iter()
            .filter(|it| it.1 == "date" || it.1 == "said")
            .map(|it| Timex {
                span: it.0,
                kind: TimexKind::Date,
                value: "2015-05".to_owned(),
                modifier: "",
                edtf: "2015-05".to_owned(),
                days: None,
                is_modifier: false,
                is_inferred: false,
                opens_range: false,
                rule: rule.clone(),
            })
            .collect();
        let said = spans("said");
        let index = |span: &Span| timexes.iter().position(|it| it.span == *span).unwrap() as u32;
        let attribution = Attribution {
            kind: Kind::Indirect,
            class: CueClass::Speech,
            source: spans("source"),
            shown: spans("shown").pop(),
            cue: spans("cue"),
            content: spans("content"),
            stance: Stance::Asserts,
            outer: 0,
            speaker: None,
            said_on: said.iter().map(index).collect(),
            confidence: 80,
            rule: rule.clone(),
        };
        let claims = spans("claim").into_iter().map(|span| DatedClaim {
            span,
            dates: timexes
                .iter()
                .enumerate()
                .filter(|(_, it)| span.contains(it.span))
                .map(|(at, _)| at as u32)
                .collect(),
            outer: 0,
            rule: rule.clone(),
        });
        let actor = |name: &str| Actor {
            id: "ac_1".to_owned(),
            name: name.to_owned(),
            kind: "person",
            ..Actor::default()
        };
        let mention =
            |span| Mention { span, actor: Some(0), form: MentionForm::Name, rule: rule.clone() };
        Analysis {
            sentences: Sentences {
                inner: Vec::new(),
                outer: vec![OuterSentence {
                    span: Span::new(0, text.len()),
                    first: 0,
                    last: 0,
                    block: 0,
                }],
            },
            mentions: Mentions {
                all: spans("actor").into_iter().map(mention).collect(),
                actors: vec![actor("Ana Diaz")],
                ..Mentions::default()
            },
            attributions: if attribution.content.is_empty() { vec![] } else { vec![attribution] },
            dated_claims: claims.collect(),
            timexes,
            document: Document {
                id: "a".to_owned(),
                meta: Meta { publisher: "Daily".to_owned(), ..Meta::default() },
                original: text,
                ..Document::default()
            },
        }
    }

    /// One line a row: kind, speaker, statement, dates.
    #[track_caller]
    fn check(marked: &str, expected: &[&str]) {
        let analysis = analysis(marked);
        let rows = assemble(&analysis, Wanted::default());
        let show = |it: &Statement| {
            let dates = it.dates.iter().map(|it| format!(" {:?}:{}", it.role, it.text));
            let dates: Vec<String> = dates.collect();
            format!("{} [{}] {}{}", it.kind.as_str(), it.speaker, it.statement, dates.concat())
        };
        let rows: Vec<String> = rows.iter().map(show).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn pieces_are_joined_where_words_part_them() {
        check(
            "[“We won,”](content) [she](source) [said](cue), [“and](content) [they know.”](content)",
            &["mixed [she] “We won,” … “and they know.”"],
        );
    }

    #[test]
    fn a_relative_pronoun_gives_way_to_what_it_refers_to() {
        check(
            "[A treaty](shown) [that](source) [stressed](cue) [a pact](content).",
            &["indirect [A treaty] a pact"],
        );
    }

    #[test]
    fn marks_of_quoted_lines_are_no_words() {
        check(
            "[Diaz](source) [said](cue) [they would\n> > stay > 5 days](content).",
            &["indirect [Diaz] they would\nstay > 5 days"],
        );
    }

    #[test]
    fn the_date_of_saying_comes_first() {
        check(
            "[Diaz  Ruiz](source) [said](cue) [on Monday](said) [talks begin in [May](date)](content).",
            &["indirect [Diaz Ruiz] talks begin in May Saying:on Monday Event:May"],
        );
    }

    #[test]
    fn a_claim_inside_a_content_is_the_source_s() {
        check(
            "[Diaz](source) [said](cue) [[they met in [May](date)](claim)](content).",
            &["indirect [Diaz] they met in May Event:May"],
        );
    }

    #[test]
    fn a_claim_that_only_frames_a_statement_is_told() {
        check(
            "[[Diaz](source) [said](cue) [in [May](said)](x)](claim): [it was late](content).",
            &["indirect [Diaz] it was late Saying:May"],
        );
    }

    #[test]
    fn a_claim_with_a_date_of_its_own_stays() {
        check(
            "[Diaz](source) [said](cue) [it was late](content), and [in [May](date) they met](claim).",
            &["indirect [Diaz] it was late", "dated [] in May they met Event:May"],
        );
    }

    #[test]
    fn unwanted_classes_and_weak_rules_make_no_row() {
        let mut found = analysis("[Diaz](source) [hopes](cue) [to win](content).");
        let strict = Wanted { min_confidence: 81, ..Wanted::default() };
        assert!(assemble(&found, strict).is_empty());
        found.attributions[0].class = CueClass::Belief;
        assert!(assemble(&found, Wanted::default()).is_empty());
        assert_eq!(assemble(&found, Wanted { all_cues: true, min_confidence: 80 }).len(), 1);
    }

    #[test]
    fn places_are_code_points_of_the_original() {
        // "é" stood as an entity; the stages read one letter.
        let mut found = analysis("é [[Diaz](actor)](source) [said](cue) [no](content).");
        let mut map = OffsetMap::default();
        map.push(Span::new(0, 2), Span::new(0, 8));
        let text = std::mem::take(&mut found.document.original);
        found.document.original = text.replace('é', "&eacute;");
        found.document.repaired = Some(Repaired { text, map });
        let row = &assemble(&found, Wanted::default())[0];
        assert_eq!(([row.start, row.end], row.content[0].span), ([9, 21], [19, 21]));
        assert_eq!((row.actors[0].span, &*row.actors[0].name), ([9, 13], "Ana Diaz"));
        assert_eq!(row.sentence, found.document.original);
        assert_eq!(row.id, id("a", [9, 21], Kind::Indirect, "no"));
    }

    #[test]
    fn an_id_is_the_same_on_every_machine() {
        assert_eq!(id("a", [0, 5], Kind::Direct, "“No.”"), "st_789bbedec6272c07");
    }
}
