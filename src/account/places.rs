//! From where each user signed in of late. The user is notified of a sign-in from elsewhere (ASVS 6.3.5): a stolen
//! password is seldom used from the same network.

use std::time::Duration;

use ipnet::IpNet;

use crate::clock::{SharedClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Value};

/// How long a place is remembered after the last day with a sign-in from there.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 3600);
/// How exactly it is remembered when somebody last signed in from a place.
const EXACTLY: Duration = Duration::from_secs(24 * 3600);

/// Where users signed in.
#[derive(Debug)]
pub struct KnownPlaces {
    database: Database,
    clock: SharedClock,
}

impl KnownPlaces {
    /// In this directory.
    pub const fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// Remembers a sign-in; whether the user signed in before, but not from there. Of several at once from one new place,
    /// one is reported as new.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn visit(&self, user: &UserId, address: ClientAddress) -> Result<bool, DatabaseError> {
        let now = self.clock.now();
        let remembered = i64::try_from(REMEMBERED.as_millis()).unwrap_or(i64::MAX);
        let forgotten = Timestamp::from_millis(now.millis().saturating_sub(remembered));
        let (user, network): (Value, Value) = (user.as_str().into(), around(address).into());
        // Most sign in from where they did today: nobody waits for the one connection that writes to learn that.
        let today = "SELECT last_at FROM places WHERE user_name = $1 AND network = $2";
        if let Some(row) = self.database.row(today, &[user.clone(), network.clone()]).await?
            && now.since(row.time("last_at")?) < EXACTLY
        {
            return Ok(false);
        }
        let mut transaction = self.database.begin().await?;
        let old = "DELETE FROM places WHERE user_name = $1 AND last_at <= $2";
        transaction.execute(old, &[user.clone(), forgotten.into()]).await?;
        let known =
            "SELECT COUNT(*) AS places, COUNT(CASE WHEN network = $2 THEN 1 END) AS here FROM places WHERE user_name = $1";
        let known = transaction.row(known, &[user.clone(), network.clone()]).await?;
        let is_new = match &known {
            Some(row) => row.integer("places")? > 0 && row.integer("here")? == 0,
            None => false,
        };
        let here = "INSERT INTO places (user_name, network, last_at) VALUES ($1, $2, $3) \
                    ON CONFLICT (user_name, network) DO UPDATE SET last_at = excluded.last_at";
        transaction.execute(here, &[user, network, now.into()]).await?;
        transaction.commit().await?;
        Ok(is_new)
    }
}

/// Wide enough that a line that is given another address every night stays where it is.
fn around(address: ClientAddress) -> String {
    let ip = address.ip();
    let length = if ip.is_ipv4() { 24 } else { 48 };
    IpNet::new(ip, length).map_or_else(|_| ip.to_string(), |net| net.trunc().to_string())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use crate::core::testing::TestCore;
    use crate::facts::client_address::ClientAddress;

    #[tokio::test]
    async fn a_place_is_new_to_a_user_who_signed_in_from_elsewhere_before() {
        let test = TestCore::open().await;
        let (alice, bob) = (test.user("alice").await, test.user("bob").await);
        let visit = async |user: &crate::account::user::User, address: &str| {
            let address = ClientAddress::new(address.parse::<IpAddr>().unwrap());
            test.core.places().visit(user.id(), address).await.unwrap()
        };
        assert!(!visit(&alice, "192.0.2.7").await, "the first sign-in is not reported");
        assert!(!visit(&alice, "192.0.2.200").await, "the same network");
        assert!(visit(&alice, "198.51.100.1").await);
        assert!(!visit(&alice, "198.51.100.1").await, "reported once");
        assert!(visit(&alice, "2001:db8:1::1").await && !visit(&alice, "2001:db8:1:2::3").await);
        assert!(!visit(&bob, "198.51.100.1").await, "places are each user's own");
        // The last sign-in of a day is remembered to the day, and each day again.
        for _ in 0..2 {
            test.clock.advance(super::REMEMBERED - super::EXACTLY);
            assert!(!visit(&alice, "198.51.100.1").await && !visit(&alice, "192.0.2.7").await);
        }
        assert!(visit(&alice, "2001:db8:1::1").await, "forgotten meanwhile");
        test.clock.advance(super::REMEMBERED - std::time::Duration::from_secs(1));
        assert!(!visit(&alice, "192.0.2.7").await);
        test.clock.advance(super::REMEMBERED / 2);
        assert!(visit(&alice, "198.51.100.1").await, "forgotten since");
    }
}
