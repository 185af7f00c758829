//! What systemd is told.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use tokio::process::Command;

use crate::boards::{night, telling};
use crate::desk::Desk;

/// A service manager that hears what it is told.
struct Manager(UnixDatagram);

impl Manager {
    fn listening(desk: &mut Desk) -> Self {
        let socket = desk.path("notify.sock");
        let manager = UnixDatagram::bind(&socket).unwrap();
        manager.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        desk.set("NOTIFY_SOCKET", socket.to_str().unwrap());
        desk.set("WATCHDOG_USEC", "200000");
        Self(manager)
    }

    /// Hears messages until one says that; every line of them, in order.
    async fn hears(&self, last: &str) -> Vec<String> {
        let socket = self.0.try_clone().unwrap();
        let last = last.to_owned();
        let hearing = tokio::task::spawn_blocking(move || {
            let mut lines: Vec<String> = Vec::new();
            let mut message = [0; 4096];
            while !lines.contains(&last) {
                let length =
                    socket.recv(&mut message).unwrap_or_else(|error| panic!("{error} after {lines:?}"));
                lines.extend(String::from_utf8_lossy(&message[..length]).lines().map(str::to_owned));
            }
            lines
        });
        hearing.await.unwrap()
    }
}

#[tokio::test]
async fn systemd_is_told_of_the_start_the_pulse_and_the_stop_in_this_order() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&telling(&scoreboard));
    let manager = Manager::listening(&mut desk);
    let service = desk.start(&[]);
    let told = manager.hears("WATCHDOG=1").await;
    assert_eq!(told, ["READY=1", "STATUS=following 1 leagues", "WATCHDOG=1"]);
    assert_eq!(manager.hears("WATCHDOG=1").await, ["WATCHDOG=1"], "again and again");
    service.signal("TERM").await;
    let told = manager.hears("STATUS=draining").await;
    let (rest, beats): (Vec<_>, Vec<_>) = told.iter().partition(|line| *line != "WATCHDOG=1");
    assert_eq!(rest, ["STOPPING=1", "STATUS=draining"], "after {} beats", beats.len());
    assert_eq!(service.ended().await.0, Some(0));
}

#[tokio::test]
async fn a_standby_is_ready_to_systemd_and_its_watchdog_is_fed() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let manager = Manager::listening(&mut desk);
    let standby = desk.start(&["--standby"]);
    let told = manager.hears("WATCHDOG=1").await;
    assert_eq!(told[0], "READY=1");
    assert!(
        told[1].starts_with(&format!("STATUS=standing by while process {} works in ", service.pid())),
        "{told:?}"
    );
    service.stop().await;
    let told = manager.hears("STATUS=following 1 leagues").await;
    assert!(told.contains(&"READY=1".to_owned()));
    standby.stop().await;
}

#[tokio::test]
async fn what_cannot_start_never_says_that_it_is_ready() {
    let mut desk = Desk::with("histroy = 3\n");
    let manager = Manager::listening(&mut desk);
    desk.run(&["run"]).await.refused(78);
    manager.0.set_nonblocking(true).unwrap();
    let told = manager.0.recv(&mut [0; 64]);
    assert_eq!(told.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

/// The unit that comes with the program, with the program that is tested in it.
fn unit(desk: &Desk) -> std::path::PathBuf {
    let unit = include_str!("../../config/wirereport.service");
    let unit = unit.replace("/usr/local/bin/wirereport", env!("CARGO_BIN_EXE_wirereport"));
    desk.write("wirereport.service", unit);
    desk.path("wirereport.service")
}

/// What `systemd-analyze` says of the unit; `None` where it is not there.
async fn analyze(args: &[&str], unit: &std::path::Path) -> Option<(bool, String)> {
    let Ok(output) = Command::new("systemd-analyze").args(args).arg(unit).output().await else {
        println!("systemd-analyze is not here; what it says of the unit was not tested");
        return None;
    };
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[tokio::test]
async fn systemd_finds_no_fault_with_the_unit() {
    let desk = Desk::bare();
    let Some((sound, said)) = analyze(&["verify"], &unit(&desk)).await else { return };
    assert!(sound && said.is_empty(), "{said}");
}

#[tokio::test]
async fn systemd_finds_the_unit_hardly_exposed() {
    let desk = Desk::bare();
    let Some((_, said)) = analyze(&["security", "--offline=yes", "--no-pager"], &unit(&desk)).await else {
        return;
    };
    let line = said.lines().find(|line| line.contains("Overall exposure level")).unwrap_or_default();
    println!("{line}");
    let exposure = line.rsplit_once(": ").and_then(|(_, rest)| rest.split(' ').next()?.parse::<f64>().ok());
    assert!(exposure.is_some_and(|exposure| exposure <= 1.5), "{said}");
}

#[test]
fn the_unit_has_what_the_service_needs_of_systemd() {
    let unit = include_str!("../../config/wirereport.service");
    for line in [
        "Type=notify",
        "WatchdogSec=30",
        "StateDirectory=wirereport",
        "Restart=on-failure",
        "RestartPreventExitStatus=78",
        "LoadCredential=BRAIN_API_SECRET_KEY:/etc/wirereport/secrets/BRAIN_API_SECRET_KEY",
        "LoadCredential=secrets.key:/etc/wirereport/secrets.key",
    ] {
        assert!(unit.lines().any(|found| found == line), "{line}");
    }
}
