//! A queue: its attributes under SQS's own names, and what can be changed while it is used.

use broker_lab_core::cast::QueueKind;
use broker_lab_core::metrics::QueueMetrics;
use broker_lab_core::sns::DeliveryForm;
use broker_lab_core::trace::MoveTaskEnd;
use broker_lab_core::world::{LaneWorld, MoveTaskWorld, QueueWorld};
use broker_lab_core::{LaneId, QueueId, SimDuration};
use yew::prelude::{Callback, Event, FocusEvent, Html, TargetCast as _, html};

use super::click::edits;
use super::inspect::Props;
use super::metrics::{counts, list};
use crate::lab::{Edit, Lab};
use crate::player::PlayerCommand;
use crate::stage::words;

/// What a queue's page shows.
struct Page {
    name: String,
    kind: &'static str,
    world: QueueWorld,
    target: Option<String>,
    /// The queues whose dead letters it holds.
    sources: Vec<String>,
    counts: QueueMetrics,
    /// In which form a topic brings messages to it, if one does.
    form: Option<DeliveryForm>,
}

fn page(lab: &Lab, lane: LaneId, queue: QueueId) -> Option<Page> {
    lab.with_world(|run, world, now| {
        let cast = run.cast().lane(lane)?;
        let LaneWorld::Sqs(sqs) = world.lanes.get(lane.index())? else {
            return None;
        };
        let world = *sqs.queues.get(queue.index())?;
        let key_of = |message| run.trace().message(message).and_then(|m| m.key);
        let name = cast.queue(queue).to_owned();
        let is_source = |(_, other): &(&String, &QueueWorld)| {
            other
                .redrive_policy
                .is_some_and(|(target, _)| target == queue)
        };
        let sources = cast.places.iter().zip(&sqs.queues).filter(is_source);
        Some(Page {
            kind: match world.kind {
                QueueKind::Fifo => "FIFO queue",
                QueueKind::Standard => "standard queue",
            },
            name,
            world,
            target: world
                .redrive_policy
                .map(|(target, _)| cast.queue(target).to_owned()),
            sources: sources.map(|(name, _)| name.clone()).collect(),
            counts: QueueMetrics::of(sqs, (queue, now), key_of),
            form: cast.form(queue),
        })
    })
}

pub(super) fn of_queue(props: &Props<'_>, lane: LaneId, queue: QueueId) -> Html {
    let Some(page) = page(props.lab, lane, queue) else {
        return html! { <p class="hint">{ "It does not exist in the present run." }</p> };
    };
    let mut fields = Vec::new();
    if let Some(target) = &page.target {
        fields.push(("deadLetterTarget", target.clone()));
    }
    if !page.sources.is_empty() {
        fields.push(("dead letters of", words::list(&page.sources)));
    }
    fields.extend(counts("ApproximateNumberOfMessages", &page.counts));
    fields.push(("expired", page.world.expired.to_string()));
    if page.world.kind == QueueKind::Fifo {
        fields.push(("RequestThrottled", page.world.throttled.to_string()));
    }
    if let Some(form) = page.form {
        let its = page.world.deliveries;
        let raw = (form == DeliveryForm::Raw).to_string();
        fields.extend([
            ("RawMessageDelivery", raw),
            ("tried again by SNS", its.retrying.to_string()),
            ("NumberOfNotificationsFailed", its.given_up.to_string()),
        ]);
    }
    html! {
        <div class="inspect" data-queue-page={page.name.clone()}>
            <h3>{ &page.name }<span class="dim">{ format!(" · {}", page.kind) }</span></h3>
            <p class="acts">
                <button class="btn" onclick={edits(props.lab, Edit::Purge(page.name.clone()))} title="PurgeQueue: everything in it is deleted, in flight and delayed too">{ "Purge" }</button>
                { if page.sources.is_empty() { Html::default() } else { move_task(props, &page) } }
                { for page.form.map(|_| deliveries(props, &page)) }
            </p>
            <h4>{ "Attributes that can be changed" }</h4>
            <div class="settings">
                { for settings(&page).into_iter().map(|setting| field(props, &page.name, setting)) }
                { for choices(&page).into_iter().map(|choice| select(props, &page.name, choice)) }
            </div>
            { list("counts", fields) }
            if let Some(task) = page.world.move_task {
                <p>{ task_in_words(task) }</p>
            }
            <p class="hint">{ "A change holds at once here; on AWS within 60 s, of the retention period within 15 minutes. The counts are approximate on AWS and exact here." }</p>
        </div>
    }
}

/// What a person can do to the deliveries of its topic.
fn deliveries(props: &Props<'_>, page: &Page) -> Html {
    let queue = page.name.clone();
    let (verb, edit, title) = if page.world.deliveries.is_denied {
        (
            "Let SNS in",
            Edit::Allow(queue.clone()),
            "The queue's access policy lets the topic send to it again",
        )
    } else {
        (
            "Keep SNS out",
            Edit::Deny(queue.clone()),
            "The queue's access policy does not let the topic send to it: a client-side error, which SNS does not try again",
        )
    };
    let outage = Edit::Unreachable { queue, seconds: 10 };
    html! {
        <>
            <button class="btn" onclick={edits(props.lab, edit)} {title}>{ verb }</button>
            <button class="btn" onclick={edits(props.lab, outage)} title="For 10 s SNS cannot reach the queue: server-side errors, which SNS tries again">{ "Outage, 10 s" }</button>
        </>
    }
}

/// How a move task stands.
fn task_in_words(task: MoveTaskWorld) -> String {
    let status = match task.end {
        None => "RUNNING",
        Some(MoveTaskEnd::Completed) => "COMPLETED",
        Some(MoveTaskEnd::Cancelled) => "CANCELLED",
        Some(MoveTaskEnd::Failed) => "FAILED",
    };
    let rate = match task.rate {
        0 => String::new(),
        rate => format!(", at most {rate}/s"),
    };
    let since = words::clock(task.started_at);
    format!(
        "Move task {status}: {} moved since {since}{rate}.",
        task.moved
    )
}

/// The way back of dead letters.
fn move_task(props: &Props<'_>, page: &Page) -> Html {
    let source = page.name.clone();
    match page.world.move_task {
        Some(task) if task.end.is_none() => html! {
            <button class="btn" onclick={edits(props.lab, Edit::CancelMoveTask(source))} title="CancelMessageMoveTask: what has moved stays moved">{ format!("Stop, {} moved", task.moved) }</button>
        },
        _ => html! {
            { for [1, 10].map(|rate| html! {
                <button class="btn" onclick={edits(props.lab, Edit::StartMoveTask { source: source.clone(), rate })} title="StartMessageMoveTask: each goes back to its source as a new message, counted from 0">{ format!("Move back, {rate}/s") }</button>
            }) }
        },
    }
}

/// An attribute that can be changed.
struct Setting {
    /// As SQS calls it.
    name: &'static str,
    /// As a scenario calls it.
    attribute: &'static str,
    unit: &'static str,
    value: u64,
    /// What comes before and after the number in a scenario.
    around: (String, &'static str),
}

fn settings(page: &Page) -> Vec<Setting> {
    let queue = &page.world;
    let time = |name, attribute, value: SimDuration| Setting {
        name,
        attribute,
        unit: "s",
        value: value.as_millis() / 1_000,
        around: (String::from("\""), "s\""),
    };
    let mut settings = vec![
        time(
            "VisibilityTimeout",
            "visibility_timeout",
            queue.visibility_timeout,
        ),
        time("DelaySeconds", "delay", queue.delay),
        time(
            "MessageRetentionPeriod",
            "message_retention_period",
            queue.message_retention_period,
        ),
        time(
            "ReceiveMessageWaitTimeSeconds",
            "receive_message_wait_time",
            queue.receive_message_wait_time,
        ),
        Setting {
            name: "MaximumMessageSize",
            attribute: "maximum_message_size",
            unit: "bytes",
            value: queue.maximum_message_size.into(),
            around: (String::new(), ""),
        },
    ];
    if let (Some(target), Some((_, count))) = (&page.target, queue.redrive_policy) {
        settings.push(Setting {
            name: "maxReceiveCount",
            attribute: "redrive_policy",
            unit: "receives",
            value: count.into(),
            around: (
                format!("{{\"dead_letter_target\":\"{target}\",\"max_receive_count\":"),
                "}",
            ),
        });
    }
    settings
}

fn field(props: &Props<'_>, queue: &str, setting: Setting) -> Html {
    let Setting {
        name,
        attribute,
        unit,
        value,
        around: (before, after),
    } = setting;
    // Whatever is no whole number is no JSON either: it is refused in words.
    let onchange = sets(props, (queue, attribute), move |event| {
        let input: web_sys::HtmlInputElement = event.target_unchecked_into();
        format!("{before}{}{after}", input.value())
    });
    // Who writes holds the run: each moment of it would write the value of now over the field.
    let onfocus = {
        let lab = props.lab.clone();
        Callback::from(move |_: FocusEvent| lab.play(PlayerCommand::Pause))
    };
    html! {
        <label key={name}><span>{ name }</span><input type="number" min="0" value={value.to_string()} {onchange} {onfocus} /><span>{ unit }</span></label>
    }
}

/// Gives an attribute the JSON value that `read` takes from a field that was changed.
fn sets(
    props: &Props<'_>,
    (queue, attribute): (&str, &'static str),
    read: impl Fn(Event) -> String + 'static,
) -> Callback<Event> {
    let (lab, queue) = (props.lab.clone(), queue.to_owned());
    Callback::from(move |event| {
        lab.edit(&Edit::SetQueueAttribute {
            queue: queue.clone(),
            attribute,
            value: read(event),
        });
    })
}

/// An attribute that is one of a few words: how SQS and how a scenario call it, the words with
/// their JSON, and which of them it is.
type Choice = (
    (&'static str, &'static str),
    Vec<(&'static str, String)>,
    usize,
);

fn choices(page: &Page) -> Vec<Choice> {
    let now = page.world.choices;
    let text = |word: &str| format!("\"{word}\"");
    let permission = |word: &str| format!("{{\"redrive_permission\":\"{word}\"}}");
    let sources: Vec<String> = page.sources.iter().map(|name| text(name)).collect();
    let by_queue = format!(
        "{{\"redrive_permission\":\"by_queue\",\"source_queues\":[{}]}}",
        sources.join(",")
    );
    let mut choices = vec![(
        ("RedriveAllowPolicy", "redrive_allow_policy"),
        vec![
            ("allowAll", permission("allow_all")),
            ("denyAll", permission("deny_all")),
            ("byQueue: its present sources", by_queue),
        ],
        now.redrive_permission as usize,
    )];
    if page.world.kind == QueueKind::Fifo {
        choices.extend([
            (
                ("ContentBasedDeduplication", "content_based_deduplication"),
                vec![
                    ("false", String::from("false")),
                    ("true", String::from("true")),
                ],
                usize::from(now.content_based_deduplication),
            ),
            (
                ("DeduplicationScope", "deduplication_scope"),
                vec![
                    ("queue", text("queue")),
                    ("messageGroup", text("message_group")),
                ],
                now.deduplication_scope as usize,
            ),
            (
                ("FifoThroughputLimit", "fifo_throughput_limit"),
                vec![
                    ("perQueue", text("per_queue")),
                    ("perMessageGroupId", text("per_message_group_id")),
                ],
                now.fifo_throughput_limit as usize,
            ),
        ]);
    }
    choices
}

fn select(props: &Props<'_>, queue: &str, ((name, attribute), words, now): Choice) -> Html {
    let onchange = sets(props, (queue, attribute), |event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        select.value()
    });
    let option = |(n, (word, value)): (usize, (&str, String))| html! { <option key={n} {value} selected={n == now}>{ word }</option> };
    html! {
        <label key={name}><span>{ name }</span><select {onchange}>{ for words.into_iter().enumerate().map(option) }</select></label>
    }
}
