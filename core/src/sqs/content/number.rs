//! Numbers as messages carry them: written as text, read without rounding.

use std::str::FromStr;

/// The most digits that SQS keeps of a number. Message attribute data types (DG).
const DIGITS_MAX: usize = 38;
/// The powers of ten between which SQS takes a number's magnitude: 10^-128..10^126.
const LEAST_POWER: i64 = -128;
const MOST_POWER: i64 = 126;
/// A written exponent that is beyond every number that anything here takes.
const FAR_POWER: i64 = 100_000;

/// A decimal number: sign, digits and a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    sign: Sign,
    /// The leading digits, at most [`DIGITS_MAX`], without zeros at either end.
    digits: u128,
    /// How many digits there were, without zeros at either end.
    precision: usize,
    /// The power of ten of the last digit that was kept.
    power: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
}

/// The text is no decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no decimal number")]
pub struct NoDecimal;

impl FromStr for Decimal {
    type Err = NoDecimal;

    /// Reads `-12.5`, `+7` and `3.015e2`.
    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (Sign::Negative, rest),
            None => (Sign::Positive, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, read_power(power)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = whole.bytes().chain(fraction.bytes());
        if mantissa.bytes().all(|byte| byte == b'.') || !digits.all(|byte| byte.is_ascii_digit()) {
            return Err(NoDecimal);
        }
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let leading = all.iter().take_while(|&&digit| digit == b'0').count();
        let trailing = all.iter().rev().take_while(|&&digit| digit == b'0').count();
        let end = all.len().saturating_sub(trailing);
        let significant = all.get(leading..end).unwrap_or_default();
        let kept = significant.len().min(DIGITS_MAX);
        let digits = significant
            .iter()
            .take(kept)
            .fold(0, |number: u128, digit| {
                number * 10 + u128::from(digit - b'0')
            });
        let dropped = signed(trailing + significant.len() - kept);
        Ok(Self {
            sign,
            digits,
            precision: significant.len(),
            power: power - signed(fraction.len()) + dropped,
        })
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read_power(text: &str) -> Result<i64, NoDecimal> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoDecimal);
    }
    let power: i64 = digits.parse().unwrap_or(FAR_POWER);
    Ok(sign * power.min(FAR_POWER))
}

impl Decimal {
    /// Whether SQS takes it as the value of an attribute: at most 38 digits, and zero or between
    /// 10^-128 and 10^126. Message attribute data types (DG).
    #[must_use]
    pub fn is_taken_by_sqs(self) -> bool {
        let first = self.power + signed(self.precision) - 1;
        let is_largest = first == MOST_POWER && self.digits == 1;
        self.digits == 0
            || self.precision <= DIGITS_MAX
                && ((LEAST_POWER..MOST_POWER).contains(&first) || is_largest)
    }

    /// The number in steps of 10^-`places`, what is below a step cut off; `None`: it does not fit.
    #[must_use]
    pub fn in_steps(self, places: u32) -> Option<i64> {
        let shift = self.power + i64::from(places);
        let shift_by = u32::try_from(shift.unsigned_abs()).ok()?;
        let ten = 10_u128.checked_pow(shift_by);
        let steps = match (shift >= 0, ten) {
            (true, Some(ten)) => self.digits.checked_mul(ten)?,
            (true, None) if self.digits > 0 => return None,
            (false, Some(ten)) => self.digits / ten,
            (_, None) => 0,
        };
        let steps = i64::try_from(steps).ok()?;
        Some(match self.sign {
            Sign::Positive => steps,
            Sign::Negative => -steps,
        })
    }
}
