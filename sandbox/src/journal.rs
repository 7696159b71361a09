//! The journal: what was asked of the server, and how it answered.

use std::collections::VecDeque;

use serde_json::Value;

/// How many requests the journal keeps; a server that runs for days must not grow without end.
const CAPACITY: usize = 10_000;

/// A request as it arrived, and the status it was answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The contract's `operationId`, such as `list_workspaces`; `None` where path and method are no operation.
    pub operation: Option<String>,
    /// The method, such as `GET`.
    pub method: String,
    /// The path as it was sent, percent-encoded.
    pub path: String,
    /// The query as it was sent, without the question mark; empty where there was none.
    pub query: String,
    /// The headers in lowercase, in the order of arrival. A header that was repeated stands here repeatedly.
    pub headers: Vec<(String, String)>,
    /// The body, cut off before the byte that makes it too large.
    pub body: Vec<u8>,
    /// The value of the response's `x-request-id`, unless a script named another.
    pub request_id: String,
    /// The status of the answer; `None` while there is none, or when the client left before there was one.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `None` where it is no JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// The recorded requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    requests: VecDeque<RecordedRequest>,
    /// How many requests have left the journal, which keeps the numbers of those in it stable.
    forgotten: usize,
}

impl Journal {
    /// Records a request and returns its number.
    pub(crate) fn arrived(&mut self, request: RecordedRequest) -> usize {
        if self.requests.len() == CAPACITY {
            self.requests.pop_front();
            self.forgotten += 1;
        }
        self.requests.push_back(request);
        self.forgotten + self.requests.len() - 1
    }

    /// Records the answer to a request, unless the journal was cleared meanwhile.
    pub(crate) fn answered(&mut self, number: usize, status: u16) {
        let request = number
            .checked_sub(self.forgotten)
            .and_then(|index| self.requests.get_mut(index));
        if let Some(request) = request {
            request.status = Some(status);
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.forgotten += self.requests.len();
        self.requests.clear();
    }
}
