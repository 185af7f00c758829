//! How the tree restarts, starts and stops.

use std::time::Duration;

use serde::Serialize;

use super::duration;
use super::reader::Section;
use super::values;

/// Restarts and time-outs of the tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupervisionSettings {
    /// Restarts the root makes before the process gives up.
    pub root: IntensitySettings,
    /// Restarts of sport actors before their supervisor is restarted itself.
    pub sports: IntensitySettings,
    /// Restarts of channel actors before their supervisor is restarted itself.
    pub publisher: IntensitySettings,
    /// How long an actor waits before it is started again.
    pub backoff: BackoffSettings,
    /// How long a start may take.
    #[serde(with = "duration")]
    pub start_within: Duration,
    /// How long one actor's stop may take before it is killed.
    #[serde(with = "duration")]
    pub stop_within: Duration,
    /// How long an actor may show no sign of life before it is replaced.
    #[serde(with = "duration")]
    pub pulse_within: Duration,
}

impl Default for SupervisionSettings {
    fn default() -> Self {
        let intensity = |restarts| IntensitySettings { restarts, within: Duration::from_secs(60) };
        Self {
            root: intensity(5),
            sports: intensity(20),
            publisher: intensity(20),
            backoff: BackoffSettings::default(),
            start_within: Duration::from_secs(10),
            stop_within: Duration::from_secs(5),
            pulse_within: Duration::from_secs(60),
        }
    }
}

/// How many restarts a supervisor may make in any stretch of time; one more and it gives up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IntensitySettings {
    /// Restarts.
    pub restarts: u32,
    /// The stretch.
    #[serde(with = "duration")]
    pub within: Duration,
}

/// How long an actor waits before it is started again: `initial`, doubled with each failure in a row, up to `max`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BackoffSettings {
    /// The first wait.
    #[serde(with = "duration")]
    pub initial: Duration,
    /// The longest wait.
    #[serde(with = "duration")]
    pub max: Duration,
    /// How much of a wait is left to chance, 0 to 1.
    pub jitter: f64,
    /// After running this long, an actor's next failure counts as its first.
    #[serde(with = "duration")]
    pub reset_after: Duration,
}

impl Default for BackoffSettings {
    fn default() -> Self {
        Self {
            initial: Duration::from_millis(250),
            max: Duration::from_secs(60),
            jitter: 0.25,
            reset_after: Duration::from_secs(120),
        }
    }
}

pub(super) fn read(section: &mut Section<'_>) -> SupervisionSettings {
    let default = SupervisionSettings::default();
    let limits = (Duration::from_millis(100), Duration::from_secs(3600));
    SupervisionSettings {
        start_within: section.duration("start_within", limits, default.start_within),
        stop_within: section.duration("stop_within", limits, default.stop_within),
        pulse_within: section.duration("pulse_within", limits, default.pulse_within),
        root: section.section("root", |section| intensity(section, default.root)),
        sports: section.section("sports", |section| intensity(section, default.sports)),
        publisher: section.section("publisher", |section| intensity(section, default.publisher)),
        backoff: section.section("backoff", backoff),
    }
}

fn intensity(section: &mut Section<'_>, default: IntensitySettings) -> IntensitySettings {
    let limits = (Duration::from_secs(1), Duration::from_secs(86_400));
    IntensitySettings {
        restarts: section.take("restarts", values::count(0, 10_000), default.restarts),
        within: section.duration("within", limits, default.within),
    }
}

fn backoff(section: &mut Section<'_>) -> BackoffSettings {
    let default = BackoffSettings::default();
    let limits = (Duration::ZERO, Duration::from_secs(86_400));
    let settings = BackoffSettings {
        initial: section.duration("initial", limits, default.initial),
        max: section.duration("max", limits, default.max),
        jitter: section.take("jitter", values::fraction, default.jitter),
        reset_after: section.duration("reset_after", limits, default.reset_after),
    };
    if settings.initial > settings.max {
        section.conflict(&["initial", "max"], "is longer than `max`; make it shorter, or `max` longer");
    }
    settings
}
