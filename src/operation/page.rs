//! One page of a list.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::endpoint::{ListBody, ListEndpoint};
use crate::operation::{Operation, Request};

/// One page of a list, and not the whole of it: [`items`](Request::items), [`pages`](Request::pages) and
/// [`all`](Request::all) give that.
///
/// As an iterator it gives the rows of this page. It serializes with the names of its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// How many rows there are on all pages.
    pub total_count: i64,
    /// How many rows come before this page.
    #[serde(default)]
    pub offset: u64,
}

impl<T> Page<T> {
    /// The first page of a list that has `total_count` rows in all, for tests; `offset` makes it another one.
    ///
    /// ```
    /// use openrouter_workspaces::Page;
    ///
    /// let page = Page::new(vec!["a", "b"], 3);
    /// assert_eq!((page.offset, page.next_offset()), (0, Some(2)));
    /// ```
    pub fn new(data: Vec<T>, total_count: i64) -> Self {
        Self { data, total_count, offset: 0 }
    }

    /// The offset of the next page; `None` on the last one.
    pub fn next_offset(&self) -> Option<u64> {
        let next = self.offset.saturating_add(self.data.len() as u64);
        (!self.data.is_empty() && i128::from(next) < i128::from(self.total_count)).then_some(next)
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.iter()
    }
}

/// The operations that list something in pages.
pub trait Paged: Operation<Output = Page<Self::Item>> + ListEndpoint<Response: ListBody<Item = Self::Item>> {
    /// A row.
    type Item: DeserializeOwned + Send + Unpin + 'static;
}

/// The body of a page, whichever list it is of, without its place in the list.
impl<B: ListBody> From<B> for Page<B::Item> {
    fn from(body: B) -> Self {
        let (data, total_count) = body.into_rows();
        Self::new(data, total_count)
    }
}

/// Makes an endpoint that lists something in pages an operation, by its rows and the name of the client's method: all else of
/// it follows from the contract.
macro_rules! list {
    ($endpoint:ty, $row:ty, $name:literal) => {
        impl $crate::operation::Operation for $endpoint {
            type Output = $crate::operation::Page<$row>;
            const NAME: &'static str = $name;

            fn output(&self, body: Self::Response) -> Self::Output {
                let offset = $crate::endpoint::ListEndpoint::offset(self).unwrap_or(0);
                $crate::operation::Page { offset, ..body.into() }
            }
        }

        impl $crate::operation::Paged for $endpoint {
            type Item = $row;
        }
    };
}
pub(super) use list;

/// Only for lists: a [`ListRequest`](crate::operation::ListRequest) and a
/// [`ListMembersRequest`](crate::operation::ListMembersRequest).
impl<O: Paged> Request<O> {
    /// How many rows to skip. Default: 0.
    pub fn offset(mut self, offset: u64) -> Self {
        *self.operation.offset_mut() = Some(offset);
        self
    }

    /// How many rows a page has at most, 1 to 100. Default: 50 for a single page; 100 for a walk, which then needs the
    /// fewest requests.
    pub fn limit(mut self, limit: u64) -> Self {
        *self.operation.limit_mut() = Some(limit);
        self
    }
}
