//! A scenario of the page, run to its end, and what happened in it in plain values.

use broker_lab_core::guarantee::{Guarantee, Verdict};
use broker_lab_core::metrics::Metrics;
use broker_lab_core::scenario::Command;
use broker_lab_core::trace::{Event, Trace, What};
use broker_lab_core::world::{LaneWorld, MessageWorld, SqsWorld};
use broker_lab_core::{Cast, LaneCast, LaneId, MessageId, QueueId, Run, Scenario, SimTime, Stop};

/// A scenario that has run to its horizon.
pub(crate) struct Play(Run);

/// One lane of it.
#[derive(Clone, Copy)]
pub(crate) struct Lane<'a> {
    run: &'a Run,
    id: LaneId,
    cast: &'a LaneCast,
}

/// A time in milliseconds.
pub(crate) type Ms = u64;

impl Play {
    pub(crate) fn of(name: &str) -> Self {
        Self::ended(Run::complete(document(name)))
    }

    fn ended(run: Run) -> Self {
        assert_eq!(run.stop(), Some(Stop::Horizon));
        Self(run)
    }

    /// The same with one more command.
    pub(crate) fn with(&self, command: &str) -> Self {
        let command = Command::from_json(command).expect("a sound command");
        let mut run = self.0.with_command(command).expect("a command of it");
        while run.advance(1_000).is_none() {}
        Self::ended(run)
    }

    pub(crate) fn cast(&self) -> &Cast {
        self.0.cast()
    }

    pub(crate) fn trace(&self) -> &Trace {
        self.0.trace()
    }

    pub(crate) fn lanes(&self) -> impl Iterator<Item = Lane<'_>> {
        let lanes = (0..).map(LaneId).zip(&self.0.cast().lanes);
        lanes.map(|(id, cast)| Lane {
            run: &self.0,
            id,
            cast,
        })
    }

    pub(crate) fn lane(&self, name: &str) -> Lane<'_> {
        let mut lanes = self.lanes();
        lanes
            .find(|lane| lane.name() == name)
            .unwrap_or_else(|| panic!("no lane is called {name}"))
    }
}

fn document(name: &str) -> Scenario {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/scenarios");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).expect("a scenario");
    Scenario::from_json(&text).expect("a shipped scenario is sound")
}

impl<'a> Lane<'a> {
    pub(crate) const fn id(&self) -> LaneId {
        self.id
    }

    pub(crate) fn name(&self) -> &'a str {
        &self.cast.name
    }

    /// Each guarantee that concerns the lane, as it stands at the end.
    pub(crate) fn verdicts(&self) -> Vec<(Guarantee, Verdict)> {
        let concern = Guarantee::ALL.into_iter().filter(|g| g.concerns(self.cast));
        concern.map(|g| (g, self.verdict(g))).collect()
    }

    pub(crate) fn verdict(&self, guarantee: Guarantee) -> Verdict {
        let guarantees = self.run.guarantees();
        guarantees.verdict(self.id, guarantee, self.end())
    }

    /// What broke a guarantee first.
    pub(crate) fn counterexample(&self, guarantee: Guarantee) -> &'a Event {
        match self.verdict(guarantee) {
            Verdict::Broken { event, .. } => self.run.trace().get(event).expect("an event"),
            kept => panic!("{guarantee:?} of {} is {kept:?}", self.name()),
        }
    }

    /// How often a message was handed to a worker.
    pub(crate) fn deliveries(&self) -> usize {
        let events = self.events();
        let is = |what| matches!(what, What::Received { .. });
        events.filter(|(_, what)| is(*what)).count()
    }

    /// Exactly these guarantees are broken, and all others that concern the lane are kept.
    #[track_caller]
    pub(crate) fn breaks(&self, broken: &[Guarantee]) {
        for guarantee in broken {
            assert!(guarantee.concerns(self.cast), "{guarantee:?}");
        }
        for (guarantee, verdict) in self.verdicts() {
            match verdict {
                Verdict::Broken { .. } => assert!(broken.contains(&guarantee), "{guarantee:?}"),
                Verdict::Kept | Verdict::SetAside { .. } => {
                    assert!(!broken.contains(&guarantee), "{guarantee:?}");
                }
                Verdict::SoFar => panic!("{guarantee:?} is open at the end"),
            }
        }
    }

    fn world(&self, at: SimTime) -> LaneWorld {
        self.run.world_at(at).lanes[self.id.index()].clone()
    }

    /// The counts at the end.
    pub(crate) fn metrics(&self) -> Metrics {
        Metrics::of(&self.world(self.end()))
    }

    /// The queues at a time.
    pub(crate) fn queues(&self, at: Ms) -> SqsWorld {
        match self.world(SimTime::from_millis(at)) {
            LaneWorld::Sqs(sqs) => sqs,
            LaneWorld::Kafka(_) => panic!("a log has no queues"),
        }
    }

    /// The first copy of a message, as it is at the end.
    pub(crate) fn message(&self, number: u32) -> MessageWorld {
        let world = self.queues(self.end().as_millis());
        *world.message(MessageId(number)).expect("it was sent")
    }

    /// Whether a message is in a queue at the end.
    pub(crate) fn is_in(&self, number: u32, queue: &str) -> bool {
        let its = self.message(number).place.now.queue();
        its.is_some_and(|its| self.place(its) == queue)
    }

    fn end(&self) -> SimTime {
        SimTime::ZERO + self.run.scenario().horizon
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = (Ms, What)> + '_ {
        let trace = self.run.trace().iter();
        let its = trace.filter(|event| event.lane == self.id);
        its.map(|event| (event.at.as_micros() / 1_000, event.what))
    }

    /// What `pick` takes from the events, in their order, each with its time.
    pub(crate) fn times<T>(&self, pick: impl Fn(What) -> Option<T>) -> Vec<(Ms, T)> {
        let picked = self
            .events()
            .map(|(at, what)| pick(what).map(|it| (at, it)));
        picked.flatten().collect()
    }

    /// The numbers of the messages whose work was finished, in their order.
    pub(crate) fn finished(&self) -> Vec<u32> {
        self.all(|what| match what {
            What::WorkFinished { message, .. } => Some(message.0),
            _ => None,
        })
    }

    /// When a message was received, and what its receive count was.
    pub(crate) fn receive_times(&self, number: u32) -> Vec<(Ms, u32)> {
        self.times(|what| match what {
            What::Received {
                message,
                receive_count,
                ..
            } if message.0 == number => Some(receive_count),
            _ => None,
        })
    }

    /// What `pick` takes from the events, in their order.
    pub(crate) fn all<T>(&self, pick: impl Fn(What) -> Option<T>) -> Vec<T> {
        self.events().filter_map(|(_, what)| pick(what)).collect()
    }

    /// When the first event that `is` means happens; `None`: never.
    pub(crate) fn when(&self, is: impl Fn(What) -> bool) -> Option<Ms> {
        let mut events = self.events();
        events.find(|(_, what)| is(*what)).map(|(at, _)| at)
    }

    pub(crate) fn place(&self, queue: QueueId) -> &'a str {
        &self.cast.places[queue.index()]
    }

    pub(crate) fn key(&self, number: u32) -> &'a str {
        let message = self.run.trace().message(MessageId(number));
        let key = message.and_then(|message| message.key).expect("a key");
        self.run.cast().keys.name(key)
    }

    pub(crate) fn actor(&self, name: &str) -> usize {
        let mut actors = self.cast.actors.iter();
        let place = actors.position(|actor| actor.name == name);
        place.unwrap_or_else(|| panic!("no actor is called {name}"))
    }

    /// The receives of a message: the queue and the receive count.
    pub(crate) fn receives(&self, number: u32) -> Vec<(&'a str, u32)> {
        self.all(|what| match what {
            What::Received {
                queue,
                message,
                receive_count,
                ..
            } if message.0 == number => Some((self.place(queue), receive_count)),
            _ => None,
        })
    }

    /// When the work on a message was finished first.
    pub(crate) fn done_at(&self, number: u32) -> Option<Ms> {
        self.when(|what| matches!(what, What::WorkFinished { message, .. } if message.0 == number))
    }

    /// The messages that went to a dead-letter queue, in that order.
    pub(crate) fn dead_letters(&self) -> Vec<u32> {
        self.all(|what| match what {
            What::DeadLettered { message, .. } => Some(message.0),
            _ => None,
        })
    }
}
