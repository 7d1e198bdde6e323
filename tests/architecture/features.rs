//! Which feature of the portal may import from which. What several share lies in `kit/`, which imports none of them.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::Imports;
use super::sources::sources;

/// What every feature may import.
const SHARED: [&str; 1] = ["kit"];

/// Files of the portal that put the features together.
const TOGETHER: [&str; 4] = ["mod", "samples", "testing", "tests"];

/// Each feature that needs another, and which: its pages are parts of the other's way.
const NEEDS: [(&str, &[&str]); 9] = [
    ("account", &["enrol", "matrix", "passkey"]),
    // Notices of patterns are printed by administrators, who see the rules as users do.
    ("admin", &["matrix"]),
    ("enrol", &["passkey"]),
    ("invitation", &["enrol", "passkey"]),
    // A table is one of the steps of a sign-in.
    ("matrix", &["sign_in"]),
    // A passkey is one of the steps of a sign-in, beside providers and the phone.
    ("passkey", &["idp", "sign_in"]),
    // A phone is one of the steps of a sign-in, and so is an identity provider; a link that is made there ends at the account.
    ("idp", &["account", "sign_in"]),
    ("push", &["passkey", "sign_in"]),
    // A password of a directory that must be changed is entered like any new one.
    ("sign_in", &["answer", "enrol", "idp", "matrix", "passkey", "push"]),
];

/// The folder or file below `src/portal`.
fn feature(path: &str) -> Option<&str> {
    path.strip_prefix("portal/")?.split('/').next().map(|part| part.trim_end_matches(".rs"))
}

#[test]
fn features_of_the_portal_share_the_kit_and_import_each_other_only_where_they_need_to() {
    let sources = sources();
    let imports = Imports::of(sources);
    let needs: BTreeMap<&str, &[&str]> = NEEDS.into_iter().collect();
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| source.name.starts_with("portal/")) {
        let Some(own) = feature(&source.name).filter(|own| !TOGETHER.contains(own)) else { continue };
        for path in imports.paths_of(&source.name) {
            let [portal, other, ..] = path.as_slice() else { continue };
            let is_other = portal == "portal" && other != own && !SHARED.contains(&other.as_str());
            if !is_other || TOGETHER.contains(&other.as_str()) || !is_feature(sources, other) {
                continue;
            }
            let is_needed = needs.get(own).is_some_and(|needed| needed.contains(&other.as_str()));
            // The tests of one feature use what those of another made ready.
            let is_test = path.iter().any(|part| part == "tests") || source.name.contains("/tests");
            if is_needed {
                used.insert((own.to_owned(), other.clone()));
            } else if !is_test {
                wrong.push(format!("{} imports {}", source.name, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "move what they share to portal/kit:\n{}", wrong.join("\n"));
    for (own, needed) in NEEDS {
        let idle: Vec<_> = needed.iter().filter(|other| !used.contains(&(own.to_owned(), (**other).to_owned()))).collect();
        assert!(idle.is_empty(), "{own} imports nothing of {idle:?}: strike it from the table");
    }
}

/// Whether `src/portal` has this folder or file; other names are functions of the portal itself.
fn is_feature(sources: &[super::sources::Source], name: &str) -> bool {
    sources.iter().any(|source| feature(&source.name) == Some(name))
}
