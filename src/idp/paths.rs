//! The addresses on the portal that a provider sends browsers to, or calls itself.

/// Where the provider of this name sends people back to, below the portal's address.
pub(super) fn callback_path(provider: &str) -> String {
    format!("/sign-in/idp/{provider}/callback")
}

/// Where it posts logout tokens.
pub(super) fn backchannel_logout_path(provider: &str) -> String {
    format!("/sign-in/idp/{provider}/backchannel-logout")
}

/// What it puts into a frame at a logout.
pub(super) fn frontchannel_logout_path(provider: &str) -> String {
    format!("/sign-in/idp/{provider}/frontchannel-logout")
}

/// Where a provider that speaks SAML has browsers post its responses.
pub(super) fn assertion_path(provider: &str) -> String {
    format!("/sign-in/idp/{provider}/assertion")
}

/// Where the metadata of this gateway for such a provider is.
pub(super) fn metadata_path(provider: &str) -> String {
    format!("/sign-in/idp/{provider}/metadata")
}
