//! The config file, key by key. The doc comment of a key is its description in the JSON Schema, the comment that
//! `init` writes beside it and its line in the manual: one definition, read by all.
//! Durations are written as `"90s"`, `"10m"`, `"12h"`, `"180d"`; sizes as `"64KiB"`, `"8MiB"`; networks as CIDR or a
//! single address.
//! A relative path starts at the folder of the config file.
//! Invariant: plain values only. What they mean together is worked out in `config::meaning` and compiled by the slices.

mod acme;
mod app;
mod approval;
mod certificates;
mod demands;
mod devices;
mod directory;
mod identity;
mod idp;
mod kerberos;
mod limits;
mod log;
mod mail;
mod matrix;
mod networks;
mod passkeys;
mod password;
mod portal;
mod regulation;
mod server;
mod session;
mod state;
mod time;
mod tls;
mod transaction;
mod trust;

use std::collections::BTreeMap;
use std::time::Duration;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::acme::{AcmeChallenge, AcmeSection};
pub use self::app::{
    AdditionSection, AppApprovals, AppCertificate, AppSection, CrossOriginCalls, Ping, RuleSection, UpstreamTls,
};
pub use self::approval::{Approval, LoginForms, NumberMatching};
pub use self::certificates::CertificatesSection;
pub use self::demands::{
    BrowserWay, CertificateDemandScope, ClientCertificateDemand, CookieDemand, DemandMode, DemandedBinding, DemandsSection,
    DesktopSsoDemand, DesktopSsoMode, GraceDemand, IpRestrictionDemand, LoginProtectDemand, OtpDemand, OtpMethod,
    PrimaryFactorDemand, PrimaryMethod, UnreachableDemand,
};
pub use self::devices::DevicesSection;
pub use self::directory::{DirectoryKind, DirectorySection, GroupsBy};
pub use self::identity::{Identity, IdentityPreset, NameEncoding};
pub use self::idp::{
    ClaimSource, ClientAuth, IdpGroups, IdpSection, IdpSignOut, LinkRule, NameIdKind, PkceUse, SamlSection, TokenAlgorithm,
    UnknownPerson,
};
pub use self::kerberos::{ChannelBindingMode, KerberosRealm, KerberosSection};
pub use self::limits::LimitsSection;
pub use self::log::{Log, LogFormat};
pub use self::mail::{Mail, MailSecurity, is_this_machine};
pub use self::matrix::{MatrixGroup, MatrixSection};
pub use self::networks::NamedNetworks;
pub use self::passkeys::PasskeysSection;
pub use self::password::{Password, Totp};
pub use self::portal::Portal;
pub use self::regulation::RegulationSection;
pub use self::server::{ClientAddressFrom, ProxyProtocol, ServerSection};
pub use self::session::{SessionBinding, SessionSection};
pub use self::state::StateSection;
pub use self::time::Time;
pub use self::tls::{TlsCertificate, TlsSection, TlsVersion};
pub use self::transaction::{ShownFormat, ShownSection, TransactionApprovers, TransactionMethod, TransactionSection};
pub use self::trust::{Mapping, MappingSource, MappingTarget, RevocationUnknown, Trust};
use super::units::{CidrBlock, TimeSpan};

/// The config file of Sekisho.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Sekisho")]
pub struct File {
    /// Where the gateway listens, and whom it believes.
    #[serde(default)]
    pub server: ServerSection,
    /// Certificates of the gateway itself.
    pub tls: TlsSection,
    /// Authorities that issue certificates of the gateway itself by ACME, by name: `[acme.letsencrypt]`.
    #[serde(default)]
    pub acme: BTreeMap<String, AcmeSection>,
    /// The gateway's own host: sign-in, launcher, account, administration.
    pub portal: Portal,
    /// Where state is kept.
    pub state: StateSection,
    /// Networks by name: `[networks.office]`. Every list of networks in this file takes such a name beside addresses, as in
    /// `allow = ["office", "192.0.2.7"]` (docs/networks.md).
    #[serde(default)]
    pub networks: BTreeMap<String, NamedNetworks>,
    /// Authorities whose client certificates are known, by name: `[trust.corp]`.
    #[serde(default)]
    pub trust: BTreeMap<String, Trust>,
    /// Directories that judge passwords, by name: `[directory.corp]`. `ad_password` asks the one that the name belongs to.
    #[serde(default)]
    pub directory: BTreeMap<String, DirectorySection>,
    /// Identity providers that people sign in at, with the method `idp`: one `[[idp]]` each.
    #[serde(default)]
    pub idp: Vec<IdpSection>,
    /// Kerberos tickets, for `desktop_sso`.
    #[serde(default)]
    pub kerberos: Option<KerberosSection>,
    /// Named policies that apps refer to: `[policy.strict]`.
    #[serde(default)]
    pub policy: BTreeMap<String, DemandsSection>,
    /// The apps behind the gateway: one `[[app]]` each.
    #[serde(default)]
    pub app: Vec<AppSection>,
    /// More demands for a group or a user, on every app and on the portal: one `[[addition]]` each. It holds where a
    /// primary factor is demanded; elsewhere nobody is known.
    #[serde(default)]
    pub addition: Vec<AdditionSection>,
    /// Client certificates that are issued here: how their users fetch them, and when they are reminded.
    #[serde(default)]
    pub certificates: CertificatesSection,
    /// How long sessions and registered browsers live.
    #[serde(default)]
    pub session: SessionSection,
    /// Browsers that an administrator lets in.
    #[serde(default)]
    pub devices: DevicesSection,
    /// Passwords of our own directory.
    #[serde(default)]
    pub password: Password,
    /// One-time passwords by an authenticator app (RFC 6238).
    #[serde(default)]
    pub totp: Totp,
    /// Passkeys (WebAuthn).
    #[serde(default)]
    pub passkeys: PasskeysSection,
    /// Patterns on tables of digits.
    #[serde(default)]
    pub matrix: MatrixSection,
    /// Approvals on the phone.
    #[serde(default)]
    pub approval: Approval,
    /// Login forms that are shut until their owner opens them from the phone, on every policy with `login_protect`.
    #[serde(default)]
    pub login_protect: LoginForms,
    /// Slowing down and locking out those who guess.
    #[serde(default)]
    pub regulation: RegulationSection,
    /// What upstreams learn about the user.
    #[serde(default)]
    pub identity: Identity,
    /// Outgoing mail; without it messages wait in the outbox, to be shown or printed.
    #[serde(default)]
    pub mail: Option<Mail>,
    /// Days and times as people enter and read them.
    #[serde(default)]
    pub time: Time,
    /// Sizes and times that hold for every connection and request.
    #[serde(default)]
    pub limits: LimitsSection,
    /// What the program writes about itself.
    #[serde(default)]
    pub log: Log,
    /// A profile of a standard that the whole of this config must meet: `sekisho check` proves it line by line, and the
    /// gateway does not start without (docs/profiles.md).
    #[serde(default)]
    pub profile: Option<StandardProfile>,
}

/// A profile of a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Profile", rename_all = "kebab-case")]
pub enum StandardProfile {
    /// NIST SP 800-63B-4, authentication assurance level 2.
    NistAal2,
    /// OWASP ASVS 5.0, chapters 6 and 7, level 2.
    AsvsL2,
}

/// The networks of a list, as the chain wants them.
pub fn networks(list: &[CidrBlock]) -> Box<[IpNet]> {
    list.iter().map(|network| network.0).collect()
}

/// A length as the standard library has it.
pub fn duration(length: TimeSpan) -> Duration {
    length.0
}
