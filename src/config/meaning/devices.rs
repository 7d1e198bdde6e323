//! What `[devices]` means: limits that leave room, and demands that exclude each other where the config says so.

use std::collections::BTreeSet;

use super::Complaints;
use crate::config::demands::Merged;
use crate::config::schema::{BrowserWay, DemandMode, File};

pub(super) fn look(file: &File, found: &mut Complaints) {
    let devices = &file.devices;
    for (path, is_room) in [("devices.per_user", devices.per_user > 0), ("devices.waiting", devices.waiting > 0)] {
        found.unless(is_room, path, "nobody could apply", "write 1 or more, or leave it out");
    }
    found.longer_than_nothing("devices.lasts", devices.lasts);
    if devices.exclusive {
        excluded(file, found);
    }
}

/// Complains of places where both are demanded of one request.
fn excluded(file: &File, found: &mut Complaints) {
    let mut places = vec![file.portal_demands()];
    for (place, app) in file.app.iter().enumerate() {
        places.push(file.app_demands(place));
        places.extend((0..app.rule.len()).map(|rule| file.rule_demands(place, rule)));
    }
    let additions = file.addition.iter().enumerate();
    let additions: Vec<Merged<'_>> =
        additions.map(|(place, one)| Merged::of(&format!("addition[{place}].demands"), &one.demands)).collect();
    // A user may be of several groups: what any two additions demand may hold together.
    let mut said = BTreeSet::new();
    for place in &places {
        let sets = std::iter::once(place).chain(&additions);
        if let (Some(cookie), Some(certificate)) = (sets.clone().find_map(designates), sets.clone().find_map(certificate)) {
            said.insert((cookie, certificate));
        }
    }
    said.into_iter().for_each(|both| complain(&both, found));
}

fn complain((cookie, certificate): &(String, String), found: &mut Complaints) {
    found.say(
        format!("{cookie}.ways"),
        format!("device designation (`admin_approval`) and client certificates (`{certificate}`) are demanded together, and exclude each other here"),
        "take one of the two out, or write `exclusive = false` in `[devices]`",
    );
}

fn designates(merged: &Merged<'_>) -> Option<String> {
    let said = merged.cookie.as_ref()?;
    let does = said.demand.mode != DemandMode::Off && said.demand.ways.contains(&BrowserWay::AdminApproval);
    does.then(|| said.path.clone())
}

fn certificate(merged: &Merged<'_>) -> Option<String> {
    let said = merged.client_certificate.as_ref()?;
    (said.demand.mode != DemandMode::Off).then(|| said.path.clone())
}
