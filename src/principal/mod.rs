//! Plain types that every part of the gateway speaks of: users and groups, methods and credentials, certificates and their
//! holders, login-protect services.
//! Invariant: values alone; nothing here calls a database, a clock or the network, and nothing here decides.

pub mod certificate;
pub mod certificate_setting;
pub mod language;
pub mod method;
pub mod networks;
pub mod number_style;
pub mod service;
pub mod user;
pub mod words;
