//! Notices above a page: what was just done, or what deserves attention.

use crate::clock::Timestamp;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::pages::administration::deed::Deed;

/// Something to know, above the page: what was just done, or what deserves attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageNotice {
    /// The password is changed; other sessions ended.
    PasswordChanged,
    /// The transaction password is set.
    TransactionPasswordSet,
    /// One session ended.
    SessionEnded,
    /// All others ended: so many.
    OthersEnded(usize),
    /// A browser is forgotten.
    BrowserForgotten,
    /// A phone is removed.
    ApproverRemoved,
    /// An authenticator is set up.
    AuthenticatorAdded,
    /// An authenticator is gone.
    AuthenticatorRemoved,
    /// A new set of recovery codes is made.
    RecoveryCodesMade,
    /// So few recovery codes are left.
    FewRecoveryCodes(usize),
    /// There is an authenticator and no recovery code.
    NoRecoveryCodes,
    /// Done by an administrator, to so many.
    Administered(Deed, usize),
    /// No line was picked.
    NothingPicked,
    /// A setting is kept.
    SettingKept,
    /// Login-protect is disabled everywhere.
    LoginProtectDisabled,
    /// It is in force again.
    LoginProtectRestored,
    /// Somebody signed in from a browser or network not seen before: from where, when.
    NewSignIn(String, Timestamp),
}

impl PageNotice {
    /// The word that the address carries from an act to the page that shows its notice: `?done=password-changed`.
    pub fn done(word: &str, count: usize) -> Option<Self> {
        Some(match word {
            "password-changed" => Self::PasswordChanged,
            "transaction-password-set" => Self::TransactionPasswordSet,
            "session-ended" => Self::SessionEnded,
            "others-ended" => Self::OthersEnded(count),
            "browser-forgotten" => Self::BrowserForgotten,
            "approver-removed" => Self::ApproverRemoved,
            "authenticator-added" => Self::AuthenticatorAdded,
            "authenticator-removed" => Self::AuthenticatorRemoved,
            "recovery-codes-made" => Self::RecoveryCodesMade,
            "nothing-picked" => Self::NothingPicked,
            "setting-kept" => Self::SettingKept,
            "login-protect-disabled" => Self::LoginProtectDisabled,
            "login-protect-restored" => Self::LoginProtectRestored,
            deed => Self::Administered(Deed::from_word(deed)?, count),
        })
    }

    pub(in crate::portal) fn text(&self, frame: &Frame) -> String {
        match self {
            Self::PasswordChanged => frame.say("notice-password-changed"),
            Self::TransactionPasswordSet => frame.say("notice-transaction-password-set"),
            Self::SessionEnded => frame.say("notice-session-ended"),
            Self::OthersEnded(count) => frame.with("notice-others-ended", "count", count),
            Self::BrowserForgotten => frame.say("notice-browser-forgotten"),
            Self::ApproverRemoved => frame.say("notice-approver-removed"),
            Self::AuthenticatorAdded => frame.say("notice-authenticator-added"),
            Self::AuthenticatorRemoved => frame.say("notice-authenticator-removed"),
            Self::RecoveryCodesMade => frame.say("notice-recovery-codes-made"),
            Self::FewRecoveryCodes(count) => frame.with("notice-few-recovery-codes", "count", count),
            Self::NoRecoveryCodes => frame.say("notice-no-recovery-codes"),
            Self::Administered(deed, count) => frame.with(&deed.done(), "count", count),
            Self::NothingPicked => frame.say("admin-nothing-picked"),
            Self::SettingKept => frame.say("admin-setting-kept"),
            Self::LoginProtectDisabled => frame.say("admin-disable.done"),
            Self::LoginProtectRestored => frame.say("admin-restore.done"),
            Self::NewSignIn(address, _) => frame.with("notice-new-sign-in", "address", address),
        }
    }

    pub(in crate::portal) const fn link(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::FewRecoveryCodes(_) | Self::NoRecoveryCodes => Some((paths::RECOVERY_CODES, "notice-link-recovery")),
            Self::NewSignIn(..) => Some((paths::SESSIONS, "notice-link-sessions")),
            _ => None,
        }
    }

    pub(in crate::portal) const fn when(&self) -> Option<&Timestamp> {
        match self {
            Self::NewSignIn(_, at) => Some(at),
            _ => None,
        }
    }

    /// Whether it asks for attention; other notices report a success.
    pub(in crate::portal) const fn warns(&self) -> bool {
        matches!(self, Self::FewRecoveryCodes(_) | Self::NoRecoveryCodes | Self::NewSignIn(..) | Self::NothingPicked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_tells_its_notice_by_a_word_and_no_other_word_does() {
        assert_eq!(PageNotice::done("others-ended", 3), Some(PageNotice::OthersEnded(3)));
        assert_eq!(PageNotice::done("<script>", 0), None);
    }
}
