//! Path patterns: which paths a rule or a transaction means, and how a spelling of the pattern itself may be taken. An app
//! that takes `/Admin` for `/admin` does so whichever of them the rule names.
//! Invariant: of two different patterns that match one path as they are written, one is the more specific.

use std::cmp::Ordering;
use std::fmt;

/// Which paths: `/status` (exactly), `/files/*/raw` (any one segment), `/admin/**` (`/admin` itself and all below).
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Box<[Segment]>,
    and_all_below: bool,
}

#[derive(Clone, PartialEq, Eq)]
enum Segment {
    Literal(Box<str>),
    Any,
}

/// How specific a place of a pattern is; a smaller one wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Literal,
    Any,
    End,
    AllBelow,
}

/// How an app may take paths and patterns alike. What is off is compared as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leniency {
    /// Letters' case aside (ASCII).
    pub folded: bool,
    /// A final slash of the pattern aside.
    pub slash: bool,
    /// A last segment `index`, or `index.` and whatever follows, is its folder.
    pub index: bool,
    /// What the last segment has from its first dot on aside.
    pub extension: bool,
}

/// Why a text is not a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It does not begin with `/`.
    #[error("a path begins with `/`")]
    NoSlash,
    /// `**` stands elsewhere than at the end.
    #[error("`**` stands alone, at the end: `/admin/**`")]
    DeepInside,
    /// `*` is only a part of a segment.
    #[error("`*` stands for a whole segment: `/files/*/raw`")]
    PartOfSegment,
    /// A segment that no resolved path has.
    #[error("no request has this path once it is resolved: it has an empty segment, `.` or `..`")]
    NeverThere,
    /// A character that no rule is compared with.
    #[error("{0:?} does not occur in a path that rules see; write the path decoded, without query and parameters")]
    Character(char),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let inner = text.strip_prefix('/').ok_or(PatternError::NoSlash)?;
        if let Some(wrong) = text.chars().find(|c| c.is_control() || matches!(c, '%' | '?' | '#' | ';' | '\\')) {
            return Err(PatternError::Character(wrong));
        }
        let (inner, and_all_below) = match inner.strip_suffix("**") {
            Some("") => return Ok(Self { segments: Box::default(), and_all_below: true }),
            Some(before) => (before.strip_suffix('/').ok_or(PatternError::DeepInside)?, true),
            None => (inner, false),
        };
        let count = inner.split('/').count();
        let segments = inner.split('/').enumerate().map(|(place, segment)| match segment {
            "*" => Ok(Segment::Any),
            "**" => Err(PatternError::DeepInside),
            "." | ".." => Err(PatternError::NeverThere),
            // `/` and `/folder/` end in an empty segment; elsewhere there is none.
            "" if place + 1 < count || and_all_below => Err(PatternError::NeverThere),
            part if part.contains('*') => Err(PatternError::PartOfSegment),
            literal => Ok(Segment::Literal(literal.into())),
        });
        Ok(Self { segments: segments.collect::<Result<_, _>>()?, and_all_below })
    }

    /// Whether a reading of a path is among those meant, both taken as they are written.
    pub fn matches(&self, path: &[u8]) -> bool {
        matches(&self.segments, None, self.and_all_below, path, |one, other| one == other)
    }

    /// Whether it is, where an app takes the pattern so.
    pub(super) fn matches_taken(&self, path: &[u8], taken: Leniency) -> bool {
        let (segments, last) = self.taken(taken);
        if taken.folded {
            matches(segments, last, self.and_all_below, path, <[u8]>::eq_ignore_ascii_case)
        } else {
            matches(segments, last, self.and_all_below, path, |one, other| one == other)
        }
    }

    /// Whether it could match any path that begins with these whole segments, letters' case aside.
    pub(super) fn may_match_below(&self, folder: &[u8]) -> bool {
        let mut rest = folder;
        for segment in &self.segments {
            let Some(inner) = rest.strip_prefix(b"/") else { return true };
            let end = inner.iter().position(|byte| *byte == b'/').unwrap_or(inner.len());
            let (name, behind) = inner.split_at_checked(end).unwrap_or((inner, &[]));
            match segment {
                Segment::Literal(literal) if !literal.as_bytes().eq_ignore_ascii_case(name) => return false,
                Segment::Any if name.is_empty() => return false,
                Segment::Literal(_) | Segment::Any => rest = behind,
            }
        }
        rest.is_empty() || self.and_all_below
    }

    /// Whether it names one path, letter by letter.
    pub(super) fn is_literal(&self) -> bool {
        !self.and_all_below && self.segments.iter().all(|segment| matches!(segment, Segment::Literal(_)))
    }

    /// Whether it means all that is below it.
    pub(super) const fn is_and_all_below(&self) -> bool {
        self.and_all_below
    }

    /// Whether it names the segment at this place, the first is 0, letter by letter.
    pub(super) fn names(&self, place: usize) -> bool {
        matches!(self.segments.get(place), Some(Segment::Literal(_)))
    }

    /// In which ways it could be taken otherwise than as it is written.
    pub(super) fn varies(&self) -> Leniency {
        let mut varies = Leniency::default();
        for segment in &self.segments {
            varies.folded |= matches!(segment, Segment::Literal(text) if text.bytes().any(|byte| byte.is_ascii_uppercase()));
        }
        if let (false, Some(Segment::Literal(last))) = (self.and_all_below, self.segments.last()) {
            varies.index = is_index(last.as_bytes());
            varies.slash = (last.is_empty() || varies.index) && self.segments.len() > 1;
            // Where the final slash is taken off, the segment before it is the last.
            let has_extension =
                |segment: &Segment| matches!(segment, Segment::Literal(named) if stem(named.as_bytes()).len() < named.len());
            varies.extension = self.segments.iter().rev().take(2).any(has_extension);
        }
        varies
    }

    /// Whether both are one pattern where an app takes them so.
    pub(super) fn is_same_taken(&self, other: &Self, taken: Leniency) -> bool {
        let ((one, one_last), (two, two_last)) = (self.taken(taken), other.taken(taken));
        let text = |segments: &[Segment], last: Option<&[u8]>, place: usize| match segments.get(place) {
            Some(Segment::Literal(literal)) => {
                let literal = last.filter(|_| place + 1 == segments.len()).unwrap_or(literal.as_bytes());
                Some(if taken.folded { literal.to_ascii_lowercase() } else { literal.to_vec() })
            }
            Some(Segment::Any) | None => None,
        };
        self.and_all_below == other.and_all_below
            && one.len() == two.len()
            && (0..one.len()).all(|place| text(one, one_last, place) == text(two, two_last, place))
    }

    /// Its segments, and what stands as the last one.
    fn taken(&self, taken: Leniency) -> (&[Segment], Option<&[u8]>) {
        let segments = &*self.segments;
        // Below a folder everything is meant, however the folder's own address ends.
        if self.and_all_below {
            return (segments, None);
        }
        let Some((Segment::Literal(last), before)) = segments.split_last() else { return (segments, None) };
        let mut last = last.as_bytes();
        let mut segments = segments;
        if taken.index && is_index(last) {
            last = b"";
        }
        if taken.slash && last.is_empty() && !before.is_empty() {
            segments = before;
            match before.last() {
                Some(Segment::Literal(literal)) => last = literal.as_bytes(),
                Some(Segment::Any) | None => return (segments, None),
            }
        }
        (segments, Some(if taken.extension { stem(last) } else { last }))
    }

    /// The more specific one first.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.ranks().cmp(other.ranks())
    }

    fn ranks(&self) -> impl Iterator<Item = Rank> {
        let end = if self.and_all_below { Rank::AllBelow } else { Rank::End };
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => Rank::Literal,
            Segment::Any => Rank::Any,
        };
        self.segments.iter().map(rank).chain([end])
    }
}

/// Segment by segment; `last` replaces the last literal.
fn matches(
    segments: &[Segment],
    last: Option<&[u8]>,
    and_all_below: bool,
    path: &[u8],
    is_same: impl Fn(&[u8], &[u8]) -> bool,
) -> bool {
    // Nearly every pattern is left at its first literal: nothing is split that need not be.
    let mut rest = path;
    for (left, segment) in (0..segments.len()).rev().zip(segments) {
        let Some(inner) = rest.strip_prefix(b"/") else { return false };
        let end = match segment {
            Segment::Literal(literal) => {
                let literal = last.filter(|_| left == 0).unwrap_or(literal.as_bytes());
                let Some((name, behind)) = inner.split_at_checked(literal.len()) else { return false };
                if !is_same(name, literal) || !matches!(behind.first(), None | Some(b'/')) {
                    return false;
                }
                literal.len()
            }
            Segment::Any => match inner.iter().position(|byte| *byte == b'/').unwrap_or(inner.len()) {
                0 => return false,
                end => end,
            },
        };
        rest = inner.get(end..).unwrap_or_default();
    }
    and_all_below || rest.is_empty()
}

/// Whether a segment is what file servers give for its folder.
pub(super) fn is_index(segment: &[u8]) -> bool {
    match segment.split_at_checked(5) {
        Some((name, behind)) => name.eq_ignore_ascii_case(b"index") && matches!(behind.first(), None | Some(b'.')),
        None => false,
    }
}

/// A segment up to its first dot, those at its beginning aside.
fn stem(segment: &[u8]) -> &[u8] {
    let hidden = segment.iter().take_while(|byte| **byte == b'.').count();
    let named = segment.get(hidden..).unwrap_or_default();
    let end = named.iter().position(|byte| *byte == b'.').map_or(segment.len(), |at| hidden + at);
    segment.get(..end).unwrap_or(segment)
}

impl fmt::Display for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => write!(out, "/{literal}")?,
                Segment::Any => out.write_str("/*")?,
            }
        }
        out.write_str(if self.and_all_below { "/**" } else { "" })
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Pattern({self})")
    }
}
