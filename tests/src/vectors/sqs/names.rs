//! What a script calls its queues, its messages, and their groups and ids.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use broker_lab_core::QueueId;
use broker_lab_core::sqs::{Registry, SequenceNumber, Service};

use super::Stop;
use super::messages::Letter;
use super::script::{Message, Operation, Received, Script};

/// The names of a script.
pub(super) struct Names<'s> {
    pub(super) registry: Registry,
    /// In the order of ids, whether they exist or not.
    queues: Vec<String>,
    messages: BTreeSet<Cow<'s, str>>,
    /// The texts of groups, deduplication ids and attempts; their places are the ids.
    texts: Vec<String>,
    ids: BTreeMap<String, u32>,
    /// The sequence numbers that sends were answered with.
    sequence_numbers: BTreeMap<String, SequenceNumber>,
    sent: BTreeMap<(QueueId, SequenceNumber), String>,
}

impl<'s> Names<'s> {
    pub(super) fn of(script: &'s Script) -> Self {
        let mut messages = BTreeSet::new();
        for step in &script.steps {
            match &step.operation {
                Operation::Send(message, _) => {
                    messages.insert(message.name(step.name.as_deref()).into());
                }
                Operation::SendBatch(batch, _) => {
                    messages.extend(
                        batch
                            .entries
                            .iter()
                            .map(|message| message.name(None).into()),
                    );
                }
                Operation::Publish(publish, _) => {
                    messages.extend(step.name.as_deref().map(Cow::Borrowed));
                    messages.insert(publish.text());
                }
                _ => {}
            }
        }
        // A message that nothing names.
        messages.remove("");
        Self {
            registry: Registry::new(),
            queues: Vec::new(),
            messages,
            texts: Vec::new(),
            ids: BTreeMap::new(),
            sequence_numbers: BTreeMap::new(),
            sent: BTreeMap::new(),
        }
    }

    /// The id of a text.
    pub(super) fn id(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.ids.insert(text.to_owned(), id);
        id
    }

    pub(super) fn text(&self, id: u32) -> Option<String> {
        self.texts.get(usize::try_from(id).ok()?).cloned()
    }

    /// A send was answered with this sequence number.
    pub(super) fn note(&mut self, queue: QueueId, message: &str, sequence: SequenceNumber) {
        self.sequence_numbers.insert(message.to_owned(), sequence);
        let first = self.sent.entry((queue, sequence));
        first.or_insert_with(|| message.to_owned());
    }

    /// What was sent to a queue with this sequence number.
    pub(super) fn sent_as(&self, queue: QueueId, sequence: SequenceNumber) -> Option<String> {
        self.sent.get(&(queue, sequence)).cloned()
    }

    /// The sequence numbers of messages, in this order, rise.
    pub(super) fn compare_sequence(&self, rising: &[String]) -> Result<(), Stop> {
        self.check(rising)?;
        let numbers = rising.iter().map(|message| {
            let number = self.sequence_numbers.get(message).copied();
            number.ok_or_else(|| Stop::failed(format!("a sequence number of {message}"), "none"))
        });
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        if numbers.is_sorted_by(|first, second| first < second) {
            return Ok(());
        }
        let expected = format!("rising sequence numbers of {rising:?}");
        Err(Stop::failed(expected, format!("{numbers:?}")))
    }

    /// A queue's id; one that does not exist yet is perhaps named for the first time here.
    pub(super) fn queue(&mut self, service: &mut Service<Letter>, name: &str) -> QueueId {
        let id = self.registry.id(service, name);
        if id.index() == self.queues.len() {
            self.queues.push(name.to_owned());
        }
        id
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
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.body_bytes {
            Some(bytes) => "x".repeat(bytes).into(),
            None => self.body.as_deref().unwrap_or_default().into(),
        }
    }
}
