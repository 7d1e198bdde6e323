//! Every act of an administrator has a page, as it has a command and an operation of the API.

use std::collections::BTreeSet;

use sekisho::admin::act::Act;
use sekisho::admin::catalogue::{ActVisitor, every};

use super::sources::sources;

/// Acts that no page performs yet. Who gives one a page strikes it out; nothing is added.
const WITHOUT_PAGE: &[&str] = &[];

/// The acts whose types the pages of the portal do not name.
struct Unnamed {
    words: BTreeSet<String>,
    acts: BTreeSet<&'static str>,
}

impl ActVisitor for Unnamed {
    fn visit<A: Act>(&mut self) {
        let name = std::any::type_name::<A>().rsplit("::").next().unwrap_or_default();
        if !self.words.contains(name) {
            self.acts.insert(A::NAME);
        }
    }
}

#[test]
fn an_act_without_a_page_is_listed_and_the_list_only_shrinks() {
    let of_pages = |name: &str| {
        name.starts_with("portal/") && !name.starts_with("portal/api/") && !name.contains("/tests") && !name.ends_with("tests.rs")
    };
    let mut words = BTreeSet::new();
    for source in sources().iter().filter(|source| of_pages(&source.name)) {
        words.extend(source.code.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
    }
    let mut unnamed = Unnamed { words, acts: BTreeSet::new() };
    every(&mut unnamed);
    let listed: BTreeSet<&str> = WITHOUT_PAGE.iter().copied().collect();
    let new: Vec<_> = unnamed.acts.difference(&listed).collect();
    assert!(new.is_empty(), "give these acts a page, as they have a command and an operation of the API: {new:?}");
    let done: Vec<_> = listed.difference(&unnamed.acts).collect();
    assert!(done.is_empty(), "these acts have a page by now; strike them out of the list: {done:?}");
}
