//! Why the proof of a device's key is not believed, in words that never change.

/// Why a proof is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// Not a JWS, or longer than 8 KiB.
    #[error("read the proof of a browser's key: it is not a JWS of at most 8 KiB")]
    Malformed,
    /// Another algorithm than the key's.
    #[error("read the proof of a browser's key: its algorithm is neither ES256 nor RS256, or is not that of the key")]
    Algorithm,
    /// Not of the type `dbsc+jwt`.
    #[error("read the proof of a browser's key: its type is not dbsc+jwt")]
    Type,
    /// No key, or none that is good.
    #[error("read the proof of a browser's key: its key is neither P-256 nor RSA of 2048 bits and more")]
    Key,
    /// Signed by another key, or altered.
    #[error("verify the proof of a browser's key: the signature was not made with the key")]
    Signature,
    /// Not the challenge that was set, or an old one.
    #[error("accept the proof of a browser's key: it answers another challenge, or one that has ended")]
    Challenge,
}

impl Unproved {
    /// The stable word for the audit log and the metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "proof_malformed",
            Self::Algorithm => "proof_algorithm",
            Self::Type => "proof_type",
            Self::Key => "proof_key",
            Self::Signature => "proof_signature",
            Self::Challenge => "proof_challenge",
        }
    }
}
