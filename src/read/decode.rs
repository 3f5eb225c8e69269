//! From bytes to text: compression, encodings, and what is no text at all.
//!
//! A wrong guess of the encoding spoils every name in a document, so bytes that fit no encoding
//! well are refused rather than decoded somehow.

use std::borrow::Cow;
use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Packing {
    #[default]
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// By the first bytes, for input without a name.
    pub(crate) fn of_bytes(head: &[u8]) -> Packing {
        match head {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    /// A reader of what is inside, where `head` is what the packed bytes begin with.
    ///
    /// # Errors
    /// A reason to set the file aside.
    pub(crate) fn unpack<'a>(
        self,
        head: &[u8],
        input: Box<dyn Read + Send + 'a>,
    ) -> Result<Box<dyn Read + Send + 'a>, String> {
        if self != Packing::Plain && head.is_empty() {
            return Err("the file is empty".to_owned());
        }
        if self != Packing::Plain && Packing::of_bytes(head) != self {
            return Err(format!("its name says {0}, but it is no {0} data", self.name()));
        }
        Ok(match self {
            Packing::Plain => input,
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(input)),
            Packing::Zstd => {
                Box::new(zstd::stream::read::Decoder::new(input).map_err(|err| self.reason(&err))?)
            }
        })
    }

    fn name(self) -> &'static str {
        match self {
            Packing::Plain => "plain",
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }

    /// What a failed read means to the person who gave the file.
    pub(crate) fn reason(self, err: &io::Error) -> String {
        let name = self.name();
        match err.kind() {
            _ if self == Packing::Plain => format!("cannot be read: {err}"),
            io::ErrorKind::UnexpectedEof => {
                format!("the {name} data ends too early: the file is cut off")
            }
            _ => format!("the {name} data is broken: {err}"),
        }
    }
}

/// Decodes a whole file. `declared` looks for an encoding that the bytes name themselves.
///
/// # Errors
/// A reason to set the document aside.
pub(crate) fn text(
    bytes: Vec<u8>,
    declared: impl FnOnce(&[u8]) -> Option<&'static Encoding>,
) -> Result<String, String> {
    if bytes.is_empty() {
        return Err("the file is empty".to_owned());
    }
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return decode(&bytes[mark..], encoding).map(Cow::into_owned);
    }
    if let Some(encoding) = wide(&bytes) {
        return decode(&bytes, encoding).map(Cow::into_owned);
    }
    if let Some(what) = no_text(&bytes) {
        return Err(what);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(err) => err.into_bytes(),
    };
    let encoding = declared(&bytes).filter(|it| *it != UTF_8);
    decode(&bytes, encoding.map_or_else(|| guess(&bytes), Ok)?).map(Cow::into_owned)
}

/// Decodes by a known encoding.
///
/// # Errors
/// A reason, with the place of the first byte that does not fit where it is known.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
) -> Result<Cow<'a, str>, String> {
    if encoding == UTF_8 {
        return std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|err| invalid_utf8(err.valid_up_to()));
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        return Err(format!("not all of its bytes are {}", encoding.name()));
    }
    Ok(text)
}

/// The reason that names the first bad byte.
pub(crate) fn invalid_utf8(at: usize) -> String {
    format!("invalid UTF-8 at byte {}, and no other encoding fits", at + 1)
}

/// The encoding that bytes which are no UTF-8 are in.
///
/// # Errors
/// None fits: the bytes are UTF-8 with faults, or what the best guess makes of them is no writing.
pub(crate) fn guess(bytes: &[u8]) -> Result<&'static Encoding, String> {
    let (wide_chars, faults, first) = utf8_census(bytes);
    if wide_chars > faults {
        return Err(format!("invalid UTF-8 at byte {}", first + 1));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    // FE and FF: bytes that hardly any text has, and broken data often.
    let odd = bytes.iter().filter(|&&it| it >= 0xfe).count();
    let high = bytes.iter().filter(|&&it| it >= 0x80).count();
    let is_odd = odd * 2 > high && (encoding == WINDOWS_1252 || high < 16);
    if had_errors || is_odd || !is_writing(&text) {
        return Err(invalid_utf8(first));
    }
    Ok(encoding)
}

/// Whole characters of several bytes, faults, and the place of the first fault.
fn utf8_census(bytes: &[u8]) -> (usize, usize, usize) {
    let (mut wide_chars, mut faults, mut first, mut at) = (0, 0, None, 0);
    for chunk in bytes.utf8_chunks() {
        wide_chars += chunk.valid().bytes().filter(|&it| it >= 0xc0).count();
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            faults += 1;
            first.get_or_insert(at);
            at += chunk.invalid().len();
        }
    }
    (wide_chars, faults, first.unwrap_or(0))
}

/// Whether most of what is no ASCII stands where writing has it: letters beside letters, and the
/// usual marks.
fn is_writing(text: &str) -> bool {
    let (mut good, mut bad, mut before) = (0usize, 0usize, ' ');
    let mut chars = text.chars().peekable();
    while let Some(it) = chars.next() {
        if !it.is_ascii() {
            let is_letter = it.is_alphabetic()
                && (before.is_alphabetic()
                    || chars.peek().is_some_and(|next| next.is_alphabetic()));
            let is_mark = matches!(it, '\u{a0}'..='\u{bf}' | '–'..='…' | '€' | '™');
            if is_letter || is_mark { good += 1 } else { bad += 1 }
        }
        before = it;
    }
    good >= bad
}

/// UTF-16 without a byte order mark: every other byte of Latin text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024) & !1];
    if head.len() < 8 {
        return None;
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&it| it == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    match (even, odd) {
        (0, odd) if odd * 10 > pairs * 7 => Some(UTF_16LE),
        (even, 0) if even * 10 > pairs * 7 => Some(UTF_16BE),
        _ => None,
    }
}

/// Why bytes are no text, as far as their beginning tells.
pub(crate) fn no_text(bytes: &[u8]) -> Option<String> {
    let known = [
        (b"%PDF-".as_slice(), "a PDF"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"\x1f\x8b", "gzip data: its name should end in .gz"),
        (b"\x28\xb5\x2f\xfd", "zstd data: its name should end in .zst"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
    ];
    if let Some((_, name)) = known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(format!("no text but {name}"));
    }
    let head = &bytes[..bytes.len().min(64 * 1024)];
    if memchr::memchr(0, bytes).is_some() {
        return Some("no text: it holds NUL bytes".to_owned());
    }
    let controls = head.iter().filter(|it| is_control(**it)).count();
    (controls * 20 > head.len()).then(|| "no text: it is full of control characters".to_owned())
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

/// Turns a stream in another encoding into UTF-8 as it is read.
pub(crate) struct Transcoder<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    is_over: bool,
}

impl<R: Read> Transcoder<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Transcoder<R> {
        let decoder = encoding.new_decoder_without_bom_handling();
        let (raw, text) = (Vec::new(), Vec::new());
        Transcoder { inner, decoder, raw, raw_at: 0, text, text_at: 0, is_over: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        const STEP: usize = 32 * 1024;
        while self.text_at == self.text.len() && !self.is_over {
            if self.raw_at == self.raw.len() {
                self.raw.resize(STEP, 0);
                let count = self.inner.read(&mut self.raw)?;
                self.raw.truncate(count);
                self.raw_at = 0;
            }
            let is_last = self.raw.is_empty();
            self.text.resize(4 * STEP, 0);
            let (_, taken, made, _) =
                self.decoder.decode_to_utf8(&self.raw[self.raw_at..], &mut self.text, is_last);
            self.raw_at += taken;
            self.text.truncate(made);
            self.text_at = 0;
            self.is_over = is_last;
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let count = out.len().min(self.text.len() - self.text_at);
        out[..count].copy_from_slice(&self.text[self.text_at..self.text_at + count]);
        self.text_at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(bytes: &[u8]) -> Result<String, String> {
        text(bytes.to_vec(), |_| None)
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(plain(bytes).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn check_refused(bytes: &[u8], reason: &str) {
        let found = plain(bytes).unwrap_err();
        assert!(found.contains(reason), "{found}");
    }

    fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn encodings_are_found() {
        let words = "The café of Zoë and “José” — closed.";
        check(words.as_bytes(), words);
        check(&[b"\xef\xbb\xbf", words.as_bytes()].concat(), words);
        check(&utf16(&format!("\u{feff}{words}"), u16::to_le_bytes), words);
        check(&utf16(&format!("\u{feff}{words}"), u16::to_be_bytes), words);
        check(&utf16("Plain wide words.", u16::to_le_bytes), "Plain wide words.");
        check(&WINDOWS_1252.encode(words).0, words);
        let russian = "Москва заявила, что переговоры завершены.";
        check(&encoding_rs::WINDOWS_1251.encode(russian).0, russian);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        check_refused(b"", "empty");
        check_refused(b"%PDF-1.7 ...", "PDF");
        check_refused(b"some\0bytes", "NUL bytes");
        check_refused(b"abc \xff\xfe\xff def", "invalid UTF-8 at byte 5");
    }

    #[test]
    fn broken_utf8_is_not_taken_for_another_encoding() {
        let mut bytes = "“One” — “two” — café".as_bytes().to_vec();
        bytes.pop();
        check_refused(&bytes, "invalid UTF-8 at byte");
    }

    #[test]
    fn a_stream_is_transcoded() {
        let words = "Zoë and “José” — ".repeat(10_000);
        let bytes = utf16(&words, u16::to_be_bytes);
        let mut found = String::new();
        Transcoder::new(bytes.as_slice(), UTF_16BE).read_to_string(&mut found).unwrap();
        assert!(found == words);
    }
}
