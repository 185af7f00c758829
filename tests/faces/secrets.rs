//! Secrets: encrypted, brought under new keys, refused, and never shown.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;

use crate::boards::{SECRET, newsroom, night, telling};
use crate::desk::{Desk, Outcome, within};
use crate::receiver::Receiver;

/// Runs a command that reads this from standard input.
async fn piped(desk: &Desk, args: &[&str], input: &str) -> Outcome {
    let mut command = desk.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
    let output = within("the command ends", child.wait_with_output()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn mode(desk: &Desk, name: &str) -> u32 {
    desk.path(name).metadata().unwrap().permissions().mode() & 0o7777
}

fn set_mode(desk: &Desk, name: &str, mode: u32) {
    std::fs::set_permissions(desk.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_secret_is_encrypted_used_and_brought_under_a_new_key() {
    let scoreboard = night().await;
    let receiver = Receiver::start(SECRET).await;
    let desk = Desk::with(&(telling(&scoreboard) + &newsroom(&receiver.url())));
    let said = desk.run(&["secrets", "keygen"]).await.ok();
    assert_eq!(said, "made a key in secrets.key; keep a copy of it, apart from the secrets\n");
    assert_eq!(mode(&desk, "secrets.key"), 0o600);
    let sealed = piped(&desk, &["secrets", "encrypt"], &format!("{SECRET}\n")).await.ok();
    assert!(sealed.starts_with("gAAAAA") && sealed.lines().count() == 1, "{sealed}");
    desk.write(".env", format!("# The newsroom.\nNEWSROOM_SECRET='{}'\nOTHER=1\n", sealed.trim()));
    set_mode(&desk, ".env", 0o600);
    desk.run(&["validate"]).await.ok();

    let said = desk.run(&["secrets", "keygen"]).await.ok();
    assert!(said.contains("which has 2 now; run `wirereport secrets rotate`"), "{said}");
    let said = desk.run(&["secrets", "rotate"]).await.ok();
    assert_eq!(said, ".env: 1 brought under the newest key, 0 already there\n");
    let newest = std::fs::read_to_string(desk.path("secrets.key")).unwrap();
    desk.write("secrets.key", newest.lines().next().unwrap());
    let env = std::fs::read_to_string(desk.path(".env")).unwrap();
    assert!(
        env.starts_with("# The newsroom.\nNEWSROOM_SECRET='gAAAAA") && env.ends_with("'\nOTHER=1\n"),
        "{env}"
    );
    assert!(!env.contains(sealed.trim()));
    assert_eq!(mode(&desk, ".env"), 0o600);
    let service = desk.start_ready().await;
    service.stop().await;

    set_mode(&desk, "secrets.key", 0o644);
    let said = desk.run(&["run"]).await.sentence(78);
    assert!(
        said.contains(
            "cannot use the secret NEWSROOM_SECRET from NEWSROOM_SECRET in .env: it is encrypted, and others \
                       may read the key file secrets.key, whose mode is 0644; run `chmod 600 secrets.key`"
        ),
        "{said}"
    );
}

#[tokio::test]
async fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    let desk = Desk::with("");
    desk.run(&["secrets", "keygen"]).await.ok();
    let said = desk.run(&["secrets", "encrypt", "hunter2hunter2"]).await.sentence(64);
    assert!(
        said.starts_with("a secret on the command line is seen by other users") && !said.contains("hunter2")
    );
    let said = piped(&desk, &["secrets", "encrypt"], "changeme\n").await.sentence(1);
    assert_eq!(said, "not encrypted: it is a placeholder; give the real secret");
    let said = desk.run(&["secrets", "rotate"]).await.sentence(1);
    assert!(said.starts_with(".env cannot be read (No such file"), "{said}");
    std::fs::remove_file(desk.path("secrets.key")).unwrap();
    let said = piped(&desk, &["secrets", "encrypt"], "hunter2hunter2").await.sentence(78);
    assert!(said.starts_with("there is no key file; make one with `wirereport secrets keygen`"), "{said}");
}

#[tokio::test]
async fn a_weak_signing_key_keeps_the_service_from_starting_and_none_has_one_made() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&telling(&scoreboard));
    desk.start_ready().await.stop().await;
    assert_eq!(mode(&desk, "state/brain-api.key"), 0o600);
    let made = std::fs::read_to_string(desk.path("state/brain-api.key")).unwrap();
    assert!(made.trim().len() >= 32);
    let lines = desk.start_ready().await.stop().await;
    assert_eq!(std::fs::read_to_string(desk.path("state/brain-api.key")).unwrap(), made);
    assert!(!lines.iter().any(|line| line.contains(made.trim())));
    set_mode(&desk, "state/brain-api.key", 0o640);
    let said = desk.run(&["run"]).await.refused(78);
    assert!(said.contains("others may read the key file") && said.contains("chmod 600"), "{said}");

    desk.set("BRAIN_API_SECRET_KEY", "aW4gdHJ1dGggaXQncyBzaG9ydA");
    for command in ["run", "validate"] {
        let said = desk.run(&[command]).await.sentence(78);
        assert!(said.contains("it is 26 bytes long and must have 32 or more"), "{said}");
        assert!(!said.contains("aW4gdHJ1"), "{said}");
    }
}

#[test]
#[should_panic(expected = "a secret stands in the log")]
fn a_secret_that_stands_somewhere_is_found() {
    let planted = [("NEWSROOM_SECRET", "sideline-radio-92".to_owned())];
    crate::planted::none_in("the log", "ready\nsigned with sideline-radio-92", &planted);
}
