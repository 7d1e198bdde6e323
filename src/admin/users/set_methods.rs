//! Assigns primary-factor methods.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UserView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

/// Assign exactly these primary-factor methods to a user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMethods {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// `password`, `ad_password` or `push`, several for several; none leaves no way to sign in.
    #[arg(value_name = "METHOD")]
    #[serde(default)]
    pub methods: Vec<String>,
}

impl Act for SetMethods {
    const NAME: &'static str = "user.set_methods";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/methods");
    type Output = UserView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("methods", self.methods.join(" ")))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserView, AdminError> {
        let methods = self.methods.iter().map(|word| read(word)).collect::<Result<Methods, _>>()?;
        warrant.core().assign(&self.user, methods).await?;
        Ok(UserView::of(&*warrant.core().users().named(&self.user)?))
    }
}

/// A primary factor of this build.
fn read(word: &str) -> Result<Method, AdminError> {
    let there = Methods::PRIMARY.words();
    let why = match Method::from_word(word) {
        Some(method) if Methods::PRIMARY.contains(method) => return Ok(method),
        // A word of the design that nothing verifies yet: its user could sign in by nothing.
        Some(_) => format!("`{word}` is no primary factor that this build has; there are {there}"),
        None => format!("{word:?} is no method; there are {there}"),
    };
    Err(AdminError::Input { what: "assign a method", why })
}
