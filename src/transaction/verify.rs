//! Whether a receipt is good, with nothing at hand but public keys: no directory, no config, no clock. The gateway's key
//! answers for the whole and for which approver is whose; each approver's own key answers for what that one said to what.
//! Invariant: nothing in a receipt is believed before the gateway's signature over it was verified, and no answer in it
//! before the approver's.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::receipt::{self, Counting, ReceiptClaims, TYPE, Way};
use super::records::GivenAnswer;
use crate::approval::key::PublicKey;
use crate::approval::question::{Answer, Decision, Details, Purpose, Shown, Signed};
use crate::approval::signed;
use crate::clock::Timestamp;
use crate::random::base64url;

/// The type of an approver's answer (docs/approver-protocol.md).
const ANSWER: &str = "sekisho-answer+jwt";
/// The longest file that is looked at.
pub const LONGEST: usize = 256 << 20;
/// The longest receipt that is looked at.
const LONGEST_RECEIPT: usize = 4 << 20;
/// How wrong an approver's clock may be, in seconds.
const SKEW: i64 = 15 * 60;

/// Why something is not good: where, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{place}: {why}")]
pub struct ReceiptFault {
    /// Where: `the receipt`, `answer 2 (bob)`.
    pub place: String,
    /// What is wrong there.
    pub why: String,
}

fn fault(place: &str, why: impl Into<String>) -> ReceiptFault {
    ReceiptFault { place: place.to_owned(), why: why.into() }
}

/// The gateway's public keys.
#[derive(Debug)]
pub struct ReceiptKeys(Vec<GatewayKey>);

#[derive(Debug, Deserialize)]
struct GatewayKey {
    kid: String,
    #[serde(flatten)]
    key: PublicKey,
    /// It signed nothing before, in seconds.
    #[serde(default)]
    nbf: Option<i64>,
    /// It signs nothing after.
    #[serde(default)]
    exp: Option<i64>,
}

impl ReceiptKeys {
    /// Reads a JWKS document (RFC 7517 §5): that of `sekisho audit keys`, or `/.well-known/jwks.json` while it lasts. Keys
    /// of other kinds are passed over.
    ///
    /// # Errors
    /// [`ReceiptFault`].
    pub fn parse(text: &str) -> Result<Self, ReceiptFault> {
        let place = "the keys";
        let document: Value =
            serde_json::from_str(text).map_err(|error| fault(place, format!("not a JWKS document: {error}")))?;
        let listed = document.get("keys").and_then(Value::as_array).ok_or_else(|| fault(place, "not a JWKS document"))?;
        let is_ours =
            |key: &&Value| key.get("kty").is_some_and(|kind| kind == "EC") && key.get("crv").is_some_and(|crv| crv == "P-256");
        let mut keys: Vec<GatewayKey> = Vec::new();
        for (number, key) in listed.iter().enumerate().filter(|(_, key)| is_ours(key)) {
            let unusable = |why: String| fault(&format!("key {}", number + 1), why);
            let key: GatewayKey = serde_json::from_value(key.clone()).map_err(|error| unusable(error.to_string()))?;
            if key.key.point().is_none() {
                return Err(unusable("its coordinates are not 32 bytes each".to_owned()));
            }
            if keys.iter().any(|other| other.kid == key.kid) {
                return Err(unusable(format!("there are two of the name {}", key.kid)));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(fault(place, "there is no P-256 key among them"));
        }
        Ok(Self(keys))
    }
}

/// A document to be verified: a receipt, and the fields beside it if it comes from the answer of `transaction show`.
#[derive(Clone, Debug)]
pub struct Document {
    receipt: Option<String>,
    beside: Option<Map<String, Value>>,
}

/// Reads what a file holds: receipts in their compact form, one a line, or the JSON of `transaction show` or
/// `transaction export`, any number of them.
///
/// # Errors
/// [`ReceiptFault`].
pub fn documents(text: &str) -> Result<Vec<Document>, ReceiptFault> {
    let place = "the file";
    let text = text.trim();
    if text.is_empty() {
        return Err(fault(place, "it is empty"));
    }
    if !text.starts_with('{') {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        return Ok(lines.map(|line| Document { receipt: Some(line.to_owned()), beside: None }).collect());
    }
    serde_json::Deserializer::from_str(text)
        .into_iter::<Map<String, Value>>()
        .map(|beside| {
            let beside = beside.map_err(|error| fault(place, format!("not JSON: {error}")))?;
            let receipt = beside.get("receipt").and_then(Value::as_str).map(str::to_owned);
            Ok(Document { receipt, beside: Some(beside) })
        })
        .collect()
}

/// A receipt that is good.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// The key of the gateway that signed it.
    pub key: String,
    /// What it says.
    pub receipt: ReceiptClaims,
    /// What approvers said, each verified with that approver's own key.
    pub said: Vec<VerifiedAnswer>,
}

/// What one approver said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifiedAnswer {
    /// Who.
    pub user: String,
    /// On which approver, or with which passkey: the thumbprint of its key.
    pub approver: String,
    /// Whether that is a passkey.
    pub by_passkey: bool,
    /// `approve`, `deny` or `not_me`.
    pub decision: Decision,
    /// Whether it counted as a yes; a yes with a wrong number did not.
    pub counted: bool,
    /// When, by the approver's clock; a passkey signs no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Verifies one.
///
/// # Errors
/// The first [`ReceiptFault`].
pub fn verify(document: &Document, keys: &ReceiptKeys) -> Result<Verified, ReceiptFault> {
    let text = document.receipt.as_deref().ok_or_else(|| fault("the document", "there is no receipt in it"))?;
    let (key, claims) = opened(text, keys)?;
    coherent(&claims)?;
    let mut said = Vec::with_capacity(claims.answers.len());
    let mut approvals = BTreeSet::new();
    for (number, given) in claims.answers.iter().enumerate() {
        let place = format!("answer {} ({})", number + 1, given.user);
        let (approval, one) = answered(&claims, given, &place)?;
        if !approvals.insert(approval) {
            return Err(fault(&place, "the same approval is answered twice"));
        }
        said.push(one);
    }
    enough(&claims, &said)?;
    if let Some(beside) = &document.beside {
        agrees(beside, &claims)?;
    }
    Ok(Verified { key, receipt: claims, said })
}

/// The gateway's signature.
fn opened(text: &str, keys: &ReceiptKeys) -> Result<(String, ReceiptClaims), ReceiptFault> {
    let place = "the receipt";
    if text.len() > LONGEST_RECEIPT {
        return Err(fault(place, "it is too long"));
    }
    let header = jsonwebtoken::decode_header(text).map_err(|_| fault(place, "not a JWS with a known algorithm"))?;
    if header.alg != jsonwebtoken::Algorithm::ES256 {
        return Err(fault(place, format!("it is signed by {:?}; a receipt is signed by ES256", header.alg)));
    }
    if header.typ.as_deref() != Some(TYPE) {
        let found = header.typ.as_deref().unwrap_or("none");
        return Err(fault(place, format!("it is a JWS of another type: {found}, and not {TYPE}")));
    }
    let id = header.kid.ok_or_else(|| fault(place, "it names no key"))?;
    let unknown = || fault(place, format!("it is signed by the key {id}, which is not among the keys given"));
    let key = keys.0.iter().find(|key| key.kid == id).ok_or_else(unknown)?;
    let claims: ReceiptClaims = signed::open_long(text, TYPE, &key.key).map_err(|error| match error {
        signed::Unsigned::Signature => {
            fault(place, format!("the signature is not of the key {id}, or something of the receipt was altered"))
        }
        _ => fault(place, "it does not say what a receipt says"),
    })?;
    if key.nbf.is_some_and(|from| claims.iat < from) || key.exp.is_some_and(|until| claims.iat > until) {
        return Err(fault(place, format!("it says a time at which the key {id} did not sign")));
    }
    Ok((id, claims))
}

/// Words that a transaction ends by.
const ENDINGS: [&str; 7] = ["forwarded", "denied", "cancelled", "expired", "refused", "not_sent", "unknown"];

/// What the receipt says agrees with itself.
fn coherent(claims: &ReceiptClaims) -> Result<(), ReceiptFault> {
    let place = "the receipt";
    if !ENDINGS.contains(&claims.outcome.as_str()) {
        return Err(fault(place, format!("{:?} is not an outcome", claims.outcome)));
    }
    if claims.status.is_some() != (claims.outcome == "forwarded") {
        return Err(fault(place, "a status is there with `forwarded`, and with nothing else"));
    }
    if claims.details.name != claims.name || claims.details.request.map(|request| request.text()) != Some(claims.request.clone())
    {
        return Err(fault(place, "what was shown is of another transaction or another request"));
    }
    let (asked_at, ended_at) = (seconds(&claims.asked_at, place)?, seconds(&claims.ended_at, place)?);
    if asked_at > ended_at || claims.iat != ended_at {
        return Err(fault(place, "its times are not in order"));
    }
    if claims.rule.by == Way::Push && claims.rule.needs == 0 {
        return Err(fault(place, "it says that nobody had to approve"));
    }
    Ok(())
}

/// One answer: the approver's signature, and that it is an answer to exactly this.
fn answered(claims: &ReceiptClaims, given: &GivenAnswer, place: &str) -> Result<(String, VerifiedAnswer), ReceiptFault> {
    let wrong = |why: String| fault(place, why);
    if given.signed.signer().as_ref() != Some(&given.approver) {
        return Err(wrong(format!("the key in it is not that of the approver {}", given.approver)));
    }
    let digest = base64url(digest::digest(&digest::SHA256, given.shown.as_bytes()).as_ref());
    let shown: Shown =
        serde_json::from_str(&given.shown).map_err(|error| wrong(format!("what was shown cannot be read: {error}")))?;
    if shown.portal != claims.iss {
        return Err(wrong(format!("it was for {}, and the receipt is of {}", shown.portal, claims.iss)));
    }
    let (decision, signed_at) = match &given.signed {
        Signed::Approver { answer, key } => {
            let answer = by_approver(answer, key, &digest, &shown, &claims.iss).map_err(wrong)?;
            (answer.decision, Some(answer.iat))
        }
        Signed::Passkey { assertion } => {
            assertion.verify(&shown.approval, &digest, &claims.iss).map_err(|why| wrong(why.to_owned()))?;
            (assertion.decision, None)
        }
    };
    if shown.user != given.user {
        return Err(wrong(format!("{} was asked, and {} is said to have answered", shown.user, given.user)));
    }
    if shown.purpose != Purpose::Transaction {
        return Err(wrong(format!("not an approval of a transaction but of the kind {}", shown.purpose.word())));
    }
    let details = shown.details.as_ref().ok_or_else(|| wrong("no details were shown".to_owned()))?;
    if details.request.map(|request| request.text()) != Some(claims.request.clone()) {
        return Err(wrong("another request was shown: its digest is another one".to_owned()));
    }
    if let Some(what) = difference(details, &claims.details) {
        return Err(wrong(format!("the approver was shown another {what} than the receipt says")));
    }
    let requester = claims.requester.as_deref().filter(|requester| *requester != given.user.as_str());
    if details.requester.as_deref() != requester {
        return Err(wrong("the approver was shown another requester than the receipt says".to_owned()));
    }
    let is_no = decision != Decision::Approve;
    if given.approved && is_no {
        return Err(wrong("the approver said no, and the receipt says yes".to_owned()));
    }
    if !given.approved && !is_no && !claims.rule.number {
        return Err(wrong("the approver said yes, and the receipt says no".to_owned()));
    }
    let (from, until) = (seconds(&claims.asked_at, place)? - SKEW, seconds(&claims.ended_at, place)? + SKEW);
    if signed_at.is_some_and(|at| !(from..=until).contains(&at)) {
        return Err(wrong("it was signed at another time".to_owned()));
    }
    let said = VerifiedAnswer {
        user: given.user.to_string(),
        approver: given.approver.to_string(),
        by_passkey: signed_at.is_none(),
        decision,
        counted: given.approved,
        at: signed_at.map(|at| Timestamp::from_seconds(at).rfc3339()),
    };
    Ok((shown.approval.to_string(), said))
}

/// What an approver signed, of exactly this.
fn by_approver(text: &str, key: &PublicKey, digest: &str, shown: &Shown, portal: &str) -> Result<Answer, String> {
    if key.point().is_none() {
        return Err("the key in it is not that of the approver: it is none of P-256".to_owned());
    }
    let answer: Answer = signed::open(text, ANSWER, key).map_err(|error| error.to_string())?;
    if answer.shown != digest {
        return Err("the approver signed the digest of another text than the one that is said to have been shown".to_owned());
    }
    if answer.approval != shown.approval {
        return Err(format!("the approver answered {}, and what was shown is {}", answer.approval, shown.approval));
    }
    if answer.aud != portal {
        return Err(format!("it was for {}, and the receipt is of {portal}", answer.aud));
    }
    Ok(answer)
}

/// The first difference between two details; the requester is left out, which each approver is shown separately.
fn difference(shown: &Details, kept: &Details) -> Option<String> {
    if shown.name != kept.name || shown.title != kept.title {
        return Some("name or title".to_owned());
    }
    if shown.sentence != kept.sentence {
        return Some("sentence".to_owned());
    }
    if shown.fields.len() != kept.fields.len() {
        return Some("number of fields".to_owned());
    }
    let field = shown.fields.iter().zip(&kept.fields).find(|(one, other)| one != other);
    field.map(|(_, kept)| format!("value or label of {:?}", kept.label.en))
}

/// Whether the answers justify the outcome.
fn enough(claims: &ReceiptClaims, said: &[VerifiedAnswer]) -> Result<(), ReceiptFault> {
    let place = "the outcome";
    let yes: BTreeSet<&str> = said.iter().filter(|one| one.counted).map(|one| one.user.as_str()).collect();
    let requester = claims.requester.as_deref();
    let astray = yes.iter().find(|user| match claims.rule.counts {
        Counting::Requester => requester != Some(**user),
        Counting::Others => requester == Some(**user),
        Counting::Anybody => false,
    });
    if let Some(user) = astray {
        return Err(fault(place, format!("the yes of {user} does not count for this transaction")));
    }
    let happened = matches!(claims.outcome.as_str(), "forwarded" | "unknown" | "not_sent");
    if happened && claims.rule.by == Way::Push && yes.len() < claims.rule.needs {
        let (outcome, needs) = (&claims.outcome, claims.rule.needs);
        return Err(fault(place, format!("{outcome} needs {needs} approvals, and {} are there", yes.len())));
    }
    if claims.outcome == "denied" && said.iter().all(|one| one.counted) {
        return Err(fault(place, "denied, and nobody said no"));
    }
    Ok(())
}

/// Whether the fields beside the receipt agree with it.
fn agrees(beside: &Map<String, Value>, claims: &ReceiptClaims) -> Result<(), ReceiptFault> {
    let answers: Vec<Value> = claims.answers.iter().map(answer_view).collect();
    let claimed = serde_json::to_value(claims).unwrap_or_default();
    let same = |name: &str| claimed.get(name).cloned().unwrap_or_default();
    let mut expected: Vec<(&str, Value)> = [
        "name",
        "requester",
        "address",
        "agent",
        "asked_at",
        "ended_at",
        "outcome",
        "status",
        "method",
        "authority",
        "target",
        "request",
        "details",
    ]
    .map(|name| (name, same(name)))
    .into();
    expected.extend([
        ("transaction", claims.jti.as_str().into()),
        ("app", claims.aud.as_str().into()),
        ("title", claims.details.title.en.as_str().into()),
        ("shown", receipt::lines(&claims.details).into()),
        ("answers", answers.into()),
    ]);
    for (name, value) in expected {
        if beside.get(name).is_some_and(|beside| *beside != value) {
            return Err(fault(&format!("`{name}`"), "what stands beside the receipt is not what the receipt says"));
        }
    }
    Ok(())
}

/// An answer as `transaction show` prints it.
pub fn answer_view(given: &GivenAnswer) -> Value {
    serde_json::json!({ "user": given.user, "approver": given.approver, "approved": given.approved })
}

fn seconds(text: &str, place: &str) -> Result<i64, ReceiptFault> {
    let moment = OffsetDateTime::parse(text, &Rfc3339);
    moment.map(OffsetDateTime::unix_timestamp).map_err(|_| fault(place, format!("{text:?} is not a time")))
}
