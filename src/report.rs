//! What a person sees when something is wrong. Nothing else writes to standard error but the
//! progress bar.

use std::error::Error as _;
use std::io::{self, IsTerminal, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::error::{Error, RuleError};

/// Shows an error with its causes, and where it stands in a rule file.
pub fn error(error: &Error) {
    show(&render(error));
}

/// Shows something that did not stop the run.
pub fn warning(message: &str) {
    show(&format!("warning: {message}"));
}

/// Shows what was done.
pub fn note(message: &str) {
    show(message);
}

/// Whoever closed standard error does not want to hear of it.
fn show(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// The words of an error, as a person sees them.
pub fn render(error: &Error) -> String {
    match error {
        Error::Rule(mistake) => render_mistake(mistake),
        Error::Rules(mistakes) => {
            let shown: Vec<_> = mistakes.iter().take(20).map(render_mistake).collect();
            let more = match mistakes.len() {
                0..=20 => String::new(),
                count => format!("\n\nerror: and {} more mistakes in the rules", count - 20),
            };
            shown.join("\n\n") + &more
        }
        other => {
            let mut message = format!("error: {other}");
            let mut cause = other.source();
            while let Some(it) = cause {
                message.push_str(&format!(": {it}"));
                cause = it.source();
            }
            message
        }
    }
}

/// The faulty line of a rule file with the place underlined, and the way out.
fn render_mistake(mistake: &RuleError) -> String {
    let length = mistake.text.len();
    let start = mistake.span.start.min(length);
    let span = start..mistake.span.end.clamp(start, length);
    let snippet = Snippet::source(mistake.text.as_str())
        .path(mistake.file.as_str())
        .fold(true)
        .annotation(AnnotationKind::Primary.span(span));
    let title = Level::ERROR.primary_title(mistake.message.as_str());
    let mut groups = vec![title.element(snippet)];
    if !mistake.help.is_empty() {
        groups.push(Group::with_title(Level::HELP.secondary_title(mistake.help.as_str())));
    }
    let renderer = if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&groups).to_string()
}
