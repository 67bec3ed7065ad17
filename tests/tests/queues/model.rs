//! The reference: one list of messages, everything found by looking through it.

mod giving;

use broker_lab_core::sqs::{
    Deduplication, DeduplicationId, DeduplicationScope, MessageGroup, ReceiveAttempt,
};
use broker_lab_core::{MessageId, SimDuration, SimTime};

/// What both queues are, and how each is set.
pub(crate) struct Model {
    pub(crate) is_fifo: bool,
    pub(crate) settings: [Settings; 2],
    pub(crate) now: SimTime,
    messages: Vec<Message>,
    /// How many messages ever came into each queue.
    arrivals: [u32; 2],
    purged_at: [Option<SimTime>; 2],
    waiting: Vec<Wait>,
    sends: Vec<Send>,
    attempts: Vec<Attempt>,
    /// The groups of each queue in line.
    lines: [Vec<MessageGroup>; 2],
    pub(crate) told: Vec<Told>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) visibility_timeout: SimDuration,
    pub(crate) delay: SimDuration,
    pub(crate) retention: SimDuration,
    pub(crate) wait: SimDuration,
    /// Messages go from the first queue to the second after so many receives.
    pub(crate) max_receive_count: Option<u32>,
    pub(crate) content_based: bool,
    pub(crate) scope: DeduplicationScope,
}

#[derive(Clone, Debug)]
struct Message {
    body: MessageId,
    queue: usize,
    arrival: u32,
    sent_at: SimTime,
    /// Delayed or in flight until then.
    hidden_until: SimTime,
    received_at: Option<SimTime>,
    first_received_at: Option<SimTime>,
    receive_count: u32,
    receives_here: u32,
    is_dead: bool,
    group: Option<MessageGroup>,
    deduplication: Option<Deduplication>,
    is_changed: bool,
}

/// A receipt: which message of which queue, which receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) queue: usize,
    pub(crate) arrival: u32,
    pub(crate) receive: u32,
}

/// A receive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) queue: usize,
    pub(crate) waiter: u32,
    pub(crate) most: u8,
    pub(crate) timeout: Option<SimDuration>,
    pub(crate) wait: Option<SimDuration>,
    pub(crate) attempt: Option<ReceiveAttempt>,
}

struct Wait {
    ask: Ask,
    until: SimTime,
}

struct Send {
    at: SimTime,
    id: DeduplicationId,
    group: MessageGroup,
    body: MessageId,
    arrival: u32,
}

struct Attempt {
    at: SimTime,
    queue: usize,
    id: ReceiveAttempt,
    given: Vec<Receipt>,
}

/// What is seen of a queue without asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Given {
        waiter: u32,
        receipt: Receipt,
        body: MessageId,
        receive_count: u32,
        sent_at: SimTime,
        first_received_at: SimTime,
        is_dead: bool,
        group: Option<MessageGroup>,
        deduplication: Option<Deduplication>,
        timeout: SimDuration,
    },
    Answered {
        at: SimTime,
        waiter: u32,
        count: u8,
    },
    DeadLettered(MessageId),
    Expired(usize, MessageId),
}

/// The answer to a call, of all kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted,
    Stored { arrival: u32 },
    Duplicate { first: MessageId, arrival: u32 },
    Deleted(MessageId),
    Stale(MessageId),
    Gone,
    Expired,
    TooLong,
    Refused,
}

impl Model {
    pub(crate) fn new(is_fifo: bool, settings: [Settings; 2]) -> Self {
        Self {
            is_fifo,
            settings,
            now: SimTime::ZERO,
            messages: Vec::new(),
            arrivals: [0; 2],
            purged_at: [None; 2],
            waiting: Vec::new(),
            sends: Vec::new(),
            attempts: Vec::new(),
            lines: [Vec::new(), Vec::new()],
            told: Vec::new(),
        }
    }

    fn is_hidden(&self, message: &Message) -> bool {
        message.hidden_until > self.now
    }

    fn is_in_flight(&self, message: &Message) -> bool {
        self.is_hidden(message) && message.received_at.is_some()
    }

    /// Visible, not visible, delayed.
    pub(crate) fn counts(&self, queue: usize) -> [u32; 3] {
        let mut counts = [0; 3];
        for message in self
            .messages
            .iter()
            .filter(|message| message.queue == queue)
        {
            let state = match (self.is_hidden(message), self.is_in_flight(message)) {
                (false, _) => 0,
                (true, true) => 1,
                (true, false) => 2,
            };
            counts[state] += 1;
        }
        counts
    }

    /// Goes from one time at which something happens to the next.
    pub(crate) fn advance(&mut self, to: SimTime) {
        while let Some(next) = self.next_event().filter(|next| *next <= to) {
            self.now = next;
            self.settle();
            let (over, waiting) = std::mem::take(&mut self.waiting)
                .into_iter()
                .partition(|wait: &Wait| wait.until <= next);
            self.waiting = waiting;
            let mut over: Vec<Wait> = over;
            over.sort_by_key(|wait| wait.ask.queue);
            for wait in over {
                self.answered(wait.ask.waiter, 0);
            }
        }
        self.now = to;
    }

    fn next_event(&self) -> Option<SimTime> {
        let shown = self.messages.iter().map(|message| message.hidden_until);
        let expired = self.messages.iter().map(|message| self.expires(message));
        let waits = self.waiting.iter().map(|wait| wait.until);
        let all = shown.chain(expired).chain(waits);
        all.filter(|at| *at > self.now).min()
    }

    fn expires(&self, message: &Message) -> SimTime {
        message.sent_at + self.settings[message.queue].retention
    }

    /// What is too old goes, and who waits is served.
    fn settle(&mut self) {
        self.expire();
        for queue in [0, 1] {
            self.serve(queue);
        }
    }

    fn expire(&mut self) {
        let is_over = |model: &Self, message: &Message| model.expires(message) <= model.now;
        let mut over: Vec<Message> = self.messages.clone();
        over.retain(|message| is_over(self, message));
        over.sort_by_key(|message| (message.queue, message.sent_at, message.arrival));
        for message in over {
            self.told.push(Told::Expired(message.queue, message.body));
            self.remove(message.queue, message.arrival);
        }
    }

    fn remove(&mut self, queue: usize, arrival: u32) -> Option<Message> {
        let place = self.place(queue, arrival)?;
        let message = self.messages.remove(place);
        let group = message.group;
        let is_left = |other: &Message| other.queue == queue && other.group == group;
        if !self.messages.iter().any(is_left) {
            self.lines[queue].retain(|in_line| Some(*in_line) != group);
        }
        Some(message)
    }

    fn place(&self, queue: usize, arrival: u32) -> Option<usize> {
        let is_it = |message: &Message| message.queue == queue && message.arrival == arrival;
        self.messages.iter().position(is_it)
    }

    /// Puts a message behind all others of a queue.
    fn store(&mut self, queue: usize, mut message: Message) -> u32 {
        message.queue = queue;
        message.arrival = self.arrivals[queue];
        self.arrivals[queue] += 1;
        if let Some(group) = message
            .group
            .filter(|group| !self.lines[queue].contains(group))
        {
            self.lines[queue].push(group);
        }
        let arrival = message.arrival;
        self.messages.push(message);
        arrival
    }

    pub(crate) fn send(
        &mut self,
        body: MessageId,
        group: Option<MessageGroup>,
        (explicit, content): (Option<DeduplicationId>, DeduplicationId),
        own_delay: Option<SimDuration>,
    ) -> Answer {
        let settings = self.settings[0];
        let mut id = None;
        let mut delay = own_delay.unwrap_or(settings.delay);
        if self.is_fifo {
            let content = settings.content_based.then_some(content);
            let (Some(group), Some(found)) = (group, explicit.or(content)) else {
                return Answer::Refused;
            };
            if own_delay.is_some_and(|delay| delay > SimDuration::ZERO) {
                return Answer::Refused;
            }
            delay = settings.delay;
            let first = self.sends.iter().find(|send| {
                send.id == found
                    && self.now.since(send.at) < SimDuration::from_secs(300)
                    && (settings.scope == DeduplicationScope::Queue || send.group == group)
            });
            if let Some(first) = first {
                let (first, arrival) = (first.body, first.arrival);
                return Answer::Duplicate { first, arrival };
            }
            id = Some((found, group));
        } else if explicit.is_some() {
            return Answer::Refused;
        }
        let message = Message {
            body,
            queue: 0,
            arrival: 0,
            sent_at: self.now,
            hidden_until: self.now + delay,
            received_at: None,
            first_received_at: None,
            receive_count: 0,
            receives_here: 0,
            is_dead: false,
            group,
            deduplication: id.map(|(id, _)| Deduplication::Id(id)),
            is_changed: false,
        };
        let arrival = self.store(0, message);
        if let Some((id, group)) = id {
            let at = self.now;
            self.sends.push(Send {
                at,
                id,
                group,
                body,
                arrival,
            });
        }
        self.settle();
        Answer::Stored { arrival }
    }

    pub(crate) fn delete(&mut self, receipt: Receipt) -> Answer {
        let Some(place) = self.place(receipt.queue, receipt.arrival) else {
            return Answer::Gone;
        };
        let message = self.messages[place].clone();
        let is_newest = message.receives_here == receipt.receive;
        if self.is_fifo && !(is_newest && self.is_in_flight(&message)) {
            return Answer::Expired;
        }
        if !is_newest {
            return Answer::Stale(message.body);
        }
        self.remove(receipt.queue, receipt.arrival);
        self.settle();
        Answer::Deleted(message.body)
    }

    pub(crate) fn change_visibility(&mut self, receipt: Receipt, timeout: SimDuration) -> Answer {
        let Some(place) = self.place(receipt.queue, receipt.arrival) else {
            return Answer::Gone;
        };
        let message = self.messages[place].clone();
        let Some(received_at) = message.received_at.filter(|_| self.is_hidden(&message)) else {
            return Answer::Accepted;
        };
        if self.is_fifo && message.receives_here != receipt.receive {
            return Answer::Expired;
        }
        let until = self.now + timeout;
        if until.since(received_at) > SimDuration::from_secs(43_200) {
            return Answer::TooLong;
        }
        self.messages[place].hidden_until = until;
        self.messages[place].is_changed = true;
        self.settle();
        Answer::Accepted
    }

    pub(crate) fn purge(&mut self, queue: usize) -> Answer {
        let last = self.purged_at[queue];
        if last.is_some_and(|last| self.now.since(last) < SimDuration::from_secs(60)) {
            return Answer::Refused;
        }
        self.purged_at[queue] = Some(self.now);
        self.messages.retain(|message| message.queue != queue);
        self.lines[queue].clear();
        self.attempts.retain(|attempt| attempt.queue != queue);
        if queue == 0 {
            self.sends.clear();
        }
        Answer::Accepted
    }

    pub(crate) fn set(&mut self, queue: usize, settings: Settings) {
        let delay_before = self.settings[queue].delay;
        self.settings[queue] = settings;
        if self.is_fifo && delay_before != settings.delay {
            let never = |message: &&mut Message| {
                message.queue == queue && message.receives_here == 0 && !message.is_dead
            };
            for message in self.messages.iter_mut().filter(never) {
                message.hidden_until = message.sent_at + settings.delay;
            }
        }
        self.settle();
    }

    pub(crate) fn cancel(&mut self, waiter: u32) {
        self.waiting.retain(|wait| wait.ask.waiter != waiter);
    }

    fn answered(&mut self, waiter: u32, count: usize) {
        let (at, count) = (self.now, count as u8);
        self.told.push(Told::Answered { at, waiter, count });
    }
}
