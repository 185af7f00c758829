//! How long a text is, as a channel counts it.

mod weighted;

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;

pub use weighted::links;

/// How long a text may be on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most units.
    pub max: usize,
    /// What is counted.
    pub unit: LengthUnit,
}

/// What a channel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Extended grapheme clusters.
    Graphemes,
    /// Extended grapheme clusters, or tens of bytes of UTF-8, whichever are more: Bluesky's 300 and 3,000.
    GraphemesOrTenBytes,
    /// Unicode scalar values.
    Chars,
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units.
    Utf16,
    /// X's weighted length.
    Weighted,
}

impl fmt::Display for LengthUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Graphemes | Self::GraphemesOrTenBytes => "graphemes",
            Self::Chars => "characters",
            Self::Bytes => "bytes",
            Self::Utf16 => "UTF-16 units",
            Self::Weighted => "weighted characters",
        })
    }
}

/// The length of a text in that unit.
pub fn length(text: &str, unit: LengthUnit) -> usize {
    match unit {
        LengthUnit::Graphemes => graphemes(text),
        LengthUnit::GraphemesOrTenBytes => graphemes(text).max(text.len().div_ceil(10)),
        LengthUnit::Chars => text.chars().count(),
        LengthUnit::Bytes => text.len(),
        LengthUnit::Utf16 => text.encode_utf16().count(),
        LengthUnit::Weighted => weighted::weighted_length(text),
    }
}

/// Of ASCII only a carriage return and the line feed after it are one grapheme.
fn graphemes(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') { text.len() } else { text.graphemes(true).count() }
}

/// Whether a text is no longer than a channel takes.
pub fn fits(text: &str, limits: Limits) -> bool {
    length(text, limits.unit) <= limits.max
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_counts_the_same_text_differently() {
        let text = "Bodø 1-0 👍🏽";
        assert_eq!(length(text, LengthUnit::Graphemes), 10);
        assert_eq!(length(text, LengthUnit::Chars), 11);
        assert_eq!(length(text, LengthUnit::Utf16), 13);
        assert_eq!(length(text, LengthUnit::Bytes), 18);
        assert_eq!(length(text, LengthUnit::Weighted), 11);
    }

    #[test]
    fn blueskys_both_limits_are_one_figure() {
        let limits = Limits { max: 300, unit: LengthUnit::GraphemesOrTenBytes };
        assert!(fits(&"é".repeat(300), limits) && !fits(&"é".repeat(301), limits));
        let eighteen_bytes_each = "👩🏽‍🚀".repeat(199);
        assert_eq!(eighteen_bytes_each.len(), 2985);
        assert!(fits(&eighteen_bytes_each, limits));
        assert!(!fits(&format!("{eighteen_bytes_each}{}", "x".repeat(16)), limits), "3001 bytes");
    }

    #[test]
    fn a_text_of_exactly_the_limit_fits_and_one_more_does_not() {
        let limits = Limits { max: 4, unit: LengthUnit::Chars };
        assert!(fits("2-01", limits));
        assert!(!fits("2-012", limits));
    }
}
