//! What a client certificate is to the chain: its fingerprint, who stands behind it, whose it is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rustls_pki_types::CertificateDer;

use super::user::{GroupName, UserId};
use crate::clock::Timestamp;

/// SHA-256 of a certificate's DER.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Lower-case hexadecimal, 64 digits: how the config, the command line and the audit write it.
    pub fn text(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads 64 hexadecimal digits, in either case, with or without colons.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u32> = text.chars().filter(|c| *c != ':').map(|c| c.to_digit(16)).collect::<Option<_>>()?;
        let bytes: Vec<u8> =
            digits.chunks_exact(2).filter_map(|pair| u8::try_from(pair.first()? * 16 + pair.last()?).ok()).collect();
        if digits.len() != 64 {
            return None;
        }
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Fingerprint({})", self.text())
    }
}

/// A set of trust bundles, by their place in the config: at most 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrustSet(pub u64);

impl TrustSet {
    /// Whether any bundle is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The bundles of these names among all that the config has; a name that it does not have is none.
    pub fn named<T>(names: &[String], all: &BTreeMap<String, T>) -> Self {
        let places = names.iter().filter_map(|name| all.keys().position(|key| key == name));
        let bits = places.filter_map(|place| 1_u64.checked_shl(u32::try_from(place).ok()?));
        Self(bits.fold(0, |set, bit| set | bit))
    }
}

/// Whose a certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A user's own: primary_factor must name the same user.
    User(UserId),
    /// Shared by several users: each user's own switch decides.
    Shared,
    /// Shared by the members of a group: each member's own switch decides.
    Group(GroupName),
    /// A machine's: its identity is the `Remote-User` of policies that ask for no primary factor.
    Machine(Arc<str>),
    /// It chains to a trusted authority, but no mapping gives it a holder.
    Nobody,
}

/// Why no trusted authority stands behind a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No bundle of ours leads to it, or it may not be used by clients.
    Untrusted,
    /// On a revocation list or revoked in our register.
    Revoked,
    /// A revocation list that should speak of it is missing or out of date: refused, since a missing list is not an answer.
    RevocationUnknown,
    /// It cannot be read.
    Malformed,
}

/// How a presented certificate stands, worked out once a connection (and again after a reload), judged on every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateStanding {
    /// Which bundles it chains to without fault.
    pub trusted_by: TrustSet,
    /// If none: why.
    pub fault: Option<Fault>,
    /// First moment of validity, by the certificate and by our register.
    pub not_before: Timestamp,
    /// Last moment of validity, by the certificate and by our register.
    pub not_after: Timestamp,
    /// After this moment the revocation lists behind this judgement are out of date; `None` where there are none.
    pub revocation_known_until: Option<Timestamp>,
    /// The switch in our register; `true` for one that is not in it.
    pub enabled: bool,
    /// Whose it is.
    pub holder: Holder,
    /// By which authorities each bundle leads to it, where there are any between.
    pub paths: Vec<IssuerPath>,
}

/// The authorities between a certificate and the anchor of a bundle, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerPath {
    /// The bundle.
    pub trust: TrustSet,
    /// From the issuer of the certificate on, without the anchor.
    pub issuers: Vec<CertificateDer<'static>>,
}

/// Why a certificate counts for nothing, for any holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Not yet, by itself or by the register.
    NotYetValid,
    /// It has expired, by its own end or by that of the register.
    Expired,
    /// None of the authorities asked about stands behind it.
    Untrusted,
    /// Revoked.
    Revoked,
    /// A revocation list that should speak of it is missing or out of date.
    RevocationUnknown,
    /// Switched off in our register.
    Disabled,
}

impl Unfit {
    /// In words, for a log or a program.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotYetValid => "not yet valid",
            Self::Expired => "expired",
            Self::Untrusted => "of no authority that is trusted for this",
            Self::Revoked => "revoked",
            Self::RevocationUnknown => "whether it is revoked is not known",
            Self::Disabled => "switched off in the register",
        }
    }
}

impl CertificateStanding {
    /// Whether any authority of ours stands behind it.
    pub const fn is_trusted(&self) -> bool {
        self.trusted_by.0 != 0
    }

    /// The authorities between it and the anchor, by the first bundle of `trust`; without the anchor itself.
    pub fn issuers(&self, trust: TrustSet) -> &[CertificateDer<'static>] {
        self.paths.iter().find(|path| path.trust.meets(trust)).map_or(&[], |path| &path.issuers)
    }

    /// The user whose own it would be, if it counted: for records, and to look the account up.
    pub const fn user(&self) -> Option<&UserId> {
        match &self.holder {
            Holder::User(user) => Some(user),
            Holder::Shared | Holder::Group(_) | Holder::Machine(_) | Holder::Nobody => None,
        }
    }

    /// Whose it is, if it counts at `now` with any authority of `trust`.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn holder(&self, trust: TrustSet, now: Timestamp) -> Result<&Holder, Unfit> {
        if now < self.not_before {
            return Err(Unfit::NotYetValid);
        }
        if now > self.not_after {
            return Err(Unfit::Expired);
        }
        if !self.trusted_by.meets(trust) {
            return Err(match self.fault {
                Some(Fault::Revoked) => Unfit::Revoked,
                Some(Fault::RevocationUnknown) => Unfit::RevocationUnknown,
                Some(Fault::Untrusted | Fault::Malformed) | None => Unfit::Untrusted,
            });
        }
        if self.revocation_known_until.is_some_and(|until| now > until) {
            return Err(Unfit::RevocationUnknown);
        }
        if self.enabled { Ok(&self.holder) } else { Err(Unfit::Disabled) }
    }
}
