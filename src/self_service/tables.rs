//! The tables that a phone shows (`token_matrix`): for which users it does, and the seed that they follow from, which is said to the
//! phone once.
//! Invariant: nobody gets a seed but a key that serves the user, and whose user may sign in by it.

use super::{SelfServiceContext, note};
use crate::account::user::User;
use crate::approval::Rejected;
use crate::approval::approver::ApproverStanding;
use crate::approval::key::{ApproverId, PublicKey};
use crate::audit::Event;
use crate::chain::policy::{Mode, Policy};
use crate::core::Core;
use crate::factor::matrix::MatrixError;
use crate::factor::matrix::shape::TableShape;
use crate::factor::token_matrix::DrawnSeed;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;

/// The tables of one user on one phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneTables {
    /// Which seed the phone should have; `None` where none was drawn yet.
    pub seed: Option<CredentialId>,
    /// Their size.
    pub shape: TableShape,
}

/// Why no seed is drawn.
#[derive(Debug, thiserror::Error)]
pub enum NoSeed {
    /// The phone does not serve this user, or its approvals are suspended.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// No policy that the user meets takes `token_matrix`, or the user is not assigned it.
    #[error("draw a seed: this user does not sign in by `token_matrix`")]
    NotOffered,
    /// The directory, the seal.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
}

/// The tables that a phone shows for a user whom it serves; `None` where it shows none.
///
/// # Errors
/// [`Rejected::Database`].
pub async fn of(
    core: &Core,
    phone: &ApproverId,
    user: &User,
    standing: ApproverStanding,
) -> Result<Option<PhoneTables>, Rejected> {
    if !standing.is_good() || !may_sign_in(core, user) {
        return Ok(None);
    }
    let seed = core.token_matrices().seed_of(phone, user.id()).await?;
    Ok(Some(PhoneTables { seed, shape: core.matrices().rules(&user.standing()).shape }))
}

/// Whether some policy takes a pattern off a phone from this user.
fn may_sign_in(core: &Core, user: &User) -> bool {
    let standing = user.standing();
    let policies = core.policies();
    let takes = |policy: &Policy| {
        let counted = policy.demands(Some(&standing)).map(|demands| &demands.primary_factor);
        let mut counted = counted.filter(|demand| demand.mode != Mode::Off).peekable();
        counted.peek().is_some() && counted.all(|demand| demand.methods.contains(Method::TokenMatrix))
    };
    standing.enabled
        && standing.assigned.contains(Method::TokenMatrix)
        && policies.met_by(&standing).any(|(_, policy)| takes(policy))
}

/// Draws the seed of a user's tables for this phone. One that was drawn before counts no more.
///
/// # Errors
/// [`NoSeed`].
pub async fn draw(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    key: &PublicKey,
    user: &UserId,
) -> Result<(DrawnSeed, TableShape), NoSeed> {
    let phone = key.id();
    let serves = core.approvals().approvers.serves(&phone, user).await.map_err(Rejected::from)?;
    let user = core.users().find(user).filter(|_| serves).ok_or(Rejected::NotRegistered)?;
    let standing = core.approvals().approvers.standing(user.id()).await.map_err(Rejected::from)?;
    if !standing.is_good() {
        return Err(Rejected::Suspended.into());
    }
    if !may_sign_in(core, &user) {
        return Err(NoSeed::NotOffered);
    }
    let drawn = core.token_matrices().draw(&phone, user.id()).await?.ok_or(Rejected::NotRegistered)?;
    let event = Event::new("approver.table_seed").detail("approver", phone.as_str()).detail("seed", drawn.id.text());
    note(core, circumstances, &user, event).await.map_err(Rejected::from)?;
    Ok((drawn, core.matrices().rules(&user.standing()).shape))
}
