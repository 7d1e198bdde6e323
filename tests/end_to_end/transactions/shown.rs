//! What a transaction shows of its request; a request that could be read in two ways is refused.

use hyper::Method;
use serde_json::{Value, json};

use super::scene;
use crate::support::wire::{BOTH, Over, Said};
use crate::support::{Phone, World};

#[tokio::test]
async fn what_cannot_be_shown_without_doubt_is_refused() {
    let at = scene().await;
    let form = at.browser.clone().with_header("accept", "application/json");
    for (body, code) in [
        ("payee=a", "transaction_field_missing"),
        ("payee=a&amount=1&amount=2", "transaction_field_ambiguous"),
        ("payee=a&amount=1&Amount=2", "transaction_field_ambiguous"),
        ("payee=a&amount=1e9", "transaction_field_not_a_number"),
        ("payee=%ff&amount=1", "transaction_body_malformed"),
    ] {
        let answer = form.clone().send(Method::POST, &at.url("/transfer"), Some(body)).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, code), "{body}");
    }
    let answer = at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":1,"amount":2}"#)).await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "transaction_field_ambiguous"));
    let answer = at.program().send(Method::POST, &at.url("/transfer"), Some("{}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (415, "transaction_body_type"));
    let socket = at.program().with_header("connection", "upgrade").with_header("upgrade", "websocket");
    let answer = socket.clone().send(Method::POST, &at.url("/transfer"), Some("payee=a&amount=1")).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "transaction_upgrade"));
    assert!(at.phone.asked(&at.world).await.is_empty());
    assert_eq!(at.posted(), 0);
}

/// What is read of the query, of the head, of JSON.
const SHOWN: &str = r#"
[app.demands.primary_factor]
[[app.transaction]]
name = "pay"
paths = ["/pay"]
title = { en = "Pay" }
show = [{ label = { en = "Amount" }, from = "query:amount", format = "number" }]
[[app.transaction]]
name = "order"
paths = ["/order"]
title = { en = "Order" }
show = [{ label = { en = "Amount" }, from = "json:/amount" }]
[[app.transaction]]
name = "wire"
paths = ["/wire"]
title = { en = "Wire" }
show = [{ label = { en = "Amount" }, from = "header:X-Amount" }]
"#;

#[tokio::test]
async fn what_is_shown_is_what_every_app_reads_or_the_request_is_refused() {
    let world = World::with(&[("bank", SHOWN)], "").await;
    let alice = world.person("alice").await;
    let phone = Phone::of(&world, &["alice"]).await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("bank", "/"), &alice).await;
    let cookie = format!("__Host-sekisho={}", browser.cookie("bank.test", "__Host-sekisho").unwrap());
    const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
    const JSON: (&str, &str) = ("Content-Type", "application/json");
    let (ambiguous, kind) = ((422, "transaction_field_ambiguous"), (415, "transaction_body_type"));
    for over in BOTH {
        for (target, fields, body, expected) in [
            // The query's value beside a body that says the same, or may to somebody.
            ("/pay?amount=5", vec![JSON], r#"{"amount":9000}"#, ambiguous),
            ("/pay?amount=5", vec![JSON], r#"{"Amount":9000}"#, ambiguous),
            ("/pay?amount=5", vec![FORM], "amount=9000", ambiguous),
            ("/pay?amount=5", vec![], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "")], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "text/plain")], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "multipart/mixed; boundary=b")], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "multipart/related; boundary=b")], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "application/x-www-form-urlencoded, text/plain")], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "application/x-www-form-urlencodedx")], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "text/plain"), FORM], "amount=9000", kind),
            ("/pay?amount=5", vec![("Content-Type", "APPLICATION/X-WWW-FORM-URLENCODED")], "amount=9000", ambiguous),
            (
                "/pay?amount=5",
                vec![("Content-Type", "application/x-www-form-urlencoded; charset=utf-7")],
                "x=1",
                (415, "transaction_body_encoded"),
            ),
            // A name that only some find there.
            ("/pay??amount=9000", vec![], "", ambiguous),
            ("/pay?amount=5&?amount=9000", vec![], "", ambiguous),
            ("/pay?amount=5;x=1", vec![], "", ambiguous),
            ("/pay?x=1;amount=9000&amount=5", vec![], "", ambiguous),
            ("/pay?amount=5&AMOUNT=9000", vec![], "", ambiguous),
            // The other way round.
            ("/order?amount=9000", vec![JSON], r#"{"amount":5}"#, ambiguous),
            ("/order?order[amount]=9000", vec![JSON], r#"{"amount":5}"#, ambiguous),
            ("/order", vec![JSON], r#"{"amount":9007199254740993}"#, (422, "transaction_field_inexact")),
            ("/order", vec![JSON], r#"{"amount":1e400}"#, (422, "transaction_field_inexact")),
            ("/order", vec![JSON], r#"{"amount":0.12345678901234567}"#, (422, "transaction_field_inexact")),
            ("/order", vec![JSON], r#"{"amount":5,"Amount":9000}"#, ambiguous),
            ("/order", vec![JSON], r#"{"amount":5,"x":NaN}"#, (422, "transaction_body_malformed")),
            ("/order", vec![JSON], "\u{FEFF}{\"amount\":5}", (422, "transaction_body_malformed")),
            // A field of the head in two spellings, and one that some decode.
            ("/wire", vec![("X-Amount", "5"), ("X_Amount", "9000")], "", ambiguous),
            ("/wire", vec![("X_Amount", "9000")], "", ambiguous),
            ("/wire", vec![("X-Amount", "=?utf-8?q?9000?=")], "", (422, "transaction_field_not_plain")),
        ] {
            let said = Said::to(&world, "bank", "POST", target).with("cookie", &cookie).and(&fields).body(body);
            let heard = said.say(&world, "bank.test", over).await;
            assert_eq!((heard.status, heard.code().as_str()), expected, "{over:?} {target} {fields:?} {body}: {heard:?}");
        }
    }
    assert!(phone.asked(&world).await.is_empty(), "nothing was shown");
    // What is one thing to everybody is shown.
    for (target, fields, body, shown) in [
        ("/pay?amount=5", vec![], "", "5"),
        ("/pay?amount=6", vec![JSON], r#"{"note":"amount"}"#, "6"),
        ("/pay?amount=7", vec![FORM], "note=amount", "7"),
        ("/pay?amount=8", vec![("Content-Type", "application/octet-stream")], "amount=9000", "8"),
        ("/order?from=savings", vec![JSON], r#"{"amount":9007199254740991}"#, "9007199254740991"),
    ] {
        let said = Said::to(&world, "bank", "POST", target).with("cookie", &cookie).and(&fields).body(body);
        let heard = said.say(&world, "bank.test", Over::H1).await;
        assert_eq!(heard.status, 202, "{target} {fields:?} {body}: {heard:?}");
        let question = phone.asked(&world).await.remove(0);
        let got = Phone::shown(&question);
        assert_eq!(got["details"]["fields"][0]["value"], shown, "{got}");
        phone.answer_about(&world, &question, question["shown"].as_str().unwrap(), "approve", None).await;
        let result = serde_json::from_str::<Value>(&heard.body).unwrap()["result"].as_str().unwrap().to_owned();
        let done = Said::to(&world, "bank", "GET", &result).with("cookie", &cookie).say(&world, "bank.test", Over::H1).await;
        assert_eq!((done.status, done.body.as_str()), (200, format!("POST {target}\n{body}").as_str()));
    }
}

#[tokio::test]
async fn a_field_that_names_another_method_or_path_leads_past_no_rule() {
    let at = scene().await;
    for (name, code) in [
        ("x-http-method-override", "method_override"),
        ("x_http_method_override", "method_override"),
        ("x-method-override", "method_override"),
        ("x-original-url", "target_override"),
        ("x-rewrite-url", "target_override"),
    ] {
        let mut program = at.program().with_header(name, "DELETE");
        let answer = program.send(Method::POST, &at.url("/close/4711x"), Some("{}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{name}");
    }
    assert_eq!(at.posted(), 0);
}

#[tokio::test]
async fn what_a_machine_asks_is_shown_with_the_name_of_its_certificate() {
    const FEED: &str = r#"
[app.demands.client_certificate]
trust = ["world"]
[[app.transaction]]
name = "purge"
paths = ["/purge"]
title = { en = "Purge" }
approvers = { groups = ["managers"] }
"#;
    let world = World::with(&[("feed", FEED)], "").await;
    let managers = sekisho::principal::user::GroupName::parse("managers").unwrap();
    let core = world.server.core();
    core.groups().add(managers.clone(), None).await.unwrap();
    let bob = world.person("bob").await;
    core.users().set_groups(&bob.user, vec![managers]).await.unwrap();
    let phone = Phone::of(&world, &["bob"]).await;
    let mut machine = world.browser_with_certificate("machine-turbine-7");
    let url = world.url("feed", "/purge");
    let held = machine.clone().with_header("accept", "application/json").send(Method::POST, &url, Some("all=1")).await;
    assert_eq!(held.status, 202, "{held:?}");
    let shown = Phone::shown(&phone.asked(&world).await[0]);
    assert_eq!((&shown["browser"], &shown["details"]["requester"]), (&json!("turbine-7 (client certificate)"), &Value::Null));
    phone.answer(&world, "approve", None).await;
    let result = world.url("feed", held.json()["result"].as_str().unwrap());
    assert_eq!(machine.send(Method::GET, &result, None).await.status, 200);
    assert_eq!(world.upstream.last().all("remote-user"), ["turbine-7"]);
}
