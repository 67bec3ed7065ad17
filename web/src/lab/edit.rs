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
    /// The work of a consumer takes so many times as long as it would.
    SlowDown { consumer: String, times: u32 },
    /// A consumer goes back to the beginning of all that it owns.
    SeekToBeginning(String),
    /// A consumer reads no further in what it owns.
    Pause(String),
    /// It reads on.
    Resume(String),
    /// A group's committed offsets are set anew.
    ResetOffsets { group: String, to: ResetTo },
    /// A group reads these topics from now on.
    Subscribe { group: String, topics: Vec<String> },
    /// A topic has so many partitions from now on.
    CreatePartitions { topic: String, partitions: u16 },
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

/// Where the offsets of a group are reset to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetTo {
    /// The start of the log.
    Earliest,
    /// The end of the log.
    Latest,
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
            Self::SlowDown { consumer, times } => {
                format!("{at},\"slow_down\":{{\"consumer\":\"{consumer}\",\"times\":{times}}}}}")
            }
            Self::SeekToBeginning(consumer) => {
                format!("{at},\"seek\":{{\"consumer\":\"{consumer}\",\"to_beginning\":true}}}}")
            }
            Self::Pause(consumer) => {
                format!("{at},\"pause\":{{\"consumer\":\"{consumer}\"}}}}")
            }
            Self::Resume(consumer) => {
                format!("{at},\"resume\":{{\"consumer\":\"{consumer}\"}}}}")
            }
            Self::ResetOffsets { group, to } => {
                let to = match to {
                    ResetTo::Earliest => "to_earliest",
                    ResetTo::Latest => "to_latest",
                };
                format!("{at},\"reset_offsets\":{{\"group\":\"{group}\",\"{to}\":true}}}}")
            }
            Self::Subscribe { group, topics } => {
                let topics = topics.join("\",\"");
                format!("{at},\"subscribe\":{{\"group\":\"{group}\",\"topics\":[\"{topics}\"]}}}}")
            }
            Self::CreatePartitions { topic, partitions } => format!(
                "{at},\"create_partitions\":{{\"topic\":\"{topic}\",\"partitions\":{partitions}}}}}"
            ),
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
mod tests;
