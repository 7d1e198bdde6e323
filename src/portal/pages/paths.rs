//! Where the forms of the pages go. Handlers route these very constants, so that page and router cannot differ.

/// GET: the step that comes next. `?for=` names the departure, `&method=` another method for this step.
pub const SIGN_IN: &str = "/sign-in";
/// POST `user`, `password`, `for`.
pub const PASSWORD: &str = "/sign-in/password";
/// POST `method` (`totp` or `recovery_code`), `code`, `for`.
pub const OTP: &str = "/sign-in/otp";
/// POST `method`, `code`, `name` (what to call this browser), `for`.
pub const BROWSER: &str = "/sign-in/browser";
/// GET: asks; POST `scope` (`everywhere`, or `here` for this browser's session).
pub const SIGN_OUT: &str = "/sign-out";
/// The launcher.
pub const LAUNCHER: &str = "/";
/// POST `language` (a tag), `back` (a path of the portal).
pub const LANGUAGE: &str = "/language";
