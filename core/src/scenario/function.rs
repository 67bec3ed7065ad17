//! Lambda's event source mapping for SQS as it is written.

use serde::Serialize;

use super::document::is_default;
use super::{Queue, limits};
use crate::lambda::limits as lambda_limits;
use crate::lambda::response::ResponseType;
use crate::lambda::settings::{
    MappingRequest, ProvisionedRequest, QueueType, Settings, SettingsError, Timeouts,
};
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
    /// ProvisionedPollerConfig: pollers that are there before there is a backlog. Not together
    /// with a maximum concurrency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_poller_config: Option<ProvisionedPollerConfig>,
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

/// Provisioned mode. Each poller runs up to ten invocations at the same time. SQS scaling (Lambda
/// DG); ProvisionedPollerConfig (Lambda API).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionedPollerConfig {
    /// MinimumPollers.
    #[serde(skip_serializing_if = "is_default_minimum")]
    pub minimum_pollers: u32,
    /// MaximumPollers. Here the function runs [`limits::PROVISIONED_INVOCATIONS`] times at the
    /// same time at most.
    #[serde(skip_serializing_if = "is_default_maximum")]
    pub maximum_pollers: u32,
}

impl Default for ProvisionedPollerConfig {
    fn default() -> Self {
        Self {
            minimum_pollers: lambda_limits::MINIMUM_POLLERS_DEFAULT,
            maximum_pollers: lambda_limits::MAXIMUM_POLLERS_DEFAULT,
        }
    }
}

impl Default for EventSourceMapping {
    fn default() -> Self {
        Self {
            function_name: String::new(),
            queue: String::new(),
            batch_size: lambda_limits::BATCH_SIZE_DEFAULT,
            maximum_batching_window: SimDuration::ZERO,
            maximum_concurrency: None,
            provisioned_poller_config: None,
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
            maximum_concurrency: self.maximum_concurrency.map(Into::into),
            provisioned: self
                .provisioned_poller_config
                .as_ref()
                .map(|config| ProvisionedRequest {
                    minimum_pollers: Some(config.minimum_pollers.into()),
                    maximum_pollers: Some(config.maximum_pollers.into()),
                }),
            response_type: if self.report_batch_item_failures {
                ResponseType::BatchItemFailures
            } else {
                ResponseType::Ignored
            },
        };
        let settings = request.check(Timeouts {
            function: self.timeout,
            visibility: queue.visibility_timeout,
        });
        let room = self.invocations();
        settings.map(|settings| Settings { room, ..settings })
    }

    /// How many invocations there can be at the same time.
    #[must_use]
    pub fn invocations(&self) -> u32 {
        match (self.maximum_concurrency, &self.provisioned_poller_config) {
            (Some(most), _) => most,
            (None, Some(config)) => config
                .maximum_pollers
                .saturating_mul(lambda_limits::INVOCATIONS_PER_POLLER)
                .min(limits::PROVISIONED_INVOCATIONS),
            (None, None) => limits::INVOCATIONS,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_batch(size: &u32) -> bool {
    *size == lambda_limits::BATCH_SIZE_DEFAULT
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_minimum(pollers: &u32) -> bool {
    *pollers == lambda_limits::MINIMUM_POLLERS_DEFAULT
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_maximum(pollers: &u32) -> bool {
    *pollers == lambda_limits::MAXIMUM_POLLERS_DEFAULT
}

#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")
)]
fn is_default_timeout(length: &SimDuration) -> bool {
    *length == lambda_limits::FUNCTION_TIMEOUT_DEFAULT
}
