//! The fields of each form, filled with what holds now or with what was entered.

use axum::response::Response;
use secrecy::SecretString;
use serde::Deserialize;
use strum::VariantArray as _;

use crate::account::network_list::NO_LIST;
use crate::account::tokens::Scope;
use crate::admin::groups::ListGroups;
use crate::admin::networks::{LARGEST, ListNetworkLists, NetworkListView};
use crate::admin::users::views::{ShowUser, UserView};
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::networks::written;
use crate::portal::kit::admin_session::{AdminFields, AdminSession};
use crate::portal::kit::paths;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

/// What a form sends; each has some of these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal::admin) struct EntryFields {
    /// The form's own address.
    pub(super) here: String,
    pub(super) user: String,
    pub(super) display_name: String,
    pub(super) email: String,
    pub(super) language: String,
    pub(super) groups: Vec<String>,
    pub(super) invite: String,
    pub(super) methods: Vec<String>,
    pub(super) allow: String,
    pub(super) deny: String,
    pub(super) factor: String,
    pub(super) group: String,
    pub(super) description: String,
    pub(super) label: String,
    pub(super) scopes: Vec<String>,
    pub(super) lifetime: String,
    pub(super) certificate: String,
    pub(super) machine: String,
    pub(super) shared: String,
    pub(super) valid_from: String,
    pub(super) valid_until: String,
    pub(super) organisation: String,
    pub(super) chain: String,
    pub(super) key: SecretString,
    /// What the form of a token calls itself: sent twice, it is done once.
    pub(super) request: String,
    /// Of networks, the version of the list that was shown.
    pub(super) version: String,
    /// The word of the question whether it is meant.
    pub(super) confirmed: String,
}

impl EntryFields {
    /// What is shown again of what was entered: no private key, wherever it was pasted, and of a chain nothing that is none.
    fn shown_again(&self) -> Self {
        let mut fields = self.clone();
        if !fields.chain.contains("-----BEGIN CERTIFICATE-----") {
            fields.chain.clear();
        }
        for text in fields.texts() {
            if text.contains("PRIVATE KEY") {
                text.clear();
            }
        }
        fields
    }

    /// Every field of one text or several that a page shows again.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let Self {
            here: _,
            user,
            display_name,
            email,
            language,
            groups,
            invite,
            methods,
            allow,
            deny,
            factor,
            group,
            description,
            label,
            scopes,
            lifetime,
            certificate,
            machine,
            shared,
            valid_from,
            valid_until,
            organisation,
            chain,
            version,
            key: _,
            request: _,
            confirmed: _,
        } = self;
        let several = groups.iter_mut().chain(methods).chain(scopes);
        [user, display_name, email, language, invite, allow, deny, factor, group, description, label, lifetime]
            .into_iter()
            .chain([certificate, machine, shared, valid_from, valid_until, organisation, chain, version])
            .chain(several)
    }

    /// What somebody with bad intentions could have entered.
    pub(super) fn sample() -> Self {
        Self {
            user: "alice".to_owned(),
            display_name: "\"><svg onload=alert(1)>".to_owned(),
            email: "alice@example.com".to_owned(),
            groups: vec!["staff".to_owned()],
            methods: vec!["password".to_owned()],
            allow: "192.0.2.0/24\n2001:db8::/32".to_owned(),
            factor: "passkeys".to_owned(),
            label: "monitor".to_owned(),
            scopes: vec!["read".to_owned()],
            certificate: "ab".repeat(32),
            valid_until: "2028-01-31".to_owned(),
            organisation: "関所".to_owned(),
            ..Self::default()
        }
    }
}

impl AdminFields for EntryFields {
    const LARGEST: usize = LARGEST;

    fn page(&self) -> &str {
        if paths::is_admin_page(&self.here) { &self.here } else { paths::ADMIN }
    }
}

/// A field.
#[derive(Clone, Debug)]
pub struct EntryField {
    /// Its name.
    pub name: &'static str,
    /// Its label: a message key; `.hint` says more.
    pub label: &'static str,
    /// Whether there is a hint.
    pub hint: bool,
    /// What it holds.
    pub input: EntryInput,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum EntryInput {
    /// A text that must be there.
    Name(String),
    /// A text.
    Text(String),
    /// Several lines.
    Lines(String),
    /// Several lines that are never shown again.
    Secret,
    /// A day.
    Day(String),
    /// Any number of these: values, and whether each is chosen.
    Several(Vec<(String, bool)>),
    /// One of these words, each with a message key, and which is chosen.
    One(String, Vec<(&'static str, &'static str)>),
    /// A switch.
    Switch(bool),
}

impl EntryField {
    /// Its hint: a message key.
    pub(super) fn hint_key(&self) -> String {
        format!("admin-hint-{}", self.name)
    }

    const fn new(name: &'static str, label: &'static str, input: EntryInput) -> Self {
        Self { name, label, hint: false, input }
    }

    fn hinted(self) -> Self {
        Self { hint: true, ..self }
    }
}

/// Of the form of a user's networks, the list that is there.
pub(super) async fn networks_of(
    admin: &AdminSession,
    form: AdminFormKind,
    user: &str,
) -> Result<Option<NetworkListView>, Response> {
    if form != AdminFormKind::SetNetworks {
        return Ok(None);
    }
    let user = UserId::parse(user).map_err(|error| admin.unreadable("read the user", error.to_string()))?;
    let act = ListNetworkLists { user: Some(user), ..ListNetworkLists::default() };
    Ok(admin.required(act).await?.items.into_iter().next())
}

/// The version of the list that a form shows; empty where it shows none.
pub(super) fn version(form: AdminFormKind, list: Option<&NetworkListView>) -> String {
    match form {
        AdminFormKind::SetNetworks => list.map_or_else(|| NO_LIST.to_owned(), |list| list.version.clone()),
        _ => String::new(),
    }
}

/// The fields of a form.
pub(super) async fn inputs(
    admin: &AdminSession,
    form: AdminFormKind,
    user: &str,
    list: Option<NetworkListView>,
    entered: Option<&EntryFields>,
) -> Result<Vec<EntryField>, Response> {
    let shown = match form {
        AdminFormKind::AddUser
        | AdminFormKind::AddGroup
        | AdminFormKind::IssueToken
        | AdminFormKind::RegisterCertificate
        | AdminFormKind::CreateAuthority
        | AdminFormKind::RenewAuthority
        | AdminFormKind::ImportAuthority => None,
        _ => {
            let id = UserId::parse(user).map_err(|error| admin.unreadable("read the user", error.to_string()))?;
            Some(admin.required(ShowUser { user: id }).await?.user)
        }
    };
    let groups = match form {
        AdminFormKind::AddUser | AdminFormKind::SetGroups => {
            admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect()
        }
        _ => Vec::new(),
    };
    Ok(of(form, &values(shown.as_ref(), list, entered), groups))
}

/// What was entered, else what holds now.
fn values(user: Option<&UserView>, networks: Option<NetworkListView>, entered: Option<&EntryFields>) -> EntryFields {
    if let Some(entered) = entered {
        return entered.shown_again();
    }
    let Some(user) = user else { return EntryFields::default() };
    let (allow, deny) = networks.map(|list| (written(&list.allow), written(&list.deny))).unwrap_or_default();
    EntryFields {
        display_name: user.display_name.clone().unwrap_or_default(),
        email: user.email.clone().unwrap_or_default(),
        language: user.language.clone().unwrap_or_default(),
        groups: user.groups.iter().map(ToString::to_string).collect(),
        methods: user.methods.iter().map(|method| method.word().to_owned()).collect(),
        allow,
        deny,
        ..EntryFields::default()
    }
}

pub(super) fn of(form: AdminFormKind, values: &EntryFields, groups: Vec<String>) -> Vec<EntryField> {
    let text = |name, label, value: &str| EntryField::new(name, label, EntryInput::Text(value.to_owned()));
    let name = |name, label, value: &str| EntryField::new(name, label, EntryInput::Name(value.to_owned()));
    let several = |name, label, all: Vec<String>, chosen: &[String]| {
        let all = all.into_iter().map(|one| (one.clone(), chosen.contains(&one))).collect();
        EntryField::new(name, label, EntryInput::Several(all))
    };
    let profile = || {
        [
            text("display_name", "admin-column-name", &values.display_name),
            text("email", "account-email", &values.email),
            text("language", "admin-field-language", &values.language).hinted(),
        ]
    };
    match form {
        AdminFormKind::AddUser => [name("user", "field-user", &values.user).hinted()]
            .into_iter()
            .chain(profile())
            .chain([
                several("groups", "admin-column-groups", groups, &values.groups),
                EntryField::new("invite", "admin-field-invite", EntryInput::Switch(values.invite == "yes")),
            ])
            .collect(),
        AdminFormKind::ChangeUser => profile().into(),
        AdminFormKind::SetGroups => vec![several("groups", "admin-column-groups", groups, &values.groups)],
        AdminFormKind::SetMethods => {
            let all = Methods::PRIMARY.iter().map(|method: Method| method.word().to_owned()).collect();
            vec![several("methods", "admin-column-methods", all, &values.methods)]
        }
        AdminFormKind::SetNetworks => vec![
            EntryField::new("allow", "admin-field-allow", EntryInput::Lines(values.allow.clone())).hinted(),
            EntryField::new("deny", "admin-field-deny", EntryInput::Lines(values.deny.clone())).hinted(),
        ],
        AdminFormKind::ResetFactor => {
            let words = [
                ("password", "account-password"),
                ("authenticator", "account-authenticator"),
                ("passkeys", "account-passkeys"),
                ("transaction_password", "admin-user-transaction-password"),
                ("all", "admin-field-everything"),
            ];
            vec![EntryField::new("factor", "admin-field-factor", EntryInput::One(values.factor.clone(), words.into()))]
        }
        AdminFormKind::AddGroup => vec![
            name("group", "admin-search-group", &values.group),
            text("description", "admin-field-description", &values.description),
        ],
        AdminFormKind::IssueToken => {
            let all = Scope::VARIANTS.iter().filter(|scope| **scope != Scope::Approvals);
            let all = all.map(|scope| scope.word().to_owned()).collect();
            vec![
                name("label", "admin-field-label", &values.label),
                several("scopes", "admin-field-scopes", all, &values.scopes),
                text("lifetime", "admin-field-lifetime", &values.lifetime).hinted(),
            ]
        }
        AdminFormKind::RegisterCertificate => {
            let day = |name, label, value: &str| EntryField::new(name, label, EntryInput::Day(value.to_owned()));
            vec![
                text("certificate", "admin-certificate-fingerprint", &values.certificate).hinted(),
                text("user", "admin-column-user", &values.user),
                text("machine", "admin-field-machine", &values.machine),
                EntryField::new("shared", "admin-field-shared", EntryInput::Switch(values.shared == "yes")),
                text("label", "admin-certificate-label", &values.label),
                day("valid_from", "admin-certificate-first-day", &values.valid_from),
                day("valid_until", "admin-certificate-last-day", &values.valid_until),
            ]
        }
        AdminFormKind::CreateAuthority => {
            vec![name("organisation", "admin-field-organisation", &values.organisation).hinted()]
        }
        AdminFormKind::RenewAuthority => Vec::new(),
        AdminFormKind::ImportAuthority => vec![
            EntryField::new("chain", "admin-field-chain", EntryInput::Lines(values.chain.clone())).hinted(),
            EntryField::new("key", "admin-field-key", EntryInput::Secret).hinted(),
        ],
    }
}
