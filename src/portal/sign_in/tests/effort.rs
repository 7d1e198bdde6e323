//! What a submission costs, and who pays: work is done only where the chain asks for it, and as much for an unknown name
//! as for a known one.

use std::net::Ipv4Addr;

use http::StatusCode;

use crate::portal::testing::{Gate, PASSWORD};

/// How many passwords were evaluated while `act` was going on.
async fn cost<T>(gate: &Gate, act: impl Future<Output = T>) -> (u64, T) {
    let before = gate.at.core.passwords().evaluated();
    let done = act.await;
    (gate.at.core.passwords().evaluated() - before, done)
}

#[tokio::test]
async fn known_unknown_switched_off_and_kept_out_by_a_list_cost_the_same_t31() {
    let gate = Gate::open().await;
    for name in ["carol", "dave"] {
        let user = gate.at.user(name).await;
        gate.at.core.passwords().set(user.id(), PASSWORD.into()).await.unwrap();
        if name == "carol" {
            gate.at.core.suspend_user(user.id()).await.unwrap();
        } else {
            let office = vec!["10.0.0.0/8".parse().unwrap()];
            gate.at.core.users().set_networks(user.id(), office, Vec::new()).await.unwrap();
        }
    }
    let mut answers = Vec::new();
    for (number, (name, password)) in
        [("alice", "not the password"), ("nobody", PASSWORD), ("carol", PASSWORD), ("dave", PASSWORD)].into_iter().enumerate()
    {
        let mut browser = gate.browser();
        browser.address = Ipv4Addr::new(192, 0, 2, 150 + u8::try_from(number).unwrap()).into();
        let (cost, answer) = cost(&gate, browser.post("/sign-in/password", &[("user", name), ("password", password)])).await;
        assert_eq!(cost, 1, "{name}");
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        answers.push((answer.status, names, answer.body.replace(name, "NAME")));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn from_a_network_that_is_shut_out_no_password_is_looked_at_r034() {
    let gate = Gate::with("[portal.demands]\nip_restriction = { allow = [\"10.0.0.0/8\"] }\notp = { mode = \"off\" }\n").await;
    let mut browser = gate.browser();
    for _many in 0..20 {
        let post = browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]);
        let (cost, answer) = cost(&gate, post).await;
        assert_eq!((cost, answer.status), (0, StatusCode::SEE_OTHER), "{}", answer.body);
    }
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::FORBIDDEN);
    browser.address = Ipv4Addr::new(10, 0, 0, 1).into();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/", "nothing was counted against the user");
}

#[tokio::test]
async fn of_two_hundred_guesses_at_once_few_are_evaluated_t39() {
    let gate = Gate::open().await;
    let guesses = (0..200).map(|guess| {
        let mut browser = gate.browser();
        async move { browser.post("/sign-in/password", &[("user", "alice"), ("password", &guess.to_string())]).await.status }
    });
    let (cost, answers) = cost(&gate, futures_util::future::join_all(guesses)).await;
    let limit = gate.at.core.config().file.regulation.per_user_and_network;
    assert!(cost <= u64::from(limit), "{cost} evaluated");
    let judged = answers.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert!(u64::try_from(judged).unwrap() <= cost && answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
}

#[tokio::test]
async fn of_many_who_send_one_code_at_once_one_gets_in_t37() {
    let gate = Gate::open().await;
    let mut browsers = Vec::new();
    for number in 0..16 {
        let mut browser = gate.browser();
        browser.address = Ipv4Addr::new(203, 0, 113, number).into();
        let answer = browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browsers.push(browser);
    }
    let code = gate.code();
    let posts = browsers.iter_mut().map(|browser| {
        let code = code.clone();
        async move {
            browser.post("/sign-in/otp", &[("method", "totp"), ("code", &code)]).await;
            browser.get("/sign-in").await.location() == "/"
        }
    });
    let won = futures_util::future::join_all(posts).await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 1);
}
