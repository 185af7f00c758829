//! The disk of the state directory.

use std::path::PathBuf;

use async_trait::async_trait;
use wirereport_actors::ports::alarm::Disk;
use wirereport_actors::wire::room::Room;

use crate::doctor::room;

/// The disk of the state directory.
#[derive(Debug, Clone)]
pub struct StateDisk(PathBuf);

impl StateDisk {
    /// The disk that directory is on.
    pub fn of(state_dir: impl Into<PathBuf>) -> Self {
        Self(state_dir.into())
    }
}

#[async_trait]
impl Disk for StateDisk {
    async fn room(&self) -> Option<Room> {
        let path = self.0.clone();
        // A disk over a network may take its time.
        let asked = tokio::task::spawn_blocking(move || room(&path)).await;
        match asked.ok()? {
            Ok(room) => Some(room),
            Err(error) => {
                tracing::debug!(%error, "nobody can tell how full the disk is");
                None
            }
        }
    }
}
