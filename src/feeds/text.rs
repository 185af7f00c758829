//! What a feed calls things, made safe to print: a name goes into posts, logs and terminals unseen.
//!
//! Cleaning drops what nobody can see and cuts what is too long; it does not judge. Whether what is left is a name is the
//! gate's to say, and a text that was cut ends in `…`, which stands in no name: so half of a name is never told as one.

/// The most characters of a team's or a player's name.
pub const NAME: usize = 60;
/// The most characters of a note.
pub const NOTE: usize = 200;
/// What a text that was cut ends in.
const CUT: char = '…';

/// The text without characters that steer or hide (control, bidirectional, zero-width, tags), with each run of white
/// space as one space. What is longer than `max` characters is cut, and ends in `…`.
pub fn clean(text: &str, max: usize) -> String {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || !steers_or_hides(*c)).collect();
    let mut out = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.chars().nth(max).is_some() {
        let kept = max.saturating_sub(1);
        let end = out.char_indices().nth(kept).map_or(out.len(), |(end, _)| end);
        out.truncate(end);
        out.truncate(out.trim_end().len());
        out.push(CUT);
    }
    out
}

/// As [`clean`], but `None` where nothing is left.
pub fn cleaned(text: &str, max: usize) -> Option<String> {
    Some(clean(text, max)).filter(|text| !text.is_empty())
}

/// A player's name, cleaned; `N.Sriram Balaji` is spaced as people write it, since it would read like a link.
pub fn person(name: &str) -> Option<String> {
    let letters: Vec<char> = clean(name, NAME).chars().collect();
    let is_initial = |at: usize| {
        letters[at].is_uppercase() && at.checked_sub(1).is_none_or(|at| !letters[at].is_alphanumeric())
    };
    let mut spaced = String::new();
    for (at, letter) in letters.iter().enumerate() {
        spaced.push(*letter);
        let named = matches!(&letters[at + 1..], [first, second, ..] if first.is_uppercase() && second.is_lowercase());
        if *letter == '.' && named && at.checked_sub(1).is_some_and(is_initial) {
            spaced.push(' ');
        }
    }
    cleaned(&spaced, NAME)
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
    fn a_long_text_is_cut_and_shows_it() {
        assert_eq!(clean("ab cd", 4), "ab…");
        assert_eq!(clean("abcd", 3), "ab…");
        assert_eq!(clean("abcd", 4), "abcd");
    }

    #[test]
    fn initials_stand_apart_from_a_name() {
        let names =
            ["N.Sriram Balaji", "J.R.Smith", "C.J. McCollum", "St. John", "Ole Werner Jr.", "Visit EVIL.Com"];
        let spaced = names.map(|name| person(name).unwrap_or_default());
        assert_eq!(
            spaced,
            [
                "N. Sriram Balaji",
                "J.R. Smith",
                "C.J. McCollum",
                "St. John",
                "Ole Werner Jr.",
                "Visit EVIL.Com"
            ]
        );
    }

    #[test]
    fn a_name_that_was_cut_is_none() {
        let cut = clean(&"Celtics ".repeat(1250), NAME);
        assert!(cut.starts_with("Celtics Celtics"));
        assert!(!wirereport_actors::wire::gate::clean_name(&cut), "{cut}");
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
