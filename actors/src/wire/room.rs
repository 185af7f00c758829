//! How much room a disk must have: the ledger writes before anything leaves, so a full disk is a silent wire.

use serde::{Deserialize, Serialize};

/// Bytes under which nothing can be relied on: SQLite's log alone may grow to as much.
const LEAST: u64 = 32 << 20;
/// Bytes under which somebody should look: some days of a busy wire and its log.
const LITTLE: u64 = 512 << 20;
/// What must have come free above a limit before it counts as left behind, in percent of it.
const RECOVERED: u64 = 125;
/// Files under which a disk is as good as full.
const FEW_FILES: u64 = 100;
/// Files under which somebody should look.
const SOME_FILES: u64 = 2_000;

/// What is free on a disk, for whoever is not root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Bytes.
    pub bytes: u64,
    /// Files that can still be made; `None` where the disk sets no number.
    pub files: Option<u64>,
}

/// How much that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fullness {
    /// Enough.
    Roomy,
    /// Somebody should look.
    Tight,
    /// As good as full.
    Full,
}

impl Room {
    /// How much it is.
    pub fn fullness(self) -> Fullness {
        self.against(100)
    }

    /// The same where it was tight before: it is roomy again only with some more, so that a disk at the limit is not told
    /// of again and again.
    pub fn fullness_again(self) -> Fullness {
        self.against(RECOVERED)
    }

    fn against(self, percent: u64) -> Fullness {
        let under = |limit: u64, files: u64| {
            self.bytes < limit * percent / 100 || self.files.is_some_and(|free| free < files * percent / 100)
        };
        if under(LEAST, FEW_FILES) {
            Fullness::Full
        } else if under(LITTLE, SOME_FILES) {
            Fullness::Tight
        } else {
            Fullness::Roomy
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(megabytes: u64, files: Option<u64>) -> Room {
        Room { bytes: megabytes << 20, files }
    }

    #[test]
    fn a_disk_is_as_full_as_the_scarcer_of_bytes_and_files() {
        assert_eq!(room(10_000, None).fullness(), Fullness::Roomy);
        assert_eq!(room(100, None).fullness(), Fullness::Tight);
        assert_eq!(room(31, Some(1_000_000)).fullness(), Fullness::Full);
        assert_eq!(room(10_000, Some(500)).fullness(), Fullness::Tight);
        assert_eq!(room(10_000, Some(0)).fullness(), Fullness::Full);
    }

    #[test]
    fn a_disk_at_the_limit_does_not_flap() {
        assert_eq!(room(520, None).fullness(), Fullness::Roomy);
        assert_eq!(room(520, None).fullness_again(), Fullness::Tight);
        assert_eq!(room(700, None).fullness_again(), Fullness::Roomy);
    }
}
