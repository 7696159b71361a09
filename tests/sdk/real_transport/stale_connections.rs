//! Connections that a client keeps for the next call, and that the server closes meanwhile.

use openrouter_workspaces::{Client, Error};

use crate::real_transport::certificates::Authority;
use crate::real_transport::server::Behaviour::{Answer, AnswerAndClose, Lose};
use crate::real_transport::server::How::Close;
use crate::real_transport::server::Server;
use crate::real_transport::server::When::BeforeProcessing;
use crate::real_transport::{client, quick};

/// A server for each kind of connection, and a client that keeps one of its connections for the next call.
async fn used_servers() -> [(Server, Client); 3] {
    let authority = Authority::new("Trusted");
    let servers = [
        Server::http("127.0.0.1").await.expect("a free port"),
        Server::https("127.0.0.1", authority.tls(&["http/1.1"])).await.expect("a free port"),
        Server::https("127.0.0.1", authority.tls(&["h2"])).await.expect("a free port"),
    ];
    let used = servers.map(|server| (client(&server, &authority, quick()), server));
    for (client, server) in &used {
        use_one_twice(server, client).await;
    }
    used.map(|(client, server)| (server, client))
}

/// Calls until a connection is used a second time. With HTTP/1.1 it may come back too late for the very next call.
async fn use_one_twice(server: &Server, client: &Client) {
    for _ in 0..100 {
        assert!(matches!(client.get("production").await, Err(Error::NotFound(_))));
        if let [.., first, second] = &*server.requests()
            && first.connection == second.connection
        {
            return;
        }
    }
    panic!("every call has a connection of its own: {:#?}", server.requests());
}

/// Reads, creates, and reads again, all of which succeeds; and checks that the workspace exists once.
async fn assert_usable(server: &Server, client: &Client) {
    let created = client.create("Production", "production").await.expect("a connection that is not stale");
    let workspaces = server.api().workspaces();
    assert_eq!(workspaces.len(), 1, "{:#?}", server.requests());
    assert_eq!(created.id.to_string(), workspaces[0]["id"]);
    let all = client.list().items().try_collect().await.expect("a connection that is not stale");
    assert_eq!(all.len(), 1);
    assert!(server.connections() > 1);
}

#[tokio::test]
async fn a_connection_that_was_closed_while_it_was_idle_costs_no_call() {
    for (server, client) in used_servers().await {
        server.hang_up().await;
        assert_usable(&server, &client).await;
        server.hang_up().await;
        assert_eq!(client.get("production").await.expect("a connection that is not stale").slug, "production");
    }
}

#[tokio::test]
async fn a_connection_that_closes_behind_an_answer_costs_no_call() {
    for (server, client) in used_servers().await {
        server.script([AnswerAndClose]);
        assert!(matches!(client.get("production").await, Err(Error::NotFound(_))));
        assert_usable(&server, &client).await;
    }
}

#[tokio::test]
async fn a_connection_that_closes_as_the_next_call_comes_costs_no_call() {
    for (server, client) in used_servers().await {
        // First the creation meets it, and then, on another connection, the list.
        server.script([Lose(BeforeProcessing, Close), Answer, Answer, Lose(BeforeProcessing, Close)]);
        assert_usable(&server, &client).await;
    }
}
