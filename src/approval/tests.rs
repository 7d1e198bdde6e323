//! Rules of the approval engine: one answer, by a key that may give it, over what was shown, in time.

mod numbers;
mod silence;

use std::net::Ipv4Addr;
use std::time::Duration;

use serde_json::json;

use super::question::{Closing, Denial, Late, Purpose, Question, State};
use super::signed::Unsigned;
use super::testing::{PORTAL, Phone};
use super::{Ask, Rejected, RequesterClass};
use crate::approval::approver::RegisterError;
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

/// A core with Alice and Bob, and a phone of Alice's.
async fn world() -> (TestCore, Phone) {
    let at = TestCore::open().await;
    at.user("alice").await;
    at.user("bob").await;
    let phone = Phone::registered(&at.core, "alice").await;
    (at, phone)
}

async fn ask_from(at: &TestCore, asker: &str, last: u8, number: bool) -> Question {
    ask_by(at, asker, last, number.then_some(NumberStyle::Choose)).await
}

async fn ask_by(at: &TestCore, asker: &str, last: u8, number: Option<NumberStyle>) -> Question {
    let alice = user("alice");
    let ask = Ask {
        purpose: Purpose::SignIn,
        user: &alice,
        asker,
        browser: "Firefox, Linux",
        address: ClientAddress::new(Ipv4Addr::new(192, 0, 2, last).into()),
        app: Some("Wiki"),
        portal: PORTAL,
        requester: if asker == "own" { RequesterClass::RegisteredBrowser } else { RequesterClass::Anonymous },
        number,
        by_passkey: false,
        anybody: true,
        request_id: "r1",
        matter: None,
    };
    at.core.approvals().ask(ask).await.unwrap()
}

async fn ask(at: &TestCore) -> Question {
    ask_from(at, "browser", 7, false).await
}

async fn answer(
    at: &TestCore,
    phone: &Phone,
    question: &Question,
    decision: &str,
    number: Option<&str>,
) -> Result<State, Rejected> {
    let text = phone.answer(question, decision, number, at.core.clock().now());
    at.core.approvals().answer(&phone.key, &question.id, &text, PORTAL).await
}

async fn listed(at: &TestCore) -> usize {
    at.core.approvals().open_of(&user("alice")).await.unwrap().len()
}

#[tokio::test]
async fn an_approval_is_given_once_and_taken_once_r_001() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    assert_eq!(listed(&at).await, 1);
    assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().is_none(), "nobody has answered");
    assert!(matches!(answer(&at, &phone, &question, "approve", None).await, Ok(State::Approved { number: false, .. })));
    assert_eq!(listed(&at).await, 0);
    assert!(at.core.approvals().take(&question.id, "another browser").await.unwrap().is_none());
    let consent = at.core.approvals().take(&question.id, "browser").await.unwrap().unwrap();
    assert_eq!((consent.user(), consent.purpose(), consent.number_carried()), (&user("alice"), Purpose::SignIn, false));
    assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().is_none(), "taken once");
    assert!(matches!(answer(&at, &phone, &question, "deny", None).await, Err(Rejected::Late(Late::Closed))));
}

#[tokio::test]
async fn of_a_hundred_who_take_one_consent_one_gets_it() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    answer(&at, &phone, &question, "approve", None).await.unwrap();
    let takes = (0..100).map(|_| at.core.approvals().take(&question.id, "browser"));
    let taken = futures_util::future::join_all(takes).await;
    assert_eq!(taken.into_iter().filter(|one| one.as_ref().unwrap().is_some()).count(), 1);
}

#[tokio::test]
async fn of_two_approvers_who_answer_opposite_at_once_one_wins_a_10() {
    for _ in 0..20 {
        let (at, first) = world().await;
        let second = Phone::registered(&at.core, "alice").await;
        let question = ask(&at).await;
        let (yes, no) =
            tokio::join!(answer(&at, &first, &question, "approve", None), answer(&at, &second, &question, "deny", None));
        assert!(yes.is_ok() != no.is_ok(), "{yes:?} {no:?}");
        let lost = yes.err().or(no.err()).unwrap();
        assert!(matches!(lost, Rejected::Late(Late::Closed)), "{lost:?}");
    }
}

#[tokio::test]
async fn a_denial_ends_it_and_a_wrong_number_too_r_025() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    let denied = answer(&at, &phone, &question, "deny", None).await.unwrap();
    assert!(matches!(denied, State::Denied { why: Denial::Refused, .. }));

    for chosen in ["wrong", "none"] {
        let question = ask_from(&at, "browser", 7, true).await;
        let number = question.number.clone().unwrap();
        assert_eq!(number.offered().len(), 3);
        assert!(!question.shown.contains(&format!("\"{}\"", number.shown())), "what is shown never says which is right");
        let wrong = number.offered().iter().find(|one| !number.is(one)).unwrap();
        let number = (chosen == "wrong").then_some(wrong.as_str());
        let denied = answer(&at, &phone, &question, "approve", number).await.unwrap();
        assert!(matches!(denied, State::Denied { why: Denial::WrongNumber, .. }), "{chosen}");
        assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_late_answer_is_refused_at_the_very_end_of_its_time() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    at.clock.advance(Duration::from_millis(59_999));
    assert_eq!(listed(&at).await, 1);
    let text = phone.answer(&question, "approve", None, at.core.clock().now());
    at.clock.advance(Duration::from_millis(1));
    let late = at.core.approvals().answer(&phone.key, &question.id, &text, PORTAL).await;
    assert!(matches!(late, Err(Rejected::Late(Late::Expired))), "{late:?}");
    assert_eq!(listed(&at).await, 0);
}

#[tokio::test]
async fn an_answer_is_refused_that_was_altered_replayed_or_given_by_another() {
    let (at, phone) = world().await;
    let bobs = Phone::registered(&at.core, "bob").await;
    let approvals = &at.core.approvals();
    let now = at.core.clock().now();
    let question = ask(&at).await;
    let other = ask_from(&at, "other browser", 8, false).await;
    let words = Phone::words(&question, "approve", None, now);
    let bent = |name: &str, value: serde_json::Value| {
        let mut words = words.clone();
        words[name] = value;
        phone.answer_of(&words)
    };

    let foreign = approvals.answer(&bobs.key, &question.id, &bobs.answer(&question, "approve", None, now), PORTAL).await;
    assert!(matches!(foreign, Err(Rejected::NotRegistered)), "another user's approver: {foreign:?}");
    let unknown = Phone::new();
    let stranger = approvals.answer(&unknown.key, &question.id, &unknown.answer(&question, "approve", None, now), PORTAL).await;
    assert!(matches!(stranger, Err(Rejected::NotRegistered)), "a key that nobody registered: {stranger:?}");
    let forged = approvals.answer(&phone.key, &question.id, &bobs.answer(&question, "approve", None, now), PORTAL).await;
    assert!(matches!(forged, Err(Rejected::Unsigned(Unsigned::Signature))), "another's signature: {forged:?}");

    let mut altered = phone.answer_of(&words);
    let at_claims = altered.find('.').unwrap() + 5;
    altered.replace_range(at_claims..=at_claims, if altered.as_bytes()[at_claims] == b'A' { "B" } else { "A" });
    let refused = approvals.answer(&phone.key, &question.id, &altered, PORTAL).await;
    assert!(matches!(refused, Err(Rejected::Unsigned(_))), "a bit was changed: {refused:?}");

    for (name, value, what) in [
        ("shown", json!(other.digest()), "the details of another question were shown"),
        ("shown", json!(""), "nothing was shown"),
        ("aud", json!("https://auth.example.net"), "for another gateway"),
        ("approval", json!(other.id), "for another approval"),
        ("iat", json!(now.seconds() - 16 * 60), "16 minutes old"),
        ("iat", json!(now.seconds() + 16 * 60), "16 minutes early"),
        ("jti", json!("x"), "an id that is none"),
    ] {
        let refused = approvals.answer(&phone.key, &question.id, &bent(name, value), PORTAL).await;
        assert!(matches!(refused, Err(Rejected::Unsigned(_) | Rejected::ShownOtherwise)), "{what}: {refused:?}");
    }
    for header in [
        json!({ "alg": "none", "typ": "sekisho-answer+jwt" }),
        json!({ "alg": "ES256", "typ": "dpop+jwt" }),
        json!({ "alg": "ES256" }),
    ] {
        let refused = approvals.answer(&phone.key, &question.id, &phone.sign(&header, &words), PORTAL).await;
        assert!(matches!(refused, Err(Rejected::Unsigned(_))), "{header}: {refused:?}");
    }

    // What was refused has spent nothing: the answer itself is taken, and never again.
    let text = phone.answer_of(&words);
    assert!(approvals.answer(&phone.key, &question.id, &text, PORTAL).await.is_ok());
    let mut replayed = Phone::words(&other, "approve", None, now);
    replayed["jti"] = words["jti"].clone();
    let again = approvals.answer(&phone.key, &other.id, &phone.answer_of(&replayed), PORTAL).await;
    assert!(matches!(again, Err(Rejected::Unsigned(Unsigned::Replayed))), "{again:?}");
}

#[tokio::test]
async fn a_phone_whose_clock_is_ten_minutes_off_answers_all_the_same() {
    for (early, seconds) in [(true, 600), (false, 600)] {
        let (at, phone) = world().await;
        let question = ask(&at).await;
        let mut words = Phone::words(&question, "approve", None, at.core.clock().now());
        let issued = words["iat"].as_i64().unwrap();
        words["iat"] = json!(if early { issued - seconds } else { issued + seconds });
        let taken = at.core.approvals().answer(&phone.key, &question.id, &phone.answer_of(&words), PORTAL).await;
        assert!(taken.is_ok(), "{taken:?}");
    }
}

#[tokio::test]
async fn a_deleted_or_suspended_approver_answers_nothing_r_009_r_431_r_445() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    at.core.approvals().approvers.set_suspended(&user("alice"), true).await.unwrap();
    assert!(matches!(answer(&at, &phone, &question, "approve", None).await, Err(Rejected::Suspended)));
    at.core.approvals().approvers.set_suspended(&user("alice"), false).await.unwrap();
    at.core.approvals().approvers.remove(&phone.key.id(), &user("alice")).await.unwrap();
    assert!(matches!(answer(&at, &phone, &question, "approve", None).await, Err(Rejected::NotRegistered)));
    phone.register(&at.core, "alice").await;
    assert!(answer(&at, &phone, &question, "approve", None).await.is_ok(), "resumed and registered again");
}

#[tokio::test]
async fn the_same_browser_asking_again_supersedes_and_another_does_not() {
    let (at, phone) = world().await;
    let first = ask_from(&at, "one", 7, false).await;
    let other = ask_from(&at, "two", 7, false).await;
    let again = ask_from(&at, "one", 7, false).await;
    assert_eq!(at.core.approvals().find(&first.id).await.unwrap().unwrap().state, State::Closed { why: Closing::AskedAgain });
    assert_eq!(listed(&at).await, 2);
    assert!(matches!(answer(&at, &phone, &first, "approve", None).await, Err(Rejected::Late(Late::Closed))));
    assert!(answer(&at, &phone, &other, "approve", None).await.is_ok());
    assert!(answer(&at, &phone, &again, "approve", None).await.is_ok());
}

#[tokio::test]
async fn a_withdrawn_question_cannot_be_answered() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    assert!(!at.core.approvals().cancel(&question.id, "somebody else").await.unwrap());
    assert!(at.core.approvals().cancel(&question.id, "browser").await.unwrap());
    assert!(matches!(answer(&at, &phone, &question, "approve", None).await, Err(Rejected::Late(Late::Closed))));
}

#[tokio::test]
async fn what_was_approved_and_not_taken_for_five_minutes_is_gone() {
    let (at, phone) = world().await;
    let question = ask(&at).await;
    answer(&at, &phone, &question, "approve", None).await.unwrap();
    at.clock.advance(Duration::from_secs(301));
    assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().is_none());
}

#[tokio::test]
async fn wrong_answers_in_a_row_lock_until_an_administrator_unlocks_r_433_r_434() {
    let (at, phone) = world().await;
    for round in 1..=5 {
        at.clock.advance(Duration::from_secs(3600 * 5));
        let question = ask_from(&at, "browser", 7, true).await;
        assert_eq!(listed(&at).await, 1, "{round}");
        answer(&at, &phone, &question, "approve", Some("00")).await.unwrap();
    }
    assert!(at.core.approvals().approvers.standing(&user("alice")).await.unwrap().locked);
    at.clock.advance(Duration::from_secs(3600 * 5));
    let question = ask(&at).await;
    assert_eq!(listed(&at).await, 0, "locked: nobody is asked");
    assert!(matches!(answer(&at, &phone, &question, "approve", None).await, Err(Rejected::Suspended)));
    assert!(at.core.approvals().approvers.unlock(&user("alice")).await.unwrap());
    ask(&at).await;
    assert_eq!(listed(&at).await, 1);
}

#[tokio::test]
async fn a_right_answer_sets_the_wrong_ones_back_a_38() {
    let (at, phone) = world().await;
    for _ in 0..2 {
        for _ in 0..4 {
            at.clock.advance(Duration::from_secs(3600 * 5));
            let question = ask_from(&at, "browser", 7, true).await;
            answer(&at, &phone, &question, "approve", Some("00")).await.unwrap();
        }
        let question = ask_from(&at, "browser", 7, false).await;
        answer(&at, &phone, &question, "approve", None).await.unwrap();
    }
    assert!(!at.core.approvals().approvers.standing(&user("alice")).await.unwrap().locked);
}

#[tokio::test]
async fn the_fourth_approver_is_refused_and_of_two_for_the_last_place_one_wins_r_011() {
    let at = TestCore::open().await;
    at.user("alice").await;
    let approvers = &at.core.approvals().approvers;
    let alice = user("alice");
    for _ in 0..2 {
        Phone::registered(&at.core, "alice").await;
    }
    let (one, other) = (Phone::new(), Phone::new());
    let (first, second) =
        tokio::join!(approvers.register(&one.key, &alice, "one", "", 3), approvers.register(&other.key, &alice, "other", "", 3));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let fourth = approvers.register(&Phone::new().key, &alice, "fourth", "", 3).await;
    assert!(matches!(fourth, Err(RegisterError::Limit(3))), "{fourth:?}");
    // One that is there already is renamed, not counted again.
    let there = if first.is_ok() { &one } else { &other };
    assert_eq!(approvers.register(&there.key, &alice, "renamed", "", 3).await.unwrap().name, "renamed");
    assert_eq!(approvers.of_user(&alice).await.unwrap().len(), 3);
}

#[tokio::test]
async fn one_phone_serves_two_users_and_each_question_names_its_user_r_414() {
    let (at, phone) = world().await;
    phone.register(&at.core, "bob").await;
    let question = ask(&at).await;
    assert!(question.shown.contains("\"user\":\"alice\""));
    assert_eq!(at.core.approvals().approvers.on(&phone.key.id()).await.unwrap().len(), 2);
    answer(&at, &phone, &question, "approve", None).await.unwrap();
    let consent = at.core.approvals().take(&question.id, "browser").await.unwrap().unwrap();
    assert_eq!(consent.user(), &user("alice"), "it approves nothing for Bob");
}

#[tokio::test]
async fn unassigning_push_removes_approvers_and_reassigning_restores_none_r_018_r_019() {
    use crate::principal::method::{Method, Methods};
    let at = TestCore::open().await;
    at.user("alice").await;
    let alice = user("alice");
    at.core.assign(&alice, Methods::of(&[Method::Push])).await.unwrap();
    let phone = Phone::registered(&at.core, "alice").await;
    let question = ask(&at).await;
    at.core.assign(&alice, Methods::of(&[Method::Password])).await.unwrap();
    assert!(matches!(answer(&at, &phone, &question, "approve", None).await, Err(Rejected::NotRegistered)));
    at.core.assign(&alice, Methods::of(&[Method::Push])).await.unwrap();
    assert!(at.core.approvals().approvers.of_user(&alice).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_phone_that_looks_often_is_remembered_to_the_minute() {
    let at = TestCore::open().await;
    let alice = at.user("alice").await.id().clone();
    let phone = Phone::registered(&at.core, "alice").await;
    let approvers = &at.core.approvals().approvers;
    let looked = async |after: u64| {
        at.clock.advance(Duration::from_secs(after));
        let slot = approvers.on(&phone.key.id()).await.unwrap().remove(0);
        approvers.seen(&slot).await.unwrap();
        at.core.clock().now().since(approvers.of_user(&alice).await.unwrap()[0].last_seen)
    };
    assert_eq!(looked(59).await, Duration::from_secs(59), "a look within the minute writes nothing");
    assert_eq!(looked(1).await, Duration::ZERO);
}

#[tokio::test]
async fn clients_that_wait_are_released_at_shutdown() {
    let (at, _phone) = world().await;
    let question = ask(&at).await;
    assert!(!at.core.approvals().is_shut_down());
    let end = async {
        tokio::task::yield_now().await;
        at.core.approvals().cancel_waiters();
    };
    let (waited, ()) = tokio::join!(at.core.approvals().wait(&question.id, Duration::from_secs(3600)), end);
    assert!(waited.unwrap().is_some_and(|question| question.is_open(at.core.clock().now())), "nobody has answered");
    assert!(at.core.approvals().is_shut_down(), "and is not to be asked again");
}
