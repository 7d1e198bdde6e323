//! A passkey: check 4 without a user name, check 6 after another primary factor, and at check 5 to register the browser.
//! Nothing that is answered before a passkey was verified depends on any user (T31): at check 4 every challenge is alike, and
//! a passkey that does not help is refused in one way.

use std::sync::Arc;

use super::engine::{AttemptError, Look, Rejection, SignIn, joined, one_time};
use super::goal::Goal;
use super::progress::{SignInProgress, key};
use super::strangers::StrangersAllowance;
use super::unfamiliar;
use super::visitor::Visitor;
use crate::account::user::User;
use crate::chain::policy::{Mode, Policy};
use crate::chain::{Check, Turn, Verdict};
use crate::factor::passkey::refusal::{PasskeyError, PasskeyRefusal};
use crate::factor::passkey::{Ceremony, PasskeyAnswer};
use crate::factor::{Proof, browser};
use crate::principal::method::Method;
use crate::principal::user::UserId;

/// Challenges for sign-ins of nobody yet: an office behind one address has many people, and each page with a passkey draws one.
const DRAWN: StrangersAllowance = StrangersAllowance { word: "passkeys_asked", per_network: 3000, of_all: Some(32) };

/// What a browser brings: the name of its challenge, the answer of the authenticator, and at check 5 what to call the browser.
#[derive(Clone, Copy, Debug)]
pub struct BroughtPasskey<'a> {
    /// [`Ceremony::id`].
    pub ceremony: &'a str,
    /// `AuthenticationResponseJSON`.
    pub credential: &'a str,
    /// At check 5: what to call this browser.
    pub browser_name: Option<&'a str>,
}

/// The step at which a passkey may be used.
struct PasskeyStep {
    turn: Turn,
    /// Whose passkey it must be; `None` at a sign-in of nobody yet.
    user: Option<Arc<User>>,
}

impl SignIn {
    /// A challenge for a passkey at the step that is asked for now.
    ///
    /// # Errors
    /// [`AttemptError`]; where no passkey is asked for, or too many challenges were drawn, `Ok(Err(Rejection))`.
    pub async fn passkey_challenge(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
    ) -> Result<Result<Ceremony, Rejection>, AttemptError> {
        let Some((step, _look)) = self.passkey_step(visitor, goal).await? else { return Ok(Err(Rejection::NotNow)) };
        if step.user.is_none()
            && let Err(trouble) = self.allow(visitor, DRAWN).await?
        {
            return Ok(Err(trouble));
        }
        let user = step.user.as_ref().map(|user| user.id());
        match self.core.passkeys().begin_use(user, &key(visitor.sign_in_cookie, goal.id())).await {
            Ok(ceremony) => Ok(Ok(ceremony)),
            Err(PasskeyError::Unavailable) => Ok(Err(Rejection::NotNow)),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes the answer of an authenticator; at check 5 it registers the browser, whose new cookie is answered.
    ///
    /// # Errors
    /// As [`Self::password`].
    pub async fn passkey(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        brought: BroughtPasskey<'_>,
    ) -> Result<Result<Option<String>, Rejection>, AttemptError> {
        let Some((step, look)) = self.passkey_step(visitor, goal).await? else { return Ok(Err(Rejection::NotNow)) };
        let place = key(visitor.sign_in_cookie, goal.id());
        let answer = PasskeyAnswer { place: &place, ceremony: brought.ceremony, credential: brought.credential };
        let expected = step.user.as_ref().map(|user| user.id().clone());
        let proof = match self.core.passkeys().verify(expected.as_ref(), answer).await {
            Ok(proof) => proof,
            Err(PasskeyError::Refused(refusal)) => {
                let name = expected.as_ref().map_or("", UserId::as_str);
                self.failed(visitor, goal, name, Method::Passkey, refusal.code());
                return Ok(Err(match refusal {
                    // The person's own device is the matter here: nobody learns anything of an account by that.
                    PasskeyRefusal::NotVerified => Rejection::NotVerified,
                    _ => Rejection::Wrong,
                }));
            }
            Err(PasskeyError::Over) => return Ok(Err(Rejection::Over)),
            Err(PasskeyError::Unavailable) => return Ok(Err(Rejection::NotNow)),
            Err(error) => return Err(error.into()),
        };
        match step.turn.check() {
            Check::PrimaryFactor => Ok(self.passkey_signs_in(visitor, goal, &look, proof).await?.map(|()| None)),
            _ => self.passkey_passes(visitor, goal, step, proof, brought.browser_name).await,
        }
    }

    /// Check 4: whose passkey it is decides who signs in.
    async fn passkey_signs_in(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        anybody: &Look,
        proof: Proof,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let (core, id) = (&self.core, proof.user().clone());
        if let Some(holder) = anybody.is_not_of(id.as_str()) {
            let code = crate::chain::refusal::Refusal::CertificateOfAnotherUser.code();
            self.failed(visitor, goal, id.as_str(), Method::Passkey, code);
            return Ok(Err(Rejection::CertificateOf(holder)));
        }
        let refused = |why| {
            self.failed(visitor, goal, id.as_str(), Method::Passkey, why);
            Ok(Err(Rejection::Wrong))
        };
        let Some(user) = core.users().find(&id).filter(|user| user.standing().enabled) else {
            return refused("unknown_or_disabled");
        };
        // Judged with the user named, so that a user's own lists and methods hold.
        let ticket = self.ticket_of(visitor, goal, id.as_str()).await?;
        let look = self.look(visitor, goal, &ticket, Some(&user)).await?;
        let turn = match look.verdict {
            Verdict::Ask(turn)
                if turn.check() == Check::PrimaryFactor
                    && turn.methods().contains(Method::Passkey)
                    && user.standing().assigned.contains(Method::Passkey) =>
            {
                turn
            }
            _ => return refused(look.trace.failed().map_or("no_method_assigned", |(_, refusal)| refusal.code())),
        };
        let two_factors = is_second_too(&look.policy, &user);
        let earned = if two_factors { turn.earn_by_two_factors(proof) } else { turn.earn(proof) };
        let Ok(earned) = earned else { return Ok(Err(Rejection::NotNow)) };
        if two_factors {
            core.graces().end(&id).await?;
        }
        self.in_progress.begin(visitor.sign_in_cookie, goal.id(), &id, &earned).await?;
        self.note_passkey(visitor, goal, &id, Check::PrimaryFactor);
        Ok(Ok(()))
    }

    /// Check 6, or check 5 by registering the browser.
    async fn passkey_passes(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        step: PasskeyStep,
        proof: Proof,
        browser_name: Option<&str>,
    ) -> Result<Result<Option<String>, Rejection>, AttemptError> {
        let PasskeyStep { turn, user: Some(user) } = step else { return Ok(Err(Rejection::NotNow)) };
        let (mut cookie, mut registration) = (None, None);
        let check = turn.check();
        let earned = if check == Check::Cookie {
            let agent = browser_name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(visitor.agent);
            let (registered, text) =
                browser::register(self.core.browsers(), &proof, visitor.browser(), agent, visitor.address).await?;
            registration = Some(registered.credential());
            cookie = Some(text);
            let event = self.event("browser.register", visitor, goal).user(user.id().as_str());
            self.core.audit().note(event.detail("way", Method::BrowserByOtp.word()));
            unfamiliar::notify_of_browser(&self.core, visitor, &user, agent).await;
            turn.earn_by_registering(&registered, &proof)
        } else {
            turn.earn(proof)
        };
        let Ok(earned) = earned else { return Ok(Err(Rejection::NotNow)) };
        self.core.graces().end(user.id()).await?;
        self.note_last(check, user.id(), Method::Passkey).await?;
        self.in_progress.add(visitor.sign_in_cookie, goal.id(), user.id(), &earned, registration).await?;
        self.note_passkey(visitor, goal, user.id(), check);
        Ok(Ok(cookie))
    }

    fn note_passkey(&self, visitor: &Visitor<'_>, goal: &Goal, user: &UserId, check: Check) {
        let event = self.event("sign_in.step", visitor, goal).user(user.as_str()).check(check.word());
        self.core.audit().note(event.detail("method", Method::Passkey.word()));
    }

    /// The step that a passkey may pass now.
    async fn passkey_step(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Option<(PasskeyStep, Look)>, AttemptError> {
        let mut progress: SignInProgress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        let Verdict::Ask(turn) = &look.verdict else { return Ok(None) };
        let user = look.user.clone();
        let accepted = match (turn.check(), &user) {
            (Check::PrimaryFactor, _) => turn.methods().contains(Method::Passkey),
            (_, Some(user)) => one_time(turn, &look.policy, user).contains(Method::Passkey),
            (_, None) => false,
        };
        let step = PasskeyStep { turn: turn.again(), user };
        Ok(accepted.then_some((step, look)))
    }
}

/// Whether a passkey of check 4 is accepted at check 6 of everything that is demanded of the user there. Where it is not, its
/// evidence must not take the place of a code that was proved.
fn is_second_too(policy: &Policy, user: &User) -> bool {
    let standing = user.standing();
    policy
        .demands(Some(&standing))
        .filter(|demands| demands.otp.mode == Mode::Require)
        .all(|demands| demands.otp.methods.contains(Method::Passkey))
}

impl From<PasskeyError> for AttemptError {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Shared(error) => Self::Shared(error),
            PasskeyError::Database(error) => Self::Database(error),
            other => Self::Factor(other.to_string()),
        }
    }
}
