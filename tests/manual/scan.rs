//! Finds calls and quoted texts in the sources.

/// The text from `at` on up to the bracket that closes what is open there; brackets within texts do not count.
pub fn enclosed(text: &str, at: usize) -> &str {
    let (mut depth, mut in_text, mut escaped) = (1, false, false);
    for (place, character) in text[at..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at..at + place];
        }
    }
    &text[at..]
}

/// What stands between quotation marks directly at the beginning of a text.
pub fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// All calls of `head`, which ends in an opening bracket, with their arguments.
pub fn calls<'a>(text: &'a str, head: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(head).map(move |(at, _)| enclosed(text, at + head.len()))
}

pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(&byte))
}
