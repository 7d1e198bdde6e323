//! What people type: made plain, and read as a pattern where it was typed off three tables that were drawn together.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::pattern::{CellPattern, LONGEST, Token, is_of_phrase};
use super::table::Table;

/// Why three entries are no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum UnreadableEntry {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// More than any pattern has.
    #[error("more than {LONGEST} characters were typed")]
    TooLong,
    /// No phrase may have this character.
    #[error("{0:?} is not allowed: letters, digits and symbols but the comma and the colon")]
    Character(char),
    /// The entries are of different lengths.
    #[error("the entries are of different lengths")]
    Lengths,
    /// At this place, from 1, neither one cell was read three times nor one character typed three times.
    #[error("the entries do not agree at place {0}")]
    Disagree(usize),
}

/// What was typed, without blanks of any kind, with full-width digits as ASCII ones: no phrase has a blank, and a Japanese
/// keyboard types such digits.
pub fn plain(typed: &str) -> Zeroizing<String> {
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xff10..=0xff19 => char::from_u32(wide - 0xff10 + u32::from('0')).unwrap_or(c),
        _ => c,
    };
    let mut plain = Zeroizing::new(String::with_capacity(typed.len()));
    plain.extend(typed.chars().filter(|c| !c.is_whitespace()).map(narrow));
    plain
}

/// What is wrong with one entry by itself.
///
/// # Errors
/// [`UnreadableEntry`].
pub fn judge_entry(entry: &str) -> Result<(), UnreadableEntry> {
    if entry.is_empty() {
        return Err(UnreadableEntry::Empty);
    }
    if let Some(character) = entry.chars().find(|c| !is_of_phrase(*c)) {
        return Err(UnreadableEntry::Character(character));
    }
    if entry.len() > LONGEST { Err(UnreadableEntry::TooLong) } else { Ok(()) }
}

/// The pattern that `entries`, each as [`plain`] gives it, read off `tables`, which [`Table::draw_three`] drew together.
///
/// # Errors
/// [`UnreadableEntry`].
pub fn read(tables: &[Table; 3], entries: [&str; 3]) -> Result<CellPattern, UnreadableEntry> {
    for entry in entries {
        judge_entry(entry)?;
    }
    let [first, second, third] = entries.map(str::as_bytes);
    if first.len() != second.len() || second.len() != third.len() {
        return Err(UnreadableEntry::Lengths);
    }
    let [one, two, three] = tables;
    let shape = one.shape();
    let mut tokens = Zeroizing::new(Vec::with_capacity(LONGEST));
    for (((a, b), c), place) in first.iter().zip(second).zip(third).zip(1..) {
        let is_read = |cell: &u8| {
            let shows = |table: &Table, typed: u8| table.digit(*cell).is_some_and(|digit| digit + b'0' == typed);
            shows(one, *a) && shows(two, *b) && shows(three, *c)
        };
        tokens.push(match () {
            () if a == b && b == c => Token::Character(*a),
            () => Token::Cell((0..shape.cells()).find(is_read).ok_or(UnreadableEntry::Disagree(place))?),
        });
    }
    CellPattern::new(shape, tokens).ok_or(UnreadableEntry::TooLong)
}
