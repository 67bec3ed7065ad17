//! The MD5 digests that a send answers.

use broker_lab_core::sqs::content::digested;
use md5::{Digest as _, Md5};

use super::Stop;
use super::messages::Letter;
use super::script::SendCall;

/// Compares the digests that a script names; no attributes, no digest of them.
pub(super) fn compare(expected: &SendCall, letter: &Letter) -> Result<(), Stop> {
    let attributes = &letter.attributes;
    let of_attributes = (!attributes.is_empty()).then(|| hex(&digested(attributes)));
    let pairs = [
        ("MD5OfMessageBody", &expected.md5_of_body, {
            Some(hex(letter.text.as_bytes()))
        }),
        (
            "MD5OfMessageAttributes",
            &expected.md5_of_attributes,
            of_attributes,
        ),
    ];
    for (name, expected, got) in pairs {
        if expected.is_some() && *expected != got {
            let got = got.unwrap_or_else(|| "none".to_owned());
            return Err(Stop::failed(format!("{name} {expected:?}"), got));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    let digest = Md5::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
