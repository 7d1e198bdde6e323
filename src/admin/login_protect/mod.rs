//! Login-protect: the switch that disables it everywhere, and the services that policies name (R-119…R-154).

pub mod disable;
pub mod restore;
pub mod service;
pub mod show;

use aws_lc_rs::hmac;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::Core;

/// What came of a step.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    /// What was done, in a few words.
    pub done: String,
    /// After the first step: the word that the second one brings back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
}

/// The word that the second step brings back: the same for the same person within the hour, nobody else's.
fn confirmation(core: &Core, step: &str, actor: &str) -> String {
    let hour = core.clock().now().seconds() / 3600;
    let tag = hmac::sign(&core.keys().derive("disable login-protect"), format!("{step}/{actor}/{hour}").as_bytes());
    let digits: u32 = tag.as_ref().first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    format!("{:06}", digits % 1_000_000)
}
