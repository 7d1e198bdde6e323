//! Somebody's phone: a key, and everything that an approver signs, spoken through the TLS port.

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use hyper::Method;
use sekisho::approval::key::PublicKey;
use sekisho::clock::Clock as _;
use sekisho::principal::user::UserId;
use sekisho::random::{OsRandom, Random as _, base64url};
use serde_json::{Value, json};

use super::{Answer, World};

pub struct Phone {
    pair: EcdsaKeyPair,
    key: PublicKey,
}

impl Phone {
    /// One that is registered for these users.
    pub async fn of(world: &World, users: &[&str]) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let key = PublicKey::from_point(pair.public_key().as_ref()).unwrap();
        for user in users {
            let user = UserId::parse(user).unwrap();
            world.server.core().approvals().approvers.register(&key, &user, "phone", "Chrome, Android", 3).await.unwrap();
        }
        Self { pair, key }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", text(header), text(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", base64url(signature.as_ref()))
    }

    async fn call(&self, world: &World, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let words = json!({
            "htm": method.as_str(), "htu": world.url("auth", path), "iat": world.clock.now().seconds(),
            "jti": base64url(&OsRandom::new().id()),
        });
        let proof = self.sign(&json!({ "alg": "ES256", "typ": "dpop+jwt", "jwk": self.key }), &words);
        let mut browser = world.browser().with_header("dpop", &proof).with_header("accept", "application/json");
        if body.is_some() {
            browser = browser.with_header("content-type", "application/json");
        }
        browser.send(method, &world.url("auth", path), body.map(ToString::to_string).as_deref()).await
    }

    /// What it is called by administrators and at the account.
    pub fn id(&self) -> String {
        self.key.id().to_string()
    }

    /// Asks for the seed of this user's tables, of which each request draws a new one.
    pub async fn seed(&self, world: &World, user: &str) -> Answer {
        self.call(world, Method::POST, &format!("/approver/api/slots/{user}/table"), None).await
    }

    /// Takes itself out for this user.
    pub async fn leave(&self, world: &World, user: &str) -> Answer {
        self.call(world, Method::DELETE, &format!("/approver/api/slots/{user}"), None).await
    }

    /// What is asked of its users now.
    pub async fn asked(&self, world: &World) -> Vec<Value> {
        let answer = self.call(world, Method::GET, "/approver/api/slots", None).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let seen: Value = serde_json::from_str(&answer.body).unwrap();
        let slots = seen["slots"].as_array().unwrap();
        slots.iter().flat_map(|slot| slot["approvals"].as_array().unwrap().clone()).collect()
    }

    /// The text of a question, read.
    pub fn shown(question: &Value) -> Value {
        serde_json::from_str(question["shown"].as_str().unwrap()).unwrap()
    }

    /// Answers a question about this text.
    pub async fn answer_about(
        &self,
        world: &World,
        question: &Value,
        shown: &str,
        decision: &str,
        number: Option<&str>,
    ) -> Answer {
        let id = question["id"].as_str().unwrap();
        let mut words = json!({
            "approval": id, "decision": decision, "aud": world.url("auth", ""), "iat": world.clock.now().seconds(),
            "jti": base64url(&OsRandom::new().id()),
            "shown": base64url(digest::digest(&digest::SHA256, shown.as_bytes()).as_ref()),
        });
        if let Some(number) = number {
            words["number"] = json!(number);
        }
        let answer = self.sign(&json!({ "alg": "ES256", "typ": "sekisho-answer+jwt" }), &words);
        self.call(world, Method::POST, &format!("/approver/api/approvals/{id}"), Some(&json!({ "answer": answer }))).await
    }

    /// Answers the only question there is.
    pub async fn answer(&self, world: &World, decision: &str, number: Option<&str>) -> Answer {
        let asked = self.asked(world).await;
        assert_eq!(asked.len(), 1, "{asked:?}");
        let shown = asked[0]["shown"].as_str().unwrap().to_owned();
        self.answer_about(world, &asked[0], &shown, decision, number).await
    }
}
