//! The rules of the chain, as tests: exhaustive over evidence and modes, then one by one.

mod compiled;
mod exhaustive;
mod paths;
mod transactions;

use std::net::IpAddr;
use std::time::Duration;

use rustls_pki_types::CertificateDer;

use super::evidence::{Earned, Evidence, Gathered};
use super::papers::Papers;
use super::policy::{Addition, Demands, Mode, Policy, Whom};
use super::refusal::Refusal;
use super::trace::Outcome;
use super::{Check, Examination, Mismatch, Turn as Asked, Verdict, bound_to, examine};
use crate::approval::testing::consent_for_tests;
use crate::clock::Timestamp;
use crate::factor::proof_for_tests;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{Fault, Fingerprint, Holder, Standing as CertificateStanding, TrustSet};
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::service::{Mark, OrganisationId, Service, ServiceId, WhenUnreachable};
use crate::principal::user::{GroupName, Standing as UserStanding, UserId};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const HOUR: Duration = Duration::from_secs(3600);

/// All that one request brings; good in every respect until a test spoils something.
#[derive(Clone)]
struct World {
    policy: Policy,
    address: IpAddr,
    shown: Option<PresentedCertificate>,
    standing: CertificateStanding,
    holder: Option<UserStanding>,
    bound: Option<Option<Fingerprint>>,
    user: Option<UserStanding>,
    evidence: Gathered,
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
            shown: PresentedCertificate::new(&[CertificateDer::from(vec![1])]),
            standing: CertificateStanding {
                trusted_by: TrustSet(1),
                fault: None,
                not_before: Timestamp::from_millis(0),
                not_after: NOW.plus(HOUR),
                revocation_known_until: Some(NOW.plus(HOUR)),
                enabled: true,
                holder: Holder::User(user("alice")),
            },
            holder: Some(standing("alice")),
            bound: None,
            user: Some(standing("alice")),
            evidence,
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

    fn examine(&self) -> Examination {
        examine(
            &self.policy,
            &Papers {
                address: ClientAddress::new(self.address),
                certificate: self.shown.as_ref().map(|shown| (shown, &self.standing)),
                holder: self.holder.as_ref(),
                bound_certificate: self.bound,
                user: self.user.as_ref(),
                evidence: &self.evidence,
                now: NOW,
            },
        )
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
        certificate_switch: true,
        allowed_networks: Box::default(),
        denied_networks: Box::default(),
    }
}

fn gather(evidence: &mut Gathered, name: &str, check: Check, method: Method, at: Timestamp) {
    let piece = Evidence { check, method, credential: CredentialId([7; 16]), at, services: Mark::NONE };
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
    Policy { name: "test".into(), base, additions: Box::default() }
}

fn addition(whom: Whom, demands: impl FnOnce(&mut Demands)) -> Addition {
    let mut more = Demands::default();
    demands(&mut more);
    Addition { whom, demands: more }
}

fn service(id: &str) -> Service {
    Service::new(OrganisationId::parse("example").unwrap(), ServiceId::parse(id).unwrap(), WhenUnreachable::Deny)
}

#[test]
fn the_order_is_the_mission_s_r_028_r_029_r_030_r_031_r_032_r_033() {
    let words = ["ip_restriction", "client_certificate", "desktop_sso", "primary_factor", "cookie", "otp"];
    assert_eq!(Check::ORDER.map(Check::word), words);
    assert!(Check::ORDER.is_sorted());
}

#[test]
fn two_that_name_one_service_hold_it_by_the_strictest_of_their_words_r_121_r_159() {
    let when = |instead| {
        let of = service("abcdefghijklmnop");
        Service::new(of.organisation().clone(), of.id().clone(), instead)
    };
    let ways = [WhenUnreachable::Deny, WhenUnreachable::RequireAdPassword, WhenUnreachable::AsOpen];
    for (one, other) in ways.into_iter().flat_map(|one| ways.map(|other| (one, other))) {
        let mut policy = World::good().policy;
        policy.base.primary_factor.login_protect = Some(when(one));
        let more = |demands: &mut Demands| {
            demands.primary_factor.mode = Mode::Require;
            demands.primary_factor.login_protect = Some(when(other));
        };
        policy.additions = [addition(Whom::Everybody, more)].into();
        let held: Vec<_> = policy.protecting(None).map(Service::when_unreachable).collect();
        assert_eq!(held, [one.min(other)]);
    }
}

#[test]
fn each_refusal_has_its_own_cause() {
    let good = World::good;
    let worlds = [
        (Refusal::AddressNotAllowed, good().but(|world| world.address = "192.0.2.1".parse().unwrap())),
        (
            Refusal::AddressDenied,
            good().but(|world| world.policy.base.ip_restriction.deny = ["10.1.0.0/16".parse().unwrap()].into()),
        ),
        (Refusal::CertificateMissing, good().but(|world| world.shown = None)),
        (
            Refusal::CertificateUntrusted,
            good().but(|world| {
                world.standing.trusted_by = TrustSet(0);
                world.standing.fault = Some(Fault::Untrusted);
            }),
        ),
        (Refusal::CertificateNotYetValid, good().but(|world| world.standing.not_before = NOW.plus(HOUR))),
        (Refusal::CertificateExpired, good().but(|world| world.standing.not_after = Timestamp::from_millis(NOW.millis() - 1))),
        (
            Refusal::CertificateRevoked,
            good().but(|world| {
                world.standing.trusted_by = TrustSet(0);
                world.standing.fault = Some(Fault::Revoked);
            }),
        ),
        (
            Refusal::RevocationUnknown,
            good().but(|world| world.standing.revocation_known_until = Some(Timestamp::from_millis(NOW.millis() - 1))),
        ),
        (Refusal::CertificateDisabled, good().but(|world| world.standing.enabled = false)),
        (Refusal::CertificateWithoutHolder, good().but(|world| world.standing.holder = Holder::Nobody)),
        (Refusal::CertificateSwitchOff, good().but(|world| world.user.as_mut().unwrap().certificate_switch = false)),
        (Refusal::CertificateOfAnotherUser, good().but(|world| world.standing.holder = Holder::User(user("bob")))),
        (Refusal::CertificateChanged, good().but(|world| world.bound = Some(Some(Fingerprint([9; 32]))))),
        (Refusal::DesktopSsoMissing, good().without(&[Check::DesktopSso])),
        (Refusal::PrimaryFactorMissing, good().without(&[Check::PrimaryFactor])),
        (
            Refusal::PrimaryFactorMethod,
            good().but(|world| gather(&mut world.evidence, "alice", Check::PrimaryFactor, Method::Idp, NOW)),
        ),
        (
            Refusal::PrimaryFactorTooOld,
            good().but(|world| {
                let at = Timestamp::from_seconds(NOW.seconds() - 3601);
                gather(&mut world.evidence, "alice", Check::PrimaryFactor, Method::Password, at);
            }),
        ),
        (
            Refusal::PrimaryFactorUnprotected,
            good().but(|world| {
                gather(&mut world.evidence, "alice", Check::PrimaryFactor, Method::Password, NOW);
                world.policy.base.primary_factor.login_protect = Some(service("abcdefghijklmnop"));
            }),
        ),
        (Refusal::UserDisabled, good().but(|world| world.user.as_mut().unwrap().enabled = false)),
        (Refusal::UserNotAdmitted, good().but(|world| world.policy.base.primary_factor.groups = [group("board")].into())),
        (Refusal::NoMethodAssigned, good().but(|world| world.user.as_mut().unwrap().assigned = Methods::of(&[Method::Passkey]))),
        (Refusal::BrowserNotRegistered, good().without(&[Check::Cookie])),
        (
            Refusal::BrowserRegisteredOtherwise,
            good().but(|world| gather(&mut world.evidence, "alice", Check::Cookie, Method::BrowserByLink, NOW)),
        ),
        (Refusal::OtpMissing, good().without(&[Check::Otp])),
        (Refusal::OtpMethod, good().but(|world| gather(&mut world.evidence, "alice", Check::Otp, Method::RecoveryCode, NOW))),
        (
            Refusal::OtpTooOld,
            good().but(|world| {
                let at = Timestamp::from_seconds(NOW.seconds() - 3601);
                gather(&mut world.evidence, "alice", Check::Otp, Method::Totp, at);
            }),
        ),
    ];
    assert_eq!(good().refusal(), None);
    assert_eq!(worlds.each_ref().map(|(refusal, _)| *refusal), Refusal::ALL, "every refusal has its row");
    for (expected, world) in &worlds {
        assert_eq!(world.refusal(), Some(*expected));
        let asked = matches!(world.examine().verdict, Verdict::Ask(_));
        assert_eq!(asked, expected.asks(), "{expected:?}");
        assert_eq!(world.examine().trace.failed(), Some((expected.check(), *expected)));
    }
}

#[test]
fn a_bad_address_with_a_bad_certificate_is_told_as_the_address_a_04() {
    let world = World::good().but(|world| {
        world.address = "192.0.2.1".parse().unwrap();
        world.shown = None;
    });
    assert_eq!(world.refusal(), Some(Refusal::AddressNotAllowed));
    assert_eq!(world.examine().trace.of(Check::ClientCertificate), Outcome::NotEvaluated);
}

#[test]
fn a_ticket_is_a_gate_and_the_primary_factor_still_runs_a_01_r_030() {
    let world = World::good().without(&[Check::PrimaryFactor, Check::Cookie, Check::Otp]);
    let turn = world.turn();
    assert_eq!(turn.check(), Check::PrimaryFactor);
    assert_eq!(turn.user(), Some(&user("alice")), "it must name the same user");
    assert_eq!(turn.earn(proof_for_tests(Method::Password, "bob", NOW)), Err(Mismatch::User));
}

#[test]
fn a_ticket_stands_for_the_primary_factor_where_the_policy_says_so_a_01() {
    let world = World::good().without(&[Check::PrimaryFactor]).but(|world| world.policy.base.desktop_sso.is_primary = true);
    assert_eq!(world.refusal(), None);
    assert_eq!(world.clone().without(&[Check::PrimaryFactor, Check::Otp]).turn().check(), Check::Otp);
    let addition = addition(Whom::Group(group("staff")), |more| {
        more.primary_factor.mode = Mode::Require;
        more.primary_factor.methods = Methods::of(&[Method::Password]);
    });
    let world = world.but(|world| world.policy.additions = [addition].into());
    assert_eq!(world.refusal(), Some(Refusal::PrimaryFactorMissing), "the strictest wins");
}

#[test]
fn what_is_offered_and_not_taken_is_never_called_passed_a_01_a_02() {
    let world = World::good().without(&[Check::DesktopSso]).but(|world| world.policy.base.desktop_sso.mode = Mode::Offer);
    let Examination { verdict, trace } = world.examine();
    assert!(matches!(verdict, Verdict::Pass(_)));
    assert_eq!(trace.of(Check::DesktopSso), Outcome::NotApplicable);
}

#[test]
fn a_users_own_networks_and_those_of_groups_hold_as_well_a_03_r_028() {
    let own = |allow: &str, deny: &str| {
        World::good().but(|world| {
            let user = world.user.as_mut().unwrap();
            user.allowed_networks = allow.parse().into_iter().collect();
            user.denied_networks = deny.parse().into_iter().collect();
        })
    };
    assert_eq!(own("10.1.0.0/16", "").refusal(), None);
    assert_eq!(own("172.16.0.0/12", "").refusal(), Some(Refusal::AddressNotAllowed));
    assert_eq!(own("", "10.1.2.3/32").refusal(), Some(Refusal::AddressDenied));
    let off = own("172.16.0.0/12", "").but(|world| world.policy = demanding([Mode::Off; 6]));
    assert_eq!(off.refusal(), Some(Refusal::AddressNotAllowed), "a person's own lists stand whatever an app asks");

    let only_for = |whom: Whom| {
        World::good().but(|world| {
            let more = addition(whom, |more| {
                more.ip_restriction.mode = Mode::Require;
                more.ip_restriction.allow = ["10.2.0.0/16".parse().unwrap()].into();
            });
            world.policy.additions = [more].into();
        })
    };
    assert_eq!(only_for(Whom::Group(group("staff"))).refusal(), Some(Refusal::AddressNotAllowed));
    assert_eq!(only_for(Whom::User(user("alice"))).refusal(), Some(Refusal::AddressNotAllowed));
    assert_eq!(only_for(Whom::Group(group("board"))).refusal(), None);
    assert_eq!(only_for(Whom::User(user("bob"))).refusal(), None);
    let unknown = only_for(Whom::Everybody).but(|world| world.user = None);
    assert_eq!(unknown.refusal(), Some(Refusal::AddressNotAllowed), "nobody needs to be named for what holds for everybody");
}

#[test]
fn an_ipv4_address_mapped_into_ipv6_is_the_ipv4_address_a_03() {
    let mapped = World::good().but(|world| world.address = "::ffff:10.1.2.3".parse().unwrap());
    assert_eq!(mapped.refusal(), None);
    let outside = World::good().but(|world| world.address = "::ffff:192.0.2.1".parse().unwrap());
    assert_eq!(outside.refusal(), Some(Refusal::AddressNotAllowed));
}

#[test]
fn a_certificate_counts_while_enabled_and_the_users_switch_is_on_and_in_its_period_r_231_r_029() {
    let in_period = [(-1, 1, true), (1, 2, false), (-2, -1, false)];
    for enabled in [false, true] {
        for switch in [false, true] {
            for (from, until, valid) in in_period {
                for holder in [Holder::User(user("alice")), Holder::Shared] {
                    let world = World::good().but(|world| {
                        world.standing.enabled = enabled;
                        world.user.as_mut().unwrap().certificate_switch = switch;
                        world.standing.not_before = Timestamp::from_seconds(NOW.seconds() + from);
                        world.standing.not_after = Timestamp::from_seconds(NOW.seconds() + until);
                        world.standing.holder = holder.clone();
                    });
                    let passes = world.refusal().is_none();
                    assert_eq!(passes, enabled && switch && valid, "{enabled} {switch} {from} {until} {holder:?}");
                }
            }
        }
    }
}

#[test]
fn a_machine_passes_by_its_certificate_alone_where_no_primary_factor_is_demanded() {
    let world = World::good().but(|world| {
        world.policy = demanding([Mode::Off, Mode::Require, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
        world.standing.holder = Holder::Machine("printer-7".into());
        world.user = None;
        world.evidence = Gathered::none();
    });
    assert_eq!(world.refusal(), None);
}

/// Whom a request is for, by what stands in the certificate's way and how check 2 is meant; `Err` with the refusal.
fn named(mode: Mode, spoil: impl FnOnce(&mut World)) -> Result<Option<String>, Refusal> {
    let world = World::good().without(&Check::ORDER).but(|world| {
        world.policy = demanding([Mode::Off, mode, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
        world.user = None;
    });
    match world.but(spoil).examine().verdict {
        Verdict::Pass(permit) => Ok(permit.named().map(|named| named.as_str().to_owned())),
        Verdict::Hold(_) => panic!("no transaction is meant"),
        Verdict::Ask(turn) => Err(turn.refusal()),
        Verdict::Refuse(refusal) => Err(refusal),
    }
}

type Spoil = fn(&mut World);
/// What is spoilt, and whom the certificate names then.
type Row = (&'static str, Spoil, Result<Option<&'static str>, Refusal>);

#[test]
fn a_certificate_names_its_holder_only_where_check_2_is_demanded_and_passed() {
    let rows: [Row; 14] = [
        ("good", |_| {}, Ok(Some("alice"))),
        ("a machine's", |world| world.standing.holder = Holder::Machine("printer-7".into()), Ok(Some("printer-7"))),
        ("shared", |world| world.standing.holder = Holder::Shared, Ok(None)),
        ("nobody's", |world| world.standing.holder = Holder::Nobody, Err(Refusal::CertificateWithoutHolder)),
        ("expired", |world| world.standing.not_after = Timestamp::from_millis(0), Err(Refusal::CertificateExpired)),
        ("not yet", |world| world.standing.not_before = NOW.plus(HOUR), Err(Refusal::CertificateNotYetValid)),
        ("switched off", |world| world.standing.enabled = false, Err(Refusal::CertificateDisabled)),
        ("of another authority", |world| world.standing.trusted_by = TrustSet(2), Err(Refusal::CertificateUntrusted)),
        (
            "revoked",
            |world| {
                world.standing.trusted_by = TrustSet(0);
                world.standing.fault = Some(Fault::Revoked);
            },
            Err(Refusal::CertificateRevoked),
        ),
        ("the user is disabled", |world| world.holder.as_mut().unwrap().enabled = false, Err(Refusal::UserDisabled)),
        (
            "the holder's switch",
            |world| world.holder.as_mut().unwrap().certificate_switch = false,
            Err(Refusal::CertificateSwitchOff),
        ),
        (
            "the user's networks",
            |world| world.holder.as_mut().unwrap().denied_networks = ["10.0.0.0/8".parse().unwrap()].into(),
            Err(Refusal::AddressDenied),
        ),
        ("the user is gone", |world| world.holder = None, Err(Refusal::CertificateWithoutHolder)),
        ("another's account", |world| world.holder = Some(standing("bob")), Err(Refusal::CertificateOfAnotherUser)),
    ];
    for (what, spoil, expected) in rows {
        for mode in [Mode::Off, Mode::Observe] {
            assert_eq!(named(mode, spoil), Ok(None), "{mode:?}: {what}");
        }
        assert_eq!(named(Mode::Require, spoil), expected.map(|name| name.map(str::to_owned)), "{what}");
    }
}

#[test]
fn what_a_user_must_meet_their_certificate_alone_must_meet_too() {
    let more = |whom: Whom| addition(whom, |more| more.otp.mode = Mode::Require);
    let with = |whom: Whom| named(Mode::Require, |world| world.policy.additions = [more(whom)].into());
    assert_eq!(with(Whom::Group(group("staff"))), Err(Refusal::OtpMissing));
    assert_eq!(with(Whom::User(user("alice"))), Err(Refusal::OtpMissing));
    assert_eq!(with(Whom::User(user("bob"))), Ok(Some("alice".to_owned())));
    // Every authority that is demanded must stand behind it.
    let both = addition(Whom::Everybody, |more| {
        more.client_certificate.mode = Mode::Require;
        more.client_certificate.trust = TrustSet(2);
    });
    let both = named(Mode::Require, |world| world.policy.additions = [both].into());
    assert_eq!(both, Err(Refusal::CertificateUntrusted));
}

#[test]
fn where_somebody_signed_in_the_certificate_names_nobody() {
    let world = World::good();
    let Verdict::Pass(permit) = world.examine().verdict else { panic!("{world:?}", world = world.refusal()) };
    assert_eq!(permit.named(), None);
}

#[test]
fn a_session_made_with_one_certificate_is_dead_with_another_or_none() {
    let fingerprint = World::good().shown.unwrap().fingerprint();
    let bound = |to| World::good().but(|world| world.bound = to).refusal();
    assert_eq!(bound(None), None, "no session yet");
    assert_eq!(bound(Some(Some(fingerprint))), None);
    assert_eq!(bound(Some(Some(Fingerprint([9; 32])))), Some(Refusal::CertificateChanged));
    assert_eq!(bound(Some(None)), Some(Refusal::CertificateChanged));
    let shown_no_more = World::good().but(|world| {
        world.bound = Some(Some(fingerprint));
        world.shown = None;
    });
    assert_eq!(shown_no_more.refusal(), Some(Refusal::CertificateMissing));
}

/// Also R-026.
#[test]
fn any_one_of_the_methods_satisfies_check_4_push_among_them_r_031_r_036() {
    for (method, passes) in [(Method::Password, true), (Method::Push, true), (Method::AdPassword, false), (Method::Totp, false)] {
        let world = World::good().but(|world| gather(&mut world.evidence, "alice", Check::PrimaryFactor, method, NOW));
        assert_eq!(world.refusal().is_none(), passes, "{method:?}");
    }
    let only_push = World::good()
        .without(&[Check::PrimaryFactor, Check::Cookie, Check::Otp])
        .but(|world| world.user.as_mut().unwrap().assigned = Methods::of(&[Method::Push, Method::AdPassword]));
    assert_eq!(only_push.turn().methods(), Methods::of(&[Method::Push]), "what is assigned and accepted, no more");
}

#[test]
fn before_anybody_proved_who_they_are_no_answer_depends_on_the_account() {
    let nobody_yet = World::good().without(&Check::ORDER).but(|world| {
        world.policy = demanding([Mode::Off, Mode::Off, Mode::Off, Mode::Require, Mode::Off, Mode::Off]);
        world.policy.base.primary_factor.groups = [group("board")].into();
    });
    let disabled = nobody_yet.clone().but(|world| world.user.as_mut().unwrap().enabled = false);
    let unassigned = nobody_yet.clone().but(|world| world.user.as_mut().unwrap().assigned = Methods::NONE);
    let unknown = nobody_yet.clone().but(|world| world.user = None);
    for world in [nobody_yet, disabled, unassigned, unknown] {
        assert_eq!(world.refusal(), Some(Refusal::PrimaryFactorMissing));
    }
}

#[test]
fn evidence_of_another_user_than_the_one_named_counts_for_nothing() {
    let world = World::good().but(|world| {
        world.user = Some(standing("bob"));
        world.standing.holder = Holder::Shared;
    });
    assert_eq!(world.refusal(), Some(Refusal::DesktopSsoMissing));
    assert_eq!(world.turn().user(), Some(&user("bob")));
}

#[test]
fn evidence_whose_account_is_gone_passes_nothing() {
    assert_eq!(World::good().but(|world| world.user = None).refusal(), Some(Refusal::UserDisabled));
}

#[test]
fn a_registered_browser_is_a_gate_and_never_skips_the_code_unless_the_policy_says_so_a_08_r_032_r_033() {
    let world = World::good().without(&[Check::Otp]);
    assert_eq!(world.refusal(), Some(Refusal::OtpMissing));
    let skipping = world.but(|world| world.policy.base.otp.skip_with_cookie = true);
    assert_eq!(skipping.refusal(), None);
    let unregistered = skipping.clone().without(&[Check::Cookie, Check::Otp]);
    assert_eq!(unregistered.refusal(), Some(Refusal::BrowserNotRegistered));
    let more = addition(Whom::Group(group("staff")), |more| {
        more.otp.mode = Mode::Require;
        more.otp.methods = Methods::of(&[Method::Totp]);
    });
    let stricter = skipping.but(|world| world.policy.additions = [more].into());
    assert_eq!(stricter.refusal(), Some(Refusal::OtpMissing), "the strictest wins");
}

#[test]
fn the_strictest_wins_among_demands() {
    let with = |demands: fn(&mut Demands)| {
        World::good().but(|world| world.policy.additions = [addition(Whom::User(user("alice")), demands)].into())
    };
    let narrower = with(|more| {
        more.primary_factor.mode = Mode::Require;
        more.primary_factor.methods = Methods::of(&[Method::Push]);
    });
    assert_eq!(narrower.refusal(), Some(Refusal::PrimaryFactorMethod));
    assert_eq!(narrower.turn().methods(), Methods::of(&[Method::Push]));
    let shorter = with(|more| {
        more.otp.mode = Mode::Observe;
        more.otp.methods = Methods::ANY;
        more.otp.max_age = Some(Duration::from_secs(1));
    });
    let old = shorter.but(|world| {
        gather(&mut world.evidence, "alice", Check::Otp, Method::Totp, Timestamp::from_seconds(NOW.seconds() - 2));
    });
    assert_eq!(old.refusal(), Some(Refusal::OtpTooOld));
    assert_eq!(old.turn().max_age(), Some(Duration::from_secs(1)));
    let certificate = with(|more| {
        more.client_certificate.mode = Mode::Require;
        more.client_certificate.trust = TrustSet(2);
    });
    assert_eq!(certificate.refusal(), Some(Refusal::CertificateUntrusted));
    let members = with(|more| {
        more.primary_factor.mode = Mode::Require;
        more.primary_factor.methods = Methods::ANY;
        more.primary_factor.groups = [group("board")].into();
    });
    assert_eq!(members.refusal(), Some(Refusal::UserNotAdmitted));
    let required = with(|more| more.otp.mode = Mode::Require);
    let required = required.but(|world| world.policy.base.otp.mode = Mode::Observe).without(&[Check::Otp]);
    assert_eq!(required.refusal(), Some(Refusal::OtpMissing), "require is more than observe");
    let nothing = with(|_| {});
    assert_eq!(nothing.refusal(), None, "an addition that says nothing takes nothing away");
}

#[test]
fn what_lies_in_the_future_is_old() {
    let world = World::good().but(|world| gather(&mut world.evidence, "alice", Check::Otp, Method::Totp, NOW.plus(HOUR)));
    assert_eq!(world.refusal(), Some(Refusal::OtpTooOld));
}

#[test]
fn a_proof_by_another_method_or_for_another_user_earns_nothing() {
    let world = World::good().without(&[Check::PrimaryFactor, Check::Cookie, Check::Otp]);
    let earn = |method, name| world.turn().earn(proof_for_tests(method, name, NOW));
    assert_eq!(earn(Method::Totp, "alice"), Err(Mismatch::Method(Method::Totp)));
    assert_eq!(earn(Method::Password, "bob"), Err(Mismatch::User));
    let earned = earn(Method::Password, "Alice").unwrap();
    let pieces: Vec<_> = earned.iter().map(|piece| (piece.check(), piece.method(), piece.at())).collect();
    assert_eq!(pieces, [(Check::PrimaryFactor, Method::Password, NOW)]);
}

#[test]
fn registering_a_browser_by_a_code_earns_both_checks_once() {
    let world = World::good().without(&[Check::Cookie, Check::Otp]);
    let earn = |browser, code| world.turn().earn_by_registering(&browser, &code);
    let browser = |name| proof_for_tests(Method::BrowserByOtp, name, NOW);
    let code = |name| proof_for_tests(Method::Totp, name, NOW);
    assert_eq!(earn(browser("alice"), code("bob")), Err(Mismatch::User));
    assert_eq!(earn(browser("bob"), code("bob")), Err(Mismatch::User));
    let link = proof_for_tests(Method::BrowserByLink, "alice", NOW);
    assert_eq!(earn(link, code("alice")), Err(Mismatch::Method(Method::BrowserByLink)));
    let password = proof_for_tests(Method::Password, "alice", NOW);
    assert_eq!(earn(browser("alice"), password), Err(Mismatch::Method(Method::Password)));
    let at_the_wrong_check = World::good().without(&[Check::Otp]).turn().earn_by_registering(&browser("alice"), &code("alice"));
    assert_eq!(at_the_wrong_check, Err(Mismatch::Method(Method::BrowserByOtp)));

    let earned = earn(browser("alice"), code("alice")).unwrap();
    let mut world = world.clone();
    world.evidence.add(&user("alice"), &earned);
    assert_eq!(world.refusal(), None);
}

#[test]
fn two_users_evidence_never_lies_side_by_side() {
    let mut evidence = World::good().evidence;
    gather(&mut evidence, "bob", Check::PrimaryFactor, Method::Password, NOW);
    assert_eq!(evidence.user(), Some(&user("bob")));
    assert_eq!(evidence.iter().count(), 1);
}

#[test]
fn a_connection_is_bound_to_the_user_of_a_certificate_that_passed_check_2() {
    let bound = |world: &World, mode: Mode| {
        let mut modes = [Mode::Require; 6];
        modes[1] = mode;
        let nothing = Gathered::none();
        let papers = Papers {
            address: ClientAddress::new(world.address),
            certificate: world.shown.as_ref().map(|shown| (shown, &world.standing)),
            holder: world.holder.as_ref(),
            bound_certificate: None,
            user: world.user.as_ref(),
            evidence: &nothing,
            now: NOW,
        };
        bound_to(&demanding(modes), &papers).cloned()
    };
    let good = World::good();
    // For every name: it is the certificate that says it.
    for named in [None, Some(standing("alice")), Some(standing("bob"))] {
        let world = good.clone().but(|world| world.user = named);
        assert_eq!(bound(&world, Mode::Require), Some(user("alice")));
    }
    for mode in [Mode::Off, Mode::Observe, Mode::Offer] {
        assert_eq!(bound(&good, mode), None, "{mode:?}");
    }
    for holder in [Holder::Shared, Holder::Machine("printer".into()), Holder::Nobody] {
        assert_eq!(bound(&good.clone().but(|world| world.standing.holder = holder), Mode::Require), None);
    }
    assert_eq!(bound(&good.clone().but(|world| world.standing.enabled = false), Mode::Require), None);
    assert_eq!(bound(&good.clone().but(|world| world.shown = None), Mode::Require), None);
    assert_eq!(bound(&good.but(|world| world.holder = None), Mode::Require), None, "a user who is gone");
}
