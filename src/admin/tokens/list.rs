//! All API tokens; none of them can be read here.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TokenView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Page;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// List API tokens
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTokens {}

impl Act for ListTokens {
    const NAME: &'static str = "token.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/tokens");
    type Output = Page<TokenView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<TokenView>, AdminError> {
        Ok(Page::whole(warrant.core().tokens().list().iter().map(TokenView::of).collect()))
    }
}
