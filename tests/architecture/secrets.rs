//! What holds something secret says nothing of it when it is written with `{:?}`: the field is of a type that hides it, or the
//! whole type has `debug_by_name!`.

use super::sources::sources;

/// Fields of these names, and those that end so behind an underscore, hold something secret.
const NAMES: [&str; 9] = ["secret", "password", "token", "cookie", "codes", "typed", "pattern", "link", "body"];
/// Types of which every `Debug` would show all.
const OPEN: [&str; 6] = ["String", "str", "Bytes", "Vec<u8>", "[u8;", "Cow<"];
/// Types that hide what they hold, and texts of the program itself.
const HIDDEN: [&str; 3] = ["SecretString", "Zeroizing<", "'static str"];
/// Fields of such a name that hold nothing secret.
const HARMLESS: [(&str, &str); 5] = [
    ("RevokeToken.token", "the id of a token"),
    ("RevokeLink.link", "the id of a link"),
    ("PublishedDocument.body", "a document that anybody can read"),
    ("ExpectedEvidence.cookie", "a word of an expectation file"),
    ("DemoUser", "what the demo prints for everybody who starts it"),
];

#[test]
fn what_is_secret_is_not_in_a_derived_debug() {
    let (mut shown, mut harmless) = (Vec::new(), Vec::new());
    for source in sources() {
        for (name, fields) in derived(&source.code) {
            for (field, of_type) in fields {
                let is_secret = NAMES.iter().any(|word| field == *word || field.ends_with(&format!("_{word}")));
                let is_open = OPEN.iter().any(|word| of_type.contains(word)) && !HIDDEN.iter().any(|word| of_type.contains(word));
                let full = format!("{name}.{field}");
                match HARMLESS.iter().find(|(one, _)| *one == full || *one == name) {
                    _ if !is_secret || !is_open => {}
                    Some((one, _)) => harmless.push(*one),
                    None => shown.push(format!("{}: {full}: {of_type}", source.name)),
                }
            }
        }
    }
    assert!(shown.is_empty(), "secrets in a derived Debug: {shown:#?}");
    for (one, why) in HARMLESS {
        assert!(harmless.contains(&one), "{one} ({why}) is not there any more: strike it");
    }
}

/// The types that derive `Debug`, with the name and the type of each field.
fn derived(code: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let mut found = Vec::new();
    let mut lines = code.lines();
    let mut derives = false;
    while let Some(line) = lines.next() {
        if let Some(list) = line.strip_prefix("#[derive(") {
            derives |= list.split([',', ')']).any(|one| one.trim() == "Debug");
            continue;
        }
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let head = line.trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        let named = head.strip_prefix("struct ").or_else(|| head.strip_prefix("enum "));
        if let (Some(named), true, true) = (named, derives, line.ends_with('{')) {
            let name = named.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            let body = lines.by_ref().take_while(|line| *line != "}");
            found.push((name, body.filter_map(field).collect()));
        }
        derives = false;
    }
    found
}

/// `pub name: Type,`
fn field(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_end_matches(',');
    let line = line.strip_prefix("pub").map_or(line, |rest| rest.split_once(' ').map_or(rest, |(_, rest)| rest));
    let (name, of_type) = line.split_once(": ")?;
    name.chars().all(|c| c.is_ascii_lowercase() || c == '_').then_some((name, of_type))
}

#[test]
fn a_secret_in_a_derived_debug_is_found() {
    let code = "/// One.\n#[derive(Clone, Debug)]\n#[serde(x)]\npub struct One<'a> {\n    pub typed: &'a str,\n}\n\
                #[derive(Clone)]\nstruct Two {\n    secret: String,\n}\n";
    assert_eq!(derived(code), [("One", vec![("typed", "&'a str")])]);
}
