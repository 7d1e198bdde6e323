//! How something was proved, and with which credential.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// How something was proved. The word ([`Self::word`]) is the same in the config, in `amr`, in the audit log and in the API.
/// What is stored (evidence, `serde`) is the variant's own name: `browser_by_number` there is `number_match` here.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[repr(u8)]
pub enum Method {
    /// Approval on the phone.
    Push,
    /// A password of our own directory.
    Password,
    /// A password judged by Active Directory.
    AdPassword,
    /// An external identity provider.
    Idp,
    /// A pattern read off a matrix of digits.
    Matrix,
    /// The same, the matrix shown by the phone.
    TokenMatrix,
    /// WebAuthn.
    Passkey,
    /// RFC 6238.
    Totp,
    /// One of ten single-use codes.
    RecoveryCode,
    /// SPNEGO with a Kerberos ticket.
    Kerberos,
    /// A browser registered by choosing the right number.
    #[strum(serialize = "number_match")]
    BrowserByNumber,
    /// A browser approved by an administrator.
    #[strum(serialize = "admin_approval")]
    BrowserByAdmin,
    /// A browser registered with a one-time password.
    #[strum(serialize = "otp")]
    BrowserByOtp,
    /// A browser registered by a one-time link.
    #[strum(serialize = "link")]
    BrowserByLink,
    /// No second factor, in the time that a policy leaves without one.
    Grace,
}

impl Method {
    /// The word used everywhere outside the code.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Reads [`Self::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

/// A set of methods, in two bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Methods(u16);

impl Methods {
    /// None.
    pub const NONE: Self = Self(0);
    /// Any.
    pub const ANY: Self = Self(u16::MAX);
    /// The primary factors that this build verifies: those that can be assigned.
    pub const PRIMARY: Self = Self::of(&[
        Method::Password,
        Method::AdPassword,
        Method::Push,
        Method::Idp,
        Method::Matrix,
        Method::TokenMatrix,
        Method::Passkey,
    ]);
    /// The primary factors that a pattern is for.
    pub const PATTERN: Self = Self::of(&[Method::Matrix, Method::TokenMatrix]);
    /// The second factors that this build verifies.
    pub const SECOND: Self = Self::of(&[Method::Push, Method::Totp, Method::RecoveryCode, Method::Passkey]);
    /// The ways in which a browser is registered.
    pub const REGISTRATIONS: Self =
        Self::of(&[Method::BrowserByNumber, Method::BrowserByAdmin, Method::BrowserByOtp, Method::BrowserByLink]);
    /// The ways in which an administrator lets a browser in.
    pub const DESIGNATED: Self = Self::of(&[Method::BrowserByAdmin, Method::BrowserByLink]);
    /// All that this build can prove something by.
    pub const HERE: Self =
        Self(Self::PRIMARY.0 | Self::SECOND.0 | Self::of(&[Method::Kerberos, Method::Grace]).0 | Self::REGISTRATIONS.0);

    /// These.
    pub const fn of(methods: &[Method]) -> Self {
        let mut bits = 0;
        let mut rest = methods;
        while let [first, tail @ ..] = rest {
            bits |= 1 << (*first as u16);
            rest = tail;
        }
        Self(bits)
    }

    /// Whether `method` is among them.
    pub const fn contains(self, method: Method) -> bool {
        self.0 & (1 << (method as u16)) != 0
    }

    /// These and one more.
    #[must_use]
    pub const fn with(self, method: Method) -> Self {
        Self(self.0 | 1 << (method as u16))
    }

    /// These, and one more where `also`.
    #[must_use]
    pub const fn either(self, also: bool, method: Method) -> Self {
        if also { self.with(method) } else { self }
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, method: Method) -> Self {
        Self(self.0 & !(1 << (method as u16)))
    }

    /// Those in both.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Their words, separated by commas: for messages.
    pub fn words(self) -> String {
        self.iter().map(Method::word).collect::<Vec<_>>().join(", ")
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One by one.
    pub fn iter(self) -> impl Iterator<Item = Method> {
        Method::VARIANTS.iter().copied().filter(move |method| self.contains(*method))
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ANY {
            return out.write_str("any");
        }
        out.debug_set().entries(self.iter().map(Method::word)).finish()
    }
}

impl FromIterator<Method> for Methods {
    fn from_iter<I: IntoIterator<Item = Method>>(methods: I) -> Self {
        methods.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Which credential proved it: 128 bits that name a row (a TOTP device, a browser, a password's version); no secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CredentialId(pub [u8; 16]);

impl CredentialId {
    /// As written in logs, the API and the pages: base64url.
    pub fn text(&self) -> String {
        crate::random::base64url(&self.0)
    }

    /// Reads [`Self::text`].
    pub fn parse(text: &str) -> Option<Self> {
        crate::random::from_base64url(text).map(Self)
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "CredentialId({})", self.text())
    }
}
