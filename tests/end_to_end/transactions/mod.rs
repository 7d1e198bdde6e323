//! Transactions: one request held until it is approved by itself, shown on the phone, forwarded once, byte for byte; and
//! everything by which it is not (R-402…R-411, R-447…R-453, A-43).

use hyper::Method;
use serde_json::{Value, json};

use crate::support::wire::{BOTH, Over, Said};
use crate::support::{Answer, Browser, PASSWORD_AND_TOTP, Person, Phone, World};

const BANK: &str = r#"
[app.demands.primary_factor]
[app.demands.otp]
[[app.transaction]]
name = "transfer"
paths = ["/transfer"]
title = { en = "Transfer", ja = "振込" }
show = [
  { label = { en = "Payee", ja = "振込先" }, from = "form:payee" },
  { label = { en = "Amount" }, from = "form:amount", format = "currency", currency = "JPY" },
]
[[app.transaction]]
name = "order"
paths = ["/api/orders"]
title = { en = "Order" }
show = [{ label = { en = "Amount" }, from = "json:/amount", format = "number" }]
[[app.transaction]]
name = "close"
paths = ["/close/*"]
methods = ["DELETE"]
title = { en = "Close an account" }
show = [{ label = { en = "Account" }, from = "path:2" }]
approvers = { groups = ["managers"], count = 2 }
[[app.transaction]]
name = "limit"
paths = ["/limit"]
title = { en = "Raise the limit" }
password = true
number = true
[[app.transaction]]
name = "note"
paths = ["/note"]
title = { en = "Note" }
by = "otp"
[[app.transaction]]
name = "batch"
paths = ["/batch"]
title = { en = "Batch" }
covers = "10m"
"#;

const TRANSFER: &str = "payee=Taro+Yamada&amount=1250000&note=a%20b";

struct Scene {
    world: World,
    alice: Person,
    phone: Phone,
    browser: Browser,
}

async fn scene() -> Scene {
    let world = World::with(&[("bank", BANK)], "").await;
    let alice = world.person("alice").await;
    let phone = Phone::of(&world, &["alice"]).await;
    let mut browser = world.browser();
    let page = browser.sign_in(&world.url("bank", "/"), &alice).await;
    assert_eq!(page.body, "GET /\n");
    Scene { world, alice, phone, browser }
}

impl Scene {
    fn url(&self, path: &str) -> String {
        self.world.url("bank", path)
    }

    /// The same browser's background requests.
    fn program(&self) -> Browser {
        self.browser.clone().with_header("accept", "application/json").with_header("content-type", "application/json")
    }

    fn posted(&self) -> usize {
        self.world.upstream.seen().iter().filter(|seen| seen.method != "GET").count()
    }
}

fn told(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {answer:?}"))
}

#[tokio::test]
async fn a_transfer_is_held_shown_and_forwarded_once_byte_for_byte_r_402_r_453() {
    let mut at = scene().await;
    let url = at.url("/transfer?from=savings");
    let held = at.browser.send(Method::POST, &url, Some(TRANSFER)).await;
    assert_eq!(held.status, 303, "{held:?}");
    let page = at.browser.get(held.header("location").unwrap()).await;
    for words in ["Transfer: approve it", "Taro Yamada", "1,250,000 JPY", "Open the approver on your phone"] {
        assert!(page.body.contains(words), "{words}: {page:?}");
    }
    assert_eq!(at.posted(), 0, "the app has not heard of it");

    // What is shown is what is signed: title, values, the request's digest, all in the text of the question.
    let asked = at.phone.asked(&at.world).await;
    let shown = Phone::shown(&asked[0]);
    assert_eq!((&shown["purpose"], &shown["details"]["title"]["ja"]), (&json!("transaction"), &json!("振込")));
    assert_eq!(shown["details"]["fields"][1], json!({ "label": { "en": "Amount" }, "value": "1,250,000 JPY" }));
    assert_eq!(shown["details"]["request"].as_str().unwrap().len(), 43);

    assert_eq!(at.phone.answer(&at.world, "approve", None).await.status, 200);
    // The page goes on by itself; the browser ends at the very address it had posted to, with the app's own answer.
    let answer = at.browser.get(&page.url).await;
    assert_eq!((answer.url.as_str(), answer.status), (url.as_str(), 200));
    assert_eq!(answer.body, format!("POST /transfer?from=savings\n{TRANSFER}"));
    let seen = at.world.upstream.last();
    assert_eq!(seen.all("content-type"), ["application/x-www-form-urlencoded"]);
    assert!(seen.all("cookie").is_empty(), "our own cookies stay here");
    let assertion = seen.all("sekisho-assertion")[0].split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&from_base64url(&assertion)).unwrap();
    assert_eq!(claims["approvals"].as_array().unwrap().len(), 1);
    assert!(page.url.ends_with(claims["txn"].as_str().unwrap()));

    // Reload, back button, the page of the transaction: never a second time.
    at.browser
        .send(Method::GET, &format!("{}/.sekisho/transactions/{}/go", at.url(""), claims["txn"].as_str().unwrap()), None)
        .await;
    let again = at.browser.send(Method::GET, &url, None).await;
    assert_eq!(again.status, 303, "to the page that says it is done: {again:?}");
    let done = at.browser.get(&page.url).await;
    assert!(done.body.contains("passed on to bank, once"), "{done:?}");
    assert_eq!(at.posted(), 1);

    // The record, and the receipt with the approver's own signature.
    let core = at.world.server.core();
    let record = core
        .transactions()
        .list(&sekisho::transaction::TransactionQuery { limit: 10, ..Default::default() })
        .await
        .unwrap()
        .remove(0);
    assert_eq!((record.outcome.as_str(), record.status, record.answers.len()), ("forwarded", Some(200), 1));
    assert!(record.receipt.is_some());
}

fn from_base64url(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[tokio::test]
async fn denied_expired_and_taken_back_the_app_never_hears_of_it_r_406() {
    let mut at = scene().await;
    let url = at.url("/transfer");
    let page = at.browser.post(&url, &[("payee", "a"), ("amount", "1")]).await;
    assert_eq!(at.phone.answer(&at.world, "deny", None).await.status, 200);
    assert!(at.browser.get(&page.url).await.body.contains("denied on a phone"));

    let page = at.browser.post(&url, &[("payee", "b"), ("amount", "1")]).await;
    let question = at.phone.asked(&at.world).await.remove(0);
    at.world.advance(120);
    let shown = question["shown"].as_str().unwrap();
    let late = at.phone.answer_about(&at.world, &question, shown, "approve", None).await;
    assert_eq!((late.status, told(&late)["code"].as_str().unwrap()), (410, "approval_expired"), "{late:?}");
    assert!(at.browser.get(&page.url).await.body.contains("Nobody approved it in time"));

    let page = at.browser.post(&url, &[("payee", "c"), ("amount", "1")]).await;
    at.browser.post(&format!("{}/cancel", page.url), &[]).await;
    assert!(at.browser.get(&page.url).await.body.contains("taken back"));
    assert!(at.phone.asked(&at.world).await.is_empty(), "the phone is not asked any more");

    // Approved, and nobody comes for it in time.
    let page = at.browser.post(&url, &[("payee", "d"), ("amount", "1")]).await;
    at.phone.answer(&at.world, "approve", None).await;
    at.world.server.core().sweep(&Default::default()).await;
    at.world.advance(301);
    assert!(at.browser.get(&page.url).await.body.contains("Nobody approved it in time"));
    assert_eq!(at.posted(), 0);
}

#[tokio::test]
async fn an_approval_is_for_one_request_and_no_other_t40_t44() {
    let mut at = scene().await;
    let url = at.url("/transfer");
    at.browser.post(&url, &[("payee", "Taro"), ("amount", "1")]).await;
    let first = at.phone.asked(&at.world).await.remove(0);
    let dear = at.browser.post(&url, &[("payee", "Taro"), ("amount", "9000000")]).await;
    let asked = at.phone.asked(&at.world).await;
    let second = asked.iter().find(|question| question["id"] != first["id"]).unwrap();

    // The text of one under the other; a text that was altered between showing and signing.
    let cheap = first["shown"].as_str().unwrap();
    let refused = at.phone.answer_about(&at.world, second, cheap, "approve", None).await;
    assert_eq!(told(&refused)["code"], "shown_otherwise");
    let bent = second["shown"].as_str().unwrap().replace("9,000,000", "9");
    assert_eq!(told(&at.phone.answer_about(&at.world, second, &bent, "approve", None).await)["code"], "shown_otherwise");
    assert!(at.browser.get(&dear.url).await.body.contains("Open the approver"), "it still waits");

    // The approval of the first releases the first alone.
    assert_eq!(at.phone.answer_about(&at.world, &first, cheap, "approve", None).await.status, 200);
    let dear = at.browser.get(&dear.url).await;
    assert!(dear.body.contains("Open the approver"), "{dear:?}");
    assert_eq!(at.posted(), 0);

    // Another user's session does not see it, and cannot fetch or end it.
    let bob = at.world.person("bob").await;
    let mut other = at.world.browser();
    other.sign_in(&at.url("/"), &bob).await;
    assert_eq!(other.get(&dear.url).await.status, 404);
    let id = dear.url.rsplit('/').next().unwrap();
    for (method, path) in [(Method::GET, ""), (Method::GET, "/result"), (Method::DELETE, ""), (Method::GET, "/go")] {
        let answer = other
            .clone()
            .with_header("accept", "application/json")
            .send(method, &at.url(&format!("/.sekisho/transactions/{id}{path}")), None)
            .await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "transaction_unknown_here"));
    }
}

#[tokio::test]
async fn a_repeated_submit_joins_and_one_of_many_collectors_wins_t37_t44() {
    let at = scene().await;
    let body = json!({ "amount": 5000 }).to_string();
    let url = at.url("/api/orders");
    let mut programs: Vec<Browser> = (0..20).map(|_| at.program()).collect();
    let answers =
        futures_util::future::join_all(programs.iter_mut().map(|program| program.send(Method::POST, &url, Some(&body)))).await;
    assert!(answers.iter().all(|answer| answer.status == 202), "{answers:?}");
    let ids: std::collections::BTreeSet<String> = answers.iter().map(|answer| told(answer)["transaction"].to_string()).collect();
    assert_eq!((ids.len(), at.phone.asked(&at.world).await.len()), (1, 1), "one is held, and the phone is asked once");

    at.phone.answer(&at.world, "approve", None).await;
    let result = at.url(answers[0].header("location").unwrap());
    let answers =
        futures_util::future::join_all(programs.iter_mut().map(|program| program.send(Method::GET, &result, None))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((won, at.posted()), (1, 1), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 410 || answer.status == 202), "{answers:?}");
}

#[tokio::test]
async fn programs_get_202_status_and_result_or_wait_rfc_7240() {
    let at = scene().await;
    let url = at.url("/api/orders");
    let held = at.program().send(Method::POST, &url, Some(r#"{"amount":7}"#)).await;
    assert_eq!(held.status, 202);
    let document = told(&held);
    assert_eq!((&document["state"], &document["approvals_needed"]), (&json!("pending"), &json!(1)));
    assert_eq!(held.header("location"), document["result"].as_str());
    let early = at.program().send(Method::GET, &at.url(document["result"].as_str().unwrap()), None).await;
    assert_eq!(early.status, 202);

    at.phone.answer(&at.world, "approve", None).await;
    let status = at.program().send(Method::GET, &at.url(document["status"].as_str().unwrap()), None).await;
    assert_eq!(told(&status)["state"], "approved");
    let result = at.program().send(Method::GET, &at.url(document["result"].as_str().unwrap()), None).await;
    assert_eq!((result.status, result.body.as_str()), (200, "POST /api/orders\n{\"amount\":7}"));
    let gone = at.program().send(Method::GET, &at.url(document["result"].as_str().unwrap()), None).await;
    assert_eq!((gone.status, gone.code().as_str()), (410, "transaction_collected"));

    // `Prefer: wait`: the answer is the upstream's own, on the request's own connection.
    let mut waiting = at.program().with_header("prefer", "wait=30");
    let (answer, ()) = tokio::join!(waiting.send(Method::POST, &url, Some(r#"{"amount":8}"#)), async {
        while at.phone.asked(&at.world).await.is_empty() {
            tokio::task::yield_now().await;
        }
        at.phone.answer(&at.world, "approve", None).await;
    });
    assert_eq!((answer.status, answer.body.as_str()), (200, "POST /api/orders\n{\"amount\":8}"));
    assert!(at.world.upstream.last().all("prefer").is_empty(), "what was for us does not go on");

    // Denied while one waits; and taken back by the program.
    let mut waiting = at.program().with_header("prefer", "wait=30");
    let (answer, ()) = tokio::join!(waiting.send(Method::POST, &url, Some(r#"{"amount":9}"#)), async {
        while at.phone.asked(&at.world).await.is_empty() {
            tokio::task::yield_now().await;
        }
        at.phone.answer(&at.world, "deny", None).await;
    });
    assert_eq!((answer.status, answer.code().as_str()), (403, "transaction_denied"));
    let held = told(&at.program().send(Method::POST, &url, Some(r#"{"amount":10}"#)).await);
    let status = at.url(held["status"].as_str().unwrap());
    assert_eq!(at.program().send(Method::DELETE, &status, None).await.status, 204);
    assert_eq!(told(&at.program().send(Method::GET, &status, None).await)["state"], "cancelled");

    // A key says that it is to be done once.
    let keyed = at.program().with_header("idempotency-key", "\"k1\"");
    let refused = told(&keyed.clone().send(Method::POST, &url, Some(r#"{"amount":11}"#)).await);
    at.phone.answer(&at.world, "deny", None).await;
    let status = at.url(refused["status"].as_str().unwrap());
    assert_eq!(
        told(&at.program().send(Method::GET, &status, None).await)["state"],
        "denied",
        "what was not done may be asked again"
    );
    let held = told(&keyed.clone().send(Method::POST, &url, Some(r#"{"amount":11}"#)).await);
    at.phone.answer(&at.world, "approve", None).await;
    at.program().send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    let again = keyed.clone().send(Method::POST, &url, Some(r#"{"amount":11}"#)).await;
    assert_eq!((again.status, again.code().as_str()), (409, "transaction_done_before"));
    assert_eq!(at.posted(), 3);
}

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
        let told = Phone::shown(&question);
        assert_eq!(told["details"]["fields"][0]["value"], shown, "{told}");
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
    let result = world.url("feed", told(&held)["result"].as_str().unwrap());
    assert_eq!(machine.send(Method::GET, &result, None).await.status, 200);
    assert_eq!(world.upstream.last().all("remote-user"), ["turbine-7"]);
}

#[tokio::test]
async fn four_eyes_two_of_a_group_and_not_whoever_asks() {
    let at = scene().await;
    let managers = sekisho::principal::user::GroupName::parse("managers").unwrap();
    let core = at.world.server.core();
    core.groups().add(managers.clone(), None).await.unwrap();
    let url = at.url("/close/4711");
    let program = |at: &Scene| at.browser.clone().with_header("accept", "application/json");
    let alone = program(&at).send(Method::DELETE, &url, None).await;
    assert_eq!((alone.status, alone.code().as_str()), (403, "transaction_nobody_to_ask"));

    let mut phones = Vec::new();
    for name in ["alice", "bob", "carol", "dave"] {
        let id = sekisho::principal::user::UserId::parse(name).unwrap();
        if name != "alice" {
            at.world.person(name).await;
            phones.push(Phone::of(&at.world, &[name]).await);
        }
        core.users().set_groups(&id, vec![managers.clone()]).await.unwrap();
    }
    let held = told(&program(&at).send(Method::DELETE, &url, None).await);
    assert_eq!(held["approvals_needed"], 2);
    assert!(at.phone.asked(&at.world).await.is_empty(), "whoever asks is not asked");
    let shown = Phone::shown(&phones[0].asked(&at.world).await[0]);
    assert_eq!((&shown["details"]["requester"], &shown["details"]["fields"][0]["value"]), (&json!("alice"), &json!("4711")));

    phones[0].answer(&at.world, "approve", None).await;
    let status = at.url(held["status"].as_str().unwrap());
    let standing = told(&program(&at).send(Method::GET, &status, None).await);
    assert_eq!((&standing["state"], &standing["approved_by"]), (&json!("pending"), &json!(1)));
    phones[1].answer(&at.world, "approve", None).await;
    assert_eq!(told(&program(&at).send(Method::GET, &status, None).await)["state"], "approved");
    assert!(phones[2].asked(&at.world).await.is_empty(), "the third is told that it is settled");

    // Who left the group since counts no more.
    core.users().set_groups(&sekisho::principal::user::UserId::parse("bob").unwrap(), Vec::new()).await.unwrap();
    let refused = program(&at).send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "transaction_refused"));
    assert_eq!(at.posted(), 0);

    // One no is enough.
    core.users().set_groups(&sekisho::principal::user::UserId::parse("bob").unwrap(), vec![managers]).await.unwrap();
    let held = told(&program(&at).send(Method::DELETE, &url, None).await);
    phones[0].answer(&at.world, "approve", None).await;
    phones[2].answer(&at.world, "deny", None).await;
    let status = told(&program(&at).send(Method::GET, &at.url(held["status"].as_str().unwrap()), None).await);
    assert_eq!(status["state"], "denied");

    let held = told(&program(&at).send(Method::DELETE, &url, None).await);
    for phone in &phones[..2] {
        phone.answer(&at.world, "approve", None).await;
    }
    let done = program(&at).send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((done.status, done.body.as_str()), (200, "DELETE /close/4711\n"));
}

#[tokio::test]
async fn the_transaction_password_comes_first_and_a_wrong_one_asks_nobody_r_409_r_451() {
    let mut at = scene().await;
    let url = at.url("/limit");
    let unset = at.browser.post(&url, &[("limit", "1")]).await;
    assert!(unset.body.contains("You have no transaction password yet"), "{unset:?}");

    // Set at the account, after a second factor; not the password of the sign-in.
    let at_account = at.world.url("auth", "/account/transaction-password");
    let mut form = at.browser.get(&at_account).await;
    if !form.body.contains("new-password") {
        at.world.advance(30);
        form = at.browser.sign_in(&at_account, &at.alice).await;
    }
    let same =
        at.browser.fill(&form, "new-password", &[("new", crate::support::PASSWORD), ("again", crate::support::PASSWORD)]).await;
    assert!(same.body.contains("another one than the password of your sign-in"), "{same:?}");
    let secret = "seven green bottles";
    let set = at.browser.fill(&form, "new-password", &[("new", secret), ("again", secret)]).await;
    assert!(set.body.contains("transaction password is set"), "{set:?}");

    let page = at.browser.post(&url, &[("limit", "1")]).await;
    assert!(page.body.contains("Enter your transaction password") && at.phone.asked(&at.world).await.is_empty());
    let wrong = at.browser.post(&format!("{}/password", page.url), &[("password", "no")]).await;
    assert!(wrong.body.contains("not your transaction password"), "{wrong:?}");
    assert!(at.phone.asked(&at.world).await.is_empty(), "a wrong one asks nobody");
    let login = at.browser.post(&format!("{}/password", page.url), &[("password", crate::support::PASSWORD)]).await;
    assert!(login.body.contains("not your transaction password"), "it is not the password of the sign-in");
    let waiting = at.browser.post(&format!("{}/password", page.url), &[("password", secret)]).await;
    let number = waiting.body.split("</span> ").nth(1).unwrap_or_else(|| panic!("{waiting:?}"))[..2].to_owned();
    assert_eq!(at.phone.answer(&at.world, "approve", Some(&number)).await.status, 200);
    assert_eq!(at.browser.get(&page.url).await.body, "POST /limit\nlimit=1");

    // A wrong number is a no.
    let page = at.browser.post(&url, &[("limit", "2")]).await;
    at.browser.post(&format!("{}/password", page.url), &[("password", secret)]).await;
    at.phone.answer(&at.world, "approve", Some("00")).await;
    assert!(at.browser.get(&page.url).await.body.contains("denied on a phone"));
    assert_eq!(at.posted(), 1);
}

#[tokio::test]
async fn a_code_may_stand_for_the_phone_and_is_good_once() {
    let mut at = scene().await;
    let page = at.browser.post(&at.url("/note"), &[("text", "x")]).await;
    assert!(page.body.contains("authenticator app to approve"), "{page:?}");
    let wrong = at.browser.post(&format!("{}/code", page.url), &[("code", "000000")]).await;
    assert!(wrong.status == 401 && wrong.body.contains("problem"), "{wrong:?}");
    at.world.advance(60);
    let code = at.alice.code();
    let done = at.browser.post(&format!("{}/code", page.url), &[("code", &code)]).await;
    assert_eq!(done.body, "POST /note\ntext=x", "{done:?}");
    let page = at.browser.post(&at.url("/note"), &[("text", "y")]).await;
    let again = at.browser.post(&format!("{}/code", page.url), &[("code", &code)]).await;
    assert!(again.status == 401 || again.status == 429, "{again:?}");
    assert_eq!(at.posted(), 1);
}

#[tokio::test]
async fn one_approval_covers_others_of_its_kind_where_the_rule_says_so_and_no_longer() {
    let mut at = scene().await;
    let page = at.browser.post(&at.url("/batch"), &[("n", "1")]).await;
    at.phone.answer(&at.world, "approve", None).await;
    assert_eq!(at.browser.get(&page.url).await.body, "POST /batch\nn=1");
    assert_eq!(at.browser.post(&at.url("/batch"), &[("n", "2")]).await.body, "POST /batch\nn=2", "covered");
    let other = at.browser.post(&at.url("/transfer"), &[("payee", "a"), ("amount", "1")]).await;
    assert!(other.body.contains("Open the approver"), "another kind is not");
    let bob = at.world.person("bob").await;
    let _his = Phone::of(&at.world, &["bob"]).await;
    let mut his = at.world.browser();
    his.sign_in(&at.url("/"), &bob).await;
    assert!(his.post(&at.url("/batch"), &[("n", "3")]).await.body.contains("Open the approver"), "another session is not");
    at.world.advance(600);
    assert!(at.browser.post(&at.url("/batch"), &[("n", "4")]).await.body.contains("Open the approver"), "its time is over");
    assert_eq!(at.posted(), 2);
}

#[tokio::test]
async fn what_a_phone_approved_covers_nothing_once_it_is_removed() {
    let mut at = scene().await;
    let page = at.browser.post(&at.url("/batch"), &[("n", "1")]).await;
    at.phone.answer(&at.world, "approve", None).await;
    assert_eq!(at.browser.get(&page.url).await.body, "POST /batch\nn=1");
    assert_eq!(at.browser.post(&at.url("/batch"), &[("n", "2")]).await.body, "POST /batch\nn=2", "covered");
    let core = at.world.server.core();
    let _other = Phone::of(&at.world, &["alice"]).await;
    let slots = core.approvals().approvers.of_user(&at.alice.user).await.unwrap();
    let first = slots.into_iter().find(|slot| slot.approver.to_string() == at.phone.id()).unwrap();
    assert!(core.remove_approver(&at.alice.user, &first.approver, None).await.unwrap());
    let page = at.browser.post(&at.url("/batch"), &[("n", "3")]).await;
    assert!(page.body.contains("Open the approver"), "{page:?}");
    assert_eq!(at.posted(), 2);
}

#[tokio::test]
async fn whoever_asks_is_told_that_the_phone_is_left_in_peace_t41() {
    let mut at = scene().await;
    for amount in 1..=3 {
        let held = at.browser.send(Method::POST, &at.url("/transfer"), Some(&format!("payee=x&amount={amount}"))).await;
        assert_eq!(held.status, 303, "{held:?}");
        at.phone.answer(&at.world, "deny", None).await;
    }
    let held = at.browser.send(Method::POST, &at.url("/transfer"), Some(TRANSFER)).await;
    assert_eq!(at.phone.asked(&at.world).await.len(), 0, "it is left in peace");
    let address = held.header("location").unwrap().to_owned();
    let page = at.browser.get(&address).await;
    assert!(page.body.contains("No phone rings for it now") && !page.body.contains("Open the approver"), "{page:?}");
    let held = told(&at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":7}"#)).await);
    assert_eq!((&held["state"], &held["reached"]), (&json!("pending"), &json!(false)));
    // Taking back what rang nobody takes nothing away: it was never counted.
    let status = at.url(held["status"].as_str().unwrap());
    at.program().send(Method::DELETE, &status, None).await;
    // After a while it rings again.
    at.world.advance(3600);
    let alice = at.alice;
    let mut browser = at.world.browser();
    browser.sign_in(&at.world.url("bank", "/"), &alice).await;
    let held = browser.send(Method::POST, &at.world.url("bank", "/transfer"), Some(TRANSFER)).await;
    let page = browser.get(held.header("location").unwrap()).await;
    assert!(page.body.contains("Open the approver on your phone"), "{page:?}");
    assert_eq!(at.phone.asked(&at.world).await.len(), 1);
}

#[tokio::test]
async fn the_session_is_examined_again_when_it_is_to_be_forwarded() {
    let at = scene().await;
    let held = told(&at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":1}"#)).await);
    at.phone.answer(&at.world, "approve", None).await;
    // What the app demands became stricter meanwhile: the sign-in does not meet it any more.
    let stricter = BANK.replace("[app.demands.otp]", "[app.demands.otp]\nmax_age = \"1s\"");
    at.world.advance(5);
    at.world.reload(&[("bank", &stricter)], "").unwrap();
    let result = at.url(held["result"].as_str().unwrap());
    let refused = at.program().send(Method::GET, &result, None).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "otp_too_old"));
    at.world.reload(&[("bank", BANK)], "").unwrap();
    let over = at.program().send(Method::GET, &result, None).await;
    assert_eq!((over.status, over.code().as_str()), (403, "transaction_refused"), "it is over");

    // A session that ended owns nothing any more.
    let held = told(&at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":2}"#)).await);
    at.phone.answer(&at.world, "approve", None).await;
    let program = at.program();
    let core = at.world.server.core();
    core.sessions().revoke_user(&at.alice.user, None).await.unwrap();
    let gone = program.clone().send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((gone.status, gone.code().as_str()), (404, "transaction_unknown_here"));
    assert_eq!(at.posted(), 0);
}

#[tokio::test]
async fn a_dead_upstream_is_told_plainly_and_a_restart_ends_what_waits() {
    let mut at = scene().await;
    // Nobody listens there: it certainly did not happen.
    let text = std::fs::read_to_string(at.world.folder.path().join("sekisho.toml")).unwrap();
    let held = told(&at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":1}"#)).await);
    at.phone.answer(&at.world, "approve", None).await;
    let upstream = at.world.upstream.address();
    std::fs::write(at.world.folder.path().join("sekisho.toml"), text.replace(&upstream, "127.0.0.1:1")).unwrap();
    at.world.server.reload(&at.world.folder.path().join("sekisho.toml")).unwrap();
    let failed = at.program().send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((failed.status, failed.code().as_str()), (502, "transaction_not_sent"), "{failed:?}");
    at.world.reload(&[("bank", BANK)], "").unwrap();

    at.world.advance(1);
    let page = at.browser.post(&at.url("/transfer"), &[("payee", "a"), ("amount", "1")]).await;
    let Scene { world, mut browser, phone, .. } = at;
    let world = world.restart().await;
    assert!(phone.asked(&world).await.is_empty());
    let over = browser.get(&page.url).await;
    assert!(over.status == 404 && over.body.contains("no such transaction"), "{over:?}");
    let records = world
        .server
        .core()
        .transactions()
        .list(&sekisho::transaction::TransactionQuery { limit: 10, ..Default::default() })
        .await
        .unwrap();
    let outcomes: Vec<&str> = records.iter().map(|record| record.outcome.as_str()).collect();
    assert_eq!(outcomes, ["expired", "not_sent"]);
    assert_eq!(world.upstream.seen().iter().filter(|seen| seen.method != "GET").count(), 0);
}

#[tokio::test]
async fn bodies_are_bounded_in_size_and_forwarded_whole_from_a_sealed_file() {
    let plain = format!(
        "{PASSWORD_AND_TOTP}[[app.transaction]]\nname = \"upload\"\npaths = [\"/upload\"]\ntitle = {{ en = \"Upload\" }}\n"
    );
    let limits = "[limits]\ntransaction_body = \"2MiB\"\ntransaction_memory = \"64KiB\"\ntransaction_disk = \"3MiB\"\n";
    let world = World::with(&[("bank", &plain)], limits).await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let phone = Phone::of(&world, &["alice", "bob"]).await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("bank", "/"), &alice).await;
    let program =
        browser.clone().with_header("accept", "application/json").with_header("content-type", "application/octet-stream");
    let url = world.url("bank", "/upload");
    let body: String = (0..1_100_000_u32).map(|n| char::from(b'a' + u8::try_from(n % 26).unwrap())).collect();
    let held = told(&program.clone().send(Method::POST, &url, Some(&body)).await);
    assert!(world.server.core().transactions().spool.held().1 >= 1_000_000, "it lies in a file");
    let long = program.clone().send(Method::POST, &url, Some(&body.repeat(3))).await;
    assert_eq!((long.status, long.code().as_str()), (413, "transaction_body_too_long"));
    // One user fills no more than their part, whatever the session; another still finds room, until there is none.
    let other = body.to_uppercase() + &"x".repeat(900_000);
    let own = program.clone().send(Method::POST, &url, Some(&other)).await;
    assert_eq!((own.status, own.code().as_str()), (429, "transaction_too_many"));
    // The same once more is no more: it joins the one that is held.
    let joined = program.clone().send(Method::POST, &url, Some(&body)).await;
    assert_eq!((joined.status, &told(&joined)["transaction"]), (202, &held["transaction"]));
    let mut again = world.browser();
    again.sign_in(&world.url("bank", "/"), &alice).await;
    let again = again.with_header("accept", "application/json").with_header("content-type", "application/octet-stream");
    assert_eq!(again.clone().send(Method::POST, &url, Some(&other)).await.status, 429);
    let mut bobs = world.browser();
    bobs.sign_in(&world.url("bank", "/"), &bob).await;
    let bobs = bobs.with_header("accept", "application/json").with_header("content-type", "application/octet-stream");
    assert_eq!(bobs.clone().send(Method::POST, &url, Some(&other)).await.status, 202);
    let third = program.clone().send(Method::POST, &url, Some(&"x".repeat(500_000))).await;
    assert_eq!((third.status, third.code().as_str()), (503, "transaction_no_room"));

    let asked = phone.asked(&world).await;
    let first = asked.iter().find(|question| Phone::shown(question)["details"]["request"] == held["request"]).unwrap();
    phone.answer_about(&world, first, first["shown"].as_str().unwrap(), "approve", None).await;
    let done = program.clone().send(Method::GET, &world.url("bank", held["result"].as_str().unwrap()), None).await;
    assert_eq!(done.status, 200);
    assert_eq!(world.upstream.last().body, body, "byte for byte");
    assert_eq!(std::fs::read_dir(world.folder.path().join("state/held")).unwrap().count(), 0, "no file has a name");
}

#[tokio::test]
async fn forward_auth_holds_nothing_and_says_so() {
    let told = World::with(&[("bank", BANK)], "")
        .await
        .reload(&[("bank", &BANK.replacen("[app.demands", "forward_auth = true\n[app.demands", 1))], "");
    let told = told.unwrap_err();
    assert!(told.contains("no request can be held here"), "{told}");
}
