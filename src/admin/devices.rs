//! Device designation: applications of users for a browser, listed, approved and rejected, and what was approved revoked.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Done, Page, rfc3339, rfc3339_if_any};
use crate::admin::written;
use crate::audit::Event;
use crate::browser::application::{Application, ApplicationState};
use crate::clock::Timestamp;
use crate::core::notice::Notice;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;

/// List the applications of users for a browser, the oldest first
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDevices {
    /// Only this user's.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Only those that stand so: `pending`, `approved`, `rejected` or `revoked`.
    #[arg(long, value_name = "STATE", value_parser = state)]
    #[schema(value_type = Option<String>)]
    pub state: Option<ApplicationState>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

fn state(word: &str) -> Result<ApplicationState, String> {
    word.parse().map_err(|_| format!("{word:?} is no state; there are pending, approved, rejected and revoked"))
}

impl Act for ListDevices {
    const NAME: &'static str = "device.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/devices");
    type Output = Page<DeviceView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<DeviceView>, AdminError> {
        let mut found = warrant.core().browsers().applications().await?;
        found.retain(|one| self.user.as_ref().is_none_or(|user| one.user == *user));
        found.retain(|one| self.state.is_none_or(|state| one.state == state));
        let page = Page::of(found, self.after.as_deref(), self.limit, place);
        Ok(Page { items: page.items.into_iter().map(DeviceView::of).collect(), next: page.next })
    }
}

/// In the order of the list: by time, then by id.
fn place(one: &Application) -> String {
    format!("{:015}-{}", one.applied_at.millis(), one.id.text())
}

/// An application for a browser as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// Its id.
    pub application: String,
    /// Who applies.
    #[schema(value_type = String)]
    pub user: UserId,
    /// What the user calls the browser.
    pub name: String,
    /// What the user says.
    pub note: String,
    /// What the browser says it is.
    pub agent: String,
    /// Where the application came from.
    pub address: String,
    /// How it stands.
    #[schema(value_type = String)]
    pub state: ApplicationState,
    /// When it was made.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub applied_at: Timestamp,
    /// When it was decided, or its registration was revoked.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub decided_at: Option<Timestamp>,
    /// Who decided it.
    pub decided_by: Option<String>,
    /// What the administrator said to the user.
    pub reason: Option<String>,
    /// The registered browser that came of it: an id of `browser list`.
    pub browser: Option<String>,
}

impl DeviceView {
    fn of(one: Application) -> Self {
        Self {
            application: one.id.text(),
            user: one.user,
            name: one.name,
            note: one.note,
            agent: one.agent,
            address: one.address.to_string(),
            state: one.state,
            applied_at: one.applied_at,
            decided_at: one.decided_at,
            decided_by: one.decided_by,
            reason: one.reason,
            browser: one.browser.map(|id| id.text()),
        }
    }
}

/// Approve an application: its browser is registered for its user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveDevice {
    /// The application's id.
    pub application: String,
}

impl Act for ApproveDevice {
    const NAME: &'static str = "device.approve";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/devices/{application}/approve");
    type Output = DeviceView;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "application", &self.application))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Application(self.application.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<DeviceView, AdminError> {
        let core = warrant.core();
        let decided = core.browsers().approve(read(&self.application)?, warrant.actor()).await?;
        tell(warrant, &decided, Notice::DeviceApproved(&decided.name)).await;
        Ok(DeviceView::of(decided))
    }
}

/// Reject an application; its browser may apply again after a while
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectDevice {
    /// The application's id.
    pub application: String,
    /// A few words to the user, at most 200 characters.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

impl Act for RejectDevice {
    const NAME: &'static str = "device.reject";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/devices/{application}/reject");
    type Output = DeviceView;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "application", &self.application))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.application.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<DeviceView, AdminError> {
        let core = warrant.core();
        let decided = core.browsers().reject(read(&self.application)?, warrant.actor(), self.reason.as_deref()).await?;
        tell(warrant, &decided, Notice::DeviceRejected(&decided.name)).await;
        Ok(DeviceView::of(decided))
    }
}

/// Revoke the browser of an approved application; its sessions end
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeDevice {
    /// The application's id.
    pub application: String,
}

impl Act for RevokeDevice {
    const NAME: &'static str = "device.revoke";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Post, "/devices/{application}/revoke");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "application", &self.application))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.application.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let unknown = || AdminError::NotFound { what: "the approved application", name: self.application.clone() };
        let found = core.browsers().application(read(&self.application)?).await?.ok_or_else(unknown)?;
        let browser = found.browser.filter(|_| found.state == ApplicationState::Approved).ok_or_else(unknown)?;
        core.revoke_browser(browser).await?;
        tell(warrant, &found, Notice::DeviceRevoked(&found.name)).await;
        Ok(Done::saying("device-revoked", &[]))
    }
}

fn read(application: &str) -> Result<CredentialId, AdminError> {
    CredentialId::parse(application).ok_or_else(|| AdminError::NotFound { what: "the application", name: application.to_owned() })
}

/// The user is notified by mail; the address is that of the application.
async fn tell(warrant: &Warrant<'_>, application: &Application, notice: Notice<'_>) {
    let core = warrant.core();
    if let Some(user) = core.users().find(&application.user) {
        core.notify_user(&user, application.address, warrant.request_id(), notice).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::admin::testing::does;
    use crate::admin::users::certificates::SetCertificates;
    use crate::admin::users::designation::SetDeviceDesignation;
    use crate::browser::ShownBrowser;
    use crate::browser::application::{ApplicationError, AppliedFor};
    use crate::clock::Clock as _;
    use crate::core::Core;
    use crate::core::testing::TestCore;
    use crate::facts::client_address::ClientAddress;
    use crate::principal::method::Method;

    fn said(name: &str) -> AppliedFor<'_> {
        AppliedFor { name, note: "for the road", agent: "Firefox, Linux", address: ClientAddress::new([192, 0, 2, 7].into()) }
    }

    async fn apply(core: &Core, user: &UserId, cookie: Option<&str>) -> Result<(String, String), ApplicationError> {
        let shown = ShownBrowser { cookie, device: None };
        let (application, cookie) = core.browsers().apply(user, shown, said("My laptop")).await?;
        Ok((application.id.text(), cookie.text().to_owned()))
    }

    #[tokio::test]
    async fn an_application_waits_is_approved_and_revoked_and_each_is_mailed_r_205_r_213_r_214_r_215() {
        let test = TestCore::open().await;
        let core = &test.core;
        let alice = test.user("alice").await;
        does::<crate::admin::users::profile::ChangeUser>(&test, json!({ "user": "alice", "email": "alice@example.com" }))
            .await
            .unwrap();
        let (id, cookie) = apply(core, alice.id(), None).await.unwrap();
        assert!(core.browsers().find(alice.id(), &cookie).is_none(), "what waits opens nothing (R-216)");
        let listed = does::<ListDevices>(&test, json!({ "state": "pending" })).await.unwrap();
        assert_eq!((&listed["items"][0]["application"], &listed["items"][0]["note"]), (&json!(id), &json!("for the road")));
        let approved = does::<ApproveDevice>(&test, json!({ "application": id })).await.unwrap();
        let registered = core.browsers().find(alice.id(), &cookie).unwrap();
        let way = registered.foremost(test.clock.now());
        assert_eq!((way, json!(registered.id.text())), (Method::BrowserByAdmin, approved["browser"].clone()));
        assert_eq!(approved["decided_by"], "command-line");
        does::<RevokeDevice>(&test, json!({ "application": id })).await.unwrap();
        assert!(core.browsers().find(alice.id(), &cookie).is_none());
        let state = core.browsers().application_of(alice.id(), Some(&cookie)).await.unwrap().unwrap().state;
        assert_eq!(state, ApplicationState::Revoked);
        let mails = does::<crate::admin::outbox::ListMessages>(&test, json!({})).await.unwrap();
        let subjects: Vec<_> =
            mails["items"].as_array().unwrap().iter().map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect();
        assert!(subjects.iter().any(|subject| subject.starts_with("Your browser was approved")), "{subjects:?}");
        assert!(subjects.iter().any(|subject| subject.starts_with("Your browser was revoked")), "{subjects:?}");
        // The same browser applies again at once, under the cookie that it has.
        let (again, kept) = apply(core, alice.id(), Some(&cookie)).await.unwrap();
        assert!(again != id && kept == cookie);
    }

    #[tokio::test]
    async fn of_two_who_decide_at_once_one_does_and_the_other_learns_what_was_decided() {
        let test = TestCore::open().await;
        let alice = test.user("alice").await;
        let (id, cookie) = apply(&test.core, alice.id(), None).await.unwrap();
        let browsers = test.core.browsers();
        let id = CredentialId::parse(&id).unwrap();
        let (approved, rejected) = tokio::join!(browsers.approve(id, "ann"), browsers.reject(id, "ben", Some("not yours")));
        assert!(approved.is_ok() != rejected.is_ok(), "one of the two");
        let said = [approved.err(), rejected.err()].into_iter().flatten().next().unwrap().to_string();
        let stands = browsers.application_of(alice.id(), Some(&cookie)).await.unwrap().unwrap();
        let word = if stands.state == ApplicationState::Approved { "ann approved it at " } else { "ben rejected it at " };
        assert!(said.contains(word), "{said}");
        assert_eq!(browsers.find(alice.id(), &cookie).is_some(), stands.state == ApplicationState::Approved);
        let late = does::<ApproveDevice>(&test, json!({ "application": id.text() })).await.unwrap_err();
        assert_eq!((late.code(), late.status()), ("already_decided", 409));
    }

    #[tokio::test]
    async fn one_application_of_a_browser_waits_at_once_and_a_rejected_one_again_only_after_a_while_a_23() {
        let test = TestCore::open().await;
        let core = &test.core;
        let alice = test.user("alice").await;
        let (id, cookie) = apply(core, alice.id(), None).await.unwrap();
        assert_eq!(apply(core, alice.id(), Some(&cookie)).await.unwrap(), (id.clone(), cookie.clone()), "the same one");
        let rejected = does::<RejectDevice>(&test, json!({ "application": id, "reason": "not yours" })).await.unwrap();
        assert_eq!((&rejected["state"], &rejected["reason"]), (&json!("rejected"), &json!("not yours")));
        assert!(matches!(apply(core, alice.id(), Some(&cookie)).await, Err(ApplicationError::Later(_))));
        test.clock.advance(Duration::from_secs(600));
        assert!(apply(core, alice.id(), Some(&cookie)).await.is_ok());
        // An unknown secret is never believed (T26), and no more wait than may.
        let foreign = crate::random::base64url(&[7; 32]);
        for _ in 0..2 {
            assert_ne!(apply(core, alice.id(), Some(&foreign)).await.unwrap().1, foreign);
        }
        assert!(matches!(apply(core, alice.id(), None).await, Err(ApplicationError::TooMany(3))));
        // What waited too long is gone.
        test.clock.advance(Duration::from_secs(7 * 24 * 3600));
        assert!(core.browsers().applications().await.unwrap().iter().all(|one| one.state != ApplicationState::Pending));
        assert!(apply(core, alice.id(), None).await.is_ok());
    }

    #[tokio::test]
    async fn no_more_browsers_of_a_user_are_approved_than_may_be() {
        let test = TestCore::open().await;
        let alice = test.user("alice").await;
        for number in 0..6 {
            let (id, _) = apply(&test.core, alice.id(), None).await.unwrap();
            let done = does::<ApproveDevice>(&test, json!({ "application": id })).await;
            assert_eq!(done.err().map(|error| error.code()), (number == 5).then_some("too_many_devices"), "{number}");
        }
    }

    #[tokio::test]
    async fn device_designation_and_certificates_exclude_each_other_where_the_config_says_so_r_203_a_21() {
        let on = json!({ "user": "alice", "to": "on" });
        let test = TestCore::open().await;
        test.user("alice").await;
        does::<SetDeviceDesignation>(&test, on.clone()).await.unwrap();
        let test = TestCore::with("[devices]\nexclusive = true\n").await;
        test.user("alice").await;
        let refused = does::<SetDeviceDesignation>(&test, on.clone()).await.unwrap_err();
        assert_eq!((refused.code(), refused.status()), ("excluded", 409));
        for named in ["device designation", "client certificates", "devices.exclusive"] {
            assert!(refused.to_string().contains(named), "{refused}");
        }
        does::<SetCertificates>(&test, json!({ "user": "alice", "to": "off" })).await.unwrap();
        does::<SetDeviceDesignation>(&test, on.clone()).await.unwrap();
        assert_eq!(does::<SetCertificates>(&test, on.clone()).await.unwrap_err().code(), "excluded");
        assert_eq!(test.core.users_with_both_switches(), 0);
    }

    #[tokio::test]
    async fn of_two_who_switch_on_one_each_at_once_one_does_r_203() {
        let to = |to: &str| json!({ "user": "alice", "to": to });
        let test = TestCore::with("[devices]\nexclusive = true\n").await;
        let alice = test.user("alice").await;
        for turn in 0..4 {
            does::<SetCertificates>(&test, to("off")).await.unwrap();
            does::<SetDeviceDesignation>(&test, to("off")).await.unwrap();
            let (one, other) = if turn % 2 == 0 {
                tokio::join!(does::<SetDeviceDesignation>(&test, to("on")), does::<SetCertificates>(&test, to("on")))
            } else {
                let (other, one) =
                    tokio::join!(does::<SetCertificates>(&test, to("on")), does::<SetDeviceDesignation>(&test, to("on")));
                (one, other)
            };
            assert!(one.is_ok() != other.is_ok(), "one of the two");
            let standing = alice.standing();
            assert!(standing.certificates.counts() != standing.device_designation);
        }
    }

    #[tokio::test]
    async fn who_has_both_switches_on_when_the_config_begins_to_exclude_that_is_counted_r_203() {
        let test = TestCore::open().await;
        for user in ["alice", "bob"] {
            test.user(user).await;
        }
        does::<SetDeviceDesignation>(&test, json!({ "user": "alice", "to": "on" })).await.unwrap();
        assert_eq!(test.core.users_with_both_switches(), 0, "they do not exclude each other");
        test.core.adopt(crate::core::testing::config(test.folder.path(), "[devices]\nexclusive = true\n")).unwrap();
        assert_eq!(test.core.users_with_both_switches(), 1);
    }
}
