//! Puts the addresses of `[networks.NAME]` wherever a list of networks names them, before the file is held against its schema:
//! what reads a list later finds addresses alone. Which lists take names is read off the schema.
//! Invariant: nothing here names a key but `networks` itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::diagnose::{Complaint, LocatedFault, did_you_mean};
use super::document::{Content, Node, Path};
use super::schema::File;
use super::units::{CidrBlock, NETWORK, NetworkLine};
use super::{keys, meaning};

/// The table of names.
const TABLE: &str = "networks";
/// The list of each.
const LIST: &str = "addresses";

type Names = BTreeMap<String, Vec<String>>;

/// Replaces names by addresses; a name that nothing has is a fault.
pub(super) fn resolve_names(root: &mut Node) -> Vec<LocatedFault> {
    let names = names(root);
    let mut faults = Vec::new();
    walk(keys::json_schema(), root, &Path::default(), &names, &mut faults);
    faults
}

/// What each name stands for. The schema reports what is no network there.
fn names(root: &Node) -> Names {
    let table = |node: &Node| match &node.content {
        Content::Table(entries) => entries.clone(),
        Content::Array(_) | Content::Scalar(_) => BTreeMap::new(),
    };
    let named = table(root).remove(TABLE).map(|named| table(&named)).unwrap_or_default();
    let addresses = |node: &Node| match table(node).remove(LIST).map(|list| list.content) {
        Some(Content::Array(items)) => {
            items.iter().filter_map(text).filter_map(|line| line.parse::<NetworkLine>().ok()).collect()
        }
        _ => Vec::new(),
    };
    named
        .iter()
        .map(|(name, node)| (name.clone(), addresses(node).iter().map(|line| line.network.to_string()).collect()))
        .collect()
}

fn text(node: &Node) -> Option<&str> {
    match &node.content {
        Content::Scalar(toml::Value::String(text)) => Some(text),
        _ => None,
    }
}

fn walk(schema: &'static Value, node: &mut Node, path: &Path, names: &Names, faults: &mut Vec<LocatedFault>) {
    let schema = keys::resolve(schema);
    match &mut node.content {
        Content::Table(entries) => {
            for (key, below) in entries {
                if let Some(of) = keys::property(schema, key) {
                    walk(of, below, &path.key(key), names, faults);
                }
            }
        }
        Content::Array(items) => {
            let Some(of) = schema.get("items") else { return };
            if keys::resolve(of).get("format").and_then(Value::as_str) == Some(NETWORK) {
                let written = std::mem::take(items);
                *items = written
                    .into_iter()
                    .enumerate()
                    .flat_map(|(place, item)| said(item, &path.place(place), names, faults))
                    .collect();
            } else {
                for (place, below) in items.iter_mut().enumerate() {
                    walk(of, below, &path.place(place), names, faults);
                }
            }
        }
        Content::Scalar(_) => {}
    }
}

/// What one item of a list stands for.
fn said(item: Node, path: &Path, names: &Names, faults: &mut Vec<LocatedFault>) -> Vec<Node> {
    let Some(word) = text(&item).map(str::to_owned) else { return vec![item] };
    if let Some(addresses) = names.get(&word) {
        return addresses.iter().map(|address| item.saying(address.clone())).collect();
    }
    if word.parse::<CidrBlock>().is_ok() || !is_name(&word) {
        return vec![item];
    }
    let all = names.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = match did_you_mean(&word, names.keys().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`? There are: {all}"),
        None if all.is_empty() => {
            "write an address or CIDR as in \"10.0.0.0/8\", or list networks under `[networks.NAME]`".to_owned()
        }
        None => format!("there are: {all}; or write an address or CIDR as in \"10.0.0.0/8\""),
    };
    let complaint = Complaint::new(path.to_string(), format!("there is no `[networks.{word}]`")).help(help);
    faults.push(item.fault_here(complaint, true));
    Vec::new()
}

/// Whether this can be a name: then it is no address, since an address has a dot or a colon.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(meaning::is_name)
}

/// What the names themselves mean.
pub(super) fn complaints(file: &File) -> impl Iterator<Item = Complaint> {
    file.networks.iter().flat_map(|(name, named)| {
        let at = Path::default().key(TABLE).key(name);
        let misnamed = (!is_name(name)).then(|| {
            let message = format!("`{name}` cannot be the name of networks");
            Complaint::new(at.to_string(), message).help("use letters, digits, `-` and `_`, beginning with a letter")
        });
        // A list that names it alone would be empty, and an empty list lets everybody in.
        let empty = named.addresses.is_empty().then(|| {
            let message = format!("`{name}` has no address: a list that names it would restrict nothing");
            Complaint::new(at.key(LIST).to_string(), message).help("list one address or more, or leave the name out")
        });
        misnamed.into_iter().chain(empty)
    })
}
