//! Which certificates count for whom today, who has shown one that passes at the apps that are looked at, and whom those apps
//! concern: whom they admit nowhere meets nothing there.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::RolloutApp;
use crate::admin::error::AdminError;
use crate::certificate::entry::RegisterEntry;
use crate::certificate::passed::PassedCertificate;
use crate::chain::policy::rules::AppPolicy;
use crate::chain::policy::{ClientCertificate, Mode};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::principal::certificate::{Fingerprint, Holder, TrustSet};
use crate::principal::user::{GroupName, UserId, UserStanding};

/// What is known of certificates, all of one moment.
pub(super) struct Goods {
    /// What each user has shown that is good to this day.
    shown: HashMap<UserId, Vec<GoodCertificate>>,
    /// The apps that are looked at.
    apps: Vec<Arc<AppPolicy>>,
    users: HashSet<UserId>,
    groups: HashSet<GroupName>,
    anybody: bool,
}

/// A certificate that passed and is good to this day.
struct GoodCertificate {
    /// The bundles that led to it.
    trusted_by: TrustSet,
    last_at: Timestamp,
}

/// As many users are looked at one by one; of more all are read at once.
const EACH: usize = 200;

impl Goods {
    fn none(core: &Core, apps: &[RolloutApp]) -> Self {
        let policies = core.policies();
        let apps = apps.iter().filter_map(|app| policies.app(&app.app).cloned()).collect();
        Self { shown: HashMap::new(), apps, users: HashSet::new(), groups: HashSet::new(), anybody: false }
    }

    /// Of certificates that would pass at each of these apps.
    pub(super) async fn of(core: &Core, apps: &[RolloutApp]) -> Result<Self, AdminError> {
        let register = core.certificates();
        let now = core.clock().now();
        let ended = register.results().ended(now).await?;
        let mut counting: HashMap<Fingerprint, Option<Holder>> = HashMap::new();
        let mut goods = Self::none(core, apps);
        for entry in register.list() {
            let counts = counts(&entry, now) && !ended.contains(&entry.fingerprint);
            counting.insert(entry.fingerprint, counts.then(|| entry.holder.clone()));
            match entry.holder {
                Holder::User(user) if counts => drop(goods.users.insert(user)),
                Holder::Group(group) if counts => drop(goods.groups.insert(group)),
                Holder::Shared if counts => goods.anybody = true,
                _ => {}
            }
        }
        for one in register.results().passed().await? {
            goods.note(core, counting.get(&one.fingerprint).map(Option::as_ref), one);
        }
        Ok(goods)
    }

    /// The same of what these users have shown, and of nobody else; what counts for whom is not looked at ([`Self::holds`]).
    pub(super) async fn of_users(core: &Core, apps: &[RolloutApp], users: &[&UserId]) -> Result<Self, AdminError> {
        if users.len() > EACH {
            return Self::of(core, apps).await;
        }
        let (register, now) = (core.certificates(), core.clock().now());
        let mut goods = Self::none(core, apps);
        for user in users {
            for one in register.results().passed_of(user).await? {
                let holder = match register.find(one.fingerprint) {
                    None => None,
                    Some(entry) => {
                        let counts = counts(&entry, now) && !register.results().has_ended(one.fingerprint, now).await?;
                        Some(counts.then_some(entry.holder))
                    }
                };
                goods.note(core, holder.as_ref().map(Option::as_ref), one);
            }
        }
        Ok(goods)
    }

    /// Notes what passed for a user, where it is good to this day. `holder` is whose it is in the register: of one that counts; none of
    /// one that is there and does not count.
    fn note(&mut self, core: &Core, holder: Option<Option<&Holder>>, one: PassedCertificate) {
        let Some(user) = core.users().find(&one.user) else { return };
        let is_theirs = match holder {
            Some(Some(Holder::User(holder))) => *holder == one.user,
            Some(Some(Holder::Group(group))) => user.standing().is_in(group),
            Some(Some(Holder::Shared)) => true,
            Some(_) => false,
            // Of another authority, by a mapping. One that was taken out of the register is to be shown again first.
            None => !one.backing.is_registered,
        };
        // Whose own end is not known may have ended.
        if is_theirs && one.backing.not_after.is_some_and(|end| core.clock().now() <= end) {
            let trusted_by = TrustSet::named(&one.backing.trusted_by, &core.config().file.trust);
            self.shown.entry(one.user).or_default().push(GoodCertificate { trusted_by, last_at: one.last_at });
        }
    }

    /// Whether an app that is looked at admits a user where it demands certificates; where none is looked at, everybody.
    pub(super) fn concerns(&self, user: &UserStanding) -> bool {
        self.apps.is_empty() || self.demands_of(user).any(|demands| !demands.is_empty())
    }

    /// Whether a certificate is demanded of a user there.
    pub(super) fn selects(&self, user: &UserStanding) -> bool {
        if self.apps.is_empty() {
            return user.is_selected_for_certificates();
        }
        self.demands_of(user).flatten().any(|demand| demand.applies_to.concerns(Some(user)))
    }

    /// Whether a certificate of the register counts for a user.
    pub(super) fn holds(&self, user: &UserStanding) -> bool {
        let has = self.anybody || self.users.contains(&user.user) || user.groups.iter().any(|group| self.groups.contains(group));
        user.certificates.counts() && has
    }

    /// Whether an app does not open to a user any more who stands so from now on, for want of a certificate.
    pub(super) fn comes_to_shut_out(&self, before: &UserStanding, after: &UserStanding) -> bool {
        self.apps.iter().any(|app| self.is_shut_out(app, after) && !self.is_shut_out(app, before))
    }

    /// Whether an app that admits a user demands a certificate that the user has never shown, or whose do not count.
    fn is_shut_out(&self, app: &AppPolicy, user: &UserStanding) -> bool {
        let counts = |demand: &&ClientCertificate| demand.mode == Mode::Require && demand.applies_to.concerns(Some(user));
        let required: Vec<_> = app.certificate_demands_of(user).filter(counts).collect();
        let passes = |one: &GoodCertificate| required.iter().all(|demand| demand.trust.meets(one.trusted_by));
        let shown = self.shown.get(&user.user).filter(|_| user.certificates.counts());
        !required.is_empty() && !shown.is_some_and(|shown| shown.iter().any(passes))
    }

    /// When a user showed a good one last: at each app one that passes there.
    pub(super) fn shown_at(&self, user: &UserStanding) -> Option<Timestamp> {
        let shown = self.shown.get(&user.user).filter(|_| user.certificates.counts())?;
        let mut last = None;
        for demands in self.demands_of(user).filter(|demands| !demands.is_empty()) {
            // A browser shows one certificate to a host, whatever the page.
            let passes = |one: &&GoodCertificate| demands.iter().all(|demand| demand.trust.meets(one.trusted_by));
            let here = shown.iter().filter(passes).map(|one| one.last_at).max()?;
            last = last.max(Some(here));
        }
        last
    }

    /// What each app demands of a certificate of a user, wherever it admits the user.
    fn demands_of<'g>(&'g self, user: &'g UserStanding) -> impl Iterator<Item = Vec<&'g ClientCertificate>> {
        self.apps.iter().map(|app| app.certificate_demands_of(user).collect())
    }
}

/// Whether a certificate of the register counts at this moment, as far as the register says.
fn counts(entry: &RegisterEntry, now: Timestamp) -> bool {
    entry.enabled
        && entry.revoked_at.is_none()
        && entry.counts_from().is_none_or(|from| from <= now)
        && entry.counts_until().is_none_or(|until| now <= until)
}
