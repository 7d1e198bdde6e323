//! Compares expectations with the policies: each is a request that the chain judges, and a difference is reported at the
//! line of the expectation.

use std::borrow::Cow;
use std::time::Duration;

use http::Method as HttpMethod;
use rustls_pki_types::CertificateDer;
use toml::Spanned;

use crate::chain::Check;
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::{Mode, Policies, Policy, SourceLine};
use crate::chain::refusal::Refusal;
use crate::chain::supposition::{Supposed, suppose};
use crate::chain::trace::Trace;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::diagnose::{Complaint, Diagnosis, did_you_mean};
use crate::config::expectation::{self, Expectation, Expectations, ExpectedState};
use crate::facts::client_address::ClientAddress;
use crate::facts::path::RequestPath;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::facts::target::Target;
use crate::principal::certificate;
use crate::principal::certificate::{Fault, Holder, TrustSet};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::networks::AddressLists;
use crate::principal::user;
use crate::principal::user::{GroupName, UserId};

/// A complaint and the word of the expectation that it is about: unreadable, or the chain says otherwise.
type Misfit<'a> = (&'a Spanned<String>, Complaint);

/// Holds every expectation against the policies.
///
/// # Errors
/// All that do not hold, or cannot be read.
pub(super) fn hold(config: &Config, policies: &Policies, expectations: &Expectations) -> Result<(), Diagnosis> {
    let misfits: Vec<Misfit<'_>> = expectations.list.iter().filter_map(|one| held(config, policies, one).err()).collect();
    if misfits.is_empty() { Ok(()) } else { Err(expectations.complain(misfits)) }
}

fn held<'a>(config: &Config, policies: &Policies, one: &'a Expectation) -> Result<(), Misfit<'a>> {
    let wanted = wanted(&one.then)?;
    let policy = policy(policies, one)?;
    let trace = trace(config, &policy, one)?;
    let says = match (wanted, trace.failed()) {
        (Wanted::Pass, None) => return Ok(()),
        (Wanted::Stop(check), Some((stopped, _))) if check == stopped => return Ok(()),
        (Wanted::Refusal(refusal), Some((_, because))) if refusal == because => return Ok(()),
        (_, None) => "it passes".to_owned(),
        (_, Some((check, refusal))) => format!("{} stops it ({})", check.word(), refusal.code()),
    };
    let message =
        format!("{} {} of `{}` is not as expected: {says}", one.method.get_ref(), one.path.get_ref(), one.app.get_ref());
    let checks = trace.iter().map(|(check, outcome)| match outcome.refusal() {
        Some(refusal) => format!("{}: {} ({})", check.word(), outcome.word(), refusal.code()),
        None => format!("{}: {}", check.word(), outcome.word()),
    });
    let lines = trace.failed().map(|(check, _)| lines(&policy, check)).filter(|lines| !lines.is_empty());
    let lines = lines.map(|lines| format!("; said by line {lines} of {}", config.path.display())).unwrap_or_default();
    Err((&one.then, Complaint::new("", message).help(format!("{}{lines}", checks.collect::<Vec<_>>().join(", ")))))
}

/// What is expected.
#[derive(Clone, Copy)]
enum Wanted {
    Pass,
    Stop(Check),
    Refusal(Refusal),
}

fn wanted(then: &Spanned<String>) -> Result<Wanted, Misfit<'_>> {
    let word = then.get_ref().as_str();
    if word == "pass" {
        return Ok(Wanted::Pass);
    }
    let check = Check::ORDER.into_iter().find(|check| check.word() == word).map(Wanted::Stop);
    let refusal = || Refusal::ALL.iter().copied().find(|refusal| refusal.code() == word).map(Wanted::Refusal);
    check.or_else(refusal).ok_or_else(|| {
        let words =
            std::iter::once("pass").chain(Check::ORDER.map(Check::word)).chain(Refusal::ALL.iter().map(|refusal| refusal.code()));
        let meant = did_you_mean(word, words).map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
        let help = format!("{meant}Write `pass`, the check that stops it (`otp`), or the refusal (`otp_too_old`)");
        (then, Complaint::new("", format!("`{word}` is nothing that the chain says")).help(help))
    })
}

fn policy<'p, 'a>(policies: &'p Policies, one: &'a Expectation) -> Result<Cow<'p, Policy>, Misfit<'a>> {
    match one.app.get_ref().as_str() {
        "portal" => return Ok(Cow::Borrowed(policies.portal())),
        "admin" if policies.app("admin").is_none() => return Ok(Cow::Borrowed(policies.admin())),
        "certificates" if policies.app("certificates").is_none() => return Ok(Cow::Borrowed(policies.certificates())),
        _ => {}
    }
    let app = policies.app(one.app.get_ref()).ok_or_else(|| {
        let names: Vec<_> = policies.apps().map(|(name, _)| name).chain(["portal", "admin", "certificates"]).collect();
        let all = names.join(", ");
        let meant = did_you_mean(one.app.get_ref(), names).map(|meant| format!("did you mean `{meant}`? "));
        let complaint = Complaint::new("", format!("there is no app `{}`", one.app.get_ref()));
        (&one.app, complaint.help(format!("{}There are: {all}", meant.unwrap_or_default())))
    })?;
    let method = HttpMethod::from_bytes(one.method.get_ref().as_bytes())
        .map_err(|_| (&one.method, Complaint::new("", "this is not an HTTP method")))?;
    if one.method.get_ref().bytes().any(|byte| byte.is_ascii_lowercase()) {
        let help = format!("did you mean \"{}\"?", one.method.get_ref().to_ascii_uppercase());
        return Err((&one.method, Complaint::new("", "such a method is refused before the chain").help(help)));
    }
    let path = one.path.get_ref().split('?').next().unwrap_or_default();
    let refused = |error: &dyn std::fmt::Display| {
        (&one.path, Complaint::new("", format!("such a path is refused before the chain: {error}")))
    };
    let path = RequestPath::parse(path).map_err(|error| refused(&error))?;
    Ok(app.select(&Target { method: &method, path }).map_err(|error| refused(&error))?.merged())
}

fn trace<'a>(config: &Config, policy: &Policy, one: &'a Expectation) -> Result<Trace, Misfit<'a>> {
    // A round moment: nothing here depends on today.
    let now = Timestamp::from_seconds(2_000_000_000);
    let supposed = supposed(one, now)?;
    let named = one.user.is_some() || !one.groups.is_empty() || !supposed.is_empty();
    let user = match &one.user {
        Some(name) => name_of(name, UserId::parse)?,
        None => UserId::parse("somebody").map_err(|error| (&one.then, Complaint::new("", error.to_string())))?,
    };
    let mut groups = one.groups.iter().map(|group| name_of(group, GroupName::parse)).collect::<Result<Vec<_>, _>>()?;
    groups.sort();
    let standing = user::UserStanding {
        user: user.clone(),
        enabled: true,
        groups: groups.into(),
        assigned: Methods::PRIMARY,
        certificates: CertificateSetting::Accepted,
        certificates_by_group: false,
        device_designation: false,
        allowed_networks: Box::default(),
        denied_networks: Box::default(),
    };
    let shown = PresentedCertificate::new(&[CertificateDer::from(vec![0])]);
    let certificate = one.certificate.as_ref().map(|certificate| certificate_standing(config, certificate, &user, now));
    let certificate = certificate.transpose()?;
    // Another user than the one supposed has nothing against them.
    let holder = certificate.as_ref().and_then(certificate::CertificateStanding::user).map(|holder| match *holder == user {
        true => standing.clone(),
        false => user::UserStanding { user: holder.clone(), groups: Box::default(), ..standing.clone() },
    });
    let evidence = Gathered::none();
    let papers = Papers {
        address: ClientAddress::new(one.from),
        lists: &AddressLists::default(),
        certificate: shown.as_ref().zip(certificate.as_ref()),
        holder: holder.as_ref(),
        bound_certificate: None,
        user: named.then_some(&standing),
        evidence: &evidence,
        bound_browser: false,
        now,
    };
    Ok(suppose(policy, &papers, &user, &supposed))
}

fn supposed(one: &Expectation, now: Timestamp) -> Result<Vec<Supposed>, Misfit<'_>> {
    let age = one.age.map_or(Duration::ZERO, |age| age.0);
    let at = Timestamp::from_millis(now.millis().saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX)));
    let expectation::ExpectedEvidence { desktop_sso, primary_factor, cookie, otp } = &one.evidence;
    let mut supposed = Vec::new();
    for (check, word, methods) in [
        (Check::DesktopSso, desktop_sso, Methods::of(&[Method::Kerberos])),
        (Check::PrimaryFactor, primary_factor, Methods::PRIMARY),
        (Check::Cookie, cookie, Methods::of(&[Method::BrowserByNumber, Method::BrowserByOtp])),
        (Check::Otp, otp, Methods::SECOND),
    ] {
        let Some(word) = word else { continue };
        let found = methods.iter().find(|method| method.word() == word.get_ref());
        let method = found.ok_or_else(|| {
            let all = methods.iter().map(|method| format!("`{}`", method.word())).collect::<Vec<_>>().join(", ");
            let message = format!("`{}` is not evidence for {}", word.get_ref(), check.word());
            (word, Complaint::new("", message).help(format!("there are: {all}")))
        })?;
        supposed.push(Supposed { check, method, at });
    }
    Ok(supposed)
}

fn certificate_standing<'a>(
    config: &Config,
    written: &'a expectation::ExpectedCertificate,
    user: &UserId,
    now: Timestamp,
) -> Result<certificate::CertificateStanding, Misfit<'a>> {
    let trust = written.trust.as_ref().map(|name| {
        let place = config.file.trust.keys().position(|key| key == name.get_ref());
        let bit = place.and_then(|place| 1_u64.checked_shl(u32::try_from(place).ok()?));
        bit.ok_or_else(|| {
            let all = config.file.trust.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            (name, Complaint::new("", format!("there is no trust `{}`", name.get_ref())).help(format!("there are: {all}")))
        })
    });
    let trusted_by = TrustSet(trust.transpose()?.unwrap_or(0));
    let holder = match (written.holder, &written.name) {
        (expectation::ExpectedHolder::User, None) => Holder::User(user.clone()),
        (expectation::ExpectedHolder::User, Some(name)) => Holder::User(name_of(name, UserId::parse)?),
        (expectation::ExpectedHolder::Shared, _) => Holder::Shared,
        (expectation::ExpectedHolder::Machine, name) => {
            Holder::Machine(name.as_ref().map_or("machine", |name| name.get_ref().as_str()).into())
        }
        (expectation::ExpectedHolder::Nobody, _) => Holder::Nobody,
    };
    let hour = Duration::from_secs(3600);
    let before = Timestamp::from_seconds(now.seconds() - 3600);
    let revoked = written.state == ExpectedState::Revoked;
    Ok(certificate::CertificateStanding {
        trusted_by: if revoked { TrustSet(0) } else { trusted_by },
        fault: match (revoked, trusted_by.0) {
            (true, _) => Some(Fault::Revoked),
            (false, 0) => Some(Fault::Untrusted),
            (false, _) => None,
        },
        not_before: if written.state == ExpectedState::NotYetValid { now.plus(hour) } else { Timestamp::from_millis(0) },
        not_after: if written.state == ExpectedState::Expired { before } else { now.plus(hour * 2) },
        revocation_known_until: None,
        enabled: written.state != ExpectedState::Disabled,
        holder,
        paths: Vec::new(),
    })
}

fn name_of<T>(word: &Spanned<String>, parse: impl Fn(&str) -> Result<T, user::NameError>) -> Result<T, Misfit<'_>> {
    parse(word.get_ref()).map_err(|error| (word, Complaint::new("", format!("`{}` is not a name: {error}", word.get_ref()))))
}

/// The lines that demand this check, the base's first.
fn lines(policy: &Policy, check: Check) -> String {
    let sets = std::iter::once(&policy.base).chain(policy.additions.iter().map(|addition| &addition.demands));
    let demanded = sets.map(|demands| match check {
        Check::IpRestriction => (demands.ip_restriction.mode, demands.ip_restriction.source),
        Check::ClientCertificate => (demands.client_certificate.mode, demands.client_certificate.source),
        Check::DesktopSso => (demands.desktop_sso.mode, demands.desktop_sso.source),
        Check::PrimaryFactor => (demands.primary_factor.mode, demands.primary_factor.source),
        Check::Cookie => (demands.cookie.mode, demands.cookie.source),
        Check::Otp => (demands.otp.mode, demands.otp.source),
    });
    let lines = demanded.filter(|(mode, SourceLine(line))| *mode != Mode::Off && *line > 0);
    lines.map(|(_, SourceLine(line))| line.to_string()).collect::<Vec<_>>().join(", ")
}
