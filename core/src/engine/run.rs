//! Steps through a scenario.

mod playing;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::agenda::Agenda;
use super::batch::{Batch, Stop};
use super::outbox::Outbox;
use super::recorded::RecordedLane;
use crate::cast::{Cast, in_time_order};
use crate::ids::{ActorId, LaneId, MessageId, ProducerId};
use crate::kafka::lane::{KafkaLane, KafkaTimer};
use crate::scenario::{Command, Scenario, SendAt, System, limits, planned};
use crate::sqs::lane::{SqsLane, SqsTimer};
use crate::time::SimTime;
use crate::trace::{Event, What};
use crate::workload::{self, Assigned, Maker, Message, Works};

/// The state of a simulation between two steps. A clone is a snapshot to go on from.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    scenario: Rc<Scenario>,
    cast: Rc<Cast>,
    commands: Rc<[Command]>,
    maker: Maker,
    works: Works,
    poisoned: BTreeSet<MessageId>,
    /// How many events there were.
    events: usize,
    now: SimTime,
    agenda: Agenda<Due>,
    lanes: Vec<Lane>,
    commands_done: usize,
    sent: u32,
    extra: u32,
    planned: u32,
    steps: u64,
    sqs_outbox: Outbox<SqsTimer>,
    kafka_outbox: Outbox<KafkaTimer>,
}

#[derive(Clone, Debug)]
enum Lane {
    Sqs(Box<SqsLane>),
    Kafka(Box<KafkaLane>),
    Recorded(RecordedLane),
}

/// What the agenda holds.
#[derive(Clone, Copy, Debug)]
enum Due {
    Produce { producer: ProducerId, n: u32 },
    Sqs(LaneId, SqsTimer),
    Kafka(LaneId, KafkaTimer),
    Recorded(LaneId),
}

/// What a command does to one worker or consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActorChange {
    /// A new one starts.
    Add,
    /// It dies.
    Crash,
    /// It starts again.
    Restart,
    /// It leaves in an orderly way.
    Remove,
    /// It stands still.
    Freeze,
    /// It goes on.
    Thaw,
    /// Its work takes so many times as long.
    Slow(u16),
}

impl Engine {
    /// A simulation of a checked scenario, before its first step.
    pub(crate) fn new(scenario: &Rc<Scenario>) -> Self {
        let horizon = scenario.horizon;
        let all: u64 = scenario
            .workload
            .producers
            .iter()
            .map(|p| planned(p, horizon))
            .sum();
        let mut engine = Self {
            cast: Rc::new(Cast::of(scenario)),
            commands: in_time_order(&scenario.commands)
                .into_iter()
                .cloned()
                .collect(),
            maker: Maker::new(scenario),
            works: Works::default(),
            poisoned: BTreeSet::new(),
            events: 0,
            scenario: Rc::clone(scenario),
            now: SimTime::ZERO,
            agenda: Agenda::default(),
            lanes: Vec::new(),
            commands_done: 0,
            sent: 0,
            extra: 0,
            planned: u32::try_from(all).unwrap_or(u32::MAX),
            steps: 0,
            sqs_outbox: Outbox::default(),
            kafka_outbox: Outbox::default(),
        };
        for (producer, n) in (0..).zip(&scenario.workload.producers) {
            if let Some(at) = workload::send_time(n, 0) {
                let producer = ProducerId(producer);
                engine.agenda.note(at, Due::Produce { producer, n: 0 });
            }
        }
        engine
    }

    /// The names of this run.
    pub(crate) const fn cast(&self) -> &Rc<Cast> {
        &self.cast
    }

    /// Up to when everything has happened.
    pub(crate) const fn now(&self) -> SimTime {
        self.now
    }

    /// Goes on with another document, which differs only in commands that are still to come.
    pub(crate) fn replace_scenario(&mut self, scenario: &Rc<Scenario>) {
        self.cast = Rc::new(Cast::of(scenario));
        self.commands = in_time_order(&scenario.commands)
            .into_iter()
            .cloned()
            .collect();
        self.maker = Maker::new(scenario);
        self.scenario = Rc::clone(scenario);
    }

    /// How many events there were.
    pub(crate) const fn events(&self) -> usize {
        self.events
    }

    /// How many things a clone copies, about.
    pub(crate) fn weight(&self) -> usize {
        let lanes = self.lanes.iter().map(|lane| match lane {
            Lane::Sqs(sqs) => sqs.weight(),
            Lane::Kafka(kafka) => kafka.weight(),
            Lane::Recorded(_) => 1,
        });
        self.agenda.len() + lanes.sum::<usize>()
    }

    /// Takes at most `steps` steps, adding what happens to `batch`.
    pub(crate) fn advance(&mut self, steps: u32, batch: &mut Batch) {
        let before = batch.events.len();
        batch.stop = self.take_steps(steps, batch);
        batch.until = self.now;
        self.events += batch.events.len() - before;
    }

    /// Takes at most `steps` steps; `None` if there is more to do.
    fn take_steps(&mut self, steps: u32, batch: &mut Batch) -> Option<Stop> {
        let before = batch.events.len();
        if self.lanes.is_empty() {
            self.open_lanes(batch);
        }
        let horizon = SimTime::ZERO + self.scenario.horizon;
        for _ in 0..steps {
            let due = self.agenda.next_time().unwrap_or(SimTime::MAX);
            let command = self.commands.get(self.commands_done);
            let command_at = command.map_or(SimTime::MAX, |c| SimTime::ZERO + c.at);
            if due.min(command_at) > horizon {
                self.now = horizon;
                return Some(Stop::Horizon);
            }
            let events = self.events + batch.events.len() - before;
            if events >= limits::EVENTS || self.steps >= limits::STEPS {
                return Some(Stop::Limit);
            }
            self.steps += 1;
            if command_at <= due {
                self.now = command_at;
                self.commands_done += 1;
                self.carry_out(self.commands_done - 1, batch);
            } else if let Some((at, due)) = self.agenda.take() {
                self.now = at;
                self.step(due, batch);
            }
        }
        None
    }

    fn open_lanes(&mut self, batch: &mut Batch) {
        let scenario = Rc::clone(&self.scenario);
        let cast = Rc::clone(&self.cast);
        for ((n, lane), cast) in (0..).zip(&scenario.lanes).zip(&cast.lanes) {
            let lane_id = LaneId(n);
            let latency = scenario.network.latency;
            match lane.system() {
                Some(System::Sqs(sqs)) => {
                    let lane = SqsLane::new(sqs, (latency, scenario.seed), &self.cast);
                    self.lanes.push(Lane::Sqs(Box::new(lane)));
                }
                Some(System::Kafka(kafka)) if let Some(recorded) = &lane.recorded => {
                    self.open_recorded(lane_id, RecordedLane::new(recorded, kafka, cast));
                    continue;
                }
                Some(System::Kafka(kafka)) => {
                    let mut lane = KafkaLane::new(
                        (kafka, cast),
                        (latency, scenario.seed),
                        &scenario.workload.producers,
                    );
                    lane.start(self.now, &mut self.kafka_outbox);
                    self.lanes.push(Lane::Kafka(Box::new(lane)));
                    self.drain_kafka(lane_id, batch);
                }
                None => continue,
            }
            // Those whom a command adds come later.
            let later = scenario.commands.iter().filter_map(|c| c.add.as_deref());
            let later = later
                .filter(|team| cast.teams.iter().any(|name| name == team))
                .count();
            for actor in cast
                .actors
                .iter()
                .take(cast.actors.len().saturating_sub(later))
            {
                self.change_actor(lane_id, ActorChange::Add, (ActorId(0), actor.team), batch);
            }
        }
    }

    fn step(&mut self, due: Due, batch: &mut Batch) {
        let work = Assigned {
            works: &self.works,
            poisoned: &self.poisoned,
        };
        match due {
            Due::Produce { producer, n } => self.produce(producer, n, batch),
            Due::Recorded(lane) => self.tell_recorded(lane, batch),
            Due::Sqs(lane, timer) => {
                if let Some(Lane::Sqs(sqs)) = self.lanes.get_mut(lane.index()) {
                    sqs.on_timer(self.now, timer, &work, &mut self.sqs_outbox);
                    self.drain_sqs(lane, batch);
                }
            }
            Due::Kafka(lane, timer) => {
                if let Some(Lane::Kafka(kafka)) = self.lanes.get_mut(lane.index()) {
                    kafka.on_timer(self.now, timer, &work, &mut self.kafka_outbox);
                    self.drain_kafka(lane, batch);
                }
            }
        }
    }

    fn produce(&mut self, producer_id: ProducerId, n: u32, batch: &mut Batch) {
        let scenario = Rc::clone(&self.scenario);
        let Some(producer) = scenario.workload.producers.get(producer_id.index()) else {
            return;
        };
        // Messages sent by commands are numbered after all planned ones, so that a click does not
        // rename what comes later.
        self.sent += 1;
        let id = MessageId(self.sent);
        let key = self
            .maker
            .choose_key((producer_id, producer.key_choice), n.into(), id);
        let message = self.maker.make(&scenario, id, (self.now, producer_id, key));
        let send = usize::try_from(n).ok().and_then(|n| producer.sends.get(n));
        self.send((id, message), send, batch);
        if let Some(at) = workload::send_time(producer, u64::from(n) + 1) {
            let producer = producer_id;
            self.agenda.note(at, Due::Produce { producer, n: n + 1 });
        }
    }

    fn send(
        &mut self,
        (id, message): (MessageId, Message),
        send: Option<&SendAt>,
        batch: &mut Batch,
    ) {
        let ruled = self.maker.ruled(&self.scenario, id, &message);
        self.works.set(id, &message, ruled);
        batch.messages.push((id, message));
        for n in 0..self.lanes.len() {
            let lane = LaneId(u8::try_from(n).unwrap_or(u8::MAX));
            let producer = message.producer;
            let appended = match self.lanes.get(n) {
                Some(Lane::Recorded(recorded)) => match recorded.on_sent(id) {
                    // A command sends it, and nobody did so then.
                    None => continue,
                    appended => appended,
                },
                _ => None,
            };
            batch.events.push(Event {
                at: self.now,
                lane,
                what: What::Sent {
                    producer,
                    message: id,
                },
            });
            match self.lanes.get_mut(n) {
                Some(Lane::Sqs(sqs)) => {
                    sqs.on_sent(self.now, id, &mut self.sqs_outbox);
                    self.drain_sqs(lane, batch);
                }
                Some(Lane::Kafka(kafka)) => {
                    let key = message.key.map(|key| self.cast.keys.name(key));
                    kafka.on_sent(
                        self.now,
                        (id, producer),
                        (key, send),
                        &mut self.kafka_outbox,
                    );
                    self.drain_kafka(lane, batch);
                }
                Some(Lane::Recorded(_)) | None => {}
            }
            let at = self.now;
            let appended = appended.map(|what| Event { at, lane, what });
            batch.events.extend(appended);
        }
    }

    fn carry_out(&mut self, index: usize, batch: &mut Batch) {
        let commands = Rc::clone(&self.commands);
        let Some(command) = commands.get(index) else {
            return;
        };
        let cast = Rc::clone(&self.cast);
        let actors = [
            (ActorChange::Crash, &command.crash),
            (ActorChange::Restart, &command.restart),
            (ActorChange::Remove, &command.remove),
            (ActorChange::Freeze, &command.freeze),
            (ActorChange::Thaw, &command.thaw),
        ];
        let slow = command.slow_down.as_ref().map(|slow| {
            let times = u16::try_from(slow.times).unwrap_or(u16::MAX);
            (ActorChange::Slow(times), &slow.consumer)
        });
        let actors = actors
            .iter()
            .filter_map(|(change, name)| Some((*change, name.as_ref()?)));
        for (change, name) in actors.chain(slow) {
            if let Some((lane, actor)) = cast.find_actor(name) {
                self.change_actor(lane, change, (actor, 0), batch);
            }
        }
        if let Some((lane, team)) = command.add.as_ref().and_then(|name| cast.find_team(name)) {
            self.change_actor(lane, ActorChange::Add, (ActorId(0), team), batch);
        }
        if let Some(message) = command.poison {
            self.poison(MessageId(message), batch);
        }
        if let Some(message) = command.resend {
            self.resend(MessageId(message), batch);
        }
        self.change_lanes(command, batch);
        if let Some(key) = &command.send {
            self.extra += 1;
            let id = MessageId(self.planned.saturating_add(self.extra));
            let scenario = Rc::clone(&self.scenario);
            let sender = (self.now, ProducerId(0), self.maker.find_key(key));
            let message = self.maker.make(&scenario, id, sender);
            self.send((id, message), None, batch);
        }
    }

    /// Does to queues, topics and groups of every lane what a command says.
    fn change_lanes(&mut self, command: &Command, batch: &mut Batch) {
        let scenario = Rc::clone(&self.scenario);
        let cast = Rc::clone(&self.cast);
        for (n, (written, names)) in scenario.lanes.iter().zip(&cast.lanes).enumerate() {
            let lane = LaneId(u8::try_from(n).unwrap_or(u8::MAX));
            match (self.lanes.get_mut(n), &written.sqs) {
                (Some(Lane::Sqs(sqs)), Some(written)) => {
                    sqs.carry_out(self.now, (command, written), &mut self.sqs_outbox);
                    self.drain_sqs(lane, batch);
                }
                (Some(Lane::Kafka(kafka)), _) => {
                    let work = Assigned {
                        works: &self.works,
                        poisoned: &self.poisoned,
                    };
                    let out = &mut self.kafka_outbox;
                    kafka.carry_out(self.now, (command, names), &work, out);
                    self.drain_kafka(lane, batch);
                }
                _ => {}
            }
        }
    }

    /// A producer that has heard no answer sends a message once more; a Kafka producer is
    /// idempotent by default, so that its leader appends nothing (KIP-98, KIP-679).
    fn resend(&mut self, message: MessageId, batch: &mut Batch) {
        let is_extra = (1..=self.extra).contains(&message.0.saturating_sub(self.planned));
        if message.0 == 0 || (message.0 > self.sent && !is_extra) {
            return;
        }
        for n in 0..self.lanes.len() {
            let lane = LaneId(u8::try_from(n).unwrap_or(u8::MAX));
            if self.is_recorded(n) {
                continue;
            }
            batch.events.push(Event {
                at: self.now,
                lane,
                what: What::Resent { message },
            });
            if let Some(Lane::Sqs(sqs)) = self.lanes.get_mut(n) {
                sqs.on_sent(self.now, message, &mut self.sqs_outbox);
                self.drain_sqs(lane, batch);
            }
        }
    }

    fn poison(&mut self, message: MessageId, batch: &mut Batch) {
        self.poisoned.insert(message);
        for n in 0..self.lanes.len() {
            let lane = LaneId(u8::try_from(n).unwrap_or(u8::MAX));
            let what = What::Poisoned { message };
            if self.is_recorded(n) {
                continue;
            }
            batch.events.push(Event {
                at: self.now,
                lane,
                what,
            });
        }
    }

    fn change_actor(
        &mut self,
        lane: LaneId,
        change: ActorChange,
        (actor, team): (ActorId, u16),
        batch: &mut Batch,
    ) {
        match self.lanes.get_mut(lane.index()) {
            Some(Lane::Sqs(sqs)) => {
                sqs.change_actor(self.now, change, (actor, team), &mut self.sqs_outbox);
                self.drain_sqs(lane, batch);
            }
            Some(Lane::Kafka(kafka)) => {
                kafka.change_actor(self.now, change, (actor, team), &mut self.kafka_outbox);
                self.drain_kafka(lane, batch);
            }
            Some(Lane::Recorded(_)) | None => {}
        }
    }

    fn drain_sqs(&mut self, lane: LaneId, batch: &mut Batch) {
        for what in self.sqs_outbox.events.drain(..) {
            batch.events.push(Event {
                at: self.now,
                lane,
                what,
            });
        }
        for (at, timer) in self.sqs_outbox.timers.drain(..) {
            self.agenda.note(at, Due::Sqs(lane, timer));
        }
    }

    fn drain_kafka(&mut self, lane: LaneId, batch: &mut Batch) {
        for what in self.kafka_outbox.events.drain(..) {
            batch.events.push(Event {
                at: self.now,
                lane,
                what,
            });
        }
        for (at, timer) in self.kafka_outbox.timers.drain(..) {
            self.agenda.note(at, Due::Kafka(lane, timer));
        }
    }
}
