//! When a program ends.

use std::io;

/// Waits for what ends a program: Ctrl-C, SIGTERM and SIGHUP, or on Windows Ctrl-C, Ctrl-Break, and the closing of the console.
/// Returns its name. From the call on, also before the future is polled, none of them kills the process.
///
/// A SIGHUP that is ignored when the program starts, as under `nohup`, stays ignored (on Linux, where that can be known).
///
/// # Errors
///
/// If the operating system does not let signals be handled.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<impl Future<Output = &'static str>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
    Ok(async move {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => "Ctrl-C",
            _ = terminate.recv() => "SIGTERM",
            _ = hung_up => "SIGHUP",
        }
    })
}

/// Whether the process was started with SIGHUP, the first of the signals, ignored.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 1 == 1))
}

/// Waits for what ends a program: Ctrl-C, Ctrl-Break, and the closing of the console. Returns its name. From the call on, also
/// before the future is polled, none of them ends the process at once.
///
/// # Errors
///
/// If the operating system does not let signals be handled.
#[cfg(windows)]
pub fn stop_signal() -> io::Result<impl Future<Output = &'static str>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

    let (mut interrupt, mut interrupt_hard) = (ctrl_c()?, ctrl_break()?);
    let (mut close, mut shutdown) = (ctrl_close()?, ctrl_shutdown()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => "Ctrl-C",
            _ = interrupt_hard.recv() => "Ctrl-Break",
            _ = close.recv() => "the closing of the console",
            _ = shutdown.recv() => "the end of the session",
        }
    })
}
