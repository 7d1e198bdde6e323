//! Lines of CSV (RFC 4180), for those who read them in a spreadsheet.
//! Invariant: no cell is a formula to a spreadsheet, whatever somebody once sent to an app (T50).

/// One line of a file.
pub fn line<const CELLS: usize>(cells: [&str; CELLS]) -> String {
    let mut line = cells.map(cell).join(",");
    line.push_str("\r\n");
    line
}

/// A quoted cell. What a spreadsheet would compute begins with an apostrophe, which makes it text there; in a tab or a
/// line's end the next cell could begin.
fn cell(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let computes = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let mark = if plain.trim_start().starts_with(computes) { "'" } else { "" };
    format!("\"{mark}{}\"", plain.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_t50() {
        for (text, expected) in [
            ("ACME", "\"ACME\""),
            ("say \"hi\", now", "\"say \"\"hi\"\", now\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1+1", "\"' =1+1\""),
            ("\r\n=1+1", "\"'  =1+1\""),
            ("＝1+1", "\"'＝1+1\""),
            ("a\nb\u{0}", "\"a b \""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
