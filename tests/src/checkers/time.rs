//! Time goes on, ends at the horizon, and brings the same work to every lane.

use std::collections::BTreeMap;

use broker_lab_core::trace::{Millis, What};
use broker_lab_core::{ActorId, LaneId, MessageId, SimTime};

use super::{Seen, Verdict, broken};

/// The order of events in time never decreases, and nothing happens after the horizon.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn goes_on(seen: Seen<'_>) -> Verdict {
    let horizon = SimTime::ZERO + seen.scenario.horizon;
    let mut last = SimTime::ZERO;
    for (index, event) in seen.trace.iter().enumerate() {
        if event.at < last {
            return Err(broken(
                index,
                event,
                format_args!("the last one was at {last}"),
            ));
        }
        if event.at > horizon {
            return Err(broken(
                index,
                event,
                format_args!("the horizon is {horizon}"),
            ));
        }
        last = event.at;
    }
    Ok(())
}

/// A message is sent at the same moment in every lane, once, and work on it takes as long as the
/// workload says everywhere, but for consumers that are said to need their own time, and so many
/// times over where a consumer was slowed down.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn every_lane_gets_the_same_work(seen: Seen<'_>) -> Verdict {
    let mut sent = BTreeMap::new();
    let mut slow = BTreeMap::new();
    for (index, event) in seen.trace.iter().enumerate() {
        match event.what {
            What::Sent { message, .. } => {
                let lanes: &mut Vec<_> = sent.entry(message).or_default();
                if lanes
                    .iter()
                    .any(|(lane, at)| *lane == event.lane || *at != event.at)
                {
                    return Err(broken(
                        index,
                        event,
                        format_args!("was sent before: {lanes:?}"),
                    ));
                }
                lanes.push((event.lane, event.at));
            }
            What::Slowed { actor, times } => {
                slow.insert((event.lane, actor), times);
            }
            What::WorkStarted {
                actor,
                message,
                takes,
                ..
            } => {
                let times = slow.get(&(event.lane, actor)).copied().unwrap_or(1);
                let said = seen.trace.message(message).map(|message| message.takes);
                // What a member of a share group is said to hold on to; then what a consumer is
                // said to need of its own, but for what a rule says of the message.
                let lengths = [
                    hold(seen, event.lane, (actor, message)),
                    own(seen, event.lane, actor),
                    said,
                ];
                let mut lengths = lengths.into_iter().flatten();
                if lengths.all(|length| length.0 * u32::from(times) != takes.0) {
                    return Err(broken(index, event, format_args!("it takes {said:?}")));
                }
            }
            _ => {}
        }
    }
    let lanes = seen.cast.lanes.len();
    match sent.iter().find(|(_, sends)| sends.len() != lanes) {
        Some((message, sends)) => Err(format!("message {message:?} was sent to {sends:?} only")),
        None => Ok(()),
    }
}

/// How long the work of one consumer takes, if the document says so of it alone.
fn own(seen: Seen<'_>, lane: LaneId, actor: ActorId) -> Option<Millis> {
    let kafka = seen.scenario.lanes.get(lane.index())?.kafka.as_ref()?;
    let name = seen.cast.lane(lane)?.actor(actor);
    let mut named = kafka.groups.iter().flat_map(|group| &group.consumers);
    named
        .find(|consumer| consumer.name == name)?
        .takes
        .map(Millis::from)
}

/// How long a member of a share group holds on to a message, if the document says so.
fn hold(seen: Seen<'_>, lane: LaneId, (actor, message): (ActorId, MessageId)) -> Option<Millis> {
    let kafka = seen.scenario.lanes.get(lane.index())?.kafka.as_ref()?;
    let cast = seen.cast.lane(lane)?;
    let name = cast.group(cast.group_of(actor)?);
    let mut groups = kafka.share_groups.iter();
    let group = groups.find(|group| group.name == name)?;
    let mut outcomes = group.outcomes.iter();
    let outcome = outcomes.find(|it| it.message == message.0)?;
    outcome.hold.map(Millis::from)
}
