//! Requests that need a yes of their own: the six checks first, then nothing but that yes.

use std::sync::Arc;
use std::time::Duration;

use super::{HOUR, NOW, World, group, standing};
use crate::account::Standing as UserStanding;
use crate::approval::Consent;
use crate::approval::testing::consent_for_tests;
use crate::certificate::Holder;
use crate::chain::papers::Papers;
use crate::chain::policy::SourceLine;
use crate::chain::policy::rules::Selected;
use crate::chain::policy::transaction::{Approvers, By, Transaction};
use crate::chain::{Check, Hold, Unreleased, Verdict, examine};
use crate::clock::Timestamp;
use crate::config::schema::Words;
use crate::factor::{Method, proof_for_tests};
use crate::facts::client_address::ClientAddress;
use crate::facts::request_digest::RequestDigest;

const MINUTE: Duration = Duration::from_secs(60);

fn transfer() -> Transaction {
    Transaction {
        app: "bank".into(),
        name: "transfer".into(),
        title: Words::default(),
        sentence: Words::default(),
        show: Box::default(),
        by: By::Push,
        password: false,
        number: false,
        approvers: Approvers::Requester,
        waits: 2 * MINUTE,
        covers: None,
        source: SourceLine(1),
    }
}

fn four_eyes(count: usize, requester: bool) -> Transaction {
    let approvers = Approvers::Groups { groups: [group("staff")].into(), count, requester };
    Transaction { approvers, ..transfer() }
}

fn judged(world: &World, transaction: &Arc<Transaction>) -> Verdict {
    let papers = Papers {
        address: ClientAddress::new(world.address),
        certificate: world.shown.as_ref().map(|shown| (shown, &world.standing)),
        bound_certificate: world.bound,
        user: world.user.as_ref(),
        evidence: &world.evidence,
        now: NOW,
    };
    examine(Selected { policy: &world.policy, transaction: Some(transaction) }, &papers).verdict
}

/// What alice asks for, past the six checks.
fn held(transaction: Transaction) -> Hold {
    match judged(&World::good(), &Arc::new(transaction)) {
        Verdict::Hold(hold) => hold,
        other => panic!("{other:?}"),
    }
}

fn request(first: &str) -> RequestDigest {
    RequestDigest::parse(&format!("{first}{}", "A".repeat(42))).unwrap()
}

fn yes(name: &str, at: Timestamp) -> Consent {
    consent_for_tests(name, at, Some(("bank", "transfer")), Some(request("A")))
}

fn release(transaction: Transaction, given: &[(&str, UserStanding)]) -> Result<(), Unreleased> {
    let consents: Vec<(Consent, UserStanding)> =
        given.iter().map(|(name, standing)| (yes(name, NOW), standing.clone())).collect();
    let consents: Vec<(&Consent, &UserStanding)> = consents.iter().map(|(consent, standing)| (consent, standing)).collect();
    held(transaction).release(&request("A"), &consents).map(drop)
}

#[test]
fn whoever_passes_all_six_checks_is_held_and_whoever_does_not_is_told_what_is_missing_r_402() {
    let transaction = Arc::new(transfer());
    assert!(matches!(judged(&World::good(), &transaction), Verdict::Hold(_)));
    for check in [Check::DesktopSso, Check::PrimaryFactor, Check::Cookie, Check::Otp] {
        let verdict = judged(&World::good().without(&[check]), &transaction);
        assert!(!matches!(verdict, Verdict::Pass(_) | Verdict::Hold(_)), "{check:?}: {verdict:?}");
    }
    let outside = World::good().but(|world| world.address = "192.0.2.1".parse().unwrap());
    let stranger = World::good().but(|world| world.standing.holder = Holder::Nobody);
    for world in [outside, stranger] {
        assert!(matches!(judged(&world, &transaction), Verdict::Refuse(_)));
    }
}

#[test]
fn a_yes_releases_the_very_request_that_was_shown_and_no_other_r_402() {
    let (alice, consent) = (standing("alice"), yes("alice", NOW));
    let consents = [(&consent, &alice)];
    assert!(held(transfer()).release(&request("A"), &consents).is_ok());
    assert_eq!(held(transfer()).release(&request("B"), &consents).unwrap_err(), Unreleased::AnotherRequest);
    for of in [None, Some(("bank", "order")), Some(("shop", "transfer"))] {
        let consent = consent_for_tests("alice", NOW, of, Some(request("A")));
        let released = held(transfer()).release(&request("A"), &[(&consent, &alice)]);
        assert_eq!(released.unwrap_err(), Unreleased::TooFew { have: 0, need: 1 }, "{of:?}");
    }
    let sign_in = consent_for_tests("alice", NOW, Some(("bank", "transfer")), None);
    let released = held(transfer()).release(&request("A"), &[(&sign_in, &alice)]);
    assert_eq!(released.unwrap_err(), Unreleased::AnotherRequest);
}

#[test]
fn only_those_who_count_are_counted_each_once_and_as_they_stand_now() {
    let few = |have, need| Err(Unreleased::TooFew { have, need });
    let (alice, bob, carol) = (|| ("alice", standing("alice")), || ("bob", standing("bob")), || ("carol", standing("carol")));
    assert_eq!(release(transfer(), &[]), few(0, 1));
    assert_eq!(release(transfer(), &[bob()]), few(0, 1), "not whoever asks");
    assert_eq!(release(four_eyes(1, false), &[alice()]), few(0, 1), "nobody approves their own");
    assert_eq!(release(four_eyes(1, true), &[alice()]), Ok(()));
    assert_eq!(release(four_eyes(2, false), &[bob()]), few(1, 2));
    assert_eq!(release(four_eyes(2, false), &[bob(), bob()]), few(1, 2), "two phones are one person");
    assert_eq!(release(four_eyes(2, false), &[bob(), carol()]), Ok(()));
    let gone = ("carol", UserStanding { enabled: false, ..standing("carol") });
    let moved = ("carol", UserStanding { groups: [group("guests")].into(), ..standing("carol") });
    for other in [gone, moved, ("carol", standing("dave"))] {
        assert_eq!(release(four_eyes(2, false), &[bob(), other]), few(1, 2));
    }
}

#[test]
fn a_code_releases_what_is_approved_by_codes_and_a_yes_does_not_r_409() {
    let by_code = || held(Transaction { by: By::Code, ..transfer() });
    let code = |name: &str, at| proof_for_tests(Method::Totp, name, at);
    assert!(by_code().release_by_code(code("alice", NOW)).is_ok());
    assert!(by_code().release_by_code(proof_for_tests(Method::RecoveryCode, "alice", NOW)).is_ok());
    let another_way = [
        by_code().release_by_code(proof_for_tests(Method::Password, "alice", NOW)),
        held(transfer()).release_by_code(code("alice", NOW)),
        by_code().release(&request("A"), &[(&yes("alice", NOW), &standing("alice"))]),
    ];
    for released in another_way {
        assert_eq!(released.unwrap_err(), Unreleased::AnotherWay);
    }
    assert_eq!(by_code().release_by_code(code("bob", NOW)).unwrap_err(), Unreleased::TooFew { have: 0, need: 1 });
    let before = Timestamp::from_millis(NOW.millis() - 121_000);
    assert_eq!(by_code().release_by_code(code("alice", before)).unwrap_err(), Unreleased::TooOld);
}

#[test]
fn a_yes_covers_others_of_its_kind_only_where_that_is_said_and_as_long_as_it_says() {
    let alice = standing("alice");
    let covering = |covers| held(Transaction { covers, ..transfer() });
    let consent = |ago: i64| yes("alice", Timestamp::from_millis(NOW.millis() - ago * 1000));
    let as_before = |covers, consent: Consent| covering(covers).release_as_before(&[(&consent, &alice)]).map(drop);
    assert_eq!(as_before(Some(HOUR), consent(3599)), Ok(()));
    assert_eq!(as_before(Some(HOUR), consent(3601)), Err(Unreleased::TooOld));
    assert_eq!(as_before(None, consent(0)), Err(Unreleased::AnotherRequest));
    assert_eq!(covering(Some(HOUR)).release_as_before(&[]).unwrap_err(), Unreleased::TooFew { have: 0, need: 1 });
}

#[test]
fn a_machine_approves_nothing_by_itself() {
    let machine = World::good().but(|world| {
        world.policy = super::demanding([crate::chain::policy::Mode::Off; 6]);
        world.user = None;
    });
    let hold = |transaction| match judged(&machine, &Arc::new(transaction)) {
        Verdict::Hold(hold) => hold,
        other => panic!("{other:?}"),
    };
    let (bob, consent) = (standing("bob"), yes("bob", NOW));
    let consents = [(&consent, &bob)];
    assert_eq!(hold(transfer()).release(&request("A"), &consents).unwrap_err(), Unreleased::AnotherWay);
    let by_code = hold(Transaction { by: By::Code, ..transfer() });
    let code = by_code.release_by_code(proof_for_tests(Method::Totp, "bob", NOW));
    assert_eq!(code.unwrap_err(), Unreleased::TooFew { have: 0, need: 1 });
    assert!(hold(four_eyes(1, false)).release(&request("A"), &consents).is_ok());
}
