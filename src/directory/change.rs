//! Changing a password in a directory, by its owner: by the extended operation of RFC 3062, and in Active Directory by
//! taking the old value of `unicodePwd` away and putting the new one there. The present password is part of both.

use std::collections::HashSet;

use ldap3::exop::PasswordModify;
use ldap3::result::ExopResult;
use ldap3::{Ldap, LdapResult, Mod, Scope};
use secrecy::{ExposeSecret as _, SecretString};

use super::connection::answered;
use super::error::{DirectoryError, printable};
use super::outcome::{CONSTRAINT_VIOLATION, INSUFFICIENT_ACCESS_RIGHTS, INVALID_CREDENTIALS, SUCCESS, UNWILLING_TO_PERFORM};
use super::person::{self, BindTarget};
use super::policy_control::{self, PolicyState};
use super::reader::{One, Reader};
use super::{Directory, Reason};
use crate::clock::SharedClock;
use crate::config::schema::DirectoryKind;
use crate::principal::user::UserId;

/// Why a password of a directory was not changed.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryChangeError {
    /// The present password is another.
    #[error("change the password of the directory: the present one is not right")]
    WrongCurrent,
    /// The directory does not take the new one.
    #[error("change the password of the directory: it does not take the new one: {0}")]
    Unsuitable(String),
    /// The directory, or the config, lets nobody change it here.
    #[error("change the password of the directory: it is not changed here: {0}")]
    NotPossible(String),
    /// The directory gave no answer that counts.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl Directory {
    /// Whether people may change their passwords from here.
    pub const fn changes_passwords(&self) -> bool {
        self.changes_passwords
    }

    /// Whether somebody whose password must be changed first can do so from here: Active Directory takes no bind of such a
    /// person, so that an account of ours has to stand in for it.
    pub const fn changes_expired_passwords(&self, reason: Reason) -> bool {
        let by_others = self.service.is_some();
        self.changes_passwords
            && match (self.kind, reason) {
                (DirectoryKind::ActiveDirectory, _) => by_others,
                (_, Reason::MustChange) => true,
                _ => false,
            }
    }

    /// Changes the password of a user.
    ///
    /// # Errors
    /// [`DirectoryChangeError`]; then the present one stays.
    pub async fn change_password(
        &self,
        user: &UserId,
        current: &SecretString,
        new: &SecretString,
        clock: &SharedClock,
    ) -> Result<(), DirectoryChangeError> {
        if !self.changes_passwords {
            return Err(DirectoryChangeError::NotPossible("the config says `change_password = false`".to_owned()));
        }
        let login = self.login_of(user).ok_or(DirectoryError::Refused(Reason::NoLoginName))?;
        let waited = tokio::time::timeout(self.answer_within, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = waited else { return Err(DirectoryError::Busy(self.answer_within).into()) };
        let target = person::find(self, &login, clock).await.inspect_err(|error| self.tell(error))?;
        let (server, connection) = self.servers.connect(self, clock).await?;
        let (current, new) = (person::composed(current), person::composed(new));
        let said = connection
            .hold(|ldap| async {
                match self.kind {
                    DirectoryKind::ActiveDirectory => self.change_there(ldap, &login, &target, (&current, &new), clock).await,
                    _ => self.modify_password(ldap, &target, (&current, &new)).await,
                }
            })
            .await;
        server.heard(self, &login, &said, clock);
        said?
    }

    /// RFC 3062, as the user.
    async fn modify_password(
        &self,
        mut ldap: Ldap,
        target: &BindTarget,
        (current, new): (&SecretString, &SecretString),
    ) -> Result<Result<(), DirectoryChangeError>, DirectoryError> {
        match person::bind(self, &mut ldap, &target.name, current).await {
            Ok(()) | Err(DirectoryError::Refused(Reason::MustChange)) => {}
            Err(DirectoryError::Refused(reason)) => return Ok(Err(of_bind(reason))),
            Err(failure) => return Err(failure),
        }
        let request =
            PasswordModify { user_id: None, old_pass: Some(current.expose_secret()), new_pass: Some(new.expose_secret()) };
        let asked = ldap.with_controls(policy_control::request()).extended(request);
        let ExopResult(_, answer) = answered(self.answer_within, asked).await?;
        Ok(of_change(&answer))
    }

    /// As the user, or where the directory takes no bind of the user before the change, as our own account: the present
    /// password is part of the change, so that it can be nobody else's.
    async fn change_there(
        &self,
        mut ldap: Ldap,
        login: &str,
        target: &BindTarget,
        (current, new): (&SecretString, &SecretString),
        clock: &SharedClock,
    ) -> Result<Result<(), DirectoryChangeError>, DirectoryError> {
        let mut reader = match (person::bind(self, &mut ldap, &target.name, current).await, &self.service) {
            (Ok(()), _) => Reader { ldap, within: self.answer_within },
            (Err(DirectoryError::Refused(reason)), Some(service)) if reason.is_to_be_changed() => {
                service.reader(self, clock, false).await?
            }
            (Err(DirectoryError::Refused(reason)), _) => return Ok(Err(of_bind(reason))),
            (Err(failure), _) => return Err(failure),
        };
        let (what, filter) = ("the search for the entry to change", self.filter_of(login));
        let entry = match reader.one(what, &self.base, Scope::Subtree, &filter, &self.attributes(), false).await? {
            One::Only(entry) => entry,
            One::None | One::Several => return Err(DirectoryError::Refused(Reason::AnotherIdentity)),
        };
        person::recognise(self, login, None, &entry)?;
        let name = b"unicodePwd".to_vec();
        let changes =
            vec![Mod::Delete(name.clone(), HashSet::from([quoted(current)])), Mod::Add(name, HashSet::from([quoted(new)]))];
        let answer = answered(self.answer_within, reader.ldap.modify(&entry.dn, changes)).await?;
        Ok(of_change(&answer))
    }
}

/// As Active Directory takes it: in quotation marks, as UTF-16 with the low byte first ([MS-ADTS] §3.1.1.3.1.5).
fn quoted(password: &SecretString) -> Vec<u8> {
    format!("\"{}\"", password.expose_secret()).encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn of_bind(reason: Reason) -> DirectoryChangeError {
    match reason {
        Reason::Wrong | Reason::Unknown => DirectoryChangeError::WrongCurrent,
        Reason::MustChange | Reason::PasswordExpired => {
            DirectoryChangeError::NotPossible("the directory takes no bind with an expired password".to_owned())
        }
        reason => DirectoryChangeError::Directory(DirectoryError::Refused(reason)),
    }
}

/// What the answer to a change means.
fn of_change(answer: &LdapResult) -> Result<(), DirectoryChangeError> {
    let policy = PolicyState::of(&answer.ctrls);
    let text = printable(answer.text.trim_end_matches('\0').trim(), 200);
    // The Win32 error stands first in the text of Active Directory.
    match (answer.rc, text.get(..8)) {
        (SUCCESS, _) => Ok(()),
        (_, Some("00000056")) | (INVALID_CREDENTIALS, _) => Err(DirectoryChangeError::WrongCurrent),
        (_, Some("0000052D")) | (CONSTRAINT_VIOLATION, _) => {
            let by_policy = match policy.error {
                Some(5) => "it is not strong enough",
                Some(6) => "it is too short",
                Some(7) => "the present one was set only a short time ago",
                Some(8) => "it was used before",
                _ => "",
            };
            Err(DirectoryChangeError::Unsuitable(if by_policy.is_empty() { text } else { by_policy.to_owned() }))
        }
        (UNWILLING_TO_PERFORM, _) if text.contains("old password") => Err(DirectoryChangeError::WrongCurrent),
        (INSUFFICIENT_ACCESS_RIGHTS | UNWILLING_TO_PERFORM, _) => {
            Err(DirectoryChangeError::NotPossible(format!("result {}: {text}", answer.rc)))
        }
        (code, _) => Err(DirectoryError::Unreachable(format!("it answers the change with result {code}: {text}")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rc: u32, text: &str) -> LdapResult {
        LdapResult { rc, matched: String::new(), text: text.to_owned(), refs: Vec::new(), ctrls: Vec::new() }
    }

    #[test]
    fn a_change_is_refused_for_the_present_password_the_new_one_or_everybody() {
        use DirectoryChangeError::{NotPossible, Unsuitable, WrongCurrent};
        let ad = |number: &str| format!("{number}: AtrErr: DSID-03191083, #1: 0: 0000052D: DSID-03191083, problem 1005");
        assert!(of_change(&said(0, "")).is_ok());
        assert!(matches!(of_change(&said(19, &ad("00000056"))), Err(WrongCurrent)));
        assert!(matches!(of_change(&said(19, &ad("0000052D"))), Err(Unsuitable(_))));
        assert!(matches!(of_change(&said(53, "unwilling to verify old password")), Err(WrongCurrent)));
        assert!(matches!(of_change(&said(50, "")), Err(NotPossible(_))));
    }

    #[test]
    fn a_new_password_for_active_directory_is_quoted_utf_16() {
        assert_eq!(quoted(&SecretString::from("é")), [0x22, 0, 0xe9, 0, 0x22, 0]);
    }
}
