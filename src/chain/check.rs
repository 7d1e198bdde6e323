//! The six checks and their order.

use serde::{Deserialize, Serialize};

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
