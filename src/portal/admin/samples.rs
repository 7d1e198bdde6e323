//! Every list of the administration in every state worth seeing.

use strum::VariantArray as _;

use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::list_page::{ListPage, SearchField};
use crate::portal::admin::{
    approvals, audit, authorities, browsers, certificate_results, certificates, devices, groups, locks, networks, notice, outbox,
    phones, rollout, sessions, sightings, tokens, transactions, users,
};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::administrator_sample;

impl PortalPage for ListPage {
    const NAME: &'static str = "admin-list";

    fn samples(frame: &Frame) -> Vec<Self> {
        let frame = &administrator_sample(frame);
        let mut nothing_found = Self::empty_sample(frame, AdminArea::Audit);
        let actions = BulkAction::VARIANTS.iter().map(|action| notice::of_action(*action, 2));
        nothing_found.notices = actions.chain(AdminFormKind::VARIANTS.iter().map(|form| notice::of_form(*form))).collect();
        nothing_found.search = vec![SearchField::text("what", "admin-search-event", Some("nothing".to_owned()))];
        let lists = [
            users::samples(frame),
            networks::samples(frame),
            phones::samples(frame),
            approvals::samples(frame),
            transactions::samples(frame),
            sessions::samples(frame),
            devices::samples(frame),
            browsers::samples(frame),
            certificates::samples(frame),
            certificates::ending_samples(frame),
            certificate_results::samples(frame),
            sightings::samples(frame),
            authorities::samples(frame),
            rollout::samples(frame),
            outbox::samples(frame),
            tokens::samples(frame),
            locks::samples(frame),
            audit::samples(frame),
        ];
        let groups = groups::samples(frame);
        std::iter::once(nothing_found)
            .chain(lists.into_iter().flatten())
            .chain(groups)
            .chain([audit::keys_sample(frame)])
            .collect()
    }
}
