//! Time goes on, ends at the horizon, and brings the same work to every lane.

use std::collections::BTreeMap;

use broker_lab_core::SimTime;
use broker_lab_core::trace::What;

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
/// workload says everywhere, so many times over where a consumer was slowed down.
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
                let length = seen.trace.message(message).map(|message| message.takes.0);
                let length = length.map(|length| length * u32::from(times));
                if length != Some(takes.0) {
                    return Err(broken(index, event, format_args!("it takes {length:?}")));
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
