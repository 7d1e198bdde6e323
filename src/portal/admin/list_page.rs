//! A page that is a list: a search, lines, pages of them, and the actions on the lines that are selected. Each list of the
//! administration asks one act for a page of views and writes them as lines.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::admin::act::Act;
use crate::admin::values::{Count, Page};
use crate::clock::Timestamp;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::target::SelectedLine;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice;
use crate::portal::admin::rollout_guide::RolloutGuide;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::principal::user::UserId;

/// Lines of a page.
pub(super) const LINES: Option<Count> = Some(Count(50));

/// The longest word that a column is made as wide as: of eight columns that all hold one, a window of 1,280 pixels has room.
const LONGEST_WORD: usize = 14;

/// A list.
#[derive(Debug, Template)]
#[template(path = "admin/list_page.html")]
pub struct ListPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation, with the area that is listed.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The fields of the search, with what is searched for.
    pub search: Vec<SearchField>,
    /// The heads of the columns: message keys.
    pub columns: &'static [&'static str],
    /// The lines of this page.
    pub lines: Vec<ListLine>,
    /// The actions on lines.
    pub actions: Vec<BulkAction>,
    /// Whether an action may apply to all that the search finds, beyond this page.
    pub applies_to_all: bool,
    /// Links to forms that add a line.
    pub adds: Vec<AdminFormKind>,
    /// Links to files with all that the search finds: addresses, and message keys.
    pub exports: Vec<(String, &'static str)>,
    /// The address of this page, to come back to.
    pub back: String,
    /// The first page, if this is a later one.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
    /// Whether it renews itself while it is open.
    pub live: bool,
    /// The page that adds a line: its address, and a message key.
    pub new: Option<(&'static str, &'static str)>,
    /// Further pages that add lines.
    pub links: Vec<(&'static str, &'static str)>,
    /// What leads through the introduction of certificates, above the search.
    pub guide: Option<RolloutGuide>,
}

/// A field of the search.
#[derive(Clone, Debug)]
pub struct SearchField {
    /// Its name in the address.
    pub name: &'static str,
    /// Its label: a message key.
    pub label: &'static str,
    /// What it holds.
    pub input: SearchInput,
}

/// What a field of the search holds.
#[derive(Clone, Debug)]
pub enum SearchInput {
    /// A text.
    Text(String),
    /// One of these names, or none.
    Choice(String, Vec<String>),
    /// One of these words, each with a message key, or none.
    Words(String, Vec<(&'static str, &'static str)>),
    /// A day.
    Day(String),
    /// A switch.
    Switch(bool),
}

impl SearchField {
    /// A field for a text, with the text that is searched for.
    pub fn text(name: &'static str, label: &'static str, value: Option<String>) -> Self {
        Self { name, label, input: SearchInput::Text(value.unwrap_or_default()) }
    }

    /// The field for a user.
    pub fn user(value: Option<String>) -> Self {
        Self::text("user", "admin-search-user", value)
    }

    /// Its value in the address; empty if nothing is searched for.
    pub fn value(&self) -> &str {
        match &self.input {
            SearchInput::Text(text) | SearchInput::Choice(text, _) | SearchInput::Words(text, _) | SearchInput::Day(text) => text,
            SearchInput::Switch(true) => "true",
            SearchInput::Switch(false) => "",
        }
    }
}

/// A line.
#[derive(Clone, Debug)]
pub struct ListLine {
    /// What an action gets as its target, and how a confirmation and a screen reader call it; `None` if no action applies.
    pub target: Option<SelectedLine>,
    /// As many as there are columns.
    pub cells: Vec<ListCell>,
}

impl ListLine {
    /// A line that an action may apply to.
    pub fn new(id: &str, name: &str, cells: Vec<ListCell>) -> Self {
        Self { target: Some(SelectedLine::new(id, name)), cells }
    }

    /// A line that no action applies to.
    pub const fn without_action(cells: Vec<ListCell>) -> Self {
        Self { target: None, cells }
    }
}

/// A cell.
#[derive(Clone, Debug)]
pub enum ListCell {
    /// A text of a user, an app or a browser.
    Text(String),
    /// Such a text, and the address that it links to.
    Link(String, String),
    /// A text of ours: a message key.
    Words(&'static str),
    /// A text of ours that asks for attention: a message key.
    Alarm(&'static str),
    /// Several short texts.
    Tags(Vec<String>),
    /// A number.
    Count(usize),
    /// How long ago a moment was.
    Ago(Timestamp),
    /// A moment.
    Moment(Timestamp),
    /// What else is known of a line, by its names in the log: shown when it is unfolded.
    Details(Vec<(String, String)>),
}

impl ListCell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether a text has a run of characters that no column has room for, such as a digest or an address: it is broken anywhere.
    fn is_long(text: &str) -> bool {
        text.split(char::is_whitespace).any(|word| word.chars().count() > LONGEST_WORD)
    }

    /// The name of a user, linked to the page of the user.
    pub(super) fn user(user: &str) -> Self {
        Self::Link(user.to_owned(), paths::admin_user(user))
    }
}

impl ListPage {
    /// A list without lines.
    pub(super) fn new(admin: &AdminSession, area: AdminArea, columns: &'static [&'static str]) -> Self {
        let back = admin.here();
        Self {
            frame: admin.visit.frame(),
            layout: AdminLayout::of(admin, area),
            notices: notice::done(admin),
            search: Vec::new(),
            columns,
            lines: Vec::new(),
            actions: BulkAction::of(area),
            applies_to_all: false,
            adds: Vec::new(),
            exports: Vec::new(),
            first: admin.query("after").map(|_| without_after(&back)),
            back,
            next: None,
            live: false,
            new: None,
            links: Vec::new(),
            guide: None,
        }
    }

    /// A list that one act answers in pages, searched by user.
    pub(super) async fn by_user<A, V>(
        admin: &AdminSession,
        area: AdminArea,
        columns: &'static [&'static str],
        line: impl Fn(V) -> ListLine,
        act: impl FnOnce(Option<UserId>, Option<String>) -> A,
    ) -> Result<Self, Response>
    where
        A: Act<Output = Page<V>>,
    {
        let name = admin.query("user");
        let user = name.as_deref().map(UserId::parse).transpose();
        let user = user.map_err(|error| admin.unreadable("read the user", error.to_string()))?;
        let found = admin.required(act(user, admin.query("after"))).await?;
        let mut page = Self::new(admin, area, columns);
        page.search = vec![SearchField::user(name)];
        page.fill(found, line);
        Ok(page)
    }

    /// The lines of what an act found, and the link to the next page.
    pub(super) fn fill<V>(&mut self, found: Page<V>, line: impl Fn(V) -> ListLine) {
        self.lines = found.items.into_iter().map(line).collect();
        self.next = found.next.map(|after| paths::with_query(&without_after(&self.back), &[("after", &after)]));
    }

    /// The query of this page without the place in the list: all that the search finds.
    pub(super) fn query(&self) -> String {
        without_after(&self.back).split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// The answer.
    pub(super) fn shown_to(&self, admin: &AdminSession) -> Response {
        if self.live {
            return admin.visit.scripted_page(StatusCode::OK, self);
        }
        admin.visit.page(StatusCode::OK, self, &[])
    }

    /// A list as samples show it: two lines with these cells.
    pub(super) fn sample(frame: &Frame, area: AdminArea, columns: &'static [&'static str], cells: Vec<ListCell>) -> Self {
        Self {
            frame: frame.clone(),
            layout: AdminLayout::sample(area),
            notices: Vec::new(),
            search: vec![SearchField::user(None)],
            columns,
            lines: vec![ListLine::new("1", "alice", cells.clone()), ListLine::new("2", "bob", cells)],
            actions: BulkAction::of(area),
            applies_to_all: false,
            adds: Vec::new(),
            exports: Vec::new(),
            back: area.path().to_owned(),
            first: None,
            next: None,
            live: false,
            new: None,
            links: Vec::new(),
            guide: None,
        }
    }

    /// A list in which there is nothing, as samples show it.
    pub(super) fn empty_sample(frame: &Frame, area: AdminArea) -> Self {
        Self { lines: Vec::new(), ..Self::sample(frame, area, &[], Vec::new()) }
    }

    fn head(&self, column: &usize) -> &'static str {
        self.columns.get(*column).copied().unwrap_or("admin-column-event")
    }

    fn is_searched(&self) -> bool {
        self.search.iter().any(|field| !field.value().is_empty())
    }
}

/// An address without the place in a list.
fn without_after(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "after");
    match url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_loses_its_place_in_the_list_and_nothing_else() {
        for (address, without) in [
            ("/admin/users", "/admin/users"),
            ("/admin/users?after=bob", "/admin/users"),
            ("/admin/users?after=a&search=x%26y&after=b", "/admin/users?search=x%26y"),
            ("/admin/users?afterwards=1", "/admin/users?afterwards=1"),
        ] {
            assert_eq!(without_after(address), without);
        }
    }
}
