//! The one-time links of a user that may still be used.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::Link;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Page;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::user::UserId;

/// List the one-time links of a user that may still be used
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLinks {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ListLinks {
    const NAME: &'static str = "user.links";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Get, "/users/{user}/invitations");
    type Output = Page<LinkView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Seen(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<LinkView>, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let links = core.links().of_user(user.id()).await?;
        let view = |link: Link| LinkView {
            id: link.id,
            purpose: link.purpose.word().to_owned(),
            issued_by: link.issued_by,
            created_at: link.created_at.rfc3339(),
            expires_at: link.expires_at.rfc3339(),
        };
        Ok(Page::whole(links.into_iter().map(view).collect()))
    }
}

/// A link; what it opens with is not in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// Names it.
    pub id: String,
    /// What for.
    pub purpose: String,
    /// Who made it.
    pub issued_by: String,
    /// When.
    pub created_at: String,
    /// Until when it may be used.
    pub expires_at: String,
}
