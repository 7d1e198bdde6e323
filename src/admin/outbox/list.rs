//! Messages that wait or were mailed, newest first.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MessageView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Page;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// List messages to people
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMessages {}

impl Act for ListMessages {
    const NAME: &'static str = "outbox.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/outbox");
    type Output = Page<MessageView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<MessageView>, AdminError> {
        Ok(Page::whole(warrant.core().outbox().list().await?.iter().map(MessageView::of).collect()))
    }
}
