//! Which pages a walk asks for.

/// The largest overlap of two pages: as many rows before a page may be deleted at once without costing a request.
const MAX_OVERLAP: u64 = 3;

/// How many pages are planned at once. The server says how many there are, and may say anything.
const MAX_PLANNED: usize = 1 << 14;

/// What is known when pages are planned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Where the next new row is expected.
    pub cursor: u64,
    /// Where the walk began. Pages do not reach back behind it, unless the cursor is there.
    pub floor: u64,
    /// How many rows there are.
    pub total: u64,
    /// How many new rows a page should bring.
    pub step: u64,
    /// The most that can be asked for.
    pub max: u64,
    /// The most that the server sends.
    pub cap: u64,
    /// Whether every page has to overlap, whatever it costs.
    pub careful: bool,
}

/// A page to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub offset: u64,
    pub limit: u64,
    /// How many rows of the page before are asked for again.
    pub overlap: u64,
    /// How many rows the server is expected to send, unless the list ends.
    pub rows: u64,
}

/// The pages from the cursor to the end.
///
/// A page overlaps the one before, so that rows that moved between the two are noticed. Where pages are smaller than the
/// most that can be asked for, the overlap is asked for on top. Otherwise it comes out of the room that the last page
/// leaves, and out of 3 % more requests; where both are used up, pages do not overlap.
pub(crate) fn pages(known: Known) -> Vec<Ask> {
    let Known { mut cursor, floor, total, step, max, cap, careful } = known;
    let rows = (step + MAX_OVERLAP).min(max).min(cap).max(1);
    let base = step.min(rows);
    let free = rows - base;
    let rest = total.saturating_sub(cursor);
    let mut requests = rest.div_ceil(base) + total.div_ceil(base).saturating_mul(3) / 100;
    let mut room = requests.saturating_mul(base).saturating_sub(rest);
    let mut asks = Vec::new();
    while cursor < total && asks.len() < MAX_PLANNED {
        let most = (MAX_OVERLAP - free).min(base - 1);
        let least = if careful && free == 0 { 1 } else { room.min(1) };
        let paid = (room / requests.max(1)).max(least).min(most);
        let behind = if cursor > floor { cursor - floor } else { cursor };
        let overlap = (free + paid).min(behind);
        let rows = base - paid + overlap;
        asks.push(Ask { offset: cursor - overlap, limit: (step + overlap).min(max), overlap, rows });
        cursor += base - paid;
        room = room.saturating_sub(paid);
        requests = requests.saturating_sub(1);
    }
    asks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(total: u64, step: u64, cap: u64, careful: bool) -> Vec<Ask> {
        // The first page is always asked for alone: the total is not known before.
        pages(Known { cursor: step.min(cap), floor: 0, total, step, max: 100, cap, careful })
    }

    /// Whether the pages reach to the end without a gap.
    fn covers(total: u64, step: u64, cap: u64, careful: bool) {
        let mut reached = step.min(cap);
        for ask in plan(total, step, cap, careful) {
            assert_eq!(ask.offset + ask.overlap, reached, "total {total} step {step} cap {cap}");
            assert!(ask.limit <= 100 && ask.rows <= ask.limit && ask.rows <= cap && ask.rows > ask.overlap);
            reached = ask.offset + ask.rows;
        }
        assert!(reached >= total, "total {total} step {step} cap {cap}");
    }

    #[test]
    fn every_row_is_asked_for() {
        for total in (0..400).chain([1000, 9_999, 10_000, 10_001]) {
            for step in [1, 2, 3, 7, 50, 97, 98, 99, 100] {
                for cap in [1, 2, 3, 30, 99, 100] {
                    covers(total, step, cap, false);
                    covers(total, step, cap, true);
                }
            }
        }
    }

    #[test]
    fn overlap_costs_at_most_three_percent_more_requests() {
        for total in 0..12_000_u64 {
            let needed = total.div_ceil(100);
            let asked = plan(total, 100, 100, false).len() as u64 + u64::from(total > 0);
            assert!(asked <= needed + needed * 3 / 100, "{total} rows: {asked} requests, {needed} needed");
        }
    }

    #[test]
    fn small_pages_overlap_for_free() {
        let asks = plan(250, 10, 100, false);
        assert_eq!(asks.len(), 24);
        assert!(asks.iter().all(|ask| ask.overlap == 3 && ask.limit == 13));
    }

    #[test]
    fn long_walks_overlap_at_every_page() {
        let asks = plan(10_000, 100, 100, false);
        assert_eq!(asks.len(), 102);
        assert!(asks.iter().all(|ask| ask.overlap >= 1));
    }

    #[test]
    fn an_exact_fit_has_no_room_for_overlap_until_it_must() {
        let fit = plan(300, 100, 100, false);
        assert_eq!(fit.iter().map(|ask| ask.overlap).collect::<Vec<_>>(), [0, 0]);
        let careful = plan(300, 100, 100, true);
        assert_eq!(careful.iter().map(|ask| ask.overlap).collect::<Vec<_>>(), [1, 1, 1]);
    }
}
