//! `[trust.NAME]`: authorities of client certificates, and how a certificate names its holder.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An authority whose client certificates are known.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// PEM file with its certificates.
    pub bundle: PathBuf,
    /// PEM or DER files with its revocation lists; read again when they change.
    #[serde(default)]
    pub revocation_lists: Vec<PathBuf>,
    /// Addresses (`http://`, `https://`) that publish its revocation lists: fetched before each next update, kept over a restart.
    #[serde(default)]
    pub revocation_urls: Vec<String>,
    /// What a missing or outdated revocation list means, where any is configured.
    #[serde(default)]
    pub revocation_unknown: RevocationUnknown,
    /// Whose a certificate is, tried in this order; the first that finds a holder decides. The register comes first always.
    #[serde(default)]
    pub mapping: Vec<Mapping>,
}

/// What a missing or outdated revocation list means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevocationUnknown {
    /// Refuse the certificate.
    #[default]
    Refuse,
    /// Accept it, and say so in the audit log.
    Accept,
}

/// How a certificate names its holder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Where the name is read.
    pub from: MappingSource,
    /// What it names.
    #[serde(default)]
    pub to: MappingTarget,
    /// A part before it, cut off: `spiffe://example.com/`. A name without it does not match.
    #[serde(default)]
    pub prefix: Option<String>,
    /// A part behind it, cut off: `@example.com`. A name without it does not match.
    #[serde(default)]
    pub suffix: Option<String>,
}

/// Where a certificate's name is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MappingSource {
    /// The common name of the subject.
    CommonName,
    /// Subject alternative name: e-mail address.
    SanEmail,
    /// Subject alternative name: Microsoft user principal name.
    SanUpn,
    /// Subject alternative name: URI (SPIFFE).
    SanUri,
    /// Subject alternative name: DNS name.
    SanDns,
    /// No name: every certificate of this authority is shared by its users.
    Any,
}

/// What a certificate names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MappingTarget {
    /// A user of the directory.
    #[default]
    User,
    /// Nobody in particular: several users share it.
    Shared,
    /// A machine: the name becomes `Remote-User` where no primary factor is demanded.
    Machine,
}
