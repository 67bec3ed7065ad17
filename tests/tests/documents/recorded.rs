//! Lanes that were recorded: what a document may say of them, and that nothing touches them.

use broker_lab_core::guarantee::Guarantee;
use broker_lab_core::recording::{OpenError, open};
use broker_lab_core::scenario::Command;
use broker_lab_core::trace::{Event, What};
use broker_lab_core::{LaneId, Recording, Run, Scenario, SimTime};

const SCENE: &str = include_str!("../../../static/scenarios/same-crash-recorded.json");
const RECORDING: &str = include_str!("../../vectors/kafka-recordings/crash-range.json");

const REAL: LaneId = LaneId(0);

fn scene() -> Scenario {
    Scenario::from_json(SCENE).expect("the scene is sound")
}

/// What is wrong with the scene after a change of its text.
#[track_caller]
fn fault(from: &str, to: &str) -> String {
    let changed = SCENE.replacen(from, to, 1);
    assert_ne!(changed, SCENE, "{from}");
    let faults = Scenario::from_json(&changed).expect_err("it is broken");
    faults.to_string()
}

fn of_lane(run: &Run, lane: LaneId) -> Vec<Event> {
    let events = run.trace().iter();
    events.filter(|event| event.lane == lane).copied().collect()
}

#[track_caller]
fn with(run: &Run, command: &str) -> Run {
    let command = Command::from_json(command).expect("a command");
    let mut run = run.with_command(command).expect("a command of the scene");
    while run.advance(1_000).is_none() {}
    run
}

#[test]
fn the_scene_is_the_recording() {
    let experiment = Recording::from_json(RECORDING)
        .expect("a recording")
        .experiment()
        .expect("it can be shown");
    let scene = scene();
    assert_eq!(scene.lanes[0].recorded, experiment.lanes[0].recorded);
    assert_eq!(scene.lanes[1], experiment.lanes[1]);
    assert_eq!(scene.workload, experiment.workload);
    assert_eq!(scene.commands, experiment.commands);
}

#[test]
fn a_recording_has_to_fit_its_lane_and_the_workload() {
    let place = "lanes[0].recorded: ";
    let crash = r#"{"t_ms":10500,"do":"crash_consumer","member":"c2"}"#;
    let cases = [
        (
            crash,
            r#"{"t_ms":10500,"do":"crash_consumer","member":"c9"}"#,
            "consumer: c9 is not there",
        ),
        (
            crash,
            r#"{"do":"crash_consumer","member":"c2"}"#,
            "t_ms is missing",
        ),
        (
            r#""records":[["orders",5,0,"order-1"]]"#,
            r#""records":[["orders",7,0,"order-1"]]"#,
            "partition: orders-7 is not there",
        ),
        (
            r#""records":[["orders",5,0,"order-1"]]"#,
            r#""records":[["orders",3,0,"order-1"]]"#,
            "events: topic 0 p3 @0 is not there",
        ),
        (
            r#"{"at":"7009ms","key":"ada""#,
            r#"{"at":"7008ms","key":"ada""#,
            "the workload is another one",
        ),
        (
            r#"{"at":"7009ms","key":"ada""#,
            r#"{"at":"7009ms","key":"ned""#,
            "the workload is another one",
        ),
        (r#""kafka_version":"4.3.0","#, "", "kafka_version"),
    ];
    for (from, to, says) in cases {
        let fault = fault(from, to);
        assert!(
            fault.starts_with("lanes[0].recorded") && fault.contains(says),
            "{fault}"
        );
        assert!(
            !fault.starts_with(place) || fault.lines().count() == 1,
            "{fault}"
        );
    }
    let mut scene = scene();
    scene.lanes[0].kafka = None;
    let fault = scene.check().expect_err("it is no log").to_string();
    assert!(fault.contains("needs kafka"), "{fault}");
}

#[test]
fn no_command_touches_a_recording() {
    let scene = scene();
    let run = Run::complete(scene);
    let recorded = of_lane(&run, REAL);
    for command in [
        r#"{"at":"9s","crash":"c1"}"#,
        r#"{"at":"9s","remove":"c3"}"#,
        r#"{"at":"9s","add":"billing"}"#,
        r#"{"at":"9s","poison":22}"#,
        r#"{"at":"9s","send":"ada"}"#,
        r#"{"at":"9s","resend":7}"#,
        r#"{"at":"9s","freeze":"c1"}"#,
        r#"{"at":"9s","create_partitions":{"topic":"orders","partitions":9}}"#,
        r#"{"at":"9s","seek":{"consumer":"c1","to_beginning":true}}"#,
    ] {
        let edited = with(&run, command);
        assert!(of_lane(&edited, REAL) == recorded, "{command}");
        assert!(
            of_lane(&edited, LaneId(1)) != of_lane(&run, LaneId(1)),
            "{command}"
        );
    }
}

#[test]
fn a_command_for_a_recording_alone_is_refused_in_words() {
    // What nobody has heard of our engine does not play: the recording stands alone on the stage.
    let unheard = RECORDING.replace("crash_consumer", "shake_consumer");
    let alone = open(&unheard).expect("a recording");
    assert_eq!(alone.lanes.len(), 1);
    let refused = |scenario: &Scenario, command: &str| {
        let mut scenario = scenario.clone();
        let command = Command::from_json(command).expect("a command");
        scenario.commands.push(command);
        scenario.check().expect_err("it is refused").to_string()
    };
    let crash = r#"{"at":"9s","crash":"c1"}"#;
    let said = refused(&alone, crash);
    assert!(said.contains("every lane is a recording"), "{said}");
    let mut other = scene();
    let simulated = other.lanes[1].kafka.as_mut().expect("a log");
    for (consumer, name) in simulated.groups[0]
        .consumers
        .iter_mut()
        .zip(["a", "b", "c"])
    {
        consumer.name = String::from(name);
    }
    other.commands.clear();
    let said = refused(&other, crash);
    assert!(said.contains("edit the simulation beside it"), "{said}");
}

/// However the run is cut into slices, a message is known before anybody speaks of it.
#[test]
fn slices_change_nothing() {
    let whole = Run::complete(scene());
    let mut run = Run::new(scene());
    while run.advance(1).is_none() {
        let messages = run.trace().iter().filter_map(|event| match event.what {
            What::Sent { message, .. } | What::Appended { message, .. } => Some(message),
            _ => None,
        });
        let unknown = messages.filter(|message| run.trace().message(*message).is_none());
        assert_eq!(unknown.count(), 0);
    }
    assert!(run.trace().iter().eq(whole.trace().iter()));
    for guarantee in Guarantee::ALL {
        let verdict = |run: &Run| run.guarantees().verdict(REAL, guarantee, SimTime::MAX);
        assert_eq!(verdict(&run), verdict(&whole));
    }
}

#[test]
fn what_is_neither_is_said_to_be_neither() {
    for text in ["hello", "{}", "[1, 2]", r#"{"name": "something"}"#, ""] {
        let error = open(text).expect_err(text);
        assert!(matches!(error, OpenError::Neither(_)), "{text}: {error}");
        let said = error.to_string();
        assert!(
            said.starts_with("this is neither a scenario nor a recording of Kafka"),
            "{said}"
        );
    }
    assert!(matches!(
        open(r#"{"version": 1}"#),
        Err(OpenError::Scenario(_))
    ));
    assert!(matches!(
        open(r#"{"setup": {}}"#),
        Err(OpenError::Recording(_))
    ));
    assert!(open(RECORDING).is_ok() && open(SCENE).is_ok());
}
