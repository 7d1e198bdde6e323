//! The rules of the chain, as tests: exhaustive over evidence and modes, then one by one. Here is what they begin with: one
//! request that is good in every respect.

mod certificates;
mod checks;
mod compiled;
mod evidence;
mod exhaustive;
mod paths;
mod selected_users;
mod transactions;
mod worked_example;

use std::net::IpAddr;
use std::time::Duration;

use rustls_pki_types::CertificateDer;

use super::evidence::{Earned, Evidence, Gathered};
use super::papers::Papers;
use super::policy::{Addition, Demands, Mode, Policy, Whom};
use super::refusal::Refusal;
use super::{Check, Examination, Turn as Asked, Verdict, examine, offered};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Fingerprint, Holder, TrustSet};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::networks::AddressLists;
use crate::principal::service::{Mark, OrganisationId, Service, ServiceId, WhenUnreachable};
use crate::principal::user::{GroupName, UserId, UserStanding};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

const HOUR: Duration = Duration::from_secs(3600);

/// All that one request brings; good in every respect until a test spoils something.
#[derive(Clone)]
struct World {
    policy: Policy,
    address: IpAddr,
    lists: AddressLists,
    shown: Option<PresentedCertificate>,
    standing: CertificateStanding,
    holder: Option<UserStanding>,
    bound: Option<Fingerprint>,
    user: Option<UserStanding>,
    evidence: Gathered,
    bound_browser: bool,
}

impl World {
    /// A policy that requires all six checks, and a request that passes them.
    fn good() -> Self {
        let mut evidence = Gathered::none();
        for (check, method) in GOOD {
            gather(&mut evidence, "alice", check, method, NOW);
        }
        Self {
            policy: demanding([Mode::Require; 6]),
            address: "10.1.2.3".parse().unwrap(),
            lists: AddressLists::default(),
            shown: PresentedCertificate::new(&[CertificateDer::from(vec![1])]),
            standing: CertificateStanding {
                trusted_by: TrustSet(1),
                fault: None,
                not_before: Timestamp::from_millis(0),
                not_after: NOW.plus(HOUR),
                revocation_known_until: Some(NOW.plus(HOUR)),
                enabled: true,
                holder: Holder::User(user("alice")),
                paths: Vec::new(),
            },
            holder: Some(standing("alice")),
            bound: None,
            user: Some(standing("alice")),
            evidence,
            bound_browser: true,
        }
    }

    /// The same with something spoilt.
    fn but(mut self, spoil: impl FnOnce(&mut Self)) -> Self {
        spoil(&mut self);
        self
    }

    fn without(self, checks: &[Check]) -> Self {
        let kept: Vec<_> = self.evidence.iter().filter(|piece| !checks.contains(&piece.check)).copied().collect();
        let mut evidence = Gathered::none();
        for piece in kept {
            evidence.add(&user("alice"), &Earned { first: piece, second: None });
        }
        Self { evidence, ..self }
    }

    fn papers(&self) -> Papers<'_> {
        Papers {
            address: ClientAddress::new(self.address),
            lists: &self.lists,
            certificate: self.shown.as_ref().map(|shown| (shown, &self.standing)),
            holder: self.holder.as_ref(),
            bound_certificate: self.bound,
            user: self.user.as_ref(),
            evidence: &self.evidence,
            bound_browser: self.bound_browser,
            now: NOW,
        }
    }

    fn examine(&self) -> Examination {
        examine(&self.policy, &self.papers())
    }

    /// The right to prove check 3 where it is only offered or observed.
    fn offered(&self) -> Option<Asked> {
        offered(&self.policy, &self.papers())
    }

    /// The refusal it ends with, if any.
    fn refusal(&self) -> Option<Refusal> {
        match self.examine().verdict {
            Verdict::Pass(_) | Verdict::Hold(_) => None,
            Verdict::Ask(turn) => Some(turn.refusal()),
            Verdict::Refuse(refusal) => Some(refusal),
        }
    }

    fn turn(&self) -> Asked {
        match self.examine().verdict {
            Verdict::Ask(turn) => turn,
            other => panic!("nothing is asked: {other:?}"),
        }
    }
}

const GOOD: [(Check, Method); 4] = [
    (Check::DesktopSso, Method::Kerberos),
    (Check::PrimaryFactor, Method::Password),
    (Check::Cookie, Method::BrowserByOtp),
    (Check::Otp, Method::Totp),
];

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

fn group(name: &str) -> GroupName {
    GroupName::parse(name).unwrap()
}

fn standing(name: &str) -> UserStanding {
    UserStanding {
        user: user(name),
        enabled: true,
        groups: [group("staff")].into(),
        assigned: Methods::ANY,
        certificates: CertificateSetting::Accepted,
        certificates_by_group: false,
        device_designation: false,
        allowed_networks: Box::default(),
        denied_networks: Box::default(),
    }
}

fn gather(evidence: &mut Gathered, name: &str, check: Check, method: Method, at: Timestamp) {
    let piece = Evidence { check, method, credential: CredentialId([7; 16]), at, services: Mark::NONE, by_passkey: false };
    evidence.add(&user(name), &Earned { first: piece, second: None });
}

/// An approval, by a phone or by a passkey, whose credential is that of everything that [`gather`] adds.
fn approved(evidence: &mut Gathered, name: &str, check: Check, by_passkey: bool, at: Timestamp) {
    let (method, credential) = (Method::Push, CredentialId([7; 16]));
    let piece = Evidence { check, method, credential, at, services: Mark::NONE, by_passkey };
    evidence.add(&user(name), &Earned { first: piece, second: None });
}

/// A policy with these modes, in the order of the checks.
fn demanding([ip, certificate, sso, primary, cookie, otp]: [Mode; 6]) -> Policy {
    let mut base = Demands::default();
    base.ip_restriction.mode = ip;
    base.ip_restriction.allow = ["10.0.0.0/8".parse().unwrap()].into();
    base.client_certificate.mode = certificate;
    base.client_certificate.trust = TrustSet(1);
    base.desktop_sso.mode = sso;
    base.primary_factor.mode = primary;
    base.primary_factor.methods = Methods::of(&[Method::Password, Method::Push]);
    base.primary_factor.max_age = Some(HOUR);
    base.cookie.mode = cookie;
    base.cookie.ways = Methods::of(&[Method::BrowserByOtp]);
    base.otp.mode = otp;
    base.otp.methods = Methods::of(&[Method::Totp]);
    base.otp.max_age = Some(HOUR);
    Policy { name: "test".into(), place: "wiki".into(), base, additions: Box::default() }
}

fn addition(whom: Whom, demands: impl FnOnce(&mut Demands)) -> Addition {
    let mut more = Demands::default();
    demands(&mut more);
    Addition { whom, demands: more }
}

fn service(id: &str) -> Service {
    Service::new(OrganisationId::parse("example").unwrap(), ServiceId::parse(id).unwrap(), WhenUnreachable::Deny)
}
