//! The group of what verifies a factor and does not ask a phone.

use std::sync::Arc;

use super::Foundation;
use crate::config::schema::File;
use crate::directory::Directories;
use crate::factor::ad_password::AdPasswords;
use crate::factor::grace::Graces;
use crate::factor::kerberos::KerberosTickets;
use crate::factor::last_factor::LastFactors;
use crate::factor::matrix::{Matrices, MatrixPolicy};
use crate::factor::passkey::Passkeys;
use crate::factor::passkey::relying_party::RelyingParty;
use crate::factor::password::{self, Passwords};
use crate::factor::recovery_code::RecoveryCodes;
use crate::factor::token_matrix::TokenMatrices;
use crate::factor::totp::Totps;
use crate::factor::transaction_password::TransactionPasswords;
use crate::kerberos::Acceptor;

/// The verifiers, and the times within which a user may do without a second factor.
pub(super) struct Factors {
    pub(super) passwords: Passwords,
    pub(super) ad_passwords: AdPasswords,
    pub(super) totps: Totps,
    pub(super) recovery_codes: RecoveryCodes,
    pub(super) transaction_passwords: TransactionPasswords,
    pub(super) passkeys: Passkeys,
    pub(super) matrices: Arc<Matrices>,
    pub(super) token_matrices: TokenMatrices,
    pub(super) graces: Graces,
    pub(super) last_factors: LastFactors,
    pub(super) kerberos_tickets: KerberosTickets,
}

impl Factors {
    /// Makes the verifiers as `file` configures them.
    pub(super) fn new(
        base: &Foundation,
        file: &File,
        directories: Directories,
        relying_party: Option<RelyingParty>,
        matrix: MatrixPolicy,
        acceptor: Option<Acceptor>,
    ) -> Result<Self, password::PasswordError> {
        let title = file.portal.title.as_deref();
        let matrices = Matrices::new(base.database(), base.keys(), &base.shared(), matrix, base.clock(), base.random());
        let matrices = Arc::new(matrices);
        let per_user = file.approval.per_user;
        Ok(Self {
            passwords: Passwords::new(base.database(), &file.password, title, base.clock(), base.random())?,
            ad_passwords: AdPasswords::new(directories, base.database(), base.clock(), base.random()),
            totps: Totps::new(base.database(), base.keys(), &file.totp, base.clock(), base.random()),
            recovery_codes: RecoveryCodes::new(base.database(), base.keys(), base.clock(), base.random()),
            transaction_passwords: TransactionPasswords::new(base.database(), base.clock()),
            passkeys: Passkeys::new(base.database(), &base.shared(), relying_party, base.clock(), base.random()),
            token_matrices: TokenMatrices::new(
                Arc::clone(&matrices),
                base.database(),
                base.keys(),
                per_user,
                base.clock(),
                base.random(),
            ),
            matrices,
            graces: Graces::new(base.database(), base.clock()),
            last_factors: LastFactors::new(base.database()),
            kerberos_tickets: KerberosTickets::new(acceptor, file.kerberos.as_ref(), base.database(), base.clock()),
        })
    }

    /// Takes over a config that compiled. The parameters of password hashing stay as they were at the start.
    pub(super) fn configure(
        &self,
        file: &File,
        directories: Directories,
        relying_party: Option<RelyingParty>,
        matrix: MatrixPolicy,
        acceptor: Option<Acceptor>,
    ) {
        self.ad_passwords.configure(directories);
        self.passkeys.configure(relying_party);
        self.matrices.configure(matrix);
        self.token_matrices.configure(file.approval.per_user);
        self.kerberos_tickets.configure(acceptor, file.kerberos.as_ref());
    }
}
