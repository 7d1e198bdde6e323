//! Which rules and which transaction one request has: those of every reading of its path at once. Where rules differ the
//! strictest wins, since all that any of them demands must be met; where one reading is a transaction and another none, or
//! another one, nothing could be shown and held that is true of both, and the path is refused.
//! Invariant: what some app reads in the path it gets has its rule among those selected, or the request is refused.

use std::fmt;
use std::sync::Arc;

use http::Method;

use super::pattern::{Pattern, Taken, is_index};
use super::transaction::Transaction;
use super::{Addition, Demands, Policy, Whom, each_once};
use crate::facts::path::{PathError, RequestPath};
use crate::principal::service::{Mark, Service};
use crate::principal::user::Standing;

/// Policies that one request can have at once.
const MOST: usize = 8;
/// Endings of one reading that are looked at.
const ENDINGS: usize = 24;

/// What one request must meet: all that these policies demand, and a yes of its own where it is a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'p> {
    first: &'p Policy,
    more: [Option<&'p Policy>; MOST - 1],
    count: usize,
    transaction: Option<&'p Arc<Transaction>>,
}

/// Why no policy can be said for a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguous {
    /// Its readings are no one transaction.
    #[error("as it was received it is {}; read as `{reading}` it is {}", called(.received.as_deref()), called(.other.as_deref()))]
    Transactions {
        /// What it is as it was received.
        received: Option<Arc<str>>,
        /// What it is in another reading.
        other: Option<Arc<str>>,
        /// That reading.
        reading: Reading,
    },
    /// It stands for all that is below it, and a transaction holds for some of that.
    #[error("it stands for all that is below it, where the transaction `{0}` holds")]
    Below(Arc<str>),
    /// Its method does what another one does, which is a transaction here.
    #[error(
        "it does what {method} does, which is the transaction `{transaction}` here: that is approved by its own requests alone"
    )]
    DoneAs {
        /// What it does.
        method: &'static Method,
        /// What that is here.
        transaction: Arc<str>,
    },
    /// It can be read in more ways than are looked at, or under more rules.
    #[error("it can be read in more ways, or under more rules, than are looked at")]
    TooMuch,
}

impl Ambiguous {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DoneAs { .. } => "method_transaction",
            Self::Transactions { .. } | Self::Below(_) | Self::TooMuch => PathError::TooManyReadings.code(),
        }
    }
}

fn called(name: Option<&str>) -> String {
    name.map_or_else(|| "no transaction".to_owned(), |name| format!("the transaction `{name}`"))
}

/// A reading, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The path that is read.
    pub path: String,
    /// How an app takes it, and the rules' paths, beyond what they say.
    pub taken: Taken,
}

impl fmt::Display for Reading {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path)?;
        let ways = [
            (self.taken.folded, "letters' case"),
            (self.taken.slash, "a final slash"),
            (self.taken.index, "an index page"),
            (self.taken.extension, "an extension"),
        ];
        let mut before = " (";
        for (_, word) in ways.iter().filter(|(on, _)| *on) {
            write!(out, "{before}{word}")?;
            before = ", ";
        }
        out.write_str(if before == ", " { " aside)" } else { "" })
    }
}

impl<'p> Selected<'p> {
    /// One policy, and maybe a transaction.
    pub const fn of(policy: &'p Policy, transaction: Option<&'p Arc<Transaction>>) -> Self {
        Self { first: policy, more: [None; MOST - 1], count: 0, transaction }
    }

    /// The policies, each once.
    pub fn policies(&self) -> impl Iterator<Item = &'p Policy> + Clone + use<'_, 'p> {
        std::iter::once(self.first).chain(self.more.get(..self.count).unwrap_or_default().iter().copied().flatten())
    }

    /// The transaction, where it is one.
    pub const fn transaction(&self) -> Option<&'p Arc<Transaction>> {
        self.transaction
    }

    /// Whether it is this very transaction.
    pub fn is_held_as(&self, transaction: &Arc<Transaction>) -> bool {
        self.transaction.is_some_and(|own| Arc::ptr_eq(own, transaction))
    }

    /// The same without: where a whole is judged, not the act.
    #[must_use]
    pub const fn without_transaction(self) -> Self {
        Self { transaction: None, ..self }
    }

    /// What both demand; the transaction is this one's.
    ///
    /// # Errors
    /// [`Ambiguous::TooMuch`].
    pub fn and(mut self, other: &Self) -> Result<Self, Ambiguous> {
        for policy in other.policies() {
            self.add(policy)?;
        }
        Ok(self)
    }

    /// Every set of demands that holds for `user`, of every policy.
    pub(in crate::chain) fn demands<'s>(
        &'s self,
        user: Option<&'p Standing>,
    ) -> impl Iterator<Item = &'p Demands> + Clone + use<'s, 'p> {
        let more = self.more.get(..self.count).unwrap_or_default().iter().copied().flatten();
        self.first.demands(user).chain(more.flat_map(move |policy| policy.demands(user)))
    }

    /// Whether a login-protect service holds for `user`.
    pub(in crate::chain) fn is_protected(&self, user: Option<&'p Standing>) -> bool {
        self.protecting(user).next().is_some()
    }

    /// What evidence by a password must carry.
    pub(in crate::chain) fn services(&self, user: Option<&'p Standing>) -> Mark {
        self.protecting(user).fold(Mark::NONE, |marks, service| marks.and(service.mark()))
    }

    fn protecting<'s>(&'s self, user: Option<&'p Standing>) -> impl Iterator<Item = &'p Service> + use<'s, 'p> {
        each_once(self.demands(user).filter_map(|demands| demands.primary_factor.protection()))
    }

    /// All of it as one policy: one of them, with everything else on top. It is the one that asks for a person, where any
    /// does, since its methods are offered first.
    pub fn merged(&self) -> std::borrow::Cow<'p, Policy> {
        if self.count == 0 {
            return std::borrow::Cow::Borrowed(self.first);
        }
        let asks = |policy: &&Policy| policy.base.primary_factor.mode != super::Mode::Off;
        let base = self.policies().find(asks).unwrap_or(self.first);
        let others = self.policies().filter(|policy| !std::ptr::eq(*policy, base));
        let on_top = others.flat_map(|policy| {
            let everybody = Addition { whom: Whom::Everybody, demands: policy.base.clone() };
            std::iter::once(everybody).chain(policy.additions.iter().cloned())
        });
        std::borrow::Cow::Owned(Policy {
            name: self.names().into(),
            base: base.base.clone(),
            additions: base.additions.iter().cloned().chain(on_top).collect(),
        })
    }

    /// What the policies are called, all of them.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.policies().map(|policy| &*policy.name).collect();
        names.join(" + ")
    }

    fn add(&mut self, policy: &'p Policy) -> Result<(), Ambiguous> {
        if self.policies().any(|there| std::ptr::eq(there, policy)) {
            return Ok(());
        }
        *self.more.get_mut(self.count).ok_or(Ambiguous::TooMuch)? = Some(policy);
        self.count += 1;
        Ok(())
    }
}

impl<'p> From<&'p Policy> for Selected<'p> {
    /// Where no request is meant: a page of the portal, a sign-in, an app as a whole.
    fn from(policy: &'p Policy) -> Self {
        Self::of(policy, None)
    }
}

/// Policies that are gathered one by one.
#[derive(Debug, Default)]
pub(super) struct Gathering<'p>(Option<Selected<'p>>);

impl<'p> Gathering<'p> {
    pub(super) fn add(&mut self, policy: &'p Policy) -> Result<(), Ambiguous> {
        match &mut self.0 {
            Some(selected) => selected.add(policy),
            None => {
                self.0 = Some(policy.into());
                Ok(())
            }
        }
    }

    /// What was gathered, or this.
    pub(super) fn or(self, own: &'p Policy, transaction: Option<&'p Arc<Transaction>>) -> Selected<'p> {
        Selected { transaction, ..self.0.unwrap_or(Selected::of(own, None)) }
    }
}

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
    varies: Taken,
}

/// A reading with what is selected in it.
#[derive(Clone, Copy)]
pub(super) struct Found<'r, 'p, T> {
    pub(super) path: &'r [u8],
    pub(super) taken: Taken,
    /// `None`: nothing holds there.
    pub(super) place: Option<&'p T>,
}

impl<'r, 'p, T> Found<'r, 'p, T> {
    /// What holds for a path as it is written.
    pub(super) fn exact(path: &'r [u8], place: Option<&'p T>) -> Self {
        Self { path, taken: Taken::default(), place }
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
        let mut varies = Taken::default();
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
        self.varies == Taken::default()
    }

    /// Tells of every way to read one reading's letters, ending and scripts what holds there.
    pub(super) fn each<'p>(
        &'p self,
        method: &Method,
        has_upper: bool,
        reading: &[u8],
        tell: &mut impl FnMut(Found<'_, 'p, T>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        if self.all.is_empty() {
            return tell(Found::exact(reading, None));
        }
        self.each_ending(method, has_upper, reading, tell)?;
        for (place, script) in scripts(reading) {
            // A rule that names the script itself means what is behind it, too.
            if self.exactly(method, reading).is_some_and(|found| found.pattern().names(place)) {
                continue;
            }
            let [up_to, behind] = script;
            let folder = up_to.iter().rposition(|byte| *byte == b'/').and_then(|at| up_to.get(..at)).unwrap_or_default();
            for reading in [up_to, behind, &[folder, behind].concat()] {
                self.each_ending(method, has_upper, reading, tell)?;
            }
        }
        Ok(())
    }

    fn each_ending<'p>(
        &'p self,
        method: &Method,
        has_upper: bool,
        reading: &[u8],
        tell: &mut impl FnMut(Found<'_, 'p, T>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        let endings = Endings::of(reading)?;
        if let Some(settled) = self.settled(method, reading, endings.shortest()) {
            return tell(Found::exact(reading, settled));
        }
        let either = |varies: bool| if varies { &[false, true][..] } else { &[false][..] };
        for path in endings.iter() {
            for &folded in either(has_upper || self.varies.folded) {
                for &slash in either(self.varies.slash) {
                    for &index in either(self.varies.index) {
                        for &extension in either(self.varies.extension) {
                            self.one(method, path, Taken { folded, slash, index, extension }, tell)?;
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
        taken: Taken,
        tell: &mut impl FnMut(Found<'_, 'p, T>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        let holds = |place: &&T| place.is_for(method) && place.pattern().matches_taken(path, taken);
        let mut rest = self.all.iter();
        let first = rest.find(holds);
        tell(Found { path, taken, place: first })?;
        let Some(first) = first.filter(|_| taken != Taken::default()) else { return Ok(()) };
        for place in rest.filter(holds) {
            let (one, two) = (first.pattern(), place.pattern());
            if one != two && one.is_same_taken(two, taken) {
                tell(Found { path, taken, place: Some(place) })?;
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

/// What each reading of a path selects among transactions: it must be the same in all.
pub(super) fn agree<'p, T: Placed>(
    found: &Found<'_, 'p, T>,
    first: &mut Option<Option<&'p T>>,
    transaction: impl Fn(&'p T) -> &'p Arc<Transaction>,
) -> Result<(), Ambiguous> {
    match first {
        None => {
            *first = Some(found.place);
            Ok(())
        }
        Some(first) => {
            let (one, two) = (first.map(&transaction), found.place.map(&transaction));
            let same = match (one, two) {
                (None, None) => true,
                (Some(one), Some(two)) => Arc::ptr_eq(one, two),
                _ => false,
            };
            if same {
                return Ok(());
            }
            let name = |one: &Arc<Transaction>| Arc::clone(&one.name);
            Err(Ambiguous::Transactions { received: one.map(name), other: two.map(name), reading: found.reading() })
        }
    }
}

/// The path's readings, or why they are not all looked at.
pub(super) fn readings(path: RequestPath<'_>) -> Result<crate::facts::path::Readings<'_>, Ambiguous> {
    path.readings().map_err(|_| Ambiguous::TooMuch)
}
