//! A PDS: sessions that end, and records under keys, of which an identical one is put without a change.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use super::journal::{Journal, Told};
use super::request::{Asked, Reply};

pub(crate) const HANDLE: &str = "wire.test";
pub(crate) const DID: &str = "did:plc:standin000000000000000000";
pub(crate) const PASSWORD: &str = "k7vn-2xqd-hw4t-p9mz";
const COLLECTION: &str = "app.bsky.feed.post";

/// What the PDS keeps besides the journal.
#[derive(Debug, Default)]
pub(crate) struct Pds {
    /// How often somebody signed in, and how often a session was renewed.
    pub(crate) sign_ins: usize,
    pub(crate) renewals: usize,
    /// The session's generation; tokens of another one have expired.
    generation: usize,
    records: BTreeMap<String, Value>,
}

impl Pds {
    /// Lets the access token end.
    pub(crate) fn expire(&mut self) {
        self.generation += 1;
    }

    /// The record under that key.
    pub(crate) fn record(&self, key: &str) -> Option<&Value> {
        self.records.get(key)
    }

    fn access(&self) -> String {
        let claims = json!({"scope": "access", "generation": self.generation, "exp": 4_000_000_000_u64});
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    fn session(&self) -> Reply {
        Reply::json(
            200,
            &json!({
                "did": DID, "handle": HANDLE, "accessJwt": self.access(), "refreshJwt": "refresh-token", "active": true,
            }),
        )
    }
}

pub(super) fn is_write(asked: &Asked) -> bool {
    matches!(asked.path()[..], ["xrpc", "com.atproto.repo.putRecord" | "com.atproto.repo.deleteRecord"])
}

pub(super) fn meet(asked: &Asked, journal: &mut Journal) -> Reply {
    let ["xrpc", method] = asked.path()[..] else {
        return error(404, "MethodNotImplemented", "Method Not Implemented");
    };
    let bearer =
        asked.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    match (asked.method.as_str(), method) {
        ("POST", "com.atproto.server.createSession") => sign_in(asked, journal),
        ("POST", "com.atproto.server.refreshSession") if bearer == "refresh-token" => {
            journal.pds.renewals += 1;
            journal.pds.session()
        }
        ("POST", "com.atproto.server.refreshSession") => {
            error(400, "InvalidToken", "Token could not be verified")
        }
        ("GET", "com.atproto.server.getSession") if bearer == journal.pds.access() => {
            Reply::json(200, &json!({"did": DID, "handle": HANDLE, "active": true}))
        }
        ("GET", "com.atproto.server.getSession") => error(400, "ExpiredToken", "Token has expired"),
        ("GET", "com.atproto.repo.getRecord") => get(asked, journal),
        ("POST", _) if bearer.is_empty() => error(401, "AuthMissing", "Authentication Required"),
        ("POST", _) if bearer != journal.pds.access() => error(400, "ExpiredToken", "Token has expired"),
        ("POST", "com.atproto.repo.putRecord") => put(&asked.json().unwrap_or_default(), journal),
        ("POST", "com.atproto.repo.deleteRecord") => delete(&asked.json().unwrap_or_default(), journal),
        _ => error(404, "MethodNotImplemented", "Method Not Implemented"),
    }
}

fn sign_in(asked: &Asked, journal: &mut Journal) -> Reply {
    let body = asked.json().unwrap_or_default();
    if body["identifier"] != HANDLE || body["password"] != PASSWORD {
        return error(401, "AuthenticationRequired", "Invalid identifier or password");
    }
    journal.pds.sign_ins += 1;
    journal.pds.session()
}

fn get(asked: &Asked, journal: &Journal) -> Reply {
    let key = asked.query.get("rkey").map(String::as_str).unwrap_or_default();
    match journal.pds.records.get(key) {
        Some(record) => Reply::json(200, &json!({"uri": uri(key), "cid": cid(record), "value": record})),
        None => error(400, "RecordNotFound", &format!("Could not locate record: {}", uri(key))),
    }
}

fn put(body: &Value, journal: &mut Journal) -> Reply {
    let key = body["rkey"].as_str().unwrap_or_default().to_owned();
    let record = &body["record"];
    if let Some(wrong) = invalid(body, &key, record, journal) {
        journal.complain(wrong);
        return error(400, "InvalidRequest", wrong);
    }
    let (uri, cid) = (uri(&key), cid(record));
    match journal.pds.records.get(&key) {
        Some(there) if there == record => {
            journal.repeats += 1;
            return Reply::json(200, &json!({"uri": uri, "cid": cid, "validationStatus": "valid"}));
        }
        Some(there) => {
            let was = format!("Record was at {}", self::cid(there));
            return error(400, "InvalidSwap", &was);
        }
        None => {}
    }
    journal.pds.records.insert(key.clone(), record.clone());
    let text = record["text"].as_str().unwrap_or_default().to_owned();
    let reply_to = record["reply"]["parent"]["uri"].as_str().map(str::to_owned);
    journal.told.push(Told { id: uri.clone(), text, key: Some(key), reply_to, ..Told::default() });
    let commit = json!({"cid": "bafyreicommit", "rev": "3lstandin2222"});
    let body = json!({"uri": uri, "cid": cid, "commit": commit, "validationStatus": "valid"});
    Reply::json(200, &body)
        .with("ratelimit-limit", &5000)
        .with("ratelimit-remaining", &4997)
        .with("ratelimit-reset", &1_900_003_600)
        .with("ratelimit-policy", &"5000;w=3600")
}

fn invalid(body: &Value, key: &str, record: &Value, journal: &Journal) -> Option<&'static str> {
    let text = record["text"].as_str().unwrap_or_default();
    let is_digit = |b: u8| b"234567abcdefghijklmnopqrstuvwxyz".contains(&b);
    let is_tid = key.len() == 13 && key.bytes().all(is_digit) && key.as_bytes()[0] < b'k';
    let cut = |facet: &Value| {
        let at = |name: &str| facet["index"][name].as_u64().and_then(|at| usize::try_from(at).ok());
        let range = at("byteStart").zip(at("byteEnd"));
        range.is_none_or(|(start, end)| text.get(start..end).is_none())
    };
    let unknown = |reference: &Value| {
        let uri = reference["uri"].as_str().unwrap_or_default();
        let record = journal.pds.records.get(uri.rsplit('/').next().unwrap_or_default());
        record.is_none_or(|record| reference["cid"] != cid(record))
    };
    let reply = &record["reply"];
    match () {
        () if body["repo"] != DID || body["collection"] != COLLECTION => {
            Some("another repository or collection")
        }
        () if !is_tid => Some("the key is no TID"),
        () if body.get("swapRecord") != Some(&Value::Null) => Some("a record may be overwritten"),
        () if record["$type"] != COLLECTION || record["createdAt"].as_str().is_none() => Some("no post"),
        () if text.graphemes(true).count() > 300 || text.len() > 3000 => Some("text too long"),
        () if record["facets"].as_array().is_some_and(|facets| facets.iter().any(cut)) => {
            Some("a facet is outside")
        }
        () if !reply.is_null() && (unknown(&reply["root"]) || unknown(&reply["parent"])) => {
            Some("a reply to nothing")
        }
        () => None,
    }
}

fn delete(body: &Value, journal: &mut Journal) -> Reply {
    let key = body["rkey"].as_str().unwrap_or_default();
    if journal.pds.records.remove(key).is_none() {
        journal.repeats += 1;
    }
    if let Some(told) = journal.find(&uri(key)) {
        told.deleted = true;
    }
    Reply::json(200, &json!({}))
}

fn uri(key: &str) -> String {
    format!("at://{DID}/{COLLECTION}/{key}")
}

fn cid(record: &Value) -> String {
    let digest = Sha256::digest(record.to_string());
    let letters: String = digest.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
    format!("bafyrei{letters}")
}

fn error(status: u16, name: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"error": name, "message": message}))
}

pub(super) fn limit(seconds: u64, today: u64) -> Reply {
    error(429, "RateLimitExceeded", "Rate Limit Exceeded")
        .with("ratelimit-limit", &5000)
        .with("ratelimit-remaining", &0)
        .with("ratelimit-reset", &(today + seconds))
        .with("ratelimit-policy", &"5000;w=3600")
}

pub(super) fn fail() -> Reply {
    error(500, "InternalServerError", "Internal Server Error")
}

pub(super) fn deny() -> Reply {
    error(401, "AuthMissing", "Authentication Required")
}
