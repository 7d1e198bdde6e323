//! Transactions, held and ended: administrators see, export and take them back; they never approve them.

pub mod csv;
pub mod list;
pub mod outcome;
pub mod show;
#[cfg(test)]
mod tests;
