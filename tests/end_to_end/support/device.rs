//! A browser's key for one host: registers and renews as Chromium does (Device Bound Session Credentials).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use hyper::Method;
use sekisho::random::base64url;
use serde_json::{Value, json};

use super::{Answer, Browser, World};

/// What Chromium sends with a navigation.
pub const NAVIGATION: [(&str, &str); 2] = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];

pub struct Device {
    pair: EcdsaKeyPair,
    pub id: String,
    pub challenge: String,
    host: String,
}

/// The same browser, saying what a navigation says.
pub fn navigating(browser: Browser) -> Browser {
    NAVIGATION.iter().fold(browser, |browser, (name, value)| browser.with_header(name, value))
}

/// The value of a parameter in a field: `challenge="…"`.
fn parameter(field: &str, name: &str) -> String {
    let rest = field.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {field}"));
    rest.split('"').next().unwrap().to_owned()
}

impl Device {
    pub fn new(host: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { pair, id: String::new(), challenge: String::new(), host: host.to_owned() }
    }

    pub fn proof(&self, challenge: &str, with_key: bool) -> String {
        let point = self.pair.public_key().as_ref();
        let mut header = json!({"alg": "ES256", "typ": "dbsc+jwt"});
        if with_key {
            header["jwk"] = json!({"kty": "EC", "crv": "P-256", "x": base64url(&point[1..33]), "y": base64url(&point[33..])});
        }
        let text = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", text(&header), text(&json!({"jti": challenge})));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", base64url(signature.as_ref()))
    }

    /// Answers the offer of an answer: the POST that a browser sends after it.
    pub async fn register(&mut self, world: &World, browser: &mut Browser, offer: &str) -> Answer {
        assert!(offer.starts_with("(ES256 RS256);"), "{offer}");
        let proof = self.proof(&parameter(offer, "challenge"), true);
        let answer = self.post(world, browser, &parameter(offer, "path"), &[("secure-session-response", &proof)]).await;
        if answer.status == 200 {
            answer.json()["session_identifier"].as_str().unwrap().clone_into(&mut self.id);
            self.learn(&answer);
        }
        answer
    }

    fn learn(&mut self, answer: &Answer) {
        if let Some(next) = answer.header("secure-session-challenge") {
            assert_eq!(parameter(next, "id"), self.id);
            next.split('"').nth(1).unwrap().clone_into(&mut self.challenge);
        }
    }

    /// One POST for a renewal, with this proof or none.
    pub async fn refresh_with(&mut self, world: &World, browser: &mut Browser, proof: Option<&str>) -> Answer {
        let id = self.id.clone();
        let mut fields = vec![("sec-secure-session-id", id.as_str())];
        fields.extend(proof.map(|proof| ("secure-session-response", proof)));
        let answer = self.post(world, browser, "/.sekisho/device/refresh", &fields).await;
        self.learn(&answer);
        answer
    }

    /// A renewal as a browser does it: by the challenge that it knows, and once more where that is not good any more.
    pub async fn refresh(&mut self, world: &World, browser: &mut Browser) -> Answer {
        let proof = self.proof(&self.challenge, false);
        let answer = self.refresh_with(world, browser, Some(&proof)).await;
        if answer.status != 403 {
            return answer;
        }
        let proof = self.proof(&self.challenge, false);
        self.refresh_with(world, browser, Some(&proof)).await
    }

    /// A POST of the browser's own, with its cookies.
    pub async fn post(&self, world: &World, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = std::mem::take(&mut browser.headers);
        let own = [("sec-fetch-mode", "no-cors"), ("sec-fetch-site", "same-origin"), ("accept", "*/*")];
        browser.headers = own.iter().chain(fields).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = browser.send(Method::POST, &world.url(self.host.trim_end_matches(".test"), path), None).await;
        browser.headers = headers;
        answer
    }
}
