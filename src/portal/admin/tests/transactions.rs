//! Transactions in the administration: what the list and the page of one show, what is kept as a file, what is taken back.

use std::time::Duration;

use http::StatusCode;

use crate::approval::testing::Phone;
use crate::portal::admin::tests::{act, administrator, targets};
use crate::portal::kit::paths;
use crate::portal::testing::{Browser, Gate};
use crate::transaction::testing::{TRANSFER, forwarded, hold};
use crate::transaction::verify::{ReceiptKeys, documents, verify};

/// A gate whose first app has a transaction (it stands before the others in the config), and Alice with a phone.
async fn world() -> (Gate, Phone, Browser) {
    let gate = Gate::before(TRANSFER).await;
    let browser = administrator(&gate).await;
    let phone = Phone::registered(&gate.at.core, "alice").await;
    (gate, phone, browser)
}

#[tokio::test]
async fn transactions_are_searched_seen_and_kept_as_files() {
    let (gate, phone, mut browser) = world().await;
    let done = forwarded(&gate.at, "alice", &phone, "=ACME<b>", "100").await;
    gate.at.clock.advance(Duration::from_secs(1));
    let held = hold(&gate.at, "alice", "Bob", "7").await;
    let list = browser.get(paths::ADMIN_TRANSACTIONS).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.body.contains("Payee: =ACME&#60;b&#62;") && list.body.contains("Payee: Bob"), "{}", list.body);
    assert_eq!(targets(&list), [format!("{}|Transfer", held.id)], "what has ended cannot be selected");
    assert!(browser.get("/admin").await.body.contains("Waiting transactions</strong>\n    <span>1</span>"));
    for (query, shows, not) in [
        ("outcome=held", "Payee: Bob", "ACME"),
        ("text=acme", "ACME", "Payee: Bob"),
        ("requester=bob", "Nothing was found.", "Payee"),
        ("since=2099-01-01", "Nothing was found.", "Payee"),
    ] {
        let page = browser.get(&format!("/admin/transactions?{query}")).await.body;
        assert!(page.contains(shows) && !page.split("<tbody").nth(1).unwrap_or_default().contains(not), "{query}: {page}");
    }
    for wrong in ["outcome=perhaps", "since=soon", "after=x"] {
        assert_eq!(browser.get(&format!("/admin/transactions?{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    // The page of one, and its receipt, which verifies.
    let page = browser.get(&paths::admin_transaction(done.id.as_str())).await.body;
    assert!(
        page.contains(&done.digest.text()) && page.contains(phone.key.id().as_str()) && page.contains("Forwarded (201)"),
        "{page}"
    );
    assert!(!page.contains("cancel-transaction"), "there is nothing to take back");
    let receipt = browser.get(&format!("/admin/transactions/{}/receipt", done.id)).await;
    assert_eq!(receipt.headers["content-type"], "application/jose");
    assert_eq!(receipt.headers["content-disposition"], format!("attachment; filename=\"receipt-{}.jwt\"", done.id));
    assert_eq!(receipt.headers["x-content-type-options"], "nosniff");
    let keys = ReceiptKeys::parse(&gate.at.core.signing_keys().jwks().to_string()).unwrap();
    assert_eq!(verify(&documents(&receipt.body).unwrap()[0], &keys).unwrap().said[0].user, "alice");
    assert_eq!(browser.get(&format!("/admin/transactions/{}/receipt", held.id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/admin/transactions/AAAAAAAAAAAAAAAAAAAAAA").await.status, StatusCode::NOT_FOUND);
    // All that is found, as files.
    let lines = browser.get("/admin/transactions/export?format=jsonl").await;
    assert_eq!(lines.body.lines().count(), 2);
    let receipts = documents(&lines.body).unwrap();
    assert!(verify(&receipts[0], &keys).is_err(), "what waits has no receipt");
    assert!(verify(&receipts[1], &keys).is_ok());
    let csv = browser.get("/admin/transactions/export?text=acme&format=csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);
    assert!(csv.body.contains("\"Payee: =ACME<b>; Amount: 100\""), "{}", csv.body);
    assert_eq!(browser.get("/admin/transactions/export?format=xlsx").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_export_goes_on_beyond_one_page() {
    let (gate, _phone, mut browser) = world().await;
    for number in 0..503 {
        let held = hold(&gate.at, "alice", "ACME", &number.to_string()).await;
        gate.at.core.transaction_engine().end(&held, crate::transaction::Ending::Cancelled).await.unwrap();
    }
    let lines = browser.get("/admin/transactions/export?format=csv").await;
    assert_eq!(lines.body.lines().count(), 504, "a head and every one once");
}

#[tokio::test]
async fn what_waits_is_taken_back_after_a_confirmation() {
    let (gate, _phone, mut browser) = world().await;
    let held = hold(&gate.at, "alice", "Bob", "7").await;
    let page = browser.get(&paths::admin_transaction(held.id.as_str())).await;
    let target = targets(&page).remove(0);
    let here = paths::admin_transaction(held.id.as_str());
    let asked = act(&mut browser, "cancel-transaction", &[&target], &[("back", &here)]).await;
    assert!(asked.status == StatusCode::OK && asked.body.contains("will not reach its app") && !held.is_over(), "{}", asked.body);
    let done = act(&mut browser, "cancel-transaction", &[&target], &[("back", &here), ("confirmed", "yes")]).await;
    assert_eq!(done.location(), format!("{here}?done=cancel-transaction&count=1"));
    let page = browser.get(done.location()).await.body;
    assert!(held.is_over() && page.contains("1 transaction has been taken back.") && page.contains("Taken back"), "{page}");
    let again = act(&mut browser, "cancel-transaction", &[&target], &[("confirmed", "yes")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_transaction_password_is_removed_from_the_page_and_sessions_go_on() {
    let (gate, _phone, mut browser) = world().await;
    let page = browser.get("/admin/users/alice").await.body;
    assert!(!page.contains("remove-transaction-password"));
    let secret = "a lantern over the ford".into();
    gate.at.core.transaction_passwords().set(gate.at.core.passwords(), gate.alice.id(), secret).await.unwrap();
    assert!(browser.get("/admin/users/alice").await.body.contains("value=\"remove-transaction-password\""));
    act(&mut browser, "remove-transaction-password", &["alice"], &[]).await;
    let kept = async || gate.at.core.transaction_passwords().set_at(gate.alice.id()).await.unwrap();
    assert!(kept().await.is_some(), "the page asks for a confirmation");
    let done = act(&mut browser, "remove-transaction-password", &["alice"], &[("confirmed", "yes")]).await;
    assert_eq!(done.location(), "/admin/users?done=remove-transaction-password&count=1");
    assert!(kept().await.is_none());
    assert_eq!(browser.get("/account").await.status, StatusCode::OK, "still signed in");
}
