//! The gateway's own host: sign-in, launcher, account, API. Handlers are thin: parse, call, render.

pub mod page;
pub mod pages;
pub mod barrier;
mod parts;
pub mod language;
pub mod words;
pub mod moment;
pub mod legible;
pub mod qr;
pub mod assets;
pub mod protection;
