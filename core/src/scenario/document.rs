//! The document as it is written.

use serde::Serialize;

use super::{
    CreatePartitions, Fault, Faults, KafkaLane, PartitionsOf, Percent, Rate, ResetOffsets, Seek,
    SetLink, SetProducer, SetQueueAttributes, SetTopic, SlowDown, SqsLane, StartMessageMoveTask,
    Subscribe, Unreachable, json, limits,
};
use crate::recording::Recorded;
use crate::time::SimDuration;

/// A whole experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// The version of this format: 1.
    pub version: u32,
    /// What it is called on the page.
    pub title: String,
    /// What it shows, in paragraphs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub description: Vec<String>,
    /// What to try with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// What a message is called in plain words: "order".
    #[serde(skip_serializing_if = "is_default_noun")]
    pub noun: String,
    /// The seed of everything that is left to chance.
    pub seed: u32,
    /// When the run ends.
    pub horizon: SimDuration,
    /// The network between clients and brokers.
    #[serde(skip_serializing_if = "is_default")]
    pub network: Network,
    /// The work that every lane gets.
    pub workload: Workload,
    /// The systems under comparison.
    pub lanes: Vec<Lane>,
    /// Timed changes, in any order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Command>,
}

impl Default for Scenario {
    /// Empty: it says nothing of what has no default.
    fn default() -> Self {
        Self {
            version: 0,
            title: String::new(),
            description: Vec::new(),
            suggestions: Vec::new(),
            noun: String::from(NOUN),
            seed: 0,
            horizon: SimDuration::ZERO,
            network: Network::default(),
            workload: Workload::default(),
            lanes: Vec::new(),
            commands: Vec::new(),
        }
    }
}

/// The network: an approximation, one latency for every hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Network {
    /// How long anything takes from one process to another, one way. Default 5 ms, our choice.
    pub latency: SimDuration,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            latency: SimDuration::from_millis(5),
        }
    }
}

/// Who sends what, how long the work takes, and what fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Who sends.
    pub producers: Vec<Producer>,
    /// How long the work on a message takes.
    pub work: Work,
    /// What fails.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
}

/// One sender.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Producer {
    /// Its name.
    pub name: String,
    /// How fast it sends, evenly spaced. Given unless `sends` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// How many messages it sends; until the horizon if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// When it sends the first.
    #[serde(skip_serializing_if = "is_default")]
    pub start: SimDuration,
    /// The keys of its messages; without any, its messages have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// How a message gets one of the keys.
    #[serde(skip_serializing_if = "is_default")]
    pub key_choice: KeyChoice,
    /// Its messages one by one, in the order of their times, in place of a rate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<SendAt>,
}

/// One message of a producer that says of each when it is sent, and where to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SendAt {
    /// When.
    pub at: SimDuration,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The topic of a log lane that it goes to; that of the lane's producers if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The partition that it goes to, as `ProducerRecord` can name it; that of its key if left
    /// out. A queue has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<u32>,
}

impl Producer {
    /// The keys that it chooses from; of messages that it names one by one, those of all.
    pub(crate) fn named_keys(&self) -> impl Iterator<Item = Option<&String>> {
        let sent = self.sends.iter().map(|send| send.key.as_ref());
        self.keys.iter().map(Some).chain(sent)
    }
}

/// How a message gets one of its producer's keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChoice {
    /// The keys in their order, again and again.
    #[default]
    InTurn,
    /// Any of them, by the seed.
    Random,
}

/// How long the work on a message takes: the same for the same message in every lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Work {
    /// The middle. Default 1 s, our choice.
    pub takes: SimDuration,
    /// How far it goes up and down, evenly, by the seed. Default 0 %.
    pub varies: Percent,
    /// Messages whose work takes another time, whoever does it. The first rule that fits holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slow: Vec<SlowWork>,
}

/// A rule about work that takes another time than that on other messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SlowWork {
    /// Only the message of this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<u32>,
    /// Only messages with this key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How long the work takes.
    pub takes: SimDuration,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            takes: SimDuration::from_secs(1),
            varies: Percent(0),
            slow: Vec::new(),
        }
    }
}

/// A rule about work that fails. A message that several rules mean has the worst of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Only the message of this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<u32>,
    /// Only messages with this key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Only by chance, decided once for each message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Percent>,
    /// It never succeeds.
    #[serde(skip_serializing_if = "is_default")]
    pub always: bool,
    /// How many attempts fail (1 if left out).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// One system under comparison, fed by the same workload as the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// An SQS lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqs: Option<SqsLane>,
    /// A Kafka lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kafka: Option<KafkaLane>,
    /// What real Kafka did with such a lane: it is shown as it was recorded, and not simulated.
    /// No command touches it. The producers send what was sent then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// What a lane is.
#[derive(Clone, Copy, Debug)]
pub enum System<'a> {
    /// A queue.
    Sqs(&'a SqsLane),
    /// A log.
    Kafka(&'a KafkaLane),
}

impl Lane {
    /// What the lane is; `None` if the document names no system (a checked one always does).
    #[must_use]
    pub fn system(&self) -> Option<System<'_>> {
        match (&self.sqs, &self.kafka) {
            (Some(sqs), None) => Some(System::Sqs(sqs)),
            (None, Some(kafka)) => Some(System::Kafka(kafka)),
            _ => None,
        }
    }
}

/// A timed change. Exactly one of the fields beside `at` is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Command {
    /// When.
    pub at: SimDuration,
    /// The worker or consumer of this name dies at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash: Option<String>,
    /// The worker or consumer of this name, which is down, starts anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart: Option<String>,
    /// The worker or consumer of this name finishes what it holds and leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove: Option<String>,
    /// The workers or the group of this name get one more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// The consumer of this name stands still, as in a long GC pause: no heartbeats, no polls, no
    /// work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freeze: Option<String>,
    /// The consumer of this name, which stands still, goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thaw: Option<String>,
    /// The work of a consumer takes longer from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow_down: Option<SlowDown>,
    /// A group subscribes to other topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe: Option<Subscribe>,
    /// A consumer seeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seek: Option<Seek>,
    /// `KafkaConsumer.pause`: a consumer polls, and gets nothing of these partitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<PartitionsOf>,
    /// `KafkaConsumer.resume`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<PartitionsOf>,
    /// The committed offsets of a group are reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_offsets: Option<ResetOffsets>,
    /// A topic gets more partitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_partitions: Option<CreatePartitions>,
    /// The process of the broker with this node.id dies at once, in every lane that has such a broker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kill_broker: Option<u32>,
    /// The broker with this node.id stops in good order: what it leads gets other leaders first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_broker: Option<u32>,
    /// The broker with this node.id, which is down, starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_broker: Option<u32>,
    /// The process of the broker with this node.id stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freeze_broker: Option<u32>,
    /// The process of the broker with this node.id, which stands still, goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thaw_broker: Option<u32>,
    /// The controller with this number, from 1 on, dies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kill_controller: Option<u32>,
    /// The controller with this number, which is down, starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_controller: Option<u32>,
    /// Settings of a topic change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_topic: Option<SetTopic>,
    /// Settings of a producer change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_producer: Option<SetProducer>,
    /// The network between two parts of a log lane changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_link: Option<SetLink>,
    /// The connection breaks before the producer of this name gets the next answer of a broker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lose_next_answer: Option<String>,
    /// The work on the message of this number fails from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poison: Option<u32>,
    /// The first producer sends one more message, with this key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send: Option<String>,
    /// The producer of the message of this number, which has been sent, sends it once more, as if
    /// it had heard no answer. A Kafka producer is idempotent by default: nothing is appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resend: Option<u32>,
    /// SetQueueAttributes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_queue_attributes: Option<SetQueueAttributes>,
    /// PurgeQueue: the queue of this name, in every lane that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purge: Option<String>,
    /// StartMessageMoveTask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_message_move_task: Option<StartMessageMoveTask>,
    /// CancelMessageMoveTask: the running task of the dead-letter queue of this name, in every
    /// lane that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_message_move_task: Option<String>,
    /// The access policy of the queue of this name lets the topic in no longer, in every lane
    /// where a topic delivers to it. SNS sees a client-side error, and tries nothing again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deny: Option<String>,
    /// The access policy of the queue of this name lets the topic in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow: Option<String>,
    /// SNS cannot reach a queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<Unreachable>,
}

impl Command {
    /// Reads a command.
    ///
    /// # Errors
    ///
    /// What does not belong where it stands. Whether the names exist, the scenario knows.
    pub fn from_json(text: &str) -> Result<Self, Faults> {
        json::read(text)
    }
}

impl Scenario {
    /// Reads a document and checks it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place: first what does not belong where it
    /// stands, and once that is mended, values out of range and names that nothing has. A document
    /// that is no JSON has that one fault.
    pub fn from_json(text: &str) -> Result<Self, Faults> {
        if text.len() > limits::DOCUMENT_BYTES {
            return Err(Faults(vec![Fault {
                place: String::new(),
                what: format!(
                    "{} bytes is over the limit of {}",
                    text.len(),
                    limits::DOCUMENT_BYTES
                ),
            }]));
        }
        let scenario: Self = json::read(text)?;
        scenario.check()?;
        Ok(scenario)
    }

    /// The document as JSON, without what has its default.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a message is called if the document does not say.
const NOUN: &str = "message";

fn is_default_noun(noun: &str) -> bool {
    noun == NOUN
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
