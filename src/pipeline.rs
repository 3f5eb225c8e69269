//! The way of one document through the stages. Only this module knows their order.
//!
//! ```text
//! normalize -> sentences -> tokens -> dates, actors -> attributions -> speakers -> dated claims
//! ```

use jiff::civil::Date;

use crate::actors::Actors;
use crate::attributions::{Attributions, Tried};
use crate::dated_claims::DatedClaims;
use crate::dates::Dates;
use crate::error::Error;
use crate::model::{Analysis, Block, BlockKind, Document, Meta, PublishedBasis, Source, Tokens};
use crate::normalize::Normalizer;
use crate::rules::{Pack, PackFile};
use crate::sentences::Splitter;
use crate::text::Span;
use crate::tokens::Tokenizer;

/// About so many bytes of text pass through the stages together. The words, tables and code of one
/// stage fill a processor's cache: a document of some kilobytes that goes through all stages alone
/// finds it filled with those of another stage each time.
pub const BATCH: usize = 256 << 10;

/// All stages, compiled from a rule pack once. Documents can be analyzed on any thread.
#[derive(Debug)]
pub struct Extractor {
    pack: Pack,
    normalizer: Normalizer,
    splitter: Splitter,
    tokenizer: Tokenizer,
    dates: Dates,
    actors: Actors,
    attributions: Attributions,
    dated_claims: DatedClaims,
}

/// What was found in a document, with what the stages saw of it.
#[derive(Debug, Default)]
pub struct Inside {
    /// What was found.
    pub analysis: Analysis,
    tokens: Tokens,
}

impl Extractor {
    /// Compiles the rules of `pack`; `actors` are further lists of actors.
    ///
    /// # Errors
    /// A rule that cannot be compiled, with its place.
    pub fn new(pack: Pack, actors: &[PackFile]) -> Result<Extractor, Error> {
        Ok(Extractor {
            normalizer: Normalizer::new(&pack.files)?,
            splitter: Splitter::new(&pack.files)?,
            tokenizer: Tokenizer::new(&pack)?,
            dates: Dates::new(&pack)?,
            actors: Actors::new(&pack, actors)?,
            attributions: Attributions::new(&pack)?,
            dated_claims: DatedClaims::new(&pack)?,
            pack,
        })
    }

    /// The rules it was made from.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// Finds in one document all that the rules know of. Cannot fail: strange text is input.
    pub fn analyze(&self, source: Source) -> Analysis {
        self.look_inside(source).analysis
    }

    /// As [`Extractor::analyze`] for each of some documents, in their order. Faster than one by
    /// one, best for about [`BATCH`] bytes.
    pub fn analyze_all(&self, sources: Vec<Source>) -> Vec<Analysis> {
        let documents = sources.into_iter().map(|it| self.normalizer.document(it));
        self.stages(documents).into_iter().map(|it| it.analysis).collect()
    }

    /// As [`Extractor::look_inside`] for a text that is one paragraph as it stands: an example.
    pub fn look_inside_plain(&self, text: &str, published: Option<Date>) -> Inside {
        let block = Block { span: Span::new(0, text.len()).trim(text), kind: BlockKind::Paragraph };
        let basis = published.map_or(PublishedBasis::Unknown, |_| PublishedBasis::Field);
        self.alone(Document {
            meta: Meta { published, published_basis: basis, ..Meta::default() },
            original: text.to_owned(),
            blocks: vec![block],
            ..Document::default()
        })
    }

    /// As [`Extractor::analyze`], with what the stages saw, for explanations.
    pub fn look_inside(&self, source: Source) -> Inside {
        self.alone(self.normalizer.document(source))
    }

    /// The elements that attribution rules see in an outer sentence: kind and place of each.
    pub fn elements(&self, inside: &Inside, outer: usize) -> Vec<(&str, Span)> {
        let Inside { analysis, tokens } = inside;
        self.attributions.chunks(&analysis.document, &analysis.sentences, tokens, outer)
    }

    /// The attribution rules that were tried at each cue of an outer sentence.
    pub fn tried(&self, inside: &Inside, outer: usize) -> Vec<Tried> {
        let Inside { analysis, tokens } = inside;
        self.attributions.tried(&analysis.document, &analysis.sentences, tokens, outer)
    }

    fn alone(&self, document: Document) -> Inside {
        self.stages(std::iter::once(document)).pop().unwrap_or_default()
    }

    /// Each stage passes over all documents before the next one begins.
    fn stages(&self, documents: impl Iterator<Item = Document>) -> Vec<Inside> {
        let begun = |document| Analysis { document, ..Analysis::default() };
        let mut batch: Vec<Inside> =
            documents.map(|it| Inside { analysis: begun(it), ..Inside::default() }).collect();
        let mut stage = |work: &dyn Fn(&mut Analysis, &mut Tokens)| {
            batch.iter_mut().for_each(|it| work(&mut it.analysis, &mut it.tokens));
        };
        stage(&|it, _| it.sentences = self.splitter.split(&it.document));
        stage(&|it, tokens| {
            let lexicon = &self.pack.lexicon;
            *tokens = self.tokenizer.tokens(lexicon, it.document.text(), &it.sentences);
        });
        stage(&|it, tokens| self.dates(it, tokens));
        stage(&|it, tokens| {
            it.mentions = self.actors.find(&it.document, &it.sentences, tokens, &it.timexes);
            // `May` is a month, unless the text names somebody of that name.
            it.timexes.retain(|timex| !it.mentions.is_person(timex.span));
        });
        stage(&|Analysis { document, sentences, timexes, mentions, attributions, .. }, tokens| {
            *attributions = self.attributions.find(document, sentences, tokens, timexes, mentions);
        });
        stage(&|Analysis { document, sentences, mentions, attributions, .. }, tokens| {
            self.actors.resolve(document, sentences, tokens, mentions, attributions);
        });
        stage(&|it, tokens| {
            let Analysis { document, sentences, timexes, attributions, .. } = it;
            it.dated_claims =
                self.dated_claims.find(document, sentences, tokens, timexes, attributions);
        });
        batch
    }

    fn dates(&self, Analysis { document, sentences, timexes, .. }: &mut Analysis, tokens: &Tokens) {
        if document.meta.published.is_none() {
            document.meta.published = self.dates.published(document, sentences, tokens);
            if document.meta.published.is_some() {
                document.meta.published_basis = PublishedBasis::Inferred;
            }
        }
        *timexes = self.dates.find(document, sentences, tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PackFiles;
    use crate::statements::{Wanted, assemble};

    static EXTRACTOR: std::sync::LazyLock<Extractor> = std::sync::LazyLock::new(|| {
        Extractor::new(Pack::load(PackFiles::embedded()).unwrap(), &[]).unwrap()
    });

    /// The column `date` of each row, in an article whose day of publication is `published`.
    #[track_caller]
    fn dates(text: &str, published: &str, expected: &[&str]) {
        let inside = EXTRACTOR.look_inside_plain(text, published.parse().ok());
        let rows = assemble(&inside.analysis, Wanted::default());
        let found: Vec<&str> =
            rows.iter().map(|it| it.date().map_or("", |it| it.column())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_date_nearest_the_verb_is_that_of_the_event() {
        let day = "2024-05-15";
        dates("The accord on the borders of 2014 was signed in May 2015.", day, &["2015-05"]);
        dates("In May 2015 they signed a treaty that ends in 2040.", day, &["2015-05"]);
        dates("The bridge was opened at 9:30 a.m. on May 3, 2019.", day, &["2019-05-03"]);
        dates("She led the party from 2016 to 2019.", day, &["2016/2019"]);
        dates("Sales fell in the first seven months of 2016.", day, &["2016-01/2016-07"]);
    }

    #[test]
    fn the_date_of_saying_goes_before_that_of_what_was_said() {
        let day = "2024-05-15";
        dates(
            "Ana Diaz told reporters on Monday that talks will begin in June.",
            day,
            &["2024-05-13"],
        );
        dates("Ana Diaz said that talks will begin in June.", day, &["2024-06"]);
        dates("Ana Diaz said that talks began in May and will end in June.", day, &[""]);
    }

    #[test]
    fn dates_of_another_text_do_not_count_from_the_article_s_day() {
        let text = "Ana Diaz left on Monday.\n\nBo Lee came on May 3, 2019. He left on Monday.";
        let [own, other] = [0..24, 26..text.len()].map(|it| Span::new(it.start, it.end));
        let block = |span, kind| Block { span, kind };
        let published = "2024-05-15".parse().ok();
        let inside = EXTRACTOR.alone(Document {
            meta: Meta { published, ..Meta::default() },
            original: text.to_owned(),
            blocks: vec![block(own, BlockKind::Paragraph), block(other, BlockKind::Foreign)],
            ..Document::default()
        });
        let found: Vec<&str> = inside.analysis.timexes.iter().map(|it| &*it.value).collect();
        assert_eq!(found, ["2024-05-13", "2019-05-03", "XXXX-WXX-1"]);
    }

    #[test]
    fn a_source_without_a_name_is_shown_without_the_clause_behind_its_comma() {
        let speaker = |text: &str| {
            let inside = EXTRACTOR.look_inside_plain(text, None);
            let rows = assemble(&inside.analysis, Wanted::default());
            rows.first().unwrap_or_else(|| panic!("{text}")).speaker.clone().into_owned()
        };
        let nurse = "A nurse, who asked that her name be withheld, said the ward was full.";
        assert_eq!(speaker(nurse), "A nurse");
        assert_eq!(speaker("“It is full,” said a nurse, who would not be named."), "a nurse");
        // Somebody else may stand behind it, and what is no clause tells who it is.
        let two = "A nurse, who would not be named, and a clerk said the ward was full.";
        assert_ne!(speaker(two), "A nurse");
        let without_comma = "A nurse who would not be named said the ward was full.";
        assert_eq!(speaker(without_comma), "A nurse who would not be named");
    }

    /// The dates of the first attributed row, each with its role, in an article of 2024-05-15.
    #[track_caller]
    fn roles(text: &str, expected: &[&str]) {
        let inside = EXTRACTOR.look_inside_plain(text, "2024-05-15".parse().ok());
        let rows = assemble(&inside.analysis, Wanted::default());
        let row = rows.iter().find(|it| !it.cue.is_empty()).unwrap_or_else(|| panic!("{text}"));
        let found: Vec<String> =
            row.dates.iter().map(|it| format!("{:?} {}", it.role, it.text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_date_of_the_cue_s_clause_is_that_of_the_saying() {
        let monday: &[&str] = &["Saying Monday"];
        roles("Ana Diaz told reporters on Monday that the bridge is safe.", monday);
        roles("Ana Diaz said Monday that the bridge is safe.", monday);
        roles("On Monday, Ana Diaz said the bridge was safe.", monday);
        roles("“The bridge is safe,” Ana Diaz said on Monday.", monday);
        roles("“The bridge is safe,” said Ana Diaz in Riga on Monday.", monday);
        roles("The bridge is safe, Ana Diaz said in an interview on Monday.", monday);
        roles("Speaking to reporters on Monday, Ana Diaz said the bridge was safe.", monday);
        roles("Ana Diaz on Monday said the bridge was safe.", monday);
        roles(
            "He resigned on Friday, and on Monday Ana Diaz said that the bridge was safe.",
            monday,
        );
        roles(
            "Ana Diaz said on Monday that the bridge would open in June.",
            &["Saying Monday", "Event June"],
        );
        roles("Ana Diaz said that the bridge would open in June.", &["Event June"]);
        roles("Ana Diaz said on April 12 that the bridge is safe.", &["Saying April 12"]);
        roles("Asked on Monday about the bridge, Ana Diaz said it was safe.", monday);
        roles("Reached by phone on Monday, Ana Diaz said the bridge was safe.", monday);
        roles("Speaking on Monday, Ana Diaz said the bridge was safe.", monday);
        roles("Ana Diaz said on April 12, 2024, that it is safe.", &["Saying April 12, 2024"]);
        roles(
            "In a letter published on Monday, the mayor, Ana Diaz, wrote that the bridge is safe.",
            monday,
        );
    }

    #[test]
    fn a_date_that_opens_the_clause_is_no_part_of_the_source() {
        let check = |text: &str, speaker: &str, date: &str| {
            let inside = EXTRACTOR.look_inside_plain(text, "2024-05-20".parse().ok());
            let rows = assemble(&inside.analysis, Wanted::default());
            let found: Vec<_> = rows
                .iter()
                .filter(|it| !it.cue.is_empty())
                .map(|it| {
                    let source: Vec<&str> = it.source.iter().map(|it| &*it.text).collect();
                    (source.join(" "), it.date().map_or("", |it| it.column()).to_owned())
                })
                .collect();
            assert_eq!(found, [(speaker.to_owned(), date.to_owned())], "{text}");
        };
        let senator = "Senator Rodrigo Diaz";
        check("On 15 May Senator Rodrigo Diaz said the bridge was safe.", senator, "2024-05-15");
        check("On May 15 Senator Rodrigo Diaz said the bridge was safe.", senator, "2024-05-15");
        check("In January Senator Rodrigo Diaz said the bridge was safe.", senator, "2024-01");
        check("In 2015 Senator Rodrigo Diaz said the bridge was safe.", senator, "2015");
        check("By 3 June ministers said the bridge was safe.", "ministers", "2024-06-03");
        check("The 12 May report said the bridge was safe.", "The 12 May report", "");
        check("In May's report said to be his, Diaz said it was safe.", "Diaz", "");
        check("According to May 12 papers, the bridge was safe.", "May 12 papers", "");
    }

    #[test]
    fn a_date_of_another_clause_is_not_that_of_the_saying() {
        roles("The minister, elected in 2015, said the bridge was safe.", &[]);
        roles("The minister, who was elected in 2015, said the bridge was safe.", &[]);
        roles("Ana Diaz, mayor since 2015, said the bridge was safe.", &[]);
        roles("Ana Diaz, a member of the council in 2015, said the bridge was safe.", &[]);
        roles("“The bridge is safe,” said Ana Diaz, mayor since 2015.", &[]);
        roles("Elected in 2015, Ana Diaz said the bridge was safe.", &[]);
        roles("Born in 1950, Ana Diaz said she had never left the town.", &[]);
        roles("Founded in 2001, the company said it would close the bridge.", &[]);
        roles("When the bridge was built in 2015, Ana Diaz said it was safe.", &[]);
        roles("“The bridge is safe,” Ana Diaz said after it was closed in April.", &[]);
        roles("“The bridge is safe,” Ana Diaz said before Monday's vote.", &[]);
        roles("“The bridge is safe,” Ana Diaz said, and on Friday she left.", &[]);
    }

    #[test]
    fn a_month_is_no_date_where_it_names_somebody() {
        let of = |text: &str| -> (Vec<String>, usize) {
            let analysis = EXTRACTOR.look_inside_plain(text, None).analysis;
            let dates = analysis.timexes.iter().map(|it| it.span.of(text).to_owned()).collect();
            let is_may = |it: &&crate::model::Mention| it.span.of(text).ends_with("May");
            (dates, analysis.mentions.all.iter().filter(is_may).count())
        };
        let none: [&str; 0] = [];
        let (dates, names) = of("Theresa May left. May will not resign. “May is right,” he said.");
        assert_eq!((dates, names), (none.map(String::from).to_vec(), 3));
        let (dates, names) = of("Theresa May left. Talks begin in May. It was done by early May.");
        assert_eq!((dates, names), (["May", "early May"].map(String::from).to_vec(), 1));
        assert_eq!(of("May was the hottest month.").0, ["May"]);
    }

    #[test]
    fn a_line_of_its_own_gives_the_day_of_publication() {
        let of = |text: &str| {
            let text = text.to_owned();
            let pack = Pack::load(PackFiles::embedded()).unwrap();
            let source = Source { text, ..Source::default() };
            let meta = Extractor::new(pack, &[]).unwrap().analyze(source).document.meta;
            (meta.published.map(|it| it.to_string()), meta.published_basis)
        };
        let body = "The council met in Riga to speak of the harbor, and nobody came.";
        assert_eq!(
            of(&format!("Council meets\n\nMay 3, 2021\n\n{body}\n\n{body}")),
            (Some("2021-05-03".to_owned()), PublishedBasis::Inferred)
        );
        assert_eq!(
            of(&format!("The fall of Riga on May 3, 1521\n\n{body}\n\n{body}")),
            (None, PublishedBasis::Unknown)
        );
    }
}
