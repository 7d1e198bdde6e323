//! Passkeys: WebAuthn Level 3 §7.1 (registering) and §7.2 (using). CBOR, COSE keys, signatures and attestation are
//! webauthn-rs-core's; what it leaves to its caller is judged here: whose passkey it is, that a challenge is used once, by the
//! browser and for the step that it was made for, that the origin is ours to the letter, that the user was verified (the UV bit
//! of the answer, whatever was asked for), the counter, and a passkey that became a copied one.
//! Invariant: a challenge leaves the short-lived state before anything of the answer is looked at.

pub mod answering;
mod records;
pub mod refusal;
pub mod relying_party;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod using;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AttestationConveyancePreference, AttestationMetadata, AuthenticationState, COSEAlgorithm, CredProtect,
    CredentialProtectionPolicy, RegisterPublicKeyCredential, RegistrationState, RequestRegistrationExtensions,
    UserVerificationPolicy,
};

use self::answering::PendingAnswer;
use self::records::PasskeyRecord;
use self::refusal::{PasskeyError, PasskeyRefusal};
use self::relying_party::RelyingParty;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::store::database::{Database, DatabaseError};
use crate::store::shared::{Keyspace, SharedState};

/// Offered in this order: ES256 is what every authenticator has, RS256 what Windows Hello had before. Ed25519 is not read by
/// the library.
const ALGORITHMS: [COSEAlgorithm; 2] = [COSEAlgorithm::ES256, COSEAlgorithm::RS256];
/// The longest credential id, bytes (WebAuthn §7.1 step 25).
const LONGEST_ID: usize = 1023;
/// The longest lifetime of a challenge that a config may write; each carries its own end.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// The longest name of a passkey, characters.
const LONGEST_NAME: usize = 64;

/// A passkey, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id here.
    pub id: CredentialId,
    /// The id that the authenticator chose.
    pub credential_id: Vec<u8>,
    /// The domain that it was made for.
    pub rp_id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether its provider may copy it to other devices.
    pub backup_eligible: bool,
    /// Whether it was copied or backed up when it was last used.
    pub backed_up: bool,
    /// The model of the authenticator (AAGUID), where attestation proved it.
    pub model: Option<String>,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// What a browser is given: the options of `navigator.credentials`, as JSON, and the name of the challenge in them.
#[derive(Clone, Debug, Serialize)]
pub struct Ceremony {
    /// Names the challenge when the answer comes.
    pub id: String,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    pub options: Value,
}

/// What a browser sends back.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyAnswer<'a> {
    /// What the challenge was made for: one browser and one step.
    pub place: &'a str,
    /// [`Ceremony::id`].
    pub ceremony: &'a str,
    /// `RegistrationResponseJSON` or `AuthenticationResponseJSON`.
    pub credential: &'a str,
}

/// A list that is complete, read in one request: only such a list may be signalled to a browser as the accepted passkeys.
#[derive(Clone, Debug)]
pub struct AcceptedPasskeys {
    /// The domain.
    pub rp_id: String,
    /// The user's handle.
    pub handle: Vec<u8>,
    /// Every credential id of the user.
    pub credential_ids: Vec<Vec<u8>>,
}

/// A challenge that waits for its answer.
#[derive(Serialize, Deserialize)]
struct Pending<S> {
    place: String,
    user: Option<UserId>,
    rp_id: String,
    state: S,
}

/// Passkeys.
pub struct Passkeys {
    database: Database,
    registrations: Keyspace<Pending<RegistrationState>>,
    uses: Keyspace<Pending<AuthenticationState>>,
    answers: Keyspace<PendingAnswer>,
    clock: SharedClock,
    random: SharedRandom,
    relying_party: ArcSwapOption<RelyingParty>,
}

impl fmt::Debug for Passkeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Passkeys({:?})", self.relying_party.load())
    }
}

impl Passkeys {
    /// Kept in this directory, for this relying party.
    pub fn new(
        database: Database,
        shared: &Arc<dyn SharedState>,
        relying_party: Option<RelyingParty>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        Self {
            database,
            registrations: Keyspace::new(Arc::clone(shared), "passkey_registration", LONGEST),
            uses: Keyspace::new(Arc::clone(shared), "passkey_use", LONGEST),
            answers: Keyspace::new(Arc::clone(shared), "passkey_answer", LONGEST),
            clock,
            random,
            relying_party: ArcSwapOption::from_pointee(relying_party),
        }
    }

    /// Takes over a config that compiled. Challenges that were given out for another domain are void.
    pub fn configure(&self, relying_party: Option<RelyingParty>) {
        self.relying_party.store(relying_party.map(Arc::new));
    }

    fn party(&self) -> Result<Arc<RelyingParty>, PasskeyError> {
        self.relying_party.load_full().ok_or(PasskeyError::Unavailable)
    }

    /// Whether browsers can make passkeys for this portal at all.
    pub fn are_possible(&self) -> bool {
        self.relying_party.load().is_some()
    }

    /// Begins a registration; `called` is the name that people use.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn begin_registration(&self, user: &UserId, called: &str, place: &str) -> Result<Ceremony, PasskeyError> {
        let party = self.party()?;
        let known = self.usable(&party, user).await?;
        if known.len() >= party.per_user {
            return Err(PasskeyError::TooMany(party.per_user));
        }
        let handle = records::handle(&self.database, user, self.random.id()).await?;
        let extensions = RequestRegistrationExtensions {
            // Without its user an authenticator does not even say that it holds this passkey (CTAP 2.1 §12.1).
            cred_protect: Some(CredProtect {
                credential_protection_policy: CredentialProtectionPolicy::UserVerificationRequired,
                enforce_credential_protection_policy: Some(false),
            }),
            ..RequestRegistrationExtensions::default()
        };
        let attestation = match party.authorities {
            Some(_) => AttestationConveyancePreference::Direct,
            None => AttestationConveyancePreference::None,
        };
        let called = if called.is_empty() { user.as_str() } else { called };
        let made = party
            .library
            .new_challenge_register_builder(&handle, user.as_str(), called)
            .map(|builder| {
                builder
                    .attestation(attestation)
                    .credential_algorithms(ALGORITHMS.to_vec())
                    .require_resident_key(true)
                    .user_verification_policy(UserVerificationPolicy::Required)
                    .reject_synchronised_authenticators(!party.synced)
                    .exclude_credentials(Some(known.iter().map(|one| one.passkey.credential_id.clone()).collect()))
                    .extensions(Some(extensions))
            })
            .and_then(|builder| party.library.generate_challenge_register(builder));
        let (options, state) = made.map_err(|error| library(&error))?;
        let pending = Pending { place: place.to_owned(), user: Some(user.clone()), rp_id: party.id.clone(), state };
        let id = crate::random::base64url(&self.random.id());
        self.registrations.put_for(&id, &pending, party.lifetime).await?;
        Ok(Ceremony { id, options: written(&options.public_key)? })
    }

    /// Registers what the browser sends back, under `name`.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn register(&self, user: &UserId, answer: PasskeyAnswer<'_>, name: &str) -> Result<Passkey, PasskeyError> {
        let party = self.party()?;
        let pending = self.registrations.take(answer.ceremony).await?;
        let pending = pending.filter(|pending| pending.is_for(answer.place, Some(user), &party)).ok_or(PasskeyError::Over)?;
        let sent: RegisterPublicKeyCredential = serde_json::from_str(answer.credential).map_err(|_| PasskeyRefusal::Malformed)?;
        if sent.type_ != "public-key" || sent.raw_id.is_empty() || sent.raw_id.len() > LONGEST_ID {
            return Err(PasskeyRefusal::Malformed.into());
        }
        is_from_our_page(&sent.response.client_data_json, &party)?;
        if records::by_credential_id(&self.database, &sent.raw_id).await?.is_some() {
            return Err(PasskeyError::Registered);
        }
        let credential = party
            .library
            .register_credential(&sent, &pending.state, party.authorities.as_ref())
            .map_err(|error| PasskeyRefusal::from(&error))?;
        if !credential.user_verified {
            return Err(PasskeyRefusal::NotVerified.into());
        }
        if credential.cred_id != sent.raw_id {
            return Err(PasskeyRefusal::Malformed.into());
        }
        let model = party.authorities.as_ref().and_then(|_| match &credential.attestation.metadata {
            AttestationMetadata::Packed { aaguid } | AttestationMetadata::Tpm { aaguid, .. } => Some(aaguid.to_string()),
            _ => None,
        });
        let passkey = Passkey {
            id: CredentialId(self.random.id()),
            credential_id: credential.cred_id.clone(),
            rp_id: party.id.clone(),
            name: clean(name),
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backup_state,
            model,
            added_at: self.clock.now(),
            last_used_at: None,
        };
        let record = PasskeyRecord { user: user.clone(), passkey, credential };
        if !records::insert(&self.database, &record, party.per_user).await? {
            return Err(PasskeyError::TooMany(party.per_user));
        }
        Ok(record.passkey)
    }

    async fn usable(&self, party: &RelyingParty, user: &UserId) -> Result<Vec<PasskeyRecord>, DatabaseError> {
        let mut found = records::of_user(&self.database, user).await?;
        found.retain(|record| record.passkey.rp_id == party.id);
        Ok(found)
    }

    /// Every passkey of a user, the oldest first; [`Self::is_usable`] says of each whether it still opens anything.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of_user(&self, user: &UserId) -> Result<Vec<Passkey>, DatabaseError> {
        Ok(records::of_user(&self.database, user).await?.into_iter().map(|record| record.passkey).collect())
    }

    /// Whether it was made for the domain that the config names now.
    pub fn is_usable(&self, passkey: &Passkey) -> bool {
        self.relying_party.load().as_ref().is_some_and(|party| party.id == passkey.rp_id)
    }

    /// Whether the user has one that can be used.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has(&self, user: &UserId) -> Result<bool, DatabaseError> {
        match self.relying_party.load_full() {
            Some(party) => records::has(&self.database, user, &party.id).await,
            None => Ok(false),
        }
    }

    /// The passkeys of a user for the signal API (WebAuthn §5.1.10): all of them, read now. `None` where
    /// none can be used here.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn accepted(&self, user: &UserId) -> Result<Option<AcceptedPasskeys>, DatabaseError> {
        let Some(party) = self.relying_party.load_full() else { return Ok(None) };
        let usable = self.usable(&party, user).await?;
        Ok(Some(AcceptedPasskeys {
            rp_id: party.id.clone(),
            handle: records::handle(&self.database, user, self.random.id()).await?,
            credential_ids: usable.into_iter().map(|record| record.passkey.credential_id).collect(),
        }))
    }

    /// Gives one of the user's passkeys another name; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn rename(&self, user: &UserId, id: CredentialId, name: &str) -> Result<bool, DatabaseError> {
        records::rename(&self.database, user, id, &clean(name)).await
    }

    /// Removes one of the user's passkeys; its name, if it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId, id: CredentialId) -> Result<Option<String>, DatabaseError> {
        records::remove(&self.database, user, id).await
    }

    /// Removes every passkey of a user; how many there were.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_user(&self, user: &UserId) -> Result<u64, DatabaseError> {
        records::remove_user(&self.database, user).await
    }
}

impl<S> Pending<S> {
    fn is_for(&self, place: &str, user: Option<&UserId>, party: &RelyingParty) -> bool {
        self.place == place && self.user.as_ref() == user && self.rp_id == party.id
    }
}

/// What a browser says of the page where a passkey was used (WebAuthn §5.8.1), as far as it is judged here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// The library compares origins as URLs, so that a path or a user name in one would pass, and looks at frames of other sites
/// only at registration. A browser writes scheme, host and port and nothing else.
fn is_from_our_page(client_data: &[u8], party: &RelyingParty) -> Result<(), PasskeyRefusal> {
    let data: ClientData = serde_json::from_slice(client_data).map_err(|_| PasskeyRefusal::Malformed)?;
    if data.origin == party.origin && !data.cross_origin { Ok(()) } else { Err(PasskeyRefusal::Origin) }
}

/// A name without control characters, of at most [`LONGEST_NAME`] characters.
fn clean(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    if name.is_empty() { "Passkey".to_owned() } else { name }
}

fn library(error: &WebauthnError) -> PasskeyError {
    PasskeyError::Library(format!("{error:?}"))
}

/// As browsers read options: without nulls, which some members do not take.
fn written(options: &impl Serialize) -> Result<Value, PasskeyError> {
    let mut value = serde_json::to_value(options).map_err(|error| PasskeyError::Library(error.to_string()))?;
    without_nulls(&mut value);
    Ok(value)
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
