//! The settings of a mapping: what is asked for, what is accepted, what is advised.

use std::ops::RangeInclusive;

use super::limits;
use super::response::ResponseType;
use crate::sqs::ErrorCode;
use crate::time::SimDuration;

/// The type of the queue that is polled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueType {
    /// At least once, best-effort order.
    #[default]
    Standard,
    /// In order per message group.
    Fifo,
}

/// CreateEventSourceMapping as a client writes it, with what it is checked against. `None`: left
/// out. CreateEventSourceMapping (API).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MappingRequest {
    /// The queue's type.
    pub queue_type: QueueType,
    /// BatchSize: messages of one invocation.
    pub batch_size: Option<i64>,
    /// MaximumBatchingWindowInSeconds: how long messages are gathered.
    pub maximum_batching_window: Option<i64>,
    /// ScalingConfig MaximumConcurrency.
    pub maximum_concurrency: Option<i64>,
    /// ProvisionedPollerConfig, which switches provisioned mode on.
    pub provisioned: Option<ProvisionedRequest>,
    /// FunctionResponseTypes.
    pub response_type: ResponseType,
}

/// ProvisionedPollerConfig as a client writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProvisionedRequest {
    /// MinimumPollers.
    pub minimum_pollers: Option<i64>,
    /// MaximumPollers.
    pub maximum_pollers: Option<i64>,
}

/// The timeouts that have to fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// How long the function may take.
    pub function: SimDuration,
    /// The queue's VisibilityTimeout.
    pub visibility: SimDuration,
}

impl Default for Timeouts {
    /// A function and a queue that name none.
    fn default() -> Self {
        Self {
            function: limits::FUNCTION_TIMEOUT_DEFAULT,
            visibility: crate::sqs::limits::VISIBILITY_TIMEOUT_DEFAULT,
        }
    }
}

/// The settings of a mapping, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The queue's type.
    pub queue_type: QueueType,
    /// BatchSize.
    pub batch_size: u32,
    /// MaximumBatchingWindowInSeconds; zero: what one receive gives is a batch.
    pub window: SimDuration,
    /// How it scales.
    pub pollers: Pollers,
    /// Whether it looks at what the function returns.
    pub response_type: ResponseType,
    /// How long the function may take.
    pub function_timeout: SimDuration,
    /// How many invocations at the same time whoever runs the mapping has room for, beside what
    /// Lambda allows; any number unless said.
    pub room: u32,
}

impl SettingsError {
    /// The name of the error, which is Lambda's.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        ErrorCode::InvalidParameterValueException
    }
}

/// How a mapping scales. Maximum concurrency and provisioned mode exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pollers {
    /// As Lambda sees fit.
    Automatic,
    /// At most so many invocations at the same time.
    MaximumConcurrency(u32),
    /// Provisioned mode: from so many pollers to so many.
    Provisioned {
        /// MinimumPollers.
        minimum: u32,
        /// MaximumPollers.
        maximum: u32,
    },
}

/// What is wrong with a mapping: all of it is InvalidParameterValueException.
/// CreateEventSourceMapping (API); Configuring an SQS event source mapping (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// BatchSize.
    #[error("BatchSize {value} is not in 1..={most}")]
    BatchSize {
        /// What was asked for.
        value: i64,
        /// 10,000, for FIFO queues 10.
        most: u32,
    },
    /// MaximumBatchingWindowInSeconds.
    #[error("MaximumBatchingWindowInSeconds {0} is not in 0..=300")]
    Window(i64),
    /// A FIFO queue has none.
    #[error("a mapping of a FIFO queue has no batching window")]
    WindowOnFifo,
    /// A batch of more than one receive has to be gathered.
    #[error("a BatchSize over 10 needs a MaximumBatchingWindowInSeconds of at least 1")]
    LargeBatchWithoutWindow,
    /// MaximumConcurrency.
    #[error("MaximumConcurrency {0} is not in 2..=1000")]
    MaximumConcurrency(i64),
    /// MinimumPollers.
    #[error("MinimumPollers {0} is not in 2..=200")]
    MinimumPollers(i64),
    /// MaximumPollers.
    #[error("MaximumPollers {0} is not in 2..=10000")]
    MaximumPollers(i64),
    /// No reference names it, but there is no number between the two.
    #[error("MinimumPollers is over MaximumPollers")]
    PollersCrossed,
    /// Both were asked for.
    #[error("MaximumConcurrency and provisioned mode exclude each other")]
    ConcurrencyAndProvisioned,
    /// No function has such a timeout.
    #[error("a function's timeout is 1 to 900 seconds")]
    FunctionTimeout,
    /// The messages of a slow function would come back while it works.
    #[error("the function's timeout is over the queue's VisibilityTimeout")]
    FunctionTimeoutOverVisibility,
}

impl MappingRequest {
    /// Checks it against the timeouts of the function and the queue.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn check(&self, timeouts: Timeouts) -> Result<Settings, Vec<SettingsError>> {
        let mut faults = Vec::new();
        let mut keep = |checked: Result<(), SettingsError>| faults.extend(checked.err());
        let (mut batch_size, mut window) = (limits::BATCH_SIZE_DEFAULT, limits::WINDOW_DEFAULT);
        keep(self.check_batch_size().map(|checked| batch_size = checked));
        keep(self.check_window().map(|checked| window = checked));
        if batch_size > limits::BATCH_SIZE_WITHOUT_WINDOW
            && !limits::WINDOW_OF_LARGE_BATCHES.contains(&window)
        {
            keep(Err(SettingsError::LargeBatchWithoutWindow));
        }
        let mut pollers = Pollers::Automatic;
        keep(self.check_pollers().map(|checked| pollers = checked));
        if !limits::FUNCTION_TIMEOUT.contains(&timeouts.function) {
            keep(Err(SettingsError::FunctionTimeout));
        }
        if timeouts.function > timeouts.visibility {
            keep(Err(SettingsError::FunctionTimeoutOverVisibility));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Settings {
            queue_type: self.queue_type,
            batch_size,
            window,
            pollers,
            response_type: self.response_type,
            function_timeout: timeouts.function,
            room: u32::MAX,
        })
    }

    fn check_batch_size(&self) -> Result<u32, SettingsError> {
        let range = match self.queue_type {
            QueueType::Standard => limits::BATCH_SIZE,
            QueueType::Fifo => limits::BATCH_SIZE_FIFO,
        };
        let value = self
            .batch_size
            .unwrap_or_else(|| limits::BATCH_SIZE_DEFAULT.into());
        let most = *range.end();
        within(&range, value).ok_or(SettingsError::BatchSize { value, most })
    }

    fn check_window(&self) -> Result<SimDuration, SettingsError> {
        let Some(value) = self.maximum_batching_window else {
            return Ok(limits::WINDOW_DEFAULT);
        };
        let window = u64::try_from(value).map(SimDuration::from_secs).ok();
        let window = window.filter(|window| limits::WINDOW.contains(window));
        let window = window.ok_or(SettingsError::Window(value))?;
        if self.queue_type == QueueType::Fifo && window > SimDuration::ZERO {
            return Err(SettingsError::WindowOnFifo);
        }
        Ok(window)
    }

    fn check_pollers(&self) -> Result<Pollers, SettingsError> {
        let concurrency = self.maximum_concurrency.map(|value| {
            let checked = within(&limits::MAXIMUM_CONCURRENCY, value);
            checked.ok_or(SettingsError::MaximumConcurrency(value))
        });
        let concurrency = concurrency.transpose()?;
        match (concurrency, self.provisioned) {
            (None, None) => Ok(Pollers::Automatic),
            (Some(most), None) => Ok(Pollers::MaximumConcurrency(most)),
            (None, Some(provisioned)) => provisioned.check(),
            (Some(_), Some(_)) => Err(SettingsError::ConcurrencyAndProvisioned),
        }
    }
}

impl ProvisionedRequest {
    fn check(self) -> Result<Pollers, SettingsError> {
        let minimum = self.minimum_pollers;
        let minimum = minimum.unwrap_or_else(|| limits::MINIMUM_POLLERS_DEFAULT.into());
        let minimum = within(&limits::MINIMUM_POLLERS, minimum)
            .ok_or(SettingsError::MinimumPollers(minimum))?;
        let maximum = self.maximum_pollers;
        let maximum = maximum.unwrap_or_else(|| limits::MAXIMUM_POLLERS_DEFAULT.into());
        let maximum = within(&limits::MAXIMUM_POLLERS, maximum)
            .ok_or(SettingsError::MaximumPollers(maximum))?;
        if minimum > maximum {
            return Err(SettingsError::PollersCrossed);
        }
        Ok(Pollers::Provisioned { minimum, maximum })
    }
}

fn within(range: &RangeInclusive<u32>, value: i64) -> Option<u32> {
    let value = u32::try_from(value).ok();
    value.filter(|value| range.contains(value))
}

/// What Lambda accepts and advises against. Configuring an SQS queue to use with Lambda (DG).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// VisibilityTimeout should be at least six times the function's timeout and the window.
    LongerVisibility {
        /// The least that is advised.
        at_least: SimDuration,
    },
    /// maxReceiveCount of the queue's redrive policy should be at least 5, so that throttling
    /// does not bury good messages.
    MoreReceives,
}

/// What is advised against in a mapping. `max_receive_count` is the redrive policy's; `None`: the
/// queue has no policy.
#[must_use]
pub fn advice(
    settings: &Settings,
    visibility_timeout: SimDuration,
    max_receive_count: Option<u32>,
) -> Vec<Advice> {
    let mut advice = Vec::new();
    let at_least = settings
        .function_timeout
        .times(limits::ADVISED_VISIBILITY_TIMES)
        + settings.window;
    if visibility_timeout < at_least {
        advice.push(Advice::LongerVisibility { at_least });
    }
    if max_receive_count.is_some_and(|count| count < limits::ADVISED_MAX_RECEIVE_COUNT) {
        advice.push(Advice::MoreReceives);
    }
    advice
}
