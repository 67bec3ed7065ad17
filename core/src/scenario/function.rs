//! Lambda's event source mapping for SQS as it is written.

use serde::Serialize;

use super::document::is_default;
use super::{Queue, limits};
use crate::lambda::limits as lambda_limits;
use crate::lambda::response::ResponseType;
use crate::lambda::settings::{MappingRequest, QueueType, Settings, SettingsError, Timeouts};
use crate::time::SimDuration;

/// A function, and what polls a queue for it. CreateEventSourceMapping (Lambda API). The function
/// works on the messages of its batch one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventSourceMapping {
    /// FunctionName; its first invocation is `name-1`.
    pub function_name: String,
    /// EventSourceArn: the queue.
    pub queue: String,
    /// BatchSize.
    #[serde(skip_serializing_if = "is_default_batch")]
    pub batch_size: u32,
    /// MaximumBatchingWindowInSeconds; whole seconds.
    #[serde(skip_serializing_if = "is_default")]
    pub maximum_batching_window: SimDuration,
    /// ScalingConfig, MaximumConcurrency. Left out, Lambda scales as it sees fit, here up to
    /// [`limits::INVOCATIONS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_concurrency: Option<u32>,
    /// ReservedConcurrentExecutions of the function: what it cannot run, it throttles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_concurrency: Option<u32>,
    /// FunctionResponseTypes, ReportBatchItemFailures. The function then goes on after a failure
    /// and reports those that failed; on a FIFO queue it stops, and reports all that are left.
    /// Without it, it throws an error at the first failure.
    #[serde(skip_serializing_if = "is_default")]
    pub report_batch_item_failures: bool,
    /// Timeout of the function; whole seconds.
    #[serde(skip_serializing_if = "is_default_timeout")]
    pub timeout: SimDuration,
}

impl Default for EventSourceMapping {
    fn default() -> Self {
        Self {
            function_name: String::new(),
            queue: String::new(),
            batch_size: lambda_limits::BATCH_SIZE_DEFAULT,
            maximum_batching_window: SimDuration::ZERO,
            maximum_concurrency: None,
            reserved_concurrency: None,
            report_batch_item_failures: false,
            timeout: lambda_limits::FUNCTION_TIMEOUT_DEFAULT,
        }
    }
}

impl EventSourceMapping {
    /// What Lambda makes of it.
    ///
    /// # Errors
    ///
    /// Everything that Lambda refuses.
    pub fn settings(&self, queue: &Queue) -> Result<Settings, Vec<SettingsError>> {
        let request = MappingRequest {
            queue_type: if queue.is_fifo() {
                QueueType::Fifo
            } else {
                QueueType::Standard
            },
            batch_size: Some(self.batch_size.into()),
            maximum_batching_window: i64::try_from(self.maximum_batching_window.as_secs()).ok(),
            maximum_concurrency: Some(self.invocations().into()),
            provisioned: None,
            response_type: if self.report_batch_item_failures {
                ResponseType::BatchItemFailures
            } else {
                ResponseType::Ignored
            },
        };
        request.check(Timeouts {
            function: self.timeout,
            visibility: queue.visibility_timeout,
        })
    }

    /// How many invocations there can be at the same time.
    #[must_use]
    pub fn invocations(&self) -> u32 {
        self.maximum_concurrency.unwrap_or(limits::INVOCATIONS)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_batch(size: &u32) -> bool {
    *size == lambda_limits::BATCH_SIZE_DEFAULT
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_timeout(length: &SimDuration) -> bool {
    *length == lambda_limits::FUNCTION_TIMEOUT_DEFAULT
}
