//! Options of a sandbox.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};

use chrono::{DateTime, Utc};

use crate::account::order::ListOrder;
use crate::account::saved::SavedState;
use crate::clock::Clock;
use crate::faults::plan::FaultPlan;
use crate::pipeline::access_log::AccessLog;
use crate::profile::{Behaviour, ServerProfile};
use crate::sandbox::Sandbox;

impl Sandbox {
    /// Options for a sandbox.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }
}

/// Options of a [`Sandbox`], made by [`Sandbox::builder`].
///
/// ```
/// use openrouter_sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::builder()
///     .key("sk-or-v1-mine")
///     .seed_workspaces(250)
///     .organization_members(3)
///     .organization_member("user_ada", "admin")
///     .page_cap(20)
///     .start()
///     .await?;
/// assert_eq!(sandbox.key(), "sk-or-v1-mine");
/// assert_eq!(sandbox.workspaces().len(), 251);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing before `start`"]
pub struct SandboxBuilder {
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) key: Option<String>,
    pub(crate) inference_keys: Vec<String>,
    pub(crate) server: ServerProfile,
    pub(crate) behaviours: Vec<(Behaviour, bool)>,
    pub(crate) state: Option<SavedState>,
    pub(crate) seed_workspaces: usize,
    pub(crate) organization_members: usize,
    pub(crate) named_members: Vec<(String, String)>,
    pub(crate) scim_members: Vec<String>,
    pub(crate) page_cap: usize,
    pub(crate) list_order: ListOrder,
    pub(crate) faults: FaultPlan,
    pub(crate) access_log: AccessLog,
    pub(crate) seed: Option<u64>,
    pub(crate) clock: Clock,
    pub(crate) database_clock: Option<Clock>,
}

impl SandboxBuilder {
    /// How many workspaces, and how many users, a sandbox makes up at most: more would only fill the memory.
    pub const MAX_ROWS: usize = 100_000;

    /// Checks that a request can carry a key.
    ///
    /// # Errors
    ///
    /// When it cannot; the message is the rule.
    pub fn check_key(key: &str) -> Result<(), String> {
        match !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(()),
            false => Err("a key must consist of one or more visible ASCII characters, without blanks".to_owned()),
        }
    }

    pub(crate) fn new() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            key: None,
            inference_keys: Vec::new(),
            server: ServerProfile::default(),
            behaviours: Vec::new(),
            state: None,
            seed_workspaces: 0,
            organization_members: 5,
            named_members: Vec::new(),
            scim_members: Vec::new(),
            page_cap: usize::MAX,
            list_order: ListOrder::default(),
            faults: FaultPlan::default(),
            access_log: AccessLog::default(),
            seed: None,
            clock: Clock::default(),
            database_clock: None,
        }
    }

    /// The address to listen on. The default is the loopback one, 127.0.0.1: on any other, everyone who reaches this
    /// machine reaches the sandbox, too.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port to listen on. The default, 0, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The management key. The default is a new one for each sandbox. A key consists of visible ASCII characters, for
    /// otherwise no header could carry it.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Adds a key that is valid but may not manage: its requests are answered with 403.
    pub fn inference_key(mut self, key: impl Into<String>) -> Self {
        self.inference_keys.push(key.into());
        self
    }

    /// How a server of which age behaves. The default is the newest one.
    pub fn server(mut self, server: ServerProfile) -> Self {
        self.server = server;
        self
    }

    /// Switches one behaviour of the server on or off, whatever its age.
    ///
    /// ```
    /// use openrouter_sandbox::{Behaviour, Sandbox, ServerProfile};
    ///
    /// let old = Sandbox::builder().server(ServerProfile::august_2026());
    /// let described = Sandbox::builder().behaviour(Behaviour::BudgetsNotFound, false);
    /// # let _ = (old, described);
    /// ```
    pub fn behaviour(mut self, behaviour: Behaviour, on: bool) -> Self {
        self.behaviours.push((behaviour, on));
        self
    }

    /// The account to start with, in place of a new one: nothing is seeded then.
    pub fn state(mut self, state: SavedState) -> Self {
        self.state = Some(state);
        self
    }

    /// How many workspaces there are besides the default one: `workspace-1`, `workspace-2`, and so on. The default is
    /// 0, and [`MAX_ROWS`](Self::MAX_ROWS) the most. They are days old and one minute apart, the last one being the youngest.
    pub fn seed_workspaces(mut self, count: usize) -> Self {
        self.seed_workspaces = count;
        self
    }

    /// How many users the organization has: `user_1`, who is its admin, `user_2`, and so on. The default is 5,
    /// and [`MAX_ROWS`](Self::MAX_ROWS) the most.
    pub fn organization_members(mut self, count: usize) -> Self {
        self.organization_members = count;
        self
    }

    /// Adds a user to the organization after those of [`organization_members`](Self::organization_members), with a role
    /// there, such as `admin` or `member`.
    pub fn organization_member(mut self, user_id: impl Into<String>, role: impl Into<String>) -> Self {
        self.named_members.push((user_id.into(), role.into()));
        self
    }

    /// Lets an identity provider manage a user of the organization by SCIM: requests do not remove the user from a
    /// workspace. One who is not in the organization yet is added to it, as a member.
    pub fn scim_member(mut self, user_id: impl Into<String>) -> Self {
        self.scim_members.push(user_id.into());
        self
    }

    /// How many rows a page has at most, even if `limit` asks for more. By default `limit` decides alone. With 0 every
    /// page is empty, as from a server that makes no progress.
    pub fn page_cap(mut self, rows: usize) -> Self {
        self.page_cap = rows;
        self
    }

    /// The order in which workspaces and members are listed. The default is the oldest first.
    pub fn list_order(mut self, order: ListOrder) -> Self {
        self.list_order = order;
        self
    }

    /// What goes wrong from the start. The default is nothing. [`Sandbox::set_faults`] changes it later.
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.faults = plan;
        self
    }

    /// Writes a line for each request once it is over: the time of its arrival, method, path and query, status, fault,
    /// and how long it took. A hyphen stands for a status or a fault that there was not. By default nothing is written.
    pub fn access_log(mut self, writer: impl Write + Send + 'static) -> Self {
        self.access_log = AccessLog::to(writer);
        self
    }

    /// Makes all ids follow from a number, from the requests, and from the [`state`](Self::state) to start with. By
    /// default they are random.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// What time it is, by the `Date` of answers and by what is created and changed. The default is the time of the
    /// machine.
    pub fn clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// What time it is by what is created and changed, where that is not the clock of the `Date` of answers, as with a
    /// database on another machine.
    pub fn database_clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.database_clock = Some(Clock::new(now));
        self
    }
}
