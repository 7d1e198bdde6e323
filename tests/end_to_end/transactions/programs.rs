//! Transactions of programs: 202 with a status and a result, `Prefer: wait`, idempotency keys.

use hyper::Method;
use serde_json::json;

use super::scene;

#[tokio::test]
async fn programs_get_202_status_and_result_or_wait_rfc_7240() {
    let at = scene().await;
    let url = at.url("/api/orders");
    let held = at.program().send(Method::POST, &url, Some(r#"{"amount":7}"#)).await;
    assert_eq!(held.status, 202);
    let document = held.json();
    assert_eq!((&document["state"], &document["approvals_needed"]), (&json!("pending"), &json!(1)));
    assert_eq!(held.header("location"), document["result"].as_str());
    let early = at.program().send(Method::GET, &at.url(document["result"].as_str().unwrap()), None).await;
    assert_eq!(early.status, 202);

    at.phone.answer(&at.world, "approve", None).await;
    let status = at.program().send(Method::GET, &at.url(document["status"].as_str().unwrap()), None).await;
    assert_eq!(status.json()["state"], "approved");
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
    let held = at.program().send(Method::POST, &url, Some(r#"{"amount":10}"#)).await.json();
    let status = at.url(held["status"].as_str().unwrap());
    assert_eq!(at.program().send(Method::DELETE, &status, None).await.status, 204);
    assert_eq!(at.program().send(Method::GET, &status, None).await.json()["state"], "cancelled");

    // A key says that it is to be done once.
    let keyed = at.program().with_header("idempotency-key", "\"k1\"");
    let refused = keyed.clone().send(Method::POST, &url, Some(r#"{"amount":11}"#)).await.json();
    at.phone.answer(&at.world, "deny", None).await;
    let status = at.url(refused["status"].as_str().unwrap());
    assert_eq!(
        at.program().send(Method::GET, &status, None).await.json()["state"],
        "denied",
        "what was not done may be asked again"
    );
    let held = keyed.clone().send(Method::POST, &url, Some(r#"{"amount":11}"#)).await.json();
    at.phone.answer(&at.world, "approve", None).await;
    at.program().send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    let again = keyed.clone().send(Method::POST, &url, Some(r#"{"amount":11}"#)).await;
    assert_eq!((again.status, again.code().as_str()), (409, "transaction_done_before"));
    assert_eq!(at.posted(), 3);
}
