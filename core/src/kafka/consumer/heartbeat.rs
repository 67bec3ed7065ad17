//! How a consumer stays a member, and hears of a rebalance.

use super::state::{Client, Rejoin, State};
use crate::kafka::group::classic::HeartbeatError;
use crate::kafka::lane::{KafkaLane, KafkaTimer, News, Step};

impl KafkaLane {
    pub(super) fn heartbeat(&mut self, step: &mut Step<'_>, client: Client) {
        let group = self
            .consumers
            .get(client.actor.index())
            .map_or(0, |c| c.group);
        if let Some(group) = self.groups.get(group) {
            let interval = group.settings.heartbeat_interval;
            step.out.timer(
                step.now + self.latency,
                KafkaTimer::HeartbeatArrives(client),
            );
            step.out
                .timer(step.now + interval, KafkaTimer::Heartbeat(client));
        }
    }

    pub(super) fn heartbeat_arrives(&mut self, step: &mut Step<'_>, client: Client) {
        let Some(consumer) = self.consumers.get(client.actor.index()) else {
            return;
        };
        let (index, generation) = (consumer.group, consumer.generation);
        let (Some(group), Some(member)) = (self.groups.get_mut(index), consumer.member) else {
            return;
        };
        let news = match group.coordinator.heartbeat(step.now, member, generation) {
            Ok(()) => None,
            Err(HeartbeatError::RebalanceInProgress) => Some(News::Rebalancing),
            Err(HeartbeatError::IllegalGeneration) => Some(News::Outdated),
            Err(HeartbeatError::UnknownMemberId) => Some(News::Unknown),
        };
        if let Some(news) = news {
            let at = step.now + self.latency;
            step.out.timer(at, KafkaTimer::MembershipNews(client, news));
        }
        self.note_wake(step, index);
    }

    pub(super) fn hear_news(&mut self, step: &mut Step<'_>, client: Client, news: News) {
        let Some(consumer) = self.consumers.get_mut(client.actor.index()) else {
            return;
        };
        // While it joins, the answer to its join says all there is to say.
        if matches!(consumer.state, State::Joining | State::Syncing) {
            return;
        }
        consumer.rejoin = news.into();
        if consumer.is_in_poll() {
            self.rejoin(step, client.actor);
        }
    }
}

impl From<News> for Rejoin {
    fn from(news: News) -> Self {
        match news {
            News::Rebalancing => Self::Needed,
            News::Outdated => Self::Outdated,
            News::Unknown => Self::Unknown,
        }
    }
}
