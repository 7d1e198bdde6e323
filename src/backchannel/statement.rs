//! What an app receives for an approval: a statement signed by our keys, with the approver's own signature inside, and the
//! tokens of OpenID Connect. Both verify with the portal's JWKS.
//! Invariant: what is stated was signed by the approver over the very text that the phone showed.

use std::time::Duration;

use aws_lc_rs::digest;
use serde::Serialize;

use super::exchange::Grant;
use super::request::{ApprovedStatement, StoredRequest};
use crate::approval::Consent;
use crate::approval::key::PublicKey;
use crate::approval::question::Signed;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::random::base64url;
use crate::seal::SecretToken;

/// How long a statement may be taken as news. What the approver signed in it proves itself, later too.
const STATED: Duration = Duration::from_secs(3600);
/// How long the tokens are good: the client exchanges them at this moment.
const TOKENS: Duration = Duration::from_secs(300);
/// The type of a statement.
const KIND: &str = "sekisho-approval+jwt";
/// How it was approved (RFC 8176): by a key in software on the phone.
const REFERENCES: [&str; 1] = ["swk"];

#[derive(Debug, Serialize)]
struct Statement<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    auth_time: i64,
    amr: [&'static str; 1],
    auth_req_id: &'a str,
    /// The approval's id, as audit log and phone know it.
    approval: &'a str,
    /// Whether a number was carried to the phone.
    number: bool,
    /// The text that the phone showed.
    shown: &'a str,
    /// Its SHA-256: the `shown` of the approver's own answer.
    shown_digest: &'a str,
    /// What the approver signed, and the key.
    answer: &'a str,
    answer_key: &'a PublicKey,
}

/// OpenID Connect Core §2, CIBA §7.3 for the last of the standard ones.
#[derive(Debug, Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    auth_time: i64,
    amr: [&'static str; 1],
    at_hash: String,
    #[serde(rename = "urn:openid:params:jwt:claim:auth_req_id")]
    auth_req_id: &'a str,
    #[serde(rename = "urn:sekisho:claim:approval")]
    approval: &'a str,
    #[serde(rename = "urn:sekisho:claim:shown_digest")]
    shown_digest: &'a str,
}

/// Issues statements and tokens in the name of the portal.
#[derive(Debug)]
pub(super) struct Issuer<'a> {
    core: &'a Core,
    issuer: String,
}

impl<'a> Issuer<'a> {
    pub(super) fn of(core: &'a Core) -> Self {
        Self { core, issuer: core.config().file.portal.url.trim_end_matches('/').to_owned() }
    }

    /// States what was consented to; `None` if there is nothing signed, or nothing to sign with.
    pub(super) fn state(&self, kept: &StoredRequest, consent: &Consent, id: &str) -> Option<ApprovedStatement> {
        // A question of an app is answered by approvers alone.
        let Some(Signed::Approver { answer, key }) = consent.signed() else { return None };
        let now = self.core.clock().now();
        let shown_digest = base64url(digest::digest(&digest::SHA256, consent.shown().as_bytes()).as_ref());
        let statement = Statement {
            iss: &self.issuer,
            aud: &kept.app,
            sub: consent.user().as_str(),
            iat: now.seconds(),
            exp: now.plus(STATED).seconds(),
            jti: base64url(&self.core.random().id()),
            auth_time: consent.at().seconds(),
            amr: REFERENCES,
            auth_req_id: id,
            approval: consent.approval().as_str(),
            number: consent.number_carried(),
            shown: consent.shown(),
            shown_digest: &shown_digest,
            answer,
            answer_key: key,
        };
        let statement = self.core.signing_keys().sign(KIND, &statement)?;
        Some(ApprovedStatement { statement, at: consent.at(), shown: shown_digest })
    }

    /// The tokens.
    pub(super) fn grant(&self, kept: &StoredRequest, given: &ApprovedStatement, id: &str) -> Option<Grant> {
        let now: Timestamp = self.core.clock().now();
        let access_token = SecretToken::draw(&**self.core.random()).text().to_owned();
        let id_token = IdToken {
            iss: &self.issuer,
            aud: &kept.app,
            sub: kept.user.as_str(),
            iat: now.seconds(),
            exp: now.plus(TOKENS).seconds(),
            auth_time: given.at.seconds(),
            amr: REFERENCES,
            at_hash: left_half(&access_token),
            auth_req_id: id,
            approval: kept.approval.as_str(),
            shown_digest: &given.shown,
        };
        let id_token = self.core.signing_keys().sign("JWT", &id_token)?;
        Some(Grant { access_token, expires_in: TOKENS, id_token, statement: given.statement.clone() })
    }
}

/// OpenID Connect Core §3.1.3.6: the left half of the digest.
fn left_half(token: &str) -> String {
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    base64url(digest.as_ref().get(..16).unwrap_or_default())
}
