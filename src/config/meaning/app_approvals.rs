//! What the approvals of an app mean: times that fit together, and an address that a ping can reach.

use std::time::Duration;

use url::Url;

use super::Found;
use crate::config::schema::App;

pub(super) fn look(place: usize, app: &App, found: &mut Found) {
    let Some(approvals) = &app.approvals else { return };
    let key = |key: &str| format!("app[{place}].approvals.{key}");
    found.longer_than_nothing(&key("lifetime"), approvals.lifetime);
    found.unless(
        approvals.longest.0 <= Duration::from_secs(600),
        &key("longest"),
        "a question that stays open longer than ten minutes is answered by somebody who forgot it",
        "write at most \"10m\"",
    );
    found.unless(
        approvals.lifetime <= approvals.longest,
        &key("lifetime"),
        "it is longer than `longest`, which the app itself could not ask for",
        "make it the shorter one",
    );
    let interval = (Duration::from_secs(1)..=Duration::from_secs(60)).contains(&approvals.interval.0);
    found.unless(
        interval && approvals.interval.0.subsec_nanos() == 0,
        &key("interval"),
        "it must be whole seconds, from 1 to 60",
        "\"5s\" is the default",
    );
    found.unless(approvals.per_minute > 0, &key("per_minute"), "with none the app could never ask", "write 1 or more");
    for (of_app, group) in approvals.groups.iter().enumerate() {
        let path = key(&format!("groups[{of_app}]"));
        found.unless(!group.trim().is_empty(), &path, "it names no group", "leave the key out for everybody");
    }
    if let Some(ping) = &approvals.ping {
        let plain = ping.endpoint.parse::<Url>().is_ok_and(|url| {
            url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() && url.password().is_none()
        });
        found.unless(
            plain && ping.endpoint.len() <= 2048 && !ping.endpoint.contains('#'),
            &key("ping.endpoint"),
            "it must be an `https://` address without a user",
            "as in \"https://bank.example.com/ciba\"",
        );
    }
}
