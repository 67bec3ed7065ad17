//! What a person can change in a run: a timed command of the scenario.

use broker_lab_core::{MessageId, SimTime};

/// A change that is carried out at the playhead. Names are those of the run's cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A worker or consumer dies at once.
    Crash(String),
    /// A worker or consumer that is down starts anew.
    Restart(String),
    /// A worker or consumer finishes what it holds and leaves.
    Remove(String),
    /// A consumer stands still, as in a long garbage collection.
    Freeze(String),
    /// A consumer that stands still goes on.
    Thaw(String),
    /// A team gets one more.
    Add(String),
    /// The work on a message fails from now on.
    Poison(MessageId),
    /// One more message is sent, with this key.
    Send(String),
    /// A message is sent once more.
    Resend(MessageId),
    /// An attribute of a queue, as a scenario names it, has another value: a JSON value.
    SetQueueAttribute {
        queue: String,
        attribute: &'static str,
        value: String,
    },
    /// Everything in a queue is deleted.
    Purge(String),
    /// A dead-letter queue's messages go back to where they came from, so many in a second.
    StartMoveTask { source: String, rate: u32 },
    /// They do no longer.
    CancelMoveTask(String),
    /// A queue's access policy does not let its topic in.
    Deny(String),
    /// It does again.
    Allow(String),
    /// A topic cannot reach a queue for so many seconds.
    Unreachable { queue: String, seconds: u32 },
}

impl Edit {
    /// The command as a scenario has it. Names hold no character that JSON would need a mark for.
    #[must_use]
    pub fn at(&self, now: SimTime) -> String {
        let micros = now.as_micros();
        let at = format!("{{\"at\":\"{micros}us\"");
        match self {
            Self::Crash(name) => format!("{at},\"crash\":\"{name}\"}}"),
            Self::Restart(name) => format!("{at},\"restart\":\"{name}\"}}"),
            Self::Remove(name) => format!("{at},\"remove\":\"{name}\"}}"),
            Self::Freeze(name) => format!("{at},\"freeze\":\"{name}\"}}"),
            Self::Thaw(name) => format!("{at},\"thaw\":\"{name}\"}}"),
            Self::Add(name) => format!("{at},\"add\":\"{name}\"}}"),
            Self::Poison(message) => format!("{at},\"poison\":{message}}}"),
            Self::Send(key) => format!("{at},\"send\":\"{key}\"}}"),
            Self::Resend(message) => format!("{at},\"resend\":{message}}}"),
            Self::SetQueueAttribute {
                queue,
                attribute,
                value,
            } => format!(
                "{at},\"set_queue_attributes\":{{\"queue\":\"{queue}\",\"{attribute}\":{value}}}}}"
            ),
            Self::Purge(queue) => format!("{at},\"purge\":\"{queue}\"}}"),
            Self::StartMoveTask { source, rate } => format!(
                "{at},\"start_message_move_task\":{{\"source\":\"{source}\",\"max_number_of_messages_per_second\":{rate}}}}}"
            ),
            Self::CancelMoveTask(source) => {
                format!("{at},\"cancel_message_move_task\":\"{source}\"}}")
            }
            Self::Deny(queue) => format!("{at},\"deny\":\"{queue}\"}}"),
            Self::Allow(queue) => format!("{at},\"allow\":\"{queue}\"}}"),
            Self::Unreachable { queue, seconds } => {
                format!("{at},\"unreachable\":{{\"queue\":\"{queue}\",\"lasts\":\"{seconds}s\"}}}}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use broker_lab_core::SimDuration;
    use broker_lab_core::scenario::{
        Command, SetQueueAttributes, StartMessageMoveTask, Unreachable,
    };

    #[test]
    fn every_edit_is_a_command() {
        let name = || Some(String::from("worker-1"));
        let at = SimDuration::from_micros(1_234_567);
        let queue = || String::from("orders");
        let set = SetQueueAttributes {
            queue: queue(),
            visibility_timeout: Some(SimDuration::from_secs(7)),
            ..SetQueueAttributes::default()
        };
        let back = StartMessageMoveTask {
            source: queue(),
            destination: None,
            max_number_of_messages_per_second: Some(2),
        };
        type Change<'a> = &'a dyn Fn(&mut Command);
        let outage = Unreachable {
            queue: queue(),
            lasts: SimDuration::from_secs(5),
        };
        let edits: [(Edit, Change<'_>); 14] = [
            (Edit::Crash("worker-1".into()), &|c| c.crash = name()),
            (Edit::Restart("worker-1".into()), &|c| c.restart = name()),
            (Edit::Remove("worker-1".into()), &|c| c.remove = name()),
            (Edit::Add("worker-1".into()), &|c| c.add = name()),
            (Edit::Poison(MessageId(7)), &|c| c.poison = Some(7)),
            (Edit::Send("worker-1".into()), &|c| c.send = name()),
            (Edit::Resend(MessageId(7)), &|c| c.resend = Some(7)),
            (
                Edit::SetQueueAttribute {
                    queue: queue(),
                    attribute: "visibility_timeout",
                    value: "\"7s\"".into(),
                },
                &|c| c.set_queue_attributes = Some(set.clone()),
            ),
            (Edit::Purge(queue()), &|c| c.purge = Some(queue())),
            (
                Edit::StartMoveTask {
                    source: queue(),
                    rate: 2,
                },
                &|c| c.start_message_move_task = Some(back.clone()),
            ),
            (Edit::CancelMoveTask(queue()), &|c| {
                c.cancel_message_move_task = Some(queue());
            }),
            (Edit::Deny(queue()), &|c| c.deny = Some(queue())),
            (Edit::Allow(queue()), &|c| c.allow = Some(queue())),
            (
                Edit::Unreachable {
                    queue: queue(),
                    seconds: 5,
                },
                &|c| c.unreachable = Some(outage.clone()),
            ),
        ];
        for (edit, change) in edits {
            let mut command = Command {
                at,
                ..Command::default()
            };
            change(&mut command);
            let text = edit.at(SimTime::from_micros(1_234_567));
            assert_eq!(Command::from_json(&text), Ok(command), "{text}");
        }
    }
}
