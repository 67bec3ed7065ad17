//! SQS: the domain parts of the queue lane.
