//! What a run begins with, what its program is to make of that, and how the account then has to look.

use std::collections::BTreeSet;

use fastrand::Rng;
use openrouter_sandbox::SavedState;
use openrouter_workspaces::BudgetSet;
use serde_json::{Map, Value, json};

use crate::account::{Drawn, Limits, is_decreasing, limits, maybe, settings, some_of};

/// What is to become of the members of a workspace.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Membership {
    Untouched,
    Sync { users: Vec<String>, keep_others: bool },
    Add(Vec<String>),
    Remove(Vec<String>),
}

/// What is to become of the budgets of a workspace.
#[derive(Clone, Debug)]
pub(super) struct Budgets {
    pub limits: Limits,
    pub include_byok: Option<bool>,
    pub keep_others: bool,
}

impl Budgets {
    pub fn set(&self) -> BudgetSet {
        let limit = |interval| self.limits.get(interval).copied();
        BudgetSet::default()
            .lifetime(limit("lifetime"))
            .monthly(limit("monthly"))
            .weekly(limit("weekly"))
            .daily(limit("daily"))
            .include_byok(self.include_byok)
    }
}

/// A workspace that is to be set up.
#[derive(Clone, Debug)]
pub(super) struct Team {
    pub slug: String,
    /// The settings that are named. Null clears one.
    pub settings: Map<String, Value>,
    pub membership: Membership,
    pub budgets: Option<Budgets>,
    /// Members and budgets are set at the same time.
    pub together: bool,
    /// Whether it is there at the beginning, and what it has then.
    pub existed: bool,
    pub members_before: BTreeSet<String>,
    pub limits_before: Limits,
    /// Who is not removed by requests.
    pub protected: BTreeSet<String>,
}

impl Team {
    /// Who is to be added, and who removed, as far as they are named or listed; refused ones among them.
    pub fn changes(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let set = |users: &[String]| users.iter().cloned().collect::<BTreeSet<_>>();
        match &self.membership {
            Membership::Untouched => (BTreeSet::new(), BTreeSet::new()),
            Membership::Sync { users, keep_others: true } | Membership::Add(users) => (set(users), BTreeSet::new()),
            Membership::Sync { users, .. } if self.keeps_all() => (set(users), BTreeSet::new()),
            Membership::Sync { users, keep_others: false } => {
                let desired = set(users);
                let others = self.members_before.difference(&desired).cloned().collect();
                (desired, others)
            }
            Membership::Remove(users) => (BTreeSet::new(), set(users)),
        }
    }

    /// Whether all whom a list names are strangers: then nobody is removed for it.
    pub fn keeps_all(&self) -> bool {
        matches!(&self.membership, Membership::Sync { users, keep_others: false }
            if !users.is_empty() && !users.iter().any(|user| is_known(user)))
    }

    /// Of whom the server refuses what is asked for.
    pub fn refused(&self) -> BTreeSet<String> {
        let (added, removed) = self.changes();
        let strangers = added.into_iter().filter(|user| !is_known(user));
        strangers.chain(removed.intersection(&self.protected).cloned()).collect()
    }

    /// Who is to be a member in the end.
    pub fn members_after(&self) -> BTreeSet<String> {
        let (added, removed) = self.changes();
        let stays = |user: &&String| !removed.contains(*user) || self.protected.contains(*user);
        let mut members: BTreeSet<String> = self.members_before.iter().filter(stays).cloned().collect();
        members.extend(added.into_iter().filter(|user| is_known(user)));
        members
    }

    /// Which budgets there are to be in the end.
    pub fn limits_after(&self) -> Limits {
        match &self.budgets {
            None => self.limits_before.clone(),
            Some(Budgets { limits, keep_others: false, .. }) => limits.clone(),
            Some(Budgets { limits, keep_others: true, .. }) => {
                let mut all = self.limits_before.clone();
                all.extend(limits.clone());
                all
            }
        }
    }
}

/// Whether the organization has this user.
pub(super) fn is_known(user: &str) -> bool {
    !user.starts_with("stranger")
}

/// A run before it begins.
#[derive(Debug)]
pub(super) struct Scenario {
    pub state: SavedState,
    pub teams: Vec<Team>,
    /// How many times the program is to be killed at most.
    pub kills: usize,
}

impl Scenario {
    pub fn draw(rng: &mut Rng) -> Self {
        // Mostly a few users, so that a run is fast; sometimes more than two requests take.
        let size = if rng.u8(0..6) == 0 { rng.usize(90..260) } else { rng.usize(1..40) };
        let users: Vec<String> = (0..size).map(|number| format!("user_{number}")).collect();
        let managed: BTreeSet<String> = users.iter().filter(|_| rng.u8(0..16) == 0).cloned().collect();
        let organization: Vec<Value> =
            users.iter().map(|user| json!({"user_id": user, "scim_managed": managed.contains(user)})).collect();
        let mut workspaces = vec![json!({"slug": "default", "default": true})];
        for number in 0..rng.usize(1..4) {
            workspaces.push(Drawn::new(rng, &users).saved(&format!("bystander-{number}")));
        }
        let mut teams = Vec::new();
        for number in 0..rng.usize(1..4) {
            let (slug, drawn) = (format!("team-{number}"), Drawn::new(rng, &users));
            let existed = rng.bool();
            if existed {
                workspaces.insert(rng.usize(0..=workspaces.len()), drawn.saved(&slug));
            }
            teams.push(team(rng, drawn, slug, &users, &managed, existed));
        }
        let state = json!({"version": 1, "organization": organization, "workspaces": workspaces}).to_string();
        let state = state.parse().unwrap_or_else(|error| panic!("no state: {error}: {state}"));
        Self { state, teams, kills: rng.usize(1..=6) }
    }

    /// Whether a request names users, and none but those of whom the server refuses what a job has to ask for again.
    pub fn is_refused(&self, asked: &Value) -> bool {
        let refused: BTreeSet<String> = self.teams.iter().flat_map(Team::refused).collect();
        let Some(users) = asked["user_ids"].as_array() else { return false };
        users.iter().all(|user| user.as_str().is_some_and(|user| refused.contains(user)))
    }

    pub fn team(&self, slug: &str) -> Option<&Team> {
        self.teams.iter().find(|team| team.slug == slug)
    }
}

/// What is to become of this workspace, or of nothing if it does not exist.
fn team(
    rng: &mut Rng,
    drawn: Drawn,
    slug: String,
    users: &[String],
    managed: &BTreeSet<String>,
    existed: bool,
) -> Team {
    let members_before: BTreeSet<String> = if existed { drawn.members.into_iter().collect() } else { BTreeSet::new() };
    let limits_before = if existed { drawn.limits } else { Limits::new() };
    let mut asked = some_of(rng, users);
    if rng.u8(0..3) == 0 {
        for number in 0..rng.usize(1..4) {
            asked.insert(rng.usize(0..=asked.len()), format!("stranger_{number}"));
        }
    }
    let membership = match rng.u8(0..8) {
        0 => Membership::Untouched,
        1 => Membership::Add(asked),
        2 => Membership::Remove(asked.into_iter().filter(|user| is_known(user)).collect()),
        kind => Membership::Sync { users: asked, keep_others: kind == 3 },
    };
    let (limits, keep_others) = (limits(rng), rng.u8(0..4) == 0);
    // Where there is no budget that it could travel with, the flag cannot be set.
    let include_byok = if limits.is_empty() { None } else { maybe(rng) };
    let mut budgets = Some(Budgets { limits, include_byok, keep_others });
    let mut team = Team {
        slug,
        settings: settings(rng),
        membership,
        budgets: None,
        together: rng.bool(),
        existed,
        members_before,
        limits_before,
        protected: managed.union(&drawn.key_owners).cloned().collect(),
    };
    // Together with others that are kept, they must still be a set that the server takes.
    std::mem::swap(&mut team.budgets, &mut budgets);
    if !is_decreasing(&team.limits_after())
        && let Some(budgets) = &mut team.budgets
    {
        budgets.keep_others = false;
    }
    if rng.u8(0..8) == 0 {
        team.budgets = None;
    }
    team
}
