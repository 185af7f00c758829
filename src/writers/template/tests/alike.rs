//! No two posts of a game are alike: neither the same, nor the same sentence with other names and numbers close by.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::gate::Said;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;
use wirereport_actors::wire::synthetic::season;

use super::*;

/// How many posts must lie between two of one sentence: a reader has forgotten the first by then.
const BETWEEN: usize = 3;

/// A text without its names and numbers.
fn sentence(text: &str, facts: &Facts) -> String {
    let mut names: Vec<&str> = [&facts.home, &facts.away]
        .into_iter()
        .flat_map(|team| [team.name.as_str(), &team.short_name, &team.place])
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let nameless = names.iter().fold(text.to_owned(), |text, name| text.replace(name, "T"));
    let word = |word: &str| {
        let number =
            word.chars().any(|c| c.is_ascii_digit()) || is_number(word.trim_matches([',', ':', '.', ';']));
        if number { "#".to_owned() } else { word.to_owned() }
    };
    nameless.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn is_number(word: &str) -> bool {
    (1..=9).any(|n| {
        wirereport_actors::wire::wording::number::cardinal(n) == word
            || wirereport_actors::wire::wording::number::ordinal(n) == word
    })
}

/// The told stories of so many invented games, game by game.
fn told(sport: &Sport, games: usize) -> BTreeMap<GameId, Vec<Story>> {
    let begin: Timestamp = "2026-01-01T18:00:00Z".parse().expect("a time");
    let rules = Rules::usual(sport);
    let (mut state, mut told) = (SportState::default(), BTreeMap::<GameId, Vec<Story>>::new());
    for night in season(sport.clone(), begin, 8, 5).take(games.div_ceil(8)) {
        let (Some(start), Some(end)) = (night.starts_at(), night.ends_at()) else { continue };
        let mut at = start - SignedDuration::from_mins(5);
        while at <= end + SignedDuration::from_mins(3) {
            for story in step(&mut state, &night.board(&sport.key, at), sport, &rules).stories {
                if story.verdict == Verdict::Told {
                    told.entry(story.game.clone()).or_default().push(story);
                }
            }
            at += SignedDuration::from_secs(15);
        }
    }
    told
}

#[test]
fn no_two_posts_of_a_game_are_alike() {
    let mut soon: Vec<String> = Vec::new();
    for key in ["nba", "nfl", "mlb", "nhl", "eng.1"] {
        let sport = Sport::of(key).expect("a league");
        let (mut posts, mut again) = (0, 0);
        for (game, stories) in told(&sport, 40) {
            let texts: Vec<String> = stories.iter().map(|story| draft(story, Form::Long).text).collect();
            let sentences: Vec<String> =
                texts.iter().zip(&stories).map(|(text, story)| sentence(text, &story.facts)).collect();
            for (at, text) in texts.iter().enumerate() {
                posts += 1;
                assert!(!texts[..at].contains(text), "{game}: {text:?} is said twice");
                let close = &sentences[at.saturating_sub(BETWEEN)..at];
                if close.contains(&sentences[at]) {
                    soon.push(format!("{game}: {:?}", &texts[at.saturating_sub(BETWEEN)..=at]));
                }
                again += usize::from(sentences[..at].contains(&sentences[at]));
            }
        }
        println!("{key}: {posts} posts, {again} in a sentence that their game has had");
        assert!(
            posts > 100 && again * 20 <= posts,
            "{key}: {again} of {posts} in a sentence their game has had"
        );
    }
    assert!(soon.is_empty(), "soon after their like: {soon:#?}");
}

#[tokio::test]
async fn a_wording_that_says_once_more_what_was_just_told_gives_way_to_the_next_and_is_told_where_all_do() {
    let facts = samples::plain(Discipline::Basketball, MomentKind::LeadChange);
    let story = story(MomentKind::LeadChange, 1, facts);
    let written = async |told: &[Said]| {
        let assignment =
            Assignment { told: told.to_vec(), ..Assignment::new(story.clone(), Duration::from_secs(1)) };
        WRITER.write(&assignment).await.expect("it is written")
    };
    let first = written(&[]).await;
    assert_eq!((first.drafts.len(), first.refused.len()), (2, 0));
    let (mut told, mut authors) =
        (vec![Said::from(first.drafts[0].text.as_str())], vec![first.drafts[0].author.clone()]);
    loop {
        let next = written(&told).await;
        assert!(next.refused.iter().all(|refused| refused.code == "near_duplicate"));
        if next.refused.len() > told.len() || next.drafts[0].author == authors[0] {
            assert_eq!(next.drafts, first.drafts, "where all were told the first is told again");
            break;
        }
        assert!(!authors.contains(&next.drafts[0].author), "{authors:?}");
        told.push(next.drafts[0].text.as_str().into());
        authors.push(next.drafts[0].author.clone());
    }
    assert!(authors.len() >= 3, "{authors:?}");
}
