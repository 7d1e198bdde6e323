//! A new browser or a new network is told to the user: the sign-in itself goes on, whatever becomes of the notice.

use super::visitor::Visitor;
use crate::account::user::User;
use crate::core::Core;
use crate::core::notice::Notice;

/// Remembers from where somebody signed in, and tells them if that is new. A registered browser may be anywhere: that it
/// was registered has been told.
pub(super) async fn tell(core: &Core, visitor: &Visitor<'_>, user: &User) {
    let is_new = core.places().visit(user.id(), visitor.address).await.unwrap_or_else(|error| {
        tracing::warn!(%error, request_id = visitor.request_id, "place_not_remembered");
        false
    });
    let is_registered = visitor.browser_cookie.is_some_and(|cookie| core.browsers().find(user.id(), cookie).is_some());
    if is_new && !is_registered {
        core.notify_user(user, visitor.address, visitor.request_id, Notice::NewPlace(visitor.agent)).await;
    }
}

/// Tells that a browser was registered.
pub(super) async fn tell_of_browser(core: &Core, visitor: &Visitor<'_>, user: &User, name: &str) {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    core.notify_user(user, visitor.address, visitor.request_id, Notice::BrowserRegistered(&name)).await;
}
