//! What OWASP ASVS 5.0 (level 2) asks for beside what both standards do.

use std::time::Duration;

use super::judge::Judge;
use super::proofs::{BOUND, NUMBERS, PASSWORDS, RECOVERY_CODES, SESSIONS, SWITCHED_OFF, TOTP_ONCE};
use super::report::Assessment;
use crate::config::schema::OtpMethod;

impl Judge<'_> {
    pub(super) fn asvs(&mut self) {
        let skew = self.config.file.totp.skew;
        let codes = self
            .places
            .iter()
            .any(|place| place.demands.otp.as_ref().is_some_and(|said| said.demand.methods.contains(&OtpMethod::Totp)));
        self.one(
            ("6.5.5", "a one-time password lives for 30 seconds"),
            "totp.skew",
            skew == 0 || !codes,
            if codes { format!("{skew} steps before and after count too") } else { "none is accepted".to_owned() },
            "write skew = 0",
        );
        let fresh = self.config.file.session.fresh;
        self.one(
            ("7.5.1", "who changes an account has signed in lately"),
            "session.fresh",
            fresh.0 <= Duration::from_secs(3600),
            format!("{fresh}"),
            "write at most \"1h\"; \"10m\" is the default",
        );
        let per_user = self.config.file.session.per_user;
        let words = format!("{per_user}; beyond them the oldest goes");
        self.say("7.1.2", "how many sessions one account may have is defined", Assessment::Ok, Some("session.per_user"), words);
        self.proven("6.2.4", "the first 3,000 passwords that anybody would guess are not taken", PASSWORDS);
        self.proven("6.5.1", "codes, recovery codes and approvals are good once", TOTP_ONCE);
        self.proven("6.5.2", "recovery codes are kept as hashes", RECOVERY_CODES);
        self.proven("6.5.3", "numbers are drawn uniformly", NUMBERS);
        self.proven("6.6.2", "an approval is bound to its request", BOUND);
        self.proven("7.2.3", "a session's secret has 256 bits", SESSIONS);
        self.proven("7.2.4", "a sign-in draws a new session secret, and the old one ends", SESSIONS);
        self.proven("7.4.2", "who is switched off has no session", SWITCHED_OFF);
        self.operator("6.1.1", "the defence against guessing is documented", "[regulation] and [approval] of this config are it");
        self.operator(
            "6.2.12",
            "passwords are checked against breached ones",
            "the common ones alone are, in this build; a directory may check more",
        );
        self.operator("6.4.4", "who lost a factor is identified as at enrolment", "by the person who sends the new invitation");
        self.operator("7.1.1", "lifetimes of sessions are documented", "[session] of this config is it");
    }
}
