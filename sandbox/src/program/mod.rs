//! The program: a server from its flags, until a signal ends it. For programs that have it as a command of theirs, as `orw`
//! does; needs the feature `program`, which is on unless it is switched off.

mod options;
mod stop;

use std::io::{self, Write};
use std::path::PathBuf;

pub use options::Options;
pub use stop::stop_signal;

use crate::account::handle::Account;
use crate::account::saved::SavedState;
use crate::sandbox::Sandbox;

/// Runs the server until a signal ends it, and says on stdout where it is. Then the state is written, if the flags name a
/// file for it.
///
/// # Errors
///
/// If the server cannot start, such as on a port that is taken, or the state cannot be read or written.
pub async fn run(options: Options) -> io::Result<()> {
    let mut builder = options.builder();
    if let Some(path) = &options.state {
        SavedState::check_writable(path)?;
        if path.try_exists()? {
            builder = builder.state(SavedState::read(path)?);
        }
    }
    let stop = stop_signal()?;
    let sandbox = builder.start().await.map_err(|error| cannot_start(error, &options))?;
    announce(&sandbox)?;
    if !options.host.is_loopback() {
        eprintln!(
            "warning: the sandbox listens on {}: whoever reaches this machine reaches it, over plain HTTP",
            options.host,
        );
    }
    stop.await;
    let account = sandbox.account().clone();
    // First nobody may change anything any more.
    drop(sandbox);
    save(&account, options.state)
}

fn save(account: &Account, path: Option<PathBuf>) -> io::Result<()> {
    match path {
        Some(path) => account.save().write(path),
        None => Ok(()),
    }
}

/// An error about what a state says names its file, and one about the port says what to do.
fn cannot_start(error: io::Error, options: &Options) -> io::Error {
    let kind = error.kind();
    match &options.state {
        _ if kind == io::ErrorKind::AddrInUse => {
            let port = options.port;
            let message = format!("port {port} is taken: choose another with --port, or a free one with --port 0");
            io::Error::new(kind, message)
        }
        Some(path) if kind == io::ErrorKind::InvalidData => {
            io::Error::new(kind, format!("{}: {error}", path.display()))
        }
        _ => error,
    }
}

/// Says where the server is and how to use it. Whoever reads this through a pipe needs it now, hence the flush. One who has
/// read enough of it, as `head -1` has, still has a server.
fn announce(sandbox: &Sandbox) -> io::Result<()> {
    let (url, key) = (sandbox.base_url(), sandbox.key());
    let export = format!("export OPENROUTER_BASE_URL={} OPENROUTER_API_KEY={}", quoted(url), quoted(key));
    let mut out = io::stdout().lock();
    let text = format!("Base URL: {url}\nAPI key:  {key}\n\n{export}\n");
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Text as a shell reads it back, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
