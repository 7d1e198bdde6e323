//! Linking a user with a person at an identity provider, from the page of the user.

use axum::response::Response;
use serde::Deserialize;

use crate::admin::error::AdminError;
use crate::admin::idp::LinkIdentity;
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::{AdminFields, AdminForm};
use crate::portal::kit::paths;
use crate::principal::user::UserId;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkForm {
    user: String,
    provider: String,
    subject: String,
    /// The page of the user.
    back: String,
}

impl AdminFields for LinkForm {
    fn page(&self) -> &str {
        if paths::is_admin_page(&self.back) { &self.back } else { paths::ADMIN_USERS }
    }
}

/// POST /admin/link-identity
pub(super) async fn link(AdminForm { admin, fields }: AdminForm<LinkForm>) -> Result<Response, Response> {
    let back = fields.page().to_owned();
    let user = UserId::parse(&fields.user).map_err(|error| admin.unreadable("read the user", error.to_string()))?;
    let subject = fields.subject.trim().to_owned();
    let change = match admin.perform(LinkIdentity { user, provider: fields.provider, subject }).await {
        Ok(_) => AdminChange::IdentityLinked,
        // It is somebody's already, or no subject at all.
        Err(AdminError::Input { .. }) => AdminChange::IdentityNotLinked,
        Err(error) => return Err(admin.refused(&error)),
    };
    Ok(admin.visit.see_other(&change.at(&back)))
}
