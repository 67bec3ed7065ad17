//! Workers and consumers: who is down does nothing, and who works does one thing at a time.

use broker_lab_core::trace::{Millis, What};
use broker_lab_core::{ActorId, LaneCast, LaneId, MessageId, SimDuration, SimTime};

use super::{Seen, Verdict, broken};

/// One process, as the trace tells of it.
#[derive(Clone, Copy, Debug)]
enum Process {
    /// Not running; since when, if it ever was.
    Down(Option<SimTime>),
    /// Running, and what it works on until when.
    Up(Option<(MessageId, SimTime)>),
}

/// What an event says of its actor.
enum Deed {
    Start,
    /// Ends the process.
    End,
    Work(MessageId, Millis),
    /// Ends the work on a message.
    Put(MessageId),
    /// Anything that only a running process does.
    Act,
    /// What a service does with a request that the process sent while it ran.
    Answered,
}

/// A process that is down does nothing until it starts again: at most a request that was on the
/// wire arrives. One that runs works on one message at a time, for as long as the work takes.
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
        let Some(process) = processes.get_mut(actor.index()) else {
            return Err(broken(index, event, "is not in the cast"));
        };
        let next = step(*process, event.at, (deed, latency));
        *process = next.map_err(|why| broken(index, event, format_args!("{why}: {process:?}")))?;
    }
    Ok(())
}

fn step(
    process: Process,
    at: SimTime,
    (deed, latency): (Deed, SimDuration),
) -> Result<Process, &'static str> {
    match (process, deed) {
        (Process::Down(_), Deed::Start) => Ok(Process::Up(None)),
        (Process::Down(Some(since)), Deed::Answered) if at <= since + latency => Ok(process),
        (Process::Down(_), _) => Err("it is down"),
        (Process::Up(_), Deed::Start) => Err("it runs already"),
        (Process::Up(_), Deed::End) => Ok(Process::Down(Some(at))),
        (Process::Up(None), Deed::Work(message, takes)) => {
            Ok(Process::Up(Some((message, at + takes.into()))))
        }
        (Process::Up(Some(_)), Deed::Work(..)) => Err("it works already"),
        (Process::Up(Some((message, until))), Deed::Put(put)) if message == put && until == at => {
            Ok(Process::Up(None))
        }
        (Process::Up(_), Deed::Put(_)) => Err("that work does not end now"),
        (Process::Up(_), Deed::Act | Deed::Answered) => Ok(process),
    }
}

fn deed(what: What) -> Option<(ActorId, Deed)> {
    let (actor, deed) = match what {
        What::ActorStarted { actor } => (actor, Deed::Start),
        What::ActorCrashed { actor } | What::ActorStopped { actor } => (actor, Deed::End),
        What::WorkStarted {
            actor,
            message,
            takes,
        } => (actor, Deed::Work(message, takes)),
        What::WorkFinished { actor, message } | What::WorkFailed { actor, message } => {
            (actor, Deed::Put(message))
        }
        What::Received { actor, .. }
        | What::Polled { actor, .. }
        | What::PositionSet { actor, .. }
        | What::JoinSent { actor }
        | What::Assigned { actor, .. }
        | What::Revoked { actor, .. } => (actor, Deed::Act),
        What::Deleted { actor, .. }
        | What::DeleteIgnored { actor, .. }
        | What::Committed { actor, .. }
        | What::CommitRefused { actor, .. } => (actor, Deed::Answered),
        _ => return None,
    };
    Some((actor, deed))
}
