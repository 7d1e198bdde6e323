//! What the features of the portal share: the request as it was read, who may see a page, the frame and the parts of pages,
//! languages, headers and assets. Nothing here knows a feature's handlers.

pub mod assets;
pub mod barrier;
pub mod language;
pub mod legible;
pub mod moment;
pub mod page;
mod parts;
pub mod paths;
pub mod protection;
pub mod qr;
pub(in crate::portal) mod visit;
