//! `poll()`, and how its fetch is answered.

use super::side::{Fetch, Request, ShareTimer, Sharing, Then};
use super::state::{Acknowledged, Delivered, Fetching, Leaving, State, member_of};
use crate::ids::{ActorId, Offset, TopicPartition};
use crate::kafka::consumer::Client;
use crate::kafka::defaults;
use crate::kafka::lane::{KafkaLane, KafkaTimer, Step};
use crate::kafka::share::{
    AcknowledgeType, Acquire, FetchedLog, ShareEffect, SharePartition, SharePartitionSettings,
};
use crate::scenario::{AutoOffsetReset, ShareAcknowledgementMode};
use crate::trace::{PositionOrigin, ShareWhat};

impl KafkaLane {
    /// `KafkaShareConsumer.poll()`: in implicit mode it accepts what the last poll returned; then
    /// it fetches, and takes what was acknowledged along.
    pub(super) fn share_poll(&mut self, step: &mut Step<'_>, actor: ActorId) {
        let client = self.share_client(actor);
        let Some((consumer, group)) = self.share.find(actor) else {
            return;
        };
        if consumer.leaving == Leaving::Yes {
            return self.close_share_consumer(step, actor);
        }
        let polled = std::mem::take(&mut consumer.polled);
        if group.settings.share_acknowledgement_mode == ShareAcknowledgementMode::Implicit {
            let accepted = polled.iter().map(|it| it.say(AcknowledgeType::Accept));
            consumer.acknowledged.extend(accepted);
        }
        consumer.poll += 1;
        let fetching = if consumer.assigned.is_empty() {
            Fetching::No
        } else {
            Fetching::Yes
        };
        consumer.state = State::Polling { fetching };
        let then = match fetching {
            Fetching::No => Then::Nothing,
            Fetching::Yes => {
                // `PartitionRotateStrategy`: no partition is looked at first all the time.
                let mut partitions = consumer.assigned.clone();
                let turn = consumer.session_epoch as usize % partitions.len().max(1);
                partitions.rotate_left(turn);
                Then::Fetch(Fetch {
                    partitions,
                    max_records: consumer
                        .own
                        .max_poll_records
                        .unwrap_or(group.settings.max_poll_records),
                })
            }
        };
        let acknowledged = std::mem::take(&mut consumer.acknowledged);
        if fetching == Fetching::Yes || !acknowledged.is_empty() {
            self.send_share_request(step, client, (acknowledged, then));
        }
    }

    pub(super) fn send_share_request(
        &mut self,
        step: &mut Step<'_>,
        client: Client,
        (acknowledged, then): (Vec<Acknowledged>, Then),
    ) {
        let Some((consumer, _)) = self.share.find(client.actor) else {
            return;
        };
        consumer.session_epoch += 1;
        let group = consumer.group;
        let number = self.share.note_request(Request {
            client,
            group,
            acknowledged,
            then,
        });
        let timer = ShareTimer::RequestArrives(number);
        step.out
            .timer(step.now + self.latency, KafkaTimer::Share(timer));
    }

    /// The leader notes the acknowledgements first, then it looks for records.
    pub(super) fn request_arrives(&mut self, step: &mut Step<'_>, number: u32) {
        let Some(mut request) = self.share.requests.remove(&number) else {
            return;
        };
        let (client, group) = (request.client, request.group);
        let changed = self.take_acknowledgements(step, &mut request);
        match request.then {
            Then::Nothing => {}
            Then::Answer => {
                let timer = ShareTimer::CommitAnswer(client);
                step.out
                    .timer(step.now + self.latency, KafkaTimer::Share(timer));
            }
            Then::CloseSession => self.close_session(step, group, member_of(client)),
            Then::Fetch(ref fetch) => {
                self.start_share_partitions(step, group, &fetch.partitions);
                let got = self.acquire_for(step, (group, client), fetch);
                if got.is_empty() {
                    self.share.requests.insert(number, request);
                    if let Some(group) = self.share.groups.get_mut(group) {
                        group.waiting.push(number);
                    }
                    let timer = ShareTimer::FetchExpires(number);
                    let at = step.now + defaults::FETCH_MAX_WAIT;
                    step.out.timer(at, KafkaTimer::Share(timer));
                } else {
                    self.answer_share_fetch(step, (number, client), got);
                }
            }
        }
        for partition in changed {
            self.wake_share_fetches(step, (group, partition));
        }
    }

    /// The group begins with partitions that nobody has fetched from for it yet.
    /// `SharePartition.maybeInitialize`.
    fn start_share_partitions(
        &mut self,
        step: &mut Step<'_>,
        group: usize,
        partitions: &[TopicPartition],
    ) {
        for &partition in partitions {
            // Where nobody leads, or the new leader does not know yet how far, the next fetch begins.
            let Some(end) = self.latest_offset(partition) else {
                continue;
            };
            let reset = self.share.groups.get(group);
            let reset = reset.map(|its| its.settings.share_auto_offset_reset);
            let by_age = match reset {
                Some(AutoOffsetReset::ByDuration { length }) => {
                    self.offset_by_age(step, partition, length)
                }
                _ => end,
            };
            let Some(its) = self.share.groups.get_mut(group) else {
                return;
            };
            if its.partitions.contains_key(&partition) {
                continue;
            }
            let settings = &its.settings;
            let (offset, origin) = match settings.share_auto_offset_reset {
                AutoOffsetReset::Earliest => (Offset(0), PositionOrigin::Earliest),
                AutoOffsetReset::ByDuration { .. } => (by_age, PositionOrigin::ByDuration),
                // A checked document has no `none` here: Kafka has none for share groups.
                AutoOffsetReset::Latest | AutoOffsetReset::None => (end, PositionOrigin::Latest),
            };
            let limit = u16::try_from(settings.share_delivery_count_limit).unwrap_or(u16::MAX);
            let settings = SharePartitionSettings {
                record_lock_duration: settings.share_record_lock_duration,
                delivery_count_limit: limit,
                max_record_locks: settings.share_partition_max_record_locks,
            };
            let sharing = Sharing::new(SharePartition::new(offset, settings));
            its.partitions.insert(partition, sharing);
            step.out.event(
                ShareWhat::PartitionStarted {
                    group: its.id,
                    partition,
                    offset,
                    origin,
                }
                .into(),
            );
        }
    }

    /// Acquires for one fetch what there is, partition by partition, until it has enough.
    /// `ShareFetchUtils.processFetchResponse`.
    fn acquire_for(
        &mut self,
        step: &mut Step<'_>,
        (index, client): (usize, Client),
        fetch: &Fetch,
    ) -> Vec<Delivered> {
        let mut got = Vec::new();
        let mut left = fetch.max_records;
        for &partition in &fetch.partitions {
            let Some(end) = self.readable_end(partition) else {
                continue;
            };
            let log = FetchedLog::of_single_records(end);
            let Some(group) = self.share.groups.get_mut(index) else {
                break;
            };
            let Some(sharing) = group.partitions.get_mut(&partition) else {
                continue;
            };
            let request = Acquire {
                member: member_of(client),
                mode: group.settings.share_acquire_mode,
                max_records: left,
                batch_size: fetch.max_records,
            };
            let effects = &mut sharing.effects;
            let count = sharing.partition.acquire(step.now, &request, &log, effects);
            left = left.saturating_sub(count);
            let offsets = sharing.effects.iter().filter_map(|effect| match effect {
                ShareEffect::Acquired { offset, .. } => Some(*offset),
                _ => None,
            });
            let offsets: Vec<Offset> = offsets.collect();
            for offset in offsets {
                if let Some(message) = self.message_at(partition, offset) {
                    got.push(Delivered {
                        partition,
                        offset,
                        message,
                    });
                }
            }
            self.report_share_partition(step, (index, partition));
        }
        got
    }

    fn answer_share_fetch(
        &mut self,
        step: &mut Step<'_>,
        (number, client): (u32, Client),
        got: Vec<Delivered>,
    ) {
        self.share.answers.insert(number, got);
        let timer = ShareTimer::FetchAnswer(client, number);
        step.out
            .timer(step.now + self.latency, KafkaTimer::Share(timer));
    }

    /// There is something to acquire: the fetches that wait for it are tried in their order.
    pub(super) fn wake_share_fetches(
        &mut self,
        step: &mut Step<'_>,
        (index, partition): (usize, TopicPartition),
    ) {
        let Some(end) = self.readable_end(partition) else {
            return;
        };
        let mut place = 0;
        while let Some(group) = self.share.groups.get(index)
            && let Some(sharing) = group.partitions.get(&partition)
            && sharing.partition.can_acquire(end)
            && let Some(number) = group.waiting.get(place).copied()
        {
            let request = self.share.requests.get(&number);
            let Some(Request {
                client,
                then: Then::Fetch(fetch),
                ..
            }) = request.filter(|request| request.wants(partition)).cloned()
            else {
                place += 1;
                continue;
            };
            let got = self.acquire_for(step, (index, client), &fetch);
            if got.is_empty() {
                place += 1;
            } else {
                self.forget_fetch(index, number);
                self.answer_share_fetch(step, (number, client), got);
            }
        }
    }

    /// A record has come: every share group that has begun with the partition may want it.
    pub(in crate::kafka) fn wake_share_groups(
        &mut self,
        step: &mut Step<'_>,
        partition: TopicPartition,
    ) {
        for index in 0..self.share.groups.len() {
            self.wake_share_fetches(step, (index, partition));
        }
    }

    fn forget_fetch(&mut self, index: usize, number: u32) {
        if let Some(group) = self.share.groups.get_mut(index) {
            group.waiting.retain(|waiting| *waiting != number);
        }
        self.share.requests.remove(&number);
    }

    /// The fetches of a member whose session is closed are not answered any more.
    pub(super) fn forget_fetches_of(&mut self, index: usize, client: Client) {
        let requests = &mut self.share.requests;
        if let Some(group) = self.share.groups.get_mut(index) {
            group.waiting.retain(|number| {
                let is_its = requests.get(number).is_some_and(|r| r.client == client);
                if is_its {
                    requests.remove(number);
                }
                !is_its
            });
        }
    }

    pub(super) fn share_fetch_expires(&mut self, step: &mut Step<'_>, number: u32) {
        // A fetch that was answered is not there any more.
        if let Some(request) = self.share.requests.get(&number) {
            let (client, group) = (request.client, request.group);
            self.forget_fetch(group, number);
            self.answer_share_fetch(step, (number, client), Vec::new());
        }
    }

    pub(super) fn share_fetch_answer(&mut self, step: &mut Step<'_>, client: Client, number: u32) {
        let actor = client.actor;
        let got = self.share.answers.remove(&number).unwrap_or_default();
        let Some((consumer, group)) = self.share.find(actor) else {
            return;
        };
        if got.is_empty() {
            return self.share_poll(step, actor);
        }
        consumer.polled.clone_from(&got);
        consumer.batch = got.into();
        if let Some(renew) = &group.settings.renew {
            let timer = ShareTimer::RenewDue(client, consumer.poll);
            step.out
                .timer(step.now + renew.every, KafkaTimer::Share(timer));
        }
        self.next_share_record(step, actor);
    }
}

impl Request {
    fn wants(&self, partition: TopicPartition) -> bool {
        matches!(&self.then, Then::Fetch(fetch) if fetch.partitions.contains(&partition))
    }
}
