//! The page of a form, and the page that shows once what it made.

use askama::Template;
use strum::VariantArray as _;

use crate::portal::admin::action::pages::InvitationRow;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::forms::fields::{EntryField, EntryFields, EntryInput, of};
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::meant::MeantWord;
use crate::portal::admin::networks::pages::PresentList;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::qr;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};

/// The question whether something is meant.
#[derive(Clone, Debug)]
pub struct FormQuestion {
    /// Its text: a message key.
    pub key: String,
    /// What says that it is meant.
    pub word: MeantWord,
}

impl FormQuestion {
    /// The question of a form.
    pub(super) fn of(form: AdminFormKind, word: MeantWord) -> Self {
        Self { key: format!("{}.asks", form.key()), word }
    }
}

/// A form.
#[derive(Debug, Template)]
#[template(path = "admin/forms/form.html")]
pub struct FormPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// Which.
    pub form: AdminFormKind,
    /// The user that it is about; empty where it is about none.
    pub user: String,
    /// Its fields.
    pub fields: Vec<EntryField>,
    /// Why what was sent was not done.
    pub problem: Option<ReasonText>,
    /// What is asked before it is done.
    pub asks: Option<FormQuestion>,
    /// Of networks, the version of the list that is shown; else empty.
    pub version: String,
    /// The list of networks that is there, where it is not the one that was shown before.
    pub present: Option<PresentList>,
    /// What the form calls itself, where it makes something that is shown once.
    pub request: String,
}

impl FormPage {
    pub(super) fn of(admin: &AdminSession, form: AdminFormKind, user: String, fields: Vec<EntryField>) -> Self {
        let layout = AdminLayout::of(admin, form.area());
        Self {
            frame: admin.visit.frame(),
            layout,
            form,
            user,
            fields,
            problem: None,
            asks: None,
            version: String::new(),
            present: None,
            request: String::new(),
        }
    }

    fn is_of_user(&self) -> bool {
        AdminFormKind::OF_A_USER.contains(&self.form)
    }

    fn here(&self) -> String {
        self.form.address(if self.is_of_user() { &self.user } else { "" })
    }

    fn action(&self) -> String {
        self.form.address("")
    }

    fn about(&self) -> String {
        format!("{}.about", self.form.key())
    }

    fn back(&self) -> String {
        if self.is_of_user() { paths::admin_user(&self.user) } else { self.form.area().path().to_owned() }
    }
}

/// What a form made, shown once.
#[derive(Template)]
#[template(path = "admin/forms/made.html")]
pub struct MadePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// Which form.
    pub form: AdminFormKind,
    /// For whom, or what for.
    pub name: String,
    /// The link or the token.
    pub secret: String,
    /// Of a link, whether it is on its way by mail.
    pub mailed: Option<bool>,
    /// The page to go on to.
    pub back: String,
}

debug_by_name!(MadePage);

impl MadePage {
    pub(super) fn link(admin: &AdminSession, form: AdminFormKind, made: InvitationRow, back: String) -> Self {
        let InvitationRow { user, url, mailed } = made;
        let layout = AdminLayout::of(admin, form.area());
        Self { frame: admin.visit.frame(), layout, form, name: user, secret: url, mailed: Some(mailed), back }
    }

    pub(super) fn token(admin: &AdminSession, form: AdminFormKind, name: String, secret: String, back: String) -> Self {
        let layout = AdminLayout::of(admin, form.area());
        Self { frame: admin.visit.frame(), layout, form, name, secret, mailed: None, back }
    }

    fn picture(&self) -> Option<String> {
        self.mailed.and_then(|_| qr::svg(&self.secret, &self.frame.say("approver-qr-label")))
    }
}

impl PortalPage for FormPage {
    const NAME: &'static str = "admin-form";

    fn samples(frame: &Frame) -> Vec<Self> {
        let values = EntryFields::sample();
        let page = |form: AdminFormKind, user: &str, problem: Option<ReasonText>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(form.area()),
            form,
            user: if AdminFormKind::OF_A_USER.contains(&form) { user.to_owned() } else { String::new() },
            fields: of(form, &values, vec!["administrators".to_owned(), "staff".to_owned()]),
            problem,
            asks: None,
            version: String::new(),
            present: None,
            request: if form == AdminFormKind::IssueToken { "Zm9ybQ".to_owned() } else { String::new() },
        };
        let all = AdminFormKind::VARIANTS.iter().map(|form| page(*form, "alice", None));
        let asks = [AdminFormKind::SetNetworks, AdminFormKind::ResetFactor, AdminFormKind::RenewAuthority]
            .map(|form| Self { asks: Some(FormQuestion::of(form, MeantWord::sample())), ..page(form, "alice", None) });
        let networks = || page(AdminFormKind::SetNetworks, "alice", None);
        let ends = FormQuestion { key: "admin-network-ends".to_owned(), word: MeantWord::sample() };
        let others = [
            page(AdminFormKind::ChangeUser, "alice", Some(ReasonText::sample(frame.language))),
            Self { asks: Some(ends), version: "5f0c".to_owned(), ..networks() },
            Self { present: Some(PresentList::sample()), version: "5f0c".to_owned(), ..networks() },
        ];
        all.chain(asks).chain(others).collect()
    }
}

impl PortalPage for MadePage {
    const NAME: &'static str = "admin-made";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |form: AdminFormKind, name: &str, mailed: Option<bool>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(form.area()),
            form,
            name: name.to_owned(),
            secret: "https://auth.example.com/invitation/JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4".to_owned(),
            mailed,
            back: paths::ADMIN_USERS.to_owned(),
        };
        vec![
            page(AdminFormKind::AddUser, "alice", Some(true)),
            page(AdminFormKind::ResetFactor, &hostile(), Some(false)),
            page(AdminFormKind::IssueToken, "monitor", None),
        ]
    }
}
