//! What a consumer finds in a message that came by a topic.

use crate::cast::{Cast, LaneCast};
use crate::ids::{MessageId, QueueId};
use crate::sns::DeliveryForm;
use crate::workload::Message;

use super::envelope::ACCOUNT;

/// A message as ReceiveMessage gives it to a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Body. Of the fields of an envelope, those that nothing here depends on are cut to `…`.
    pub body: String,
    /// MessageAttributes, each name with its value; none beside an envelope, which has them inside.
    pub attributes: Vec<(&'static str, String)>,
}

/// What a consumer of `queue` finds in a message; `None`: no topic brings messages there. The
/// workload says nothing of bodies: what is published is the message's name, a choice.
#[must_use]
pub fn content(
    (cast, lane): (&Cast, &LaneCast),
    queue: QueueId,
    (id, message): (MessageId, &Message),
) -> Option<Content> {
    let topic = lane.topic.as_deref()?;
    let form = lane.form(queue)?;
    let text = format!("{} {id}", cast.noun);
    let producer = cast.producer(message.producer).to_owned();
    let key = message.key.map(|key| cast.keys.name(key).to_owned());
    let key = key.map(|key| ("key", key));
    let attributes: Vec<_> = [("producer", producer)].into_iter().chain(key).collect();
    Some(match form {
        DeliveryForm::Raw => Content {
            body: text,
            attributes,
        },
        DeliveryForm::Envelope => Content {
            body: envelope((topic, &text), &attributes),
            attributes: Vec::new(),
        },
    })
}

/// [`envelope`](super::envelope) in short. Names have no character that JSON would need a mark for.
fn envelope((topic, message): (&str, &str), attributes: &[(&'static str, String)]) -> String {
    let mut inside = String::new();
    for (name, value) in attributes {
        let comma = if inside.is_empty() { "" } else { "," };
        inside.push_str(&format!(
            r#"{comma}"{name}":{{"Type":"String","Value":"{value}"}}"#
        ));
    }
    let sequence = if topic.ends_with(".fifo") {
        r#""SequenceNumber":"…","#
    } else {
        ""
    };
    format!(
        r#"{{"Type":"Notification","MessageId":"…",{sequence}"TopicArn":"arn:aws:sns:{ACCOUNT}:{topic}","Message":"{message}","Timestamp":"…","SignatureVersion":"1","Signature":"…","SigningCertURL":"…","UnsubscribeURL":"…","MessageAttributes":{{{inside}}}}}"#
    )
}
