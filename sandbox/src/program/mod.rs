//! The program: a server from its flags, until a signal ends it.

pub(crate) mod options;
mod stop;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use openrouter_sandbox::{Account, Sandbox, SavedState};

use crate::program::options::Options;
use crate::program::stop::stop_signal;

/// Runs the server until it is told to stop.
pub(crate) async fn run(options: Options) -> io::Result<()> {
    let mut builder = options.builder();
    if let Some(path) = &options.state {
        SavedState::check_writable(path)?;
        if path.try_exists()? {
            builder = builder.state(SavedState::read(path)?);
        }
    }
    let stop = stop_signal()?;
    let sandbox = builder.start().await.map_err(|error| about_state(error, options.state.as_deref()))?;
    announce(&sandbox)?;
    if !options.host.is_loopback() {
        eprintln!(
            "warning: the sandbox listens on {}: whoever reaches this machine reaches it, over plain HTTP",
            options.host,
        );
    }
    stop.await?;
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

/// An error about what a state says names its file.
fn about_state(error: io::Error, path: Option<&Path>) -> io::Error {
    match path {
        Some(path) if error.kind() == io::ErrorKind::InvalidData => {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        }
        _ => error,
    }
}

/// Says where the server is and how to use it. Whoever reads this through a pipe needs it now, hence the flush.
fn announce(sandbox: &Sandbox) -> io::Result<()> {
    let (url, key) = (sandbox.base_url(), sandbox.key());
    let mut out = io::stdout().lock();
    writeln!(out, "Base URL: {url}")?;
    writeln!(out, "API key:  {key}")?;
    writeln!(out)?;
    writeln!(out, "export OPENROUTER_BASE_URL={} OPENROUTER_API_KEY={}", quoted(url), quoted(key))?;
    out.flush()
}

/// Text as a shell reads it back, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
