//! From the config's plain values to policies: names become types, lists become sets, and each demand keeps the line
//! that says it.
//! Invariant: a config that was checked compiles, but for names and patterns, which are reported with their keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method as HttpMethod;

use super::meetable;
use crate::chain::policy::applies_to::AppliesTo;
use crate::chain::policy::rules::{AppPolicy, PathRule, Pattern};
use crate::chain::policy::transaction::{ApproverRule, By, FieldSource, Format, ShownField, Transaction, TransactionPath};
use crate::chain::policy::{
    Addition, ClientCertificate, Cookie, Demands, DesktopSso, Grace, IpRestriction, Mode, NumberStyles, Otp, Policies, Policy,
    PrimaryFactor, SourceLine, Whom,
};
use crate::config::demands::{Merged, SourcedDemand};
use crate::config::diagnose::Complaint;
use crate::config::schema::{BrowserWay, DemandedBinding, OtpMethod, PrimaryMethod};
use crate::config::{Config, schema};
use crate::principal::certificate::TrustSet;
use crate::principal::method::{Method, Methods};
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::number_style::NumberStyle;
use crate::principal::service::{IdError, OrganisationId, Service, ServiceId, WhenUnreachable};
use crate::principal::user::{GroupName, NameError, UserId};

/// Compiles every policy of a config.
///
/// # Errors
/// What is wrong with names and path patterns, all of it; hand it to [`Config::complain`].
pub fn compile(config: &Config) -> Result<Policies, Vec<Complaint>> {
    let mut compiler = Compiler { config, complaints: Vec::new() };
    let additions = compiler.additions();
    let portal = compiler.portal(&additions);
    let admin = compiler.admin(&portal);
    let certificates = compiler.certificates(&portal);
    let apps = compiler.apps(&additions);
    let policies = Policies::new(apps, [portal, admin, certificates], compiler.numbers());
    let on_top: Vec<_> = additions.iter().map(|scoped| (scoped.apps, &scoped.addition)).collect();
    compiler.complaints.extend(meetable::complaints(&on_top, &policies, &config.file.portal.administrators));
    if compiler.complaints.is_empty() { Ok(policies) } else { Err(compiler.complaints) }
}

struct Compiler<'a> {
    config: &'a Config,
    complaints: Vec<Complaint>,
}

/// An addition and the apps it holds on; all, and the portal, if there are none.
struct Scoped<'a> {
    apps: &'a [String],
    addition: Addition,
}

impl<'a> Compiler<'a> {
    fn additions(&mut self) -> Vec<Scoped<'a>> {
        let mut additions = Vec::new();
        for (place, addition) in self.config.file.addition.iter().enumerate() {
            let path = format!("addition[{place}]");
            let whom = match (&addition.group, &addition.user) {
                (Some(group), _) => self.name(&format!("{path}.group"), group, GroupName::parse).map(Whom::Group),
                (None, Some(user)) => self.name(&format!("{path}.user"), user, UserId::parse).map(Whom::User),
                (None, None) => None,
            };
            let demands = self.demands(&Merged::of(&format!("{path}.demands"), &addition.demands));
            additions.extend(whom.map(|whom| Scoped { apps: &addition.apps, addition: Addition { whom, demands } }));
        }
        additions
    }

    fn portal(&mut self, additions: &[Scoped<'_>]) -> Policy {
        let base = self.demands(&self.config.file.portal_demands());
        let everywhere = additions.iter().filter(|scoped| scoped.apps.is_empty()).map(|scoped| &scoped.addition);
        // The portal never asks a browser for a certificate, so nothing there can demand one.
        let additions = everywhere.map(|Addition { whom, demands }| Addition {
            whom: whom.clone(),
            demands: Demands { client_certificate: ClientCertificate::default(), ..demands.clone() },
        });
        Policy { name: "portal".into(), place: PORTAL.into(), base, additions: additions.collect() }
    }

    fn admin(&mut self, portal: &Policy) -> Policy {
        let own = &self.config.file.portal;
        let path = "portal.administrators";
        let group = self.name(path, &own.administrators, GroupName::parse);
        // Two sets apart, so that membership is demanded whatever else the config says of groups.
        let members = PrimaryFactor {
            mode: Mode::Require,
            methods: Methods::ANY,
            groups: group.into_iter().collect(),
            source: self.source(path),
            ..PrimaryFactor::default()
        };
        let more = own.admin_demands.as_ref().map(|demands| self.demands(&Merged::of("portal.admin_demands", demands)));
        // Typed, unless the administration's own demands say otherwise.
        let number_style = Some(self.numbers().administrators);
        let members = Demands { primary_factor: members, number_style, ..Demands::default() };
        let everybody = [Some(members), more].into_iter().flatten();
        let on_top = everybody.map(|demands| Addition { whom: Whom::Everybody, demands });
        let additions = portal.additions.iter().cloned().chain(on_top).collect();
        let base = portal.base.clone();
        Policy { name: "portal: administration".into(), place: ADMINISTRATION.into(), base, additions }.without_grace()
    }

    /// Where users fetch their own certificates. Check 2 is off there, whatever is demanded elsewhere: who comes has none yet.
    fn certificates(&mut self, portal: &Policy) -> Policy {
        let own = self.config.file.certificates.demands.as_ref();
        let more = own.map(|demands| self.demands(&Merged::of("certificates.demands", demands)));
        let on_top = more.map(|demands| Addition { whom: Whom::Everybody, demands });
        let additions = portal.additions.iter().cloned().chain(on_top).map(|Addition { whom, demands }| Addition {
            whom,
            demands: Demands { client_certificate: ClientCertificate::default(), ..demands },
        });
        let base = Demands { client_certificate: ClientCertificate::default(), ..portal.base.clone() };
        let additions = additions.collect();
        Policy { name: "portal: certificates".into(), place: PORTAL.into(), base, additions }.without_grace()
    }

    fn numbers(&self) -> NumberStyles {
        let portal = &self.config.file.portal;
        NumberStyles {
            otherwise: self.config.file.approval.number_style,
            administrators: portal.admin_demands.as_ref().and_then(|said| said.number_style).unwrap_or(NumberStyle::Type),
            group: GroupName::parse(&portal.administrators).ok(),
        }
    }

    fn apps(&mut self, additions: &[Scoped<'_>]) -> BTreeMap<Arc<str>, Arc<AppPolicy>> {
        let mut apps = BTreeMap::new();
        for (place, app) in self.config.file.app.iter().enumerate() {
            let holds = |scoped: &&Scoped<'_>| scoped.apps.is_empty() || scoped.apps.contains(&app.name);
            let additions: Box<[_]> = additions.iter().filter(holds).map(|scoped| scoped.addition.clone()).collect();
            let base = self.demands(&self.config.file.app_demands(place));
            let name: Arc<str> = app.name.as_str().into();
            let own = Policy { place: Arc::clone(&name), name, additions: on_top(&base, &additions), base };
            let rules = self.rules(place, app, &additions);
            let transactions = self.transactions(place, app);
            apps.insert(app.name.as_str().into(), Arc::new(AppPolicy::new(own, rules, transactions)));
        }
        apps
    }

    fn rules(&mut self, place: usize, app: &schema::AppSection, additions: &[Addition]) -> Vec<PathRule> {
        let mut rules: Vec<PathRule> = Vec::new();
        for (rule_place, rule) in app.rule.iter().enumerate() {
            let path = format!("app[{place}].rule[{rule_place}]");
            let base = self.demands(&self.config.file.rule_demands(place, rule_place));
            let name = format!("{} {}", app.name, rule.paths.join(" ")).into();
            let place = app.name.as_str().into();
            let policy = Arc::new(Policy { name, place, additions: on_top(&base, additions), base });
            let methods: Arc<[_]> =
                rule.methods.iter().filter_map(|method| HttpMethod::from_bytes(method.as_bytes()).ok()).collect();
            let source = self.source(&path);
            for (path_place, text) in rule.paths.iter().enumerate() {
                let path = format!("{path}.paths[{path_place}]");
                let Some(pattern) = self.pattern(&path, text) else { continue };
                let new = PathRule { pattern, methods: Arc::clone(&methods), policy: Arc::clone(&policy), source };
                if let Some(first) = rules.iter().find(|rule| rule.clashes_with(&new)) {
                    let message = format!("`{text}` is spoken of twice, for the same methods");
                    let help = format!("the rule of line {} says it already; keep one of them", first.source.0);
                    self.complaints.push(Complaint::new(path, message).help(help));
                }
                rules.push(new);
            }
        }
        rules
    }

    fn pattern(&mut self, path: &str, text: &str) -> Option<Pattern> {
        let complain = |error| {
            let help = "as in \"/status\", \"/files/*/raw\" or \"/admin/**\"";
            self.complaints.push(Complaint::new(path, format!("`{text}` is not a path pattern: {error}")).help(help));
        };
        Pattern::parse(text).map_err(complain).ok()
    }

    fn transactions(&mut self, place: usize, app: &schema::AppSection) -> Vec<TransactionPath> {
        let mut paths: Vec<TransactionPath> = Vec::new();
        for (of_app, said) in app.transaction.iter().enumerate() {
            let path = format!("app[{place}].transaction[{of_app}]");
            let transaction = Arc::new(self.transaction(&path, app, said));
            let methods: Arc<[_]> =
                said.methods.iter().filter_map(|method| HttpMethod::from_bytes(method.as_bytes()).ok()).collect();
            for (path_place, text) in said.paths.iter().enumerate() {
                let path = format!("{path}.paths[{path_place}]");
                let Some(pattern) = self.pattern(&path, text) else { continue };
                let new = TransactionPath::new(pattern, Arc::clone(&methods), Arc::clone(&transaction));
                if let Some(first) = paths.iter().find(|held| held.clashes_with(&new)) {
                    let message = format!("`{text}` is a transaction twice, for the same methods");
                    let help = format!("`{}` holds it already; keep one of them", first.transaction().name);
                    self.complaints.push(Complaint::new(path, message).help(help));
                }
                paths.push(new);
            }
        }
        paths
    }

    fn transaction(&mut self, path: &str, app: &schema::AppSection, said: &schema::TransactionSection) -> Transaction {
        let approvers = said.approvers.as_ref().map(|approvers| ApproverRule::Groups {
            groups: self.names(&format!("{path}.approvers.groups"), &approvers.groups, GroupName::parse),
            count: approvers.count,
            requester: approvers.requester,
        });
        let show = said.show.iter().enumerate();
        Transaction {
            app: app.name.as_str().into(),
            name: said.name.as_str().into(),
            title: said.title.clone(),
            sentence: said.sentence.clone(),
            show: show.filter_map(|(place, shown)| self.field(&format!("{path}.show[{place}].from"), shown)).collect(),
            by: match said.by {
                schema::TransactionMethod::Push => By::Push,
                schema::TransactionMethod::Otp => By::Code,
            },
            password: said.password,
            number: said.number,
            approvers: approvers.unwrap_or(ApproverRule::Requester),
            waits: schema::duration(said.waits),
            covers: said.covers.map(schema::duration),
            source: self.source(path),
        }
    }

    fn field(&mut self, path: &str, said: &schema::ShownSection) -> Option<ShownField> {
        let complain = |error| {
            let message = format!("`{}` is not a place of a request: {error}", said.from);
            let help = "as in \"form:payee\", \"json:/amount\", \"query:to\", \"path:2\" or \"header:X-Account\"";
            self.complaints.push(Complaint::new(path, message).help(help));
        };
        let source = FieldSource::parse(&said.from).map_err(complain).ok()?;
        let format = match (said.format, &said.currency) {
            (schema::ShownFormat::Text, _) => Format::Text,
            (schema::ShownFormat::Currency, Some(currency)) => Format::Currency(currency.as_str().into()),
            (schema::ShownFormat::Number | schema::ShownFormat::Currency, _) => Format::Number,
        };
        Some(ShownField { label: said.label.clone(), source, format, optional: said.optional })
    }

    fn demands(&mut self, merged: &Merged<'_>) -> Demands {
        Demands {
            ip_restriction: merged.ip_restriction.as_ref().map(|said| self.ip_restriction(said)).unwrap_or_default(),
            client_certificate: merged.client_certificate.as_ref().map(|said| self.client_certificate(said)).unwrap_or_default(),
            desktop_sso: merged.desktop_sso.as_ref().map(|said| self.desktop_sso(said)).unwrap_or_default(),
            primary_factor: merged.primary_factor.as_ref().map(|said| self.primary_factor(said)).unwrap_or_default(),
            cookie: merged.cookie.as_ref().map(|said| self.cookie(said)).unwrap_or_default(),
            otp: merged.otp.as_ref().map(|said| self.otp(said)).unwrap_or_default(),
            number_style: merged.number_style.as_ref().map(|said| *said.demand),
        }
    }

    fn ip_restriction(&self, said: &SourcedDemand<'_, schema::IpRestrictionDemand>) -> IpRestriction {
        IpRestriction {
            mode: mode(said.demand.mode),
            allow: schema::networks(&said.demand.allow),
            deny: schema::networks(&said.demand.deny),
            source: self.source(&said.path),
        }
    }

    fn client_certificate(&self, said: &SourcedDemand<'_, schema::ClientCertificateDemand>) -> ClientCertificate {
        let wanted: &[String] = if said.demand.mode == schema::DemandMode::Off { &[] } else { &said.demand.trust };
        let trust = TrustSet::named(wanted, &self.config.file.trust);
        let applies_to = match said.demand.applies_to {
            schema::CertificateDemandScope::Everyone => AppliesTo::Everyone,
            schema::CertificateDemandScope::SelectedUsers => AppliesTo::SelectedUsers,
        };
        ClientCertificate { mode: mode(said.demand.mode), applies_to, trust, source: self.source(&said.path) }
    }

    fn desktop_sso(&self, said: &SourcedDemand<'_, schema::DesktopSsoDemand>) -> DesktopSso {
        let mode = match said.demand.mode {
            schema::DesktopSsoMode::Off => Mode::Off,
            schema::DesktopSsoMode::Observe => Mode::Observe,
            schema::DesktopSsoMode::Offer => Mode::Offer,
            schema::DesktopSsoMode::Require => Mode::Require,
        };
        DesktopSso { mode, is_primary: said.demand.desktop_sso_is_primary, source: self.source(&said.path) }
    }

    fn primary_factor(&mut self, said: &SourcedDemand<'_, schema::PrimaryFactorDemand>) -> PrimaryFactor {
        let demand = said.demand;
        PrimaryFactor {
            mode: mode(demand.mode),
            methods: demand.methods.iter().map(|method| primary(*method)).collect(),
            first: demand.methods.first().map(|method| primary(*method)),
            groups: self.names(&format!("{}.groups", said.path), &demand.groups, GroupName::parse),
            users: self.names(&format!("{}.users", said.path), &demand.users, UserId::parse),
            max_age: demand.max_age.map(schema::duration),
            login_protect: demand.login_protect.as_ref().and_then(|protect| self.service(&said.path, protect)),
            source: self.source(&said.path),
        }
    }

    fn service(&mut self, path: &str, said: &schema::LoginProtectDemand) -> Option<Service> {
        let organisation = self.one(&format!("{path}.login_protect.organisation"), OrganisationId::parse(&said.organisation));
        let id = self.one(&format!("{path}.login_protect.service"), ServiceId::parse(&said.service));
        let when_unreachable = match said.when_unreachable {
            schema::UnreachableDemand::Deny => WhenUnreachable::Deny,
            schema::UnreachableDemand::RequireAdPassword => WhenUnreachable::RequireAdPassword,
            schema::UnreachableDemand::AsOpen => WhenUnreachable::AsOpen,
        };
        Some(Service::new(organisation?, id?, when_unreachable))
    }

    fn cookie(&self, said: &SourcedDemand<'_, schema::CookieDemand>) -> Cookie {
        let ways = said.demand.ways.iter().map(|way| match way {
            BrowserWay::NumberMatch => Method::BrowserByNumber,
            BrowserWay::AdminApproval => Method::BrowserByAdmin,
            BrowserWay::Link => Method::BrowserByLink,
            BrowserWay::Otp => Method::BrowserByOtp,
        });
        let bound = said.demand.browser_binding == DemandedBinding::Require;
        Cookie { mode: mode(said.demand.mode), ways: ways.collect(), bound, source: self.source(&said.path) }
    }

    fn otp(&mut self, said: &SourcedDemand<'_, schema::OtpDemand>) -> Otp {
        let grace = said.demand.grace.as_ref().map(|grace| Grace {
            lasts: schema::duration(grace.lasts),
            ends_for: self.names(&format!("{}.grace.ends_for", said.path), &grace.ends_for, GroupName::parse),
        });
        let methods: Vec<Method> = said.demand.methods.iter().copied().map(one_time).collect();
        Otp {
            mode: mode(said.demand.mode),
            methods: methods.iter().copied().collect::<Methods>().either(grace.is_some(), Method::Grace),
            grace,
            order: methods.into(),
            max_age: said.demand.max_age.map(schema::duration),
            skip_with_cookie: said.demand.skip_with_cookie,
            source: self.source(&said.path),
        }
    }

    fn source(&self, path: &str) -> SourceLine {
        SourceLine(self.config.line_of(path))
    }

    fn name<T>(&mut self, path: &str, text: &str, parse: impl Fn(&str) -> Result<T, NameError>) -> Option<T> {
        let complain = |error| self.complaints.push(Complaint::new(path, format!("`{text}` is not a name: {error}")));
        parse(text).map_err(complain).ok()
    }

    fn one<T>(&mut self, path: &str, read: Result<T, IdError>) -> Option<T> {
        read.map_err(|error| {
            self.complaints.push(Complaint::new(path, error.to_string()).help("`sekisho login-protect service` draws one"))
        })
        .ok()
    }

    fn names<T>(&mut self, path: &str, texts: &[String], parse: impl Fn(&str) -> Result<T, NameError>) -> Box<[T]> {
        let read = texts.iter().enumerate();
        read.filter_map(|(place, text)| self.name(&format!("{path}[{place}]"), text, &parse)).collect()
    }
}

/// What holds on top of `base` for some. Where neither a primary factor nor a certificate is demanded nobody needs to be
/// known: a user who is could sign out first, so demanding more of known users would stop only the
/// honest.
fn on_top(base: &Demands, additions: &[Addition]) -> Box<[Addition]> {
    let certificate = &base.client_certificate;
    let shows_one = certificate.mode == Mode::Require && certificate.applies_to == AppliesTo::Everyone;
    let is_known = base.primary_factor.mode != Mode::Off || shows_one;
    if is_known { additions.into() } else { Box::default() }
}

const fn mode(mode: schema::DemandMode) -> Mode {
    match mode {
        schema::DemandMode::Off => Mode::Off,
        schema::DemandMode::Observe => Mode::Observe,
        schema::DemandMode::Require => Mode::Require,
    }
}

const fn one_time(method: OtpMethod) -> Method {
    match method {
        OtpMethod::Totp => Method::Totp,
        OtpMethod::Push => Method::Push,
        OtpMethod::RecoveryCode => Method::RecoveryCode,
        OtpMethod::Passkey => Method::Passkey,
    }
}

const fn primary(method: PrimaryMethod) -> Method {
    match method {
        PrimaryMethod::Push => Method::Push,
        PrimaryMethod::Password => Method::Password,
        PrimaryMethod::AdPassword => Method::AdPassword,
        PrimaryMethod::Idp => Method::Idp,
        PrimaryMethod::Passkey => Method::Passkey,
        PrimaryMethod::Matrix => Method::Matrix,
        PrimaryMethod::TokenMatrix => Method::TokenMatrix,
    }
}
