//! Why a passkey proved nothing.

use webauthn_rs_core::error::WebauthnError;

use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Why a passkey proved nothing, or is not registered.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The portal has an IP address, or its config was changed in the middle.
    #[error("use a passkey: the portal has no domain that passkeys could be made for")]
    Unavailable,
    /// The challenge was used, has ended, or was given to another browser or for another step.
    #[error("use a passkey: its challenge is used up or has ended")]
    Over,
    /// What the browser sent does not hold.
    #[error("verify the passkey: {}", .0.code())]
    Refused(PasskeyRefusal),
    /// The user has as many as may be.
    #[error("register the passkey: there are {0} already, which is the limit")]
    TooMany(usize),
    /// It is registered, for this user or another.
    #[error("register the passkey: it is registered already")]
    Registered,
    /// The library cannot make a challenge.
    #[error("make a challenge: {0}")]
    Library(String),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What does not hold of an answer: for the audit log and operators; the person learns only that it was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// It cannot be read as an answer of an authenticator.
    Malformed,
    /// No such passkey is registered here, or not for the user who is signing in.
    Unknown,
    /// The authenticator names another user than the one whose passkey it is.
    OtherUser,
    /// It answers another challenge.
    Challenge,
    /// It was made on a page of another origin.
    Origin,
    /// It was made for another domain.
    RelyingParty,
    /// The authenticator did not verify the user: no PIN, no fingerprint, no face (UV bit).
    NotVerified,
    /// The signature is not of the registered key.
    Signature,
    /// The signature counter did not rise: two copies of the key may be in use.
    Counter,
    /// A passkey that may be copied to other devices, and such are not taken here; or its flags contradict each other.
    Synced,
    /// The authenticator does not prove to be of a model that is taken.
    Attestation,
    /// A key of an algorithm that was not offered.
    Algorithm,
}

impl PasskeyRefusal {
    /// The word in the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "passkey_malformed",
            Self::Unknown => "passkey_unknown",
            Self::OtherUser => "passkey_of_another_user",
            Self::Challenge => "passkey_challenge",
            Self::Origin => "passkey_origin",
            Self::RelyingParty => "passkey_relying_party",
            Self::NotVerified => "passkey_user_not_verified",
            Self::Signature => "passkey_signature",
            Self::Counter => "passkey_counter",
            Self::Synced => "passkey_synced",
            Self::Attestation => "passkey_attestation",
            Self::Algorithm => "passkey_algorithm",
        }
    }
}

impl From<PasskeyRefusal> for PasskeyError {
    fn from(refusal: PasskeyRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<&WebauthnError> for PasskeyRefusal {
    fn from(error: &WebauthnError) -> Self {
        use WebauthnError as E;
        match error {
            E::MismatchedChallenge => Self::Challenge,
            E::InvalidRPOrigin | E::CredentialCrossOrigin => Self::Origin,
            E::InvalidRPIDHash => Self::RelyingParty,
            E::UserNotPresent | E::UserNotVerified => Self::NotVerified,
            E::AuthenticationFailure | E::SignatureInvalid => Self::Signature,
            E::CredentialNotFound => Self::Unknown,
            E::CredentialPossibleCompromise => Self::Counter,
            E::CredentialBackupEligibilityInconsistent | E::CredentialMayNotBeHardwareBound => Self::Synced,
            E::CredentialAlteredAlgFromRequest => Self::Algorithm,
            E::AttestationNotSupported
            | E::AttestationNotVerifiable
            | E::AttestationUntrustedAaguid
            | E::AttestationFormatMissingAaguid
            | E::AttestationChainNotTrusted(_)
            | E::AttestationStatementSigInvalid
            | E::AttestationStatementX5CMissing
            | E::AttestationStatementX5CInvalid
            | E::AttestationTrustFailure
            | E::AttestationCertificateAAGUIDMismatch
            | E::AttestationCertificateRequirementsNotMet
            | E::AttestationCertificateTrustStoreEmpty
            | E::AttestationLeafCertMissing
            | E::MissingAttestationCaList => Self::Attestation,
            _ => Self::Malformed,
        }
    }
}
