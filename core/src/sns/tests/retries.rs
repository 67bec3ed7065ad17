use super::super::retry::{ATTEMPTS, delay_before};
use crate::time::SimDuration;

#[test]
fn the_phases_follow_each_other() {
    let millis = |attempts: std::ops::RangeInclusive<u32>| {
        attempts
            .map(|attempt| delay_before(attempt).unwrap().as_millis())
            .collect::<Vec<_>>()
    };
    assert_eq!(millis(1..=6), [0, 0, 0, 1_000, 1_000, 1_000]);
    assert_eq!(
        millis(7..=16),
        [
            1_395, 1_946, 2_714, 3_786, 5_282, 7_368, 10_278, 14_337, 20_000, 20_000
        ]
    );
    assert_eq!(millis(100_015..=100_015), [20_000]);
    assert_eq!(delay_before(0), None);
    assert_eq!(delay_before(100_016), None);
}

#[test]
fn all_attempts_take_23_days() {
    let all = (1..=ATTEMPTS).filter_map(delay_before);
    let all = all.fold(SimDuration::ZERO, |sum, delay| sum + delay);
    assert_eq!(ATTEMPTS, 100_015);
    assert_eq!(all.as_secs() / 86_400, 23);
}

#[test]
fn back_off_grows_by_the_same_factor() {
    // 20^(1/9), in thousandths.
    for attempt in 7..=15 {
        let before = delay_before(attempt - 1).unwrap().as_millis();
        let after = delay_before(attempt).unwrap().as_millis();
        let factor = after * 1_000 / before;
        assert!((1_394..=1_396).contains(&factor), "{attempt}: {factor}");
    }
}
