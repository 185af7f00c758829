//! The gate quarantines what is no name; real names must all be names to it.
//!
//! They are read straight out of the corpus's JSON, whatever the feed, so that this does not depend on which of them an
//! adapter takes. The corpus is the folder named by `WIREREPORT_CORPUS`; where it is absent, the test says so.

use std::collections::BTreeSet;

use serde_json::Value;
use wirereport::feeds::text::{NAME, clean, person};
use wirereport_actors::wire::gate::clean_name;

use crate::stories;

/// The objects that are a team or a player, by the key they stand under.
const TEAMS: [&str; 8] = ["team", "teams", "home", "away", "homeTeam", "awayTeam", "visitors", "club"];
const PLAYERS: [&str; 6] = ["athlete", "athletes", "athletesInvolved", "player", "person", "scorer"];
/// The keys of a name in such an object.
const NAMES: [&str; 9] = [
    "displayName",
    "shortDisplayName",
    "fullName",
    "name",
    "location",
    "nickname",
    "teamName",
    "default",
    "full",
];

#[derive(Default)]
struct Found {
    teams: BTreeSet<String>,
    players: BTreeSet<String>,
}

fn walk(value: &Value, found: &mut Found) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| walk(one, found)),
        Value::Object(map) => {
            for (key, value) in map {
                let set = match key.as_str() {
                    key if TEAMS.contains(&key) => Some(&mut found.teams),
                    key if PLAYERS.contains(&key) => Some(&mut found.players),
                    _ => None,
                };
                if let Some(set) = set {
                    take(value, set);
                }
                walk(value, found);
            }
        }
        _ => {}
    }
}

/// The names an object bears itself, or each of a list of them.
fn take(value: &Value, set: &mut BTreeSet<String>) {
    if let Value::Array(list) = value {
        list.iter().for_each(|one| take(one, set));
    }
    for key in NAMES {
        match value.get(key) {
            Some(Value::String(name)) => set.extend(Some(name.clone()).filter(|name| !name.is_empty())),
            Some(inner @ Value::Object(_)) => take(inner, set),
            _ => {}
        }
    }
}

#[test]
fn every_team_and_every_player_of_the_corpus_has_a_name_that_may_be_printed() {
    let Some(folder) = stories::corpus() else { return };
    let mut found = Found::default();
    for path in stories::files(&folder, "json") {
        let body = std::fs::read(&path).expect("a file of the corpus");
        if let Ok(value) = serde_json::from_slice::<Value>(&body) {
            walk(&value, &mut found);
        }
    }
    let refused = |names: &BTreeSet<String>| -> Vec<String> {
        names.iter().filter(|name| !clean_name(&clean(name, NAME))).cloned().collect()
    };
    let players: BTreeSet<String> = found.players.iter().filter_map(|name| person(name)).collect();
    let (teams, players) = (refused(&found.teams), refused(&players));
    println!(
        "{} names of teams and {} of players pass",
        found.teams.len() - teams.len(),
        found.players.len() - players.len()
    );
    assert!(teams.is_empty(), "teams: {teams:#?}");
    assert!(players.is_empty(), "players: {players:#?}");
}
