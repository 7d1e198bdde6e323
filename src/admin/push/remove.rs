//! Removes one approver of a user.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Done;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::approval::key::ApproverId;
use crate::audit::Event;
use crate::principal::user::UserId;

/// Remove one of a user's phones
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveApprover {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The approver's id, as `sekisho push list` shows it.
    pub approver: String,
}

impl Act for RemoveApprover {
    const NAME: &'static str = "push.remove";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/approvers/{approver}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("approver", self.approver.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        let unknown = || AdminError::NotFound { what: "the approver", name: self.approver.clone() };
        let id = ApproverId::parse(&self.approver).ok_or_else(unknown)?;
        if !core.remove_approver(&self.user, &id, None).await? {
            return Err(unknown());
        }
        Ok(Done::saying("the phone approves for this user no more, and what it opened is ended"))
    }
}
