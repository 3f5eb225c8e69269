//! Files that may be larger than memory, cut into pieces as they are read.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Encoding, UTF_8};

use super::decode::{self, Packing, Transcoder};
use super::manifest::Row;
use super::paths::{Kind, Place, Shape};
use super::records::{Header, Quotes};
use super::{Content, Options, Piece, Rejected};

type Input = Box<dyn Read + Send>;

/// So much of a stream is looked at to tell what it is.
const HEAD: usize = 64 * 1024;

/// One file on its way.
pub(crate) struct Stream {
    place: Place,
    row: Option<Arc<Row>>,
    packing: Packing,
    /// Bytes taken from the disk, and how many of them pieces have told of.
    taken: Arc<AtomicU64>,
    told: u64,
    state: State,
}

enum State {
    Whole(Kind, Input),
    Lines(Lines),
    Csv(Box<Csv>),
    /// A complaint to make before the end.
    Last(Rejected),
    Over,
}

struct Lines {
    input: Input,
    buffer: Vec<u8>,
    /// The line at which the buffer begins.
    line: u64,
    /// The line at hand is too long: its rest is passed over.
    is_skipping: bool,
    /// What went wrong, to be told behind the lines that were read before.
    failure: Option<io::Error>,
    is_over: bool,
}

struct Csv {
    reader: csv::Reader<Guard>,
    header: Arc<Header>,
    line: u64,
}

/// All bytes of one file, unpacked.
///
/// # Errors
/// A reason to set it aside.
pub(crate) fn file(place: &Place, packing: Packing, max: u64) -> Result<Vec<u8>, String> {
    let file = File::open(&place.file).map_err(|err| format!("cannot be read: {err}"))?;
    let size = file.metadata().map_or(0, |it| it.len());
    if packing == Packing::Plain && size > max {
        return Err(too_long(max));
    }
    let (head, rest) = peek(Box::new(file), 4);
    let input = packing.unpack(&head.clone(), Box::new(Cursor::new(head).chain(rest)))?;
    let room = if packing == Packing::Plain { size as usize + 1 } else { 0 };
    let mut bytes = Vec::with_capacity(room);
    whole(input, packing, max, &mut bytes)?;
    Ok(bytes)
}

fn whole(input: Input, packing: Packing, max: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
    input.take(max.saturating_add(1)).read_to_end(bytes).map_err(|err| packing.reason(&err))?;
    if bytes.len() as u64 > max { Err(too_long(max)) } else { Ok(()) }
}

fn too_long(max: u64) -> String {
    format!("longer than {max} bytes, the most that a document may have: split it")
}

impl Stream {
    /// Opens a file and finds out what it is.
    ///
    /// # Errors
    /// The complaint, if nothing in it can be used.
    pub(crate) fn open(
        place: Place,
        shape: Shape,
        row: Option<Arc<Row>>,
    ) -> Result<Stream, Rejected> {
        let refused = |reason: String| place.rejected(place.path.to_string(), None, reason);
        let taken = Arc::new(AtomicU64::new(0));
        let raw = raw(&place.file).map_err(|err| refused(format!("cannot be read: {err}")))?;
        let (head, rest) = peek(Box::new(Counted { input: raw, count: taken.clone() }), 4);
        let packing = match shape {
            Shape { kind: Kind::Unknown, packing: Packing::Plain } => Packing::of_bytes(&head),
            Shape { packing, .. } => packing,
        };
        let packed = Box::new(Cursor::new(head.clone()).chain(rest));
        let unpacked = packing.unpack(&head, packed).map_err(refused)?;
        let (head, rest) = peek(unpacked, HEAD);
        let kind = if shape.kind == Kind::Unknown { sniff(&head) } else { shape.kind };
        let state = match kind {
            Kind::Text | Kind::Html | Kind::Unknown => {
                State::Whole(kind, Box::new(Cursor::new(head).chain(rest)))
            }
            Kind::JsonLines | Kind::Csv => records(kind, head, rest, packing).map_err(refused)?,
        };
        Ok(Stream { place, row, packing, taken, told: 0, state })
    }

    /// The next piece; `None` at the end.
    pub(crate) fn next(&mut self, options: &Options) -> Option<Piece> {
        let content = match std::mem::replace(&mut self.state, State::Over) {
            State::Over => return None,
            State::Last(rejected) => Content::Rejected(vec![rejected]),
            State::Whole(kind, input) => self.whole(kind, input, options),
            State::Lines(lines) => self.lines(lines, options)?,
            State::Csv(csv) => self.csv(csv, options)?,
        };
        let taken = self.taken.load(Ordering::Relaxed);
        let bytes = taken - self.told;
        self.told = taken;
        Some(Piece { bytes, content })
    }

    fn whole(&self, kind: Kind, input: Input, options: &Options) -> Content {
        let shape = Shape { kind, packing: Packing::Plain };
        let mut bytes = Vec::new();
        match whole(input, self.packing, options.max_document, &mut bytes) {
            Ok(()) => Content::Bytes(self.place.clone(), shape, self.row.clone(), bytes),
            Err(reason) => Content::Rejected(vec![self.complaint(None, reason)]),
        }
    }

    fn lines(&mut self, mut lines: Lines, options: &Options) -> Option<Content> {
        let (place, row) = (self.place.clone(), self.row.clone());
        let content = match lines.next(options) {
            Run::Over => return None,
            Run::Failed(err) => {
                let reason = format!("{}; what stands before was read", self.packing.reason(&err));
                return Some(Content::Rejected(vec![self.complaint(Some(lines.line), reason)]));
            }
            Run::TooLong(line) => {
                let reason = too_long(options.max_document);
                Content::Rejected(vec![self.complaint(Some(line), reason)])
            }
            Run::Lines(first, bytes) => Content::Lines { place, row, first, bytes },
        };
        self.state = State::Lines(lines);
        Some(content)
    }

    fn csv(&mut self, mut csv: Box<Csv>, options: &Options) -> Option<Content> {
        let (mut rows, mut size) = (Vec::new(), 0);
        while size < options.piece {
            csv.reader.get_ref().allow(options.max_document);
            let mut record = csv::ByteRecord::new();
            match csv.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) if rows.is_empty() => return None,
                Ok(false) => return Some(self.rows(&csv, rows)),
                Err(err) => {
                    self.state = State::Last(self.csv_fault(&csv, err));
                    return Some(self.rows(&csv, rows));
                }
            }
            if csv.reader.get_ref().ended_in_quotes() {
                let line = record.position().map_or(csv.line, csv::Position::line);
                self.state = State::Last(self.complaint(Some(line), UNCLOSED.to_owned()));
                return Some(self.rows(&csv, rows));
            }
            csv.line = csv.reader.position().line();
            size += record.as_slice().len();
            rows.push((record.position().map_or(0, csv::Position::line), record));
        }
        let content = self.rows(&csv, rows);
        self.state = State::Csv(csv);
        Some(content)
    }

    fn rows(&self, csv: &Csv, rows: Vec<(u64, csv::ByteRecord)>) -> Content {
        let (place, row) = (self.place.clone(), self.row.clone());
        Content::Records { place, row, header: csv.header.clone(), rows }
    }

    fn csv_fault(&self, csv: &Csv, err: csv::Error) -> Rejected {
        let reason = match err.into_kind() {
            csv::ErrorKind::Io(err) if err.kind() == io::ErrorKind::FileTooLarge => {
                "a row without end begins here: a quotation mark is missing or too many; what \
                 stands behind it was not read"
                    .to_owned()
            }
            csv::ErrorKind::Io(err) => {
                format!("{}; what stands before was read", self.packing.reason(&err))
            }
            other => format!("broken CSV: {other:?}"),
        };
        self.complaint(Some(csv.line), reason)
    }

    fn complaint(&self, line: Option<u64>, reason: String) -> Rejected {
        let id = line.map_or_else(|| self.place.path.to_string(), |it| self.place.line_id(it));
        self.place.rejected(id, line, reason)
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Decides how records are read, by the first bytes of their file.
fn records(kind: Kind, mut head: Vec<u8>, rest: Input, packing: Packing) -> Result<State, String> {
    if head.is_empty() {
        let (_, mut rest) = (head, rest);
        return Err(match rest.read(&mut [0]) {
            Err(err) => packing.reason(&err),
            Ok(_) => "the file is empty".to_owned(),
        });
    }
    let mut encoding = UTF_8;
    if let Some((found, mark)) = Encoding::for_bom(&head) {
        encoding = found;
        head.drain(..mark);
    } else if let Some(what) = decode::no_text(&head) {
        return Err(what);
    } else if kind == Kind::Csv && is_other_encoding(&head) {
        encoding = decode::guess(&head).unwrap_or(UTF_8);
    }
    let mut input: Input = Box::new(Cursor::new(head).chain(rest));
    if encoding != UTF_8 {
        input = Box::new(Transcoder::new(input, encoding));
    }
    if kind == Kind::JsonLines {
        return Ok(State::Lines(Lines::new(input)));
    }
    let (head, rest) = peek(input, HEAD);
    let line = head.split(|it| *it == b'\n').find(|it| !it.trim_ascii().is_empty());
    let header = Header::parse(&String::from_utf8_lossy(line.unwrap_or_default()));
    if header.column("text").is_none() {
        return Err(format!("there is no column `text`; the columns are {}", header.names()));
    }
    let delimiter = header.delimiter();
    let reader = header.reader(Guard::new(delimiter, Box::new(Cursor::new(head).chain(rest))));
    Ok(State::Csv(Box::new(Csv { reader, header: Arc::new(header), line: 1 })))
}

/// Whether the head of a file is no UTF-8, a character cut off at its end aside.
fn is_other_encoding(head: &[u8]) -> bool {
    std::str::from_utf8(head).is_err_and(|it| it.error_len().is_some())
}

/// What a text without a name is.
fn sniff(head: &[u8]) -> Kind {
    let wide = Encoding::for_bom(head).filter(|(found, _)| *found != UTF_8);
    let head = match wide {
        Some((found, mark)) => found.decode_without_bom_handling(&head[mark..]).0,
        None => String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)),
    };
    let head = head.trim_start();
    let begins =
        |with: &str| head.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
    if head.strip_prefix('{').is_some_and(|it| it.trim_start().starts_with(['"', '}'])) {
        Kind::JsonLines
    } else if begins("<!doctype html") || begins("<html") {
        Kind::Html
    } else {
        Kind::Text
    }
}

/// An empty path is standard input.
fn raw(path: &Path) -> io::Result<Input> {
    if path.as_os_str().is_empty() {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path)?))
}

/// The first bytes, and what comes behind them. A failure waits behind them too.
fn peek(mut input: Input, count: usize) -> (Vec<u8>, Input) {
    let mut head = Vec::with_capacity(count);
    match input.by_ref().take(count as u64).read_to_end(&mut head) {
        Ok(_) => (head, input),
        Err(err) => (head, Box::new(Failing(Some(err)))),
    }
}

/// What became of the next run of lines.
enum Run {
    /// From a line of this number on.
    Lines(u64, Vec<u8>),
    /// The line of this number.
    TooLong(u64),
    Failed(io::Error),
    Over,
}

impl Lines {
    fn new(input: Input) -> Lines {
        Lines {
            input,
            buffer: Vec::new(),
            line: 1,
            is_skipping: false,
            failure: None,
            is_over: false,
        }
    }

    fn next(&mut self, options: &Options) -> Run {
        loop {
            let searched = self.buffer.len();
            self.fill(options.piece);
            if self.is_skipping {
                self.skip();
            }
            let fresh = &self.buffer[searched.min(self.buffer.len())..];
            let end = match memchr::memrchr(b'\n', fresh) {
                Some(at) => self.buffer.len() - fresh.len() + at + 1,
                None if self.is_over && self.failure.is_none() => self.buffer.len(),
                None => 0,
            };
            if end > 0 {
                let rest = self.buffer.split_off(end);
                let bytes = std::mem::replace(&mut self.buffer, rest);
                let first = self.line;
                self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
                return Run::Lines(first, bytes);
            }
            if self.is_over {
                self.buffer.clear();
                return self.failure.take().map_or(Run::Over, Run::Failed);
            }
            if self.buffer.len() as u64 > options.max_document {
                self.buffer.clear();
                self.is_skipping = true;
                return Run::TooLong(self.line);
            }
        }
    }

    fn fill(&mut self, count: usize) {
        if self.is_over {
            return;
        }
        match self.input.by_ref().take(count as u64).read_to_end(&mut self.buffer) {
            Ok(read) => self.is_over = read < count,
            Err(err) => (self.failure, self.is_over) = (Some(err), true),
        }
    }

    /// Passes over the rest of a line that was too long.
    fn skip(&mut self) {
        match memchr::memchr(b'\n', &self.buffer) {
            Some(at) => {
                self.buffer.drain(..=at);
                self.line += 1;
                self.is_skipping = false;
            }
            None => self.buffer.clear(),
        }
    }
}

/// Counts what is read.
struct Counted {
    input: Input,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Fails once, then is at its end.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Stops a row that does not end from taking all memory.
struct Guard {
    input: Input,
    left: AtomicU64,
    quotes: Quotes,
    is_over: bool,
}

/// What is wrong with a row that the end of its file ends.
const UNCLOSED: &str = "the file ends inside a quoted cell of the row that begins here: a \
     quotation mark is missing or one too many; the row was not read";

impl Guard {
    fn new(delimiter: u8, input: Input) -> Guard {
        let left = AtomicU64::new(u64::MAX);
        Guard { input, left, quotes: Quotes::new(delimiter), is_over: false }
    }

    /// Whether the input ended before the quotation mark that closes a cell. The row before it is
    /// the last then: nothing else makes a reader ask for more than there is.
    fn ended_in_quotes(&self) -> bool {
        self.is_over && self.quotes.is_open
    }

    /// So many bytes may be read for the next row.
    fn allow(&self, count: u64) {
        self.left.store(count.saturating_add(HEAD as u64), Ordering::Relaxed);
    }
}

impl Read for Guard {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get_mut();
        if *left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let count = self.input.read(out)?;
        *left = left.saturating_sub(count as u64);
        self.quotes.pass(&out[..count]);
        self.is_over = count == 0;
        Ok(count)
    }
}
