//! Channels that speak differently, as an operator sets them up: tone, hashtags, emoji, and a language of the operator's own.

use crate::desk::{Desk, recording};

/// How the committed game ends, in words of the built-in templates.
const PLAIN: &str = "The Hawks edged the Celtics 117-116, after trailing by 15 points.";

/// What the replay of that game prints, told line by told line.
async fn told(desk: &Desk, args: &[&str]) -> Vec<String> {
    let file = recording("nba-atl-bos-117-116.jsonl");
    let args = [&["run", "--replay", file.to_str().unwrap(), "--speed", "max"], args].concat();
    let printed = desk.run(&args).await.ok();
    let line = |line: &str| line.split_once("  nba  ").map(|(_, text)| text.to_owned());
    printed.lines().filter_map(line).collect()
}

/// A German edition of what the channel of [`GERMAN`] tells.
fn german(desk: &Desk) {
    std::fs::create_dir_all(desk.path("templates/de")).unwrap();
    let wording = |section: &str, long: &str| {
        format!("[[{section}]]\nlong = \"{long}\"\nshort = \"{long}\"\ntitle = \"{long}\"\n\n")
    };
    let result =
        "Schluss: {{ line }}.{% if deficit %} Der Rückstand betrug {{ deficit_figure }} Punkte.{% endif %}";
    let bout = "{{ winner_bare }} gewinnt gegen {{ loser_bare }}.";
    let first = "{{ first }} gewinnt: {{ event }}.";
    let finals = [("any", result), ("tennis", bout), ("mma", bout), ("racing", first), ("golf", first)];
    let finals: String = finals.iter().map(|(section, long)| wording(section, long)).collect();
    desk.write("templates/de/final.toml", finals);
    let change = "{{ leader_bare }} vor {{ trailer_bare }}: {{ score }}\
                  {% if clock_figure %}, noch {{ clock_figure }} in Abschnitt {{ period_figure }}{% endif %}.";
    desk.write("templates/de/lead_change.toml", wording("any", change));
    let correction =
        "Berichtigung: {% if line %}{{ line }}{% else %}{{ home_bare }} gegen {{ away_bare }}{% endif %}.";
    desk.write("templates/de/correction.toml", wording("any", correction));
}

const GERMAN: &str = "[templates]\ndirectory = \"templates\"\n\
                      [channels.terminal]\nlanguage = \"de\"\nkinds = [\"final\", \"lead_change\"]\n";

#[tokio::test]
async fn the_same_game_is_told_by_each_channel_in_its_own_voice() {
    let plain = told(&Desk::with(""), &[]).await;
    assert_eq!(plain.last().map(String::as_str), Some(PLAIN));
    assert!(plain.iter().all(|text| text.is_ascii() && !text.contains(['!', '#'])), "{plain:?}");

    let dressed =
        "[voice]\nemoji = true\n[voice.hashtags]\nnba = [\"#NBA\", \"Celtics\"]\n\"eng.1\" = [\"#PL\"]\n";
    let dressed = told(&Desk::with(dressed), &[]).await;
    let expected: Vec<String> = plain.iter().map(|text| format!("🏀 {text} #NBA #Celtics")).collect();
    assert_eq!(dressed, expected);

    let desk = Desk::with("[channels.terminal]\ntone = \"lively\"\n");
    let lively = told(&desk, &[]).await;
    assert_eq!(lively.len(), plain.len(), "the same stories");
    assert!(lively.last().is_some_and(|text| text.contains('!') && text.contains("117")), "{lively:?}");
    let feed = walk(&desk, "feed.json");
    assert!(feed.contains(PLAIN), "the other channel speaks as before: {feed}");
}

/// The file of that name somewhere in the desk's state.
fn walk(desk: &Desk, name: &str) -> String {
    let mut folders = vec![desk.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|found| found == name) {
                return std::fs::read_to_string(path).unwrap();
            }
        }
    }
    panic!("no {name}");
}

#[tokio::test]
async fn an_operator_adds_a_language_by_a_folder_of_templates() {
    let desk = Desk::with(GERMAN);
    german(&desk);
    desk.run(&["validate"]).await.ok();
    let told = told(&desk, &[]).await;
    assert_eq!(
        told.last().map(String::as_str),
        Some("Schluss: Hawks 117, Celtics 116. Der Rückstand betrug 15 Punkte.")
    );
    let changes = told
        .iter()
        .filter(|text| text.starts_with("Hawks vor Celtics: ") || text.starts_with("Celtics vor Hawks: "));
    assert_eq!(changes.count(), told.len() - 1, "{told:?}");
    assert!(told.len() > 1, "{told:?}");
    assert!(walk(&desk, "feed.json").contains(PLAIN), "the other channel speaks English");
}

#[tokio::test]
async fn a_language_without_templates_is_named_with_the_files_that_it_needs() {
    let desk = Desk::with(GERMAN);
    std::fs::create_dir_all(desk.path("templates")).unwrap();
    for command in [&["validate"][..], &["run"]] {
        let said = desk.run(command).await.refused(78);
        assert!(said.contains("wirereport: channel terminal: its language is de"), "{said}");
        assert!(said.contains("write de/lead_change.toml, de/final.toml, de/correction.toml into"), "{said}");
    }
    german(&desk);
    let wrong = "[[any]]\nlong = \"Schluss nach 48 Minuten: {{ line }}.\"\nshort = \"{{ line }}\"\ntitle = \"{{ line }}\"\n";
    desk.write("templates/de/final.toml", wrong);
    let said = desk.run(&["validate"]).await.refused(78);
    assert!(
        said.contains("templates/de/final.toml line 2: de/final/any/1 on ")
            && said.contains("the facts do not hold the number \"48\""),
        "{said}"
    );
}

#[tokio::test]
async fn a_voice_that_cannot_be_is_told_with_file_line_and_key() {
    let desk = Desk::bare();
    for (text, wanted) in [
        (
            "[voice]\ntone = \"livly\"\n",
            "wire.toml:2:8: `voice.tone` must be one of \"plain\", \"lively\" (did you mean \"lively\"?), and \"livly\" is not",
        ),
        (
            "[voice]\nlanguage = \"german language\"\n",
            "wire.toml:2:12: `voice.language` must be a language's tag such as \"en\"",
        ),
        (
            "[channels.terminal]\nemoji = \"yes\"\n",
            "wire.toml:2:9: `channels.terminal.emoji` must be true or false",
        ),
        (
            "[voice.hashtags]\nnba = [\"#NBA finals\"]\n",
            "`voice.hashtags.nba` must be a list of up to 5 hashtags such as [\"#NBA\"]",
        ),
        ("[voice.hashtags]\nnba = \"#NBA\"\n", "`voice.hashtags.nba` must be a list of up to 5 hashtags"),
        (
            "[voice.hashtags]\nnbaa = [\"#NBA\"]\n",
            "wire.toml:2:1: the key `voice.hashtags.nbaa` is not known; did you mean `nba`?",
        ),
        (
            "[voice]\ntones = \"plain\"\n",
            "wire.toml:2:1: the key `voice.tones` is not known; did you mean `tone`?",
        ),
        (
            "[channels.terminal]\ntoen = \"plain\"\n",
            "wire.toml:2:1: the key `channels.terminal.toen` is not known; did you mean `tone`?",
        ),
    ] {
        desk.write("wire.toml", text);
        for command in ["validate", "run"] {
            let said = desk.run(&[command]).await.sentence(78);
            assert!(said.contains(wanted), "{said}");
        }
    }
}
