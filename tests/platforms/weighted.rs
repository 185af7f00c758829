//! Length as X counts it, against twitter-text's own conformance tests.

use std::collections::BTreeMap;

use wirereport_actors::wire::fit::{LengthUnit, length};

use super::setup::recorded_lines;

/// A double-quoted text of YAML, as far as these files use it.
fn unquoted(quoted: &str) -> String {
    let inner =
        quoted.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"')).expect("a quoted text");
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let digits = match chars.next().expect("an escape") {
            'U' => 8,
            'u' => 4,
            'n' => {
                text.push('\n');
                continue;
            }
            other => {
                text.push(other);
                continue;
            }
        };
        let digits: String = chars.by_ref().take(digits).collect();
        let number = u32::from_str_radix(&digits, 16).expect("a number");
        text.push(char::from_u32(number).expect("a character"));
    }
    text
}

#[test]
fn every_text_of_the_conformance_file_is_as_long_as_it_says() {
    let Some(lines) = recorded_lines("twitter-text/validate.yml") else { return };
    let section = "  WeightedTweetsWithDiscountedEmojiCounterTest:";
    let mut group = "";
    let mut text = String::new();
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &lines {
        if line.starts_with("  ") && !line.starts_with("   ") {
            group = line;
        }
        let (key, value) = line.trim().trim_start_matches("- ").split_once(':').unwrap_or_default();
        let counted = group == section || group == "  UnicodeDirectionalMarkerCounterTest:";
        match key {
            "text" if counted => text = unquoted(value),
            "weightedLength" if counted => {
                let expected: usize = value.trim().parse().expect("a number");
                assert_eq!(length(&text, LengthUnit::Weighted), expected, "{text:?}");
                *held.entry(group).or_default() += 1;
            }
            _ => {}
        }
    }
    assert_eq!(held.values().copied().collect::<Vec<_>>(), [2, 22], "how many texts were held against it");
}
