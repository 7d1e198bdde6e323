//! The six checks and their order, and what one of them found before and after its mode is weighed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::policy::Mode;
use self::refusal::Refusal;
use self::trace::Outcome;
use super::policy::Mode;
use super::refusal::Refusal;
use super::trace::Outcome;
use crate::principal::method::Methods;

/// One of the six checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Check {
    /// 1. Where the request comes from.
    IpRestriction,
    /// 2. The certificate of the connection.
    ClientCertificate,
    /// 3. A Kerberos ticket.
    DesktopSso,
    /// 4. Who it is: password, push, …
    PrimaryFactor,
    /// 5. A registered browser.
    Cookie,
    /// 6. A one-time password.
    Otp,
}

impl Check {
    /// The order, and there is no other (R-028…R-033).
    pub const ORDER: [Self; 6] =
        [Self::IpRestriction, Self::ClientCertificate, Self::DesktopSso, Self::PrimaryFactor, Self::Cookie, Self::Otp];

    /// The word used in the config, the log and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::IpRestriction => "ip_restriction",
            Self::ClientCertificate => "client_certificate",
            Self::DesktopSso => "desktop_sso",
            Self::PrimaryFactor => "primary_factor",
            Self::Cookie => "cookie",
            Self::Otp => "otp",
        }
    }
}

/// What one check's file found, before its mode is weighed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    pub(super) mode: Mode,
    pub(super) fault: Option<Refusal>,
    pub(super) methods: Methods,
    pub(super) max_age: Option<Duration>,
}

impl Finding {
    pub(super) const OFF: Self = Self { mode: Mode::Off, fault: None, methods: Methods::NONE, max_age: None };

    pub(super) const fn new(mode: Mode, fault: Option<Refusal>) -> Self {
        Self { mode, fault, methods: Methods::NONE, max_age: None }
    }
}

/// Where modes are weighed, once for all six.
pub(super) const fn weigh(finding: Finding) -> Outcome {
    match (finding.mode, finding.fault) {
        (Mode::Off, _) => Outcome::NotApplicable,
        (Mode::Observe | Mode::Offer | Mode::Require, None) => Outcome::Ok,
        (Mode::Observe, Some(refusal)) => Outcome::Observed(refusal),
        // Offered and not taken: the chain goes on, and the trace does not call it passed.
        (Mode::Offer, Some(_)) => Outcome::NotApplicable,
        (Mode::Require, Some(refusal)) => Outcome::Fail(refusal),
    }
}
