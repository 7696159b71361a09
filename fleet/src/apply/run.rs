//! Carrying out the actions: workspaces side by side, and those of each one after the other.

use futures_util::{StreamExt, stream};
use openrouter_workspaces::Client;

use crate::apply::event::{Event, OnEvent};
use crate::apply::report::{Outcome, SoFar};
use crate::apply::step::Step;
use crate::plan::Plan;

/// A plan that is carried out.
pub(super) struct Run {
    pub(super) client: Client,
    pub(super) plan: Plan,
    pub(super) so_far: SoFar,
    pub(super) on_event: Option<OnEvent>,
}

impl Run {
    /// Works on all workspaces, each with its steps.
    pub(super) async fn workspaces(&self, steps: Vec<Vec<Step>>, concurrency: usize) {
        let all = steps.into_iter().enumerate().map(|(place, steps)| self.workspace(place, steps));
        stream::iter(all).buffer_unordered(concurrency).collect::<()>().await;
    }

    /// Works on a workspace, up to the first step that fails.
    async fn workspace(&self, place: usize, steps: Vec<Step>) {
        let mut id = self.plan.workspaces.get(place).and_then(|workspace| workspace.id);
        let count = steps.len();
        for (index, step) in steps.into_iter().enumerate() {
            self.started(place, index);
            let result = step.run(&self.client, &mut id).await;
            let failed = result.is_err();
            let outcome = result.map_or_else(Outcome::Failed, |()| Outcome::Done);
            self.so_far.set(place, index, outcome, id);
            // Those that come after one that failed are settled, too: they are not tried any more.
            self.ended(place, index, if failed { count - index } else { 1 });
            if failed {
                return;
            }
        }
    }

    fn started(&self, place: usize, index: usize) {
        self.so_far.start(place, index);
        if let Some(callback) = &self.on_event
            && let Some(workspace) = self.plan.workspaces.get(place)
            && let Some(action) = workspace.actions.get(index)
        {
            callback(Event::Started { slug: &workspace.slug, action });
        }
    }

    fn ended(&self, place: usize, index: usize, settled: usize) {
        let (settled, total) = self.so_far.settle(settled);
        let Some(callback) = &self.on_event else { return };
        // The report is not locked while somebody else's code runs, which may look at it.
        let report = self.so_far.action(place, index);
        if let (Some(workspace), Some(report)) = (self.plan.workspaces.get(place), report) {
            let (action, outcome) = (&report.action, &report.outcome);
            callback(Event::Ended { slug: &workspace.slug, action, outcome, settled, total });
        }
    }
}
