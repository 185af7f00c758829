//! X: signed requests, ids that grow, a duplicate filter, a timeline, and 402 in two forms.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::journal::{Journal, Told};
use super::request::{Asked, Reply};

pub(crate) const USER: &str = "370773112";
pub(crate) const CONSUMER_KEY: &str = "stand-in-consumer-key";
pub(crate) const CONSUMER_SECRET: &str = "stand-in-consumer-secret";
pub(crate) const TOKEN: &str = "370773112-standInAccessToken";
pub(crate) const TOKEN_SECRET: &str = "stand-in-token-secret";

/// What X keeps besides the journal.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// Posts that the timeline does not show yet, of the newest ones.
    pub(crate) hidden: usize,
    /// Whether a text is taken that the account posted before, so that a second sending shows.
    pub(crate) takes_duplicates: bool,
    /// The `Authorization` of every request, with its method and its URL.
    pub(crate) signed: Vec<Signed>,
    /// Who is let in by OAuth 2.0.
    pub(crate) provider: super::x_login::Provider,
}

/// A request as it was signed.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) authorization: String,
}

pub(super) fn is_write(asked: &Asked) -> bool {
    asked.method != "GET"
}

pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Reply {
    let authorization = asked.header("authorization").unwrap_or_default().to_owned();
    if let Some(reply) = super::x_login::meet(asked, journal) {
        return reply;
    }
    match authorization.strip_prefix("Bearer ") {
        Some(token) if journal.x.provider.knows(token) => {}
        Some(_) => return deny(),
        None => {
            if let Some(reply) = unsigned(asked, authorization, journal) {
                return reply;
            }
        }
    }
    match (asked.method.as_str(), &asked.path()[..]) {
        ("POST", ["2", "tweets"]) => create(asked, journal),
        ("DELETE", ["2", "tweets", id]) => {
            let told = journal.find(id);
            let deleted = told.map(|told| told.deleted = true).is_some();
            limits(Reply::json(200, &json!({"data": {"deleted": deleted}})))
        }
        ("GET", ["2", "users", USER, "tweets"]) => timeline(asked, journal),
        _ => error(404, "Not Found", "Not Found"),
    }
}

/// Checks a request by OAuth 1.0a; the reply where it is not let in.
fn unsigned(asked: &Asked, authorization: String, journal: &mut Journal) -> Option<Reply> {
    let oauth = parameters(&authorization);
    let of = |name: &str| oauth.get(name).map(String::as_str).unwrap_or_default();
    if of("oauth_consumer_key") != CONSUMER_KEY || of("oauth_token") != TOKEN {
        return Some(deny());
    }
    if of("oauth_signature_method") != "HMAC-SHA1"
        || of("oauth_version") != "1.0"
        || of("oauth_nonce").len() < 16
    {
        journal.complain("a request that is not signed as it should be");
    }
    let (method, url) = (asked.method.clone(), asked.url.clone());
    journal.x.signed.push(Signed { method, url, authorization });
    None
}

fn parameters(authorization: &str) -> BTreeMap<String, String> {
    let pairs = authorization.strip_prefix("OAuth ").unwrap_or_default().split(", ");
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), value.trim_matches('"').to_owned()))
    };
    pairs.filter_map(pair).collect()
}

fn create(asked: &Asked, journal: &mut Journal) -> Reply {
    let body = asked.json().unwrap_or_default();
    let text = body["text"].as_str().unwrap_or_default().to_owned();
    if let Some(members) = body.as_object()
        && let Some(unknown) = members.keys().find(|name| !["text", "reply"].contains(&name.as_str()))
    {
        journal.complain(format!("X knows no {unknown}"));
    }
    if text.is_empty() {
        return error(400, "Invalid Request", "One or more parameters to your request was invalid.");
    }
    let is_duplicate = journal.told.iter().any(|told| !told.deleted && told.text == text);
    if is_duplicate && !journal.x.takes_duplicates {
        journal.repeats += 1;
        return limits(error(
            403,
            "Forbidden",
            "You are not allowed to create a Tweet with duplicate content.",
        ));
    }
    let id = (1_900_000_000_000_000_000 + journal.next_number()).to_string();
    let reply_to = body["reply"]["in_reply_to_tweet_id"].as_str().map(str::to_owned);
    journal.told.push(Told { id: id.clone(), text: text.clone(), reply_to, ..Told::default() });
    limits(Reply::json(201, &json!({"data": {"id": id, "text": text}})))
}

fn timeline(asked: &Asked, journal: &Journal) -> Reply {
    let max = asked.query.get("max_results").and_then(|max| max.parse().ok()).unwrap_or(10);
    let from = asked.query.get("pagination_token").and_then(|token| token.parse().ok()).unwrap_or(0);
    let newest = journal.told.iter().rev().skip(journal.x.hidden).filter(|told| !told.deleted);
    let mut newest = newest.skip(from);
    let data: Vec<Value> = newest.by_ref().take(max).map(shown).collect();
    let mut meta = json!({"result_count": data.len()});
    if newest.next().is_some() {
        meta["next_token"] = json!((from + max).to_string());
    }
    let body = if data.is_empty() { json!({"meta": meta}) } else { json!({"data": data, "meta": meta}) };
    limits(Reply::json(200, &body))
}

/// A post with its text escaped, and a link of it shortened, as X shows it.
fn shown(told: &Told) -> Value {
    let text = told.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let link = text.split_whitespace().find(|word| word.starts_with("https://")).map(str::to_owned);
    let (text, urls) = match link {
        Some(link) => (
            text.replace(&link, "https://t.co/abcdefghij"),
            json!([{"url": "https://t.co/abcdefghij", "expanded_url": link}]),
        ),
        None => (text, json!([])),
    };
    json!({"id": told.id, "text": text, "created_at": "2027-01-15T08:00:00.000Z", "entities": {"urls": urls}})
}

fn limits(reply: Reply) -> Reply {
    reply
        .with("x-rate-limit-limit", &100)
        .with("x-rate-limit-remaining", &99)
        .with("x-rate-limit-reset", &1_900_000_900)
}

fn error(status: u16, title: &str, detail: &str) -> Reply {
    let body = json!({"title": title, "detail": detail, "type": "about:blank", "status": status});
    Reply::json(status, &body)
}

pub(super) fn limit(seconds: u64, today: u64) -> Reply {
    error(429, "Too Many Requests", "Too Many Requests")
        .with("x-rate-limit-limit", &100)
        .with("x-rate-limit-remaining", &0)
        .with("x-rate-limit-reset", &(today + seconds))
}

pub(super) fn fail() -> Reply {
    error(503, "Service Unavailable", "Service Unavailable")
}

pub(super) fn deny() -> Reply {
    error(401, "Unauthorized", "Unauthorized")
}
