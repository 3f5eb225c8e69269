//! The article in an HTML page, and what the page says of itself.

use dom_smoothie::{Config, Metadata, Readability, TextMode};
use encoding_rs::Encoding;
use jiff::civil::Date;

use super::day;
use crate::model::{Meta, PublishedBasis};

/// Beyond this many elements a page is no article, and its tree costs more than it can give.
const MAX_ELEMENTS: usize = 200_000;

/// Elements inside elements beyond this depth take time that grows with its square; browsers
/// flatten what is deeper than 512.
const MAX_DEPTH: usize = 1_000;

/// Elements that may stay open without nesting, or never have content.
const FLAT: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup",
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Names of `<meta>` under which pages give the day of publication, the surest first.
const DAY_NAMES: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "pubdate",
    "article.published",
    "date",
];

/// The text of the article in paragraphs with a blank line between, and its metadata.
///
/// Where no article stands out, all paragraphs of the page are taken.
///
/// # Errors
/// A reason to set the page aside.
pub(crate) fn article(html: &str) -> Result<(Meta, String), String> {
    if depth(html) > MAX_DEPTH {
        return Err(format!("the page nests its elements more than {MAX_DEPTH} deep"));
    }
    let config = Config {
        max_elements_to_parse: MAX_ELEMENTS,
        text_mode: TextMode::Formatted,
        ..Config::default()
    };
    let mut page = Readability::new(html, None, Some(config))
        .map_err(|err| format!("the HTML cannot be read: {err}"))?;
    let meta = meta(&page);
    let fallback = all_paragraphs(&page);
    let text = match page.parse() {
        Ok(article) => in_paragraphs(article.text_content.lines()),
        Err(dom_smoothie::ReadabilityError::TooManyElements(..)) => {
            return Err(format!("the page has more than {MAX_ELEMENTS} elements"));
        }
        Err(_) => String::new(),
    };
    let text = if text.is_empty() { fallback } else { text };
    if text.is_empty() {
        return Err("the page holds no paragraphs of text".to_owned());
    }
    Ok((meta, text))
}

/// The encoding that the page names in its head.
pub(crate) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let at = memchr::memmem::find_iter(head, "charset").next()? + "charset".len();
    let mut rest = head[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
    let is_label = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b':' | b'.');
    let len = rest.iter().position(|it| !is_label(it)).unwrap_or(rest.len());
    Encoding::for_label(&rest[..len]).map(Encoding::output_encoding)
}

/// How deep elements stand in elements, about.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let tag = &html.as_bytes()[at + 1..];
        let (name, is_end) = tag.strip_prefix(b"/").map_or((tag, false), |it| (it, true));
        let len = name.iter().take(12).take_while(|it| it.is_ascii_alphanumeric()).count();
        let name = &name[..len];
        if len == 0 || FLAT.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(name)) {
            continue;
        }
        depth = if is_end { depth.saturating_sub(1) } else { depth + 1 };
        deepest = deepest.max(depth);
    }
    deepest
}

fn meta(page: &Readability) -> Meta {
    let found = page.get_article_metadata(page.parse_json_ld());
    let published = published(page, &found);
    Meta {
        title: one_line(&found.title),
        publisher: one_line(found.site_name.as_deref().unwrap_or_default()),
        author: one_line(found.byline.as_deref().unwrap_or_default()),
        published,
        published_basis: match published {
            Some(_) => PublishedBasis::Html,
            None => PublishedBasis::Unknown,
        },
        url: found.url.or_else(|| canonical(page)).unwrap_or_default(),
        lang: found.lang.unwrap_or_default(),
    }
}

fn canonical(page: &Readability) -> Option<String> {
    page.doc.select("link[rel=canonical]").attr("href").map(|it| it.to_string())
}

/// The first day that any of the usual places gives in a form without doubt.
fn published(page: &Readability, found: &Metadata) -> Option<Date> {
    let named = found.published_time.as_deref().and_then(day::parse);
    named.or_else(|| in_json_ld(page)).or_else(|| in_meta(page)).or_else(|| in_elements(page))
}

fn in_json_ld(page: &Readability) -> Option<Date> {
    let scripts = page.doc.select("script[type='application/ld+json']");
    scripts.iter().find_map(|it| {
        let value: serde_json::Value = serde_json::from_str(it.text().trim()).ok()?;
        in_json(&value)
    })
}

fn in_json(value: &serde_json::Value) -> Option<Date> {
    match value {
        serde_json::Value::Object(fields) => fields
            .get("datePublished")
            .and_then(|it| day::parse(it.as_str()?))
            .or_else(|| in_json(fields.get("@graph")?)),
        serde_json::Value::Array(items) => items.iter().find_map(in_json),
        _ => None,
    }
}

fn in_meta(page: &Readability) -> Option<Date> {
    let mut best: Option<(usize, Date)> = None;
    for it in page.doc.select("meta[content]").iter() {
        let name = ["property", "name", "itemprop"].iter().find_map(|key| it.attr(key));
        let Some(name) = name.map(|it| it.to_ascii_lowercase()) else { continue };
        let Some(rank) = DAY_NAMES.iter().position(|known| *known == name) else { continue };
        let Some(day) = it.attr("content").and_then(|it| day::parse(&it)) else { continue };
        if best.is_none_or(|(other, _)| rank < other) {
            best = Some((rank, day));
        }
    }
    best.map(|(_, day)| day)
}

fn in_elements(page: &Readability) -> Option<Date> {
    let places = ["[itemprop=datePublished]", "time[pubdate]", "article time", "time"];
    places.iter().find_map(|place| {
        let found = page.doc.select(place);
        found.iter().find_map(|it| {
            let value = it.attr("datetime").or_else(|| it.attr("content"));
            day::parse(&value.unwrap_or_else(|| it.text()))
        })
    })
}

/// Every paragraph of the page, else all its words.
fn all_paragraphs(page: &Readability) -> String {
    let marked = page.doc.select("p, h2, h3, li, blockquote");
    let lines: Vec<_> = marked.nodes().iter().map(|it| it.formatted_text()).collect();
    let text = in_paragraphs(lines.iter().flat_map(|it| it.lines()));
    if !text.is_empty() {
        return text;
    }
    let body = page.doc.select_single("body").clone();
    body.select("script, style, noscript, template").remove();
    let words: Vec<_> = body.nodes().iter().map(|it| it.formatted_text()).collect();
    in_paragraphs(words.iter().flat_map(|it| it.lines()))
}

/// Lines without needless spaces, a blank one between two.
fn in_paragraphs<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for line in lines {
        let words = line.split_ascii_whitespace();
        let mut is_first = true;
        for word in words {
            match (is_first, text.is_empty()) {
                (true, true) => {}
                (true, false) => text.push_str("\n\n"),
                (false, _) => text.push(' '),
            }
            text.push_str(word);
            is_first = false;
        }
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAGRAPHS: &str = "<p>The harbor council met on Monday and said, after long hours of \
        talk, that the old pier would stay open, with a new roof and new lamps.</p>\
        <p>“We keep the pier,” said Ana Diaz, who has led the council for nine years, and who \
        had asked for the meeting, together with the fishermen.</p>\
        <p>The work begins in spring, the council said, and will take two years, if the money \
        lasts, which nobody in the room wanted to promise.</p>";

    fn page(head: &str, before: &str) -> String {
        format!(
            "<html lang=en><head><title>Pier stays open - The Bay Courier</title>{head}</head>\
             <body><nav><a href=/a>Home</a> <a href=/b>Sport</a></nav>{before}<article>\
             <h1>Pier stays open</h1>{PARAGRAPHS}</article><footer>All rights</footer></body>"
        )
    }

    #[test]
    fn the_article_comes_in_paragraphs() {
        let (meta, text) = article(&page("", "")).unwrap();
        assert!(text.starts_with("The harbor council met") || text.starts_with("Pier stays"));
        assert!(text.contains("new lamps.\n\n“We keep"), "{text}");
        assert!(!text.contains("Sport"), "{text}");
        assert!(meta.title.starts_with("Pier stays open"), "{}", meta.title);
        assert_eq!(meta.lang, "en");
        assert_eq!(meta.published, None);
    }

    #[track_caller]
    fn check_day(head: &str, before: &str, expected: &str) {
        let (meta, _) = article(&page(head, before)).unwrap();
        assert_eq!(meta.published.map(|it| it.to_string()).as_deref(), Some(expected));
        assert_eq!(meta.published_basis, PublishedBasis::Html);
    }

    #[test]
    fn the_day_of_publication_is_found() {
        let property = "<meta property='article:published_time' content='2024-03-07T09:00:00Z'>";
        check_day(property, "", "2024-03-07");
        check_day("<meta name=Date content='2024-03-07'>", "", "2024-03-07");
        check_day("<meta name=pubdate content='Thu, 07 Mar 2024 09:00:00 GMT'>", "", "2024-03-07");
        check_day("", "<time datetime='2024-03-07'>last week</time>", "2024-03-07");
        let json = |text| format!("<script type='application/ld+json'>{text}</script>");
        check_day(
            &json(
                r#"{"@context":"https://schema.org","@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","datePublished":"2024-03-07T01:00:00+02:00"}]}"#,
            ),
            "",
            "2024-03-07",
        );
    }

    #[test]
    fn a_page_without_an_article_gives_its_paragraphs() {
        let (_, text) = article("<p>One line.<p>Another &amp; last line.").unwrap();
        assert_eq!(text, "One line.\n\nAnother & last line.");
        let (_, text) = article("<div>Bare words<br>here</div>").unwrap();
        assert!(text.starts_with("Bare words"), "{text}");
        assert!(article("<html><body><img src=a.png></body></html>").is_err());
    }

    #[test]
    fn an_encoding_is_declared() {
        let name = |text: &str| declared(text.as_bytes()).map(Encoding::name);
        assert_eq!(name("<meta charset=\"ISO-8859-1\">"), Some("windows-1252"));
        assert_eq!(name("<meta content='text/html; charset=koi8-r'>"), Some("KOI8-R"));
        assert_eq!(name("<p>no"), None);
    }

    #[test]
    fn deep_nesting_does_not_hurt() {
        let deep = |count| format!("{}<p>Words at the bottom.", "<div>".repeat(count));
        assert!(article(&deep(200)).is_ok());
        assert!(article(&deep(200_000)).unwrap_err().contains("1000 deep"));
    }
}
