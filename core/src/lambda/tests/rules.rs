//! Settings, advice, answers, and the gathering of batches.

use super::super::limits;
use super::super::pipe::{PipeSource, PipeSourceError};
use super::super::reserved::{Admission, ReservedConcurrency};
use super::super::response::{Fate, Identifier, Pace, Verdict, judge, stop_at_first};
use super::super::settings::{Advice, Pollers, ProvisionedRequest, SettingsError, advice};
use super::super::{Gathering, scaling};
use super::*;

fn faults(request: MappingRequest) -> Vec<SettingsError> {
    request.check(Timeouts::default()).unwrap_err()
}

#[test]
fn all_faults_are_told_at_once() {
    let request = MappingRequest {
        batch_size: Some(10_001),
        maximum_batching_window: Some(301),
        maximum_concurrency: Some(1),
        ..MappingRequest::default()
    };
    let timeouts = Timeouts {
        function: SimDuration::from_secs(31),
        visibility: SimDuration::from_secs(30),
    };
    let expected = vec![
        SettingsError::BatchSize {
            value: 10_001,
            most: 10_000,
        },
        SettingsError::Window(301),
        SettingsError::MaximumConcurrency(1),
        SettingsError::FunctionTimeoutOverVisibility,
    ];
    assert_eq!(request.check(timeouts), Err(expected));
}

#[test]
fn what_is_left_out_has_its_default() {
    let settings = checked(MappingRequest::default());
    assert_eq!(
        (settings.batch_size, settings.window),
        (10, SimDuration::ZERO)
    );
    assert_eq!(settings.pollers, Pollers::Automatic);
    let provisioned = MappingRequest {
        provisioned: Some(ProvisionedRequest::default()),
        ..MappingRequest::default()
    };
    let expected = Pollers::Provisioned {
        minimum: 2,
        maximum: 200,
    };
    assert_eq!(checked(provisioned).pollers, expected);
}

#[test]
fn pollers_do_not_cross() {
    let crossed = MappingRequest {
        provisioned: Some(ProvisionedRequest {
            minimum_pollers: Some(10),
            maximum_pollers: Some(9),
        }),
        ..MappingRequest::default()
    };
    assert_eq!(faults(crossed), [SettingsError::PollersCrossed]);
}

#[test]
fn a_function_has_a_timeout_of_1_to_900_seconds() {
    for seconds in [0, 901] {
        let timeouts = Timeouts {
            function: SimDuration::from_secs(seconds),
            visibility: SimDuration::from_secs(43_200),
        };
        let refused = MappingRequest::default().check(timeouts);
        assert_eq!(refused, Err(vec![SettingsError::FunctionTimeout]));
    }
}

#[test]
fn advice_is_no_error() {
    let request = MappingRequest {
        maximum_batching_window: Some(10),
        ..MappingRequest::default()
    };
    let settings = checked(request);
    let seconds = SimDuration::from_secs;
    // Six times three seconds, and the window.
    let at_least = seconds(28);
    assert_eq!(advice(&settings, at_least, Some(5)), []);
    assert_eq!(advice(&settings, at_least, None), []);
    assert_eq!(
        advice(&settings, seconds(27), Some(4)),
        [Advice::LongerVisibility { at_least }, Advice::MoreReceives]
    );
}

#[test]
fn a_pipe_has_the_ranges_of_a_mapping_and_none_of_its_ties() {
    let seconds = SimDuration::from_secs;
    let large = PipeSource::check(Some(10_000), None).unwrap();
    assert_eq!((large.batch_size, large.window), (10_000, seconds(0)));
    for size in [0, 10_001] {
        let refused = PipeSource::check(Some(size), None);
        assert_eq!(refused, Err(PipeSourceError::BatchSize(size)));
    }
    for window in [-1, 301] {
        let refused = PipeSource::check(None, Some(window));
        assert_eq!(refused, Err(PipeSourceError::Window(window)));
    }
}

#[test]
fn an_answer_is_read_as_json() {
    type Read = Answer<String>;
    for text in [
        "",
        " ",
        "null",
        "{}",
        "\"\"",
        "[]",
        "{\"batchItemFailures\": null}",
        "{\"ok\": 1}",
    ] {
        assert_eq!(Read::read(text), Answer::Empty, "{text}");
    }
    for text in [
        "oops",
        "{",
        "5",
        "true",
        "\"done\"",
        "[1]",
        "{\"batchItemFailures\": \"m1\"}",
    ] {
        assert_eq!(Read::read(text), Answer::Unreadable, "{text}");
    }
    let read = Read::read(
        r#"{"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": 1}, {}, "m2"]}"#,
    );
    let m1 = Identifier::Message("m1".to_owned());
    let invalid = || Identifier::Invalid;
    assert_eq!(
        read,
        Answer::Failures(vec![m1, invalid(), invalid(), invalid()])
    );
}

/// Only a complete failure slows a mapping down; reported failures do not, even if all failed.
#[test]
fn reported_failures_keep_the_pace() {
    let failures = |all: &[u8]| {
        let failures = all.iter().map(|it| Identifier::Message(*it)).collect();
        Ended::Returned(Answer::Failures(failures))
    };
    let judged = |ended| judge(&[1_u8, 2], ResponseType::BatchItemFailures, &ended);
    let verdict = |first, second, pace| Verdict {
        fates: vec![first, second],
        pace,
    };
    let (back, deleted) = (Fate::ComesBack, Fate::Deleted);
    assert_eq!(judged(failures(&[2])), verdict(deleted, back, Pace::Kept));
    assert_eq!(judged(failures(&[1, 2])), verdict(back, back, Pace::Kept));
    assert_eq!(judged(failures(&[3])), verdict(back, back, Pace::Reduced));
    assert_eq!(judged(Ended::Threw), verdict(back, back, Pace::Reduced));
}

#[test]
fn a_fifo_function_reports_the_first_failure_and_all_after_it() {
    let answer = stop_at_first(&[1, 2, 3], |message| message == 2);
    let left = [2, 3].map(Identifier::Message).to_vec();
    assert_eq!(answer, Answer::Failures(left));
    assert_eq!(stop_at_first(&[1], |_| false), Answer::Failures(Vec::new()));
}

#[test]
fn a_batch_that_is_exactly_6_mb_does_not_wait() {
    let settings = checked(MappingRequest {
        maximum_batching_window: Some(10),
        ..MappingRequest::default()
    });
    let half = limits::PAYLOAD_BYTES_MAX / 2;
    let mut gathering = Gathering::new(&settings);
    gathering.push(SimTime::ZERO, 1, half);
    assert_eq!(gathering.ready(SimTime::ZERO), None);
    gathering.push(SimTime::ZERO, 2, half);
    assert_eq!(gathering.ready(SimTime::ZERO), Some(Because::Payload));
    gathering.push(SimTime::from_millis(5), 3, 1);
    assert_eq!(gathering.take(), [1, 2]);
    // What did not fit has a window of its own.
    let ends = SimTime::from_millis(10_005);
    assert_eq!(gathering.window_ends(), Some(ends));
    assert_eq!(gathering.ready(ends), Some(Because::Window));
}

#[test]
fn more_than_a_batch_is_several() {
    let settings = checked(MappingRequest {
        batch_size: Some(2),
        ..MappingRequest::default()
    });
    let mut gathering = Gathering::new(&settings);
    for message in 1..=5 {
        gathering.push(SimTime::ZERO, message, 1);
    }
    let mut because = Vec::new();
    while let Some(why) = gathering.ready(SimTime::ZERO) {
        because.push((gathering.take(), why));
    }
    let full = Because::BatchSize;
    let expected = [
        (vec![1, 2], full),
        (vec![3, 4], full),
        (vec![5], Because::NoWindow),
    ];
    assert_eq!(because, expected);
}

#[test]
fn provisioned_pollers_scale_faster_and_further() {
    let most = |minutes: u64, maximum_pollers| {
        let settings = checked(MappingRequest {
            provisioned: Some(ProvisionedRequest {
                minimum_pollers: Some(2),
                maximum_pollers: Some(maximum_pollers),
            }),
            ..MappingRequest::default()
        });
        scaling::most_concurrent(&settings, SimDuration::from_secs(60 * minutes))
    };
    assert_eq!(most(0, 200), 20);
    assert_eq!(most(1, 200), 1_020);
    assert_eq!(most(10, 200), 2_000);
    assert_eq!(most(60, 10_000), 20_000);
}

#[test]
fn reserved_concurrency_throttles_what_is_over_it() {
    let mut function = ReservedConcurrency::new(1);
    assert_eq!(function.invoke(), Admission::Running);
    assert_eq!(function.invoke(), Admission::Throttled);
    function.end();
    assert_eq!(function.invoke(), Admission::Running);
}
