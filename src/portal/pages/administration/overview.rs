//! The administration at a glance.

use askama::Template;

use super::{Hall, Room, seated};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;

/// Everything at a glance.
#[derive(Debug, Template)]
#[template(path = "admin/overview.html")]
pub struct AdminPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// Users, and how many of them have no phone.
    pub users: (usize, usize),
    /// Registered phones.
    pub phones: usize,
    /// What phones are asked now.
    pub approvals: usize,
    /// Transactions that wait.
    pub transactions: usize,
    /// Services that login-protect guards.
    pub services: usize,
    /// Locks.
    pub locks: usize,
    /// Beyond so many nothing is counted here.
    pub limit: usize,
}

impl AdminPage {
    const fn room(&self) -> Room {
        Room::Overview
    }

    fn count(&self, count: &usize) -> String {
        if *count >= self.limit { format!("{}+", self.limit) } else { count.to_string() }
    }
}

impl PortalPage for AdminPage {
    const NAME: &'static str = "admin-overview";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |disabled, users, approvals, services| Self {
            frame: seated(frame),
            hall: Hall::sample(disabled),
            users,
            phones: 12,
            approvals,
            transactions: approvals,
            services,
            locks: 1,
            limit: 1000,
        };
        vec![page(false, (1000, 42), 3, 1), page(true, (1, 1), 0, 0)]
    }
}
