//! What the features of the portal share: the request as it was read, who may see a page, the frame and the parts of pages,
//! languages, headers and assets, and the pages that every feature answers with. Nothing here imports a feature.

pub(in crate::portal) mod admin_session;
pub mod admission;
pub mod assets;
pub mod barrier;
pub mod continue_page;
pub mod dead_link;
pub mod destination;
pub mod error_page;
pub(in crate::portal) mod form;
pub mod language;
pub mod legible;
pub mod moment;
pub mod not_done;
mod multipart;
pub mod notice;
pub mod page;
pub mod number;
pub(in crate::portal) mod parts;
pub mod paths;
pub mod protection;
pub mod qr;
pub mod reason;
pub mod sample;
pub mod slow_down;
pub(in crate::portal) mod state;
pub(in crate::portal) mod visit;
pub(in crate::portal) mod waiting;
