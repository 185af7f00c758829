//! The running service, as it sees itself.

use wirereport_actors::supervision::{ChildStatus, Health, Phase};

use super::{About, Finding, Patient, Service};

pub(super) fn service(patient: &Patient) -> Vec<Finding> {
    let about = About::new("service", "wirereport");
    let status = match &patient.service {
        Service::Running(status) => status,
        Service::NotRunning => {
            return vec![about.note("no service is running; what only it knows was not looked at")];
        }
        Service::Unwell(detail) => {
            return vec![about.error(detail, "see its log; `wirereport status` asks it again")];
        }
    };
    let leads = if status.epoch.is_some() { "leads" } else { "follows" };
    let mut findings =
        vec![about.ok(format!("version {} runs as {} and {leads}", status.version, status.instance))];
    if status.version != env!("CARGO_PKG_VERSION") {
        findings.push(about.warning(
            format!("it is version {}, and this command is {}", status.version, env!("CARGO_PKG_VERSION")),
            "restart the service, so that both are the same",
        ));
    }
    if status.switches.publishing_stopped.is_some() {
        let what = "an operator has stopped publishing";
        findings.push(about.warning(what, "`wirereport resume-publishing` lets it go on"));
    }
    if let Some(error) = status.last_reload.as_ref().and_then(|reload| reload.error.as_ref()) {
        findings.push(about.warning(
            format!("the last reload failed, and the old settings are in force: {error}"),
            "mend the settings and run `wirereport reload`",
        ));
    }
    for child in &status.tree {
        troubles(child, "", &mut findings);
    }
    findings
}

fn troubles(child: &ChildStatus, above: &str, findings: &mut Vec<Finding>) {
    let path = format!("{above}{}", child.name);
    let about = About::new("service", path.clone());
    let look = format!("`wirereport status` shows it; `wirereport actor restart {path}` starts it anew");
    match (child.phase, &child.health) {
        // What nobody can tell is said of the ledger.
        (Phase::Running, Health::Degraded { reason }) if !reason.contains("unknown outcome") => {
            findings.push(about.warning(reason.clone(), look));
        }
        (Phase::BackingOff | Phase::Failed, _) => {
            let why = child.last_exit.as_ref().map(|exit| format!(": {}", exit.text)).unwrap_or_default();
            findings.push(about.error(format!("it is down after it failed{why}"), look));
        }
        (Phase::Paused, _) => {
            let next = format!("`wirereport actor resume {path}` lets it go on");
            findings.push(about.warning("an operator has paused it", next));
        }
        _ => {}
    }
    for child in &child.children {
        troubles(child, &format!("{path}/"), findings);
    }
}
