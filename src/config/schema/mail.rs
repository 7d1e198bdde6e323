//! `[mail]`: how messages are sent.

use std::net::IpAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::CidrBlock;

/// Outgoing mail.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The relay's host name.
    pub host: String,
    /// Its port.
    #[serde(default = "submission")]
    pub port: u16,
    /// `starttls`, `tls` or `plain` (towards this machine, and the networks of `plain_networks`).
    #[serde(default)]
    pub security: MailSecurity,
    /// PEM file with the authority that signed the relay's certificate; those of the system by default. It is trusted alone.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// With `plain`: networks in which the relay may be spoken to without TLS, and without a password. Whoever can listen there
    /// reads invitations. The relay's addresses are looked up for each message, and only those inside are used; none by default.
    #[serde(default)]
    pub plain_networks: Vec<CidrBlock>,
    /// The sender: `Sekisho <sekisho@example.com>`.
    pub from: String,
    /// Name to sign in with.
    #[serde(default)]
    pub user: Option<String>,
    /// File with the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
}

const fn submission() -> u16 {
    587
}

/// How mail is protected on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// STARTTLS, required.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: only towards a relay on this machine, or in `plain_networks`.
    Plain,
}

/// Whether a host is this machine, by its loopback address or the name of that.
pub fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
