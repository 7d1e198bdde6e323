//! Which patterns may be set: each restriction on or off, all that are on together (R-325… ).

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::pattern::{CellPattern, NoPattern, Token};
use super::shape::TableShape;
use super::table::Drawing;
use crate::random::Random;

/// How many cells an initial pattern has, where the rules allow it.
const INITIAL: usize = 8;
/// Patterns that are drawn to see how many meet the rules, and how many of them must.
const TRIED: usize = 2_000;
const MEETING: usize = 20;
/// Patterns drawn until one meets the rules. Where one of a hundred does, as [`PatternRules::are_met`] wants it, that all of these
/// fail is less likely than that two secrets are alike.
const DRAWS: usize = 20_000;
/// Characters of an initial phrase: none that is taken for another.
const LEGIBLE: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// The rules for patterns of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternRules {
    /// The size of the table.
    pub shape: TableShape,
    /// Cells at least, each counted as often as it is read.
    pub shortest: usize,
    /// Cells at most.
    pub longest: usize,
    /// Different cells at least.
    pub distinct: usize,
    /// Whether a pattern of cells that touch, from first to last, is forbidden.
    pub no_one_stroke: bool,
    /// Whether every block must be used.
    pub every_block: bool,
    /// Characters of the phrase at least.
    pub phrase_shortest: usize,
    /// Characters of the phrase at most.
    pub phrase_longest: usize,
    /// Orders of cells that are forbidden, whatever the phrase.
    pub forbidden: Vec<Vec<u8>>,
}

/// What is wrong with a pattern; the values say what would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum UnfitPattern {
    /// For a table of another size.
    #[error("it is for a table of another size")]
    Shape,
    /// Too few cells.
    #[error("it reads {cells} cells; at least {shortest} are needed")]
    TooShort {
        /// It has.
        cells: usize,
        /// Needed.
        shortest: usize,
    },
    /// Too many cells.
    #[error("it reads {cells} cells; at most {longest} are allowed")]
    TooLong {
        /// It has.
        cells: usize,
        /// Allowed.
        longest: usize,
    },
    /// Too few different ones.
    #[error("it reads {distinct} different cells; at least {needed} are needed")]
    FewCells {
        /// It has.
        distinct: usize,
        /// Needed.
        needed: usize,
    },
    /// Every cell touches the one before.
    #[error("it can be drawn in one stroke; leave out at least one neighbouring cell on the way")]
    OneStroke,
    /// Blocks without a cell of it, from 1.
    #[error("it uses no cell of block {}; every block must be used", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    BlocksUnused(Vec<u8>),
    /// On the list of forbidden ones.
    #[error("it is on the list of patterns that are forbidden here")]
    Forbidden,
    /// Too short a phrase.
    #[error("its phrase has {characters} characters; at least {shortest} are needed")]
    PhraseTooShort {
        /// It has.
        characters: usize,
        /// Needed.
        shortest: usize,
    },
    /// Too long a phrase.
    #[error("its phrase has {characters} characters; at most {longest} are allowed")]
    PhraseTooLong {
        /// It has.
        characters: usize,
        /// Allowed.
        longest: usize,
    },
}

impl UnfitPattern {
    /// The word in the API.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Shape => "another_size",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::FewCells { .. } => "few_cells",
            Self::OneStroke => "one_stroke",
            Self::BlocksUnused(_) => "blocks_unused",
            Self::Forbidden => "forbidden",
            Self::PhraseTooShort { .. } => "phrase_too_short",
            Self::PhraseTooLong { .. } => "phrase_too_long",
        }
    }
}

impl PatternRules {
    /// Everything that is wrong with a pattern; nothing: it may be set.
    pub fn judge(&self, pattern: &CellPattern) -> Vec<UnfitPattern> {
        if pattern.shape() != self.shape {
            return vec![UnfitPattern::Shape];
        }
        let cells = Zeroizing::new(pattern.cells().collect::<Vec<u8>>());
        let mut wrong = Vec::new();
        if cells.len() < self.shortest {
            wrong.push(UnfitPattern::TooShort { cells: cells.len(), shortest: self.shortest });
        }
        if cells.len() > self.longest {
            wrong.push(UnfitPattern::TooLong { cells: cells.len(), longest: self.longest });
        }
        let distinct = (0..self.shape.cells()).filter(|cell| cells.contains(cell)).count();
        if distinct < self.distinct {
            wrong.push(UnfitPattern::FewCells { distinct, needed: self.distinct });
        }
        let touches = |pair: &[u8]| matches!(pair, [one, other] if self.shape.touches(*one, *other));
        if self.no_one_stroke && cells.windows(2).all(touches) {
            wrong.push(UnfitPattern::OneStroke);
        }
        let is_used = |block: &u8| cells.iter().any(|cell| self.shape.block(*cell) == *block);
        let unused: Vec<u8> = (0..self.shape.blocks()).filter(|block| !is_used(block)).map(|block| block + 1).collect();
        if self.every_block && !unused.is_empty() {
            wrong.push(UnfitPattern::BlocksUnused(unused));
        }
        if self.forbidden.contains(&*cells) {
            wrong.push(UnfitPattern::Forbidden);
        }
        let characters = pattern.phrase().len();
        if characters < self.phrase_shortest {
            wrong.push(UnfitPattern::PhraseTooShort { characters, shortest: self.phrase_shortest });
        }
        if characters > self.phrase_longest {
            wrong.push(UnfitPattern::PhraseTooLong { characters, longest: self.phrase_longest });
        }
        wrong
    }

    /// The same for a pattern as text: `A1 C3 "k7" K2`.
    ///
    /// # Errors
    /// [`NoPattern`].
    pub fn judge_text(&self, text: &str) -> Result<Vec<UnfitPattern>, NoPattern> {
        Ok(self.judge(&CellPattern::parse(self.shape, text)?))
    }

    /// An initial pattern that meets the rules, with its phrase, if one must be, behind its cells. No cell is read
    /// twice, so that each has one number in the notice. `None` only where the rules [are not met](Self::are_met) by enough.
    pub fn draw(&self, random: &dyn Random) -> Option<CellPattern> {
        let mut drawing = Drawing::new(random);
        (0..DRAWS).find_map(|_| self.drawn(&mut drawing))
    }

    /// Whether at least one of a hundred patterns that are drawn meets the rules. The same patterns are tried each time, so that
    /// the same rules always get the same answer.
    pub fn are_met(&self) -> bool {
        let source = TrialSource(AtomicU64::new(0));
        let mut drawing = Drawing::new(&source);
        (0..TRIED).filter_map(|_| self.drawn(&mut drawing)).take(MEETING).count() == MEETING
    }

    /// A pattern of as many different cells as an initial one has, if it meets the rules.
    fn drawn(&self, drawing: &mut Drawing<'_>) -> Option<CellPattern> {
        // Of twice as many cells as there are blocks one in three or more uses every block.
        let blocks = if self.every_block { 2 * usize::from(self.shape.blocks()) } else { 0 };
        let (least, cells) = (self.shortest.max(self.distinct), usize::from(self.shape.cells()));
        if least > cells {
            return None;
        }
        let length = INITIAL.max(least).max(blocks).min(self.longest).min(cells);
        let mut left = Zeroizing::new((0..self.shape.cells()).collect::<Vec<u8>>());
        let mut below = |size: usize| usize::from(drawing.below(u16::try_from(size).unwrap_or(u16::MAX)));
        let mut tokens = Zeroizing::new(Vec::with_capacity(length + self.phrase_shortest));
        for _ in 0..length {
            let at = below(left.len());
            tokens.push(Token::Cell(left.swap_remove(at)));
        }
        for _ in 0..self.phrase_shortest {
            tokens.push(Token::Character(LEGIBLE.get(below(LEGIBLE.len())).copied().unwrap_or(b'x')));
        }
        CellPattern::new(self.shape, tokens).filter(|pattern| self.judge(pattern).is_empty())
    }
}

/// Numbers that look drawn and are the same each time: rules are tried with them, and no pattern that anybody gets comes of them.
#[derive(Debug)]
struct TrialSource(AtomicU64);

impl Random for TrialSource {
    fn fill(&self, bytes: &mut [u8]) {
        for block in bytes.chunks_mut(aws_lc_rs::digest::SHA256_OUTPUT_LEN) {
            let place = self.0.fetch_add(1, Ordering::Relaxed);
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &place.to_be_bytes());
            for (byte, drawn) in block.iter_mut().zip(digest.as_ref()) {
                *byte = *drawn;
            }
        }
    }
}
