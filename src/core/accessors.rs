//! What other modules may use of the core, one accessor a service.

use std::sync::Arc;

use super::{Core, Snapshot};
use crate::account::groups::Groups;
use crate::account::links::Links;
use crate::account::networks::NetworkLists;
use crate::account::outbox::Outbox;
use crate::account::places::KnownPlaces;
use crate::account::regulation::Regulation;
use crate::account::settings::Settings;
use crate::account::tokens::Tokens;
use crate::account::user::User;
use crate::account::users::Users;
use crate::acme::own::OwnCertificates;
use crate::approval::Approvals;
use crate::audit::Audit;
use crate::browser::Browsers;
use crate::certificate::authority::IssuingAuthority;
use crate::certificate::register::ClientCertificates;
use crate::chain::policy::{Afresh, Policies, Policy};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::factor::ad_password::AdPasswords;
use crate::factor::grace::Graces;
use crate::factor::kerberos::KerberosTickets;
use crate::factor::last_factor::LastFactors;
use crate::factor::matrix::Matrices;
use crate::factor::passkey::Passkeys;
use crate::factor::password::Passwords;
use crate::factor::recovery_code::RecoveryCodes;
use crate::factor::token_matrix::TokenMatrices;
use crate::factor::totp::Totps;
use crate::factor::transaction_password::TransactionPasswords;
use crate::identity::assertion::Assertions;
use crate::identity::keys::SigningKeys;
use crate::idp::IdentityProviders;
use crate::login_protect::LoginProtect;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, TokenHash};
use crate::session::handover::Handover;
use crate::session::sessions::Sessions;
#[cfg(test)]
use crate::store::database::Database;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedState;
use crate::transaction::{TransactionEngine, Transactions};

impl Core {
    /// Where time comes from.
    pub const fn clock(&self) -> &SharedClock {
        &self.base.clock
    }

    /// Where secrets come from.
    pub const fn random(&self) -> &SharedRandom {
        &self.base.random
    }

    /// What seals secrets at rest and derives keys for a named purpose.
    pub const fn keys(&self) -> &Arc<MasterKeys> {
        &self.base.keys
    }

    /// What proxies show when they ask by forward-auth.
    pub const fn forward_auth_key(&self) -> &TokenHash {
        &self.base.forward_auth_key
    }

    /// The short-lived store.
    pub const fn shared(&self) -> &Arc<dyn SharedState> {
        &self.base.shared
    }

    /// Certificates of the gateway itself.
    pub const fn own_certificates(&self) -> &OwnCertificates {
        &self.own_certificates
    }

    /// Users.
    pub const fn users(&self) -> &Arc<Users> {
        &self.accounts.users
    }

    /// Groups of users.
    pub const fn groups(&self) -> &Groups {
        &self.accounts.groups
    }

    /// Lists of networks that administrators keep.
    pub const fn networks(&self) -> &NetworkLists {
        &self.accounts.networks
    }

    /// One-time links.
    pub const fn links(&self) -> &Links {
        &self.accounts.links
    }

    /// API tokens.
    pub const fn tokens(&self) -> &Tokens {
        &self.accounts.tokens
    }

    /// Networks from which users signed in.
    pub const fn places(&self) -> &KnownPlaces {
        &self.accounts.places
    }

    /// What administrators set while the gateway runs.
    pub const fn settings(&self) -> &Arc<Settings> {
        &self.accounts.settings
    }

    /// Messages to users.
    pub const fn outbox(&self) -> &Outbox {
        &self.accounts.outbox
    }

    /// Limits on wrong answers.
    pub const fn regulation(&self) -> &Regulation {
        &self.accounts.regulation
    }

    /// Passwords.
    pub const fn passwords(&self) -> &Passwords {
        &self.factors.passwords
    }

    /// Passwords that a directory judges.
    pub const fn ad_passwords(&self) -> &AdPasswords {
        &self.factors.ad_passwords
    }

    /// Identity providers.
    pub const fn idp(&self) -> &IdentityProviders {
        &self.idp
    }

    /// Passkeys.
    pub const fn passkeys(&self) -> &Passkeys {
        &self.factors.passkeys
    }

    /// Patterns on tables of digits.
    pub fn matrices(&self) -> &Matrices {
        &self.factors.matrices
    }

    /// Patterns, read off the tables of phones.
    pub const fn token_matrices(&self) -> &TokenMatrices {
        &self.factors.token_matrices
    }

    /// Authenticators.
    pub const fn totps(&self) -> &Totps {
        &self.factors.totps
    }

    /// Recovery codes.
    pub const fn recovery_codes(&self) -> &RecoveryCodes {
        &self.factors.recovery_codes
    }

    /// Transaction passwords.
    pub const fn transaction_passwords(&self) -> &TransactionPasswords {
        &self.factors.transaction_passwords
    }

    /// Times without a second factor.
    pub const fn graces(&self) -> &Graces {
        &self.factors.graces
    }

    /// By which method users passed check 6 last.
    pub const fn last_factors(&self) -> &LastFactors {
        &self.factors.last_factors
    }

    /// Kerberos tickets.
    pub const fn kerberos_tickets(&self) -> &KerberosTickets {
        &self.factors.kerberos_tickets
    }

    /// Sessions.
    pub const fn sessions(&self) -> &Arc<Sessions> {
        &self.sign_ins.sessions
    }

    /// The way from the portal to apps.
    pub const fn handover(&self) -> &Handover {
        &self.sign_ins.handover
    }

    /// Registered browsers.
    pub const fn browsers(&self) -> &Browsers {
        &self.sign_ins.browsers
    }

    /// Approvals on the phone.
    pub const fn approvals(&self) -> &Approvals {
        &self.phones.approvals
    }

    /// Login-protect windows.
    pub const fn login_protect(&self) -> &LoginProtect {
        &self.phones.login_protect
    }

    /// Client certificates.
    pub const fn certificates(&self) -> &ClientCertificates {
        &self.certificates
    }

    /// The authority of our own, which signs client certificates.
    pub const fn authority(&self) -> &IssuingAuthority {
        &self.authority
    }

    /// Requests that are held until they are approved.
    pub const fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    /// The transitions of held requests, under the config and the policies of this moment.
    pub fn transaction_engine(&self) -> TransactionEngine<'_> {
        self.transaction_engine_under(&self.snapshot.load())
    }

    /// The transitions of held requests, under the config that the request was judged by.
    pub fn transaction_engine_under(&self, snapshot: &Snapshot) -> TransactionEngine<'_> {
        TransactionEngine {
            passkeys: self.passkeys(),
            transactions: &self.transactions,
            approvals: &self.phones.approvals,
            users: &self.accounts.users,
            totps: &self.factors.totps,
            transaction_passwords: &self.factors.transaction_passwords,
            signing_keys: &self.identity.signing_keys,
            audit: &self.audit,
            clock: &self.base.clock,
            config: Arc::clone(&snapshot.config),
            policies: Arc::clone(&snapshot.policies),
        }
    }

    /// The audit log.
    pub const fn audit(&self) -> &Arc<Audit> {
        &self.audit
    }

    /// The keys that sign assertions.
    pub const fn signing_keys(&self) -> &Arc<SigningKeys> {
        &self.identity.signing_keys
    }

    /// The signed assertions for apps.
    pub const fn assertions(&self) -> &Assertions {
        &self.identity.assertions
    }

    /// The config as it is now.
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.snapshot.load().config)
    }

    /// The policies as they are now.
    pub fn policies(&self) -> Arc<Policies> {
        Arc::clone(&self.snapshot.load().policies)
    }

    /// The config and its policies, of one moment.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn ping_database(&self) -> Result<(), DatabaseError> {
        self.base.database.ping().await
    }

    /// The durable store, for tests that look at rows.
    #[cfg(test)]
    pub(crate) const fn database(&self) -> &Database {
        &self.base.database
    }

    /// What a page asks of a user who needs a fresh sign-in for it: one judgement for the page, the sign-in that leads there
    /// and the API.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn afresh(&self, policy: &Policy, user: &User) -> Result<Afresh, DatabaseError> {
        let within = self.config().file.session.fresh.0;
        let has = self.second_factors(user.id()).await?;
        Ok(policy.afresh(Some(&user.standing()), within, has))
    }
}
