//! What a team is called in a sentence.

use crate::wire::facts::Facts;
use crate::wire::game::{Team, Which};
use crate::wire::sport::Discipline;

/// A team's name without an article and without its ranking, the same for every text of a game.
///
/// Professional sides go by their short name, colleges by the school's name (a game may well be Bulldogs
/// against Bulldogs). Where both sides would be called the same, both go by their full names.
pub fn called(facts: &Facts, which: Which) -> &str {
    let name = usual_name(facts, facts.team(which));
    if name == usual_name(facts, facts.team(which.other())) { &facts.team(which).name } else { name }
}

fn usual_name<'a>(facts: &Facts, team: &'a Team) -> &'a str {
    if is_college(facts) { school(team) } else { short(team) }
}

fn short(team: &Team) -> &str {
    if team.short_name.is_empty() { &team.name } else { &team.short_name }
}

fn school(team: &Team) -> &str {
    let place = team.place.as_str();
    if !place.is_empty() && (team.name == place || team.name.starts_with(&format!("{place} "))) {
        return place;
    }
    match team.name.strip_suffix(&team.short_name).map(str::trim_end) {
        Some(school) if !school.is_empty() => school,
        _ => short(team),
    }
}

/// `the` before names such as Celtics; nothing before clubs, schools and countries.
pub fn article(facts: &Facts, which: Which, name: &str) -> &'static str {
    if takes_article(facts, which, name) { "the " } else { "" }
}

fn takes_article(facts: &Facts, which: Which, name: &str) -> bool {
    let team = facts.team(which);
    let is_nickname = team.name.len() > team.short_name.len() && team.name.ends_with(&team.short_name);
    let is_named = name == team.short_name || name == team.name;
    facts.discipline != Discipline::Soccer && !is_college(facts) && is_nickname && is_named
}

/// Whether the verb after a team is plural: `the Celtics lead`, `Arsenal lead`, but `Duke leads`.
pub fn is_plural(facts: &Facts, which: Which) -> bool {
    facts.discipline == Discipline::Soccer || takes_article(facts, which, called(facts, which))
}

/// The ranking of a college side, where it is one of the 25 that are ranked.
pub fn rank(facts: &Facts, which: Which) -> Option<u8> {
    let rank = match which {
        Which::Home => facts.home_rank,
        Which::Away => facts.away_rank,
    };
    rank.filter(|rank| is_college(facts) && (1..=25).contains(rank))
}

fn is_college(facts: &Facts) -> bool {
    facts.sport.as_str().starts_with("ncaa") || facts.league.contains("college")
}
