//! What MD5OfMessageAttributes is the digest of.

use super::attribute::{AttributeValue, MessageAttribute};

/// The bytes that MD5OfMessageAttributes hashes: for each attribute in the order of the names its
/// name, its data type, a byte for how the value is sent, and the value. Each of the three has
/// its length before it, in four bytes, the highest first. Calculating the MD5 message digest for
/// message attributes (DG).
///
/// MD5OfMessageBody hashes the UTF-8 of the body. The hash itself is left to the caller.
#[must_use]
pub fn digested(attributes: &[MessageAttribute]) -> Vec<u8> {
    let mut sorted: Vec<&MessageAttribute> = attributes.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut bytes = Vec::new();
    for attribute in sorted {
        put(&mut bytes, attribute.name.as_bytes());
        put(&mut bytes, attribute.data_type.as_bytes());
        bytes.push(match attribute.value {
            AttributeValue::Text(_) => 1,
            AttributeValue::Bytes(_) => 2,
        });
        put(&mut bytes, attribute.value.as_bytes());
    }
    bytes
}

fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(part);
}
