//! Days of publication as files and pages write them.
//!
//! Only forms in which nothing has to be guessed: ISO 8601 and RFC 2822. `03/04/2021` is a day in
//! March or in April, so it is refused.

use jiff::civil::Date;

/// The day that `text` names, as its writer saw it: a time of day and its zone do not move it.
///
/// `None` where the text is in another form or the calendar has no such day.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    iso(text).or_else(|| rfc_2822(text))
}

/// `2021-07-20`, `2021/07/20`, `20210720`, each also with a time of day behind.
fn iso(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = bytes.get(from..to)?;
        digits.iter().all(u8::is_ascii_digit).then(|| text[from..to].parse().ok())?
    };
    let (month, day, end) = match bytes.get(4)? {
        mark @ (b'-' | b'/') if bytes.get(7) == Some(mark) => (number(5, 7)?, number(8, 10)?, 10),
        b'0' | b'1' => (number(4, 6)?, number(6, 8)?, 8),
        _ => return None,
    };
    let is_over = match bytes.get(end) {
        None => true,
        Some(b'T' | b't' | b' ') => bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(_) => false,
    };
    if !is_over {
        return None;
    }
    Date::new(number(0, 4)?, month as i8, day as i8).ok()
}

/// `Tue, 20 Jul 2021 14:00:00 GMT`, with or without the weekday.
fn rfc_2822(text: &str) -> Option<Date> {
    // A weekday that does not fit is a slip of a template; the numbers are what counts.
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_zoned(text).ok().map(|it| it.date())
}

/// Why a day was refused, and what would be right.
pub(crate) fn refusal(text: &str) -> String {
    let shown: String = text.trim().chars().take(40).collect();
    format!("`{shown}` is no day of publication: write it as in 2021-07-20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = parse(text).map(|it| it.to_string()).unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn forms_without_doubt() {
        check("2021-07-20", "2021-07-20");
        check(" 2021-07-20T23:30:00-05:00 ", "2021-07-20");
        check("2021-07-20 08:15", "2021-07-20");
        check("2021/07/20", "2021-07-20");
        check("20210720", "2021-07-20");
        check("20210720T101500Z", "2021-07-20");
        check("Tue, 20 Jul 2021 14:00:00 GMT", "2021-07-20");
        check("20 Jul 2021 23:59:00 +0200", "2021-07-20");
        check("Mon, 20 Jul 2021 14:00:00 GMT", "2021-07-20");
    }

    #[test]
    fn what_would_be_a_guess_is_refused() {
        for text in [
            "",
            "2021",
            "2021-07",
            "2021-02-30",
            "20211301",
            "03/04/2021",
            "2021-07-20x",
            "soon",
            "é021-07-20",
        ] {
            check(text, "");
        }
    }
}
