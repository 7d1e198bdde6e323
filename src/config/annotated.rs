//! A config file that explains itself: what is given is written out, and every other key stands beside its meaning and
//! its default. `init` writes one; config/sekisho.toml is made by it too.
//! Invariant: every word comes from the doc comments of `schema/`, by way of the JSON Schema.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value;
use toml::Table;

use super::document::Path;
use super::keys;
use super::units;

const PREFACE: &str = "The config file of Sekisho. Every key is here with its meaning. A line that begins with `#` and \
    a key, without a space, shows a default or an example: take the `#` away to change it. `sekisho check` says what the file means, \
    and `sekisho config schema` prints its JSON Schema for editors. Every key can also come from the environment, as in \
    SEKISHO_SERVER__LISTEN=0.0.0.0:8443. A relative path starts at the folder of this file.";

/// The file in which `given` is written out; all the rest is there as comments.
pub fn text(given: &Table) -> String {
    let mut writer = Writer { out: String::new(), explained: HashMap::new() };
    writer.prose(PREFACE);
    writer.out.push('\n');
    writer.keys(keys::json_schema(), &Path::default(), Some(given), "");
    writer.out
}

struct Writer {
    out: String,
    /// Where each kind of table was explained. It is explained once; later only what is given is written.
    explained: HashMap<*const Value, String>,
}

/// What a key holds.
enum Shape {
    /// A scalar or a list of scalars.
    Plain,
    /// One table.
    Table(&'static Value),
    /// Tables by name.
    Named(&'static Value),
    /// A list of tables.
    List(&'static Value),
}

impl Shape {
    fn of(property: &'static Value) -> Self {
        let schema = keys::resolve(property);
        let table = |schema: &Value| schema.get("properties").is_some();
        match (schema.get("additionalProperties"), schema.get("items").map(keys::resolve)) {
            _ if table(schema) => Self::Table(schema),
            (Some(named), _) if named.is_object() => Self::Named(keys::resolve(named)),
            (_, Some(items)) if table(items) => Self::List(items),
            _ => Self::Plain,
        }
    }
}

impl Writer {
    /// The keys of a table, plain ones first, since TOML wants them before the tables. What stands before each line is
    /// `hidden`: a `#` below a table that is itself a comment.
    fn keys(&mut self, schema: &'static Value, path: &Path, given: Option<&Table>, hidden: &str) {
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let (plain, tables): (Vec<_>, Vec<_>) =
            properties.map(|(key, of)| (key, of, Shape::of(of))).partition(|(_, _, shape)| matches!(shape, Shape::Plain));
        for (key, of, _) in plain {
            self.plain(key, of, given.and_then(|given| given.get(key)), hidden);
        }
        for (key, of, shape) in tables {
            self.below(&path.key(key), of, &shape, given.and_then(|given| given.get(key)), hidden);
        }
    }

    fn plain(&mut self, key: &str, of: &'static Value, given: Option<&toml::Value>, hidden: &str) {
        let schema = keys::resolve(of);
        let words = keys::words(schema.get("items").map_or(schema, keys::resolve));
        let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>();
        let choice = if words.is_empty() { String::new() } else { format!(" One of {}.", words.join(", ")) };
        self.prose(&format!("{}{choice}", description(of)));
        let default = of.get("default").filter(|default| !default.is_null()).map(ToString::to_string);
        let _ = match (given, default) {
            (Some(given), _) => writeln!(self.out, "{hidden}{key} = {given}"),
            (None, Some(default)) => writeln!(self.out, "#{key} = {default}"),
            (None, None) => writeln!(self.out, "#{key} = {}", words.first().cloned().unwrap_or_else(|| example(schema))),
        };
    }

    fn below(&mut self, path: &Path, of: &'static Value, shape: &Shape, given: Option<&toml::Value>, hidden: &str) {
        self.out.push('\n');
        self.prose(description(of));
        match (shape, given) {
            (Shape::Table(table), Some(toml::Value::Table(given))) => {
                self.entry(&format!("[{path}]"), table, path, Some(given), hidden);
            }
            (Shape::Named(table), Some(toml::Value::Table(given))) => {
                for (name, given) in given {
                    let path = path.key(name);
                    self.entry(&format!("[{path}]"), table, &path, given.as_table(), hidden);
                }
            }
            (Shape::List(table), Some(toml::Value::Array(given))) => {
                for given in given {
                    self.entry(&format!("[[{path}]]"), table, path, given.as_table(), hidden);
                }
            }
            // At the top a table of defaults may stand empty, ready to be filled; others would mean something.
            (Shape::Table(table), _) if path.0.len() == 1 && of.get("default").is_some_and(Value::is_object) => {
                self.entry(&format!("[{path}]"), table, path, None, hidden);
            }
            (Shape::Table(table), _) => self.entry(&format!("[{path}]"), table, path, None, "#"),
            (Shape::Named(table), _) => self.entry(&format!("[{path}.NAME]"), table, &path.key("NAME"), None, "#"),
            (Shape::List(table), _) => self.entry(&format!("[[{path}]]"), table, path, None, "#"),
            (Shape::Plain, _) => {}
        }
    }

    fn entry(&mut self, header: &str, table: &'static Value, path: &Path, given: Option<&Table>, hidden: &str) {
        if let Some(before) = self.explained.get(&std::ptr::from_ref(table)) {
            let before = before.clone();
            if before != header {
                self.prose(&format!("Its keys are those of `{before}`."));
            }
            let _ = writeln!(self.out, "{hidden}{header}");
            for (key, value) in given.into_iter().flatten() {
                let _ = writeln!(self.out, "{hidden}{key} = {value}");
            }
        } else {
            self.explained.insert(std::ptr::from_ref(table), header.to_owned());
            let _ = writeln!(self.out, "{hidden}{header}");
            self.keys(table, path, given, hidden);
        }
    }

    /// Words as comment lines of at most 118 characters.
    fn prose(&mut self, words: &str) {
        let mut line = String::new();
        for word in words.split_whitespace() {
            if line.chars().count() + word.chars().count() > 116 {
                let _ = writeln!(self.out, "#{line}");
                line.clear();
            }
            line.push(' ');
            line.push_str(word);
        }
        if !line.is_empty() {
            let _ = writeln!(self.out, "#{line}");
        }
    }
}

fn description(of: &'static Value) -> &'static str {
    let own = of.get("description").or_else(|| keys::resolve(of).get("description"));
    own.and_then(Value::as_str).unwrap_or_default()
}

/// A value of the right kind for a key without a default.
fn example(schema: &Value) -> String {
    if keys::wants(schema, "array") {
        "[]".to_owned()
    } else if keys::wants(schema, "integer") {
        "1".to_owned()
    } else if keys::wants(schema, "boolean") {
        "false".to_owned()
    } else {
        format!("\"{}\"", units::example(schema.get("format").and_then(Value::as_str).unwrap_or_default()))
    }
}
