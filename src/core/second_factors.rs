//! Which second factors a user has, and the time without one.

use super::Core;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;

impl Core {
    /// Begins the time without a second factor for a user who has none now.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn begin_grace(&self, user: &UserId) -> Result<(), DatabaseError> {
        if self.graces().holds(user, self.totps(), &self.approvals().approvers, self.passkeys()).await? {
            self.graces().begin(user).await?;
        }
        Ok(())
    }

    /// The second factors that a user has. A phone counts although its approvals are locked; where they are suspended,
    /// it is as if there were none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn second_factors(&self, user: &UserId) -> Result<Methods, DatabaseError> {
        let approvers = &self.approvals().approvers;
        let has_phone = (!approvers.of_user(user).await?.is_empty() || self.approves_by_passkey(user).await?)
            && !approvers.standing(user).await?.suspended;
        Ok(Methods::NONE
            .either(has_phone, Method::Push)
            .either(self.totps().has(user).await?, Method::Totp)
            .either(self.recovery_codes().left(user).await? > 0, Method::RecoveryCode)
            .either(self.passkeys().has(user).await?, Method::Passkey))
    }
}
