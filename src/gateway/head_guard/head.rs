//! One request head, line by line as its bytes arrive: refused wherever two readers could disagree about where a line, the
//! head or the body ends (RFC 9112 §2.2, §5.1, §6.3). It copies nothing and looks at each byte about once.
//! Invariant: a head that it lets pass means the same to hyper, whose reader is the laxer of the two.

use super::limits::HeadLimits;
use super::malformed::Malformed;

/// The method of the request that stands in for one that was refused; no client's request with it passes.
pub(super) const STAND_IN: &str = "REFUSED";

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// The next head.
    Nothing,
    /// A body of so many bytes.
    Length(u64),
    /// A chunked body.
    Chunks,
}

/// A head as far as it was read.
#[derive(Debug, Default)]
pub(super) struct HeadReader {
    /// Where the line that is not yet complete begins.
    line: usize,
    /// Up to where line ends were looked for.
    searched: usize,
    begun: bool,
    http_10: bool,
    hosts: u8,
    fields: usize,
    length: Option<u64>,
    chunked: bool,
    /// Where the target stands, if it has bytes that are to be encoded, and by how much it grows.
    raw: Option<(usize, usize)>,
    growth: usize,
}

impl HeadReader {
    /// From where to where the target of a complete head stands, if it has bytes that are to be encoded.
    pub(super) const fn raw_target(&self) -> Option<(usize, usize)> {
        self.raw
    }

    /// Reads on. `bytes` begins where the head begins, at every call. `Some`: the head is complete, with its length.
    pub(super) fn read(&mut self, bytes: &[u8], limits: &HeadLimits) -> Result<Option<(usize, Follows)>, Malformed> {
        while let Some(line) = self.next_line(bytes, limits)? {
            if self.line > limits.head {
                return Err(Malformed::TooLarge);
            }
            if !self.begun {
                // RFC 9112 §2.2: one empty line before a request is forgiven; old clients end a body with it.
                if line.is_empty() && self.line == 2 {
                    continue;
                }
                self.request_line(line, limits)?;
                self.begun = true;
            } else if line.is_empty() {
                if self.line + self.growth > limits.head {
                    return Err(Malformed::TooLarge);
                }
                return Ok(Some((self.line, self.follows()?)));
            } else {
                self.fields += 1;
                if self.fields > limits.fields {
                    return Err(Malformed::TooManyFields);
                }
                self.field(line)?;
            }
        }
        Ok(None)
    }

    /// The next complete line, without its end.
    fn next_line<'b>(&mut self, bytes: &'b [u8], limits: &HeadLimits) -> Result<Option<&'b [u8]>, Malformed> {
        let unseen = bytes.get(self.searched..).unwrap_or_default();
        let Some(offset) = memchr::memchr3(b'\r', b'\n', 0, unseen) else {
            self.searched = bytes.len();
            return if !self.begun && bytes.len() - self.line > limits.request_line {
                Err(Malformed::RequestLineTooLong)
            } else if bytes.len() > limits.head {
                Err(Malformed::TooLarge)
            } else {
                Ok(None)
            };
        };
        self.searched += offset;
        match (unseen.get(offset), unseen.get(offset + 1)) {
            (Some(b'\r'), Some(b'\n')) => {
                let line = bytes.get(self.line..self.searched).unwrap_or_default();
                self.searched += 2;
                self.line = self.searched;
                Ok(Some(line))
            }
            (Some(b'\r'), None) => Ok(None),
            (Some(b'\r'), Some(_)) => Err(Malformed::BareCr),
            (Some(b'\n'), _) => Err(Malformed::BareLf),
            _ => Err(Malformed::Nul),
        }
    }

    fn request_line(&mut self, line: &[u8], limits: &HeadLimits) -> Result<(), Malformed> {
        if line.len() > limits.request_line {
            return Err(Malformed::RequestLineTooLong);
        }
        let (method, rest) = split_at_byte(line, b' ').ok_or(Malformed::RequestLine)?;
        let (target, version) = split_at_byte(rest, b' ').ok_or(Malformed::RequestLine)?;
        match version {
            b"HTTP/1.1" => {}
            b"HTTP/1.0" => self.http_10 = true,
            [b'H', b'T', b'T', b'P', b'/', major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit() => {
                return Err(Malformed::Version);
            }
            _ => return Err(Malformed::RequestLine),
        }
        if method == b"CONNECT" {
            return Err(Malformed::Connect);
        }
        let is_target = !target.is_empty() && target.iter().all(|byte| matches!(byte, b'!'..=b'~' | 0x80..) && *byte != b'#');
        if !is_token(method) || method == STAND_IN.as_bytes() || !is_target {
            return Err(Malformed::RequestLine);
        }
        let raw = raw_bytes(target).filter(|(_, raw)| *raw).count();
        if raw > 0 {
            // An authority in the target is a host's name, which no escape stands in.
            if target.first() != Some(&b'/') {
                return Err(Malformed::RequestLine);
            }
            self.growth = 2 * raw;
            if line.len() + self.growth > limits.request_line {
                return Err(Malformed::RequestLineTooLong);
            }
            // The line has been read to its end, two bytes behind it.
            let begins = self.line - 2 - line.len() + method.len() + 1;
            self.raw = Some((begins, begins + target.len()));
        }
        Ok(())
    }

    fn field(&mut self, line: &[u8]) -> Result<(), Malformed> {
        if matches!(line.first(), Some(b' ' | b'\t')) {
            return Err(Malformed::Folded);
        }
        let (name, value) = split_at_byte(line, b':').ok_or(Malformed::FieldName)?;
        if !is_token(name) {
            return Err(Malformed::FieldName);
        }
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => {
                self.hosts += 1;
                if self.hosts > 1 {
                    return Err(Malformed::HostRepeated);
                }
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => {
                if self.length.is_some() {
                    return Err(Malformed::ContentLengthRepeated);
                }
                self.length = Some(decimal(value).ok_or(Malformed::ContentLength)?);
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                if self.chunked || self.http_10 || !white_space_cut(value).eq_ignore_ascii_case(b"chunked") {
                    return Err(Malformed::TransferEncoding);
                }
                self.chunked = true;
            }
            _ => {}
        }
        Ok(())
    }

    fn follows(&self) -> Result<Follows, Malformed> {
        if self.hosts == 0 && !self.http_10 {
            return Err(Malformed::HostMissing);
        }
        match (self.length, self.chunked) {
            (Some(_), true) => Err(Malformed::BothLengths),
            (None, true) => Ok(Follows::Chunks),
            (Some(0) | None, false) => Ok(Follows::Nothing),
            (Some(length), false) => Ok(Follows::Length(length)),
        }
    }

    /// Whether anything of a request was seen yet; the one empty line forgiven before it is nothing.
    pub(super) const fn has_begun(&self) -> bool {
        self.begun || self.searched > self.line || self.line > 2
    }
}

/// A target with every byte encoded that is to be; what is encoded already stays as it is.
pub(super) fn encoded(target: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(target.len() * 3);
    for (byte, raw) in raw_bytes(target) {
        if raw {
            encoded.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            encoded.push(byte);
        }
    }
    encoded
}

/// The bytes of a target, each with whether it has to be encoded (RFC 3986 §2.1): those beyond ASCII, and those of ASCII that hyper
/// does not take in a target and that an app may be sent by clients which encode nothing. `"` is one in a query alone.
fn raw_bytes(target: &[u8]) -> impl Iterator<Item = (u8, bool)> {
    let query = memchr::memchr(b'?', target).unwrap_or(target.len());
    target
        .iter()
        .enumerate()
        .map(move |(place, byte)| (*byte, matches!(byte, b'<' | b'>' | b'`' | 0x80..) || (*byte == b'"' && place > query)))
}

fn split_at_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let (before, rest) = text.split_at_checked(memchr::memchr(byte, text)?)?;
    Some((before, rest.get(1..)?))
}

fn white_space_cut(value: &[u8]) -> &[u8] {
    let space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = value.iter().position(|byte| !space(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !space(byte)).map_or(start, |last| last + 1);
    value.get(start..end).unwrap_or_default()
}

/// Digits and nothing else; at most 18, so that no reader's number overflows.
fn decimal(value: &[u8]) -> Option<u64> {
    let digits = white_space_cut(value);
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))
}

/// RFC 9110 §5.6.2.
fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| TOKEN.get(usize::from(*byte)).copied().unwrap_or(false))
}

const TOKEN: [bool; 128] = {
    let mut table = [false; 128];
    let allowed = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut place = 0;
    while place < allowed.len() {
        #[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would complain")]
        {
            table[allowed[place] as usize] = true;
        }
        place += 1;
    }
    table
};
