//! A request that is held, for tests of what becomes of it.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::{Ending, Held, HeldError, HeldRequest, HoldOutcome, NewTransaction, Owner, Stage};
use crate::approval::question::{Detail, Details};
use crate::approval::testing::{PORTAL, Phone};
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::facts::request_digest::{DigestedHead, RequestDigest};
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::principal::words::Words;

/// A transaction of the app of every test core: its user approves.
pub(crate) const TRANSFER: &str = r#"
[[app.transaction]]
name = "transfer"
title = { en = "Transfer", ja = "振込" }
paths = ["/transfer"]
[[app.transaction.show]]
label = { en = "Payee", ja = "振込先" }
from = "form:payee"
[[app.transaction.show]]
label = { en = "Amount", ja = "金額" }
from = "form:amount"
"#;

pub(crate) fn words(en: &str, ja: &str) -> Words {
    Words { en: en.to_owned(), ja: Some(ja.to_owned()), ..Words::default() }
}

/// What is shown of a transfer.
pub(crate) fn fields(payee: &str, amount: &str) -> Vec<Detail> {
    vec![
        Detail { label: words("Payee", "振込先"), value: Some(payee.to_owned()) },
        Detail { label: words("Amount", "金額"), value: Some(amount.to_owned()) },
    ]
}

/// Holds a transfer of this user.
pub(crate) async fn hold(at: &TestCore, user: &str, payee: &str, amount: &str) -> Arc<Held> {
    match take(at, user, payee, amount).await.unwrap() {
        HoldOutcome::New(held) => held,
        other => panic!("{other:?}"),
    }
}

/// What becomes of a transfer of this user that is to be held.
pub(crate) async fn take(at: &TestCore, user: &str, payee: &str, amount: &str) -> Result<HoldOutcome, HeldError> {
    let core = &at.core;
    let rule = Arc::clone(core.policies().app("wiki").unwrap().transaction("transfer").unwrap());
    let form = format!("payee={payee}&amount={amount}");
    let owner = Owner::Machine(Fingerprint(std::array::from_fn(|place| user.as_bytes().get(place).copied().unwrap_or_default())));
    let mut receiving = core.transactions().spool.receive(user);
    receiving.push(&Bytes::from(form)).await.unwrap();
    let (body, hash) = receiving.finish().await.unwrap();
    let headers = HeaderMap::new();
    let head = DigestedHead {
        app: "wiki",
        transaction: "transfer",
        method: "POST",
        authority: "wiki.example.com",
        target: "/transfer",
        headers: &headers,
        shown: &[],
    };
    let digest = RequestDigest::of(&head, body.len(), &hash);
    let request = HeldRequest { method: Method::POST, uri: "/transfer".parse().unwrap(), headers, body: Arc::new(body) };
    let details = Details {
        name: "transfer".to_owned(),
        title: rule.title.clone(),
        sentence: rule.sentence.clone(),
        requester: None,
        fields: fields(payee, amount),
        request: Some(digest),
    };
    let new = NewTransaction {
        rule,
        owner,
        user: Some(UserId::parse(user).unwrap()),
        digest,
        details,
        address: ClientAddress::new([192, 0, 2, 7].into()),
        agent: "Firefox, Linux".to_owned(),
        authority: "wiki.example.com".to_owned(),
        request,
    };
    core.transaction_engine().hold(new, "request-1").await
}

/// Answers what a held request asks of the user of this phone.
pub(crate) async fn answer(at: &TestCore, held: &Held, user: &str, phone: &Phone, decision: &str) {
    let user = UserId::parse(user).unwrap();
    for id in held.asked() {
        let question = at.core.approvals().find(&id).await.unwrap().unwrap();
        if question.user == user {
            let text = phone.answer(&question, decision, None, at.core.clock().now());
            at.core.approvals().answer(&phone.key, &id, &text, PORTAL).await.unwrap();
        }
    }
    at.core.transaction_engine().status(held).await.unwrap();
}

/// A transfer that this user held, approved, and the app answered with this status.
pub(crate) async fn forwarded(at: &TestCore, user: &str, phone: &Phone, payee: &str, amount: &str) -> Arc<Held> {
    let held = hold(at, user, payee, amount).await;
    answer(at, &held, user, phone, "approve").await;
    assert!(matches!(*held.stage.lock().await, Stage::Approved(..)));
    at.core.transaction_engine().end(&held, Ending::Forwarded(201)).await.unwrap();
    held
}
