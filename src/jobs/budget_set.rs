//! All budgets of a workspace as one value.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::InvalidInput;
use crate::generated::enums::BudgetInterval;
use crate::generated::types::ListWorkspaceBudgetsResponse;

/// All budgets of a workspace. `None` is no budget.
///
/// Limits are in US dollars, greater than 0, and, among those that are set, strictly decrease from lifetime to monthly to
/// weekly to daily. It serializes, with the names of the fields; a field that is misspelt is an error when it is read.
///
/// ```
/// use openrouter_workspaces::BudgetSet;
///
/// let budgets = BudgetSet::default().monthly(500.0).daily(50.0).include_byok(true);
/// assert_eq!((budgets.monthly, budgets.weekly), (Some(500.0), None));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct BudgetSet {
    /// The limit for all time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<f64>,
    /// The limit for a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly: Option<f64>,
    /// The limit for a week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly: Option<f64>,
    /// The limit for a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<f64>,
    /// Whether spend on one's own provider keys counts, for all of them. `None` where the server does not tell; where
    /// budgets are set, it leaves that as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_byok: Option<bool>,
}

impl BudgetSet {
    /// Sets [`lifetime`](Self#structfield.lifetime).
    #[must_use]
    pub fn lifetime(mut self, limit_usd: impl Into<Option<f64>>) -> Self {
        self.lifetime = limit_usd.into();
        self
    }

    /// Sets [`monthly`](Self#structfield.monthly).
    #[must_use]
    pub fn monthly(mut self, limit_usd: impl Into<Option<f64>>) -> Self {
        self.monthly = limit_usd.into();
        self
    }

    /// Sets [`weekly`](Self#structfield.weekly).
    #[must_use]
    pub fn weekly(mut self, limit_usd: impl Into<Option<f64>>) -> Self {
        self.weekly = limit_usd.into();
        self
    }

    /// Sets [`daily`](Self#structfield.daily).
    #[must_use]
    pub fn daily(mut self, limit_usd: impl Into<Option<f64>>) -> Self {
        self.daily = limit_usd.into();
        self
    }

    /// Sets [`include_byok`](Self#structfield.include_byok).
    #[must_use]
    pub fn include_byok(mut self, include: impl Into<Option<bool>>) -> Self {
        self.include_byok = include.into();
        self
    }

    /// The limits, the widest interval first.
    pub fn limits(&self) -> [(BudgetInterval, Option<f64>); 4] {
        [
            (BudgetInterval::Lifetime, self.lifetime),
            (BudgetInterval::Monthly, self.monthly),
            (BudgetInterval::Weekly, self.weekly),
            (BudgetInterval::Daily, self.daily),
        ]
    }

    /// Sets the limit of an interval. One that this version does not know has no place here.
    pub(super) fn put(&mut self, interval: &BudgetInterval, limit_usd: Option<f64>) {
        match interval {
            BudgetInterval::Lifetime => self.lifetime = limit_usd,
            BudgetInterval::Monthly => self.monthly = limit_usd,
            BudgetInterval::Weekly => self.weekly = limit_usd,
            BudgetInterval::Daily => self.daily = limit_usd,
            BudgetInterval::Other(_) => {}
        }
    }

    /// This set, with another one's budgets where this one has none.
    pub fn or(self, other: &Self) -> Self {
        Self {
            lifetime: self.lifetime.or(other.lifetime),
            monthly: self.monthly.or(other.monthly),
            weekly: self.weekly.or(other.weekly),
            daily: self.daily.or(other.daily),
            include_byok: self.include_byok.or(other.include_byok),
        }
    }

    /// Checks that the server would take all of them together. The field of an error is the narrower interval of two that
    /// collide.
    pub fn check(&self) -> Result<(), InvalidInput> {
        let mut wider: Option<(BudgetInterval, f64)> = None;
        for (interval, limit) in self.limits() {
            let Some(limit) = limit else { continue };
            let rule = match &wider {
                _ if !limit.is_finite() => Some("must be a finite number".to_owned()),
                _ if limit <= 0.0 => Some(format!("must be greater than 0, is {limit}")),
                Some((wide, most)) if limit >= *most => {
                    Some(format!("must be less than the {} limit ({most}), is {limit}", wide.as_str()))
                }
                _ => None,
            };
            if let Some(rule) = rule {
                return Err(InvalidInput::new(interval.as_str(), rule));
            }
            wider = Some((interval, limit));
        }
        Ok(())
    }
}

impl From<&ListWorkspaceBudgetsResponse> for BudgetSet {
    fn from(list: &ListWorkspaceBudgetsResponse) -> Self {
        let mut set = Self { include_byok: list.include_byok_in_budgets, ..Self::default() };
        for budget in &list.data {
            set.put(&budget.interval(), Some(budget.limit_usd));
        }
        set
    }
}

/// As in `500 USD monthly, 50 USD daily`.
impl fmt::Display for BudgetSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (interval, limit) in self.limits() {
            if let Some(limit) = limit {
                write!(f, "{}{limit} USD {}", if first { "" } else { ", " }, interval.as_str())?;
                first = false;
            }
        }
        if first { f.write_str("no budget") } else { Ok(()) }
    }
}
