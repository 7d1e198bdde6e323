//! Patterns on tables of digits: initial ones issued, shown once more and removed, how all of them stand, and whether a pattern
//! would be allowed (R-303… ).

pub mod issue;
pub mod list;
pub mod many;
pub mod test;
#[cfg(test)]
mod tests;
