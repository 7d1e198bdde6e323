//! What administrators see of transactions: lists, exports, receipts that verify, and what is left after a crash.

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::account::tokens::{Scope, Scopes};
use crate::admin::act::{Circumstances, perform};
use crate::admin::audit::ListKeys;
use crate::admin::testing::does;
use crate::admin::transactions::csv;
use crate::admin::transactions::list::{ExportTransactions, ListTransactions};
use crate::admin::transactions::show::{CancelTransaction, ShowTransaction};
use crate::admin::users::rights::ResetFactor;
use crate::admin::users::views::ShowUser;
use crate::approval::testing::Phone;
use crate::audit::Filter;
use crate::core::testing::TestCore;
use crate::principal::user::UserId;
use crate::session::Administrator;
use crate::transaction::Ending;
use crate::transaction::testing::{TRANSFER, answer, forwarded, hold};
use crate::transaction::verify::{ReceiptKeys, documents, verify};

/// A core with a transaction, and Alice with a phone.
async fn world() -> (TestCore, Phone) {
    let test = TestCore::with(TRANSFER).await;
    test.user("alice").await;
    let phone = Phone::registered(&test.core, "alice").await;
    (test, phone)
}

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["transaction"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_held_and_what_became_of_it_is_listed_shown_and_taken_back() {
    let (test, phone) = world().await;
    let gone = forwarded(&test, "alice", &phone, "ACME", "100").await;
    let denied = hold(&test, "alice", "Mallory", "5").await;
    answer(&test, &denied, "alice", &phone, "deny").await;
    test.clock.advance(std::time::Duration::from_secs(1));
    let held = hold(&test, "alice", "Bob & Söhne", "=7").await;
    let list = does::<ListTransactions>(&test, json!({})).await.unwrap();
    assert_eq!((list["items"].as_array().unwrap().len(), ids(&list)[0]), (3, held.id.as_str()), "the newest first");
    for (search, found) in [
        (json!({ "outcome": "held" }), vec![held.id.as_str()]),
        (json!({ "outcome": "forwarded" }), vec![gone.id.as_str()]),
        (json!({ "outcome": "denied" }), vec![denied.id.as_str()]),
        (json!({ "text": "mallory" }), vec![denied.id.as_str()]),
        (json!({ "text": "SÖHNE" }), vec![]),
        (json!({ "text": "Söhne" }), vec![held.id.as_str()]),
        (json!({ "text": "%" }), vec![]),
        (json!({ "text": "fields" }), vec![]),
        (json!({ "requester": "bob" }), vec![]),
        (json!({ "app": "vault" }), vec![]),
        (json!({ "until": "2027-01-14" }), vec![]),
        (json!({ "until": "2027-01-15T08:00:00Z" }), vec![]),
        // A day is within itself, from its beginning to its end.
        (json!({ "until": "2027-01-15", "outcome": "held" }), vec![held.id.as_str()]),
        (json!({ "since": "2027-01-15", "outcome": "denied" }), vec![denied.id.as_str()]),
        (json!({ "since": "2027-01-16" }), vec![]),
        (json!({ "since": "2027-01-15T08:00:01Z" }), vec![held.id.as_str()]),
    ] {
        let list = does::<ListTransactions>(&test, search.clone()).await.unwrap();
        assert_eq!(ids(&list), found, "{search}");
    }
    for text in ["振込", "金額", "transfer"] {
        assert_eq!(ids(&does::<ListTransactions>(&test, json!({ "text": text })).await.unwrap()).len(), 3, "{text}");
    }
    // What waits says for what; what ended, what became of it.
    let shown = does::<ShowTransaction>(&test, json!({ "transaction": held.id.as_str() })).await.unwrap();
    assert_eq!((&shown["waiting"]["stage"], &shown["waiting"]["needed"]), (&json!("pending"), &json!(1)), "{shown}");
    assert_eq!((&shown["receipt"], &shown["without_receipt"]), (&Value::Null, &Value::Null));
    assert_eq!(shown["shown"], json!(["Payee: Bob & Söhne", "Amount: =7"]));
    let shown = does::<ShowTransaction>(&test, json!({ "transaction": gone.id.as_str() })).await.unwrap();
    assert_eq!((&shown["outcome"], &shown["status"], &shown["waiting"]), (&json!("forwarded"), &json!(201), &Value::Null));
    assert_eq!((&shown["answers"][0]["user"], &shown["answers"][0]["approved"]), (&json!("alice"), &json!(true)));
    assert_eq!(shown["request"], gone.digest.text());
    // Taken back, once.
    let which = json!({ "transaction": held.id.as_str() });
    does::<CancelTransaction>(&test, which.clone()).await.unwrap();
    assert!(held.is_over() && held.take_request().is_none(), "the request is gone");
    assert_eq!(does::<CancelTransaction>(&test, which.clone()).await.unwrap_err().code(), "not_found");
    assert_eq!(does::<CancelTransaction>(&test, json!({ "transaction": "no id" })).await.unwrap_err().code(), "not_found");
    let shown = does::<ShowTransaction>(&test, which).await.unwrap();
    assert_eq!(shown["outcome"], "cancelled");
    let cancels = Filter { what: Some("transaction.cancel".to_owned()), ..Filter::default() };
    let refusals: Vec<_> = test.core.audit().query(&cancels, None, 9).await.unwrap().into_iter().map(|row| row.refusal).collect();
    assert_eq!(refusals, [Some("not_found".to_owned()), Some("not_found".to_owned()), None]);
}

#[tokio::test]
async fn pages_hold_every_transaction_once_whatever_is_looked_for() {
    let (test, phone) = world().await;
    for number in 0..7 {
        let held = hold(&test, "alice", if number % 2 == 0 { "ACME" } else { "Others" }, &number.to_string()).await;
        test.core.transaction_engine().end(&held, Ending::Cancelled).await.unwrap();
    }
    drop(phone);
    for (text, count) in [(Value::Null, 7), (json!("acme"), 4), (json!("others"), 3)] {
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = does::<ExportTransactions>(&test, json!({ "text": text, "limit": 2, "after": after })).await.unwrap();
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (count, count), "{text}");
    }
    let wrong = does::<ListTransactions>(&test, json!({ "after": "soon" })).await.unwrap_err();
    assert_eq!(wrong.code(), "invalid_input");
}

#[tokio::test]
async fn records_need_the_scope_of_the_log_and_taking_back_that_of_sessions() {
    let (test, _phone) = world().await;
    let held = hold(&test, "alice", "ACME", "1").await;
    let may = async |scope, act: &str| {
        let until = crate::clock::Timestamp::from_seconds(1_800_003_600);
        let (_, text) = test.core.tokens().issue("t", Scopes::of(&[scope]), None, until).await.unwrap();
        let who = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
        let which = json!({ "transaction": held.id.as_str() });
        let at = Circumstances::default();
        let code = match act {
            "list" => perform(&test.core, &who, &at, ListTransactions::default()).await.err(),
            "export" => perform(&test.core, &who, &at, ExportTransactions::default()).await.err(),
            "show" => perform(&test.core, &who, &at, serde_json::from_value::<ShowTransaction>(which).unwrap()).await.err(),
            "keys" => perform(&test.core, &who, &at, ListKeys {}).await.err(),
            _ => perform(&test.core, &who, &at, serde_json::from_value::<CancelTransaction>(which).unwrap()).await.err(),
        };
        code.map(|error| error.code())
    };
    for act in ["list", "show", "export"] {
        assert_eq!(may(Scope::Read, act).await, Some("scope_missing"), "{act}");
        assert_eq!(may(Scope::Audit, act).await, None, "{act}");
    }
    assert_eq!(may(Scope::Read, "keys").await, None);
    assert_eq!(may(Scope::Audit, "cancel").await, Some("scope_missing"));
    assert_eq!(may(Scope::Sessions, "cancel").await, None);
}

#[tokio::test]
async fn a_receipt_verifies_after_its_key_was_rotated_away() {
    let (test, phone) = world().await;
    let held = forwarded(&test, "alice", &phone, "ACME", "100").await;
    let shown = does::<ShowTransaction>(&test, json!({ "transaction": held.id.as_str() })).await.unwrap();
    let document = documents(&shown.to_string()).unwrap().remove(0);
    let published = || test.core.signing_keys().jwks();
    let found = verify(&document, &ReceiptKeys::parse(&published().to_string()).unwrap()).unwrap();
    assert_eq!((found.said[0].user.as_str(), found.said[0].counted), ("alice", true));
    // Two months on the key is gone from what apps are given, and its other half is nowhere.
    for _ in 0..70 {
        test.clock.advance(std::time::Duration::from_secs(86_400));
        test.core.signing_keys().rotate().await.unwrap();
    }
    assert!(!published().to_string().contains(&found.key), "retired keys are not published");
    let fault = verify(&document, &ReceiptKeys::parse(&published().to_string()).unwrap()).unwrap_err();
    assert!(fault.why.contains("not among the keys given"), "{fault}");
    let every = does::<ListKeys>(&test, json!({})).await.unwrap();
    assert!(every["keys"].as_array().unwrap().len() >= 3, "{every}");
    assert!(every["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()));
    let keys = ReceiptKeys::parse(&every.to_string()).unwrap();
    assert_eq!(verify(&document, &keys).unwrap().key, found.key);
    // One that is altered in what stands beside it, and one that is altered itself.
    let mut bent = shown.clone();
    bent["shown"][1] = json!("Amount: 1");
    assert!(verify(&documents(&bent.to_string()).unwrap()[0], &keys).is_err());
    bent = shown;
    let text = bent["receipt"].as_str().unwrap().replacen('e', "f", 1);
    bent["receipt"] = json!(text);
    assert!(verify(&documents(&bent.to_string()).unwrap()[0], &keys).is_err());
}

#[tokio::test]
async fn what_a_killed_process_held_is_told_of_without_a_receipt() {
    let (test, _phone) = world().await;
    let held = hold(&test, "alice", "ACME", "100").await;
    let sent = hold(&test, "alice", "Bob", "3").await;
    assert!(test.core.transactions().forwarding(&sent).await.unwrap());
    let test = test.crash_and_restart().await;
    for (id, outcome) in [(&held.id, "expired"), (&sent.id, "unknown")] {
        let shown = does::<ShowTransaction>(&test, json!({ "transaction": id.as_str() })).await.unwrap();
        assert_eq!((&shown["outcome"], &shown["receipt"], &shown["waiting"]), (&json!(outcome), &Value::Null, &Value::Null));
        assert!(shown["without_receipt"].as_str().unwrap().contains("the gateway stopped"), "{shown}");
        let which = json!({ "transaction": id.as_str() });
        assert_eq!(does::<CancelTransaction>(&test, which).await.unwrap_err().code(), "not_found");
    }
    let list = does::<ListTransactions>(&test, json!({})).await.unwrap();
    assert!(list["items"].as_array().unwrap().iter().all(|item| item["has_receipt"] == false), "{list}");
}

#[tokio::test]
async fn an_end_that_could_not_be_written_down_is_written_when_the_database_is_back() {
    let (test, phone) = world().await;
    let held = hold(&test, "alice", "ACME", "100").await;
    answer(&test, &held, "alice", &phone, "approve").await;
    let core = &test.core;
    core.database().execute("ALTER TABLE transactions RENAME TO away", &[]).await.unwrap();
    core.database().execute("ALTER TABLE audit RENAME TO audit_away", &[]).await.unwrap();
    core.transaction_engine().end(&held, Ending::Forwarded(201)).await.unwrap_err();
    core.sweep(&CancellationToken::new()).await;
    core.audit().flush().await.unwrap_err();
    core.database().execute("ALTER TABLE away RENAME TO transactions", &[]).await.unwrap();
    core.database().execute("ALTER TABLE audit_away RENAME TO audit", &[]).await.unwrap();
    let which = || json!({ "transaction": held.id.as_str() });
    assert_eq!(does::<ShowTransaction>(&test, which()).await.unwrap()["outcome"], "held", "as far as was written");
    core.sweep(&CancellationToken::new()).await;
    let shown = does::<ShowTransaction>(&test, which()).await.unwrap();
    assert_eq!((&shown["outcome"], &shown["status"], shown["receipt"].is_string()), (&json!("forwarded"), &json!(201), true));
    core.audit().flush().await.unwrap();
    let log = core.audit().query(&Filter { what: Some("transaction".into()), ..Filter::default() }, None, 9).await.unwrap();
    assert_eq!(log.iter().filter(|entry| entry.what == "transaction.end").count(), 1, "{log:?}");
}

#[tokio::test]
async fn a_row_for_a_spreadsheet_computes_nothing_t50() {
    let (test, phone) = world().await;
    forwarded(&test, "alice", &phone, "=cmd|'/C calc'!A1", "\"100\"").await;
    let page = does::<ExportTransactions>(&test, json!({})).await.unwrap();
    let row = csv::row(&page["items"][0]);
    let cells: Vec<&str> = row.trim_end().split("\",\"").collect();
    assert_eq!((cells.len(), csv::head().split(',').count()), (18, 18), "{row}");
    assert!(row.contains("\"Payee: =cmd|'/C calc'!A1; Amount: \"\"100\"\"\"") && row.ends_with("\"alice\",\"\"\r\n"), "{row}");
    let hostile = csv::row(&json!({ "transaction": "-AAAAAAAAAAAAAAAAAAAAA", "title": "=1+1", "agent": "@x\r\n=2" }));
    assert!(
        hostile.starts_with("\"'-AAAAAAAAAAAAAAAAAAAAA\",\"\",\"\",\"'=1+1\"") && hostile.contains("\"'@x  =2\""),
        "{hostile}"
    );
    assert_eq!(hostile.matches('\n').count(), 1, "one line");
}

#[tokio::test]
async fn a_transaction_password_is_told_of_and_removed_and_sessions_go_on() {
    let test = TestCore::with("[password]\nmemory_mib = 19\npasses = 2\n").await;
    let alice = test.user("alice").await;
    let reset = async |factor: &str| does::<ResetFactor>(&test, json!({ "user": "alice", "factor": factor })).await;
    assert_eq!(does::<ShowUser>(&test, json!({ "user": "alice" })).await.unwrap()["transaction_password_set_at"], Value::Null);
    assert_eq!(reset("transaction_password").await.unwrap_err().code(), "not_found");
    let set = async || {
        let secret = "a lantern over the ford".into();
        test.core.transaction_passwords().set(test.core.passwords(), alice.id(), secret).await.unwrap();
    };
    set().await;
    let shown = does::<ShowUser>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(shown["transaction_password_set_at"], test.core.clock().now().rfc3339());
    let done = reset("transaction_password").await.unwrap();
    assert!(done["done"].as_str().unwrap().contains("removed") && done.get("url").is_none(), "{done}");
    assert_eq!(test.core.transaction_passwords().set_at(&UserId::parse("alice").unwrap()).await.unwrap(), None);
    let log = test.core.audit().query(&Filter::default(), None, 1).await.unwrap();
    assert_eq!(log[0].details.get("factor").map(String::as_str), Some("transaction_password"));
    // Everything asked again is this one, too.
    set().await;
    assert_eq!(reset("all").await.unwrap()["purpose"], "invitation");
    assert_eq!(test.core.transaction_passwords().set_at(alice.id()).await.unwrap(), None);
}
