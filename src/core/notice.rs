//! Notices to people by mail of what happened to their account. The change itself is done already, so that a failure here is
//! only a warning.

use super::Core;
use crate::account::mail_text::MailText;
use crate::account::user::User;
use crate::facts::client_address::ClientAddress;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Notice<'a> {
    /// Somebody signed in from a network that is new for the user, with this browser.
    NewPlace(&'a str),
    /// A browser was registered, called this.
    BrowserRegistered(&'a str),
    /// A browser was forgotten, called this.
    BrowserForgotten(&'a str),
    /// The password was changed by its owner.
    PasswordChanged,
    /// A pattern was set by its owner.
    PatternSet,
    /// The transaction password was set by its owner.
    TransactionPasswordSet,
    /// A password was set by a one-time link.
    PasswordSetByLink,
    /// An authenticator app was set up.
    AuthenticatorSetUp,
    /// An authenticator app took the place of another.
    AuthenticatorReplaced,
    /// An authenticator app was set up by a one-time link.
    AuthenticatorSetUpByLink,
    /// The authenticator app and the recovery codes were removed.
    AuthenticatorRemoved,
    /// A new set of recovery codes was made.
    RecoveryCodesRenewed,
    /// A phone was registered to approve, called this.
    ApproverRegistered(&'a str),
    /// A phone was removed, called this.
    ApproverRemoved(&'a str),
    /// A passkey was added, called this.
    PasskeyAdded(&'a str),
    /// A passkey was added by a one-time link, called this.
    PasskeyAddedByLink(&'a str),
    /// A passkey was removed, called this.
    PasskeyRemoved(&'a str),
    /// The account was linked with a person at this identity provider.
    IdentityLinked(&'a str),
    /// The link with a person at this identity provider was removed.
    IdentityUnlinked(&'a str),
    /// The user said on the phone that somebody else asked for an approval.
    SomebodyElseAsked,
    /// An administrator let in the browser of this name.
    DeviceApproved(&'a str),
    /// An administrator rejected the browser of this name.
    DeviceRejected(&'a str),
    /// An administrator revoked the browser of this name.
    DeviceRevoked(&'a str),
    /// To administrators: this user applies for a browser.
    DeviceApplied(&'a str),
    /// To administrators: this user said so.
    UserDeniedSignIn(&'a str),
}

impl Notice<'_> {
    /// The message key of its sentence, and what is put into it.
    const fn sentence(&self) -> (&'static str, Option<(&'static str, &str)>) {
        match *self {
            Self::NewPlace(browser) => ("mail-new-place", Some(("browser", browser))),
            Self::BrowserRegistered(browser) => ("mail-browser-registered", Some(("browser", browser))),
            Self::BrowserForgotten(browser) => ("mail-browser-forgotten", Some(("browser", browser))),
            Self::PasswordChanged => ("mail-password-changed", None),
            Self::PatternSet => ("mail-pattern-set", None),
            Self::TransactionPasswordSet => ("mail-transaction-password-set", None),
            Self::PasswordSetByLink => ("mail-password-set-by-link", None),
            Self::AuthenticatorSetUp => ("mail-authenticator-set-up", None),
            Self::AuthenticatorReplaced => ("mail-authenticator-replaced", None),
            Self::AuthenticatorSetUpByLink => ("mail-authenticator-set-up-by-link", None),
            Self::AuthenticatorRemoved => ("mail-authenticator-removed", None),
            Self::RecoveryCodesRenewed => ("mail-recovery-codes-renewed", None),
            Self::ApproverRegistered(phone) => ("mail-approver-registered", Some(("phone", phone))),
            Self::ApproverRemoved(phone) => ("mail-approver-removed", Some(("phone", phone))),
            Self::PasskeyAdded(passkey) => ("mail-passkey-added", Some(("passkey", passkey))),
            Self::PasskeyAddedByLink(passkey) => ("mail-passkey-added-by-link", Some(("passkey", passkey))),
            Self::PasskeyRemoved(passkey) => ("mail-passkey-removed", Some(("passkey", passkey))),
            Self::IdentityLinked(provider) => ("mail-identity-linked", Some(("provider", provider))),
            Self::IdentityUnlinked(provider) => ("mail-identity-unlinked", Some(("provider", provider))),
            Self::DeviceApproved(browser) => ("mail-device-approved", Some(("browser", browser))),
            Self::DeviceRejected(browser) => ("mail-device-rejected", Some(("browser", browser))),
            Self::DeviceRevoked(browser) => ("mail-device-revoked", Some(("browser", browser))),
            Self::DeviceApplied(user) => ("mail-device-applied", Some(("who", user))),
            Self::SomebodyElseAsked => ("mail-somebody-else-asked", None),
            Self::UserDeniedSignIn(user) => ("mail-user-denied-sign-in", Some(("who", user))),
        }
    }

    /// The message, in the language of its reader.
    fn text(&self, reader: Option<&str>, [name, user, time, address]: [&str; 4]) -> MailText {
        let (sentence, value) = self.sentence();
        let values = [("name", name), ("user", user), ("time", time), ("address", address)];
        MailText::of(reader, "mail-account", sentence, &values.into_iter().chain(value).collect::<Vec<_>>())
    }
}

impl Core {
    /// Puts a notice into the outbox, where a mail address is known.
    pub async fn notify_user(&self, user: &User, address: ClientAddress, request_id: &str, notice: Notice<'_>) {
        let profile = user.profile();
        let Some(email) = profile.email.as_deref() else { return };
        let (id, now) = (user.id(), self.clock().now().written_in(&self.zone()));
        let name = profile.display_name.as_deref().unwrap_or(id.as_str());
        let text = notice.text(profile.language.as_deref(), [name, id.as_str(), &now, &address.to_string()]);
        if let Err(error) = self.outbox().post(Some(id), Some(email), &text.subject, &text.body).await {
            tracing::warn!(%error, request_id, "notice_not_kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::language::Language;

    #[test]
    fn every_notice_is_said_in_every_language() {
        use Notice::*;
        for notice in [
            NewPlace("Firefox"),
            BrowserRegistered("Firefox"),
            BrowserForgotten("Firefox"),
            PasswordChanged,
            PatternSet,
            TransactionPasswordSet,
            PasswordSetByLink,
            AuthenticatorSetUp,
            AuthenticatorReplaced,
            AuthenticatorSetUpByLink,
            AuthenticatorRemoved,
            RecoveryCodesRenewed,
            ApproverRegistered("Phone"),
            ApproverRemoved("Phone"),
            PasskeyAdded("Phone"),
            PasskeyAddedByLink("Phone"),
            PasskeyRemoved("Phone"),
            IdentityLinked("Contoso"),
            IdentityUnlinked("Contoso"),
            DeviceApproved("Firefox"),
            DeviceRejected("Firefox"),
            DeviceRevoked("Firefox"),
            DeviceApplied("alice"),
            SomebodyElseAsked,
            UserDeniedSignIn("alice"),
        ] {
            let values = ["Alice Arai", "alice", "2026-11-29 15:00 UTC", "192.0.2.7"];
            for language in Language::ALL {
                let text = notice.text(Some(language.tag()), values);
                assert!(!text.subject.contains(['⟦', '/']) && !text.body.contains('⟦'), "{text:?}");
                let named = notice.sentence().1.map(|(_, value)| value);
                assert!(values.into_iter().chain(named).all(|value| text.body.contains(value)), "{text:?}");
            }
            let text = notice.text(None, values);
            let (english, japanese) = text.body.split_once("\n\n----\n\n").unwrap();
            assert!(!text.subject.contains('⟦') && !text.body.contains('⟦'), "{text:?}");
            assert!(english.starts_with("Hello Alice Arai,\n\n") && japanese.starts_with("Alice Arai 様\n\n"), "{text:?}");
            for value in ["alice", "2026-11-29 15:00 UTC", "192.0.2.7"] {
                assert!(english.contains(value) && japanese.contains(value), "{text:?}");
            }
            let (english, japanese) = text.subject.split_once(" / ").unwrap();
            assert!(english.is_ascii() && !japanese.is_ascii(), "{text:?}");
            if let (_, Some((_, value))) = notice.sentence() {
                assert!(text.body.matches(value).count() >= 2, "{text:?}");
            }
        }
    }
}
