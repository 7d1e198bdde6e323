//! Which entry of a directory a user is.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::principal::user::UserId;

/// Let the next sign-in link a user with the directory's entry of that name; sessions opened by the directory end
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlinkDirectory {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for UnlinkDirectory {
    const NAME: &'static str = "user.unlink_directory";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/unlink-directory");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        if !core.unlink_directory(user.id()).await? {
            return Err(AdminError::NotFound { what: "a linked directory entry of", name: self.user.to_string() });
        }
        Ok(Done::saying("directory-unlinked", &[]))
    }
}
