//! How long the partitions of a member that died stood still.

use broker_lab_core::{SimDuration, SimTime};

use super::deeds;
use super::facts::{Compared, Fact, Sides};
use super::shown::{GroupShown, Told};

/// The age of the last heartbeat, and the wait for the next poll, beside the session timeout: as
/// the recordings' notes reckon 2,400 to 4,300 ms for a session timeout of 3,000.
const EARLIER: SimDuration = SimDuration::from_millis(100);
const LATER: SimDuration = SimDuration::from_millis(800);
/// The same in the consumer protocol: 5,400 to 8,500 ms.
const MODERN_SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(6);
const MODERN_HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_millis(500);
const MODERN_LATER: SimDuration = SimDuration::from_millis(2_000);
/// Kafka's defaults, where a consumer does not set them.
const SESSION_TIMEOUT: SimDuration = SimDuration::from_secs(45);
const HEARTBEAT_INTERVAL: SimDuration = SimDuration::from_secs(3);

pub(super) fn compare(fact: &Fact, sides: Sides<'_>) -> Result<Compared, String> {
    let recorded = fact.value.as_u64().ok_or("its value is no number")?;
    let setting = |name| deeds::setting(sides.recording, sides.group, name);
    let is_modern = deeds::is_modern(sides.recording, sides.group);
    let (session, heartbeat, later) = if is_modern {
        // Of the recorded brokers; the next target may have to wait, and two heartbeats follow.
        (
            MODERN_SESSION_TIMEOUT,
            MODERN_HEARTBEAT_INTERVAL,
            MODERN_LATER,
        )
    } else {
        let session = setting("session.timeout.ms").unwrap_or(SESSION_TIMEOUT);
        let heartbeat = setting("heartbeat.interval.ms").unwrap_or(HEARTBEAT_INTERVAL);
        (session, heartbeat, LATER)
    };
    let least = (session.as_millis()).saturating_sub(heartbeat.as_millis() + EARLIER.as_millis());
    let most = (session + heartbeat + later).as_millis();
    let at = deeds::stopped_at(sides.recording, &fact.member).ok_or("its member did not die")?;
    let ours = first_owner_after(sides.ours, &fact.member, at);
    let after = ours.as_ref().map(|(after, _)| after.as_millis());
    Ok(Compared {
        holds: after.is_some_and(|after| {
            (least..=most).contains(&after)
                && (least..=most).contains(&recorded)
                && after.abs_diff(recorded) <= fact.tolerance_ms
        }),
        recorded: format!("{recorded} ms after {} died", fact.member),
        ours: match ours {
            Some((after, by)) => format!("{} ms, by {by}", after.as_millis()),
            None => String::from("never"),
        },
        bound: format!("{least} to {most} ms, at most {} apart", fact.tolerance_ms),
    })
}

/// When the first partition of a member that died had another owner, and whom.
fn first_owner_after(
    group: &GroupShown,
    member: &str,
    at: SimTime,
) -> Option<(SimDuration, String)> {
    let mut before = group.callbacks.iter().rev().filter(|call| call.at <= at);
    let last = before.find(|call| call.member == member && call.what == Told::Assigned)?;
    let taken = group.callbacks.iter().find(|call| {
        let is_his = |partition| last.partitions.contains(partition);
        call.at > at
            && call.member != member
            && call.what == Told::Assigned
            && call.partitions.iter().any(is_his)
    })?;
    Some((taken.at.since(at), taken.member.clone()))
}
