//! What `explain` says of the lists of networks that administrators keep.

use crate::account::network_list::ListOwner;
use crate::chain::papers::Papers;
use crate::chain::policy::selection::Selected;
use crate::core::Core;
use crate::principal::networks::{ADMINISTRATION, PORTAL};

/// The lists of networks that administrators keep and that hold here.
pub(super) fn kept_lists(core: &Core, papers: &Papers<'_>, asked: &Selected<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    let place = asked.policies().next().map(|policy| &*policy.place).unwrap_or_default();
    for (kept_for, _) in papers.lists.named_at(place) {
        let whose = match kept_for {
            PORTAL => "the portal",
            ADMINISTRATION => "the administration",
            _ => "the app",
        };
        let names = names_in(core, &ListOwner::App(kept_for.to_owned()));
        texts.push(format!("the list of networks of {whose} (`sekisho network list --app {kept_for}`){names}"));
    }
    let Some(user) = papers.user else { return texts };
    for group in user.groups.iter().filter(|group| papers.lists.of_groups(std::slice::from_ref(*group)).next().is_some()) {
        let names = names_in(core, &ListOwner::Group(group.clone()));
        texts.push(format!("the list of networks of the group (`sekisho network list --group {group}`){names}"));
    }
    if !user.allowed_networks.is_empty() || !user.denied_networks.is_empty() {
        let names = names_in(core, &ListOwner::User(user.user.clone()));
        texts.push(format!("the user's own networks (`sekisho network list --user {}`){names}", user.user));
    }
    texts
}

/// Which names of the config a list has, and which of these the config has not.
fn names_in(core: &Core, owner: &ListOwner) -> String {
    let named = core.networks().names();
    let say = |name: &String| match named.find(name) {
        Some(_) => format!("`{name}`"),
        None => format!("`{name}`, which the config does not have: it lets nobody in"),
    };
    let names: Vec<String> = core.networks().names_in(owner).iter().map(say).collect();
    if names.is_empty() { String::new() } else { format!(" with {}", names.join(" and ")) }
}
