//! The account of Active Directory whose Kerberos tickets are a user's.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::principal::user::UserId;

/// Untie a user from the account of Active Directory whose tickets are the user's; the next ticket ties another
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UntieAccount {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for UntieAccount {
    const NAME: &'static str = "user.untie_account";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/untie-account");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        if !core.kerberos_tickets().untie(user.id()).await? {
            return Err(AdminError::NotFound { what: "a tied domain account of", name: self.user.to_string() });
        }
        Ok(Done::saying("domain-account-untied", &[]))
    }
}
