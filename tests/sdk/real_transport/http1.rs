//! A connection that speaks HTTP/1.1.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::real_transport::api::Answer;
use crate::real_transport::server::{Behaviour, How, Request, State, When, close};

/// Serves a connection to its end.
pub async fn serve<S>(mut stream: S, connection: usize, protocol: Option<String>, state: &State) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut bytes = Vec::new();
    loop {
        let (method, path, body) = read_request(&mut stream, &mut bytes).await?;
        let line = format!("{method} {path}");
        let behaviour = state.receive(Request { connection, protocol: protocol.clone(), line });
        if let Behaviour::Lose(When::BeforeProcessing, how) = behaviour {
            assert!(matches!(how, How::Close), "{how:?} is of HTTP/2");
            close(stream, b"").await;
            return None;
        }
        let answer = state.api.process(&method, &path, &body);
        let half = answer.body.len() / 2;
        let answer = write_answer(&answer);
        match behaviour {
            Behaviour::Answer => stream.write_all(&answer).await.ok()?,
            Behaviour::AnswerAndClose => {
                close(stream, &answer).await;
                return None;
            }
            Behaviour::Lose(when, how) => {
                assert!(matches!(how, How::Close), "{how:?} is of HTTP/2");
                let sent = if matches!(when, When::InTheBody) { answer.len() - half } else { 0 };
                close(stream, &answer[..sent]).await;
                return None;
            }
        }
    }
}

/// The next request: its method, path and body.
async fn read_request(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> Option<(String, String, Vec<u8>)> {
    let body_at =
        read_until(stream, bytes, |bytes| Some(bytes.windows(4).position(|end| end == b"\r\n\r\n")? + 4)).await?;
    let head = String::from_utf8(bytes[..body_at].to_vec()).expect("a head of ASCII");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse::<usize>().expect("a length"));
    let end = body_at + length;
    read_until(stream, bytes, |bytes| (bytes.len() >= end).then_some(end)).await?;
    let body = bytes.drain(..end).skip(body_at).collect();
    let mut line = head.split(' ');
    let (method, target) = (line.next()?.to_owned(), line.next()?);
    let path = target.split('?').next()?.to_owned();
    Some((method, path, body))
}

/// Reads on until something is found; nothing if the client closes before.
async fn read_until<T>(
    stream: &mut (impl AsyncRead + Unpin),
    bytes: &mut Vec<u8>,
    find: impl Fn(&[u8]) -> Option<T>,
) -> Option<T> {
    loop {
        if let Some(found) = find(bytes) {
            return Some(found);
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn write_answer(answer: &Answer) -> Vec<u8> {
    let Answer { status, date, body } = answer;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\ndate: {date}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
