//! Rules of login-protect: shut unless opened, for one minute and one password.

use std::sync::Arc;
use std::time::Duration;

use super::{LoginAdmission, LoginProtect, Shut};
use crate::config::schema::LoginForms;
use crate::config::units::TimeSpan;
use crate::core::testing::TestCore;
use crate::principal::service::{OrganisationId, Service, ServiceId, WhenUnreachable};
use crate::principal::user::UserId;
use crate::random::OsRandom;
use crate::store::shared::SharedState;

fn service(id: &str) -> Service {
    service_when(id, WhenUnreachable::Deny)
}

fn service_when(id: &str, instead: WhenUnreachable) -> Service {
    Service::new(OrganisationId::parse("example").unwrap(), ServiceId::parse(id).unwrap(), instead)
}

fn alice() -> UserId {
    UserId::parse("alice").unwrap()
}

#[tokio::test]
async fn a_window_is_open_for_a_minute_and_one_password_r_105_r_106_a_13() {
    let at = TestCore::open().await;
    let (protect, service) = (&at.core.login_protect(), service("abcdefghijklmnop"));
    let shut = protect.admit(Some(&alice()), &[&service]).await;
    assert!(matches!(shut, Err(Shut::Protected)), "shut by default (R-107)");

    protect.open(&alice(), &service).await.unwrap();
    at.clock.advance(Duration::from_millis(59_999));
    assert!(protect.open_until(&alice(), &service).await.unwrap().is_some(), "looking takes nothing");
    let LoginAdmission::One(admission) = protect.admit(Some(&alice()), &[&service]).await.unwrap() else {
        panic!("one password")
    };
    assert_eq!(admission.services(), service.mark());
    assert!(protect.admit(Some(&alice()), &[&service]).await.is_err(), "one password, right or wrong (R-147)");

    protect.open(&alice(), &service).await.unwrap();
    at.clock.advance(Duration::from_secs(60));
    assert!(protect.admit(Some(&alice()), &[&service]).await.is_err(), "at exactly 60 s it is shut");
}

/// Threads of the system, not tasks that take turns: 2,000 windows, each wanted by eight at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_many_threads_one_takes_the_window_t38() {
    let at = TestCore::open().await;
    let core = &at.core;
    for round in 0..2_000 {
        let service = service("abcdefghijklmnop");
        core.login_protect().open(&alice(), &service).await.unwrap();
        let start = Arc::new(tokio::sync::Barrier::new(8));
        let mut takers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (core, start, service) = (Arc::clone(core), Arc::clone(&start), service.clone());
            takers.spawn(async move {
                start.wait().await;
                core.login_protect().admit(Some(&alice()), &[&service]).await.is_ok()
            });
        }
        let taken = takers.join_all().await;
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "round {round}");
    }
}

#[tokio::test]
async fn how_long_a_window_is_open_is_the_configs_to_say_r_105() {
    let at = TestCore::open().await;
    let (protect, service) = (&at.core.login_protect(), service("abcdefghijklmnop"));
    protect.open(&alice(), &service).await.unwrap();
    protect.configure(&LoginForms { window: TimeSpan::seconds(2) });
    at.clock.advance(Duration::from_secs(59));
    assert!(
        protect.open_until(&alice(), &service).await.unwrap().is_some(),
        "what was opened before is open as long as was said then"
    );
    let until = protect.open(&alice(), &service).await.unwrap();
    assert_eq!(until.since(at.core.clock().now()), Duration::from_secs(2));
    at.clock.advance(Duration::from_secs(2));
    assert!(protect.admit(Some(&alice()), &[&service]).await.is_err(), "at exactly 2 s it is shut");
}

#[tokio::test]
async fn of_a_hundred_who_come_at_once_one_is_admitted_r_147() {
    let at = TestCore::open().await;
    let (protect, service) = (&at.core.login_protect(), service("abcdefghijklmnop"));
    protect.open(&alice(), &service).await.unwrap();
    let alice = alice();
    let services = [&service];
    let all = futures_util::future::join_all((0..100).map(|_| protect.admit(Some(&alice), &services))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_release_is_good_for_its_service_alone_and_shared_by_all_that_name_it_r_119_r_121() {
    let at = TestCore::open().await;
    let protect = &at.core.login_protect();
    let (one, other) = (service("abcdefghijklmnop"), service("ABCDEFGHIJKLMNOP"));
    protect.open(&alice(), &one).await.unwrap();
    assert!(protect.admit(Some(&alice()), &[&other]).await.is_err());
    assert!(protect.admit(Some(&UserId::parse("bob").unwrap()), &[&one]).await.is_err());
    // A second policy with the same service: the same window, and it is used up for both.
    assert!(protect.admit(Some(&alice()), &[&service("abcdefghijklmnop")]).await.is_ok());
    assert!(protect.admit(Some(&alice()), &[&one]).await.is_err());
}

#[tokio::test]
async fn disabled_everywhere_it_admits_and_restored_it_forgets_what_was_open_r_148_r_153_a_47() {
    let at = TestCore::open().await;
    let (protect, service) = (&at.core.login_protect(), service("abcdefghijklmnop"));
    protect.open(&alice(), &service).await.unwrap();
    protect.disable("admin").await.unwrap();
    assert!(protect.is_disabled());
    let LoginAdmission::One(admission) = protect.admit(Some(&alice()), &[&service]).await.unwrap() else {
        panic!("one password")
    };
    assert_eq!(admission.services(), service.mark(), "as if it had been opened (R-152)");
    assert!(protect.restore().await.unwrap());
    assert!(!protect.is_disabled());
    assert!(protect.admit(Some(&alice()), &[&service]).await.is_err(), "earlier windows no longer count");
    protect.open(&alice(), &service).await.unwrap();
    assert!(protect.admit(Some(&alice()), &[&service]).await.is_ok());
}

#[tokio::test]
async fn who_is_not_protected_is_not_asked_about_r_117() {
    let at = TestCore::open().await;
    assert!(at.core.login_protect().admit(Some(&alice()), &[]).await.is_ok());
}

#[tokio::test]
async fn a_restart_shuts_every_window() {
    let at = TestCore::open().await;
    let service = service("abcdefghijklmnop");
    at.core.login_protect().open(&alice(), &service).await.unwrap();
    let at = at.crash_and_restart().await;
    assert!(at.core.login_protect().admit(Some(&alice()), &[&service]).await.is_err());
}

#[tokio::test]
async fn refused_attempts_are_reported_once() {
    let at = TestCore::open().await;
    let (protect, service) = (&at.core.login_protect(), service("abcdefghijklmnop"));
    for _ in 0..3 {
        assert!(protect.admit(Some(&alice()), &[&service]).await.is_err());
    }
    assert_eq!(protect.refused_since(&alice()).await.unwrap(), 3);
    assert_eq!(protect.refused_since(&alice()).await.unwrap(), 0);
}

#[tokio::test]
async fn where_nothing_can_be_learnt_it_is_shut_unless_the_policy_says_otherwise_r_154_r_157_r_158_r_159() {
    let at = TestCore::open().await;
    let broken: Arc<dyn SharedState> = Arc::new(Broken);
    let protect = LoginProtect::new(
        &broken,
        &LoginForms::default(),
        Arc::clone(at.core.settings()),
        at.clock.clone(),
        Arc::new(OsRandom::new()),
    );
    let deny = service("abcdefghijklmnop");
    let as_open = service_when("abcdefghijklmnop", WhenUnreachable::AsOpen);
    assert!(matches!(protect.admit(Some(&alice()), &[&deny]).await, Err(Shut::Unreachable(_))));
    let both = service_when("ABCDEFGHIJKLMNOP", WhenUnreachable::RequireAdPassword);
    let admitted = protect.admit(Some(&alice()), &[&as_open]).await.unwrap();
    assert!(matches!(admitted, LoginAdmission::One(admission) if admission.is_as_open()));
    for services in [&[&both][..], &[&as_open, &both], &[&both, &as_open]] {
        let admitted = protect.admit(Some(&alice()), services).await.unwrap();
        assert!(matches!(admitted, LoginAdmission::Both(_)), "the strictest wins: {admitted:?}");
    }
    assert!(protect.admit(Some(&alice()), &[&both, &deny]).await.is_err());
    assert!(protect.asks_for_both([&as_open, &both].into_iter()).await && !protect.asks_for_both([&as_open].into_iter()).await);
    assert!(!at.core.login_protect().asks_for_both([&both].into_iter()).await, "only while nothing can be learnt");
    protect.disable("admin").await.unwrap();
    assert!(!protect.asks_for_both([&both].into_iter()).await);
    assert!(
        matches!(protect.admit(Some(&alice()), &[&both]).await, Ok(LoginAdmission::One(_))),
        "disabled is as released (R-152)"
    );
}

/// A store that cannot be reached.
#[derive(Debug)]
struct Broken;

mod broken {
    use std::time::Duration;

    use futures_util::future::BoxFuture;
    use tokio::sync::mpsc;

    use super::Broken;
    use crate::store::shared::{Shared, SharedState, SharedStateError};

    fn down<'a, T: Send + 'a>() -> BoxFuture<'a, Shared<T>> {
        Box::pin(async { Err(SharedStateError::Unreachable("connection refused".to_owned())) })
    }

    impl SharedState for Broken {
        fn put<'a>(&'a self, _: &'a str, _: Vec<u8>, _: Duration) -> BoxFuture<'a, Shared<()>> {
            down()
        }
        fn put_new<'a>(&'a self, _: &'a str, _: Vec<u8>, _: Duration) -> BoxFuture<'a, Shared<bool>> {
            down()
        }
        fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Shared<Option<Vec<u8>>>> {
            down()
        }
        fn take<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Shared<Option<Vec<u8>>>> {
            down()
        }
        fn swap<'a>(&'a self, _: &'a str, _: &'a [u8], _: Vec<u8>) -> BoxFuture<'a, Shared<bool>> {
            down()
        }
        fn count<'a>(&'a self, _: &'a str, _: i64, _: Duration) -> BoxFuture<'a, Shared<i64>> {
            down()
        }
        fn publish<'a>(&'a self, _: &'a str, _: Vec<u8>) -> BoxFuture<'a, Shared<()>> {
            down()
        }
        fn subscribe<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Shared<mpsc::Receiver<Vec<u8>>>> {
            down()
        }
    }
}
