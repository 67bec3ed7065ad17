//! The sends of a play.

use std::rc::Rc;

use broker_lab_core::QueueId;
use broker_lab_core::sqs::{
    DeduplicationId, ErrorCode, MessageGroup, SendRequest, Sent, batch, bytes, check_id, parameter,
};
use sha2::{Digest as _, Sha256};

use super::super::Stop;
use super::super::messages::Letter;
use super::super::script::{Batch, Call, Entries, Groups, Message, SendCall, SendMany};
use super::{Answered, Play, check_ids, compare_call, named};

/// The message id of the answer, or an error.
type SendAnswered = Result<Rc<str>, ErrorCode>;

impl Play<'_> {
    pub(super) fn send(
        &mut self,
        queue: QueueId,
        message: &Message,
        name: &str,
    ) -> Result<SendAnswered, Stop> {
        let request = match self.send_request(message, name)? {
            Ok(request) => request,
            Err(error) => return Ok(self.exists(queue).and(Err(error))),
        };
        let own_id = Rc::clone(&request.body.name);
        let effects = &mut self.receives.effects;
        let sent = self.service.send(self.now, queue, request, effects);
        let answer = sent.map_err(|error| error.code()).map(|sent| match sent {
            Sent::Stored { sequence_number } => (own_id, sequence_number),
            Sent::Duplicate {
                first,
                sequence_number,
            } => (first.name, Some(sequence_number)),
        });
        if let Ok((_, Some(sequence_number))) = &answer {
            self.names.note(queue, name, *sequence_number);
        }
        self.settle()?;
        Ok(answer.map(|(id, _)| id))
    }

    /// The send as the core takes it, or the error of what is out of range or no id.
    fn send_request(
        &mut self,
        message: &Message,
        name: &str,
    ) -> Result<Result<SendRequest<Letter>, ErrorCode>, Stop> {
        let body = Letter::of(message, name)?;
        Ok(self.request_of(message, body))
    }

    fn request_of(
        &mut self,
        message: &Message,
        body: Letter,
    ) -> Result<SendRequest<Letter>, ErrorCode> {
        let delay = message
            .delay
            .map(|seconds| parameter::DELAY_SECONDS.check_seconds(seconds));
        let delay = delay.transpose().map_err(|error| error.code())?;
        let hash = message.deduplication_hash_of.as_deref().map(sha256);
        let deduplication_id = message.deduplication_id.as_deref().or(hash.as_deref());
        for id in [message.group.as_deref(), deduplication_id]
            .into_iter()
            .flatten()
        {
            check_id(id).map_err(|error| error.code())?;
        }
        let content = sha256(&body.text);
        let mut id = |text: &str| self.names.id(text);
        Ok(SendRequest {
            delay,
            group: message.group.as_deref().map(&mut id).map(MessageGroup),
            deduplication_id: deduplication_id.map(&mut id).map(DeduplicationId),
            content_id: Some(DeduplicationId(id(&content))),
            ..SendRequest::new(body)
        })
    }

    pub(super) fn send_batch(
        &mut self,
        queue: QueueId,
        batch: &Entries<Message>,
        expected: &Batch,
    ) -> Result<(), Stop> {
        let entries = named(batch, |message| message.id.as_deref());
        let bytes = batch
            .entries
            .iter()
            .map(|message| Letter::of(message, "").map(|letter| bytes(&letter)));
        let bytes = bytes.sum::<Result<_, Stop>>()?;
        let refused = check_ids(&entries)
            .and_then(|()| batch::check_bytes(bytes).map_err(|error| error.code()))
            .and_then(|()| self.check_fifo(queue, &batch.entries));
        self.batch(
            queue,
            (refused, entries),
            expected,
            |play, queue, message| {
                let sent = play.send(queue, message, message.name(None))?;
                Ok(sent.map(|_| ()))
            },
        )
    }

    fn check_fifo(&mut self, queue: QueueId, entries: &[Message]) -> Answered {
        // An entry that is no request fails alone.
        let requests = entries.iter().map(|entry| self.send_request(entry, ""));
        let requests: Vec<_> = requests.flatten().filter_map(Result::ok).collect();
        let attributes = self.service.attributes(queue);
        let attributes = attributes.map_err(|error| error.code())?;
        batch::check_fifo(attributes, &requests).map_err(|error| error.code())
    }

    pub(super) fn send_many(&mut self, queue: QueueId, many: &SendMany) -> Result<Answered, Stop> {
        for number in 0..many.count {
            let one = many.groups.map(|Groups::OneEach| number.to_string());
            let message = Message {
                body: Some("one of many".to_owned()),
                group: one.clone(),
                deduplication_id: one,
                ..Message::default()
            };
            if let Err(error) = self.send(queue, &message, "one of many")? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

/// Compares what a send answered.
pub(super) fn compare(expected: &SendCall, got: SendAnswered) -> Result<(), Stop> {
    let call = Call {
        error: expected.error.clone(),
    };
    let id = got.as_ref().ok().map(Rc::clone);
    compare_call(&call, got.map(|_| ()))?;
    match (&expected.same_message_as, id) {
        (Some(same), Some(id)) if **same != *id => {
            Err(Stop::failed(format!("the message id of {same}"), &*id))
        }
        _ => Ok(()),
    }
}

/// The SHA-256 of a text in hex.
pub(super) fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
