//! Setting one's own transaction password: after a second factor, since who may set it may begin transactions.

use secrecy::SecretString;

use super::{ActError, Circumstances, has_proved_another, note, tell};
use crate::audit::Event;
use crate::factor::transaction_password::NotTaken;
use crate::house::House;
use crate::house::notice::Notice;
use crate::session::Fresh;

/// Sets it, in the place of the one there was.
///
/// # Errors
/// [`ActError`]; then the present one stays.
pub async fn set(house: &House, circumstances: &Circumstances<'_>, fresh: &Fresh, new: SecretString) -> Result<(), ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    house.transaction_passwords.set(&house.passwords, user.id(), new).await.map_err(|error| match error {
        NotTaken::Unsuitable(unsuitable) => unsuitable.into(),
        NotTaken::SameAsSignIn => ActError::AsBefore,
        NotTaken::Database(error) => ActError::Database(error),
    })?;
    note(house, circumstances, user, Event::new("transaction_password.set")).await?;
    tell(house, circumstances, user, Notice::TransactionPasswordSet).await;
    Ok(())
}
