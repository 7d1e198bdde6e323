//! `/admin/users/{user}`: one user, as administrators see one.

use askama::Template;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use http::StatusCode;

use crate::account::links::LinkPurpose;
use crate::admin::approvals::ListApprovals;
use crate::admin::error::AdminError;
use crate::admin::idp::{IdentityView, ListIdentities, ListIdps};
use crate::admin::phones::{ApprovalsStand, ApproverView, ListApprovers};
use crate::admin::users::invitation::{LinkView, ListLinks};
use crate::admin::users::views::{PasskeyView, ShowUser};
use crate::clock::Timestamp;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::target::{PhoneTarget, SelectedLine};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice::{self, AdminChange};
use crate::portal::admin::phones::state_key;
use crate::portal::admin::users::certificates_key;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

/// GET /admin/users/{user}
pub(super) async fn show(name: Result<Path<String>, PathRejection>, admin: AdminSession) -> Result<Response, Response> {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let user =
        UserId::parse(&name).map_err(|_no_name| admin.refused(&AdminError::NotFound { what: "the user", name: name.clone() }))?;
    let shown = admin.required(ShowUser { user: user.clone() }).await?;
    let phones = admin.required(ListApprovers { user: Some(user.clone()), after: None, limit: None }).await?.items;
    let identities = admin.required(ListIdentities { user: user.clone() }).await?.items;
    let links = admin.required(ListLinks { user: user.clone() }).await?.items;
    let providers = admin.required(ListIdps {}).await?.items;
    let pending = admin.required(ListApprovals { user: Some(user), after: None, limit: None }).await?.items.len();
    let page = UserPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(&admin, AdminArea::Users),
        notices: notice::done(&admin),
        user: shown.user.user.to_string(),
        display_name: shown.user.display_name,
        email: shown.user.email,
        enabled: shown.user.enabled,
        groups: shown.user.groups.iter().map(ToString::to_string).collect(),
        methods: shown.user.methods,
        designated: shown.user.device_designation,
        certificates: shown.user.certificates,
        certificates_by_group: shown.user.certificates_required_by_group,
        created_at: shown.user.created_at,
        password_set: shown.password_set_at,
        transaction_password_set: shown.transaction_password_set_at,
        pattern: shown.pattern_set_at.map(|at| (at, shown.pattern_is_initial)),
        authenticator: shown.authenticator.is_some(),
        passkeys: shown.passkeys.into_iter().map(|passkey| passkey_row(&shown.user.user, passkey)).collect(),
        directory: shown.directory.map(|entry| (entry.directory, entry.dn)),
        identities: identities.into_iter().map(|identity| identity_row(&shown.user.user, identity)).collect(),
        providers: providers.into_iter().map(|provider| (provider.provider, provider.title)).collect(),
        links: links.into_iter().map(|link| link_row(&shown.user.user, link)).collect(),
        approvals: phones.first().map(|phone| phone.state),
        phones: phones.into_iter().map(phone_row).collect(),
        pending,
        sessions: shown.sessions,
        browsers: shown.browsers,
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

fn phone_row(phone: ApproverView) -> PhoneRow {
    let target = PhoneTarget { user: phone.user, approver: phone.approver }.to_string();
    PhoneRow { target: SelectedLine::new(&target, &phone.name), name: phone.name, agent: phone.agent, last_seen: phone.last_seen }
}

fn passkey_row(user: &UserId, passkey: PasskeyView) -> UserPasskeyRow {
    let target = SelectedLine::new(&format!("{user}/{}", passkey.id), &format!("{user}: {}", passkey.name));
    UserPasskeyRow { target, name: passkey.name, added_at: passkey.added_at, last_used: passkey.last_used_at }
}

fn link_row(user: &UserId, link: LinkView) -> UserLinkRow {
    let purpose = link_key(link.purpose);
    let target = SelectedLine::new(&format!("{user}/{}", link.id), &format!("{user}: {}", link.expires_at.rfc3339()));
    UserLinkRow { target, purpose, issued_by: link.issued_by, expires_at: link.expires_at }
}

/// What a one-time link is for: a message key.
const fn link_key(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::Invitation => "admin-link-invitation",
        LinkPurpose::ResetPassword => "admin-link-password",
        LinkPurpose::ResetTotp => "admin-link-authenticator",
        LinkPurpose::ResetPasskey => "admin-link-passkey",
        LinkPurpose::Browser => "admin-link-browser",
        LinkPurpose::Approver => "admin-link-phone",
    }
}

fn identity_row(user: &UserId, identity: IdentityView) -> UserIdentityRow {
    let called = identity.email.unwrap_or_else(|| identity.subject.clone());
    let target = SelectedLine::new(&format!("{user}/{}", identity.identity), &format!("{user}: {called}"));
    UserIdentityRow { target, provider: identity.provider, called, subject: identity.subject, last_used: identity.last_used }
}

/// One user.
#[derive(Debug, Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The user name.
    pub user: String,
    /// The name that people use.
    pub display_name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// Whether the user is enabled.
    pub enabled: bool,
    /// Member of these.
    pub groups: Vec<String>,
    /// Primary-factor methods that are assigned.
    pub methods: Vec<Method>,
    /// Whether only browsers that an administrator let in count.
    pub designated: bool,
    /// How the user stands to client certificates.
    pub certificates: CertificateSetting,
    /// Whether a group selects the user for them.
    pub certificates_by_group: bool,
    /// When the user was added.
    pub created_at: Timestamp,
    /// When the password was set; `None` if there is none.
    pub password_set: Option<Timestamp>,
    /// When the transaction password was set; `None` if there is none.
    pub transaction_password_set: Option<Timestamp>,
    /// When the pattern was drawn or set, and whether it is still the initial one; `None` if there is none.
    pub pattern: Option<(Timestamp, bool)>,
    /// Whether there is an authenticator app.
    pub authenticator: bool,
    /// The passkeys.
    pub passkeys: Vec<UserPasskeyRow>,
    /// The entry of a directory that the user is: the directory, and the name of the entry.
    pub directory: Option<(String, String)>,
    /// People at identity providers whom the user is linked with.
    pub identities: Vec<UserIdentityRow>,
    /// The providers that can be linked: names, and what people call them.
    pub providers: Vec<(String, String)>,
    /// One-time links that may still be used.
    pub links: Vec<UserLinkRow>,
    /// The phones.
    pub phones: Vec<PhoneRow>,
    /// How the approvals of the user stand; `None` without a phone.
    pub approvals: Option<ApprovalsStand>,
    /// Open approvals.
    pub pending: usize,
    /// Open sessions.
    pub sessions: usize,
    /// Registered browsers.
    pub browsers: usize,
}

/// A person at an identity provider.
#[derive(Clone, Debug)]
pub struct UserIdentityRow {
    /// What an action on it gets as its target.
    pub target: SelectedLine,
    /// The provider's name here.
    pub provider: String,
    /// What people call the person.
    pub called: String,
    /// The person there (`sub`).
    pub subject: String,
    /// When it was last used.
    pub last_used: Timestamp,
}

/// A one-time link of the user.
#[derive(Clone, Debug)]
pub struct UserLinkRow {
    /// What an action on it gets as its target.
    pub target: SelectedLine,
    /// What for: a message key.
    pub purpose: &'static str,
    /// Who made it.
    pub issued_by: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// A passkey of the user.
#[derive(Clone, Debug)]
pub struct UserPasskeyRow {
    /// What an action on it gets as its target.
    pub target: SelectedLine,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub added_at: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
}

/// A phone of the user.
#[derive(Clone, Debug)]
pub struct PhoneRow {
    /// What an action on it gets as its target.
    pub target: SelectedLine,
    /// Its name.
    pub name: String,
    /// What it is.
    pub agent: String,
    /// When it was last seen.
    pub last_seen: Timestamp,
}

impl UserPage {
    fn has_push(&self) -> bool {
        self.methods.contains(&Method::Push)
    }

    const fn certificates_key(&self) -> &'static str {
        certificates_key(self.certificates, self.certificates_by_group)
    }

    const fn approvals_key(&self) -> &'static str {
        match self.approvals {
            Some(state) => state_key(state),
            None => "admin-phone-none",
        }
    }

    /// The actions that make sense as the user is now.
    fn actions(&self) -> Vec<BulkAction> {
        let has_phone = !self.phones.is_empty();
        let stand = |wanted| self.approvals == Some(wanted);
        [
            (BulkAction::AssignPush, !self.has_push()),
            (BulkAction::InvitePhone, true),
            (BulkAction::UnlockApprovals, stand(ApprovalsStand::Locked)),
            (BulkAction::ResumeApprovals, stand(ApprovalsStand::Suspended)),
            (BulkAction::SuspendApprovals, stand(ApprovalsStand::Active)),
            (BulkAction::UnregisterPhones, has_phone),
            (BulkAction::UnassignPush, self.has_push()),
            (BulkAction::RemoveTransactionPassword, self.transaction_password_set.is_some()),
            (BulkAction::ResetPasskeys, !self.passkeys.is_empty()),
            (BulkAction::IssuePattern, self.methods.iter().any(|method| Methods::PATTERN.contains(*method))),
            (BulkAction::ResetPattern, self.pattern.is_some()),
            (BulkAction::UnlinkDirectory, self.directory.is_some()),
            (BulkAction::DesignateDevices, !self.designated),
            (BulkAction::ReleaseDevices, self.designated),
            (BulkAction::RequireCertificates, self.certificates != CertificateSetting::Required),
            (BulkAction::AllowCertificates, self.certificates != CertificateSetting::Accepted),
            (BulkAction::ForbidCertificates, self.certificates.counts()),
            (BulkAction::InviteBrowser, true),
            (BulkAction::ForgetBrowsers, self.browsers > 0),
            (BulkAction::InviteUser, self.password_set.is_none()),
            (BulkAction::SignOut, self.sessions > 0),
            (BulkAction::EnableUser, !self.enabled),
            (BulkAction::DisableUser, self.enabled),
            (BulkAction::RemoveUser, !self.enabled),
        ]
        .into_iter()
        .filter_map(|(action, applies)| applies.then_some(action))
        .collect()
    }

    fn here(&self) -> String {
        paths::admin_user(&self.user)
    }

    fn notice_at(&self) -> String {
        self.list(paths::ADMIN_PATTERN_NOTICES)
    }

    /// The user as the target of an action.
    fn target(&self) -> String {
        SelectedLine::new(&self.user, &self.user).to_string()
    }

    /// Links to forms about this user.
    const fn forms(&self) -> [AdminFormKind; 5] {
        AdminFormKind::OF_A_USER
    }

    fn transactions(&self) -> String {
        paths::with_query(paths::ADMIN_TRANSACTIONS, &[("requester", &self.user)])
    }

    /// A list, searched for the user.
    fn list(&self, path: &str) -> String {
        paths::with_query(path, &[("user", &self.user)])
    }
}

impl PortalPage for UserPage {
    const NAME: &'static str = "admin-user";

    fn samples(frame: &Frame) -> Vec<Self> {
        use ApprovalsStand::{Active, Locked, Suspended};
        let at = Timestamp::from_seconds(1_795_400_000);
        let phone = |name: String| PhoneRow {
            target: SelectedLine::new("alice/cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", &name),
            name,
            agent: "Chrome, Android".to_owned(),
            last_seen: at,
        };
        let identity = |name: &str| UserIdentityRow {
            target: SelectedLine::new("alice/0a1b2c3d4e5f60718293a4b5c6d7e8f9", name),
            provider: "contoso".to_owned(),
            called: name.to_owned(),
            subject: "00u1a2b3c4".to_owned(),
            last_used: at,
        };
        let passkey = |name: &str| UserPasskeyRow {
            target: SelectedLine::new("alice/5f60718293a4b5c6d7e8f90a1b2c3d4e", name),
            name: name.to_owned(),
            added_at: at,
            last_used: Some(at),
        };
        let page = |user: &str, name: &str, phones: Vec<PhoneRow>, approvals: Option<ApprovalsStand>, push: bool| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Users),
            notices: if push {
                Vec::new()
            } else {
                [AdminChange::IdentityLinked, AdminChange::IdentityNotLinked].map(AdminChange::notice).into()
            },
            user: user.to_owned(),
            display_name: Some(name.to_owned()),
            email: Some("alice@example.com".to_owned()),
            enabled: push,
            groups: vec!["staff".to_owned()],
            methods: if push { vec![Method::Push, Method::Password] } else { vec![Method::Password] },
            designated: push,
            certificates: if push { CertificateSetting::Required } else { CertificateSetting::Refused },
            certificates_by_group: !push,
            created_at: at,
            password_set: push.then_some(at),
            transaction_password_set: push.then_some(at),
            pattern: (!phones.is_empty()).then_some((at, push)),
            authenticator: !push,
            passkeys: if push { vec![passkey(name)] } else { Vec::new() },
            directory: push.then(|| ("corp".to_owned(), format!("CN={name},OU=Staff,DC=corp,DC=example"))),
            identities: if push { vec![identity(name)] } else { Vec::new() },
            providers: vec![("contoso".to_owned(), "Contoso".to_owned()), ("other".to_owned(), name.to_owned())],
            links: if push {
                [LinkPurpose::Invitation, LinkPurpose::ResetPassword, LinkPurpose::ResetTotp]
                    .into_iter()
                    .chain([LinkPurpose::ResetPasskey, LinkPurpose::Browser, LinkPurpose::Approver])
                    .map(|purpose| UserLinkRow {
                        target: SelectedLine::new("alice/8mL2xQ", name),
                        purpose: link_key(purpose),
                        issued_by: name.to_owned(),
                        expires_at: at,
                    })
                    .collect()
            } else {
                Vec::new()
            },
            phones,
            approvals,
            pending: usize::from(push),
            sessions: 2,
            browsers: 1,
        };
        vec![
            page("alice", "Alice Arai", vec![phone("Pixel".to_owned()), phone("iPad".to_owned())], Some(Active), true),
            page("bob", "Bob Baba", vec![phone("Pixel".to_owned())], Some(Suspended), true),
            page("mallory", &hostile(), vec![phone(hostile())], Some(Locked), true),
            page("carol", "Carol Chiba", Vec::new(), None, false),
        ]
    }
}
