//! Characters that show nothing themselves and change how the text around them is read: controls, bidirectional
//! overrides, blanks that are letters, tags. Code that shows text of another party asks here, and writes in their place
//! what its medium can bear.
//! Invariant: one list for the pages, the question on the phone and what an app says (T46, T50).

/// Whether a character hides, reorders or stands invisibly between others.
pub fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Whether a character joins or parts letters of scripts that are written so, and pictures: it is part of their
/// spelling.
pub fn joins(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_known_and_what_is_read_is_not_held_for_it_t46_t50() {
        for c in ['\0', '\n', '\u{7f}', '\u{85}', '\u{ad}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{2800}', '\u{e0041}'] {
            assert!(hides(c), "{c:?}");
        }
        for c in ['a', ' ', '\u{3000}', '関', '¥', 'é', '\u{fffd}', '😀'] {
            assert!(!hides(c), "{c:?}");
        }
        assert!(joins('\u{200d}') && hides('\u{200d}'), "left to the code that shows it");
    }
}
