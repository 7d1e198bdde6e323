//! Regulation as tests: pauses grow, locks end, and nobody can lock another user out.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::from;
use crate::account::regulation::{AttemptKind, AttemptRefused, Regulation, Reservation};
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::config::schema;
use crate::core::testing::TestCore;
use crate::store::memory::Memory;
use crate::store::shared::{Shared, SharedState, SharedStateError};

/// Fails once the pause is over; whether it was evaluated.
async fn guess(test: &TestCore, who: &str, address: &str) -> bool {
    match test.core.regulation().reserve(who, from(address)).await {
        Ok(reservation) => {
            drop(reservation);
            true
        }
        Err(AttemptRefused::Locked { .. }) => false,
        Err(AttemptRefused::Unavailable(error)) => panic!("{error}"),
    }
}

/// Guesses until nothing is evaluated any more, waiting out every pause; how many were evaluated.
async fn guess_until_locked(test: &TestCore, who: &str, address: &str) -> usize {
    let mut evaluated = 0;
    for _ in 0..200 {
        if guess(test, who, address).await {
            evaluated += 1;
            continue;
        }
        if !test.core.regulation().locks().await.unwrap().is_empty() {
            return evaluated;
        }
        test.clock.advance(Duration::from_secs(1));
    }
    panic!("never locked, {evaluated} evaluated");
}

fn wait(held: Result<Reservation, AttemptRefused>) -> u64 {
    match held {
        Err(AttemptRefused::Locked { retry_after }) => retry_after.as_secs(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn of_200_wrong_passwords_side_by_side_no_more_than_the_limit_are_evaluated_t39() {
    for _round in 0..5 {
        let test = TestCore::open().await;
        let evaluated = Arc::new(AtomicUsize::new(0));
        let all = tokio_util::task::TaskTracker::new();
        let tasks: Vec<_> = (0..200)
            .map(|_| {
                let (core, evaluated) = (Arc::clone(&test.core), Arc::clone(&evaluated));
                all.spawn(async move {
                    if let Ok(reservation) = core.regulation().reserve("alice", from("192.0.2.1")).await {
                        evaluated.fetch_add(1, Ordering::SeqCst);
                        tokio::task::yield_now().await;
                        drop(reservation);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let evaluated = evaluated.load(Ordering::SeqCst);
        assert!((1..=3).contains(&evaluated), "{evaluated} evaluated: two are free, the third takes the pause");
    }
}

#[tokio::test]
async fn pauses_grow_and_ten_failures_lock_the_user_from_that_network() {
    let test = TestCore::open().await;
    let mut pauses = Vec::new();
    for _ in 0..9 {
        assert!(guess(&test, "alice", "192.0.2.1").await);
        let mut pause = 0;
        while let Err(AttemptRefused::Locked { .. }) = test.core.regulation().peek("alice", from("192.0.2.1")).await {
            test.clock.advance(Duration::from_secs(1));
            pause += 1;
        }
        pauses.push(pause);
    }
    assert_eq!(pauses, [0, 0, 1, 2, 4, 8, 16, 32, 60]);

    let test = TestCore::open().await;
    assert_eq!(guess_until_locked(&test, "bob", "192.0.2.1").await, 10);
    let locks = test.core.regulation().locks().await.unwrap();
    assert_eq!((locks.len(), locks[0].who.as_deref()), (1, Some("bob")));
    assert_eq!(locks[0].network, "192.0.2.1".parse::<IpAddr>().unwrap());
    let left = wait(test.core.regulation().reserve("bob", from("192.0.2.1")).await);
    assert!((800..=900).contains(&left), "{left} s of a quarter of an hour");
}

#[tokio::test]
async fn nobody_can_lock_another_user_out() {
    let test = TestCore::open().await;
    guess_until_locked(&test, "alice", "192.0.2.1").await;
    // From far more networks than the limit of failures of one user.
    for n in 0..150 {
        guess(&test, "alice", &format!("198.51.100.{n}")).await;
    }
    let mine = test.core.regulation().reserve("alice", from("203.0.113.5")).await.unwrap();
    test.core.regulation().succeeded(mine).await.unwrap();
    // Somebody else from the network of the guesser is not touched by the lock of the pair.
    let other = test.core.regulation().reserve("bob", from("192.0.2.1")).await.unwrap();
    test.core.regulation().succeeded(other).await.unwrap();
}

#[tokio::test]
async fn failures_of_one_user_from_everywhere_stretch_the_pause_of_each_network() {
    let test = TestCore::open().await;
    for n in 0..100 {
        assert!(guess(&test, "alice", &format!("198.51.100.{n}")).await);
    }
    assert!(guess(&test, "alice", "203.0.113.5").await, "the first attempt of a network is never held");
    assert_eq!(wait(test.core.regulation().reserve("alice", from("203.0.113.5")).await), 60);
}

#[tokio::test]
async fn fifty_failures_lock_a_network_whichever_user_was_named() {
    let test = TestCore::open().await;
    for n in 0..50 {
        assert!(guess(&test, &format!("user{n}"), "192.0.2.1").await, "{n}");
    }
    assert!(!guess(&test, "user99", "192.0.2.1").await);
    assert!(guess(&test, "user99", "192.0.2.2").await);
    let locks = test.core.regulation().locks().await.unwrap();
    assert_eq!((locks.len(), &locks[0].who), (1, &None));
}

#[tokio::test]
async fn an_ipv6_network_is_a_64_and_a_mapped_address_is_the_ipv4_one() {
    let test = TestCore::open().await;
    for n in 0..50 {
        assert!(guess(&test, &format!("user{n}"), &format!("2001:db8:0:1::{n:x}")).await);
    }
    assert!(!guess(&test, "x", "2001:db8:0:1:ffff::1").await);
    assert!(guess(&test, "x", "2001:db8:0:2::1").await);
    guess_until_locked(&test, "alice", "::ffff:192.0.2.1").await;
    assert!(!guess(&test, "alice", "192.0.2.1").await);
}

#[tokio::test]
async fn all_spellings_of_a_name_share_a_bucket_and_unknown_names_count_the_same_t32() {
    let test = TestCore::open().await;
    test.user("john").await;
    for spelling in ["john", "JOHN", " John ", "ｊｏｈｎ"] {
        guess(&test, spelling, "192.0.2.1").await;
        test.clock.advance(Duration::from_secs(5));
    }
    let known = test.core.regulation().reserve("john", from("192.0.2.1")).await;
    drop(known);
    test.clock.advance(Duration::from_secs(10));
    assert_eq!(guess_until_locked(&test, "john", "192.0.2.1").await, 5, "four and one counted already");
    for nobody in ["nobody", "CORP\\nobody", "a b", "", &"x".repeat(10_000)] {
        let fresh = TestCore::open().await;
        assert_eq!(guess_until_locked(&fresh, nobody, "192.0.2.2").await, 10, "{nobody:.20}");
    }
}

#[tokio::test]
async fn a_success_gives_back_and_forgets_the_failures_of_that_pair() {
    let test = TestCore::open().await;
    for _ in 0..40 {
        assert!(guess(&test, "alice", "192.0.2.1").await);
        assert!(guess(&test, "alice", "192.0.2.1").await);
        let right = test.core.regulation().reserve("alice", from("192.0.2.1")).await.unwrap();
        test.core.regulation().succeeded(right).await.unwrap();
        // Otherwise the network's own count would end this.
        test.core.regulation().lift(None, "192.0.2.1".parse().unwrap()).await.unwrap();
    }
    assert!(test.core.regulation().locks().await.unwrap().is_empty());
}

#[tokio::test]
async fn ones_own_account_does_not_wash_away_guesses_at_others() {
    let test = TestCore::open().await;
    for n in 0..50 {
        assert!(guess(&test, &format!("victim{n}"), "192.0.2.1").await, "{n}");
        if n < 49 {
            let own = test.core.regulation().reserve("mallory", from("192.0.2.1")).await.unwrap();
            test.core.regulation().succeeded(own).await.unwrap();
        }
    }
    assert!(!guess(&test, "mallory", "192.0.2.1").await, "the network is locked");
}

#[tokio::test]
async fn the_right_password_does_not_wash_away_wrong_codes() {
    let test = TestCore::open().await;
    let regulation = &test.core.regulation();
    let here = from("192.0.2.1");
    let mut evaluated = 0;
    for _ in 0..300 {
        if let Ok(right) = regulation.reserve("alice", here).await {
            regulation.succeeded(right).await.unwrap();
        }
        if let Ok(code) = regulation.reserve_step(AttemptKind::Second, "alice", here).await {
            drop(code);
            evaluated += 1;
        }
        test.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(evaluated, 10);
    let locks = regulation.locks().await.unwrap();
    assert_eq!((locks.len(), locks[0].who.as_deref(), locks[0].step), (1, Some("alice"), AttemptKind::Second));
    regulation.succeeded(regulation.reserve("alice", here).await.unwrap()).await.unwrap();
    assert!(regulation.lift(Some("alice"), here.ip()).await.unwrap());
}

#[tokio::test]
async fn wrong_codes_from_everywhere_share_one_pause() {
    let test = TestCore::open().await;
    let regulation = &test.core.regulation();
    let code = async |n: u32| {
        regulation.reserve_step(AttemptKind::Second, "alice", from(&format!("198.51.{}.{}", n / 200, n % 200))).await
    };
    for n in 0..100 {
        drop(code(n).await.unwrap());
    }
    drop(code(500).await.unwrap());
    assert_eq!(wait(code(501).await), 60, "an attempt from another network waits too");
    test.clock.advance(Duration::from_secs(60));
    drop(code(502).await.unwrap());
    assert!(guess(&test, "alice", "203.0.113.5").await, "passwords are counted apart");
}

#[tokio::test]
async fn an_attempt_that_was_not_evaluated_is_no_failure() {
    let test = TestCore::open().await;
    let regulation = &test.core.regulation();
    for _ in 0..200 {
        let busy = regulation.reserve("alice", from("192.0.2.1")).await.unwrap();
        regulation.withdrawn(busy).await.unwrap();
    }
    assert!(guess(&test, "alice", "192.0.2.1").await && guess(&test, "alice", "192.0.2.1").await);
    let third = regulation.reserve("alice", from("192.0.2.1")).await.unwrap();
    regulation.withdrawn(third).await.unwrap();
    assert!(guess(&test, "alice", "192.0.2.1").await, "its pause is given back too");
    assert_eq!(wait(regulation.reserve("alice", from("192.0.2.1")).await), 1, "the failures are not forgotten");
}

#[tokio::test]
async fn many_people_behind_one_address_who_sign_in_well_lock_nobody_out() {
    let test = TestCore::open().await;
    for n in 0..500 {
        let one = test.core.regulation().reserve(&format!("user{n}"), from("192.0.2.1")).await.unwrap();
        test.core.regulation().succeeded(one).await.unwrap();
    }
    assert!(test.core.regulation().locks().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lock_ends_by_time_or_by_an_administrator() {
    let test = TestCore::open().await;
    guess_until_locked(&test, "alice", "192.0.2.1").await;
    assert!(test.core.regulation().lift(Some("Alice"), "192.0.2.1".parse().unwrap()).await.unwrap());
    assert!(!test.core.regulation().lift(Some("alice"), "192.0.2.1".parse().unwrap()).await.unwrap());
    assert!(test.core.regulation().locks().await.unwrap().is_empty());
    assert_eq!(guess_until_locked(&test, "alice", "192.0.2.1").await, 10, "counting began again");
    test.clock.advance(Duration::from_secs(15 * 60));
    assert!(test.core.regulation().locks().await.unwrap().is_empty());
    assert!(guess(&test, "alice", "192.0.2.1").await);
}

/// A shared state that does not answer.
#[derive(Debug)]
struct Down;

fn down<T>() -> BoxFuture<'static, Shared<T>>
where
    T: Send + 'static,
{
    Box::pin(std::future::ready(Err(SharedStateError::Unreachable("down".to_owned()))))
}

impl SharedState for Down {
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

#[tokio::test]
async fn the_networks_of_one_ipv6_site_are_held_back_together() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let shared = Arc::new(Memory::new(Arc::clone(&clock) as SharedClock, 100_000));
    let config = schema::RegulationSection { per_network: 3, ..schema::RegulationSection::default() };
    let regulation = Regulation::new(Arc::clone(&shared) as _, config, clock);
    for network in 0..8 {
        for name in 0..3 {
            let address = from(&format!("2001:db8:0:{network:x}::1"));
            drop(regulation.reserve(&format!("nobody{name}{network}"), address).await.unwrap());
        }
    }
    assert!(
        matches!(regulation.reserve("alice", from("2001:db8:0:99::1")).await, Err(AttemptRefused::Locked { .. })),
        "a ninth /64"
    );
    let before = shared.len();
    assert!(matches!(regulation.reserve("bob", from("2001:db8:0:98::1")).await, Err(AttemptRefused::Locked { .. })));
    assert_eq!(shared.len(), before, "what is not judged leaves nothing");
    drop(regulation.reserve("alice", from("2001:db8:1::1")).await.unwrap());
    drop(regulation.reserve("alice", from("192.0.2.1")).await.unwrap());
}

#[tokio::test]
async fn without_its_counters_regulation_lets_nobody_in() {
    let clock: SharedClock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let regulation = Regulation::new(Arc::new(Down), schema::RegulationSection::default(), Arc::clone(&clock));
    assert!(matches!(regulation.reserve("alice", from("192.0.2.1")).await, Err(AttemptRefused::Unavailable(_))));
    let full = Arc::new(Memory::new(Arc::clone(&clock), 1));
    let regulation = Regulation::new(full, schema::RegulationSection::default(), clock);
    assert!(matches!(regulation.reserve("alice", from("192.0.2.1")).await, Err(AttemptRefused::Unavailable(_))));
}
