//! The account at an authority: made once, kept sealed, looked at before each order. One that the authority does not accept any
//! more (its key was changed elsewhere, it was deactivated) is replaced, at most once a day.

use std::time::Duration;

use instant_acme::{Account, AccountCredentials, NewAccount};

use super::settings::AcmeAuthority;
use super::tools::OrderTools;
use super::trouble::{AcmeTrouble, TroubleKind, type_of_error};

/// How old an account must be to be replaced by itself.
const REPLACED_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Opens the account, or makes the first one.
pub(super) async fn open(tools: &OrderTools<'_>, authority: &AcmeAuthority) -> Result<Account, AcmeTrouble> {
    let now = tools.clock.now();
    if let Some((credentials, made_at)) = tools.rows.account(&authority.directory).await? {
        let account = restore(tools, credentials).await?;
        let contact: Vec<&str> = authority.contact.iter().map(String::as_str).collect();
        let Err(error) = account.update_contacts(&contact).await else { return Ok(account) };
        let trouble = AcmeTrouble::of(&error, &tools.notes, "look at the account");
        // A key that was changed elsewhere is a signature that does not verify: some say `malformed` to that, others `unauthorized`.
        if !matches!(type_of_error(&error), "malformed" | "accountDoesNotExist" | "unauthorized") {
            return Err(trouble);
        }
        let words = format!("the authority does not accept the account that is kept here any more ({})", trouble.words);
        if now < made_at.plus(REPLACED_AFTER) {
            return Err(AcmeTrouble::new(
                TroubleKind::AccountRefused,
                format!("{words}; it is a day old at most, and not replaced"),
            ));
        }
        tracing::warn!(authority = authority.name, reason = words, "acme_account_replaced");
    }
    make(tools, authority).await
}

/// The account without a look at it, for what asks little.
pub(super) async fn restored(tools: &OrderTools<'_>, authority: &AcmeAuthority) -> Result<Option<Account>, AcmeTrouble> {
    match tools.rows.account(&authority.directory).await? {
        Some((credentials, _)) => restore(tools, credentials).await.map(Some),
        None => Ok(None),
    }
}

async fn restore(tools: &OrderTools<'_>, credentials: AccountCredentials) -> Result<Account, AcmeTrouble> {
    let restored = Account::builder_with_http(Box::new(tools.wire())).from_credentials(credentials).await;
    restored.map_err(|error| AcmeTrouble::of(&error, &tools.notes, "read the directory").of_kind(TroubleKind::Unreachable))
}

async fn make(tools: &OrderTools<'_>, authority: &AcmeAuthority) -> Result<Account, AcmeTrouble> {
    let contact: Vec<&str> = authority.contact.iter().map(String::as_str).collect();
    let wanted = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let builder = Account::builder_with_http(Box::new(tools.wire()));
    let binding = authority.external_account();
    let made = builder.create(&wanted, authority.directory.clone(), binding.as_ref()).await;
    let (account, credentials) = made.map_err(|error| {
        let mut trouble = AcmeTrouble::of(&error, &tools.notes, "make an account").of_kind(TroubleKind::AccountRefused);
        if type_of_error(&error) == "externalAccountRequired" {
            trouble.words = format!("{}: set `acme.{}.eab_key_id` and `eab_key_file`", trouble.words, authority.name);
        }
        trouble
    })?;
    tools.rows.keep_account(&authority.directory, &credentials, tools.clock.now()).await?;
    tracing::info!(authority = authority.name, account = account.id(), "acme_account_made");
    Ok(account)
}
