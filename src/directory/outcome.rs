//! What the answer to a bind means. The same code means one thing of a person and another of the server, and differs from
//! server to server, so that code, controls and text are read together (docs/directories.md has the table).
//! Invariant: 0 is no sign-in by itself, and what speaks of the server is never taken for a wrong password.

use ldap3::LdapResult;

use super::error::DirectoryError;
use super::policy_control::PolicyState;
use super::reason::Reason;
use crate::config::schema::DirectoryKind;

// Result codes of RFC 4511 §4.1.9.
pub(super) const SUCCESS: u32 = 0;
pub(super) const PROTOCOL_ERROR: u32 = 2;
pub(super) const SIZE_LIMIT_EXCEEDED: u32 = 4;
pub(super) const CONSTRAINT_VIOLATION: u32 = 19;
const STRONGER_AUTH_REQUIRED: u32 = 8;
const REFERRAL: u32 = 10;
const ADMIN_LIMIT_EXCEEDED: u32 = 11;
const CONFIDENTIALITY_REQUIRED: u32 = 13;
const NO_SUCH_OBJECT: u32 = 32;
const INVALID_DN_SYNTAX: u32 = 34;
const INAPPROPRIATE_AUTHENTICATION: u32 = 48;
pub(super) const INVALID_CREDENTIALS: u32 = 49;
pub(super) const INSUFFICIENT_ACCESS_RIGHTS: u32 = 50;
pub(super) const UNWILLING_TO_PERFORM: u32 = 53;

/// Texts beside 53 by which 389 Directory Server and OpenLDAP say that nobody may bind so.
const OF_THE_SERVER: [&str; 3] = ["operation restricted", "unwilling to perform simple authentication", "minimum ssf not met"];
/// Texts beside 53 that speak of the account.
const INACTIVATED: [&str; 2] = ["account inactivated", "account is disabled"];

/// Whether a bind was good.
///
/// # Errors
/// [`DirectoryError`]: what else the answer means.
pub(super) fn of_bind(kind: DirectoryKind, answer: &LdapResult) -> Result<(), DirectoryError> {
    let policy = PolicyState::of(&answer.ctrls);
    let text = answer.text.to_ascii_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|one| text.contains(one));
    let refused = |reason| Err(DirectoryError::Refused(reason));
    match answer.rc {
        SUCCESS => after_success(policy),
        INVALID_CREDENTIALS => refused(match (data(&answer.text), policy.error) {
            (Some(number), _) => Reason::of_data(number).unwrap_or(Reason::Wrong),
            (None, Some(0)) => Reason::PasswordExpired,
            (None, Some(1)) => Reason::LockedOut,
            (None, Some(2)) => Reason::MustChange,
            // 389 Directory Server says so of the right password alone.
            _ if policy.netscape_expired || text.contains("password expired") => Reason::PasswordExpired,
            _ => Reason::Wrong,
        }),
        // 389 Directory Server: the right password as well as the wrong one.
        CONSTRAINT_VIOLATION if policy.error == Some(1) || text.contains("retry limit") => refused(Reason::LockedOut),
        UNWILLING_TO_PERFORM if says(&INACTIVATED) => refused(Reason::Disabled),
        UNWILLING_TO_PERFORM if says(&OF_THE_SERVER) => Err(misconfigured("the bind", answer)),
        STRONGER_AUTH_REQUIRED | CONFIDENTIALITY_REQUIRED | REFERRAL => Err(misconfigured("the bind", answer)),
        // The name that was sent is no distinguished name: a fault of ours, or of `user_dn`.
        INVALID_DN_SYNTAX if kind != DirectoryKind::ActiveDirectory => Err(misconfigured("the bind", answer)),
        NO_SUCH_OBJECT => refused(Reason::Unknown),
        code @ (CONSTRAINT_VIOLATION
        | INVALID_DN_SYNTAX
        | INAPPROPRIATE_AUTHENTICATION
        | INSUFFICIENT_ACCESS_RIGHTS
        | UNWILLING_TO_PERFORM) => refused(Reason::Other(code)),
        _ => Err(unreachable("the bind", answer)),
    }
}

/// 0 of a bind says that the password is right. Whether its owner may sign in, the controls say.
const fn after_success(policy: PolicyState) -> Result<(), DirectoryError> {
    match (policy.error, policy.grace_left) {
        (Some(2), _) => Err(DirectoryError::Refused(Reason::MustChange)),
        (Some(1), _) => Err(DirectoryError::Refused(Reason::LockedOut)),
        // A sign-in that the directory still grants, with the expired password.
        (_, Some(_)) => Ok(()),
        (Some(0), None) => Err(DirectoryError::Refused(Reason::PasswordExpired)),
        // 389 Directory Server of a password that must be changed, where it does not know the other control.
        _ if policy.netscape_expired && !policy.is_told => Err(DirectoryError::Refused(Reason::MustChange)),
        _ => Ok(()),
    }
}

/// What an operation of somebody who is bound was refused for: 389 Directory Server lets nobody do anything whose password
/// must be changed first, and says 53 without a text.
pub(super) fn of_own_operation(what: &str, answer: &LdapResult) -> DirectoryError {
    let policy = PolicyState::of(&answer.ctrls);
    match answer.rc {
        _ if policy.error == Some(2) || policy.netscape_expired => DirectoryError::Refused(Reason::MustChange),
        INSUFFICIENT_ACCESS_RIGHTS if answer.text.contains("modify password") => DirectoryError::Refused(Reason::MustChange),
        code @ (UNWILLING_TO_PERFORM | INSUFFICIENT_ACCESS_RIGHTS) => DirectoryError::Refused(Reason::Other(code)),
        _ => of_search(what, answer),
    }
}

/// Why a search gave no list.
pub(super) fn of_search(what: &str, answer: &LdapResult) -> DirectoryError {
    match answer.rc {
        SIZE_LIMIT_EXCEEDED | ADMIN_LIMIT_EXCEEDED => DirectoryError::Misconfigured(format!(
            "{what} found more than the server gives out (result {}): what is there is not the whole list",
            answer.rc
        )),
        REFERRAL | NO_SUCH_OBJECT | INVALID_DN_SYNTAX | INSUFFICIENT_ACCESS_RIGHTS => misconfigured(what, answer),
        _ => unreachable(what, answer),
    }
}

fn misconfigured(what: &str, answer: &LdapResult) -> DirectoryError {
    DirectoryError::Misconfigured(described(what, answer))
}

fn unreachable(what: &str, answer: &LdapResult) -> DirectoryError {
    DirectoryError::Unreachable(described(what, answer))
}

fn described(what: &str, answer: &LdapResult) -> String {
    let text = answer.text.trim_end_matches('\0').trim();
    let text = if text.is_empty() { "no text".to_owned() } else { super::error::printable(text, 200) };
    let whither = answer.refs.first().map(|to| format!(", which refers to {}", super::error::printable(to, 200)));
    format!("it answers {what} with result {}: {text}{}", answer.rc, whither.unwrap_or_default())
}

/// The number behind `data` in the text of Active Directory, in hexadecimal.
fn data(text: &str) -> Option<&str> {
    text.split_once(", data ").map(|(_, rest)| rest.split([',', ' ', '\0']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use ldap3::controls::{Control, RawControl};

    use super::*;

    fn said(rc: u32, text: &str, ctrls: Vec<Control>) -> LdapResult {
        LdapResult { rc, matched: String::new(), text: text.to_owned(), refs: Vec::new(), ctrls }
    }

    fn policy(value: &[u8]) -> Control {
        Control(None, RawControl { ctype: "1.3.6.1.4.1.42.2.27.8.5.1".to_owned(), crit: false, val: Some(value.to_vec()) })
    }

    fn netscape() -> Control {
        Control(None, RawControl { ctype: "2.16.840.1.113730.3.4.4".to_owned(), crit: false, val: Some(b"0".to_vec()) })
    }

    fn word(kind: DirectoryKind, rc: u32, text: &str, controls: Vec<Control>) -> String {
        match of_bind(kind, &said(rc, text, controls)) {
            Ok(()) => "good".to_owned(),
            Err(DirectoryError::Refused(reason)) => reason.to_string(),
            Err(DirectoryError::Misconfigured(_)) => "misconfigured".to_owned(),
            Err(DirectoryError::Unreachable(_)) => "unreachable".to_owned(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_active_directory_says_is_told_in_words_and_an_unknown_number_as_it_is() {
        for (data, word_for) in [
            ("525", "directory_unknown_user"),
            ("52e", "directory_wrong"),
            ("52f", "directory_account_restricted"),
            ("530", "directory_not_at_this_time"),
            ("531", "directory_not_from_here"),
            ("532", "directory_password_expired"),
            ("533", "directory_account_disabled"),
            ("568", "directory_too_many_groups"),
            ("569", "directory_logon_type_not_granted"),
            ("701", "directory_account_expired"),
            ("773", "directory_must_change_password"),
            ("775", "directory_account_locked"),
            ("999", "directory_refused (data 999)"),
        ] {
            let text = format!("80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1");
            assert_eq!(word(DirectoryKind::ActiveDirectory, 49, &text, Vec::new()), word_for);
        }
        assert_eq!(word(DirectoryKind::ActiveDirectory, 49, "", Vec::new()), "directory_wrong");
    }

    #[test]
    fn what_openldap_says_is_read_from_code_and_control() {
        let openldap = |rc, text, controls| word(DirectoryKind::Openldap, rc, text, controls);
        assert_eq!(openldap(0, "", vec![policy(&[0x30, 0])]), "good");
        assert_eq!(openldap(49, "", Vec::new()), "directory_wrong");
        assert_eq!(openldap(49, "", vec![policy(&[0x30, 0])]), "directory_wrong");
        assert_eq!(openldap(49, "", vec![policy(&[0x30, 3, 0x81, 1, 1])]), "directory_account_locked");
        assert_eq!(openldap(49, "", vec![policy(&[0x30, 3, 0x81, 1, 0])]), "directory_password_expired");
        assert_eq!(openldap(0, "", vec![policy(&[0x30, 3, 0x81, 1, 2])]), "directory_must_change_password");
        assert_eq!(openldap(0, "", vec![policy(&[0x30, 5, 0xa0, 3, 0x81, 1, 2])]), "good", "a grace login");
        assert_eq!(openldap(53, "operation restricted", Vec::new()), "misconfigured");
        assert_eq!(openldap(53, "unwilling to perform simple authentication", Vec::new()), "misconfigured");
        assert_eq!(openldap(34, "invalid DN", Vec::new()), "misconfigured");
        assert_eq!(openldap(13, "confidentiality required", Vec::new()), "misconfigured");
    }

    #[test]
    fn what_389_directory_server_says_is_read_from_code_text_and_either_control() {
        let ds = |rc, text, controls| word(DirectoryKind::Ds389, rc, text, controls);
        let long = |error| policy(&[0x30, 0x84, 0, 0, 0, 3, 0x81, 1, error]);
        assert_eq!(
            ds(19, "Exceed password retry limit. Contact system administrator to reset.", vec![long(1)]),
            "directory_account_locked"
        );
        assert_eq!(ds(19, "Exceed password retry limit.", Vec::new()), "directory_account_locked");
        assert_eq!(ds(53, "Account inactivated. Contact system administrator.", Vec::new()), "directory_account_disabled");
        assert_eq!(ds(53, "Minimum SSF not met.", Vec::new()), "misconfigured");
        assert_eq!(ds(49, "password expired!", vec![netscape(), long(0)]), "directory_password_expired");
        assert_eq!(ds(0, "", vec![netscape(), long(2)]), "directory_must_change_password");
        assert_eq!(ds(0, "", vec![netscape()]), "directory_must_change_password", "without the other control it is not known");
        let grace = policy(&[0x30, 0x84, 0, 0, 0, 5, 0xa0, 3, 0x81, 1, 2]);
        assert_eq!(ds(0, "", vec![netscape(), grace]), "good", "a grace login");
        let both = policy(&[0x30, 0x84, 0, 0, 0, 0x0c, 0xa0, 0x84, 0, 0, 0, 3, 0x80, 1, 0, 0x81, 1, 2]);
        assert_eq!(ds(0, "", vec![both]), "directory_must_change_password");
    }

    #[test]
    fn what_speaks_of_the_server_is_no_wrong_password() {
        for rc in [1, 2, 3, 11, 51, 52, 80] {
            assert_eq!(word(DirectoryKind::Openldap, rc, "", Vec::new()), "unreachable", "{rc}");
        }
        assert_eq!(word(DirectoryKind::ActiveDirectory, 10, "0000202B: RefErr", Vec::new()), "misconfigured");
        assert_eq!(
            word(DirectoryKind::ActiveDirectory, 8, "BindSimple: Transport encryption required.", Vec::new()),
            "misconfigured"
        );
    }

    #[test]
    fn an_operation_that_is_refused_until_the_password_is_changed_says_so() {
        let must_change = |error| matches!(error, DirectoryError::Refused(Reason::MustChange));
        assert!(must_change(of_own_operation("a search", &said(53, "", vec![netscape()]))));
        let openldap = "Operations are restricted to bind/unbind/abandon/StartTLS/modify password";
        assert!(must_change(of_own_operation("a search", &said(50, openldap, Vec::new()))));
        assert!(matches!(of_own_operation("a search", &said(53, "", Vec::new())), DirectoryError::Refused(Reason::Other(53))));
        assert!(matches!(of_own_operation("a search", &said(32, "", Vec::new())), DirectoryError::Misconfigured(_)));
        assert!(matches!(of_own_operation("a search", &said(4, "", Vec::new())), DirectoryError::Misconfigured(_)));
    }
}
