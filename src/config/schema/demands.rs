//! `demands`: what each of the six checks asks for, of an app, the portal or a rule.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::{CidrBlock, TimeSpan};
use crate::principal::number_style::NumberStyle;

/// How much a check counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Mode", rename_all = "snake_case")]
#[schemars(extend("x-not-in-this-build" = ["offer"]))]
pub enum DemandMode {
    /// Not at all.
    Off,
    /// Evaluate, record who would fail, let pass: for a staged roll-out.
    Observe,
    /// Nothing passes without it.
    Require,
}

/// What each of the six checks demands. A check that is not named is off; the portal has defaults of its own.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Demands", deny_unknown_fields, default)]
pub struct DemandsSection {
    /// Check 1: the network a request comes from.
    pub ip_restriction: Option<IpRestrictionDemand>,
    /// Check 2: the certificate of the connection.
    pub client_certificate: Option<ClientCertificateDemand>,
    /// Check 3: a Kerberos ticket.
    pub desktop_sso: Option<DesktopSsoDemand>,
    /// Check 4: who it is.
    pub primary_factor: Option<PrimaryFactorDemand>,
    /// Check 5: a registered browser.
    pub cookie: Option<CookieDemand>,
    /// Check 6: a one-time password.
    pub otp: Option<OtpDemand>,
    /// How a number is carried to the phone, where a push asks for one; `number_style` of `[approval]` where nobody says.
    /// The strictest of those that hold for a user applies.
    pub number_style: Option<NumberStyle>,
}

const fn require() -> DemandMode {
    DemandMode::Require
}

/// Check 1: the network a request comes from.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "IpRestriction", deny_unknown_fields)]
pub struct IpRestrictionDemand {
    /// How much it counts.
    #[serde(default = "require")]
    pub mode: DemandMode,
    /// If not empty, the only networks allowed. List IPv4 and IPv6 where both are used.
    #[serde(default)]
    pub allow: Vec<CidrBlock>,
    /// Networks refused.
    #[serde(default)]
    pub deny: Vec<CidrBlock>,
}

/// Check 2: the certificate of the connection.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "ClientCertificate", deny_unknown_fields)]
pub struct ClientCertificateDemand {
    /// How much it counts.
    #[serde(default = "require")]
    pub mode: DemandMode,
    /// The authorities accepted, by their names under `[trust]`.
    pub trust: Vec<String>,
    /// Whom it concerns.
    #[serde(default)]
    pub applies_to: CertificateDemandScope,
}

/// Whom a demand for a client certificate concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateDemandScope {
    /// Everyone.
    #[default]
    Everyone,
    /// The users who were selected (`user set-certificates`, `group set-certificates`), as soon as it is known who asks. Of the
    /// others nothing is demanded; a good certificate that they show is noted.
    SelectedUsers,
}

/// Check 3: a Kerberos ticket, as `[kerberos]` takes them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "DesktopSso", deny_unknown_fields, default)]
pub struct DesktopSsoDemand {
    /// How much it counts.
    pub mode: DesktopSsoMode,
    /// Whether a ticket stands for the primary factor too: who has one is asked for no password. Off: the primary factor is
    /// asked for besides, and must be the same user's.
    pub desktop_sso_is_primary: bool,
}

impl Default for DesktopSsoDemand {
    fn default() -> Self {
        Self { mode: DesktopSsoMode::Require, desktop_sso_is_primary: false }
    }
}

/// How much a Kerberos ticket counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DesktopSsoMode {
    /// Not at all.
    Off,
    /// Ask for it, record who has none, let pass: for a staged roll-out.
    Observe,
    /// Ask for it, and go on without it.
    Offer,
    /// Nothing passes without it.
    Require,
}

/// Check 4: who it is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "PrimaryFactor", deny_unknown_fields, default)]
pub struct PrimaryFactorDemand {
    /// How much it counts.
    pub mode: DemandMode,
    /// The methods accepted, the first is offered first. Of `password` and `ad_password` a user's form takes the one that
    /// is assigned to the user, and where both are the one named first.
    pub methods: Vec<PrimaryMethod>,
    /// If not empty, only members of these groups (or the users below) may pass.
    pub groups: Vec<String>,
    /// If not empty, only these users (or members of the groups above) may pass.
    pub users: Vec<String>,
    /// How old it may be before it is asked for again.
    pub max_age: Option<TimeSpan>,
    /// Keeps the login form shut until its owner opens it from the phone: until then no password is evaluated.
    pub login_protect: Option<LoginProtectDemand>,
}

impl Default for PrimaryFactorDemand {
    fn default() -> Self {
        Self {
            mode: DemandMode::Require,
            methods: vec![PrimaryMethod::Password],
            groups: Vec::new(),
            users: Vec::new(),
            max_age: None,
            login_protect: None,
        }
    }
}

/// A login form that is shut until its owner opens it from the phone, for one password and a minute at most, or what
/// `window` of `[login_protect]` says.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "LoginProtect", deny_unknown_fields)]
pub struct LoginProtectDemand {
    /// The organisation: 3 to 32 characters of `a-z`, `0-9` and `-`.
    pub organisation: String,
    /// The service a release is good for: 16 characters of `A-Za-z0-9-@._`; `sekisho login-protect service` draws one.
    /// Policies that name the same service share its windows.
    pub service: String,
    /// What happens while nothing can be learnt of windows.
    #[serde(default)]
    pub when_unreachable: UnreachableDemand,
}

/// What happens while nothing can be learnt of windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "WhenUnreachable", rename_all = "snake_case")]
pub enum UnreachableDemand {
    /// Nobody signs in by a password.
    #[default]
    Deny,
    /// The password of Active Directory is asked for too, and both must be right. Each time is logged.
    RequireAdPassword,
    /// As if it were open: the password alone. Each time is logged.
    AsOpen,
}

/// A way to prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryMethod {
    /// Approval on the phone, without a password.
    Push,
    /// A password of our own directory.
    Password,
    /// A password judged by Active Directory: the one under `[directory]`.
    AdPassword,
    /// A sign-in at an identity provider: one of `[[idp]]`.
    Idp,
    /// A passkey (WebAuthn): no user name is typed. It proves two factors, so that it passes `otp` too where that accepts
    /// `passkey`.
    Passkey,
    /// A one-time password, read along the user's own pattern off a table of digits: `[matrix]`.
    Matrix,
    /// The same, off the table that the user's registered phone shows.
    TokenMatrix,
}

/// Check 5: a registered browser.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Cookie", deny_unknown_fields, default)]
pub struct CookieDemand {
    /// How much it counts.
    pub mode: DemandMode,
    /// The ways of registration accepted.
    pub ways: Vec<BrowserWay>,
    /// Whether the registration must be bound to a key that the browser keeps.
    pub browser_binding: DemandedBinding,
}

/// Whether a registered browser must keep a key (Device Bound Session Credentials).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemandedBinding {
    /// Where it can: one that is bound counts only with its key, one that is not counts by its cookie.
    #[default]
    IfAvailable,
    /// Only a browser that keeps a key passes: Chrome 146 and newer on Windows today.
    Require,
}

impl Default for CookieDemand {
    fn default() -> Self {
        Self { mode: DemandMode::Require, ways: vec![BrowserWay::Otp], browser_binding: DemandedBinding::IfAvailable }
    }
}

/// A way to register a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrowserWay {
    /// By carrying a number to the phone, when signing in by `push`.
    NumberMatch,
    /// By an administrator, who approves what the user applies for after the primary factor.
    AdminApproval,
    /// By a one-time link of an administrator.
    Link,
    /// By a one-time password.
    Otp,
}

/// Check 6: a one-time password.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Otp", deny_unknown_fields, default)]
pub struct OtpDemand {
    /// How much it counts.
    pub mode: DemandMode,
    /// The methods accepted.
    pub methods: Vec<OtpMethod>,
    /// How old it may be before it is asked for again.
    pub max_age: Option<TimeSpan>,
    /// Whether a registered browser stands for it. Off: a cookie can be copied, a one-time password cannot.
    pub skip_with_cookie: bool,
    /// A time without: who has no second factor passes by the primary factor alone. Without this key nobody does.
    pub grace: Option<GraceDemand>,
}

/// A time without a second factor, from the first moment without one (R-436…R-441).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Grace", deny_unknown_fields)]
pub struct GraceDemand {
    /// How long: `"7d"`.
    #[serde(default = "a_week")]
    pub lasts: TimeSpan,
    /// For whom it ends: members of these groups, who have the right to approve; the others go on without. If empty, it
    /// ends for everybody.
    #[serde(default)]
    pub ends_for: Vec<String>,
}

const fn a_week() -> TimeSpan {
    TimeSpan(Duration::from_secs(7 * 86_400))
}

impl Default for OtpDemand {
    fn default() -> Self {
        Self {
            mode: DemandMode::Require,
            methods: vec![OtpMethod::Totp, OtpMethod::RecoveryCode],
            max_age: None,
            skip_with_cookie: false,
            grace: None,
        }
    }
}

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtpMethod {
    /// An authenticator app.
    Totp,
    /// Approval on the phone, after the primary factor.
    Push,
    /// One of ten single-use codes.
    RecoveryCode,
    /// A passkey (WebAuthn).
    Passkey,
}
