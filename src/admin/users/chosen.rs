//! The users of an act on several: those named, or all members of a group.

use crate::account::AccountError;
use crate::admin::error::AdminError;
use crate::core::Core;
use crate::principal::user::{GroupName, UserId};

/// Users whom one act is about: those named, or all members of a group; each once.
///
/// # Errors
/// [`AccountError::UnknownGroup`], and an input that names nobody.
pub(in crate::admin) fn chosen(
    core: &Core,
    mut users: Vec<UserId>,
    group: Option<&GroupName>,
) -> Result<Vec<UserId>, AdminError> {
    if let Some(group) = group {
        if core.groups().find(group).is_none() {
            return Err(AccountError::UnknownGroup(group.clone()).into());
        }
        let members = core.users().list().into_iter().filter(|user| user.standing().is_in(group));
        users.extend(members.map(|user| user.id().clone()));
    } else if users.is_empty() {
        return Err(AdminError::Input { what: "choose the users", why: "name some, or a group".to_owned() });
    }
    users.sort();
    users.dedup();
    Ok(users)
}
