//! `[matrix]`: tables of digits, and which patterns may be set on them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// Patterns that one-time passwords are read along, off a table of digits. They are used where a policy names `matrix` among its
/// methods.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Matrix", deny_unknown_fields, default)]
pub struct MatrixSection {
    /// Blocks side by side. If a size is changed, patterns of the former size sign nobody in: issue new ones.
    pub blocks: u8,
    /// Rows of each block, 2 to 8.
    pub rows: u8,
    /// Columns of each block, 2 to 8; all blocks together have at most 26.
    pub columns: u8,
    /// Cells of a pattern at least, each counted as often as it is read.
    pub shortest: usize,
    /// Cells of a pattern at most.
    pub longest: usize,
    /// Different cells at least; 0 lets one cell be read again and again.
    pub distinct_cells: usize,
    /// Whether patterns are refused that can be drawn in one stroke: each cell beside the one before, at a side or a corner.
    pub forbid_one_stroke: bool,
    /// Whether each block must have a cell of the pattern.
    pub every_block: bool,
    /// Patterns that are refused, whatever the phrase: `"A1 E1 I1 A2 E2 I2"`, columns by letter, rows by number.
    pub forbidden: Vec<String>,
    /// Characters of the phrase at least.
    pub phrase_shortest: usize,
    /// Characters of the phrase at most; 0 allows none.
    pub phrase_longest: usize,
    /// How long an initial pattern may be used.
    pub initial_lifetime: TimeSpan,
    /// Other rules for the members of a group: one `[[matrix.group]]` each. Of several that hold for a user the first one does.
    pub group: Vec<MatrixGroup>,
}

/// Other rules for the members of a group. What is not written is as in `[matrix]`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatrixGroup {
    /// The group's name.
    pub group: String,
    /// As `matrix.blocks`. Where sizes differ, the sign-in page asks for the user name before it shows a table.
    #[serde(default)]
    pub blocks: Option<u8>,
    /// As `matrix.rows`.
    #[serde(default)]
    pub rows: Option<u8>,
    /// As `matrix.columns`.
    #[serde(default)]
    pub columns: Option<u8>,
    /// As `matrix.shortest`.
    #[serde(default)]
    pub shortest: Option<usize>,
    /// As `matrix.longest`.
    #[serde(default)]
    pub longest: Option<usize>,
    /// As `matrix.distinct_cells`.
    #[serde(default)]
    pub distinct_cells: Option<usize>,
    /// As `matrix.forbid_one_stroke`.
    #[serde(default)]
    pub forbid_one_stroke: Option<bool>,
    /// As `matrix.every_block`.
    #[serde(default)]
    pub every_block: Option<bool>,
    /// As `matrix.forbidden`, instead of what is there.
    #[serde(default)]
    pub forbidden: Option<Vec<String>>,
    /// As `matrix.phrase_shortest`.
    #[serde(default)]
    pub phrase_shortest: Option<usize>,
    /// As `matrix.phrase_longest`.
    #[serde(default)]
    pub phrase_longest: Option<usize>,
}

impl Default for MatrixSection {
    fn default() -> Self {
        Self {
            blocks: 3,
            rows: 4,
            columns: 4,
            shortest: 6,
            longest: 12,
            distinct_cells: 4,
            forbid_one_stroke: true,
            every_block: false,
            forbidden: Vec::new(),
            phrase_shortest: 0,
            phrase_longest: 6,
            initial_lifetime: TimeSpan::days(14),
            group: Vec::new(),
        }
    }
}
