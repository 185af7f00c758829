//! What happens, gathered once for all readers, and only while there are any.

use std::sync::Arc;

use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use super::super::problem::Problem;
use super::super::service::Service;
use super::event::Event;
use super::live::Gatherer;

/// How many readers there may be.
const MOST_READERS: usize = 64;
/// Events that a reader may be behind.
const QUEUE: usize = 1024;

/// Where readers hear what happens.
#[derive(Debug)]
pub(in crate::api) struct Hub {
    events: Sender<Arc<Event>>,
    places: Arc<Semaphore>,
    /// Whether somebody gathers.
    gathers: Arc<Mutex<bool>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            events: broadcast::channel(QUEUE).0,
            places: Arc::new(Semaphore::new(MOST_READERS)),
            gathers: Arc::default(),
        }
    }
}

impl Hub {
    /// A place for a reader; `None` where there is none.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Everything from now on. Whatever was committed before this returns is in the ledger, and whatever is committed
    /// after it is heard.
    pub(super) async fn follow(&self, service: &Service) -> Result<Receiver<Arc<Event>>, Problem> {
        let receiver = self.events.subscribe();
        let mut gathers = self.gathers.lock().await;
        if !*gathers {
            let gatherer = Gatherer::begin(service.clone(), self.events.clone()).await?;
            *gathers = true;
            tokio::spawn(gather(gatherer, Arc::clone(&self.gathers)));
        }
        Ok(receiver)
    }
}

/// Gathers until nobody listens.
async fn gather(mut gatherer: Gatherer, gathers: Arc<Mutex<bool>>) {
    loop {
        let goes_on = gatherer.gather().await;
        let mut gathers = gathers.lock().await;
        if !goes_on || gatherer.is_alone() {
            *gathers = false;
            return;
        }
    }
}
