use super::machine::{bytes, clock, unit};
use super::{About, State};

#[test]
fn a_clock_is_judged_by_how_far_it_is_off() {
    let state = |ahead| clock(Some(("espn", ahead))).state;
    assert_eq!([0, 5, -5].map(state), [State::Ok; 3]);
    assert_eq!([6, -60].map(state), [State::Warning; 2]);
    assert_eq!([61, -3600].map(state), [State::Error; 2]);
    assert_eq!(clock(None).state, State::Note);
}

#[test]
fn a_size_is_told_in_a_unit_that_fits() {
    assert_eq!(
        [0, 1023, 1536, 12 << 20, 3 << 40].map(bytes),
        ["0 B", "1023 B", "1.5 KiB", "12 MiB", "3.0 TiB"]
    );
}

#[test]
fn a_unit_is_judged_by_what_systemd_shows() {
    let about = About::new("systemd", "wirereport.service");
    let states = |shown: &str| unit(&about, shown).iter().map(|found| found.state).collect::<Vec<_>>();
    assert_eq!(states("LoadState=not-found\nActiveState=inactive\n"), [State::Note]);
    let shown = "NRestarts=0\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n";
    assert_eq!(states(shown), [State::Ok]);
    let shown = "NRestarts=3\nLoadState=loaded\nActiveState=active\nUnitFileState=disabled\n";
    assert_eq!(states(shown), [State::Warning, State::Warning]);
    let shown = "NRestarts=9\nLoadState=loaded\nActiveState=failed\nUnitFileState=enabled\n";
    assert_eq!(states(shown), [State::Error]);
}
