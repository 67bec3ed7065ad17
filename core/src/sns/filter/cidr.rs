//! Ranges of IP addresses.

use std::net::IpAddr;

/// A range of addresses: those that begin as this one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cidr {
    address: IpAddr,
    bits: u32,
}

impl Cidr {
    /// Reads `10.0.0.0/24` or `2001:db8::/32`. Bits after the mask are not looked at: our choice.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let bits: u32 = bits.parse().ok()?;
        (bits <= width(address)).then_some(Self { address, bits })
    }

    /// Whether `text` is an address of the range.
    pub(super) fn holds(self, text: &str) -> bool {
        let Ok(address) = text.parse::<IpAddr>() else {
            return false;
        };
        let below = width(address).saturating_sub(self.bits);
        let network = |address: IpAddr| number(address).checked_shr(below).unwrap_or(0);
        address.is_ipv4() == self.address.is_ipv4() && network(address) == network(self.address)
    }
}

const fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}
