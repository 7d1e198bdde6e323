//! What is kept of a person at a provider, and of a session that one there opened.

use crate::clock::Timestamp;
use crate::principal::method::CredentialId;
use crate::principal::user::{GroupName, UserId};

/// One person at one provider, and the user that the person is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpLink {
    /// Its id: the credential of a proof by it.
    pub id: CredentialId,
    /// The issuer.
    pub issuer: String,
    /// The subject.
    pub subject: String,
    /// The user.
    pub user: UserId,
    /// The provider's name here when it was last used.
    pub provider: String,
    /// The mail address that the provider named last.
    pub mail: Option<String>,
    /// The groups here that the provider gave last.
    pub groups: Vec<GroupName>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used; when it was made, if it never was.
    pub last_used: Timestamp,
}

/// A session here that was opened by one at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpSession {
    /// The session here, as its id is written.
    pub session: String,
    /// The link that it was opened by.
    pub link: CredentialId,
    /// The provider's name here.
    pub provider: String,
    /// Its issuer.
    pub issuer: String,
    /// The person there.
    pub subject: String,
    /// The session there, where the provider names it.
    pub session_there: Option<String>,
    /// When it was last known to be good.
    pub confirmed_at: Timestamp,
}
