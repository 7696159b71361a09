//! The sandbox as a program.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use openrouter_sandbox::Sandbox;

/// A server that speaks OpenRouter's Workspaces API and keeps everything in memory.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How many workspaces there are besides the default one
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    seed_workspaces: usize,
    /// How many users the organization has
    #[arg(long, default_value_t = 5, value_name = "COUNT")]
    organization_members: usize,
    /// The management key; a new one unless it is given
    #[arg(long)]
    key: Option<String>,
    /// A key that may not manage; can be repeated
    #[arg(long, value_name = "KEY")]
    inference_key: Vec<String>,
    /// How many rows a page has at most
    #[arg(long, value_name = "ROWS")]
    page_cap: Option<usize>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    let port = options.port;
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            eprintln!("error: port {port} is taken: choose another with --port, or a free one with --port 0");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the server until it is told to stop.
async fn serve(options: Options) -> io::Result<()> {
    let mut builder = Sandbox::builder()
        .port(options.port)
        .seed_workspaces(options.seed_workspaces)
        .organization_members(options.organization_members);
    if let Some(key) = options.key {
        builder = builder.key(key);
    }
    for key in options.inference_key {
        builder = builder.inference_key(key);
    }
    if let Some(rows) = options.page_cap {
        builder = builder.page_cap(rows);
    }

    let stop = stop_signal()?;
    let sandbox = builder.start().await?;
    announce(&sandbox)?;
    stop.await
}

/// Says where the server is and how to use it. Whoever reads this through a pipe needs it now, hence the flush.
fn announce(sandbox: &Sandbox) -> io::Result<()> {
    let (url, key) = (sandbox.base_url(), sandbox.key());
    let mut out = io::stdout().lock();
    writeln!(out, "Base URL: {url}")?;
    writeln!(out, "API key:  {key}")?;
    writeln!(out)?;
    writeln!(out, "export OPENROUTER_BASE_URL={url} OPENROUTER_API_KEY={key}")?;
    out.flush()
}

/// Resolves on Ctrl-C and on SIGTERM. From now on neither kills the process.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}

/// Resolves on Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
