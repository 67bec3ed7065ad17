//! Numbers and names in words, from integers.

use broker_lab_core::trace::QueueSetting;
use broker_lab_core::{SimDuration, SimTime};

/// What stands in place of the buttons that change something.
pub const RECORDED: &str =
    "This lane is a recording and stays as it was. Edit the simulation beside it.";

/// What there is to know of the lane.
pub const RECORDED_NOTE: &str = "What clients of a real Kafka said, at the times at which they said it: its times are those of the recording";

/// What a lane is that was recorded from a Kafka of this version: `4.3.0`.
#[must_use]
pub fn recorded_from(version: &str) -> String {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next(), parts.next());
    let version: Vec<&str> = [major, minor].into_iter().flatten().collect();
    format!("recorded from real Kafka {}", version.join("."))
}

/// A time on the clock: `0:07.2`.
#[must_use]
pub fn clock(at: SimTime) -> String {
    let tenths = at.as_millis() / 100;
    let (minutes, rest) = (tenths / 600, tenths % 600);
    format!("{minutes}:{:02}.{}", rest / 10, rest % 10)
}

/// A whole time on the clock: `0:40`.
#[must_use]
pub fn clock_whole(at: SimTime) -> String {
    let seconds = at.as_millis() / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A length in seconds with one decimal: `4.1 s`; whole from 100 s on, minutes from 10 min on.
#[must_use]
pub fn seconds(length: SimDuration) -> String {
    let tenths = length.as_millis().div_ceil(100);
    match tenths {
        0..1_000 => format!("{}.{} s", tenths / 10, tenths % 10),
        1_000..6_000 => format!("{} s", tenths / 10),
        _ => format!("{} min", tenths / 600),
    }
}

/// A setting as a person says it: `10 s`, `4 d`.
#[must_use]
pub fn setting(length: SimDuration) -> String {
    let written = length.to_string();
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = written.split_at(digits);
    let unit = match unit {
        "m" => "min",
        other => other,
    };
    format!("{number} {unit}")
}

/// A count with its thing: `1 order`, `12 orders`.
#[must_use]
pub fn counted(count: u32, thing: &str) -> String {
    if count == 1 {
        format!("1 {thing}")
    } else {
        format!("{} {thing}s", thousands(count))
    }
}

/// A count with a mark every three digits: `12,480`.
#[must_use]
pub fn thousands(count: u32) -> String {
    let digits = count.to_string();
    let mut written = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// The first letter made a capital, if it is one of a to z: the tables of all other letters would
/// be a tenth of the page's download.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut capital = text.to_owned();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    capital
}

/// Names in a row: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// An attribute of a queue under SQS's own name.
#[must_use]
pub const fn setting_name(setting: QueueSetting) -> &'static str {
    match setting {
        QueueSetting::VisibilityTimeout => "VisibilityTimeout",
        QueueSetting::Delay => "DelaySeconds",
        QueueSetting::MessageRetentionPeriod => "MessageRetentionPeriod",
        QueueSetting::ReceiveMessageWaitTime => "ReceiveMessageWaitTimeSeconds",
        QueueSetting::MaximumMessageSize => "MaximumMessageSize",
        QueueSetting::RedrivePolicy => "RedrivePolicy",
        QueueSetting::RedriveAllowPolicy => "RedriveAllowPolicy",
        QueueSetting::ContentBasedDeduplication => "ContentBasedDeduplication",
        QueueSetting::DeduplicationScope => "DeduplicationScope",
        QueueSetting::FifoThroughputLimit => "FifoThroughputLimit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_lengths_read_as_a_person_says_them() {
        assert_eq!(clock(SimTime::from_millis(7_249)), "0:07.2");
        assert_eq!(clock(SimTime::from_millis(754_900)), "12:34.9");
        assert_eq!(clock_whole(SimTime::from_millis(40_000)), "0:40");
        assert_eq!(seconds(SimDuration::from_millis(4_010)), "4.1 s");
        assert_eq!(seconds(SimDuration::from_secs(345)), "345 s");
        assert_eq!(setting(SimDuration::from_secs(345_600)), "4 d");
        assert_eq!(setting(SimDuration::from_secs(90)), "90 s");
        assert_eq!(setting(SimDuration::from_secs(120)), "2 min");
    }

    #[test]
    fn counts_and_lists() {
        assert_eq!(
            (counted(1, "order"), counted(1_204, "order")),
            ("1 order".to_owned(), "1,204 orders".to_owned())
        );
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&names), "a, b and c");
        assert_eq!(list(&names[..2]), "a and b");
        assert_eq!(capital("order 6"), "Order 6");
    }
}
