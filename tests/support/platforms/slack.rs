//! Slack's incoming webhook: a message in, `ok` out, and nothing more is ever said of it.

use super::journal::{Journal, Told};
use super::request::{Asked, Reply};

pub(crate) const WEBHOOK: &str = "services/T000/B000/stand-in-slack-token";

pub(super) fn is_write(_: &Asked) -> bool {
    true
}

pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Reply {
    if asked.method != "POST" || asked.path().join("/") != WEBHOOK {
        return deny();
    }
    let Some(body) = asked.json() else { return Reply::text(400, "invalid_payload") };
    let text = body["text"].as_str().unwrap_or_default();
    if text.is_empty() {
        return Reply::text(400, "no_text");
    }
    if body["mrkdwn"] != false || body["unfurl_links"] != false || text.contains(['<', '>']) {
        journal.complain("a message whose signs mean something");
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let id = journal.next_number().to_string();
    journal.told.push(Told { id, text, ..Told::default() });
    Reply::text(200, "ok")
}

pub(super) fn limit(seconds: u64) -> Reply {
    Reply::text(429, "rate_limited").with("retry-after", &seconds)
}

pub(super) fn fail() -> Reply {
    Reply::text(500, "rollup_error")
}

pub(super) fn deny() -> Reply {
    Reply::text(403, "invalid_token")
}
