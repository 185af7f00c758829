//! How fast a replay runs.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How fast a replay runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// So many times as fast as the game was.
    Times(f64),
    /// As fast as the wire keeps up.
    Max,
}

/// The speeds that make sense: slower than a hundredth looks stuck, faster than this is `max`.
const RANGE: std::ops::RangeInclusive<f64> = 0.01..=100_000.0;

/// A speed that is none.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error("`{given}` is not a speed: give a number from 0.01 to 100000, such as 1, 2.5 or 60, or `max`")]
pub struct SpeedError {
    /// What was given.
    pub given: String,
}

impl Speed {
    /// How long to really wait so that `span` passes in the recording.
    pub fn wait_for(self, span: Duration) -> Duration {
        match self {
            Self::Times(times) => {
                Duration::try_from_secs_f64(span.as_secs_f64() / times).unwrap_or(Duration::MAX)
            }
            Self::Max => Duration::ZERO,
        }
    }

    /// How much of the recording passes in `real` time. At full speed its time moves from frame to frame only.
    pub fn passes_in(self, real: Duration) -> Duration {
        match self {
            Self::Times(times) => {
                Duration::try_from_secs_f64(real.as_secs_f64() * times).unwrap_or(Duration::MAX)
            }
            Self::Max => Duration::ZERO,
        }
    }
}

impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let times = text.parse().ok().filter(|times| RANGE.contains(times));
        times.map(Self::Times).ok_or_else(|| SpeedError { given: text.to_owned() })
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Times(times) => write!(f, "{times}"),
            Self::Max => f.write_str("max"),
        }
    }
}
