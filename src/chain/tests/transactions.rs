//! Requests that need a yes of their own: the six checks first, then nothing but that yes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{HOUR, NOW, World, demanding, group, standing};
use crate::approval::Consent;
use crate::approval::testing::consent_for_tests;
use crate::chain::papers::Papers;
use crate::chain::policy::selection::Selected;
use crate::chain::policy::transaction::{ApproverRule, By, Transaction};
use crate::chain::policy::{Mode, SourceLine};
use crate::chain::{Check, Hold, Unreleased, Verdict, examine};
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::environment::Environment;
use crate::factor::proof_for_tests;
use crate::facts::client_address::ClientAddress;
use crate::facts::path::RequestPath;
use crate::facts::request_digest::RequestDigest;
use crate::facts::target::Target;
use crate::principal::certificate::Holder;
use crate::principal::method::Method;
use crate::principal::networks::AddressLists;
use crate::principal::user::UserStanding;
use crate::principal::words::Words;

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
        approvers: ApproverRule::Requester,
        waits: 2 * MINUTE,
        covers: None,
        source: SourceLine(1),
    }
}

fn four_eyes(count: usize, requester: bool) -> Transaction {
    let approvers = ApproverRule::Groups { groups: [group("staff")].into(), count, requester };
    Transaction { approvers, ..transfer() }
}

fn judged(world: &World, transaction: &Arc<Transaction>) -> Verdict {
    let papers = Papers {
        address: ClientAddress::new(world.address),
        lists: &AddressLists::default(),
        certificate: world.shown.as_ref().map(|shown| (shown, &world.standing)),
        holder: world.holder.as_ref(),
        bound_certificate: world.bound,
        user: world.user.as_ref(),
        evidence: &world.evidence,
        bound_browser: false,
        now: NOW,
    };
    examine(Selected::of(&world.policy, Some(transaction)), &papers).verdict
}

/// What becomes of what is asked for, past the six checks.
fn held_of<T>(world: &World, transaction: Transaction, then: impl FnOnce(Hold) -> T) -> T {
    match judged(world, &Arc::new(transaction)) {
        Verdict::Hold(hold) => then(hold),
        other => panic!("{other:?}"),
    }
}

/// Of what alice asks for.
fn held<T>(transaction: Transaction, then: impl FnOnce(Hold) -> T) -> T {
    held_of(&World::good(), transaction, then)
}

fn request(first: &str) -> RequestDigest {
    RequestDigest::parse(&format!("{first}{}", "A".repeat(42))).unwrap()
}

/// Somebody's yes to the request, and how they stand.
fn yes(name: &str, at: Timestamp) -> (Consent, UserStanding) {
    (consent_for_tests(name, at, Some(("bank", "transfer")), Some(request("A"))), standing(name))
}

fn release(transaction: Transaction, given: &[(&str, UserStanding)]) -> Result<(), Unreleased> {
    let consents: Vec<(Consent, UserStanding)> =
        given.iter().map(|(name, standing)| (yes(name, NOW).0, standing.clone())).collect();
    let consents: Vec<(&Consent, &UserStanding)> = consents.iter().map(|(consent, standing)| (consent, standing)).collect();
    held(transaction, |hold| hold.release(&request("A"), &consents).map(drop))
}

#[test]
fn a_transaction_is_held_after_all_six_checks_and_refused_by_the_first_that_fails_r_402() {
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
    let (consent, alice) = yes("alice", NOW);
    let consents = [(&consent, &alice)];
    assert!(held(transfer(), |hold| hold.release(&request("A"), &consents)).is_ok());
    let other = held(transfer(), |hold| hold.release(&request("B"), &consents));
    assert_eq!(other.unwrap_err(), Unreleased::AnotherRequest);
    for of in [None, Some(("bank", "order")), Some(("shop", "transfer"))] {
        let consent = consent_for_tests("alice", NOW, of, Some(request("A")));
        let released = held(transfer(), |hold| hold.release(&request("A"), &[(&consent, &alice)]));
        assert_eq!(released.unwrap_err(), Unreleased::TooFew { have: 0, need: 1 }, "{of:?}");
    }
    let sign_in = consent_for_tests("alice", NOW, Some(("bank", "transfer")), None);
    let released = held(transfer(), |hold| hold.release(&request("A"), &[(&sign_in, &alice)]));
    assert_eq!(released.unwrap_err(), Unreleased::AnotherRequest);
}

#[test]
fn only_those_who_count_are_counted_each_once_and_as_they_stand_now() {
    let few = |have, need| Err(Unreleased::TooFew { have, need });
    let (alice, bob, carol) = (|| ("alice", standing("alice")), || ("bob", standing("bob")), || ("carol", standing("carol")));
    assert_eq!(release(transfer(), &[]), few(0, 1));
    assert_eq!(release(transfer(), &[bob()]), few(0, 1), "not the requester");
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
    let by_code = || Transaction { by: By::Code, ..transfer() };
    let typed = |of: Transaction, method, name: &str, at| {
        let proof = proof_for_tests(method, name, at);
        held(of, |hold| hold.release_by_code(proof)).map(drop)
    };
    assert_eq!(typed(by_code(), Method::Totp, "alice", NOW), Ok(()));
    assert_eq!(typed(by_code(), Method::RecoveryCode, "alice", NOW), Ok(()));
    assert_eq!(typed(by_code(), Method::Password, "alice", NOW), Err(Unreleased::AnotherWay));
    assert_eq!(typed(transfer(), Method::Totp, "alice", NOW), Err(Unreleased::AnotherWay));
    assert_eq!(release(by_code(), &[("alice", standing("alice"))]), Err(Unreleased::AnotherWay));
    assert_eq!(typed(by_code(), Method::Totp, "bob", NOW), Err(Unreleased::TooFew { have: 0, need: 1 }));
    let before = Timestamp::from_millis(NOW.millis() - 121_000);
    assert_eq!(typed(by_code(), Method::Totp, "alice", before), Err(Unreleased::TooOld));
}

#[test]
fn a_yes_covers_others_of_its_kind_only_where_that_is_said_and_as_long_as_it_says() {
    let covering = |covers| Transaction { covers, ..transfer() };
    let as_before = |covers, ago: i64| {
        let (consent, alice) = yes("alice", Timestamp::from_millis(NOW.millis() - ago * 1000));
        held(covering(covers), |hold| hold.release_as_before(&[(&consent, &alice)]).map(drop))
    };
    assert_eq!(as_before(Some(HOUR), 3599), Ok(()));
    assert_eq!(as_before(Some(HOUR), 3601), Err(Unreleased::TooOld));
    assert_eq!(as_before(None, 0), Err(Unreleased::AnotherRequest));
    let nobody = held(covering(Some(HOUR)), |hold| hold.release_as_before(&[]));
    assert_eq!(nobody.unwrap_err(), Unreleased::TooFew { have: 0, need: 1 });
}

#[test]
fn a_machine_approves_nothing_by_itself() {
    let machine = World::good().without(&Check::ORDER).but(|world| {
        world.policy = demanding([Mode::Off, Mode::Require, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
        world.user = None;
        world.standing.holder = Holder::Machine("turbine-7".into());
    });
    let (consent, bob) = yes("bob", NOW);
    let approved = |of| held_of(&machine, of, |hold| hold.release(&request("A"), &[(&consent, &bob)]).map(drop));
    assert_eq!(approved(transfer()), Err(Unreleased::AnotherWay));
    assert_eq!(approved(four_eyes(1, false)), Ok(()));
    let by_code = Transaction { by: By::Code, ..transfer() };
    let code = held_of(&machine, by_code, |hold| hold.release_by_code(proof_for_tests(Method::Totp, "bob", NOW)));
    assert_eq!(code.unwrap_err(), Unreleased::TooFew { have: 0, need: 1 });
}

#[test]
fn a_requester_known_by_certificate_alone_cannot_be_their_own_approver_either() {
    let known = World::good().without(&Check::ORDER).but(|world| {
        world.policy = demanding([Mode::Off, Mode::Require, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
        world.user = None;
    });
    assert_eq!(known.standing.holder, Holder::User(standing("alice").user));
    let by = |name, of| {
        let (consent, who) = yes(name, NOW);
        held_of(&known, of, |hold| hold.release(&request("A"), &[(&consent, &who)]).map(drop))
    };
    assert_eq!(by("alice", four_eyes(1, false)), Err(Unreleased::TooFew { have: 0, need: 1 }));
    assert_eq!(by("bob", four_eyes(1, false)), Ok(()));
    assert_eq!((by("alice", transfer()), by("bob", transfer())), (Ok(()), Err(Unreleased::TooFew { have: 0, need: 1 })));
    // One that is not demanded, or only looked at, names nobody.
    for mode in [Mode::Off, Mode::Observe] {
        let unasked = known.clone().but(|world| world.policy.base.client_certificate.mode = mode);
        let (consent, alice) = yes("alice", NOW);
        let released = held_of(&unasked, transfer(), |hold| hold.release(&request("A"), &[(&consent, &alice)]).map(drop));
        assert_eq!(released, Err(Unreleased::AnotherWay), "{mode:?}");
    }
}

#[test]
fn a_rule_holds_the_methods_it_names_and_get_includes_head() {
    let text = "portal.url = \"https://auth.example.com\"\nstate.directory = \"state\"\n\
                tls.certificate = [{ chain = \"chain.pem\", key = \"key.pem\" }]\n\
                [[app]]\nname = \"bank\"\nurl = \"https://bank.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
                demands.primary_factor = {}\n\
                [[app.transaction]]\nname = \"report\"\nmethods = [\"GET\"]\npaths = [\"/report\"]\ntitle = { en = \"Report\" }\n\
                [[app.transaction]]\nname = \"move\"\nmethods = [\"MOVE\", \"DELETE\"]\npaths = [\"/files/*\"]\ntitle = { en = \"Move\" }\n";
    let config = Config::parse(Path::new("sekisho.toml"), text, &Environment::empty()).unwrap();
    let policies = crate::policy::compile(&config).unwrap();
    let app = policies.app("bank").unwrap();
    for (method, path, expected) in [
        ("GET", "/report", Some("report")),
        ("HEAD", "/report", Some("report")),
        ("POST", "/report", None),
        ("DELETE", "/report", None),
        ("MOVE", "/files/a", Some("move")),
        ("DELETE", "/files/a", Some("move")),
        ("GET", "/files/a", None),
        ("HEAD", "/files/a", None),
        // Methods differ by their letters' case (RFC 9110 §9.1).
        ("delete", "/files/a", None),
    ] {
        let method = http::Method::from_bytes(method.as_bytes()).unwrap();
        let target = Target { method: &method, path: RequestPath::parse(path).unwrap() };
        assert_eq!(app.select(&target).unwrap().transaction().map(|held| &*held.name), expected, "{method} {path}");
    }
}
