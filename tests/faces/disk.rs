//! A disk that is full, before the start and in the middle of a night.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::boards::{NBA, night, telling};
use crate::desk::{Desk, nba};

/// A small disk of its own; unmounted when it goes.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// Mounts one of so many kilobytes; `None` where this user may not.
    pub(crate) fn mounted(at: &Path, kilobytes: u32) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"]).arg(at);
        let mounted = mount.output().is_ok_and(|mount| mount.status.success());
        if !mounted {
            println!("skipped: this user may not mount a small disk");
        }
        mounted.then(|| Self(at.to_owned()))
    }

    /// Leaves no byte free.
    pub(crate) fn fill(&self) {
        let filler = std::fs::OpenOptions::new().append(true).create(true).open(self.0.join("filler"));
        let mut filler = filler.unwrap();
        while std::io::Write::write_all(&mut filler, &[0; 512]).is_ok() {}
    }

    /// Lets nobody write on it.
    pub(crate) fn freeze(&self) {
        let frozen = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status();
        assert!(frozen.unwrap().success());
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_at_the_start_is_told_and_may_be_tried_again() {
    let desk = Desk::with("");
    let Some(disk) = Disk::mounted(&desk.path("state"), 1024) else { return };
    disk.fill();
    let sentence = desk.run(&["run"]).await.sentence(1);
    assert!(sentence.starts_with("no room") && sentence.ends_with("free some space there"), "{sentence}");
}

#[tokio::test]
async fn a_disk_that_fills_up_degrades_the_wire_and_loses_nothing() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let Some(disk) = Disk::mounted(&desk.path("state"), 4096) else { return };
    let service = desk.start_ready().await;
    disk.fill();
    scoreboard.advance(NBA);
    desk.look("nba").await;
    let line = service.logged("poll not recorded").await;
    assert!(line.contains("no room for the ledger"), "{line}");
    let shown = desk.run(&["status"]).await.ok();
    assert!(
        shown.contains("no room for the ledger at") && shown.contains("free some space there"),
        "{shown}"
    );
    let refused = desk.run(&["stop-publishing"]).await.sentence(1);
    assert!(refused.contains("no room for the ledger"), "{refused}");
    assert_eq!(desk.run(&["healthcheck"]).await.ok(), "alive\n");

    disk.free();
    service.logged("post sent").await;
    let well = |status: &Value| nba(status)["health"]["state"] == "ok" && status["backlog"]["pending"] == 0;
    desk.status_where("it is well again", well).await;
    assert_eq!(desk.json(&["stories", "--told"]).await.as_array().unwrap().len(), 1);
    service.stop().await;
}
