//! The form of one list of networks.

use askama::Template;
use ipnet::IpNet;

use crate::admin::networks::{HintKind, NetworkHint, NetworkLineView, NetworkListView};
use crate::admin::shut_out::ShutOut;
use crate::facts::client_address::ClientAddress;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::networks::{NetworkListForm, text};
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};

/// The form.
#[derive(Debug, Template)]
#[template(path = "admin/networks/list.html")]
pub struct NetworkListPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The address that the administrator comes from.
    pub here: String,
    /// What a list of an app may be for.
    pub apps: Vec<String>,
    /// The groups that there are.
    pub groups: Vec<String>,
    /// The networks that the config names, and what each name stands for.
    pub names: Vec<(String, String)>,
    /// What holds now, or what was entered.
    pub fields: NetworkListForm,
    /// What may not be meant in what holds now.
    pub hints: Vec<NetworkHint>,
    /// Why what was sent was not done.
    pub problem: Option<ReasonText>,
    /// Whom it would shut out, where it is asked if that is meant.
    pub asks: Option<ShutOut>,
    /// The list that is there, where it is not the one that was shown before.
    pub present: Option<PresentList>,
}

/// A list that is there, beside what was entered.
#[derive(Clone, Debug)]
pub struct PresentList {
    /// Its lines.
    pub allow: Vec<String>,
    /// Its lines.
    pub deny: Vec<String>,
}

impl PresentList {
    pub(in crate::portal::admin) fn of(list: Option<&NetworkListView>) -> Self {
        let lines = |lines: Option<&Vec<NetworkLineView>>| lines.into_iter().flatten().map(text).collect();
        Self { allow: lines(list.map(|list| &list.allow)), deny: lines(list.map(|list| &list.deny)) }
    }

    pub(in crate::portal::admin) fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    pub(in crate::portal::admin) fn sample() -> Self {
        Self { allow: vec!["198.51.100.0/24".to_owned(), format!("2001:db8::/32 # {}", hostile())], deny: Vec::new() }
    }
}

impl NetworkListPage {
    /// The question: a message key.
    const fn question(&self) -> &'static str {
        match self.asks {
            Some(ShutOut::Administration) => "admin-network-asks-administration",
            Some(ShutOut::Nobody) => "admin-network-ends",
            Some(ShutOut::Author(_)) | None => "admin-network-asks",
        }
    }

    fn hint(&self, hint: &NetworkHint) -> String {
        let network = |network: Option<IpNet>| network.map(|network| network.to_string()).unwrap_or_default();
        match hint.kind {
            HintKind::Within => {
                format!("{} ⊂ {} – {}", network(hint.network), network(hint.within), self.frame.say("admin-network-within"))
            }
            HintKind::Denied => {
                format!("{} ⊂ {} – {}", network(hint.network), network(hint.within), self.frame.say("admin-network-denied"))
            }
            HintKind::NoIpv6 => self.frame.say("admin-network-no-ipv6"),
            HintKind::NoIpv4 => self.frame.say("admin-network-no-ipv4"),
            HintKind::NoApp => self.frame.say("admin-network-no-app"),
            HintKind::NoName => {
                format!("{} – {}", hint.name.as_deref().unwrap_or_default(), self.frame.say("admin-network-no-name"))
            }
        }
    }
}

impl PortalPage for NetworkListPage {
    const NAME: &'static str = "admin-network-list";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |kind: &str, name: &str| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Networks),
            notices: Vec::new(),
            here: "203.0.113.9".to_owned(),
            apps: vec!["wiki".to_owned(), "portal".to_owned(), "portal/admin".to_owned()],
            groups: vec!["administrators".to_owned(), "staff".to_owned()],
            names: vec![("office".to_owned(), "192.0.2.0/24, 2001:db8::/32".to_owned())],
            fields: NetworkListForm {
                kind: kind.to_owned(),
                name: name.to_owned(),
                allow: "192.0.2.0/24 # Osaka\n2001:db8::/32".to_owned(),
                ..NetworkListForm::default()
            },
            hints: Vec::new(),
            problem: None,
            asks: None,
            present: None,
        };
        let hint = |kind| {
            let network = |text: &str| text.parse().ok();
            let name = (kind == HintKind::NoName).then(|| "office".to_owned());
            NetworkHint { kind, network: network("10.1.0.0/16"), within: network("10.0.0.0/8"), name }
        };
        let hints = [HintKind::NoApp, HintKind::NoName, HintKind::Within, HintKind::Denied, HintKind::NoIpv4, HintKind::NoIpv6]
            .map(hint)
            .into();
        let author = ShutOut::Author(ClientAddress::new([203, 0, 113, 9].into()));
        vec![
            page("", ""),
            page("app", "wiki"),
            Self { hints, ..page("user", "\"><svg onload=alert(1)>") },
            Self { problem: Some(ReasonText::sample(frame.language)), ..page("group", "staff") },
            Self { asks: Some(author), ..page("app", "portal") },
            Self { asks: Some(ShutOut::Administration), ..page("app", "portal/admin") },
            Self { asks: Some(ShutOut::Nobody), ..page("app", "wiki") },
            Self { present: Some(PresentList::sample()), ..page("app", "wiki") },
            Self { present: Some(PresentList::of(None)), ..page("group", "staff") },
        ]
    }
}
