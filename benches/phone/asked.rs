//! A name with a phone, one without, and one that nobody has: each asks for a sign-in by push and looks at the page that
//! waits. Answered alike, after the same time (T31). The three take turns in an order that chance makes.

use std::time::Duration;

use http::StatusCode;
use sekisho::account::users::NewUser;
use sekisho::clock::{Clock as _, SystemClock};
use sekisho::principal::method::{Method, Methods};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;

use crate::clients::{Browser, Connection};
use crate::figures;
use crate::gateway::Gateway;

/// Questions of each kind, each to another name: nobody's phone is silenced by them.
const TIMES: usize = 500;
const KINDS: [&str; 3] = ["name with a phone", "name without a phone", "unknown name"];

pub(crate) async fn measure() {
    let gateway = Gateway::start().await;
    let core = gateway.core();
    for number in 0..TIMES {
        gateway.person(&format!("phone{number}")).await;
        let user = UserId::parse(&format!("plain{number}")).unwrap();
        core.users().add(NewUser::named(user.clone())).await.unwrap();
        core.assign(&user, Methods::of(&[Method::Push, Method::Password])).await.unwrap();
    }
    let mut browser = Browser::on(Connection::open(gateway.address, &gateway.authority).await);
    let clock = SystemClock::new();
    let mut asked: [Vec<Duration>; 3] = Default::default();
    let mut waited: [Vec<Duration>; 3] = Default::default();
    let mut words: Vec<(StatusCode, StatusCode)> = Vec::new();
    for kind in figures::shuffled(TIMES, KINDS.len(), &OsRandom::new()) {
        let name = format!("{}{}", ["phone", "plain", "nobody"][kind], asked[kind].len());
        browser.forget();
        let begin = clock.monotonic();
        let answer = browser.post("/sign-in/push", &[("user", &name), ("for", "")]).await;
        asked[kind].push(clock.monotonic() - begin);
        let begin = clock.monotonic();
        let page = browser.get("/sign-in?for=").await;
        waited[kind].push(clock.monotonic() - begin);
        words.push((answer.status, page.status));
    }
    words.sort_unstable();
    words.dedup();
    println!("answers: {words:?}");
    for (what, samples) in [("asking", &asked), ("the page that waits", &waited)] {
        println!("{what}:");
        figures::compare(&KINDS, samples);
    }
    gateway.server.stop().await.unwrap();
}
