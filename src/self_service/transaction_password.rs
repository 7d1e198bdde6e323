//! Setting one's own transaction password: after a second factor, since who may set it may begin transactions.

use secrecy::SecretString;

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::factor::transaction_password::TransactionPasswordError;
use crate::session::Fresh;

/// Sets it, instead of the one there was.
///
/// # Errors
/// [`ActError`]; then the present one stays.
pub async fn set(core: &Core, circumstances: &SelfServiceContext<'_>, fresh: &Fresh, new: SecretString) -> Result<(), ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    core.transaction_passwords().set(core.passwords(), user.id(), new).await.map_err(|error| match error {
        TransactionPasswordError::Unsuitable(unsuitable) => unsuitable.into(),
        TransactionPasswordError::SameAsSignIn => ActError::AsBefore,
        TransactionPasswordError::Database(error) => ActError::Database(error),
    })?;
    note(core, circumstances, user, Event::new("transaction_password.set")).await?;
    tell(core, circumstances, user, Notice::TransactionPasswordSet).await;
    Ok(())
}
