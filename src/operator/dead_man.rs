//! A dead man's switch over HTTP: a page somewhere outside that is asked for while the wire is well, such as those of
//! healthchecks.io, Cronitor or Dead Man's Snitch.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use wirereport_actors::ports::alarm::{AlarmError, DeadMan};
use wirereport_actors::ports::clock::Clock;

use super::{WITHIN, refused, unanswered};
use crate::channels::AccountError;
use crate::channels::platform::{self, exchange};
use crate::clock::SystemClock;

/// A page outside that is asked for while the wire is well.
pub struct HttpDeadMan {
    client: reqwest::Client,
    url: Url,
    every: Duration,
}

impl fmt::Debug for HttpDeadMan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpDeadMan").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

impl HttpDeadMan {
    /// The page at that address, asked for that often.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn new(url: &SecretString, every: Duration) -> Result<Self, AccountError> {
        const WHAT: &str = "the dead man's switch";
        // As it is given: to some of these pages a slash at the end is another page.
        platform::address(WHAT, url.expose_secret())?;
        let url = Url::parse(url.expose_secret())
            .map_err(|error| AccountError::Address { what: WHAT, detail: error.to_string() })?;
        Ok(Self { client: platform::client(WITHIN)?, url, every })
    }
}

#[async_trait]
impl DeadMan for HttpDeadMan {
    fn every(&self) -> Duration {
        self.every
    }

    async fn ping(&self) -> Result<(), AlarmError> {
        match exchange(self.client.get(self.url.clone())).await {
            Ok(answer) if answer.is_success() => Ok(()),
            Ok(answer) => Err(refused("it", &answer, "", SystemClock.now())),
            Err(silence) => Err(unanswered(&silence)),
        }
    }
}
