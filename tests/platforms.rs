//! The channels on platforms against a stand-in of each: what is sent, every answer, every way not to answer, and what is
//! found out afterwards.

#[cfg(test)]
#[path = "../actors/tests/outbox/book.rs"]
mod book;
#[cfg(test)]
#[path = "support/line.rs"]
mod line;
#[cfg(test)]
#[path = "../actors/tests/outbox/press.rs"]
mod press;
#[cfg(test)]
#[path = "support/receiver.rs"]
mod receiver;
#[cfg(test)]
#[path = "support/platforms/mod.rs"]
mod stand_in;
#[cfg(test)]
#[path = "support/stories.rs"]
mod stories;

#[cfg(test)]
mod platforms {
    mod bluesky;
    mod crash;
    mod discord;
    mod late;
    mod mastodon;
    mod pds;
    mod quotas;
    mod recorded;
    mod setup;
    mod slack;
    mod telegram;
    mod troubles;
    mod weighted;
    mod x;
    mod x_login;
}
