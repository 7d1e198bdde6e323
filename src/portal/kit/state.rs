//! What the handlers share.

use std::sync::Arc;

use crate::core::Core;
use crate::sign_in::engine::SignIn;

/// What the handlers share.
#[derive(Clone, Debug)]
pub(in crate::portal) struct PortalState {
    pub(in crate::portal) core: Arc<Core>,
    pub(in crate::portal) sign_in: SignIn,
}
