//! What each form does once it is sent.

use secrecy::ExposeSecret as _;

use crate::account::AccountError;
use crate::account::network_list::{NO_LIST, tidy};
use crate::admin::authority::{CreateAuthority, ImportAuthority, RenewAuthority};
use crate::admin::certificates::RegisterCertificate;
use crate::admin::error::AdminError;
use crate::admin::groups::AddGroup;
use crate::admin::shut_out::ShutOut;
use crate::admin::tokens::IssueToken;
use crate::admin::users::profile::{AddUser, ChangeUser};
use crate::admin::users::rights::{Factor, Reset, ResetFactor, SetGroups, SetMethods, SetNetworks};
use crate::portal::admin::action::pages::InvitationRow;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::forms::fields::EntryFields;
use crate::portal::admin::forms::page::{FormQuestion, MadePage};
use crate::portal::admin::meant::MeantWord;
use crate::portal::admin::networks::lines;
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::paths;
use crate::principal::user::{GroupName, NameError, UserId};

/// What a form came to.
pub(super) enum FormOutcome {
    /// Done: the page to go to.
    Done(String),
    /// It was sent before: the page that says so.
    Before(String),
    /// Done, and this is shown once.
    Shown(Box<MadePage>),
    /// It must be asked whether it is meant.
    Asks(FormQuestion),
    /// The list of networks is not the one that was shown.
    Changed,
}

pub(super) async fn send(admin: &AdminSession, form: AdminFormKind, fields: &EntryFields) -> Result<FormOutcome, AdminError> {
    let user = || UserId::parse(&fields.user).map_err(|error| unread("read the user name", &error));
    let of_user = || FormOutcome::Done(paths::admin_user(fields.user.trim()));
    let groups = || fields.groups.iter().map(|name| group(name)).collect::<Result<Vec<_>, _>>();
    let (display_name, email, language) = (fields.display_name.clone(), fields.email.clone(), fields.language.clone());
    Ok(match form {
        AdminFormKind::AddUser => {
            let act = AddUser {
                user: user()?,
                display_name: Some(display_name),
                email: Some(email),
                language: Some(language),
                groups: groups()?,
                invite: fields.invite == "yes",
            };
            let added = admin.perform(act).await?;
            let back = paths::admin_user(added.user.user.as_str());
            match added.invitation {
                Some(made) => FormOutcome::Shown(Box::new(MadePage::link(admin, form, row(made), back))),
                None => FormOutcome::Done(back),
            }
        }
        AdminFormKind::ChangeUser => {
            let act =
                ChangeUser { user: user()?, display_name: Some(display_name), email: Some(email), language: Some(language) };
            drop(admin.perform(act).await?);
            of_user()
        }
        AdminFormKind::SetGroups => {
            drop(admin.perform(SetGroups { user: user()?, groups: groups()? }).await?);
            of_user()
        }
        AdminFormKind::SetMethods => {
            drop(admin.perform(SetMethods { user: user()?, methods: fields.methods.clone() }).await?);
            of_user()
        }
        AdminFormKind::SetNetworks => {
            let (allow, deny) = (tidy(lines(&fields.allow)?), tidy(lines(&fields.deny)?));
            // A form that says no version showed no list.
            let version = Some(if fields.version.is_empty() { NO_LIST.to_owned() } else { fields.version.clone() });
            let act = SetNetworks { user: user()?, allow, deny, version, confirm: false };
            let word = MeantWord::of(&(&act, admin.visit.arrival.address.to_string()));
            match admin.perform(SetNetworks { confirm: word.is(&fields.confirmed), ..act }).await {
                Err(AdminError::Unconfirmed(ShutOut::Nobody)) => {
                    return Ok(FormOutcome::Asks(FormQuestion { key: "admin-network-ends".to_owned(), word }));
                }
                Err(AdminError::Unconfirmed(_)) => return Ok(FormOutcome::Asks(FormQuestion::of(form, word))),
                Err(AdminError::Changed(_)) => return Ok(FormOutcome::Changed),
                done => drop(done?),
            }
            of_user()
        }
        AdminFormKind::ResetFactor => {
            let factor = match fields.factor.as_str() {
                "password" => Factor::Password,
                "authenticator" => Factor::Authenticator,
                "passkeys" => Factor::Passkeys,
                "transaction_password" => Factor::TransactionPassword,
                "all" => Factor::All,
                other => return Err(unread("read the factor", &format!("{other:?} is none"))),
            };
            let act = ResetFactor { user: user()?, factor };
            let word = MeantWord::of(&act);
            if !word.is(&fields.confirmed) {
                return Ok(FormOutcome::Asks(FormQuestion::of(form, word)));
            }
            match admin.perform(act).await? {
                Reset::Link(made) => {
                    FormOutcome::Shown(Box::new(MadePage::link(admin, form, row(made), paths::admin_user(fields.user.trim()))))
                }
                Reset::Removed(_) => of_user(),
            }
        }
        AdminFormKind::AddGroup => {
            let description = Some(fields.description.trim().to_owned()).filter(|text| !text.is_empty());
            drop(admin.perform(AddGroup { group: group(&fields.group)?, description }).await?);
            FormOutcome::Done(paths::ADMIN_GROUPS.to_owned())
        }
        AdminFormKind::RegisterCertificate => {
            let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let day = |text: &str| given(text).map(|day| day.parse()).transpose();
            let day = |text: &str| day(text).map_err(|why: String| unread("read the day", &why));
            let act = RegisterCertificate {
                certificate: fields.certificate.trim().to_owned(),
                user: given(&fields.user).map(|_| user()).transpose()?,
                machine: given(&fields.machine),
                shared: fields.shared == "yes",
                label: given(&fields.label),
                valid_from: day(&fields.valid_from)?,
                valid_until: day(&fields.valid_until)?,
            };
            let added = admin.perform(act).await?;
            FormOutcome::Done(paths::admin_certificate(&added.certificate))
        }
        AdminFormKind::CreateAuthority => {
            drop(admin.perform(CreateAuthority { organisation: fields.organisation.clone() }).await?);
            FormOutcome::Done(paths::ADMIN_AUTHORITIES.to_owned())
        }
        AdminFormKind::RenewAuthority => {
            // Of the keys that are there: sent twice, it makes one that follows.
            let keys: Vec<String> = admin.visit.core.authority().list().iter().map(|key| key.id.to_string()).collect();
            let word = MeantWord::of(&(form.word(), keys));
            if !word.is(&fields.confirmed) {
                return Ok(FormOutcome::Asks(FormQuestion::of(form, word)));
            }
            drop(admin.perform(RenewAuthority {}).await?);
            FormOutcome::Done(paths::ADMIN_AUTHORITIES.to_owned())
        }
        AdminFormKind::ImportAuthority => {
            let act = ImportAuthority { chain: fields.chain.clone(), key: fields.key.expose_secret().to_owned() };
            drop(admin.perform(act).await?);
            FormOutcome::Done(paths::ADMIN_AUTHORITIES.to_owned())
        }
        AdminFormKind::IssueToken => {
            let lifetime = Some(fields.lifetime.trim()).filter(|text| !text.is_empty());
            let lifetime = lifetime.map(str::parse).transpose().map_err(|why: String| unread("read how long it lasts", &why))?;
            let (label, scopes) = (fields.label.trim().to_owned(), fields.scopes.clone());
            let request = Some(fields.request.clone()).filter(|request| !request.is_empty());
            let act = IssueToken { label, scopes, owner: None, app: None, lifetime, request };
            let issued = match admin.perform(act).await {
                Err(AdminError::Account(AccountError::TokenMade(_))) => {
                    return Ok(FormOutcome::Before(AdminChange::TokenIssuedBefore.at(paths::ADMIN_TOKENS)));
                }
                issued => issued?,
            };
            FormOutcome::Shown(Box::new(MadePage::token(
                admin,
                form,
                issued.about.label,
                issued.token,
                paths::ADMIN_TOKENS.to_owned(),
            )))
        }
    })
}

fn row(made: crate::admin::users::invitation::Invitation) -> InvitationRow {
    InvitationRow { user: made.user, url: made.url, mailed: made.mailed }
}

fn group(name: &str) -> Result<GroupName, AdminError> {
    GroupName::parse(name).map_err(|error: NameError| unread("read the group", &error))
}

fn unread(what: &'static str, why: &dyn std::fmt::Display) -> AdminError {
    AdminError::Input { what, why: why.to_string() }
}
