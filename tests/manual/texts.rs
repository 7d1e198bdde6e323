//! The text files of the repository: sources, tests and docs.

use std::fs;

use super::sources::root;

/// All text files in which codes may stand: sources, tests, docs.
pub fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<_> =
        ["src", "tests", "docs", "benches", "examples", "config", "fuzz"].iter().map(|name| root().join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let is_text = [".rs", ".md", ".mjs", ".py", ".toml", ".html", ".ftl"].iter().any(|end| name.ends_with(end));
            if path.is_dir() && !name.contains("node_modules") && !name.contains(".cache") && !name.contains("corpus") {
                folders.push(path);
            } else if is_text && !name.starts_with("tests/manual/") {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] {
        found.push((name.to_owned(), fs::read_to_string(root().join(name)).unwrap()));
    }
    found
}
