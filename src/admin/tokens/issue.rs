//! Makes an API token. Only who may do everything may make one: a token must not make itself stronger.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TokenView;
use crate::account::UserId;
use crate::account::tokens::Scope;
use crate::account::tokens::Scopes;
use crate::admin::error::AdminError;
use crate::admin::{Act, Route, Verb, Warrant};
use crate::audit::Event;
use crate::config::units::Length;

/// Make an API token; it is shown once
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// What it is for, in at most 64 characters.
    pub label: String,
    /// What it may do: `read`, `users`, `sessions`, `certificates`, `audit`, `settings` or `all`; several times for several.
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    pub scopes: Vec<String>,
    /// It dies with this user, and sleeps while they are switched off.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub owner: Option<UserId>,
    /// How long it may be used [default: 90d].
    #[arg(long, value_name = "LENGTH")]
    #[schema(value_type = Option<String>)]
    pub lifetime: Option<Length>,
}

impl Act for IssueToken {
    const NAME: &'static str = "token.issue";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/tokens");
    type Output = Issued;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("label", self.label.clone()).detail("scopes", self.scopes.join(" ")))
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Issued, AdminError> {
        let read = |word: &String| Scope::from_word(word).ok_or_else(|| unknown(word));
        let scopes = self.scopes.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let house = warrant.house();
        let ends = house.clock.now().plus(self.lifetime.unwrap_or(Length::days(90)).0);
        let (token, text) = house.tokens.issue(&self.label, Scopes::of(&scopes), self.owner, ends).await?;
        Ok(Issued { token: text, about: TokenView::of(&token) })
    }
}

/// A new token.
#[derive(Debug, Serialize, ToSchema)]
pub struct Issued {
    /// The token, for `Authorization: Bearer …`; never shown again.
    pub token: String,
    /// What is known of it.
    pub about: TokenView,
}

fn unknown(word: &str) -> AdminError {
    let all = Scope::ALL.map(Scope::word).join(", ");
    AdminError::Input { what: "make a token", why: format!("{word:?} is no scope; there are {all}") }
}
