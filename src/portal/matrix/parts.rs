//! Pieces that the pages of tables and patterns share: a table, a drawing, the rules, and why a pattern was not taken.

use askama::Template;
use askama::filters::Safe;

use crate::factor::matrix::pattern::{CellPattern, UNUSED};
use crate::factor::matrix::reading::UnreadableEntry;
use crate::factor::matrix::rules::{PatternRules, UnfitPattern};
use crate::factor::matrix::setting::NotTaken;
use crate::factor::matrix::shape::TableShape;
use crate::factor::matrix::table::Table;
use crate::portal::kit::language::words::{Argument as _, say};
use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::written;

/// A table: blocks and columns over it, rows beside it.
#[derive(Template)]
#[template(path = "matrix/table.html")]
struct TablePart<'a> {
    frame: &'a Frame,
    caption: &'a str,
    shape: TableShape,
    /// Row by row: what stands in each cell, and whether the cell is read.
    rows: Vec<Vec<(String, bool)>>,
}

impl TablePart<'_> {
    fn blocks(&self) -> std::ops::RangeInclusive<u8> {
        1..=self.shape.blocks()
    }

    fn letters(&self) -> impl Iterator<Item = char> {
        (0..self.shape.width()).map(TableShape::letter)
    }

    /// Whether a block begins with this column, from 0.
    fn begins(&self, column: &usize) -> bool {
        column.is_multiple_of(usize::from(self.shape.columns()))
    }
}

impl Frame {
    /// A table of digits.
    pub(in crate::portal) fn table(&self, table: &Table) -> Safe<String> {
        let rows = table.rows().map(|row| row.iter().map(|digit| (digit.to_string(), false)).collect()).collect();
        let caption = self.say("matrix-caption");
        written(&TablePart { frame: self, caption: &caption, shape: table.shape(), rows })
    }

    /// A pattern, drawn.
    pub(in crate::portal) fn drawing(&self, pattern: &CellPattern) -> Safe<String> {
        let shape = pattern.shape();
        let drawing = pattern.drawing();
        let cell = |row: usize, block: &Vec<Vec<Vec<usize>>>| -> Vec<(String, bool)> {
            let cells = block.get(row).into_iter().flatten();
            cells
                .map(|places| match places.as_slice() {
                    [] => (UNUSED.to_owned(), false),
                    places => (places.iter().map(ToString::to_string).collect::<Vec<_>>().join("+"), true),
                })
                .collect()
        };
        let rows =
            (0..usize::from(shape.rows())).map(|row| drawing.iter().flat_map(|block| cell(row, block)).collect()).collect();
        let caption = self.say("pattern-notice-drawing");
        written(&TablePart { frame: self, caption: &caption, shape, rows })
    }

    fn numbers(&self, key: &str, values: &[(&'static str, usize)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.value())).collect();
        say(self.language, key, &values)
    }

    /// The rules of this moment, one sentence each.
    pub(in crate::portal) fn pattern_rules(&self, rules: &PatternRules) -> Vec<String> {
        let mut said = vec![self.numbers("pattern-rule-length", &[("shortest", rules.shortest), ("longest", rules.longest)])];
        if rules.distinct > 1 {
            said.push(self.numbers("pattern-rule-distinct", &[("count", rules.distinct)]));
        }
        if rules.no_one_stroke {
            said.push(self.say("pattern-rule-one-stroke"));
        }
        if rules.every_block {
            said.push(self.say("pattern-rule-every-block"));
        }
        if !rules.forbidden.is_empty() {
            said.push(self.say("pattern-rule-forbidden"));
        }
        if rules.phrase_longest == 0 {
            said.push(self.say("pattern-rule-no-phrase"));
        } else {
            let bounds = [("shortest", rules.phrase_shortest), ("longest", rules.phrase_longest)];
            said.push(self.numbers("pattern-rule-phrase", &bounds));
            said.push(self.say("pattern-rule-characters"));
        }
        said
    }

    /// Why a pattern was not taken, and what would do: one sentence for each reason.
    pub(in crate::portal) fn not_taken(&self, why: &NotTaken) -> Vec<String> {
        match why {
            NotTaken::AsBefore => vec![self.say("pattern-refused-as-before")],
            NotTaken::Unreadable(unreadable) => vec![match *unreadable {
                UnreadableEntry::Empty => self.say("pattern-refused-empty"),
                UnreadableEntry::TooLong => self.say("pattern-refused-much"),
                UnreadableEntry::Lengths => self.say("pattern-refused-lengths"),
                UnreadableEntry::Disagree(place) => self.numbers("pattern-refused-disagree", &[("place", place)]),
                UnreadableEntry::Character(character) => {
                    self.with("pattern-refused-character", "character", character.to_string())
                }
            }],
            NotTaken::Unfit(reasons) => reasons.iter().map(|reason| self.unfit(reason)).collect(),
        }
    }

    /// One reason of the rules.
    pub(in crate::portal) fn unfit(&self, reason: &UnfitPattern) -> String {
        match reason {
            UnfitPattern::Shape => self.say("pattern-refused-shape"),
            UnfitPattern::TooShort { cells, shortest } => {
                self.numbers("pattern-refused-too-short", &[("count", *cells), ("shortest", *shortest)])
            }
            UnfitPattern::TooLong { cells, longest } => {
                self.numbers("pattern-refused-too-long", &[("count", *cells), ("longest", *longest)])
            }
            UnfitPattern::FewCells { distinct, needed } => {
                self.numbers("pattern-refused-few-cells", &[("count", *distinct), ("needed", *needed)])
            }
            UnfitPattern::OneStroke => self.say("pattern-refused-one-stroke"),
            UnfitPattern::BlocksUnused(blocks) => {
                let blocks = blocks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                self.with("pattern-refused-blocks", "blocks", blocks)
            }
            UnfitPattern::Forbidden => self.say("pattern-refused-forbidden"),
            UnfitPattern::PhraseTooShort { characters, shortest } => {
                self.numbers("pattern-refused-phrase-short", &[("count", *characters), ("shortest", *shortest)])
            }
            UnfitPattern::PhraseTooLong { characters, longest } => {
                self.numbers("pattern-refused-phrase-long", &[("count", *characters), ("longest", *longest)])
            }
        }
    }
}

/// A table of a sample: digits that follow one another.
pub(in crate::portal) fn sample_table(blocks: u8, rows: u8, columns: u8) -> Table {
    let shape = TableShape::new(blocks, rows, columns).unwrap_or_default();
    let digits = (0..shape.cells()).map(|cell| cell.wrapping_mul(7).wrapping_add(cell / 3) % 10);
    let bytes: Vec<u8> = [blocks, rows, columns].into_iter().chain(digits).collect();
    Table::from_bytes(&bytes).unwrap_or_else(|| sample_table(3, 4, 4))
}

/// The rules of a sample, each of them on.
pub(in crate::portal) fn sample_rules() -> PatternRules {
    PatternRules {
        shape: TableShape::default(),
        shortest: 6,
        longest: 12,
        distinct: 4,
        no_one_stroke: true,
        every_block: true,
        phrase_shortest: 0,
        phrase_longest: 6,
        forbidden: vec![vec![0, 4, 8, 12, 16, 20]],
    }
}
