//! What the tests of both APIs for apps share.

pub(in crate::portal) mod apps;
