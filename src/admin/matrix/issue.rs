//! Issuing an initial pattern, its notice, and removing a pattern.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::mail_text::MailText;
use crate::account::tokens::Scope;
use crate::account::user::User;
use crate::admin::act::{Act, Route, Verb, Warrant, on_account};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, rfc3339};
use crate::clock::Timestamp;
use crate::principal::method::Methods;
use crate::principal::user::UserId;

/// Draw an initial pattern for a user, with its notice; the former pattern, and what was signed in with it, end at once
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuePattern {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

/// An initial pattern with what its user must know. Who has it can sign in as the user once: hand it to the user alone.
#[derive(Serialize, ToSchema)]
pub struct PatternNotice {
    /// Whom it is for.
    pub user: String,
    /// Where to sign in.
    pub address: String,
    /// The domain to choose beside the name: `local` for the users of this site.
    pub domain: String,
    /// The cells in their order, and the phrase behind them in quotes: `A1 C3 K2 "k7"`.
    pub pattern: String,
    /// The pattern, drawn: `※` for a cell that is not used, else its place in the order.
    pub drawing: String,
    /// Until when it may be used.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// Its message in the outbox, where one was written now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether that is mailed.
    pub mailed: bool,
}

debug_by_name!(PatternNotice);

impl Act for IssuePattern {
    const NAME: &'static str = "matrix.issue";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/matrix");
    type Output = PatternNotice;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<PatternNotice, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        if user.standing().assigned.both(Methods::PATTERN).is_empty() {
            let why = format!("`{}` is assigned neither `matrix` nor `token_matrix`: see `sekisho user set-methods`", user.id());
            return Err(AdminError::Input { what: "issue a pattern", why });
        }
        let issued = core.issue_pattern(&user).await.map_err(|error| AdminError::State(error.to_string()))?;
        let (pattern, drawing) = (issued.pattern.text().to_string(), issued.pattern.drawing_text().to_string());
        let mut notice = notice(warrant, &user, pattern, drawing, issued.expires_at);
        let (profile, until) = (user.profile(), issued.expires_at.written_in(&core.zone()));
        let phrase = issued.pattern.phrase();
        let values = [
            ("name", profile.display_name.as_deref().unwrap_or(user.id().as_str())),
            ("user", user.id().as_str()),
            ("url", &notice.address),
            ("domain", &notice.domain),
            ("drawing", &notice.drawing),
            ("phrase", if phrase.is_empty() { "–" } else { phrase.as_str() }),
            ("until", &until),
        ];
        let text = MailText::of(profile.language.as_deref(), "mail-pattern", "mail-pattern-issued", &values);
        let message = core.outbox().post(Some(user.id()), profile.email.as_deref(), &text.subject, &text.body).await?;
        notice.message = Some(message);
        notice.mailed = core.outbox().mails() && profile.email.is_some();
        Ok(notice)
    }
}

fn notice(warrant: &Warrant<'_>, user: &User, pattern: String, drawing: String, expires_at: Timestamp) -> PatternNotice {
    let core = warrant.core();
    let directories = core.ad_passwords().directories();
    let directory = directories.of(user.id().as_str()).filter(|_| user.id().as_str().contains('@'));
    PatternNotice {
        user: user.id().to_string(),
        address: core.config().file.portal.url.trim_end_matches('/').to_owned(),
        domain: directory.map_or_else(|| "local".to_owned(), |directory| directory.domain().to_owned()),
        pattern,
        drawing,
        expires_at,
        message: None,
        mailed: false,
    }
}

/// Show the notice of a user's initial pattern once more, as long as the user has set no other
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowPatternNotice {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ShowPatternNotice {
    const NAME: &'static str = "matrix.notice";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::revealing("/users/{user}/matrix/notice");
    type Output = PatternNotice;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<PatternNotice, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let initial = core.matrices().initial(user.id()).await.map_err(|error| AdminError::State(error.to_string()))?;
        let Some(initial) = initial else {
            return Err(AdminError::NotFound { what: "an initial pattern of", name: self.user.to_string() });
        };
        let (pattern, drawing) = (initial.pattern.text().to_string(), initial.pattern.drawing_text().to_string());
        Ok(notice(warrant, &user, pattern, drawing, initial.expires_at))
    }
}

/// Remove a user's pattern; what was signed in with it ends
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPattern {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ResetPattern {
    const NAME: &'static str = "matrix.reset";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/matrix");
    type Output = Done;

    on_account!();

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        if !core.remove_pattern(user.id()).await? {
            return Err(AdminError::NotFound { what: "a pattern of", name: self.user.to_string() });
        }
        Ok(Done::saying("pattern-removed", &[]))
    }
}
