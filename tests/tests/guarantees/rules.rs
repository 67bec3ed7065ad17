//! What holds of every trace.

use broker_lab_core::scenario::GroupProtocol;
use broker_lab_core::world::{GroupPhase, LaneWorld};
use broker_lab_core::{SimDuration, Stop};
use broker_lab_tests::checkers::{self, Seen, Verdict};
use broker_lab_tests::random::Shape;
use proptest::prelude::*;

use crate::strategy::{cases, shapes, with_run};

fn holds(shape: Shape, rule: impl Fn(Seen<'_>) -> Verdict) -> Result<(), TestCaseError> {
    let scenario = shape.scenario();
    let verdict = with_run(scenario, |_, seen| rule(seen));
    verdict.map_err(|why| TestCaseError::fail(format!("{why}\n{}", shape.scenario().to_json())))
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn every_random_scenario_is_sound_and_reaches_its_horizon(shape in shapes()) {
        let scenario = shape.scenario();
        prop_assert_eq!(scenario.check(), Ok(()));
        let read = broker_lab_core::Scenario::from_json(&scenario.to_json());
        prop_assert_eq!(read.as_ref(), Ok(&scenario));
        with_run(scenario, |run, _| {
            prop_assert_eq!(run.stop(), Some(Stop::Horizon));
            prop_assert!(run.trace().len() < 200_000, "{} events\n{}", run.trace().len(), run.scenario().to_json());
            Ok(())
        })?;
    }

    #[test]
    fn time_never_goes_back_and_ends_at_the_horizon(shape in shapes()) {
        holds(shape, checkers::time::goes_on)?;
    }

    #[test]
    fn every_lane_gets_the_same_work(shape in shapes()) {
        holds(shape, checkers::time::every_lane_gets_the_same_work)?;
    }

    #[test]
    fn a_crashed_process_does_nothing_until_it_is_started_again(shape in shapes()) {
        holds(shape, checkers::actors::are_alive_in_all_they_do)?;
    }

    #[test]
    fn no_message_of_a_queue_is_lost_or_given_away_while_in_flight(shape in shapes()) {
        holds(shape, checkers::queue::messages_go_through_their_states)?;
    }

    #[test]
    fn offsets_are_dense_and_in_the_order_of_sending(shape in shapes()) {
        holds(shape, checkers::log::offsets_are_dense)?;
    }

    #[test]
    fn what_lies_below_a_committed_offset_is_finished_if_commits_come_after_the_work(shape in shapes()) {
        holds(shape, checkers::log::commits_follow_the_work)?;
    }

    #[test]
    fn a_partition_has_one_owner_in_each_generation(shape in shapes()) {
        holds(shape, checkers::owner::a_partition_has_one)?;
    }

    /// At most one member has a record's lock; no record is delivered more often than is allowed;
    /// the start offset never goes back; and nothing stays locked longer than its lock.
    #[test]
    fn records_of_a_share_group_go_through_their_states(shape in shapes()) {
        holds(shape, checkers::share::records_go_through_their_states)?;
    }

    #[test]
    fn epochs_lead_to_the_target(shape in shapes()) {
        holds(shape, checkers::epochs::lead_to_the_target)?;
    }

    /// When nothing is done to it any more, everybody comes to the target.
    #[test]
    fn groups_of_the_consumer_protocol_come_to_rest(shape in shapes()) {
        let mut scenario = shape.scenario();
        scenario.horizon = scenario.horizon + SimDuration::from_secs(900);
        let lanes = scenario.lanes.iter_mut().filter_map(|lane| lane.kafka.as_mut());
        for group in lanes.flat_map(|lane| &mut lane.groups) {
            group.max_poll_interval = SimDuration::from_secs(300);
        }
        with_run(scenario, |run, _| {
            let world = run.world_at(run.simulated_until());
            for lane in &world.lanes {
                let LaneWorld::Kafka(log) = lane else { continue };
                for group in log.groups.iter().filter(|its| its.protocol == GroupProtocol::Consumer) {
                    let is_at_rest = matches!(group.phase, GroupPhase::Empty | GroupPhase::Stable);
                    prop_assert!(is_at_rest, "{:?}\n{}", group.phase, run.scenario().to_json());
                }
            }
            Ok(())
        })?;
    }
}
