//! What an act answers a person at a terminal in another language than English: what was done, and why it was not. English is
//! what programs get as well: the texts of [`AdminError`] and of `locales/en.ftl`.
//! Invariant: what stands in an English sentence as a value stands in the other too; what has no sentence of its own, such as
//! a fault of the directory, follows in English behind one.

use std::any::Any;
use std::fmt::Display;

use crate::account::AccountError;
use crate::admin::error::AdminError;
use crate::admin::login_protect::LoginProtectDecision;
use crate::admin::sentences::{self, SentenceValue};
use crate::admin::shut_out::{ShutOut, WithoutCertificate};
use crate::admin::users::rights::Reset;
use crate::admin::values::Done;
use crate::browser::application::DecisionError;
use crate::browser::applied::{Application, ApplicationState};
use crate::certificate::authority::AuthorityError;
use crate::certificate::register::CertificateRegisterError;
use crate::core::renewal::RenewalError;
use crate::principal::certificate::Fingerprint;
use crate::principal::language::Language;
use crate::session::NotAdministrator;

/// Users named at most.
const NAMED: usize = 20;

/// What an act answered, where that is a sentence.
pub fn done(output: &dyn Any, language: Language) -> Option<&str> {
    let removed = match output.downcast_ref::<Reset>() {
        Some(Reset::Removed(done)) => Some(done),
        Some(Reset::Link(_)) | None => None,
    };
    let decided = output.downcast_ref::<LoginProtectDecision>().map(LoginProtectDecision::said);
    removed.or(decided).or_else(|| output.downcast_ref::<Done>()).map(|done| done.told(language))
}

/// Why an act was not done. In English it fits "failed to …"; in another language it is a sentence.
pub fn error(error: &AdminError, language: Language) -> String {
    if language == Language::Japanese { Sentence::of(error).say(language) } else { error.to_string() }
}

/// What would help, where something simple does.
pub fn hint(error: &AdminError, language: Language) -> Option<String> {
    let english = error.hint()?;
    let key = match error {
        AdminError::NotAdministrator(_) => "hint-scope",
        AdminError::Account(AccountError::UnknownUser(_)) | AdminError::Register(CertificateRegisterError::UnknownUser(_)) => {
            "hint-users"
        }
        AdminError::Account(AccountError::Excluded { .. }) => "hint-excluded",
        AdminError::Account(AccountError::UserExists(_)) => "hint-user-exists",
        AdminError::Unconfirmed(_) | AdminError::WithoutCertificate(_) => "hint-confirm",
        AdminError::Changed(_) => "hint-changed",
        AdminError::Register(_) => "hint-certificates",
        _ => return Some(english.to_owned()),
    };
    if language == Language::Japanese { Some(sentences::say(language, key, &[])) } else { Some(english.to_owned()) }
}

/// A sentence about an error: its key and its values.
struct Sentence(String, Vec<(&'static str, String)>);

fn key(key: &str, values: &[SentenceValue<'_>]) -> Sentence {
    Sentence(key.to_owned(), values.iter().map(|(name, value)| (*name, value.to_string())).collect())
}

impl Sentence {
    fn say(&self, language: Language) -> String {
        let values: Vec<SentenceValue<'_>> = self.1.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        sentences::say(language, &self.0, &values)
    }

    fn of(error: &AdminError) -> Self {
        match error {
            AdminError::NotAdministrator(NotAdministrator::Membership(user)) => key("error-no-administrator", &[("user", user)]),
            AdminError::NotAdministrator(NotAdministrator::Scope(scope)) => key("error-scope", &[("scope", scope)]),
            AdminError::Account(error) => account(error),
            AdminError::Register(error) => register(error),
            AdminError::Authority(error) => authority(error),
            AdminError::Renewal(error) => renewal(error),
            AdminError::Decision(error) => decision(error),
            AdminError::NotFound { what, name } => key(&format!("missing-{}", slug(what)), &[("name", name)]),
            AdminError::Input { what, why } => {
                let what = sentences::say(Language::Japanese, &format!("input-{}", slug(what)), &[]);
                key("error-input", &[("what", &what), ("why", why)])
            }
            AdminError::Unconfirmed(ShutOut::Author(address)) => key("error-shuts-author", &[("address", address)]),
            AdminError::Unconfirmed(ShutOut::Administration) => key("error-shuts-administration", &[]),
            AdminError::Unconfirmed(ShutOut::Nobody) => key("error-list-ends", &[]),
            AdminError::WithoutCertificate(shut) => without_certificate(shut),
            AdminError::Changed(version) => key("error-changed", &[("version", version)]),
            AdminError::State(why) => key("error-state", &[("why", why)]),
        }
    }
}

/// The words of an English phrase as a key has them.
fn slug(phrase: &str) -> String {
    phrase.to_lowercase().replace('\'', "").replace(' ', "-")
}

fn account(error: &AccountError) -> Sentence {
    match error {
        AccountError::UnknownUser(user) => key("error-unknown-user", &[("user", user)]),
        AccountError::UserExists(user) => key("error-user-exists", &[("user", user)]),
        AccountError::UnknownGroup(group) => key("error-unknown-group", &[("group", group)]),
        AccountError::GroupExists(group) => key("error-group-exists", &[("group", group)]),
        AccountError::Field { field, reason } => key("error-field", &[("field", field), ("why", reason)]),
        AccountError::Excluded { user, .. } => key("error-excluded", &[("user", user)]),
        AccountError::TokenMade(token) => key("error-token-made", &[("token", token)]),
        AccountError::Database(error) => key("error-state", &[("why", error)]),
    }
}

fn register(error: &CertificateRegisterError) -> Sentence {
    use CertificateRegisterError as E;
    let of = |name, fingerprint: &Fingerprint| key(name, &[("certificate", &fingerprint.text())]);
    match error {
        E::Exists(fingerprint) => of("error-certificate-exists", fingerprint),
        E::Unknown(fingerprint) => of("error-unknown-certificate", fingerprint),
        E::UnknownUser(user) => key("error-unknown-user", &[("user", user)]),
        E::NoHolder => key("error-no-holder", &[]),
        E::IssuedHere(fingerprint) => of("error-issued-here", fingerprint),
        E::NotIssuedHere(fingerprint) => of("error-not-issued-here", fingerprint),
        E::KeyWithdrawn(authority) => key("error-key-withdrawn", &[("authority", authority)]),
        E::Revoked(fingerprint) => of("error-revoked", fingerprint),
        E::Repeated(fingerprint) => of("error-issued-already", fingerprint),
        E::Beyond { from, until } => key("error-beyond", &[("from", from), ("until", until)]),
        E::Dates => key("error-dates", &[]),
        E::Database(error) => key("error-state", &[("why", error)]),
    }
}

fn authority(error: &AuthorityError) -> Sentence {
    use AuthorityError as E;
    match error {
        E::Missing => key("error-no-authority", &[]),
        E::Exists(authority) => key("error-authority-exists", &[("authority", authority)]),
        E::Unknown(authority) => key("error-unknown-authority", &[("authority", authority)]),
        E::Name(name) => key("error-authority-name", &[("name", name)]),
        E::Imported(authority) => key("error-authority-imported", &[("authority", authority)]),
        E::Import(why) => key("error-authority-import", &[("why", why)]),
        E::Outlives { id, ends } => key("error-outlives", &[("authority", id), ("ends", ends)]),
        E::Precedes { id, begins } => key("error-precedes", &[("authority", id), ("begins", begins)]),
        E::Date => key("error-year", &[]),
        E::List(..) | E::Ended(_) | E::File(..) | E::Make(_) | E::Container(_) | E::Seal(_) | E::Database(_) => {
            key("error-state", &[("why", error)])
        }
    }
}

fn renewal(error: &RenewalError) -> Sentence {
    use RenewalError as E;
    match error {
        E::Unknown(fingerprint) => key("error-unknown-certificate", &[("certificate", &fingerprint.text())]),
        E::Revoked => key("error-renew-revoked", &[]),
        E::Ended(at) => key("error-renew-ended", &[("at", at)]),
        E::Name(name, why) => key("error-renew-name", &[("name", name), ("why", why)]),
        E::Holder => key("error-renew-holder", &[]),
        E::AnotherHolder => key("error-renew-another-holder", &[]),
        E::AnotherName(name) => key("error-renew-another-name", &[("name", name)]),
        E::Gap { begins, ends } => key("error-renew-gap", &[("begins", begins), ("ends", ends)]),
        E::NoLonger(at) => key("error-renew-no-longer", &[("at", at)]),
    }
}

fn decision(error: &DecisionError) -> Sentence {
    match error {
        DecisionError::Unknown => key("error-unknown-application", &[]),
        DecisionError::Decided(application) => decided(application),
        DecisionError::TooMany { user, have } => key("error-too-many-devices", &[("user", user), ("have", have)]),
        DecisionError::Database(error) => key("error-state", &[("why", error)]),
    }
}

fn decided(application: &Application) -> Sentence {
    let name = match application.state {
        ApplicationState::Pending => return key("error-application-waits", &[]),
        ApplicationState::Approved => "error-application-approved",
        ApplicationState::Rejected => "error-application-rejected",
        ApplicationState::Revoked => "error-application-revoked",
    };
    let by = application.decided_by.clone().unwrap_or_else(|| "-".to_owned());
    let at = application.decided_at.map_or_else(|| "-".to_owned(), |at| at.rfc3339());
    key(name, &[("by", &by), ("at", &at)])
}

fn without_certificate(shut: &WithoutCertificate) -> Sentence {
    let name = if shut.author { "error-without-certificate-yourself" } else { "error-without-certificate" };
    let mut users = shut.users.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if shut.users.len() > NAMED {
        users.push_str(", …");
    }
    key(name, &[("users", &users), ("count", &shut.users.len())])
}

#[cfg(test)]
mod tests;
