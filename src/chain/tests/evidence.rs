//! Evidence as tests: which proof earns what, whose evidence counts, how old it may be.

use super::{HOUR, NOW, World, addition, approved, demanding, gather, group, standing, user};
use crate::chain::policy::{Mode, Whom};
use crate::chain::refusal::Refusal;
use crate::chain::{Check, Mismatch};
use crate::factor::proof_for_tests;
use crate::principal::certificate::Holder;
use crate::principal::method::{Method, Methods};

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
    assert_eq!(only_push.turn().methods(), Methods::of(&[Method::Push]), "only what is both assigned and accepted");
}

/// In whichever order the two were proved: the passkey may have approved at check 6 before it passed check 4.
#[test]
fn one_passkey_that_approved_at_check_6_does_not_pass_check_4_besides_a_61() {
    for primary in [Method::Passkey, Method::Push] {
        let world = World::good().but(|world| {
            world.policy.base.primary_factor.methods = Methods::of(&[Method::Passkey, Method::Push]);
            world.policy.base.otp.methods = Methods::of(&[Method::Push]);
            gather(&mut world.evidence, "alice", Check::PrimaryFactor, primary, NOW);
            approved(&mut world.evidence, "alice", Check::Otp, true, NOW);
        });
        assert_eq!(world.refusal(), Some(Refusal::OtpMethod), "{primary:?}");
        let phone = world.clone().but(|world| approved(&mut world.evidence, "alice", Check::Otp, false, NOW));
        assert_eq!(phone.refusal(), None, "a phone: {primary:?}");
        let named = world.but(|world| world.policy.base.otp.methods = Methods::of(&[Method::Push, Method::Passkey]));
        assert_eq!(named.refusal(), None, "where the policy names it: {primary:?}");
    }
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
fn a_passkey_of_check_4_is_evidence_of_check_6_where_that_accepts_it_and_no_other_proof_is_a_61() {
    let passkey = || proof_for_tests(Method::Passkey, "alice", NOW);
    let world = |otp: &[Method]| {
        World::good().without(&[Check::PrimaryFactor, Check::Otp]).but(|world| {
            world.policy.base.primary_factor.methods = Methods::of(&[Method::Password, Method::Passkey]);
            world.policy.base.otp.methods = Methods::of(otp);
            world.user.as_mut().unwrap().assigned = Methods::of(&[Method::Password, Method::Passkey]);
        })
    };
    let both = world(&[Method::Totp, Method::Passkey]);
    let earned = both.turn().earn_by_two_factors(passkey()).unwrap();
    let checks: Vec<_> = earned.iter().map(|piece| (piece.check(), piece.method())).collect();
    assert_eq!(checks, [(Check::PrimaryFactor, Method::Passkey), (Check::Otp, Method::Passkey)]);
    let passed = both.clone().but(|world| world.evidence.add(&user("alice"), &earned));
    assert_eq!(passed.refusal(), None);
    let codes_only = world(&[Method::Totp]).but(|world| world.evidence.add(&user("alice"), &earned));
    assert_eq!(codes_only.refusal(), Some(Refusal::OtpMethod));
    let password = proof_for_tests(Method::Password, "alice", NOW);
    assert_eq!(both.turn().earn_by_two_factors(password), Err(Mismatch::Method(Method::Password)));
    let others = proof_for_tests(Method::Passkey, "bob", NOW);
    assert_eq!(both.turn().earn_by_two_factors(others).is_err(), both.turn().user().is_some());
    let later = World::good().without(&[Check::Otp]).turn();
    assert_eq!(later.earn_by_two_factors(passkey()), Err(Mismatch::Method(Method::Passkey)), "check 4 alone");
}
