//! The sandbox as a program.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use openrouter_sandbox::{Fault, FaultPlan, Sandbox};

/// A server that speaks OpenRouter's Workspaces API and keeps everything in memory.
#[derive(Debug, Parser)]
#[command(version, after_help = fault_names())]
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
    /// How often a request meets a fault, from 0 to 1; 0.1 if there is another word about faults, otherwise 0
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    fault_rate: Option<f64>,
    /// The seed, from which all faults follow; 0 unless it is given
    #[arg(long, value_name = "SEED")]
    fault_seed: Option<u64>,
    /// Which faults there are, separated by commas; a mix unless it is given
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    faults: Vec<Fault>,
    /// An operation that meets faults, such as list_workspaces; can be repeated; all of them unless it is given
    #[arg(long, value_name = "OPERATION")]
    fault_operation: Vec<String>,
}

/// The faults where none are named.
const MIX: &[&str] =
    &["latency", "429-seconds", "500", "502-html", "503-after", "504-empty", "reset", "reset-after", "truncate"];

/// The part of the help that says how faults are called.
fn fault_names() -> String {
    let names = Fault::NAMES.iter().map(|(name, meaning)| format!("  {name}: {meaning}"));
    let names: Vec<String> = names.collect();
    format!("Faults:\n{}\n\nThe mix: {}", names.join("\n"), MIX.join(","))
}

fn probability(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err("choose a number from 0 to 1, such as 0.3".to_owned()),
    }
}

impl Options {
    /// What is to go wrong.
    fn fault_plan(&self) -> FaultPlan {
        let plan = FaultPlan::new(self.fault_seed.unwrap_or_default());
        let mentioned = self.fault_seed.is_some() || !self.faults.is_empty() || !self.fault_operation.is_empty();
        let Some(rate) = self.fault_rate.or(mentioned.then_some(0.1)) else {
            return plan;
        };
        let faults = match self.faults.as_slice() {
            [] => MIX.iter().filter_map(|name| name.parse().ok()).collect(),
            named => named.to_vec(),
        };
        match self.fault_operation.as_slice() {
            [] => plan.rate_all(rate, faults),
            named => named.iter().fold(plan, |plan, operation| plan.rate(operation, rate, faults.clone())),
        }
    }
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
        .faults(options.fault_plan())
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
