//! Durations as an operator writes them: `10 s`, `250 ms`, `5 min`, `30 days`.

use std::time::Duration;

use jiff::SpanRelativeTo;
use jiff::fmt::friendly::SpanParser;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const UNITS: [(u128, &str, &str); 6] = [
    (86_400_000_000_000, "day", "days"),
    (3_600_000_000_000, "h", "h"),
    (60_000_000_000, "min", "min"),
    (1_000_000_000, "s", "s"),
    (1_000_000, "ms", "ms"),
    (1, "ns", "ns"),
];

/// A duration that is shown as it is written in settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Written(#[serde(serialize_with = "serialize")] pub Duration);

/// Reads jiff's friendly format. A day is 24 hours; months and years are refused, since their length varies.
pub fn parse(text: &str) -> Option<Duration> {
    let span = SpanParser::new().parse_span(text.trim()).ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    Duration::try_from(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?).ok()
}

/// Writes a duration in the largest unit that holds it exactly. [`parse`] reads it back unchanged.
pub fn render(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0 s".to_owned();
    }
    let (size, one, many) =
        UNITS.into_iter().find(|(size, ..)| nanos.is_multiple_of(*size)).unwrap_or((1, "ns", "ns"));
    let count = nanos / size;
    format!("{count} {}", if count == 1 { one } else { many })
}

/// For `#[serde(with = "duration")]`.
///
/// # Errors
/// As the serializer does.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&render(*duration))
}

/// For `#[serde(with = "duration")]`.
///
/// # Errors
/// Where the text is not a duration.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text)
        .ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` is not a duration such as `10 s`")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ways_people_write_a_duration_are_read() {
        let secs = Duration::from_secs;
        for (text, expected) in [
            ("10 s", secs(10)),
            ("10s", secs(10)),
            ("1 second", secs(1)),
            ("250 ms", Duration::from_millis(250)),
            ("5 min", secs(300)),
            ("1h 30min", secs(5400)),
            ("2 hours", secs(7200)),
            ("30 days", secs(30 * 86_400)),
            ("1 day", secs(86_400)),
            ("2 weeks", secs(14 * 86_400)),
            ("1.5 s", Duration::from_millis(1500)),
            (" 0 s ", Duration::ZERO),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "10", "ten seconds", "-10 s", "10 s ago", "1 month", "1 year", "PT10S", "10 parsecs"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_written_duration_is_read_back_unchanged(nanos in 0_u64..=u64::MAX / 4) {
            let duration = Duration::from_nanos(nanos);
            prop_assert_eq!(parse(&render(duration)), Some(duration));
        }

        #[test]
        fn whole_seconds_are_read_back_unchanged(secs in 0_u64..=400 * 86_400) {
            let duration = Duration::from_secs(secs);
            prop_assert_eq!(parse(&render(duration)), Some(duration));
        }
    }
}
