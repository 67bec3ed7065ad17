//! Receives: who gets what.

use broker_lab_core::SimDuration;
use broker_lab_core::sqs::Deduplication;

use super::{Ask, Attempt, Message, Model, Receipt, Told, Wait};

impl Model {
    pub(crate) fn receive(&mut self, ask: Ask) {
        let wait = ask.wait.unwrap_or(self.settings[ask.queue].wait);
        let given = match self.repeated(ask) {
            Some(given) => {
                for receipt in &given {
                    self.hand_out(ask, *receipt);
                }
                given.len()
            }
            None => self.give(ask),
        };
        if given > 0 || wait == SimDuration::ZERO {
            self.answered(ask.waiter, given);
        } else {
            let until = self.now + wait;
            self.waiting.push(Wait { ask, until });
        }
        self.settle();
    }

    /// What the same attempt was given, if nothing has happened to it.
    fn repeated(&self, ask: Ask) -> Option<Vec<Receipt>> {
        let id = ask.attempt.filter(|_| self.is_fifo)?;
        let is_it = |attempt: &&Attempt| attempt.id == id && attempt.queue == ask.queue;
        let last = self.attempts.iter().rev().find(is_it)?;
        if self.now.since(last.at) >= SimDuration::from_secs(300) {
            return None;
        }
        let is_untouched = |receipt: &Receipt| {
            let place = self.place(receipt.queue, receipt.arrival);
            place.is_some_and(|place| {
                let message = &self.messages[place];
                message.receives_here == receipt.receive && !message.is_changed
            })
        };
        last.given
            .iter()
            .all(is_untouched)
            .then(|| last.given.clone())
    }

    pub(super) fn serve(&mut self, queue: usize) {
        while let Some(place) = self.waiting.iter().position(|wait| wait.ask.queue == queue) {
            let ask = self.waiting[place].ask;
            let given = self.give(ask);
            if given == 0 {
                break;
            }
            self.waiting.retain(|wait| wait.ask.waiter != ask.waiter);
            self.answered(ask.waiter, given);
        }
    }

    fn give(&mut self, ask: Ask) -> usize {
        let given = match self.is_fifo {
            true => self.give_by_group(ask),
            false => {
                let mut visible = self.visible(ask.queue);
                visible.sort_by_key(|message| (message.receives_here >= 3, message.arrival));
                self.give_of(ask, &visible, 0)
            }
        };
        let count = given.len();
        if let Some(id) = ask.attempt
            && count > 0
        {
            let (at, queue) = (self.now, ask.queue);
            self.attempts.push(Attempt {
                at,
                queue,
                id,
                given,
            });
        }
        count
    }

    fn visible(&self, queue: usize) -> Vec<Message> {
        let visible = self
            .messages
            .iter()
            .filter(|message| message.queue == queue && !self.is_hidden(message));
        visible.cloned().collect()
    }

    fn give_by_group(&mut self, ask: Ask) -> Vec<Receipt> {
        let mut given = Vec::new();
        for group in self.lines[ask.queue].clone() {
            let is_of =
                |message: &&Message| message.queue == ask.queue && message.group == Some(group);
            let mut all: Vec<Message> = self.messages.iter().filter(is_of).cloned().collect();
            all.sort_by_key(|message| message.arrival);
            let hidden = all.iter().position(|message| self.is_hidden(message));
            all.truncate(hidden.unwrap_or(all.len()));
            let of_group = self.give_of(ask, &all, given.len());
            if !of_group.is_empty() {
                self.lines[ask.queue].retain(|other| *other != group);
                self.lines[ask.queue].push(group);
            }
            given.extend(of_group);
        }
        given
    }

    /// Gives of `found` what there is room for after `before` others.
    fn give_of(&mut self, ask: Ask, found: &[Message], before: usize) -> Vec<Receipt> {
        let mut given = Vec::new();
        for message in found {
            if before + given.len() == usize::from(ask.most) {
                break;
            }
            let most = self.settings[ask.queue].max_receive_count;
            if most.is_some_and(|most| message.receives_here >= most) {
                self.bury(message);
                continue;
            }
            let place = self
                .place(message.queue, message.arrival)
                .expect("it is there");
            let now = self.now;
            let message = &mut self.messages[place];
            message.receive_count += 1;
            message.receives_here += 1;
            message.first_received_at.get_or_insert(now);
            message.is_changed = false;
            let receipt = Receipt {
                queue: message.queue,
                arrival: message.arrival,
                receive: message.receives_here,
            };
            self.hand_out(ask, receipt);
            given.push(receipt);
        }
        given
    }

    /// A message goes in flight.
    fn hand_out(&mut self, ask: Ask, receipt: Receipt) {
        let place = self
            .place(receipt.queue, receipt.arrival)
            .expect("it is there");
        let default = self.settings[receipt.queue].visibility_timeout;
        let timeout = ask.timeout.unwrap_or(default);
        let message = &mut self.messages[place];
        message.received_at = Some(self.now);
        message.hidden_until = self.now + timeout;
        self.told.push(Told::Given {
            waiter: ask.waiter,
            receipt,
            body: message.body,
            receive_count: message.receive_count,
            sent_at: message.sent_at,
            first_received_at: message.first_received_at.expect("it was received"),
            is_dead: message.is_dead,
            group: message.group,
            deduplication: message.deduplication,
            timeout,
        });
    }

    fn bury(&mut self, message: &Message) {
        let mut dead = self.remove(0, message.arrival).expect("it is there");
        self.told.push(Told::DeadLettered(dead.body));
        dead.is_dead = true;
        dead.receives_here = 0;
        dead.hidden_until = self.now;
        dead.received_at = None;
        if self.is_fifo {
            dead.sent_at = self.now;
            dead.deduplication = Some(Deduplication::MessageId);
        }
        if dead.sent_at + self.settings[1].retention <= self.now {
            self.told.push(Told::Expired(1, dead.body));
            return;
        }
        self.store(1, dead);
        self.serve(1);
    }
}
