//! Patterns beside each other: what holds at a path, read in every way that an app may read its letters, its ending and its
//! scripts.

use http::Method;

use super::ambiguous::{Ambiguous, Reading};
use super::pattern::{Leniency, Pattern, is_index};

/// Endings of one reading that are looked at.
const ENDINGS: usize = 24;

/// Something that holds at a pattern's paths, for some methods.
pub(super) trait Placed {
    fn pattern(&self) -> &Pattern;
    fn is_for(&self, method: &Method) -> bool;
}

/// All of a kind that an app has, the most specific first.
#[derive(Debug)]
pub(super) struct Places<T> {
    pub(super) all: Box<[T]>,
    /// In which ways any of the patterns could be taken otherwise than as it is written.
    varies: Leniency,
}

/// A reading with what is selected in it.
#[derive(Clone, Copy)]
pub(super) struct PlaceMatch<'r, 'p, T> {
    pub(super) path: &'r [u8],
    pub(super) taken: Leniency,
    /// `None`: nothing holds there.
    pub(super) place: Option<&'p T>,
}

impl<'r, 'p, T> PlaceMatch<'r, 'p, T> {
    /// What holds for a path as it is written.
    pub(super) fn exact(path: &'r [u8], place: Option<&'p T>) -> Self {
        Self { path, taken: Leniency::default(), place }
    }

    pub(super) fn reading(&self) -> Reading {
        let path = self.path.iter().map(|byte| match byte {
            0x20..=0x7e => char::from(*byte).to_string(),
            _ => format!("%{byte:02X}"),
        });
        Reading { path: path.collect(), taken: self.taken }
    }
}

impl<T: Placed> Places<T> {
    pub(super) fn new(all: Vec<T>) -> Self {
        let mut varies = Leniency::default();
        for one in all.iter().map(|place| place.pattern().varies()) {
            varies.folded |= one.folded;
            varies.slash |= one.slash;
            varies.index |= one.index;
            varies.extension |= one.extension;
        }
        Self { all: all.into(), varies }
    }

    /// What holds for a path as it is written, to the letter.
    pub(super) fn exactly(&self, method: &Method, path: &[u8]) -> Option<&T> {
        self.all.iter().find(|place| place.is_for(method) && place.pattern().matches(path))
    }

    /// Whether one of them names the path letter by letter: then no other spelling of it is meant.
    pub(super) fn name(&self, method: &Method, path: &[u8]) -> bool {
        self.exactly(method, path).is_some_and(|place| place.pattern().is_literal())
    }

    /// What could hold for anything below a folder, or for itself.
    pub(super) fn below(&self, method: &Method, folder: &[u8]) -> impl Iterator<Item = &T> {
        self.all.iter().filter(move |place| place.is_for(method) && place.pattern().may_match_below(folder))
    }

    /// Whether patterns are to be taken as they are written.
    pub(super) fn never_vary(&self) -> bool {
        self.varies == Leniency::default()
    }

    /// Calls `found` for every way to read one reading's letters, ending and scripts, with what holds there.
    pub(super) fn each<'p>(
        &'p self,
        method: &Method,
        has_upper: bool,
        reading: &[u8],
        found: &mut impl FnMut(PlaceMatch<'_, 'p, T>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        if self.all.is_empty() {
            return found(PlaceMatch::exact(reading, None));
        }
        self.each_ending(method, has_upper, reading, found)?;
        for (place, script) in scripts(reading) {
            // A rule that names the script itself means what is behind it, too.
            if self.exactly(method, reading).is_some_and(|found| found.pattern().names(place)) {
                continue;
            }
            let [up_to, behind] = script;
            let folder = up_to.iter().rposition(|byte| *byte == b'/').and_then(|at| up_to.get(..at)).unwrap_or_default();
            for reading in [up_to, behind, &[folder, behind].concat()] {
                self.each_ending(method, has_upper, reading, found)?;
            }
        }
        Ok(())
    }

    fn each_ending<'p>(
        &'p self,
        method: &Method,
        has_upper: bool,
        reading: &[u8],
        found: &mut impl FnMut(PlaceMatch<'_, 'p, T>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        let endings = Endings::of(reading)?;
        if let Some(settled) = self.settled(method, reading, endings.shortest()) {
            return found(PlaceMatch::exact(reading, settled));
        }
        let either = |varies: bool| if varies { &[false, true][..] } else { &[false][..] };
        for path in endings.iter() {
            for &folded in either(has_upper || self.varies.folded) {
                for &slash in either(self.varies.slash) {
                    for &index in either(self.varies.index) {
                        for &extension in either(self.varies.extension) {
                            self.one(method, path, Leniency { folded, slash, index, extension }, found)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What holds whatever the letters' case and the ending: nothing that could, or something above the last segment.
    fn settled(&self, method: &Method, reading: &[u8], shortest: &[u8]) -> Option<Option<&T>> {
        if self.varies.folded {
            return None;
        }
        let folder = shortest.iter().rposition(|byte| *byte == b'/').and_then(|at| shortest.get(..at)).unwrap_or_default();
        match self.all.iter().find(|place| place.is_for(method) && place.pattern().may_match_below(folder)) {
            None => Some(None),
            Some(place) => {
                let pattern = place.pattern();
                let certain = pattern.is_and_all_below() && pattern.matches(reading) && pattern.matches(shortest);
                certain.then_some(Some(place))
            }
        }
    }

    /// The most specific one of one reading, with those that are one with it to an app that takes patterns so.
    fn one<'p>(
        &'p self,
        method: &Method,
        path: &[u8],
        taken: Leniency,
        found: &mut impl FnMut(PlaceMatch<'_, 'p, T>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        let holds = |place: &&T| place.is_for(method) && place.pattern().matches_taken(path, taken);
        let mut rest = self.all.iter();
        let first = rest.find(holds);
        found(PlaceMatch { path, taken, place: first })?;
        let Some(first) = first.filter(|_| taken != Leniency::default()) else { return Ok(()) };
        for place in rest.filter(holds) {
            let (one, two) = (first.pattern(), place.pattern());
            if one != two && one.is_same_taken(two, taken) {
                found(PlaceMatch { path, taken, place: Some(place) })?;
            }
        }
        Ok(())
    }
}

/// The ends that one reading can have: as it is; without its final slash; without the blanks and dots at its end; without an
/// extension; its folder where its last segment is an index page; and all of that once more.
struct Endings<'r> {
    all: [&'r [u8]; ENDINGS],
    count: usize,
}

impl<'r> Endings<'r> {
    fn of(reading: &'r [u8]) -> Result<Self, Ambiguous> {
        let mut endings = Self { all: [reading; ENDINGS], count: 1 };
        let mut next = 0;
        while let Some(path) = endings.all.get(next).copied().filter(|_| next < endings.count) {
            endings.shorten(path)?;
            next += 1;
        }
        Ok(endings)
    }

    fn shorten(&mut self, path: &'r [u8]) -> Result<(), Ambiguous> {
        let begin = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        let (folder, last) = path.split_at_checked(begin).unwrap_or((path, &[]));
        if last.is_empty() {
            let slashes = path.iter().rev().take_while(|byte| **byte == b'/').count();
            return match path.get(..path.len() - slashes) {
                Some(bare) if !bare.is_empty() => self.add(bare),
                _ => self.add(folder.get(..1).unwrap_or(path)),
            };
        }
        if is_index(last) {
            self.add(folder)?;
        }
        let trailing = last.iter().rev().take_while(|byte| matches!(byte, b'.' | b' ')).count();
        if trailing > 0 {
            self.add(path.get(..path.len() - trailing).unwrap_or(path))?;
        }
        for (at, _) in last.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'.') {
            self.add(path.get(..begin + at).unwrap_or(path))?;
        }
        Ok(())
    }

    fn add(&mut self, path: &'r [u8]) -> Result<(), Ambiguous> {
        // All of them begin where the reading does: one length is one path.
        if self.iter().any(|there| there.len() == path.len()) {
            return Ok(());
        }
        *self.all.get_mut(self.count).ok_or(Ambiguous::TooMuch)? = path;
        self.count += 1;
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = &'r [u8]> + use<'_, 'r> {
        self.all.get(..self.count).unwrap_or_default().iter().copied()
    }

    fn shortest(&self) -> &'r [u8] {
        self.iter().min_by_key(|path| path.len()).unwrap_or_default()
    }
}

/// The segments before the last that are PHP scripts: where each stands, the path up to it, and the path behind it, which
/// the script is handed (`PATH_INFO`).
fn scripts(reading: &[u8]) -> impl Iterator<Item = (usize, [&[u8]; 2])> {
    let slashes = reading.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    slashes.enumerate().skip(1).filter_map(|(count, at)| {
        let (up_to, behind) = reading.split_at_checked(at)?;
        is_script(up_to).then_some((count - 1, [up_to, behind]))
    })
}

fn is_script(path: &[u8]) -> bool {
    let ends = |with: &[u8]| {
        path.len().checked_sub(with.len()).and_then(|at| path.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(with))
    };
    ends(b".php") || ends(b".phtml")
}
