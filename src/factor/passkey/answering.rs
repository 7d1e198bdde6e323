//! Answering a question with a passkey: a challenge that says what is answered, and the judgement of what comes back.
//!
//! The library draws its challenge itself and takes none. Two things could tie it to an answer: a note beside it in the row that
//! waits here, or the challenge itself. The note alone would do for this server, which takes the row once; but what the
//! authenticator signed would be a random number, and nobody but this server could ever say what was approved with it. So the
//! challenge is made of the answer ([`challenge`]), with the library's own as the part that makes it the only one, and is written
//! into the library's state in the form in which the library itself writes it down and reads it again; a form that changes with
//! a version of the library is an error and no answer, and `a_challenge_says_what_is_answered` fails. The row has the note as
//! well: an answer that arrives under another decision or another question finds none.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs_core::proto::{AuthenticationState, COSEKeyType, PublicKeyCredential};

use super::refusal::PasskeyError;
use super::using::{PasskeyOwner, drawn, sent};
use super::{Ceremony, Passkeys};
use crate::approval::PasskeyWord;
use crate::approval::assertion::{Assertion, AssertionKey, RsaKey, challenge};
use crate::approval::id::ApprovalId;
use crate::approval::key::PublicKey;
use crate::approval::question::Decision;
use crate::principal::user::UserId;
use crate::random::base64url;

/// What is answered: which question, what was shown of it, and the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub approval: ApprovalId,
    /// SHA-256 of the text that was shown, base64url.
    pub shown: String,
    /// The decision.
    pub decision: Decision,
}

/// A challenge that waits for its answer.
#[derive(Serialize, Deserialize)]
pub(super) struct PendingAnswer {
    to: Answered,
    nonce: String,
    rp_id: String,
    state: AuthenticationState,
}

impl Passkeys {
    /// A challenge for any passkey that its authenticator finds: whose it must be is not said to the browser, which has proved
    /// nothing yet.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn begin_answer(&self, to: Answered) -> Result<Ceremony, PasskeyError> {
        let party = self.party()?;
        let (mut options, state) = drawn(&party, Vec::new())?;
        let nonce = options.get("challenge").and_then(Value::as_str).ok_or_else(|| changed("no challenge"))?.to_owned();
        let own = base64url(&challenge(&to.approval, &to.shown, to.decision, &nonce));
        let mut state = serde_json::to_value(&state).map_err(|error| changed(&error.to_string()))?;
        for place in [state.get_mut("challenge"), options.get_mut("challenge")] {
            *place.ok_or_else(|| changed("no challenge"))? = own.as_str().into();
        }
        let state = serde_json::from_value(state).map_err(|error| changed(&error.to_string()))?;
        let pending = PendingAnswer { to, nonce, rp_id: party.id.clone(), state };
        let id = base64url(&self.random.id());
        self.answers.put_for(&id, &pending, party.lifetime).await?;
        Ok(Ceremony { id, options })
    }

    /// Verifies what the browser sends back, of a passkey of `user`. A challenge is taken by one answer.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn verify_answer(
        &self,
        user: &UserId,
        to: Answered,
        ceremony: &str,
        credential: &str,
    ) -> Result<PasskeyWord, PasskeyError> {
        let party = self.party()?;
        let pending = self.answers.take(ceremony).await?;
        let pending = pending.filter(|pending| pending.to == to && pending.rp_id == party.id).ok_or(PasskeyError::Over)?;
        let sent = sent(credential)?;
        let (record, _) = self.judge(&party, PasskeyOwner::Named(user), &pending.state, &sent).await?;
        let key = key_of(&record.credential.cred.key).ok_or_else(|| changed("a key that is not offered"))?;
        let Answered { approval, shown, decision } = to;
        let assertion = kept(&sent, decision, pending.nonce, key);
        Ok(PasskeyWord { user: record.user, passkey: record.passkey.id, approval, decision, shown, assertion })
    }
}

/// What is kept of an answer.
fn kept(sent: &PublicKeyCredential, decision: Decision, nonce: String, key: AssertionKey) -> Assertion {
    Assertion {
        decision,
        nonce,
        authenticator_data: base64url(&sent.response.authenticator_data),
        client_data: base64url(&sent.response.client_data_json),
        signature: base64url(&sent.response.signature),
        key,
    }
}

/// The key of a credential, of the kinds that are offered.
fn key_of(key: &COSEKeyType) -> Option<AssertionKey> {
    match key {
        COSEKeyType::EC_EC2(key) => {
            let point: Vec<u8> = [&[4], key.x.as_slice(), key.y.as_slice()].concat();
            PublicKey::from_point(&point).map(AssertionKey::P256)
        }
        COSEKeyType::RSA(key) => Some(AssertionKey::Rsa(RsaKey::new(&key.n, &key.e))),
        COSEKeyType::EC_OKP(_) => None,
    }
}

fn changed(why: &str) -> PasskeyError {
    PasskeyError::Library(format!("its state is written in another form: {why}"))
}
