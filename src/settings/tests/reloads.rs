//! What a reload takes over.

use super::*;

const OLD: &str = r#"
[sports]
follow = ["nba", "eng.1"]
[channels.newsroom]
kind = "webhook"
url = "https://example.org/hook"
secret_env = "NEWSROOM_WEBHOOK_SECRET"
"#;

const NEW: &str = r#"
history = "60 days"
shutdown = "10 s"
[sports]
follow = ["nba", "eng.1", "nhl"]
[sports.nba]
kinds = ["final"]
threshold = 0.5
stale_after.final = "2 h"
[sports."eng.1"]
confirmations = 2
shortest_poll = "20 s"
[channels.terminal]
enabled = false
[channels.newsroom]
kind = "webhook"
url = "https://example.org/other"
secret_env = "NEWSROOM_WEBHOOK_SECRET"
sports = ["nba"]
kinds = ["final"]
min_significance = 0.5
[feeds.espn]
requests_per_hour = 600
[feeds.api_sports]
secret_env = "SCORES_KEY"
[alerts]
every = "20 s"
webhook_url_env = "PAGER_URL"
[alerts.telegram]
chats = ["@desk"]
[log]
level = "debug"
format = "json"
[health]
listen = "off"
[supervision.backoff]
max = "5 min"
"#;

#[test]
fn a_reload_says_what_it_takes_over_and_what_has_to_wait() {
    let diff = reload_diff(&read(OLD, &[]), &read(NEW, &[]));
    assert_eq!(
        diff.changed_live,
        [
            "alerts.every",
            "alerts.telegram",
            "alerts.webhook_url_env",
            "channels.newsroom.kinds",
            "channels.newsroom.min_significance",
            "channels.newsroom.sports",
            "channels.newsroom.url",
            "feeds.api_sports.secret_env",
            "feeds.espn.requests_per_hour",
            "history",
            "log.level",
            "sports.\"eng.1\".confirmations",
            "sports.\"eng.1\".shortest_poll",
            "sports.nba.kinds",
            "sports.nba.threshold",
            "sports.nba.stale_after",
        ]
    );
    assert_eq!(
        diff.needs_restart,
        [
            "channels.terminal",
            "health.listen",
            "log.format",
            "shutdown",
            "sports.nhl",
            "supervision.backoff.max",
        ]
    );
}

#[test]
fn a_reload_without_a_change_says_nothing() {
    assert!(reload_diff(&read(NEW, &[]), &read(NEW, &[])).is_empty());
}

#[test]
fn what_a_running_wire_takes_over_is_exactly_what_is_called_live() {
    let (old, new) = (read(OLD, &[]), read(NEW, &[]));
    let running = old.with_live_parts_of(&new);
    let left = reload_diff(&running, &new);
    assert_eq!(left.changed_live, Vec::<String>::new());
    assert_eq!(left.needs_restart, reload_diff(&old, &new).needs_restart);
    assert_eq!(reload_diff(&old, &running).needs_restart, Vec::<String>::new());
}
