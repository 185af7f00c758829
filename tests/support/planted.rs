//! The secrets that tests plant, none of which may stand in anything that the wire says.

/// Shorter values are told from words by nobody.
const SHORTEST: usize = 12;

/// Variables whose values are no secrets, though long: an app's public name.
const PUBLIC: [&str; 1] = ["TWITTER_CLIENT_ID"];

/// What of these variables must stand nowhere: their values, and of an address the last part of its path.
fn secrets<N: AsRef<str>>(environment: &[(N, String)]) -> impl Iterator<Item = &str> {
    let is_secret = |name: &str| {
        let words = ["KEY", "SECRET", "TOKEN", "PASSWORD", "URL"];
        !PUBLIC.contains(&name) && name != "WIREREPORT_URL" && words.iter().any(|word| name.ends_with(word))
    };
    let set = environment.iter().filter(move |(name, _)| is_secret(name.as_ref()));
    let parts = set.flat_map(|(_, value)| [value.as_str(), value.rsplit('/').next().unwrap_or_default()]);
    parts.filter(|part| part.len() >= SHORTEST)
}

/// Fails where `text` holds one of the secrets that these variables were set to.
pub(crate) fn none_in<N: AsRef<str>>(what: &str, text: &str, environment: &[(N, String)]) {
    for secret in secrets(environment) {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "a secret stands in {what}");
    }
}
