//! What servers and frameworks make of one path. Each does a few things to it, in its own order: which separators it
//! knows, whether it takes `;` parameters off, whether and when it merges slashes and resolves dot segments, how much it
//! decodes. Every combination of these is a [`Manner`]; a path that has nothing to which a manner could apply has one.

use super::PathError;

/// Where Next.js has the data of pages.
pub(super) const DATA_OF_PAGES: &str = "/_next/data/";
/// Distinct readings.
const MOST: usize = 128;
/// Bytes read at most to find them all.
const WORK: usize = 1 << 19;

/// A byte of a path, and whether it was percent-encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PathToken {
    pub(super) byte: u8,
    escaped: bool,
}

/// Takes a path apart.
///
/// # Errors
/// [`PathError`], where it is refused whatever the reading.
pub(super) fn tokens(received: &str) -> Result<Vec<PathToken>, PathError> {
    let mut tokens = Vec::with_capacity(received.len());
    let mut rest = received.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let token = match first {
            b'%' => {
                let (digits, tail) = tail.split_first_chunk::<2>().ok_or(PathError::BadPercent)?;
                rest = tail;
                let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(PathError::BadPercent);
                let [high, low] = *digits;
                let byte = u8::try_from(digit(high)? * 16 + digit(low)?).map_err(|_| PathError::BadPercent)?;
                PathToken { byte, escaped: true }
            }
            b'#' => return Err(PathError::Fragment),
            plain if *plain > 0x7f => return Err(PathError::NotEncoded),
            plain => PathToken { byte: *plain, escaped: false },
        };
        if token.byte < 0x20 || token.byte == 0x7f {
            return Err(PathError::Control);
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// Whether any reading could have a `..`.
pub(super) fn may_climb(tokens: &[PathToken]) -> bool {
    tokens.windows(2).any(|pair| pair.iter().all(|token| token.byte == b'.'))
}

/// All readings, each once, as received first.
///
/// # Errors
/// [`PathError::ClimbsOut`], where one of them does; [`PathError::TooManyReadings`].
pub(super) fn of(tokens: &[PathToken]) -> Result<Vec<Vec<u8>>, PathError> {
    let mut readings = every(tokens, &Manner::all(tokens, false))?;
    // Next.js: the data of a page, by the page's own rule (Pages Router).
    let pages: Vec<_> = readings.iter().filter_map(|reading| page_of_data(reading)).collect();
    // Jetty, CherryPy: bytes that are not UTF-8 are read as Latin-1.
    let latin: Vec<_> = readings.iter().filter(|reading| std::str::from_utf8(reading).is_err()).map(|one| latin_1(one)).collect();
    for reading in pages.into_iter().chain(latin) {
        add(&mut readings, reading)?;
    }
    Ok(readings)
}

/// All readings of those who decode whatever is encoded.
///
/// # Errors
/// As [`of`].
pub(super) fn decoded(tokens: &[PathToken]) -> Result<Vec<Vec<u8>>, PathError> {
    every(tokens, &Manner::all(tokens, true))
}

fn every(tokens: &[PathToken], manners: &[Manner]) -> Result<Vec<Vec<u8>>, PathError> {
    if manners.len().saturating_mul(tokens.len()) > WORK {
        return Err(PathError::TooManyReadings);
    }
    let mut readings = Vec::new();
    for manner in manners {
        add(&mut readings, manner.read(tokens)?)?;
    }
    Ok(readings)
}

fn add(readings: &mut Vec<Vec<u8>>, reading: Vec<u8>) -> Result<(), PathError> {
    if readings.contains(&reading) {
        return Ok(());
    }
    if readings.len() == MOST {
        return Err(PathError::TooManyReadings);
    }
    readings.push(reading);
    Ok(())
}

/// Whether something can make a difference, and what with it a manner is.
type Choice = (bool, fn(Manner) -> Manner);

/// How somebody reads a path.
#[derive(Clone, Copy)]
struct Manner {
    decodes: Decodes,
    /// `\` is a slash (WHATWG URL).
    backslash: bool,
    /// `%5C` is one, too.
    encoded_backslash: bool,
    encoded_slash: Encoded,
    parameters: PathParameters,
    dots: Dots,
    /// Whether dot segments are looked for before parameters are taken off.
    dots_first: bool,
    empties: Empties,
    /// Whether `//host/path` is `/path`: a URL parser's network path (RFC 3986 §4.2).
    network_path: bool,
}

/// Which escapes it decodes, of those that could be left out: all others are their character to everybody.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decodes {
    /// None: routes are matched with what was received (Express, Koa, Rails, axum, …).
    Nothing,
    /// Those that RFC 3986 §6.2.2.2 calls equivalent.
    Unreserved,
    /// All.
    All,
}

/// What `%2F` is to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoded {
    /// A part of its segment (Express, Rails, axum, …).
    IsPart,
    /// A slash like any other (Django, Sinatra, gin, …).
    AtOnce,
    /// A slash, once parameters are off (Jetty).
    AfterParameters,
    /// A slash, once dot segments are resolved (uWSGI).
    AfterDots,
}

/// Which `;` parameters it takes off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PathParameters {
    None,
    /// Those behind a `;` (Tomcat, Jetty, Spring).
    Plain,
    /// Behind `%3B` as well.
    All,
}

/// Which dot segments it resolves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dots {
    None,
    /// `..` (uWSGI).
    Plain,
    /// `%2e%2e` as well.
    All,
}

/// What it does with empty segments; the last one, which is a slash at the end, is another matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empties {
    Kept,
    /// Those at the beginning go (Werkzeug).
    LeadingGo,
    /// They go, and then dot segments are resolved (Tomcat, nginx).
    GoBeforeDots,
    /// `..` takes one of them away, what is left goes (Spring on Jetty).
    GoAfterDots,
}

impl Manner {
    /// Every manner that makes a difference to this path; the first takes it as it is.
    fn all(tokens: &[PathToken], only_decoded: bool) -> Vec<Self> {
        let has = |byte: u8, escaped: bool| tokens.iter().any(|token| token.byte == byte && token.escaped == escaped);
        let begins = |wanted: &dyn Fn(&PathToken) -> bool| {
            tokens.windows(2).any(|pair| matches!(pair, [one, two] if is_any_slash(one) && wanted(two)))
        };
        let unreserved = tokens.iter().any(|token| token.escaped && is_unreserved(token.byte));
        let reserved = tokens.iter().any(|token| token.escaped && is_reserved(token.byte));
        let (plain_cut, encoded_cut) = (has(b';', false), has(b';', true));
        let has_dots = begins(&|token| token.byte == b'.');
        let has_empties = begins(&|token| is_any_slash(token) || token.byte == b';');
        let leads = matches!(tokens, [_, second, ..] if is_any_slash(second) || second.byte == b';');

        let first = Self {
            decodes: if only_decoded || !(unreserved || reserved) { Decodes::All } else { Decodes::Nothing },
            backslash: false,
            encoded_backslash: false,
            encoded_slash: Encoded::IsPart,
            parameters: PathParameters::None,
            dots: Dots::None,
            dots_first: false,
            empties: Empties::Kept,
            network_path: false,
        };
        let mut all = vec![first];
        let whether = |all: &mut Vec<Self>, present: bool, with: fn(Self) -> Self| {
            if present {
                both(all, with);
            }
        };
        whether(&mut all, has(b'\\', false), |manner| Self { backslash: true, ..manner });
        whether(&mut all, has(b'\\', true), |manner| Self { encoded_backslash: true, ..manner });
        // Of one dimension each value stands beside those without: the first are those that have none.
        let choices = |all: &mut Vec<Self>, choices: &[Choice]| {
            let without = all.clone();
            for (_, with) in choices.iter().filter(|(present, _)| *present) {
                all.extend(without.iter().copied().map(with));
            }
        };
        choices(
            &mut all,
            &[
                (!only_decoded && unreserved && reserved, |manner| Self { decodes: Decodes::Unreserved, ..manner }),
                (!only_decoded && (unreserved || reserved), |manner| Self { decodes: Decodes::All, ..manner }),
            ],
        );
        choices(
            &mut all,
            &[
                (plain_cut || encoded_cut, |manner| Self { parameters: PathParameters::Plain, ..manner }),
                (encoded_cut, |manner| Self { parameters: PathParameters::All, ..manner }),
            ],
        );
        choices(
            &mut all,
            &[
                (has_dots, |manner| Self { dots: Dots::Plain, ..manner }),
                (has_dots && has(b'.', true), |manner| Self { dots: Dots::All, ..manner }),
            ],
        );
        let slash = has(b'/', true);
        choices(
            &mut all,
            &[
                (slash, |manner| Self { encoded_slash: Encoded::AtOnce, ..manner }),
                (slash && (plain_cut || encoded_cut), |manner| Self { encoded_slash: Encoded::AfterParameters, ..manner }),
                (slash && has_dots, |manner| Self { encoded_slash: Encoded::AfterDots, ..manner }),
            ],
        );
        whether(&mut all, has_dots && (plain_cut || encoded_cut), |manner| Self { dots_first: true, ..manner });
        choices(
            &mut all,
            &[
                (has_empties && leads, |manner| Self { empties: Empties::LeadingGo, ..manner }),
                (has_empties, |manner| Self { empties: Empties::GoBeforeDots, ..manner }),
                (has_empties && has_dots, |manner| Self { empties: Empties::GoAfterDots, ..manner }),
            ],
        );
        whether(&mut all, leads, |manner| Self { network_path: true, ..manner });
        all.retain(|manner| {
            let (cuts, resolves) = (manner.parameters != PathParameters::None, manner.dots != Dots::None);
            (cuts && resolves || !manner.dots_first)
                && (cuts || manner.encoded_slash != Encoded::AfterParameters)
                && (resolves || manner.encoded_slash != Encoded::AfterDots)
        });
        all
    }

    fn read(&self, tokens: &[PathToken]) -> Result<Vec<u8>, PathError> {
        let mut segments: Vec<&[PathToken]> = tokens.get(1..).unwrap_or_default().split(|token| self.is_slash(token)).collect();
        if !self.dots_first {
            self.cut(&mut segments);
        }
        if self.encoded_slash == Encoded::AfterParameters {
            split_once_more(&mut segments);
        }
        if self.network_path && segments.len() > 1 && segments.first().is_some_and(|first| first.is_empty()) {
            without_leading(&mut segments);
            segments.remove(0);
        }
        match self.empties {
            Empties::LeadingGo => without_leading(&mut segments),
            Empties::GoBeforeDots => without_empties(&mut segments),
            Empties::Kept | Empties::GoAfterDots => {}
        }
        if self.dots != Dots::None {
            segments = self.resolved(&segments)?;
        }
        if self.dots_first {
            self.cut(&mut segments);
        }
        if self.encoded_slash == Encoded::AfterDots {
            split_once_more(&mut segments);
        }
        if self.empties == Empties::GoAfterDots {
            without_empties(&mut segments);
        }
        let mut reading = Vec::with_capacity(tokens.len());
        for segment in &segments {
            reading.push(b'/');
            for token in *segment {
                self.write(*token, &mut reading);
            }
        }
        if reading.is_empty() {
            reading.push(b'/');
        }
        Ok(reading)
    }

    const fn is_slash(&self, token: &PathToken) -> bool {
        match (token.byte, token.escaped) {
            (b'/', false) => true,
            (b'/', true) => matches!(self.encoded_slash, Encoded::AtOnce),
            (b'\\', false) => self.backslash,
            (b'\\', true) => self.encoded_backslash,
            _ => false,
        }
    }

    fn cut(&self, segments: &mut [&[PathToken]]) {
        let ends = |token: &PathToken| match self.parameters {
            PathParameters::None => false,
            PathParameters::Plain => token.byte == b';' && !token.escaped,
            PathParameters::All => token.byte == b';',
        };
        for segment in segments.iter_mut() {
            *segment = segment.split(ends).next().unwrap_or_default();
        }
    }

    /// RFC 3986 §5.2.4, but that a `..` too many is an error: some would climb out of the root. A URL parser, which knows
    /// network paths, stays at the root.
    fn resolved<'t>(&self, segments: &[&'t [PathToken]]) -> Result<Vec<&'t [PathToken]>, PathError> {
        let mut resolved: Vec<&'t [PathToken]> = Vec::with_capacity(segments.len());
        for (place, segment) in (1..).zip(segments) {
            let dots = segment.iter().all(|token| token.byte == b'.' && (self.dots == Dots::All || !token.escaped));
            match (dots, segment.len()) {
                (true, 1) => {}
                (true, 2) => {
                    if resolved.pop().is_none() && !self.network_path {
                        return Err(PathError::ClimbsOut);
                    }
                }
                _ => {
                    resolved.push(segment);
                    continue;
                }
            }
            if place == segments.len() {
                resolved.push(&[]);
            }
        }
        Ok(resolved)
    }

    fn write(&self, token: PathToken, reading: &mut Vec<u8>) {
        let PathToken { byte, escaped } = token;
        let kept = match byte {
            b'/' | b'%' => true,
            b'\\' => self.decodes == Decodes::Nothing,
            byte if is_unreserved(byte) => self.decodes == Decodes::Nothing,
            byte if is_reserved(byte) => self.decodes != Decodes::All,
            _ => false,
        };
        if escaped && kept {
            reading.extend_from_slice(&[b'%', hex(byte >> 4), hex(byte & 15)]);
        } else {
            reading.push(byte);
        }
    }
}

const fn hex(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'A' + digit - 10 }
}

const fn is_any_slash(token: &PathToken) -> bool {
    matches!(token.byte, b'/' | b'\\')
}

/// RFC 3986 §2.3: an escape of these is the same as without.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// RFC 3986 §2.2, §3.3: these may stand in a path as they are, and an escape of them may be another matter.
const fn is_reserved(byte: u8) -> bool {
    matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@')
}

/// Each manner, and each with something more.
fn both(all: &mut Vec<Manner>, with: impl Fn(Manner) -> Manner) {
    let more: Vec<Manner> = all.iter().copied().map(with).collect();
    all.extend(more);
}

fn split_once_more(segments: &mut Vec<&[PathToken]>) {
    *segments = segments.iter().flat_map(|segment| segment.split(|token| token.byte == b'/')).collect();
}

fn without_leading(segments: &mut Vec<&[PathToken]>) {
    let leading = segments.iter().take_while(|segment| segment.is_empty()).count();
    segments.drain(..leading.min(segments.len().saturating_sub(1)));
}

fn without_empties(segments: &mut Vec<&[PathToken]>) {
    let (mut place, count) = (0, segments.len());
    segments.retain(|segment| {
        place += 1;
        place == count || !segment.is_empty()
    });
}

/// `/_next/data/BUILD/page.json` is `/page`.
fn page_of_data(reading: &[u8]) -> Option<Vec<u8>> {
    let behind = reading.strip_prefix(DATA_OF_PAGES.as_bytes())?;
    let build = behind.iter().position(|byte| *byte == b'/')?;
    let page = behind.get(build..)?;
    let page = page.strip_suffix(b".json").unwrap_or(page);
    Some(if page == b"/index" { b"/".to_vec() } else { page.to_vec() })
}

fn latin_1(reading: &[u8]) -> Vec<u8> {
    reading.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
}
