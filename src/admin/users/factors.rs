//! Resetting a factor that a user has lost.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::users::invitation::{Invitation, issue};
use crate::admin::values::Done;
use crate::audit::Event;
use crate::principal::user::UserId;

/// Take a lost factor away and make a link to set it again; sessions end, but not for a transaction password
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetFactor {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// Which factor.
    pub factor: Factor,
}

impl Act for ResetFactor {
    const NAME: &'static str = "user.reset_factor";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/reset-factor");
    type Output = Reset;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("factor", self.factor.word()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Reset, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let purpose = match self.factor {
            Factor::TransactionPassword => {
                if !core.transaction_passwords().remove(user.id()).await? {
                    return Err(AdminError::NotFound { what: "a transaction password of", name: self.user.to_string() });
                }
                return Ok(Reset::Removed(Done::saying("the transaction password is removed; its user sets a new one")));
            }
            Factor::Password => {
                core.passwords().remove(user.id()).await?;
                LinkPurpose::ResetPassword
            }
            Factor::Authenticator => {
                core.remove_authenticator(user.id(), None).await?;
                LinkPurpose::ResetTotp
            }
            Factor::All => {
                core.passwords().remove(user.id()).await?;
                core.remove_authenticator(user.id(), None).await?;
                core.unregister_approvers(user.id()).await?;
                core.transaction_passwords().remove(user.id()).await?;
                core.revoke_browsers_of(user.id(), None).await?;
                LinkPurpose::Invitation
            }
        };
        core.begin_grace(user.id()).await?;
        core.sessions().revoke_user(user.id(), None).await?;
        Ok(Reset::Link(issue(warrant, &user, purpose, LIFETIME).await?))
    }
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Reset {
    /// A link to set it again.
    Link(Invitation),
    /// It is gone, and no link is needed to set another.
    Removed(Done),
}

/// What can be set again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The password.
    Password,
    /// The authenticator app, and with it the recovery codes.
    Authenticator,
    /// The password that transactions ask for.
    TransactionPassword,
    /// All of these, and phones and registered browsers too.
    All,
}

impl Factor {
    /// The word in the audit log.
    fn word(self) -> &'static str {
        match self {
            Self::Password => LinkPurpose::ResetPassword.word(),
            Self::Authenticator => LinkPurpose::ResetTotp.word(),
            Self::TransactionPassword => "transaction_password",
            Self::All => LinkPurpose::Invitation.word(),
        }
    }
}
