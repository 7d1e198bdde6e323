//! The reference of the config file as Markdown: every key with its type, its default and its meaning, a section for each
//! table. It is checked in as docs/reference/config.md.
//! Invariant: every word about a key comes from the doc comments of `schema/`, by way of the JSON Schema.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::keys;

const PREFACE: &str = "# The config file: every key

<!-- Generated from src/config/schema/. Write it again with: BLESS=1 cargo test --test manual -->

The config file is TOML. `sekisho check --config FILE` reads it as `sekisho run` does and shows each fault with its line and column;
`sekisho config schema` prints the JSON Schema for editors; [`config/sekisho.toml`](../../config/sekisho.toml) has every key as a comment.

- A key can also come from the environment: `SEKISHO_` and the path in capitals, two underscores between its parts, as in
  `SEKISHO_SERVER__LISTEN=0.0.0.0:8443`. The environment wins over the file.
- A relative path starts at the folder of the file.
- A length of time is a number with `ms`, `s`, `m`, `h` or `d`; a size is a number with `B`, `KiB`, `MiB` or `GiB`. Both are texts, in quotes.
- `[[app]]` is written once for each app; in `[policy.NAME]`, `NAME` is a name of your choice.
- A key without a default may be left out, unless it says *required*.
";

/// The whole page.
pub fn text() -> String {
    let mut page = ReferencePage { out: String::new(), explained: HashMap::new() };
    page.table("The top of the file", "", keys::json_schema(), "");
    let headings = page.out.lines().filter_map(|line| line.strip_prefix("## "));
    let sections: Vec<String> = headings.map(|heading| format!("[{heading}](#{})", anchor(heading))).collect();
    format!("{PREFACE}\nSections: {}.\n{}", sections.join(" · "), page.out)
}

/// The anchor that a heading gets where Markdown is rendered.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

struct ReferencePage {
    out: String,
    /// Under which heading the keys of a table stand. They stand once.
    explained: HashMap<*const Value, String>,
}

/// What a key holds.
enum Below {
    Nothing,
    Table(&'static Value),
    Named(&'static Value),
    List(&'static Value),
}

impl Below {
    fn of(property: &'static Value) -> Self {
        let schema = keys::resolve(property);
        let is_table = |schema: &Value| schema.get("properties").is_some();
        match (schema.get("additionalProperties"), schema.get("items").map(keys::resolve)) {
            _ if is_table(schema) => Self::Table(schema),
            (Some(named), _) if named.is_object() => Self::Named(keys::resolve(named)),
            (_, Some(items)) if is_table(items) => Self::List(items),
            _ => Self::Nothing,
        }
    }
}

impl ReferencePage {
    /// One section: what the table is for, its plain keys, then the tables below it.
    fn table(&mut self, heading: &str, path: &str, schema: &'static Value, meaning: &str) {
        let _ = write!(self.out, "\n## {heading}\n");
        if !meaning.is_empty() {
            let _ = write!(self.out, "\n{}\n", plain(meaning));
        }
        if let Some(before) = self.explained.get(&std::ptr::from_ref(schema)) {
            let _ = write!(self.out, "\nIts keys are those of [{before}](#{}).\n", anchor(before));
            return;
        }
        self.explained.insert(std::ptr::from_ref(schema), heading.to_owned());
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let keys: Vec<_> = properties.map(|(key, of)| (key.as_str(), of, Below::of(of))).collect();
        if keys.iter().any(|(.., below)| matches!(below, Below::Nothing)) {
            self.out.push_str("\n| key | type | default | meaning |\n|---|---|---|---|\n");
        }
        for (key, of, _) in keys.iter().filter(|(.., below)| matches!(below, Below::Nothing)) {
            let default = match of.get("default").filter(|default| !default.is_null()) {
                Some(default) => format!("`{}`", cell(&default.to_string())),
                None if required.contains(key) => "*required*".to_owned(),
                None => "–".to_owned(),
            };
            let meaning = format!("{}{}", description(of), choice(of));
            let _ = writeln!(self.out, "| `{key}` | {} | {default} | {} |", kind(of), cell(meaning.trim()));
        }
        for (key, of, below) in &keys {
            let below_path = if path.is_empty() { (*key).to_owned() } else { format!("{path}.{key}") };
            let needed = if required.contains(key) { " *Required.*" } else { "" };
            let meaning = format!("{}{needed}", description(of));
            match below {
                Below::Nothing => {}
                Below::Table(table) => self.table(&format!("`[{below_path}]`"), &below_path, table, &meaning),
                Below::Named(table) => {
                    let named = format!("{below_path}.NAME");
                    self.table(&format!("`[{named}]`"), &named, table, &meaning);
                }
                Below::List(table) => self.table(&format!("`[[{below_path}]]`"), &below_path, table, &meaning),
            }
        }
    }
}

fn description(of: &'static Value) -> &'static str {
    let own = of.get("description").or_else(|| keys::resolve(of).get("description"));
    own.and_then(Value::as_str).unwrap_or_default()
}

/// What kind of value a key takes.
fn kind(of: &'static Value) -> String {
    let schema = keys::resolve(of);
    if let Some(items) = schema.get("items") {
        return format!("list of {}", plural(&kind(items)));
    }
    if schema.get("additionalProperties").is_some_and(Value::is_object) {
        return "table of texts by name".to_owned();
    }
    if keys::wants(schema, "integer") {
        let bound = |name| schema.get(name).and_then(Value::as_i64);
        return match (bound("minimum"), bound("maximum")) {
            (Some(least), Some(most)) => format!("number from {least} to {most}"),
            (Some(least), None) => format!("number, at least {least}"),
            _ => "number".to_owned(),
        };
    }
    if keys::wants(schema, "boolean") {
        return "`true` or `false`".to_owned();
    }
    match schema.get("format").and_then(Value::as_str) {
        Some("length-of-time") => "length of time",
        Some("size") => "size",
        Some("network") => "network",
        Some("network-line") => "annotated network",
        Some("socket-address") => "address and port",
        Some("zone") => "time zone",
        _ if !keys::words(schema).is_empty() => "word",
        _ => "text",
    }
    .to_owned()
}

fn plural(kind: &str) -> String {
    match kind {
        "address and port" => "addresses with ports".to_owned(),
        kind => format!("{kind}s"),
    }
}

/// The words that an enumeration allows, each with its meaning where it has one.
fn choice(of: &'static Value) -> String {
    let schema = keys::resolve(of);
    let schema = schema.get("items").map_or(schema, keys::resolve);
    let words = keys::words(schema);
    if words.is_empty() {
        return String::new();
    }
    let meaning_of = |word: &str| {
        let one = schema.get("oneOf")?.as_array()?.iter().find(|one| one.get("const").and_then(Value::as_str) == Some(word))?;
        Some(plain(one.get("description")?.as_str()?))
    };
    let words = words.iter().map(|word| match meaning_of(word) {
        Some(meaning) => format!("`{word}`: {}", meaning.trim_end_matches('.')),
        None => format!("`{word}`"),
    });
    format!(" One of {}.", words.collect::<Vec<_>>().join("; "))
}

/// Text on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}
