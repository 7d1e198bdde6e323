//! A right password at a shut form, an unknown name, a wrong password at an open form: answered alike, in the same time. The
//! three take turns in an order that chance makes, so that what the machine does otherwise meets all alike.

use std::time::Duration;

use http::StatusCode;
use sekisho::clock::{Clock as _, SystemClock};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;

use crate::clients::{Browser, Connection};
use crate::figures;
use crate::gateway::{Gateway, PASSWORD, SERVICE};

/// Attempts of each kind.
const TIMES: usize = 600;
/// People whose form is open and whose password is wrong: no more attempts of each than cost no pause.
const PEOPLE: usize = TIMES / 2;

pub(crate) async fn measure() {
    let gateway = Gateway::start().await;
    let mut phones = Vec::new();
    for number in 0..PEOPLE {
        let phone = gateway.person(&format!("user{number}")).await;
        let user = UserId::parse(&phone.user).unwrap();
        gateway.core().passwords().set(&user, PASSWORD.into()).await.unwrap();
        phones.push(phone);
    }
    let policies = gateway.core().policies();
    let service = policies.app("shut").unwrap().own().protecting(None).next().unwrap().clone();
    let mut browser = Browser::on(Connection::open(gateway.address, &gateway.authority).await);
    let mut phone = Connection::open(gateway.address, &gateway.authority).await;
    let random = OsRandom::new();
    let clock = SystemClock::new();
    let mut samples: [Vec<Duration>; 3] = Default::default();
    let mut words: Vec<(StatusCode, usize)> = Vec::new();
    for kind in figures::shuffled(TIMES, 3, &random) {
        let number = samples[kind].len();
        let known = &phones[number % PEOPLE];
        let unknown = format!("nobody{number}");
        let (user, password) = match kind {
            0 => (known.user.as_str(), PASSWORD),
            1 => (unknown.as_str(), PASSWORD),
            _ => {
                assert_eq!(phone.call(known.release(SERVICE)).await.0, StatusCode::OK);
                (known.user.as_str(), "not the password of it")
            }
        };
        if kind == 0 {
            gateway.core().login_protect().shut(&UserId::parse(user).unwrap(), &service).await.unwrap();
        }
        browser.forget();
        let departure = gateway.departure().await;
        browser.get(&format!("/sign-in?for={departure}")).await;
        let before = gateway.core().passwords().judged();
        let begin = clock.monotonic();
        let got = browser.post("/sign-in/password", &[("user", user), ("password", password), ("for", &departure)]).await;
        samples[kind].push(clock.monotonic() - begin);
        let judged = gateway.core().passwords().judged() - before;
        assert_eq!(judged, u64::from(kind == 2), "the verifier is asked at the open form alone");
        let shown = got.body.replace(user, "").replace(&departure, "");
        words.push((got.status, shown.len()));
    }
    words.sort_unstable();
    words.dedup();
    println!("answers: {words:?} (status, length without the name)");
    figures::compare(&["shut form, right password", "unknown name", "open form, wrong password"], &samples);
    gateway.server.stop().await.unwrap();
}
