//! The work on the records of a poll, and what is said of them.

use super::side::{ShareTimer, Then};
use super::state::{Delivered, State};
use crate::ids::{ActorId, CopyId};
use crate::kafka::consumer::Client;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::kafka::share::AcknowledgeType;
use crate::scenario::{
    OnShareFailure, ShareAcknowledge, ShareAcknowledgementMode, ShareCommit, ShareOutcome,
};
use crate::time::SimDuration;
use crate::trace::{Millis, What};

impl KafkaLane {
    /// Takes the next record of the batch in hand; after the last one, polls.
    pub(super) fn next_share_record(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let Some((consumer, _)) = self.share.find(actor) else {
            return;
        };
        consumer.current = consumer.batch.pop_front();
        match consumer.current {
            Some(record) => self.start_share_work(step, actor, record),
            None => self.share_poll(step, actor),
        }
    }

    fn start_share_work(&mut self, step: &mut Step<'_>, actor: ActorId, record: Delivered) {
        let client = self.share_client(actor);
        let message = record.message;
        let outcome = self.outcome_of(actor, record);
        let Some((consumer, _)) = self.share.find(actor) else {
            return;
        };
        let own = consumer.own.takes.map(Millis::from);
        let hold = outcome.and_then(|outcome| outcome.hold).map(Millis::from);
        let takes = hold.unwrap_or_else(|| {
            let work = step.work.map(|work| work.takes_for(message, own));
            work.unwrap_or_default()
        });
        consumer.state = State::Working;
        step.out.event(What::WorkStarted {
            actor,
            message,
            copy: CopyId(0),
            takes,
        });
        let timer = ShareTimer::WorkDone(client);
        step.out.timer(
            step.now + SimDuration::from(takes),
            KafkaTimer::Share(timer),
        );
    }

    /// What the document has this consumer do with a record.
    fn outcome_of(&mut self, actor: ActorId, record: Delivered) -> Option<ShareOutcome> {
        let (consumer, group) = self.share.find(actor)?;
        let name = &consumer.own.name;
        let mut outcomes = group.settings.outcomes.iter();
        let outcome = outcomes.find(|it| {
            let of_it = it.consumer.as_ref().is_none_or(|its| its == name);
            it.message == record.message.0 && of_it
        });
        outcome.cloned()
    }

    pub(super) fn share_work_done(&mut self, step: &mut Step<'_>, client: Client) {
        let actor = client.actor;
        let current = self.share.find(actor).and_then(|(consumer, _)| {
            let works = consumer.state == State::Working;
            consumer.current.filter(|_| works)
        });
        let Some(record) = current else { return };
        let message = record.message;
        let outcome = self.outcome_of(actor, record);
        let outcome = outcome.map(|outcome| outcome.acknowledge);
        let failed = match outcome {
            Some(ShareAcknowledge::Accept) => false,
            Some(_) => true,
            None => self.has_failed(step, actor, record),
        };
        let copy = CopyId(0);
        step.out.event(if failed {
            What::WorkFailed {
                actor,
                message,
                copy,
            }
        } else {
            What::WorkFinished {
                actor,
                message,
                copy,
            }
        });
        let Some((consumer, group)) = self.share.find(actor) else {
            return;
        };
        let said = match (outcome, group.settings.on_failure) {
            (Some(ShareAcknowledge::Release), _) => AcknowledgeType::Release,
            (Some(ShareAcknowledge::Reject), _) => AcknowledgeType::Reject,
            (None, OnShareFailure::Release) if failed => AcknowledgeType::Release,
            (None, OnShareFailure::Reject) if failed => AcknowledgeType::Reject,
            (None, OnShareFailure::Retry) if failed => {
                consumer.state = State::BackingOff;
                let timer = ShareTimer::RetryDue(client);
                let at = step.now + group.settings.retry_backoff;
                return step.out.timer(at, KafkaTimer::Share(timer));
            }
            _ => AcknowledgeType::Accept,
        };
        if group.settings.share_acknowledgement_mode == ShareAcknowledgementMode::Explicit {
            consumer.acknowledged.push(record.say(said));
        }
        if group.settings.commit == ShareCommit::AfterRecord {
            consumer.state = State::Committing;
            let acknowledged = std::mem::take(&mut consumer.acknowledged);
            self.send_share_request(step, client, (acknowledged, Then::Answer));
        } else {
            self.next_share_record(step, actor);
        }
    }

    /// Whether the work on a record fails this time: in each group as often as the workload has it.
    fn has_failed(&mut self, step: &Step<'_>, actor: ActorId, record: Delivered) -> bool {
        let Some((_, group)) = self.share.find(actor) else {
            return false;
        };
        let message = record.message;
        let attempt = group.attempts.get(&message).copied().unwrap_or(0) + 1;
        let failed = step.work.is_some_and(|work| work.fails(message, attempt));
        if failed {
            group.attempts.insert(message, attempt);
        }
        failed
    }

    pub(super) fn share_commit_answer(&mut self, step: &mut Step<'_>, client: Client) {
        if self.share_state(client) == Some(State::Committing) {
            self.next_share_record(step, client.actor);
        }
    }

    pub(super) fn share_retry_due(&mut self, step: &mut Step<'_>, client: Client) {
        let current = self.share.find(client.actor).and_then(|(c, _)| c.current);
        if let (Some(State::BackingOff), Some(record)) = (self.share_state(client), current) {
            self.start_share_work(step, client.actor, record);
        }
    }

    fn share_state(&self, client: Client) -> Option<State> {
        let consumer = self.share.consumers.get(&client.actor);
        consumer.map(|consumer| consumer.state)
    }

    /// Renews the locks on the record in hand and on those behind it, and tells what was
    /// acknowledged so far. KIP-1222.
    pub(super) fn renew_due(&mut self, step: &mut Step<'_>, client: Client, poll: u32) {
        let Some((consumer, group)) = self.share.find(client.actor) else {
            return;
        };
        let Some(renew) = &group.settings.renew else {
            return;
        };
        if consumer.poll != poll || consumer.current.is_none() {
            return;
        }
        let timer = ShareTimer::RenewDue(client, poll);
        step.out
            .timer(step.now + renew.every, KafkaTimer::Share(timer));
        let mut said = std::mem::take(&mut consumer.acknowledged);
        let in_hand = consumer
            .current
            .filter(|_| consumer.state != State::Committing);
        let kept = in_hand.iter().chain(&consumer.batch);
        said.extend(kept.map(|record| record.say(AcknowledgeType::Renew)));
        self.send_share_request(step, client, (said, Then::Nothing));
    }
}
