//! What becomes of a batch once its invocation has ended. Handling errors for an SQS event source
//! (Lambda DG).

/// How an invocation ended. `I` names a message of the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended<I> {
    /// The function returned.
    Returned(Answer<I>),
    /// It threw an error.
    Threw,
    /// It ran into its timeout.
    TimedOut,
}

/// What a function returned, as far as a mapping looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<I> {
    /// Nothing, null, an empty object, or no list of failures in it: complete success.
    Empty,
    /// The list batchItemFailures. An empty one is complete success.
    Failures(Vec<Identifier<I>>),
    /// Text that is no JSON, or JSON that is no answer of this kind: complete failure.
    Unreadable,
}

/// An itemIdentifier of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier<I> {
    /// A message, which may or may not be of the batch.
    Message(I),
    /// Empty, null, no text, or under another key: complete failure.
    Invalid,
}

/// Whether the mapping looks at what the function returns: FunctionResponseTypes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseType {
    /// It does not: whatever is returned is success.
    #[default]
    Ignored,
    /// ReportBatchItemFailures.
    BatchItemFailures,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The mapping deletes it.
    Deleted,
    /// Nobody touches it: it is visible again when its visibility timeout ends.
    ComesBack,
}

/// Whether the mapping reduces its concurrency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It does not: success, or failures that were reported.
    Kept,
    /// It does: the whole batch failed.
    Reduced,
}

/// What an invocation's end means for its batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// For each message, in the order of the batch.
    pub fates: Vec<Fate>,
    /// For the mapping.
    pub pace: Pace,
}

/// Judges the end of an invocation with the messages `batch`.
pub fn judge<I: PartialEq>(batch: &[I], response_type: ResponseType, ended: &Ended<I>) -> Verdict {
    let all = |fate, pace| Verdict {
        fates: vec![fate; batch.len()],
        pace,
    };
    let Ended::Returned(answer) = ended else {
        return all(Fate::ComesBack, Pace::Reduced);
    };
    match (response_type, answer) {
        (ResponseType::Ignored, _) | (ResponseType::BatchItemFailures, Answer::Empty) => {
            all(Fate::Deleted, Pace::Kept)
        }
        // That an answer which cannot be read also slows the mapping down is our choice: it
        // counts as a failure, and failures do.
        (ResponseType::BatchItemFailures, Answer::Unreadable) => {
            all(Fate::ComesBack, Pace::Reduced)
        }
        (ResponseType::BatchItemFailures, Answer::Failures(failures)) => {
            let is_valid = |identifier: &Identifier<I>| match identifier {
                Identifier::Message(message) => batch.contains(message),
                Identifier::Invalid => false,
            };
            if !failures.iter().all(is_valid) {
                return all(Fate::ComesBack, Pace::Reduced);
            }
            let failed = |message: &I| {
                failures
                    .iter()
                    .any(|failed| matches!(failed, Identifier::Message(it) if it == message))
            };
            let fate = |message: &I| match failed(message) {
                true => Fate::ComesBack,
                false => Fate::Deleted,
            };
            Verdict {
                fates: batch.iter().map(fate).collect(),
                pace: Pace::Kept,
            }
        }
    }
}

/// What a function for a FIFO queue should report: it stops at the first failure and returns it
/// with all after it, of whatever group. A function that goes on breaks the order. Handling errors
/// for an SQS event source (Lambda DG).
pub fn stop_at_first<I: Copy>(batch: &[I], fails: impl Fn(I) -> bool) -> Answer<I> {
    let left = batch.iter().copied().skip_while(|message| !fails(*message));
    Answer::Failures(left.map(Identifier::Message).collect())
}
