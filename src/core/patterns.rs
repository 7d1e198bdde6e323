//! Patterns that administrators issue and remove: what was opened with the former one ends.

use super::Core;
use super::consequences::Gone;
use crate::account::user::User;
use crate::factor::matrix::{InitialPattern, MatrixError};
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;

impl Core {
    /// Draws an initial pattern for a user; the former one, and what was signed in with it, end at once.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn issue_pattern(&self, user: &User) -> Result<InitialPattern, MatrixError> {
        let issued = self.matrices().issue(&user.standing()).await?;
        self.end_opened_by_patterns(user.id()).await?;
        Ok(issued)
    }

    /// Removes a user's pattern and ends what was signed in with it; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_pattern(&self, user: &UserId) -> Result<bool, DatabaseError> {
        let was_there = self.matrices().remove(user).await?;
        self.end_opened_by_patterns(user).await?;
        Ok(was_there)
    }

    /// By a table on a page, or by one on a phone.
    async fn end_opened_by_patterns(&self, user: &UserId) -> Result<(), DatabaseError> {
        self.end_opened_by(user, Gone::all(Method::Matrix), None).await?;
        self.end_opened_by(user, Gone::all(Method::TokenMatrix), None).await
    }
}
