//! Why a group rebalances, and how its kind of rebalance goes.

use broker_lab_core::ActorId;
use broker_lab_core::trace::RebalanceReason;

use super::fill::Words;
use crate::stage::view::Way;

/// What happened, and how each way goes on from there.
macro_rules! by_way {
    ($why:literal) => {
        [
            concat!(
                $why,
                " Each member hears of it with its next heartbeat, gives up all its partitions and joins again; who has joined stands still until the last one has."
            ),
            concat!(
                $why,
                " Each member joins again and reads on meanwhile: only what moves is given up, and given out in a second round."
            ),
            concat!(
                $why,
                " The coordinator tells each member by its heartbeat what to give up and what to take; everything else is read on."
            ),
        ]
    };
}

/// In words, for a group that rebalances this way (because of one member).
pub(super) fn words(reason: RebalanceReason, by: Option<ActorId>, way: Way) -> Words {
    let by_one = by.is_some();
    let texts = match reason {
        RebalanceReason::MemberJoined if by_one => by_way!("@w joins @g."),
        RebalanceReason::MemberLeft if by_one => by_way!("@w has left @g."),
        RebalanceReason::SessionExpired if by_one => {
            by_way!("@w was not heard from for a whole session, and @g goes on without it.")
        }
        RebalanceReason::RevocationTimedOut if by_one => {
            by_way!("@w did not give up its partitions in time, and @g goes on without it.")
        }
        RebalanceReason::MemberRejoined if by_one => by_way!("@w joins @g again."),
        RebalanceReason::StaticMemberReplaced if by_one => {
            by_way!("@w takes the place that its group.instance.id had in @g.")
        }
        RebalanceReason::SubscriptionChanged => by_way!("@g reads other topics from now on."),
        RebalanceReason::MetadataChanged => by_way!("A topic that @g reads has more partitions."),
        _ => by_way!("@g shares out its partitions anew."),
    };
    let [eager, cooperative, broker] = texts;
    match way {
        Way::Eager => (eager, "eager rebalance"),
        Way::Cooperative => (cooperative, "cooperative rebalance"),
        Way::Broker => (broker, "KIP-848"),
    }
}
