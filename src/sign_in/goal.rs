//! What somebody signs in for: an app they were sent from, or a page of the portal. It says which policy is asked.

use std::borrow::Cow;
use std::sync::Arc;

use http::Method;

use crate::chain::policy::{Policies, Policy};
use crate::facts::path::RequestPath;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::facts::target::Target;
use crate::session::handover::Departure;

/// What somebody signs in for.
#[derive(Clone, Debug)]
pub enum Goal {
    /// An app, with the id of the departure.
    App {
        /// The id, which the forms carry.
        id: String,
        /// Where they come from.
        departure: Departure,
    },
    /// A page of the portal.
    Portal {
        /// Its path.
        back: String,
        /// Whether it needs a fresh sign-in with everything the account has (T36).
        fresh: bool,
        /// Whose page it is: some demand more than others.
        area: PortalArea,
    },
}

/// Which policy of the portal a page is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalArea {
    /// The portal's own.
    Account,
    /// That of own certificates.
    Certificates,
    /// The administration's.
    Administration,
}

impl PortalArea {
    /// The policy that its pages are judged by.
    pub const fn policy(self, policies: &Policies) -> &Policy {
        match self {
            Self::Account => policies.portal(),
            Self::Certificates => policies.certificates(),
            Self::Administration => policies.admin(),
        }
    }
}

impl Goal {
    /// What the forms carry.
    pub fn id(&self) -> &str {
        match self {
            Self::App { id, .. } => id,
            Self::Portal { back, .. } => back,
        }
    }

    /// The app's name, where it is one.
    pub fn app(&self) -> Option<&str> {
        match self {
            Self::App { departure, .. } => Some(&departure.app),
            Self::Portal { .. } => None,
        }
    }

    /// The certificate of the connection to the app; `None` where the portal's own connection counts.
    pub fn certificate(&self) -> Option<Option<&Arc<PresentedCertificate>>> {
        match self {
            Self::App { departure, .. } => Some(departure.certificate.as_ref()),
            Self::Portal { .. } => None,
        }
    }

    /// Whether it needs a fresh sign-in.
    pub const fn is_fresh(&self) -> bool {
        matches!(self, Self::Portal { fresh: true, .. })
    }

    /// The policy that is asked; `None` if the app is not there any more. Where the goal [needs](Self::is_fresh) a fresh
    /// sign-in it is to be met afresh.
    pub fn policy<'p>(&self, policies: &'p Policies) -> Option<Cow<'p, Policy>> {
        match self {
            Self::App { departure, .. } => {
                let path = departure.path_and_query.split('?').next().unwrap_or("/");
                let method = departure.method.parse().unwrap_or(Method::GET);
                let target = Target { method: &method, path: RequestPath::parse(path).ok()? };
                policies.app(&departure.app).and_then(|app| Some(app.select(&target).ok()?.merged()))
            }
            Self::Portal { area, .. } => Some(Cow::Borrowed(area.policy(policies))),
        }
    }
}
