//! ARCHITECTURE.md names files, folders and functions that exist, and each folder of `src`.

use std::collections::BTreeSet;
use std::fs;

use super::sources::root;

fn map() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// What stands in backticks, outside of blocks.
fn named(map: &str) -> Vec<&str> {
    map.split("```").step_by(2).flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

/// The text of a file that is named by its path below the repository or below `src`.
fn text_of(path: &str) -> Option<String> {
    [root().join(path), root().join("src").join(path)].iter().find_map(|path| fs::read_to_string(path).ok())
}

#[test]
fn every_file_and_function_of_the_map_exists() {
    let map = map();
    let (mut functions, mut wrong) = (0, Vec::new());
    for name in named(&map) {
        let (path, item) = name.split_once("::").map_or((name, None), |(path, item)| (path, Some(item)));
        if path.ends_with('/') {
            let is_there = root().join(path).is_dir() || root().join("src").join(path).is_dir();
            wrong.extend((!is_there).then(|| format!("{path}: there is no such folder")));
        } else if path.ends_with(".rs") {
            let Some(text) = text_of(path) else {
                wrong.push(format!("{path}: there is no such file"));
                continue;
            };
            // `core/mod.rs::Core::open`: the type and the function both stand in the file.
            for part in item.into_iter().flat_map(|item| item.split("::")) {
                let keywords = ["fn", "struct", "enum", "trait", "const", "static", "type", "impl", "for"];
                let is_there = keywords.iter().any(|keyword| has_words(&text, &format!("{keyword} {part}")));
                wrong.extend((!is_there).then(|| format!("{name}: {path} has no {part}")));
                functions += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "ARCHITECTURE.md names what does not exist:\n{}", wrong.join("\n"));
    assert!(functions > 20, "the map follows a request by the names of functions");
}

/// Whether a text has these words, and the last of them ends there.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words)
        .any(|(at, _)| !text[at + words.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

/// The paths of the tree in the map: two spaces for each level, a path, and what it holds.
fn tree(map: &str) -> Vec<String> {
    let block = map.split("```").skip(1).step_by(2).find(|block| block.starts_with("text\nsrc/\n")).unwrap();
    let (mut found, mut folder) = (Vec::new(), "");
    for line in block.lines().skip(2).filter(|line| !line.trim().is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        if line.starts_with("    ") {
            found.push(format!("{folder}{name}"));
        } else {
            folder = name;
            found.push(name.to_owned());
        }
    }
    found
}

#[test]
fn the_tree_of_the_map_is_that_of_the_sources() {
    let map = map();
    let tree = tree(&map);
    for path in &tree {
        assert!(root().join("src").join(path).exists(), "ARCHITECTURE.md has src/{path}, which does not exist");
    }
    let listed: BTreeSet<&str> = tree.iter().map(|path| path.trim_end_matches('/')).collect();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(listed.contains(name.as_str()), "ARCHITECTURE.md has no line for src/{name}");
    }
}
