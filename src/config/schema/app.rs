//! `[[app]]`: an app behind the gateway, its rules, and how it may ask for approvals.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StandardProfile;
use super::demands::DemandsSection;
use super::identity::Identity;
use super::transaction::TransactionSection;
use crate::config::units::{CidrBlock, TimeSpan};

/// An app behind the gateway.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "App", deny_unknown_fields)]
pub struct AppSection {
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
    pub answer_within: TimeSpan,
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
    pub demands: DemandsSection,
    /// Parts of the app that demand something else: one `[[app.rule]]` each.
    #[serde(default)]
    pub rule: Vec<RuleSection>,
    /// Requests that need a yes of their own before they are forwarded: one `[[app.transaction]]` each.
    #[serde(default)]
    pub transaction: Vec<TransactionSection>,
    /// Approvals that the app asks for by itself, with a token of its own (docs/approvals-api.md); `{}` for the defaults.
    /// Without this key it may ask for none.
    #[serde(default)]
    pub approvals: Option<AppApprovals>,
    /// Other origins whose pages may open WebSockets here, signed in or not: `https://other.example.com`.
    #[serde(default)]
    pub websocket_origins: Vec<String>,
    /// Pages of other origins whose scripts may call this app (docs/cors.md).
    #[serde(default)]
    pub cors: CrossOriginCalls,
    /// How the identity headers are called for this app, where not as under `[identity]`.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// A profile of a standard that this app and the portal must meet (docs/profiles.md).
    #[serde(default)]
    pub profile: Option<StandardProfile>,
}

fn answer_within() -> TimeSpan {
    TimeSpan::seconds(60)
}

fn websocket() -> Vec<String> {
    vec!["websocket".to_owned()]
}

const fn yes() -> bool {
    true
}

/// Pages of other origins whose scripts may call an app.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CrossOriginCalls {
    /// Their origins: `https://desk.example.com`. Preflights of these reach the app without a session, and what the gateway
    /// answers itself can be read there. What the app answers is left to the app.
    pub origins: Vec<String>,
}

/// Approvals that an app asks for by itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppApprovals {
    /// How long a question may be answered where the app does not say.
    pub lifetime: TimeSpan,
    /// The longest that the app may ask for, 10 minutes at most.
    pub longest: TimeSpan,
    /// How often the app may look for the answer.
    pub interval: TimeSpan,
    /// Whether a number is carried to the phone: the app gets it, and shows it to the person.
    pub number: bool,
    /// Of whom the app may ask: members of these groups; everybody if empty.
    pub groups: Vec<String>,
    /// From where the app may ask; anywhere if empty.
    pub networks: Vec<CidrBlock>,
    /// Approvals that it may ask for within a minute.
    pub per_minute: u32,
    /// Whether the app learns that there is nobody of a name. Otherwise that looks like somebody who does not answer.
    pub tell_unknown: bool,
    /// Client certificates by which the app is known, with or without a token; at `portal.mtls_url` alone.
    pub certificate: Option<AppCertificate>,
    /// Where the app gets word that an approval is answered (CIBA's ping); without it the app polls.
    pub ping: Option<Ping>,
}

impl Default for AppApprovals {
    fn default() -> Self {
        Self {
            lifetime: TimeSpan::minutes(2),
            longest: TimeSpan::minutes(10),
            interval: TimeSpan::seconds(5),
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

/// Where an app gets word that an approval is answered.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ping {
    /// The app's address for it: `https://bank.example.com/ciba`. A redirect is not followed.
    pub endpoint: String,
    /// Networks besides the public internet where it may be: `["10.0.0.0/8"]`.
    #[serde(default)]
    pub networks: Vec<CidrBlock>,
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
#[serde(rename = "Rule", deny_unknown_fields)]
pub struct RuleSection {
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
    pub demands: DemandsSection,
}

/// More demands for a group or a user, on every app or on some.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Addition", deny_unknown_fields)]
pub struct AdditionSection {
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
    pub demands: DemandsSection,
}
