//! What an act answers a person in another language than English: at a terminal what was done, and there and on the pages of the
//! administration why it was not. English is what programs get as well: the texts of [`AdminError`] and of `locales/en.ftl`.
//! Invariant: what stands in an English sentence as a value stands in the others too; what has no sentence of its own, such as
//! a fault of the directory, follows in English behind one.

use std::any::Any;

use serde_json::Value;

use crate::account::AccountError;
use crate::admin::error::AdminError;
use crate::admin::import::ImportedCertificates;
use crate::admin::import::fault::ImportFault;
use crate::admin::login_protect::LoginProtectDecision;
use crate::admin::sentences::{self, Sentence, SentenceParts, key};
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

/// Puts sentences of an answer into another language: `answer` is `output` as programs get it, in English.
pub fn retell(output: &dyn Any, answer: &mut Value, language: Language) {
    if let (Some(told), Some(done)) = (done(output, language), answer.get_mut("done")) {
        *done = told.into();
    }
    let Some(import) = output.downcast_ref::<ImportedCertificates>().filter(|_| language != Language::English) else { return };
    let shown = answer.get_mut("problems").and_then(Value::as_array_mut);
    for (problem, shown) in import.problems.iter().zip(shown.into_iter().flatten()) {
        if let Some(why) = shown.get_mut("why") {
            *why = fault(&problem.fault, language).to_string().into();
        }
    }
}

/// What an act answered, where that is a sentence.
fn done(output: &dyn Any, language: Language) -> Option<&str> {
    let removed = match output.downcast_ref::<Reset>() {
        Some(Reset::Removed(done)) => Some(done),
        Some(Reset::Link(_)) | None => None,
    };
    let decided = output.downcast_ref::<LoginProtectDecision>().map(LoginProtectDecision::said);
    removed.or(decided).or_else(|| output.downcast_ref::<Done>()).map(|done| done.told(language))
}

/// Why an act was not done. In English it fits "failed to …"; in another language it is a sentence.
pub fn error(error: &AdminError, language: Language) -> String {
    reason(error, language).to_string()
}

/// The same, with what is English in it apart.
pub fn reason(error: &AdminError, language: Language) -> SentenceParts {
    if language == Language::English {
        return SentenceParts::whole(error.to_string());
    }
    sentence(error, language).parts(language)
}

/// What is wrong with a file of certificates, or with one of them.
pub fn fault(fault: &ImportFault, language: Language) -> SentenceParts {
    if language == Language::English {
        return SentenceParts::whole(fault.to_string());
    }
    fault.sentence(language).parts(language)
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
    if language == Language::English { Some(english.to_owned()) } else { Some(sentences::say(language, key, &[])) }
}

fn sentence(error: &AdminError, language: Language) -> Sentence {
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
            let what = sentences::say(language, &format!("input-{}", slug(what)), &[]);
            key("error-input", &[("what", &what), ("why", why)])
        }
        AdminError::Import(wrong) => key("error-import", &[("reason", &fault(wrong, language))]),
        AdminError::Unconfirmed(ShutOut::Author(address)) => key("error-shuts-author", &[("address", address)]),
        AdminError::Unconfirmed(ShutOut::Administration) => key("error-shuts-administration", &[]),
        AdminError::Unconfirmed(ShutOut::Nobody) => key("error-list-ends", &[]),
        AdminError::WithoutCertificate(shut) => without_certificate(shut),
        AdminError::Changed(version) => key("error-changed", &[("version", version)]),
        AdminError::State(why) => key("error-state", &[("why", why)]),
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
