//! Changes what people read of a user.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use crate::account::tokens::Scope;
use crate::account::users::ProfileChange;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::UserId;

/// Change the display name, mail address or language of a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The name that people use; empty clears it.
    #[arg(long, value_name = "NAME")]
    pub display_name: Option<String>,
    /// The mail address; empty clears it.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// The language, as in `ja` or `en`; empty clears it.
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
}

impl Act for ChangeUser {
    const NAME: &'static str = "user.change";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Patch, "/users/{user}");
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        // An empty text is none: the directory reads it so.
        let change = ProfileChange {
            display_name: self.display_name.map(Some),
            email: self.email.map(Some),
            language: self.language.map(Some),
        };
        Ok(UserView::of(&*warrant.core().users().change(&self.user, change).await?))
    }
}
