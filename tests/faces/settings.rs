//! Settings: written, checked, reloaded, and wrong while the service runs.

use serde_json::Value;

use crate::boards::{night, telling};
use crate::desk::Desk;

#[tokio::test]
async fn a_settings_file_is_written_once_and_holds_the_defaults() {
    let desk = Desk::bare();
    let said = desk.run(&["init"]).await.ok();
    assert_eq!(said, "wrote config/wirereport.toml; `wirereport validate` checks it\n");
    let there = desk.run(&["init"]).await.sentence(1);
    assert_eq!(there, "config/wirereport.toml is already there; name another file");
    let text = std::fs::read_to_string(desk.path("config/wirereport.toml")).unwrap();
    assert_eq!(desk.run(&["init", "-"]).await.ok(), text);

    let with = desk.json(&["validate"]).await;
    std::fs::remove_file(desk.path("config/wirereport.toml")).unwrap();
    let without = desk.json(&["validate"]).await;
    assert_eq!(with["settings"], without["settings"], "it says nothing but the defaults");
    assert_eq!((&with["file"], &without["file"]), (&"config/wirereport.toml".into(), &Value::Null));
}

#[tokio::test]
async fn settings_are_checked_without_a_network_and_told_with_their_places() {
    let desk = Desk::with(
        "[sports]\nfollow = [\"nba\"]\nthreshold = 0.5\n[feeds.espn]\nbase_url = \"http://127.0.0.1:9\"\n",
    );
    let said = desk.run(&["validate"]).await.ok();
    assert!(said.contains("settings  wire.toml") && said.contains("NBA: all kinds from 0.5"), "{said}");
    let said = desk.run(&["validate", "--origins"]).await.ok();
    let line = said.lines().find(|line| line.starts_with("sports.threshold = 0.5"));
    assert!(line.unwrap().contains("wire.toml:7"), "{said}");
    let elsewhere = desk.json(&["validate", "--state-dir", "elsewhere"]).await;
    assert_eq!(elsewhere["settings"]["state_dir"], desk.path("elsewhere").to_str().unwrap());
    assert!(!desk.path("state").exists() && !desk.path("elsewhere").exists(), "nothing was made");
}

#[tokio::test]
async fn templates_are_checked_with_the_settings() {
    let desk = Desk::with("templates.directory = \"templates\"\n");
    let said = desk.run(&["validate"]).await.sentence(78);
    assert!(said.contains("templates.directory") && said.contains("which is no folder"), "{said}");
    std::fs::create_dir(desk.path("templates")).unwrap();
    desk.write(
        "templates/tie.toml",
        "[[any]]\nlong = \"{{ scoer }} {{ line }}\"\nshort = \"{{ line }}\"\ntitle = \"{{ line }}\"\n",
    );
    for command in ["validate", "run"] {
        let said = desk.run(&[command]).await.refused(78);
        assert!(said.contains("tie.toml line 2: there is no word \"scoer\""), "{command}: {said}");
    }
}

#[tokio::test]
async fn a_signal_reloads_the_settings_and_wrong_ones_leave_the_old() {
    let scoreboard = night().await;
    let night = telling(&scoreboard);
    let desk = Desk::with(&night);
    let service = desk.start_ready().await;

    desk.settings(&night.replace("threshold = 0.0", "threshold = 0.4"));
    service.signal("HUP").await;
    let line = service.logged("settings reloaded").await;
    assert!(line.contains("changed=\"sports.nba.threshold\""), "{line}");
    let reloaded = &desk.json(&["status"]).await["last_reload"];
    assert_eq!((&reloaded["changed"][0], &reloaded["error"]), (&"sports.nba.threshold".into(), &Value::Null));
    assert!(desk.run(&["status"]).await.ok().contains(": changed sports.nba.threshold\n"));

    desk.settings(&format!("histroy = 3\n{}", night.replace("threshold = 0.0", "threshold = 0.9")));
    service.signal("HUP").await;
    let line = service.logged("settings not reloaded; the old ones stay").await;
    assert!(line.contains("wire.toml:5:1: the key `histroy` is not known"), "{line}");
    let shown = desk.run(&["status", "--state-dir", "state"]).await.ok();
    assert!(shown.contains("the old ones stay: wire.toml:5:1: the key `histroy`"), "{shown}");

    desk.settings(&night.replace("threshold = 0.0", "threshold = 0.4"));
    let said = desk.run(&["reload"]).await.ok();
    assert_eq!(said, "nothing changed that takes effect while running\n", "the wrong file left no trace");
    service.stop().await;
}

#[tokio::test]
async fn a_reload_says_what_changed_and_what_needs_a_restart() {
    let scoreboard = night().await;
    let night = telling(&scoreboard);
    let desk = Desk::with(&night);
    let service = desk.start_ready().await;
    desk.settings(&format!("history = \"9 days\"\nshutdown = \"20 s\"\n{night}"));
    let said = desk.run(&["reload"]).await.ok();
    assert_eq!(said, "changed: history\nneeds a restart: shutdown\n");
    let said = desk.run(&["reload"]).await.ok();
    assert_eq!(said, "nothing changed that takes effect while running\nneeds a restart: shutdown\n");
    assert!(desk.run(&["status"]).await.ok().contains("; needs a restart: shutdown\n"));
    service.stop().await;
}

#[tokio::test]
async fn the_level_of_the_log_is_changed_by_a_reload() {
    let scoreboard = night().await;
    let night = telling(&scoreboard);
    let desk = Desk::with(&night);
    let service = desk.start_ready().await;
    desk.settings(&format!("log.level = \"error\"\n{night}"));
    desk.run(&["reload"]).await.ok();
    let quiet = service.log().len();
    desk.look("nba").await;
    desk.settings(&night);
    desk.run(&["reload"]).await.ok();
    let line = service.logged_after(quiet, "settings reloaded").await;
    assert!(line.contains("log.level"), "{line}");
    assert_eq!(service.log().len(), quiet + 1, "what happened in between was not logged");
    service.stop().await;
}

#[tokio::test]
async fn a_running_service_is_within_reach_while_its_settings_file_is_wrong() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    desk.settings("histroy = 3\n[sports.nba]\nthreshold = \"high\"\n");
    let said = desk.run(&["reload"]).await.refused(78);
    assert!(said.starts_with("wirereport: the old settings stay: wire.toml:5:1: "), "{said}");
    desk.run(&["stop-publishing"]).await.ok();
    desk.run(&["healthcheck"]).await.ok();
    assert!(desk.run(&["status"]).await.ok().contains("publishing is stopped since"));

    desk.write("wire.toml", "state_dir = \"sta");
    let said = desk.run(&["resume-publishing"]).await.refused(78);
    assert!(
        said.contains("this is not TOML")
            && said.ends_with("or give the service's state directory with --state-dir\n"),
        "{said}"
    );
    desk.run(&["resume-publishing", "--state-dir", "state"]).await.ok();
    std::fs::remove_file(desk.path("wire.toml")).unwrap();
    desk.run(&["status", "--state-dir", "state"]).await.ok();
    service.stop().await;
}
