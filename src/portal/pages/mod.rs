//! Pages of the administration.

pub mod administration;
