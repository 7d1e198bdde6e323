//! Where the forms and links of the pages go. Handlers route these very constants, so that page and router cannot differ.

/// GET: the step that comes next. `?for=` names the departure, `&method=` another method for this step.
pub const SIGN_IN: &str = "/sign-in";
/// POST `user`, `password`, `for`.
pub const PASSWORD: &str = "/sign-in/password";
/// POST `method` (`totp` or `recovery_code`), `code`, `for`.
pub const OTP: &str = "/sign-in/otp";
/// POST `method`, `code`, `name` (what to call this browser), `for`.
pub const BROWSER: &str = "/sign-in/browser";
/// POST `user`, `for`: asks the phone; without a user, that of whoever has signed in so far.
pub const PUSH: &str = "/sign-in/push";
/// POST `for`: asks it no more.
pub const PUSH_CANCEL: &str = "/sign-in/push/cancel";
/// GET `?for=`: answers when the waiting is over.
pub const PUSH_STATE: &str = "/sign-in/push/state";
/// GET: asks; POST `scope`: `here` (this browser's session), `everywhere`, or `someone_else` with `for`, which begins the
/// sign-in anew for whoever is sitting there.
pub const SIGN_OUT: &str = "/sign-out";
/// The launcher.
pub const LAUNCHER: &str = "/";
/// POST `language` (a tag), `back` (a path of the portal).
pub const LANGUAGE: &str = "/language";

/// Overview.
pub const ACCOUNT: &str = "/account";
/// GET: the list.
pub const SESSIONS: &str = "/account/sessions";
/// POST `id`.
pub const SESSION_REVOKE: &str = "/account/sessions/revoke";
/// POST: every session but this one.
pub const SESSIONS_REVOKE_OTHERS: &str = "/account/sessions/revoke-others";
/// GET: the list.
pub const BROWSERS: &str = "/account/browsers";
/// POST `id`.
pub const BROWSER_FORGET: &str = "/account/browsers/forget";
/// GET: the list.
pub const APPROVERS: &str = "/account/approvers";
/// POST: begins; GET `?approval=`: goes on.
pub const APPROVER_ADD: &str = "/account/approvers/add";
/// POST `id`.
pub const APPROVER_REMOVE: &str = "/account/approvers/remove";
/// GET `?approval=`: answers when the waiting is over.
pub const APPROVER_STATE: &str = "/account/approvers/state";
/// GET: the form; POST `current`, `new`, `again`.
pub const PASSWORD_CHANGE: &str = "/account/password";
/// GET: what there is.
pub const AUTHENTICATOR: &str = "/account/authenticator";
/// GET: a new key with its QR code; POST `code` (and `enrolment`, which names the key).
pub const AUTHENTICATOR_ENROL: &str = "/account/authenticator/enrol";
/// POST `id`.
pub const AUTHENTICATOR_REMOVE: &str = "/account/authenticator/remove";
/// GET: how many are left; POST: a new set, shown once.
pub const RECOVERY_CODES: &str = "/account/recovery-codes";
