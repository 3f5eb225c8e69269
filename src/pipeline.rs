//! The way of one document through the stages. Only this module knows their order.
//!
//! ```text
//! normalize -> sentences -> tokens -> dates, actors -> attributions -> speakers -> dated claims
//! ```

use crate::error::Error;
use crate::model::{Analysis, Block, BlockKind, Document, Source};
use crate::rules::{Pack, PackFile};
use crate::sentences::Splitter;
use crate::text::Span;
use crate::tokens::Tokenizer;

/// All stages, compiled from a rule pack once. Documents can be analyzed on any thread.
#[derive(Debug)]
pub struct Extractor {
    pack: Pack,
    splitter: Splitter,
    tokenizer: Tokenizer,
}

impl Extractor {
    /// Compiles the rules of `pack`; `actors` are further lists of actors.
    ///
    /// # Errors
    /// A rule that cannot be compiled, with its place.
    pub fn new(pack: Pack, _actors: &[PackFile]) -> Result<Extractor, Error> {
        let splitter = Splitter::new(&pack.files)?;
        let tokenizer = Tokenizer::new(&pack)?;
        Ok(Extractor { pack, splitter, tokenizer })
    }

    /// The rules it was made from.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// Finds in one document all that the rules know of. Cannot fail: strange text is input.
    pub fn analyze(&self, source: Source) -> Analysis {
        let document = paragraphs(source);
        let sentences = self.splitter.split(&document);
        let text = document.text();
        let _tokens = self.tokenizer.tokens(&self.pack.lexicon, text, &sentences);
        Analysis { document, sentences, ..Analysis::default() }
    }
}

/// One block for each paragraph, until the text is normalized.
fn paragraphs(source: Source) -> Document {
    let mut blocks = Vec::new();
    let mut start = 0;
    for part in source.text.split_inclusive("\n\n") {
        let span = Span::new(start, start + part.len()).trim(&source.text);
        start += part.len();
        if !span.is_empty() {
            blocks.push(Block { span, kind: BlockKind::Paragraph });
        }
    }
    Document { id: source.id, meta: source.meta, original: source.text, repaired: None, blocks }
}
