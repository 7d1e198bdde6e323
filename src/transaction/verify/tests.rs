//! Every way to alter a receipt: each is refused, and the error names the place.

use serde_json::{Value, json};

use aws_lc_rs::signature::KeyPair as _;

use super::*;
use crate::approval::assertion;
use crate::approval::id::ApprovalId;
use crate::approval::testing::{PORTAL, Phone};
use crate::factor::passkey::testing::SoftKey;

const ASKED: &str = "2027-01-15T08:00:00Z";
const ENDED: &str = "2027-01-15T08:01:00Z";
const ENDED_AT: i64 = 1_800_000_060;
const REQUEST: &str = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
const OTHER: &str = "JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4";
const APPROVAL: &str = "JZrC0e8cB3mQ5v1yKpX7nQ";

/// A gateway (its key is a phone's, for tests), and the phones of Bob and Carol.
struct World {
    gateway: Phone,
    bob: Phone,
    carol: Phone,
}

impl World {
    fn new() -> Self {
        Self { gateway: Phone::new(), bob: Phone::new(), carol: Phone::new() }
    }

    fn jwks(&self) -> Value {
        let mut key = serde_json::to_value(&self.gateway.key).unwrap();
        key["kid"] = json!("k1");
        json!({ "keys": [{ "kty": "RSA", "kid": "k0", "n": "AQAB", "e": "AQAB" }, key] })
    }

    fn keys(&self) -> ReceiptKeys {
        ReceiptKeys::parse(&self.jwks().to_string()).unwrap()
    }

    fn details(&self) -> Value {
        json!({
            "name": "transfer", "title": { "en": "Transfer", "ja": "振込" }, "request": REQUEST,
            "fields": [
                { "label": { "en": "Payee" }, "value": "ACME" },
                { "label": { "en": "Amount" }, "value": "100 EUR" },
            ],
        })
    }

    /// What a phone is shown of it.
    fn shown(&self, user: &str, approval: &str) -> Value {
        let mut details = self.details();
        details["requester"] = json!("alice");
        json!({
            "approval": approval, "purpose": "transaction", "user": user, "app": "Bank", "browser": "Firefox, Linux",
            "address": "192.0.2.7", "asked_at": ASKED, "portal": PORTAL, "details": details,
        })
    }

    fn words(&self, shown: &str, approval: &str, decision: &str) -> Value {
        let digest = base64url(digest::digest(&digest::SHA256, shown.as_bytes()).as_ref());
        json!({ "approval": approval, "decision": decision, "shown": digest, "aud": PORTAL, "iat": ENDED_AT - 10, "jti": "12345678" })
    }

    /// An answer as a receipt has it; `bend` bends what is shown and the words before they are signed.
    fn answer(
        &self,
        phone: &Phone,
        user: &str,
        approval: &str,
        decision: &str,
        bend: impl FnOnce(&mut Value, &mut Value),
    ) -> Value {
        let mut shown = self.shown(user, approval);
        let mut more = json!({});
        bend(&mut shown, &mut more);
        let shown = shown.to_string();
        let mut words = self.words(&shown, approval, decision);
        words.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({
            "user": user, "approver": phone.key.id(), "approved": decision == "approve", "shown": shown,
            "signed": { "answer": phone.answer_of(&words), "key": phone.key },
        })
    }

    fn bobs(&self) -> Value {
        self.answer(&self.bob, "bob", APPROVAL, "approve", |_, _| {})
    }

    /// The claims of a good receipt.
    fn claims(&self) -> Value {
        json!({
            "iss": PORTAL, "aud": "bank", "jti": OTHER[..22], "iat": ENDED_AT, "name": "transfer", "requester": "alice",
            "address": "192.0.2.7", "agent": "Firefox, Linux", "asked_at": ASKED, "ended_at": ENDED, "outcome": "forwarded",
            "status": 303, "method": "POST", "authority": "bank.example.com", "target": "/transfer", "request": REQUEST,
            "details": self.details(), "answers": [self.bobs()],
            "rule": { "by": "push", "needs": 1, "counts": "others", "groups": ["approvers"], "number": false, "password": false },
        })
    }

    fn signed(&self, claims: &Value) -> String {
        self.gateway.sign(&json!({ "alg": "ES256", "typ": TYPE, "kid": "k1" }), claims)
    }

    /// What is found of these claims, signed by the gateway: so much for a gateway that lies.
    fn judged(&self, claims: &Value) -> Result<Verified, ReceiptFault> {
        judged(&self.signed(claims), &self.keys())
    }
}

fn judged(text: &str, keys: &ReceiptKeys) -> Result<Verified, ReceiptFault> {
    let documents = documents(text)?;
    assert_eq!(documents.len(), 1, "one document");
    verify(&documents[0], keys)
}

#[test]
fn a_good_receipt_is_good_and_says_who_said_what() {
    let world = World::new();
    let found = world.judged(&world.claims()).unwrap();
    assert_eq!(found.key, "k1");
    let said = &found.said[0];
    assert_eq!((said.user.as_str(), said.counted, said.decision), ("bob", true, Decision::Approve));
    assert_eq!((said.approver.as_str(), said.at.as_deref()), (world.bob.key.id().as_str(), Some("2027-01-15T08:00:50Z")));
    assert_eq!(receipt::lines(&found.receipt.details), ["Payee: ACME", "Amount: 100 EUR"]);
}

#[test]
fn one_character_that_differs_anywhere_is_refused() {
    let world = World::new();
    let (text, keys) = (world.signed(&world.claims()), world.keys());
    assert!(judged(&text, &keys).is_ok());
    for at in 0..text.len() {
        let mut bent = text.clone().into_bytes();
        bent[at] = match bent[at] {
            b'A' => b'B',
            b'.' => b'A',
            _ => b'A',
        };
        let bent = String::from_utf8(bent).unwrap();
        assert!(judged(&bent, &keys).is_err(), "a changed character at {at} passes");
        // The lowest bit, where that is a character of base64url still: the last of each part carries bits that nobody reads.
        let mut bent = text.clone().into_bytes();
        bent[at] ^= 1;
        assert!(judged(&String::from_utf8(bent).unwrap(), &keys).is_err(), "a changed bit at {at} passes");
    }
    for bent in [&text[1..], &text[..text.len() - 1], &format!("{text}A"), &format!("{text}=")] {
        assert!(judged(bent, &keys).is_err(), "{bent}");
    }
}

#[test]
fn neither_another_key_nor_another_algorithm_nor_another_type_is_taken() {
    let world = World::new();
    let (claims, keys) = (world.claims(), world.keys());
    let refused = |text: &str, why: &str| {
        let fault = judged(text, &keys).unwrap_err();
        assert!(fault.place == "the receipt" && fault.why.contains(why), "{fault}: {why}");
    };
    let header = |alg: &str| json!({ "alg": alg, "typ": TYPE, "kid": "k1" });
    // Another's signature under the gateway's name, its key brought along: a key inside the text proves nothing.
    let mallory = Phone::new();
    refused(&mallory.sign(&header("ES256"), &claims), "the signature is not of the key k1");
    let mut brought = header("ES256");
    brought["jwk"] = serde_json::to_value(&mallory.key).unwrap();
    refused(&mallory.sign(&brought, &claims), "the signature is not of the key k1");
    // Keys that nobody gave.
    refused(&mallory.sign(&json!({ "alg": "ES256", "typ": TYPE, "kid": "k2" }), &claims), "not among the keys given");
    refused(&mallory.sign(&json!({ "alg": "ES256", "typ": TYPE }), &claims), "names no key");
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    refused(&format!("{}.{}.", part(&header("none")), part(&claims)), "not a JWS with a known algorithm");
    refused(&world.gateway.sign(&header("none"), &claims), "not a JWS");
    // HS256 with the public key as its secret: the oldest trick there is.
    let secret = world.gateway.key.point().unwrap();
    let named = jsonwebtoken::Header {
        typ: Some(TYPE.to_owned()),
        kid: Some("k1".to_owned()),
        ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256)
    };
    let hs256 = jsonwebtoken::encode(&named, &claims, &jsonwebtoken::EncodingKey::from_secret(&secret)).unwrap();
    refused(&hs256, "HS256; a receipt is signed by ES256");
    // What the gateway signs for apps is not a receipt, whatever it says.
    refused(&world.gateway.sign(&json!({ "alg": "ES256", "typ": "JWT", "kid": "k1" }), &claims), "another type");
    let critical = json!({ "alg": "ES256", "typ": TYPE, "kid": "k1", "crit": ["b64"], "b64": false });
    assert!(judged(&world.gateway.sign(&critical, &claims), &keys).is_err());
    // A key says when it signed.
    let mut jwks = world.jwks();
    jwks["keys"][1]["nbf"] = json!(ENDED_AT - 100);
    jwks["keys"][1]["exp"] = json!(ENDED_AT - 1);
    let fault = judged(&world.signed(&claims), &ReceiptKeys::parse(&jwks.to_string()).unwrap()).unwrap_err();
    assert!(fault.why.contains("did not sign"), "{fault}");
}

#[test]
fn a_gateway_that_lies_is_found_out_by_the_approvers_own_signatures() {
    let world = World::new();
    type Bend = fn(&World, &mut Value);
    let bends: [(&str, Bend); 26] = [
        ("another value or label of \"Payee\"", |_, claims| claims["details"]["fields"][0]["value"] = json!("Mallory")),
        ("another value or label of \"Amount\"", |_, claims| claims["details"]["fields"][1]["value"] = json!("100,000 EUR")),
        ("another number of fields", |_, claims| drop(claims["details"]["fields"].as_array_mut().unwrap().pop())),
        ("another name or title", |_, claims| claims["details"]["title"]["en"] = json!("Nothing")),
        ("another sentence", |_, claims| claims["details"]["sentence"] = json!({ "en": "Harmless." })),
        ("another transaction or another request", |_, claims| claims["request"] = json!(OTHER)),
        ("another request was shown", |_, claims| {
            claims["request"] = json!(OTHER);
            claims["details"]["request"] = json!(OTHER);
        }),
        ("another requester", |_, claims| claims["requester"] = json!("carol")),
        ("the receipt is of https://evil.example", |_, claims| claims["iss"] = json!("https://evil.example")),
        ("the yes of bob does not count", |_, claims| claims["rule"]["counts"] = json!("requester")),
        ("forwarded needs 2 approvals, and 1 are there", |_, claims| claims["rule"]["needs"] = json!(2)),
        ("forwarded needs 1 approvals, and 0 are there", |_, claims| claims["answers"] = json!([])),
        ("nobody had to approve", |_, claims| claims["rule"]["needs"] = json!(0)),
        ("the same approval is answered twice", |world, claims| claims["answers"] = json!([world.bobs(), world.bobs()])),
        ("not that of the approver", |world, claims| claims["answers"][0]["approver"] = json!(world.carol.key.id())),
        ("the signature was not made with its key", |world, claims| {
            // Another key under its own thumbprint, with the answer that Bob signed.
            claims["answers"][0]["approver"] = json!(world.carol.key.id());
            claims["answers"][0]["signed"]["key"] = json!(world.carol.key);
        }),
        ("the signature was not made with its key", |world, claims| {
            let other = world.answer(&world.carol, "bob", APPROVAL, "approve", |_, _| {});
            claims["answers"][0]["signed"]["answer"] = other["signed"]["answer"].clone();
        }),
        ("the digest of another text", |world, claims| {
            let other = world.answer(&world.bob, "bob", &OTHER[..22], "approve", |_, _| {});
            claims["answers"][0]["signed"]["answer"] = other["signed"]["answer"].clone();
        }),
        ("the digest of another text", |_, claims| {
            let shown = claims["answers"][0]["shown"].as_str().unwrap().replace("ACME", "ACNE");
            claims["answers"][0]["shown"] = json!(shown);
        }),
        ("bob was asked, and carol", |_, claims| claims["answers"][0]["user"] = json!("carol")),
        ("the approver said yes, and the receipt says no", |_, claims| {
            claims["answers"][0]["approved"] = json!(false);
            claims["outcome"] = json!("denied");
            claims["status"] = Value::Null;
        }),
        ("denied, and nobody said no", |_, claims| {
            claims["outcome"] = json!("denied");
            claims["status"] = Value::Null;
        }),
        ("a status is there with `forwarded`", |_, claims| claims["outcome"] = json!("expired")),
        ("is not an outcome", |_, claims| claims["outcome"] = json!("perhaps")),
        ("its times are not in order", |_, claims| claims["asked_at"] = json!("2027-01-15T09:00:00Z")),
        ("signed at another time", |_, claims| {
            claims["asked_at"] = json!("2027-01-16T08:00:00Z");
            claims["ended_at"] = json!("2027-01-16T08:01:00Z");
            claims["iat"] = json!(ENDED_AT + 86_400);
        }),
    ];
    for (why, bend) in bends {
        let mut claims = world.claims();
        bend(&world, &mut claims);
        let fault = world.judged(&claims).map(|found| format!("{found:?}")).unwrap_err();
        assert!(fault.to_string().contains(why), "{fault}: {why}");
    }
}

#[test]
fn an_answer_to_something_else_is_refused() {
    let world = World::new();
    type Bend = fn(&mut Value, &mut Value);
    let bends: [(&str, Bend); 8] = [
        ("it was for https://other.example", |_, words| words["aud"] = json!("https://other.example")),
        ("it was for https://other.example", |shown, _| shown["portal"] = json!("https://other.example")),
        ("not an approval of a transaction but of the kind sign_in", |shown, _| shown["purpose"] = json!("sign_in")),
        ("no details were shown", |shown, _| drop(shown.as_object_mut().unwrap().remove("details"))),
        ("another request was shown", |shown, _| shown["details"]["request"] = json!(OTHER)),
        ("another value or label", |shown, _| shown["details"]["fields"][1]["value"] = json!("1 EUR")),
        ("another requester", |shown, _| shown["details"]["requester"] = Value::Null),
        ("what was shown is", |_, words| words["approval"] = json!(&OTHER[..22])),
    ];
    for (why, bend) in bends {
        let mut claims = world.claims();
        claims["answers"] = json!([world.answer(&world.bob, "bob", APPROVAL, "approve", bend)]);
        let fault = world.judged(&claims).map(|found| format!("{found:?}")).unwrap_err();
        assert!(fault.place == "answer 1 (bob)" && fault.why.contains(why), "{fault}: {why}");
    }
    // A release, or a proof of a request, of the same key is not an answer either.
    let mut claims = world.claims();
    let words = world.words(claims["answers"][0]["shown"].as_str().unwrap(), APPROVAL, "approve");
    claims["answers"][0]["signed"]["answer"] =
        json!(world.bob.sign(&json!({ "alg": "ES256", "typ": "sekisho-release+jwt" }), &words));
    assert!(world.judged(&claims).unwrap_err().why.contains("sekisho-answer+jwt"));
}

#[test]
fn noes_wrong_numbers_four_eyes_and_codes_are_shown_as_they_were() {
    let world = World::new();
    let mut denied = world.claims();
    denied["answers"] = json!([world.answer(&world.bob, "bob", APPROVAL, "not_me", |_, _| {})]);
    denied["outcome"] = json!("denied");
    denied["status"] = Value::Null;
    let found = world.judged(&denied).unwrap();
    assert_eq!((found.said[0].counted, found.said[0].decision), (false, Decision::NotMe));
    denied["answers"][0]["approved"] = json!(true);
    assert!(world.judged(&denied).unwrap_err().why.contains("the approver said no, and the receipt says yes"));
    // A yes with the wrong number did not count.
    let mut wrong = world.claims();
    wrong["answers"] = json!([world.answer(&world.bob, "bob", APPROVAL, "approve", |_, words| words["number"] = json!("17"))]);
    wrong["answers"][0]["approved"] = json!(false);
    wrong["outcome"] = json!("denied");
    wrong["status"] = Value::Null;
    wrong["rule"]["number"] = json!(true);
    assert!(!world.judged(&wrong).unwrap().said[0].counted);
    // Two of a group; the same person twice is one.
    let mut two = world.claims();
    two["rule"]["needs"] = json!(2);
    two["answers"] = json!([world.bobs(), world.answer(&world.carol, "carol", &OTHER[..22], "approve", |_, _| {})]);
    assert_eq!(world.judged(&two).unwrap().said.len(), 2);
    two["answers"] = json!([world.bobs(), world.answer(&world.carol, "bob", &OTHER[..22], "approve", |_, _| {})]);
    assert!(world.judged(&two).unwrap_err().why.contains("needs 2 approvals, and 1 are there"));
    let alice = |shown: &mut Value, _: &mut Value| drop(shown["details"].as_object_mut().unwrap().remove("requester"));
    let mut own = world.claims();
    own["answers"] = json!([world.answer(&world.bob, "alice", APPROVAL, "approve", alice)]);
    assert!(world.judged(&own).unwrap_err().why.contains("the yes of alice does not count"));
    own["rule"]["counts"] = json!("requester");
    assert!(world.judged(&own).is_ok());
    // A code leaves no signature but the gateway's.
    let mut code = world.claims();
    code["answers"] = json!([]);
    code["rule"] = json!({ "by": "code", "needs": 0, "counts": "requester", "number": false, "password": true });
    assert!(world.judged(&code).unwrap().said.is_empty());
}

#[test]
fn what_stands_beside_a_receipt_is_held_against_it() {
    let world = World::new();
    let (claims, keys) = (world.claims(), world.keys());
    let beside = json!({
        "transaction": claims["jti"], "app": "bank", "name": "transfer", "title": "Transfer", "requester": "alice",
        "outcome": "forwarded", "status": 303, "asked_at": ASKED, "ended_at": ENDED, "details": claims["details"],
        "shown": ["Payee: ACME", "Amount: 100 EUR"], "request": REQUEST, "waiting": null,
        "answers": [{ "user": "bob", "approver": world.bob.key.id(), "approved": true }],
        "receipt": world.signed(&claims),
    });
    assert!(judged(&format!("{beside:#}"), &keys).is_ok());
    for (name, value) in [
        ("app", json!("wiki")),
        ("requester", json!("mallory")),
        ("outcome", json!("denied")),
        ("status", json!(200)),
        ("shown", json!(["Payee: ACME", "Amount: 1 EUR"])),
        ("answers", json!([])),
        ("details", json!({})),
        ("request", Value::Null),
    ] {
        let mut bent = beside.clone();
        bent[name] = value;
        let fault = judged(&bent.to_string(), &keys).unwrap_err();
        assert_eq!(fault.place, format!("`{name}`"), "{fault}");
    }
    let mut without = beside.clone();
    without["receipt"] = Value::Null;
    assert!(judged(&without.to_string(), &keys).unwrap_err().why.contains("no receipt"));
    // An export is a line each; receipts alone are, too.
    assert_eq!(documents(&format!("{beside}\n{beside}\n")).unwrap().len(), 2);
    assert_eq!(documents("a.b.c\n\nd.e.f\n").unwrap().len(), 2);
    assert!(documents("  \n").is_err() && documents("{\"receipt\": ").is_err());
}

#[test]
fn keys_that_cannot_be_distinguished_or_used_are_refused() {
    let world = World::new();
    let key = world.jwks()["keys"][1].clone();
    for (wrong, why) in [
        (json!({ "keys": [key, key] }), "there are two of the name k1"),
        (json!({ "keys": [] }), "no P-256 key"),
        (json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "k", "x": "AA", "y": "AA" }] }), "32 bytes"),
        (json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": key["x"], "y": key["y"] }] }), "kid"),
        (json!([]), "not a JWKS"),
    ] {
        assert!(ReceiptKeys::parse(&wrong.to_string()).unwrap_err().why.contains(why), "{wrong}");
    }
    assert!(ReceiptKeys::parse("keys").is_err());
}

/// What a passkey said, as a receipt has it.
fn by_passkey(world: &World, key: &mut SoftKey) -> Value {
    let shown = world.shown("bob", APPROVAL).to_string();
    let digest = base64url(digest::digest(&digest::SHA256, shown.as_bytes()).as_ref());
    let approval = ApprovalId::parse(APPROVAL).unwrap();
    let challenge = base64url(&assertion::challenge(&approval, &digest, Decision::Approve, "bm9uY2U"));
    let answer: Value = serde_json::from_str(&key.get(&json!({ "challenge": challenge }))).unwrap();
    let response = &answer["response"];
    let public = PublicKey::from_point(key.key.public_key().as_ref()).unwrap();
    json!({
        "user": "bob", "approver": public.id(), "approved": true, "shown": shown,
        "signed": { "assertion": {
            "decision": "approve", "nonce": "bm9uY2U", "authenticator_data": response["authenticatorData"],
            "client_data": response["clientDataJSON"], "signature": response["signature"], "key": public,
        } },
    })
}

#[test]
fn what_a_passkey_said_is_verified_by_its_own_key() {
    let world = World::new();
    let mut claims = world.claims();
    claims["answers"] = json!([by_passkey(&world, &mut SoftKey::new(1))]);
    let found = world.judged(&claims).unwrap();
    assert_eq!((found.said[0].user.as_str(), found.said[0].by_passkey, &found.said[0].at), ("bob", true, &None));
    type Bend = fn(&mut SoftKey);
    let keys: [(&str, Bend); 4] = [
        ("did not verify its user", |key| key.flags = 0x01),
        ("another origin", |key| key.origin = "https://auth.example.net".to_owned()),
        ("another origin", |key| key.cross_origin = true),
        ("the domain of somebody else", |key| key.rp_id = "example.net".to_owned()),
    ];
    for (why, bend) in keys {
        let mut key = SoftKey::new(1);
        bend(&mut key);
        claims["answers"] = json!([by_passkey(&world, &mut key)]);
        assert!(world.judged(&claims).unwrap_err().why.contains(why), "{why}");
    }
    // A domain above the portal's is one that browsers accept for it.
    let mut above = SoftKey::new(1);
    above.rp_id = "example.com".to_owned();
    claims["answers"] = json!([by_passkey(&world, &mut above)]);
    assert!(world.judged(&claims).is_ok());
    let good = by_passkey(&world, &mut SoftKey::new(1));
    let other = by_passkey(&world, &mut SoftKey::new(2));
    let bent = |path: &str, value: Value| {
        let mut bent = good.clone();
        *bent.pointer_mut(path).unwrap() = value;
        bent
    };
    for (why, answer) in [
        ("another challenge", bent("/signed/assertion/decision", json!("not_me"))),
        ("another challenge", bent("/signed/assertion/nonce", json!("bm9uY2V"))),
        ("another challenge", bent("/shown", json!(good["shown"].as_str().unwrap().replace("ACME", "ACNE")))),
        ("not made with its key", bent("/signed/assertion/signature", other["signed"]["assertion"]["signature"].clone())),
        ("not that of the approver", bent("/signed/assertion/key", other["signed"]["assertion"]["key"].clone())),
        ("cannot be read", bent("/signed/assertion/authenticator_data", json!("AAAA"))),
        ("cannot be read", bent("/signed/assertion/signature", json!("A="))),
        ("bob was asked, and carol", bent("/user", json!("carol"))),
    ] {
        claims["answers"] = json!([answer]);
        let fault = world.judged(&claims).unwrap_err();
        assert!(fault.why.contains(why), "{why}: {fault}");
    }
}
