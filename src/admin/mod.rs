//! What administrators do: a file for each noun, with its acts, their inputs and answers, and what each leaves in the audit
//! log. The command line, `/api/v1` and the administration's pages call [`act::perform`] and nothing else; the first two are
//! made from [`catalogue::every`].

pub mod act;
pub mod approvals;
pub mod audit;
pub mod authority;
pub mod browsers;
pub mod catalogue;
pub mod certificate_results;
pub mod certificate_test;
pub mod certificates;
pub mod devices;
pub mod crls;
pub mod directories;
pub mod error;
pub mod explain;
pub mod groups;
pub mod idp;
pub mod import;
pub mod issuing;
pub mod locks;
pub mod login_protect;
pub mod matrix;
pub mod networks;
pub mod outbox;
pub mod phones;
mod presented;
pub mod rollout;
pub mod sentences;
pub mod sessions;
pub mod settings;
pub mod shut_out;
pub mod spreadsheet;
#[cfg(test)]
pub mod testing;
pub mod tls;
pub mod told;
pub mod tokens;
pub mod transactions;
pub mod users;
pub mod values;
mod written;
