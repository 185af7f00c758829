//! The API under a fuzzer that goes by its description: no 5xx, and no answer that breaks its schema.
//!
//! Skipped, in one line, where Python or its packages are not to be had. `WIREREPORT_EXAMPLES` is how many requests are drawn for
//! each operation.

use std::time::Duration;

use tokio::process::Command;

use crate::boards::{NBA, night, telling};
use crate::desk::{Desk, within};

/// Far longer than it takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(1200);
/// How the script says that it cannot run here.
const SKIPPED: i32 = 77;

#[tokio::test]
async fn a_fuzzer_that_goes_by_the_description_finds_no_breach_of_it() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    service.logged("post sent").await;
    let token =
        within("a token", desk.command(&["token", "issue", "--name", "fuzzer", "--scope", "admin"]).output());
    let token = String::from_utf8(token.await.unwrap().stdout).unwrap();
    let url = format!("http://{}", service.address("api").await);
    let examples = std::env::var("WIREREPORT_EXAMPLES").unwrap_or_else(|_| "5".to_owned());

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/fuzz.sh");
    let mut fuzzer = Command::new(script);
    fuzzer.args([&url, &examples]).env("TOKEN", token.trim()).current_dir(desk.path("")).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, fuzzer.output()).await.expect("it comes to an end").unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(SKIPPED) {
        return;
    }
    assert!(output.status.success(), "{said}");
    assert!(!service.log().iter().any(|line| line.contains("panicked")), "{:#?}", service.log());
    service.stop().await;
}
