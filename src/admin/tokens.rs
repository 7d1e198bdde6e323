//! API tokens: issuing, listing and revoking them.

use clap::Args;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use utoipa::ToSchema;

use crate::account::tokens::{ApiToken, Scope, Scopes, TokenOrder};
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Page, request_id, rfc3339, rfc3339_if_any};
use crate::admin::written;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::config::units::TimeSpan;
use crate::principal::user::UserId;

/// An API token as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Names it; opens nothing.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// What it may do.
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Scope>,
    /// Whose it is.
    pub owner: Option<String>,
    /// The app that it speaks for.
    pub app: Option<String>,
    /// When it was made.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it ends.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// When it was last used.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub last_used: Option<Timestamp>,
}

impl TokenView {
    fn of(token: &ApiToken) -> Self {
        Self {
            id: token.id.clone(),
            label: token.label.clone(),
            scopes: token.scopes.iter().collect(),
            owner: token.owner.as_ref().map(ToString::to_string),
            app: token.app.clone(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used: token.last_used,
        }
    }
}

/// Make an API token; it is shown once
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// What it is for, in at most 64 characters.
    pub label: String,
    /// What it may do: `read`, `users`, `sessions`, `certificates`, `audit`, `settings` or `all`, several times for several;
    /// or `approvals`, of an app.
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    pub scopes: Vec<String>,
    /// It dies with this user, and sleeps while they are switched off.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub owner: Option<UserId>,
    /// The app that asks for approvals with it, with `approvals` as only scope.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// How long it may be used [default: 90d].
    #[arg(long, value_name = "LENGTH")]
    #[schema(value_type = Option<String>)]
    pub lifetime: Option<TimeSpan>,
    /// What the request calls itself, in at most 64 letters, digits, hyphens and underscores: asked for twice, it is done once.
    #[arg(long, value_name = "ID")]
    pub request: Option<String>,
}

impl Act for IssueToken {
    const NAME: &'static str = "token.issue";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/tokens");
    type Output = Issued;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).as_given("label", self.label.clone()).as_given("scopes", self.scopes.join(" "));
        Some(match &self.app {
            Some(app) => event.app_as_given(app.clone()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        self.owner.clone().map_or(ActTarget::Nobody, ActTarget::Account)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Issued, AdminError> {
        let read = |word: &String| word.parse::<Scope>().map_err(|_unknown_word| unknown(word));
        let scopes = self.scopes.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let core = warrant.core();
        let ends = core.clock().now().plus(self.lifetime.unwrap_or(TimeSpan::days(90)).0);
        let scopes = Scopes::of(&scopes);
        let request = request_id("make a token", self.request.as_deref())?;
        let app = self.app.as_deref();
        match app {
            Some(app) if scopes == Scopes::of(&[Scope::Approvals]) => {
                let config = core.config();
                let found = config.file.app.iter().find(|found| found.name == app);
                if found.ok_or_else(|| no_app(app))?.approvals.is_none() {
                    let why = format!("{app} asks for no approvals: write `approvals = {{}}` below its `[[app]]` first");
                    return Err(AdminError::Input { what: "make a token", why });
                }
            }
            None if !scopes.iter().any(|scope| scope == Scope::Approvals) => {}
            _ => {
                let why =
                    "`approvals` goes with an app, and an app with that scope alone: --scope approvals --app APP".to_owned();
                return Err(AdminError::Input { what: "make a token", why });
            }
        }
        let order = TokenOrder { label: &self.label, scopes, owner: self.owner, app, expires_at: ends, request };
        let (token, text) = core.tokens().order(order).await?;
        Ok(Issued { token: text, about: TokenView::of(&token) })
    }
}

/// A new token.
#[derive(Serialize, ToSchema)]
pub struct Issued {
    /// The token, for `Authorization: Bearer …`; never shown again.
    pub token: String,
    /// What is known of it.
    pub about: TokenView,
}

debug_by_name!(Issued);

fn no_app(app: &str) -> AdminError {
    AdminError::NotFound { what: "the app", name: app.to_owned() }
}

fn unknown(word: &str) -> AdminError {
    let all = Scope::VARIANTS.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(", ");
    AdminError::Input { what: "make a token", why: format!("{word:?} is not a scope; there are {all}") }
}

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

/// Revoke an API token
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// The token's id, as in the list.
    pub token: String,
}

impl Act for RevokeToken {
    const NAME: &'static str = "token.revoke";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Delete, "/tokens/{token}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "token", &self.token))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.token.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        if !warrant.core().tokens().revoke(&self.token).await? {
            return Err(AdminError::NotFound { what: "the token", name: self.token });
        }
        Ok(Done::saying("token-revoked", &[]))
    }
}
