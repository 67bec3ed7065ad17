//! The delivery policy of SNS for queues: each row is played by a topic whose queue answers as
//! the row says.

use broker_lab_core::sns::{
    DeliveryAnswer, Effect, FilterPolicy, FilterPolicyScope, PublishRequest, QueueKind,
    Subscription, Topic, TopicAttributes, retry,
};
use broker_lab_core::sqs::content::MessageAttribute;
use broker_lab_core::{QueueId, SimDuration, SimTime};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Stop;
use super::tables::{Case, read};

const QUEUE: QueueId = QueueId(0);
const DEAD_LETTER_QUEUE: QueueId = QueueId(1);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    queue_out_of_reach: Option<bool>,
    first: Option<u32>,
    attempt: Option<u32>,
    attempts_failed: Option<u32>,
    subscription_dead_letter_queue: bool,
    error: Option<Fault>,
    filter_policy_matches: Option<bool>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
enum Fault {
    #[serde(rename = "client side")]
    Client,
    #[serde(rename = "server side")]
    Server,
}

pub(super) fn run(_section: &str, case: &Case) -> Result<(), Stop> {
    let given: Given = read(&case.given)?;
    let then: Map<String, Value> = read(&case.then)?;
    let came = deliver(&given);
    if then.is_empty() {
        return Err(Stop::skipped("the row says nothing"));
    }
    for (what, expected) in &then {
        let got = match what.as_str() {
            "immediate" => json!({
                "attempts": retry::IMMEDIATE_ATTEMPTS,
                "apart_s": apart(&came, 1..=retry::IMMEDIATE_ATTEMPTS)?,
            }),
            "pre_backoff" => {
                let from = retry::IMMEDIATE_ATTEMPTS + 1;
                let to = retry::IMMEDIATE_ATTEMPTS + retry::PRE_BACKOFF_ATTEMPTS;
                json!({
                    "attempts": retry::PRE_BACKOFF_ATTEMPTS,
                    "apart_s": apart(&came, from..=to)?,
                })
            }
            "backoff" => backoff(&came)?,
            "post_backoff" => {
                let from = retry::ATTEMPTS - retry::POST_BACKOFF_ATTEMPTS + 1;
                json!({
                    "attempts": retry::POST_BACKOFF_ATTEMPTS,
                    "apart_s": apart(&came, from..=retry::ATTEMPTS)?,
                })
            }
            "attempts" => json!(came.pauses.len()),
            "seconds_since_the_one_before" => match (given.first, given.attempt) {
                (Some(first), None) => {
                    let pauses = (1..=first).map(|attempt| pause(&came, attempt).map(seconds));
                    json!(pauses.collect::<Result<Vec<_>, _>>()?)
                }
                (None, Some(attempt)) => seconds(pause(&came, attempt)?),
                _ => return Err(Stop::skipped("which attempts are meant is not said")),
            },
            "message" => json!(came.end),
            _ => return Err(Stop::skipped(format!("not known to the runner: {what}"))),
        };
        if got != *expected {
            return Err(Stop::failed(format!("{what} {expected}"), got.to_string()));
        }
    }
    Ok(())
}

/// What became of a message.
struct Came {
    /// For each attempt how long after the one before it was made.
    pauses: Vec<SimDuration>,
    end: &'static str,
}

fn deliver(given: &Given) -> Came {
    let mut topic = Topic::<&str>::new(TopicAttributes::default());
    let policy = given.filter_policy_matches.map(|matches| {
        let wanted = if matches { "books" } else { "toys" };
        let policy = json!({ "store": [wanted] }).to_string();
        FilterPolicy::read(FilterPolicyScope::MessageAttributes, &policy)
    });
    let subscription = Subscription {
        filter_policy: policy.and_then(Result::ok),
        dead_letter_queue: given
            .subscription_dead_letter_queue
            .then_some(DEAD_LETTER_QUEUE),
        ..Subscription::new(QUEUE, QueueKind::Standard)
    };
    let mut effects = Vec::new();
    let attributes = [MessageAttribute::string("store", "books")];
    let request = PublishRequest {
        message: "order 1",
        attributes: &attributes,
        message_group_id: None,
        message_deduplication_id: None,
        content_id: None,
    };
    let mut now = SimTime::ZERO;
    let subscribed = topic.subscribe(subscription).map(|_| ());
    let published = topic.publish(now, &request, &mut effects).map(|_| ());
    if subscribed.is_err() || published.is_err() {
        effects.clear();
    }
    let (mut pauses, mut last) = (Vec::new(), now);
    loop {
        for effect in std::mem::take(&mut effects) {
            let end = match effect {
                Effect::Attempt { id, attempt, .. } => {
                    pauses.push(now.since(last));
                    last = now;
                    let answer = given.answer(attempt);
                    topic.answer(now, (id, answer), &mut effects);
                    match answer {
                        DeliveryAnswer::Delivered => "delivered",
                        DeliveryAnswer::ServerError | DeliveryAnswer::ClientError => continue,
                    }
                }
                Effect::FilteredOut { .. } => "not delivered",
                Effect::DeadLettered { to, .. } if to == DEAD_LETTER_QUEUE => {
                    "in the subscription's dead-letter queue"
                }
                Effect::DeadLettered { .. } => "in another queue",
                Effect::Discarded { .. } => "discarded",
            };
            return Came { pauses, end };
        }
        if effects.is_empty() {
            match topic.next_timeout() {
                Some(next) => now = next,
                None => {
                    let end = "nowhere";
                    return Came { pauses, end };
                }
            }
            topic.advance(now, &mut effects);
        }
    }
}

impl Given {
    /// What the queue answers. A row that asks when attempts are made has a queue that never
    /// answers well.
    fn answer(&self, attempt: u32) -> DeliveryAnswer {
        let fails = match self.attempts_failed {
            Some(failed) => attempt <= failed,
            None => self.queue_out_of_reach != Some(false) && self.filter_policy_matches.is_none(),
        };
        match (self.error, fails) {
            (Some(Fault::Client), _) => DeliveryAnswer::ClientError,
            (Some(Fault::Server), _) | (None, true) => DeliveryAnswer::ServerError,
            (None, false) => DeliveryAnswer::Delivered,
        }
    }
}

fn pause(came: &Came, attempt: u32) -> Result<SimDuration, Stop> {
    let place = usize::try_from(attempt)
        .unwrap_or(usize::MAX)
        .checked_sub(1);
    let pause = place.and_then(|place| came.pauses.get(place)).copied();
    pause.ok_or_else(|| Stop::failed(format!("attempt {attempt}"), came.pauses.len().to_string()))
}

/// The pause before each of these attempts.
fn apart(came: &Came, mut attempts: std::ops::RangeInclusive<u32>) -> Result<Value, Stop> {
    let first = pause(came, *attempts.start())?;
    match attempts.find(|attempt| pause(came, *attempt).ok() != Some(first)) {
        None => Ok(seconds(first)),
        Some(attempt) => Err(Stop::failed(
            format!("attempt {attempt} like those before"),
            "another pause",
        )),
    }
}

/// The ends of the back-off, and how it grows between them.
fn backoff(came: &Came) -> Result<Value, Stop> {
    let from = retry::IMMEDIATE_ATTEMPTS + retry::PRE_BACKOFF_ATTEMPTS + 1;
    let to = from + retry::BACKOFF_ATTEMPTS - 1;
    let pauses = (from..=to).map(|attempt| pause(came, attempt));
    let pauses: Vec<SimDuration> = pauses.collect::<Result<_, _>>()?;
    let millis = |place: usize| u128::from(pauses[place].as_millis());
    // The same factor from each to the next, to within a hundredth.
    let grows = (1..pauses.len() - 1).all(|place| {
        let (square, product) = (
            millis(place) * millis(place),
            millis(place - 1) * millis(place + 1),
        );
        square.abs_diff(product) * 100 < square && millis(place) > millis(place - 1)
    });
    Ok(json!({
        "attempts": pauses.len(),
        "from_s": seconds(pauses[0]),
        "to_s": seconds(pauses[pauses.len() - 1]),
        "grows": if grows { "exponentially" } else { "otherwise" },
    }))
}

/// Whole seconds as a whole number.
fn seconds(duration: SimDuration) -> Value {
    match duration.as_millis() {
        whole if whole.is_multiple_of(1_000) => json!(whole / 1_000),
        millis => json!(millis as f64 / 1_000.0),
    }
}
