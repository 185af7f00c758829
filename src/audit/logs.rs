//! Secrets in logs.

use super::{Finding, Severity};
use crate::telemetry::patterns;

/// How many lines of one log are told one by one.
const TOLD: usize = 20;

/// Looks for secrets in the text of a log: those in `values`, and whatever looks like one.
pub fn log(name: &str, text: &str, values: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut more = 0;
    for (index, line) in text.lines().enumerate() {
        let known = values.iter().any(|value| line.contains(value.as_str()));
        let looks = patterns::found_in(line).next().map(|(look, _)| look.name);
        let what = match looks {
            _ if known => "a secret of this installation stands there",
            Some(look) => look,
            None => continue,
        };
        if findings.len() == TOLD {
            more += 1;
            continue;
        }
        let what = if known { what.to_owned() } else { format!("{what} stands there") };
        findings.push(found(format!("{name}:{}", index + 1), what));
    }
    if more > 0 {
        findings.push(found(name.to_owned(), format!("{more} more lines hold a secret")));
    }
    findings
}

fn found(place: String, what: String) -> Finding {
    Finding {
        severity: Severity::High,
        check: "secret_in_log",
        place,
        what,
        mend: "replace that secret where it was made, then remove the line".to_owned(),
    }
}
