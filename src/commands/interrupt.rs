//! Signals: the first asks a run to leave cleanly, the second cancels what the server is doing.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::terminal::Terminal;

/// Counts SIGINT and SIGTERM from now on; what is said about them goes to stderr.
pub fn listen(terminal: &Terminal) -> watch::Receiver<u32> {
    let (sender, receiver) = watch::channel(0);
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return receiver;
    };
    let terminal = terminal.clone();
    tokio::spawn(async move {
        loop {
            let came = tokio::select! { came = interrupt.recv() => came, came = terminate.recv() => came };
            if came.is_none() {
                return;
            }
            sender.send_modify(|count| *count += 1);
            match *sender.borrow() {
                1 => terminal.warning("interrupted: leaving cleanly; press Ctrl-C again to cancel at once"),
                2 => terminal.warning("interrupted again: cancelling the running statement"),
                // The server does not answer the cancel request: the user's wish counts, the server rolls back.
                _ => {
                    terminal.warning("gave up waiting for the server; it rolls back when it sees the lost connection");
                    leave();
                }
            }
        }
    });
    receiver
}

#[expect(clippy::exit, reason = "a third signal asks for just this, and nothing else can be waited for")]
fn leave() -> ! {
    std::process::exit(i32::from(crate::exit::Exit::Interrupted.code()))
}
