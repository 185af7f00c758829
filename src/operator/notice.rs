//! A notice in words and in JSON.

use std::time::Duration;

use serde::Serialize;
use uuid::Uuid;
use wirereport_actors::wire::alert::{Notice, NoticeKind};

use crate::cli::span;

/// Under which the ids of notices are made; it must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x5a90_3d1e_c4b7_4e26_9f0b_71d8_e66a_2c05);

/// What a receiver knows a second delivery by.
pub(super) fn id(instance: &str, notice: &Notice) -> String {
    let Notice { id, notice, kind, subject, since, .. } = notice;
    let name = format!("{instance}/{id}/{}/{kind}/{subject}/{since}", notice.as_str());
    format!("alert_{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()).simple())
}

/// A notice in one or two sentences.
pub(super) fn in_words(instance: &str, notice: &Notice) -> String {
    let detail = &notice.detail;
    match notice.notice {
        NoticeKind::Raised => format!("{instance}: {detail}"),
        NoticeKind::Resolved => {
            let lasted = Duration::try_from(notice.at.duration_since(notice.since)).unwrap_or_default();
            format!("{instance}: over after {}: {detail}", span(lasted))
        }
    }
}

/// A notice as a webhook carries it.
#[derive(Serialize)]
struct Event<'n> {
    #[serde(rename = "type")]
    kind: String,
    timestamp: String,
    data: Data<'n>,
}

#[derive(Serialize)]
struct Data<'n> {
    instance: &'n str,
    alert: &'static str,
    subject: &'n str,
    detail: &'n str,
    since: String,
}

/// The body of a webhook's request, the same on every attempt.
pub(super) fn body(instance: &str, notice: &Notice) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Event {
        kind: format!("alert.{}", notice.notice.as_str()),
        timestamp: notice.at.to_string(),
        data: Data {
            instance,
            alert: notice.kind.as_str(),
            subject: &notice.subject,
            detail: &notice.detail,
            since: notice.since.to_string(),
        },
    })
}
