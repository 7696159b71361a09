//! A page that is being fetched, and, where a walk goes on past them, its rows that cannot be read.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::task::{JoinError, JoinHandle};
use uuid::Uuid;

use crate::endpoint::ListBody;
use crate::error::{DecodeError, Error};
use crate::json::from_body;
use crate::operation::{Page, Paged, Request};
use crate::transport::trace;

/// A row, or why it cannot be read, with what it is known by.
pub(crate) type Row<T> = (Uuid, Result<T, Error>);

/// Rows of a page, of which a walk takes one after the other.
pub(crate) enum Rows<T> {
    Read(vec::IntoIter<T>),
    /// Some cannot be read.
    Mixed(vec::IntoIter<Row<T>>),
}

impl<T> Rows<T> {
    pub fn read(rows: Vec<T>) -> Self {
        Self::Read(rows.into_iter())
    }

    pub fn mixed(rows: Vec<Row<T>>) -> Self {
        Self::Mixed(rows.into_iter())
    }

    pub fn next(&mut self) -> Option<Result<T, Error>> {
        match self {
            Self::Read(rows) => rows.next().map(Ok),
            Self::Mixed(rows) => rows.next().map(|(_, row)| row),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Read(rows) => rows.len(),
            Self::Mixed(rows) => rows.len(),
        }
    }

    pub fn ids(&self, id: fn(&T) -> Uuid) -> Vec<Uuid> {
        match self {
            Self::Read(rows) => rows.as_slice().iter().map(id).collect(),
            Self::Mixed(rows) => rows.as_slice().iter().map(|(id, _)| *id).collect(),
        }
    }

    /// All of them, or why the first that cannot be read cannot.
    pub fn all(self) -> Result<Vec<T>, Error> {
        match self {
            Self::Read(rows) => Ok(rows.collect()),
            Self::Mixed(rows) => rows.map(|(_, row)| row).collect(),
        }
    }
}

/// The rows of a page, with how many there are on all pages, and how many come before these.
pub(crate) struct Batch<T> {
    pub rows: Rows<T>,
    pub total_count: i64,
    pub offset: u64,
}

/// A page that is being fetched by a task of its own. Dropping it stops the task.
pub(crate) struct Fetch<T>(JoinHandle<Result<Batch<T>, Error>>);

impl<T: Send + 'static> Fetch<T> {
    pub fn start<O: Paged<Item = T>>(request: Request<O>, past_unreadable: bool) -> Self {
        let offset = request.operation.offset().unwrap_or(0);
        let page = async move {
            match request.send_with_meta().await {
                Ok(answer) => {
                    let Page { data, total_count, offset } = answer.data;
                    Ok(Batch { rows: Rows::read(data), total_count, offset })
                }
                // Not one that was refused as a whole, such as for its size.
                Err(Error::Decode(error)) if past_unreadable && error.path().starts_with("data[") => {
                    row_by_row::<O>(error, offset)
                }
                Err(error) => Err(error),
            }
        };
        Self(tokio::spawn(trace::in_current_span(page)))
    }

    /// The page; the outer error if the task has panicked, or the runtime has ended it, which it does when it shuts down.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Result<Batch<T>, Error>, JoinError>> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<T> Drop for Fetch<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads the rows of a page that cannot be read as a whole. Where there are none, its error stays.
fn row_by_row<O: Paged>(page: Box<DecodeError>, offset: u64) -> Result<Batch<O::Item>, Error> {
    #[derive(Deserialize)]
    struct RawPage<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
        total_count: i64,
    }
    let Some(RawPage { data, total_count }) = from_body(page.body()) else {
        return Err(Error::Decode(page));
    };
    let read = |(index, raw): (usize, &RawValue)| match serde_json::from_str(raw.get()) {
        Ok(row) => (O::Response::id(&row), Ok(row)),
        Err(_) => (identity(raw), Err(Error::Decode(Box::new(page.of_row::<O::Item>(index, raw.get()))))),
    };
    let rows = Rows::mixed(data.into_iter().enumerate().map(read).collect());
    Ok(Batch { rows, total_count, offset })
}

/// What a row that cannot be read is known by: its id, or, where that cannot be read either, what it says.
fn identity(row: &RawValue) -> Uuid {
    #[derive(Deserialize)]
    struct Identified {
        id: Uuid,
    }
    serde_json::from_str(row.get()).map_or_else(|_| hash(row.get()), |Identified { id }| id)
}

/// The FNV-1a hash, which is the same in every process, as a resume point needs it.
fn hash(text: &str) -> Uuid {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    Uuid::from_u128(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resume points are kept, and another version of this crate has to find the same rows in them.
    #[test]
    fn a_row_without_an_id_is_known_by_the_hash_that_resume_points_have() {
        let known = |text| hash(text).simple().to_string();
        assert_eq!(known(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(known("a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(known("foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }
}
