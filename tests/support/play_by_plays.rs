//! The play-by-plays of the corpus: each is recognised, and what is converted is the game as it went.

use wirereport::feeds::convert::ConvertError;

use super::*;

#[test]
fn the_committed_recordings_are_what_is_made_of_their_play_by_plays() {
    let Some(corpus) = corpus() else { return };
    for (name, known) in &COMMITTED {
        let fresh = converted(&corpus, known, name);
        let kept = std::fs::read_to_string(committed(name)).expect("a committed recording");
        assert!(
            kept == fresh.to_jsonl(),
            "{name}.jsonl differs; make it again with examples/convert_recording.rs"
        );
        assert_eq!(recording(name).run_key(), fresh.run_key());
    }
}

#[test]
fn every_play_by_play_is_recognised_and_converted_to_the_game_as_it_went() {
    let Some(corpus) = corpus() else { return };
    for known in COMMITTED.iter().map(|(_, known)| known).chain(&FURTHER) {
        assert_eq!(convert::detect(&source(&corpus, known)), Ok(known.kind), "{}", known.source);
        check(known, &converted(&corpus, known, "game"));
    }
}

/// The running score of each entry that has one, home first, read straight from the source.
fn running_scores(known: &Known, value: &Value) -> Vec<Score> {
    let list = |pointer: &str| value.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|number| u32::try_from(number).ok()),
    };
    let pair = |entry: &Value, home: &str, away: &str| {
        let side = |pointer| entry.pointer(pointer).and_then(number);
        Some(Score { home: side(home)?, away: side(away)? })
    };
    let timed = |entry: &&Value| entry.get("wallclock").is_some();
    let mut scores: Vec<Score> = match known.kind {
        Source::NbaStats | Source::NbaCdn => {
            list("/game/actions").iter().filter_map(|entry| pair(entry, "/scoreHome", "/scoreAway")).collect()
        }
        Source::NhlLegacy => {
            let plays = list("/liveData/plays/allPlays");
            plays.iter().filter_map(|entry| pair(entry, "/about/goals/home", "/about/goals/away")).collect()
        }
        Source::MlbStatsApi => {
            let plays = list("/liveData/plays/allPlays");
            plays.iter().filter_map(|entry| pair(entry, "/result/homeScore", "/result/awayScore")).collect()
        }
        Source::NhlWeb => {
            let plays = list("/plays");
            plays.iter().filter_map(|play| pair(play, "/details/homeScore", "/details/awayScore")).collect()
        }
        Source::NflShield => {
            let summaries = list("/driveChart/scoringSummaries");
            summaries.iter().filter_map(|entry| pair(entry, "/homeScore", "/awayScore")).collect()
        }
        Source::EspnClock | Source::EspnMlb => {
            let drives = list("/drives/previous");
            let by_drive =
                drives.iter().filter_map(|drive| drive.get("plays")?.as_array().cloned()).flatten();
            let plays: Vec<Value> = if drives.is_empty() { list("/plays") } else { by_drive.collect() };
            plays.iter().filter(timed).filter_map(|entry| pair(entry, "/homeScore", "/awayScore")).collect()
        }
        Source::EspnSoccer | Source::StatsBomb => Vec::new(),
    };
    scores.dedup();
    scores
}

#[test]
fn every_score_of_a_play_by_play_is_seen_in_its_order() {
    let Some(corpus) = corpus() else { return };
    for known in COMMITTED.iter().map(|(_, known)| known).chain(&FURTHER) {
        let value: Value = serde_json::from_slice(&source(&corpus, known)).expect("JSON");
        let told = running_scores(known, &value);
        let seen = scores(&converted(&corpus, known, "game"));
        let mut rest = seen.iter();
        for score in &told {
            assert!(
                rest.any(|one| one == score),
                "{}: {score:?} of {told:?} is not in {seen:?}",
                known.source
            );
        }
        // Football's summaries leave out the score between a touchdown and its try.
        if !matches!(known.kind, Source::NflShield | Source::EspnSoccer | Source::StatsBomb) {
            let from_level = told.first().is_none_or(|first| *first != Score::default());
            let seen = if from_level { &seen[1..] } else { &seen[..] };
            assert_eq!(seen, told, "{}", known.source);
        }
    }
}

#[test]
fn the_correction_in_the_orlando_game_is_kept_as_it_was_seen() {
    let Some(corpus) = corpus() else { return };
    let known = &FURTHER[3];
    let scores = scores(&converted(&corpus, known, "game"));
    let back = scores.windows(2).filter(|pair| pair[1].home < pair[0].home || pair[1].away < pair[0].away);
    assert_eq!(back.count(), 1);
}

#[test]
fn no_other_payload_of_the_corpus_is_taken_for_a_finished_game() {
    let Some(corpus) = corpus() else { return };
    let sources: Vec<&str> = COMMITTED
        .iter()
        .map(|(_, known)| known.source)
        .chain(FURTHER.iter().map(|known| known.source))
        .collect();
    let mut folders = vec![corpus.clone()];
    let mut tried = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&corpus).expect("it is inside").to_string_lossy().into_owned();
            if sources.contains(&name.as_str()) {
                continue;
            }
            tried += 1;
            let bytes = std::fs::read(&path).expect("a file");
            let made = convert::convert(&bytes, "game", &Options::default());
            let error: ConvertError = made.expect_err(&name);
            assert!(!error.to_string().is_empty());
        }
    }
    assert!(tried > 50, "only {tried} files were tried");
}
