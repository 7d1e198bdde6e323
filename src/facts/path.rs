//! The path of a request, as it was received, and all that an upstream may read in it. Servers and frameworks differ: one
//! takes `/x/..;a/admin` for `/admin`, one `/%61dmin`, one `//admin`, and each takes the others' spellings for something
//! else. So a path is forwarded byte for byte and judged by every reading at once (T11); docs/paths.md has the table.
//! Invariant: what a reading could do with a path that is good is among its readings, or there are too many, which is an
//! error.

mod readings;

use std::borrow::Cow;

/// A path, without its query, in which nothing stands that is refused whatever the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestPath<'a> {
    received: &'a str,
    /// Whether it is its own only reading, but for letters' case and its end.
    is_plain: bool,
    has_upper: bool,
    has_dot: bool,
}

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Does not begin with `/`.
    #[error("it does not begin with a slash")]
    NotAbsolute,
    /// `%` without two hexadecimal digits: many servers refuse it, one makes another byte of it.
    #[error("it has a percent sign without two hexadecimal digits")]
    BadPercent,
    /// A control byte, encoded or not; NUL among them.
    #[error("it has a control character")]
    Control,
    /// More `..` than there are segments, in some reading.
    #[error("it leaves the root by `..`, or some upstream may read it so")]
    ClimbsOut,
    /// Bytes above 0x7f, unencoded (RFC 3986 §2): servers differ in their character set, and many refuse them.
    #[error("it has characters beyond ASCII that are not percent-encoded")]
    NotEncoded,
    /// A raw `#`.
    #[error("it has a fragment")]
    Fragment,
    /// More readings than are judged.
    #[error("it has too many possible readings; send it without escapes, `//`, `\\`, `;` and dot segments")]
    TooManyReadings,
}

impl PathError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAbsolute => "path_not_absolute",
            Self::BadPercent => "path_bad_percent",
            Self::Control => "path_control_character",
            Self::ClimbsOut => "path_climbs_out",
            Self::NotEncoded => "path_not_encoded",
            Self::Fragment => "path_fragment",
            Self::TooManyReadings => "path_ambiguous",
        }
    }
}

/// Why a segment cannot be shown as the one that an upstream reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclear;

impl<'a> RequestPath<'a> {
    /// Reads a path as it was received, without its query.
    ///
    /// # Errors
    /// [`PathError`], where it is refused whatever app it is for.
    pub fn parse(received: &'a str) -> Result<Self, PathError> {
        let bytes = received.as_bytes();
        if bytes.first() != Some(&b'/') {
            return Err(PathError::NotAbsolute);
        }
        // By far the most paths have one reading: nothing to decode, to cut or to resolve.
        let mut is_plain = !received.starts_with(readings::DATA_OF_PAGES);
        let (mut has_upper, mut has_dot, mut before) = (false, false, 0);
        for byte in bytes {
            let class = class_of(*byte);
            has_upper |= class == Class::Upper;
            has_dot |= *byte == b'.';
            is_plain &= !(matches!(class, Class::Odd) || before == b'/' && matches!(byte, b'/' | b'.'));
            before = *byte;
        }
        if !is_plain {
            let tokens = readings::tokens(received)?;
            has_upper |= tokens.iter().any(|token| token.byte.is_ascii_uppercase());
            has_dot |= tokens.iter().any(|token| token.byte == b'.');
            // That nobody climbs out must be known of every path, whatever the app has of rules.
            if readings::may_climb(&tokens) {
                readings::of(&tokens)?;
            }
        }
        Ok(Self { received, is_plain, has_upper, has_dot })
    }

    /// The path as it was received.
    pub const fn as_received(self) -> &'a str {
        self.received
    }

    /// Its one reading, where nothing in it can be taken in two ways but letters' case and its end.
    pub(crate) fn plain(self) -> Option<&'a [u8]> {
        self.is_plain.then_some(self.received.as_bytes())
    }

    /// Whether it has no dot: then it has no extension, and no script in it.
    pub(crate) const fn is_without_dot(self) -> bool {
        !self.has_dot
    }

    /// Whether folding letters' case would change it.
    pub(crate) const fn has_upper(self) -> bool {
        self.has_upper
    }

    /// Every reading, as received first, each once: decoded or not, with `;` parameters or without, slashes merged or
    /// not, dot segments resolved or not, and so on. Letters' case and the last segment's ending are for rules to vary.
    /// A reading begins with `/`; an escape that decodes to `/` but does not separate segments stays `%2F` in it.
    ///
    /// # Errors
    /// [`PathError::TooManyReadings`].
    pub fn readings(self) -> Result<Readings<'a>, PathError> {
        match self.plain() {
            Some(plain) => Ok(Readings::One(plain)),
            None => readings::of(&readings::tokens(self.received)?).map(Readings::Several),
        }
    }

    /// The decoded text of a segment, the first is 1, where every upstream that decodes reads the same there; `None`
    /// where there is none. What a person is shown must be what the upstream acts by.
    ///
    /// # Errors
    /// [`Unclear`]: it is not the same in all readings, or no UTF-8.
    pub fn segment(self, place: usize) -> Result<Option<Cow<'a, str>>, Unclear> {
        if self.is_plain {
            return Ok(self.received.split('/').nth(place).map(Cow::Borrowed));
        }
        let tokens = readings::tokens(self.received).map_err(|_| Unclear)?;
        let all = readings::decoded(&tokens).map_err(|_| Unclear)?;
        let of = |reading: &[u8]| reading.split(|byte| *byte == b'/').nth(place).map(<[u8]>::to_vec);
        let first = all.first().and_then(|reading| of(reading));
        if all.iter().any(|reading| of(reading) != first) {
            return Err(Unclear);
        }
        first.map(String::from_utf8).transpose().map(|text| text.map(Cow::Owned)).map_err(|_| Unclear)
    }
}

/// The readings of a path.
#[derive(Clone, Debug)]
pub enum Readings<'a> {
    /// It is its own.
    One(&'a [u8]),
    /// All, the first as received; at least one.
    Several(Vec<Vec<u8>>),
}

impl Readings<'_> {
    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let (one, several) = match self {
            Self::One(one) => (Some(*one), &[][..]),
            Self::Several(several) => (None, several.as_slice()),
        };
        one.into_iter().chain(several.iter().map(Vec::as_slice))
    }

    /// The only one, where there is one.
    pub fn only(&self) -> Option<&[u8]> {
        match self {
            Self::One(one) => Some(one),
            Self::Several(several) => match several.as_slice() {
                [one] => Some(one),
                _ => None,
            },
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Odd,
}

/// RFC 3986 §3.3 (`pchar`) without escapes and `;`, and the slash: these mean themselves, to everybody.
const fn class_of(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'~' | b'.' => Class::Lower,
        b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@' => Class::Lower,
        b'A'..=b'Z' => Class::Upper,
        _ => Class::Odd,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn readings(path: &str) -> Vec<String> {
        let readings = RequestPath::parse(path).unwrap().readings().unwrap();
        readings.iter().map(|reading| String::from_utf8_lossy(reading).into_owned()).collect()
    }

    #[test]
    fn what_no_reading_makes_good_is_refused_t11() {
        for (path, error) in [
            ("", PathError::NotAbsolute),
            ("*", PathError::NotAbsolute),
            ("a/b", PathError::NotAbsolute),
            ("/a%00", PathError::Control),
            ("/a%0d%0ab", PathError::Control),
            ("/a%09", PathError::Control),
            ("/a\tb", PathError::Control),
            ("/a\u{7f}", PathError::Control),
            ("/a%", PathError::BadPercent),
            ("/a%2", PathError::BadPercent),
            ("/a%zz", PathError::BadPercent),
            ("/a#b", PathError::Fragment),
            ("/é", PathError::NotEncoded),
            ("/..", PathError::ClimbsOut),
            ("/a/../../b", PathError::ClimbsOut),
            ("/%2e%2e/b", PathError::ClimbsOut),
            ("/a/..;/..;x/b", PathError::ClimbsOut),
            ("/a\\..\\..\\b", PathError::ClimbsOut),
            ("/a%2F..%2F..%2Fb", PathError::ClimbsOut),
            ("/a//../../b", PathError::ClimbsOut),
            ("/a/..%5c..%5cb", PathError::ClimbsOut),
        ] {
            assert_eq!(RequestPath::parse(path), Err(error), "{path}");
        }
    }

    #[test]
    fn an_ordinary_path_is_its_own_only_reading() {
        for path in ["/", "/a/b.html", "/a/", "/..a/...", "/.well-known/x", "/a@b:c/d,e=f", "/static/App.3f2a.js", "/*"] {
            assert_eq!(readings(path), [path]);
        }
        // An escape that could not be left out is its character, to everybody who has it in a route at all.
        assert_eq!(readings("/a%20b"), ["/a b"]);
        assert_eq!(readings("/%E9%96%A2"), ["/関"]);
        assert_eq!(readings("/a%3Fb"), ["/a?b"]);
        assert_eq!(readings("/a%252Fb"), ["/a%252Fb"], "nobody decodes twice");
    }

    #[test]
    fn a_disguised_path_has_the_plain_one_among_its_readings_t11() {
        for (path, plain) in [
            ("/%61dmin", "/admin"),
            ("//admin", "/admin"),
            ("///admin", "/admin"),
            ("//host/admin", "/admin"),
            ("/\\host/admin", "/admin"),
            ("/admin;x", "/admin"),
            ("/admin;x/", "/admin/"),
            ("/;x/admin", "/admin"),
            ("/admin%3Bx", "/admin"),
            ("/x/../admin", "/admin"),
            ("/x/./../admin", "/admin"),
            ("/x/%2e%2e/admin", "/admin"),
            ("/x/.%2E/admin", "/admin"),
            ("/x/..;/admin", "/admin"),
            ("/x/%2e%2e;a=b/admin", "/admin"),
            ("/x/..%3Ba/admin", "/admin"),
            ("/x/..%2Fadmin", "/admin"),
            ("/x%2F%2E%2E%2Fadmin", "/admin"),
            ("/x\\..\\admin", "/admin"),
            ("/x/..%5Cadmin", "/admin"),
            ("/admin%2Fusers", "/admin/users"),
            ("/admin%2fusers", "/admin/users"),
            ("/admin\\users", "/admin/users"),
            ("/admin%5Cusers", "/admin/users"),
            ("/admin//users", "/admin/users"),
            ("/x//../admin", "/admin"),
            ("/x/y//../admin", "/x/admin"),
            ("/x/y//../admin", "/x/y/admin"),
            ("/admin/.", "/admin/"),
            ("/admin/x/..", "/admin/"),
            ("/caf%E9", "/café"),
            ("/_next/data/b1/admin.json", "/admin"),
            ("/_next/data/b1/index.json", "/"),
            ("//admin;x//%2e", "/admin/"),
        ] {
            assert!(readings(path).iter().any(|reading| reading == plain), "{path}: {:?}", readings(path));
        }
    }

    #[test]
    fn a_reading_that_some_upstream_has_stays_beside_the_resolved_one() {
        for (path, kept) in [
            ("/%61dmin", "/%61dmin"),
            ("/x/../admin", "/x/../admin"),
            ("/x/..;/admin", "/x/..;/admin"),
            ("/admin%2Fusers", "/admin%2Fusers"),
            ("//admin", "//admin"),
            ("/%61/x%40y", "/a/x%40y"),
        ] {
            assert!(readings(path).iter().any(|reading| reading == kept), "{path}: {:?}", readings(path));
        }
        assert_eq!(readings("/x/..;/admin")[0], "/x/..;/admin", "as received, first");
    }

    #[test]
    fn too_many_readings_are_an_error_and_no_long_work() {
        let path = format!("/{}", "%2F;%5C\\%3B.%41/..;%2e/".repeat(300));
        assert!(matches!(RequestPath::parse(&path), Err(PathError::TooManyReadings | PathError::ClimbsOut)));
        let path = format!("/a{}", "/%2F;%5C\\b%3B%41%40//c".repeat(300));
        assert_eq!(RequestPath::parse(&path).unwrap().readings().unwrap_err(), PathError::TooManyReadings);
    }

    #[test]
    fn a_segment_is_shown_only_where_every_upstream_reads_the_same() {
        let segment = |path: &str, place| RequestPath::parse(path).unwrap().segment(place).map(|text| text.map(Cow::into_owned));
        let shown = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(segment("/transfers/42", 2), shown("42"));
        assert_eq!(segment("/transfers/alice%40example.com", 2), shown("alice@example.com"));
        assert_eq!(segment("/transfers/%E9%96%A2/x%2Fy", 2), shown("関"));
        assert_eq!(segment("/transfers", 2), Ok(None));
        for path in ["/transfers/42;x", "/transfers/4%2F2", "/transfers//42", "/transfers/1/../42", "/transfers/%FF", "/a\\b/42"]
        {
            assert_eq!(segment(path, 2), Err(Unclear), "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_makes_it_panic(path in ".{0,64}", odd in "/[a./;%2eE5cCfF0 \\\\#é-]{0,48}") {
            for path in [path, odd] {
                if let Ok(path) = RequestPath::parse(&path) {
                    let _readings = path.readings();
                    let _shown = path.segment(2);
                }
            }
        }

        #[test]
        fn every_reading_is_a_path_and_stands_there_once(path in "/([a.;\\\\]|/|%(2[efEF]|5c|61|3b|40|20)){0,16}") {
            let Ok(path) = RequestPath::parse(&path) else { return Ok(()) };
            let Ok(readings) = path.readings() else { return Ok(()) };
            let all: Vec<&[u8]> = readings.iter().collect();
            prop_assert!(!all.is_empty() && all.iter().all(|reading| reading.starts_with(b"/")));
            let once: std::collections::BTreeSet<&[u8]> = all.iter().copied().collect();
            prop_assert_eq!(once.len(), all.len());
        }
    }
}
