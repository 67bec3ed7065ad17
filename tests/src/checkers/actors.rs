//! Workers and consumers: who is down does nothing, and nobody works on more than it can.

use broker_lab_core::trace::{LockEnd, Millis, ShareWhat, ThrottleWhat, What};
use broker_lab_core::{ActorId, CopyId, LaneCast, LaneId, MessageId, SimDuration, SimTime};

use super::{Seen, Verdict, broken};

/// One process, as the trace tells of it.
#[derive(Clone, Debug)]
enum Process {
    /// Not running; since when, if it ever was.
    Down(Option<SimTime>),
    /// Running, and what it works on until when.
    Up(Vec<(Item, SimTime)>),
    /// Standing still since then, and what it was working on until when.
    Frozen(SimTime, Vec<(Item, SimTime)>),
}

type Item = (MessageId, CopyId);

/// What an event says of its actor.
enum Deed {
    Start,
    /// Ends the process.
    End,
    Freeze,
    Thaw,
    Work(Item, Millis),
    /// Ends the work on a message.
    Put(Item),
    /// Anything that only a running process does.
    Act,
    /// What a service does with a request that the process sent while it ran.
    Answered,
}

/// A process that is down does nothing until it starts again: at most a request that was on the
/// wire arrives. One that stands still does nothing either, and its work goes on where it was. One
/// that runs works on as many messages at a time as it has
/// threads, on each for as long as the work takes.
///
/// # Errors
///
/// The first event that breaks the rule.
pub fn are_alive_in_all_they_do(seen: Seen<'_>) -> Verdict {
    for (n, lane) in (0..).zip(&seen.cast.lanes) {
        check_lane(seen, LaneId(n), lane)?;
    }
    Ok(())
}

fn check_lane(seen: Seen<'_>, lane: LaneId, cast: &LaneCast) -> Verdict {
    let latency = seen.scenario.network.latency;
    let mut processes = vec![Process::Down(None); cast.actors.len()];
    for (index, event) in seen.events(lane) {
        let Some((actor, deed)) = deed(event.what) else {
            continue;
        };
        // Lambda itself polls and deletes, whether the function's environment is there or not.
        if cast.is_invocation(actor) && matches!(deed, Deed::Act | Deed::Answered) {
            continue;
        }
        let Some(process) = processes.get_mut(actor.index()) else {
            return Err(broken(index, event, "is not in the cast"));
        };
        let before = format!("{process:?}");
        let threads = threads(seen, lane, usize::from(cast.actors[actor.index()].team));
        step(process, event.at, (deed, latency, threads))
            .map_err(|why| broken(index, event, format_args!("{why}: {before}")))?;
    }
    Ok(())
}

/// How many messages each of a team works on at the same time.
fn threads(seen: Seen<'_>, lane: LaneId, team: usize) -> usize {
    let lane = seen.scenario.lanes.get(lane.index());
    let workers = lane.and_then(|lane| lane.sqs.as_ref()?.workers.get(team));
    workers.map_or(1, |workers| workers.concurrency as usize)
}

fn step(
    process: &mut Process,
    at: SimTime,
    (deed, latency, threads): (Deed, SimDuration, usize),
) -> Result<(), &'static str> {
    match (&mut *process, deed) {
        (Process::Down(_), Deed::Start) => *process = Process::Up(Vec::new()),
        (Process::Down(Some(since)), Deed::Answered) if at <= *since + latency => {}
        (Process::Down(_), _) => return Err("it is down"),
        (Process::Up(_), Deed::Start) => return Err("it runs already"),
        (Process::Up(_), Deed::End) => *process = Process::Down(Some(at)),
        (Process::Up(tasks), Deed::Work(item, takes)) => {
            if tasks.len() >= threads {
                return Err("all its threads work already");
            }
            tasks.push((item, at + takes.into()));
        }
        (Process::Up(tasks), Deed::Put(put)) => {
            let place = tasks.iter().position(|task| *task == (put, at));
            tasks.remove(place.ok_or("that work does not end now")?);
        }
        (Process::Up(tasks), Deed::Freeze) => *process = Process::Frozen(at, tasks.clone()),
        (Process::Frozen(since, tasks), Deed::Thaw) => {
            let later = at.since(*since);
            let tasks = tasks.iter().map(|(item, until)| (*item, *until + later));
            *process = Process::Up(tasks.collect());
        }
        (Process::Frozen(..), Deed::End) => *process = Process::Down(Some(at)),
        (Process::Frozen(since, _), Deed::Answered) if at <= *since + latency => {}
        (Process::Frozen(..), _) => return Err("it stands still"),
        (Process::Up(_), Deed::Act | Deed::Answered) => {}
        (Process::Up(_), Deed::Thaw) => return Err("it does not stand still"),
    }
    Ok(())
}

fn deed(what: What) -> Option<(ActorId, Deed)> {
    let (actor, deed) = match what {
        What::ActorStarted { actor } => (actor, Deed::Start),
        What::ActorCrashed { actor } | What::ActorStopped { actor } => (actor, Deed::End),
        What::WorkStarted {
            actor,
            message,
            copy,
            takes,
        } => (actor, Deed::Work((message, copy), takes)),
        What::WorkFinished {
            actor,
            message,
            copy,
        }
        | What::WorkFailed {
            actor,
            message,
            copy,
        }
        | What::WorkDiscarded {
            actor,
            message,
            copy,
        } => (actor, Deed::Put((message, copy))),
        What::RequestThrottled {
            what: ThrottleWhat::Delete { actor, .. },
        } => (actor, Deed::Answered),
        What::RequestThrottled {
            what: ThrottleWhat::Receive { actor, .. },
        }
        | What::Received { actor, .. }
        | What::WorkSkipped { actor, .. }
        | What::Polled { actor, .. }
        | What::PositionSet { actor, .. }
        | What::JoinSent { actor }
        | What::Assigned { actor, .. }
        | What::Synced { actor, .. }
        | What::MaxPollExceeded { actor }
        | What::Paused { actor, .. }
        | What::Resumed { actor, .. }
        | What::PartitionsSeen { actor, .. }
        | What::ConsumerFailed { actor, .. }
        | What::Revoked { actor, .. }
        | What::Lost { actor, .. } => (actor, Deed::Act),
        What::Frozen { actor } => (actor, Deed::Freeze),
        What::Thawed { actor } => (actor, Deed::Thaw),
        What::Deleted { actor, .. }
        | What::DeleteIgnored { actor, .. }
        | What::DeleteFailed { actor, .. }
        | What::VisibilityChanged { actor, .. }
        | What::VisibilityRefused { actor, .. }
        | What::Committed { actor, .. }
        | What::CommitRefused { actor, .. } => (actor, Deed::Answered),
        What::Share { what } => return share_deed(what),
        _ => return None,
    };
    Some((actor, deed))
}

/// What a leader does by itself, when a lock runs out or a session is closed, needs no process.
fn share_deed(what: ShareWhat) -> Option<(ActorId, Deed)> {
    match what {
        ShareWhat::Assigned { actor, .. } | ShareWhat::Revoked { actor, .. } => {
            Some((actor, Deed::Act))
        }
        ShareWhat::Acquired { actor, .. }
        | ShareWhat::Acknowledged { actor, .. }
        | ShareWhat::Renewed { actor, .. }
        | ShareWhat::Refused { actor, .. }
        | ShareWhat::RenewalRefused { actor, .. }
        | ShareWhat::Ignored { actor, .. }
        | ShareWhat::Released {
            actor,
            end: LockEnd::Released,
            ..
        }
        | ShareWhat::Archived {
            actor,
            end: LockEnd::Released | LockEnd::Rejected,
            ..
        } => Some((actor, Deed::Answered)),
        _ => None,
    }
}
