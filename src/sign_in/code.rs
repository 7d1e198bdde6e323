//! Check 6 by a one-time password, which at check 5 also registers the browser.

use secrecy::{ExposeSecret as _, SecretString};

use super::engine::{AttemptError, Rejection, SignIn, joined, one_time};
use super::goal::Goal;
use super::unfamiliar;
use super::visitor::Visitor;
use crate::account::regulation::AttemptKind;
use crate::chain::{Check, Verdict};
use crate::factor::{Proof, browser, recovery_code, totp};
use crate::principal::method::Method;
use crate::principal::user::UserId;

impl SignIn {
    /// Check 6 by a one-time password; at check 5 the same code registers the browser, whose new cookie is answered.
    ///
    /// # Errors
    /// As [`Self::password`].
    pub async fn code(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        method: Method,
        code: &SecretString,
        browser_name: Option<&str>,
    ) -> Result<Result<Option<String>, Rejection>, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        let (Verdict::Ask(turn), Some(user)) = (look.verdict, look.user) else { return Ok(Err(Rejection::NotNow)) };
        if !one_time(&turn, &look.policy, &user).contains(method) {
            return Ok(Err(Rejection::NotNow));
        }
        let registers = turn.check() == Check::Cookie;
        let reservation = match self.reserve(AttemptKind::Second, user.id().as_str(), visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let proof = match self.verify_code(user.id(), method, code).await? {
            Ok(proof) => proof,
            Err(why) => {
                self.failed(visitor, goal, user.id().as_str(), method, why);
                return Ok(Err(Rejection::Wrong));
            }
        };
        let mut cookie = None;
        let mut registration = None;
        let check = turn.check();
        let earned = if registers {
            let agent = browser_name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(visitor.agent);
            let (registered, text) =
                browser::register(self.core.browsers(), &proof, visitor.browser(), agent, visitor.address).await?;
            registration = Some(registered.credential());
            cookie = Some(text);
            self.core.audit().note(
                self.event("browser.register", visitor, goal).user(user.id().as_str()).detail("way", Method::BrowserByOtp.word()),
            );
            unfamiliar::notify_of_browser(&self.core, visitor, &user, agent).await;
            turn.earn_by_registering(&registered, &proof)
        } else {
            turn.earn(proof)
        };
        let Ok(earned) = earned else { return Ok(Err(Rejection::NotNow)) };
        self.core.regulation().succeeded(reservation).await?;
        self.core.graces().end(user.id()).await?;
        self.note_last(check, user.id(), method).await?;
        // What a session knew already is part of this sign-in now.
        self.in_progress.add(visitor.sign_in_cookie, goal.id(), user.id(), &earned, registration).await?;
        self.core.audit().note(
            self.event("sign_in.step", visitor, goal)
                .user(user.id().as_str())
                .check(check.word())
                .detail("method", method.word()),
        );
        Ok(Ok(cookie))
    }

    pub(super) async fn verify_code(
        &self,
        user: &UserId,
        method: Method,
        code: &SecretString,
    ) -> Result<Result<Proof, &'static str>, AttemptError> {
        match method {
            Method::Totp => match self.core.totps().verify(user, code.expose_secret()).await {
                Ok(proof) => Ok(Ok(proof)),
                Err(totp::TotpError::Wrong) => Ok(Err("wrong")),
                Err(totp::TotpError::Used) => Ok(Err("used")),
                Err(totp::TotpError::NotEnrolled) => Ok(Err("not_enrolled")),
                Err(totp::TotpError::Database(error)) => Err(error.into()),
                Err(error @ totp::TotpError::Seal(_)) => Err(AttemptError::Factor(error.to_string())),
            },
            Method::RecoveryCode => match self.core.recovery_codes().verify(user, code.expose_secret()).await {
                Ok(proof) => Ok(Ok(proof)),
                Err(recovery_code::RecoveryCodeError::Wrong) => Ok(Err("wrong")),
                Err(recovery_code::RecoveryCodeError::Database(error)) => Err(error.into()),
            },
            _ => Ok(Err("not_a_one_time_method")),
        }
    }
}
