//! The page on this machine, rebuilt whenever a file changes.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, ExitCode};

use crate::{dist, install};

const FIRST_PORT: u16 = 8080;
const PORTS: u16 = 100;

/// Builds and serves until it is interrupted.
pub(crate) fn run() -> Result<ExitCode, String> {
    install::page_tools()?;
    let port = free_port(FIRST_PORT..=FIRST_PORT + PORTS)
        .ok_or_else(|| format!("no port from {FIRST_PORT} on is free"))?;
    println!("Broker Lab will be at http://127.0.0.1:{port}/ as soon as it is built");
    let port = port.to_string();
    let arguments = ["serve", "--address", "127.0.0.1", "--port", &port];
    Err(give_way_to(&mut dist::trunk(&arguments)))
}

/// Becomes the program, so that what ends us ends it; says why it could not.
#[cfg(unix)]
fn give_way_to(program: &mut Command) -> String {
    use std::os::unix::process::CommandExt as _;
    format!("cannot run trunk: {}", program.exec())
}

/// Runs the program to its end.
#[cfg(not(unix))]
fn give_way_to(program: &mut Command) -> String {
    match program.status() {
        Ok(status) => format!("trunk serve ended ({status})"),
        Err(error) => format!("cannot run trunk: {error}"),
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
