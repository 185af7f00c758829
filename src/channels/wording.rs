//! Whether a text that a platform shows is one that was sent.

use unicode_normalization::UnicodeNormalization;

/// Whether two texts are the same but for white space and the forms of their characters.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
    bare(one) == bare(other)
}

/// A text of HTML without its tags and with its characters as they are.
pub(super) fn of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        let tag = rest[start..end].trim_start_matches(['<', '/']);
        if tag.starts_with("br") || tag.starts_with('p') {
            text.push(' ');
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    unescaped(&text)
}

/// A text in which the characters that HTML escapes are as they are.
pub(super) fn unescaped(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    pairs.into_iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_in_html_and_in_another_form_of_its_letters() {
        let html = "<p>Brighton &amp; Hove <span>lead</span> <a href=\"x\">&lt;Bodø&gt;</a><br />2-1</p>";
        assert_eq!(of_html(html).trim(), "Brighton & Hove lead <Bodø> 2-1");
        assert!(is_same("Atle\u{301}tico  1-0\n", "Atl\u{e9}tico 1-0"));
        assert!(!is_same("Atletico 1-0", "Atl\u{e9}tico 1-0"));
        assert_eq!(unescaped("&amp;lt;"), "&lt;");
    }
}
