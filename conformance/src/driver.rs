//! Drivers: what carries out the steps, each with an SDK of its own.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

use crate::install::Program;
use crate::ours::{self, Order};

/// How long a step may take, a slow interpreter's start included.
const PATIENCE: Duration = Duration::from_secs(60);

/// What carries out a step.
#[derive(Debug)]
pub enum Driver {
    /// Our SDK, in this process.
    Ours,
    /// Another SDK, in a process that reads orders and writes outcomes, a line for each.
    Process(Box<Process>),
}

impl Driver {
    /// Makes a call and returns its outcome.
    pub async fn ask(&mut self, order: &Order) -> Result<Value, String> {
        match self {
            Self::Ours => Ok(ours::answer(order).await),
            Self::Process(process) => process.ask(order).await,
        }
    }
}

/// A driver in another language. Dropping it ends it.
#[derive(Debug)]
pub struct Process {
    /// Held so that it ends with this value.
    _child: Child,
    orders: ChildStdin,
    outcomes: Lines<BufReader<ChildStdout>>,
}

impl Process {
    pub fn start(program: &Program) -> Result<Self, String> {
        let mut command = program.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| program.failed(&error.to_string()))?;
        let (Some(orders), Some(outcomes)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(program.failed("it has no input or no output"));
        };
        Ok(Self { _child: child, orders, outcomes: BufReader::new(outcomes).lines() })
    }

    async fn ask(&mut self, order: &Order) -> Result<Value, String> {
        let line = serde_json::to_string(order).map_err(|error| error.to_string())?;
        let exchange = async {
            self.orders.write_all(format!("{line}\n").as_bytes()).await?;
            self.outcomes.next_line().await
        };
        let outcome = match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(Ok(Some(outcome))) => outcome,
            Ok(Ok(None)) => return Err(format!("the driver ended at {line}; what it said stands above")),
            Ok(Err(error)) => return Err(format!("the driver failed at {line}: {error}")),
            Err(_) => return Err(format!("the driver took more than {} s for {line}", PATIENCE.as_secs())),
        };
        serde_json::from_str(&outcome).map_err(|error| format!("the driver answered {outcome:?} to {line}: {error}"))
    }
}
