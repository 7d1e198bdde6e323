//! Check 5 by an administrator: a user who has proved the primary factor applies for the browser, and waits (R-210…R-216,
//! No session is made meanwhile: what is approved shows itself at check 5 like every registered browser.

use std::time::Duration;

use super::engine::{AttemptError, SignIn, joined};
use super::goal::Goal;
use super::progress::SignInProgress;
use super::visitor::Visitor;
use crate::browser::application::{Application, ApplicationError, AppliedFor};
use crate::chain::{Check, Turn, Verdict};
use crate::core::notice::Notice;
use crate::principal::method::Method;
use crate::principal::user::GroupName;

/// What came of applying.
#[derive(Debug)]
pub enum ApplicationOutcome {
    /// It waits for an administrator; the cookie by which the browser is known.
    Waits(String),
    /// As many of this user wait already as may.
    TooMany,
    /// It was rejected; after this time it may be applied for again.
    Later(Duration),
    /// An application is not what is asked for now.
    NotNow,
}

impl SignIn {
    /// Applies for the browser of a user who is asked to register it.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn apply_for_browser(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        note: &str,
    ) -> Result<ApplicationOutcome, AttemptError> {
        let progress = self.progress_of(visitor, goal).await?;
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        let (Verdict::Ask(turn), Some(user)) = (look.verdict, look.user) else { return Ok(ApplicationOutcome::NotNow) };
        if !may_apply(&turn) || progress.gathered.user() != Some(user.id()) {
            return Ok(ApplicationOutcome::NotNow);
        }
        let browsers = self.core.browsers();
        let before = browsers.application_of(user.id(), visitor.browser_cookie).await?.map(|one| one.id);
        let name = if name.trim().is_empty() { visitor.agent } else { name };
        let said = AppliedFor { name, note, agent: visitor.agent, address: visitor.address };
        let (application, cookie) = match browsers.apply(user.id(), visitor.browser(), said).await {
            Ok(applied) => applied,
            Err(ApplicationError::TooMany(_)) => return Ok(ApplicationOutcome::TooMany),
            Err(ApplicationError::Later(wait)) => return Ok(ApplicationOutcome::Later(wait)),
            Err(ApplicationError::Database(error)) => return Err(error.into()),
        };
        // The same form twice, or two windows: one application, one line, one mail.
        if before != Some(application.id) {
            let event = self.event("device.apply", visitor, goal).user(user.id().as_str());
            self.core.audit().note(event.detail("application", application.id.text()).detail("name", application.name.clone()));
            self.notify_administrators(visitor, &application).await;
        }
        Ok(ApplicationOutcome::Waits(cookie.text().to_owned()))
    }

    /// Whether the application of this browser was decided: answers as soon as it is, at the latest after `at_most`.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn is_decided(&self, visitor: &Visitor<'_>, goal: &Goal, at_most: Duration) -> Result<bool, AttemptError> {
        let progress = self.progress_of(visitor, goal).await?;
        let Some(user) = progress.gathered.user() else { return Ok(true) };
        Ok(self.core.browsers().wait_for_decision(user, visitor.browser_cookie, at_most).await?)
    }

    async fn progress_of(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<SignInProgress, AttemptError> {
        let progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        Ok(match visitor.session {
            Some(session) => joined(session, progress),
            None => progress,
        })
    }

    /// Those who may decide are notified that something waits.
    async fn notify_administrators(&self, visitor: &Visitor<'_>, application: &Application) {
        let config = self.core.config();
        let Ok(group) = GroupName::parse(&config.file.portal.administrators) else { return };
        for administrator in self.core.users().list().iter().filter(|user| user.standing().is_in(&group)) {
            let notice = Notice::DeviceApplied(application.user.as_str());
            self.core.notify_user(administrator, visitor.address, visitor.request_id, notice).await;
        }
    }
}

/// Whether an administrator may pass this turn.
pub(super) fn may_apply(turn: &Turn) -> bool {
    turn.check() == Check::Cookie && turn.methods().contains(Method::BrowserByAdmin)
}
