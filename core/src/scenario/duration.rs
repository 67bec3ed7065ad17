//! ISO 8601 durations, which Kafka has in one place: `by_duration:PT1H30M`.

use std::fmt;

use crate::time::SimDuration;

/// Days, hours, minutes and seconds of a duration, as `java.time.Duration.parse` takes them; none if
/// it is something else, or negative.
pub(super) fn parse(text: &str) -> Option<SimDuration> {
    let (days, clock) = text.strip_prefix('P')?.split_once('T').unwrap_or_else(|| {
        let days = text.get(1..).unwrap_or_default();
        (days, "")
    });
    let mut micros = part(days, &[('D', 86_400)])?;
    micros += part(clock, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    let is_empty = days.is_empty() && clock.is_empty();
    let ends_early = clock.is_empty() && text.ends_with('T');
    (!is_empty && !ends_early).then_some(SimDuration::from_micros(micros))
}

/// Numbers with their units, each at most once and in this order.
fn part(text: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut rest = text;
    let mut micros: u64 = 0;
    for &(unit, secs) in units {
        let Some((number, after)) = rest.split_once(unit) else {
            continue;
        };
        let factor = secs * 1_000_000;
        micros = micros.checked_add(if unit == 'S' {
            seconds(number)?
        } else {
            whole(number)?.checked_mul(factor)?
        })?;
        rest = after;
    }
    rest.is_empty().then_some(micros)
}

fn whole(number: &str) -> Option<u64> {
    let is_sound = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| is_sound)
}

/// Seconds with up to six decimals, in microseconds.
fn seconds(number: &str) -> Option<u64> {
    let (secs, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let places = u32::try_from(decimals.len()).ok()?;
    let scale = 10_u64.pow(6_u32.checked_sub(places)?);
    let micros = whole(decimals)?.checked_mul(scale)?;
    whole(secs)?.checked_mul(1_000_000)?.checked_add(micros)
}

/// A duration in that form.
pub(super) struct Iso(pub(super) SimDuration);

impl fmt::Display for Iso {
    /// `PT1H30M`, `PT0.25S`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        let (hours, minutes) = (micros / 3_600_000_000, micros / 60_000_000 % 60);
        let rest = micros % 60_000_000;
        f.write_str("PT")?;
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if rest > 0 || micros == 0 {
            write!(f, "{}", rest / 1_000_000)?;
            if !rest.is_multiple_of(1_000_000) {
                write!(f, ".{:06}", rest % 1_000_000)?;
            }
            f.write_str("S")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_printed() {
        for (text, micros) in [
            ("PT0S", 0),
            ("PT15S", 15_000_000),
            ("PT1H30M", 5_400_000_000),
            ("P1D", 86_400_000_000),
            ("P1DT1H", 90_000_000_000),
            ("PT0.25S", 250_000),
        ] {
            let read = parse(text).unwrap();
            assert_eq!(read.as_micros(), micros, "{text}");
            assert_eq!(parse(&Iso(read).to_string()), Some(read), "{text}");
        }
        assert_eq!(Iso(SimDuration::from_secs(5_415)).to_string(), "PT1H30M15S");
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "1H",
            "PT1",
            "PT-5S",
            "P1H",
            "PT1S1H",
            "PT1.1234567S",
            "P1DT",
            "PT+5S",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
