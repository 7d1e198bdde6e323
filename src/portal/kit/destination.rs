//! The app that a page leads to, as it names the app.

use crate::portal::kit::sample::hostile;

/// The app that the sign-in leads to.
#[derive(Clone, Debug)]
pub struct AppDestination {
    /// What people call the app.
    pub title: String,
    /// Its host, as the address bar will show it.
    pub host: String,
    /// Whether something was posted and is kept until the sign-in is done.
    pub holds_post: bool,
}

/// Message keys have dashes where codes have underscores.
pub(in crate::portal) fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

/// A destination whose names were chosen by somebody with bad intentions.
pub(in crate::portal) fn hostile_destination() -> AppDestination {
    AppDestination { title: hostile(), host: "a".repeat(10_000), holds_post: true }
}
