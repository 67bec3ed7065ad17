//! A run in a few lines.

use std::fmt::Write as _;

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::metrics::Metrics;
use broker_lab_core::trace::TraceHash;
use broker_lab_core::{LaneCast, LaneId, LaneKind, Run, SimTime, Stop};

use super::trace_line;

/// What came of a run that has ended.
pub(super) fn of(run: &Run) -> String {
    let mut text = String::new();
    let end = run.simulated_until();
    let world = run.world_at(end);
    for ((n, lane), world) in (0..).zip(&run.cast().lanes).zip(&world.lanes) {
        let id = LaneId(n);
        let events = run.trace().iter().filter(|event| event.lane == id).count();
        line(
            &mut text,
            format_args!("lane {} ({})", lane.name, system(lane)),
        );
        line(&mut text, format_args!("  events      {events}"));
        line(&mut text, format_args!("  ended       {}", stop(run)));
        line(
            &mut text,
            format_args!("  metrics     {}", metrics(lane, &Metrics::of(world))),
        );
        let concern = Guarantee::ALL.into_iter().filter(|g| g.concerns(lane));
        for guarantee in concern {
            let verdict = verdict(run, id, guarantee);
            line(
                &mut text,
                format_args!("  guarantee   {}: {verdict}", name(guarantee)),
            );
        }
    }
    let hash = TraceHash::of(run.trace());
    line(
        &mut text,
        format_args!("trace {hash}, {} events", run.trace().len()),
    );
    text
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    writeln!(text, "{words}").unwrap_or_default();
}

const fn system(lane: &LaneCast) -> &'static str {
    match lane.kind {
        LaneKind::Sqs => "SQS",
        LaneKind::Kafka => "Kafka",
    }
}

fn stop(run: &Run) -> String {
    let at = seconds(run.simulated_until());
    match run.stop() {
        Some(Stop::Horizon) => format!("at {at}, the horizon"),
        Some(Stop::Limit) => format!("at {at}, at the limit of events or steps"),
        None => format!("at {at}, unfinished"),
    }
}

fn metrics(lane: &LaneCast, metrics: &Metrics) -> String {
    let Metrics {
        sent,
        deliveries,
        processed,
        processed_again,
        waiting,
        in_flight,
        lag,
    } = metrics;
    let left = match lane.kind {
        LaneKind::Sqs => format!("waiting {waiting}, in flight {in_flight}"),
        LaneKind::Kafka => format!("lag {lag}"),
    };
    format!(
        "sent {sent}, deliveries {deliveries}, processed {processed}, \
         processed again {processed_again}, {left}"
    )
}

const fn name(guarantee: Guarantee) -> &'static str {
    match guarantee {
        Guarantee::NothingLost => "nothing lost",
        Guarantee::ProcessedOnce => "processed once",
        Guarantee::OrderPerKey => "order per key",
        Guarantee::OneConsumer => "one consumer",
        Guarantee::NoDuplicateSends => "no duplicate sends",
        Guarantee::EveryTeam => "every team",
    }
}

fn verdict(run: &Run, lane: LaneId, guarantee: Guarantee) -> String {
    let end = run.simulated_until();
    match run.guarantees().verdict(lane, guarantee, end) {
        Verdict::SoFar => String::from("kept so far"),
        Verdict::Kept => String::from("kept"),
        Verdict::SetAside { messages } => format!("kept, with {messages} set aside"),
        Verdict::Broken { event, at } => {
            let what = run.trace().get(event);
            let what = what.map(|event| trace_line::of(event, run));
            let what = what.unwrap_or_default();
            format!("broken at {} by event {event}: {what}", seconds(at))
        }
    }
}

fn seconds(at: SimTime) -> String {
    let micros = at.as_micros();
    format!("{}.{:06} s", micros / 1_000_000, micros % 1_000_000)
}
