//! The framing of a chunked body, followed so that the guard knows where the next head begins (RFC 9112 §7.1). Stricter
//! than most: no white space around sizes, no bare CR or LF, sizes of at most 16 digits, bounded extensions and trailers.

/// The most bytes of one chunk's extension.
const EXTENSION: u16 = 256;
/// The most bytes of a trailer section.
const TRAILERS: u16 = 16 * 1024;

/// Where in a chunked body the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunks {
    Size {
        size: u64,
        digits: u8,
    },
    Extension {
        size: u64,
        length: u16,
    },
    SizeLf {
        size: u64,
    },
    Data {
        left: u64,
    },
    DataCr,
    DataLf,
    /// In a trailer line; `column` bytes of it were read, `read` of the section.
    Trailer {
        column: u16,
        read: u16,
    },
    TrailerLf {
        column: u16,
        read: u16,
    },
    Done,
}

/// The framing is broken: where the body ends cannot be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Chunks {
    /// At the first size.
    pub(super) const fn new() -> Self {
        Self::Size { size: 0, digits: 0 }
    }

    /// Reads on: how many of the bytes belong to the body, all of them unless it ended. [`Broken`] with how many were fine.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<usize, (usize, Broken)> {
        let mut at = 0;
        while *self != Self::Done {
            if let Self::Data { left } = self {
                let here = (bytes.len() - at) as u64;
                let taken = here.min(*left);
                *left -= taken;
                // At most what is here, so it fits.
                at += usize::try_from(taken).unwrap_or(usize::MAX);
                if *left > 0 {
                    return Ok(at);
                }
                *self = Self::DataCr;
            }
            let Some(byte) = bytes.get(at) else { return Ok(at) };
            *self = self.after(*byte).ok_or((at, Broken))?;
            at += 1;
        }
        Ok(at)
    }

    fn after(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Size { digits: 1.., size }, b'\r') => Some(Self::SizeLf { size }),
            (Self::Size { digits: 1.., size }, b';') => Some(Self::Extension { size, length: 0 }),
            (Self::Size { size, digits: digits @ 0..16 }, byte) => {
                let digit = char::from(byte).to_digit(16)?;
                Some(Self::Size { size: size << 4 | u64::from(digit), digits: digits + 1 })
            }
            (Self::Extension { size, .. }, b'\r') => Some(Self::SizeLf { size }),
            (Self::Extension { size, length: length @ 0..EXTENSION }, b'\t' | b' '..=b'~') => {
                Some(Self::Extension { size, length: length + 1 })
            }
            (Self::SizeLf { size: 0 }, b'\n') => Some(Self::Trailer { column: 0, read: 0 }),
            (Self::SizeLf { size }, b'\n') => Some(Self::Data { left: size }),
            (Self::DataCr, b'\r') => Some(Self::DataLf),
            (Self::DataLf, b'\n') => Some(Self::new()),
            (Self::Trailer { column, read }, b'\r') => Some(Self::TrailerLf { column, read }),
            // A folded trailer; a control character.
            (Self::Trailer { column: 0, .. }, b' ' | b'\t' | b':') => None,
            (Self::Trailer { column, read: read @ 0..TRAILERS }, b'\t' | b' '..=b'~' | 0x80..) => {
                Some(Self::Trailer { column: column + 1, read: read + 1 })
            }
            (Self::TrailerLf { column: 0, .. }, b'\n') => Some(Self::Done),
            (Self::TrailerLf { read, .. }, b'\n') => Some(Self::Trailer { column: 0, read }),
            _ => None,
        }
    }
}
