//! The API for programs. Versions stand side by side; each is made from the acts it offers.

pub mod v1;
