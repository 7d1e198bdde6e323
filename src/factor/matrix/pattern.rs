//! A pattern: cells in their order, and the characters of a phrase before, between or behind them (R-321… ).
//! Invariant: neither `Debug` nor an error shows any of it, and an answer is compared as a whole, whatever is wrong with it.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{DefaultIsZeroes, Zeroizing};

use super::shape::TableShape;
use super::table::Table;

/// The most cells and characters of one pattern.
pub const LONGEST: usize = 64;
/// What stands in a drawing for a cell that is not used.
pub const UNUSED: &str = "※";

/// One place of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The digit of this cell.
    Cell(u8),
    /// This character, ASCII.
    Character(u8),
}

impl Default for Token {
    fn default() -> Self {
        Self::Character(0)
    }
}

impl DefaultIsZeroes for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

/// A pattern on tables of one size.
#[derive(Clone, PartialEq, Eq)]
pub struct CellPattern {
    shape: TableShape,
    tokens: Zeroizing<Vec<Token>>,
}

impl fmt::Debug for CellPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Pattern(…)")
    }
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPattern {
    /// The part at this place, from 1, is neither a cell of the table nor a phrase.
    #[error("part {0} is no cell: write cells as `A1`, with the column's letter and the row's number, and phrases in quotes")]
    Cell(usize),
    /// A quote is not closed.
    #[error("a phrase has no closing quote")]
    Quote,
    /// A phrase has this character.
    #[error("a phrase may not have {0:?}: letters, digits and symbols but the comma and the colon")]
    Character(char),
    /// Too much.
    #[error("at most {LONGEST} cells and characters make a pattern")]
    TooLong,
}

/// Whether a phrase may have this character: ASCII letters, digits and 30 symbols; no comma, colon or blank (R-334…R-339).
pub const fn is_of_phrase(character: char) -> bool {
    character.is_ascii_graphic() && !matches!(character, ',' | ':')
}

impl CellPattern {
    /// Of these tokens, on tables of this size. `None` if one is not on it, or they are too many.
    pub fn new(shape: TableShape, tokens: Zeroizing<Vec<Token>>) -> Option<Self> {
        let fits = |token: &Token| match *token {
            Token::Cell(cell) => cell < shape.cells(),
            Token::Character(character) => is_of_phrase(character.into()),
        };
        (tokens.len() <= LONGEST && tokens.iter().all(fits)).then_some(Self { shape, tokens })
    }

    /// One that is nobody's, for the work of a comparison where there is nobody: four cells, which every table has.
    pub(super) fn of_nobody() -> Self {
        Self { shape: TableShape::default(), tokens: Zeroizing::new((0..4).map(Token::Cell).collect()) }
    }

    /// Reads `A1 B2 "phrase" C3`.
    ///
    /// # Errors
    /// [`NoPattern`].
    pub fn parse(shape: TableShape, text: &str) -> Result<Self, NoPattern> {
        let mut tokens = Zeroizing::new(Vec::with_capacity(LONGEST));
        let (mut rest, mut part) = (text.trim_start(), 0);
        while let Some(first) = rest.chars().next() {
            part += 1;
            if first == '"' {
                // A quote within a phrase is written twice.
                let mut characters = rest.char_indices().skip(1).peekable();
                let mut end = None;
                while let Some((at, character)) = characters.next() {
                    if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                        end = Some(at + 1);
                        break;
                    }
                    if !is_of_phrase(character) {
                        return Err(NoPattern::Character(character));
                    }
                    tokens.push(Token::Character(u8::try_from(character).unwrap_or_default()));
                }
                rest = end.and_then(|end| rest.get(end..)).ok_or(NoPattern::Quote)?.trim_start();
            } else {
                let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
                let (name, behind) = rest.split_at(end);
                let cell = shape.cell(name).ok_or(NoPattern::Cell(part))?;
                tokens.push(Token::Cell(cell));
                rest = behind.trim_start();
            }
            if tokens.len() > LONGEST {
                return Err(NoPattern::TooLong);
            }
        }
        Ok(Self { shape, tokens })
    }

    /// Writes what [`Self::parse`] reads.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(4 * LONGEST));
        let mut in_phrase = false;
        for token in self.tokens.iter() {
            let is_character = matches!(token, Token::Character(_));
            if in_phrase && !is_character {
                text.push('"');
            }
            if !(text.is_empty() || in_phrase && is_character) {
                text.push(' ');
            }
            if is_character && !in_phrase {
                text.push('"');
            }
            in_phrase = is_character;
            match *token {
                Token::Cell(cell) => text.push_str(&self.shape.name(cell)),
                Token::Character(b'"') => text.push_str("\"\""),
                Token::Character(character) => text.push(character.into()),
            }
        }
        if in_phrase {
            text.push('"');
        }
        text
    }

    /// The size of the tables that it is on.
    pub const fn shape(&self) -> TableShape {
        self.shape
    }

    /// Its cells in their order, each as often as it is read.
    pub fn cells(&self) -> impl Iterator<Item = u8> {
        self.tokens.iter().filter_map(|token| if let Token::Cell(cell) = token { Some(*cell) } else { None })
    }

    /// The characters of its phrase, wherever they stand.
    pub fn phrase(&self) -> Zeroizing<String> {
        let characters = self.tokens.iter();
        Zeroizing::new(
            characters
                .filter_map(|token| if let Token::Character(character) = token { Some(char::from(*character)) } else { None })
                .collect(),
        )
    }

    /// Each row of each block: at a cell its places in the order, or nothing. Blocks, rows, cells.
    pub fn drawing(&self) -> Vec<Vec<Vec<Vec<usize>>>> {
        let shape = self.shape;
        let order = |cell: u8| self.cells().zip(1..).filter(|(one, _)| *one == cell).map(|(_, place)| place).collect();
        (0..shape.blocks())
            .map(|block| {
                let cell = |row: u8, column: u8| row * shape.width() + block * shape.columns() + column;
                (0..shape.rows()).map(|row| (0..shape.columns()).map(|column| order(cell(row, column))).collect()).collect()
            })
            .collect()
    }

    /// The drawing as lines of text: `※` for a cell that is not used, else its place in the order. Digits are full-width, as wide
    /// as `※` in the fonts that have it.
    pub fn drawing_text(&self) -> Zeroizing<String> {
        let wide = |place: &usize| match u32::try_from(*place) {
            Ok(one @ 1..=9) => char::from_u32(0xff10 + one).map(String::from).unwrap_or_default(),
            _ => place.to_string(),
        };
        let cell = |order: &Vec<usize>| match order.as_slice() {
            [] => UNUSED.to_owned(),
            places => places.iter().map(wide).collect::<Vec<_>>().join("+"),
        };
        let drawing = self.drawing();
        let line = |row: usize| {
            let of_block =
                |block: &Vec<Vec<Vec<usize>>>| block.get(row).into_iter().flatten().map(cell).collect::<Vec<_>>().join(" ");
            drawing.iter().map(of_block).collect::<Vec<_>>().join("   ")
        };
        Zeroizing::new((0..usize::from(self.shape.rows())).map(line).collect::<Vec<_>>().join("\n"))
    }

    /// Whether `typed` is what this pattern reads off `table`. The whole is compared, in constant time; a table of another size
    /// answers no.
    pub fn matches(&self, table: &Table, typed: &[u8]) -> bool {
        let (mut expected, mut given) = (Zeroizing::new([0u8; LONGEST]), Zeroizing::new([0u8; LONGEST]));
        for (place, token) in expected.iter_mut().zip(self.tokens.iter()) {
            *place = match *token {
                Token::Cell(cell) => b'0' + table.digit(cell).unwrap_or_default(),
                Token::Character(character) => character,
            };
        }
        for (place, byte) in given.iter_mut().zip(typed) {
            *place = *byte;
        }
        let same = expected.ct_eq(given.as_slice()) & self.tokens.len().ct_eq(&typed.len());
        bool::from(same) & (table.shape() == self.shape)
    }

    /// As it is sealed: always of the same length, so that a sealed pattern does not show how long it is.
    pub fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 + 2 * LONGEST));
        bytes.extend([VERSION, self.shape.blocks(), self.shape.rows(), self.shape.columns()]);
        for place in 0..LONGEST {
            bytes.extend(match self.tokens.get(place) {
                Some(Token::Cell(cell)) => [b'c', *cell],
                Some(Token::Character(character)) => [b'p', *character],
                None => [0, 0],
            });
        }
        bytes
    }

    /// Reads [`Self::bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[VERSION, blocks, rows, columns], rest) = bytes.split_first_chunk::<4>()? else { return None };
        let shape = TableShape::new(blocks, rows, columns).ok()?;
        let mut tokens = Zeroizing::new(Vec::with_capacity(LONGEST));
        for pair in rest.chunks(2) {
            match *pair {
                [b'c', cell] => tokens.push(Token::Cell(cell)),
                [b'p', character] => tokens.push(Token::Character(character)),
                [0, 0] => break,
                _ => return None,
            }
        }
        Self::new(shape, tokens)
    }
}

/// Of what [`CellPattern::bytes`] writes.
const VERSION: u8 = 1;
