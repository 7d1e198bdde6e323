//! Every key and value held against the JSON Schema of [`schema::File`](super::schema::File): unknown keys, missing
//! ones, values of the wrong kind, each reported where it stands. The schema is made from the very types that serde fills,
//! so that the two cannot drift apart.
//! Invariant: nothing here names a key.

use std::sync::LazyLock;

use serde_json::Value;

use super::diagnose::{Complaint, LocatedFault, did_you_mean};
use super::document::{Content, Node, Path, PathStep};
use super::schema::File;
use super::units;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(File).to_value());

/// The JSON Schema of the config file, for editors and for `sekisho config schema`.
pub fn json_schema() -> &'static Value {
    &SCHEMA
}

/// The same as a text: what `sekisho config schema` prints, and what is checked in as config/sekisho.schema.json.
pub fn schema_text() -> String {
    // A value of serde_json always serialises.
    format!("{:#}\n", json_schema())
}

/// Everything in `node` that the schema does not allow.
pub(super) fn hold_against_schema(node: &Node) -> Vec<LocatedFault> {
    let mut faults = Vec::new();
    table(&SCHEMA, node, &Path::default(), &mut faults);
    faults
}

/// What the schema says of the value at `path`; `None` where it knows no such key.
pub(super) fn schema_at(path: &Path) -> Option<&'static Value> {
    path.0.iter().try_fold(resolve(&SCHEMA), |schema, step| {
        let below = match step {
            PathStep::Key(key) => property(schema, key)?,
            PathStep::Place(_) => schema.get("items")?,
        };
        Some(resolve(below))
    })
}

/// The keys that a table may have; empty where any will do.
pub(super) fn known_keys(schema: &'static Value) -> impl Iterator<Item = &'static str> + Clone {
    schema.get("properties").and_then(Value::as_object).into_iter().flat_map(|properties| properties.keys().map(String::as_str))
}

/// Whether the schema wants `kind` here: `string`, `array`, `object`, `integer`, `boolean`.
pub(super) fn wants(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => kind == "string" && !words(schema).is_empty(),
    }
}

/// What the schema says of a key of this table.
pub(super) fn property(schema: &'static Value, key: &str) -> Option<&'static Value> {
    schema
        .get("properties")
        .and_then(|properties| properties.get(key))
        .or_else(|| schema.get("additionalProperties").filter(|schema| schema.is_object()))
}

/// Follows `$ref`, and takes the part of `anyOf` that is not null.
pub(super) fn resolve(mut schema: &'static Value) -> &'static Value {
    for _ in 0..8 {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let Some(target) = SCHEMA.pointer(name.trim_start_matches('#')) else { return schema };
            schema = target;
        } else if let Some(parts) = schema.get("anyOf").and_then(Value::as_array) {
            let Some(part) = parts.iter().find(|part| part.get("type").is_none_or(|kind| kind != "null")) else { return schema };
            schema = part;
        } else {
            break;
        }
    }
    schema
}

/// The words that an enumeration allows.
pub(super) fn words(schema: &Value) -> Vec<&str> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let described = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let described = described.flat_map(|one| {
        let constant = one.get("const").and_then(Value::as_str);
        constant.into_iter().chain(one.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str))
    });
    listed.chain(described).collect()
}

/// Words that an enumeration would allow in another build.
fn absent(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("x-not-in-this-build").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn value(schema: &'static Value, node: &Node, path: &Path, faults: &mut Vec<LocatedFault>) {
    let schema = resolve(schema);
    let words = words(schema);
    let wrong = |wanted: &str, help: Option<String>| {
        let complaint = Complaint {
            path: path.to_string(),
            message: format!("`{}` must be {wanted}; this is {}", last_key(path), node.kind()),
            help,
        };
        node.fault_here(complaint, true)
    };
    match &node.content {
        Content::Table(_) if wants(schema, "object") => table(schema, node, path, faults),
        Content::Array(items) if wants(schema, "array") => {
            if let Some(of) = schema.get("items") {
                for (place, item) in items.iter().enumerate() {
                    value(of, item, &path.place(place), faults);
                }
            }
        }
        Content::Scalar(toml::Value::String(text)) if !words.is_empty() => {
            if !words.contains(&text.as_str()) {
                let key = last_key(path);
                let (message, meant) = if absent(schema).any(|word| word == text) {
                    (format!("`{text}` is not available in this build (`{key}`)"), None)
                } else {
                    (format!("`{text}` is not a value of `{key}`"), did_you_mean(text, words.iter().copied()))
                };
                let complaint = Complaint { path: path.to_string(), message, help: Some(suggestion(meant, &words)) };
                faults.push(node.fault_here(complaint, true));
            }
        }
        Content::Scalar(toml::Value::String(text)) if wants(schema, "string") => {
            let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
            if let Err(message) = units::well_formed(format, text) {
                faults.push(node.fault_here(Complaint::new(path.to_string(), message), true));
            }
        }
        Content::Scalar(toml::Value::Integer(number)) if wants(schema, "integer") => {
            let bound = |name| schema.get(name).and_then(Value::as_i64);
            let (least, most) = (bound("minimum"), bound("maximum"));
            if least.is_some_and(|least| *number < least) || most.is_some_and(|most| *number > most) {
                let range = match (least, most) {
                    (Some(least), Some(most)) => format!("from {least} to {most}"),
                    (Some(least), None) => format!("at least {least}"),
                    (None, Some(most)) => format!("at most {most}"),
                    (None, None) => String::new(),
                };
                let complaint = Complaint::new(path.to_string(), format!("`{}` must be {range}", last_key(path)));
                faults.push(node.fault_here(complaint, true));
            }
        }
        Content::Scalar(toml::Value::Boolean(_)) if wants(schema, "boolean") => {}
        Content::Scalar(_) if !words.is_empty() => faults.push(wrong("a text", Some(suggestion(None, &words)))),
        _ => {
            let (wanted, help) = wanted(schema, path);
            faults.push(wrong(wanted, help));
        }
    }
}

/// What would do, in words; and how it is written where that is not plain.
fn wanted(schema: &Value, path: &Path) -> (&'static str, Option<String>) {
    let key = last_key(path);
    if wants(schema, "object") {
        ("a table", Some(format!("write `[{path}]` and its keys below it, or `{key} = {{ … }}`")))
    } else if wants(schema, "array") {
        let tables = schema.get("items").is_some_and(|items| items.get("$ref").is_some());
        let help = if tables { format!("write `[[{path}]]` once for each") } else { format!("write `{key} = [ … ]`") };
        ("a list", Some(help))
    } else if wants(schema, "integer") {
        ("a whole number", Some(format!("write it without quotes, as in `{key} = 10`")))
    } else if wants(schema, "boolean") {
        ("true or false", Some(format!("write `{key} = true` or `{key} = false`, without quotes")))
    } else {
        let example = schema.get("format").and_then(Value::as_str).map_or("…", units::example);
        ("a text", Some(format!("write it in quotes: `{key} = \"{example}\"`")))
    }
}

fn table(schema: &'static Value, node: &Node, path: &Path, faults: &mut Vec<LocatedFault>) {
    let Content::Table(entries) = &node.content else { return };
    for (key, below) in entries {
        match property(schema, key) {
            Some(of) => value(of, below, &path.key(key), faults),
            None => {
                let known: Vec<_> = known_keys(schema).collect();
                let meant = did_you_mean(key, known.iter().copied()).filter(|_| deeper(schema, key).is_none());
                let place = if path.0.is_empty() { "at the top of the file".to_owned() } else { format!("in `{path}`") };
                let complaint = Complaint {
                    path: path.key(key).to_string(),
                    message: format!("unknown key `{key}` {place}"),
                    help: Some(match deeper(schema, key) {
                        Some(table) => format!("`{key}` belongs in `{}`", path.key(table).key(key)),
                        None => suggestion(meant, &known),
                    }),
                };
                faults.push(below.fault_at_key(complaint));
            }
        }
    }
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for key in required.filter(|key| !entries.contains_key(*key)) {
        let place = if path.0.is_empty() { "the file".to_owned() } else { format!("`{path}`") };
        let meaning = property(schema, key).and_then(description).map(|words| format!("`{key}`: {words}"));
        let complaint = Complaint { path: path.to_string(), message: format!("{place} needs the key `{key}`"), help: meaning };
        faults.push(node.fault_here(complaint, true));
    }
}

/// The table one level below that has this key: `otp` of an app belongs in its `demands`.
fn deeper(schema: &'static Value, key: &str) -> Option<&'static str> {
    known_keys(schema).find(|table| {
        let below = property(schema, table).map(resolve);
        below.is_some_and(|below| known_keys(below).any(|known| known == key))
    })
}

/// The first line of what the schema says of a key.
fn description(schema: &'static Value) -> Option<&'static str> {
    let text = schema.get("description").or_else(|| resolve(schema).get("description"))?.as_str()?;
    text.lines().next()
}

fn suggestion(meant: Option<&str>, known: &[&str]) -> String {
    let all = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match (meant, known.is_empty()) {
        (Some(meant), _) => format!("did you mean `{meant}`? Allowed here: {all}"),
        (None, false) => format!("allowed here: {all}"),
        (None, true) => "nothing more is allowed here".to_owned(),
    }
}

fn last_key(path: &Path) -> &str {
    path.0
        .iter()
        .rev()
        .find_map(|step| match step {
            PathStep::Key(key) => Some(key.as_str()),
            PathStep::Place(_) => None,
        })
        .unwrap_or("the file")
}
