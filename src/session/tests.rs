//! Rules of sessions and of the hand-over as tests.

use std::sync::Arc;
use std::time::Duration;

use super::handover::{CODE, DEPARTURE, Departure, Refused};
use super::life::{NewSession, SessionError};
use super::{PORTAL, Session, evidence_for_tests};
use rustls_pki_types::CertificateDer;

use crate::account::user::User;
use crate::chain::Check;
use crate::chain::evidence::Gathered;
use crate::clock::Clock as _;
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::Fingerprint;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::seal::SecretToken;

const CERTIFICATE: Fingerprint = Fingerprint([9; 32]);

fn password(test: &TestCore, user: &User) -> Gathered {
    evidence_for_tests(user.id(), &[(Check::PrimaryFactor, Method::Password)], test.clock.now())
}

fn totp(test: &TestCore, user: &User) -> Gathered {
    evidence_for_tests(user.id(), &[(Check::Otp, Method::Totp)], test.clock.now())
}

fn new(test: &TestCore, user: &Arc<User>) -> NewSession {
    NewSession {
        user: Arc::clone(user),
        evidence: password(test, user),
        certificate: None,
        browser: None,
        device: None,
        address: ClientAddress::new("192.0.2.7".parse().unwrap()),
        agent: "Firefox, Linux".to_owned(),
    }
}

async fn sign_in(test: &TestCore, user: &Arc<User>) -> (Arc<Session>, SecretToken) {
    test.core.sessions().create(new(test, user)).await.unwrap()
}

fn is_in(test: &TestCore, scope: &str, token: &SecretToken) -> bool {
    test.core.sessions().find(scope, token.text()).is_some()
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill_t48() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, first) = sign_in(&test, &alice).await;
    let app = test.core.sessions().admit(&session, "wiki", Some(CERTIFICATE), None).await.unwrap();
    let portal = test.core.sessions().strengthen_by(&session, &totp(&test, &alice), None, None).await.unwrap();
    let (gone, cookie_of_gone) = sign_in(&test, &alice).await;
    assert!(test.core.sessions().revoke(gone.id()).await.unwrap());
    let (id, evidence) = (session.id(), Gathered::clone(&session.evidence()));
    drop(session);

    let test = test.crash_and_restart().await;
    let found = test.core.sessions().find(PORTAL, portal.text()).unwrap();
    assert_eq!(found.session.id(), id);
    assert_eq!(**found.session.evidence(), evidence);
    assert_eq!(evidence.iter().count(), 2);
    assert_eq!((found.session.agent(), found.session.address().to_string().as_str()), ("Firefox, Linux", "192.0.2.7"));
    assert_eq!(test.core.sessions().find("wiki", app.text()).unwrap().certificate, Some(CERTIFICATE));
    assert!(!is_in(&test, PORTAL, &first) && !is_in(&test, PORTAL, &cookie_of_gone));
}

#[tokio::test]
async fn a_cookie_opens_its_own_host_alone() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, portal) = sign_in(&test, &alice).await;
    let wiki = test.core.sessions().admit(&session, "wiki", None, None).await.unwrap();
    assert!(is_in(&test, PORTAL, &portal) && is_in(&test, "wiki", &wiki));
    assert!(!is_in(&test, "wiki", &portal) && !is_in(&test, PORTAL, &wiki) && !is_in(&test, "mail", &wiki));
    for text in ["", "x", &portal.text()[1..], &format!("{}A", portal.text()), &"A".repeat(43), &"x".repeat(1 << 20)] {
        assert!(test.core.sessions().find(PORTAL, text).is_none());
    }
}

#[tokio::test]
async fn a_session_ends_when_idle_and_when_old() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (_session, used) = sign_in(&test, &alice).await;
    let (_session, unused) = sign_in(&test, &alice).await;
    for _ in 0..3 {
        test.clock.advance(Duration::from_secs(1300));
        assert!(is_in(&test, PORTAL, &used));
    }
    assert!(!is_in(&test, PORTAL, &unused), "idle for longer than an hour");
    for _ in 0..33 {
        test.clock.advance(Duration::from_secs(1200));
        is_in(&test, PORTAL, &used);
    }
    assert!(!is_in(&test, PORTAL, &used), "older than twelve hours");
    test.core.sessions().sweep().await.unwrap();
    assert!(test.core.sessions().is_empty());
    assert!(test.core.database().rows("SELECT id FROM sessions", &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_restart_knows_when_a_session_was_last_used() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, token) = sign_in(&test, &alice).await;
    test.clock.advance(Duration::from_secs(3000));
    assert!(is_in(&test, PORTAL, &token));
    test.core.sessions().sweep().await.unwrap();
    drop(session);
    let test = test.crash_and_restart().await;
    test.clock.advance(Duration::from_secs(3000));
    assert!(is_in(&test, PORTAL, &token));
}

#[tokio::test]
async fn beyond_twenty_sessions_the_oldest_goes() {
    let test = TestCore::open().await;
    let (alice, bob) = (test.user("alice").await, test.user("bob").await);
    let (_session, of_bob) = sign_in(&test, &bob).await;
    let mut tokens = Vec::new();
    for _ in 0..22 {
        test.clock.advance(Duration::from_secs(1));
        tokens.push(sign_in(&test, &alice).await.1);
    }
    let alive: Vec<_> = tokens.iter().map(|token| is_in(&test, PORTAL, token)).collect();
    assert_eq!(alive.iter().filter(|alive| **alive).count(), 20);
    assert!(!alive[0] && !alive[1] && alive[2] && is_in(&test, PORTAL, &of_bob));
    assert_eq!(test.core.database().rows("SELECT id FROM sessions", &[]).await.unwrap().len(), 21);
}

#[tokio::test]
async fn a_rise_of_privilege_changes_the_cookie_and_ends_the_old_one_t26() {
    let test = TestCore::open().await;
    let (alice, bob) = (test.user("alice").await, test.user("bob").await);
    let (session, before) = sign_in(&test, &alice).await;
    let wiki = test.core.sessions().admit(&session, "wiki", None, None).await.unwrap();
    let after = test.core.sessions().strengthen_by(&session, &totp(&test, &alice), None, None).await.unwrap();
    assert_ne!(before.text(), after.text());
    assert!(!is_in(&test, PORTAL, &before) && is_in(&test, PORTAL, &after) && is_in(&test, "wiki", &wiki));
    assert!(session.evidence().of(Check::Otp).is_some() && session.evidence().of(Check::PrimaryFactor).is_some());
    let of_bob = test.core.sessions().strengthen_by(&session, &totp(&test, &bob), None, None).await;
    assert!(matches!(of_bob, Err(SessionError::AnotherUser)));
    let mixed = NewSession { evidence: password(&test, &bob), ..new(&test, &alice) };
    assert!(matches!(test.core.sessions().create(mixed).await, Err(SessionError::AnotherUser)));
}

#[tokio::test]
async fn a_cookie_that_another_took_the_place_of_opens_nothing_t26() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, portal) = sign_in(&test, &alice).await;
    let (before, after) = (
        test.core.sessions().admit(&session, "wiki", None, None).await.unwrap(),
        test.core.sessions().admit(&session, "wiki", None, None).await.unwrap(),
    );
    test.core.sessions().revoke_cookie("vault", before.text()).await.unwrap();
    assert!(is_in(&test, "wiki", &before), "a cookie of another host is not touched");
    test.core.sessions().revoke_cookie("wiki", before.text()).await.unwrap();
    test.core.sessions().revoke_cookie("wiki", "nonsense").await.unwrap();
    assert!(!is_in(&test, "wiki", &before) && is_in(&test, "wiki", &after) && is_in(&test, PORTAL, &portal));
    let test = test.crash_and_restart().await;
    assert!(!is_in(&test, "wiki", &before) && is_in(&test, "wiki", &after) && is_in(&test, PORTAL, &portal));
}

#[tokio::test]
async fn two_rises_side_by_side_keep_both() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, _token) = sign_in(&test, &alice).await;
    let browser = evidence_for_tests(alice.id(), &[(Check::Cookie, Method::BrowserByOtp)], test.clock.now());
    let otp = totp(&test, &alice);
    let (one, other) = tokio::join!(
        test.core.sessions().strengthen_by(&session, &browser, None, None),
        test.core.sessions().strengthen_by(&session, &otp, None, None)
    );
    let tokens = [one.unwrap(), other.unwrap()];
    assert_eq!(session.evidence().iter().count(), 3);
    assert_eq!(tokens.iter().filter(|token| is_in(&test, PORTAL, token)).count(), 1, "the later one");
}

#[tokio::test]
async fn revocation_bites_at_once_and_reaches_sockets_t25() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let browser = CredentialId([3; 16]);
    let with_browser = NewSession { browser: Some(browser), ..new(&test, &alice) };
    let sessions = &test.core.sessions();
    let (by_browser, cookie_b) = sessions.create(with_browser).await.unwrap();
    let (by_certificate, _portal) = sign_in(&test, &alice).await;
    let cookie_c = sessions.admit(&by_certificate, "wiki", Some(CERTIFICATE), None).await.unwrap();
    let (plain, cookie_p) = sign_in(&test, &alice).await;
    let sockets = [by_browser.ended(), by_certificate.ended(), plain.ended()];
    let closed = || sockets.iter().map(tokio_util::sync::CancellationToken::is_cancelled).collect::<Vec<_>>();

    assert_eq!(sessions.revoke_browser(browser).await.unwrap(), 1);
    assert_eq!(closed(), [true, false, false]);
    assert_eq!(sessions.revoke_certificate(CERTIFICATE).await.unwrap(), 1);
    assert_eq!(closed(), [true, true, false]);
    assert!(!is_in(&test, PORTAL, &cookie_b) && !is_in(&test, "wiki", &cookie_c) && is_in(&test, PORTAL, &cookie_p));
    test.core.suspend_user(alice.id()).await.unwrap();
    assert_eq!(closed(), [true, true, true]);
    assert!(by_browser.ended().is_cancelled(), "asked for after the end");
    test.core.resume_user(alice.id()).await.unwrap();
    assert!(!is_in(&test, PORTAL, &cookie_p), "switched on again, older sessions stay dead");
    assert!(test.core.database().rows("SELECT id FROM sessions", &[]).await.unwrap().is_empty());
    assert!(matches!(sessions.admit(&plain, "wiki", None, None).await, Err(SessionError::Ended)));
    assert!(sessions.strengthen_by(&plain, &totp(&test, &alice), None, None).await.is_err());
}

#[tokio::test]
async fn a_user_switched_off_by_the_account_alone_has_no_session_even_after_a_restart() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, token) = sign_in(&test, &alice).await;
    let socket = session.ended();
    test.core.users().set_enabled(alice.id(), false).await.unwrap();
    assert!(socket.is_cancelled() && !is_in(&test, PORTAL, &token));
    test.core.users().set_enabled(alice.id(), true).await.unwrap();
    assert!(!is_in(&test, PORTAL, &token));
    drop((session, alice));
    let test = test.crash_and_restart().await;
    assert!(!is_in(&test, PORTAL, &token));
    test.core.sessions().sweep().await.unwrap();
    assert!(test.core.database().rows("SELECT id FROM sessions", &[]).await.unwrap().is_empty(), "its row goes, too");
}

#[tokio::test]
async fn signing_out_of_one_app_leaves_the_others() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, portal) = sign_in(&test, &alice).await;
    let wiki = test.core.sessions().admit(&session, "wiki", None, None).await.unwrap();
    let mail = test.core.sessions().admit(&session, "mail", None, None).await.unwrap();
    test.core.sessions().sign_out_of(&session, "wiki").await.unwrap();
    assert!(!is_in(&test, "wiki", &wiki) && is_in(&test, "mail", &mail) && is_in(&test, PORTAL, &portal));
    assert_eq!(session.scopes(), ["mail", "portal"]);
}

#[tokio::test]
async fn an_app_gives_a_session_four_cookies_at_most() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, _portal) = sign_in(&test, &alice).await;
    let mut cookies = Vec::new();
    for _ in 0..6 {
        cookies.push(test.core.sessions().admit(&session, "wiki", None, None).await.unwrap());
    }
    let alive: Vec<_> = cookies.iter().map(|cookie| is_in(&test, "wiki", cookie)).collect();
    assert_eq!(alive, [false, false, true, true, true, true]);
    assert_eq!(test.core.database().rows("SELECT scope FROM session_tokens", &[]).await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_left_out_at_start_t9() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (bent, bent_cookie) = sign_in(&test, &alice).await;
    let (_good, good_cookie) = sign_in(&test, &alice).await;
    let row = [bent.id().text().into()];
    test.core.database().execute("UPDATE sessions SET evidence = '[{]' WHERE id = $1", &row).await.unwrap();
    drop(bent);
    let test = test.crash_and_restart().await;
    assert!(!is_in(&test, PORTAL, &bent_cookie) && is_in(&test, PORTAL, &good_cookie));
}

#[tokio::test]
async fn a_removed_user_takes_the_sessions_along() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, token) = sign_in(&test, &alice).await;
    let socket = session.ended();
    test.core.remove_user(alice.id()).await.unwrap();
    assert!(socket.is_cancelled() && !is_in(&test, PORTAL, &token));
    for table in ["SELECT 1 FROM sessions", "SELECT 1 FROM session_tokens", "SELECT 1 FROM users"] {
        assert!(test.core.database().rows(table, &[]).await.unwrap().is_empty());
    }
    test.user("alice").await;
    assert!(!is_in(&test, PORTAL, &token), "another user of the same name");
}

#[tokio::test]
async fn pages_of_sessions_meet_without_gap() {
    let test = TestCore::open().await;
    for name in ["a", "b", "c", "d", "e"] {
        let user = test.user(name).await;
        sign_in(&test, &user).await;
    }
    let sessions = &test.core.sessions();
    let first = sessions.page(None, 2);
    let second = sessions.page(first.last().map(|session| session.id()), 10);
    let mut ids: Vec<_> = first.iter().chain(&second).map(|session| session.id()).collect();
    assert_eq!((first.len(), ids.len()), (2, 5));
    ids.dedup();
    assert!(ids.is_sorted() && ids.len() == 5);
}

fn departure(test: &TestCore, app: &str) -> (Departure, SecretToken) {
    let state = SecretToken::draw(&**test.core.random());
    let departure = Departure {
        app: app.to_owned(),
        method: "GET".to_owned(),
        path_and_query: "/page?x=1".to_owned(),
        state: state.hash(),
        certificate: PresentedCertificate::new(&[CertificateDer::from(vec![9; 32])]).map(Arc::new),
        held: Some("held".to_owned()),
        started: test.clock.now(),
    };
    (departure, state)
}

#[tokio::test]
async fn of_64_who_redeem_a_code_side_by_side_one_wins_t37() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, _portal) = sign_in(&test, &alice).await;
    for _round in 0..50 {
        let (departure, state) = departure(&test, "wiki");
        let id = test.core.handover().depart(&departure).await.unwrap();
        let code = test.core.handover().issue(&id, session.id()).await.unwrap().unwrap();
        let all = tokio_util::task::TaskTracker::new();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (core, code, state) = (Arc::clone(&test.core), code.clone(), state.text().to_owned());
                all.spawn(async move { core.handover().redeem(&code, "wiki", &state).await.is_ok() })
            })
            .collect();
        let mut winners = 0;
        for task in tasks {
            winners += usize::from(task.await.unwrap());
        }
        assert_eq!(winners, 1);
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_app_its_browser_and_its_page_t27() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (session, _portal) = sign_in(&test, &alice).await;
    let (departure, state) = departure(&test, "wiki");
    let handover = &test.core.handover();
    let id = handover.depart(&departure).await.unwrap();
    let code = async || handover.issue(&id, session.id()).await.unwrap().unwrap();

    let arrived = handover.redeem(&code().await, "wiki", state.text()).await.unwrap();
    assert_eq!((arrived.session.id(), &arrived.departure), (session.id(), &departure));
    let used_up = code().await;
    assert!(matches!(handover.redeem(&used_up, "mail", state.text()).await, Err(Refused::AnotherApp)));
    assert!(matches!(handover.redeem(&used_up, "wiki", state.text()).await, Err(Refused::Unknown)), "a wrong try uses it up");
    let stolen = SecretToken::draw(&**test.core.random());
    for other in [stolen.text(), "", "x"] {
        assert!(matches!(handover.redeem(&code().await, "wiki", other).await, Err(Refused::AnotherBrowser)));
    }
    assert!(matches!(handover.redeem("no code", "wiki", state.text()).await, Err(Refused::Unknown)));
    assert!(matches!(handover.redeem(stolen.text(), "wiki", state.text()).await, Err(Refused::Unknown)));
    let late = code().await;
    test.clock.advance(CODE);
    assert!(matches!(handover.redeem(&late, "wiki", state.text()).await, Err(Refused::Unknown)), "30 s");
    let ended = code().await;
    test.core.sessions().revoke(session.id()).await.unwrap();
    assert!(matches!(handover.redeem(&ended, "wiki", state.text()).await, Err(Refused::Ended)));
}

#[tokio::test]
async fn departures_of_one_browser_stand_side_by_side_for_half_an_hour() {
    let test = TestCore::open().await;
    let (one, _state) = departure(&test, "wiki");
    let (other, _state) = departure(&test, "mail");
    let handover = &test.core.handover();
    let (first, second) = (handover.depart(&one).await.unwrap(), handover.depart(&other).await.unwrap());
    for _reload in 0..3 {
        assert_eq!(handover.departure(&first).await.unwrap().as_ref(), Some(&one));
        assert_eq!(handover.departure(&second).await.unwrap().as_ref(), Some(&other));
    }
    test.clock.advance(DEPARTURE);
    assert_eq!(handover.departure(&first).await.unwrap(), None);
    assert!(handover.issue(&first, evidenceless()).await.unwrap().is_none());
    assert_eq!(handover.departure("../../x").await.unwrap(), None);
}

fn evidenceless() -> super::SessionId {
    super::SessionId([0; 16])
}

#[tokio::test]
async fn a_flood_of_departures_leaves_nothing_behind_and_no_foreign_one_is_believed_t17() {
    let test = TestCore::open().await;
    let handover = &test.core.handover();
    let (mut departure, _state) = departure(&test, "wiki");
    departure.path_and_query = format!("/{}", "ü".repeat(4095));
    let mut sealed = String::new();
    for _ in 0..1000 {
        sealed = handover.depart(&departure).await.unwrap();
    }
    assert!(sealed.len() < 12 << 10, "{}", sealed.len());
    assert_eq!(handover.departure(&sealed).await.unwrap().as_ref(), Some(&departure));
    assert!(!sealed.contains("wiki"));
    departure.path_and_query.push_str("xy");
    let long = handover.departure(&handover.depart(&departure).await.unwrap()).await.unwrap().unwrap();
    assert_eq!(long.path_and_query, "/", "too long to be carried");
    let mut bent = sealed.clone().into_bytes();
    bent[40] ^= 1;
    assert_eq!(handover.departure(std::str::from_utf8(&bent).unwrap()).await.unwrap(), None);
    let elsewhere = TestCore::open().await;
    assert_eq!(elsewhere.core.handover().departure(&sealed).await.unwrap(), None, "sealed by another core");
    for text in ["", "A", "AAAA", &"A".repeat(100_000)] {
        assert_eq!(handover.departure(text).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_user_id_is_enough_to_end_all_but_the_present_session() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (present, kept) = sign_in(&test, &alice).await;
    let (_other, ended) = sign_in(&test, &alice).await;
    let id = UserId::parse("alice").unwrap();
    assert_eq!(test.core.sessions().revoke_user(&id, Some(present.id())).await.unwrap(), 1);
    assert!(is_in(&test, PORTAL, &kept) && !is_in(&test, PORTAL, &ended));
    assert_eq!(test.core.sessions().of_user(&id).len(), 1);
}

#[tokio::test]
async fn a_session_that_a_command_revokes_beside_the_gateway_ends_there() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (revoked, gone) = sign_in(&test, &alice).await;
    let (_kept, stays) = sign_in(&test, &alice).await;
    let (config, random) = (test.core.config(), Arc::clone(test.core.random()));
    let command = crate::core::Core::open_for_command(config, test.clock.clone(), random).await.unwrap();
    assert_eq!(command.sessions().of_user(alice.id()).len(), 2);
    command.sessions().revoke(revoked.id()).await.unwrap();
    command.close().await.unwrap();
    let socket = revoked.ended();
    assert!(test.core.follow().await.unwrap());
    assert!(socket.is_cancelled() && !is_in(&test, PORTAL, &gone) && is_in(&test, PORTAL, &stays));
}
