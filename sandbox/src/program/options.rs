//! The program's flags.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;

use crate::builder::SandboxBuilder;
use crate::faults::fault::Fault;
use crate::faults::plan::FaultPlan;
use crate::profile::{Behaviour, ServerProfile, UnknownBehaviour};
use crate::sandbox::Sandbox;

/// The program's flags, as arguments of clap: to be flattened into those of a command, of which they also make the help that
/// says what behaviours and faults are called.
#[derive(Debug, Args)]
#[command(after_help = names())]
pub struct Options {
    /// The address to listen on, such as 0.0.0.0 for all of this machine's
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into(), value_name = "ADDRESS", value_parser = host)]
    pub(super) host: IpAddr,
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub(super) port: u16,
    /// A JSON file with the account to start with, which is written at the end; where there is none yet, a new account is
    /// made of the other flags. One program at a time may use it
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// How many workspaces a new account has besides the default one
    #[arg(long, default_value_t = 0, value_name = "COUNT", value_parser = count)]
    seed_workspaces: usize,
    /// How many users the organization of a new account has
    #[arg(long, default_value_t = 5, value_name = "COUNT", value_parser = count)]
    organization_members: usize,
    /// A user of a new account's organization whom an identity provider manages by SCIM; can be repeated
    #[arg(long, value_name = "USER", value_parser = user)]
    scim_member: Vec<String>,
    /// The management key; a new one unless it is given
    #[arg(long, value_parser = key)]
    key: Option<String>,
    /// A key that may not manage; can be repeated
    #[arg(long, value_name = "KEY", value_parser = key)]
    inference_key: Vec<String>,
    /// How a server of which age behaves: 2026-10 or 2026-08
    #[arg(long, default_value = "2026-10", value_name = "DATE")]
    server: ServerProfile,
    /// Switches one behaviour of the server, such as budgets-not-found=off; can be repeated
    #[arg(long, alias = "behavior", value_name = "NAME=on|off", value_delimiter = ',', value_parser = behaviour)]
    behaviour: Vec<(Behaviour, bool)>,
    /// How many rows a page has at most
    #[arg(long, value_name = "ROWS")]
    page_cap: Option<usize>,
    /// Writes a line for each request to stderr: time, method, path, status, fault, duration
    #[arg(long)]
    log: bool,
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

/// The part of the help that says what behaviours and faults are called.
fn names() -> String {
    let new = ServerProfile::default();
    let behaviours = Behaviour::all().map(|(behaviour, name, meaning)| {
        let default = if new.has(behaviour) { "on" } else { "off" };
        format!("  {name}: {meaning} ({default} in 2026-10)")
    });
    let behaviours: Vec<String> = behaviours.collect();
    let faults = Fault::NAMES.iter().map(|(name, meaning)| format!("  {name}: {meaning}"));
    let faults: Vec<String> = faults.collect();
    let (behaviours, faults) = (behaviours.join("\n"), faults.join("\n"));
    format!("Behaviours:\n{behaviours}\n\nFaults:\n{faults}\n\nThe mix: {}", MIX.join(","))
}

fn host(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.parse().map_err(|_| "choose an IP address, such as 127.0.0.1, 0.0.0.0 or ::".to_owned()),
    }
}

fn probability(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err("choose a number from 0 to 1, such as 0.3".to_owned()),
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= SandboxBuilder::MAX_ROWS => Ok(count),
        _ => Err(format!("choose a whole number from 0 to {}", SandboxBuilder::MAX_ROWS)),
    }
}

fn user(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a user has an id that is not empty, such as user_2".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

fn key(text: &str) -> Result<String, String> {
    SandboxBuilder::check_key(text).map(|()| text.to_owned())
}

fn behaviour(text: &str) -> Result<(Behaviour, bool), String> {
    let (name, on) = text.split_once('=').unwrap_or((text, ""));
    let behaviour = name.parse().map_err(|error: UnknownBehaviour| error.to_string())?;
    match on {
        "on" => Ok((behaviour, true)),
        "off" => Ok((behaviour, false)),
        _ => Err(format!("choose {name}=on or {name}=off")),
    }
}

impl Options {
    /// The sandbox that the flags describe, but for its state.
    pub(super) fn builder(&self) -> SandboxBuilder {
        let mut builder = Sandbox::builder()
            .server(self.server.clone())
            .faults(self.fault_plan())
            .host(self.host)
            .port(self.port)
            .seed_workspaces(self.seed_workspaces)
            .organization_members(self.organization_members);
        for (behaviour, on) in &self.behaviour {
            builder = builder.behaviour(*behaviour, *on);
        }
        for user_id in &self.scim_member {
            builder = builder.scim_member(user_id);
        }
        if let Some(key) = &self.key {
            builder = builder.key(key);
        }
        for key in &self.inference_key {
            builder = builder.inference_key(key);
        }
        if let Some(rows) = self.page_cap {
            builder = builder.page_cap(rows);
        }
        if self.log {
            builder = builder.access_log(io::stderr());
        }
        builder
    }

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
