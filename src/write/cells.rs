//! Cells of CSV that every spreadsheet opens as what they are.

/// Appends a cell, without the comma.
///
/// White space is folded, so that a row is one line. A cell that a spreadsheet would run as a
/// formula gets an apostrophe in front.
pub(super) fn push(row: &mut Vec<u8>, words: &str) {
    let start = row.len();
    let needs_quotes = words.contains([',', '"']);
    if needs_quotes {
        row.push(b'"');
    }
    if words.trim_start().starts_with(['=', '+', '-', '@']) {
        row.push(b'\'');
    }
    let first = row.len();
    for word in words.split_whitespace() {
        if row.len() > first {
            row.push(b' ');
        }
        for piece in word.split_inclusive('"') {
            row.extend_from_slice(piece.as_bytes());
            if piece.ends_with('"') {
                row.push(b'"');
            }
        }
    }
    if needs_quotes {
        row.push(b'"');
    }
    debug_assert!(row.len() >= start);
}

/// The words of a cell without the apostrophe that makes it safe.
pub(super) fn plain(cell: &str) -> String {
    let bare = cell.strip_prefix('\'').filter(|it| it.starts_with(['=', '+', '-', '@']));
    bare.unwrap_or(cell).to_owned()
}

/// A row of cells.
pub(super) fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut row = Vec::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            row.push(b',');
        }
        push(&mut row, cell);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_safe_to_open() {
        for (words, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a, b", "\"a, b\""),
            ("“so” \"so\"", "\"“so” \"\"so\"\"\""),
            ("two\r\n lines ", "two lines"),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("\t=1+1", "'=1+1"),
            ("-5 %", "'-5 %"),
            ("@who", "'@who"),
            ("+1", "'+1"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(String::from_utf8(row([words])).unwrap(), expected, "{words:?}");
        }
        assert_eq!(row(["a", "", "c"]), b"a,,c");
    }
}
