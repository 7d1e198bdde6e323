//! Searches. A list counts only if the server says that it is whole: one that was cut off is a failure, and so is one that
//! is longer than it may be (Samba ignores the limit that a client asks for).
//! Invariant: referrals are not followed, and aliases not dereferenced.

use std::time::Duration;

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::result::SearchResult;
use ldap3::{DerefAliases, Ldap, Scope, SearchOptions};

use super::connection::answered;
use super::entry::FoundEntry;
use super::error::DirectoryError;
use super::outcome::{self, SIZE_LIMIT_EXCEEDED, SUCCESS};

/// How many entries a page has: below the 500 and 1,000 that servers give out at once.
const PAGE: i32 = 250;

/// Somebody who is bound and may search.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) ldap: Ldap,
    pub(super) within: Duration,
}

/// What at most one entry should answer to.
pub(super) enum One {
    None,
    Only(FoundEntry),
    Several,
}

impl Reader {
    /// The one entry that answers to `filter`. `own` is the search of somebody for the own entry, in which a refusal may
    /// speak of the person.
    pub(super) async fn one(
        &mut self,
        what: &str,
        base: &str,
        scope: Scope,
        filter: &str,
        attributes: &[&str],
        own: bool,
    ) -> Result<One, DirectoryError> {
        let seconds = i32::try_from(self.within.as_secs()).unwrap_or(i32::MAX).max(1);
        let options = SearchOptions::new().deref(DerefAliases::Never).sizelimit(2).timelimit(seconds);
        let found = self.ldap.with_search_options(options).search(base, scope, filter, attributes);
        let SearchResult(entries, result) = answered(self.within, found).await?;
        let mut entries = entries.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        match (result.rc, entries.next(), entries.next()) {
            (SUCCESS, None, _) => Ok(One::None),
            (SUCCESS, Some(only), None) => FoundEntry::of(only).map(One::Only).ok_or_else(no_entry),
            (SUCCESS | SIZE_LIMIT_EXCEEDED, Some(_), Some(_)) => Ok(One::Several),
            _ if own => Err(outcome::of_own_operation(what, &result)),
            _ => Err(outcome::of_search(what, &result)),
        }
    }

    /// Every entry that answers to `filter`, page by page, and no more than `at_most`.
    pub(super) async fn all(
        &mut self,
        what: &str,
        base: &str,
        filter: &str,
        attributes: &[&str],
        at_most: usize,
    ) -> Result<Vec<FoundEntry>, DirectoryError> {
        let adapters: Vec<Box<dyn Adapter<'_, &str, &[&str]>>> =
            vec![Box::new(EntriesOnly::new()), Box::new(PagedResults::new(PAGE))];
        let options = SearchOptions::new().deref(DerefAliases::Never);
        let asked =
            self.ldap.with_search_options(options).streaming_search_with(adapters, base, Scope::Subtree, filter, attributes);
        let mut stream = answered(self.within, asked).await?;
        let mut found = Vec::new();
        while let Some(entry) = answered(self.within, stream.next()).await? {
            if found.len() >= at_most {
                return Err(DirectoryError::Misconfigured(format!("{what} found more than {at_most} entries")));
            }
            found.push(FoundEntry::of(entry).ok_or_else(no_entry)?);
        }
        // The end of the stream looks the same whether the list is whole or was cut off; the result says which.
        let result = tokio::time::timeout(self.within, stream.finish()).await;
        match result {
            Ok(result) if result.rc == SUCCESS => Ok(found),
            Ok(result) => Err(outcome::of_search(what, &result)),
            Err(_elapsed) => Err(DirectoryError::Unreachable(format!("no end of {what} within {:?}", self.within))),
        }
    }
}

fn no_entry() -> DirectoryError {
    DirectoryError::Unreachable("it sent what is no entry".to_owned())
}
