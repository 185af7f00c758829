//! The port for time.

use std::time::Duration;

use jiff::Timestamp;

/// Where the tree gets the time of day from. A replay's clock shows recording time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// How long to really wait so that `span` passes on this clock: `span` itself for real time, a part of it for a
    /// replay that runs faster, nothing for one that runs as fast as it can.
    fn wait_for(&self, span: Duration) -> Duration {
        span
    }
}
