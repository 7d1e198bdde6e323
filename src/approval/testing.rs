//! A phone for tests: a key of its own, and everything that an approver signs.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::Consent;
use super::answerer::Answerer;
use super::approver::Slot;
use super::key::PublicKey;
use super::question::{Purpose, Question};
use crate::approval::id::ApprovalId;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::facts::request_digest::RequestDigest;
use crate::principal::user::UserId;
use crate::random::{OsRandom, Random as _, base64url};

pub(crate) const PORTAL: &str = "https://auth.example.com";

/// A phone.
pub(crate) struct Phone {
    pair: EcdsaKeyPair,
    pub(crate) key: PublicKey,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let key = PublicKey::from_point(pair.public_key().as_ref()).unwrap();
        Self { pair, key }
    }

    /// Registered for a user without a link.
    pub(crate) async fn registered(core: &Core, user: &str) -> Self {
        let phone = Self::new();
        phone.register(core, user).await;
        phone
    }

    pub(crate) async fn register(&self, core: &Core, user: &str) -> Slot {
        let user = UserId::parse(user).unwrap();
        core.approvals().approvers.register(&self.key, &user, "phone", "Chrome, Android", 3).await.unwrap()
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", text(header), text(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", base64url(signature.as_ref()))
    }

    /// The words of an answer; a test bends what it wants bent.
    pub(crate) fn words(question: &Question, decision: &str, number: Option<&str>, now: Timestamp) -> Value {
        let mut words = json!({
            "approval": question.id, "decision": decision, "shown": question.digest(), "aud": PORTAL,
            "iat": now.seconds(), "jti": base64url(&OsRandom::new().id()),
        });
        if let Some(number) = number {
            words["number"] = json!(number);
        }
        words
    }

    pub(crate) fn answer_of(&self, words: &Value) -> String {
        self.sign(&json!({ "alg": "ES256", "typ": "sekisho-answer+jwt" }), words)
    }

    pub(crate) fn answer(&self, question: &Question, decision: &str, number: Option<&str>, now: Timestamp) -> String {
        self.answer_of(&Self::words(question, decision, number, now))
    }

    pub(crate) fn release(&self, user: &str, service: &str, now: Timestamp) -> String {
        let words = json!({
            "user": user, "service": service, "aud": PORTAL, "iat": now.seconds(), "jti": base64url(&OsRandom::new().id()),
        });
        self.sign(&json!({ "alg": "ES256", "typ": "sekisho-release+jwt" }), &words)
    }

    /// The proof that a request carries.
    pub(crate) fn proof(&self, method: &str, path: &str, now: Timestamp) -> String {
        let words = json!({
            "htm": method, "htu": format!("{PORTAL}{path}"), "iat": now.seconds(), "jti": base64url(&OsRandom::new().id()),
        });
        self.sign(&json!({ "alg": "ES256", "typ": "dpop+jwt", "jwk": self.key }), &words)
    }
}

/// A yes as [`Approvals::take`](super::Approvals::take) gives it, of a transaction of an app.
pub(crate) fn consent_for_tests(
    user: &str,
    at: Timestamp,
    transaction: Option<(&str, &str)>,
    request: Option<RequestDigest>,
) -> Consent {
    Consent {
        approval: ApprovalId::new([1; 16]),
        purpose: Purpose::Transaction,
        user: UserId::parse(user).unwrap(),
        by: Answerer::Approver(Phone::new().key.id()),
        at,
        number: false,
        transaction: transaction.map(|(app, name)| (app.to_owned(), name.to_owned())),
        request,
        signed: None,
        shown: String::new(),
    }
}
