//! `[state]`: where the database and keys are.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where state is kept.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "State", deny_unknown_fields)]
pub struct StateSection {
    /// The folder of the embedded database and of the keys that the gateway makes itself. Only its own user may read it.
    pub directory: PathBuf,
    /// File with the master key: 64 hexadecimal digits. Default: `master.key` in the folder above.
    #[serde(default)]
    pub master_key: Option<PathBuf>,
    /// Files with older master keys, which still open what they sealed.
    #[serde(default)]
    pub old_master_keys: Vec<PathBuf>,
    /// File with the key that proxies show when they ask by forward-auth: 32 characters or more, known to them alone.
    /// Default: `forward-auth.key` in the folder above, made at the first start.
    #[serde(default)]
    pub forward_auth_key: Option<PathBuf>,
}
