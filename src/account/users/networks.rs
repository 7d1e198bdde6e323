//! The networks that users may come from: each list a part of its user.

use ipnet::IpNet;

use super::Users;
use crate::account::AccountError;
use crate::account::list_line::NetworkNames;
use crate::account::network_list::{ListOwner, NetworkList, tidy};
use crate::account::network_records;
use crate::principal::user::UserId;

impl Users {
    /// Sets the networks a user may come from (empty: any) and those they may not, without notes.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn set_networks(&self, user: &UserId, allowed: Vec<IpNet>, denied: Vec<IpNet>) -> Result<(), AccountError> {
        let lines = |list: Vec<IpNet>| tidy(list.into_iter().map(Into::into).collect());
        let list = NetworkList { allowed: lines(allowed), denied: lines(denied) };
        self.edit_networks(user, |_present| Ok::<_, AccountError>(list)).await.map(drop)
    }

    /// Changes the list of a user's networks, in one transaction. For [`crate::account::networks`].
    pub(in crate::account) async fn edit_networks<E: From<AccountError>>(
        &self,
        user: &UserId,
        change: impl FnOnce(NetworkList) -> Result<NetworkList, E> + Send,
    ) -> Result<NetworkList, E> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let owner = ListOwner::User(user.id().clone());
        let (list, transaction) = network_records::change_list(&self.database, &owner, change).await?;
        transaction.commit().await.map_err(AccountError::from)?;
        let names = self.names.lock();
        user.keep_named(&list);
        user.set_networks(&list.compiled(&names));
        Ok(list)
    }

    /// Takes over the networks that a config names, in every list of a user that names them.
    pub(in crate::account) fn configure_names(&self, names: NetworkNames) {
        let mut present = self.names.lock();
        *present = names;
        self.find_names(&present);
    }

    /// What the names in lists stand for.
    pub(super) fn find_names(&self, names: &NetworkNames) {
        for user in &self.by_name {
            if let Some(list) = &*user.named.load() {
                user.set_networks(&list.compiled(names));
            }
        }
    }
}
