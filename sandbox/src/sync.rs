//! Locks.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a thread has panicked: every change is made in one step.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
