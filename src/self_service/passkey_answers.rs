//! What somebody does whose phone is no approver: reads the code on the screen, sees what is asked, and answers with a passkey
//! (`approval.by_passkey`). Who brings id and number of a question sees it; only a passkey of its user answers it.

use super::approvers::alarm;
use crate::approval::id::ApprovalId;
use crate::approval::question::{Decision, Question, State};
use crate::approval::{PasskeyWord, Rejected};
use crate::audit::Event;
use crate::core::Core;
use crate::factor::passkey::Ceremony;
use crate::factor::passkey::answering::Answered;
use crate::factor::passkey::refusal::{PasskeyError, PasskeyRefusal};

/// The question of a code.
///
/// # Errors
/// [`Rejected::Unknown`], stores.
pub async fn scanned(core: &Core, id: &ApprovalId, number: &str) -> Result<Question, Rejected> {
    core.approvals().scanned(id, number).await
}

/// A challenge for an answer to what was shown. It is the same for everybody: whether the user has a passkey, or is one, is not
/// looked at.
///
/// # Errors
/// [`Rejected`].
pub async fn challenge(core: &Core, number: &str, to: Answered) -> Result<Ceremony, Rejected> {
    core.approvals().scanned_open(&to.approval, number, &to.shown).await?;
    if !core.approvals().may_challenge(&to.approval).await? {
        return Err(Rejected::Challenge);
    }
    core.passkeys().begin_answer(to).await.map_err(rejected)
}

/// Takes the answer of an authenticator.
///
/// # Errors
/// [`Rejected`].
pub async fn answer(core: &Core, number: &str, to: Answered, ceremony: &str, credential: &str) -> Result<State, Rejected> {
    let question = core.approvals().scanned_open(&to.approval, number, &to.shown).await?;
    let decision = to.decision;
    let word = core.passkeys().verify_answer(&question.user, to, ceremony, credential).await;
    let taken = match word {
        Ok(word) => take(core, &question, word, number).await,
        Err(error) => {
            note(core, &question, why(&error));
            Err(rejected(error))
        }
    };
    if taken.is_ok() && decision == Decision::NotMe {
        alarm(core, &question).await;
    }
    taken
}

async fn take(core: &Core, question: &Question, word: PasskeyWord, number: &str) -> Result<State, Rejected> {
    let taken = core.approvals().answer_by_passkey(word, number).await;
    if let Err(rejected @ (Rejected::Passkey | Rejected::Suspended)) = &taken {
        note(core, question, rejected.code());
    }
    taken
}

/// What was answered and does not count, for the audit log.
fn note(core: &Core, question: &Question, why: &'static str) {
    let event = Event::new("approval.answer").user(question.user.as_str()).address(question.address);
    let event = event.detail("approval", question.id.as_str()).detail("purpose", question.purpose.word());
    core.audit().note(event.refused(why));
}

/// What the person learns.
fn rejected(error: PasskeyError) -> Rejected {
    match error {
        PasskeyError::Over => Rejected::Challenge,
        // The person's own device is the matter here: nobody learns anything of an account by that.
        PasskeyError::Refused(PasskeyRefusal::NotVerified) => Rejected::NotVerified,
        PasskeyError::Shared(error) => Rejected::Shared(error),
        PasskeyError::Database(error) => Rejected::Database(error),
        PasskeyError::Refused(_)
        | PasskeyError::Unavailable
        | PasskeyError::TooMany(_)
        | PasskeyError::Registered
        | PasskeyError::Library(_) => Rejected::Passkey,
    }
}

const fn why(error: &PasskeyError) -> &'static str {
    match error {
        PasskeyError::Refused(refusal) => refusal.code(),
        PasskeyError::Over => "passkey_over",
        PasskeyError::Shared(_) | PasskeyError::Database(_) => "state_unavailable",
        _ => "passkey_refused",
    }
}
