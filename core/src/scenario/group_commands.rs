//! What a command can do to a consumer or to its group while a run goes on.

use serde::Serialize;

/// Makes a consumer slower, or as fast as the others again. It stays so when its process starts
/// anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlowDown {
    /// The consumer of this name.
    pub consumer: String,
    /// How many times as long as the workload says its work takes, from the next record on; 1 is as
    /// fast as the others.
    pub times: u32,
}

impl Default for SlowDown {
    fn default() -> Self {
        Self {
            consumer: String::new(),
            times: 1,
        }
    }
}
