//! Users: their accounts, rights, invitations and factors.

pub mod certificates;
pub(in crate::admin) mod chosen;
pub mod designation;
pub mod directory;
pub mod domain_account;
pub mod invitation;
pub mod passkey;
pub mod profile;
pub mod rights;
#[cfg(test)]
mod tests;
pub mod views;
