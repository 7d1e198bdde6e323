//! One user, as administrators see one.

use askama::Template;

use super::super::account::Notice;
use super::deed::Deed;
use super::{Hall, Room, seated};
use crate::clock::Timestamp;
use crate::portal::page::{Frame, Page};
use crate::portal::pages::approvers::ApproverRow;
use crate::portal::pages::paths;

/// One user.
#[derive(Debug, Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// What to know.
    pub notices: Vec<Notice>,
    /// The user name.
    pub user: String,
    /// The name that people use.
    pub display_name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// Whether the user is switched on.
    pub enabled: bool,
    /// Member of these.
    pub groups: Vec<String>,
    /// Primary-factor methods that are assigned.
    pub methods: Vec<String>,
    /// Since when the user is known.
    pub created_at: Timestamp,
    /// When the password was set; `None` if there is none.
    pub password_set: Option<Timestamp>,
    /// When the transaction password was set; `None` if there is none.
    pub transaction_password_set: Option<Timestamp>,
    /// Whether there is an authenticator app.
    pub authenticator: bool,
    /// The phones.
    pub phones: Vec<ApproverRow>,
    /// How approvals stand: `active`, `suspended` or `locked`; `None` without a phone.
    pub approvals: Option<String>,
    /// What the phones are asked now.
    pub pending: usize,
    /// Open sessions.
    pub sessions: usize,
    /// Registered browsers.
    pub browsers: usize,
}

impl UserPage {
    const fn room(&self) -> Room {
        Room::Users
    }

    fn has_push(&self) -> bool {
        self.methods.iter().any(|method| method == "push")
    }

    fn approvals_key(&self) -> &'static str {
        match self.approvals.as_deref() {
            Some("suspended") => "admin-phone-suspended",
            Some("locked") => "admin-phone-locked",
            Some(_) => "admin-phone-active",
            None => "admin-phone-none",
        }
    }

    /// What makes sense as the user is now.
    fn deeds(&self) -> Vec<Deed> {
        let has_phone = !self.phones.is_empty();
        let state = self.approvals.as_deref();
        [
            (Deed::AssignPush, !self.has_push()),
            (Deed::InvitePhone, true),
            (Deed::UnlockApprovals, state == Some("locked")),
            (Deed::ResumeApprovals, state == Some("suspended")),
            (Deed::SuspendApprovals, state == Some("active")),
            (Deed::UnregisterPhones, has_phone),
            (Deed::UnassignPush, self.has_push()),
            (Deed::RemoveTransactionPassword, self.transaction_password_set.is_some()),
            (Deed::SignOut, self.sessions > 0),
            (Deed::EnableUser, !self.enabled),
            (Deed::DisableUser, self.enabled),
        ]
        .into_iter()
        .filter_map(|(deed, is_due)| is_due.then_some(deed))
        .collect()
    }

    fn here(&self) -> String {
        paths::admin_user(&self.user)
    }

    fn transactions(&self) -> String {
        self.of(paths::ADMIN_TRANSACTIONS).replacen("?user=", "?requester=", 1)
    }

    fn of(&self, path: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("user", &self.user).finish();
        format!("{path}?{query}")
    }
}

impl Page for UserPage {
    const NAME: &'static str = "admin-user";

    fn samples(frame: &Frame) -> Vec<Self> {
        let at = Timestamp::from_seconds(1_795_400_000);
        let phone = |name: String| ApproverRow {
            id: "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s".to_owned(),
            name,
            agent: "Chrome, Android".to_owned(),
            registered_at: at,
            last_seen: at,
        };
        let page = |user: &str, name: &str, phones: Vec<ApproverRow>, approvals: Option<&str>, push: bool| Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            notices: Vec::new(),
            user: user.to_owned(),
            display_name: Some(name.to_owned()),
            email: Some("alice@example.com".to_owned()),
            enabled: push,
            groups: vec!["staff".to_owned()],
            methods: if push { vec!["push".to_owned(), "password".to_owned()] } else { vec!["password".to_owned()] },
            created_at: at,
            password_set: push.then_some(at),
            transaction_password_set: push.then_some(at),
            authenticator: !push,
            phones,
            approvals: approvals.map(str::to_owned),
            pending: usize::from(push),
            sessions: 2,
            browsers: 1,
        };
        vec![
            page("alice", "Alice Arai", vec![phone("Pixel".to_owned()), phone("iPad".to_owned())], Some("active"), true),
            page("bob", "Bob Baba", vec![phone("Pixel".to_owned())], Some("suspended"), true),
            page("mallory", &super::super::hostile(), vec![phone(super::super::hostile())], Some("locked"), true),
            page("carol", "Carol Chiba", Vec::new(), None, false),
        ]
    }
}
