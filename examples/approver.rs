//! A small approver, by docs/approver-protocol.md: it registers with a link, polls for questions, shows each with its numbers, and
//! signs the answer. It shows the tables of users who sign in by `token_matrix`. `cargo run --example approver -- LINK AUTHORITY.pem`; the example `embed` prints both.
//!
//! Its key lives as long as the process. An approver for daily use stores it, shows `shown` as a page, and listens to `events`.

#![expect(clippy::indexing_slicing, reason = "an index into a JSON value by name gives null where it is absent")]
#![expect(clippy::disallowed_methods, reason = "a program of its own, which nobody hands a clock")]

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};

/// A key, and the portal that it speaks to.
#[derive(Debug)]
pub struct Approver {
    key: EcdsaKeyPair,
    portal: String,
    tls: Arc<ClientConfig>,
}

impl Approver {
    /// Makes a key and registers it by a link: `https://PORTAL/approver/#add=SECRET`.
    ///
    /// # Errors
    /// What went wrong first. So for the others.
    pub fn register(link: &str, authority: &Path) -> Result<Self, Box<dyn Error>> {
        let (portal, secret) = link.split_once("/approver/#add=").ok_or("this is not the link of an approver")?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority)?)?;
        let tls = Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth());
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let approver = Self { key, portal: portal.to_owned(), tls };
        approver.call("POST", "register", &json!({ "link": secret, "name": "example" }).to_string())?;
        Ok(approver)
    }

    /// The questions that wait for an answer, of all users that it serves.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub fn questions(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
        let seen = self.call("GET", "slots", "")?;
        Ok(list(&seen, "slots").iter().flat_map(|slot| list(slot, "approvals")).collect())
    }

    /// Signs `approve` or `deny` about exactly the text that was shown, and sends it. Answers the state of the question.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub fn answer(&self, question: &Value, decision: &str, number: Option<&str>) -> Result<Value, Box<dyn Error>> {
        let (id, shown) = (question["id"].as_str().unwrap_or_default(), question["shown"].as_str().unwrap_or_default());
        let digest = BASE64URL.encode(digest(&SHA256, shown.as_bytes()));
        let mut claims = json!({ "approval": id, "decision": decision, "aud": self.portal, "shown": digest });
        if let Some(number) = number {
            claims["number"] = json!(number);
        }
        let answer = self.sign(&json!({ "alg": "ES256", "typ": "sekisho-answer+jwt" }), claims)?;
        self.call("POST", &format!("approvals/{id}"), &json!({ "answer": answer }).to_string())
    }

    /// What the tables of a user follow from. The gateway says it once: a second request draws another one, and the tables of the one
    /// before count no more. `None` for a user who does not sign in by `token_matrix`.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub fn seed(&self, user: &str) -> Result<Option<TableSeed>, Box<dyn Error>> {
        let seen = self.call("GET", "slots", "")?;
        let slots = seen["slots"].as_array().cloned().unwrap_or_default();
        if !slots.iter().any(|slot| slot["user"] == user && slot["table"].is_object()) {
            return Ok(None);
        }
        Ok(Some(TableSeed::of(&self.call("POST", &format!("slots/{user}/table"), "")?)?))
    }

    /// A JWS (RFC 7515), with the time and an id that is used once.
    fn sign(&self, header: &Value, mut claims: Value) -> Result<String, Box<dyn Error>> {
        let mut id = [0; 16];
        rand::fill(&mut id)?;
        claims["jti"] = json!(BASE64URL.encode(id));
        claims["iat"] = json!(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs());
        let signed = format!("{}.{}", BASE64URL.encode(header.to_string()), BASE64URL.encode(claims.to_string()));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes())?;
        Ok(format!("{signed}.{}", BASE64URL.encode(signature)))
    }

    /// One request, on a connection of its own, with the proof of the key (RFC 9449).
    fn call(&self, method: &str, path: &str, body: &str) -> Result<Value, Box<dyn Error>> {
        let address = format!("{}/approver/api/{path}", self.portal);
        // A point without compression: one byte, then x and y of 32 bytes each.
        let point = self.key.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|rest| rest.split_at_checked(32)).ok_or("this is not a key on P-256")?;
        let key = json!({ "kty": "EC", "crv": "P-256", "x": BASE64URL.encode(x), "y": BASE64URL.encode(y) });
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": key });
        let proof = self.sign(&header, json!({ "htm": method, "htu": address }))?;

        let authority = self.portal.strip_prefix("https://").ok_or("the portal is not an https address")?;
        let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
        // RFC 6761: names below `localhost` are this machine, also where the resolver does not know it.
        let stream = TcpStream::connect((if host.ends_with(".localhost") { "127.0.0.1" } else { host }, port.parse()?))?;
        let tls = ClientConnection::new(Arc::clone(&self.tls), ServerName::try_from(host.to_owned())?)?;
        let mut stream = StreamOwned::new(tls, stream);
        write!(
            stream,
            "{method} /approver/api/{path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ndpop: {proof}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("this is not an answer of HTTP")?;
        if head.starts_with("HTTP/1.1 2") { Ok(serde_json::from_str(body)?) } else { Err(answer.into()) }
    }
}

/// What the tables of a user follow from.
#[derive(Debug)]
pub struct TableSeed {
    key: hmac::Key,
    width: usize,
    rows: usize,
}

impl TableSeed {
    /// Reads the answer of the gateway.
    ///
    /// # Errors
    /// It is none.
    pub fn of(drawn: &Value) -> Result<Self, Box<dyn Error>> {
        let secret = BASE64URL.decode(drawn["secret"].as_str().ok_or("no seed was drawn")?)?;
        let side = |name: &str| drawn[name].as_u64().and_then(|side| usize::try_from(side).ok()).unwrap_or_default();
        let (width, rows) = (side("blocks") * side("columns"), side("rows"));
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, &secret), width, rows })
    }

    /// The table at a moment, in seconds since 1970: one line of digits for each row.
    pub fn table(&self, time: u64) -> Vec<String> {
        let mut digits = String::new();
        for counter in 0_u32.. {
            if digits.len() >= self.width * self.rows || self.width == 0 {
                break;
            }
            let message = [&b"sekisho token matrix 1\0"[..], &(time / 30).to_be_bytes(), &counter.to_be_bytes()].concat();
            for word in hmac::sign(&self.key, &message).as_ref().chunks_exact(4) {
                let word = word.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
                digits.push_str(&((word * 10) >> 32).to_string());
            }
        }
        let row = |row: usize| digits.chars().skip(row * self.width).take(self.width).collect();
        (0..self.rows).map(row).collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [link, authority] = arguments.as_slice() else { return Err("usage: approver LINK AUTHORITY.pem".into()) };
    let approver = Approver::register(link, Path::new(authority))?;
    let mut out = io::stdout();
    writeln!(out, "registered; waiting for questions")?;
    loop {
        for question in approver.questions()? {
            writeln!(out, "{}", question["shown"].as_str().unwrap_or_default())?;
            writeln!(out, "The number (of {}), `yes` where there is none, or `no`: ", question["offered"])?;
            let mut line = String::new();
            io::stdin().read_line(&mut line)?;
            let (decision, number) = match line.trim() {
                "yes" => ("approve", None),
                "no" | "" => ("deny", None),
                number => ("approve", Some(number)),
            };
            writeln!(out, "{}", approver.answer(&question, decision, number)?["state"])?;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}
