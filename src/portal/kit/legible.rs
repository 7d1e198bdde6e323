//! Makes values of strangers safe to show: HTML is escaped, and characters that hide, reorder or flood the text around them
//! are replaced. Every `{{ … }}` of a template goes through [`Legible`]; long texts are cut by [`short`].
//! Invariant: no control character and no bidirectional override of a value ever reaches a page (T46, T50).

use std::fmt;

use askama::filters::Escaper;

use crate::facts::hiding::{hides, joins};

/// The escaper of every template (askama.toml).
#[derive(Clone, Copy, Debug, Default)]
pub struct Legible;

impl Escaper for Legible {
    fn write_escaped_str<W: fmt::Write>(&self, mut out: W, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (at, c) in text.char_indices() {
            // A line of a form is sent with CR LF (HTML, “constructing the entry list”): shown again, it is a line as before.
            let ends_line = c == '\r' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
            let Some(instead) = (if ends_line { Some("") } else { instead_of(c) }) else { continue };
            out.write_str(text.get(plain..at).unwrap_or_default())?;
            out.write_str(instead)?;
            plain = at + c.len_utf8();
        }
        out.write_str(text.get(plain..).unwrap_or_default())
    }
}

/// The replacement of a character; `None` if the character is kept.
fn instead_of(c: char) -> Option<&'static str> {
    match c {
        '<' => Some("&#60;"),
        '>' => Some("&#62;"),
        '&' => Some("&#38;"),
        '"' => Some("&#34;"),
        '\'' => Some("&#39;"),
        '\n' | '\t' => None,
        _ if hides(c) && !joins(c) => Some("\u{FFFD}"),
        _ => None,
    }
}

/// At most this many characters of a value that somebody else chose are shown.
pub const LONGEST: usize = 80;

/// Cuts what is longer than [`LONGEST`] characters and says so with an ellipsis.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => {
            let mut cut = text.get(..end).unwrap_or_default().to_owned();
            cut.push('…');
            cut
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut out = String::new();
        Legible.write_escaped_str(&mut out, text).unwrap();
        out
    }

    #[test]
    fn markup_in_a_value_is_text_t50() {
        assert_eq!(shown("<svg onload=\"a('b')\"> & more"), "&#60;svg onload=&#34;a(&#39;b&#39;)&#34;&#62; &#38; more");
    }

    #[test]
    fn what_hides_or_reorders_is_made_visible_t46() {
        assert_eq!(shown("gnp\u{202E}exe"), "gnp\u{FFFD}exe");
        assert_eq!(shown("a\u{0}b\u{1b}[31mc\u{2028}d"), "a\u{FFFD}b\u{FFFD}[31mc\u{FFFD}d");
        assert_eq!(shown("日本語、émoji 👩\u{200D}💻"), "日本語、émoji 👩\u{200D}💻");
    }

    #[test]
    fn lines_of_a_form_stay_lines() {
        assert_eq!(shown("192.0.2.0/24\r\n2001:db8::/32\r\n"), "192.0.2.0/24\n2001:db8::/32\n");
        assert_eq!(shown("a\rb\r"), "a\u{FFFD}b\u{FFFD}");
    }

    #[test]
    fn a_flood_is_cut() {
        let cut = short(&"あ".repeat(10_000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
        assert_eq!(short("short"), "short");
    }
}
