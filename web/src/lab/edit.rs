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
    /// A team gets one more.
    Add(String),
    /// The work on a message fails from now on.
    Poison(MessageId),
    /// One more message is sent, with this key.
    Send(String),
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
            Self::Add(name) => format!("{at},\"add\":\"{name}\"}}"),
            Self::Poison(message) => format!("{at},\"poison\":{message}}}"),
            Self::Send(key) => format!("{at},\"send\":\"{key}\"}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use broker_lab_core::SimDuration;
    use broker_lab_core::scenario::Command;

    #[test]
    fn every_edit_is_a_command() {
        let name = || Some(String::from("worker-1"));
        let at = SimDuration::from_micros(1_234_567);
        let none = Command {
            at,
            ..Command::default()
        };
        for (edit, command) in [
            (
                Edit::Crash("worker-1".into()),
                Command {
                    crash: name(),
                    ..none.clone()
                },
            ),
            (
                Edit::Restart("worker-1".into()),
                Command {
                    restart: name(),
                    ..none.clone()
                },
            ),
            (
                Edit::Remove("worker-1".into()),
                Command {
                    remove: name(),
                    ..none.clone()
                },
            ),
            (
                Edit::Add("worker-1".into()),
                Command {
                    add: name(),
                    ..none.clone()
                },
            ),
            (
                Edit::Poison(MessageId(7)),
                Command {
                    poison: Some(7),
                    ..none.clone()
                },
            ),
            (
                Edit::Send("worker-1".into()),
                Command {
                    send: name(),
                    ..none.clone()
                },
            ),
        ] {
            let text = edit.at(SimTime::from_micros(1_234_567));
            assert_eq!(Command::from_json(&text), Ok(command), "{text}");
        }
    }
}
