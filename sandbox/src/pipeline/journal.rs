//! The journal: what was asked of the server, and how it answered.

use std::collections::VecDeque;

use axum::response::Response;
use serde_json::Value;

use crate::faults::fault::Fault;

/// The header that tells answers apart.
pub(crate) const REQUEST_ID: &str = "x-request-id";

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
    /// The headers, their names in lowercase. A header that was repeated stands here repeatedly.
    pub headers: Vec<(String, String)>,
    /// The body; of one that is too large, no more than the limit of 1 MiB.
    pub body: Vec<u8>,
    /// The status of the answer; `None` while there is none, or when the client left before there was one.
    pub status: Option<u16>,
    /// The `x-request-id` of the answer.
    pub request_id: Option<String>,
    /// Whether the request came through to the API, whatever that made of it; `false` while it has not, and if a script
    /// or a fault answered in its place.
    pub processed: bool,
    /// The fault that happened to the request.
    pub fault: Option<Fault>,
}

impl RecordedRequest {
    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
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
    pub(crate) fn answered(&mut self, number: usize, answer: &Response) {
        if let Some(request) = self.get_mut(number) {
            let request_id = answer.headers().get(REQUEST_ID);
            request.status = Some(answer.status().as_u16());
            request.request_id = request_id.and_then(|id| id.to_str().ok()).map(str::to_owned);
        }
    }

    /// Records that a request was processed.
    pub(crate) fn processed(&mut self, number: usize) {
        if let Some(request) = self.get_mut(number) {
            request.processed = true;
        }
    }

    /// Records the fault that happened to a request.
    pub(crate) fn fault_applied(&mut self, number: usize, fault: Fault) {
        if let Some(request) = self.get_mut(number) {
            request.fault = Some(fault);
        }
    }

    /// The fault that happened to a request.
    pub(crate) fn fault(&self, number: usize) -> Option<&Fault> {
        self.requests.get(number.checked_sub(self.forgotten)?)?.fault.as_ref()
    }

    fn get_mut(&mut self, number: usize) -> Option<&mut RecordedRequest> {
        self.requests.get_mut(number.checked_sub(self.forgotten)?)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.forgotten += self.requests.len();
        self.requests.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: usize) -> RecordedRequest {
        RecordedRequest {
            operation: None,
            method: "GET".to_owned(),
            path: format!("/{number}"),
            query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            status: None,
            request_id: None,
            processed: false,
            fault: None,
        }
    }

    #[test]
    fn the_oldest_requests_are_forgotten_and_the_others_still_find_their_answers() {
        let mut journal = Journal::default();
        let numbers: Vec<usize> = (0..CAPACITY + 5).map(|number| journal.arrived(request(number))).collect();
        for number in [numbers[0], numbers[4], numbers[5]] {
            journal.answered(number, &Response::default());
        }
        let requests = journal.requests();
        assert_eq!(requests.len(), CAPACITY);
        assert_eq!((requests[0].path.as_str(), requests[0].status), ("/5", Some(200)));
        assert_eq!(requests[1].status, None);
    }

    #[test]
    fn an_answer_to_a_cleared_request_is_not_taken_for_another() {
        let mut journal = Journal::default();
        let old = journal.arrived(request(0));
        journal.clear();
        journal.arrived(request(1));
        journal.answered(old, &Response::default());
        assert_eq!(journal.requests()[0].status, None);
    }
}
