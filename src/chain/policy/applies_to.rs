//! Whom a demand for a client certificate concerns: everyone, or the users who were selected.

use super::rules::AppPolicy;
use super::{ClientCertificate, Demands, Mode, Policy};
use crate::principal::user::UserStanding;

/// Whom a demand for a client certificate concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AppliesTo {
    /// Everyone, known or not.
    #[default]
    Everyone,
    /// The users who were selected, as soon as it is known who asks.
    SelectedUsers,
}

impl AppliesTo {
    /// Whether it concerns this user; `None` as long as nobody is known.
    pub fn concerns(self, known: Option<&UserStanding>) -> bool {
        match self {
            Self::Everyone => true,
            Self::SelectedUsers => known.is_some_and(UserStanding::is_selected_for_certificates),
        }
    }
}

impl Policy {
    /// Whether it demands a certificate of this user in one of these modes.
    fn asks_certificate_of(&self, user: &UserStanding, modes: &[Mode]) -> bool {
        let demanded = |demands: &Demands| {
            let demand = &demands.client_certificate;
            modes.contains(&demand.mode) && demand.applies_to.concerns(Some(user))
        };
        self.demands(Some(user)).any(demanded)
    }

    /// Whether this user signs in there.
    fn signs_in(&self, user: &UserStanding) -> bool {
        self.demands(Some(user)).any(|demands| demands.primary_factor.mode != Mode::Off)
    }
}

impl AppPolicy {
    /// Whether a session of this user is bound to the certificate that it begins with. Where none is demanded of the user, one
    /// that is shown by the way binds nothing: with another one, or none, the session goes on.
    pub fn binds_certificate_of(&self, user: &UserStanding) -> bool {
        self.where_signed_in(user).any(|policy| policy.asks_certificate_of(user, &[Mode::Observe, Mode::Offer, Mode::Require]))
    }

    /// Whether a part of this app does not open to this user without a certificate that is good.
    pub fn requires_certificate_of(&self, user: &UserStanding) -> bool {
        self.where_signed_in(user).any(|policy| policy.asks_certificate_of(user, &[Mode::Require]))
    }

    /// What it demands of certificates anywhere and of anybody, as far as that is anything.
    pub fn certificate_demands(&self) -> impl Iterator<Item = &ClientCertificate> {
        let sets = self
            .all()
            .flat_map(|policy| std::iter::once(&policy.base).chain(policy.additions.iter().map(|addition| &addition.demands)));
        sets.map(|demands| &demands.client_certificate).filter(|demand| demand.mode != Mode::Off)
    }

    /// What it demands of this user's certificates wherever it admits the user, as far as that is anything: as it would if the
    /// user were selected. Where people sign in, what machines meet elsewhere is no matter.
    pub fn certificate_demands_of<'p>(&'p self, user: &'p UserStanding) -> impl Iterator<Item = &'p ClientCertificate> {
        let any_signs_in = self.where_signed_in(user).next().is_some();
        let admits = move |demands: &Demands| demands.primary_factor.admits(user);
        let is_met = move |policy: &&Policy| (!any_signs_in || policy.signs_in(user)) && policy.demands(Some(user)).all(admits);
        let demands = self.all().filter(is_met).flat_map(move |policy| policy.demands(Some(user)));
        demands.map(|demands| &demands.client_certificate).filter(|demand| demand.mode != Mode::Off)
    }

    /// Where this user signs in, by what is demanded of everybody or of this user besides: what a certificate alone opens asks
    /// for no session.
    fn where_signed_in<'p>(&'p self, user: &'p UserStanding) -> impl Iterator<Item = &'p Policy> {
        self.all().filter(move |policy| policy.signs_in(user))
    }

    fn all(&self) -> impl Iterator<Item = &Policy> {
        std::iter::once(self.own()).chain(self.rules().iter().map(|rule| &*rule.policy))
    }
}
