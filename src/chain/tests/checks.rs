//! The checks as tests: their order, the cause of each refusal, networks, tickets, and what several demands come to.

use std::time::Duration;

use super::{HOUR, NOW, World, addition, demanding, gather, group, service, user};
use crate::chain::policy::{Demands, Mode, Whom};
use crate::chain::refusal::Refusal;
use crate::chain::trace::Outcome;
use crate::chain::{Check, Examination, Mismatch, Verdict};
use crate::clock::Timestamp;
use crate::factor::proof_for_tests;
use crate::principal::certificate::{Fault, Fingerprint, Holder, TrustSet};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::networks::{ADMINISTRATION, AddressList, AddressLists};
use crate::principal::service::{Service, WhenUnreachable};

#[test]
fn a_registered_browser_passes_without_a_key_only_where_none_is_demanded() {
    for (demanded, bound, passes) in [(false, false, true), (false, true, true), (true, false, false), (true, true, true)] {
        let world = World::good().but(|world| {
            world.policy.base.cookie.bound = demanded;
            world.bound_browser = bound;
        });
        let examined = world.examine();
        let refusal = examined.trace.failed().map(|(_, refusal)| refusal);
        assert_eq!(refusal, (!passes).then_some(Refusal::BrowserNotBound), "{demanded} {bound}");
        if let Verdict::Ask(turn) = examined.verdict {
            assert_eq!((turn.check(), turn.methods().contains(Method::BrowserByOtp)), (Check::Cookie, true));
        }
    }
    // One registered otherwise is asked for its way first.
    let world = World::good().but(|world| {
        world.policy.base.cookie.bound = true;
        world.policy.base.cookie.ways = Methods::of(&[Method::BrowserByNumber]);
        world.bound_browser = false;
    });
    assert_eq!(world.examine().trace.failed().map(|(_, refusal)| refusal), Some(Refusal::BrowserRegisteredOtherwise));
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
        (
            Refusal::CertificateSwitchOff,
            good().but(|world| world.user.as_mut().unwrap().certificates = CertificateSetting::Refused),
        ),
        (Refusal::CertificateOfAnotherUser, good().but(|world| world.standing.holder = Holder::User(user("bob")))),
        (Refusal::CertificateChanged, good().but(|world| world.bound = Some(Fingerprint([9; 32])))),
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
        (
            Refusal::BrowserNotBound,
            good().but(|world| {
                world.policy.base.cookie.bound = true;
                world.bound_browser = false;
            }),
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
fn an_offered_ticket_has_a_turn_only_where_the_checks_before_it_pass_r_030() {
    let with = |mode| World::good().without(&[Check::DesktopSso]).but(|world| world.policy.base.desktop_sso.mode = mode);
    for mode in [Mode::Observe, Mode::Offer] {
        let turn = with(mode).offered().unwrap();
        assert_eq!((turn.check(), turn.user()), (Check::DesktopSso, Some(&user("alice"))));
        assert_eq!(turn.earn(proof_for_tests(Method::Password, "alice", NOW)), Err(Mismatch::Method(Method::Password)));
        let from_elsewhere = with(mode).but(|world| world.address = "203.0.113.9".parse().unwrap());
        assert!(from_elsewhere.offered().is_none(), "check 1 goes before");
        assert!(with(mode).but(|world| world.shown = None).offered().is_none(), "and check 2");
        assert!(World::good().but(|world| world.policy.base.desktop_sso.mode = mode).offered().is_none(), "once it is shown");
    }
    assert!(with(Mode::Off).offered().is_none());
    assert!(with(Mode::Require).offered().is_none(), "the verdict asks for it");
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
fn lists_that_administrators_keep_hold_for_apps_and_groups_and_all_must_agree_r_201_a_20() {
    let list = |allow: &str, deny: &str| AddressList {
        allowed: allow.parse().into_iter().collect(),
        denied: deny.parse().into_iter().collect(),
    };
    let with = |places: Vec<(&str, AddressList)>, groups: Vec<(&str, AddressList)>| {
        let places = places.into_iter().map(|(name, list)| (name.into(), list)).collect();
        let groups = groups.into_iter().map(|(name, list)| (group(name), list)).collect();
        World::good().but(|world| world.lists = AddressLists::new(places, groups))
    };
    let (inside, outside) = (|| list("10.1.0.0/16", ""), || list("172.16.0.0/12", ""));
    assert_eq!(with(vec![("wiki", inside())], vec![("staff", inside())]).refusal(), None);
    assert_eq!(with(vec![("wiki", outside())], vec![]).refusal(), Some(Refusal::AddressNotAllowed));
    assert_eq!(with(vec![("wiki", list("", "10.1.2.3/32"))], vec![]).refusal(), Some(Refusal::AddressDenied));
    assert_eq!(with(vec![("other", outside()), ("portal", outside())], vec![("board", outside())]).refusal(), None);
    assert_eq!(with(vec![("wiki", inside())], vec![("staff", outside())]).refusal(), Some(Refusal::AddressNotAllowed));
    // Whatever the app asks, and before anybody is known.
    let off = with(vec![("wiki", outside())], vec![]).but(|world| world.policy.base = demanding([Mode::Off; 6]).base);
    assert_eq!(off.refusal(), Some(Refusal::AddressNotAllowed));
    let unknown = with(vec![("wiki", outside())], vec![("staff", inside())]).but(|world| world.user = None);
    assert_eq!(unknown.refusal(), Some(Refusal::AddressNotAllowed));
    let nobodys = with(vec![], vec![("staff", outside())]).but(|world| world.user = None);
    assert_ne!(nobodys.refusal(), Some(Refusal::AddressNotAllowed), "a group's list holds once its member is known");
    // At the administration what holds at the portal holds as well.
    let administration =
        |places: Vec<(&str, AddressList)>| with(places, vec![]).but(|world| world.policy.place = ADMINISTRATION.into()).refusal();
    assert_eq!(administration(vec![("portal", outside())]), Some(Refusal::AddressNotAllowed));
    assert_eq!(administration(vec![("portal/admin", outside())]), Some(Refusal::AddressNotAllowed));
    assert_eq!(administration(vec![("portal", inside()), ("wiki", outside())]), None);
}

#[test]
fn an_ipv4_address_mapped_into_ipv6_is_the_ipv4_address_a_03() {
    let mapped = World::good().but(|world| world.address = "::ffff:10.1.2.3".parse().unwrap());
    assert_eq!(mapped.refusal(), None);
    let outside = World::good().but(|world| world.address = "::ffff:192.0.2.1".parse().unwrap());
    assert_eq!(outside.refusal(), Some(Refusal::AddressNotAllowed));
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
fn device_designation_takes_only_browsers_that_an_administrator_let_in_wherever_people_sign_in_r_205_r_209() {
    let designated = || {
        World::good().but(|world| {
            world.policy.base.cookie = Default::default();
            world.user.as_mut().unwrap().device_designation = true;
        })
    };
    let with = |way| designated().but(|world| gather(&mut world.evidence, "alice", Check::Cookie, way, NOW)).refusal();
    assert_eq!(designated().without(&[Check::Cookie]).refusal(), Some(Refusal::BrowserNotRegistered));
    assert_eq!(with(Method::BrowserByOtp), Some(Refusal::BrowserRegisteredOtherwise));
    assert_eq!((with(Method::BrowserByAdmin), with(Method::BrowserByLink)), (None, None));
    // Beside a policy that takes another way, an administrator's takes its place: there is a way for everybody.
    let beside = designated().but(|world| world.policy = demanding([Mode::Require; 6])).without(&[Check::Cookie]);
    assert_eq!(beside.turn().methods(), Methods::DESIGNATED);
    let both = beside.but(|world| world.policy.base.cookie.ways = Methods::of(&[Method::BrowserByLink, Method::BrowserByOtp]));
    assert_eq!(both.turn().methods(), Methods::of(&[Method::BrowserByLink]));
    // What a certificate alone opens is not shut by it: nobody could register a browser there.
    let machine = designated().without(&[Check::Cookie]).but(|world| world.policy.base.primary_factor.mode = Mode::Off);
    assert_eq!(machine.refusal(), None);
}
