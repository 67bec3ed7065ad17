//! How many bytes a record takes in a batch. `org.apache.kafka.common.record.DefaultRecord`,
//! without compression, key and headers.

/// The header of a batch. `DefaultRecordBatch.RECORD_BATCH_OVERHEAD`.
pub(in crate::kafka) const BATCH_HEADER: u32 = 61;

/// Around the value of a record of which nothing is known yet: 21 bytes of a record at most, and
/// one for the number of headers and another for the key that is not there.
const MOST_AROUND: u32 = 23;

/// The size of a record with a value of `value` bytes, `since_first` ms after the first record of
/// its batch and `index` records after it. `sizeInBytes`.
pub(in crate::kafka) fn of(value: u32, since_first: u32, index: u32) -> u32 {
    const ATTRIBUTES: u32 = 1;
    const NO_KEY: u32 = 1;
    const NO_HEADERS: u32 = 1;
    let body = ATTRIBUTES
        + varint(since_first)
        + varint(index)
        + NO_KEY
        + varint(value)
        + value
        + NO_HEADERS;
    varint(body) + body
}

/// What a batch of just this record may need at most. `AbstractRecords.estimateSizeInBytesUpperBound`.
pub(in crate::kafka) fn of_batch_at_most(value: u32) -> u32 {
    BATCH_HEADER + MOST_AROUND + varint(value) + value
}

/// The bytes of a number that is not negative, doubled as the format does to keep the sign low.
fn varint(number: u32) -> u32 {
    let bits = u64::BITS - (u64::from(number) << 1).leading_zeros();
    bits.div_ceil(7).max(1)
}
