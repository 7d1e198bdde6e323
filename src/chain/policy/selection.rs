//! Which rules and which transaction one request has: those of every reading of its path at once. Where rules differ the
//! strictest wins, since all that any of them demands must be met; where one reading is a transaction and another none, or
//! another one, nothing could be shown and held that is true of both, and the path is refused.
//! Invariant: what some app reads in the path it gets has its rule among those selected, or the request is refused.

use std::sync::Arc;

use super::ambiguous::Ambiguous;
use super::places::{PlaceMatch, Placed};
use super::transaction::Transaction;
use super::{Addition, Demands, Mode, Policy, Whom, each_once};
use crate::chain::check::Check;
use crate::facts::path::RequestPath;
use crate::principal::service::{Mark, Service};
use crate::principal::user::UserStanding;

/// Policies that one request can have at once.
const MOST: usize = 8;

impl Demands {
    /// Whether a check is required of `user`.
    fn requires(&self, check: Check, user: Option<&UserStanding>) -> bool {
        let mode = match check {
            Check::IpRestriction => self.ip_restriction.mode,
            Check::ClientCertificate if !self.client_certificate.applies_to.concerns(user) => Mode::Off,
            Check::ClientCertificate => self.client_certificate.mode,
            Check::DesktopSso => self.desktop_sso.mode,
            Check::PrimaryFactor => self.primary_factor.mode,
            Check::Cookie => self.cookie.mode,
            Check::Otp => self.otp.mode,
        };
        mode == Mode::Require
    }
}

/// What one request must meet: all that these policies demand, and a yes of its own where it is a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'p> {
    first: &'p Policy,
    more: [Option<&'p Policy>; MOST - 1],
    count: usize,
    transaction: Option<&'p Arc<Transaction>>,
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
        user: Option<&'p UserStanding>,
    ) -> impl Iterator<Item = &'p Demands> + Clone + use<'s, 'p> {
        let more = self.more.get(..self.count).unwrap_or_default().iter().copied().flatten();
        self.first.demands(user).chain(more.flat_map(move |policy| policy.demands(user)))
    }

    /// Which of the six checks are required of `user`, in their order; of nobody yet, if there is none.
    pub fn required(&self, user: Option<&'p UserStanding>) -> [bool; 6] {
        Check::ORDER.map(|check| self.demands(user).any(|demands| demands.requires(check, user)))
    }

    /// Whether a login-protect service holds for `user`.
    pub(in crate::chain) fn is_protected(&self, user: Option<&'p UserStanding>) -> bool {
        self.protecting(user).next().is_some()
    }

    /// What evidence by a password must carry.
    pub(in crate::chain) fn services(&self, user: Option<&'p UserStanding>) -> Mark {
        self.protecting(user).fold(Mark::NONE, |marks, service| marks.and(service.mark()))
    }

    fn protecting<'s>(&'s self, user: Option<&'p UserStanding>) -> impl Iterator<Item = &'p Service> + use<'s, 'p> {
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
            place: Arc::clone(&base.place),
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

/// What each reading of a path selects among transactions: it must be the same in all.
pub(super) fn agree<'p, T: Placed>(
    found: &PlaceMatch<'_, 'p, T>,
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
