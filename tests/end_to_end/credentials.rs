//! What a credential opened ends with it, and no cookie rises with its session: phones that are removed, authenticators that
//! are replaced, a step-up beside an older cookie, streams of a session that is over.

use std::time::Duration;

use hyper::Method;
use sekisho::account::tokens::{Scope, Scopes};
use sekisho::clock::{Clock as _, SharedClock};
use sekisho::factor::totp::code_now;
use sekisho::principal::method::{Method as Factor, Methods};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::sessions::{closes, events, events_as, socket};
use crate::support::{Browser, PASSWORD, PASSWORD_AND_TOTP, Person, Phone, World};

/// `wiki` by a phone and a registered browser, `vault` by a password and a code, `desk` by a password and a browser.
const APPS: &[(&str, &str)] = &[
    ("wiki", "demands = { primary_factor = { methods = [\"push\"] }, cookie = { ways = [\"number_match\"] } }"),
    ("vault", PASSWORD_AND_TOTP),
    ("desk", "demands = { primary_factor = {}, cookie = { ways = [\"number_match\"] } }"),
];
const OWN_PHONES: &str = "[approval]\nper_user = 3\nmembers_may_add = true\nmembers_may_delete = true\nwrong_answers = 1\n";

struct Scene {
    world: World,
    alice: Person,
    phone: Phone,
    /// Signed in to `wiki` by the phone, and registered by the number that was carried to it.
    by_phone: Browser,
    /// Signed in to `vault` by a password and a code: nothing of it was the phone's.
    by_code: Browser,
}

async fn scene() -> Scene {
    let world = World::with(APPS, OWN_PHONES).await;
    let alice = world.person("alice").await;
    world.server.core().assign(&alice.user, Methods::of(&[Factor::Push, Factor::Password])).await.unwrap();
    let phone = Phone::of(&world, &["alice"]).await;
    let by_phone = by_number(&world, &phone).await;
    let mut by_code = world.browser();
    assert_eq!(by_code.sign_in(&world.url("vault", "/"), &alice).await.status, 200);
    Scene { world, alice, phone, by_phone, by_code }
}

/// A browser that this phone signed in to `wiki` and registered.
async fn by_number(world: &World, phone: &Phone) -> Browser {
    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/")).await;
    let page = browser.fill(&page, "username", &[("user", "alice")]).await;
    assert_eq!(phone.answer(world, "approve", Some(&page.number())).await.status, 200);
    let page = browser.get(&page.url).await;
    assert_eq!((page.status, page.body.as_str()), (200, "GET /\n"), "{page:?}");
    browser
}

impl Scene {
    async fn passes(&self, browser: &Browser, app: &str) -> bool {
        browser.clone().send(Method::GET, &self.world.url(app, "/page"), None).await.status == 200
    }

    /// An act of an administrator, by a token through the API.
    async fn act(&self, method: Method, path: &str, body: Value) {
        let core = self.world.server.core();
        let until = self.world.clock.now().plus(Duration::from_secs(3600));
        let (_, token) = core.tokens().issue("all", Scopes::of(&[Scope::All]), None, until).await.unwrap();
        let mut api = self.world.browser().with_header("authorization", &format!("Bearer {token}"));
        api = api.with_header("accept", "application/json").with_header("content-type", "application/json");
        let body = (method != Method::DELETE).then(|| body.to_string());
        let answer = api.send(method, &self.world.url("auth", &format!("/api/v1{path}")), body.as_deref()).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
    }

    fn browsers(&self) -> usize {
        self.world.server.core().browsers().of_user(&self.alice.user).len()
    }
}

/// What ends what a phone opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    RemovedByAdministrator,
    RemovedAtTheAccount,
    RemovedByItself,
    Unregistered,
    Suspended,
    Unassigned,
    OtherMethods,
    AllReset,
    LockedByWrongNumber,
}

#[tokio::test]
async fn what_a_phone_opened_ends_with_it_and_nothing_else_does() {
    for gone in [
        Gone::RemovedByAdministrator,
        Gone::RemovedAtTheAccount,
        Gone::RemovedByItself,
        Gone::Unregistered,
        Gone::Suspended,
        Gone::Unassigned,
        Gone::OtherMethods,
        Gone::AllReset,
        Gone::LockedByWrongNumber,
    ] {
        let mut at = scene().await;
        let id = at.phone.id();
        // What the phone registered opens an app by the password alone, too.
        let mut at_desk = at.by_phone.clone();
        at_desk.forget_cookies("wiki.test");
        at_desk.post(&at.world.url("auth", "/sign-out"), &[("scope", "here")]).await;
        at.by_phone = by_number(&at.world, &at.phone).await;
        let page = at_desk.get(&at.world.url("desk", "/")).await;
        let page = at_desk.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(page.body, "GET /\n", "{page:?}");
        assert_eq!(at.browsers(), 2);
        let opened = events(&at.by_phone, &at.world, "wiki").await;
        assert!(
            at.passes(&at.by_phone, "wiki").await && at.passes(&at_desk, "desk").await && at.passes(&at.by_code, "vault").await
        );

        match gone {
            Gone::RemovedByAdministrator => {
                at.act(Method::DELETE, &format!("/users/alice/approvers/{id}"), Value::Null).await;
            }
            Gone::RemovedAtTheAccount => {
                let mut owner = at.by_code.clone();
                let page = owner.get(&at.world.url("auth", "/account/approvers")).await;
                assert_eq!(page.status, 200, "{page:?}");
                let page = owner.post(&at.world.url("auth", "/account/approvers/remove"), &[("id", &id)]).await;
                assert!(page.url.ends_with("done=approver-removed"), "{page:?}");
            }
            Gone::RemovedByItself => assert!(at.phone.leave(&at.world, "alice").await.status < 300),
            Gone::Unregistered => at.act(Method::DELETE, "/users/alice/approvers", Value::Null).await,
            Gone::Suspended => at.act(Method::POST, "/users/alice/approvals/suspend", json!({})).await,
            Gone::Unassigned => at.act(Method::DELETE, "/users/alice/push", Value::Null).await,
            Gone::OtherMethods => at.act(Method::PUT, "/users/alice/methods", json!({ "methods": ["password"] })).await,
            Gone::AllReset => at.act(Method::POST, "/users/alice/reset-factor", json!({ "factor": "all" })).await,
            Gone::LockedByWrongNumber => {
                let mut browser = at.world.browser();
                let page = browser.get(&at.world.url("wiki", "/")).await;
                let page = browser.fill(&page, "username", &[("user", "alice")]).await;
                let offered = at.phone.asked(&at.world).await.remove(0)["offered"].clone();
                let offered: Vec<String> = serde_json::from_value(offered).unwrap();
                let wrong = offered.into_iter().find(|one| *one != page.number()).unwrap();
                assert_eq!(at.phone.answer(&at.world, "approve", Some(&wrong)).await.status, 200);
            }
        }
        closes(opened).await;
        assert!(!at.passes(&at.by_phone, "wiki").await, "{gone:?}: the session that it opened");
        assert!(!at.passes(&at_desk, "desk").await, "{gone:?}: the session of a browser that it registered");
        assert_eq!(at.browsers(), 0, "{gone:?}: the browsers that it registered");
        assert_eq!(at.passes(&at.by_code, "vault").await, gone != Gone::AllReset, "{gone:?}: what it did not open");
        if gone == Gone::AllReset {
            assert!(at.world.server.core().approvals().approvers.of_user(&at.alice.user).await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_phone_that_is_removed_takes_nothing_of_another_with_it() {
    let at = scene().await;
    let other = Phone::of(&at.world, &["alice"]).await;
    let id = other.id();
    // Both are asked; the other one answers.
    let by_other = by_number(&at.world, &other).await;
    assert_eq!(at.browsers(), 2);
    at.act(Method::DELETE, &format!("/users/alice/approvers/{id}"), Value::Null).await;
    assert!(!at.passes(&by_other, "wiki").await);
    assert!(at.passes(&at.by_phone, "wiki").await, "the first phone is there, and what it opened");
    assert_eq!(at.browsers(), 1);
}

#[tokio::test]
async fn an_answer_of_a_phone_that_is_gone_since_opens_nothing() {
    for removed in [true, false] {
        let at = scene().await;
        let mut browser = at.world.browser();
        let page = browser.get(&at.world.url("wiki", "/")).await;
        let page = browser.fill(&page, "username", &[("user", "alice")]).await;
        assert_eq!(at.phone.answer(&at.world, "approve", Some(&page.number())).await.status, 200);
        if removed {
            at.act(Method::DELETE, &format!("/users/alice/approvers/{}", at.phone.id()), Value::Null).await;
        } else {
            at.act(Method::POST, "/users/alice/approvals/suspend", json!({})).await;
        }
        let page = browser.get(&page.url).await;
        assert!(!page.url.contains("wiki.test"), "{page:?}");
        assert!(browser.cookie("auth.test", "__Host-sekisho").is_none() && at.browsers() == 0);
    }
}

#[tokio::test]
async fn a_replaced_authenticator_ends_what_it_opened_but_where_it_is_replaced() {
    let registered = "demands = { primary_factor = {}, cookie = {}, otp = {} }";
    let world = World::with(&[("vault", registered)], "").await;
    let alice = world.person("alice").await;
    let mut elsewhere = world.browser();
    assert_eq!(elsewhere.sign_in(&world.url("vault", "/"), &alice).await.status, 200);
    let mut here = world.browser();
    assert_eq!(here.sign_in(&world.url("vault", "/"), &alice).await.status, 200);
    assert_eq!(world.server.core().browsers().of_user(&alice.user).len(), 2);
    let page = here.get(&world.url("auth", "/account/authenticator/enrol")).await;
    let drawn = page.body.split("name=\"enrolment\" value=\"").nth(1).unwrap_or_else(|| panic!("{page:?}"));
    let drawn = sekisho::random::from_base64url::<52>(drawn.split('"').next().unwrap()).unwrap();
    let enrolment = world.server.core().totps().show(&alice.user, &drawn).unwrap();
    let clock: SharedClock = world.clock.clone();
    let code = code_now(&enrolment, &clock).unwrap();
    let page = here.fill(&page, "one-time-code", &[("code", &code)]).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(here.send(Method::GET, &world.url("vault", "/"), None).await.status, 200, "where it was replaced");
    assert_eq!(elsewhere.send(Method::GET, &world.url("vault", "/"), None).await.status, 303);
    assert_eq!(world.server.core().browsers().of_user(&alice.user).len(), 1, "the browser that the older one registered");
}

#[tokio::test]
async fn a_cookie_from_before_a_step_up_rises_nowhere_t26() {
    let parts = "demands = { primary_factor = {} }\n[[app.rule]]\npaths = [\"/secret\"]\ndemands = { otp = {} }\n";
    let world = World::with(&[("wiki", parts), ("vault", PASSWORD_AND_TOTP)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(page.body, "GET /\n");
    let before = browser.cookie("wiki.test", "__Host-sekisho").unwrap().to_owned();
    let thief = || world.browser().with_header("cookie", &format!("__Host-sekisho={before}"));
    let code = |answer: crate::support::Answer| (answer.status, if answer.status == 401 { answer.code() } else { String::new() });
    // Another app asks for a code: the session rises.
    assert_eq!(browser.sign_in(&world.url("vault", "/"), &alice).await.body, "GET /\n");
    let mut program = thief().with_header("accept", "application/json");
    let refused = program.send(Method::GET, &world.url("wiki", "/secret"), None).await;
    assert_eq!(code(refused), (401, "otp_missing".to_owned()), "the older cookie stands for the password alone");
    assert_eq!(program.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200, "for which it stands yet");
    let page = thief().get(&world.url("wiki", "/page")).await;
    assert!(page.url.contains("auth.test") && page.body.contains("current-password"), "{page:?}");
    // The browser of the session gets a newer cookie on its next page, and is asked for nothing.
    let page = browser.get(&world.url("wiki", "/secret?x=1")).await;
    assert_eq!((page.status, page.body.as_str()), (200, "GET /secret?x=1\n"), "{page:?}");
    assert_ne!(browser.cookie("wiki.test", "__Host-sekisho"), Some(before.as_str()));
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200, "no redirect after it");
    let mut program = thief().with_header("accept", "application/json");
    assert_eq!(program.send(Method::GET, &world.url("wiki", "/"), None).await.status, 401, "the older one is dead");
}

#[tokio::test]
async fn a_cookie_from_before_a_step_up_rises_by_no_restart_t26() {
    let parts = "demands = { primary_factor = {} }\n[[app.rule]]\npaths = [\"/secret\"]\ndemands = { otp = {} }\n";
    let world = World::with(&[("wiki", parts), ("vault", PASSWORD_AND_TOTP)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/")).await;
    browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let before = browser.cookie("wiki.test", "__Host-sekisho").unwrap().to_owned();
    browser.sign_in(&world.url("vault", "/"), &alice).await;
    let world = world.restart().await;
    let mut older = world.browser().with_header("cookie", &format!("__Host-sekisho={before}"));
    older = older.with_header("accept", "application/json");
    assert_eq!(older.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    assert_eq!(older.send(Method::GET, &world.url("wiki", "/secret"), None).await.code(), "otp_missing");
    let page = browser.get(&world.url("wiki", "/secret")).await;
    assert_eq!(page.body, "GET /secret\n", "{page:?}");
}

/// What ends a session, or what it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    SignedOutOfTheApp,
    SignedOut,
    RevokedByAdministrator,
    Disabled,
    NoMemberAnyMore,
    AnotherNetwork,
    TimeIsUp,
}

#[tokio::test]
async fn streams_and_sockets_end_within_a_second_of_what_opened_them_t25() {
    for ends in [
        Ends::SignedOutOfTheApp,
        Ends::SignedOut,
        Ends::RevokedByAdministrator,
        Ends::Disabled,
        Ends::NoMemberAnyMore,
        Ends::AnotherNetwork,
        Ends::TimeIsUp,
    ] {
        let members = "demands = { primary_factor = { groups = [\"staff\"] } }";
        let world = World::with(&[("wiki", members), ("vault", PASSWORD_AND_TOTP)], "").await;
        let alice = world.person("alice").await;
        let staff = sekisho::principal::user::GroupName::parse("staff").unwrap();
        world.server.core().groups().add(staff.clone(), None).await.unwrap();
        world.server.core().users().set_groups(&alice.user, vec![staff]).await.unwrap();
        let mut by_phone = world.browser();
        let page = by_phone.get(&world.url("wiki", "/")).await;
        let page = by_phone.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(page.body, "GET /\n", "{page:?}");
        let mut by_code = world.browser();
        assert_eq!(by_code.sign_in(&world.url("vault", "/"), &alice).await.status, 200);
        let phone = Phone::of(&world, &["alice"]).await;
        let at = Scene { world, alice, phone, by_phone, by_code };
        let (opened, socket) = (events(&at.by_phone, &at.world, "wiki").await, socket(&at.by_phone, &at.world).await);
        let by_event_source = events_as(&at.by_phone, &at.world, "wiki", "text/event-stream").await;
        let kept = events(&at.by_code, &at.world, "vault").await;
        let mut browser = at.by_phone.clone();
        match ends {
            Ends::SignedOutOfTheApp => drop(browser.post(&at.world.url("wiki", "/.sekisho/sign-out"), &[]).await),
            Ends::SignedOut => drop(browser.post(&at.world.url("auth", "/sign-out"), &[("scope", "here")]).await),
            Ends::RevokedByAdministrator => {
                let mut sessions = at.world.server.core().sessions().of_user(&at.alice.user);
                sessions.retain(|session| session.evidence().proved(sekisho::chain::Check::Otp).is_none());
                at.act(Method::DELETE, &format!("/sessions/{}", sessions.remove(0).id().text()), Value::Null).await;
            }
            Ends::Disabled => at.act(Method::POST, "/users/alice/disable", json!({})).await,
            Ends::NoMemberAnyMore => at.act(Method::PUT, "/users/alice/groups", json!({ "groups": [] })).await,
            Ends::AnotherNetwork => {
                let elsewhere =
                    "demands = { primary_factor = { groups = [\"staff\"] }, ip_restriction = { allow = [\"192.0.2.0/24\"] } }";
                at.world.reload(&[("wiki", elsewhere), ("vault", PASSWORD_AND_TOTP)], "").unwrap();
            }
            Ends::TimeIsUp => at.world.advance(40 * 24 * 3600),
        }
        closes(opened).await;
        closes(by_event_source).await;
        closes(socket).await;
        let others_end = matches!(ends, Ends::Disabled | Ends::TimeIsUp);
        if others_end {
            closes(kept).await;
        } else {
            stays(kept).await;
        }
    }
}

#[tokio::test]
async fn a_stream_that_needs_no_sign_in_ends_when_its_network_is_shut_t25() {
    let open = |network: &str| format!("[app.demands.ip_restriction]\nallow = [\"{network}\"]\n");
    let world = World::with(&[("wiki", &open("127.0.0.0/8")), ("board", &open("127.0.0.0/8"))], "").await;
    let browser = world.browser();
    let (shut, kept) = (events(&browser, &world, "wiki").await, events(&browser, &world, "board").await);
    world.reload(&[("wiki", &open("192.0.2.0/24")), ("board", &open("127.0.0.0/8"))], "").unwrap();
    closes(shut).await;
    stays(kept).await;
}

/// Nothing comes and nothing ends for a second.
async fn stays(mut stream: TlsStream<TcpStream>) {
    let read = tokio::time::timeout(Duration::from_secs(1), stream.read_u8()).await;
    assert!(read.is_err(), "what nothing was done to has ended");
}
