//! One user, as administrators see one.

use askama::Template;

use super::deed::Deed;
use super::{Hall, Room, seated};
use crate::admin::phones::life_cycle::ApprovalsStand;
use crate::clock::Timestamp;
use crate::portal::account::phones::ApproverRow;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::principal::method::Method;

/// One user.
#[derive(Debug, Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// What to know.
    pub notices: Vec<PageNotice>,
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
    pub methods: Vec<Method>,
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
    /// How approvals stand; `None` without a phone.
    pub approvals: Option<ApprovalsStand>,
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
        self.methods.contains(&Method::Push)
    }

    const fn approvals_key(&self) -> &'static str {
        match self.approvals {
            Some(ApprovalsStand::Suspended) => "admin-phone-suspended",
            Some(ApprovalsStand::Locked) => "admin-phone-locked",
            Some(ApprovalsStand::Active) => "admin-phone-active",
            None => "admin-phone-none",
        }
    }

    /// What makes sense as the user is now.
    fn deeds(&self) -> Vec<Deed> {
        let has_phone = !self.phones.is_empty();
        let stand = |wanted| self.approvals == Some(wanted);
        [
            (Deed::AssignPush, !self.has_push()),
            (Deed::InvitePhone, true),
            (Deed::UnlockApprovals, stand(ApprovalsStand::Locked)),
            (Deed::ResumeApprovals, stand(ApprovalsStand::Suspended)),
            (Deed::SuspendApprovals, stand(ApprovalsStand::Active)),
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

impl PortalPage for UserPage {
    const NAME: &'static str = "admin-user";

    fn samples(frame: &Frame) -> Vec<Self> {
        use ApprovalsStand::{Active, Locked, Suspended};
        let at = Timestamp::from_seconds(1_795_400_000);
        let phone = |name: String| ApproverRow {
            id: "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s".to_owned(),
            name,
            agent: "Chrome, Android".to_owned(),
            registered_at: at,
            last_seen: at,
        };
        let page = |user: &str, name: &str, phones: Vec<ApproverRow>, approvals: Option<ApprovalsStand>, push: bool| Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            notices: Vec::new(),
            user: user.to_owned(),
            display_name: Some(name.to_owned()),
            email: Some("alice@example.com".to_owned()),
            enabled: push,
            groups: vec!["staff".to_owned()],
            methods: if push { vec![Method::Push, Method::Password] } else { vec![Method::Password] },
            created_at: at,
            password_set: push.then_some(at),
            transaction_password_set: push.then_some(at),
            authenticator: !push,
            phones,
            approvals,
            pending: usize::from(push),
            sessions: 2,
            browsers: 1,
        };
        vec![
            page("alice", "Alice Arai", vec![phone("Pixel".to_owned()), phone("iPad".to_owned())], Some(Active), true),
            page("bob", "Bob Baba", vec![phone("Pixel".to_owned())], Some(Suspended), true),
            page(
                "mallory",
                &crate::portal::kit::sample::hostile(),
                vec![phone(crate::portal::kit::sample::hostile())],
                Some(Locked),
                true,
            ),
            page("carol", "Carol Chiba", Vec::new(), None, false),
        ]
    }
}
