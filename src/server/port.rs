//! A free loopback port.

use std::net::{Ipv4Addr, TcpListener};

/// Ports for servers: below the range from which Linux (32768) and macOS (49152) take ports for outgoing
/// connections, so that a recorded port is seldom taken when the server starts again.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// How many ports of the range are tried before the system chooses one.
const TRIES: usize = 50;

/// Whether a server could listen on the port at this moment.
pub(super) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A port that is free at this moment.
pub(super) fn choose() -> std::io::Result<u16> {
    for _ in 0..TRIES {
        let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
        let offset = u16::try_from(random % u64::from(RANGE.end - RANGE.start)).unwrap_or(0);
        if is_free(RANGE.start + offset) {
            return Ok(RANGE.start + offset);
        }
    }
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
