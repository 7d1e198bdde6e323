//! The worked example of the chain's page, with named people: every row of its table is computed here.

use std::time::Duration;

use rustls_pki_types::CertificateDer;

use super::{HOUR, NOW, World, demanding, group, standing, user};
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::{Mode, Policy};
use crate::chain::trace::Outcome;
use crate::chain::{Check, Examination, Turn, Verdict, examine};
use crate::clock::Timestamp;
use crate::factor::proof_for_tests;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Holder};
use crate::principal::method::{Method, Methods};
use crate::principal::networks::AddressLists;
use crate::principal::user::UserStanding;

/// What one request brings.
struct Visit {
    address: &'static str,
    certificate: Option<CertificateStanding>,
    user: Option<UserStanding>,
    evidence: Gathered,
    now: Timestamp,
}

impl Visit {
    fn examine(&self, policy: &Policy) -> Examination {
        let shown = PresentedCertificate::new(&[CertificateDer::from(vec![1])]).unwrap();
        examine(
            policy,
            &Papers {
                address: ClientAddress::new(self.address.parse().unwrap()),
                lists: &AddressLists::default(),
                certificate: self.certificate.as_ref().map(|standing| (&shown, standing)),
                holder: None,
                bound_certificate: None,
                user: self.user.as_ref(),
                evidence: &self.evidence,
                bound_browser: false,
                now: self.now,
            },
        )
    }

    /// The turn that is handed out where something is asked.
    fn turn(&self, policy: &Policy) -> Turn {
        match self.examine(policy).verdict {
            Verdict::Ask(turn) => turn,
            other => panic!("nothing is asked: {other:?}"),
        }
    }

    /// The row of the table, as the chain's page has it.
    fn row(&self, policy: &Policy, request: &str) -> String {
        let Examination { verdict, trace } = self.examine(policy);
        let cells: Vec<&str> = trace
            .iter()
            .map(|(_, outcome)| match outcome {
                Outcome::Ok => "ok",
                Outcome::Fail(_) => "fail",
                Outcome::Observed(_) => "observed",
                Outcome::NotApplicable => "n/a",
                Outcome::NotEvaluated => "·",
            })
            .collect();
        let verdict = match verdict {
            Verdict::Pass(_) => "pass".to_owned(),
            Verdict::Hold(_) => "hold".to_owned(),
            Verdict::Ask(turn) => format!("ask `{}`", turn.refusal().code()),
            Verdict::Refuse(refusal) => format!("refuse `{}`", refusal.code()),
        };
        format!("//! | {request} | {} | {verdict} |", cells.join(" | "))
    }
}

/// The app of the example.
fn wiki() -> Policy {
    use Mode::{Off, Require};
    let mut wiki = demanding([Require, Require, Off, Require, Require, Require]);
    wiki.name = "wiki".into();
    wiki.base.primary_factor.methods = Methods::of(&[Method::Password]);
    wiki.base.primary_factor.groups = [group("staff")].into();
    wiki.base.primary_factor.max_age = None;
    wiki.base.otp.max_age = Some(HOUR);
    wiki
}

fn certificate_of(name: &str) -> CertificateStanding {
    let tomorrow = NOW.plus(Duration::from_secs(86_400));
    let good = World::good().standing;
    CertificateStanding { holder: Holder::User(user(name)), not_after: tomorrow, revocation_known_until: Some(tomorrow), ..good }
}

/// Passes checks 4 to 6: a password, and a code that registers the browser.
fn sign_in(visit: &mut Visit, name: &str, policy: &Policy) {
    let password = visit.turn(policy).earn(proof_for_tests(Method::Password, name, NOW)).unwrap();
    visit.evidence.add(&user(name), &password);
    visit.user = Some(standing(name));
    let browser = proof_for_tests(Method::BrowserByOtp, name, NOW);
    let code = proof_for_tests(Method::Totp, name, NOW);
    let both = visit.turn(policy).earn_by_registering(&browser, &code).unwrap();
    visit.evidence.add(&user(name), &both);
}

#[test]
fn the_worked_example_is_what_the_chain_says() {
    let wiki = wiki();
    let mut rows = Vec::new();
    let mut alice = Visit { address: "203.0.113.5", certificate: None, user: None, evidence: Gathered::none(), now: NOW };
    rows.push(alice.row(&wiki, "Alice at home"));
    alice.address = "10.1.2.3";
    rows.push(alice.row(&wiki, "Alice in the office, without her certificate"));
    alice.certificate = Some(certificate_of("alice"));
    rows.push(alice.row(&wiki, "Alice with her certificate, not signed in"));
    let turn = alice.turn(&wiki);
    assert_eq!((turn.check(), turn.methods()), (Check::PrimaryFactor, Methods::of(&[Method::Password])));
    let password = turn.earn(proof_for_tests(Method::Password, "alice", NOW)).unwrap();
    alice.evidence.add(&user("alice"), &password);
    alice.user = Some(standing("alice"));
    rows.push(alice.row(&wiki, "Alice after her password"));
    let browser = proof_for_tests(Method::BrowserByOtp, "alice", NOW);
    let code = proof_for_tests(Method::Totp, "alice", NOW);
    let both = alice.turn(&wiki).earn_by_registering(&browser, &code).unwrap();
    alice.evidence.add(&user("alice"), &both);
    rows.push(alice.row(&wiki, "Alice after a code that registered her browser"));
    alice.now = NOW.plus(HOUR * 2);
    rows.push(alice.row(&wiki, "Alice two hours later, in the same session"));

    // Bob signed in at an app that admits everybody: what he proved there is good, and he may still not use the wiki.
    let mut everybody = wiki.clone();
    everybody.base.primary_factor.groups = Box::default();
    let mut bob =
        Visit { address: "10.1.2.3", certificate: Some(certificate_of("bob")), user: None, evidence: Gathered::none(), now: NOW };
    sign_in(&mut bob, "bob", &everybody);
    bob.user = Some(UserStanding { groups: Box::default(), ..standing("bob") });
    rows.push(bob.row(&wiki, "Bob with a certificate, a password, a browser and a code"));

    let page = include_str!("../mod.rs");
    let table: Vec<&str> = page.lines().filter(|line| line.starts_with("//! | Alice") || line.starts_with("//! | Bob")).collect();
    assert_eq!(table, rows);
}
