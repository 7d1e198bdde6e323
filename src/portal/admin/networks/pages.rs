//! The form of one list of networks.

use askama::Template;
use ipnet::IpNet;

use crate::admin::networks::{HintKind, NetworkHint};
use crate::admin::shut_out::ShutOut;
use crate::facts::client_address::ClientAddress;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::networks::NetworkListForm;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::administrator_sample;

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
    /// What holds now, or what was entered.
    pub fields: NetworkListForm,
    /// What may not be meant in what holds now.
    pub hints: Vec<NetworkHint>,
    /// Why what was sent was not done, in English.
    pub problem: Option<String>,
    /// Whom it would shut out, where it is asked if that is meant.
    pub asks: Option<ShutOut>,
}

impl NetworkListPage {
    /// The question: a message key.
    const fn question(&self) -> &'static str {
        match self.asks {
            Some(ShutOut::Administration) => "admin-network-asks-administration",
            Some(ShutOut::Author(_)) | None => "admin-network-asks",
        }
    }

    fn hint(&self, hint: &NetworkHint) -> String {
        let network = |network: Option<IpNet>| network.map(|network| network.to_string()).unwrap_or_default();
        match hint.kind {
            HintKind::Within => {
                format!("{} ⊂ {}: {}", network(hint.network), network(hint.within), self.frame.say("admin-network-within"))
            }
            HintKind::Denied => {
                format!("{} ⊂ {}: {}", network(hint.network), network(hint.within), self.frame.say("admin-network-denied"))
            }
            HintKind::NoIpv6 => self.frame.say("admin-network-no-ipv6"),
            HintKind::NoIpv4 => self.frame.say("admin-network-no-ipv4"),
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
            fields: NetworkListForm {
                kind: kind.to_owned(),
                name: name.to_owned(),
                allow: "192.0.2.0/24 # Osaka\n2001:db8::/32".to_owned(),
                ..NetworkListForm::default()
            },
            hints: Vec::new(),
            problem: None,
            asks: None,
        };
        let hint = |kind| {
            let network = |text: &str| text.parse().ok();
            NetworkHint { kind, network: network("10.1.0.0/16"), within: network("10.0.0.0/8") }
        };
        let hints = [HintKind::Within, HintKind::Denied, HintKind::NoIpv4, HintKind::NoIpv6].map(hint).into();
        let author = ShutOut::Author(ClientAddress::new([203, 0, 113, 9].into()));
        vec![
            page("", ""),
            page("app", "wiki"),
            Self { hints, ..page("user", "\"><svg onload=alert(1)>") },
            Self { problem: Some("line 2: \"<svg onload=alert(1)>\" is not a network".to_owned()), ..page("group", "staff") },
            Self { asks: Some(author), ..page("app", "portal") },
            Self { asks: Some(ShutOut::Administration), ..page("app", "portal/admin") },
        ]
    }
}
