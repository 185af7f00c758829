//! A panic in a process that logs. It has a process of its own, since the panic hook is one for all threads.

use std::io::Write;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use wirereport::settings::{LogFormat, LogSettings};
use wirereport::telemetry::{self, Redactor};

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the paper is whole").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_is_one_line_of_the_log_with_its_thread_and_place_and_without_secrets() {
    let paper = Paper::default();
    let to = paper.clone();
    let redactor = Redactor::default();
    redactor.register(&SecretString::from("hunter2hunter2"));
    let settings = LogSettings { format: LogFormat::Text, level: "info".to_owned() };
    let (subscriber, _level) =
        telemetry::subscriber(&settings, false, &redactor, move || to.clone()).expect("the level is right");
    tracing::subscriber::set_global_default(subscriber).expect("nobody logs yet");
    telemetry::install_panic_hook();

    let thread = std::thread::Builder::new().name("sport-nba".to_owned());
    let ended = thread.spawn(|| panic!("no such game\n  hunter2hunter2\n")).expect("started").join();

    assert!(ended.is_err());
    let text = String::from_utf8(paper.0.lock().expect("the paper is whole").clone()).expect("text");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("ERROR wirereport::panic: panicked: no such game | (secret)"), "{text}");
    assert!(text.contains("thread=\"sport-nba\""), "{text}");
    assert!(text.contains("place=\"tests/telemetry.rs:"), "{text}");
}
