//! The chunks of an answer's body (RFC 9112 §7.1): data is handed on as it comes, in the buffer it came in.
//! Strict as the reader of requests is (`head_guard`), but for white space behind a size, which old servers write: it is
//! read, and the connection is closed behind the answer.

use bytes::{Buf as _, Bytes};
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::fault::AnswerFault;

/// The most bytes between a chunk's size and its line's end.
const EXTENSION: u16 = 1024;
/// The most bytes of a trailer section.
const TRAILERS: usize = 16 * 1024;
/// The most trailers.
const FIELDS: usize = 100;

/// Reads a chunked body, however it is cut into pieces.
#[derive(Debug)]
pub struct ChunkReader {
    place: ChunkPlace,
    /// The trailer section as it comes.
    section: Vec<u8>,
    trailers: Option<HeaderMap>,
    by_the_letter: bool,
}

/// Where in a chunked body the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ChunkPlace {
    Size { size: u64, digits: u8 },
    Space { size: u64, length: u16 },
    Extension { size: u64, length: u16 },
    SizeLf { size: u64 },
    Data { left: u64 },
    DataCr,
    DataLf,
    Trailer { column: u16 },
    TrailerLf { column: u16 },
    Done,
}

impl Default for ChunkReader {
    fn default() -> Self {
        let place = ChunkPlace::Size { size: 0, digits: 0 };
        Self { place, section: Vec::new(), trailers: None, by_the_letter: true }
    }
}

impl ChunkReader {
    /// Reads on to the next data, to the end of the body, or to the end of `bytes`.
    ///
    /// # Errors
    /// [`AnswerFault::Malformed`]: where the body ends cannot be known.
    pub fn advance(&mut self, bytes: &mut Bytes) -> Result<(), AnswerFault> {
        let mut read = 0;
        while !matches!(self.place, ChunkPlace::Data { .. } | ChunkPlace::Done) {
            let Some(byte) = bytes.get(read) else { break };
            self.place = self.after(*byte).ok_or(AnswerFault::Malformed("a chunk of its body is malformed"))?;
            read += 1;
        }
        bytes.advance(read);
        if self.place == ChunkPlace::Done && !self.section.is_empty() {
            self.trailers = trailers(&self.section)?;
            self.section = Vec::new();
        }
        Ok(())
    }

    /// The data at the front of `bytes`, after [`Self::advance`].
    pub fn data(&mut self, bytes: &mut Bytes) -> Option<Bytes> {
        let ChunkPlace::Data { left } = self.place else { return None };
        // At most what is here, so it fits.
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let left = left - here as u64;
        self.place = if left == 0 { ChunkPlace::DataCr } else { ChunkPlace::Data { left } };
        (here > 0).then(|| bytes.split_to(here))
    }

    /// Whether the body has ended.
    pub fn is_done(&self) -> bool {
        self.place == ChunkPlace::Done
    }

    /// Whether everything so far is as RFC 9112 writes it.
    pub const fn is_by_the_letter(&self) -> bool {
        self.by_the_letter
    }

    /// The trailers, once, after the end.
    pub const fn take_trailers(&mut self) -> Option<HeaderMap> {
        self.trailers.take()
    }

    /// Whether there are trailers that were not taken.
    pub const fn has_trailers(&self) -> bool {
        self.trailers.is_some()
    }

    fn after(&mut self, byte: u8) -> Option<ChunkPlace> {
        use ChunkPlace::{Data, DataCr, DataLf, Done, Extension, Size, SizeLf, Space, Trailer, TrailerLf};
        match (self.place, byte) {
            (Size { digits: 1.., size } | Space { size, .. } | Extension { size, .. }, b'\r') => Some(SizeLf { size }),
            (Size { digits: 1.., size } | Space { size, .. }, b';') => Some(Extension { size, length: 0 }),
            (Size { digits: 1.., size }, b' ' | b'\t') => {
                self.by_the_letter = false;
                Some(Space { size, length: 0 })
            }
            (Space { size, length: length @ 0..EXTENSION }, b' ' | b'\t') => Some(Space { size, length: length + 1 }),
            (Size { size, digits: digits @ 0..16 }, byte) => {
                let digit = char::from(byte).to_digit(16)?;
                Some(Size { size: size << 4 | u64::from(digit), digits: digits + 1 })
            }
            (Extension { size, length: length @ 0..EXTENSION }, b'\t' | b' '..=b'~') => {
                Some(Extension { size, length: length + 1 })
            }
            (SizeLf { size: 0 }, b'\n') => Some(Trailer { column: 0 }),
            (SizeLf { size }, b'\n') => Some(Data { left: size }),
            (DataCr, b'\r') => Some(DataLf),
            (DataLf, b'\n') => Some(Size { size: 0, digits: 0 }),
            (Trailer { column }, b'\r') => Some(TrailerLf { column }),
            // A folded trailer; one without a name.
            (Trailer { column: 0 }, b' ' | b'\t' | b':') => None,
            (Trailer { column }, b'\t' | b' '..=b'~' | 0x80..) if self.section.len() < TRAILERS => {
                self.section.push(byte);
                Some(Trailer { column: column + 1 })
            }
            (TrailerLf { column: 0 }, b'\n') => Some(Done),
            (TrailerLf { .. }, b'\n') => {
                self.section.extend_from_slice(b"\r\n");
                Some(Trailer { column: 0 })
            }
            _ => None,
        }
    }
}

fn trailers(section: &[u8]) -> Result<Option<HeaderMap>, AnswerFault> {
    const MALFORMED: AnswerFault = AnswerFault::Malformed("its trailers are malformed");
    let whole = [section, b"\r\n"].concat();
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let Ok(httparse::Status::Complete((_, fields))) = httparse::parse_headers(&whole, &mut fields) else {
        return Err(MALFORMED);
    };
    let mut read = HeaderMap::with_capacity(fields.len());
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_error| MALFORMED)?;
        read.append(name, HeaderValue::from_bytes(field.value).map_err(|_error| MALFORMED)?);
    }
    Ok(Some(read))
}
