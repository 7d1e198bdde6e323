//! A dry run of the chain: what each of the six checks would say of a request, what it demands, and which lines of the
//! config say so. Judged by the chain itself, with the users, certificates and browsers that are known.
//! Invariant: what is only supposed opens nothing; the answer is words.

mod kept_lists;
mod supposed;

use std::net::IpAddr;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::kept_lists::kept_lists;
use super::error::AdminError;
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::presented::{certificate_file, presented};
use crate::audit::Event;
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::applies_to::AppliesTo;
use crate::chain::policy::rules::ReadAs;
use crate::chain::policy::selection::Selected;
use crate::chain::policy::transaction::{ApproverRule, By, Transaction};
use crate::chain::policy::{Demands, Mode, SourceLine};
use crate::chain::supposition::{Supposed, suppose};
use crate::chain::{self, Check, Examination, Verdict};
use crate::config::Config;
use crate::config::diagnose::did_you_mean;
use crate::config::units::TimeSpan;
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::facts::path::RequestPath;
use crate::facts::target;
use crate::principal::certificate::TrustSet;
use crate::principal::method::{Method, Methods};
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::user::UserId;

/// How the portal's page of own certificates is called; no app can have such a name.
pub const OWN_CERTIFICATES: &str = "portal/certificates";

/// Say what each of the six checks would say of a request by the config that is named, and which line of it says so
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The app, or `portal`, `portal/admin` (`admin`) or `portal/certificates` (`certificates`).
    #[arg(long, value_name = "APP")]
    pub app: String,
    /// The address that the request comes from.
    #[arg(long, value_name = "ADDRESS")]
    #[schema(value_type = String)]
    pub from: IpAddr,
    /// Who signs in; without it nobody has.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// The path asked for.
    #[arg(long, value_name = "PATH", default_value = "/")]
    #[serde(default = "root")]
    pub path: String,
    /// The method asked with.
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    #[serde(default = "get")]
    pub method: String,
    /// The client certificate shown: a PEM or DER file (in the API PEM, or DER in base64).
    #[arg(long, value_name = "FILE", value_parser = certificate_file)]
    pub certificate: Option<String>,
    /// The registered browser that is used: its id.
    #[arg(long, value_name = "ID")]
    pub browser: Option<String>,
    /// What was proved: `password,totp`; with an age: `totp@2h`; for a check: `otp:push`.
    #[arg(long = "with", value_name = "METHOD", value_delimiter = ',')]
    #[serde(default)]
    pub with: Vec<String>,
}

fn root() -> String {
    "/".to_owned()
}

fn get() -> String {
    "GET".to_owned()
}

/// What the chain would say.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explained {
    /// The policy that speaks: the app's name, and the rule's where one holds; of all readings of the path, where they
    /// have several.
    pub policy: String,
    /// `pass`, `hold` (it passes, and waits for its own approval), `ask` or `refuse`.
    pub verdict: String,
    /// Why, where it does not pass.
    pub because: Option<String>,
    /// The user that the app gets, where the request passes: who signed in, or where nobody did, whom the certificate names that is demanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The file that the lines are of.
    pub config: String,
    /// Check by check, always six.
    pub checks: Vec<CheckView>,
    /// Where upstreams may read the path in several ways that have several policies: which of them has which. All are met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<ReadingView>,
    /// The transaction that such a request is; it is held once all six pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<ExplainedTransaction>,
}

/// What one reading of the path comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingView {
    /// The path as an upstream may read it.
    pub reading: String,
    /// The policy that speaks there.
    pub policy: String,
}

/// What a transaction needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedTransaction {
    /// Its name.
    pub name: String,
    /// What it needs, in words.
    pub needs: String,
    /// The line of the config.
    pub line: u32,
}

impl ExplainedTransaction {
    fn of(held: &Transaction) -> Self {
        let who = match &held.approvers {
            ApproverRule::Requester => "the user's own approval".to_owned(),
            ApproverRule::Groups { groups, count, requester } => {
                let groups = groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join(" or ");
                let whose = if *requester { "" } else { ", the requester not among them" };
                format!("the approval of {count} of {groups}{whose}")
            }
        };
        let by = match held.by {
            By::Push => "on the phone",
            By::Code => "by a one-time password",
        };
        let password = if held.password { "the transaction password, then " } else { "" };
        let within = TimeSpan(held.waits);
        let covers = held.covers.map(|covers| format!("; it covers others of its kind for {}", TimeSpan(covers)));
        let needs = format!("{password}{who} {by}, within {within}{}", covers.unwrap_or_default());
        Self { name: held.name.to_string(), needs, line: held.source.0 }
    }
}

/// What one check would say.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckView {
    /// Which.
    pub check: String,
    /// `ok`, `fail`, `observed`, `not_applicable` or `not_evaluated`.
    pub says: String,
    /// Why it does not pass.
    pub because: Option<String>,
    /// What it demands of this user.
    pub demands: String,
    /// The lines of the config that demand it.
    pub lines: Vec<u32>,
}

impl Act for Explain {
    const NAME: &'static str = "explain";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Post, "/explain");
    const OF_CONFIG: bool = true;
    type Output = Explained;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Explained, AdminError> {
        let core = warrant.core();
        let by_passkey = match &self.user {
            Some(user) => core.approves_by_passkey(user).await?,
            None => false,
        };
        self.judge(core, by_passkey)
    }
}

impl Explain {
    fn judge(&self, core: &Core, by_passkey: bool) -> Result<Explained, AdminError> {
        let (config, policies) = (core.config(), core.policies());
        let named;
        let mut readings = Vec::new();
        let asked: Selected<'_> = match self.app.as_str() {
            PORTAL => policies.portal().into(),
            ADMINISTRATION => policies.admin().into(),
            "admin" if policies.app("admin").is_none() => policies.admin().into(),
            OWN_CERTIFICATES => policies.certificates().into(),
            "certificates" if policies.app("certificates").is_none() => policies.certificates().into(),
            name => {
                named = policies.app(name).ok_or_else(|| {
                    let meant = did_you_mean(name, policies.apps().map(|(name, _)| name));
                    let all = policies
                        .apps()
                        .map(|(name, _)| name)
                        .chain(["portal", "admin", "certificates"])
                        .collect::<Vec<_>>()
                        .join(", ");
                    let meant = meant.map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
                    wrong("find the app", format!("there is no app `{name}`; {meant}there are {all}"))
                })?;
                let method = http::Method::from_bytes(self.method.as_bytes())
                    .map_err(|_| wrong("read the method", format!("{:?} is not an HTTP method", self.method)))?;
                if self.method.bytes().any(|byte| byte.is_ascii_lowercase()) {
                    let meant = self.method.to_ascii_uppercase();
                    let why = format!("such a method is refused before the chain: did you mean {meant:?}?");
                    return Err(wrong("read the method", why));
                }
                let path = self.path.split('?').next().unwrap_or_default();
                let refused = |error: &dyn std::fmt::Display| {
                    wrong("read the path", format!("such a path is refused before the chain: {error}"))
                };
                let path = RequestPath::parse(path).map_err(|error| refused(&error))?;
                let target = target::Target { method: &method, path };
                let all = named.read(&target).map_err(|error| refused(&error))?;
                if all.len() > 1 {
                    let view =
                        |one: ReadAs<'_>| ReadingView { reading: one.reading.to_string(), policy: one.policy.name.to_string() };
                    readings = all.into_iter().map(view).collect();
                }
                named.select(&target).map_err(|error| refused(&error))?
            }
        };
        let transaction = asked.transaction();
        let now = core.clock().now();
        let user = self.user.as_ref().map(|user| core.users().named(user)).transpose()?;
        let standing = user.as_ref().map(|user| user.standing());
        let shown = self.certificate.as_deref().map(presented).transpose()?;
        let certificate = shown.as_ref().map(|shown| (shown, core.certificates().standing(shown, now)));
        let holder =
            certificate.as_ref().and_then(|(_, standing)| core.users().find(standing.user()?)).map(|user| user.standing());
        let nothing = Gathered::none();
        let lists = core.networks().lists();
        let papers = Papers {
            address: ClientAddress::new(self.from),
            lists: &lists,
            certificate: certificate.as_ref().map(|(shown, standing)| (*shown, standing)),
            holder: holder.as_ref().map(|standing| &***standing),
            bound_certificate: None,
            user: standing.as_deref().map(|standing| &**standing),
            evidence: &nothing,
            bound_browser: false,
            now,
        };
        let mut supposed = self.supposed(core)?;
        if let (Some(user), Some(registration)) = (&self.user, self.registration(core)?) {
            // As on the road: of several ways one that the policy takes.
            let by = |way| Supposed { check: Check::Cookie, method: way, at: registration.last_seen };
            let passes = |way: &Method| {
                let all: Vec<Supposed> = supposed.iter().copied().chain([by(*way)]).collect();
                let trace = suppose(asked, &papers, user, &all);
                trace.iter().all(|(check, outcome)| check != Check::Cookie || outcome.refusal().is_none())
            };
            let way = registration.ways_at(now).iter().find(passes);
            supposed.push(by(way.unwrap_or_else(|| registration.foremost(now))));
        }
        let (trace, identity) = match &self.user {
            Some(user) if !supposed.is_empty() => (suppose(asked, &papers, user, &supposed), Some(user.to_string())),
            None if !supposed.is_empty() => {
                return Err(wrong("suppose what was proved", "say by whom: name a user".to_owned()));
            }
            // Nobody signed in: the app gets what the chain itself finds in the certificate.
            Some(_) | None => {
                let Examination { verdict, trace } = chain::examine(asked, &papers);
                let named = match &verdict {
                    Verdict::Pass(permit) => permit.named(),
                    Verdict::Hold(_) | Verdict::Ask(_) | Verdict::Refuse(_) => None,
                };
                (trace, named.map(|named| named.as_str().to_owned()))
            }
        };
        let demands: Vec<&Demands> = asked.policies().flat_map(|policy| policy.demands(papers.user)).collect();
        let checks = trace.iter().map(|(check, outcome)| {
            let (mut texts, lines) = demanded(&demands, check, &config);
            if check == Check::IpRestriction {
                texts.extend(kept_lists(core, &papers, &asked));
            }
            if by_passkey && !texts.is_empty() && demands.iter().any(|demands| takes_push(demands, check)) {
                texts.push("`push` is a code here, which a phone reads and answers with the user's passkey".to_owned());
            }
            let of_selected = || demands.iter().any(|demands| demands.client_certificate.applies_to == AppliesTo::SelectedUsers);
            if let Some(user) = papers.user.filter(|_| check == Check::ClientCertificate && of_selected()) {
                let selected = if user.is_selected_for_certificates() { "this user is selected" } else { "this user is not" };
                texts.push(format!("{selected} (`sekisho user set-certificates`)"));
            }
            if check == Check::Cookie && papers.user.is_some_and(|user| user.device_designation) {
                texts.push("the user's device designation (`sekisho user show`)".to_owned());
            }
            CheckView {
                check: check.word().to_owned(),
                says: outcome.word().to_owned(),
                because: outcome.refusal().map(|refusal| refusal.code().to_owned()),
                demands: if texts.is_empty() { "nothing".to_owned() } else { texts.join("; and ") },
                lines,
            }
        });
        let verdict = match trace.failed() {
            None if transaction.is_some() => "hold",
            None => "pass",
            Some((_, refusal)) if refusal.asks() => "ask",
            Some(_) => "refuse",
        };
        Ok(Explained {
            policy: asked.names(),
            verdict: verdict.to_owned(),
            because: trace.failed().map(|(_, refusal)| refusal.code().to_owned()),
            identity: identity.filter(|_| trace.failed().is_none()),
            config: config.path.display().to_string(),
            checks: checks.collect(),
            readings,
            transaction: transaction.map(|held| ExplainedTransaction::of(held)),
        })
    }
}

/// Whether a check takes an approval by push.
fn takes_push(demands: &Demands, check: Check) -> bool {
    match check {
        Check::PrimaryFactor => demands.primary_factor.methods.contains(Method::Push),
        Check::Otp => demands.otp.methods.contains(Method::Push),
        _ => false,
    }
}

/// What every set of demands that holds here says of a check, and where.
fn demanded(sets: &[&Demands], check: Check, config: &Config) -> (Vec<String>, Vec<u32>) {
    let mut texts = Vec::new();
    let mut lines = Vec::new();
    for demands in sets {
        let (mode, SourceLine(line), what) = of_check(demands, check, config);
        if mode == Mode::Off {
            continue;
        }
        texts.push(if what.is_empty() { mode.word().to_owned() } else { format!("{} {what}", mode.word()) });
        if line > 0 && !lines.contains(&line) {
            lines.push(line);
        }
    }
    (texts, lines)
}

fn of_check(demands: &Demands, check: Check, config: &Config) -> (Mode, SourceLine, String) {
    match check {
        Check::IpRestriction => {
            let demand = &demands.ip_restriction;
            (demand.mode, demand.source, parts([list("allow", &demand.allow), list("deny", &demand.deny)]))
        }
        Check::ClientCertificate => {
            let demand = &demands.client_certificate;
            let whom = match demand.applies_to {
                AppliesTo::Everyone => "",
                AppliesTo::SelectedUsers => "of selected users",
            };
            (demand.mode, demand.source, parts([whom.to_owned(), list("trust", &bundles(demand.trust, config))]))
        }
        Check::DesktopSso => (demands.desktop_sso.mode, demands.desktop_sso.source, String::new()),
        Check::PrimaryFactor => {
            let demand = &demands.primary_factor;
            let who = parts([list("groups", &demand.groups), list("users", &demand.users)]);
            (demand.mode, demand.source, parts([methods(demand.methods), parts([who, age(demand.max_age)])]))
        }
        Check::Cookie => (demands.cookie.mode, demands.cookie.source, methods(demands.cookie.ways)),
        Check::Otp => {
            let demand = &demands.otp;
            let skipped = if demand.skip_with_cookie { "(a registered browser stands for it)" } else { "" };
            (demand.mode, demand.source, parts([methods(demand.methods), parts([age(demand.max_age), skipped.to_owned()])]))
        }
    }
}

fn parts(parts: [String; 2]) -> String {
    let [one, other] = parts;
    if one.is_empty() || other.is_empty() { one + &other } else { format!("{one}, {other}") }
}

fn list<T: ToString>(word: &str, items: &[T]) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("{word} {}", items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

fn methods(methods: Methods) -> String {
    methods.iter().map(Method::word).collect::<Vec<_>>().join(" or ")
}

fn age(max_age: Option<std::time::Duration>) -> String {
    max_age.map(|age| format!("at most {} old", TimeSpan(age))).unwrap_or_default()
}

fn bundles(set: TrustSet, config: &Config) -> Vec<String> {
    let bit = |place: usize| TrustSet(u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0));
    config.file.trust.keys().enumerate().filter(|(place, _)| set.meets(bit(*place))).map(|(_, name)| name.clone()).collect()
}

fn wrong(what: &'static str, why: String) -> AdminError {
    AdminError::Input { what, why }
}

#[cfg(test)]
mod tests;
