//! Things as bytes: how they get from where a run is simulated to where it is shown. Whole numbers
//! are LEB128, an enum is its number and its fields, a list is its length and its items.

use crate::time::{SimDuration, SimTime};

/// What is left to be read. Reading over the end gives zeros, and is remembered.
pub(crate) struct Reader<'a> {
    pub(crate) rest: &'a [u8],
    pub(crate) sound: bool,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(rest: &'a [u8]) -> Self {
        Self { rest, sound: true }
    }

    /// Whether all was read, and there was nothing wrong with it.
    pub(crate) const fn is_done(&self) -> bool {
        self.sound && self.rest.is_empty()
    }

    #[inline(never)]
    pub(crate) fn take(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let Some((byte, rest)) = self.rest.split_first() else {
                break;
            };
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return value;
            }
        }
        self.sound = false;
        0
    }

    /// How many things follow: each has a byte at least.
    pub(crate) fn count(&mut self) -> usize {
        let count = usize::read(self);
        self.sound &= count <= self.rest.len();
        if self.sound { count } else { 0 }
    }
}

pub(crate) fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// What has a form in bytes.
pub(crate) trait Bytes: Sized {
    fn write(&self, out: &mut Vec<u8>);
    fn read(from: &mut Reader<'_>) -> Self;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Bytes for $number {
            fn write(&self, out: &mut Vec<u8>) {
                put(u64::try_from(*self).unwrap_or(u64::MAX), out);
            }

            fn read(from: &mut Reader<'_>) -> Self {
                let value = Self::try_from(from.take());
                from.sound &= value.is_ok();
                value.unwrap_or_default()
            }
        }
    )*};
}

numbers!(u8, u16, u32, usize);

impl Bytes for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        put(*self, out);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.take()
    }
}

impl Bytes for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        put(self.cast_unsigned().into(), out);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        u32::read(from).cast_signed()
    }
}

impl Bytes for SimTime {
    fn write(&self, out: &mut Vec<u8>) {
        put(self.as_micros(), out);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Self::from_micros(from.take())
    }
}

impl<T: Bytes> Bytes for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.is_some().into());
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (from.take() != 0).then(|| T::read(from))
    }
}

impl Bytes for SimDuration {
    fn write(&self, out: &mut Vec<u8>) {
        put(self.as_micros(), out);
    }

    fn read(from: &mut Reader<'_>) -> Self {
        Self::from_micros(from.take())
    }
}

impl Bytes for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        from.take() != 0
    }
}

impl Bytes for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Self {
        let len = from.count();
        let (text, rest) = from.rest.split_at(len);
        from.rest = rest;
        let text = std::str::from_utf8(text);
        from.sound &= text.is_ok();
        text.unwrap_or_default().to_owned()
    }
}

impl<T: Bytes> Bytes for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        for item in self {
            item.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Self {
        (0..from.count()).map(|_| T::read(from)).collect()
    }
}

/// A wrapped number is that number.
macro_rules! wrapped {
    ($($name:ident),*) => {$(
        impl $crate::bytes::Bytes for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $crate::bytes::Bytes::write(&self.0, out);
            }

            fn read(from: &mut $crate::bytes::Reader<'_>) -> Self {
                Self($crate::bytes::Bytes::read(from))
            }
        }
    )*};
}

/// A struct is its fields.
macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl $crate::bytes::Bytes for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $($crate::bytes::Bytes::write(&self.$field, out);)*
            }

            fn read(from: &mut $crate::bytes::Reader<'_>) -> Self {
                Self { $($field: $crate::bytes::Bytes::read(from)),* }
            }
        }
    )*};
}

/// An enum by numbers; what has no number is read as the `else`, and is unsound.
macro_rules! enums {
    ($($name:ident { $($number:literal $variant:ident { $($field:ident),* })* else $other:expr })*) => {$(
        impl $crate::bytes::Bytes for $name {
            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant { $($field),* } => {
                        out.push($number);
                        $($crate::bytes::Bytes::write($field, out);)*
                    })*
                }
            }

            fn read(from: &mut $crate::bytes::Reader<'_>) -> Self {
                match from.take() {
                    $($number => Self::$variant { $($field: $crate::bytes::Bytes::read(from)),* },)*
                    _ => {
                        from.sound = false;
                        $other
                    }
                }
            }
        }
    )*};
}

pub(crate) use {enums, structs, wrapped};
