//! The fault plan: what goes wrong when.

use std::collections::{BTreeMap, HashMap};

use crate::faults::fault::Fault;
use crate::random::Random;

/// Which faults happen to which requests.
///
/// What happens to a request follows from the seed, the operation and the number of the request, and from nothing else:
/// not from the time, and not from requests for other operations.
///
/// For each request, the operation's sequence comes first. Once that has ended, the operation's own rates are tried in the
/// order in which they were added, then those for all operations. The first that hits decides.
///
/// ```
/// use openrouter_sandbox::{Fault, FaultPlan, Sandbox, When};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let plan = FaultPlan::new(7)
///     .rate_all(0.1, [Fault::Reset(When::Before), Fault::status(503)])
///     .rate("list_workspaces", 0.5, [Fault::PageCap(10)])
///     .sequence("create_workspace", [Some(Fault::Reset(When::After)), None]);
/// assert_eq!(plan.fault("create_workspace", 1), Some(Fault::Reset(When::After)));
///
/// let sandbox = Sandbox::builder().faults(plan).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a plan does nothing before a sandbox has it"]
pub struct FaultPlan {
    seed: u64,
    rates: Vec<Rate>,
    sequences: BTreeMap<String, Vec<Option<Fault>>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rate {
    /// The operation; all of them if it is `None`.
    operation: Option<String>,
    probability: f64,
    faults: Vec<Fault>,
}

impl FaultPlan {
    /// A plan without faults. The default is the same with the seed 0.
    pub fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Lets one of these faults happen to a request for an operation with this probability, from 0 to 1. Those that the
    /// operation cannot have are never chosen.
    pub fn rate(
        mut self,
        operation_id: impl Into<String>,
        probability: f64,
        faults: impl IntoIterator<Item = Fault>,
    ) -> Self {
        let faults = faults.into_iter().collect();
        self.rates.push(Rate { operation: Some(operation_id.into()), probability, faults });
        self
    }

    /// Lets one of these faults happen to a request for any operation with this probability, from 0 to 1.
    pub fn rate_all(mut self, probability: f64, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.rates.push(Rate { operation: None, probability, faults: faults.into_iter().collect() });
        self
    }

    /// Decides the next requests for an operation, one by one and after those that have been decided: a fault, or `None`
    /// for a request to which nothing happens.
    pub fn sequence(
        mut self,
        operation_id: impl Into<String>,
        faults: impl IntoIterator<Item = Option<Fault>>,
    ) -> Self {
        self.sequences.entry(operation_id.into()).or_default().extend(faults);
        self
    }

    /// What happens to a request for an operation; the first request is number 1.
    pub fn fault(&self, operation_id: &str, number: u64) -> Option<Fault> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let scripted = self.sequences.get(operation_id).and_then(|sequence| sequence.get(index));
        let mut random = Random::new(self.seed, operation_id, number);
        let fault = match scripted {
            Some(fault) => fault.as_ref().filter(|fault| fault.applies_to(operation_id))?,
            None => self.draw(operation_id, &mut random)?,
        };
        Some(match fault.clone() {
            Fault::Latency { from, to, when } => {
                let delay = from + to.saturating_sub(from).mul_f64(random.fraction());
                Fault::Latency { from: delay, to: delay, when }
            }
            other => other,
        })
    }

    fn draw(&self, operation_id: &str, random: &mut Random) -> Option<&Fault> {
        let own = self.rates.iter().filter(|rate| rate.operation.as_deref() == Some(operation_id));
        let of_all = self.rates.iter().filter(|rate| rate.operation.is_none());
        for rate in own.chain(of_all) {
            // Both are drawn in any case, so that one rate does not change the luck of the next.
            let (hit, choice) = (random.fraction() < rate.probability, random.fraction());
            if hit {
                let fitting: Vec<&Fault> = rate.faults.iter().filter(|fault| fault.applies_to(operation_id)).collect();
                if !fitting.is_empty() {
                    return Some(fitting[(choice * fitting.len() as f64) as usize]);
                }
            }
        }
        None
    }

    /// The operations that the plan names.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &str> {
        let rates = self.rates.iter().filter_map(|rate| rate.operation.as_deref());
        rates.chain(self.sequences.keys().map(String::as_str))
    }

    /// The probabilities that the plan has.
    pub(crate) fn rates(&self) -> impl Iterator<Item = f64> {
        self.rates.iter().map(|rate| rate.probability)
    }

    fn is_empty(&self) -> bool {
        self.rates.is_empty() && self.sequences.is_empty()
    }
}

/// A plan that is being carried out.
#[derive(Debug, Default)]
pub(crate) struct ActivePlan {
    plan: FaultPlan,
    /// How many requests for each operation there have been since the plan was made.
    requests: HashMap<String, u64>,
    /// How often each kind of fault has happened, whatever the plan was.
    applied: BTreeMap<String, u64>,
}

impl ActivePlan {
    /// Starts another plan.
    pub(crate) fn replace(&mut self, plan: FaultPlan) {
        self.plan = plan;
        self.requests.clear();
    }

    /// What happens to the next request for an operation.
    pub(crate) fn next(&mut self, operation_id: &str) -> Option<Fault> {
        if self.plan.is_empty() {
            return None;
        }
        let number = match self.requests.get_mut(operation_id) {
            Some(requests) => {
                *requests += 1;
                *requests
            }
            None => *self.requests.entry(operation_id.to_owned()).or_insert(1),
        };
        self.plan.fault(operation_id, number)
    }

    /// Counts a fault that has happened.
    pub(crate) fn record(&mut self, fault: &Fault) {
        *self.applied.entry(fault.kind()).or_default() += 1;
    }

    /// How often each kind of fault has happened.
    pub(crate) fn applied(&self) -> &BTreeMap<String, u64> {
        &self.applied
    }
}
