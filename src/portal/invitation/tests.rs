//! One-time links: what they open, and that they open it once.

use http::StatusCode;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::user::User;
use crate::factor::totp::code_now;
use crate::login_protect::LoginProtect;
use crate::portal::testing::{Gate, PASSWORD};
use crate::random::from_base64url;

async fn link(gate: &Gate, user: &User, purpose: LinkPurpose) -> String {
    let (_link, token) = gate.at.core.links().issue(user.id(), purpose, "root", LIFETIME).await.unwrap();
    format!("/invitation/{}", token.text())
}

async fn code_for(gate: &Gate, user: &User, enrolment: &str) -> String {
    let shown = gate.at.core.totps().show(user.id(), &from_base64url::<52>(enrolment).unwrap()).unwrap();
    code_now(&shown, gate.at.core.clock()).unwrap()
}

#[tokio::test]
async fn an_invitation_sets_up_everything_and_is_good_once_t37() {
    let gate = Gate::open().await;
    let bob = gate.at.user("bob").await;
    let link = link(&gate, &bob, LinkPurpose::Invitation).await;
    let mut browser = gate.browser();
    assert!(browser.get(&link).await.body.contains(&format!("{link}/password")));
    let early = browser.get(&format!("{link}/authenticator")).await;
    assert_eq!(early.location(), format!("{link}/password"), "the password comes first");
    let weak = browser.post(&format!("{link}/password"), &[("new", "bob"), ("again", "bob")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = browser.post(&format!("{link}/password"), &[("new", PASSWORD), ("again", PASSWORD)]).await;
    let next = answer.location().to_owned();
    assert!(next.starts_with(&format!("{link}/authenticator?password=")), "{next}");
    assert!(!gate.at.core.passwords().has(bob.id()).await.unwrap(), "nothing is kept before the last step");
    let page = browser.get(&next).await;
    assert!(page.body.contains(&format!("action=\"{next}\"")), "{}", page.body);
    let enrolment = page.field("enrolment");
    let wrong = browser.post(&next, &[("enrolment", &enrolment), ("code", "000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = code_for(&gate, &bob, &enrolment).await;
    let fields = [("enrolment", enrolment.as_str()), ("code", code.as_str())];
    let last = browser.post(&next, &fields).await;
    assert_eq!((last.status, last.body.matches("<li><code>").count()), (StatusCode::OK, 10), "{}", last.body);
    for path in [link.clone(), format!("{link}/password"), next.clone()] {
        assert_eq!(browser.get(&path).await.status, StatusCode::GONE, "{path}");
    }
    assert_eq!(browser.post(&next, &fields).await.status, StatusCode::GONE);
    let again = [("new", "the second comer's one"), ("again", "the second comer's one")];
    assert_eq!(browser.post(&format!("{link}/password"), &again).await.status, StatusCode::GONE);
    assert!(gate.at.core.passwords().verify(bob.id(), PASSWORD.into(), LoginProtect::within_a_session()).await.is_ok());
    assert_eq!(browser.get("/invitation/done?user=bob").await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_two_who_take_up_one_invitation_the_last_step_takes_all_t37() {
    let gate = Gate::open().await;
    let bob = gate.at.user("bob").await;
    let link = link(&gate, &bob, LinkPurpose::Invitation).await;
    let (mut one, mut other) = (gate.browser(), gate.browser());
    let mut steps = Vec::new();
    for (browser, password) in [(&mut one, "the password of the first"), (&mut other, "the password of the other")] {
        let answer = browser.post(&format!("{link}/password"), &[("new", password), ("again", password)]).await;
        let enrolment = browser.get(answer.location()).await.field("enrolment");
        steps.push((answer.location().to_owned(), code_for(&gate, &bob, &enrolment).await, enrolment));
    }
    // The other's password does not slip in under the authenticator of the first.
    for ((next, code, enrolment), expected) in steps.iter().zip([StatusCode::OK, StatusCode::GONE]) {
        let answer = gate.browser().post(next, &[("enrolment", enrolment), ("code", code)]).await;
        assert_eq!(answer.status, expected, "{}", answer.body);
    }
    let passwords = &gate.at.core.passwords();
    assert!(passwords.verify(bob.id(), "the password of the first".into(), LoginProtect::within_a_session()).await.is_ok());
    assert!(passwords.verify(bob.id(), "the password of the other".into(), LoginProtect::within_a_session()).await.is_err());
}

#[tokio::test]
async fn a_password_sealed_for_one_link_is_worth_nothing_with_another() {
    let gate = Gate::open().await;
    let (bob, carol) = (gate.at.user("bob").await, gate.at.user("carol").await);
    let (bobs, carols) = (link(&gate, &bob, LinkPurpose::Invitation).await, link(&gate, &carol, LinkPurpose::Invitation).await);
    let mut browser = gate.browser();
    let answer = browser.post(&format!("{bobs}/password"), &[("new", PASSWORD), ("again", PASSWORD)]).await;
    let password = answer.location().split_once('?').unwrap().1.to_owned();
    let swapped = browser.get(&format!("{carols}/authenticator?{password}")).await;
    assert_eq!(swapped.location(), format!("{carols}/password"));
}

#[tokio::test]
async fn of_many_who_do_the_last_step_one_gets_it_t37() {
    let gate = Gate::open().await;
    let bob = gate.at.user("bob").await;
    let link = link(&gate, &bob, LinkPurpose::ResetTotp).await;
    let enrolment = gate.browser().get(&format!("{link}/authenticator")).await.field("enrolment");
    let code = code_for(&gate, &bob, &enrolment).await;
    let tries = (0..16).map(|_| async {
        let fields = [("enrolment", enrolment.as_str()), ("code", code.as_str())];
        gate.browser().post(&format!("{link}/authenticator"), &fields).await.status
    });
    let got = futures_util::future::join_all(tries).await;
    assert_eq!(got.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{got:?}");
    assert!(got.iter().all(|status| matches!(*status, StatusCode::OK | StatusCode::GONE)), "{got:?}");
}

#[tokio::test]
async fn a_link_opens_what_it_was_made_for_and_nothing_else() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let reset = link(&gate, &gate.alice, LinkPurpose::ResetPassword).await;
    assert_eq!(browser.get(&format!("{reset}/authenticator")).await.status, StatusCode::GONE);
    let authenticator = link(&gate, &gate.alice, LinkPurpose::ResetTotp).await;
    let new = [("new", "a better horse battery"), ("again", "a better horse battery")];
    assert_eq!(browser.post(&format!("{authenticator}/password"), &new).await.status, StatusCode::GONE);
    let mut signed_in = gate.signed_in().await;
    let answer = browser.post(&format!("{reset}/password"), &new).await;
    assert_eq!(answer.location(), "/invitation/done?user=alice", "{}", answer.body);
    assert_eq!(signed_in.get("/account").await.status, StatusCode::SEE_OTHER, "sessions from before have ended");
    assert_eq!(browser.post(&format!("{reset}/password"), &new).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_of_somebody_switched_off_or_too_old_opens_nothing() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let bob = gate.at.user("bob").await;
    let off = link(&gate, &bob, LinkPurpose::Invitation).await;
    gate.at.core.suspend_user(bob.id()).await.unwrap();
    assert_eq!(browser.get(&off).await.status, StatusCode::GONE);
    let old = link(&gate, &gate.alice, LinkPurpose::Invitation).await;
    gate.at.clock.advance(LIFETIME);
    assert_eq!(browser.get(&old).await.status, StatusCode::GONE);
    assert_eq!(browser.get("/invitation/mistyped").await.status, StatusCode::GONE);
}
