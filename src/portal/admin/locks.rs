//! `/admin/locks`: what failed attempts locked.

use axum::response::Response;

use crate::account::regulation::AttemptKind;
use crate::admin::locks::{ListLocks, LockView};
use crate::clock::Timestamp;
use crate::portal::admin::action::target::LockTarget;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{ListCell, ListLine, ListPage};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;

const COLUMNS: &[&str] = &["admin-column-user", "admin-column-step", "admin-column-network", "admin-column-until"];

/// GET /admin/locks
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let mut page = ListPage::new(&admin, AdminArea::Locks, COLUMNS);
    page.fill(admin.required(ListLocks {}).await?, line);
    Ok(page.shown_to(&admin))
}

fn line(lock: LockView) -> ListLine {
    let cells = vec![
        ListCell::text(lock.who.clone().unwrap_or_default()),
        ListCell::Words(match lock.step {
            Some(AttemptKind::First) => "admin-step-first",
            Some(AttemptKind::Second) => "admin-step-second",
            Some(AttemptKind::TransactionPassword | AttemptKind::TransactionCode) => "admin-step-transaction",
            None => "admin-step-network",
        }),
        ListCell::text(lock.network.to_string()),
        ListCell::Moment(lock.until),
    ];
    let target = LockTarget { network: lock.network, user: lock.who }.to_string();
    ListLine::new(&target, &target, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |step| {
        let until = Timestamp::from_seconds(1_795_508_000);
        vec![ListCell::text("alice"), ListCell::Words(step), ListCell::text("192.0.2.0"), ListCell::Moment(until)]
    };
    let mut locks = ListPage::sample(frame, AdminArea::Locks, COLUMNS, Vec::new());
    let steps = ["admin-step-second", "admin-step-network", "admin-step-transaction", "admin-step-first"];
    locks.lines = ["1", "2", "1", "2"].iter().zip(steps).map(|(id, step)| ListLine::new(id, "alice", cells(step))).collect();
    [locks, ListPage::empty_sample(frame, AdminArea::Locks)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(who: Option<&str>, step: Option<AttemptKind>) -> ListLine {
        let network = "192.0.2.1".parse().unwrap();
        line(LockView { who: who.map(str::to_owned), step, network, until: Timestamp::default() })
    }

    #[test]
    fn a_lock_of_a_transaction_is_called_so() {
        for (step, key) in [
            (Some(AttemptKind::First), "admin-step-first"),
            (Some(AttemptKind::Second), "admin-step-second"),
            (Some(AttemptKind::TransactionPassword), "admin-step-transaction"),
            (Some(AttemptKind::TransactionCode), "admin-step-transaction"),
            (None, "admin-step-network"),
        ] {
            assert!(matches!(lock(None, step).cells[1], ListCell::Words(said) if said == key), "{step:?}");
        }
    }

    #[test]
    fn a_lock_of_a_name_that_no_user_has_is_found_again_by_its_line() {
        for who in [None, Some("alice"), Some("a|b"), Some("=cmd() %41\u{202E}")] {
            let carried = lock(who, None).target.unwrap().to_string();
            let read = crate::portal::admin::action::target::SelectedLine::from(carried);
            assert_eq!(LockTarget::parse(&read.id).unwrap().user.as_deref(), who);
        }
    }
}
