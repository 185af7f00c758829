//! The ways to the operator: reachable, and let in as far as that can be asked for nothing and nobody hears of it.
//!
//! | way | is asked |
//! |---|---|
//! | Telegram | `getMe`, `getChat` of its chats |
//! | webhook | nothing: there is nothing to ask without an alert. Whether the host answers |
//! | dead man's switch | nothing: a ping says that all is well. Whether the host answers |
//!
//! What a running service could not deliver is said too.

use super::accounts::{self, Way};
use super::{About, Finding, Patient};
use crate::settings::secrets;

pub(super) async fn targets(patient: &Patient) -> Vec<Finding> {
    let Some(loaded) = &patient.loaded else { return Vec::new() };
    let alerts = &loaded.settings.alerts;
    // Without its secrets a way is told of with them.
    let Ok(secrets) = secrets::of_alerts(loaded, &patient.sources.env) else { return lost(patient) };
    let mut findings = lost(patient);
    if let Some(url) = &alerts.webhook_url_env {
        let about = About::new("alerts", "webhook");
        let way = Way { about: &about, secrets: &secrets, meanwhile: "notices wait" };
        let silent = "what its receiver makes of an alert shows only with one";
        findings.extend(accounts::host(&way, &accounts::secret(&secrets, url), silent).await);
    }
    if let Some(telegram) = &alerts.telegram {
        let about = About::new("alerts", "telegram");
        let way = Way { about: &about, secrets: &secrets, meanwhile: "notices wait" };
        let bot = (telegram.api_url.as_str(), telegram.token_env.as_str());
        let mend = "let the bot into it; a person has to write to it first";
        findings.extend(accounts::bot(&way, bot, telegram.chats.iter(), mend).await);
    }
    if let Some(url) = &alerts.dead_man_url_env {
        let about = About::new("alerts", "dead man's switch");
        let way = Way { about: &about, secrets: &secrets, meanwhile: "it may go off" };
        let silent = "a ping would say that the wire is well, so whether the page is there was not asked";
        findings.extend(accounts::host(&way, &accounts::secret(&secrets, url), silent).await);
    }
    if findings.is_empty() {
        let about = About::new("alerts", "ways");
        let next = "set a webhook, Telegram or a dead man's switch in `[alerts]`";
        findings
            .push(about.note_with("nobody is told without asking: there is no way to the operator", next));
    }
    findings
}

fn lost(patient: &Patient) -> Vec<Finding> {
    let Some(status) = patient.service.status() else { return Vec::new() };
    let lost = status.alerts.lost.iter().map(|lost| {
        let what = format!("{} of {} {}", lost.kind, lost.subject, lost.notice.as_str());
        let about = About::new("alerts", lost.route.clone());
        about.warning(
            format!("\"{what}\" was given up {}: {}", crate::cli::time(lost.at), lost.why),
            "see what it says in `wirereport status`, and mend the way",
        )
    });
    lost.collect()
}
