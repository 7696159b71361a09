//! What a walk over very many rows takes.

use openrouter_workspaces::reqwest::{self, Url};
use openrouter_workspaces::{Client, HttpFuture, HttpService};

use crate::KEY;
use crate::counting::{alone, measured, simulated};

/// A list of members, whose pages are made when they are asked for.
struct Members(u64);

fn number(url: &Url, name: &str) -> u64 {
    let value = url.query_pairs().find_map(|(n, value)| (n == name).then(|| value.parse().expect("a number")));
    value.unwrap_or(0)
}

impl HttpService for Members {
    fn call(&self, request: reqwest::Request) -> HttpFuture<'_> {
        let (offset, limit) = (number(request.url(), "offset"), number(request.url(), "limit"));
        let mut body = String::from(r#"{"data":["#);
        for row in offset..self.0.min(offset + limit) {
            let comma = if row > offset { "," } else { "" };
            // Ids as random ones are spread.
            let id = uuid::Uuid::from_u64_pair(row, row.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            body += &format!(
                r#"{comma}{{"id":"{id}","workspace_id":"{id}","user_id":"u","role":"member","created_at":"2024-01-15T09:30:00Z"}}"#
            );
        }
        body += &format!(r#"],"total_count":{}}}"#, self.0);
        Box::pin(async { Ok(http::Response::new(body).into()) })
    }
}

/// How many bytes a walk takes beside its rows, which are dropped as they come.
fn walk(rows: u64, concurrency: usize) -> usize {
    let client = Client::builder().api_key(KEY).http_service(Members(rows)).build().expect("valid settings");
    let (came, peak) = measured(&simulated(), async {
        let mut items = client.list_members("production").items().concurrency(concurrency);
        let mut came = 0;
        while items.try_next().await.expect("a healthy list").is_some() {
            came += 1;
        }
        came
    });
    assert_eq!(came, rows);
    peak
}

#[test]
fn a_walk_over_very_many_rows_takes_a_few_bytes_for_each() {
    let _alone = alone();
    // A build without optimizations takes its time.
    let (rows, most) = if cfg!(debug_assertions) { (100_000, 5_000_000) } else { (1_000_000, 40_000_000) };
    let peak = walk(rows, 1);
    assert!(peak <= most, "{peak} bytes for {rows} rows");
    // Pages that are fetched ahead take a little more.
    let ahead = walk(100_000, 64);
    assert!(ahead <= 10_000_000, "{ahead} bytes for 100,000 rows, 64 pages at once");
}
