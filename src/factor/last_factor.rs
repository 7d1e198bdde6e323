//! By which method each user passed check 6 last: the next time that one is asked for first, and the others stand beside it.
//! It proves nothing, and is looked up for nobody who has not passed check 4.

use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// The last method of each user.
#[derive(Debug)]
pub struct LastFactors {
    database: Database,
}

impl LastFactors {
    /// Kept in this directory.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// The last method of a user; `None` before the first, and where this build does not know it.
    ///
    /// # Errors
    /// [`DatabaseError`]. So for [`Self::note`].
    pub async fn of(&self, user: &UserId) -> Result<Option<Method>, DatabaseError> {
        let sql = "SELECT method FROM last_second_factors WHERE user_name = $1";
        let row = self.database.row(sql, &[user.as_str().into()]).await?;
        Ok(row.map(|row| row.text("method")).transpose()?.as_deref().and_then(Method::from_word))
    }

    /// Notes that a user passed check 6 by this method. A recovery code, which stands in for what is lost, is not noted.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn note(&self, user: &UserId, method: Method) -> Result<(), DatabaseError> {
        // Most use the same as before, and nobody waits for the one connection that writes to learn that.
        if method == Method::RecoveryCode || self.of(user).await? == Some(method) {
            return Ok(());
        }
        let sql = "INSERT INTO last_second_factors (user_name, method) VALUES ($1, $2) \
                   ON CONFLICT (user_name) DO UPDATE SET method = excluded.method";
        self.database.execute(sql, &[user.as_str().into(), method.word().into()]).await.map(drop)
    }
}
