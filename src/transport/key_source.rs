//! Where the API key of an attempt comes from.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api_key::{ApiKey, BoxError};
use crate::error::InvalidInput;
use crate::redact::Redactor;

/// How many keys are remembered, so that they can be hidden when they come back after a rotation.
const REMEMBERED: usize = 16;

type KeyFuture = Pin<Box<dyn Future<Output = Result<ApiKey, BoxError>> + Send>>;

/// Where keys come from.
#[derive(Clone)]
pub(crate) enum KeySource {
    Fixed(ApiKey),
    Asked {
        source: Arc<dyn Fn() -> KeyFuture + Send + Sync>,
        /// The keys that it gave, the latest one last.
        given: Arc<Mutex<Vec<ApiKey>>>,
    },
}

impl KeySource {
    pub fn asked<F, Fut>(source: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, BoxError>> + Send + 'static,
    {
        Self::Asked { source: Arc::new(move || Box::pin(source())), given: Arc::default() }
    }

    /// The key for the next attempt.
    pub async fn key(&self) -> Result<ApiKey, InvalidInput> {
        match self {
            Self::Fixed(key) => Ok(key.clone()),
            Self::Asked { source, given } => {
                let failed = "must come from its source, which failed";
                let failure = |e| InvalidInput::new("api_key", failed).caused_by(self.redactor(None).cause(e));
                let key = source().await.map_err(failure)?;
                let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
                // One that cannot be sent is refused, and may be so short that hiding it would make every text unreadable.
                if key.header().is_ok() && given.last() != Some(&key) {
                    given.retain(|other| *other != key);
                    given.push(key.clone());
                    let oldest = given.len().saturating_sub(REMEMBERED);
                    given.drain(..oldest);
                }
                Ok(key)
            }
        }
    }

    /// Hides the keys that were given lately, and the one of the attempt at hand.
    pub fn redactor(&self, own: Option<&ApiKey>) -> Redactor {
        let mut keys = match self {
            // One that is refused may be so short that hiding it would make every text unreadable.
            Self::Fixed(key) => Some(key).filter(|key| key.header().is_ok()).cloned().into_iter().collect(),
            Self::Asked { given, .. } => given.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        keys.extend(own.filter(|own| !keys.contains(own)).cloned());
        Redactor(keys)
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed([hidden])",
            Self::Asked { .. } => "Asked(..)",
        })
    }
}
