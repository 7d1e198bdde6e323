//! `[directory.NAME]`: Active Directory and other LDAP servers.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// A directory that judges passwords. It is asked over TLS alone, as the user who signs in: no account of ours is needed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Directory", deny_unknown_fields)]
pub struct DirectorySection {
    /// What it is.
    pub kind: DirectoryKind,
    /// Its servers, the next one asked where one cannot be reached: `ldaps://dc1.corp.example`, or
    /// `ldap://dc1.corp.example`, which goes over to TLS (StartTLS) before anything is said. Their certificates must carry
    /// the host as a subject alternative name.
    pub urls: Vec<String>,
    /// PEM file with the authority of their certificates; the system's authorities by default.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// What stands behind the `@` of the name that is signed in with there (the UPN suffix): `corp.example`.
    pub upn_suffix: String,
    /// Where its users are: `DC=corp,DC=example`. Each must be able to find the own entry there.
    pub base: String,
    /// How a user of ours is called there, before the `@`: `{user}` stands for the name here, without `@` and the suffix.
    #[serde(default = "same_name")]
    pub login_name: String,
    /// Connecting to a server, TLS included.
    #[serde(default = "three_seconds")]
    pub connect_within: TimeSpan,
    /// Each answer of a server.
    #[serde(default = "three_seconds")]
    pub answer_within: TimeSpan,
    /// Passwords judged there at once; more wait as long as an answer may take.
    #[serde(default = "sixteen")]
    pub at_once: usize,
}

fn same_name() -> String {
    "{user}".to_owned()
}

const fn three_seconds() -> TimeSpan {
    TimeSpan::seconds(3)
}

const fn sixteen() -> usize {
    16
}

/// What a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryKind {
    /// Active Directory, Microsoft's or Samba's.
    ActiveDirectory,
}
