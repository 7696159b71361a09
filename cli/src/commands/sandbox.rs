//! `orw sandbox`.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use openrouter_sandbox::{Fault, FaultPlan, Sandbox, SandboxBuilder, SavedState, ServerProfile};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Runs a server with a made-up account that speaks the same API, until Ctrl-C
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The address to listen on
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into(), value_name = "ADDRESS")]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A JSON file with the account to start with, as `--sandbox FILE` has it; it is written at the end
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// How many workspaces a new account has besides the default one
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    seed_workspaces: usize,
    /// How many users the organization of a new account has
    #[arg(long, default_value_t = 5, value_name = "COUNT")]
    organization_members: usize,
    /// How a server of which age behaves: 2026-10 or 2026-08
    #[arg(long, default_value = "2026-10", value_name = "DATE")]
    server: ServerProfile,
    /// How often a request meets a fault, from 0 to 1
    #[arg(long, default_value_t = 0.0, value_name = "PROBABILITY")]
    fault_rate: f64,
    /// Which faults there are, such as 429-seconds, 503-after, latency or reset
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_values = ["429-seconds", "500", "reset"])]
    faults: Vec<Fault>,
    /// Writes a line for each request to stderr
    #[arg(long)]
    log: bool,
}

impl Args {
    pub(crate) async fn run(self, out: &Output) -> Result<Exit, Failure> {
        let mut builder = self.builder();
        if let Some(path) = self.state.as_deref().filter(|path| path.exists()) {
            builder = builder.state(SavedState::read(path).map_err(|error| Failure::file(&error))?);
        }
        let sandbox = builder.start().await.map_err(|error| self.cannot_start(&error))?;
        let (url, key) = (sandbox.base_url(), sandbox.key());
        out.text(&format!("export OPENROUTER_BASE_URL='{url}' OPENROUTER_API_KEY='{key}'\n"))?;
        tokio::signal::ctrl_c().await?;
        let account = sandbox.account().clone();
        // First nobody may change anything any more.
        drop(sandbox);
        if let Some(path) = &self.state {
            account.save().write(path).map_err(|error| Failure::file(&error))?;
        }
        Ok(Exit::Done)
    }

    fn builder(&self) -> SandboxBuilder {
        let builder = Sandbox::builder()
            .host(self.host)
            .port(self.port)
            .server(self.server.clone())
            .seed_workspaces(self.seed_workspaces)
            .organization_members(self.organization_members)
            .faults(FaultPlan::new(0).rate_all(self.fault_rate, self.faults.clone()));
        if self.log { builder.access_log(io::stderr()) } else { builder }
    }

    fn cannot_start(&self, error: &io::Error) -> Failure {
        let port = self.port;
        match error.kind() {
            io::ErrorKind::AddrInUse => {
                Failure::usage(format!("port {port} is taken"), "choose another with --port; 0 takes a free one")
            }
            _ => Failure::usage(error.to_string(), "change the option that the message names"),
        }
    }
}
