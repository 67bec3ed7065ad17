//! What the body of a queue's message is without raw delivery.

use serde::{Serialize, Serializer};

use crate::sqs::SequenceNumber;
use crate::sqs::content::{AttributeValue, MessageAttribute};
use crate::time::SimTime;

/// A published message, as its envelope tells of it. Parsing Amazon SNS message formats (SNS).
#[derive(Clone, Copy, Debug)]
pub struct Notification<'a> {
    /// MessageId: the topic's, not the one that the queue gives the copy.
    pub message_id: &'a str,
    /// The name of the topic.
    pub topic: &'a str,
    /// Subject; `None`: there is no such field.
    pub subject: Option<&'a str>,
    /// Message.
    pub message: &'a str,
    /// Timestamp: when it was published. Time 0 is written as the first of January 1970.
    pub published_at: SimTime,
    /// SequenceNumber of a FIFO topic's message; `None`: there is no such field.
    pub sequence_number: Option<SequenceNumber>,
    /// MessageAttributes; without any there is no such field.
    pub attributes: &'a [MessageAttribute],
}

/// An account and a region, as they stand in ARNs and addresses. Nothing depends on them.
pub(super) const ACCOUNT: &str = "us-east-1:123456789012";
/// As long as the signature of a real envelope: nothing here verifies one.
const SIGNATURE_LENGTH: usize = 344;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Fields<'a> {
    r#type: &'static str,
    message_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_number: Option<String>,
    topic_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    message: &'a str,
    timestamp: String,
    signature_version: &'static str,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: &'static str,
    #[serde(rename = "UnsubscribeURL")]
    unsubscribe_url: String,
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    message_attributes: Attributes<'a>,
}

struct Attributes<'a>(&'a [MessageAttribute]);

impl Attributes<'_> {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute<'a> {
    r#type: &'a str,
    value: std::borrow::Cow<'a, str>,
}

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|attribute| {
            let value = match &attribute.value {
                AttributeValue::Text(text) => text.as_str().into(),
                AttributeValue::Bytes(bytes) => base64(bytes).into(),
            };
            let r#type = attribute.data_type.as_str();
            (&attribute.name, Attribute { r#type, value })
        }))
    }
}

/// The JSON that a queue gets as the body. Amazon SNS raw message delivery (SNS).
#[must_use]
pub fn envelope(notification: &Notification<'_>) -> String {
    let topic_arn = format!("arn:aws:sns:{ACCOUNT}:{}", notification.topic);
    let fields = Fields {
        r#type: "Notification",
        message_id: notification.message_id,
        sequence_number: notification
            .sequence_number
            .map(|number| number.to_string()),
        unsubscribe_url: format!(
            "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={topic_arn}"
        ),
        topic_arn,
        subject: notification.subject,
        message: notification.message,
        timestamp: written(notification.published_at),
        signature_version: "1",
        signature: "A".repeat(SIGNATURE_LENGTH),
        signing_cert_url: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem",
        message_attributes: Attributes(notification.attributes),
    };
    serde_json::to_string(&fields).expect("texts and maps of texts can be written as JSON")
}

/// `1970-01-01T00:00:12.345Z`
fn written(at: SimTime) -> String {
    let millis = at.as_millis();
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let (mut days, hours) = (hours / 24, hours % 24);
    let mut year = 1970;
    while days >= days_of(year) {
        days -= days_of(year);
        year += 1;
    }
    let february = days_of(year) - 337;
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let day = days + 1;
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
}

const fn days_of(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    if leap { 366 } else { 365 }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let digit = usize::try_from(digit).ok().and_then(|at| DIGITS.get(at));
            let filled = place <= chunk.len();
            text.push(
                digit
                    .filter(|_| filled)
                    .map_or('=', |&digit| char::from(digit)),
            );
        }
    }
    text
}
