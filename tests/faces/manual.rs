//! Help, manual pages, completions and the version: they read well and speak of every command.

use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::desk::Desk;

const COMMANDS: [&str; 18] = [
    "run",
    "status",
    "explain",
    "stories",
    "posts",
    "actor",
    "channel",
    "stop-publishing",
    "resume-publishing",
    "reload",
    "validate",
    "init",
    "record",
    "healthcheck",
    "backup",
    "restore",
    "completions",
    "man",
];

#[tokio::test]
async fn the_help_fits_a_terminal_and_lists_every_command_on_a_line_of_its_own() {
    let help = Desk::bare().run(&["--help"]).await.ok();
    for command in COMMANDS {
        let is_listed = |line: &&str| line.trim_start().split("  ").next() == Some(command);
        assert!(help.lines().any(|line| is_listed(&line)), "{command}: {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    for code in ["0 done", "1 what", "64 usage", "69 service not running", "70 the root", "78 configuration"]
    {
        assert!(help.replace('\n', " ").contains(code), "{code}");
    }
}

#[tokio::test]
async fn the_help_of_every_command_says_in_one_line_what_it_does() {
    let desk = Desk::bare();
    let nested = ["posts list", "posts show", "posts retry", "posts discard", "posts resolve"];
    let nested = nested.into_iter().chain([
        "actor list",
        "actor restart",
        "actor pause",
        "actor resume",
        "channel list",
        "channel login",
    ]);
    for command in COMMANDS.into_iter().chain(nested) {
        let args: Vec<&str> = command.split(' ').chain(["-h"]).collect();
        let help = desk.run(&args).await.ok();
        let mut lines = help.lines();
        let first = lines.next().unwrap();
        assert!(first.len() <= 80 && !first.ends_with('.') && !first.is_empty(), "{command}: {first}");
        assert_eq!(lines.next(), Some(""), "{command}: one line");
        assert!(help.contains(&format!("Usage: wirereport {command}")), "{command}: {help}");
        assert!(help.contains("Which wire:") && help.contains("--state-dir <DIR>"), "{command}: {help}");
        let undescribed = help.lines().filter(|line| line.trim_start().starts_with('-'));
        for option in undescribed {
            let described = option.trim_start().contains("  ");
            assert!(described, "{command} does not say what {option:?} means");
        }
    }
}

#[tokio::test]
async fn the_version_is_the_packages() {
    let version = Desk::bare().run(&["--version"]).await.ok();
    assert_eq!(version, format!("wirereport {}\n", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn completions_are_made_for_every_shell_and_bash_takes_them() {
    let desk = Desk::bare();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.run(&["completions", shell]).await.ok();
        assert!(script.contains("resume-publishing"), "{shell}");
    }
    let script = desk.run(&["completions", "bash"]).await.ok();
    let spawned = Command::new("bash").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut bash) = spawned else {
        println!("skipped: there is no bash");
        return;
    };
    bash.stdin.take().unwrap().write_all(script.as_bytes()).await.unwrap();
    let checked = bash.wait_with_output().await.unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test]
async fn there_is_a_manual_page_for_every_command() {
    let desk = Desk::bare();
    let page = desk.run(&["man"]).await.ok();
    assert!(page.contains(".TH wirereport 1") && page.contains("wirereport\\-run(1)"), "{page}");
    let page = desk.run(&["man", "posts", "retry"]).await.ok();
    assert!(page.contains(".TH wirereport-posts-retry 1"), "{page}");

    std::fs::create_dir(desk.path("man1")).unwrap();
    desk.run(&["man", "--all", "man1"]).await.ok();
    for command in COMMANDS {
        assert!(desk.path(&format!("man1/wirereport-{command}.1")).exists(), "{command}");
    }
    let nowhere = desk.run(&["man", "--all", "nowhere"]).await.sentence(1);
    assert!(nowhere.starts_with("cannot write to nowhere: "), "{nowhere}");
}
