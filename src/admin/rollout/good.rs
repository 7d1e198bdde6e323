//! Which certificates count for whom today, and who has shown one.

use std::collections::{HashMap, HashSet};

use super::RolloutApp;
use crate::admin::error::AdminError;
use crate::certificate::passed::PassedCertificate;
use crate::chain::policy::Policies;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::principal::certificate::{Fingerprint, Holder, TrustSet};
use crate::principal::user::{GroupName, UserId, UserStanding};

/// What is known of certificates, all of one moment.
pub(super) struct Goods {
    /// Users who have shown one that is good to this day, and when last.
    shown: HashMap<UserId, Timestamp>,
    users: HashSet<UserId>,
    groups: HashSet<GroupName>,
    anybody: bool,
}

impl Goods {
    /// Of certificates that would pass at each of these apps.
    pub(super) async fn of(core: &Core, apps: &[RolloutApp]) -> Result<Self, AdminError> {
        let (now, policies) = (core.clock().now(), core.policies());
        let register = core.certificates();
        let mut counting: HashMap<Fingerprint, Option<Holder>> = HashMap::new();
        let mut goods = Self { shown: HashMap::new(), users: HashSet::new(), groups: HashSet::new(), anybody: false };
        for entry in register.list() {
            let counts = entry.enabled
                && entry.revoked_at.is_none()
                && entry.counts_from().is_none_or(|from| from <= now)
                && entry.counts_until().is_none_or(|until| now <= until);
            counting.insert(entry.fingerprint, counts.then(|| entry.holder.clone()));
            match entry.holder {
                Holder::User(user) if counts => drop(goods.users.insert(user)),
                Holder::Group(group) if counts => drop(goods.groups.insert(group)),
                Holder::Shared if counts => goods.anybody = true,
                _ => {}
            }
        }
        let mut passed: HashMap<UserId, Vec<PassedCertificate>> = HashMap::new();
        for one in register.results().passed().await? {
            let Some(user) = core.users().find(&one.user) else { continue };
            let is_good = match counting.get(&one.fingerprint) {
                Some(Some(Holder::User(holder))) => *holder == one.user,
                Some(Some(Holder::Group(group))) => user.standing().is_in(group),
                Some(Some(Holder::Shared)) => true,
                Some(_) => false,
                // Of another authority, by a mapping: it was good when it was seen, and ends when it says.
                None => one.not_after.is_none_or(|end| now <= end),
            };
            if is_good {
                passed.entry(one.user.clone()).or_default().push(one);
            }
        }
        for (user, certificates) in passed {
            let passes_at = |app: &RolloutApp| certificates.iter().any(|one| covers(&policies, &one.app, &app.app));
            if !apps.is_empty() && apps.iter().all(passes_at) {
                let last = certificates.iter().map(|one| one.last_at).max();
                goods.shown.extend(last.map(|last| (user, last)));
            }
        }
        Ok(goods)
    }

    /// Whether a certificate of the register counts for a user.
    pub(super) fn holds(&self, user: &UserStanding) -> bool {
        let has = self.anybody || self.users.contains(&user.user) || user.groups.iter().any(|group| self.groups.contains(group));
        user.certificates.counts() && has
    }

    /// When a user showed a good one last.
    pub(super) fn shown_at(&self, user: &UserStanding) -> Option<Timestamp> {
        self.shown.get(&user.user).copied().filter(|_| user.certificates.counts())
    }
}

/// Whether a certificate that passed at one app passes at another: the same, or one that asks for no other authorities.
fn covers(policies: &Policies, seen_at: &str, wanted_at: &str) -> bool {
    let trusted = |app: &str| -> Vec<TrustSet> {
        policies.app(app).map(|app| app.certificate_demands().map(|demand| demand.trust).collect()).unwrap_or_default()
    };
    if seen_at == wanted_at {
        return true;
    }
    let (seen, wanted) = (trusted(seen_at), trusted(wanted_at));
    // Of which of several demands it was there is not known.
    let Some(first) = seen.first().filter(|first| seen.iter().all(|one| one == *first)) else { return false };
    wanted.iter().all(|wanted| first.0 & !wanted.0 == 0)
}
