//! What the pages say of how a transaction stands or ended.

use strum::VariantArray as _;

use crate::admin::transactions::outcome::TransactionOutcome;
use crate::portal::admin::list_page::ListCell;

/// What is said of an outcome: a message key.
pub(super) const fn outcome_key(outcome: TransactionOutcome) -> &'static str {
    match outcome {
        TransactionOutcome::Held => "admin-transaction-outcome-held",
        TransactionOutcome::Forwarding => "admin-transaction-outcome-forwarding",
        TransactionOutcome::Forwarded => "admin-transaction-outcome-forwarded",
        TransactionOutcome::Denied => "admin-transaction-outcome-denied",
        TransactionOutcome::Cancelled => "admin-transaction-outcome-cancelled",
        TransactionOutcome::Expired => "admin-transaction-outcome-expired",
        TransactionOutcome::Refused => "admin-transaction-outcome-refused",
        TransactionOutcome::NotSent => "admin-transaction-outcome-not-sent",
        TransactionOutcome::Unknown => "admin-transaction-outcome-unknown",
    }
}

/// The cell of an outcome: one that an administrator may have to look into stands out.
pub(super) const fn outcome_cell(outcome: TransactionOutcome) -> ListCell {
    let key = outcome_key(outcome);
    match outcome {
        TransactionOutcome::Denied | TransactionOutcome::Refused | TransactionOutcome::Unknown => ListCell::Alarm(key),
        TransactionOutcome::Held
        | TransactionOutcome::Forwarding
        | TransactionOutcome::Forwarded
        | TransactionOutcome::Cancelled
        | TransactionOutcome::Expired
        | TransactionOutcome::NotSent => ListCell::Words(key),
    }
}

/// Every outcome that can be searched for: its word in the address, and what is said of it.
pub(super) fn outcome_choices() -> Vec<(&'static str, &'static str)> {
    TransactionOutcome::VARIANTS.iter().map(|outcome| (outcome.word(), outcome_key(*outcome))).collect()
}
