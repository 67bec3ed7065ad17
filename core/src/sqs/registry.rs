//! Queues by name. A name has one id for good, whether its queue exists or not: redrive policies
//! name queues by their ARNs, and an ARN is a name.

use litemap::LiteMap;

use super::attributes::{AttributeChange, QueueAttributes};
use super::body::Body;
use super::error::{ErrorCode, SetAttributesError};
use super::limits;
use super::messages::Effect;
use super::service::Service;
use crate::ids::QueueId;
use crate::time::SimTime;

/// What the name of a FIFO queue ends in.
const FIFO_SUFFIX: &str = ".fifo";

/// The names of a [`Service`]'s queues.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    ids: LiteMap<String, QueueId>,
}

/// What is wrong with a queue's name: all of it is InvalidParameterValue. CreateQueue (API);
/// observed on AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueNameError {
    /// It is empty, or has more than 80 characters.
    #[error("InvalidParameterValue: a queue name has 1 to 80 characters")]
    Length,
    /// It has others than letters, digits, hyphens and underscores.
    #[error("InvalidParameterValue: a queue name has letters, digits, hyphens and underscores")]
    Characters,
    /// The name of a FIFO queue has to end in `.fifo`.
    #[error("InvalidParameterValue: the name of a FIFO queue ends in .fifo")]
    NoSuffix,
    /// No other name may.
    #[error("InvalidParameterValue: a name that ends in .fifo needs FifoQueue true")]
    SuffixOnStandard,
}

/// Why a CreateQueue is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateQueueError {
    /// Its name.
    #[error(transparent)]
    Name(#[from] QueueNameError),
    /// One of its attributes, as in SetQueueAttributes.
    #[error(transparent)]
    Attributes(#[from] SetAttributesError),
    /// QueueNameExists (observed on AWS).
    #[error("QueueNameExists: there is a queue of this name with other attributes")]
    NameExists,
    /// QueueDeletedRecently.
    #[error("QueueDeletedRecently: a queue of this name was deleted less than 60 seconds ago")]
    DeletedRecently,
    /// The id is not one that the service has given out.
    #[error("QueueDoesNotExist: no queue can have the id {0}")]
    NotReserved(QueueId),
}

impl CreateQueueError {
    /// The name of the error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Name(_) => ErrorCode::InvalidParameterValue,
            Self::Attributes(error) => error.code(),
            Self::NameExists => ErrorCode::QueueNameExists,
            Self::DeletedRecently => ErrorCode::QueueDeletedRecently,
            Self::NotReserved(_) => ErrorCode::QueueDoesNotExist,
        }
    }
}

impl Registry {
    /// No names.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ids: LiteMap::new(),
        }
    }

    /// The id of a name, which is spoken of perhaps for the first time: what an ARN says. Whether
    /// the queue exists is the service's to say.
    pub fn id<B: Body>(&mut self, service: &mut Service<B>, name: &str) -> QueueId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = service.reserve_queue();
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The name of an id.
    #[must_use]
    pub fn name(&self, queue: QueueId) -> Option<&str> {
        let named = self.ids.iter().find(|(_, id)| **id == queue);
        named.map(|(name, _)| name.as_str())
    }

    /// CreateQueue (API). [`Service::create_queue`] has the rest of the rules.
    ///
    /// # Errors
    ///
    /// The name or an attribute is refused, the name is taken, or rests.
    pub fn create<B: Body>(
        &mut self,
        now: SimTime,
        service: &mut Service<B>,
        (name, changes): (&str, &[AttributeChange]),
        effects: &mut Vec<Effect<B>>,
    ) -> Result<QueueId, CreateQueueError> {
        let defaults = check_name(name, changes)?;
        let id = self.id(service, name);
        service.create_queue(now, id, (defaults, changes), effects)?;
        Ok(id)
    }
}

/// Checks a name, and gives the attributes that a queue of its type starts from.
fn check_name(name: &str, changes: &[AttributeChange]) -> Result<QueueAttributes, QueueNameError> {
    let stem = name.strip_suffix(FIFO_SUFFIX);
    // Characters, not bytes: a name of others is refused for them.
    if !limits::QUEUE_NAME_LENGTH.contains(&name.chars().count()) || stem == Some("") {
        return Err(QueueNameError::Length);
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !stem.unwrap_or(name).bytes().all(is_allowed) {
        return Err(QueueNameError::Characters);
    }
    let asks = |is_fifo| changes.contains(&AttributeChange::FifoQueue(is_fifo));
    match (stem, asks(true)) {
        (None, true) => Err(QueueNameError::NoSuffix),
        (Some(_), false) => Err(QueueNameError::SuffixOnStandard),
        (None, false) => Ok(QueueAttributes::default()),
        (Some(_), true) => Ok(QueueAttributes::fifo()),
    }
}
