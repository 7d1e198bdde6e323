//! The keytab, read as the library reads it, to know what it opens: the principals, the versions and the kinds of its keys.
//! The library takes a ticket for any key of the file, and nothing shows afterwards that it was an RC4 key: a file with such
//! a key is refused before a ticket is looked at.
//! Invariant: no byte of a key is kept.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use zeroize::Zeroizing;

/// A keytab has a few keys; what is larger is something else.
const LARGEST: u64 = 1024 * 1024;

/// One key of a keytab.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeytabEntry {
    /// Whose: `HTTP/auth.example.com@CORP.EXAMPLE`.
    pub principal: String,
    /// Its version number.
    pub version: u32,
    /// Its encryption type (RFC 3961).
    pub kind: u16,
}

impl KeytabEntry {
    /// Whether it is of a web server, as browsers ask for.
    pub fn is_of_a_web_server(&self) -> bool {
        self.principal.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case("HTTP/"))
    }

    /// Its encryption type in words.
    pub fn kind_word(&self) -> String {
        match self.kind {
            1..=3 => "des".to_owned(),
            16 => "des3-cbc-sha1".to_owned(),
            17 => "aes128-cts-hmac-sha1-96".to_owned(),
            18 => "aes256-cts-hmac-sha1-96".to_owned(),
            19 => "aes128-cts-hmac-sha256-128".to_owned(),
            20 => "aes256-cts-hmac-sha384-192".to_owned(),
            23 | 24 => "arcfour-hmac (RC4)".to_owned(),
            25 => "camellia128-cts-cmac".to_owned(),
            26 => "camellia256-cts-cmac".to_owned(),
            other => format!("encryption type {other}"),
        }
    }

    /// Whether tickets under it can be trusted: AES and Camellia (RFC 8429 deprecates the others).
    const fn is_strong(&self) -> bool {
        matches!(self.kind, 17..=20 | 25 | 26)
    }
}

/// Why a keytab is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeytabError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It is not a keytab.
    #[error("is not a keytab: {0}")]
    Malformed(&'static str),
    /// There is no key in it.
    #[error("holds no key")]
    Empty,
    /// A key of it can be broken.
    #[error("holds a {kind} key of `{principal}`, which can be broken")]
    Weak {
        /// Whose.
        principal: String,
        /// Of which kind.
        kind: String,
    },
}

/// What distinguishes one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

/// How the file stands now.
pub(super) fn state_of(path: &Path) -> Option<FileState> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(FileState { inode: metadata.ino(), length: metadata.len(), changed: (metadata.ctime(), metadata.ctime_nsec()) })
}

/// Whether everybody on this machine can read it.
pub fn is_open_to_all(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o004 != 0)
}

/// The keys of the file at `path`, if it may be used.
///
/// # Errors
/// [`KeytabError`].
pub fn read(path: &Path) -> Result<Vec<KeytabEntry>, KeytabError> {
    let entries = all(path)?;
    match entries.iter().find(|entry| !entry.is_strong()) {
        _ if entries.is_empty() => Err(KeytabError::Empty),
        Some(weak) => Err(KeytabError::Weak { principal: weak.principal.clone(), kind: weak.kind_word() }),
        None => Ok(entries),
    }
}

/// The keys of the file at `path`, whether it may be used or not.
///
/// # Errors
/// [`KeytabError::Unreadable`] and [`KeytabError::Malformed`].
pub fn all(path: &Path) -> Result<Vec<KeytabEntry>, KeytabError> {
    let unreadable = |error: io::Error| KeytabError::Unreadable(error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(KeytabError::Malformed("it has more than 1 MiB"));
    }
    parse(&bytes)
}

/// The principals of keys, each once.
pub fn principals(entries: &[KeytabEntry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.principal.as_str()).collect()
}

/// Reads version 2 of the format: records with a length before each; a negative length is a hole.
fn parse(bytes: &[u8]) -> Result<Vec<KeytabEntry>, KeytabError> {
    let mut rest = Rest(bytes);
    match rest.take(2) {
        Some([5, 2]) => {}
        Some([5, 1]) => return Err(KeytabError::Malformed("version 1 of the format is not used any more")),
        _ => return Err(KeytabError::Malformed("it does not begin as one")),
    }
    let mut entries = Vec::new();
    while !rest.0.is_empty() {
        let cut = KeytabError::Malformed("it ends in the middle of a key");
        let length = rest.number(4).ok_or(cut.clone())?.cast_signed();
        if length == 0 {
            break;
        }
        let record = rest.take(length.unsigned_abs() as usize);
        // A hole at the end may be longer than the file.
        if length < 0 {
            if record.is_none() {
                break;
            }
            continue;
        }
        entries.push(entry(record.ok_or(cut.clone())?).ok_or(cut)?);
    }
    entries.sort();
    Ok(entries)
}

fn entry(record: &[u8]) -> Option<KeytabEntry> {
    let mut rest = Rest(record);
    let count = rest.number(2)?;
    let realm = rest.text()?;
    let components = (0..count).map(|_| rest.text()).collect::<Option<Vec<_>>>()?;
    let _name_type = rest.number(4)?;
    let _time = rest.number(4)?;
    let short = rest.number(1)?;
    let kind = u16::try_from(rest.number(2)?).ok()?;
    let length = rest.number(2)?;
    let _key = rest.take(length as usize)?;
    // Versions above 255 stand behind the key.
    let version = rest.number(4).filter(|version| *version != 0).unwrap_or(short);
    Some(KeytabEntry { principal: format!("{}@{realm}", components.join("/")), version, kind })
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of one, two or four bytes, the highest first.
    fn number(&mut self, length: usize) -> Option<u32> {
        Some(self.take(length)?.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// A counted text; what cannot be read in a log is replaced.
    fn text(&mut self) -> Option<String> {
        let length = self.number(2)?;
        let text = String::from_utf8_lossy(self.take(length as usize)?);
        Some(text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect())
    }
}

impl fmt::Display for KeytabEntry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (kvno {}, {})", self.principal, self.version, self.kind_word())
    }
}

#[cfg(test)]
mod tests;
