//! What a consumer fetches ahead while it works, and what becomes of it.

use broker_lab_core::trace::What;

use crate::words::Lab;

/// What was worked on, in order, with how long the consumer had nothing to do before.
fn works(lab: &Lab) -> Vec<(u32, u64)> {
    let play = lab.run();
    let begun = play.all(|what| match what {
        What::WorkStarted { message, .. } => Some(message.0),
        _ => None,
    });
    let ended = play.all(|what| match what {
        What::WorkFinished { message, .. } | What::WorkFailed { message, .. } => Some(message.0),
        _ => None,
    });
    let ends = std::iter::once(0).chain(ended.iter().map(|(at, _)| *at));
    let pairs = begun.iter().zip(ends);
    pairs.map(|((at, id), before)| (*id, at - before)).collect()
}

/// What came during the work lies ready at its end: in between is the commit alone, 5 ms there and 5 ms
/// back.
#[test]
fn it_fetches_while_it_works() {
    let waits = works(&Lab {
        partitions: 1,
        group: r#""members": 1, "max_poll_records": 1"#,
        producer: r#""rate": "2/s", "start": "2s", "count": 5, "keys": ["ada"]"#,
        work: "1s",
        ..Lab::default()
    });
    let idle: Vec<u64> = waits.iter().skip(1).map(|(_, wait)| *wait).collect();
    assert_eq!(idle, [10, 10, 10, 10]);
}

/// As in the recording poison-range: a seek in the failed partition alone has the consumer pass over
/// what the same poll returned of another one, and go on with what comes in a poll of its own.
#[test]
fn a_seek_in_one_partition_alone_passes_others_over() {
    let sends = r#""sends": [
        { "at": "2s", "key": "ada", "partition": 0 }, { "at": "2s", "key": "ben", "partition": 1 },
        { "at": "5s", "key": "ben", "partition": 1 }]"#;
    let lab = |on_failure| {
        Lab {
            partitions: 2,
            group: on_failure,
            producer: sends,
            work: "300ms",
            horizon: "20s",
            failures: r#"{ "message": 1, "times": 3 }"#,
            ..Lab::default()
        }
        .run()
    };
    let done = |on_failure| {
        let play = lab(on_failure);
        play.what(|what| match what {
            What::WorkFinished { message, .. } => Some(message.0),
            _ => None,
        })
    };
    // The first polls bring messages 1 and 2 together: 1 fails, and 2 is never worked on.
    assert_eq!(
        done(
            r#""consumers": [{ "name": "late", "start": "4s" }], "max_poll_records": 5, "retry_backoff": "100ms", "on_failure": "seek_back""#
        ),
        [3, 1]
    );
    assert_eq!(
        done(
            r#""consumers": [{ "name": "late", "start": "4s" }], "max_poll_records": 5, "retry_backoff": "100ms", "on_failure": "retry""#
        ),
        [1, 2, 3]
    );
}
