//! One user: standing, factors, and what is open for them.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::user::UserId;

/// Show one user with everything that is known of them
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ShowUser {
    const NAME: &'static str = "user.show";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/users/{user}");
    type Output = UserInFull;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Seen(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserInFull, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let id = user.id();
        let authenticator = core.totps().of_user(id).await.map_err(|error| AdminError::State(error.to_string()))?;
        Ok(UserInFull {
            password_set_at: core.passwords().set_at(id).await?.map(Timestamp::rfc3339),
            authenticator: authenticator.map(|found| AuthenticatorView {
                added_at: found.added_at.rfc3339(),
                last_used_at: found.last_used_at.map(Timestamp::rfc3339),
            }),
            transaction_password_set_at: core.transaction_passwords().set_at(id).await?.map(Timestamp::rfc3339),
            recovery_codes_left: core.recovery_codes().left(id).await?,
            sessions: core.sessions().of_user(id).len(),
            browsers: core.browsers().of_user(id).len(),
            registered_certificates: core.certificates().of_user(id).len(),
            user: UserView::of(&user),
        })
    }
}

/// A user with what they sign in with: that there is a secret, never which.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserInFull {
    /// The user.
    pub user: UserView,
    /// When the password was set; absent if there is none.
    pub password_set_at: Option<String>,
    /// The authenticator app, if one is set up.
    pub authenticator: Option<AuthenticatorView>,
    /// When the transaction password was set; absent if there is none.
    pub transaction_password_set_at: Option<String>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: usize,
    /// Sessions that are open.
    pub sessions: usize,
    /// Browsers that are registered.
    pub browsers: usize,
    /// Certificates of the register that are this user's own.
    pub registered_certificates: usize,
}

/// An authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthenticatorView {
    /// When it was set up.
    pub added_at: String,
    /// When a code of it was last taken.
    pub last_used_at: Option<String>,
}
