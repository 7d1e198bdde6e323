//! A config compiled whole: policies, bundles, directories and all else that a start or a reload puts in force at once.

use crate::account::relay::Relay;
use crate::acme::settings::OwnCertificateSettings;
use crate::certificate::bundles::Bundles;
use crate::chain::policy::Policies;
use crate::clock::{SharedClock, Timestamp};
use crate::config::Config;
use crate::config::diagnose::Complaint;
use crate::directory::Directories;
use crate::factor::matrix::MatrixPolicy;
use crate::factor::passkey::relying_party::RelyingParty;
use crate::idp::CompiledProviders;
use crate::kerberos::Acceptor;
use crate::random::SharedRandom;

/// What a config compiles to; nothing of it is in force yet.
#[derive(Debug)]
pub struct Compiled {
    pub(super) policies: Policies,
    pub(super) bundles: Bundles,
    pub(super) directories: Directories,
    pub(super) idp: CompiledProviders,
    pub(super) kerberos: Option<Acceptor>,
    pub(super) relay: Option<Relay>,
    pub(super) relying_party: Option<RelyingParty>,
    pub(super) own_certificates: OwnCertificateSettings,
    pub(super) matrix: MatrixPolicy,
}

impl Compiled {
    /// Compiles policies and reads the files that the services need: bundles, authorities, the password of the relay.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn of(config: &Config, clock: &SharedClock, random: &SharedRandom) -> Result<Self, Vec<Complaint>> {
        let file = &config.file;
        let mut complaints_of_own = Vec::new();
        let policies = crate::policy::compile(config);
        let bundles = Bundles::compile(&file.trust, clock.now());
        let push = crate::approval::delivery::authorities(&file.approval);
        let directories = Directories::load(&file.directory, random);
        let idp = CompiledProviders::of(file);
        let kerberos = crate::kerberos::load(config);
        let relay = Relay::of(file.mail.as_ref());
        let relying_party = RelyingParty::load(file);
        let own_certificates =
            OwnCertificateSettings::of(file).map_err(|wrong| complaints_of_own.extend(wrong)).unwrap_or_default();
        let matrix = MatrixPolicy::compile(&file.matrix);
        let mut complaints = crate::approval::delivery::ping_complaints(file);
        complaints.extend(push.err());
        complaints.extend(complaints_of_own);
        complaints.extend(crate::config::profile::unmet(&crate::config::profile::reports(config, None)));
        match (policies, bundles, directories, idp, kerberos, relay, relying_party, matrix) {
            (Ok(policies), Ok(bundles), Ok(directories), Ok(idp), Ok(kerberos), Ok(relay), Ok(relying_party), Ok(matrix))
                if complaints.is_empty() =>
            {
                Ok(Self { policies, bundles, directories, idp, kerberos, relay, relying_party, own_certificates, matrix })
            }
            (policies, bundles, directories, idp, kerberos, relay, relying_party, matrix) => {
                complaints.extend(policies.err().into_iter().chain(bundles.err()).chain(idp.err()).chain(matrix.err()).flatten());
                complaints
                    .extend(directories.err().into_iter().chain(kerberos.err()).chain(relay.err()).chain(relying_party.err()));
                Err(complaints)
            }
        }
    }

    /// What is demanded.
    pub const fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Files of revocation lists that cannot be used: a start goes on without them, where it must.
    pub fn unusable_lists(&self) -> Vec<Complaint> {
        self.bundles.unusable_files()
    }

    /// What the writer of the config is warned of, of its revocation lists.
    pub fn warnings(&self, now: Timestamp) -> Vec<Complaint> {
        self.bundles.warnings(now)
    }
}
