//! Share groups of a checked document as bytes.

use super::{
    OnShareFailure, Renew, ShareAcknowledge, ShareAcknowledgementMode, ShareAcquireMode,
    ShareCommit, ShareGroup, ShareMember, ShareOutcome,
};
use crate::bytes::{enums, structs};

structs! {
    ShareGroup { name, topics, members, consumers, share_session_timeout, share_heartbeat_interval, share_record_lock_duration, share_delivery_count_limit, share_partition_max_record_locks, share_auto_offset_reset, max_poll_records, share_acknowledgement_mode, share_acquire_mode, commit, on_failure, retry_backoff, renew, outcomes }
    ShareMember { name, start, takes, max_poll_records }
    Renew { every }
    ShareOutcome { message, consumer, acknowledge, hold }
}

enums! {
    ShareAcknowledgementMode { 0 Implicit {} 1 Explicit {} else Self::Implicit }
    ShareAcquireMode { 0 BatchOptimized {} 1 RecordLimit {} else Self::BatchOptimized }
    ShareCommit { 0 NextPoll {} 1 AfterRecord {} else Self::NextPoll }
    OnShareFailure { 0 Accept {} 1 Release {} 2 Reject {} 3 Retry {} else Self::Accept }
    ShareAcknowledge { 0 Accept {} 1 Release {} 2 Reject {} 3 None {} else Self::Accept }
}
