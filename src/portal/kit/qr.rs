//! A QR code as one inline SVG path: no image request, no data URL, sharp at any size and in print.

use qrcode::{EcLevel, QrCode};

/// Draws `text`; `None` if it is too long for any QR code (2,331 bytes at this level). `label` is read out instead.
///
/// Always dark on white with its quiet zone, also on a dark page: many readers need it so.
pub fn svg(text: &str, label: &str) -> Option<String> {
    use std::fmt::Write as _;

    use askama::filters::Escaper as _;

    use crate::portal::kit::legible::Legible;

    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (row, line) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|a, b| a == b) {
            if run.first() == Some(&qrcode::Color::Dark) {
                write!(path, "M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len()).ok()?;
            }
            column += run.len();
        }
    }
    let mut spoken = String::new();
    Legible.write_escaped_str(&mut spoken, label).ok()?;
    let side = width + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{spoken}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// Modules of white around it (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_becomes_a_picture_and_a_label_stays_text() {
        let svg = svg("otpauth://totp/Sekisho:alice?secret=JBSWY3DPEHPK3PXP", "\"><script>").unwrap();
        assert!(svg.contains("aria-label=\"&#34;&#62;&#60;script&#62;\""));
        assert!(svg.contains("M4 4h7v1h-7z"), "the finder pattern's first row");
        assert!(!svg.contains("style="), "a strict CSP forbids it");
    }

    #[test]
    fn what_does_not_fit_is_no_picture() {
        assert!(svg(&"a".repeat(3000), "label").is_none());
    }
}
