//! The config file, key by key. The doc comment of a key is its description in the JSON Schema, the comment that
//! `init` writes beside it and its line in the manual: one definition, read by all.
//! Durations are written as `"90s"`, `"10m"`, `"12h"`, `"180d"`; sizes as `"64KiB"`, `"8MiB"`; networks as CIDR or a
//! single address.
//! A relative path starts at the folder of the config file.
//! Invariant: plain values only. What they mean together is worked out in `config::meaning` and compiled by the slices.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::units::{Length, Network, Size, Socket, Zone};

/// The config file of Sekisho.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Sekisho")]
pub struct File {
    /// Where the gateway listens, and whom it believes.
    #[serde(default)]
    pub server: Server,
    /// Certificates of the gateway itself.
    pub tls: Tls,
    /// The gateway's own host: sign-in, launcher, account, administration.
    pub portal: Portal,
    /// Where state is kept.
    pub state: State,
    /// Authorities whose client certificates are known, by name: `[trust.corp]`.
    #[serde(default)]
    pub trust: BTreeMap<String, Trust>,
    /// Directories that judge passwords, by name: `[directory.corp]`. `ad_password` asks it; this build asks one.
    #[serde(default)]
    pub directory: BTreeMap<String, Directory>,
    /// Named policies that apps refer to: `[policy.strict]`.
    #[serde(default)]
    pub policy: BTreeMap<String, Demands>,
    /// The apps behind the gateway: one `[[app]]` each.
    #[serde(default)]
    pub app: Vec<App>,
    /// More demands for a group or a user, on every app and on the portal: one `[[addition]]` each. It holds where a
    /// primary factor is demanded; elsewhere nobody is known.
    #[serde(default)]
    pub addition: Vec<Addition>,
    /// How long sessions and registered browsers live.
    #[serde(default)]
    pub session: Session,
    /// Passwords of our own directory.
    #[serde(default)]
    pub password: Password,
    /// One-time passwords by an authenticator app (RFC 6238).
    #[serde(default)]
    pub totp: Totp,
    /// Approvals on the phone.
    #[serde(default)]
    pub approval: Approval,
    /// Login forms that are shut until their owner opens them from the phone, on every policy with `login_protect`.
    #[serde(default)]
    pub login_protect: LoginForms,
    /// Slowing down and locking out those who guess.
    #[serde(default)]
    pub regulation: Regulation,
    /// What upstreams are told about the user.
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
    pub limits: Limits,
    /// What the program writes about itself.
    #[serde(default)]
    pub log: Log,
    /// A profile of a standard that the whole of this config must meet: `sekisho check` proves it line by line, and the
    /// gateway does not start without (docs/profiles.md).
    #[serde(default)]
    pub profile: Option<Profile>,
}

/// A profile of a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// NIST SP 800-63B-4, authentication assurance level 2.
    NistAal2,
    /// OWASP ASVS 5.0, chapters 6 and 7, level 2.
    AsvsL2,
}

/// Where the gateway listens, and whom it believes.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// TLS listeners. With socket activation (`LISTEN_FDS`) the sockets handed over under the name `https`, or under none,
    /// are used instead.
    #[schemars(with = "Vec<Socket>")]
    pub listen: Vec<SocketAddr>,
    /// Plain-HTTP listeners that answer every request with a redirect to HTTPS; none by default. Sockets handed over under
    /// the name `http` are used instead.
    #[schemars(with = "Vec<Socket>")]
    pub redirect_listen: Vec<SocketAddr>,
    /// The operations listener: `/healthz`, `/readyz`, `/metrics`. Keep it off public networks.
    #[schemars(with = "Option<Socket>")]
    pub operations_listen: Option<SocketAddr>,
    /// Peers whose word about the client (the field below), `X-Request-Id`, PROXY protocol header and questions by
    /// forward-auth are believed; nobody by default.
    pub trusted_proxies: Vec<Network>,
    /// The one field by which those peers say where a request came from: `"x-forwarded-for"` or `"forwarded"` (RFC 7239).
    /// The other is never read: a proxy hands it on as its client sent it.
    pub client_address_from: ClientAddressFrom,
    /// Whether trusted peers begin their connections with a PROXY protocol header (v1 or v2).
    pub proxy_protocol: ProxyProtocol,
    /// How long a shutdown waits for requests to end.
    pub drain: Length,
    /// Worker threads; the number of processors by default.
    pub workers: Option<usize>,
    /// Seconds of `Strict-Transport-Security`; 0 sends none.
    pub hsts_seconds: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([0, 0, 0, 0], 443))],
            redirect_listen: Vec::new(),
            operations_listen: Some(SocketAddr::from(([127, 0, 0, 1], 9443))),
            trusted_proxies: Vec::new(),
            client_address_from: ClientAddressFrom::default(),
            proxy_protocol: ProxyProtocol::Off,
            drain: Length::seconds(30),
            workers: None,
            hsts_seconds: 31_536_000,
        }
    }
}

/// The field by which trusted peers say where a request came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ClientAddressFrom {
    /// `X-Forwarded-For`.
    #[default]
    #[serde(rename = "x-forwarded-for")]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    #[serde(rename = "forwarded")]
    Forwarded,
}

/// Whether a PROXY protocol header is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProxyProtocol {
    /// Never read one.
    Off,
    /// Trusted peers may send one.
    Optional,
    /// Trusted peers must send one; connections of others are closed.
    Required,
}

/// Certificates of the gateway itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// One `[[tls.certificate]]` each; chosen by the name a client asks for.
    pub certificate: Vec<Certificate>,
    /// The lowest TLS version: `"1.2"` or `"1.3"`.
    #[serde(default)]
    pub minimum: TlsVersion,
}

/// The lowest TLS version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum TlsVersion {
    /// TLS 1.2, AEAD suites with forward secrecy only.
    #[default]
    #[serde(rename = "1.2")]
    V12,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    V13,
}

/// A certificate chain and its key.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// PEM file: the certificate first, then the intermediates.
    pub chain: PathBuf,
    /// PEM file: the private key (PKCS#8, SEC1 or PKCS#1).
    pub key: PathBuf,
}

/// The gateway's own host.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Its address as browsers see it: `https://auth.example.com`, with the port if it is not 443.
    pub url: String,
    /// Where apps that show a client certificate ask for approvals: `https://mtls.example.com`, a host of its own, since
    /// a browser that is asked for a certificate shows a dialogue (RFC 8705 §5). Nothing else is served there.
    #[serde(default)]
    pub mtls_url: Option<String>,
    /// What a sign-in at the portal itself, its launcher and the account pages demand. A check that is not named is as by
    /// default, whatever else is named: a primary factor and a one-time password are required, the others are off. Without
    /// a one-time password only where that is written: `otp = { mode = "off" }`.
    #[serde(default)]
    pub demands: Demands,
    /// What the administration pages demand on top: of all that the portal demands, and of membership in `administrators`.
    /// It can only add. Its `number_style` holds for the members of that group in every place, and is `type` where it is not
    /// written.
    #[serde(default)]
    pub admin_demands: Option<Demands>,
    /// The group whose members may use `/admin` and the management API by session.
    #[serde(default = "administrators")]
    pub administrators: String,
    /// Shown on every page beside the name of the product: your organisation's name.
    #[serde(default)]
    pub title: Option<String>,
}

fn administrators() -> String {
    "administrators".to_owned()
}

/// Where state is kept.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The folder of the embedded database and of the keys that the gateway makes itself. Only its own user may read it.
    pub directory: PathBuf,
    /// File with the master key: 64 hexadecimal digits. Default: `master.key` in the folder above.
    #[serde(default)]
    pub master_key: Option<PathBuf>,
    /// Files with older master keys, which still open what they sealed.
    #[serde(default)]
    pub old_master_keys: Vec<PathBuf>,
    /// File with the key that proxies show when they ask by forward-auth: 32 characters or more, known to them alone.
    /// Default: `forward-auth.key` in the folder above, made at the first start.
    #[serde(default)]
    pub forward_auth_key: Option<PathBuf>,
}

/// An authority whose client certificates are known.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// PEM file with its certificates.
    pub bundle: PathBuf,
    /// PEM or DER files with its revocation lists; read again when they change.
    #[serde(default)]
    pub revocation_lists: Vec<PathBuf>,
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

/// A directory that judges passwords. It is asked over TLS alone, as the user who signs in: no account of ours is needed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Directory {
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
    pub connect_within: Length,
    /// Each answer of a server.
    #[serde(default = "three_seconds")]
    pub answer_within: Length,
    /// Passwords judged there at once; more wait as long as an answer may take.
    #[serde(default = "sixteen")]
    pub at_once: usize,
}

fn same_name() -> String {
    "{user}".to_owned()
}

const fn three_seconds() -> Length {
    Length::seconds(3)
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

/// How much a check counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(extend("x-not-in-this-build" = ["offer"]))]
pub enum Mode {
    /// Not at all.
    Off,
    /// Evaluate, record who would fail, let pass: for a staged roll-out.
    Observe,
    /// Nothing passes without it.
    Require,
}

/// What each of the six checks demands. A check that is not named is off; the portal has defaults of its own.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Demands {
    /// Check 1: the network a request comes from.
    pub ip_restriction: Option<IpRestriction>,
    /// Check 2: the certificate of the connection.
    pub client_certificate: Option<ClientCertificate>,
    /// Check 3: a Kerberos ticket.
    pub desktop_sso: Option<DesktopSso>,
    /// Check 4: who it is.
    pub primary_factor: Option<PrimaryFactor>,
    /// Check 5: a registered browser.
    pub cookie: Option<Cookie>,
    /// Check 6: a one-time password.
    pub otp: Option<Otp>,
    /// How a number is carried to the phone, where a push asks for one; `number_style` of `[approval]` where nobody says.
    /// The strictest of those that hold for a user applies.
    pub number_style: Option<NumberStyle>,
}

const fn require() -> Mode {
    Mode::Require
}

/// Check 1: the network a request comes from.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IpRestriction {
    /// How much it counts.
    #[serde(default = "require")]
    pub mode: Mode,
    /// If not empty, the only networks allowed. List IPv4 and IPv6 where both are used.
    #[serde(default)]
    pub allow: Vec<Network>,
    /// Networks refused.
    #[serde(default)]
    pub deny: Vec<Network>,
}

/// Check 2: the certificate of the connection.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientCertificate {
    /// How much it counts.
    #[serde(default = "require")]
    pub mode: Mode,
    /// The authorities accepted, by their names under `[trust]`.
    pub trust: Vec<String>,
}

/// Check 3: a Kerberos ticket. It is not available in this build.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DesktopSso {
    /// A Kerberos ticket is not available in this build: only `off` is taken.
    pub mode: Absent,
}

/// How much something counts that this build does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(extend("x-not-in-this-build" = ["observe", "offer", "require"]))]
pub enum Absent {
    /// Not at all.
    Off,
}

/// Check 4: who it is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PrimaryFactor {
    /// How much it counts.
    pub mode: Mode,
    /// The methods accepted, the first is offered first. Of `password` and `ad_password` a user's form takes the one that
    /// is assigned to the user, and where both are the one named first.
    pub methods: Vec<PrimaryMethod>,
    /// If not empty, only members of these groups (or the users below) may pass.
    pub groups: Vec<String>,
    /// If not empty, only these users (or members of the groups above) may pass.
    pub users: Vec<String>,
    /// How old it may be before it is asked for again.
    pub max_age: Option<Length>,
    /// Keeps the login form shut until its owner opens it from the phone: until then no password is evaluated.
    pub login_protect: Option<LoginProtect>,
}

impl Default for PrimaryFactor {
    fn default() -> Self {
        Self {
            mode: Mode::Require,
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
#[serde(deny_unknown_fields)]
pub struct LoginProtect {
    /// The organisation: 3 to 32 characters of `a-z`, `0-9` and `-`.
    pub organisation: String,
    /// The service a release is good for: 16 characters of `A-Za-z0-9-@._`; `sekisho login-protect service` draws one.
    /// Policies that name the same service share its windows.
    pub service: String,
    /// What happens while nothing can be learnt of windows.
    #[serde(default)]
    pub when_unreachable: WhenUnreachable,
}

/// What happens while nothing can be learnt of windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenUnreachable {
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
#[schemars(extend("x-not-in-this-build" = ["idp", "matrix", "token_matrix", "passkey"]))]
pub enum PrimaryMethod {
    /// Approval on the phone, without a password.
    Push,
    /// A password of our own directory.
    Password,
    /// A password judged by Active Directory: the one under `[directory]`.
    AdPassword,
}

/// Check 5: a registered browser.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cookie {
    /// How much it counts.
    pub mode: Mode,
    /// The ways of registration accepted.
    pub ways: Vec<BrowserWay>,
}

impl Default for Cookie {
    fn default() -> Self {
        Self { mode: Mode::Require, ways: vec![BrowserWay::Otp] }
    }
}

/// A way to register a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(extend("x-not-in-this-build" = ["admin_approval", "link"]))]
pub enum BrowserWay {
    /// By carrying a number to the phone, when signing in by `push`.
    NumberMatch,
    /// By a one-time password.
    Otp,
}

/// Check 6: a one-time password.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Otp {
    /// How much it counts.
    pub mode: Mode,
    /// The methods accepted.
    pub methods: Vec<OtpMethod>,
    /// How old it may be before it is asked for again.
    pub max_age: Option<Length>,
    /// Whether a registered browser stands for it. Off: a cookie can be copied, a one-time password cannot.
    pub skip_with_cookie: bool,
    /// A time without: who has no second factor passes by the primary factor alone. Without this key nobody does.
    pub grace: Option<Grace>,
}

/// A time without a second factor, from the first moment without one (R-436…R-441).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grace {
    /// How long: `"7d"`.
    #[serde(default = "a_week")]
    pub lasts: Length,
    /// For whom it ends: members of these groups, who have the right to approve; the others go on without. If empty, it
    /// ends for everybody.
    #[serde(default)]
    pub ends_for: Vec<String>,
}

const fn a_week() -> Length {
    Length(Duration::from_secs(7 * 86_400))
}

impl Default for Otp {
    fn default() -> Self {
        Self {
            mode: Mode::Require,
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
#[schemars(extend("x-not-in-this-build" = ["passkey"]))]
pub enum OtpMethod {
    /// An authenticator app.
    Totp,
    /// Approval on the phone, after the primary factor.
    Push,
    /// One of ten single-use codes.
    RecoveryCode,
}

/// An app behind the gateway.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// A short name: `a-z`, `0-9` and `-`. The audience of its assertions, and what the audit log calls it.
    pub name: String,
    /// Its address as browsers see it: `https://wiki.example.com`, with the port if it is not 443.
    pub url: String,
    /// What people call it, on the launcher.
    #[serde(default)]
    pub title: Option<String>,
    /// Where it really is: `http://`, `https://`, `h2c://` (HTTP/2 without TLS). Several: the next one is tried when one
    /// fails. Empty where another proxy serves the app and asks `/.sekisho/forward-auth`.
    #[serde(default)]
    pub upstream: Vec<String>,
    /// TLS towards the upstream.
    #[serde(default)]
    pub upstream_tls: UpstreamTls,
    /// How long the upstream may take to begin its answer.
    #[serde(default = "answer_within")]
    pub answer_within: Length,
    /// Whether the upstream gets the Host of `url` above (the default) or its own. A client's own spelling of it, and a
    /// port that the client put there, reach nobody.
    #[serde(default = "yes")]
    pub keep_host: bool,
    /// Header fields that reach this app as its clients send them although a proxy alone should say them
    /// (docs/header-fields.md): `["X-Real-IP"]`. In exactly that spelling; what the gateway writes itself is not among them.
    #[serde(default)]
    pub pass_headers: Vec<String>,
    /// Protocols that a connection to this app may switch to. A request that asks for another goes on as an ordinary one.
    #[serde(default = "websocket")]
    pub upgrades: Vec<String>,
    /// Whether the app is reached by forward-auth: then the gateway answers for it and does not forward.
    #[serde(default)]
    pub forward_auth: bool,
    /// A named policy to begin with.
    #[serde(default)]
    pub policy: Option<String>,
    /// What the app demands; each check named here takes the place of the named policy's.
    #[serde(default)]
    pub demands: Demands,
    /// Parts of the app that demand something else: one `[[app.rule]]` each.
    #[serde(default)]
    pub rule: Vec<Rule>,
    /// Requests that need a yes of their own before they are forwarded: one `[[app.transaction]]` each.
    #[serde(default)]
    pub transaction: Vec<Transaction>,
    /// Approvals that the app asks for by itself, with a token of its own (docs/approvals-api.md); `{}` for the defaults.
    /// Without this key it may ask for none.
    #[serde(default)]
    pub approvals: Option<AppApprovals>,
    /// Other origins whose pages may open WebSockets here, signed in or not: `https://other.example.com`.
    #[serde(default)]
    pub websocket_origins: Vec<String>,
    /// How the identity headers are called for this app, where not as under `[identity]`.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// A profile of a standard that this app and the portal must meet (docs/profiles.md).
    #[serde(default)]
    pub profile: Option<Profile>,
}

fn answer_within() -> Length {
    Length::seconds(60)
}

fn websocket() -> Vec<String> {
    vec!["websocket".to_owned()]
}

const fn yes() -> bool {
    true
}

/// Approvals that an app asks for by itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppApprovals {
    /// How long a question may be answered where the app does not say.
    pub lifetime: Length,
    /// The longest that the app may ask for, 10 minutes at most.
    pub longest: Length,
    /// How often the app may look for the answer.
    pub interval: Length,
    /// Whether a number is carried to the phone: the app is told it, and shows it to the person.
    pub number: bool,
    /// Of whom the app may ask: members of these groups; everybody if empty.
    pub groups: Vec<String>,
    /// From where the app may ask; anywhere if empty.
    pub networks: Vec<Network>,
    /// Approvals that it may ask for within a minute.
    pub per_minute: u32,
    /// Whether the app is told that there is nobody of a name. Otherwise that looks like somebody who does not answer.
    pub tell_unknown: bool,
    /// Client certificates by which the app is known, with or without a token; at `portal.mtls_url` alone.
    pub certificate: Option<AppCertificate>,
    /// Where the app is told that an approval is answered (CIBA's ping); without it the app looks by itself.
    pub ping: Option<Ping>,
}

impl Default for AppApprovals {
    fn default() -> Self {
        Self {
            lifetime: Length::minutes(2),
            longest: Length::minutes(10),
            interval: Length::seconds(5),
            number: false,
            groups: Vec::new(),
            networks: Vec::new(),
            per_minute: 60,
            tell_unknown: false,
            certificate: None,
            ping: None,
        }
    }
}

/// The client certificates of an app.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppCertificate {
    /// Authorities under `[trust]` that stand behind them.
    pub trust: Vec<String>,
    /// The machines that hold them, as a mapping of the authority or the register names them: `["bank-backend"]`.
    pub machines: Vec<String>,
}

/// Where an app is told that an approval is answered.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ping {
    /// The app's address for it: `https://bank.example.com/ciba`. A redirect is not followed.
    pub endpoint: String,
    /// Networks besides the public internet where it may be: `["10.0.0.0/8"]`.
    #[serde(default)]
    pub networks: Vec<Network>,
    /// PEM file with the authority of its certificate; the system's authorities by default.
    #[serde(default)]
    pub authority: Option<PathBuf>,
}

/// TLS towards an upstream.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamTls {
    /// PEM file with the authority of the upstream's certificate; the system's authorities by default.
    pub authority: Option<PathBuf>,
    /// PEM file: a client certificate shown to the upstream.
    pub certificate: Option<PathBuf>,
    /// PEM file: its key.
    pub key: Option<PathBuf>,
    /// The name the upstream's certificate must carry, where it is not the one in the address.
    pub server_name: Option<String>,
}

/// A part of an app that demands something else.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Path patterns: `/admin/**` (itself and all below), `/files/*/raw` (one segment), `/status` (exactly). The most
    /// specific rule wins, whatever their order. A path is judged by the rule of every spelling that some app takes it for
    /// (`/Admin/` by that of `/admin` as well), and all they demand must be met; a path that is named here letter by
    /// letter is judged by its own rule alone. See docs/paths.md.
    pub paths: Vec<String>,
    /// Methods; all by default. `GET` includes `HEAD`.
    #[serde(default)]
    pub methods: Vec<String>,
    /// A named policy to begin with; otherwise the app's own demands.
    #[serde(default)]
    pub policy: Option<String>,
    /// What this part demands; each check named here takes the place of the app's.
    #[serde(default)]
    pub demands: Demands,
}

/// A request that is held until it is approved by itself: what it would do is shown on the phone, and exactly those bytes
/// are forwarded once.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// A short name, unique in the app: `a-z`, `0-9` and `-`. The audit log, receipts and the assertion say it.
    pub name: String,
    /// Path patterns, as those of a rule. Where several transactions match, the most specific one holds; a path that is
    /// one to some apps and none to others (`/Transfer/`) is refused.
    pub paths: Vec<String>,
    /// Methods; `POST`, `PUT`, `PATCH` and `DELETE` by default.
    #[serde(default = "writing")]
    pub methods: Vec<String>,
    /// What it is, by language; `en` at least: `{ en = "Transfer", ja = "振込" }`.
    pub title: Words,
    /// A sentence below it, by language.
    #[serde(default)]
    pub sentence: Words,
    /// What is read of the request and shown, in this order: one `[[app.transaction.show]]` each. A request of which it
    /// cannot be read is refused.
    #[serde(default)]
    pub show: Vec<Shown>,
    /// How it is approved.
    #[serde(default)]
    pub by: TransactionMethod,
    /// Whether the transaction password is asked for first; it is another one than that of the sign-in.
    #[serde(default)]
    pub password: bool,
    /// Whether a number is carried from the browser to the phone. Only where the user approves.
    #[serde(default)]
    pub number: bool,
    /// Who approves, where it is not the user.
    #[serde(default)]
    pub approvers: Option<TransactionApprovers>,
    /// How long it waits for its approval, 30 minutes at most.
    #[serde(default = "two_minutes")]
    pub waits: Length,
    /// How long one approval covers further requests of this kind by the same session; without this key it covers none.
    #[serde(default)]
    pub covers: Option<Length>,
}

fn writing() -> Vec<String> {
    ["POST", "PUT", "PATCH", "DELETE"].map(str::to_owned).into()
}

const fn two_minutes() -> Length {
    Length::minutes(2)
}

/// Something in the languages of the portal, by their tags: `en`, `ja`, `zh-Hans`, `zh-Hant`, `ko`, `fr`, `es`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// English; said where a language is missing.
    pub en: String,
    /// 日本語.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ja: Option<String>,
    /// 简体中文.
    #[serde(rename = "zh-Hans", skip_serializing_if = "Option::is_none")]
    pub zh_hans: Option<String>,
    /// 繁體中文.
    #[serde(rename = "zh-Hant", skip_serializing_if = "Option::is_none")]
    pub zh_hant: Option<String>,
    /// 한국어.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ko: Option<String>,
    /// Français.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fr: Option<String>,
    /// Español.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub es: Option<String>,
}

impl Words {
    /// In a language, by its tag; in English where it is not said.
    pub fn say(&self, tag: &str) -> &str {
        let said = match tag {
            "ja" => &self.ja,
            "zh-Hans" => &self.zh_hans,
            "zh-Hant" => &self.zh_hant,
            "ko" => &self.ko,
            "fr" => &self.fr,
            "es" => &self.es,
            _ => &None,
        };
        said.as_deref().unwrap_or(&self.en)
    }

    /// Whether nothing is said at all.
    pub fn is_silent(&self) -> bool {
        self == &Self::default()
    }

    /// Every text.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let others = [&self.ja, &self.zh_hans, &self.zh_hant, &self.ko, &self.fr, &self.es];
        std::iter::once(self.en.as_str()).chain(others.into_iter().flatten().map(String::as_str))
    }
}

/// Something of a transaction that is shown.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// What it is called, by language: `{ en = "Payee", ja = "振込先" }`.
    pub label: Words,
    /// Where it is read: `path:2` (the second segment), `query:NAME`, `form:NAME`, `multipart:NAME`, `json:/a/b` (RFC 6901) or
    /// `header:NAME`.
    pub from: String,
    /// How it is written.
    #[serde(default)]
    pub format: ShownFormat,
    /// The currency, where it is an amount: `JPY`.
    #[serde(default)]
    pub currency: Option<String>,
    /// Whether it may be missing; then that is said in its place. Without this key such a request is refused.
    #[serde(default)]
    pub optional: bool,
}

/// How something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownFormat {
    /// As it came.
    #[default]
    Text,
    /// A decimal number, in groups of three: `1,250,000`. Anything else is refused.
    Number,
    /// The same with its currency: `1,250,000 JPY`.
    Currency,
}

/// How a transaction is approved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionMethod {
    /// On the phone, which shows it and signs what it shows.
    #[default]
    Push,
    /// By a one-time password of the user's authenticator app, typed beside what is shown.
    Otp,
}

/// Who approves a transaction.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransactionApprovers {
    /// Members of these groups.
    pub groups: Vec<String>,
    /// How many of them must; all of those who are asked may refuse.
    #[serde(default = "one")]
    pub count: usize,
    /// Whether whoever asks counts as one of them.
    #[serde(default)]
    pub requester: bool,
}

const fn one() -> usize {
    1
}

/// More demands for a group or a user, on every app or on some.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// The group it holds for.
    #[serde(default)]
    pub group: Option<String>,
    /// The user it holds for.
    #[serde(default)]
    pub user: Option<String>,
    /// The apps it holds on; by default all of them, and the portal.
    #[serde(default)]
    pub apps: Vec<String>,
    /// What more is demanded. It can only add: the strictest wins.
    pub demands: Demands,
}

/// How long sessions and registered browsers live.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Session {
    /// From sign-in to the next, at most.
    pub absolute: Length,
    /// Without a request, at most.
    pub idle: Length,
    /// A registered browser, from its registration.
    pub browser: Length,
    /// Sessions of one user at once; the oldest goes.
    pub per_user: usize,
    /// How fresh a sign-in must be to change a password, a factor or anything else of the account.
    pub fresh: Length,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            absolute: Length::hours(12),
            idle: Length::hours(1),
            browser: Length::days(180),
            per_user: 20,
            fresh: Length::minutes(10),
        }
    }
}

/// Passwords of our own directory.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Password {
    /// Characters at least. NIST SP 800-63B: 15 where it stands alone, 8 beside a second factor.
    pub minimum_length: usize,
    /// Argon2id memory in MiB for each hash.
    pub memory_mib: u32,
    /// Argon2id passes.
    pub passes: u32,
    /// How long a sign-in waits for its turn at hashing before it is told to come back.
    pub queue: Length,
}

impl Default for Password {
    fn default() -> Self {
        Self { minimum_length: 15, memory_mib: 64, passes: 3, queue: Length::seconds(2) }
    }
}

/// One-time passwords by an authenticator app.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Totp {
    /// The name shown in the authenticator app.
    pub issuer: String,
    /// Steps of 30 s accepted before and after the present one: 0 or 1.
    pub skew: u8,
}

impl Default for Totp {
    fn default() -> Self {
        Self { issuer: "Sekisho".to_owned(), skew: 1 }
    }
}

/// Approvals on the phone.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// How long a question may be answered.
    pub lifetime: Length,
    /// Approvers of one user at most; 1 for bank-like policies.
    pub per_user: usize,
    /// When a number is carried from the browser to the phone.
    pub number_matching: NumberMatching,
    /// How it is carried, where no policy says. Administrators type theirs (`portal.admin_demands`).
    pub number_style: NumberStyle,
    /// Whether users may add approvers themselves; otherwise only an administrator's link does.
    pub members_may_add: bool,
    /// Whether users may remove approvers themselves.
    pub members_may_delete: bool,
    /// Questions that may go unanswered or be denied before the user's phones are left in peace.
    pub unanswered: u32,
    /// The time that they are counted in, and the first silence; each further one is twice as long.
    pub unanswered_within: Length,
    /// Questions that one network may put to phones within ten minutes, whoever is named; registered browsers not counted.
    pub asked_per_network: u32,
    /// Whether a phone and an authenticator app exclude each other: who has one registers the other only after it is
    /// removed.
    pub excludes_totp: bool,
    /// Wrong answers in a row that lock a user's approvals until an administrator unlocks them.
    pub wrong_answers: u32,
    /// Networks besides the public internet where push services may be: for one of your own.
    pub push_networks: Vec<Network>,
    /// PEM file with the authority of push services; the system's authorities by default.
    pub push_authority: Option<PathBuf>,
}

impl Default for Approval {
    fn default() -> Self {
        Self {
            lifetime: Length::seconds(60),
            per_user: 3,
            number_matching: NumberMatching::NewBrowser,
            number_style: NumberStyle::Choose,
            members_may_add: true,
            members_may_delete: true,
            asked_per_network: 600,
            excludes_totp: false,
            unanswered: 3,
            unanswered_within: Length::minutes(10),
            wrong_answers: 5,
            push_networks: Vec::new(),
            push_authority: None,
        }
    }
}

/// Login forms that are shut until their owner opens them from the phone, on every policy with `login_protect`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoginForms {
    /// How long a form stays open for its one password: from 1 second to 10 minutes.
    pub window: Length,
}

impl Default for LoginForms {
    fn default() -> Self {
        Self { window: Length::seconds(60) }
    }
}

/// When a number is carried from the browser to the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberMatching {
    /// On a browser that is not registered for the user; later ones approve or deny.
    NewBrowser,
    /// At every sign-in.
    Always,
}

/// How a number is carried from the browser to the phone. The later ones are the stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// Two digits; the phone offers three numbers, and one is chosen.
    Choose,
    /// Six digits, typed on the phone.
    Type,
    /// A QR code, read by the phone; eight digits, typed, where it cannot.
    Scan,
}

impl NumberStyle {
    /// The word in the config, in what approvers are sent, and in the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Choose => "choose",
            Self::Type => "type",
            Self::Scan => "scan",
        }
    }
}

/// Slowing down and locking out those who guess. Counted per user and network, and per network; never per user alone in
/// a way that lets one person lock another out.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Regulation {
    /// The window that failures are counted in.
    pub window: Length,
    /// Failures of one user from one network before that network is locked for that user.
    pub per_user_and_network: u32,
    /// Failures from one network, whoever was named, before the network is locked.
    pub per_network: u32,
    /// Failures of one user from anywhere before each further attempt is delayed as long as `longest_delay`.
    pub per_user: u32,
    /// How long a lock holds; an administrator may lift it sooner.
    pub lock: Length,
    /// Delays grow 1 s, 2 s, 4 s … up to this.
    pub longest_delay: Length,
}

impl Default for Regulation {
    fn default() -> Self {
        Self {
            window: Length::minutes(15),
            per_user_and_network: 10,
            per_network: 50,
            per_user: 100,
            lock: Length::minutes(15),
            longest_delay: Length::seconds(60),
        }
    }
}

/// What upstreams are told about the user.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// A set of names to begin with.
    pub preset: IdentityPreset,
    /// The header with the user's name.
    pub user: Option<String>,
    /// The header with the user's groups, separated by commas.
    pub groups: Option<String>,
    /// The header with the mail address.
    pub email: Option<String>,
    /// The header with the name that people use.
    pub name: Option<String>,
    /// Whether `Sekisho-Assertion` (a signed JWT) is sent.
    pub assertion: bool,
}

impl Default for Identity {
    fn default() -> Self {
        Self { preset: IdentityPreset::Sekisho, user: None, groups: None, email: None, name: None, assertion: true }
    }
}

/// Names of identity headers that apps already know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityPreset {
    /// `Remote-User`, `Remote-Groups`, `Remote-Email`, `Remote-Name`.
    Sekisho,
    /// The same, as Authelia calls them.
    Authelia,
    /// `X-Forwarded-User`, `X-Forwarded-Groups`, `X-Forwarded-Email`, `X-Forwarded-Preferred-Username`.
    Oauth2Proxy,
}

/// Outgoing mail.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The relay's host name.
    pub host: String,
    /// Its port.
    #[serde(default = "submission")]
    pub port: u16,
    /// `starttls`, `tls` or `plain` (loopback only).
    #[serde(default)]
    pub security: MailSecurity,
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
    /// None: only towards a relay on this machine.
    Plain,
}

/// Days and times as people enter and read them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Time {
    /// The zone of days that are entered, by its name in the tz database: a certificate that counts until a day counts to
    /// the end of that day there. Pages, mails and the dates of certificates are written in it too; logs stay in UTC.
    pub zone: Zone,
}

impl Default for Time {
    fn default() -> Self {
        Self { zone: Zone::tokyo() }
    }
}

/// Sizes and times that hold for every connection and request.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// A request head.
    pub head: Size,
    /// Header fields of a request. Over HTTP/2 browsers send each cookie as a field of its own, and each is counted.
    pub header_fields: usize,
    /// A request line.
    pub request_line: Size,
    /// A body sent to the portal.
    pub portal_body: Size,
    /// A body held while its sender signs in.
    pub held_body: Size,
    /// All requests together that wait for a sign-in, heads and bodies under way included, each as 16 KiB at least; those of
    /// one network (an IPv4 address, an IPv6 /64) take up at most an eighth of it.
    pub held_bodies: Size,
    /// A body held for its approval, in memory or in a sealed file below `state.directory`.
    pub transaction_body: Size,
    /// All bodies held for their approval in memory; what goes beyond is written to sealed files.
    pub transaction_memory: Size,
    /// All bodies held for their approval in sealed files. Those of one user take up at most a quarter of this and of
    /// `transaction_memory` together, or one body.
    pub transaction_disk: Size,
    /// How long a body that is to be held may take to arrive.
    pub transaction_within: Length,
    /// Requests held for their approval at once; of one session at most a hundredth of these, and 8 at least.
    pub transactions: usize,
    /// A TLS handshake, PROXY header included.
    pub handshake: Length,
    /// Reading a request head.
    pub head_within: Length,
    /// A connection without a request; a body or a response that does not move.
    pub idle: Length,
    /// Streams of one HTTP/2 connection at once.
    pub h2_streams: u32,
    /// What the requests under way on one HTTP/2 connection may take up together: their heads, and forms that are read. A
    /// stream beyond it is refused, and browsers ask again.
    pub h2_requests: Size,
    /// What requests under way may take up on all HTTP/2 connections together, beyond 64 KiB of each connection; those of
    /// one network (an IPv4 address, an IPv6 /64) an eighth of it.
    pub h2_requests_all: Size,
    /// Connections of one client at once: an IPv4 address, or an IPv6 /64. A peer of `server.trusted_proxies` is bounded
    /// by `connections` alone; where it sends a PROXY header, the client that this tells of is counted.
    pub connections_per_peer: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connecting to an upstream.
    pub connect_within: Length,
    /// Entries of short-lived state (sign-ins, codes, counters) held at once.
    pub shared_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Size::kib(64),
            header_fields: 128,
            request_line: Size::kib(16),
            portal_body: Size::kib(64),
            held_body: Size::mib(8),
            held_bodies: Size::mib(256),
            transaction_body: Size::mib(64),
            transaction_memory: Size::mib(64),
            transaction_disk: Size::mib(1024),
            transaction_within: Length::seconds(60),
            transactions: 10_000,
            handshake: Length::seconds(10),
            head_within: Length::seconds(10),
            idle: Length::seconds(60),
            h2_streams: 100,
            h2_requests: Size::mib(1),
            h2_requests_all: Size::mib(256),
            connections_per_peer: 1024,
            connections: 65_536,
            connect_within: Length::seconds(5),
            shared_entries: 1_000_000,
        }
    }
}

/// What the program writes about itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// What is written: `error`, `warn`, `info`, `debug` or `trace`, or a filter such as `info,sekisho::gateway=debug`.
    pub level: String,
    /// Whether each request gets a line.
    pub access: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned(), access: true }
    }
}

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The networks of a list, as the chain wants them.
pub fn networks(list: &[Network]) -> Box<[IpNet]> {
    list.iter().map(|network| network.0).collect()
}

/// A length as the standard library has it.
pub fn duration(length: Length) -> Duration {
    length.0
}
