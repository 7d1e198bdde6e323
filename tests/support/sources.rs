//! The Rust sources of the crate: which files there are, and their code without comments and tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// One file.
pub struct Source {
    /// Its path below the folder that was read, with `/` between the parts.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// The text without comment lines and without the tests at its end.
    pub code: String,
}

impl Source {
    /// The first folder of the path; for a file beside `lib.rs`, its name.
    pub fn folder(&self) -> &str {
        self.name.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every source below `src` except those of tests, which may build and import what they like. Read once.
pub fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let mut found = files_below("src");
        found.retain(|source| !is_of_tests(&source.name));
        assert!(found.len() > 100, "src is read");
        found
    });
    &SOURCES
}

/// Every `.rs` file below a folder of the repository, tests included.
pub fn files_below(top: &str) -> Vec<Source> {
    let top = root().join(top);
    let (mut found, mut folders) = (Vec::new(), vec![top.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && !name.contains("node_modules") && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { code: code(&text), name, text });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Whether a file below `src` is compiled for tests only.
fn is_of_tests(name: &str) -> bool {
    name.trim_end_matches(".rs").split('/').any(|part| matches!(part, "tests" | "testing") || part.ends_with("_tests"))
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }).collect::<Vec<_>>().join("\n")
}
