//! From the tap to the signed-in browser, at a given rate whatever the gateway does; and opening a login form.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use sekisho::clock::{Clock as _, SystemClock};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::clients::{Browser, Connection, Phone};
use crate::figures;
use crate::gateway::{Gateway, SERVICE};

/// Sign-ins of a second.
const RATE: usize = 100;
/// How long, in seconds.
const SECONDS: usize = 20;
/// Pairs of a browser and a phone that are connected: enough for those under way.
const PAIRS: usize = 200;
const FORMS: usize = 2000;

type Pair = (Browser, Connection);

pub(crate) async fn measure() {
    let gateway = Gateway::start().await;
    let count = RATE * SECONDS;
    let mut phones = Vec::with_capacity(count);
    for number in 0..count {
        phones.push(gateway.person(&format!("user{number}")).await);
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for _ in 0..PAIRS {
        let browser = Connection::open(gateway.address, &gateway.authority).await;
        pairs.push((Browser::on(browser), Connection::open(gateway.address, &gateway.authority).await));
    }
    let pairs = Arc::new(Mutex::new(pairs));
    let clock = SystemClock::new();
    let begin = clock.monotonic();
    let mut under_way = JoinSet::new();
    for (number, phone) in phones.into_iter().enumerate() {
        let due = begin + Duration::from_micros(1_000_000 / RATE as u64) * u32::try_from(number).unwrap();
        if let Some(wait) = due.checked_sub(clock.monotonic()) {
            tokio::time::sleep(wait).await;
        }
        let pairs = Arc::clone(&pairs);
        under_way.spawn(async move {
            let mut pair = pairs.lock().await.pop().expect("no more than 200 are under way");
            let took = sign_in(&mut pair, &phone).await;
            pairs.lock().await.push(pair);
            took
        });
    }
    let mut sample = under_way.join_all().await;
    let rate = count as f64 / (clock.monotonic() - begin).as_secs_f64();
    figures::print(&format!("approve to signed in, {rate:.0} first sign-ins a second with a number"), &mut sample);
    gateway.server.stop().await.unwrap();
}

/// A first sign-in by number; from the answer being sent to the browser having its session.
async fn sign_in((browser, connection): &mut Pair, phone: &Phone) -> Duration {
    browser.forget();
    let asked = browser.post("/sign-in/push", &[("user", &phone.user), ("for", "")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let waiting = browser.get("/sign-in?for=").await;
    let at = waiting.body.find("class=\"number\"").unwrap_or_else(|| panic!("no number: {}", waiting.body));
    let number = waiting.body[at..].split("</span> ").nth(1).unwrap()[..2].to_owned();
    let seen = phone.sees(connection).await;
    let ready = phone.approval(&seen["slots"][0]["approvals"][0], Some(&number));
    let clock = SystemClock::new();
    let goes_on = async {
        let mut got = browser.get("/sign-in/push/state?for=").await;
        while got.body.contains("waiting") {
            got = browser.get("/sign-in/push/state?for=").await;
        }
        let mut next = browser.get("/sign-in?for=").await;
        while next.status == StatusCode::SEE_OTHER && !browser.is_signed_in() {
            next = browser.get(&next.location).await;
        }
        assert!(browser.is_signed_in(), "{} {}", next.status, next.body);
        clock.monotonic()
    };
    let taps = async {
        // The page waits before the person taps.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let at = clock.monotonic();
        let (status, got) = connection.call(ready).await;
        assert_eq!(status, StatusCode::OK, "{got}");
        at
    };
    let (end, begin) = tokio::join!(goes_on, taps);
    end - begin
}

pub(crate) async fn measure_opening() {
    let gateway = Gateway::start().await;
    let phone = gateway.person("alice").await;
    let mut connection = Connection::open(gateway.address, &gateway.authority).await;
    let clock = SystemClock::new();
    let mut sample = Vec::with_capacity(FORMS);
    for _ in 0..FORMS {
        let ready = phone.release(SERVICE);
        let begin = clock.monotonic();
        let (status, got) = connection.call(ready).await;
        sample.push(clock.monotonic() - begin);
        assert_eq!(status, StatusCode::OK, "{got}");
    }
    figures::print("opening a login form, one after another", &mut sample);
    gateway.server.stop().await.unwrap();
}
