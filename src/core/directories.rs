//! What a directory says of a user, taken over here: the groups that the config maps, and where it says so names and mail.

use super::Core;
use super::consequences::Gone;
use crate::account::AccountError;
use crate::account::users::ProfileChange;
use crate::audit::Event;
use crate::directory::DirectoryPerson;
use crate::principal::method::Method;
use crate::principal::user::{GroupName, UserId};
use crate::store::database::DatabaseError;

impl Core {
    /// Takes over what a directory says of `user`. Groups that it does not map stay as they are.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn follow_directory(&self, user: &UserId, person: &DirectoryPerson) -> Result<(), AccountError> {
        let known = self.users().named(user)?;
        let standing = known.standing();
        let kept = standing.groups.iter().filter(|group| !person.mapped.contains(group));
        let mut groups: Vec<GroupName> = kept.chain(&person.groups).cloned().collect();
        groups.sort_unstable();
        groups.dedup();
        if *groups != *standing.groups {
            for group in &person.groups {
                if self.groups().find(group).is_none() {
                    match self.groups().add(group.clone(), None).await {
                        Ok(_) | Err(AccountError::GroupExists(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            let words = |groups: &[GroupName]| groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(" ");
            let event = Event::new("directory.groups")
                .user(user.as_str())
                .detail("directory", person.directory.to_string())
                .detail("before", words(&standing.groups))
                .detail("now", words(&groups));
            self.users().set_groups(user, groups).await?;
            self.audit().note(event);
        }
        if let Some((display_name, email)) = &person.profile {
            let profile = known.profile();
            let change = ProfileChange {
                display_name: (profile.display_name != *display_name).then(|| display_name.clone()),
                email: (profile.email != *email).then(|| email.clone()),
                language: None,
            };
            if change.display_name.is_some() || change.email.is_some() {
                match self.users().change(user, change).await {
                    // What the directory has is no name or no address here: the user keeps the own one.
                    Err(AccountError::Field { field, reason }) => {
                        tracing::warn!(directory = %person.directory, %user, field, reason, "directory_profile_not_taken");
                    }
                    changed => drop(changed?),
                }
            }
        }
        Ok(())
    }

    /// Forgets which entry of a directory a user is, and ends what the directory's password opened; whether there was a link.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn unlink_directory(&self, user: &UserId) -> Result<bool, DatabaseError> {
        let was_there = self.ad_passwords().links().remove(user).await?;
        self.end_opened_by(user, Gone::all(Method::AdPassword), None).await?;
        Ok(was_there)
    }
}
