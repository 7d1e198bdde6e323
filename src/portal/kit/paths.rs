//! The addresses of forms and links. The router uses the same constants as the pages, so that they cannot differ.

use crate::sign_in::goal::PortalArea;

/// A held request: GET its state; GET `state`, POST `password`, `code`, `cancel` below it.
pub fn transaction(id: &str, action: &str) -> String {
    if action.is_empty() { format!("/transaction/{id}") } else { format!("/transaction/{id}/{action}") }
}

/// GET: the step that comes next. `?for=` names the departure, `&method=` another method for this step.
pub const SIGN_IN: &str = "/sign-in";
/// POST `user`, `password`, `for`.
pub const PASSWORD: &str = "/sign-in/password";
/// GET `?for=`; POST `current`, `new`, `again`, `for`: a password of a directory that must be changed first.
pub const NEW_PASSWORD: &str = "/sign-in/new-password";
/// POST `user`, `domain`, `table` (as the page carried it), `answer`, `for`; without `table` the page shows one for the name.
pub const MATRIX: &str = "/sign-in/matrix";
/// POST `user`, `domain`, `answer`, `for`: read off the table of the user's phone.
pub const TOKEN_MATRIX: &str = "/sign-in/token";
/// GET `?for=`; POST `setting`, `entry`, `answer`, `for`: a pattern that must be set before the sign-in goes on.
pub const NEW_PATTERN: &str = "/sign-in/pattern";
/// POST `method` (`totp` or `recovery_code`), `code`, `for`.
pub const OTP: &str = "/sign-in/otp";
/// POST `method`, `code`, `name` (what to call this browser), `for`.
pub const BROWSER: &str = "/sign-in/browser";
/// POST `name`, `note`, `for`: applies for this browser.
pub const DEVICE: &str = "/sign-in/device";
/// GET `?for=`: answers when the application is decided.
pub const DEVICE_STATE: &str = "/sign-in/device/state";
/// POST `ceremony`, `credential` (JSON of the authenticator), `name` (at check 5, of this browser), `for`.
pub const PASSKEY: &str = "/sign-in/passkey";
/// POST `for`: a challenge, as JSON for the page's script.
pub const PASSKEY_OPTIONS: &str = "/sign-in/passkey/options";
/// POST `user`, `for`: asks the phone; without a user, that of the user who passed the steps so far.
pub const PUSH: &str = "/sign-in/push";
/// POST `for`: withdraws the question.
pub const PUSH_CANCEL: &str = "/sign-in/push/cancel";
/// GET `?for=`: answers when the waiting is over.
pub const PUSH_STATE: &str = "/sign-in/push/state";
/// GET `?provider=`, `&for=`, `&mail=`: to the identity provider.
pub const IDP: &str = "/sign-in/idp";
/// POST `mail`, `for`: to the identity provider whose people have such an address.
pub const IDP_FIND: &str = "/sign-in/idp/find";
/// POST `provider`: to the identity provider, to link the signed-in user with a person there.
pub const IDP_LINK: &str = "/sign-in/idp/link";
/// GET: asks; POST `scope`: `here` (this browser's session), `everywhere`, or `someone_else` with `for`, which begins the
/// sign-in again for the person at the browser.
pub const SIGN_OUT: &str = "/sign-out";
/// The launcher.
pub const LAUNCHER: &str = "/";
/// POST `language` (a tag), `back` (a path of the portal).
pub const LANGUAGE: &str = "/language";

/// What programs speak; of administrators, what the administration's policy lets pass.
pub(in crate::portal) const API: &str = "/api/v1";
/// The query of a sign-in page that waits for a phone.
pub(in crate::portal) const ASKED: &str = "asked";
/// Query of `SIGN_IN`: a page waits for the key of the browser, so that the answer may take a moment.
pub(in crate::portal) const KEY_AWAITED: &str = "key";

/// The page that a fresh sign-in leads back to: the page itself, or the page that posts the form.
pub(in crate::portal) fn page_of(path: &str) -> &'static str {
    match path {
        LAUNCHER => LAUNCHER,
        SESSIONS | SESSION_REVOKE | SESSIONS_REVOKE_OTHERS => SESSIONS,
        BROWSERS | BROWSER_FORGET => BROWSERS,
        APPROVERS | APPROVER_ADD | APPROVER_REMOVE | APPROVER_STATE => APPROVERS,
        PASSWORD_CHANGE => PASSWORD_CHANGE,
        PATTERN => PATTERN,
        TRANSACTION_PASSWORD => TRANSACTION_PASSWORD,
        DIRECTORY_PASSWORD => DIRECTORY_PASSWORD,
        AUTHENTICATOR | AUTHENTICATOR_REMOVE => AUTHENTICATOR,
        AUTHENTICATOR_ENROL => AUTHENTICATOR_ENROL,
        RECOVERY_CODES => RECOVERY_CODES,
        PASSKEYS | PASSKEY_RENAME | PASSKEY_REMOVE => PASSKEYS,
        PASSKEY_ADD | PASSKEY_ADD_OPTIONS => PASSKEY_ADD,
        IDENTITIES | IDENTITY_REMOVE | IDP_LINK => IDENTITIES,
        CERTIFICATES => CERTIFICATES,
        _ => ACCOUNT,
    }
}

/// Whether a browser that is sent to this path stays at the portal. A browser takes tabs out of an address and backslashes
/// for slashes.
pub(in crate::portal) fn is_ours(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.chars().any(char::is_control)
}

/// The address of a page of ours, without the slash that somebody wrote behind it: `/admin/?q=1` is `/admin?q=1`. Only plain
/// names go through, so that no browser reads another host out of the answer (T17).
pub(in crate::portal) fn without_slash(path: &str, query: Option<&str>) -> Option<String> {
    let page = path.strip_suffix('/').filter(|page| page.len() > 1 && is_ours(page))?;
    let is_plain =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let is_page = page.split('/').skip(1).all(is_plain);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    is_page.then(|| format!("{page}{query}")).filter(|address| is_ours(address))
}

/// Whether a sign-in may lead back to this address: a page of the administration, and no way out of it.
pub(in crate::portal) fn is_admin_page(address: &str) -> bool {
    let below = address.strip_prefix(ADMIN);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        && address.len() <= 512
        && is_ours(address)
        && !address.contains("..")
}

/// Under which policy of the portal an address is: a sign-in towards it asks that one, and `explain` says what that one says.
pub(in crate::portal) fn area_of(address: &str) -> PortalArea {
    let path = address.split('?').next().unwrap_or_default();
    let is_below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match path {
        _ if is_below(CERTIFICATES) => PortalArea::Certificates,
        _ if is_below(ADMIN) || is_below(API) => PortalArea::Administration,
        _ => PortalArea::Account,
    }
}

/// That address with these pairs added to its query.
pub(in crate::portal) fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{address}{}{query}", if address.contains('?') { '&' } else { '?' })
}

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
/// GET: the form; POST `current`, `new`, `again`.
pub const DIRECTORY_PASSWORD: &str = "/account/directory-password";
/// GET: the table that is asked for; POST `setting`, `entry`, `answer`.
pub const PATTERN: &str = "/account/pattern";
/// GET: the form; POST `new`, `again`.
pub const TRANSACTION_PASSWORD: &str = "/account/transaction-password";
/// GET: what there is.
pub const AUTHENTICATOR: &str = "/account/authenticator";
/// GET: a new key with its QR code; POST `code` (and `enrolment`, which names the key).
pub const AUTHENTICATOR_ENROL: &str = "/account/authenticator/enrol";
/// POST `id`.
pub const AUTHENTICATOR_REMOVE: &str = "/account/authenticator/remove";
/// GET: the list.
pub const PASSKEYS: &str = "/account/passkeys";
/// GET: the page that makes one; POST `ceremony`, `credential`, `name`.
pub const PASSKEY_ADD: &str = "/account/passkeys/add";
/// POST: a challenge, as JSON for the page's script.
pub const PASSKEY_ADD_OPTIONS: &str = "/account/passkeys/add/options";
/// POST `id`, `name`.
pub const PASSKEY_RENAME: &str = "/account/passkeys/rename";
/// POST `id`.
pub const PASSKEY_REMOVE: &str = "/account/passkeys/remove";
/// GET: the people at identity providers whom the account is linked with.
pub const IDENTITIES: &str = "/account/identities";
/// POST `id`.
pub const IDENTITY_REMOVE: &str = "/account/identities/remove";
/// GET: one's own certificates.
pub const CERTIFICATES: &str = "/account/certificates";
/// GET: one of them, as a file of this form: `p12`, `mobileconfig` or `pem`.
pub const CERTIFICATE_FILE: &str = "/account/certificates/{certificate}/{form}";
/// GET: how a certificate is installed; no sign-in is needed.
pub const CERTIFICATE_HELP: &str = "/help/certificates";
/// GET: the same on one device.
pub const CERTIFICATE_HELP_ON: &str = "/help/certificates/{device}";
/// GET: how many are left; POST: a new set, shown once.
pub const RECOVERY_CODES: &str = "/account/recovery-codes";

/// The administration: an overview.
pub const ADMIN: &str = "/admin";
/// GET `?search=`, `&group=`, `&without_phone=`, `&after=`.
pub const ADMIN_USERS: &str = "/admin/users";
/// GET: one user.
pub const ADMIN_USER: &str = "/admin/users/{user}";
/// GET `?action=`, `&group=`: the form that does one thing for many users; POST its fields.
pub const ADMIN_MANY: &str = "/admin/many-users";
/// GET `?search=`; `?group=`: the members of one.
pub const ADMIN_GROUPS: &str = "/admin/groups";
/// GET `?user=`: a form for one act; POST its fields.
pub const ADMIN_FORM: &str = "/admin/forms/{form}";
/// GET `?search=`, `&after=`: messages to users.
pub const ADMIN_OUTBOX: &str = "/admin/outbox";
/// GET: one message; POST: its text.
pub const ADMIN_MESSAGE: &str = "/admin/outbox/{message}";
/// GET `?search=`: API tokens.
pub const ADMIN_TOKENS: &str = "/admin/tokens";
/// GET `?user=`, `&after=`.
pub const ADMIN_PHONES: &str = "/admin/phones";
/// GET `?user=`, `&after=`: what phones are asked now.
pub const ADMIN_APPROVALS: &str = "/admin/approvals";
/// GET `?app=`, `&requester=`, `&outcome=`, `&text=`, `&since=`, `&until=`, `&after=`.
pub const ADMIN_TRANSACTIONS: &str = "/admin/transactions";
/// GET: one transaction.
pub const ADMIN_TRANSACTION: &str = "/admin/transactions/{transaction}";
/// GET: its receipt, as a file.
pub const ADMIN_TRANSACTION_RECEIPT: &str = "/admin/transactions/{transaction}/receipt";
/// GET `?format=` (`jsonl` or `csv`) and what [`ADMIN_TRANSACTIONS`] takes: all that is found, as a file.
pub const ADMIN_TRANSACTIONS_EXPORT: &str = "/admin/transactions/export";
/// GET: the rules for patterns, and how those of users stand; POST `pattern`, `user`: whether a pattern would be allowed.
pub const ADMIN_PATTERNS: &str = "/admin/patterns";
/// GET `?user=` or `?since=`: notices of initial patterns, to print.
pub const ADMIN_PATTERN_NOTICES: &str = "/admin/patterns/notices";
/// GET: what failed attempts locked.
pub const ADMIN_LOCKS: &str = "/admin/locks";
/// GET `?search=`, `&after=`: lists of networks.
pub const ADMIN_NETWORKS: &str = "/admin/networks";
/// GET `?kind=`, `&name=`: one list of networks; POST its lines.
pub const ADMIN_NETWORK_LIST: &str = "/admin/networks/edit";
/// GET `?user=`, `&after=`.
pub const ADMIN_SESSIONS: &str = "/admin/sessions";
/// GET `?user=`, `&after=`.
pub const ADMIN_BROWSERS: &str = "/admin/browsers";
/// GET `?user=`, `&after=`.
pub const ADMIN_CERTIFICATES: &str = "/admin/certificates";
/// GET `?user=`, `&text=`, `&outcome=`, `&reason=`, `&certificate=`, `&app=`, `&since=`, `&until=`, `&after=`: how check 2 ended.
pub const ADMIN_CERTIFICATE_RESULTS: &str = "/admin/certificate-results";
/// The introduction of client certificates.
pub const ADMIN_CERTIFICATE_ROLLOUT: &str = "/admin/certificate-rollout";
/// GET: one certificate.
pub const ADMIN_CERTIFICATE: &str = "/admin/certificates/{certificate}";
/// GET: the form that issues a certificate; POST: issues it.
pub const ADMIN_CERTIFICATE_ISSUE: &str = "/admin/issue-certificate";
/// GET: the form that signs a device's request; POST: signs it.
pub const ADMIN_CERTIFICATE_SIGN: &str = "/admin/sign-request";
/// GET: the form that registers many certificates of another authority; POST `file`, `whose`, `suffix`, `step`: checks or registers them.
pub const ADMIN_CERTIFICATE_IMPORT: &str = "/admin/import-certificates";
/// POST `certificate`, `first_day`, `last_day`: from when to when it counts.
pub const ADMIN_CERTIFICATE_DATES: &str = "/admin/certificate-dates";
/// GET `?user=`, `&certificate=`, `&after=`: who presented what.
pub const ADMIN_SIGHTINGS: &str = "/admin/sightings";
/// GET `?search=`: the keys of the own authority.
pub const ADMIN_AUTHORITIES: &str = "/admin/authorities";
/// GET: the form that tests a certificate; POST `file` or `pem`, `app`, `user`: who it would be, and why or why not.
pub const ADMIN_CERTIFICATE_TEST: &str = "/admin/test-certificate";
/// POST: what was issued, as a file.
pub const ADMIN_CERTIFICATE_CONTAINER: &str = "/admin/certificate-container";
/// GET `?user=`, `&state=`, `&after=`: applications for browsers.
pub const ADMIN_DEVICES: &str = "/admin/devices";
/// GET: how each stands, and what to register there.
pub const ADMIN_IDENTITY_PROVIDERS: &str = "/admin/identity-providers";
/// GET: the metadata of this gateway for one that speaks SAML, as a file.
pub const ADMIN_IDENTITY_PROVIDER_METADATA: &str = "/admin/identity-providers/{provider}/metadata";
/// GET: how each stands.
pub const ADMIN_DIRECTORIES: &str = "/admin/directories";
/// GET: the gateway's own certificates, and how each stands.
pub const ADMIN_TLS: &str = "/admin/tls";
/// Revocation lists of client certificates.
pub const ADMIN_CRLS: &str = "/admin/crls";
/// POST `user`, `provider`, `subject`, `back`.
pub const ADMIN_LINK_IDENTITY: &str = "/admin/link-identity";
/// GET `?address=`, `&user=`: what would be asked for; POST its fields: what the six checks would say.
pub const ADMIN_EXPLAIN: &str = "/admin/explain";
/// GET: the public keys of signatures; `?format=jwks`: as a file.
pub const ADMIN_AUDIT_KEYS: &str = "/admin/audit/keys";
/// GET: the switch and the services.
pub const ADMIN_LOGIN_PROTECT: &str = "/admin/login-protect";
/// POST: asks; POST `confirm`: decides.
pub const ADMIN_LOGIN_PROTECT_DISABLE: &str = "/admin/login-protect/disable";
/// POST: asks; POST `confirm`: decides.
pub const ADMIN_LOGIN_PROTECT_RESTORE: &str = "/admin/login-protect/restore";
/// POST: draws a service ID.
pub const ADMIN_LOGIN_PROTECT_SERVICE: &str = "/admin/login-protect/service";
/// GET: the way to login-protect for policies in use (R-134…R-144).
pub const ADMIN_MIGRATION: &str = "/admin/login-protect/migration";
/// GET: what can be set; POST `name`, `value`: sets it, or clears it where the value is empty.
pub const ADMIN_SETTINGS: &str = "/admin/settings";
/// GET `?user=`, `&what=`, `&after=`: the audit log.
pub const ADMIN_AUDIT: &str = "/admin/audit";
/// POST `action`, `selected` (any number), `back`, and `confirmed` once the administrator confirmed it.
pub const ADMIN_ACTION: &str = "/admin/action";

/// [`CERTIFICATE_FILE`] of this one: a fingerprint is hexadecimal.
pub fn certificate_file(certificate: &str, form: &str) -> String {
    CERTIFICATE_FILE.replace("{certificate}", certificate).replace("{form}", form)
}

/// [`CERTIFICATE_HELP_ON`] of this device: a word of ours.
pub fn certificate_help(device: &str) -> String {
    CERTIFICATE_HELP_ON.replace("{device}", device)
}

/// [`ADMIN_TRANSACTION`] of this one: an id is base64url.
pub fn admin_transaction(transaction: &str) -> String {
    ADMIN_TRANSACTION.replace("{transaction}", transaction)
}

/// [`ADMIN_CERTIFICATE`] of this one: a fingerprint is hexadecimal.
pub fn admin_certificate(certificate: &str) -> String {
    ADMIN_CERTIFICATE.replace("{certificate}", certificate)
}

/// [`ADMIN_MESSAGE`] of this one: an id is base64url.
pub fn admin_message(message: &str) -> String {
    ADMIN_MESSAGE.replace("{message}", message)
}

/// [`ADMIN_USER`] of this user.
pub fn admin_user(user: &str) -> String {
    ADMIN_USER.replace("{user}", &percent_encoding::utf8_percent_encode(user, percent_encoding::NON_ALPHANUMERIC).to_string())
}
