//! Records of transactions by commands: listed, shown, exported; receipts that verify in an empty folder, with nothing but
//! the gateway's public keys, and are refused when anything differs.

use std::fs;
use std::process::Stdio;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use hyper::body::Bytes;
use sekisho::account::users::NewUser;
use sekisho::approval::key::PublicKey;
use sekisho::approval::question::{Detail, Details};
use sekisho::clock::{Clock as _, SystemClock};
use sekisho::core::Core;
use sekisho::facts::client_address::ClientAddress;
use sekisho::facts::request_digest::{DigestedHead, RequestDigest};
use sekisho::principal::certificate::Fingerprint;
use sekisho::principal::user::UserId;
use sekisho::principal::words::Words;
use sekisho::random::base64url;
use sekisho::transaction::{Ending, HeldRequest, HoldOutcome, NewTransaction, Owner};
use serde_json::{Value, json};

use crate::support::{BY_PASSWORD, Said, World};

const TRANSFER: &str = r#"
[[app.transaction]]
name = "transfer"
title = { en = "Transfer", ja = "振込" }
paths = ["/transfer"]
[[app.transaction.show]]
label = { en = "Payee" }
from = "form:payee"
"#;

/// A phone: the key, and what it signs.
struct Phone(EcdsaKeyPair);

impl Phone {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn key(&self) -> PublicKey {
        PublicKey::from_point(self.0.public_key().as_ref()).unwrap()
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", base64url(signature.as_ref()))
    }
}

/// A transfer of Alice's to this payee, approved on her phone and answered by the app; its id.
async fn transferred(core: &Core, phone: &Phone, portal: &str, payee: &str, decision: &str) -> String {
    let alice = UserId::parse("alice").unwrap();
    let rule = Arc::clone(core.policies().app("wiki").unwrap().transaction("transfer").unwrap());
    let mut receiving = core.transactions().spool.receive("alice");
    receiving.push(&Bytes::from(format!("payee={payee}"))).await.unwrap();
    let (body, hash) = receiving.finish().await.unwrap();
    let headers = http::HeaderMap::new();
    let head = DigestedHead {
        app: "wiki",
        transaction: "transfer",
        method: "POST",
        authority: "wiki.test",
        target: "/transfer",
        headers: &headers,
        shown: &[],
    };
    let digest = RequestDigest::of(&head, body.len(), &hash);
    let label = Words { en: "Payee".to_owned(), ..Words::default() };
    let details = Details {
        name: "transfer".to_owned(),
        title: rule.title.clone(),
        sentence: rule.sentence.clone(),
        requester: None,
        fields: vec![Detail { label, value: Some(payee.to_owned()) }],
        request: Some(digest),
    };
    let request = HeldRequest { method: http::Method::POST, uri: "/transfer".parse().unwrap(), headers, body: Arc::new(body) };
    let new = NewTransaction {
        rule,
        owner: Owner::Machine(Fingerprint([7; 32])),
        user: Some(alice),
        digest,
        details,
        address: ClientAddress::new([192, 0, 2, 7].into()),
        agent: "Firefox, Linux".to_owned(),
        authority: "wiki.test".to_owned(),
        request,
    };
    let HoldOutcome::New(held) = core.transaction_engine().hold(new, "request-1").await.unwrap() else { panic!("it is held") };
    for id in held.asked() {
        let question = core.approvals().find(&id).await.unwrap().unwrap();
        let words = json!({
            "approval": id, "decision": decision, "shown": question.digest(), "aud": portal,
            "iat": SystemClock::new().now().seconds(), "jti": format!("{payee}-{id}"),
        });
        let answer = phone.sign(&json!({ "alg": "ES256", "typ": "sekisho-answer+jwt" }), &words);
        core.approvals().answer(&phone.key(), &id, &answer, portal).await.unwrap();
    }
    if decision == "approve" {
        core.transaction_engine().status(&held).await.unwrap();
        core.transaction_engine().end(&held, Ending::Forwarded(201)).await.unwrap();
    } else {
        core.transaction_engine().status(&held).await.unwrap();
    }
    held.id.to_string()
}

/// `sekisho audit verify` in an empty folder: there is no config, no state and no gateway.
async fn verify(folder: &std::path::Path, line: &[&str]) -> Said {
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_sekisho"))
        .args(["audit", "verify"])
        .args(line)
        .current_dir(folder)
        .env_remove("SEKISHO_CONFIG")
        .env("SEKISHO_LANGUAGE", "en")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), words: text(output.stderr) }
}

#[tokio::test]
async fn a_receipt_verifies_offline_and_is_refused_when_one_byte_differs() {
    let world = World::with(&[("wiki", &format!("{BY_PASSWORD}{TRANSFER}"))], "").await;
    let portal = world.url("auth", "");
    let phone = Phone::new();
    let core = world.core(Arc::new(SystemClock::new())).await;
    let alice = UserId::parse("alice").unwrap();
    core.users().add(NewUser::named(alice.clone())).await.unwrap();
    core.approvals().approvers.register(&phone.key(), &alice, "Pixel", "Chrome, Android", 3).await.unwrap();
    let sent = transferred(&core, &phone, &portal, "ACME", "approve").await;
    let denied = transferred(&core, &phone, &portal, "=Mallory", "deny").await;
    core.close().await.unwrap();
    // The lock on the state goes with the core itself, and the commands open it for themselves.
    drop(core);
    // A command that another test starts at this very moment holds what we hold until it is itself (fork, then exec).
    for _ in 0..50 {
        if world.command(&["transaction", "list"]).await.code == 0 {
            break;
        }
    }

    let list = world.answer(&["transaction", "list"]).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "{list}");
    let list = world.answer(&["transaction", "list", "--text", "acme", "--outcome", "forwarded"]).await;
    assert_eq!((&list["items"][0]["transaction"], list["items"].as_array().unwrap().len()), (&json!(sent), 1));
    let table = world.command(&["transaction", "list"]).await;
    assert!(table.out.starts_with("TRANSACTION ") && table.out.contains("Payee: ACME"), "{table:?}");
    let shown = world.answer(&["transaction", "show", &sent]).await;
    assert_eq!((&shown["outcome"], &shown["answers"][0]["user"]), (&json!("forwarded"), &json!("alice")), "{shown}");
    assert_eq!(world.command(&["transaction", "cancel", &sent]).await.code, 1, "it is over");
    let lines = world.command(&["transaction", "export"]).await;
    assert_eq!(lines.out.lines().count(), 2, "{lines:?}");
    let csv = world.command(&["transaction", "export", "--csv", "--outcome", "denied"]).await;
    assert_eq!(csv.out.lines().count(), 2, "{csv:?}");
    assert!(csv.out.contains(&denied) && csv.out.contains("\"Payee: =Mallory\"") && csv.out.ends_with("\"\",\"alice\"\r\n"));
    let keys = world.command(&["audit", "keys", "--json"]).await;

    // Nothing but the files is there from here on.
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let receipt = shown["receipt"].as_str().unwrap();
    write("keys.json", &keys.out);
    write("receipt.jwt", &format!("{receipt}\n"));
    write("shown.json", &format!("{shown:#}"));
    write("all.jsonl", &lines.out);
    let good = verify(folder.path(), &["receipt.jwt", "shown.json", "all.jsonl", "--keys", "keys.json"]).await;
    assert_eq!((good.code, good.words.as_str()), (0, ""), "{good:?}");
    for line in ["receipt.jwt: good", "shown.json: good", "all.jsonl:1: good", "all.jsonl:2: good"] {
        assert!(good.out.lines().any(|found| found == line), "{line}: {}", good.out);
    }
    for got in ["Payee: ACME", "signed by the approver", "forwarded, the app answered 201", "denied        alice", &sent] {
        assert!(good.out.contains(got), "{got}: {}", good.out);
    }
    let got = verify(folder.path(), &["receipt.jwt", "--keys", "keys.json", "--json"]).await;
    let got: Value = serde_json::from_str(&got.out).unwrap();
    assert_eq!((&got["items"][0]["good"], &got["items"][0]["said"][0]["user"]), (&json!(true), &json!("alice")), "{got}");

    // One byte in each of the three parts.
    for (number, dot) in [2, receipt.find('.').unwrap() + 9, receipt.rfind('.').unwrap() + 9].into_iter().enumerate() {
        let mut bent = receipt.as_bytes().to_vec();
        bent[dot] = if bent[dot] == b'A' { b'B' } else { b'A' };
        write("bent.jwt", std::str::from_utf8(&bent).unwrap());
        let bad = verify(folder.path(), &["receipt.jwt", "bent.jwt", "--keys", "keys.json"]).await;
        assert_eq!(bad.code, 1, "part {number}: {bad:?}");
        assert!(bad.out.contains("receipt.jwt: good") && bad.out.contains("bent.jwt: NOT GOOD: the receipt: "), "{bad:?}");
        bad.mentions(&["error: failed to verify the receipts: one is not good"]);
    }
    // What stands beside the receipt, another's keys, and files that are none.
    write("beside.json", &shown.to_string().replace("Payee: ACME", "Payee: ACNE"));
    let bad = verify(folder.path(), &["beside.json", "--keys", "keys.json", "--json"]).await;
    let got: Value = serde_json::from_str(&bad.out).unwrap();
    assert_eq!((bad.code, &got["items"][0]["place"]), (1, &json!("`shown`")), "{got}");
    let mut others: Value = serde_json::from_str(&keys.out).unwrap();
    let point = Phone::new().key();
    let (x, y) = point.coordinates();
    others["keys"][0]["x"] = json!(x);
    others["keys"][0]["y"] = json!(y);
    write("others.json", &others.to_string());
    let bad = verify(folder.path(), &["receipt.jwt", "--keys", "others.json"]).await;
    assert!(bad.code == 1 && bad.out.contains("the signature is not of the key"), "{bad:?}");
    write("none.txt", "");
    for (line, why) in [
        (["none.txt", "--keys", "keys.json"], "it is empty"),
        (["absent.txt", "--keys", "keys.json"], "failed to read absent.txt"),
        (["receipt.jwt", "--keys", "none.txt"], "not a JWKS document"),
    ] {
        let bad = verify(folder.path(), &line).await;
        assert_eq!((bad.code, bad.out.as_str()), (1, ""), "{bad:?}");
        bad.mentions(&[why]);
    }
    assert_eq!(verify(folder.path(), &["receipt.jwt"]).await.code, 2, "keys are named");
}
