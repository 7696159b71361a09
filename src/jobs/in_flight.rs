//! Several futures at the same time, but not too many. They run in the task of whoever waits for them, so that dropping it
//! stops them at once.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::Poll;

/// Runs futures, at most `limit` at the same time, and hands on what each comes to. After a break no more are started, and
/// those that run are waited for.
pub(super) async fn run_bounded<F: Future>(
    limit: usize,
    futures: impl IntoIterator<Item = F>,
    mut ended: impl FnMut(F::Output) -> ControlFlow<()>,
) {
    let mut waiting = Some(futures.into_iter());
    let mut running: Vec<Pin<Box<F>>> = Vec::new();
    loop {
        while running.len() < limit.max(1)
            && let Some(future) = waiting.as_mut().and_then(Iterator::next)
        {
            running.push(Box::pin(future));
        }
        if running.is_empty() {
            return;
        }
        let output = poll_fn(|cx| {
            for index in 0..running.len() {
                let future = running.get_mut(index).map(|future| future.as_mut().poll(cx));
                if let Some(Poll::Ready(output)) = future {
                    drop(running.swap_remove(index));
                    return Poll::Ready(output);
                }
            }
            Poll::Pending
        });
        if ended(output.await).is_break() {
            waiting = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn never_more_than_the_limit_run_and_all_of_them_end() {
        for limit in [0, 1, 3, 100] {
            let (now, most, sum) = (Cell::new(0), Cell::new(0), Cell::new(0));
            let futures = (0..10).map(|number| {
                let (now, most) = (&now, &most);
                async move {
                    now.set(now.get() + 1);
                    most.set(most.get().max(now.get()));
                    tokio::task::yield_now().await;
                    now.set(now.get() - 1);
                    number
                }
            });
            run_bounded(limit, futures, |number| {
                sum.set(sum.get() + number);
                ControlFlow::Continue(())
            })
            .await;
            assert_eq!((sum.get(), most.get()), (45, limit.clamp(1, 10)));
        }
    }

    #[tokio::test]
    async fn after_a_break_only_those_that_run_end() {
        let mut ended = Vec::new();
        let futures = (0..10).map(|number| async move { number });
        run_bounded(3, futures, |number| {
            ended.push(number);
            ControlFlow::Break(())
        })
        .await;
        ended.sort_unstable();
        assert_eq!(ended, [0, 1, 2]);
    }
}
