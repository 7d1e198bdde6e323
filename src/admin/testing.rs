//! What tests of acts share.

use serde_json::Value;

use crate::admin::act::{Act, Circumstances, perform};
use crate::admin::error::AdminError;
use crate::core::testing::TestCore;
use crate::session::Administrator;

/// Performs the act that this JSON is the input of, as an administrator at the machine itself.
pub(crate) async fn does<A: Act>(test: &TestCore, input: Value) -> Result<Value, AdminError> {
    let act: A = serde_json::from_value(input).unwrap();
    let output = perform(&test.core, &Administrator::at_the_machine(), &Circumstances::default(), act).await?;
    Ok(serde_json::to_value(output).unwrap())
}
