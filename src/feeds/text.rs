//! What a feed calls things, made safe to print: a name goes into posts, logs and terminals unseen.

/// The most characters of a team's or a player's name.
pub const NAME: usize = 60;
/// The most characters of a note.
pub const NOTE: usize = 200;

/// The text without characters that steer or hide (control, bidirectional, zero-width, tags), with each run of white
/// space as one space, cut to `max` characters.
pub fn clean(text: &str, max: usize) -> String {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || !steers_or_hides(*c)).collect();
    let mut out = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if let Some((end, _)) = out.char_indices().nth(max) {
        out.truncate(end);
        out.truncate(out.trim_end().len());
    }
    out
}

/// As [`clean`], but `None` where nothing is left.
pub fn cleaned(text: &str, max: usize) -> Option<String> {
    Some(clean(text, max)).filter(|text| !text.is_empty())
}

fn steers_or_hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_that_steer_or_hide_are_dropped() {
        assert_eq!(clean("Bu\u{200b}cks\u{202e}\u{0007}", NAME), "Bucks");
        assert_eq!(clean("\u{feff}CF Montréal", NAME), "CF Montréal");
    }

    #[test]
    fn white_space_becomes_one_space_between_words() {
        assert_eq!(clean("  Tampa\t\n Bay\u{2028}Rays ", NAME), "Tampa Bay Rays");
    }

    #[test]
    fn what_hides_everything_leaves_nothing() {
        assert_eq!(cleaned(" \u{200b}\n", NAME), None);
    }

    #[test]
    fn a_long_text_is_cut_without_a_trailing_space() {
        assert_eq!(clean("ab cd", 3), "ab");
        assert_eq!(clean("ab cd", 4), "ab c");
        assert_eq!(clean("abcd", 3), "abc");
    }

    proptest! {
        #[test]
        fn a_clean_text_is_short_visible_and_stays_as_it_is(text in any::<String>(), max in 1usize..80) {
            let once = clean(&text, max);
            prop_assert!(once.chars().count() <= max);
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
            prop_assert!(!once.chars().any(steers_or_hides));
            prop_assert_eq!(clean(&once, max), once);
        }
    }
}
