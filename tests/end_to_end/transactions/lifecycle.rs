//! A transaction from the post to the end: shown, approved and forwarded once, or denied, expired, cancelled.

use hyper::Method;
use serde_json::{Value, json};

use super::{TRANSFER, scene};
use crate::support::{Browser, Phone};

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
    assert_eq!((late.status, late.json()["code"].as_str().unwrap()), (410, "approval_expired"), "{late:?}");
    assert!(at.browser.get(&page.url).await.body.contains("It was not approved in time"));

    let page = at.browser.post(&url, &[("payee", "c"), ("amount", "1")]).await;
    at.browser.post(&format!("{}/cancel", page.url), &[]).await;
    assert!(at.browser.get(&page.url).await.body.contains("taken back"));
    assert!(at.phone.asked(&at.world).await.is_empty(), "the phone is not asked any more");

    // Approved, and nobody comes for it in time.
    let page = at.browser.post(&url, &[("payee", "d"), ("amount", "1")]).await;
    at.phone.answer(&at.world, "approve", None).await;
    at.world.server.core().sweep(&Default::default()).await;
    at.world.advance(301);
    assert!(at.browser.get(&page.url).await.body.contains("It was not approved in time"));
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
    assert_eq!(refused.json()["code"], "shown_otherwise");
    let bent = second["shown"].as_str().unwrap().replace("9,000,000", "9");
    assert_eq!(at.phone.answer_about(&at.world, second, &bent, "approve", None).await.json()["code"], "shown_otherwise");
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
    let ids: std::collections::BTreeSet<String> = answers.iter().map(|answer| answer.json()["transaction"].to_string()).collect();
    assert_eq!((ids.len(), at.phone.asked(&at.world).await.len()), (1, 1), "one is held, and the phone is asked once");

    at.phone.answer(&at.world, "approve", None).await;
    let result = at.url(answers[0].header("location").unwrap());
    let answers =
        futures_util::future::join_all(programs.iter_mut().map(|program| program.send(Method::GET, &result, None))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((won, at.posted()), (1, 1), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 410 || answer.status == 202), "{answers:?}");
}

fn from_base64url(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}
