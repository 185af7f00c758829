//! What is open to the network, to whoever holds a token, and what settings for trying things out are left on.

use std::time::Duration;

use jiff::Timestamp;

use super::{Finding, Severity};
use crate::api::auth::Scope;
use crate::ledger::access::TokenRecord;
use crate::settings::{ChannelKind, Settings};

const DAY: Duration = Duration::from_secs(86_400);
/// A token that may do everything should not be good for longer.
const ADMIN_AT_MOST: Duration = Duration::from_secs(90 * 86_400);
/// A token that ends sooner is told of.
const SOON: Duration = Duration::from_secs(7 * 86_400);

fn found(severity: Severity, check: &'static str, place: &str, what: &str, mend: &str) -> Finding {
    Finding { severity, check, place: place.to_owned(), what: what.to_owned(), mend: mend.to_owned() }
}

/// Ports that other machines reach, and what is on only for trying things out. `good` is how many tokens let somebody in;
/// `None` where that is not known.
pub fn exposure(settings: &Settings, good: Option<usize>) -> Vec<Finding> {
    use Severity::{High, Low, Medium};
    let mut findings = Vec::new();
    if let Some(listen) = settings.api.listen.filter(|listen| !listen.ip().is_loopback()) {
        let place = format!("api.listen = {listen}");
        findings.push(match good {
            Some(0) => found(
                High,
                "exposure",
                &place,
                "other machines reach the API, and nobody holds a token for it",
                "set `api.listen` to 127.0.0.1:8000, or issue a token with `wirereport token issue`",
            ),
            _ => found(
                Medium,
                "exposure",
                &place,
                "other machines reach the API without TLS, so tokens can be read on the way",
                "set `api.listen` to 127.0.0.1:8000 and put a proxy with TLS before it",
            ),
        });
    }
    if let Some(listen) = settings.health.listen.filter(|listen| !listen.ip().is_loopback()) {
        findings.push(found(
            Low,
            "exposure",
            &format!("health.listen = {listen}"),
            "other machines can ask whether the service is well",
            "set `health.listen` to 127.0.0.1:9999, unless a load balancer asks",
        ));
    }
    if settings.environment.as_deref() == Some("production") {
        findings.extend(debugging(settings));
    }
    findings
}

/// What is on for trying things out, where the installation is called production.
fn debugging(settings: &Settings) -> Vec<Finding> {
    use Severity::{High, Medium};
    let mut findings = Vec::new();
    if ["debug", "trace"].iter().any(|level| settings.log.level.contains(level)) {
        findings.push(found(
            Medium,
            "debug",
            "log.level",
            "the log of a production service says more than anybody should read",
            "set `log.level` to \"info\"",
        ));
    }
    for (name, channel) in &settings.channels {
        let ChannelKind::Webhook(webhook) = &channel.kind else { continue };
        if webhook.allow_http && webhook.url.starts_with("http://") {
            findings.push(found(
                High,
                "debug",
                &format!("channels.{name}.allow_http"),
                "posts go over the network in the clear",
                "give an https:// address and remove `allow_http`",
            ));
        }
    }
    for (feed, host) in settings.feeds.hosts() {
        if host.base_url.starts_with("http://") {
            findings.push(found(
                Medium,
                "debug",
                &format!("feeds.{}.base_url", feed.as_str()),
                "scores come over the network in the clear, where anybody can change them",
                "remove the setting, or give an https:// address",
            ));
        }
    }
    findings
}

/// Tokens that are good for too long, end soon, or have ended and are still listed. `current` is the key that signs, where
/// that is known.
pub fn tokens(tokens: &[TokenRecord], current: Option<&str>, now: Timestamp) -> Vec<Finding> {
    use Severity::{Low, Medium};
    let mut findings = Vec::new();
    for token in tokens.iter().filter(|token| token.revoked_at.is_none()) {
        let place = format!("token {} of {}", token.id, token.name);
        let revoke = format!("wirereport token revoke {}", token.id);
        let mut find = |severity, what: &str, mend: &str| {
            findings.push(found(severity, "token", &place, what, mend));
        };
        let life = token.expires_at.duration_since(token.issued_at);
        let left = token.expires_at.duration_since(now);
        let longer = |span: jiff::SignedDuration, than: Duration| span.as_secs() > than.as_secs() as i64;
        if left.is_negative() || left.is_zero() {
            find(
                Low,
                "it has expired; whoever used it is shut out",
                "issue another one if it is still needed",
            );
            continue;
        }
        if token.scopes.split(' ').any(|scope| scope == Scope::Admin.as_str()) && longer(life, ADMIN_AT_MOST)
        {
            let days = life.as_secs() / DAY.as_secs() as i64;
            let what = format!("it may do everything and is good for {days} days");
            find(Medium, &what, &format!("issue one with less scope or a shorter life, then {revoke}"));
        }
        if current.is_some_and(|current| current != token.key) {
            find(
                Low,
                "an older key signed it",
                &format!("issue another one, then {revoke}, then remove the old key"),
            );
        }
        if !longer(left, SOON) {
            find(Low, "it expires within a week", "issue another one if it is still needed");
        }
    }
    findings
}
