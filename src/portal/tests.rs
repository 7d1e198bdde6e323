//! The administration as a browser sees it, and what the tests of both APIs for apps share.

mod administration;
pub(in crate::portal) mod apps;
mod records;
