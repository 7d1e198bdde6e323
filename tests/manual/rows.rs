//! The tables of docs/reference, and the comparison of a table with what the sources say.

use std::collections::BTreeMap;
use std::fs;

use super::sources::root;

/// The rows of the tables of a page whose first cell is in backticks: that name, and the other cells.
pub fn rows(page: &str, cells: usize) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join("docs/reference").join(page)).unwrap();
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let row: Vec<&str> = line.trim_start_matches("| ").trim_end_matches(" |").split(" | ").collect();
        assert_eq!(row.len(), cells, "{page}: {line}");
        assert!(row.iter().all(|cell| !cell.trim().is_empty()), "{page}: an empty cell: {line}");
        let name = row[0].trim_matches('`').to_owned();
        let rest = row[1..].iter().map(|cell| (*cell).to_owned()).collect();
        assert!(found.insert(name.clone(), rest).is_none(), "{page}: two rows of {name}");
    }
    found
}

/// Both ways: what the sources say has a row, and no row is of something that they do not say.
pub fn agree<T>(page: &str, said: &BTreeMap<String, T>, rows: &BTreeMap<String, Vec<String>>) {
    let without_row: Vec<_> = said.keys().filter(|name| !rows.contains_key(*name)).collect();
    let of_nothing: Vec<_> = rows.keys().filter(|name| !said.contains_key(*name)).collect();
    assert!(without_row.is_empty(), "docs/reference/{page} has no row of {without_row:?}");
    assert!(of_nothing.is_empty(), "docs/reference/{page} has rows of {of_nothing:?}, which the sources do not say");
    assert!(said.len() > 20, "the sources are searched");
}
