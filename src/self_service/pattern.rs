//! Changing one's own pattern: three entries off three tables. Who proves the present pattern a short while ago needs no
//! other factor for it. Every other session ends.

use super::{ActError, SelfServiceContext, note, tell};
use crate::audit::Event;
use crate::chain::Check;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::factor::matrix::MatrixError;
use crate::factor::matrix::setting::{Entered, SentEntry, SettingStep};
use crate::factor::token_matrix::ProvedPattern;
use crate::session::Fresh;

/// What came of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternChange {
    /// The page shows where it stands.
    GoesOn,
    /// The pattern is changed.
    Changed,
}

/// The table that is asked for next.
///
/// # Errors
/// [`ActError`].
pub async fn step(core: &Core, fresh: &Fresh) -> Result<SettingStep, ActError> {
    present(core, fresh).await?;
    Ok(core.matrices().setting(&place(fresh), &fresh.user().standing()).await?)
}

/// Takes an entry; the third one changes the pattern.
///
/// # Errors
/// [`ActError`]; then the present one stays.
pub async fn enter(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    sent: SentEntry<'_>,
) -> Result<PatternChange, ActError> {
    let user = fresh.user();
    let present = present(core, fresh).await?;
    let pattern = match core.matrices().enter(&place(fresh), &user.standing(), sent).await? {
        Entered::Next | Entered::Stale => return Ok(PatternChange::GoesOn),
        Entered::Complete(pattern) => pattern,
    };
    let Some(successor) = core.token_matrices().set(user.id(), &pattern, &present).await? else { return Err(ActError::NotFound) };
    let ended = core.sessions().revoke_user(user.id(), Some(fresh.session().id())).await?;
    // The session goes on by the new pattern, and may change it again.
    core.sessions().follow(fresh.session(), &successor).await?;
    note(core, circumstances, user, Event::new("pattern.change").detail("sessions_ended", ended.to_string())).await?;
    tell(core, circumstances, user, Notice::PatternSet).await;
    Ok(PatternChange::Changed)
}

/// The present pattern of a user who may change it.
async fn present(core: &Core, fresh: &Fresh) -> Result<ProvedPattern, ActError> {
    let user = fresh.user().id();
    let evidence = fresh.session().evidence();
    if let Some(piece) = evidence.of(Check::PrimaryFactor)
        && let Some(proved) = core.token_matrices().proved(user, piece.method(), piece.credential()).await?
    {
        return Ok(proved);
    }
    let state = core.matrices().state(user).await?.ok_or(ActError::NotFound)?;
    if fresh.by_second_factor() { Ok(ProvedPattern::of(state)) } else { Err(ActError::NeedsAnotherFactor) }
}

/// One session sets one pattern at a time, in however many tabs.
fn place(fresh: &Fresh) -> String {
    format!("session/{}", fresh.session().id().text())
}

impl From<MatrixError> for ActError {
    fn from(error: MatrixError) -> Self {
        match error {
            MatrixError::Database(error) => Self::Database(error),
            MatrixError::Shared(error) => Self::Shared(error),
            error => Self::Factor(error.to_string()),
        }
    }
}
