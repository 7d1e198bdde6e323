//! Why a check did not pass, in words that never change: logs, problem+json, the audit, `explain` and the metrics all
//! use [`Refusal::code`].

use super::Check;

/// Why a check did not pass. Some can be mended by gathering evidence ([`Refusal::asks`]), the others by nothing the
/// caller can add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    /// Check 1: inside none of the allowed networks.
    AddressNotAllowed,
    /// Check 1: inside a denied network.
    AddressDenied,
    /// Check 2: none was shown.
    CertificateMissing,
    /// Check 2: no trusted authority stands behind it.
    CertificateUntrusted,
    /// Check 2: not valid yet.
    CertificateNotYetValid,
    /// Check 2: no longer valid.
    CertificateExpired,
    /// Check 2: revoked.
    CertificateRevoked,
    /// Check 2: whether it is revoked cannot be known now.
    RevocationUnknown,
    /// Check 2: switched off in the register.
    CertificateDisabled,
    /// Check 2: trusted, but nobody's.
    CertificateWithoutHolder,
    /// Check 2: the user's own switch is off.
    CertificateSwitchOff,
    /// Check 2: it is another user's than the one signed in.
    CertificateOfAnotherUser,
    /// Check 2: the session was made with another certificate, or with none.
    CertificateChanged,
    /// Check 3: no ticket yet.
    DesktopSsoMissing,
    /// Check 4: nobody has signed in yet.
    PrimaryFactorMissing,
    /// Check 4: signed in, but by a method that is not accepted here.
    PrimaryFactorMethod,
    /// Check 4: signed in too long ago for this.
    PrimaryFactorTooOld,
    /// Check 4: by a password that no login-protect window of this app was opened for.
    PrimaryFactorUnprotected,
    /// Check 4: the account is disabled.
    UserDisabled,
    /// Check 4: not among those who may use this app.
    UserNotAdmitted,
    /// Check 4: none of the accepted methods is assigned to the user.
    NoMethodAssigned,
    /// Check 5: this browser is not registered for the user.
    BrowserNotRegistered,
    /// Check 5: it is, but in a way that is not accepted here.
    BrowserRegisteredOtherwise,
    /// Check 5: it is, but the browser has shown no key that the registration is bound to.
    BrowserNotBound,
    /// Check 6: no one-time password yet.
    OtpMissing,
    /// Check 6: one by a method that is not accepted here.
    OtpMethod,
    /// Check 6: given too long ago for this.
    OtpTooOld,
}

/// Whose side a failure is on: who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The person or program that calls.
    Client,
    /// The administrator of this gateway.
    Gateway,
}

impl Refusal {
    /// Every refusal, for documentation and tests.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The stable code.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The check that says it.
    pub const fn check(self) -> Check {
        match self {
            Self::AddressNotAllowed | Self::AddressDenied => Check::IpRestriction,
            Self::CertificateMissing
            | Self::CertificateUntrusted
            | Self::CertificateNotYetValid
            | Self::CertificateExpired
            | Self::CertificateRevoked
            | Self::RevocationUnknown
            | Self::CertificateDisabled
            | Self::CertificateWithoutHolder
            | Self::CertificateSwitchOff
            | Self::CertificateOfAnotherUser
            | Self::CertificateChanged => Check::ClientCertificate,
            Self::DesktopSsoMissing => Check::DesktopSso,
            Self::PrimaryFactorMissing
            | Self::PrimaryFactorMethod
            | Self::PrimaryFactorTooOld
            | Self::PrimaryFactorUnprotected
            | Self::UserDisabled
            | Self::UserNotAdmitted
            | Self::NoMethodAssigned => Check::PrimaryFactor,
            Self::BrowserNotRegistered | Self::BrowserRegisteredOtherwise | Self::BrowserNotBound => Check::Cookie,
            Self::OtpMissing | Self::OtpMethod | Self::OtpTooOld => Check::Otp,
        }
    }

    /// Whether evidence can mend it: then the verdict is `Ask`.
    pub const fn asks(self) -> bool {
        matches!(
            self,
            Self::DesktopSsoMissing
                | Self::PrimaryFactorMissing
                | Self::PrimaryFactorMethod
                | Self::PrimaryFactorTooOld
                | Self::PrimaryFactorUnprotected
                | Self::BrowserNotRegistered
                | Self::BrowserRegisteredOtherwise
                | Self::BrowserNotBound
                | Self::OtpMissing
                | Self::OtpMethod
                | Self::OtpTooOld
        )
    }

    /// Who can mend it.
    pub const fn side(self) -> Side {
        match self {
            Self::RevocationUnknown
            | Self::NoMethodAssigned
            | Self::CertificateWithoutHolder
            | Self::CertificateDisabled
            | Self::CertificateSwitchOff
            | Self::UserDisabled
            | Self::UserNotAdmitted => Side::Gateway,
            _ => Side::Client,
        }
    }
}
