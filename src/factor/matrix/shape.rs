//! The size of a table, and how its cells are numbered and named: row by row across all blocks, `A1` at the top left, `L4` at
//! the bottom right of three blocks of 4×4.

use serde::{Deserialize, Serialize};

/// The most columns of all blocks together: one letter names a column.
pub const WIDEST: u8 = 26;
/// The most rows, and the most columns of one block.
pub const LONGEST_SIDE: u8 = 8;

/// The size of a table: blocks side by side, each with the same number of rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableShape {
    blocks: u8,
    rows: u8,
    columns: u8,
}

/// Why a table cannot have this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// No block, or none that is a block.
    #[error("write 1 to 26 blocks of 2 to 8 rows and 2 to 8 columns")]
    Side,
    /// A column would have no letter.
    #[error("{0} columns are too many: blocks times columns may be 26")]
    TooWide(u16),
}

impl Default for TableShape {
    fn default() -> Self {
        Self { blocks: 3, rows: 4, columns: 4 }
    }
}

impl TableShape {
    /// `blocks` side by side, each of `rows` × `columns` cells.
    ///
    /// # Errors
    /// [`ShapeError`].
    pub fn new(blocks: u8, rows: u8, columns: u8) -> Result<Self, ShapeError> {
        let side = 2..=LONGEST_SIDE;
        if blocks == 0 || blocks > WIDEST || !side.contains(&rows) || !side.contains(&columns) {
            return Err(ShapeError::Side);
        }
        let width = u16::from(blocks) * u16::from(columns);
        if width > u16::from(WIDEST) {
            return Err(ShapeError::TooWide(width));
        }
        Ok(Self { blocks, rows, columns })
    }

    /// Blocks.
    pub const fn blocks(self) -> u8 {
        self.blocks
    }

    /// Rows of each block.
    pub const fn rows(self) -> u8 {
        self.rows
    }

    /// Columns of each block.
    pub const fn columns(self) -> u8 {
        self.columns
    }

    /// Columns of all blocks together.
    pub const fn width(self) -> u8 {
        self.blocks * self.columns
    }

    /// Cells of all blocks together, at most 208.
    pub const fn cells(self) -> u8 {
        self.width() * self.rows
    }

    /// The block of a cell, from 0.
    pub const fn block(self, cell: u8) -> u8 {
        cell % self.width() / self.columns
    }

    /// Whether two cells touch, at a side or a corner, or are one; blocks touch each other.
    pub const fn touches(self, one: u8, other: u8) -> bool {
        let (width, row, column) = (self.width(), one / self.width(), one % self.width());
        row.abs_diff(other / width) <= 1 && column.abs_diff(other % width) <= 1
    }

    /// The letter of a column, from 0.
    pub const fn letter(column: u8) -> char {
        (b'A' + column) as char
    }

    /// `B3`: the second column of all, the third row.
    pub fn name(self, cell: u8) -> String {
        format!("{}{}", Self::letter(cell % self.width()), u16::from(cell / self.width()) + 1)
    }

    /// Reads [`Self::name`], in letters of either case.
    pub fn cell(self, name: &str) -> Option<u8> {
        let (letter, row) = name.split_at_checked(1)?;
        let column = letter.bytes().next()?.to_ascii_uppercase().checked_sub(b'A')?;
        let row = row.parse::<u8>().ok()?.checked_sub(1)?;
        (column < self.width() && row < self.rows).then(|| row * self.width() + column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_blocks_of_four_by_four_are_the_beginning_r_319() {
        let shape = TableShape::default();
        assert_eq!((shape.cells(), shape.width(), shape.rows()), (48, 12, 4));
        assert_eq!((shape.name(0), shape.name(47), shape.name(13)), ("A1".to_owned(), "L4".to_owned(), "B2".to_owned()));
        assert!((0..48).all(|cell| shape.cell(&shape.name(cell)) == Some(cell)));
        assert_eq!(["M1", "A5", "A0", "", "1A", "あ1"].map(|name| shape.cell(name)), [None; 6]);
        assert_eq!((shape.block(3), shape.block(4), shape.block(47)), (0, 1, 2));
    }

    #[test]
    fn eight_neighbours_touch_across_blocks_too_r_328() {
        let shape = TableShape::default();
        let around = |name: &str| {
            let cell = shape.cell(name).unwrap();
            (0..48)
                .filter(|other| shape.touches(cell, *other) && *other != cell)
                .map(|other| shape.name(other))
                .collect::<Vec<_>>()
        };
        assert_eq!(around("D2"), ["C1", "D1", "E1", "C2", "E2", "C3", "D3", "E3"]);
        assert_eq!(around("A1"), ["B1", "A2", "B2"]);
        assert!(!shape.touches(shape.cell("L1").unwrap(), shape.cell("A2").unwrap()), "a row does not go on in the next");
    }

    #[test]
    fn sizes_that_no_page_could_show_are_refused() {
        assert_eq!(TableShape::new(0, 4, 4), Err(ShapeError::Side));
        assert_eq!(TableShape::new(3, 9, 4), Err(ShapeError::Side));
        assert_eq!(TableShape::new(4, 4, 7), Err(ShapeError::TooWide(28)));
        assert_eq!(TableShape::new(3, 8, 8).unwrap().cells(), 192);
    }
}
