//! The page on this machine, rebuilt whenever a file changes.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use crate::{dist, install};

const FIRST_PORT: u16 = 8080;
const PORTS: u16 = 100;

/// Builds and serves until it is interrupted.
pub(crate) fn run() -> Result<ExitCode, String> {
    install::page_tools()?;
    let port = free_port(FIRST_PORT..=FIRST_PORT + PORTS)
        .ok_or_else(|| format!("no port from {FIRST_PORT} on is free"))?;
    let arguments = [
        "serve",
        "--address",
        "127.0.0.1",
        "--port",
        &port.to_string(),
    ];
    let mut trunk = dist::trunk(&arguments)
        .spawn()
        .map_err(|error| format!("cannot run trunk: {error}"))?;
    let mut announced = false;
    loop {
        if let Some(status) = trunk.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("trunk serve ended ({status})"));
        }
        // Trunk listens once the first build is done.
        if !announced && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            println!("Broker Lab is at http://127.0.0.1:{port}/");
            announced = true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The first port that nobody listens on.
fn free_port(mut ports: impl Iterator<Item = u16>) -> Option<u16> {
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_passed_over() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_eq!(free_port([port].into_iter()), None);
        assert_ne!(free_port(port..=port.saturating_add(50)), Some(port));
    }
}
