//! The actions that lists and the page of a user offer: to one line, or to all that are selected.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::portal::admin::area::AdminArea;

/// What may be done to a line. A form carries its word, `sign-out`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum BulkAction {
    /// Lets a user sign in by phone.
    AssignPush,
    /// Takes that back, and removes the phones.
    UnassignPush,
    /// Makes a one-time link that registers a phone.
    InvitePhone,
    /// Lets nobody approve for a user.
    SuspendApprovals,
    /// Ends that.
    ResumeApprovals,
    /// Ends a lock after wrong answers.
    UnlockApprovals,
    /// Removes all phones of a user.
    UnregisterPhones,
    /// Ends every session of a user.
    SignOut,
    /// Disables a user.
    DisableUser,
    /// Enables a user.
    EnableUser,
    /// Lets a user sign in with no browser but those that an administrator approved.
    DesignateDevices,
    /// Ends that.
    ReleaseDevices,
    /// Selects a user: certificates are required of them.
    RequireCertificates,
    /// The same of those alone who have shown a good certificate.
    RequireShownCertificates,
    /// Lets client certificates count for a user, and requires none.
    AllowCertificates,
    /// Lets none count for a user; sessions that are bound to one end.
    ForbidCertificates,
    /// Makes a one-time link that registers a browser.
    InviteBrowser,
    /// Removes one phone.
    RemovePhone,
    /// Removes the transaction password of a user, who sets a new one.
    RemoveTransactionPassword,
    /// Removes every passkey of a user, and makes a one-time link that makes a new one.
    ResetPasskeys,
    /// Removes one passkey of a user.
    RemovePasskey,
    /// Voids one one-time link of a user.
    RevokeLink,
    /// Draws an initial pattern for a user, who sets another one; the former one ends.
    IssuePattern,
    /// Removes the pattern of a user.
    ResetPattern,
    /// Removes a link of a user with a person at an identity provider.
    UnlinkIdentity,
    /// Forgets which entry of a directory a user is.
    UnlinkDirectory,
    /// Reads the documents of an identity provider now.
    TestProvider,
    /// Tries a directory now.
    TestDirectory,
    /// Reads a directory as a whole now.
    SyncDirectory,
    /// Asks for a new certificate of the gateway.
    RenewCertificate,
    /// Replaces the key of the account at the authority that issued a certificate of the gateway.
    ReplaceAccountKey,
    /// Fetches the revocation lists now.
    RefreshCrls,
    /// Cancels a held request.
    CancelTransaction,
    /// Withdraws an approval.
    CancelApproval,
    /// Ends a session.
    EndSession,
    /// Approves an application for a browser.
    ApproveDevice,
    /// Rejects an application for a browser.
    RejectDevice,
    /// Revokes a browser that was approved.
    RevokeDevice,
    /// Removes a registered browser, which must register again.
    ForgetBrowser,
    /// Switches a certificate on.
    EnableCertificate,
    /// Switches a certificate off.
    DisableCertificate,
    /// Revokes a certificate that was issued here, for good.
    RevokeCertificate,
    /// Takes a certificate that was not issued here out of the register.
    RemoveCertificate,
    /// Takes the trust from a key of the authority, and revokes what it signed.
    WithdrawAuthority,
    /// Removes a user and all that is theirs.
    RemoveUser,
    /// Makes an invitation of a user.
    InviteUser,
    /// Removes every registered browser of a user.
    ForgetBrowsers,
    /// Forgets which account of a domain a user's tickets are of.
    UntieAccount,
    /// Removes a group; its members stay.
    RemoveGroup,
    /// Removes a list of networks: it restricts nothing any more.
    RemoveNetworkList,
    /// Requires certificates of every member of a group.
    RequireGroupCertificates,
    /// Ends that.
    ReleaseGroupCertificates,
    /// Removes a message of the outbox.
    RemoveMessage,
    /// Revokes an API token.
    RevokeToken,
    /// Lifts a lock.
    LiftLock,
}

impl BulkAction {
    /// The actions on the lines of an area.
    pub fn of(area: AdminArea) -> Vec<Self> {
        // A passkey and a link have a line on the page of their user alone.
        let is_of = |action: &Self| action.area() == area && !matches!(action, Self::RemovePasskey | Self::RevokeLink);
        Self::VARIANTS.iter().copied().filter(is_of).collect()
    }

    /// The word that a form carries.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Whether it takes something away that another click does not give back: it is confirmed first.
    pub const fn is_destructive(self) -> bool {
        matches!(
            self,
            Self::UnassignPush
                | Self::SuspendApprovals
                | Self::UnregisterPhones
                | Self::SignOut
                | Self::DisableUser
                | Self::RemovePhone
                | Self::RemoveTransactionPassword
                | Self::ResetPasskeys
                | Self::RemovePasskey
                | Self::RevokeLink
                | Self::IssuePattern
                | Self::ResetPattern
                | Self::UnlinkIdentity
                | Self::UnlinkDirectory
                | Self::RemoveUser
                | Self::ForgetBrowsers
                | Self::UntieAccount
                | Self::RemoveGroup
                | Self::RemoveNetworkList
                | Self::RemoveMessage
                | Self::RevokeToken
                | Self::DesignateDevices
                | Self::RequireCertificates
                | Self::RequireShownCertificates
                | Self::ForbidCertificates
                | Self::RequireGroupCertificates
                | Self::RejectDevice
                | Self::RevokeDevice
                | Self::CancelTransaction
                | Self::DisableCertificate
                | Self::RevokeCertificate
                | Self::RemoveCertificate
                | Self::WithdrawAuthority
        )
    }

    /// The area whose lines it applies to.
    pub const fn area(self) -> AdminArea {
        match self {
            Self::RemovePhone => AdminArea::Phones,
            Self::CancelTransaction => AdminArea::Transactions,
            Self::CancelApproval => AdminArea::Approvals,
            Self::EndSession => AdminArea::Sessions,
            Self::ApproveDevice | Self::RejectDevice | Self::RevokeDevice => AdminArea::Devices,
            Self::ForgetBrowser => AdminArea::Browsers,
            Self::UnlinkIdentity | Self::TestProvider => AdminArea::IdentityProviders,
            Self::UnlinkDirectory | Self::TestDirectory | Self::SyncDirectory => AdminArea::Directories,
            Self::EnableCertificate | Self::DisableCertificate | Self::RevokeCertificate | Self::RemoveCertificate => {
                AdminArea::Certificates
            }
            Self::WithdrawAuthority => AdminArea::Authorities,
            Self::RenewCertificate | Self::ReplaceAccountKey => AdminArea::OwnCertificates,
            Self::RemoveGroup | Self::RequireGroupCertificates | Self::ReleaseGroupCertificates => AdminArea::Groups,
            Self::RemoveNetworkList => AdminArea::Networks,
            Self::RemoveMessage => AdminArea::Outbox,
            Self::RevokeToken => AdminArea::Tokens,
            Self::RefreshCrls => AdminArea::Crls,
            Self::LiftLock => AdminArea::Locks,
            Self::AssignPush
            | Self::UnassignPush
            | Self::InvitePhone
            | Self::SuspendApprovals
            | Self::ResumeApprovals
            | Self::UnlockApprovals
            | Self::UnregisterPhones
            | Self::SignOut
            | Self::DisableUser
            | Self::EnableUser
            | Self::DesignateDevices
            | Self::ReleaseDevices
            | Self::RequireCertificates
            | Self::RequireShownCertificates
            | Self::AllowCertificates
            | Self::ForbidCertificates
            | Self::InviteBrowser
            | Self::RemoveUser
            | Self::InviteUser
            | Self::ForgetBrowsers
            | Self::UntieAccount
            | Self::RemoveTransactionPassword
            | Self::IssuePattern
            | Self::ResetPattern
            | Self::RemovePasskey
            | Self::RevokeLink
            | Self::ResetPasskeys => AdminArea::Users,
        }
    }

    /// The text of its button: a message key.
    pub(in crate::portal::admin) fn label(self) -> String {
        format!("admin-action-{}", self.word())
    }

    /// What it brings about: a message key.
    pub(super) fn consequence(self) -> String {
        format!("{}.confirm", self.label())
    }

    /// That it is done: a message key.
    pub(in crate::portal::admin) fn done(self) -> String {
        format!("{}.done", self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_has_one_word_and_no_other_word_is_one() {
        for action in BulkAction::VARIANTS {
            assert_eq!(action.word().parse(), Ok(*action));
        }
        for hostile in ["", "SignOut", "sign_out", "sign-out ", "format-disk", "sign-out\0", "disable-user&confirmed=yes"] {
            assert!(hostile.parse::<BulkAction>().is_err(), "{hostile:?}");
        }
    }
}
