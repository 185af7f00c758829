//! The systemd unit: how much of the system it is exposed to.
//!
//! `systemd-analyze security` judges it where it is installed; elsewhere the directives that matter most are looked for.

use std::path::Path;
use std::process::Command;

use super::{Finding, Severity};
use crate::telemetry::patterns;

/// As much exposure as the unit that comes with the program has at most, of 10.
const GOOD: f64 = 1.5;
/// From here on systemd itself calls a unit exposed.
const BAD: f64 = 5.0;

const WANTED: [(&str, &[&str]); 16] = [
    ("NoNewPrivileges", &["yes", "true", "1"]),
    ("ProtectSystem", &["strict"]),
    ("ProtectHome", &["yes", "true", "1", "tmpfs", "read-only"]),
    ("PrivateTmp", &["yes", "true", "1"]),
    ("PrivateDevices", &["yes", "true", "1"]),
    ("ProtectKernelTunables", &["yes", "true", "1"]),
    ("ProtectKernelModules", &["yes", "true", "1"]),
    ("ProtectKernelLogs", &["yes", "true", "1"]),
    ("ProtectControlGroups", &["yes", "true", "1"]),
    ("RestrictSUIDSGID", &["yes", "true", "1"]),
    ("RestrictNamespaces", &["yes", "true", "1"]),
    ("LockPersonality", &["yes", "true", "1"]),
    ("MemoryDenyWriteExecute", &["yes", "true", "1"]),
    ("CapabilityBoundingSet", &[""]),
    ("UMask", &["0077", "077"]),
    ("SystemCallArchitectures", &["native"]),
];

/// Looks at a unit file. What could not be looked at is the second part.
pub fn unit(path: &Path) -> (Vec<Finding>, Option<String>) {
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return (Vec::new(), Some(format!("the unit {shown} cannot be read: {error}"))),
    };
    let mut findings = of_text(&shown, &text);
    let note = match judged(path) {
        Some(exposure) => {
            findings.extend(of_exposure(&shown, exposure));
            None
        }
        None => {
            findings.extend(of_directives(&shown, &text));
            Some(
                "systemd-analyze does not judge the unit here; its directives were looked at instead"
                    .to_owned(),
            )
        }
    };
    (findings, note)
}

/// How exposed systemd finds it, from 0 to 10; `None` where there is no systemd, or an old one.
fn judged(path: &Path) -> Option<f64> {
    let output =
        Command::new("systemd-analyze").args(["security", "--offline=yes", "--no-pager"]).arg(path).output();
    exposure_in(&String::from_utf8_lossy(&output.ok()?.stdout))
}

fn exposure_in(said: &str) -> Option<f64> {
    let line = said.lines().find(|line| line.contains("Overall exposure level"))?;
    line.rsplit_once(": ")?.1.split_whitespace().next()?.parse().ok()
}

fn of_exposure(shown: &str, exposure: f64) -> Option<Finding> {
    let severity = match exposure {
        exposure if exposure <= GOOD => return None,
        exposure if exposure < BAD => Severity::Medium,
        _ => Severity::High,
    };
    Some(Finding {
        severity,
        check: "unit",
        place: shown.to_owned(),
        what: format!("its exposure is {exposure} of 10, and {GOOD} is enough to run"),
        mend: "take the hardening of config/wirereport.service over; `systemd-analyze security --offline=yes` names what is \
               missing"
            .to_owned(),
    })
}

/// The assignments of a unit, the last of each name.
fn assignments(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}

/// Secrets in the unit itself, which every user can read, and a user that may do everything.
fn of_text(shown: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |severity, what: &str, mend: &str| {
        findings.push(Finding {
            severity,
            check: "unit",
            place: shown.to_owned(),
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    };
    for (name, value) in assignments(text).filter(|(name, _)| ["Environment", "SetCredential"].contains(name))
    {
        let upper = value.to_ascii_uppercase();
        let named = ["SECRET=", "TOKEN=", "PASSWORD=", "_KEY="].iter().any(|end| upper.contains(end));
        if named || patterns::found_in(value).next().is_some() {
            let what = format!("{name}= holds a secret, and every user can read a unit");
            find(Severity::High, &what, "keep it in a file of mode 0600 and name that in LoadCredential=");
        }
    }
    let last = |wanted: &str| assignments(text).filter(|(name, _)| *name == wanted).last();
    let dynamic = last("DynamicUser").is_some_and(|(_, value)| ["yes", "true", "1"].contains(&value));
    let user = last("User").map_or("", |(_, value)| value);
    if !dynamic && ["", "root", "0"].contains(&user) {
        find(Severity::High, "the service runs as root", "set DynamicUser=yes, or User= to one of its own");
    }
    findings
}

fn of_directives(shown: &str, text: &str) -> Vec<Finding> {
    let missing: Vec<&str> = WANTED
        .iter()
        .filter(|(wanted, values)| {
            let last = assignments(text).filter(|(name, _)| name == wanted).last();
            !last.is_some_and(|(_, value)| values.contains(&value))
        })
        .map(|(wanted, _)| *wanted)
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let severity = if missing.len() > WANTED.len() / 2 { Severity::High } else { Severity::Medium };
    vec![Finding {
        severity,
        check: "unit",
        place: shown.to_owned(),
        what: format!("it does without {}", missing.join(", ")),
        mend: "set them as config/wirereport.service does".to_owned(),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../config/wirereport.service");

    #[test]
    fn the_unit_that_comes_with_the_program_has_all_that_is_wanted() {
        assert_eq!(of_text("u", OURS), []);
        assert_eq!(of_directives("u", OURS), []);
    }

    #[test]
    fn a_bare_unit_and_one_with_a_secret_in_it_are_found() {
        let bare = "[Service]\nExecStart=/usr/local/bin/wirereport run\n";
        let found = |text: &str| -> Vec<(Severity, String)> {
            let findings = of_text("u", text).into_iter().chain(of_directives("u", text));
            findings.map(|finding| (finding.severity, finding.what)).collect()
        };
        let findings = found(bare);
        assert_eq!(findings[0], (Severity::High, "the service runs as root".to_owned()));
        assert!(findings[1].1.starts_with("it does without NoNewPrivileges, ProtectSystem"));
        let secret = format!("{OURS}Environment=TELEGRAM_BOT_TOKEN=hunter2hunter2\n");
        let findings = found(&secret);
        assert_eq!(
            findings,
            [(Severity::High, "Environment= holds a secret, and every user can read a unit".to_owned())]
        );
        let weaker = OURS.replace("ProtectSystem=strict", "ProtectSystem=full");
        assert_eq!(found(&weaker), [(Severity::Medium, "it does without ProtectSystem".to_owned())]);
    }

    #[test]
    fn what_systemd_says_is_read() {
        assert_eq!(
            exposure_in("a\n\n→ Overall exposure level for wirereport.service: 1.2 OK 🙂\n"),
            Some(1.2)
        );
        assert_eq!(exposure_in("Unknown operation"), None);
        let judge = |exposure| of_exposure("u", exposure).map(|finding| finding.severity);
        assert_eq!([1.5, 1.6, 9.6].map(judge), [None, Some(Severity::Medium), Some(Severity::High)]);
    }
}
