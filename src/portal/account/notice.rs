//! Notices of the account pages: what was just changed, and what a user should do.

use strum::{EnumString, IntoStaticStr};

use crate::clock::Timestamp;
use crate::portal::kit::notice::{self, PageNotice};
use crate::portal::kit::paths;
use crate::portal::kit::visit::Visit;

/// What was just changed. Its word stands in the address that leads to the page: `?done=password-changed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum AccountChange {
    /// The password is changed; other sessions ended.
    PasswordChanged,
    /// The pattern is changed; other sessions ended.
    PatternChanged,
    /// The transaction password is set.
    TransactionPasswordSet,
    /// One session ended.
    SessionEnded,
    /// All other sessions ended.
    OthersEnded,
    /// A browser is forgotten.
    BrowserForgotten,
    /// A phone is registered.
    ApproverAdded,
    /// A phone is removed.
    ApproverRemoved,
    /// A passkey is added.
    PasskeyAdded,
    /// A passkey has another name.
    PasskeyRenamed,
    /// A passkey is removed.
    PasskeyRemoved,
    /// The account is linked with a person at an identity provider.
    IdentityLinked,
    /// It was so before.
    IdentityLinkedAlready,
    /// Such a link is removed.
    IdentityUnlinked,
    /// An authenticator is set up.
    AuthenticatorAdded,
    /// An authenticator is removed.
    AuthenticatorRemoved,
    /// A new set of recovery codes is made.
    RecoveryCodesMade,
}

impl AccountChange {
    /// The address of a page that says so.
    pub(in crate::portal) fn at(self, path: &str) -> String {
        paths::with_query(path, &[("done", self.into())])
    }

    /// The same where several things were changed at once.
    pub(super) fn of_several_at(self, path: &str, count: usize) -> String {
        paths::with_query(path, &[("done", self.into()), ("count", &count.to_string())])
    }

    /// What a page says of it.
    pub fn notice(self, count: usize) -> PageNotice {
        let word: &'static str = self.into();
        PageNotice::success(format!("notice-{word}")).with_count(count)
    }
}

/// The notice of the change that led to a page.
pub(super) fn done(visit: &Visit) -> Vec<PageNotice> {
    notice::done::<AccountChange>(visit).map(|(change, count)| change.notice(count)).into_iter().collect()
}

/// There is an authenticator, and so few recovery codes are left.
pub fn few_recovery_codes(left: usize) -> PageNotice {
    let notice = match left {
        0 => PageNotice::warning("notice-no-recovery-codes"),
        left => PageNotice::warning("notice-few-recovery-codes").with_count(left),
    };
    notice.with_link(paths::RECOVERY_CODES, "notice-link-recovery")
}

/// Somebody signed in from a browser or network not seen before.
pub fn new_sign_in(address: String, at: Timestamp) -> PageNotice {
    PageNotice::warning("notice-new-sign-in").with_address(address).at(at).with_link(paths::SESSIONS, "notice-link-sessions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_its_notice_by_a_word_and_no_other_word_does() {
        assert_eq!("others-ended".parse(), Ok(AccountChange::OthersEnded));
        assert_eq!(AccountChange::OthersEnded.of_several_at("/account", 3), "/account?done=others-ended&count=3");
        for hostile in ["<script>", "", "OthersEnded", "others-ended ", "sign-out"] {
            assert!(hostile.parse::<AccountChange>().is_err(), "{hostile:?}");
        }
    }
}
