//! What X would make of a text that was not meant: links and mentions.

use wirereport_actors::wire::fit;

/// The text with a space between sentences that stand too close, so that X makes no link of them.
///
/// # Errors
/// Names what X would make a link or a mention of, where no space helps.
pub(super) fn linted(text: &str) -> Result<String, String> {
    let mut linted = text.to_owned();
    while let Some(dot) = fit::links(&linted).into_iter().find_map(|link| sentence_end(&linted, &link)) {
        linted.insert(dot + 1, ' ');
    }
    let bare = |link: &str| !link.to_ascii_lowercase().starts_with("http");
    let links = fit::links(&linted).into_iter().map(|link| &linted[link]);
    if let Some(link) = links.into_iter().find(|link| bare(link)) {
        return Err(format!("X would make a link of {link}"));
    }
    match mention(&linted) {
        Some(mention) => Err(format!("X would mention {mention}")),
        None => Ok(linted),
    }
}

/// The full stop in a link after which a sentence begins: a capital follows it.
fn sentence_end(text: &str, link: &std::ops::Range<usize>) -> Option<usize> {
    let found = &text[link.clone()];
    if found.contains('/') {
        return None;
    }
    let mut dots = found.match_indices('.').map(|(dot, _)| dot);
    let begins = |dot: &usize| found[dot + 1..].chars().next().is_some_and(char::is_uppercase);
    dots.rfind(begins).map(|dot| link.start + dot)
}

/// An account's name after an `@` that begins a word.
fn mention(text: &str) -> Option<String> {
    text.match_indices(['@', '＠']).find_map(|(at, sign)| {
        let before = text[..at].chars().next_back();
        let name: String =
            text[at + sign.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let begins = !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        (begins && !name.is_empty()).then(|| format!("{sign}{name}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_space_is_put_in() {
        assert_eq!(
            linted("The Bulls beat the Mavericks.It was close.").unwrap(),
            "The Bulls beat the Mavericks. It was close."
        );
        assert_eq!(
            linted("It ends 0-0.In the 99.Boston 9.It").unwrap(),
            "It ends 0-0. In the 99. Boston 9. It"
        );
        let untouched = "The Celtics lead 117-116 with 2.5 s left. D.C. United @ Wizards";
        assert_eq!(linted(untouched).unwrap(), untouched);
    }

    #[test]
    fn a_domain_or_a_mention_is_refused() {
        let told =
            ["See espn.com for more", "Inter.it wins", "Thanks @wire!"].map(|text| linted(text).unwrap_err());
        insta::assert_snapshot!(told.join("\n"), @r"
        X would make a link of espn.com
        X would make a link of Inter.it
        X would mention @wire
        ");
    }

    proptest::proptest! {
        #[test]
        fn what_passes_holds_no_bare_link(text in "([A-Z]?[a-z]{1,3}|\\.|It|com|@| |0-0){0,20}") {
            if let Ok(linted) = linted(&text) {
                proptest::prop_assert!(fit::links(&linted).is_empty(), "{linted}");
                proptest::prop_assert_eq!(linted.replace(' ', ""), text.replace(' ', ""));
            }
        }
    }
}
