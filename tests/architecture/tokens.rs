//! Parts Rust code into words and signs, as far as the import scanner needs it: texts and comments are left out.

/// The words (`use`, `crate`, `Policy`) and signs (`::`, `{`, `*`) of a code, in order.
pub fn tokens(code: &str) -> Vec<&str> {
    let bytes = code.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        match byte(at) {
            b'/' if byte(at + 1) == b'/' => at = code[at..].find('\n').map_or(bytes.len(), |end| at + end),
            b'/' if byte(at + 1) == b'*' => at = code[at..].find("*/").map_or(bytes.len(), |end| at + end + 2),
            b'"' => at = after_text(bytes, at + 1),
            b'r' | b'b' if raw_fence(&bytes[at..]).is_some() => {
                let (head, fence) = raw_fence(&bytes[at..]).unwrap();
                at = code[at + head..].find(&fence).map_or(bytes.len(), |end| at + head + end + fence.len());
            }
            b'b' if byte(at + 1) == b'"' => at = after_text(bytes, at + 2),
            b'\'' => at = after_character(code, at),
            b':' if byte(at + 1) == b':' => {
                at += 2;
                found.push(&code[start..at]);
            }
            one if is_of_word(one) => {
                while is_of_word(byte(at)) {
                    at += 1;
                }
                found.push(&code[start..at]);
            }
            one if one.is_ascii_whitespace() || !one.is_ascii() => at += 1,
            _ => {
                at += 1;
                found.push(&code[start..at]);
            }
        }
    }
    found
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where a text ends whose opening mark stands before `at`.
fn after_text(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of the head of a raw text (`r#"`, `br"`), and what closes it.
fn raw_fence(bytes: &[u8]) -> Option<(usize, String)> {
    let head = usize::from(bytes[0] == b'b') + 1;
    if bytes[head - 1] != b'r' {
        return None;
    }
    let hashes = bytes[head..].iter().take_while(|byte| **byte == b'#').count();
    (bytes.get(head + hashes) == Some(&b'"')).then(|| (head + hashes + 1, format!("\"{}", "#".repeat(hashes))))
}

/// Where a character in quotes ends; of a lifetime, only the mark is passed over.
fn after_character(code: &str, at: usize) -> usize {
    let mut characters = code[at + 1..].char_indices();
    match characters.next() {
        Some((_, '\\')) => {
            characters.next();
            characters.find(|(_, character)| *character == '\'').map_or(code.len(), |(end, _)| at + 1 + end + 1)
        }
        _ => match characters.next() {
            Some((end, '\'')) => at + 1 + end + 1,
            _ => at + 1,
        },
    }
}

#[test]
fn texts_and_comments_are_left_out() {
    let code = r##"use a::{b, c as d}; // use e;
        const X: &str = r#"use "f";"#; /* use g; */ fn h<'a>(i: &'a str) -> char { '\'' } let j = ["k\"", '"', b"l"];"##;
    let words: Vec<&str> = tokens(code).into_iter().filter(|token| token.bytes().all(is_of_word)).collect();
    let expected = ["use", "a", "b", "c", "as", "d", "const", "X", "str", "fn", "h", "a", "i", "a", "str", "char", "let", "j"];
    assert_eq!(words, expected);
}
