//! Whatever can be wrong with what the wire is given is said in one sentence: what, where, and what to do.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::boards::{SECRET, newsroom, night, telling};
use crate::desk::{Desk, recording};

const NBA: &str = "nba-atl-bos-117-116.jsonl";

async fn refused(desk: &Desk, args: &[&str], code: i32, parts: &[&str]) {
    let sentence = desk.run(args).await.sentence(code);
    for part in parts {
        assert!(sentence.contains(part), "{args:?} does not say {part:?}: {sentence}");
    }
}

#[tokio::test]
async fn a_settings_file_that_is_not_there_is_named() {
    let desk = Desk::bare();
    for command in ["run", "validate", "status", "record night.jsonl --sport nba"] {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.extend(["--config", "nofile.toml"]);
        let said = desk.run(&args).await.refused(78);
        assert!(
            said.starts_with("wirereport: nofile.toml: cannot be read (there is no such file)"),
            "{said}"
        );
    }
    assert!(!desk.path("night.jsonl").exists());
}

#[tokio::test]
async fn wrong_settings_are_told_with_file_line_key_and_the_nearest_name() {
    let desk = Desk::bare();
    desk.write("wire.toml", "[sports\nfollow = 3\n");
    refused(&desk, &["run"], 78, &["wire.toml:1:8: this is not TOML"]).await;
    desk.write("wire.toml", "histroy = \"3 days\"\n");
    refused(&desk, &["run"], 78, &["wire.toml:1:1: the key `histroy` is not known; did you mean `history`?"])
        .await;
    desk.write("wire.toml", "\nshutdown = \"soon\"\n");
    refused(
        &desk,
        &["validate"],
        78,
        &["wire.toml:2:12: `shutdown` must be a duration", "and \"soon\" is not"],
    )
    .await;
    desk.write("wire.toml", "histroy = 1\nshutdown = 2\n");
    let said = desk.run(&["validate"]).await.refused(78);
    assert_eq!(said.lines().count(), 2, "everything is told at once: {said}");
    assert!(!desk.path(".local").exists(), "nothing was made");
}

#[tokio::test]
async fn a_variable_that_no_setting_has_is_told_with_the_nearest_one() {
    let mut desk = Desk::bare();
    desk.set("WIREREPORT_HTTP__LISTN", "off");
    refused(
        &desk,
        &["run"],
        78,
        &["environment variable WIREREPORT_HTTP__LISTN", "did you mean WIREREPORT_HTTP__LISTEN?"],
    )
    .await;
}

#[tokio::test]
async fn a_port_that_is_in_use_is_named_with_the_setting_that_moves_it() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for key in ["http.listen", "api.listen", "health.listen"] {
        let mut desk = Desk::with("");
        desk.set(&format!("WIREREPORT_{}", key.to_uppercase().replace('.', "__")), &address);
        let sentence = desk.run(&["run"]).await.sentence(1);
        assert_eq!(
            sentence,
            format!(
                "cannot listen on {address}: another process listens there; stop it, or set `{key}` to another address"
            )
        );
    }
    let mut desk = Desk::with("");
    desk.set("WIREREPORT_HTTP__LISTEN", "192.0.2.1:8000");
    refused(&desk, &["run"], 1, &["this machine has no such address; set `http.listen`"]).await;
}

#[tokio::test]
async fn a_state_directory_that_cannot_be_used_is_named() {
    let desk = Desk::with("");
    desk.write("file", "");
    for dir in ["file", "file/below", "/proc/none"] {
        let parts = ["cannot be used", "set `state_dir` or --state-dir to a directory this user may write"];
        refused(&desk, &["run", "--state-dir", dir], 78, &parts).await;
    }
    refused(&desk, &["status", "--state-dir", "file"], 69, &["no service is running"]).await;
}

#[tokio::test]
async fn a_state_directory_of_somebody_else_is_told_from_one_without_a_service() {
    let desk = Desk::with("");
    std::fs::create_dir(desk.path("state")).unwrap();
    std::fs::set_permissions(desk.path("state"), std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read_dir(desk.path("state")).is_ok() {
        println!("skipped: this user may read whatever there is");
        return;
    }
    refused(&desk, &["run"], 78, &["cannot be used", "Permission denied"]).await;
    for command in ["status", "stories"] {
        refused(&desk, &[command], 1, &["this user may not talk to the service at"]).await;
    }
}

/// A finished replay's ledger, put where the desk's own would be.
async fn with_ledger(desk: &Desk) -> std::path::PathBuf {
    let replayed = recording(NBA);
    desk.run(&["run", "--replay", replayed.to_str().unwrap(), "--speed", "max"]).await.ok();
    let replays = std::fs::read_dir(desk.path("state/replays")).unwrap();
    let replay = replays.last().unwrap().unwrap().path();
    let ledger = desk.path("state/ledger.db");
    std::fs::copy(replay.join("ledger.db"), &ledger).unwrap();
    ledger
}

#[tokio::test]
async fn a_damaged_ledger_is_told_and_left_as_it_is() {
    let desk = Desk::with("");
    let ledger = with_ledger(&desk).await;
    let whole = std::fs::read(&ledger).unwrap();
    let garbage: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for damaged in [garbage.as_slice(), &whole[..whole.len() / 2 - 100]] {
        std::fs::write(&ledger, damaged).unwrap();
        for command in ["run", "stories"] {
            let parts = ["state/ledger.db is damaged", "restore a backup with `wirereport restore`"];
            refused(&desk, &[command], 78, &parts).await;
        }
        assert_eq!(std::fs::read(&ledger).unwrap(), damaged, "nothing of it is lost");
    }
}

#[tokio::test]
async fn a_ledger_of_a_newer_version_is_told_and_left_as_it_is() {
    let desk = Desk::with("");
    let ledger = with_ledger(&desk).await;
    let conn = rusqlite::Connection::open(&ledger).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let before = std::fs::read(&ledger).unwrap();
    for command in ["run", "stories"] {
        refused(
            &desk,
            &[command],
            78,
            &["has schema 99, this version knows", "upgrade wirereport or restore a backup"],
        )
        .await;
    }
    assert_eq!(std::fs::read(&ledger).unwrap(), before);
}

#[tokio::test]
async fn what_is_no_recording_is_told_with_what_to_do() {
    let desk = Desk::with("");
    let whole = std::fs::read_to_string(recording(NBA)).unwrap();
    let header = whole.lines().next().unwrap();
    let of_cricket = whole.replacen("\"sport\":\"nba\"", "\"sport\":\"cricket\"", 1);
    let newer = whole.replacen("\"version\":1", "\"version\":9", 1);
    let bad_frame = whole.replacen("\"board\":[0]", "\"bored\":[0]", 1);
    let cases: [(&str, &[u8], &str); 6] = [
        ("garbage.jsonl", &[0x93, 0xff, 0x00, 0x0a, 0x7b], "garbage.jsonl"),
        ("empty.jsonl", b"", "empty.jsonl line 1 is not the header of a wirereport recording"),
        ("header.jsonl", header.as_bytes(), "header.jsonl holds no frames; make the recording again"),
        ("cricket.jsonl", of_cricket.as_bytes(), "is of cricket, which this version does not know"),
        ("newer.jsonl", newer.as_bytes(), "is of format version 9, this wirereport reads version 1"),
        ("frame.jsonl", bad_frame.as_bytes(), "frame.jsonl line 2 is not a frame"),
    ];
    for (name, bytes, part) in cases {
        desk.write(name, bytes);
        refused(&desk, &["run", "--replay", name], 1, &[part]).await;
    }
    refused(&desk, &["run", "--replay", "none.jsonl"], 1, &["none.jsonl", "No such file"]).await;
}

#[tokio::test]
async fn a_channel_that_is_not_set_up_cannot_be_replayed_to() {
    let desk = Desk::with("");
    let replayed = recording(NBA);
    let args = ["run", "--replay", replayed.to_str().unwrap(), "--channel", "newsrom"];
    refused(&desk, &args, 78, &["no channel is called newsrom: set it up in [channels.newsrom]"]).await;
}

#[tokio::test]
async fn a_secret_that_is_missing_is_told_with_its_name_and_its_channel() {
    let desk = Desk::with(&newsroom("http://127.0.0.1:9/hook"));
    for command in ["run", "validate"] {
        refused(&desk, &[command], 78, &["wire.toml:", "NEWSROOM_SECRET", "newsroom"]).await;
    }
    desk.run(&["validate", "--without-secrets"]).await.ok();
}

#[tokio::test]
async fn a_state_directory_in_which_another_process_works_is_told_with_its_number() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let pid = format!("process {} already works in ", service.pid());
    refused(&desk, &["run"], 1, &[&pid, "start this one with --standby to take over when it ends"]).await;
    desk.run(&["backup", "backup.db"]).await.ok();
    refused(&desk, &["restore", "backup.db"], 1, &[&pid, "stop it before you restore"]).await;
    assert_eq!(desk.run(&["healthcheck"]).await.ok(), "alive\n", "it was not disturbed");
    service.stop().await;
}

#[tokio::test]
async fn stories_and_posts_that_are_not_there_are_told_with_the_nearest() {
    let desk = Desk::with("");
    with_ledger(&desk).await;
    let final_story = "nba-20241112-atl-bos/final/4/1";
    desk.run(&["explain", final_story]).await.ok();
    let near = "nba-20241112-atl-bos/final/4/2";
    refused(
        &desk,
        &["explain", near],
        1,
        &[&format!("no story {near}; did you mean nba-20241112-atl-bos/final/4/1?")],
    )
    .await;
    let lists = "`wirereport stories` lists them";
    refused(&desk, &["explain", "what happened?"], 1, &["no story what happened?; ", lists]).await;
    refused(&desk, &["posts", "show", "999"], 1, &["no post 999"]).await;
    refused(&desk, &["stories", "--sport", "nbaa"], 1, &["no league is called nbaa; did you mean nba?"])
        .await;
}

#[tokio::test]
async fn posts_that_are_not_there_cannot_be_changed() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    for change in [&["retry", "999"][..], &["discard", "999"], &["resolve", "999", "--sent"]] {
        refused(&desk, &[&["posts"], change].concat(), 1, &["no post 999"]).await;
    }
    service.stop().await;
}

#[tokio::test]
async fn whatever_needs_the_service_leaves_by_69_where_there_is_none() {
    let desk = Desk::with("");
    let commands = [
        "status",
        "actor list",
        "actor pause nba",
        "actor resume nba",
        "actor restart nba",
        "stop-publishing",
        "resume-publishing",
        "reload",
        "healthcheck",
        "posts retry 1",
        "posts discard 1",
        "posts resolve 1 --sent",
        "stories",
        "posts list",
        "explain x",
        "backup backup.db",
    ];
    for command in commands {
        let args: Vec<&str> = command.split(' ').collect();
        refused(&desk, &args, 69, &["no service is running at", "`wirereport run`"]).await;
    }
    assert!(!desk.path("state").exists() && !desk.path("backup.db").exists(), "nothing was made");
}

#[tokio::test]
async fn a_command_line_that_is_wrong_leaves_by_64() {
    let desk = Desk::with("");
    let cases = [
        ("", "Usage: wirereport"),
        ("frobnicate", "unrecognized subcommand 'frobnicate'"),
        ("posts lst", "a similar subcommand exists: 'list'"),
        ("posts show seven", "invalid value 'seven'"),
        ("posts list --state lost", "possible values: awaiting_approval, pending"),
        ("posts list --limit 10001", "10001 is not in 1..=10000"),
        ("posts resolve 1", "<--sent|--not-sent>"),
        ("run --speed max", "--replay <FILE>"),
        ("run --replay x --speed fast", "`fast` is not a speed"),
        ("record night.jsonl --sport nbaa", "no league is called nbaa; did you mean nba?"),
        ("man frobnicate", "no command is called frobnicate"),
    ];
    for (command, part) in cases {
        let args: Vec<&str> = command.split_whitespace().collect();
        let said = desk.run(&args).await.refused(64);
        assert!(said.contains(part), "{command}: {said}");
    }
}

#[tokio::test]
async fn a_secret_in_a_file_that_is_wrong_is_never_shown() {
    let desk = Desk::with(&format!(
        "[channels.newsroom]\nkind = \"webhook\"\nurl = \"https://x.example/\"\nsecret = \"{SECRET}\"\n"
    ));
    let said = desk.run(&["validate"]).await.refused(78);
    assert!(said.contains("a secret") && !said.contains(&SECRET[6..]), "{said}");
}
