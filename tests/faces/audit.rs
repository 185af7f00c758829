//! `wirereport audit`: what is open is found, and what is well is not.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::boards::{night, telling};
use crate::desk::Desk;

fn set_mode(desk: &Desk, name: &str, mode: u32) {
    std::fs::set_permissions(desk.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

/// What it found: severities with places, below the desk's own folder.
fn found(desk: &Desk, report: &Value) -> Vec<String> {
    let folder = format!("{}/", desk.path("").display()).replace("//", "/");
    let findings = report["findings"].as_array().unwrap().iter();
    let told = findings.map(|finding| {
        assert!(!finding["mend"].as_str().unwrap().is_empty());
        let place = finding["place"].as_str().unwrap().replace(&folder, "");
        format!("{} {} {place}", finding["severity"].as_str().unwrap(), finding["check"].as_str().unwrap())
    });
    told.collect()
}

/// Runs it; its code, and what it printed as JSON.
async fn audit(desk: &Desk, args: &[&str]) -> (i32, Value) {
    let args: Vec<&str> = ["audit", "--json"].iter().chain(args).copied().collect();
    let outcome = desk.run(&args).await;
    (outcome.code.unwrap(), serde_json::from_str(&outcome.out).unwrap())
}

#[tokio::test]
async fn an_installation_that_is_well_has_no_finding_while_it_runs_and_after() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    desk.write(".env", "RAPIDAPI_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9\n");
    set_mode(&desk, ".env", 0o600);
    let said = desk.run(&["audit"]).await.ok();
    assert!(said.ends_with("nothing is open that should not be\n"), "before the first start: {said}");
    let service = desk.start_ready().await;
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/config/wirereport.service");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let (code, report) = audit(&desk, &["--unit", unit, "--tree", source]).await;
    let findings = found(&desk, &report);
    let alarms: Vec<&String> = findings.iter().filter(|finding| !finding.starts_with("low ")).collect();
    assert_eq!((code, alarms), (0, vec![]), "{report}");
    let lines = service.stop().await;
    desk.write("wire.log", lines.join("\n"));
    let (code, report) = audit(&desk, &["--log", "wire.log"]).await;
    assert_eq!((code, found(&desk, &report)), (0, vec![]), "{report}");
}

#[tokio::test]
async fn all_that_is_open_is_found_with_how_to_mend_it() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&(telling(&scoreboard) + "[log]\nlevel = \"trace\"\n"));
    desk.start_ready().await.stop().await;
    let secret = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    desk.write(".env", format!("RAPIDAPI_KEY={secret}\n"));
    desk.write("wire.log", format!("ready\nGET https://scores.example/ x-rapidapi-key: {secret}\n"));
    desk.write(
        "unit.service",
        "[Service]\nExecStart=/bin/wirereport run\nEnvironment=RAPIDAPI_KEY=hunter2hunter2\n",
    );
    std::fs::create_dir(desk.path("code")).unwrap();
    desk.write("code/bot.py", format!("api_key = \"{}\"\n", ["hV4pQz8LmN2xRt", "6YbK9wJc3DfG7sAe"].concat()));
    desk.run(&["secrets", "keygen"]).await.ok();
    for (name, mode) in
        [(".env", 0o644), ("wire.toml", 0o666), ("secrets.key", 0o640), ("state/brain-api.key", 0o604)]
    {
        set_mode(&desk, name, mode);
    }
    set_mode(&desk, "state", 0o755);
    desk.set("WIREREPORT_ENV", "production");
    desk.set("WIREREPORT_API__LISTEN", "0.0.0.0:0");
    let args = ["--log", "wire.log", "--tree", "code", "--unit", "unit.service"];
    let (code, report) = audit(&desk, &args).await;
    assert_eq!(code, 1);
    let findings = found(&desk, &report);
    for expected in [
        "high permissions .env",
        "high permissions wire.toml",
        "high permissions secrets.key",
        "high permissions state/brain-api.key",
        "high token the signing key",
        "high secret_in_log wire.log:2",
        "high hard_coded_secret code/bot.py:1",
        "high exposure api.listen = 0.0.0.0:0",
        "high unit unit.service",
        "medium permissions state",
        "medium debug log.level",
        "medium debug feeds.espn.base_url",
    ] {
        assert!(findings.iter().any(|finding| finding == expected), "{expected} is not in {findings:#?}");
    }
    let text = desk.run(&[&["audit"], &args[..]].concat()).await;
    assert_eq!(text.code, Some(1));
    assert!(text.err.ends_with("findings are of high severity; mend them now\n"), "{}", text.err);
    assert!(text.out.contains("high    .env: ") && text.out.contains("→ chmod 600 .env"), "{}", text.out);
    assert!(
        !text.out.contains(secret) && !report.to_string().contains(secret),
        "no finding shows what it found"
    );
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_said() {
    let desk = Desk::with("");
    let said = desk.run(&["audit", "--log", "absent.log"]).await.sentence(1);
    assert!(said.starts_with("cannot read the log absent.log: No such file"), "{said}");
    let said = desk.run(&["audit", "--tree", "absent"]).await.sentence(1);
    assert!(said.starts_with("cannot read absent: No such file"), "{said}");
    let (code, report) = audit(&desk, &["--unit", "absent.service"]).await;
    assert_eq!(code, 0);
    assert!(
        report["notes"][0].as_str().unwrap().starts_with("the unit absent.service cannot be read"),
        "{report}"
    );
}
