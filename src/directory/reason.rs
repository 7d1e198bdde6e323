//! Why a directory refused a sign-in: for the audit log, since the person sees one same message each time (T31), unless the
//! password was right and must be changed.

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
    /// It is wrong; Samba, OpenLDAP and 389 Directory Server say so of a name that they do not know, too.
    Wrong,
    /// Nobody there has this name.
    Unknown,
    /// Not at this time of the week.
    NotAtThisTime,
    /// Not from here.
    NotFromHere,
    /// A restriction of the account: members of Protected Users may not sign in by a password over LDAP.
    Restricted,
    /// The account may not sign in in this way.
    LogonTypeNotGranted,
    /// The account is in too many groups for a sign-in.
    TooManyGroups,
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
    /// The account that was bound is not the one entry of this user, or cannot find it.
    AnotherIdentity,
    /// The entry of this name is not the one that the user was first signed in with: somebody else got the name since.
    AnotherEntry,
    /// A number of Active Directory, behind `data`, that is not known here.
    Data(u32),
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
            Self::Restricted => "directory_account_restricted",
            Self::LogonTypeNotGranted => "directory_logon_type_not_granted",
            Self::TooManyGroups => "directory_too_many_groups",
            Self::PasswordExpired => "directory_password_expired",
            Self::Disabled => "directory_account_disabled",
            Self::AccountExpired => "directory_account_expired",
            Self::MustChange => "directory_must_change_password",
            Self::LockedOut => "directory_account_locked",
            Self::AnotherIdentity => "directory_another_identity",
            Self::AnotherEntry => "directory_another_entry",
            Self::Data(_) | Self::Other(_) => "directory_refused",
        }
    }

    /// Whether the password that was sent is right, and too old or to be changed first: its owner sees that, and may change it.
    pub const fn is_to_be_changed(self) -> bool {
        matches!(self, Self::PasswordExpired | Self::MustChange)
    }

    /// What stands behind `data` in the text of Active Directory.
    pub(super) fn of_data(number: &str) -> Option<Self> {
        Some(match u32::from_str_radix(number, 16).ok()? {
            0x525 => Self::Unknown,
            0x52e => Self::Wrong,
            0x52f => Self::Restricted,
            0x530 => Self::NotAtThisTime,
            0x531 => Self::NotFromHere,
            0x532 => Self::PasswordExpired,
            0x533 => Self::Disabled,
            0x568 => Self::TooManyGroups,
            0x569 => Self::LogonTypeNotGranted,
            0x701 => Self::AccountExpired,
            0x773 => Self::MustChange,
            0x775 => Self::LockedOut,
            other => Self::Data(other),
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(code) => write!(out, "directory_refused (LDAP result {code})"),
            Self::Data(number) => write!(out, "directory_refused (data {number:x})"),
            reason => out.write_str(reason.code()),
        }
    }
}
