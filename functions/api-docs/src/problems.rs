//! The page that explains every type of problem; the `type` of a problem is a link to it.

use std::fmt::Write;

use shared::http::problem::KINDS;

const PROBLEMS: &str = include_str!(concat!(env!("OUT_DIR"), "/problems.html"));

/// The page, with a section and an anchor for each kind in [`KINDS`].
pub(crate) fn page() -> String {
    let mut sections = String::new();
    for kind in &KINDS {
        let (code, status, title) = (kind.code, kind.status, kind.title);
        let explanation = escape(kind.explanation);
        // Writing to memory does not fail.
        let _ = writeln!(
            sections,
            "<section id=\"{code}\">\n<h2>{status} {title} <code>{code}</code></h2>\n\
             <p>{explanation}</p>\n</section>"
        );
    }
    PROBLEMS.replace("<!-- kinds -->\n", &sections)
}

/// Escapes a text for use as the content of an HTML element.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_an_anchor_and_its_explanation() {
        let page = page();
        for kind in &KINDS {
            let anchor = format!("<section id=\"{}\">", kind.code);
            assert!(page.contains(&anchor), "{anchor}");
            assert!(page.contains(&escape(kind.explanation)), "{}", kind.code);
        }
        assert!(!page.contains("<!--"), "{page}");
    }

    #[test]
    fn text_cannot_contain_markup() {
        assert_eq!(escape("a < b & c"), "a &lt; b &amp; c");
    }
}
