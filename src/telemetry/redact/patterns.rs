//! What secrets look like, for those that nobody registered: somebody else's, or one in an answer that was never ours.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// A kind of secret by its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// What it is, as a finding names it.
    pub name: &'static str,
    /// Its expression. What the groups `keep` and `after` match is no part of the secret.
    expression: &'static str,
}

const fn look(name: &'static str, expression: &'static str) -> Look {
    Look { name, expression }
}

/// Every kind. None takes in a quotation mark or a backslash, so that JSON stays JSON without it.
pub const LOOKS: [Look; 15] = [
    look("a JSON Web Token", r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    look("an encrypted secret", r"gAAAAA[A-Za-z0-9_-]{60,}={0,2}"),
    look("a Telegram bot's token", r"[0-9]{6,12}:[A-Za-z0-9_-]{32,}"),
    look("an OpenAI key", r"(?-u:\b)sk-[A-Za-z0-9_-]{20,}"),
    look("a webhook's signing secret", r"(?-u:\b)whsec_[A-Za-z0-9+/_-]{24,}={0,2}"),
    look("a Slack token", r"(?-u:\b)xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    look(
        "a Slack webhook",
        r"(?P<keep>hooks\.slack\.com/(?:services|workflows|triggers)/)[A-Za-z0-9/_-]{16,}",
    ),
    look(
        "a Discord webhook",
        r"(?P<keep>discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]+/)[A-Za-z0-9_-]{16,}",
    ),
    look("a GitHub token", r"(?-u:\b)(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})"),
    look("an AWS key", r"(?-u:\b)(?:AKIA|ASIA)[0-9A-Z]{16}(?-u:\b)"),
    look("a Google API key", r"(?-u:\b)AIza[0-9A-Za-z_-]{35}(?-u:\b)"),
    look(
        "a private key",
        r"(?P<keep>-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)(?:[A-Za-z0-9+/= \t\r\n]|\\[nr]){40,}",
    ),
    look(
        "a password in a URL",
        r#"(?P<keep>(?-u:\b)[a-z][a-z0-9+.-]{1,20}://)[^ \t\r\n/@?#"'`<>\\]+(?P<after>@)"#,
    ),
    look(
        "credentials in a header",
        r"(?P<keep>(?i-u:\bbearer|\bbasic)(?:[ \t]|%20)+)[A-Za-z0-9+/._~-]{16,}={0,2}",
    ),
    look(
        "a secret in a query",
        r#"(?P<keep>[?&](?i-u:access_token|auth|token|api_?key|key|secret|password|sig|signature)=)[^ \t\r\n&"'`<>\\#]+"#,
    ),
];

static EXPRESSIONS: LazyLock<Vec<(Look, Regex)>> = LazyLock::new(|| {
    // That each of them is an expression is tested.
    LOOKS.into_iter().filter_map(|look| Some((look, Regex::new(look.expression).ok()?))).collect()
});

/// All of them at once: almost no text holds any, and that is known after one pass.
static ANY: LazyLock<Option<RegexSet>> =
    LazyLock::new(|| RegexSet::new(LOOKS.iter().map(|look| look.expression)).ok());

/// The text with everything that looks like a secret replaced.
pub(super) fn redact<'t>(text: Cow<'t, str>, stand_in: &str) -> Cow<'t, str> {
    if ANY.as_ref().is_some_and(|any| !any.is_match(&text)) {
        return text;
    }
    let replacement = format!("${{keep}}{stand_in}${{after}}");
    EXPRESSIONS.iter().fold(text, |text, (_, expression)| {
        match expression.replace_all(&text, replacement.as_str()) {
            Cow::Borrowed(_) => text,
            Cow::Owned(clean) => Cow::Owned(clean),
        }
    })
}

/// Everything in the text that looks like a secret: what it is, and where it begins and ends.
pub fn found_in(text: &str) -> impl Iterator<Item = (Look, std::ops::Range<usize>)> {
    let none = ANY.as_ref().is_some_and(|any| !any.is_match(text));
    EXPRESSIONS.iter().filter(move |_| !none).flat_map(move |(look, expression)| {
        expression.captures_iter(text).filter_map(move |found| {
            let whole = found.get(0)?.range();
            let start = found.name("keep").map_or(whole.start, |keep| keep.end());
            let end = found.name("after").map_or(whole.end, |after| after.start());
            Some((*look, start..end))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        redact(Cow::Borrowed(text), "(secret)").into_owned()
    }

    #[test]
    fn every_look_is_an_expression() {
        assert_eq!(EXPRESSIONS.len(), LOOKS.len());
        assert!(ANY.is_some());
    }

    #[test]
    fn what_looks_like_a_secret_is_replaced_and_what_is_around_it_stays() {
        let long = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCd";
        let cases = [
            (
                format!("https://api.telegram.org/bot123456789:{long}/sendMessage"),
                "https://api.telegram.org/bot(secret)/sendMessage",
            ),
            (format!("authorization: Bearer {long}"), "authorization: Bearer (secret)"),
            (format!("Basic {long}=="), "Basic (secret)"),
            (format!("key sk-proj-{long}."), "key (secret)."),
            (format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.{long}"), "(secret)"),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.".to_owned(), "(secret)"),
            ("redis://:hunter2@cache:6379/0".to_owned(), "redis://(secret)@cache:6379/0"),
            ("postgres://wire:p%40ss@db/wire".to_owned(), "postgres://(secret)@db/wire"),
            (format!("gAAAAA{long}{long}=="), "(secret)"),
            (
                format!("https://hooks.slack.com/services/T000/B000/{long}"),
                "https://hooks.slack.com/services/(secret)",
            ),
            (
                format!("https://discord.com/api/webhooks/123/{long}"),
                "https://discord.com/api/webhooks/123/(secret)",
            ),
            (
                format!("https://a.example/b?x=1&access_token={long}&y=2"),
                "https://a.example/b?x=1&access_token=(secret)&y=2",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(&text), expected);
            assert!(found_in(&text).next().is_some(), "{text}");
        }
    }

    #[test]
    fn json_stays_json() {
        let long = "A".repeat(80);
        let text = serde_json::json!({
            "detail": format!("-----BEGIN PRIVATE KEY-----\n{long}\n-----END PRIVATE KEY-----"),
            "url": "amqp://user:pass@host/", "next": "a@b", "header": format!("Bearer {long}"),
        });
        let clean: serde_json::Value = serde_json::from_str(&clean(&text.to_string())).expect("JSON");
        assert_eq!(clean["next"], "a@b");
        assert_eq!(clean["url"], "amqp://(secret)@host/");
        assert!(!clean.to_string().contains("AAAA"), "{clean}");
    }

    #[test]
    fn what_people_and_the_wire_write_stays() {
        for text in [
            "Final: Hawks 117, Celtics 116. The Hawks had trailed by 15 points.",
            "nba-20241112-atl-bos/final/4/1",
            "basic knowledge of basketball is enough; bearer of news",
            "2026-11-25T21:09:36.123456Z INFO wirereport: ready health=127.0.0.1:9999",
            "https://site.api.espn.com/apis/site/v2/sports/basketball/nba/scoreboard?limit=500",
            "at://did:plc:abcdefghijklmnop/app.bsky.feed.post/3kabcdefghijk",
            "write to desk@example.org or see https://mastodon.social/@wire/113",
            "(secret)",
        ] {
            assert_eq!(clean(text), text);
        }
    }
}
