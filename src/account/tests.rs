//! Rules of regulation, links, tokens, the outbox and settings as tests.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::links::{LIFETIME, Purpose};
use super::regulation::{Held, Regulation, Reservation, Step};
use super::tokens::{PREFIX, Scope, Scopes};
use crate::clock::{Clock as _, ManualClock, SharedClock, Timestamp};
use crate::config::schema;
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::principal::user::UserId;
use crate::store::memory::Memory;
use crate::store::shared::{Shared, SharedState, SharedStateError};

fn from(address: &str) -> ClientAddress {
    ClientAddress::new(address.parse().unwrap())
}

fn id(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

/// Fails once the pause is over; whether it was evaluated.
async fn guess(test: &TestCore, who: &str, address: &str) -> bool {
    match test.core.regulation().reserve(who, from(address)).await {
        Ok(reservation) => {
            drop(reservation);
            true
        }
        Err(Held::Locked { .. }) => false,
        Err(Held::Unavailable(error)) => panic!("{error}"),
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

fn wait(held: Result<Reservation, Held>) -> u64 {
    match held {
        Err(Held::Locked { retry_after }) => retry_after.as_secs(),
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
        while let Err(Held::Locked { .. }) = test.core.regulation().peek("alice", from("192.0.2.1")).await {
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
async fn fifty_failures_lock_a_network_whoever_was_named() {
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
        if let Ok(code) = regulation.reserve_step(Step::Second, "alice", here).await {
            drop(code);
            evaluated += 1;
        }
        test.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(evaluated, 10);
    let locks = regulation.locks().await.unwrap();
    assert_eq!((locks.len(), locks[0].who.as_deref(), locks[0].step), (1, Some("alice"), Step::Second));
    regulation.succeeded(regulation.reserve("alice", here).await.unwrap()).await.unwrap();
    assert!(regulation.lift(Some("alice"), here.ip()).await.unwrap());
}

#[tokio::test]
async fn wrong_codes_from_everywhere_share_one_pause() {
    let test = TestCore::open().await;
    let regulation = &test.core.regulation();
    let code =
        async |n: u32| regulation.reserve_step(Step::Second, "alice", from(&format!("198.51.{}.{}", n / 200, n % 200))).await;
    for n in 0..100 {
        drop(code(n).await.unwrap());
    }
    drop(code(500).await.unwrap());
    assert_eq!(wait(code(501).await), 60, "whoever comes from another network waits too");
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
    let config = schema::Regulation { per_network: 3, ..schema::Regulation::default() };
    let regulation = Regulation::new(Arc::clone(&shared) as _, config, clock);
    for network in 0..8 {
        for name in 0..3 {
            let address = from(&format!("2001:db8:0:{network:x}::1"));
            drop(regulation.reserve(&format!("nobody{name}{network}"), address).await.unwrap());
        }
    }
    assert!(matches!(regulation.reserve("alice", from("2001:db8:0:99::1")).await, Err(Held::Locked { .. })), "a ninth /64");
    let before = shared.len();
    assert!(matches!(regulation.reserve("bob", from("2001:db8:0:98::1")).await, Err(Held::Locked { .. })));
    assert_eq!(shared.len(), before, "what is not judged leaves nothing");
    drop(regulation.reserve("alice", from("2001:db8:1::1")).await.unwrap());
    drop(regulation.reserve("alice", from("192.0.2.1")).await.unwrap());
}

#[tokio::test]
async fn without_its_counters_regulation_lets_nobody_in() {
    let clock: SharedClock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let regulation = Regulation::new(Arc::new(Down), schema::Regulation::default(), Arc::clone(&clock));
    assert!(matches!(regulation.reserve("alice", from("192.0.2.1")).await, Err(Held::Unavailable(_))));
    let full = Arc::new(Memory::new(Arc::clone(&clock), 1));
    let regulation = Regulation::new(full, schema::Regulation::default(), clock);
    assert!(matches!(regulation.reserve("alice", from("192.0.2.1")).await, Err(Held::Unavailable(_))));
}

#[tokio::test]
async fn of_64_who_take_a_link_side_by_side_one_gets_it_t37() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    for _round in 0..10 {
        let (_link, secret) = test.core.links().issue(alice.id(), Purpose::Invitation, "root", LIFETIME).await.unwrap();
        let all = tokio_util::task::TaskTracker::new();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (core, text) = (Arc::clone(&test.core), secret.text().to_owned());
                all.spawn(async move { core.links().take(&text).await.unwrap().is_some() })
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
async fn a_link_lives_a_day_is_looked_at_without_harm_and_a_newer_one_voids_it() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let links = &test.core.links();
    let (first, old) = links.issue(alice.id(), Purpose::ResetPassword, "root", LIFETIME).await.unwrap();
    let (second, new) = links.issue(alice.id(), Purpose::ResetPassword, "root", LIFETIME).await.unwrap();
    let (_other, totp) = links.issue(alice.id(), Purpose::ResetTotp, "root", LIFETIME).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(links.peek(old.text()).await.unwrap(), None);
    for _ in 0..3 {
        assert_eq!(links.peek(new.text()).await.unwrap().as_ref(), Some(&second));
    }
    assert_eq!(links.of_user(alice.id()).await.unwrap().len(), 2);
    assert!(links.revoke(&links.peek(totp.text()).await.unwrap().unwrap().id).await.unwrap());
    assert_eq!(links.take(totp.text()).await.unwrap(), None);
    test.clock.advance(LIFETIME);
    assert_eq!(links.take(new.text()).await.unwrap(), None);
    links.sweep().await.unwrap();
    let rows = test.core.database().rows("SELECT token_hash FROM links", &[]).await.unwrap();
    assert!(rows.is_empty());
    assert!(links.issue(alice.id(), Purpose::ResetTotp, "root", Duration::from_secs(31 * 86_400)).await.is_err());
    assert!(links.issue(&id("ghost"), Purpose::ResetTotp, "root", LIFETIME).await.is_err());
    for text in ["", "x", "../..", &"é".repeat(43)] {
        assert_eq!(links.take(text).await.unwrap(), None);
    }
}

#[tokio::test]
async fn neither_link_nor_token_nor_message_lies_open_in_the_database() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (_link, secret) = test.core.links().issue(alice.id(), Purpose::Invitation, "root", LIFETIME).await.unwrap();
    let until = test.clock.now().plus(Duration::from_secs(3600));
    let (_token, bearer) = test.core.tokens().issue("ci", Scopes::of(&[Scope::Read]), None, until).await.unwrap();
    let body = format!("https://auth.example.com/link/{}", secret.text());
    test.core.outbox().post(Some(alice.id()), None, "Welcome", &body).await.unwrap();
    let folder = test.folder.path().join("state");
    for file in ["sekisho.db", "sekisho.db-wal"] {
        let bytes = std::fs::read(folder.join(file)).unwrap_or_default();
        for needle in [secret.text(), bearer.trim_start_matches(PREFIX), "auth.example.com"] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{file}");
        }
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_until_its_end() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let tokens = &test.core.tokens();
    let until = test.clock.now().plus(Duration::from_secs(3600));
    let scopes = Scopes::of(&[Scope::Read, Scope::Audit]);
    let (token, text) = tokens.issue("ci", scopes, Some(alice.id().clone()), until).await.unwrap();
    let bearer = tokens.find(&text).unwrap();
    assert!(bearer.scopes().allow(Scope::Audit) && !bearer.scopes().allow(Scope::Users));
    assert!(Scopes::of(&[Scope::All]).allow(Scope::Certificates));
    for wrong in ["", PREFIX, &text[1..], text.trim_start_matches(PREFIX), &format!("{text}A")] {
        assert!(tokens.find(wrong).is_none(), "{wrong}");
    }
    test.core.users().set_enabled(alice.id(), false).await.unwrap();
    assert!(tokens.find(&text).is_none(), "its owner is switched off");
    test.core.users().set_enabled(alice.id(), true).await.unwrap();
    assert!(tokens.find(&text).is_some());
    drop((bearer, alice));
    let test = test.crash_and_restart().await;
    assert_eq!(test.core.tokens().list()[0].id, token.id);
    assert!(test.core.tokens().find(&text).is_some());
    test.clock.advance(Duration::from_secs(3600));
    assert!(test.core.tokens().find(&text).is_none(), "it ended");
    for (label, scopes, until) in [("", scopes, until), ("x", Scopes::default(), until), ("x", scopes, Timestamp::default())] {
        assert!(test.core.tokens().issue(label, scopes, None, until).await.is_err());
    }
}

#[tokio::test]
async fn a_revoked_token_and_that_of_a_removed_user_open_nothing() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let until = test.clock.now().plus(Duration::from_secs(3600));
    let all = Scopes::of(&[Scope::All]);
    let (of_alice, first) = test.core.tokens().issue("a", all, Some(alice.id().clone()), until).await.unwrap();
    let (machine, second) = test.core.tokens().issue("b", all, None, until).await.unwrap();
    test.core.remove_user(alice.id()).await.unwrap();
    assert!(test.core.tokens().find(&first).is_none() && test.core.tokens().find(&second).is_some());
    assert!(test.core.tokens().revoke(&machine.id).await.unwrap());
    assert!(!test.core.tokens().revoke(&of_alice.id).await.unwrap());
    assert!(test.core.tokens().find(&second).is_none());
    let _kept = alice;
    let test = test.crash_and_restart().await;
    assert!(test.core.tokens().list().is_empty());
}

#[tokio::test]
async fn a_setting_says_who_set_it() {
    let test = TestCore::open().await;
    test.core.settings().set("banner", "closed on Sunday", "root").await.unwrap();
    test.core.settings().set("banner", "open", "alice").await.unwrap();
    let test = test.crash_and_restart().await;
    let setting = &test.core.settings().list()["banner"];
    assert_eq!((setting.value.as_str(), setting.changed_by.as_str()), ("open", "alice"));
    assert!(test.core.settings().clear("banner").await.unwrap());
    assert_eq!(test.core.settings().value("banner"), None);
}

/// A relay that takes `messages` messages, then refuses; what it was told is sent on.
async fn relay(refuses: bool) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, heard) = mpsc::channel(8);
    tokio_util::task::TaskTracker::new().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 relay\r\n").await.unwrap();
            let (mut data, mut is_data) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: &[u8] = match line.as_str() {
                    "." if is_data => {
                        is_data = false;
                        told.send(std::mem::take(&mut data)).await.unwrap();
                        b"250 taken\r\n"
                    }
                    _ if is_data => {
                        data.push_str(&line);
                        data.push('\n');
                        continue;
                    }
                    "DATA" => {
                        is_data = true;
                        b"354 go on\r\n"
                    }
                    "QUIT" => b"221 bye\r\n",
                    text if text.starts_with("MAIL") && refuses => b"451 later\r\n",
                    _ => b"250 well\r\n",
                };
                write.write_all(answer).await.unwrap();
            }
        }
    });
    (port, heard)
}

fn mail(port: u16) -> schema::Mail {
    let text = format!("host = '127.0.0.1'\nport = {port}\nsecurity = 'plain'\nfrom = 'Sekisho <gate@example.com>'");
    toml::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_message_is_mailed_once_and_can_be_shown() {
    let test = TestCore::open().await;
    let (port, mut heard) = relay(false).await;
    let outbox = &test.core.outbox();
    let id = outbox.post(None, Some("alice@example.com"), "Welcome 関所", "Your link: x").await.unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0, "no relay: it waits");
    assert_eq!(outbox.show(&id).await.unwrap().unwrap().1, "Your link: x");
    outbox.configure(Some(&mail(port))).unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    let text = heard.recv().await.unwrap();
    assert!(text.contains("From: Sekisho <gate@example.com>") && text.contains("To: alice@example.com"), "{text}");
    assert!(text.contains("Your link: x"));
    assert_eq!(outbox.list().await.unwrap()[0].sent_at, Some(test.clock.now()));
    test.clock.advance(Duration::from_secs(31 * 86_400));
    outbox.sweep().await.unwrap();
    assert!(outbox.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn trouble_with_the_relay_is_told_and_tried_again_later() {
    let test = TestCore::open().await;
    let (port, _heard) = relay(true).await;
    let outbox = &test.core.outbox();
    outbox.configure(Some(&mail(port))).unwrap();
    let id = outbox.post(None, Some("alice@example.com"), "Welcome", "x").await.unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    let (message, _body) = outbox.show(&id).await.unwrap().unwrap();
    assert!(message.last_error.is_some_and(|error| error.contains("later")));
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    assert_eq!(outbox.list().await.unwrap()[0].attempts, 1, "a minute must pass first");
    test.clock.advance(Duration::from_secs(60));
    outbox.deliver().await.unwrap();
    test.clock.advance(Duration::from_secs(60));
    outbox.deliver().await.unwrap();
    assert_eq!(outbox.list().await.unwrap()[0].attempts, 2, "then two");
    let (good, mut heard) = relay(false).await;
    outbox.configure(Some(&mail(good))).unwrap();
    test.clock.advance(Duration::from_secs(60));
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert!(heard.recv().await.is_some());
}

#[tokio::test]
async fn no_line_break_reaches_a_header_and_mail_in_the_clear_stays_on_this_machine() {
    let test = TestCore::open().await;
    let outbox = &test.core.outbox();
    for (recipient, subject) in [
        ("a@example.com\r\nBcc: b@example.com", "Welcome"),
        ("a@example.com", "Welcome\r\nBcc: b@example.com"),
        ("a@example.com", "Welcome\nX"),
        ("a@example.com", ""),
        ("nobody", "Welcome"),
    ] {
        assert!(outbox.post(None, Some(recipient), subject, "x").await.is_err(), "{recipient:?} {subject:?}");
    }
    let told = |text: &str| outbox.configure(Some(&toml::from_str(text).unwrap())).unwrap_err().path;
    assert_eq!(told("host = 'mail.example.com'\nsecurity = 'plain'\nfrom = 'a@example.com'"), "mail.security");
    assert_eq!(told("host = 'localhost'\nsecurity = 'plain'\nfrom = 'nobody'"), "mail.from");
    assert_eq!(told("host = 'localhost'\nsecurity = 'plain'\nfrom = 'a@example.com'\nuser = 'x'"), "mail.user");
    let no_file = "host = 'localhost'\nsecurity = 'plain'\nfrom = 'a@example.com'\nuser = 'x'\npassword_file = '/no/such'";
    assert_eq!(told(no_file), "mail.password_file");
    assert!(!outbox.mails());
}
