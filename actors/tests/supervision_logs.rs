//! What supervision says in the log. Alone in its binary: tests on other threads, which have no subscriber, would
//! switch off the very lines that are looked for here.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;
use wirereport_actors::supervision::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Fails as soon as it runs.
struct Doomed;

impl Actor for Doomed {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, me: ActorRef<()>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(me.send_message(())?)
    }

    async fn handle(&self, _: ActorRef<()>, (): (), (): &mut ()) -> Result<(), ActorProcessingErr> {
        Err("boom".into())
    }
}

#[tokio::test(start_paused = true)]
async fn every_turn_in_a_childs_life_is_one_line_with_its_supervisor_and_name() {
    let lines = Lines::default();
    let writer = lines.clone();
    let format = tracing_subscriber::fmt::layer().without_time().with_target(false).with_ansi(false);
    let ours = Targets::new().with_target("wirereport_actors", Level::INFO);
    let layer = format.with_writer(move || writer.clone()).with_filter(ours);
    let _guard = tracing_subscriber::registry().with(layer).set_default();

    let two_seconds = Duration::from_secs(2);
    let backoff = Backoff { initial: two_seconds, max: two_seconds, jitter: 0.0, reset_after: Duration::MAX };
    let doomed =
        ChildSpec::worker("nba", |context| async move { Ok(context.spawn(Doomed, ()).await?.get_cell()) });
    let one = Intensity { restarts: 1, within: Duration::from_secs(60) };
    let spec = SupervisorSpec::new("root", Strategy::OneForOne, one).child(doomed.backoff(backoff));
    let tree = Supervisor::start_root(spec, RootOptions::default()).await.expect("the tree starts");
    tree.terminated().await;

    let text = String::from_utf8(lines.0.lock().expect("no writer panics").clone()).expect("it is text");
    insta::assert_snapshot!(text.trim(), @r#"
    INFO child started supervisor="root" child="nba"
     WARN child exited supervisor="root" child="nba" kind=Failed exit=boom
     INFO restart scheduled supervisor="root" child="nba" failures=1 after_ms=2000
     INFO child started supervisor="root" child="nba"
     WARN child exited supervisor="root" child="nba" kind=Failed exit=boom
    ERROR escalated supervisor="root" child="nba" exit=boom
    "#);
}
