//! The effective policy of every app, part by part and addition by addition, with the lines of the config that say so:
//! as text for people, as JSON for programs.

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::Serialize;

use crate::chain::Check;
use crate::chain::policy::applies_to::AppliesTo;
use crate::chain::policy::{Demands, Mode, Policies, Policy, SourceLine, Whom};
use crate::cli::words::{padded, say};
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::config::profile::{self, Report};
use crate::config::schema::AppSection;
use crate::config::units::TimeSpan;
use crate::principal::certificate::TrustSet;
use crate::principal::method::{Method, Methods};
use crate::principal::service::Service;

/// What a config means.
#[derive(Clone, Debug, Serialize)]
pub struct Effective {
    /// The config file.
    pub config: String,
    /// The gateway's own pages, then the apps in the order of their names.
    pub hosts: Vec<Host>,
    /// What its writer is warned of, each with `file`, `line`, `column`, `key`, `message` and `help`.
    pub warnings: serde_json::Value,
    /// The profiles that it demands of itself, line by line.
    pub profiles: Vec<Report>,
}

/// What one host demands.
#[derive(Clone, Debug, Serialize)]
pub struct Host {
    /// The app's name; `portal` for the gateway's own host.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Where requests go; empty for the portal and where another proxy forwards.
    pub upstream: Vec<String>,
    /// Header fields that a proxy alone should say and that reach the app from its clients all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lets_through: Vec<String>,
    /// Its parts: the most specific first, the rest last.
    pub parts: Vec<Part>,
}

/// What one part of a host demands.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// The paths; empty for all that no other part names.
    pub path: String,
    /// The methods; empty for all.
    pub methods: Vec<String>,
    /// The line that says so; 0 where none does.
    pub line: u32,
    /// The six checks, for everybody.
    pub checks: Vec<Demand>,
    /// How a number is carried to the phone, where a phone can be asked.
    pub number: Option<String>,
    /// What is demanded on top.
    pub additions: Vec<OnTop>,
}

/// More demands.
#[derive(Clone, Debug, Serialize)]
pub struct OnTop {
    /// For whom: `everybody`, `group NAME` or `user NAME`.
    pub whom: String,
    /// The checks that are demanded.
    pub checks: Vec<Demand>,
}

/// What one check demands.
#[derive(Clone, Debug, Serialize)]
pub struct Demand {
    /// The check.
    pub check: &'static str,
    /// How much it counts.
    pub mode: &'static str,
    /// What passes, in words.
    pub passes: String,
    /// The line that says so; 0 where a default does.
    pub line: u32,
}

impl Effective {
    /// What `config` means, by its compiled policies, and what is warned of.
    pub fn of(config: &Config, policies: &Policies, warnings: &Diagnosis) -> Self {
        let portal = Host {
            name: "portal".to_owned(),
            url: config.file.portal.url.clone(),
            upstream: Vec::new(),
            lets_through: Vec::new(),
            parts: vec![
                part(config, policies, "/admin/**", &[], 0, policies.admin()),
                part(config, policies, "", &[], config.line_of("portal.demands"), policies.portal()),
                part(config, policies, "/account/certificates/**", &[], 0, policies.certificates()),
            ],
        };
        let apps = policies.apps().filter_map(|(name, policy)| {
            let place = config.file.app.iter().position(|app| app.name == name)?;
            let AppSection { url, upstream, pass_headers, .. } = config.file.app.get(place)?;
            let rules = policy
                .rules()
                .iter()
                .map(|rule| part(config, policies, &rule.pattern.to_string(), &rule.methods, rule.source.0, &rule.policy));
            let own = part(config, policies, "", &[], config.line_of(&format!("app[{place}]")), policy.own());
            let parts = rules.chain([own]).collect();
            let (upstream, lets_through) = (upstream.clone(), pass_headers.clone());
            Some(Host { name: name.to_owned(), url: url.clone(), upstream, lets_through, parts })
        });
        let hosts = std::iter::once(portal).chain(apps).collect();
        let profiles = profile::reports(config, None);
        Self { config: config.path.display().to_string(), hosts, profiles, warnings: warnings.list() }
    }
}

fn part(config: &Config, policies: &Policies, path: &str, methods: &[http::Method], line: u32, policy: &Policy) -> Part {
    let additions = policy.additions.iter().map(|addition| {
        let whom = match &addition.whom {
            Whom::Everybody => "everybody".to_owned(),
            Whom::Group(group) => format!("group {group}"),
            Whom::User(user) => format!("user {user}"),
        };
        let demanded = demands(config, &addition.demands).into_iter().filter(|demand| demand.mode != Mode::Off.word());
        OnTop { whom, checks: demanded.collect() }
    });
    Part {
        path: path.to_owned(),
        methods: methods.iter().map(ToString::to_string).collect(),
        line,
        checks: demands(config, &policy.base),
        number: asks_phones(policy).then(|| number(policies, policy)),
        additions: additions.collect(),
    }
}

/// Whether a phone can be asked there at all.
fn asks_phones(policy: &Policy) -> bool {
    let Demands { primary_factor, cookie, otp, .. } = &policy.base;
    let asked = |mode: Mode, methods: Methods, method: Method| mode != Mode::Off && methods.contains(method);
    asked(primary_factor.mode, primary_factor.methods, Method::Push)
        || asked(otp.mode, otp.methods, Method::Push)
        || asked(cookie.mode, cookie.ways, Method::BrowserByNumber)
}

/// How a number is carried there: of everybody, and of administrators where that is otherwise.
fn number(policies: &Policies, policy: &Policy) -> String {
    let (style, strictest) = (policies.number_style(policy, None), policies.strictest_number_style(policy));
    if style == strictest {
        style.word().to_owned()
    } else {
        format!("{}; {} for administrators or as an addition says", style.word(), strictest.word())
    }
}

/// The six checks of one set of demands.
fn demands(config: &Config, demands: &Demands) -> Vec<Demand> {
    let Demands { ip_restriction, client_certificate, desktop_sso, primary_factor, cookie, otp, number_style: _ } = demands;
    let list = |words: Vec<String>| words.join(", ");
    let demand = |check: Check, mode: Mode, SourceLine(line): SourceLine, passes: String| Demand {
        check: check.word(),
        mode: mode.word(),
        passes: if mode == Mode::Off { String::new() } else { passes },
        line,
    };
    let networks = |networks: &[ipnet::IpNet]| list(networks.iter().map(ToString::to_string).collect());
    let mut address = Vec::new();
    if !ip_restriction.allow.is_empty() {
        address.push(format!("inside {}", networks(&ip_restriction.allow)));
    }
    if !ip_restriction.deny.is_empty() {
        address.push(format!("outside {}", networks(&ip_restriction.deny)));
    }
    let mut who = vec![methods(primary_factor.methods)];
    let groups = primary_factor.groups.iter().map(|group| format!("group {group}"));
    let admitted: Vec<_> = groups.chain(primary_factor.users.iter().map(|user| format!("user {user}"))).collect();
    if !admitted.is_empty() {
        who.push(format!("only {}", list(admitted)));
    }
    who.extend(primary_factor.max_age.map(age));
    let shut = |service: &Service| format!("while its owner opens the form {}/{}", service.organisation(), service.id());
    who.extend(primary_factor.login_protect.as_ref().map(shut));
    let mut code = vec![methods(otp.methods.without(Method::Grace))];
    code.extend(otp.max_age.map(age));
    code.extend(otp.grace.as_ref().map(|grace| format!("or nothing, for {} without one", TimeSpan(grace.lasts))));
    code.extend(otp.skip_with_cookie.then(|| "or a registered browser".to_owned()));
    let ticket = if desktop_sso.is_primary { "a Kerberos ticket, which stands for check 4 too" } else { "a Kerberos ticket" };
    vec![
        demand(Check::IpRestriction, ip_restriction.mode, ip_restriction.source, address.join("; ")),
        demand(
            Check::ClientCertificate,
            client_certificate.mode,
            client_certificate.source,
            match client_certificate.applies_to {
                AppliesTo::Everyone => format!("issued by {}", trusts(config, client_certificate.trust)),
                AppliesTo::SelectedUsers => {
                    format!("of selected users, issued by {}", trusts(config, client_certificate.trust))
                }
            },
        ),
        demand(Check::DesktopSso, desktop_sso.mode, desktop_sso.source, ticket.to_owned()),
        demand(Check::PrimaryFactor, primary_factor.mode, primary_factor.source, who.join("; ")),
        demand(
            Check::Cookie,
            cookie.mode,
            cookie.source,
            format!("registered by {}{}", methods(cookie.ways), if cookie.bound { ", with a key of the browser" } else { "" }),
        ),
        demand(Check::Otp, otp.mode, otp.source, code.join("; ")),
    ]
}

fn methods(methods: Methods) -> String {
    if methods == Methods::ANY {
        return "any method".to_owned();
    }
    methods.iter().map(|method| method.word()).collect::<Vec<_>>().join(" or ")
}

fn trusts(config: &Config, set: TrustSet) -> String {
    let bits = (0..u64::BITS).map(|place| set.0 >> place & 1 == 1);
    let names = config.file.trust.keys().zip(bits).filter(|(_, accepted)| *accepted);
    names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" or ")
}

fn age(age: Duration) -> String {
    format!("not older than {}", TimeSpan(age))
}

impl fmt::Display for Effective {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, host) in self.hosts.iter().enumerate() {
            if place > 0 {
                out.write_char('\n')?;
            }
            write!(out, "{}  {}", host.name, host.url)?;
            if !host.upstream.is_empty() {
                write!(out, "  ->  {}", host.upstream.join(", "))?;
            }
            out.write_char('\n')?;
            if !host.lets_through.is_empty() {
                writeln!(out, "  {}", say("check-lets-through", &[("fields", &host.lets_through.join(", "))]))?;
            }
            for part in &host.parts {
                part.write(out, host.parts.len() > 1)?;
            }
        }
        for report in &self.profiles {
            write!(out, "\n{report}")?;
        }
        Ok(())
    }
}

impl Part {
    fn write(&self, out: &mut fmt::Formatter<'_>, named: bool) -> fmt::Result {
        let path = if self.path.is_empty() { say("check-everything-else", &[]) } else { self.path.clone() };
        if named {
            let methods = if self.methods.is_empty() { String::new() } else { format!("{} ", self.methods.join(", ")) };
            writeln!(out, "  {methods}{path}{}", line(self.line))?;
        }
        for demand in &self.checks {
            demand.write(out, "")?;
        }
        if let Some(number) = &self.number {
            writeln!(out, "    {} {number}", padded(&say("check-number", &[]), 18))?;
        }
        for addition in &self.additions {
            writeln!(out, "    {}", say("check-and-for", &[("whom", &spoken_of(&addition.whom))]))?;
            for demand in &addition.checks {
                demand.write(out, "  ")?;
            }
        }
        Ok(())
    }
}

impl Demand {
    fn write(&self, out: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        let passes = if self.passes.is_empty() { String::new() } else { format!("  {}", self.passes) };
        writeln!(out, "    {indent}{:<18} {}{passes}{}", self.check, self.mode, line(self.line))
    }
}

fn line(line: u32) -> String {
    if line == 0 { String::new() } else { format!("  {}", say("check-line", &[("line", &line)])) }
}

/// Whom an addition is for, as a person reads it.
fn spoken_of(whom: &str) -> String {
    match whom.split_once(' ') {
        Some(("group", name)) => say("check-group", &[("name", &name)]),
        Some(("user", name)) => say("check-user", &[("name", &name)]),
        _ => say("check-everybody", &[]),
    }
}
