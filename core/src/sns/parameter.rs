//! What has a range in SNS, as a table that a test holds against the vector file.

use super::{limits, retry};
use crate::sqs::ErrorCode;
use crate::sqs::parameter::{Bound, Parameter, Unit};

static PARAMETERS: [Parameter; 7] = [
    Parameter::new(
        "SNS to SQS delivery attempts",
        Unit::Attempts,
        Bound::Fixed(retry::ATTEMPTS as u64),
    ),
    Parameter::new(
        "SNS MaximumMessageSize",
        Unit::Bytes,
        Bound::AtMost(limits::MAXIMUM_MESSAGE_SIZE_MAX as u64),
    )
    .or(limits::MAXIMUM_MESSAGE_SIZE_DEFAULT as u64)
    .else_error(ErrorCode::InvalidParameter),
    Parameter::new(
        "SNS filter policy keys",
        Unit::Keys,
        Bound::Between(
            *limits::FILTER_KEYS.start() as u64,
            *limits::FILTER_KEYS.end() as u64,
        ),
    )
    .else_error(ErrorCode::InvalidParameter),
    Parameter::new(
        "SNS filter policy combinations",
        Unit::Combinations,
        Bound::AtMost(limits::FILTER_COMBINATIONS_MAX as u64),
    )
    .else_error(ErrorCode::InvalidParameter),
    // The developer guide names no error for this one and the next; ours are FilterPolicyLimitExceeded
    // (Subscribe, SNS API) and InvalidParameter.
    Parameter::new(
        "SNS filter policies per topic",
        Unit::Policies,
        Bound::AtMost(limits::FILTER_POLICIES_MAX as u64),
    ),
    Parameter::new(
        "SNS filter policy numbers",
        Unit::FiveDecimals,
        Bound::Magnitude(limits::FILTER_NUMBER_MAX.unsigned_abs()),
    ),
    Parameter::new(
        "SNS raw delivery message attributes",
        Unit::RawAttributes,
        Bound::AtMost(limits::RAW_ATTRIBUTES_MAX as u64),
    ),
];

/// Everything of SNS that has a limit here.
pub fn parameters() -> impl Iterator<Item = &'static Parameter> {
    PARAMETERS.iter()
}
