//! Overrides from the environment: `SEKISHO_SERVER__LISTEN=0.0.0.0:8443` stands for `server.listen` in the file. Two
//! underscores part the levels, a number is a place in a list, and the value is TOML or a plain text (several texts
//! with commas between them where a list is wanted).
//! Invariant: the environment is read here and nowhere else; no secret is ever a config value, only a file's name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::diagnose::{Complaint, LocatedFault, Text};
use super::document::{Content, Node, Path};
use super::keys;

const PREFIX: &str = "SEKISHO_";

/// The variables that a config is read with.
#[derive(Clone, Debug, Default)]
pub struct Environment(Vec<(String, String)>);

impl Environment {
    /// None.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Those of this process. What is not Unicode is read with replacement characters, and complained of as a value.
    pub fn of_process() -> Self {
        let named = std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value));
        Self::from_iter(named.map(|(name, value)| (name, value.to_string_lossy().into_owned())))
    }

    /// Lays the overrides over what the file says.
    pub(super) fn lay_over(&self, root: &mut Node, faults: &mut Vec<LocatedFault>) {
        for (name, value) in &self.0 {
            let shown = Arc::new(Text { name: "environment".to_owned(), text: format!("{name}={value}") });
            let steps: Vec<_> = name.trim_start_matches(PREFIX).split("__").map(str::to_lowercase).collect();
            let name_span = 0..name.len();
            if steps.iter().any(String::is_empty) {
                let message = format!("{name} names no key: write the levels with two underscores between them");
                faults.push(LocatedFault::at(&shown, name_span, Complaint::new("", message)));
                continue;
            }
            let laid = lay(root, &Path::default(), &steps, &shown, value, name.len() + 1..shown.text.len());
            if let Err(complaint) = laid {
                faults.push(LocatedFault::at(&shown, name_span, complaint));
            }
        }
    }
}

impl FromIterator<(String, String)> for Environment {
    /// Keeps those that are overrides: `SEKISHO_` and two underscores later on.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        let ours = |name: &str| name.strip_prefix(PREFIX).is_some_and(|rest| rest.contains("__"));
        let mut kept: Vec<_> = variables.into_iter().filter(|(name, _)| ours(name)).collect();
        kept.sort();
        Self(kept)
    }
}

fn lay(
    node: &mut Node,
    at: &Path,
    steps: &[String],
    shown: &Arc<Text>,
    value: &str,
    span: Range<usize>,
) -> Result<(), Complaint> {
    let Some((step, rest)) = steps.split_first() else {
        *node = worded(at, shown, value, span);
        return Ok(());
    };
    let fresh = |below: &Path| {
        // What kind of thing is missing here decides what is made: a list where the schema has one.
        if keys::schema_at(below).is_some_and(|schema| keys::wants(schema, "array")) {
            Node::list(shown, Vec::new(), span.clone())
        } else {
            Node::empty_table(shown, span.clone())
        }
    };
    match &mut node.content {
        Content::Table(entries) => {
            let key = spelling(entries, at, step);
            let below = at.key(&key);
            let entry = entries.entry(key).or_insert_with(|| fresh(&below));
            lay(entry, &below, rest, shown, value, span)
        }
        Content::Array(items) => {
            let place: usize = step
                .parse()
                .map_err(|_| Complaint::new(at.to_string(), format!("`{at}` is a list: name a place in it, as 0")))?;
            let below = at.place(place);
            if place == items.len() {
                items.push(fresh(&below));
            }
            let length = items.len();
            let Some(item) = items.get_mut(place) else {
                let message = format!("`{at}` has {length} entries; the next place is {length}");
                return Err(Complaint::new(at.to_string(), message));
            };
            lay(item, &below, rest, shown, value, span)
        }
        Content::Scalar(_) => Err(Complaint::new(at.to_string(), format!("`{at}` is {}: it has no key `{step}`", node.kind()))),
    }
}

/// The value as the schema wants it: a text stays a text even if it reads like a number, and a list may be written
/// with commas.
fn worded(at: &Path, shown: &Arc<Text>, value: &str, span: Range<usize>) -> Node {
    let schema = keys::schema_at(at);
    let wants = |kind| schema.is_some_and(|schema| keys::wants(schema, kind));
    let read = Node::of_variable(shown, value, span.clone());
    match &read.content {
        Content::Scalar(toml::Value::String(_)) | Content::Table(_) if !wants("array") => read,
        Content::Array(_) => read,
        _ if wants("string") => Node::plain_text(shown, value, span),
        _ if wants("array") => {
            let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
            Node::list(shown, items.map(|item| Node::of_variable(shown, item, span.clone())).collect(), span.clone())
        }
        _ => read,
    }
}

/// How the file or the schema spells a key that came in capitals: `MY_POLICY` may be `my-policy` there.
fn spelling(present: &BTreeMap<String, Node>, at: &Path, step: &str) -> String {
    let known: Vec<&str> = keys::schema_at(at).into_iter().flat_map(keys::known_keys).collect();
    let same = |key: &&str| key.to_lowercase().replace('-', "_") == step;
    if known.contains(&step) {
        return step.to_owned();
    }
    present.keys().map(String::as_str).chain(known).find(same).unwrap_or(step).to_owned()
}
