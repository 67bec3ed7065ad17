//! The same work for every lane: who sends what and when, how long the work takes, what fails.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::chunked::Chunked;
use crate::ids::{MessageId, ProducerId};
use crate::random::{Purpose, Random};
use crate::scenario::{KeyChoice, Producer, Scenario, SlowWork};
use crate::time::{SimDuration, SimTime};
use crate::trace::Millis;

/// A message's key, as an index into [`Keys`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub u16);

/// What the workload says of one message: the same in every lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// When its producer sends it.
    pub sent_at: SimTime,
    /// Who sends it.
    pub producer: ProducerId,
    /// Its key; `None` is a record without a key.
    pub key: Option<KeyId>,
    /// How long the work on it takes.
    pub takes: Millis,
    /// How many times the work on it fails before it succeeds; `u32::MAX` is always.
    pub fails: u32,
}

/// All keys of a scenario, by name, in the order of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(Vec<String>);

impl Keys {
    /// The keys that the producers, the failures and the commands of `scenario` name.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let mut keys = Self::default();
        let producers = scenario.workload.producers.iter();
        let named = producers.flat_map(Producer::named_keys).flatten();
        let sent = scenario.commands.iter().filter_map(|c| c.send.as_ref());
        for name in named.chain(sent) {
            if !keys.0.contains(name) {
                keys.0.push(name.clone());
            }
        }
        keys
    }

    /// The key called `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<KeyId> {
        let index = self.0.iter().position(|key| key == name)?;
        u16::try_from(index).ok().map(KeyId)
    }

    /// The name of a key.
    #[must_use]
    pub fn name(&self, key: KeyId) -> &str {
        self.0.get(usize::from(key.0)).map_or("", String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether every record is without a key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// When the `n`-th message of a producer (from 0) is sent; `None` after its last.
#[must_use]
pub fn send_time(producer: &Producer, n: u64) -> Option<SimTime> {
    if !producer.sends.is_empty() {
        let send = producer.sends.get(usize::try_from(n).ok()?)?;
        return Some(SimTime::ZERO + send.at);
    }
    if producer.count.is_some_and(|count| n >= u64::from(count)) {
        return None;
    }
    let rate = producer.rate?;
    let elapsed = u128::from(n) * u128::from(rate.per.as_micros()) / u128::from(rate.count.max(1));
    let elapsed = SimDuration::from_micros(u64::try_from(elapsed).unwrap_or(u64::MAX));
    Some(SimTime::ZERO + producer.start + elapsed)
}

/// Makes messages: what a number is, decided by the seed and the number alone.
#[derive(Clone, Debug)]
pub(crate) struct Maker {
    seed: u32,
    keys: Rc<Keys>,
    /// Of each producer: the keys that it can choose.
    choices: Rc<Vec<Vec<Option<KeyId>>>>,
}

impl Maker {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let keys = Keys::of(scenario);
        let producers = scenario.workload.producers.iter();
        let find = |name: Option<&String>| name.and_then(|name| keys.find(name));
        let choices = producers.map(|p| p.named_keys().map(find).collect());
        Self {
            seed: scenario.seed,
            choices: Rc::new(choices.collect()),
            keys: Rc::new(keys),
        }
    }

    /// The key of the `n`-th message (from 0) of a producer, which will be message `id`.
    pub(crate) fn choose_key(
        &self,
        (producer, key_choice): (ProducerId, KeyChoice),
        n: u64,
        id: MessageId,
    ) -> Option<KeyId> {
        let choices = self.choices.get(producer.index())?;
        let count = u64::try_from(choices.len()).ok().filter(|len| *len > 0)?;
        let chosen = match key_choice {
            KeyChoice::InTurn => n % count,
            KeyChoice::Random => Random::new(self.seed, Purpose::Key, id.0.into()).below(count),
        };
        choices.get(usize::try_from(chosen).ok()?).copied()?
    }

    pub(crate) fn find_key(&self, name: &str) -> Option<KeyId> {
        self.keys.find(name)
    }

    /// The rule that says how long the work on message `id` with `key` takes, if there is one.
    fn rule<'s>(
        &self,
        scenario: &'s Scenario,
        id: MessageId,
        key: Option<KeyId>,
    ) -> Option<&'s SlowWork> {
        let is_it = |rule: &&SlowWork| {
            rule.message.is_none_or(|message| message == id.0)
                && self.has_key(key, rule.key.as_ref())
        };
        scenario.workload.work.slow.iter().find(is_it)
    }

    /// Whether there is such a rule.
    pub(crate) fn ruled(&self, scenario: &Scenario, id: MessageId, message: &Message) -> Ruled {
        match self.rule(scenario, id, message.key) {
            Some(_) => Ruled::Yes,
            None => Ruled::No,
        }
    }

    /// Whether a rule for messages with the key `wanted`, or for any, holds for one with `key`.
    fn has_key(&self, key: Option<KeyId>, wanted: Option<&String>) -> bool {
        wanted.is_none_or(|name| key.is_some() && self.keys.find(name) == key)
    }

    /// Message `id` of `producer` with `key`, sent at `now`.
    pub(crate) fn make(
        &self,
        scenario: &Scenario,
        id: MessageId,
        (now, producer, key): (SimTime, ProducerId, Option<KeyId>),
    ) -> Message {
        let work = &scenario.workload.work;
        let mut random = Random::new(self.seed, Purpose::Work, id.0.into());
        let spread = work.takes.as_millis() * u64::from(work.varies.0) / 100;
        let takes = (work.takes.as_millis() + random.below(2 * spread + 1)).saturating_sub(spread);
        let takes = self
            .rule(scenario, id, key)
            .map_or(takes, |rule| rule.takes.as_millis());
        let mut failure = Random::new(self.seed, Purpose::Failure, id.0.into());
        let fails = scenario
            .workload
            .failures
            .iter()
            .filter(|rule| {
                rule.message.is_none_or(|message| message == id.0)
                    && self.has_key(key, rule.key.as_ref())
                    && rule
                        .chance
                        .is_none_or(|p| failure.below(100) < u64::from(p.0))
            })
            .map(|rule| {
                if rule.always {
                    u32::MAX
                } else {
                    rule.times.unwrap_or(1)
                }
            })
            .max()
            .unwrap_or(0);
        Message {
            sent_at: now,
            producer,
            key,
            takes: Millis(u32::try_from(takes).unwrap_or(u32::MAX)),
            fails,
        }
    }
}

/// What was decided of the messages that were sent, as far as a lane has to know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Works(Chunked<Work>);

#[derive(Clone, Copy, Debug, Default)]
struct Work {
    takes: Millis,
    /// Whether a rule of the workload says how long, for this message.
    ruled: Ruled,
    fails: u32,
    key: Option<KeyId>,
    producer: ProducerId,
    sent_at: SimTime,
}

/// Whether the work on a message is as long as a rule says that holds for this message alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ruled {
    #[default]
    No,
    Yes,
}

impl Works {
    /// Notes what message `id` is, as it is sent.
    pub(crate) fn set(&mut self, id: MessageId, message: &Message, ruled: Ruled) {
        self.0.grow_to(id.index(), &Work::default());
        let slot = id.index().checked_sub(1);
        if let Some(work) = slot.and_then(|slot| self.0.get_mut(slot)) {
            *work = Work {
                takes: message.takes,
                ruled,
                fails: message.fails,
                key: message.key,
                producer: message.producer,
                sent_at: message.sent_at,
            };
        }
    }

    fn get(&self, id: MessageId) -> Work {
        let slot = id.index().checked_sub(1);
        slot.and_then(|slot| self.0.get(slot))
            .copied()
            .unwrap_or_default()
    }
}

/// The work as the lanes see it: how long a message takes, and whether an attempt fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assigned<'a> {
    pub(crate) works: &'a Works,
    pub(crate) poisoned: &'a BTreeSet<MessageId>,
}

impl Assigned<'_> {
    /// How long the work on `message` takes.
    pub(crate) fn takes(&self, message: MessageId) -> Millis {
        self.works.get(message).takes
    }

    /// How long the work on `message` takes somebody who is said to need `own`.
    pub(crate) fn takes_for(&self, message: MessageId, own: Option<Millis>) -> Millis {
        let work = self.works.get(message);
        own.filter(|_| work.ruled == Ruled::No)
            .unwrap_or(work.takes)
    }

    /// The key of `message`.
    pub(crate) fn key(&self, message: MessageId) -> Option<KeyId> {
        self.works.get(message).key
    }

    /// Who sends `message`.
    pub(crate) fn producer(&self, message: MessageId) -> ProducerId {
        self.works.get(message).producer
    }

    /// When `message` was sent: the timestamp of its record (`CreateTime`).
    pub(crate) fn sent_at(&self, message: MessageId) -> SimTime {
        self.works.get(message).sent_at
    }

    /// Whether attempt number `attempt` (from 1) at `message` fails.
    pub(crate) fn fails(&self, message: MessageId, attempt: u32) -> bool {
        attempt <= self.works.get(message).fails
            || (!self.poisoned.is_empty() && self.poisoned.contains(&message))
    }
}
