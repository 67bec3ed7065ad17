//! Whatever takes part, nothing lies on anything else and everything stays on its floor.

use broker_lab_core::Scenario;
use broker_lab_core::cast::Cast;

use super::{Body, LaneLayout, Rect, Room};
use crate::link::presets;

/// The boxes that hold words or marks: no two of them may share room.
fn boxes(body: &Body) -> Vec<Rect> {
    let cards = body.cards().map(|card| card.frame);
    match body {
        Body::Queue(queue) => {
            let main = queue.queues.iter().flat_map(|queue| {
                let rows = queue.rows.iter().flat_map(|row| [row.label, row.area]);
                std::iter::once(queue.head).chain(rows)
            });
            let aside = queue.aside.iter().flat_map(|aside| {
                let rows = aside.rows.iter().map(|row| row.area);
                std::iter::once(aside.head).chain(rows)
            });
            main.chain(aside).chain(queue.topic).chain(cards).collect()
        }
        Body::Log(log) => log
            .topics
            .iter()
            .flat_map(|topic| {
                let rows = topic.rows.iter().flat_map(|row| [row.label, row.cells]);
                std::iter::once(topic.head).chain(rows)
            })
            .chain(log.groups.iter().map(|group| group.head))
            .chain(cards)
            .collect(),
    }
}

#[track_caller]
fn check(scenario: &Scenario, room: Room) {
    let cast = Cast::of(scenario);
    for (document, names) in scenario.lanes.iter().zip(&cast.lanes) {
        let layout = LaneLayout::new(document, (names, cast.keys.len()), room).unwrap();
        let what = format!("{} in {room:?}", document.name);
        let floor = Rect::new(0.0, 0.0, layout.width, layout.height);
        assert!(layout.least_height <= layout.height + 0.01, "{what}");
        let mut boxes = boxes(&layout.body);
        boxes.push(layout.producers);
        for (n, found) in boxes.iter().enumerate() {
            assert!(floor.contains(*found), "{what}: {found:?} leaves {floor:?}");
            assert!(found.w > 0.0 && found.h > 0.0, "{what}: {found:?}");
            for other in &boxes[..n] {
                assert!(!found.overlaps(*other), "{what}: {found:?} on {other:?}");
            }
        }
        if let Body::Log(log) = &layout.body {
            for group in &log.groups {
                assert!(
                    group
                        .cards
                        .iter()
                        .all(|card| group.frame.contains(card.frame))
                );
                assert!(group.frame.contains(group.head), "{what}");
            }
        }
    }
}

/// The floors of a lane at the three sizes, and narrower and lower than any of them.
const ROOMS: [Room; 4] = [
    Room {
        width: 484.0,
        height: 524.0,
    },
    Room {
        width: 325.0,
        height: 420.0,
    },
    Room {
        width: 296.0,
        height: 500.0,
    },
    Room {
        width: 100.0,
        height: 0.0,
    },
];

#[test]
fn in_every_experiment_of_the_page_nothing_lies_on_anything_else() {
    for preset in &presets::ALL {
        let file = format!("../static/scenarios/{}.json", preset.name);
        let scenario = Scenario::from_json(&std::fs::read_to_string(file).unwrap()).unwrap();
        for room in ROOMS {
            check(&scenario, room);
        }
    }
}

#[test]
fn many_queues_workers_partitions_groups_and_members_have_their_places() {
    for (queues, workers, partitions, groups, members) in [
        (1, 0, 1, 0, 0),
        (1, 1, 1, 1, 1),
        (3, 5, 4, 3, 2),
        (9, 60, 40, 6, 9),
        (2, 25, 13, 1, 30),
    ] {
        let list = |count: usize, make: &dyn Fn(usize) -> String| {
            (0..count).map(make).collect::<Vec<_>>().join(",")
        };
        let text = format!(
            r#"{{ "version": 1, "horizon": "9s",
                "workload": {{ "producers": [{{ "name": "p", "rate": "1/s", "keys": ["k"] }}] }},
                "lanes": [
                  {{ "name": "queue", "sqs": {{ "queues": [{}, {{ "name": "dead" }}], "workers": [{}] }} }},
                  {{ "name": "log", "kafka": {{
                      "topics": [{{ "name": "t", "partitions": {partitions} }}, {{ "name": "u" }}],
                      "groups": [{}] }} }} ] }}"#,
            list(queues, &|n| format!(
                r#"{{ "name": "q{n}", "redrive_policy": {{ "dead_letter_target": "dead", "max_receive_count": 3 }} }}"#
            )),
            list(usize::from(workers > 0), &|_| format!(
                r#"{{ "name": "w", "count": {workers}, "queue": "q0" }}"#
            )),
            list(groups, &|n| format!(
                r#"{{ "name": "g{n}", "topics": ["t"], "members": {members} }}"#
            )),
        );
        let scenario = Scenario::from_json(&text).unwrap();
        for room in ROOMS {
            check(&scenario, room);
        }
    }
}
