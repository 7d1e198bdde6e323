//! The group of what verifies a factor and does not ask a phone.

use super::Foundation;
use crate::config::schema::File;
use crate::factor::ad_password::{AdPasswords, Directory};
use crate::factor::grace::Graces;
use crate::factor::password::{self, Passwords};
use crate::factor::recovery_code::RecoveryCodes;
use crate::factor::totp::Totps;
use crate::factor::transaction_password::TransactionPasswords;

/// The verifiers, and the times within which a user may do without a second factor.
pub(super) struct Factors {
    pub(super) passwords: Passwords,
    pub(super) ad_passwords: AdPasswords,
    pub(super) totps: Totps,
    pub(super) recovery_codes: RecoveryCodes,
    pub(super) transaction_passwords: TransactionPasswords,
    pub(super) graces: Graces,
}

impl Factors {
    /// Makes the verifiers as `file` configures them.
    pub(super) fn new(base: &Foundation, file: &File, directory: Option<Directory>) -> Result<Self, password::PasswordError> {
        let title = file.portal.title.as_deref();
        Ok(Self {
            passwords: Passwords::new(base.database(), &file.password, title, base.clock(), base.random())?,
            ad_passwords: AdPasswords::new(directory, base.clock(), base.random()),
            totps: Totps::new(base.database(), base.keys(), &file.totp, base.clock(), base.random()),
            recovery_codes: RecoveryCodes::new(base.database(), base.keys(), base.clock(), base.random()),
            transaction_passwords: TransactionPasswords::new(base.database(), base.clock()),
            graces: Graces::new(base.database(), base.clock()),
        })
    }

    /// Takes over a config that compiled. The parameters of password hashing stay as they were at the start.
    pub(super) fn configure(&self, directory: Option<Directory>) {
        self.ad_passwords.configure(directory);
    }
}
