//! Length as X counts it, by the rules and figures of twitter-text's configuration 3: a character weighs one or two, an
//! emoji two however it is composed, and a link 23 however long it is, of the text's composed form (NFC).
//!
//! X makes a link of a bare domain too, so two sentences without a space between them hold one where the second begins
//! with the name of a top-level domain: `Mavericks.It was`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What a link weighs.
const LINK: usize = 23;

/// The longest a label of a host may be in its ASCII form.
const LONGEST_LABEL: usize = 63;

/// The top-level domains of the root zone, as twitter-text 3.1 knows them.
static TOP_LEVEL: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("tlds.txt").split_whitespace().collect());

/// The weighted length of a text.
pub(super) fn weighted_length(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let mut length = 0;
    let mut at = 0;
    for link in links(&text) {
        length += weight(&text[at..link.start]) + LINK;
        at = link.end;
    }
    length + weight(&text[at..])
}

fn weight(text: &str) -> usize {
    let of = |cluster: &str| if is_emoji(cluster) { 2 } else { cluster.chars().map(weight_of).sum() };
    text.graphemes(true).map(of).sum()
}

fn weight_of(c: char) -> usize {
    let light = matches!(u32::from(c), 0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037);
    if light { 1 } else { 2 }
}

/// Whether several characters are one emoji: a keycap, a flag, or a picture with what modifies or joins it.
fn is_emoji(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return false };
    let composes = |c: char| matches!(u32::from(c), 0x200D | 0x20E3 | 0xFE0F | 0x1F1E6..=0x1F1FF | 0x1F3FB..=0x1F3FF | 0xE0020..=0xE007F);
    let is_picture = matches!(first, '0'..='9' | '#' | '*' | '©' | '®') || u32::from(first) >= 0x203C;
    is_picture && !first.is_alphabetic() && chars.any(composes)
}

/// The parts of a text that X makes links of, in their order, by bytes.
pub fn links(text: &str) -> Vec<Range<usize>> {
    let mut links: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(start) =
        text[at..].char_indices().map(|(offset, _)| at + offset).find(|at| starts(text, *at))
    {
        match link_at(text, start) {
            Some(end) => {
                links.push(start..end);
                at = end;
            }
            None => at = start + text[start..].chars().next().map_or(1, char::len_utf8),
        }
        if at >= text.len() {
            break;
        }
    }
    links
}

/// Whether a link may begin there: not in the middle of a word, a mention or a hashtag.
fn starts(text: &str, at: usize) -> bool {
    let begins = text[at..].chars().next().is_some_and(is_label);
    let before = text[..at].chars().next_back();
    let is_closed = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '@' | '＠' | '$' | '#' | '＃' | '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
    };
    begins && !before.is_some_and(is_closed)
}

/// Where a link that begins there ends.
fn link_at(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|there| there.eq_ignore_ascii_case(scheme)));
    if let Some(scheme) = scheme {
        let host = start + scheme.len();
        return domain(&text[host..], false).map(|length| tail(text, host + length));
    }
    let glued = |c: char| matches!(c, '-' | '_' | '.' | '/');
    if text[..start].chars().next_back().is_some_and(glued) {
        return None;
    }
    domain(rest, true).map(|length| tail(text, start + length))
}

fn is_label(c: char) -> bool {
    c == '-' || c == '_' || c.is_alphanumeric()
}

/// Letters of a domain that X takes without a scheme.
fn is_plain(c: char) -> bool {
    c == '-' || c.is_ascii_alphanumeric() || matches!(c, '\u{C0}'..='\u{24F}' if c != '×' && c != '÷')
}

/// The length of the longest domain at the beginning of a text.
fn domain(text: &str, plain: bool) -> Option<usize> {
    let mut longest = None;
    let mut at = 0;
    for label in text.split('.') {
        let whole = label.chars().take_while(|c| if plain { is_plain(*c) } else { is_label(*c) });
        let whole: usize = whole.map(char::len_utf8).sum();
        if at > 0
            && let Some(length) = top_level(&text[at..], whole)
        {
            longest = Some(at + length);
        }
        if whole < label.len() || !is_host_label(label) {
            break;
        }
        at += label.len() + 1;
    }
    longest
}

fn is_host_label(label: &str) -> bool {
    let ascii = |label: &str| match label.is_ascii() {
        true => Some(label.len()),
        false => idna::punycode::encode_str(label).map(|encoded| encoded.len() + "xn--".len()),
    };
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && ascii(label).is_some_and(|length| length <= LONGEST_LABEL)
}

/// The length of the top-level domain at the beginning of a text, whose label is `whole` bytes long. Nothing that could
/// continue it may follow.
fn top_level(text: &str, whole: usize) -> Option<usize> {
    let ascii: usize = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    let known = |length: usize| {
        let name = text[..length].to_lowercase();
        let follows = text[length..].chars().next();
        let ends = !follows.is_some_and(|c| c.is_ascii_alphanumeric() || c == '@');
        let is_known = TOP_LEVEL.contains(name.as_str()) || (name.starts_with("xn--") && name.len() > 4);
        length > 0 && ends && is_known
    };
    [whole, ascii.min(whole)].into_iter().find(|length| known(*length))
}

/// Where a link whose domain ends at `at` ends: after its port, its path and its query, but before the punctuation that
/// follows it.
fn tail(text: &str, at: usize) -> usize {
    let mut end = at;
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    if text[end..].starts_with(':') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if text[end..].starts_with('/') {
        let path = |c: char| c.is_alphanumeric() || "!*';:=+,.$/%#[]-_~|&@()".contains(c);
        end = ending(text, end, path, "=_#/+-)");
    }
    if text[end..].starts_with('?') {
        let query = |c: char| c.is_ascii_alphanumeric() || "!?*'@();:&=+$/%#[]-_.,~|".contains(c);
        end = ending(text, end, query, "-_&=#/");
    }
    end
}

fn ending(text: &str, start: usize, part: impl Fn(char) -> bool, last: &str) -> usize {
    let length: usize = text[start..].chars().skip(1).take_while(|c| part(*c)).map(char::len_utf8).sum();
    let whole = &text[start..start + 1 + length];
    let closes = |c: char| c == ')' && !whole.contains('(');
    let kept = whole.trim_end_matches(|c: char| closes(c) || !(c.is_alphanumeric() || last.contains(c)));
    start + kept.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|link| &text[link]).collect()
    }

    #[test]
    fn a_missing_space_or_a_bare_domain_makes_a_link() {
        assert_eq!(found("The Bulls beat the Mavericks.It was close"), ["Mavericks.It"]);
        assert_eq!(found("117-99.Boston and 0-0.In the end"), ["117-99.Boston", "0-0.In"]);
        assert_eq!(
            found("See espn.com, or https://a.example.org/x?y=1."),
            ["espn.com", "https://a.example.org/x?y=1"]
        );
        assert_eq!(found("Inter.it (www.bbc.co.uk/sport/)"), ["Inter.it", "www.bbc.co.uk/sport/"]);
    }

    #[test]
    fn a_score_a_name_or_an_abbreviation_makes_none() {
        for text in [
            "The Celtics lead 117-116 with 2.5 s left.",
            "St. Louis, D.C. United and L.A. play at 7.30 p.m.",
            "No. 5 Duke 9.1.2",
            "St.Pauli-Fans",
            "a@example.com and @wire.com and #tag.com",
            "file.jpeg",
            "",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_link_weighs_23_an_emoji_two_and_a_wide_character_two() {
        assert_eq!(weighted_length("Hi http://test.co"), 26);
        assert_eq!(weighted_length("The Celtics lead 117-116."), 25);
        assert_eq!(weighted_length("👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1⃣ 🇳🇴 ☺️"), 14);
        assert_eq!(weighted_length("Bodø – “Glimt” 漢"), 17);
        assert_eq!(weighted_length("A\u{301}"), 1);
    }

    proptest::proptest! {
        #[test]
        fn links_lie_in_the_text_one_after_another(text in "([a-z]|\\.|com|it|é|漢|https://|/|[ @#?:1-]){0,30}") {
            let links = links(&text);
            for pair in links.windows(2) {
                proptest::prop_assert!(pair[0].end <= pair[1].start);
            }
            for link in links {
                proptest::prop_assert!(text.get(link).is_some_and(|link| link.contains('.')));
            }
        }
    }
}
