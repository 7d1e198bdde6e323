//! One-time links: inviting a user, listing the open links, and revoking one.

use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::links::{LIFETIME, Link, LinkPurpose};
use crate::account::mail_text::MailText;
use crate::account::tokens::Scope;
use crate::account::user::User;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Page, rfc3339};
use crate::admin::written;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::config::units::TimeSpan;
use crate::principal::user::UserId;

/// Make an invitation: a one-time link to set a password and an authenticator
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// How long it may be used, at most 30 days [default: 24h].
    #[arg(long, value_name = "LENGTH")]
    #[schema(value_type = Option<String>)]
    pub lifetime: Option<TimeSpan>,
}

/// A one-time link. Anyone who has it can use it: hand it to its user alone.
#[derive(Serialize, ToSchema)]
pub struct Invitation {
    /// Whom it is for.
    pub user: String,
    /// What for.
    #[schema(value_type = String)]
    pub purpose: LinkPurpose,
    /// The address to open; shown here and in the outbox.
    pub url: String,
    /// Until when it may be used.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// Names it in lists; opens nothing.
    pub id: String,
    /// Its message in the outbox.
    pub message: String,
    /// Whether it is mailed.
    pub mailed: bool,
}

debug_by_name!(Invitation);

impl Act for Invite {
    const NAME: &'static str = "user.invite";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/invitations");
    type Output = Invitation;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Invitation, AdminError> {
        let user = warrant.core().users().named(&self.user)?;
        issue(warrant, &user, LinkPurpose::Invitation, self.lifetime.map_or(LIFETIME, |length| length.0)).await
    }
}

/// Makes a link, and its message.
pub(in crate::admin) async fn issue(
    warrant: &Warrant<'_>,
    user: &User,
    purpose: LinkPurpose,
    lifetime: Duration,
) -> Result<Invitation, AdminError> {
    let core = warrant.core();
    let (link, secret) = core.links().issue(user.id(), purpose, warrant.actor(), lifetime).await?;
    let config = core.config();
    let portal = config.file.portal.url.trim_end_matches('/');
    let url = match purpose {
        // Behind the `#` it reaches no log and no other site.
        LinkPurpose::Approver => format!("{portal}/approver/#add={}", secret.text()),
        LinkPurpose::Invitation
        | LinkPurpose::ResetPassword
        | LinkPurpose::ResetTotp
        | LinkPurpose::ResetPasskey
        | LinkPurpose::Browser => {
            format!("{portal}/invitation/{}", secret.text())
        }
    };
    let sentence = match purpose {
        LinkPurpose::Invitation => "mail-link-invitation",
        LinkPurpose::ResetPassword => "mail-link-reset-password",
        LinkPurpose::ResetTotp => "mail-link-reset-totp",
        LinkPurpose::ResetPasskey => "mail-link-reset-passkey",
        LinkPurpose::Browser => "mail-link-browser",
        LinkPurpose::Approver => "mail-link-approver",
    };
    let (profile, until) = (user.profile(), link.expires_at.written_in(&core.zone()));
    let name = profile.display_name.as_deref().unwrap_or(user.id().as_str());
    let values = [("name", name), ("user", user.id().as_str()), ("url", &url), ("until", &until)];
    let text = MailText::of(profile.language.as_deref(), "mail-link", sentence, &values);
    let message = core.outbox().post(Some(user.id()), profile.email.as_deref(), &text.subject, &text.body).await?;
    Ok(Invitation {
        user: user.id().to_string(),
        purpose,
        url,
        expires_at: link.expires_at,
        id: link.id,
        message,
        mailed: core.outbox().mails() && profile.email.is_some(),
    })
}

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
            purpose: link.purpose,
            issued_by: link.issued_by,
            created_at: link.created_at,
            expires_at: link.expires_at,
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
    #[schema(value_type = String)]
    pub purpose: LinkPurpose,
    /// Who made it.
    pub issued_by: String,
    /// When.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// Until when it may be used.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
}

/// Void a one-time link
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeLink {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The link's id.
    pub link: String,
}

impl Act for RevokeLink {
    const NAME: &'static str = "user.revoke_link";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/invitations/{link}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME).user(self.user.as_str()), "link", &self.link))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.link.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let own = core.links().of_user(&self.user).await?.into_iter().any(|link| link.id == self.link);
        if !own || !core.links().revoke(&self.link).await? {
            return Err(AdminError::NotFound { what: "the link", name: self.link });
        }
        Ok(Done::saying("link-revoked", &[]))
    }
}
