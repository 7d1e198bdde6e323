//! Client certificates: the register of those that are known, and those that clients presented.

pub mod register;
pub mod sightings;
#[cfg(test)]
mod tests;
