//! `table-lambda.json`: what becomes of batches, which mappings are accepted, how they scale and
//! when they invoke.

use broker_lab_core::lambda::response::{Answer, Ended, Fate, ResponseType, judge};
use broker_lab_core::lambda::settings::{
    MappingRequest, ProvisionedRequest, QueueType, Settings, Timeouts,
};
use broker_lab_core::lambda::{Because, Gathering, scaling};
use broker_lab_core::{SimDuration, SimTime};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Stop;
use super::tables::{Case, read};

/// Runs one case of the section `section`.
pub(super) fn run(section: &str, case: &Case) -> Result<(), Stop> {
    match section {
        "batch_response" => batch_response(case),
        "settings" => settings(case),
        "scaling" => scaling(case),
        "batching" => batching(case),
        _ => Err(Stop::skipped(format!("no section {section} is known"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    batch: Vec<String>,
    report_batch_item_failures: bool,
    function: Function,
}

/// How the function ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Function {
    Returns(Value),
    ReturnsText(String),
    Throws(bool),
    TimesOut(bool),
}

fn batch_response(case: &Case) -> Result<(), Stop> {
    let given: Ending = read(&case.given)?;
    let ended = match given.function {
        Function::Returns(value) => Ended::Returned(Answer::read(&value.to_string())),
        Function::ReturnsText(text) => Ended::Returned(Answer::read(&text)),
        Function::Throws(true) => Ended::Threw,
        Function::TimesOut(true) => Ended::TimedOut,
        Function::Throws(false) | Function::TimesOut(false) => {
            return Err(Stop::skipped("a function that does not end is not known"));
        }
    };
    let response_type = match given.report_batch_item_failures {
        true => ResponseType::BatchItemFailures,
        false => ResponseType::Ignored,
    };
    let verdict = judge(&given.batch, response_type, &ended);
    let with = |fate| {
        let judged = given.batch.iter().zip(&verdict.fates);
        let with = judged.filter(move |(_, is)| **is == fate);
        with.map(|(message, _)| message).collect::<Vec<_>>()
    };
    case.compare(json!({
        "deleted": with(Fate::Deleted),
        "visible_again_after_the_visibility_timeout": with(Fate::ComesBack),
    }))
}

/// The settings as the table writes them; what is not given has its default.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    fifo: bool,
    #[serde(rename = "BatchSize")]
    batch_size: Option<i64>,
    #[serde(rename = "MaximumBatchingWindowInSeconds")]
    window: Option<i64>,
    #[serde(rename = "MaximumConcurrency")]
    maximum_concurrency: Option<i64>,
    #[serde(rename = "MinimumPollers")]
    minimum_pollers: Option<i64>,
    #[serde(rename = "MaximumPollers")]
    maximum_pollers: Option<i64>,
    function_timeout: Option<u64>,
    #[serde(rename = "VisibilityTimeout")]
    visibility_timeout: Option<u64>,
}

impl Asked {
    fn check(&self) -> Option<Settings> {
        let (minimum_pollers, maximum_pollers) = (self.minimum_pollers, self.maximum_pollers);
        let is_provisioned = minimum_pollers.is_some() || maximum_pollers.is_some();
        let request = MappingRequest {
            queue_type: match self.fifo {
                true => QueueType::Fifo,
                false => QueueType::Standard,
            },
            batch_size: self.batch_size,
            maximum_batching_window: self.window,
            maximum_concurrency: self.maximum_concurrency,
            provisioned: is_provisioned.then_some(ProvisionedRequest {
                minimum_pollers,
                maximum_pollers,
            }),
            response_type: ResponseType::Ignored,
        };
        let default = Timeouts::default();
        let seconds = |given: Option<u64>| given.map(SimDuration::from_secs);
        let timeouts = Timeouts {
            function: seconds(self.function_timeout).unwrap_or(default.function),
            visibility: seconds(self.visibility_timeout).unwrap_or(default.visibility),
        };
        request.check(timeouts).ok()
    }
}

fn settings(case: &Case) -> Result<(), Stop> {
    let asked: Asked = read(&case.given)?;
    case.compare(json!({ "accepted": asked.check().is_some() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scaling {
    minutes_of_backlog: Option<u64>,
    active_message_groups: Option<u32>,
    #[serde(rename = "MaximumConcurrency")]
    maximum_concurrency: Option<i64>,
    #[serde(rename = "MinimumPollers")]
    minimum_pollers: Option<i64>,
    #[serde(rename = "MaximumPollers")]
    maximum_pollers: Option<i64>,
}

fn scaling(case: &Case) -> Result<(), Stop> {
    let given: Scaling = read(&case.given)?;
    let asked = Asked {
        fifo: given.active_message_groups.is_some(),
        maximum_concurrency: given.maximum_concurrency,
        minimum_pollers: given.minimum_pollers,
        maximum_pollers: given.maximum_pollers,
        ..Asked::default()
    };
    let settings = accepted(&asked)?;
    let most = match (given.minutes_of_backlog, given.active_message_groups) {
        (Some(minutes), None) => {
            scaling::most_concurrent(&settings, SimDuration::from_secs(60 * minutes))
        }
        (None, Some(groups)) => scaling::most_concurrent_fifo(&settings, groups),
        _ => return Err(Stop::skipped("minutes or message groups, one of them")),
    };
    case.compare(json!({ "concurrent_invocations_at_most": most }))
}

fn accepted(asked: &Asked) -> Result<Settings, Stop> {
    let refused = || Stop::failed("settings that are accepted", "refused");
    asked.check().ok_or_else(refused)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batching {
    #[serde(rename = "BatchSize")]
    batch_size: Option<i64>,
    #[serde(rename = "MaximumBatchingWindowInSeconds")]
    window: Option<i64>,
    first_message_opens_the_window: bool,
    messages: Vec<Arrival>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arrival {
    at_ms: u64,
    bytes: u64,
}

fn batching(case: &Case) -> Result<(), Stop> {
    let given: Batching = read(&case.given)?;
    if !given.first_message_opens_the_window {
        return Err(Stop::skipped("the first message opens the window"));
    }
    let settings = accepted(&Asked {
        batch_size: given.batch_size,
        window: given.window,
        ..Asked::default()
    })?;
    let (at, messages, because) = first_invocation(&settings, &given.messages)
        .ok_or_else(|| Stop::failed("an invocation", "none"))?;
    let because = match because {
        Because::BatchSize => "batch size",
        Because::Payload => "payload",
        Because::NoWindow => "no window",
        Because::Window => "window",
    };
    case.compare(json!({ "first_invocation": {
        "at_ms": at.as_millis(),
        "messages": messages,
        "because": because,
    }}))
}

/// When the first batch is closed, with how many messages and why. Messages of one moment come in
/// one receive.
fn first_invocation(
    settings: &Settings,
    arrivals: &[Arrival],
) -> Option<(SimTime, usize, Because)> {
    let mut gathering = Gathering::new(settings);
    for together in arrivals.chunk_by(|a, b| a.at_ms == b.at_ms) {
        let now = SimTime::from_millis(together[0].at_ms);
        if let Some(ends) = gathering.window_ends().filter(|ends| *ends <= now) {
            let because = gathering.ready(ends)?;
            return Some((ends, gathering.take().len(), because));
        }
        for arrival in together {
            gathering.push(now, (), arrival.bytes);
        }
        if let Some(because) = gathering.ready(now) {
            return Some((now, gathering.take().len(), because));
        }
    }
    let ends = gathering.window_ends()?;
    let because = gathering.ready(ends)?;
    Some((ends, gathering.take().len(), because))
}
