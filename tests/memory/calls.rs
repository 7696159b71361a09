//! What one call takes.

use std::time::Duration;

use openrouter_workspaces::{Client, Error, RetryConfig};
use serde_json::json;

use crate::bodies::{BODIES, Hostile};
use crate::counting::{alone, measured, simulated};
use crate::service::{PART, Steady};
use crate::{KB, MB};

/// How many times the cap a call may take.
const TIMES: usize = 8;

/// The largest cap that is tried. A build without optimizations takes its time.
const LARGEST: usize = if cfg!(debug_assertions) { 4 * MB } else { 16 * MB };

/// Which of the bodies are tried where they are large.
fn large() -> impl Iterator<Item = &'static Hostile> {
    let (first, step) = if cfg!(debug_assertions) { (4, 6) } else { (0, 1) };
    BODIES.iter().skip(first).step_by(step)
}

async fn send(client: &Client) -> Result<(), Error> {
    client.get("production").retry(RetryConfig::none()).await.map(drop)
}

/// Asserts that a call takes no more than it may, and as little where its error is asked for details that it has not.
fn assert_bounded(cap: usize, status: u16, bodies: impl IntoIterator<Item = &'static Hostile>) {
    let runtime = simulated();
    for hostile in bodies {
        for size in [cap - 1, 2 * cap] {
            let service = Steady::new(status, hostile.bytes(size));
            let client = service.client(cap);
            let call = async {
                let error = send(&client).await.expect_err("no such answer is a workspace");
                error.api().and_then(|api| api.metadata().or_else(|| api.openrouter_metadata())).is_none()
            };
            let (bare, peak) = measured(&runtime, call);
            assert!(peak <= TIMES * cap, "{peak} bytes, with a cap of {cap}: {status} {hostile:?}");
            assert!(bare, "no body has details");
        }
    }
}

#[test]
fn hostile_answers_take_at_most_eight_times_the_cap() {
    let _alone = alone();
    for status in [200, 400, 500] {
        assert_bounded(64 * KB, status, &BODIES);
        assert_bounded(MB, status, large());
    }
}

#[test]
fn hostile_answers_of_many_megabytes_take_at_most_eight_times_the_cap() {
    let _alone = alone();
    assert_bounded(LARGEST, 200, large());
    assert_bounded(LARGEST, 400, large());
}

/// The answer to a look-up: the workspace that was asked for, with something more in it.
fn found_with(extra: &str) -> Vec<u8> {
    let there = json!({
        "id": "00000000-0000-4000-8000-000000000001", "name": "Production", "slug": "production", "description": null,
        "default_text_model": null, "default_image_model": null, "default_provider_sort": null,
        "default_guardrail_id": "3d813cbb-47fb-52ba-91df-831e1593ac29",
        "io_logging_sampling_rate": 1, "io_logging_api_key_ids": null,
        "is_observability_io_logging_enabled": false, "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": false, "created_at": "2026-05-20T09:00:00Z", "updated_at": null,
        "created_by": null
    });
    let there = there.to_string();
    format!("{{\"data\": {}, {extra}}}}}", &there[..there.len() - 1]).into()
}

/// It is read twice, and compared with what was sent.
#[test]
fn a_look_up_stays_within_the_memory_of_a_call() {
    let _alone = alone();
    let runtime = simulated();
    let objects = vec![r#"{"a":1}"#; 43_000].join(",");
    let names = (0..86_000).map(|n| format!("\"{n:09}\"")).collect::<Vec<_>>().join(",");
    for extra in [format!("\"new\": [{objects}]"), format!("\"disabled_server_tools\": [{names}]")] {
        let service = Steady::new(200, found_with(&extra));
        let client = service.client(MB);
        let (result, peak) = measured(&runtime, async { client.create("Production", "production").await.map(drop) });
        let error = result.expect_err("it is older than the call, or differs");
        assert!(error.to_string().contains("there is a workspace production"), "{error}");
        assert!(peak <= TIMES * MB, "{peak} bytes");
    }
}

#[test]
fn the_details_of_an_error_take_what_they_are_made_of_and_no_more() {
    let _alone = alone();
    for open in [r#"{"error":{"code":1,"message":"x","metadata":{"a":["#, r#"{"openrouter_metadata":{"a":["#] {
        let close = if open.contains("error") { "0]}}}" } else { "0]}}" };
        let many = "0,".repeat(128 * KB - 64);
        let client = Steady::new(400, [open, &many, close].concat().into_bytes()).client(16 * MB);
        let runtime = simulated();
        let error = runtime.block_on(send(&client)).unwrap_err();
        let (details, peak) = measured(&runtime, async {
            let api = error.api()?;
            api.metadata().or_else(|| api.openrouter_metadata())
        });
        assert!(details.is_some());
        // A value takes 32 bytes, and the list half as much again while it grows.
        assert!(peak <= 128 * KB * 32 * 4, "{peak} bytes");
    }
}

#[test]
fn of_an_error_not_more_than_256_kb_are_read() {
    let _alone = alone();
    let runtime = simulated();
    for size in [257 * KB, MB, 16 * MB] {
        let service = Steady::new(400, vec![b'x'; size]);
        let (result, peak) = measured(&runtime, send(&service.client(16 * MB)));
        assert_eq!(result.unwrap_err().status(), Some(400));
        assert!(service.taken() <= 256 * KB / PART + 1, "{} parts were read", service.taken());
        assert!(peak <= 4 * 256 * KB, "{peak} bytes for {size}");
    }
}

#[test]
fn a_deadline_is_looked_at_while_a_large_body_comes() {
    let _alone = alone();
    let runtime = simulated();
    // It would take 10 s.
    let service = Steady::new(200, vec![b' '; 16 * MB - 1]).pace(Duration::from_millis(10));
    let client = service.client(16 * MB);
    let call = client.get("production").timeout(Duration::from_millis(300)).into_future();
    let error = runtime.block_on(call).unwrap_err();
    assert!(matches!(&error, Error::Timeout(e) if e.is_total()) && error.status() == Some(200), "{error:?}");
    assert!((30..=38).contains(&service.taken()), "{} parts were read, 30 in time", service.taken());

    // The body of an error gets 2 s.
    let service = Steady::new(400, vec![b' '; 16 * MB]).pace(Duration::from_millis(250));
    let error = runtime.block_on(send(&service.client(16 * MB))).unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert!((8..=13).contains(&service.taken()), "{} parts were read, 8 in time", service.taken());
}

#[cfg(feature = "gzip")]
mod compressed {
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener};

    use super::*;
    use crate::bodies::gzip;

    /// The URL of a server that gives one compressed answer on one connection.
    fn serve(status: u16, compressed: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/api/v1", listener.local_addr().expect("an address"));
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            compressed.len()
        );
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = [0; 4096];
            // A client that has enough closes the connection.
            let _ = stream.read(&mut request);
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&compressed));
            let _ = stream.shutdown(Shutdown::Write);
            while matches!(stream.read(&mut request), Ok(1..)) {}
        });
        url
    }

    #[test]
    fn hostile_answers_take_no_more_where_they_come_compressed() {
        let _alone = alone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        for (cap, bodies) in [
            (64 * KB, Vec::from_iter(&BODIES)),
            (MB, large().collect()),
            (LARGEST, large().skip(usize::from(cfg!(debug_assertions))).collect()),
        ] {
            for status in [200, 400] {
                for hostile in &bodies {
                    for size in [cap - 1, 2 * cap] {
                        let compressed = gzip(hostile, size);
                        assert!(compressed.len() < size / 20, "{} of {size} bytes", compressed.len());
                        let builder = Client::builder().api_key(crate::KEY).base_url(serve(status, compressed));
                        let client = builder.no_timeouts().max_body_bytes(cap).build().expect("valid settings");
                        let (result, peak) = measured(&runtime, send(&client));
                        let error = result.unwrap_err();
                        assert_eq!(error.status(), Some(status), "{error:?}");
                        // The connection takes some memory of its own.
                        assert!(peak <= TIMES * cap + 256 * KB, "{peak} bytes, with a cap of {cap}: {hostile:?}");
                    }
                }
            }
        }
    }
}
