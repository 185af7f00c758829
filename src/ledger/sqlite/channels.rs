//! What is known of a channel as a whole.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use wirereport_actors::ports::ledger::Settle;
use wirereport_actors::wire::life;
use wirereport_actors::wire::post::{ChannelName, Halted, Post};

use super::rows::Json;
use super::trouble::Trouble;

pub(super) fn halted(conn: &Connection, channel: &ChannelName) -> Result<Option<Halted>, Trouble> {
    let mut statement = conn.prepare_cached("SELECT halted FROM channels WHERE channel = ?1")?;
    let found = statement.query_row([&channel.0], |row| row.get::<_, Option<Json<Halted>>>(0));
    Ok(found.optional()?.flatten().map(|halted| halted.0))
}

/// Sets or ends the halt of the post's channel by what became of an attempt.
pub(super) fn settled(conn: &Connection, post: &Post, settle: &Settle) -> Result<(), Trouble> {
    let before = halted(conn, &post.channel)?;
    let armed_at = post.arm.map_or(settle.at, |arm| arm.at);
    let after = life::halted(before.clone(), settle, armed_at);
    if after == before { Ok(()) } else { store(conn, &post.channel, after.as_ref()) }
}

pub(super) fn try_again(
    conn: &Connection,
    channel: Option<&ChannelName>,
    now: Timestamp,
) -> Result<(), Trouble> {
    let mut statement = conn.prepare_cached("SELECT channel FROM channels WHERE halted IS NOT NULL")?;
    let names = statement.query_map([], |row| Ok(ChannelName(row.get(0)?)))?;
    let names: Vec<ChannelName> = names.collect::<Result<_, _>>()?;
    for name in names.iter().filter(|name| channel.is_none_or(|channel| channel == *name)) {
        if let Some(mut halted) = halted(conn, name)? {
            life::try_again(&mut halted, now);
            store(conn, name, Some(&halted))?;
        }
    }
    Ok(())
}

fn store(conn: &Connection, channel: &ChannelName, halted: Option<&Halted>) -> Result<(), Trouble> {
    let sql = "INSERT INTO channels (channel, halted) VALUES (?1, ?2) \
         ON CONFLICT DO UPDATE SET halted = excluded.halted";
    conn.prepare_cached(sql)?.execute(params![channel.0, halted.map(Json)])?;
    Ok(())
}
