//! Named points at which a process under test ends itself with SIGKILL, or stands still with SIGSTOP. Debug builds alone
//! have them.
//!
//! `WIREREPORT_CRASH_AT=armed:3` ends the process when it comes to the point `armed` for the third time. Nothing unwinds,
//! nothing is flushed and nobody says goodbye, as when the kernel runs out of memory; the task that came to the point goes
//! no step further. With `WIREREPORT_STOP_AT` it goes on from there when it is told to, with SIGCONT. With
//! `WIREREPORT_PANIC_AT=recording:30` the process lives, and the first thirty tasks that come to the point panic there. The
//! wire itself knows nothing of this: the points lie between it and its ports, in a ledger and in channels that stand before
//! the real ones. Only a channel's notebook, which is no port, asks by itself.
//!
//! There is no point at which a request's bytes have left and its answer is awaited. Nobody on this side knows when that
//! is; who received them does, and so it is for a test's stand-in to say when the process is to be killed.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use wirereport_actors::ports::channel::Channel;
use wirereport_actors::ports::ledger::Ledger;

use self::channel::CrashingChannel;
use self::ledger::CrashingLedger;
use crate::settings::{Env, nearest};

mod channel;
mod ledger;

/// The variables that choose a point, and which time it is reached.
pub(crate) const VARIABLES: [&str; 3] = [CRASH, STOP, PANIC];

/// The process ends there.
const CRASH: &str = "WIREREPORT_CRASH_AT";
/// The process stands still there.
const STOP: &str = "WIREREPORT_STOP_AT";
/// Who comes there panics, so many times.
const PANIC: &str = "WIREREPORT_PANIC_AT";

/// A step in the life of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// A poll's stories are about to be committed.
    Recording,
    /// They are committed.
    Recorded,
    /// A story's posts are about to be committed.
    Drafting,
    /// They are committed.
    Drafted,
    /// An arm is about to be committed.
    Arming,
    /// It is committed, and no byte has left.
    Armed,
    /// The channel is about to make the attempt.
    Sending,
    /// The attempt came to its end, and its outcome is known here alone.
    Answered,
    /// An outcome is about to be committed: an attempt's, or a reconciliation's.
    Settling,
    /// It is committed.
    Settled,
    /// An attempt that was found armed is about to be looked up.
    LookingUp,
    /// It was looked up, and what was found is known here alone.
    LookedUp,
    /// A channel is about to write down what it wants to know again: a session, an id.
    Noting,
    /// It is written down.
    Noted,
}

impl Point {
    const ALL: [(&'static str, Self); 14] = [
        ("recording", Self::Recording),
        ("recorded", Self::Recorded),
        ("drafting", Self::Drafting),
        ("drafted", Self::Drafted),
        ("arming", Self::Arming),
        ("armed", Self::Armed),
        ("sending", Self::Sending),
        ("answered", Self::Answered),
        ("settling", Self::Settling),
        ("settled", Self::Settled),
        ("looking_up", Self::LookingUp),
        ("looked_up", Self::LookedUp),
        ("noting", Self::Noting),
        ("noted", Self::Noted),
    ];
}

/// Where this process ends itself or stands still, if anywhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crash(Option<Arc<Chosen>>);

#[derive(Debug)]
struct Chosen {
    variable: &'static str,
    name: &'static str,
    point: Point,
    /// How often it is still passed; of a panic, how often there still is one.
    passed: AtomicUsize,
    /// Whether it has been its turn.
    done: AtomicBool,
}

impl Crash {
    /// Reads the variables: a point's name, and after a colon which time it is reached, from 1; nothing is never.
    ///
    /// # Errors
    /// Says what is wrong with them and what there is.
    pub(crate) fn of(env: &Env) -> Result<Self, String> {
        let given = VARIABLES.iter().filter_map(|variable| Some((*variable, env.given(variable)?)));
        match given.collect::<Vec<_>>()[..] {
            [] => Ok(Self::default()),
            [(variable, value)] => Self::parse(variable, value),
            [(one, _), (other, _), ..] => Err(format!("{one} and {other} are both set: choose one")),
        }
    }

    fn parse(variable: &'static str, value: &str) -> Result<Self, String> {
        let (name, time) = value.split_once(':').unwrap_or((value, "1"));
        let Some(&(name, point)) = Point::ALL.iter().find(|(known, _)| *known == name) else {
            return Err(format!("{variable} names no point {name:?}; {}", meant(name)));
        };
        let time = time.parse::<usize>().ok().filter(|time| *time > 0).ok_or_else(|| {
            format!("{variable} has no number from 1 after {name}: write the time as in {name}:3")
        })?;
        let passed = AtomicUsize::new(if variable == PANIC { time } else { time - 1 });
        Ok(Self(Some(Arc::new(Chosen { variable, name, point, passed, done: AtomicBool::new(false) }))))
    }

    /// Says that this point is reached. Does not return where the process is to end here.
    pub(crate) fn reach(&self, point: Point) {
        let Some(chosen) = self.0.as_deref().filter(|chosen| chosen.point == point) else { return };
        let pass = |left: usize| left.checked_sub(1);
        let passes = chosen.passed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, pass).is_ok();
        if chosen.variable == PANIC {
            if passes {
                std::panic::panic_any(format!("at {}, as {PANIC} says", chosen.name));
            }
            return;
        }
        if passes || chosen.done.swap(true, Ordering::SeqCst) {
            return;
        }
        let Chosen { variable, name, .. } = chosen;
        if *variable == STOP {
            tracing::warn!(point = name, "standing still, as {variable} says");
            return stand_still();
        }
        tracing::warn!(point = name, "ending with SIGKILL, as {variable} says");
        end();
    }

    /// The ledger, with its points before it.
    pub(crate) fn before_ledger(&self, ledger: Arc<dyn Ledger>) -> Arc<dyn Ledger> {
        match self.0 {
            Some(_) => Arc::new(CrashingLedger { ledger, crash: self.clone() }),
            None => ledger,
        }
    }

    /// A channel, with its points before it.
    pub(crate) fn before_channel(&self, channel: Arc<dyn Channel>) -> Arc<dyn Channel> {
        match self.0 {
            Some(_) => Arc::new(CrashingChannel { channel, crash: self.clone() }),
            None => channel,
        }
    }
}

fn meant(name: &str) -> String {
    let names = || Point::ALL.iter().map(|(name, _)| *name);
    let list = names().collect::<Vec<_>>().join(", ");
    match nearest(name, names()) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {list}"),
        None => format!("there are {list}"),
    }
}

/// Ends this process, as `kill -9` does: from the signal on none of its threads takes a step. A shell sends it, for there
/// is no safe call.
fn end() -> ! {
    shell(&format!("kill -KILL {}", std::process::id()));
    // Without a shell the process ends by another signal, which its test will notice.
    std::process::abort()
}

/// Stands still until SIGCONT. One of the threads has to take this signal before the others are stopped, so the shell is
/// not done until they are; this thread waits for the shell.
fn stand_still() {
    let pid = std::process::id();
    let stands =
        format!("read -r stat < /proc/{pid}/stat && case \"$stat\" in *') T '*) ;; *) false ;; esac");
    shell(&format!("kill -STOP {pid}; until {stands}; do :; done"));
}

fn shell(order: &str) {
    // What comes of it is seen by whoever watches the process.
    let _ = Command::new("/bin/sh").args(["-c", order]).status();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Crash, String> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Crash::of(&Env::new(variables))
    }

    #[test]
    fn a_point_is_passed_as_often_as_it_is_not_its_turn() {
        let crash = of(&[(CRASH, "armed:3")]).unwrap();
        for _ in 0..2 {
            crash.reach(Point::Armed);
            crash.reach(Point::Settled);
        }
        assert_eq!(crash.0.unwrap().passed.load(Ordering::SeqCst), 0);
        for variables in [&[][..], &[(CRASH, ""), (STOP, "")]] {
            let never = of(variables).unwrap();
            Point::ALL.iter().for_each(|(_, point)| never.reach(*point));
        }
    }

    #[test]
    fn what_is_no_point_is_refused_with_the_points_there_are() {
        let told = |value: &str| of(&[(CRASH, value)]).unwrap_err();
        let both = of(&[(CRASH, "armed"), (STOP, "armed")]).unwrap_err();
        insta::assert_snapshot!(
            [told("armd"), told("somewhere:2"), told("armed:0"), told("armed:"), both].join("\n"), @r#"
        WIREREPORT_CRASH_AT names no point "armd"; did you mean `armed`? There are recording, recorded, drafting, drafted, arming, armed, sending, answered, settling, settled, looking_up, looked_up, noting, noted
        WIREREPORT_CRASH_AT names no point "somewhere"; there are recording, recorded, drafting, drafted, arming, armed, sending, answered, settling, settled, looking_up, looked_up, noting, noted
        WIREREPORT_CRASH_AT has no number from 1 after armed: write the time as in armed:3
        WIREREPORT_CRASH_AT has no number from 1 after armed: write the time as in armed:3
        WIREREPORT_CRASH_AT and WIREREPORT_STOP_AT are both set: choose one
        "#
        );
    }

    #[test]
    fn every_point_has_a_name_of_its_own_that_is_its_step() {
        for (name, point) in Point::ALL {
            assert_eq!(format!("{point:?}").to_lowercase(), name.replace('_', ""));
        }
    }
}
