//! One passkey of a user, where not all are lost: the others stay, and no link is needed.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::written;
use crate::audit::Event;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;

/// Remove one passkey of a user; what it opened ends
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovePasskey {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The id of the passkey: `sekisho user show` shows it.
    pub passkey: String,
}

impl Act for RemovePasskey {
    const NAME: &'static str = "user.remove_passkey";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/passkeys/{passkey}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME).user(self.user.as_str()), "passkey", &self.passkey))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let unknown = || AdminError::NotFound { what: "the passkey", name: self.passkey.clone() };
        let id = CredentialId::parse(&self.passkey).ok_or_else(unknown)?;
        core.remove_passkey(&self.user, id, None).await?.ok_or_else(unknown)?;
        Ok(Done::saying("passkey-removed", &[]))
    }
}
