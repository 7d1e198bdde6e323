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
}

impl AppPolicy {
    /// Whether a session of this user is bound to the certificate that it begins with. Where none is demanded of the user, one
    /// that is shown by the way binds nothing: with another one, or none, the session goes on.
    pub fn binds_certificate_of(&self, user: &UserStanding) -> bool {
        self.of_people().any(|policy| policy.asks_certificate_of(user, &[Mode::Observe, Mode::Offer, Mode::Require]))
    }

    /// Whether a part of this app does not open to this user without a certificate that is good.
    pub fn requires_certificate_of(&self, user: &UserStanding) -> bool {
        self.of_people().any(|policy| policy.asks_certificate_of(user, &[Mode::Require]))
    }

    /// What it demands of certificates anywhere and of anybody, as far as that is anything.
    pub fn certificate_demands(&self) -> impl Iterator<Item = &ClientCertificate> {
        let sets = self
            .all()
            .flat_map(|policy| std::iter::once(&policy.base).chain(policy.additions.iter().map(|addition| &addition.demands)));
        sets.map(|demands| &demands.client_certificate).filter(|demand| demand.mode != Mode::Off)
    }

    /// Where people sign in: what a certificate alone opens asks for no session.
    fn of_people(&self) -> impl Iterator<Item = &Policy> {
        self.all().filter(|policy| policy.base.primary_factor.mode != Mode::Off)
    }

    fn all(&self) -> impl Iterator<Item = &Policy> {
        std::iter::once(self.own()).chain(self.rules().iter().map(|rule| &*rule.policy))
    }
}
