//! In which order budgets are changed. Without any I/O.
//!
//! The server takes a limit only if it is below those of all wider intervals and above those of all narrower ones. From one
//! set that keeps to this to another one, this order does so at every step:
//!
//! 1. What is to go is deleted, which nothing forbids.
//! 2. What falls, from the narrowest interval up: the narrower ones have fallen before it, or stay, or will rise to less
//!    than it falls to, and the wider ones are still above.
//! 3. What rises or is new, from the widest down: the wider ones are as they will be, and so are the narrower ones, or they
//!    are below that.
//!
//! So each budget that differs takes one call, which is the fewest possible.

use std::fmt;

use crate::error::InvalidInput;
use crate::generated::enums::BudgetInterval;
use crate::jobs::budget_set::BudgetSet;

/// A change of one budget.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BudgetStep {
    /// Which one.
    pub interval: BudgetInterval,
    /// The limit that is set, in US dollars. `None` deletes the budget.
    pub limit_usd: Option<f64>,
    /// What is set for all budgets of the workspace with it, if anything: whether spend on one's own provider keys counts.
    pub include_byok: Option<bool>,
}

impl BudgetStep {
    fn new(interval: BudgetInterval, limit_usd: Option<f64>) -> Self {
        Self { interval, limit_usd, include_byok: None }
    }

    /// Whether a set shows the change.
    pub(super) fn is_made(&self, set: &BudgetSet) -> bool {
        let mut changed = *set;
        self.apply(&mut changed);
        changed == *set
    }

    /// Makes the same change to a set.
    pub fn apply(&self, set: &mut BudgetSet) {
        set.put(&self.interval, self.limit_usd);
        set.include_byok = self.include_byok.or(set.include_byok);
    }
}

impl fmt::Display for BudgetStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit_usd {
            Some(limit) => write!(f, "{limit} USD {}", self.interval.as_str()),
            None => write!(f, "no {} budget", self.interval.as_str()),
        }
    }
}

/// What changes a set takes.
impl BudgetSet {
    /// The fewest calls that make this set the other one, in an order in which the server takes each of them. Both must keep to
    /// what [`check`](Self::check) asks for.
    ///
    /// Fails where [`include_byok`](Self#structfield.include_byok) alone would change, and there is no budget that it could be
    /// sent with.
    ///
    /// ```
    /// use openrouter_workspaces::BudgetSet;
    ///
    /// let now = BudgetSet::default().monthly(500.0).daily(50.0);
    /// let steps = now.steps_to(&BudgetSet::default().monthly(40.0).daily(4.0))?;
    /// // The other way round, the server would refuse 40, which is less than the daily limit.
    /// assert_eq!(steps.iter().map(ToString::to_string).collect::<Vec<_>>(), ["4 USD daily", "40 USD monthly"]);
    /// # Ok::<(), openrouter_workspaces::Error>(())
    /// ```
    pub fn steps_to(&self, wanted: &Self) -> Result<Vec<BudgetStep>, InvalidInput> {
        let now = self;
        let (mut deleted, mut falling, mut rising) = (Vec::new(), Vec::new(), Vec::new());
        for ((interval, old), (_, new)) in now.limits().into_iter().zip(wanted.limits()) {
            let kind = match (old, new) {
                (old, new) if old == new => continue,
                (_, None) => &mut deleted,
                (Some(old), Some(new)) if new < old => &mut falling,
                _ => &mut rising,
            };
            kind.push(BudgetStep::new(interval, new));
        }
        falling.reverse();
        let mut steps = [deleted, falling, rising].concat();
        if wanted.include_byok.is_some() && wanted.include_byok != now.include_byok {
            // It travels with a limit, one that is set anyway, or one that is there.
            let carrier = match steps.iter_mut().find(|step| step.limit_usd.is_some()) {
                Some(step) => step,
                None => {
                    let there = now.limits().into_iter().find(|(_, limit)| limit.is_some());
                    if there.is_none() && now.include_byok.is_none() && wanted.include_byok == Some(false) {
                        // A workspace that never had a budget does not tell what it has never been told.
                        return Ok(steps);
                    }
                    let rule = "cannot be changed where there is no budget, for it is sent with one";
                    let (interval, limit) = there.ok_or_else(|| InvalidInput::new("include_byok", rule))?;
                    steps.insert(0, BudgetStep::new(interval, limit));
                    steps.first_mut().ok_or_else(|| InvalidInput::new("include_byok", rule))?
                }
            };
            carrier.include_byok = wanted.include_byok;
        }
        Ok(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All sets of limits from 1 to 5, or none, that the server could have.
    fn valid_sets() -> Vec<BudgetSet> {
        let limits = || [None, Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0)];
        let mut sets = Vec::new();
        for lifetime in limits() {
            for monthly in limits() {
                for weekly in limits() {
                    for daily in limits() {
                        let set = BudgetSet { lifetime, monthly, weekly, daily, include_byok: None };
                        if set.check().is_ok() {
                            sets.push(set);
                        }
                    }
                }
            }
        }
        sets
    }

    /// The server's rule, in its own words: above all narrower ones, and below all wider ones.
    fn server_takes(set: &BudgetSet, step: &BudgetStep) -> bool {
        let Some(limit) = step.limit_usd else { return true };
        let limits = set.limits();
        let place = limits.iter().position(|(interval, _)| *interval == step.interval).expect("it is one of the four");
        limits.iter().enumerate().all(|(other, (_, there))| match there {
            Some(there) if other < place => *there > limit,
            Some(there) if other > place => *there < limit,
            _ => true,
        })
    }

    /// Makes all pairs of sets of each other with these steps, and counts those where the server refuses one.
    fn refused(order: impl Fn(Vec<BudgetStep>) -> Vec<BudgetStep>) -> usize {
        let sets = valid_sets();
        let mut refused = 0;
        for before in &sets {
            for after in &sets {
                let mut set = *before;
                let steps = order(before.steps_to(after).expect("there is no flag"));
                let differing = before.limits().iter().zip(after.limits()).filter(|(a, b)| **a != *b).count();
                assert_eq!(steps.len(), differing, "{before} to {after}");
                let mut takes_all = true;
                for step in &steps {
                    takes_all &= server_takes(&set, step);
                    step.apply(&mut set);
                }
                refused += usize::from(!takes_all);
                assert_eq!(set, *after);
            }
        }
        refused
    }

    #[test]
    fn the_server_takes_every_step_between_all_pairs_of_sets() {
        // As many as there are ways to choose up to four of the five limits, and intervals for them.
        assert_eq!(valid_sets().len(), 1 + 4 * 5 + 6 * 10 + 4 * 10 + 5);
        assert_eq!(refused(|steps| steps), 0);
    }

    #[test]
    fn in_the_opposite_order_it_does_not() {
        assert!(refused(|steps| steps.into_iter().rev().collect()) > 1000);
    }

    #[test]
    fn the_flag_travels_with_a_limit_and_costs_a_call_only_where_none_is_set() {
        let none = BudgetSet::default();
        let one = none.monthly(5.0).include_byok(false);
        let flags = |now: &BudgetSet, wanted: &BudgetSet| {
            let steps = now.steps_to(wanted).expect("there is a budget");
            steps.into_iter().map(|step| (step.to_string(), step.include_byok)).collect::<Vec<_>>()
        };
        assert_eq!(flags(&one, &one), []);
        assert_eq!(flags(&one, &one.include_byok(None)), []);
        assert_eq!(flags(&one, &one.include_byok(true)), [("5 USD monthly".to_owned(), Some(true))]);
        let deleted = [("5 USD monthly".to_owned(), Some(true)), ("no monthly budget".to_owned(), None)];
        assert_eq!(flags(&one, &none.include_byok(true)), deleted);
        let other = one.monthly(None).daily(1.0).include_byok(true);
        assert_eq!(
            flags(&one, &other),
            [("no monthly budget".to_owned(), None), ("1 USD daily".to_owned(), Some(true))]
        );
        assert_eq!(flags(&none, &none.include_byok(false)), []);
        assert_eq!(none.steps_to(&none.include_byok(true)).expect_err("there is no budget").field(), "include_byok");
    }
}
