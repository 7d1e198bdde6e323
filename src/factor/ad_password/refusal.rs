//! Why a directory refused a sign-in: for the audit log alone, since the user sees the same message each time (T31).

use std::fmt;

/// Why a password of a directory is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Not sent: it is empty.
    Empty,
    /// Not sent: it holds NUL.
    Nul,
    /// Not sent: no password is this long.
    TooLong,
    /// Not sent: nobody there can have this name.
    NoLoginName,
    /// It is wrong; Samba says so of a name that it does not know, too.
    Wrong,
    /// Nobody there has this name.
    Unknown,
    /// Not at this time of the week.
    NotAtThisTime,
    /// Not from here.
    NotFromHere,
    /// It is right, and too old.
    PasswordExpired,
    /// The account is switched off.
    Disabled,
    /// The account's time is over.
    AccountExpired,
    /// It is right, and must be changed first.
    MustChange,
    /// The directory locked the account.
    LockedOut,
    /// The bound account is not the one entry that this user has, or cannot find it.
    AnotherIdentity,
    /// Another result code.
    Other(u32),
}

impl Reason {
    /// As the audit log has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty | Self::Nul | Self::TooLong => "directory_password_not_sent",
            Self::NoLoginName => "directory_no_login_name",
            Self::Wrong => "directory_wrong",
            Self::Unknown => "directory_unknown_user",
            Self::NotAtThisTime => "directory_not_at_this_time",
            Self::NotFromHere => "directory_not_from_here",
            Self::PasswordExpired => "directory_password_expired",
            Self::Disabled => "directory_account_disabled",
            Self::AccountExpired => "directory_account_expired",
            Self::MustChange => "directory_must_change_password",
            Self::LockedOut => "directory_account_locked",
            Self::AnotherIdentity => "directory_another_identity",
            Self::Other(_) => "directory_refused",
        }
    }

    /// What a refused bind says: the code behind `data` in the text of Active Directory, in hexadecimal.
    pub(super) fn of_bind(code: u32, text: &str) -> Self {
        let data = text.split_once(", data ").map(|(_, rest)| rest.split([',', ' ', '\0']).next().unwrap_or_default());
        match data {
            Some("525") => Self::Unknown,
            Some("52e") => Self::Wrong,
            Some("530") => Self::NotAtThisTime,
            Some("531") => Self::NotFromHere,
            Some("532") => Self::PasswordExpired,
            Some("533") => Self::Disabled,
            Some("701") => Self::AccountExpired,
            Some("773") => Self::MustChange,
            Some("775") => Self::LockedOut,
            _ if code == 49 => Self::Wrong,
            _ => Self::Other(code),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(code) => write!(out, "directory_refused (LDAP result {code})"),
            reason => out.write_str(reason.code()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_active_directory_says_is_told_in_words() {
        let text =
            |data: &str| format!("80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1");
        for (data, word) in [
            ("525", "directory_unknown_user"),
            ("52e", "directory_wrong"),
            ("532", "directory_password_expired"),
            ("533", "directory_account_disabled"),
            ("701", "directory_account_expired"),
            ("773", "directory_must_change_password"),
            ("775", "directory_account_locked"),
            ("999", "directory_wrong"),
        ] {
            assert_eq!(Reason::of_bind(49, &text(data)).code(), word);
        }
        assert_eq!(Reason::of_bind(49, ""), Reason::Wrong);
        assert_eq!(Reason::of_bind(53, "no").to_string(), "directory_refused (LDAP result 53)");
    }
}
