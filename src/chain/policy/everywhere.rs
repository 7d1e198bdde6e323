//! All policies of a gateway at once: for whatever has to hold on each of them, for nobody else makes a list of them.

use super::{Demands, Policies, Policy};
use crate::principal::method::Method;
use crate::principal::user::UserStanding;

/// Where a policy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyOwner<'p> {
    /// The portal.
    Portal,
    /// The portal's administration.
    Administration,
    /// The portal's page of own certificates.
    Certificates,
    /// The app of this name.
    App(&'p str),
}

impl<'p> PolicyOwner<'p> {
    /// What it is called: `portal`, `admin`, `certificates`, or the app's name.
    pub const fn name(self) -> &'p str {
        match self {
            Self::Portal => "portal",
            Self::Administration => "admin",
            Self::Certificates => "certificates",
            Self::App(name) => name,
        }
    }

    /// The app's name, where it is an app's.
    pub const fn app(self) -> Option<&'p str> {
        match self {
            Self::App(name) => Some(name),
            Self::Portal | Self::Administration | Self::Certificates => None,
        }
    }
}

impl Policies {
    /// Every policy: those of the gateway's own pages, then those of the apps, each with its rules.
    pub fn each(&self) -> impl Iterator<Item = (PolicyOwner<'_>, &Policy)> {
        let own = [
            (PolicyOwner::Portal, &self.portal),
            (PolicyOwner::Administration, &self.admin),
            (PolicyOwner::Certificates, &self.certificates),
        ];
        own.into_iter().chain(self.apps().flat_map(|(name, app)| {
            std::iter::once(app.own())
                .chain(app.rules().iter().map(|rule| &*rule.policy))
                .map(move |policy| (PolicyOwner::App(name), policy))
        }))
    }

    /// The same by name; rules come under the app's.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Policy)> {
        self.each().map(|(owner, policy)| (owner.name(), policy))
    }

    /// Every policy that this user may meet: that of the administration only where the user is an administrator.
    pub fn met_by<'p>(&'p self, user: &UserStanding) -> impl Iterator<Item = (PolicyOwner<'p>, &'p Policy)> {
        let administers = self.numbers.group.as_ref().is_some_and(|group| user.is_in(group));
        self.each().filter(move |(owner, _)| administers || *owner != PolicyOwner::Administration)
    }
}

impl Policy {
    /// What is demanded of everybody: the base first, then what is for everybody on top.
    pub fn of_everybody(&self) -> impl Iterator<Item = &Demands> + Clone {
        self.demands(None)
    }

    /// The same demands, which a time without a second factor meets for nobody, whatever is said of one, in the base or on top.
    #[must_use]
    pub fn without_grace(mut self) -> Self {
        let on_top = self.additions.iter_mut().map(|addition| &mut addition.demands);
        for demands in on_top.chain([&mut self.base]) {
            demands.otp.methods = demands.otp.methods.without(Method::Grace);
            demands.otp.grace = None;
        }
        self
    }
}
