//! What NIST SP 800-63B-4 (AAL2) asks for beside what both standards do.

use super::judge::Judge;
use super::proofs::{GUESSES, NUMBERS, PASSWORDS, PEACE, RECOVERY_CODES, SESSIONS, TOTP_ONCE};
use super::report::Assessment;
use crate::config::schema::{CertificateDemandScope, DemandMode, OtpMethod, PrimaryMethod};

impl Judge<'_> {
    pub(super) fn nist(&mut self) {
        let certificate = self.places.iter().find_map(|place| {
            place
                .demands
                .client_certificate
                .as_ref()
                .filter(|said| said.demand.mode == DemandMode::Require)
                .filter(|said| said.demand.applies_to == CertificateDemandScope::Everyone)
                .map(|said| said.path.clone())
        });
        let passkey =
            self.places.iter().find_map(|place| {
                let primary = place.demands.primary_factor.as_ref().filter(|said| {
                    said.demand.mode == DemandMode::Require && said.demand.methods.contains(&PrimaryMethod::Passkey)
                });
                let otp =
                    place.demands.otp.as_ref().filter(|said| {
                        said.demand.mode == DemandMode::Require && said.demand.methods.contains(&OtpMethod::Passkey)
                    });
                primary.map(|said| said.path.clone()).or_else(|| otp.map(|said| said.path.clone()))
            });
        let at = ("§2.2.2", "a phishing-resistant way is offered (§3.2.5: WebAuthn and client-authenticated TLS are)");
        match certificate {
            None if passkey.is_some() => {
                self.say(at.0, at.1, Assessment::Ok, passkey.as_deref(), "a passkey is accepted there".to_owned());
            }
            Some(key) => self.say(at.0, at.1, Assessment::Ok, Some(&key), "a client certificate is demanded there".to_owned()),
            None => self.fails(
                at.0,
                at.1,
                "app",
                "no sign-in accepts a passkey, and none demands a client certificate".to_owned(),
                "accept `passkey` in `otp`, or demand `client_certificate` of an app",
            ),
        }
        self.proven("§3.1.1.2", "common passwords are not taken, and no composition is asked for", PASSWORDS);
        self.proven("§3.1.2.2", "a recovery code is good once, and kept as a hash", RECOVERY_CODES);
        self.proven("§3.1.3.2", "what is carried to the phone is drawn uniformly, and good once", NUMBERS);
        self.proven("§3.1.3.2", "phones are left in peace after much that was asked in vain", PEACE);
        self.proven("§3.1.4.2", "a one-time password is accepted once", TOTP_ONCE);
        self.proven("§3.2.2", "guesses at once are counted before they are evaluated", GUESSES);
        self.proven("§5.1", "a session's secret opens one host alone, and is drawn again as privilege rises", SESSIONS);
        self.operator("§2.2.2", "federal agencies use validated cryptography (FIPS 140)", "this build is not a validated module");
        self.operator(
            "§3.2.2",
            "no more than 100 failures in a row",
            "attempts are slowed, never refused for good: watch the audit log for `sign_in`",
        );
        self.operator("§4.1", "authenticators are bound to the right person", "hand invitations to nobody else");
        self.operator(
            "§4.2",
            "accounts are recovered as the standard says",
            "an administrator's invitation is what recovers one",
        );
        self.operator("§4.6", "people are notified of what happens to their account", "`[mail]` and an address of each user");
    }
}
