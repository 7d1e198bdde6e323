//! Using a passkey: a challenge, and the judgement of what an authenticator answers to it (WebAuthn Level 3 §7.2).

use serde_json::Value;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{AuthenticationState, Credential, PublicKeyCredential, UserVerificationPolicy};

use super::records::{self, PasskeyRecord};
use super::refusal::{PasskeyError, PasskeyRefusal};
use super::relying_party::RelyingParty;
use super::{Ceremony, LONGEST_ID, PasskeyAnswer, Passkeys, Pending, is_from_our_page, library, written};
use crate::clock::Timestamp;
use crate::factor::Proof;
use crate::principal::method::Method;
use crate::principal::user::UserId;

/// Whose passkey an answer must be of.
#[derive(Clone, Copy)]
pub(super) enum PasskeyOwner<'a> {
    /// Anybody's; the authenticator names the owner.
    Anybody,
    /// This user's, whose passkeys the browser was given.
    Known(&'a UserId),
    /// This user's, and the browser was given none: the authenticator names the owner here as well.
    Named(&'a UserId),
}

impl PasskeyOwner<'_> {
    const fn user(&self) -> Option<&UserId> {
        match self {
            Self::Anybody => None,
            Self::Known(user) | Self::Named(user) => Some(user),
        }
    }
}

impl Passkeys {
    /// Begins a use: of any passkey, or of one of `user`, who is known already.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn begin_use(&self, user: Option<&UserId>, place: &str) -> Result<Ceremony, PasskeyError> {
        let party = self.party()?;
        let accepted = match user {
            Some(user) => self.usable(&party, user).await?.into_iter().map(|record| record.credential).collect(),
            None => Vec::new(),
        };
        let (options, state) = drawn(&party, accepted)?;
        let pending = Pending { place: place.to_owned(), user: user.cloned(), rp_id: party.id.clone(), state };
        let id = crate::random::base64url(&self.random.id());
        self.uses.put_for(&id, &pending, party.lifetime).await?;
        Ok(Ceremony { id, options })
    }

    /// Verifies what the browser sends back; with `user`, only a passkey of that user proves something.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn verify(&self, user: Option<&UserId>, answer: PasskeyAnswer<'_>) -> Result<Proof, PasskeyError> {
        let party = self.party()?;
        let pending = self.uses.take(answer.ceremony).await?;
        let pending = pending.filter(|pending| pending.is_for(answer.place, user, &party)).ok_or(PasskeyError::Over)?;
        let owner = user.map_or(PasskeyOwner::Anybody, PasskeyOwner::Known);
        let (record, at) = self.judge(&party, owner, &pending.state, &sent(answer.credential)?).await?;
        Ok(Proof::new(Method::Passkey, record.user, record.passkey.id, at))
    }

    /// The passkey that an answer was made with, and when it was judged.
    pub(super) async fn judge(
        &self,
        party: &RelyingParty,
        owner: PasskeyOwner<'_>,
        state: &AuthenticationState,
        sent: &PublicKeyCredential,
    ) -> Result<(PasskeyRecord, Timestamp), PasskeyError> {
        is_from_our_page(&sent.response.client_data_json, party)?;
        let record = records::by_credential_id(&self.database, &sent.raw_id)
            .await?
            .filter(|record| record.passkey.rp_id == party.id && owner.user().is_none_or(|user| *user == record.user))
            .ok_or(PasskeyRefusal::Unknown)?;
        // §7.2 step 6: where the browser was given no passkeys, the authenticator must name the owner; where it names one, the
        // right one.
        match sent.response.user_handle.as_deref() {
            Some(handle) if records::is_handle_of(&self.database, &record.user, handle).await? => {}
            None if matches!(owner, PasskeyOwner::Known(_)) => {}
            _ => return Err(PasskeyRefusal::OtherUser.into()),
        }
        let mut credential = record.credential.clone();
        let mut judged = party.library.authenticate_single_credential(sent, state, &credential);
        if matches!(judged, Err(WebauthnError::CredentialMayNotBeHardwareBound)) && party.synced && !credential.backup_eligible {
            // The library holds the flag "is copied" against what was said of the key at registration, not against what this
            // answer says beside it: a passkey that became a copied one since is judged as one that may be.
            credential.backup_eligible = true;
            judged = party.library.authenticate_single_credential(sent, state, &credential);
        }
        let judged = judged.map_err(|error| PasskeyRefusal::from(&error))?;
        if !judged.user_verified() {
            return Err(PasskeyRefusal::NotVerified.into());
        }
        let copied = (judged.backup_eligible(), judged.backup_state());
        if copied.0 && !party.synced {
            return Err(PasskeyRefusal::Synced.into());
        }
        let now = self.clock.now();
        if !records::used(&self.database, &record, judged.counter(), copied, now).await? {
            return Err(PasskeyRefusal::Counter.into());
        }
        Ok((record, now))
    }
}

/// The options of a challenge, as browsers read them, and what its answer is judged by.
pub(super) fn drawn(party: &RelyingParty, accepted: Vec<Credential>) -> Result<(Value, AuthenticationState), PasskeyError> {
    let made = party
        .library
        .new_challenge_authenticate_builder(accepted, Some(UserVerificationPolicy::Required))
        .map(|builder| builder.allow_backup_eligible_upgrade(party.synced))
        .and_then(|builder| party.library.generate_challenge_authenticate(builder));
    let (options, mut state) = made.map_err(|error| library(&error))?;
    // They are read again when the answer comes: one that is removed meanwhile proves nothing.
    state.set_allowed_credentials(Vec::new());
    Ok((written(&options.public_key)?, state))
}

/// Reads `AuthenticationResponseJSON`.
pub(super) fn sent(credential: &str) -> Result<PublicKeyCredential, PasskeyRefusal> {
    let sent: PublicKeyCredential = serde_json::from_str(credential).map_err(|_| PasskeyRefusal::Malformed)?;
    if sent.type_ != "public-key" || sent.raw_id.is_empty() || sent.raw_id.len() > LONGEST_ID {
        return Err(PasskeyRefusal::Malformed);
    }
    Ok(sent)
}
