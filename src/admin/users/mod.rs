//! Users: their accounts, rights, invitations and factors.

pub mod factors;
pub mod invitation;
pub mod profile;
pub mod rights;
#[cfg(test)]
mod tests;
pub mod views;
