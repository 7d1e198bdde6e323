//! Tables of random digits: one for a sign-in, three at once for setting a pattern.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::shape::TableShape;
use crate::random::Random;

/// A table of digits. Each is as likely as every other, whichever user it is drawn for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    shape: TableShape,
    /// 0 to 9, one for each cell.
    digits: Vec<u8>,
}

impl fmt::Debug for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Table({:?})", self.shape)
    }
}

/// How many triples there are of which any two differ in two digits.
const APART: usize = 72;

impl Table {
    /// Draws one.
    pub fn draw(random: &dyn Random, shape: TableShape) -> Self {
        let mut drawing = Drawing::new(random);
        let digits = (0..shape.cells()).map(|_| drawing.below(10).to_le_bytes()[0]).collect();
        Self { shape, digits }
    }

    /// Draws three, in which every cell has a triple of digits of its own, and none has one digit three times: what is
    /// typed from all three says at each place which cell was read, or that the same character was typed thrice. Up to 72 cells,
    /// any two of these differ in two digits at least, so that one slip of a finger never makes another pattern. Triples are
    /// drawn from those that are left, so that no draw ever fails.
    pub fn draw_three(random: &dyn Random, shape: TableShape) -> [Self; 3] {
        let mut drawing = Drawing::new(random);
        let mut left = if usize::from(shape.cells()) <= APART { apart(&mut drawing) } else { all() };
        let mut tables = [const { Vec::new() }; 3];
        for _ in 0..shape.cells() {
            let size = u16::try_from(left.len()).unwrap_or(u16::MAX);
            let triple = left.swap_remove(usize::from(drawing.below(size)));
            for (digits, digit) in tables.iter_mut().zip(triple) {
                digits.push(digit);
            }
        }
        tables.map(|digits| Self { shape, digits })
    }

    /// Of these digits, row by row: what is missing is 0, what is too much is left out.
    pub(in crate::factor) fn of(shape: TableShape, mut digits: Vec<u8>) -> Self {
        digits.resize(usize::from(shape.cells()), 0);
        Self { shape, digits }
    }

    /// Its size.
    pub const fn shape(&self) -> TableShape {
        self.shape
    }

    /// The digit in a cell.
    pub fn digit(&self, cell: u8) -> Option<u8> {
        self.digits.get(usize::from(cell)).copied()
    }

    /// The digits row by row.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.digits.chunks(usize::from(self.shape.width()))
    }

    /// Its size and its digits, for sealing.
    pub fn bytes(&self) -> Vec<u8> {
        [self.shape.blocks(), self.shape.rows(), self.shape.columns()].into_iter().chain(self.digits.iter().copied()).collect()
    }

    /// Reads [`Self::bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[blocks, rows, columns], digits) = bytes.split_first_chunk::<3>()?;
        let shape = TableShape::new(blocks, rows, columns).ok()?;
        let whole = digits.len() == usize::from(shape.cells()) && digits.iter().all(|digit| *digit < 10);
        whole.then(|| Self { shape, digits: digits.to_vec() })
    }
}

/// All triples but those that repeat one digit: 990.
fn all() -> Vec<[u8; 3]> {
    let digits = |triple: u16| [100, 10, 1].map(|place| (triple / place % 10).to_le_bytes()[0]);
    (0..1000).map(digits).filter(|[a, b, c]| !(a == b && b == c)).collect()
}

/// 72 triples of which any two differ in two digits, and each in two from one digit three times: `a`, `b` and their sum modulo
/// 10, neither of them 0, and not alike. The digits are renamed, and the three change places, by chance.
fn apart(drawing: &mut Drawing<'_>) -> Vec<[u8; 3]> {
    let mut names = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let mut places = [0, 1, 2];
    drawing.shuffle(&mut names);
    drawing.shuffle(&mut places);
    let name = |digit: usize| names.get(digit % 10).copied().unwrap_or_default();
    let pairs = (1..10).flat_map(|a| (1..10).filter(move |b| *b != a).map(move |b| (a, b)));
    pairs
        .map(|(a, b)| {
            let triple = [name(a), name(b), name(a + b)];
            places.map(|place: usize| triple.get(place).copied().unwrap_or_default())
        })
        .collect()
}

/// Numbers that are all equally likely.
pub(super) struct Drawing<'a> {
    random: &'a dyn Random,
    bytes: Zeroizing<[u8; 128]>,
    used: usize,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(random: &'a dyn Random) -> Self {
        Self { random, bytes: Zeroizing::new([0; 128]), used: 128 }
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let size = u16::try_from(last + 1).unwrap_or(u16::MAX);
            items.swap(last, usize::from(self.below(size)));
        }
    }

    /// Below `size`, which is at least 1.
    pub(super) fn below(&mut self, size: u16) -> u16 {
        // What is above the last whole multiple would make small numbers likelier.
        let end = 65_536 - 65_536 % u32::from(size.max(1));
        loop {
            if self.used >= self.bytes.len() {
                self.random.fill(self.bytes.as_mut_slice());
                self.used = 0;
            }
            let pair = self.bytes.get(self.used..).and_then(|rest| rest.first_chunk::<2>()).copied().unwrap_or_default();
            self.used += 2;
            let drawn = u16::from_le_bytes(pair);
            if u32::from(drawn) < end {
                return drawn % size.max(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;
    use std::collections::BTreeSet;
    use std::time::Instant;

    /// Acceptance seed 18: the property of every draw, that none fails, and how long one takes.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "how long a draw takes is measured")]
    fn in_three_tables_every_cell_has_a_triple_of_its_own_and_none_repeats_one_digit() {
        let random = OsRandom::new();
        let (small, usual) = (TableShape::new(1, 2, 2).unwrap(), TableShape::default());
        let largest = TableShape::new(3, 8, 8).unwrap();
        let mut times = Vec::new();
        for round in 0..12_000 {
            let shape = [usual, usual, largest, small][round % 4];
            let began = Instant::now();
            let tables = Table::draw_three(&random, shape);
            if shape == usual {
                times.push(began.elapsed());
            }
            let triple = |cell| [0, 1, 2].map(|one: usize| tables[one].digit(cell).unwrap());
            let all: BTreeSet<[u8; 3]> = (0..shape.cells()).map(triple).collect();
            assert_eq!(all.len(), usize::from(shape.cells()), "two cells have one triple");
            assert!(all.iter().all(|[a, b, c]| !(a == b && b == c)), "a cell has one digit three times");
            if shape.cells() <= 72 {
                let same = |one: &[u8; 3], other: &[u8; 3]| one.iter().zip(other).filter(|(a, b)| a == b).count();
                let constants = (0..10).map(|digit| [digit; 3]);
                let others: Vec<[u8; 3]> = all.iter().copied().chain(constants).collect();
                let are_apart = all.iter().all(|one| others.iter().all(|other| one == other || same(one, other) <= 1));
                assert!(are_apart, "one slip makes another pattern");
            }
        }
        times.sort_unstable();
        println!(
            "three tables: 12000 draws, 0 failed, p50 {:?}, p99 {:?}",
            times[times.len() / 2],
            times[times.len() * 99 / 100]
        );
        assert!(times[times.len() / 2].as_millis() < 5, "a draw of three tables takes milliseconds");
    }

    #[test]
    fn every_digit_is_as_likely_as_every_other() {
        let random = OsRandom::new();
        let mut counts = [[0u32; 10]; 2];
        for _ in 0..2_000 {
            let [of_three, _, _] = Table::draw_three(&random, TableShape::default());
            for (count, table) in counts.iter_mut().zip([Table::draw(&random, TableShape::default()), of_three]) {
                table.digits.iter().for_each(|digit| count[usize::from(*digit)] += 1);
            }
        }
        // 9600 of each are expected; six standard deviations are about 560.
        assert!(counts.iter().flatten().all(|count| (9_000..10_200).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_table_is_read_back_from_its_bytes_and_nothing_else_is() {
        let table = Table::draw(&OsRandom::new(), TableShape::default());
        assert_eq!(Table::from_bytes(&table.bytes()), Some(table.clone()));
        let mut bent = table.bytes();
        bent[3] = 10;
        assert_eq!(Table::from_bytes(&bent), None);
        assert_eq!(Table::from_bytes(&table.bytes()[..50]), None);
        assert_eq!(Table::from_bytes(&[]), None);
        assert!(!format!("{table:?}").contains("digits"));
    }
}
