//! Telling people what happened to their account. What it tells of is done already: trouble here is a warning.

use super::House;
use crate::account::users::User;
use crate::facts::client_address::ClientAddress;

impl House {
    /// Puts a notice into the outbox, where a mail address is known. `what` is one sentence or two.
    pub async fn tell(&self, user: &User, address: ClientAddress, request_id: &str, subject: &str, what: &str) {
        let profile = user.profile();
        let Some(email) = profile.email.as_deref() else { return };
        let body = format!(
            "Hello {},\n\n{what}\n\nUser: {}\nTime: {}\nAddress: {address}\n\nIf this was not you, tell your administrators at once.\n",
            profile.display_name.as_deref().unwrap_or(user.id().as_str()),
            user.id(),
            self.clock.now().rfc3339(),
        );
        if let Err(error) = self.outbox.post(Some(user.id()), Some(email), subject, &body).await {
            tracing::warn!(%error, request_id, "notice_not_kept");
        }
    }
}
