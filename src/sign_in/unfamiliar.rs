//! Notices to the user about a new browser or a new network: the sign-in goes on even if the notice cannot be sent.

use super::visitor::Visitor;
use crate::account::user::User;
use crate::core::Core;
use crate::core::notice::Notice;

/// Remembers the network of a sign-in, and notifies the user if it is new. A registered browser may be anywhere: the user
/// was notified when it was registered.
pub(super) async fn notify(core: &Core, visitor: &Visitor<'_>, user: &User) {
    let is_new = core.places().visit(user.id(), visitor.address).await.unwrap_or_else(|error| {
        tracing::warn!(%error, request_id = visitor.request_id, "place_not_remembered");
        false
    });
    let is_registered = core.browsers().find_shown(user.id(), visitor.browser()).is_some();
    if is_new && !is_registered {
        core.notify_user(user, visitor.address, visitor.request_id, Notice::NewPlace(visitor.agent)).await;
    }
}

/// Notifies the user that a browser was registered.
pub(super) async fn notify_of_browser(core: &Core, visitor: &Visitor<'_>, user: &User, name: &str) {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    core.notify_user(user, visitor.address, visitor.request_id, Notice::BrowserRegistered(&name)).await;
}
