//! A command that must fail: it says why, and leaves everything as it was.

use std::fs;
use std::path::Path;

use super::process::LOG;
use super::{Said, World};

/// Every file below a folder, with its length.
pub fn everything(folder: &Path) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let about = entry.metadata().unwrap();
        found.push((entry.path().display().to_string(), if about.is_dir() { 0 } else { about.len() }));
        if about.is_dir() {
            found.extend(everything(&entry.path()));
        }
    }
    found.sort();
    found
}

/// A command that must fail, mention all this, and change nothing but the files named.
pub async fn fails(world: &World, line: &[&str], mentions: &[&str], but: &[&str]) -> Said {
    let all = || -> Vec<(String, u64)> {
        let mut all = everything(world.folder.path());
        all.retain(|(path, _)| !path.ends_with(LOG) && !but.iter().any(|but| path.ends_with(but)));
        all
    };
    let before = all();
    let said = world.command(line).await;
    assert_ne!(said.code, 0, "{line:?}: {said:?}");
    assert!(!said.words.contains("panicked"), "{said:?}");
    said.mentions(mentions);
    assert_eq!(all(), before, "{line:?} left something behind");
    said
}
