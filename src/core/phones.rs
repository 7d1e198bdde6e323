//! The group of what a phone decides: approvals, and login forms that it opens.

use std::sync::Arc;

use super::{Foundation, OpenError};
use crate::account::settings::Settings;
use crate::approval::Approvals;
use crate::approval::approver::ApproverRegistry;
use crate::approval::delivery::Delivery;
use crate::audit::Audit;
use crate::config::schema::File;
use crate::login_protect::LoginProtect;

/// Approvals and login-protect windows.
pub(super) struct Phones {
    pub(super) approvals: Approvals,
    pub(super) login_protect: LoginProtect,
}

impl Phones {
    /// Loads the key that push services know this gateway by.
    pub(super) async fn load(
        base: &Foundation,
        file: &File,
        audit: &Arc<Audit>,
        settings: &Arc<Settings>,
    ) -> Result<Self, OpenError> {
        let approvers = ApproverRegistry::new(base.database(), base.clock());
        let (database, keys) = (base.database(), base.keys());
        let delivery = Delivery::load(&database, approvers.clone(), &keys, &file.approval, base.clock(), base.random()).await?;
        let (shared, audit) = (base.shared(), Arc::clone(audit));
        Ok(Self {
            approvals: Approvals::new(approvers, delivery, &shared, file.approval.clone(), audit, base.clock(), base.random()),
            login_protect: LoginProtect::new(&shared, &file.login_protect, Arc::clone(settings), base.clock(), base.random()),
        })
    }

    /// Takes over a config that compiled.
    pub(super) fn configure(&self, file: &File) {
        self.approvals.configure(file.approval.clone());
        self.login_protect.configure(&file.login_protect);
    }
}
