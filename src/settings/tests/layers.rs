//! Defaults ← file ← environment.

use std::time::Duration;

use wirereport_actors::wire::milestone::Stat;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::*;

fn sport<'a>(settings: &'a Settings, key: &str) -> &'a SportSettings {
    &settings.sports[&SportKey::new(key)]
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(read("", &[]), defaults());
    assert_eq!(defaults().sports.len(), 12);
    assert_eq!(defaults().state_dir, Path::new("/home/desk/.local/state/wirereport"));
}

#[test]
fn a_league_has_its_own_rules_over_those_of_all_over_the_built_in_ones() {
    let text = r#"
        [sports]
        threshold = 0.6
        [sports.nba]
        confirmations = 3
        [sports."ita.1"]
        threshold = 0.1
        [sports.nfl]
        enabled = false
    "#;
    let settings = read(text, &[]);
    assert_eq!((sport(&settings, "nba").threshold, sport(&settings, "nba").confirmations), (0.6, 3));
    assert_eq!((sport(&settings, "mlb").threshold, sport(&settings, "mlb").confirmations), (0.6, 1));
    assert_eq!(sport(&settings, "ita.1").threshold, 0.1);
    assert!(!settings.sports.contains_key(&SportKey::new("nfl")));
    assert_eq!(settings.sports.len(), 12);
}

#[test]
fn following_one_league_watches_one_league() {
    let settings = read("sports.follow = [\"nhl\"]", &[]);
    assert_eq!(settings.sports.keys().map(SportKey::as_str).collect::<Vec<_>>(), ["nhl"]);
}

#[test]
fn the_environment_wins_over_the_file_in_every_kind_of_value() {
    let text = "history = \"10 days\"\n[sports]\nfollow = [\"nhl\"]\n[sports.\"eng.1\"]\nthreshold = 0.1\n";
    let vars = [
        ("WIREREPORT_HISTORY", "20 days"),
        ("WIREREPORT_SPORTS__FOLLOW", "nba, mlb"),
        ("WIREREPORT_SPORTS__KINDS", r#"["final"]"#),
        ("WIREREPORT_SPORTS__ENG_1__THRESHOLD", "0.9"),
        ("WIREREPORT_SPORTS__FRA_1__ENABLED", "true"),
        ("WIREREPORT_CHANNELS__FEED__TITLE", "2026"),
        ("WIREREPORT_CHANNELS__NEWS_ROOM__KIND", "terminal"),
        ("WIREREPORT_CHANNELS__TERMINAL__ENABLED", "false"),
        ("WIREREPORT_HEALTH__LISTEN", "off"),
        ("WIREREPORT_SUPERVISION__ROOT__RESTARTS", "9"),
        ("WIREREPORT_CONFIG", "elsewhere.toml"),
        ("WIREREPORT_CORPUS", "/data"),
        ("WIREREPORT_ENV", "staging"),
    ];
    let settings = read(text, &vars);
    assert_eq!(settings.history, Duration::from_secs(20 * 86_400));
    let keys: Vec<&str> = settings.sports.keys().map(SportKey::as_str).collect();
    assert_eq!(keys, ["eng.1", "fra.1", "mlb", "nba"]);
    assert_eq!(sport(&settings, "eng.1").threshold, 0.9);
    assert_eq!(sport(&settings, "nba").kinds.0.iter().copied().collect::<Vec<_>>(), [MomentKind::Final]);
    let names: Vec<&str> = settings.channels.keys().map(|name| name.0.as_str()).collect();
    assert_eq!(names, ["feed", "news-room"]);
    let ChannelKind::Feed(feed) = &settings.channels.values().next().expect("two channels").kind else {
        panic!("the first channel is the feed")
    };
    assert_eq!(feed.title, "2026");
    assert_eq!(settings.health.listen, None);
    assert_eq!(settings.supervision.root.restarts, 9);
    assert_eq!(settings.environment.as_deref(), Some("staging"));
}

#[test]
fn every_setting_of_the_defaults_has_a_variable_and_takes_its_own_value_from_it() {
    let loaded = load(&Sources { file: None, env: env(&[]) }).expect("the defaults are right");
    for leaf in &loaded.origins {
        let name = leaf.key.split('.').map(str::to_uppercase).collect::<Vec<_>>().join("__");
        let value = if leaf.value == "null" { "\"\"" } else { &leaf.value };
        let name = format!("WIREREPORT_{name}");
        let settings = read("", &[(&name, value)]);
        assert_eq!(settings, loaded.settings, "{name}={value}");
    }
    assert!(loaded.origins.len() > 30);
}

#[test]
fn the_log_variable_wins_over_every_other_level() {
    let vars = [("WIREREPORT_LOG", "warn,wirereport::feeds=trace"), ("WIREREPORT_LOG__LEVEL", "debug")];
    assert_eq!(read("log.level = \"error\"", &vars).log.level, "warn,wirereport::feeds=trace");
    assert_eq!(read("log.level = \"error\"", &vars[1..]).log.level, "debug");
}

#[test]
fn the_state_directory_is_systemds_then_xdgs_then_homes() {
    let dir = |vars: &[(&str, &str)]| read("", vars).state_dir;
    let xdg = ("XDG_STATE_HOME", "/xdg");
    assert_eq!(
        dir(&[("STATE_DIRECTORY", "/var/lib/wirereport:/other"), xdg]),
        Path::new("/var/lib/wirereport")
    );
    assert_eq!(dir(&[xdg]), Path::new("/xdg/wirereport"));
    assert_eq!(dir(&[("XDG_STATE_HOME", "relative")]), Path::new("/home/desk/.local/state/wirereport"));
}

#[test]
fn relative_paths_start_at_the_files_folder() {
    let file = Some((
        PathBuf::from("/etc/wirereport/wirereport.toml"),
        "templates.directory = \"texts\"".to_owned(),
    ));
    let loaded = load(&Sources { file, env: env(&[]) }).expect("the path is right");
    assert_eq!(loaded.settings.templates.directory.as_deref(), Some(Path::new("/etc/wirereport/texts")));
}

#[test]
fn a_sports_rules_always_tell_corrections() {
    let settings = read("sports.kinds = [\"final\"]", &[]);
    let rules = sport(&settings, "nba").rules();
    assert_eq!(rules.kinds.into_iter().collect::<Vec<_>>(), [MomentKind::Final, MomentKind::Correction]);
}

#[test]
fn the_built_in_rules_of_a_sport_are_those_of_the_wire() {
    for key in ["nba", "nfl", "mlb", "nhl", "eng.1"] {
        let usual = wirereport_actors::wire::rules::Rules::usual(&Sport::of(key).expect("a league"));
        assert_eq!(sport(&defaults(), key).rules(), usual);
    }
}

#[test]
fn every_value_knows_its_place() {
    let sources = sources("history = \"10 days\"\n", &[("WIREREPORT_LOG__FORMAT", "json")]);
    let loaded = load(&sources).expect("the settings are right");
    assert_eq!(loaded.origin("history").to_string(), "wirereport.toml:1:11");
    assert_eq!(loaded.origin("log.format").to_string(), "environment variable WIREREPORT_LOG__FORMAT");
    assert_eq!(loaded.origin("shutdown"), Origin::BuiltIn);
}

#[test]
fn what_kubernetes_says_of_a_service_called_wirereport_is_no_setting() {
    let vars = [
        ("WIREREPORT_SERVICE_HOST", "10.0.0.1"),
        ("WIREREPORT_SERVICE_PORT", "8000"),
        ("WIREREPORT_SERVICE_PORT_HTTP", "8000"),
        ("WIREREPORT_PORT", "tcp://10.0.0.1:8000"),
        ("WIREREPORT_API_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
        ("WIREREPORT_PORT_8000_TCP_ADDR", "10.0.0.1"),
    ];
    assert_eq!(read("", &vars), defaults());
    assert!(refused("", &[("WIREREPORT_HEALTH_PORT", "9999")]).contains("no setting has this name"));
}

#[test]
fn the_state_directory_can_be_told_while_the_rest_of_the_file_is_wrong() {
    let wrong = "histroy = 3\nstate_dir = \"/srv/wire\"\n[sports.nba]\nthreshold = 7\n[health]\nlisten = 3\n";
    let sources_of = |text: &str| state_dir(&sources(text, &[("WIREREPORT_HTTP__LSITEN", "off")]));
    assert!(load(&sources(wrong, &[])).is_err());
    assert_eq!(sources_of(wrong), Ok(PathBuf::from("/srv/wire")));
    assert_eq!(sources_of("shutdown = 3"), Ok(PathBuf::from("/home/desk/.local/state/wirereport")));
    assert!(sources_of("state_dir = 3").unwrap_err().to_string().contains("`state_dir` must be"));
    assert!(sources_of("state_dir = \"/srv").unwrap_err().to_string().contains("not TOML"));
}

#[test]
fn the_round_figures_of_players_are_set_league_by_league() {
    let text = "[sports.nba.milestones]\npoints = [30, 50]\nrebounds = []\n[sports.nfl.milestones]\n";
    let settings = read(text, &[("WIREREPORT_SPORTS__NFL__MILESTONES__PASSING_YARDS", "250,350")]);
    let reached = |key: &str, stat, figure| {
        let discipline = Sport::of(key).expect("a league").discipline;
        sport(&settings, key).rules().milestones.reached(discipline, stat, figure)
    };
    assert_eq!(reached("nba", Stat::Points, 45), Some(30));
    assert_eq!(reached("nba", Stat::Rebounds, 25), None);
    assert_eq!(reached("nba", Stat::Assists, 21), Some(20), "what is not set has its usual figures");
    assert_eq!(reached("wnba", Stat::Points, 45), Some(40), "another league has its own");
    assert_eq!(reached("nfl", Stat::PassingYards, 260), Some(250));
    assert_eq!(
        refused("[sports.nba.milestones]\ngoals = [3]\npoints = [0]", &[]),
        "wirereport.toml:2:1: the key `sports.nba.milestones.goals` is not known; the keys here are points, rebounds, \
         assists, triple_double\nwirereport.toml:3:11: `sports.nba.milestones.points` must be a list of whole numbers \
         from 1 to 999 such as [40, 50], and 0 is not"
    );
}

#[test]
fn how_long_moments_stay_news_is_set_for_all_leagues_and_for_one() {
    let text = "[sports.stale_after]\nscore = \"2 min\"\nfinal = \"3 h\"\n[sports.nba.stale_after]\nscore = \"90 s\"\n";
    let settings = read(text, &[("WIREREPORT_SPORTS__NFL__STALE_AFTER__TIE", "1 h")]);
    let limit = |key: &str, kind| sport(&settings, key).rules().staleness_limit(kind).as_secs();
    assert_eq!(limit("nba", MomentKind::Score), 90);
    assert_eq!(limit("nba", MomentKind::Final), 3 * 3600, "what a league does not set it has from above");
    assert_eq!((limit("nhl", MomentKind::Score), limit("nfl", MomentKind::Tie)), (120, 3600));
    assert_eq!(limit("nhl", MomentKind::Tie), 6 * 60, "what nobody sets is as usual");
    assert_eq!(
        refused("[sports.stale_after]\nfinals = \"1 h\"\ntie = \"1 s\"", &[]),
        "wirereport.toml:2:1: the key `sports.stale_after.finals` is not known; did you mean `final`?\n\
         wirereport.toml:3:7: `sports.stale_after.tie` must be a duration in quotes, such as \"10 s\", from 10 s to 1 \
         day, and \"1 s\" is not"
    );
}

#[test]
fn posts_give_the_threshold_and_one_set_outright_wins_over_targets_above() {
    let of = |text: &str, key: &str| sport(&read(text, &[]), key).threshold;
    let usual = of("", "nba");
    assert!(of("sports.posts_per_game = 4", "nba") > usual);
    assert!(of("sports.posts_per_game = 12", "nba") < usual);
    assert!(of("sports.posts_per_day = 100", "nba") > usual);
    assert_eq!(of("[sports]\nposts_per_game = 4\n[sports.nba]\nthreshold = 0.1", "nba"), 0.1);
    let own = "[sports]\nthreshold = 0.9\n[sports.nba]\nposts_per_game = 4";
    assert_eq!(of(own, "nba"), of("sports.posts_per_game = 4", "nba"));
    assert_eq!(of(own, "mlb"), 0.9);
}

#[test]
fn rivals_are_pairs_of_sides() {
    let settings = read("[sports.nba]\nrivalries = [\"Celtics / Lakers\"]", &[]);
    let rivalries = sport(&settings, "nba").rules().rivalries;
    assert_eq!((rivalries[0].one.as_str(), rivalries[0].other.as_str()), ("Celtics", "Lakers"));
    assert!(sport(&settings, "mlb").rules().rivalries.is_empty());
}
