//! Who imports whom: reads the `use` declarations and the paths of every file, and finds the file that each leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Source;
use super::tokens::tokens;

/// A path in the crate, from its root on.
type Segments = Vec<String>;

/// The imports of all files.
pub struct Imports {
    files: BTreeMap<Segments, String>,
    paths: BTreeMap<String, BTreeSet<Segments>>,
    /// `pub use`: what a module offers under a name, and where that stands.
    reexports: BTreeMap<(Segments, String), Segments>,
}

impl Imports {
    pub fn of(sources: &[Source]) -> Self {
        let files: BTreeMap<Segments, String> =
            sources.iter().map(|source| (module_of(&source.name), source.name.clone())).collect();
        let mut found = Self { files, paths: BTreeMap::new(), reexports: BTreeMap::new() };
        for source in sources {
            found.read(source);
        }
        found
    }

    /// The paths that a file names, from the crate's root on.
    pub fn paths_of(&self, file: &str) -> &BTreeSet<Segments> {
        &self.paths[file]
    }

    /// The files that each file imports from. Parents and children are left out: a module may use its parts, and they it.
    pub fn between_files(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (file, paths) in &self.paths {
            let here = module_of(file);
            for path in paths {
                let Some(target) = self.file_of(path, 0) else { continue };
                let there = module_of(target);
                if !here.starts_with(&there) && !there.starts_with(&here) {
                    found.entry(file).or_default().insert(target);
                }
            }
        }
        found
    }

    /// The file in which the thing that a path names is written, by way of `pub use`.
    fn file_of(&self, path: &[String], depth: usize) -> Option<&str> {
        for length in (0..=path.len()).rev() {
            let (module, rest) = path.split_at(length);
            let Some(file) = self.files.get(module) else { continue };
            let offered = rest.first().and_then(|name| self.reexports.get(&(module.to_vec(), name.clone())));
            return match offered.filter(|to| to.as_slice() != path && depth < 6) {
                Some(to) => self.file_of(&[to.as_slice(), &rest[1..]].concat(), depth + 1),
                None => Some(file),
            };
        }
        None
    }

    fn read(&mut self, source: &Source) {
        let here = module_of(&source.name);
        let tokens = tokens(&source.code);
        let (mut paths, mut at) = (BTreeSet::new(), 0);
        while at < tokens.len() {
            if tokens[at] == "use" {
                let end = tokens[at..].iter().position(|token| *token == ";").map_or(tokens.len(), |end| at + end);
                let is_public = at > 0 && (tokens[at - 1] == "pub" || tokens[at - 1] == ")");
                for (leaf, name) in leaves(&tokens[at + 1..end]) {
                    let Some(mut path) = self.path_from_root(&here, &leaf) else { continue };
                    if path.last().is_some_and(|last| last == "self") {
                        path.pop();
                    }
                    if is_public {
                        self.reexports.insert((here.clone(), name), path.clone());
                    }
                    paths.insert(path);
                }
                at = end;
            } else if matches!(tokens[at], "crate" | "super" | "self")
                && tokens.get(at + 1) == Some(&"::")
                && !tokens[..at].ends_with(&["pub", "(", "in"])
            {
                let mut leaf = vec![tokens[at]];
                while tokens.get(at + 1) == Some(&"::") && tokens.get(at + 2).is_some_and(|next| is_name(next)) {
                    leaf.push(tokens[at + 2]);
                    at += 2;
                }
                paths.extend(self.path_from_root(&here, &leaf));
            }
            at += 1;
        }
        self.paths.insert(source.name.clone(), paths);
    }

    /// A path as it stands in the module `here`, from the crate's root on; `None` for other crates.
    fn path_from_root(&self, here: &[String], leaf: &[&str]) -> Option<Segments> {
        let mut base = here.to_vec();
        let mut rest = leaf;
        match rest.first()? {
            &"crate" => {
                base.clear();
                rest = &rest[1..];
            }
            &"self" | &"super" => {
                while let Some(first) = rest.first().filter(|first| matches!(**first, "self" | "super")) {
                    if *first == "super" {
                        base.pop();
                    }
                    rest = &rest[1..];
                }
            }
            child => {
                // `use parts::Part`, where `parts` is a module of this file.
                let module: Segments = here.iter().cloned().chain([(*child).to_owned()]).collect();
                self.files.get(&module)?;
            }
        }
        base.extend(rest.iter().map(|segment| (*segment).to_owned()));
        Some(base)
    }
}

fn is_name(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The module that a file is: `gateway/upstream/mod.rs` is `gateway::upstream`.
fn module_of(file: &str) -> Segments {
    let mut parts: Segments = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// The leaves of a `use` tree, each with the name that it gets: `a::{b as c, d}` gives `a::b` as `c` and `a::d` as `d`.
fn leaves<'a>(tree: &[&'a str]) -> Vec<(Vec<&'a str>, String)> {
    let Some(open) = tree.iter().position(|token| *token == "{") else {
        let mut path: Vec<&str> = tree.iter().copied().filter(|token| *token != "::").collect();
        let mut name = path.last().map_or_else(String::new, |last| (*last).to_owned());
        if let Some(renamed) = path.iter().position(|token| *token == "as") {
            path.truncate(renamed);
        } else if name == "self" {
            name = path.iter().rev().nth(1).map_or_else(String::new, |module| (*module).to_owned());
        }
        return if path.is_empty() { Vec::new() } else { vec![(path, name)] };
    };
    let head: Vec<&str> = tree[..open].iter().copied().filter(|token| *token != "::").collect();
    let (mut found, mut depth, mut start) = (Vec::new(), 0, open + 1);
    for at in open + 1..tree.len() {
        let closes = tree[at] == "}" && depth == 0;
        match tree[at] {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if closes || (tree[at] == "," && depth == 0) {
            for (leaf, name) in leaves(&tree[start..at]) {
                let name = if leaf == ["self"] { head.last().map_or(name, |module| (*module).to_owned()) } else { name };
                found.push((head.iter().copied().chain(leaf).collect(), name));
            }
            start = at + 1;
        }
    }
    found
}

#[test]
fn a_tree_of_uses_is_spelt_out() {
    let tree = tokens("crate::a::{self, b::{c as d, e}, f::*}");
    let found: Vec<String> = leaves(&tree).into_iter().map(|(path, name)| format!("{} {name}", path.join("::"))).collect();
    assert_eq!(found, ["crate::a::self a", "crate::a::b::c d", "crate::a::b::e e", "crate::a::f::* *"]);
}

#[test]
fn a_thing_is_found_where_it_is_written() {
    let source = |name: &str, code: &str| Source { name: name.to_owned(), text: String::new(), code: code.to_owned() };
    let sources = [
        source("lib.rs", "pub mod a; pub mod b;"),
        source("a/mod.rs", "mod deep; pub use deep::Thing as Renamed;"),
        source("a/deep.rs", "use super::other; pub struct Thing;"),
        source("b.rs", "fn f(_: crate::a::Renamed) {}"),
    ];
    let imports = Imports::of(&sources);
    let between = imports.between_files();
    assert_eq!(between["b.rs"], BTreeSet::from(["a/deep.rs"]), "by way of the other name");
    assert!(!between.contains_key("a/deep.rs"), "a parent is not an import");
}
