//! What a script calls its queues and its messages.

use std::collections::BTreeSet;

use broker_lab_core::QueueId;

use super::super::Stop;
use super::super::script::{Message, Operation, Received, Script};

/// The names of a script.
pub(super) struct Names<'s> {
    /// Those that are there from the start, then those that do not exist, in the order of ids.
    queues: Vec<String>,
    messages: BTreeSet<&'s str>,
}

impl<'s> Names<'s> {
    pub(super) fn of(script: &'s Script) -> Self {
        let mut messages = BTreeSet::new();
        for step in &script.steps {
            match &step.operation {
                Operation::Send(message, _) => {
                    messages.insert(message.name(step.name.as_deref()));
                }
                Operation::SendBatch(batch, _) => {
                    messages.extend(batch.entries.iter().map(|message| message.name(None)));
                }
                _ => {}
            }
        }
        // A message that nothing names.
        messages.remove("");
        Self {
            queues: script.queues.iter().map(|q| q.name.clone()).collect(),
            messages,
        }
    }

    /// A queue's id; one that does not exist is named for the first time here.
    pub(super) fn queue(&mut self, name: &str) -> QueueId {
        let known = self.queues.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            self.queues.push(name.to_owned());
            self.queues.len() - 1
        });
        QueueId(u16::try_from(place).unwrap_or(u16::MAX))
    }

    pub(super) fn queues(&self) -> &[String] {
        &self.queues
    }

    /// A message that no step sends is a name that the runner does not understand.
    pub(super) fn check<'a>(
        &self,
        messages: impl IntoIterator<Item = &'a String>,
    ) -> Result<(), Stop> {
        match messages
            .into_iter()
            .find(|name| !self.messages.contains(name.as_str()))
        {
            Some(name) => Err(Stop::Skipped(format!("no step sends a message {name:?}"))),
            None => Ok(()),
        }
    }

    pub(super) fn check_received(&self, messages: Option<&[Received]>) -> Result<(), Stop> {
        self.check(messages.unwrap_or_default().iter().map(|m| &m.is))
    }
}

impl Message {
    /// What the script calls it: as it says, else by its body.
    pub(super) fn name<'a>(&'a self, said: Option<&'a str>) -> &'a str {
        said.or(self.body.as_deref()).unwrap_or_default()
    }

    /// What is sent; nothing, if it has no body.
    pub(super) fn text(&self) -> std::borrow::Cow<'_, str> {
        match self.body_bytes {
            Some(bytes) => "x".repeat(bytes).into(),
            None => self.body.as_deref().unwrap_or_default().into(),
        }
    }
}
