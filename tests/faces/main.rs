//! The faces of the wire, as an operator meets them: commands, answers, probes, signals, logs, and what is said of
//! everything that is wrong.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[path = "../support/line.rs"]
mod line;
#[path = "../support/planted.rs"]
mod planted;
#[path = "../support/receiver.rs"]
mod receiver;
#[path = "../support/scoreboard.rs"]
mod scoreboard;
#[expect(dead_code, reason = "the platforms' own tests need more of it")]
#[path = "../support/platforms/mod.rs"]
mod stand_in;
#[path = "../support/tap.rs"]
mod tap;

mod access;
mod actors;
mod alerts;
mod approvals;
mod audit;
mod bad_input;
mod boards;
mod books;
mod desk;
mod disk;
mod doctor;
mod elsewhere;
mod fuzzed;
mod logins;
mod logs;
mod manual;
mod network;
mod published;
mod recordings;
mod renewed;
mod replayed;
mod secrets;
mod service;
mod settings;
mod shown;
mod stops;
mod submitted;
mod support_bundle;
mod systemd;
mod telegram_desk;
mod untrusted;
mod voices;

// Not every test binary takes all of the stand-ins; the rest of them is not dead.
const _: () = {
    use scoreboard::{Answer, Request, Scoreboard};
    let _ = (Scoreboard::advance_after, Scoreboard::hits, Scoreboard::requests);
    let _ = |board: &Scoreboard| board.play_day("", "", [Answer::Hang]);
    let _ = (Answer::cut, Answer::oversize, Answer::status);
    let _ = |body| [Answer::Torn(body, 0), Answer::Hang];
    let _ = |asked: Request| (asked.board, asked.query, asked.user_agent, asked.takes_gzip);
};
