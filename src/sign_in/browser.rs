//! Check 5 by the cookie of a registered browser.

use super::engine::{AttemptError, SignIn};
use super::progress::SignInProgress;
use super::visitor::Visitor;
use crate::chain::Turn;
use crate::chain::evidence::Earned;
use crate::chain::refusal::Refusal;
use crate::factor::browser;
use crate::principal::method::CredentialId;

impl SignIn {
    /// Tries the browser's cookie at check 5.
    pub(super) async fn show_browser(
        &self,
        visitor: &Visitor<'_>,
        progress: &mut SignInProgress,
        turn: &Turn,
    ) -> Result<Option<Earned>, AttemptError> {
        let Some(user) = progress.gathered.user().cloned() else { return Ok(None) };
        if turn.refusal() == Refusal::BrowserNotBound {
            return Ok(None);
        }
        let (browsers, now) = (self.core.browsers(), self.core.clock().now());
        let Some(proof) = browser::verify(browsers, &user, visitor.browser(), turn.methods(), now).await? else {
            return Ok(None);
        };
        let registration: CredentialId = proof.credential();
        // The turn stays with the caller, which asks for another way if this one fails: the proof is judged by its twin.
        let Ok(earned) = turn.again().earn(proof) else { return Ok(None) };
        progress.gathered.add(&user, &earned);
        progress.browser = Some(registration);
        Ok(Some(earned))
    }
}
