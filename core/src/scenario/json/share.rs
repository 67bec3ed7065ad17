//! Which fields a share group has.

use super::fields::{fields, names};
use super::read::Read;
use super::reader::{Broken, Reader};
use crate::scenario::{
    OnShareFailure, Renew, ShareAcknowledge, ShareAcknowledgementMode, ShareAcquireMode,
    ShareCommit, ShareGroup, ShareMember, ShareOutcome,
};

fields! { ShareGroup: name topics; members consumers share_session_timeout
share_heartbeat_interval share_record_lock_duration share_delivery_count_limit
share_partition_max_record_locks share_auto_offset_reset max_poll_records
share_acknowledgement_mode share_acquire_mode commit on_failure retry_backoff renew outcomes }
fields! { ShareMember: name; start takes max_poll_records }
fields! { Renew: every; }
fields! { ShareOutcome: message acknowledge; consumer hold }

names! { ShareAcknowledgementMode: "implicit" Implicit, "explicit" Explicit }
names! { ShareAcquireMode: "batch_optimized" BatchOptimized, "record_limit" RecordLimit }
names! { ShareCommit: "next_poll" NextPoll, "after_record" AfterRecord }
names! { OnShareFailure: "accept" Accept, "release" Release, "reject" Reject, "retry" Retry }
names! { ShareAcknowledge: "accept" Accept, "release" Release, "reject" Reject, "none" None }
