//! One number for a whole trace, to compare runs natively and in a browser.

use std::fmt::{self, Write as _};

use super::Trace;

/// The 64-bit FNV-1a hash of a trace's text form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TraceHash(u64);

impl TraceHash {
    /// The hash of `trace`.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let mut hash = Self(0xcbf2_9ce4_8422_2325);
        for event in trace.iter() {
            // Writing into a hash cannot fail.
            if writeln!(hash, "{event}").is_err() {
                break;
            }
        }
        hash
    }
}

impl fmt::Write for TraceHash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

impl fmt::Display for TraceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for TraceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
