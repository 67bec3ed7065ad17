use super::*;
use broker_lab_core::SimDuration;
use broker_lab_core::scenario::{
    Command, CreatePartitions, PartitionsOf, ResetOffsets, Seek, SetQueueAttributes, SlowDown,
    StartMessageMoveTask, Subscribe, Unreachable,
};

type Change<'a> = &'a dyn Fn(&mut Command);

/// Each edit is read as the command that has this changed.
fn check(edits: &[(Edit, Change<'_>)]) {
    for (edit, change) in edits {
        let mut command = Command {
            at: SimDuration::from_micros(1_234_567),
            ..Command::default()
        };
        change(&mut command);
        let text = edit.at(SimTime::from_micros(1_234_567));
        assert_eq!(Command::from_json(&text), Ok(command), "{text}");
    }
}

#[test]
fn every_edit_is_a_command() {
    let name = || Some(String::from("worker-1"));
    let queue = || String::from("orders");
    let set = SetQueueAttributes {
        queue: queue(),
        visibility_timeout: Some(SimDuration::from_secs(7)),
        ..SetQueueAttributes::default()
    };
    let back = StartMessageMoveTask {
        source: queue(),
        destination: None,
        max_number_of_messages_per_second: Some(2),
    };
    let outage = Unreachable {
        queue: queue(),
        lasts: SimDuration::from_secs(5),
    };
    let edits: [(Edit, Change<'_>); 14] = [
        (Edit::Crash("worker-1".into()), &|c| c.crash = name()),
        (Edit::Restart("worker-1".into()), &|c| c.restart = name()),
        (Edit::Remove("worker-1".into()), &|c| c.remove = name()),
        (Edit::Add("worker-1".into()), &|c| c.add = name()),
        (Edit::Poison(MessageId(7)), &|c| c.poison = Some(7)),
        (Edit::Send("worker-1".into()), &|c| c.send = name()),
        (Edit::Resend(MessageId(7)), &|c| c.resend = Some(7)),
        (
            Edit::SetQueueAttribute {
                queue: queue(),
                attribute: "visibility_timeout",
                value: "\"7s\"".into(),
            },
            &|c| c.set_queue_attributes = Some(set.clone()),
        ),
        (Edit::Purge(queue()), &|c| c.purge = Some(queue())),
        (
            Edit::StartMoveTask {
                source: queue(),
                rate: 2,
            },
            &|c| c.start_message_move_task = Some(back.clone()),
        ),
        (Edit::CancelMoveTask(queue()), &|c| {
            c.cancel_message_move_task = Some(queue());
        }),
        (Edit::Deny(queue()), &|c| c.deny = Some(queue())),
        (Edit::Allow(queue()), &|c| c.allow = Some(queue())),
        (
            Edit::Unreachable {
                queue: queue(),
                seconds: 5,
            },
            &|c| c.unreachable = Some(outage.clone()),
        ),
    ];
    check(&edits);
}

#[test]
fn every_edit_of_a_group_is_a_command() {
    let name = || String::from("billing");
    let of = || PartitionsOf {
        consumer: name(),
        ..PartitionsOf::default()
    };
    let edits: [(Edit, Change<'_>); 8] = [
        (Edit::Freeze(name()), &|c| c.freeze = Some(name())),
        (Edit::Thaw(name()), &|c| c.thaw = Some(name())),
        (
            Edit::SlowDown {
                consumer: name(),
                times: 4,
            },
            &|c| {
                c.slow_down = Some(SlowDown {
                    consumer: name(),
                    times: 4,
                });
            },
        ),
        (Edit::SeekToBeginning(name()), &|c| {
            c.seek = Some(Seek {
                consumer: name(),
                to_beginning: true,
                ..Seek::default()
            });
        }),
        (Edit::Pause(name()), &|c| c.pause = Some(of())),
        (Edit::Resume(name()), &|c| c.resume = Some(of())),
        (
            Edit::ResetOffsets {
                group: name(),
                to: ResetTo::Earliest,
            },
            &|c| {
                c.reset_offsets = Some(ResetOffsets {
                    group: name(),
                    to_earliest: true,
                    ..ResetOffsets::default()
                });
            },
        ),
        (
            Edit::ResetOffsets {
                group: name(),
                to: ResetTo::Latest,
            },
            &|c| {
                c.reset_offsets = Some(ResetOffsets {
                    group: name(),
                    to_latest: true,
                    ..ResetOffsets::default()
                });
            },
        ),
    ];
    check(&edits);
}

#[test]
fn every_edit_of_what_is_read_is_a_command() {
    let name = || String::from("billing");
    let edits: [(Edit, Change<'_>); 2] = [
        (
            Edit::Subscribe {
                group: name(),
                topics: vec!["orders".into(), "audit".into()],
            },
            &|c| {
                c.subscribe = Some(Subscribe {
                    group: name(),
                    topics: vec!["orders".into(), "audit".into()],
                });
            },
        ),
        (
            Edit::CreatePartitions {
                topic: "orders".into(),
                partitions: 4,
            },
            &|c| {
                c.create_partitions = Some(CreatePartitions {
                    topic: "orders".into(),
                    partitions: 4,
                });
            },
        ),
    ];
    check(&edits);
}
