use std::os::unix::fs::{MetadataExt, PermissionsExt};

use jiff::Timestamp;

use super::*;
use crate::ledger::access::TokenRecord;
use crate::settings::{Env, Sources, load};

fn whats(findings: &[Finding]) -> Vec<(Severity, &str)> {
    findings.iter().map(|finding| (finding.severity, finding.what.as_str())).collect()
}

#[test]
fn files_are_judged_by_who_else_may_touch_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    std::fs::write(&path, "x").expect("written");
    let us = path.metadata().expect("there").uid();
    let judge = |mode: u32, kept: Kept, us: u32| -> Vec<Severity> {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
        let findings = files(&path, kept, us);
        assert!(findings.iter().all(|finding| finding.mend.contains(path.to_str().expect("utf-8"))));
        findings.into_iter().map(|finding| finding.severity).collect()
    };
    use Severity::High;
    for (mode, kept, expected) in [
        (0o600, Kept::Secret, vec![]),
        (0o640, Kept::Secret, vec![High]),
        (0o604, Kept::Secret, vec![High]),
        (0o644, Kept::Settings, vec![]),
        (0o664, Kept::Settings, vec![High]),
        (0o600, Kept::Socket, vec![]),
        (0o666, Kept::Socket, vec![High]),
        (0o644, Kept::State, vec![]),
        (0o646, Kept::State, vec![High]),
    ] {
        assert_eq!(judge(mode, kept, us), expected, "{mode:o} {kept:?}");
    }
    if us != 0 {
        assert_eq!(judge(0o600, Kept::Secret, us + 1), [High], "another's file");
    }
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("set");
    assert_eq!(files(folder.path(), Kept::State, us)[0].severity, Severity::Medium);
    assert_eq!(files(&folder.path().join("absent"), Kept::Secret, us), []);
}

#[test]
fn secrets_in_a_log_are_told_by_their_lines_and_never_shown() {
    let ours = "0a1b2c3d4e5f60718293";
    let text =
        format!("ready\nsent {ours}\nhttps://u:hunter2hunter2@host/\n{}", format!("key={ours}\n").repeat(40));
    let findings = log("wire.log", &text, &[ours.to_owned()]);
    assert_eq!(findings.len(), 21);
    assert_eq!((findings[0].place.as_str(), findings[1].place.as_str()), ("wire.log:2", "wire.log:3"));
    assert_eq!(findings[20].what, "22 more lines hold a secret");
    assert!(!format!("{findings:?}").contains(ours) && !format!("{findings:?}").contains("hunter2"));
    assert_eq!(log("wire.log", "Final: Hawks 117, Celtics 116.\n", &[ours.to_owned()]), []);
}

#[test]
fn what_is_open_to_the_network_or_left_on_in_production_is_told() {
    let settings = |text: &str, vars: &[(&str, &str)]| {
        let vars = vars.iter().chain(&[("HOME", "/home/desk")]);
        let env = Env::new(vars.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        load(&Sources { file: Some(("w.toml".into(), text.to_owned())), env }).expect("right").settings
    };
    assert_eq!(exposure(&settings("", &[]), Some(0)), []);
    let open = settings("api.listen = \"0.0.0.0:8001\"\nhealth.listen = \"[::]:9999\"\n", &[]);
    let severities = |good| exposure(&open, good).into_iter().map(|found| found.severity).collect::<Vec<_>>();
    assert_eq!(severities(Some(0)), [Severity::High, Severity::Low]);
    assert_eq!(severities(Some(1)), [Severity::Medium, Severity::Low]);
    assert_eq!(severities(None), [Severity::Medium, Severity::Low]);
    let trying = "log.level = \"info,wirereport=trace\"\n[feeds.espn]\nbase_url = \"http://127.0.0.1:9\"\n\
                  [channels.hook]\nkind = \"webhook\"\nurl = \"http://hook.example/\"\nallow_http = true\n\
                  secret_env = \"HOOK_SECRET\"\n";
    assert_eq!(exposure(&settings(trying, &[("WIREREPORT_ENV", "staging")]), Some(1)), []);
    let found = exposure(&settings(trying, &[("WIREREPORT_ENV", "production")]), Some(1));
    let places: Vec<&str> = found.iter().map(|finding| finding.place.as_str()).collect();
    assert_eq!(places, ["log.level", "channels.hook.allow_http", "feeds.espn.base_url"]);
}

#[test]
fn tokens_that_are_good_for_too_long_or_no_longer_are_told() {
    let at = |day: i64| Timestamp::from_second(1_750_000_000 + day * 86_400).expect("a time");
    let token = |scopes: &str, days: i64| TokenRecord {
        id: "id".to_owned(),
        name: "desk".to_owned(),
        scopes: scopes.to_owned(),
        key: "k1".to_owned(),
        issued_at: at(0),
        issued_by: "socket:0".to_owned(),
        expires_at: at(days),
        revoked_at: None,
    };
    let judge = |token: TokenRecord, day: i64| tokens(&[token], Some("k1"), at(day));
    assert_eq!(judge(token("read", 365), 1), []);
    assert_eq!(judge(token("admin", 90), 1), []);
    let long = judge(token("read admin", 365), 1);
    assert_eq!(whats(&long), [(Severity::Medium, "it may do everything and is good for 365 days")]);
    assert_eq!(whats(&judge(token("read", 30), 25)), [(Severity::Low, "it expires within a week")]);
    let expired = judge(token("admin", 365), 366);
    assert_eq!(whats(&expired), [(Severity::Low, "it has expired; whoever used it is shut out")]);
    assert_eq!(judge(TokenRecord { revoked_at: Some(at(2)), ..token("admin", 365) }, 3), []);
    let older = tokens(&[token("read", 100)], Some("k2"), at(1));
    assert_eq!(whats(&older), [(Severity::Low, "an older key signed it")]);
}
